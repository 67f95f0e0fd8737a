/*
 * rounding.h
 *		Rounding to some number of digits, in the ways that databases and
 *		libraries do it.
 */
#ifndef NORMFREEZE_CORE_ROUNDING_H
#define NORMFREEZE_CORE_ROUNDING_H

#include <stdbool.h>

/* The greatest numbers of decimals and of significant digits that are tried. */
#define ROUNDING_MOST_DECIMALS		12
#define ROUNDING_MOST_SIGNIFICANT	16

/* A way of rounding. */
typedef struct Rounding
{
	const char *text;			/* format with %d for the digits, and %s for a plural "s" */
	bool		significant;	/* digits counts significant digits, not decimals */
	double		(*nearest) (double value, int digits);	/* the function that rounds, if it needs no "whole" */
	/* otherwise: a function that leaves the part beyond the last digit to whole() */
	double		(*by) (double value, int digits, double (*whole) (double));
	double		(*whole) (double);
} Rounding;

/*
 * The ways of rounding.  A NULL text ends the table.  Ways that differ only in ties, or next to them, share one
 * text.
 */
extern const Rounding roundings[];

/* Return a value rounded in one of these ways. */
extern double RoundBy(const Rounding *rounding, double value, int digits);

/* Return a value rounded to the nearest, as printf() rounds the exact binary value. */
extern double RoundToDecimals(double value, int digits);
extern double RoundToSignificant(double value, int digits);

#endif							/* NORMFREEZE_CORE_ROUNDING_H */
