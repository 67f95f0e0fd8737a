/*
 * row_columns.h
 *		Planning a call with a row as a call with the columns of that row.
 */
#ifndef NORMFREEZE_ROW_COLUMNS_H
#define NORMFREEZE_ROW_COLUMNS_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* What a row consists of, in its order. */
typedef struct RowColumns
{
	List	   *names;			/* of char * */
	List	   *values;			/* of expressions */
} RowColumns;

/*
 * The columns of an argument that is the row of a table, a view or a
 * subquery.  The function is what is called with it, InvalidOid if it is an
 * aggregate, which has the rows of before they are grouped.  False where the row may be null as a whole, comes from another
 * query level or has no names: there, the row itself is needed.
 */
extern bool FindRowColumns(PlannerInfo *root, Node *row, Oid function, RowColumns *columns);

/*
 * Those columns as arguments for a function with a list of names and
 * VARIADIC "any": what is not among the wanted names (NULL: all that can be
 * features) is a NULL of its type, since it costs nothing there.  False if one
 * is not there, is there twice, or cannot be a feature: the row form has
 * errors for that.
 */
extern bool SelectRowColumns(RowColumns *columns, char *const *wanted, int nwanted);

/* `first` and more arguments, `most` in all: the names, and then the columns, in shares if they are many. */
extern List *ColumnCallArguments(List *first, const RowColumns *columns, int most);

#endif							/* NORMFREEZE_ROW_COLUMNS_H */
