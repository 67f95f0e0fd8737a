/*
 * likeness.h
 *		The distance of two distributions, where values may have been rounded: for audits without the raw
 *		values.
 */
#ifndef NORMFREEZE_CORE_LIKENESS_H
#define NORMFREEZE_CORE_LIKENESS_H

#include "core/exact/moments.h"
#include "core/values/histogram.h"

/*
 * Return a lower bound of the greatest distance between the two distribution functions if every value may have
 * moved by up to "slack"; NaN if there are no values.
 *
 * Values that were scaled and scaled back differ by their rounding.  That changes the Kolmogorov-Smirnov
 * distance much if many values are equal, but not this one.  It is a distance of Levy's kind with a fixed
 * tolerance.
 */
extern double DistanceAtLeast(const Moments *reference, const Histogram *reference_values,
							  const Moments *live, const Histogram *live_values, double slack);

/* Return the distance that chance alone exceeds in at most one of a hundred pairs of samples of these sizes. */
extern double DistanceByChance(int64_t n, int64_t m);

#endif							/* NORMFREEZE_CORE_LIKENESS_H */
