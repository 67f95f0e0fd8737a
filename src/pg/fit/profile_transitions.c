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

/* Return the state of a profile.  The argument that chooses its columns must be the same for every row. */
static FitState *
ProfileTransitionState(FunctionCallInfo fcinfo, FitStateKind input, int names, const void *selection, size_t length)
{
	FitArguments arguments = {.selection = selection, .selection_length = length};
	MemoryContext context = AggregateContext(fcinfo);
	FitState   *state = CurrentState(fcinfo, context, STATE_PROFILE, false);

	if (state == NULL)
		return FitStateCreate(FindFitShared(context, STATE_PROFILE, &arguments, RowTypeOfCall(fcinfo, input, names)));
	if (state->shared->selection && !FitSharedMatches(state->shared, &arguments))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the columns of a profile differ between rows"),
				 errhint("Pass the same constant for every row.")));
	return state;
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

/* Return the id.  A ref is resolved once, when the features are needed. */
static int64
IdOfScaler(const ScalerOfProfile *scaler)
{
	if (!scaler->by_ref)
		return scaler->id;
	return RegistryResolve(pnstrdup((const char *) scaler->bytes + REF_MARK_LENGTH, scaler->length - REF_MARK_LENGTH));
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
		int64		id = IdOfScaler(&scaler);

		columns = InputsOfScaler(id);
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
		/* another group has already resolved it */
		if (state->shared->nfeatures > 0)
			inputs = (NameList) {.count = state->shared->nfeatures, .names = state->shared->names};
		else
			inputs = InputsOfScaler(IdOfScaler(&scaler));
		if (FeatureArrayLength(array) != inputs.count)
		{
			int64		id = IdOfScaler(&scaler);

			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("scaler " INT64_FORMAT " expects %d features, the array has %d",
							id, inputs.count, FeatureArrayLength(array)),
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
