/*
 * parameter_bounds.c
 *		Intervals that must contain order statistics, and parameters that are computed from these.
 */
#include "core/scaler/parameter_bounds.h"

#include "core/base/elementary.h"
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
