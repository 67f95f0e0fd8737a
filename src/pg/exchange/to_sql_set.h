/*
 * to_sql_set.h
 *		Writing a set of scalers by key as expressions of another system's SQL.
 */
#ifndef NORMFREEZE_TO_SQL_SET_H
#define NORMFREEZE_TO_SQL_SET_H

#include "pg/base/compat.h"

#include "pg/exchange/to_sql.h"
#include "pg/scaler/set_view.h"

/* A set on its way to SQL. */
typedef struct SqlSet
{
	const SqlDialect *dialect;
	int64		id;
	char	   *fingerprint;	/* in hexadecimal digits */
	SetRecipe	recipe;
	char	  **keys;			/* in the order of their bytes */
	Datum	   *scalers;		/* of the keys; that of the fallback, if there is one, is behind them */
	SqlExport	first;			/* of the first key: names and features are those of all */
} SqlSet;

/* Return the value of a scaler by its id: of a set, with all its members. */
extern bytea *ScalerWithMembers(int64 id);

/* Prepare the export of a set with its members.  Fails for a scaler that is none, and for a bare set. */
extern void SqlSetInit(SqlSet *set, Datum scaler, const char *dialect);

/*
 * Append the SELECT list and a FROM clause that joins the relation with the parameters of all keys, given the key's
 * column as an expression.
 */
extern void AppendSqlSetList(StringInfo out, SqlSet *set, const char *relation, const char *key);

/* Append a comment that says which set this is. */
extern void AppendSqlSetIdentity(StringInfo out, const SqlSet *set, const char *key);

#endif							/* NORMFREEZE_TO_SQL_SET_H */
