/*
 * fit.h
 *		From a profile and options to a scaler.
 */
#ifndef NORMFREEZE_FIT_H
#define NORMFREEZE_FIT_H

#include "pg/compat.h"

#include "core/profile.h"
#include "pg/options.h"

/*
 * Fit every feature of a settled profile.  stores, or entries of it, may be
 * NULL: then order statistics come from the histograms, if the options or
 * their exactness allow it.  The order of the values in stores changes.
 */
extern bytea *FitProfile(const FitSpec *spec, const Profile *settled, ValueStore *stores);

/* Order statistics of a feature from its histogram. */
extern OrderSource SourceFromHistogram(const Profile *settled, int index);

/*
 * Derive one feature's parameters anew; for verify().  Returns false if the
 * profile cannot tell (exact quantiles from a histogram that is not exact).
 */
extern bool RederiveFeature(const FeatureRecipe *feature, const Profile *settled, int index, Derived *derived);

#endif							/* NORMFREEZE_FIT_H */
