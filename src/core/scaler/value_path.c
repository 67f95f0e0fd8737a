/*
 * value_path.c
 *		What happens to a value of a fit before a method sees it.
 */
#include "core/scaler/value_path.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/scaler/recipe_bytes.h"

static PathElement *
AddElement(ValuePath *path, PathElementKind kind)
{
	PathElement *element = &path->elements[path->count++];

	memset(element, 0, sizeof(*element));
	element->kind = kind;
	element->low = -INFINITY;
	element->high = INFINITY;
	return element;
}

void
PathAddRange(ValuePath *path, PathElementKind kind, double low, double high)
{
	PathElement *element = AddElement(path, kind);

	element->low = low;
	element->high = high;
}

void
PathAddDropUndefined(ValuePath *path, const Formula *formula)
{
	AddElement(path, PATH_DROP_UNDEFINED)->formula = formula;
}

void
PathAddClipUndefined(ValuePath *path, const Formula *formula, double low, double high)
{
	PathElement *element = AddElement(path, PATH_CLIP_UNDEFINED);

	element->formula = formula;
	element->low = low;
	element->high = high;
}

void
PathAddStep(ValuePath *path, const Formula *formula, const double *param, const FormulaTable *table, double low,
			double high)
{
	PathElement *element = AddElement(path, PATH_STEP);

	element->formula = formula;
	memcpy(element->param, param, sizeof(element->param));
	element->table = *table;
	element->low = low;
	element->high = high;
}

static double
ApplyFormula(const PathElement *element, double x)
{
	KernelParams params = KernelParamsOf(element->param, &element->table);
	double		y;

	element->formula->forward(&x, &y, &params, 1);
	return y;
}

bool
PathElementValue(const PathElement *element, double *x)
{
	switch (element->kind)
	{
		case PATH_CLIP:
			break;
		case PATH_DROP:
			if (*x < element->low || *x > element->high)
				return false;
			break;
		case PATH_DROP_UNDEFINED:
			return InDomain(element->formula, *x);
		case PATH_CLIP_UNDEFINED:
			if (InDomain(element->formula, *x))
				return true;
			break;
		case PATH_STEP:
			*x = ApplyFormula(element, *x);
			break;
	}
	if (*x < element->low)
		*x = element->low;
	if (*x > element->high)
		*x = element->high;
	return true;
}

bool
PathValue(const ValuePath *path, double x, double *y)
{
	for (int i = 0; i < path->count; i++)
		if (!PathElementValue(&path->elements[i], &x))
			return false;
	*y = x;
	return true;
}

/* ---- bytes ---- */

void
PutPath(ByteWriter *writer, const ValuePath *path)
{
	PutVarint(writer, path ? (uint64_t) path->count : 0);
	for (int i = 0; path && i < path->count; i++)
	{
		const PathElement *element = &path->elements[i];

		PutByte(writer, (uint8_t) element->kind);
		PutDouble(writer, element->low);
		PutDouble(writer, element->high);
		if (element->formula == NULL)
			continue;
		PutByte(writer, element->formula->code);
		if (element->kind == PATH_STEP)
			PutParameters(writer, element->formula, element->param, &element->table);
	}
}

/* Return whether a formula of single values can be applied with these parameters. */
static bool
CanBeApplied(const PathElement *element)
{
	const FormulaTable *table = &element->table;

	if (FormulaIsOfRows(element->formula) || (element->formula->table_name && table->length == 0))
		return false;
	for (int k = 0; k < element->formula->nparams; k++)
		if (!isfinite(element->param[k]))
			return false;
	for (uint32_t k = 0; k < table->length; k++)
		if (!isfinite(table->values[k]) || (k > 0 && table->values[k] < table->values[k - 1]))
			return false;
	return true;
}

ValuePath *
GetPath(ByteReader *reader)
{
	uint64_t	count = GetVarint(reader);
	ValuePath  *path;

	if (reader->failed || count > PATH_MOST_ELEMENTS)
		reader->failed = true;
	if (reader->failed || count == 0)
		return NULL;
	path = CoreAllocZero(sizeof(ValuePath));
	path->count = (int) count;
	for (int i = 0; i < path->count && !reader->failed; i++)
	{
		PathElement *element = &path->elements[i];
		uint8_t		kind = GetByte(reader);

		element->kind = kind;
		element->low = GetDouble(reader);
		element->high = GetDouble(reader);
		if (kind > PATH_STEP || !(element->low <= element->high))
			reader->failed = true;
		if (reader->failed || kind < PATH_DROP_UNDEFINED)
			continue;
		element->formula = FormulaByCode(GetByte(reader));
		if (element->formula == NULL || FormulaIsOfRows(element->formula) ||
			(kind == PATH_STEP &&
			 (!GetParameters(reader, element->formula, element->param, &element->table) || !CanBeApplied(element))))
			reader->failed = true;
	}
	return path;
}
