/*
 * value_plan.h
 *		Planning normalize(value, <constant id>, <constant feature>) as arithmetic with constants.
 */
#ifndef NORMFREEZE_VALUE_PLAN_H
#define NORMFREEZE_VALUE_PLAN_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* Return the arithmetic, or NULL if the feature needs more than that, or if the scaler is not known yet. */
extern Node *PlanValue(PlannerInfo *root, const FuncExpr *call);

#endif							/* NORMFREEZE_VALUE_PLAN_H */
