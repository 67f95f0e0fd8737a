/*
 * fit_transitions.c
 *		The transition functions of fit(), and of scan(), which is the first pass of fit_table().
 */
#include "pg/fit/transition.h"

#include "pg/base/call.h"
#include "pg/fit/fit_state_datum.h"
#include "pg/fit/fit_state.h"

#define WEIGHT	4				/* the argument with the weight of a row, if there is one */

/*
 * Return the state of a fit.
 *
 * Method and options must be the same for every row.  They are compared by their bytes and, only if those
 * differ, as text.  After a merge the bytes are not known.
 */
static FitState *
FitTransitionState(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	MemoryContext context = AggregateContext(fcinfo);
	int			nargs = CountArguments(fcinfo, names);
	FitArguments arguments = {.weighted = nargs > WEIGHT};
	FitState   *state = CurrentState(fcinfo, context, kind, arguments.weighted);

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the method of a fit must not be NULL"),
				 errhint("Name one of type normfreeze.method, such as 'standard'.")));
	arguments.method = PG_GETARG_OID(2);
	if (nargs > 3 && !PG_ARGISNULL(3))
		arguments.options = PG_GETARG_BYTEA_PP(3);
	if (state == NULL)
		return FitStateCreate(FindFitShared(context, kind, &arguments, RowTypeOfCall(fcinfo, kind, names)));

	if (!FitSharedMatches(state->shared, &arguments))
	{
		const FitShared *shared = state->shared;
		char	   *method = FitMethodLabel(arguments.method);
		char	   *options = FitOptionsText(arguments.options);

		if (strcmp(shared->method, method) != 0 || strcmp(shared->options, options) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("method or options differ between rows of one fit"),
					 errdetail("They were %s %s, and then %s %s.",
							   shared->method, shared->options[0] ? shared->options : "{}",
							   method, options[0] ? options : "{}"),
					 errhint("Pass the same constants for every row.")));
	}
	return state;
}

PG_FUNCTION_INFO_V1(fit_array_transition);
Datum
fit_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;
	double		weight;

	if (PG_ARGISNULL(1) || !ReadWeight(fcinfo, 0, WEIGHT, &weight))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, STATE_FIT_ARRAY, 0);
	FitAddArray(state, fcinfo, NULL, weight);
	PG_RETURN_DATUM(FitStateDatum(state));
}

static Datum
FitRow(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	FitState   *state;
	double		weight;

	if (AddColumnsAgain(fcinfo, names) || IsNoRow(fcinfo, names) || !ReadWeight(fcinfo, names, WEIGHT, &weight))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, kind, names);
	FitAddRow(state, fcinfo, names, NULL, weight);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(fit_row_transition);
Datum
fit_row_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_FIT_ROW, 0);
}

PG_FUNCTION_INFO_V1(fit_columns_transition);
Datum
fit_columns_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_FIT_ROW, 3);
}

PG_FUNCTION_INFO_V1(fit_columns_options_transition);
Datum
fit_columns_options_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_FIT_ROW, 4);
}

PG_FUNCTION_INFO_V1(fit_columns_weight_transition);
Datum
fit_columns_weight_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_FIT_ROW, 5);
}

/* The first pass of fit_table(), with the features and the distribution of the fit, but without values. */
PG_FUNCTION_INFO_V1(scan_row_transition);
Datum
scan_row_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_SCAN_ROW, 0);
}

PG_FUNCTION_INFO_V1(scan_columns_transition);
Datum
scan_columns_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_SCAN_ROW, 3);
}

PG_FUNCTION_INFO_V1(scan_columns_options_transition);
Datum
scan_columns_options_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_SCAN_ROW, 4);
}

PG_FUNCTION_INFO_V1(scan_columns_weight_transition);
Datum
scan_columns_weight_transition(PG_FUNCTION_ARGS)
{
	return FitRow(fcinfo, STATE_SCAN_ROW, 5);
}
