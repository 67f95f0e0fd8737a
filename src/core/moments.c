/*
 * moments.c
 *		Exact moments of one feature and their correctly rounded statistics.
 *
 * With the exact integers n, S = sum(x) and Q = sum(x^2),
 *		mean = S / n,  variance = (n Q - S^2) / (n (n - ddof)),
 * each rounded once.  There is no cancellation to fear (as there is in the
 * same formula over floats, or even in the updating ones of Youngs and
 * Cramer that PostgreSQL uses), since nothing before the last step rounds.
 */
#include "core/moments.h"

#include <math.h>

#include "core/rational.h"

void
MomentsInit(Moments *moments)
{
	memset(moments, 0, sizeof(*moments));
	moments->min = INFINITY;
	moments->max = -INFINITY;
}

/* One finite value, by integer arithmetic alone: right in any environment. */
void
MomentsAddFinite(Moments *moments, uint64_t bits)
{
	MomentsMergeRange(moments, BitsDouble(bits), BitsDouble(bits));
	moments->count++;
	ExactSumAddDouble(&moments->sum, bits);
	ExactSumAddSquare(&moments->squares, bits);
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

/* By order keys: subnormals compare right even where the FPU flushes them. */
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

/* n Q - S^2, which is never negative and zero only if all values are equal */
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
	/* no spread exactly when the range is one point */
	return (spread.nlimbs == 0) == (OrderKey(moments->min) == OrderKey(moments->max));
}
