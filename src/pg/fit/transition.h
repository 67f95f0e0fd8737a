/*
 * transition.h
 *		What all transition functions of fit() and profile() do with a row.
 *
 * Nothing is kept in fn_extra, because Citus calls transition functions through a new FmgrInfo
 * for each row.  So all that must be remembered is in the state.
 *
 * The planner replaces, for example, fit(row, method) by fit_columns(NULL of that type of row,
 * method, names, columns).  The transition function of the latter has all arguments of that of
 * fit(), followed by the names and the columns.  In functions that serve both, "names" is the
 * number of the argument with the names of the columns, or 0 if argument 1 is the row.
 */
#ifndef NORMFREEZE_TRANSITION_H
#define NORMFREEZE_TRANSITION_H

#include "pg/base/compat.h"

#include "pg/fit/fit_state_datum.h"

/*
 * Return the state to change, or NULL before the first row.  A state that does not belong to this aggregate is
 * copied to the context.  Fails if it is of another kind.
 */
extern FitState *CurrentState(FunctionCallInfo fcinfo, MemoryContext context, FitStateKind kind, bool weighted);

/* Return the result for a row that does not count. */
extern Datum UnchangedState(FunctionCallInfo fcinfo);

/* Return what identifies the kind of rows: their type, or the call whose columns they are; 0 for arrays. */
extern uint64 RowTypeOfCall(FunctionCallInfo fcinfo, FitStateKind kind, int names);

/*
 * Add the array in argument 1.  "inputs" are the features of the scaler that a profile is made for, or NULL.  Fails
 * if the array is empty, or of another length than those before it.
 */
extern void FitAddArray(FitState *state, FunctionCallInfo fcinfo, const NameList *inputs, double weight);

/* Add the row or its columns: those of a list or, if it is NULL, those that the options choose. */
extern void FitAddRow(FitState *state, FunctionCallInfo fcinfo, int names, const NameList *columns, double weight);

/* Return the number of arguments of a call before the columns. */
static inline int
CountArguments(FunctionCallInfo fcinfo, int names)
{
	return names > 0 ? names : PG_NARGS();
}

/* Return whether argument 1 is NULL, and no columns stand for it. */
static inline bool
IsNoRow(FunctionCallInfo fcinfo, int names)
{
	return names == 0 && PG_ARGISNULL(1);
}

/* Read the weight of a row from this argument, if there is one.  Return false if the row does not count. */
extern bool ReadWeight(FunctionCallInfo fcinfo, int names, int argument, double *weight);

/*
 * Add a row of columns as the row before was added by the same call, whose other arguments are known.  Return
 * false if they must be read.
 */
static inline bool
AddColumnsAgain(FunctionCallInfo fcinfo, int names)
{
	FitState   *state;
	const FitShared *shared;
	double	   *room;

	if (names == 0 || PG_ARGISNULL(0))
		return false;
	state = FitStateInPlace(PG_GETARG_DATUM(0));
	if (state == NULL)
		return false;
	shared = state->shared;
	if (shared->constant_call != fcinfo || !HaveColumnCall(fcinfo, names + 1, shared->columns))
		return false;
	room = FitStateRowRoom(state);
	if (room == NULL)
		return false;
	FitStateRowWritten(state, ReadFeatureColumnsTo(&shared->map, shared->columns, room, shared->buffer.nulls) ?
					   shared->buffer.nulls : NULL);
	return true;
}

#endif							/* NORMFREEZE_TRANSITION_H */
