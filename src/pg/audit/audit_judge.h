/*
 * audit_judge.h
 *		Deciding what explains a feature of an audit, and putting it into words.
 */
#ifndef NORMFREEZE_AUDIT_JUDGE_H
#define NORMFREEZE_AUDIT_JUDGE_H

#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"

#define LEAST_MIXED		3		/* least number of rows in a part of a mixture */
#define LEAST_SHARE		0.02	/* least share of the rows in question for a part of a mixture */

/* ---- audit_choice.c ---- */

/* The result of comparing the hypotheses on a feature. */
typedef struct Choice
{
	Hypothesis *best;			/* NULL if none explains the rows */
	bool		contested;		/* a hypothesis of another family explains them as well */
	const HypothesisKind *also; /* another kind that is the same on this data, or NULL */
	const Hypothesis *twin;		/* first of the same kind whose other detail explains the rows as well, or NULL */
	int			ntwins;
} Choice;

/*
 * Return whether a hypothesis explains the rows better than the scaler's own output does.
 *
 * If "whole", it must explain all rows; otherwise all rows in question, as a part of a mixture.
 */
extern bool Explains(const AuditCase *c, const Hypothesis *h, bool whole);

/* Return the worst match of a hypothesis, over all rows or over those in question. */
extern Match WorstOf(const Hypothesis *h, bool whole);

/*
 * Return whether two hypotheses do not contradict each other: they are of one kind, or of one family other than
 * FAMILY_OF_ITS_OWN.
 */
extern bool SameFamily(const Hypothesis *a, const Hypothesis *b);

/* Choose the best of the hypotheses from the first on; see Explains() for "whole". */
extern Choice ChooseHypothesis(const AuditCase *c, bool whole, int first);

/* ---- audit_words.c ---- */

/* Return how well values agree, in words. */
extern const char *MatchText(const AuditCase *c, Match match);

/* Return the number of distinct rows that a statement is based on, in words: all rows, or those of the sample. */
extern char *BasisText(const AuditCase *c, int rows);

/* Return in how many rows the scaler's own output differs, in words. */
extern char *OwnText(const AuditCase *c);

/* Return "text: detail", or the text alone if the detail is NULL. */
extern char *WithDetail(const char *text, const char *detail);

/*
 * Set the candidates of a finding to the nearest hypotheses of up to MAX_CANDIDATES kinds, without the chosen
 * one and its kind.
 *
 * "chosen" may be NULL.
 */
extern void CollectCandidates(const AuditCase *c, AuditFinding *finding, const Hypothesis *chosen);

#endif							/* NORMFREEZE_AUDIT_JUDGE_H */
