/*
 * audit_json.c
 *		The result of audit(): the findings of all features as jsonb, and what they say together.
 *
 * audit_report() shows the same keys as columns.
 */
#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/audit/audit_search.h"
#include "pg/base/json_tree.h"
#include "pg/base/text.h"
#include "utils/builtins.h"

/* ---- the parts of one feature ---- */

static void
AppendIntegerMember(StringInfo out, const char *key, int64 value)
{
	appendStringInfo(out, ", \"%s\": " INT64_FORMAT, key, value);
}

static void
AppendCandidates(StringInfo out, const AuditFinding *finding)
{
	appendStringInfoString(out, ", \"candidates\": [");
	for (int i = 0; i < finding->ncandidates; i++)
	{
		const Hypothesis *h = &finding->candidates[i];

		appendStringInfoString(out, i ? ", {\"diagnosis\": " : "{\"diagnosis\": ");
		AppendJsonString(out, h->kind->name);
		AppendJsonTextMember(out, "detail", h->detail);
		AppendIntegerMember(out, "explained", h->score.explained);
		AppendIntegerMember(out, "of", finding->in_question);
		AppendJsonValueMember(out, "largest_deviation", h->score.largest, !h->score.measured);
		AppendJsonValueMember(out, "rms_deviation", h->score.deviation, !h->score.measured);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

static void
AppendComponents(StringInfo out, const AuditFinding *finding)
{
	appendStringInfoString(out, ", \"parts\": [");
	for (int i = 0; i < finding->ncomponents; i++)
	{
		appendStringInfoString(out, i ? ", {\"diagnosis\": " : "{\"diagnosis\": ");
		AppendJsonString(out, finding->components[i].diagnosis);
		AppendJsonTextMember(out, "detail", finding->components[i].detail);
		AppendJsonValueMember(out, "share", finding->components[i].share, false);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

static void
AppendFindingJson(StringInfo out, const AuditData *data, int i, const AuditFinding *finding)
{
	const Agreement *a = &data->state->agreements[i];

	appendStringInfo(out, "{\"ordinal\": %d", i + 1);
	AppendJsonTextMember(out, "feature", data->recipe.named ? data->recipe.features[i].name : NULL);
	AppendJsonTextMember(out, "verdict", finding->verdict);
	AppendJsonTextMember(out, "diagnosis", finding->diagnosis);
	AppendJsonTextMember(out, "detail", finding->detail);
	AppendJsonTextMember(out, "evidence", finding->evidence);
	AppendIntegerMember(out, "rows", data->state->rows);
	AppendIntegerMember(out, "equal", a->equal);
	AppendIntegerMember(out, "within_ulps", a->within);
	AppendIntegerMember(out, "different", a->different);
	AppendIntegerMember(out, "max_ulps", (int64) Min(a->max_ulps, (uint64) PG_INT64_MAX));
	AppendJsonValueMember(out, "max_deviation", a->max_deviation, false);
	AppendIntegerMember(out, "both_missing", a->both_missing);
	AppendIntegerMember(out, "null_for_nan", a->null_for_nan);
	AppendIntegerMember(out, "missing_for_value", a->missing_for_value);
	AppendIntegerMember(out, "value_for_missing", a->value_for_missing);
	AppendIntegerMember(out, "refused", a->refused);
	AppendComponents(out, finding);
	AppendCandidates(out, finding);
	appendStringInfoChar(out, '}');
}

/* ---- the whole ---- */

#define NAMES_SHOWN		5

/* Return the name of the i-th feature as messages show it.  */
static char *
NameOf(const AuditData *data, int i)
{
	return FeatureLabel(data->recipe.features[i].name, i);
}

/* Return whether two findings have the same diagnosis with the same detail.  */
static bool
SameDiagnosis(const AuditFinding *a, const AuditFinding *b)
{
	return a->diagnosis && b->diagnosis && strcmp(a->diagnosis, b->diagnosis) == 0 &&
		(a->detail == NULL) == (b->detail == NULL) && (a->detail == NULL || strcmp(a->detail, b->detail) == 0);
}

static bool
IsDiagnosis(const AuditFinding *finding, const char *diagnosis)
{
	return finding->diagnosis && strcmp(finding->diagnosis, diagnosis) == 0;
}

/*
 * Several frozen scalers may share a feature's parameters.  Name the same one for all features that were scaled
 * by another version, if one explains all of them.
 */
static void
AgreeOnVersion(const AuditData *data, AuditFinding *findings)
{
	for (int o = 0; o < data->background->nothers; o++)
	{
		bool		all = true;
		bool		any = false;

		for (int i = 0; i < data->n && all; i++)
			if (IsDiagnosis(&findings[i], "another_version"))
			{
				const FeatureRecipe *mine = FeatureOfOther(data, findings[i].other, i);
				const FeatureRecipe *its = FeatureOfOther(data, o, i);

				any = true;
				all = its != NULL && SameParameters(mine, its) && ClipAlike(mine, its);
			}
		if (!all || !any)
			continue;
		for (int i = 0; i < data->n; i++)
			if (IsDiagnosis(&findings[i], "another_version") && findings[i].other != o)
			{
				findings[i].other = o;
				findings[i].detail = OtherText(&data->background->others[o]);
				findings[i].evidence =
					psprintf("another frozen scaler was applied: %s; it predicts all rows of the sample, "
							 "as the scaler of this audit does not", findings[i].detail);
			}
		return;
	}
}

/* Return whether a finding is open: several hypotheses explain the feature, or too few values prove the only one.  */
static bool
FindingIsOpen(const AuditFinding *finding)
{
	return finding->open || IsDiagnosis(finding, "ambiguous");
}

/*
 * Return a feature with the diagnosis that is common to all features which differ and are not open, or -1 if
 * there is none.
 */
static int
CommonDiagnosis(const AuditData *data, const AuditFinding *findings)
{
	int			common = -1;

	for (int i = 0; i < data->n; i++)
	{
		if (findings[i].diagnosis == NULL || FindingIsOpen(&findings[i]))
			continue;
		if (common >= 0 && !IsDiagnosis(&findings[i], findings[common].diagnosis))
			return -1;
		common = i;
	}
	return common;
}

/*
 * Return whether a detail begins with that of a hypothesis, which has one.  A remark on rounding to float4 may
 * follow it.
 */
static bool
IsDetailOf(const char *detail, const Hypothesis *h)
{
	size_t		length = strlen(h->detail);

	return detail && strncmp(detail, h->detail, length) == 0 && (detail[length] == '\0' || detail[length] == ';');
}

/* Return whether a detail is about rounding to the nearest number of some digits, rather than about truncation.  */
static bool
IsToNearest(const char *detail)
{
	return detail && strncmp(detail, "to ", 3) == 0;
}

/* Return whether a detail names a unit of the same sign whose factor is not less than that of the hypothesis.  */
static bool
IsGreaterUnit(const Hypothesis *h, const char *detail)
{
	double		ratio = h->explanation.factor / h->explanation.divisor;

	for (const UnitFactor *unit = unit_factors; unit->text && detail; unit++)
		if (strncmp(detail, unit->text, strlen(unit->text)) == 0)
			return unit->offset == 0 && unit->factor / unit->divisor / ratio >= 1;
	return false;
}

/*
 * Return whether the finding of another feature supports a hypothesis with its detail.
 *
 * Most details (a unit, a range, a version) must be the same.  The name of a swapped column differs by nature.
 * Where values are clipped, any greater factor predicts the same values.  Values that are right up to rounding
 * may have fewer digits than they were rounded to.
 */
static bool
IsSameDetail(const Hypothesis *h, const AuditFinding *finding, const AuditFinding *other)
{
	if (h->detail == NULL || strcmp(h->kind->name, "columns_swapped") == 0 || IsDetailOf(other->detail, h))
		return true;
	if (h->score.clipped)
		return IsGreaterUnit(h, other->detail);
	return IsDiagnosis(finding, "rounding") && h->explanation.output_rounding &&
		IsToNearest(h->detail) && IsToNearest(other->detail);
}

/*
 * Return the first feature that is not open and has the diagnosis and the detail of a hypothesis, or -1 if
 * there is none.
 */
static int
SettledBy(const AuditData *data, const AuditFinding *findings, int feature, const Hypothesis *h)
{
	for (int i = 0; i < data->n; i++)
		if (IsDiagnosis(&findings[i], h->kind->name) && !FindingIsOpen(&findings[i]) &&
			IsSameDetail(h, &findings[feature], &findings[i]))
			return i;
	return -1;
}

/* Return whether a hypothesis is about a swap with a feature that was swapped with this one, or not about a swap.  */
static bool
IsSwappedBack(const AuditFinding *findings, int i, const Hypothesis *h)
{
	return strcmp(h->kind->name, "columns_swapped") != 0 ||
		(IsDiagnosis(&findings[h->other], "columns_swapped") && findings[h->other].other == i);
}

/*
 * Settle open findings by the diagnosis that the other features share, if it is one of the candidates and
 * explains all rows.
 */
static void
SettleByOthers(const AuditData *data, AuditFinding *findings)
{
	int			common = CommonDiagnosis(data, findings);

	for (int i = 0; common >= 0 && i < data->n; i++)
	{
		AuditFinding *finding = &findings[i];

		for (int k = 0; k < finding->ncandidates && FindingIsOpen(finding); k++)
		{
			const Hypothesis *h = &finding->candidates[k];
			int			by;

			if (!h->score.covers || !h->score.covers_rest || strcmp(h->kind->name, findings[common].diagnosis) != 0 ||
				!IsSwappedBack(findings, i, h) || (by = SettledBy(data, findings, i, h)) < 0)
				continue;
			finding->evidence = psprintf("%s: by itself this feature %s; but it is what happened to the others",
										 h->detail ? psprintf("%s: %s", h->kind->text, h->detail) : h->kind->text,
										 finding->open ? "has too few different values to prove it"
										 : psprintf("leaves open: %s", finding->detail));
			finding->open = false;
			finding->diagnosis = h->kind->name;
			finding->detail = strcmp(h->kind->name, "columns_swapped") == 0 ? h->detail : findings[by].detail;
			finding->other = h->other;
		}
	}
}

/* The share of the rows in which a feature was swapped with another; 0 if it was not.  */
static double
SwappedShare(const AuditFinding *finding)
{
	if (IsDiagnosis(finding, "columns_swapped"))
		return 1;
	if (finding->ncomponents == 2 && strcmp(finding->components[1].diagnosis, "columns_swapped") == 0)
		return finding->components[1].share;
	return 0;
}

/*
 * Append the pairs of features that were swapped with each other, such as: "age" and "income" swapped.  Mark
 * them in "told".
 */
static void
AppendSwaps(StringInfo out, const AuditData *data, const AuditFinding *findings, bool *told)
{
	for (int i = 0; i < data->n; i++)
	{
		int			j = findings[i].other;
		double		share = SwappedShare(&findings[i]);

		if (share == 0 || j <= i || findings[j].other != i || SwappedShare(&findings[j]) != share)
			continue;
		appendStringInfo(out, "%s%s and %s swapped", out->len ? "; " : "", NameOf(data, i), NameOf(data, j));
		if (share < 1)
			appendStringInfo(out, " in %.4g %% of the rows", 100 * share);
		told[i] = told[j] = true;
	}
}

/* Append the diagnosis of a feature, with the names of all features that share it.  Mark these in "told".  */
static void
AppendGroup(StringInfo out, const AuditData *data, const AuditFinding *findings, int first, bool *told)
{
	const AuditFinding *f = &findings[first];
	int			count = 0;
	StringInfoData names;

	initStringInfo(&names);
	for (int i = first; i < data->n; i++)
	{
		if (told[i] || !SameDiagnosis(f, &findings[i]))
			continue;
		told[i] = true;
		if (count++ < NAMES_SHOWN)
			appendStringInfo(&names, "%s%s", names.len ? ", " : "", NameOf(data, i));
	}
	if (count > NAMES_SHOWN)
		appendStringInfo(&names, " and %d more", count - NAMES_SHOWN);
	appendStringInfo(out, "%s%s", out->len ? "; " : "", f->diagnosis);
	if (f->detail)
		appendStringInfo(out, " (%s)", f->detail);
	if (count == data->n)
		appendStringInfo(out, ": %s", count == 1 ? names.data : psprintf("all %d features", count));
	else
		appendStringInfo(out, ": %s", names.data);
}

#define GROUPS_SHOWN	12

/* Return the sentence for the whole audit: first swapped pairs, then each diagnosis with its features.  */
static char *
Summary(const AuditData *data, const AuditFinding *findings)
{
	StringInfoData out;
	bool	   *told = palloc0(sizeof(bool) * data->n);
	int			groups = 0;
	int			differing = 0;

	initStringInfo(&out);
	AppendSwaps(&out, data, findings, told);
	for (int i = 0; i < data->n; i++)
	{
		differing += findings[i].diagnosis != NULL;
		if (!told[i] && findings[i].diagnosis && groups++ < GROUPS_SHOWN)
			AppendGroup(&out, data, findings, i, told);
	}
	if (groups > GROUPS_SHOWN)
		appendStringInfoString(&out, "; and more");
	if (differing == 0)
		return psprintf("every value of " INT64_FORMAT " row%s is this scaler's output, bit for bit",
						data->state->rows, data->state->rows == 1 ? "" : "s");
	return out.data;
}

/* Return the worst verdict of any feature.  */
static const char *
OverallVerdict(const AuditData *data, const AuditFinding *findings)
{
	const char *worst = "equal";

	for (int i = 0; i < data->n; i++)
	{
		if (strcmp(findings[i].verdict, "different") == 0)
			return "different";
		if (strcmp(findings[i].verdict, "equal_within_ulps") == 0)
			worst = findings[i].verdict;
	}
	return worst;
}

Datum
AuditResult(AuditState *state)
{
	AuditData	data;
	AuditFinding *findings;
	StringInfoData out;

	LayOutAudit(&data, state);
	findings = palloc(sizeof(AuditFinding) * data.n);
	JudgeFeatures(findings, &data);
	SettleByOthers(&data, findings);
	AgreeOnVersion(&data, findings);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"audit\": %d, \"raw\": true", AUDIT_FORMAT);
	/* as text: readers of JSON may round an integer above 2^53 */
	AppendJsonTextMember(&out, "scaler_id", psprintf(INT64_FORMAT, data.scaler->loaded->id));
	AppendJsonTextMember(&out, "fingerprint", BytesToHex(data.scaler->loaded->fingerprint, DIGEST_LENGTH));
	AppendIntegerMember(&out, "rows", state->rows);
	AppendIntegerMember(&out, "sampled", data.nrows);
	appendStringInfo(&out, ", \"sample_is_all\": %s", data.complete ? "true" : "false");
	AppendIntegerMember(&out, "other_scalers", data.background->nothers);
	appendStringInfo(&out, ", \"more_scalers\": %s", data.background->more_others ? "true" : "false");
	AppendJsonTextMember(&out, "verdict", OverallVerdict(&data, findings));
	AppendJsonTextMember(&out, "summary", Summary(&data, findings));
	appendStringInfoString(&out, ", \"features\": [");
	for (int i = 0; i < data.n; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		AppendFindingJson(&out, &data, i, &findings[i]);
	}
	appendStringInfoString(&out, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
