/*
 * formula.c
 *		The kernels of every formula, and the table of formulas.
 *
 * Compiled with -ffp-contract=off: a fused multiply-add would round once
 * where scikit-learn rounds twice.  The loops are elementwise, so vectorizing
 * them changes no bit.
 */
#include "core/formula.h"

#include <stddef.h>

static void
IdentityDouble(const double *x, double *y, double *const *param, int n)
{
	(void) param;
	memmove(y, x, sizeof(double) * n);
}

static void
IdentitySingle(const float *x, float *y, double *const *param, int n)
{
	(void) param;
	memmove(y, x, sizeof(float) * n);
}

/*
 * Each step writes to its own variable of the type it rounds to: with
 * FLT_EVAL_METHOD 0, which every platform we support has, that is the
 * rounding of one numpy in-place operation.  In float4 an operation on two
 * float4 values may be carried out in float8 and then rounded: float8 has
 * more than twice the digits, so nothing is rounded twice.
 */
#define DEFINE_KERNEL(name, type, first_step, second_step) \
static void \
name(const type *restrict x, type *restrict y, double *const *param, int n) \
{ \
	const double *restrict p0 = param[0]; \
	const double *restrict p1 = param[1]; \
\
	(void) p1; \
	for (int i = 0; i < n; i++) \
	{ \
		type		t = (type) ((double) x[i] first_step); \
\
		y[i] = (type) ((double) t second_step); \
	} \
}

/* X -= center; X /= scale */
DEFINE_KERNEL(SubtractDivideDouble, double, - p0[i], / p1[i])
DEFINE_KERNEL(SubtractDivideSingle, float, - p0[i], / p1[i])
DEFINE_KERNEL(SubtractDivideInverseDouble, double, * p1[i], + p0[i])
DEFINE_KERNEL(SubtractDivideInverseSingle, float, * p1[i], + p0[i])
DEFINE_KERNEL(SubtractDivideCastSingle, float, - (float) p0[i], / (float) p1[i])
DEFINE_KERNEL(SubtractDivideCastInverseSingle, float, * (float) p1[i], + (float) p0[i])

/* X /= scale: not a center of 0, since adding that back would turn -0 into 0 */
DEFINE_KERNEL(DivideDouble, double, / p0[i],)
DEFINE_KERNEL(DivideSingle, float, / p0[i],)
DEFINE_KERNEL(DivideInverseDouble, double, * p0[i],)
DEFINE_KERNEL(DivideInverseSingle, float, * p0[i],)
DEFINE_KERNEL(DivideCastSingle, float, / (float) p0[i],)
DEFINE_KERNEL(DivideCastInverseSingle, float, * (float) p0[i],)

/* X *= scale; X += offset */
DEFINE_KERNEL(MultiplyAddDouble, double, * p0[i], + p1[i])
DEFINE_KERNEL(MultiplyAddSingle, float, * p0[i], + p1[i])
DEFINE_KERNEL(MultiplyAddInverseDouble, double, - p1[i], / p0[i])
DEFINE_KERNEL(MultiplyAddInverseSingle, float, - p1[i], / p0[i])

const Formula formula_identity = {
	0, "identity", "x", 0, {NULL, NULL},
	IdentityDouble, IdentityDouble, IdentitySingle, IdentitySingle
};

/* RobustScaler; StandardScaler before scikit-learn 1.8 */
const Formula formula_subtract_divide = {
	1, "subtract_divide", "(x - center) / scale", 2, {"center", "scale"},
	SubtractDivideDouble, SubtractDivideInverseDouble,
	SubtractDivideSingle, SubtractDivideInverseSingle
};

/* MinMaxScaler */
const Formula formula_multiply_add = {
	2, "multiply_add", "x * scale + offset", 2, {"scale", "offset"},
	MultiplyAddDouble, MultiplyAddInverseDouble,
	MultiplyAddSingle, MultiplyAddInverseSingle
};

/* MaxAbsScaler, and RobustScaler without centering */
const Formula formula_divide = {
	3, "divide", "x / scale", 1, {"scale", NULL},
	DivideDouble, DivideInverseDouble,
	DivideSingle, DivideInverseSingle
};

/*
 * StandardScaler since scikit-learn 1.8, with and without mean: for float4
 * input it rounds its parameters to float4 first.  For float8 no difference.
 */
const Formula formula_subtract_divide_cast = {
	4, "subtract_divide_cast", "(x - center) / scale", 2, {"center", "scale"},
	SubtractDivideDouble, SubtractDivideInverseDouble,
	SubtractDivideCastSingle, SubtractDivideCastInverseSingle
};

const Formula formula_divide_cast = {
	5, "divide_cast", "x / scale", 1, {"scale", NULL},
	DivideDouble, DivideInverseDouble,
	DivideCastSingle, DivideCastInverseSingle
};

static const Formula *const formulas[] = {
	&formula_identity,
	&formula_subtract_divide,
	&formula_multiply_add,
	&formula_divide,
	&formula_subtract_divide_cast,
	&formula_divide_cast,
};

const Formula *
FormulaByCode(uint8_t code)
{
	for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++)
		if (formulas[i]->code == code)
			return formulas[i];
	return NULL;
}

const Formula *
FormulaByName(const char *name)
{
	for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++)
		if (strcmp(formulas[i]->name, name) == 0)
			return formulas[i];
	return NULL;
}
