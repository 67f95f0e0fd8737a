/*
 * ref_cache.h
 *		The ids that refs mean, looked up once for all calls of a session.
 */
#ifndef NORMFREEZE_REF_CACHE_H
#define NORMFREEZE_REF_CACHE_H

#include "pg/base/compat.h"

/* The id that a ref of so many bytes means to the current user and snapshot. */
extern int64 ResolveRef(const char *ref, int length);

#endif							/* NORMFREEZE_REF_CACHE_H */
