/*
 * feature_drift.c
 *		The measures of drift of one feature (PSI, Jensen-Shannon, Kolmogorov-Smirnov, Wasserstein
 *		and others), and its verdict.
 *
 * A verdict needs a difference that is large enough to matter, and a test that rejects chance.
 * In large samples tests reject chance for differences that do not matter; in small samples
 * chance alone makes large differences.
 */
#include "core/compare/feature_drift.h"

#include <math.h>
#include <string.h>

#include "core/base/elementary.h"
#include "core/base/memory.h"
#include "core/compare/significance.h"

const char *const drift_verdict_names[] = {NULL, "none", "moderate", "major"};

DriftVerdict
DriftVerdictByName(const char *name)
{
	for (int verdict = DRIFT_NONE; name && verdict <= DRIFT_MAJOR; verdict++)
		if (strcmp(name, drift_verdict_names[verdict]) == 0)
			return (DriftVerdict) verdict;
	return DRIFT_UNDECIDED;
}

/* ---- moments ---- */

static double
Share(uint64_t part, uint64_t whole)
{
	return whole ? (double) part / (double) whole : NAN;
}

/* Return x / unit, where the unit may be 0: then the result is 0 for x = 0, and infinite otherwise. */
static double
InUnitsOf(double x, double unit)
{
	return x == 0.0 ? 0.0 : x / unit;
}

/* Return the difference of two means in standard deviations.  The difference itself may be too large for a float8. */
static double
MeanShift(double mean, double live_mean, double deviation)
{
	double		shift = live_mean - mean;

	if (isinf(shift))
		return (0.5 * live_mean - 0.5 * mean) / (0.5 * deviation);
	return InUnitsOf(shift, deviation);
}

/*
 * Return the ratio of two variances.  Where one of them over- or underflows it is formed from the deviations.
 */
static double
VarianceRatio(const Moments *reference, const Moments *live)
{
	double		variance = MomentsVariance(reference, 0);
	double		live_variance = MomentsVariance(live, 0);
	double		deviation;
	double		live_deviation;

	if (isnormal(variance) && isnormal(live_variance))
		return live_variance / variance;
	deviation = MomentsDeviation(reference, 0);
	live_deviation = MomentsDeviation(live, 0);
	if (live_deviation == deviation)
		return 1.0;
	return live_deviation / deviation * (live_deviation / deviation);
}

static void
MeasureMoments(FeatureDrift *drift, const Moments *reference, const Moments *live)
{
	drift->reference_rows = reference->count + MomentsMissing(reference) + MomentsInfinite(reference);
	drift->live_rows = live->count + MomentsMissing(live) + MomentsInfinite(live);
	drift->reference_missing = Share(MomentsMissing(reference), drift->reference_rows);
	drift->live_missing = Share(MomentsMissing(live), drift->live_rows);
	drift->missing_shift = fabs(drift->live_missing - drift->reference_missing);
	drift->mean_shift = drift->variance_ratio = NAN;
	if (reference->count > 0 && live->count > 0)
	{
		drift->mean_shift = MeanShift(MomentsMean(reference), MomentsMean(live), MomentsDeviation(reference, 0));
		drift->variance_ratio = VarianceRatio(reference, live);
	}
}

/* ---- bins ---- */

/* Return one bin's part in the population stability index.  Shares below epsilon count as epsilon. */
static double
StabilityPart(double reference, double live, double epsilon)
{
	if (reference < epsilon)
		reference = epsilon;
	if (live < epsilon)
		live = epsilon;
	return (live - reference) * RoundedLog(live / reference);
}

/* Return one bin's part in the relative entropy, in bits, of p against the mean of p and q. */
static double
EntropyPart(double p, double q)
{
	return p > 0.0 ? p * (RoundedLog(2.0 * p / (p + q)) * 1.4426950408889634) : 0.0;	/* 1 / ln 2 */
}

/*
 * Set the measures that come from bins.
 *
 * Population stability index: Siddiqi, "Credit Risk Scorecards", 2006; it is Jeffreys' divergence.
 * Jensen-Shannon distance: Endres and Schindelin, "A new metric for probability distributions", 2003.
 * Hellinger distance: from 0 to 1.
 */
static void
MeasureBins(FeatureDrift *drift, double epsilon)
{
	double		psi = 0.0;
	double		entropy = 0.0;
	double		squares = 0.0;
	double		worst = 0.0;

	drift->worst_bin = -1;
	drift->psi = drift->jensen_shannon = drift->hellinger = NAN;
	if (drift->reference_rows == 0 || drift->live_rows == 0)
		return;
	for (int i = 0; i < drift->bins.nbins; i++)
	{
		const DriftBin *bin = &drift->bins.bins[i];
		double		p = Share(bin->reference, drift->reference_rows);
		double		q = Share(bin->live, drift->live_rows);
		double		part = StabilityPart(p, q, epsilon);
		double		root = sqrt(p) - sqrt(q);

		psi += part;
		entropy += 0.5 * (EntropyPart(p, q) + EntropyPart(q, p));
		squares += root * root;
		if (part > worst)
		{
			worst = part;
			drift->worst_bin = i;
		}
	}
	drift->psi = psi;
	drift->jensen_shannon = sqrt(entropy > 0.0 ? entropy : 0.0);
	drift->hellinger = sqrt(0.5 * squares);
}

/* ---- distribution functions ---- */

/* Return the area between two lines over a width, given their distances at both ends. */
static double
AreaBetween(double left, double right, double width)
{
	double		sum = fabs(left) + fabs(right);

	if (width == 0.0 || sum == 0.0)
		return 0.0;
	if ((left < 0.0) == (right < 0.0))
		return width * (0.5 * sum);
	return width * (0.5 * (left * left + right * right) / sum);
}

/*
 * Set the greatest distance of the distribution functions, which is exact at the edges of cells, and the area
 * between them, as if values were spread evenly within cells.
 *
 * The area is the first Wasserstein distance: Vallender, "Calculation of the Wasserstein distance between
 * probability distributions on the line", 1974.
 */
static void
MeasureDistributions(FeatureDrift *drift, const CommonCells *common, const Moments *reference, const Moments *live,
					 uint128_t *distance)
{
	uint64_t	n = reference->count;
	uint64_t	m = live->count;
	double		product = (double) n * (double) m;
	double		range = fmax(reference->max, live->max) - fmin(reference->min, live->min);
	double		unit = isinf(range) ? 0.25 : 1.0;	/* the unit of widths, which must not overflow */
	uint64_t	below = 0;
	uint64_t	live_below = 0;
	double		gap = 0.0;
	double		area = 0.0;
	double		mass = 0.0;

	*distance = 0;
	for (int i = 0; i < common->ncells; i++)
	{
		const CommonCell *cell = &common->cells[i];
		double		before = gap;
		uint128_t	x;
		uint128_t	y;
		uint128_t	apart;

		if (gap != 0.0)
			area += fabs(gap) * (unit * cell->lower - unit * cell[-1].upper);
		below += cell->reference;
		live_below += cell->live;
		x = (uint128_t) below * m;
		y = (uint128_t) live_below * n;
		apart = x > y ? x - y : y - x;
		if (apart > *distance)
			*distance = apart;
		gap = x > y ? (double) apart / product : -((double) apart / product);
		if (cell->lower < cell->upper)
		{
			area += AreaBetween(before, gap, unit * cell->upper - unit * cell->lower);
			mass = fmax(mass, fmax((double) cell->reference / (double) n, (double) cell->live / (double) m));
		}
	}
	drift->ks = (double) *distance / product;
	drift->wasserstein = InUnitsOf(area, unit * MomentsDeviation(reference, 0));
	drift->cell_mass = mass;
}

/* ---- the range of a scaler ---- */

/*
 * Return the share of values that surely lie outside of a range: in cells that do, the extremes, and infinities.
 * NaN without values.
 */
static double
ShareOutsideRange(const CommonCells *common, bool live, const Moments *moments, const ActiveRange *range)
{
	uint64_t	below = 0;
	uint64_t	above = 0;

	for (int i = 0; i < common->ncells; i++)
	{
		const CommonCell *cell = &common->cells[i];
		uint64_t	count = live ? cell->live : cell->reference;

		if (cell->upper < range->low)
			below += count;
		if (cell->lower > range->high)
			above += count;
	}
	if (moments->count > 0 && moments->min < range->low && below == 0)
		below = 1;
	if (moments->count > 0 && moments->max > range->high && above == 0)
		above = 1;
	return Share(below + above + MomentsInfinite(moments), moments->count + MomentsInfinite(moments));
}

/* ---- everything ---- */

/* Return the p-value of one feature: the least of its tests, corrected for their number (Bonferroni). */
static double
CombinedProbability(FeatureDrift *drift, const Moments *reference, const Moments *live)
{
	int			nbins = drift->bins.nbins;
	uint64_t   *counts = CoreAlloc(sizeof(uint64_t) * 2 * (size_t) nbins);
	double		least;
	int			tests = 2;

	for (int i = 0; i < nbins; i++)
	{
		counts[i] = drift->bins.bins[i].reference;
		counts[nbins + i] = drift->bins.bins[i].live;
	}
	least = HomogeneityProbability(counts, counts + nbins, nbins);
	CoreFree(counts);
	least = fmin(least, FisherProbability(MomentsMissing(reference), drift->reference_rows,
										  MomentsMissing(live), drift->live_rows));
	if (reference->count > 0 && live->count > 0)
	{
		least = fmin(least, drift->ks_p_value);
		tests++;
	}
	if (reference->count > 1 && MomentsInfinite(reference) == 0)
	{
		least = fmin(least, OutsideProbability(BinsOutside(&drift->bins), live->count + MomentsInfinite(live),
											   reference->count));
		tests++;
	}
	return fmin(1.0, tests * least);
}

void
MeasureDrift(FeatureDrift *drift, const Moments *reference, const Histogram *reference_values,
			 const Moments *live, const Histogram *live_values, const ActiveRange *range, const DriftOptions *options)
{
	CommonCells common;
	uint128_t	distance;

	FoldToCommonCells(&common, reference_values, live_values);
	MakeDriftBins(&drift->bins, &common, options->bins, reference, live);
	MeasureMoments(drift, reference, live);
	MeasureBins(drift, options->epsilon);
	drift->ks = drift->ks_p_value = drift->wasserstein = drift->cell_mass = drift->outside = NAN;
	if (reference->count > 0 && live->count > 0)
	{
		MeasureDistributions(drift, &common, reference, live, &distance);
		drift->ks_p_value = KolmogorovSmirnovProbability(distance, reference->count, live->count);
	}
	if (reference->count > 0)
		drift->outside = Share(BinsOutside(&drift->bins), live->count + MomentsInfinite(live));
	drift->reference_outside_range = range ? ShareOutsideRange(&common, false, reference, range) : NAN;
	drift->live_outside_range = range ? ShareOutsideRange(&common, true, live, range) : NAN;
	drift->p_value = CombinedProbability(drift, reference, live);
	CoreFree(common.cells);

	drift->reference_values = reference->count;
	drift->live_values = live->count;
}

/* ---- verdicts ---- */

/*
 * A sample is large enough for a verdict if it would prove a Kolmogorov-Smirnov distance of this size.
 *
 * In a smaller sample the verdict "none" would only say that there are few values.
 */
#define DETECTABLE	0.2

static double
EffectiveSize(int64_t n, int64_t m)
{
	return n > 0 && m > 0 ? (double) n * (double) m / ((double) n + (double) m) : 0.0;
}

static double
NeededSize(double alpha)
{
	return RoundedLog(2.0 / alpha) / (2.0 * DETECTABLE * DETECTABLE);
}

/*
 * Return the number of values that the smaller sample needs for a verdict.  The larger one is taken as it is if
 * that suffices.
 */
static int64_t
RowsNeeded(int64_t n, int64_t m, double needed)
{
	double		larger = n > m ? (double) n : (double) m;

	if (larger < 2.0 * needed)
		return (int64_t) ceil(2.0 * needed);
	return (int64_t) ceil(needed * larger / (larger - needed));
}

static void
JudgeFeatureDrift(FeatureDrift *drift, const DriftOptions *options)
{
	double		needed = NeededSize(options->alpha);

	drift->verdict = DRIFT_NONE;
	drift->decided_by = -1;
	drift->threshold = NAN;
	drift->rows_needed = 0;
	if (EffectiveSize(drift->reference_rows, drift->live_rows) < needed)
	{
		drift->verdict = DRIFT_UNDECIDED;
		drift->rows_needed = RowsNeeded(drift->reference_rows, drift->live_rows, needed);
		return;
	}
	for (int level = 1; level >= 0 && drift->decided_by < 0; level--)
		for (int i = 0; i < drift_nmeasures && drift->decided_by < 0; i++)
			if (isfinite(options->threshold[i][level]) && DriftSize(drift, i) >= options->threshold[i][level])
			{
				drift->decided_by = i;
				drift->threshold = options->threshold[i][level];
				if (drift->adjusted_p_value < options->alpha)
					drift->verdict = level == 1 ? DRIFT_MAJOR : DRIFT_MODERATE;
			}
	if (drift->verdict == DRIFT_NONE && drift->reference_values > 0 &&
		EffectiveSize(drift->reference_values, drift->live_values) < needed)
	{
		drift->verdict = DRIFT_UNDECIDED;
		drift->rows_needed = RowsNeeded(drift->reference_values, drift->live_values, needed);
	}
}

DriftVerdict
JudgeDrift(FeatureDrift *drifts, int n, const DriftOptions *options)
{
	double	   *p = CoreAlloc(sizeof(double) * ((size_t) n + 1));
	DriftVerdict overall = DRIFT_UNDECIDED;

	for (int i = 0; i < n; i++)
		p[i] = drifts[i].p_value;
	AdjustProbabilities(p, n);
	for (int i = 0; i < n; i++)
	{
		drifts[i].adjusted_p_value = p[i];
		JudgeFeatureDrift(&drifts[i], options);
		if (drifts[i].verdict > overall)
			overall = drifts[i].verdict;
	}
	CoreFree(p);
	return overall;
}
