/*
 * freeze.h
 *		What writing to the registry shares: names, locks and content.
 */
#ifndef NORMFREEZE_FREEZE_H
#define NORMFREEZE_FREEZE_H

#include "pg/compat.h"

#include "core/transform.h"
#include "pg/scaler_type.h"

extern void CheckScalerName(const char *name);
extern void CheckStageName(const char *stage);
extern void LockScalerName(const char *name);
extern void CheckMayWrite(const char *function);
extern char *CurrentUserName(void);

/* Content and evidence; a set of scalers has no recipe. */
extern void StoreContent(int64 id, const char *fingerprint, const ScalerView *view, const Recipe *recipe);
extern void StoreProfile(const ScalerView *view);
extern bool ProfileIsStored(const uint8 *digest);

#endif							/* NORMFREEZE_FREEZE_H */
