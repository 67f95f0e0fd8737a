/*
 * row_builder.h
 *		A row of what a function returns, a column after the other.
 */
#ifndef NORMFREEZE_ROW_BUILDER_H
#define NORMFREEZE_ROW_BUILDER_H

#include "pg/base/compat.h"

#include "nodes/execnodes.h"

#define ROW_BUILDER_COLUMNS	25	/* as many as the widest, describe(), has */

/* Begins with n of 0. */
typedef struct RowBuilder
{
	Datum		values[ROW_BUILDER_COLUMNS];
	bool		nulls[ROW_BUILDER_COLUMNS];
	int			n;
} RowBuilder;

extern void AddDatum(RowBuilder *row, Datum value, bool isnull);

/* NULL for NULL */
extern void AddText(RowBuilder *row, const char *text);

/* NULL for what is not known */
extern void AddDouble(RowBuilder *row, double value, bool known);
extern void AddInt8(RowBuilder *row, int64 value, bool known);

/* Return the row, as InitMaterializedSRF() has prepared. */
extern void PutRow(ReturnSetInfo *rsinfo, RowBuilder *row);

#endif							/* NORMFREEZE_ROW_BUILDER_H */
