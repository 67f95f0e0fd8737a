/*
 * histogram_ranks.h
 *		Reading a canonical histogram: what is known of the value of a rank.
 *
 * min and max are the least and the greatest of all values.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_RANKS_H
#define NORMFREEZE_CORE_HISTOGRAM_RANKS_H

#include "core/values/histogram.h"

/* the value of the k-th smallest (from 0), exact if the histogram is */
extern double HistogramOrderStatistic(const Histogram *histogram, uint64_t k, double min, double max);

/* the closed interval that must contain the k-th smallest */
extern void HistogramOrderBounds(const Histogram *histogram, uint64_t k, double min, double max,
								 double *low, double *high);

/* the cell of rank k: the values of it lie in [low, high], `before` lie below */
extern void HistogramCellOfRank(const Histogram *histogram, uint64_t k, double min, double max,
								double *low, double *high, uint64_t *before, uint64_t *count);

/* a value standing for the cell of rank k, and how many ranks from k on it stands for */
extern double HistogramCellValue(const Histogram *histogram, uint64_t k, double min, double max,
								 uint64_t *count);

/* Some values that lie in [low, high]. */
typedef struct HistogramCell
{
	double		low;
	double		high;
	uint64_t	count;
} HistogramCell;

/*
 * The cells at levels that are not below its own, by value, zero among them;
 * returns how many.  There must be room for ncells + 1.
 */
extern uint32_t HistogramFoldedCells(const Histogram *histogram, int relative_level, int linear_level,
									 HistogramCell *cells);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_RANKS_H */
