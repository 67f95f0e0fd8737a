/*
 * column_plan.c
 *		Planning normalize(row, scaler) as normalize_columns(scaler, names, columns).
 *
 * The same is done for denormalize(), and for the forms by key.  If the scaler is a constant id
 * or value, its features are known, and only their columns are passed.  What a ref means is known
 * only when the query runs, so every column that can be a feature is passed.
 *
 * A call that would fail, for example because the row has no column for a feature, is left alone,
 * so that the error is that of the original call.  plan_support.c calls this; row_columns.c says
 * what stands for the columns of a row.
 */
#include "pg/plan/column_plan.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "pg/apply/scaler_cache.h"
#include "pg/base/installed.h"
#include "pg/base/settings.h"
#include "pg/plan/plan_dependency.h"
#include "pg/plan/row_columns.h"
#include "utils/syscache.h"

/* Return the function of columns that corresponds to a function of a row; InvalidOid if this one takes no row. */
static Oid
FunctionOfColumns(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	Oid			types[4];
	Oid			result = InvalidOid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->proargtypes.values[0] == RECORDOID && form->pronargs <= 3)
	{
		for (int i = 1; i < form->pronargs; i++)
			types[i - 1] = form->proargtypes.values[i];
		types[form->pronargs - 1] = TEXTARRAYOID;
		types[form->pronargs] = ANYOID;
		result = RegistryFunction(psprintf("%s_columns", NameStr(form->proname)), types, form->pronargs + 1);
	}
	ReleaseSysCache(tuple);
	return result;
}

/* Keep the columns that a scaler reads.  Return false if the call would fail. */
static bool
SelectFeatures(RowColumns *columns, const LoadedScaler *scaler)
{
	const SetFeatures *features;
	char	  **names;
	int			n = 0;

	if (scaler->set == NULL)
		return scaler->input_names != NULL &&
			SelectRowColumns(columns, scaler->input_names, scaler->transform.ninputs);
	features = &scaler->set->features;
	if (features->names == NULL)
		return false;
	names = palloc(sizeof(char *) * features->count);
	for (int i = 0; i < features->count; i++)
		if (!features->target[i])
			names[n++] = features->names[i];
	return SelectRowColumns(columns, names, n);
}

/*
 * Keep the columns that the scaler argument reads: those of its features if it is a constant that can be looked up
 * now, else all.  Return false if it is NULL, or if the row does not have the columns (SelectRowColumns()).
 */
static bool
SelectForScaler(PlannerInfo *root, RowColumns *columns, const Node *argument)
{
	const Const *constant = (const Const *) argument;
	LoadedScaler *scaler = NULL;

	if (IsA(argument, Const) && constant->constisnull)
		return false;
	if (IsA(argument, Const) && constant->consttype == INT8OID && MayUseRegistry(root))
	{
		scaler = ScalerCacheFind(DatumGetInt64(constant->constvalue));
		if (scaler)
			ReleaseWithContext(scaler);
	}
	else if (IsA(argument, Const) && constant->consttype != INT8OID && constant->consttype != TEXTOID)
	{
		ScalerView	view;

		ViewScalerDatum(&view, constant->constvalue);
		scaler = LoadScaler(&view, CurrentMemoryContext);
	}
	if (scaler == NULL)
		return SelectRowColumns(columns, NULL, 0);
	return SelectFeatures(columns, scaler);
}

Node *
PlanColumns(PlannerInfo *root, const FuncExpr *call)
{
	Oid			by_columns;
	RowColumns	columns;
	FuncExpr   *result;

	if (!rewrite_calls || list_length(call->args) < 2)
		return NULL;
	by_columns = FunctionOfColumns(call->funcid);
	if (!OidIsValid(by_columns) ||
		!FindRowColumns(root, linitial(call->args), call->funcid, &columns) ||
		!MayReplaceFunction(root, call->funcid, by_columns) ||
		!SelectForScaler(root, &columns, lsecond(call->args)))
		return NULL;

	result = makeNode(FuncExpr);
	*result = *call;
	result->funcid = by_columns;
	result->args = ColumnCallArguments(list_copy_tail(call->args, 1), &columns, FUNC_MAX_ARGS);
	return (Node *) result;
}
