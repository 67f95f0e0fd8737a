/*
 * exact_sum.c
 *		Windowed two's complement accumulators; see exact_sum.h.
 */
#include "core/exact/exact_sum.h"

#include "core/base/memory.h"

static inline uint64_t
SignLimb(uint64_t limb)
{
	return (uint64_t) ((int64_t) limb >> 63);
}

/* Extend the window to limbs lowest .. highest and a guard above them. */
static void
CoverLimbs(ExactSum *sum, int lowest, int highest)
{
	int			top = sum->lowest + sum->nlimbs - 1;
	int			below;
	int			nlimbs;
	uint64_t   *limbs;
	uint64_t	sign;

	if (sum->nlimbs == 0)
	{
		nlimbs = highest + 2 - lowest;
		sum->limbs = CoreAllocZero(sizeof(uint64_t) * nlimbs);
		sum->lowest = (int16_t) lowest;
		sum->nlimbs = (int16_t) nlimbs;
		return;
	}

	if (lowest > sum->lowest)
		lowest = sum->lowest;
	if (top < highest + 1)
		top = highest + 1;
	nlimbs = top + 1 - lowest;
	if (nlimbs == sum->nlimbs)
		return;

	below = sum->lowest - lowest;
	sign = SignLimb(sum->limbs[sum->nlimbs - 1]);
	limbs = CoreAlloc(sizeof(uint64_t) * nlimbs);
	memset(limbs, 0, sizeof(uint64_t) * below);
	memcpy(limbs + below, sum->limbs, sizeof(uint64_t) * sum->nlimbs);
	for (int i = below + sum->nlimbs; i < nlimbs; i++)
		limbs[i] = sign;
	CoreFree(sum->limbs);
	sum->limbs = limbs;
	sum->lowest = (int16_t) lowest;
	sum->nlimbs = (int16_t) nlimbs;
}

/* From this many limbs on it pays to test whether the carry has ended, because the branch is often mispredicted. */
#define LONG_CARRY	3

/*
 * Add a two's complement number of nlimbs limbs (mostly a constant), whose lowest limb has the weight of limb
 * "lowest".
 */
static inline __attribute__((always_inline)) void
AddLimbs(ExactSum *sum, int lowest, const uint64_t *limbs, int nlimbs)
{
	uint64_t   *target;
	uint64_t	sign = SignLimb(limbs[nlimbs - 1]);
	uint64_t	carry = 0;
	uint64_t	guard;
	int			room;
	int			i;

	if (sum->nlimbs == 0 || lowest < sum->lowest ||
		lowest + nlimbs > sum->lowest + sum->nlimbs - 1)
		CoverLimbs(sum, lowest, lowest + nlimbs - 1);

	target = sum->limbs + (lowest - sum->lowest);
	room = sum->nlimbs - (lowest - sum->lowest);
#pragma GCC unroll 4
	for (i = 0; i < nlimbs; i++)
	{
		uint128_t	t = (uint128_t) target[i] + limbs[i] + carry;

		target[i] = (uint64_t) t;
		carry = (uint64_t) (t >> 64);
	}
	/* a sign extension of 0 without a carry, or of -1 with one, changes nothing above */
	for (; i < room; i++)
	{
		uint128_t	t;

		if (room - i > LONG_CARRY && carry == (sign & 1))
			break;
		t = (uint128_t) target[i] + sign + carry;

		target[i] = (uint64_t) t;
		carry = (uint64_t) (t >> 64);
	}

	/* a guard that is not a pure sign any more is a digit: add another guard */
	guard = sum->limbs[sum->nlimbs - 1];
	if (guard + 1 > 1)
		CoverLimbs(sum, sum->lowest, sum->lowest + sum->nlimbs - 1);
}

/* Add value * 2^position, position counted in the sum's own units. */
void
ExactSumAddScaled(ExactSum *sum, int64_t value, int position)
{
	uint128_t	shifted;
	uint64_t	limbs[2];

	if (value == 0)
		return;
	shifted = (uint128_t) (int128_t) value << (position & 63);
	limbs[0] = (uint64_t) shifted;
	limbs[1] = (uint64_t) (shifted >> 64);
	AddLimbs(sum, position >> 6, limbs, 2);
}

/* Split a finite double into its significand and its position above 2^-1074. */
static inline uint64_t
Significand(uint64_t bits, int *position)
{
	int			exponent = (int) (bits >> 52) & 0x7FF;
	uint64_t	significand = bits & FRACTION_MASK;

	if (exponent)
		significand |= HIDDEN_BIT;
	else
		exponent = 1;
	*position = exponent - 1;
	return significand;
}

void
ExactSumAddShifted(ExactSum *sum, uint64_t bits, int shift)
{
	int			position;
	int64_t		value = (int64_t) Significand(bits, &position);

	ExactSumAddScaled(sum, (bits & SIGN_BIT) ? -value : value, position + shift);
}

void
ExactSumAddDouble(ExactSum *sum, uint64_t bits)
{
	ExactSumAddShifted(sum, bits, 0);
}

void
ExactSumAddSquareShifted(ExactSum *sum, uint64_t bits, int shift_by)
{
	int			position;
	uint64_t	significand = Significand(bits, &position);
	uint128_t	square = (uint128_t) significand * significand;
	uint64_t	limbs[3];
	int			shift;

	if (significand == 0)
		return;
	position = 2 * position + shift_by;
	shift = position & 63;
	/* 106 bits shifted by up to 63 need three limbs; the top one stays positive */
	limbs[0] = (uint64_t) (square << shift);
	limbs[1] = (uint64_t) ((square << shift) >> 64);
	limbs[2] = shift ? (uint64_t) (square >> (128 - shift)) : 0;
	AddLimbs(sum, position >> 6, limbs, 3);
}

void
ExactSumAddSquare(ExactSum *sum, uint64_t bits)
{
	ExactSumAddSquareShifted(sum, bits, 0);
}

void
ExactSumAddProduct(ExactSum *sum, const uint64_t *factor_bits, int n)
{
	uint64_t	product[4] = {1, 0, 0, 0};
	uint64_t	sign = 0;
	int			total = 0;
	int			shift;

	for (int f = 0; f < n; f++)
	{
		int			position;
		uint64_t	significand = Significand(factor_bits[f], &position);
		uint64_t	carry = 0;

		for (int i = 0; i < 4; i++)
		{
			uint128_t	t = (uint128_t) product[i] * significand + carry;

			product[i] = (uint64_t) t;
			carry = (uint64_t) (t >> 64);
		}
		total += position;
		sign ^= factor_bits[f] & SIGN_BIT;
	}
	/* 159 bits shifted by up to 63 need four limbs; the top one stays positive */
	shift = total & 63;
	for (int i = 3; i >= 0 && shift; i--)
		product[i] = product[i] << shift | (i > 0 ? product[i - 1] >> (64 - shift) : 0);
	if ((product[0] | product[1] | product[2] | product[3]) == 0)
		return;
	if (sign)
	{
		uint64_t	carry = 1;

		for (int i = 0; i < 4; i++)
		{
			product[i] = ~product[i] + carry;
			carry = carry && product[i] == 0;
		}
	}
	AddLimbs(sum, total >> 6, product, 4);
}

void
ExactSumSet(ExactSum *sum, const uint64_t *limbs, int position, uint64_t *room)
{
	uint64_t	sign = SignLimb(limbs[2]);
	int			shift = position & 63;
	int			nlimbs = EXACT_SUM_SET_LIMBS;

	/* a shift by 64 - shift, which may be 64, in two steps */
	room[0] = limbs[0] << shift;
	room[1] = limbs[1] << shift | limbs[0] >> 1 >> (63 - shift);
	room[2] = limbs[2] << shift | limbs[1] >> 1 >> (63 - shift);
	room[3] = sign << shift | limbs[2] >> 1 >> (63 - shift);
	room[4] = sign;
	while (nlimbs > 1 && room[nlimbs - 2] == sign)
		nlimbs--;
	sum->lowest = (int16_t) (position >> 6);
	sum->nlimbs = (int16_t) nlimbs;
	sum->limbs = room;
}

void
ExactSumMerge(ExactSum *sum, const ExactSum *other)
{
	if (other->nlimbs > 0)
		AddLimbs(sum, other->lowest, other->limbs, other->nlimbs);
}

/* See exact_sum.h.  Windows differ with the order of additions; canonical forms do not. */
ExactSum
ExactSumCanonicalView(const ExactSum *sum)
{
	ExactSum	view = *sum;

	while (view.nlimbs > 1 &&
		   view.limbs[view.nlimbs - 1] == SignLimb(view.limbs[view.nlimbs - 2]))
		view.nlimbs--;
	while (view.nlimbs > 0 && view.limbs[0] == 0)
	{
		view.limbs++;
		view.lowest++;
		view.nlimbs--;
	}
	if (view.nlimbs == 0)
	{
		view.lowest = 0;
		view.limbs = NULL;
	}
	return view;
}

bool
ExactSumsAreEqual(const ExactSum *a, const ExactSum *b)
{
	ExactSum	x = ExactSumCanonicalView(a);
	ExactSum	y = ExactSumCanonicalView(b);

	return x.nlimbs == y.nlimbs && x.lowest == y.lowest &&
		(x.nlimbs == 0 || memcmp(x.limbs, y.limbs, sizeof(uint64_t) * x.nlimbs) == 0);
}

bool
ExactSumIsNegative(const ExactSum *sum)
{
	return sum->nlimbs > 0 && (sum->limbs[sum->nlimbs - 1] & SIGN_BIT);
}
