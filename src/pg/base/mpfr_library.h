/*
 * mpfr_library.h
 *		What the shared library normfreeze_mpfr gives.
 */
#ifndef NORMFREEZE_MPFR_LIBRARY_H
#define NORMFREEZE_MPFR_LIBRARY_H

#include "core/base/by_mpfr.h"

#define MPFR_LIBRARY		"normfreeze_mpfr"
#define MPFR_LIBRARY_SYMBOL	"normfreeze_mpfr_functions"

typedef struct MpfrFunctions
{
	const char *version;		/* of normfreeze */
	double		(*elementary) (ElementaryFunction function, double x, double y, bool single);
	double		(*normal_probability) (double z);
	double		(*normal_quantile) (double p, double start);
} MpfrFunctions;

/* Load it now, rather than when it is first needed. */
extern void LoadMpfr(void);

#endif							/* NORMFREEZE_MPFR_LIBRARY_H */
