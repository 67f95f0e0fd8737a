/*
 * refusals.h
 *		Checks of what a scaler can be applied to, which cost a comparison, and their errors.
 */
#ifndef NORMFREEZE_REFUSALS_H
#define NORMFREEZE_REFUSALS_H

#include "pg/base/compat.h"

#include "pg/scaler/loaded_scaler.h"

/* The errors of the checks below. */
pg_noreturn extern void RefuseCount(const LoadedScaler *scaler, int n);
pg_noreturn extern void RefuseUnnamed(const LoadedScaler *scaler, const char *what);
pg_noreturn extern void RefuseInverse(const LoadedScaler *scaler, const FeatureRecipe *feature);
pg_noreturn extern void RefuseWithoutRow(const LoadedScaler *scaler, const FeatureRecipe *feature);
pg_noreturn extern void RefuseGap(const LoadedScaler *scaler, int slot, double result, bool single);
pg_noreturn extern void RefuseValue(const LoadedScaler *scaler, TransformResult reason, int slot, double value);

/* Fail unless an array has a value for each input. */
static inline void
CheckCount(const LoadedScaler *scaler, int n)
{
	if (unlikely(n != scaler->transform.ninputs))
		RefuseCount(scaler, n);
}

/* Fail unless the features have names.  "what" is what they are matched with, in the plural or with an article. */
static inline void
CheckNamed(const LoadedScaler *scaler, const char *what)
{
	if (unlikely(!scaler->recipe.named))
		RefuseUnnamed(scaler, what);
}

/* Fail unless "feature", the first one asked for that has no inverse, is NULL because there is none. */
static inline void
CheckHasInverse(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	if (unlikely(feature != NULL))
		RefuseInverse(scaler, feature);
}

/* Fail if a slot cannot be normalized without the rest of its row. */
static inline void
CheckIsNotOfRow(const LoadedScaler *scaler, int slot)
{
	if (unlikely(TransformIsOfRow(&scaler->transform, slot)))
		RefuseWithoutRow(scaler, scaler->transform.slots[slot]);
}

/* Fail if the inverse of a slot has no answer for a value. */
static inline void
CheckInverted(const LoadedScaler *scaler, TransformResult result, int slot, double value, bool single)
{
	if (unlikely(result != TRANSFORM_OK))
		RefuseGap(scaler, slot, value, single);
}

/* Fail if a transformation has refused the value of a slot. */
static inline void
CheckTransformed(const LoadedScaler *scaler, TransformResult result, int slot, double value)
{
	if (unlikely(result != TRANSFORM_OK))
		RefuseValue(scaler, result, slot, value);
}

#endif							/* NORMFREEZE_REFUSALS_H */
