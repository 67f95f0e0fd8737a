/*
 * select_list.h
 *		Lists of named columns with the normalized features of a relation.
 */
#ifndef NORMFREEZE_SELECT_LIST_H
#define NORMFREEZE_SELECT_LIST_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/scaler/loaded_scaler.h"

typedef struct SelectList
{
	StringInfoData text;
	int			count;			/* of columns, and their names */
	struct OutputName *names;
} SelectList;

/* A list of at most so many columns. */
extern void SelectListInit(SelectList *list, int most);

/* A column of the relation of this alias (quoted), under its own name. */
extern void AppendColumn(SelectList *list, const char *alias, const char *name);

/* An expression with a name. */
extern void AppendExpression(SelectList *list, const char *expression, const char *name);

/* Two columns of one name are an error, with this hint. */
extern void SelectListFinish(SelectList *list, const char *hint);

/* The features of this scaler have names, or it is an error. */
extern void CheckHasColumnNames(const LoadedScaler *scaler);

/*
 * A feature, by its position among those that normalize() asks for.  One that
 * can be normalized by itself becomes a call of one value; `row_result` is an
 * SQL expression for what normalize() makes of the whole row, for one that
 * cannot.  `scaler_sql` is the scaler as an argument of normalize_value().  If
 * it is not known that the columns exist, nothing else must take the place of
 * one that does not.
 */
extern char *FeatureSql(const LoadedScaler *scaler, int slot, const char *alias, const char *scaler_sql, const char *row_result,
						bool columns_exist);

/* The columns of all features. */
extern void AppendFeatureColumns(SelectList *list, const LoadedScaler *scaler, const char *alias, const char *scaler_sql,
								 const char *row_result, const char *prefix, bool columns_exist);

/* An id as a constant. */
extern char *IdSql(int64 id);

#endif							/* NORMFREEZE_SELECT_LIST_H */
