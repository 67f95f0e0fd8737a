/*
 * histogram_rows.h
 *		Adding whole rows to the windows of many histograms.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_ROWS_H
#define NORMFREEZE_CORE_HISTOGRAM_ROWS_H

#include "core/values/histogram.h"

#define HISTOGRAM_LANES		8

/*
 * The windows of eight features side by side, so that slots are computed together, as HistogramAdd() does for
 * one value.  A lane without a window has no slots.
 */
typedef struct HistogramLanes
{
	int64_t		relative_level[HISTOGRAM_LANES];
	int64_t		linear_offset[HISTOGRAM_LANES];
	uint64_t	relative_base[HISTOGRAM_LANES];
	uint64_t	linear_base[HISTOGRAM_LANES];
	uint64_t	nslots[HISTOGRAM_LANES];
	uint16_t   *counters[HISTOGRAM_LANES];
} HistogramLanes;

static inline int
HistogramLanesCount(int n)
{
	return (n + HISTOGRAM_LANES - 1) / HISTOGRAM_LANES;
}

/* Take over the windows of n histograms.  To be called again whenever they have been placed anew. */
extern void HistogramLanesInit(HistogramLanes *lanes, const Histogram *histograms, int n);

/*
 * Add rows of n values each.
 *
 * "width" is the distance of rows in numbers, at least n rounded up to a multiple of HISTOGRAM_LANES.  "lanes"
 * may be NULL while there are no windows.
 */
extern void HistogramAddRows(Histogram *histograms, const HistogramLanes *lanes, const double *rows, int nrows,
							 size_t width, int n);

/* Choose the kernel by name, like LevelsUseKernel().  Return false if this CPU does not have it. */
extern bool HistogramUseKernel(const char *name);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_ROWS_H */
