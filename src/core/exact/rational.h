/*
 * rational.h
 *		Correctly rounded float8 values of exact rationals.
 */
#ifndef NORMFREEZE_CORE_RATIONAL_H
#define NORMFREEZE_CORE_RATIONAL_H

#include "core/exact/exact_sum.h"

/*
 * The size of a BigNatural, which suffices for every value that moments.c forms: n * sum(x^2) - sum(x)^2 takes
 * at most 74 limbs, and a quotient is formed four limbs further down.
 */
#define BIG_NATURAL_LIMBS	96

/* A natural number times a power of two. */
typedef struct BigNatural
{
	int			nlimbs;			/* without leading zeros */
	int			exponent;		/* the value is limbs * 2^exponent */
	uint64_t	limbs[BIG_NATURAL_LIMBS];
} BigNatural;

/* Set "result" to |sum|, whose unit is 2^unit.  Return whether the sum is negative. */
extern bool BigNaturalFromSum(BigNatural *result, const ExactSum *sum, int unit);

/* Multiply in place, form a product or a square, and add in place. */
extern void BigNaturalMultiply(BigNatural *a, uint64_t factor);
extern void BigNaturalProduct(BigNatural *result, const BigNatural *a, const BigNatural *b);
extern void BigNaturalSquare(BigNatural *result, const BigNatural *a);
extern void BigNaturalAdd(BigNatural *a, const BigNatural *b);

/* Set a to a - b.  Return false, with a undefined, if b > a. */
extern bool BigNaturalSubtract(BigNatural *a, const BigNatural *b);

/*
 * Return (m + epsilon) * 2^exponent rounded to nearest even, where epsilon is between 0 and 1 if "sticky", else
 * 0.
 *
 * With "sticky", m must have at least 55 significant bits.
 */
extern double RoundToDouble(uint64_t m, int exponent, bool sticky, bool negative);

/* Return numerator / (d1 * d2), or its square root, rounded to nearest even. */
extern double RationalToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2, bool negative);
extern double RationalSqrtToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2);

#endif							/* NORMFREEZE_CORE_RATIONAL_H */
