/*
 * patient_lock.h
 *		Locks of the registry that nobody has to queue behind.
 */
#ifndef NORMFREEZE_PATIENT_LOCK_H
#define NORMFREEZE_PATIENT_LOCK_H

#include "pg/base/compat.h"

#include "storage/lock.h"

/*
 * Fill in the tag of a lock of ours: an object of the class of one of our tables, so that no lock of a user
 * meets it.
 */
extern void RegistryLockTag(LOCKTAG * tag, const char *table, uint32 key, uint16 kind);

/* Take a lock if it is free. */
extern bool TryLock(const LOCKTAG * tag, LOCKMODE mode);

/* Since when somebody waits. */
typedef struct Patience
{
	TimestampTz begin;
} Patience;

/*
 * Sleep for a moment.  Return false once it has taken as long as lock_timeout, or 5 seconds where that is 0: then
 * it is time for an error.
 */
extern bool WaitPatiently(Patience *patience);

/*
 * Who holds a lock in a mode that conflicts with this one, or runs a transaction, for the detail of
 * an error: "Process 4711", "Prepared transaction "x"", and others.
 */
extern char *HoldersOfLock(const LOCKTAG * tag, LOCKMODE mode);
extern char *HolderOfTransaction(TransactionId xid);

/* The hint of such an error. */
#define HINT_OF_PATIENCE \
	"Try again when it has ended; pg_stat_activity and pg_prepared_xacts tell what it is, and pg_terminate_backend() ends a session. " \
	"Setting lock_timeout is how long this waits, 5 seconds if it is 0; nobody is held up meanwhile."

#endif							/* NORMFREEZE_PATIENT_LOCK_H */
