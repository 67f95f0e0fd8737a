/*
 * audit_choice.c
 *		Choosing the hypothesis that explains a feature of an audit, and noting what contests it.
 */
#include "pg/audit/audit_judge.h"


/* See audit_judge.h.  */
bool
Explains(const AuditCase *c, const Hypothesis *h, bool whole)
{
	if (!h->score.covers || h->score.worst >= c->own_worst)
		return false;
	return !whole || (h->score.covers_rest && h->score.worst_rest < c->own_worst);
}

/*
 * Return whether the rows that a hypothesis explains prove it: their values must differ, and a part of the rows
 * must have at least LEAST_MIXED rows.
 */
static bool
TellsEnough(const AuditCase *c, const Hypothesis *h, bool whole)
{
	return whole ? h->score.telling_rest : h->score.telling && c->question_rows >= LEAST_MIXED;
}

Match
WorstOf(const Hypothesis *h, bool whole)
{
	return whole ? Max(h->score.worst, h->score.worst_rest) : h->score.worst;
}

bool
SameFamily(const Hypothesis *a, const Hypothesis *b)
{
	return a->kind == b->kind || (a->kind->family != FAMILY_OF_ITS_OWN && a->kind->family == b->kind->family);
}

/* Return whether all steps before the last one are affine.  */
static bool
BeginsAffine(const FeatureRecipe *feature)
{
	for (int k = 0; k < feature->nbefore; k++)
		if (!feature->before[k].formula->affine)
			return false;
	return true;
}

/*
 * Return whether two affine formulas are the same line, up to rounding: of the raw values, or of what the same steps
 * make of them.
 */
static bool
SameLine(const AuditCase *c, const Hypothesis *a, const Hypothesis *b)
{
	const Moments *m = &c->data->live.moments[c->feature];
	const FeatureRecipe *f = a->explanation.recipe;
	const FeatureRecipe *g = b->explanation.recipe;
	double		points[] = {0.0, m->min, m->max};
	double		slack;

	if (!f->formula->affine || !g->formula->affine ||
		!(BeginAlike(f, g) || (BeginsAffine(f) && BeginsAffine(g))))
		return false;
	slack = ExplanationSlack(&a->explanation, points, lengthof(points), false);
	for (int i = 0; i < lengthof(points); i++)
		if (MatchValues(ExplainedValue(&a->explanation, points[i]), ExplainedValue(&b->explanation, points[i]),
						slack, false) == MATCH_NONE)
			return false;
	return true;
}

/* Return whether values are the raw ones by a hypothesis: nothing was applied, or what changes nothing.  */
static bool
LeavesRaw(const Hypothesis *h)
{
	const FeatureRecipe *recipe = h->explanation.recipe;
	Explanation raw;

	if (h->predicted || (recipe && (recipe->nbefore > 0 || !ChangesNothing(recipe))))
		return false;
	ExplanationInit(&raw, recipe, recipe ? APPLY_ONCE : APPLY_NOT);
	return memcmp(&raw, &h->explanation, sizeof(Explanation)) == 0;
}

/* Return whether two hypotheses predict the same result for every possible value, even if by different steps.  */
static bool
SameFunction(const AuditCase *c, const Hypothesis *a, const Hypothesis *b)
{
	Explanation steps_a = a->explanation;
	Explanation steps_b = b->explanation;

	if (a->x == b->x && LeavesRaw(a) && LeavesRaw(b))
		return true;
	if (a->x != b->x || a->predicted || b->predicted || steps_a.recipe == NULL || steps_b.recipe == NULL)
		return false;
	steps_a.recipe = steps_b.recipe = NULL;
	if (memcmp(&steps_a, &steps_b, sizeof(Explanation)) != 0)
		return false;
	return SameParameters(a->explanation.recipe, b->explanation.recipe) || SameLine(c, a, b);
}

/*
 * Return whether a hypothesis of the best one's kind, which explains the data as well, is to be named beside
 * it.
 *
 * Hypotheses that compute the same are not named twice, nor those that differ in their digits of rounding
 * alone.
 */
static bool
IsTwin(const AuditCase *c, const Hypothesis *h, const Hypothesis *best)
{
	return h->detail && best->detail && strcmp(h->detail, best->detail) != 0 &&
		!IsOfDigits(h) && !SameFunction(c, h, best);
}

/*
 * Consider the hypotheses that explain the rows but are not proved, as a rounding is by too few values.
 *
 * One that explains the rows better contests the choice; one that explains them as well is noted in
 * choice->also.
 */
static void
ConsiderUnproved(const AuditCase *c, bool whole, Choice *choice)
{
	for (int i = 0; i < c->list.count; i++)
	{
		const Hypothesis *h = &c->list.hypotheses[i];

		if (h->score.proved || !Explains(c, h, whole) || !TellsEnough(c, h, whole) || h->kind == choice->best->kind)
			continue;
		if (WorstOf(h, whole) < WorstOf(choice->best, whole) && !SameFunction(c, h, choice->best))
			choice->contested = true;
		else if (WorstOf(h, whole) <= WorstOf(choice->best, whole) && choice->also == NULL)
			choice->also = h->kind;
	}
}

/*
 * Choose the hypothesis with the best match among those that explain the rows; among equals, the first kind of
 * the table.
 */
Choice
ChooseHypothesis(const AuditCase *c, bool whole, int first)
{
	Choice		choice = {0};

	for (int i = first; i < c->list.count; i++)
	{
		Hypothesis *h = &c->list.hypotheses[i];

		if (!Explains(c, h, whole) || !TellsEnough(c, h, whole) || !h->score.proved)
			continue;
		if (choice.best == NULL || WorstOf(h, whole) < WorstOf(choice.best, whole))
			choice = (Choice) {.best = h};
		else if (WorstOf(h, whole) > WorstOf(choice.best, whole))
			continue;
		else if (h->kind == choice.best->kind)
		{
			if (IsTwin(c, h, choice.best) && choice.ntwins++ == 0)
				choice.twin = h;
		}
		/* digits found from the observed values say little where another hypothesis needs no such digits */
		else if (SameFamily(h, choice.best) || SameFunction(c, h, choice.best) || h->explanation.output_rounding)
			choice.also = choice.also ? choice.also : h->kind;
		else
			choice.contested = true;
	}
	if (choice.best)
		ConsiderUnproved(c, whole, &choice);
	return choice;
}
