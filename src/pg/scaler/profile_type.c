/*
 * profile_type.c
 *		The SQL type normfreeze.profile: input, output and comparison.
 */
#include "pg/scaler/profile_type.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "pg/base/digest.h"
#include "pg/base/names.h"
#include "pg/base/varlena_type.h"
#include "utils/builtins.h"

void
PutProfile(ByteWriter *writer, const Profile *settled)
{
	size_t		before = writer->length;

	EncodeProfile(writer, settled);
	if (writer->length - before > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the profile of %d features would take %zu bytes, more than a value may have",
						settled->nfeatures, writer->length - before + VARHDRSZ),
				 errhint("Make it smaller with option \"distribution\".")));
}

bytea *
ProfileToVarlena(const Profile *settled)
{
	ByteWriter	writer;

	WriterInit(&writer, 1024);
	/* the varlena header goes in front */
	PutUint32(&writer, 0);
	PutProfile(&writer, settled);
	SET_VARSIZE(writer.data, writer.length);
	return (bytea *) writer.data;
}

void
ProfileFromBytes(Profile *profile, const void *data, size_t length)
{
	ByteReader	reader;
	const char *problem;

	ReaderInit(&reader, data, length);
	problem = DecodeProfile(profile, &reader);
	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid profile: %s", problem)));
}

void
ProfileFromUntrustedBytes(Profile *profile, const void *data, size_t length, const char *what)
{
	const char *problem = DecodeProfileBytes(profile, data, length);

	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid %s: %s", what, problem)));
	for (int i = 0; profile->names && i < profile->nfeatures; i++)
		pg_verifymbstr(profile->names[i], strlen(profile->names[i]), false);
	if (profile->names)
		CheckFeatureNames(profile->names, profile->nfeatures);
}

void
CheckHasRoom(const Profile *profile, int64 more)
{
	if (unlikely(!ProfileHasRoom(profile, more)))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a profile cannot count " INT64_FORMAT " and " INT64_FORMAT " rows together",
						profile->rows, more),
				 errdetail("The limit is " INT64_FORMAT ".", PG_INT64_MAX),
				 errhint("Merge every profile once: no table has so many rows.")));
}

static void
CheckAreCompatible(const Profile *a, const Profile *b)
{
	if (ProfilesAreCompatible(a, b))
		return;
	if (a->nfeatures != b->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("cannot merge profiles of %d and %d features", a->nfeatures, b->nfeatures),
				 errhint("Make all of them of the same columns; normfreeze.profile(row, scaler_id) takes those of a scaler.")));
	if (a->distribution != b->distribution)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("cannot merge profiles with distributions of %u and %u bins", a->distribution, b->distribution),
				 errdetail("0 means none."),
				 errhint("Make all of them with the same option \"distribution\".")));
	if ((a->names == NULL) != (b->names == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("cannot merge a profile whose features have names with one whose features have none"),
				 errhint("Make all of them of rows, or of arrays with option \"names\".")));
	if ((a->weighted == NULL) != (b->weighted == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("cannot merge a profile of rows with weights with one of rows without"),
				 errhint("Make all of them with a weight for each row, or none.")));
	for (int i = 0; a->names && i < a->nfeatures; i++)
		if (strcmp(a->names[i], b->names[i]) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("cannot merge profiles of different features"),
					 errdetail("Feature %d is \"%s\" in one and \"%s\" in the other.", i + 1, a->names[i], b->names[i]),
					 errhint("Give both the same columns in the same order with option \"columns\".")));
}

void
CheckMayMerge(const Profile *a, const Profile *b)
{
	CheckAreCompatible(a, b);
	CheckHasRoom(a, b->rows);
}

void
ProfileDigest(uint8 *digest, const void *data, size_t length)
{
	DigestPart	parts[] = {{"normfreeze-profile", 18}, {data, length}};

	DigestParts(digest, parts, lengthof(parts));
}

/* ---- SQL ---- */

PG_FUNCTION_INFO_V1(profile_in);
Datum
profile_in(PG_FUNCTION_ARGS)
{
	size_t		length;
	uint8	   *bytes = ArmorToBytes("profile", PG_GETARG_CSTRING(0), &length);
	Profile		profile;

	ProfileFromUntrustedBytes(&profile, bytes, length, "profile");
	PG_RETURN_BYTEA_P(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(profile_out);
Datum
profile_out(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_CSTRING(BytesToArmor("profile", (uint8 *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

PG_FUNCTION_INFO_V1(profile_recv);
Datum
profile_recv(PG_FUNCTION_ARGS)
{
	size_t		length;
	const uint8 *bytes = ReceiveChecked((StringInfo) PG_GETARG_POINTER(0), "profile", &length);
	Profile		profile;

	ProfileFromUntrustedBytes(&profile, bytes, length, "profile");
	PG_RETURN_BYTEA_P(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(profile_send);
Datum
profile_send(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_BYTEA_P(SendChecked((uint8 *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

/* Return the digest by which scalers and normfreeze.profiles identify a profile. */
PG_FUNCTION_INFO_V1(profile_digest);
Datum
profile_digest(PG_FUNCTION_ARGS)
{
	bytea	   *value = PG_GETARG_BYTEA_PP(0);
	uint8		digest[DIGEST_LENGTH];

	ProfileDigest(digest, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex(digest, DIGEST_LENGTH)));
}
