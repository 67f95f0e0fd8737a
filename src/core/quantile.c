/*
 * quantile.c
 *		Percentiles and medians with numpy's arithmetic.
 *
 * numpy.nanpercentile(x, q, method='linear') and numpy.nanmedian(x), operation
 * by operation (numpy/lib/_function_base_impl.py: _quantile, _lerp,
 * _get_gamma, _get_indexes; _nanfunctions_impl.py: _nanmedian1d).
 */
#include "core/quantile.h"

#include <math.h>

#include "core/memory.h"
#include "core/sort.h"

#define STORE_INITIAL	8
#define STORE_DOUBLES_TO	(1 << 17)	/* larger ones grow by a quarter: memory is limited */

size_t
ValueStoreReserve(ValueStore *store, uint64_t extra)
{
	uint64_t	before = store->capacity;

	if (extra <= store->capacity - store->count)
		return 0;
	if (store->capacity == 0)
		store->capacity = STORE_INITIAL;
	while (extra > store->capacity - store->count)
		store->capacity += store->capacity < STORE_DOUBLES_TO ? store->capacity : store->capacity / 4;
	store->keys = store->keys ?
		CoreRealloc(store->keys, sizeof(uint64_t) * store->capacity) :
		CoreAlloc(sizeof(uint64_t) * store->capacity);
	return sizeof(uint64_t) * (store->capacity - before);
}

size_t
ValueStoreAdd(ValueStore *store, double x)
{
	size_t		allocated;

	if (!IsFiniteBits(DoubleBits(x)))
		return 0;
	allocated = ValueStoreReserve(store, 1);
	store->keys[store->count++] = OrderKey(x);
	return allocated;
}

static double
OrderStatistic(const OrderSource *source, uint64_t k)
{
	if (source->store)
	{
		SelectKey(source->store->keys, source->store->count, k);
		return OrderKeyValue(source->store->keys[k]);
	}
	return HistogramOrderStatistic(source->histogram, k, source->min, source->max);
}

double
SourceMedian(const OrderSource *source)
{
	uint64_t	middle = source->count / 2;

	if (source->count == 0)
		return NAN;
	if (source->count & 1)
		return OrderStatistic(source, middle);
	/* numpy takes the mean of the two: a sum, then a division */
	return (OrderStatistic(source, middle - 1) + OrderStatistic(source, middle)) / 2.0;
}

double
SourcePercentile(const OrderSource *source, double percent)
{
	double		last = (double) (source->count - 1);
	double		index = last * (percent / 100.0);
	double		previous = floor(index);
	double		gamma = index - previous;
	double		a;
	double		b;
	double		difference;

	if (source->count == 0)
		return NAN;
	if (index >= last)
	{
		/* numpy's previous = next = -1: gamma is large, the difference zero */
		a = b = OrderStatistic(source, source->count - 1);
		gamma = index + 1.0;
	}
	else
	{
		a = OrderStatistic(source, (uint64_t) previous);
		b = OrderStatistic(source, (uint64_t) previous + 1);
	}
	difference = b - a;
	if (gamma >= 0.5)
		return b - difference * (1.0 - gamma);
	return a + difference * gamma;
}
