/*
 * core_memory.c
 *		The functions that the core requires by memory.h: memory comes from the current memory
 *		context, and text is in the encoding of the database.
 */
#include "pg/base/compat.h"

#include "core/base/memory.h"
#include "mb/pg_wchar.h"

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

const char *
CoreTextToUtf8(const char *text)
{
	return pg_server_to_any(text, strlen(text), PG_UTF8);
}

/* CheckUntrustedScaler() will verify text from outside */
char *
CoreTextFromUtf8(char *text)
{
	if (GetDatabaseEncoding() == PG_UTF8)
		return text;
	return pg_any_to_server(text, strlen(text), PG_UTF8);
}

void
CoreCheckInterrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}
