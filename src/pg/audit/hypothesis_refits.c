/*
 * hypothesis_refits.c
 *		Hypotheses by which the scaler was fitted differently: to other data, with another
 *		deviation, to another range, or by another method.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"
#include "pg/fit/rederive.h"

/* ---- other parameters ---- */

/* Set "one" to a profile of one feature, which shares the memory of the other profile.  */
static void
NarrowProfile(Profile *one, const Profile *profile, int index)
{
	memset(one, 0, sizeof(*one));
	one->nfeatures = 1;
	one->distribution = profile->distribution;
	one->rows = profile->rows;
	one->moments = &profile->moments[index];
	one->histograms = profile->histograms ? &profile->histograms[index] : NULL;
	one->weighted = profile->weighted ? &profile->weighted[index] : NULL;
}

double
ProfileMedian(const Profile *profile, int index, ValueStore *store)
{
	Evidence	evidence = {.moments = &profile->moments[index], .store = store};

	if (profile->moments[index].count == 0 || (store == NULL && profile->histograms == NULL))
		return NAN;
	if (store == NULL)
		evidence.histogram = &profile->histograms[index];
	return EvidenceMedian(&evidence);
}

/* Return the most frequent value, or NaN if it is not known. */
static double
ProfileMostFrequent(const Profile *profile, int index, ValueStore *store)
{
	Evidence	evidence = {.moments = &profile->moments[index], .store = store};

	if (store == NULL && (profile->histograms == NULL || !HistogramIsExact(&profile->histograms[index])))
		return NAN;
	if (store == NULL)
		evidence.histogram = &profile->histograms[index];
	return EvidenceMostFrequent(&evidence);
}

/*
 * Set what a refit takes from the values besides the formula's parameters: the range, and the value for missing
 * ones.
 */
static void
SetStatistics(FeatureRecipe *feature, const Profile *profile, int index, ValueStore *store)
{
	const Moments *moments = &profile->moments[index];

	/* a range by a rule is derived with the parameters */
	if (!FeatureHasRangeRule(feature))
	{
		feature->lower = moments->min;
		feature->upper = moments->max;
	}
	if (feature->missing == MISSING_MEAN)
		feature->imputed = MomentsMean(moments);
	else if (feature->missing == MISSING_MIN)
		feature->imputed = moments->min;
	else if (feature->missing == MISSING_MAX)
		feature->imputed = moments->max;
	else if (feature->missing == MISSING_MEDIAN)
		feature->imputed = ProfileMedian(profile, index, store);
	else if (feature->missing == MISSING_MOST_FREQUENT)
		feature->imputed = ProfileMostFrequent(profile, index, store);
}

FeatureRecipe *
FitOne(const FeatureRecipe *asked, const Profile *profile, int index, ValueStore *store)
{
	FeatureRecipe feature = *asked;
	FeatureRecipe *derived = palloc(sizeof(FeatureRecipe));
	Recipe		recipe = {.nfeatures = 1, .features = &feature};
	Rederivation *done = NULL;
	Profile		one;

	NarrowProfile(&one, profile, index);
	if (one.moments->count == 0 || MomentsInfinite(one.moments) > 0)
		return NULL;
	feature.global = false;
	/* the profile may tell the parameters, and not the ends of a range by a rule */
	if (!RederiveFeature(&recipe, &one, store, 0, NULL, &done, derived) || isnan(derived->lower))
		return NULL;
	return derived;
}

FeatureRecipe *
FitVariant(const FeatureRecipe *like, const Method *method, const double *option, uint8 quantiles,
		   const Profile *profile, int index, ValueStore *store)
{
	FeatureRecipe feature = *like;
	FeatureRecipe *derived;

	feature.method = method;
	memset(feature.option, 0, sizeof(feature.option));
	memcpy(feature.option, option, sizeof(double) * MethodValueCount(method));
	feature.quantiles = quantiles;
	feature.shifted = feature.imported = false;
	derived = FitOne(&feature, profile, index, store);
	if (derived)
		SetStatistics(derived, profile, index, store);
	return derived;
}

/*
 * Return the feature as a fit with its own method and options to the audited values makes it; NULL if it cannot
 * be fitted.
 *
 * Where the values were not kept, quantiles are taken from the histogram; *how says so, and is NULL otherwise.
 */
static FeatureRecipe *
Refit(HypothesisList *list, const char **how)
{
	AuditData  *data = list->data;
	AuditState *state = data->state;
	const Moments *moments = &data->live.moments[list->feature];
	FeatureRecipe *derived = palloc(sizeof(FeatureRecipe));
	MemoryContext old;
	bool		done;

	*how = NULL;
	if (list->recipe->method->given || moments->count == 0 || MomentsInfinite(moments) > 0)
		return NULL;
	if (list->recipe->imported)
		return FitVariant(list->recipe, list->recipe->method, list->recipe->option, QUANTILES_EXACT, &data->live,
						  list->feature, state->stores ? &state->stores[list->feature] : NULL);
	/* what global features are derived from is kept for the other features */
	old = MemoryContextSwitchTo(list->recipe->global ? data->context : CurrentMemoryContext);
	done = RederiveFeature(&data->recipe, &data->live, state->stores, list->feature, NULL, &data->rederived, derived);
	MemoryContextSwitchTo(old);
	if (done)
	{
		SetStatistics(derived, &data->live, list->feature, state->stores ? &state->stores[list->feature] : NULL);
		return derived;
	}
	*how = "with quantiles interpolated within the cells of a histogram";
	return FitVariant(list->recipe, list->recipe->method, list->recipe->option, QUANTILES_HISTOGRAM, &data->live,
					  list->feature, NULL);
}

bool
IsTrainingData(const HypothesisList *list)
{
	const AuditData *data = list->data;

	return data->background->trained &&
		MomentsAreEqual(&data->background->training.moments[data->of_training[list->feature]],
						&data->live.moments[list->feature]);
}

void
KeepImputed(FeatureRecipe *derived, const FeatureRecipe *own)
{
	if (!own->imported)
		derived->imputed = own->imputed;
}

bool
IsStandard(const FeatureRecipe *feature)
{
	return MethodOptionPlace(feature->method, &option_ddof) >= 0 && !feature->shifted &&
		MethodOptionValue(feature->method, feature->option, &option_with_std) != 0;
}

/* Set "option" to a feature's options with the other ddof, which is returned.  */
static double
OtherDdof(const FeatureRecipe *feature, double *option)
{
	double	   *ddof = option + MethodOptionPlace(feature->method, &option_ddof);

	memcpy(option, feature->option, sizeof(feature->option));
	return *ddof = *ddof == 0 ? 1 : 0;
}

#define MOST_REPEATS	(1 << 20)	/* greatest number of rows that are added one by one */

/*
 * Make a profile and a store of the feature's values in the rows in question.
 *
 * Return false if these are all rows, or too many.
 */
static bool
ProfileOfQuestion(HypothesisList *list, Profile *profile, ValueStore *store)
{
	const AuditData *data = list->data;
	uint64		rows = 0;

	for (int r = 0; r < data->nrows; r++)
		if (list->in_question[r])
			rows += data->count[r];
	if (rows == (uint64) data->state->rows || rows > MOST_REPEATS)
		return false;
	ProfileInit(profile, 1, NULL, 0);
	memset(store, 0, sizeof(*store));
	for (int r = 0; r < data->nrows; r++)
	{
		const double *x = &data->raw[list->feature][r];

		for (uint64 k = 0; list->in_question[r] && k < data->count[r]; k++)
		{
			ProfileAddRow(profile, x, NULL);
			if (isfinite(*x))
				ValueStoreAdd(store, *x);
		}
	}
	ProfileSettle(profile);
	return true;
}

/* Propose a refit to the rows in question alone: a later batch may have been scaled by itself.  */
static void
ProposeRefitToPart(HypothesisList *list, const HypothesisKind *kind)
{
	Profile		profile;
	ValueStore	store;
	FeatureRecipe *derived;

	if (list->recipe->method->given || !ProfileOfQuestion(list, &profile, &store))
		return;
	/* if all values are equal, a refit cannot be told from a constant */
	derived = profile.moments[0].min < profile.moments[0].max ?
		FitVariant(list->recipe, list->recipe->method, list->recipe->option, QUANTILES_EXACT, &profile, 0, &store) :
		NULL;
	/* there may be a million values for each feature */
	if (store.keys)
		pfree(store.keys);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, "to these rows alone");
}

/* Propose a refit to all audited rows, unless they are the training set.  */
static void
ProposeRefitToAll(HypothesisList *list, const HypothesisKind *kind)
{
	const char *how;
	FeatureRecipe *derived;
	double		option[METHOD_MAX_VALUES];
	double		ddof;

	if (IsTrainingData(list))
		return;
	derived = Refit(list, &how);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, how);
	if (!IsStandard(list->recipe))
		return;
	ddof = OtherDdof(list->recipe, option);
	derived =
		FitVariant(list->recipe, list->recipe->method, option, QUANTILES_NONE, &list->data->live, list->feature, NULL);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE,
					  ddof == 1 ? "with the sample deviation (ddof 1)" : "with the population deviation (ddof 0)");
}

/* The scaler was fitted again, to the audited rows or to a part of them.  */
void
ProposeRefit(HypothesisList *list, const HypothesisKind *kind)
{
	if (ListIsOfRows(list))
		return;
	ProposeRefitToAll(list, kind);
	/* both may be the same fit, if values of the other rows are missing */
	ProposeRefitToPart(list, kind);
}

/* Propose a refit to the training set with this ddof, if the scaler has the other one.  */
static void
ProposeDdof(HypothesisList *list, const HypothesisKind *kind, double ddof)
{
	const AuditData *data = list->data;
	double		option[METHOD_MAX_VALUES];
	FeatureRecipe *derived;

	if (!IsStandard(list->recipe) || !data->background->trained)
		return;
	if (OtherDdof(list->recipe, option) != ddof)
		return;
	derived = FitVariant(list->recipe, list->recipe->method, option, QUANTILES_NONE, &data->background->training,
						 data->of_training[list->feature], NULL);
	if (derived == NULL)
		return;
	KeepImputed(derived, list->recipe);
	AddHypothesis(list, kind, derived, APPLY_ONCE, NULL);
}

/* The deviation is that of a sample: the sum of squares was divided by n - 1.  */
void
ProposeSampleDeviation(HypothesisList *list, const HypothesisKind *kind)
{
	ProposeDdof(list, kind, 1);
}

/* The deviation is that of a population: the sum of squares was divided by n.  */
void
ProposePopulationDeviation(HypothesisList *list, const HypothesisKind *kind)
{
	ProposeDdof(list, kind, 0);
}

/* ---- other methods and ranges ---- */

#define MOST_SETTINGS	2

/* A method with its default options, except for those given.  */
typedef struct MethodVariant
{
	const Method *method;
	const char *text;
	bool		of_range;		/* it needs nothing but the least and greatest value */
	struct
	{
		const MethodOption *option; /* NULL ends the list */
		double		values[2];
	}			settings[MOST_SETTINGS];
} MethodVariant;

static const MethodVariant range_variants[] = {
	{&method_minmax, "[0, 1]", true},
	{&method_minmax, "[-1, 1]", true, {{&option_feature_range, {-1, 1}}}},
	{&method_minmax, "[-0.5, 0.5]", true, {{&option_feature_range, {-0.5, 0.5}}}},
	{&method_minmax, "[0, 100]", true, {{&option_feature_range, {0, 100}}}},
	{&method_minmax, "[0, 255]", true, {{&option_feature_range, {0, 255}}}},
};

static const MethodVariant method_variants[] = {
	{&method_standard, "standard"},
	{&method_standard, "standard with ddof 1", false, {{&option_ddof, {1}}}},
	{&method_standard, "standard without centering", false, {{&option_with_mean, {0}}}},
	{&method_minmax, "minmax to [0, 1]", true},
	{&method_minmax, "minmax to [-1, 1]", true, {{&option_feature_range, {-1, 1}}}},
	{&method_maxabs, "maxabs", true},
	{&method_robust, "robust"},
	{&method_robust, "robust without centering", false, {{&option_with_centering, {0}}}},
	{&method_mean, "mean (centering alone)"},
	{&method_mad, "mad"},
	{&method_meanabs, "meanabs"},
	{&method_midrange, "midrange", true},
	{&method_decimal, "decimal", true},
	{&method_log1p, "log1p", true},
};

/* Set "option" to the options of a variant.  */
static void
VariantOptions(const MethodVariant *variant, double *option)
{
	MethodDefaults(variant->method, option);
	for (int s = 0; s < MOST_SETTINGS && variant->settings[s].option; s++)
		MethodSetOption(variant->method, option, variant->settings[s].option, variant->settings[s].values);
}

/* Make a profile of a feature of which only the training range is known.  Return false if it is not known.  */
static bool
RangeProfile(Profile *profile, const FeatureRecipe *feature)
{
	if (!RangeIsKnown(feature) || FeatureHasRangeRule(feature))
		return false;
	ProfileInit(profile, 1, NULL, 0);
	profile->moments[0].min = feature->lower;
	profile->moments[0].max = feature->upper;
	profile->moments[0].count = 1;
	return true;
}

double *
ClipOption(const Method *method, double *option)
{
	int			place = MethodOptionPlace(method, &option_clip);

	return place < 0 ? NULL : option + place;
}

/*
 * Add the hypothesis that a variant was fitted to a profile's feature.  "of" says which data that is.
 *
 * Nothing is added if the variant is the scaler's own method and options, or cannot be fitted.
 */
static void
AddVariant(HypothesisList *list, const HypothesisKind *kind, const MethodVariant *variant, const double *option,
		   const Profile *profile, int index, ValueStore *store, const char *of)
{
	const Method *method = variant->method;
	uint8		quantiles = QUANTILES_NONE;
	FeatureRecipe *derived = NULL;

	/* not another method, but the scaler's own with its own options */
	if (method == list->recipe->method && !list->recipe->shifted &&
		memcmp(option, list->recipe->option, sizeof(double) * MethodValueCount(method)) == 0)
		return;
	if (method->needs_values)
	{
		quantiles = QUANTILES_EXACT;
		if (store == NULL && profile->histograms == NULL)
			return;
	}
	derived = FitVariant(list->recipe, method, option, quantiles, profile, index, store);
	if (derived == NULL && method->needs_values)
		derived = FitVariant(list->recipe, method, option, QUANTILES_HISTOGRAM, profile, index, NULL);
	if (derived && profile != &list->data->live)
		KeepImputed(derived, list->recipe);
	if (derived && !ChangesNothing(derived))
		AddHypothesis(list, kind, derived, APPLY_ONCE,
					  psprintf("%s%s, of %s", variant->text, derived->nbefore > 0 ? " as the last step" : "", of));
}

/* Add a variant, and the same with clipping if the scaler clips.  */
static void
AddVariantAndClipped(HypothesisList *list, const HypothesisKind *kind, const MethodVariant *variant,
					 const Profile *profile, int index, ValueStore *store, const char *of)
{
	double		option[METHOD_MAX_VALUES];
	double	   *clip = ClipOption(variant->method, option);
	double		low;
	double		high;

	VariantOptions(variant, option);
	AddVariant(list, kind, variant, option, profile, index, store, of);
	if (clip == NULL || !FeatureClips(list->recipe, &low, &high))
		return;
	*clip = 1;
	AddVariant(list, kind, variant, option, profile, index, store, of);
}

/* Add variants fitted to the training set, or to its range where nothing else is known, and to the audited values.  */
static void
AddVariants(HypothesisList *list, const HypothesisKind *kind, const MethodVariant *variants, int count)
{
	AuditData  *data = list->data;
	Profile		range;
	bool		has_range = !data->background->trained && RangeProfile(&range, list->recipe);
	ValueStore *store = data->state->stores && data->scaler->stored[list->feature] ?
		&data->state->stores[list->feature] : NULL;

	for (int v = 0; v < count; v++)
	{
		if (data->background->trained)
			AddVariantAndClipped(list, kind, &variants[v], &data->background->training,
								 data->of_training[list->feature], NULL, "the training set");
		else if (has_range && variants[v].of_range)
			AddVariantAndClipped(list, kind, &variants[v], &range, 0, NULL, "the training range");
		if (!IsTrainingData(list))
			AddVariantAndClipped(list, kind, &variants[v], &data->live, list->feature, store, "this data");
	}
}

/* Values were scaled to another range.  */
void
ProposeRanges(HypothesisList *list, const HypothesisKind *kind)
{
	if (MethodOptionPlace(list->recipe->method, &option_feature_range) >= 0 && !list->recipe->shifted)
		AddVariants(list, kind, range_variants, lengthof(range_variants));
}

/* Values were scaled by another method.  */
void
ProposeMethods(HypothesisList *list, const HypothesisKind *kind)
{
	/* with the scaler's own method, other ranges and deviations are diagnoses of their own; another center is not */
	for (int v = 0; v < lengthof(method_variants); v++)
	{
		const Method *method = method_variants[v].method;
		double		option[METHOD_MAX_VALUES];

		VariantOptions(&method_variants[v], option);
		if (list->recipe->method != method || list->recipe->shifted ||
			MethodOptionValue(method, option, &option_with_mean) !=
			MethodOptionValue(method, list->recipe->option, &option_with_mean))
			AddVariants(list, kind, &method_variants[v], 1);
	}
}
