/*
 * value_store.h
 *		Keeping all values of one feature, for exact order statistics.
 */
#ifndef NORMFREEZE_CORE_VALUE_STORE_H
#define NORMFREEZE_CORE_VALUE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The finite values of a feature, as order keys.
 *
 * With weights, these follow the keys, whose order then never changes: no rank is asked for.
 */
typedef struct ValueStore
{
	uint64_t   *keys;
	double	   *weights;		/* NULL without weights, or without values */
	bool		weighted;
	uint64_t	count;
	uint64_t	capacity;
	bool		sorted;
} ValueStore;

/* Add a value if it is finite.  Return the number of bytes that were allocated. */
extern size_t ValueStoreAdd(ValueStore *store, double x);

/* The same for a store with weights. */
extern size_t ValueStoreAddWeighted(ValueStore *store, double x, double weight);

/* Add the values of another store, which has weights if this one does.  Return likewise. */
extern size_t ValueStoreMerge(ValueStore *store, const ValueStore *other);

/* Make room for so many more values.  Return the number of bytes that were allocated. */
extern size_t ValueStoreReserve(ValueStore *store, uint64_t extra);

/* Sort the keys.  This is for stores of which many keys are wanted by rank. */
extern void ValueStoreSort(ValueStore *store);

/* Return the k-th smallest key (from 0, less than the count).  Unless sorted, the keys change their order. */
extern uint64_t ValueStoreKey(ValueStore *store, uint64_t k);

#endif							/* NORMFREEZE_CORE_VALUE_STORE_H */
