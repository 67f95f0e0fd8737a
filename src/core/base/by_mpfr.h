/*
 * by_mpfr.h
 *		Elementary and normal functions, correctly rounded by MPFR.
 *
 * Few values need it: in the server the first call of one of these functions loads MPFR
 * (pg/base/mpfr_library.c).
 */
#ifndef NORMFREEZE_BY_MPFR_H
#define NORMFREEZE_BY_MPFR_H

#include <stdbool.h>

typedef enum ElementaryFunction
{
	ELEMENTARY_LOG,
	ELEMENTARY_LOG1P,
	ELEMENTARY_EXP,
	ELEMENTARY_EXPM1,
	ELEMENTARY_POW,
} ElementaryFunction;

/* function(x), or pow(x, y); rounded once, to float4 if it is single */
extern double ElementaryByMpfr(ElementaryFunction function, double x, double y, bool single);

/* Phi(z) for finite z other than 0 */
extern double NormalProbabilityByMpfr(double z);

/* the inverse for 0 < p < 1/2, from a value near it */
extern double NormalQuantileByMpfr(double p, double start);

#endif							/* NORMFREEZE_BY_MPFR_H */
