/*
 * exact_sum.h
 *		An error-free accumulator for float8 values or their squares.
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
	int16_t		lowest;			/* weight of limbs[0] */
	int16_t		nlimbs;			/* 0 means the value is zero */
	uint64_t   *limbs;
} ExactSum;

#define SUM_UNIT		(-1074)
#define SQUARES_UNIT	(-2148)

/* Enough limbs for 2^63 values, squares or triple products of any size, for checks of untrusted bytes. */
#define SUM_MAX_LIMB		35
#define SQUARES_MAX_LIMB	69
#define TRIPLES_MAX_LIMB	102

extern void ExactSumAddDouble(ExactSum *sum, uint64_t bits);
extern void ExactSumAddSquare(ExactSum *sum, uint64_t bits);

/* the same times 2^shift, 0 <= shift < 64 */
extern void ExactSumAddShifted(ExactSum *sum, uint64_t bits, int shift);
extern void ExactSumAddSquareShifted(ExactSum *sum, uint64_t bits, int shift);

/* the product of two or three doubles, in units of 2^(-1074 n) */
extern void ExactSumAddProduct(ExactSum *sum, const uint64_t *factor_bits, int n);
extern void ExactSumAddScaled(ExactSum *sum, int64_t value, int position);

/*
 * Set it to a number of three limbs in two's complement times 2^position; its
 * limbs are in `room`, for EXACT_SUM_SET_LIMBS of them, so it is not for adding to.
 */
#define EXACT_SUM_SET_LIMBS	5
extern void ExactSumSet(ExactSum *sum, const uint64_t *limbs, int position, uint64_t *room);
extern void ExactSumMerge(ExactSum *sum, const ExactSum *other);
extern ExactSum ExactSumCanonicalView(const ExactSum *sum);
extern bool ExactSumsAreEqual(const ExactSum *a, const ExactSum *b);
extern bool ExactSumIsNegative(const ExactSum *sum);

#endif							/* NORMFREEZE_CORE_EXACT_SUM_H */
