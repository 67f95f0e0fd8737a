/*
 * member_cache.h
 *		Members of frozen sets that are ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_MEMBER_CACHE_H
#define NORMFREEZE_MEMBER_CACHE_H

#include "pg/scaler/loaded_scaler.h"

/* Start using the cache.  What is found stays valid until this context of the caller is reset. */
extern void UseMemberCache(MemoryContext context);

/*
 * Find the member of a key: in the cache, if it was looked up in these SessionLookups(), else in the registry.
 *
 * *member is NULL if the set does not have the key.  Return false if the cache has no room for the member.
 */
extern bool MemberCacheGet(const LoadedScaler *set, const char *key, uint32 length, uint64 lookups,
						   LoadedScaler **member);

#endif							/* NORMFREEZE_MEMBER_CACHE_H */
