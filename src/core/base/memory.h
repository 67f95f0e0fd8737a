/*
 * memory.h
 *		What the core needs from the program around it: memory, conversion of text, and checks for interrupts.
 *
 * The extension maps these functions to palloc() in the current memory context (pg/base/core_memory.c), the
 * unit tests to malloc().  None of them returns NULL: they do not return at all if memory runs out.
 *
 * Text in our formats is UTF-8, whatever the encoding of the database is, so that equal names have equal bytes
 * and equal scalers have equal ids.
 */
#ifndef NORMFREEZE_CORE_MEMORY_H
#define NORMFREEZE_CORE_MEMORY_H

#include <stddef.h>

/* Allocate memory, zeroed memory, change the size of an allocation, and free it. */
extern void *CoreAlloc(size_t size);
extern void *CoreAllocZero(size_t size);
extern void *CoreRealloc(void *pointer, size_t size);
extern void CoreFree(void *pointer);

/*
 * Convert from the encoding of the program to UTF-8, and back.  Where there is nothing to convert the
 * argument is returned.
 */
extern const char *CoreTextToUtf8(const char *text);
extern char *CoreTextFromUtf8(char *text);

/* Long loops call this regularly.  It does not return if the work is to be cancelled. */
extern void CoreCheckInterrupts(void);

#endif							/* NORMFREEZE_CORE_MEMORY_H */
