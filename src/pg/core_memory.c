/*
 * core_memory.c
 *		The core allocates from the current memory context.
 */
#include "pg/compat.h"

#include "core/memory.h"
#include "utils/memutils.h"

void *
CoreAlloc(size_t size)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, size);
}

void *
CoreAllocZero(size_t size)
{
	void	   *pointer = CoreAlloc(size);

	memset(pointer, 0, size);
	return pointer;
}

void *
CoreRealloc(void *pointer, size_t size)
{
	return repalloc_huge(pointer, size);
}

void
CoreFree(void *pointer)
{
	pfree(pointer);
}

void
CoreCheckInterrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}
