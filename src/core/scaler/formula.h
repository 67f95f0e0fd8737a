/*
 * formula.h
 *		The arithmetic of scalers: which operations, in which order.
 *
 *		Its kernels are in formula.c; those of power, quantile and norm formulas call power_transform.c,
 *		quantile_map.c and row_norm.c.  float8 rows divide by core/base/known_divisor.c, and single values that
 *		the planner has replaced use pg/apply/value_kernels.c, with the same bits.
 */
#ifndef NORMFREEZE_CORE_FORMULA_H
#define NORMFREEZE_CORE_FORMULA_H

#include "core/base/float_bits.h"

#define FORMULA_MAX_PARAMS	4

/* A list of numbers that belongs to one feature. */
typedef struct FormulaTable
{
	uint32_t	length;
	double	   *values;
} FormulaTable;

/*
 * param[k][i] is parameter k of feature i, table[i] its table.  reciprocal[i] is
 * that of the parameter that it is divided by, as DivisorReciprocal() has it, or
 * reciprocal is NULL.
 */
typedef struct KernelParams
{
	const double *param[FORMULA_MAX_PARAMS];
	const double *reciprocal;
	const FormulaTable *table;
} KernelParams;

/*
 * A kernel applies one formula to n adjacent features.  Every operation is
 * rounded by itself, to float8 or (the single kernels) to float4 as
 * scikit-learn does with float32 input.
 */
typedef void (*DoubleKernel) (const double *x, double *y, const KernelParams *params, int n);
typedef void (*SingleKernel) (const float *x, float *y, const KernelParams *params, int n);

/* The same operations on one value, by the parameters of its feature. */
typedef double (*ScalarKernel) (double x, const double *param);

typedef struct Formula
{
	uint8_t		code;			/* in recipes: never changes */
	const char *name;
	const char *forward_text;	/* what explain() shows */

	/*
	 * The formula as data, for exports: the operations on x in their order, each an operator and a parameter (a
	 * is the first), such as "-a/b"; "f" rounds to float4.  NULL for a formula that is not a sequence of such
	 * operations.
	 */
	const char *steps;
	bool		affine;			/* up to rounding it computes a*x + b */
	int			nparams;
	const char *param_names[FORMULA_MAX_PARAMS];
	const char *table_name;		/* NULL for a formula without a table */
	DoubleKernel forward;
	DoubleKernel inverse;		/* NULL if there is none */
	SingleKernel forward_single;
	SingleKernel inverse_single;

	/*
	 * A formula of whole rows has norms instead: what all features of a row
	 * that share it are divided by.
	 */
	double		(*norm) (const double *x, int n);
	float		(*norm_single) (const float *x, int n);

	/* for single values, where that is worth a function: NULL is forward and inverse for one feature */
	ScalarKernel forward_scalar;
	ScalarKernel inverse_scalar;

	/* The formula of a method in whose place an import may use this one; NULL if there is none. */
	const struct Formula *stands_for;
} Formula;

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

extern const Formula *FormulaByCode(uint8_t code);
extern const Formula *FormulaByName(const char *name);
extern const Formula *FormulaByIndex(int index);	/* NULL past the last */

static inline bool
FormulaIsOfRows(const Formula *formula)
{
	return formula->norm != NULL;
}

/* Must this parameter not be zero? */
extern bool FormulaDividesBy(const Formula *formula, int k);

/* The parameter whose reciprocal the forward kernel may use; -1 if there is none. */
extern int	FormulaKnownDivisor(const Formula *formula);

/* Return whether the formula with these parameters has an inverse.  A multiplication by zero has none. */
extern bool FormulaHasInverse(const Formula *formula, const double *param);

#endif							/* NORMFREEZE_CORE_FORMULA_H */
