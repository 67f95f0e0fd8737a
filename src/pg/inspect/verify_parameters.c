/*
 * verify_parameters.c
 *		The function verify(): deriving a scaler's parameters from its profile once more.
 */
#include "pg/inspect/verify_report.h"

#include <math.h>

#include "core/scaler/domain.h"
#include "core/scaler/parameter_bounds.h"
#include "core/scaler/recipe_steps.h"
#include "core/values/most_frequent.h"
#include "miscadmin.h"
#include "pg/base/text.h"
#include "pg/fit/rederive.h"

/* ---- one scaler ---- */

/* Return whether the imputed value can come from this profile.  *exact says whether it was compared bit for bit. */
static bool
ImputedIsPlausible(const FeatureRecipe *f, const Profile *profile, int i, const WeightedSums *weighted, bool *exact)
{
	const Moments *m = &profile->moments[i];
	double		expected = f->imputed;

	switch (f->missing)
	{
		case MISSING_ZERO:
			expected = 0;
			break;
		case MISSING_MEAN:
			expected = weighted ? WeightedMean(weighted) : MomentsMean(m);
			break;
		case MISSING_MIN:
			expected = m->min;
			break;
		case MISSING_MAX:
			expected = m->max;
			break;
		case MISSING_MEDIAN:
			*exact = false;
			return profile->histograms == NULL || CellsHoldMedian(f->imputed, m, &profile->histograms[i]);
		case MISSING_MOST_FREQUENT:
			*exact = profile->histograms && HistogramIsExact(&profile->histograms[i]);
			return profile->histograms == NULL ||
				CanBeMostFrequent(&profile->histograms[i], m->min, m->max, f->imputed);
		default:
			break;
	}
	return DoubleBits(CanonicalZero(expected)) == DoubleBits(f->imputed);
}

/* How far a profile determines a feature's parameters. */
typedef enum Evident
{
	EVIDENT_EXACTLY,			/* compared bit for bit */
	EVIDENT_WITHIN,				/* compared with the cells of the distribution */
	NOT_EVIDENT,
	GIVEN						/* they were given, and follow from nothing */
} Evident;

/* Return whether a feature's parameters can come from this profile, and set *evident to how far that was checked. */
static bool
ParametersArePlausible(const FeatureRecipe *f, const Profile *profile, int i, Evident *evident)
{
	*evident = f->imported ? GIVEN : NOT_EVIDENT;
	if (profile->histograms == NULL || f->imported || f->global || f->shifted || f->nbefore > 0 ||
		f->domain.policy != DOMAIN_KEEP || (FeatureHasRangeRule(f) && !f->range_rule.of_all) ||
		f->method->parameters_fit == NULL)
		return true;
	*evident = EVIDENT_WITHIN;
	return f->method->parameters_fit(f, &profile->moments[i], &profile->histograms[i]);
}

/* Return whether the steps of a feature are those that were derived, bit for bit. */
static bool
SameStepsBefore(const FeatureRecipe *f, const FeatureRecipe *derived)
{
	ByteWriter	own;
	ByteWriter	again;

	if (f->nbefore != derived->nbefore)
		return false;
	WriterInit(&own, 64);
	WriterInit(&again, 64);
	PutSteps(&own, f);
	PutSteps(&again, derived);
	PutDomainRule(&own, &f->domain);
	PutDomainRule(&again, &derived->domain);
	return own.length == again.length && memcmp(own.data, again.data, own.length) == 0;
}

/*
 * Return what is wrong with a feature's range, or NULL.
 *
 * "derived" has the ends that a rule for it gives, or NaN if the profile does not tell.  Then *evident says how far
 * they were checked.
 */
static char *
WrongRange(const FeatureRecipe *f, const FeatureRecipe *derived, const Profile *profile, int i, Evident *evident)
{
	const Moments *m = &profile->moments[i];
	char	   *label = FeatureLabel(f->name, i);
	double		lower = derived->lower;
	double		upper = derived->upper;

	if (!FeatureHasRangeRule(f))
	{
		TrainingRange(m, &lower, &upper);
		if (DoubleBits(f->lower) != DoubleBits(lower) || DoubleBits(f->upper) != DoubleBits(upper))
			return psprintf("the training range of %s is not that of the profile", label);
		return NULL;
	}
	if (!isnan(lower))
	{
		if (DoubleBits(f->lower) != DoubleBits(lower) || DoubleBits(f->upper) != DoubleBits(upper))
			return psprintf("the range of %s is %.17g to %.17g, the profile gives %.17g to %.17g",
							label, f->lower, f->upper, lower, upper);
		return NULL;
	}
	*evident = profile->histograms && !f->global ? EVIDENT_WITHIN : NOT_EVIDENT;
	if (*evident == EVIDENT_WITHIN && !RangeFits(f, m, &profile->histograms[i]))
		return psprintf("the range of %s is not within what the distribution allows", label);
	return NULL;
}

/* Return whether a function's usual domain refuses a feature, or others that it was fitted with. */
static bool
UsualDomainRefuses(const FeatureRecipe *f, const Moments *m)
{
	const Formula *formula = MethodFormula(f->method, f->option);

	return MethodUsualDomain(f->method, f->option) == DOMAIN_ERROR &&
		(f->global || !RangeInDomain(formula, m->min, m->max));
}

/* Return what is wrong with a feature's parameters, or NULL. */
static char *
ParameterProblem(const Recipe *recipe, const Profile *profile, int i, Rederivation **done, Evident *evident)
{
	const FeatureRecipe *f = &recipe->features[i];
	const Moments *m = &profile->moments[i];
	const WeightedSums *weighted = profile->weighted ? &profile->weighted[i] : NULL;
	char	   *label = FeatureLabel(f->name, i);
	bool		imputed_exactly = true;
	bool		own_lambda = false;
	bool		rederived;
	char	   *problem;
	Evident		range_evident = EVIDENT_EXACTLY;
	FeatureRecipe derived;

	*evident = EVIDENT_EXACTLY;
	rederived = RederiveFeature(recipe, profile, NULL, i, f->unfit ? NULL : &own_lambda, done, &derived);
	problem = WrongRange(f, &derived, profile, i, &range_evident);
	if (problem)
		return problem;
	if (!ImputedIsPlausible(f, profile, i, weighted, &imputed_exactly))
		return psprintf("the value to impute for %s, %.17g, does not follow from the profile", label, f->imputed);
	if (f->unfit)
	{
		/* with finite values only, the method must fail again; otherwise there is nothing to derive from */
		if (rederived && m->count > 0 && MomentsInfinite(m) == 0 && !UsualDomainRefuses(f, m))
		{
			/* steps, a domain or a range, which it does not keep, needed the values */
			if (f->quantiles == QUANTILES_NONE)
				return psprintf("%s is said to have no parameters, and the profile gives some", label);
			*evident = NOT_EVIDENT;
		}
		if (f->imported)
			*evident = GIVEN;
		return NULL;
	}
	if (!rederived)
	{
		if (!ParametersArePlausible(f, profile, i, evident))
			return psprintf("the parameters of %s are not within what the distribution allows", label);
		return NULL;
	}
	if (own_lambda)
		*evident = EVIDENT_WITHIN;
	if (!imputed_exactly)
		*evident = profile->histograms ? EVIDENT_WITHIN : NOT_EVIDENT;
	if (range_evident != EVIDENT_EXACTLY)
		*evident = range_evident;
	if (derived.constant != f->constant)
		return psprintf("%s is %sconstant by the profile", label, derived.constant ? "" : "not ");
	for (int k = 0; k < f->formula->nparams; k++)
		if (DoubleBits(derived.param[k]) != DoubleBits(f->param[k]))
			return psprintf("the %s of %s is %.17g, the profile gives %.17g%s",
							f->formula->param_names[k], label, f->param[k], derived.param[k],
							MethodOptionPlace(f->method, &option_power) >= 0 && k == 0 ?
							"; rounding may have misled an earlier version: fit it anew" : "");
	if (!SameStepsBefore(f, &derived))
		return psprintf("the steps before the last one of %s are not those of the profile", label);
	if (f->formula->table_name &&
		(f->table.length != derived.table.length ||
		 memcmp(f->table.values, derived.table.values, sizeof(double) * f->table.length) != 0))
		return psprintf("the %s of %s are not those of the profile", f->formula->table_name, label);
	return NULL;
}

void
VerifyParameters(const VerifyReport *report, const Recipe *recipe, const Profile *profile)
{
	int			count[GIVEN + 1] = {0};
	Rederivation *done = NULL;
	StringInfoData more;

	for (int i = 0; i < recipe->nfeatures; i++)
	{
		Evident		evident;
		char	   *problem = ParameterProblem(recipe, profile, i, &done, &evident);

		CHECK_FOR_INTERRUPTS();
		if (problem)
		{
			ReportCheck(report, "parameters", false, "%s", problem);
			return;
		}
		count[evident]++;
	}
	initStringInfo(&more);
	if (count[NOT_EVIDENT] > 0)
		appendStringInfo(&more, "; %d that the profile does not tell", count[NOT_EVIDENT]);
	if (count[GIVEN] > 0)
		appendStringInfo(&more, "; %d given, not derived", count[GIVEN]);
	ReportCheck(report, "parameters", true,
				"%d of %d features derived anew, bit for bit; %d checked against the distribution%s",
				count[EVIDENT_EXACTLY], recipe->nfeatures, count[EVIDENT_WITHIN], more.data);
}
