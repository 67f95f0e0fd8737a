/*
 * described.h
 *		A scaler with what is known about it, in words and numbers.
 */
#ifndef NORMFREEZE_DESCRIBED_H
#define NORMFREEZE_DESCRIBED_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "pg/scaler/scaler_view.h"

/* A scaler with everything that is known about it. */
typedef struct Described
{
	int64		id;
	Recipe		recipe;
	bool		has_profile;
	Profile		profile;
} Described;

/* Of a value; stored_profile may be NULL. */
extern void DescribeView(Described *described, const ScalerView *view, bytea *stored_profile);

/* Of a frozen scaler, with its profile where the current user may see it; an error if there is none of this id. */
extern void DescribeId(Described *described, int64 id);

/* Options and parameters of a feature, as jsonb. */
extern Datum RecipeOptionsJsonb(const FeatureRecipe *f);
extern Datum ParametersJsonb(const FeatureRecipe *f);

/* A parameter by its name; false if the formula has none. */
extern bool FindParameter(const FeatureRecipe *f, const char *name, double *value);

/* A number with as many digits as it needs, whatever the session has set. */
extern char *DoubleText(double value);

/* The formula with its numbers, such as (x - 38.5) / 12.25 */
extern char *FormulaText(const FeatureRecipe *f);

/* The policy for missing values, and what is imputed. */
extern char *MissingText(const FeatureRecipe *f);

#endif							/* NORMFREEZE_DESCRIBED_H */
