/*
 * formula_kernels.h
 *		All kernels of a formula of plain arithmetic.
 *
 * formula.c includes this file with FORMULA, with which their names begin, and the steps FORWARD and INVERSE, as
 * formula_loop.h has them.
 */
#define KERNEL	KERNEL_NAME(FORMULA, Double)
#define REAL	double
#define STEPS	FORWARD
#include "core/scaler/formula_loop.h"

#define KERNEL	KERNEL_NAME(FORMULA, Single)
#define REAL	float
#define STEPS	FORWARD
#include "core/scaler/formula_loop.h"

#define KERNEL	KERNEL_NAME(FORMULA, InverseDouble)
#define REAL	double
#define STEPS	INVERSE
#include "core/scaler/formula_loop.h"

#define KERNEL	KERNEL_NAME(FORMULA, InverseSingle)
#define REAL	float
#define STEPS	INVERSE
#include "core/scaler/formula_loop.h"

/* Of one value, by the parameters of its feature. */
#define REAL	double

static double
KERNEL_NAME(FORMULA, Scalar) (double x, const double *a)
{
	const double *b = a + 1;
	const double *c = a + 2;
	const double *d = a + 3;
	const int	i = 0;
	REAL		t = x;

	(void) b, (void) c, (void) d, (void) i;
	FORWARD;
	return t;
}

static double
KERNEL_NAME(FORMULA, InverseScalar) (double x, const double *a)
{
	const double *b = a + 1;
	const double *c = a + 2;
	const double *d = a + 3;
	const int	i = 0;
	REAL		t = x;

	(void) b, (void) c, (void) d, (void) i;
	INVERSE;
	return t;
}

#undef REAL
#undef FORMULA
#undef FORWARD
#undef INVERSE
