/*
 * rational.h
 *		Correctly rounded float8 values of exact rationals.
 */
#ifndef NORMFREEZE_CORE_RATIONAL_H
#define NORMFREEZE_CORE_RATIONAL_H

#include "core/exact/exact_sum.h"

/*
 * A natural number times a power of two, wide enough for every value that
 * moments.c forms: n * sum(x^2) - sum(x)^2 takes at most 74 limbs, and a
 * quotient is formed four limbs further down.
 */
#define BIG_NATURAL_LIMBS	96

typedef struct BigNatural
{
	int			nlimbs;			/* without leading zeros */
	int			exponent;		/* the value is limbs * 2^exponent */
	uint64_t	limbs[BIG_NATURAL_LIMBS];
} BigNatural;

/* |sum| as a BigNatural; returns whether the sum was negative */
extern bool BigNaturalFromSum(BigNatural *result, const ExactSum *sum, int unit);
extern void BigNaturalMultiply(BigNatural *a, uint64_t factor);
extern void BigNaturalProduct(BigNatural *result, const BigNatural *a, const BigNatural *b);
extern void BigNaturalSquare(BigNatural *result, const BigNatural *a);
extern void BigNaturalAdd(BigNatural *a, const BigNatural *b);

/* a -= b; returns false, leaving a undefined, if b > a */
extern bool BigNaturalSubtract(BigNatural *a, const BigNatural *b);

/* (m + epsilon) * 2^exponent rounded; see rational.c for what sticky demands */
extern double RoundToDouble(uint64_t m, int exponent, bool sticky, bool negative);

/* numerator / (d1 * d2), and its square root, rounded to nearest even */
extern double RationalToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2, bool negative);
extern double RationalSqrtToDouble(const BigNatural *numerator, uint64_t d1, uint64_t d2);

#endif							/* NORMFREEZE_CORE_RATIONAL_H */
