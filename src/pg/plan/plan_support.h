/*
 * plan_support.h
 *		The planner support function and the planner hook, by which calls are replaced when a query is planned.
 */
#ifndef NORMFREEZE_PLAN_SUPPORT_H
#define NORMFREEZE_PLAN_SUPPORT_H

#include "pg/base/compat.h"

/* Install the planner hook.  To be called once, when the library is loaded. */
extern void PlanSupportInit(void);

#endif							/* NORMFREEZE_PLAN_SUPPORT_H */
