/*
 * fold.h
 *		Planning normalize(x, <constant id>) as normalize(x, <the scaler>).
 */
#ifndef NORMFREEZE_FOLD_H
#define NORMFREEZE_FOLD_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* Return the call with the scaler itself, or NULL if the call by id must stay. */
extern FuncExpr *FoldId(PlannerInfo *root, const FuncExpr *call);

#endif							/* NORMFREEZE_FOLD_H */
