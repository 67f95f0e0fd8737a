/*
 * plan_dependency.h
 *		What a plan in which a call was replaced depends on.
 */
#ifndef NORMFREEZE_PLAN_DEPENDENCY_H
#define NORMFREEZE_PLAN_DEPENDENCY_H

#include "pg/base/compat.h"

#include "nodes/pathnodes.h"

/* Register the callbacks by which plans are invalidated.  To be called once, when the library is loaded. */
extern void PlanDependencyInit(void);

/* How many calls of PlannerHook() are nested now. */
extern int	planners_running;

/* The number of calls in this session that were replaced, or might have been. */
extern uint64 calls_considered;

/* Invalidate all plans: a setting that decides what calls become has changed. */
extern void PlanSettingChanged(bool value, void *extra);

/*
 * Return whether the current role may execute both functions, so that one can replace the other in its plans.
 *
 * The plan is made to depend on these privileges in either case.
 */
extern bool MayReplaceFunction(PlannerInfo *root, Oid function, Oid replacement);

/*
 * Return whether a plan of this role may contain the content of a frozen scaler, which it may if every query of
 * the role could look the scaler up.
 *
 * The plan is made to depend on that in either case.
 */
extern bool MayUseRegistry(PlannerInfo *root);

/* Make the plan depend on which scalers the stages have.  Changes are reported by registry_rows.c. */
extern void PlanDependsOnStages(PlannerInfo *root);

/*
 * Return whether Citus plans queries in this database.  If so, aggregates are not replaced, since Citus does
 * not know the forms for columns.
 */
extern bool HasCitus(void);

/* Return whether this is the plan of a query.  Such a plan is locked and checked again before it is reused. */
extern bool IsPlanOfQuery(const PlannerInfo *root);

#endif							/* NORMFREEZE_PLAN_DEPENDENCY_H */
