/*
 * members.h
 *		Members of frozen sets: storing, finding and proving them.
 */
#ifndef NORMFREEZE_MEMBERS_H
#define NORMFREEZE_MEMBERS_H

#include "pg/base/compat.h"

#include "pg/base/sql.h"
#include "pg/registry/contents.h"
#include "pg/scaler/loaded_scaler.h"
#include "pg/scaler/scaler_view.h"
#include "pg/scaler/set_view.h"

/* ---- members_store.c: storing ---- */

/* One scaler to store: its content, and its evidence. */
typedef struct Content
{
	int64		id;
	const char *key;			/* NULL for what is no member */
	size_t		key_length;
	const uint8 *scaler;
	size_t		scaler_length;
	const uint8 *digest;		/* of the profile in it; NULL without one */
} Content;

typedef struct ContentList
{
	Content    *items;
	Size		count;
	Size		room;
} ContentList;

/* A scaler, or all members of a set that has them; refers to them. */
extern void AddContents(ContentList *list, const ScalerView *view);

/* If it is known on how many rows all members were fitted, *rows is set. */
extern bool StoreContents(ContentList *list, KeepProfile keep, int64 *rows);

/* Store a set, whose members are stored, or check that a bare one is stored. */
extern void StoreSet(int64 id, const char *fingerprint, const ScalerView *view);

/* The id of a set's fallback, as an argument of SQL: NULL if it has none, and of a scaler that is no set. */
extern SqlArg FallbackArg(const ScalerView *view);

/* ---- members.c: finding and proving ---- */

/*
 * The member of a key, as the current user sees it, loaded in the context;
 * NULL if the set does not have the key.  Either way it is proved by the
 * set's own digest: a changed row, or one that is gone, is an error.
 */
extern LoadedScaler *LoadStoredMember(const LoadedScaler *set, const char *key, size_t key_length, MemoryContext context);

/* Does the current user see this member, which was loaded before, as that of the key? */
extern bool StoredMemberIs(const LoadedScaler *set, const char *key, size_t key_length, const LoadedScaler *member);
extern LoadedScaler *LoadStoredFallback(const LoadedScaler *set, MemoryContext context);

/* What is wrong with the stored members of a set, or NULL; as in damage.h, damaged storage is no error. */
extern char *StoredMembersProblem(int64 id, const SetRecipe *set);

#endif							/* NORMFREEZE_MEMBERS_H */
