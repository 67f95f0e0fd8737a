/*
 * range_fit.h
 *		The range of a feature in a fit: by its rule, or of training.
 */
#ifndef NORMFREEZE_RANGE_FIT_H
#define NORMFREEZE_RANGE_FIT_H

#include "pg/base/compat.h"

#include "core/scaler/ranged_derive.h"
#include "pg/fit/fit_spec.h"

/* Fail if there is a rule for a range and nothing becomes of what lies outside. */
extern void CheckRangeIsUsed(const FeatureSpec *spec);

/* Fail if the range of a feature, or the statistics of what is inside, are not there with weights. */
extern void CheckRangeTakesWeights(const FeatureSpec *spec, const char *label);

/*
 * Set the range of a feature.
 *
 * A rule for it stays only if values outside are not kept and it gave a range, else the range is that of training.
 */
extern void SetRangeOfFeature(FeatureRecipe *recipe, const RangeRule *rule, const DerivedRange *range,
							  const Moments *moments);

/* Fail because a rule gives no range for a feature, or none that has values. */
pg_noreturn extern void RefuseRange(DeriveResult reason, const RangeRule *rule, const DerivedRange *range,
									const Moments *moments, const char *label);

#endif							/* NORMFREEZE_RANGE_FIT_H */
