/*
 * to_sql.h
 *		A scaler as expressions of another system's SQL.
 */
#ifndef NORMFREEZE_TO_SQL_H
#define NORMFREEZE_TO_SQL_H

#include "pg/base/compat.h"

#include "pg/exchange/export.h"
#include "pg/exchange/sql_dialect.h"

typedef struct SqlExport
{
	Export		export;
	const SqlDialect *dialect;
	const char *can;			/* what the dialect can express */
	const char *qualifier;		/* of columns: "" or with a dot at the end */
	char	  **columns;		/* the inputs, as double precision */
	char	   *largest;		/* of the values that norm_max divides by, once it is made */
} SqlExport;

/* Errors out if the dialect cannot express all of the scaler. */
extern void SqlExportInit(SqlExport *sql, Datum scaler, const char *dialect);

/* expression AS name, ... */
extern void AppendSqlList(StringInfo out, SqlExport *sql, const char *relation);

/* The comment that says which scaler this is; with its probes or without. */
extern void AppendSqlIdentity(StringInfo out, const SqlExport *sql, bool with_probes);

/* "feature 3, age", without a character that means something in a string */
extern char *SqlLabel(const SqlExport *sql, int slot);

#endif							/* NORMFREEZE_TO_SQL_H */
