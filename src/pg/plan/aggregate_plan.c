/*
 * aggregate_plan.c
 *		Planning an aggregate of rows, such as fit(row, method), as an aggregate of their columns.
 *
 * fit(row, method) becomes fit_columns(NULL, method, names, columns); likewise profile(), audit()
 * and the passes of fit_table().  The NULL has the type of the row, by which the aggregate knows
 * whose key columns to look at (see key_columns.h).  In audit() it stands for the first argument;
 * the observed values stay as they are.
 *
 * Before PostgreSQL 19, no support function is asked about aggregates.  So a query is changed
 * before it is planned, when neither subqueries nor views have been merged into it: a row is
 * still a variable, and its columns are variables as well.
 *
 * An aggregate with ORDER BY or DISTINCT is not changed, since it needs the rows as they are.
 */
#include "pg/plan/aggregate_plan.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "pg/base/installed.h"
#include "pg/plan/plan_dependency.h"
#include "pg/plan/row_columns.h"
#include "utils/syscache.h"

#define MOST_ARGUMENTS	(FUNC_MAX_ARGS - 2) /* greatest number of arguments of an aggregate, which leaves room for its
											 * state */

/*
 * The aggregates that have a form for columns, whose name ends with "_columns", and the declared type of their
 * first argument.
 */
static const struct
{
	const char *name;
	Oid			row;
}			aggregates_of_rows[] = {
	{"fit", RECORDOID},
	{"profile", RECORDOID},
	{"scan", RECORDOID},
	{"gather", RECORDOID},
	{"audit", ANYOID},
};

static bool
AggregateIsOfRows(const char *name, Oid first)
{
	for (int i = 0; i < lengthof(aggregates_of_rows); i++)
		if (strcmp(aggregates_of_rows[i].name, name) == 0)
			return aggregates_of_rows[i].row == first;
	return false;
}

/*
 * Return the aggregate of columns that corresponds to one of rows; InvalidOid if this one takes no rows or is
 * not ours.
 */
static Oid
AggregateOfColumns(Oid aggregate)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(aggregate));
	Form_pg_proc form;
	Oid			types[6];
	Oid			result = InvalidOid;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->pronargs >= 1 && form->pronargs <= 4 &&
		AggregateIsOfRows(NameStr(form->proname), form->proargtypes.values[0]) &&
		OidIsValid(get_extension_oid("normfreeze", true)) &&
		form->pronamespace == RegistrySchema())
	{
		int			n = form->pronargs;

		memcpy(types, form->proargtypes.values, sizeof(Oid) * n);
		types[n] = TEXTARRAYOID;
		types[n + 1] = ANYOID;
		if (RegistryFunction(NameStr(form->proname), types, n) == aggregate)
		{
			types[0] = RECORDOID;
			result = RegistryFunction(psprintf("%s_columns", NameStr(form->proname)), types, n + 2);
		}
	}
	ReleaseSysCache(tuple);
	return result;
}

/* Change an aggregate into one of columns, if it has such a form and its row can be replaced. */
static void
PlanAggregate(PlannerInfo *root, Aggref *aggref)
{
	const Var  *row;
	Oid			by_columns;
	RowColumns	columns;
	List	   *arguments = NIL;
	ListCell   *cell;

	if (aggref->aggfnoid < FirstNormalObjectId || aggref->agglevelsup != 0 || aggref->aggkind != AGGKIND_NORMAL ||
		aggref->aggorder != NIL || aggref->aggdistinct != NIL || aggref->args == NIL)
		return;
	row = (const Var *) linitial_node(TargetEntry, aggref->args)->expr;
	if (!IsA(row, Var) || row->varattno != InvalidAttrNumber)
		return;
	by_columns = AggregateOfColumns(aggref->aggfnoid);
	/* Citus has workers call transition functions row by row, without the types of their arguments */
	if (!OidIsValid(by_columns) || HasCitus() ||
		!FindRowColumns(root, (Node *) row, InvalidOid, &columns) ||
		!MayReplaceFunction(root, aggref->aggfnoid, by_columns) ||
		!SelectRowColumns(&columns, NULL, 0))
		return;

	foreach(cell, aggref->args)
		arguments = lappend(arguments, lfirst_node(TargetEntry, cell)->expr);
	linitial(arguments) = makeNullConst(row->vartype, row->vartypmod, InvalidOid);
	arguments = ColumnCallArguments(arguments, &columns, MOST_ARGUMENTS);
	aggref->aggfnoid = by_columns;
	aggref->args = NIL;
	aggref->aggargtypes = NIL;
	foreach(cell, arguments)
	{
		aggref->args =
			lappend(aggref->args, makeTargetEntry(lfirst(cell), foreach_current_index(cell) + 1, NULL, false));
		aggref->aggargtypes = lappend_oid(aggref->aggargtypes, exprType(lfirst(cell)));
	}
}

static bool
PlanAggregatesIn(Node *node, void *context)
{
	PlannerInfo *root = context;

	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		Query	   *outer = root->parse;

		root->parse = (Query *) node;
		if (root->parse->hasAggs || root->parse->hasSubLinks)
			query_tree_walker(root->parse, PlanAggregatesIn, context, 0);
		else
		{
			/* an expression has no such list, but its subqueries may */
			expression_tree_walker((Node *) root->parse->cteList, PlanAggregatesIn, context);
			range_table_walker(root->parse->rtable, PlanAggregatesIn, context, 0);
		}
		root->parse = outer;
		return false;
	}
	if (IsA(node, Aggref))
		PlanAggregate(root, (Aggref *) node);
	return expression_tree_walker(node, PlanAggregatesIn, context);
}

void
PlanAggregates(PlannerInfo *root)
{
	PlanAggregatesIn((Node *) root->parse, root);
}

void
PlanAggregatesOf(PlannerInfo *root, Node *expression)
{
	PlanAggregatesIn(expression, root);
}
