/*
 * member_cache.c
 *		Members of frozen sets that are ready to be applied, kept for the session.
 *
 * A statement that normalizes one row by key uses one member, often the same in many statements.
 * That a member belongs to its set is proved when it is loaded and stays true, since both are
 * identified by their digests.  Whether the current user may see it is looked up again whenever
 * SessionLookups() has changed.
 */
#include "pg/apply/member_cache.h"

#include "common/hashfn.h"
#include "pg/base/settings.h"
#include "pg/registry/members.h"
#include "utils/memutils.h"

/* The part of member_memory that outlives a statement. */
#define CACHE_SHARE		16

typedef struct MemberKey
{
	const uint8 *set;			/* fingerprint of the set */
	const char *key;
	uint32		length;
} MemberKey;

typedef struct MemberEntry
{
	MemberKey	key;
	LoadedScaler *scaler;		/* NULL if there is none */
	uint64		lookups;		/* the SessionLookups() in which the registry had it */
	uint32		hash;
	char		status;
} MemberEntry;

static inline uint32
HashMember(const MemberKey *key)
{
	uint32		set;

	/* the bits of a digest are as good as any hash */
	memcpy(&set, key->set, sizeof(set));
	return hash_combine(set, hash_bytes((const unsigned char *) key->key, (int) key->length));
}

static inline bool
SameMember(const MemberKey *a, const MemberKey *b)
{
	return a->length == b->length && memcmp(a->key, b->key, a->length) == 0 &&
		memcmp(a->set, b->set, DIGEST_LENGTH) == 0;
}

#define SH_PREFIX members
#define SH_ELEMENT_TYPE MemberEntry
#define SH_KEY_TYPE MemberKey
#define SH_KEY key
#define SH_HASH_KEY(table, key) HashMember(&(key))
#define SH_EQUAL(table, a, b) SameMember(&(a), &(b))
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static MemoryContext cache_context;
static members_hash * cache;
static int	users;

static bool
CacheIsFull(void)
{
	return MemoryContextMemAllocated(cache_context, false) > (Size) member_memory_kb * 1024 / CACHE_SHARE;
}

static void
EndUse(void *arg)
{
	users--;
}

void
UseMemberCache(MemoryContext context)
{
	MemoryContextCallback *callback = MemoryContextAllocZero(context, sizeof(MemoryContextCallback));

	if (cache_context == NULL)
		cache_context = GenerationContextCreate(CacheMemoryContext, "normfreeze members", ALLOCSET_DEFAULT_SIZES);
	else if (users == 0 && CacheIsFull())
	{
		cache = NULL;
		MemoryContextReset(cache_context);
	}
	if (cache == NULL)
		cache = members_create(cache_context, 64, NULL);
	callback->func = EndUse;
	MemoryContextRegisterResetCallback(context, callback);
	users++;
}

static void
KeepMember(MemberKey key, LoadedScaler *member, uint64 lookups)
{
	MemberEntry *entry = members_lookup(cache, key);
	bool		found;

	if (entry == NULL)
	{
		uint8	   *bytes = MemoryContextAlloc(cache_context, DIGEST_LENGTH + key.length);

		memcpy(bytes, key.set, DIGEST_LENGTH);
		memcpy(bytes + DIGEST_LENGTH, key.key, key.length);
		key.set = bytes;
		key.key = (const char *) bytes + DIGEST_LENGTH;
		entry = members_insert(cache, key, &found);
	}
	entry->scaler = member;
	entry->lookups = lookups;
}

bool
MemberCacheGet(const LoadedScaler *set, const char *key, uint32 length, uint64 lookups, LoadedScaler **member)
{
	MemberKey	wanted = {set->fingerprint, key, length};
	MemberEntry *entry = members_lookup(cache, wanted);

	*member = entry ? entry->scaler : NULL;
	if (likely(entry && entry->lookups == lookups))
		return true;
	/* an absent key is proved again, because there is no row whose visibility could be looked up instead */
	if (*member == NULL || !StoredMemberIs(set, key, length, *member))
	{
		if (CacheIsFull())
			return false;
		/* what an error leaves in this context is freed with it */
		*member = LoadStoredMember(set, key, length, cache_context);
	}
	KeepMember(wanted, *member, lookups);
	return true;
}
