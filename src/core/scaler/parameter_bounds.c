/*
 * parameter_bounds.c
 *		Intervals that must contain order statistics, and parameters that are computed from these.
 */
#include "core/scaler/parameter_bounds.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/elementary.h"
#include "core/base/memory.h"
#include "core/scaler/quantile_map.h"
#include "core/scaler/recipe.h"
#include "core/values/histogram_ranks.h"

typedef struct Bounds
{
	double		low;
	double		high;
} Bounds;

static Bounds
RankBounds(const Moments *moments, const Histogram *cells, uint64_t first, uint64_t last)
{
	Bounds		bounds;
	double		ignored;

	HistogramOrderBounds(cells, first, moments->min, moments->max, &bounds.low, &ignored);
	HistogramOrderBounds(cells, last, moments->min, moments->max, &ignored, &bounds.high);
	return bounds;
}

static Bounds
PercentileBounds(const Moments *moments, const Histogram *cells, double percent)
{
	uint64_t	last = (uint64_t) moments->count - 1;
	uint64_t	rank = (uint64_t) ((double) last * (percent / 100.0));

	return RankBounds(moments, cells, rank < last ? rank : last, rank < last ? rank + 1 : last);
}

static bool
Within(double value, Bounds bounds)
{
	return value >= bounds.low && value <= bounds.high;
}

bool
CellsHoldMedian(double value, const Moments *moments, const Histogram *cells)
{
	uint64_t	n = (uint64_t) moments->count;

	return Within(value, RankBounds(moments, cells, (n - 1) / 2, n / 2));
}

static double
RecipeOption(const FeatureRecipe *feature, const MethodOption *option)
{
	return MethodOptionValue(feature->method, feature->option, option);
}

bool
CenterIsMedian(const FeatureRecipe *feature, const Moments *moments, const Histogram *cells)
{
	return RecipeOption(feature, &option_with_centering) == 0 || CellsHoldMedian(feature->param[0], moments, cells);
}

bool
RobustParametersFit(const FeatureRecipe *feature, const Moments *moments, const Histogram *cells)
{
	const double *percents = feature->option + MethodOptionPlace(feature->method, &option_quantile_range);
	double		scale = feature->param[RecipeOption(feature, &option_with_centering) != 0 ? 1 : 0];
	Bounds		upper;
	Bounds		lower;
	Bounds		range;

	if (!CenterIsMedian(feature, moments, cells))
		return false;
	if (RecipeOption(feature, &option_with_scaling) == 0)
		return scale == 1.0;
	upper = PercentileBounds(moments, cells, percents[1]);
	lower = PercentileBounds(moments, cells, percents[0]);
	range.low = upper.low - lower.high;
	range.high = upper.high - lower.low;
	if (feature->constant)
		range.low = range.high = 1.0;
	if (RecipeOption(feature, &option_unit_variance) != 0)
	{
		double		divisor = NormalQuantile(percents[1] / 100.0) - NormalQuantile(percents[0] / 100.0);

		range.low /= divisor;
		range.high /= divisor;
	}
	return Within(scale, range);
}

bool
QuantilesFit(const FeatureRecipe *feature, const Moments *moments, const Histogram *cells)
{
	int			n = (int) feature->table.length;

	for (int k = 0; k < n; k++)
		if (!Within(feature->table.values[k], PercentileBounds(moments, cells, ReferenceProbability(k, n) * 100.0)))
			return false;
	return true;
}

/* ---- ranges by a rule ---- */

static int
CompareEnds(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Return the distance of a rank, of cells whose ends are distances. */
static double
DistanceOfRank(const HistogramCell *cells, uint32_t n, uint64_t rank, bool greatest)
{
	double		(*sorted)[2] = CoreAlloc(sizeof(*sorted) * ((size_t) n + 1));
	uint64_t	before = 0;
	double		found = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		sorted[i][0] = greatest ? cells[i].high : cells[i].low;
		sorted[i][1] = (double) cells[i].count;
	}
	qsort(sorted, n, sizeof(*sorted), CompareEnds);
	for (uint32_t i = 0; i < n && before <= rank; i++)
	{
		found = sorted[i][0];
		before += (uint64_t) sorted[i][1];
	}
	CoreFree(sorted);
	return found;
}

/* Return bounds of the median distance from a center that lies in such bounds. */
static Bounds
MedianDistanceBounds(const Moments *moments, const Histogram *histogram, Bounds center)
{
	HistogramCell *cells = CoreAlloc(sizeof(HistogramCell) * ((size_t) histogram->ncells + 1));
	uint32_t	n = HistogramFoldedCells(histogram, histogram->relative_level, histogram->linear_level, cells);
	uint64_t	count = (uint64_t) moments->count;
	Bounds		distance;

	for (uint32_t i = 0; i < n; i++)
	{
		double		low = fmax(cells[i].low, moments->min);
		double		high = fmin(cells[i].high, moments->max);

		cells[i].low = fmax(0, fmax(low - center.high, center.low - high));
		cells[i].high = fmax(high - center.low, center.high - low);
	}
	distance.low = DistanceOfRank(cells, n, (count - 1) / 2, false);
	distance.high = DistanceOfRank(cells, n, count / 2, true);
	CoreFree(cells);
	return distance;
}

/* Return bounds of an end that lies so many units below or above a value.  Every rounding is monotonic. */
static Bounds
EndBounds(Bounds from, double factor, Bounds unit, bool above)
{
	double		near = factor * unit.low;
	double		far = factor * unit.high;

	return above ? (Bounds) {from.low + near, from.high + far} : (Bounds) {from.low - far, from.high - near};
}

static void
RangeBounds(const RangeRule *rule, const Moments *moments, const Histogram *cells, Bounds *low, Bounds *high)
{
	uint64_t	count = (uint64_t) moments->count;
	uint64_t	rank;
	Bounds		unit;

	switch ((RangeKind) rule->kind)
	{
		case RANGE_PERCENTILES:
			*low = PercentileBounds(moments, cells, rule->number[0]);
			*high = PercentileBounds(moments, cells, rule->number[1]);
			break;
		case RANGE_FRACTION:
			rank = (uint64_t) ((double) count * rule->number[0]);
			*low = RankBounds(moments, cells, rank, rank);
			rank = count - 1 - (uint64_t) ((double) count * rule->number[1]);
			*high = RankBounds(moments, cells, rank, rank);
			break;
		case RANGE_MAD:
			*low = *high = RankBounds(moments, cells, (count - 1) / 2, count / 2);
			unit = MedianDistanceBounds(moments, cells, *low);
			unit.low *= rule->number[1];
			unit.high *= rule->number[1];
			*low = EndBounds(*low, rule->number[0], unit, false);
			*high = EndBounds(*high, rule->number[0], unit, true);
			break;
		case RANGE_IQR:
			*low = PercentileBounds(moments, cells, 25.0);
			*high = PercentileBounds(moments, cells, 75.0);
			unit = (Bounds) {high->low - low->high, high->high - low->low};
			*low = EndBounds(*low, rule->number[0], unit, false);
			*high = EndBounds(*high, rule->number[0], unit, true);
			break;
		case RANGE_DEVIATIONS:
		case RANGE_OF_TRAINING:
			break;
	}
}

bool
RangeFits(const FeatureRecipe *feature, const Moments *moments, const Histogram *cells)
{
	const RangeRule *rule = &feature->range_rule;
	Bounds		low = {-INFINITY, INFINITY};
	Bounds		high = low;

	if (moments->count == 0)
		return true;
	RangeBounds(rule, moments, cells, &low, &high);
	return (rule->open_low || feature->lower == -RANGE_UNKNOWN || Within(feature->lower, low)) &&
		(rule->open_high || feature->upper == RANGE_UNKNOWN || Within(feature->upper, high));
}
