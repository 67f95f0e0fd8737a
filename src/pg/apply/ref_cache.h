/*
 * ref_cache.h
 *		The ids that refs mean, looked up once for all calls of a session.
 */
#ifndef NORMFREEZE_REF_CACHE_H
#define NORMFREEZE_REF_CACHE_H

#include "pg/base/compat.h"

/* Return the id that a ref of this many bytes means to the current user and snapshot.  Fails if there is none. */
extern int64 ResolveRef(const char *ref, int length);

#endif							/* NORMFREEZE_REF_CACHE_H */
