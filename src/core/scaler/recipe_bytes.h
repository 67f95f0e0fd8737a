/*
 * recipe_bytes.h
 *		Pieces of the canonical bytes of recipes, which recipe.c and recipe_extras.c share.
 */
#ifndef NORMFREEZE_CORE_RECIPE_BYTES_H
#define NORMFREEZE_CORE_RECIPE_BYTES_H

#include "core/base/bytes.h"
#include "core/base/memory.h"
#include "core/scaler/formula.h"

/* Write a double; zero has no sign. */
static inline void
PutCanonicalDouble(ByteWriter *writer, double value)
{
	PutDouble(writer, CanonicalZero(value));
}

/* Return a double.  It must not be negative zero, because recipes are canonical. */
static inline double
GetCanonicalDouble(ByteReader *reader)
{
	double		value = GetDouble(reader);

	if (DoubleBits(value) == SIGN_BIT)
		reader->failed = true;
	return value;
}

/* Write the parameters of a formula, and its table if it has one. */
static inline void
PutParameters(ByteWriter *writer, const Formula *formula, const double *param, const FormulaTable *table)
{
	for (int k = 0; k < formula->nparams; k++)
		PutCanonicalDouble(writer, param[k]);
	if (formula->table_name == NULL)
		return;
	PutVarint(writer, table->length);
	for (uint32_t k = 0; k < table->length; k++)
		PutCanonicalDouble(writer, table->values[k]);
}

/* Read them.  Return false for a table that is longer than its bytes. */
static inline bool
GetParameters(ByteReader *reader, const Formula *formula, double *param, FormulaTable *table)
{
	uint64_t	length;

	for (int k = 0; k < formula->nparams; k++)
		param[k] = GetCanonicalDouble(reader);
	if (formula->table_name == NULL)
		return true;
	length = GetVarint(reader);
	if (reader->failed || length > BytesLeft(reader) / sizeof(double))
		return false;
	table->length = (uint32_t) length;
	table->values = CoreAlloc(sizeof(double) * (length + 1));
	for (uint64_t k = 0; k < length; k++)
		table->values[k] = GetCanonicalDouble(reader);
	return true;
}

#endif							/* NORMFREEZE_CORE_RECIPE_BYTES_H */
