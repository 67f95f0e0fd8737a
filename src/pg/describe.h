/*
 * describe.h
 *		What a feature's recipe says, in words.
 */
#ifndef NORMFREEZE_DESCRIBE_H
#define NORMFREEZE_DESCRIBE_H

#include "pg/compat.h"

#include "core/recipe.h"

/* The formula with its numbers, such as (x - 38.5) / 12.25 */
extern char *FormulaText(const FeatureRecipe *f);

/* The policy for missing values, and what is imputed. */
extern char *MissingText(const FeatureRecipe *f);

#endif							/* NORMFREEZE_DESCRIBE_H */
