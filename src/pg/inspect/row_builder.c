/*
 * row_builder.c
 *		Building a result row, column by column.
 */
#include "pg/inspect/row_builder.h"

#include "utils/builtins.h"
#include "utils/tuplestore.h"

void
AddDatum(RowBuilder *row, Datum value, bool isnull)
{
	row->values[row->n] = value;
	row->nulls[row->n++] = isnull;
}

void
AddText(RowBuilder *row, const char *text)
{
	AddDatum(row, text ? CStringGetTextDatum(text) : (Datum) 0, text == NULL);
}

void
AddDouble(RowBuilder *row, double value, bool known)
{
	AddDatum(row, Float8GetDatum(value), !known);
}

void
AddInt8(RowBuilder *row, int64 value, bool known)
{
	AddDatum(row, Int64GetDatum(value), !known);
}

void
PutRow(ReturnSetInfo *rsinfo, RowBuilder *row)
{
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row->values, row->nulls);
}
