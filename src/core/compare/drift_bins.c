/*
 * drift_bins.c
 *		Bringing two samples to common cells, and making bins of equal frequency of these.
 */
#include "core/compare/drift_bins.h"

#include "core/base/memory.h"
#include "core/values/histogram_ranks.h"

/*
 * See drift_bins.h.  Grids nest: at the coarser of both levels, the cells of either histogram are unions of its
 * own cells, so every count stays an exact integer.
 */
void
FoldToCommonCells(CommonCells *common, const Histogram *reference, const Histogram *live)
{
	int			relative_level = reference->relative_level > live->relative_level
		? reference->relative_level : live->relative_level;
	int			linear_level = reference->linear_level > live->linear_level
		? reference->linear_level : live->linear_level;
	HistogramCell *a = CoreAlloc(sizeof(HistogramCell) * ((size_t) reference->ncells + 1));
	HistogramCell *b = CoreAlloc(sizeof(HistogramCell) * ((size_t) live->ncells + 1));
	uint32_t	na = HistogramFoldedCells(reference, relative_level, linear_level, a);
	uint32_t	nb = HistogramFoldedCells(live, relative_level, linear_level, b);
	uint32_t	i = 0;
	uint32_t	j = 0;

	common->ncells = 0;
	common->cells = CoreAlloc(sizeof(CommonCell) * ((size_t) na + nb + 1));
	while (i < na || j < nb)
	{
		bool		take_a = i < na && (j >= nb || a[i].low <= b[j].low);
		bool		take_b = j < nb && (i >= na || b[j].low <= a[i].low);
		const HistogramCell *cell = take_a ? &a[i] : &b[j];
		CommonCell *out = &common->cells[common->ncells++];

		out->lower = cell->low;
		out->upper = cell->high;
		out->reference = take_a ? a[i++].count : 0;
		out->live = take_b ? b[j++].count : 0;
	}
	CoreFree(a);
	CoreFree(b);
}

/*
 * Return whether the bin that should hold the values up to rank part * total / wanted ends before a cell rather
 * than after it.
 */
static bool
IsNearer(uint64_t before, uint64_t after, uint64_t total, int part, int wanted)
{
	/* compares |before * wanted - part * total| with the same of "after" exactly; "before" wins ties */
	uint128_t	target = (uint128_t) part * total;

	return target - (uint128_t) before * wanted <= (uint128_t) after * wanted - target;
}

/*
 * Mark the cells where bins start.  For each of the wanted - 1 quantiles, the
 * cell that holds it goes to the side where the bins come out more equal, so
 * a value of great mass gets a bin of its own, and there may be fewer bins.
 */
static void
MarkStarts(bool *starts, const CommonCells *common, uint64_t total, int wanted)
{
	uint64_t	before = 0;
	int			part = 1;
	bool		next_starts = true;

	for (int i = 0; i < common->ncells; i++)
	{
		uint64_t	after = before + common->cells[i].reference;

		starts[i] = false;
		if (after == before)
			continue;
		starts[i] = next_starts;
		next_starts = false;
		while (part < wanted && (uint128_t) part * total <= (uint128_t) after * wanted)
		{
			if (IsNearer(before, after, total, part, wanted))
				starts[i] = true;
			else
				next_starts = true;
			part++;
		}
		before = after;
	}
}

static DriftBin *
AppendBin(DriftBins *bins, DriftBinKind kind, double lower, double upper)
{
	DriftBin   *bin = &bins->bins[bins->nbins++];

	*bin = (DriftBin) {kind, lower, upper, 0, 0};
	return bin;
}

void
MakeDriftBins(DriftBins *bins, const CommonCells *common, int wanted, const Moments *reference, const Moments *live)
{
	bool	   *starts = CoreAlloc(sizeof(bool) * ((size_t) common->ncells + 1));
	bool		has_range = reference->count > 0;
	DriftBin   *below;
	DriftBin   *above;
	DriftBin   *missing;
	DriftBin   *within = NULL;
	DriftBin   *first;

	bins->nbins = 0;
	bins->bins = CoreAlloc(sizeof(DriftBin) * ((size_t) wanted + 3));
	below = AppendBin(bins, BIN_BELOW, -INFINITY, has_range ? reference->min : live->min);
	first = &bins->bins[bins->nbins];
	if (has_range)
		MarkStarts(starts, common, reference->count, wanted);
	else if (live->count > 0)
		within = AppendBin(bins, BIN_WITHIN, live->min, live->max);

	/* live values that share a cell with the least or greatest reference value count as within */
	for (int i = 0; i < common->ncells; i++)
	{
		const CommonCell *cell = &common->cells[i];

		if (has_range && starts[i])
		{
			if (within)
				within->upper = cell->lower;
			within = AppendBin(bins, BIN_WITHIN, within ? cell->lower : reference->min, reference->max);
		}
		if (within == NULL)
			below->live += cell->live;
		else if (has_range && cell->lower > reference->max)
			break;
		else
		{
			within->reference += cell->reference;
			within->live += cell->live;
		}
	}
	above = AppendBin(bins, BIN_ABOVE, has_range ? reference->max : live->max, INFINITY);
	missing = AppendBin(bins, BIN_MISSING, NAN, NAN);

	above->live = live->count - below->live;
	for (const DriftBin *bin = first; bin < above; bin++)
		above->live -= bin->live;
	/* an extreme that is outside of the range counts as outside, whatever its cell is */
	if (has_range && live->count > 0 && live->min < reference->min && below->live == 0)
		below->live++, first->live--;
	if (has_range && live->count > 0 && live->max > reference->max && above->live == 0)
		above->live++, within->live--;

	below->reference += reference->negative_infinities;
	below->live += live->negative_infinities;
	above->reference += reference->positive_infinities;
	above->live += live->positive_infinities;
	missing->reference = MomentsMissing(reference);
	missing->live = MomentsMissing(live);
	CoreFree(starts);
}

uint64_t
BinsOutside(const DriftBins *bins)
{
	return bins->bins[0].live + bins->bins[bins->nbins - 2].live;
}
