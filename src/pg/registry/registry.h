/*
 * registry.h
 *		Reading the registry of frozen scalers.
 */
#ifndef NORMFREEZE_REGISTRY_H
#define NORMFREEZE_REGISTRY_H

#include "pg/base/compat.h"

#include "pg/base/digest.h"

#define REGISTRY_MAX_NAME	200 /* bytes, of a scaler's or a stage's name */
#define REGISTRY_MAX_TEXT	10000	/* the most bytes of a text that lineage() and messages repeat: the note of a use,
									 * the reason of a purge */

typedef struct RegistryRow
{
	uint8		fingerprint[DIGEST_LENGTH];
	Datum		scaler;			/* in the caller's memory context */
} RegistryRow;

/* The row of an id, as the current user sees it; an unknown id is an error. */
extern void RegistryFetch(int64 id, RegistryRow *row);

/* the same, but false if there is none */
extern bool RegistryTryFetch(int64 id, RegistryRow *row);

/*
 * Return whether the current user sees a row with this id that is committed, so that a rollback of the
 * current transaction cannot remove it.
 */
extern bool RegistryHasCommitted(int64 id);

/* A copy of the frozen scaler, and of its profile (NULL if there is none), checked. */
extern bytea *RegistryScaler(int64 id);
extern bytea *RegistryProfile(const uint8 *digest);

/*
 * Return the stored profile with this digest.  NULL if there is none, if digest is NULL, or if the
 * current user may not read normfreeze.profiles.
 */
extern bytea *RegistryVisibleProfile(const uint8 *digest);

pg_noreturn extern void UnknownScaler(int64 id);

/*
 * The id of a scaler that the current user may see and that rounds to the same
 * float8 as an id that there is not; 0 if there is none.  JavaScript, pandas and
 * other readers of JSON numbers turn ids into such.
 */
extern int64 IdOfSameDouble(int64 id);
extern char *HintOfSameDouble(int64 meant);

#endif							/* NORMFREEZE_REGISTRY_H */
