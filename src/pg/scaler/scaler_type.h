/*
 * scaler_type.h
 *		The SQL type normfreeze.scaler.
 */
#ifndef NORMFREEZE_SCALER_TYPE_H
#define NORMFREEZE_SCALER_TYPE_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "pg/base/digest.h"

/*
 * The bytes of a scaler, after the varlena header:
 *
 *	byte		format, 1 (2: a set of scalers by key, see pg/scaler_set.h)
 *	byte		what is known of its profile: ScalerProfileKind
 *	4 bytes		length of the recipe, little-endian
 *	...			the recipe (core/recipe.h)
 *	32 bytes	SHA-256 of the profile, unless PROFILE_NONE
 *	...			the profile, if PROFILE_INCLUDED
 *
 * Its identity, the same with or without the profile at hand, is
 *	SHA-256("normfreeze-scaler" || format || length || recipe || digest),
 * with 32 zeros for the digest if there is no profile.
 */
#define SCALER_FORMAT			1
#define SCALER_SET_FORMAT		2
#define SCALER_HEADER_LENGTH	6

typedef enum ScalerProfileKind
{
	PROFILE_NONE = 0,
	PROFILE_BY_DIGEST = 1,		/* a bare scaler */
	PROFILE_INCLUDED = 2
} ScalerProfileKind;

/* The pieces of a scaler's bytes, in place. */
typedef struct ScalerView
{
	const uint8 *bytes;			/* all of them */
	size_t		length;
	uint8		format;
	ScalerProfileKind kind;		/* PROFILE_NONE for a set */
	const uint8 *recipe;
	size_t		recipe_length;
	const uint8 *digest;		/* NULL with PROFILE_NONE */
	const uint8 *profile;		/* NULL unless PROFILE_INCLUDED */
	size_t		profile_length;
	const uint8 *members;		/* of a set that has them, and its fallback */
	size_t		members_length;
} ScalerView;

/* Errors out if the bytes are not those of a scaler. */
extern void ViewScaler(ScalerView *view, const void *bytes, size_t length);
extern void ViewScalerDatum(ScalerView *view, Datum datum);

/* The recipe, decoded in the current context; a set of scalers is an error. */
extern void DecodeScalerRecipe(Recipe *recipe, const ScalerView *view);

/*
 * The profile that a scaler of so many features was fitted on, decoded: its
 * own, or what is stored for it, which may be NULL.  False without either.
 */
extern bool DecodeScalerProfile(Profile *profile, const ScalerView *view, const bytea *stored, int nfeatures);

/* profile may be NULL; digest too, without one */
extern bytea *MakeScaler(const Recipe *recipe, const uint8 *digest,
						 const void *profile, size_t profile_length);
extern bytea *MakeBareScaler(const ScalerView *view);

extern void ScalerFingerprint(uint8 *fingerprint, const ScalerView *view);
extern int64 FingerprintToId(const uint8 *fingerprint);

/* Everything that must hold of a scaler that came from outside. */
extern void CheckUntrustedScaler(const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_TYPE_H */
