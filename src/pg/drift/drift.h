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

/* A profile against the one that a scaler was fitted on, both with distributions; rows need not have its targets. */
extern void DriftOfScaler(DriftResult *result, int64 id, const Profile *live, const DriftOptions *options);

/* The profile in an argument; a NULL one is an error, for it would read like no drift. */
extern void ProfileArgument(FunctionCallInfo fcinfo, int arg, const char *what, Profile *profile);

/* What a verdict rests on, and a bin with its shares, in words. */
extern char *DriftReason(const FeatureDrift *drift, const DriftOptions *options);
extern char *DriftBinText(const FeatureDrift *drift, int bin);

#endif							/* NORMFREEZE_DRIFT_H */
