/*
 * parameter_bounds.h
 *		Parameters against a distribution that is not exact.
 *
 * Exact order statistics cannot be derived from the cells of a histogram, but
 * its cells bound them: there is an interval that must hold a percentile, and
 * so one that must hold what is computed from percentiles.
 */
#ifndef NORMFREEZE_CORE_PARAMETER_BOUNDS_H
#define NORMFREEZE_CORE_PARAMETER_BOUNDS_H

#include "core/exact/moments.h"
#include "core/values/histogram.h"

struct FeatureRecipe;

/* Return whether this can be the median of the values in these cells. */
extern bool CellsHoldMedian(double value, const Moments *moments, const Histogram *cells);

/*
 * Return whether the feature's parameters can be those of the values in these cells.  Methods have these
 * functions as parameters_fit.  They check all parameters about which cells say something.
 */
extern bool RobustParametersFit(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);
extern bool CenterIsMedian(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);
extern bool QuantilesFit(const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);

#endif							/* NORMFREEZE_CORE_PARAMETER_BOUNDS_H */
