/*
 * export_sklearn.c
 *		Scalers as fitted estimators of scikit-learn, in JSON.
 *
 * An estimator is chosen by the arithmetic of its transform()
 * (sklearn/preprocessing/_data.py), operation by operation, so that it gives
 * the same bits; the constructor's parameters are those of the scaler where
 * the method is scikit-learn's, too.  Adjacent features of one kind share an
 * estimator; several kinds make a ColumnTransformer, which keeps the order of
 * outputs.  An imputed value makes a Pipeline with a SimpleImputer.
 *
 * Left out are functions whose bits depend on the libm and the CPU there
 * (logarithms, powers, the normal distribution), and Normalizer, which takes
 * norms below 10 * epsilon for zero and sums as memory happens to lie.
 */
#include "pg/exchange/export_sklearn.h"

#include "core/scaler/quantile_map.h"
#include "core/values/profile.h"
#include "pg/exchange/export.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_json.h"
#include "utils/builtins.h"

#define FORMAT			"scikit-learn"
#define ARTIFACT_KEY	"normfreeze"

typedef struct SklearnExport
{
	Export		base;
	Profile    *profile;		/* NULL if it is not at hand */
} SklearnExport;

/* Adjacent slots that one estimator serves. */
typedef struct Run
{
	const SklearnExport *export;
	const struct SklearnClass *class;
	int			first;
	int			count;
} Run;

/* What scikit-learn calls a class, its constructor's parameters of one feature and the attributes of a run. */
typedef struct SklearnClass
{
	const char *name;
	bool		clips;
	void		(*params) (StringInfo out, const FeatureRecipe *f);
	void		(*attributes) (StringInfo out, const Run *run);
} SklearnClass;

/* ---- pieces of JSON ---- */

static const FeatureRecipe *
SlotOf(const Run *run, int i)
{
	return run->export->base.transform.slots[run->first + i];
}

static void
AppendKey(StringInfo out, const char *key)
{
	appendStringInfo(out, ", \"%s\": ", key);
}

static void
AppendBoolean(StringInfo out, const char *key, bool value)
{
	AppendKey(out, key);
	appendStringInfoString(out, value ? "true" : "false");
}

static void
AppendNull(StringInfo out, const char *key)
{
	AppendKey(out, key);
	appendStringInfoString(out, "null");
}

static void
AppendInterval(StringInfo out, const char *key, double low, double high)
{
	AppendKey(out, key);
	appendStringInfoChar(out, '[');
	AppendJsonDouble(out, low);
	appendStringInfoString(out, ", ");
	AppendJsonDouble(out, high);
	appendStringInfoChar(out, ']');
}

/* A value for each feature of a run. */
static void
AppendArray(StringInfo out, const char *key, const Run *run, double (*value) (const Run *run, int i))
{
	AppendKey(out, key);
	for (int i = 0; i < run->count; i++)
	{
		appendStringInfoString(out, i ? ", " : "[");
		AppendJsonValue(out, value(run, i), false);
	}
	appendStringInfoChar(out, ']');
}

static double
FirstParameter(const Run *run, int i)
{
	return FeatureInverseIsNull(SlotOf(run, i)) ? NAN : SlotOf(run, i)->param[0];
}

static double
SecondParameter(const Run *run, int i)
{
	return FeatureInverseIsNull(SlotOf(run, i)) ? NAN : SlotOf(run, i)->param[1];
}

/* ---- what is known of a run's training values ---- */

static bool
RangesAreKnown(const Run *run)
{
	for (int i = 0; i < run->count; i++)
		if (!RangeIsKnown(SlotOf(run, i)) || SlotOf(run, i)->global)
			return false;
	return true;
}

static double
RangeMin(const Run *run, int i)
{
	return SlotOf(run, i)->lower;
}

static double
RangeMax(const Run *run, int i)
{
	return SlotOf(run, i)->upper;
}

static double
RangeWidth(const Run *run, int i)
{
	return SlotOf(run, i)->upper - SlotOf(run, i)->lower;
}

static double
RangeMagnitude(const Run *run, int i)
{
	return fmax(fabs(SlotOf(run, i)->lower), fabs(SlotOf(run, i)->upper));
}

static const Moments *
MomentsOf(const Run *run, int i)
{
	const SklearnExport *export = run->export;

	return &export->profile->moments[SlotOf(run, i) - export->base.recipe.features];
}

/* Does the profile have the statistics that the parameters came from? */
static bool
StatisticsAreKnown(const Run *run, const char *method)
{
	if (run->export->profile == NULL || run->export->base.recipe.weighted)
		return false;
	for (int i = 0; i < run->count; i++)
		if (SlotOf(run, i)->imported || SlotOf(run, i)->global || strcmp(SlotOf(run, i)->method->name, method) != 0)
			return false;
	return true;
}

static double
TrainingMean(const Run *run, int i)
{
	return MomentsMean(MomentsOf(run, i));
}

static double
TrainingVariance(const Run *run, int i)
{
	/* ddof is the third option of method standard; a single value has no variance by ddof 1 */
	return SlotOf(run, i)->constant && !SlotOf(run, i)->unfit ? 0 : MomentsVariance(MomentsOf(run, i), (int) SlotOf(run, i)->option[2]);
}

static double
TrainingCount(const Run *run, int i)
{
	return (double) MomentsOf(run, i)->count;
}

/* One number, unless missing values make a difference between features. */
static void
AppendCounts(StringInfo out, const Run *run)
{
	for (int i = 1; i < run->count; i++)
		if (MomentsOf(run, i)->count != MomentsOf(run, 0)->count)
		{
			AppendArray(out, "n_samples_seen_", run, TrainingCount);
			return;
		}
	appendStringInfo(out, ", \"n_samples_seen_\": " INT64_FORMAT, MomentsOf(run, 0)->count);
}

static void
AppendRows(StringInfo out, const Run *run, const char *method)
{
	if (StatisticsAreKnown(run, method))
		appendStringInfo(out, ", \"n_samples_seen_\": " INT64_FORMAT, run->export->profile->rows);
}

/* ---- the classes ---- */

/* The values of an option of the feature's method, or these if it has none by that name. */
static const double *
OptionOr(const FeatureRecipe *f, const char *name, const double *otherwise)
{
	const double *value = f->option;

	for (int i = 0; i < METHOD_MAX_OPTIONS && f->method->options[i]; i++)
	{
		if (strcmp(f->method->options[i]->name, name) == 0)
			return value;
		value += MethodOptionWidth(f->method->options[i]);
	}
	return otherwise;
}

/* x -= center; x /= scale: is there a center, and does the division do anything that was asked for? */
static bool
Centers(const FeatureRecipe *f)
{
	return f->formula->nparams == 2 || FeatureInverseIsNull(f);
}

static bool
Scales(const FeatureRecipe *f, const char *option)
{
	static const double yes = 1;

	return FeatureInverseIsNull(f) || *OptionOr(f, option, &yes) != 0 || f->param[f->formula->nparams - 1] != 1;
}

static void
AppendCenterAndScale(StringInfo out, const Run *run, const char *center, bool scales)
{
	bool		centers = Centers(SlotOf(run, 0));

	if (centers)
		AppendArray(out, center, run, FirstParameter);
	if (scales)
		AppendArray(out, "scale_", run, centers ? SecondParameter : FirstParameter);
	else
		AppendNull(out, "scale_");
}

static void
StandardParams(StringInfo out, const FeatureRecipe *f)
{
	AppendBoolean(out, "with_mean", Centers(f));
	AppendBoolean(out, "with_std", Scales(f, "with_std"));
}

static void
StandardAttributes(StringInfo out, const Run *run)
{
	bool		scales = Scales(SlotOf(run, 0), "with_std");
	bool		known = StatisticsAreKnown(run, "standard");

	AppendCenterAndScale(out, run, "mean_", scales);
	/* fitted, it has its mean even if it does not use it, unless it needs no variance either */
	if (!Centers(SlotOf(run, 0)) && scales && known)
		AppendArray(out, "mean_", run, TrainingMean);
	else if (!Centers(SlotOf(run, 0)) && !scales)
		AppendNull(out, "mean_");
	if (!scales)
		AppendNull(out, "var_");
	else if (known)
		AppendArray(out, "var_", run, TrainingVariance);
	if (known)
		AppendCounts(out, run);
}

static void
MinMaxParams(StringInfo out, const FeatureRecipe *f)
{
	static const double unit[2] = {0, 1};
	const double *range = OptionOr(f, "feature_range", unit);
	double		low = range[0];
	double		high = range[1];
	bool		clip = FeatureClips(f, &low, &high);

	AppendInterval(out, "feature_range", low, high);
	AppendBoolean(out, "clip", clip);
}

static void
MinMaxAttributes(StringInfo out, const Run *run)
{
	AppendArray(out, "scale_", run, FirstParameter);
	AppendArray(out, "min_", run, SecondParameter);
	if (RangesAreKnown(run))
	{
		AppendArray(out, "data_min_", run, RangeMin);
		AppendArray(out, "data_max_", run, RangeMax);
		AppendArray(out, "data_range_", run, RangeWidth);
	}
	AppendRows(out, run, "minmax");
}

static void
MaxAbsParams(StringInfo out, const FeatureRecipe *f)
{
	double		low;
	double		high;

	AppendBoolean(out, "clip", FeatureClips(f, &low, &high));
}

static void
MaxAbsAttributes(StringInfo out, const Run *run)
{
	AppendArray(out, "scale_", run, FirstParameter);
	if (RangesAreKnown(run))
		AppendArray(out, "max_abs_", run, RangeMagnitude);
	AppendRows(out, run, "maxabs");
}

static void
RobustParams(StringInfo out, const FeatureRecipe *f)
{
	static const double quartiles[2] = {25, 75};
	static const double no = 0;
	const double *range = OptionOr(f, "quantile_range", quartiles);

	AppendBoolean(out, "with_centering", Centers(f));
	AppendBoolean(out, "with_scaling", Scales(f, "with_scaling"));
	AppendInterval(out, "quantile_range", range[0], range[1]);
	AppendBoolean(out, "unit_variance", *OptionOr(f, "unit_variance", &no) != 0);
}

static void
RobustAttributes(StringInfo out, const Run *run)
{
	AppendCenterAndScale(out, run, "center_", Scales(SlotOf(run, 0), "with_scaling"));
	if (!Centers(SlotOf(run, 0)))
		AppendNull(out, "center_");
}

static void
QuantileParams(StringInfo out, const FeatureRecipe *f)
{
	appendStringInfo(out, ", \"n_quantiles\": %u, \"output_distribution\": \"uniform\"", f->table.length);
}

/* quantiles_ has a row for each quantile, with a value for each feature. */
static void
QuantileAttributes(StringInfo out, const Run *run)
{
	int			n = (int) SlotOf(run, 0)->table.length;

	appendStringInfo(out, ", \"n_quantiles_\": %d, \"quantiles_\": [", n);
	for (int k = 0; k < n; k++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < run->count; i++)
		{
			appendStringInfoString(out, i ? ", " : k ? ", [" : "[");
			AppendJsonDouble(out, SlotOf(run, i)->table.values[k]);
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
	AppendNull(out, "func");
}

static void
NoAttributes(StringInfo out, const Run *run)
{
}

static const SklearnClass standard_scaler = {"StandardScaler", false, StandardParams, StandardAttributes};
static const SklearnClass minmax_scaler = {"MinMaxScaler", true, MinMaxParams, MinMaxAttributes};
static const SklearnClass maxabs_scaler = {"MaxAbsScaler", true, MaxAbsParams, MaxAbsAttributes};
static const SklearnClass robust_scaler = {"RobustScaler", false, RobustParams, RobustAttributes};
static const SklearnClass quantile_transformer = {"QuantileTransformer", false, QuantileParams, QuantileAttributes};
static const SklearnClass function_transformer = {"FunctionTransformer", false, IdentityParams, NoAttributes};

/* whose transform() computes a formula; the first that fits, where a method is named */
static const struct
{
	const Formula *formula;
	const char *method;
	const SklearnClass *class;
}			choices[] = {
	{&formula_subtract_divide_cast, NULL, &standard_scaler},
	{&formula_divide_cast, NULL, &standard_scaler},
	{&formula_multiply_add, NULL, &minmax_scaler},
	{&formula_multiply_offset, NULL, &minmax_scaler},
	{&formula_divide, "maxabs", &maxabs_scaler},
	{&formula_divide, NULL, &robust_scaler},
	{&formula_subtract_divide, NULL, &robust_scaler},
	{&formula_quantile_uniform, NULL, &quantile_transformer},
	{&formula_identity, NULL, &function_transformer},
};

/* ---- what can be expressed ---- */

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

static const SklearnClass *
ClassOf(const SklearnExport *export, int slot)
{
	const FeatureRecipe *f = export->base.transform.slots[slot];

	/* what gives NULL for every value is what it fits to a column without any: its parameters are NaN */
	if (FeatureInverseIsNull(f))
		return &standard_scaler;
	for (int i = 0; i < lengthof(choices); i++)
		if (choices[i].formula == f->formula &&
			(choices[i].method == NULL || strcmp(choices[i].method, f->method->name) == 0))
			return choices[i].class;
	ExportUnsupported(&export->base, slot, psprintf("formula %s", f->formula->name), KnownFormulas());
}

static void
CheckPolicies(const SklearnExport *export, int slot, const SklearnClass *class)
{
	static const PolicyLimits limits = {
		POLICY_BIT(MISSING_ERROR),
		POLICY_BIT(OUTSIDE_CLIP) | POLICY_BIT(OUTSIDE_NULL) | POLICY_BIT(OUTSIDE_ERROR),
		POLICY_BIT(CONSTANT_NULL),
	};
	const FeatureRecipe *f = export->base.transform.slots[slot];
	double		low;
	double		high;

	if (FeatureInverseIsNull(f))
		return;
	ExportCheckPolicies(&export->base, slot, &limits, "missing: keep, nan, and values to impute; outside: keep; "
						"constant: unit; and option clip of methods minmax and maxabs");
	if (!class->clips && FeatureClips(f, &low, &high))
		ExportUnsupported(&export->base, slot, psprintf("option clip with formula %s", f->formula->name),
						  "option clip with formula multiply_add, or with divide of method maxabs");
}

/* ---- estimators ---- */

static void
AppendNames(StringInfo out, const Run *run)
{
	if (run->export->base.recipe.named)
	{
		AppendKey(out, "feature_names_in_");
		for (int i = 0; i < run->count; i++)
		{
			appendStringInfoString(out, i ? ", " : "[");
			AppendJsonString(out, SlotOf(run, i)->name);
		}
		appendStringInfoChar(out, ']');
	}
	appendStringInfo(out, ", \"n_features_in_\": %d", run->count);
}

static const char *
ImputerStrategy(const FeatureRecipe *f)
{
	return f->missing == MISSING_MEAN ? "mean" : f->missing == MISSING_MEDIAN ? "median" : "constant";
}

static double
ImputedValue(const Run *run, int i)
{
	return SlotOf(run, i)->imputed;
}

static void
AppendImputer(StringInfo out, const Run *run)
{
	appendStringInfo(out, "{\"class\": \"SimpleImputer\", \"missing_values\": \"NaN\", \"strategy\": \"%s\", "
					 "\"add_indicator\": false", ImputerStrategy(SlotOf(run, 0)));
	AppendArray(out, "statistics_", run, ImputedValue);
	AppendNames(out, run);
	appendStringInfoChar(out, '}');
}

static bool
Imputes(const Run *run)
{
	return MissingPolicyImputes(SlotOf(run, 0)->missing);
}

/* Behind an imputer, which passes arrays on, nothing has names. */
static void
AppendScaler(StringInfo out, const Run *run)
{
	appendStringInfo(out, "{\"class\": \"%s\"", run->class->name);
	run->class->params(out, SlotOf(run, 0));
	run->class->attributes(out, run);
	if (Imputes(run))
		appendStringInfo(out, ", \"n_features_in_\": %d", run->count);
	else
		AppendNames(out, run);
	appendStringInfoChar(out, '}');
}

static void
AppendEstimator(StringInfo out, const Run *run)
{
	if (!Imputes(run))
	{
		AppendScaler(out, run);
		return;
	}
	appendStringInfoString(out, "{\"class\": \"Pipeline\", \"steps\": [[\"imputer\", ");
	AppendImputer(out, run);
	appendStringInfoString(out, "], [\"scaler\", ");
	AppendScaler(out, run);
	appendStringInfoString(out, "]]}");
}

/* What all features of an estimator have in common. */
static char *
KindOf(const SklearnExport *export, int slot, const SklearnClass *class)
{
	const FeatureRecipe *f = export->base.transform.slots[slot];
	StringInfoData kind;

	initStringInfo(&kind);
	appendStringInfo(&kind, "%s %s", MissingPolicyImputes(f->missing) ? ImputerStrategy(f) : "", class->name);
	class->params(&kind, f);
	return kind.data;
}

static Run *
MakeRuns(const SklearnExport *export, int *nruns)
{
	int			n = export->base.transform.ninputs;
	Run		   *runs = palloc(sizeof(Run) * Max(n, 1));
	char	   *previous = NULL;

	*nruns = 0;
	for (int slot = 0; slot < n; slot++)
	{
		const SklearnClass *class = ClassOf(export, slot);
		char	   *kind = KindOf(export, slot, class);

		CHECK_FOR_INTERRUPTS();
		CheckPolicies(export, slot, class);
		if (previous && strcmp(kind, previous) == 0)
			runs[*nruns - 1].count++;
		else
			runs[(*nruns)++] = (Run) {export, class, slot, 1};
		previous = kind;
	}
	return runs;
}

/* Columns by position serve arrays and, with names, DataFrames, whose columns are looked up by name. */
static void
AppendColumnTransformer(StringInfo out, const Run *runs, int nruns)
{
	Run			all = {runs->export, NULL, 0, runs->export->base.transform.ninputs};

	appendStringInfoString(out, "{\"class\": \"ColumnTransformer\", \"remainder\": \"drop\", \"transformers_\": [");
	for (int k = 0; k < nruns; k++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s[\"%s-%d\", ", k ? ", " : "", runs[k].class->name, k + 1);
		AppendEstimator(out, &runs[k]);
		for (int i = 0; i < runs[k].count; i++)
			appendStringInfo(out, ", %s%d", i ? "" : "[", runs[k].first + i);
		appendStringInfoString(out, "]]");
	}
	appendStringInfoChar(out, ']');
	AppendNames(out, &all);
	appendStringInfoChar(out, '}');
}

/* ---- the whole ---- */

/* Every number and text of a tree, so that all of it has a digest; without what carries that. */
static void
AppendTree(StringInfo out, const JsonNode *node, const char *without)
{
	double		value;

	CHECK_FOR_INTERRUPTS();
	if (JsonNumber(node, &value))
		AppendJsonDouble(out, value);
	else if (node->type == JSON_NODE_STRING || node->type == JSON_NODE_NUMBER)
		AppendJsonString(out, node->text);
	else
		appendStringInfoString(out, node->type == JSON_NODE_BOOLEAN && node->boolean ? "true" : JsonTypeName(node));
	appendStringInfoChar(out, '(');
	for (int i = 0; i < node->nchildren; i++)
	{
		const JsonNode *child = node->children[i];

		if (without && child->key && strcmp(child->key, without) == 0)
			continue;
		if (child->key)
			AppendJsonString(out, child->key);
		AppendTree(out, child, NULL);
		appendStringInfoChar(out, ',');
	}
	appendStringInfoChar(out, ')');
}

static char *
TreeDigest(const JsonNode *root)
{
	uint8		digest[DIGEST_LENGTH];
	StringInfoData text;

	initStringInfo(&text);
	AppendTree(&text, root, ARTIFACT_KEY);
	DigestParts(digest, &(DigestPart) {text.data, text.len}, 1);
	return BytesToHex(digest, DIGEST_LENGTH);
}

static void
SklearnExportInit(SklearnExport *export, Datum scaler, bytea *stored_profile)
{
	const ScalerView *view = &export->base.view;

	ExportInit(&export->base, FORMAT, scaler);
	export->profile = palloc(sizeof(Profile));
	if (!DecodeScalerProfile(export->profile, view, stored_profile, export->base.recipe.nfeatures))
		export->profile = NULL;
}

/* The estimator alone, an object. */
static char *
EstimatorText(const SklearnExport *export)
{
	StringInfoData out;
	int			nruns;
	Run		   *runs = MakeRuns(export, &nruns);

	initStringInfo(&out);
	if (nruns == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("scaler " INT64_FORMAT " has targets alone, and nothing to export to %s", export->base.id, FORMAT)));
	if (nruns == 1)
		AppendEstimator(&out, &runs[0]);
	else
		AppendColumnTransformer(&out, runs, nruns);
	return out.data;
}

static Jsonb *
TextToJsonb(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

static Datum
ScalerToSklearn(Datum scaler, bytea *stored_profile)
{
	SklearnExport export;
	StringInfoData out;
	char	   *estimator;
	char	   *digest;

	SklearnExportInit(&export, scaler, stored_profile);
	estimator = EstimatorText(&export);
	/* of what will be read: jsonb has its own order of keys */
	digest = TreeDigest(JsonParseJsonb(TextToJsonb(estimator), FORMAT));
	initStringInfo(&out);
	appendBinaryStringInfo(&out, estimator, strlen(estimator) - 1);
	appendStringInfo(&out, ", \"" ARTIFACT_KEY "\": {\"fingerprint\": \"%s\", \"digest\": \"%s\", \"scaler\": %s}}",
					 export.base.fingerprint, digest, export.base.artifact);
	return JsonbPGetDatum(TextToJsonb(out.data));
}

PG_FUNCTION_INFO_V1(to_sklearn);
Datum
to_sklearn(PG_FUNCTION_ARGS)
{
	return ScalerToSklearn(PG_GETARG_DATUM(0), NULL);
}

static Datum
FrozenToSklearn(int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	return ScalerToSklearn(PointerGetDatum(scaler), RegistryVisibleProfile(view.digest));
}

PG_FUNCTION_INFO_V1(to_sklearn_of_id);
Datum
to_sklearn_of_id(PG_FUNCTION_ARGS)
{
	return FrozenToSklearn(PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(to_sklearn_of_ref);
Datum
to_sklearn_of_ref(PG_FUNCTION_ARGS)
{
	return FrozenToSklearn(RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* ---- and back ---- */

bool
IsSklearnExport(const JsonNode *root)
{
	return root->type == JSON_NODE_OBJECT && JsonMember(root, ARTIFACT_KEY) != NULL;
}

/* What only the profile tells: an export of the bare scaler does not have it. */
static bool
IsStatistic(const char *key)
{
	static const char *const keys[] = {"mean_", "var_", "n_samples_seen_"};

	for (int i = 0; i < lengthof(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void CheckSame(const JsonNode *found, const JsonNode *expected, const char *key);

static void
CheckSameMembers(const JsonNode *found, const JsonNode *expected)
{
	for (int i = 0; i < expected->nchildren; i++)
	{
		const char *key = expected->children[i]->key;
		const JsonNode *member = JsonMember(found, key);

		if (member == NULL)
			DamagedExport(FORMAT " export", psprintf("\"%s\" is missing.", key));
		CheckSame(member, expected->children[i], key);
	}
	for (int i = 0; i < found->nchildren; i++)
	{
		const char *key = found->children[i]->key;

		if (JsonMember(expected, key) == NULL && !IsStatistic(key) && strcmp(key, ARTIFACT_KEY) != 0)
			DamagedExport(FORMAT " export", psprintf("\"%s\" was added.", key));
	}
}

/* key: of the member that both are in */
static void
CheckSame(const JsonNode *found, const JsonNode *expected, const char *key)
{
	bool		same = found->type == expected->type;
	double		a;
	double		b;

	CHECK_FOR_INTERRUPTS();
	if (same && expected->type == JSON_NODE_OBJECT)
	{
		CheckSameMembers(found, expected);
		return;
	}
	if (same && expected->type == JSON_NODE_NUMBER)
		same = JsonNumber(found, &a) && JsonNumber(expected, &b) && a == b;
	else if (same && expected->type == JSON_NODE_STRING)
		same = strcmp(found->text, expected->text) == 0;
	else if (same)
		same = found->boolean == expected->boolean && found->nchildren == expected->nchildren;
	if (!same)
		DamagedExport(FORMAT " export", psprintf("\"%s\" is not what its scaler has.", key));
	for (int i = 0; i < expected->nchildren; i++)
		CheckSame(found->children[i], expected->children[i], key);
}

bytea *
ScalerFromSklearnExport(const JsonNode *root)
{
	const JsonNode *carried = JsonMember(root, ARTIFACT_KEY);
	const JsonNode *artifact = carried->type == JSON_NODE_OBJECT ? JsonMember(carried, "scaler") : NULL;
	const JsonNode *fingerprint;
	const JsonNode *digest;
	SklearnExport expected;
	bytea	   *scaler;

	if (artifact == NULL)
		DamagedExport(FORMAT " export", "\"" ARTIFACT_KEY "\" has no \"scaler\".");
	scaler = ScalerFromJson(artifact);
	SklearnExportInit(&expected, PointerGetDatum(scaler), NULL);
	fingerprint = JsonMember(carried, "fingerprint");
	if (fingerprint == NULL || fingerprint->type != JSON_NODE_STRING ||
		strcmp(fingerprint->text, expected.base.fingerprint) != 0)
		DamagedExport(FORMAT " export", "\"fingerprint\" is not that of its scaler.");
	CheckSameMembers(root, JsonParseJsonb(TextToJsonb(EstimatorText(&expected)), FORMAT));
	digest = JsonMember(carried, "digest");
	if (digest == NULL || digest->type != JSON_NODE_STRING || strcmp(digest->text, TreeDigest(root)) != 0)
		DamagedExport(FORMAT " export", "\"digest\" is not that of its attributes.");
	return scaler;
}
