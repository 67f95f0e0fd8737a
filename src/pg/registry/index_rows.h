/*
 * index_rows.h
 *		Rows of the registry read by an index, without a query.
 */
#ifndef NORMFREEZE_INDEX_ROWS_H
#define NORMFREEZE_INDEX_ROWS_H

#include "pg/base/compat.h"

#include "access/sdir.h"
#include "pg/base/sql.h"

#define INDEX_ROWS_MAX	3		/* keys, or columns */

typedef struct IndexColumn
{
	const char *name;
	Oid			type;
} IndexColumn;

/* What is read: the columns, by an index whose first columns are the keys. */
typedef struct IndexQuery
{
	const char *table;
	const char *index;
	int			nkeys;
	IndexColumn keys[INDEX_ROWS_MAX];
	int			ncolumns;
	IndexColumn columns[INDEX_ROWS_MAX];
} IndexQuery;

typedef struct IndexRows IndexRows;

/*
 * Begin to read the rows with these keys, as the role and the snapshot of the calling query see them.  Return
 * NULL if only a query can tell what they see.
 */
extern IndexRows *IndexRowsBegin(const IndexQuery *query, Oid role, const Datum *keys);

/* The next row in the order of the index, forward or backward; false behind the last one. */
extern bool IndexRowsNext(IndexRows *rows, ScanDirection direction);

/* A column of that row, valid as long as the row is; NULL is an error. */
extern Datum IndexRowsValue(IndexRows *rows, int column);
extern void IndexRowsEnd(IndexRows *rows);

#endif							/* NORMFREEZE_INDEX_ROWS_H */
