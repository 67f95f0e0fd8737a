/*
 * pass_plan.h
 *		Planning what a pass over a table finds out.
 */
#ifndef NORMFREEZE_PASS_PLAN_H
#define NORMFREEZE_PASS_PLAN_H

#include "pg/base/compat.h"

#include "core/scaler/pass_answers.h"
#include "pg/fit/fit.h"

/* A search for ranks of one subject. */
typedef struct RankSearch
{
	struct RankSearch *next;
	struct RankSearch *sibling; /* another search of the same subject */
	int			subject;
	const ValuePath *path;		/* as in Question */
	QuestionKind kind;
	double		argument;
	Selection	selection;
} RankSearch;

/* A fit of a table, between its passes. */
typedef struct TableFit
{
	char	   *relation;		/* its name, quoted */
	char	   *rows;			/* what is read, as an item of FROM */
	char	   *weight;			/* the column with the weights of rows; NULL without weights */
	FitSpec    *spec;
	Profile		profile;
	Subjects   *subjects;
	RankSearch *searches;
	RankSearch **of_subject;	/* the same, by subject: chains of RankSearch.sibling */
	int			passes;
} TableFit;

/*
 * Plan the next pass: tasks for what is pending, first searches, then moments.  (Most frequent values
 * have a pass of their own.)
 *
 * *subject_of_task is set to the subjects of the tasks.  Without any task, the searches already know all that
 * is asked, which LearnRanks() tells.
 */
extern GatherPlan *PlanPass(TableFit *fit, int **subject_of_task);

/* Tell the inquiries what the searches have found, and end those that have found everything. */
extern void LearnRanks(TableFit *fit);

#endif							/* NORMFREEZE_PASS_PLAN_H */
