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

/* A scaler to store: its content and its evidence. */
typedef struct Content
{
	int64		id;
	const char *key;			/* NULL if it is not a member */
	size_t		key_length;
	const uint8 *scaler;
	size_t		scaler_length;
	const uint8 *digest;		/* of its profile; NULL without one */
} Content;

/* Scalers to store. */
typedef struct ContentList
{
	Content    *items;
	Size		count;
	Size		room;
} ContentList;

/*
 * Add a scaler, or all members of a set, to a list, which refers to the bytes of the view.  A bare set adds
 * nothing.
 */
extern void AddContents(ContentList *list, const ScalerView *view);

/*
 * Store everything in the list.  Return true if the number of rows is known of each scaler, and set *rows to
 * the sum over the members of a set, without its fallback.  Return false for an empty list.
 */
extern bool StoreContents(ContentList *list, KeepProfile keep, int64 *rows);

/* Store a set whose members are stored.  For a bare set, check that it is stored. */
extern void StoreSet(int64 id, const char *fingerprint, const ScalerView *view);

/*
 * Return the id of a set's fallback as an argument of SQL; NULL for a set without a fallback, and for
 * a single scaler.
 */
extern SqlArg FallbackArg(const ScalerView *view);

/* ---- members.c: finding and proving ---- */

/*
 * Load the member of a key, as the current user sees it, in a context.  Return NULL if the set does not have
 * the key.
 *
 * Both answers are proved by the digest in the set's content, so a row that was changed or removed is an error.
 */
extern LoadedScaler *LoadStoredMember(const LoadedScaler *set, const char *key, size_t key_length,
									  MemoryContext context);

/* Return whether the current user sees this member, which was loaded before, as that of the key. */
extern bool StoredMemberIs(const LoadedScaler *set, const char *key, size_t key_length, const LoadedScaler *member);

/* Load the fallback of a set.  Fails if it is not the one that the set was frozen with. */
extern LoadedScaler *LoadStoredFallback(const LoadedScaler *set, MemoryContext context);

/*
 * Return what is wrong with the stored members of a set, or NULL.  Damaged storage is returned as text, too, as
 * in damage.h.
 */
extern char *StoredMembersProblem(int64 id, const SetRecipe *set);

#endif							/* NORMFREEZE_MEMBERS_H */
