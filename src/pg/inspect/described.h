/*
 * described.h
 *		A scaler and everything that is known about it, in words and in numbers.
 */
#ifndef NORMFREEZE_DESCRIBED_H
#define NORMFREEZE_DESCRIBED_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "pg/scaler/scaler_view.h"

/* A scaler, with its profile if that is known. */
typedef struct Described
{
	int64		id;
	Recipe		recipe;
	char	   *digest;			/* of its profile, in hexadecimal digits; "none" if it was made without */
	bool		has_profile;
	Profile		profile;
} Described;

/* Fill in what is known of a scaler's value.  "stored_profile" is its profile from the registry, or NULL. */
extern void DescribeView(Described *described, const ScalerView *view, bytea *stored_profile);

/*
 * Fill in what is known of a frozen scaler, with its profile if the current user may see it.  Fails if there is
 * no scaler with this id.
 */
extern void DescribeId(Described *described, int64 id);

/* Return the options of a feature as jsonb, with the steps before its last one and the domain if it has them. */
extern Datum RecipeOptionsJsonb(const FeatureRecipe *f);

/* Return the parameters of a feature's formula as jsonb. */
extern Datum ParametersJsonb(const FeatureRecipe *f);

/* Find a parameter of a feature by its name.  Return false if its formula has none. */
extern bool FindParameter(const FeatureRecipe *f, const char *name, double *value);

/* Return the shortest text that reads as the same number, whatever the settings of the session are. */
extern char *DoubleText(double value);

/* Return a feature's formula with its parameters, such as (x - 38.5) / 12.25. */
extern char *FormulaText(const FeatureRecipe *f);

/* Return the methods of a feature's steps, such as "log1p, standard". */
extern char *MethodsText(const FeatureRecipe *f);

/* Return the steps of a feature before its last one, as JSON. */
extern char *StepsText(const FeatureRecipe *f);

/* Return the policy for values outside of the range, and the range and its rule if there is one. */
extern char *OutsideText(const FeatureRecipe *f);

/* Return the policy for missing values, and the imputed value if there is one. */
extern char *MissingText(const FeatureRecipe *f);

#endif							/* NORMFREEZE_DESCRIBED_H */
