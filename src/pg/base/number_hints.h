/*
 * number_hints.h
 *		Hints on columns that are not numbers: for each type, the SQL that makes a number of a
 *		value.
 */
#ifndef NORMFREEZE_NUMBER_HINTS_H
#define NORMFREEZE_NUMBER_HINTS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"

/*
 * Report that these columns (positions from 0), which should be features, are neither numeric nor boolean.
 *
 * The error lists all of them, with SQL that makes numbers of them.  "advice" ends the hint, unless it is NULL.
 */
pg_noreturn extern void ColumnsAreNotNumbers(TupleDesc desc, const int *columns, int ncolumns, const char *advice);

/*
 * Return SQL that makes an array of an expression, which is an array or a vector of pgvector; NULL for other
 * types.
 */
extern const char *ArrayExpression(Oid type, const char *expression);

#endif							/* NORMFREEZE_NUMBER_HINTS_H */
