/*
 * numeric_double.h
 *		Converting a numeric to the nearest float8.
 */
#ifndef NORMFREEZE_NUMERIC_DOUBLE_H
#define NORMFREEZE_NUMERIC_DOUBLE_H

#include "pg/base/compat.h"

/*
 * Return a numeric rounded to the nearest float8.
 *
 * Unlike numeric_float8(), this converts a number that is too small to (nearly) zero, which is the nearest
 * there is.  One that is too large becomes infinite; the caller decides whether that is an error.
 */
extern double NumericToDouble(Datum value);

#endif							/* NORMFREEZE_NUMERIC_DOUBLE_H */
