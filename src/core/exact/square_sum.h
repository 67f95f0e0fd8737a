/*
 * square_sum.h
 *		A sum of squares of numbers of any magnitude, such as 1e200 and 1e-200, whose squares are no
 *		float8 (the scaled sum of LAPACK's dlassq).
 */
#ifndef NORMFREEZE_CORE_SQUARE_SUM_H
#define NORMFREEZE_CORE_SQUARE_SUM_H

#include <math.h>

/* A sum of squares. */
typedef struct SquareSum
{
	double		scale;
	double		sum;			/* of the squares of numbers divided by the scale */
	int			n;
} SquareSum;

/* Add the square of a number that is not NaN. */
static inline void
AddSquare(SquareSum *squares, double x)
{
	x = fabs(x);
	if (x > squares->scale)
	{
		squares->sum = 1 + squares->sum * (squares->scale / x) * (squares->scale / x);
		squares->scale = x;
	}
	else if (x > 0)
		squares->sum += (x / squares->scale) * (x / squares->scale);
	squares->n++;
}

/* Return the root of the mean of the squares; 0 without any. */
static inline double
RootMeanSquare(const SquareSum *squares)
{
	return squares->n > 0 ? squares->scale * sqrt(squares->sum / squares->n) : 0;
}

#endif							/* NORMFREEZE_CORE_SQUARE_SUM_H */
