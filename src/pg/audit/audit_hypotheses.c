/*
 * audit_hypotheses.c
 *		What may have happened: a table of hypotheses, each of which proposes
 *		ways in which the observed values of a feature may have come about.
 */
#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/audit/audit_search.h"
#include "pg/base/normfreeze.h"
#include "pg/scaler/scaler_json.h"
#include "utils/builtins.h"

/* ---- lists ---- */

Hypothesis *
AddHypothesis(HypothesisList *list, const HypothesisKind *kind, const FeatureRecipe *recipe, Application application,
			  const char *detail)
{
	Hypothesis *h;

	if (list->count == list->capacity)
	{
		list->capacity = list->capacity == 0 ? 128 : 2 * list->capacity;
		list->hypotheses = list->hypotheses ?
			repalloc(list->hypotheses, sizeof(Hypothesis) * list->capacity) :
			palloc(sizeof(Hypothesis) * list->capacity);
	}
	h = &list->hypotheses[list->count++];
	memset(h, 0, sizeof(*h));
	h->kind = kind;
	h->detail = detail;
	h->x = list->data->raw[list->feature];
	h->other = -1;
	ExplanationInit(&h->explanation, recipe, application);
	/* where both sides are float4, the scaler's own arithmetic is, too */
	h->explanation.single_arithmetic = list->data->state->single;
	return h;
}

double
Predict(const Hypothesis *h, int row)
{
	if (h->predicted == NULL)
		return ExplainedValue(&h->explanation, h->x[row]);
	return ExplainedOutput(&h->explanation, h->predicted[row]);
}

bool
IsOfRows(const HypothesisList *list)
{
	return FormulaIsOfRows(list->recipe->formula);
}

/* The scaler's own output, to which something happened; formulas of whole rows need it computed. */
Hypothesis *
AddOwnOutput(HypothesisList *list, const HypothesisKind *kind, const char *detail)
{
	Hypothesis *h;

	if (!IsOfRows(list))
		return AddHypothesis(list, kind, list->recipe, APPLY_ONCE, detail);
	h = AddHypothesis(list, kind, NULL, APPLY_NOT, detail);
	h->predicted = list->data->expected[list->feature];
	return h;
}

int
CompareDoubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return x < y ? -1 : x > y;
}

int
DistinctInQuestion(const HypothesisList *list)
{
	const double *raw = list->data->raw[list->feature];
	double	   *values = palloc(sizeof(double) * Max(list->data->nrows, 1));
	int			n = 0;
	int			distinct = 0;

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isfinite(raw[r]))
			values[n++] = raw[r];
	qsort(values, n, sizeof(double), CompareDoubles);
	for (int i = 0; i < n; i++)
		distinct += i == 0 || values[i] != values[i - 1];
	pfree(values);
	return distinct;
}

/* ---- applied otherwise ---- */

static void
ProposeNotApplied(HypothesisList *list, const HypothesisKind *kind)
{
	AddHypothesis(list, kind, NULL, APPLY_NOT, NULL);
}

/* What the scaler makes of its own output, for formulas of whole rows: of all features at once. */
static double **
AppliedTwice(AuditData *data)
{
	MemoryContext old;
	double	   *row;
	double	   *result;
	OutputKind *kinds;

	if (data->twice)
		return data->twice;
	old = MemoryContextSwitchTo(data->context);
	row = palloc(sizeof(double) * data->n);
	result = palloc(sizeof(double) * data->n);
	kinds = palloc(sizeof(OutputKind) * data->n);
	data->twice = palloc(sizeof(double *) * data->n);
	for (int i = 0; i < data->n; i++)
		data->twice[i] = palloc(sizeof(double) * data->nrows);
	for (int r = 0; r < data->nrows; r++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < data->n; i++)
			row[i] = data->expected[i][r];
		AuditExpect(data->scaler, data->state->single, row, NULL, result, kinds);
		for (int i = 0; i < data->n; i++)
			data->twice[i][r] = result[i];
	}
	MemoryContextSwitchTo(old);
	return data->twice;
}

static void
ProposeTwice(HypothesisList *list, const HypothesisKind *kind)
{
	if (IsOfRows(list))
		AddHypothesis(list, kind, NULL, APPLY_NOT, NULL)->predicted = AppliedTwice(list->data)[list->feature];
	else
		AddHypothesis(list, kind, list->recipe, APPLY_TWICE, NULL);
}

static void
ProposeInverse(HypothesisList *list, const HypothesisKind *kind)
{
	if (FormulaHasInverse(list->recipe->formula, list->recipe->param))
		AddHypothesis(list, kind, list->recipe, APPLY_INVERSE, NULL);
}

/* ---- swapped columns ---- */

#define GLANCE_ROWS		8

/* There are many columns: is there any row in question that this could explain? */
bool
IsWorthATrial(const HypothesisList *list, const Hypothesis *h)
{
	const double *observed = list->data->observed[list->feature];
	int			seen = 0;

	for (int r = 0; r < list->data->nrows && seen < GLANCE_ROWS; r++)
	{
		double		value;

		if (!list->in_question[r])
			continue;
		value = Predict(h, r);
		/* where both are missing, that tells nothing: columns may be missing for the most part */
		if (isnan(value) && isnan(observed[r]))
			continue;
		seen++;
		if (fabs(value - observed[r]) <= 1e-6 * (1 + fabs(value) + fabs(observed[r])))
			return true;
	}
	return false;
}

/* predicted: values already computed, or NULL */
static void
ProposeSwap(HypothesisList *list, const HypothesisKind *kind, int other, const FeatureRecipe *recipe, const double *predicted,
			const char *how)
{
	Hypothesis *h = AddHypothesis(list, kind, recipe, recipe ? APPLY_ONCE : APPLY_NOT, NULL);

	h->x = list->data->raw[other];
	h->predicted = predicted;
	h->other = other;
	if (IsWorthATrial(list, h))
		h->detail = psprintf(how, FeatureLabel(list->data->recipe.features[other].name, other));
	else
		list->count--;
}

static void
ProposeSwaps(HypothesisList *list, const HypothesisKind *kind)
{
	static const char *const scaled = "the scaled values of %s stand in its place";

	for (int j = 0; j < list->data->n; j++)
	{
		const FeatureRecipe *other = &list->data->recipe.features[j];

		CHECK_FOR_INTERRUPTS();
		if (j == list->feature)
			continue;
		if (!IsOfRows(list))
			ProposeSwap(list, kind, j, list->recipe, NULL, "the raw values of %s were scaled in its place");
		if (FormulaIsOfRows(other->formula))
			ProposeSwap(list, kind, j, NULL, list->data->expected[j], scaled);
		else
			ProposeSwap(list, kind, j, other, NULL, scaled);
	}
}

/* ---- other versions ---- */

char *
OtherText(const FrozenScaler *other)
{
	return other->label ? psprintf("%s, scaler_id " INT64_FORMAT, other->label, other->id) :
		psprintf("scaler_id " INT64_FORMAT, other->id);
}

static void
ProposeVersions(HypothesisList *list, const HypothesisKind *kind)
{
	for (int o = 0; o < list->data->background->nothers; o++)
	{
		const FrozenScaler *other = &list->data->background->others[o];
		const FeatureRecipe *feature = FeatureOfOther(list->data, o, list->feature);

		if (feature == NULL || FormulaIsOfRows(feature->formula) || SameParameters(feature, list->recipe))
			continue;
		AddHypothesis(list, kind, feature, APPLY_ONCE,
					  OtherText(other))->other = o;
	}
}

/* ---- other parameters ---- */

/* One feature of a profile, as a profile. */
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

static double
MedianOf(const Profile *profile, int index, ValueStore *store)
{
	Evidence	evidence = {.moments = &profile->moments[index], .store = store};

	if (profile->moments[index].count == 0 || (store == NULL && profile->histograms == NULL))
		return NAN;
	if (store == NULL)
		evidence.histogram = &profile->histograms[index];
	return EvidenceMedian(&evidence);
}

/* Statistics that a refit would take from the values, besides the formula's parameters. */
static void
SetStatistics(FeatureRecipe *feature, const Profile *profile, int index, ValueStore *store)
{
	const Moments *moments = &profile->moments[index];

	feature->lower = moments->min;
	feature->upper = moments->max;
	if (feature->missing == MISSING_MEAN)
		feature->imputed = MomentsMean(moments);
	else if (feature->missing == MISSING_MIN)
		feature->imputed = moments->min;
	else if (feature->missing == MISSING_MAX)
		feature->imputed = moments->max;
	else if (feature->missing == MISSING_MEDIAN)
		feature->imputed = MedianOf(profile, index, store);
}

/* A feature as a fit of some method to one feature's profile makes it; NULL if it cannot. */
static FeatureRecipe *
FitVariant(const FeatureRecipe *like, const Method *method, const double *option, uint8 quantiles,
		   const Profile *profile, int index, ValueStore *store)
{
	FeatureRecipe feature = *like;
	FeatureRecipe *derived = palloc(sizeof(FeatureRecipe));
	Recipe		recipe = {.nfeatures = 1, .features = &feature};
	Rederivation *done = NULL;
	Profile		one;

	NarrowProfile(&one, profile, index);
	if (one.moments->count == 0 || MomentsInfinite(one.moments) > 0)
		return NULL;
	feature.method = method;
	memset(feature.option, 0, sizeof(feature.option));
	memcpy(feature.option, option, sizeof(double) * MethodValueCount(method));
	feature.quantiles = quantiles;
	feature.global = feature.shifted = feature.imported = false;
	if (!RederiveFeature(&recipe, &one, store, 0, NULL, &done, derived))
		return NULL;
	SetStatistics(derived, &one, 0, store);
	return derived;
}

/* The same method and options on the values that were audited. */
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
	if (list->recipe->method == MethodByName("affine") || moments->count == 0 || MomentsInfinite(moments) > 0)
		return NULL;
	if (list->recipe->imported)
		return FitVariant(list->recipe, list->recipe->method, list->recipe->option, QUANTILES_EXACT, &data->live,
						  list->feature, state->stores ? &state->stores[list->feature] : NULL);
	/* what global features are derived from is kept for the others */
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

/* Is what was audited, as far as this feature goes, what the scaler was fitted on? */
static bool
IsTrainingData(const HypothesisList *list)
{
	const AuditData *data = list->data;

	return data->background->trained &&
		MomentsAreEqual(&data->background->training.moments[data->of_training[list->feature]], &data->live.moments[list->feature]);
}

/* Of the training set, the value for missing ones is known exactly; its profile has no exact quantiles. */
static void
KeepImputed(FeatureRecipe *derived, const FeatureRecipe *own)
{
	if (!own->imported)
		derived->imputed = own->imputed;
}

static bool
IsStandard(const FeatureRecipe *feature)
{
	return feature->method == MethodByName("standard") && !feature->shifted && feature->option[1] != 0;
}

/* The options of standard with the other ddof. */
static void
OtherDdof(const FeatureRecipe *feature, double *option)
{
	memcpy(option, feature->option, sizeof(feature->option));
	option[2] = option[2] == 0 ? 1 : 0;
}

#define MOST_REPEATS	(1 << 20)	/* rows that are added one by one */

/* The feature's values in the rows in question, and a store of them; false if they are not a part of all rows. */
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

/* A later part of the rows may have been scaled by itself. */
static void
ProposeRefitToPart(HypothesisList *list, const HypothesisKind *kind)
{
	Profile		profile;
	ValueStore	store;
	FeatureRecipe *derived;

	if (list->recipe->method == MethodByName("affine") || !ProfileOfQuestion(list, &profile, &store))
		return;
	/* of one value any scaler makes whatever its center is: that is no fit to anything */
	derived = profile.moments[0].min < profile.moments[0].max ?
		FitVariant(list->recipe, list->recipe->method, list->recipe->option, QUANTILES_EXACT, &profile, 0, &store) : NULL;
	/* a million values, perhaps, and for each feature */
	if (store.keys)
		pfree(store.keys);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, "to these rows alone");
}

/* To all rows that are audited. */
static void
ProposeRefitToAll(HypothesisList *list, const HypothesisKind *kind)
{
	const char *how;
	FeatureRecipe *derived;
	double		option[METHOD_MAX_VALUES];

	if (IsTrainingData(list))
		return;
	derived = Refit(list, &how);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE, how);
	if (!IsStandard(list->recipe))
		return;
	OtherDdof(list->recipe, option);
	derived = FitVariant(list->recipe, list->recipe->method, option, QUANTILES_NONE, &list->data->live, list->feature, NULL);
	if (derived)
		AddHypothesis(list, kind, derived, APPLY_ONCE,
					  option[2] == 1 ? "with the sample deviation (ddof 1)" : "with the population deviation (ddof 0)");
}

static void
ProposeRefit(HypothesisList *list, const HypothesisKind *kind)
{
	if (IsOfRows(list))
		return;
	ProposeRefitToAll(list, kind);
	/* which may be the same, where the others are missing */
	ProposeRefitToPart(list, kind);
}

static void
ProposeDdof(HypothesisList *list, const HypothesisKind *kind, double ddof)
{
	const AuditData *data = list->data;
	double		option[METHOD_MAX_VALUES];
	FeatureRecipe *derived;

	if (!IsStandard(list->recipe) || !data->background->trained)
		return;
	OtherDdof(list->recipe, option);
	if (option[2] != ddof)
		return;
	derived = FitVariant(list->recipe, list->recipe->method, option, QUANTILES_NONE, &data->background->training,
						 data->of_training[list->feature], NULL);
	if (derived == NULL)
		return;
	KeepImputed(derived, list->recipe);
	AddHypothesis(list, kind, derived, APPLY_ONCE, NULL);
}

static void
ProposeSampleDeviation(HypothesisList *list, const HypothesisKind *kind)
{
	ProposeDdof(list, kind, 1);
}

static void
ProposePopulationDeviation(HypothesisList *list, const HypothesisKind *kind)
{
	ProposeDdof(list, kind, 0);
}

/* ---- other methods and ranges ---- */

/* A line through the origin of slope 1 is not_applied by another name. */
bool
ChangesNothing(const FeatureRecipe *feature)
{
	FeatureRecipe plain = *feature;
	Explanation line;

	if (!FormulaIsAffine(feature->formula) || FormulaIsOfRows(feature->formula))
		return false;
	plain.outside = OUTSIDE_KEEP;	/* 0 and 1 need not be in the training range */
	ExplanationInit(&line, &plain, APPLY_ONCE);
	return ExplainedValue(&line, 0.0) == 0.0 && ExplainedValue(&line, 1.0) == 1.0;
}

typedef struct MethodVariant
{
	const char *method;
	double		option[METHOD_MAX_VALUES];
	bool		of_range;		/* needs the least and greatest value alone */
	const char *text;
} MethodVariant;

static const MethodVariant range_variants[] = {
	{"minmax", {0, 1}, true, "[0, 1]"},
	{"minmax", {-1, 1}, true, "[-1, 1]"},
	{"minmax", {-0.5, 0.5}, true, "[-0.5, 0.5]"},
	{"minmax", {0, 100}, true, "[0, 100]"},
	{"minmax", {0, 255}, true, "[0, 255]"},
};

static const MethodVariant method_variants[] = {
	{"standard", {1, 1, 0}, false, "standard"},
	{"standard", {1, 1, 1}, false, "standard with ddof 1"},
	{"standard", {0, 1, 0}, false, "standard without centering"},
	{"minmax", {0, 1}, true, "minmax to [0, 1]"},
	{"minmax", {-1, 1}, true, "minmax to [-1, 1]"},
	{"maxabs", {0}, true, "maxabs"},
	{"robust", {1, 1, 25, 75, 0}, false, "robust"},
	{"robust", {0, 1, 25, 75, 0}, false, "robust without centering"},
	{"mean", {0}, false, "mean (centering alone)"},
	{"mad", {1, 1, 1.4826}, false, "mad"},
	{"meanabs", {0}, false, "meanabs"},
	{"midrange", {0}, true, "midrange"},
	{"decimal", {0}, true, "decimal"},
	{"log1p", {0}, true, "log1p"},
};

/* One feature of which only the training range is known, as a profile. */
static bool
RangeProfile(Profile *profile, const FeatureRecipe *feature)
{
	if (!RangeIsKnown(feature))
		return false;
	ProfileInit(profile, 1, NULL, 0);
	profile->moments[0].min = feature->lower;
	profile->moments[0].max = feature->upper;
	profile->moments[0].count = 1;
	return true;
}

/* Of both methods that have an option "clip" it is the last one; NULL for others. */
static double *
ClipOption(const Method *method, double *option)
{
	bool		has = method == MethodByName("minmax") || method == MethodByName("maxabs");

	return has ? &option[MethodValueCount(method) - 1] : NULL;
}

static void
AddVariant(HypothesisList *list, const HypothesisKind *kind, const MethodVariant *variant, const Profile *profile, int index,
		   ValueStore *store, const char *of)
{
	const Method *method = MethodByName(variant->method);
	uint8		quantiles = QUANTILES_NONE;
	FeatureRecipe *derived = NULL;

	/* the scaler's own method and options are no other method */
	if (method == list->recipe->method && !list->recipe->shifted &&
		memcmp(variant->option, list->recipe->option, sizeof(double) * MethodValueCount(method)) == 0)
		return;
	if (method->needs_values)
	{
		quantiles = QUANTILES_EXACT;
		if (store == NULL && profile->histograms == NULL)
			return;
	}
	derived = FitVariant(list->recipe, method, variant->option, quantiles, profile, index, store);
	if (derived == NULL && method->needs_values)
		derived = FitVariant(list->recipe, method, variant->option, QUANTILES_HISTOGRAM, profile, index, NULL);
	if (derived && profile != &list->data->live)
		KeepImputed(derived, list->recipe);
	if (derived && !ChangesNothing(derived))
		AddHypothesis(list, kind, derived, APPLY_ONCE, psprintf("%s, of %s", variant->text, of));
}

/* Where the scaler clips, the other one may do so, too. */
static void
AddVariantAndClipped(HypothesisList *list, const HypothesisKind *kind, const MethodVariant *variant, const Profile *profile,
					 int index, ValueStore *store, const char *of)
{
	MethodVariant clipped = *variant;
	double	   *clip = ClipOption(MethodByName(variant->method), clipped.option);
	double		low;
	double		high;

	AddVariant(list, kind, variant, profile, index, store, of);
	if (clip == NULL || !FeatureClips(list->recipe, &low, &high))
		return;
	*clip = 1;
	AddVariant(list, kind, &clipped, profile, index, store, of);
}

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
			AddVariantAndClipped(list, kind, &variants[v], &data->background->training, data->of_training[list->feature], NULL, "the training set");
		else if (has_range && variants[v].of_range)
			AddVariantAndClipped(list, kind, &variants[v], &range, 0, NULL, "the training range");
		if (!IsTrainingData(list))
			AddVariantAndClipped(list, kind, &variants[v], &data->live, list->feature, store, "this data");
	}
}

static void
ProposeRanges(HypothesisList *list, const HypothesisKind *kind)
{
	if (list->recipe->method == MethodByName("minmax") && !list->recipe->shifted)
		AddVariants(list, kind, range_variants, lengthof(range_variants));
}

static void
ProposeMethods(HypothesisList *list, const HypothesisKind *kind)
{
	/* other ranges of minmax are a diagnosis of their own, as are other deviations of standard */
	for (int v = 0; v < lengthof(method_variants); v++)
		if (list->recipe->method != MethodByName(method_variants[v].method) || list->recipe->shifted ||
			(strcmp(method_variants[v].method, "standard") == 0 && method_variants[v].option[0] != list->recipe->option[0]))
			AddVariants(list, kind, &method_variants[v], 1);
}

/* ---- another precision, another order of operations ---- */

static void
ProposeFloat4Rounding(HypothesisList *list, const HypothesisKind *kind)
{
	if (!list->data->state->single)
		AddOwnOutput(list, kind, NULL)->explanation.single_output = true;
}

static void
ProposeFloat4Arithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	if (!IsOfRows(list) && !list->data->state->single)
		AddHypothesis(list, kind, list->recipe, APPLY_ONCE, NULL)->explanation.single_arithmetic = true;
}

static void
ProposeFloat4Input(HypothesisList *list, const HypothesisKind *kind)
{
	Hypothesis *h;

	if (IsOfRows(list) || list->data->state->single)
		return;
	AddHypothesis(list, kind, list->recipe, APPLY_ONCE, NULL)->explanation.single_input = true;
	h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, "and the results, too");
	h->explanation.single_input = h->explanation.single_output = true;
}

static void
ProposeFloat8Arithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	Hypothesis *h;

	if (IsOfRows(list) || !list->data->state->single)
		return;
	h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, NULL);
	h->explanation.single_arithmetic = false;
	h->explanation.single_output = true;
}

static void
ProposeArithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	for (const OtherArithmetic *other = other_arithmetics; other->code; other++)
	{
		FeatureRecipe *feature;

		if (strcmp(other->code, kind->name) != 0 || other->of != list->recipe->formula)
			continue;
		feature = palloc(sizeof(FeatureRecipe));
		*feature = *list->recipe;
		feature->formula = other->formula;
		other->parameters(list->recipe, feature->param);
		AddHypothesis(list, kind, feature, APPLY_ONCE, other->text);
	}
}

/* ---- clipped ---- */

/* The one value of all rows in question that lie on one side of what was expected. */
static bool
FindBound(const HypothesisList *list, const double *expected, bool above, double *bound)
{
	const double *observed = list->data->observed[list->feature];
	bool		found = false;

	for (int r = 0; r < list->data->nrows; r++)
	{
		bool		beyond = above ? expected[r] > observed[r] : expected[r] < observed[r];

		if (!list->in_question[r] || !beyond)
			continue;
		if (found && *bound != observed[r])
			return false;
		*bound = observed[r];
		found = true;
	}
	return true;
}

static char *
BoundsText(double low, double high)
{
	if (isinf(low))
		return psprintf("above %s", FloatText(high));
	if (isinf(high))
		return psprintf("below %s", FloatText(low));
	return psprintf("to [%s, %s]", FloatText(low), FloatText(high));
}

/* Distinct values expected in rows that are right (bound NaN), or else in rows in question that have this bound; 2 for more. */
static int
DistinctExpected(const HypothesisList *list, double bound)
{
	const double *expected = list->data->expected[list->feature];
	const double *observed = list->data->observed[list->feature];
	double		first = NAN;

	for (int r = 0; r < list->data->nrows; r++)
	{
		if (isnan(expected[r]) || (isnan(bound) ? list->in_question[r] : !list->in_question[r] || observed[r] != bound))
			continue;
		if (!isnan(first) && expected[r] != first)
			return 2;
		first = expected[r];
	}
	return isnan(first) ? 0 : 1;
}

/* Is it what the scaler makes of the least or greatest training value? */
static bool
IsRangeEnd(const FeatureRecipe *recipe, double bound)
{
	return !FormulaIsOfRows(recipe->formula) && RangeIsKnown(recipe) &&
		(bound == ApplyFeature(recipe, recipe->lower) || bound == ApplyFeature(recipe, recipe->upper));
}

/* The bound that a person would choose: of two digits, or the end of the training range. */
static bool
IsChosenBound(const HypothesisList *list, double bound)
{
	const FeatureRecipe *recipe = list->recipe;
	char	   *text = psprintf("%.2g", bound);
	bool		is_short = strtod(text, NULL) == bound;

	pfree(text);
	return is_short || IsRangeEnd(recipe, bound);
}

/* Something must lie beyond a bound: one value, or several of a bound that nobody would choose. */
static bool
IsBoundSeen(const HypothesisList *list, double bound)
{
	return isinf(bound) || DistinctExpected(list, bound) >= (IsChosenBound(list, bound) ? 1 : 2);
}

/*
 * Bounds are taken from the rows in question: others must be right, and tell
 * how.  One value of these is enough if several lie beyond each bound.
 */
static bool
IsClippingSeen(const HypothesisList *list, double low, double high)
{
	int			right = DistinctExpected(list, NAN);

	if (right >= 2)
		return IsBoundSeen(list, low) && IsBoundSeen(list, high);
	return right == 1 && (isinf(low) || DistinctExpected(list, low) >= 2) &&
		(isinf(high) || DistinctExpected(list, high) >= 2);
}

static void
ProposeClipped(HypothesisList *list, const HypothesisKind *kind)
{
	const double *expected = list->data->expected[list->feature];
	double		low = -INFINITY;
	double		high = INFINITY;
	const char *text;
	Hypothesis *h;

	if (!FindBound(list, expected, true, &high) || !FindBound(list, expected, false, &low) ||
		(isinf(low) && isinf(high)) || low >= high || !IsClippingSeen(list, low, high))
		return;
	text = BoundsText(low, high);
	if ((isinf(low) || IsRangeEnd(list->recipe, low)) && (isinf(high) || IsRangeEnd(list->recipe, high)))
		text = psprintf("%s, where the training range ends", text);
	h = AddOwnOutput(list, kind, text);
	h->explanation.clips_output = true;
	h->explanation.low = low;
	h->explanation.high = high;
}

/* ---- policies that were not followed ---- */

static void
ProposePolicyIgnored(HypothesisList *list, const HypothesisKind *kind)
{
	const FeatureRecipe *own = list->recipe;
	FeatureRecipe *plain = palloc(sizeof(FeatureRecipe));
	double		low;
	double		high;

	if (IsOfRows(list))
		return;
	*plain = *own;
	if (own->missing != MISSING_KEEP)
	{
		FeatureRecipe *kept = palloc(sizeof(FeatureRecipe));

		*kept = *own;
		kept->missing = plain->missing = MISSING_KEEP;
		AddHypothesis(list, kind, kept, APPLY_ONCE,
					  psprintf("missing: %s", PolicyCodeToName(missing_policy_names, own->missing)));
	}
	if (own->outside != OUTSIDE_KEEP)
	{
		FeatureRecipe *kept = palloc(sizeof(FeatureRecipe));

		*kept = *own;
		kept->outside = plain->outside = OUTSIDE_KEEP;
		AddHypothesis(list, kind, kept, APPLY_ONCE,
					  psprintf("outside: %s", PolicyCodeToName(outside_policy_names, own->outside)));
	}
	if (FeatureClips(own, &low, &high))
	{
		FeatureRecipe *unclipped = palloc(sizeof(FeatureRecipe));
		double	   *clip = ClipOption(plain->method, plain->option);

		if (clip)
			*clip = 0;
		*unclipped = *own;
		memcpy(unclipped->option, plain->option, sizeof(plain->option));
		AddHypothesis(list, kind, unclipped, APPLY_ONCE, "clip: true");
	}
	if (own->missing != MISSING_KEEP && own->outside != OUTSIDE_KEEP)
		AddHypothesis(list, kind, plain, APPLY_ONCE, "any of them");
}

/* ---- missing values replaced ---- */

static bool
AnyMissing(const HypothesisList *list)
{
	const double *raw = list->data->raw[list->feature];

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isnan(raw[r]))
			return true;
	return false;
}

static void
AddInputFill(HypothesisList *list, const HypothesisKind *kind, double value, const char *detail)
{
	Hypothesis *h;

	if (!isfinite(value))
		return;
	h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, detail);
	h->explanation.fills_input = true;
	h->explanation.input_fill = value;
}

static void
ProposeMissingAsMean(HypothesisList *list, const HypothesisKind *kind)
{
	const AuditData *data = list->data;

	if (IsOfRows(list) || !AnyMissing(list))
		return;
	if (data->background->trained)
		AddInputFill(list, kind, MomentsMean(&data->background->training.moments[data->of_training[list->feature]]), "of the training set");
	else if (IsStandard(list->recipe) && list->recipe->option[0] != 0)
		AddInputFill(list, kind, list->recipe->param[0], "of the training set");
	if (!IsTrainingData(list))
		AddInputFill(list, kind, MomentsMean(&data->live.moments[list->feature]), "of this data");
}

static void
ProposeMissingAsMedian(HypothesisList *list, const HypothesisKind *kind)
{
	AuditData  *data = list->data;
	ValueStore *store = data->state->stores && data->scaler->stored[list->feature] ?
		&data->state->stores[list->feature] : NULL;

	if (IsOfRows(list) || !AnyMissing(list))
		return;
	if (list->recipe->method == MethodByName("robust") && list->recipe->option[0] != 0 && !list->recipe->shifted)
		AddInputFill(list, kind, list->recipe->param[0], "of the training set");
	else if (data->background->trained)
		AddInputFill(list, kind, MedianOf(&data->background->training, data->of_training[list->feature], NULL), "of the training set");
	if (!IsTrainingData(list))
		AddInputFill(list, kind, MedianOf(&data->live, list->feature, store), "of this data");
}

static void
ProposeMissingAsZero(HypothesisList *list, const HypothesisKind *kind)
{
	if (!IsOfRows(list) && AnyMissing(list))
		AddInputFill(list, kind, 0.0, NULL);
}

static void
ProposeZeroForMissing(HypothesisList *list, const HypothesisKind *kind)
{
	Hypothesis *h;

	if (!AnyMissing(list))
		return;
	h = AddOwnOutput(list, kind, NULL);
	h->explanation.fills_output = true;
	h->explanation.output_fill = 0.0;
}

/* Any one value, which the rows themselves tell. */
static void
ProposeMissingReplaced(HypothesisList *list, const HypothesisKind *kind)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	double		value = NAN;
	int			rows = 0;
	Hypothesis *h;

	for (int r = 0; r < list->data->nrows; r++)
	{
		if (!list->in_question[r] || !isnan(raw[r]))
			continue;
		if (rows++ > 0 && observed[r] != value)
			return;
		value = observed[r];
	}
	if (rows == 0 || isnan(value))
		return;
	h = AddOwnOutput(list, kind, psprintf("after scaling it is %s", FloatText(value)));
	h->explanation.fills_output = true;
	h->explanation.output_fill = value;
}

/* Nothing is there where the scaler gives a value. */
static void
ProposeResultsMissing(HypothesisList *list, const HypothesisKind *kind)
{
	const double *observed = list->data->observed[list->feature];

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isnan(observed[r]))
		{
			AddHypothesis(list, kind, NULL, APPLY_NOT, NULL)->explanation.factor = NAN;
			return;
		}
}

/* ---- another unit ---- */

static void
ProposeUnits(HypothesisList *list, const HypothesisKind *kind)
{
	if (IsOfRows(list))
		return;
	for (const UnitFactor *unit = unit_factors; unit->text; unit++)
	{
		Hypothesis *h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, unit->text);

		h->explanation.factor = unit->factor;
		h->explanation.divisor = unit->divisor;
		h->explanation.offset = unit->offset;
	}
}

/* ---- any straight line ---- */

/* A row in question with a least or greatest raw value, or -1. */
static int
ExtremeRow(const HypothesisList *list, bool greatest)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	int			best = -1;

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isfinite(raw[r]) && isfinite(observed[r]) &&
			(best < 0 || (greatest ? raw[r] > raw[best] : raw[r] < raw[best])))
			best = r;
	return best;
}

/* The parameters, next to those of the scaler if it has such. */
static char *
LineText(const FeatureRecipe *own, double center, double scale)
{
	char	   *text = psprintf("center %.12g, scale %.12g", center, scale);

	if (own->formula->nparams == 2 && strcmp(own->formula->param_names[0], "center") == 0 &&
		strcmp(own->formula->param_names[1], "scale") == 0)
		return psprintf("%s, not %.12g and %.12g", text, own->param[0], own->param[1]);
	return text;
}

static void
ProposeLine(HypothesisList *list, const HypothesisKind *kind)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	int			low = ExtremeRow(list, false);
	int			high = ExtremeRow(list, true);
	FeatureRecipe *line;
	double		scale;
	double		center;

	if (list->nearly_right || low < 0 || raw[low] == raw[high] || observed[low] == observed[high] || DistinctInQuestion(list) < LEAST_POINTS)
		return;
	scale = (raw[high] - raw[low]) / (observed[high] - observed[low]);
	center = raw[low] - observed[low] * scale;
	if (!isfinite(scale) || !isfinite(center) || scale == 0)
		return;
	line = palloc0(sizeof(FeatureRecipe));
	line->method = MethodByName("affine");
	line->formula = &formula_subtract_divide;
	line->param[0] = center;
	line->param[1] = scale;
	AddHypothesis(list, kind, line, APPLY_ONCE, LineText(list->recipe, center, scale));
}

/* ---- the table ---- */

const HypothesisKind hypothesis_kinds[] = {
	{"not_applied", FAMILY_OF_ITS_OWN, false, "the values are the raw ones", ProposeNotApplied},
	{"applied_twice", FAMILY_OF_ITS_OWN, false, "the scaler was applied to its own output", ProposeTwice},
	{"inverse_applied", FAMILY_OF_ITS_OWN, false, "the inverse was applied in place of the scaler", ProposeInverse},
	{"columns_swapped", FAMILY_OF_ITS_OWN, false, "it was taken for another column", ProposeSwaps},
	{"another_version", FAMILY_OF_ITS_OWN, false, "another frozen scaler was applied", ProposeVersions},
	{"refitted", FAMILY_OF_ITS_OWN, false, "the scaler was fitted again, to this data", ProposeRefit},
	{"sample_deviation", FAMILY_OF_ITS_OWN, false,
	"divided by the sample deviation (ddof 1) of the training set, not the population deviation", ProposeSampleDeviation},
	{"population_deviation", FAMILY_OF_ITS_OWN, false,
	"divided by the population deviation (ddof 0) of the training set, not the sample deviation", ProposePopulationDeviation},
	{"other_range", FAMILY_METHOD, false, "scaled to another output range", ProposeRanges},
	{"other_method", FAMILY_METHOD, false, "scaled by another method", ProposeMethods},
	{"rounded_parameters", FAMILY_PARAMETERS, false, "the parameters were rounded", ProposeRoundedParameters},
	{"rounded_input", FAMILY_ROUNDED, false, "the raw values were rounded first", ProposeRoundedInput},
	{"float4_rounding", FAMILY_FLOAT4, false, "the results were rounded to float4", ProposeFloat4Rounding},
	{"float4_arithmetic", FAMILY_FLOAT4, false, "computed in float4", ProposeFloat4Arithmetic},
	{"float4_input", FAMILY_FLOAT4, false, "the raw values were rounded to float4 first", ProposeFloat4Input},
	{"float8_arithmetic", FAMILY_FLOAT4, false, "computed in float8 and rounded at the end, not in float4", ProposeFloat8Arithmetic},
	{"reciprocal", FAMILY_ARITHMETIC, false, "multiplied by a reciprocal where the scaler divides", ProposeArithmetic},
	{"other_arithmetic", FAMILY_ARITHMETIC, false, "the same parameters in another order of operations", ProposeArithmetic},
	{"clipped", FAMILY_CLIP, false, "the results were clipped", ProposeClipped},
	{"policy_ignored", FAMILY_POLICY, false, "a policy of the scaler was not followed", ProposePolicyIgnored},
	{"missing_as_mean", FAMILY_MISSING, false, "missing values were replaced by the mean", ProposeMissingAsMean},
	{"missing_as_median", FAMILY_MISSING, false, "missing values were replaced by the median", ProposeMissingAsMedian},
	{"missing_as_zero", FAMILY_MISSING, false, "missing values were replaced by 0 before scaling", ProposeMissingAsZero},
	{"zero_for_missing", FAMILY_MISSING, false, "missing results were replaced by 0 after scaling", ProposeZeroForMissing},
	{"results_missing", FAMILY_ABSENT, false, "there is no value where the scaler gives one", ProposeResultsMissing},
	{"unit_factor", FAMILY_OF_ITS_OWN, false, "the raw values that were scaled were in another unit", ProposeUnits},
	{"rounded_results", FAMILY_ROUNDED, false, "the results were rounded", ProposeRoundedResults},
	{"missing_replaced", FAMILY_MISSING, true, "missing values were replaced by some constant", ProposeMissingReplaced},
	{"other_parameters", FAMILY_OF_ITS_OWN, true, "scaled with other parameters, from wherever", ProposeLine},
	{NULL, FAMILY_OF_ITS_OWN, false, NULL, NULL}
};

void
ProposeHypotheses(HypothesisList *list, bool fallbacks)
{
	for (const HypothesisKind *kind = hypothesis_kinds; kind->name; kind++)
		if (kind->fallback == fallbacks)
		{
			CHECK_FOR_INTERRUPTS();
			kind->propose(list, kind);
		}
}
