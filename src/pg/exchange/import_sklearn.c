/*
 * import_sklearn.c
 *		Importing fitted scalers of scikit-learn, by a reader for each class.
 *
 * Each class is a row of sklearn_classes[] at the end; import.c runs its reader.
 * ColumnTransformer and Pipeline, which are made of other estimators, are in import_compose.c.
 *
 * The arithmetic is that of sklearn/preprocessing/_data.py.  The fitted attributes are the
 * parameters: scale_ is the divisor as it is applied.
 */
#include "pg/exchange/import.h"

#include "core/scaler/quantile_map.h"
#include "pg/base/text.h"
#include "pg/exchange/export_sklearn.h"

/*
 * The members that objects have in all versions, most of which are not needed here.  Names that begin with an
 * underscore are private, and ignored.
 */
static const char *const common_members[] = {
	"sklearn_version", "copy", NULL
};
static const char *const standard_members[] = {
	"with_mean", "with_std", "mean_", "scale_", "var_", "n_samples_seen_", NULL
};
static const char *const minmax_members[] = {
	"feature_range", "clip", "scale_", "min_", "data_min_", "data_max_", "data_range_", "n_samples_seen_", NULL
};
static const char *const maxabs_members[] = {"clip", "scale_", "max_abs_", "n_samples_seen_", NULL};
static const char *const robust_members[] = {
	"with_centering", "with_scaling", "quantile_range", "unit_variance", "center_", "scale_", NULL
};
static const char *const quantile_members[] = {
	"n_quantiles", "output_distribution", "ignore_implicit_zeros", "subsample", "random_state", "quantiles_",
	"references_",
	"n_quantiles_", NULL
};
static const char *const power_members[] = {"method", "standardize", "lambdas_", "dtype", NULL};
static const char *const inner_members[] = {"class", "n_features_in_", "feature_names_in_", NULL};
static const char *const normalizer_members[] = {"norm", NULL};
static const char *const function_members[] = {
	"func", "inverse_func", "validate", "accept_sparse", "pass_y", "check_inverse", "feature_names_out", "kw_args",
	"inv_kw_args", NULL
};
static const char *const imputer_members[] = {
	"missing_values", "strategy", "fill_value", "axis", "verbose", "add_indicator", "keep_empty_features",
	"statistics_",
	"indicator_", NULL
};
static const char *const transformer_members[] = {
	"transformers", "remainder", "sparse_threshold", "n_jobs", "transformer_weights", "verbose",
	"verbose_feature_names_out", "force_int_remainder_cols", "transformers_", "sparse_output_", "output_indices_", NULL
};
static const char *const pipeline_members[] = {"steps", "memory", "verbose", "transform_input", NULL};

/*
 * Switch an option on or off by an attribute, if the constructor parameter is not given.
 *
 * A value switches it on, null switches it off; an attribute that is absent tells nothing, which is an error.
 */
static void
SwitchByAttribute(Import *import, const char *option, const char *key)
{
	if (ImportMember(import, option))
		return;
	if (!ImportMentions(import, key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is missing", import->what, key),
				 errhint("A scaler without it says so by \"%s\": false, or by \"%s\": null.", option, key)));
	*ImportOption(import, option) = ImportMember(import, key) ? 1 : 0;
}

/*
 * Return an attribute that a constructor parameter switches on; NULL if it is off.
 *
 * The attribute may exist even then: StandardScaler(with_mean=False) has mean_.
 */
static const double *
SwitchedNumbers(Import *import, const char *option, const char *key, ImportDemand demand)
{
	SwitchByAttribute(import, option, key);
	return *ImportOption(import, option) != 0 ? ImportNumbers(import, key, demand) : NULL;
}

/* Fail if a constructor parameter is missing that changes results and that no attribute tells. */
static void
RequireParameter(const Import *import, const char *key, const char *example)
{
	if (!ImportMentions(import, key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is missing", import->what, key),
				 errhint("Its attributes do not tell it. Add the parameter of the constructor, such as \"%s\": %s.",
						 key, example)));
}

/* Make the features of X -= center; X /= scale. */
static FeatureRecipe *
CenterAndScale(Import *import, const double *center, const double *scale,
			   const Formula *centered, const Formula *uncentered)
{
	if (scale == NULL)
		scale = ImportConstant(import, 1.0);
	if (center == NULL)
		return ImportFormula(import, uncentered, &scale);
	return ImportFormula(import, centered, (const double *[]) {center, scale});
}

/* Return whether an estimator is of a version before this one; false if it states no version. */
static bool
VersionIsBefore(const Import *import, int major, int minor)
{
	static const char *const keys[] = {"sklearn_version", "_sklearn_version", "__sklearn_version__"};
	int			its_major;
	int			its_minor;

	for (int i = 0; i < lengthof(keys); i++)
	{
		const char *version = ImportString(import, keys[i], NULL);

		if (version == NULL)
			continue;
		if (sscanf(version, "%d.%d", &its_major, &its_minor) != 2)
			ImportInvalid(import, keys[i], psprintf("\"%s\"", version), "a version such as \"1.9.1\"");
		return its_major < major || (its_major == major && its_minor < minor);
	}
	return false;
}

static void
ReadStandardScaler(Import *import)
{
	bool		old;
	const double *center;
	const double *scale;
	const double *variance;

	ImportMethod(import, &method_standard);
	center = SwitchedNumbers(import, "with_mean", "mean_", IMPORT_FINITE);
	scale = SwitchedNumbers(import, "with_std", "scale_", IMPORT_NONZERO);
	variance = ImportNumbersIfAny(import, "var_", IMPORT_SPREAD);
	old = VersionIsBefore(import, 1, 8);
	CenterAndScale(import, center, scale,
				   old ? &formula_subtract_divide : &formula_subtract_divide_cast,
				   old ? &formula_divide : &formula_divide_cast);
	for (int i = 0; variance && i < import->nfeatures; i++)
		import->features[i].constant = variance[i] == 0;
}

/* Read X *= scale_; X += min_. */
static void
ReadMinMaxScaler(Import *import)
{
	const double *scale = ImportNumbers(import, "scale_", IMPORT_NONZERO);
	const double *offset = ImportNumbers(import, "min_", IMPORT_FINITE);
	const double *low = ImportNumbersIfAny(import, "data_min_", IMPORT_FINITE);
	const double *high = ImportNumbersIfAny(import, "data_max_", IMPORT_FINITE);

	ImportMethod(import, &method_minmax);
	ImportFormula(import, &formula_multiply_add, (const double *[]) {scale, offset});
	if (low && high)
		ImportRange(import, "data_min_", low, "data_max_", high);
}

static void
ReadMaxAbsScaler(Import *import)
{
	const double *largest;

	ImportMethod(import, &method_maxabs);
	CenterAndScale(import, NULL, ImportNumbers(import, "scale_", IMPORT_NONZERO), NULL, &formula_divide);
	largest = ImportNumbersIfAny(import, "max_abs_", IMPORT_NOT_NEGATIVE);
	if (largest)
		ImportRangeAroundZero(import, largest);
}

static void
ReadRobustScaler(Import *import)
{
	const double *center;
	const double *scale;

	ImportMethod(import, &method_robust);
	center = SwitchedNumbers(import, "with_centering", "center_", IMPORT_FINITE);
	scale = SwitchedNumbers(import, "with_scaling", "scale_", IMPORT_NONZERO);
	CenterAndScale(import, center, scale, &formula_subtract_divide, &formula_divide);
}

/* Fail unless references_ are those of numpy.linspace, which the formula uses. */
static void
CheckQuantileReferences(const Import *import, int n)
{
	const JsonNode *references = ImportMember(import, "references_");
	double		value;

	if (references == NULL)
		return;
	if (references->type != JSON_NODE_ARRAY || references->nchildren != n)
		ImportInvalid(import, "references_", "of another length than \"quantiles_\"", psprintf("an array of %d", n));
	for (int k = 0; k < n; k++)
		if (!JsonNumber(references->children[k], &value) || value != ReferenceProbability(k, n))
			ImportInvalid(import, "references_", "uneven", psprintf("numpy.linspace(0, 1, %d)", n));
}

/* Read a QuantileTransformer. quantiles_ has a row for each quantile, with a value for each feature. */
static void
ReadQuantileTransformer(Import *import)
{
	const JsonNode *rows = ImportRequired(import, "quantiles_", JSON_NODE_ARRAY);
	int			n = rows->nchildren;
	FeatureRecipe *features;

	RequireParameter(import, "output_distribution", "\"uniform\"");
	if (n == 0)
		ImportInvalid(import, "quantiles_", "empty", "of at least one row");
	ImportMethod(import, &method_quantile);
	*ImportOption(import, "n_quantiles") = n;
	CheckQuantileReferences(import, n);
	for (int k = 0; k < n; k++)
	{
		if (rows->children[k]->type != JSON_NODE_ARRAY)
			ImportInvalid(import, "quantiles_", "flat", "an array of arrays, one for each quantile");
		if (rows->children[k]->nchildren != rows->children[0]->nchildren)
			ImportInvalid(import, "quantiles_",
						  psprintf("an array with %d values in row 1 and %d in row %d",
								   rows->children[0]->nchildren, rows->children[k]->nchildren, k + 1),
						  "an array with a value for each feature in every row");
	}
	ImportCount(import, "quantiles_", rows->children[0]->nchildren);
	features = ImportFeatures(import);
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &features[i];

		CHECK_FOR_INTERRUPTS();
		f->table.length = (uint32) n;
		f->table.values = palloc(sizeof(double) * n);
		for (int k = 0; k < n; k++)
		{
			f->table.values[k] = ImportValue(import, rows->children[k]->children[i], "quantiles_", i, IMPORT_FINITE);
			if (k > 0 && f->table.values[k] < f->table.values[k - 1])
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("cannot import %s: quantile %d of %s, %s, is below the one before it, %s",
								import->what, k + 1, FeatureLabel(f->name, i),
								FloatText(f->table.values[k]), FloatText(f->table.values[k - 1])),
						 errhint("Rounding can do that. In Python, before exporting: s.quantiles_ = numpy.maximum.accumulate(s.quantiles_).")));
		}
		f->lower = f->table.values[0];
		f->upper = f->table.values[n - 1];
		f->constant = f->lower == f->upper;
	}
}

/* Read a PowerTransformer: a transformation with lambdas_, then a StandardScaler of its own. */
static void
ReadPowerTransformer(Import *import)
{
	static const char *const dtypes[] = {"float64", "float32", NULL};
	const double *param[FORMULA_MAX_PARAMS] = {0};
	const JsonNode *inner;
	const Formula *formula;

	RequireParameter(import, "method", "\"yeo-johnson\"");
	ImportMethod(import, &method_power);
	SwitchByAttribute(import, "standardize", "_scaler");
	formula = MethodFormula(import->method, import->option);
	if (formula == &formula_yeo_johnson && ImportChoice(import, "dtype", dtypes, 0) == 1)
		formula = &formula_yeo_johnson_cast;
	param[0] = ImportNumbers(import, "lambdas_", IMPORT_FINITE);
	for (int i = 0; formula == &formula_yeo_johnson_cast && i < import->nfeatures; i++)
		ImportCheckValue(import, (float) param[0][i], "lambdas_", i, IMPORT_FINITE);
	if (*ImportOption(import, "standardize") != 0)
	{
		inner = ImportRequired(import, "_scaler", JSON_NODE_OBJECT);
		ImportRefuseOthers(import, inner,
						   (const char *const *const[]) {standard_members, common_members, inner_members}, 3);
		param[1] = ImportNumbersIn(import, inner, "mean_", IMPORT_FINITE);
		param[2] = ImportNumbersIn(import, inner, "scale_", IMPORT_NONZERO);
	}
	else
	{
		param[1] = ImportConstant(import, 0.0);
		param[2] = ImportConstant(import, 1.0);
	}
	ImportFormula(import, formula, param);
}

/* Read a Normalizer.  Nothing is fitted, and its norms are our methods of the same names. */
static void
ReadNormalizer(Import *import)
{
	static const char *const norms[] = {"l1", "l2", "max", NULL};
	static const Method *const methods[] = {&method_l1, &method_l2, &method_max};

	RequireParameter(import, "norm", "\"l2\"");
	ImportMethod(import, methods[ImportChoice(import, "norm", norms, 1)]);
	ImportFeatures(import);
}

/* The functions of numpy that are methods. */
static const struct
{
	const char *name;
	const Method *method;
}			numpy_functions[] = {
	{"log1p", &method_log1p},
	{"log", &method_log},
	{"log2", &method_log2},
	{"log10", &method_log10},
	{"sqrt", &method_sqrt},
	{"cbrt", &method_cbrt},
	{"square", &method_square},
	{"arcsinh", &method_asinh},
	{"reciprocal", &method_reciprocal},
	{"expm1", &method_expm1},
};

static const Method *
NumpyFunction(const char *name)
{
	for (int i = 0; i < lengthof(numpy_functions); i++)
		if (strcmp(name, numpy_functions[i].name) == 0)
			return numpy_functions[i].method;
	return NULL;
}

static char *
NumpyFunctions(void)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(numpy_functions); i++)
		appendStringInfo(&list, "%s%s", i == 0 ? "numpy." : i + 1 < lengthof(numpy_functions) ? ", " : " or ",
						 numpy_functions[i].name);
	return list.data;
}

/* Return the name of a function as vars(), str() or a person writes it, without the module. */
static const char *
FunctionName(const char *text)
{
	static const struct
	{
		const char *before;
		const char *after;
	}			spellings[] = {{"numpy.", ""}, {"np.", ""}, {"<ufunc '", "'>"}};

	for (int i = 0; i < lengthof(spellings); i++)
	{
		size_t		before = strlen(spellings[i].before);
		size_t		after = strlen(spellings[i].after);
		size_t		length = strlen(text);

		if (length > before + after && strncmp(text, spellings[i].before, before) == 0 &&
			strcmp(text + length - after, spellings[i].after) == 0)
			return pnstrdup(text + before, length - before - after);
	}
	return text;
}

static void
ReadFunctionTransformer(Import *import)
{
	const JsonNode *func = ImportMember(import, "func");
	const JsonNode *arguments = ImportMember(import, "kw_args");
	const Method *method = &method_identity;

	RequireParameter(import, "func", "null");
	if (arguments && arguments->nchildren > 0)
		ImportInvalid(import, "kw_args", NodeText(arguments), "null");
	if (func && func->type == JSON_NODE_OBJECT)
	{
		const JsonNode *name = JsonMember(func, "__qualname__");

		method = name && name->type == JSON_NODE_STRING ? NumpyFunction(name->text) : NULL;
		if (method == NULL)
			ImportInvalid(import, "func", "another function", NumpyFunctions());
	}
	else if (func)
	{
		method = NumpyFunction(FunctionName(ImportString(import, "func", NULL)));
		if (method == NULL)
			ImportInvalid(import, "func", NodeText(func), NumpyFunctions());
	}
	ImportMethod(import, method);
	ImportFeatures(import);
}

/* Drop the columns without a value to fill in, which transform() leaves out of its output. */
static void
DropFeaturesWithoutValues(Import *import)
{
	char	  **names = import->names ? palloc(sizeof(char *) * import->nfeatures) : NULL;
	int			kept = 0;

	import->inputs = palloc(sizeof(int) * import->nfeatures);
	import->ninputs = import->nfeatures;
	for (int i = 0; i < import->nfeatures; i++)
	{
		if (import->nan_keys[i])
			continue;
		import->features[kept] = import->features[i];
		if (names)
			names[kept] = import->names[i];
		import->inputs[kept++] = i;
	}
	if (kept == 0)
		ImportInvalid(import, "statistics_", "NaN for every feature", "a number for at least one");
	import->names = names;
	import->nfeatures = kept;
	import->nan_keys = NULL;
}

/* Read a SimpleImputer: values are filled in for missing ones, which is a policy, and nothing else changes. */
static void
ReadSimpleImputer(Import *import)
{
	static const char *const strategies[] = {"mean", "median", "most_frequent", "constant", NULL};
	static const uint8 policies[] = {MISSING_MEAN, MISSING_MEDIAN, MISSING_CONSTANT, MISSING_CONSTANT};
	int			strategy = ImportChoice(import, "strategy", strategies, 3);
	double		missing = ImportNumber(import, "missing_values", NAN);
	const double *statistics = ImportNumbers(import, "statistics_", IMPORT_FINITE);
	const char *dtype = ImportString(import, "_fill_dtype", "float64");
	bool		single = strcmp(dtype, "float32") == 0;

	if (!isnan(missing))
		ImportInvalid(import, "missing_values", FloatText(missing), "NaN");
	if (ImportBoolean(import, "add_indicator", false))
		ImportInvalid(import, "add_indicator", "true", "false: an indicator is another output");
	ImportMethod(import, &method_identity);
	ImportFeatures(import);
	for (int i = 0; i < import->nfeatures; i++)
	{
		import->features[i].missing = policies[strategy];
		/* transform() rounds values to the precision of the fit before it fills them in */
		import->features[i].imputed = CanonicalZero(single ? (double) (float) statistics[i] : statistics[i]);
	}
	DropFeaturesWithoutValues(import);
}

/* in the order in which attributes tell the class, since most classes have scale_ */
static const ImportClass sklearn_classes[] = {
	{"MaxAbsScaler", {"max_abs_"}, ReadMaxAbsScaler, maxabs_members, NULL, true},
	/* "min" may be data_min_ as well as min_ */
	{"MinMaxScaler", {"min_"}, ReadMinMaxScaler, minmax_members, "min", true},
	{"RobustScaler", {"center_"}, ReadRobustScaler, robust_members, NULL, true},
	{"QuantileTransformer", {"quantiles_"}, ReadQuantileTransformer, quantile_members, NULL, true},
	{"PowerTransformer", {"lambdas_"}, ReadPowerTransformer, power_members},
	{"StandardScaler", {"mean_", "var_", "scale_"}, ReadStandardScaler, standard_members, NULL, true},
	{"Normalizer", {"norm"}, ReadNormalizer, normalizer_members},
	{"FunctionTransformer", {"func"}, ReadFunctionTransformer, function_members},
	{"SimpleImputer", {"statistics_"}, ReadSimpleImputer, imputer_members, NULL, true},
	{"Winsorizer", {"right_tail_caps_"}, ReadWinsorizer, winsorizer_members},
	{"ColumnTransformer", {"transformers_"}, ReadColumnTransformer, transformer_members},
	{"Pipeline", {"steps"}, ReadPipeline, pipeline_members},
	{NULL}
};

static const char *const sklearn_containers[] = {"params", "attributes", NULL};
static const char *const sklearn_names[] = {"feature_names_in_", "names", NULL};
static const char *const sklearn_counts[] = {"n_features_in_", NULL};

static const ImportFamily sklearn_family = {
	"a scikit-learn scaler", "", sklearn_containers, sklearn_names, sklearn_counts, common_members, sklearn_classes,
	"In Python: normfreeze.dump(s); or json.dumps(json.loads(json.dumps({\"class\": type(s).__name__, **s.__getstate__()}, "
	"default=lambda v: v.tolist() if hasattr(v, \"tolist\") else getattr(v, \"__dict__\", str(v))), parse_constant=str)), "
	"for a fitted scaler s.",
	false, false, true
};

PG_FUNCTION_INFO_V1(from_sklearn);
Datum
from_sklearn(PG_FUNCTION_ARGS)
{
	const JsonNode *root = JsonParseJsonb(PG_GETARG_JSONB_P(0), sklearn_family.title);

	if (IsSklearnExport(root))
		PG_RETURN_BYTEA_P(ScalerFromSklearnExport(root));
	return ImportFromTree(&sklearn_family, root);
}
