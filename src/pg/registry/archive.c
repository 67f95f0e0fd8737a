/*
 * archive.c
 *		archive_drift_log() and archive_use_log(): old entries of a log leave it, as the result of the call.
 *
 * What leaves is the beginning of the log of a scaler, up to the first entry that is not from
 * before the given time or that a view of the present state needs.  So nobody chooses single
 * entries, numbers stay without gaps, and the newest entry stays. Before entries are deleted,
 * archive_log gets their numbers and the digest of the chain of all entries of the scaler that have
 * left so far: each digest is that of the one before and the entry.  The log comes first for the
 * same reason as in purge.c.
 *
 * Those who append to the log do not wait: they look at what stays.  Two archives of one log wait
 * for each other.
 */
#include "pg/base/compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "pg/base/sql.h"
#include "pg/registry/archive_log.h"
#include "pg/registry/patient_lock.h"
#include "pg/registry/write_checks.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

/* Entries that are read at once. */
#define CHUNK	100

typedef struct ArchivedLog
{
	const char *name;
	const char *function;
	const char *next_scaler;	/* of $1: the next id that has entries */
	const char *first_kept;		/* of $1, an id, and $2, a time: the first number that stays */
	const char *entries;		/* of $1, an id, from $2 to $3: numbers and texts */
	const char *remove;			/* the same */
} ArchivedLog;

#define NEXT_SCALER(log) \
	"SELECT l.scaler_id FROM normfreeze." log " AS l WHERE l.scaler_id OPERATOR(pg_catalog.>) $1 ORDER BY l.scaler_id LIMIT 1"

#define NEWEST_AND_LATER(log) \
	"(SELECT l.seq FROM normfreeze." log " AS l WHERE l.scaler_id " EQ " $1 ORDER BY l.seq DESC LIMIT 1) " \
	"UNION ALL (SELECT l.seq FROM normfreeze." log " AS l WHERE l.scaler_id " EQ " $1 " \
	"AND l.at OPERATOR(pg_catalog.>=) $2 ORDER BY l.seq LIMIT 1) "

/* Times are in UTC; an id is a text, as everywhere in JSON. */
#define ENTRIES(log, columns) \
	"SELECT l.seq, pg_catalog.jsonb_build_object('scaler_id', l.scaler_id::pg_catalog.text, 'seq', l.seq, " \
	"'at', l.at AT TIME ZONE 'UTC', " columns ")::pg_catalog.text " \
	"FROM normfreeze." log " AS l WHERE l.scaler_id " EQ " $1 AND l.seq OPERATOR(pg_catalog.>=) $2 " \
	"AND l.seq OPERATOR(pg_catalog.<=) $3 ORDER BY l.seq"

#define REMOVE(log) \
	"DELETE FROM normfreeze." log " AS l WHERE l.scaler_id " EQ " $1 AND l.seq OPERATOR(pg_catalog.>=) $2 " \
	"AND l.seq OPERATOR(pg_catalog.<=) $3"

/* View drift_state shows the newest entry, and the verdict before it. */
static const ArchivedLog drift_log = {
	"drift_log", "normfreeze.archive_drift_log()", NEXT_SCALER("drift_log"),
	"SELECT pg_catalog.min(k.seq) FROM (" NEWEST_AND_LATER("drift_log")
	"UNION ALL (SELECT l.seq FROM normfreeze.drift_log AS l WHERE l.scaler_id " EQ " $1 AND l.verdict IS NOT NULL "
	"ORDER BY l.seq DESC LIMIT 2)) AS k",
	ENTRIES("drift_log",
			"'label', l.label, 'recorded_by', l.recorded_by, 'recorded_session_user', l.recorded_session_user, "
			"'reference_rows', l.reference_rows, 'live_rows', l.live_rows, 'verdict', l.verdict, 'features', l.features, "
			"'options', l.options, 'live_digest', l.live_digest"),
	REMOVE("drift_log"),
};

/*
 * View uses shows of each consumer, for each name and key, the entry that is newest; the entry of a
 * scaler without a name is kept if it is the newest of the consumer for that scaler.
 */
static const ArchivedLog use_log = {
	"use_log", "normfreeze.archive_use_log()", NEXT_SCALER("use_log"),
	"SELECT pg_catalog.min(k.seq) FROM (" NEWEST_AND_LATER("use_log")
	"UNION ALL (SELECT pg_catalog.min(l.seq) FROM normfreeze.use_log AS l WHERE l.scaler_id " EQ " $1 "
	"AND NOT EXISTS (SELECT 1 FROM normfreeze.use_log AS n WHERE n.scaler_id " EQ " l.scaler_id AND n.consumer " EQ " l.consumer "
	"AND n.kind " EQ " l.kind AND ROW(n.at, n.seq) OPERATOR(pg_catalog.>) ROW(l.at, l.seq)) "
	"AND (NOT EXISTS (SELECT 1 FROM normfreeze.named_scalers AS a WHERE a.scaler_id " EQ " l.scaler_id) "
	"OR EXISTS (SELECT 1 FROM normfreeze.named_scalers AS a WHERE a.scaler_id " EQ " l.scaler_id AND NOT EXISTS ("
	"SELECT 1 FROM normfreeze.use_log AS n JOIN normfreeze.named_scalers AS b ON b.scaler_id " EQ " n.scaler_id "
	"WHERE n.consumer " EQ " l.consumer AND n.kind " EQ " l.kind AND b.name " EQ " a.name "
	"AND (b.key " EQ " a.key OR (b.key IS NULL AND a.key IS NULL)) "
	"AND ROW(n.at, n.seq, b.version) OPERATOR(pg_catalog.>) ROW(l.at, l.seq, a.version)))))) AS k",
	ENTRIES("use_log",
			"'consumer', l.consumer, 'kind', l.kind, 'note', l.note, 'registered_by', l.registered_by, "
			"'registered_session_user', l.registered_session_user"),
	REMOVE("use_log"),
};

/* A call. */
typedef struct Archiving
{
	const ArchivedLog *log;
	TimestampTz before;
	char	   *note;
	int32		left;			/* how many more entries may leave */
	ReturnSetInfo *result;
} Archiving;

/* ---- one scaler ---- */

/* Run a query for one number; 0 if there is none. */
static int32
NumberOf(const char *query, const SqlArg *args, int nargs)
{
	int32		number = SqlRun(query, true, SQL_LATEST | SQL_AS_OWNER, args, nargs) > 0 ? SqlInt4(0, 1) : 0;

	SqlFinish();
	return number;
}

/* The last number that has left before, and the digest up to there; 0, and zeros, if none has. */
static int32
LastArchived(const char *log, int64 id, uint8 *digest)
{
	SqlArg		args[] = {SQL_TEXT_ARG(log), SQL_ARG(INT8OID, Int64GetDatum(id))};
	int32		last = 0;

	memset(digest, 0, DIGEST_LENGTH);
	if (SqlRun("SELECT a.last_seq, a.sha256 FROM normfreeze.archive_log AS a WHERE a.log " EQ " $1 AND a.scaler_id " EQ " $2 "
			   "ORDER BY a.last_seq DESC LIMIT 1", true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
	{
		last = SqlInt4(0, 1);
		if (!HexToBytes(SqlText(0, 2), digest, DIGEST_LENGTH))
			elog(ERROR, "invalid digest in normfreeze.archive_log");
	}
	SqlFinish();
	return last;
}

pg_noreturn static void
LogHasGap(const Archiving *call, int64 id, int32 seq)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("entry %d of normfreeze.%s for scaler " INT64_FORMAT " is missing", seq, call->log->name, id),
			 errhint("See normfreeze.verify(); what is damaged is not archived.")));
}

/* Append entries to the result, and extend the digest by them. */
static void
ReturnEntries(const Archiving *call, const ArchivedRange *range, uint8 *digest)
{
	int32		next = range->first;

	while (next <= range->last)
	{
		SqlArg		args[] = {
			SQL_ARG(INT8OID, Int64GetDatum(range->scaler_id)),
			SQL_ARG(INT4OID, Int32GetDatum(next)),
			SQL_ARG(INT4OID, Int32GetDatum(Min(range->last, next + CHUNK - 1))),
		};
		uint64		n = SqlRun(call->log->entries, true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));

		CHECK_FOR_INTERRUPTS();
		if (n == 0)
			LogHasGap(call, range->scaler_id, next);
		for (uint64 i = 0; i < n; i++, next++)
		{
			char	   *entry = SqlText(i, 2);
			Datum		values[] = {Int64GetDatum(range->scaler_id), Int32GetDatum(next), CStringGetTextDatum(entry)};
			bool		nulls[] = {false, false, false};

			if (SqlInt4(i, 1) != next)
				LogHasGap(call, range->scaler_id, next);
			ExtendArchiveDigest(digest, entry, strlen(entry));
			tuplestore_putvalues(call->result->setResult, call->result->setDesc, values, nulls);
		}
		SqlFinish();
	}
}

static void
LogArchived(const Archiving *call, const ArchivedRange *range, int32 newest, const uint8 *digest)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(range->log),
		SQL_ARG(INT8OID, Int64GetDatum(range->scaler_id)),
		SQL_ARG(INT4OID, Int32GetDatum(range->first)),
		SQL_ARG(INT4OID, Int32GetDatum(range->last)),
		SQL_ARG(INT4OID, Int32GetDatum(newest)),
		SQL_TEXT_ARG(BytesToHex(digest, DIGEST_LENGTH)),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(call->before)),
		SQL_TEXT_ARG(call->note),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		SQL_TEXT_ARG(CurrentUserName()),
		SQL_TEXT_ARG(SessionUserName()),
	};

	SqlAppend("archive_log",
			  "INSERT INTO normfreeze.archive_log (log, scaler_id, first_seq, last_seq, newest_seq, sha256, before, note, at, "
			  "archived_by, archived_session_user) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
			  args, lengthof(args));
}

static void
RemoveEntries(const Archiving *call, const ArchivedRange *range)
{
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(range->scaler_id)),
		SQL_ARG(INT4OID, Int32GetDatum(range->first)),
		SQL_ARG(INT4OID, Int32GetDatum(range->last)),
	};
	uint64		expected = (uint64) (range->last - range->first) + 1;
	uint64		removed;

	archiving = *range;
	PG_TRY();
	{
		removed = SqlRun(call->log->remove, true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
		SqlFinish();
	}
	PG_FINALLY();
	{
		archiving.log = NULL;
	}
	PG_END_TRY();
	if (removed == expected)
		return;
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("entries of normfreeze.%s were appended after this transaction began", range->log),
				 errhint("Try the transaction again.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("entries of normfreeze.%s are still there after they were deleted", range->log),
			 errhint("See the triggers and policies of normfreeze.%s.", range->log)));
}

static void
ArchiveScaler(Archiving *call, int64 id)
{
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(id)), SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(call->before))
	};
	uint8		digest[DIGEST_LENGTH];
	ArchivedRange range = {
		.log = call->log->name,
		.scaler_id = id,
		.first = LastArchived(call->log->name, id, digest) + 1,
		.last = NumberOf(call->log->first_kept, args, lengthof(args)) - 1,
	};
	int32		newest;

	if (range.last < range.first)
		return;
	range.last = (int32) Min((int64) range.last, (int64) range.first + call->left - 1);
	newest = strcmp(range.log, "drift_log") == 0 ?
		NumberOf("SELECT pg_catalog.max(l.seq) FROM normfreeze.drift_log AS l WHERE l.scaler_id " EQ " $1", args, 1) :
		NumberOf("SELECT pg_catalog.max(l.seq) FROM normfreeze.use_log AS l WHERE l.scaler_id " EQ " $1", args, 1);
	ReturnEntries(call, &range, digest);
	LogArchived(call, &range, newest, digest);
	RemoveEntries(call, &range);
	call->left -= range.last - range.first + 1;
}

/* ---- the call ---- */

static void
LockArchive(const ArchivedLog *log)
{
	Patience	patience = {0};
	LOCKTAG		tag;

	RegistryLockTag(&tag, "archive_log", LockNumber(log->name, strlen(log->name)), 0);
	while (!TryLock(&tag, ExclusiveLock))
		if (!WaitPatiently(&patience))
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("a transaction that has not ended archives entries of normfreeze.%s", log->name),
					 errdetail("It is: %s.", HoldersOfLock(&tag, ExclusiveLock)),
					 errhint(HINT_OF_PATIENCE)));
}

static void
ArchiveLog(FunctionCallInfo fcinfo, const ArchivedLog *log)
{
	Archiving	call = {.log = log};
	int64		id = PG_INT64_MIN;

	CheckWriteCall(fcinfo, log->function, 1);
	call.before = PG_GETARG_TIMESTAMPTZ(0);
	call.note = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	CheckTextLength("note of an archive", call.note);
	call.left = PG_ARGISNULL(2) ? 10000 : PG_GETARG_INT32(2);
	if (call.left <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the greatest number of entries to archive must be positive, not %d", call.left),
				 errhint("Call the function again until it returns no entries.")));
	InitMaterializedSRF(fcinfo, 0);
	call.result = (ReturnSetInfo *) fcinfo->resultinfo;
	LockArchive(log);
	while (call.left > 0)
	{
		SqlArg		arg = SQL_ARG(INT8OID, Int64GetDatum(id));
		bool		found = SqlRun(log->next_scaler, true, SQL_LATEST | SQL_AS_OWNER, &arg, 1) > 0;

		CHECK_FOR_INTERRUPTS();
		if (found)
			id = SqlInt8(0, 1);
		SqlFinish();
		if (!found)
			break;
		ArchiveScaler(&call, id);
	}
}

PG_FUNCTION_INFO_V1(archive_drift_log);
Datum
archive_drift_log(PG_FUNCTION_ARGS)
{
	ArchiveLog(fcinfo, &drift_log);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(archive_use_log);
Datum
archive_use_log(PG_FUNCTION_ARGS)
{
	ArchiveLog(fcinfo, &use_log);
	return (Datum) 0;
}
