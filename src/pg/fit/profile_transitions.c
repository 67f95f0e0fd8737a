/*
 * profile_transitions.c
 *		The transition functions of profile() and merge().
 */
#include "pg/fit/transition.h"

#include "pg/apply/scaler_cache.h"
#include "pg/base/call.h"
#include "pg/fit/fit_state_datum.h"
#include "pg/base/names.h"
#include "pg/fit/fit_state.h"
#include "pg/registry/refs.h"
#include "pg/scaler/profile_type.h"
#include "utils/jsonb.h"

/*
 * Return the state of a profile, given what identifies it among the profiles of a query: how its columns are chosen,
 * its options, whether it has weights.  These must be the same for every row.
 */
static FitState *
StateOfProfile(FunctionCallInfo fcinfo, FitStateKind input, int names, const FitArguments *arguments)
{
	MemoryContext context = AggregateContext(fcinfo);
	FitState   *state = CurrentState(fcinfo, context, STATE_PROFILE, arguments->weighted);

	if (state == NULL)
		return FitStateCreate(FindFitShared(context, STATE_PROFILE, arguments, RowTypeOfCall(fcinfo, input, names)));
	if ((state->shared->spec || arguments->options) && !FitSharedMatches(state->shared, arguments))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options of a profile differ between rows"),
				 errhint("Pass the same constant for every row.")));
	if (state->shared->selection && !FitSharedMatches(state->shared, arguments))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the columns of a profile differ between rows"),
				 errhint("Pass the same constant for every row.")));
	return state;
}

static FitState *
ProfileTransitionState(FunctionCallInfo fcinfo, FitStateKind input, int names, const void *selection, size_t length)
{
	FitArguments arguments = {.selection = selection, .selection_length = length};

	return StateOfProfile(fcinfo, input, names, &arguments);
}

PG_FUNCTION_INFO_V1(profile_array_transition);
Datum
profile_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = ProfileTransitionState(fcinfo, STATE_FIT_ARRAY, 0, NULL, 0);
	FitAddArray(state, fcinfo, NULL, 1.0);
	PG_RETURN_DATUM(FitStateDatum(state));
}

/*
 * Add an array or a row to a profile with options (their argument, or 0) or with weights (the argument after these,
 * if there is one).
 */
static Datum
ProfileWith(FunctionCallInfo fcinfo, FitStateKind input, int names, int options)
{
	int			weights = options > 0 ? options + 1 : 2;
	FitArguments arguments = {.weighted = CountArguments(fcinfo, names) > weights};
	FitState   *state;
	double		weight;

	if (input == STATE_FIT_ARRAY ? PG_ARGISNULL(1) : AddColumnsAgain(fcinfo, names) || IsNoRow(fcinfo, names))
		return UnchangedState(fcinfo);
	if (!ReadWeight(fcinfo, names, weights, &weight))
		return UnchangedState(fcinfo);
	if (options > 0 && !PG_ARGISNULL(options))
		arguments.options = PG_GETARG_BYTEA_PP(options);
	state = StateOfProfile(fcinfo, input, names, &arguments);
	if (input == STATE_FIT_ARRAY)
		FitAddArray(state, fcinfo, NULL, weight);
	else
		FitAddRow(state, fcinfo, names, NULL, weight);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_array_weight_transition);
Datum
profile_array_weight_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ARRAY, 0, 0);
}

PG_FUNCTION_INFO_V1(profile_array_options_transition);
Datum
profile_array_options_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ARRAY, 0, 2);
}

PG_FUNCTION_INFO_V1(profile_row_weight_transition);
Datum
profile_row_weight_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ROW, 0, 0);
}

PG_FUNCTION_INFO_V1(profile_row_options_transition);
Datum
profile_row_options_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ROW, 0, 2);
}

PG_FUNCTION_INFO_V1(profile_columns_weight_transition);
Datum
profile_columns_weight_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ROW, 3, 0);
}

PG_FUNCTION_INFO_V1(profile_columns_options_transition);
Datum
profile_columns_options_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ROW, 3, 2);
}

PG_FUNCTION_INFO_V1(profile_columns_options_weight_transition);
Datum
profile_columns_options_weight_transition(PG_FUNCTION_ARGS)
{
	return ProfileWith(fcinfo, STATE_FIT_ROW, 4, 2);
}

/* Add a row to a profile of every column that can be a feature, or of those whose names are argument 2. */
static Datum
ProfileRow(FunctionCallInfo fcinfo, int names, bool chosen)
{
	FitState   *state;
	NameList	columns = {0};
	struct varlena *argument = NULL;

	if (AddColumnsAgain(fcinfo, names) || IsNoRow(fcinfo, names))
		return UnchangedState(fcinfo);
	if (chosen && PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the columns of a profile must not be NULL"),
				 errhint("Pass an array of names; without it every column is taken.")));
	if (chosen)
		argument = PG_GETARG_VARLENA_PP(2);
	state = ProfileTransitionState(fcinfo, STATE_FIT_ROW, names, chosen ? VARDATA_ANY(argument) : NULL,
								   chosen ? VARSIZE_ANY_EXHDR(argument) : 0);
	if (chosen && state->shared->nfeatures == 0)
		columns = NameListFromArray(PG_GETARG_DATUM(2), "the columns of a profile");
	FitAddRow(state, fcinfo, names, chosen ? &columns : NULL, 1.0);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_row_transition);
Datum
profile_row_transition(PG_FUNCTION_ARGS)
{
	return ProfileRow(fcinfo, 0, false);
}

PG_FUNCTION_INFO_V1(profile_row_chosen_transition);
Datum
profile_row_chosen_transition(PG_FUNCTION_ARGS)
{
	return ProfileRow(fcinfo, 0, true);
}

PG_FUNCTION_INFO_V1(profile_columns_transition);
Datum
profile_columns_transition(PG_FUNCTION_ARGS)
{
	return ProfileRow(fcinfo, 2, false);
}

PG_FUNCTION_INFO_V1(profile_columns_chosen_transition);
Datum
profile_columns_chosen_transition(PG_FUNCTION_ARGS)
{
	return ProfileRow(fcinfo, 3, true);
}

/* Return the names of a scaler's inputs, without its targets; NULL names if it was fitted on arrays without names. */
static NameList
InputsOfScaler(int64 id)
{
	LoadedScaler *scaler = ScalerCacheGet(id);
	NameList	inputs = {0};

	ReleaseWithContext(scaler);
	if (scaler->set)
		SetWithoutKey(id);
	inputs.count = scaler->transform.ninputs;
	if (scaler->recipe.named)
	{
		inputs.names = palloc(sizeof(char *) * scaler->recipe.nfeatures);
		for (int i = 0; i < inputs.count; i++)
			inputs.names[i] = pstrdup(scaler->transform.slots[i]->name);
	}
	return inputs;
}

/* written before a ref, so that its bytes differ from those of an id, which are 8 */
#define REF_MARK		"by a ref:"
#define REF_MARK_LENGTH	9

/* The scaler that a profile is for, by its id or a ref: the bytes by which states are recognized. */
typedef struct ScalerOfProfile
{
	bool		by_ref;
	const void *bytes;
	size_t		length;
	int64		id;				/* room for the bytes of an id */
} ScalerOfProfile;

static void
CheckScalerOfProfile(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the scaler_id of a profile must not be NULL"),
				 errhint("normfreeze.scaler_id() looks an id up by its name.")));
}

static void
ScalerById(FunctionCallInfo fcinfo, ScalerOfProfile *scaler)
{
	CheckScalerOfProfile(fcinfo);
	*scaler = (ScalerOfProfile) {.id = PG_GETARG_INT64(2), .bytes = &scaler->id, .length = sizeof(scaler->id)};
}

/* The same for an id of few digits, which would otherwise be taken for a weight. */
static void
ScalerByInteger(FunctionCallInfo fcinfo, ScalerOfProfile *scaler)
{
	CheckScalerOfProfile(fcinfo);
	*scaler = (ScalerOfProfile) {.id = PG_GETARG_INT32(2), .bytes = &scaler->id, .length = sizeof(scaler->id)};
}

static void
ScalerByRef(FunctionCallInfo fcinfo, ScalerOfProfile *scaler)
{
	char	   *bytes;
	text	   *ref;

	CheckScalerOfProfile(fcinfo);
	ref = PG_GETARG_TEXT_PP(2);
	*scaler = (ScalerOfProfile) {.by_ref = true, .length = REF_MARK_LENGTH + VARSIZE_ANY_EXHDR(ref)};
	scaler->bytes = bytes = palloc(scaler->length);
	memcpy(bytes, REF_MARK, REF_MARK_LENGTH);
	memcpy(bytes + REF_MARK_LENGTH, VARDATA_ANY(ref), VARSIZE_ANY_EXHDR(ref));
}

/* A literal without a type is taken for a ref, also if it was meant to be an array or options; an integer for an id. */
static void
SayWhatWasRead(void *arg)
{
	const ScalerOfProfile *scaler = arg;

	if (scaler->by_ref && ((const char *) scaler->bytes)[REF_MARK_LENGTH] == '{')
		errcontext("a text as second argument of normfreeze.profile(), which is a ref: write ARRAY['a', 'b'] or '{...}'::text[] for "
				   "columns, '{...}'::jsonb for options");
	if (!scaler->by_ref && scaler->id == (int32) scaler->id)
		errcontext("an integer as second argument of normfreeze.profile(), which is a scaler_id: write weight::float8 for weights");
}

/* Return the id.  A ref is resolved once, when the features are needed. */
static int64
IdOfScaler(const ScalerOfProfile *scaler)
{
	if (!scaler->by_ref)
		return scaler->id;
	return RegistryResolve(pnstrdup((const char *) scaler->bytes + REF_MARK_LENGTH, scaler->length - REF_MARK_LENGTH));
}

/* Return the names of its inputs, as InputsOfScaler() does, and set *id. */
static NameList
FindInputs(ScalerOfProfile *scaler, int64 *id)
{
	ErrorContextCallback context = {error_context_stack, SayWhatWasRead, scaler};
	NameList	inputs;

	error_context_stack = &context;
	*id = IdOfScaler(scaler);
	inputs = InputsOfScaler(*id);
	error_context_stack = context.previous;
	return inputs;
}

static Datum
ProfileRowForScaler(FunctionCallInfo fcinfo, int names, void (*which) (FunctionCallInfo, ScalerOfProfile *))
{
	FitState   *state;
	NameList	columns = {0};
	ScalerOfProfile scaler;

	if (AddColumnsAgain(fcinfo, names) || IsNoRow(fcinfo, names))
		return UnchangedState(fcinfo);
	which(fcinfo, &scaler);
	state = ProfileTransitionState(fcinfo, STATE_FIT_ROW, names, scaler.bytes, scaler.length);
	if (state->shared->nfeatures == 0)
	{
		int64		id;

		columns = FindInputs(&scaler, &id);
		if (columns.names == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names", id),
					 errhint("Use normfreeze.profile(features).")));
	}
	FitAddRow(state, fcinfo, names, &columns, 1.0);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_scaler_transition);
Datum
profile_scaler_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 0, ScalerById);
}

PG_FUNCTION_INFO_V1(profile_row_integer_transition);
Datum
profile_row_integer_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 0, ScalerByInteger);
}

PG_FUNCTION_INFO_V1(profile_columns_integer_transition);
Datum
profile_columns_integer_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 3, ScalerByInteger);
}

PG_FUNCTION_INFO_V1(profile_ref_transition);
Datum
profile_ref_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 0, ScalerByRef);
}

PG_FUNCTION_INFO_V1(profile_columns_scaler_transition);
Datum
profile_columns_scaler_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 3, ScalerById);
}

PG_FUNCTION_INFO_V1(profile_columns_ref_transition);
Datum
profile_columns_ref_transition(PG_FUNCTION_ARGS)
{
	return ProfileRowForScaler(fcinfo, 3, ScalerByRef);
}

/* Add an array.  Values are matched by position, as in normalize(), and the features get the scaler's names. */
static Datum
ProfileArray(FunctionCallInfo fcinfo, void (*which) (FunctionCallInfo, ScalerOfProfile *))
{
	FitState   *state;
	NameList	inputs = {0};
	ArrayType  *array;
	ScalerOfProfile scaler;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	which(fcinfo, &scaler);
	array = PG_GETARG_ARRAYTYPE_P(1);
	state = ProfileTransitionState(fcinfo, STATE_FIT_ARRAY, 0, scaler.bytes, scaler.length);
	if (!state->started)
	{
		int64		id;

		/* another group has already resolved it */
		if (state->shared->nfeatures > 0)
			inputs = (NameList) {.count = state->shared->nfeatures, .names = state->shared->names};
		else
			inputs = FindInputs(&scaler, &id);
		if (FeatureArrayLength(array) != inputs.count)
		{
			id = IdOfScaler(&scaler);
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg_plural("scaler " INT64_FORMAT " expects %d feature, the array has %d",
								   "scaler " INT64_FORMAT " expects %d features, the array has %d",
								   inputs.count, id, inputs.count, FeatureArrayLength(array)),
					 inputs.names ?
					 errhint("SELECT normfreeze.feature_names(" INT64_FORMAT ") lists them in their order.", id) :
					 0));
		}
	}
	FitAddArray(state, fcinfo, &inputs, 1.0);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_array_scaler_transition);
Datum
profile_array_scaler_transition(PG_FUNCTION_ARGS)
{
	return ProfileArray(fcinfo, ScalerById);
}

PG_FUNCTION_INFO_V1(profile_array_integer_transition);
Datum
profile_array_integer_transition(PG_FUNCTION_ARGS)
{
	return ProfileArray(fcinfo, ScalerByInteger);
}

PG_FUNCTION_INFO_V1(profile_array_ref_transition);
Datum
profile_array_ref_transition(PG_FUNCTION_ARGS)
{
	return ProfileArray(fcinfo, ScalerByRef);
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
	state = ProfileTransitionState(fcinfo, STATE_FIT_ARRAY, 0, NULL, 0);
	bytes = PG_GETARG_BYTEA_PP(1);
	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	if (!state->started)
		FitStateStartAs(state, &profile);
	CheckMayMerge(FitStateProfile(state), &profile);
	old = MemoryContextSwitchTo(state->header.eoh_context);
	ProfileMerge(FitStateProfile(state), &profile);
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(FitStateDatum(state));
}
