/*
 * inverse_gaps.h
 *		Values that are the result of none, and so have no inverse.
 */
#ifndef NORMFREEZE_CORE_INVERSE_GAPS_H
#define NORMFREEZE_CORE_INVERSE_GAPS_H

#include "core/scaler/transform.h"

/*
 * Return whether denormalize() has no answer for some values of a feature, and must not give NaN.
 *
 * A power transformation alone, without a policy for its domain, gives NaN for them, as scikit-learn does.
 */
extern bool FeatureInverseHasGaps(const FeatureRecipe *feature);

/* Return whether the inverse of a feature that has one is that of its formula, in float8, for all values. */
extern bool FeatureInverseIsPlain(const FeatureRecipe *feature);

/*
 * Decide on results of an inverse that has no answer, after TransformInverseDouble() or TransformInverseSingle(): by
 * the domain policy of the formula they are NULL, or the nearest training value, or refused.  Then *slot is the first
 * slot that is.  "nulls" is read and written.
 */
extern TransformResult TransformSettleDouble(const Transform *transform, int first, int count, const double *x,
											 double *y, bool *nulls, int *slot);
extern TransformResult TransformSettleSingle(const Transform *transform, int first, int count, const float *x,
											 float *y, bool *nulls, int *slot);

/*
 * Return the formula of a feature of which the inverse of y comes to a value that is no result of it, and set *value
 * to that.  For TRANSFORM_NO_RESULT only.
 */
extern const Formula *FeatureGapOf(const FeatureRecipe *feature, double y, bool single, double *value);

#endif							/* NORMFREEZE_CORE_INVERSE_GAPS_H */
