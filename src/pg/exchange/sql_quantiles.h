/*
 * sql_quantiles.h
 *		The interpolation between quantiles as an expression of SQL.
 */
#ifndef NORMFREEZE_SQL_QUANTILES_H
#define NORMFREEZE_SQL_QUANTILES_H

#include "pg/exchange/to_sql.h"

/*
 * Return whether all slopes of an interpolation are finite.  Then it never meets NaN, for which numpy has
 * further rules.
 */
extern bool SqlSlopesAreFinite(const FormulaTable *table);

/* Return what formula quantile_uniform makes of x; "missing" is the test for missing values. */
extern char *SqlQuantileUniform(const SqlExport *sql, const FormulaTable *table, const char *x, const char *missing);

#endif							/* NORMFREEZE_SQL_QUANTILES_H */
