/*
 * parameter_before.c
 *		The steps that are applied to a value before parameters from a file are.
 *
 * They are read as those of a fit.  Nothing is fitted here, so a step has no parameters, or they are given.
 */
#include "pg/exchange/parameter_before.h"

#include "pg/fit/fit_options.h"
#include "pg/fit/read_options.h"

#define MOST_BEFORE		(RECIPE_MOST_STEPS - 1)

static void
MakeStep(const StepSpec *spec, const ParameterOptions *options, StepRecipe *step)
{
	step->method = spec->method;
	memcpy(step->option, spec->option, sizeof(step->option));
	step->formula = MethodFormula(spec->method, spec->option);
	step->imported = spec->method->given;
	if (!spec->method->given && (spec->method->needs_values || step->formula->nparams > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s cannot be a step before parameters", spec->method->name),
				 errdetail("It is fitted to values, and there are none."),
				 errhint("Steps without parameters are log1p, sqrt and the like; a shift and a scale are those of method affine, "
						 "{\"method\": \"affine\", \"center\": 0, \"scale\": 255}.")));
	if (step->formula->domain)
		step->domain.policy = spec->domain;
	if (step->domain.policy == DOMAIN_CLIP)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"domain\" of a step before parameters cannot be \"clip\""),
				 errdetail("There are no training values to clip to."),
				 errhint("Choose \"error\" or \"null\", or say the range with option \"clip_input\".")));
	if (!spec->method->given)
		return;
	step->param[0] = CanonicalZero(RoundParameter(options, spec->center));
	step->param[1] = RoundParameter(options, spec->scale);
	if (!ParametersAreUsable(step->formula, step->param))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a parameter of step %s is beyond float4", spec->method->name)));
}

void
ReadBefore(const JsonNode *value, ParameterOptions *options)
{
	FitSpec		none = {0};
	FeatureSpec feature = {.scale = 1, .multiplier = 1, .domain = DOMAIN_ERROR};
	JsonNode   *only = (JsonNode *) value;
	JsonNode	list = {.type = JSON_NODE_ARRAY, .key = value->key, .nchildren = 1, .children = &only};

	if (value->type == JSON_NODE_ARRAY && (value->nchildren == 0 || value->nchildren > MOST_BEFORE))
		BadOption(value, psprintf("a step, or an array of 1 to %d steps", MOST_BEFORE));
	ReadSteps(&none, &feature, value->type == JSON_NODE_ARRAY ? value : &list);
	SettleDomains(&feature);
	options->nbefore = feature.nsteps;
	options->before = palloc0(sizeof(StepRecipe) * feature.nsteps);
	for (int k = 0; k < feature.nsteps; k++)
		MakeStep(&feature.steps[k], options, &options->before[k]);
}
