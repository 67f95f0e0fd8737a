/*
 * profile.c
 *		Adding rows to profiles and merging them.
 *
 * A profile starts small, because a GROUP BY makes one for each group.  The fast paths (level
 * accumulators, histogram windows) are set up once the rows pay for them.  The result does not
 * depend on when that happens, nor on where the windows lie.
 */
#include "core/values/profile.h"

#include "core/base/memory.h"
#include "core/values/histogram_window.h"

#define LEVELS_FROM_ROWS		32
#define WAITING_FROM_ROWS		128
#define WAITING_ROWS			16
#define WINDOWS_GROWTH			2
#define CACHE_LINE				64

static void
InitParts(Profile *profile, int nfeatures, char **names, uint32_t distribution, Moments *moments, Histogram *histograms)
{
	memset(profile, 0, sizeof(*profile));
	profile->nfeatures = nfeatures;
	profile->names = names;
	profile->distribution = distribution;
	/* this many values tell the levels of many more, if not those of all */
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
	return sizeof(LevelBlock) * LevelBlockCount(nfeatures) +
		(sizeof(double) + sizeof(bool)) * LevelRowWidth(nfeatures) + CACHE_LINE;
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
ProfileFlushLevels(Profile *profile)
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
	int64_t		rows = profile->rows - profile->nwaiting;	/* that are in the histograms */
	int64_t		next = INT64_MAX;

	if (rows <= INT64_MAX / WINDOWS_GROWTH)
		next = rows * WINDOWS_GROWTH;
	for (int i = 0; i < profile->nfeatures; i++)
		HistogramPlaceWindow(&profile->histograms[i], rows);
	if (profile->lanes == NULL)
		profile->lanes = CoreAlloc(sizeof(HistogramLanes) * HistogramLanesCount(profile->nfeatures));
	HistogramLanesInit(profile->lanes, profile->histograms, profile->nfeatures);
	if (next - rows > WINDOW_COUNTER_ROWS)
		next = rows + WINDOW_COUNTER_ROWS;
	profile->window_rows = next;
}

static void *
OnCacheLine(void *memory)
{
	return (void *) (((uintptr_t) memory + CACHE_LINE - 1) & ~(uintptr_t) (CACHE_LINE - 1));
}

/* Set up the levels, with room for one row. */
static void
StartLevels(Profile *profile)
{
	size_t		width = LevelRowWidth(profile->nfeatures);

	/* vectors across cache lines would take a third longer */
	if (profile->levels_chunk == NULL)
		profile->levels_chunk = CoreAlloc(ProfileLevelsSize(profile->nfeatures));
	profile->levels = OnCacheLine(profile->levels_chunk);
	LevelsInit(profile->levels, profile->moments, profile->nfeatures);
	profile->waiting = (double *) (profile->levels + LevelBlockCount(profile->nfeatures));
	profile->waiting_nulls = (bool *) (profile->waiting + width);
	profile->most_waiting = 1;
	memset(profile->waiting, 0, sizeof(double) * width);
}

/* From now on rows wait to be added together; none is waiting yet. */
static void
StartWaiting(Profile *profile)
{
	size_t		numbers = WAITING_ROWS * LevelRowWidth(profile->nfeatures);

	profile->waiting_chunk = CoreAlloc((sizeof(double) + sizeof(bool)) * numbers + CACHE_LINE);
	profile->waiting = OnCacheLine(profile->waiting_chunk);
	profile->waiting_nulls = (bool *) (profile->waiting + numbers);
	profile->most_waiting = WAITING_ROWS;
	memset(profile->waiting, 0, sizeof(double) * numbers);
}

void
ProfileNullsWait(Profile *profile, const bool *nulls)
{
	size_t		width = LevelRowWidth(profile->nfeatures);

	if (!profile->null_waits)
		memset(profile->waiting_nulls, 0, sizeof(bool) * profile->most_waiting * width);
	profile->null_waits = true;
	memcpy(profile->waiting_nulls + profile->nwaiting * width, nulls, sizeof(bool) * profile->nfeatures);
}

void
ProfileAddWaiting(Profile *profile)
{
	size_t		width = LevelRowWidth(profile->nfeatures);
	const bool *nulls = profile->null_waits ? profile->waiting_nulls : NULL;
	int			nrows = profile->nwaiting;

	if (nrows == 0)
		return;
	/* the extraction of levels needs rounding to nearest; integer arithmetic needs nothing */
	if (FloatEnvironmentIsDefault())
	{
		LevelsAddRows(profile->levels, profile->moments, profile->waiting, nulls, nrows, profile->nfeatures);
		profile->level_rows += nrows;
		if (profile->level_rows > LEVEL_FLUSH_ROWS - WAITING_ROWS)
			ProfileFlushLevels(profile);
	}
	else
	{
		/* AddRowDirectly() counts at once, which the levels do not expect */
		ProfileFlushLevels(profile);
		for (int r = 0; r < nrows; r++)
			AddRowDirectly(profile, profile->waiting + r * width, nulls ? nulls + r * width : NULL);
	}
	if (profile->histograms)
	{
		if (profile->rows >= profile->window_rows)
			PlaceWindows(profile);
		HistogramAddRows(profile->histograms, profile->lanes, profile->waiting, nrows, width, profile->nfeatures);
	}
	profile->nwaiting = 0;
	profile->null_waits = false;
	if (profile->rows >= WAITING_FROM_ROWS && profile->waiting_chunk == NULL)
		StartWaiting(profile);
}

void
ProfileAddRow(Profile *profile, const double *values, const bool *nulls)
{
	if (profile->waiting == NULL && profile->rows >= LEVELS_FROM_ROWS && LevelsAreSupported())
		StartLevels(profile);
	if (profile->waiting)
	{
		memcpy(ProfileRowRoom(profile), values, sizeof(double) * profile->nfeatures);
		ProfileRowWritten(profile, nulls);
		return;
	}
	AddRowDirectly(profile, values, nulls);
	profile->rows++;
	if (profile->histograms)
	{
		if (profile->rows >= profile->window_rows)
			PlaceWindows(profile);
		for (int i = 0; i < profile->nfeatures; i++)
			HistogramAdd(&profile->histograms[i], values[i]);
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
	size_t		width = LevelRowWidth(other->nfeatures);

	for (int r = 0; r < other->nwaiting; r++)
		ProfileAddRow(profile, other->waiting + r * width, other->null_waits ? other->waiting_nulls + r * width : NULL);
	ProfileAddWaiting(profile);
	ProfileFlushLevels(profile);
	for (int i = 0; i < profile->nfeatures; i++)
	{
		MomentsMerge(&profile->moments[i], &other->moments[i]);
		if (profile->histograms)
			HistogramMerge(&profile->histograms[i], &other->histograms[i]);
		if (profile->weighted)
			WeightedSumsMerge(&profile->weighted[i], &other->weighted[i]);
	}
	profile->rows += other->rows - other->nwaiting;
	/* the next row finds that the windows are due, if there can be one */
	if (profile->window_rows <= profile->rows && ProfileHasRoom(profile, 1))
		profile->window_rows = profile->rows + 1;

	if (other->level_rows > 0)
	{
		/* some rows are still in the other profile's levels: add the same sums from a flushed copy */
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
	ProfileAddWaiting(profile);
	ProfileFlushLevels(profile);
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
