/*
 * histogram_fold.c
 *		Merging cells, and folding them into fewer.
 */
#include "core/values/histogram_fold.h"

#include "core/base/memory.h"
#include "core/values/histogram_labels.h"

/* Return the least level at which two magnitudes share a bin of the relative grid. */
static inline int
RelativeJoin(uint64_t a, uint64_t b)
{
	return a == b ? 0 : 64 - __builtin_clzll(a ^ b);
}

/*
 * Return the same for the linear grid, for a <= b.
 *
 * It is one above the first bit in which the two differ as multiples of 2^-1074, which is the leading bit of b
 * if the exponents differ.
 */
static inline int
LinearJoin(uint64_t a, uint64_t b)
{
	int			a_exponent = (int) (a >> 52);
	int			b_exponent = (int) (b >> 52);
	int			bit = 52;

	if (a == b)
		return LINEAR_LEVEL_MIN;
	/* subnormals have the exponent of the least normal numbers */
	if (b_exponent == 0)
		b_exponent = 1;
	if (a_exponent == b_exponent || b_exponent == 1)
		bit = 63 - __builtin_clzll(a ^ b);
	return bit + 1 + b_exponent - 1075;
}

/*
 * Return the least level, from "lowest" on, that leaves at most "size" bins.
 *
 * At level "highest" there are "bins" bins, and at level - 1 there are joins[level - base] more than at level.
 */
static int
LeastLevel(const uint32_t *joins, int base, int lowest, int highest, uint32_t bins, uint32_t size)
{
	int			level = highest;

	while (level > lowest && bins + joins[level - base] <= size)
		bins += joins[level-- - base];
	return level;
}

bool
HistogramRaiseLevels(Histogram *h, const uint64_t *labels, uint32_t n)
{
	int16_t		relative_level = h->relative_level;
	int16_t		linear_level = h->linear_level;
	uint32_t	relative_joins[RELATIVE_LEVEL_MAX + 1] = {0};
	uint32_t	linear_joins[LINEAR_LEVEL_MAX - LINEAR_LEVEL_MIN + 1] = {0};
	uint32_t	signs = n > 0;
	int			relative_most = relative_level; /* the greatest levels at which any join */
	int			linear_most = linear_level;

	for (uint32_t i = 1; i < n; i++)
	{
		uint64_t	a = LabelMagnitude(labels[i - 1]);
		uint64_t	b = LabelMagnitude(labels[i]);
		int			relative;
		int			linear;

		if (LabelIsNegative(labels[i - 1]) != LabelIsNegative(labels[i]))
		{
			signs++;
			continue;
		}
		relative = RelativeJoin(a, b);
		linear = LinearJoin(a < b ? a : b, a < b ? b : a);
		relative_joins[relative]++;
		linear_joins[linear - LINEAR_LEVEL_MIN]++;
		relative_most = relative > relative_most ? relative : relative_most;
		linear_most = linear > linear_most ? linear : linear_most;
	}
	h->relative_level = (int16_t) LeastLevel(relative_joins, 0, h->relative_level, relative_most, signs, h->size);
	h->linear_level =
		(int16_t) LeastLevel(linear_joins, LINEAR_LEVEL_MIN, h->linear_level, linear_most, signs, h->size);
	return h->relative_level != relative_level || h->linear_level != linear_level;
}

#define NO_LABEL	0			/* the key of a NaN */

/*
 * Append a cell, or add to the last one if it is the same.  Return the number of cells.
 *
 * The label is not less than "previous", that of the last of n cells, or NO_LABEL.  There is no branch, because
 * no predictor guesses which bins share a cell.
 */
static inline uint32_t
AppendFoldedCell(uint64_t *labels, uint64_t *counts, uint32_t n, uint64_t previous, uint64_t label, uint64_t count)
{
	bool		same = label == previous;
	uint32_t	at = n - same;

	labels[at] = label;
	counts[at] = (same ? counts[at] : 0) + count;
	return at + 1;
}

void
HistogramFoldCells(Histogram *h)
{
	uint64_t	previous = NO_LABEL;
	uint32_t	n = 0;

	for (uint32_t i = 0; i < h->ncells; i++)
	{
		uint64_t	label = CellLabel(h->labels[i], h->relative_level, h->linear_level);

		n = AppendFoldedCell(h->labels, h->counts, n, previous, label, h->counts[i]);
		previous = label;
	}
	h->ncells = n;
}

void
HistogramCoarsen(Histogram *h)
{
	if (HistogramRaiseLevels(h, h->labels, h->ncells))
		HistogramFoldCells(h);
}

void
HistogramMergeCells(Histogram *h, const uint64_t *keys, const uint64_t *counts, uint32_t n)
{
	uint64_t   *labels = CoreAlloc(sizeof(uint64_t) * ((size_t) h->ncells + n + 1));
	uint64_t   *merged = CoreAlloc(sizeof(uint64_t) * ((size_t) h->ncells + n + 1));
	uint64_t	previous = NO_LABEL;
	uint32_t	i = 0;
	uint32_t	out = 0;

	for (uint32_t j = 0; j < n; j++)
	{
		uint64_t	label = CellLabel(keys[j], h->relative_level, h->linear_level);

		for (; i < h->ncells && h->labels[i] < label; previous = h->labels[i++])
			out = AppendFoldedCell(labels, merged, out, previous, h->labels[i], h->counts[i]);
		out = AppendFoldedCell(labels, merged, out, previous, label, counts ? counts[j] : 1);
		previous = label;
	}
	for (; i < h->ncells; previous = h->labels[i++])
		out = AppendFoldedCell(labels, merged, out, previous, h->labels[i], h->counts[i]);

	if (h->labels)
	{
		CoreFree(h->labels);
		CoreFree(h->counts);
	}
	h->labels = labels;
	h->counts = merged;
	h->ncells = out;
	if (out > 2 * h->size)
		HistogramCoarsen(h);
}
