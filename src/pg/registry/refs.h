/*
 * refs.h
 *		What refs mean.
 */
#ifndef NORMFREEZE_REFS_H
#define NORMFREEZE_REFS_H

#include "pg/base/compat.h"

/*
 * Return the id of the scaler that a ref means: name (in stage production), name@stage, name@v3, name@latest,
 * sha256:<digits>, or an id as digits.
 *
 * Fails if there is none, if the version is retired, or if the current user may not apply scalers.
 */
extern int64 RegistryResolve(const char *ref);

/*
 * Fail unless something has been frozen under this name. (As the owner of the registry: for users who may apply
 * or promote.)
 */
extern void CheckNameIsKnown(const char *name);

/* Report an unknown name, with a hint on what it looks like. */
pg_noreturn extern void UnknownName(const char *name);

#endif							/* NORMFREEZE_REFS_H */
