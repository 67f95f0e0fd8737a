/*
 * import.c
 *		Making a scaler of what was read from another system: features, method and class.
 *
 * Numbers are taken as they are.  What the other system derived and stored is not derived again,
 * because the result might have other bits.
 */
#include "pg/exchange/import.h"

#include "pg/base/call.h"
#include "pg/base/names.h"
#include "pg/base/text.h"
#include "pg/scaler/scaler_bytes.h"

/* Find the names and the number of the features, as far as the import tells them. */
static void
FindFeatures(Import *import)
{
	for (const char *const *key = import->family->name_keys; *key && !import->names; key++)
	{
		const JsonNode *names = ImportMemberOfType(import, *key, JSON_NODE_ARRAY);

		if (names)
			ImportNames(import, names, *key);
	}
	for (const char *const *key = import->family->count_keys; *key; key++)
	{
		const JsonNode *node = ImportMemberOfType(import, *key, JSON_NODE_NUMBER);
		double		count;

		if (node == NULL)
			continue;
		if (!JsonNumber(node, &count) || count < 1 || count > INT_MAX || count != floor(count))
			ImportInvalid(import, *key, NodeText(node), "a whole number above zero");
		ImportCount(import, *key, (int) count);
	}
}

/* ---- method and options ---- */

double *
ImportOption(Import *import, const char *name)
{
	int			place;

	if (MethodOptionByName(import->method, name, &place))
		return import->option + place;
	elog(ERROR, "method %s has no option %s", import->method->name, name);
}

static void
ReadImportOption(const Import *import, const MethodOption *option, double *value)
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
				!ImportNodeNumber(import, node->children[0], &value[0]) ||
				!ImportNodeNumber(import, node->children[1], &value[1]))
				ImportInvalid(import, option->name, NodeText(node), "an array of two numbers");
			break;
	}
}

void
ImportMethod(Import *import, const Method *method)
{
	const MethodOption *option;
	int			place = 0;

	import->method = method;
	MethodDefaults(import->method, import->option);
	for (int i = 0; import->root && (option = MethodOptionAt(import->method, i, &place)) != NULL; i++)
		ReadImportOption(import, option, import->option + place);
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
		f->formula = MethodFormula(import->method, import->option);
		f->domain.policy = MethodUsualDomain(import->method, import->option);
		SetRangeUnknown(f);
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
	const MethodOption *option;
	int			place = 0;

	for (int i = 0; (option = MethodOptionAt(import->method, i, &place)) != NULL; i++)
	{
		const char *problem = MethodOptionProblem(option, import->option + place);

		if (problem)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: option \"%s\" %s", import->what, option->name, problem)));
	}
}

/* Check that what was computed from the given numbers is usable, too. */
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

/*
 * Fail if a scaler without names changes the order of its columns or drops some.
 *
 * An array has its values by position, and a scaler of arrays takes them in the order of its outputs.
 */
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
				 errhint("Fit it to a DataFrame, or add the names of its columns as \"%s\".",
						 import->family->name_keys[0])));
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

/*
 * Return the class of an object that does not name it: the first of the family of which it has a telling member.
 * Fails if there is none.
 */
static const ImportClass *
ClassByTelltale(const Import *import)
{
	for (const ImportClass *class = import->family->classes; class->name; class++)
		for (int i = 0; i < lengthof(class->telltales) && class->telltales[i]; i++)
			if (ImportFindMember(import, class, class->telltales[i]))
				return class;
	ImportMissing(import, "class");
}

/* Return a class by its name.  A qualified name such as "pyspark.ml.feature.StandardScalerModel" ends with it. */
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

/* Fail if a member of the object, or of its containers, is none that the class or the family has. */
static void
CheckKnownMembers(const Import *import)
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
 * Mark features that were fitted without a value.  All their fitted attributes are NaN, and they give NaN for
 * every value.
 *
 * Fails for a feature with NaN beside numbers, since no fit gives that.
 */
static void
SetFeaturesWithoutValues(Import *import)
{
	for (int i = 0; import->nan_keys && i < import->nfeatures; i++)
	{
		if (import->nan_keys[i] == NULL)
			continue;
		if (import->has_numbers[i])
			ImportInvalidOf(import, import->nan_keys[i], i, "NaN",
							"a finite number, or NaN in all that is fitted to the feature");
		SetRangeUnknown(&import->features[i]);
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
				 errmsg("cannot import %s: a JSON object is expected, not %s", import->what,
						JsonTypeName(import->root)),
				 ImportFamilyHint(import)));
	/* a family of one class does not need a class name */
	if (class[1].name)
	{
		name = ImportString(import, "class", NULL);
		class = name ? ClassByName(import, name) : ClassByTelltale(import);
		import->what = import->part ? psprintf("%s of %s", class->name, import->part) : class->name;
	}
	import->class = class;
	CheckKnownMembers(import);
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
