/*
 * write_checks.h
 *		Checks and locks that every function that writes to the registry begins with: freeze(), promote(),
 *		import_name() and others.
 */
#ifndef NORMFREEZE_WRITE_CHECKS_H
#define NORMFREEZE_WRITE_CHECKS_H

#include "pg/base/compat.h"

#include "fmgr.h"

/* The rules that the tables' CHECK constraints state, as errors with a hint. */
extern void CheckScalerName(const char *name);
extern void CheckStageName(const char *stage);

/* Fail if a text is too long to be repeated in messages and by lineage(); NULL is accepted. */
extern void CheckTextLength(const char *what, const char *text);

/*
 * Lock a key of a table until the end of the transaction, against LockKey() and ShareKey() of the same
 * key in other sessions.  Whoever writes rows with the key must hold it.
 */
extern void LockKey(const char *table, const void *key, size_t length);

/*
 * Lock a key of a table until the end of the transaction, against LockKey() of the same key.  Any
 * number of sessions may hold this lock.
 */
extern void ShareKey(const char *table, const void *key, size_t length);

/* Lock a name: versions of it and entries of its stage log get their numbers under this lock. */
extern void LockScalerName(const char *name);

/* Fail in a read-only transaction, during recovery, and in a parallel plan. */
extern void CheckMayWrite(const char *function);

/* The same, and its first arguments must not be NULL. */
extern void CheckWriteCall(FunctionCallInfo fcinfo, const char *function, int nrequired);

/* Roles can be changed within a session; who logged in cannot, except by a superuser. */
extern char *CurrentUserName(void);
extern char *SessionUserName(void);

#endif							/* NORMFREEZE_WRITE_CHECKS_H */
