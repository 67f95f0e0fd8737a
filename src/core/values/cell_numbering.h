/*
 * cell_numbering.h
 *		Numbering the cells that a histogram can have.
 */
#ifndef NORMFREEZE_CORE_CELL_NUMBERING_H
#define NORMFREEZE_CORE_CELL_NUMBERING_H

#include <stdint.h>

/* The numbers of cells, as profiles store them: cells of one sign are numbered 0, 1, ... by magnitude. */
typedef struct CellNumbering
{
	int			relative_level;
	int			linear_level;
	uint64_t	linear_from;	/* the relative grid cuts magnitudes below this */
	uint64_t	exact_from;		/* from this magnitude on, the linear grid is finer than a unit in the last place */
	uint64_t	relative_count;
	uint64_t	linear_count;
	uint64_t	first_linear_bin;
} CellNumbering;

/* Return the numbering of the cells at these levels. */
extern CellNumbering HistogramNumberCells(int relative_level, int linear_level);

/* Return the number of the cell that holds a magnitude, given by its bits. */
extern uint64_t HistogramCellIndex(const CellNumbering *numbering, uint64_t magnitude);

/* Return the least magnitude of a cell, given its number; INFINITY_BITS or more past the last cell. */
extern uint64_t HistogramCellMagnitude(const CellNumbering *numbering, uint64_t index);

#endif							/* NORMFREEZE_CORE_CELL_NUMBERING_H */
