/*
 * fit_refusals.h
 *		Why a feature is not fitted, and what helps.
 */
#ifndef NORMFREEZE_FIT_REFUSALS_H
#define NORMFREEZE_FIT_REFUSALS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/*
 * Refuse a feature that parameters cannot be derived for.  Each hint names
 * the option that has the fit go on without them: of many groups, one may be
 * such a one.
 */
pg_noreturn extern void RefuseFeature(DeriveResult reason, const FeatureSpec *spec, const double *option, const Moments *moments,
									  const Derived *derived, const char *label);

#endif							/* NORMFREEZE_FIT_REFUSALS_H */
