/*
 * write_checks.h
 *		The checks and locks with which every function that writes to the registry begins: freeze(),
 *		promote(), import_name() and others.
 */
#ifndef NORMFREEZE_WRITE_CHECKS_H
#define NORMFREEZE_WRITE_CHECKS_H

#include "pg/base/compat.h"

#include "fmgr.h"

/* Fail unless the name of a scaler, or of a stage, follows the rules of the tables' CHECK constraints. */
extern void CheckScalerName(const char *name);
extern void CheckStageName(const char *stage);

/* Fail if a text is too long to be repeated in messages and by lineage().  NULL is accepted. */
extern void CheckTextLength(const char *what, const char *text);

/*
 * Lock a key of a table until the end of the transaction, against LockKey() and ShareKey() of the same key in
 * other sessions.
 *
 * Whoever writes rows with the key must hold this lock.
 */
extern void LockKey(const char *table, const void *key, size_t length);

/*
 * Lock a key of a table until the end of the transaction, against LockKey() of the same key.  Any number of
 * sessions may hold this lock.
 */
extern void ShareKey(const char *table, const void *key, size_t length);

/* The number by which the lock table knows a key. */
extern uint32 LockNumber(const void *key, size_t length);

/* Lock a name: versions of it and entries of its stage log get their numbers under this lock. */
extern void LockScalerName(const char *name);

/* Fail in a read-only transaction, during recovery, and in a parallel plan.  "function" is its name for errors. */
extern void CheckMayWrite(const char *function);

/* The same, and fail if one of the first "nrequired" arguments is NULL. */
extern void CheckWriteCall(FunctionCallInfo fcinfo, const char *function, int nrequired);

/*
 * Return the name of the current user, or of the session user, who has logged in.  Roles can be changed within a
 * session; who has logged in cannot, except by a superuser.
 */
extern char *CurrentUserName(void);
extern char *SessionUserName(void);

#endif							/* NORMFREEZE_WRITE_CHECKS_H */
