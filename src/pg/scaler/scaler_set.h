/*
 * scaler_set.h
 *		Sets of scalers by key, made of their members.
 */
#ifndef NORMFREEZE_SCALER_SET_H
#define NORMFREEZE_SCALER_SET_H

#include "pg/base/compat.h"

#include "pg/scaler/set_view.h"

/*
 * A set of these members, in any order, which are sorted; fallback may be
 * NULL.  A duplicate key is an error.
 */
extern bytea *MakeSet(SetMember *members, uint32 nmembers, const SetFeatures *features,
					  UnseenPolicy unseen, const SetMember *fallback);

/* One without its members, which are stored elsewhere; of a set, or of the recipe of one. */
extern bytea *MakeBareSet(const ScalerView *view);
extern bytea *MakeBareSetOfRecipe(const SetRecipe *recipe);

#endif							/* NORMFREEZE_SCALER_SET_H */
