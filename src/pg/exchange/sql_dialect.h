/*
 * sql_dialect.h
 *		The SQL of other systems: names, numbers and the few functions that scalers need.
 */
#ifndef NORMFREEZE_SQL_DIALECT_H
#define NORMFREEZE_SQL_DIALECT_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* In templates, $1 and $2 stand for what they are applied to.  NULL: the system has no such thing. */
typedef struct SqlDialect
{
	const char *name;
	char		quote;			/* of identifiers */
	bool		backslash;		/* escapes in identifiers: backslashes, rather than doubled quotes */
	bool		folds_case;		/* takes names that differ in case for the same */
	int			name_length;	/* bytes of a name that count, as far as they are whole characters; 0: all */
	const char *not_in_names;	/* what means something even in a quoted name */
	const char *real;			/* to double precision */
	const char *number;			/* a double precision constant, from its shortest digits */
	const char *infinity;
	const char *is_nan;			/* NULL: it has no NaN */
	const char *divide;
	const char *greatest;		/* a function of two or more numbers, none of them NULL */
	const char *single;			/* rounded to float4, as double precision */
	const char *raise;			/* an error that says $2 about the number $1 */
	const char *sign_bit;		/* whether a zero is negative */
	bool		refuses_overflow;	/* arithmetic raises an error rather than give Infinity */
	bool		refuses_underflow;	/* or zero */
} SqlDialect;

/* An unknown name is an error that lists the known ones. */
extern const SqlDialect *SqlDialectByName(const char *name);

extern char *SqlApply(const char *template, const char *first, const char *second);

extern void AppendSqlName(StringInfo out, const SqlDialect *dialect, const char *name);

/* What makes two names one to the dialect: they are if this is equal. */
extern char *SqlNameKey(const SqlDialect *dialect, const char *name);

/* relation, as one writes it in FROM, with a dot behind it: the qualifier of columns.  "" for none. */
extern char *SqlQualifier(const SqlDialect *dialect, const char *relation);

/* A constant with exactly this value; NaN only where there is one. */
extern char *SqlNumber(const SqlDialect *dialect, double value);
extern char *SqlNull(const SqlDialect *dialect);

/* One comment: whatever the JSON says, it neither ends nor nests it. */
extern void AppendSqlComment(StringInfo out, const char *json);

#endif							/* NORMFREEZE_SQL_DIALECT_H */
