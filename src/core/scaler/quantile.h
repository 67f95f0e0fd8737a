/*
 * quantile.h
 *		Percentiles and medians with numpy's arithmetic.
 */
#ifndef NORMFREEZE_CORE_QUANTILE_H
#define NORMFREEZE_CORE_QUANTILE_H

#include "core/scaler/evidence.h"

/* NaN where the evidence is still to be gathered. */
extern double EvidenceMedian(Evidence *evidence);
extern double EvidencePercentile(Evidence *evidence, double percent);

/* The median of |x - center|, each distance rounded as numpy rounds it. */
extern double EvidenceMedianDistance(Evidence *evidence, double center);

#endif							/* NORMFREEZE_CORE_QUANTILE_H */
