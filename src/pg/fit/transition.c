/*
 * transition.c
 *		What all transition functions of fit() and profile() do with a row.
 */
#include "pg/fit/transition.h"

#include "pg/base/call.h"
#include "pg/fit/fit_state_datum.h"
#include "pg/base/names.h"
#include "pg/base/text.h"
#include "pg/fit/choose_columns.h"
#include "pg/fit/fit_state.h"

FitState *
CurrentState(FunctionCallInfo fcinfo, MemoryContext context, FitStateKind kind, bool weighted)
{
	FitState   *state;

	if (PG_ARGISNULL(0))
		return NULL;
	state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	/* users may make aggregates of our functions, with any INITCOND */
	if (state->shared->kind != kind || state->shared->weighted != weighted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this fit_state belongs to another kind of aggregate")));
	/* a flat or read-only state does not belong to this aggregate, so it is copied */
	return FitStateIsWritable(PG_GETARG_DATUM(0)) ? state : FitStateCopy(state, context);
}

Datum
UnchangedState(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

uint64
RowTypeOfCall(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	if (!StateIsOfRows(kind))
		return 0;
	return names > 0 ? (uint64) (uintptr_t) fcinfo : RowTypeIdentifier(PG_GETARG_HEAPTUPLEHEADER(1));
}

bool
ReadWeight(FunctionCallInfo fcinfo, int names, int argument, double *weight)
{
	*weight = 1.0;
	if (CountArguments(fcinfo, names) <= argument)
		return true;
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a weight must not be NULL"),
				 errhint("Use coalesce(weight, 0) for rows that are not to count.")));
	*weight = PG_GETARG_FLOAT8(argument);
	if (!(*weight >= 0) || isinf(*weight))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a weight must be a finite number that is not negative, not %s",
						FloatText(*weight)),
				 errhint("Leave such rows out with FILTER or WHERE.")));
	return *weight > 0;
}

static void
CheckLength(const FitState *state, int n)
{
	if (n != state->shared->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg_plural("a row has %d feature, the rows before it had %d",
							   "a row has %d features, the rows before it had %d",
							   n, n, state->shared->nfeatures),
				 errhint("Every array must have one value for each feature; a missing value is a NULL in it.")));
}

void
FitAddArray(FitState *state, FunctionCallInfo fcinfo, const NameList *inputs, double weight)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int			n = FeatureArrayLength(array);
	FeatureBuffer *buffer = &state->shared->buffer;
	const double *values;

	if (!state->started)
	{
		const FitSpec *spec = state->shared->spec;
		char	  **names = spec && spec->names.count >= 0 ? spec->names.names : NULL;

		if (inputs)
			names = inputs->names;
		if (n == 0)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("features must not be an empty array"),
					 errhint("Leave such rows out with FILTER; a missing value is a NULL in the array.")));
		if (spec && names && spec->names.count != n)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg_plural("option \"names\" has %d name, and must have %d",
								   "option \"names\" has %d names, and must have %d",
								   spec->names.count, spec->names.count, n),
					 errhint("Give one name for each value of the array, in its order.")));
		if (state->shared->nfeatures == 0)
		{
			NoticeColumnOfAlias(fcinfo, 1);
			WarnOfRoundedArray(fcinfo, 1);
			if (spec)
				CheckSpecNames(spec, names, n);
		}
		FitStateStart(state, n, names, spec ? spec->distribution : HISTOGRAM_DEFAULT_SIZE);
	}
	CheckLength(state, n);
	values = ReadFeatureArray(array, n, buffer);
	FitStateAddRow(state, values, buffer->any_null ? buffer->nulls : NULL, weight);
}

/*
 * Find the features among the columns that the map is set up for.
 *
 * The first row of the first group decides which they are: those of the list or, if it is NULL, those that the
 * options choose.
 */
static void
BindFeatures(FitState *state, const NameList *columns)
{
	FitShared  *shared = state->shared;

	if (shared->nfeatures == 0)
	{
		NameList	list = columns ? *columns : ChooseColumns(shared->map.desc, shared->spec);

		RowMapBind(&shared->map, list.count, list.names,
				   shared->spec ? ADVICE_FOR_FIT : columns ? NULL : ADVICE_FOR_PROFILE);
		FitStateStart(state, list.count, list.names,
					  shared->spec ? shared->spec->distribution : HISTOGRAM_DEFAULT_SIZE);
	}
	else if (shared->names == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the features of this fit_state have no names to match rows by")));
	else
		RowMapBind(&shared->map, shared->nfeatures, shared->names, NULL);
}

/*
 * Return whether all arguments between the row and the names are constant, so that only the first row need read
 * them.
 */
static bool
HasConstants(FunctionCallInfo fcinfo, int names)
{
	for (int i = 2; i < names; i++)
	{
		const Node *expression = ArgumentExpression(fcinfo, i);

		if (expression == NULL || !IsA(expression, Const))
			return false;
	}
	return true;
}

void
FitAddRow(FitState *state, FunctionCallInfo fcinfo, int names, const NameList *columns, double weight)
{
	FitShared  *shared = state->shared;
	HeapTupleHeader row = NULL;

	if (names > 0)
	{
		ColumnCall *call = FindColumnCall(fcinfo, names + 1, shared->columns, shared->context);

		if (unlikely(call != shared->columns))
		{
			shared->columns = call;
			shared->constant_call = HasConstants(fcinfo, names) ? fcinfo : NULL;
			RowMapInitDesc(&shared->map, shared->context, call->desc);
			BindFeatures(state, columns);
		}
	}
	else
	{
		row = PG_GETARG_HEAPTUPLEHEADER(1);
		if (!RowMapMatches(&shared->map, row))
		{
			RowMapInit(&shared->map, shared->context, row, fcinfo, 1);
			BindFeatures(state, columns);
		}
	}
	if (!state->started)
		FitStateStart(state, shared->nfeatures, shared->names, shared->distribution);
	if (row)
		ReadFeatureRow(&shared->map, row, &shared->buffer);
	else
		ReadFeatureColumns(&shared->map, shared->columns, &shared->buffer);
	FitStateAddRow(state, shared->buffer.values, shared->buffer.any_null ? shared->buffer.nulls : NULL, weight);
}
