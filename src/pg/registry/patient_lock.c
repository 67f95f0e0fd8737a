/*
 * patient_lock.c
 *		Locks of the registry that nobody has to queue behind.
 *
 * Who waits for a strong lock in its queue holds up everybody who asks for a weaker one afterwards,
 * though those who have it now would not.  So strong locks are asked for again and again until they
 * are free, or patience ends.
 */
#include "pg/registry/patient_lock.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define PATIENCE_MS		5000
#define STEP_MS			20
#define HOLDERS_SHOWN	5

void
RegistryLockTag(LOCKTAG * tag, const char *table, uint32 key, uint16 kind)
{
	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId, RegistryTable(table), key, kind);
}

bool
TryLock(const LOCKTAG * tag, LOCKMODE mode)
{
	return LockAcquire(tag, mode, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

bool
WaitPatiently(Patience *patience)
{
	int			limit = LockTimeout > 0 ? LockTimeout : PATIENCE_MS;
	TimestampTz now = GetCurrentTimestamp();

	if (patience->begin == 0)
		patience->begin = now;
	if (TimestampDifferenceExceeds(patience->begin, now, limit))
		return false;
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, Min(STEP_MS, limit),
					 PG_WAIT_LOCK | LOCKTAG_OBJECT);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
	return true;
}

/* ---- who it is ---- */

/* The lock of a prepared transaction has no process; which one it is the lock on its transaction id tells. */
#define HOLDER \
	"SELECT COALESCE('Process ' OPERATOR(pg_catalog.||) l.pid::pg_catalog.text, " \
	"(SELECT 'Prepared transaction \"' OPERATOR(pg_catalog.||) x.gid OPERATOR(pg_catalog.||) '\"' " \
	"FROM pg_catalog.pg_prepared_xacts AS x JOIN pg_catalog.pg_locks AS t ON t.transactionid " EQ " x.transaction " \
	"WHERE t.locktype " EQ " 'transactionid' AND t.pid IS NULL AND t.virtualtransaction " EQ " l.virtualtransaction LIMIT 1), " \
	"'A transaction') " \
	"FROM pg_catalog.pg_locks AS l WHERE l.granted AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid() "

/* The result of such a query as a text. */
static char *
HoldersText(uint64 n)
{
	StringInfoData text;

	initStringInfo(&text);
	for (uint64 i = 0; i < n && i < HOLDERS_SHOWN; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? ", " : "", SqlText(i, 1));
	if (n > HOLDERS_SHOWN)
		appendStringInfo(&text, " and " UINT64_FORMAT " more", n - HOLDERS_SHOWN);
	if (n == 0)
		appendStringInfoString(&text, "Another transaction");	/* which has ended meanwhile */
	return text.data;
}

static ArrayType *
ConflictingModes(const LOCKTAG * tag, LOCKMODE mode)
{
	Datum		names[MAX_LOCKMODES];
	int			n = 0;

	for (LOCKMODE held = AccessShareLock; held <= AccessExclusiveLock; held++)
		if (DoLockModesConflict(mode, held))
			names[n++] = CStringGetTextDatum(GetLockmodeName(tag->locktag_lockmethodid, held));
	return construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT);
}

char *
HoldersOfLock(const LOCKTAG * tag, LOCKMODE mode)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {
		SQL_ARG(OIDOID, ObjectIdGetDatum(tag->locktag_field1)),
		SQL_ARG(OIDOID, ObjectIdGetDatum(tag->locktag_field2)),
		SQL_ARG(INT8OID, Int64GetDatum((int64) tag->locktag_field3)),
		SQL_ARG(INT4OID, Int32GetDatum((int32) tag->locktag_field4)),
		SQL_ARG(TEXTARRAYOID, PointerGetDatum(ConflictingModes(tag, mode))),
	};
	uint64		n = SqlRun(HOLDER "AND l.locktype " EQ " 'object' AND l.database " EQ " $1 AND l.classid " EQ " $2 "
						   "AND l.objid " EQ " $3::pg_catalog.oid AND l.objsubid " EQ " $4 AND l.mode " EQ " ANY ($5) ORDER BY 1",
						   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args));
	char	   *text = MemoryContextStrdup(caller, HoldersText(n));

	SqlFinish();
	return text;
}

char *
HolderOfTransaction(TransactionId xid)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_ARG(XIDOID, TransactionIdGetDatum(xid))};
	uint64		n = SqlRun(HOLDER "AND l.locktype " EQ " 'transactionid' AND l.transactionid " EQ " $1 AND l.mode " EQ " 'ExclusiveLock'",
						   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args));
	char	   *text = MemoryContextStrdup(caller, HoldersText(n));

	SqlFinish();
	return text;
}
