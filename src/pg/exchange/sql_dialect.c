/*
 * sql_dialect.c
 *		The table of SQL dialects.
 *
 * Constants are strings cast to double precision where the system rounds decimals correctly: a
 * bare 0.1 is of a decimal type in DuckDB, Snowflake and Spark.  Some systems read decimals with
 * an error of one unit in the last place, so constants are integers there, multiplied and divided
 * by powers of two: SQLite in some versions (sqlite.org/floatingpoint.html), Firebird, and
 * ClickHouse before its setting precise_float_parsing became the default.
 */
#include "pg/exchange/sql_dialect.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "pg/base/json_tree.h"

/*
 * Rounding to float4 where a cast raises an error instead of giving Infinity or zero.
 *
 * From 2^128 - 2^103 on a float8 rounds to Infinity, and up to 2^-150 to zero.
 */
#define POSTGRES_SINGLE \
	"CASE WHEN abs($1) > '7.006492321624085e-46'::double precision" \
	" AND abs($1) < '3.4028235677973366e+38'::double precision" \
	" THEN $1::real::double precision" \
	" WHEN abs($1) < '1'::double precision THEN ($1 * '0'::double precision)" \
	" ELSE ($1 * 'inf'::double precision) END"
#define DUCKDB_SINGLE \
	"CASE WHEN abs($1) < CAST('3.4028235677973366e+38' AS DOUBLE)" \
	" THEN CAST(CAST($1 AS FLOAT) AS DOUBLE)" \
	" ELSE ($1 * CAST('inf' AS DOUBLE)) END"

/*
 * PostgreSQL has no function that raises an error, but a text that is not a number raises one and is quoted in
 * it.
 *
 * It depends on the value, so that it is not evaluated during planning.
 */
#define POSTGRES_RAISE	"('$2: ' || coalesce($1::text, 'NULL'))::double precision"

/* Databricks SQL is Spark's. */
#define SPARK \
	.quote = '`', .folds_case = true, .not_in_names = "${", \
	.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "inf", \
	.is_nan = "isnan($1)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest", \
	.single = "CAST(CAST($1 AS FLOAT) AS DOUBLE)", .raise = "CAST(raise_error('$2') AS DOUBLE)", \
	.sign_bit = "CAST($1 AS STRING) = '-0.0'", \
	.key = "CAST($1 AS STRING)", .escape = "\\u00", \
	.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",

/* A cast to FLOAT saturates there, and || is OR unless a setting says otherwise. */
#define MYSQL \
	.quote = '`', .folds_case = true, .name_most = 64, \
	.real = "CAST($1 AS DOUBLE)", .integer = "$1e0", \
	.divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest", \
	.refuses_overflow = true, \
	.message = "concat('probe ', $1, ', ', $2)",

/*
 * On names: SQLite takes a column in double quotes that does not exist for a string.  BigQuery takes a dot in a
 * quoted name for the path to a field.  Spark replaces ${variable} before it parses.
 */
static const SqlDialect dialects[] = {
	{
		.name = "postgres", .quote = '"', .name_length = NAMEDATALEN - 1,
		.real = "$1::double precision", .boolean = "$1::integer::double precision",
		.number = "'$1'::double precision", .infinity = "inf",
		.is_nan = "$1 = 'NaN'::double precision", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = POSTGRES_SINGLE, .names_arguments = true, .raise = POSTGRES_RAISE,
		.sign_bit = "float8send($1) = decode('8000000000000000', 'hex')",
		.refuses_overflow = true, .refuses_underflow = true,
		.key = "$1::text COLLATE \"C\"",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		.name = "duckdb", .quote = '"', .folds_case = true,
		.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "inf",
		.is_nan = "isnan($1)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = DUCKDB_SINGLE, .names_arguments = true, .raise = "CAST(error('$2') AS DOUBLE)",
		.sign_bit = "signbit($1)",
		.key = "CAST($1 AS VARCHAR)",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		.name = "sqlite", .quote = '`', .folds_case = true,
		.real = "CAST($1 AS REAL)", .integer = "$1.0", .infinity = "9e999",
		.divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "max",
		.key = "CAST($1 AS TEXT) COLLATE BINARY",
		.rows_before = "(WITH $2 ($1) AS (VALUES ", .rows_after = ") SELECT * FROM $2) AS $2",
	},
	{
		.name = "snowflake", .quote = '"',
		.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "inf",
		.is_nan = "$1 = CAST('NaN' AS DOUBLE)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.key = "COLLATE(CAST($1 AS VARCHAR), '')", .escape = "\\u00",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		/* dividing by a scale that is too small gives Infinity; only IEEE_DIVIDE does not raise an error for it */
		.name = "bigquery", .quote = '`', .backslash = true, .folds_case = true, .not_in_names = ".",
		.real = "CAST($1 AS FLOAT64)", .number = "CAST('$1' AS FLOAT64)", .infinity = "inf",
		.is_nan = "IS_NAN($1)", .divide = "IEEE_DIVIDE($1, $2)", .root = "SQRT($1)", .greatest = "greatest",
		.raise = "CAST(ERROR('$2') AS FLOAT64)", .sign_bit = "IEEE_DIVIDE(1, $1) < 0",
		.refuses_overflow = true,
		.key = "COLLATE(CAST($1 AS STRING), '')", .escape = "\\u00",
		.rows_before = "UNNEST([", .rows_after = "]) AS $2",
		.first_row = "STRUCT<$1>(", .key_type = "STRING", .number_type = "FLOAT64",
	},
	{
		.name = "spark", SPARK
	},
	{
		.name = "databricks", SPARK
	},
	{
		.name = "trino", .quote = '"', .folds_case = true,
		.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "Infinity",
		.is_nan = "is_nan($1)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = "CAST(CAST($1 AS REAL) AS DOUBLE)", .raise = "CAST(fail('$2') AS DOUBLE)",
		.sign_bit = "(1 / $1) < 0",
		.key = "CAST($1 AS VARCHAR)",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		.name = "datafusion", .quote = '"',
		.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "inf",
		.is_nan = "isnan($1)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = "CAST(CAST($1 AS FLOAT) AS DOUBLE)",
		.raise = "CAST('$2: ' || coalesce(CAST($1 AS VARCHAR), 'NULL') AS DOUBLE)",
		.sign_bit = "(1 / $1) < 0",
		.key = "CAST($1 AS VARCHAR)",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		/* types are not nullable unless they say so, and then a join gives zeros and empty texts for missing rows */
		.name = "clickhouse", .quote = '`', .backslash = true, .needs_relation = true,
		.real = "CAST($1 AS Nullable(Float64))", .integer = "$1.0", .infinity = "inf", .nan = "nan",
		.is_nan = "isNaN($1)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = "CAST(CAST($1 AS Nullable(Float32)) AS Nullable(Float64))",
		.raise = "CAST(throwIf($1 IS NULL OR $1 IS NOT NULL, '$2') AS Nullable(Float64))",
		.sign_bit = "(1 / $1) < 0",
		.key = "CAST($1 AS Nullable(String))", .escape = "\\x",
		.rows_before = "(SELECT * FROM VALUES('$1',", .rows_after = ")) AS $2",
		.key_type = "Nullable(String)", .number_type = "Nullable(Float64)",
	},
	{
		/* it has no -0 */
		.name = "h2", .quote = '"', .name_most = 256,
		.real = "CAST($1 AS DOUBLE PRECISION)", .number = "CAST('$1' AS DOUBLE PRECISION)", .infinity = "Infinity",
		.is_nan = "$1 = CAST('NaN' AS DOUBLE PRECISION)", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.single = "CAST(CAST($1 AS REAL) AS DOUBLE PRECISION)",
		.raise = "CAST('$2: ' || coalesce(CAST($1 AS VARCHAR), 'NULL') AS DOUBLE PRECISION)",
		.key = "CAST($1 AS VARCHAR)",
		.rows_before = "(VALUES ", .rows_after = ") AS $2 ($1)",
	},
	{
		/*
		 * Its REAL is a double, it is not said what could not be cast, and texts are compared as if the shorter one
		 * had spaces behind it.  Its driver takes a brace in a comment for an escape of JDBC.
		 */
		.name = "hsqldb", .quote = '"', .name_most = 128,
		.real = "CAST($1 AS DOUBLE)", .number = "CAST('$1' AS DOUBLE)", .infinity = "Infinity",
		.is_nan = "$1 = CAST('NaN' AS DOUBLE)", .nan_is_least = true, .compared = "($1 + CAST('0' AS DOUBLE))",
		.divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.from_nothing = " FROM (VALUES (0)) AS nothing", .no_braces = true,
	},
	{
		.name = "firebird", .quote = '"', .name_most = 31,
		.real = "CAST($1 AS DOUBLE PRECISION)", .integer = "CAST($1 AS DOUBLE PRECISION)",
		.divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "maxvalue",
		.raise = "CAST('$2: ' || coalesce(CAST($1 AS VARCHAR(30)), 'NULL') AS DOUBLE PRECISION)",
		.refuses_overflow = true,
		.from_nothing = " FROM RDB$DATABASE",
	},
	{
		.name = "mysql", MYSQL
	},
	{
		.name = "mariadb", MYSQL
	},
	{
		.name = "redshift", .quote = '"', .folds_case = true, .name_most = 127,
		.real = "$1::double precision", .number = "'$1'::double precision", .infinity = "Infinity",
		.is_nan = "$1 = 'NaN'::double precision", .divide = "($1 / $2)", .root = "sqrt($1)", .greatest = "greatest",
		.refuses_overflow = true, .refuses_underflow = true,
	},
};

const SqlDialect *
SqlDialectByName(const char *name)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < lengthof(dialects); i++)
	{
		if (strcmp(name, dialects[i].name) == 0)
			return &dialects[i];
		appendStringInfo(&known, "%s%s", i ? ", " : "", dialects[i].name);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown SQL dialect \"%s\"", name),
			 errhint("The dialects are: %s.", known.data)));
}

char *
SqlApply(const char *template, const char *first, const char *second)
{
	StringInfoData out;

	initStringInfo(&out);
	for (const char *p = template; *p; p++)
		if (p[0] == '$')
			appendStringInfoString(&out, *++p == '1' ? first : second);
		else
			appendStringInfoChar(&out, *p);
	return out.data;
}

const char *
SqlCompared(const SqlDialect *dialect, const char *x)
{
	return dialect->compared ? SqlApply(dialect->compared, x, NULL) : x;
}

/* ---- names ---- */

void
AppendSqlName(StringInfo out, const SqlDialect *dialect, const char *name)
{
	appendStringInfoChar(out, dialect->quote);
	for (const char *p = name; *p; p++)
	{
		if (dialect->backslash && (unsigned char) *p < ' ')
		{
			/* a line must not end within a name in these systems */
			appendStringInfo(out, "\\x%02x", (unsigned char) *p);
			continue;
		}
		if (*p == dialect->quote || (dialect->backslash && *p == '\\'))
			appendStringInfoChar(out, dialect->backslash ? '\\' : dialect->quote);
		appendStringInfoChar(out, *p);
	}
	appendStringInfoChar(out, dialect->quote);
}

char *
SqlNameKey(const SqlDialect *dialect, const char *name)
{
	char	   *key = pstrdup(name);

	if (dialect->name_length > 0 && strlen(key) > dialect->name_length)
		key[pg_mbcliplen(key, strlen(key), dialect->name_length)] = '\0';
	for (char *p = key; dialect->folds_case && *p; p++)
		*p = pg_ascii_tolower(*p);
	return key;
}

static bool
IsWord(const char *text, size_t length)
{
	return length > 0 && !(text[0] >= '0' && text[0] <= '9') &&
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") >= length;
}

/* Return the end of a part of a qualified name, which may be in double quotes; NULL if there is none. */
static const char *
PartEnd(const char *part)
{
	if (*part != '"')
		return part + strcspn(part, ".\"");
	for (const char *p = part + 1; *p; p++)
	{
		if (*p == '"' && *++p != '"')
			return p;
	}
	return NULL;
}

/* Return a part in double quotes without the quotes. */
static char *
Unquoted(const char *part, const char *end)
{
	StringInfoData name;

	initStringInfo(&name);
	for (const char *p = part + 1; p < end - 1; p++)
	{
		appendStringInfoChar(&name, *p);
		if (*p == '"')
			p++;
	}
	return name.data;
}

/*
 * See sql_dialect.h.  A plain word is not quoted, since systems differ in how they fold its case, and the FROM
 * clause writes it the same way.
 */
char *
SqlQualifier(const SqlDialect *dialect, const char *relation)
{
	StringInfoData out;
	const char *part = relation;
	const char *end;

	initStringInfo(&out);
	if (*relation == '\0')
		return out.data;
	for (;;)
	{
		end = PartEnd(part);
		if (end == NULL || end == part || (*part == '"' && end == part + 2) || (*end && *end != '.'))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_NAME),
					 errmsg("cannot read \"%s\" as the name of a relation", relation),
					 errhint("Write an alias, or a name as in FROM: parts with a dot between them, in double quotes where they hold dots or quotes.")));
		if (*part == '"')
			AppendSqlName(&out, dialect, Unquoted(part, end));
		else if (IsWord(part, end - part))
			appendBinaryStringInfo(&out, part, end - part);
		else
			AppendSqlName(&out, dialect, pnstrdup(part, end - part));
		appendStringInfoChar(&out, '.');
		if (*end == '\0')
			return out.data;
		part = end + 1;
	}
}

/* ---- numbers ---- */

#define MOST_SHIFT	62			/* greatest power of two that is a 64-bit integer */

static char *
IntegerConstant(const SqlDialect *dialect, double value)
{
	return SqlApply(dialect->integer, psprintf("%.0f", value), NULL);
}

/*
 * Return a number as an integer of at most 53 bits, multiplied or divided by powers of two.
 *
 * No operation rounds if they are performed in the order in which they are written.
 */
static char *
BinaryNumber(const SqlDialect *dialect, double value)
{
	StringInfoData out;
	int			exponent;
	double		significand = ldexp(frexp(value, &exponent), 53);

	exponent = value == 0 ? 0 : exponent - 53;
	while (exponent < 0 && fmod(significand, 2.0) == 0)
	{
		significand /= 2;
		exponent++;
	}
	if (exponent == 0)
		return IntegerConstant(dialect, significand);
	initStringInfo(&out);
	appendStringInfo(&out, "(%s", IntegerConstant(dialect, significand));
	while (exponent != 0)
	{
		int			shift = Min(abs(exponent), MOST_SHIFT);

		appendStringInfo(&out, " %c " INT64_FORMAT, exponent < 0 ? '/' : '*', INT64CONST(1) << shift);
		exponent += exponent < 0 ? shift : -shift;
	}
	appendStringInfoChar(&out, ')');
	return out.data;
}

char *
SqlNumber(const SqlDialect *dialect, double value)
{
	StringInfoData digits;

	if (isinf(value) && dialect->infinity == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("SQL for %s has no infinite numbers, but the scaler has one", dialect->name),
				 errhint("A range, a number for missing values or a parameter of it is infinite.")));
	if (isnan(value) && dialect->number == NULL)
		return pstrdup(dialect->nan);
	if (isinf(value) && dialect->number == NULL)
		return psprintf("%s%s", value < 0 ? "-" : "", dialect->infinity);
	if (dialect->number == NULL)
		return BinaryNumber(dialect, value);
	initStringInfo(&digits);
	if (isnan(value))
		appendStringInfoString(&digits, "NaN");
	else if (isinf(value))
		appendStringInfo(&digits, "%s%s", value < 0 ? "-" : "", dialect->infinity);
	else
		AppendJsonDouble(&digits, value);
	return SqlApply(dialect->number, digits.data, NULL);
}

char *
SqlNull(const SqlDialect *dialect)
{
	return SqlApply(dialect->real, "NULL", NULL);
}

/* ---- comments ---- */

/*
 * The characters that are escaped within the JSON of a comment.  All of them occur in strings alone, where JSON
 * allows escapes.
 *
 * Slashes and asterisks could end the comment or nest another one.  The others mislead programs that look for
 * statements, strings, parameters or variables in SQL without knowing comments; Spark, for example, replaces
 * ${name} anywhere.
 */
static const char escaped_in_comments[] = "/*;'`$%?\\";

void
AppendSqlComment(StringInfo out, const SqlDialect *dialect, const char *json)
{
	bool		in_string = false;

	appendStringInfoString(out, "/* normfreeze ");
	for (const char *p = json; *p; p++)
	{
		if (*p == '"')
			in_string = !in_string;
		if (*p == '\\' && p[1] != '\0')
		{
			/* an escape of JSON's own stays, unless it is one of a character that must not occur */
			if (strchr(escaped_in_comments, p[1]))
				appendStringInfo(out, "\\u%04x", (unsigned char) *++p);
			else
			{
				appendBinaryStringInfo(out, p, 2);
				p++;
			}
		}
		else if (dialect->no_braces && !in_string && (*p == '{' || *p == '}'))
			appendStringInfoChar(out, *p == '{' ? '(' : ')');
		else if (strchr(escaped_in_comments, *p) || (dialect->no_braces && (*p == '{' || *p == '}')))
			appendStringInfo(out, "\\u%04x", (unsigned char) *p);
		else
			appendStringInfoChar(out, *p);
	}
	appendStringInfoString(out, " */");
}

/*
 * Where a backslash escapes, everything but plain characters is written as an escape, a dollar too, since Spark
 * replaces ${variable} before it parses.
 */
char *
SqlString(const SqlDialect *dialect, const char *text)
{
	StringInfoData out;

	initStringInfo(&out);
	/* however standard_conforming_strings is set there */
	if (!dialect->escape && dialect->name_length > 0 && strchr(text, '\\'))
		appendStringInfoChar(&out, 'E');
	appendStringInfoChar(&out, '\'');
	for (const char *p = text; *p; p++)
	{
		bool		plain = (unsigned char) *p >= 0x20 && *p != 0x7F && *p != '\'' && *p != '\\' && *p != '$';

		if (dialect->escape && !plain)
			appendStringInfo(&out, "%s%02x", dialect->escape, (unsigned char) *p);
		else if (*p == '\'' || (*p == '\\' && out.data[0] == 'E'))
			appendStringInfo(&out, "%c%c", *p, *p);
		else
			appendStringInfoChar(&out, *p);
	}
	appendStringInfoChar(&out, '\'');
	return out.data;
}
