/*
 * power_likelihood.h
 *		The likelihood of a power transformation, up to rounding exact.
 */
#ifndef NORMFREEZE_CORE_POWER_LIKELIHOOD_H
#define NORMFREEZE_CORE_POWER_LIKELIHOOD_H

#include "core/base/double_double.h"

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
	double		reference;		/* the magnitude at it */
	DoubleDouble base;			/* u at it, times unit */
	double		unit;			/* a power of two that keeps quotients within range */
	DoubleDouble base_log;
	int			scale;
	double		exponent[2];	/* of values from 0 on, and below, times 2^scale */
	double		place[2];		/* of the least and of the greatest value */
	int			z_scale;
	int			w_scale;
	int			v_scale;
} PowerFrame;

/* An integer of 192 bits in two's complement: exact, so free of any order. */
typedef struct WideSum
{
	uint64_t	limbs[3];
} WideSum;

typedef enum PowerSum
{
	SUM_PLACE,					/* signed: of the logarithms of the Jacobian */
	SUM_Z,						/* transformed values, as seen from the reference */
	SUM_W,						/* their first derivatives by the exponent */
	SUM_V,						/* and the second ones */
	SUM_ZZ,
	SUM_ZW,
	SUM_WW,
	SUM_ZV,
	POWER_SUMS
} PowerSum;

typedef struct PowerSums
{
	int64_t		count;
	WideSum		sums[POWER_SUMS];
} PowerSums;

/* The derivative of the log-likelihood by the exponent, for each value, in units of places. */
typedef struct PowerScore
{
	double		score;
	double		slope;			/* its own derivative */
	double		mean;			/* of places */
	double		deviation;		/* of transformed values, divided by the derivative at the reference */
} PowerScore;

/*
 * Find the range of exponents by which no value in [low, high], and for Yeo and Johnson none that is 20 times
 * as large, transforms to more than float8 holds.
 */
extern void PowerExponentRange(PowerFamily family, double low, double high, double *least, double *greatest);

/* Return whether PowerFrameInit() may be called with this exponent and these values.  A check of untrusted plans. */
extern bool PowerCanBeTried(PowerFamily family, double exponent, double low, double high);

/* For an exponent within that range, and values in [low, high], low < high; low > 0 for Box and Cox. */
extern void PowerFrameInit(PowerFrame *frame, PowerFamily family, double exponent, double low, double high);

/* Add x, which must be finite.  An x outside of [low, high] makes the result useless, but nothing else. */
extern void PowerSumsAdd(PowerSums *sums, const PowerFrame *frame, double x, uint64_t times);
extern void PowerSumsMerge(PowerSums *sums, const PowerSums *other);
extern PowerScore ScoreOfPowerSums(const PowerSums *sums, const PowerFrame *frame);

#define POWER_MOST_EXPONENT		0x1p60	/* times 2^scale: what no likelihood of fewer values asks for */

/* Return whether all values are negative, so that the exponent is 2 - lambda. */
static inline bool
PowerIsMirrored(PowerFamily family, double low, double high)
{
	return family == POWER_YEO_JOHNSON && low < 0 && high <= 0;
}

#endif							/* NORMFREEZE_CORE_POWER_LIKELIHOOD_H */
