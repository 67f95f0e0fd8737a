/*
 * ref_cache.c
 *		The ids that refs mean, looked up once for all calls of a session.
 *
 * A query that normalizes thirty-two columns by name has thirty-two calls.  They share one
 * look-up with each other and with later statements, for as long as it would have the same result
 * (SessionLookups).  What a ref means is found by RegistryResolve() in registry/refs.c.
 */
#include "pg/apply/ref_cache.h"

#include "pg/apply/scaler_cache.h"
#include "pg/registry/refs.h"
#include "utils/hsearch.h"

#define REF_KEY_SIZE	512

/* If there are more, all are forgotten. */
#define CACHE_MAX_REFS	1024

typedef struct RefEntry
{
	char		ref[REF_KEY_SIZE];	/* key */
	int64		id;
} RefEntry;

static HTAB *refs;
static uint64 refs_lookups;		/* the SessionLookups() in which they were found */

static HTAB *
MakeRefs(void)
{
	HASHCTL		control = {.keysize = REF_KEY_SIZE, .entrysize = sizeof(RefEntry)};

	return hash_create("normfreeze refs", 16, &control, HASH_ELEM | HASH_STRINGS);
}

int64
ResolveRef(const char *ref, int length)
{
	char		key[REF_KEY_SIZE];
	RefEntry   *entry;
	int64		id;
	uint64		lookups;

	if (length >= REF_KEY_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a ref has %d bytes, more than a name and a stage can have", length)));
	memcpy(key, ref, length);
	key[length] = '\0';

	lookups = SessionLookups();
	if (lookups == 0)
		return RegistryResolve(key);
	if (refs && (refs_lookups != lookups || hash_get_num_entries(refs) >= CACHE_MAX_REFS))
	{
		hash_destroy(refs);
		refs = NULL;
	}
	if (refs == NULL)
		refs = MakeRefs();
	refs_lookups = lookups;
	entry = hash_search(refs, key, HASH_FIND, NULL);
	if (entry)
		return entry->id;
	id = RegistryResolve(key);
	/* code that ran during the look-up may have replaced the table */
	if (refs_lookups == lookups)
	{
		entry = hash_search(refs, key, HASH_ENTER, NULL);
		entry->id = id;
	}
	return id;
}
