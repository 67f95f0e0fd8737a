/*
 * plan_dependency.h
 *		What a plan in which a call was replaced depends on.
 */
#ifndef NORMFREEZE_PLAN_DEPENDENCY_H
#define NORMFREEZE_PLAN_DEPENDENCY_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

extern void PlanDependencyInit(void);

/* The nesting depth of PlannerHook(). */
extern int	planners_running;

/* Calls that were, or might have been, replaced in this session. */
extern uint64 calls_considered;

/* A setting has changed that decides what calls become: make all plans anew. */
extern void PlanSettingChanged(bool value, void *extra);

/*
 * Return whether the current role may execute both functions, so that one can replace the other in its plans.
 * Either way the plan is made to depend on these privileges.
 */
extern bool MayReplaceFunction(PlannerInfo *root, Oid function, Oid replacement);

/*
 * Return whether a plan of this role may contain the content of a frozen scaler.  It may if every query of the
 * role could look the scaler up.  Either way the plan is made to depend on that.
 */
extern bool MayUseRegistry(PlannerInfo *root);

/* The plan depends on which scalers the stages have: registry_rows.c tells of changes. */
extern void PlanDependsOnStages(PlannerInfo *root);

/*
 * Return whether Citus plans queries in this database.  Then aggregates are not replaced, since Citus
 * does not know the forms for columns.
 */
extern bool HasCitus(void);

/* Return whether this is the plan of a query, which is locked and checked again before it is used again. */
extern bool IsPlanOfQuery(const PlannerInfo *root);

#endif							/* NORMFREEZE_PLAN_DEPENDENCY_H */
