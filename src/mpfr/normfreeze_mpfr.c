/*
 * normfreeze_mpfr.c
 *		The shared library normfreeze_mpfr: what MPFR computes for normfreeze.
 *
 * It is one object, so that PGXS's own rule makes a library of it.
 */
#include "pg/base/compat.h"

#include "pg/base/mpfr_library.h"

#include "core/base/by_mpfr.c"

NORMFREEZE_MODULE_MAGIC("normfreeze_mpfr", NORMFREEZE_VERSION);

extern PGDLLEXPORT const MpfrFunctions normfreeze_mpfr_functions;

const MpfrFunctions normfreeze_mpfr_functions = {
	NORMFREEZE_VERSION, ElementaryByMpfr, NormalProbabilityByMpfr, NormalQuantileByMpfr
};
