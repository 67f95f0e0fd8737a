/*
 * audit_words.c
 *		The evidence of an audit in words, and its candidates.
 */
#include "pg/audit/audit_judge.h"

#include "core/exact/square_sum.h"
#include "lib/stringinfo.h"

/* ---- words ---- */

static const char *const match_texts[] = {
	[MATCH_EQUAL] = "bit for bit",
	[MATCH_ULPS] = "within 4 units in the last place",
	[MATCH_ROUNDING] = "up to rounding",
};

static const char *const single_match_texts[] = {
	[MATCH_EQUAL] = "bit for bit once rounded to float4",
	[MATCH_ULPS] = "within 4 units in the last place of float4",
	[MATCH_ROUNDING] = "up to rounding in float4",
};

const char *
MatchText(const AuditCase *c, Match match)
{
	return c->single && !c->data->state->single ? single_match_texts[match] : match_texts[match];
}

char *
BasisText(const AuditCase *c, int rows)
{
	const AuditData *data = c->data;

	if (data->complete)
		return psprintf("all %d distinct row%s", rows, rows == 1 ? "" : "s");
	return psprintf("all %d row%s of the sample (of " INT64_FORMAT ")", rows, rows == 1 ? "" : "s", data->state->rows);
}

char *
OwnText(const AuditCase *c)
{
	const Agreement *a = c->agreement;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "the scaler's own output differs in " INT64_FORMAT " of " INT64_FORMAT " rows",
					 a->different > 0 ? a->different : a->within, c->data->state->rows);
	if (a->max_deviation > 0)
		appendStringInfo(&out, ", by up to %.6g", a->max_deviation);
	return out.data;
}

char *
WithDetail(const char *text, const char *detail)
{
	return detail ? psprintf("%s: %s", text, detail) : pstrdup(text);
}

/* ---- candidates ---- */

/*
 * Return whether a is the better candidate: it explains more rows, or is nearer.  Between equals the order of
 * the table decides.
 */
static bool
IsBetterCandidate(const Hypothesis *a, const Hypothesis *b)
{
	if (a->score.explained != b->score.explained)
		return a->score.explained > b->score.explained;
	if (a->score.covers && b->score.covers && a->score.worst != b->score.worst)
		return a->score.worst < b->score.worst;
	if (a->score.measured != b->score.measured)
		return a->score.measured;
	return a->score.deviation < b->score.deviation;
}

/* Return the standard deviation of the observed values in question.  */
static double
SpreadInQuestion(const AuditCase *c)
{
	const double *observed = c->data->observed[c->feature];
	SquareSum	squares = {0};
	double		mean = 0;
	int			n = 0;

	for (int r = 0; r < c->data->nrows; r++)
		if (c->in_question[r] && isfinite(observed[r]))
		{
			n++;
			/* added in parts, because a sum or a difference may overflow */
			mean += observed[r] / n - mean / n;
		}
	for (int r = 0; r < c->data->nrows; r++)
		if (c->in_question[r] && isfinite(observed[r] - mean))
			AddSquare(&squares, observed[r] - mean);
	return RootMeanSquare(&squares);
}

#define NEAR_SHARE		0.02	/* of the spread: deviations up to this make a candidate */

/*
 * Return whether a hypothesis is worth mentioning: it explains some rows, or its deviations are small against
 * the spread.
 */
static bool
IsCandidate(const AuditCase *c, const Hypothesis *h, double spread)
{
	if (h->score.explained > 0 && h->score.explained >= LEAST_SHARE * c->nquestions)
		return true;
	return h->score.measured && spread > 0 && h->score.deviation <= NEAR_SHARE * spread;
}

void
CollectCandidates(const AuditCase *c, AuditFinding *finding, const Hypothesis *chosen)
{
	double		spread = SpreadInQuestion(c);

	finding->in_question = c->nquestions;
	finding->ncandidates = 0;
	for (const HypothesisKind *kind = hypothesis_kinds; kind->name; kind++)
	{
		const Hypothesis *best = NULL;
		int			place;

		for (int i = 0; i < c->list.count; i++)
		{
			const Hypothesis *h = &c->list.hypotheses[i];

			if (h->kind == kind && h != chosen && IsCandidate(c, h, spread) &&
				(best == NULL || IsBetterCandidate(h, best)))
				best = h;
		}
		if (best == NULL || (chosen && chosen->kind == kind))
			continue;
		place = finding->ncandidates < MAX_CANDIDATES ? finding->ncandidates++ : MAX_CANDIDATES;
		while (place > 0 && IsBetterCandidate(best, &finding->candidates[place - 1]))
		{
			if (place < MAX_CANDIDATES)
				finding->candidates[place] = finding->candidates[place - 1];
			place--;
		}
		if (place < MAX_CANDIDATES)
			finding->candidates[place] = *best;
	}
	/* what failed its trial was compared with a few rows only */
	for (int i = 0; i < finding->ncandidates; i++)
		if (finding->candidates[i].score.explained == 0)
			ScoreHypothesis(c, &finding->candidates[i]);
}
