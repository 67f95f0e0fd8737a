/*
 * scaler_check.c
 *		The complete check of a scaler or a set of scalers that comes from outside.
 */
#include "pg/scaler/scaler_check.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/base/names.h"
#include "pg/scaler/merkle.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_set.h"
#include "utils/memutils.h"

/* ---- one scaler ---- */

static char **
RecipeNames(const Recipe *recipe)
{
	char	  **names;

	if (!recipe->named)
		return NULL;
	names = palloc(sizeof(char *) * recipe->nfeatures);
	for (int i = 0; i < recipe->nfeatures; i++)
		names[i] = recipe->features[i].name;
	return names;
}

static void
CheckUntrustedSingle(const ScalerView *view)
{
	Recipe		recipe;
	ByteWriter	writer;
	char	  **names;
	int			ntargets = 0;

	DecodeScalerRecipe(&recipe, view);
	WriterInit(&writer, view->recipe_length);
	EncodeRecipe(&writer, &recipe);
	if (writer.length != view->recipe_length || memcmp(writer.data, view->recipe, writer.length) != 0)
		InvalidScaler("its recipe is not in canonical form");

	names = RecipeNames(&recipe);
	for (int i = 0; names && i < recipe.nfeatures; i++)
		pg_verifymbstr(names[i], strlen(names[i]), false);
	if (names)
		CheckFeatureNames(names, recipe.nfeatures);
	for (int i = 0; i < recipe.nfeatures; i++)
		ntargets += recipe.features[i].target;
	if (ntargets > 0 && (ntargets == recipe.nfeatures || !recipe.named))
		InvalidScaler("impossible targets");

	if (view->profile)
	{
		Profile		profile;
		uint8		digest[DIGEST_LENGTH];

		ProfileFromUntrustedBytes(&profile, view->profile, view->profile_length, "profile in scaler");
		ProfileDigest(digest, view->profile, view->profile_length);
		if (memcmp(digest, view->digest, DIGEST_LENGTH) != 0)
			InvalidScaler("its profile is not the one it was fitted with");
		if (profile.nfeatures != recipe.nfeatures || profile.distribution != recipe.distribution ||
			(profile.names != NULL) != recipe.named || (profile.weighted != NULL) != recipe.weighted)
			InvalidScaler("its profile describes other features");
		for (int i = 0; names && i < recipe.nfeatures; i++)
			if (strcmp(names[i], profile.names[i]) != 0)
				InvalidScaler("its profile describes other features");
	}
}

/* ---- a set ---- */

static void
CheckCanonicalRecipe(const ScalerView *view, const SetRecipe *recipe)
{
	ByteWriter	writer;

	WriterInit(&writer, view->recipe_length);
	EncodeSetRecipe(&writer, recipe);
	if (writer.length != view->recipe_length || memcmp(writer.data, view->recipe, writer.length) != 0)
		InvalidSet("its recipe is not in canonical form");
	for (int i = 0; recipe->features.names && i < recipe->features.count; i++)
		pg_verifymbstr(recipe->features.names[i], strlen(recipe->features.names[i]), false);
	if (recipe->features.names)
		CheckFeatureNames(recipe->features.names, recipe->features.count);
}

/*
 * Check the scaler of a member or of the fallback: it must be sound and have the set's features.  Sets its
 * fingerprint.
 */
static void
CheckMemberScaler(const SetMember *member, const SetFeatures *expected, uint8 *fingerprint)
{
	ScalerView	view;
	Recipe		recipe;

	ViewScaler(&view, member->scaler, member->scaler_length);
	if (ViewIsSet(&view))
		InvalidSet("one of its members is a set itself");
	CheckUntrustedSingle(&view);
	DecodeScalerRecipe(&recipe, &view);
	if (!RecipeHasFeatures(&recipe, expected))
		InvalidSet("one of its members has other features");
	ScalerFingerprint(fingerprint, &view);
}

static void
CheckSetMembers(const ScalerView *view, const SetRecipe *recipe)
{
	uint8	   *leaves = MemoryContextAllocHuge(CurrentMemoryContext, (Size) recipe->nmembers * DIGEST_LENGTH);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	uint8		fingerprint[DIGEST_LENGTH];
	SetMember	previous = {0};
	SetReader	reader;
	MerkleTree	tree;

	SetReaderInit(&reader, view, recipe);
	if (reader.fallback.scaler)
	{
		CheckMemberScaler(&reader.fallback, &recipe->features, fingerprint);
		if (memcmp(fingerprint, recipe->fallback, DIGEST_LENGTH) != 0)
			InvalidSet("its fallback is not the one it was made with");
	}
	for (uint32 i = 0; i < recipe->nmembers; i++)
	{
		SetMember	member;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		SetReaderNext(&reader, &member);
		if (member.key_length < 1 || member.key_length > SET_MAX_KEY)
			InvalidSet("a key has an impossible length");
		pg_verifymbstr(member.key, member.key_length, false);
		if (i > 0 && CompareSetKeys(&previous, &member) >= 0)
			InvalidSet("its keys are not in order");
		CheckMemberScaler(&member, &recipe->features, fingerprint);
		MerkleLeaf(leaves + (Size) i * DIGEST_LENGTH, member.key, member.key_length, fingerprint);
		previous = member;
	}
	if (BytesLeft(&reader.reader) > 0)
		InvalidSet("it is followed by extra bytes");
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);

	MerkleBuild(&tree, leaves, recipe->nmembers);
	if (memcmp(MerkleRoot(&tree), recipe->root, DIGEST_LENGTH) != 0)
		InvalidSet("its members are not the ones it was made with");
}

static void
CheckUntrustedSet(const ScalerView *view)
{
	SetRecipe	recipe;

	DecodeSetRecipe(&recipe, view);
	CheckCanonicalRecipe(view, &recipe);
	if (view->members)
	{
		/* each member takes at least two bytes, so that a forged number cannot make us allocate much */
		if (recipe.nmembers > view->members_length / 2)
			InvalidSet("it ends too early");
		CheckSetMembers(view, &recipe);
	}
}

/* ---- either ---- */

void
CheckUntrustedScaler(const ScalerView *view)
{
	if (ViewIsSet(view))
		CheckUntrustedSet(view);
	else
		CheckUntrustedSingle(view);
}

bytea *
MakeBareScaler(const ScalerView *view)
{
	return ViewIsSet(view) ? MakeBareSet(view) : MakeBareSingle(view);
}
