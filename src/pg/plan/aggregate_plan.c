/*
 * aggregate_plan.c
 *		Planning an aggregate of rows, such as fit(row, method), as one of their columns.
 *
 * fit(row, method) becomes fit_columns(NULL, method, names, columns), and so
 * do profile(), audit() and the passes of fit_table().  The NULL is of the type
 * of the row, which tells whose keys to look at (see key_columns.h).  Of
 * audit() that is the first argument; what is observed stays as it is.
 *
 * No support function is asked about an aggregate before PostgreSQL 19, so
 * this is done to a query before it is planned.  Its subqueries have not been
 * merged into it then, nor views' columns put in place of theirs: a row is
 * still a variable, whose columns are variables, too.
 *
 * An aggregate that sorts its rows, or drops equal ones, gets them as they are.
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
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#define MOST_ARGUMENTS	(FUNC_MAX_ARGS - 2) /* of an aggregate: the state is one, too */

/*
 * The aggregates that have a form for columns, which is named with "_columns", and the declared type
 * of their first argument.
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

/* The aggregate of columns that goes with one of rows; InvalidOid if this one is not of rows, or not ours. */
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
	if (form->pronargs >= 1 && form->pronargs <= 4 && AggregateIsOfRows(NameStr(form->proname), form->proargtypes.values[0]) &&
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
	/* Citus has workers call transition functions row by row, in ways that tell them nothing of their arguments */
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
		aggref->args = lappend(aggref->args, makeTargetEntry(lfirst(cell), foreach_current_index(cell) + 1, NULL, false));
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
			/* expressions have none, only subqueries may */
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
