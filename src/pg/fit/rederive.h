/*
 * rederive.h
 *		Deriving the parameters of a scaler anew.
 */
#ifndef NORMFREEZE_REDERIVE_H
#define NORMFREEZE_REDERIVE_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "core/values/value_store.h"

/*
 * Derive one feature's parameters anew, for verify() and audit().
 *
 * Return false if the profile cannot tell them (its distribution is not exact), and there are no stores of the
 * values.  "stores" may be NULL.  *done, which is NULL at first, keeps what was derived for all global features
 * of a kind.
 *
 * The range of a feature with a rule for it is derived as well, whether or not the parameters can be; its ends are
 * NaN if the profile cannot tell them.
 *
 * If own_lambda is not NULL, a lambda of method power that is near enough to the derived one stays, and the
 * rest follows from it, because earlier versions searched by the rounded height of the likelihood.  *own_lambda
 * is set to whether it differs.
 */
typedef struct Rederivation Rederivation;

extern bool RederiveFeature(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index,
							bool *own_lambda, Rederivation **done, FeatureRecipe *derived);

#endif							/* NORMFREEZE_REDERIVE_H */
