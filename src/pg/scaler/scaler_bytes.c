/*
 * scaler_bytes.c
 *		Making a scaler's bytes from a recipe and a profile, and reading these from the bytes.
 */
#include "pg/scaler/scaler_bytes.h"

#include "pg/scaler/profile_type.h"
#include "utils/memutils.h"

/* Return bytes, which begin with room for the header of a varlena, as a datum. */
static bytea *
FinishScaler(ByteWriter *writer)
{
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the scaler would take %zu bytes, more than a value may have", writer->length)));
	SET_VARSIZE(writer->data, writer->length);
	return (bytea *) writer->data;
}

static void
PutScalerHeader(uint8 *out, uint8 kind, size_t recipe_length)
{
	out[0] = SCALER_FORMAT;
	out[1] = kind;
	for (int i = 0; i < 4; i++)
		out[2 + i] = (uint8) (recipe_length >> (8 * i));
}

static bytea *
AssembleScaler(const void *recipe, size_t recipe_length, const uint8 *digest,
			   const void *profile, size_t profile_length)
{
	ByteWriter	writer;

	WriterInit(&writer, VARHDRSZ + SCALER_HEADER_LENGTH + recipe_length + DIGEST_LENGTH + profile_length);
	writer.length = VARHDRSZ + SCALER_HEADER_LENGTH;
	PutScalerHeader(writer.data + VARHDRSZ, profile ? PROFILE_INCLUDED : (digest ? PROFILE_BY_DIGEST : PROFILE_NONE),
					recipe_length);
	PutBytes(&writer, recipe, recipe_length);
	if (digest)
		PutBytes(&writer, digest, DIGEST_LENGTH);
	if (profile)
		PutBytes(&writer, profile, profile_length);
	return FinishScaler(&writer);
}

bytea *
MakeScaler(const Recipe *recipe, const uint8 *digest, const void *profile, size_t profile_length)
{
	ByteWriter	writer;

	WriterInit(&writer, 1024);
	EncodeRecipe(&writer, recipe);
	return AssembleScaler(writer.data, writer.length, digest, profile, profile_length);
}

/* See scaler_bytes.h.  Everything is written where it stays, since each of many groups has a scaler. */
bytea *
MakeFittedScaler(const Recipe *recipe, const Profile *settled)
{
	ByteWriter	writer;
	size_t		recipe_at = VARHDRSZ + SCALER_HEADER_LENGTH;
	size_t		digest_at;
	size_t		profile_at;

	WriterInit(&writer, 2048);
	writer.length = recipe_at;
	EncodeRecipe(&writer, recipe);
	digest_at = writer.length;
	(void) WriterRoom(&writer, DIGEST_LENGTH);
	writer.length = profile_at = digest_at + DIGEST_LENGTH;
	PutProfile(&writer, settled);
	ProfileDigest(writer.data + digest_at, writer.data + profile_at, writer.length - profile_at);
	PutScalerHeader(writer.data + VARHDRSZ, PROFILE_INCLUDED, digest_at - recipe_at);
	return FinishScaler(&writer);
}

bytea *
MakeBareSingle(const ScalerView *view)
{
	return AssembleScaler(view->recipe, view->recipe_length, view->digest, NULL, 0);
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
