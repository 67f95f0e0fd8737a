/*
 * derive.h
 *		Deriving the parameters of each method from values, for the table in method.c.
 */
#ifndef NORMFREEZE_CORE_DERIVE_H
#define NORMFREEZE_CORE_DERIVE_H

#include "core/scaler/method.h"

/*
 * Set the parameters of a method's formula, without making zeros canonical, and whether the feature is
 * constant.
 *
 * Returns DERIVE_PENDING if answers are missing, and another error of DeriveResult if there are no parameters.
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

/*
 * Set location and scale (see Method.location_scale) from the parameters of the method's own formula or, for
 * LocationOfMinMax(), from the range of the values.
 */
extern void LocationAndScale(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void ScaleAlone(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void LocationIfCentered(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void LocationOfMinMax(const DeriveInput *input, const Derived *derived, double *location, double *scale);
extern void NoLocationNorScale(const DeriveInput *input, const Derived *derived, double *location, double *scale);

#endif							/* NORMFREEZE_CORE_DERIVE_H */
