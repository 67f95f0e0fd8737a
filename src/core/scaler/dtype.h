/*
 * dtype.h
 *		Formulas of features that are computed in another type than their values have.
 */
#ifndef NORMFREEZE_CORE_DTYPE_H
#define NORMFREEZE_CORE_DTYPE_H

#include "core/scaler/recipe.h"

/* Apply the kernel of a formula, or its inverse, to adjacent features of one Dtype, whose values are float8. */
extern void RunKernelDouble(const Formula *formula, uint8_t dtype, bool inverse, const double *x, double *y,
							const KernelParams *params, int n);

/* The same for values that are float4. */
extern void RunKernelSingle(const Formula *formula, uint8_t dtype, bool inverse, const float *x, float *y,
							const KernelParams *params, int n);

/* Return whether a feature is computed in float4 where its values are float4 ("single") or not. */
static inline bool
ComputedInSingle(const FeatureRecipe *feature, bool single)
{
	return feature->dtype == DTYPE_FLOAT64 ? single : feature->dtype == DTYPE_FLOAT32;
}

#define MOST_STEP_LETTERS	16

/*
 * Write the steps of a feature's formula (formula.h) with the roundings of its dtype among them.  Return false if the
 * formula has no steps.
 */
extern bool FeatureSteps(const FeatureRecipe *feature, char steps[MOST_STEP_LETTERS]);

/* Return what is appended to the name of a formula that is computed in this type: nothing, "_float32" or "_single". */
extern const char *DtypeSuffix(uint8_t dtype);

/* numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0 */
static inline double
ClipTo(double low, double high, double y)
{
	if (y < low)
		return low;
	return y > high ? high : y;
}

/* Return what is wrong with the dtype of a feature that has one, or NULL. */
extern const char *DtypeProblem(const FeatureRecipe *feature);

#endif							/* NORMFREEZE_CORE_DTYPE_H */
