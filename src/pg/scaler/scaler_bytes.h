/*
 * scaler_bytes.h
 *		Making a scaler's bytes from a recipe and a profile, and reading these from the bytes.
 */
#ifndef NORMFREEZE_SCALER_BYTES_H
#define NORMFREEZE_SCALER_BYTES_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "pg/scaler/scaler_view.h"

/* Decode the recipe in the current context.  Fails for a set of scalers. */
extern void DecodeScalerRecipe(Recipe *recipe, const ScalerView *view);

/*
 * Decode the profile that a scaler of so many features was fitted on: its own, or the stored one, which may be
 * NULL.  Return false if there is neither.  Fails if it is malformed or of another number of features.
 */
extern bool DecodeScalerProfile(Profile *profile, const ScalerView *view, const bytea *stored, int nfeatures);

/* Make a scaler.  The profile may be NULL, and so may its digest. */
extern bytea *MakeScaler(const Recipe *recipe, const uint8 *digest,
						 const void *profile, size_t profile_length);

/* Make a scaler with a settled profile and its digest. */
extern bytea *MakeFittedScaler(const Recipe *recipe, const Profile *settled);

/* Make a scaler without its profile, whose digest stays.  Not for sets; see MakeBareScaler(). */
extern bytea *MakeBareSingle(const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_BYTES_H */
