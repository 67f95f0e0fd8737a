/*
 * parameter_bounds.h
 *		Checking parameters against a distribution that is not exact.
 *
 * Exact order statistics cannot be derived from the cells of a histogram, but cells bound them:
 * some interval must contain a percentile, and so some interval must contain what is computed
 * from percentiles.
 */
#ifndef NORMFREEZE_CORE_PARAMETER_BOUNDS_H
#define NORMFREEZE_CORE_PARAMETER_BOUNDS_H

#include "core/exact/moments.h"
#include "core/values/histogram.h"

struct FeatureRecipe;

/* Return whether this can be the median of the values in these cells. */
extern bool CellsHoldMedian(double value, const Moments *moments, const Histogram *cells);

/* Return whether the range that the feature has by a rule can be that of the values in these cells. */
extern bool RangeFits(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);

/*
 * Return whether the feature's parameters can be those of the values in these cells.  Methods refer to these
 * functions as parameters_fit.  All parameters about which cells tell something are checked.
 */
extern bool RobustParametersFit(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);
extern bool CenterIsMedian(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);
extern bool QuantilesFit(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);

#endif							/* NORMFREEZE_CORE_PARAMETER_BOUNDS_H */
