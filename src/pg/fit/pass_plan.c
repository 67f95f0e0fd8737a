/*
 * pass_plan.c
 *		Planning what a pass over a table finds out, including searches for ranks that take several
 *		passes.
 */
#include "pg/fit/pass_plan.h"

#include <math.h>

#include "core/scaler/pass_answers.h"
#include "pg/base/settings.h"

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
	for (const RankSearch *search = fit->of_subject[subject]; search; search = search->sibling)
		if (search->path == question->path && search->kind == question->kind &&
			DoubleBits(search->argument) == DoubleBits(question->argument) &&
			bsearch(&question->rank, search->selection.ranks, search->selection.nranks, sizeof(uint64), CompareRanks))
			return true;
	return false;
}

/* Start a search for all ranks that a subject asks for in the same way as by question "first". */
static void
StartSearch(TableFit *fit, int s, int first)
{
	Subject    *subject = &fit->subjects->subjects[s];
	const Inquiry *inquiry = &subject->inquiry;
	Evidence	evidence = {.inquiry = &subject->inquiry, .path = subject->inquiry.pending[first].path};
	Question	all = {.kind = ASK_FROM, .argument = -INFINITY};
	Answer		answer = {.moments = &subject->moments};
	const Moments *m;
	RankSearch *search = palloc0(sizeof(RankSearch));
	uint64	   *ranks = palloc(sizeof(uint64) * inquiry->npending);
	int			nranks = 0;
	int			distinct = 0;

	/* methods ask about ranks once they have the moments */
	if (evidence.path && !Ask(&evidence, &all, &answer))
		elog(ERROR, "a rank is asked for before the moments");
	m = answer.moments;
	search->subject = s;
	search->path = evidence.path;
	search->kind = inquiry->pending[first].kind;
	search->argument = inquiry->pending[first].argument;
	for (int q = first; q < inquiry->npending; q++)
	{
		const Question *question = &inquiry->pending[q];

		if (question->path == search->path && question->kind == search->kind &&
			DoubleBits(question->argument) == DoubleBits(search->argument))
			ranks[nranks++] = question->rank;
	}
	qsort(ranks, nranks, sizeof(uint64), CompareRanks);
	for (int r = 0; r < nranks; r++)
		if (r == 0 || ranks[r] != ranks[r - 1])
			ranks[distinct++] = ranks[r];

	if (search->kind == ASK_ORDER && search->path == NULL && fit->profile.histograms)
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

/* Return the number of bits whose buckets, over all intervals, fit into so many counters. */
static int
BitsWithin(uint64 counters, int nintervals)
{
	int			bits = 1;

	while (bits < SELECT_MOST_BITS && ((uint64) nintervals << (bits + 1)) <= counters)
		bits++;
	return bits;
}

/*
 * Plan the next steps of all searches, which share the memory of a pass: those that can collect do, the others
 * narrow their intervals.
 */
static void
PlanSteps(TableFit *fit)
{
	uint64		words;
	uint64		intervals = 0;

	for (RankSearch *search = fit->searches; search; search = search->next)
		intervals += search->selection.nintervals;
	words = GatherWords((uint64) fit_memory_kb * 1024, intervals);
	for (RankSearch *search = fit->searches; search; search = search->next)
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

GatherPlan *
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
	for (RankSearch *search = fit->searches; search; search = search->next)
	{
		Question	question = {.path = search->path, .kind = search->kind, .argument = search->argument};

		if (!SelectionIsOpen(&search->selection))
			continue;
		(*subject_of_task)[plan->ntasks] = search->subject;
		AddTask(plan, &fit->subjects->subjects[search->subject], &question, &search->selection);
	}
	for (int s = 0; s < fit->subjects->count; s++)
	{
		const Subject *subject = &fit->subjects->subjects[s];

		for (int q = 0; q < subject->inquiry.npending; q++)
			if (!QuestionIsOfRank(subject->inquiry.pending[q].kind) &&
				subject->inquiry.pending[q].kind != ASK_MOST_FREQUENT)
			{
				(*subject_of_task)[plan->ntasks] = s;
				AddTask(plan, subject, &subject->inquiry.pending[q], NULL);
			}
	}
	return plan;
}

void
LearnRanks(TableFit *fit)
{
	RankSearch **link = &fit->searches;

	while (*link)
	{
		RankSearch *search = *link;
		const Selection *selection = &search->selection;
		Inquiry    *inquiry = &fit->subjects->subjects[search->subject].inquiry;

		for (int r = 0; r < selection->nranks; r++)
		{
			Question	question = {
				.path = search->path, .kind = search->kind,
				.rank = selection->ranks[r], .argument = search->argument
			};
			Answer		answer = {.value = OrderKeyValue(selection->keys[r])};

			if (selection->found[r])
				InquiryLearn(inquiry, &question, &answer);
		}
		if (SelectionIsOpen(selection))
			link = &search->next;
		else
		{
			RankSearch **sibling = &fit->of_subject[search->subject];

			while (*sibling != search)
				sibling = &(*sibling)->sibling;
			*sibling = search->sibling;
			*link = search->next;
		}
	}
}
