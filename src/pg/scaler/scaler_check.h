/*
 * scaler_check.h
 *		Everything that must hold of a scaler, or of a set, that came from outside.
 */
#ifndef NORMFREEZE_SCALER_CHECK_H
#define NORMFREEZE_SCALER_CHECK_H

#include "pg/base/compat.h"

#include "pg/scaler/scaler_view.h"

/*
 * Errors out unless the bytes are canonical, the names of the features sound,
 * and a profile, or the members of a set, those that the identity says.
 */
extern void CheckUntrustedScaler(const ScalerView *view);

/* What the registry keeps: a scaler without its profile, a set without its members. */
extern bytea *MakeBareScaler(const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_CHECK_H */
