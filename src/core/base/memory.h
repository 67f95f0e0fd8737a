/*
 * memory.h
 *		What the core needs of whoever embeds it: memory, text, and leave to go on.
 *
 * The extension maps these to palloc() in the current memory context
 * (pg/base/core_memory.c), the unit tests to malloc().  None returns NULL.
 *
 * Text in our bytes is UTF-8, so that the same names have the same bytes, and
 * scalers the same id, whatever the encoding here is.
 */
#ifndef NORMFREEZE_CORE_MEMORY_H
#define NORMFREEZE_CORE_MEMORY_H

#include <stddef.h>

extern void *CoreAlloc(size_t size);
extern void *CoreAllocZero(size_t size);
extern void *CoreRealloc(void *pointer, size_t size);
extern void CoreFree(void *pointer);

/* From the encoding here to UTF-8 and back; the same string where there is nothing to convert. */
extern const char *CoreTextToUtf8(const char *text);
extern char *CoreTextFromUtf8(char *text);

/* Called now and then in long loops: it may not return. */
extern void CoreCheckInterrupts(void);

#endif							/* NORMFREEZE_CORE_MEMORY_H */
