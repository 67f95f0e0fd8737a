/*
 * import_numbers.c
 *		Reading the number of features, and arrays with a value for each feature.
 */
#include "pg/exchange/import.h"

#include "core/values/profile.h"
#include "pg/base/text.h"

/* ---- features ---- */

void
CheckFeatureCount(int count)
{
	if (count > PROFILE_MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d features are more than a scaler may have", count),
				 errdetail("The limit is %d.", PROFILE_MAX_FEATURES)));
}

void
ImportCount(Import *import, const char *key, int count)
{
	if (import->counted && import->nfeatures != count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: the number of features is %d by \"%s\", but %d by \"%s\"",
						import->what, count, key, import->nfeatures, import->counted)));
	if (count == 0)
		ImportInvalid(import, key, "empty", "of at least one feature");
	CheckFeatureCount(count);
	import->nfeatures = count;
	import->counted = key;
	if (import->class && import->class->takes_nan && import->nan_keys == NULL)
	{
		import->nan_keys = palloc0(sizeof(char *) * count);
		import->has_numbers = palloc0(sizeof(bool) * count);
	}
}

void
ImportNames(Import *import, const JsonNode *array, const char *key)
{
	ImportCount(import, key, array->nchildren);
	import->names = NULL;
	for (int i = 0; i < array->nchildren; i++)
		if (array->children[i]->type != JSON_NODE_STRING)
			ImportInvalidOf(import, key, i, NodeText(array->children[i]), "a string");
	import->names = palloc(sizeof(char *) * array->nchildren);
	for (int i = 0; i < array->nchildren; i++)
		import->names[i] = array->children[i]->text;
}

void
ImportCheckValue(const Import *import, double value, const char *key, int i, ImportDemand demand)
{
	static const char *const texts[] = {
		[IMPORT_FINITE] = "a finite number",
		[IMPORT_NONZERO] = "a finite number other than zero",
		[IMPORT_NOT_NEGATIVE] = "a finite number not below zero",
		[IMPORT_SPREAD] = "a number not below zero",
	};

	if (isnan(value) && import->nan_keys)
		import->nan_keys[i] = key;
	else if ((!isfinite(value) && !(demand == IMPORT_SPREAD && value == INFINITY)) ||
			 (demand == IMPORT_NONZERO && value == 0) || (demand >= IMPORT_NOT_NEGATIVE && value < 0))
		ImportInvalidOf(import, key, i, FloatText(value), texts[demand]);
	else if (import->nan_keys)
		import->has_numbers[i] = true;
}

double
ImportValue(const Import *import, const JsonNode *node, const char *key, int i, ImportDemand demand)
{
	double		value;

	/* systems without NaN in JSON write null for it */
	if (node->type == JSON_NODE_NULL && import->nan_keys)
		value = NAN;
	else if (!ImportNodeNumber(import, node, &value))
		ImportInvalidOf(import, key, i, NodeText(node), "a finite number");
	ImportCheckValue(import, value, key, i, demand);
	return value;
}

/* Return a whole number of a vector.  Fails unless it is there and from 0 to "limit".  The rest is for errors. */
static int
VectorInteger(const Import *import, const JsonNode *node, const char *key, const char *member, int limit)
{
	double		value;

	if (node == NULL || !JsonNumber(node, &value) || value < 0 || value > limit || value != floor(value))
		ImportInvalid(import, key, psprintf("a vector with \"%s\" %s", member, node ? NodeText(node) : "missing"),
					  psprintf("one with a whole number from 0 to %d there", limit));
	return (int) value;
}

/*
 * Return the values of a Spark vector as it is stored (mllib-local's VectorUDT).
 *
 * Type 1 has all values.  Type 0 has the size, and the values other than 0 with their positions in ascending
 * order.
 */
static double *
VectorNumbers(Import *import, const JsonNode *vector, const char *key, ImportDemand demand)
{
	static const char *const members[] = {"type", "size", "indices", "values", NULL};
	const char *const *lists[] = {members};
	const JsonNode *array = JsonMember(vector, "values");
	const JsonNode *indices = JsonMember(vector, "indices");
	bool		sparse = VectorInteger(import, JsonMember(vector, "type"), key, "type", 1) == 0;
	int			size;
	int			next = 0;
	double	   *values;

	ImportRefuseOthers(import, vector, lists, 1);
	if (array == NULL || array->type != JSON_NODE_ARRAY)
		ImportInvalid(import, key, "a vector without \"values\"", "one with an array of them");
	size = sparse ? VectorInteger(import, JsonMember(vector, "size"), key, "size", INT_MAX) : array->nchildren;
	if (sparse && (indices == NULL || indices->type != JSON_NODE_ARRAY || indices->nchildren != array->nchildren))
		ImportInvalid(import, key, "a sparse vector with another number of \"indices\" than of \"values\"",
					  "one with as many");
	ImportCount(import, key, size);
	values = palloc0(sizeof(double) * size);
	for (int i = 0; i < array->nchildren; i++)
	{
		int			at = sparse ? VectorInteger(import, indices->children[i], key, "indices", size - 1) : i;

		if (at < next)
			ImportInvalid(import, key, "a sparse vector whose \"indices\" do not ascend", "one whose do");
		values[at] = ImportValue(import, array->children[i], key, at, demand);
		next = at + 1;
	}
	for (int i = 0; sparse && demand == IMPORT_NONZERO && i < size; i++)
		ImportCheckValue(import, values[i], key, i, demand);
	return values;
}

static double *
NumbersOf(Import *import, const JsonNode *array, const char *key, ImportDemand demand)
{
	double	   *values;

	if (array->type == JSON_NODE_OBJECT && import->family->vectors)
		return VectorNumbers(import, array, key, demand);
	values = palloc(sizeof(double) * (array->nchildren + 1));
	if (array->type != JSON_NODE_ARRAY)
		ImportInvalid(import, key, NodeText(array), "an array");
	ImportCount(import, key, array->nchildren);
	for (int i = 0; i < array->nchildren; i++)
		values[i] = ImportValue(import, array->children[i], key, i, demand);
	return values;
}

double *
ImportNumbersIn(Import *import, const JsonNode *object, const char *key, ImportDemand demand)
{
	Import		inner = *import;
	const JsonNode *array;

	inner.root = object;
	array = ImportMember(&inner, key);
	if (array == NULL)
		ImportMissing(import, key);
	return NumbersOf(import, array, key, demand);
}

double *
ImportNumbersIfAny(Import *import, const char *key, ImportDemand demand)
{
	const JsonNode *array = ImportMember(import, key);

	return array ? NumbersOf(import, array, key, demand) : NULL;
}

double *
ImportNumbers(Import *import, const char *key, ImportDemand demand)
{
	double	   *values = ImportNumbersIfAny(import, key, demand);

	if (values == NULL)
		ImportMissing(import, key);
	return values;
}

void
ImportRequireCount(const Import *import)
{
	if (import->nfeatures == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: it does not say how many features it has", import->what),
				 errhint("Add \"%s\", or names of the features as \"%s\".",
						 import->family->count_keys[0], import->family->name_keys[0])));
}

double *
ImportConstant(const Import *import, double value)
{
	double	   *values;

	ImportRequireCount(import);
	values = palloc(sizeof(double) * import->nfeatures);
	for (int i = 0; i < import->nfeatures; i++)
		values[i] = value;
	return values;
}
