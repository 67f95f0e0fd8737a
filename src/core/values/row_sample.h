/*
 * row_sample.h
 *		A sample of distinct rows that does not depend on their order.
 *
 * Of all distinct rows, those with the least hashes are kept (the "bottom-k" or KMV sample; Cohen
 * and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007).  Which these are depends on
 * the set of rows alone, so samples of parts merge into the sample of the whole.  A row that is
 * kept in the end was never dropped before, so its count is exact.
 */
#ifndef NORMFREEZE_CORE_ROW_SAMPLE_H
#define NORMFREEZE_CORE_ROW_SAMPLE_H

#include "core/base/bytes.h"

/* A row of a number of 64-bit words, whose meaning is up to the caller. */
typedef struct SampledRow
{
	uint64_t	hash;
	uint64_t	count;			/* number of rows that are equal to this one */
	uint64_t	words[];
} SampledRow;

/* A sample. */
typedef struct RowSample
{
	int			width;			/* number of words of a row */
	int			size;			/* number of rows to keep */
	int			nrows;			/* number of rows it has now: up to twice the size, in any order, some perhaps twice */
	int			capacity;
	bool		full;			/* rows were dropped, so only hashes up to the limit count */
	uint64_t	limit;
	char	   *rows;
} RowSample;

/* Return the size of a sampled row in bytes, or the i-th one of a sample. */
static inline size_t
SampledRowSize(const RowSample *sample)
{
	return sizeof(SampledRow) + sizeof(uint64_t) * (size_t) sample->width;
}

static inline SampledRow *
SampledRowAt(const RowSample *sample, int i)
{
	return (SampledRow *) (sample->rows + SampledRowSize(sample) * (size_t) i);
}

/* Start a sample of no rows. */
extern void RowSampleInit(RowSample *sample, int width, int size);

/* Return the hash of a row. */
extern uint64_t RowSampleHash(const uint64_t *words, int width);

/* Add a row, with a hash that is a function of its words. */
extern void RowSampleAdd(RowSample *sample, uint64_t hash, const uint64_t *words);

/* Add the rows of another sample of the same width and size. */
extern void RowSampleMerge(RowSample *sample, const RowSample *other);

/* Compare two rows by hash, and rows with the same hash by their words. */
extern int	CompareSampledRows(const SampledRow *a, const SampledRow *b, int width);

/* Make a copy in canonical form: distinct rows by hash, no more than the size. */
extern void RowSampleCopySettled(RowSample *target, const RowSample *source);

/* Write a sample in canonical form, and read it.  Return false if the bytes are malformed. */
extern void EncodeRowSample(ByteWriter *writer, const RowSample *settled);
extern bool DecodeRowSample(RowSample *sample, ByteReader *reader);

#endif							/* NORMFREEZE_CORE_ROW_SAMPLE_H */
