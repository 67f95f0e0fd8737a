/*
 * member_cache.h
 *		Members of frozen sets ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_MEMBER_CACHE_H
#define NORMFREEZE_MEMBER_CACHE_H

#include "pg/scaler/loaded_scaler.h"

/* What is found stays until the context, which is the caller's, is reset. */
extern void UseMemberCache(MemoryContext context);

/*
 * Find the member of a key, from the cache if it was looked up in these SessionLookups(), else from the
 * registry.  *member is NULL if the set does not have the key.  Return false if the cache has no room for it.
 */
extern bool MemberCacheGet(const LoadedScaler *set, const char *key, uint32 length, uint64 lookups, LoadedScaler **member);

#endif							/* NORMFREEZE_MEMBER_CACHE_H */
