/*
 * sql_parameter.h
 *		A number of a scaler in its SQL.
 */
#ifndef NORMFREEZE_SQL_PARAMETER_H
#define NORMFREEZE_SQL_PARAMETER_H

#include "pg/base/compat.h"

#include "pg/exchange/to_sql.h"

/* Return a number as SQL or, of a member of a set, the column of the set's table that has it, which is noted. */
extern char *SqlParameter(const SqlExport *sql, double value);

#endif							/* NORMFREEZE_SQL_PARAMETER_H */
