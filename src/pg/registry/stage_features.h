/*
 * stage_features.h
 *		Comparing the features of two frozen scalers, before promote() replaces one by the other.
 */
#ifndef NORMFREEZE_STAGE_FEATURES_H
#define NORMFREEZE_STAGE_FEATURES_H

#include "pg/base/compat.h"

/* Return how the features of frozen scaler new_id differ from those of old_id, in sentences; NULL if they do not. */
extern char *FeatureChanges(int64 old_id, int64 new_id);

#endif							/* NORMFREEZE_STAGE_FEATURES_H */
