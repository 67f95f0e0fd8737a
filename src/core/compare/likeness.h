/*
 * likeness.h
 *		Do values look like those of a sample, up to rounding?
 */
#ifndef NORMFREEZE_CORE_LIKENESS_H
#define NORMFREEZE_CORE_LIKENESS_H

#include "core/exact/moments.h"
#include "core/values/histogram.h"

/*
 * How far the distribution functions are apart at least, somewhere, if every
 * value may have moved by `slack`; NaN without values.  Values that were
 * scaled and scaled back are not quite the same, and where many values are
 * equal, the Kolmogorov-Smirnov distance makes much of that: this does not.
 * (A distance of Levy's kind, with the tolerance fixed.)
 */
extern double DistanceAtLeast(const Moments *reference, const Histogram *reference_values,
							  const Moments *live, const Histogram *live_values, double slack);

/* The distance that chance alone exceeds once in a hundred samples of these sizes, at most. */
extern double DistanceByChance(int64_t n, int64_t m);

#endif							/* NORMFREEZE_CORE_LIKENESS_H */
