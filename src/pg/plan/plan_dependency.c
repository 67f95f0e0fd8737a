/*
 * plan_dependency.c
 *		What a plan in which a call was replaced depends on.
 *
 * A plan in which a call was replaced must not outlive the permissions that were found when it was made.  The
 * list has what it depends on, and how a change invalidates it:
 *
 *	- the role, for which another plan is made: dependsOnRole;
 *	- SELECT on normfreeze.scalers, and its row security: relationOids, since
 *	  GRANT, REVOKE and ALTER TABLE all invalidate the relation;
 *	- EXECUTE on the function that was called, and on the other: invalItems;
 *	- memberships and attributes of roles: RolesChanged(), since not every
 *	  minor release of PostgreSQL resets its plan cache for these itself;
 *	- settings, which plans do not depend on: PlanSettingChanged();
 *	- any of these, if it changes while the plan is being made, or if another
 *	  planner makes a plan of its own from ours, as Citus does: PlannerHook().
 */
#include "pg/plan/plan_dependency.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "optimizer/planmain.h"
#include "pg/base/installed.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

int			planners_running;
uint64		calls_considered;

/* Make the plan valid for this role alone, whether a call is replaced or not. */
static void
DependOnRole(PlannerInfo *root)
{
	/* this query loaded the library, so our hook does not surround its planning: its plan may serve only once */
	if (planners_running == 0)
		ResetPlanCache();
	root->glob->dependsOnRole = true;
	calls_considered++;
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
 * Return whether a table has row security.  It may hide rows from this role now or later, or by the time of
 * day, so every query must ask the registry.
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

void
PlanDependsOnStages(PlannerInfo *root)
{
	root->glob->relationOids = list_append_unique_oid(root->glob->relationOids, RegistryTable("stage_log"));
}

bool
HasCitus(void)
{
	return OidIsValid(get_extension_oid("citus", true));
}

/*
 * Return whether this is the plan of a query.
 *
 * An index expression or a cached expression of plpgsql has no range table whose locks would have it checked
 * again.
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

static void
MakePlansAnew(void)
{
	if (calls_considered > 0)
		ResetPlanCache();
}

static void
RolesChanged(Datum arg, SYSCACHE_ID cacheid, uint32 hashvalue)
{
	MakePlansAnew();
}

void
PlanSettingChanged(bool value, void *extra)
{
	MakePlansAnew();
}

void
PlanDependencyInit(void)
{
	CacheRegisterSyscacheCallback(AUTHOID, RolesChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, RolesChanged, (Datum) 0);
}
