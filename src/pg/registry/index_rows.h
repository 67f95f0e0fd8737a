/*
 * index_rows.h
 *		Reading rows of the registry by an index, without a query.
 */
#ifndef NORMFREEZE_INDEX_ROWS_H
#define NORMFREEZE_INDEX_ROWS_H

#include "pg/base/compat.h"

#include "access/sdir.h"
#include "pg/base/sql.h"

#define INDEX_ROWS_MAX	3		/* greatest number of keys, and of columns */

/* A column, by its name and type. */
typedef struct IndexColumn
{
	const char *name;
	Oid			type;
} IndexColumn;

/* What is read: some columns, by an index whose first columns are the keys. */
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
 * Begin to read the rows with these keys, as this role and the snapshot of the calling query see them.
 *
 * Return NULL if only a query can tell what they see.
 */
extern IndexRows *IndexRowsBegin(const IndexQuery *query, Oid role, const Datum *keys);

/* Go to the next row in the order of the index, forward or backward.  Return false if there is none. */
extern bool IndexRowsNext(IndexRows *rows, ScanDirection direction);

/* Return a column of the row, valid until the next row.  Fails if it is NULL. */
extern Datum IndexRowsValue(IndexRows *rows, int column);

/* End reading. */
extern void IndexRowsEnd(IndexRows *rows);

#endif							/* NORMFREEZE_INDEX_ROWS_H */
