/*
 * formula.c
 *		The table of formulas and the kernels of plain arithmetic, such as (x - center) / scale: a kernel is the
 *		loop of one formula over adjacent features.  Formulas that are a single function are in
 *		formula_functions.c.
 *
 * Compiled with -ffp-contract=off: a fused multiply-add would round once
 * where scikit-learn rounds twice.  The affine loops are elementwise, so
 * vectorizing them changes no bit.
 */
#include "core/scaler/formula.h"

#include <math.h>
#include <stddef.h>

#include "core/base/known_divisor.h"
#include "core/scaler/formula_macros.h"
#include "core/scaler/power_transform.h"
#include "core/scaler/quantile_map.h"
#include "core/scaler/row_norm.h"

static const FormulaDomain above_zero = {.low = 0, .high = INFINITY, .low_open = true, .kept = true};

static void
IdentityDouble(const double *x, double *y, const KernelParams *params, int n)
{
	(void) params;
	memmove(y, x, sizeof(double) * n);
}

static void
IdentitySingle(const float *x, float *y, const KernelParams *params, int n)
{
	(void) params;
	memmove(y, x, sizeof(float) * n);
}

/* X -= center; X /= scale */
#define FORMULA	SubtractDivide
#define FORWARD	STEP(- a[i]); STEP(/ b[i])
#define INVERSE	STEP(* b[i]); STEP(+ a[i])
#include "core/scaler/formula_kernels.h"

/* A formula whose forward kernel ends with a division has this instead, which uses reciprocals if there are any. */
static void
SubtractDivideKnownDouble(const double *restrict x, double *restrict y, const KernelParams *params, int n)
{
	if (params->reciprocal == NULL || !DivideByKnown(x, y, params->param[0], params->param[1], params->reciprocal, n))
		SubtractDivideDouble(x, y, params, n);
}

#define KERNEL	SubtractDivideCastSingle
#define REAL	float
#define STEPS	STEP(- (float) a[i]); STEP(/ (float) b[i])
#include "core/scaler/formula_loop.h"

#define KERNEL	SubtractDivideCastInverseSingle
#define REAL	float
#define STEPS	STEP(* (float) b[i]); STEP(+ (float) a[i])
#include "core/scaler/formula_loop.h"

/* X /= scale; there is no center of 0, because adding that back would turn -0 into 0 */
#define FORMULA	Divide
#define FORWARD	STEP(/ a[i])
#define INVERSE	STEP(* a[i])
#include "core/scaler/formula_kernels.h"

/* likewise */
static void
DivideKnownDouble(const double *restrict x, double *restrict y, const KernelParams *params, int n)
{
	if (params->reciprocal == NULL || !DivideByKnown(x, y, NULL, params->param[0], params->reciprocal, n))
		DivideDouble(x, y, params, n);
}

#define KERNEL	DivideCastSingle
#define REAL	float
#define STEPS	STEP(/ (float) a[i])
#include "core/scaler/formula_loop.h"

#define KERNEL	DivideCastInverseSingle
#define REAL	float
#define STEPS	STEP(* (float) a[i])
#include "core/scaler/formula_loop.h"

/* X *= scale; X += offset */
#define FORMULA	MultiplyAdd
#define FORWARD	STEP(* a[i]); STEP(+ b[i])
#define INVERSE	STEP(- b[i]); STEP(/ a[i])
#include "core/scaler/formula_kernels.h"

/* intercept + multiplier * ((X - center) / scale) */
#define FORMULA	ScaleShift
#define FORWARD	STEP(- a[i]); STEP(/ b[i]); STEP(* c[i]); STEP(+ d[i])
#define INVERSE	STEP(- d[i]); STEP(/ c[i]); STEP(* b[i]); STEP(+ a[i])
#include "core/scaler/formula_kernels.h"

/* (X - center) * factor, and what begins with it */
#define FORMULA	SubtractMultiply
#define FORWARD	STEP(- a[i]); STEP(* b[i])
#define INVERSE	STEP(/ b[i]); STEP(+ a[i])
#include "core/scaler/formula_kernels.h"

#define FORMULA	SubtractMultiplyAdd
#define FORWARD	STEP(- a[i]); STEP(* b[i]); STEP(+ c[i])
#define INVERSE	STEP(- c[i]); STEP(/ b[i]); STEP(+ a[i])
#include "core/scaler/formula_kernels.h"

#define FORMULA	Multiply
#define FORWARD	STEP(* a[i])
#define INVERSE	STEP(/ a[i])
#include "core/scaler/formula_kernels.h"

#define FORMULA	BatchNorm
#define FORWARD	STEP(- a[i]); STEP(* b[i]); STEP(* c[i]); STEP(+ d[i])
#define INVERSE	STEP(- d[i]); STEP(/ c[i]); STEP(/ b[i]); STEP(+ a[i])
#include "core/scaler/formula_kernels.h"

/* the result is a float4, whatever the input */
#define KERNEL	SubtractMultiplyRoundedDouble
#define REAL	double
#define STEPS	STEP(- a[i]); t = (float) (t * b[i])
#include "core/scaler/formula_loop.h"

/* X *= factor; X -= center; X /= scale */
#define FORMULA	RescaleSubtractDivide
#define FORWARD	STEP(* c[i]); STEP(- a[i]); STEP(/ b[i])
#define INVERSE	STEP(* b[i]); STEP(+ a[i]); STEP(/ c[i])
#include "core/scaler/formula_kernels.h"

/* the same where the product is rounded to float4, and what follows is float4 */
#define KERNEL	RescaleSubtractDivideRoundedDouble
#define REAL	double
#define STEPS	t = (float) (t * c[i]); t = (float) (t - a[i]); t = (float) (t / b[i])
#include "core/scaler/formula_loop.h"

#define KERNEL	MultiplyRoundedDouble
#define REAL	double
#define STEPS	t = (float) (t * a[i])
#include "core/scaler/formula_loop.h"

/* rounded once by definition: fma() is exact about that, with or without an instruction for it */
#define KERNEL	FusedMultiplyAddDouble
#define REAL	double
#define STEPS	t = fma(t, a[i], b[i])
#include "core/scaler/formula_loop.h"

#define KERNEL	FusedMultiplyAddSingle
#define REAL	float
#define STEPS	t = fmaf(t, (float) a[i], (float) b[i])
#include "core/scaler/formula_loop.h"

/* ---- one value at a time: transcendental functions and tables ---- */

/* PowerTransformer: the transformation, then a StandardScaler */
#define STANDARDIZED(y_)			(((y_) - b[i]) / c[i])
#define STANDARDIZED_SINGLE(y_)		((float) ((float) ((y_) - (float) b[i]) / (float) c[i]))
#define UNSTANDARDIZED(x_)			((x_) * c[i] + b[i])
#define UNSTANDARDIZED_SINGLE(x_)	((float) ((float) ((x_) * (float) c[i]) + (float) b[i]))

#define FORMULA				YeoJohnson
#define FORWARD(x)			STANDARDIZED(YeoJohnson(x, a[i]))
#define INVERSE(x)			YeoJohnsonInverse(UNSTANDARDIZED(x), a[i])
#define FORWARD_SINGLE(x)	STANDARDIZED_SINGLE(YeoJohnsonSingle(x, a[i]))
#define INVERSE_SINGLE(x)	YeoJohnsonInverseSingle(UNSTANDARDIZED_SINGLE(x), a[i])
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				YeoJohnsonCast
#define FORWARD(x)			STANDARDIZED(YeoJohnsonWidened(x, (float) a[i]))
#define INVERSE(x)			YeoJohnsonInverseWidened(UNSTANDARDIZED(x), (float) a[i])
#define FORWARD_SINGLE(x)	STANDARDIZED_SINGLE(YeoJohnsonCast(x, (float) a[i]))
#define INVERSE_SINGLE(x)	YeoJohnsonInverseCast(UNSTANDARDIZED_SINGLE(x), (float) a[i])
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				BoxCox
#define FORWARD(x)			STANDARDIZED(BoxCox(x, a[i]))
#define INVERSE(x)			BoxCoxInverse(UNSTANDARDIZED(x), a[i])
#define FORWARD_SINGLE(x)	STANDARDIZED_SINGLE(BoxCoxSingle(x, a[i]))
#define INVERSE_SINGLE(x)	BoxCoxInverseSingle(UNSTANDARDIZED_SINGLE(x), a[i])
#include "core/scaler/formula_value_kernels.h"

#define QUANTILES	table[i].values, (int) table[i].length

#define FORMULA				QuantileUniform
#define FORWARD(x)			QuantileToUniform(x, QUANTILES)
#define INVERSE(x)			UniformToQuantile(x, QUANTILES)
#define FORWARD_SINGLE(x)	QuantileToUniformSingle(x, QUANTILES)
#define INVERSE_SINGLE(x)	UniformToQuantileSingle(x, QUANTILES)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				QuantileNormal
#define FORWARD(x)			QuantileToNormal(x, QUANTILES)
#define INVERSE(x)			NormalToQuantile(x, QUANTILES)
#define FORWARD_SINGLE(x)	QuantileToNormalSingle(x, QUANTILES)
#define INVERSE_SINGLE(x)	NormalToQuantileSingle(x, QUANTILES)
#include "core/scaler/formula_value_kernels.h"

/* ---- the table ---- */

#define KNOWN_DIVISOR_KERNELS(name) \
	name##KnownDouble, name##InverseDouble, name##Single, name##InverseSingle, SCALAR_KERNELS(name)

const Formula formula_identity = {
	0, "identity", "x", "", true, 0, {NULL}, NULL,
	IdentityDouble, IdentityDouble, IdentitySingle, IdentitySingle
};

/* RobustScaler; StandardScaler before scikit-learn 1.8 */
const Formula formula_subtract_divide = {
	1, "subtract_divide", "(x - center) / scale", "-a/b", true, 2, {"center", "scale"}, NULL,
	KNOWN_DIVISOR_KERNELS(SubtractDivide)
};

/* MinMaxScaler */
const Formula formula_multiply_add = {
	2, "multiply_add", "x * scale + offset", "*a+b", true, 2, {"scale", "offset"}, NULL,
	KERNELS(MultiplyAdd)
};

/* MaxAbsScaler, and RobustScaler without centering */
const Formula formula_divide = {
	3, "divide", "x / scale", "/a", true, 1, {"scale"}, NULL,
	KNOWN_DIVISOR_KERNELS(Divide)
};

/*
 * StandardScaler since scikit-learn 1.8, with and without mean: for float4 input it rounds its parameters to
 * float4 first, for float8 input there is no difference
 */
const Formula formula_subtract_divide_cast = {
	4, "subtract_divide_cast", "(x - center) / scale", "-a/b", true, 2, {"center", "scale"}, NULL,
	SubtractDivideKnownDouble, SubtractDivideInverseDouble,
	SubtractDivideCastSingle, SubtractDivideCastInverseSingle, SCALAR_KERNELS(SubtractDivide)
};

const Formula formula_divide_cast = {
	5, "divide_cast", "x / scale", "/a", true, 1, {"scale"}, NULL,
	DivideKnownDouble, DivideInverseDouble, DivideCastSingle, DivideCastInverseSingle, SCALAR_KERNELS(Divide)
};

/* Teradata's TD_ScaleTransform; options "intercept" and "multiplier" of ours */
const Formula formula_scale_shift = {
	6, "scale_shift", "intercept + multiplier * ((x - center) / scale)", "-a/b*c+d", true, 4,
	{"center", "scale", "multiplier", "intercept"}, NULL,
	KERNELS(ScaleShift)
};

/* Spark's StandardScaler and RobustScaler, which multiply by a reciprocal */
const Formula formula_subtract_multiply = {
	7, "subtract_multiply", "(x - center) * factor", "-a*b", true, 2, {"center", "factor"}, NULL,
	KERNELS(SubtractMultiply)
};

const Formula formula_multiply = {
	8, "multiply", "x * factor", "*a", true, 1, {"factor"}, NULL,
	KERNELS(Multiply)
};

/* ONNX's Scaler, whose output is always float */
const Formula formula_subtract_multiply_single = {
	9, "subtract_multiply_single", "float4((x - center) * factor)", "-a*bf", true, 2, {"center", "factor"}, NULL,
	SubtractMultiplyRoundedDouble, SubtractMultiplyInverseDouble,
	SubtractMultiplySingle, SubtractMultiplyInverseSingle
};

/* Spark's MinMaxScaler */
const Formula formula_subtract_multiply_add = {
	10, "subtract_multiply_add", "(x - center) * factor + offset", "-a*b+c", true, 3,
	{"center", "factor", "offset"}, NULL,
	KERNELS(SubtractMultiplyAdd)
};

/* PyTorch's BatchNorm in evaluation, as for tensors that are not contiguous */
const Formula formula_batch_norm = {
	11, "batch_norm", "((x - center) * factor) * weight + offset", "-a*b*c+d", true, 4,
	{"center", "factor", "weight", "offset"}, NULL,
	KERNELS(BatchNorm)
};

/* the same for contiguous tensors on a CPU with fused multiply-add */
const Formula formula_fused_multiply_add = {
	12, "fused_multiply_add", "fma(x, factor, offset)", NULL, true, 2, {"factor", "offset"}, NULL,
	FusedMultiplyAddDouble, MultiplyAddInverseDouble,
	FusedMultiplyAddSingle, MultiplyAddInverseSingle
};

/* PowerTransformer */
const Formula formula_yeo_johnson = {
	14, "yeo_johnson", "(yeo_johnson(x, lambda) - center) / scale", NULL, false, 3, {"lambda", "center", "scale"}, NULL,
	VALUE_KERNELS(YeoJohnson), .inverse_has_gaps = true, .keeps_gaps = true
};

const Formula formula_box_cox = {
	15, "box_cox", "(box_cox(x, lambda) - center) / scale", NULL, false, 3, {"lambda", "center", "scale"}, NULL,
	VALUE_KERNELS(BoxCox), .domain = &above_zero, .inverse_has_gaps = true, .keeps_gaps = true
};

/* QuantileTransformer */
const Formula formula_quantile_uniform = {
	16, "quantile_uniform", "uniform(x, quantiles)", NULL, false, 0, {NULL}, "quantiles",
	VALUE_KERNELS(QuantileUniform)
};

const Formula formula_quantile_normal = {
	17, "quantile_normal", "normal(x, quantiles)", NULL, false, 0, {NULL}, "quantiles",
	VALUE_KERNELS(QuantileNormal)
};

/* Normalizer */
const Formula formula_norm_l1 = {
	18, "norm_l1", "x / sum(|row|)", NULL, false, 0, {NULL}, NULL, NULL, NULL, NULL, NULL, NormL1, NormL1Single
};

const Formula formula_norm_l2 = {
	19, "norm_l2", "x / sqrt(sum(row^2))", NULL, false, 0, {NULL}, NULL, NULL, NULL, NULL, NULL, NormL2, NormL2Single
};

const Formula formula_norm_max = {
	20, "norm_max", "x / max(|row|)", NULL, false, 0, {NULL}, NULL, NULL, NULL, NULL, NULL, NormMax, NormMaxSingle
};

/* as multiply_add, but the factor may be zero: batch normalization in ONNX and unfused in PyTorch */
const Formula formula_multiply_offset = {
	21, "multiply_offset", "x * factor + offset", "*a+b", true, 2, {"factor", "offset"}, NULL,
	KERNELS(MultiplyAdd)
};

/*
 * PowerTransformer fitted to float32: for float4 input every step is rounded
 * to float4, for float8 input what concerns lambda alone.
 */
const Formula formula_yeo_johnson_cast = {
	22, "yeo_johnson_cast", "(yeo_johnson(x, lambda) - center) / scale", NULL, false, 3,
	{"lambda", "center", "scale"}, NULL,
	VALUE_KERNELS(YeoJohnsonCast), .inverse_has_gaps = true, .keeps_gaps = true,
	.stands_for = &formula_yeo_johnson
};

/* Normalizer of Spark: sums from left to right */
const Formula formula_norm_l1_in_order = {
	23, "norm_l1_in_order", "x / sum(|row|)", NULL, false, 0, {NULL}, NULL, NULL, NULL, NULL, NULL,
	NormL1InOrder, NormL1InOrderSingle,
	.stands_for = &formula_norm_l1
};

const Formula formula_norm_l2_in_order = {
	24, "norm_l2_in_order", "x / sqrt(sum(row^2))", NULL, false, 0, {NULL}, NULL, NULL, NULL, NULL, NULL,
	NormL2InOrder, NormL2InOrderSingle,
	.stands_for = &formula_norm_l2
};

/* image processors: pixels are rescaled first, by those of transformers in float8, and then all is float4 */
const Formula formula_rescale_subtract_divide = {
	60, "rescale_subtract_divide", "(x * factor - center) / scale", "*c-a/b", true, 3,
	{"center", "scale", "factor"}, NULL,
	KERNELS(RescaleSubtractDivide)
};

const Formula formula_rescale_subtract_divide_single = {
	61, "rescale_subtract_divide_single", "float4(float4(float4(x * factor) - center) / scale)", "*cf-af/bf",
	true, 3,
	{"center", "scale", "factor"}, NULL,
	RescaleSubtractDivideRoundedDouble, RescaleSubtractDivideInverseDouble,
	RescaleSubtractDivideSingle, RescaleSubtractDivideInverseSingle
};

const Formula formula_multiply_single = {
	62, "multiply_single", "float4(x * factor)", "*af", true, 1, {"factor"}, NULL,
	MultiplyRoundedDouble, MultiplyInverseDouble, MultiplySingle, MultiplyInverseSingle
};

static const Formula *const formulas[] = {
	&formula_identity,
	&formula_subtract_divide,
	&formula_multiply_add,
	&formula_divide,
	&formula_subtract_divide_cast,
	&formula_divide_cast,
	&formula_scale_shift,
	&formula_subtract_multiply,
	&formula_multiply,
	&formula_subtract_multiply_single,
	&formula_subtract_multiply_add,
	&formula_batch_norm,
	&formula_fused_multiply_add,
	&formula_log1p,
	&formula_yeo_johnson,
	&formula_box_cox,
	&formula_quantile_uniform,
	&formula_quantile_normal,
	&formula_norm_l1,
	&formula_norm_l2,
	&formula_norm_max,
	&formula_multiply_offset,
	&formula_yeo_johnson_cast,
	&formula_norm_l1_in_order,
	&formula_norm_l2_in_order,
	&formula_log,
	&formula_log2,
	&formula_log10,
	&formula_sqrt,
	&formula_cbrt,
	&formula_square,
	&formula_asinh,
	&formula_logit,
	&formula_reciprocal,
	&formula_expm1,
	&formula_rescale_subtract_divide,
	&formula_rescale_subtract_divide_single,
	&formula_multiply_single,
};

#define NFORMULAS	(sizeof(formulas) / sizeof(formulas[0]))

const Formula *
FormulaByCode(uint8_t code)
{
	for (size_t i = 0; i < NFORMULAS; i++)
		if (formulas[i]->code == code)
			return formulas[i];
	return NULL;
}

const Formula *
FormulaByName(const char *name)
{
	for (size_t i = 0; i < NFORMULAS; i++)
		if (strcmp(formulas[i]->name, name) == 0)
			return formulas[i];
	return NULL;
}

const Formula *
FormulaByIndex(int index)
{
	return index >= 0 && index < (int) NFORMULAS ? formulas[index] : NULL;
}

static bool
ParameterIs(const Formula *formula, int k, const char *name)
{
	return strcmp(formula->param_names[k], name) == 0;
}

double
StepResult(char step, double x, double param)
{
	switch (step)
	{
		case '+':
			return x + param;
		case '-':
			return x - param;
		case '*':
			return x * param;
		case '/':
			return x / param;
		case 'q':
			return sqrt(x);
		case 's':
			return x * x;
		case 'r':
			return 1.0 / x;
		default:
			return (float) x;
	}
}

bool
FormulaDividesBy(const Formula *formula, int k)
{
	return ParameterIs(formula, k, "scale");
}

int
FormulaKnownDivisor(const Formula *formula)
{
	return formula->forward == SubtractDivideKnownDouble ? 1 : formula->forward == DivideKnownDouble ? 0 : -1;
}

bool
FormulaHasInverse(const Formula *formula, const double *param)
{
	if (formula->inverse == NULL)
		return false;
	for (int k = 0; k < formula->nparams; k++)
		if (param[k] == 0 &&
			(ParameterIs(formula, k, "factor") || ParameterIs(formula, k, "weight") ||
			 ParameterIs(formula, k, "multiplier")))
			return false;
	return true;
}
