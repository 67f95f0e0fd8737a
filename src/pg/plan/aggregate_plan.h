/*
 * aggregate_plan.h
 *		Planning an aggregate of rows, such as fit(row, method), as one of their columns.
 */
#ifndef NORMFREEZE_AGGREGATE_PLAN_H
#define NORMFREEZE_AGGREGATE_PLAN_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/*
 * Put aggregates of columns in place of those of rows, everywhere in
 * root->parse, which nobody has begun to plan yet.  Of root itself only glob
 * is there otherwise: what plans of the query depend on is added to it.
 */
extern void PlanAggregates(PlannerInfo *root);

/* The same in an expression of root->parse that is being simplified. */
extern void PlanAggregatesOf(PlannerInfo *root, Node *expression);

#endif							/* NORMFREEZE_AGGREGATE_PLAN_H */
