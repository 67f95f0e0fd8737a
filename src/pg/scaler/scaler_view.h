/*
 * scaler_view.h
 *		The parts of a scaler's bytes, and the fingerprint and id that follow from them.
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

/* What is known of a scaler's profile. */
typedef enum ScalerProfileKind
{
	PROFILE_NONE = 0,
	PROFILE_BY_DIGEST = 1,		/* the digest alone: a bare scaler */
	PROFILE_INCLUDED = 2
} ScalerProfileKind;

/* The parts of a scaler's bytes, in place. */
typedef struct ScalerView
{
	const uint8 *bytes;			/* all bytes */
	size_t		length;
	uint8		format;
	ScalerProfileKind kind;		/* PROFILE_NONE for a set */
	const uint8 *recipe;
	size_t		recipe_length;
	const uint8 *digest;		/* NULL with PROFILE_NONE */
	const uint8 *profile;		/* NULL unless PROFILE_INCLUDED */
	size_t		profile_length;
	const uint8 *members;		/* of a set that contains them, with its fallback */
	size_t		members_length;
} ScalerView;

/* Whether a set contains its members. */
typedef enum ScalerSetKind
{
	SET_BARE = 0,				/* the members are stored elsewhere */
	SET_WITH_MEMBERS = 1
} ScalerSetKind;

/* Return whether a scaler is a set of scalers by key. */
static inline bool
ViewIsSet(const ScalerView *view)
{
	return view->format == SCALER_SET_FORMAT;
}

/* Find the parts of a scaler's bytes, or of a datum.  Fails if the bytes are not those of a scaler. */
extern void ViewScaler(ScalerView *view, const void *bytes, size_t length);
extern bool TryViewScaler(ScalerView *view, const void *bytes, size_t length);	/* false: they are none of a scaler */
extern void ViewScalerDatum(ScalerView *view, Datum datum);

/* Report what is wrong with a scaler's bytes. */
pg_noreturn extern void InvalidScaler(const char *problem);

/* Compute the fingerprint, which is a scaler's identity, and the id, which is its first 63 bits. */
extern void ScalerFingerprint(uint8 *fingerprint, const ScalerView *view);
extern int64 FingerprintToId(const uint8 *fingerprint);

/* Fail unless the bytes are those of a set, are not, or are those of a set with its members. */
extern void CheckIsSet(const ScalerView *view);
extern void CheckIsNoSet(const ScalerView *view);
extern void CheckHasMembers(const ScalerView *view);

/* Report that a set is used without a key, or another scaler with one. */
pg_noreturn extern void SetWithoutKey(int64 id);
pg_noreturn extern void KeyWithoutSet(int64 id);

#endif							/* NORMFREEZE_SCALER_VIEW_H */
