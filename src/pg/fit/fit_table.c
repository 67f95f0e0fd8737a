/*
 * fit_table.c
 *		The function fit_table(): fitting a whole table in as many passes as exactness needs.
 *
 * Methods that follow from moments take one pass, as the aggregate does.  For the others, a first
 * pass makes the profile.  Then parameters are derived, which tells what the methods ask about
 * the values, and passes answer that until nothing is asked any more.  Every pass is a parallel
 * aggregate in the snapshot of the calling query, with the privileges of its user.
 */
#include "pg/base/compat.h"

#include "access/relation.h"
#include "core/scaler/pass_answers.h"
#include "pg/base/columns.h"
#include "pg/base/feature_types.h"
#include "pg/fit/key_columns.h"
#include "pg/base/names.h"
#include "pg/base/settings.h"
#include "pg/base/sql.h"
#include "pg/base/varlena_type.h"
#include "pg/fit/choose_columns.h"
#include "pg/fit/fit.h"
#include "pg/fit/fit_state.h"
#include "pg/fit/fit_weights.h"
#include "pg/fit/most_frequent_pass.h"
#include "pg/fit/pass_plan.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define MOST_PASSES		1000	/* more passes than any search takes, as a guard against an endless loop */

/* ---- queries ---- */

/*
 * Run one of our aggregates over all rows, and return its result, which must be of this type, in the caller's
 * context.  NULL for no rows.
 */
static bytea *
RunOverTable(TableFit *fit, const char *aggregate, Oid type, const SqlArg *args, int nargs)
{
	MemoryContext caller = CurrentMemoryContext;
	bytea	   *result = NULL;
	const char *weight = "";
	Datum		value;
	bool		isnull;

	if (fit->weight)
		weight = psprintf(", fit_row.%s::pg_catalog.float8", quote_identifier(fit->weight));
	/* fit_row.* is the row even if it has a column of that name */
	SqlRun(psprintf("SELECT normfreeze.%s(fit_row.*%s%s) FROM %s AS fit_row", aggregate,
					nargs == 2 ? ", $1, $2" : ", $1", weight, fit->rows),
		   false, SQL_PARALLEL, args, nargs);
	value = SqlValue(0, 1, type, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		result = DatumGetByteaPCopy(value);
		MemoryContextSwitchTo(old);
	}
	SqlFinish();
	return result;
}

/* Return whether the method or policies of any feature need more than the profile of the first pass. */
static bool
NeedsPasses(const FitSpec *spec)
{
	bool		needs = SpecNeedsEveryValue(&spec->common);

	for (int i = 0; i < spec->noverrides; i++)
		needs = needs || SpecNeedsEveryValue(&spec->overrides[i].spec);
	return needs;
}

/* Return whether a row of these two lists of columns would look like ROW(...), whose columns are f1, f2, .... */
static bool
LooksAnonymous(const NameList *first, const NameList *then)
{
	for (int i = 0; i < first->count + then->count; i++)
	{
		const char *name = i < first->count ? first->names[i] : then->names[i - first->count];

		if (strcmp(name, psprintf("f%d", i + 1)) != 0)
			return false;
	}
	return true;
}

/* Write columns that are no features, of which only the weight is read. */
static void
AppendOthers(StringInfo query, const TableFit *fit, const NameList *others)
{
	for (int i = 0; i < others->count; i++)
	{
		const char *name = quote_identifier(others->names[i]);

		if (fit->weight && strcmp(others->names[i], fit->weight) == 0)
			appendStringInfo(query, "fit_row.%s, ", name);
		else
			appendStringInfo(query, "NULL::pg_catalog.text AS %s, ", name);
	}
}

/*
 * Return a subquery with the columns that are fitted and the weight, so that only these are read, and the privilege
 * to read them suffices.
 *
 * The planner merges the subquery into the query, which keeps the scan parallel but turns the row into a ROW(...)
 * expression.  So its columns must not be named f1, f2, ....
 */
static char *
SubqueryOfColumns(TableFit *fit, const NameList *columns)
{
	NameIndex	named = MakeNameIndex(columns->names, columns->count);
	NameList	others = fit->spec->exclude;
	bool		others_first;
	const char *other = "fit_row";
	StringInfoData query;

	/* if columns are chosen by name, nothing is excluded */
	if (fit->weight && others.count == 0 && NameIndexFind(&named, fit->weight) < 0)
		others = (NameList) {.count = 1, .names = &fit->weight};
	others_first = LooksAnonymous(columns, &others);
	initStringInfo(&query);
	appendStringInfoString(&query, "(SELECT ");
	/* not a feature: "exclude" does not choose it, or it is no number */
	while (NameIndexFind(&named, other) >= 0)
		other = psprintf("%s_", other);
	if (others.count == 0)
		appendStringInfo(&query, "NULL::pg_catalog.text AS %s, ", other);
	if (others_first)
		AppendOthers(&query, fit, &others);
	for (int i = 0; i < columns->count; i++)
		appendStringInfo(&query, "fit_row.%s, ", quote_identifier(columns->names[i]));
	if (!others_first)
		AppendOthers(&query, fit, &others);
	query.len -= strlen(", ");
	appendStringInfo(&query, " FROM %s AS fit_row)", fit->relation);
	return query.data;
}

static void
CheckWeightColumn(TupleDesc desc, const char *name)
{
	Oid			type;
	bool		is_boolean;

	CheckHasColumn(desc, name, "weight");
	type = TupleDescAttr(desc, FindColumn(desc, name))->atttypid;
	is_boolean = getBaseType(type) == BOOLOID;
	if (!TypeIsFeature(type) || is_boolean)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, and a weight must be a number", name, format_type_be(type)),
				 errhint("Make a number of it in a view, such as %s::%s AS weight.", quote_identifier(name),
						 is_boolean ? "int" : "float8")));
}

/* Open the table, and find the columns that are its features. */
static void
OpenTable(TableFit *fit, Oid relation_id)
{
	Relation	relation = OpenGivenRelation(relation_id);
	const FitSpec *spec = fit->spec;
	bool		all = spec->columns.count < 0 && !spec->all_numeric && spec->exclude.count == 0;
	NameList	columns;

	if (fit->weight)
		CheckWeightColumn(RelationGetDescr(relation), fit->weight);
	fit->relation = pstrdup(quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
													   RelationGetRelationName(relation)));
	columns = ChooseColumns(RelationGetDescr(relation), spec);
	if (fit->weight)
		CheckAllTakeWeights(spec, columns.count, columns.names);
	pfree(FindFeatureColumns(RelationGetDescr(relation), columns.count, columns.names, ADVICE_FOR_FIT));
	fit->rows = all ? fit->relation : SubqueryOfColumns(fit, &columns);
	/* if the aggregate gets the table's own rows, it looks at the keys itself */
	if (!all || NeedsPasses(spec))
		NoticeKeyColumns(relation_id, spec, columns.count, columns.names);
	relation_close(relation, NoLock);
}

/* ---- what a pass found ---- */

pg_noreturn static void
RowsDiffer(const TableFit *fit)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s gives other rows each time it is read", fit->relation),
			 errdetail("Pass %d saw other values than the passes before it.", fit->passes),
			 errhint("Does the view call random() or another volatile function? Materialize it first.")));
}

static void
CheckSameRows(const TableFit *fit, const Gathered *gathered)
{
	if (gathered->seen.rows != fit->profile.rows)
		RowsDiffer(fit);
	for (int i = 0; i < fit->profile.nfeatures; i++)
		if (!MomentsAreEqual(&gathered->seen.moments[i], &fit->profile.moments[i]) ||
			(fit->weight && !WeightedSumsAreEqual(&gathered->seen.weighted[i], &fit->profile.weighted[i])))
			RowsDiffer(fit);
}

static void
LearnFromPass(TableFit *fit, GatherPlan *plan, const int *subject_of_task, bytea *found, MemoryContext pass_context)
{
	Gathered	gathered;
	ByteReader	reader;
	MemoryContext fit_context = MemoryContextSwitchTo(pass_context);

	if (found == NULL)
		RowsDiffer(fit);
	ReaderInit(&reader, VARDATA(found), VARSIZE(found) - VARHDRSZ);
	if (!DecodeGathered(&gathered, plan, fit->weight != NULL, &reader))
		elog(ERROR, "malformed result of a pass");
	MemoryContextSwitchTo(fit_context);
	CheckSameRows(fit, &gathered);
	for (int t = 0; t < plan->ntasks; t++)
	{
		const GatherTask *task = &plan->tasks[t];
		GatherResult *result = &gathered.results[t];
		Answer		answer = {0};

		if (result->frame)
		{
			answer.power = result->power;
			InquiryLearn(&fit->subjects->subjects[subject_of_task[t]].inquiry, &task->question, &answer);
		}
		else if (task->selection == NULL)
		{
			answer.moments = palloc(sizeof(Moments));
			MomentsInit(answer.moments);
			MomentsMerge(answer.moments, &result->moments);
			if (result->weighted)
			{
				answer.weighted = palloc0(sizeof(WeightedSums));
				WeightedSumsMerge(answer.weighted, result->weighted);
			}
			InquiryLearn(&fit->subjects->subjects[subject_of_task[t]].inquiry, &task->question, &answer);
		}
		else if (!(task->selection->step == SELECT_COUNT ? SelectionNarrow(task->selection, result->counters) :
				   SelectionSettle(task->selection, result->keys, result->nkeys)))
			RowsDiffer(fit);
	}
	LearnRanks(fit);
}

/* ---- progress ---- */

static void
ReportPass(const TableFit *fit, const GatherPlan *plan)
{
	int			moments = 0;
	int			ranks = 0;
	uint64		candidates = 0;

	if (!report_progress)
		return;
	for (int t = 0; t < plan->ntasks; t++)
	{
		const Selection *selection = plan->tasks[t].selection;

		if (selection == NULL)
		{
			moments++;
			continue;
		}
		for (int r = 0; r < selection->nranks; r++)
			ranks += !selection->found[r];
		candidates += SelectionCandidates(selection);
	}
	if (ranks == 0)
		ereport(NOTICE,
				(errmsg("pass %d over %s: %d sums of transformed values",
						fit->passes, fit->relation, moments)));
	else
		ereport(NOTICE,
				(errmsg("pass %d over %s: %d ranks among " UINT64_FORMAT " values, %d sums of transformed values",
						fit->passes, fit->relation, ranks, candidates, moments)));
}

/* Find the most frequent values that are asked for. */
static void
FindMostFrequent(TableFit *fit)
{
	int			left = LearnMostFrequentFromCells(fit);

	if (left == 0)
		return;
	fit->passes++;
	if (report_progress)
		ereport(NOTICE,
				(errmsg("pass %d over %s: the most frequent values of %d features", fit->passes, fit->relation, left)));
	if (!RunMostFrequentPass(fit))
		RowsDiffer(fit);
}

/* ---- the whole ---- */

static bytea *
FitInPasses(TableFit *fit, const SqlArg *args, int nargs)
{
	MemoryContext fit_context = CurrentMemoryContext;
	HeldValues	none = {0};
	bytea	   *bytes;

	if (report_progress)
		ereport(NOTICE, (errmsg("pass 1 over %s: moments and distributions", fit->relation)));
	bytes = RunOverTable(fit, "scan", RegistryType("profile"), args, nargs);
	fit->passes = 1;
	if (bytes == NULL)
		NoRowsToFit();
	ProfileFromBytes(&fit->profile, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	fit->subjects = MakeSubjects(fit->spec, &fit->profile);
	fit->of_subject = palloc0(sizeof(RankSearch *) * fit->subjects->count);

	while (fit->passes < MOST_PASSES)
	{
		bytea	   *scaler = FitProfile(fit->spec, &fit->profile, &none, fit->subjects);
		MemoryContext pass_context;
		GatherPlan *plan;
		ByteWriter	writer;
		SqlArg		plan_arg;
		int		   *subject_of_task;

		if (scaler)
			return scaler;
		FindMostFrequent(fit);
		plan = PlanPass(fit, &subject_of_task);
		if (plan->ntasks == 0)
		{
			/* every rank that was asked for lies in a cell of one value, or only most frequent values were asked for */
			LearnRanks(fit);
			continue;
		}
		fit->passes++;
		ReportPass(fit, plan);
		WriterInit(&writer, 1024);
		EncodeGatherPlan(&writer, plan);

		/* the result of a pass is large, and the answers in it are small */
		pass_context = AllocSetContextCreate(fit_context, "normfreeze pass", ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(pass_context);
		plan_arg = SQL_ARG(BYTEAOID, PointerGetDatum(BytesToVarlena(writer.data, writer.length)));
		bytes = RunOverTable(fit, "gather", BYTEAOID, &plan_arg, 1);
		MemoryContextSwitchTo(fit_context);
		LearnFromPass(fit, plan, subject_of_task, bytes, pass_context);
		MemoryContextDelete(pass_context);
		pfree(writer.data);
		pfree(plan->tasks);
	}
	elog(ERROR, "normfreeze.fit_table() does not come to an end");
}

/* Read the weights of rows from a column.  It is a feature only if the options name it as one. */
static void
UseWeight(TableFit *fit, char *name, SqlArg *options)
{
	NameList   *exclude = &fit->spec->exclude;
	StringInfoData more;
	Datum		merged;

	fit->weight = name;
	if (fit->spec->columns.count >= 0)
		return;
	initStringInfo(&more);
	appendStringInfoString(&more, "{\"exclude\": [");
	for (int i = 0; i < exclude->count; i++)
	{
		if (strcmp(exclude->names[i], name) == 0)
			return;
		escape_json(&more, exclude->names[i]);
		appendStringInfoString(&more, ", ");
	}
	escape_json(&more, name);
	appendStringInfoString(&more, "]}");
	exclude->names = exclude->count > 0 ? repalloc(exclude->names, sizeof(char *) * (exclude->count + 1)) :
		palloc(sizeof(char *));
	exclude->names[exclude->count++] = name;
	merged = DirectFunctionCall1(jsonb_in, CStringGetDatum(more.data));
	if (!options->isnull)
		merged = DirectFunctionCall2(jsonb_concat, options->value, merged);
	*options = SQL_ARG(JSONBOID, merged);
}

static Datum
FitTable(FunctionCallInfo fcinfo, char *weight)
{
	SqlArg		args[] = {
		SQL_ARG(RegistryType("method"), PG_GETARG_DATUM(1)),
		SQL_NULL_ARG(JSONBOID),
	};
	int			nargs = PG_NARGS() > 2 ? 2 : 1;
	JsonNode   *options = NULL;
	TableFit	fit = {0};

	if (nargs == 2 && !PG_ARGISNULL(2))
	{
		args[1] = SQL_ARG(JSONBOID, PG_GETARG_DATUM(2));
		options = JsonParseJsonb(PG_GETARG_JSONB_P(2), "options");
	}
	fit.spec = ParseFitOptions(FitMethodLabel(PG_GETARG_OID(1)), options, FIT_ROW);
	if (weight)
		UseWeight(&fit, weight, &args[1]);
	OpenTable(&fit, PG_GETARG_OID(0));
	if (NeedsPasses(fit.spec))
		PG_RETURN_BYTEA_P(FitInPasses(&fit, args, nargs));
	/* an aggregate over no rows raises an error of its own, so the result is never NULL */
	PG_RETURN_BYTEA_P(RunOverTable(&fit, "fit", RegistryType("scaler"), args, nargs));
}

PG_FUNCTION_INFO_V1(fit_table);
Datum
fit_table(PG_FUNCTION_ARGS)
{
	return FitTable(fcinfo, NULL);
}

PG_FUNCTION_INFO_V1(fit_table_weight);
Datum
fit_table_weight(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the column with the weights must not be NULL"),
				 errhint("For a fit without weights, leave the argument out.")));
	return FitTable(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(3)));
}
