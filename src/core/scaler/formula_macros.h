/*
 * formula_macros.h
 *		The words in which formula.c and formula_functions.c write kernels and rows of formulas.
 */
#ifndef NORMFREEZE_CORE_FORMULA_MACROS_H
#define NORMFREEZE_CORE_FORMULA_MACROS_H

/*
 * Steps write to t, a variable of the type they round to: with
 * FLT_EVAL_METHOD 0, which every platform we support has, that is the
 * rounding of one numpy in-place operation.  In float4 an operation on two
 * float4 values may be carried out in float8 and then rounded: float8 has
 * more than twice the digits, so nothing is rounded twice.
 *
 * formula_loop.h has the loop.
 */
#define STEP(operation)		t = (REAL) ((double) t operation)

#define KERNEL_NAME(formula, kind)		KERNEL_NAME_(formula, kind)
#define KERNEL_NAME_(formula, kind)		formula##kind

#define SCALAR_KERNELS(name)	.forward_scalar = name##Scalar, .inverse_scalar = name##InverseScalar
#define KERNELS(name) \
	name##Double, name##InverseDouble, name##Single, name##InverseSingle, SCALAR_KERNELS(name)
#define VALUE_KERNELS(name) \
	name##DoubleKernel, name##InverseDoubleKernel, name##SingleKernel, name##InverseSingleKernel

#endif							/* NORMFREEZE_CORE_FORMULA_MACROS_H */
