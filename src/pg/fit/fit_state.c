/*
 * fit_state.c
 *		The transition state of fit(), profile() and merge().
 */
#include "pg/fit/fit_state.h"

#include "mb/pg_wchar.h"
#include "pg/base/digest.h"
#include "pg/base/names.h"
#include "pg/base/settings.h"
#include "pg/base/varlena_type.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#define MOST_BLOCK			(64 * 1024) /* that the context of many groups takes at once */

#if defined(WORDS_BIGENDIAN)
#error "the flat form of fit_state copies little-endian words"
#endif

/* ---- arenas ---- */

/*
 * All states of one aggregate context live in one child of it.  An expanded
 * object usually has a context of its own, but hash aggregation walks all
 * contexts below its own whenever it meets a new group: with one a group
 * that would be quadratic.  States go when the aggregate context goes.
 */
typedef struct FitArena
{
	struct FitArena *next;
	MemoryContext parent;
	MemoryContext context;
	char	   *room;			/* for what lives as long as the arena */
	size_t		room_size;
	size_t		room_left;
	FitShared  *shared;			/* one for each combination of constant arguments */
} FitArena;

static FitArena *arenas;

static void
ForgetArena(void *arg)
{
	for (FitArena **link = &arenas; *link; link = &(*link)->next)
		if (*link == arg)
		{
			*link = (*link)->next;
			return;
		}
}

static FitArena *
FindArena(MemoryContext parent)
{
	MemoryContext context;
	MemoryContextCallback *callback;
	FitArena   *arena;

	for (arena = arenas; arena; arena = arena->next)
		if (arena->parent == parent)
			return arena;
	context = AllocSetContextCreate(parent, "normfreeze fit states",
									ALLOCSET_SMALL_MINSIZE, ALLOCSET_SMALL_INITSIZE, MOST_BLOCK);
	arena = MemoryContextAllocZero(context, sizeof(FitArena));
	arena->parent = parent;
	arena->context = context;
	callback = MemoryContextAllocZero(context, sizeof(MemoryContextCallback));
	callback->func = ForgetArena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(context, callback);
	arena->next = arenas;
	arenas = arena;
	return arena;
}

#define MOST_ROOM	4096		/* bytes taken at once */

/*
 * Memory that is never freed by itself, without the header of a chunk and
 * its rounding up to a power of two, which of small groups is a third.
 */
static void *
KeepInArena(FitArena *arena, size_t size)
{
	void	   *memory;

	size = MAXALIGN(size);
	if (size > arena->room_left)
	{
		/* few groups take little, and long rows are not to waste what is left */
		if (size > MOST_ROOM / 2)
			return MemoryContextAllocHuge(arena->context, size);
		arena->room_size = Min(Max(2 * arena->room_size, size), MOST_ROOM);
		arena->room = MemoryContextAlloc(arena->context, arena->room_size);
		arena->room_left = arena->room_size;
	}
	memory = arena->room;
	arena->room += size;
	arena->room_left -= size;
	return memory;
}

static bool
SameBytes(const bytea *seen, const void *bytes, size_t length)
{
	return VARSIZE_ANY_EXHDR(seen) == length && memcmp(VARDATA_ANY(seen), bytes, length) == 0;
}

bool
FitSharedMatches(const FitShared *shared, const FitArguments *arguments)
{
	const bytea *options = arguments->options;

	if (shared->method_oid != arguments->method || shared->weighted != arguments->weighted ||
		(shared->options_seen == NULL) != (options == NULL) ||
		(shared->selection == NULL) != (arguments->selection == NULL))
		return false;
	if (options && !SameBytes(shared->options_seen, VARDATA_ANY(options), VARSIZE_ANY_EXHDR(options)))
		return false;
	return arguments->selection == NULL ||
		SameBytes(shared->selection, arguments->selection, arguments->selection_length);
}

static FitShared *
NewShared(FitArena *arena, FitStateKind kind, bool weighted)
{
	FitShared  *shared = MemoryContextAllocZero(arena->context, sizeof(FitShared));

	shared->context = arena->context;
	shared->arena = arena;
	shared->kind = kind;
	shared->weighted = weighted;
	FeatureBufferInit(&shared->buffer, arena->context);
	shared->next = arena->shared;
	arena->shared = shared;
	return shared;
}

static void
SetSpec(FitShared *shared, const char *method, const char *options)
{
	MemoryContext old = MemoryContextSwitchTo(shared->context);
	JsonNode   *tree;

	shared->method = pstrdup(method);
	shared->options = pstrdup(options);
	tree = shared->options[0] ? JsonParse(shared->options, strlen(shared->options), "options") : NULL;
	shared->spec = ParseFitOptions(shared->method, tree, StateIsOfRows(shared->kind) ? FIT_ROW : FIT_ARRAY);
	MemoryContextSwitchTo(old);
}

char *
FitMethodLabel(Oid method)
{
	return DatumGetCString(DirectFunctionCall1(enum_out, ObjectIdGetDatum(method)));
}

char *
FitOptionsText(const bytea *options)
{
	Jsonb	   *jsonb;

	if (options == NULL)
		return "";
	jsonb = DatumGetJsonbP(PointerGetDatum(options));
	/* text of a bounded length, or an error */
	JsonParseJsonb(jsonb, "options");
	return JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
}

FitShared *
FindFitShared(MemoryContext aggregate, FitStateKind kind, const FitArguments *arguments, uint64 row_type)
{
	FitArena   *arena = FindArena(aggregate);
	const bytea *options = arguments->options;
	FitShared  *shared;
	MemoryContext old;

	for (shared = arena->shared; shared; shared = shared->next)
		if (shared->kind == kind && shared->row_type == row_type && FitSharedMatches(shared, arguments))
			return shared;

	shared = NewShared(arena, kind, arguments->weighted);
	if (OidIsValid(arguments->method))
		SetSpec(shared, FitMethodLabel(arguments->method), FitOptionsText(options));
	old = MemoryContextSwitchTo(shared->context);
	shared->method_oid = arguments->method;
	shared->row_type = row_type;
	if (options)
		shared->options_seen = BytesToVarlena(VARDATA_ANY(options), VARSIZE_ANY_EXHDR(options));
	if (arguments->selection)
		shared->selection = BytesToVarlena(arguments->selection, arguments->selection_length);
	MemoryContextSwitchTo(old);
	return shared;
}

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

/* Fix the features of the aggregate, by its first row or by a state to merge. */
static void
NameFeatures(FitShared *shared, int nfeatures, char *const *names, uint32 distribution)
{
	bool	   *stored;
	bool		any = false;

	if (nfeatures > PROFILE_MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d features are more than a scaler may have", nfeatures),
				 errdetail("The limit is %d.", PROFILE_MAX_FEATURES)));
	if (names)
	{
		CheckFeatureNames(names, nfeatures);
		shared->names = palloc(sizeof(char *) * nfeatures);
		for (int i = 0; i < nfeatures; i++)
			shared->names[i] = pstrdup(names[i]);
	}
	shared->distribution = distribution;
	stored = palloc0(sizeof(bool) * nfeatures);
	for (int i = 0; shared->spec && i < nfeatures; i++)
	{
		const FeatureSpec *spec = SpecOfFeature(shared->spec, names ? names[i] : NULL);

		stored[i] = SpecNeedsValues(spec) && spec->quantiles == QUANTILES_EXACT && shared->kind != STATE_SCAN_ROW;
		any = any || stored[i];
	}
	if (any)
		shared->stored = stored;
	shared->nfeatures = nfeatures;
}

static bool
FeaturesAreShared(const FitShared *shared, int nfeatures, char *const *names, uint32 distribution)
{
	if (shared->nfeatures != nfeatures || shared->distribution != distribution ||
		(shared->names != NULL) != (names != NULL))
		return false;
	for (int i = 0; names && shared->names != names && i < nfeatures; i++)
		if (strcmp(shared->names[i], names[i]) != 0)
			return false;
	return true;
}

void
FitStateStart(FitState *state, int nfeatures, char *const *names, uint32 distribution)
{
	FitShared  *shared = state->shared;
	MemoryContext old = MemoryContextSwitchTo(shared->context);

	if (shared->nfeatures == 0)
		NameFeatures(shared, nfeatures, names, distribution);
	/* groups of arrays may differ in length: then this one has features of its own */
	if (!FeaturesAreShared(shared, nfeatures, names, distribution))
	{
		FitShared  *own = palloc0(sizeof(FitShared));

		*own = *shared;
		own->next = NULL;
		own->names = NULL;
		own->stored = NULL;
		memset(&own->map, 0, sizeof(own->map));
		own->columns = NULL;
		own->constant_call = NULL;
		FeatureBufferInit(&own->buffer, own->context);
		memset(own->spare, 0, sizeof(own->spare));
		NameFeatures(own, nfeatures, names, distribution);
		state->shared = shared = own;
	}
	state->first.width = nfeatures + shared->weighted;
	state->started = true;
	MemoryContextSwitchTo(old);
}

void
FitStateStartAs(FitState *state, const Profile *profile)
{
	MemoryContext old;
	Profile    *own;

	FitStateStart(state, profile->nfeatures, profile->names, profile->distribution);
	own = FitStateProfile(state);
	old = MemoryContextSwitchTo(state->shared->context);
	if (profile->weighted && own->weighted == NULL)
		ProfileUseWeights(own);
	MemoryContextSwitchTo(old);
}

/* ---- first rows ---- */

/* Make room for another row. */
static void
ReserveFirstRow(FitState *state)
{
	FirstRows  *first = &state->first;
	FitShared  *shared = state->shared;
	int			block = FirstRowsBlock(first->nrows);

	if (first->nrows != FirstRowsBefore(block))
		return;
	first->block[block] = shared->spare[block];
	if (first->block[block])
		shared->spare[block] = *(void **) first->block[block];
	else
		first->block[block] = KeepInArena(shared->arena, sizeof(uint64) * first->width * FirstRowsInBlock(block));
}

static void
GiveUpFirstRows(FitState *state)
{
	FirstRows  *first = &state->first;

	for (int block = 0; block < FIRST_ROWS_BLOCKS && first->nrows > FirstRowsBefore(block); block++)
	{
		*(void **) first->block[block] = state->shared->spare[block];
		state->shared->spare[block] = first->block[block];
	}
	first->nrows = 0;
}

/* ---- sums ---- */

/* Sums of no rows, whose profile is in this memory. */
static void
StartSums(FitSums *sums, const FitShared *shared, void *memory)
{
	memset(sums, 0, sizeof(*sums));
	ProfileInitAt(&sums->profile, shared->nfeatures, shared->names, shared->distribution, memory);
	if (shared->weighted)
		ProfileUseWeights(&sums->profile);
	if (shared->stored)
		sums->stores = palloc0(sizeof(ValueStore) * shared->nfeatures);
}

static void
CheckStoresSize(const FitSums *sums)
{
	if (sums->stores_size > (size_t) fit_memory_kb * 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("exact quantiles need more memory than normfreeze.fit_memory allows"),
				 errdetail("The values of " INT64_FORMAT " rows take %zu kB, the limit is %d kB.",
						   sums->profile.rows, sums->stores_size / 1024, fit_memory_kb),
				 errhint("Raise normfreeze.fit_memory, use normfreeze.fit_table(), or accept quantiles interpolated from the distribution: {\"quantiles\": \"histogram\"}.")));
}

static void
StoreRow(FitSums *sums, const FitShared *shared, const double *values)
{
	size_t		grown = 0;

	for (int i = 0; i < sums->profile.nfeatures; i++)
		if (shared->stored[i])
			grown += ValueStoreAdd(&sums->stores[i], values[i]);
	if (grown > 0)
	{
		sums->stores_size += grown;
		CheckStoresSize(sums);
	}
}

static void
AddToSums(FitSums *sums, const FitShared *shared, const double *values, const bool *nulls, double weight)
{
	CheckHasRoom(&sums->profile, 1);
	if (shared->weighted)
		ProfileAddWeightedRow(&sums->profile, values, nulls, weight);
	else
		ProfileAddRow(&sums->profile, values, nulls);
	if (sums->stores)
		StoreRow(sums, shared, values);
}

static void
AddFirstRows(FitSums *sums, const FitState *state)
{
	int			nfeatures = state->shared->nfeatures;
	double	   *values = palloc(sizeof(double) * nfeatures);
	bool	   *nulls = palloc(sizeof(bool) * nfeatures);

	for (int i = 0; i < state->first.nrows; i++)
	{
		double		weight;
		bool		any_null = FirstRowsGet(&state->first, i, values, nulls, nfeatures, &weight);

		AddToSums(sums, state->shared, values, any_null ? nulls : NULL, weight);
	}
	pfree(values);
	pfree(nulls);
}

Profile *
FitStateProfile(FitState *state)
{
	if (state->sums == NULL)
	{
		const FitShared *shared = state->shared;
		MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);
		FitSums    *sums = KeepInArena(shared->arena, sizeof(FitSums));

		StartSums(sums, shared, KeepInArena(shared->arena, ProfileSize(shared->nfeatures, shared->distribution)));
		AddFirstRows(sums, state);
		state->sums = sums;
		GiveUpFirstRows(state);
		MemoryContextSwitchTo(old);
	}
	return &state->sums->profile;
}

void
FitStateView(FitState *state, Profile *settled, ValueStore **stores)
{
	const FitShared *shared = state->shared;
	FitSums		sums;

	*stores = NULL;
	if (state->sums)
	{
		/* settling changes how sums are kept, not what they are: no copy is needed */
		MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);

		ProfileSettle(&state->sums->profile);
		MemoryContextSwitchTo(old);
		*settled = state->sums->profile;
		*stores = state->sums->stores;
		return;
	}
	if (!shared->weighted && shared->stored == NULL)
	{
		FirstRowsProfile(&state->first, shared->nfeatures, shared->names, shared->distribution, settled);
		return;
	}
	StartSums(&sums, shared, palloc(ProfileSize(shared->nfeatures, shared->distribution)));
	AddFirstRows(&sums, state);
	ProfileSettle(&sums.profile);
	*settled = sums.profile;
	*stores = sums.stores;
}

void
FitStateAddRow(FitState *state, const double *values, const bool *nulls, double weight)
{
	FitShared  *shared = state->shared;
	MemoryContext old;

	if (state->sums == NULL && state->first.nrows < FIRST_ROWS)
	{
		ReserveFirstRow(state);
		FirstRowsAdd(&state->first, values, nulls, shared->nfeatures, weight);
		return;
	}
	if (state->sums == NULL)
	{
		/* without the rounding up of a chunk; the levels are needed at once */
		void	   *memory = KeepInArena(shared->arena, ProfileLevelsSize(shared->nfeatures));

		ProfileKeepLevelsAt(FitStateProfile(state), memory);
	}
	if ((state->sums->profile.weighted != NULL) != shared->weighted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this fit_state belongs to another kind of aggregate")));
	old = MemoryContextSwitchTo(state->header.eoh_context);
	AddToSums(state->sums, shared, values, nulls, weight);
	MemoryContextSwitchTo(old);
}

void
FitStateMerge(FitState *state, FitState *other)
{
	const FitShared *a = state->shared;
	const FitShared *b = other->shared;
	Profile		settled;
	const Profile *theirs = &settled;
	ValueStore *their_stores;
	FitSums    *sums;
	MemoryContext old;

	if (a->kind != b->kind || a->weighted != b->weighted ||
		(a->method && (strcmp(a->method, b->method) != 0 || strcmp(a->options, b->options) != 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method or options differ between rows of one fit"),
				 errhint("Pass the same constants for every row.")));
	if (!other->started)
		return;
	if (other->sums)
	{
		theirs = &other->sums->profile;
		their_stores = other->sums->stores;
	}
	else
		FitStateView(other, &settled, &their_stores);
	if (!state->started)
		FitStateStartAs(state, theirs);
	CheckMayMerge(FitStateProfile(state), theirs);

	sums = state->sums;
	old = MemoryContextSwitchTo(state->header.eoh_context);
	ProfileMerge(&sums->profile, theirs);
	for (int i = 0; sums->stores && i < sums->profile.nfeatures; i++)
	{
		ValueStore *target = &sums->stores[i];
		const ValueStore *source = &their_stores[i];

		if (!state->shared->stored[i] || source->count == 0)
			continue;
		sums->stores_size += ValueStoreReserve(target, source->count);
		CheckStoresSize(sums);
		memcpy(target->keys + target->count, source->keys, sizeof(uint64) * source->count);
		target->count += source->count;
	}
	MemoryContextSwitchTo(old);
}

/* A state of the aggregate's own, with what another one has seen. */
FitState *
FitStateCopy(FitState *state, MemoryContext aggregate)
{
	const FitShared *from = state->shared;
	FitArena   *arena = FindArena(aggregate);
	FitShared  *shared;
	FitState   *copy;

	for (shared = arena->shared; shared; shared = shared->next)
		if (shared->kind == from->kind && shared->weighted == from->weighted && (shared->method != NULL) == (from->method != NULL) &&
			(from->method == NULL ||
			 (strcmp(shared->method, from->method) == 0 && strcmp(shared->options, from->options) == 0)))
			break;
	if (shared == NULL)
	{
		shared = NewShared(arena, from->kind, from->weighted);
		if (from->method)
			SetSpec(shared, from->method, from->options);
	}
	copy = FitStateCreate(shared);
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

	for (int i = 0; stores && i < shared->nfeatures; i++)
		if (shared->stored[i])
			length += VarintLength(stores[i].count) + sizeof(uint64) * stores[i].count;
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
	}
	return out;
}

static int64
RowsOfState(const FitState *state)
{
	return state->sums ? state->sums->profile.rows : state->first.nrows;
}

/* Write to state->flat; all but the stores, if the state has sums, for they may be large. */
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
		ValueStore *stores;
		ByteWriter	bytes;

		MemoryContextSwitchTo(scratch);
		FitStateView(state, &settled, &stores);
		WriterInit(&bytes, 1024);
		EncodeProfile(&bytes, &settled);
		MemoryContextSwitchTo(context);
		PutVarint(writer, bytes.length);
		PutBytes(writer, bytes.data, bytes.length);
		PutByte(writer, stores != NULL);
		if (state->sums == NULL)
		{
			size_t		length = StoresLength(shared, stores);

			(void) PutStores(WriterRoom(writer, length), shared, stores);
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

	/* we are asked for the size more than once before we are asked to write */
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
ReadStores(FitState *state, ByteReader *reader)
{
	FitSums    *sums = state->sums;

	if (sums->stores == NULL)
		InvalidState("it holds values that its options do not ask for");
	for (int i = 0; i < sums->profile.nfeatures; i++)
	{
		ValueStore *store = &sums->stores[i];
		uint64		count;
		const uint8 *keys;

		if (!state->shared->stored[i])
			continue;
		count = GetVarint(reader);
		if (count != (uint64) sums->profile.moments[i].count || count > BytesLeft(reader) / sizeof(uint64))
			InvalidState("the number of values held is wrong");
		keys = GetBytes(reader, sizeof(uint64) * count);
		sums->stores_size += ValueStoreReserve(store, count);
		if (count > 0)
			memcpy(store->keys, keys, sizeof(uint64) * count);
		store->count = count;
		for (uint64 k = 0; k < count; k++)
		{
			double		value = OrderKeyValue(store->keys[k]);

			if (!(value >= sums->profile.moments[i].min && value <= sums->profile.moments[i].max))
				InvalidState("a value held is out of range");
		}
	}
}

/* Decode flat bytes; everything is checked if they are untrusted. */
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

	ReaderInit(&reader, data, length);
	if (GetByte(&reader) != FIT_STATE_FORMAT)
		InvalidState("unknown format");
	kind = GetByte(&reader);
	weighted = (kind & FIT_STATE_WEIGHTED) != 0;
	kind &= ~FIT_STATE_WEIGHTED;
	if (kind > STATE_SCAN_ROW || (kind == STATE_PROFILE && weighted))
		InvalidState("unknown kind");
	shared = NewShared(FindArena(parent), kind, weighted);
	old = MemoryContextSwitchTo(shared->context);
	if (kind != STATE_PROFILE)
	{
		char	   *method = GetString(&reader, NAMEDATALEN);
		char	   *options = GetString(&reader, MaxAllocSize);

		if (reader.failed)
			InvalidState("it ends too early");
		if (untrusted)
		{
			pg_verifymbstr(method, strlen(method), false);
			pg_verifymbstr(options, strlen(options), false);
		}
		SetSpec(shared, method, options);
	}
	state = FitStateCreate(shared);
	started = GetByte(&reader);
	if (started > 1)
		InvalidState("a flag is neither 0 nor 1");
	if (started)
	{
		uint64		profile_length = GetVarint(&reader);
		const uint8 *bytes = GetBytes(&reader, profile_length);
		Profile		profile;
		uint8		has_stores;

		if (bytes == NULL)
			InvalidState("it ends too early");
		if (untrusted)
			ProfileFromUntrustedBytes(&profile, bytes, profile_length, "profile in fit_state");
		else
			ProfileFromBytes(&profile, bytes, profile_length);
		if (StateIsOfRows(kind) && profile.names == NULL)
			InvalidState("the columns of a row have names");
		if (kind != STATE_PROFILE && (profile.weighted != NULL) != weighted)
			InvalidState("its rows have weights, or lack them");
		if (shared->spec && shared->spec->distribution != profile.distribution)
			InvalidState("its distribution is not the one its options ask for");
		FitStateStart(state, profile.nfeatures, profile.names, profile.distribution);
		(void) FitStateProfile(state);
		state->sums->profile = profile;
		has_stores = GetByte(&reader);
		if (has_stores > 1 || (has_stores == 1) != (state->sums->stores != NULL))
			InvalidState("it lacks values that its options ask for, or has too many");
		if (has_stores)
			ReadStores(state, &reader);
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
