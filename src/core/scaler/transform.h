/*
 * transform.h
 *		A recipe prepared for being applied to rows.  The arithmetic itself is in the kernels of
 *		formula.c.
 */
#ifndef NORMFREEZE_CORE_TRANSFORM_H
#define NORMFREEZE_CORE_TRANSFORM_H

#include "core/scaler/recipe.h"

/* Adjacent slots that share a formula, and so one call of its kernel. */
typedef struct TransformRun
{
	const Formula *formula;
	int			first;
	int			count;
	uint8_t		dtype;
	KernelParams params;
} TransformRun;

/* The input slots of a formula of whole rows, which share its norm. */
typedef struct TransformGroup
{
	const Formula *formula;
	int			count;
	int		   *slots;
} TransformGroup;

/*
 * A prepared recipe.
 *
 * Slots are its features in the order in which rows are applied: first the inputs (in the order of the recipe),
 * then the targets, which only functions that name a single feature reach.
 */
typedef struct Transform
{
	const Recipe *recipe;
	int			ninputs;
	bool		plain;			/* no policy needs more than arithmetic */
	bool		inverse_plain;	/* the same for the inverse: no input gives NULL */
	bool		inverse_gaps;	/* some inverse has no answer for some values */
	bool		steps;			/* some feature has steps before its last one */
	int			nruns;			/* runs of the inputs */
	TransformRun *runs;			/* without formulas of whole rows */
	int			ngroups;
	TransformGroup *groups;
	void	   *scratch;		/* working space for the values of a group */
	const FeatureRecipe **slots;
	int		   *slot_of;		/* by the feature's place in the recipe */
	const FeatureRecipe *not_invertible;	/* first input without an inverse, or NULL */
	bool	   *invertible;		/* by slot */
	double	   *param[FORMULA_MAX_PARAMS];
	double	   *reciprocal;		/* reciprocals of divisors, in runs that have them */
	FormulaTable *table;
} Transform;

/* Whether a row could be transformed. */
typedef enum TransformResult
{
	TRANSFORM_OK,
	TRANSFORM_MISSING,			/* a policy refuses a missing value */
	TRANSFORM_OUTSIDE,			/* a policy refuses a value outside of the training range */
	TRANSFORM_DOMAIN,			/* or one for which a formula is not defined */
	TRANSFORM_NO_RESULT			/* the inverse: a value is not the result of any */
} TransformResult;

/* Prepare a recipe, which must live as long. */
extern void TransformInit(Transform *transform, const Recipe *recipe);

/* Return the slot of a feature of the recipe. */
extern int	TransformSlot(const Transform *transform, const FeatureRecipe *feature);

/* Return whether this slot needs the other features of its row. */
extern bool TransformIsOfRow(const Transform *transform, int slot);

/* Return whether the slot has an inverse. */
extern bool TransformSlotHasInverse(const Transform *transform, int slot);

/* Return whether every value of the slot gives NULL in the inverse. */
extern bool TransformInverseIsNull(const Transform *transform, int slot);

/* All that is needed to transform one value of a slot. */
typedef struct SlotKernel
{
	ScalarKernel scalar;		/* NULL for a run of this slot alone */
	union
	{
		double		param[FORMULA_MAX_PARAMS];
		struct
		{
			DoubleKernel kernel;
			const Transform *transform; /* which must live as long */
			int			slot;
		}			run;
	}			by;
} SlotKernel;

/* Set up a kernel.  Return false if the slot has policies, needs its row, or has no inverse. */
extern bool TransformSlotKernel(const Transform *transform, int slot, bool inverse, SlotKernel *kernel);

/* Transform a value; for ApplySlotKernel() only. */
extern double ApplyRunKernel(const SlotKernel *kernel, double x);

static inline double
ApplySlotKernel(const SlotKernel *kernel, double x)
{
	return kernel->scalar ? kernel->scalar(x, kernel->by.param) : ApplyRunKernel(kernel, x);
}

/*
 * Transform "count" slots from "first" on.
 *
 * x is overwritten where policies replace values.  "nulls" is read and written; x must be NaN where it is set.
 * If the result is not TRANSFORM_OK, *slot is the first slot that is refused, and its x the value that its policies
 * gave to its first step.
 */
extern TransformResult TransformDouble(const Transform *transform, int first, int count,
									   double *x, bool *nulls, double *y, int *slot);
extern TransformResult TransformSingle(const Transform *transform, int first, int count,
									   float *x, bool *nulls, float *y, int *slot);

/* Return whether a feature has no policies, so that its result is that of its formula. */
extern bool FeatureIsPlain(const FeatureRecipe *feature);

/* Apply to one value the policies for missing values and for those outside of the range. */
extern TransformResult FeatureApplyPolicies(const FeatureRecipe *feature, double *x, bool *null);

/*
 * Apply to one value what comes before the formula of the last step: policies, and the other steps, in float8 or
 * (single) in float4.  Then what comes after it.
 */
extern TransformResult FeaturePrepare(const FeatureRecipe *feature, double *x, bool *null);
extern TransformResult FeaturePrepareSingle(const FeatureRecipe *feature, double *x, bool *null);
extern double FeatureFinish(const FeatureRecipe *feature, double y, bool *null);

/*
 * Return the formula of a feature whose domain rule refuses what x, the value given to its first step, has become
 * there, and set *value to that.  For TRANSFORM_DOMAIN only.
 */
extern const Formula *FeatureUndefinedFor(const FeatureRecipe *feature, double x, bool single, double *value);

/* Return whether all formulas of a feature are defined for what x, the value given to its first step, becomes. */
extern bool FeatureIsDefinedFor(const FeatureRecipe *feature, double x);

/* Return the result of a step before the last one, in float8 or (single) in float4. */
extern double ApplyStep(const StepRecipe *step, double x, bool single);

/* Undo the steps before the last one, backwards. */
extern double FeatureUndoSteps(const FeatureRecipe *feature, double y);
extern float FeatureUndoStepsSingle(const FeatureRecipe *feature, float y);

/* Prepare and finish values by slot. */
extern TransformResult TransformPrepare(const Transform *transform, int slot, double *x, bool *null);
extern double TransformFinish(const Transform *transform, int slot, double y, bool *null);

/*
 * Invert slots that have an inverse, by arithmetic alone; missing values stay missing.
 *
 * Slots for which TransformInverseIsNull() are the caller's to handle.
 */
extern void TransformInverseDouble(const Transform *transform, int first, int count,
								   const double *x, double *y);
extern void TransformInverseSingle(const Transform *transform, int first, int count,
								   const float *x, float *y);

/* Transform a row without NULLs, if transform->plain: nothing but the kernels. */
extern void TransformPlainDouble(const Transform *transform, const double *x, double *y);
extern void TransformPlainSingle(const Transform *transform, const float *x, float *y);

#endif							/* NORMFREEZE_CORE_TRANSFORM_H */
