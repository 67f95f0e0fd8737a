/*
 * sql_parameter.c
 *		A number of a scaler in its SQL: written out, or a column of the table that a set is joined with.
 */
#include "pg/exchange/sql_parameter.h"

char *
SqlParameter(const SqlExport *sql, double value)
{
	SlotNumbers *numbers = sql->numbers;

	if (numbers)
	{
		if (numbers->count == numbers->room)
		{
			numbers->room = numbers->room ? 2 * numbers->room : 4;
			numbers->values = numbers->values ? repalloc(numbers->values, sizeof(double) * numbers->room) :
				MemoryContextAlloc(numbers->context, sizeof(double) * numbers->room);
		}
		numbers->values[numbers->count++] = value;
		return psprintf(SET_TABLE ".p%d_%d", numbers->slot + 1, numbers->count);
	}
	return SqlNumber(sql->dialect, value);
}
