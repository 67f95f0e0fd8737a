/*
 * scaler_cache.h
 *		Scalers that are ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_SCALER_CACHE_H
#define NORMFREEZE_SCALER_CACHE_H

#include "pg/base/compat.h"

#include "miscadmin.h"
#include "pg/base/lookup_generation.h"
#include "pg/scaler/loaded_scaler.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/*
 * All that the result of a look-up in the registry depends on.  While nothing of it has changed, a look-up
 * would have the same result, and a call site may reuse it.
 */
typedef struct LookupToken
{
	bool		valid;
	bool		portable;		/* the snapshot alone determines what is seen */
	Oid			user;
	bool		row_security;
	LocalTransactionId transaction;
	uint64		generation;
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	CommandId	curcid;
} LookupToken;

/*
 * Return the frozen scaler with this id, as the current user and snapshot see it.  Fails if there is none.
 *
 * This takes one look-up in the registry unless one of the same number of SessionLookups() can be shared, and no
 * decoding if the session already has the scaler.  Each one must be released by ReleaseScaler().
 */
extern LoadedScaler *ScalerCacheGet(int64 id);

/* The same, but return NULL if there is no such scaler, or if its content is not what was frozen. */
extern LoadedScaler *ScalerCacheFind(int64 id);

/* Return whether a scaler that was looked up was frozen by a transaction that is committed now. */
extern bool ScalerIsCommitted(LoadedScaler *scaler);

/* Return a token for a look-up that is made now. */
extern LookupToken TakeLookupToken(void);

/*
 * Return whether a token still holds.
 *
 * Within a transaction these numbers identify a snapshot: below a given xmax, the transactions in progress can
 * only become fewer.
 */
static inline bool
LookupTokenHolds(const LookupToken *token)
{
	Snapshot	snapshot;

	if (!token->valid || token->generation != lookup_generation ||
		token->transaction != CurrentLocalTransactionId() || token->row_security != row_security ||
		token->user != GetUserId() || !ActiveSnapshotSet())
		return false;
	snapshot = GetActiveSnapshot();
	return token->curcid == snapshot->curcid &&
		token->xmax == snapshot->xmax &&
		token->xmin == snapshot->xmin &&
		token->xcnt == snapshot->xcnt &&
		token->subxcnt == snapshot->subxcnt;
}

/*
 * Return a number that changes when look-ups of this session must be made anew.
 *
 * Results that were found under the same number may be shared; 0 means that nothing may be shared.
 */
extern uint64 SessionLookups(void);

#endif							/* NORMFREEZE_SCALER_CACHE_H */
