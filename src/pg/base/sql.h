/*
 * sql.h
 *		Running SQL from C.  No other file uses SPI.
 */
#ifndef NORMFREEZE_SQL_H
#define NORMFREEZE_SQL_H

#include "pg/base/compat.h"

#include "executor/spi.h"
#include "pg/base/installed.h"
#include "utils/tuplestore.h"

/* How a statement sees the database, and as which user. */
#define SQL_READ		0		/* the snapshot of the calling query */
#define SQL_LATEST		1		/* what is committed now, under a lock that the caller holds */
#define SQL_WRITE		2		/* with SQL_LATEST: what is read on the way is what is committed now, too */
#define SQL_PARALLEL	4		/* like SQL_READ, and a parallel plan may be used */
#define SQL_AS_OWNER	8		/* as the owner of the registry, not the caller */

#define SQL_MAX_ARGS	13

/* The operator = in statements, which are parsed under the caller's search_path: never that of another schema. */
#define EQ	"OPERATOR(pg_catalog.=)"

/* A parameter of a statement. */
typedef struct SqlArg
{
	Oid			type;
	Datum		value;
	bool		isnull;
} SqlArg;

#define SQL_ARG(type_, value_)			((SqlArg) {type_, value_, false})
#define SQL_NULL_ARG(type_)				((SqlArg) {type_, (Datum) 0, true})
#define SQL_TEXT_ARG(string_) \
	((string_) ? SQL_ARG(TEXTOID, CStringGetTextDatum(string_)) : SQL_NULL_ARG(TEXTOID))

/*
 * Run one statement, and return the number of rows.  keep: the text is a string literal, and its plan is kept
 * for the session: it is planned as a look-up, by indexes however small the tables are now (lookup_plan.c).
 * What is meant to read whole tables is not kept.  The rows can be read with the functions below until
 * SqlFinish(), which must follow every SqlRun() unless an error is thrown.
 */
extern uint64 SqlRun(const char *text, bool keep, int flags, const SqlArg *args, int nargs);
extern void SqlFinish(void);

/*
 * Run statements that name things of pg_catalog without their schema, such as definitions that the server has
 * written, under a search_path of that alone.  With SQL_AS_OWNER, SQL_WRITE.  SqlFinish() must follow.
 */
extern uint64 SqlRunInCatalog(const char *text, int flags);

/*
 * Put all rows of a SELECT into a store, as the calling query sees the database.  Its columns must have the types
 * that the store is for.
 */
extern void SqlStore(const char *text, Tuplestorestate * store);

/* INSERT one row as the owner of the registry.  Fails if a trigger or rule has suppressed it. */
extern void SqlAppend(const char *table, const char *text, const SqlArg *args, int nargs);

/* Report that a row was not inserted. */
pg_noreturn extern void NotAppended(const char *table);

/* Return a column of a row.  Fails if it is not of this type, so that no value is read as one of another type. */
extern Datum SqlValue(uint64 row, int column, Oid type, bool *isnull);
extern Datum SqlPresent(uint64 row, int column, Oid type);	/* the same; NULL is an error */
pg_noreturn extern void UnexpectedNull(TupleDesc desc, int column);
extern Datum SqlScaler(uint64 row, int column); /* a scaler; NULL is an error */
extern int64 SqlInt8(uint64 row, int column);	/* a number; 0 for NULL */
extern int32 SqlInt4(uint64 row, int column);
extern bool SqlBool(uint64 row, int column);

/* Return the text of a value of any type, in SPI's memory. */
extern char *SqlText(uint64 row, int column);	/* NULL is an error */
extern char *SqlTextOrNull(uint64 row, int column);

#endif							/* NORMFREEZE_SQL_H */
