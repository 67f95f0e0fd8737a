/*
 * histogram_fold.h
 *		Merging cells and folding them into fewer, for histogram.c.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_FOLD_H
#define NORMFREEZE_CORE_HISTOGRAM_FOLD_H

#include "core/values/histogram.h"

/*
 * Merge sorted keys or labels into the cells.  "counts" may be NULL, which means one of each.
 *
 * More cells than two grids have cannot be canonical, and are folded.
 */
extern void HistogramMergeCells(Histogram *h, const uint64_t *keys, const uint64_t *counts, uint32_t n);

/* Fold the cells to the present levels. */
extern void HistogramFoldCells(Histogram *h);

/*
 * Raise both levels to the least that suffice for sorted keys or labels.  Return false if the present ones do.
 *
 * Keys of one bin are neighbours, so the level at which each joins the next decides.
 */
extern bool HistogramRaiseLevels(Histogram *h, const uint64_t *labels, uint32_t n);

/* Raise both levels to the least that suffice for the cells, and fold these if a level was raised. */
extern void HistogramCoarsen(Histogram *h);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_FOLD_H */
