/*
 * audit.c
 *		The aggregate audit(raw, observed, scaler): counts over all rows, and a sample of the rows.
 *
 * The final function searches the sample for what happened; that search is in the other files of
 * this folder.
 *
 * The state is of type internal, because the final function reads the registry.  Every part of
 * the state depends on the multiset of rows alone, not on their order or on how they are split
 * among workers: exact counts, exact sums, and a sample that is chosen by hashes of the rows'
 * bits.  The result is therefore the same for every plan.
 */
#include "pg/base/compat.h"

#include "core/values/profile_format.h"
#include "pg/audit/audit_state.h"
#include "pg/base/aggregate_state.h"
#include "pg/base/call.h"
#include "pg/base/settings.h"

#define SAMPLE_ROWS			1000
#define SAMPLE_ROWS_LEAST	128
#define SAMPLE_VALUES		(1 << 18)	/* scalers with many features keep fewer rows */
#define FEATURE_ROWS		32	/* in each sample of one feature */

/* ---- the state ---- */

/* Return a state without rows, allocated in "context". */
static AuditState *
MakeAuditState(MemoryContext context, AuditScaler *scaler, bool single)
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
	if (scaler->n <= AUDIT_MOST_BY_FEATURE)
	{
		state->by_feature = palloc(sizeof(RowSample) * scaler->n);
		for (int i = 0; i < scaler->n; i++)
			RowSampleInit(&state->by_feature[i], AuditRowWords(scaler->n), FEATURE_ROWS);
	}
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * Drop the stored values of all features once they take more than normfreeze.fit_memory.
 *
 * Whether they are dropped depends on the number of values alone, not on when that is noticed, so that plans
 * with and without workers agree.
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

/* Store the finite raw values of a row, for the features whose refit needs all values. */
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

/* Return the bits of a value for a sampled row.  All NaNs get the same bits; flags tell which of them are NULLs. */
static uint64
WordOfValue(double value)
{
	return isnan(value) ? INFINITY_BITS + 1 : DoubleBits(value);
}

/*
 * Set scaler->words to a row as samples keep it; AuditRowWords() has the layout.
 *
 * The arrays of NULL flags may be NULL, which means that no value is NULL.
 */
static void
FillWords(AuditScaler *scaler, const double *raw, const bool *raw_nulls, const double *observed,
		  const bool *observed_nulls)
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

/*
 * Add the row in scaler->words to the samples.
 *
 * A row in which some value is wholly different gets a lesser hash than one in which values are a few units in
 * the last place apart, so a full sample keeps the former.
 */
static void
SampleRow(AuditState *state, AgreementGrade worst)
{
	AuditScaler *scaler = state->scaler;
	uint64		hash = RowSampleHash(scaler->words, AuditRowWords(scaler->n)) >> 1;

	if (worst == GRADE_WITHIN)
		hash |= UINT64CONST(1) << 63;
	RowSampleAdd(worst == GRADE_EQUAL ? &state->agreeing : &state->differing, hash, scaler->words);
	if (worst == GRADE_EQUAL || state->by_feature == NULL)
		return;
	/* a row counts for a feature only if that feature is its worst: rows that are nearly right are seldom rare */
	for (int i = 0; i < scaler->n; i++)
		if (scaler->grades[i] == worst)
			RowSampleAdd(&state->by_feature[i], hash, scaler->words);
}

static void
AddAuditRow(AuditState *state, const double *raw, const bool *raw_nulls, const double *observed,
			const bool *observed_nulls)
{
	AuditScaler *scaler = state->scaler;
	MemoryContext old = MemoryContextSwitchTo(state->context);
	AgreementGrade worst = GRADE_EQUAL;

	AuditExpect(scaler, state->single, raw, raw_nulls, scaler->y, scaler->kinds);
	for (int i = 0; i < scaler->n; i++)
	{
		scaler->grades[i] = AgreementAdd(&state->agreements[i], scaler->y[i], scaler->kinds[i],
										 observed[i], observed_nulls && observed_nulls[i], state->single);
		worst = Max(worst, scaler->grades[i]);
	}
	state->rows++;
	ProfileAddRow(&state->raw, raw, raw_nulls);
	ProfileAddRow(&state->expected, scaler->y, NULL);
	ProfileAddRow(&state->observed, observed, NULL);
	if (state->stores)
		AddToStores(state, raw);
	FillWords(scaler, raw, raw_nulls, observed, observed_nulls);
	SampleRow(state, worst);
	MemoryContextSwitchTo(old);
}

/* ---- transition ---- */

/*
 * The transition function of all three signatures, once the scaler has been found.
 *
 * Arguments 1 and 2 are the raw and the observed values.  Fails if the scaler is not the one of the rows before.
 */
static Datum
AuditTransition(FunctionCallInfo fcinfo, AuditScaler *scaler)
{
	MemoryContext context = AggregateContext(fcinfo);
	AuditState *state = AggregateStateArgument(fcinfo, 0);
	bool		raw_is_single;
	bool		observed_is_single;
	const double *raw = AuditReadArgument(fcinfo, scaler, 1, &scaler->raw, &raw_is_single);
	const double *observed = AuditReadArgument(fcinfo, scaler, 2, &scaler->observed, &observed_is_single);

	if (state == NULL)
	{
		CheckFloatEnvironment();
		state = MakeAuditState(context, scaler, raw_is_single && observed_is_single);
	}
	else
		CheckSameAuditScaler(state->scaler, scaler);
	AddAuditRow(state, raw, scaler->raw.any_null ? scaler->raw.nulls : NULL,
				observed, scaler->observed.any_null ? scaler->observed.nulls : NULL);
	PG_RETURN_POINTER(state);
}

/* audit(raw, observed, scaler_id) */
PG_FUNCTION_INFO_V1(audit_transition);
Datum
audit_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 2);
	return AuditTransition(fcinfo, AuditScalerById(fcinfo, PG_GETARG_INT64(3)));
}

/* audit(raw, observed, ref) */
PG_FUNCTION_INFO_V1(audit_ref_transition);
Datum
audit_ref_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 2);
	return AuditTransition(fcinfo, AuditScalerByRef(fcinfo, PG_GETARG_TEXT_PP(3)));
}

/* audit(raw, observed, scaler) */
PG_FUNCTION_INFO_V1(audit_value_transition);
Datum
audit_value_transition(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	AuditCheckArguments(fcinfo, 2);
	return AuditTransition(fcinfo, AuditScalerByValue(fcinfo, PG_GETARG_BYTEA_PP(3)));
}

/* ---- merging and sending ---- */

/*
 * Merge the stored values of another state.  They are dropped if either state has dropped its own, or if both
 * together are too many.
 */
static void
MergeStores(AuditState *state, const AuditState *other)
{
	state->stored_values += other->stored_values;
	if (other->stores_dropped && state->stores)
	{
		/* values are missing there, so there are too many here */
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

static void *
MakeAuditStateLike(MemoryContext context, void *arg)
{
	const AuditState *other = arg;

	return MakeAuditState(context, other->scaler, other->single);
}

static void
MergeAuditState(void *state_arg, void *other_arg)
{
	AuditState *state = state_arg;
	const AuditState *other = other_arg;

	CheckSameAuditScaler(state->scaler, other->scaler);
	state->rows += other->rows;
	for (int i = 0; i < state->scaler->n; i++)
		AgreementMerge(&state->agreements[i], &other->agreements[i]);
	ProfileMerge(&state->raw, &other->raw);
	ProfileMerge(&state->expected, &other->expected);
	ProfileMerge(&state->observed, &other->observed);
	RowSampleMerge(&state->agreeing, &other->agreeing);
	RowSampleMerge(&state->differing, &other->differing);
	for (int i = 0; state->by_feature && i < state->scaler->n; i++)
		RowSampleMerge(&state->by_feature[i], &other->by_feature[i]);
	MergeStores(state, other);
}

void
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

static void
PutAuditState(ByteWriter *writer, void *arg)
{
	const AuditState *state = arg;
	const AuditScaler *scaler = state->scaler;

	PutAuditScaler(writer, scaler);
	PutByte(writer, state->single);
	PutVarint(writer, (uint64) state->rows);
	for (int i = 0; i < scaler->n; i++)
		EncodeAgreement(writer, &state->agreements[i]);
	PutSettledProfile(writer, &state->raw);
	PutSettledProfile(writer, &state->expected);
	PutSettledProfile(writer, &state->observed);
	PutSettledSample(writer, &state->agreeing);
	PutSettledSample(writer, &state->differing);
	for (int i = 0; state->by_feature && i < scaler->n; i++)
		PutSettledSample(writer, &state->by_feature[i]);
	PutVarint(writer, state->stored_values);
	PutByte(writer, state->stores_dropped);
	for (int i = 0; state->stores && i < scaler->n; i++)
	{
		PutVarint(writer, state->stores[i].count);
		PutBytes(writer, state->stores[i].keys, sizeof(uint64) * state->stores[i].count);
	}
}

/* Read what PutSettledProfile() has written.  Fails if the bytes are malformed or are not of n features. */
void
GetSettledProfile(Profile *profile, ByteReader *reader, int n)
{
	const char *problem = DecodeProfile(profile, reader);

	if (problem || profile->nfeatures != n)
		elog(ERROR, "malformed state of an audit: %s", problem ? problem : "another number of features");
}

static void
GetSettledSample(RowSample *sample, ByteReader *reader, const AuditScaler *scaler)
{
	if (!DecodeRowSample(sample, reader) || sample->width != AuditRowWords(scaler->n))
		elog(ERROR, "malformed state of an audit: rows");
}

/* Read the stored values of a serialized state. */
static void
ReadAuditStores(AuditState *state, ByteReader *reader)
{
	state->stored_values = GetVarint(reader);
	state->stores_dropped = GetByte(reader) != 0;
	if (state->stores_dropped)
		state->stores = NULL;
	for (int i = 0; state->stores && i < state->scaler->n; i++)
	{
		uint64		count = GetVarint(reader);
		const uint8 *bytes =
			count <= BytesLeft(reader) / sizeof(uint64) ? GetBytes(reader, sizeof(uint64) * count) : NULL;

		if (bytes == NULL && count > 0)
			elog(ERROR, "malformed state of an audit: values");
		ValueStoreReserve(&state->stores[i], count);
		if (count > 0)
			memcpy(state->stores[i].keys, bytes, sizeof(uint64) * count);
		state->stores[i].count = count;
	}
}

static void *
GetAuditState(FunctionCallInfo fcinfo, ByteReader *reader)
{
	AuditScaler *scaler = GetAuditScaler(fcinfo, reader);
	bool		single = GetByte(reader) != 0;
	AuditState *state = MakeAuditState(CurrentMemoryContext, scaler, single);

	state->rows = (int64) GetVarint(reader);
	for (int i = 0; i < scaler->n; i++)
		DecodeAgreement(&state->agreements[i], reader);
	GetSettledProfile(&state->raw, reader, scaler->n);
	GetSettledProfile(&state->expected, reader, scaler->n);
	GetSettledProfile(&state->observed, reader, scaler->n);
	GetSettledSample(&state->agreeing, reader, scaler);
	GetSettledSample(&state->differing, reader, scaler);
	for (int i = 0; state->by_feature && i < scaler->n; i++)
		GetSettledSample(&state->by_feature[i], reader, scaler);
	ReadAuditStores(state, reader);
	return state;
}

static const AggregateStateKind audit_state = {
	.make_like = MakeAuditStateLike,
	.merge = MergeAuditState,
	.put = PutAuditState,
	.get = GetAuditState,
	.content = AUDIT_STATE_CONTENT,
	.too_long_hint = AUDIT_STATE_TOO_LONG_HINT,
};

PG_FUNCTION_INFO_V1(audit_combine);
Datum
audit_combine(PG_FUNCTION_ARGS)
{
	return CombineAggregateStates(fcinfo, &audit_state);
}

PG_FUNCTION_INFO_V1(audit_serialize);
Datum
audit_serialize(PG_FUNCTION_ARGS)
{
	return SerializeAggregateState(fcinfo, &audit_state);
}

PG_FUNCTION_INFO_V1(audit_deserialize);
Datum
audit_deserialize(PG_FUNCTION_ARGS)
{
	return DeserializeAggregateState(fcinfo, &audit_state);
}

/* ---- the result ---- */

void
NoRowsToAudit(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("there are no rows to audit"),
			 errhint("The table is empty, or the FILTER or WHERE clause leaves nothing.")));
}

PG_FUNCTION_INFO_V1(audit_final);
Datum
audit_final(PG_FUNCTION_ARGS)
{
	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		NoRowsToAudit();
	CheckFloatEnvironment();
	return AuditResult((AuditState *) PG_GETARG_POINTER(0));
}
