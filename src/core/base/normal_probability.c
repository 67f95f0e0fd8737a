/*
 * normal_probability.c
 *		The standard normal distribution function.
 *
 * For t >= 0, 1 - Phi(t) = exp(-t^2/2) N(t), where N is Mills' ratio over
 * sqrt(2 pi): smooth and slowly varying, so that a table of its Taylor
 * series serves also far out in the tail.
 */
#include "core/base/elementary.h"

#include <float.h>
#include <math.h>

#include "core/base/by_mpfr.h"
#include "core/base/double_double.h"

/*
 * The error: that of ExpPair's value, which is at least 0.999; and N's.
 * There |t - node| is at most 2^-6 of t, or of 1, and the series' terms,
 * relative to the first, at most that to their power, for |c[n]| t^n <= c[0].
 * So the terms from the fourth power on are below 2^-24, and rounded a few
 * times, 2^-75; the remainder is below 2^-78, what the pairs lose below 2^-100.
 */
NormalTail
NormalUpperTail(double t)
{
	NormalTail	result;
	int			i;
	double		node;
	double		d;
	double		square;
	double		p;
	const double *c;
	DoubleDouble product = TwoProduct(t, t);
	DoubleDouble n;
	DoubleDouble bell = ExpPair((DoubleDouble) {-0.5 * product.hi, -0.5 * product.lo}, &result.exponent);

	if (t < 1.0)
	{
		/* the float below 0.5: t just below half of the first node is nearer to 0 */
		i = (int) (t * (1 << MILLS_BITS) + 0x1.fffffffffffffp-2);
		node = i * (1.0 / (1 << MILLS_BITS));
	}
	else
	{
		uint64_t	nearest = (DoubleBits(t) + (HIDDEN_BIT >> (MILLS_BITS + 1))) >> (52 - MILLS_BITS);

		i = (int) (nearest - (UINT64_C(1022) << MILLS_BITS));
		node = BitsDouble(nearest << (52 - MILLS_BITS));
	}
	c = mills_table[i];
	d = t - node;				/* exact: within a factor of two, or node = 0 */
	square = d * d;
	p = ((c[8] + d * c[9]) + square * (c[10] + d * c[11])) +
		(square * square) * (((c[12] + d * c[13]) + square * (c[14] + d * c[15])) +
							 (square * square) * c[16]);
	n = PairPlusPair((DoubleDouble) {c[6], c[7]}, (DoubleDouble) {d * p, 0.0});
	n = PairPlusPair((DoubleDouble) {c[4], c[5]}, PairTimesDouble(n, d));
	n = PairPlusPair((DoubleDouble) {c[2], c[3]}, PairTimesDouble(n, d));
	n = PairPlusPair((DoubleDouble) {c[0], c[1]}, PairTimesDouble(n, d));
	bell = FastTwoSum(bell.hi, bell.lo);
	result.tail = PairTimesPair(n, bell);
	result.bell = bell.hi;
	return result;
}

double
NormalProbability(double z)
{
	double		result;
	NormalTail	upper;
	DoubleDouble tail;

	if (isnan(z))
		return NAN;
	if (z < -38.6)
		return 0.0;				/* below half of the least subnormal */
	if (z > 8.3)
		return 1.0;				/* within 2^-54 of it */
	if (fabs(z) < 0x1p-54)
		return 0.5;				/* so is z/sqrt(2 pi) */
	upper = NormalUpperTail(fabs(z));
	tail = upper.tail;
	if (z < 0.0)
	{
		/* a subnormal result has fewer bits: left to MPFR */
		if (upper.exponent > DBL_MIN_EXP + 16 &&
			RoundsSafely(tail.hi, tail.lo, tail.hi * TAIL_ERROR, &result))
			return result * PowerOfTwo(upper.exponent);
	}
	else
	{
		double		scale = PowerOfTwo(upper.exponent);
		DoubleDouble s = FastTwoSum(1.0, -tail.hi * scale);

		if (RoundsSafely(s.hi, s.lo - tail.lo * scale, tail.hi * scale * TAIL_ERROR + 0x1p-104, &result))
			return result;
	}
	return NormalProbabilityByMpfr(z);
}
