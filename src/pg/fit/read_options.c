/*
 * read_options.c
 *		Reading the options of a fit, of one feature, and of one step.
 *
 * The options of methods come from the table in core/scaler/method.c, the others are the rows of
 * fit_options[].  An option that is in neither table is an error, whose hint lists the known
 * ones.
 */
#include "pg/fit/read_options.h"

#include "pg/fit/fit_options.h"

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
			if (!JsonInterval(value, values))
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

static bool
IsOptionOfMethod(const Method *method, const char *name)
{
	int			place;

	return MethodOptionByName(method, name, &place) != NULL;
}

/* The options of a step besides those of its method. */
static const char *const step_options[] = {"center", "scale", "max_quantiles", "lambda", "domain", NULL};

/* What has the options that are read: the fit, one feature, or one step. */
typedef enum OptionOwner
{
	OPTIONS_OF_FIT,
	OPTIONS_OF_FEATURE,
	OPTIONS_OF_STEP
} OptionOwner;

/* Return whether an option that is none of a method's own may be given. */
static bool
IsOffered(const FitOption *option, const Method *method, int inputs, OptionOwner owner)
{
	return (option->inputs & inputs) && (owner == OPTIONS_OF_FIT || option->per_feature) &&
		(owner != OPTIONS_OF_STEP || ChoiceIndex(step_options, option->name) >= 0) && OptionIsOfMethod(option, method);
}

pg_noreturn static void
UnknownOption(const char *key, const Method *method, int inputs, OptionOwner owner)
{
	const MethodOption *option;
	StringInfoData known;

	initStringInfo(&known);
	/* method power has an option of this name, which stands for both */
	if (owner != OPTIONS_OF_FIT && !IsOptionOfMethod(method, "method"))
		appendStringInfoString(&known, "method");
	for (int i = 0, place = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
		appendStringInfo(&known, "%s%s", known.len ? ", " : "", option->name);
	for (int i = 0; fit_options[i].name; i++)
		if (IsOffered(&fit_options[i], method, inputs, owner) && !IsOptionOfMethod(method, fit_options[i].name))
			appendStringInfo(&known, "%s%s", known.len ? ", " : "", fit_options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for method %s", key, method->name),
			 errhint("The options are: %s.", known.data)));
}

/* Return the method of the last step that an option of a feature may be meant for; NULL if there is none. */
static const Method *
MethodOfStepOption(const FeatureSpec *feature, const char *key)
{
	for (int k = feature->nsteps - 1; k >= 0; k--)
	{
		const Method *method = feature->steps[k].method;

		if (IsOptionOfMethod(method, key))
			return method;
		for (int i = 0; fit_options[i].name; i++)
			if ((fit_options[i].given || fit_options[i].beside) && strcmp(fit_options[i].name, key) == 0 &&
				OptionIsOfMethod(&fit_options[i], method))
				return method;
	}
	return NULL;
}

/* Read an option of the feature's method.  Return false if it is none.  Fails for one that belongs to a step. */
static bool
ReadOwnOption(FeatureSpec *feature, const JsonNode *value)
{
	int			place;
	const MethodOption *option = MethodOptionByName(feature->method, value->key, &place);
	const Method *of_step = MethodOfStepOption(feature, value->key);

	/* with a range it is the option that all methods have; without, it replaces that */
	if (option == &option_clip && value->type == JSON_NODE_ARRAY)
		option = NULL;
	else if (option == &option_clip)
		feature->clips = false;
	if (of_step && (option || strcmp(value->key, "clip") != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" belongs to a step", value->key),
				 errhint("Give it to the step that it is meant for: {\"steps\": [{\"method\": \"%s\", \"%s\": ...}]}.",
						 of_step->name, value->key)));
	if (option)
		ReadMethodOption(option, feature->option + place, value);
	return option != NULL;
}

/* Read an option of the table.  Return false if it is not there, or not for this method. */
static bool
ReadListedOption(FitSpec *spec, FeatureSpec *feature, const JsonNode *value, int inputs, bool per_feature)
{
	for (int i = 0; fit_options[i].name; i++)
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
		return true;
	}
	return false;
}

void
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

		if (strcmp(value->key, "steps") == 0 || (per_feature && strcmp(value->key, "method") == 0))
			continue;
		if (!ReadOwnOption(feature, value) && !ReadListedOption(spec, feature, value, inputs, per_feature))
			UnknownOption(value->key, feature->method, inputs, per_feature ? OPTIONS_OF_FEATURE : OPTIONS_OF_FIT);
	}
}

void
SetFeatureMethod(FeatureSpec *feature, const char *name)
{
	int			transformation = ChoiceIndex(option_power.choices, name);
	const Method *method = transformation < 0 ? FindMethod(name) : &method_power;

	if (method != feature->method)
		MethodDefaults(method, feature->option);
	feature->method = method;
	feature->nsteps = 0;
	if (transformation >= 0)
		feature->option[MethodOptionPlace(method, &option_power)] = transformation;
}

/* ---- steps ---- */

/* Read one step of option "key", a name or an object, into a feature that has only this step. */
static void
ReadStepOptions(FitSpec *spec, FeatureSpec *step, char *key, const JsonNode *value)
{
	const JsonNode *method = value->type == JSON_NODE_OBJECT ? JsonMember(value, "method") : value;
	JsonNode	named = *value;

	named.key = key;
	if (method == NULL || method->type != JSON_NODE_STRING)
		BadOption(&named,
				  "an array with a method's name, or an object with \"method\" and its options, for each step");
	SetFeatureMethod(step, method->text);
	if (FormulaIsOfRows(step->method->formula))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s cannot be a step of a sequence", step->method->name),
				 errdetail("It divides by a norm of the whole row."),
				 errhint("Normalize the rows of the results by a scaler of their own.")));
	for (int c = 0; value->type == JSON_NODE_OBJECT && c < value->nchildren; c++)
	{
		const JsonNode *member = value->children[c];

		if (member != method && !IsOptionOfMethod(step->method, member->key) &&
			ChoiceIndex(step_options, member->key) < 0)
			UnknownOption(member->key, step->method, BIT_ARRAY | BIT_ROW | BIT_PROFILE, OPTIONS_OF_STEP);
	}
	if (value->type == JSON_NODE_OBJECT)
		ReadOptions(spec, step, value, BIT_ARRAY | BIT_ROW | BIT_PROFILE, true);
	if (step->clips)
		BadOption(JsonMember(value, "clip"), "true or false in a step; a range is for the results of the feature");
}

void
ReadSteps(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type == JSON_NODE_NULL)
	{
		if (feature->nsteps > 0)
			SetFeatureMethod(feature, spec->method);
		return;
	}
	if (value->type != JSON_NODE_ARRAY || value->nchildren == 0 || value->nchildren > RECIPE_MOST_STEPS)
		BadOption(value, psprintf("an array of 1 to %d steps", RECIPE_MOST_STEPS));
	feature->nsteps = value->nchildren;
	feature->steps = palloc0(sizeof(StepSpec) * value->nchildren);
	for (int k = 0; k < value->nchildren; k++)
	{
		FeatureSpec step = {.scale = 1, .domain = DOMAIN_AS_USUAL, .multiplier = 1};
		StepSpec   *to;

		CHECK_FOR_INTERRUPTS();
		ReadStepOptions(spec, &step, value->key, value->children[k]);
		to = &feature->steps[k];
		to->method = step.method;
		to->domain = step.domain;
		to->center = step.center;
		to->scale = step.scale;
		to->bounded = step.bounded;
		memcpy(to->option, step.option, sizeof(step.option));
		if (k < value->nchildren - 1)
			continue;
		feature->method = step.method;
		memcpy(feature->option, step.option, sizeof(step.option));
		feature->center = step.center;
		feature->scale = step.scale;
		feature->bounded = step.bounded;
	}
}

void
SettleDomains(FeatureSpec *feature)
{
	/* steps may be shared with other features */
	StepSpec   *steps;

	if (feature->nsteps == 0)
		return;
	steps = palloc(sizeof(StepSpec) * feature->nsteps);
	memcpy(steps, feature->steps, sizeof(StepSpec) * feature->nsteps);
	for (int k = 0; k < feature->nsteps; k++)
		if (steps[k].domain == DOMAIN_AS_USUAL)
			steps[k].domain = feature->domain != DOMAIN_AS_USUAL ? feature->domain :
				feature->nsteps > 1 ? DOMAIN_ERROR : MethodUsualDomain(steps[k].method, steps[k].option);
	feature->steps = steps;
}
