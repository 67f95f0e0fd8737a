/*
 * fold.c
 *		Planning normalize(x, <constant id>) as normalize(x, <the scaler>).
 *
 * The form by value is immutable, so postgres_fdw and Citus may run it where the rows are.  The
 * form by id checks privileges and reads a table at run time; the form by value does neither.
 * Replacing one by the other is safe because the plan does not outlive the permission that was
 * found when it was made (see plan_dependency.c).
 *
 * A scaler that the transaction itself froze might be rolled back, while the plan of a prepared
 * statement would remain.  So only a committed scaler is put into a plan.  Its row never changes,
 * and its content is a function of its id.  A ref is never replaced, since promote() changes what
 * it means.
 */
#include "pg/plan/fold.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "pg/base/installed.h"
#include "pg/base/settings.h"
#include "pg/plan/plan_dependency.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_view.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

/* Return the function of the same name that takes the scaler itself; InvalidOid if there is none. */
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

/*
 * Return the scaler with an id if a plan may contain it; NULL if there is none that is committed, or if it is
 * a set, whose members are elsewhere.
 */
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

FuncExpr *
FoldId(PlannerInfo *root, const FuncExpr *call)
{
	const Const *id;
	Oid			scaler_type;
	Oid			by_value;
	bytea	   *scaler;
	FuncExpr   *result;
	bool		may_fold;

	if (!fold_ids || list_length(call->args) < 2 || !IsA(lsecond(call->args), Const))
		return NULL;
	id = lsecond_node(Const, call->args);
	if (id->consttype != INT8OID || id->constisnull)
		return NULL;

	scaler_type = RegistryType("scaler");
	by_value = ValueForm(call->funcid, scaler_type);
	if (!OidIsValid(by_value))
		return NULL;
	may_fold = MayUseRegistry(root);
	if (!MayReplaceFunction(root, call->funcid, by_value) || !may_fold)
		return NULL;
	scaler = ScalerForPlan(DatumGetInt64(id->constvalue));
	if (scaler == NULL)
	{
		/* the scaler may be committed by the next transaction */
		root->glob->transientPlan = true;
		return NULL;
	}

	result = makeNode(FuncExpr);
	*result = *call;
	result->funcid = by_value;
	result->args = list_copy(call->args);
	lfirst(list_nth_cell(result->args, 1)) =
		makeConst(scaler_type, -1, InvalidOid, -1, PointerGetDatum(scaler), false, false);
	return result;
}
