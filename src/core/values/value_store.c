/*
 * value_store.c
 *		Keeping all values of one feature, for exact order statistics.
 */
#include "core/values/value_store.h"

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
