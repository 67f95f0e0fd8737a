/*
 * drift.h
 *		Comparing profiles: for drift(), its log and the report.
 */
#ifndef NORMFREEZE_DRIFT_H
#define NORMFREEZE_DRIFT_H

#include "pg/base/compat.h"

#include "core/compare/feature_drift.h"
#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "utils/jsonb.h"

typedef struct DriftResult
{
	int			nfeatures;		/* that were compared */
	int		   *ordinals;		/* of the reference, from 1 */
	char	  **names;			/* NULL if features have only positions */
	FeatureDrift *features;
	DriftVerdict overall;
} DriftResult;

/* The options that a user gave; json may be NULL. */
extern void ReadDriftOptions(DriftOptions *options, Jsonb *json);

/*
 * Compare a profile with the one that a scaler was fitted on.  Both must have distributions.  The
 * profile need not have the scaler's targets.
 */
extern void DriftOfScaler(DriftResult *result, int64 id, const Profile *live, const DriftOptions *options);

/* Return the profile in an argument.  NULL is an error, since a result without rows would look like no drift. */
extern void ProfileArgument(FunctionCallInfo fcinfo, int arg, const char *what, Profile *profile);

/* Return in words what a verdict is based on, and a bin with its shares. */
extern char *DriftReason(const FeatureDrift *drift, const DriftOptions *options);
extern char *DriftBinText(const FeatureDrift *drift, int bin);

#endif							/* NORMFREEZE_DRIFT_H */
