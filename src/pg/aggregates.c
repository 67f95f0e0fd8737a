/*
 * aggregates.c
 *		Transition, combine and final functions of fit(), profile() and merge().
 *
 * Nothing is kept in fn_extra: Citus calls transition functions through a
 * new FmgrInfo for each row, so all there is to remember is in the state.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "pg/fit.h"
#include "pg/fit_state.h"
#include "pg/normfreeze.h"
#include "pg/profile_type.h"
#include "pg/scaler_cache.h"
#include "pg/varlena_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

static MemoryContext
AggregateContext(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function is a part of normfreeze's aggregates and cannot be called by itself")));
	return context;
}

/* The state to change; NULL before the first row. */
static FitState *
CurrentState(FunctionCallInfo fcinfo, MemoryContext context)
{
	if (PG_ARGISNULL(0))
		return NULL;
	/* a flat or read-only state is somebody else's: work on a copy */
	if (!FitStateIsWritable(PG_GETARG_DATUM(0)))
	{
		FitState   *state = FitStateRead(PG_GETARG_DATUM(0), context);
		FitState   *copy = FitStateCreate(context, state->kind);

		if (state->method)
			FitStateSetFit(copy, state->method, state->options);
		FitStateMerge(copy, state);
		return copy;
	}
	return FitStateRead(PG_GETARG_DATUM(0), context);
}

static Datum
UnchangedState(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* ---- fit: method and options ---- */

static bool
SameBytes(const bytea *seen, const bytea *value)
{
	return VARSIZE_ANY_EXHDR(seen) == VARSIZE_ANY_EXHDR(value) &&
		memcmp(VARDATA_ANY(seen), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == 0;
}

static char *
EnumLabel(Oid value)
{
	return DatumGetCString(DirectFunctionCall1(enum_out, ObjectIdGetDatum(value)));
}

/*
 * Method and options must be the same for every row.  What was seen last is
 * recognised by its bytes; only then is it compared as text.
 */
static void
SetOrCheckMethod(FunctionCallInfo fcinfo, FitState *state, bool is_new)
{
	Oid			method;
	bytea	   *options = NULL;
	char	   *text = "";
	MemoryContext old;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the method of a fit must not be NULL")));
	method = PG_GETARG_OID(2);
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		options = PG_GETARG_BYTEA_PP(3);

	if (!is_new && state->method_oid == method &&
		(options ? state->options_seen && SameBytes(state->options_seen, options) : state->options_seen == NULL))
		return;

	if (options)
	{
		Jsonb	   *jsonb = DatumGetJsonbP(PG_GETARG_DATUM(3));

		text = JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
	}
	if (is_new)
		FitStateSetFit(state, EnumLabel(method), text);
	else if (strcmp(state->method, EnumLabel(method)) != 0 || strcmp(state->options, text) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method or options differ between rows of one fit"),
				 errdetail("They were %s %s, and then %s %s.", state->method, state->options[0] ? state->options : "{}",
						   EnumLabel(method), text[0] ? text : "{}"),
				 errhint("Pass the same constants for every row.")));

	old = MemoryContextSwitchTo(state->header.eoh_context);
	state->method_oid = method;
	state->options_seen = NULL;
	if (options)
		state->options_seen = BytesToVarlena(VARDATA_ANY(options), VARSIZE_ANY_EXHDR(options));
	MemoryContextSwitchTo(old);
}

/* ---- rows of features ---- */

static void
CheckLength(const FitState *state, int n)
{
	if (n != state->profile.nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a row has %d features, the rows before it had %d", n, state->profile.nfeatures)));
}

static void
AddArray(FitState *state, ArrayType *array)
{
	int			n = FeatureArrayLength(array);
	const double *values;

	if (!state->started)
	{
		const NameList *names = state->spec ? &state->spec->names : NULL;

		if (n == 0)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("features must not be an empty array")));
		if (names && names->count >= 0 && names->count != n)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"names\" has %d names for %d features", names->count, n)));
		if (state->spec)
			CheckSpecNames(state->spec, names->count >= 0 ? names->names : NULL, n);
		FitStateStart(state, n, names && names->count >= 0 ? names->names : NULL,
					  state->spec ? state->spec->distribution : HISTOGRAM_DEFAULT_SIZE);
	}
	CheckLength(state, n);
	values = ReadFeatureArray(array, n, &state->buffer);
	FitStateAddRow(state, values, state->buffer.any_null ? state->buffer.nulls : NULL);
}

static void
StartRow(FitState *state, const NameList *columns)
{
	NameList	list = {0};
	uint32		distribution = HISTOGRAM_DEFAULT_SIZE;

	if (columns)
		list = *columns;
	else if (state->spec && state->spec->columns.count >= 0)
		list = state->spec->columns;
	else
		list.names = RowMapAllColumns(&state->map, state->spec ? state->spec->exclude.names : NULL,
									  state->spec ? state->spec->exclude.count : 0, &list.count);

	if (state->spec)
	{
		distribution = state->spec->distribution;
		/* a target need not be among the columns */
		if (state->spec->columns.count >= 0)
		{
			char	  **all = palloc(sizeof(char *) * (list.count + state->spec->target.count));

			memcpy(all, list.names, sizeof(char *) * list.count);
			for (int i = 0; i < state->spec->target.count; i++)
				if (!NameListContains(&list, state->spec->target.names[i]))
					all[list.count++] = state->spec->target.names[i];
			list.names = all;
		}
	}
	if (list.count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are no columns to take as features")));
	if (state->spec)
		CheckSpecNames(state->spec, list.names, list.count);
	RowMapBind(&state->map, list.count, list.names);
	FitStateStart(state, list.count, list.names, distribution);
}

static void
AddRow(FitState *state, HeapTupleHeader row, const NameList *columns)
{
	if (!state->started || !RowMapMatches(&state->map, row))
	{
		RowMapInit(&state->map, state->header.eoh_context, row);
		if (!state->started)
			StartRow(state, columns);
		else
			RowMapBind(&state->map, state->profile.nfeatures, state->profile.names);
	}
	ReadFeatureRow(&state->map, row, &state->buffer);
	FitStateAddRow(state, state->buffer.values, state->buffer.any_null ? state->buffer.nulls : NULL);
}

/* ---- transition functions ---- */

static FitState *
FitTransitionState(FunctionCallInfo fcinfo, FitStateKind kind)
{
	MemoryContext context = AggregateContext(fcinfo);
	FitState   *state = CurrentState(fcinfo, context);
	bool		is_new = state == NULL;

	if (is_new)
		state = FitStateCreate(context, kind);
	SetOrCheckMethod(fcinfo, state, is_new);
	return state;
}

PG_FUNCTION_INFO_V1(fit_array_transition);
Datum
fit_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, STATE_FIT_ARRAY);
	AddArray(state, PG_GETARG_ARRAYTYPE_P(1));
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(fit_row_transition);
Datum
fit_row_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, STATE_FIT_ROW);
	AddRow(state, PG_GETARG_HEAPTUPLEHEADER(1), NULL);
	PG_RETURN_DATUM(FitStateDatum(state));
}

static FitState *
ProfileTransitionState(FunctionCallInfo fcinfo)
{
	MemoryContext context = AggregateContext(fcinfo);
	FitState   *state = CurrentState(fcinfo, context);

	return state ? state : FitStateCreate(context, STATE_PROFILE);
}

PG_FUNCTION_INFO_V1(profile_array_transition);
Datum
profile_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = ProfileTransitionState(fcinfo);
	AddArray(state, PG_GETARG_ARRAYTYPE_P(1));
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_row_transition);
Datum
profile_row_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = ProfileTransitionState(fcinfo);
	AddRow(state, PG_GETARG_HEAPTUPLEHEADER(1), NULL);
	PG_RETURN_DATUM(FitStateDatum(state));
}

/* The argument that chooses columns must not change from row to row. */
static void
RememberSelection(FitState *state, const void *bytes, size_t length)
{
	bytea	   *seen = state->selection;

	if (seen == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);

		state->selection = BytesToVarlena(bytes, length);
		MemoryContextSwitchTo(old);
	}
	else if (VARSIZE(seen) - VARHDRSZ != length || memcmp(VARDATA(seen), bytes, length) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the columns of a profile differ between rows"),
				 errhint("Pass the same constant for every row.")));
}

PG_FUNCTION_INFO_V1(profile_columns_transition);
Datum
profile_columns_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;
	NameList	columns = {0};
	struct varlena *argument;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the columns of a profile must not be NULL")));
	state = ProfileTransitionState(fcinfo);
	argument = PG_GETARG_VARLENA_PP(2);
	RememberSelection(state, VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument));
	if (!state->started)
		columns = NameListFromArray(PG_GETARG_DATUM(2), "the columns of a profile");
	AddRow(state, PG_GETARG_HEAPTUPLEHEADER(1), &columns);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_scaler_transition);
Datum
profile_scaler_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;
	NameList	columns = {0};
	int64		id;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the scaler_id of a profile must not be NULL")));
	state = ProfileTransitionState(fcinfo);
	id = PG_GETARG_INT64(2);
	RememberSelection(state, &id, sizeof(id));
	if (!state->started)
	{
		LoadedScaler *scaler = ScalerCacheGet(id);

		if (!scaler->recipe.named)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names", id),
					 errhint("Use normfreeze.profile(features).")));
		/* the rows being profiled need not have the targets */
		columns.names = palloc(sizeof(char *) * scaler->recipe.nfeatures);
		for (int i = 0; i < scaler->transform.ninputs; i++)
			columns.names[columns.count++] = pstrdup(scaler->transform.slots[i]->name);
		ScalerCacheRelease(scaler);
	}
	AddRow(state, PG_GETARG_HEAPTUPLEHEADER(1), &columns);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(merge_transition);
Datum
merge_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;
	Profile		profile;
	bytea	   *bytes;
	MemoryContext old;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = ProfileTransitionState(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(1);
	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	if (!state->started)
		FitStateStart(state, profile.nfeatures, profile.names, profile.distribution);
	CheckProfilesAreCompatible(&state->profile, &profile);
	old = MemoryContextSwitchTo(state->header.eoh_context);
	ProfileMerge(&state->profile, &profile);
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(FitStateDatum(state));
}

/* ---- combine and final functions ---- */

PG_FUNCTION_INFO_V1(fit_state_combine);
Datum
fit_state_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = AggregateContext(fcinfo);
	FitState   *state;
	FitState   *other;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	other = FitStateRead(PG_GETARG_DATUM(1), CurrentMemoryContext);
	state = CurrentState(fcinfo, context);
	if (state == NULL)
	{
		state = FitStateCreate(context, other->kind);
		if (other->method)
			FitStateSetFit(state, other->method, other->options);
	}
	FitStateMerge(state, other);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_final);
Datum
profile_final(PG_FUNCTION_ARGS)
{
	FitState   *state;
	Profile		settled;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (!state->started)
		PG_RETURN_NULL();
	ProfileCopySettled(&settled, &state->profile);
	PG_RETURN_BYTEA_P(ProfileToVarlena(&settled));
}

PG_FUNCTION_INFO_V1(fit_final);
Datum
fit_final(PG_FUNCTION_ARGS)
{
	FitState   *state = NULL;
	Profile		settled;

	if (!PG_ARGISNULL(0))
		state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (state == NULL || !state->started)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("there are no rows to fit"),
				 errhint("The table is empty, or the FILTER or WHERE clause leaves nothing.")));
	if (state->spec == NULL)
		elog(ERROR, "a profile's state reached the final function of a fit");
	ProfileCopySettled(&settled, &state->profile);
	PG_RETURN_BYTEA_P(FitProfile(state->spec, &settled, state->stores));
}

/* fit(profile, method [, options]) */
PG_FUNCTION_INFO_V1(fit_profile);
Datum
fit_profile(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Profile		profile;
	JsonNode   *options = NULL;
	FitSpec    *spec;

	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	if (PG_NARGS() > 2)
		options = JsonParseJsonb(PG_GETARG_JSONB_P(2), "options");
	spec = ParseFitOptions(EnumLabel(PG_GETARG_OID(1)), options, FIT_PROFILE);
	PG_RETURN_BYTEA_P(FitProfile(spec, &profile, NULL));
}
