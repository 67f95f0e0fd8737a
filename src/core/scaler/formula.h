/*
 * formula.h
 *		The arithmetic of scalers: which operations are performed, in which order.
 *
 * The kernels are in formula.c; those of power, quantile and norm formulas call
 * power_transform.c, quantile_map.c and row_norm.c.  Rows of float8 divide by
 * core/base/known_divisor.c.  Single values that the planner has replaced use
 * pg/apply/value_kernels.c, which gives the same bits.
 */
#ifndef NORMFREEZE_CORE_FORMULA_H
#define NORMFREEZE_CORE_FORMULA_H

#include "core/base/float_bits.h"

#define FORMULA_MAX_PARAMS	4

/* A list of numbers that belongs to one feature, such as quantiles. */
typedef struct FormulaTable
{
	uint32_t	length;
	double	   *values;
} FormulaTable;

/*
 * The parameters of adjacent features: param[k][i] is parameter k of feature i, and table[i] its table.
 *
 * reciprocal[i] is the DivisorReciprocal() of the parameter that feature i is divided by; "reciprocal" may be
 * NULL.
 */
typedef struct KernelParams
{
	const double *param[FORMULA_MAX_PARAMS];
	const double *reciprocal;
	const FormulaTable *table;
} KernelParams;

/* Return the parameters and the table of one feature as kernels take them; they must live as long. */
static inline KernelParams
KernelParamsOf(const double *param, const FormulaTable *table)
{
	KernelParams params = {.table = table};

	for (int k = 0; k < FORMULA_MAX_PARAMS; k++)
		params.param[k] = &param[k];
	return params;
}

/*
 * A kernel applies one formula to n adjacent features.  Every operation is
 * rounded by itself, to float8 or (the single kernels) to float4 as
 * scikit-learn does with float32 input.
 */
typedef void (*DoubleKernel) (const double *x, double *y, const KernelParams *params, int n);

/* The same in float4. */
typedef void (*SingleKernel) (const float *x, float *y, const KernelParams *params, int n);

/* The same operations on one value, with the parameters of its feature. */
typedef double (*ScalarKernel) (double x, const double *param);

/* The values for which a formula is defined. */
typedef struct FormulaDomain
{
	double		low;
	double		high;
	bool		low_open;		/* not for the bound itself */
	bool		high_open;
	bool		without_zero;
	bool		kept;			/* without an option, a feature keeps what the formula gives for others */
} FormulaDomain;

/* A formula: one row of the table in formula.c. */
typedef struct Formula
{
	uint8_t		code;			/* its code in recipes, which never changes */
	const char *name;
	const char *forward_text;	/* as explain() shows it */

	/*
	 * The formula as data, for exports: the operations on x in their order, each an operator and a parameter (a
	 * is the first one), such as "-a/b"; or a letter that stands alone: "f" rounds to float4, "q" takes the square
	 * root, "s" the square, and "r" the reciprocal.
	 *
	 * NULL for a formula that is not a sequence of such operations.
	 */
	const char *steps;
	bool		affine;			/* it computes a*x + b up to rounding */
	int			nparams;
	const char *param_names[FORMULA_MAX_PARAMS];
	const char *table_name;		/* NULL for a formula without a table */
	DoubleKernel forward;
	DoubleKernel inverse;		/* NULL if there is none */
	SingleKernel forward_single;
	SingleKernel inverse_single;

	/*
	 * The norms of a formula of whole rows, which has these instead of kernels: all features of a row that
	 * share the formula are divided by the norm.
	 */
	double		(*norm) (const double *x, int n);
	float		(*norm_single) (const float *x, int n);

	/* for single values, if a function of their own is worth it; NULL for "forward" and "inverse" with one feature */
	ScalarKernel forward_scalar;
	ScalarKernel inverse_scalar;

	/* The formula of a method that an import may replace by this one; NULL if there is none. */
	const struct Formula *stands_for;

	/* NULL for a formula that is defined for all numbers; see domain.h for what becomes of others */
	const FormulaDomain *domain;
	bool		inverse_has_gaps;	/* the inverse of some numbers is NaN, because they are the result of none */
	bool		keeps_gaps;		/* and a feature of this formula alone keeps that NaN */
	bool		ascending;		/* it is not affine, and of a larger x its result is never smaller */
} Formula;

/* Return whether the least and the greatest result are those of the ends of a range: each rounding keeps the order. */
static inline bool
FormulaIsMonotonic(const Formula *formula)
{
	return formula->affine || formula->ascending;
}

extern const Formula formula_identity;
extern const Formula formula_subtract_divide;
extern const Formula formula_multiply_add;
extern const Formula formula_divide;
extern const Formula formula_subtract_divide_cast;
extern const Formula formula_divide_cast;
extern const Formula formula_scale_shift;
extern const Formula formula_subtract_multiply;
extern const Formula formula_multiply;
extern const Formula formula_subtract_multiply_single;
extern const Formula formula_subtract_multiply_add;
extern const Formula formula_batch_norm;
extern const Formula formula_fused_multiply_add;
extern const Formula formula_log1p;
extern const Formula formula_yeo_johnson;
extern const Formula formula_box_cox;
extern const Formula formula_quantile_uniform;
extern const Formula formula_quantile_normal;
extern const Formula formula_norm_l1;
extern const Formula formula_norm_l2;
extern const Formula formula_norm_max;
extern const Formula formula_norm_l1_in_order;
extern const Formula formula_norm_l2_in_order;
extern const Formula formula_multiply_offset;
extern const Formula formula_yeo_johnson_cast;
extern const Formula formula_log;
extern const Formula formula_log2;
extern const Formula formula_log10;
extern const Formula formula_sqrt;
extern const Formula formula_cbrt;
extern const Formula formula_square;
extern const Formula formula_asinh;
extern const Formula formula_logit;
extern const Formula formula_reciprocal;
extern const Formula formula_expm1;
extern const Formula formula_rescale_subtract_divide;
extern const Formula formula_rescale_subtract_divide_single;
extern const Formula formula_multiply_single;

/* Return a formula by its code, its name or its place in the table; NULL if there is none. */
extern const Formula *FormulaByCode(uint8_t code);
extern const Formula *FormulaByName(const char *name);
extern const Formula *FormulaByIndex(int index);

/* Return whether a formula takes whole rows: it divides by their norms. */
static inline bool
FormulaIsOfRows(const Formula *formula)
{
	return formula->norm != NULL;
}

/* Return whether an operator of Formula.steps stands alone, without a parameter. */
static inline bool
StepStandsAlone(char step)
{
	return step >= 'a' && step <= 'z';
}

/* Return the result of an operator of Formula.steps in float8, given its parameter, if it has one. */
extern double StepResult(char step, double x, double param);

/* Return whether parameter k is divided by, and so must not be zero. */
extern bool FormulaDividesBy(const Formula *formula, int k);

/* Return the parameter whose reciprocal the forward kernel may use, or -1. */
extern int	FormulaKnownDivisor(const Formula *formula);

/* Return whether the formula has an inverse with these parameters.  A multiplication by zero has none. */
extern bool FormulaHasInverse(const Formula *formula, const double *param);

#endif							/* NORMFREEZE_CORE_FORMULA_H */
