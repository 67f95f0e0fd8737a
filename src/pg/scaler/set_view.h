/*
 * set_view.h
 *		The parts of a set of scalers by key, format 2 of a scaler: its recipe and its members.
 */
#ifndef NORMFREEZE_SET_VIEW_H
#define NORMFREEZE_SET_VIEW_H

#include "pg/base/compat.h"

#include "core/base/bytes.h"
#include "core/scaler/recipe.h"
#include "pg/base/digest.h"
#include "pg/scaler/scaler_view.h"

/*
 * The bytes of a set, after the varlena header:
 *
 *	byte		format, SCALER_SET_FORMAT
 *	byte		ScalerSetKind
 *	4 bytes		length of the set's recipe, little-endian
 *	...			the set's recipe
 *	...			if SET_WITH_MEMBERS: the fallback, if there is one, and the members
 *
 * The set's recipe; conventions as in core/scaler/recipe.h:
 *
 *	byte		format of the set's recipe, 1
 *	byte		what becomes of a key that is not in the set: UnseenPolicy
 *	32 bytes	fingerprint of the fallback, if UNSEEN_FALLBACK
 *	byte		flags: 1 = features have names
 *	varint		number of features
 *	per feature:
 *		string		name, if features have names
 *		byte		flags: 1 = target
 *	varint		number of members
 *	32 bytes	root of the Merkle tree over the members (merkle.h)
 *
 * The fallback is its length, as a varint, and its bytes; a member its key
 * (varint length and bytes) and then the same.  Members are sorted by the
 * bytes of their keys, which is the order of the collation "C".
 */
#define SET_RECIPE_FORMAT	1
#define SET_MAX_KEY			1024	/* in bytes */

/* What becomes of a key that a set does not have. */
typedef enum UnseenPolicy
{
	UNSEEN_ERROR = 0,
	UNSEEN_NULL = 1,
	UNSEEN_FALLBACK = 2
} UnseenPolicy;

extern const PolicyName unseen_policy_names[];

/* The features that all members of a set have in common. */
typedef struct SetFeatures
{
	int			count;
	char	  **names;			/* NULL if features have no names */
	bool	   *target;
} SetFeatures;

/* What identifies a set. */
typedef struct SetRecipe
{
	uint8		unseen;
	uint8		fallback[DIGEST_LENGTH];
	SetFeatures features;
	uint32		nmembers;
	uint8		root[DIGEST_LENGTH];
} SetRecipe;

/* A member, in place.  The fallback has no key. */
typedef struct SetMember
{
	const char *key;
	size_t		key_length;
	const uint8 *scaler;
	size_t		scaler_length;
} SetMember;

/* A position among the members of a set that contains them. */
typedef struct SetReader
{
	ByteReader	reader;
	SetMember	fallback;		/* its scaler is NULL if there is none */
} SetReader;

/* Write the recipe of a set, and read it.  Fails if the bytes are malformed. */
extern void EncodeSetRecipe(ByteWriter *writer, const SetRecipe *recipe);
extern void DecodeSetRecipe(SetRecipe *recipe, const ScalerView *view);

/* Report what is wrong with a set's bytes. */
pg_noreturn extern void InvalidSet(const char *problem);

/* Compare members by the bytes of their keys, which is their order in a set. */
extern int	CompareSetKeys(const SetMember *a, const SetMember *b);

/* Start reading the members of a set, and read the next one.  Fails if the bytes are malformed. */
extern void SetReaderInit(SetReader *reader, const ScalerView *view, const SetRecipe *recipe);
extern void SetReaderNext(SetReader *reader, SetMember *member);

/* Set the features of a recipe, for comparison.  They refer to the recipe. */
extern void FeaturesOfRecipe(SetFeatures *features, const Recipe *recipe);

/* Return whether the features are the same. */
extern bool SameFeatures(const SetFeatures *a, const SetFeatures *b);

/* The same without an allocation. */
extern bool RecipeHasFeatures(const Recipe *recipe, const SetFeatures *features);

/* Return a key as messages show it: at most 100 bytes. */
extern char *KeyLabel(const char *key, size_t length);

#endif							/* NORMFREEZE_SET_VIEW_H */
