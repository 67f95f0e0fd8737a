/*
 * pass_plan.h
 *		What a pass over a table has to find out.
 */
#ifndef NORMFREEZE_PASS_PLAN_H
#define NORMFREEZE_PASS_PLAN_H

#include "pg/base/compat.h"

#include "core/scaler/pass_answers.h"
#include "pg/fit/fit.h"

/* Ranks of one subject that are being searched for. */
typedef struct RankSearch
{
	struct RankSearch *next;
	struct RankSearch *sibling; /* another one of the same subject */
	int			subject;
	QuestionKind kind;
	double		argument;
	Selection	selection;
} RankSearch;

/* A fit of a table, between its passes. */
typedef struct TableFit
{
	char	   *relation;		/* its name, quoted */
	char	   *rows;			/* what is read of it, as an item of FROM */
	const FitSpec *spec;
	Profile		profile;
	Subjects   *subjects;
	RankSearch *searches;
	RankSearch **of_subject;	/* the same, by subject: chains of RankSearch.sibling */
	int			passes;
} TableFit;

/*
 * What is pending, as tasks; searches first, then moments.  subject_of_task is
 * set to the subjects that they are for.  No tasks: what the searches know
 * already, by LearnRanks(), is all that is asked.
 */
extern GatherPlan *PlanPass(TableFit *fit, int **subject_of_task);

/* Tell the inquiries what the searches have found, and end those that have found all. */
extern void LearnRanks(TableFit *fit);

#endif							/* NORMFREEZE_PASS_PLAN_H */
