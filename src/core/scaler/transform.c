/*
 * transform.c
 *		Scaling a row: the policies, the formula and the clipping of each value.
 *
 * The loops that call the kernels of formula.c are in transform_loops.h, which is included below
 * for float8 and for float4.
 *
 * Value by value:  missing policy -> outside policy -> steps -> formula -> clipping -> constant policy.  Imputed values
 * are not compared with the training range.  Before each formula comes the policy for values outside of its domain.
 */
#include "core/scaler/transform.h"

#include <math.h>

#include "core/base/known_divisor.h"
#include "core/base/memory.h"
#include "core/scaler/inverse_gaps.h"
#include "core/scaler/dtype.h"

bool
FeatureIsPlain(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return feature->missing == MISSING_KEEP && feature->outside == OUTSIDE_KEEP && feature->nbefore == 0 &&
		feature->domain.policy == DOMAIN_KEEP && feature->dtype == DTYPE_FLOAT64 &&
		!FeatureIsNull(feature) && !FeatureClips(feature, &low, &high);
}

static void
AddToGroup(Transform *transform, const Formula *formula, int slot)
{
	TransformGroup *group;

	if (transform->groups == NULL)
	{
		/* there are few formulas of whole rows, and no more groups than slots */
		transform->groups = CoreAllocZero(sizeof(TransformGroup) * transform->ninputs);
		transform->scratch = CoreAlloc(sizeof(double) * transform->ninputs);
	}
	group = transform->groups;
	while (group < transform->groups + transform->ngroups && group->formula != formula)
		group++;
	if (group == transform->groups + transform->ngroups)
	{
		transform->ngroups++;
		group->formula = formula;
		group->slots = CoreAlloc(sizeof(int) * transform->ninputs);
	}
	group->slots[group->count++] = slot;
}

/* Return the parameters of the slots from "first" on, as kernels take them. */
static inline KernelParams
ParamsFrom(const Transform *transform, int first)
{
	KernelParams params = {.table = transform->table + first};

	for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
		params.param[k] = transform->param[k] + first;
	return params;
}

/* Return the parameters of a run, with reciprocals if all of its slots have them. */
static KernelParams
ParamsOfRun(Transform *transform, const TransformRun *run)
{
	KernelParams params = ParamsFrom(transform, run->first);
	int			k = FormulaKnownDivisor(run->formula);

	if (k < 0)
		return params;
	params.reciprocal = transform->reciprocal + run->first;
	for (int i = run->first; i < run->first + run->count; i++)
	{
		transform->reciprocal[i] = DivisorReciprocal(transform->param[k][i]);
		if (isnan(transform->reciprocal[i]))
			params.reciprocal = NULL;
	}
	return params;
}

void
TransformInit(Transform *transform, const Recipe *recipe)
{
	int			slot = 0;

	memset(transform, 0, sizeof(*transform));
	transform->recipe = recipe;
	transform->slots = CoreAlloc(sizeof(FeatureRecipe *) * recipe->nfeatures);
	transform->slot_of = CoreAlloc(sizeof(int) * recipe->nfeatures);
	transform->runs = CoreAlloc(sizeof(TransformRun) * recipe->nfeatures);
	for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
		transform->param[k] = CoreAllocZero(sizeof(double) * recipe->nfeatures);
	transform->reciprocal = CoreAlloc(sizeof(double) * recipe->nfeatures);
	transform->invertible = CoreAlloc(sizeof(bool) * recipe->nfeatures);
	transform->table = CoreAllocZero(sizeof(FormulaTable) * recipe->nfeatures);

	for (int targets = 0; targets < 2; targets++)
	{
		for (int i = 0; i < recipe->nfeatures; i++)
			if (recipe->features[i].target == (targets == 1))
			{
				transform->slot_of[i] = slot;
				transform->slots[slot++] = &recipe->features[i];
			}
		if (!targets)
			transform->ninputs = slot;
	}

	transform->plain = transform->inverse_plain = true;
	for (slot = 0; slot < recipe->nfeatures; slot++)
	{
		const FeatureRecipe *feature = transform->slots[slot];

		for (int k = 0; k < feature->formula->nparams; k++)
			transform->param[k][slot] = feature->param[k];
		transform->table[slot] = feature->table;
		transform->invertible[slot] = FeatureHasInverse(feature);
		transform->steps = transform->steps || feature->nbefore > 0;
		if (slot >= transform->ninputs)
			continue;
		transform->plain = transform->plain && FeatureIsPlain(feature);
		transform->inverse_plain = transform->inverse_plain && !FeatureInverseIsNull(feature);
		transform->inverse_gaps = transform->inverse_gaps || FeatureInverseHasGaps(feature);
		if (transform->not_invertible == NULL && !transform->invertible[slot])
			transform->not_invertible = feature;
		if (FormulaIsOfRows(feature->formula))
			AddToGroup(transform, feature->formula, slot);
		else if (transform->nruns > 0 && transform->runs[transform->nruns - 1].formula == feature->formula &&
				 transform->runs[transform->nruns - 1].dtype == feature->dtype &&
				 transform->runs[transform->nruns - 1].first + transform->runs[transform->nruns - 1].count == slot)
			transform->runs[transform->nruns - 1].count++;
		else
			transform->runs[transform->nruns++] = (TransformRun) {feature->formula, slot, 1, feature->dtype, {{NULL}}};
	}
	for (int r = 0; r < transform->nruns; r++)
		transform->runs[r].params = ParamsOfRun(transform, &transform->runs[r]);
}

int
TransformSlot(const Transform *transform, const FeatureRecipe *feature)
{
	return transform->slot_of[feature - transform->recipe->features];
}

bool
TransformIsOfRow(const Transform *transform, int slot)
{
	return FormulaIsOfRows(transform->slots[slot]->formula);
}

bool
TransformSlotHasInverse(const Transform *transform, int slot)
{
	return transform->invertible[slot];
}

bool
TransformInverseIsNull(const Transform *transform, int slot)
{
	return FeatureInverseIsNull(transform->slots[slot]);
}

bool
TransformSlotKernel(const Transform *transform, int slot, bool inverse, SlotKernel *kernel)
{
	const FeatureRecipe *feature = transform->slots[slot];
	DoubleKernel run = inverse ? feature->formula->inverse : feature->formula->forward;

	if (inverse ? !(transform->invertible[slot] && FeatureInverseIsPlain(feature)) : !FeatureIsPlain(feature))
		return false;
	kernel->scalar = inverse ? feature->formula->inverse_scalar : feature->formula->forward_scalar;
	if (kernel->scalar)
		for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
			kernel->by.param[k] = transform->param[k][slot];
	else
	{
		kernel->by.run.kernel = run;
		kernel->by.run.transform = transform;
		kernel->by.run.slot = slot;
	}
	return run != NULL;
}

/* See transform.h: the value is a run of one slot. */
double
ApplyRunKernel(const SlotKernel *kernel, double x)
{
	KernelParams params = ParamsFrom(kernel->by.run.transform, kernel->by.run.slot);
	double		y;

	kernel->by.run.kernel(&x, &y, &params, 1);
	return y;
}

#define REAL				double
#define FORWARD				forward
#define INVERSE				inverse
#define NORM				norm
#define RUN_KERNEL			RunKernelDouble
#define APPLY_KERNELS		ApplyKernelsDouble
#define APPLY_GROUPS		ApplyGroupsDouble
#define APPLY_FORWARD		ForwardDouble
#include "core/scaler/transform_loops.h"

#define REAL				float
#define FORWARD				forward_single
#define INVERSE				inverse_single
#define NORM				norm_single
#define RUN_KERNEL			RunKernelSingle
#define APPLY_KERNELS		ApplyKernelsSingle
#define APPLY_GROUPS		ApplyGroupsSingle
#define APPLY_FORWARD		ForwardSingle
#include "core/scaler/transform_loops.h"

void
TransformPlainDouble(const Transform *transform, const double *x, double *y)
{
	ForwardDouble(transform, 0, transform->ninputs, x, y);
}

void
TransformPlainSingle(const Transform *transform, const float *x, float *y)
{
	ForwardSingle(transform, 0, transform->ninputs, x, y);
}

/* ---- steps ---- */

/* numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0 */
static inline double
ClipResult(const Method *method, const double *option, double y)
{
	double		low;
	double		high;

	return MethodClips(method, option, &low, &high) ? ClipTo(low, high, y) : y;
}

double
ApplyStep(const StepRecipe *step, double x, bool single)
{
	KernelParams params = KernelParamsOf(step->param, &step->table);
	double		y;

	if (single)
	{
		float		in = (float) x;
		float		out;

		step->formula->forward_single(&in, &out, &params, 1);
		return (float) ClipResult(step->method, step->option, out);
	}
	step->formula->forward(&x, &y, &params, 1);
	return ClipResult(step->method, step->option, y);
}

/* Apply the steps before the last one to a value that is not missing. */
static TransformResult
ApplySteps(const FeatureRecipe *feature, double *x, bool *null, bool single)
{
	/* an imputed value or a bound of the training range, too, is a float4 before it is in a domain or not */
	if (single)
		*x = (float) *x;
	for (int i = 0; i < feature->nbefore && !isnan(*x); i++)
	{
		const StepRecipe *step = &feature->before[i];

		if (!ApplyDomainRule(step->formula, &step->domain, x, null, single))
			return TRANSFORM_DOMAIN;
		if (!*null)
			*x = ApplyStep(step, *x, single);
	}
	if (!isnan(*x) && !ApplyDomainRule(feature->formula, &feature->domain, x, null, single))
		return TRANSFORM_DOMAIN;
	return TRANSFORM_OK;
}

bool
FeatureIsDefinedFor(const FeatureRecipe *feature, double x)
{
	for (int i = 0; i < feature->nbefore; i++)
	{
		if (!InDomain(feature->before[i].formula, x))
			return false;
		x = ApplyStep(&feature->before[i], x, false);
	}
	return InDomain(feature->formula, x);
}

double
FeatureUndoSteps(const FeatureRecipe *feature, double y)
{
	if (feature->dtype == DTYPE_FLOAT32)
		return FeatureUndoStepsSingle(feature, (float) y);
	for (int i = feature->nbefore - 1; i >= 0; i--)
	{
		KernelParams params = KernelParamsOf(feature->before[i].param, &feature->before[i].table);
		double		x;

		feature->before[i].formula->inverse(&y, &x, &params, 1);
		y = x;
	}
	return feature->dtype == DTYPE_SINGLE ? (float) y : y;
}

float
FeatureUndoStepsSingle(const FeatureRecipe *feature, float y)
{
	if (feature->dtype == DTYPE_SINGLE)
		return (float) FeatureUndoSteps(feature, y);
	for (int i = feature->nbefore - 1; i >= 0; i--)
	{
		KernelParams params = KernelParamsOf(feature->before[i].param, &feature->before[i].table);
		float		x;

		feature->before[i].formula->inverse_single(&y, &x, &params, 1);
		y = x;
	}
	return y;
}

/* ---- policies ---- */

TransformResult
FeatureApplyPolicies(const FeatureRecipe *feature, double *x, bool *null)
{
	if (*null || isnan(*x))
	{
		if (feature->missing == MISSING_ERROR)
			return TRANSFORM_MISSING;
		if (feature->missing != MISSING_KEEP)
		{
			*null = false;
			*x = MissingPolicyImputes(feature->missing) ? feature->imputed : NAN;
		}
		return TRANSFORM_OK;
	}
	if (feature->outside != OUTSIDE_KEEP && (*x < feature->lower || *x > feature->upper))
	{
		if (feature->outside == OUTSIDE_ERROR)
			return TRANSFORM_OUTSIDE;
		if (feature->outside == OUTSIDE_CLIP)
			*x = *x < feature->lower ? feature->lower : feature->upper;
		else
		{
			/* like any missing value, it does not count in a norm */
			*null = true;
			*x = NAN;
		}
	}
	return TRANSFORM_OK;
}

static inline TransformResult
Prepare(const FeatureRecipe *feature, double *x, bool *null, bool single)
{
	TransformResult result = FeatureApplyPolicies(feature, x, null);
	double		first = *x;

	single = ComputedInSingle(feature, single);
	if (result != TRANSFORM_OK || (feature->nbefore == 0 && feature->domain.policy == DOMAIN_KEEP))
		return result;
	result = ApplySteps(feature, x, null, single);
	if (result != TRANSFORM_OK)
		*x = first;
	return result;
}

const Formula *
FeatureUndefinedFor(const FeatureRecipe *feature, double x, bool single, double *value)
{
	bool		null = false;

	single = ComputedInSingle(feature, single);
	if (single)
		x = (float) x;
	for (int i = 0; i < feature->nbefore; i++)
	{
		const StepRecipe *step = &feature->before[i];

		*value = x;
		if (!ApplyDomainRule(step->formula, &step->domain, &x, &null, single))
			return step->formula;
		x = ApplyStep(step, x, single);
	}
	*value = x;
	return feature->formula;
}

TransformResult
FeaturePrepare(const FeatureRecipe *feature, double *x, bool *null)
{
	return Prepare(feature, x, null, false);
}

TransformResult
FeaturePrepareSingle(const FeatureRecipe *feature, double *x, bool *null)
{
	return Prepare(feature, x, null, true);
}

/* Apply the policies after the formula to a value. */
double
FeatureFinish(const FeatureRecipe *feature, double y, bool *null)
{
	double		low;
	double		high;

	if (FeatureIsNull(feature))
		*null = true;
	return FeatureClips(feature, &low, &high) ? ClipTo(low, high, y) : y;
}

TransformResult
TransformPrepare(const Transform *transform, int slot, double *x, bool *null)
{
	return FeaturePrepare(transform->slots[slot], x, null);
}

double
TransformFinish(const Transform *transform, int slot, double y, bool *null)
{
	return FeatureFinish(transform->slots[slot], y, null);
}

TransformResult
TransformDouble(const Transform *transform, int first, int count,
				double *x, bool *nulls, double *y, int *slot)
{
	*slot = first;
	for (int i = 0; i < count; i++)
	{
		TransformResult result = FeaturePrepare(transform->slots[first + i], &x[i], &nulls[i]);

		*slot = first + i;
		if (result != TRANSFORM_OK)
			return result;
	}
	ForwardDouble(transform, first, count, x, y);
	for (int i = 0; i < count; i++)
		y[i] = FeatureFinish(transform->slots[first + i], y[i], &nulls[i]);
	return TRANSFORM_OK;
}

/* As above, but replaced and clipped values are rounded to float4, as numpy rounds them. */
TransformResult
TransformSingle(const Transform *transform, int first, int count,
				float *x, bool *nulls, float *y, int *slot)
{
	bool		by_steps = false;

	*slot = first;
	for (int i = 0; i < count; i++)
	{
		double		value = x[i];
		TransformResult result = FeaturePrepareSingle(transform->slots[first + i], &value, &nulls[i]);

		*slot = first + i;
		x[i] = (float) value;
		if (result != TRANSFORM_OK)
			return result;
		/* what steps gave is not rounded before the last one, if operations are in float8 */
		if (transform->steps && transform->slots[first + i]->dtype == DTYPE_SINGLE)
		{
			KernelParams params = ParamsFrom(transform, first + i);
			double		prepared = value;

			RunKernelDouble(transform->slots[first + i]->formula, DTYPE_SINGLE, false, &prepared, &value, &params, 1);
			x[i] = (float) value;
			by_steps = true;
		}
	}
	ForwardSingle(transform, first, count, x, y);
	for (int i = 0; i < count; i++)
	{
		bool		done = by_steps && transform->slots[first + i]->dtype == DTYPE_SINGLE;

		y[i] = (float) FeatureFinish(transform->slots[first + i], done ? x[i] : y[i], &nulls[i]);
	}
	return TRANSFORM_OK;
}

void
TransformInverseDouble(const Transform *transform, int first, int count, const double *x, double *y)
{
	ApplyKernelsDouble(transform, true, first, count, x, y);
	for (int i = 0; transform->steps && i < count; i++)
		y[i] = FeatureUndoSteps(transform->slots[first + i], y[i]);
}

void
TransformInverseSingle(const Transform *transform, int first, int count, const float *x, float *y)
{
	ApplyKernelsSingle(transform, true, first, count, x, y);
	for (int i = 0; transform->steps && i < count; i++)
		y[i] = FeatureUndoStepsSingle(transform->slots[first + i], y[i]);
}
