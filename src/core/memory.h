/*
 * memory.h
 *		What the core needs of whoever embeds it: memory, and leave to go on.
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

/* Called now and then in long loops: it may not return. */
extern void CoreCheckInterrupts(void);

#endif							/* NORMFREEZE_CORE_MEMORY_H */
