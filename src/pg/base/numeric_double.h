/*
 * numeric_double.h
 *		A numeric as the nearest float8.
 */
#ifndef NORMFREEZE_NUMERIC_DOUBLE_H
#define NORMFREEZE_NUMERIC_DOUBLE_H

#include "pg/base/compat.h"

/*
 * Rounded to nearest.  Unlike numeric_float8() this takes what is too small
 * for float8 as (nearly) zero, which is the nearest there is; what is too
 * large becomes infinite, and it is the caller who says whether that is an error.
 */
extern double NumericToDouble(Datum value);

#endif							/* NORMFREEZE_NUMERIC_DOUBLE_H */
