/*
 * hyperbolic.c
 *		Correctly rounded asinh and sinh.
 */
#include "core/base/elementary.h"

#include "core/base/elementary_pairs.h"

/* Return x^2 exactly. */
static inline DoubleDouble
Square(double x)
{
	double		square = x * x;
	double		high = LeadingHalf(x);
	double		low = x - high;

	return (DoubleDouble) {square, (high * high - square) + 2.0 * high * low + low * low};
}

/*
 * asinh(x) for |x| < 2^-7: x less x^3 P(x^2), by Taylor.  As in LogNearOne, what is rounded is below
 * |x|^3/6; seven roundings and the remainder, 0.018 x^13, are below 2^-52 |x|^3 together.
 */
static inline DoubleDouble
AsinhNearZero(double x, double *error)
{
	double		square = x * x;
	double		cube = square * x;
	double		p = ((0x1.5555555555555p-3 - square * 0x1.3333333333333p-4) +
					 square * square * ((0x1.6db6db6db6db7p-5 - square * 0x1.f1c71c71c71c7p-6) +
										square * square * 0x1.6e8ba2e8ba2e9p-6));

	*error = fabs(cube) * 0x1p-52;
	return (DoubleDouble) {x, -cube * p};
}

/*
 * log(x + sqrt(x^2 + 1)) for 2^-7 <= x.  The root is s with a correction, (x^2 + 1 - s^2) / 2 s, whose quotient is
 * rounded three times and whose square is left out: off by a few u^2, which is 2^-100 in the result.  From 2^40 on
 * the argument is 2 x, and 1/(4 x^2) is left out: 2^-82.
 */
static inline DoubleDouble
AsinhByLog(double x, double *error)
{
	DoubleDouble log;

	if (x >= 0x1p40)
		log = LogPair(DoubleBits(x), 1, 0.0, error);
	else
	{
		DoubleDouble square = Square(x);
		DoubleDouble sum = TwoSum(square.hi, 1.0);
		double		s = sqrt(sum.hi);
		double		half = 0.5 / s;
		DoubleDouble root_square = Square(s);
		DoubleDouble argument = FastTwoSum(s, x);
		double		rest = (sum.hi - root_square.hi) + ((sum.lo - root_square.lo) + square.lo);

		argument = FastTwoSum(argument.hi, argument.lo + rest * half);
		log = LogPair(DoubleBits(argument.hi), 0, argument.lo, error);
	}
	*error += 0x1p-81;
	return log;
}

double
RoundedAsinh(double x)
{
	double		magnitude = fabs(x);
	double		error;
	double		result;
	DoubleDouble v;

	if (!(magnitude < INFINITY) || magnitude < 0x1p-26)
		return x;				/* x^3/6 is below a quarter of x's last place */
	if (magnitude < 0x1p-7)
		v = AsinhNearZero(magnitude, &error);
	else
		v = AsinhByLog(magnitude, &error);
	if (RoundsSafely(v.hi, v.lo, error, &result))
		return copysign(result, x);
	return ElementaryByMpfr(ELEMENTARY_ASINH, x, 0.0, false);
}

/* sinh(x) for |x| < 2^-7: x plus x^3 P(x^2), by Taylor, with a bound as above; the remainder is below x^13 / 13!. */
static inline DoubleDouble
SinhNearZero(double x, double *error)
{
	double		square = x * x;
	double		cube = square * x;
	double		p = ((0x1.5555555555555p-3 + square * 0x1.1111111111111p-7) +
					 square * square * ((0x1.a01a01a01a01ap-13 + square * 0x1.71de3a556c734p-19) +
										square * square * 0x1.ae64567f544e4p-26));

	*error = fabs(cube) * 0x1p-52;
	return (DoubleDouble) {x, cube * p};
}

/* (exp(x) - exp(-x)) / 2 for 2^-7 <= x < 40.  Both errors scale exactly; the sums' are below 2^-100 of exp(x). */
static inline DoubleDouble
SinhByExp(double x, double *error)
{
	int			up;
	int			down;
	DoubleDouble grows = ExpPair((DoubleDouble) {x, 0.0}, &up);
	DoubleDouble falls = ExpPair((DoubleDouble) {-x, 0.0}, &down);
	double		greater = PowerOfTwo(up - 1);
	double		less = PowerOfTwo(down - 1);
	DoubleDouble s = TwoSum(grows.hi * greater, -falls.hi * less);

	*error = EXP_ERROR * (greater + less) + greater * 0x1p-98;
	return FastTwoSum(s.hi, s.lo + (grows.lo * greater - falls.lo * less));
}

double
RoundedSinh(double x)
{
	double		magnitude = fabs(x);
	double		error;
	double		result;
	DoubleDouble v;
	int			e = 0;

	if (!(magnitude < 712.0))
		return isnan(x) ? NAN : copysign(INFINITY, x);
	if (magnitude < 0x1p-26)
		return x;
	if (magnitude < 0x1p-7)
		v = SinhNearZero(magnitude, &error);
	else if (magnitude < 40.0)
		v = SinhByExp(magnitude, &error);
	else
	{
		v = ExpPair((DoubleDouble) {magnitude, 0.0}, &e);
		e--;
		error = EXP_ERROR + 0x1p-99;	/* exp(-2 x) is left out */
	}
	if (RoundScaled(v, e, error, &result))
		return copysign(result, x);
	return ElementaryByMpfr(ELEMENTARY_SINH, x, 0.0, false);
}

float
RoundedAsinhSingle(float x)
{
	return NarrowSafely(RoundedAsinh(x), ELEMENTARY_ASINH, x, 0.0);
}

float
RoundedSinhSingle(float x)
{
	return NarrowSafely(RoundedSinh(x), ELEMENTARY_SINH, x, 0.0);
}
