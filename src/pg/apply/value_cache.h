/*
 * value_cache.h
 *		Scaler values ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_VALUE_CACHE_H
#define NORMFREEZE_VALUE_CACHE_H

#include "pg/base/compat.h"

#include "pg/scaler/loaded_scaler.h"

/* A scaler that is no set, decoded.  Release each one by ReleaseScaler(). */
extern LoadedScaler *ValueCacheGet(const ScalerView *view);

#endif							/* NORMFREEZE_VALUE_CACHE_H */
