/*
 * write_guard.h
 *		What every writer to the registry asks first: may it write, is the name sound, and whose turn is it?
 */
#ifndef NORMFREEZE_WRITE_GUARD_H
#define NORMFREEZE_WRITE_GUARD_H

#include "pg/base/compat.h"

#include "fmgr.h"

/* The rules that the tables' CHECK constraints state, as errors with a hint. */
extern void CheckScalerName(const char *name);
extern void CheckStageName(const char *stage);

/* Is a text (NULL is none) as short as what is repeated in the words of others has to be? */
extern void CheckTextLength(const char *what, const char *text);

/* Until the end of the transaction, nobody else numbers what has this key in a table, or relies on it with ShareKey(). */
extern void LockKey(const char *table, const void *key, size_t length);

/* Until the end of the transaction, nobody holds LockKey() of this key; any number of us may hold this. */
extern void ShareKey(const char *table, const void *key, size_t length);

/* The lock under which versions of a name, and entries of its log, get their numbers. */
extern void LockScalerName(const char *name);

/* Errors out in a read-only transaction, during recovery and in a parallel plan. */
extern void CheckMayWrite(const char *function);

/* The same, and its first arguments must not be NULL. */
extern void CheckWriteCall(FunctionCallInfo fcinfo, const char *function, int nrequired);

/* Roles can be changed within a session; who logged in cannot, except by a superuser. */
extern char *CurrentUserName(void);
extern char *SessionUserName(void);

#endif							/* NORMFREEZE_WRITE_GUARD_H */
