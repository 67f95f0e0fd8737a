/*
 * value_store.h
 *		All values of one feature, kept for exact order statistics.
 */
#ifndef NORMFREEZE_CORE_VALUE_STORE_H
#define NORMFREEZE_CORE_VALUE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The finite values, as order keys. */
typedef struct ValueStore
{
	uint64_t   *keys;
	uint64_t	count;
	uint64_t	capacity;
	bool		sorted;
} ValueStore;

/* Adds a value if it is finite; returns the bytes newly allocated. */
extern size_t ValueStoreAdd(ValueStore *store, double x);
extern size_t ValueStoreReserve(ValueStore *store, uint64_t extra);

/* The k-th smallest key, from 0; the order of the keys changes.  Sort first to ask for many. */
extern void ValueStoreSort(ValueStore *store);
extern uint64_t ValueStoreKey(ValueStore *store, uint64_t k);

#endif							/* NORMFREEZE_CORE_VALUE_STORE_H */
