/*
 * scaler_bytes.c
 *		A scaler's bytes made of a recipe and a profile, and these read from it.
 */
#include "pg/scaler/scaler_bytes.h"

#include "pg/scaler/profile_type.h"
#include "utils/memutils.h"

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
