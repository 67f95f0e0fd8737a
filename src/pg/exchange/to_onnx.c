/*
 * to_onnx.c
 *		Writing a scaler as an ONNX model.
 *
 * The model has one input, the features as double[N, n], and one output of the same shape.  Every
 * operator is a single IEEE operation on doubles, a comparison or a choice, so results have the
 * bits of normalize().  NULL becomes NaN.  Where() makes all choices, because Min, Max and Clip
 * do not define what becomes of NaN and of zeros of both signs.
 *
 * With steps, each is applied to all columns at once; features of fewer steps pass as they are.
 */
#include "pg/exchange/to_onnx.h"

#include "core/scaler/dtype.h"
#include "lib/stringinfo.h"
#include "pg/base/json_tree.h"
#include "pg/exchange/onnx_policies.h"

#define INPUT_NAME		"features"
#define OUTPUT_NAME		"normalized"

/* ---- formulas ---- */

/* The columns that share a formula, and the type in which it is computed. */
typedef struct FormulaColumns
{
	const Formula *formula;
	uint8		dtype;
	const int64 *slots;
	int			count;
} FormulaColumns;

static const struct
{
	char		step;
	const char *operator;
}			step_operators[] = {{'+', "Add"}, {'-', "Sub"}, {'*', "Mul"}, {'/', "Div"}};

static const char *
StepOperator(char step)
{
	for (int i = 0; i < lengthof(step_operators); i++)
		if (step_operators[i].step == step)
			return step_operators[i].operator;
	elog(ERROR, "unknown step %c of a formula", step);
}

/* Add a constant with a parameter of these columns, such as "minmax.offset", and return its name. */
static const char *
ParameterConstant(const OnnxExport *onnx, const FormulaColumns *columns, int k)
{
	double	   *values = palloc(sizeof(double) * columns->count);

	for (int i = 0; i < columns->count; i++)
		values[i] = OnnxSlot(onnx, columns->slots[i])->param[k];
	return OnnxConstants(onnx, psprintf("%s%s.%s", columns->formula->name, DtypeSuffix(columns->dtype),
										columns->formula->param_names[k]),
						 values, columns->count);
}

static const char *
AddRounding(const OnnxExport *onnx, const char *x)
{
	OnnxNode   *to_float = OnnxAddNode(onnx->model, "Cast", x, NULL);
	OnnxNode   *to_double = OnnxAddNode(onnx->model, "Cast", to_float->output[0], NULL);

	OnnxAttribute(to_float, "to", ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
	OnnxAttribute(to_double, "to", ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE);
	return to_double->output[0];
}

/*
 * Add a constant with a 1 for each of these columns.
 *
 * ONNX Runtime makes a division of a single 1 and a multiplication behind it one division
 * (onnxruntime/core/optimizer/div_mul_fusion.cc), which rounds once and not twice.
 */
static const char *
Ones(const OnnxExport *onnx, const FormulaColumns *columns)
{
	double	   *values = palloc(sizeof(double) * columns->count);

	for (int i = 0; i < columns->count; i++)
		values[i] = 1.0;
	return OnnxConstants(onnx, psprintf("%s%s.one", columns->formula->name, DtypeSuffix(columns->dtype)), values,
						 columns->count);
}

/* Add the steps of a formula that is plain arithmetic (core/scaler/formula.h). */
static const char *
AddSteps(const OnnxExport *onnx, const FormulaColumns *columns, const char *x)
{
	char		steps[MOST_STEP_LETTERS];

	FeatureSteps(OnnxSlot(onnx, columns->slots[0]), steps);
	for (const char *step = steps; *step; step++)
	{
		if (*step == 'f')
			x = AddRounding(onnx, x);
		else if (*step == 'q')
			x = OnnxApply(onnx->model, "Sqrt", x, NULL);
		else if (*step == 's')
			x = OnnxApply(onnx->model, "Mul", x, x, NULL);
		else if (*step == 'r')
			x = OnnxApply(onnx->model, "Div", Ones(onnx, columns), x, NULL);
		else
		{
			const char *operator = StepOperator(*step++);

			x = OnnxApply(onnx->model, operator, x, ParameterConstant(onnx, columns, *step - 'a'), NULL);
		}
	}
	return x;
}

/* Add x / max |row|, where missing values do not count.  A row of zeros stays as it is. */
static const char *
AddNormMax(const OnnxExport *onnx, const FormulaColumns *columns, const char *x)
{
	OnnxModel  *model = onnx->model;
	const char *name = columns->formula->name;
	const char *zero = OnnxConstants(onnx, psprintf("%s.zero", name), (const double[]) {0.0}, 1);
	const char *one = OnnxConstants(onnx, psprintf("%s.one", name), (const double[]) {1.0}, 1);
	const char *missing = OnnxApply(model, "IsNaN", x, NULL);
	const char *size = OnnxApply(model, "Where", missing, zero, OnnxApply(model, "Abs", x, NULL), NULL);
	OnnxNode   *largest = OnnxAddNode(model, "ReduceMax", size, NULL);
	const char *is_zero;

	OnnxAttributeList(largest, "axes", 1);
	OnnxAttribute(largest, "keepdims", 1);
	is_zero = OnnxApply(model, "Equal", largest->output[0], zero, NULL);
	return OnnxApply(model, "Div", x, OnnxApply(model, "Where", is_zero, one, largest->output[0], NULL), NULL);
}

/*
 * The formulas beyond plain arithmetic that can be expressed.
 *
 * For the others the bits would differ: operators for logarithms and powers are not correctly rounded, sums may
 * be added in any order, and there is no fused multiply-add.
 */
static const struct
{
	const Formula *formula;
	const char *(*add) (const OnnxExport *onnx, const FormulaColumns *columns, const char *x);
}			special_formulas[] = {{&formula_norm_max, AddNormMax}};

static void
CheckOnnxFormula(const Export *export, int slot, int step)
{
	const FeatureRecipe *feature = ExportStep(export, slot, step);
	const Formula *formula = feature->formula;
	StringInfoData can;

	if (formula->steps)
		return;
	initStringInfo(&can);
	appendStringInfo(&can, "the formulas %s", ArithmeticFormulas());
	for (int i = 0; i < lengthof(special_formulas); i++)
	{
		if (special_formulas[i].formula == formula && feature->dtype == DTYPE_FLOAT64)
			return;
		appendStringInfo(&can, ", %s", special_formulas[i].formula->name);
	}
	ExportUnsupportedFormula(export, slot, step, can.data);
}

static const char *
AddFormula(const OnnxExport *onnx, const FormulaColumns *columns, const char *x)
{
	for (int i = 0; i < lengthof(special_formulas); i++)
		if (special_formulas[i].formula == columns->formula)
			return special_formulas[i].add(onnx, columns, x);
	return AddSteps(onnx, columns, x);
}

static const char *
AddGather(const OnnxExport *onnx, const char *x, const char *name, const int64 *columns, int count)
{
	const char *indices = OnnxIntegers(onnx->model, OnnxConstantName(onnx, name), columns, count);
	OnnxNode   *gather = OnnxAddNode(onnx->model, "Gather", x, indices, NULL);

	OnnxAttribute(gather, "axis", 1);
	return gather->output[0];
}

/* Add a formula on its columns, and put the result beside those of the formulas before it. */
static const char *
AddBeside(const OnnxExport *onnx, const FormulaColumns *columns, const char *x, const char *before)
{
	const char *indices = psprintf("%s%s.columns", columns->formula->name, DtypeSuffix(columns->dtype));
	const char *y = AddFormula(onnx, columns, AddGather(onnx, x, indices, columns->slots, columns->count));
	OnnxNode   *concat;

	if (before == NULL)
		return y;
	concat = OnnxAddNode(onnx->model, "Concat", before, y, NULL);
	OnnxAttribute(concat, "axis", 1);
	return concat->output[0];
}

/*
 * Find the slots of a formula that is computed in a type.  Return their number.
 *
 * A single column is taken twice, if the formula has constants.  For a constant of one number ONNX Runtime removes
 * a multiplication if it rounds to 1.0f, and an addition if it rounds to 0.0f
 * (onnxruntime/core/optimizer/noop_elimination.cc).
 */
static int
FindSlots(const OnnxExport *onnx, const Formula *formula, uint8 dtype, int64 *slots)
{
	int			count = 0;

	for (int i = 0; i < onnx->n; i++)
		if (OnnxSlot(onnx, i)->formula == formula && OnnxSlot(onnx, i)->dtype == dtype)
			slots[count++] = i;
	if (count == 1 && (formula->nparams > 0 || (formula->steps && strchr(formula->steps, 'r'))))
	{
		slots[1] = slots[0];
		count = 2;
	}
	return count;
}

/*
 * Add formula by formula, in the order of the table and each type by itself, and then move every column back to its
 * place.
 */
static const char *
AddFormulas(const OnnxExport *onnx, const char *x)
{
	int64	   *slots = palloc(sizeof(int64) * (onnx->n + 1));
	int64	   *place = palloc(sizeof(int64) * onnx->n);	/* by slot: its column in the result */
	const char *result = NULL;
	int			done = 0;
	FormulaColumns columns = {.slots = slots};

	for (int f = 0; (columns.formula = FormulaByIndex(f / NDTYPES)) != NULL; f++)
	{
		columns.dtype = f % NDTYPES;
		columns.count = FindSlots(onnx, columns.formula, columns.dtype, slots);
		if (columns.count == onnx->n && (onnx->n == 1 || slots[0] != slots[1]))
			return AddFormula(onnx, &columns, x);
		if (columns.count > 0)
			result = AddBeside(onnx, &columns, x, result);
		for (int i = 0; i < columns.count; i++)
			place[slots[i]] = done++;
	}
	return AddGather(onnx, result, "columns.order", place, onnx->n);
}

/* ---- the model ---- */

static char *
FeatureNamesJson(const OnnxExport *onnx)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < onnx->n; i++)
	{
		appendStringInfoString(&names, i ? ", " : "[");
		AppendJsonString(&names, ExportName(onnx->export, i));
	}
	appendStringInfoChar(&names, ']');
	return names.data;
}

OnnxModel *
ScalerToOnnx(const Export *export)
{
	OnnxExport	onnx = {.export = export, .n = export->transform.ninputs};
	char	   *id = psprintf(INT64_FORMAT, export->id);
	const char *y;

	for (int slot = 0; slot < onnx.n; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
			CheckOnnxFormula(export, slot, step);
	ExportRefuseErrors(export);
	onnx.model = MakeOnnxModel("normalize", psprintf("normalize() by scaler %s of normfreeze", id));
	OnnxInput(onnx.model, INPUT_NAME, onnx.n);
	onnx.step = ALL_STEPS;
	y = OnnxAddPolicies(&onnx, INPUT_NAME);
	for (onnx.step = 0; onnx.step < export->nsteps; onnx.step++)
		y = OnnxAddClipping(&onnx, AddFormulas(&onnx, OnnxAddDomains(&onnx, y)));
	onnx.step = ALL_STEPS;
	y = OnnxAddNulls(&onnx, y);
	OnnxAddNode(onnx.model, "Identity", y, NULL)->output[0] = pstrdup(OUTPUT_NAME);
	OnnxOutput(onnx.model, OUTPUT_NAME, onnx.n);

	OnnxMetadata(onnx.model, "normfreeze.scaler_id", id);
	OnnxMetadata(onnx.model, "normfreeze.fingerprint", export->fingerprint);
	OnnxMetadata(onnx.model, "normfreeze.feature_names", FeatureNamesJson(&onnx));
	OnnxMetadata(onnx.model, ONNX_SCALER_KEY, export->artifact);
	return onnx.model;
}

PG_FUNCTION_INFO_V1(to_onnx);
Datum
to_onnx(PG_FUNCTION_ARGS)
{
	Export		export;

	ExportInit(&export, ONNX_FORMAT, PG_GETARG_DATUM(0));
	PG_RETURN_BYTEA_P(OnnxPack(ScalerToOnnx(&export)));
}
