/*
 * verify_parameters.c
 *		verify(): do a scaler's parameters follow from its profile?
 */
#include "pg/inspect/verify_report.h"

#include "core/scaler/quantile_map.h"
#include "core/base/elementary.h"
#include "miscadmin.h"
#include "pg/base/text.h"
#include "pg/fit/fit.h"

/* ---- one scaler ---- */

/*
 * Exact quantiles cannot be derived from a distribution that is not exact,
 * but its cells bound them: an interval that must hold a percentile.
 */
typedef struct Bounds
{
	double		low;
	double		high;
} Bounds;

static Bounds
RankBounds(const Profile *profile, int i, uint64 first, uint64 last)
{
	const Moments *m = &profile->moments[i];
	Bounds		bounds;
	double		ignored;

	HistogramOrderBounds(&profile->histograms[i], first, m->min, m->max, &bounds.low, &ignored);
	HistogramOrderBounds(&profile->histograms[i], last, m->min, m->max, &ignored, &bounds.high);
	return bounds;
}

static Bounds
MedianBounds(const Profile *profile, int i)
{
	uint64		n = (uint64) profile->moments[i].count;

	return RankBounds(profile, i, (n - 1) / 2, n / 2);
}

static Bounds
PercentileBounds(const Profile *profile, int i, double percent)
{
	uint64		n = (uint64) profile->moments[i].count;
	uint64		rank = (uint64) ((double) (n - 1) * (percent / 100.0));

	return RankBounds(profile, i, Min(rank, n - 1), Min(rank + 1, n - 1));
}

static bool
Within(double value, Bounds bounds)
{
	return value >= bounds.low && value <= bounds.high;
}

static double
Option(const FeatureRecipe *f, const MethodOption *option)
{
	return MethodOptionValue(f->method, f->option, option);
}

/* Center and scale of a robust feature against the bounds. */
static bool
RobustIsPlausible(const FeatureRecipe *f, const Profile *profile, int i)
{
	const double *percents = f->option + MethodOptionPlace(f->method, &option_quantile_range);
	const double *param = f->param;
	Bounds		upper;
	Bounds		lower;
	Bounds		range;

	if (Option(f, &option_with_centering) != 0 && !Within(*param++, MedianBounds(profile, i)))
		return false;
	if (Option(f, &option_with_scaling) == 0)
		return *param == 1.0;
	upper = PercentileBounds(profile, i, percents[1]);
	lower = PercentileBounds(profile, i, percents[0]);
	range.low = upper.low - lower.high;
	range.high = upper.high - lower.low;
	if (f->constant)
		range.low = range.high = 1.0;
	if (Option(f, &option_unit_variance) != 0)
	{
		double		divisor = NormalQuantile(percents[1] / 100.0) - NormalQuantile(percents[0] / 100.0);

		range.low /= divisor;
		range.high /= divisor;
	}
	return Within(*param, range);
}

/* The imputed value, if the profile tells it; *exact says whether it was compared bit for bit. */
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
			return profile->histograms == NULL || Within(f->imputed, MedianBounds(profile, i));
		default:
			break;
	}
	return DoubleBits(CanonicalZero(expected)) == DoubleBits(f->imputed);
}

/* How much the profile tells of a feature's parameters. */
typedef enum Evident
{
	EVIDENT_EXACTLY,			/* compared bit for bit */
	EVIDENT_WITHIN,				/* held against the cells of the distribution */
	NOT_EVIDENT,
	GIVEN						/* there is nothing that they follow from */
} Evident;

/* Each quantile against the cells that must hold it. */
static bool
QuantilesArePlausible(const FeatureRecipe *f, const Profile *profile, int i)
{
	int			n = (int) f->table.length;

	for (int k = 0; k < n; k++)
		if (!Within(f->table.values[k], PercentileBounds(profile, i, ReferenceProbability(k, n) * 100.0)))
			return false;
	return true;
}

static bool
CenterIsMedian(const FeatureRecipe *f, const Profile *profile, int i)
{
	return Option(f, &option_with_centering) == 0 || Within(f->param[0], MedianBounds(profile, i));
}

/* What cells can say of a method's parameters: all of them, or as with mad some. */
static const struct
{
	const char *method;
	bool		(*is_plausible) (const FeatureRecipe *f, const Profile *profile, int i);
}			plausibility[] = {
	{"robust", RobustIsPlausible},
	{"mad", CenterIsMedian},
	{"quantile", QuantilesArePlausible},
};

/* Can they be parameters of this profile?  Sets *evident. */
static bool
ParametersArePlausible(const FeatureRecipe *f, const Profile *profile, int i, Evident *evident)
{
	*evident = f->imported ? GIVEN : NOT_EVIDENT;
	if (profile->histograms == NULL || f->imported || f->global || f->shifted)
		return true;
	for (int m = 0; m < lengthof(plausibility); m++)
		if (strcmp(plausibility[m].method, f->method->name) == 0)
		{
			*evident = EVIDENT_WITHIN;
			return plausibility[m].is_plausible(f, profile, i);
		}
	return true;
}

/* What is wrong with one feature's parameters, or NULL. */
static char *
ParameterProblem(const Recipe *recipe, const Profile *profile, int i, Rederivation **done, Evident *evident)
{
	const FeatureRecipe *f = &recipe->features[i];
	const Moments *m = &profile->moments[i];
	const WeightedSums *weighted = profile->weighted ? &profile->weighted[i] : NULL;
	char	   *label = FeatureLabel(f->name, i);
	bool		imputed_exactly = true;
	double		lower;
	double		upper;
	bool		own_lambda = false;
	FeatureRecipe derived;

	*evident = EVIDENT_EXACTLY;
	TrainingRange(m, &lower, &upper);
	if (DoubleBits(f->lower) != DoubleBits(lower) || DoubleBits(f->upper) != DoubleBits(upper))
		return psprintf("the training range of %s is not that of the profile", label);
	if (!ImputedIsPlausible(f, profile, i, weighted, &imputed_exactly))
		return psprintf("the value to impute for %s, %.17g, does not follow from the profile", label, f->imputed);
	if (f->unfit)
	{
		/* nothing follows from no values, and from infinities: else its method must fail again */
		if (!f->imported && m->count > 0 && MomentsInfinite(m) == 0 &&
			RederiveFeature(recipe, profile, NULL, i, NULL, done, &derived))
			return psprintf("%s is said to have no parameters, and the profile gives some", label);
		if (f->imported)
			*evident = GIVEN;
		return NULL;
	}
	if (!RederiveFeature(recipe, profile, NULL, i, &own_lambda, done, &derived))
	{
		if (!ParametersArePlausible(f, profile, i, evident))
			return psprintf("the parameters of %s are not within what the distribution allows", label);
		return NULL;
	}
	if (own_lambda)
		*evident = EVIDENT_WITHIN;
	if (!imputed_exactly)
		*evident = profile->histograms ? EVIDENT_WITHIN : NOT_EVIDENT;
	if (derived.constant != f->constant)
		return psprintf("%s is %sconstant by the profile", label, derived.constant ? "" : "not ");
	for (int k = 0; k < f->formula->nparams; k++)
		if (DoubleBits(derived.param[k]) != DoubleBits(f->param[k]))
			return psprintf("the %s of %s is %.17g, the profile gives %.17g%s",
							f->formula->param_names[k], label, f->param[k], derived.param[k],
							MethodOptionPlace(f->method, &option_power) >= 0 && k == 0 ?
							"; rounding may have misled an earlier version: fit it anew" : "");
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
	ReportCheck(report, "parameters", true, "%d of %d features derived anew, bit for bit; %d checked against the distribution%s",
				count[EVIDENT_EXACTLY], recipe->nfeatures, count[EVIDENT_WITHIN], more.data);
}
