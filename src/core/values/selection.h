/*
 * selection.h
 *		Finding order statistics in several passes, in bounded memory.
 */
#ifndef NORMFREEZE_CORE_SELECTION_H
#define NORMFREEZE_CORE_SELECTION_H

#include "core/values/histogram.h"

/* Order keys among which one or more of the wanted ranks lie. */
typedef struct KeyRange
{
	uint64_t	low;
	uint64_t	high;			/* inclusive */
	uint64_t	before;			/* values below it */
	uint64_t	count;			/* values in it */
} KeyRange;

#define SELECT_MOST_BITS	16	/* of buckets in an interval */

/* What the next pass does with the values in the intervals. */
typedef enum SelectionStep
{
	SELECT_COUNT,				/* count them in 2^bits buckets an interval */
	SELECT_COLLECT				/* collect their keys */
} SelectionStep;

/*
 * Radix selection: each pass narrows the interval of each wanted rank by the
 * next digits of its key, until few enough values are left to collect, or one.
 */
typedef struct Selection
{
	int			nranks;
	uint64_t   *ranks;			/* wanted, ascending, distinct */
	uint64_t   *keys;			/* what was found of them */
	bool	   *found;
	int			nintervals;
	KeyRange   *intervals;		/* ascending, disjoint */
	SelectionStep step;
	int			bits;
} Selection;

/* The ranks lie in one interval, or (of values with a distribution) in cells of it. */
extern void SelectionInit(Selection *selection, const uint64_t *ranks, int nranks, KeyRange all);
extern void SelectionInitFromHistogram(Selection *selection, const uint64_t *ranks, int nranks,
									   const Histogram *histogram, double min, double max);

/* Are ranks still to be found? */
extern bool SelectionIsOpen(const Selection *selection);

/* The values to collect, were they collected now. */
extern uint64_t SelectionCandidates(const Selection *selection);

/* How far buckets shift the distance of a key from the low end of its interval. */
extern int	SelectionShift(const KeyRange *interval, int bits);

/* The interval that a key is in, or -1. */
static inline int
SelectionFind(const KeyRange *intervals, int nintervals, uint64_t key)
{
	int			low = 0;
	int			high = nintervals;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (key > intervals[middle].high)
			low = middle + 1;
		else
			high = middle;
	}
	return low < nintervals && key >= intervals[low].low ? low : -1;
}

/*
 * What a pass has found: counters[interval << bits | bucket], or all keys in
 * the intervals in any order.  False if their number is not the expected one.
 */
extern bool SelectionNarrow(Selection *selection, const uint64_t *counters);
extern bool SelectionSettle(Selection *selection, uint64_t *keys, uint64_t nkeys);

#endif							/* NORMFREEZE_CORE_SELECTION_H */
