/*
 * members_store.c
 *		Storing scalers, and sets with their members.
 */
#include "pg/registry/members.h"

#include "common/int.h"
#include "core/values/profile.h"
#include "core/values/profile_format.h"
#include "pg/base/sql.h"
#include "pg/registry/purge_log.h"
#include "pg/scaler/merkle.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* ---- storing ---- */

/* Compare contents: those with a profile in the order of its digest, then those without. */
static int
CompareDigests(const void *a, const void *b)
{
	const Content *left = a;
	const Content *right = b;

	if (left->digest == NULL || right->digest == NULL)
		return (left->digest == NULL) - (right->digest == NULL);
	return memcmp(left->digest, right->digest, DIGEST_LENGTH);
}

static int
CompareContents(const void *a, const void *b)
{
	const Content *left = a;
	const Content *right = b;

	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	/* if a scaler occurs twice, the longer one contains its profile, and comes first */
	return (left->scaler_length < right->scaler_length) - (left->scaler_length > right->scaler_length);
}

static void
CheckProfileIsStored(const Content *content, const ScalerView *view)
{
	if (!ProfileIsStored(view->digest) && !FindPurge(view->digest, SQL_LATEST, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the profile of this bare scaler is not stored here"),
				 content->key ?
				 errdetail("It is the scaler of key \"%s\".", KeyLabel(content->key, content->key_length)) :
				 errdetail("It is the fallback of the set."),
				 errhint("Freeze the scaler with its profile, or without evidence: keep_profile => false.")));
}

/* Return the number of rows in an included profile, or -1 if it is not included. */
static int64
RowsOfProfile(const ScalerView *view)
{
	ByteReader	reader;
	Profile		profile;

	if (view->profile == NULL)
		return -1;
	ReaderInit(&reader, view->profile, view->profile_length);
	return DecodeProfile(&profile, &reader) == NULL ? profile.rows : -1;
}

/* Store one content.  Return the number of rows that it was fitted on, or -1. */
static int64
StoreOneContent(const Content *content, KeepProfile keep)
{
	ScalerView	view;
	Recipe		recipe;
	uint8		fingerprint[DIGEST_LENGTH];

	ViewScaler(&view, content->scaler, content->scaler_length);
	DecodeScalerRecipe(&recipe, &view);
	ScalerFingerprint(fingerprint, &view);
	if (view.kind == PROFILE_BY_DIGEST && keep == KEEP_REQUIRED)
		CheckProfileIsStored(content, &view);
	StoreContent(content->id, BytesToHex(fingerprint, DIGEST_LENGTH), &view, &recipe);
	return RowsOfProfile(&view);
}

static void
StoreMemberRow(int64 set_id, uint32 position, const SetMember *member, int64 scaler_id,
			   const uint8 *path, size_t path_length)
{
	bytea	   *proof = palloc(VARHDRSZ + path_length);
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(set_id)),
		SQL_ARG(TEXTOID, PointerGetDatum(cstring_to_text_with_len(member->key, member->key_length))),
		SQL_ARG(INT4OID, Int32GetDatum((int32) position + 1)),
		SQL_ARG(INT8OID, Int64GetDatum(scaler_id)),
		SQL_ARG(BYTEAOID, PointerGetDatum(proof)),
	};

	SET_VARSIZE(proof, VARHDRSZ + path_length);
	memcpy(VARDATA(proof), path, path_length);
	SqlRun("INSERT INTO normfreeze.members (set_id, key, position, scaler_id, proof) "
		   "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (set_id, key) DO NOTHING",
		   true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
	SqlFinish();
}

static uint64
CountStoredMembers(int64 id)
{
	SqlArg		arg = SQL_ARG(INT8OID, Int64GetDatum(id));
	uint64		count;

	SqlRun("SELECT pg_catalog.count(*) FROM normfreeze.members AS m WHERE m.set_id " EQ " $1",
		   true, SQL_LATEST | SQL_AS_OWNER, &arg, 1);
	count = (uint64) SqlInt8(0, 1);
	SqlFinish();
	return count;
}

static void
StoreProfiles(ContentList *list)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	const uint8 *kept_out = NULL;
	uint64		nkept_out = 0;

	qsort(list->items, list->count, sizeof(Content), CompareDigests);
	for (Size i = 0; i < list->count && list->items[i].digest; i++)
	{
		ScalerView	view;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && CompareDigests(&list->items[i], &list->items[i - 1]) == 0)
			continue;
		ViewScaler(&view, list->items[i].scaler, list->items[i].scaler_length);
		if (!StoreProfile(&view))
		{
			kept_out = list->items[i].digest;
			nkept_out++;
		}
		MemoryContextReset(scratch);
	}
	if (nkept_out > 0)
		NoticeKeptOut(kept_out, nkept_out);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

/*
 * See members.h.
 *
 * All profiles are stored in the order of their digests, then all contents in the order of their ids.  With one
 * order for everybody, two transactions that store some of the same rows cannot deadlock.
 */
bool
StoreContents(ContentList *list, KeepProfile keep, int64 *rows)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	int64		last_rows = -1;
	bool		rows_known = true;

	*rows = 0;
	if (list->count == 0)
		return false;
	if (keep != KEEP_NOTHING)
		StoreProfiles(list);
	old = MemoryContextSwitchTo(scratch);
	qsort(list->items, list->count, sizeof(Content), CompareContents);
	for (Size i = 0; i < list->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || list->items[i].id != list->items[i - 1].id)
			last_rows = StoreOneContent(&list->items[i], keep);
		if (last_rows < 0)
			rows_known = false;
		else if (list->items[i].key && pg_add_s64_overflow(*rows, last_rows, rows))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the members of the set have more rows than can be counted"),
					 errdetail("The limit is " INT64_FORMAT ".", PG_INT64_MAX),
					 errhint("Merge every profile once: no table has so many rows.")));
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return rows_known;
}

static void
AddContent(ContentList *list, const char *key, size_t key_length, const uint8 *scaler, size_t length)
{
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	if (list->count == list->room)
	{
		list->room = list->room * 2 + 64;
		list->items = list->items ? repalloc_huge(list->items, sizeof(Content) * list->room) :
			MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Content) * list->room);
	}
	ViewScaler(&view, scaler, length);
	ScalerFingerprint(fingerprint, &view);
	list->items[list->count++] = (Content) {FingerprintToId(fingerprint), key, key_length, scaler, length,
											view.profile ? view.digest : NULL};
}

static void
AddMembers(ContentList *list, const ScalerView *view, const SetRecipe *set)
{
	SetReader	reader;

	SetReaderInit(&reader, view, set);
	if (reader.fallback.scaler)
		AddContent(list, NULL, 0, reader.fallback.scaler, reader.fallback.scaler_length);
	for (uint32 i = 0; i < set->nmembers; i++)
	{
		SetMember	member;

		CHECK_FOR_INTERRUPTS();
		SetReaderNext(&reader, &member);
		AddContent(list, member.key, member.key_length, member.scaler, member.scaler_length);
	}
}

void
AddContents(ContentList *list, const ScalerView *view)
{
	SetRecipe	set;

	if (!ViewIsSet(view))
		AddContent(list, NULL, 0, view->bytes, view->length);
	else if (view->members)
	{
		DecodeSetRecipe(&set, view);
		AddMembers(list, view, &set);
	}
}

static void
StoreMemberRows(int64 set_id, const ScalerView *view, const SetRecipe *set, const MerkleTree *tree)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	SetReader	reader;

	SetReaderInit(&reader, view, set);
	for (uint32 i = 0; i < set->nmembers; i++)
	{
		SetMember	member;
		ScalerView	scaler;
		uint8		fingerprint[DIGEST_LENGTH];
		uint8		path[MERKLE_MAX_PATH];
		size_t		path_length = MerklePath(tree, i, path);

		CHECK_FOR_INTERRUPTS();
		SetReaderNext(&reader, &member);
		ViewScaler(&scaler, member.scaler, member.scaler_length);
		ScalerFingerprint(fingerprint, &scaler);
		StoreMemberRow(set_id, i, &member, FingerprintToId(fingerprint), path, path_length);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

static void
CheckStoredCount(int64 id, const SetRecipe *set)
{
	uint64		count = CountStoredMembers(id);

	if (count != set->nmembers)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen", id),
				 errdetail("It has %u keys, normfreeze.members has " UINT64_FORMAT ".", set->nmembers, count),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the rows from a backup.", id)));
}

/* Fail unless the members of a bare set are stored.  Only then can it be frozen under another name. */
static void
CheckBareSetIsStored(int64 id, const SetRecipe *set)
{
	if (CountStoredMembers(id) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the members of this bare set of scalers are not stored here"),
				 errhint("Freeze the whole set, as by_key() returns it.")));
	CheckStoredCount(id, set);
}

/* Store the set itself and its keys.  Its members must be stored. */
static void
StoreSetRows(int64 id, const char *fingerprint, const ScalerView *view, const SetRecipe *set)
{
	uint8	   *leaves = MemoryContextAllocHuge(CurrentMemoryContext, (Size) set->nmembers * DIGEST_LENGTH);
	SetReader	reader;
	MerkleTree	tree;

	SetReaderInit(&reader, view, set);
	for (uint32 i = 0; i < set->nmembers; i++)
	{
		SetMember	member;
		ScalerView	scaler;
		uint8		member_fingerprint[DIGEST_LENGTH];

		CHECK_FOR_INTERRUPTS();
		SetReaderNext(&reader, &member);
		ViewScaler(&scaler, member.scaler, member.scaler_length);
		ScalerFingerprint(member_fingerprint, &scaler);
		MerkleLeaf(leaves + (Size) i * DIGEST_LENGTH, member.key, member.key_length, member_fingerprint);
	}
	MerkleBuild(&tree, leaves, set->nmembers);

	StoreContent(id, fingerprint, view, NULL);
	StoreMemberRows(id, view, set, &tree);
	CheckStoredCount(id, set);
}

void
StoreSet(int64 id, const char *fingerprint, const ScalerView *view)
{
	SetRecipe	set;

	DecodeSetRecipe(&set, view);
	if (view->members)
		StoreSetRows(id, fingerprint, view, &set);
	else
		CheckBareSetIsStored(id, &set);
}

SqlArg
FallbackArg(const ScalerView *view)
{
	SetRecipe	set;

	if (!ViewIsSet(view))
		return SQL_NULL_ARG(INT8OID);
	DecodeSetRecipe(&set, view);
	if (set.unseen != UNSEEN_FALLBACK)
		return SQL_NULL_ARG(INT8OID);
	return SQL_ARG(INT8OID, Int64GetDatum(FingerprintToId(set.fallback)));
}
