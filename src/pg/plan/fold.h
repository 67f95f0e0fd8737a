/*
 * fold.h
 *		Planning normalize(x, <constant id>) as normalize(x, <the scaler>).
 */
#ifndef NORMFREEZE_FOLD_H
#define NORMFREEZE_FOLD_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* The call by the scaler itself, or NULL if the call by its id stays. */
extern FuncExpr *FoldId(PlannerInfo *root, const FuncExpr *call);

#endif							/* NORMFREEZE_FOLD_H */
