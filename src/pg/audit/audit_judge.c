/*
 * audit_judge.c
 *		Deciding which hypothesis the observed values of a feature prove, if any.
 *
 * A hypothesis is proved if it predicts every value of the sample, better than the scaler's own
 * output does, and no hypothesis of another family predicts them as well.  Where the scaler's own
 * output is right for some rows, hypotheses are compared with the remaining rows alone.  A
 * hypothesis that is not proved is a candidate, reported with the number of rows it explains.
 * Without any candidate, the diagnosis is "unknown".
 */
#include "pg/audit/audit_judge.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

/* ---- diagnoses ---- */

/* Return whether every observed value in question is a float4.  */
static bool
IsFloat4(const AuditCase *c)
{
	const double *observed = c->data->observed[c->feature];

	for (int r = 0; r < c->data->nrows; r++)
		if (c->in_question[r] && isfinite(observed[r]) && observed[r] != (double) (float) observed[r])
			return false;
	return true;
}

/* Add to the detail of the best hypothesis what else of its kind the data does not tell apart from it.  */
static void
NameTwins(const Choice *choice)
{
	if (choice->ntwins == 1)
		choice->best->detail = psprintf("%s; or, as well: %s", choice->best->detail, choice->twin->detail);
	else if (choice->ntwins > 1)
		choice->best->detail = psprintf("%s; or, as well: %s, and %d more", choice->best->detail, choice->twin->detail,
										choice->ntwins - 1);
}

/* Return the detail of a hypothesis, with a remark if it holds only once values are rounded to float4.  */
static const char *
DetailOf(const AuditCase *c, const Hypothesis *h)
{
	if (!c->single || c->data->state->single || h->explanation.single_output)
		return h->detail;
	return h->detail ? psprintf("%s; rounded to float4", h->detail) : "rounded to float4";
}

/* Return a remark that names another kind which is the same on this data, or an empty string.  */
static char *
AlsoText(const HypothesisKind *also)
{
	return also ? psprintf(" (on this data the same as %s)", also->name) : "";
}

/* Report one hypothesis that explains all rows.  */
static void
FoundWhole(const AuditCase *c, AuditFinding *finding, const Hypothesis *h, const HypothesisKind *also)
{
	finding->diagnosis = h->kind->name;
	finding->detail = DetailOf(c, h);
	finding->other = h->other;
	finding->evidence = psprintf("%s%s; this predicts %s %s, and %s",
								 WithDetail(h->kind->text, finding->detail), AlsoText(also),
								 BasisText(c, c->data->nrows), MatchText(c, WorstOf(h, true)), OwnText(c));
}

static void
AddComponent(AuditFinding *finding, const char *diagnosis, const char *detail, double share)
{
	finding->components[finding->ncomponents++] =
		(Component) {.diagnosis = diagnosis, .detail = detail, .share = share};
}

/*
 * Return the share of all rows that the scaler's own output does not explain.  It is exact, since it is counted
 * over all rows.
 */
static double
OtherShare(const AuditCase *c)
{
	return (double) c->agreement->different / (double) c->data->state->rows;
}

/* Return the sentence on how many rows are the scaler's own output.  */
static char *
OwnRowsText(const AuditCase *c)
{
	int64		rows = c->data->state->rows;

	return psprintf(INT64_FORMAT " of " INT64_FORMAT " rows are as this scaler makes them",
					rows - c->agreement->different, rows);
}

/* Report the scaler's own output for some rows, and one hypothesis for all others.  */
static void
FoundMixture(const AuditCase *c, AuditFinding *finding, const Hypothesis *h, const HypothesisKind *also)
{
	double		share = OtherShare(c);

	finding->diagnosis = "mixture";
	finding->other = h->other;
	AddComponent(finding, "as_frozen", NULL, 1 - share);
	AddComponent(finding, h->kind->name, DetailOf(c, h), share);
	finding->detail = psprintf("%.4g %% of the rows: %s", 100 * share,
							   h->detail ? psprintf("%s (%s)", h->kind->name, DetailOf(c, h)) : h->kind->name);
	finding->evidence = psprintf("%s; as for the others, %s%s; this predicts them %s, in %s", OwnRowsText(c),
								 WithDetail(h->kind->text, DetailOf(c, h)), AlsoText(also),
								 MatchText(c, h->score.worst), BasisText(c, c->nquestions));
}

/* Report that hypotheses of different families explain the rows equally well.  */
static void
FoundContested(const AuditCase *c, AuditFinding *finding, bool whole)
{
	StringInfoData names;

	finding->diagnosis = "ambiguous";
	CollectCandidates(c, finding, NULL);
	initStringInfo(&names);
	for (int i = 0; i < finding->ncandidates; i++)
		if (Explains(c, &finding->candidates[i], whole))
			appendStringInfo(&names, "%s%s", names.len ? ", " : "", finding->candidates[i].kind->name);
	finding->detail = names.data;
	finding->evidence = psprintf("%s; this data does not tell apart: %s", OwnText(c), names.data);
}

/*
 * Collect candidates if a hypothesis explains the rows better than "up to rounding" but is not proved.  The
 * finding is then open: other features may settle it.
 */
static void
CollectUnproved(const AuditCase *c, AuditFinding *finding)
{
	for (int i = 0; i < c->list.count && !finding->open; i++)
		finding->open = Explains(c, &c->list.hypotheses[i], true);
	if (finding->open)
		CollectCandidates(c, finding, NULL);
}

/* Report that the scaler's own output is right up to rounding, and that nothing explains the values better. */
static void
FoundRounding(const AuditCase *c, AuditFinding *finding)
{
	CollectUnproved(c, finding);
	finding->diagnosis = c->single && !c->data->state->single ? "float4_arithmetic" : "rounding";
	finding->detail = NULL;
	finding->evidence = psprintf("the same up to rounding, as by another order of operations, another library, or parameters "
								 "written with too few digits: %s, but is right %s in %s",
								 OwnText(c), MatchText(c, c->own_worst), BasisText(c, c->data->nrows));
}

/* Return whether the observed values are those of the scaler in another order: their exact moments are equal.  */
static bool
IsMisaligned(const AuditCase *c)
{
	const AuditData *data = c->data;
	const Agreement *a = c->agreement;

	if (a->missing_for_value != a->value_for_missing || a->refused > 0)
		return false;
	return data->expected_values.moments[c->feature].count > 1 &&
		MomentsAreEqual(&data->expected_values.moments[c->feature], &data->observed_values.moments[c->feature]);
}

static void
FoundMisaligned(const AuditCase *c, AuditFinding *finding)
{
	finding->diagnosis = "rows_misaligned";
	finding->detail = NULL;
	finding->evidence = psprintf("the values are this scaler's, but stand in other rows: their number, range, exact sum and "
								 "exact sum of squares are those of its output, and %s", OwnText(c));
}

/*
 * Report a hypothesis, from the first on, that explains all rows or else all rows in question.  Return false if
 * none does.
 */
static bool
TryHypotheses(AuditCase *c, AuditFinding *finding, int first)
{
	for (int whole = 1; whole >= 0; whole--)
	{
		Choice		choice = ChooseHypothesis(c, whole, first);

		/* where rows are right up to rounding, a hypothesis for a part of them is no explanation */
		if (choice.best == NULL || (!whole && c->own_worst <= MATCH_ROUNDING))
			continue;
		NameTwins(&choice);
		if (choice.contested)
			FoundContested(c, finding, whole);
		else if (whole)
			FoundWhole(c, finding, choice.best, choice.also);
		else
			FoundMixture(c, finding, choice.best, choice.also);
		if (!choice.contested)
			CollectCandidates(c, finding, choice.best);
		return true;
	}
	return false;
}

/* The values of one part of a mixture.  All that matters is whether there is more than one.  */
typedef struct PartValues
{
	double		first;
	bool		any;
	bool		several;
} PartValues;

static void
AddPartValue(PartValues *values, double value)
{
	if (values->any && !(value == values->first || (isnan(value) && isnan(values->first))))
		values->several = true;
	values->first = value;
	values->any = true;
}

/*
 * Return whether a part of a mixture proves its hypothesis.  Only hypotheses on missing values may rest on a
 * single value.
 */
static bool
IsTellingPart(const Hypothesis *h, const PartValues *values)
{
	return values->several || h->kind->family == FAMILY_ABSENT || h->kind->family == FAMILY_MISSING;
}

/*
 * Return whether two hypotheses together explain all rows in question, each enough of them.
 *
 * rows[0] and rows[1] are set to the numbers of rows of each; what both explain counts for the first.
 */
static bool
CoverTogether(const AuditCase *c, const Hypothesis *a, const Hypothesis *b, int64 *rows)
{
	const double *observed = c->data->observed[c->feature];
	double		slack_a = SlackOf(c, a);
	double		slack_b = SlackOf(c, b);
	PartValues	of_a = {0};
	PartValues	of_b = {0};

	rows[0] = rows[1] = 0;
	for (int r = 0; r < c->data->nrows; r++)
	{
		if (!c->in_question[r])
			continue;
		if (MatchValues(Predict(a, r), observed[r], slack_a, c->single) != MATCH_NONE)
		{
			rows[0] += (int64) c->data->count[r];
			AddPartValue(&of_a, observed[r]);
		}
		else if (MatchValues(Predict(b, r), observed[r], slack_b, c->single) != MATCH_NONE)
		{
			rows[1] += (int64) c->data->count[r];
			AddPartValue(&of_b, observed[r]);
		}
		else
			return false;
	}
	return rows[0] >= LEAST_MIXED && rows[1] >= LEAST_MIXED && IsTellingPart(a, &of_a) && IsTellingPart(b, &of_b);
}

/* Return another kind of the same family that explains as many rows, or NULL.  */
static const HypothesisKind *
AlsoOfPart(const AuditCase *c, const Hypothesis *part)
{
	for (int i = 0; i < c->list.count; i++)
	{
		const Hypothesis *h = &c->list.hypotheses[i];

		if (h->kind != part->kind && !h->kind->fallback && SameFamily(h, part) &&
			h->score.explained == part->score.explained)
			return h->kind;
	}
	return NULL;
}

/* Return the sentence on one of two parts.  */
static char *
PartText(const AuditCase *c, const Hypothesis *part)
{
	return psprintf("%s%s", WithDetail(part->kind->text, DetailOf(c, part)), AlsoText(AlsoOfPart(c, part)));
}

/*
 * Report the scaler's own output for some rows, and two hypotheses for the others.  "rows" has the number of
 * sampled rows of each.
 */
static void
FoundTwo(const AuditCase *c, AuditFinding *finding, const Hypothesis *first, const Hypothesis *second,
		 const int64 *rows)
{
	double		share = OtherShare(c) / (double) (rows[0] + rows[1]);

	finding->diagnosis = "mixture";
	AddComponent(finding, "as_frozen", NULL, 1 - OtherShare(c));
	AddComponent(finding, first->kind->name, DetailOf(c, first), share * rows[0]);
	AddComponent(finding, second->kind->name, DetailOf(c, second), share * rows[1]);
	finding->detail = psprintf("%s and %s", first->kind->name, second->kind->name);
	finding->evidence =
		psprintf("%s; of %.4g %%, %s; of %.4g %%, %s; one or the other predicts all of these, in %s", OwnRowsText(c),
				 100 * finding->components[1].share, PartText(c, first),
				 100 * finding->components[2].share, PartText(c, second),
				 BasisText(c, c->nquestions));
	CollectCandidates(c, finding, NULL);
}

/*
 * Return whether a hypothesis may be one of two parts: it explains enough rows, and if it is about digits, no
 * other of its kind explains more.
 */
static bool
IsPart(const AuditCase *c, const Hypothesis *h)
{
	if (h->score.explained_rows < LEAST_MIXED || h->score.explained_rows < LEAST_SHARE * c->question_rows)
		return false;
	for (int i = 0; i < c->list.count && IsOfDigits(h); i++)
	{
		const Hypothesis *other = &c->list.hypotheses[i];

		if (other->kind == h->kind && (other->score.explained_rows > h->score.explained_rows ||
									   (other < h && other->score.explained_rows == h->score.explained_rows)))
			return false;
	}
	return true;
}

/*
 * Return whether two hypotheses may be the two parts of a mixture.
 *
 * Some values are near rounded ones by chance, so nothing but missing values tells the rows that a rounding
 * explains from the other rows.
 */
static bool
MayBeTwo(const AuditCase *c, const Hypothesis *a, const Hypothesis *b)
{
	bool		rounds = IsOfDigits(a) || IsOfDigits(b);
	bool		missing = a->kind->family == FAMILY_MISSING || b->kind->family == FAMILY_MISSING ||
		a->kind->family == FAMILY_ABSENT || b->kind->family == FAMILY_ABSENT;

	return !rounds || (missing && IsRoundingProved(&c->list, a) && IsRoundingProved(&c->list, b));
}

/* Report two hypotheses that together explain all rows in question.  Return false if no two do.  */
static bool
TryTwo(AuditCase *c, AuditFinding *finding)
{
	Hypothesis *parts[16];
	int			nparts = 0;

	for (int i = 0; i < c->list.count && nparts < lengthof(parts); i++)
		if (IsPart(c, &c->list.hypotheses[i]))
			parts[nparts++] = &c->list.hypotheses[i];
	for (int a = 0; a < nparts; a++)
		for (int b = a + 1; b < nparts; b++)
		{
			int64		rows[2];

			if (MayBeTwo(c, parts[a], parts[b]) && CoverTogether(c, parts[a], parts[b], rows))
			{
				FoundTwo(c, finding, parts[a], parts[b], rows);
				return true;
			}
		}
	return false;
}

/* Report that nothing is proved, with the nearest candidate.  */
static void
FoundNothing(const AuditCase *c, AuditFinding *finding)
{
	finding->diagnosis = "unknown";
	CollectCandidates(c, finding, NULL);
	if (finding->ncandidates == 0)
		finding->evidence = psprintf("%s, and no hypothesis comes near", OwnText(c));
	else
	{
		const Hypothesis *h = &finding->candidates[0];

		finding->open = h->score.covers;
		finding->evidence =
			psprintf("%s; nothing is proved: the nearest candidate (%s) explains %d of %d rows of the sample%s%s",
					 OwnText(c), WithDetail(h->kind->name, h->detail), h->score.explained,
					 c->nquestions,
					 h->score.measured ? psprintf(", with deviations of %.3g (root mean square)",
												  h->score.deviation) : "",
					 finding->open ? ", but these are too few, or of one value, so that much else may be the reason" :
					 "");
	}
}

/*
 * Look for an explanation of a case, and fill in the finding.  Return false if there is none.
 *
 * The case compares observed values either as they are or as float4s; the caller tries both.
 */
static bool
TryCase(AuditCase *c, AuditFinding *finding)
{
	int			fallbacks;

	ProposeHypotheses(&c->list, false);
	ScoreFrom(c, 0);
	if (TryHypotheses(c, finding, 0))
		return true;
	fallbacks = c->list.count;
	ProposeHypotheses(&c->list, true);
	ScoreFrom(c, fallbacks);
	if (c->list.nearly_right)
	{
		/* the scaler's own output explains the rows up to rounding, so an explanation must be better than that */
		if (!TryHypotheses(c, finding, fallbacks))
			FoundRounding(c, finding);
		return true;
	}
	if (IsMisaligned(c))
	{
		FoundMisaligned(c, finding);
		CollectCandidates(c, finding, NULL);
		return true;
	}
	return TryHypotheses(c, finding, fallbacks) || TryTwo(c, finding);
}

/* Fill in the finding of one feature.  */
static void
JudgeObserved(AuditFinding *finding, AuditData *data, int feature)
{
	const Agreement *agreement = &data->state->agreements[feature];
	AuditCase	as_float8;
	AuditCase	as_float4;

	memset(finding, 0, sizeof(*finding));
	finding->other = -1;
	finding->verdict = agreement->different > 0 ? "different" : agreement->within > 0 ? "equal_within_ulps" : "equal";
	if (agreement->different == 0 && agreement->within == 0)
		return;
	OpenCase(&as_float8, data, feature, data->state->single);
	if (as_float8.nquestions == 0 || (agreement->different > 0 && as_float8.own_worst <= MATCH_ULPS))
	{
		finding->diagnosis = "unknown";
		finding->evidence =
			psprintf("%s; none of these rows is in the sample, which is full of rows where other features differ: "
					 "audit those where this one does by themselves", OwnText(&as_float8));
		return;
	}
	if (TryCase(&as_float8, finding))
		return;
	if (!data->state->single && IsFloat4(&as_float8))
	{
		OpenCase(&as_float4, data, feature, true);
		if (as_float4.nquestions > 0 && TryCase(&as_float4, finding))
			return;
	}
	FoundNothing(&as_float8, finding);
}

/* Copy what a finding says into the current context, so that the hypotheses behind it can be freed.  */
static void
KeepFinding(AuditFinding *finding)
{
	if (finding->detail)
		finding->detail = pstrdup(finding->detail);
	if (finding->evidence)
		finding->evidence = pstrdup(finding->evidence);
	for (int i = 0; i < finding->ncomponents; i++)
		if (finding->components[i].detail)
			finding->components[i].detail = pstrdup(finding->components[i].detail);
	for (int i = 0; i < finding->ncandidates; i++)
	{
		Hypothesis *h = &finding->candidates[i];

		if (h->detail)
			h->detail = pstrdup(h->detail);
		h->explanation.recipe = NULL;
	}
}

void
JudgeFeatures(AuditFinding *findings, AuditData *data)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "normfreeze audit of a feature", ALLOCSET_DEFAULT_SIZES);

	for (int i = 0; i < data->n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		CHECK_FOR_INTERRUPTS();
		JudgeObserved(&findings[i], data, i);
		MemoryContextSwitchTo(old);
		KeepFinding(&findings[i]);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}
