/*
 * column_plan.h
 *		Planning normalize(row, scaler) as normalize_columns(scaler, names, columns).
 */
#ifndef NORMFREEZE_COLUMN_PLAN_H
#define NORMFREEZE_COLUMN_PLAN_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* Return the call with the columns of its row, or NULL if the argument is no row, or must stay a row. */
extern Node *PlanColumns(PlannerInfo *root, const FuncExpr *call);

#endif							/* NORMFREEZE_COLUMN_PLAN_H */
