/*
 * scaler_cache.c
 *		Decoded scalers by id, and when a look-up may be reused.
 *
 * The session caches content, which is a pure function of the id.  Whether the id exists for this
 * user, in this transaction and snapshot, is looked up in the registry again whenever the answer
 * may have changed (see LookupToken).  So freezes that are rolled back, REVOKE, row security and
 * SET ROLE need no special care here.
 */
#include "pg/apply/scaler_cache.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "pg/apply/kept_scalers.h"
#include "pg/base/installed.h"
#include "pg/registry/registry.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

typedef struct CacheEntry
{
	int64		id;				/* key */
	KeptScaler	kept;
	uint64		lookups;		/* the SessionLookups() in which the registry had it */
} CacheEntry;

static HTAB *cache;

/*
 * The token of the session.
 *
 * Calls of one statement, and statements between which nothing has changed, share their look-ups: while this
 * token holds, a look-up would have the same result for all of them.
 */
static LookupToken session_token;
static uint64 session_lookups;

/* ---- tokens ---- */

/*
 * Return whether the snapshot alone determines what the current transaction sees: it has written nothing, and
 * it is not SERIALIZABLE, so that its reads need not be recorded.
 */
static bool
SeesWhatOthersSee(Snapshot snapshot)
{
	return snapshot->snapshot_type == SNAPSHOT_MVCC &&
		!TransactionIdIsValid(GetTopTransactionIdIfAny()) && !IsolationIsSerializable();
}

LookupToken
TakeLookupToken(void)
{
	LookupToken token = {0};

	/* a policy may depend on anything, such as a setting or the time: it is evaluated for every row */
	if (ActiveSnapshotSet() &&
		check_enable_rls(RegistryTable("scalers"), InvalidOid, true) != RLS_ENABLED &&
		check_enable_rls(RegistryTable("members"), InvalidOid, true) != RLS_ENABLED)
	{
		Snapshot	snapshot = GetActiveSnapshot();

		token.valid = true;
		token.user = GetUserId();
		token.row_security = row_security;
		token.transaction = CurrentLocalTransactionId();
		token.portable = SeesWhatOthersSee(snapshot);
		token.generation = lookup_generation;
		token.xmin = snapshot->xmin;
		token.xmax = snapshot->xmax;
		token.xcnt = snapshot->xcnt;
		token.subxcnt = snapshot->subxcnt;
		token.curcid = snapshot->curcid;
	}
	return token;
}

/*
 * Return whether the session's token holds.  It holds across transactions if the snapshot alone determines what
 * both of them see, and is the same.  Snapshots are compared by xmax and the number of transactions in
 * progress: below a given xmax all transactions have begun, and those in progress can only become fewer, so
 * every one that has ended in between changes the numbers.  (Before the numbers wrap around, every table is
 * vacuumed, which changes the generation.)
 */
static bool
SessionTokenHolds(void)
{
	if (session_token.valid && session_token.portable && ActiveSnapshotSet() &&
		SeesWhatOthersSee(GetActiveSnapshot()))
		session_token.transaction = CurrentLocalTransactionId();
	return LookupTokenHolds(&session_token);
}

uint64
SessionLookups(void)
{
	AcceptInvalidationMessages();
	if (!SessionTokenHolds())
	{
		session_token = TakeLookupToken();
		session_lookups++;
	}
	return session_token.valid ? session_lookups : 0;
}

/* ---- the cache ---- */

static void
ForgetEntry(KeptScaler *kept)
{
	CacheEntry *entry = (CacheEntry *) ((char *) kept - offsetof(CacheEntry, kept));

	hash_search(cache, &entry->id, HASH_REMOVE, NULL);
}

static void
MakeCache(void)
{
	HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(CacheEntry), .hcxt = KeptScalersContext()};

	cache = hash_create("normfreeze scalers", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Return the session's scaler of an id if it was looked up in the present SessionLookups(), else NULL. */
static LoadedScaler *
SharedLookup(int64 id, uint64 lookups)
{
	CacheEntry *entry = hash_search(cache, &id, HASH_FIND, NULL);

	if (entry == NULL || lookups == 0 || entry->lookups != lookups)
		return NULL;
	UseKeptScaler(&entry->kept);
	return entry->kept.scaler;
}

/*
 * Return a scaler as it is in the registry, from the session's cache or after putting it there.
 *
 * NULL if it is not what was frozen; "found" is then the fingerprint of what it is.  "lookups" must be from
 * before the registry was read, since reading it may run any code.
 */
static LoadedScaler *
CacheRow(int64 id, uint64 lookups, const RegistryRow *row, uint8 *found)
{
	CacheEntry *entry = hash_search(cache, &id, HASH_FIND, NULL);
	LoadedScaler *scaler;
	ScalerView	view;

	if (entry == NULL || memcmp(entry->kept.scaler->fingerprint, row->fingerprint, DIGEST_LENGTH) != 0)
	{
		/* an error while loading must not leave anything in the cache's context */
		ViewScalerDatum(&view, row->scaler);
		scaler = LoadScaler(&view, CurrentMemoryContext);
		if (scaler->id != id || memcmp(scaler->fingerprint, row->fingerprint, DIGEST_LENGTH) != 0)
		{
			memcpy(found, scaler->fingerprint, DIGEST_LENGTH);
			ReleaseScaler(scaler);
			return NULL;
		}
		if (entry)
			DropKeptScaler(&entry->kept);
		entry = hash_search(cache, &id, HASH_ENTER, NULL);
		KeepScaler(&entry->kept, scaler, ForgetEntry);
	}
	else
		UseKeptScaler(&entry->kept);
	entry->lookups = lookups;
	return entry->kept.scaler;
}

bool
ScalerIsCommitted(LoadedScaler *scaler)
{
	/* a scaler that is committed stays so */
	if (!scaler->committed)
		scaler->committed = RegistryHasCommitted(scaler->id);
	return scaler->committed;
}

/*
 * Return the scaler of an id, with a reference for the caller.
 *
 * NULL if there is none, or if it is not what was frozen; "found" is then the fingerprint of what it is.
 */
static LoadedScaler *
LookUp(int64 id, bool *exists, uint8 *found)
{
	uint64		lookups = SessionLookups();
	LoadedScaler *scaler;

	if (cache == NULL)
		MakeCache();
	*exists = true;
	scaler = SharedLookup(id, lookups);
	if (scaler == NULL)
	{
		RegistryRow row;

		*exists = RegistryTryFetch(id, &row);
		if (!*exists)
			return NULL;
		scaler = CacheRow(id, lookups, &row, found);
	}
	if (scaler)
		scaler->references++;
	return scaler;
}

LoadedScaler *
ScalerCacheGet(int64 id)
{
	uint8		found[DIGEST_LENGTH];
	bool		exists;
	LoadedScaler *scaler = LookUp(id, &exists, found);

	if (!exists)
		UnknownScaler(id);
	if (scaler == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen and is not applied", id),
				 errdetail("Its content has the fingerprint %s.", BytesToHex(found, DIGEST_LENGTH)),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the row from a backup.", id)));
	return scaler;
}

LoadedScaler *
ScalerCacheFind(int64 id)
{
	uint8		found[DIGEST_LENGTH];
	bool		exists;

	return LookUp(id, &exists, found);
}
