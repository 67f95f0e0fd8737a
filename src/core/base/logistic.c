/*
 * logistic.c
 *		Correctly rounded logit and its inverse, the logistic function expit.
 */
#include "core/base/elementary.h"

#include "core/base/elementary_pairs.h"

/* Return a / b, with a relative error of a few u^2 (Handbook, algorithm 5.12). */
static inline DoubleDouble
PairOverPair(DoubleDouble a, DoubleDouble b)
{
	double		q = a.hi / b.hi;
	DoubleDouble p = TwoProduct(q, b.hi);

	return FastTwoSum(q, ((a.hi - p.hi) - p.lo + (a.lo - q * b.lo)) / b.hi);
}

/*
 * 2 atanh(d) for |d| < 2^-8, d = 2 p - 1, which is exact: 2 d + d^3 P(d^2), by Taylor.  What is rounded is below
 * 2 |d|^3/3: six roundings and the remainder, 2 d^11/11, are below 2^-51 |d|^3 together.
 */
static inline DoubleDouble
LogitNearHalf(double d, double *error)
{
	double		square = d * d;
	double		cube = square * d;
	double		p = ((0x1.5555555555555p-1 + square * 0x1.999999999999ap-2) +
					 square * square * (0x1.2492492492492p-2 + square * 0x1.c71c71c71c71cp-3));

	*error = fabs(cube) * 0x1p-51;
	return (DoubleDouble) {2.0 * d, cube * p};
}

/*
 * log(p / (1 - p)) by pairs: the quotient is off by a few u^2 of itself.  Below 2^-90 it is p, and p^2 is left
 * out.
 */
static inline DoubleDouble
LogitByLog(double p, double *error)
{
	DoubleDouble ratio;
	DoubleDouble log;
	int			e;

	if (p < 0x1p-90)
	{
		uint64_t	bits = NormalizedBits(p, &e);

		log = LogPair(bits, e, 0.0, error);
	}
	else
	{
		ratio = PairOverPair((DoubleDouble) {p, 0.0}, TwoSum(1.0, -p));
		log = LogPair(DoubleBits(ratio.hi), 0, ratio.lo, error);
	}
	*error += 0x1p-89;
	return log;
}

double
RoundedLogit(double p)
{
	double		d = 2.0 * p - 1.0;
	double		error;
	double		result;
	DoubleDouble v;

	if (!(p > 0.0 && p < 1.0))
		return p == 0.0 ? -INFINITY : p == 1.0 ? INFINITY : NAN;
	if (fabs(d) < 0x1p-8)
		v = LogitNearHalf(d, &error);
	else
		v = LogitByLog(p, &error);
	if (RoundsSafely(v.hi, v.lo, error, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_LOGIT, p, 0.0, false);
}

/*
 * 1 / (1 + exp(-x)), which is exp(x) / (1 + exp(x)), as a pair times 2^*exponent, for |x| < 746.  The exponential is
 * off by EXP_ERROR, its sum with 1 by at most half of that, and pairs add a few u^2: 2 EXP_ERROR together.
 */
static inline DoubleDouble
ExpitPair(double x, int *exponent)
{
	const DoubleDouble one = {1.0, 0.0};
	int			e;
	DoubleDouble v = ExpPair((DoubleDouble) {-fabs(x), 0.0}, &e);
	double		scale = e < -150 ? 0.0 : PowerOfTwo(e);
	DoubleDouble sum = PairPlusPair(one, (DoubleDouble) {v.hi * scale, v.lo * scale});

	*exponent = x > 0.0 ? 0 : e;
	return PairOverPair(x > 0.0 ? one : v, sum);
}

double
RoundedExpit(double x)
{
	double		result;
	DoubleDouble v;
	int			e;

	if (!(fabs(x) < 746.0))
	{
		if (isnan(x))
			return NAN;
		return x > 0.0 ? 1.0 : 0.0;
	}
	if (x > 38.0)
		return 1.0;				/* exp(-x) is below 2^-54 */
	if (fabs(x) < 0x1p-54)
		return 0.5;
	v = ExpitPair(x, &e);
	if (RoundScaled(v, e, 2.0 * EXP_ERROR, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_EXPIT, x, 0.0, false);
}

float
RoundedLogitSingle(float p)
{
	return NarrowSafely(RoundedLogit(p), ELEMENTARY_LOGIT, p, 0.0);
}

float
RoundedExpitSingle(float x)
{
	return NarrowSafely(RoundedExpit(x), ELEMENTARY_EXPIT, x, 0.0);
}
