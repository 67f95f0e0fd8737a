/*
 * to_sql.h
 *		Writing a scaler as expressions of another system's SQL.
 */
#ifndef NORMFREEZE_TO_SQL_H
#define NORMFREEZE_TO_SQL_H

#include "pg/base/compat.h"

#include "pg/exchange/export.h"
#include "pg/exchange/sql_dialect.h"

/* The table of parameters that a set of scalers is joined with, and the parameters of a member for one slot. */
#define SET_TABLE		"normfreeze_members"

typedef struct SlotNumbers
{
	MemoryContext context;
	int			slot;
	int			count;
	int			room;
	double	   *values;
} SlotNumbers;

/* A scaler on its way to SQL. */
typedef struct SqlExport
{
	Export		export;
	const SqlDialect *dialect;
	const char *can;			/* list of what the dialect can express */
	const char *qualifier;		/* of columns: empty, or ending with a dot */
	const bool *booleans;		/* by slot: columns that are known to be boolean; NULL if no type is known */
	char	  **columns;		/* by slot: the input as double precision */
	SlotNumbers *numbers;		/* if not NULL: numbers are columns of the set's table, and are noted here */
	char	   *largest;		/* the expression that norm_max divides by; NULL until it is made */
} SqlExport;

/* Prepare the export of a scaler.  Fails if the dialect cannot express all of it. */
extern void SqlExportInit(SqlExport *sql, Datum scaler, const char *dialect);

/* Fail if two features have the same name to the dialect.  Both would read the same column, without an error. */
extern void CheckSqlNames(const SqlExport *sql);

/* Name the columns that expressions read, and return the expression of a slot. */
extern void SqlExportColumns(SqlExport *sql, const char *relation);
extern char *SqlExpression(SqlExport *sql, int slot);

/* Append the SELECT list: expression AS name, ... */
extern void AppendSqlList(StringInfo out, SqlExport *sql, const char *relation);

/* Append a comment that says which scaler this is, with or without its probes. */
extern void AppendSqlIdentity(StringInfo out, const SqlExport *sql, bool with_probes);

/* Return the SELECT list of a relation's rows, with that comment behind it. */
extern text *SqlListWithIdentity(SqlExport *sql, const char *relation);

/*
 * Return a slot's name for errors in SQL, such as: feature 3, age.  It has no character that is special in a
 * string.
 */
extern char *SqlLabel(const SqlExport *sql, int slot);

#endif							/* NORMFREEZE_TO_SQL_H */
