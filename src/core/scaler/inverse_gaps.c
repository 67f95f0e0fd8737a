/*
 * inverse_gaps.c
 *		Values that are the result of none, and so have no inverse: the policy of the formula's domain, or a refusal.
 */
#include "core/scaler/inverse_gaps.h"

#include <math.h>

#include "core/scaler/dtype.h"
#include "core/scaler/recipe_steps.h"

bool
FeatureInverseHasGaps(const FeatureRecipe *feature)
{
	const Formula *formula = feature->formula;

	for (int i = 0; i < feature->nbefore; i++)
		if (feature->before[i].formula->inverse_has_gaps)
			return true;
	return formula->inverse_has_gaps &&
		(feature->nbefore > 0 || feature->domain.policy != DOMAIN_KEEP || !formula->keeps_gaps);
}

bool
FeatureInverseIsPlain(const FeatureRecipe *feature)
{
	return !FeatureInverseIsNull(feature) && feature->nbefore == 0 && feature->dtype == DTYPE_FLOAT64 &&
		!FeatureInverseHasGaps(feature);
}

/* Return the inverse of one step, by its number, as the scaler computes it. */
static double
InvertStep(const FeatureRecipe *feature, int i, double y, bool single)
{
	FeatureRecipe step = FeatureOfStep(feature, i);
	KernelParams params = KernelParamsOf(step.param, &step.table);
	uint8_t		dtype = i < feature->nbefore && feature->dtype == DTYPE_SINGLE ? DTYPE_FLOAT64 : feature->dtype;
	double		x;

	if (single && feature->dtype == DTYPE_FLOAT64)
	{
		float		in = (float) y;
		float		out;

		step.formula->inverse_single(&in, &out, &params, 1);
		return out;
	}
	RunKernelDouble(step.formula, dtype, true, &y, &x, &params, 1);
	return x;
}

/* Return which value a policy gives for the inverse of y, which there is none of: the nearest training value. */
static double
NearestInverse(const FeatureRecipe *step, double y)
{
	KernelParams params = KernelParamsOf(step->param, &step->table);
	double		lowest;

	step->formula->forward(&step->domain.low, &lowest, &params, 1);
	return y < lowest ? step->domain.low : step->domain.high;
}

/*
 * Undo all steps of a feature, with the policy of each.  *i becomes the step that stops at a value, and *y the value
 * there; or -1, and *y the result.
 */
static void
UndoWithPolicies(const FeatureRecipe *feature, bool single, int *i, double *y, bool *null)
{
	for (*i = feature->nbefore; *i >= 0 && !*null; (*i)--)
	{
		FeatureRecipe step = FeatureOfStep(feature, *i);
		double		x = InvertStep(feature, *i, *y, single);

		if (isnan(x) && !isnan(*y) && step.formula->inverse_has_gaps)
		{
			if (step.domain.policy == DOMAIN_NULL)
				*null = true;
			else if (step.domain.policy == DOMAIN_CLIP)
				x = NearestInverse(&step, *y);
			else
				return;
		}
		*y = x;
	}
	if (feature->dtype != DTYPE_FLOAT64)
		*y = (float) *y;
	*i = -1;
}

static TransformResult
SettleInverse(const FeatureRecipe *feature, double x, bool single, double *y, bool *null)
{
	int			step;

	*y = x;
	UndoWithPolicies(feature, single, &step, y, null);
	return step < 0 ? TRANSFORM_OK : TRANSFORM_NO_RESULT;
}

const Formula *
FeatureGapOf(const FeatureRecipe *feature, double y, bool single, double *value)
{
	bool		null = false;
	int			step;

	*value = y;
	UndoWithPolicies(feature, single, &step, value, &null);
	return step == feature->nbefore || step < 0 ? feature->formula : feature->before[step].formula;
}

/* Return whether the inverse of a slot had no answer. */
static inline bool
IsGap(const Transform *transform, int slot, double x, double y)
{
	return isnan(y) && !isnan(x) && FeatureInverseHasGaps(transform->slots[slot]);
}

TransformResult
TransformSettleDouble(const Transform *transform, int first, int count, const double *x, double *y, bool *nulls,
					  int *slot)
{
	for (int i = 0; i < count; i++)
		if (IsGap(transform, first + i, x[i], y[i]) &&
			SettleInverse(transform->slots[first + i], x[i], false, &y[i], &nulls[i]) != TRANSFORM_OK)
		{
			*slot = first + i;
			return TRANSFORM_NO_RESULT;
		}
	return TRANSFORM_OK;
}

TransformResult
TransformSettleSingle(const Transform *transform, int first, int count, const float *x, float *y, bool *nulls,
					  int *slot)
{
	for (int i = 0; i < count; i++)
	{
		double		settled;

		if (!IsGap(transform, first + i, x[i], y[i]))
			continue;
		if (SettleInverse(transform->slots[first + i], x[i], true, &settled, &nulls[i]) != TRANSFORM_OK)
		{
			*slot = first + i;
			return TRANSFORM_NO_RESULT;
		}
		y[i] = (float) settled;
	}
	return TRANSFORM_OK;
}
