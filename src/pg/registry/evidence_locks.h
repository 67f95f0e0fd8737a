/*
 * evidence_locks.h
 *		What relies on a profile, and what purges it, wait for each other; others do not.
 */
#ifndef NORMFREEZE_EVIDENCE_LOCKS_H
#define NORMFREEZE_EVIDENCE_LOCKS_H

#include "pg/base/compat.h"

#include "pg/registry/members.h"

/*
 * Keep a profile from being purged until the end of the transaction, and wait for a purge of it that is under way.  Who
 * stores a profile, a scaler with its digest, or numbers from it calls this first.  digest: NULL if there is none.
 */
extern void RelyOnEvidence(const uint8 *digest);

/* The same for all profiles of a list of contents. */
extern void RelyOnEvidenceOf(const ContentList *list);

/* The same for the profile of a frozen scaler; nothing if there is no such scaler, or it has none. */
extern void RelyOnEvidenceOfScaler(int64 id);

/* The most profiles that are locked for a purge at once. */
#define MAX_PURGED_AT_ONCE	256

/*
 * Lock profiles for a purge, by their digests in hexadecimal (text).  Fail if another transaction
 * that has not ended relies on one of them or has purged it.  The locks are for as long as rows are
 * written: after UnlockEvidence(), RelyOnEvidence() knows a purge by its entry in the log, also
 * before it is committed.
 */
extern void LockEvidence(const Datum *digests, int count);
extern void UnlockEvidence(const Datum *digests, int count);

#endif							/* NORMFREEZE_EVIDENCE_LOCKS_H */
