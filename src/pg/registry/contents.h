/*
 * contents.h
 *		Storing the content of one scaler, and its evidence.
 */
#ifndef NORMFREEZE_CONTENTS_H
#define NORMFREEZE_CONTENTS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/scaler/scaler_view.h"

/* Whether the profile in a scaler is stored with it. */
typedef enum KeepProfile
{
	KEEP_NOTHING,
	KEEP_WHAT_IS_THERE,
	KEEP_REQUIRED				/* a bare scaler's must be stored already */
} KeepProfile;

/* Content and evidence; a set of scalers has no recipe. */
extern void StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe);

/*
 * Store the profile of a scaler; LockOutPurges() must have been called.  Return false, without storing
 * it, if it was purged before.
 */
extern bool StoreProfile(const ScalerView *view);
extern bool ProfileIsStored(const uint8 *digest);

#endif							/* NORMFREEZE_CONTENTS_H */
