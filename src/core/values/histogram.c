/*
 * histogram.c
 *		Deterministic, mergeable histograms of bounded size; see histogram.h.
 *
 * New values wait in "pending" until they are sorted and merged into cells.  Once a feature has
 * many values, counters for its densest bins (the window) take nearly all of them.  The result
 * depends on neither: HistogramCanonicalize() gives the same cells for the same values, whatever
 * the order in which they came.
 */
#include "core/values/histogram.h"

#include <assert.h>

#include "core/base/memory.h"
#include "core/base/sort.h"
#include "core/values/histogram_fold.h"
#include "core/values/histogram_labels.h"

#define PENDING_INITIAL		8
#define PENDING_MAX			1024

/* ---- values that wait ---- */

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
		HistogramRaiseLevels(h, h->pending, h->npending);
	HistogramMergeCells(h, h->pending, NULL, h->npending);
	h->npending = 0;
}

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

/* Append the window's counters as cells, in the order of their labels.  Return how many there are. */
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

	HistogramMergeCells(h, labels, counts, WindowCells(window, labels, counts));
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

/* ---- whole histograms ---- */

void
HistogramCanonicalize(Histogram *histogram)
{
	bool		first = histogram->ncells == 0 && histogram->window == NULL;

	/* the largest part last, so that it is written once */
	SettlePending(histogram);
	/* the first cells are made at levels that suffice */
	if (first)
		return;
	SettleWindow(histogram);
	/* there are so few values that the present levels suffice */
	if (histogram->ncells > histogram->size)
		HistogramCoarsen(histogram);
}

void
HistogramMerge(Histogram *histogram, const Histogram *other)
{
	assert(histogram->size == other->size);
	if (other->relative_level > histogram->relative_level)
		histogram->relative_level = other->relative_level;
	if (other->linear_level > histogram->linear_level)
		histogram->linear_level = other->linear_level;
	HistogramFoldCells(histogram);
	histogram->zeros += other->zeros;
	HistogramMergeCells(histogram, other->labels, other->counts, other->ncells);
	for (uint32_t i = 0; i < other->npending; i++)
		HistogramAddSlow(histogram, DoubleBits(OrderKeyValue(other->pending[i])));
	if (other->window)
	{
		/* the largest part last, so that it is written once */
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

bool
HistogramIsExact(const Histogram *histogram)
{
	return histogram->relative_level == 0;
}
