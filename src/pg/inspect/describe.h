/*
 * describe.h
 *		What a feature's recipe says, in words.
 */
#ifndef NORMFREEZE_DESCRIBE_H
#define NORMFREEZE_DESCRIBE_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"

/* A number with as many digits as it needs, whatever the session has set. */
extern char *DoubleText(double value);

/* The policy for missing values, and what is imputed. */
extern char *MissingText(const FeatureRecipe *f);

#endif							/* NORMFREEZE_DESCRIBE_H */
