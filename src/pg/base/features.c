/*
 * features.c
 *		Reading feature values from arrays, rows and jsonb objects.
 */
#include "pg/base/features.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "pg/base/columns.h"
#include "pg/base/names_alike.h"
#include "pg/base/number_hints.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#define MEMBERS_SEEN	1000	/* members of a jsonb object that an error looks at */
#define MEMBERS_SHOWN	20

/* ---- values ---- */

ValueConversion
FindConversion(Oid type, const char *feature)
{
	const FeatureType *found = FindFeatureType(getBaseType(type));
	TupleDesc	desc;

	if (found)
		return found->convert;
	desc = CreateTemplateTupleDesc(1);
	TupleDescInitEntry(desc, 1, feature, type, -1, 0);
	ColumnsAreNotNumbers(desc, (int[]) {0}, 1, NULL);
}

/* ---- the buffer ---- */

void
FeatureBufferInit(FeatureBuffer *buffer, MemoryContext context)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->context = context;
}

void
FeatureBufferReserve(FeatureBuffer *buffer, int n)
{
	if (n <= buffer->capacity)
		return;
	if (buffer->capacity > 0)
	{
		pfree(buffer->values);
		pfree(buffer->nulls);
		buffer->capacity = 0;
	}
	buffer->values = MemoryContextAlloc(buffer->context, sizeof(double) * n);
	buffer->nulls = MemoryContextAlloc(buffer->context, sizeof(bool) * n);
	buffer->capacity = n;
}

/* ---- arrays ---- */

int
FeatureArrayLength(ArrayType *array)
{
	if (ARR_NDIM(array) == 0)
		return 0;
	if (ARR_NDIM(array) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be a one-dimensional array, not one of %d dimensions", ARR_NDIM(array)),
				 errhint("Pass one row of features at a time.")));
	return ARR_DIMS(array)[0];
}

#define CACHE_LINE			64
#define MOST_PREFETCHED		2048	/* larger arrays are rarely stored with their row */

/*
 * Prefetch the array of the next row.
 *
 * A page is filled from its end, so the row that a scan reads next lies before this one, and usually has the
 * same length.  If it has not, the prefetch is useless but harmless, since any address may be prefetched. (This
 * is no function of its own, because gcc drops calls of one that does nothing else.)
 */
static pg_attribute_always_inline void
PrefetchNextArray(const ArrayType *array)
{
	Size		size = VARSIZE_ANY(array);
	const char *next = (const char *) array - size - CACHE_LINE;

	if (size <= MOST_PREFETCHED)
		for (Size i = 0; i < size + CACHE_LINE; i += CACHE_LINE)
			__builtin_prefetch(next + i);
}

const double *
ReadFeatureArray(ArrayType *array, int n, FeatureBuffer *buffer)
{
	const FeatureType *type;
	const char *data = ARR_DATA_PTR(array);
	const uint8 *bitmap = (const uint8 *) ARR_NULLBITMAP(array);

	buffer->any_null = false;
	if (ARR_ELEMTYPE(array) == FLOAT8OID && bitmap == NULL)
	{
		PrefetchNextArray(array);
		return (const double *) data;
	}

	type = FindFeatureType(ARR_ELEMTYPE(array));
	if (type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("features must be an array of numbers, not of type %s",
						format_type_be(ARR_ELEMTYPE(array)))));
	FeatureBufferReserve(buffer, n);
	for (int i = 0; i < n; i++)
	{
		bool		null = bitmap && (bitmap[i / 8] & (1 << (i % 8))) == 0;

		buffer->nulls[i] = null;
		if (null)
		{
			buffer->any_null = true;
			buffer->values[i] = NAN;
			continue;
		}
		buffer->values[i] = type->convert(fetch_att(data, type->length > 0, type->length));
		if (unlikely(isinf(buffer->values[i])) && type->convert == NumericToDouble)
			CheckNumericRange(PointerGetDatum(data), NULL, i);
		data = att_addlength_pointer(data, type->length, data);
		data = (const char *) att_align_nominal(data, type->align);
	}
	return buffer->values;
}

/* ---- rows ---- */

uint64
RowTypeIdentifier(HeapTupleHeader row)
{
	return assign_record_type_identifier(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
}

bool
RowMapMatches(const RowMap *map, HeapTupleHeader row)
{
	return map->identifier != 0 && map->identifier == RowTypeIdentifier(row);
}

Node *
ArgumentExpression(FunctionCallInfo fcinfo, int arg)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Node	   *expression = fcinfo->flinfo->fn_expr;
	List	   *args = NIL;

	if (aggref)
		/* argument 0 of a transition function is the state */
		return list_length(aggref->args) >= arg ? (Node *) list_nth_node(TargetEntry, aggref->args, arg - 1)->expr :
			NULL;
	if (expression && IsA(expression, FuncExpr))
		args = ((FuncExpr *) expression)->args;
	return list_length(args) > arg ? list_nth(args, arg) : NULL;
}

/*
 * Return whether a row has no column names of its own.  ROW(a, b) names its columns f1 and f2, by which no
 * feature can be meant.  But columns may really be named so, and the rows of a subquery are of type record as
 * well. Only a row that comes as a variable is known to have names of its own: the planner makes a ROW
 * expression of a simple subquery's row, too.
 */
static bool
IsAnonymous(TupleDesc desc, FunctionCallInfo fcinfo, int arg)
{
	Node	   *expression;

	if (desc->tdtypeid != RECORDOID)
		return false;
	for (int i = 0; i < desc->natts; i++)
	{
		char		name[16];

		snprintf(name, sizeof(name), "f%d", i + 1);
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) != 0)
			return false;
	}
	expression = ArgumentExpression(fcinfo, arg);
	return expression == NULL || IsA(expression, Const) || IsA(expression, RowExpr);
}

/*
 * In fit(e, ...) FROM emb AS e, e is the column of that name if emb has one.
 * The plan still knows which column a variable was written for.
 */
void
NoticeColumnOfAlias(FunctionCallInfo fcinfo, int arg)
{
	Node	   *expression = ArgumentExpression(fcinfo, arg);
	const Var  *var = (const Var *) expression;
	List	   *rtable;
	const RangeTblEntry *rte;
	const char *alias;

	if (fcinfo->context == NULL || !IsA(fcinfo->context, AggState) || expression == NULL || !IsA(expression, Var))
		return;
	rtable = ((AggState *) fcinfo->context)->ss.ps.state->es_range_table;
	if (var->varnosyn < 1 || var->varnosyn > list_length(rtable))
		return;
	rte = list_nth_node(RangeTblEntry, rtable, var->varnosyn - 1);
	/* the single column of unnest(...) AS v is named v: it is the row itself */
	if (rte->eref == NULL || list_length(rte->eref->colnames) < 2 ||
		var->varattnosyn < 1 || var->varattnosyn > list_length(rte->eref->colnames))
		return;
	alias = rte->eref->aliasname;
	if (strcmp(strVal(list_nth(rte->eref->colnames, var->varattnosyn - 1)), alias) == 0)
		ereport(NOTICE,
				(errmsg("the features are the column \"%s\" of \"%s\", not its row", alias, alias),
				 errhint("Write %s.* for the row.  With another alias the two are told apart.",
						 quote_identifier(alias))));
}

/* Return the type from which an implicit cast to real rounds this element of an array, or InvalidOid. */
static Oid
RoundedFrom(const Node *element)
{
	const FuncExpr *cast = (const FuncExpr *) element;

	if (!IsA(element, FuncExpr) || cast->funcformat != COERCE_IMPLICIT_CAST)
		return InvalidOid;
	switch (cast->funcid)
	{
		case F_FLOAT4_INT4:
			return INT4OID;
		case F_FLOAT4_INT8:
			return INT8OID;
		case F_FLOAT4_NUMERIC:
			return NUMERICOID;
		default:
			return InvalidOid;
	}
}

void
WarnOfRoundedArray(FunctionCallInfo fcinfo, int arg)
{
	const ArrayExpr *array = (const ArrayExpr *) ArgumentExpression(fcinfo, arg);
	ListCell   *cell;

	if (array == NULL || !IsA(array, ArrayExpr) || array->element_typeid != FLOAT4OID)
		return;
	foreach(cell, array->elements)
	{
		Oid			type = RoundedFrom(lfirst(cell));

		if (OidIsValid(type))
			ereport(WARNING,
					(errmsg("value %d of the array is of type %s and rounded to real, as the array is real[]",
							foreach_current_index(cell) + 1, format_type_be(type)),
					 errdetail("SQL gives ARRAY[...] of integers and reals the type real[], which holds 24 bits: 16777217 becomes 16777216."),
					 errhint("Cast a value, as in ARRAY[x::float8, ...]: then the array is float8[].  Cast it to real to avoid this warning.")));
		if (OidIsValid(type))
			return;
	}
}

void
RowMapInitDesc(RowMap *map, MemoryContext parent, TupleDesc desc)
{
	MemoryContext old;

	if (map->context)
		MemoryContextReset(map->context);
	else
		map->context = AllocSetContextCreate(parent, "normfreeze row map", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(map->context);
	map->identifier = 0;
	map->desc = CreateTupleDescCopy(desc);
	map->datums = palloc(sizeof(Datum) * Max(map->desc->natts, 1));
	map->isnull = palloc(sizeof(bool) * Max(map->desc->natts, 1));
	MemoryContextSwitchTo(old);
}

void
RowMapInit(RowMap *map, MemoryContext parent, HeapTupleHeader row, FunctionCallInfo fcinfo, int arg)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));

	RowMapInitDesc(map, parent, desc);
	ReleaseTupleDesc(desc);

	if (IsAnonymous(map->desc, fcinfo, arg))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cannot match features by name in an anonymous row"),
				 errdetail("The columns of ROW(...) have no names."),
				 errhint("Pass a table alias, or the alias of a subquery that names its columns: "
						 "SELECT normfreeze.normalize(s, ...) FROM (SELECT a, b FROM t) AS s.  "
						 "(If they are really named f1, f2, ..., end the subquery with OFFSET 0.)")));
}

void
RowMapBind(RowMap *map, int nfeatures, char *const *names, const char *advice)
{
	MemoryContext old = MemoryContextSwitchTo(map->context);

	map->nfeatures = nfeatures;
	map->attribute = FindFeatureColumns(map->desc, nfeatures, names, advice);
	map->convert = palloc(sizeof(*map->convert) * Max(nfeatures, 1));
	map->type = palloc(sizeof(Oid) * Max(nfeatures, 1));
	map->all_double = true;
	for (int i = 0; i < nfeatures; i++)
	{
		const FeatureType *type = FindFeatureType(getBaseType(TupleDescAttr(map->desc, map->attribute[i])->atttypid));

		map->convert[i] = type->convert;
		map->type[i] = type->type;
		map->all_double = map->all_double && type->type == FLOAT8OID;
	}
	map->identifier = assign_record_type_identifier(map->desc->tdtypeid, map->desc->tdtypmod);
	MemoryContextSwitchTo(old);
}

double
RowMapConvert(const RowMap *map, int feature, Datum value)
{
	return ConvertValue(map->convert[feature], value,
						NameStr(TupleDescAttr(map->desc, map->attribute[feature])->attname));
}

void
ReadFeatureRow(RowMap *map, HeapTupleHeader row, FeatureBuffer *buffer)
{
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, map->desc, map->datums, map->isnull);

	FeatureBufferReserve(buffer, map->nfeatures);
	buffer->any_null = false;
	for (int i = 0; i < map->nfeatures; i++)
	{
		int			column = map->attribute[i];

		buffer->nulls[i] = map->isnull[column];
		if (map->isnull[column])
		{
			buffer->any_null = true;
			buffer->values[i] = NAN;
		}
		else
			buffer->values[i] = RowMapValue(map, i, map->datums[column]);
	}
}

/* ---- jsonb ---- */

/*
 * Set *result to the number that a string stands for. to_jsonb() writes NaN and the infinities as strings,
 * because JSON has no such numbers.  Return false for other strings.
 */
static bool
SpecialString(const JsonbValue *value, double *result)
{
	static const struct
	{
		const char *text;
		double		value;
	}			specials[] = {{"NaN", NAN}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY}};

	for (int i = 0; i < lengthof(specials); i++)
		if (value->val.string.len == (int) strlen(specials[i].text) &&
			memcmp(value->val.string.val, specials[i].text, value->val.string.len) == 0)
		{
			*result = specials[i].value;
			return true;
		}
	return false;
}

/* Return the argument of a call of to_jsonb(), or of to_json() with a cast, if it is a ROW expression; else NULL. */
static RowExpr *
RowOfJsonb(Node *expression)
{
	FuncExpr   *call;

	if (expression && IsA(expression, CoerceViaIO))
		expression = (Node *) ((CoerceViaIO *) expression)->arg;
	if (expression == NULL || !IsA(expression, FuncExpr))
		return NULL;
	call = (FuncExpr *) expression;
	if (call->funcid != F_TO_JSONB && call->funcid != F_TO_JSON &&
		call->funcid != F_ROW_TO_JSON_RECORD && call->funcid != F_ROW_TO_JSON_RECORD_BOOL)
		return NULL;
	return IsA(linitial(call->args), RowExpr) ? linitial_node(RowExpr, call->args) : NULL;
}

void
CheckJsonbOfRow(FunctionCallInfo fcinfo, int arg, int nfeatures, char *const *names)
{
	RowExpr    *row = RowOfJsonb(ArgumentExpression(fcinfo, arg));

	for (int i = 0; row && i < nfeatures; i++)
	{
		int			found = 0;
		ListCell   *cell;

		foreach(cell, row->colnames)
			found += strcmp(strVal(lfirst(cell)), names[i]) == 0;
		if (found > 1)
			AmbiguousColumn(names[i], found);
	}
}

pg_noreturn static void
MissingMember(Jsonb *object, const char *name)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	  **members = palloc(sizeof(char *) * MEMBERS_SEEN);
	int			count = 0;
	StringInfoData list;

	initStringInfo(&list);
	while (count < MEMBERS_SEEN && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		int			shown;

		if (token != WJB_KEY)
			continue;
		members[count] = pnstrdup(value.val.string.val, value.val.string.len);
		shown = pg_mbcliplen(members[count], value.val.string.len, NAMEDATALEN);
		if (count < MEMBERS_SHOWN)
			appendStringInfo(&list, "%s\"%.*s%s\"", count > 0 ? ", " : "", shown, members[count],
							 members[count][shown] ? "..." : "");
		else if (count == MEMBERS_SHOWN)
			appendStringInfoString(&list, ", ...");
		count++;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("the jsonb object has no member \"%s\", which is a feature", name),
			 count > 0 ? errdetail("Its members are: %s.", list.data) : errdetail("It has no members."),
			 errhint("%sA missing value is written as null.", NameAlike(name, count, members))));
}

void
ReadFeatureJsonb(Jsonb *object, int nfeatures, char *const *names, FeatureBuffer *buffer)
{
	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("features in jsonb must be an object with a member for each feature"),
				 errhint("For example: {\"age\": 38, \"income\": null}.")));
	FeatureBufferReserve(buffer, nfeatures);
	buffer->any_null = false;
	for (int i = 0; i < nfeatures; i++)
	{
		JsonbValue	storage;
		JsonbValue *value = getKeyJsonValueFromContainer(&object->root, names[i], strlen(names[i]), &storage);

		if (value == NULL)
			MissingMember(object, names[i]);
		buffer->nulls[i] = false;
		switch (value->type)
		{
			case jbvNumeric:
				buffer->values[i] = NumericToDouble(NumericGetDatum(value->val.numeric));
				if (unlikely(isinf(buffer->values[i])))
					CheckNumericRange(NumericGetDatum(value->val.numeric), names[i], i);
				continue;
			case jbvBool:
				buffer->values[i] = value->val.boolean ? 1.0 : 0.0;
				continue;
			case jbvNull:
				buffer->nulls[i] = true;
				buffer->any_null = true;
				buffer->values[i] = NAN;
				continue;
			case jbvString:
				if (SpecialString(value, &buffer->values[i]))
					continue;
				break;
			default:
				break;
		}
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("member \"%s\" of the jsonb object is a feature and must be a number, boolean or null",
						names[i]),
				 errhint("Write numbers without quotes, but for \"NaN\", \"Infinity\" and \"-Infinity\".")));
	}
}
