/*
 * moments.h
 *		The exact count, range, sum and sum of squares of one feature's values, and statistics that follow from
 *		them.
 */
#ifndef NORMFREEZE_CORE_MOMENTS_H
#define NORMFREEZE_CORE_MOMENTS_H

#include "core/exact/exact_sum.h"

typedef struct Moments
{
	int64_t		count;			/* finite values */
	int64_t		nulls;
	int64_t		nans;
	int64_t		positive_infinities;
	int64_t		negative_infinities;
	double		min;			/* of the finite values; +Inf without one */
	double		max;			/* -Inf without one */
	ExactSum	sum;			/* in units of 2^-1074 */
	ExactSum	squares;		/* in units of 2^-2148 */
} Moments;

extern void MomentsInit(Moments *moments);
extern void MomentsAddFinite(Moments *moments, uint64_t bits);

/*
 * Add at most MOMENTS_OF_FEW finite values to moments that have none yet.
 * `room` is for MOMENTS_OF_FEW_LIMBS limbs, which sums mostly fit into, and
 * lives as long as they do.
 */
#define MOMENTS_OF_FEW			32
#define MOMENTS_OF_FEW_LIMBS	10
extern void MomentsAddFew(Moments *moments, const uint64_t *bits, int n, uint64_t *room);
extern void MomentsAddTimes(Moments *moments, double x, int64_t times);
extern void MomentsAddMissingOrInfinite(Moments *moments, uint64_t bits, bool is_null);
extern void MomentsMergeRange(Moments *moments, double min, double max);
extern void MomentsMerge(Moments *moments, const Moments *other);

/* Return whether both have the same count, range, sum and sum of squares. */
extern bool MomentsAreEqual(const Moments *a, const Moments *b);
extern void MomentsFree(Moments *moments);

/* Correctly rounded; NaN where undefined (no value, or count <= ddof). */
extern double MomentsSum(const Moments *moments);
extern double MomentsMean(const Moments *moments);
extern double MomentsVariance(const Moments *moments, int ddof);
extern double MomentsDeviation(const Moments *moments, int ddof);

/* The mean absolute deviation from the mean, given the moments of the values from the mean on. */
extern double MomentsMeanDistance(const Moments *moments, const Moments *from_mean);

/* The least float8 that is not below the exact mean. */
extern double MomentsMeanCeiling(const Moments *moments);

/* Return whether these can be the sums of `count` values within [min, max].  A check of untrusted bytes. */
extern bool MomentsAreConsistent(const Moments *moments);

static inline int64_t
MomentsMissing(const Moments *moments)
{
	return moments->nulls + moments->nans;
}

static inline int64_t
MomentsInfinite(const Moments *moments)
{
	return moments->positive_infinities + moments->negative_infinities;
}

#endif							/* NORMFREEZE_CORE_MOMENTS_H */
