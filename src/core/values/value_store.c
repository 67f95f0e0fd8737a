/*
 * value_store.c
 *		Keeping all values of one feature, for exact order statistics.
 */
#include "core/values/value_store.h"

#include <string.h>

#include "core/base/float_bits.h"
#include "core/base/memory.h"
#include "core/base/sort.h"

#define STORE_INITIAL	8
#define STORE_DOUBLES_TO	(1 << 17)	/* larger stores grow by a quarter, because memory is limited */

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
	if (store->weighted)
		store->weights = store->weights ?
			CoreRealloc(store->weights, sizeof(double) * store->capacity) :
			CoreAlloc(sizeof(double) * store->capacity);
	return (sizeof(uint64_t) + (store->weighted ? sizeof(double) : 0)) * (store->capacity - before);
}

size_t
ValueStoreAdd(ValueStore *store, double x)
{
	size_t		allocated;

	if (!IsFiniteBits(DoubleBits(x)))
		return 0;
	allocated = ValueStoreReserve(store, 1);
	store->keys[store->count++] = OrderKey(x);
	store->sorted = false;
	return allocated;
}

size_t
ValueStoreAddWeighted(ValueStore *store, double x, double weight)
{
	uint64_t	at = store->count;
	size_t		allocated = ValueStoreAdd(store, x);

	if (store->count > at)
		store->weights[at] = weight;
	return allocated;
}

size_t
ValueStoreMerge(ValueStore *store, const ValueStore *other)
{
	size_t		allocated = ValueStoreReserve(store, other->count);

	if (other->count == 0)
		return allocated;
	memcpy(store->keys + store->count, other->keys, sizeof(uint64_t) * other->count);
	if (store->weighted)
		memcpy(store->weights + store->count, other->weights, sizeof(double) * other->count);
	store->count += other->count;
	store->sorted = false;
	return allocated;
}

void
ValueStoreSort(ValueStore *store)
{
	if (!store->sorted)
		SortKeys(store->keys, store->count);
	store->sorted = true;
}

uint64_t
ValueStoreKey(ValueStore *store, uint64_t k)
{
	if (!store->sorted)
		SelectKey(store->keys, store->count, k);
	return store->keys[k];
}
