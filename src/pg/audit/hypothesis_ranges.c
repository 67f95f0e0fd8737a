/*
 * hypothesis_ranges.c
 *		Hypotheses by which values were winsorized or trimmed differently than the scaler's rule says.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"
#include "pg/scaler/range_json.h"

/* Return the feature as a fit makes it that differs in nothing but rule and policy; NULL if it cannot be fitted. */
static FeatureRecipe *
FitByRule(const HypothesisList *list, const RangeRule *rule, uint8 outside, const Profile *profile, int index,
		  ValueStore *store)
{
	FeatureRecipe like = *list->recipe;
	FeatureRecipe *derived;

	like.range_rule = *rule;
	like.outside = outside;
	derived = FitVariant(&like, like.method, like.option, like.quantiles, profile, index, store);
	if (derived && profile != &list->data->live)
		KeepImputed(derived, list->recipe);
	return derived;
}

/* Add fits by a rule: to the training set and, if that is another, to the audited values.  "how" is the detail. */
static void
AddRule(HypothesisList *list, const HypothesisKind *kind, const RangeRule *rule, uint8 outside, const char *how)
{
	AuditData  *data = list->data;
	ValueStore *store = data->state->stores && data->scaler->stored[list->feature] ?
		&data->state->stores[list->feature] : NULL;
	bool		is_training = IsTrainingData(list);
	FeatureRecipe *derived = NULL;

	/* where the profile does not tell, the audited values may be the training set */
	if (data->background->trained)
		derived = FitByRule(list, rule, outside, &data->background->training, data->of_training[list->feature],
							is_training ? store : NULL);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, psprintf("%s, of the training set", how));
	if (is_training)
		return;
	derived = FitByRule(list, rule, outside, &data->live, list->feature, store);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, psprintf("%s, of this data", how));
}

/* The values were neither clipped nor trimmed, with the scaler's own parameters or with those of all values. */
void
ProposeNotWinsorized(HypothesisList *list, const HypothesisKind *kind)
{
	static const RangeRule no_rule = {RANGE_OF_TRAINING};
	const FeatureRecipe *own = list->recipe;
	FeatureRecipe *kept;

	if (ListIsOfRows(list) || !FeatureHasRangeRule(own))
		return;
	kept = palloc(sizeof(FeatureRecipe));
	*kept = *own;
	kept->outside = OUTSIDE_KEEP;
	AddHypothesis(list, kind, kept, APPLY_ONCE, "though the parameters are the scaler's");
	if (!own->range_rule.of_all && !own->method->given)
		AddRule(list, kind, &no_rule, OUTSIDE_KEEP, "and the parameters are those of all values");
}

/* Rules that are used often; percentiles with both tails alike. */
static const struct
{
	RangeKind	kind;
	double		number[2];
}			usual_rules[] = {
	{RANGE_PERCENTILES, {0.1, 99.9}},
	{RANGE_PERCENTILES, {0.5, 99.5}},
	{RANGE_PERCENTILES, {1, 99}},
	{RANGE_PERCENTILES, {2, 98}},
	{RANGE_PERCENTILES, {2.5, 97.5}},
	{RANGE_PERCENTILES, {5, 95}},
	{RANGE_PERCENTILES, {10, 90}},
	{RANGE_FRACTION, {0.01, 0.01}},
	{RANGE_FRACTION, {0.025, 0.025}},
	{RANGE_FRACTION, {0.05, 0.05}},
	{RANGE_DEVIATIONS, {2, 0}},
	{RANGE_DEVIATIONS, {3, 0}},
	{RANGE_DEVIATIONS, {3, 1}},
	{RANGE_MAD, {3, 1.4826}},
	{RANGE_MAD, {3, 1}},
	{RANGE_IQR, {1.5, 0}},
	{RANGE_IQR, {3, 0}},
};

/* Values were clipped or trimmed by another rule, at other ends, or after the statistics were taken. */
void
ProposeOtherRules(HypothesisList *list, const HypothesisKind *kind)
{
	const FeatureRecipe *own = list->recipe;
	RangeRule	other = own->range_rule;

	if (ListIsOfRows(list) || !FeatureHasRangeRule(own))
		return;
	other.of_all = !own->range_rule.of_all;
	AddRule(list, kind, &other, own->outside, other.of_all ? "after the statistics were taken" : "before the statistics were taken");
	for (int r = 0; r < lengthof(usual_rules); r++)
	{
		RangeRule	rule = {.kind = usual_rules[r].kind, .of_all = own->range_rule.of_all};

		CHECK_FOR_INTERRUPTS();
		memcpy(rule.number, usual_rules[r].number, sizeof(rule.number));
		if (!SameRangeRule(&rule, &own->range_rule))
			AddRule(list, kind, &rule, own->outside, RangeRuleText(&rule));
	}
}
