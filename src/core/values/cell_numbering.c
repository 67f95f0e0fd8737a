/*
 * cell_numbering.c
 *		Numbering the cells that a histogram may have.
 */
#include "core/values/cell_numbering.h"

#include "core/values/histogram_labels.h"

CellNumbering
HistogramNumberCells(int relative_level, int linear_level)
{
	CellNumbering n = {.relative_level = relative_level, .linear_level = linear_level};
	int			finest = relative_level < 53 ? relative_level : 53;
	int			linear_exponent = linear_level + 1076 - finest;
	int			exact_exponent = linear_level + 1076;

	if (linear_exponent <= 1)
		n.linear_from = 0;		/* subnormals have the exponent of the least normal numbers */
	else
		n.linear_from = linear_exponent > 2047 ? INFINITY_BITS : (uint64_t) linear_exponent << 52;
	n.exact_from = exact_exponent > 2047 ? INFINITY_BITS : (uint64_t) exact_exponent << 52;
	n.relative_count = n.linear_from ? ((n.linear_from - 1) >> relative_level) + 1 : 0;
	n.linear_count = 0;
	n.first_linear_bin = 0;
	if (n.linear_from < n.exact_from)
	{
		n.first_linear_bin = LinearBin(n.linear_from, linear_level);
		n.linear_count = LinearBin(n.exact_from - 1, linear_level) - n.first_linear_bin + 1;
	}
	return n;
}

uint64_t
HistogramCellIndex(const CellNumbering *n, uint64_t magnitude)
{
	if (magnitude < n->linear_from)
		return magnitude >> n->relative_level;
	if (magnitude < n->exact_from)
		return n->relative_count + LinearBin(magnitude, n->linear_level) - n->first_linear_bin;
	return n->relative_count + n->linear_count + (magnitude - n->exact_from);
}

uint64_t
HistogramCellMagnitude(const CellNumbering *n, uint64_t index)
{
	if (index < n->relative_count)
		return index << n->relative_level;
	index -= n->relative_count;
	if (index < n->linear_count)
		return LinearBinMagnitude(n->first_linear_bin + index, n->linear_level);
	index -= n->linear_count;
	return index > INFINITY_BITS - n->exact_from ? INFINITY_BITS : n->exact_from + index;
}
