/*
 * histogram_ranks.c
 *		Reading a canonical histogram: what it tells about the value of a rank.
 */
#include "core/values/histogram_ranks.h"

#include <assert.h>

#include "core/values/cell_numbering.h"
#include "core/values/histogram_labels.h"

typedef struct CellRange
{
	double		low;
	double		high;			/* the last float8 inside */
	uint64_t	before;			/* number of values below the cell */
	uint64_t	count;
} CellRange;

/* Set the least and the greatest float8 of a cell.  Zero is in none. */
static void
CellBounds(uint64_t label, int relative_level, int linear_level, double *low, double *high)
{
	uint64_t	magnitude = LabelMagnitude(label);
	CellNumbering numbering = HistogramNumberCells(relative_level, linear_level);
	uint64_t	index = HistogramCellIndex(&numbering, magnitude);
	double		near = BitsDouble(magnitude ? magnitude : 1);
	double		far = BitsDouble(HistogramCellMagnitude(&numbering, index + 1) - 1);

	*low = LabelIsNegative(label) ? -far : near;
	*high = LabelIsNegative(label) ? -near : far;
}

/* Return the cell of the k-th smallest value, cut to [min, max]. */
static CellRange
FindOrderCell(const Histogram *h, uint64_t k, double min, double max)
{
	CellRange	cell = {0.0, 0.0, 0, 0};
	bool		zeros_done = false;

	for (uint32_t i = 0; i <= h->ncells; i++)
	{
		if (!zeros_done && (i == h->ncells || !LabelIsNegative(h->labels[i])))
		{
			zeros_done = true;
			cell.low = cell.high = 0.0;
			cell.count = h->zeros;
			if (k < cell.before + cell.count)
				return cell;
			cell.before += cell.count;
		}
		if (i == h->ncells)
			break;
		cell.count = h->counts[i];
		if (k >= cell.before + cell.count)
		{
			cell.before += cell.count;
			continue;
		}
		CellBounds(h->labels[i], h->relative_level, h->linear_level, &cell.low, &cell.high);
		if (cell.low < min)
			cell.low = min;
		if (cell.high > max)
			cell.high = max;
		return cell;
	}
	cell.low = cell.high = max;
	cell.count = 1;
	return cell;
}

double
HistogramOrderStatistic(const Histogram *histogram, uint64_t k, double min, double max)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	/* as if the values of the cell were spread evenly across it */
	return cell.low + (cell.high - cell.low) * (((double) (k - cell.before) + 0.5) / (double) cell.count);
}

void
HistogramOrderBounds(const Histogram *histogram, uint64_t k, double min, double max,
					 double *low, double *high)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*low = cell.low;
	*high = cell.high;
}

double
HistogramCellValue(const Histogram *histogram, uint64_t k, double min, double max, uint64_t *count)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*count = cell.before + cell.count - k;
	return cell.low + (cell.high - cell.low) * 0.5;
}

void
HistogramCellOfRank(const Histogram *histogram, uint64_t k, double min, double max,
					double *low, double *high, uint64_t *before, uint64_t *count)
{
	CellRange	cell = FindOrderCell(histogram, k, min, max);

	*low = cell.low;
	*high = cell.high;
	*before = cell.before;
	*count = cell.count;
}

uint32_t
HistogramFoldedCells(const Histogram *histogram, int relative_level, int linear_level, HistogramCell *cells)
{
	const Histogram *h = histogram;
	uint32_t	n = 0;
	uint64_t	previous = 0;
	bool		zeros_done = h->zeros == 0;

	assert(relative_level >= h->relative_level && linear_level >= h->linear_level);
	for (uint32_t i = 0; i < h->ncells; i++)
	{
		uint64_t	label = CellLabel(h->labels[i], relative_level, linear_level);

		if (!zeros_done && !LabelIsNegative(label))
		{
			zeros_done = true;
			cells[n++] = (HistogramCell) {0.0, 0.0, h->zeros};
		}
		else if (i > 0 && label == previous)
		{
			cells[n - 1].count += h->counts[i];
			continue;
		}
		CellBounds(label, relative_level, linear_level, &cells[n].low, &cells[n].high);
		cells[n++].count = h->counts[i];
		previous = label;
	}
	if (!zeros_done)
		cells[n++] = (HistogramCell) {0.0, 0.0, h->zeros};
	return n;
}
