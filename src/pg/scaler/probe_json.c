/*
 * probe_json.c
 *		Probes in a scaler's JSON.  They have the features that rows must have, so that a consumer
 *		can run them as they are.
 */
#include "pg/scaler/probe_json.h"

#include <math.h>

#include "core/scaler/probe_values.h"
#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/text.h"
#include "pg/scaler/json_keys.h"

static void
AppendProbeRows(StringInfo out, const Probes *probes, int ninputs, const double *values, const bool *nulls)
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
	AppendProbeRows(out, &probes, transform.ninputs, probes.inputs, probes.input_nulls);
	appendStringInfoString(out, ", \"outputs\": ");
	AppendProbeRows(out, &probes, transform.ninputs, probes.outputs, probes.output_nulls);
	appendStringInfoChar(out, '}');
}

/* Read one row of n values. */
static void
ReadProbeRow(const JsonNode *rows, int row, const char *key, int n, double *values, bool *nulls)
{
	const JsonNode *node = rows->children[row];

	if (node->type != JSON_NODE_ARRAY || node->nchildren != n)
		InvalidScalerJson("an array with a value for each feature is expected in", key);
	for (int i = 0; i < n; i++)
		if (!JsonValue(node->children[i], &values[i], &nulls[i]))
			InvalidScalerJson("a number is expected in", key);
}

/* Return whether values are equal for a reader of JSON: jsonb has no negative zero. */
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
	/* without any probe, whoever runs them would find that all agree */
	if (inputs->nchildren == 0)
		InvalidScalerJson("at least one row is expected in", "inputs");
	if (inputs->nchildren != outputs->nchildren)
		InvalidScalerJson("another number of rows than of inputs in", "outputs");
	TransformInit(&transform, recipe);
	for (int row = 0; row < inputs->nchildren; row++)
	{
		CHECK_FOR_INTERRUPTS();
		ReadProbeRow(inputs, row, "inputs", transform.ninputs, x, x_nulls);
		ReadProbeRow(outputs, row, "outputs", transform.ninputs, expected, expected_nulls);
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
