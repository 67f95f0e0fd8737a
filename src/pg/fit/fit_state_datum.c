/*
 * fit_state_datum.c
 *		States as values: as expanded objects, as bytes and as text.
 */
#include "pg/fit/fit_state_datum.h"

#include "mb/pg_wchar.h"
#include "pg/base/digest.h"
#include "pg/base/varlena_type.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#if defined(WORDS_BIGENDIAN)
#error "the flat form of fit_state copies little-endian words"
#endif

/* ---- the expanded object ---- */

static Size FlatSize(ExpandedObjectHeader *header);
static void FlattenInto(ExpandedObjectHeader *header, void *result, Size allocated_size);

static const ExpandedObjectMethods fit_state_methods = {FlatSize, FlattenInto};

FitState *
FitStateCreate(FitShared *shared)
{
	FitState   *state = KeepInArena(shared->arena, sizeof(FitState));

	memset(state, 0, sizeof(FitState));
	EOH_init_header(&state->header, &fit_state_methods, shared->context);
	state->magic = FIT_STATE_MAGIC;
	state->shared = shared;
	return state;
}

Datum
FitStateDatum(FitState *state)
{
	return EOHPGetRWDatum(&state->header);
}

bool
FitStateIsWritable(Datum datum)
{
	return DatumIsReadWriteExpandedObject(datum, false, -1);
}

FitState *
FitStateCopy(FitState *state, MemoryContext aggregate)
{
	FitState   *copy = FitStateCreate(FindFitSharedAs(aggregate, state->shared));

	FitStateMerge(copy, state);
	return copy;
}

/* ---- flat form ---- */

static void
FreeFlat(FitState *state)
{
	pfree(state->flat->writer.data);
	pfree(state->flat);
	state->flat = NULL;
}

static size_t
StoresLength(const FitShared *shared, const ValueStore *stores)
{
	size_t		length = 0;
	size_t		of_value = sizeof(uint64) + (shared->weighted ? sizeof(double) : 0);

	for (int i = 0; stores && i < shared->nfeatures; i++)
		if (shared->stored[i])
			length += VarintLength(stores[i].count) + of_value * stores[i].count;
	return length;
}

static uint8 *
PutStores(uint8 *out, const FitShared *shared, const ValueStore *stores)
{
	for (int i = 0; stores && i < shared->nfeatures; i++)
	{
		if (!shared->stored[i])
			continue;
		out += EncodeVarint(out, stores[i].count);
		if (stores[i].count > 0)
			memcpy(out, stores[i].keys, sizeof(uint64) * stores[i].count);
		out += sizeof(uint64) * stores[i].count;
		if (!stores[i].weighted)
			continue;
		if (stores[i].count > 0)
			memcpy(out, stores[i].weights, sizeof(double) * stores[i].count);
		out += sizeof(double) * stores[i].count;
	}
	return out;
}

static int64
RowsOfState(const FitState *state)
{
	return state->sums ? state->sums->profile.rows : state->first.nrows;
}

/* Write the state to state->flat.  If it has sums, their stores are left out, since they may be large. */
static void
WriteFlat(FitState *state)
{
	const FitShared *shared = state->shared;
	MemoryContext context = state->header.eoh_context;
	MemoryContext scratch = AllocSetContextCreate(context, "normfreeze flatten", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	FitFlat    *flat = palloc(sizeof(FitFlat));
	ByteWriter *writer = &flat->writer;

	if (state->flat)
		FreeFlat(state);
	WriterInit(writer, 1024);
	PutByte(writer, FIT_STATE_FORMAT);
	PutByte(writer, shared->kind | (shared->weighted ? FIT_STATE_WEIGHTED : 0));
	if (shared->method)
	{
		PutString(writer, shared->method);
		PutString(writer, shared->options);
	}
	PutByte(writer, state->started);
	if (state->started)
	{
		Profile		settled;
		HeldValues	held;
		ByteWriter	bytes;

		MemoryContextSwitchTo(scratch);
		FitStateView(state, &settled, &held);
		WriterInit(&bytes, 1024);
		EncodeProfile(&bytes, &settled);
		MemoryContextSwitchTo(context);
		PutVarint(writer, bytes.length);
		PutBytes(writer, bytes.data, bytes.length);
		PutByte(writer, (held.stores ? FIT_STATE_STORES : 0) | (held.results ? FIT_STATE_RESULTS : 0));
		if (held.results)
		{
			MemoryContextSwitchTo(scratch);
			bytes.length = 0;
			EncodeProfile(&bytes, held.results);
			MemoryContextSwitchTo(context);
			PutVarint(writer, bytes.length);
			PutBytes(writer, bytes.data, bytes.length);
		}
		if (state->sums == NULL)
		{
			size_t		length = StoresLength(shared, held.stores);

			(void) PutStores(WriterRoom(writer, length), shared, held.stores);
			writer->length += length;
		}
	}
	flat->rows = RowsOfState(state);
	state->flat = flat;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

static Size
FlatSize(ExpandedObjectHeader *header)
{
	FitState   *state = (FitState *) header;
	Size		size;

	/* the size is asked for several times before the state is written */
	if (state->flat == NULL || state->flat->rows != RowsOfState(state))
		WriteFlat(state);
	size = VARHDRSZ + state->flat->writer.length;
	if (state->sums)
		size += StoresLength(state->shared, state->sums->stores);
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the values held for exact quantiles do not fit into one value: %zu bytes", size),
				 errhint("Use fewer features at a time, or {\"quantiles\": \"histogram\"}.")));
	return size;
}

static void
FlattenInto(ExpandedObjectHeader *header, void *result, Size allocated_size)
{
	FitState   *state = (FitState *) header;
	const ByteWriter *writer = &state->flat->writer;
	uint8	   *out = (uint8 *) VARDATA(result);

	SET_VARSIZE(result, allocated_size);
	memcpy(out, writer->data, writer->length);
	out += writer->length;
	if (state->sums)
		out = PutStores(out, state->shared, state->sums->stores);
	Assert(out == (uint8 *) result + allocated_size);
	FreeFlat(state);
}

pg_noreturn static void
InvalidState(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid fit_state: %s", problem)));
}

static void
ReadStoreWeights(ValueStore *store, ByteReader *reader)
{
	const uint8 *weights = GetBytes(reader, sizeof(double) * store->count);

	if (weights == NULL)
		InvalidState("it ends too early");
	if (store->count > 0)
		memcpy(store->weights, weights, sizeof(double) * store->count);
	for (uint64 k = 0; k < store->count; k++)
		if (!(store->weights[k] > 0) || isinf(store->weights[k]))
			InvalidState("a weight held is not positive and finite");
}

/* Read the values held of a feature. */
static void
ReadStore(ValueStore *store, const Moments *moments, size_t *size, ByteReader *reader)
{
	uint64		count = GetVarint(reader);
	const uint8 *keys;

	if (count != (uint64) moments->count || count > BytesLeft(reader) / sizeof(uint64))
		InvalidState("the number of values held is wrong");
	keys = GetBytes(reader, sizeof(uint64) * count);
	*size += ValueStoreReserve(store, count);
	if (count > 0)
		memcpy(store->keys, keys, sizeof(uint64) * count);
	store->count = count;
	for (uint64 k = 0; k < count; k++)
	{
		double		value = OrderKeyValue(store->keys[k]);

		if (!(value >= moments->min && value <= moments->max))
			InvalidState("a value held is out of range");
	}
	if (store->weighted)
		ReadStoreWeights(store, reader);
}

/*
 * Read the values held of all features that need them.
 *
 * Where results were not kept, values were held instead.  Such states were written before results were kept.
 */
static void
ReadFitStores(FitState *state, bool has_results, ByteReader *reader)
{
	const FitShared *shared = state->shared;
	FitSums    *sums = state->sums;

	for (int i = 0; i < sums->profile.nfeatures; i++)
	{
		const KnownFeature *known = has_results ? NULL : KnownFeatureOf(shared->known, i);
		bool		stored = shared->stored && shared->stored[i];
		ValueStore	other = {.weighted = shared->weighted};
		ValueStore *store = stored ? &sums->stores[i] : &other;
		size_t		other_size = 0;

		if (!stored && known == NULL)
			continue;
		ReadStore(store, &sums->profile.moments[i], stored ? &sums->stores_size : &other_size, reader);
		if (known)
			AddResultsOfStore(sums->results, known, store);
		if (other.keys)
			pfree(other.keys);
		if (other.weights)
			pfree(other.weights);
	}
}

/* Read the sums of results. */
static void
ReadResults(FitState *state, ByteReader *reader, bool untrusted)
{
	FitSums    *sums = state->sums;
	uint64		length = GetVarint(reader);
	const uint8 *bytes = GetBytes(reader, length);
	Profile		results;

	if (bytes == NULL)
		InvalidState("it ends too early");
	if (untrusted)
		ProfileFromUntrustedBytes(&results, bytes, length, "results in fit_state");
	else
		ProfileFromBytes(&results, bytes, length);
	if (!ResultsAreConsistent(&results, state->shared->known, &sums->profile))
		InvalidState("its results contradict its values");
	*sums->results = results;
}

/* Read what is held besides the profile: values, results, or both. */
static void
ReadHeld(FitState *state, ByteReader *reader, bool untrusted)
{
	uint8		held = GetByte(reader);
	bool		has_results = (held & FIT_STATE_RESULTS) != 0;
	bool		wants_stores = state->sums->stores != NULL;

	if (has_results && state->sums->results == NULL)
		InvalidState("it has results that its options do not ask for");
	if (!has_results && state->sums->results)
	{
		wants_stores = true;
		state->sums->results->rows = state->sums->profile.rows;
	}
	if ((held & ~FIT_STATE_RESULTS) != (wants_stores ? FIT_STATE_STORES : 0))
		InvalidState("it lacks values that its options ask for, or has too many");
	if (has_results)
		ReadResults(state, reader, untrusted);
	if (wants_stores)
		ReadFitStores(state, has_results, reader);
}

/* Decode flat bytes.  Everything is checked if they are untrusted. */
static FitState *
FitStateFromBytes(const void *data, size_t length, MemoryContext parent, bool untrusted)
{
	ByteReader	reader;
	FitShared  *shared;
	FitState   *state;
	MemoryContext old;
	uint8		kind;
	uint8		started;
	bool		weighted;
	char	   *method = NULL;
	char	   *options = NULL;

	ReaderInit(&reader, data, length);
	if (GetByte(&reader) != FIT_STATE_FORMAT)
		InvalidState("unknown format");
	kind = GetByte(&reader);
	weighted = (kind & FIT_STATE_WEIGHTED) != 0;
	kind &= ~FIT_STATE_WEIGHTED;
	if (kind > STATE_SCAN_ROW)
		InvalidState("unknown kind");
	if (kind != STATE_PROFILE)
	{
		method = GetString(&reader, NAMEDATALEN);
		options = GetString(&reader, MaxAllocSize);

		if (reader.failed)
			InvalidState("it ends too early");
		if (untrusted)
		{
			pg_verifymbstr(method, strlen(method), false);
			pg_verifymbstr(options, strlen(options), false);
		}
	}
	shared = NewFitShared(parent, kind, weighted, method, options);
	old = MemoryContextSwitchTo(shared->context);
	state = FitStateCreate(shared);
	started = GetByte(&reader);
	if (started > 1)
		InvalidState("a flag is neither 0 nor 1");
	if (started)
	{
		uint64		profile_length = GetVarint(&reader);
		const uint8 *bytes = GetBytes(&reader, profile_length);
		Profile		profile;

		if (bytes == NULL)
			InvalidState("it ends too early");
		if (untrusted)
			ProfileFromUntrustedBytes(&profile, bytes, profile_length, "profile in fit_state");
		else
			ProfileFromBytes(&profile, bytes, profile_length);
		if (StateIsOfRows(kind) && profile.names == NULL)
			InvalidState("the columns of a row have names");
		/* profiles of weighted rows are merged in states whose own rows have no weights */
		if (weighted ? profile.weighted == NULL : kind != STATE_PROFILE && profile.weighted)
			InvalidState("its rows have weights, or lack them");
		if (shared->spec && shared->spec->distribution != profile.distribution)
			InvalidState("its distribution is not the one its options ask for");
		FitStateStart(state, profile.nfeatures, profile.names, profile.distribution);
		(void) FitStateProfile(state);
		state->sums->profile = profile;
		ReadHeld(state, &reader, untrusted);
	}
	if (reader.failed || BytesLeft(&reader) > 0)
		InvalidState(reader.failed ? "it ends too early" : "it is followed by extra bytes");
	MemoryContextSwitchTo(old);
	return state;
}

FitState *
FitStateRead(Datum datum, MemoryContext context)
{
	bytea	   *flat;

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum)))
	{
		FitState   *state = (FitState *) DatumGetEOHP(datum);

		if (state->magic != FIT_STATE_MAGIC)
			elog(ERROR, "not an expanded fit_state");
		return state;
	}
	flat = DatumGetByteaPP(datum);
	return FitStateFromBytes(VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat), context, false);
}

/* ---- SQL ---- */

static bytea *
FlatCopy(Datum datum)
{
	return DatumGetByteaPCopy(datum);
}

PG_FUNCTION_INFO_V1(fit_state_in);
Datum
fit_state_in(PG_FUNCTION_ARGS)
{
	size_t		length;
	uint8	   *bytes = ArmorToBytes("fit_state", PG_GETARG_CSTRING(0), &length);

	(void) FitStateFromBytes(bytes, length, CurrentMemoryContext, true);
	PG_RETURN_BYTEA_P(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(fit_state_out);
Datum
fit_state_out(PG_FUNCTION_ARGS)
{
	bytea	   *flat = FlatCopy(PG_GETARG_DATUM(0));

	PG_RETURN_CSTRING(BytesToArmor("fit_state", (uint8 *) VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat)));
}

PG_FUNCTION_INFO_V1(fit_state_recv);
Datum
fit_state_recv(PG_FUNCTION_ARGS)
{
	size_t		length;
	const uint8 *bytes = ReceiveChecked((StringInfo) PG_GETARG_POINTER(0), "fit_state", &length);

	(void) FitStateFromBytes(bytes, length, CurrentMemoryContext, true);
	PG_RETURN_BYTEA_P(BytesToVarlena(bytes, length));
}

PG_FUNCTION_INFO_V1(fit_state_send);
Datum
fit_state_send(PG_FUNCTION_ARGS)
{
	bytea	   *flat = FlatCopy(PG_GETARG_DATUM(0));

	PG_RETURN_BYTEA_P(SendChecked((uint8 *) VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat)));
}
