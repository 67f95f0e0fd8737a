/*
 * purge.c
 *		The function purge_profile(): it deletes a profile.  Nothing else can be deleted from the
 *		registry.
 *
 * A purge is logged by the digest of the profile, and then the profile is deleted.  The log comes first: a
 * subscriber of logical replication receives both in this order, and its guard allows the deletion because of
 * the log.  A profile whose digest is in the log is never stored again.
 *
 * The profiles of a set are purged some hundreds at a time, each time under locks that are given back at once
 * (evidence_locks.c).
 */

#include "pg/base/compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/registry/evidence_locks.h"
#include "pg/registry/members.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/registry/write_checks.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

typedef struct Purge
{
	int64		id;				/* the scaler or set that the caller named */
	bool		is_set;
	char	   *reason;
	TimestampTz at;				/* of all entries */
	int			count;
	Datum	   *digests;		/* of type text */
} Purge;

static ArrayType *
DigestArray(const Purge *purge)
{
	return construct_array(purge->digests, purge->count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Copy the digests that a query has returned to the current context. */
static void
KeepDigests(Purge *purge, uint64 n, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);

	purge->digests = MemoryContextAllocHuge(context, sizeof(Datum) * (n + 1));
	purge->count = (int) n;
	for (uint64 i = 0; i < n; i++)
		purge->digests[i] = CStringGetTextDatum(SqlText(i, 1));
	MemoryContextSwitchTo(old);
}

/*
 * Read the row of an id as the owner of the registry, since a role that may purge need not be able to apply
 * scalers.
 */
static void
ReadPurgedScaler(Purge *purge, ScalerView *view, MemoryContext context)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(purge->id))};
	MemoryContext old;

	if (SqlRun("SELECT s.scaler, normfreeze.is_content(s.scaler_id, s.fingerprint, s.scaler) "
			   "FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) == 0)
		UnknownScaler(purge->id);
	if (!SqlBool(0, 2))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen", purge->id),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the row from a backup.", purge->id)));
	old = MemoryContextSwitchTo(context);
	ViewScalerDatum(view, PointerGetDatum(DatumGetByteaPCopy(SqlScaler(0, 1))));
	MemoryContextSwitchTo(old);
	SqlFinish();
}

/* Find the digests of a scaler, or of the members and the fallback of a set. */
static void
FindDigests(Purge *purge)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(purge->id)),
		{0},
	};
	ScalerView	view;
	uint64		n;

	ReadPurgedScaler(purge, &view, caller);
	purge->is_set = ViewIsSet(&view);
	args[1] = FallbackArg(&view);
	/* OFFSET 0 keeps the planner from calling digest_of() for every scaler before the join */
	n = SqlRun("SELECT DISTINCT d.digest FROM ("
			   "SELECT normfreeze.digest_of(s.scaler) AS digest FROM ("
			   "SELECT $1 AS scaler_id UNION ALL SELECT $2 UNION ALL "
			   "SELECT m.scaler_id FROM normfreeze.members AS m WHERE m.set_id " EQ " $1) AS c "
			   "JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " c.scaler_id OFFSET 0) AS d "
			   "WHERE d.digest IS NOT NULL",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	KeepDigests(purge, n, caller);
	SqlFinish();
}

/*
 * Leave out the digests that were purged before: those in the log whose profile is gone.  A profile that exists
 * in spite of the log is purged now.
 */
static void
LeaveOutWhatIsPurged(Purge *purge)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_ARG(TEXTARRAYOID, PointerGetDatum(DigestArray(purge)))};
	uint64		n = SqlRun("SELECT d.digest FROM pg_catalog.unnest($1) AS d (digest) "
						   "WHERE NOT EXISTS (SELECT 1 FROM normfreeze.purge_log AS l WHERE l.digest " EQ " d.digest) "
						   "OR EXISTS (SELECT 1 FROM normfreeze.profiles AS p WHERE p.digest " EQ " d.digest)",
						   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));

	KeepDigests(purge, n, caller);
	SqlFinish();
}

/*
 * Write a log entry for each scaler that was fitted on one of the profiles, for each set with such a member,
 * and for the scaler that the caller named.
 */
static void
LogPurge(const Purge *purge)
{
	SqlArg		args[] = {
		SQL_ARG(TEXTARRAYOID, PointerGetDatum(DigestArray(purge))),
		SQL_ARG(INT8OID, Int64GetDatum(purge->id)),
		SQL_TEXT_ARG(purge->reason),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(purge->at)),
		SQL_TEXT_ARG(CurrentUserName()),
		SQL_TEXT_ARG(SessionUserName()),
	};

	SqlRun("WITH fitted AS MATERIALIZED (SELECT normfreeze.digest_of(s.scaler) AS digest, s.scaler_id "
		   "FROM normfreeze.scalers AS s "
		   "WHERE normfreeze.digest_of(s.scaler) COLLATE pg_catalog.\"C\" " EQ " ANY ($1)) "
		   "INSERT INTO normfreeze.purge_log (digest, seq, scaler_id, reason, at, purged_by, purged_session_user) "
		   "SELECT e.digest, pg_catalog.row_number() OVER (PARTITION BY e.digest ORDER BY e.scaler_id), e.scaler_id, "
		   "$3, $4, $5, $6 FROM ("
		   "SELECT f.digest, f.scaler_id FROM fitted AS f "
		   "UNION SELECT f.digest, m.set_id FROM fitted AS f "
		   "JOIN normfreeze.members AS m ON m.scaler_id " EQ " f.scaler_id "
		   "UNION SELECT u.digest, $2 FROM pg_catalog.unnest($1) AS u (digest)) AS e "
		   "WHERE NOT EXISTS (SELECT 1 FROM normfreeze.purge_log AS l WHERE l.digest " EQ " e.digest)",
		   true, SQL_LATEST | SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
	SqlFinish();
}

/* Return the number of scalers and sets that the log names for these profiles. */
static int64
CountLogged(const Purge *purge)
{
	SqlArg		args[] = {SQL_ARG(TEXTARRAYOID, PointerGetDatum(DigestArray(purge)))};
	int64		count;

	/* OFFSET 0 keeps PostgreSQL 16 and later from reading the whole log, in the order of ids, to save a sort */
	SqlRun("SELECT pg_catalog.count(DISTINCT l.scaler_id) FROM (SELECT p.scaler_id FROM normfreeze.purge_log AS p "
		   "WHERE p.digest " EQ " ANY ($1) OFFSET 0) AS l",
		   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	count = SqlInt8(0, 1);
	SqlFinish();
	return count;
}

/*
 * Fail if a profile still exists: it was stored after the snapshot of a REPEATABLE READ transaction, or a
 * trigger or policy has prevented the deletion.
 */
static void
CheckIsGone(const char *hex)
{
	uint8		digest[DIGEST_LENGTH];

	if (!HexToBytes(hex, digest, DIGEST_LENGTH) || !ProfileIsStored(digest))
		return;
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("profile %s was stored after this transaction began", hex),
				 errhint("Try the transaction again.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("profile %s is still there after it was deleted", hex),
			 errhint("See the triggers and policies of normfreeze.profiles.")));
}

/*
 * Fail unless all profiles are in the log, since a trigger or rule may have suppressed an entry.  Nothing is
 * deleted that is not in the log.
 */
static void
CheckIsLogged(const char *hex)
{
	uint8		digest[DIGEST_LENGTH];

	if (!HexToBytes(hex, digest, DIGEST_LENGTH) || !FindPurge(digest, SQL_LATEST, NULL))
		NotAppended("purge_log");
}

static void
DeleteProfile(char *hex)
{
	SqlArg		args[] = {SQL_TEXT_ARG(hex)};

	CheckIsLogged(hex);
	purging_profile = hex;
	PG_TRY();
	{
		SqlRun("DELETE FROM normfreeze.profiles AS p WHERE p.digest " EQ " $1",
			   true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args));
		SqlFinish();
	}
	PG_FINALLY();
	{
		purging_profile = NULL;
	}
	PG_END_TRY();
	CheckIsGone(hex);
}

static void
DeleteProfiles(const Purge *purge)
{
	for (int i = 0; i < purge->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		DeleteProfile(TextDatumGetCString(purge->digests[i]));
	}
}

/*
 * Purge profiles: first their entries in the log, then their rows.  Those that were purged before
 * are left out, and the digests of the others are added to `done`.
 */
static void
PurgeSome(Purge some, Purge *done)
{
	const Datum *locked = some.digests;
	int			nlocked = some.count;

	LockEvidence(locked, nlocked);
	LeaveOutWhatIsPurged(&some);
	if (some.count > 0)
	{
		LogPurge(&some);
		DeleteProfiles(&some);
		memcpy(done->digests + done->count, some.digests, sizeof(Datum) * some.count);
		done->count += some.count;
	}
	UnlockEvidence(locked, nlocked);
}

static void
TellOthers(const Purge *purge, int64 count)
{
	if (!purge->is_set && count > 1)
		ereport(NOTICE,
				(errmsg(INT64_FORMAT " frozen scalers had this profile, and have it no longer", count),
				 errdetail("A set counts with its members; normfreeze.purge_log names them all.")));
}

PG_FUNCTION_INFO_V1(purge_profile);
Datum
purge_profile(PG_FUNCTION_ARGS)
{
	Purge		purge = {.at = GetCurrentTimestamp()};
	Purge		done;
	int64		count;

	CheckWriteCall(fcinfo, "normfreeze.purge_profile()", 2);
	purge.id = PG_GETARG_INT64(0);
	purge.reason = text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (purge.reason[strspn(purge.reason, " \t\r\n")] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a purge needs a reason"),
				 errhint("It is all that is left of the profile, such as the number of the request for deletion.")));
	CheckTextLength("reason of a purge", purge.reason);

	FindDigests(&purge);
	done = purge;
	done.digests = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Datum) * (purge.count + 1));
	done.count = 0;
	for (int first = 0; first < purge.count; first += MAX_PURGED_AT_ONCE)
	{
		Purge		some = purge;

		some.digests += first;
		some.count = Min(purge.count - first, MAX_PURGED_AT_ONCE);
		PurgeSome(some, &done);
	}
	if (done.count == 0)
		PG_RETURN_INT64(0);
	count = CountLogged(&done);
	TellOthers(&done, count);
	PG_RETURN_INT64(count);
}
