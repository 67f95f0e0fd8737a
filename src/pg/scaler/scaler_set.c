/*
 * scaler_set.c
 *		Bytes and checks of sets of scalers by key.
 */
#include "pg/scaler/scaler_set.h"

#include "core/values/profile.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/fit/options.h"
#include "pg/scaler/merkle.h"
#include "utils/memutils.h"

#define FLAG_NAMED		1
#define FLAG_TARGET		1

const PolicyName unseen_policy_names[] = {
	{UNSEEN_ERROR, "error"},
	{UNSEEN_NULL, "null"},
	{UNSEEN_FALLBACK, "fallback"},
	{0, NULL}
};

pg_noreturn static void
InvalidSet(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid set of scalers: %s", problem)));
}

/* ---- what is a set, and what is not ---- */

static int64
IdOfView(const ScalerView *view)
{
	uint8		fingerprint[DIGEST_LENGTH];

	ScalerFingerprint(fingerprint, view);
	return FingerprintToId(fingerprint);
}

void
SetWithoutKey(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("scaler " INT64_FORMAT " is a set of scalers by key, and there is no key", id),
			 errhint("normfreeze.normalize_by_key() and denormalize_by_key() take a key; for all else name one member: "
					 "normfreeze.member(" INT64_FORMAT ", key).", id)));
}

void
KeyWithoutSet(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("scaler " INT64_FORMAT " is not a set of scalers by key, and there is a key", id),
			 errhint("normfreeze.normalize() applies it; normfreeze.by_key() makes sets.")));
}

void
CheckIsSet(const ScalerView *view)
{
	if (!ViewIsSet(view))
		KeyWithoutSet(IdOfView(view));
}

void
CheckIsNoSet(const ScalerView *view)
{
	if (ViewIsSet(view))
		SetWithoutKey(IdOfView(view));
}

void
CheckHasMembers(const ScalerView *view)
{
	if (view->members == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the members of scaler " INT64_FORMAT ", a bare set, are not in the value", IdOfView(view)),
				 errhint("Where the set is frozen, use its id: normfreeze.members has its keys.")));
}

char *
KeyLabel(const char *key, size_t length)
{
	return pnstrdup(key, pg_mbcliplen(key, length, 100));
}

/* ---- recipes ---- */

static void
EncodeSetRecipe(ByteWriter *writer, const SetRecipe *recipe)
{
	PutByte(writer, SET_RECIPE_FORMAT);
	PutByte(writer, recipe->unseen);
	if (recipe->unseen == UNSEEN_FALLBACK)
		PutBytes(writer, recipe->fallback, DIGEST_LENGTH);
	PutByte(writer, recipe->features.names ? FLAG_NAMED : 0);
	PutVarint(writer, recipe->features.count);
	for (int i = 0; i < recipe->features.count; i++)
	{
		if (recipe->features.names)
			PutString(writer, recipe->features.names[i]);
		PutByte(writer, recipe->features.target[i] ? FLAG_TARGET : 0);
	}
	PutVarint(writer, recipe->nmembers);
	PutBytes(writer, recipe->root, DIGEST_LENGTH);
}

static void
DecodeSetFeatures(SetFeatures *features, ByteReader *reader)
{
	uint8		flags = GetByte(reader);
	uint64		count = GetVarint(reader);
	int			ntargets = 0;

	if (flags > FLAG_NAMED)
		InvalidSet("unknown flags");
	if (count < 1 || count > PROFILE_MAX_FEATURES || count > BytesLeft(reader))
		InvalidSet("impossible number of features");
	features->count = (int) count;
	features->names = flags & FLAG_NAMED ? palloc0(sizeof(char *) * count) : NULL;
	features->target = palloc(sizeof(bool) * count);
	for (int i = 0; i < features->count; i++)
	{
		uint8		feature_flags;

		if (features->names)
			features->names[i] = GetString(reader, PROFILE_MAX_NAME);
		feature_flags = GetByte(reader);
		if (reader->failed)
			InvalidSet("it ends too early");
		if (feature_flags > FLAG_TARGET)
			InvalidSet("unknown flags of a feature");
		features->target[i] = feature_flags & FLAG_TARGET;
		ntargets += features->target[i];
	}
	if (ntargets > 0 && (ntargets == features->count || features->names == NULL))
		InvalidSet("impossible targets");
}

void
DecodeSetRecipe(SetRecipe *recipe, const ScalerView *view)
{
	ByteReader	reader;
	uint64		nmembers;
	const uint8 *root;

	memset(recipe, 0, sizeof(*recipe));
	ReaderInit(&reader, view->recipe, view->recipe_length);
	if (GetByte(&reader) != SET_RECIPE_FORMAT)
		InvalidSet("unknown format of its recipe");
	recipe->unseen = GetByte(&reader);
	if (recipe->unseen > UNSEEN_FALLBACK)
		InvalidSet("unknown policy for keys it does not have");
	if (recipe->unseen == UNSEEN_FALLBACK)
	{
		const uint8 *fallback = GetBytes(&reader, DIGEST_LENGTH);

		if (fallback)
			memcpy(recipe->fallback, fallback, DIGEST_LENGTH);
	}
	DecodeSetFeatures(&recipe->features, &reader);
	nmembers = GetVarint(&reader);
	root = GetBytes(&reader, DIGEST_LENGTH);
	if (reader.failed || root == NULL)
		InvalidSet("it ends too early");
	if (BytesLeft(&reader) > 0)
		InvalidSet("its recipe is followed by extra bytes");
	if (nmembers < 1 || nmembers > PG_INT32_MAX)
		InvalidSet("impossible number of members");
	recipe->nmembers = (uint32) nmembers;
	memcpy(recipe->root, root, DIGEST_LENGTH);
}

/* ---- members ---- */

static void
GetMemberScaler(ByteReader *reader, SetMember *member)
{
	member->scaler_length = GetVarint(reader);
	member->scaler = GetBytes(reader, member->scaler_length);
	if (reader->failed || member->scaler == NULL)
		InvalidSet("it ends too early");
}

void
SetReaderInit(SetReader *reader, const ScalerView *view, const SetRecipe *recipe)
{
	memset(reader, 0, sizeof(*reader));
	ReaderInit(&reader->reader, view->members, view->members_length);
	if (recipe->unseen == UNSEEN_FALLBACK)
		GetMemberScaler(&reader->reader, &reader->fallback);
}

void
SetReaderNext(SetReader *reader, SetMember *member)
{
	member->key_length = GetVarint(&reader->reader);
	member->key = (const char *) GetBytes(&reader->reader, member->key_length);
	if (reader->reader.failed || member->key == NULL)
		InvalidSet("it ends too early");
	GetMemberScaler(&reader->reader, member);
}

void
FeaturesOfRecipe(SetFeatures *features, const Recipe *recipe)
{
	features->count = recipe->nfeatures;
	features->names = recipe->named ? palloc(sizeof(char *) * recipe->nfeatures) : NULL;
	features->target = palloc(sizeof(bool) * recipe->nfeatures);
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		if (recipe->named)
			features->names[i] = recipe->features[i].name;
		features->target[i] = recipe->features[i].target;
	}
}

bool
SameFeatures(const SetFeatures *a, const SetFeatures *b)
{
	if (a->count != b->count || (a->names == NULL) != (b->names == NULL))
		return false;
	for (int i = 0; i < a->count; i++)
		if (a->target[i] != b->target[i] || (a->names && strcmp(a->names[i], b->names[i]) != 0))
			return false;
	return true;
}

bool
RecipeHasFeatures(const Recipe *recipe, const SetFeatures *features)
{
	if (recipe->nfeatures != features->count || recipe->named != (features->names != NULL))
		return false;
	for (int i = 0; i < recipe->nfeatures; i++)
		if (recipe->features[i].target != features->target[i] ||
			(recipe->named && strcmp(recipe->features[i].name, features->names[i]) != 0))
			return false;
	return true;
}

/* ---- making ---- */

/* The order of memcmp(), a prefix first: that of the collation "C". */
int
CompareKeys(const SetMember *a, const SetMember *b)
{
	int			order = memcmp(a->key, b->key, Min(a->key_length, b->key_length));

	return order ? order : (a->key_length > b->key_length) - (a->key_length < b->key_length);
}

static int
CompareMembers(const void *a, const void *b)
{
	return CompareKeys((const SetMember *) a, (const SetMember *) b);
}

static void
MemberFingerprint(uint8 *fingerprint, const SetMember *member)
{
	ScalerView	view;

	ViewScaler(&view, member->scaler, member->scaler_length);
	ScalerFingerprint(fingerprint, &view);
}

static size_t
MembersLength(const SetMember *members, uint32 nmembers, const SetMember *fallback)
{
	size_t		length = fallback ? VarintLength(fallback->scaler_length) + fallback->scaler_length : 0;

	for (uint32 i = 0; i < nmembers; i++)
		length += VarintLength(members[i].key_length) + members[i].key_length +
			VarintLength(members[i].scaler_length) + members[i].scaler_length;
	return length;
}

static void
CheckSetLength(size_t length)
{
	if (length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the set of scalers would take %zu bytes, more than a value may have", length),
				 errhint("Fit with {\"distribution\": false}; or give by_key() the scalers without their profiles, by "
						 "normfreeze.bare(), and freeze the set with keep_profile => false.")));
}

static void
StartSet(ByteWriter *writer, const SetRecipe *recipe, ScalerSetKind kind, size_t members_length)
{
	ByteWriter	encoded;

	WriterInit(&encoded, 256);
	EncodeSetRecipe(&encoded, recipe);
	CheckSetLength(VARHDRSZ + SCALER_HEADER_LENGTH + encoded.length + members_length);
	WriterInit(writer, VARHDRSZ + SCALER_HEADER_LENGTH + encoded.length + members_length);
	PutUint32(writer, 0);		/* room for the varlena header */
	PutByte(writer, SCALER_SET_FORMAT);
	PutByte(writer, kind);
	PutUint32(writer, (uint32) encoded.length);
	PutBytes(writer, encoded.data, encoded.length);
}

static bytea *
FinishSet(ByteWriter *writer)
{
	SET_VARSIZE(writer->data, writer->length);
	return (bytea *) writer->data;
}

bytea *
MakeSet(SetMember *members, uint32 nmembers, const SetFeatures *features,
		UnseenPolicy unseen, const SetMember *fallback)
{
	SetRecipe	recipe = {.unseen = unseen, .features = *features, .nmembers = nmembers};
	size_t		members_length = MembersLength(members, nmembers, fallback);
	uint8	   *leaves;
	MerkleTree	tree;
	ByteWriter	writer;

	CheckSetLength(members_length);
	qsort(members, nmembers, sizeof(SetMember), CompareMembers);
	leaves = MemoryContextAllocHuge(CurrentMemoryContext, (Size) nmembers * DIGEST_LENGTH);
	for (uint32 i = 0; i < nmembers; i++)
	{
		uint8		fingerprint[DIGEST_LENGTH];

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && CompareKeys(&members[i - 1], &members[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("key \"%s\" has several scalers", KeyLabel(members[i].key, members[i].key_length)),
					 errhint("GROUP BY the key, so that each has one.")));
		MemberFingerprint(fingerprint, &members[i]);
		MerkleLeaf(leaves + (Size) i * DIGEST_LENGTH, members[i].key, members[i].key_length, fingerprint);
	}
	MerkleBuild(&tree, leaves, nmembers);
	memcpy(recipe.root, MerkleRoot(&tree), DIGEST_LENGTH);
	if (fallback)
		MemberFingerprint(recipe.fallback, fallback);

	StartSet(&writer, &recipe, SET_WITH_MEMBERS, members_length);
	if (fallback)
	{
		PutVarint(&writer, fallback->scaler_length);
		PutBytes(&writer, fallback->scaler, fallback->scaler_length);
	}
	for (uint32 i = 0; i < nmembers; i++)
	{
		PutVarint(&writer, members[i].key_length);
		PutBytes(&writer, members[i].key, members[i].key_length);
		PutVarint(&writer, members[i].scaler_length);
		PutBytes(&writer, members[i].scaler, members[i].scaler_length);
	}
	return FinishSet(&writer);
}

bytea *
MakeBareSetOfRecipe(const SetRecipe *recipe)
{
	ByteWriter	writer;

	StartSet(&writer, recipe, SET_BARE, 0);
	return FinishSet(&writer);
}

bytea *
MakeBareSet(const ScalerView *view)
{
	SetRecipe	recipe;

	DecodeSetRecipe(&recipe, view);
	return MakeBareSetOfRecipe(&recipe);
}

/* ---- checks of what comes from outside ---- */

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

/* The scaler of a member or the fallback, sound and of the set's features; its fingerprint. */
static void
CheckMemberScaler(const SetMember *member, const SetFeatures *expected, uint8 *fingerprint)
{
	ScalerView	view;
	Recipe		recipe;

	ViewScaler(&view, member->scaler, member->scaler_length);
	if (ViewIsSet(&view))
		InvalidSet("one of its members is a set itself");
	CheckUntrustedScaler(&view);
	DecodeScalerRecipe(&recipe, &view);
	if (!RecipeHasFeatures(&recipe, expected))
		InvalidSet("one of its members has other features");
	ScalerFingerprint(fingerprint, &view);
}

static void
CheckMembers(const ScalerView *view, const SetRecipe *recipe)
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
		if (i > 0 && CompareKeys(&previous, &member) >= 0)
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

void
CheckUntrustedSet(const ScalerView *view)
{
	SetRecipe	recipe;

	DecodeSetRecipe(&recipe, view);
	CheckCanonicalRecipe(view, &recipe);
	if (view->members)
	{
		/* each member takes two bytes at least: no huge allocation for a forged number */
		if (recipe.nmembers > view->members_length / 2)
			InvalidSet("it ends too early");
		CheckMembers(view, &recipe);
	}
}
