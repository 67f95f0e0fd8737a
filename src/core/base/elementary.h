/*
 * elementary.h
 *		Correctly rounded elementary functions.
 *
 * The log or pow of a libm may be off in the last place, and differs from one libm, version and
 * CPU to the next.  These functions return the float nearest to the true value (ties to even), so
 * every machine gets the same bits, whether or not its compiler fuses multiply and add.
 *
 * Special cases are those of C99's Annex F.  The rounding mode must be the default one.  No state
 * is kept between calls except for MPFR's caches of constants.
 */
#ifndef NORMFREEZE_CORE_ELEMENTARY_H
#define NORMFREEZE_CORE_ELEMENTARY_H

/* Return log(x), log(1 + x), exp(x), exp(x) - 1 and x to the power of y. */
extern double RoundedLog(double x);
extern double RoundedLog1p(double x);
extern double RoundedExp(double x);
extern double RoundedExpm1(double x);
extern double RoundedPow(double x, double y);

/* The logarithms and powers of 2 and 10, of elementary_bases.c. */
extern double RoundedLog2(double x);
extern double RoundedLog10(double x);
extern double RoundedExp2(double x);
extern double RoundedExp10(double x);

/* The cube root and x^3, of cube_root.c. */
extern double RoundedCbrt(double x);
extern double RoundedCube(double x);

/* Of hyperbolic.c. */
extern double RoundedAsinh(double x);
extern double RoundedSinh(double x);

/* log(p / (1 - p)), NaN outside of [0, 1], and its inverse 1 / (1 + exp(-x)), of logistic.c. */
extern double RoundedLogit(double p);
extern double RoundedExpit(double x);

/* The same functions, rounded once to binary32. */
extern float RoundedLogSingle(float x);
extern float RoundedLog1pSingle(float x);
extern float RoundedExpSingle(float x);
extern float RoundedExpm1Single(float x);
extern float RoundedPowSingle(float x, float y);
extern float RoundedLog2Single(float x);
extern float RoundedLog10Single(float x);
extern float RoundedExp2Single(float x);
extern float RoundedExp10Single(float x);
extern float RoundedCbrtSingle(float x);
extern float RoundedAsinhSingle(float x);
extern float RoundedSinhSingle(float x);
extern float RoundedLogitSingle(float p);
extern float RoundedExpitSingle(float x);

/* Return the standard normal distribution function at z. */
extern double NormalProbability(double z);

/* Return its inverse: -Infinity at 0, Infinity at 1, NaN outside of [0, 1]. */
extern double NormalQuantile(double p);

#endif							/* NORMFREEZE_CORE_ELEMENTARY_H */
