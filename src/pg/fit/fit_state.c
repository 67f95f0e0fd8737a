/*
 * fit_state.c
 *		The state of an aggregate, its first rows and then their sums: adding rows, and merging the states
 *		of parallel workers.
 */
#include "pg/fit/fit_state.h"

#include "pg/base/names.h"
#include "pg/base/settings.h"
#include "pg/fit/fit_weights.h"
#include "pg/scaler/profile_type.h"

/* Set the features of an aggregate, from its first row or from a state that is merged. */
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
	if (shared->method && shared->weighted)
		CheckAllTakeWeights(shared->spec, nfeatures, names);
	shared->nfeatures = nfeatures;
	if (shared->spec == NULL || shared->kind == STATE_SCAN_ROW)
		return;
	shared->known = FindKnownFeatures(shared->spec, nfeatures, names);
	stored = palloc0(sizeof(bool) * nfeatures);
	for (int i = 0; i < nfeatures; i++)
	{
		const FeatureSpec *spec = SpecOfFeature(shared->spec, names ? names[i] : NULL);

		stored[i] = SpecNeedsEveryValue(spec) || (SpecFollowsFromResults(spec) && shared->known == NULL);
		any = any || stored[i];
	}
	if (any)
		shared->stored = stored;
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
	/* groups of arrays may differ in length; then this one has features of its own */
	if (!FeaturesAreShared(shared, nfeatures, names, distribution))
	{
		FitShared  *own = palloc0(sizeof(FitShared));

		*own = *shared;
		own->next = NULL;
		own->names = NULL;
		own->stored = NULL;
		own->known = NULL;
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

/* Return the size of the memory for profiles. */
static size_t
SumsSize(const FitShared *shared)
{
	return MAXALIGN(ProfileSize(shared->nfeatures, shared->distribution)) +
		(shared->known ? ResultsSize(shared->known) : 0);
}

/* Start sums of no rows, with the profiles in this memory. */
static void
StartSums(FitSums *sums, const FitShared *shared, char *memory)
{
	memset(sums, 0, sizeof(*sums));
	ProfileInitAt(&sums->profile, shared->nfeatures, shared->names, shared->distribution, memory);
	if (shared->known)
		sums->results = StartResults(shared->known, shared->weighted,
									 memory + MAXALIGN(ProfileSize(shared->nfeatures, shared->distribution)));
	if (shared->weighted)
		ProfileUseWeights(&sums->profile);
	if (shared->stored)
		sums->stores = palloc0(sizeof(ValueStore) * shared->nfeatures);
	for (int i = 0; sums->stores && i < shared->nfeatures; i++)
		sums->stores[i].weighted = shared->weighted;
}

/* Return whether a feature holds its values for its most frequent one, which no distribution tells. */
static bool
HoldsForMostFrequent(const FitShared *shared)
{
	for (int i = 0; shared->spec && i < shared->nfeatures; i++)
		if (SpecOfFeature(shared->spec, shared->names ? shared->names[i] : NULL)->missing == MISSING_MOST_FREQUENT)
			return true;
	return false;
}

static void
CheckStoresSize(const FitSums *sums, const FitShared *shared)
{
	if (sums->stores_size > (size_t) fit_memory_kb * 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s need more memory than normfreeze.fit_memory allows",
						shared->weighted ? "values with their weights" : "exact quantiles"),
				 errdetail("The values of " INT64_FORMAT " rows take %zu kB, the limit is %d kB.",
						   sums->profile.rows, sums->stores_size / 1024, fit_memory_kb),
				 shared->weighted ? errhint("Raise normfreeze.fit_memory, or use normfreeze.fit_table(), which takes a column of weights.") :
				 HoldsForMostFrequent(shared) ? errhint("Raise normfreeze.fit_memory, or use normfreeze.fit_table().") :
				 errhint("Raise normfreeze.fit_memory, use normfreeze.fit_table(), or accept quantiles interpolated from the distribution: {\"quantiles\": \"histogram\"}.")));
}

static void
StoreRow(FitSums *sums, const FitShared *shared, const double *values, double weight)
{
	size_t		grown = 0;

	for (int i = 0; i < sums->profile.nfeatures; i++)
		if (shared->stored[i])
			grown += shared->weighted ? ValueStoreAddWeighted(&sums->stores[i], values[i], weight) :
				ValueStoreAdd(&sums->stores[i], values[i]);
	if (grown > 0)
	{
		sums->stores_size += grown;
		CheckStoresSize(sums, shared);
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
		StoreRow(sums, shared, values, weight);
	if (sums->results)
		AddResults(sums->results, shared->known, values, weight);
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

		StartSums(sums, shared, KeepInArena(shared->arena, SumsSize(shared)));
		AddFirstRows(sums, state);
		state->sums = sums;
		GiveUpFirstRows(state);
		MemoryContextSwitchTo(old);
	}
	return &state->sums->profile;
}

/* Settle sums, which changes how they are stored, not what they are. */
static void
ViewSums(FitSums *sums, const FitShared *shared, Profile *settled, HeldValues *held)
{
	ProfileSettle(&sums->profile);
	*settled = sums->profile;
	held->stores = sums->stores;
	if (sums->results)
	{
		ProfileSettle(sums->results);
		held->known = shared->known;
		held->results = sums->results;
	}
}

void
FitStateView(FitState *state, Profile *settled, HeldValues *held)
{
	const FitShared *shared = state->shared;

	memset(held, 0, sizeof(*held));
	if (state->sums)
	{
		MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);

		ViewSums(state->sums, shared, settled, held);
		MemoryContextSwitchTo(old);
	}
	else if (!shared->weighted && shared->stored == NULL && shared->known == NULL)
		FirstRowsProfile(&state->first, shared->nfeatures, shared->names, shared->distribution, settled);
	else
	{
		FitSums    *sums = palloc(sizeof(FitSums));

		StartSums(sums, shared, palloc(SumsSize(shared)));
		AddFirstRows(sums, state);
		ViewSums(sums, shared, settled, held);
	}
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
		/* in memory that is not rounded up, since levels are needed at once */
		void	   *memory = KeepInArena(shared->arena, ProfileLevelsSize(shared->nfeatures));

		ProfileKeepLevelsAt(FitStateProfile(state), memory);
		if (shared->known)
			ProfileKeepLevelsAt(state->sums->results,
								KeepInArena(shared->arena, ProfileLevelsSize(shared->known->nresults)));
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
	HeldValues	held = {0};
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
		held.stores = other->sums->stores;
		held.results = other->sums->results;
	}
	else
		FitStateView(other, &settled, &held);
	if (!state->started)
		FitStateStartAs(state, theirs);
	CheckMayMerge(FitStateProfile(state), theirs);

	sums = state->sums;
	old = MemoryContextSwitchTo(state->header.eoh_context);
	ProfileMerge(&sums->profile, theirs);
	if (sums->results)
		ProfileMerge(sums->results, held.results);
	for (int i = 0; sums->stores && i < sums->profile.nfeatures; i++)
	{
		ValueStore *target = &sums->stores[i];
		const ValueStore *source = &held.stores[i];

		if (!state->shared->stored[i] || source->count == 0)
			continue;
		sums->stores_size += ValueStoreMerge(target, source);
		CheckStoresSize(sums, state->shared);
	}
	MemoryContextSwitchTo(old);
}
