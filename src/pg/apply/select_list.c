/*
 * select_list.c
 *		Lists of named columns with the normalized features of a relation.
 *
 * A feature that can be normalized by itself becomes a call with one value, so a list costs what
 * its columns cost, and a column that is not read costs nothing.  The call is normalize_value(),
 * which reads a column of any type as it would be read in its row.
 */
#include "pg/apply/select_list.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "parser/scansup.h"
#include "pg/apply/call_site.h"
#include "pg/base/names.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/syscache.h"

/* A column of a result: the name that was asked for, and the name as PostgreSQL will truncate it. */
typedef struct OutputName
{
	const char *asked;
	const char *stored;
} OutputName;

void
SelectListInit(SelectList *list, int most)
{
	initStringInfo(&list->text);
	list->count = 0;
	list->names = palloc(sizeof(OutputName) * Max(most, 1));
}

static void
AppendName(SelectList *list, const char *name)
{
	OutputName	output = {name, pstrdup(name)};

	truncate_identifier((char *) output.stored, strlen(name), false);
	list->names[list->count++] = output;
}

void
AppendColumn(SelectList *list, const char *alias, const char *name)
{
	appendStringInfo(&list->text, "%s%s.%s", list->count ? ", " : "", alias, quote_identifier(name));
	AppendName(list, name);
}

void
AppendExpression(SelectList *list, const char *expression, const char *name)
{
	appendStringInfo(&list->text, "%s%s AS %s", list->count ? ", " : "", expression, quote_identifier(name));
	AppendName(list, name);
}

static int
CompareOutputNames(const void *a, const void *b)
{
	return strcmp(((const OutputName *) a)->stored, ((const OutputName *) b)->stored);
}

void
SelectListFinish(SelectList *list, const char *hint)
{
	const OutputName *names = list->names;

	qsort(list->names, list->count, sizeof(OutputName), CompareOutputNames);
	for (int i = 1; i < list->count; i++)
		if (CompareOutputNames(&names[i - 1], &names[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("two columns of the list would be named \"%s\"", names[i].stored),
					 strcmp(names[i - 1].asked, names[i].asked) != 0 ?
					 errdetail("They are \"%s\" and \"%s\", of which the first %d bytes count.",
							   names[i - 1].asked, names[i].asked, NAMEDATALEN - 1) : 0,
					 errhint("%s", hint)));
}

void
CheckHasColumnNames(const LoadedScaler *scaler)
{
	if (!scaler->recipe.named)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names for columns",
						scaler->id),
				 errhint("Fit with option \"names\".")));
}

char *
IdSql(int64 id)
{
	return psprintf("'" INT64_FORMAT "'::pg_catalog.int8", id);
}

/* Return whether an argument of this type accepts rows of any type. */
static bool
TakesAnyRow(Oid type)
{
	return type == RECORDOID || type == ANYOID || type == ANYELEMENTOID || type == ANYNONARRAYOID ||
		type == ANYCOMPATIBLEOID || type == ANYCOMPATIBLENONARRAYOID;
}

/*
 * Return whether c.name would be a function call, name(c), if c had no column of this name.
 *
 * Both notations mean the same (https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-USAGE), so
 * c.count would call count().  Functions of one row type do not matter: they are meant as columns of that type.
 */
static bool
IsFunctionOfAnyRow(const char *name)
{
	char	   *stored = pstrdup(name);
	CatCList   *functions;
	bool		found = false;

	truncate_identifier(stored, strlen(stored), false);
	functions = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(stored));
	for (int i = 0; i < functions->n_members && !found; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&functions->members[i]->tuple);

		found = form->pronargs >= 1 && form->pronargs - form->pronargdefaults <= 1 &&
			TakesAnyRow(form->proargtypes.values[0]);
	}
	ReleaseSysCacheList(functions);
	pfree(stored);
	return found;
}

char *
FeatureSql(const LoadedScaler *scaler, int slot, const char *alias, const char *scaler_sql, const char *row_result,
		   bool columns_exist)
{
	const char *name = scaler->input_names[slot];

	/* the form for rows finds features by name, and has an error for a missing column */
	if (TransformIsOfRow(&scaler->transform, slot) || (!columns_exist && IsFunctionOfAnyRow(name)))
		return psprintf("%s[%d]", row_result, slot + 1);
	return psprintf("normfreeze.normalize_value(%s.%s, %s, %s)",
					alias, quote_identifier(name), scaler_sql, quote_literal_cstr(name));
}

void
AppendFeatureColumns(SelectList *list, const LoadedScaler *scaler, const char *alias, const char *scaler_sql,
					 const char *row_result, const char *prefix, bool columns_exist)
{
	for (int slot = 0; slot < scaler->transform.ninputs; slot++)
	{
		char	   *expression = FeatureSql(scaler, slot, alias, scaler_sql, row_result, columns_exist);

		CHECK_FOR_INTERRUPTS();
		AppendExpression(list, expression, psprintf("%s%s", prefix, scaler->input_names[slot]));
		pfree(expression);
	}
}

/*
 * The list: c.id, normfreeze.normalize_value(c.age, '42'::pg_catalog.int8, 'age') AS age, ...
 *
 * c.* is the row even if it has a column c.  Columns that are passed through are not checked here.
 */
PG_FUNCTION_INFO_V1(select_list);
Datum
select_list(PG_FUNCTION_ARGS)
{
	const char *alias;
	const char *prefix = PG_ARGISNULL(2) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(2));
	NameList	passthrough = {0};
	const LoadedScaler *scaler;
	char	   *id;
	SelectList	list;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	id = IdSql(PG_GETARG_INT64(0));
	alias = quote_identifier(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (!PG_ARGISNULL(3))
		passthrough = NameListFromArray(PG_GETARG_DATUM(3), "passthrough");
	scaler = AppliedById(GetCallSite(fcinfo), PG_GETARG_INT64(0))->scaler;
	CheckHasColumnNames(scaler);

	SelectListInit(&list, passthrough.count + scaler->transform.ninputs);
	for (int i = 0; i < passthrough.count; i++)
		AppendColumn(&list, alias, passthrough.names[i]);
	AppendFeatureColumns(&list, scaler, alias, id, psprintf("(normfreeze.normalize(%s.*, %s))", alias, id),
						 prefix, false);
	SelectListFinish(&list, "Give another prefix, or leave columns out of passthrough.");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(list.text.data, list.text.len));
}
