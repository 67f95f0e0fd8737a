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
	TupleDesc	desc;			/* names and types, as those of a row */
	const NullableDatum **cell; /* by column: where its value is */
	const NullableDatum *cells; /* the same if all values are in one place, else NULL */
	bool		has_share;		/* some columns are arguments of another call */
	Datum		share;			/* that other call */
} ColumnCall;

/*
 * Return the columns of a call of a function, or of the transition function of an aggregate, from argument
 * "first" on.  Their names are the argument before.
 *
 * They are found once, and kept in "context".  If "known" is of another call, it is freed.
 */
extern ColumnCall *FindColumnCall(FunctionCallInfo fcinfo, int first, ColumnCall *known, MemoryContext context);

/*
 * Return whether these are the columns of this call.  A share is passed by reference, and may be at another
 * address for another row.
 */
static inline bool
HaveColumnCall(FunctionCallInfo fcinfo, int first, const ColumnCall *known)
{
	return known && known->call == fcinfo && (!known->has_share || known->share == fcinfo->args[first].value);
}

/* Read the features that a map (see features.h) finds among the columns. */
extern void ReadFeatureColumns(const RowMap *map, const ColumnCall *columns, FeatureBuffer *buffer);

/* The same into arrays of the caller.  Return whether any value is NULL. */
extern bool ReadFeatureColumnsTo(const RowMap *map, const ColumnCall *columns, double *values, bool *nulls);

/* Return the function that holds a share of the columns. */
extern Oid	ColumnShareFunction(void);

#endif							/* NORMFREEZE_COLUMN_CALL_H */
