/*
 * elementary_pairs.h
 *		Logarithms as pairs, and rounding what a pair says: what the files of elementary functions have in common.
 */
#ifndef NORMFREEZE_CORE_ELEMENTARY_PAIRS_H
#define NORMFREEZE_CORE_ELEMENTARY_PAIRS_H

#include <math.h>

#include "core/base/by_mpfr.h"
#include "core/base/double_double.h"

/*
 * log(1 + z + tail), plus base_hi + base_lo, for |z| < 2^-8, |tail| < 2^-53
 * and a base that is 0 or a multiple of 2^-42 larger than z.
 *
 * It is z - z^2/2 + z^3 P(z), P by Taylor.  z^2/2 is exact but for
 * z_lo (z_hi + z_lo/2), 2^-77 z^2.  z^3 P(z): five roundings, z^3/3 * 5u,
 * and the remainder z^10/10, below 2^-52.1 |z|^3 together.  Adding the small
 * terms, below |z|^3/3 + 2^-24 z^2 + u: four roundings, 2^-52.5 |z|^3 +
 * 2^-75 z^2 + 2^-104.  That is within 2^-51 |z|^3 + 2^-80 |z|, for a base of
 * 0.  Otherwise base_lo, below 2^-33 and rounded before and in the sum,
 * 2^-84, and tail (1 - z + z^2), off by 2^-76, come in: 2^-51 |z|^3 +
 * 2^-75 in all.
 */
static inline DoubleDouble
LogNearOne(double z, double tail, double base_hi, double base_lo, double *error)
{
	double		z_hi = LeadingHalf(z);
	double		z_lo = z - z_hi;
	double		square = z * z;
	double		cube = square * z;
	double		p = ((0x1.5555555555555p-2 - 0.25 * z) +
					 square * ((0x1.999999999999ap-3 - 0x1.5555555555555p-3 * z) +
							   square * ((0x1.2492492492492p-3 - 0.125 * z) +
										 square * 0x1.c71c71c71c71cp-4)));
	DoubleDouble s = FastTwoSum(base_hi, z);
	DoubleDouble t = FastTwoSum(s.hi, -0.5 * z_hi * z_hi);
	double		small = (s.lo + t.lo) + (base_lo - z_lo * (z_hi + 0.5 * z_lo));

	if (tail != 0.0)
		small += tail * (1.0 - z + square);
	*error = fabs(cube) * 0x1p-51 + (base_hi == 0.0 ? fabs(z) * 0x1p-80 : 0x1p-75);
	return (DoubleDouble) {t.hi, small + cube * p};
}

/*
 * log(x + tail) for normal x > 0 and |tail| at most half of x's last place;
 * tail is 0 if x is within 2^-9 of 1.  After Tang, "Table-driven
 * implementation of the logarithm function", 1990: x = 2^e m, r = 1/m to 9
 * bits, and z = r m - 1 is exact: a multiple of 2^-61 below 2^-8.
 */
static inline DoubleDouble
LogPair(uint64_t bits, int e, double tail, double *error)
{
	int			i = (bits >> (52 - LOG_BITS)) & ((1 << LOG_BITS) - 1);
	double		m = BitsDouble((bits & FRACTION_MASK) | DoubleBits(1.0));
	double		m_hi = LeadingHalf(m);
	double		r = log_table[i].r;
	double		z = (r * m_hi - 1.0) + r * (m - m_hi);

	e += (int) (bits >> 52) - 1023;
	if (tail != 0.0)
		tail *= r * (e > 1000 ? 0.0 : PowerOfTwo(-e));
	e += i >= LOG_SQRT2_INDEX;
	return LogNearOne(z, tail, e * LN2_HI + log_table[i].hi, e * LN2_LO + log_table[i].lo, error);
}

/* Return the bits of x as those of a normal number times 2^*e. */
static inline uint64_t
NormalizedBits(double x, int *e)
{
	uint64_t	bits = DoubleBits(x);

	*e = 0;
	if (bits < HIDDEN_BIT)
	{
		bits = DoubleBits(x * 0x1p54);
		*e = -54;
	}
	return bits;
}

/*
 * Round (v.hi + v.lo) * 2^e, which is a normal number or overflows.  Return false if the error does not decide
 * the rounding.
 */
static inline bool
RoundScaled(DoubleDouble v, int e, double error, double *result)
{
	if (e <= DBL_MIN_EXP - 1 || !RoundsSafely(v.hi, v.lo, error, result))
		return false;
	/* in two exact steps, of which the second may overflow */
	*result = *result * PowerOfTwo(e / 2) * PowerOfTwo(e - e / 2);
	return true;
}

/*
 * Return a function's value in binary32, given its value r in binary64.
 *
 * Rounding twice is rounding once unless r is halfway between two floats; then MPFR decides.
 */
static inline float
NarrowSafely(double r, ElementaryFunction function, double x, double y)
{
	float		f = (float) r;
	double		other = 2.0 * r - f;	/* as far from r as f, on the other side */

	if (f == r || isnan(r))
		return f;
	if (isinf(f) ? isinf(r) || fabs(r) > 0x1.ffffffp127 : (double) (float) other != other)
		return f;
	return (float) ElementaryByMpfr(function, x, y, true);
}

#endif							/* NORMFREEZE_CORE_ELEMENTARY_PAIRS_H */
