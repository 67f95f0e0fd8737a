/*
 * histogram_ranks.h
 *		Reading a canonical histogram: what it tells about the value of a rank.
 *
 * min and max are the least and the greatest of all values.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_RANKS_H
#define NORMFREEZE_CORE_HISTOGRAM_RANKS_H

#include "core/values/histogram.h"

/*
 * Return the k-th smallest value (from 0).  It is exact if the histogram is, and otherwise interpolated within
 * its cell.
 */
extern double HistogramOrderStatistic(const Histogram *histogram, uint64_t k, double min, double max);

/* Set the closed interval that must contain the k-th smallest value. */
extern void HistogramOrderBounds(const Histogram *histogram, uint64_t k, double min, double max,
								 double *low, double *high);

/* Set the cell of rank k: its values lie in [low, high], and "before" values lie below it. */
extern void HistogramCellOfRank(const Histogram *histogram, uint64_t k, double min, double max,
								double *low, double *high, uint64_t *before, uint64_t *count);

/* Return a value that stands for the cell of rank k, and set *count to how many ranks from k on it stands for. */
extern double HistogramCellValue(const Histogram *histogram, uint64_t k, double min, double max,
								 uint64_t *count);

/* A number of values that lie in [low, high]. */
typedef struct HistogramCell
{
	double		low;
	double		high;
	uint64_t	count;
} HistogramCell;

/*
 * Set the cells at levels that are not below the histogram's own, by value, with zero among them.  Return how
 * many there are.
 *
 * There must be room for ncells + 1.
 */
extern uint32_t HistogramFoldedCells(const Histogram *histogram, int relative_level, int linear_level,
									 HistogramCell *cells);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_RANKS_H */
