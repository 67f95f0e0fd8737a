/*
 * formula.h
 *		The arithmetic of scalers: which operations, in which order.
 */
#ifndef NORMFREEZE_CORE_FORMULA_H
#define NORMFREEZE_CORE_FORMULA_H

#include "core/float_bits.h"

#define FORMULA_MAX_PARAMS	2

/*
 * A kernel applies one formula to n adjacent features; param[k][i] is
 * parameter k of feature i.  Every operation is rounded by itself, to float8
 * or (the single kernels) to float4 as scikit-learn does with float32 input.
 */
typedef void (*DoubleKernel) (const double *x, double *y, double *const *param, int n);
typedef void (*SingleKernel) (const float *x, float *y, double *const *param, int n);

typedef struct Formula
{
	uint8_t		code;			/* in recipes: never changes */
	const char *name;
	const char *forward_text;	/* what explain() shows */
	int			nparams;
	const char *param_names[FORMULA_MAX_PARAMS];
	DoubleKernel forward;
	DoubleKernel inverse;
	SingleKernel forward_single;
	SingleKernel inverse_single;
} Formula;

extern const Formula formula_identity;
extern const Formula formula_subtract_divide;
extern const Formula formula_multiply_add;
extern const Formula formula_divide;
extern const Formula formula_subtract_divide_cast;
extern const Formula formula_divide_cast;

extern const Formula *FormulaByCode(uint8_t code);
extern const Formula *FormulaByName(const char *name);

#endif							/* NORMFREEZE_CORE_FORMULA_H */
