/*
 * histogram_fold.h
 *		Merging cells, and folding them into fewer; for histogram.c.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_FOLD_H
#define NORMFREEZE_CORE_HISTOGRAM_FOLD_H

#include "core/values/histogram.h"

/*
 * Merge sorted keys or labels into the cells; counts NULL means one each.
 * More than two grids' worth of cells cannot be canonical: they are folded.
 */
extern void HistogramMergeCells(Histogram *h, const uint64_t *keys, const uint64_t *counts, uint32_t n);

/* Fold the cells to the present levels. */
extern void HistogramFoldCells(Histogram *h);

/*
 * Raise both levels to the least that suffice for sorted keys or labels; return false if the present ones do.
 * Those of one bin are neighbours, so the level at which each joins the next decides.
 */
extern bool HistogramRaiseLevels(Histogram *h, const uint64_t *labels, uint32_t n);

/* Raise them to the least that suffice for its cells, and fold those if any was raised. */
extern void HistogramCoarsen(Histogram *h);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_FOLD_H */
