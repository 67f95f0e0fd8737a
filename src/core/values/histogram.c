/*
 * histogram.c
 *		Deterministic, mergeable histograms of bounded size; see histogram.h.
 *
 * Values wait in `pending` until a sort and merge moves them into cells; once a feature has many values,
 * counters for its densest bins (the window) take nearly all of them.  Neither shows in the result:
 * HistogramCanonicalize() gives the same cells for the same values, whatever the order in which they came.
 */
#include "core/values/histogram.h"

#include <assert.h>

#include "core/base/memory.h"
#include "core/base/sort.h"

#define PENDING_INITIAL		8
#define PENDING_MAX			1024

#define WINDOW_GROWTH		2	/* a window is moved when there are so many times the rows that it was placed for */
#define WINDOW_MISSES		512 /* but not if fewer values have missed it: that costs less than moving */
#define WINDOW_STAYS_ROWS	(INT64_C(1) << 30)	/* its totals have 32 bits */

/* ---- labels ---- */

static inline uint64_t
LabelMagnitude(uint64_t label)
{
	return ((label & SIGN_BIT) ? label : ~label) & MAGNITUDE_MASK;
}

static inline uint64_t
MakeLabel(uint64_t magnitude, bool negative)
{
	return negative ? ~(magnitude | SIGN_BIT) : magnitude | SIGN_BIT;
}

static inline bool
LabelIsNegative(uint64_t label)
{
	return (label & SIGN_BIT) == 0;
}

/* How many low bits of a magnitude the linear grid ignores; 64: all of them. */
static inline int
LinearDrop(uint64_t magnitude, int linear_level)
{
	int			exponent = (int) (magnitude >> 52);
	int			drop = linear_level + 1075 - (exponent ? exponent : 1);

	return drop < 0 ? 0 : (drop > 52 ? 64 : drop);
}

static inline uint64_t
ClearLowBits(uint64_t magnitude, int drop)
{
	return drop > 62 ? 0 : magnitude & ~((UINT64_C(1) << drop) - 1);
}

/* The label of the cell that holds a key (of a value or of a finer cell). */
static inline uint64_t
CellLabel(uint64_t key, int relative_level, int linear_level)
{
	uint64_t	magnitude = LabelMagnitude(key);
	int			drop = LinearDrop(magnitude, linear_level);

	if (drop > relative_level)
		drop = relative_level;
	return MakeLabel(ClearLowBits(magnitude, drop), LabelIsNegative(key));
}

/* ---- numbering the cells of one sign ---- */

static uint64_t
LinearBin(uint64_t magnitude, int linear_level)
{
	int			exponent = (int) (magnitude >> 52);
	uint64_t	significand = magnitude & FRACTION_MASK;

	if (exponent)
		significand |= HIDDEN_BIT;
	else
		exponent = 1;
	return significand >> (linear_level + 1075 - exponent);
}

CellNumbering
HistogramNumberCells(int relative_level, int linear_level)
{
	CellNumbering n = {.relative_level = relative_level, .linear_level = linear_level};
	int			finest = relative_level < 53 ? relative_level : 53;
	int			linear_exponent = linear_level + 1076 - finest;
	int			exact_exponent = linear_level + 1076;

	if (linear_exponent <= 1)
		n.linear_from = 0;		/* subnormals share the exponent of the least normals */
	else
		n.linear_from = linear_exponent > 2047 ? INFINITY_BITS : (uint64_t) linear_exponent << 52;
	n.exact_from = exact_exponent > 2047 ? INFINITY_BITS : (uint64_t) exact_exponent << 52;
	n.relative_count = n.linear_from ? ((n.linear_from - 1) >> relative_level) + 1 : 0;
	n.linear_count = 0;
	n.first_linear_bin = 0;
	if (n.linear_from < n.exact_from)
	{
		n.first_linear_bin = LinearBin(n.linear_from, linear_level);
		n.linear_count = LinearBin(n.exact_from - 1, linear_level) - n.first_linear_bin + 1;
	}
	return n;
}

uint64_t
HistogramCellIndex(const CellNumbering *n, uint64_t magnitude)
{
	if (magnitude < n->linear_from)
		return magnitude >> n->relative_level;
	if (magnitude < n->exact_from)
		return n->relative_count + LinearBin(magnitude, n->linear_level) - n->first_linear_bin;
	return n->relative_count + n->linear_count + (magnitude - n->exact_from);
}

/* The magnitude of bin * 2^linear_level, which is a float8 */
static uint64_t
LinearBinMagnitude(uint64_t bin, int linear_level)
{
	int			top;
	int			exponent;

	if (bin == 0)
		return 0;
	top = 63 - __builtin_clzll(bin);
	exponent = top + linear_level + 1023;
	if (exponent < 1)
		return bin << (linear_level + 1074);
	return (uint64_t) exponent << 52 | ((bin << (52 - top)) & FRACTION_MASK);
}

/* The inverse; INFINITY_BITS or more past the last cell. */
uint64_t
HistogramCellMagnitude(const CellNumbering *n, uint64_t index)
{
	if (index < n->relative_count)
		return index << n->relative_level;
	index -= n->relative_count;
	if (index < n->linear_count)
		return LinearBinMagnitude(n->first_linear_bin + index, n->linear_level);
	index -= n->linear_count;
	return index > INFINITY_BITS - n->exact_from ? INFINITY_BITS : n->exact_from + index;
}

/* ---- levels ---- */

/* The least level at which two magnitudes share a bin of the relative grid. */
static inline int
RelativeJoin(uint64_t a, uint64_t b)
{
	return a == b ? 0 : 64 - __builtin_clzll(a ^ b);
}

/*
 * The same of the linear grid, for a <= b: one above the first bit in which
 * they differ, as multiples of 2^-1074, which is the leading bit of b if the
 * exponents differ.
 */
static inline int
LinearJoin(uint64_t a, uint64_t b)
{
	int			a_exponent = (int) (a >> 52);
	int			b_exponent = (int) (b >> 52);
	int			bit = 52;

	if (a == b)
		return LINEAR_LEVEL_MIN;
	/* subnormals share the exponent of the least normals */
	if (b_exponent == 0)
		b_exponent = 1;
	if (a_exponent == b_exponent || b_exponent == 1)
		bit = 63 - __builtin_clzll(a ^ b);
	return bit + 1 + b_exponent - 1075;
}

/*
 * The least level from lowest on that leaves at most `size` bins, of `highest`
 * at most, where only `bins` are left; joins[level - base] bins more at level - 1.
 */
static int
LeastLevel(const uint32_t *joins, int base, int lowest, int highest, uint32_t bins, uint32_t size)
{
	int			level = highest;

	while (level > lowest && bins + joins[level - base] <= size)
		bins += joins[level-- - base];
	return level;
}

/*
 * Raise both levels to the least that suffice for sorted keys or labels; return false if the present ones do.
 * Those of one bin are neighbours, so the level at which each joins the next decides.
 */
static bool
RaiseLevels(Histogram *h, const uint64_t *labels, uint32_t n)
{
	int16_t		relative_level = h->relative_level;
	int16_t		linear_level = h->linear_level;
	uint32_t	relative_joins[RELATIVE_LEVEL_MAX + 1] = {0};
	uint32_t	linear_joins[LINEAR_LEVEL_MAX - LINEAR_LEVEL_MIN + 1] = {0};
	uint32_t	signs = n > 0;

	for (uint32_t i = 1; i < n; i++)
	{
		uint64_t	a = LabelMagnitude(labels[i - 1]);
		uint64_t	b = LabelMagnitude(labels[i]);

		if (LabelIsNegative(labels[i - 1]) != LabelIsNegative(labels[i]))
		{
			signs++;
			continue;
		}
		relative_joins[RelativeJoin(a, b)]++;
		linear_joins[LinearJoin(a < b ? a : b, a < b ? b : a) - LINEAR_LEVEL_MIN]++;
	}
	h->relative_level = (int16_t) LeastLevel(relative_joins, 0, h->relative_level, RELATIVE_LEVEL_MAX, signs, h->size);
	h->linear_level = (int16_t) LeastLevel(linear_joins, LINEAR_LEVEL_MIN, h->linear_level, LINEAR_LEVEL_MAX, signs, h->size);
	return h->relative_level != relative_level || h->linear_level != linear_level;
}

#define NO_LABEL	0			/* the key of a NaN */

/*
 * Append a cell whose label is not less than `previous`, that of the last one
 * of n or NO_LABEL, and may be the same cell; returns how many there are then.
 * There is no branch, since no predictor guesses which bins share a cell.
 */
static inline uint32_t
AppendCell(uint64_t *labels, uint64_t *counts, uint32_t n, uint64_t previous, uint64_t label, uint64_t count)
{
	bool		same = label == previous;
	uint32_t	at = n - same;

	labels[at] = label;
	counts[at] = (same ? counts[at] : 0) + count;
	return at + 1;
}

/* Fold the cells to the present levels. */
static void
FoldCells(Histogram *h)
{
	uint64_t	previous = NO_LABEL;
	uint32_t	n = 0;

	for (uint32_t i = 0; i < h->ncells; i++)
	{
		uint64_t	label = CellLabel(h->labels[i], h->relative_level, h->linear_level);

		n = AppendCell(h->labels, h->counts, n, previous, label, h->counts[i]);
		previous = label;
	}
	h->ncells = n;
}

/*
 * Merge sorted keys or labels into the cells; counts NULL means one each.
 * More than two grids' worth of cells cannot be canonical, so fold then.
 */
static void
MergeSorted(Histogram *h, const uint64_t *keys, const uint64_t *counts, uint32_t n)
{
	uint64_t   *labels = CoreAlloc(sizeof(uint64_t) * ((size_t) h->ncells + n + 1));
	uint64_t   *merged = CoreAlloc(sizeof(uint64_t) * ((size_t) h->ncells + n + 1));
	uint64_t	previous = NO_LABEL;
	uint32_t	i = 0;
	uint32_t	out = 0;

	for (uint32_t j = 0; j < n; j++)
	{
		uint64_t	label = CellLabel(keys[j], h->relative_level, h->linear_level);

		for (; i < h->ncells && h->labels[i] < label; previous = h->labels[i++])
			out = AppendCell(labels, merged, out, previous, h->labels[i], h->counts[i]);
		out = AppendCell(labels, merged, out, previous, label, counts ? counts[j] : 1);
		previous = label;
	}
	for (; i < h->ncells; previous = h->labels[i++])
		out = AppendCell(labels, merged, out, previous, h->labels[i], h->counts[i]);

	if (h->labels)
	{
		CoreFree(h->labels);
		CoreFree(h->counts);
	}
	h->labels = labels;
	h->counts = merged;
	h->ncells = out;
	if (out > 2 * h->size)
	{
		if (RaiseLevels(h, h->labels, h->ncells))
			FoldCells(h);
	}
}

static void
SettlePending(Histogram *h)
{
	if (h->npending == 0)
		return;
	if (h->window)
		h->window->missed += h->npending;
	SortKeys(h->pending, h->npending);
	/* the first cells are made at the levels that so many values need */
	if (h->ncells == 0 && h->npending > h->size)
		RaiseLevels(h, h->pending, h->npending);
	MergeSorted(h, h->pending, NULL, h->npending);
	h->npending = 0;
}

/* ---- adding ---- */

void
HistogramInit(Histogram *histogram, uint32_t size)
{
	memset(histogram, 0, sizeof(*histogram));
	histogram->size = size;
	histogram->linear_level = LINEAR_LEVEL_MIN;
}

void
HistogramAddSlow(Histogram *histogram, uint64_t bits)
{
	if (!IsFiniteBits(bits))
		return;
	if ((bits & MAGNITUDE_MASK) == 0)
	{
		histogram->zeros++;
		return;
	}
	if (histogram->npending == histogram->pending_capacity)
	{
		if (histogram->pending_capacity == 0)
		{
			histogram->pending = CoreAlloc(sizeof(uint64_t) * PENDING_INITIAL);
			histogram->pending_capacity = PENDING_INITIAL;
		}
		else if (histogram->pending_capacity < PENDING_MAX)
		{
			histogram->pending_capacity *= 2;
			histogram->pending = CoreRealloc(histogram->pending,
											 sizeof(uint64_t) * histogram->pending_capacity);
		}
		else
			SettlePending(histogram);
	}
	histogram->pending[histogram->npending++] = OrderKey(BitsDouble(bits));
}

/* ---- the window ---- */

/* Append the window's counters as cells, by ascending label; returns how many. */
static uint32_t
WindowCells(const HistogramWindow *w, uint64_t *labels, uint64_t *counts)
{
	uint32_t	n = 0;

	for (int sign = 1; sign >= 0; sign--)
	{
		uint64_t	total = 2 * w->nslots;

		for (uint64_t i = 0; i < total; i++)
		{
			uint64_t	slot = sign ? total - 1 - i : i;
			uint64_t	at = slot + (sign ? total : 0);
			uint64_t	count = (uint64_t) w->totals[at] + w->counters[at];
			uint64_t	magnitude;

			if (count == 0)
				continue;
			if (slot < w->nslots)
				magnitude = (w->relative_base + slot) << w->relative_level;
			else
				magnitude = LinearBinMagnitude(w->linear_base + slot - w->nslots, w->linear_offset - 1075);
			labels[n] = MakeLabel(magnitude, sign);
			counts[n] = count;
			n++;
		}
	}
	return n;
}

static void
MergeWindow(Histogram *h, const HistogramWindow *window)
{
	uint64_t   *labels = CoreAlloc(sizeof(uint64_t) * 4 * window->nslots);
	uint64_t   *counts = CoreAlloc(sizeof(uint64_t) * 4 * window->nslots);

	MergeSorted(h, labels, counts, WindowCells(window, labels, counts));
	CoreFree(labels);
	CoreFree(counts);
}

static void
SettleWindow(Histogram *h)
{
	if (h->window == NULL)
		return;
	MergeWindow(h, h->window);
	memset(h->window->totals, 0, sizeof(uint32_t) * 4 * h->window->nslots);
	memset(h->window->counters, 0, sizeof(uint16_t) * 4 * h->window->nslots);
}

static void
TakeCounters(HistogramWindow *window)
{
	for (uint64_t i = 0; i < 4 * window->nslots; i++)
		window->totals[i] += window->counters[i];
	memset(window->counters, 0, sizeof(uint16_t) * 4 * window->nslots);
}

/* The bin of its grid that a cell is, if its magnitude is below exact_from. */
static inline uint64_t
CellBin(const CellNumbering *numbering, uint64_t magnitude)
{
	if (magnitude < numbering->linear_from)
		return magnitude >> numbering->relative_level;
	return LinearBin(magnitude, numbering->linear_level);
}

/* The first of nslots adjacent bins that together hold most, given bins in order. */
static uint64_t
DensestBins(const uint64_t *bins, const uint64_t *counts, uint32_t n, uint64_t nslots)
{
	uint64_t	base = 0;
	uint64_t	mass = 0;
	uint64_t	best = 0;
	uint32_t	first = 0;

	for (uint32_t last = 0; last < n; last++)
	{
		mass += counts[last];
		while (bins[last] - bins[first] >= nslots)
			mass -= counts[first++];
		if (mass > best)
		{
			uint64_t	slack = (nslots - 1 - (bins[last] - bins[first])) / 2;

			best = mass;
			base = bins[first] > slack ? bins[first] - slack : 0;
		}
	}
	return base;
}

/* The cells that have counters become what has been taken from those, so that few remain to be merged. */
static void
MoveCellsToWindow(Histogram *h, const CellNumbering *numbering)
{
	HistogramWindow *window = h->window;
	uint32_t	n = 0;

	for (uint32_t i = 0; i < h->ncells; i++)
	{
		uint64_t	label = h->labels[i];
		uint64_t	magnitude = LabelMagnitude(label);
		bool		linear = magnitude >= numbering->linear_from;
		uint64_t	bin = UINT64_MAX;

		if (magnitude < numbering->exact_from)
			bin = CellBin(numbering, magnitude) - (linear ? window->linear_base : window->relative_base);
		if (bin < window->nslots)
		{
			bin += linear ? window->nslots : 0;
			bin += LabelIsNegative(label) ? 2 * window->nslots : 0;
			window->totals[bin] += (uint32_t) h->counts[i];
		}
		else
		{
			h->labels[n] = label;
			h->counts[n++] = h->counts[i];
		}
	}
	h->ncells = n;
}

static bool
WindowMayStay(const Histogram *h, int64_t rows)
{
	const HistogramWindow *window = h->window;

	return window && rows - window->from_rows < WINDOW_STAYS_ROWS &&
		(rows / WINDOW_GROWTH < window->from_rows || window->missed + h->npending < WINDOW_MISSES);
}

void
HistogramPlaceWindow(Histogram *histogram, int64_t rows)
{
	Histogram  *h = histogram;
	CellNumbering numbering;
	uint64_t   *bins[2];
	uint64_t   *counts[2];
	uint32_t	n[2] = {0, 0};
	uint32_t	positive;
	uint32_t	negative;
	HistogramWindow *window;

	if (WindowMayStay(h, rows))
	{
		TakeCounters(h->window);
		return;
	}
	HistogramCanonicalize(h);
	if (h->relative_level > 52 || h->ncells == 0)
	{
		/* values over thousands of octaves: no window would catch many */
		if (h->window)
			CoreFree(h->window);
		h->window = NULL;
		return;
	}

	numbering = HistogramNumberCells(h->relative_level, h->linear_level);
	for (int grid = 0; grid < 2; grid++)
	{
		bins[grid] = CoreAlloc(sizeof(uint64_t) * h->ncells);
		counts[grid] = CoreAlloc(sizeof(uint64_t) * h->ncells);
	}

	/* walk both signs outwards from zero, so that bins come in order */
	for (positive = 0; positive < h->ncells && LabelIsNegative(h->labels[positive]); positive++)
		;
	negative = positive;
	while (positive < h->ncells || negative > 0)
	{
		uint32_t	cell;
		uint64_t	magnitude;
		int			grid;

		if (negative == 0 ||
			(positive < h->ncells &&
			 LabelMagnitude(h->labels[positive]) < LabelMagnitude(h->labels[negative - 1])))
			cell = positive++;
		else
			cell = --negative;
		magnitude = LabelMagnitude(h->labels[cell]);
		if (magnitude >= numbering.exact_from)
			continue;
		grid = magnitude >= numbering.linear_from;
		bins[grid][n[grid]] = CellBin(&numbering, magnitude);
		counts[grid][n[grid]++] = h->counts[cell];
	}

	window = h->window;
	if (window == NULL)
	{
		window = CoreAllocZero(sizeof(HistogramWindow) + (sizeof(uint32_t) + sizeof(uint16_t)) * 4 * h->size);
		window->nslots = h->size;
		window->counters = (uint16_t *) & window->totals[4 * h->size];
		h->window = window;
	}
	window->relative_level = h->relative_level;
	window->linear_offset = h->linear_level + 1075;
	window->from_rows = rows;
	window->missed = 0;
	window->relative_base = DensestBins(bins[0], counts[0], n[0], window->nslots);
	window->linear_base = DensestBins(bins[1], counts[1], n[1], window->nslots);
	if (rows <= WINDOW_STAYS_ROWS)
		MoveCellsToWindow(h, &numbering);

	for (int grid = 0; grid < 2; grid++)
	{
		CoreFree(bins[grid]);
		CoreFree(counts[grid]);
	}
}

/* ---- whole histograms ---- */

void
HistogramCanonicalize(Histogram *histogram)
{
	bool		first = histogram->ncells == 0 && histogram->window == NULL;

	/* the most cells last, so that they are written once */
	SettlePending(histogram);
	/* the first cells are at the levels that suffice */
	if (first)
		return;
	SettleWindow(histogram);
	/* cells are those of the present levels already, which suffice for so few */
	if (histogram->ncells <= histogram->size)
		return;
	if (RaiseLevels(histogram, histogram->labels, histogram->ncells))
		FoldCells(histogram);
}

void
HistogramMerge(Histogram *histogram, const Histogram *other)
{
	assert(histogram->size == other->size);
	if (other->relative_level > histogram->relative_level)
		histogram->relative_level = other->relative_level;
	if (other->linear_level > histogram->linear_level)
		histogram->linear_level = other->linear_level;
	FoldCells(histogram);
	histogram->zeros += other->zeros;
	MergeSorted(histogram, other->labels, other->counts, other->ncells);
	for (uint32_t i = 0; i < other->npending; i++)
		HistogramAddSlow(histogram, DoubleBits(OrderKeyValue(other->pending[i])));
	if (other->window)
	{
		/* the most cells last, so that they are written once */
		SettlePending(histogram);
		MergeWindow(histogram, other->window);
	}
}

void
HistogramFree(Histogram *histogram)
{
	if (histogram->labels)
		CoreFree(histogram->labels);
	if (histogram->counts)
		CoreFree(histogram->counts);
	if (histogram->pending)
		CoreFree(histogram->pending);
	if (histogram->window)
		CoreFree(histogram->window);
	memset(histogram, 0, sizeof(*histogram));
}

/* ---- reading a canonical histogram ---- */

/* Return whether every cell is a single float8, so that the histogram holds the values exactly. */
bool
HistogramIsExact(const Histogram *histogram)
{
	return histogram->relative_level == 0;
}

typedef struct CellRange
{
	double		low;
	double		high;			/* the last float8 inside */
	uint64_t	before;			/* values below the cell */
	uint64_t	count;
} CellRange;

/* The least and the greatest float8 of a cell: zero is in none. */
static void
CellBounds(uint64_t label, int relative_level, int linear_level, double *low, double *high)
{
	uint64_t	magnitude = LabelMagnitude(label);
	CellNumbering numbering = HistogramNumberCells(relative_level, linear_level);
	uint64_t	index = HistogramCellIndex(&numbering, magnitude);
	double		near = BitsDouble(magnitude ? magnitude : 1);
	double		far = BitsDouble(HistogramCellMagnitude(&numbering, index + 1) - 1);

	*low = LabelIsNegative(label) ? -far : near;
	*high = LabelIsNegative(label) ? -near : far;
}

/* The cell of the k-th smallest value, within [min, max]. */
static CellRange
FindOrderCell(const Histogram *h, uint64_t k, double min, double max)
{
	CellRange	cell = {0.0, 0.0, 0, 0};
	bool		zeros_done = false;

	for (uint32_t i = 0; i <= h->ncells; i++)
	{
		if (!zeros_done && (i == h->ncells || !LabelIsNegative(h->labels[i])))
		{
			zeros_done = true;
			cell.low = cell.high = 0.0;
			cell.count = h->zeros;
			if (k < cell.before + cell.count)
				return cell;
			cell.before += cell.count;
		}
		if (i == h->ncells)
			break;
		cell.count = h->counts[i];
		if (k >= cell.before + cell.count)
		{
			cell.before += cell.count;
			continue;
		}
		CellBounds(h->labels[i], h->relative_level, h->linear_level, &cell.low, &cell.high);
		if (cell.low < min)
			cell.low = min;
		if (cell.high > max)
			cell.high = max;
		return cell;
	}
	cell.low = cell.high = max;
	cell.count = 1;
	return cell;
}

double
HistogramOrderStatistic(const Histogram *histogram, uint64_t k, double min, double max)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	/* as if the cell's values lay evenly across it */
	return cell.low + (cell.high - cell.low) * (((double) (k - cell.before) + 0.5) / (double) cell.count);
}

void
HistogramOrderBounds(const Histogram *histogram, uint64_t k, double min, double max,
					 double *low, double *high)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*low = cell.low;
	*high = cell.high;
}

double
HistogramCellValue(const Histogram *histogram, uint64_t k, double min, double max, uint64_t *count)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*count = cell.before + cell.count - k;
	return cell.low + (cell.high - cell.low) * 0.5;
}

void
HistogramCellOfRank(const Histogram *histogram, uint64_t k, double min, double max,
					double *low, double *high, uint64_t *before, uint64_t *count)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*low = cell.low;
	*high = cell.high;
	*before = cell.before;
	*count = cell.count;
}

uint32_t
HistogramFoldedCells(const Histogram *histogram, int relative_level, int linear_level, HistogramCell *cells)
{
	const Histogram *h = histogram;
	uint32_t	n = 0;
	uint64_t	previous = 0;
	bool		zeros_done = h->zeros == 0;

	assert(relative_level >= h->relative_level && linear_level >= h->linear_level);
	for (uint32_t i = 0; i < h->ncells; i++)
	{
		uint64_t	label = CellLabel(h->labels[i], relative_level, linear_level);

		if (!zeros_done && !LabelIsNegative(label))
		{
			zeros_done = true;
			cells[n++] = (HistogramCell) {0.0, 0.0, h->zeros};
		}
		else if (i > 0 && label == previous)
		{
			cells[n - 1].count += h->counts[i];
			continue;
		}
		CellBounds(label, relative_level, linear_level, &cells[n].low, &cells[n].high);
		cells[n++].count = h->counts[i];
		previous = label;
	}
	if (!zeros_done)
		cells[n++] = (HistogramCell) {0.0, 0.0, h->zeros};
	return n;
}
