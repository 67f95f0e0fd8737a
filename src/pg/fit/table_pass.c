/*
 * table_pass.c
 *		The aggregate gather(row, plan), one pass of fit_table(), and the same of columns.
 *
 * Its state is of type internal: it exists in one query that fit_table() writes, and only
 * parallel workers send it.
 */
#include "pg/base/compat.h"

#include "core/scaler/pass_answers.h"
#include "mb/pg_wchar.h"
#include "pg/apply/column_call.h"
#include "pg/base/aggregate_state.h"
#include "pg/base/call.h"
#include "pg/base/features.h"
#include "pg/base/settings.h"
#include "pg/base/varlena_type.h"
#include "pg/fit/transition.h"

#define WEIGHT	3				/* the argument with the weight of a row, if there is one */

typedef struct GatherState
{
	MemoryContext context;
	bytea	   *plan_bytes;
	bool		weighted;		/* rows have weights */
	GatherPlan	plan;
	Gathered	gathered;
	uint64		most_words;		/* number of counters and keys that may be kept */
	RowMap		map;
	ColumnCall *columns;		/* what the map is for, if rows are columns */
	FeatureBuffer buffer;
} GatherState;

pg_noreturn static void
InvalidPlan(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("malformed plan for a pass"),
			 errhint("Only normfreeze.fit_table() makes plans.")));
}

/*
 * Fail if a plan needs more memory than its share of normfreeze.fit_memory.
 *
 * Plans of fit_table() do not, but anyone may call gather().
 */
static void
CheckWords(const GatherState *state, uint64 words)
{
	if (words > state->most_words)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a pass would keep more than its share of normfreeze.fit_memory"),
				 errdetail("The setting, %d kB, lets it keep " UINT64_FORMAT " counters and values.", fit_memory_kb,
						   state->most_words),
				 errhint("Only normfreeze.fit_table() makes plans, of a relation that is the same each time it is read.")));
}

/* Return a state for this plan, without rows, in the aggregate's context. */
static GatherState *
MakeGatherState(MemoryContext context, const void *plan, size_t length, bool weighted)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	GatherState *state = palloc0(sizeof(GatherState));
	ByteReader	reader;

	state->context = context;
	state->plan_bytes = BytesToVarlena(plan, length);
	state->weighted = weighted;
	ReaderInit(&reader, VARDATA(state->plan_bytes), length);
	if (!DecodeGatherPlan(&state->plan, &reader))
		InvalidPlan();
	state->most_words = GatherWords((uint64) fit_memory_kb * 1024, PlannedIntervals(&state->plan));
	CheckWords(state, PlannedCounters(&state->plan));
	for (int i = 0; i < state->plan.nfeatures; i++)
		pg_verifymbstr(state->plan.names[i], strlen(state->plan.names[i]), false);
	GatheredInit(&state->gathered, &state->plan, weighted);
	FeatureBufferInit(&state->buffer, context);
	MemoryContextSwitchTo(old);
	return state;
}

static void
CheckSamePlan(const GatherState *state, const GatherState *other)
{
	if (state->weighted != other->weighted || VARSIZE(state->plan_bytes) != VARSIZE(other->plan_bytes) ||
		memcmp(state->plan_bytes, other->plan_bytes, VARSIZE(state->plan_bytes)) != 0)
		InvalidPlan();
}

static void
ReadPassRow(GatherState *state, FunctionCallInfo fcinfo)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(1);

	if (!RowMapMatches(&state->map, row))
	{
		RowMapInit(&state->map, state->context, row, fcinfo, 1);
		RowMapBind(&state->map, state->plan.nfeatures, state->plan.names, NULL);
	}
	ReadFeatureRow(&state->map, row, &state->buffer);
}

static void
ReadPassColumns(GatherState *state, FunctionCallInfo fcinfo, int names)
{
	ColumnCall *call = FindColumnCall(fcinfo, names + 1, state->columns, state->context);

	if (call != state->columns)
	{
		state->columns = call;
		RowMapInitDesc(&state->map, state->context, call->desc);
		RowMapBind(&state->map, state->plan.nfeatures, state->plan.names, NULL);
	}
	ReadFeatureColumns(&state->map, state->columns, &state->buffer);
}

/* Add a row.  "names" is the number of the argument with the names of columns, or 0 if argument 1 is the row. */
static Datum
GatherRow(FunctionCallInfo fcinfo, int names)
{
	MemoryContext context = AggregateContext(fcinfo);
	GatherState *state = AggregateStateArgument(fcinfo, 0);
	MemoryContext old;
	double		weight;

	if ((names == 0 && PG_ARGISNULL(1)) || PG_ARGISNULL(2) || !ReadWeight(fcinfo, names, WEIGHT, &weight))
	{
		if (state)
			PG_RETURN_POINTER(state);
		PG_RETURN_NULL();
	}
	if (state == NULL)
	{
		bytea	   *plan = PG_GETARG_BYTEA_PP(2);

		CheckFloatEnvironment();
		state = MakeGatherState(context, VARDATA_ANY(plan), VARSIZE_ANY_EXHDR(plan),
								CountArguments(fcinfo, names) > WEIGHT);
	}
	if (names > 0)
		ReadPassColumns(state, fcinfo, names);
	else
		ReadPassRow(state, fcinfo);
	old = MemoryContextSwitchTo(context);
	GatheredAddRow(&state->gathered, state->buffer.values, weight);
	MemoryContextSwitchTo(old);
	CheckWords(state, state->gathered.nkeys);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(gather_transition);
Datum
gather_transition(PG_FUNCTION_ARGS)
{
	return GatherRow(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(gather_columns_transition);
Datum
gather_columns_transition(PG_FUNCTION_ARGS)
{
	return GatherRow(fcinfo, 3);
}

PG_FUNCTION_INFO_V1(gather_columns_weight_transition);
Datum
gather_columns_weight_transition(PG_FUNCTION_ARGS)
{
	return GatherRow(fcinfo, 4);
}

/* ---- merging and sending ---- */

static void *
MakeGatherStateLike(MemoryContext context, void *arg)
{
	const GatherState *other = arg;

	return MakeGatherState(context, VARDATA(other->plan_bytes), VARSIZE(other->plan_bytes) - VARHDRSZ, other->weighted);
}

static void
MergeGatherState(void *state_arg, void *other_arg)
{
	GatherState *state = state_arg;
	GatherState *other = other_arg;

	CheckSamePlan(state, other);
	GatheredMerge(&state->gathered, &other->gathered);
	CheckWords(state, state->gathered.nkeys);
}

static void
PutGathered(ByteWriter *writer, void *state)
{
	EncodeGathered(writer, &((GatherState *) state)->gathered);
}

static void
PutGatherState(ByteWriter *writer, void *arg)
{
	const GatherState *state = arg;
	size_t		length = VARSIZE(state->plan_bytes) - VARHDRSZ;

	PutByte(writer, state->weighted);
	PutVarint(writer, length);
	PutBytes(writer, VARDATA(state->plan_bytes), length);
	PutGathered(writer, arg);
}

static void *
GetGatherState(FunctionCallInfo fcinfo, ByteReader *reader)
{
	bool		weighted = GetByte(reader) != 0;
	uint64		length = GetVarint(reader);
	const uint8 *plan = GetBytes(reader, length);
	GatherState *state;

	if (plan == NULL)
		InvalidPlan();
	state = MakeGatherState(CurrentMemoryContext, plan, length, weighted);
	if (!DecodeGathered(&state->gathered, &state->plan, weighted, reader))
		reader->failed = true;
	return state;
}

static const AggregateStateKind gather_state = {
	.make_like = MakeGatherStateLike,
	.merge = MergeGatherState,
	.put = PutGatherState,
	.get = GetGatherState,
	.content = "what a pass found",
	.too_long_hint = "Lower normfreeze.fit_memory, so that a pass keeps less.",
};

PG_FUNCTION_INFO_V1(gather_combine);
Datum
gather_combine(PG_FUNCTION_ARGS)
{
	return CombineAggregateStates(fcinfo, &gather_state);
}

PG_FUNCTION_INFO_V1(gather_serialize);
Datum
gather_serialize(PG_FUNCTION_ARGS)
{
	return SerializeAggregateState(fcinfo, &gather_state);
}

PG_FUNCTION_INFO_V1(gather_deserialize);
Datum
gather_deserialize(PG_FUNCTION_ARGS)
{
	return DeserializeAggregateState(fcinfo, &gather_state);
}

PG_FUNCTION_INFO_V1(gather_final);
Datum
gather_final(PG_FUNCTION_ARGS)
{
	MemoryContext old;
	bytea	   *result;
	GatherState *state;

	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (GatherState *) PG_GETARG_POINTER(0);
	old = MemoryContextSwitchTo(state->context);
	result = AggregateStateBytes(&gather_state, PutGathered, state);
	MemoryContextSwitchTo(old);
	PG_RETURN_BYTEA_P(result);
}
