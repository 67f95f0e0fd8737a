/*
 * audit_judge.h
 *		Judging a feature of an audit: what explains it, and how that is said.
 */
#ifndef NORMFREEZE_AUDIT_JUDGE_H
#define NORMFREEZE_AUDIT_JUDGE_H

#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"

#define LEAST_MIXED		3		/* rows that a part of a mixture must have */
#define LEAST_SHARE		0.02	/* of the rows in question */

/* ---- audit_choice.c ---- */

typedef struct Choice
{
	Hypothesis *best;			/* NULL: none explains it */
	bool		contested;		/* by a hypothesis of another family that explains it as well */
	const HypothesisKind *also; /* a kind that is the same thing here, or NULL */
	const Hypothesis *twin;		/* the first of the same kind with another detail that explains it as well, or NULL */
	int			ntwins;
} Choice;

/* Return whether a hypothesis explains what the scaler does not: all rows, or (in a mixture) all rows in question. */
extern bool Explains(const AuditCase *c, const Hypothesis *h, bool whole);
extern Match WorstOf(const Hypothesis *h, bool whole);
extern bool SameFamily(const Hypothesis *a, const Hypothesis *b);

/* The best of the hypotheses from the first on. */
extern Choice ChooseHypothesis(const AuditCase *c, bool whole, int first);

/* ---- audit_words.c ---- */

/* How well values agree, and by how many rows that was seen. */
extern const char *MatchText(const AuditCase *c, Match match);
extern char *BasisText(const AuditCase *c, int rows);

/* How the scaler's own output does. */
extern char *OwnText(const AuditCase *c);
extern char *WithDetail(const char *text, const char *detail);

/* Put the hypotheses that come nearest into the finding, but for the chosen one, which may be NULL. */
extern void CollectCandidates(const AuditCase *c, AuditFinding *finding, const Hypothesis *chosen);

#endif							/* NORMFREEZE_AUDIT_JUDGE_H */
