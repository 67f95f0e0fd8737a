/*
 * aggregates.c
 *		Combine and final functions of fit(), profile() and merge(): workers' states are merged by
 *		FitStateMerge() in fit_state.c.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "pg/base/call.h"
#include "pg/base/group_context.h"
#include "pg/fit/fit_state_datum.h"
#include "pg/fit/key_columns.h"
#include "pg/fit/fit.h"
#include "pg/fit/transition.h"
#include "pg/scaler/profile_type.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

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
	HeldValues	held;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (!state->started)
		PG_RETURN_NULL();
	FitStateView(state, &settled, &held);
	PG_RETURN_BYTEA_P(ProfileToVarlena(&settled));
}

/*
 * Look at the keys of the table whose rows were fitted, if they are those of a table, once for all groups of a
 * query.
 *
 * Unlike a transition function, a final function runs in one process.
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
	HeldValues	held;
	GroupContext context;
	bytea	   *scaler;

	GroupContextBegin(&context, fcinfo);
	if (!PG_ARGISNULL(0))
		state = FitStateRead(PG_GETARG_DATUM(0), CurrentMemoryContext);
	if (state == NULL || !state->started)
		NoRowsToFit();
	if (state->shared->method == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this fit_state belongs to another kind of aggregate")));
	NoticeKeysOfRows(fcinfo, state);
	FitStateView(state, &settled, &held);
	scaler = FitProfile(state->shared->spec, &settled, &held, NULL);
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
	HeldValues	held = {0};
	JsonNode   *options = NULL;
	FitSpec    *spec;

	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	if (PG_NARGS() > 2)
		options = JsonParseJsonb(PG_GETARG_JSONB_P(2), "options");
	spec = ParseFitOptions(FitMethodLabel(PG_GETARG_OID(1)), options, FIT_PROFILE);
	PG_RETURN_BYTEA_P(FitProfile(spec, &profile, &held, NULL));
}
