/*
 * to_sql.h
 *		Writing a scaler as expressions of another system's SQL.
 */
#ifndef NORMFREEZE_TO_SQL_H
#define NORMFREEZE_TO_SQL_H

#include "pg/base/compat.h"

#include "pg/exchange/export.h"
#include "pg/exchange/sql_dialect.h"

/* A scaler on its way to SQL. */
typedef struct SqlExport
{
	Export		export;
	const SqlDialect *dialect;
	const char *can;			/* list of what the dialect can express */
	const char *qualifier;		/* of columns: empty, or ending with a dot */
	char	  **columns;		/* by slot: the input as double precision */
	char	   *largest;		/* the expression that norm_max divides by; NULL until it is made */
} SqlExport;

/* Prepare the export of a scaler.  Fails if the dialect cannot express all of it. */
extern void SqlExportInit(SqlExport *sql, Datum scaler, const char *dialect);

/* Append the SELECT list: expression AS name, ... */
extern void AppendSqlList(StringInfo out, SqlExport *sql, const char *relation);

/* Append a comment that says which scaler this is, with or without its probes. */
extern void AppendSqlIdentity(StringInfo out, const SqlExport *sql, bool with_probes);

/*
 * Return a slot's name for errors in SQL, such as: feature 3, age.  It has no character that is special in a
 * string.
 */
extern char *SqlLabel(const SqlExport *sql, int slot);

#endif							/* NORMFREEZE_TO_SQL_H */
