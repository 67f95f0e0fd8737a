/*
 * set_view.c
 *		The parts of a set of scalers: its recipe and its members.
 */
#include "pg/scaler/set_view.h"

#include "core/values/profile.h"
#include "mb/pg_wchar.h"

#define FLAG_NAMED		1
#define FLAG_TARGET		1

const PolicyName unseen_policy_names[] = {
	{UNSEEN_ERROR, "error"},
	{UNSEEN_NULL, "null"},
	{UNSEEN_FALLBACK, "fallback"},
	{0, NULL}
};

void
InvalidSet(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid set of scalers: %s", problem)));
}

char *
KeyLabel(const char *key, size_t length)
{
	return pnstrdup(key, pg_mbcliplen(key, length, 100));
}

/* ---- recipes ---- */

void
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

/* ---- members ---- */

/* Compare keys as memcmp() does, a prefix first: the order of the collation "C". */
int
CompareSetKeys(const SetMember *a, const SetMember *b)
{
	int			order = memcmp(a->key, b->key, Min(a->key_length, b->key_length));

	return order ? order : (a->key_length > b->key_length) - (a->key_length < b->key_length);
}

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
