/*
 * aggregate_plan.h
 *		Planning an aggregate of rows, such as fit(row, method), as an aggregate of their columns.
 */
#ifndef NORMFREEZE_AGGREGATE_PLAN_H
#define NORMFREEZE_AGGREGATE_PLAN_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/*
 * Replace aggregates of rows by aggregates of columns everywhere in root->parse, whose planning must not have
 * begun.
 *
 * Nothing of "root" but "glob" need be set.  What plans of the query depend on is added there.
 */
extern void PlanAggregates(PlannerInfo *root);

/* Do the same in an expression of root->parse that is being simplified. */
extern void PlanAggregatesOf(PlannerInfo *root, Node *expression);

#endif							/* NORMFREEZE_AGGREGATE_PLAN_H */
