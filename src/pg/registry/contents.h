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
	KEEP_REQUIRED				/* stored; that of a bare scaler must be stored already */
} KeepProfile;

/*
 * Store content and its probes, unless they are there already.  The recipe is NULL for a set of scalers.  Fails if
 * the id belongs to other content.
 */
extern void StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe);

/*
 * Store the profile of a scaler.  Return false, without storing it, if it was purged before.  LockOutPurges()
 * must have been called.
 */
extern bool StoreProfile(const ScalerView *view);

/* Return whether a profile is stored. */
extern bool ProfileIsStored(const uint8 *digest);

#endif							/* NORMFREEZE_CONTENTS_H */
