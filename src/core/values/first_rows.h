/*
 * first_rows.h
 *		The first rows of a group, kept as they came.
 *
 * Most groups of a GROUP BY are small.  Their rows take less memory than the sums, and adding all
 * of them at once, feature by feature, takes a fraction of the time of adding one after the
 * other.
 */
#ifndef NORMFREEZE_CORE_FIRST_ROWS_H
#define NORMFREEZE_CORE_FIRST_ROWS_H

#include "core/values/profile.h"

/* The most rows that are kept.  Blocks have 4, 4, 8, 8 and 8 rows, so that ten rows take the memory of 16. */
#define FIRST_ROWS			32
#define FIRST_ROWS_BLOCKS	5

/* The rows of one group. */
typedef struct FirstRows
{
	int			nrows;
	int			width;			/* how many numbers a row has: its features, and its weight if it has one */
	uint64_t   *block[FIRST_ROWS_BLOCKS];	/* the bits of float8 numbers, row by row */
} FirstRows;

/* Return the block of a row, how many rows come before a block, and how many rows a block has. */
static inline int
FirstRowsBlock(int row)
{
	return row < 8 ? row >> 2 : 1 + (row >> 3);
}

static inline int
FirstRowsBefore(int block)
{
	return block < 2 ? 4 * block : 8 * (block - 1);
}

static inline int
FirstRowsInBlock(int block)
{
	return block < 2 ? 4 : 8;
}

static inline uint64_t *
FirstRow(const FirstRows *rows, int row)
{
	int			block = FirstRowsBlock(row);

	return rows->block[block] + (size_t) (row - FirstRowsBefore(block)) * rows->width;
}

/* Add a row, for which there must be room.  "nulls" may be NULL; the value of a null feature must be NaN. */
extern void FirstRowsAdd(FirstRows *rows, const double *values, const bool *nulls, int nfeatures, double weight);

/*
 * Return the features of a row as they were added, and its weight.  Return false if none of them is NULL;
 * "nulls" is not written then.
 */
extern bool FirstRowsGet(const FirstRows *rows, int row, double *values, bool *nulls, int nfeatures, double *weight);

/*
 * Make the settled profile of these rows, which have no weights.
 *
 * The profile may only be read.  It is in one piece of memory, except for sums that take the slow path.
 */
extern void FirstRowsProfile(const FirstRows *rows, int nfeatures, char **names, uint32_t distribution,
							 Profile *settled);

#endif							/* NORMFREEZE_CORE_FIRST_ROWS_H */
