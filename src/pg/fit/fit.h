/*
 * fit.h
 *		Making a scaler from a profile and the options of a fit.
 */
#ifndef NORMFREEZE_FIT_H
#define NORMFREEZE_FIT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/fit/subjects.h"

/* The error of a fit of nothing. */
pg_noreturn extern void NoRowsToFit(void);

/*
 * Fit every feature of a settled profile.  Values come from the stores (whose
 * order changes), if there are any; else, if the passes of fit_table() gather
 * them, from the inquiries of the subjects; else from the distribution, as
 * far as the options or its exactness allow.  NULL if inquiries are pending.
 */
extern bytea *FitProfile(const FitSpec *spec, const Profile *settled, ValueStore *stores, Subjects *gathered);

/*
 * The formula of a feature and its parameters, from those of its subject and
 * (for an intercept) its own moments.
 */
extern void SetFormula(FeatureRecipe *recipe, const DeriveInput *subject, const Derived *derived,
					   const Moments *moments, const WeightedSums *weighted, double intercept, double multiplier);

#endif							/* NORMFREEZE_FIT_H */
