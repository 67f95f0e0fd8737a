/*
 * divisor.h
 *		What divides, from the spread that a file of parameters gives: the spread itself, or with an epsilon.
 */
#ifndef NORMFREEZE_CORE_DIVISOR_H
#define NORMFREEZE_CORE_DIVISOR_H

#include <stdbool.h>

/* Where an epsilon goes. */
typedef enum EpsilonPlace
{
	EPSILON_NONE,
	EPSILON_SCALE,				/* s + eps */
	EPSILON_VARIANCE,			/* sqrt(var + eps) */
	EPSILON_FLOOR,				/* max(s, eps) */
	EPSILON_ZERO				/* eps if s is 0, else s */
} EpsilonPlace;

/* What becomes of a feature whose spread is zero. */
typedef enum ZeroSpread
{
	ZERO_UNSAID,				/* the epsilon divides, if there is one; without, it is an error */
	ZERO_ERROR,
	ZERO_ONE,					/* 1 divides */
	ZERO_RESULT_ZERO			/* the result is 0 */
} ZeroSpread;

/* How a divisor is computed. */
typedef struct DivisorRule
{
	double		epsilon;
	EpsilonPlace place;
	ZeroSpread	zero;
	bool		single;			/* every operation is rounded to float4 */
} DivisorRule;

/* Round as operations are rounded. */
static inline double
RoundOperation(const DivisorRule *rule, double value)
{
	return rule->single ? (double) (float) value : value;
}

/*
 * Return what divides.  "spread" is a deviation or a width, or, for an epsilon in the variance, a variance.
 *
 * The result is 0 where the spread is, and nothing says what else is to divide.
 */
extern double SpreadDivisor(const DivisorRule *rule, double spread);

#endif							/* NORMFREEZE_CORE_DIVISOR_H */
