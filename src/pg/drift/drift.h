/*
 * drift.h
 *		Comparing profiles, for drift(), the log of drift and the report.
 */
#ifndef NORMFREEZE_DRIFT_H
#define NORMFREEZE_DRIFT_H

#include "pg/base/compat.h"

#include "core/compare/feature_drift.h"
#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "utils/jsonb.h"

/* What a comparison found on each feature.  Excluded features are not in it. */
typedef struct DriftResult
{
	int			nfeatures;		/* number of features that were compared */
	int		   *ordinals;		/* places of the features in the reference, from 1 on */
	char	  **names;			/* NULL if features have no names */
	FeatureDrift *features;
	DriftVerdict overall;
	Recipe		recipe;			/* of the scaler; without features if profiles were compared */
} DriftResult;

/*
 * Set the options from what a user gave, with defaults for the rest.  "json" may be NULL.  Fails for an unknown
 * or invalid option.
 */
extern void ReadDriftOptions(DriftOptions *options, Jsonb *json);

/*
 * Compare two profiles.
 *
 * Both must have distributions.  Live features that the reference does not have are ignored.
 */
extern void CompareProfiles(DriftResult *result, const Profile *reference, const Profile *live,
							const DriftOptions *options);

/*
 * Compare a profile with the one that a scaler was fitted on.
 *
 * Both must have distributions, and every feature must have the same name or place; only the scaler's targets
 * may be missing.  Fails if the scaler's profile was not kept, or the current user may not see it.
 */
extern void DriftOfScaler(DriftResult *result, int64 id, const Profile *live, const DriftOptions *options);

/* Decode the profile in an argument.  NULL is an error, since a result without rows would look like no drift. */
extern void ProfileArgument(FunctionCallInfo fcinfo, int arg, const char *what, Profile *profile);

/* Return why a feature has its verdict, in words. */
extern char *DriftReason(const FeatureDrift *drift, const DriftOptions *options);

/* Return a bin's range and its shares in both samples, in words. */
extern char *DriftBinText(const FeatureDrift *drift, int bin);

#endif							/* NORMFREEZE_DRIFT_H */
