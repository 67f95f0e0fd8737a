/*
 * elementary.c
 *		Correctly rounded log, log1p, exp, expm1 and pow.
 *
 * Each function is evaluated in double-double arithmetic, with an error bound.  If that does not
 * decide the rounding, MPFR computes the result with as many bits as it takes (Ziv's strategy, as
 * in Sibidanov, Zimmermann and Glondu, "The CORE-MATH Project", ARITH 2022).
 */
#include "core/base/elementary.h"

#include <float.h>
#include <math.h>

#include "core/base/elementary_pairs.h"

double
RoundedLog(double x)
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
	if (RoundsSafely(log.hi, log.lo, error, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_LOG, x, 0.0, false);
}

double
RoundedLog1p(double x)
{
	double		error;
	double		result;
	DoubleDouble log;

	if (!(x > -1.0) || x == INFINITY)
	{
		if (x == -1.0)
			return -INFINITY;
		return x > 0.0 ? x : NAN;
	}
	if (fabs(x) < 0x1p-54)
		return x;				/* x^2/2 is below a quarter of x's last place */
	if (fabs(x) < 0x1p-8)
		log = LogNearOne(x, 0.0, 0.0, 0.0, &error);
	else
	{
		DoubleDouble s = TwoSum(1.0, x);

		log = LogPair(DoubleBits(s.hi), 0, s.lo, &error);
	}
	if (RoundsSafely(log.hi, log.lo, error, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_LOG1P, x, 0.0, false);
}

double
RoundedExp(double x)
{
	double		result;
	DoubleDouble v;
	int			e;

	if (!(fabs(x) < 746.0))
	{
		if (isnan(x))
			return NAN;
		return x > 0.0 ? INFINITY : 0.0;
	}
	if (fabs(x) < 0x1p-54)
		return 1.0;
	v = ExpPair((DoubleDouble) {x, 0.0}, &e);
	if (RoundScaled(v, e, EXP_ERROR, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_EXP, x, 0.0, false);
}

/*
 * expm1(x) for |x| < 2^-7: x + x^2/2 + x^3 P(x), with bounds as in
 * LogNearOne: 2^-52.2 |x|^3 for five roundings of x^3/6 and those of the
 * sums, 2^-77 x^2 for the square, x^11/11! for the remainder.
 */
static inline DoubleDouble
Expm1NearZero(double x, double *error)
{
	double		x_hi = LeadingHalf(x);
	double		x_lo = x - x_hi;
	double		square = x * x;
	double		cube = square * x;
	double		p = ((0x1.5555555555555p-3 + x * 0x1.5555555555555p-5) +
					 square * ((0x1.1111111111111p-7 + x * 0x1.6c16c16c16c17p-10) +
							   square * ((0x1.a01a01a01a01ap-13 + x * 0x1.a01a01a01a01ap-16) +
										 square * (0x1.71de3a556c734p-19 + x * 0x1.27e4fb7789f5cp-22))));
	DoubleDouble s = FastTwoSum(x, 0.5 * x_hi * x_hi);

	*error = fabs(cube) * 0x1p-51 + fabs(x) * 0x1p-80;
	return (DoubleDouble) {s.hi, s.lo + x_lo * (x_hi + 0.5 * x_lo) + cube * p};
}

double
RoundedExpm1(double x)
{
	double		error = EXP_ERROR;
	double		result;
	DoubleDouble v;
	int			e = 0;

	if (!(fabs(x) < 710.0))
	{
		if (isnan(x))
			return NAN;
		return x > 0.0 ? INFINITY : -1.0;
	}
	if (fabs(x) < 0x1p-54)
		return x;
	if (x < -38.0)
		return -1.0;			/* exp(x) is below 2^-54 */
	if (fabs(x) < 0x1p-7)
		v = Expm1NearZero(x, &error);
	else
	{
		v = ExpPair((DoubleDouble) {x, 0.0}, &e);
		if (e < 100)
		{
			/* less 1, as a pair; the error scales exactly */
			double		scale = PowerOfTwo(e);
			DoubleDouble s = TwoSum(v.hi * scale, -1.0);

			v = FastTwoSum(s.hi, s.lo + v.lo * scale);
			error = error * scale + 0x1p-100;
			e = 0;
		}
		else
			error += 0x1p-99;	/* the 1 */
	}
	if (RoundScaled(v, e, error, &result))
		return result;
	return ElementaryByMpfr(ELEMENTARY_EXPM1, x, 0.0, false);
}

/* Return whether y is an integer, and set *odd to whether it is odd. */
static inline int
IntegerParity(double y, bool *odd)
{
	double		magnitude = fabs(y);

	*odd = false;
	if (magnitude >= 0x1p53)
		return true;			/* even */
	*odd = magnitude == floor(magnitude) && ((int64_t) magnitude & 1);
	return magnitude == floor(magnitude);
}

/* Return pow(x, y) by C99 F.9.4.4 unless x is finite and not 0, and y is finite. */
static double __attribute__((noinline, cold))
PowSpecial(double x, double y)
{
	bool		odd;

	if (y == 0.0 || x == 1.0)
		return 1.0;
	if (isnan(x) || isnan(y))
		return NAN;
	if (isinf(y))
	{
		if (fabs(x) == 1.0)
			return 1.0;
		return (fabs(x) > 1.0) == (y > 0.0) ? INFINITY : 0.0;
	}
	IntegerParity(y, &odd);
	if (x == 0.0)
	{
		if (y > 0.0)
			return odd ? x : 0.0;
		return odd && signbit(x) ? -INFINITY : INFINITY;
	}
	if (y > 0.0)
		return x < 0.0 && odd ? -INFINITY : INFINITY;
	return x < 0.0 && odd ? -0.0 : 0.0;
}

/*
 * exp(y log x).  The error of log x, at most 2^-74, is multiplied by |y|;
 * the product's own error is a few u^2 |y log x|, 2^-94 (see
 * PairTimesDouble).  exp passes an absolute error on as a relative one: at
 * most twice as much in units of hi.
 */
double
RoundedPow(double x, double y)
{
	uint64_t	bits = DoubleBits(x) & MAGNITUDE_MASK;
	double		sign = 1.0;
	double		error;
	double		result;
	DoubleDouble v;
	DoubleDouble log;
	int			e;

	if (bits - 1 >= INFINITY_BITS - 1 || !IsFiniteBits(DoubleBits(y)) || y == 0.0)
		return PowSpecial(x, y);

	/* IEEE 754 rounds these correctly, with exact cases and ties */
	if (y == 1.0)
		return x;
	if (y == 2.0)
		return x * x;
	if (y == -1.0)
		return 1.0 / x;
	if (x < 0.0)
	{
		bool		odd;

		if (!IntegerParity(y, &odd))
			return NAN;
		if (odd)
			sign = -1.0;
		x = -x;
	}
	else if (y == 0.5)
		return sqrt(x);
	if (x == 1.0)
		return sign;

	/* |log x| is between 2^-53.1 and 2^9.6 */
	if (fabs(y) < 0x1p-64)
		return sign;
	if (fabs(y) > 0x1p64)
		return sign * ((x > 1.0) == (y > 0.0) ? INFINITY : 0.0);

	bits = NormalizedBits(x, &e);
	log = LogPair(bits, e, 0.0, &error);
	v = PairTimesDouble(FastTwoSum(log.hi, log.lo), y);
	if (v.hi > 710.0)
		return sign * INFINITY;
	if (v.hi < -746.0)
		return sign * 0.0;
	error = 2.0 * fabs(y) * error + 0x1p-92 + EXP_ERROR;
	v = ExpPair(v, &e);
	if (RoundScaled(v, e, error, &result))
		return sign * result;
	return sign * ElementaryByMpfr(ELEMENTARY_POW, x, y, false);
}

/* ---- pairs ---- */

DoubleDouble
LogAsPair(double x)
{
	int			e;
	uint64_t	bits = NormalizedBits(x, &e);
	double		error;
	DoubleDouble log = LogPair(bits, e, 0.0, &error);

	return FastTwoSum(log.hi, log.lo);
}

DoubleDouble
LogOfOnePlusPair(DoubleDouble z)
{
	double		error;
	DoubleDouble log = LogNearOne(z.hi, z.lo, 0.0, 0.0, &error);

	return FastTwoSum(log.hi, log.lo);
}

DoubleDouble
Log1pAsPair(double x)
{
	DoubleDouble s;
	DoubleDouble log;
	double		error;

	if (x < 0x1p-8)
		return LogOfOnePlusPair((DoubleDouble) {x, 0.0});
	s = TwoSum(1.0, x);
	log = LogPair(DoubleBits(s.hi), 0, s.lo, &error);
	return FastTwoSum(log.hi, log.lo);
}

DoubleDouble
Expm1AsPair(DoubleDouble p)
{
	DoubleDouble v;
	DoubleDouble s;
	double		scale;
	double		error;
	int			e;

	if (p.hi < -50.0)
		return (DoubleDouble) {-1.0, 0.0};
	if (!(p.hi < 709.0))
		return (DoubleDouble) {INFINITY, 0.0};
	if (fabs(p.hi) < 0x1p-7)
	{
		v = Expm1NearZero(p.hi, &error);
		return FastTwoSum(v.hi, v.lo + (p.lo + p.lo * p.hi));
	}
	v = ExpPair(p, &e);
	scale = PowerOfTwo(e);
	s = TwoSum(v.hi * scale, -1.0);
	return FastTwoSum(s.hi, s.lo + v.lo * scale);
}

float
RoundedLogSingle(float x)
{
	return NarrowSafely(RoundedLog(x), ELEMENTARY_LOG, x, 0.0);
}

float
RoundedLog1pSingle(float x)
{
	return NarrowSafely(RoundedLog1p(x), ELEMENTARY_LOG1P, x, 0.0);
}

float
RoundedExpSingle(float x)
{
	return NarrowSafely(RoundedExp(x), ELEMENTARY_EXP, x, 0.0);
}

float
RoundedExpm1Single(float x)
{
	return NarrowSafely(RoundedExpm1(x), ELEMENTARY_EXPM1, x, 0.0);
}

float
RoundedPowSingle(float x, float y)
{
	double		square = (double) x * x;	/* exact */

	/*
	 * Often halfway between two floats, for integers.  Rounding x^3 or x^4 twice
	 * is harmless for every x: among all 2^23 significands there is none whose
	 * power is rounded to 25 bits or fewer in the first step (the tests look).
	 */
	if (y == 2.0f)
		return (float) square;
	if (y == 3.0f)
		return (float) (square * x);
	if (y == 4.0f)
		return (float) (square * square);

	/*
	 * 24 bits rarely need the pair: log x to 53 bits times y is off by at most
	 * 80 * 2^-52, and exp by twice that.
	 */
	if (x > 0.0f && x < INFINITY && fabsf(y) < 0x1p24f)
	{
		double		error;
		DoubleDouble log = LogPair(DoubleBits(x), 0, 0.0, &error);
		double		v = (log.hi + log.lo) * y;

		if (fabs(v) < 80.0)
		{
			int			e;
			DoubleDouble exp = ExpPair((DoubleDouble) {v, 0.0}, &e);
			double		near = exp.hi + exp.lo;
			float		result = (float) (near - 0x1p-43);

			if (result == (float) (near + 0x1p-43))
				return (float) (result * PowerOfTwo(e));	/* normal: exp(-80) is */
		}
	}
	return NarrowSafely(RoundedPow(x, y), ELEMENTARY_POW, x, y);
}
