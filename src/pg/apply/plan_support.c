/*
 * plan_support.c
 *		What normalize() becomes when a query is planned, and how long that plan is right.
 *
 * A plan that has something else in place of a call must not outlive the
 * permission that was found when planning.  What it depends on, and what
 * notices a change:
 *
 *	- the role, for which another plan is made: dependsOnRole;
 *	- SELECT on normfreeze.scalers, and its row security: relationOids, since
 *	  GRANT, REVOKE and ALTER TABLE all invalidate the relation;
 *	- EXECUTE on the function that was called, and on the other: invalItems;
 *	- memberships and attributes of roles: PlanRolesChanged(), since not every
 *	  minor release of PostgreSQL resets its plan cache for these itself;
 *	- settings, which plans do not depend on: PlanSettingChanged();
 *	- any of these, if it changes while the plan is being made, or if another
 *	  planner makes a plan of its own from ours, as Citus does: PlannerHook().
 */
#include "pg/apply/plan_support.h"

#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "nodes/supportnodes.h"
#include "optimizer/planmain.h"
#include "optimizer/planner.h"
#include "pg/apply/column_plan.h"
#include "pg/apply/fold.h"
#include "pg/apply/scaler_cache.h"
#include "pg/apply/value_plan.h"
#include "pg/base/normfreeze.h"
#include "pg/base/sql.h"
#include "pg/fit/aggregate_plan.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

static planner_hook_type previous_planner;
static int	planning;			/* how many planners of ours are running, one in the other */
static uint64 considered;		/* calls that were, or might have been, replaced in this session */

/* The plan is right for this role, whether a call is replaced or not. */
static void
DependOnRole(PlannerInfo *root)
{
	/* this very query loaded the library, so our hook is not around it: let its plan serve only once */
	if (planning == 0)
		ResetPlanCache();
	root->glob->dependsOnRole = true;
	considered++;
}

bool
MayReplaceFunction(PlannerInfo *root, Oid function, Oid replacement)
{
	Oid			user = GetUserId();

	DependOnRole(root);
	record_plan_function_dependency(root, function);
	record_plan_function_dependency(root, replacement);
	return FunctionAclCheck(function, user, ACL_EXECUTE) == ACLCHECK_OK &&
		FunctionAclCheck(replacement, user, ACL_EXECUTE) == ACLCHECK_OK;
}

/*
 * Row security might hide rows from this role now, or later, or by the time
 * of day: where there is any, every query asks the registry.
 */
static bool
HasRowSecurity(Oid table)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", table);
	result = ((Form_pg_class) GETSTRUCT(tuple))->relrowsecurity;
	ReleaseSysCache(tuple);
	return result;
}

bool
MayUseRegistry(PlannerInfo *root)
{
	Oid			table = RegistryTable("scalers");
	Oid			user = GetUserId();

	DependOnRole(root);
	root->glob->relationOids = list_append_unique_oid(root->glob->relationOids, table);
	return !HasRowSecurity(table) &&
		pg_class_aclcheck(table, user, ACL_SELECT) == ACLCHECK_OK &&
		SchemaAclCheck(RegistrySchema(), user, ACL_USAGE) == ACLCHECK_OK;
}

/*
 * Plans of queries only: a stored index expression or a cached plpgsql
 * expression has no range table whose locks would have it checked again.
 */
bool
IsPlanOfQuery(const PlannerInfo *root)
{
	ListCell   *cell;

	if (root == NULL || root->glob == NULL || root->parse == NULL)
		return false;
	foreach(cell, root->parse->rtable)
	{
		if (lfirst_node(RangeTblEntry, cell)->rtekind != RTE_RESULT)
			return true;
	}
	return false;
}

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
 * The first query of a session is planned without our hook, unless the library
 * was loaded before.  It often is freeze(name, fit(row, ...)).
 */
PG_FUNCTION_INFO_V1(freeze_support);
Datum
freeze_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = (SupportRequestSimplify *) request;

		if (rewrite_calls && planning == 0 && IsPlanOfQuery(simplify->root))
			PlanAggregatesOf(simplify->root, (Node *) simplify->fcall->args);
	}
	PG_RETURN_POINTER(NULL);
}

/* ---- plans that must not live on ---- */

static PlannedStmt *
PlannerHook(PLANNER_PARAMETERS)
{
	uint64		considered_before = considered;
	uint64		generation = LookupGeneration();
	PlannerInfo *before = makeNode(PlannerInfo);
	PlannedStmt *plan;

	before->parse = parse;
	before->glob = makeNode(PlannerGlobal);
	planning++;
	PG_TRY();
	{
		if (rewrite_calls)
			PlanAggregates(before);
		plan = previous_planner ? previous_planner(PLANNER_ARGUMENTS) : standard_planner(PLANNER_ARGUMENTS);
	}
	PG_FINALLY();
	{
		planning--;
	}
	PG_END_TRY();

	if (considered != considered_before)
	{
		plan->dependsOnRole = true;
		plan->invalItems = list_concat(plan->invalItems, before->glob->invalItems);
		plan->relationOids = list_append_unique_oid(plan->relationOids, RegistryTable("scalers"));
		/* the plan cache knows this plan's dependencies only from now on */
		if (generation != LookupGeneration())
			ResetPlanCache();
	}
	return plan;
}

void
PlanRolesChanged(void)
{
	if (considered > 0)
		ResetPlanCache();
}

void
PlanSettingChanged(bool value, void *extra)
{
	PlanRolesChanged();
}

void
PlanSupportInit(void)
{
	previous_planner = planner_hook;
	planner_hook = PlannerHook;
}
