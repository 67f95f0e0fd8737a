/*
 * quantile.h
 *		Percentiles and medians with numpy's arithmetic, and the most frequent value.
 */
#ifndef NORMFREEZE_CORE_QUANTILE_H
#define NORMFREEZE_CORE_QUANTILE_H

#include "core/scaler/evidence.h"

/* Return the median or a percentile of the values; NaN if a question is pending. */
extern double EvidenceMedian(Evidence *evidence);
extern double EvidencePercentile(Evidence *evidence, double percent);

/*
 * Return the least of the values that occur most often; NaN if there are none, or the question is pending.
 *
 * The evidence must be exact.
 */
extern double EvidenceMostFrequent(Evidence *evidence);

/* Return the median of |x - center|, each distance rounded as numpy rounds it. */
extern double EvidenceMedianDistance(Evidence *evidence, double center);

#endif							/* NORMFREEZE_CORE_QUANTILE_H */
