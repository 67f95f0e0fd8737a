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

/* Add a scaler, or all members of a set, to the list, which refers to the view's bytes.  A bare set adds nothing. */
extern void AddContents(ContentList *list, const ScalerView *view);

/* Store all contents of the list.  Return true, and set *rows to their sum, if the number of rows is known of each. */
extern bool StoreContents(ContentList *list, KeepProfile keep, int64 *rows);

/* Store a set, whose members are stored, or check that a bare one is stored. */
extern void StoreSet(int64 id, const char *fingerprint, const ScalerView *view);

/*
 * Return the id of a set's fallback as an argument of SQL; NULL for a set without a fallback, and for
 * a single scaler.
 */
extern SqlArg FallbackArg(const ScalerView *view);

/* ---- members.c: finding and proving ---- */

/*
 * Load the member of a key, as the current user sees it, in the context; return NULL if the set does not have
 * the key. Both answers are proved by the digest in the set's content: a row that was changed or removed is an
 * error.
 */
extern LoadedScaler *LoadStoredMember(const LoadedScaler *set, const char *key, size_t key_length, MemoryContext context);

/* Return whether the current user sees this member, which was loaded before, as that of the key. */
extern bool StoredMemberIs(const LoadedScaler *set, const char *key, size_t key_length, const LoadedScaler *member);
extern LoadedScaler *LoadStoredFallback(const LoadedScaler *set, MemoryContext context);

/*
 * Return what is wrong with the stored members of a set, or NULL if nothing is.  Damaged storage is
 * returned as text too, as in damage.h.
 */
extern char *StoredMembersProblem(int64 id, const SetRecipe *set);

#endif							/* NORMFREEZE_MEMBERS_H */
