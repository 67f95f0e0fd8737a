/*
 * chart_bars.c
 *		Making bars of the cells of two histograms.
 */
#include "core/compare/chart_bars.h"

#include <math.h>

#include "core/base/memory.h"

/* The cells of both samples, cut down to the range of the values. */
typedef struct Cells
{
	CommonCell *cells;
	int			ncells;
	double		rows[CHART_SAMPLES];	/* number of rows, with those that have no finite value */
	uint64_t	values[CHART_SAMPLES];	/* number of finite values */
	double		min;
	double		max;
} Cells;

static uint64_t
CellCount(const CommonCell *cell, int sample)
{
	return sample == CHART_REFERENCE ? cell->reference : cell->live;
}

static double
CellShare(const Cells *cells, const CommonCell *cell, int sample)
{
	return cells->rows[sample] > 0 ? CellCount(cell, sample) / cells->rows[sample] : 0;
}

static bool
IsAtom(const CommonCell *cell)
{
	return cell->lower == cell->upper;
}

static double
RowsOf(const Moments *moments)
{
	return (double) moments->count + MomentsMissing(moments) + MomentsInfinite(moments);
}

static void
ReadCells(Cells *cells, const Moments *reference, const Histogram *reference_values,
		  const Moments *live, const Histogram *live_values)
{
	CommonCells common;

	FoldToCommonCells(&common, reference_values, live_values);
	cells->cells = common.cells;
	cells->ncells = common.ncells;
	cells->rows[CHART_REFERENCE] = RowsOf(reference);
	cells->rows[CHART_LIVE] = RowsOf(live);
	cells->values[CHART_REFERENCE] = reference->count;
	cells->values[CHART_LIVE] = live->count;
	cells->min = fmin(reference->min, live->min);
	cells->max = fmax(reference->max, live->max);
	for (int i = 0; i < cells->ncells; i++)
	{
		cells->cells[i].lower = fmax(cells->cells[i].lower, cells->min);
		cells->cells[i].upper = fmin(cells->cells[i].upper, cells->max);
	}
}

/* ---- the window ---- */

/* Return low + part * (high - low).  It does not overflow, even if all of float8 lies between the two. */
static double
Between(double low, double high, double part)
{
	return isfinite(high - low) ? low + (high - low) * part : low * (1 - part) + high * part;
}

static double
PartOf(double low, double high, double x)
{
	if (!(high > low))
		return 0.5;
	if (isfinite(high - low))
		return (x - low) / (high - low);
	return (x / 2 - low / 2) / (high / 2 - low / 2);
}

double
ChartPosition(const Chart *chart, double x)
{
	return PartOf(chart->low, chart->high, x);
}

/* Return the value of rank part * n, interpolated as if the values of a cell were spread evenly across it. */
static double
CellQuantile(const Cells *cells, int sample, double part)
{
	double		rank = part * (double) cells->values[sample];
	double		before = 0;

	for (int i = 0; i < cells->ncells; i++)
	{
		double		count = (double) CellCount(&cells->cells[i], sample);

		if (count > 0 && before + count >= rank)
			return Between(cells->cells[i].lower, cells->cells[i].upper, (rank - before) / count);
		before += count;
	}
	return cells->max;
}

/* Interquartile ranges by which the window may exceed the quartiles; bounds of a tail if half the values are equal. */
#define REACH				3.0
#define THIN_TAIL			0.005
#define THICK_TAIL			0.05
/* If the range of all values is at most this many times as wide as the window, the window is the whole range. */
#define NEARLY_EVERYTHING	1.6

static void
WidenToSample(Chart *chart, const Cells *cells, int sample)
{
	double		low = CellQuantile(cells, sample, THIN_TAIL);
	double		high = CellQuantile(cells, sample, 1 - THIN_TAIL);
	double		quartile1 = CellQuantile(cells, sample, 0.25);
	double		quartile3 = CellQuantile(cells, sample, 0.75);
	double		reach = REACH * (quartile3 - quartile1);

	if (reach > 0 && isfinite(reach))
	{
		low = fmin(fmax(low, quartile1 - reach), CellQuantile(cells, sample, THICK_TAIL));
		high = fmax(fmin(high, quartile3 + reach), CellQuantile(cells, sample, 1 - THICK_TAIL));
	}
	chart->low = fmin(chart->low, low);
	chart->high = fmax(chart->high, high);
}

static void
ChooseWindow(Chart *chart, const Cells *cells)
{
	chart->low = INFINITY;
	chart->high = -INFINITY;
	for (int sample = 0; sample < CHART_SAMPLES; sample++)
		if (chart->drawn[sample])
			WidenToSample(chart, cells, sample);
	if (cells->max / 2 - cells->min / 2 <= NEARLY_EVERYTHING * (chart->high / 2 - chart->low / 2))
	{
		chart->low = cells->min;
		chart->high = cells->max;
	}
	/* nearly all values are the median, and there are others on both sides */
	if (!(chart->high > chart->low))
	{
		chart->low = cells->min;
		chart->high = cells->max;
	}
}

static bool
IsInWindow(const Chart *chart, const CommonCell *cell)
{
	return cell->upper >= chart->low && cell->lower <= chart->high;
}

/* ---- bars ---- */

/* Return the least of 1, 2, 2.5 and 5 times a power of ten that is not below x. */
static double
NiceStep(double x)
{
	static const double steps[] = {1, 2, 2.5, 5, 10};
	double		power = pow(10, floor(log10(x)));

	for (int i = 0; i < (int) (sizeof(steps) / sizeof(steps[0])); i++)
		if (steps[i] * power >= x * (1 - 1e-9))
			return steps[i] * power;
	return 10 * power;
}

/* Return the number of bars by Rice's rule for the smaller sample, but no more than a page can show. */
static int
WantedBars(const Chart *chart, const Cells *cells)
{
	double		n = INFINITY;
	double		wanted;

	for (int sample = 0; sample < CHART_SAMPLES; sample++)
		if (chart->drawn[sample])
			n = fmin(n, (double) cells->values[sample]);
	wanted = ceil(2 * cbrt(n));
	return (int) fmin(fmax(wanted, 8), 40);
}

static void
AddBar(Chart *chart, double lower, double upper)
{
	chart->bars[chart->nbars++] = (ChartBar) {lower, upper, {0, 0}};
}

/* Up to LABELLED_VALUES values get labels; more than SEPARATE_INTEGERS integers are drawn as a histogram. */
#define LABELLED_VALUES		8
#define SEPARATE_INTEGERS	12

static bool
AreIntegers(const Chart *chart, const Cells *cells)
{
	for (int i = 0; i < cells->ncells; i++)
	{
		const CommonCell *cell = &cells->cells[i];

		if (IsInWindow(chart, cell) && (!IsAtom(cell) || cell->lower != floor(cell->lower) || fabs(cell->lower) > 9e15))
			return false;
	}
	return true;
}

/*
 * Make a bar for each value, as wide as their least distance.  Return false if some cell is not a single value, or
 * if the values are too many or too close.
 */
static bool
MakeDiscreteBars(Chart *chart, const Cells *cells)
{
	const CommonCell *last = NULL;
	double		gap = INFINITY;
	int			n = 0;

	for (int i = 0; i < cells->ncells; i++)
	{
		const CommonCell *cell = &cells->cells[i];

		if (!IsInWindow(chart, cell))
			continue;
		if (!IsAtom(cell) || ++n > CHART_MAX_BARS)
			return false;
		if (last)
			gap = fmin(gap, cell->lower - last->lower);
		last = cell;
	}
	if ((n > 1 && !(gap * CHART_MAX_BARS >= chart->high - chart->low)) ||
		(n > SEPARATE_INTEGERS && AreIntegers(chart, cells)))
		return false;
	if (n <= 1)
		gap = fmax(fabs(chart->low) / 8, 1);
	if (!isfinite(chart->low - gap / 2) || !isfinite(chart->high + gap / 2))
		return false;
	/* float8 must be fine enough for a bar around each value */
	for (int i = 0; i < cells->ncells; i++)
	{
		double		x = cells->cells[i].lower;

		if (IsInWindow(chart, &cells->cells[i]) && !(x - gap / 2 < x && x < x + gap / 2))
			return false;
	}
	chart->discrete = true;
	for (int i = 0; i < cells->ncells; i++)
		if (IsInWindow(chart, &cells->cells[i]))
			AddBar(chart, cells->cells[i].lower - gap / 2, cells->cells[i].lower + gap / 2);
	chart->low -= gap / 2;
	chart->high += gap / 2;
	chart->step = n <= LABELLED_VALUES ? 0 : fmax(NiceStep((chart->high - chart->low) / 6), gap);
	return true;
}

/* Make bars of equal width between round numbers.  If values are integers, each bar covers as many of them. */
static void
MakeEvenBars(Chart *chart, const Cells *cells)
{
	int			wanted = WantedBars(chart, cells);
	bool		integers = AreIntegers(chart, cells);
	double		width = chart->high / wanted - chart->low / wanted;
	double		step = NiceStep(width);
	double		shift = integers ? 0.5 : 0;
	double		first;
	double		last;
	int			n;

	/* one bar for each integer if there is room for all of them */
	if (integers)
		step = chart->high - chart->low < CHART_MAX_BARS ? 1 : fmax(1, ceil(step));
	first = floor((chart->low + shift) / step);
	last = floor((chart->high + shift) / step) + 1;
	n = (int) fmin(last - first, CHART_MAX_BARS);
	/* if round numbers are finer than float8 or beyond it, any edges serve */
	if (!isfinite(step) || !isfinite(first * step) || !isfinite(last * step) || fabs(first) > 1e12 ||
		fabs(last) > 1e12 || !(last - first <= CHART_MAX_BARS))
	{
		double		lower = chart->low;

		n = wanted;
		for (int i = 1; i <= n; i++)
		{
			double		upper =
				i == n ? chart->high : fmin(fmax(Between(chart->low, chart->high, (double) i / n), lower), chart->high);

			AddBar(chart, lower, upper);
			lower = upper;
		}
	}
	else
	{
		for (int i = 0; i < n; i++)
			AddBar(chart, (first + i) * step - shift, (first + i + 1) * step - shift);
		chart->low = chart->bars[0].lower;
		chart->high = chart->bars[n - 1].upper;
	}
	chart->step = NiceStep(chart->high / 6 - chart->low / 6);
}

/* ---- what is in them ---- */

/* A spike is a value whose share of all values is at least this. */
#define SPIKE_SHARE		0.05
#define SPIKE_HEIGHT	3.0

static ChartBar
BarOfAtom(const Cells *cells, const CommonCell *cell)
{
	return (ChartBar) {cell->lower, cell->upper,
					   {CellShare(cells, cell, CHART_REFERENCE), CellShare(cells, cell, CHART_LIVE)}};
}

/* Keep a spike if it is among the CHART_MAX_SPIKES greatest, which are sorted, the greatest first. */
static void
ConsiderSpike(Chart *chart, ChartBar spike)
{
	int			i;

	if (chart->nspikes < CHART_MAX_SPIKES)
		i = chart->nspikes++;
	else if (ChartGreaterShare(&spike) > ChartGreaterShare(&chart->spikes[CHART_MAX_SPIKES - 1]))
		i = CHART_MAX_SPIKES - 1;
	else
		return;
	for (; i > 0 && ChartGreaterShare(&spike) > ChartGreaterShare(&chart->spikes[i - 1]); i--)
		chart->spikes[i] = chart->spikes[i - 1];
	chart->spikes[i] = spike;
}

static bool
IsSpike(const Chart *chart, const CommonCell *cell)
{
	for (int i = 0; i < chart->nspikes; i++)
		if (IsAtom(cell) && chart->spikes[i].lower == cell->lower)
			return true;
	return false;
}

/* Return the share of a cell that lies in [lower, upper), as if its values were spread evenly across it. */
static double
PartInside(const CommonCell *cell, double lower, double upper)
{
	if (IsAtom(cell))
		return cell->lower >= lower && cell->lower < upper;
	return fmax(0, fmin(1, PartOf(cell->lower, cell->upper, upper)) - fmax(0, PartOf(cell->lower, cell->upper, lower)));
}

static void
AddShares(ChartBar *bar, const Cells *cells, const CommonCell *cell, double part)
{
	for (int sample = 0; sample < CHART_SAMPLES; sample++)
		bar->share[sample] += part * CellShare(cells, cell, sample);
}

static void
FillBars(Chart *chart, const Cells *cells)
{
	chart->below.share[0] = chart->below.share[1] = 0;
	chart->above.share[0] = chart->above.share[1] = 0;
	for (int b = 0; b < chart->nbars; b++)
		chart->bars[b].share[0] = chart->bars[b].share[1] = 0;
	for (int i = 0; i < cells->ncells; i++)
	{
		const CommonCell *cell = &cells->cells[i];
		double		rest = 1;
		double		below;

		if (IsSpike(chart, cell))
			continue;
		below = PartInside(cell, -INFINITY, chart->low);
		AddShares(&chart->below, cells, cell, below);
		rest -= below;
		for (int b = 0; b < chart->nbars && rest > 0 && chart->bars[b].lower <= cell->upper; b++)
		{
			/* the last bar includes its upper end */
			double		upper =
				b == chart->nbars - 1 ? nextafter(chart->bars[b].upper, INFINITY) : chart->bars[b].upper;
			double		part = fmin(rest, PartInside(cell, chart->bars[b].lower, upper));

			AddShares(&chart->bars[b], cells, cell, part);
			rest -= part;
		}
		if (cell->upper > chart->high)
			AddShares(&chart->above, cells, cell, rest);
	}
}

static void
FindSpikes(Chart *chart, const Cells *cells)
{
	double		tallest = 0;
	int			n = 0;

	for (int i = 0; i < cells->ncells; i++)
	{
		ChartBar	spike = BarOfAtom(cells, &cells->cells[i]);

		if (IsAtom(&cells->cells[i]) && IsInWindow(chart, &cells->cells[i]) && ChartGreaterShare(&spike) >= SPIKE_SHARE)
			ConsiderSpike(chart, spike);
	}
	if (chart->nspikes == 0)
		return;
	FillBars(chart, cells);
	for (int b = 0; b < chart->nbars; b++)
		tallest = fmax(tallest, ChartGreaterShare(&chart->bars[b]));
	for (int i = 0; i < chart->nspikes; i++)
		if (ChartGreaterShare(&chart->spikes[i]) >= SPIKE_HEIGHT * tallest)
			chart->spikes[n++] = chart->spikes[i];
	chart->nspikes = n;
}

/* Widen the window if a spike is at one of its ends. */
static void
MakeRoomForSpikes(Chart *chart)
{
	double		low = chart->bars[0].lower;
	double		high = chart->bars[chart->nbars - 1].upper;
	double		width = chart->bars[0].upper - low;
	bool		at_low = false;
	bool		at_high = false;

	for (int i = 0; i < chart->nspikes; i++)
	{
		at_low |= chart->spikes[i].lower < low + width / 2;
		at_high |= chart->spikes[i].lower > high - width / 2;
	}
	if (at_low && isfinite(low - width))
	{
		memmove(&chart->bars[1], &chart->bars[0], sizeof(ChartBar) * chart->nbars++);
		chart->bars[0] = (ChartBar) {low - width, low, {0, 0}};
		chart->low = low - width;
	}
	if (at_high && isfinite(high + width))
	{
		AddBar(chart, high, high + width);
		chart->high = high + width;
	}
}

static void
AddEdges(Chart *chart, const Cells *cells, int sample, const Moments *moments)
{
	if (cells->rows[sample] == 0)
		return;
	chart->below.share[sample] += moments->negative_infinities / cells->rows[sample];
	chart->above.share[sample] += moments->positive_infinities / cells->rows[sample];
	chart->missing.share[sample] = MomentsMissing(moments) / cells->rows[sample];
}

void
MakeChart(Chart *chart, const Moments *reference, const Histogram *reference_values,
		  const Moments *live, const Histogram *live_values)
{
	Cells		cells;
	Moments		no_moments;
	Histogram	no_values;

	memset(chart, 0, sizeof(*chart));
	MomentsInit(&no_moments);
	HistogramInit(&no_values, HISTOGRAM_MIN_SIZE);
	HistogramCanonicalize(&no_values);
	ReadCells(&cells, reference ? reference : &no_moments, reference ? reference_values : &no_values,
			  live ? live : &no_moments, live ? live_values : &no_values);
	for (int sample = 0; sample < CHART_SAMPLES; sample++)
		chart->drawn[sample] = cells.values[sample] > 0;
	chart->bars = CoreAllocZero(sizeof(ChartBar) * (CHART_MAX_BARS + 2));
	if (cells.ncells > 0)
	{
		ChooseWindow(chart, &cells);
		if (!MakeDiscreteBars(chart, &cells))
		{
			MakeEvenBars(chart, &cells);
			FindSpikes(chart, &cells);
			MakeRoomForSpikes(chart);
		}
		FillBars(chart, &cells);
	}
	if (reference)
		AddEdges(chart, &cells, CHART_REFERENCE, reference);
	if (live)
		AddEdges(chart, &cells, CHART_LIVE, live);
	CoreFree(cells.cells);
	HistogramFree(&no_values);
	MomentsFree(&no_moments);
}
