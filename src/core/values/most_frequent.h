/*
 * most_frequent.h
 *		The most frequent value of a feature: the least of those that occur most often, as scikit-learn's
 *		SimpleImputer(strategy='most_frequent') has it.
 *
 * min and max are the least and the greatest of all values, of which there is at least one.
 */
#ifndef NORMFREEZE_CORE_MOST_FREQUENT_H
#define NORMFREEZE_CORE_MOST_FREQUENT_H

#include "core/values/histogram.h"
#include "core/values/value_store.h"

/* Return the most frequent of all values, which are sorted. */
extern double MostFrequentOfStore(ValueStore *store);

/* Where the most frequent value must be: in [low, high], where "count" values are. */
typedef struct MostFrequentRange
{
	double		low;
	double		high;
	uint64_t	count;
} MostFrequentRange;

/*
 * Return where the most frequent value is by a canonical histogram.  No value occurs more often than its cell
 * has values, and a cell of one value says how often that occurs.  If the histogram is exact, low is high.
 */
extern MostFrequentRange FindMostFrequentRange(const Histogram *histogram, double min, double max);

/* Return whether a value can be the most frequent one of those in the cells. */
extern bool CanBeMostFrequent(const Histogram *histogram, double min, double max, double value);

#endif							/* NORMFREEZE_CORE_MOST_FREQUENT_H */
