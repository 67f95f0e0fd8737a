/*
 * scaler_type.c
 *		Bytes, identity, input and output of scalers.
 */
#include "pg/scaler/scaler_type.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "pg/base/normfreeze.h"
#include "pg/base/varlena_type.h"
#include "pg/fit/options.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_json.h"
#include "pg/scaler/scaler_set.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

pg_noreturn static void
InvalidScaler(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid scaler: %s", problem)));
}

void
ViewScaler(ScalerView *view, const void *bytes, size_t length)
{
	ByteReader	reader;
	uint8		kind;

	memset(view, 0, sizeof(*view));
	view->bytes = bytes;
	view->length = length;
	ReaderInit(&reader, bytes, length);
	view->format = GetByte(&reader);
	if (view->format != SCALER_FORMAT && view->format != SCALER_SET_FORMAT)
		InvalidScaler("unknown format");
	kind = GetByte(&reader);
	if (kind > (ViewIsSet(view) ? (uint8) SET_WITH_MEMBERS : (uint8) PROFILE_INCLUDED))
		InvalidScaler(ViewIsSet(view) ? "unknown kind of set" : "unknown kind of profile");
	view->recipe_length = GetUint32(&reader);
	view->recipe = GetBytes(&reader, view->recipe_length);
	if (ViewIsSet(view))
	{
		if (kind == SET_WITH_MEMBERS)
		{
			view->members_length = BytesLeft(&reader);
			view->members = GetBytes(&reader, view->members_length);
		}
		kind = PROFILE_NONE;
	}
	view->kind = kind;
	if (kind != PROFILE_NONE)
		view->digest = GetBytes(&reader, DIGEST_LENGTH);
	if (kind == PROFILE_INCLUDED)
	{
		view->profile_length = BytesLeft(&reader);
		view->profile = GetBytes(&reader, view->profile_length);
	}
	if (reader.failed)
		InvalidScaler("it ends too early");
	if (BytesLeft(&reader) > 0)
		InvalidScaler("it is followed by extra bytes");
}

void
ViewScalerDatum(ScalerView *view, Datum datum)
{
	bytea	   *value = DatumGetByteaPP(datum);

	ViewScaler(view, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

void
DecodeScalerRecipe(Recipe *recipe, const ScalerView *view)
{
	ByteReader	reader;
	const char *problem;

	CheckIsNoSet(view);
	ReaderInit(&reader, view->recipe, view->recipe_length);
	problem = DecodeRecipe(recipe, &reader);
	if (problem)
		InvalidScaler(problem);
	if (BytesLeft(&reader) > 0)
		InvalidScaler("its recipe is followed by extra bytes");
}

static bytea *
AssembleScaler(const void *recipe, size_t recipe_length, const uint8 *digest,
			   const void *profile, size_t profile_length)
{
	ByteWriter	writer;

	WriterInit(&writer, VARHDRSZ + SCALER_HEADER_LENGTH + recipe_length + DIGEST_LENGTH + profile_length);
	PutUint32(&writer, 0);		/* room for the varlena header */
	PutByte(&writer, SCALER_FORMAT);
	PutByte(&writer, profile ? PROFILE_INCLUDED : (digest ? PROFILE_BY_DIGEST : PROFILE_NONE));
	PutUint32(&writer, (uint32) recipe_length);
	PutBytes(&writer, recipe, recipe_length);
	if (digest)
		PutBytes(&writer, digest, DIGEST_LENGTH);
	if (profile)
		PutBytes(&writer, profile, profile_length);
	if (writer.length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the scaler would take %zu bytes, more than a value may have", writer.length)));
	SET_VARSIZE(writer.data, writer.length);
	return (bytea *) writer.data;
}

bytea *
MakeScaler(const Recipe *recipe, const uint8 *digest, const void *profile, size_t profile_length)
{
	ByteWriter	writer;

	WriterInit(&writer, 1024);
	EncodeRecipe(&writer, recipe);
	return AssembleScaler(writer.data, writer.length, digest, profile, profile_length);
}

bool
DecodeScalerProfile(Profile *profile, const ScalerView *view, const bytea *stored, int nfeatures)
{
	if (view->profile)
		ProfileFromBytes(profile, view->profile, view->profile_length);
	else if (stored)
		ProfileFromBytes(profile, VARDATA(stored), VARSIZE(stored) - VARHDRSZ);
	else
		return false;
	if (profile->nfeatures != nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the stored profile describes other features than the scaler")));
	return true;
}

bytea *
MakeBareScaler(const ScalerView *view)
{
	if (ViewIsSet(view))
		return MakeBareSet(view);
	return AssembleScaler(view->recipe, view->recipe_length, view->digest, NULL, 0);
}

void
ScalerFingerprint(uint8 *fingerprint, const ScalerView *view)
{
	static const uint8 zeros[DIGEST_LENGTH] = {0};
	uint8		header[5] = {view->format};
	DigestPart	parts[] = {
		{"normfreeze-scaler", 17},
		{header, sizeof(header)},
		{view->recipe, view->recipe_length},
		{view->digest ? view->digest : zeros, DIGEST_LENGTH},
	};

	for (int i = 0; i < 4; i++)
		header[1 + i] = (uint8) (view->recipe_length >> (8 * i));
	DigestParts(fingerprint, parts, lengthof(parts));
}

/* The first 63 bits: positive, and as good as unique. */
int64
FingerprintToId(const uint8 *fingerprint)
{
	uint64		bits = 0;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | fingerprint[i];
	return (int64) (bits >> 1);
}

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

void
CheckUntrustedScaler(const ScalerView *view)
{
	Recipe		recipe;
	ByteWriter	writer;
	char	  **names;
	int			ntargets = 0;

	if (ViewIsSet(view))
	{
		CheckUntrustedSet(view);
		return;
	}
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

/* ---- SQL ---- */

static Datum
CheckedScaler(const void *bytes, size_t length)
{
	ScalerView	view;

	ViewScaler(&view, bytes, length);
	CheckUntrustedScaler(&view);
	return PointerGetDatum(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(scaler_in);
Datum
scaler_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_BYTEA_P(ScalerFromJson(JsonParse(text, strlen(text), "scaler")));
}

PG_FUNCTION_INFO_V1(scaler_out);
Datum
scaler_out(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	PG_RETURN_CSTRING(ScalerToJson(&view, true));
}

PG_FUNCTION_INFO_V1(scaler_recv);
Datum
scaler_recv(PG_FUNCTION_ARGS)
{
	size_t		length;
	const uint8 *bytes = ReceiveChecked((StringInfo) PG_GETARG_POINTER(0), "scaler", &length);

	return CheckedScaler(bytes, length);
}

PG_FUNCTION_INFO_V1(scaler_send);
Datum
scaler_send(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_BYTEA_P(SendChecked((uint8 *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

PG_FUNCTION_INFO_V1(scaler_to_jsonb);
Datum
scaler_to_jsonb(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(ScalerToJson(&view, true)));
}

PG_FUNCTION_INFO_V1(jsonb_to_scaler);
Datum
jsonb_to_scaler(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(ScalerFromJson(JsonParseJsonb(PG_GETARG_JSONB_P(0), "scaler")));
}

PG_FUNCTION_INFO_V1(fingerprint);
Datum
fingerprint(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	ScalerFingerprint(bytes, &view);
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex(bytes, DIGEST_LENGTH)));
}

PG_FUNCTION_INFO_V1(id_of);
Datum
id_of(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	ScalerFingerprint(bytes, &view);
	PG_RETURN_INT64(FingerprintToId(bytes));
}

PG_FUNCTION_INFO_V1(bare);
Datum
bare(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	PG_RETURN_BYTEA_P(MakeBareScaler(&view));
}

/* The profile inside a scaler; NULL if it has none at hand. */
PG_FUNCTION_INFO_V1(profile_of_scaler);
Datum
profile_of_scaler(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	CheckIsNoSet(&view);
	if (view.profile == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(BytesToVarlena(view.profile, view.profile_length));
}

/* The digest of the profile it was fitted on, whether that is at hand or not. */
PG_FUNCTION_INFO_V1(digest_of);
Datum
digest_of(PG_FUNCTION_ARGS)
{
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	if (view.digest == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex(view.digest, DIGEST_LENGTH)));
}

/*
 * What the CHECK constraint of normfreeze.scalers demands: a bare scaler or
 * set, sound, under its own id and fingerprint.
 */
PG_FUNCTION_INFO_V1(is_content);
Datum
is_content(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	uint8		bytes[DIGEST_LENGTH];

	ViewScalerDatum(&view, PG_GETARG_DATUM(2));
	CheckUntrustedScaler(&view);
	ScalerFingerprint(bytes, &view);
	PG_RETURN_BOOL(view.profile == NULL && view.members == NULL &&
				   FingerprintToId(bytes) == PG_GETARG_INT64(0) &&
				   strcmp(BytesToHex(bytes, DIGEST_LENGTH), text_to_cstring(PG_GETARG_TEXT_PP(1))) == 0);
}
