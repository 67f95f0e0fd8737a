/*
 * sort.h
 *		Sorting and selection of order keys.
 */
#ifndef NORMFREEZE_CORE_SORT_H
#define NORMFREEZE_CORE_SORT_H

#include <stddef.h>
#include <stdint.h>

extern void SortKeys(uint64_t *keys, size_t n);

/* Place the k-th smallest key at keys[k], nothing larger before, nothing smaller after it. */
extern void SelectKey(uint64_t *keys, size_t n, size_t k);

#endif							/* NORMFREEZE_CORE_SORT_H */
