/*
 * quantile.h
 *		Percentiles and medians with numpy's arithmetic.
 */
#ifndef NORMFREEZE_CORE_QUANTILE_H
#define NORMFREEZE_CORE_QUANTILE_H

#include "core/histogram.h"

/* All finite values of one feature, as order keys. */
typedef struct ValueStore
{
	uint64_t   *keys;
	uint64_t	count;
	uint64_t	capacity;
} ValueStore;

/* Adds a value if it is finite; returns the bytes newly allocated. */
extern size_t ValueStoreAdd(ValueStore *store, double x);
extern size_t ValueStoreReserve(ValueStore *store, uint64_t extra);

/* Where order statistics come from: all values, or a histogram of them. */
typedef struct OrderSource
{
	uint64_t	count;
	ValueStore *store;			/* if not NULL: exact, its keys get reordered */
	const Histogram *histogram; /* else this one, canonical, with the range */
	double		min;
	double		max;
} OrderSource;

extern double SourceMedian(const OrderSource *source);
extern double SourcePercentile(const OrderSource *source, double percent);

/*
 * The inverse of the standard normal distribution function, correctly
 * rounded; -Inf and +Inf at 0 and 1.
 */
extern double NormalQuantile(double p);

#endif							/* NORMFREEZE_CORE_QUANTILE_H */
