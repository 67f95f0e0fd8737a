/*
 * members.h
 *		Members of frozen sets: storing, finding and proving them.
 */
#ifndef NORMFREEZE_MEMBERS_H
#define NORMFREEZE_MEMBERS_H

#include "pg/compat.h"

#include "pg/freeze.h"
#include "pg/scaler_cache.h"
#include "pg/scaler_set.h"

/*
 * Store a set with all its members, or check that a bare one is stored.  If
 * it is known on how many rows all of them were fitted, *rows is set.
 */
extern bool StoreSet(int64 id, const char *fingerprint, const ScalerView *view, KeepProfile keep, int64 *rows);

/*
 * The member of a key, as the current user sees it, loaded in the context;
 * NULL if the set does not have the key.  Either way it is proved by the
 * set's own digest: a changed row, or one that is gone, is an error.
 */
extern LoadedScaler *LoadStoredMember(const LoadedScaler *set, const char *key, size_t key_length, MemoryContext context);
extern LoadedScaler *LoadStoredFallback(const LoadedScaler *set, MemoryContext context);

/* What is wrong with the stored members of a set, or NULL. */
extern char *StoredMembersProblem(int64 id, const SetRecipe *set);

#endif							/* NORMFREEZE_MEMBERS_H */
