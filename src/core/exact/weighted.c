/*
 * weighted.c
 *		Weighted moments, exact and then rounded once.
 *
 * With the exact W = sum(w), S = sum(w x) and Q = sum(w x^2),
 *		mean = S / W,  variance = (W Q - S^2) / W^2.
 * The divisors are as wide as the sums here, so GMP divides.
 */
#include "core/exact/weighted.h"

#include <gmp.h>
#include <math.h>

#include "core/exact/rational.h"

#define WEIGHTS_UNIT	(-1074)
#define VALUES_UNIT		(-2148)
#define SQUARES3_UNIT	(-3222)

#define QUOTIENT_BITS	160

void
WeightedSumsAdd(WeightedSums *sums, double x, double weight)
{
	uint64_t	factors[3] = {DoubleBits(weight), DoubleBits(x), DoubleBits(x)};

	ExactSumAddProduct(&sums->weights, factors, 1);
	ExactSumAddProduct(&sums->values, factors, 2);
	ExactSumAddProduct(&sums->squares, factors, 3);
}

void
WeightedSumsMerge(WeightedSums *sums, const WeightedSums *other)
{
	ExactSumMerge(&sums->weights, &other->weights);
	ExactSumMerge(&sums->values, &other->values);
	ExactSumMerge(&sums->squares, &other->squares);
}

bool
WeightedSumsAreEqual(const WeightedSums *a, const WeightedSums *b)
{
	return ExactSumsAreEqual(&a->weights, &b->weights) && ExactSumsAreEqual(&a->values, &b->values) &&
		ExactSumsAreEqual(&a->squares, &b->squares);
}

/* Set "result" to a sum as an integer, in the sum's own unit. */
static void
SetFromSum(mpz_t result, const ExactSum *sum)
{
	ExactSum	view = ExactSumCanonicalView(sum);

	mpz_set_ui(result, 0);
	if (view.nlimbs == 0)
		return;
	mpz_import(result, view.nlimbs, -1, sizeof(uint64_t), 0, 0, view.limbs);
	if (ExactSumIsNegative(&view))
	{
		/* limbs are in two's complement */
		mpz_t		modulus;

		mpz_init(modulus);
		mpz_setbit(modulus, 64 * (mp_bitcnt_t) view.nlimbs);
		mpz_sub(result, result, modulus);
		mpz_clear(modulus);
	}
	mpz_mul_2exp(result, result, 64 * (mp_bitcnt_t) view.lowest);
}

/* Return numerator / denominator * 2^unit, or its square root, rounded to nearest even. */
static double
RoundQuotient(const mpz_t numerator, const mpz_t denominator, int unit, bool root)
{
	mpz_t		quotient;
	mpz_t		rest;
	bool		negative = mpz_sgn(numerator) < 0;
	bool		sticky;
	long		shift;
	long		exponent;
	double		result;

	if (mpz_sgn(numerator) == 0)
		return 0.0;
	mpz_inits(quotient, rest, NULL);
	shift = QUOTIENT_BITS + (long) mpz_sizeinbase(denominator, 2) - (long) mpz_sizeinbase(numerator, 2);
	if (shift < 0)
		shift = 0;
	if (root && ((unit - shift) & 1))
		shift++;
	exponent = unit - shift;
	mpz_abs(quotient, numerator);
	mpz_mul_2exp(quotient, quotient, (mp_bitcnt_t) shift);
	mpz_tdiv_qr(quotient, rest, quotient, denominator);
	sticky = mpz_sgn(rest) != 0;
	if (root)
	{
		mpz_sqrtrem(quotient, rest, quotient);
		sticky = sticky || mpz_sgn(rest) != 0;
		exponent /= 2;
	}
	shift = (long) mpz_sizeinbase(quotient, 2) - 64;
	if (shift > 0)
	{
		sticky = sticky || mpz_scan1(quotient, 0) < (mp_bitcnt_t) shift;
		mpz_tdiv_q_2exp(quotient, quotient, (mp_bitcnt_t) shift);
		exponent += shift;
	}
	result = RoundToDouble((uint64_t) mpz_get_ui(quotient), (int) exponent, sticky, negative);
	mpz_clears(quotient, rest, NULL);
	return result;
}

static double
RoundSum(const ExactSum *exact, int unit)
{
	mpz_t		sum;
	mpz_t		one;
	double		result;

	mpz_inits(sum, one, NULL);
	mpz_set_ui(one, 1);
	SetFromSum(sum, exact);
	result = RoundQuotient(sum, one, unit, false);
	mpz_clears(sum, one, NULL);
	return result;
}

double
WeightedTotal(const WeightedSums *sums)
{
	return RoundSum(&sums->weights, WEIGHTS_UNIT);
}

double
WeightedSum(const WeightedSums *sums)
{
	return RoundSum(&sums->values, VALUES_UNIT);
}

double
WeightedMean(const WeightedSums *sums)
{
	mpz_t		sum;
	mpz_t		weights;
	double		result = NAN;

	mpz_inits(sum, weights, NULL);
	SetFromSum(sum, &sums->values);
	SetFromSum(weights, &sums->weights);
	if (mpz_sgn(weights) > 0)
		result = RoundQuotient(sum, weights, VALUES_UNIT - WEIGHTS_UNIT, false);
	mpz_clears(sum, weights, NULL);
	return result;
}

/* Form W Q - S^2 and W^2. */
static void
FormWeightedSpread(mpz_t spread, mpz_t weights, const WeightedSums *sums)
{
	mpz_t		sum;

	mpz_init(sum);
	SetFromSum(weights, &sums->weights);
	SetFromSum(spread, &sums->squares);
	mpz_mul(spread, spread, weights);
	SetFromSum(sum, &sums->values);
	mpz_submul(spread, sum, sum);
	mpz_mul(weights, weights, weights);
	mpz_clear(sum);
}

static double
RoundSpread(const WeightedSums *sums, bool root)
{
	mpz_t		spread;
	mpz_t		weights;
	double		result = NAN;

	mpz_inits(spread, weights, NULL);
	FormWeightedSpread(spread, weights, sums);
	if (mpz_sgn(weights) > 0)
		result = RoundQuotient(spread, weights, SQUARES3_UNIT - WEIGHTS_UNIT, root);
	mpz_clears(spread, weights, NULL);
	return result;
}

double
WeightedVariance(const WeightedSums *sums)
{
	return RoundSpread(sums, false);
}

double
WeightedDeviation(const WeightedSums *sums)
{
	return RoundSpread(sums, true);
}

bool
WeightedSumsAreConsistent(const WeightedSums *sums, double min, double max)
{
	mpz_t		spread;
	mpz_t		weights;
	double		mean = WeightedMean(sums);
	bool		consistent;

	if (ExactSumIsNegative(&sums->weights) || ExactSumIsNegative(&sums->squares) || isnan(mean))
		return false;
	mpz_inits(spread, weights, NULL);
	FormWeightedSpread(spread, weights, sums);
	consistent = mpz_sgn(spread) >= 0 && (mpz_sgn(spread) == 0) == (min == max);
	mpz_clears(spread, weights, NULL);
	return consistent && mean >= min && mean <= max;
}
