/*
 * stage_features.h
 *		What a stage promises its callers: the features it asks for.
 */
#ifndef NORMFREEZE_STAGE_FEATURES_H
#define NORMFREEZE_STAGE_FEATURES_H

#include "pg/base/compat.h"

/* How the features of frozen scaler new_id differ from those of old_id, as a sentence or more; NULL if not at all. */
extern char *FeatureChanges(int64 old_id, int64 new_id);

#endif							/* NORMFREEZE_STAGE_FEATURES_H */
