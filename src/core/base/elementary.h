/*
 * elementary.h
 *		Correctly rounded elementary functions.
 *
 * A libm's log or pow may be off in the last place, and which place differs
 * from one libm, version and CPU to the next.  These return the float nearest
 * to the true value (ties to even), so every machine gets the same bits,
 * whether or not its compiler fuses multiply and add.  Special cases are
 * those of C99's Annex F.  The rounding mode must be the default one; no
 * state is kept between calls, but MPFR's caches of constants.
 */
#ifndef NORMFREEZE_CORE_ELEMENTARY_H
#define NORMFREEZE_CORE_ELEMENTARY_H

extern double RoundedLog(double x);
extern double RoundedLog1p(double x);
extern double RoundedExp(double x);
extern double RoundedExpm1(double x);
extern double RoundedPow(double x, double y);

/* The same, rounded once to binary32. */
extern float RoundedLog1pSingle(float x);
extern float RoundedExpSingle(float x);
extern float RoundedExpm1Single(float x);
extern float RoundedPowSingle(float x, float y);

/* The standard normal distribution function. */
extern double NormalProbability(double z);

/* Its inverse; -Inf and +Inf at 0 and 1. */
extern double NormalQuantile(double p);

#endif							/* NORMFREEZE_CORE_ELEMENTARY_H */
