/*
 * export_sklearn_classes.c
 *		The classes of scikit-learn that compute our formulas, with their parameters and attributes.
 *
 * An estimator is chosen by the arithmetic of its transform() (sklearn/preprocessing/_data.py),
 * operation by operation, so that it gives the same bits.  Its constructor has the scaler's
 * options if it is the class of the scaler's method.
 *
 * Two kinds of formulas are left out: functions whose bits depend on the libm and the CPU of the
 * other system (logarithms, powers, the normal distribution), and those of Normalizer, which
 * takes norms below 10 * epsilon for zero and sums in an order that depends on the memory layout.
 */
#include "pg/exchange/export_sklearn_classes.h"

#include "core/scaler/quantile_map.h"
#include "pg/base/json_tree.h"

/* ---- pieces of JSON ---- */

const FeatureRecipe *
SklearnSlot(const SklearnRun *run, int i)
{
	return ExportStep(&run->export->base, run->first + i, run->step);
}

void
SklearnAppendKey(StringInfo out, const char *key)
{
	appendStringInfo(out, ", \"%s\": ", key);
}

static void
AppendBoolean(StringInfo out, const char *key, bool value)
{
	SklearnAppendKey(out, key);
	appendStringInfoString(out, value ? "true" : "false");
}

static void
SklearnAppendNull(StringInfo out, const char *key)
{
	SklearnAppendKey(out, key);
	appendStringInfoString(out, "null");
}

/* Append a member that is a range of two numbers. */
static void
AppendInterval(StringInfo out, const char *key, double low, double high)
{
	SklearnAppendKey(out, key);
	appendStringInfoChar(out, '[');
	AppendJsonDouble(out, low);
	appendStringInfoString(out, ", ");
	AppendJsonDouble(out, high);
	appendStringInfoChar(out, ']');
}

/* Append a member that is an array with a value for each feature of a run. */
void
SklearnAppendArray(StringInfo out, const char *key, const SklearnRun *run,
				   double (*value) (const SklearnRun *run, int i))
{
	SklearnAppendKey(out, key);
	for (int i = 0; i < run->count; i++)
	{
		appendStringInfoString(out, i ? ", " : "[");
		AppendJsonValue(out, value(run, i), false);
	}
	appendStringInfoChar(out, ']');
}

static double
FirstParameter(const SklearnRun *run, int i)
{
	return FeatureInverseIsNull(SklearnSlot(run, i)) ? NAN : SklearnSlot(run, i)->param[0];
}

static double
SecondParameter(const SklearnRun *run, int i)
{
	return FeatureInverseIsNull(SklearnSlot(run, i)) ? NAN : SklearnSlot(run, i)->param[1];
}

/* ---- the training values of a run ---- */

/* What is kept of training values is of those before the first step. */
static bool
HasStepsBefore(const SklearnRun *run)
{
	return ExportStepCount(&run->export->base, run->first) > 1;
}

static bool
RangesAreKnown(const SklearnRun *run)
{
	if (HasStepsBefore(run))
		return false;
	for (int i = 0; i < run->count; i++)
		if (!RangeIsKnown(SklearnSlot(run, i)) || SklearnSlot(run, i)->global)
			return false;
	return true;
}

static double
RangeMin(const SklearnRun *run, int i)
{
	return SklearnSlot(run, i)->lower;
}

static double
RangeMax(const SklearnRun *run, int i)
{
	return SklearnSlot(run, i)->upper;
}

static double
RangeWidth(const SklearnRun *run, int i)
{
	return SklearnSlot(run, i)->upper - SklearnSlot(run, i)->lower;
}

static double
RangeMagnitude(const SklearnRun *run, int i)
{
	return fmax(fabs(SklearnSlot(run, i)->lower), fabs(SklearnSlot(run, i)->upper));
}

static const Moments *
RunMoments(const SklearnRun *run, int i)
{
	const SklearnExport *export = run->export;

	return &export->profile->moments[SklearnSlot(run, i) - export->base.recipe.features];
}

/* Return whether the profile has the statistics from which the estimator computes its parameters. */
static bool
StatisticsAreKnown(const SklearnRun *run)
{
	if (run->export->profile == NULL || run->export->base.recipe.weighted || HasStepsBefore(run))
		return false;
	for (int i = 0; i < run->count; i++)
		if (SklearnSlot(run, i)->imported || SklearnSlot(run, i)->global ||
			SklearnSlot(run, i)->method != run->class->method)
			return false;
	return true;
}

static double
TrainingMean(const SklearnRun *run, int i)
{
	return MomentsMean(RunMoments(run, i));
}

static double
TrainingVariance(const SklearnRun *run, int i)
{
	const FeatureRecipe *f = SklearnSlot(run, i);

	/* with ddof 1, the variance of a single value is not defined */
	return f->constant && !f->unfit ? 0 :
		MomentsVariance(RunMoments(run, i), (int) MethodOptionValue(f->method, f->option, &option_ddof));
}

static double
TrainingCount(const SklearnRun *run, int i)
{
	return (double) RunMoments(run, i)->count;
}

/* Append the number of values: a single one, or one for each feature if missing values make them differ. */
static void
AppendCounts(StringInfo out, const SklearnRun *run)
{
	for (int i = 1; i < run->count; i++)
		if (RunMoments(run, i)->count != RunMoments(run, 0)->count)
		{
			SklearnAppendArray(out, "n_samples_seen_", run, TrainingCount);
			return;
		}
	appendStringInfo(out, ", \"n_samples_seen_\": " INT64_FORMAT, RunMoments(run, 0)->count);
}

static void
AppendRowsSeen(StringInfo out, const SklearnRun *run)
{
	if (StatisticsAreKnown(run))
		appendStringInfo(out, ", \"n_samples_seen_\": " INT64_FORMAT, run->export->profile->rows);
}

/* ---- the classes ---- */

/* Return the values of an option of the feature's method, or the default if the method has no such option. */
static const double *
OptionOrDefault(const FeatureRecipe *f, const MethodOption *option)
{
	int			place = MethodOptionPlace(f->method, option);

	return place < 0 ? option->defaults : f->option + place;
}

/* Return whether an affine formula has a center. */
static bool
Centers(const FeatureRecipe *f)
{
	return f->formula->nparams == 2 || FeatureInverseIsNull(f);
}

/* Return whether an affine formula divides by a scale that was asked for. */
static bool
Scales(const FeatureRecipe *f, const MethodOption *option)
{
	return FeatureInverseIsNull(f) || *OptionOrDefault(f, option) != 0 || f->param[f->formula->nparams - 1] != 1;
}

/* Append the center, under the given name, and scale_. Either is null if it is switched off. */
static void
AppendCenterAndScale(StringInfo out, const SklearnRun *run, const char *center, bool scales)
{
	bool		centers = Centers(SklearnSlot(run, 0));

	if (centers)
		SklearnAppendArray(out, center, run, FirstParameter);
	if (scales)
		SklearnAppendArray(out, "scale_", run, centers ? SecondParameter : FirstParameter);
	else
		SklearnAppendNull(out, "scale_");
}

static void
StandardParams(StringInfo out, const FeatureRecipe *f)
{
	AppendBoolean(out, "with_mean", Centers(f));
	AppendBoolean(out, "with_std", Scales(f, &option_with_std));
}

static void
StandardAttributes(StringInfo out, const SklearnRun *run)
{
	bool		scales = Scales(SklearnSlot(run, 0), &option_with_std);
	bool		known = StatisticsAreKnown(run);

	AppendCenterAndScale(out, run, "mean_", scales);
	/* once fitted, the class has a mean even if it does not use it, unless it needs no variance either */
	if (!Centers(SklearnSlot(run, 0)) && scales && known)
		SklearnAppendArray(out, "mean_", run, TrainingMean);
	else if (!Centers(SklearnSlot(run, 0)) && !scales)
		SklearnAppendNull(out, "mean_");
	if (!scales)
		SklearnAppendNull(out, "var_");
	else if (known)
		SklearnAppendArray(out, "var_", run, TrainingVariance);
	if (known)
		AppendCounts(out, run);
}

static void
MinMaxParams(StringInfo out, const FeatureRecipe *f)
{
	const double *range = OptionOrDefault(f, &option_feature_range);
	double		low = range[0];
	double		high = range[1];
	bool		clip = FeatureClips(f, &low, &high);

	AppendInterval(out, "feature_range", low, high);
	AppendBoolean(out, "clip", clip);
}

static void
MinMaxAttributes(StringInfo out, const SklearnRun *run)
{
	SklearnAppendArray(out, "scale_", run, FirstParameter);
	SklearnAppendArray(out, "min_", run, SecondParameter);
	if (RangesAreKnown(run))
	{
		SklearnAppendArray(out, "data_min_", run, RangeMin);
		SklearnAppendArray(out, "data_max_", run, RangeMax);
		SklearnAppendArray(out, "data_range_", run, RangeWidth);
	}
	AppendRowsSeen(out, run);
}

static void
MaxAbsParams(StringInfo out, const FeatureRecipe *f)
{
	double		low;
	double		high;

	AppendBoolean(out, "clip", FeatureClips(f, &low, &high));
}

static void
MaxAbsAttributes(StringInfo out, const SklearnRun *run)
{
	SklearnAppendArray(out, "scale_", run, FirstParameter);
	if (RangesAreKnown(run))
		SklearnAppendArray(out, "max_abs_", run, RangeMagnitude);
	AppendRowsSeen(out, run);
}

static void
RobustParams(StringInfo out, const FeatureRecipe *f)
{
	const double *range = OptionOrDefault(f, &option_quantile_range);

	AppendBoolean(out, "with_centering", Centers(f));
	AppendBoolean(out, "with_scaling", Scales(f, &option_with_scaling));
	AppendInterval(out, "quantile_range", range[0], range[1]);
	AppendBoolean(out, "unit_variance", *OptionOrDefault(f, &option_unit_variance) != 0);
}

static void
RobustAttributes(StringInfo out, const SklearnRun *run)
{
	AppendCenterAndScale(out, run, "center_", Scales(SklearnSlot(run, 0), &option_with_scaling));
	if (!Centers(SklearnSlot(run, 0)))
		SklearnAppendNull(out, "center_");
}

static void
QuantileParams(StringInfo out, const FeatureRecipe *f)
{
	appendStringInfo(out, ", \"n_quantiles\": %u, \"output_distribution\": \"uniform\"", f->table.length);
}

/* Append quantiles_, which has a row for each quantile with a value for each feature. */
static void
QuantileAttributes(StringInfo out, const SklearnRun *run)
{
	int			n = (int) SklearnSlot(run, 0)->table.length;

	appendStringInfo(out, ", \"n_quantiles_\": %d, \"quantiles_\": [", n);
	for (int k = 0; k < n; k++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < run->count; i++)
		{
			appendStringInfoString(out, i ? ", " : k ? ", [" : "[");
			AppendJsonDouble(out, SklearnSlot(run, i)->table.values[k]);
		}
		appendStringInfoChar(out, ']');
	}
	appendStringInfoString(out, "], \"references_\": [");
	for (int k = 0; k < n; k++)
	{
		if (k > 0)
			appendStringInfoString(out, ", ");
		AppendJsonDouble(out, ReferenceProbability(k, n));
	}
	appendStringInfoChar(out, ']');
}

static void
IdentityParams(StringInfo out, const FeatureRecipe *f)
{
	SklearnAppendNull(out, "func");
}

/* Append a function of numpy and its inverse. The square root of a negative number is NaN. */
static void
FunctionParams(StringInfo out, const FeatureRecipe *f)
{
	SklearnAppendKey(out, "func");
	AppendJsonString(out, f->formula->name);
	SklearnAppendKey(out, "inverse_func");
	AppendJsonString(out, f->formula == &formula_sqrt ? "square" : "sqrt");
}

static void
NoAttributes(StringInfo out, const SklearnRun *run)
{
}

static const SklearnClass standard_scaler =
{"StandardScaler", &method_standard, false, StandardParams, StandardAttributes};
static const SklearnClass minmax_scaler = {"MinMaxScaler", &method_minmax, true, MinMaxParams, MinMaxAttributes};
static const SklearnClass maxabs_scaler = {"MaxAbsScaler", &method_maxabs, true, MaxAbsParams, MaxAbsAttributes};
static const SklearnClass robust_scaler = {"RobustScaler", &method_robust, false, RobustParams, RobustAttributes};
static const SklearnClass quantile_transformer =
{"QuantileTransformer", &method_quantile, false, QuantileParams, QuantileAttributes};
static const SklearnClass function_transformer =
{"FunctionTransformer", &method_identity, false, IdentityParams, NoAttributes};
static const SklearnClass numpy_function = {"FunctionTransformer", &method_square, false, FunctionParams, NoAttributes};

/*
 * The classes by the formula that their transform() computes.  If several compute it, the one with the
 * feature's method is used, else the last.
 */
static const struct
{
	const Formula *formula;
	const SklearnClass *class;
}			choices[] = {
	{&formula_subtract_divide_cast, &standard_scaler},
	{&formula_divide_cast, &standard_scaler},
	{&formula_multiply_add, &minmax_scaler},
	{&formula_multiply_offset, &minmax_scaler},
	{&formula_divide, &maxabs_scaler},
	{&formula_divide, &robust_scaler},
	{&formula_subtract_divide, &robust_scaler},
	{&formula_quantile_uniform, &quantile_transformer},
	{&formula_identity, &function_transformer},
	{&formula_sqrt, &numpy_function},
	{&formula_square, &numpy_function},
};

/* ---- what can be expressed ---- */

/* Return a list of the formulas that can be exported, for a hint. */
static char *
KnownFormulas(void)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(choices); i++)
		if (i == 0 || choices[i].formula != choices[i - 1].formula)
			appendStringInfo(&list, "%s%s", list.len ? ", " : "formulas ", choices[i].formula->name);
	return list.data;
}

const SklearnClass *
SklearnClassOf(const SklearnExport *export, int slot, int step)
{
	const FeatureRecipe *f = ExportStep(&export->base, slot, step);
	const SklearnClass *class = NULL;

	/* scikit-learn fits NaN to a column without values, so such a feature gives NaN for every value */
	if (FeatureInverseIsNull(f))
		return &standard_scaler;
	for (int i = 0; i < lengthof(choices); i++)
		if (choices[i].formula == f->formula && (class == NULL || class->method != f->method))
			class = choices[i].class;
	if (class)
		return class;
	ExportUnsupportedFormula(&export->base, slot, step, KnownFormulas());
}

bool
SklearnPassesNames(const SklearnClass *class)
{
	return class == &function_transformer || class == &numpy_function;
}

void
SklearnCheckPolicies(const SklearnExport *export, int slot, int step, const SklearnClass *class)
{
	static const PolicyLimits limits = {
		POLICY_BIT(MISSING_ERROR),
		POLICY_BIT(OUTSIDE_CLIP) | POLICY_BIT(OUTSIDE_NULL) | POLICY_BIT(OUTSIDE_ERROR),
		POLICY_BIT(CONSTANT_NULL),
		POLICY_BIT(DOMAIN_ERROR) | POLICY_BIT(DOMAIN_CLIP),
	};
	const FeatureRecipe *f = ExportStep(&export->base, slot, step);
	double		low;
	double		high;

	if (FeatureInverseIsNull(f))
		return;
	ExportCheckPolicies(&export->base, slot, &limits, "missing: keep, nan, and values to impute; outside: keep; "
						"constant: unit; domain: null; and option clip of methods minmax and maxabs");
	if (f->dtype != DTYPE_FLOAT64)
		ExportUnsupported(&export->base, slot, psprintf("arithmetic in %s", PolicyCodeToName(dtype_names, f->dtype)),
						  "arithmetic in the type of the values");
	if ((!class->clips && FeatureClips(f, &low, &high)) ||
		(class->method == &method_maxabs && f->clips && (f->clip[0] != -1 || f->clip[1] != 1)))
		ExportUnsupported(&export->base, slot,
						  ExportOfStep(&export->base, slot, step,
									   psprintf("option clip with formula %s", f->formula->name)),
						  "option clip with formula multiply_add, or with divide of method maxabs");
}
