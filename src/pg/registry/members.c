/*
 * members.c
 *		The table normfreeze.members: which scaler a set has for a key.
 *
 * Each row carries its audit path in the set's Merkle tree, whose root is in
 * the set's own content.  So one row proves itself, and two neighbours prove
 * that there is nothing between them, at a cost that grows with the logarithm
 * of the number of keys.
 */
#include "pg/registry/members.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "core/values/profile.h"
#include "core/values/profile_format.h"
#include "pg/base/damage.h"
#include "pg/base/sql.h"
#include "pg/registry/index_rows.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/merkle.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

/* ---- storing ---- */

/* Those with a profile, in the order of digests; then those without. */
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
	/* of one scaler that is there twice, the one with its profile is the longer, and first */
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

/* The number of rows in an included profile; -1 if it is not at hand. */
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

/* Store one content; the number of rows it was fitted on, or -1. */
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

	SqlRun("SELECT pg_catalog.count(*) FROM normfreeze.members AS m WHERE m.set_id OPERATOR(pg_catalog.=) $1",
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
 * All profiles in the order of their digests, then all contents in the order
 * of their ids: two that share some, whoever they are, then do not wait for
 * each other in a circle.
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

/* A bare set can be frozen under a further name, where its members are. */
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

/* The set itself and its keys; its members are stored. */
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

/* ---- finding ---- */

pg_noreturn static void
ChangedSet(int64 id, const char *key, size_t key_length, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("scaler " INT64_FORMAT " was changed after it was frozen and is not applied", id),
			 errdetail("%s \"%s\".", detail, KeyLabel(key, key_length)),
			 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the rows from a backup.  "
					 "A row security policy on normfreeze.members must show a set whole or not at all.", id)));
}

/* What a row of normfreeze.members says of its key. */
typedef struct MemberRow
{
	int32		position;
	Datum		proof;			/* a bytea */
	uint8		fingerprint[DIGEST_LENGTH]; /* of its scaler, which the caller may see */
	Datum		scaler;			/* that scaler */
} MemberRow;

/* Does the row prove that this member is in the set, at the position it says? */
static bool
RowIsProved(const SetRecipe *set, const char *key, size_t key_length, const uint8 *fingerprint, const MemberRow *row)
{
	uint8		leaf[DIGEST_LENGTH];
	bytea	   *proof = DatumGetByteaPP(row->proof);

	if (row->position < 1)
		return false;
	MerkleLeaf(leaf, key, key_length, fingerprint);
	return MerklePathLeadsTo(set->root, set->nmembers, (uint32) row->position - 1, leaf,
							 (const uint8 *) VARDATA_ANY(proof), VARSIZE_ANY_EXHDR(proof));
}

/*
 * The position of the neighbour of a key, from 1; 0 if there is none on this
 * side.  It must prove itself.
 */
static uint32
NeighbourPosition(const LoadedScaler *set, const char *query, SqlArg *args, const char *key, size_t key_length)
{
	uint32		position = 0;

	if (SqlRun(query, true, SQL_READ | SQL_BY_INDEX, args, 2) > 0)
	{
		text	   *neighbour = DatumGetTextPP(SqlPresent(0, 1, TEXTOID));
		MemberRow	row = {SqlInt4(0, 2), SqlPresent(0, 3, BYTEAOID)};

		if (!HexToBytes(SqlText(0, 4), row.fingerprint, DIGEST_LENGTH) ||
			!RowIsProved(set->set, VARDATA_ANY(neighbour), VARSIZE_ANY_EXHDR(neighbour), row.fingerprint, &row))
			ChangedSet(set->id, key, key_length, "A row of normfreeze.members is not as it was, next to key");
		position = (uint32) row.position;
	}
	SqlFinish();
	return position;
}

#define NEIGHBOUR(operator, direction) \
	"SELECT m.key, m.position, m.proof, s.fingerprint FROM normfreeze.members AS m " \
	"JOIN normfreeze.scalers AS s ON s.scaler_id OPERATOR(pg_catalog.=) m.scaler_id " \
	"WHERE m.set_id OPERATOR(pg_catalog.=) $1 AND m.key OPERATOR(pg_catalog." operator ") $2 " \
	"ORDER BY m.set_id " direction ", m.key " direction " LIMIT 1"

/* That a key is not in a set is proved by its neighbours, whose positions leave no room. */
static void
CheckAbsence(const LoadedScaler *set, SqlArg *args, const char *key, size_t key_length)
{
	uint32		before = NeighbourPosition(set, NEIGHBOUR("<", "DESC"), args, key, key_length);
	uint32		after = NeighbourPosition(set, NEIGHBOUR(">", "ASC"), args, key, key_length);

	if (after == 0)
		after = set->set->nmembers + 1;
	if (after != before + 1)
		ChangedSet(set->id, key, key_length, "Rows of normfreeze.members are missing around key");
}

/* The same as the query of FindMemberRow(); false if that has to be made. */
static bool
FindMemberByIndex(const SqlArg *args, MemberRow *row, bool *found)
{
	static const IndexQuery query = {"members", "members_pkey", 2, {{"set_id", INT8OID}, {"key", TEXTOID}},
	3, {{"position", INT4OID}, {"proof", BYTEAOID}, {"scaler_id", INT8OID}}};
	Datum		keys[] = {args[0].value, args[1].value};
	IndexRows  *rows = IndexRowsBegin(&query, GetUserId(), keys);
	RegistryRow scaler;

	if (rows == NULL)
		return false;
	*found = IndexRowsNext(rows, ForwardScanDirection);
	if (*found)
	{
		row->position = DatumGetInt32(IndexRowsValue(rows, 0));
		row->proof = datumCopy(IndexRowsValue(rows, 1), false, -1);
		*found = RegistryTryFetch(DatumGetInt64(IndexRowsValue(rows, 2)), &scaler);
	}
	if (*found)
	{
		memcpy(row->fingerprint, scaler.fingerprint, DIGEST_LENGTH);
		row->scaler = scaler.scaler;
	}
	IndexRowsEnd(rows);
	return true;
}

/* The row of a key, in the current memory context; false if there is none, or none of its scaler. */
static bool
FindMemberRow(SqlArg *args, MemberRow *row)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		found;

	if (FindMemberByIndex(args, row, &found))
		return found;
	found = SqlRun("SELECT m.position, m.proof, s.fingerprint, s.scaler FROM normfreeze.members AS m "
				   "JOIN normfreeze.scalers AS s ON s.scaler_id OPERATOR(pg_catalog.=) m.scaler_id "
				   "WHERE m.set_id OPERATOR(pg_catalog.=) $1 AND m.key OPERATOR(pg_catalog.=) $2",
				   true, SQL_READ | SQL_BY_INDEX, args, 2) > 0;
	if (found)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		row->position = SqlInt4(0, 1);
		row->proof = datumCopy(SqlPresent(0, 2, BYTEAOID), false, -1);
		if (!HexToBytes(SqlText(0, 3), row->fingerprint, DIGEST_LENGTH))
			memset(row->fingerprint, 0, DIGEST_LENGTH);
		row->scaler = datumCopy(SqlScaler(0, 4), false, -1);
		MemoryContextSwitchTo(old);
	}
	SqlFinish();
	return found;
}

#define MEMBER_ARGS(set, key, key_length) \
	SQL_ARG(INT8OID, Int64GetDatum((set)->id)), \
	SQL_ARG(TEXTOID, PointerGetDatum(cstring_to_text_with_len(key, key_length)))

LoadedScaler *
LoadStoredMember(const LoadedScaler *set, const char *key, size_t key_length, MemoryContext context)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	SqlArg		args[] = {MEMBER_ARGS(set, key, key_length)};
	LoadedScaler *member = NULL;
	MemberRow	row;
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	if (!FindMemberRow(args, &row))
		CheckAbsence(set, args, key, key_length);
	else
	{
		ViewScalerDatum(&view, row.scaler);
		ScalerFingerprint(fingerprint, &view);
		if (ViewIsSet(&view) || !RowIsProved(set->set, key, key_length, fingerprint, &row))
			ChangedSet(set->id, key, key_length, "The scaler is not the one it was frozen with, for key");
		member = LoadScalerInto(&view, context);
		if (!RecipeHasFeatures(&member->recipe, &set->set->features))
			ChangedSet(set->id, key, key_length, "The scaler has other features than the set, for key");
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return member;
}

bool
StoredMemberIs(const LoadedScaler *set, const char *key, size_t key_length, const LoadedScaler *member)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	SqlArg		args[] = {MEMBER_ARGS(set, key, key_length)};
	MemberRow	row;
	bool		same = FindMemberRow(args, &row) && memcmp(row.fingerprint, member->fingerprint, DIGEST_LENGTH) == 0;

	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return same;
}

LoadedScaler *
LoadStoredFallback(const LoadedScaler *set, MemoryContext context)
{
	LoadedScaler *fallback;
	ScalerView	view;
	RegistryRow row;

	RegistryFetch(FingerprintToId(set->set->fallback), &row);
	ViewScalerDatum(&view, row.scaler);
	fallback = LoadScalerInto(&view, context);
	if (memcmp(fallback->fingerprint, set->set->fallback, DIGEST_LENGTH) != 0 || fallback->set ||
		!RecipeHasFeatures(&fallback->recipe, &set->set->features))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen and is not applied", set->id),
				 errdetail("Its fallback is not the one it was frozen with."),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the row from a backup.",
						 FingerprintToId(set->set->fallback))));
	return fallback;
}

/* ---- proving ---- */

/* The members of a set, as far as they have been checked. */
typedef struct MemberCheck
{
	const SetRecipe *set;
	SqlArg		args[2];		/* of the query: the set, the last key */
	uint8	   *leaves;
	uint32		count;
	StringInfoData label;		/* of the key that is being checked */
	char	   *problem;
	bool		done;
	MemoryContext context;
} MemberCheck;

/* What is wrong with a row of the query below, or NULL; its leaf. */
static char *
MemberRowProblem(MemberCheck *check, uint64 row, uint8 *leaf)
{
	bool		isnull;
	text	   *key = DatumGetTextPP(SqlPresent(row, 1, TEXTOID));
	bytea	   *proof;
	Datum		scaler = SqlValue(row, 4, RegistryType("scaler"), &isnull);
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	resetStringInfo(&check->label);
	appendStringInfoString(&check->label, KeyLabel(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)));
	if (isnull)
		return psprintf("the scaler of key \"%s\" is not there", check->label.data);
	if (SqlInt4(row, 2) != (int32) check->count + 1)
		return psprintf("key \"%s\" is at position %d instead of %u", check->label.data, SqlInt4(row, 2), check->count + 1);
	proof = DatumGetByteaPP(SqlPresent(row, 3, BYTEAOID));
	ViewScalerDatum(&view, scaler);
	ScalerFingerprint(fingerprint, &view);
	MerkleLeaf(leaf, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key), fingerprint);
	if (!MerklePathLeadsTo(check->set->root, check->set->nmembers, check->count, leaf,
						   (const uint8 *) VARDATA_ANY(proof), VARSIZE_ANY_EXHDR(proof)))
		return psprintf("the scaler or the proof of key \"%s\" was changed", check->label.data);
	return NULL;
}

static char *
FallbackProblem(const SetRecipe *set)
{
	int64		id = FingerprintToId(set->fallback);
	SqlArg		arg = SQL_ARG(INT8OID, Int64GetDatum(id));
	char	   *problem = NULL;

	if (set->unseen != UNSEEN_FALLBACK)
		return NULL;
	if (SqlRun("SELECT s.fingerprint FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.=) $1",
			   true, SQL_READ, &arg, 1) == 0)
		problem = "is not there";
	else if (strcmp(SqlText(0, 1), BytesToHex(set->fallback, DIGEST_LENGTH)) != 0)
		problem = "is another scaler";
	SqlFinish();
	return problem ? psprintf("its fallback, scaler " INT64_FORMAT ", %s", id, problem) : NULL;
}

#define ROWS_AT_A_TIME	"1000"

/* Some more members, in the order of keys, which must be that of positions. */
static void
CheckSomeMembers(void *arg)
{
	MemberCheck *check = arg;
	char	   *problem = NULL;
	uint64		n;

	resetStringInfo(&check->label);
	n = SqlRun("SELECT m.key, m.position, m.proof, s.scaler FROM normfreeze.members AS m "
			   "LEFT JOIN normfreeze.scalers AS s ON s.scaler_id OPERATOR(pg_catalog.=) m.scaler_id "
			   "WHERE m.set_id OPERATOR(pg_catalog.=) $1 AND m.key OPERATOR(pg_catalog.>) $2 "
			   "ORDER BY m.set_id, m.key LIMIT " ROWS_AT_A_TIME,
			   true, SQL_READ | SQL_BY_INDEX, check->args, lengthof(check->args));
	for (uint64 i = 0; i < n && problem == NULL; i++)
	{
		if (check->count == check->set->nmembers)
			problem = psprintf("there are more than its %u keys", check->set->nmembers);
		else
			problem = MemberRowProblem(check, i, check->leaves + (Size) check->count * DIGEST_LENGTH);
		check->count++;
	}
	if (problem)
		check->problem = MemoryContextStrdup(check->context, problem);
	else if (n > 0)
	{
		MemoryContext old = MemoryContextSwitchTo(check->context);

		check->args[1].value = CStringGetTextDatum(SqlText(n - 1, 1));
		MemoryContextSwitchTo(old);
	}
	check->done = n == 0;
	SqlFinish();
}

char *
StoredMembersProblem(int64 id, const SetRecipe *set)
{
	MemberCheck check = {
		.set = set,
		.args = {SQL_ARG(INT8OID, Int64GetDatum(id)), SQL_TEXT_ARG("")},
		.leaves = MemoryContextAllocHuge(CurrentMemoryContext, (Size) set->nmembers * DIGEST_LENGTH),
		.context = CurrentMemoryContext,
	};
	MerkleTree	tree;

	initStringInfo(&check.label);
	while (!check.done)
	{
		char	   *damage;

		CHECK_FOR_INTERRUPTS();
		damage = DamageFoundBy(CheckSomeMembers, &check);
		if (damage && check.label.len > 0)
			return psprintf("the scaler of key \"%s\" is damaged: %s", check.label.data, damage);
		if (damage)
			return damage;
		if (check.problem)
			return check.problem;
	}
	if (check.count < set->nmembers)
		return psprintf("there are %u of its %u keys", check.count, set->nmembers);
	MerkleBuild(&tree, check.leaves, check.count);
	if (memcmp(MerkleRoot(&tree), set->root, DIGEST_LENGTH) != 0)
		return psprintf("its members have the digest %s", BytesToHex(MerkleRoot(&tree), DIGEST_LENGTH));
	return FallbackProblem(set);
}
