/*
 * audit.c
 *		The aggregate audit(raw, observed, scaler): counts over all rows, and a
 *		sample of them for the search of what happened (pg/audit_*.c).
 *
 * Of type internal, since its final function needs the registry.  Everything
 * in it is a function of the multiset of rows alone: exact counts, exact sums,
 * and a sample by hashes of the rows' own bits.  So is the result.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "pg/audit_state.h"
#include "pg/normfreeze.h"
#include "pg/profile_type.h"
#include "pg/registry.h"
#include "pg/varlena_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define SAMPLE_ROWS			1000
#define SAMPLE_ROWS_LEAST	128
#define SAMPLE_VALUES		(1 << 18)	/* with many features, fewer rows */

/* ---- the scaler ---- */

/* What one call site of the aggregate remembers; in fn_extra. */
typedef struct AuditCall
{
	AuditScaler *scalers;
	Oid			raw_type;
	Oid			observed_type;
	bool		raw_is_row;
} AuditCall;

static AuditCall *
GetCall(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(AuditCall));
	return fcinfo->flinfo->fn_extra;
}

static bool
NeedsValues(const FeatureRecipe *feature)
{
	return feature->method->needs_values || feature->missing == MISSING_MEDIAN;
}

/* Takes the bytes over, in the current context, which lives as long as the query. */
static AuditScaler *
MakeScalerOfAudit(AuditCall *call, bytea *bytes, bool by_id)
{
	AuditScaler *scaler = palloc0(sizeof(AuditScaler));
	int			n;

	scaler->context = CurrentMemoryContext;
	scaler->by_id = by_id;
	scaler->bytes = bytes;
	ViewScaler(&scaler->view, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	scaler->loaded = LoadScalerInto(&scaler->view, CurrentMemoryContext);
	if (scaler->loaded->set)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("scaler " INT64_FORMAT " is a set of scalers by key, and an audit is of one scaler", scaler->loaded->id),
				 errhint("Audit each key by its own scaler: GROUP BY the key, with normfreeze.member_of() or the member's id.")));
	n = scaler->n = scaler->loaded->transform.ninputs;
	scaler->stored = palloc0(sizeof(bool) * n);
	for (int i = 0; i < n; i++)
	{
		scaler->stored[i] = NeedsValues(scaler->loaded->transform.slots[i]);
		scaler->any_stored = scaler->any_stored || scaler->stored[i];
	}
	FeatureBufferInit(&scaler->raw, CurrentMemoryContext);
	FeatureBufferInit(&scaler->observed, CurrentMemoryContext);
	scaler->x = palloc(sizeof(double) * n);
	scaler->y = palloc(sizeof(double) * n);
	scaler->single_x = palloc(sizeof(float) * n);
	scaler->single_y = palloc(sizeof(float) * n);
	scaler->nulls = palloc(sizeof(bool) * n);
	scaler->kinds = palloc(sizeof(OutputKind) * n);
	scaler->words = palloc(sizeof(uint64) * AuditRowWords(n));
	scaler->next = call->scalers;
	call->scalers = scaler;
	return scaler;
}

static AuditScaler *
ScalerById(FunctionCallInfo fcinfo, int64 id)
{
	AuditCall  *call = GetCall(fcinfo);
	AuditScaler *scaler = call->scalers;
	MemoryContext old;

	while (scaler && !(scaler->by_id && scaler->loaded->id == id))
		scaler = scaler->next;
	if (scaler)
		return scaler;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	scaler = MakeScalerOfAudit(call, RegistryScaler(id), true);
	MemoryContextSwitchTo(old);
	return scaler;
}

/* Two scalers are one if their recipes and the digests of their profiles are. */
static bool
SameScaler(const ScalerView *a, const ScalerView *b)
{
	return a->format == b->format && a->recipe_length == b->recipe_length &&
		memcmp(a->recipe, b->recipe, a->recipe_length) == 0 &&
		(a->digest == NULL) == (b->digest == NULL) &&
		(a->digest == NULL || memcmp(a->digest, b->digest, DIGEST_LENGTH) == 0);
}

static AuditScaler *
ScalerByValue(FunctionCallInfo fcinfo, const bytea *value)
{
	AuditCall  *call = GetCall(fcinfo);
	AuditScaler *scaler = call->scalers;
	MemoryContext old;
	ScalerView	view;

	ViewScaler(&view, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	while (scaler && !(!scaler->by_id && SameScaler(&scaler->view, &view)))
		scaler = scaler->next;
	if (scaler)
		return scaler;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	scaler = MakeScalerOfAudit(call, BytesToVarlena(view.bytes, view.length), false);
	MemoryContextSwitchTo(old);
	return scaler;
}

/* ---- the state ---- */

/* A state without rows; everything in the aggregate's context. */
static AuditState *
MakeState(MemoryContext context, AuditScaler *scaler, bool single)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	AuditState *state = palloc0(sizeof(AuditState));
	int			size = Min(SAMPLE_ROWS, Max(SAMPLE_ROWS_LEAST, SAMPLE_VALUES / scaler->n));

	state->context = context;
	state->scaler = scaler;
	state->single = single;
	state->agreements = palloc0(sizeof(Agreement) * scaler->n);
	ProfileInit(&state->raw, scaler->n, NULL, scaler->any_stored ? HISTOGRAM_DEFAULT_SIZE : 0);
	ProfileInit(&state->expected, scaler->n, NULL, 0);
	ProfileInit(&state->observed, scaler->n, NULL, 0);
	if (scaler->any_stored)
		state->stores = palloc0(sizeof(ValueStore) * scaler->n);
	RowSampleInit(&state->agreeing, AuditRowWords(scaler->n), size);
	RowSampleInit(&state->differing, AuditRowWords(scaler->n), size);
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * All values of a feature are kept only as far as memory reaches.  Whether
 * they are dropped depends on their number alone, not on when that is found.
 */
static void
DropStoresIfTooMany(AuditState *state)
{
	if (state->stores == NULL || state->stored_values <= (uint64) fit_memory_kb * 1024 / sizeof(uint64))
		return;
	for (int i = 0; i < state->scaler->n; i++)
		if (state->stores[i].keys)
			pfree(state->stores[i].keys);
	pfree(state->stores);
	state->stores = NULL;
	state->stores_dropped = true;
}

static void
AddToStores(AuditState *state, const double *raw)
{
	for (int i = 0; i < state->scaler->n; i++)
		if (state->scaler->stored[i] && IsFiniteBits(DoubleBits(raw[i])))
		{
			ValueStoreAdd(&state->stores[i], raw[i]);
			state->stored_values++;
		}
	DropStoresIfTooMany(state);
}

/* ---- a row ---- */

/* Slot by slot, where a policy refuses a value of the row. */
static void
ExpectEach(AuditScaler *scaler, bool single, const double *raw, const bool *nulls, double *expected, OutputKind *kinds)
{
	const Transform *transform = &scaler->loaded->transform;

	for (int i = 0; i < scaler->n; i++)
	{
		double		x = raw[i];
		float		single_x = (float) x;
		float		single_y;
		bool		null = nulls && nulls[i];
		int			slot;
		TransformResult result;

		/* the norm of a row with a refused value is not defined */
		if (TransformIsOfRow(transform, i))
			result = TRANSFORM_MISSING;
		else if (single)
		{
			result = TransformSingle(transform, i, 1, &single_x, &null, &single_y, &slot);
			expected[i] = single_y;
		}
		else
			result = TransformDouble(transform, i, 1, &x, &null, &expected[i], &slot);
		kinds[i] = result != TRANSFORM_OK ? OUTPUT_REFUSED : null ? OUTPUT_NULL :
			isnan(expected[i]) ? OUTPUT_NAN : OUTPUT_VALUE;
		if (kinds[i] != OUTPUT_VALUE)
			expected[i] = NAN;
	}
}

void
AuditExpect(AuditScaler *scaler, bool single, const double *raw, const bool *nulls, double *expected, OutputKind *kinds)
{
	const Transform *transform = &scaler->loaded->transform;
	int			n = scaler->n;
	int			slot;
	TransformResult result;

	for (int i = 0; i < n; i++)
		scaler->nulls[i] = nulls && nulls[i];
	if (single)
	{
		for (int i = 0; i < n; i++)
			scaler->single_x[i] = (float) raw[i];
		result = TransformSingle(transform, 0, n, scaler->single_x, scaler->nulls, scaler->single_y, &slot);
		for (int i = 0; i < n; i++)
			expected[i] = scaler->single_y[i];
	}
	else
	{
		memcpy(scaler->x, raw, sizeof(double) * n);
		result = TransformDouble(transform, 0, n, scaler->x, scaler->nulls, expected, &slot);
	}
	if (result != TRANSFORM_OK)
	{
		ExpectEach(scaler, single, raw, nulls, expected, kinds);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		kinds[i] = scaler->nulls[i] ? OUTPUT_NULL : isnan(expected[i]) ? OUTPUT_NAN : OUTPUT_VALUE;
		if (kinds[i] != OUTPUT_VALUE)
			expected[i] = NAN;
	}
}

/* The bits of a value; all missing values have the same, since flags tell which are NULL. */
static uint64
WordOfValue(double value)
{
	return isnan(value) ? INFINITY_BITS + 1 : DoubleBits(value);
}

static void
FillWords(AuditScaler *scaler, const double *raw, const bool *raw_nulls, const double *observed, const bool *observed_nulls)
{
	int			n = scaler->n;

	memset(scaler->words, 0, sizeof(uint64) * AuditRowWords(n));
	for (int i = 0; i < n; i++)
	{
		scaler->words[i] = WordOfValue(raw[i]);
		scaler->words[n + i] = WordOfValue(observed[i]);
		if (raw_nulls && raw_nulls[i])
			scaler->words[2 * n + i / 64] |= UINT64CONST(1) << (i % 64);
		if (observed_nulls && observed_nulls[i])
			scaler->words[2 * n + (n + i) / 64] |= UINT64CONST(1) << ((n + i) % 64);
	}
}

static void
AddRow(AuditState *state, const double *raw, const bool *raw_nulls, const double *observed, const bool *observed_nulls)
{
	AuditScaler *scaler = state->scaler;
	MemoryContext old = MemoryContextSwitchTo(state->context);
	bool		agrees = true;

	AuditExpect(scaler, state->single, raw, raw_nulls, scaler->y, scaler->kinds);
	for (int i = 0; i < scaler->n; i++)
		if (AgreementAdd(&state->agreements[i], scaler->y[i], scaler->kinds[i],
						 observed[i], observed_nulls && observed_nulls[i], state->single) != GRADE_EQUAL)
			agrees = false;
	state->rows++;
	ProfileAddRow(&state->raw, raw, raw_nulls);
	ProfileAddRow(&state->expected, scaler->y, NULL);
	ProfileAddRow(&state->observed, observed, NULL);
	if (state->stores)
		AddToStores(state, raw);
	FillWords(scaler, raw, raw_nulls, observed, observed_nulls);
	RowSampleAdd(agrees ? &state->agreeing : &state->differing, scaler->words);
	MemoryContextSwitchTo(old);
}

/* ---- arguments ---- */

static void
RefuseNull(FunctionCallInfo fcinfo, int arg, const char *what, const char *hint)
{
	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the %s of an audit must not be NULL", what),
				 errhint("%s", hint)));
}

static bool
IsArray(Oid type)
{
	return OidIsValid(get_element_type(getBaseType(type)));
}

/* What the arguments are, once for a call site. */
static void
CheckTypes(FunctionCallInfo fcinfo, AuditCall *call)
{
	if (OidIsValid(call->raw_type))
		return;
	call->raw_type = get_fn_expr_argtype(fcinfo->flinfo, 1);
	call->observed_type = get_fn_expr_argtype(fcinfo->flinfo, 2);
	call->raw_is_row = type_is_rowtype(call->raw_type);
	if (!call->raw_is_row && !IsArray(call->raw_type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the raw values of an audit are of type %s, neither an array nor a row", format_type_be(call->raw_type)),
				 errhint("Pass an array such as ARRAY[age, income], a table alias, or a value with a cast to double precision[].")));
	if (!IsArray(call->observed_type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the observed values of an audit are of type %s, not an array", format_type_be(call->observed_type)),
				 errhint("Pass one value for each feature, in the scaler's order: ARRAY[age_n, income_n], with a cast to double precision[] if it is a literal.")));
}

static void
CheckLength(const AuditScaler *scaler, const char *what, int n)
{
	if (n != scaler->n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the %s values of an audit are %d, but scaler " INT64_FORMAT " has %d features",
						what, n, scaler->loaded->id, scaler->n),
				 errhint("Give one value for each feature, in the order of normfreeze.feature_names(" INT64_FORMAT "), without targets.",
						 scaler->loaded->id)));
}

static const double *
ReadArray(const AuditScaler *scaler, ArrayType *array, const char *what, FeatureBuffer *buffer)
{
	int			n = FeatureArrayLength(array);

	CheckLength(scaler, what, n);
	return ReadFeatureArray(array, n, buffer);
}

static const double *
ReadRow(FunctionCallInfo fcinfo, AuditScaler *scaler)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(1);

	if (!RowMapMatches(&scaler->map, row))
	{
		if (scaler->loaded->input_names == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match rows by",
							scaler->loaded->id),
					 errhint("Pass the raw values as an array, in the scaler's order.")));
		RowMapInit(&scaler->map, scaler->context, row, fcinfo, 1);
		RowMapBind(&scaler->map, scaler->n, scaler->loaded->input_names);
	}
	ReadFeatureRow(&scaler->map, row, &scaler->raw);
	return scaler->raw.values;
}

static Datum
Transition(FunctionCallInfo fcinfo, AuditScaler *scaler)
{
	MemoryContext context = AggregateContext(fcinfo);
	AuditCall  *call = GetCall(fcinfo);
	AuditState *state = PG_ARGISNULL(0) ? NULL : (AuditState *) PG_GETARG_POINTER(0);
	ArrayType  *observed_array = PG_GETARG_ARRAYTYPE_P(2);
	bool		single = ARR_ELEMTYPE(observed_array) == FLOAT4OID;
	const double *raw;
	const double *observed;

	if (call->raw_is_row)
	{
		raw = ReadRow(fcinfo, scaler);
		single = false;
	}
	else
	{
		ArrayType  *raw_array = PG_GETARG_ARRAYTYPE_P(1);

		raw = ReadArray(scaler, raw_array, "raw", &scaler->raw);
		single = single && ARR_ELEMTYPE(raw_array) == FLOAT4OID;
	}
	observed = ReadArray(scaler, observed_array, "observed", &scaler->observed);

	if (state == NULL)
	{
		CheckFloatEnvironment();
		state = MakeState(context, scaler, single);
	}
	else if (state->scaler != scaler)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scaler of an audit differs between rows: " INT64_FORMAT ", and then " INT64_FORMAT,
						state->scaler->loaded->id, scaler->loaded->id),
				 errhint("Audit each scaler by itself: GROUP BY the column of the scaler's id.")));
	AddRow(state, raw, scaler->raw.any_null ? scaler->raw.nulls : NULL,
		   observed, scaler->observed.any_null ? scaler->observed.nulls : NULL);
	PG_RETURN_POINTER(state);
}

#define NULL_ROW_HINT	"Leave such rows out: FILTER (WHERE ... IS NOT NULL).  A missing value is a NULL inside."

static void
CheckArguments(FunctionCallInfo fcinfo)
{
	CheckTypes(fcinfo, GetCall(fcinfo));
	RefuseNull(fcinfo, 1, "raw values", NULL_ROW_HINT);
	RefuseNull(fcinfo, 2, "observed values", NULL_ROW_HINT);
	RefuseNull(fcinfo, 3, "scaler", "Say which scaler the values are to be compared with.");
}

PG_FUNCTION_INFO_V1(audit_transition);
Datum
audit_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	CheckArguments(fcinfo);
	return Transition(fcinfo, ScalerById(fcinfo, PG_GETARG_INT64(3)));
}

PG_FUNCTION_INFO_V1(audit_value_transition);
Datum
audit_value_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	CheckArguments(fcinfo);
	return Transition(fcinfo, ScalerByValue(fcinfo, PG_GETARG_BYTEA_PP(3)));
}

/* ---- merging and sending ---- */

static void
MergeStores(AuditState *state, const AuditState *other)
{
	state->stored_values += other->stored_values;
	if (other->stores_dropped && state->stores)
	{
		/* what was dropped there is missing here */
		state->stored_values = UINT64_MAX;
	}
	for (int i = 0; state->stores && other->stores && i < state->scaler->n; i++)
	{
		const ValueStore *from = &other->stores[i];
		ValueStore *to = &state->stores[i];

		if (from->count == 0)
			continue;
		ValueStoreReserve(to, from->count);
		memcpy(to->keys + to->count, from->keys, sizeof(uint64) * from->count);
		to->count += from->count;
		to->sorted = false;
	}
	DropStoresIfTooMany(state);
}

static void
MergeState(AuditState *state, const AuditState *other)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);

	state->rows += other->rows;
	for (int i = 0; i < state->scaler->n; i++)
		AgreementMerge(&state->agreements[i], &other->agreements[i]);
	ProfileMerge(&state->raw, &other->raw);
	ProfileMerge(&state->expected, &other->expected);
	ProfileMerge(&state->observed, &other->observed);
	RowSampleMerge(&state->agreeing, &other->agreeing);
	RowSampleMerge(&state->differing, &other->differing);
	MergeStores(state, other);
	MemoryContextSwitchTo(old);
}

PG_FUNCTION_INFO_V1(audit_combine);
Datum
audit_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = AggregateContext(fcinfo);
	AuditState *state = PG_ARGISNULL(0) ? NULL : (AuditState *) PG_GETARG_POINTER(0);
	AuditState *other = PG_ARGISNULL(1) ? NULL : (AuditState *) PG_GETARG_POINTER(1);

	if (other)
	{
		if (state == NULL)
			state = MakeState(context, other->scaler, other->single);
		else if (!SameScaler(&state->scaler->view, &other->scaler->view))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the scaler of an audit differs between rows: " INT64_FORMAT ", and then " INT64_FORMAT,
							state->scaler->loaded->id, other->scaler->loaded->id),
					 errhint("Audit each scaler by itself: GROUP BY the column of the scaler's id.")));
		MergeState(state, other);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static void
PutSettledProfile(ByteWriter *writer, const Profile *profile)
{
	Profile		settled;

	ProfileCopySettled(&settled, profile);
	EncodeProfile(writer, &settled);
}

static void
PutSettledSample(ByteWriter *writer, const RowSample *sample)
{
	RowSample	settled;

	RowSampleCopySettled(&settled, sample);
	EncodeRowSample(writer, &settled);
}

PG_FUNCTION_INFO_V1(audit_serialize);
Datum
audit_serialize(PG_FUNCTION_ARGS)
{
	AuditState *state = (AuditState *) PG_GETARG_POINTER(0);
	AuditScaler *scaler = state->scaler;
	ByteWriter	writer;

	AggregateContext(fcinfo);
	WriterInit(&writer, 4096);
	PutUint32(&writer, 0);		/* room for the varlena header */
	PutByte(&writer, scaler->by_id);
	if (scaler->by_id)
		PutUint64(&writer, (uint64) scaler->loaded->id);
	else
	{
		PutVarint(&writer, scaler->view.length);
		PutBytes(&writer, scaler->view.bytes, scaler->view.length);
	}
	PutByte(&writer, state->single);
	PutVarint(&writer, (uint64) state->rows);
	for (int i = 0; i < scaler->n; i++)
		EncodeAgreement(&writer, &state->agreements[i]);
	PutSettledProfile(&writer, &state->raw);
	PutSettledProfile(&writer, &state->expected);
	PutSettledProfile(&writer, &state->observed);
	PutSettledSample(&writer, &state->agreeing);
	PutSettledSample(&writer, &state->differing);
	PutVarint(&writer, state->stored_values);
	PutByte(&writer, state->stores_dropped);
	for (int i = 0; state->stores && i < scaler->n; i++)
	{
		PutVarint(&writer, state->stores[i].count);
		PutBytes(&writer, state->stores[i].keys, sizeof(uint64) * state->stores[i].count);
	}
	if (writer.length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("what a parallel worker found in an audit does not fit into one value: %zu bytes", writer.length),
				 errhint("Lower normfreeze.fit_memory, or SET max_parallel_workers_per_gather = 0.")));
	SET_VARSIZE(writer.data, writer.length);
	PG_RETURN_BYTEA_P((bytea *) writer.data);
}

static void
ReadProfile(Profile *profile, ByteReader *reader, int n)
{
	const char *problem = DecodeProfile(profile, reader);

	if (problem || profile->nfeatures != n)
		elog(ERROR, "malformed state of an audit: %s", problem ? problem : "another number of features");
}

static void
ReadStores(AuditState *state, ByteReader *reader)
{
	state->stored_values = GetVarint(reader);
	state->stores_dropped = GetByte(reader) != 0;
	if (state->stores_dropped)
		state->stores = NULL;
	for (int i = 0; state->stores && i < state->scaler->n; i++)
	{
		uint64		count = GetVarint(reader);
		const uint8 *bytes = count <= BytesLeft(reader) / sizeof(uint64) ? GetBytes(reader, sizeof(uint64) * count) : NULL;

		if (bytes == NULL && count > 0)
			elog(ERROR, "malformed state of an audit: values");
		ValueStoreReserve(&state->stores[i], count);
		if (count > 0)
			memcpy(state->stores[i].keys, bytes, sizeof(uint64) * count);
		state->stores[i].count = count;
	}
}

PG_FUNCTION_INFO_V1(audit_deserialize);
Datum
audit_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	AuditScaler *scaler;
	AuditState *state;
	ByteReader	reader;
	bool		single;

	AggregateContext(fcinfo);
	ReaderInit(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	if (GetByte(&reader))
		scaler = ScalerById(fcinfo, (int64) GetUint64(&reader));
	else
	{
		uint64		length = GetVarint(&reader);
		const uint8 *value = length <= BytesLeft(&reader) ? GetBytes(&reader, length) : NULL;

		if (value == NULL)
			elog(ERROR, "malformed state of an audit: scaler");
		scaler = ScalerByValue(fcinfo, BytesToVarlena(value, length));
	}
	single = GetByte(&reader) != 0;
	state = MakeState(CurrentMemoryContext, scaler, single);
	state->rows = (int64) GetVarint(&reader);
	for (int i = 0; i < scaler->n; i++)
		DecodeAgreement(&state->agreements[i], &reader);
	ReadProfile(&state->raw, &reader, scaler->n);
	ReadProfile(&state->expected, &reader, scaler->n);
	ReadProfile(&state->observed, &reader, scaler->n);
	if (!DecodeRowSample(&state->agreeing, &reader) || !DecodeRowSample(&state->differing, &reader) ||
		state->agreeing.width != AuditRowWords(scaler->n) || state->differing.width != AuditRowWords(scaler->n))
		elog(ERROR, "malformed state of an audit: rows");
	ReadStores(state, &reader);
	if (reader.failed || BytesLeft(&reader) != 0)
		elog(ERROR, "malformed state of an audit");
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(audit_final);
Datum
audit_final(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("there are no rows to audit"),
				 errhint("The table is empty, or the FILTER or WHERE clause leaves nothing.")));
	CheckFloatEnvironment();
	return AuditResult((AuditState *) PG_GETARG_POINTER(0));
}
