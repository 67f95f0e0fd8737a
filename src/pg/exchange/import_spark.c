/*
 * import_spark.c
 *		Importing models of Apache Spark ML.
 *
 * The arithmetic is that of mllib and
 * ml/feature/{StandardScaler,MinMaxScaler,MaxAbsScaler,RobustScaler}.scala, all in Double, where
 * the JVM rounds every operation.  Spark divides once, when the model is made, and multiplies by
 * the reciprocal; so do we.
 */
#include "pg/exchange/import.h"

#include "core/base/float_bits.h"

#include "fmgr.h"
#include "pg/base/text.h"

static const char *const standard_members[] = {"withMean", "withStd", "mean", "std", NULL};
static const char *const minmax_members[] = {"min", "max", "originalMin", "originalMax", NULL};
static const char *const maxabs_members[] = {"maxAbs", NULL};
static const char *const robust_members[] = {
	"withCentering", "withScaling", "lower", "upper", "relativeError", "median", "range", NULL
};
static const char *const normalizer_members[] = {"p", NULL};
static const char *const assembler_members[] = {"handleInvalid", NULL};
static const char *const pipeline_members[] = {"stages", "stageUids", "language", NULL};
static const char *const imputer_members[] = {"strategy", "missingValue", "relativeError", "surrogateDF", NULL};

/* The members of the metadata of a saved model. */
static const char *const common_members[] = {
	"inputCol", "outputCol", "outputCols", "version", "sparkVersion", "timestamp", "uid", NULL
};

/* Return 1 / divisor by feature, or what Spark has for a constant feature. */
static double *
Reciprocals(const Import *import, const double *divisor, double of_zero)
{
	double	   *factor = palloc(sizeof(double) * import->nfeatures);

	for (int i = 0; i < import->nfeatures; i++)
		factor[i] = divisor[i] == 0 ? of_zero : 1.0 / divisor[i];
	return factor;
}

/*
 * Read (x - center) * factor of StandardScaler and RobustScaler.  The factor of a constant feature is 0.
 *
 * Two options of our methods say whether there is a center and a factor.  Spark's own default is not to center,
 * so an object with a center must say whether it is used.
 */
static void
ReadCentered(Import *import, const char *centered_key, const char *scaled_key,
			 const char *center_key, const char *spread_key, const char *center_option, const char *scale_option)
{
	bool		centered = ImportBoolean(import, centered_key, false);
	bool		scaled = ImportBoolean(import, scaled_key, true);
	const double *center = ImportNumbersIfAny(import, center_key, IMPORT_FINITE);
	const double *spread = ImportNumbersIfAny(import, spread_key, IMPORT_NOT_NEGATIVE);
	const double *factor;

	if (center && !ImportMember(import, centered_key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: it has \"%s\", but not \"%s\"", import->what, center_key, centered_key),
				 errhint("Add \"%s\": true or false, as the model has it.", centered_key)));
	if (centered && center == NULL)
		ImportMissing(import, center_key);
	if (scaled && spread == NULL)
		ImportMissing(import, spread_key);
	*ImportOption(import, center_option) = centered ? 1 : 0;
	*ImportOption(import, scale_option) = scaled ? 1 : 0;
	factor = scaled ? Reciprocals(import, spread, 0.0) : ImportConstant(import, 1.0);
	if (centered)
		ImportFormula(import, &formula_subtract_multiply, (const double *[]) {center, factor});
	else
		ImportFormula(import, &formula_multiply, &factor);
	for (int i = 0; spread && i < import->nfeatures; i++)
		import->features[i].constant = spread[i] == 0;
}

static void
ReadStandardScaler(Import *import)
{
	ImportMethod(import, &method_standard);
	*ImportOption(import, "ddof") = 1;	/* Summarizer computes the deviation of a sample */
	ReadCentered(import, "withMean", "withStd", "mean", "std", "with_mean", "with_std");
}

static void
ReadRobustScaler(Import *import)
{
	double	   *quantile_range;

	ImportMethod(import, &method_robust);
	quantile_range = ImportOption(import, "quantile_range");
	quantile_range[0] = 100.0 * ImportNumber(import, "lower", 0.25);
	quantile_range[1] = 100.0 * ImportNumber(import, "upper", 0.75);
	ReadCentered(import, "withCentering", "withScaling", "median", "range", "with_centering", "with_scaling");
}

static bool
IsSpark2(const Import *import)
{
	static const char *const keys[] = {"version", "sparkVersion"};
	int			major;

	for (int i = 0; i < lengthof(keys); i++)
	{
		const char *version = ImportString(import, keys[i], NULL);

		if (version == NULL)
			continue;
		if (sscanf(version, "%d.", &major) != 1)
			ImportInvalid(import, keys[i], psprintf("\"%s\"", version), "a version such as \"3.5.1\"");
		return major < 3;
	}
	return false;
}

/*
 * Read a MinMaxScaler.
 *
 * Spark 3 computes (x - originalMin) * ((max - min) / (originalMax - originalMin)) + min with the quotient
 * precomputed (SPARK-28499); Spark 2 divides each value first.
 *
 * A constant feature gives the middle of the output range for every value.  The formula has a factor of zero
 * for it, and infinite values are clipped to the training range first.
 */
static void
ReadMinMaxScaler(Import *import)
{
	double		min = ImportNumber(import, "min", 0.0);
	double		max = ImportNumber(import, "max", 1.0);
	bool		spark2 = IsSpark2(import);
	const double *low;
	const double *high;
	double	   *center;
	double	   *factor;
	double	   *divisor;
	double	   *offset;

	ImportMethod(import, &method_minmax);
	ImportOption(import, "feature_range")[0] = min;
	ImportOption(import, "feature_range")[1] = max;
	low = ImportNumbers(import, "originalMin", IMPORT_FINITE);
	high = ImportNumbers(import, "originalMax", IMPORT_FINITE);
	center = ImportConstant(import, 0.0);
	factor = ImportConstant(import, 0.0);
	divisor = ImportConstant(import, 1.0);
	offset = ImportConstant(import, min);
	for (int i = 0; i < import->nfeatures; i++)
	{
		double		range = high[i] - low[i];
		double		scale = max - min;

		if (range != 0)
			factor[i] = spark2 ? scale : scale / range;
		/* Spark 3 tests the factor, which may underflow */
		if (spark2 ? range != 0 : factor[i] != 0)
		{
			center[i] = low[i];
			divisor[i] = range;
		}
		else
			offset[i] = spark2 ? 0.5 * scale + min : (min + max) / 2;
	}
	if (spark2)
		ImportFormula(import, &formula_scale_shift, (const double *[]) {center, divisor, factor, offset});
	else
		ImportFormula(import, &formula_subtract_multiply_add, (const double *[]) {center, factor, offset});
	ImportRange(import, "originalMin", low, "originalMax", high);
	for (int i = 0; i < import->nfeatures; i++)
		if (factor[i] == 0)
			import->features[i].outside = OUTSIDE_CLIP;
}

/* Read x * (1 / maxAbs), or x itself where maxAbs is 0. */
static void
ReadMaxAbsScaler(Import *import)
{
	const double *largest = ImportNumbers(import, "maxAbs", IMPORT_NOT_NEGATIVE);
	const double *factor = Reciprocals(import, largest, 1.0);

	ImportMethod(import, &method_maxabs);
	ImportFormula(import, &formula_multiply, &factor);
	ImportRangeAroundZero(import, largest);
}

static void
ReadNormalizer(Import *import)
{
	double		p = ImportNumber(import, "p", 2.0);

	if (p != 1 && p != 2 && p != INFINITY)
		ImportInvalid(import, "p", FloatText(p), "1, 2 or \"Infinity\"");
	ImportMethod(import, p == 1 ? &method_l1 : (p == 2 ? &method_l2 : &method_max));
	ImportFormula(import,
				  p == 1 ? &formula_norm_l1_in_order : (p == 2 ? &formula_norm_l2_in_order : &formula_norm_max), NULL);
}

/*
 * Read an ImputerModel: the values filled in for null and NaN are a row of its table surrogateDF, with a column
 * for each of inputCols.
 *
 * Spark casts each value to the type of its column.
 */
static void
ReadImputer(Import *import)
{
	static const char *const strategies[] = {"mean", "median", "mode", NULL};
	static const uint8 policies[] = {MISSING_MEAN, MISSING_MEDIAN, MISSING_CONSTANT};
	int			strategy = ImportChoice(import, "strategy", strategies, 0);
	double		missing = ImportNumber(import, "missingValue", NAN);
	const JsonNode *row = ImportRequired(import, "surrogateDF", JSON_NODE_OBJECT);

	if (!isnan(missing))
		ImportInvalid(import, "missingValue", FloatText(missing), "NaN: other values are no missing ones here");
	if (import->names == NULL)
		ImportMissing(import, "inputCols");
	ImportCount(import, "surrogateDF", row->nchildren);
	ImportMethod(import, &method_identity);
	ImportFeatures(import);
	for (int i = 0; i < import->nfeatures; i++)
	{
		const JsonNode *value = JsonMember(row, import->names[i]);

		if (value == NULL)
			ImportMissing(import, import->names[i]);
		import->features[i].missing = policies[strategy];
		import->features[i].imputed = CanonicalZero(ImportValue(import, value, "surrogateDF", i, IMPORT_FINITE));
	}
}

/*
 * Read a VectorAssembler, which leaves values as they are, but is an error for null and NaN unless handleInvalid
 * says "keep" (ml/feature/VectorAssembler.scala).
 */
static void
ReadVectorAssembler(Import *import)
{
	static const char *const choices[] = {"error", "keep", "skip", NULL};
	int			invalid = ImportChoice(import, "handleInvalid", choices, 0);

	if (invalid == 2)
		ImportInvalid(import, "handleInvalid", "\"skip\"", "\"error\" or \"keep\": a scaler has a result for each row");
	if (import->names == NULL)
		ImportMissing(import, "inputCols");
	ImportMethod(import, &method_identity);
	ImportFeatures(import);
	for (int i = 0; i < import->nfeatures; i++)
		import->features[i].missing = invalid == 0 ? MISSING_ERROR : MISSING_KEEP;
}

static const ImportClass spark_classes[] = {
	{"StandardScaler", {"std", "mean"}, ReadStandardScaler, standard_members},
	{"MinMaxScaler", {"originalMin", "originalMax"}, ReadMinMaxScaler, minmax_members},
	{"MaxAbsScaler", {"maxAbs"}, ReadMaxAbsScaler, maxabs_members},
	{"RobustScaler", {"range", "median"}, ReadRobustScaler, robust_members},
	{"Normalizer", {"p"}, ReadNormalizer, normalizer_members},
	{"Imputer", {"surrogateDF"}, ReadImputer, imputer_members},
	{"VectorAssembler", {NULL}, ReadVectorAssembler, assembler_members},
	{"Pipeline", {"stages"}, ReadSparkPipeline, pipeline_members},
	{NULL}
};

static const char *const spark_containers[] = {"params", "paramMap", "attributes", "defaultParamMap", NULL};
static const char *const spark_names[] = {"names", "columns", "inputCols", NULL};
static const char *const spark_counts[] = {"n_features", NULL};

static const ImportFamily spark_family = {
	"a Spark model", "Model", spark_containers, spark_names, spark_counts, common_members, spark_classes,
	"In Python, for a StandardScalerModel m: json.dumps({\"class\": type(m).__name__, \"withMean\": m.getWithMean(), "
	"\"withStd\": m.getWithStd(), \"mean\": m.mean.toArray().tolist(), \"std\": m.std.toArray().tolist()}).",
	false, true, false
};

PG_FUNCTION_INFO_V1(from_spark);
Datum
from_spark(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&spark_family, PG_GETARG_JSONB_P(0));
}
