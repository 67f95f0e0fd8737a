/*
 * rational.c
 *		Correct rounding of quotients and square roots of big integers.
 *
 * Everything here is integer arithmetic: neither the rounding mode nor any
 * feature of the floating-point unit can change a result.
 */
#include "core/exact/rational.h"

#include <assert.h>
#include <math.h>

static void
Trim(BigNatural *a)
{
	while (a->nlimbs > 0 && a->limbs[a->nlimbs - 1] == 0)
		a->nlimbs--;
}

bool
BigNaturalFromSum(BigNatural *result, const ExactSum *sum, int unit)
{
	ExactSum	view = ExactSumCanonicalView(sum);
	bool		negative = ExactSumIsNegative(&view);

	assert(view.nlimbs <= BIG_NATURAL_LIMBS);
	result->nlimbs = view.nlimbs;
	result->exponent = unit + 64 * view.lowest;
	if (view.nlimbs > 0)
		memcpy(result->limbs, view.limbs, sizeof(uint64_t) * view.nlimbs);
	if (negative)
	{
		uint64_t	carry = 1;

		for (int i = 0; i < result->nlimbs; i++)
		{
			uint128_t	t = (uint128_t) ~result->limbs[i] + carry;

			result->limbs[i] = (uint64_t) t;
			carry = (uint64_t) (t >> 64);
		}
	}
	Trim(result);
	return negative;
}

void
BigNaturalMultiply(BigNatural *a, uint64_t factor)
{
	uint64_t	carry = 0;

	for (int i = 0; i < a->nlimbs; i++)
	{
		uint128_t	t = (uint128_t) a->limbs[i] * factor + carry;

		a->limbs[i] = (uint64_t) t;
		carry = (uint64_t) (t >> 64);
	}
	if (carry)
	{
		assert(a->nlimbs < BIG_NATURAL_LIMBS);
		a->limbs[a->nlimbs++] = carry;
	}
	Trim(a);
}

void
BigNaturalProduct(BigNatural *result, const BigNatural *a, const BigNatural *b)
{
	assert(a->nlimbs + b->nlimbs <= BIG_NATURAL_LIMBS);
	result->exponent = a->exponent + b->exponent;
	result->nlimbs = a->nlimbs + b->nlimbs;
	memset(result->limbs, 0, sizeof(uint64_t) * result->nlimbs);
	for (int i = 0; i < a->nlimbs; i++)
	{
		uint64_t	carry = 0;

		for (int j = 0; j < b->nlimbs; j++)
		{
			uint128_t	t = (uint128_t) a->limbs[i] * b->limbs[j] + result->limbs[i + j] + carry;

			result->limbs[i + j] = (uint64_t) t;
			carry = (uint64_t) (t >> 64);
		}
		result->limbs[i + b->nlimbs] = carry;
	}
	Trim(result);
}

void
BigNaturalSquare(BigNatural *result, const BigNatural *a)
{
	BigNaturalProduct(result, a, a);
}

static void
ShiftLeftLimbs(BigNatural *a, int count)
{
	if (count <= 0 || a->nlimbs == 0)
		return;
	assert(a->nlimbs + count <= BIG_NATURAL_LIMBS);
	memmove(a->limbs + count, a->limbs, sizeof(uint64_t) * a->nlimbs);
	memset(a->limbs, 0, sizeof(uint64_t) * count);
	a->nlimbs += count;
	a->exponent -= 64 * count;
}

/* For sums and differences, exponents must differ by a multiple of 64, as they do for our units. */

/* Copy a number: the limbs in use, of those that there is room for. */
static void
CopyNatural(BigNatural *target, const BigNatural *source)
{
	target->nlimbs = source->nlimbs;
	target->exponent = source->exponent;
	memcpy(target->limbs, source->limbs, sizeof(uint64_t) * source->nlimbs);
}

void
BigNaturalAdd(BigNatural *a, const BigNatural *b)
{
	BigNatural	aligned;
	uint64_t	carry = 0;

	if (b->nlimbs == 0)
		return;
	if (a->nlimbs == 0)
	{
		CopyNatural(a, b);
		return;
	}
	CopyNatural(&aligned, b);
	ShiftLeftLimbs(a, (a->exponent - aligned.exponent) / 64);
	ShiftLeftLimbs(&aligned, (aligned.exponent - a->exponent) / 64);
	while (a->nlimbs < aligned.nlimbs)
		a->limbs[a->nlimbs++] = 0;
	for (int i = 0; i < a->nlimbs; i++)
	{
		uint128_t	t = (uint128_t) a->limbs[i] + (i < aligned.nlimbs ? aligned.limbs[i] : 0) + carry;

		a->limbs[i] = (uint64_t) t;
		carry = (uint64_t) (t >> 64);
	}
	if (carry)
	{
		assert(a->nlimbs < BIG_NATURAL_LIMBS);
		a->limbs[a->nlimbs++] = carry;
	}
}

bool
BigNaturalSubtract(BigNatural *a, const BigNatural *b)
{
	BigNatural	aligned;
	uint64_t	borrow = 0;

	if (b->nlimbs == 0)
		return true;
	if (a->nlimbs == 0)
		return false;
	CopyNatural(&aligned, b);
	ShiftLeftLimbs(a, (a->exponent - aligned.exponent) / 64);
	ShiftLeftLimbs(&aligned, (aligned.exponent - a->exponent) / 64);
	if (aligned.nlimbs > a->nlimbs)
		return false;
	for (int i = 0; i < a->nlimbs; i++)
	{
		uint64_t	limb = i < aligned.nlimbs ? aligned.limbs[i] : 0;
		uint128_t	t = (uint128_t) a->limbs[i] - limb - borrow;

		a->limbs[i] = (uint64_t) t;
		borrow = (uint64_t) (t >> 64) & 1;
	}
	Trim(a);
	return borrow == 0;
}

/* Divide two limbs by a divisor that exceeds the upper one, so that the quotient has one limb. */
static inline uint64_t
DivideTwoLimbs(uint64_t high, uint64_t low, uint64_t divisor, uint64_t *remainder)
{
	uint64_t	quotient;

#if defined(__x86_64__)
	/* the machine's own division; compilers would call a function */
	__asm__("divq %4" : "=a"(quotient), "=d"(*remainder) : "0"(low), "1"(high), "rm"(divisor) : "cc");
#else
	uint128_t	dividend = (uint128_t) high << 64 | low;

	quotient = (uint64_t) (dividend / divisor);
	*remainder = (uint64_t) (dividend % divisor);
#endif
	return quotient;
}

/* Set a to floor(a / divisor).  Return whether there was a remainder. */
static bool
DivideSticky(BigNatural *a, uint64_t divisor)
{
	uint64_t	remainder = 0;

	if (divisor == 1)
		return false;
	for (int i = a->nlimbs - 1; i >= 0; i--)
		a->limbs[i] = DivideTwoLimbs(remainder, a->limbs[i], divisor, &remainder);
	Trim(a);
	return remainder != 0;
}

static int
BitLength(const BigNatural *a)
{
	if (a->nlimbs == 0)
		return 0;
	return 64 * a->nlimbs - __builtin_clzll(a->limbs[a->nlimbs - 1]);
}

/* Return floor(a / 2^shift), which must be below 2^128, and set *sticky if bits were lost. */
static uint128_t
ShiftRight(const BigNatural *a, int shift, bool *sticky)
{
	int			limb = shift / 64;
	int			bit = shift % 64;
	uint64_t	word[3] = {0, 0, 0};
	uint128_t	result;

	for (int i = 0; i < limb && i < a->nlimbs; i++)
		*sticky |= a->limbs[i] != 0;
	for (int i = 0; i < 3; i++)
		if (limb + i < a->nlimbs)
			word[i] = a->limbs[limb + i];
	result = (uint128_t) word[1] << 64 | word[0];
	if (bit)
	{
		*sticky |= (word[0] << (64 - bit)) != 0;
		result = result >> bit | (uint128_t) word[2] << (128 - bit);
	}
	return result;
}

/* See rational.h. m must have at least 55 significant bits if "sticky". */
double
RoundToDouble(uint64_t m, int exponent, bool sticky, bool negative)
{
	int			leading;
	int			unbiased;
	int			drop = 11;
	uint64_t	significand;
	uint64_t	rest;
	uint64_t	half;
	uint64_t	bits;

	if (m == 0)
		return 0.0;
	leading = __builtin_clzll(m);
	m <<= leading;
	unbiased = exponent - leading + 63;
	if (unbiased < -1022)
		drop += -1022 - unbiased;	/* a subnormal keeps fewer bits */

	if (drop > 64)
		significand = 0, rest = 0, half = 1;	/* below half of the least subnormal */
	else if (drop == 64)
		significand = 0, rest = m, half = SIGN_BIT;
	else
	{
		significand = m >> drop;
		rest = m & ((UINT64_C(1) << drop) - 1);
		half = UINT64_C(1) << (drop - 1);
	}
	if (rest > half || (rest == half && (sticky || (significand & 1))))
		significand++;

	/*
	 * For normal numbers significand has its hidden bit set, so adding it to
	 * the exponent field less one carries correctly, also up to infinity.
	 */
	if (unbiased < -1022)
		bits = significand;
	else if (unbiased > 1023)
		bits = INFINITY_BITS;
	else
		bits = ((uint64_t) (unbiased + 1022) << 52) + significand;
	return BitsDouble(bits | (negative && bits ? SIGN_BIT : 0));
}

/*
 * Set "quotient" to floor(numerator / (d1 * d2)), in units so small that it has at least so many bits, and *sticky
 * to whether there was a remainder.  Two divisions give the same, because floor(floor(a / b) / c) = floor(a / (bc)).
 */
static void
FormQuotient(BigNatural *quotient, const BigNatural *numerator, uint64_t d1, uint64_t d2, int bits, bool *sticky)
{
	uint128_t	divisor = (uint128_t) d1 * d2;
	int			divisor_bits = 128 - __builtin_clzll(d1) - __builtin_clzll(d2);
	int			missing = bits + divisor_bits - BitLength(numerator);
	int			shift = missing > 0 ? (missing + 63) / 64 : 0;

	assert(numerator->nlimbs + shift <= BIG_NATURAL_LIMBS);
	quotient->nlimbs = numerator->nlimbs + shift;
	quotient->exponent = numerator->exponent - 64 * shift;
	memset(quotient->limbs, 0, sizeof(uint64_t) * shift);
	memcpy(quotient->limbs + shift, numerator->limbs, sizeof(uint64_t) * numerator->nlimbs);
	if (divisor >> 64 == 0)
	{
		*sticky = DivideSticky(quotient, (uint64_t) divisor);
		return;
	}
	*sticky = DivideSticky(quotient, d1);
	*sticky |= DivideSticky(quotient, d2);
}

double
RationalToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2, bool negative)
{
	BigNatural	quotient;
	uint64_t	leading;
	bool		sticky;
	int			shift;

	if (numerator->nlimbs == 0)
		return 0.0;
	FormQuotient(&quotient, numerator, d1, d2, 64, &sticky);
	shift = BitLength(&quotient) - 64;
	leading = (uint64_t) ShiftRight(&quotient, shift, &sticky);
	return RoundToDouble(leading, quotient.exponent + shift, sticky, negative);
}

/*
 * Return floor(sqrt(v)) for v of at least 126 bits.
 *
 * The floating-point unit gives an estimate, which one step of Newton's method brings next to the root.
 * Integer comparisons then decide the result, whatever the estimate was.
 */
static uint64_t
IntegerSqrt(uint128_t v)
{
	double		estimate = sqrt((double) (uint64_t) (v >> 64)) * 4294967296.0;
	uint64_t	root = estimate >= 18446744073709549568.0 ? UINT64_MAX : (uint64_t) estimate;
	uint128_t	quotient = v / root;

	quotient = (quotient + root) >> 1;
	root = quotient > UINT64_MAX ? UINT64_MAX : (uint64_t) quotient;
	while ((uint128_t) root * root > v)
		root--;
	while (root < UINT64_MAX && (uint128_t) (root + 1) * (root + 1) <= v)
		root++;
	return root;
}

/*
 * See rational.h.
 *
 * This is the root of the exact quotient, not of its rounded value, so it is the float8 nearest to the true
 * deviation, and finite even if the variance would overflow.  An even exponent and a radicand of 127 or 128
 * bits give a root of 64 bits; bits that are cut off only make it inexact.
 */
double
RationalSqrtToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2)
{
	BigNatural	quotient;
	uint128_t	radicand;
	uint64_t	root;
	bool		sticky;
	int			shift;

	if (numerator->nlimbs == 0)
		return 0.0;
	FormQuotient(&quotient, numerator, d1, d2, 128, &sticky);
	shift = BitLength(&quotient) - 127;
	if ((quotient.exponent + shift) & 1)
		shift++;
	radicand = ShiftRight(&quotient, shift, &sticky);
	root = IntegerSqrt(radicand);
	sticky |= (uint128_t) root * root != radicand;
	return RoundToDouble(root, (quotient.exponent + shift) / 2, sticky, false);
}
