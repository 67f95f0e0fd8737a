/*
 * audit_score.c
 *		Scores: how far the scaler's own output and each hypothesis explain the observed values of a
 *		feature.
 */
#include "pg/base/compat.h"

#include "core/exact/square_sum.h"
#include "miscadmin.h"
#include "pg/audit/audit_search.h"

/* ---- the scaler's own output ---- */

/* Return the deviation that rounding alone may cause in the scaler's own output.  */
static double
OwnSlack(const AuditCase *c)
{
	const AuditData *data = c->data;
	const FeatureRecipe *recipe = &data->recipe.features[c->feature];
	Explanation own;

	if (FormulaIsOfRows(recipe->formula))
		return c->single ? 0x1p-20 : 0x1p-40;	/* results are at most 1 in absolute value */
	ExplanationInit(&own, recipe, APPLY_ONCE);
	return ExplanationSlack(&own, data->raw[c->feature], data->nrows, c->single);
}

void
OpenCase(AuditCase *c, AuditData *data, int feature, bool single)
{
	Match		least;
	double		slack;

	memset(c, 0, sizeof(*c));
	c->data = data;
	c->feature = feature;
	c->agreement = &data->state->agreements[feature];
	c->single = single;
	c->own = palloc(sizeof(Match) * data->nrows);
	c->in_question = palloc(sizeof(bool) * data->nrows);
	slack = OwnSlack(c);
	for (int r = 0; r < data->nrows; r++)
	{
		c->own[r] = data->refused[feature][r] ? MATCH_NONE :
			MatchValues(data->expected[feature][r], data->observed[feature][r], slack, single);
		if (c->own[r] > c->own_worst)
			c->own_worst = c->own[r];
	}
	/* values a few units in the last place apart are in question only if no value is farther apart */
	least = c->own_worst <= MATCH_ULPS ? MATCH_ULPS : MATCH_ROUNDING;
	for (int r = 0; r < data->nrows; r++)
	{
		c->in_question[r] = c->own[r] >= least;
		c->nquestions += c->in_question[r];
		if (c->in_question[r])
			c->question_rows += (int64) data->count[r];
	}
	c->list = (HypothesisList) {.data = data, .feature = feature, .recipe = &data->recipe.features[feature],
								.in_question = c->in_question, .single = single,
								.nearly_right = c->own_worst <= MATCH_ROUNDING};
}

/* ---- scores ---- */

#define TRIAL_ROWS		48

/* See audit_search.h.  Values that were computed already are compared relative to the largest of them.  */
double
SlackOf(const AuditCase *c, const Hypothesis *h)
{
	double		largest = 0;

	if (h->predicted == NULL)
		return ExplanationSlack(&h->explanation, h->x, c->data->nrows, c->single);
	for (int r = 0; r < c->data->nrows; r++)
		if (isfinite(h->predicted[r]))
			largest = fmax(largest, fabs(h->predicted[r]));
	return largest * (c->single ? 0x1p-20 : 0x1p-40);
}

/* Add the deviation of a prediction to a score.  It is left out unless both values are finite.  */
static void
AddDeviation(Score *score, double predicted, double observed, SquareSum *squares)
{
	double		deviation = fabs(predicted - observed);

	if (!isfinite(deviation))
		return;
	score->measured = true;
	score->largest = fmax(score->largest, deviation);
	AddSquare(squares, deviation);
}

/*
 * Return whether a hypothesis comes near any of the first rows in question.  Sets the score's deviation over
 * these rows.
 *
 * A fixed tolerance stands for the slack, which takes all rows to compute.
 */
static bool
PassesTrial(const AuditCase *c, Hypothesis *h)
{
	const double *observed = c->data->observed[c->feature];
	SquareSum	squares = {0};
	int			seen = 0;
	bool		near = false;

	memset(&h->score, 0, sizeof(h->score));
	for (int r = 0; r < c->data->nrows && seen < TRIAL_ROWS; r++)
	{
		double		predicted;

		if (!c->in_question[r])
			continue;
		seen++;
		predicted = Predict(h, r);
		AddDeviation(&h->score, predicted, observed[r], &squares);
		near = near || MatchValues(predicted, observed[r], 1e-6 * (1 + fabs(predicted) + fabs(observed[r])),
								   c->single) != MATCH_NONE;
	}
	h->score.deviation = RootMeanSquare(&squares);
	return near;
}

/* Return whether the scaler's own output is right in some row with this raw value.  */
static bool
IsElsewhereRight(const AuditCase *c, double raw)
{
	for (int r = 0; r < c->data->nrows; r++)
		if (!c->in_question[r] && c->data->raw[c->feature][r] == raw)
			return true;
	return false;
}

/* Return whether the prediction for a row is clipped or beyond a table. Any greater factor would predict the same. */
static bool
IsClipped(const Hypothesis *h, int row)
{
	const Explanation *e = &h->explanation;
	double		x = h->x[row] * e->factor / e->divisor + e->offset;
	double		y;
	double		low;
	double		high;

	if ((e->factor == 1 && e->divisor == 1) || e->recipe == NULL)
		return false;
	if ((e->recipe->outside == OUTSIDE_CLIP || e->recipe->formula->table_name) &&
		(x <= e->recipe->lower || x >= e->recipe->upper))
		return true;
	if (!FeatureClips(e->recipe, &low, &high))
		return false;
	y = Predict(h, row);
	return y <= low || y >= high;
}

static bool
AreAllClipped(const AuditCase *c, const Hypothesis *h)
{
	for (int r = 0; r < c->data->nrows; r++)
		if (c->in_question[r] && !IsClipped(h, r))
			return false;
	return true;
}

/*
 * Return whether the rows tell a hypothesis from chance, over the rows in question or over all rows.
 *
 * They do if it predicts at least two different values.  If it predicts only one, a step that knows nothing of
 * the scaler, such as a column that was never filled, is as likely.  For a part of the rows it takes three
 * values, since two points lie on some line, unless other rows have the same raw value and are right.
 *
 * Hypotheses on missing values claim one value for all of them, and FAMILY_ABSENT claims none; for these there
 * is nothing to vary.
 */
static bool
IsTelling(const AuditCase *c, const Hypothesis *h, double slack, bool all)
{
	const double *raw = c->data->raw[c->feature];
	bool		of_missing = h->kind->family == FAMILY_MISSING || h->kind->family == FAMILY_POLICY;
	bool		part = !all && c->nquestions < c->data->nrows;
	double		seen[2];
	int			nseen = 0;

	if (h->kind->family == FAMILY_ABSENT)
		return true;
	for (int r = 0; r < c->data->nrows; r++)
	{
		double		predicted;
		int			k = 0;

		if (!all && !c->in_question[r])
			continue;
		if (of_missing && isnan(raw[r]))
			return true;
		predicted = Predict(h, r);
		if (IsClipped(h, r))
			continue;
		while (k < nseen && MatchValues(seen[k], predicted, slack, c->single) == MATCH_NONE)
			k++;
		if (isnan(predicted) || k < nseen)
			continue;
		if (nseen == (part ? 2 : 1) || (nseen == 1 && IsElsewhereRight(c, raw[r])))
			return true;
		seen[nseen++] = predicted;
	}
	return nseen == 2 && !part;
}

/* Score a hypothesis by the rows in question, and by the others if it explains all rows in question.  */
void
ScoreHypothesis(const AuditCase *c, Hypothesis *h)
{
	const double *observed = c->data->observed[c->feature];
	double		slack = SlackOf(c, h);
	SquareSum	squares = {0};

	memset(&h->score, 0, sizeof(h->score));
	for (int r = 0; r < c->data->nrows; r++)
	{
		double		predicted;
		Match		match;

		if (!c->in_question[r])
			continue;
		predicted = Predict(h, r);
		match = MatchValues(predicted, observed[r], slack, c->single);
		AddDeviation(&h->score, predicted, observed[r], &squares);
		h->score.worst = Max(h->score.worst, match);
		if (match == MATCH_NONE)
			continue;
		h->score.explained++;
		h->score.explained_rows += (int64) c->data->count[r];
	}
	h->score.deviation = RootMeanSquare(&squares);
	h->score.covers = h->score.explained > 0 && h->score.explained == c->nquestions;
	if (!h->score.covers)
		return;
	h->score.telling = IsTelling(c, h, slack, false);
	h->score.telling_rest = IsTelling(c, h, slack, true);
	h->score.proved = IsRoundingProved(&c->list, h);
	h->score.clipped = AreAllClipped(c, h);
	for (int r = 0; r < c->data->nrows; r++)
		if (!c->in_question[r])
			h->score.worst_rest = Max(h->score.worst_rest, MatchValues(Predict(h, r), observed[r], slack, c->single));
	h->score.covers_rest = h->score.worst_rest <= MATCH_ROUNDING;
}

/* Return whether a hypothesis is about a number of digits.  */
bool
IsOfDigits(const Hypothesis *h)
{
	return h->kind->family == FAMILY_ROUNDED || h->kind->family == FAMILY_PARAMETERS;
}

/*
 * Return whether a hypothesis cannot be an explanation, so that it need not be scored.
 *
 * Where the scaler's own output is right up to rounding, an explanation must be better in every row.  There are
 * many ways to round, and the first row rules out most of them.
 */
static bool
IsOutOfQuestion(const AuditCase *c, const Hypothesis *h)
{
	if (!c->list.nearly_right || !IsOfDigits(h))
		return false;
	for (int r = 0; r < c->data->nrows; r++)
		if (c->in_question[r] &&
			MatchValues(Predict(h, r), c->data->observed[c->feature][r], 0.0, c->single) >= c->own_worst)
			return true;
	return false;
}

void
ScoreFrom(AuditCase *c, int first)
{
	for (int i = first; i < c->list.count; i++)
	{
		Hypothesis *h = &c->list.hypotheses[i];

		CHECK_FOR_INTERRUPTS();
		if (!IsOutOfQuestion(c, h) && (c->nquestions <= TRIAL_ROWS || PassesTrial(c, h)))
			ScoreHypothesis(c, h);
	}
}
