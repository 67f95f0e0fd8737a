/*
 * row_results.c
 *		Planning several columns that are elements of one normalize(row, scaler) with a single call.
 *
 *		SELECT (normalize(c, id))[1] AS a, (normalize(c, id))[2] AS b FROM c
 *
 * which is what select_list() writes for features that need their row, becomes
 *
 *		SELECT r.n[1] AS a, r.n[2] AS b
 *		FROM c, LATERAL (SELECT normalize(c, id) AS n OFFSET 0) AS r
 *
 * PostgreSQL evaluates equal expressions one by one: a thousand features would take a thousand
 * normalized rows for each row.
 *
 * A query is changed before it is planned, and only if the call is made for the same rows as
 * before, since it may fail for others.  So all rows must come from one source, with no join
 * between it and the call, and each row that WHERE leaves must be one row of the result.
 */
#include "pg/plan/row_results.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "nodes/makefuncs.h"
#include "miscadmin.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "pg/base/installed.h"
#include "pg/plan/plan_dependency.h"
#include "rewrite/rewriteManip.h"
#include "utils/lsyscache.h"

/* Queries with more different calls than this are left alone. */
#define MOST_CALLS	8

/* A call, and the number of columns that are elements of it. */
typedef struct RowCall
{
	FuncExpr   *call;
	int			columns;
	Index		relation;		/* the relation that gives its result; 0 if there is none yet */
} RowCall;

/* Return whether calls of a function are planned here. */
static bool
IsOurs(Oid function)
{
	Oid			types[] = {INTERNALOID};
	Oid			support = function < FirstNormalObjectId ? InvalidOid : get_func_support(function);

	return OidIsValid(support) && OidIsValid(get_extension_oid("normfreeze", true)) &&
		support == RegistryFunction("normalize_support", types, lengthof(types));
}

/* Return the call that a column is an element of; NULL if it is not. */
static FuncExpr *
CallOfColumn(const TargetEntry *column)
{
	SubscriptingRef *element = (SubscriptingRef *) column->expr;
	FuncExpr   *call;
	Var		   *row;

	if (!IsA(element, SubscriptingRef) || !IsA(element->refexpr, FuncExpr) || element->refassgnexpr)
		return NULL;
	call = (FuncExpr *) element->refexpr;
	row = call->args ? linitial(call->args) : NULL;
	if (row == NULL || !IsA(row, Var) || row->varattno != InvalidAttrNumber || row->varlevelsup != 0)
		return NULL;
	return call;
}

static RowCall *
FindRowCall(RowCall *calls, int ncalls, const FuncExpr *call)
{
	for (int i = 0; i < ncalls; i++)
		if (equal(calls[i].call, call))
			return &calls[i];
	return NULL;
}

/* Collect the calls, with the number of columns of each.  Return the number of calls. */
static int
FindRowCalls(List *columns, RowCall *calls)
{
	int			ncalls = 0;
	ListCell   *cell;

	foreach(cell, columns)
	{
		FuncExpr   *call = CallOfColumn(lfirst(cell));
		RowCall    *found = call ? FindRowCall(calls, ncalls, call) : NULL;

		if (found)
			found->columns++;
		else if (call && ncalls < MOST_CALLS && IsOurs(call->funcid) &&
				 !contain_subplans((Node *) call) && !contain_volatile_functions((Node *) call))
			calls[ncalls++] = (RowCall) {call, 1, 0};
	}
	return ncalls;
}

/* ---- where it may be done ---- */

/* Return whether each row of the result is one row of FROM. */
static bool
HasPlainRows(const Query *query)
{
	return !query->hasAggs && !query->hasWindowFuncs && !query->hasTargetSRFs &&
		query->setOperations == NULL && query->groupClause == NIL && query->groupingSets == NIL &&
		query->havingQual == NULL && query->distinctClause == NIL && query->rowMarks == NIL;
}

/* Return whether the planner might merge this subquery into another query; see is_simple_subquery(). */
static bool
MayBeMerged(const Query *query)
{
	return query->commandType == CMD_SELECT && HasPlainRows(query) && query->limitCount == NULL &&
		query->limitOffset == NULL;
}

/* Return the only relation in FROM; 0 if there are several, or if WHERE is more than a filter of it. */
static int
OnlySource(const Query *query)
{
	const FromExpr *from = query->jointree;

	if (from == NULL || list_length(from->fromlist) != 1 || !IsA(linitial(from->fromlist), RangeTblRef) ||
		contain_subplans(from->quals) || contain_volatile_functions(from->quals))
		return 0;
	return linitial_node(RangeTblRef, from->fromlist)->rtindex;
}

static bool IsOneSource(const Query *query, int relation);

/*
 * Return whether the rows of a subquery come from one source: its own only source, or something that is planned
 * by itself.
 */
static bool
SubqueryIsOneSource(const Query *subquery)
{
	return !MayBeMerged(subquery) || IsOneSource(subquery, OnlySource(subquery));
}

static CommonTableExpr *
FindWith(const Query *query, const RangeTblEntry *entry)
{
	ListCell   *cell;

	if (entry->rtekind != RTE_CTE || entry->ctelevelsup != 0)
		return NULL;
	foreach(cell, query->cteList)
	{
		if (strcmp(lfirst_node(CommonTableExpr, cell)->ctename, entry->ctename) == 0)
			return lfirst(cell);
	}
	return NULL;
}

/* Return whether no join can become part of the query through this relation. */
static bool
IsOneSource(const Query *query, int relation)
{
	const RangeTblEntry *entry;
	CommonTableExpr *with;

	if (relation == 0)
		return false;
	entry = rt_fetch(relation, query->rtable);
	if (entry->rtekind == RTE_SUBQUERY)
		return SubqueryIsOneSource(entry->subquery);
	with = FindWith(query, entry);
	if (with)
		return SubqueryIsOneSource(castNode(Query, with->ctequery));
	return entry->rtekind == RTE_RELATION || entry->rtekind == RTE_FUNCTION || entry->rtekind == RTE_VALUES;
}

/* Return whether a variable is a column of this relation, a subquery, and that column is an expression. */
static bool
IsComputed(const Query *query, int relation, const Var *var)
{
	const RangeTblEntry *entry = rt_fetch(relation, query->rtable);

	return var->varno == relation && var->varlevelsup == 0 &&
		(var->varattno <= 0 ||
		 !IsA(list_nth_node(TargetEntry, entry->subquery->targetList, var->varattno - 1)->expr, Var));
}

/*
 * Return whether a column of an INSERT is a column of its source, up to casts.  A rule may have made more of
 * it, such as a CASE.
 */
static bool
IsCastColumn(Node *node)
{
	for (;;)
	{
		if (IsA(node, Var) || IsA(node, Const))
			return true;
		if (IsA(node, RelabelType))
			node = (Node *) ((RelabelType *) node)->arg;
		else if (IsA(node, CoerceViaIO))
			node = (Node *) ((CoerceViaIO *) node)->arg;
		else if (IsA(node, CoerceToDomain))
			node = (Node *) ((CoerceToDomain *) node)->arg;
		else if (IsA(node, FuncExpr) && ((FuncExpr *) node)->funcformat != COERCE_EXPLICIT_CALL &&
				 ((FuncExpr *) node)->args != NIL)
			node = linitial(((FuncExpr *) node)->args);
		else
			return false;
	}
}

/*
 * Return whether a query only passes on the columns of its source, a subquery.
 *
 * If it does more, in CASE or WHERE for example, its expressions are evaluated for some rows only.
 */
static bool
PassesOn(const Query *query, int source)
{
	ListCell   *cell;

	if (!HasPlainRows(query) || (query->sortClause && query->limitCount))
		return false;
	foreach(cell, pull_var_clause(query->jointree->quals,
								  PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_RECURSE_PLACEHOLDERS))
	{
		if (IsComputed(query, source, lfirst(cell)))
			return false;
	}
	foreach(cell, query->targetList)
	{
		Node	   *column = (Node *) lfirst_node(TargetEntry, cell)->expr;

		if (query->commandType == CMD_INSERT ? !IsCastColumn(column) && contain_var_clause(column) : !IsA(column, Var))
			return false;
	}
	return query->commandType == CMD_SELECT || query->commandType == CMD_INSERT;
}

/* ---- what is done ---- */

/* Add LATERAL (SELECT call AS n OFFSET 0) to the query.  OFFSET keeps the planner from merging it back. */
static Index
AddRelation(Query *query, FuncExpr *call)
{
	Query	   *subquery = makeNode(Query);
	RangeTblEntry *entry = makeNode(RangeTblEntry);
	RangeTblRef *reference = makeNode(RangeTblRef);
	Node	   *result = copyObject((Node *) call);

	IncrementVarSublevelsUp(result, 1, 0);
	subquery->commandType = CMD_SELECT;
	subquery->canSetTag = true;
	subquery->targetList = list_make1(makeTargetEntry((Expr *) result, 1, pstrdup("n"), false));
	subquery->jointree = makeFromExpr(NIL, NULL);
	subquery->limitOffset =
		(Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(0), false, FLOAT8PASSBYVAL);

	entry->rtekind = RTE_SUBQUERY;
	entry->subquery = subquery;
	entry->lateral = true;
	entry->inFromCl = true;
	entry->eref = makeAlias("normfreeze", list_make1(makeString(pstrdup("n"))));
	query->rtable = lappend(query->rtable, entry);

	reference->rtindex = list_length(query->rtable);
	query->jointree->fromlist = lappend(query->jointree->fromlist, reference);
	return reference->rtindex;
}

/* Share the calls of this query, if it allows that. */
static void
ShareRowCalls(Query *query)
{
	RowCall		calls[MOST_CALLS];
	int			ncalls = FindRowCalls(query->targetList, calls);
	ListCell   *cell;

	if (ncalls == 0 || HasCitus())
		return;
	foreach(cell, query->targetList)
	{
		TargetEntry *column = lfirst(cell);
		FuncExpr   *call = CallOfColumn(column);
		RowCall    *found = call ? FindRowCall(calls, ncalls, call) : NULL;

		if (found == NULL || found->columns < 2)
			continue;
		if (found->relation == 0)
			found->relation = AddRelation(query, call);
		((SubscriptingRef *) column->expr)->refexpr =
			(Expr *) makeVar(found->relation, 1, call->funcresulttype, -1, call->funccollid, 0);
	}
}

/*
 * Share calls in a query and in its subqueries in FROM and WITH.
 *
 * "alone" says that whatever the query might be merged into passes its columns on and does not join its rows.
 * "limited" says that an outer query has a LIMIT; if that one sorts, columns may be evaluated for the remaining
 * rows only.
 */
static void
ShareRowCallsIn(Query *query, bool alone, bool limited)
{
	int			source = OnlySource(query);
	bool		one = alone && source != 0;
	ListCell   *cell;

	limited = limited || query->limitCount;
	foreach(cell, query->rtable)
	{
		const RangeTblEntry *entry = lfirst(cell);

		if (entry->rtekind == RTE_SUBQUERY)
			ShareRowCallsIn(entry->subquery, !MayBeMerged(entry->subquery) ||
							(one && foreach_current_index(cell) + 1 == source && PassesOn(query, source)), limited);
	}
	foreach(cell, query->cteList)
	{
		CommonTableExpr *with = lfirst(cell);
		Query	   *subquery = castNode(Query, with->ctequery);

		ShareRowCallsIn(subquery, with->ctematerialized == CTEMaterializeAlways || !MayBeMerged(subquery), limited);
	}
	if (one && query->commandType == CMD_SELECT && HasPlainRows(query) && !(query->sortClause && limited) &&
		IsOneSource(query, source))
		ShareRowCalls(query);
}

/* Return whether the query has anything to share.  Most queries have nothing. */
static bool
HasRowCalls(const Query *query)
{
	ListCell   *cell;

	check_stack_depth();
	foreach(cell, query->targetList)
	{
		if (CallOfColumn(lfirst(cell)))
			return true;
	}
	foreach(cell, query->rtable)
	{
		if (lfirst_node(RangeTblEntry, cell)->rtekind == RTE_SUBQUERY &&
			HasRowCalls(lfirst_node(RangeTblEntry, cell)->subquery))
			return true;
	}
	foreach(cell, query->cteList)
	{
		if (HasRowCalls(castNode(Query, lfirst_node(CommonTableExpr, cell)->ctequery)))
			return true;
	}
	return false;
}

void
ShareRowResults(Query *query)
{
	if (query->commandType != CMD_UTILITY && HasRowCalls(query))
		ShareRowCallsIn(query, true, false);
}
