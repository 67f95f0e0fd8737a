/*
 * selection.c
 *		Finding order statistics in several passes, with bounded memory.
 */
#include "core/values/selection.h"

#include "core/base/memory.h"
#include "core/base/sort.h"
#include "core/values/histogram_ranks.h"

static void
SetRanks(Selection *selection, const uint64_t *ranks, int nranks)
{
	memset(selection, 0, sizeof(*selection));
	selection->nranks = nranks;
	selection->ranks = CoreAlloc(sizeof(uint64_t) * nranks);
	selection->keys = CoreAllocZero(sizeof(uint64_t) * nranks);
	selection->found = CoreAllocZero(sizeof(bool) * nranks);
	selection->intervals = CoreAlloc(sizeof(KeyRange) * nranks);
	memcpy(selection->ranks, ranks, sizeof(uint64_t) * nranks);
}

/*
 * Note that a rank lies in this interval, which may be the last one noted.  If the interval is a single value,
 * the rank is found.
 */
static void
NoteInterval(Selection *selection, int rank, KeyRange interval)
{
	if (interval.low == interval.high)
	{
		selection->keys[rank] = interval.low;
		selection->found[rank] = true;
		return;
	}
	if (selection->nintervals > 0 && selection->intervals[selection->nintervals - 1].low == interval.low)
		return;
	selection->intervals[selection->nintervals++] = interval;
}

void
SelectionInit(Selection *selection, const uint64_t *ranks, int nranks, KeyRange all)
{
	SetRanks(selection, ranks, nranks);
	for (int r = 0; r < nranks; r++)
		NoteInterval(selection, r, all);
}

void
SelectionInitFromHistogram(Selection *selection, const uint64_t *ranks, int nranks,
						   const Histogram *histogram, double min, double max)
{
	SetRanks(selection, ranks, nranks);
	for (int r = 0; r < nranks; r++)
	{
		KeyRange	interval;
		double		low;
		double		high;

		HistogramCellOfRank(histogram, ranks[r], min, max, &low, &high, &interval.before, &interval.count);
		interval.low = OrderKey(low);
		interval.high = OrderKey(high);
		NoteInterval(selection, r, interval);
	}
}

bool
SelectionIsOpen(const Selection *selection)
{
	return selection->nintervals > 0;
}

uint64_t
SelectionCandidates(const Selection *selection)
{
	uint64_t	total = 0;

	for (int i = 0; i < selection->nintervals; i++)
		total += selection->intervals[i].count;
	return total;
}

int
SelectionShift(const KeyRange *interval, int bits)
{
	uint64_t	widest = interval->high - interval->low;
	int			length = widest ? 64 - __builtin_clzll(widest) : 0;

	return length > bits ? length - bits : 0;
}

bool
SelectionNarrow(Selection *selection, const uint64_t *counters)
{
	KeyRange   *old = selection->intervals;
	int			nold = selection->nintervals;
	int			rank = 0;
	bool		sound = true;

	selection->intervals = CoreAlloc(sizeof(KeyRange) * selection->nranks);
	selection->nintervals = 0;
	for (int i = 0; i < nold; i++)
	{
		const uint64_t *counter = counters + ((uint64_t) i << selection->bits);
		int			shift = SelectionShift(&old[i], selection->bits);
		uint64_t	before = old[i].before;
		uint64_t	end = old[i].before + old[i].count;

		for (uint64_t bucket = 0; bucket < (UINT64_C(1) << selection->bits); bucket++)
		{
			KeyRange	narrow = {.low = old[i].low + (bucket << shift), .before = before, .count = counter[bucket]};

			if (counter[bucket] == 0)
				continue;
			narrow.high = old[i].high - narrow.low < (UINT64_C(1) << shift) ? old[i].high :
				narrow.low + (UINT64_C(1) << shift) - 1;
			before += counter[bucket];
			while (rank < selection->nranks && (selection->found[rank] || selection->ranks[rank] < before))
			{
				if (!selection->found[rank])
					NoteInterval(selection, rank, narrow);
				rank++;
			}
		}
		sound = sound && before == end;
		/* all ranks of this interval have been found in its buckets */
	}
	CoreFree(old);
	return sound;
}

bool
SelectionSettle(Selection *selection, uint64_t *keys, uint64_t nkeys)
{
	uint64_t	base = 0;
	int			rank = 0;

	if (nkeys != SelectionCandidates(selection))
		return false;
	SortKeys(keys, nkeys);
	for (int i = 0; i < selection->nintervals; i++)
	{
		const KeyRange *interval = &selection->intervals[i];

		if (interval->count == 0 || keys[base] < interval->low || keys[base + interval->count - 1] > interval->high)
			return false;
		for (; rank < selection->nranks; rank++)
		{
			if (selection->found[rank])
				continue;
			if (selection->ranks[rank] >= interval->before + interval->count)
				break;
			selection->keys[rank] = keys[base + (selection->ranks[rank] - interval->before)];
			selection->found[rank] = true;
		}
		base += interval->count;
	}
	selection->nintervals = 0;
	return true;
}
