/*
 * columns.h
 *		The columns of a row by their names.
 */
#ifndef NORMFREEZE_COLUMNS_H
#define NORMFREEZE_COLUMNS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"
#include "utils/rel.h"

/* Open what a caller has given by its OID, for reading; a number that no relation has is an error of the caller's. */
extern Relation OpenGivenRelation(Oid relation_id);

/*
 * Return the position, from 0, of the column with this name, or -1 if there is none.  Two columns with the
 * name, as the row of a join may have, are an error: as in SQL, a name must mean one column.
 */
extern int	FindColumn(TupleDesc desc, const char *name);

/* Fail unless there is exactly one column with this name.  The message says which option or argument names it. */
extern void CheckHasColumn(TupleDesc desc, const char *name, const char *what);

/* Report that a name means several columns of a row. */
pg_noreturn extern void AmbiguousColumn(const char *name, int count);

/* Return a sentence on a column whose name looks like this one, or an empty string; see NameAlike(). */
extern char *ColumnAlike(TupleDesc desc, const char *name);

/* Return the names of the columns as a list for messages, which ends with "..." after 20 of them. */
extern char *ColumnList(TupleDesc desc);

/*
 * Return the positions (from 0) of the columns with these names.  They must be there and numeric or boolean, or
 * it is an error; for "advice" see RowMapBind().
 */
extern int *FindFeatureColumns(TupleDesc desc, int nfeatures, char *const *names, const char *advice);

#endif							/* NORMFREEZE_COLUMNS_H */
