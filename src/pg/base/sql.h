/*
 * sql.h
 *		The one place that talks SPI.
 */
#ifndef NORMFREEZE_SQL_H
#define NORMFREEZE_SQL_H

#include "pg/base/compat.h"

#include "executor/spi.h"
#include "pg/base/installed.h"
#include "utils/tuplestore.h"

/* How a statement sees the database, and as whom. */
#define SQL_READ		0		/* the snapshot of the calling query */
#define SQL_LATEST		1		/* what is committed now, under a lock that we hold */
#define SQL_WRITE		2		/* with SQL_LATEST: and what is read on the way is what is committed now */
#define SQL_PARALLEL	4		/* as SQL_READ, and a parallel plan is welcome */
#define SQL_AS_OWNER	8		/* as the owner of the registry, not the caller */
#define SQL_BY_INDEX	16		/* by index, however small the table was when it was planned */

#define SQL_MAX_ARGS	13

/* The operator = in texts of SQL, which are parsed under the caller's search_path: never another schema's. */
#define EQ	"OPERATOR(pg_catalog.=)"

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
 * Run one statement; its plan is kept for the session if `text` is a literal
 * (keep).  Rows stay readable with the functions below until SqlFinish(),
 * which every SqlRun() needs, unless it is left by an error.
 */
extern uint64 SqlRun(const char *text, bool keep, int flags, const SqlArg *args, int nargs);
extern void SqlFinish(void);

/* All rows of a SELECT into a store, as the calling query sees the database; the types are what the store is for. */
extern void SqlStore(const char *text, Tuplestorestate * store);

/* An INSERT of one row, as the owner; what a trigger of somebody's swallows is an error. */
extern void SqlAppend(const char *table, const char *text, const SqlArg *args, int nargs);
pg_noreturn extern void NotAppended(const char *table);

/*
 * A column of a row, of the type that it must have: one of another type is an
 * error, so that nothing is read as what it is not.
 */
extern Datum SqlValue(uint64 row, int column, Oid type, bool *isnull);
extern Datum SqlPresent(uint64 row, int column, Oid type);	/* NULL is an error, too */
pg_noreturn extern void UnexpectedNull(TupleDesc desc, int column);
extern Datum SqlScaler(uint64 row, int column); /* of our type, not NULL */
extern int64 SqlInt8(uint64 row, int column);	/* 0 for NULL */
extern int32 SqlInt4(uint64 row, int column);
extern bool SqlBool(uint64 row, int column);

/* The text of a value of any type, in SPI's memory. */
extern char *SqlText(uint64 row, int column);	/* NULL is an error */
extern char *SqlTextOrNull(uint64 row, int column);

#endif							/* NORMFREEZE_SQL_H */
