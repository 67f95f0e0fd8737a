/*
 * power_likelihood.h
 *		The likelihood of a power transformation, exact up to one rounding of each term.
 */
#ifndef NORMFREEZE_CORE_POWER_LIKELIHOOD_H
#define NORMFREEZE_CORE_POWER_LIKELIHOOD_H

#include "core/base/double_double.h"

/* The two families of transformations. */
typedef enum PowerFamily
{
	POWER_YEO_JOHNSON,
	POWER_BOX_COX
} PowerFamily;

/*
 * How values are seen while one exponent is tried.
 *
 * A value's base u is x by Box and Cox, 1 + |x| by Yeo and Johnson, and its
 * place is log(u / reference) / 2^scale, at most 1 in magnitude.  Values of one
 * sign have an end of their range as reference, so that their differences
 * cancel nothing, and the exponent is lambda, or 2 - lambda for negative ones.
 * Values of both signs have the reference 1, at which a value of 0 is, and the
 * exponent is lambda.
 */
typedef struct PowerFrame
{
	bool		box_cox;
	bool		both_signs;
	double		reference;		/* magnitude of the reference */
	DoubleDouble base;			/* u at the reference, times unit */
	double		unit;			/* a power of two that keeps quotients within range */
	DoubleDouble base_log;
	int			scale;
	double		exponent[2];	/* for values from 0 on, and for those below, times 2^scale */
	double		place[2];		/* of the least and of the greatest value */
	int			z_scale;
	int			w_scale;
	int			v_scale;
} PowerFrame;

/* An integer of 192 bits in two's complement.  Sums of such do not depend on any order. */
typedef struct WideSum
{
	uint64_t	limbs[3];
} WideSum;

/* What is summed over the values. */
typedef enum PowerSum
{
	SUM_PLACE,					/* places with the signs of their values: the logarithms of the Jacobian */
	SUM_Z,						/* transformed values, relative to the reference */
	SUM_W,						/* their first derivatives by the exponent */
	SUM_V,						/* their second derivatives by the exponent */
	SUM_ZZ,
	SUM_ZW,
	SUM_WW,
	SUM_ZV,
	POWER_SUMS
} PowerSum;

/* The sums over some values. */
typedef struct PowerSums
{
	int64_t		count;
	WideSum		sums[POWER_SUMS];
} PowerSums;

/* The derivative of the log-likelihood by the exponent for each value, in units of places. */
typedef struct PowerScore
{
	double		score;
	double		slope;			/* its own derivative */
	double		mean;			/* of places */
	double		deviation;		/* of transformed values, divided by the derivative at the reference */
} PowerScore;

/*
 * Find the range of exponents with which no value in [low, high] is transformed to more than float8 holds; for
 * Yeo and Johnson, none that is 20 times as large.
 */
extern void PowerExponentRange(PowerFamily family, double low, double high, double *least, double *greatest);

/* Return whether PowerFrameInit() may be called with these arguments.  A check of untrusted plans. */
extern bool PowerCanBeTried(PowerFamily family, double exponent, double low, double high);

/*
 * Set up a frame for an exponent within that range, and values in [low, high]. low < high, and low > 0 for Box
 * and Cox.
 */
extern void PowerFrameInit(PowerFrame *frame, PowerFamily family, double exponent, double low, double high);

/* Add a finite x so many times.  An x outside of [low, high] makes the result useless, but does no harm. */
extern void PowerSumsAdd(PowerSums *sums, const PowerFrame *frame, double x, uint64_t times);

/* Add the sums over other values. */
extern void PowerSumsMerge(PowerSums *sums, const PowerSums *other);

/* Return the score from the sums over all values. */
extern PowerScore ScoreOfPowerSums(const PowerSums *sums, const PowerFrame *frame);

#define POWER_MOST_EXPONENT		0x1p60	/* times 2^scale; no likelihood of fewer values asks for more */

/* Return whether all values are negative, so that the exponent is 2 - lambda. */
static inline bool
PowerIsMirrored(PowerFamily family, double low, double high)
{
	return family == POWER_YEO_JOHNSON && low < 0 && high <= 0;
}

#endif							/* NORMFREEZE_CORE_POWER_LIKELIHOOD_H */
