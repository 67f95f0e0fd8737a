/*
 * transform.h
 *		A recipe prepared for its application to rows.  The arithmetic itself is in the kernels of formula.c.
 */
#ifndef NORMFREEZE_CORE_TRANSFORM_H
#define NORMFREEZE_CORE_TRANSFORM_H

#include "core/scaler/recipe.h"

/* Adjacent slots with one formula: one kernel call. */
typedef struct TransformRun
{
	const Formula *formula;
	int			first;
	int			count;
	KernelParams params;
} TransformRun;

/* The input slots of a formula of whole rows: what it makes a norm of. */
typedef struct TransformGroup
{
	const Formula *formula;
	int			count;
	int		   *slots;
} TransformGroup;

/*
 * Slots are the features in the order in which rows are applied: first the
 * inputs (in the order of the recipe), then the targets, which only the
 * forms that name a single feature reach.
 */
typedef struct Transform
{
	const Recipe *recipe;
	int			ninputs;
	bool		plain;			/* no policy asks for more than arithmetic */
	bool		inverse_plain;	/* likewise for the inverse: no input gives NULL backwards */
	int			nruns;			/* of the inputs */
	TransformRun *runs;			/* but not of formulas of whole rows */
	int			ngroups;
	TransformGroup *groups;
	void	   *scratch;		/* room for the values of a group */
	const FeatureRecipe **slots;
	int		   *slot_of;		/* by position of the feature in the recipe */
	const FeatureRecipe *not_invertible;	/* the first such input, or NULL */
	bool	   *invertible;		/* by slot */
	double	   *param[FORMULA_MAX_PARAMS];
	double	   *reciprocal;		/* of what is divided by, in runs whose params have it */
	FormulaTable *table;
} Transform;

typedef enum TransformResult
{
	TRANSFORM_OK,
	TRANSFORM_MISSING,			/* a missing value, which the policy refuses */
	TRANSFORM_OUTSIDE			/* a value outside the training range, likewise */
} TransformResult;

extern void TransformInit(Transform *transform, const Recipe *recipe);
extern int	TransformSlot(const Transform *transform, const FeatureRecipe *feature);

/* Return whether this slot needs the other features of its row. */
extern bool TransformIsOfRow(const Transform *transform, int slot);
extern bool TransformSlotHasInverse(const Transform *transform, int slot);
extern bool TransformInverseIsNull(const Transform *transform, int slot);

/* All there is to one value of a slot. */
typedef struct SlotKernel
{
	ScalarKernel scalar;		/* NULL: a run of this slot alone */
	union
	{
		double		param[FORMULA_MAX_PARAMS];
		struct
		{
			DoubleKernel kernel;
			const Transform *transform; /* which must live on */
			int			slot;
		}			run;
	}			by;
} SlotKernel;

/* False if the slot has policies, needs its row, or has no inverse. */
extern bool TransformSlotKernel(const Transform *transform, int slot, bool inverse, SlotKernel *kernel);

extern double ApplyRunKernel(const SlotKernel *kernel, double x);

static inline double
ApplySlotKernel(const SlotKernel *kernel, double x)
{
	return kernel->scalar ? kernel->scalar(x, kernel->by.param) : ApplyRunKernel(kernel, x);
}

/*
 * Apply to `count` slots from `first`.  x is overwritten where policies
 * replace values; nulls is read and written (x must be NaN where null).  If
 * the result is not TRANSFORM_OK, *slot is the first slot at fault.
 */
extern TransformResult TransformDouble(const Transform *transform, int first, int count,
									   double *x, bool *nulls, double *y, int *slot);
extern TransformResult TransformSingle(const Transform *transform, int first, int count,
									   float *x, bool *nulls, float *y, int *slot);

/* Return whether a feature has no policies, so that its result is that of its formula. */
extern bool FeatureIsPlain(const FeatureRecipe *feature);

/* The policies of a feature on one value: those before the formula, and those after it. */
extern TransformResult FeaturePrepare(const FeatureRecipe *feature, double *x, bool *null);
extern double FeatureFinish(const FeatureRecipe *feature, double y, bool *null);

/* The same by slot: those before the formula, and those after it. */
extern TransformResult TransformPrepare(const Transform *transform, int slot, double *x, bool *null);
extern double TransformFinish(const Transform *transform, int slot, double y, bool *null);

/*
 * The inverse, of slots that have one: arithmetic alone, missing stays missing.
 * What gives NULL backwards is for the caller to ask, by TransformInverseIsNull().
 */
extern void TransformInverseDouble(const Transform *transform, int first, int count,
								   const double *x, double *y);
extern void TransformInverseSingle(const Transform *transform, int first, int count,
								   const float *x, float *y);

/* For rows without NULL where transform->plain: nothing but the kernels. */
extern void TransformPlainDouble(const Transform *transform, const double *x, double *y);
extern void TransformPlainSingle(const Transform *transform, const float *x, float *y);

#endif							/* NORMFREEZE_CORE_TRANSFORM_H */
