/*
 * column_call.h
 *		Reading the features of a call whose arguments are columns.
 */
#ifndef NORMFREEZE_COLUMN_CALL_H
#define NORMFREEZE_COLUMN_CALL_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"
#include "pg/base/features.h"

/* The columns of one call, each of which is an argument of the call itself or of one of its shares. */
typedef struct ColumnCall
{
	FunctionCallInfo call;
	TupleDesc	desc;			/* names and types, as a row would have them */
	const NullableDatum **cell; /* of each column: where its value is */
	const NullableDatum *cells; /* the same if they are all in one place, else NULL */
	bool		has_share;		/* some of them are arguments of another call */
	Datum		share;			/* that call */
} ColumnCall;

/*
 * The columns of this call of a function, or of the transition function of an
 * aggregate, from argument `first` on, whose names are the argument before:
 * found once, and kept in `context`.  If what is known is of another call,
 * it is freed.
 */
extern ColumnCall *FindColumnCall(FunctionCallInfo fcinfo, int first, ColumnCall *known, MemoryContext context);

/*
 * Return whether these are the columns of this call.  Shares are passed by reference, and may be at
 * another address for another row.
 */
static inline bool
HaveColumnCall(FunctionCallInfo fcinfo, int first, const ColumnCall *known)
{
	return known && known->call == fcinfo && (!known->has_share || known->share == fcinfo->args[first].value);
}

/* The values of the features that a map (see features.h) finds among the columns. */
extern void ReadFeatureColumns(const RowMap *map, const ColumnCall *columns, FeatureBuffer *buffer);

/* The same, but to the caller's arrays; return whether any value is NULL. */
extern bool ReadFeatureColumnsTo(const RowMap *map, const ColumnCall *columns, double *values, bool *nulls);

/* The function that holds a share of many columns. */
extern Oid	ColumnShareFunction(void);

#endif							/* NORMFREEZE_COLUMN_CALL_H */
