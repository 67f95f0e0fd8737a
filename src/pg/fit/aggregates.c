/*
 * aggregates.c
 *		Transition, combine and final functions of fit(), profile() and merge().
 *
 * Nothing is kept in fn_extra: Citus calls transition functions through a
 * new FmgrInfo for each row, so all there is to remember is in the state.
 *
 * The planner replaces, for example, fit(row, method) by fit_columns(NULL of that type of row, method, names,
 * columns).  Its transition function has all arguments of that of fit(), followed by the names and the columns.
 * In functions that serve both, `names` is the number of the argument with the names of the columns, or 0 if
 * argument 1 is the row.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "pg/apply/scaler_cache.h"
#include "pg/base/call.h"
#include "pg/base/group_context.h"
#include "pg/fit/key_columns.h"
#include "pg/base/names.h"
#include "pg/base/text.h"
#include "pg/base/varlena_type.h"
#include "pg/fit/choose_columns.h"
#include "pg/fit/fit.h"
#include "pg/fit/fit_state.h"
#include "pg/registry/registry.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Return the state to change, or NULL before the first row. */
static FitState *
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
	/* a flat or read-only state does not belong to this aggregate: work on a copy */
	return FitStateIsWritable(PG_GETARG_DATUM(0)) ? state : FitStateCopy(state, context);
}

static Datum
UnchangedState(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* Return what identifies the kind of rows: their type, or the call whose columns they are; 0 for arrays. */
static uint64
RowTypeOfCall(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	if (!StateIsOfRows(kind))
		return 0;
	return names > 0 ? (uint64) (uintptr_t) fcinfo : RowTypeIdentifier(PG_GETARG_HEAPTUPLEHEADER(1));
}

/* Return the number of arguments of a call before the columns. */
static int
CountArguments(FunctionCallInfo fcinfo, int names)
{
	return names > 0 ? names : PG_NARGS();
}

static bool
IsNoRow(FunctionCallInfo fcinfo, int names)
{
	return names == 0 && PG_ARGISNULL(1);
}

/*
 * The state of a fit.  Method and options must be the same for every row:
 * they are compared by their bytes, and only if those differ as text (after a
 * merge the bytes are not known).
 */
static FitState *
FitTransitionState(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	MemoryContext context = AggregateContext(fcinfo);
	int			nargs = CountArguments(fcinfo, names);
	FitArguments arguments = {.weighted = nargs > 4};
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

/* The state of a profile; likewise with the argument that chooses its columns. */
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

/* The weight of a row: argument 4, if there is one; false if the row counts for nothing. */
static bool
ReadWeight(FunctionCallInfo fcinfo, int names, double *weight)
{
	*weight = 1.0;
	if (CountArguments(fcinfo, names) <= 4)
		return true;
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a weight must not be NULL"),
				 errhint("Use coalesce(weight, 0) for rows that are not to count.")));
	*weight = PG_GETARG_FLOAT8(4);
	if (!(*weight >= 0) || isinf(*weight))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a weight must be a finite number that is not negative, not %s",
						FloatText(*weight)),
				 errhint("Leave such rows out with FILTER.")));
	return *weight > 0;
}

/* ---- rows of features ---- */

static void
CheckLength(const FitState *state, int n)
{
	if (n != state->shared->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a row has %d features, the rows before it had %d", n, state->shared->nfeatures),
				 errhint("Every array must have one value for each feature; a missing value is a NULL in it.")));
}

/* inputs: what the scaler asks for that a profile is made for, or NULL. */
static void
AddArray(FitState *state, FunctionCallInfo fcinfo, const NameList *inputs, double weight)
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
					 errmsg("option \"names\" has %d names for %d features", spec->names.count, n),
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
 * Find the features among the columns that the map is set up for.  The first
 * row of the first group tells which they are: those of the list, or (NULL)
 * those that the options choose.
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
 * Return whether all arguments between the row and the names are constant, so that they need to be
 * read for the first row only.
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

static void
AddRow(FitState *state, FunctionCallInfo fcinfo, int names, const NameList *columns, double weight)
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

/*
 * Add a row of columns as the row before it was added by the same call, which
 * had all its arguments but the columns looked at; false if they must be.
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

/* ---- transition functions ---- */

PG_FUNCTION_INFO_V1(fit_array_transition);
Datum
fit_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;
	double		weight;

	if (PG_ARGISNULL(1) || !ReadWeight(fcinfo, 0, &weight))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, STATE_FIT_ARRAY, 0);
	AddArray(state, fcinfo, NULL, weight);
	PG_RETURN_DATUM(FitStateDatum(state));
}

static Datum
FitRow(FunctionCallInfo fcinfo, FitStateKind kind, int names)
{
	FitState   *state;
	double		weight;

	if (AddColumnsAgain(fcinfo, names) || IsNoRow(fcinfo, names) || !ReadWeight(fcinfo, names, &weight))
		return UnchangedState(fcinfo);
	state = FitTransitionState(fcinfo, kind, names);
	AddRow(state, fcinfo, names, NULL, weight);
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

/* The first pass of fit_table(): features and distribution as the fit has them, but no values. */
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

PG_FUNCTION_INFO_V1(profile_array_transition);
Datum
profile_array_transition(PG_FUNCTION_ARGS)
{
	FitState   *state;

	if (PG_ARGISNULL(1))
		return UnchangedState(fcinfo);
	state = ProfileTransitionState(fcinfo, STATE_FIT_ARRAY, 0, NULL, 0);
	AddArray(state, fcinfo, NULL, 1.0);
	PG_RETURN_DATUM(FitStateDatum(state));
}

/* A profile of every column that can be a feature, or of those whose names are argument 2. */
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
	AddRow(state, fcinfo, names, chosen ? &columns : NULL, 1.0);
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

/* Return the inputs of a scaler, without its targets; NULL names if it was fitted on arrays without names. */
static NameList
InputsOfScaler(int64 id)
{
	LoadedScaler *scaler = ScalerCacheGet(id);
	NameList	inputs = {0};

	if (scaler->set)
	{
		ReleaseScaler(scaler);
		SetWithoutKey(id);
	}
	inputs.count = scaler->transform.ninputs;
	if (scaler->recipe.named)
	{
		inputs.names = palloc(sizeof(char *) * scaler->recipe.nfeatures);
		for (int i = 0; i < inputs.count; i++)
			inputs.names[i] = pstrdup(scaler->transform.slots[i]->name);
	}
	ReleaseScaler(scaler);
	return inputs;
}

/* before a ref, so that its bytes are not those of an id, which has 8 */
#define REF_MARK		"by a ref:"
#define REF_MARK_LENGTH	9

/* Which scaler a profile is for, by its id or a ref: the bytes that states are known by. */
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

/* What a ref means is asked once, where the features are. */
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
	AddRow(state, fcinfo, names, &columns, 1.0);
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

/* Arrays are matched by position, as normalize() does; the features have the scaler's names. */
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
		/* another group has asked before */
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
					 inputs.names ? errhint("SELECT normfreeze.feature_names(" INT64_FORMAT ") lists them in their order.", id) : 0));
		}
	}
	AddArray(state, fcinfo, &inputs, 1.0);
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
	state = CurrentState(fcinfo, context, other->shared->kind, other->shared->weighted);
	if (state == NULL)
		state = FitStateCopy(other, context);
	else
		FitStateMerge(state, other);
	PG_RETURN_DATUM(FitStateDatum(state));
}

PG_FUNCTION_INFO_V1(profile_final);
Datum
profile_final(PG_FUNCTION_ARGS)
{
	FitState   *state;
	Profile		settled;
	ValueStore *stores;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (!state->started)
		PG_RETURN_NULL();
	FitStateView(state, &settled, &stores);
	PG_RETURN_BYTEA_P(ProfileToVarlena(&settled));
}

/*
 * Once for all groups of a query: look at the keys of the table whose rows were
 * fitted, if they are a table's.  Unlike a transition, this runs in one process.
 */
static void
NoticeKeysOfRows(FunctionCallInfo fcinfo, const FitState *state)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Oid			relation;

	if (fcinfo->flinfo->fn_extra != NULL || aggref == NULL || !StateIsOfRows(state->shared->kind))
		return;
	fcinfo->flinfo->fn_extra = fcinfo;
	relation = get_typ_typrelid(linitial_oid(aggref->aggargtypes));
	if (OidIsValid(relation))
		NoticeKeyColumns(relation, state->shared->spec, state->shared->nfeatures, state->shared->names);
}

PG_FUNCTION_INFO_V1(fit_final);
Datum
fit_final(PG_FUNCTION_ARGS)
{
	FitState   *state = NULL;
	Profile		settled;
	ValueStore *stores;
	GroupContext context;
	bytea	   *scaler;

	GroupContextBegin(&context, fcinfo);
	if (!PG_ARGISNULL(0))
		state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (state == NULL || !state->started)
		NoRowsToFit();
	if (state->shared->spec == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this fit_state belongs to another kind of aggregate")));
	NoticeKeysOfRows(fcinfo, state);
	FitStateView(state, &settled, &stores);
	scaler = FitProfile(state->shared->spec, &settled, stores, NULL);
	GroupContextEnd(&context);
	PG_RETURN_BYTEA_P(scaler);
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
	spec = ParseFitOptions(FitMethodLabel(PG_GETARG_OID(1)), options, FIT_PROFILE);
	PG_RETURN_BYTEA_P(FitProfile(spec, &profile, NULL, NULL));
}
