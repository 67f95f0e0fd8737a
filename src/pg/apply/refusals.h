/*
 * refusals.h
 *		What a scaler is not applied to: checks that cost a comparison where
 *		all is well, and the errors where it is not.
 */
#ifndef NORMFREEZE_REFUSALS_H
#define NORMFREEZE_REFUSALS_H

#include "pg/base/compat.h"

#include "pg/scaler/loaded_scaler.h"

pg_noreturn extern void RefuseCount(const LoadedScaler *scaler, int n);
pg_noreturn extern void RefuseUnnamed(const LoadedScaler *scaler, const char *what);
pg_noreturn extern void RefuseInverse(const LoadedScaler *scaler, const FeatureRecipe *feature);
pg_noreturn extern void RefuseWithoutRow(const LoadedScaler *scaler, const FeatureRecipe *feature);
pg_noreturn extern void RefuseValue(const LoadedScaler *scaler, TransformResult reason, int slot, double value);

/* An array must have a value for each input. */
static inline void
CheckCount(const LoadedScaler *scaler, int n)
{
	if (unlikely(n != scaler->transform.ninputs))
		RefuseCount(scaler, n);
}

/* What is matched by name needs names: `what` says what it is, in the plural or with an article. */
static inline void
CheckNamed(const LoadedScaler *scaler, const char *what)
{
	if (unlikely(!scaler->recipe.named))
		RefuseUnnamed(scaler, what);
}

/* Refuse to denormalize this feature; NULL if all that were asked for have an inverse. */
static inline void
CheckHasInverse(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	if (unlikely(feature != NULL))
		RefuseInverse(scaler, feature);
}

/* Can this slot be normalized without the rest of its row? */
static inline void
CheckIsNotOfRow(const LoadedScaler *scaler, int slot)
{
	if (unlikely(TransformIsOfRow(&scaler->transform, slot)))
		RefuseWithoutRow(scaler, scaler->transform.slots[slot]);
}

/* The outcome of a transformation, and which slot and value it is of. */
static inline void
CheckTransformed(const LoadedScaler *scaler, TransformResult result, int slot, double value)
{
	if (unlikely(result != TRANSFORM_OK))
		RefuseValue(scaler, result, slot, value);
}

#endif							/* NORMFREEZE_REFUSALS_H */
