/*
 * selection.h
 *		Finding order statistics in several passes, with bounded memory.
 */
#ifndef NORMFREEZE_CORE_SELECTION_H
#define NORMFREEZE_CORE_SELECTION_H

#include "core/values/histogram.h"

/* A range of order keys that contains one or more of the wanted ranks. */
typedef struct KeyRange
{
	uint64_t	low;
	uint64_t	high;			/* inclusive */
	uint64_t	before;			/* number of values below it */
	uint64_t	count;			/* number of values in it */
} KeyRange;

#define SELECT_MOST_BITS	16	/* of buckets of an interval */

/* What the next pass does with the values in the intervals. */
typedef enum SelectionStep
{
	SELECT_COUNT,				/* count them in 2^bits buckets for each interval */
	SELECT_COLLECT				/* collect their keys */
} SelectionStep;

/*
 * A search for ranks by radix selection: each pass narrows the interval of each rank by the next digits of its
 * key, until a single value is left, or so few that they can be collected.
 */
typedef struct Selection
{
	int			nranks;
	uint64_t   *ranks;			/* the wanted ranks, ascending and distinct */
	uint64_t   *keys;			/* the keys that were found for them */
	bool	   *found;
	int			nintervals;
	KeyRange   *intervals;		/* ascending and disjoint */
	SelectionStep step;
	int			bits;
} Selection;

/* Start a search.  All ranks lie in one interval or, if there is a distribution, in cells of it. */
extern void SelectionInit(Selection *selection, const uint64_t *ranks, int nranks, KeyRange all);
extern void SelectionInitFromHistogram(Selection *selection, const uint64_t *ranks, int nranks,
									   const Histogram *histogram, double min, double max);

/* Return whether ranks are still to be found. */
extern bool SelectionIsOpen(const Selection *selection);

/* Return the number of values that would be collected now. */
extern uint64_t SelectionCandidates(const Selection *selection);

/* Return by how many bits the distance of a key from the low end of its interval is shifted to give its bucket. */
extern int	SelectionShift(const KeyRange *interval, int bits);

/* Return the interval that a key is in, or -1. */
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
 * Take what a pass has found: counters[interval << bits | bucket], or all keys in the intervals, in any order.
 *
 * Return false if their number is not the expected one.
 */
extern bool SelectionNarrow(Selection *selection, const uint64_t *counters);
extern bool SelectionSettle(Selection *selection, uint64_t *keys, uint64_t nkeys);

#endif							/* NORMFREEZE_CORE_SELECTION_H */
