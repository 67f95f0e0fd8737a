/*
 * columns.h
 *		The columns of a row by their names.
 */
#ifndef NORMFREEZE_COLUMNS_H
#define NORMFREEZE_COLUMNS_H

#include "pg/compat.h"

#include "access/tupdesc.h"

/*
 * The position from 0 of the column of this name, -1 if there is none.  Two
 * of the name, as the rows of a join may have, are an error: as in SQL, a name
 * that is used must mean one column.
 */
extern int	FindColumn(TupleDesc desc, const char *name);

pg_noreturn extern void AmbiguousColumn(const char *name, int count);

/* The names of the columns, as a list for people. */
extern char *ColumnList(TupleDesc desc);

/*
 * The names of all columns, or of all numeric (and boolean) ones, but the
 * excluded, in order.  A name that no column has, or several, is an error.
 */
extern char **AllColumns(TupleDesc desc, bool numeric, char *const *exclude, int nexclude, int *ncolumns);

#endif							/* NORMFREEZE_COLUMNS_H */
