/*
 * range_fit.c
 *		The range of a feature in a fit: by its rule, or of training.
 */
#include "pg/fit/range_fit.h"

#include "pg/base/text.h"
#include "pg/scaler/range_json.h"

void
CheckRangeIsUsed(const FeatureSpec *spec)
{
	if (spec->range_rule.kind != RANGE_OF_TRAINING && spec->outside == OUTSIDE_KEEP)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"range\" says nothing about values that are kept"),
				 errhint("Say what becomes of values outside of the range: {\"outside\": \"clip\"}, \"null\" or \"error\".")));
}

void
CheckRangeTakesWeights(const FeatureSpec *spec, const char *label)
{
	const RangeRule *rule = &spec->range_rule;

	if (rule->kind != RANGE_OF_TRAINING && RangeKindOf(rule)->needs_values)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the range of %s takes no weights", label),
				 errdetail("The range %s is one of values by their ranks.", RangeRuleText(rule)),
				 errhint("With weights a range is a number of deviations from the mean: {\"range\": {\"deviations\": 3}}.")));
	if (rule->kind == RANGE_DEVIATIONS && rule->number[1] != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"ddof\" of a range must be 0 in a fit with weights"),
				 errdetail("What to subtract depends on whether weights are counts or reliabilities.")));
}

void
SetRangeOfFeature(FeatureRecipe *recipe, const RangeRule *rule, const DerivedRange *range, const Moments *moments)
{
	memset(&recipe->range_rule, 0, sizeof(recipe->range_rule));
	TrainingRange(moments, &recipe->lower, &recipe->upper);
	if (range->known && recipe->outside != OUTSIDE_KEEP)
	{
		recipe->range_rule = *rule;
		recipe->lower = range->low;
		recipe->upper = range->high;
	}
}

void
RefuseRange(DeriveResult reason, const RangeRule *rule, const DerivedRange *range, const Moments *moments,
			const char *label)
{
	if (reason == DERIVE_RANGE_ONE_VALUE)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("the range %s of %s is the single value %s", RangeRuleText(rule), label, FloatText(range->low)),
				 errdetail("Its values range from %s to %s.", FloatText(moments->min), FloatText(moments->max)),
				 errhint("Most of its values are equal. Leave out option \"range\" for it, choose a wider range, "
						 "or have it give NULL: {\"unfit\": \"null\"}.")));
	if (reason == DERIVE_RANGE_EMPTY)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("the range %s of %s has no values", RangeRuleText(rule), label),
				 errdetail("It goes from %s to %s, and of " INT64_FORMAT " values none lies there.",
						   FloatText(range->low), FloatText(range->high), moments->count),
				 errhint("Choose a wider range, or {\"outside\": \"clip\"}, or have the feature give NULL: {\"unfit\": \"null\"}.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the range %s of %s lies beyond float8", RangeRuleText(rule), label),
			 errdetail("Its values range from %s to %s.", FloatText(moments->min), FloatText(moments->max)),
			 errhint("Rescale the column, leave out option \"range\" for it, or have it give NULL: {\"unfit\": \"null\"}.")));
}
