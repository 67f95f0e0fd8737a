/*
 * create_view.c
 *		The functions create_view() and view_query(): views of a relation with its features
 *		normalized.
 *
 * The columns are known when the view is made, so a missing one is an error then.  A view by id
 * never changes what it computes.  A view by ref has calls by ref, and follows promotions to
 * scalers that have its features.  Each feature is a call of its own, so that a column that is
 * not read costs nothing.
 */
#include "pg/base/compat.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "pg/apply/call_site.h"
#include "pg/apply/create_view.h"
#include "pg/apply/select_list.h"
#include "pg/base/columns.h"
#include "pg/base/name_index.h"
#include "pg/base/names.h"
#include "pg/base/sql.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/varlena.h"

/* The arguments of view_query(). create_view() has others before and after them. */
enum
{
	ARG_RELATION,
	ARG_SCALER,
	ARG_PASSTHROUGH,
	ARG_PREFIX,
	ARG_SCALER_ID_COLUMN,
	VIEW_QUERY_ARGS
};

static bool
HasRows(char relkind)
{
	return relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE || relkind == RELKIND_VIEW ||
		relkind == RELKIND_MATVIEW || relkind == RELKIND_FOREIGN_TABLE;
}

Relation
OpenRelationOfRows(Oid oid)
{
	Relation	relation = OpenGivenRelation(oid);

	if (!HasRows(relation->rd_rel->relkind))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table or view", RelationGetRelationName(relation)),
				 errhint("Name what has the rows to normalize.")));
	return relation;
}

/* Return the columns to pass through: those that the caller names, or all that are not features. */
static NameList
PassedColumns(FunctionCallInfo fcinfo, int argument, TupleDesc desc, const LoadedScaler *scaler)
{
	NameIndex	features = MakeNameIndex(scaler->input_names, scaler->transform.ninputs);
	NameList	list = {0};

	if (!PG_ARGISNULL(argument))
	{
		list = NameListFromArray(PG_GETARG_DATUM(argument), "passthrough");
		for (int i = 0; i < list.count; i++)
			CheckHasColumn(desc, list.names[i], "passthrough");
		return list;
	}
	list.names = palloc(sizeof(char *) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		if (!column->attisdropped && NameIndexFind(&features, NameStr(column->attname)) < 0)
			list.names[list.count++] = pstrdup(NameStr(column->attname));
	}
	return list;
}

/* The first feature that needs its row; NULL if all can be normalized by themselves. */
static const FeatureRecipe *
FeatureOfRow(const LoadedScaler *scaler)
{
	for (int slot = 0; slot < scaler->transform.ninputs; slot++)
		if (TransformIsOfRow(&scaler->transform, slot))
			return scaler->transform.slots[slot];
	return NULL;
}

/*
 * Fail if a view by ref has features that need their row: the result of normalize() has no names, and its
 * positions hold for one scaler only.
 */
static void
CheckMayFollow(const ViewSource *source, const FeatureRecipe *of_row)
{
	if (source->by_ref && of_row)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a view by ref cannot have feature \"%s\", which needs the other features of its row",
						of_row->name),
				 errdetail("Method %s divides by a norm of the row, and the next scaler that the ref means might have its features in another order.",
						   of_row->method->name),
				 errhint("Pass the id, " INT64_FORMAT ", and make the view again after a promotion.",
						 source->scaler->id)));
}

char *
QueryOfRelation(const char *list, Relation relation, const ViewSource *source, bool of_row)
{
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT %s FROM %s AS " ALIAS, list,
					 quote_qualified_identifier(get_namespace_name_or_temp(RelationGetNamespace(relation)),
												RelationGetRelationName(relation)));
	if (of_row)
		/* OFFSET 0 makes it one call for each row, not one for each column */
		appendStringInfo(&query, ", LATERAL (SELECT normfreeze.normalize(" ALIAS ".*, %s) AS n OFFSET 0) AS r",
						 source->scaler_sql);
	return query.data;
}

/* Return the query of a view.  "first" is the position of the relation among the arguments. */
static char *
ViewQuery(FunctionCallInfo fcinfo, int first, const ViewSource *source)
{
	const LoadedScaler *scaler = source->scaler;
	int			prefix = first + ARG_PREFIX;
	int			id_column = first + ARG_SCALER_ID_COLUMN;
	Relation	relation = OpenRelationOfRows(PG_GETARG_OID(first + ARG_RELATION));
	TupleDesc	desc = RelationGetDescr(relation);
	const FeatureRecipe *of_row;
	NameList	passed;
	SelectList	list;
	char	   *query;

	CheckHasColumnNames(scaler);
	pfree(FindFeatureColumns(desc, scaler->transform.ninputs, scaler->input_names, NULL));
	passed = PassedColumns(fcinfo, first + ARG_PASSTHROUGH, desc, scaler);
	of_row = FeatureOfRow(scaler);
	CheckMayFollow(source, of_row);

	SelectListInit(&list, passed.count + scaler->transform.ninputs + 1);
	for (int i = 0; i < passed.count; i++)
		AppendColumn(&list, ALIAS, passed.names[i]);
	AppendFeatureColumns(&list, scaler, ALIAS, source->scaler_sql, ROW_RESULT,
						 PG_ARGISNULL(prefix) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(prefix)), true);
	if (!PG_ARGISNULL(id_column))
		AppendExpression(&list, source->id_sql, text_to_cstring(PG_GETARG_TEXT_PP(id_column)));
	SelectListFinish(&list, "Give another prefix or scaler_id_column, or say in passthrough which columns to keep.");

	query = QueryOfRelation(list.text.data, relation, source, of_row != NULL);
	relation_close(relation, NoLock);
	return query;
}

ViewSource
MakeSourceById(const LoadedScaler *scaler, int64 id)
{
	return (ViewSource) {scaler, IdSql(id), IdSql(id), false};
}

ViewSource
MakeSourceByRef(const LoadedScaler *scaler, const char *ref)
{
	char	   *ref_sql = psprintf("%s::pg_catalog.text", quote_literal_cstr(ref));

	return (ViewSource) {scaler, ref_sql, psprintf("normfreeze.scaler_id(%s)", ref_sql), true};
}

static ViewSource
SourceById(FunctionCallInfo fcinfo, int argument)
{
	int64		id = PG_GETARG_INT64(argument);

	return MakeSourceById(AppliedById(GetCallSite(fcinfo), id)->scaler, id);
}

static ViewSource
SourceByRef(FunctionCallInfo fcinfo, int argument)
{
	text	   *ref = PG_GETARG_TEXT_PP(argument);

	return MakeSourceByRef(AppliedByRef(GetCallSite(fcinfo), ref)->scaler, text_to_cstring(ref));
}

static Datum
QueryOfSource(FunctionCallInfo fcinfo, ViewSource (*find) (FunctionCallInfo fcinfo, int argument))
{
	ViewSource	source;

	if (PG_ARGISNULL(ARG_RELATION) || PG_ARGISNULL(ARG_SCALER))
		PG_RETURN_NULL();
	source = find(fcinfo, ARG_SCALER);
	PG_RETURN_TEXT_P(cstring_to_text(ViewQuery(fcinfo, 0, &source)));
}

PG_FUNCTION_INFO_V1(view_query_by_id);
Datum
view_query_by_id(PG_FUNCTION_ARGS)
{
	return QueryOfSource(fcinfo, SourceById);
}

PG_FUNCTION_INFO_V1(view_query_by_ref);
Datum
view_query_by_ref(PG_FUNCTION_ARGS)
{
	return QueryOfSource(fcinfo, SourceByRef);
}

/* Create the view as the caller, who will own it and needs the privileges for CREATE VIEW. */
static Datum
CreateOfSource(FunctionCallInfo fcinfo, ViewSource (*find) (FunctionCallInfo fcinfo, int argument))
{
	static const char *const required[] = {"name", "relation", "scaler"};
	int			replace = 1 + VIEW_QUERY_ARGS;
	List	   *name;
	ViewSource	source;

	for (int i = 0; i < lengthof(required); i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of the view must not be null", required[i])));
	name = textToQualifiedNameList(PG_GETARG_TEXT_PP(0));
	source = find(fcinfo, 1 + ARG_SCALER);
	(void) SqlRun(psprintf("CREATE %sVIEW %s AS %s",
						   !PG_ARGISNULL(replace) && PG_GETARG_BOOL(replace) ? "OR REPLACE " : "",
						   NameListToQuotedString(name), ViewQuery(fcinfo, 1, &source)), false, SQL_WRITE, NULL, 0);
	SqlFinish();
	CommandCounterIncrement();
	PG_RETURN_OID(RangeVarGetRelid(makeRangeVarFromNameList(name), NoLock, false));
}

PG_FUNCTION_INFO_V1(create_view_by_id);
Datum
create_view_by_id(PG_FUNCTION_ARGS)
{
	return CreateOfSource(fcinfo, SourceById);
}

PG_FUNCTION_INFO_V1(create_view_by_ref);
Datum
create_view_by_ref(PG_FUNCTION_ARGS)
{
	return CreateOfSource(fcinfo, SourceByRef);
}
