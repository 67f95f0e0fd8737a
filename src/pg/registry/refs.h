/*
 * refs.h
 *		What refs mean.
 */
#ifndef NORMFREEZE_REFS_H
#define NORMFREEZE_REFS_H

#include "pg/base/compat.h"

/*
 * The id of the scaler that a ref means: name (in stage production),
 * name@stage, name@v3, name@latest, sha256:<digits>, or an id as digits.  It
 * is an error if there is none, if the version is retired, or if the current
 * user may not apply scalers.
 */
extern int64 RegistryResolve(const char *ref);

/* Has anything been frozen under this name?  (As the owner: for who may apply or promote.) */
extern void CheckNameIsKnown(const char *name);

/* The error, with a hint by what the name looks like. */
pg_noreturn extern void UnknownName(const char *name);

#endif							/* NORMFREEZE_REFS_H */
