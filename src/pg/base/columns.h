/*
 * columns.h
 *		The columns of a row by their names, and which of them are features.
 */
#ifndef NORMFREEZE_COLUMNS_H
#define NORMFREEZE_COLUMNS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"
#include "pg/fit/options.h"

/*
 * The position from 0 of the column of this name, -1 if there is none.  Two
 * of the name, as the rows of a join may have, are an error: as in SQL, a name
 * that is used must mean one column.
 */
extern int	FindColumn(TupleDesc desc, const char *name);

/* An error unless there is one of this name, which this option or argument names. */
extern void CheckHasColumn(TupleDesc desc, const char *name, const char *what);

pg_noreturn extern void AmbiguousColumn(const char *name, int count);

/* The names of the columns, as a list for people. */
extern char *ColumnList(TupleDesc desc);

/*
 * Which columns are the features of a fit, or of a profile (spec is NULL): all,
 * or those that its options choose, and its targets.  A name that options
 * mention and no column has, or several, is an error.
 */
extern NameList ChooseColumns(TupleDesc desc, const FitSpec *spec);

/*
 * The positions from 0 of the columns of these names, which must be there and
 * numeric or boolean; advice is as of RowMapBind().
 */
extern int *FindFeatureColumns(TupleDesc desc, int nfeatures, char *const *names, const char *advice);

#define ADVICE_FOR_FIT \
	"Or choose other features: option \"columns\" names them, {\"columns\": \"numeric\"} takes all that are numeric or boolean, \"exclude\" names what to leave out."
#define ADVICE_FOR_PROFILE \
	"Or name the columns to take: normfreeze.profile(s, ARRAY['a', 'b'])."

#endif							/* NORMFREEZE_COLUMNS_H */
