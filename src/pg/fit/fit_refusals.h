/*
 * fit_refusals.h
 *		Why a feature cannot be fitted, and what helps.
 */
#ifndef NORMFREEZE_FIT_REFUSALS_H
#define NORMFREEZE_FIT_REFUSALS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/*
 * Report why parameters cannot be derived for a feature.
 *
 * Each hint names the option with which the fit continues without them, since one of many groups may be such a
 * case.  "undefined" is the value that is the reason for DERIVE_UNDEFINED.
 */
pg_noreturn extern void RefuseFeature(DeriveResult reason, const FeatureSpec *spec, const double *option,
									  const Moments *moments, const Derived *derived, double undefined,
									  const char *label);

#endif							/* NORMFREEZE_FIT_REFUSALS_H */
