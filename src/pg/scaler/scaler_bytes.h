/*
 * scaler_bytes.h
 *		A scaler's bytes made of a recipe and a profile, and these read from it.
 */
#ifndef NORMFREEZE_SCALER_BYTES_H
#define NORMFREEZE_SCALER_BYTES_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "pg/scaler/scaler_view.h"

/* The recipe, decoded in the current context; a set of scalers is an error. */
extern void DecodeScalerRecipe(Recipe *recipe, const ScalerView *view);

/*
 * The profile that a scaler of so many features was fitted on, decoded: its
 * own, or what is stored for it, which may be NULL.  False without either.
 */
extern bool DecodeScalerProfile(Profile *profile, const ScalerView *view, const bytea *stored, int nfeatures);

/* profile may be NULL; digest too, without one */
extern bytea *MakeScaler(const Recipe *recipe, const uint8 *digest,
						 const void *profile, size_t profile_length);

/* With a settled profile and its digest. */
extern bytea *MakeFittedScaler(const Recipe *recipe, const Profile *settled);

/* Without its profile, of which the digest stays; not of a set: see MakeBareScaler(). */
extern bytea *MakeBareSingle(const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_BYTES_H */
