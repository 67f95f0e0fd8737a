/*
 * memory.h
 *		The core's allocator, supplied by whoever embeds it.
 *
 * The extension maps these to palloc() in the current memory context
 * (pg/core_memory.c), the unit tests to malloc().  None returns NULL.
 */
#ifndef NORMFREEZE_CORE_MEMORY_H
#define NORMFREEZE_CORE_MEMORY_H

#include <stddef.h>

extern void *CoreAlloc(size_t size);
extern void *CoreAllocZero(size_t size);
extern void *CoreRealloc(void *pointer, size_t size);
extern void CoreFree(void *pointer);

#endif							/* NORMFREEZE_CORE_MEMORY_H */
