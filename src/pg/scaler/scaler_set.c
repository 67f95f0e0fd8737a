/*
 * scaler_set.c
 *		Making sets of scalers by key from their members.
 */
#include "pg/scaler/scaler_set.h"

#include "miscadmin.h"
#include "pg/scaler/merkle.h"
#include "utils/memutils.h"

static int
CompareMembers(const void *a, const void *b)
{
	return CompareSetKeys((const SetMember *) a, (const SetMember *) b);
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
		if (i > 0 && CompareSetKeys(&members[i - 1], &members[i]) == 0)
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
