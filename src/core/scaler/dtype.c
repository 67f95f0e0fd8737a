/*
 * dtype.c
 *		Formulas of features that are computed in another type than their values have: values are converted, block by
 *		block, and results converted back.
 */
#include "core/scaler/dtype.h"

#include <stddef.h>
#include <string.h>

#define BLOCK	64

/* Return the parameters of the features from "first" on. */
static KernelParams
ParamsAfter(const KernelParams *params, int first)
{
	KernelParams after = {.table = params->table ? params->table + first : NULL};

	for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
		after.param[k] = params->param[k] ? params->param[k] + first : NULL;
	return after;
}

void
RunKernelDouble(const Formula *formula, uint8_t dtype, bool inverse, const double *x, double *y,
				const KernelParams *params, int n)
{
	SingleKernel kernel = inverse ? formula->inverse_single : formula->forward_single;
	float		in[BLOCK];
	float		out[BLOCK];

	if (dtype != DTYPE_FLOAT32)
		(inverse ? formula->inverse : formula->forward) (x, y, params, n);
	for (int i = 0; dtype == DTYPE_SINGLE && i < n; i++)
		y[i] = (float) y[i];
	for (int first = 0; dtype == DTYPE_FLOAT32 && first < n; first += BLOCK)
	{
		int			count = n - first < BLOCK ? n - first : BLOCK;
		KernelParams here = ParamsAfter(params, first);

		for (int i = 0; i < count; i++)
			in[i] = (float) x[first + i];
		kernel(in, out, &here, count);
		for (int i = 0; i < count; i++)
			y[first + i] = out[i];
	}
}

void
RunKernelSingle(const Formula *formula, uint8_t dtype, bool inverse, const float *x, float *y,
				const KernelParams *params, int n)
{
	DoubleKernel kernel = inverse ? formula->inverse : formula->forward;
	double		in[BLOCK];
	double		out[BLOCK];

	if (dtype != DTYPE_SINGLE)
		(inverse ? formula->inverse_single : formula->forward_single) (x, y, params, n);
	for (int first = 0; dtype == DTYPE_SINGLE && first < n; first += BLOCK)
	{
		int			count = n - first < BLOCK ? n - first : BLOCK;
		KernelParams here = ParamsAfter(params, first);

		for (int i = 0; i < count; i++)
			in[i] = x[first + i];
		kernel(in, out, &here, count);
		for (int i = 0; i < count; i++)
			y[first + i] = (float) out[i];
	}
}

bool
FeatureSteps(const FeatureRecipe *feature, char steps[MOST_STEP_LETTERS])
{
	const char *step = feature->formula->steps;
	int			n = 0;

	if (step == NULL)
		return false;
	if (feature->dtype == DTYPE_FLOAT32)
		steps[n++] = 'f';
	while (*step)
	{
		/* an operator has a parameter after it; a rounding has not */
		if (strchr("+-*/", *step))
			steps[n++] = *step++;
		steps[n++] = *step++;
		if (feature->dtype == DTYPE_FLOAT32 && *step != 'f' && steps[n - 1] != 'f')
			steps[n++] = 'f';
	}
	if (feature->dtype == DTYPE_SINGLE && (n == 0 || steps[n - 1] != 'f'))
		steps[n++] = 'f';
	steps[n] = '\0';
	return true;
}

const char *
DtypeSuffix(uint8_t dtype)
{
	return dtype == DTYPE_FLOAT32 ? "_float32" : dtype == DTYPE_SINGLE ? "_single" : "";
}

static bool
AreSingle(const double *values, int n)
{
	for (int i = 0; i < n; i++)
		if (values[i] != (double) (float) values[i])
			return false;
	return true;
}

/* With parameters that are float4, the float4 kernels have no operation but those on float4. */
const char *
DtypeProblem(const FeatureRecipe *feature)
{
	bool		all = feature->dtype == DTYPE_FLOAT32;

	if (feature->dtype >= NDTYPES)
		return "unknown dtype";
	if (FormulaIsOfRows(feature->formula))
		return "a norm of rows has a dtype";
	if (feature->clips && !AreSingle(feature->clip, 2))
		return "a parameter is not of its dtype";
	if (all && !AreSingle(feature->param, feature->formula->nparams))
		return "a parameter is not of its dtype";
	for (int i = 0; all && i < feature->nbefore; i++)
		if (!AreSingle(feature->before[i].param, feature->before[i].formula->nparams))
			return "a parameter is not of its dtype";
	return NULL;
}
