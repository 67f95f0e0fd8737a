/*
 * known_features.h
 *		The features of a fit whose steps follow from results that are added up as rows come, and their sums.
 *
 * The results behind all known elements of all these features are the features of a second profile, which has no
 * distribution.  What is missing there was missing, infinite or dropped.
 */
#ifndef NORMFREEZE_KNOWN_FEATURES_H
#define NORMFREEZE_KNOWN_FEATURES_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "core/values/value_store.h"
#include "pg/fit/fit_spec.h"

/* One such feature. */
typedef struct KnownFeature
{
	int			feature;
	const KnownPath *path;
	int			first;			/* place of its first result in the profile of results */
} KnownFeature;

/* All of them, in the order of features. */
typedef struct KnownFeatures
{
	int			count;
	KnownFeature *features;
	int			nresults;
	double	   *row;			/* room for the results of a row */
} KnownFeatures;

/* Find these features among those of a fit.  Return NULL if there are none, or if they have too many results. */
extern KnownFeatures *FindKnownFeatures(const FitSpec *spec, int nfeatures, char *const *names);

/* Return the memory that results take, and start the sums of no rows in it. */
extern size_t ResultsSize(const KnownFeatures *known);
extern Profile *StartResults(const KnownFeatures *known, bool weighted, void *memory);

/* Add the results of a row. */
extern void AddResults(Profile *results, const KnownFeatures *known, const double *values, double weight);

/* Add the results of one feature, given all of its values, to results that have none yet of this feature. */
extern void AddResultsOfStore(Profile *results, const KnownFeature *known, const ValueStore *store);

/* Return the feature of this number, or NULL. */
extern const KnownFeature *KnownFeatureOf(const KnownFeatures *known, int feature);

/* Return whether these can be sums of results of the rows of a profile.  A check of untrusted bytes. */
extern bool ResultsAreConsistent(const Profile *results, const KnownFeatures *known, const Profile *profile);

#endif							/* NORMFREEZE_KNOWN_FEATURES_H */
