/*
 * column_plan.h
 *		Planning normalize(row, scaler) as normalize_columns(scaler, names, columns).
 */
#ifndef NORMFREEZE_COLUMN_PLAN_H
#define NORMFREEZE_COLUMN_PLAN_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* The call with the columns of its row, or NULL if the row is needed, or is none. */
extern Node *PlanColumns(PlannerInfo *root, const FuncExpr *call);

#endif							/* NORMFREEZE_COLUMN_PLAN_H */
