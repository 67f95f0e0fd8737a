/*
 * import_network.c
 *		Importing scaling layers of networks: ONNX's Scaler, and batch normalization in evaluation.
 */
#include "pg/exchange/import.h"


#include "catalog/pg_type.h"
#include "fmgr.h"
#include "pg/base/names.h"
#include "pg/base/text.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* ---- ONNX ---- */

/*
 * Return an attribute of ONNX, whose numbers are float4: those with more digits are rounded.  A single number is
 * for all features.
 */
static double *
SingleNumbers(Import *import, const char *key)
{
	const JsonNode *array = ImportRequired(import, key, JSON_NODE_ARRAY);
	bool		broadcast = array->nchildren == 1 && import->nfeatures > 1;
	double	   *values = broadcast ?
		ImportConstant(import, ImportValue(import, array->children[0], key, 0, IMPORT_FINITE)) :
		ImportNumbers(import, key, IMPORT_FINITE);

	for (int i = 0; i < import->nfeatures; i++)
	{
		float		rounded = (float) values[i];

		if (isinf(rounded))
			ImportInvalidOf(import, key, i, FloatText(values[i]), "within float4");
		values[i] = (double) rounded;
	}
	return values;
}

/*
 * Read ONNX's Scaler: static_cast<float>((x - offset) * scale), in float or double like the input
 * (onnxruntime/core/providers/cpu/ml/scaler.cc).
 *
 * Each list has a number for each feature, or one for all.
 */
static void
ReadOnnxScaler(Import *import)
{
	const JsonNode *offset = ImportRequired(import, "offset", JSON_NODE_ARRAY);
	const JsonNode *scale = ImportRequired(import, "scale", JSON_NODE_ARRAY);
	const double *center;
	const double *factor;

	if (offset->nchildren != scale->nchildren)
		ImportInvalid(import, "scale", psprintf("of length %d", scale->nchildren),
					  psprintf("as long as \"offset\", %d", offset->nchildren));
	center = SingleNumbers(import, "offset");
	factor = SingleNumbers(import, "scale");
	ImportMethod(import, &method_affine);
	ImportFormula(import, &formula_subtract_multiply_single, (const double *[]) {center, factor});
}

static const char *const scaler_members[] = {"offset", "scale", NULL};
static const ImportClass onnx_classes[] = {
	{"Scaler", {NULL}, ReadOnnxScaler, scaler_members},
	{NULL}
};

static const char *const onnx_containers[] = {"attributes", NULL};
static const char *const onnx_names[] = {"names", NULL};
static const char *const onnx_counts[] = {"n_features", NULL};

static const ImportFamily onnx_family = {
	"an ONNX Scaler", "", onnx_containers, onnx_names, onnx_counts, NULL, onnx_classes,
	"In Python, for a node of operator Scaler: json.dumps({a.name: list(a.floats) for a in node.attribute}).",
	false, false, false
};

PG_FUNCTION_INFO_V1(from_onnx_scaler);
Datum
from_onnx_scaler(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&onnx_family, PG_GETARG_JSONB_P(0));
}

/* ---- batch normalization ---- */

static const char *const no_keys[] = {NULL};

static const ImportFamily batchnorm_family = {
	"batch normalization", "", no_keys, no_keys, no_keys, NULL, NULL, NULL, false, false, false
};

/* How a layer computes.  PyTorch's kernels differ by memory layout and CPU. */
typedef enum BatchNormForm
{
	BATCH_NORM_STABLE,			/* ((x - mean) * invstd) * weight + bias */
	BATCH_NORM_CONTIGUOUS,		/* x * alpha + beta */
	BATCH_NORM_CONTIGUOUS_FMA	/* fma(x, alpha, beta) */
} BatchNormForm;

static const char *const batchnorm_forms[] = {"stable", "contiguous", "contiguous_fma", NULL};

static BatchNormForm
FindForm(const Import *import, const char *name)
{
	int			index = ChoiceIndex(batchnorm_forms, name);

	if (index < 0)
		ImportInvalid(import, "formula", psprintf("\"%s\"", name), "\"stable\", \"contiguous\" or \"contiguous_fma\"");
	return index;
}

/* Return the numbers of a float8[] or real[] argument, or the fallback for each feature if it is NULL. */
static double *
ArgumentNumbers(Import *import, FunctionCallInfo fcinfo, int arg, bool single, const char *key,
				double fallback, ImportDemand demand)
{
	ArrayType  *array;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	double	   *values;

	if (PG_ARGISNULL(arg))
		return ImportConstant(import, fallback);
	array = PG_GETARG_ARRAYTYPE_P(arg);
	if (ARR_NDIM(array) > 1)
		ImportInvalid(import, key, psprintf("an array of %d dimensions", ARR_NDIM(array)), "of one");
	if (single)
		deconstruct_array(array, FLOAT4OID, 4, true, TYPALIGN_INT, &elements, &nulls, &count);
	else
		deconstruct_array(array, FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, &count);
	ImportCount(import, key, count);
	values = palloc(sizeof(double) * count);
	for (int i = 0; i < count; i++)
	{
		if (nulls[i])
			ImportInvalidOf(import, key, i, "NULL", "a finite number");
		values[i] = single ? (double) DatumGetFloat4(elements[i]) : DatumGetFloat8(elements[i]);
		ImportCheckValue(import, values[i], key, i, demand);
	}
	return values;
}

/*
 * Return a value rounded once.  An operation on float4 values may have been computed in float8 before (see
 * formula.c).
 */
static inline double
Rounded(double value, bool single)
{
	return single ? (double) (float) value : value;
}

static inline double
FusedMultiplyAdd(double x, double y, double z, bool single)
{
	return single ? (double) fmaf((float) x, (float) y, (float) z) : fma(x, y, z);
}

/* The function from_batch_norm(), after aten/src/ATen/native/cpu/batch_norm_kernel.cpp and Normalization.cpp. */
static Datum
FromBatchNorm(FunctionCallInfo fcinfo, bool single)
{
	Import		import;
	BatchNormForm form;
	double		eps;
	const double *mean;
	const double *var;
	const double *weight;
	const double *bias;
	double	   *invstd;
	double	   *alpha;
	double	   *beta;

	/* mean, variance, eps and formula are required; weight, bias and names are not */
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(4) || PG_ARGISNULL(6))
		PG_RETURN_NULL();
	ImportStart(&import, &batchnorm_family);
	eps = Rounded(PG_GETARG_FLOAT8(4), single);
	if (!(eps >= 0 && isfinite(eps)))
		ImportInvalid(&import, "eps", FloatText(eps), "a finite number not below zero");
	form = FindForm(&import, text_to_cstring(PG_GETARG_TEXT_PP(6)));
	if (!PG_ARGISNULL(5))
	{
		NameList	names = NameListFromArray(PG_GETARG_DATUM(5), "names");

		ImportCount(&import, "names", names.count);
		import.names = names.names;
	}
	mean = ArgumentNumbers(&import, fcinfo, 0, single, "mean", 0, IMPORT_FINITE);
	var = ArgumentNumbers(&import, fcinfo, 1, single, "var", 0, IMPORT_NOT_NEGATIVE);
	weight = ArgumentNumbers(&import, fcinfo, 2, single, "weight", 1.0, IMPORT_FINITE);
	bias = ArgumentNumbers(&import, fcinfo, 3, single, "bias", 0.0, IMPORT_FINITE);

	invstd = ImportConstant(&import, 0);
	alpha = ImportConstant(&import, 0);
	beta = ImportConstant(&import, 0);
	for (int i = 0; i < import.nfeatures; i++)
	{
		double		sum = Rounded(var[i] + eps, single);

		if (sum == 0)
			ImportInvalidOf(&import, "var", i, "0", "above zero where \"eps\" is 0");
		invstd[i] = Rounded(1.0 / Rounded(sqrt(sum), single), single);
		alpha[i] = Rounded(invstd[i] * weight[i], single);
		beta[i] = form == BATCH_NORM_CONTIGUOUS_FMA ? FusedMultiplyAdd(-mean[i], alpha[i], bias[i], single) :
			Rounded(bias[i] - Rounded(mean[i] * alpha[i], single), single);
	}
	ImportMethod(&import, &method_affine);
	if (form == BATCH_NORM_STABLE)
		ImportFormula(&import, &formula_batch_norm, (const double *[]) {mean, invstd, weight, bias});
	else
		ImportFormula(&import, form == BATCH_NORM_CONTIGUOUS ? &formula_multiply_offset : &formula_fused_multiply_add,
					  (const double *[]) {alpha, beta});
	PG_RETURN_BYTEA_P(ImportFinish(&import));
}

PG_FUNCTION_INFO_V1(from_batchnorm_float8);
Datum
from_batchnorm_float8(PG_FUNCTION_ARGS)
{
	return FromBatchNorm(fcinfo, false);
}

PG_FUNCTION_INFO_V1(from_batchnorm_float4);
Datum
from_batchnorm_float4(PG_FUNCTION_ARGS)
{
	return FromBatchNorm(fcinfo, true);
}
