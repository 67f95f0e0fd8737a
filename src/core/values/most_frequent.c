/*
 * most_frequent.c
 *		The most frequent value of a feature, or what a histogram tells of it.
 */
#include "core/values/most_frequent.h"

#include "core/base/memory.h"
#include "core/values/histogram_ranks.h"

#define INTERRUPT_EVERY		4096

double
MostFrequentOfStore(ValueStore *store)
{
	uint64_t	most = 0;
	uint64_t	first = 0;
	uint64_t	found = 0;

	ValueStoreSort(store);
	for (uint64_t i = 1; i <= store->count; i++)
	{
		if (i % INTERRUPT_EVERY == 0)
			CoreCheckInterrupts();
		if (i < store->count && store->keys[i] == store->keys[first])
			continue;
		if (i - first > most)
		{
			most = i - first;
			found = store->keys[first];
		}
		first = i;
	}
	return OrderKeyValue(found);
}

/* Return the cells of a histogram, by value, cut to [min, max]. */
static HistogramCell *
CutCells(const Histogram *histogram, double min, double max, uint32_t *ncells)
{
	HistogramCell *cells = CoreAlloc(sizeof(HistogramCell) * (histogram->ncells + 1));

	*ncells = HistogramFoldedCells(histogram, histogram->relative_level, histogram->linear_level, cells);
	for (uint32_t i = 0; i < *ncells; i++)
	{
		cells[i].low = cells[i].low < min ? min : cells[i].low;
		cells[i].high = cells[i].high > max ? max : cells[i].high;
	}
	return cells;
}

static bool
IsOneValue(const HistogramCell *cell)
{
	return cell->low == cell->high;
}

/* Return the cell of the value that occurs most often among those that are alone in their cells; NULL for none. */
static const HistogramCell *
MostFrequentAlone(const HistogramCell *cells, uint32_t ncells)
{
	const HistogramCell *most = NULL;

	for (uint32_t i = 0; i < ncells; i++)
		if (IsOneValue(&cells[i]) && (most == NULL || cells[i].count > most->count))
			most = &cells[i];
	return most;
}

/* Return whether a cell can hold the most frequent value, given the most frequent one that is alone. */
static bool
CellIsCandidate(const HistogramCell *cell, const HistogramCell *alone, double min)
{
	/* if the most frequent value occurs once, all do, and of values that occur equally often the least counts */
	if (cell->count == 1 && cell->low != min)
		return false;
	if (IsOneValue(cell))
		return cell == alone;
	return alone == NULL || cell->count > alone->count || (cell->count == alone->count && cell->low < alone->low);
}

MostFrequentRange
FindMostFrequentRange(const Histogram *histogram, double min, double max)
{
	uint32_t	ncells;
	HistogramCell *cells = CutCells(histogram, min, max, &ncells);
	const HistogramCell *alone = MostFrequentAlone(cells, ncells);
	MostFrequentRange range = {min, max, 0};
	uint64_t	between = 0;	/* values in cells since the last candidate */

	for (uint32_t i = 0; i < ncells; i++)
	{
		between += cells[i].count;
		if (!CellIsCandidate(&cells[i], alone, min))
			continue;
		if (range.count == 0)
		{
			range.low = cells[i].low;
			between = cells[i].count;
		}
		range.high = cells[i].high;
		range.count += between;
		between = 0;
	}
	CoreFree(cells);
	return range;
}

bool
CanBeMostFrequent(const Histogram *histogram, double min, double max, double value)
{
	uint32_t	ncells;
	HistogramCell *cells = CutCells(histogram, min, max, &ncells);
	const HistogramCell *alone = MostFrequentAlone(cells, ncells);
	bool		can = false;

	for (uint32_t i = 0; i < ncells; i++)
		can = can || (value >= cells[i].low && value <= cells[i].high && CellIsCandidate(&cells[i], alone, min));
	CoreFree(cells);
	return can;
}
