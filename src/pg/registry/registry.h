/*
 * registry.h
 *		Reading the registry of frozen scalers.
 */
#ifndef NORMFREEZE_REGISTRY_H
#define NORMFREEZE_REGISTRY_H

#include "pg/base/compat.h"

#include "pg/base/digest.h"

#define REGISTRY_MAX_NAME	200 /* of a scaler's or a stage's name, in bytes */
#define REGISTRY_MAX_TEXT	10000	/* of a text that lineage() and messages repeat, such as the note of a use or the
									 * reason of a purge, in bytes */

/* A row of normfreeze.scalers. */
typedef struct RegistryRow
{
	uint8		fingerprint[DIGEST_LENGTH];
	Datum		scaler;			/* in the caller's memory context */
} RegistryRow;

/* Read the row of an id, as the current user sees it.  Fails for an unknown id. */
extern void RegistryFetch(int64 id, RegistryRow *row);

/* The same, but return false if there is none. */
extern bool RegistryTryFetch(int64 id, RegistryRow *row);

/*
 * Return whether the current user sees a row with this id that is committed, so that a rollback of the
 * current transaction cannot remove it.
 */
extern bool RegistryHasCommitted(int64 id);

/* Return a copy of a frozen scaler.  Fails if there is none, or if it is not what was frozen. */
extern bytea *RegistryScaler(int64 id);

/*
 * Return a copy of the stored profile with this digest, as the current user sees it; NULL if there is none.  Its
 * bytes are not compared with the digest.
 */
extern bytea *RegistryProfile(const uint8 *digest);

/*
 * Return a copy of a stored profile; NULL if there is none, if the digest is NULL, or if the current user may
 * not read normfreeze.profiles.
 */
extern bytea *RegistryVisibleProfile(const uint8 *digest);

/* Report an unknown id. */
pg_noreturn extern void UnknownScaler(int64 id);

/*
 * Return the id of a scaler that the current user may see and that rounds to the same float8 as an unknown id;
 * 0 if there is none.
 *
 * JavaScript, pandas and other readers of JSON numbers round ids in this way.
 */
extern int64 IdOfSameDouble(int64 id);

/* Return a hint that names the id which may have been meant. */
extern char *HintOfSameDouble(int64 meant);

#endif							/* NORMFREEZE_REGISTRY_H */
