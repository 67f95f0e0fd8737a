/*
 * row_builder.h
 *		Building a result row, column by column.
 */
#ifndef NORMFREEZE_ROW_BUILDER_H
#define NORMFREEZE_ROW_BUILDER_H

#include "pg/base/compat.h"

#include "nodes/execnodes.h"

#define ROW_BUILDER_COLUMNS	25	/* number of columns of describe(), which has most */

/* The values of the columns so far.  It must start with n = 0. */
typedef struct RowBuilder
{
	Datum		values[ROW_BUILDER_COLUMNS];
	bool		nulls[ROW_BUILDER_COLUMNS];
	int			n;
} RowBuilder;

/* Add a column. */
extern void AddDatum(RowBuilder *row, Datum value, bool isnull);

/* Add a column of type text.  It is NULL if the text is NULL. */
extern void AddText(RowBuilder *row, const char *text);

/* Add a column of type double precision.  It is NULL if the number is not known. */
extern void AddDouble(RowBuilder *row, double value, bool known);

/* Add a column of type bigint, likewise. */
extern void AddInt8(RowBuilder *row, int64 value, bool known);

/* Put the row into the result that InitMaterializedSRF() has prepared, and begin the next one. */
extern void PutRow(ReturnSetInfo *rsinfo, RowBuilder *row);

#endif							/* NORMFREEZE_ROW_BUILDER_H */
