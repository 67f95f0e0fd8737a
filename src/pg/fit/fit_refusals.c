/*
 * fit_refusals.c
 *		Why a feature cannot be fitted, and what helps.
 */
#include "pg/fit/fit_refusals.h"

#include "core/scaler/power_fit.h"
#include "pg/base/text.h"
#include "pg/scaler/domain_text.h"

/* If values are larger than this, the unit of the column leaves no room for powers, whatever its zero is. */
#define LARGEST_FOR_POWERS	1e100
#define SMALLEST_FOR_POWERS	1e-100

/*
 * Return what makes the lambda of a column usable.
 *
 * Once the end of the range around which values crowd is moved to 0, the lambda of Yeo and Johnson is usable:
 * what lies there is transformed to about 0, where float8 is finest, and other values are bent towards it, away
 * from the limits of float8.
 */
static char *
RemedyOfColumn(const Moments *moments, double lambda)
{
	double		largest = fmax(fabs(moments->min), fabs(moments->max));

	if (largest > LARGEST_FOR_POWERS || largest < SMALLEST_FOR_POWERS)
		return psprintf("Divide the column by %s, here and where it is normalized", FloatText(largest));
	return psprintf("Subtract %s from the column, here and where it is normalized, and use {\"method\": \"yeo-johnson\"}",
					FloatText(lambda > 1 ? moments->max : moments->min));
}

/*
 * Return whether a bound of lambda is the upper one.  The lambda that stands for the logarithm lies between the
 * bounds.
 */
static bool
IsUpperBound(const Moments *moments, double lambda)
{
	return lambda > (moments->min >= 0 ? 0 : moments->max <= 0 ? 2 : 1);
}

/* Report that the lambda of maximum likelihood cannot be used with float8. */
pg_noreturn static void
LambdaIsOfNoUse(DeriveResult result, const FeatureSpec *spec, const Moments *moments, const Derived *derived,
				const char *label)
{
	double		lambda = derived->param[0];
	char	   *bounded = spec->bounded && !spec->global ? "" :
		"; or take the nearest lambda that serves: {\"lambda\": \"bounded\"}";
	char	   *remedy = RemedyOfColumn(moments, lambda);

	if (result == DERIVE_OVERFLOWS)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the lambda of %s transforms values beyond float8", label),
				 errdetail("The likelihood of values from %s to %s asks for a lambda %s %s.",
						   FloatText(moments->min), FloatText(moments->max),
						   IsUpperBound(moments, lambda) ? "above" : "below", FloatText(lambda)),
				 errhint("%s%s; or have the feature give NULL: {\"unfit\": \"null\"}.", remedy, bounded)));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("float8 does not tell the values of %s apart once they are transformed", label),
			 errdetail("By lambda %s, the results of values from %s to %s have steps of %.2g standard deviations; at most %.2g is taken.",
					   FloatText(lambda), FloatText(moments->min), FloatText(moments->max), derived->step,
					   POWER_LARGEST_STEP),
			 errhint("%s%s; or have the feature give NULL: {\"unfit\": \"null\"}.", remedy, bounded)));
}

/* Return the name of a method and, if an option chooses it, of its formula, such as: power (box-cox). */
static const char *
NameWithChoice(const Method *method, const double *option)
{
	if (method->chooser == NULL || method->chooser->kind != OPTION_CHOICE)
		return method->name;
	return psprintf("%s (%s)", method->name,
					method->chooser->choices[(int) MethodOptionValue(method, option, method->chooser)]);
}

void
RefuseFeature(DeriveResult reason, const FeatureSpec *spec, const double *option, const Moments *moments,
			  const Derived *derived, double undefined, const char *label)
{
	double		quantiles = MethodOptionValue(spec->method, option, &option_n_quantiles);

	switch (reason)
	{
		case DERIVE_INFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s has infinite values, " INT64_FORMAT " of " INT64_FORMAT,
							label, MomentsInfinite(moments), moments->count + MomentsInfinite(moments)),
					 errhint("Exclude them with FILTER, make them NULL, or fit without counting them: {\"infinite\": \"skip\"}.")));
			break;
		case DERIVE_NO_VALUES:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("%s has no values", label),
					 errdetail("Of " INT64_FORMAT " rows, " INT64_FORMAT " are NULL, " INT64_FORMAT " NaN and " INT64_FORMAT " infinite.",
							   MomentsMissing(moments) + MomentsInfinite(moments), moments->nulls, moments->nans,
							   MomentsInfinite(moments)),
					 errhint("Leave the feature out with option \"columns\" or \"exclude\", or say what it shall give: "
							 "{\"empty\": \"null\"}, or {\"empty\": \"unit\"} for values as they are.")));
			break;
		case DERIVE_NOT_POSITIVE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("method %s needs values above %s, and %s has %s",
							NameWithChoice(spec->method, option),
							FloatText(derived->least), label, FloatText(moments->min)),
					 errhint("Shift the column, exclude such rows with FILTER, use {\"method\": \"yeo-johnson\"} of method power, which takes all values, "
							 "or have the feature give NULL: {\"unfit\": \"null\"}.")));
			break;
		case DERIVE_UNDEFINED:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s has %s, for which method %s is not defined",
							label, FloatText(undefined), NameWithChoice(spec->method, option)),
					 errdetail("It is defined for values %s.",
							   DomainText(MethodFormula(spec->method, option)->domain)),
					 errhint("Exclude such rows with FILTER, shift the column, or say what becomes of such values: "
							 "{\"domain\": \"null\"} or {\"domain\": \"clip\"}.")));
			break;
		case DERIVE_SINGULAR:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("the values of %s do not determine a lambda", label),
					 errdetail("They range from %s to %s, " INT64_FORMAT " of them.",
							   FloatText(moments->min), FloatText(moments->max), moments->count),
					 errhint("Leave the feature out, choose another method for it, or have it give NULL: {\"unfit\": \"null\"}.")));
			break;
		case DERIVE_OVERFLOWS:
		case DERIVE_COLLAPSES:
			LambdaIsOfNoUse(reason, spec, moments, derived, label);
			break;
		case DERIVE_FEWER_THAN_QUANTILES:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"n_quantiles\" is %.0f, but %s has " INT64_FORMAT " values",
							quantiles, label, moments->count),
					 errhint("Ask for as many quantiles as there are values, and at most so many: {\"max_quantiles\": %.0f}.", quantiles)));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("method %s gives %s a parameter beyond float8", spec->method->name, label),
					 errdetail("Its values range from %s to %s.", FloatText(moments->min), FloatText(moments->max)),
					 errhint("Rescale the column, choose another method for it, or have it give NULL: {\"unfit\": \"null\"}.")));
			break;
	}
	pg_unreachable();
}
