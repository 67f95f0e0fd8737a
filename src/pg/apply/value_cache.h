/*
 * value_cache.h
 *		Scaler values ready to be applied, kept for the session.
 */
#ifndef NORMFREEZE_VALUE_CACHE_H
#define NORMFREEZE_VALUE_CACHE_H

#include "pg/apply/scaler_cache.h"

/* A scaler that is no set, decoded.  Release each one by ScalerCacheRelease(). */
extern LoadedScaler *ValueCacheGet(const ScalerView *view);

#endif							/* NORMFREEZE_VALUE_CACHE_H */
