/*
 * fit.c
 *		Deriving the recipe of a scaler from a profile.
 */
#include "pg/fit/fit.h"

#include "core/base/memory.h"
#include "core/scaler/power_fit.h"
#include "pg/base/call.h"
#include "pg/base/digest.h"
#include "pg/base/settings.h"
#include "pg/base/text.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"

#define TABLE_SHARE		8		/* of normfreeze.fit_memory */
#define LEAST_MOST		4194304 /* quantiles that there may be whatever the setting: 32 MB */

void
NoRowsToFit(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("there are no rows to fit"),
			 errhint("The table is empty, the FILTER or WHERE clause leaves nothing, or all weights are 0. With GROUP BY, a condition in WHERE "
					 "rather than in FILTER leaves such groups out.")));
}

/* ---- subjects ---- */

static void
AddMember(Subject *subject, const Profile *settled, int i)
{
	subject->members[subject->nmembers++] = i;
	if (settled->moments[i].count > INT64_MAX - subject->moments.count)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the features that option \"global\" takes together have more values than can be counted"),
				 errdetail("There are " INT64_FORMAT " and " INT64_FORMAT ", the limit is " INT64_FORMAT ".",
						   subject->moments.count, settled->moments[i].count, PG_INT64_MAX),
				 errhint("Merge every profile once: no table has so many rows.")));
	MomentsMerge(&subject->moments, &settled->moments[i]);
	if (settled->weighted)
		WeightedSumsMerge(&subject->weighted, &settled->weighted[i]);
	if (settled->histograms)
		HistogramMerge(&subject->histogram, &settled->histograms[i]);
}

static void
StartSubject(Subject *subject, const FeatureSpec *spec, const Profile *settled, int *members)
{
	memset(subject, 0, sizeof(*subject));
	subject->spec = spec;
	subject->bounded = spec->bounded;
	subject->members = members;
	MomentsInit(&subject->moments);
	if (settled->histograms)
		HistogramInit(&subject->histogram, settled->distribution);
}

/* Return whether two global features share their parameters. */
static bool
SameMethod(const Method *method_a, const double *option_a, uint8 quantiles_a,
		   const Method *method_b, const double *option_b, uint8 quantiles_b)
{
	return method_a == method_b && quantiles_a == quantiles_b &&
		memcmp(option_a, option_b, sizeof(double) * MethodValueCount(method_a)) == 0;
}

Subjects *
MakeSubjects(const FitSpec *spec, const Profile *settled)
{
	int			n = settled->nfeatures;
	int			nglobal = 0;
	Subjects   *subjects = palloc0(sizeof(Subjects));
	int		   *own_members;

	for (int i = 0; i < n; i++)
		nglobal += SpecOfFeature(spec, settled->names ? settled->names[i] : NULL)->global;
	subjects->subjects = palloc(sizeof(Subject) * (n + nglobal));
	subjects->of_feature = palloc(sizeof(int) * n);
	own_members = palloc(sizeof(int) * n);
	subjects->count = n;
	for (int i = 0; i < n; i++)
	{
		const FeatureSpec *feature = SpecOfFeature(spec, settled->names ? settled->names[i] : NULL);
		Subject    *own = &subjects->subjects[i];
		int			s = i;

		StartSubject(own, feature, settled, &own_members[i]);
		/* the subject's own moments: the limbs are shared, since nothing is ever added to them */
		own->members[own->nmembers++] = i;
		own->moments = settled->moments[i];
		if (settled->weighted)
			own->weighted = settled->weighted[i];
		if (settled->histograms)
			own->histogram = settled->histograms[i];

		if (feature->global)
		{
			for (s = n; s < subjects->count; s++)
			{
				const FeatureSpec *other = subjects->subjects[s].spec;

				if (SameMethod(feature->method, feature->option, feature->quantiles,
							   other->method, other->option, other->quantiles))
					break;
			}
			if (s == subjects->count)
				StartSubject(&subjects->subjects[subjects->count++], feature, settled, palloc(sizeof(int) * n));
			AddMember(&subjects->subjects[s], settled, i);
			subjects->subjects[s].bounded &= feature->bounded;
		}
		subjects->of_feature[i] = s;
	}
	for (int s = n; s < subjects->count && settled->histograms; s++)
		HistogramCanonicalize(&subjects->subjects[s].histogram);
	return subjects;
}

/* ---- evidence ---- */

Evidence
EvidenceFromHistogram(const Profile *settled, int i)
{
	return (Evidence) {.moments = &settled->moments[i], .histogram = &settled->histograms[i]};
}

static ValueStore *
StoreOfSubject(const Subject *subject, ValueStore *stores)
{
	ValueStore *merged;

	if (subject->nmembers == 1)
		return &stores[subject->members[0]];
	merged = palloc0(sizeof(ValueStore));
	for (int m = 0; m < subject->nmembers; m++)
	{
		const ValueStore *store = &stores[subject->members[m]];

		ValueStoreReserve(merged, store->count);
		if (store->count > 0)
			memcpy(merged->keys + merged->count, store->keys, sizeof(uint64) * store->count);
		merged->count += store->count;
	}
	return merged;
}

/* What errors call a feature. */
static char *
LabelOf(const Profile *settled, int i)
{
	return FeatureLabel(settled->names ? settled->names[i] : NULL, i);
}

/* Return the source of answers for a subject's method; an error, which names its first feature, if there is none. */
static Evidence
FindEvidence(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered)
{
	Evidence	evidence = {.moments = &subject->moments};
	char	   *label;

	if (subject->spec->quantiles == QUANTILES_EXACT && stores)
	{
		evidence.store = StoreOfSubject(subject, stores);
		Assert(evidence.store->count == (uint64) subject->moments.count);
		return evidence;
	}
	if (settled->histograms &&
		(subject->spec->quantiles == QUANTILES_HISTOGRAM || HistogramIsExact(&subject->histogram)))
	{
		evidence.histogram = &subject->histogram;
		return evidence;
	}
	if (gathered)
	{
		evidence.inquiry = &subject->inquiry;
		return evidence;
	}

	label = LabelOf(settled, subject->members[0]);
	if (settled->histograms == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a profile without distribution has no quantiles for %s", label),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the exact quantiles of %s", label),
			 errdetail("Its distribution counts values in cells, not one by one."),
			 errhint("Fit the rows themselves, or accept quantiles interpolated within the cells: {\"quantiles\": \"histogram\"}.")));
}

/* ---- one subject ---- */

/* Beyond these sizes of values it is the unit of a column that leaves no room for powers, wherever its 0 is. */
#define LARGEST_FOR_POWERS	1e100
#define SMALLEST_FOR_POWERS	1e-100

/*
 * What makes a column's lambda serve.  Once the end of the range that the values
 * crowd about is moved to 0, Yeo and Johnson's does: what lies there is then
 * transformed to about 0, where float8 is at its finest, and the others are
 * bent towards it, away from where float8 ends.
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
 * Return whether this bound of lambda is the upper one.  The lambda that stands for the logarithm lies
 * between the bounds.
 */
static bool
IsUpperBound(const Moments *moments, double lambda)
{
	return lambda > (moments->min >= 0 ? 0 : moments->max <= 0 ? 2 : 1);
}

/* The lambda of the likelihood does not serve float8. */
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
						   FloatText(moments->min), FloatText(moments->max), IsUpperBound(moments, lambda) ? "above" : "below", FloatText(lambda)),
				 errhint("%s%s; or have the feature give NULL: {\"unfit\": \"null\"}.", remedy, bounded)));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("float8 does not tell the values of %s apart once they are transformed", label),
			 errdetail("By lambda %s, the results of values from %s to %s have steps of %.2g standard deviations; at most %.2g is taken.",
					   FloatText(lambda), FloatText(moments->min), FloatText(moments->max), derived->step, POWER_LARGEST_STEP),
			 errhint("%s%s; or have the feature give NULL: {\"unfit\": \"null\"}.", remedy, bounded)));
}

/* The method, and which of its formulas if an option names that: "power (box-cox)". */
static const char *
NameWithChoice(const Method *method, const double *option)
{
	if (method->chooser == NULL || method->chooser->kind != OPTION_CHOICE)
		return method->name;
	return psprintf("%s (%s)", method->name, method->chooser->choices[(int) MethodOptionValue(method, option, method->chooser)]);
}

/*
 * Refuse a feature that parameters cannot be derived for.  Each hint names
 * the option that has the fit go on without them: of many groups, one may be
 * such a one.
 */
pg_noreturn static void
RefuseFeature(DeriveResult reason, const FeatureSpec *spec, const double *option, const Moments *moments,
			  const Derived *derived, const char *label)
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

static DeriveResult
DeriveSubject(Subject *subject, Profile const *settled, ValueStore *stores, bool gathered,
			  double *option, Derived *derived)
{
	const FeatureSpec *spec = subject->spec;
	Evidence	evidence;
	DeriveInput input = {
		.moments = &subject->moments,
		.weighted = settled->weighted ? &subject->weighted : NULL,
		.option = option,
		.shifted = SpecIsShifted(spec),
		.bounded = subject->bounded
	};

	memcpy(option, spec->option, sizeof(spec->option));
	if (spec->method->needs_values && subject->moments.count > 0)
	{
		evidence = FindEvidence(subject, settled, stores, gathered);
		input.evidence = &evidence;
	}
	return MethodDerive(spec->method, &input, derived);
}

/* ---- one feature ---- */

static void
CheckWeights(const FeatureSpec *spec, const char *label)
{
	if (!spec->method->takes_weights || spec->missing == MISSING_MEDIAN)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s of %s takes no weights",
						spec->method->takes_weights ? "the median to impute" : psprintf("method %s", spec->method->name), label),
				 errhint("Weights are for methods that follow from sums, such as standard; repeat rows, or fit without weights.")));
	if (MethodOptionValue(spec->method, spec->option, &option_ddof) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"ddof\" must be 0 in a fit with weights"),
				 errdetail("What to subtract depends on whether weights are counts or reliabilities.")));
}

/* Return the statistic to impute, or to add as an intercept.  Only the median needs evidence. */
static double
ImputedValue(const FeatureSpec *spec, const Moments *moments, const WeightedSums *weighted, Evidence *evidence)
{
	switch (spec->missing)
	{
		case MISSING_CONSTANT:
			return spec->imputed;
		case MISSING_MEAN:
			return weighted ? WeightedMean(weighted) : MomentsMean(moments);
		case MISSING_MEDIAN:
			return moments->count > 0 ? EvidenceMedian(evidence) : 0.0;
		case MISSING_MIN:
			return moments->min;
		case MISSING_MAX:
			return moments->max;
		default:
			return 0.0;
	}
}

static double
InterceptValue(uint8 source, double number, const Moments *moments, const WeightedSums *weighted)
{
	double		value = number;

	switch (source & ~INTERCEPT_NEGATED)
	{
		case INTERCEPT_MIN:
			value = moments->min;
			break;
		case INTERCEPT_MEAN:
			value = weighted ? WeightedMean(weighted) : MomentsMean(moments);
			break;
		case INTERCEPT_MAX:
			value = moments->max;
			break;
	}
	return (source & INTERCEPT_NEGATED) ? -value : value;
}

/*
 * The formula of a feature and its parameters, from those of its subject and
 * (for an intercept) its own moments.
 */
static void
SetFormula(FeatureRecipe *recipe, const DeriveInput *subject, const Derived *derived,
		   const Moments *moments, const WeightedSums *weighted, double intercept, double multiplier)
{
	recipe->constant = derived->constant;
	if (!recipe->shifted)
	{
		recipe->formula = MethodFormula(recipe->method, recipe->option);
		memcpy(recipe->param, derived->param, sizeof(recipe->param));
		recipe->table = derived->table;
		return;
	}
	recipe->formula = &formula_scale_shift;
	MethodLocationScale(recipe->method, subject, derived, &recipe->param[0], &recipe->param[1]);
	recipe->param[2] = multiplier;
	recipe->param[3] = InterceptValue(recipe->intercept, intercept, moments, weighted);
	for (int k = 0; k < recipe->formula->nparams; k++)
		recipe->param[k] = CanonicalZero(recipe->param[k]);
}

/* Some methods have their parameters from options of the fit. */
static void
SetGiven(FeatureRecipe *recipe, const FeatureSpec *spec, Derived *derived)
{
	if (!recipe->method->given)
		return;
	recipe->imported = true;
	recipe->global = false;		/* nothing is fitted to the others */
	derived->param[0] = spec->center;
	derived->param[1] = spec->scale;
}

/* Derive the parameters of a feature.  Return DERIVE_OK, or why there are none. */
static DeriveResult
WhyUnfit(const FeatureSpec *spec, DeriveResult of_subject, const Moments *moments)
{
	if (MomentsInfinite(moments) > 0 && !spec->skip_infinite)
		return DERIVE_INFINITE;
	/* a global feature without values takes the parameters of the others, but options may need values of its own */
	if (moments->count == 0 && (SpecNeedsOwnValues(spec) || spec->empty == CONSTANT_NULL))
		return DERIVE_NO_VALUES;
	return of_subject;
}

static uint8
UnfitPolicy(const FeatureSpec *spec, DeriveResult why)
{
	return why == DERIVE_NO_VALUES && spec->empty != EMPTY_AS_UNFIT ? spec->empty : spec->unfit;
}

/* False if evidence is pending. */
static bool
FitFeature(FeatureRecipe *recipe, const Profile *settled, ValueStore *stores, Subjects *subjects,
		   bool gathered, Derived *derived, double (*option)[METHOD_MAX_VALUES], const DeriveResult *results, int i)
{
	Subject    *own = &subjects->subjects[i];
	int			s = subjects->of_feature[i];
	const FeatureSpec *spec = own->spec;
	const Moments *moments = &settled->moments[i];
	const WeightedSums *weighted = settled->weighted ? &settled->weighted[i] : NULL;
	DeriveInput input = {.moments = &subjects->subjects[s].moments, .option = option[s]};
	Evidence	evidence = {0};
	DeriveResult why;

	if (spec->missing == MISSING_MEDIAN && moments->count > 0)
		evidence = FindEvidence(own, settled, stores, gathered);
	recipe->missing = spec->missing;
	recipe->imputed = ImputedValue(spec, moments, weighted, &evidence);
	if (results[s] == DERIVE_PENDING || own->inquiry.npending > 0)
		return false;

	recipe->method = spec->method;
	memcpy(recipe->option, option[s], sizeof(recipe->option));
	recipe->global = spec->global;
	recipe->outside = spec->outside;
	recipe->constant_policy = spec->constant;
	recipe->quantiles = SpecNeedsValues(spec) ? spec->quantiles : QUANTILES_NONE;
	TrainingRange(moments, &recipe->lower, &recipe->upper);

	why = WhyUnfit(spec, results[s], moments);
	if (why != DERIVE_OK)
	{
		uint8		policy = UnfitPolicy(spec, why);

		if (policy == CONSTANT_ERROR)
			RefuseFeature(why, spec, recipe->option,
						  why == DERIVE_INFINITE || why == DERIVE_NO_VALUES ? moments : input.moments, &derived[s], LabelOf(settled, i));
		FeatureSetUnfit(recipe, policy);
		return true;
	}
	if (derived[s].constant && spec->constant == CONSTANT_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s is constant", LabelOf(settled, i)),
				 errdetail("Its spread by method %s is zero over " INT64_FORMAT " values.", spec->method->name, moments->count),
				 errhint("Leave it out, or choose {\"constant\": \"unit\"} or {\"constant\": \"null\"}.")));

	recipe->shifted = SpecIsShifted(spec);
	recipe->intercept = spec->intercept_source;
	SetGiven(recipe, spec, &derived[s]);
	SetFormula(recipe, &input, &derived[s], moments, weighted, spec->intercept, spec->multiplier);
	if (!ParametersAreUsable(recipe->formula, recipe->param))
		RefuseFeature(DERIVE_NOT_FINITE, spec, recipe->option, moments, &derived[s], LabelOf(settled, i));
	if (MissingPolicyImputes(spec->missing) && !isfinite(recipe->imputed))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the value to impute for %s is beyond float8", LabelOf(settled, i)),
				 errhint("Impute a constant, or rescale the column.")));
	return true;
}

/*
 * A default that depends on the data may make the options of two sets of
 * global features equal: in the scaler they would then be one set.
 */
static void
CheckGroupsDiffer(const Subjects *subjects, int nfeatures, double (*option)[METHOD_MAX_VALUES])
{
	for (int s = nfeatures; s < subjects->count; s++)
		for (int t = nfeatures; t < s; t++)
		{
			const FeatureSpec *a = subjects->subjects[s].spec;
			const FeatureSpec *b = subjects->subjects[t].spec;

			CHECK_FOR_INTERRUPTS();
			if (SameMethod(a->method, option[s], a->quantiles, b->method, option[t], b->quantiles))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("global features with and without option \"n_quantiles\" have the same number of quantiles"),
						 errhint("Give \"n_quantiles\" to all global features, or to none.")));
		}
}

/* ---- the whole ---- */

/*
 * How long the tables of a scaler may be together.  Methods ask for no more
 * of them than there are values, but each feature of a global method gets all
 * of one, and the values that a profile counts take no memory.
 */
static uint64
MostTableLength(const Profile *settled, bool has_values)
{
	uint64		most = Max((uint64) fit_memory_kb * 1024 / TABLE_SHARE / sizeof(double), LEAST_MOST);

	for (int i = 0; i < settled->nfeatures && has_values; i++)
		most += settled->moments[i].count;
	return most;
}

static void
CheckTableLength(uint64 length, uint64 most)
{
	if (length > most)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the tables of the features would have more than " UINT64_FORMAT " quantiles together", most),
				 errdetail("The limit is an eighth of normfreeze.fit_memory, %d kB, at least 32 MB, and one for each value that is read.", fit_memory_kb),
				 errhint("Ask for fewer quantiles with option \"n_quantiles\", or fit fewer features together.")));
}

bytea *
FitProfile(const FitSpec *spec, const Profile *settled, ValueStore *stores, Subjects *gathered)
{
	int			n = settled->nfeatures;
	Subjects   *subjects = gathered ? gathered : MakeSubjects(spec, settled);
	Recipe		recipe = {0};
	Derived    *derived = palloc0(sizeof(Derived) * subjects->count);
	DeriveResult *results = palloc0(sizeof(DeriveResult) * subjects->count);
	double		(*option)[METHOD_MAX_VALUES] = palloc0(sizeof(*option) * subjects->count);
	uint64		most_table_length = MostTableLength(settled, stores || gathered);
	uint64		table_length = 0;
	uint64		written = 0;
	bool		pending = false;
	const char *problem;

	CheckFloatEnvironment();
	CheckSpecNames(spec, settled->names, n);
	for (int i = 0; i < n && settled->weighted; i++)
		CheckWeights(subjects->subjects[i].spec, LabelOf(settled, i));
	for (int s = 0; s < subjects->count; s++)
	{
		Subject    *subject = &subjects->subjects[s];

		CHECK_FOR_INTERRUPTS();
		subject->inquiry.npending = 0;
		if (s >= n || subjects->of_feature[s] == s)
		{
			results[s] = DeriveSubject(subject, settled, stores, gathered != NULL, option[s], &derived[s]);
			table_length += derived[s].table.length;
			CheckTableLength(table_length, most_table_length);
		}
	}

	CheckGroupsDiffer(subjects, n, option);

	recipe.nfeatures = n;
	recipe.named = settled->names != NULL;
	recipe.weighted = settled->weighted != NULL;
	recipe.distribution = settled->distribution;
	recipe.features = palloc0(sizeof(FeatureRecipe) * n);
	for (int i = 0; i < n; i++)
	{
		FeatureRecipe *feature = &recipe.features[i];

		feature->name = settled->names ? settled->names[i] : NULL;
		feature->target = feature->name && NameIndexFind(&spec->targets, feature->name) >= 0;
		if (!FitFeature(feature, settled, stores, subjects, gathered != NULL, derived, option, results, i))
			pending = true;
		else
			written += feature->table.length;
		CheckTableLength(written, most_table_length);
	}
	if (pending)
		return NULL;

	problem = RecipeProblem(&recipe);
	if (problem != NULL)
		elog(ERROR, "fit made an unsound scaler: %s", problem);
	return MakeFittedScaler(&recipe, settled);
}

/* ---- deriving anew ---- */

/* What the parameters of a feature, or of all global ones like it, were derived from. */
struct Rederivation
{
	struct Rederivation *next;
	const FeatureRecipe *first;
	FeatureSpec spec;
	Subject		subject;
	double		option[METHOD_MAX_VALUES];
	bool		possible;
	bool		own_lambda;		/* the feature's own lambda differs from the derived one */
	Derived		derived;
};

static bool
AreOfOneSubject(const FeatureRecipe *a, const FeatureRecipe *b)
{
	return a->global && b->global &&
		SameMethod(a->method, a->option, a->quantiles, b->method, b->option, b->quantiles);
}

/* By the feature's own lambda, if that is near the one that was derived; else nothing changes, and it is false. */
static bool
DeriveByOwnLambda(Rederivation *again, DeriveInput *input)
{
	const Method *method = again->first->method;
	PowerFamily family = MethodOptionValue(method, input->option, &option_power) != 0 ? POWER_BOX_COX : POWER_YEO_JOHNSON;
	const double *lambda = &again->first->param[0];

	if (MethodOptionPlace(method, &option_power) < 0 || again->derived.constant ||
		!LambdasAreAlike(family, input->moments, *lambda, again->derived.param[0]))
		return false;
	input->lambda = lambda;
	again->own_lambda = DoubleBits(*lambda) != DoubleBits(again->derived.param[0]);
	return MethodDerive(again->first->method, input, &again->derived) == DERIVE_OK;
}

static bool
DeriveAgain(Rederivation *again, DeriveInput *input, bool own_lambda)
{
	const Method *method = again->first->method;
	DeriveResult result = MethodDerive(method, input, &again->derived);
	bool		useless = result == DERIVE_COLLAPSES || result == DERIVE_OVERFLOWS;

	if (own_lambda && (result == DERIVE_OK || useless) && DeriveByOwnLambda(again, input))
		return true;
	if (!useless || again->first->unfit)
		return result == DERIVE_OK;
	/* it may have been fitted with {"lambda": "bounded"} */
	input->bounded = true;
	if (MethodDerive(method, input, &again->derived) != DERIVE_OK)
		return false;
	if (own_lambda)
		DeriveByOwnLambda(again, input);
	return true;
}

static Rederivation *
Rederive(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index, bool own_lambda)
{
	const FeatureRecipe *feature = &recipe->features[index];
	Rederivation *again = palloc0(sizeof(Rederivation));
	Evidence	evidence = {.moments = &again->subject.moments, .histogram = &again->subject.histogram};
	DeriveInput input = {
		.moments = &again->subject.moments,
		.weighted = settled->weighted ? &again->subject.weighted : NULL,
		.option = again->option,
		.shifted = feature->shifted
	};

	again->first = feature;
	again->spec.method = feature->method;
	again->spec.quantiles = feature->quantiles;
	memcpy(again->option, feature->option, sizeof(again->option));
	StartSubject(&again->subject, &again->spec, settled, palloc(sizeof(int) * (feature->global ? recipe->nfeatures : 1)));
	for (int i = 0; i < recipe->nfeatures; i++)
		if (i == index || AreOfOneSubject(feature, &recipe->features[i]))
			AddMember(&again->subject, settled, i);
	if (feature->method->needs_values && again->subject.moments.count > 0 && stores && feature->quantiles != QUANTILES_HISTOGRAM)
	{
		evidence.histogram = NULL;
		evidence.store = StoreOfSubject(&again->subject, stores);
		input.evidence = &evidence;
	}
	else if (feature->method->needs_values && again->subject.moments.count > 0)
	{
		if (settled->histograms == NULL)
			return again;
		HistogramCanonicalize(&again->subject.histogram);
		if (feature->quantiles != QUANTILES_HISTOGRAM && !HistogramIsExact(&again->subject.histogram))
			return again;
		input.evidence = &evidence;
	}
	again->possible = DeriveAgain(again, &input, own_lambda);
	return again;
}

bool
RederiveFeature(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index, bool *own_lambda,
				Rederivation **done, FeatureRecipe *derived)
{
	const FeatureRecipe *feature = &recipe->features[index];
	Rederivation *again = *done;
	DeriveInput input = {.option = derived->option};

	*derived = *feature;
	if (feature->imported)
		return false;
	while (again && !AreOfOneSubject(again->first, feature))
		again = again->next;
	if (again == NULL)
	{
		again = Rederive(recipe, settled, stores, index, own_lambda != NULL);
		if (feature->global)
		{
			again->next = *done;
			*done = again;
		}
	}
	if (!again->possible)
		return false;
	if (own_lambda)
		*own_lambda = again->own_lambda;
	if (derived->unfit)
	{
		/* with parameters the feature is not unfit */
		derived->unfit = false;
		derived->constant_policy = CONSTANT_UNIT;
	}
	input.moments = &again->subject.moments;
	SetFormula(derived, &input, &again->derived, &settled->moments[index],
			   settled->weighted ? &settled->weighted[index] : NULL, feature->param[3], feature->param[2]);
	return true;
}
