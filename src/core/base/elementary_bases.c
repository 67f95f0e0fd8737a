/*
 * elementary_bases.c
 *		Correctly rounded logarithms and powers of 2 and of 10.
 *
 * They are those of e times a constant, in the argument or in the result; the product of pairs adds
 * little to the errors of LogPair() and ExpPair().
 */
#include "core/base/elementary.h"

#include "core/base/elementary_pairs.h"

static const DoubleDouble inverse_ln2 = {INVERSE_LN2_HI, INVERSE_LN2_LO};
static const DoubleDouble inverse_ln10 = {INVERSE_LN10_HI, INVERSE_LN10_LO};
static const DoubleDouble ln2 = {LN2_HI, LN2_LO};
static const DoubleDouble ln10 = {LN10_HI, LN10_LO};

/*
 * log(x) times a constant below 1.5.  Its error is that of log x, times the constant, and that of the product: a
 * few u^2 of it, 2^-100.
 */
static inline double
RoundedLogTimes(double x, DoubleDouble constant, ElementaryFunction function)
{
	uint64_t	bits = DoubleBits(x);
	int			e;
	double		error;
	double		result;
	DoubleDouble log;

	if (bits - 1 >= INFINITY_BITS - 1)
	{
		if (x == 0.0)
			return -INFINITY;
		return x > 0.0 ? x : NAN;	/* infinity, negative or NaN */
	}
	bits = NormalizedBits(x, &e);
	log = LogPair(bits, e, 0.0, &error);
	log = PairTimesPair(FastTwoSum(log.hi, log.lo), constant);
	if (RoundsSafely(log.hi, log.lo, 1.5 * error + fabs(log.hi) * 0x1p-100, &result))
		return result;
	return ElementaryByMpfr(function, x, 0.0, false);
}

double
RoundedLog2(double x)
{
	return RoundedLogTimes(x, inverse_ln2, ELEMENTARY_LOG2);
}

double
RoundedLog10(double x)
{
	return RoundedLogTimes(x, inverse_ln10, ELEMENTARY_LOG10);
}

/*
 * 2^x is 2^n 2^f for the integer n nearest to x.  f is exact, and so is the leading part of f ln 2, which is off by
 * less than 2^-97: ln 2 has 97 bits, and two operations are rounded.
 */
double
RoundedExp2(double x)
{
	double		result;
	double		n;
	DoubleDouble v;
	int			e;

	if (!(x > -1076.0 && x < 1024.0))
	{
		if (isnan(x))
			return NAN;
		return x > 0.0 ? INFINITY : 0.0;
	}
	if (fabs(x) < 0x1p-54)
		return 1.0;
	n = rint(x);
	v = ExpPair(PairTimesDouble(ln2, x - n), &e);
	if (RoundScaled(v, e + (int) n, EXP_ERROR + 0x1p-94, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_EXP2, x, 0.0, false);
}

/* 10^x is exp(x ln 10); the product is off by a few u^2 of at most 747, 2^-92, which exp at most doubles. */
double
RoundedExp10(double x)
{
	double		result;
	DoubleDouble v;
	int			e;

	if (!(x > -324.0 && x < 309.0))
	{
		if (isnan(x))
			return NAN;
		return x > 0.0 ? INFINITY : 0.0;
	}
	if (fabs(x) < 0x1p-56)
		return 1.0;
	v = ExpPair(PairTimesDouble(ln10, x), &e);
	if (RoundScaled(v, e, EXP_ERROR + 0x1p-90, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_EXP10, x, 0.0, false);
}

float
RoundedLog2Single(float x)
{
	return NarrowSafely(RoundedLog2(x), ELEMENTARY_LOG2, x, 0.0);
}

float
RoundedLog10Single(float x)
{
	return NarrowSafely(RoundedLog10(x), ELEMENTARY_LOG10, x, 0.0);
}

float
RoundedExp2Single(float x)
{
	return NarrowSafely(RoundedExp2(x), ELEMENTARY_EXP2, x, 0.0);
}

float
RoundedExp10Single(float x)
{
	return NarrowSafely(RoundedExp10(x), ELEMENTARY_EXP10, x, 0.0);
}
