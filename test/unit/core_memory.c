/*
 * core_memory.c
 *		What the core asks of its surroundings, without PostgreSQL.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

void *
CoreAlloc(size_t size)
{
	void	   *pointer = malloc(size ? size : 1);

	if (pointer == NULL)
		abort();
	return pointer;
}

void *
CoreAllocZero(size_t size)
{
	return memset(CoreAlloc(size), 0, size);
}

void *
CoreRealloc(void *pointer, size_t size)
{
	pointer = realloc(pointer, size);
	if (pointer == NULL)
		abort();
	return pointer;
}

void
CoreFree(void *pointer)
{
	free(pointer);
}

const char *
CoreTextToUtf8(const char *text)
{
	return text;
}

char *
CoreTextFromUtf8(char *text)
{
	return text;
}

void
CoreCheckInterrupts(void)
{
}
