/*
 * options.c
 *		Reading the options of a fit from JSON.
 *
 * The options of methods come from the table in core/scaler/method.c; the rest are
 * the rows of fit_options[].  What is not in either is an error that lists
 * what is.
 */
#include "pg/fit/options.h"

#include "catalog/pg_type.h"
#include "core/base/memory.h"
#include "pg/base/names.h"
#include "pg/base/names_alike.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define BIT_ARRAY	1
#define BIT_ROW		2
#define BIT_PROFILE	4

typedef void (*ReadOption) (FitSpec *spec, FeatureSpec *feature, const JsonNode *value);

typedef struct FitOption
{
	const char *name;
	int			inputs;			/* for which kinds of input */
	bool		per_feature;	/* also inside "features" */
	ReadOption	read;
	const char *method;			/* only for this one, if not NULL */
} FitOption;

pg_noreturn static void
BadOption(const JsonNode *value, const char *expected)
{
	if (value->type == JSON_NODE_STRING || value->type == JSON_NODE_NUMBER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"", value->key, value->text),
				 errhint("It must be %s.", expected)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for option \"%s\": JSON %s", value->key, JsonTypeName(value)),
			 errhint("It must be %s.", expected)));
}

/* ---- options of every method ---- */

static NameList
ReadNameList(const JsonNode *value)
{
	NameList	list;

	if (value->type != JSON_NODE_ARRAY)
		BadOption(value, "an array of names");
	list.count = value->nchildren;
	list.names = palloc(sizeof(char *) * Max(list.count, 1));
	for (int i = 0; i < list.count; i++)
	{
		if (value->children[i]->type != JSON_NODE_STRING)
			BadOption(value, "an array of names, each a string");
		list.names[i] = value->children[i]->text;
	}
	return list;
}

static void
ReadColumns(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->all_numeric = value->type == JSON_NODE_STRING && strcmp(value->text, "numeric") == 0;
	if (spec->all_numeric)
		return;
	if (value->type != JSON_NODE_ARRAY || value->nchildren == 0)
		BadOption(value, "an array of at least one name, or \"numeric\" for all columns that are numeric or boolean");
	spec->columns = ReadNameList(value);
}

static void
ReadExclude(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->exclude = ReadNameList(value);
	CheckFeatureNames(spec->exclude.names, spec->exclude.count);
}

static void
ReadNames(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->names = ReadNameList(value);
	if (spec->names.count == 0)
		BadOption(value, "an array of one name for each feature");
}

static void
ReadTarget(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type == JSON_NODE_STRING)
	{
		spec->target.count = 1;
		spec->target.names = palloc(sizeof(char *));
		spec->target.names[0] = value->text;
	}
	else
		spec->target = ReadNameList(value);
	CheckFeatureNames(spec->target.names, spec->target.count);
	spec->targets = MakeNameIndex(spec->target.names, spec->target.count);
}

static void
ReadDistribution(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	double		number;

	if (value->type == JSON_NODE_BOOLEAN)
		spec->distribution = value->boolean ? HISTOGRAM_DEFAULT_SIZE : 0;
	else if (JsonNumber(value, &number) && number == floor(number) &&
			 number >= HISTOGRAM_MIN_SIZE && number <= HISTOGRAM_MAX_SIZE)
		spec->distribution = (uint32) number;
	else
		BadOption(value, psprintf("true, false, or a number of bins from %d to %d",
								  HISTOGRAM_MIN_SIZE, HISTOGRAM_MAX_SIZE));
}

static void
ReadQuantiles(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = value->type == JSON_NODE_STRING ? PolicyNameToCode(quantile_source_names, value->text) : -1;

	if (code != QUANTILES_EXACT && code != QUANTILES_HISTOGRAM)
		BadOption(value, "\"exact\" or \"histogram\"");
	feature->quantiles = (uint8) code;
}

static void
ReadMissing(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code;

	if (JsonNumber(value, &feature->imputed))
	{
		feature->missing = MISSING_CONSTANT;
		feature->imputed = CanonicalZero(feature->imputed);
		return;
	}
	code = value->type == JSON_NODE_STRING ? PolicyNameToCode(missing_policy_names, value->text) : -1;
	if (code < 0 || code == MISSING_CONSTANT)
		BadOption(value, "\"keep\", \"nan\", \"error\", a number, \"zero\", \"mean\", \"median\", \"min\" or \"max\"");
	feature->missing = (uint8) code;
}

static void
ReadOutside(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = value->type == JSON_NODE_STRING ? PolicyNameToCode(outside_policy_names, value->text) : -1;

	if (code < 0)
		BadOption(value, "\"keep\", \"clip\", \"null\" or \"error\"");
	feature->outside = (uint8) code;
}

static void
ReadConstant(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = value->type == JSON_NODE_STRING ? PolicyNameToCode(constant_policy_names, value->text) : -1;

	if (code < 0)
		BadOption(value, "\"unit\", \"null\" or \"error\"");
	feature->constant = (uint8) code;
}

static uint8
ReadUnfitPolicy(const JsonNode *value)
{
	int			code = value->type == JSON_NODE_STRING ? PolicyNameToCode(constant_policy_names, value->text) : -1;

	if (code < 0)
		BadOption(value, "\"error\", \"null\" or \"unit\"");
	return (uint8) code;
}

static void
ReadEmpty(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	feature->empty = ReadUnfitPolicy(value);
}

static void
ReadUnfit(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	feature->unfit = ReadUnfitPolicy(value);
}

static void
ReadInfinite(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	static const char *const choices[] = {"error", "skip", NULL};
	int			index = value->type == JSON_NODE_STRING ? ChoiceIndex(choices, value->text) : -1;

	if (index < 0)
		BadOption(value, "\"error\" or \"skip\"");
	feature->skip_infinite = index == 1;
}

static void
ReadMaxQuantiles(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	double		most;

	/* the bounds of n_quantiles */
	if (!JsonNumber(value, &most) || MethodOptionProblem(&option_n_quantiles, &most) != NULL)
		BadOption(value, "a whole number between 1 and 100000");
	MethodMostQuantiles(feature->method, feature->option, most);
}

static void
ReadGlobal(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type != JSON_NODE_BOOLEAN)
		BadOption(value, "true or false");
	feature->global = value->boolean;
}

static void
ReadIntercept(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code;

	feature->intercept = 0;
	if (JsonNumber(value, &feature->intercept))
	{
		feature->intercept_source = INTERCEPT_NUMBER;
		return;
	}
	code = value->type == JSON_NODE_STRING ? PolicyNameToCode(intercept_names, value->text) : -1;
	if (code < 0 || code == INTERCEPT_NUMBER)
		BadOption(value, "a number, \"min\", \"mean\", \"max\", \"-min\", \"-mean\" or \"-max\"");
	feature->intercept_source = (uint8) code;
}

static void
ReadMultiplier(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->multiplier))
		BadOption(value, "a number");
}

static void
ReadCenter(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->center))
		BadOption(value, "a number");
}

static void
ReadScale(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->scale) || feature->scale == 0)
		BadOption(value, "a number other than zero");
}

static void
ReadLambda(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type != JSON_NODE_STRING || (strcmp(value->text, "exact") != 0 && strcmp(value->text, "bounded") != 0))
		BadOption(value, "\"exact\" or \"bounded\"");
	feature->bounded = strcmp(value->text, "bounded") == 0;
}

static void ReadFeatures(FitSpec *spec, FeatureSpec *feature, const JsonNode *value);

static const FitOption fit_options[] = {
	{"columns", BIT_ROW, false, ReadColumns},
	{"exclude", BIT_ROW, false, ReadExclude},
	{"names", BIT_ARRAY, false, ReadNames},
	{"target", BIT_ARRAY | BIT_ROW | BIT_PROFILE, false, ReadTarget},
	{"distribution", BIT_ARRAY | BIT_ROW, false, ReadDistribution},
	{"features", BIT_ARRAY | BIT_ROW | BIT_PROFILE, false, ReadFeatures},
	{"missing", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMissing},
	{"outside", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadOutside},
	{"constant", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadConstant},
	{"unfit", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadUnfit},
	{"empty", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadEmpty},
	{"infinite", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadInfinite},
	{"quantiles", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadQuantiles},
	{"global", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadGlobal},
	{"intercept", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadIntercept},
	{"multiplier", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMultiplier},
	{"center", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadCenter, "affine"},
	{"scale", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadScale, "affine"},
	{"max_quantiles", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMaxQuantiles, "quantile"},
	{"lambda", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadLambda, "power"},
};

static bool
OptionIsOfMethod(const FitOption *option, const Method *method)
{
	return option->method == NULL || strcmp(option->method, method->name) == 0;
}

static int
InputBit(FitInput input)
{
	return input == FIT_ARRAY ? BIT_ARRAY : (input == FIT_ROW ? BIT_ROW : BIT_PROFILE);
}

/* ---- options of one method ---- */

/* The index of a choice by its name. */
static double
ReadChoice(const MethodOption *option, const JsonNode *value)
{
	int			index = value->type == JSON_NODE_STRING ? ChoiceIndex(option->choices, value->text) : -1;
	StringInfoData known;

	if (index >= 0)
		return index;
	initStringInfo(&known);
	for (int i = 0; option->choices[i]; i++)
		appendStringInfo(&known, "%s\"%s\"", i ? " or " : "", option->choices[i]);
	BadOption(value, known.data);
}

static void
ReadMethodOption(const MethodOption *option, double *values, const JsonNode *value)
{
	const char *problem;

	switch (option->kind)
	{
		case OPTION_BOOLEAN:
			if (value->type != JSON_NODE_BOOLEAN)
				BadOption(value, "true or false");
			values[0] = value->boolean ? 1 : 0;
			break;
		case OPTION_INTEGER:
			if (!JsonNumber(value, &values[0]))
				BadOption(value, "a whole number");
			break;
		case OPTION_NUMBER:
			if (!JsonNumber(value, &values[0]))
				BadOption(value, "a number");
			break;
		case OPTION_CHOICE:
			values[0] = ReadChoice(option, value);
			break;
		case OPTION_INTERVAL:
			if (value->type != JSON_NODE_ARRAY || value->nchildren != 2 ||
				!JsonNumber(value->children[0], &values[0]) ||
				!JsonNumber(value->children[1], &values[1]))
				BadOption(value, "an array of two numbers");
			break;
	}
	for (int k = 0; k < MethodOptionWidth(option); k++)
		values[k] = CanonicalZero(values[k]);
	problem = MethodOptionProblem(option, values);
	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" %s", option->name, problem),
				 errhint(option->kind == OPTION_INTERVAL ?
						 "It must be two numbers between %g and %g." :
						 "It must be between %g and %g.", option->least, option->greatest)));
}

pg_noreturn static void
UnknownOption(const char *key, const Method *method, int inputs, bool per_feature)
{
	const MethodOption *option;
	StringInfoData known;

	initStringInfo(&known);
	if (per_feature)
		appendStringInfoString(&known, "method");
	for (int i = 0, place = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
		appendStringInfo(&known, "%s%s", known.len ? ", " : "", option->name);
	for (int i = 0; i < lengthof(fit_options); i++)
		if ((fit_options[i].inputs & inputs) && (!per_feature || fit_options[i].per_feature) &&
			OptionIsOfMethod(&fit_options[i], method))
			appendStringInfo(&known, "%s%s", known.len ? ", " : "", fit_options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for method %s", key, method->name),
			 errhint("The options are: %s.", known.data)));
}

/* The options in a JSON object, at the top or (feature_spec only) of one feature. */
static void
ReadOptions(FitSpec *spec, FeatureSpec *feature, const JsonNode *options, int inputs, bool per_feature)
{
	if (JsonMember(options, "n_quantiles") && JsonMember(options, "max_quantiles"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"n_quantiles\" and \"max_quantiles\" contradict each other"),
				 errhint("Say either how many quantiles there shall be, or how many at most.")));
	for (int c = 0; c < options->nchildren; c++)
	{
		const JsonNode *value = options->children[c];
		bool		found = per_feature && strcmp(value->key, "method") == 0;

		if (!found)
		{
			int			place;
			const MethodOption *option = MethodOptionByName(feature->method, value->key, &place);

			if (option)
				ReadMethodOption(option, feature->option + place, value);
			found = option != NULL;
		}
		for (int i = 0; i < lengthof(fit_options) && !found; i++)
		{
			if (strcmp(value->key, fit_options[i].name) != 0 || (per_feature && !fit_options[i].per_feature) ||
				!OptionIsOfMethod(&fit_options[i], feature->method))
				continue;
			if ((fit_options[i].inputs & inputs) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("option \"%s\" does not apply to this kind of input", value->key),
						 errhint(inputs & BIT_ARRAY ? "An array has no columns; \"names\" gives its features names." :
								 inputs & BIT_ROW ? "The features of a row are named by its columns; choose them with \"columns\"." :
								 "The features and distribution of a profile are fixed when it is made.")));
			fit_options[i].read(spec, feature, value);
			found = true;
		}
		if (!found)
			UnknownOption(value->key, feature->method, inputs, per_feature);
	}
}

/*
 * The method of one feature.  "method" is also an option of method power, so
 * its two values name that method here.
 */
static void
SetFeatureMethod(FeatureSpec *feature, const char *name)
{
	int			transformation = ChoiceIndex(option_power.choices, name);
	const Method *method = FindMethod(transformation < 0 ? name : "power");

	if (method != feature->method)
		MethodDefaults(method, feature->option);
	feature->method = method;
	if (transformation >= 0)
		feature->option[MethodOptionPlace(method, &option_power)] = transformation;
}

/* {"income": {"method": "robust"}}: what is not said is as for the rest. */
static void
ReadFeatures(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	char	  **names;

	if (value->type != JSON_NODE_OBJECT)
		BadOption(value, "an object with the name of a feature for each key");
	spec->noverrides = value->nchildren;
	spec->overrides = palloc0(sizeof(FeatureOverride) * Max(value->nchildren, 1));
	names = palloc(sizeof(char *) * Max(value->nchildren, 1));
	for (int i = 0; i < value->nchildren; i++)
	{
		const JsonNode *member = value->children[i];
		const JsonNode *method;
		FeatureOverride *override = &spec->overrides[i];

		if (member->type != JSON_NODE_OBJECT)
			BadOption(member, "an object with the feature's method and options");
		CHECK_FOR_INTERRUPTS();
		names[i] = override->name = member->key;
		override->spec = spec->common;
		method = JsonMember(member, "method");
		if (method)
		{
			if (method->type != JSON_NODE_STRING)
				BadOption(method, "the name of a method");
			SetFeatureMethod(&override->spec, method->text);
		}
		ReadOptions(spec, &override->spec, member, BIT_ARRAY | BIT_ROW | BIT_PROFILE, true);
	}
	spec->overridden = MakeNameIndex(names, spec->noverrides);
}

/* ---- the whole ---- */

const Method *
FindMethod(const char *name)
{
	const Method *method = MethodByName(name);
	StringInfoData known;

	if (method)
		return method;
	initStringInfo(&known);
	for (int i = 0; MethodByIndex(i); i++)
		appendStringInfo(&known, "%s%s", i ? ", " : "", MethodByIndex(i)->name);
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("this version of normfreeze does not fit method \"%s\"", name),
			 errhint("The methods are: %s.", known.data)));
}

/* An intercept and a multiplier stand in for the output ranges of minmax and maxabs. */
static void
CheckShift(const FeatureSpec *feature)
{
	int			range = MethodOptionPlace(feature->method, &option_feature_range);
	double		low;
	double		high;

	if (!SpecIsShifted(feature))
		return;
	if (feature->method->location_scale == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s takes no intercept or multiplier", feature->method->name),
				 errhint("They belong to methods with a location and a scale, such as standard or midrange.")));
	if (feature->multiplier == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"multiplier\" must not be zero")));
	if (MethodClips(feature->method, feature->option, &low, &high))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"clip\" contradicts an intercept or a multiplier"),
				 errhint("To clip to the training range, use {\"outside\": \"clip\"}.")));
	if (range >= 0 && memcmp(feature->option + range, option_feature_range.defaults, 2 * sizeof(double)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"feature_range\" contradicts an intercept or a multiplier"),
				 errhint("Give the range by the intercept and the multiplier alone.")));
}

static void
CheckQuantileSource(const FitSpec *spec, const FeatureSpec *feature)
{
	if (feature->quantiles == QUANTILES_HISTOGRAM && spec->distribution == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"quantiles\" cannot be \"histogram\" without a distribution"),
				 errhint("Leave out {\"distribution\": false}.")));
}

FitSpec *
ParseFitOptions(const char *method, const JsonNode *options, FitInput input)
{
	FitSpec    *spec = palloc0(sizeof(FitSpec));
	const JsonNode *features = NULL;

	spec->common.method = FindMethod(method);
	spec->common.unfit = CONSTANT_ERROR;
	spec->common.empty = EMPTY_AS_UNFIT;
	spec->common.quantiles = QUANTILES_EXACT;
	spec->common.multiplier = 1;
	spec->common.scale = 1;
	spec->distribution = HISTOGRAM_DEFAULT_SIZE;
	spec->columns.count = spec->names.count = -1;
	MethodDefaults(spec->common.method, spec->common.option);

	if (options)
	{
		JsonNode	others = *options;

		if (options->type != JSON_NODE_OBJECT)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("options must be a JSON object, not %s", JsonTypeName(options)),
					 errhint("For example: {\"columns\": [\"age\", \"income\"]}.")));
		/* features inherit everything else, so they come last */
		features = JsonMember(options, "features");
		others.children = palloc(sizeof(JsonNode *) * Max(options->nchildren, 1));
		others.nchildren = 0;
		for (int i = 0; i < options->nchildren; i++)
			if (options->children[i] != features)
				others.children[others.nchildren++] = options->children[i];
		ReadOptions(spec, &spec->common, &others, InputBit(input), false);
		if (features)
			ReadFeatures(spec, &spec->common, features);
	}

	CheckQuantileSource(spec, &spec->common);
	CheckShift(&spec->common);
	for (int i = 0; i < spec->noverrides; i++)
	{
		CheckQuantileSource(spec, &spec->overrides[i].spec);
		CheckShift(&spec->overrides[i].spec);
	}
	if (spec->columns.count >= 0 && spec->exclude.count > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"columns\" and \"exclude\" contradict each other"),
				 errhint("Name either the columns to take or the columns to leave out.")));
	return spec;
}

const FeatureSpec *
SpecOfFeature(const FitSpec *spec, const char *name)
{
	int			i = name ? NameIndexFind(&spec->overridden, name) : -1;

	return i >= 0 ? &spec->overrides[i].spec : &spec->common;
}

bool
SpecNeedsValues(const FeatureSpec *spec)
{
	return spec->method->needs_values || spec->missing == MISSING_MEDIAN;
}

bool
SpecNeedsOwnValues(const FeatureSpec *spec)
{
	return spec->outside != OUTSIDE_KEEP || spec->intercept_source != INTERCEPT_NUMBER ||
		MissingPolicyDerives(spec->missing);
}

bool
SpecIsShifted(const FeatureSpec *spec)
{
	return spec->intercept_source != INTERCEPT_NUMBER || spec->intercept != 0 || spec->multiplier != 1;
}

static void
CheckKnownFeature(const char *name, const char *option, const NameIndex *known, char *const *names)
{
	if (NameIndexFind(known, name) >= 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("option \"%s\" names \"%s\", which is not a feature", option, name),
			 known->count > 0 ? errhint("%sThe features are the columns that options choose, or what \"names\" calls the values of an array.", NameAlike(name, known->count, names)) :
			 errhint("The features of arrays get names with option \"names\".")));
}

void
CheckSpecNames(const FitSpec *spec, char *const *names, int nfeatures)
{
	NameIndex	known;

	if (spec->noverrides == 0 && spec->target.count == 0)
		return;
	known = MakeNameIndex(names, names ? nfeatures : 0);
	for (int i = 0; i < spec->noverrides; i++)
		CheckKnownFeature(spec->overrides[i].name, "features", &known, names);
	for (int i = 0; i < spec->target.count; i++)
		CheckKnownFeature(spec->target.names[i], "target", &known, names);
	if (spec->target.count > 0 && spec->target.count >= nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("every feature is a target"),
				 errhint("Leave at least one feature for rows to be normalized by.")));
}
