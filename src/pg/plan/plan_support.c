/*
 * plan_support.c
 *		The planner support function and the planner hook, by which calls are replaced when a query is planned.
 */
#include "pg/plan/plan_support.h"

#include "nodes/supportnodes.h"
#include "optimizer/planner.h"
#include "pg/base/installed.h"
#include "pg/base/lookup_generation.h"
#include "pg/base/settings.h"
#include "pg/plan/aggregate_plan.h"
#include "pg/plan/column_plan.h"
#include "pg/plan/fold.h"
#include "pg/plan/plan_dependency.h"
#include "pg/plan/row_results.h"
#include "pg/plan/value_plan.h"
#include "utils/plancache.h"

static planner_hook_type previous_planner;

/* ---- the support function ---- */

PG_FUNCTION_INFO_V1(normalize_support);
Datum
normalize_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *result = NULL;

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = (SupportRequestSimplify *) request;

		if (IsPlanOfQuery(simplify->root))
		{
			FuncExpr   *folded = FoldId(simplify->root, simplify->fcall);

			result = PlanColumns(simplify->root, folded ? folded : simplify->fcall);
			if (result == NULL && folded == NULL)
				result = PlanValue(simplify->root, simplify->fcall);
			if (result == NULL)
				result = (Node *) folded;
		}
	}
	PG_RETURN_POINTER(result);
}

/*
 * Supports freeze() only to load the library early.
 *
 * The first query of a session is planned without our hook, unless the library was loaded before.  That query
 * is often freeze(name, fit(row, ...)), or id_of() of such.  An aggregate that is an argument of none of our
 * functions is planned before anything of ours is called.
 */
PG_FUNCTION_INFO_V1(freeze_support);
Datum
freeze_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = (SupportRequestSimplify *) request;

		if (rewrite_calls && planners_running == 0 && IsPlanOfQuery(simplify->root))
			PlanAggregatesOf(simplify->root, (Node *) simplify->fcall->args);
	}
	PG_RETURN_POINTER(NULL);
}

/* ---- plans that must not live on ---- */

static PlannedStmt *
PlannerHook(PLANNER_PARAMETERS)
{
	uint64		considered_before = calls_considered;
	uint64		generation = LookupGeneration();
	PlannerInfo *before = makeNode(PlannerInfo);
	PlannedStmt *plan;

	before->parse = parse;
	before->glob = makeNode(PlannerGlobal);
	planners_running++;
	PG_TRY();
	{
		if (rewrite_calls)
		{
			PlanAggregates(before);
			/* UPDATE ... WHERE CURRENT OF has to find the table in a cursor's plan */
			if (!(cursor_options & CURSOR_OPT_FAST_PLAN))
				ShareRowResults(parse);
		}
		plan = previous_planner ? previous_planner(PLANNER_ARGUMENTS) : standard_planner(PLANNER_ARGUMENTS);
	}
	PG_FINALLY();
	{
		planners_running--;
	}
	PG_END_TRY();

	if (calls_considered != considered_before)
	{
		plan->dependsOnRole = true;
		plan->invalItems = list_concat(plan->invalItems, before->glob->invalItems);
		plan->relationOids = list_append_unique_oid(plan->relationOids, RegistryTable("scalers"));
		/* the plan cache knows what this plan depends on only from now on */
		if (generation != LookupGeneration())
			ResetPlanCache();
	}
	return plan;
}

void
PlanSupportInit(void)
{
	PlanDependencyInit();
	previous_planner = planner_hook;
	planner_hook = PlannerHook;
}
