/*
 * members.c
 *		Finding the scaler of a key in the table normfreeze.members, and proving that it belongs to
 *		the set.
 *
 * Each row has its audit path in the set's Merkle tree, whose root is in the set's own content.
 * So one row proves itself, and two neighbours prove that there is nothing between them, at a
 * cost that grows with the logarithm of the number of keys.
 */
#include "pg/registry/members.h"

#include "pg/base/damage.h"
#include "pg/base/sql.h"
#include "pg/registry/index_rows.h"
#include "pg/registry/registry.h"
#include "pg/scaler/merkle.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

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

/* What a row of normfreeze.members says about its key. */
typedef struct MemberRow
{
	int32		position;
	Datum		proof;			/* a bytea */
	uint8		fingerprint[DIGEST_LENGTH]; /* fingerprint of its scaler, which the caller may see */
	Datum		scaler;			/* the scaler */
} MemberRow;

/* Return whether the row's audit path proves that this member is in the set, at the position that the row states. */
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
 * Return the position of the neighbour of a key (from 1), or 0 if there is none on this side.  Fails unless the
 * neighbour proves itself.
 */
static uint32
NeighbourPosition(const LoadedScaler *set, const char *query, SqlArg *args, const char *key, size_t key_length)
{
	uint32		position = 0;

	if (SqlRun(query, true, SQL_READ, args, 2) > 0)
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
	"JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " m.scaler_id " \
	"WHERE m.set_id " EQ " $1 AND m.key OPERATOR(pg_catalog." operator ") $2 " \
	"ORDER BY m.set_id " direction ", m.key " direction " LIMIT 1"

/* Fail unless the neighbours of a key prove that it is not in the set: they are in the set, at adjacent positions. */
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

/* Run the query of FindMemberRow() by an index.  Return false if the query is needed. */
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

/* Find the row of a key, in the current context.  Return false if there is none, or its scaler is not there. */
static bool
FindMemberRow(SqlArg *args, MemberRow *row)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		found;

	if (FindMemberByIndex(args, row, &found))
		return found;
	found = SqlRun("SELECT m.position, m.proof, s.fingerprint, s.scaler FROM normfreeze.members AS m "
				   "JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " m.scaler_id "
				   "WHERE m.set_id " EQ " $1 AND m.key " EQ " $2",
				   true, SQL_READ, args, 2) > 0;
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
	SqlArg		args[2];		/* of the query: the set and the last key */
	uint8	   *leaves;
	uint32		count;
	StringInfoData label;		/* of the key that is being checked */
	char	   *problem;
	bool		done;
	MemoryContext context;
} MemberCheck;

/* Return what is wrong with a row of the query below, or NULL, and set its leaf. */
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
		return psprintf("key \"%s\" is at position %d instead of %u", check->label.data, SqlInt4(row, 2),
						check->count + 1);
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
	if (SqlRun("SELECT s.fingerprint FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
			   true, SQL_READ, &arg, 1) == 0)
		problem = "is not there";
	else if (strcmp(SqlText(0, 1), BytesToHex(set->fallback, DIGEST_LENGTH)) != 0)
		problem = "is another scaler";
	SqlFinish();
	return problem ? psprintf("its fallback, scaler " INT64_FORMAT ", %s", id, problem) : NULL;
}

#define ROWS_AT_A_TIME	"1000"

/* Check some more members, in the order of keys, which must be the order of positions. */
static void
CheckSomeMembers(void *arg)
{
	MemberCheck *check = arg;
	char	   *problem = NULL;
	uint64		n;

	resetStringInfo(&check->label);
	n = SqlRun("SELECT m.key, m.position, m.proof, s.scaler FROM normfreeze.members AS m "
			   "LEFT JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " m.scaler_id "
			   "WHERE m.set_id " EQ " $1 AND m.key OPERATOR(pg_catalog.>) $2 "
			   "ORDER BY m.set_id, m.key LIMIT " ROWS_AT_A_TIME,
			   true, SQL_READ, check->args, lengthof(check->args));
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
