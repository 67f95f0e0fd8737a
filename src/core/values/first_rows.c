/*
 * first_rows.c
 *		Adding up few rows at once; see first_rows.h.
 */
#include "core/values/first_rows.h"

#include "core/base/memory.h"
#include "core/base/sort.h"

/* A NaN that stands for NULL.  A value with these bits is stored as another NaN. */
#define NULL_BITS		UINT64_C(0x7FF8000000004E55)
#define OTHER_NAN_BITS	UINT64_C(0x7FF8000000000000)

void
FirstRowsAdd(FirstRows *rows, const double *values, const bool *nulls, int nfeatures, double weight)
{
	uint64_t   *target = FirstRow(rows, rows->nrows);

	for (int i = 0; i < nfeatures; i++)
	{
		uint64_t	bits = DoubleBits(values[i]);

		target[i] = bits == NULL_BITS ? OTHER_NAN_BITS : bits;
	}
	for (int i = 0; nulls && i < nfeatures; i++)
		if (nulls[i])
			target[i] = NULL_BITS;
	if (rows->width > nfeatures)
		target[nfeatures] = DoubleBits(weight);
	rows->nrows++;
}

bool
FirstRowsGet(const FirstRows *rows, int row, double *values, bool *nulls, int nfeatures, double *weight)
{
	const uint64_t *source = FirstRow(rows, row);
	bool		any = false;

	memcpy(values, source, sizeof(double) * nfeatures);
	for (int i = 0; i < nfeatures; i++)
		any = any || source[i] == NULL_BITS;
	for (int i = 0; any && i < nfeatures; i++)
		nulls[i] = source[i] == NULL_BITS;
	*weight = rows->width > nfeatures ? BitsDouble(source[nfeatures]) : 1.0;
	return any;
}

/* Make the distribution of few keys, which are sorted: a cell for each value but zero, which is counted by itself. */
static void
FewCells(Histogram *h, const uint64_t *keys, int n)
{
	const uint64_t zero = OrderKey(0.0);

	for (int i = 0; i < n; i++)
	{
		if (keys[i] == zero)
			h->zeros++;
		else if (h->ncells > 0 && h->labels[h->ncells - 1] == keys[i])
			h->counts[h->ncells - 1]++;
		else
		{
			h->labels[h->ncells] = keys[i];
			h->counts[h->ncells++] = 1;
		}
	}
}

/* The same at the levels that are needed if there are more values than bins. */
static void
CoarseCells(Histogram *h, const uint64_t *keys, int n)
{
	HistogramInit(h, h->size);
	for (int i = 0; i < n; i++)
		HistogramAddSlow(h, DoubleBits(OrderKeyValue(keys[i])));
	HistogramCanonicalize(h);
}

void
FirstRowsProfile(const FirstRows *rows, int nfeatures, char **names, uint32_t distribution, Profile *settled)
{
	int			nrows = rows->nrows;
	size_t		words = MOMENTS_OF_FEW_LIMBS + (distribution ? 2 * (size_t) nrows : 0);
	size_t		size = ProfileSize(nfeatures, distribution);
	uint8_t    *memory = CoreAlloc(size + sizeof(uint64_t) * words * nfeatures);
	uint64_t   *room = (uint64_t *) (memory + size);
	const uint64_t *row[FIRST_ROWS];

	ProfileInitAt(settled, nfeatures, names, distribution, memory);
	settled->rows = nrows;
	for (int r = 0; r < nrows; r++)
		row[r] = FirstRow(rows, r);
	for (int i = 0; i < nfeatures; i++)
	{
		Moments    *m = &settled->moments[i];
		uint64_t	finite[FIRST_ROWS];
		uint64_t	keys[FIRST_ROWS];
		int			n = 0;

		for (int r = 0; r < nrows; r++)
		{
			uint64_t	bits = row[r][i];

			if (IsFiniteBits(bits))
				finite[n++] = bits;
			else
				MomentsAddMissingOrInfinite(m, bits, bits == NULL_BITS);
		}
		MomentsAddFew(m, finite, n, room);
		room += MOMENTS_OF_FEW_LIMBS;
		if (distribution)
		{
			Histogram  *h = &settled->histograms[i];

			for (int k = 0; k < n; k++)
				keys[k] = OrderKey(BitsDouble(finite[k]));
			SortKeys(keys, n);
			h->labels = room;
			h->counts = room + nrows;
			room += 2 * nrows;
			if ((uint32_t) n <= distribution)
				FewCells(h, keys, n);
			else
				CoarseCells(h, keys, n);
		}
	}
}
