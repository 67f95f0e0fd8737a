/*
 * cell_numbering.h
 *		Numbering the cells that a histogram may have.
 */
#ifndef NORMFREEZE_CORE_CELL_NUMBERING_H
#define NORMFREEZE_CORE_CELL_NUMBERING_H

#include <stdint.h>

/* Cells of one sign are numbered 0, 1, ... by magnitude: so profiles have them as bytes. */
typedef struct CellNumbering
{
	int			relative_level;
	int			linear_level;
	uint64_t	linear_from;	/* magnitudes below are cut by the relative grid */
	uint64_t	exact_from;		/* from here on the linear grid is finer than an ulp */
	uint64_t	relative_count;
	uint64_t	linear_count;
	uint64_t	first_linear_bin;
} CellNumbering;

extern CellNumbering HistogramNumberCells(int relative_level, int linear_level);
extern uint64_t HistogramCellIndex(const CellNumbering *numbering, uint64_t magnitude);

/* The inverse; INFINITY_BITS or more past the last cell. */
extern uint64_t HistogramCellMagnitude(const CellNumbering *numbering, uint64_t index);

#endif							/* NORMFREEZE_CORE_CELL_NUMBERING_H */
