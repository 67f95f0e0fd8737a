/*
 * by_mpfr.h
 *		Elementary and normal functions, correctly rounded by MPFR.
 *
 * Few values need it.  In the server, the first call of one of these functions loads MPFR
 * (pg/base/mpfr_library.c).
 */
#ifndef NORMFREEZE_BY_MPFR_H
#define NORMFREEZE_BY_MPFR_H

#include <stdbool.h>

/* What is computed by MPFR where the error bounds of a fast path do not decide. */
typedef enum ElementaryFunction
{
	ELEMENTARY_LOG,
	ELEMENTARY_LOG1P,
	ELEMENTARY_EXP,
	ELEMENTARY_EXPM1,
	ELEMENTARY_LOG2,
	ELEMENTARY_LOG10,
	ELEMENTARY_EXP2,
	ELEMENTARY_EXP10,
	ELEMENTARY_CBRT,
	ELEMENTARY_ASINH,
	ELEMENTARY_SINH,
	ELEMENTARY_LOGIT,
	ELEMENTARY_EXPIT,
	ELEMENTARY_POW,
} ElementaryFunction;

/* Return function(x), or pow(x, y), rounded once: to float4 if "single", else to float8. */
extern double ElementaryByMpfr(ElementaryFunction function, double x, double y, bool single);

/* Return Phi(z), the standard normal distribution function, for a finite z other than 0. */
extern double NormalProbabilityByMpfr(double z);

/* Return the inverse of Phi for 0 < p < 1/2.  "start" must be near the result. */
extern double NormalQuantileByMpfr(double p, double start);

#endif							/* NORMFREEZE_BY_MPFR_H */
