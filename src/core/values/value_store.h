/*
 * value_store.h
 *		Keeping all values of one feature, for exact order statistics.
 */
#ifndef NORMFREEZE_CORE_VALUE_STORE_H
#define NORMFREEZE_CORE_VALUE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The finite values of a feature, as order keys. */
typedef struct ValueStore
{
	uint64_t   *keys;
	uint64_t	count;
	uint64_t	capacity;
	bool		sorted;
} ValueStore;

/* Add a value if it is finite.  Return the number of bytes that were allocated. */
extern size_t ValueStoreAdd(ValueStore *store, double x);

/* Make room for so many more values.  Return the number of bytes that were allocated. */
extern size_t ValueStoreReserve(ValueStore *store, uint64_t extra);

/* Sort the keys.  This is for stores of which many keys are wanted by rank. */
extern void ValueStoreSort(ValueStore *store);

/* Return the k-th smallest key (from 0, less than the count).  Unless sorted, the keys change their order. */
extern uint64_t ValueStoreKey(ValueStore *store, uint64_t k);

#endif							/* NORMFREEZE_CORE_VALUE_STORE_H */
