/*
 * lookup_plan.h
 *		Planning look-ups in the registry: by index, whatever the statistics.
 */
#ifndef NORMFREEZE_LOOKUP_PLAN_H
#define NORMFREEZE_LOOKUP_PLAN_H

#include "pg/base/compat.h"

extern void LookupPlanInit(void);

/*
 * Whenever the query with this text, which is the very pointer that the planner is given, is planned from now
 * on, it is planned as a look-up, until the next call.  NULL: no query is.
 */
extern void PlanAsLookup(const char *query);

#endif							/* NORMFREEZE_LOOKUP_PLAN_H */
