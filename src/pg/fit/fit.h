/*
 * fit.h
 *		Making a scaler from a profile and the options of a fit.
 */
#ifndef NORMFREEZE_FIT_H
#define NORMFREEZE_FIT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/fit/subjects.h"

/* Report that there is nothing to fit. */
pg_noreturn extern void NoRowsToFit(void);

/*
 * Fit every feature of a settled profile, and return the scaler; NULL if questions are pending.
 *
 * Values come from what is held, if anything is (the order of stores changes).  Otherwise, if "gathered" has subjects
 * for which passes of fit_table() gather values, they come from their inquiries.  Otherwise the distribution is
 * used, as far as the options or its exactness allow.
 */
extern bytea *FitProfile(const FitSpec *spec, const Profile *settled, const HeldValues *held, Subjects *gathered);

/*
 * Set the formula of a feature and its parameters, from those of its subject and, for an intercept, from its
 * own moments.
 */
extern void SetFormula(FeatureRecipe *recipe, const DeriveInput *subject, const Derived *derived,
					   const Moments *moments, const WeightedSums *weighted, double intercept, double multiplier);

#endif							/* NORMFREEZE_FIT_H */
