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

pg_noreturn extern void AmbiguousColumn(const char *name, int count);

/* A sentence about a column that looks like a name, or "": see NameAlike(). */
extern char *ColumnAlike(TupleDesc desc, const char *name);

/* The names of the columns, as a list for people. */
extern char *ColumnList(TupleDesc desc);

/*
 * The positions from 0 of the columns of these names, which must be there and
 * numeric or boolean; advice is as of RowMapBind().
 */
extern int *FindFeatureColumns(TupleDesc desc, int nfeatures, char *const *names, const char *advice);

#endif							/* NORMFREEZE_COLUMNS_H */
