/*
 * scaler_cache.h
 *		Scalers ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_SCALER_CACHE_H
#define NORMFREEZE_SCALER_CACHE_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "miscadmin.h"
#include "pg/base/digest.h"
#include "pg/base/name_index.h"
#include "pg/scaler/scaler_set.h"
#include "pg/scaler/scaler_type.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

typedef struct LoadedScaler
{
	MemoryContext context;		/* NULL for a member: in its call site's */
	int			references;
	bool		committed;		/* is it known to be? */
	int64		id;
	uint8		fingerprint[DIGEST_LENGTH];
	Recipe		recipe;
	Transform	transform;
	char	  **input_names;	/* NULL without names */
	NameIndex  *features;		/* of the recipe, by name, once one has been looked for */
	SetRecipe  *set;			/* of a set of scalers, which has no recipe of its own */
} LoadedScaler;

/*
 * What a look-up in the registry depended on.  While none of it has changed,
 * the same look-up would give the same answer: a call site may reuse it.
 */
typedef struct LookupToken
{
	bool		valid;
	bool		portable;		/* was nothing but the snapshot to be seen? */
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

extern void ScalerCacheInit(void);

/* Prepare a scaler in a context of its own below parent, with one reference. */
extern LoadedScaler *LoadScaler(const ScalerView *view, MemoryContext parent);

/* The same within a context, as long as that lives. */
extern LoadedScaler *LoadScalerInto(const ScalerView *view, MemoryContext context);

/*
 * The frozen scaler of this id, as the current user and snapshot see it: one
 * query to the registry, no decoding if the session has it already.  Release
 * each one.
 */
extern LoadedScaler *ScalerCacheGet(int64 id);

/* The same, but NULL if there is none, or what is there is not what was frozen. */
extern LoadedScaler *ScalerCacheFind(int64 id);
extern void ScalerCacheRelease(LoadedScaler *scaler);

/* The feature of this name, NULL if there is none. */
extern const FeatureRecipe *ScalerFeature(LoadedScaler *scaler, const char *name);

/* Was a scaler that has been looked up frozen by a transaction that is committed now? */
extern bool ScalerIsCommitted(LoadedScaler *scaler);

/* Advances whenever privileges, rows or what a name means may have changed under a look-up. */
extern uint64 lookup_generation;

static inline uint64
LookupGeneration(void)
{
	return lookup_generation;
}

extern LookupToken TakeLookupToken(void);

/*
 * Within one transaction a snapshot is told by these numbers: below a given
 * xmax, transactions in progress can only become fewer.
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
 * A number for what calls in this session may share of look-ups now, another
 * one as soon as they have to be made anew; 0: nothing is shared.
 */
extern uint64 SessionLookups(void);

#endif							/* NORMFREEZE_SCALER_CACHE_H */
