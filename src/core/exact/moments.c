/*
 * moments.c
 *		Exact moments of one feature and their correctly rounded statistics.
 *
 * With the exact integers n, S = sum(x) and Q = sum(x^2),
 *		mean = S / n,  variance = (n Q - S^2) / (n (n - ddof)), each rounded once.  The same formula over floats
 *		cancels, and even the updating formulas of Youngs and Cramer that PostgreSQL uses lose digits.  Here
 *		nothing rounds before the last step.
 */
#include "core/exact/moments.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/exact/rational.h"

void
MomentsInit(Moments *moments)
{
	memset(moments, 0, sizeof(*moments));
	moments->min = INFINITY;
	moments->max = -INFINITY;
}

/* Add one finite value by integer arithmetic alone, which is exact in every floating-point environment. */
void
MomentsAddFinite(Moments *moments, uint64_t bits)
{
	MomentsMergeRange(moments, BitsDouble(bits), BitsDouble(bits));
	moments->count++;
	ExactSumAddDouble(&moments->sum, bits);
	ExactSumAddSquare(&moments->squares, bits);
}

/* The greatest difference of two exponents at which aligned significands still have at most 63 bits. */
#define NEAR_EXPONENTS	10

/*
 * See moments.h.
 *
 * If the exponents of values are near each other, aligned significands are integers of one word, and their sums
 * have two and three words.
 */
void
MomentsAddFew(Moments *moments, const uint64_t *bits, int n, uint64_t *room)
{
	int			least = 2047;
	int			most = 0;
	uint64_t	lowest = UINT64_MAX;
	uint64_t	highest = 0;
	int128_t	sum = 0;
	uint128_t	squares = 0;
	uint64_t	carries = 0;
	uint64_t	limbs[3];

	for (int i = 0; i < n; i++)
	{
		uint64_t	key = OrderKey(BitsDouble(bits[i]));
		uint64_t	magnitude = bits[i] & MAGNITUDE_MASK;
		int			exponent = (int) (magnitude >> 52);

		if (key < lowest)
			lowest = key;
		if (key > highest)
			highest = key;
		/* zero and subnormals have the exponent of the least normal numbers */
		if (exponent == 0)
			exponent = magnitude ? 1 : least;
		if (exponent < least)
			least = exponent;
		if (exponent > most && magnitude)
			most = exponent;
	}
	if (n == 0)
		return;
	moments->count = n;
	moments->min = OrderKeyValue(lowest);
	moments->max = OrderKeyValue(highest);
	if (most == 0)
		return;
	if (most - least > NEAR_EXPONENTS || n > MOMENTS_OF_FEW)
	{
		for (int i = 0; i < n; i++)
		{
			ExactSumAddDouble(&moments->sum, bits[i]);
			ExactSumAddSquare(&moments->squares, bits[i]);
		}
		return;
	}
	for (int i = 0; i < n; i++)
	{
		int			exponent = (int) (bits[i] >> 52) & 0x7FF;
		uint64_t	significand = bits[i] & FRACTION_MASK;
		uint128_t	square;

		if (exponent)
			significand = (significand | HIDDEN_BIT) << (exponent - least);
		sum += (bits[i] & SIGN_BIT) ? -(int128_t) significand : (int128_t) significand;
		square = (uint128_t) significand * significand;
		squares += square;
		carries += squares < square;
	}
	limbs[0] = (uint64_t) sum;
	limbs[1] = (uint64_t) (sum >> 64);
	limbs[2] = (uint64_t) (sum >> 127);
	ExactSumSet(&moments->sum, limbs, least - 1, room);
	limbs[0] = (uint64_t) squares;
	limbs[1] = (uint64_t) (squares >> 64);
	limbs[2] = carries;
	ExactSumSet(&moments->squares, limbs, 2 * (least - 1), room + EXACT_SUM_SET_LIMBS);
}

void
MomentsAddTimes(Moments *moments, double x, int64_t times)
{
	uint64_t	bits = DoubleBits(x);

	if (!IsFiniteBits(bits))
	{
		int64_t    *counter = IsNaNBits(bits) ? &moments->nans :
			(bits & SIGN_BIT) ? &moments->negative_infinities : &moments->positive_infinities;

		*counter += times;
		return;
	}
	MomentsMergeRange(moments, x, x);
	moments->count += times;
	/* times is a sum of powers of two, and x 2^b is as exact as x: a position in the sum */
	for (int b = 0; b < 63; b++)
		if (times >> b & 1)
		{
			ExactSumAddShifted(&moments->sum, bits, b);
			ExactSumAddSquareShifted(&moments->squares, bits, b);
		}
}

void
MomentsAddMissingOrInfinite(Moments *moments, uint64_t bits, bool is_null)
{
	if (is_null)
		moments->nulls++;
	else if (IsNaNBits(bits))
		moments->nans++;
	else if (bits & SIGN_BIT)
		moments->negative_infinities++;
	else
		moments->positive_infinities++;
}

/* See moments.h.  Compares by order keys, so that subnormals are right even if the FPU flushes them to zero. */
void
MomentsMergeRange(Moments *moments, double min, double max)
{
	if (OrderKey(min) < OrderKey(moments->min))
		moments->min = CanonicalZero(min);
	if (OrderKey(max) > OrderKey(moments->max))
		moments->max = CanonicalZero(max);
}

void
MomentsMerge(Moments *moments, const Moments *other)
{
	MomentsMergeRange(moments, other->min, other->max);
	moments->count += other->count;
	moments->nulls += other->nulls;
	moments->nans += other->nans;
	moments->positive_infinities += other->positive_infinities;
	moments->negative_infinities += other->negative_infinities;
	ExactSumMerge(&moments->sum, &other->sum);
	ExactSumMerge(&moments->squares, &other->squares);
}

bool
MomentsAreEqual(const Moments *a, const Moments *b)
{
	return a->count == b->count && a->min == b->min && a->max == b->max &&
		ExactSumsAreEqual(&a->sum, &b->sum) && ExactSumsAreEqual(&a->squares, &b->squares);
}

void
MomentsFree(Moments *moments)
{
	if (moments->sum.limbs)
		CoreFree(moments->sum.limbs);
	if (moments->squares.limbs)
		CoreFree(moments->squares.limbs);
	MomentsInit(moments);
}

double
MomentsSum(const Moments *moments)
{
	BigNatural	sum;
	bool		negative = BigNaturalFromSum(&sum, &moments->sum, SUM_UNIT);

	return RationalToDouble(&sum, 1, 1, negative);
}

double
MomentsMean(const Moments *moments)
{
	BigNatural	sum;
	bool		negative;

	if (moments->count == 0)
		return NAN;
	negative = BigNaturalFromSum(&sum, &moments->sum, SUM_UNIT);
	return RationalToDouble(&sum, (uint64_t) moments->count, 1, negative);
}

/* Form n Q - S^2, which is never negative, and zero only if all values are equal.  Return false without values. */
static bool
FormSpread(BigNatural *spread, const Moments *moments)
{
	BigNatural	sum;
	BigNatural	square;

	BigNaturalFromSum(spread, &moments->squares, SQUARES_UNIT);
	BigNaturalMultiply(spread, (uint64_t) moments->count);
	BigNaturalFromSum(&sum, &moments->sum, SUM_UNIT);
	BigNaturalSquare(&square, &sum);
	return BigNaturalSubtract(spread, &square);
}

double
MomentsVariance(const Moments *moments, int ddof)
{
	BigNatural	spread;

	if (moments->count <= ddof)
		return NAN;
	FormSpread(&spread, moments);
	return RationalToDouble(&spread, (uint64_t) moments->count,
							(uint64_t) (moments->count - ddof), false);
}

double
MomentsDeviation(const Moments *moments, int ddof)
{
	BigNatural	spread;

	if (moments->count <= ddof)
		return NAN;
	FormSpread(&spread, moments);
	return RationalSqrtToDouble(&spread, (uint64_t) moments->count,
								(uint64_t) (moments->count - ddof));
}

/* Set "result" to sum - n m exactly. */
static void
SubtractTimes(ExactSum *result, const Moments *moments, double m)
{
	memset(result, 0, sizeof(*result));
	ExactSumMerge(result, &moments->sum);
	for (int b = 0; b < 63; b++)
		if (moments->count >> b & 1)
			ExactSumAddShifted(result, DoubleBits(-m), b);
}

double
MomentsMeanCeiling(const Moments *moments)
{
	double		mean = MomentsMean(moments);
	ExactSum	rest;
	ExactSum	view;
	bool		above;

	SubtractTimes(&rest, moments, mean);
	view = ExactSumCanonicalView(&rest);
	above = view.nlimbs > 0 && !ExactSumIsNegative(&view);
	if (rest.limbs)
		CoreFree(rest.limbs);
	return above ? nextafter(mean, INFINITY) : mean;
}

/*
 * See moments.h.
 *
 * sum |x - S/n| / n = 2 (n S' - n' S) / n^2 with the sum S' and the count n' of the values not below the mean,
 * because deviations above and below the mean balance.
 */
double
MomentsMeanDistance(const Moments *moments, const Moments *from_mean)
{
	BigNatural	above;
	BigNatural	whole;
	bool		above_negative = BigNaturalFromSum(&above, &from_mean->sum, SUM_UNIT);
	bool		whole_negative = BigNaturalFromSum(&whole, &moments->sum, SUM_UNIT);

	BigNaturalMultiply(&above, (uint64_t) moments->count);
	BigNaturalMultiply(&whole, (uint64_t) from_mean->count);
	/*
	 * n S' - n' S is never negative: the signs can only differ as + and -, and if both are negative, |n' S| is
	 * larger
	 */
	if (above_negative != whole_negative)
		BigNaturalAdd(&above, &whole);
	else if (above_negative)
	{
		BigNaturalSubtract(&whole, &above);
		above = whole;
	}
	else
		BigNaturalSubtract(&above, &whole);
	BigNaturalMultiply(&above, 2);
	return RationalToDouble(&above, (uint64_t) moments->count, (uint64_t) moments->count, false);
}

bool
MomentsAreConsistent(const Moments *moments)
{
	BigNatural	spread;
	double		mean;

	if (moments->count < 0 || moments->nulls < 0 || moments->nans < 0 ||
		moments->positive_infinities < 0 || moments->negative_infinities < 0)
		return false;
	if (moments->count == 0)
		return moments->sum.nlimbs == 0 && moments->squares.nlimbs == 0;
	if (!IsFiniteBits(DoubleBits(moments->min)) || !IsFiniteBits(DoubleBits(moments->max)) ||
		OrderKey(moments->min) > OrderKey(moments->max))
		return false;
	if (ExactSumIsNegative(&moments->squares))
		return false;
	mean = MomentsMean(moments);
	if (OrderKey(mean) < OrderKey(moments->min) || OrderKey(mean) > OrderKey(moments->max))
		return false;
	if (!FormSpread(&spread, moments))
		return false;
	/* there is no spread exactly if the range is one point */
	return (spread.nlimbs == 0) == (OrderKey(moments->min) == OrderKey(moments->max));
}
