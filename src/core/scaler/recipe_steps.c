/*
 * recipe_steps.c
 *		The steps of a feature: the bytes of those before the last one, what may be wrong with them, and each step
 *		by itself.
 */
#include "core/scaler/recipe_steps.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/scaler/recipe_bytes.h"
#include "core/scaler/recipe_checks.h"

#define STEP_CONSTANT	1
#define STEP_IMPORTED	2

void
PutSteps(ByteWriter *writer, const FeatureRecipe *feature)
{
	PutVarint(writer, (uint64_t) feature->nbefore);
	for (int i = 0; i < feature->nbefore; i++)
	{
		const StepRecipe *step = &feature->before[i];

		PutByte(writer, step->method->code);
		PutByte(writer, step->formula->code);
		PutByte(writer, (step->constant ? STEP_CONSTANT : 0) | (step->imported ? STEP_IMPORTED : 0));
		for (int k = 0; k < MethodValueCount(step->method); k++)
			PutCanonicalDouble(writer, step->option[k]);
		PutParameters(writer, step->formula, step->param, &step->table);
		PutDomainRule(writer, &step->domain);
	}
}

static const char *
GetStep(ByteReader *reader, StepRecipe *step)
{
	uint8_t		flags;

	step->method = MethodByCode(GetByte(reader));
	step->formula = FormulaByCode(GetByte(reader));
	flags = GetByte(reader);
	if (reader->failed)
		return "it ends too early";
	if (step->method == NULL)
		return "unknown method";
	if (step->formula == NULL)
		return "unknown formula";
	if (flags & ~(STEP_CONSTANT | STEP_IMPORTED))
		return "unknown flags";
	step->constant = (flags & STEP_CONSTANT) != 0;
	step->imported = (flags & STEP_IMPORTED) != 0;
	for (int k = 0; k < MethodValueCount(step->method); k++)
		step->option[k] = GetCanonicalDouble(reader);
	if (!GetParameters(reader, step->formula, step->param, &step->table))
		return "a table is longer than its bytes";
	GetDomainRule(reader, &step->domain);
	return NULL;
}

const char *
GetSteps(ByteReader *reader, FeatureRecipe *feature)
{
	uint64_t	count = GetVarint(reader);

	if (reader->failed || count == 0 || count > RECIPE_MOST_STEPS - 1)
		return "impossible number of steps";
	feature->nbefore = (int) count;
	feature->before = CoreAllocZero(sizeof(StepRecipe) * count);
	for (int i = 0; i < feature->nbefore; i++)
	{
		const char *problem = GetStep(reader, &feature->before[i]);

		if (problem)
			return problem;
	}
	return NULL;
}

const char *
StepsProblem(const FeatureRecipe *feature)
{
	if (feature->nbefore < 0 || feature->nbefore > RECIPE_MOST_STEPS - 1)
		return "impossible number of steps";
	if (FormulaIsOfRows(feature->formula))
		return "a norm of rows is a step";
	if (feature->unfit || feature->shifted)
		return "a feature with steps contradicts itself";
	for (int i = 0; i < feature->nbefore; i++)
	{
		const StepRecipe *step = &feature->before[i];
		const char *problem = OptionsProblem(step->method, step->option);
		double		low;
		double		high;

		if (problem)
			return problem;
		if (FormulaIsOfRows(step->formula))
			return "a norm of rows is a step";
		if (!FormulaIsOfMethod(step->formula, step->method, step->option, step->imported))
			return "the formula does not belong to the method";
		if (MethodClips(step->method, step->option, &low, &high) && low > high)
			return "a step clips to no range";
		problem = ParametersProblem(step->formula, step->param, &step->table, step->method, step->option);
		if (problem == NULL)
			problem = DomainRuleProblem(step->formula, &step->domain);
		if (problem)
			return problem;
	}
	return NULL;
}

StepRecipe
LastStep(const FeatureRecipe *feature)
{
	StepRecipe	step = {
		.method = feature->method,
		.formula = feature->formula,
		.table = feature->table,
		.domain = feature->domain,
		.constant = feature->constant,
		.imported = feature->imported
	};

	memcpy(step.option, feature->option, sizeof(step.option));
	memcpy(step.param, feature->param, sizeof(step.param));
	return step;
}

void
SetLastStep(FeatureRecipe *feature, const StepRecipe *step)
{
	feature->method = step->method;
	memcpy(feature->option, step->option, sizeof(feature->option));
	feature->formula = step->formula;
	memcpy(feature->param, step->param, sizeof(feature->param));
	feature->table = step->table;
	feature->domain = step->domain;
	feature->constant = step->constant;
	feature->imported = step->imported;
}

FeatureRecipe
FeatureOfStep(const FeatureRecipe *feature, int i)
{
	FeatureRecipe result = {0};

	if (i == feature->nbefore)
	{
		result = *feature;
		result.nbefore = 0;
		result.before = NULL;
		return result;
	}
	SetRangeUnknown(&result);
	SetLastStep(&result, &feature->before[i]);
	return result;
}
