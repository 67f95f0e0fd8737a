/*
 * sql_dialect.h
 *		The SQL dialects of other systems: names, numbers and the few functions that scalers need.
 */
#ifndef NORMFREEZE_SQL_DIALECT_H
#define NORMFREEZE_SQL_DIALECT_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* A dialect.  In templates, $1 and $2 stand for the arguments.  NULL means that the system has no such thing. */
typedef struct SqlDialect
{
	const char *name;
	char		quote;			/* quote around identifiers */
	bool		backslash;		/* quotes in identifiers are escaped by backslashes, not doubled */
	bool		folds_case;		/* names that differ in case alone are the same */
	int			name_length;	/* number of bytes of a name that count, as far as they are whole characters; 0 for
								 * all */
	int			name_most;		/* longest name that it takes, in bytes; 0 for any that a feature has */
	const char *not_in_names;	/* characters that mean something even in a quoted name */
	bool		needs_relation; /* an unqualified column is the alias of that name in the list, if there is one */
	const char *real;			/* cast to double precision */
	const char *boolean;		/* the same of a column that is known to be boolean; PostgreSQL alone needs it */
	const char *number;			/* double precision constant, from its shortest digits; NULL: from integers */
	const char *integer;		/* double precision constant from an integer, if number is NULL */
	const char *infinity;		/* its digits for number, or the whole constant */
	const char *nan;			/* constant, if number is NULL and there is one */
	const char *is_nan;			/* test for NaN */
	bool		nan_is_least;	/* NaN is less than any number, not greater or neither */
	const char *compared;		/* a number as it is compared, where -0 is not 0; NULL: itself */
	const char *divide;
	const char *greatest;		/* greatest of two or more numbers, none of them NULL */
	const char *single;			/* rounding to float4; the result is of type double precision */
	bool		names_arguments;	/* single says its argument more than once: in nested ones a subquery names it */
	const char *root;			/* square root, of a number that is not negative */
	const char *raise;			/* an error that says $2 about the number $1 */
	const char *sign_bit;		/* test whether a zero is negative */
	const char *key;			/* text that is compared by its bytes, whatever the collation of the column is */
	const char *rows_before;	/* what stands before rows of values in FROM, and behind them; $1 are names of
								 * columns, */
	const char *rows_after;		/* the first of them a text and the others double precision */
	const char *first_row;		/* what opens the first row, if not a parenthesis; $1 are names of columns */
	const char *key_type;		/* types of these columns, where they stand behind the names */
	const char *number_type;
	const char *from_nothing;	/* what a SELECT of constants has behind it, with a space before */
	bool		no_braces;		/* braces in comments mean something */
	const char *message;		/* text from two texts and words between them; NULL: by || */
	const char *escape;			/* begins an escape in strings, before two hexadecimal digits; then doubled quotes
								 * need not mean one */
	bool		refuses_overflow;	/* arithmetic raises an error where it would give Infinity */
	bool		refuses_underflow;	/* arithmetic raises an error where it would underflow to zero */
} SqlDialect;

/* Return a dialect by its name.  Fails for an unknown name, with a list of the known ones. */
extern const SqlDialect *SqlDialectByName(const char *name);

/* Return a template with its arguments filled in. */
extern char *SqlApply(const char *template, const char *first, const char *second);

/* Return a number as it is compared, with equality of both zeros. */
extern const char *SqlCompared(const SqlDialect *dialect, const char *x);

/* Append a name, quoted. */
extern void AppendSqlName(StringInfo out, const SqlDialect *dialect, const char *name);

/* Return a key by which names are compared: two names are the same to the dialect if their keys are equal. */
extern char *SqlNameKey(const SqlDialect *dialect, const char *name);

/*
 * Return the qualifier of columns: a relation as it is written in FROM, and a dot.  An empty relation gives an
 * empty qualifier.  Fails if it cannot be the name of a relation.
 */
extern char *SqlQualifier(const SqlDialect *dialect, const char *relation);

/* Return a constant with exactly this value.  NaN is allowed only if the dialect has one. */
extern char *SqlNumber(const SqlDialect *dialect, double value);

/* Return a string, quoted. */
extern char *SqlString(const SqlDialect *dialect, const char *text);

/* Return a NULL of type double precision. */
extern char *SqlNull(const SqlDialect *dialect);

/* Append JSON as one comment.  No content of it can end the comment or nest another one. */
extern void AppendSqlComment(StringInfo out, const SqlDialect *dialect, const char *json);

#endif							/* NORMFREEZE_SQL_DIALECT_H */
