/*
 * likeness.c
 *		The distance of two distributions, where values may have been rounded.
 */
#include "core/compare/likeness.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/compare/drift_bins.h"

static uint64_t
CountOf(const CommonCell *cell, bool live)
{
	return live ? cell->live : cell->reference;
}

/*
 * Return the maximum over x of the share of values of `one` that are certainly at or below x, less the share of
 * values of the other that may be at or below x + slack.  A cell bounds where its values lie.
 */
static double
ExcessAtMost(const CommonCells *common, bool one_is_live, uint64_t one_count, uint64_t other_count, double slack)
{
	double		excess = 0;
	uint64_t	one = 0;
	uint64_t	other = 0;
	int			next = 0;

	for (int i = 0; i < common->ncells; i++)
	{
		double		share;

		one += CountOf(&common->cells[i], one_is_live);
		while (next < common->ncells && common->cells[next].lower <= common->cells[i].upper + slack)
			other += CountOf(&common->cells[next++], !one_is_live);
		share = (double) one / (double) one_count - (double) other / (double) other_count;
		if (share > excess)
			excess = share;
	}
	return excess;
}

double
DistanceAtLeast(const Moments *reference, const Histogram *reference_values,
				const Moments *live, const Histogram *live_values, double slack)
{
	CommonCells common;
	double		distance;

	if (reference->count == 0 || live->count == 0)
		return NAN;
	FoldToCommonCells(&common, reference_values, live_values);
	distance = fmax(ExcessAtMost(&common, true, live->count, reference->count, slack),
					ExcessAtMost(&common, false, reference->count, live->count, slack));
	CoreFree(common.cells);
	return distance;
}

/* See likeness.h.  Smirnov's limit: sqrt(ln(2 / 0.01) / 2) times sqrt(1 / n + 1 / m). */
double
DistanceByChance(int64_t n, int64_t m)
{
	return 1.6276236115189503 * sqrt(1.0 / (double) n + 1.0 / (double) m);
}
