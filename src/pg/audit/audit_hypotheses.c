/*
 * audit_hypotheses.c
 *		The table of hypotheses.  Each row of it proposes ways in which the observed values of a
 *		feature may have come about.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"
#include "pg/base/text.h"

/* ---- applied otherwise ---- */

/* The values were not scaled.  */
static void
ProposeNotApplied(HypothesisList *list, const HypothesisKind *kind)
{
	AddHypothesis(list, kind, NULL, APPLY_NOT, NULL);
}

/*
 * Return the scaler's output for its own output, [feature][row], computed once for all features.
 *
 * Only formulas of whole rows need it; others are applied twice by APPLY_TWICE.
 */
static double **
AppliedTwice(AuditData *data)
{
	MemoryContext old;
	double	   *row;
	double	   *result;
	OutputKind *kinds;

	if (data->twice)
		return data->twice;
	old = MemoryContextSwitchTo(data->context);
	row = palloc(sizeof(double) * data->n);
	result = palloc(sizeof(double) * data->n);
	kinds = palloc(sizeof(OutputKind) * data->n);
	data->twice = palloc(sizeof(double *) * data->n);
	for (int i = 0; i < data->n; i++)
		data->twice[i] = palloc(sizeof(double) * data->nrows);
	for (int r = 0; r < data->nrows; r++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < data->n; i++)
			row[i] = data->expected[i][r];
		AuditExpect(data->scaler, data->state->single, row, NULL, result, kinds);
		for (int i = 0; i < data->n; i++)
			data->twice[i][r] = result[i];
	}
	MemoryContextSwitchTo(old);
	return data->twice;
}

/* The scaler was applied twice.  */
static void
ProposeTwice(HypothesisList *list, const HypothesisKind *kind)
{
	if (ListIsOfRows(list))
		AddHypothesis(list, kind, NULL, APPLY_NOT, NULL)->predicted = AppliedTwice(list->data)[list->feature];
	else
		AddHypothesis(list, kind, list->recipe, APPLY_TWICE, NULL);
}

/* The scaler was inverted: denormalize() was called instead of normalize().  */
static void
ProposeInverse(HypothesisList *list, const HypothesisKind *kind)
{
	if (FeatureHasInverse(list->recipe))
		AddHypothesis(list, kind, list->recipe, APPLY_INVERSE, NULL);
}

/* ---- swapped columns ---- */

/*
 * Add the hypothesis that the values of feature "other" stand in this feature's place, unless a glance at the
 * first rows rules it out.
 *
 * "recipe" scales the raw values of the other feature.  If it is NULL, "predicted" has the values instead.  "how"
 * is the detail, with a %s for the name of the other feature.
 */
static void
ProposeSwap(HypothesisList *list, const HypothesisKind *kind, int other, const FeatureRecipe *recipe,
			const double *predicted, const char *how)
{
	Hypothesis *h = AddHypothesis(list, kind, recipe, recipe ? APPLY_ONCE : APPLY_NOT, NULL);

	h->x = list->data->raw[other];
	h->predicted = predicted;
	h->other = other;
	if (IsWorthATrial(list, h))
		h->detail = psprintf(how, FeatureLabel(list->data->recipe.features[other].name, other));
	else
		list->count--;
}

/*
 * Two columns were swapped: the scaled values of another feature are here, or its raw values were scaled by
 * this one's parameters.
 */
static void
ProposeSwaps(HypothesisList *list, const HypothesisKind *kind)
{
	static const char *const scaled = "the scaled values of %s stand in its place";

	for (int j = 0; j < list->data->n; j++)
	{
		const FeatureRecipe *other = &list->data->recipe.features[j];

		CHECK_FOR_INTERRUPTS();
		if (j == list->feature)
			continue;
		if (!ListIsOfRows(list))
			ProposeSwap(list, kind, j, list->recipe, NULL, "the raw values of %s were scaled in its place");
		if (FormulaIsOfRows(other->formula))
			ProposeSwap(list, kind, j, NULL, list->data->expected[j], scaled);
		else
			ProposeSwap(list, kind, j, other, NULL, scaled);
	}
}

/* ---- other versions ---- */

/* Another frozen scaler was applied.  */
static void
ProposeVersions(HypothesisList *list, const HypothesisKind *kind)
{
	for (int o = 0; o < list->data->background->nothers; o++)
	{
		const FrozenScaler *other = &list->data->background->others[o];
		const FeatureRecipe *feature = FeatureOfOther(list->data, o, list->feature);

		if (feature == NULL || FormulaIsOfRows(feature->formula) ||
			(SameParameters(feature, list->recipe) && ClipAlike(feature, list->recipe)))
			continue;
		AddHypothesis(list, kind, feature, APPLY_ONCE,
					  OtherText(other))->other = o;
	}
}

/* ---- the table ---- */

const HypothesisKind hypothesis_kinds[] = {
	{"not_applied", FAMILY_OF_ITS_OWN, false, "the values are the raw ones", ProposeNotApplied},
	{"applied_twice", FAMILY_OF_ITS_OWN, false, "the scaler was applied to its own output", ProposeTwice},
	{"inverse_applied", FAMILY_OF_ITS_OWN, false, "the inverse was applied in place of the scaler", ProposeInverse},
	{"columns_swapped", FAMILY_OF_ITS_OWN, false, "it was taken for another column", ProposeSwaps},
	{"another_version", FAMILY_OF_ITS_OWN, false, "another frozen scaler was applied", ProposeVersions},
	{"refitted", FAMILY_OF_ITS_OWN, false, "the scaler was fitted again, to this data", ProposeRefit, true},
	{"sample_deviation", FAMILY_OF_ITS_OWN, false,
		"divided by the sample deviation (ddof 1) of the training set, not the population deviation",
	ProposeSampleDeviation, true},
	{"population_deviation", FAMILY_OF_ITS_OWN, false,
		"divided by the population deviation (ddof 0) of the training set, not the sample deviation",
	ProposePopulationDeviation, true},
	{"other_range", FAMILY_METHOD, false, "scaled to another output range", ProposeRanges},
	{"other_method", FAMILY_METHOD, false, "scaled by another method", ProposeMethods},
	{"missing_step", FAMILY_OF_ITS_OWN, false, "a step was left out", ProposeMissingStep},
	{"swapped_steps", FAMILY_OF_ITS_OWN, false, "two steps were applied in the other order", ProposeSwappedSteps},
	{"rounded_parameters", FAMILY_PARAMETERS, false, "the parameters were rounded", ProposeRoundedParameters},
	{"rounded_input", FAMILY_ROUNDED, false, "the raw values were rounded first", ProposeRoundedInput},
	{"float4_rounding", FAMILY_FLOAT4, false, "the results were rounded to float4", ProposeFloat4Rounding},
	{"float4_arithmetic", FAMILY_FLOAT4, false, "computed in float4", ProposeFloat4Arithmetic},
	{"float4_input", FAMILY_FLOAT4, false, "the raw values were rounded to float4 first", ProposeFloat4Input},
	{"float8_arithmetic", FAMILY_FLOAT4, false, "computed in float8 and rounded at the end, not in float4",
	ProposeFloat8Arithmetic},
	{"reciprocal", FAMILY_ARITHMETIC, false, "multiplied by a reciprocal where the scaler divides", ProposeArithmetic},
	{"other_arithmetic", FAMILY_ARITHMETIC, false, "the same parameters in another order of operations",
	ProposeArithmetic},
	{"clipped", FAMILY_CLIP, false, "the results were clipped", ProposeClipped},
	{"policy_ignored", FAMILY_POLICY, false, "a policy of the scaler was not followed", ProposePolicyIgnored},
	{"not_winsorized", FAMILY_POLICY, false, "values outside of the range were kept", ProposeNotWinsorized},
	{"other_winsorizing", FAMILY_POLICY, false, "winsorized or trimmed by another rule", ProposeOtherRules},
	{"missing_as_mean", FAMILY_MISSING, false, "missing values were replaced by the mean", ProposeMissingAsMean},
	{"missing_as_median", FAMILY_MISSING, false, "missing values were replaced by the median", ProposeMissingAsMedian},
	{"missing_as_zero", FAMILY_MISSING, false, "missing values were replaced by 0 before scaling",
	ProposeMissingAsZero},
	{"zero_for_missing", FAMILY_MISSING, false, "missing results were replaced by 0 after scaling",
	ProposeZeroForMissing},
	{"results_missing", FAMILY_ABSENT, false, "there is no value where the scaler gives one", ProposeResultsMissing},
	{"unit_factor", FAMILY_OF_ITS_OWN, false, "the raw values that were scaled were in another unit", ProposeUnits},
	{"rounded_results", FAMILY_ROUNDED, false, "the results were rounded", ProposeRoundedResults},
	{"missing_replaced", FAMILY_MISSING, true, "missing values were replaced by some constant", ProposeMissingReplaced},
	{"other_parameters", FAMILY_OF_ITS_OWN, true, "scaled with other parameters, from wherever", ProposeLine},
	{NULL, FAMILY_OF_ITS_OWN, false, NULL, NULL}
};

/*
 * Of hypotheses by which the scaler was fitted differently, propose the same without its clip: who fits it anew may
 * have forgotten that, too.
 */
static void
ProposeUnclipped(HypothesisList *list, const HypothesisKind *kind, int first)
{
	int			end = list->count;
	double		low;
	double		high;

	for (int i = first; i < end && kind->fits; i++)
	{
		Hypothesis	h = list->hypotheses[i];

		/* with the scaler's own parameters, that is a policy that was ignored */
		if (!FeatureClips(h.explanation.recipe, &low, &high) || SameParameters(h.explanation.recipe, list->recipe))
			continue;
		AddHypothesis(list, kind, WithoutClip(h.explanation.recipe), APPLY_ONCE,
					  h.detail ? psprintf("%s; results were not clipped", h.detail) : "results were not clipped");
	}
}

/* Have the rows of the table propose their hypotheses: those that are fallbacks, or those that are not.  */
void
ProposeHypotheses(HypothesisList *list, bool fallbacks)
{
	for (const HypothesisKind *kind = hypothesis_kinds; kind->name; kind++)
		if (kind->fallback == fallbacks)
		{
			int			first = list->count;

			CHECK_FOR_INTERRUPTS();
			kind->propose(list, kind);
			ProposeUnclipped(list, kind, first);
		}
}
