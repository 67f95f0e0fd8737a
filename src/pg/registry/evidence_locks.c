/*
 * evidence_locks.c
 *		What relies on a profile, and what purges it, wait for each other; others do not.
 *
 * A transaction that relies on few profiles has a share lock on each, and says so by a RowShareLock
 * on all; one that relies on many has a ShareLock on all, since the lock table has no room for
 * more.  A purge has an exclusive lock on each profile and a RowExclusiveLock on all (granular
 * locks: Gray, Lorie, Putzolu and Traiger, "Granularity of locks in a shared data base", VLDB
 * 1975), and only while it writes.  Until it is committed, its entries in the purge log are the
 * lock: who relies on a profile reads them as PostgreSQL reads a unique index, uncommitted ones
 * too, and waits for their transaction.  So a purge that is left open holds up nobody but those who
 * rely on the same profile, however many profiles it has.
 *
 * A purge itself never waits in a queue: others would queue behind it (patient_lock.c).
 */
#include "pg/registry/evidence_locks.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/skey.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "pg/registry/patient_lock.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* More profiles than this in one transaction are locked all at once. */
#define MAX_LOCKED		32

/* How many this transaction has locked. */
static LocalTransactionId counted_transaction;
static Size nlocked;

static void
TagOfAll(LOCKTAG * tag)
{
	RegistryLockTag(tag, "purge_log", 0, 0);
}

/* Profiles whose digests begin alike share a lock. */
static void
TagOfProfile(LOCKTAG * tag, const uint8 *digest)
{
	uint32		key;

	memcpy(&key, digest, sizeof(key));
	RegistryLockTag(tag, "purge_log", key, 1);
}

/* ---- purges under way ---- */

/*
 * Return the transaction, in progress and not ours, that has logged a purge of a profile;
 * InvalidTransactionId if there is none.  The row is read in any case: by the index of the primary
 * key if it is there, else in the table.
 */
static TransactionId
PurgeInProgress(const char *hex)
{
	Relation	table = table_open(LockRegistryTable("purge_log"), NoLock);
	AttrNumber	column = get_attnum(RelationGetRelid(table), "digest");
	TransactionId found = InvalidTransactionId;
	SnapshotData dirty;
	ScanKeyData key;
	SysScanDesc scan;

	if (column == InvalidAttrNumber)
		elog(ERROR, "normfreeze.purge_log has no column \"digest\"");
	InitDirtySnapshot(dirty);
	ScanKeyEntryInitialize(&key, 0, column, BTEqualStrategyNumber, InvalidOid, C_COLLATION_OID, F_TEXTEQ,
						   CStringGetTextDatum(hex));
	scan = systable_beginscan(table, PrimaryKeyIndex(table), OidIsValid(PrimaryKeyIndex(table)),
							  &dirty, 1, &key);
	while (!TransactionIdIsValid(found) && HeapTupleIsValid(systable_getnext(scan)))
		found = dirty.xmin;		/* valid only if it is in progress and another's */
	systable_endscan(scan);
	table_close(table, NoLock);
	return found;
}

static void
WaitForPurge(const uint8 *digest)
{
	char	   *hex = BytesToHex(digest, DIGEST_LENGTH);
	TransactionId purge;

	while (TransactionIdIsValid(purge = PurgeInProgress(hex)))
	{
		CHECK_FOR_INTERRUPTS();
		XactLockTableWait(purge, NULL, NULL, XLTW_None);
	}
	pfree(hex);
}

/* ---- who relies on profiles ---- */

/* Return whether so many more profiles are to be locked one by one. */
static bool
MayLockEach(Size count)
{
	if (counted_transaction != CurrentLocalTransactionId())
	{
		counted_transaction = CurrentLocalTransactionId();
		nlocked = 0;
	}
	nlocked += Min(count, MAX_LOCKED + 1);
	return nlocked <= MAX_LOCKED;
}

static void
LockAll(LOCKMODE mode)
{
	LOCKTAG		tag;

	TagOfAll(&tag);
	(void) LockAcquire(&tag, mode, false, false);
}

static void
LockProfile(const uint8 *digest)
{
	LOCKTAG		tag;

	TagOfProfile(&tag, digest);
	(void) LockAcquire(&tag, ShareLock, false, false);
}

void
RelyOnEvidence(const uint8 *digest)
{
	bool		each;

	if (digest == NULL)
		return;
	each = MayLockEach(1);
	LockAll(each ? RowShareLock : ShareLock);
	if (each)
		LockProfile(digest);
	WaitForPurge(digest);
}

static const uint8 *
DigestOfContent(const Content *content)
{
	ScalerView	view;

	ViewScaler(&view, content->scaler, content->scaler_length);
	return view.digest;
}

void
RelyOnEvidenceOf(const ContentList *list)
{
	bool		each;

	if (list->count == 0)
		return;
	each = MayLockEach(list->count);
	LockAll(each ? RowShareLock : ShareLock);
	for (Size i = 0; i < list->count; i++)
	{
		const uint8 *digest = DigestOfContent(&list->items[i]);

		CHECK_FOR_INTERRUPTS();
		if (digest && each)
			LockProfile(digest);
		if (digest)
			WaitForPurge(digest);
	}
}

void
RelyOnEvidenceOfScaler(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	uint8		digest[DIGEST_LENGTH];
	bool		found = SqlRun("SELECT normfreeze.digest_of(s.scaler) FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
							   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;
	const char *hex = found ? SqlTextOrNull(0, 1) : NULL;

	found = hex && HexToBytes(hex, digest, DIGEST_LENGTH);
	SqlFinish();
	if (found)
		RelyOnEvidence(digest);
}

/* ---- purges ---- */

static void
BytesOfDigest(uint8 *digest, Datum hex)
{
	if (!HexToBytes(TextDatumGetCString(hex), digest, DIGEST_LENGTH))
		elog(ERROR, "invalid digest of a profile");
}

static void
TagOfPurge(LOCKTAG * tag, Datum hex)
{
	uint8		digest[DIGEST_LENGTH];

	BytesOfDigest(digest, hex);
	TagOfProfile(tag, digest);
}

/* The purge has so many of its locks: give them back. */
static void
UnlockFirst(const Datum *digests, int count)
{
	LOCKTAG		tag;

	for (int i = 0; i < count; i++)
	{
		TagOfPurge(&tag, digests[i]);
		LockRelease(&tag, ExclusiveLock, false);
	}
	TagOfAll(&tag);
	LockRelease(&tag, RowExclusiveLock, false);
}

/*
 * Try to take all locks of a purge.  If one is not free, have none, and set *holders to those who
 * are in the way if it is not NULL.
 */
static bool
TryLockEvidence(const Datum *digests, int count, char **holders)
{
	LOCKTAG		tag;

	TagOfAll(&tag);
	if (!TryLock(&tag, RowExclusiveLock))
	{
		if (holders)
			*holders = HoldersOfLock(&tag, RowExclusiveLock);
		return false;
	}
	for (int i = 0; i < count; i++)
	{
		TransactionId purge = InvalidTransactionId;
		bool		locked;

		TagOfPurge(&tag, digests[i]);
		locked = TryLock(&tag, ExclusiveLock);
		if (locked)
			purge = PurgeInProgress(TextDatumGetCString(digests[i]));
		if (locked && !TransactionIdIsValid(purge))
			continue;
		if (holders)
			*holders = locked ? HolderOfTransaction(purge) : HoldersOfLock(&tag, ExclusiveLock);
		UnlockFirst(digests, locked ? i + 1 : i);
		return false;
	}
	return true;
}

void
LockEvidence(const Datum *digests, int count)
{
	Patience	patience = {0};
	char	   *holders = NULL;

	Assert(count <= MAX_PURGED_AT_ONCE);
	while (!TryLockEvidence(digests, count, NULL))
	{
		if (WaitPatiently(&patience))
			continue;
		if (TryLockEvidence(digests, count, &holders))
			return;
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("a transaction that has not ended relies on the profile to purge"),
				 errdetail("It is: %s. "
						   "It has frozen a scaler with that profile, recorded its drift, or purged it.", holders),
				 errhint(HINT_OF_PATIENCE)));
	}
}

void
UnlockEvidence(const Datum *digests, int count)
{
	UnlockFirst(digests, count);
}
