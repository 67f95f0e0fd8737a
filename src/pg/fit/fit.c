/*
 * fit.c
 *		Deriving the recipe of a scaler from a profile.
 */
#include "pg/fit/fit.h"

#include "core/scaler/transform.h"
#include "pg/base/call.h"
#include "pg/base/settings.h"
#include "pg/base/text.h"
#include "pg/fit/fit_refusals.h"
#include "pg/fit/fit_weights.h"
#include "pg/fit/range_fit.h"
#include "pg/fit/subject_fit.h"
#include "pg/scaler/scaler_bytes.h"

#define TABLE_SHARE		8		/* the tables of a scaler may take this part of normfreeze.fit_memory */
#define LEAST_MOST		4194304 /* number of quantiles that is allowed whatever the setting: 32 MB */

void
NoRowsToFit(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("there are no rows to fit"),
			 errhint("The table is empty, the FILTER or WHERE clause leaves nothing, or all weights are 0. With GROUP BY, a condition in WHERE "
					 "rather than in FILTER leaves such groups out.")));
}

/* ---- one feature ---- */

/* Return the value to impute, or to add as an intercept.  Only two statistics need evidence. */
static double
ImputedStatistic(const FeatureSpec *spec, const Moments *moments, const WeightedSums *weighted, Evidence *evidence)
{
	switch (spec->missing)
	{
		case MISSING_CONSTANT:
			return spec->imputed;
		case MISSING_MEAN:
			return weighted ? WeightedMean(weighted) : MomentsMean(moments);
		case MISSING_MEDIAN:
			return moments->count > 0 ? EvidenceMedian(evidence) : 0.0;
		case MISSING_MOST_FREQUENT:
			return moments->count > 0 ? EvidenceMostFrequent(evidence) : 0.0;
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

void
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

/* Set the parameters of methods that take them from options of the fit. */
static void
SetGiven(FeatureRecipe *recipe, const FeatureSpec *spec, Derived *derived)
{
	if (!recipe->method->given)
		return;
	recipe->imported = true;
	recipe->global = false;		/* nothing is fitted to the other features */
	derived->param[0] = spec->center;
	derived->param[1] = spec->scale;
}

/* Return why a feature has no parameters, or DERIVE_OK if it has. */
static DeriveResult
WhyUnfit(const FeatureSpec *spec, DeriveResult of_subject, const Moments *moments)
{
	if (MomentsInfinite(moments) > 0 && !spec->skip_infinite)
		return DERIVE_INFINITE;
	/*
	 * a global feature without values takes the parameters of the others, but its options may need values of
	 * its own
	 */
	if (moments->count == 0 && (SpecNeedsOwnValues(spec) || spec->empty == CONSTANT_NULL))
		return DERIVE_NO_VALUES;
	return of_subject;
}

static uint8
UnfitPolicy(const FeatureSpec *spec, DeriveResult why)
{
	return why == DERIVE_NO_VALUES && spec->empty != EMPTY_AS_UNFIT ? spec->empty : spec->unfit;
}

/* Fail if a formula is not defined for the value that is imputed, and its policy refuses such values. */
static void
CheckImputedIsDefined(const FeatureRecipe *recipe, const char *label)
{
	double		x = NAN;
	bool		null = true;
	const Formula *formula;

	if (!MissingPolicyImputes(recipe->missing) || FeaturePrepare(recipe, &x, &null) != TRANSFORM_DOMAIN)
		return;
	formula = FeatureUndefinedFor(recipe, recipe->imputed, false, &x);
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the value to impute for %s is %s, for which %s is not defined",
					label, FloatText(recipe->imputed), formula->name),
			 errhint("Impute another value with option \"missing\", or choose {\"domain\": \"null\"} or {\"domain\": \"clip\"}.")));
}

/*
 * Return the moments of which a feature's intercept may be a statistic: of its values as a range by a rule leaves
 * them, if its parameters come from these.  If they are pending, the inquiry of the feature has the question.
 */
static const Moments *
MomentsOfIntercept(Subject *own, const SubjectFit *fit, const FitSource *source, Evidence *values)
{
	const FeatureSpec *spec = own->spec;
	ValuePath	path = {0};
	Evidence	all;

	PathAddRangeOfRule(&path, &spec->range_rule, spec->outside == OUTSIDE_CLIP, &fit->range);
	if (spec->intercept_source == INTERCEPT_NUMBER || path.count == 0 || own->moments.count == 0)
		return &own->moments;
	all = FindEvidence(own, source);
	return EvidenceAtEnd(&all, &path, values) ? values->moments : &own->moments;
}

/* Set what a feature has whether it has parameters or not. */
static void
SetPolicies(FeatureRecipe *recipe, const FeatureSpec *spec, const SubjectFit *fit, const Moments *moments)
{
	recipe->method = spec->method;
	memcpy(recipe->option, fit->last_option, sizeof(recipe->option));
	recipe->global = spec->global;
	recipe->outside = spec->outside;
	recipe->constant_policy = spec->constant;
	recipe->quantiles = SpecNeedsQuantiles(spec) ? spec->quantiles : QUANTILES_NONE;
	SetRangeOfFeature(recipe, &spec->range_rule, &fit->range, moments);
}

/* Set a feature without parameters, which has a policy other than to be refused. */
static void
SetUnfit(FeatureRecipe *recipe, const FeatureSpec *spec, const SubjectFit *fit, const Moments *moments, uint8 policy)
{
	if (spec->range_rule.kind != RANGE_OF_TRAINING && !fit->range.known)
		recipe->outside = OUTSIDE_KEEP;
	FeatureSetUnfit(recipe, policy);
	SetRangeOfFeature(recipe, &spec->range_rule, &fit->range, moments);
	if (spec->clips && policy != CONSTANT_NULL)
		FeatureSetClip(recipe, spec->clip[0], spec->clip[1]);
}

/* Set the parameters of a feature.  "inside" and "weighted" are what an intercept may be a statistic of. */
static void
SetParameters(FeatureRecipe *recipe, const FeatureSpec *spec, const SubjectFit *fit, const Moments *inside,
			  const WeightedSums *weighted)
{
	Derived		derived = fit->derived;
	DeriveInput input = {.moments = fit->moments, .option = recipe->option};

	recipe->shifted = SpecIsShifted(spec);
	recipe->intercept = spec->intercept_source;
	recipe->nbefore = fit->nbefore;
	recipe->before = fit->before;
	recipe->domain = fit->domain;
	SetGiven(recipe, spec, &derived);
	SetFormula(recipe, &input, &derived, inside, weighted, spec->intercept, spec->multiplier);
	if (spec->clips)
		FeatureSetClip(recipe, spec->clip[0], spec->clip[1]);
}

/* Fit one feature.  Return false if evidence is pending. */
static bool
FitFeature(FeatureRecipe *recipe, const FitSource *source, Subjects *subjects, const SubjectFit *fits, int i)
{
	const Profile *settled = source->settled;
	Subject    *own = &subjects->subjects[i];
	int			s = subjects->of_feature[i];
	const FeatureSpec *spec = own->spec;
	const Moments *moments = &settled->moments[i];
	const WeightedSums *weighted = settled->weighted ? &settled->weighted[i] : NULL;
	const SubjectFit *fit = &fits[s];
	const Moments *inside;
	Evidence	evidence = {0};
	Evidence	values;
	DeriveResult why;

	if (spec->missing == MISSING_MEDIAN && moments->count > 0)
		evidence = FindEvidence(own, source);
	else if (spec->missing == MISSING_MOST_FREQUENT && moments->count > 0)
		evidence = FindExactEvidence(own, source);
	recipe->missing = spec->missing;
	recipe->imputed = ImputedStatistic(spec, moments, weighted, &evidence);
	inside = fit->result == DERIVE_OK ? MomentsOfIntercept(own, fit, source, &values) : moments;
	if (inside != &own->moments && inside != moments)
		weighted = values.weighted;
	if (fit->result == DERIVE_PENDING || own->inquiry.npending > 0)
		return false;

	SetPolicies(recipe, spec, fit, moments);
	why = WhyUnfit(spec, fit->result, moments);
	if (why != DERIVE_OK)
	{
		uint8		policy = UnfitPolicy(spec, why);

		if (policy == CONSTANT_ERROR)
			RefuseSubject(&subjects->subjects[s], fit, why,
						  why == DERIVE_INFINITE || why == DERIVE_NO_VALUES ? moments : fit->moments,
						  LabelOf(settled, i));
		SetUnfit(recipe, spec, fit, moments, policy);
		return true;
	}
	if (fit->derived.constant && spec->constant == CONSTANT_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s is constant", LabelOf(settled, i)),
				 errdetail("Its spread by method %s is zero over " INT64_FORMAT " values.", spec->method->name,
						   fit->moments->count),
				 errhint("Leave it out, or choose {\"constant\": \"unit\"} or {\"constant\": \"null\"}.")));

	SetParameters(recipe, spec, fit, inside, weighted);
	if (!ParametersAreUsable(recipe->formula, recipe->param))
		RefuseFeature(DERIVE_NOT_FINITE, spec, recipe->option, moments, &fit->derived, NAN, LabelOf(settled, i));
	if (MissingPolicyImputes(spec->missing) && !isfinite(recipe->imputed))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the value to impute for %s is beyond float8", LabelOf(settled, i)),
				 errhint("Impute a constant, or rescale the column.")));
	CheckImputedIsDefined(recipe, LabelOf(settled, i));
	return true;
}

/*
 * Fail if two sets of global features have the same options once defaults that depend on the data are settled.
 * In the scaler, they would be one set.
 */
static void
CheckGroupsDiffer(const Subjects *subjects, int nfeatures, const SubjectFit *fits)
{
	for (int s = nfeatures; s < subjects->count; s++)
		for (int t = nfeatures; t < s; t++)
		{
			const FeatureSpec *a = subjects->subjects[s].spec;
			const FeatureSpec *b = subjects->subjects[t].spec;

			CHECK_FOR_INTERRUPTS();
			if (SameSteps(a, b) && SameRange(&a->range_rule, a->outside, &b->range_rule, b->outside) &&
				SameMethod(a->method, fits[s].option, a->quantiles, b->method, fits[t].option, b->quantiles))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("global features with and without option \"n_quantiles\" have the same number of quantiles"),
						 errhint("Give \"n_quantiles\" to all global features, or to none.")));
		}
}

/* ---- the whole ---- */

/*
 * Return how long the tables of a scaler may be together.
 *
 * Methods ask for no more quantiles than there are values.  But each feature of a global method gets all of one
 * table, and the values that a profile counts take no memory.
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
FitProfile(const FitSpec *spec, const Profile *settled, const HeldValues *held, Subjects *gathered)
{
	int			n = settled->nfeatures;
	Subjects   *subjects = gathered ? gathered : MakeSubjects(spec, settled);
	FitSource	source = {settled, held, gathered != NULL};
	Recipe		recipe = {0};
	SubjectFit *fits = palloc0(sizeof(SubjectFit) * subjects->count);
	uint64		most_table_length = MostTableLength(settled, held->stores || gathered);
	uint64		table_length = 0;
	uint64		written = 0;
	bool		pending = false;
	const char *problem;

	CheckFloatEnvironment();
	CheckSpecNames(spec, settled->names, n);
	if (settled->weighted)
		CheckAllTakeWeights(spec, n, settled->names);
	for (int s = 0; s < subjects->count; s++)
	{
		Subject    *subject = &subjects->subjects[s];

		CHECK_FOR_INTERRUPTS();
		subject->inquiry.npending = 0;
		if (s >= n || subjects->of_feature[s] == s)
		{
			Evidence	evidence;
			bool		needed = SpecDerivesFromValues(subject->spec) && subject->moments.count > 0;

			if (needed)
				evidence = FindEvidenceForSteps(subject, &source);
			DeriveSubject(subject, needed ? &evidence : NULL, &fits[s]);
			table_length += fits[s].derived.table.length;
			CheckTableLength(table_length, most_table_length);
		}
	}

	CheckGroupsDiffer(subjects, n, fits);

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
		if (!FitFeature(feature, &source, subjects, fits, i))
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
