/*
 * number_hints.c
 *		Hints on columns that are not numbers: for each type, the SQL that makes a number of a
 *		value.
 *
 * A hint must work when it is followed, so sql/test_columns.sql runs these expressions for a
 * column of each type.
 */
#include "pg/base/number_hints.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/base/feature_types.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#define EXPRESSIONS_SHOWN	8

/* %1$s stands for the column. */
typedef struct NumberHint
{
	Oid			type;
	const char *expression;
} NumberHint;

static const NumberHint number_hints[] = {
	{TIMESTAMPTZOID, "extract(epoch FROM %1$s)"},
	{TIMESTAMPOID, "extract(epoch FROM %1$s)"},
	{TIMEOID, "extract(epoch FROM %1$s)"},
	{TIMETZOID, "extract(epoch FROM %1$s)"},
	{INTERVALOID, "extract(epoch FROM %1$s)"},
	{DATEOID, "%1$s - date 'epoch'"},
	{MONEYOID, "%1$s::numeric"},
	{BITOID, "%1$s::int8"},
	{OIDOID, "%1$s::int8"},
	{JSONBOID, "(%1$s->>'member')::float8"},
	{JSONOID, "(%1$s->>'member')::float8"},
	{CHAROID, "%1$s::text::float8"},
	{POINTOID, "%1$s[0]"},
	{PG_LSNOID, "%1$s - '0/0'::pg_lsn"},
};

/* Types of pgvector, which have casts to arrays. */
static const struct
{
	const char *name;
	const char *expression;
}			vector_hints[] = {
	{"vector", "%1$s::real[]"},
	{"halfvec", "%1$s::real[]"},
	{"sparsevec", "%1$s::vector::real[]"},
};

static char *
Fill(const char *format, const char *expression)
{
	const char *place = strstr(format, "%1$s");

	return psprintf("%.*s%s%s", (int) (place - format), format, expression, place + strlen("%1$s"));
}

static char *NumberExpression(Oid type, const char *expression);

/*
 * Return an expression for the first field of a composite type that is a number, or has an expression for one;
 * NULL if there is none.
 */
static char *
FieldExpression(Oid type, const char *expression)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(type, -1);
	char	   *result = NULL;

	for (int i = 0; i < desc->natts && result == NULL; i++)
	{
		Form_pg_attribute field = TupleDescAttr(desc, i);

		if (!field->attisdropped)
			result = NumberExpression(field->atttypid,
									  psprintf("(%s).%s", expression, quote_identifier(NameStr(field->attname))));
	}
	ReleaseTupleDesc(desc);
	return result;
}

static const char *
VectorExpression(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	const char *found = NULL;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	for (int i = 0; i < lengthof(vector_hints); i++)
		if (strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), vector_hints[i].name) == 0)
			found = vector_hints[i].expression;
	ReleaseSysCache(tuple);
	return found;
}

/* SQL that makes a number of an expression of this type; NULL if there is none. */
static char *
NumberExpression(Oid type, const char *expression)
{
	char		category;
	bool		preferred;

	check_stack_depth();
	type = getBaseType(type);
	if (TypeIsFeature(type))
		return pstrdup(expression);
	for (int i = 0; i < lengthof(number_hints); i++)
		if (number_hints[i].type == type)
			return Fill(number_hints[i].expression, expression);
	get_type_category_preferred(type, &category, &preferred);
	if (category == TYPCATEGORY_STRING)
		return Fill("%1$s::float8", expression);
	if (VectorExpression(type))
		return psprintf("(%s)[1]", Fill(VectorExpression(type), expression));
	if (type_is_enum(type))
		return psprintf("array_position(enum_range(%s), %s)", expression, expression);
	if (type_is_range(type))
		return NumberExpression(get_range_subtype(type), psprintf("lower(%s)", expression));
	if (type_is_multirange(type))
		return NumberExpression(get_range_subtype(get_multirange_range(type)), psprintf("lower(%s)", expression));
	if (type_is_array(type))
		return NumberExpression(get_element_type(type), psprintf("%s[1]", expression));
	if (type_is_rowtype(type) && type != RECORDOID)
		return FieldExpression(type, expression);
	return NULL;
}

const char *
ArrayExpression(Oid type, const char *expression)
{
	type = getBaseType(type);
	if (type_is_array(type))
		return expression;
	return VectorExpression(type) ? Fill(VectorExpression(type), expression) : NULL;
}

static bool
IsStringType(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(getBaseType(type), &category, &preferred);
	return category == TYPCATEGORY_STRING;
}

void
ColumnsAreNotNumbers(TupleDesc desc, const int *columns, int ncolumns, const char *advice)
{
	Form_pg_attribute first = TupleDescAttr(desc, columns[0]);
	const char *string = NULL;
	const char *list = NULL;
	StringInfoData types;
	StringInfoData hint;
	int			shown = 0;

	initStringInfo(&types);
	initStringInfo(&hint);
	for (int i = 0; i < ncolumns; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, columns[i]);
		const char *name = quote_identifier(NameStr(column->attname));
		char	   *expression = NumberExpression(column->atttypid, name);

		appendStringInfo(&types, "%s%s is of type %s", i > 0 ? ", " : "", name, format_type_be(column->atttypid));
		if (expression == NULL || shown == EXPRESSIONS_SHOWN)
			continue;
		appendStringInfo(&hint, "%s%s AS %s", shown++ ? ", " : "In a subquery, numbers are: ", expression, name);
		if (IsStringType(column->atttypid) && string == NULL)
			string = name;
		if (list == NULL)
			list = ArrayExpression(column->atttypid, name);
	}
	if (shown > 0)
		appendStringInfoChar(&hint, '.');
	else
		appendStringInfoString(&hint, ncolumns > 1 ? "They have no numeric value." : "It has no numeric value.");
	if (string)
		appendStringInfo(&hint,
						 "  If %s does not hold numbers, make a column of each of its values: (%s = 'value')::int.",
						 string, string);
	if (list)
		appendStringInfo(&hint, "  All values of an array are features if it is passed itself, beside others as ARRAY[a, b]::float8[] || %s.", list);
	if (advice)
		appendStringInfo(&hint, "  %s", advice);

	if (ncolumns == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, and a feature must be numeric or boolean",
						NameStr(first->attname), format_type_be(first->atttypid)),
				 errhint("%s", hint.data)));
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%d columns cannot be features, which must be numeric or boolean", ncolumns),
			 errdetail("%s.", types.data),
			 errhint("%s", hint.data)));
}
