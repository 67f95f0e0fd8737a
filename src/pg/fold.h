/*
 * fold.h
 *		Planning normalize(x, <constant id>) as normalize(x, <the scaler>).
 */
#ifndef NORMFREEZE_FOLD_H
#define NORMFREEZE_FOLD_H

#include "pg/compat.h"

extern void FoldInit(void);

/* Memberships or attributes of roles have changed: make plans with scalers in them anew. */
extern void FoldRolesChanged(void);

#endif							/* NORMFREEZE_FOLD_H */
