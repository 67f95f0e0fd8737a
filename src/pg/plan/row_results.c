/*
 * row_results.c
 *		Planning several columns of one normalize(row, scaler) with one call.
 *
 *		SELECT (normalize(c, id))[1] AS a, (normalize(c, id))[2] AS b FROM c
 *
 * which is what select_list() writes for features that need their row, becomes
 *
 *		SELECT r.n[1] AS a, r.n[2] AS b
 *		FROM c, LATERAL (SELECT normalize(c, id) AS n OFFSET 0) AS r
 *
 * PostgreSQL evaluates equal expressions each by itself: with a thousand
 * features that is a thousand whole rows for each row.  This is done before the
 * query is planned, and only where the call is made for the same rows as
 * before, since it may be an error for others: where all rows that there are
 * come from one source, so that no join can come between it and the call, and
 * each that WHERE leaves is one of the result.
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

/* A query with more different calls than this has the others as they are. */
#define MOST_CALLS	8

/* A call that columns are elements of, and how many. */
typedef struct RowCall
{
	FuncExpr   *call;
	int			columns;
	Index		relation;		/* that gives the result; 0: not yet */
} RowCall;

/* Is this a function whose calls we plan? */
static bool
IsOurs(Oid function)
{
	Oid			types[] = {INTERNALOID};
	Oid			support = function < FirstNormalObjectId ? InvalidOid : get_func_support(function);

	return OidIsValid(support) && OidIsValid(get_extension_oid("normfreeze", true)) &&
		support == RegistryFunction("normalize_support", types, lengthof(types));
}

/* The call of a column that is an element of one; NULL if this one is not. */
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

/* Count the columns of each call. */
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

/* Is a row of the result a row of FROM? */
static bool
HasPlainRows(const Query *query)
{
	return !query->hasAggs && !query->hasWindowFuncs && !query->hasTargetSRFs &&
		query->setOperations == NULL && query->groupClause == NIL && query->groupingSets == NIL &&
		query->havingQual == NULL && query->distinctClause == NIL && query->rowMarks == NIL;
}

/* Might the planner merge this subquery into another query, and its relations with that one's?  See is_simple_subquery(). */
static bool
MayBeMerged(const Query *query)
{
	return query->commandType == CMD_SELECT && HasPlainRows(query) && query->limitCount == NULL && query->limitOffset == NULL;
}

/* The only item in FROM, 0 if there are others, or WHERE is more than a filter of it. */
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

/* The rows of a subquery as a source: those of its own source, or what is planned by itself. */
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

/* Does no join become part of the query with this relation? */
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

/* Is a column of a subquery, which this is if it is of that relation, an expression? */
static bool
IsComputed(const Query *query, int relation, const Var *var)
{
	const RangeTblEntry *entry = rt_fetch(relation, query->rtable);

	return var->varno == relation && var->varlevelsup == 0 &&
		(var->varattno <= 0 || !IsA(list_nth_node(TargetEntry, entry->subquery->targetList, var->varattno - 1)->expr, Var));
}

/* Is a column of an INSERT a column of its source, but for casts?  A rule may have made more of it, CASE among that. */
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
 * Does a query only pass on the columns of this subquery, its source?  Where
 * it does more, in CASE or in WHERE, say, they are evaluated for some rows only.
 */
static bool
PassesOn(const Query *query, int source)
{
	ListCell   *cell;

	if (!HasPlainRows(query) || (query->sortClause && query->limitCount))
		return false;
	foreach(cell, pull_var_clause(query->jointree->quals, PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_RECURSE_PLACEHOLDERS))
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

/* LATERAL (SELECT call AS n OFFSET 0), as a relation of the query: OFFSET keeps it from being put back. */
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
	subquery->limitOffset = (Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(0), false, FLOAT8PASSBYVAL);

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
 * In a query and its subqueries in FROM and WITH.  alone: whatever it might be
 * merged into passes its columns on, and joins its rows with no others.
 * limited: a query around it has a limit; where it sorts, columns may then be
 * evaluated only for the rows that are left.
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
	if (one && query->commandType == CMD_SELECT && HasPlainRows(query) && !(query->sortClause && limited) && IsOneSource(query, source))
		ShareRowCalls(query);
}

/* Is there anything to look at?  Most queries have nothing. */
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
