/*
 * row_sample.h
 *		A sample of distinct rows that does not depend on their order.
 *
 * Of all distinct rows, those are kept whose hashes are least (the "bottom-k"
 * or KMV sample; Cohen and Kaplan, "Summarizing data using bottom-k
 * sketches", PODC 2007).  Which these are is a function of the set of rows, so
 * samples of parts merge into the sample of the whole.  A row that is kept in
 * the end was never dropped before, so its number is exact.
 */
#ifndef NORMFREEZE_CORE_ROW_SAMPLE_H
#define NORMFREEZE_CORE_ROW_SAMPLE_H

#include "core/base/bytes.h"

/* A row is so many 64-bit words; what they mean is the caller's business. */
typedef struct SampledRow
{
	uint64_t	hash;
	uint64_t	count;			/* how many rows were just this one */
	uint64_t	words[];
} SampledRow;

typedef struct RowSample
{
	int			width;			/* words of a row */
	int			size;			/* rows to keep */
	int			nrows;			/* at hand: up to twice the size, in any order, some perhaps twice */
	int			capacity;
	bool		full;			/* rows were dropped: only hashes up to the limit count */
	uint64_t	limit;
	char	   *rows;
} RowSample;

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

extern void RowSampleInit(RowSample *sample, int width, int size);
extern uint64_t RowSampleHash(const uint64_t *words, int width);
extern void RowSampleAdd(RowSample *sample, uint64_t hash, const uint64_t *words);
extern void RowSampleMerge(RowSample *sample, const RowSample *other);

/* By hash; rows of one hash by their words, so that the order is one of rows. */
extern int	CompareSampledRows(const SampledRow *a, const SampledRow *b, int width);

/* A copy in canonical form: distinct rows by hash, no more than the size. */
extern void RowSampleCopySettled(RowSample *target, const RowSample *source);

extern void EncodeRowSample(ByteWriter *writer, const RowSample *settled);
extern bool DecodeRowSample(RowSample *sample, ByteReader *reader);

#endif							/* NORMFREEZE_CORE_ROW_SAMPLE_H */
