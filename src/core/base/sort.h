/*
 * sort.h
 *		Sorting and selection of order keys.
 */
#ifndef NORMFREEZE_CORE_SORT_H
#define NORMFREEZE_CORE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sort keys in ascending order. */
extern void SortKeys(uint64_t *keys, size_t n);

/* Place the k-th smallest key (from 0) at keys[k], with nothing larger before it and nothing smaller after it. */
extern void SelectKey(uint64_t *keys, size_t n, size_t k);

#endif							/* NORMFREEZE_CORE_SORT_H */
