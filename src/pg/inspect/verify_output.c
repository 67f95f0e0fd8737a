/*
 * verify_output.c
 *		The function verify_output(): compares outputs that were computed elsewhere with what a
 *		scaler makes of the inputs.
 *
 * The outputs may come from a service, another database or a model file.
 */
#include "pg/base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "core/scaler/transform.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/text.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_view.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* The values of several rows.  A single row may be a one-dimensional array. */
typedef struct GivenRows
{
	int			nrows;
	double	   *values;
	bool	   *nulls;			/* by value; the values of NULLs are NaN */
} GivenRows;

static void
ReadRows(FunctionCallInfo fcinfo, int arg, const char *what, int ninputs, GivenRows *rows)
{
	ArrayType  *array;
	int			width;
	Datum	   *datums;
	int			n;

	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the %s to verify are NULL", what),
				 errhint("array_agg() of no rows is NULL; a missing value is a NULL in the array.")));
	array = PG_GETARG_ARRAYTYPE_P(arg);
	if (ARR_NDIM(array) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the %s to verify have %d dimensions", what, ARR_NDIM(array)),
				 errhint("Give one row, or an array of rows.")));
	deconstruct_array(array, FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &datums, &rows->nulls, &n);
	width = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[ARR_NDIM(array) - 1];
	if (width != ninputs)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg_plural("the %s have %d value in a row, the scaler expects %d",
							   "the %s have %d values in a row, the scaler expects %d",
							   width, what, width, ninputs),
				 errhint("A row has the values of normfreeze.feature_names(), in their order.")));
	rows->nrows = width > 0 ? n / width : 0;
	rows->values = palloc(sizeof(double) * n);
	for (int i = 0; i < n; i++)
		rows->values[i] = rows->nulls[i] ? NAN : DatumGetFloat8(datums[i]);
}

/*
 * Return whether two outputs are the same.  NULL and NaN count as equal, because most other systems write NaN
 * for a missing value.
 */
static bool
SameOutput(double a, double b)
{
	return (isnan(a) && isnan(b)) || DoubleBits(a) == DoubleBits(b);
}

/* Return the distance of two outputs in words. */
static char *
DistanceText(double a, double b)
{
	uint64		low = Min(OrderKey(a), OrderKey(b));
	uint64		high = Max(OrderKey(a), OrderKey(b));

	if (!isfinite(a) || !isfinite(b))
		return "";
	if (high == low)
		return " (the sign of zero)";
	if (high - low > 1000000)
		return "";
	return psprintf(" (" UINT64_FORMAT " unit%s in the last place)", high - low, high - low == 1 ? "" : "s");
}

typedef struct OutputMismatch
{
	int			unequal;
	int			first;			/* row of the first difference */
	double		expected;		/* the expected value of that row */
	bool		rounded;		/* all values are right once rounded to float4 */
} OutputMismatch;

static void
CompareOutput(OutputMismatch *mismatch, int row, double given, double expected)
{
	if (SameOutput(given, expected))
	{
		mismatch->rounded = mismatch->rounded && SameOutput(given, (float) given);
		return;
	}
	if (mismatch->unequal++ == 0)
	{
		mismatch->first = row;
		mismatch->expected = expected;
	}
	mismatch->rounded = mismatch->rounded && SameOutput(given, (float) expected);
}

static char *
MismatchText(const OutputMismatch *mismatch, int slot, int ninputs, const GivenRows *inputs, const GivenRows *outputs)
{
	int			at = mismatch->first * ninputs + slot;
	double		given = outputs->values[at];

	if (mismatch->unequal == 0)
		return psprintf("%d values equal, bit for bit", inputs->nrows);
	return psprintf("%d of %d values differ%s; the first in row %d: %s for the input %s, where the scaler gives %s%s",
					mismatch->unequal, inputs->nrows, mismatch->rounded ? ", as if rounded to float4" : "",
					mismatch->first + 1, FloatText(given), FloatText(inputs->values[at]),
					FloatText(mismatch->expected), DistanceText(given, mismatch->expected));
}

static void
PutFinding(ReturnSetInfo *rsinfo, const FeatureRecipe *feature, int slot, bool ok, const char *detail)
{
	Datum		values[3] = {
		CStringGetTextDatum(feature->name ? feature->name : psprintf("feature %d", slot + 1)),
		BoolGetDatum(ok),
		CStringGetTextDatum(detail),
	};
	bool		nulls[3] = {false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * Compute the expected outputs of a row.  If a policy refuses a value, the row has no outputs, and each counts
 * as NaN.
 */
static void
ExpectedRow(const Transform *transform, const GivenRows *inputs, int row, double *x, bool *nulls, double *y)
{
	int			n = transform->ninputs;
	int			bad;

	memcpy(x, inputs->values + row * n, sizeof(double) * n);
	memcpy(nulls, inputs->nulls + row * n, sizeof(bool) * n);
	if (TransformDouble(transform, 0, n, x, nulls, y, &bad) != TRANSFORM_OK)
		memset(nulls, true, sizeof(bool) * n);
	for (int i = 0; i < n; i++)
		if (nulls[i])
			y[i] = NAN;
}

static Datum
VerifyOutput(FunctionCallInfo fcinfo, Datum scaler)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ScalerView	view;
	Recipe		recipe;
	Transform	transform;
	GivenRows	inputs;
	GivenRows	outputs;
	OutputMismatch *mismatches;
	double	   *x;
	double	   *y;
	bool	   *nulls;
	int			n;

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ViewScalerDatum(&view, scaler);
	DecodeScalerRecipe(&recipe, &view);
	TransformInit(&transform, &recipe);
	n = transform.ninputs;
	ReadRows(fcinfo, 1, "inputs", n, &inputs);
	ReadRows(fcinfo, 2, "outputs", n, &outputs);
	if (inputs.nrows != outputs.nrows)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg_plural("there is %d row of inputs, but %d of outputs",
							   "there are %d rows of inputs, but %d of outputs",
							   inputs.nrows, inputs.nrows, outputs.nrows),
				 errhint("Give each row of inputs its row of outputs, in the same order.")));

	mismatches = palloc0(sizeof(OutputMismatch) * n);
	x = palloc(sizeof(double) * n);
	y = palloc(sizeof(double) * n);
	nulls = palloc(sizeof(bool) * n);
	for (int i = 0; i < n; i++)
		mismatches[i].rounded = true;
	for (int row = 0; row < inputs.nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		ExpectedRow(&transform, &inputs, row, x, nulls, y);
		for (int i = 0; i < n; i++)
			CompareOutput(&mismatches[i], row, outputs.values[row * n + i], y[i]);
	}
	for (int i = 0; i < n; i++)
		PutFinding(rsinfo, transform.slots[i], i, mismatches[i].unequal == 0,
				   MismatchText(&mismatches[i], i, n, &inputs, &outputs));
	return (Datum) 0;
}

static void
RefuseNullScaler(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the scaler to verify by is NULL")));
}

PG_FUNCTION_INFO_V1(verify_output);
Datum
verify_output(PG_FUNCTION_ARGS)
{
	RefuseNullScaler(fcinfo);
	return VerifyOutput(fcinfo, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(verify_output_of_id);
Datum
verify_output_of_id(PG_FUNCTION_ARGS)
{
	RefuseNullScaler(fcinfo);
	return VerifyOutput(fcinfo, PointerGetDatum(RegistryScaler(PG_GETARG_INT64(0))));
}
