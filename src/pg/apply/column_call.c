/*
 * column_call.c
 *		Reading the features of a call whose arguments are columns.
 *
 * A function has at most FUNC_MAX_ARGS arguments.  If there are more columns, the first ones are
 * arguments of column_share(), whose result says where they are.  That result is an argument of
 * the call in their place, or of the next share.  Nothing is copied: the arguments of a function
 * stay where they are until it is called again, and a share is called before the call whose
 * argument it is.
 */
#include "pg/apply/column_call.h"

#include "catalog/pg_type.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "pg/base/installed.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(column_share);
Datum
column_share(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(fcinfo);
}

Oid
ColumnShareFunction(void)
{
	Oid			types[] = {INTERNALOID, ANYOID};

	return RegistryFunction("column_share", types, lengthof(types));
}

/* ---- finding the columns of a call ---- */

pg_noreturn static void
NoColumns(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("this call does not have a name for each of its columns"),
			 errhint("It is what the planner makes of a call with a row, such as normfreeze.normalize() or normfreeze.fit(): call that.")));
}

static bool
IsShare(FunctionCallInfo call, int argument)
{
	return call->nargs > argument && get_fn_expr_argtype(call->flinfo, argument) == INTERNALOID;
}

/*
 * Return the share in an argument; NULL if it is NULL.  Fails if it is not a call of column_share(), since its
 * pointer could not be trusted.
 */
static FunctionCallInfo
ShareCall(FunctionCallInfo call, int argument)
{
	const FuncExpr *from;

	if (!IsShare(call, argument) || call->args[argument].isnull)
		return NULL;
	from = (const FuncExpr *) ArgumentExpression(call, argument);
	if (from == NULL || !IsA(from, FuncExpr) || from->funcid != ColumnShareFunction())
		NoColumns();
	return (FunctionCallInfo) DatumGetPointer(call->args[argument].value);
}

/* Collect the columns from argument "first" on, after those of a share that may be there. */
static void
CollectColumns(FunctionCallInfo call, int first, List **types, List **cells)
{
	FunctionCallInfo share = ShareCall(call, first);

	if (share)
		CollectColumns(share, 0, types, cells);
	for (int i = first + IsShare(call, first); i < call->nargs; i++)
	{
		*types = lappend_oid(*types, get_fn_expr_argtype(call->flinfo, i));
		*cells = lappend(*cells, &call->args[i]);
	}
}

/*
 * Return whether the columns of this call are those of later rows as well.
 *
 * The names must be constant.  An aggregate must not sort its rows, since the share has seen all rows by then,
 * and its arguments would be those of the last one.
 */
static bool
HasColumns(FunctionCallInfo fcinfo, int names)
{
	const Node *expression = ArgumentExpression(fcinfo, names);
	const Aggref *aggref = AggGetAggref(fcinfo);

	return expression && IsA(expression, Const) && !fcinfo->args[names].isnull &&
		!get_fn_expr_variadic(fcinfo->flinfo) &&
		(aggref == NULL || (aggref->aggorder == NIL && aggref->aggdistinct == NIL));
}

static void
FreeColumnCall(ColumnCall *known)
{
	FreeTupleDesc(known->desc);
	pfree(known->cell);
	pfree(known);
}

ColumnCall *
FindColumnCall(FunctionCallInfo fcinfo, int first, ColumnCall *known, MemoryContext context)
{
	Datum		share = fcinfo->nargs > first ? fcinfo->args[first].value : (Datum) 0;
	List	   *types = NIL;
	List	   *cells = NIL;
	MemoryContext old;
	Datum	   *names;
	int			n;

	if (likely(HaveColumnCall(fcinfo, first, known)))
		return known;
	if (!HasColumns(fcinfo, first - 1))
		NoColumns();
	CollectColumns(fcinfo, first, &types, &cells);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(first - 1), TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &n);
	if (n != list_length(types) || array_contains_nulls(PG_GETARG_ARRAYTYPE_P(first - 1)))
		NoColumns();

	if (known)
		FreeColumnCall(known);
	old = MemoryContextSwitchTo(context);
	known = palloc(sizeof(ColumnCall));
	known->call = fcinfo;
	known->desc = CreateTemplateTupleDesc(n);
	known->cell = palloc(sizeof(*known->cell) * Max(n, 1));
	known->has_share = IsShare(fcinfo, first);
	known->share = share;
	for (int i = 0; i < n; i++)
	{
		TupleDescInitEntry(known->desc, (AttrNumber) (i + 1), TextDatumGetCString(names[i]),
						   list_nth_oid(types, i), -1, 0);
		known->cell[i] = list_nth(cells, i);
	}
	known->cells = known->has_share ? NULL : &fcinfo->args[first];
	MemoryContextSwitchTo(old);
	return known;
}

/* Read the columns if every feature is a float8 and an argument of the call itself.  Return whether any is NULL. */
static bool
ReadDoubles(const RowMap *map, const NullableDatum *cells, double *values, bool *nulls)
{
	const int  *attribute = map->attribute;
	int			n = map->nfeatures;
	bool		any_null = false;

	for (int i = 0; i < n; i++)
	{
		const NullableDatum *cell = &cells[attribute[i]];

		values[i] = DatumGetFloat8(cell->value);
		nulls[i] = cell->isnull;
		any_null |= cell->isnull;
	}
	for (int i = 0; any_null && i < n; i++)
		if (nulls[i])
			values[i] = NAN;
	return any_null;
}

bool
ReadFeatureColumnsTo(const RowMap *map, const ColumnCall *columns, double *values, bool *nulls)
{
	bool		any_null = false;

	if (map->all_double && columns->cells)
		return ReadDoubles(map, columns->cells, values, nulls);
	for (int i = 0; i < map->nfeatures; i++)
	{
		const NullableDatum *cell = columns->cell[map->attribute[i]];

		nulls[i] = cell->isnull;
		if (unlikely(cell->isnull))
		{
			any_null = true;
			values[i] = NAN;
		}
		else
			values[i] = RowMapValue(map, i, cell->value);
	}
	return any_null;
}

void
ReadFeatureColumns(const RowMap *map, const ColumnCall *columns, FeatureBuffer *buffer)
{
	FeatureBufferReserve(buffer, map->nfeatures);
	buffer->any_null = ReadFeatureColumnsTo(map, columns, buffer->values, buffer->nulls);
}
