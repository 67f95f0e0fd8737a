/*
 * select_list.h
 *		Lists of named columns with the normalized features of a relation.
 */
#ifndef NORMFREEZE_SELECT_LIST_H
#define NORMFREEZE_SELECT_LIST_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/scaler/loaded_scaler.h"

/* A SELECT list that is being written. */
typedef struct SelectList
{
	StringInfoData text;
	int			count;			/* number of columns, which have names */
	struct OutputName *names;
} SelectList;

/* Start a list of at most so many columns. */
extern void SelectListInit(SelectList *list, int most);

/* Append a column of the relation with this alias (quoted), under its own name. */
extern void AppendColumn(SelectList *list, const char *alias, const char *name);

/* Append an expression with a name. */
extern void AppendExpression(SelectList *list, const char *expression, const char *name);

/* Finish the list.  Fails, with this hint, if two columns have the same name. */
extern void SelectListFinish(SelectList *list, const char *hint);

/* Fail unless the features of this scaler have names. */
extern void CheckHasColumnNames(const LoadedScaler *scaler);

/*
 * Return the expression of a slot.
 *
 * A feature that can be normalized by itself becomes a call with one value, to which "scaler_sql" is the scaler
 * argument.  For one that cannot, "row_result" is an expression for what normalize() makes of the whole row.
 * If it is not known that the columns exist, nothing else must take the place of a missing one.
 */
extern char *FeatureSql(const LoadedScaler *scaler, int slot, const char *alias, const char *scaler_sql,
						const char *row_result, bool columns_exist);

/* Append the columns of all inputs, with "prefix" before their names; for the rest see FeatureSql(). */
extern void AppendFeatureColumns(SelectList *list, const LoadedScaler *scaler, const char *alias,
								 const char *scaler_sql,
								 const char *row_result, const char *prefix, bool columns_exist);

/* Return an id as a constant. */
extern char *IdSql(int64 id);

#endif							/* NORMFREEZE_SELECT_LIST_H */
