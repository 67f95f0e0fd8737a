/*
 * sql_arithmetic.h
 *		The arithmetic of a feature as SQL: the steps of its formula, and the clipping of its results.
 */
#ifndef NORMFREEZE_SQL_ARITHMETIC_H
#define NORMFREEZE_SQL_ARITHMETIC_H

#include "pg/exchange/to_sql.h"

/* Return tests of a value: for NaN, and for a number above a bound. */
extern char *SqlIsNaN(const SqlDialect *dialect, const char *x);
extern char *SqlIsAbove(const SqlExport *sql, const char *x, double bound);

/* Return a test whether a number that may be NaN is less than a bound, or "<=" it. */
extern char *SqlIsBelow(const SqlExport *sql, const char *x, const char *less, double bound);

/* Return the steps of a feature's formula as nested operations. */
extern char *SqlSteps(const SqlExport *sql, const FeatureRecipe *feature, const char *x);

/* Return a result clipped as by numpy.clip: NaN stays, and so does -0 at a bound of 0. */
extern char *SqlClipped(const SqlExport *sql, const FeatureRecipe *feature, const char *y);

#endif							/* NORMFREEZE_SQL_ARITHMETIC_H */
