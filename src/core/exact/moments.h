/*
 * moments.h
 *		The exact count, range, sum and sum of squares of one feature's values, and statistics that
 *		follow from them.
 */
#ifndef NORMFREEZE_CORE_MOMENTS_H
#define NORMFREEZE_CORE_MOMENTS_H

#include "core/exact/exact_sum.h"

/* The moments of one feature. */
typedef struct Moments
{
	int64_t		count;			/* number of finite values */
	int64_t		nulls;
	int64_t		nans;
	int64_t		positive_infinities;
	int64_t		negative_infinities;
	double		min;			/* of the finite values; Infinity without any */
	double		max;			/* of the finite values; -Infinity without any */
	ExactSum	sum;			/* in units of 2^-1074 */
	ExactSum	squares;		/* in units of 2^-2148 */
} Moments;

/* Set moments to those of no values. */
extern void MomentsInit(Moments *moments);

/* Add a finite value, given by its bits.  Exact in every floating-point environment. */
extern void MomentsAddFinite(Moments *moments, uint64_t bits);

#define MOMENTS_OF_FEW			32
#define MOMENTS_OF_FEW_LIMBS	10

/*
 * Add at most MOMENTS_OF_FEW finite values, given by their bits, to moments that have none yet.
 *
 * "room" is for MOMENTS_OF_FEW_LIMBS limbs, which sums mostly fit into, and must live as long as they do.
 */
extern void MomentsAddFew(Moments *moments, const uint64_t *bits, int n, uint64_t *room);

/* Add a value so many times.  It may be NaN or infinite. */
extern void MomentsAddTimes(Moments *moments, double x, int64_t times);

/* Count a value that is missing (NULL or NaN) or infinite. */
extern void MomentsAddMissingOrInfinite(Moments *moments, uint64_t bits, bool is_null);

/* Extend the range to these two values. */
extern void MomentsMergeRange(Moments *moments, double min, double max);

/* Add the moments of other values. */
extern void MomentsMerge(Moments *moments, const Moments *other);

/* Return whether both have the same count, range, sum and sum of squares. */
extern bool MomentsAreEqual(const Moments *a, const Moments *b);

/* Free the sums, and set moments to those of no values. */
extern void MomentsFree(Moments *moments);

/* Statistics, correctly rounded.  Without values, or with count <= ddof, they are NaN, but the sum is 0. */
extern double MomentsSum(const Moments *moments);
extern double MomentsMean(const Moments *moments);
extern double MomentsVariance(const Moments *moments, int ddof);
extern double MomentsDeviation(const Moments *moments, int ddof);

/* Return the mean absolute deviation from the mean, given the moments of the values that are not below the mean. */
extern double MomentsMeanDistance(const Moments *moments, const Moments *from_mean);

/* Return the least float8 that is not below the exact mean. */
extern double MomentsMeanCeiling(const Moments *moments);

/* Return whether these can be the sums of "count" values within [min, max].  A check of untrusted bytes. */
extern bool MomentsAreConsistent(const Moments *moments);

/* Return the number of missing values: NULL and NaN. */
static inline int64_t
MomentsMissing(const Moments *moments)
{
	return moments->nulls + moments->nans;
}

/* Return the number of infinite values. */
static inline int64_t
MomentsInfinite(const Moments *moments)
{
	return moments->positive_infinities + moments->negative_infinities;
}

#endif							/* NORMFREEZE_CORE_MOMENTS_H */
