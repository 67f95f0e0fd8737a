/*
 * cube_root.c
 *		Correctly rounded cube roots, and cubes.
 */
#include "core/base/elementary.h"

#include "core/base/elementary_pairs.h"

/* Return m in [1, 2) with x = m * 2^*e, for a finite x > 0. */
static inline double
SignificandOf(double x, int *e)
{
	uint64_t	bits = NormalizedBits(x, e);

	*e += (int) (bits >> 52) - 1023;
	return BitsDouble((bits & FRACTION_MASK) | DoubleBits(1.0));
}

/* a bound of the relative error of RootPair() */
#define ROOT_ERROR	0x1p-98

/*
 * The root y of m in [1, 8) as a pair: from a polynomial off by less than 2^-10, by two steps of Halley, each of
 * which cubes the error, and one of Newton in pairs.  There m - y^3 is off by a few u^2 of m, the quotient is
 * rounded, and the square of the error left out: below 2^-99 y together.
 */
static inline DoubleDouble
RootPair(double m, double y)
{
	DoubleDouble cube;

	for (int i = 0; i < 2; i++)
	{
		double		c = y * y * y;

		y = y * (c + (m + m)) / ((c + c) + m);
	}
	cube = PairTimesDouble(TwoProduct(y, y), y);
	return (DoubleDouble) {y, ((m - cube.hi) - cube.lo) / (3.0 * (y * y))};
}

double
RoundedCbrt(double x)
{
	static const double root_of_power[] = {1.0, 0x1.428a2f98d728bp+0, 0x1.965fea53d6e3dp+0};
	double		m;
	double		near;
	double		result;
	DoubleDouble y;
	int			e;
	int			third;

	if (x == 0.0 || !(fabs(x) < INFINITY))
		return x;
	m = SignificandOf(fabs(x), &e);
	third = (e + 3 * 1024) / 3 - 1024;	/* rounded down */
	e -= 3 * third;
	near = (0x1.3e370ep-1 + m * (0x1.c1fcfap-2 - m * 0x1.ee22c2p-5)) * root_of_power[e];
	y = RootPair(m * PowerOfTwo(e), near);
	if (RoundsSafely(y.hi, y.lo, y.hi * ROOT_ERROR, &result))
		return copysign(result * PowerOfTwo(third), x);
	return ElementaryByMpfr(ELEMENTARY_CBRT, x, 0.0, false);
}

/* The square of the significand is exact, and its product with the significand is off by a few u^2. */
double
RoundedCube(double x)
{
	double		m;
	double		result;
	int			e;

	if (x == 0.0 || !(fabs(x) < INFINITY))
		return x;
	m = SignificandOf(fabs(x), &e);
	if (e >= 342)
		return copysign(INFINITY, x);
	if (e < -359)
		return copysign(0.0, x);
	if (RoundScaled(PairTimesDouble(TwoProduct(m, m), m), 3 * e, 0x1p-98, &result))
		return copysign(result, x);
	return ElementaryByMpfr(ELEMENTARY_POW, x, 3.0, false);
}

float
RoundedCbrtSingle(float x)
{
	return NarrowSafely(RoundedCbrt(x), ELEMENTARY_CBRT, x, 0.0);
}
