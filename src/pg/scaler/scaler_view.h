/*
 * scaler_view.h
 *		The pieces of a scaler's bytes, and its fingerprint and id, which follow from them.
 */
#ifndef NORMFREEZE_SCALER_VIEW_H
#define NORMFREEZE_SCALER_VIEW_H

#include "pg/base/compat.h"

#include "pg/base/digest.h"

/*
 * The bytes of a scaler, after the varlena header:
 *
 *	byte		format, 1 (2: a set of scalers by key, see set_view.h)
 *	byte		what is known of its profile: ScalerProfileKind
 *	4 bytes		length of the recipe, little-endian
 *	...			the recipe (core/scaler/recipe.h)
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

typedef enum ScalerSetKind
{
	SET_BARE = 0,				/* its members are stored elsewhere */
	SET_WITH_MEMBERS = 1
} ScalerSetKind;

static inline bool
ViewIsSet(const ScalerView *view)
{
	return view->format == SCALER_SET_FORMAT;
}

/* Errors out if the bytes are not those of a scaler. */
extern void ViewScaler(ScalerView *view, const void *bytes, size_t length);
extern void ViewScalerDatum(ScalerView *view, Datum datum);
pg_noreturn extern void InvalidScaler(const char *problem);

/* The identity, and its first 63 bits, which are the id. */
extern void ScalerFingerprint(uint8 *fingerprint, const ScalerView *view);
extern int64 FingerprintToId(const uint8 *fingerprint);

/* Errors out unless the bytes are those of a set, or are not. */
extern void CheckIsSet(const ScalerView *view);
extern void CheckIsNoSet(const ScalerView *view);
extern void CheckHasMembers(const ScalerView *view);

pg_noreturn extern void SetWithoutKey(int64 id);
pg_noreturn extern void KeyWithoutSet(int64 id);

#endif							/* NORMFREEZE_SCALER_VIEW_H */
