/*
 * scaler_check.h
 *		The complete check of a scaler or a set of scalers that comes from outside.
 */
#ifndef NORMFREEZE_SCALER_CHECK_H
#define NORMFREEZE_SCALER_CHECK_H

#include "pg/base/compat.h"

#include "pg/scaler/scaler_view.h"

/*
 * Fail unless the bytes are canonical, the names of the features are valid, and the profile, or the members of
 * a set, have the digest that the identity covers.
 */
extern void CheckUntrustedScaler(const ScalerView *view);

/* Return what the registry stores: a scaler without its profile, a set without its members. */
extern bytea *MakeBareScaler(const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_CHECK_H */
