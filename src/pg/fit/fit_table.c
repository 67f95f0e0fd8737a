/*
 * fit_table.c
 *		Fitting a whole table, in as many passes as exactness needs.
 *
 * Methods that follow from moments take one pass, as the aggregate does.  For
 * the rest a first pass makes the profile; then parameters are derived, which
 * tells what the methods ask of the values, and passes answer that, until
 * nothing is asked any more.  Every pass is a parallel aggregate in the
 * snapshot, and with the privileges, of the calling query.
 */
#include "pg/base/compat.h"

#include <math.h>

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "core/scaler/pass_answers.h"
#include "pg/base/columns.h"
#include "pg/fit/key_columns.h"
#include "pg/base/names.h"
#include "pg/base/settings.h"
#include "pg/base/sql.h"
#include "pg/base/varlena_type.h"
#include "pg/fit/choose_columns.h"
#include "pg/fit/fit.h"
#include "pg/fit/fit_state.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define MOST_PASSES		1000	/* more passes than any search takes: a guard against an endless loop */

/* Ranks of one subject that are being searched for. */
typedef struct Search
{
	struct Search *next;
	struct Search *sibling;		/* another one of the same subject */
	int			subject;
	QuestionKind kind;
	double		argument;
	Selection	selection;
} Search;

typedef struct TableFit
{
	char	   *relation;		/* its name, quoted */
	char	   *rows;			/* what is read of it, as an item of FROM */
	const FitSpec *spec;
	Profile		profile;
	Subjects   *subjects;
	Search	   *searches;
	Search	  **of_subject;		/* the same, by subject: chains of Search.sibling */
	int			passes;
} TableFit;

/* ---- queries ---- */

/*
 * An aggregate of ours over all rows, its result, which is of this type,
 * copied to the caller's context; NULL for no rows.
 */
static bytea *
RunOverTable(TableFit *fit, const char *aggregate, Oid type, const SqlArg *args, int nargs)
{
	MemoryContext caller = CurrentMemoryContext;
	bytea	   *result = NULL;
	Datum		value;
	bool		isnull;

	/* fit_row.* is the row, whatever columns it has */
	SqlRun(psprintf("SELECT normfreeze.%s(fit_row.*%s) FROM %s AS fit_row", aggregate,
					nargs == 2 ? ", $1, $2" : ", $1", fit->rows),
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
	bool		needs = SpecNeedsValues(&spec->common) && spec->common.quantiles == QUANTILES_EXACT;

	for (int i = 0; i < spec->noverrides; i++)
		needs = needs || (SpecNeedsValues(&spec->overrides[i].spec) &&
						  spec->overrides[i].spec.quantiles == QUANTILES_EXACT);
	return needs;
}

/* Return whether a row of these columns, followed by those, would look like ROW(...), whose columns are f1, f2, .... */
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

/*
 * A subquery of the columns that are fitted, so that they alone are read, and
 * the privilege to read them is enough.  What is excluded is there by name
 * only.  The planner merges it into the query, which keeps the scan parallel,
 * but has the row look like ROW(...): so it must not be f1, f2, ....
 */
static char *
SubqueryOfColumns(const TableFit *fit, const NameList *columns)
{
	const NameList *excluded = &fit->spec->exclude;
	bool		excluded_first = LooksAnonymous(columns, excluded);
	NameIndex	named = MakeNameIndex(columns->names, columns->count);
	const char *other = "fit_row";
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query, "(SELECT ");
	/* no feature, since "exclude" does not choose, or it is no number */
	while (NameIndexFind(&named, other) >= 0)
		other = psprintf("%s_", other);
	if (excluded->count == 0)
		appendStringInfo(&query, "NULL::pg_catalog.text AS %s, ", other);
	for (int i = 0; excluded_first && i < excluded->count; i++)
		appendStringInfo(&query, "NULL::pg_catalog.text AS %s, ", quote_identifier(excluded->names[i]));
	for (int i = 0; i < columns->count; i++)
		appendStringInfo(&query, "%sfit_row.%s", i > 0 ? ", " : "", quote_identifier(columns->names[i]));
	for (int i = 0; !excluded_first && i < excluded->count; i++)
		appendStringInfo(&query, ", NULL::pg_catalog.text AS %s", quote_identifier(excluded->names[i]));
	appendStringInfo(&query, " FROM %s AS fit_row)", fit->relation);
	return query.data;
}

/* Find the table and the columns that are its features. */
static void
OpenTable(TableFit *fit, Oid relation_id)
{
	Relation	relation = try_relation_open(relation_id, AccessShareLock);
	const FitSpec *spec = fit->spec;
	bool		all = spec->columns.count < 0 && !spec->all_numeric && spec->exclude.count == 0;
	NameList	columns;

	if (relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation_id)));
	fit->relation = pstrdup(quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
													   RelationGetRelationName(relation)));
	columns = ChooseColumns(RelationGetDescr(relation), spec);
	pfree(FindFeatureColumns(RelationGetDescr(relation), columns.count, columns.names, ADVICE_FOR_FIT));
	fit->rows = all ? fit->relation : SubqueryOfColumns(fit, &columns);
	/* where the aggregate gets the table's own rows, it looks at its keys itself */
	if (!all || NeedsPasses(spec))
		NoticeKeyColumns(relation_id, spec, columns.count, columns.names);
	relation_close(relation, NoLock);
}

/* ---- planning a pass ---- */

static int
CompareRanks(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return (x > y) - (x < y);
}

static bool
IsSearched(const TableFit *fit, int subject, const Question *question)
{
	for (const Search *search = fit->of_subject[subject]; search; search = search->sibling)
		if (search->kind == question->kind &&
			DoubleBits(search->argument) == DoubleBits(question->argument) &&
			bsearch(&question->rank, search->selection.ranks, search->selection.nranks, sizeof(uint64), CompareRanks))
			return true;
	return false;
}

/* Start a search for all ranks that a subject asks for in the same way as question `first`. */
static void
StartSearch(TableFit *fit, int s, int first)
{
	Subject    *subject = &fit->subjects->subjects[s];
	const Inquiry *inquiry = &subject->inquiry;
	const Moments *m = &subject->moments;
	Search	   *search = palloc0(sizeof(Search));
	uint64	   *ranks = palloc(sizeof(uint64) * inquiry->npending);
	int			nranks = 0;
	int			distinct = 0;

	search->subject = s;
	search->kind = inquiry->pending[first].kind;
	search->argument = inquiry->pending[first].argument;
	for (int q = first; q < inquiry->npending; q++)
	{
		const Question *question = &inquiry->pending[q];

		if (question->kind == search->kind && DoubleBits(question->argument) == DoubleBits(search->argument))
			ranks[nranks++] = question->rank;
	}
	qsort(ranks, nranks, sizeof(uint64), CompareRanks);
	for (int r = 0; r < nranks; r++)
		if (r == 0 || ranks[r] != ranks[r - 1])
			ranks[distinct++] = ranks[r];

	if (search->kind == ASK_ORDER && fit->profile.histograms)
		SelectionInitFromHistogram(&search->selection, ranks, distinct, &subject->histogram, m->min, m->max);
	else
	{
		KeyRange	all = {OrderKey(m->min), OrderKey(m->max), 0, (uint64) m->count};

		if (search->kind == ASK_DISTANCE)
		{
			all.low = OrderKey(0.0);
			all.high = OrderKey(fmax(fabs(m->min - search->argument), fabs(m->max - search->argument)));
		}
		SelectionInit(&search->selection, ranks, distinct, all);
	}
	search->next = fit->searches;
	fit->searches = search;
	search->sibling = fit->of_subject[s];
	fit->of_subject[s] = search;
}

static void
AddTask(GatherPlan *plan, const Subject *subject, const Question *question, Selection *selection)
{
	GatherTask *task = &plan->tasks[plan->ntasks++];

	task->nmembers = subject->nmembers;
	task->members = subject->members;
	task->question = *question;
	task->selection = selection;
}

/* The number of bits whose buckets, over all intervals, fit into so many counters. */
static int
BitsWithin(uint64 counters, int nintervals)
{
	int			bits = 1;

	while (bits < SELECT_MOST_BITS && ((uint64) nintervals << (bits + 1)) <= counters)
		bits++;
	return bits;
}

/* All searches share the memory of a pass: those collect that can, the others narrow their intervals. */
static void
PlanSteps(TableFit *fit)
{
	uint64		words;
	uint64		intervals = 0;

	for (Search *search = fit->searches; search; search = search->next)
		intervals += search->selection.nintervals;
	words = GatherWords((uint64) fit_memory_kb * 1024, intervals);
	for (Search *search = fit->searches; search; search = search->next)
	{
		Selection  *selection = &search->selection;
		uint64		share;

		selection->bits = 0;
		if (!SelectionIsOpen(selection))
			continue;
		share = words / intervals * selection->nintervals;
		if (SelectionCandidates(selection) <= share)
			selection->step = SELECT_COLLECT;
		else
		{
			selection->step = SELECT_COUNT;
			selection->bits = BitsWithin(share, selection->nintervals);
		}
	}
}

/* What is pending, as tasks; searches first, then moments, with their subjects. */
static GatherPlan *
PlanPass(TableFit *fit, int **subject_of_task)
{
	GatherPlan *plan = palloc0(sizeof(GatherPlan));
	int			most = 0;

	for (int s = 0; s < fit->subjects->count; s++)
	{
		const Inquiry *inquiry = &fit->subjects->subjects[s].inquiry;

		CHECK_FOR_INTERRUPTS();
		for (int q = 0; q < inquiry->npending; q++)
			if (QuestionIsOfRank(inquiry->pending[q].kind) && !IsSearched(fit, s, &inquiry->pending[q]))
				StartSearch(fit, s, q);
		most += inquiry->npending;
	}
	PlanSteps(fit);

	plan->nfeatures = fit->profile.nfeatures;
	plan->names = fit->profile.names;
	plan->tasks = palloc0(sizeof(GatherTask) * Max(most, 1));
	*subject_of_task = palloc0(sizeof(int) * Max(most, 1));
	for (Search *search = fit->searches; search; search = search->next)
	{
		Question	question = {.kind = search->kind, .argument = search->argument};

		if (!SelectionIsOpen(&search->selection))
			continue;
		(*subject_of_task)[plan->ntasks] = search->subject;
		AddTask(plan, &fit->subjects->subjects[search->subject], &question, &search->selection);
	}
	for (int s = 0; s < fit->subjects->count; s++)
	{
		const Subject *subject = &fit->subjects->subjects[s];

		for (int q = 0; q < subject->inquiry.npending; q++)
			if (!QuestionIsOfRank(subject->inquiry.pending[q].kind))
			{
				(*subject_of_task)[plan->ntasks] = s;
				AddTask(plan, subject, &subject->inquiry.pending[q], NULL);
			}
	}
	return plan;
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
		if (!MomentsAreEqual(&gathered->seen.moments[i], &fit->profile.moments[i]))
			RowsDiffer(fit);
}

/* Tell the inquiries what the searches have found, and end those that have found all. */
static void
LearnRanks(TableFit *fit)
{
	Search	  **link = &fit->searches;

	while (*link)
	{
		Search	   *search = *link;
		const Selection *selection = &search->selection;
		Inquiry    *inquiry = &fit->subjects->subjects[search->subject].inquiry;

		for (int r = 0; r < selection->nranks; r++)
		{
			Question	question = {.kind = search->kind, .rank = selection->ranks[r], .argument = search->argument};
			Answer		answer = {.value = OrderKeyValue(selection->keys[r])};

			if (selection->found[r])
				InquiryLearn(inquiry, &question, &answer);
		}
		if (SelectionIsOpen(selection))
			link = &search->next;
		else
		{
			Search	  **sibling = &fit->of_subject[search->subject];

			while (*sibling != search)
				sibling = &(*sibling)->sibling;
			*sibling = search->sibling;
			*link = search->next;
		}
	}
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
	if (!DecodeGathered(&gathered, plan, &reader))
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

/* ---- the whole ---- */

static bytea *
FitInPasses(TableFit *fit, const SqlArg *args, int nargs)
{
	MemoryContext fit_context = CurrentMemoryContext;
	bytea	   *bytes;

	if (report_progress)
		ereport(NOTICE, (errmsg("pass 1 over %s: moments and distributions", fit->relation)));
	bytes = RunOverTable(fit, "scan", RegistryType("profile"), args, nargs);
	fit->passes = 1;
	if (bytes == NULL)
		NoRowsToFit();
	ProfileFromBytes(&fit->profile, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	fit->subjects = MakeSubjects(fit->spec, &fit->profile);
	fit->of_subject = palloc0(sizeof(Search *) * fit->subjects->count);

	while (fit->passes < MOST_PASSES)
	{
		bytea	   *scaler = FitProfile(fit->spec, &fit->profile, NULL, fit->subjects);
		MemoryContext pass_context;
		GatherPlan *plan;
		ByteWriter	writer;
		SqlArg		plan_arg;
		int		   *subject_of_task;

		if (scaler)
			return scaler;
		plan = PlanPass(fit, &subject_of_task);
		if (plan->ntasks == 0)
		{
			/* every rank in question lay in a cell of one value */
			LearnRanks(fit);
			continue;
		}
		fit->passes++;
		ReportPass(fit, plan);
		WriterInit(&writer, 1024);
		EncodeGatherPlan(&writer, plan);

		/* the result of a pass is large, the answers in it are small */
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

PG_FUNCTION_INFO_V1(fit_table);
Datum
fit_table(PG_FUNCTION_ARGS)
{
	SqlArg		args[] = {
		SQL_ARG(RegistryType("method"), PG_GETARG_DATUM(1)),
		SQL_NULL_ARG(JSONBOID),
	};
	int			nargs = PG_NARGS() > 2 ? 2 : 1;
	JsonNode   *options = NULL;
	TableFit	fit = {0};

	if (nargs == 2)
	{
		args[1] = SQL_ARG(JSONBOID, PG_GETARG_DATUM(2));
		options = JsonParseJsonb(PG_GETARG_JSONB_P(2), "options");
	}
	fit.spec = ParseFitOptions(FitMethodLabel(PG_GETARG_OID(1)), options, FIT_ROW);
	OpenTable(&fit, PG_GETARG_OID(0));
	if (NeedsPasses(fit.spec))
		PG_RETURN_BYTEA_P(FitInPasses(&fit, args, nargs));
	/* an aggregate over no rows is an error of its own, so the result is never NULL */
	PG_RETURN_BYTEA_P(RunOverTable(&fit, "fit", RegistryType("scaler"), args, nargs));
}
