/*
 * formula_functions.c
 *		Formulas that are a single function without parameters, such as the logarithm, and their inverses.
 *
 * All are correctly rounded: once, to the type of the value.
 */
#include "core/scaler/formula.h"

#include <math.h>

#include "core/base/elementary.h"
#include "core/scaler/formula_macros.h"

/* ---- domains ---- */

static const FormulaDomain above_minus_one = {.low = -1, .high = INFINITY, .low_open = true, .kept = true};
static const FormulaDomain above_zero = {.low = 0, .high = INFINITY, .low_open = true};
static const FormulaDomain from_zero = {.low = 0, .high = INFINITY};
static const FormulaDomain between_zero_and_one = {.low = 0, .high = 1, .low_open = true, .high_open = true};
static const FormulaDomain other_than_zero = {.low = -INFINITY, .high = INFINITY, .without_zero = true};

/* ---- operations of IEEE 754 ---- */

/* In float4 a square root in float8 may be rounded again: float8 has more than twice the digits, and two to spare. */
#define SQUARE_ROOT		t = (REAL) sqrt((double) t)
#define SQUARE			t = (REAL) ((double) t * (double) t)
#define RECIPROCAL		t = (REAL) (1.0 / (double) t)

#define FORMULA	Sqrt
#define FORWARD	SQUARE_ROOT
#define INVERSE	SQUARE
#include "core/scaler/formula_kernels.h"

#define FORMULA	Square
#define FORWARD	SQUARE
#define INVERSE	SQUARE_ROOT
#include "core/scaler/formula_kernels.h"

#define FORMULA	Reciprocal
#define FORWARD	RECIPROCAL
#define INVERSE	RECIPROCAL
#include "core/scaler/formula_kernels.h"

/* ---- others ---- */

#define FORMULA				Log
#define FORWARD(x)			RoundedLog(x)
#define INVERSE(x)			RoundedExp(x)
#define FORWARD_SINGLE(x)	RoundedLogSingle(x)
#define INVERSE_SINGLE(x)	RoundedExpSingle(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Log1p
#define FORWARD(x)			RoundedLog1p(x)
#define INVERSE(x)			RoundedExpm1(x)
#define FORWARD_SINGLE(x)	RoundedLog1pSingle(x)
#define INVERSE_SINGLE(x)	RoundedExpm1Single(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Log2
#define FORWARD(x)			RoundedLog2(x)
#define INVERSE(x)			RoundedExp2(x)
#define FORWARD_SINGLE(x)	RoundedLog2Single(x)
#define INVERSE_SINGLE(x)	RoundedExp2Single(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Log10
#define FORWARD(x)			RoundedLog10(x)
#define INVERSE(x)			RoundedExp10(x)
#define FORWARD_SINGLE(x)	RoundedLog10Single(x)
#define INVERSE_SINGLE(x)	RoundedExp10Single(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Cbrt
#define FORWARD(x)			RoundedCbrt(x)
#define INVERSE(x)			RoundedCube(x)
#define FORWARD_SINGLE(x)	RoundedCbrtSingle(x)
#define INVERSE_SINGLE(x)	RoundedPowSingle(x, 3.0f)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Asinh
#define FORWARD(x)			RoundedAsinh(x)
#define INVERSE(x)			RoundedSinh(x)
#define FORWARD_SINGLE(x)	RoundedAsinhSingle(x)
#define INVERSE_SINGLE(x)	RoundedSinhSingle(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Logit
#define FORWARD(x)			RoundedLogit(x)
#define INVERSE(x)			RoundedExpit(x)
#define FORWARD_SINGLE(x)	RoundedLogitSingle(x)
#define INVERSE_SINGLE(x)	RoundedExpitSingle(x)
#include "core/scaler/formula_value_kernels.h"

#define FORMULA				Expm1
#define FORWARD(x)			RoundedExpm1(x)
#define INVERSE(x)			RoundedLog1p(x)
#define FORWARD_SINGLE(x)	RoundedExpm1Single(x)
#define INVERSE_SINGLE(x)	RoundedLog1pSingle(x)
#include "core/scaler/formula_value_kernels.h"

/* ---- rows ---- */

#define FUNCTION(code, name, text)	code, name, text, NULL, false, 0, {NULL}, NULL

const Formula formula_log1p = {
	FUNCTION(13, "log1p", "log1p(x)"), VALUE_KERNELS(Log1p), .domain = &above_minus_one, .ascending = true
};

const Formula formula_log = {
	FUNCTION(40, "log", "log(x)"), VALUE_KERNELS(Log), .domain = &above_zero, .ascending = true
};

const Formula formula_log2 = {
	FUNCTION(41, "log2", "log2(x)"), VALUE_KERNELS(Log2), .domain = &above_zero, .ascending = true
};

const Formula formula_log10 = {
	FUNCTION(42, "log10", "log10(x)"), VALUE_KERNELS(Log10), .domain = &above_zero, .ascending = true
};

const Formula formula_sqrt = {
	43, "sqrt", "sqrt(x)", "q", false, 0, {NULL}, NULL, KERNELS(Sqrt), .domain = &from_zero, .ascending = true
};

const Formula formula_cbrt = {
	FUNCTION(44, "cbrt", "cbrt(x)"), VALUE_KERNELS(Cbrt), .ascending = true
};

/* its inverse is the root that is not negative */
const Formula formula_square = {
	45, "square", "x * x", "s", false, 0, {NULL}, NULL, KERNELS(Square), .inverse_has_gaps = true
};

const Formula formula_asinh = {
	FUNCTION(46, "asinh", "asinh(x)"), VALUE_KERNELS(Asinh), .ascending = true
};

const Formula formula_logit = {
	FUNCTION(47, "logit", "log(x / (1 - x))"), VALUE_KERNELS(Logit), .domain = &between_zero_and_one, .ascending = true
};

const Formula formula_reciprocal = {
	48, "reciprocal", "1 / x", "r", false, 0, {NULL}, NULL, KERNELS(Reciprocal), .domain = &other_than_zero
};

const Formula formula_expm1 = {
	FUNCTION(49, "expm1", "expm1(x)"), VALUE_KERNELS(Expm1), .ascending = true, .inverse_has_gaps = true
};
