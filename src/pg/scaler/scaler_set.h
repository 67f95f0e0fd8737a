/*
 * scaler_set.h
 *		Making sets of scalers by key from their members.
 */
#ifndef NORMFREEZE_SCALER_SET_H
#define NORMFREEZE_SCALER_SET_H

#include "pg/base/compat.h"

#include "pg/scaler/set_view.h"

/*
 * Make a set of these members, in any order; they are sorted.  The fallback may be NULL.  Fails for a duplicate
 * key.
 */
extern bytea *MakeSet(SetMember *members, uint32 nmembers, const SetFeatures *features,
					  UnseenPolicy unseen, const SetMember *fallback);

/* Make a set without its members, which are stored elsewhere, from a set or from the recipe of one. */
extern bytea *MakeBareSet(const ScalerView *view);
extern bytea *MakeBareSetOfRecipe(const SetRecipe *recipe);

#endif							/* NORMFREEZE_SCALER_SET_H */
