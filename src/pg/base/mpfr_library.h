/*
 * mpfr_library.h
 *		The functions that the shared library normfreeze_mpfr provides.
 */
#ifndef NORMFREEZE_MPFR_LIBRARY_H
#define NORMFREEZE_MPFR_LIBRARY_H

#include "core/base/by_mpfr.h"

#define MPFR_LIBRARY		"normfreeze_mpfr"
#define MPFR_LIBRARY_SYMBOL	"normfreeze_mpfr_functions"

/* What the library exports. */
typedef struct MpfrFunctions
{
	const char *version;		/* of normfreeze */
	double		(*elementary) (ElementaryFunction function, double x, double y, bool single);
	double		(*normal_probability) (double z);
	double		(*normal_quantile) (double p, double start);
} MpfrFunctions;

/* Load the library now rather than when it is first needed.  Fails if it cannot be loaded. */
extern void LoadMpfr(void);

#endif							/* NORMFREEZE_MPFR_LIBRARY_H */
