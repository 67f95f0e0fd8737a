/*
 * exact_sum.h
 *		An error-free accumulator of float8 values, their squares or their products.
 */
#ifndef NORMFREEZE_CORE_EXACT_SUM_H
#define NORMFREEZE_CORE_EXACT_SUM_H

#include "core/base/float_bits.h"

/*
 * A big integer in two's complement, kept as a window of 64-bit limbs that
 * grows on demand: limb i counts units of 2^(64 * (lowest + i)).  The unit
 * is 2^-1074 for sums of values and 2^-2148 for sums of squares, so every
 * finite float8 and every square of one is an integer here and nothing is
 * ever rounded.  The top limb is a guard: it holds only the sign.
 *
 * This is the "superaccumulator" of Kulisch, windowed; compare R. Neal,
 * "Fast exact summation using small and large superaccumulators", 2015
 * (arXiv 1505.05571).
 */
typedef struct ExactSum
{
	int16_t		lowest;			/* limbs[0] has the weight 2^(64 * lowest) */
	int16_t		nlimbs;			/* 0 if the value is zero */
	uint64_t   *limbs;
} ExactSum;

#define SUM_UNIT		(-1074)
#define SQUARES_UNIT	(-2148)

/* The greatest limb of 2^63 values, squares or triple products of any size, by which untrusted bytes are checked. */
#define SUM_MAX_LIMB		35
#define SQUARES_MAX_LIMB	69
#define TRIPLES_MAX_LIMB	102

/* Add a finite double, given by its bits, or its square.  A sum has either values or squares or products. */
extern void ExactSumAddDouble(ExactSum *sum, uint64_t bits);
extern void ExactSumAddSquare(ExactSum *sum, uint64_t bits);

/* Add the same times 2^shift, 0 <= shift < 64. */
extern void ExactSumAddShifted(ExactSum *sum, uint64_t bits, int shift);
extern void ExactSumAddSquareShifted(ExactSum *sum, uint64_t bits, int shift);

/* Add the product of n doubles, two or three, in units of 2^(-1074 n). */
extern void ExactSumAddProduct(ExactSum *sum, const uint64_t *factor_bits, int n);

/* Add value * 2^position, in the sum's own units. */
extern void ExactSumAddScaled(ExactSum *sum, int64_t value, int position);

/*
 * Set a sum to a number of three limbs in two's complement times 2^position.
 *
 * Its limbs are in "room", for EXACT_SUM_SET_LIMBS of them, so nothing may be added to it.
 */
#define EXACT_SUM_SET_LIMBS	5
extern void ExactSumSet(ExactSum *sum, const uint64_t *limbs, int position, uint64_t *room);

/* Add another sum with the same unit. */
extern void ExactSumMerge(ExactSum *sum, const ExactSum *other);

/*
 * Return the canonical form of the same integer, which shares the limbs of the sum: no zero limb at the low
 * end, no redundant sign limb at the top, no limbs for zero.
 */
extern ExactSum ExactSumCanonicalView(const ExactSum *sum);

/* Return whether two sums are the same integer. */
extern bool ExactSumsAreEqual(const ExactSum *a, const ExactSum *b);

/* Return whether a sum is negative. */
extern bool ExactSumIsNegative(const ExactSum *sum);

#endif							/* NORMFREEZE_CORE_EXACT_SUM_H */
