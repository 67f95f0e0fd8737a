/*
 * row_columns.c
 *		Deciding when a row in a call may be replaced by its columns; used by column_plan.c and
 *		aggregate_plan.c.
 *
 * The executor has the columns of a row at hand.  A value of the whole row must be formed from
 * them, only to be taken apart again, which costs more than the computation itself.  So f(row,
 * ...) may become f_columns(..., names, columns).
 *
 * This must not change what a query means.  The row must stay
 *
 * - on the nullable side of an outer join, where it may be NULL as a whole, and where its columns
 *   are not variables of that join's output;
 * - if it comes from an outer query, which passes the row alone;
 * - if it is grouped by, because its columns are not;
 * - if a member of a LATERAL UNION ALL takes it, because the planner has already noted that the
 *   row alone comes from outside;
 * - in RETURNING old and new, where it may be NULL, too;
 * - if an index was made of such a call, which would no longer be recognized.
 */
#include "pg/plan/row_columns.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "pg/apply/column_call.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* ---- where the row itself is needed ---- */

/* Return whether a relation of the query is on the nullable side of an outer join. */
static bool
IsNullable(Node *tree, int relation, bool nullable)
{
	if (tree == NULL)
		return false;
	if (IsA(tree, RangeTblRef))
		return nullable && ((RangeTblRef *) tree)->rtindex == relation;
	if (IsA(tree, FromExpr))
	{
		ListCell   *cell;

		foreach(cell, ((FromExpr *) tree)->fromlist)
		{
			if (IsNullable(lfirst(cell), relation, nullable))
				return true;
		}
		return false;
	}
	if (IsA(tree, JoinExpr))
	{
		JoinExpr   *join = (JoinExpr *) tree;
		bool		left = nullable || join->jointype == JOIN_RIGHT || join->jointype == JOIN_FULL;
		bool		right = nullable || join->jointype == JOIN_LEFT || join->jointype == JOIN_FULL;

		return IsNullable(join->larg, relation, left) || IsNullable(join->rarg, relation, right);
	}
	return true;
}

/* Return whether the row may be NULL as a whole, or is the old or new one of RETURNING. */
static bool
HasMarks(const Var *row)
{
#if PG_VERSION_NUM >= 160000
	if (!bms_is_empty(row->varnullingrels))
		return true;
#endif
#if PG_VERSION_NUM >= 180000
	if (row->varreturningtype != VAR_RETURNING_DEFAULT)
		return true;
#endif
	return false;
}

static bool
ContainsRow(Node *node, void *relation)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varno == *(int *) relation && ((Var *) node)->varattno == 0 &&
			((Var *) node)->varlevelsup == 0;
	return expression_tree_walker(node, ContainsRow, relation);
}

/* Return whether the query groups by the row as a whole, so that its columns are not available. */
static bool
IsGrouped(const Query *query, int relation)
{
	ListCell   *cell;

	if (query->groupingSets != NIL)
		return true;
	foreach(cell, query->groupClause)
	{
		if (ContainsRow(get_sortgroupclause_expr(lfirst(cell), query->targetList), &relation))
			return true;
	}
	return false;
}

/* Return whether the row is passed to a LATERAL UNION ALL whose members have been pulled up into the query. */
static bool
IsTakenByMembers(const Query *query, int relation)
{
	ListCell   *cell;
	ListCell   *var;

	foreach(cell, query->rtable)
	{
		RangeTblEntry *entry = lfirst_node(RangeTblEntry, cell);

		if (entry->rtekind != RTE_SUBQUERY || !entry->lateral || !entry->inh)
			continue;
		foreach(var, pull_vars_of_level((Node *) entry->subquery, 1))
		{
			if (IsA(lfirst(var), Var) && ((Var *) lfirst(var))->varno == relation &&
				((Var *) lfirst(var))->varattno == InvalidAttrNumber)
				return true;
		}
	}
	return false;
}

static bool
ContainsFunction(Node *node, void *function)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && ((FuncExpr *) node)->funcid == *(Oid *) function)
		return true;
	return expression_tree_walker(node, ContainsFunction, function);
}

/* Return whether a relation has an index with a call of the function in an expression or its predicate. */
static bool
IsIndexed(Oid relation_id, Oid function)
{
	Relation	relation = relation_open(relation_id, NoLock);
	List	   *indexes = relation->rd_rel->relhasindex ? RelationGetIndexList(relation) : NIL;
	bool		found = false;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		static const AttrNumber attributes[] = {Anum_pg_index_indexprs, Anum_pg_index_indpred};
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));

		if (!HeapTupleIsValid(tuple))
			continue;
		for (int i = 0; i < lengthof(attributes) && !found; i++)
		{
			bool		isnull;
			Datum		source = SysCacheGetAttr(INDEXRELID, tuple, attributes[i], &isnull);

			found = !isnull && ContainsFunction(stringToNode(TextDatumGetCString(source)), &function);
		}
		ReleaseSysCache(tuple);
	}
	list_free(indexes);
	relation_close(relation, NoLock);
	return found;
}

/*
 * Return whether what a relation of a query stands for may have such an index.
 *
 * An inherited index may contain the call with the child's row converted to the parent's type, which is what
 * the query becomes there.
 */
static bool
MayBeIndexed(const RangeTblEntry *entry, Oid function)
{
	ListCell   *cell;

	/* indexes consist of immutable functions alone */
	if (func_volatile(function) != PROVOLATILE_IMMUTABLE)
		return false;
	if (!entry->inh || !has_subclass(entry->relid))
		return IsIndexed(entry->relid, function);
	foreach(cell, find_all_inheritors(entry->relid, AccessShareLock, NULL))
	{
		if (IsIndexed(lfirst_oid(cell), function))
			return true;
	}
	return false;
}

/* ---- what a row consists of ---- */

static List *
NamesOfType(Oid type)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(type, -1);
	List	   *names = NIL;

	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped)
			names = lappend(names, pstrdup(NameStr(TupleDescAttr(desc, i)->attname)));
	ReleaseTupleDesc(desc);
	return names;
}

/*
 * Set the columns of a row.  The row of a table or view has the column names of its type, whatever aliases the
 * query gives; any other row has those of the query.  Return false if names and columns differ in number.
 */
static bool
ExpandRow(RangeTblEntry *entry, const Var *row, RowColumns *columns)
{
	int			relation = row->varno;
	ListCell   *cell;

#if PG_VERSION_NUM >= 180000
	expandRTE(entry, relation, 0, VAR_RETURNING_DEFAULT, -1, false, &columns->names, &columns->values);
#else
	expandRTE(entry, relation, 0, -1, false, &columns->names, &columns->values);
#endif
	if (row->vartype != RECORDOID)
		columns->names = NamesOfType(row->vartype);
	else
		foreach(cell, columns->names)
			lfirst(cell) = strVal(lfirst(cell));
	return list_length(columns->names) == list_length(columns->values);
}

/* Set the columns of a variable that stands for a row.  Return false if the row must stay. */
static bool
ColumnsOfVar(PlannerInfo *root, const Var *row, Oid function, RowColumns *columns)
{
	RangeTblEntry *entry;

	if (row->varattno != InvalidAttrNumber || row->varlevelsup != 0 || HasMarks(row) ||
		row->varno < 1 || row->varno > list_length(root->parse->rtable))
		return false;
	entry = rt_fetch(row->varno, root->parse->rtable);
	switch (entry->rtekind)
	{
		case RTE_RELATION:
			/* in an index expression, relations are numbered differently */
			if (row->vartype != get_rel_type_id(entry->relid) ||
				(OidIsValid(function) && MayBeIndexed(entry, function)))
				return false;
			break;
		case RTE_SUBQUERY:
		case RTE_CTE:
		case RTE_VALUES:
		case RTE_NAMEDTUPLESTORE:
			break;
		default:
			return false;
	}
	if (IsNullable((Node *) root->parse->jointree, row->varno, false) || IsTakenByMembers(root->parse, row->varno) ||
		(OidIsValid(function) && IsGrouped(root->parse, row->varno)))
		return false;
	return ExpandRow(entry, row, columns);
}

/*
 * Set the columns of the expression into which the planner has turned the row of a view or subquery.  Return false
 * if it is volatile, or has no columns with names.
 */
static bool
ColumnsOfExpression(RowExpr *row, RowColumns *columns)
{
	if (contain_volatile_functions((Node *) row))
		return false;
	if (row->row_typeid == RECORDOID)
	{
		ListCell   *cell;

		foreach(cell, row->colnames)
			columns->names = lappend(columns->names, strVal(lfirst(cell)));
		columns->values = list_copy(row->args);
	}
	else
	{
		TupleDesc	desc = lookup_rowtype_tupdesc(row->row_typeid, -1);
		ListCell   *cell = list_head(row->args);

		for (int i = 0; i < desc->natts && cell; i++, cell = lnext(row->args, cell))
			if (!TupleDescAttr(desc, i)->attisdropped)
			{
				columns->names = lappend(columns->names, pstrdup(NameStr(TupleDescAttr(desc, i)->attname)));
				columns->values = lappend(columns->values, lfirst(cell));
			}
		if (list_length(row->args) != desc->natts)
			columns->names = NIL;
		ReleaseTupleDesc(desc);
	}
	return columns->names != NIL && list_length(columns->names) == list_length(columns->values);
}

/* Return whether the names are f1, f2, ..., as those of a ROW() without names are. */
static bool
AreAnonymous(List *names)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(lfirst(cell), psprintf("f%d", foreach_current_index(cell) + 1)) != 0)
			return false;
	}
	return true;
}

bool
FindRowColumns(PlannerInfo *root, Node *row, Oid function, RowColumns *columns)
{
	*columns = (RowColumns) {NIL, NIL};
	if (IsA(row, Var))
	{
		if (!ColumnsOfVar(root, (Var *) row, function, columns))
			return false;
	}
	else if (!IsA(row, RowExpr) || !ColumnsOfExpression((RowExpr *) row, columns))
		return false;
	return exprType(row) != RECORDOID || !AreAnonymous(columns->names);
}

/* ---- the arguments ---- */

typedef struct WantedName
{
	char		name[NAMEDATALEN];	/* the key of the hash table */
	bool		seen;
} WantedName;

/* Return a NULL of the same type, for a column that nobody reads. */
static Node *
Nothing(Node *value)
{
	return (Node *) makeNullConst(exprType(value), exprTypmod(value), exprCollation(value));
}

/* Keep all columns, with NULL for those that cannot be features. */
static bool
SelectAll(RowColumns *columns)
{
	ListCell   *value;

	foreach(value, columns->values)
	{
		if (!TypeIsFeature(exprType(lfirst(value))))
			lfirst(value) = Nothing(lfirst(value));
	}
	return true;
}

/*
 * Keep the wanted columns, in the order of the row.  Return false if one is not there, is there twice or cannot
 * be a feature.
 */
static bool
SelectWanted(RowColumns *columns, char *const *wanted, int nwanted)
{
	HASHCTL		control = {.keysize = NAMEDATALEN, .entrysize = sizeof(WantedName), .hcxt = CurrentMemoryContext};
	HTAB	   *names =
		hash_create("normfreeze column names", nwanted, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	RowColumns	selected = {NIL, NIL};
	ListCell   *name;
	ListCell   *value;
	bool		found;

	for (int i = 0; i < nwanted; i++)
	{
		WantedName *entry;

		if (strlen(wanted[i]) >= NAMEDATALEN)
			return false;
		entry = hash_search(names, wanted[i], HASH_ENTER, &found);
		entry->seen = false;
	}
	forboth(name, columns->names, value, columns->values)
	{
		WantedName *entry =
			strlen(lfirst(name)) < NAMEDATALEN ? hash_search(names, lfirst(name), HASH_FIND, NULL) : NULL;

		if (entry == NULL)
			continue;
		if (entry->seen || !TypeIsFeature(exprType(lfirst(value))))
			return false;
		entry->seen = true;
		selected.names = lappend(selected.names, lfirst(name));
		selected.values = lappend(selected.values, lfirst(value));
	}
	*columns = selected;
	return list_length(selected.names) == nwanted;
}

bool
SelectRowColumns(RowColumns *columns, char *const *wanted, int nwanted)
{
	return wanted ? SelectWanted(columns, wanted, nwanted) : SelectAll(columns);
}

/* Return the names as a constant text[]. */
static Node *
NamesConst(List *names)
{
	Datum	   *datums = palloc(sizeof(Datum) * Max(list_length(names), 1));
	ListCell   *cell;

	foreach(cell, names)
		datums[foreach_current_index(cell)] = CStringGetTextDatum(lfirst(cell));
	return (Node *) makeConst(TEXTARRAYOID, -1, DEFAULT_COLLATION_OID, -1,
							  PointerGetDatum(construct_array(datums, list_length(names), TEXTOID, -1, false,
															  TYPALIGN_INT)), false, false);
}

List *
ColumnCallArguments(List *first, const RowColumns *columns, int most)
{
	List	   *values = columns->values;
	List	   *arguments = lappend(first, NamesConst(columns->names));
	int			room = most - list_length(arguments);

	if (list_length(values) > room)
	{
		Oid			share = ColumnShareFunction();
		Node	   *inner = (Node *) makeNullConst(INTERNALOID, -1, InvalidOid);

		/* each share takes the one before it as its first argument, and so does the call */
		while (list_length(values) > room - 1)
		{
			int			n = Min(FUNC_MAX_ARGS - 1, list_length(values));
			List	   *some = lcons(inner, list_copy_head(values, n));

			inner = (Node *) makeFuncExpr(share, INTERNALOID, some, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
			values = list_copy_tail(values, n);
		}
		arguments = lappend(arguments, inner);
	}
	return list_concat(arguments, values);
}
