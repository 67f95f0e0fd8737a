/*
 * recipe_steps.h
 *		The steps of a feature: the bytes of those before the last one, what may be wrong with them, and each step
 *		by itself.
 */
#ifndef NORMFREEZE_CORE_RECIPE_STEPS_H
#define NORMFREEZE_CORE_RECIPE_STEPS_H

#include "core/scaler/recipe.h"

/* Write the steps of a feature; see recipe_extras.h for the bytes. */
extern void PutSteps(ByteWriter *writer, const FeatureRecipe *feature);

/* Read them.  Return what is wrong with the bytes, or NULL. */
extern const char *GetSteps(ByteReader *reader, FeatureRecipe *feature);

/* Return what is wrong with the steps of a feature, or NULL. */
extern const char *StepsProblem(const FeatureRecipe *feature);

/* Return the last step of a feature, and set it to another one; what is of the feature alone stays. */
extern StepRecipe LastStep(const FeatureRecipe *feature);
extern void SetLastStep(FeatureRecipe *feature, const StepRecipe *step);

/*
 * Return step i of a feature, from 0 to nbefore, as a feature of this step alone.
 *
 * The last one has the policies and the range of the feature, which are of the values before the first step; the
 * others have none.
 */
extern FeatureRecipe FeatureOfStep(const FeatureRecipe *feature, int i);

#endif							/* NORMFREEZE_CORE_RECIPE_STEPS_H */
