/*
 * normalize_table.c
 *		The function normalize_table(relation, scaler) in FROM: named columns without a view.
 *
 * SQL requires a column definition list with a function that returns records, and that list says
 * which columns are wanted.  The name and the type of a column tell what it is; anything that
 * might be mistaken for something else is an error, so that a raw value never stands where a
 * normalized one is meant.
 *
 * PostgreSQL 19 asks for the query that a call in FROM stands for (SupportRequestInlineInFrom),
 * and plans that query in its place: filters reach the relation's indexes, and a column that
 * nobody reads costs nothing.  Before version 19, and where a call cannot be replaced, the
 * function runs the query itself.  In both cases it runs as the caller, so a view with such a
 * call reads the relation with the privileges of the view's reader.
 */
#include "pg/base/compat.h"

#include "access/relation.h"
#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "parser/scansup.h"
#include "pg/apply/call_site.h"
#include "pg/apply/create_view.h"
#include "pg/apply/ref_cache.h"
#include "pg/apply/scaler_cache.h"
#include "pg/apply/select_list.h"
#include "pg/base/columns.h"
#include "pg/base/name_index.h"
#include "pg/base/names.h"
#include "pg/base/settings.h"
#include "pg/base/sql.h"
#include "pg/plan/plan_dependency.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

enum
{
	ARG_RELATION,
	ARG_SCALER,
	ARG_PASSTHROUGH,
	ARG_PREFIX,
	ARG_SCALER_ID_COLUMN,
	NARGS
};

/* What a call asks for. */
typedef struct TableRequest
{
	Relation	relation;
	ViewSource	source;
	NameList	passthrough;
	const char *prefix;
	const char *id_column;		/* NULL if there is none */
	TupleDesc	defined;		/* the column definition list */
} TableRequest;

/* ---- what a column of the definition list is ---- */

static char *
ColumnTypeText(const FormData_pg_attribute *column)
{
	return format_type_with_typemod(column->atttypid, column->atttypmod);
}

/* Return the names that the features have in the result. */
static char **
OutputNames(const LoadedScaler *scaler, const char *prefix)
{
	int			n = scaler->transform.ninputs;
	char	  **names = palloc(sizeof(char *) * Max(n, 1));

	for (int slot = 0; slot < n; slot++)
	{
		names[slot] = psprintf("%s%s", prefix, scaler->input_names[slot]);
		truncate_identifier(names[slot], strlen(names[slot]), false);
	}
	return names;
}

/* Return the slot of the feature with this name in the result, or -1.  Fails if two features would have the name. */
static int
FindOutput(const NameIndex *index, char *const *outputs, const char *name)
{
	int			slot = NameIndexFind(index, name);

	/* two names may differ only after the NAMEDATALEN - 1 bytes that PostgreSQL keeps */
	for (int i = slot + 1;
		 slot >= 0 && strlen(name) + pg_database_encoding_max_length() >= NAMEDATALEN && i < index->count; i++)
		if (strcmp(outputs[i], name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("two features would be named \"%s\"", name),
					 errhint("Give a shorter prefix.")));
	return slot;
}

static bool
IsPassedThrough(const TableRequest *request, const char *name)
{
	for (int i = 0; i < request->passthrough.count; i++)
		if (strcmp(request->passthrough.names[i], name) == 0)
			return true;
	return false;
}

/* Return the expression for a column that is passed through.  Fails unless the relation has it with this type. */
static char *
RawColumn(const TableRequest *request, const FormData_pg_attribute *defined)
{
	const char *name = NameStr(defined->attname);
	TupleDesc	desc = RelationGetDescr(request->relation);
	int			found = FindColumn(desc, name);
	const FormData_pg_attribute *column;

	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("\"%s\" of the column definition list is neither a feature of scaler " INT64_FORMAT " nor a column of \"%s\"",
						name, request->source.scaler->id, RelationGetRelationName(request->relation)),
				 errdetail("The columns are: %s.", ColumnList(desc))));
	column = TupleDescAttr(desc, found);
	if (column->atttypid != defined->atttypid || (defined->atttypmod != -1 && column->atttypmod != defined->atttypmod))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, and the column definition list says %s",
						name, ColumnTypeText(column), ColumnTypeText(defined)),
				 errhint("Write %s %s, and cast it in the SELECT list.", quote_identifier(name),
						 ColumnTypeText(column))));
	return psprintf(ALIAS ".%s", quote_identifier(name));
}

static void
CheckColumnType(const FormData_pg_attribute *defined, Oid type, const char *what)
{
	if (defined->atttypid != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s is of type %s, and the column definition list says %s \"%s\"",
						what, format_type_be(type), ColumnTypeText(defined), NameStr(defined->attname)),
				 errhint("Write %s %s; to have the relation's own column of this name, name it in passthrough.",
						 quote_identifier(NameStr(defined->attname)), format_type_be(type))));
}

/*
 * Report a column that is of a feature's type but names no feature: a raw value must not stand in for a
 * normalized one.
 */
pg_noreturn static void
NoFeature(const TableRequest *request, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("\"%s\" of the column definition list is no feature of scaler " INT64_FORMAT, name,
					request->source.scaler->id),
			 errdetail("What is of type double precision, and is not named in passthrough, is a normalized feature."),
			 errhint("normfreeze.feature_names() lists the features; passthrough => ARRAY[%s] takes the column as it is.",
					 quote_literal_cstr(name))));
}

/* Return the query that a call stands for.  NULL if it should follow a ref but cannot. */
static char *
TableQuery(const TableRequest *request)
{
	const LoadedScaler *scaler = request->source.scaler;
	TupleDesc	desc = RelationGetDescr(request->relation);
	char	  **outputs;
	NameIndex	index;
	char	  **used;
	int			nused = 0;
	bool		of_row = false;
	SelectList	list;

	CheckHasColumnNames(scaler);
	outputs = OutputNames(scaler, request->prefix);
	index = MakeNameIndex(outputs, scaler->transform.ninputs);
	used = palloc(sizeof(char *) * Max(scaler->transform.ninputs, 1));
	for (int i = 0; i < request->passthrough.count; i++)
		CheckHasColumn(desc, request->passthrough.names[i], "passthrough");

	SelectListInit(&list, request->defined->natts);
	for (int i = 0; i < request->defined->natts; i++)
	{
		const FormData_pg_attribute *defined = TupleDescAttr(request->defined, i);
		const char *name = NameStr(defined->attname);
		int			slot;
		char	   *sql;

		CHECK_FOR_INTERRUPTS();
		if (IsPassedThrough(request, name))
			sql = RawColumn(request, defined);
		else if (request->id_column && strcmp(request->id_column, name) == 0)
		{
			CheckColumnType(defined, INT8OID, "the id of a scaler");
			sql = request->source.id_sql;
		}
		else if ((slot = FindOutput(&index, outputs, name)) >= 0)
		{
			CheckColumnType(defined, FLOAT8OID, "a normalized feature");
			sql = FeatureSql(scaler, slot, ALIAS, request->source.scaler_sql, ROW_RESULT, true);
			of_row = of_row || TransformIsOfRow(&scaler->transform, slot);
			used[nused++] = scaler->input_names[slot];
		}
		else if (defined->atttypid == FLOAT8OID)
			NoFeature(request, name);
		else
			sql = RawColumn(request, defined);
		AppendExpression(&list, sql, name);
	}
	if (of_row && request->source.by_ref)
		return NULL;
	pfree(FindFeatureColumns(desc, of_row ? scaler->transform.ninputs : nused,
							 of_row ? scaler->input_names : used, NULL));
	return QueryOfRelation(list.text.data, request->relation, &request->source, of_row);
}

/* ---- running it ---- */

/* Run the query, and return its rows. */
static void
RunTable(FunctionCallInfo fcinfo, const LoadedScaler *scaler, int64 id)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TableRequest request = {.source = MakeSourceById(scaler, id), .prefix = ""};
	char	   *query;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	request.defined = result->setDesc;
	if (!PG_ARGISNULL(ARG_PASSTHROUGH))
		request.passthrough = NameListFromArray(PG_GETARG_DATUM(ARG_PASSTHROUGH), "passthrough");
	if (!PG_ARGISNULL(ARG_PREFIX))
		request.prefix = text_to_cstring(PG_GETARG_TEXT_PP(ARG_PREFIX));
	if (!PG_ARGISNULL(ARG_SCALER_ID_COLUMN))
		request.id_column = text_to_cstring(PG_GETARG_TEXT_PP(ARG_SCALER_ID_COLUMN));
	request.relation = OpenRelationOfRows(PG_GETARG_OID(ARG_RELATION));
	query = TableQuery(&request);
	relation_close(request.relation, NoLock);
	SqlStore(query, result->setResult);
}

static void
CheckCalledInFrom(FunctionCallInfo fcinfo)
{
	const ReturnSetInfo *result = (const ReturnSetInfo *) fcinfo->resultinfo;

	if (result == NULL || !IsA(result, ReturnSetInfo) || result->expectedDesc == NULL ||
		(result->allowedModes & SFRM_Materialize) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("normalize_table() is called without a column definition list"),
				 errhint("Call it in FROM, and say there which columns to give: "
						 "FROM normfreeze.normalize_table('customers', 'churn') AS t(id integer, age double precision).")));
}

/* Return whether an argument is NULL.  There are no rows then. */
static bool
HasNothing(FunctionCallInfo fcinfo)
{
	CheckCalledInFrom(fcinfo);
	if (!PG_ARGISNULL(ARG_RELATION) && !PG_ARGISNULL(ARG_SCALER))
		return false;
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	return true;
}

PG_FUNCTION_INFO_V1(normalize_table_by_id);
Datum
normalize_table_by_id(PG_FUNCTION_ARGS)
{
	if (!HasNothing(fcinfo))
		RunTable(fcinfo, AppliedById(GetCallSite(fcinfo), PG_GETARG_INT64(ARG_SCALER))->scaler,
				 PG_GETARG_INT64(ARG_SCALER));
	return (Datum) 0;
}

/* The ref is resolved once for the whole call. */
PG_FUNCTION_INFO_V1(normalize_table_by_ref);
Datum
normalize_table_by_ref(PG_FUNCTION_ARGS)
{
	if (!HasNothing(fcinfo))
	{
		CallSite   *site = GetCallSite(fcinfo);
		int64		id = CallSiteResolve(site, PG_GETARG_TEXT_PP(ARG_SCALER));

		RunTable(fcinfo, AppliedById(site, id)->scaler, id);
	}
	return (Datum) 0;
}

/* ---- planning it ---- */

/* Estimate as many rows as the relation is known to have.  Return false if it is not constant or was never analyzed. */
static bool
EstimateRows(SupportRequestRows *request)
{
	const FuncExpr *call = (const FuncExpr *) request->node;
	const Const *argument = IsA(call, FuncExpr) ? linitial(call->args) : NULL;
	HeapTuple	tuple;
	float4		rows = -1;

	if (argument == NULL || !IsA(argument, Const) || argument->constisnull)
		return false;
	tuple = SearchSysCache1(RELOID, argument->constvalue);
	if (HeapTupleIsValid(tuple))
	{
		rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
		ReleaseSysCache(tuple);
	}
	/* the relation was never analyzed */
	if (rows < 0)
		return false;
	request->rows = Max(rows, 1);
	return true;
}

#if PG_VERSION_NUM >= 190000

static bool
AreConstant(List *arguments)
{
	ListCell   *cell;

	foreach(cell, arguments)
	{
		if (!IsA(lfirst(cell), Const))
			return false;
	}
	return list_length(arguments) == NARGS;
}

static const Const *
Argument(List *arguments, int i)
{
	return list_nth_node(Const, arguments, i);
}

static char *
TextArgument(List *arguments, int i)
{
	const Const *argument = Argument(arguments, i);

	return argument->constisnull ? NULL : TextDatumGetCString(argument->constvalue);
}

/*
 * Parse and rewrite the query.
 *
 * NULL if the function must run it.  That is the case where row security may hide rows, because row_security =
 * off makes that an error without having plans made anew.  It is also the case where something in a view is not
 * parallel safe, which the planner has already checked for.
 */
static Query *
ParseTable(const char *text)
{
	RawStmt    *statement = linitial_node(RawStmt, pg_parse_query(text));
	Query	   *query;

	LockInstalled(statement->stmt, false);
	query = linitial_node(Query, pg_analyze_and_rewrite_fixedparams(statement, text, NULL, 0, NULL));
	return query->hasRowSecurity || max_parallel_hazard(query) == PROPARALLEL_UNSAFE ? NULL : query;
}

/*
 * Return whether a plan of this role may contain the query.  The plan is made to depend on what was found; it
 * outlives the memory of this request.
 */
static bool
MayInline(PlannerInfo *root, Oid function, bool by_ref)
{
	MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(root->glob));
	bool		may = MayReplaceFunction(root, function, function) && MayUseRegistry(root);

	if (may && by_ref)
		PlanDependsOnStages(root);
	MemoryContextSwitchTo(old);
	return may;
}

/*
 * Return the query for a call, or NULL.
 *
 * By ref the calls in the query are by ref as well, so that a cached plan follows promotions like any other
 * call.  Only the set of feature columns is that of planning time, and a promotion has the query planned anew.
 */
static Query *
InlineTable(PlannerInfo *root, const RangeTblFunction *function)
{
	const FuncExpr *call = (const FuncExpr *) function->funcexpr;
	List	   *arguments = call->args;
	TableRequest request = {0};
	bool		by_ref = exprType(lsecond(arguments)) == TEXTOID;
	LoadedScaler *scaler;
	int64		id;
	char	   *text = NULL;

	if (!rewrite_calls || !IsPlanOfQuery(root) || function->funccolnames == NIL || !AreConstant(arguments) ||
		Argument(arguments, ARG_RELATION)->constisnull || Argument(arguments, ARG_SCALER)->constisnull ||
		!MayInline(root, call->funcid, by_ref))
		return NULL;
	if (by_ref)
	{
		const char *ref = TextArgument(arguments, ARG_SCALER);

		id = ResolveRef(ref, strlen(ref));
	}
	else
		id = DatumGetInt64(Argument(arguments, ARG_SCALER)->constvalue);
	scaler = ScalerCacheFind(id);
	if (scaler == NULL)
		return NULL;
	ReleaseWithContext(scaler);
	if (scaler->set == NULL)
	{
		const char *prefix = TextArgument(arguments, ARG_PREFIX);

		request.source =
			by_ref ? MakeSourceByRef(scaler, TextArgument(arguments, ARG_SCALER)) : MakeSourceById(scaler, id);
		if (!Argument(arguments, ARG_PASSTHROUGH)->constisnull)
			request.passthrough = NameListFromArray(Argument(arguments, ARG_PASSTHROUGH)->constvalue, "passthrough");
		request.prefix = prefix ? prefix : "";
		request.id_column = TextArgument(arguments, ARG_SCALER_ID_COLUMN);
		request.defined = BuildDescFromLists(function->funccolnames, function->funccoltypes,
											 function->funccoltypmods, function->funccolcollations);
		request.relation = OpenRelationOfRows(DatumGetObjectId(Argument(arguments, ARG_RELATION)->constvalue));
		text = TableQuery(&request);
		relation_close(request.relation, NoLock);
	}
	return text ? ParseTable(text) : NULL;
}

#endif

PG_FUNCTION_INFO_V1(normalize_table_support);
Datum
normalize_table_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestRows) && EstimateRows((SupportRequestRows *) request))
		PG_RETURN_POINTER(request);
#if PG_VERSION_NUM >= 190000
	if (IsA(request, SupportRequestInlineInFrom))
		PG_RETURN_POINTER(InlineTable(((SupportRequestInlineInFrom *) request)->root,
									  ((SupportRequestInlineInFrom *) request)->rtfunc));
#endif
	PG_RETURN_POINTER(NULL);
}
