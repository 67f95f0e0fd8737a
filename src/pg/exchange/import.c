/*
 * import.c
 *		Reading scalers of other systems: members, arrays, features, errors.
 *
 * Numbers are taken as they are: nothing is derived anew that the other
 * system has derived and stored, since it would have other bits.
 */
#include "pg/exchange/import.h"

#include "core/values/profile.h"
#include "mb/pg_wchar.h"
#include "pg/base/call.h"
#include "pg/base/names.h"
#include "pg/base/text.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* ---- errors ---- */

static int
FamilyHint(const Import *import)
{
	return import->family->hint ? errhint("%s", import->family->hint) : 0;
}

void
ImportMissing(const Import *import, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" is missing or null", import->what, key),
			 FamilyHint(import)));
}

void
ImportInvalid(const Import *import, const char *key, const char *is, const char *must_be)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" is %s, and must be %s", import->what, key, is, must_be)));
}

void
ImportInvalidOf(const Import *import, const char *key, int i, const char *is, const char *must_be)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" of %s is %s, and must be %s", import->what, key,
					FeatureLabel(import->names ? import->names[i] : NULL, i), is, must_be)));
}

#define SHOWN_LENGTH	40

const char *
NodeText(const JsonNode *node)
{
	int			length;
	const char *more;

	switch (node->type)
	{
		case JSON_NODE_NUMBER:
		case JSON_NODE_STRING:
			length = pg_mbcliplen(node->text, strlen(node->text), SHOWN_LENGTH);
			more = node->text[length] ? "..." : "";
			return node->type == JSON_NODE_NUMBER ? psprintf("%.*s%s", length, node->text, more) :
				psprintf("the string \"%.*s%s\"", length, node->text, more);
		case JSON_NODE_BOOLEAN:
			return node->boolean ? "true" : "false";
		case JSON_NODE_NULL:
			return "null";
		default:
			return psprintf("an %s", JsonTypeName(node));
	}
}

/* ---- members ---- */

static bool
IsListed(const char *const *list, const char *key)
{
	for (; list && *list; list++)
		if (strcmp(*list, key) == 0)
			return true;
	return false;
}

/* A member by this very name, of the object or of its containers. */
static const JsonNode *
FindExactly(const Import *import, const char *key)
{
	const JsonNode *node = JsonMember(import->root, key);

	for (const char *const *name = import->family->containers; node == NULL && *name; name++)
	{
		const JsonNode *container = JsonMember(import->root, *name);

		if (container && container->type == JSON_NODE_OBJECT)
			node = JsonMember(container, key);
	}
	return node;
}

/* "mean" for "mean_", or NULL where that is no name of this one alone. */
static const char *
BareName(const Import *import, const ImportClass *class, const char *key)
{
	size_t		length = strlen(key);
	const char *bare;

	if (!import->family->underscores || length < 2 || key[length - 1] != '_')
		return NULL;
	bare = pnstrdup(key, length - 1);
	if (class && ((class->bare && strcmp(class->bare, bare) == 0) || IsListed(class->members, bare)))
		return NULL;
	return bare;
}

static const JsonNode *
FindMember(const Import *import, const ImportClass *class, const char *key)
{
	const JsonNode *node = FindExactly(import, key);
	const char *bare = BareName(import, class, key);
	const JsonNode *other = bare ? FindExactly(import, bare) : NULL;

	if (node && other)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: it has both \"%s\" and \"%s\"", import->what, key, bare)));
	return node ? node : other;
}

bool
ImportMentions(const Import *import, const char *key)
{
	return FindMember(import, import->class, key) != NULL;
}

const JsonNode *
ImportMember(const Import *import, const char *key)
{
	const JsonNode *node = FindMember(import, import->class, key);

	return node && node->type != JSON_NODE_NULL ? node : NULL;
}

/* A private attribute, such as "_sklearn_version": objects of other versions have others. */
static bool
IsPrivate(const Import *import, const char *key)
{
	return import->family->underscores && key[0] == '_';
}

static bool
IsListedBare(const Import *import, const char *const *list, const char *key)
{
	for (; list && *list; list++)
	{
		const char *bare = BareName(import, import->class, *list);

		if (strcmp(*list, key) == 0 || (bare && strcmp(bare, key) == 0))
			return true;
	}
	return false;
}

void
ImportRefuseOthers(const Import *import, const JsonNode *object, const char *const *const *lists, int nlists)
{
	StringInfoData known;

	for (int i = 0; i < object->nchildren; i++)
	{
		const char *key = object->children[i]->key;
		bool		found = IsPrivate(import, key);

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < nlists && !found; k++)
			found = IsListedBare(import, lists[k], key);
		if (found)
			continue;
		initStringInfo(&known);
		for (int k = 0; k < nlists; k++)
			for (const char *const *name = lists[k]; name && *name; name++)
				appendStringInfo(&known, "%s\"%s\"", known.len ? ", " : "", *name);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is no member of it, and would be ignored", import->what,
						pnstrdup(key, pg_mbcliplen(key, strlen(key), SHOWN_LENGTH))),
				 errhint("Leave it out, or correct its name. The members are: %s.", known.data)));
	}
}

static const char *
TypeText(JsonNodeType type)
{
	static const char *const texts[] = {
		[JSON_NODE_NULL] = "null",
		[JSON_NODE_BOOLEAN] = "true or false",
		[JSON_NODE_NUMBER] = "a number",
		[JSON_NODE_STRING] = "a string",
		[JSON_NODE_ARRAY] = "an array",
		[JSON_NODE_OBJECT] = "an object",
	};

	return texts[type];
}

static const JsonNode *
MemberOfType(const Import *import, const char *key, JsonNodeType type)
{
	const JsonNode *node = ImportMember(import, key);

	if (node && node->type != type)
		ImportInvalid(import, key, NodeText(node), TypeText(type));
	return node;
}

const JsonNode *
ImportRequired(const Import *import, const char *key, JsonNodeType type)
{
	const JsonNode *node = MemberOfType(import, key, type);

	if (node == NULL)
		ImportMissing(import, key);
	return node;
}

bool
ImportBoolean(const Import *import, const char *key, bool fallback)
{
	const JsonNode *node = MemberOfType(import, key, JSON_NODE_BOOLEAN);

	return node ? node->boolean : fallback;
}

/* Names of numbers that JSON has no numbers for. */
static bool
SpecialNumber(const char *text, double *value)
{
	static const struct
	{
		const char *text;
		double		value;
	}			specials[] = {
		{"NaN", NAN}, {"nan", NAN},
		{"Infinity", INFINITY}, {"inf", INFINITY},
		{"-Infinity", -INFINITY}, {"-inf", -INFINITY},
		{"Inf", INFINITY}, {"-Inf", -INFINITY}, /* Spark's DoubleParam.jValueEncode() */
	};

	for (int i = 0; i < lengthof(specials); i++)
		if (strcmp(specials[i].text, text) == 0)
		{
			*value = specials[i].value;
			return true;
		}
	return false;
}

static bool
NodeNumber(const Import *import, const JsonNode *node, double *value)
{
	char	   *end;

	if (node->type == JSON_NODE_STRING && SpecialNumber(node->text, value))
		return true;
	if (node->type == JSON_NODE_STRING && import->family->numeric_strings &&
		node->text[0] != '\0' && strspn(node->text, "+-.0123456789eE") == strlen(node->text))
	{
		*value = strtod(node->text, &end);
		return *end == '\0';
	}
	return JsonNumber(node, value);
}

/* May be infinite or NaN, as strings. */
double
ImportNumber(const Import *import, const char *key, double fallback)
{
	const JsonNode *node = ImportMember(import, key);
	double		value = fallback;

	if (node && !NodeNumber(import, node, &value))
		ImportInvalid(import, key, NodeText(node), "a number within float8");
	return value;
}

const char *
ImportString(const Import *import, const char *key, const char *fallback)
{
	const JsonNode *node = MemberOfType(import, key, JSON_NODE_STRING);

	return node ? node->text : fallback;
}

int
ImportChoice(const Import *import, const char *key, const char *const *choices, int fallback)
{
	const char *text = ImportString(import, key, NULL);
	StringInfoData list;

	if (text == NULL)
		return fallback;
	initStringInfo(&list);
	for (int i = 0; choices[i]; i++)
	{
		if (strcmp(choices[i], text) == 0)
			return i;
		appendStringInfo(&list, "%s\"%s\"", i ? " or " : "", choices[i]);
	}
	ImportInvalid(import, key, psprintf("\"%.*s\"", pg_mbcliplen(text, strlen(text), SHOWN_LENGTH), text), list.data);
}

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

/* Names and the number of features, so far as they are told. */
static void
FindFeatures(Import *import)
{
	for (const char *const *key = import->family->name_keys; *key && !import->names; key++)
	{
		const JsonNode *names = MemberOfType(import, *key, JSON_NODE_ARRAY);

		if (names)
			ImportNames(import, names, *key);
	}
	for (const char *const *key = import->family->count_keys; *key; key++)
	{
		const JsonNode *node = MemberOfType(import, *key, JSON_NODE_NUMBER);
		double		count;

		if (node == NULL)
			continue;
		if (!JsonNumber(node, &count) || count < 1 || count > INT_MAX || count != floor(count))
			ImportInvalid(import, *key, NodeText(node), "a whole number above zero");
		ImportCount(import, *key, (int) count);
	}
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

	/* what has no NaN writes null in an array of numbers */
	if (node->type == JSON_NODE_NULL && import->nan_keys)
		value = NAN;
	else if (!NodeNumber(import, node, &value))
		ImportInvalidOf(import, key, i, NodeText(node), "a finite number");
	ImportCheckValue(import, value, key, i, demand);
	return value;
}

/* A whole number from 0 to a limit. */
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
 * A vector as Spark stores it (mllib-local's VectorUDT): of type 1 all values,
 * of type 0 the size, and values with their positions in ascending order; the
 * others are 0.
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
		ImportInvalid(import, key, "a sparse vector with another number of \"indices\" than of \"values\"", "one with as many");
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

/* ---- method and options ---- */

double *
ImportOption(Import *import, const char *name)
{
	double	   *value = import->option;

	for (int i = 0; i < METHOD_MAX_OPTIONS && import->method->options[i]; i++)
	{
		if (strcmp(import->method->options[i]->name, name) == 0)
			return value;
		value += MethodOptionWidth(import->method->options[i]);
	}
	elog(ERROR, "method %s has no option %s", import->method->name, name);
}

static void
ReadOption(const Import *import, const MethodOption *option, double *value)
{
	const JsonNode *node = ImportMember(import, option->name);

	if (node == NULL)
		return;
	switch (option->kind)
	{
		case OPTION_BOOLEAN:
			*value = ImportBoolean(import, option->name, false) ? 1 : 0;
			break;
		case OPTION_INTEGER:
		case OPTION_NUMBER:
			*value = ImportNumber(import, option->name, 0);
			break;
		case OPTION_CHOICE:
			*value = ImportChoice(import, option->name, option->choices, 0);
			break;
		case OPTION_INTERVAL:
			if (node->type != JSON_NODE_ARRAY || node->nchildren != 2 ||
				!NodeNumber(import, node->children[0], &value[0]) || !NodeNumber(import, node->children[1], &value[1]))
				ImportInvalid(import, option->name, NodeText(node), "an array of two numbers");
			break;
	}
}

void
ImportMethod(Import *import, const char *method)
{
	double	   *value = import->option;

	import->method = MethodByName(method);
	MethodDefaults(import->method, import->option);
	for (int i = 0; import->root && i < METHOD_MAX_OPTIONS && import->method->options[i]; i++)
	{
		ReadOption(import, import->method->options[i], value);
		value += MethodOptionWidth(import->method->options[i]);
	}
}

FeatureRecipe *
ImportFeatures(Import *import)
{
	ImportRequireCount(import);
	import->features = palloc0(sizeof(FeatureRecipe) * import->nfeatures);
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];

		f->name = import->names ? import->names[i] : NULL;
		f->method = import->method;
		memcpy(f->option, import->option, sizeof(f->option));
		f->formula = import->method->formula(import->option);
		f->lower = -RANGE_UNKNOWN;
		f->upper = RANGE_UNKNOWN;
		f->imported = true;
	}
	return import->features;
}

FeatureRecipe *
ImportFormula(Import *import, const Formula *formula, const double *const *param)
{
	ImportFeatures(import);
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];

		f->formula = formula;
		for (int k = 0; k < formula->nparams; k++)
			f->param[k] = param[k][i];
	}
	return import->features;
}

void
ImportRange(Import *import, const char *low_key, const double *low, const char *high_key, const double *high)
{
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];

		if (low[i] > high[i])
			ImportInvalidOf(import, high_key, i, FloatText(high[i]),
							psprintf("at least \"%s\", %s", low_key, FloatText(low[i])));
		f->lower = low[i];
		f->upper = high[i];
		f->constant = low[i] == high[i];
	}
}

void
ImportRangeAroundZero(Import *import, const double *largest)
{
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];

		f->lower = -largest[i];
		f->upper = largest[i];
		f->constant = largest[i] == 0;
	}
}

/* ---- the whole ---- */

void
ImportStart(Import *import, const ImportFamily *family)
{
	CheckFloatEnvironment();
	memset(import, 0, sizeof(*import));
	import->family = family;
	import->what = family->title;
}

static void
CheckOptions(const Import *import)
{
	const double *value = import->option;

	for (int i = 0; i < METHOD_MAX_OPTIONS && import->method->options[i]; i++)
	{
		const MethodOption *option = import->method->options[i];
		const char *problem = MethodOptionProblem(option, value);

		if (problem)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: option \"%s\" %s", import->what, option->name, problem)));
		value += MethodOptionWidth(option);
	}
}

/* What was computed from the numbers given must be usable too. */
static void
CheckParameters(const Import *import)
{
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];

		for (int k = 0; k < f->formula->nparams; k++)
			if (!isfinite(f->param[k]) || (f->param[k] == 0 && FormulaDividesBy(f->formula, k)))
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("cannot import %s: the %s of %s would be %s", import->what,
								f->formula->param_names[k], FeatureLabel(f->name, i), FloatText(f->param[k])),
						 errhint("Leave the feature out of the scaler before exporting it.")));
	}
}

void
ImportCheck(const Import *import)
{
	if (import->method)
		CheckOptions(import);
	CheckParameters(import);
}

/* An array has its values by position, and a scaler of arrays takes them in the order of its outputs. */
static void
CheckInputsInOrder(const Import *import)
{
	bool		in_order = import->nfeatures == import->ninputs;

	for (int i = 0; in_order && i < import->nfeatures; i++)
		in_order = import->inputs[i] == i;
	if (!in_order)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: it changes the order of its columns or drops some, and they have no names",
						import->what),
				 errdetail("It has %d columns and %d outputs.", import->ninputs, import->nfeatures),
				 errhint("Fit it to a DataFrame, or add the names of its columns as \"%s\".", import->family->name_keys[0])));
}

bytea *
ImportFinish(Import *import)
{
	Recipe		recipe = {0};
	const char *problem;

	if (import->names)
		CheckFeatureNames(import->names, import->nfeatures);
	else if (import->inputs)
		CheckInputsInOrder(import);
	ImportCheck(import);
	recipe.nfeatures = import->nfeatures;
	recipe.named = import->names != NULL;
	recipe.features = import->features;
	problem = RecipeProblem(&recipe);
	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: %s", import->what, problem)));
	return MakeScaler(&recipe, NULL, NULL, 0);
}

/* ---- classes ---- */

static const ImportClass *
ClassByTelltale(const Import *import)
{
	for (const ImportClass *class = import->family->classes; class->name; class++)
		for (int i = 0; i < lengthof(class->telltales) && class->telltales[i]; i++)
			if (FindMember(import, class, class->telltales[i]))
				return class;
	ImportMissing(import, "class");
}

/* "pyspark.ml.feature.StandardScalerModel" is StandardScaler, too. */
static const ImportClass *
ClassByName(const Import *import, const char *full_name)
{
	const char *suffix = import->family->suffix;
	const char *dot = strrchr(full_name, '.');
	const char *name = dot ? dot + 1 : full_name;
	StringInfoData list;

	initStringInfo(&list);
	for (const ImportClass *class = import->family->classes; class->name; class++)
	{
		if (strcmp(class->name, name) == 0 || strcmp(psprintf("%s%s", class->name, suffix), name) == 0)
			return class;
		appendStringInfo(&list, "%s%s%s", list.len ? ", " : "", class->name, suffix);
	}
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot import class \"%s\"", full_name),
			 import->part ? errdetail("It is %s.", import->part) : 0,
			 errhint("The classes are: %s.", list.data)));
}

/* Every member must be one that the class or the family has, in containers as well. */
static void
CheckMembers(const Import *import)
{
	static const char *const class_key[] = {"class", NULL};
	const ImportFamily *family = import->family;
	const char *const *const lists[] = {
		import->class->members, family->members, family->name_keys, family->count_keys,
		family->classes[1].name ? class_key : NULL, family->containers,
	};

	for (const char *const *name = family->containers; *name; name++)
	{
		const JsonNode *container = JsonMember(import->root, *name);

		if (container == NULL || container->type == JSON_NODE_NULL)
			continue;
		if (container->type != JSON_NODE_OBJECT)
			ImportInvalid(import, *name, NodeText(container), "an object");
		ImportRefuseOthers(import, container, lists, lengthof(lists) - 1);
	}
	ImportRefuseOthers(import, import->root, lists, lengthof(lists));
}

/*
 * A feature with NaN for all that is fitted to it was fitted without a value,
 * and gives NaN for every one.  NaN beside numbers is no result of any fit.
 */
static void
SetFeaturesWithoutValues(Import *import)
{
	for (int i = 0; import->nan_keys && i < import->nfeatures; i++)
	{
		if (import->nan_keys[i] == NULL)
			continue;
		if (import->has_numbers[i])
			ImportInvalidOf(import, import->nan_keys[i], i, "NaN", "a finite number, or NaN in all that is fitted to the feature");
		import->features[i].lower = -RANGE_UNKNOWN;
		import->features[i].upper = RANGE_UNKNOWN;
		FeatureSetUnfit(&import->features[i], CONSTANT_NULL);
	}
}

void
ImportObject(Import *import)
{
	const ImportClass *class = import->family->classes;
	const char *name;

	if (import->root->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: a JSON object is expected, not %s", import->what, JsonTypeName(import->root)),
				 FamilyHint(import)));
	/* a family of one class does not ask for it */
	if (class[1].name)
	{
		name = ImportString(import, "class", NULL);
		class = name ? ClassByName(import, name) : ClassByTelltale(import);
		import->what = import->part ? psprintf("%s of %s", class->name, import->part) : class->name;
	}
	import->class = class;
	CheckMembers(import);
	FindFeatures(import);
	class->read(import);
	SetFeaturesWithoutValues(import);
}

Datum
ImportFromTree(const ImportFamily *family, const JsonNode *root)
{
	Import		import;

	ImportStart(&import, family);
	import.root = root;
	ImportObject(&import);
	return PointerGetDatum(ImportFinish(&import));
}

Datum
ImportFromJsonb(const ImportFamily *family, Jsonb *jsonb)
{
	return ImportFromTree(family, JsonParseJsonb(jsonb, family->title));
}
