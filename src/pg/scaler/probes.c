/*
 * probes.c
 *		Probes in the registry, in a scaler's JSON, and as rows.
 *
 * The registry keeps those of all slots; what leaves the database has those of
 * the features that rows must have, so that a consumer can run them as they are.
 */
#include "pg/scaler/probes.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/normfreeze.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_json.h"
#include "pg/scaler/scaler_type.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* ---- the registry ---- */

static ArrayType *
FloatArray(const double *values, const bool *nulls, int ndims, int *dims)
{
	int			n = ndims == 2 ? dims[0] * dims[1] : dims[0];
	int			lower[2] = {1, 1};
	Datum	   *datums = palloc(sizeof(Datum) * (n + 1));

	for (int i = 0; i < n; i++)
		datums[i] = Float8GetDatum(values[i]);
	return construct_md_array(datums, (bool *) nulls, ndims, dims, lower,
							  FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

void
MakeProbeArrays(const Recipe *recipe, ArrayType **inputs, ArrayType **outputs)
{
	Transform	transform;
	Probes		probes;
	int			dims[2];

	TransformInit(&transform, recipe);
	MakeProbes(&probes, &transform);
	dims[0] = probes.nrows;
	dims[1] = probes.nslots;
	*inputs = FloatArray(probes.inputs, probes.input_nulls, 2, dims);
	*outputs = FloatArray(probes.outputs, probes.output_nulls, 2, dims);
}

static int
ProbeValues(ArrayType *array, double **values, bool **nulls)
{
	Datum	   *datums;
	int			n;

	deconstruct_array(array, FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &datums, nulls, &n);
	*values = palloc(sizeof(double) * (n + 1));
	for (int i = 0; i < n; i++)
		(*values)[i] = (*nulls)[i] ? NAN : DatumGetFloat8(datums[i]);
	return n;
}

static bool
SameBits(double a, bool a_null, double b, bool b_null)
{
	if (a_null || b_null)
		return a_null == b_null;
	return (isnan(a) && isnan(b)) || DoubleBits(a) == DoubleBits(b);
}

char *
ProbeArraysProblem(const Recipe *recipe, ArrayType *inputs, ArrayType *outputs, int *nvalues)
{
	int			nslots = recipe->nfeatures;
	Transform	transform;
	double	   *in;
	double	   *out;
	bool	   *in_nulls;
	bool	   *out_nulls;
	int			n_in = ProbeValues(inputs, &in, &in_nulls);
	int			n_out = ProbeValues(outputs, &out, &out_nulls);
	double	   *y = palloc(sizeof(double) * nslots);
	bool	   *y_nulls = palloc(sizeof(bool) * nslots);

	if (n_in == 0 || n_in != n_out || n_in % nslots != 0)
		return psprintf("%d inputs and %d outputs do not fit %d features", n_in, n_out, nslots);
	*nvalues = n_in;
	TransformInit(&transform, recipe);
	for (int start = 0; start < n_in; start += nslots)
	{
		CHECK_FOR_INTERRUPTS();
		RunProbe(&transform, in + start, in_nulls + start, y, y_nulls);
		for (int slot = 0; slot < nslots; slot++)
			if (!SameBits(out[start + slot], out_nulls[start + slot], y[slot], y_nulls[slot]))
				return psprintf("%s gives %s for the input %s, and gave %s when it was frozen",
								FeatureLabel(transform.slots[slot]->name, slot), FloatText(y[slot]),
								FloatText(in[start + slot]), FloatText(out[start + slot]));
	}
	return NULL;
}

/* ---- JSON ---- */

static void
AppendRows(StringInfo out, const Probes *probes, int ninputs, const double *values, const bool *nulls)
{
	appendStringInfoChar(out, '[');
	for (int row = 0; row < probes->nrows; row++)
	{
		appendStringInfoString(out, row ? ", [" : "[");
		for (int i = 0; i < ninputs; i++)
		{
			if (i > 0)
				appendStringInfoString(out, ", ");
			AppendJsonValue(out, values[row * probes->nslots + i], nulls[row * probes->nslots + i]);
		}
		appendStringInfoChar(out, ']');
	}
	appendStringInfoChar(out, ']');
}

void
AppendProbes(StringInfo out, const Recipe *recipe)
{
	Transform	transform;
	Probes		probes;

	CheckFloatEnvironment();
	TransformInit(&transform, recipe);
	MakeProbes(&probes, &transform);
	appendStringInfoString(out, "{\"inputs\": ");
	AppendRows(out, &probes, transform.ninputs, probes.inputs, probes.input_nulls);
	appendStringInfoString(out, ", \"outputs\": ");
	AppendRows(out, &probes, transform.ninputs, probes.outputs, probes.output_nulls);
	appendStringInfoChar(out, '}');
}

/* One row of n values. */
static void
ReadRow(const JsonNode *rows, int row, const char *key, int n, double *values, bool *nulls)
{
	const JsonNode *node = rows->children[row];

	if (node->type != JSON_NODE_ARRAY || node->nchildren != n)
		InvalidScalerJson("an array with a value for each feature is expected in", key);
	for (int i = 0; i < n; i++)
		if (!JsonValue(node->children[i], &values[i], &nulls[i]))
			InvalidScalerJson("a number is expected in", key);
}

/* Equal for whoever reads JSON: jsonb has no negative zero. */
static bool
SameJsonValue(double a, bool a_null, double b, bool b_null)
{
	if (a_null || b_null)
		return a_null == b_null;
	return a == b || (isnan(a) && isnan(b));
}

void
CheckJsonProbes(const JsonNode *node, const Recipe *recipe)
{
	static const char *const known[] = {"inputs", "outputs"};
	const JsonNode *inputs = RequiredMember(node, "inputs", JSON_NODE_ARRAY);
	const JsonNode *outputs = RequiredMember(node, "outputs", JSON_NODE_ARRAY);
	int			n = recipe->nfeatures;
	Transform	transform;
	double	   *x = palloc0(sizeof(double) * n);
	double	   *expected = palloc(sizeof(double) * n);
	double	   *y = palloc(sizeof(double) * n);
	bool	   *x_nulls = palloc0(sizeof(bool) * n);
	bool	   *expected_nulls = palloc(sizeof(bool) * n);
	bool	   *y_nulls = palloc(sizeof(bool) * n);

	CheckFloatEnvironment();
	RejectUnknownKeys(node, known, lengthof(known));
	/* whoever runs none would find that all agree */
	if (inputs->nchildren == 0)
		InvalidScalerJson("at least one row is expected in", "inputs");
	if (inputs->nchildren != outputs->nchildren)
		InvalidScalerJson("another number of rows than of inputs in", "outputs");
	TransformInit(&transform, recipe);
	for (int row = 0; row < inputs->nchildren; row++)
	{
		CHECK_FOR_INTERRUPTS();
		ReadRow(inputs, row, "inputs", transform.ninputs, x, x_nulls);
		ReadRow(outputs, row, "outputs", transform.ninputs, expected, expected_nulls);
		RunProbe(&transform, x, x_nulls, y, y_nulls);
		for (int i = 0; i < transform.ninputs; i++)
			if (!SameJsonValue(expected[i], expected_nulls[i], y[i], y_nulls[i]))
				ereport(ERROR,
						(errcode(ERRCODE_DATA_CORRUPTED),
						 errmsg("damaged scaler: its probes are not what it computes"),
						 errdetail("Row %d, %s: it says %s, its content gives %s.", row + 1,
								   FeatureLabel(transform.slots[i]->name, i),
								   expected_nulls[i] ? "null" : FloatText(expected[i]),
								   y_nulls[i] ? "null" : FloatText(y[i])),
						 errhint("The text was edited or cut after it was written; fetch it again.")));
	}
}

/* ---- rows ---- */

static Datum
ProbeRows(FunctionCallInfo fcinfo, Datum scaler)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ScalerView	view;
	Recipe		recipe;
	Transform	transform;
	Probes		probes;

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ViewScalerDatum(&view, scaler);
	DecodeScalerRecipe(&recipe, &view);
	TransformInit(&transform, &recipe);
	MakeProbes(&probes, &transform);
	for (int row = 0; row < probes.nrows; row++)
	{
		int			start = row * probes.nslots;
		Datum		values[3] = {
			Int32GetDatum(row + 1),
			PointerGetDatum(FloatArray(probes.inputs + start, probes.input_nulls + start, 1, &transform.ninputs)),
			PointerGetDatum(FloatArray(probes.outputs + start, probes.output_nulls + start, 1, &transform.ninputs)),
		};
		bool		nulls[3] = {false};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(probes);
Datum
probes(PG_FUNCTION_ARGS)
{
	return ProbeRows(fcinfo, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(probes_of_id);
Datum
probes_of_id(PG_FUNCTION_ARGS)
{
	return ProbeRows(fcinfo, PointerGetDatum(RegistryScaler(PG_GETARG_INT64(0))));
}
