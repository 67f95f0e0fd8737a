/*
 * plan_support.h
 *		What calls become when a query is planned: the support function and the planner hook.
 */
#ifndef NORMFREEZE_PLAN_SUPPORT_H
#define NORMFREEZE_PLAN_SUPPORT_H

#include "pg/base/compat.h"

extern void PlanSupportInit(void);

#endif							/* NORMFREEZE_PLAN_SUPPORT_H */
