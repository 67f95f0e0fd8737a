/*
 * onnx_columns.c
 *		What the operators of an ONNX graph do to a column: operations become the formulas of its steps.
 *
 * A column is computed in float4 if the model casts it to that before its first operation, in float8 otherwise;
 * onnxruntime computes an operation in the type of its inputs, and rounds its result to that.
 */
#include "pg/exchange/onnx_graph.h"

#include "pg/base/text.h"

/* Return whether nothing was applied to a column yet. */
static bool
IsRaw(const OnnxColumn *column)
{
	return column->feature.formula == &formula_identity && !column->feature.clips;
}

/* Fail unless something more can be applied to a column after what was. */
static void
CheckContinues(OnnxGraph *graph, const OnnxNode *node, const OnnxColumn *column)
{
	if (column->feature.clips)
		OnnxRefuse(graph, node, "comes after one that clips; a scaler clips results alone");
	if (column->narrowed)
		OnnxRefuse(graph, node, "continues in float4 what was begun in float8; a scaler computes in one type");
	if (column->type != ONNX_FLOAT && column->type != ONNX_DOUBLE)
		OnnxRefuse(graph, node, "computes with integers");
}

/* Put a step behind those of a column. */
static void
AddStep(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, const Formula *formula, double first,
		double second)
{
	FeatureRecipe step = column->feature;

	step.method = graph->import.method;
	memcpy(step.option, graph->import.option, sizeof(step.option));
	step.formula = formula;
	step.param[0] = first;
	step.param[1] = second;
	step.missing = MISSING_KEEP;
	step.nbefore = 0;
	step.before = NULL;
	column->feature = ImportComposed(&graph->import, &column->feature, &step, OnnxNodeLabel(node));
}

/*
 * Fail for a number that onnxruntime takes for nothing to add or to multiply by, because it compares as float4.
 * It leaves such an operation out, if the number is the only one of its constant and the node is between others
 * (onnxruntime/core/optimizer/noop_elimination.cc).
 */
static void
CheckNotLeftOut(OnnxGraph *graph, const OnnxNode *node, char operation, double number)
{
	double		nothing = strchr("*/", operation) ? 1 : 0;

	if (number != nothing && (float) number == nothing)
		OnnxRefuse(graph, node, psprintf("has the number %s, which onnxruntime takes for %s", FloatText(number),
										 FloatText(nothing)));
}

void
OnnxOperate(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, char operation, double number, bool alone)
{
	FeatureRecipe *feature = &column->feature;
	char		pending = column->pending;
	bool		fused = (pending == '-' && strchr("*/", operation)) || (pending == '*' && operation == '+');

	CheckContinues(graph, node, column);
	if (strchr("*/", operation) && number == 0)
		OnnxRefuse(graph, node, operation == '*' ? "multiplies by 0" : "divides by 0");
	if (alone)
		CheckNotLeftOut(graph, node, operation, number);
	/* x - (-0) is x + 0, and x + (-0) is x */
	if (number == 0 && signbit(number))
	{
		if (operation == '-')
		{
			AddStep(graph, node, column, &formula_multiply_add, 1, 0);
			column->pending = 0;
		}
		return;
	}
	column->pending = !fused && strchr("-*", operation) ? operation : 0;
	if (fused && pending == '*')
	{
		feature->formula = &formula_multiply_add;
		feature->param[1] = number;
	}
	else if (fused)
	{
		bool		centered = feature->param[0] != 0;

		feature->formula = operation == '/' ? (centered ? &formula_subtract_divide : &formula_divide) :
			(centered ? &formula_subtract_multiply : &formula_multiply);
		feature->param[centered ? 1 : 0] = number;
	}
	else if (operation == '-')
		AddStep(graph, node, column, &formula_subtract_divide, number, 1);
	else if (operation == '/')
		AddStep(graph, node, column, &formula_divide, number, 0);
	else if (operation == '*')
		AddStep(graph, node, column, &formula_multiply, number, 0);
	else
		AddStep(graph, node, column, &formula_multiply_add, 1, number);
}

void
OnnxCast(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, int type)
{
	if (type != ONNX_FLOAT && type != ONNX_DOUBLE)
		OnnxRefuse(graph, node, "casts to a type that is neither float nor double");
	if (type == column->type)
		return;
	if (IsRaw(column))
	{
		/* float8 that were rounded to float4 before are not the values as they come */
		if (type == ONNX_DOUBLE && column->type == ONNX_FLOAT && column->origin != ONNX_FLOAT)
			OnnxRefuse(graph, node, "casts to double what was rounded to float");
	}
	else if (type == ONNX_DOUBLE)
		OnnxRefuse(graph, node, "continues in float8 what was begun in float4; a scaler computes in one type");
	else
	{
		if (column->feature.clips && (column->feature.clip[0] != (float) column->feature.clip[0] ||
									  column->feature.clip[1] != (float) column->feature.clip[1]))
			OnnxRefuse(graph, node, "rounds to float4 what was clipped in float8");
		column->narrowed = true;
	}
	column->type = type;
}

void
OnnxClip(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, double low, double high)
{
	if (column->feature.clips)
		OnnxRefuse(graph, node, "clips what was clipped before");
	if (IsRaw(column))
		OnnxRefuse(graph, node, "clips values as they come; a scaler clips results");
	if (low > high)
		OnnxRefuse(graph, node, psprintf("clips to a range from %s to %s", FloatText(low), FloatText(high)));
	FeatureSetClip(&column->feature, low, high);
	column->pending = 0;
}

void
OnnxImpute(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, double number)
{
	if (!IsRaw(column) || column->type != ONNX_FLOAT)
		OnnxRefuse(graph, node, "fills in values after one that scales, or in another type than float");
	if (column->feature.missing != MISSING_KEEP)
		OnnxRefuse(graph, node, "fills in values that were filled in before");
	column->feature.missing = MISSING_CONSTANT;
	column->feature.imputed = CanonicalZero(number);
}

FeatureRecipe
OnnxFeature(OnnxGraph *graph, const OnnxColumn *column)
{
	FeatureRecipe feature = column->feature;

	if (column->type == ONNX_DOUBLE && column->origin == ONNX_FLOAT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: it gives double for input that is float", graph->import.what),
				 errdetail("A scaler gives float4 for float4."),
				 errhint("Convert the estimator with input of the type double.")));
	if (column->type == ONNX_FLOAT)
		feature.dtype = column->narrowed ? DTYPE_SINGLE : DTYPE_FLOAT32;
	return feature;
}
