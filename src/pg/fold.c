/*
 * fold.c
 *		Planning normalize(x, <constant id>) as normalize(x, <the scaler>).
 *
 * The value form is immutable, so postgres_fdw and Citus may run it where the
 * rows are.  It needs no privilege and reads no table, whereas the form by id
 * does both at run time: what makes it safe to put one for the other is that
 * the plan lives no longer than the permission that was found when planning.
 *
 * What a plan depends on, and what notices its change:
 *
 *	- the role, for which another plan is made: dependsOnRole;
 *	- SELECT on normfreeze.scalers, and its row security: relationOids, since
 *	  GRANT, REVOKE and ALTER TABLE all invalidate the relation;
 *	- EXECUTE on the function that was called, and on the other: invalItems;
 *	- memberships and attributes of roles: FoldRolesChanged(), since not every
 *	  minor release of PostgreSQL resets its plan cache for these itself;
 *	- any of these, if it changes while the plan is being made, or if another
 *	  planner makes a plan of its own from ours, as Citus does: PlannerHook().
 *
 * A scaler that the transaction froze itself might be rolled back, and the
 * plan of a prepared statement would survive that.  So only a committed one
 * is put into a plan; its row never changes, and its content is a function of
 * its id.  A ref is never replaced: what it means changes with every promote().
 */
#include "pg/fold.h"

#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/planmain.h"
#include "optimizer/planner.h"
#include "pg/normfreeze.h"
#include "pg/registry.h"
#include "pg/scaler_cache.h"
#include "pg/scaler_set.h"
#include "pg/sql.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

static planner_hook_type previous_planner;
static int	planning;			/* how many planners of ours are running, one in the other */
static uint64 considered;		/* calls that were, or might have been, replaced in this session */

/* ---- may this role have the scaler in a plan? ---- */

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

static bool
MayFold(Oid table, Oid by_id, Oid by_value)
{
	Oid			user = GetUserId();

	return !HasRowSecurity(table) &&
		pg_class_aclcheck(table, user, ACL_SELECT) == ACLCHECK_OK &&
		SchemaAclCheck(RegistrySchema(), user, ACL_USAGE) == ACLCHECK_OK &&
		FunctionAclCheck(by_id, user, ACL_EXECUTE) == ACLCHECK_OK &&
		FunctionAclCheck(by_value, user, ACL_EXECUTE) == ACLCHECK_OK;
}

/* ---- the replacement ---- */

/* The function of the same name that takes the scaler itself. */
static Oid
ValueForm(Oid by_id, Oid scaler_type)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(by_id));
	Form_pg_proc form;
	oidvector  *types;
	Oid			result;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", by_id);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	types = buildoidvector(form->proargtypes.values, form->pronargs);
	types->values[1] = scaler_type;
	result = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, NameGetDatum(&form->proname),
							 PointerGetDatum(types), ObjectIdGetDatum(form->pronamespace));
	ReleaseSysCache(tuple);
	return result;
}

/* The scaler of an id that a plan may hold; NULL if there is none, or a set, whose members are elsewhere. */
static bytea *
ScalerForPlan(int64 id)
{
	bytea	   *scaler;
	ScalerView	view;

	if (!RegistryHasCommitted(id))
		return NULL;
	scaler = RegistryScaler(id);
	ViewScalerDatum(&view, PointerGetDatum(scaler));
	return ViewIsSet(&view) ? NULL : scaler;
}

/*
 * Plans of queries only: a stored index expression or a cached plpgsql
 * expression has no range table whose locks would have it checked again.
 */
static bool
IsPlanOfQuery(const PlannerInfo *root)
{
	ListCell   *cell;

	if (root == NULL || root->glob == NULL || root->parse == NULL)
		return false;
	foreach(cell, root->parse->rtable)
		if (lfirst_node(RangeTblEntry, cell)->rtekind != RTE_RESULT)
			return true;
	return false;
}

/* The plan is right for this role and its privileges, whether the call is replaced or not. */
static void
DependOnPermission(PlannerInfo *root, Oid table, Oid by_id, Oid by_value)
{
	/* this very query loaded the library, so our hook is not around it: let its plan serve only once */
	if (planning == 0)
		ResetPlanCache();
	root->glob->dependsOnRole = true;
	root->glob->relationOids = list_append_unique_oid(root->glob->relationOids, table);
	record_plan_function_dependency(root, by_id);
	record_plan_function_dependency(root, by_value);
	considered++;
}

static Node *
FoldId(PlannerInfo *root, const FuncExpr *call)
{
	const Const *id;
	Oid			table;
	Oid			scaler_type;
	Oid			by_value;
	bytea	   *scaler;
	FuncExpr   *result;

	if (!fold_ids || !IsPlanOfQuery(root) || list_length(call->args) < 2 || !IsA(lsecond(call->args), Const))
		return NULL;
	id = lsecond_node(Const, call->args);
	if (id->consttype != INT8OID || id->constisnull)
		return NULL;

	table = RegistryTable("scalers");
	scaler_type = RegistryType("scaler");
	by_value = ValueForm(call->funcid, scaler_type);
	if (!OidIsValid(by_value))
		return NULL;
	DependOnPermission(root, table, call->funcid, by_value);
	if (!MayFold(table, call->funcid, by_value))
		return NULL;
	scaler = ScalerForPlan(DatumGetInt64(id->constvalue));
	if (scaler == NULL)
	{
		/* perhaps it is committed by the next transaction */
		root->glob->transientPlan = true;
		return NULL;
	}

	result = makeNode(FuncExpr);
	*result = *call;
	result->funcid = by_value;
	result->args = list_copy(call->args);
	lfirst(list_nth_cell(result->args, 1)) =
		makeConst(scaler_type, -1, InvalidOid, -1, PointerGetDatum(scaler), false, false);
	return (Node *) result;
}

PG_FUNCTION_INFO_V1(normalize_support);
Datum
normalize_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *result = NULL;

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = (SupportRequestSimplify *) request;

		result = FoldId(simplify->root, simplify->fcall);
	}
	PG_RETURN_POINTER(result);
}

/* ---- plans that must not live on ---- */

static PlannedStmt *
PlannerHook(PLANNER_PARAMETERS)
{
	uint64		considered_before = considered;
	uint64		generation = LookupGeneration();
	PlannedStmt *plan;

	planning++;
	PG_TRY();
	{
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
		plan->relationOids = list_append_unique_oid(plan->relationOids, RegistryTable("scalers"));
		/* the plan cache knows this plan's dependencies only from now on */
		if (generation != LookupGeneration())
			ResetPlanCache();
	}
	return plan;
}

void
FoldRolesChanged(void)
{
	if (considered > 0)
		ResetPlanCache();
}

void
FoldInit(void)
{
	previous_planner = planner_hook;
	planner_hook = PlannerHook;
}
