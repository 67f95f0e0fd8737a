/*
 * profile.c
 *		Adding rows to profiles and merging them.
 *
 * A profile starts small, since a GROUP BY makes one for each group: the fast
 * paths (level accumulators, histogram windows) are set up once the rows pay
 * for them.  When that happens, and where their windows lie, changes nothing
 * in the result.
 */
#include "core/values/profile.h"

#include "core/base/memory.h"

#define LEVELS_FROM_ROWS		32
#define WINDOWS_GROWTH			2
#define CACHE_LINE				64

static void
InitParts(Profile *profile, int nfeatures, char **names, uint32_t distribution, Moments *moments, Histogram *histograms)
{
	memset(profile, 0, sizeof(*profile));
	profile->nfeatures = nfeatures;
	profile->names = names;
	profile->distribution = distribution;
	/* so many values tell the levels that many more will have, if not the ones that all will have */
	profile->window_rows = 2 * (int64_t) distribution;
	profile->moments = moments;
	for (int i = 0; i < nfeatures; i++)
		MomentsInit(&moments[i]);
	profile->histograms = histograms;
	for (int i = 0; histograms && i < nfeatures; i++)
		HistogramInit(&histograms[i], distribution);
}

void
ProfileInit(Profile *profile, int nfeatures, char **names, uint32_t distribution)
{
	InitParts(profile, nfeatures, names, distribution, CoreAlloc(sizeof(Moments) * nfeatures),
			  distribution ? CoreAlloc(sizeof(Histogram) * nfeatures) : NULL);
}

size_t
ProfileSize(int nfeatures, uint32_t distribution)
{
	return (sizeof(Moments) + (distribution ? sizeof(Histogram) : 0)) * nfeatures;
}

void
ProfileInitAt(Profile *profile, int nfeatures, char **names, uint32_t distribution, void *memory)
{
	Moments    *moments = memory;

	InitParts(profile, nfeatures, names, distribution, moments,
			  distribution ? (Histogram *) (moments + nfeatures) : NULL);
}

size_t
ProfileLevelsSize(int nfeatures)
{
	return sizeof(LevelBlock) * LevelBlockCount(nfeatures) + CACHE_LINE;
}

void
ProfileKeepLevelsAt(Profile *profile, void *memory)
{
	profile->levels_chunk = memory;
}

void
ProfileUseWeights(Profile *profile)
{
	profile->weighted = CoreAllocZero(sizeof(WeightedSums) * profile->nfeatures);
}

static void
FlushLevels(Profile *profile)
{
	if (profile->level_rows > 0)
		LevelsFlush(profile->levels, profile->moments, profile->nfeatures, profile->level_rows);
	profile->level_rows = 0;
}

static void
AddRowDirectly(Profile *profile, const double *values, const bool *nulls)
{
	for (int i = 0; i < profile->nfeatures; i++)
	{
		uint64_t	bits = DoubleBits(values[i]);

		if (IsFiniteBits(bits))
			MomentsAddFinite(&profile->moments[i], bits);
		else
			MomentsAddMissingOrInfinite(&profile->moments[i], bits, nulls && nulls[i]);
	}
}

static void
PlaceWindows(Profile *profile)
{
	int64_t		next = INT64_MAX;

	if (profile->rows <= INT64_MAX / WINDOWS_GROWTH)
		next = profile->rows * WINDOWS_GROWTH;
	for (int i = 0; i < profile->nfeatures; i++)
		HistogramPlaceWindow(&profile->histograms[i], profile->rows);
	if (profile->lanes == NULL)
		profile->lanes = CoreAlloc(sizeof(HistogramLanes) * HistogramLanesCount(profile->nfeatures));
	HistogramLanesInit(profile->lanes, profile->histograms, profile->nfeatures);
	if (next - profile->rows > WINDOW_COUNTER_ROWS)
		next = profile->rows + WINDOW_COUNTER_ROWS;
	profile->window_rows = next;
}

void
ProfileAddRow(Profile *profile, const double *values, const bool *nulls)
{
	if (profile->levels == NULL && profile->rows >= LEVELS_FROM_ROWS && LevelsAreSupported())
	{
		/* vectors that straddle cache lines would cost a third more */
		if (profile->levels_chunk == NULL)
			profile->levels_chunk = CoreAlloc(ProfileLevelsSize(profile->nfeatures));
		profile->levels = (LevelBlock *) (((uintptr_t) profile->levels_chunk + CACHE_LINE - 1) &
										  ~(uintptr_t) (CACHE_LINE - 1));
		LevelsInit(profile->levels, profile->moments, profile->nfeatures);
	}

	/* the levels' extraction needs rounding to nearest; integers need nothing */
	if (profile->levels && FloatEnvironmentIsDefault())
	{
		LevelsAddRow(profile->levels, profile->moments, values, nulls, profile->nfeatures);
		if (++profile->level_rows == LEVEL_FLUSH_ROWS)
			FlushLevels(profile);
	}
	else
	{
		/* AddRowDirectly counts at once, which the levels' accounts do not expect */
		FlushLevels(profile);
		AddRowDirectly(profile, values, nulls);
	}

	profile->rows++;
	if (profile->histograms)
	{
		if (profile->rows == profile->window_rows)
			PlaceWindows(profile);
		HistogramAddRow(profile->histograms, profile->lanes, values, profile->nfeatures);
	}
}

void
ProfileAddWeightedRow(Profile *profile, const double *values, const bool *nulls, double weight)
{
	ProfileAddRow(profile, values, nulls);
	for (int i = 0; i < profile->nfeatures; i++)
		if (IsFiniteBits(DoubleBits(values[i])))
			WeightedSumsAdd(&profile->weighted[i], values[i], weight);
}

bool
ProfilesAreCompatible(const Profile *a, const Profile *b)
{
	if (a->nfeatures != b->nfeatures || a->distribution != b->distribution ||
		(a->names == NULL) != (b->names == NULL) || (a->weighted == NULL) != (b->weighted == NULL))
		return false;
	for (int i = 0; a->names && i < a->nfeatures; i++)
		if (strcmp(a->names[i], b->names[i]) != 0)
			return false;
	return true;
}

void
ProfileMerge(Profile *profile, const Profile *other)
{
	FlushLevels(profile);
	for (int i = 0; i < profile->nfeatures; i++)
	{
		MomentsMerge(&profile->moments[i], &other->moments[i]);
		if (profile->histograms)
			HistogramMerge(&profile->histograms[i], &other->histograms[i]);
		if (profile->weighted)
			WeightedSumsMerge(&profile->weighted[i], &other->weighted[i]);
	}
	profile->rows += other->rows;
	/* the next row finds the windows due at once, if there can be one */
	if (profile->window_rows <= profile->rows && ProfileHasRoom(profile, 1))
		profile->window_rows = profile->rows + 1;

	if (other->level_rows > 0)
	{
		/* rows still in the other's levels: the same sums from a flushed copy */
		Moments    *rest = CoreAlloc(sizeof(Moments) * other->nfeatures);
		size_t		size = sizeof(LevelBlock) * LevelBlockCount(other->nfeatures);
		LevelBlock *levels = CoreAlloc(size);

		for (int i = 0; i < other->nfeatures; i++)
			MomentsInit(&rest[i]);
		memcpy(levels, other->levels, size);
		LevelsFlush(levels, rest, other->nfeatures, other->level_rows);
		for (int i = 0; i < other->nfeatures; i++)
			MomentsMerge(&profile->moments[i], &rest[i]);
		CoreFree(levels);
		CoreFree(rest);
	}
}

void
ProfileSettle(Profile *profile)
{
	FlushLevels(profile);
	for (int i = 0; profile->histograms && i < profile->nfeatures; i++)
		HistogramCanonicalize(&profile->histograms[i]);
}

void
ProfileCopySettled(Profile *target, const Profile *source)
{
	ProfileInit(target, source->nfeatures, source->names, source->distribution);
	if (source->weighted)
		ProfileUseWeights(target);
	ProfileMerge(target, source);
	ProfileSettle(target);
}

/* What is settled already is shared, which of a small group is everything but its distribution. */
void
ProfileViewSettled(Profile *target, const Profile *source)
{
	if (source->level_rows > 0)
	{
		ProfileCopySettled(target, source);
		return;
	}
	*target = *source;
	if (source->histograms == NULL)
		return;
	target->histograms = CoreAlloc(sizeof(Histogram) * source->nfeatures);
	for (int i = 0; i < source->nfeatures; i++)
		HistogramCopyCanonical(&target->histograms[i], &source->histograms[i]);
}
