/*
 * rounding.c
 *		Rounding to some number of digits.
 *
 * No double is 0.1, so "to one decimal" has several meanings, which differ
 * where a value lies (nearly) half way between two neighbours:
 *
 *	- numeric: the value's first 15 decimal digits (of a float4, 6), half away
 *	  from zero (PostgreSQL's float8_numeric(), float4_numeric() and
 *	  numeric_round(); spreadsheets);
 *	- the value times a power of ten, rounded half to even (numpy.round, and
 *	  round(double precision) of PostgreSQL) or half away from zero (C's
 *	  round(), DuckDB), and divided again;
 *	- the exact binary value (Python's round(), printf()).
 *
 * The same goes for truncation, and for rounding down or up.
 */
#include "core/compare/rounding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double
Printed(const char *format, int digits, double value)
{
	char		text[512];		/* the greatest double has 309 digits before its point */

	if (!isfinite(value))
		return value;
	snprintf(text, sizeof(text), format, digits, value);
	return strtod(text, NULL);
}

double
RoundToDecimals(double value, int digits)
{
	return Printed("%.*f", digits, value);
}

double
RoundToSignificant(double value, int digits)
{
	return Printed("%.*g", digits, value);
}

/* Return a power of ten.  Up to 10^22 it is exact. */
static double
PowerOfTen(int exponent)
{
	double		power = 1;

	for (int i = 0; i < exponent; i++)
		power *= 10;
	return power;
}

static double
Scaled(double value, int digits, double (*whole) (double))
{
	return whole(value * PowerOfTen(digits)) / PowerOfTen(digits);
}

/*
 * Round as numeric does: by the 15 decimal digits that a cast to numeric keeps of a double, and -0 becomes 0.
 * A value with more digits than that before the last decimal stays as it is.
 */
static double
OfNumeric(double value, int digits, double (*whole) (double))
{
	double		scaled = value * PowerOfTen(digits);

	return fabs(scaled) < 1e15 ? whole(RoundToSignificant(scaled, 15)) / PowerOfTen(digits) + 0.0 : value;
}

static double
OfSingleNumeric(double value, int digits, double (*whole) (double))
{
	return OfNumeric(RoundToSignificant(value, 6), digits, whole);
}

const Rounding roundings[] = {
	{"to %d decimal%s", false, NULL, OfNumeric, round},
	{"to %d decimal%s", false, NULL, Scaled, rint},
	{"to %d decimal%s", false, NULL, Scaled, round},
	{"to %d decimal%s", false, RoundToDecimals, NULL, NULL},
	{"to %d significant digit%s", true, RoundToSignificant, NULL, NULL},
	{"to %d decimal%s", false, NULL, OfSingleNumeric, round},
	{"truncated to %d decimal%s", false, NULL, OfNumeric, trunc},
	{"truncated to %d decimal%s", false, NULL, Scaled, trunc},
	{"down to %d decimal%s", false, NULL, OfNumeric, floor},
	{"down to %d decimal%s", false, NULL, Scaled, floor},
	{"up to %d decimal%s", false, NULL, OfNumeric, ceil},
	{"up to %d decimal%s", false, NULL, Scaled, ceil},
	{NULL, false, NULL, NULL, NULL}
};

double
RoundBy(const Rounding *rounding, double value, int digits)
{
	return rounding->nearest ? rounding->nearest(value, digits) : rounding->by(value, digits, rounding->whole);
}
