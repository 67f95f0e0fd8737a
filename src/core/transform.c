/*
 * transform.c
 *		Applying a recipe: policies around kernels.
 *
 * Value by value:  missing policy -> outside policy -> formula -> clipping ->
 * constant policy.  Imputed values are not held against the training range.
 */
#include "core/transform.h"

#include <math.h>

#include "core/memory.h"

static bool
IsPlain(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return feature->missing == MISSING_KEEP && feature->outside == OUTSIDE_KEEP &&
		!(feature->constant && feature->constant_policy == CONSTANT_NULL) &&
		!(feature->method->clip_range && feature->method->clip_range(feature->option, &low, &high));
}

void
TransformInit(Transform *transform, const Recipe *recipe)
{
	int			slot = 0;

	memset(transform, 0, sizeof(*transform));
	transform->recipe = recipe;
	transform->slots = CoreAlloc(sizeof(FeatureRecipe *) * recipe->nfeatures);
	transform->runs = CoreAlloc(sizeof(TransformRun) * recipe->nfeatures);
	for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
		transform->param[k] = CoreAllocZero(sizeof(double) * recipe->nfeatures);

	for (int targets = 0; targets < 2; targets++)
	{
		for (int i = 0; i < recipe->nfeatures; i++)
			if (recipe->features[i].target == (targets == 1))
				transform->slots[slot++] = &recipe->features[i];
		if (!targets)
			transform->ninputs = slot;
	}

	transform->plain = true;
	for (slot = 0; slot < recipe->nfeatures; slot++)
	{
		const FeatureRecipe *feature = transform->slots[slot];

		for (int k = 0; k < feature->formula->nparams; k++)
			transform->param[k][slot] = feature->param[k];
		if (slot >= transform->ninputs)
			continue;
		transform->plain = transform->plain && IsPlain(feature);
		if (transform->nruns > 0 && transform->runs[transform->nruns - 1].formula == feature->formula)
			transform->runs[transform->nruns - 1].count++;
		else
			transform->runs[transform->nruns++] = (TransformRun) {feature->formula, slot, 1};
	}
}

int
TransformSlot(const Transform *transform, const FeatureRecipe *feature)
{
	int			slot = 0;

	while (transform->slots[slot] != feature)
		slot++;
	return slot;
}

/* The parameters of the slots from `first`, as kernels take them. */
#define PARAMS_FROM(transform, first) \
	((double *const[]) {(transform)->param[0] + (first), (transform)->param[1] + (first)})

/*
 * Call one kind of kernel for a range of slots: run by run for a whole row,
 * one by one otherwise (a single value, that is).
 */
#define APPLY_KERNELS(transform, kernel, first_slot, nslots, x, y) \
	do { \
		if ((first_slot) == 0 && (nslots) == (transform)->ninputs) \
			for (int r_ = 0; r_ < (transform)->nruns; r_++) \
			{ \
				const TransformRun *run_ = &(transform)->runs[r_]; \
\
				run_->formula->kernel((x) + run_->first, (y) + run_->first, \
									  PARAMS_FROM(transform, run_->first), run_->count); \
			} \
		else \
			for (int i_ = 0; i_ < (nslots); i_++) \
				(transform)->slots[(first_slot) + i_]->formula->kernel( \
					(x) + i_, (y) + i_, PARAMS_FROM(transform, (first_slot) + i_), 1); \
	} while (0)

void
TransformPlainDouble(const Transform *transform, const double *x, double *y)
{
	APPLY_KERNELS(transform, forward, 0, transform->ninputs, x, y);
}

void
TransformPlainSingle(const Transform *transform, const float *x, float *y)
{
	APPLY_KERNELS(transform, forward_single, 0, transform->ninputs, x, y);
}

/* The policies on a value before the formula. */
static TransformResult
PrepareValue(const FeatureRecipe *feature, double *x, bool *null)
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
			*null = true;
	}
	return TRANSFORM_OK;
}

/* The policies on a value after it. */
static double
FinishValue(const FeatureRecipe *feature, double y, bool *null)
{
	double		low;
	double		high;

	if (feature->constant && feature->constant_policy == CONSTANT_NULL)
		*null = true;
	if (feature->method->clip_range && feature->method->clip_range(feature->option, &low, &high))
	{
		/* numpy.clip: NaN stays, and a tie takes the bound's own zero */
		if (!isnan(y))
			y = y > low ? y : low;
		if (!isnan(y))
			y = y < high ? y : high;
	}
	return y;
}

TransformResult
TransformDouble(const Transform *transform, int first, int count,
				double *x, bool *nulls, double *y, int *slot)
{
	*slot = first;
	for (int i = 0; i < count; i++)
	{
		TransformResult result = PrepareValue(transform->slots[first + i], &x[i], &nulls[i]);

		*slot = first + i;
		if (result != TRANSFORM_OK)
			return result;
	}
	APPLY_KERNELS(transform, forward, first, count, x, y);
	for (int i = 0; i < count; i++)
		y[i] = FinishValue(transform->slots[first + i], y[i], &nulls[i]);
	return TRANSFORM_OK;
}

/* As above; replaced and clipped values are rounded to float4, as numpy rounds them. */
TransformResult
TransformSingle(const Transform *transform, int first, int count,
				float *x, bool *nulls, float *y, int *slot)
{
	*slot = first;
	for (int i = 0; i < count; i++)
	{
		double		value = x[i];
		TransformResult result = PrepareValue(transform->slots[first + i], &value, &nulls[i]);

		*slot = first + i;
		if (result != TRANSFORM_OK)
			return result;
		x[i] = (float) value;
	}
	APPLY_KERNELS(transform, forward_single, first, count, x, y);
	for (int i = 0; i < count; i++)
		y[i] = (float) FinishValue(transform->slots[first + i], y[i], &nulls[i]);
	return TRANSFORM_OK;
}

void
TransformInverseDouble(const Transform *transform, int first, int count, const double *x, double *y)
{
	APPLY_KERNELS(transform, inverse, first, count, x, y);
}

void
TransformInverseSingle(const Transform *transform, int first, int count, const float *x, float *y)
{
	APPLY_KERNELS(transform, inverse_single, first, count, x, y);
}
