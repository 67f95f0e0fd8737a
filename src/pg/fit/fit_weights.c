/*
 * fit_weights.c
 *		What a fit of rows with weights refuses.
 */
#include "pg/fit/fit_weights.h"

#include "pg/base/text.h"
#include "pg/fit/range_fit.h"

static void
CheckTakesWeights(const FeatureSpec *spec, const char *label)
{
	const Method *without = spec->method->takes_weights ? NULL : spec->method;
	bool		ddof = MethodOptionValue(spec->method, spec->option, &option_ddof) != 0;

	for (int k = spec->nsteps - 2; k >= 0; k--)
	{
		const StepSpec *step = &spec->steps[k];

		if (!step->method->takes_weights)
			without = step->method;
		ddof = ddof || MethodOptionValue(step->method, step->option, &option_ddof) != 0;
	}
	if (without || spec->missing == MISSING_MEDIAN || spec->missing == MISSING_MOST_FREQUENT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s of %s takes no weights",
						without ? psprintf("method %s", without->name) :
						spec->missing == MISSING_MEDIAN ? "the median to impute" : "the most frequent value to impute",
						label),
				 errhint("Weights are for methods that follow from sums, such as standard; repeat rows, or fit without weights.")));
	if (SpecDerivesFromValues(spec) && spec->quantiles == QUANTILES_HISTOGRAM)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"quantiles\" of %s cannot be \"histogram\" in a fit with weights", label),
				 errdetail("The cells of a distribution count values, without their weights."),
				 errhint("Leave it out.")));
	CheckRangeTakesWeights(spec, label);
	if (ddof)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"ddof\" must be 0 in a fit with weights"),
				 errdetail("What to subtract depends on whether weights are counts or reliabilities.")));
}

void
CheckAllTakeWeights(const FitSpec *spec, int nfeatures, char *const *names)
{
	for (int i = 0; i < nfeatures; i++)
	{
		const char *name = names ? names[i] : NULL;

		CheckTakesWeights(SpecOfFeature(spec, name), FeatureLabel(name, i));
	}
}
