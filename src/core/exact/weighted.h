/*
 * weighted.h
 *		The exact sums of weights, weighted values and weighted squares, and statistics that follow from them.
 */
#ifndef NORMFREEZE_CORE_WEIGHTED_H
#define NORMFREEZE_CORE_WEIGHTED_H

#include "core/exact/exact_sum.h"

/* The sums of one feature, over its finite values. */
typedef struct WeightedSums
{
	ExactSum	weights;		/* in units of 2^-1074 */
	ExactSum	values;			/* weight times value, in units of 2^-2148 */
	ExactSum	squares;		/* weight times value^2, in units of 2^-3222 */
} WeightedSums;

/* Add a finite value with its weight, which is positive and finite. */
extern void WeightedSumsAdd(WeightedSums *sums, double x, double weight);

/* Add the sums of other values. */
extern void WeightedSumsMerge(WeightedSums *sums, const WeightedSums *other);

/* Return whether all sums are equal. */
extern bool WeightedSumsAreEqual(const WeightedSums *a, const WeightedSums *b);

/*
 * Return statistics, correctly rounded: sum(w), sum(w x), sum(w x) / sum(w), sum(w (x - mean)^2) / sum(w), and the
 * square root of that.  Without weights they are NaN, but the sums are 0.
 */
extern double WeightedTotal(const WeightedSums *sums);
extern double WeightedSum(const WeightedSums *sums);
extern double WeightedMean(const WeightedSums *sums);
extern double WeightedVariance(const WeightedSums *sums);
extern double WeightedDeviation(const WeightedSums *sums);

/* Return whether these can be sums of values within [min, max].  A check of untrusted bytes. */
extern bool WeightedSumsAreConsistent(const WeightedSums *sums, double min, double max);

#endif							/* NORMFREEZE_CORE_WEIGHTED_H */
