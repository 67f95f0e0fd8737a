/*
 * number_hints.h
 *		Hints about columns that are not numbers: SQL that makes a number of a value of each type.
 */
#ifndef NORMFREEZE_NUMBER_HINTS_H
#define NORMFREEZE_NUMBER_HINTS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"

/*
 * Fail because these columns (positions from 0), which are to be features, are neither numeric nor boolean.
 * The error lists all of them, with SQL that makes numbers of them.  `advice`, if not NULL, ends the hint.
 */
pg_noreturn extern void ColumnsAreNotNumbers(TupleDesc desc, const int *columns, int ncolumns, const char *advice);

/* SQL that makes an array of an expression that is an array or a vector of pgvector; NULL for other types. */
extern const char *ArrayExpression(Oid type, const char *expression);

#endif							/* NORMFREEZE_NUMBER_HINTS_H */
