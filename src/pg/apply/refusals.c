/*
 * refusals.c
 *		The errors for what a scaler cannot be applied to.
 */
#include "pg/apply/refusals.h"

#include "core/scaler/inverse_gaps.h"
#include "pg/base/text.h"
#include "pg/scaler/domain_text.h"

static char *
LabelOfFeature(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	return FeatureLabel(feature->name, (int) (feature - scaler->recipe.features));
}

void
RefuseCount(const LoadedScaler *scaler, int n)
{
	ereport(ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg_plural("scaler " INT64_FORMAT " expects %d feature, the array has %d",
						   "scaler " INT64_FORMAT " expects %d features, the array has %d",
						   scaler->transform.ninputs, scaler->id, scaler->transform.ninputs, n),
			 scaler->recipe.named ?
			 errhint("SELECT normfreeze.feature_names(" INT64_FORMAT ") lists them in their order.", scaler->id) : 0));
}

void
RefuseUnnamed(const LoadedScaler *scaler, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match %s by",
					scaler->id, what),
			 errhint("Pass an array, or fit with option \"names\".")));
}

void
RefuseInverse(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of scaler " INT64_FORMAT " cannot be denormalized",
					LabelOfFeature(scaler, feature), scaler->id),
			 feature->formula->inverse ? errdetail("It was multiplied by zero.") :
			 errdetail("Method %s divides by a norm of each row, which the result does not hold.",
					   feature->method->name)));
}

void
RefuseWithoutRow(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of scaler " INT64_FORMAT " needs the other features of its row",
					LabelOfFeature(scaler, feature), scaler->id),
			 errhint("Method %s divides by a norm of the row: pass the row, a jsonb object or an array.",
					 feature->method->name)));
}

pg_noreturn static void
RefuseUndefined(const LoadedScaler *scaler, const FeatureRecipe *feature, double first)
{
	double		value;
	const Formula *formula = FeatureUndefinedFor(feature, first, false, &value);
	char	   *label = LabelOfFeature(scaler, feature);

	/* what is undefined in float4 alone */
	if (InDomain(formula, value))
		formula = FeatureUndefinedFor(feature, first, true, &value);
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is %s, for which %s of scaler " INT64_FORMAT " is not defined",
					label, FloatText(first), formula->name, scaler->id),
			 errdetail("It is defined for values %s, and would be given %s.", DomainText(formula->domain),
					   FloatText(value)),
			 errhint("Fit with {\"domain\": \"null\"} or {\"domain\": \"clip\"} to have a result for such values.")));
}

void
RefuseGap(const LoadedScaler *scaler, int slot, double result, bool single)
{
	const FeatureRecipe *feature = scaler->transform.slots[slot];
	double		value;
	const Formula *formula = FeatureGapOf(feature, result, single, &value);

	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s cannot be denormalized from %s, for which %s of scaler " INT64_FORMAT " has no inverse",
					LabelOfFeature(scaler, feature), FloatText(result), formula->name, scaler->id),
			 errdetail("%s has no value whose result is %s, which it would be given.", formula->name, FloatText(value)),
			 errhint("No normalized value is %s. Clip what a model predicts to results that there can be.",
					 FloatText(result))));
}

void
RefuseValue(const LoadedScaler *scaler, TransformResult reason, int slot, double value)
{
	const FeatureRecipe *feature = scaler->transform.slots[slot];
	char	   *label = LabelOfFeature(scaler, feature);

	if (reason == TRANSFORM_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is missing, which scaler " INT64_FORMAT " refuses", label, scaler->id),
				 errhint("It was fitted with {\"missing\": \"error\"}.")));
	if (reason == TRANSFORM_DOMAIN)
		RefuseUndefined(scaler, feature, value);
	if (FeatureHasRangeRule(feature))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is %s, outside the range of scaler " INT64_FORMAT, label, FloatText(value), scaler->id),
				 errdetail("The range is %s to %s.", FloatText(feature->lower), FloatText(feature->upper)),
				 errhint("It was fitted with {\"outside\": \"error\"}.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is %s, outside the training range of scaler " INT64_FORMAT,
					label, FloatText(value), scaler->id),
			 errdetail("The range is %s to %s.", FloatText(feature->lower), FloatText(feature->upper)),
			 errhint("It was fitted with {\"outside\": \"error\"}.")));
}
