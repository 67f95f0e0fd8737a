/*
 * derive.h
 *		How the parameters of each method come from values: for the table in method.c.
 */
#ifndef NORMFREEZE_CORE_DERIVE_H
#define NORMFREEZE_CORE_DERIVE_H

#include "core/scaler/method.h"

/*
 * Each sets the parameters of its method's formula, before zeros are made
 * canonical, and whether the feature is constant.
 */
extern DeriveResult DeriveStandard(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMinMax(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMaxAbs(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveRobust(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMad(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMeanAbs(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMidrange(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveMean(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveSum(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveDecimal(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveQuantile(const DeriveInput *input, Derived *derived);
extern DeriveResult DerivePower(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveLog1p(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveAffine(const DeriveInput *input, Derived *derived);
extern DeriveResult DeriveNothing(const DeriveInput *input, Derived *derived);

/* Is there still something to find out, so that what was derived is for nothing? */
extern bool EvidenceIsPending(const Evidence *evidence);

/* Location and scale (see Method.location_scale): of the first two parameters, of the first, or of neither. */
extern void LocationAndScale(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void ScaleAlone(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void LocationIfCentered(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void LocationOfMinMax(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void NoLocationNorScale(const DeriveInput *input, const Derived *derived, double *location, double *scale);

#endif							/* NORMFREEZE_CORE_DERIVE_H */
