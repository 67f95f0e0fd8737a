/*
 * contents.h
 *		Storing the content of one scaler, and its evidence.
 */
#ifndef NORMFREEZE_CONTENTS_H
#define NORMFREEZE_CONTENTS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/scaler/scaler_view.h"

/* What becomes of the evidence in a scaler that is stored. */
typedef enum KeepProfile
{
	KEEP_NOTHING,
	KEEP_WHAT_IS_THERE,
	KEEP_REQUIRED				/* a bare scaler's must be stored already */
} KeepProfile;

/* Content and evidence; a set of scalers has no recipe. */
extern void StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe);

/* Under LockOutPurges().  false: it was purged before, and is kept out */
extern bool StoreProfile(const ScalerView *view);
extern bool ProfileIsStored(const uint8 *digest);

#endif							/* NORMFREEZE_CONTENTS_H */
