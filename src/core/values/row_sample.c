/*
 * row_sample.c
 *		A sample of distinct rows that does not depend on their order.
 */
#include "core/values/row_sample.h"

#include <stdlib.h>

#include "core/base/memory.h"

#define INITIAL_ROWS	32

void
RowSampleInit(RowSample *sample, int width, int size)
{
	memset(sample, 0, sizeof(*sample));
	sample->width = width;
	sample->size = size;
	sample->limit = UINT64_MAX;
}

/* See row_sample.h.  The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), chained over the words. */
uint64_t
RowSampleHash(const uint64_t *words, int n)
{
	uint64_t	hash = UINT64_C(0x9E3779B97F4A7C15);

	for (int i = 0; i < n; i++)
	{
		hash ^= words[i];
		hash = (hash ^ (hash >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		hash = (hash ^ (hash >> 27)) * UINT64_C(0x94D049BB133111EB);
		hash = (hash ^ (hash >> 31)) + UINT64_C(0x9E3779B97F4A7C15);
	}
	return hash;
}

int
CompareSampledRows(const SampledRow *a, const SampledRow *b, int width)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	for (int i = 0; i < width; i++)
		if (a->words[i] != b->words[i])
			return a->words[i] < b->words[i] ? -1 : 1;
	return 0;
}

/* Sort row numbers by a merge sort, because qsort() has no argument for the width. */
static void
SortRows(const RowSample *sample, int *order, int *scratch, int n)
{
	int			half = n / 2;
	int			i = 0;
	int			j = half;

	if (n < 2)
		return;
	SortRows(sample, order, scratch, half);
	SortRows(sample, order + half, scratch, n - half);
	for (int k = 0; k < n; k++)
	{
		bool		left = j == n || (i < half &&
									  CompareSampledRows(SampledRowAt(sample, order[i]), SampledRowAt(sample, order[j]),
														 sample->width) <= 0);

		scratch[k] = left ? order[i++] : order[j++];
	}
	memcpy(order, scratch, sizeof(int) * n);
}

/* Bring a sample into its canonical form: distinct rows by hash, no more than its size. */
static void
RowSampleSettle(RowSample *sample)
{
	size_t		size = SampledRowSize(sample);
	int		   *order;
	char	   *kept;
	int			nkept = 0;

	if (sample->nrows == 0)
		return;
	order = CoreAlloc(sizeof(int) * 2 * sample->nrows);
	kept = CoreAlloc(size * sample->capacity);
	for (int i = 0; i < sample->nrows; i++)
		order[i] = i;
	SortRows(sample, order, order + sample->nrows, sample->nrows);
	for (int i = 0; i < sample->nrows; i++)
	{
		const SampledRow *row = SampledRowAt(sample, order[i]);
		SampledRow *last = (SampledRow *) (kept + size * (nkept - 1));

		if (nkept > 0 && CompareSampledRows(last, row, sample->width) == 0)
			last->count += row->count;
		else if (nkept < sample->size)
			memcpy(kept + size * nkept++, row, size);
		else
		{
			sample->full = true;
			break;
		}
	}
	CoreFree(order);
	CoreFree(sample->rows);
	sample->rows = kept;
	sample->nrows = nkept;
	if (sample->full)
		sample->limit = SampledRowAt(sample, nkept - 1)->hash;
}

static void
RowSampleAddRow(RowSample *sample, uint64_t hash, uint64_t count, const uint64_t *words)
{
	SampledRow *row;

	if (hash > sample->limit)
		return;
	if (sample->nrows == 2 * sample->size)
		RowSampleSettle(sample);
	if (sample->nrows == sample->capacity)
	{
		sample->capacity = sample->capacity == 0 ? INITIAL_ROWS : 2 * sample->capacity;
		if (sample->capacity > 2 * sample->size)
			sample->capacity = 2 * sample->size;
		sample->rows = sample->rows ?
			CoreRealloc(sample->rows, SampledRowSize(sample) * sample->capacity) :
			CoreAlloc(SampledRowSize(sample) * sample->capacity);
	}
	row = SampledRowAt(sample, sample->nrows++);
	row->hash = hash;
	row->count = count;
	memcpy(row->words, words, sizeof(uint64_t) * sample->width);
}

void
RowSampleAdd(RowSample *sample, uint64_t hash, const uint64_t *words)
{
	RowSampleAddRow(sample, hash, 1, words);
}

void
RowSampleMerge(RowSample *sample, const RowSample *other)
{
	/* rows beyond the other sample's limit were dropped there, and must not come back with smaller counts */
	if (other->full && other->limit < sample->limit)
		sample->limit = other->limit;
	sample->full = sample->full || other->full;
	for (int i = 0; i < other->nrows; i++)
	{
		const SampledRow *row = SampledRowAt(other, i);

		RowSampleAddRow(sample, row->hash, row->count, row->words);
	}
}

void
RowSampleCopySettled(RowSample *target, const RowSample *source)
{
	*target = *source;
	if (source->nrows > 0)
	{
		target->rows = CoreAlloc(SampledRowSize(source) * source->capacity);
		memcpy(target->rows, source->rows, SampledRowSize(source) * source->nrows);
	}
	RowSampleSettle(target);
}

void
EncodeRowSample(ByteWriter *writer, const RowSample *settled)
{
	PutVarint(writer, (uint64_t) settled->width);
	PutVarint(writer, (uint64_t) settled->size);
	PutByte(writer, settled->full);
	PutUint64(writer, settled->limit);
	PutVarint(writer, (uint64_t) settled->nrows);
	PutBytes(writer, settled->rows, SampledRowSize(settled) * settled->nrows);
}

bool
DecodeRowSample(RowSample *sample, ByteReader *reader)
{
	uint64_t	width = GetVarint(reader);
	uint64_t	size = GetVarint(reader);
	bool		full = GetByte(reader) != 0;
	uint64_t	limit = GetUint64(reader);
	uint64_t	nrows = GetVarint(reader);
	const uint8_t *bytes;

	if (reader->failed || width > INT32_MAX / 64 || size == 0 || size > INT32_MAX / 4 || nrows > size)
		return false;
	RowSampleInit(sample, (int) width, (int) size);
	sample->full = full;
	sample->limit = limit;
	bytes = GetBytes(reader, SampledRowSize(sample) * nrows);
	if (reader->failed)
		return false;
	if (nrows > 0)
	{
		sample->capacity = sample->nrows = (int) nrows;
		sample->rows = CoreAlloc(SampledRowSize(sample) * nrows);
		memcpy(sample->rows, bytes, SampledRowSize(sample) * nrows);
	}
	return true;
}
