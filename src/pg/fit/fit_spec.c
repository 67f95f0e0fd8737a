/*
 * fit_spec.c
 *		Reading the options of a fit from JSON.
 *
 * The options of methods come from the table in core/scaler/method.c, the others are the rows of
 * fit_options[].  An option that is in neither table is an error, whose hint lists the known
 * ones.
 */
#include "pg/fit/fit_spec.h"

#include "pg/base/names_alike.h"
#include "pg/fit/fit_options.h"
/* ---- options of one method ---- */

/* Return the place of a choice among those of an option.  Fails for any other text. */
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
	for (int i = 0; fit_options[i].name; i++)
		if ((fit_options[i].inputs & inputs) && (!per_feature || fit_options[i].per_feature) &&
			OptionIsOfMethod(&fit_options[i], method))
			appendStringInfo(&known, "%s%s", known.len ? ", " : "", fit_options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for method %s", key, method->name),
			 errhint("The options are: %s.", known.data)));
}

/* Read the options in a JSON object: those of the fit, or (if only the feature's) those of one feature. */
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
		for (int i = 0; fit_options[i].name && !found; i++)
		{
			if (strcmp(value->key, fit_options[i].name) != 0 || (per_feature && !fit_options[i].per_feature) ||
				!OptionIsOfMethod(&fit_options[i], feature->method))
				continue;
			if ((fit_options[i].inputs & inputs) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("option \"%s\" does not apply to this kind of input", value->key),
						 errhint(inputs & BIT_ARRAY ? "An array has no columns; \"names\" gives its features names." :
								 inputs & BIT_ROW ?
								 "The features of a row are named by its columns; choose them with \"columns\"." :
								 "The features and distribution of a profile are fixed when it is made.")));
			fit_options[i].read(spec, feature, value);
			found = true;
		}
		if (!found)
			UnknownOption(value->key, feature->method, inputs, per_feature);
	}
}

/*
 * Set the method of one feature.  Its option "method" is also an option of method power, so the two values of
 * that name method power here.
 */
static void
SetFeatureMethod(FeatureSpec *feature, const char *name)
{
	int			transformation = ChoiceIndex(option_power.choices, name);
	const Method *method = transformation < 0 ? FindMethod(name) : &method_power;

	if (method != feature->method)
		MethodDefaults(method, feature->option);
	feature->method = method;
	if (transformation >= 0)
		feature->option[MethodOptionPlace(method, &option_power)] = transformation;
}

/*
 * Read an object such as {"income": {"method": "robust"}}. Options that are not given are those of the other
 * features.
 */
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

/*
 * Fail unless the method can have an intercept and a multiplier.  These stand in for the output ranges of
 * minmax and maxabs.
 */
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
		/* features inherit everything else, so they are read last */
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
SpecNeedsQuantiles(const FeatureSpec *spec)
{
	return spec->method->needs_values || spec->missing == MISSING_MEDIAN;
}

bool
SpecNeedsEveryValue(const FeatureSpec *spec)
{
	/* nothing stands for the most frequent value */
	return spec->missing == MISSING_MOST_FREQUENT ||
		(SpecNeedsQuantiles(spec) && spec->quantiles == QUANTILES_EXACT);
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
