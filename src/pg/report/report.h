/*
 * report.h
 *		The page that report() makes: what it is about, and its parts.
 */
#ifndef NORMFREEZE_REPORT_H
#define NORMFREEZE_REPORT_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/drift/drift.h"

/* Features beyond these are in the table only: a page must stay readable. */
#define REPORT_MAX_DETAILED		200

typedef struct ReportFeature
{
	int			index;			/* in the recipe */
	const FeatureRecipe *recipe;
	const Moments *training;	/* NULL: not known */
	const Histogram *training_values;	/* NULL: no distribution */
	const Moments *live;
	const Histogram *live_values;
	const FeatureDrift *drift;	/* NULL: not compared */
} ReportFeature;

typedef struct Report
{
	int64		id;
	char	   *fingerprint;
	const char *name;			/* that it was asked for by, or that it has; NULL: none is known */
	Recipe		recipe;
	const char *no_training;	/* why the training profile is not here, as text; NULL: it is */
	Profile		training;
	bool		has_live;
	Profile		live;
	DriftOptions options;
	bool		compared;
	DriftResult drift;
	int			nfeatures;
	ReportFeature *features;	/* those that drifted most first */
	int			ndetailed;		/* of them, from the first on */
	int			with_verdict[DRIFT_MAJOR + 1];
} Report;

/* report_features.c */
extern void OrderFeatures(Report *report);
extern void AppendFeatureName(StringInfo out, const ReportFeature *feature);
extern void AppendVerdict(StringInfo out, DriftVerdict verdict);
extern void AppendDecision(StringInfo out, const FeatureDrift *drift);
extern void AppendWorstBin(StringInfo out, const FeatureDrift *drift);
extern void AppendOverview(StringInfo out, const Report *report);
extern void AppendDetails(StringInfo out, const Report *report);

/* report_history.c: the registry, as far as the current user may read it */
extern char *NameOfScaler(int64 id);
extern void AppendIdentity(StringInfo out, const Report *report);
extern void AppendHistory(StringInfo out, const Report *report);
extern void AppendVerification(StringInfo out, const Report *report);
extern void AppendCell(StringInfo out, const char *text);
extern void AppendBy(StringInfo out, const char *user, const char *session_user);

/* report_watch.c */
extern void AppendWatch(StringInfo out, const Report *report);

#endif							/* NORMFREEZE_REPORT_H */
