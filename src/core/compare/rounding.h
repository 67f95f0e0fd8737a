/*
 * rounding.h
 *		Rounding to some number of digits, in the ways that databases and
 *		libraries do it.
 */
#ifndef NORMFREEZE_CORE_ROUNDING_H
#define NORMFREEZE_CORE_ROUNDING_H

#include <stdbool.h>

/* The greatest number of decimals that is tried. */
#define ROUNDING_MOST_DECIMALS		12
#define ROUNDING_MOST_SIGNIFICANT	16

typedef struct Rounding
{
	const char *text;			/* with %d for the digits, and %s for a plural "s" */
	bool		significant;	/* digits counts significant digits, not decimals */
	double		(*nearest) (double value, int digits);	/* if this is all */
	/* else: takes value and digits apart, and leaves what is beyond the last digit to whole() */
	double		(*by) (double value, int digits, double (*whole) (double));
	double		(*whole) (double);
} Rounding;

/* The table ends with a NULL text.  Ways of rounding that differ only in ties, or next to them, share one text. */
extern const Rounding roundings[];

extern double RoundBy(const Rounding *rounding, double value, int digits);

/* To the nearest, as printf() rounds the exact binary value. */
extern double RoundToDecimals(double value, int digits);
extern double RoundToSignificant(double value, int digits);

#endif							/* NORMFREEZE_CORE_ROUNDING_H */
