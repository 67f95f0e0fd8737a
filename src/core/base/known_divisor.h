/*
 * known_divisor.h
 *		Quotients by divisors that are known in advance, without dividing.
 */
#ifndef NORMFREEZE_CORE_KNOWN_DIVISOR_H
#define NORMFREEZE_CORE_KNOWN_DIVISOR_H

#include "core/base/float_bits.h"

/*
 * Return 1 / divisor, rounded to nearest, or NaN if the divisor is outside of the range for which the
 * method is exact.
 */
extern double DivisorReciprocal(double divisor);

/*
 * Set y[i] to (x[i] - center[i]) / divisor[i], or to x[i] / divisor[i] if "center" is NULL.
 *
 * The bits are those of subtracting and dividing in the default floating-point environment, for any x.  No
 * reciprocal may be NaN.  Return false, with nothing done, if this CPU has no kernel for it.
 */
extern bool DivideByKnown(const double *x, double *y, const double *center, const double *divisor,
						  const double *reciprocal, int n);

/* Choose the kernel by name, for tests; see LevelsUseKernel().  "portable" stands for no kernel. */
extern bool DivisionUseKernel(const char *name);

#endif							/* NORMFREEZE_CORE_KNOWN_DIVISOR_H */
