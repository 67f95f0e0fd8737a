/*
 * row_columns.h
 *		Planning a call with a row as a call with the columns of that row.
 */
#ifndef NORMFREEZE_ROW_COLUMNS_H
#define NORMFREEZE_ROW_COLUMNS_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* The columns of a row, in their order. */
typedef struct RowColumns
{
	List	   *names;			/* of char * */
	List	   *values;			/* of expressions */
} RowColumns;

/*
 * Find the columns of an argument that is the row of a table, a view or a subquery.
 *
 * "function" is the function that is called with the row, or InvalidOid for an aggregate, whose rows are those
 * before grouping.  Return false if the row must stay: it may be NULL as a whole, comes from another query
 * level, or its columns have no names.
 */
extern bool FindRowColumns(PlannerInfo *root, Node *row, Oid function, RowColumns *columns);

/*
 * Prepare the columns as arguments for a function that takes a list of names and VARIADIC "any".
 *
 * Columns that are not among the wanted names become NULLs of their type, which cost nothing; "wanted" may be
 * NULL for all columns that can be features.  Return false if a wanted column is missing, occurs twice or
 * cannot be a feature; the form for rows has errors for these cases.
 */
extern bool SelectRowColumns(RowColumns *columns, char *const *wanted, int nwanted);

/*
 * Return the arguments of the call: those in "first", the names and the columns.
 *
 * There are at most "most" arguments; if the columns are more, they are passed in shares (see column_call.h).
 */
extern List *ColumnCallArguments(List *first, const RowColumns *columns, int most);

#endif							/* NORMFREEZE_ROW_COLUMNS_H */
