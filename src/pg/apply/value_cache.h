/*
 * value_cache.h
 *		Scaler values that are ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_VALUE_CACHE_H
#define NORMFREEZE_VALUE_CACHE_H

#include "pg/base/compat.h"

#include "pg/scaler/loaded_scaler.h"

/* Return a scaler, which is no set, decoded.  Each one must be released by ReleaseScaler(). */
extern LoadedScaler *ValueCacheGet(const ScalerView *view);

#endif							/* NORMFREEZE_VALUE_CACHE_H */
