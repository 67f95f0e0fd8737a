/*
 * histogram_window.c
 *		Placing the window of a histogram: its densest bins, which have counters.
 */
#include "core/values/histogram_window.h"

#include "core/base/memory.h"
#include "core/values/cell_numbering.h"
#include "core/values/histogram_labels.h"

#define WINDOW_GROWTH		2	/* a window is moved when there are this many times the rows that it was placed for */
#define WINDOW_MISSES		512 /* unless fewer values have missed it, which costs less than moving */
#define WINDOW_STAYS_ROWS	(INT64_C(1) << 30)	/* its totals have 32 bits */

static void
TakeCounters(HistogramWindow *window)
{
	for (uint64_t i = 0; i < 4 * window->nslots; i++)
		window->totals[i] += window->counters[i];
	memset(window->counters, 0, sizeof(uint16_t) * 4 * window->nslots);
}

/* Return the bin of a cell in its grid, if its magnitude is below exact_from. */
static inline uint64_t
CellBin(const CellNumbering *numbering, uint64_t magnitude)
{
	if (magnitude < numbering->linear_from)
		return magnitude >> numbering->relative_level;
	return LinearBin(magnitude, numbering->linear_level);
}

/* Return the first of nslots adjacent bins that together hold most values.  The bins are in order. */
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

/* Turn the cells that have counters into totals of these, so that few cells remain to be merged. */
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
		/* values spread over thousands of octaves: no window would catch many */
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

	/* both signs are walked outwards from zero, so that bins come in order */
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
