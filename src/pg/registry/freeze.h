/*
 * freeze.h
 *		What writing to the registry shares: names, locks and content.
 */
#ifndef NORMFREEZE_FREEZE_H
#define NORMFREEZE_FREEZE_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/scaler/scaler_type.h"

extern void CheckScalerName(const char *name);
extern void CheckStageName(const char *stage);

/* Until the end of the transaction, nobody else numbers what has this key in a table, or relies on it with ShareKey(). */
extern void LockKey(const char *table, const void *key, size_t length);

/* Until the end of the transaction, nobody holds LockKey() of this key; any number of us may hold this. */
extern void ShareKey(const char *table, const void *key, size_t length);
extern void LockScalerName(const char *name);

/* May it write, and are its first arguments not NULL? */
extern void CheckWriteCall(FunctionCallInfo fcinfo, const char *function, int nrequired);
extern void CheckMayWrite(const char *function);

/* Is a text (NULL is none) as short as what is repeated in the words of others has to be? */
extern void CheckTextLength(const char *what, const char *text);
extern char *CurrentUserName(void);

/* What becomes of the evidence in a scaler that is stored. */
typedef enum KeepProfile
{
	KEEP_NOTHING,
	KEEP_WHAT_IS_THERE,
	KEEP_REQUIRED				/* a bare scaler's must be stored already */
} KeepProfile;

/* Store a scaler, or a set with its members; its id.  *rows: what it was fitted on, or -1. */
extern int64 StoreScaler(const ScalerView *view, KeepProfile keep, int64 *rows);

/* Content and evidence; a set of scalers has no recipe. */
extern void StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe);

/* Under LockOutPurges().  false: it was purged before, and is kept out */
extern bool StoreProfile(const ScalerView *view);
extern bool ProfileIsStored(const uint8 *digest);

/* Is there evidence of a stored scaler, or of all members of a set, and its fallback, that had any? */
extern bool EvidenceIsStored(int64 id, const ScalerView *view);

#endif							/* NORMFREEZE_FREEZE_H */
