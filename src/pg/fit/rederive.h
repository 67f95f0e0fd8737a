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
 * Derive one feature's parameters anew; for verify() and audit().  Returns
 * false if the profile cannot tell (values from a distribution that is not
 * exact) and there are no stores (may be NULL) that hold the values.  *done,
 * at first NULL, keeps what was derived for all global features of a kind.
 *
 * With own_lambda not NULL, a lambda of method power that is near enough to the
 * one derived stays, and the rest follows from it, for earlier versions
 * searched by the rounded height of the likelihood; *own_lambda tells whether
 * it differs.
 */
typedef struct Rederivation Rederivation;

extern bool RederiveFeature(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index,
							bool *own_lambda, Rederivation **done, FeatureRecipe *derived);

#endif							/* NORMFREEZE_REDERIVE_H */
