/*
 * plan_dependency.h
 *		What a plan with something else in place of a call depends on.
 */
#ifndef NORMFREEZE_PLAN_DEPENDENCY_H
#define NORMFREEZE_PLAN_DEPENDENCY_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

extern void PlanDependencyInit(void);

/* How many planners of ours are running, one in the other. */
extern int	planners_running;

/* Calls that were, or might have been, replaced in this session. */
extern uint64 calls_considered;

/* A setting has changed that decides what calls become: make all plans anew. */
extern void PlanSettingChanged(bool value, void *extra);

/*
 * May one function take the place of another in plans of this role, as far
 * as the privileges on both go?  The plan is told that it depends on them,
 * whatever the answer.
 */
extern bool MayReplaceFunction(PlannerInfo *root, Oid function, Oid replacement);

/*
 * May a plan of this role depend on what a frozen scaler holds?  It may where
 * every query of the role could look it up.  The plan is told, likewise.
 */
extern bool MayUseRegistry(PlannerInfo *root);

/* The plan depends on which scalers the stages have: registry_rows.c tells of changes. */
extern void PlanDependsOnStages(PlannerInfo *root);

/* Do plans in this database go through Citus, which does not know what we would make of a query? */
extern bool HasCitus(void);

/* Is this a plan of a query, whose locks have it checked again when it is used again? */
extern bool IsPlanOfQuery(const PlannerInfo *root);

#endif							/* NORMFREEZE_PLAN_DEPENDENCY_H */
