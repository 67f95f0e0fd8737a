/*
 * report.h
 *		The page that report() makes: what it is about, and its parts.
 */
#ifndef NORMFREEZE_REPORT_H
#define NORMFREEZE_REPORT_H

#include "pg/base/compat.h"

#include "core/compare/chart_bars.h"
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

/* ---- report_words.c: what is said of a feature ---- */

/* Its name; the plain one, without elements, is for attributes and titles. */
extern void AppendFeatureName(StringInfo out, const ReportFeature *feature);
extern void AppendPlainName(StringInfo out, const ReportFeature *feature);

/* The whole name as an attribute, where a column cuts it off. */
extern void AppendTooltip(StringInfo out, const ReportFeature *feature);

extern void AppendVerdict(StringInfo out, DriftVerdict verdict);

/* "PSI 0.41 >= 0.25" */
extern void AppendDecision(StringInfo out, const FeatureDrift *drift);

/* "80,000 to 120,000: 4.1 % of training rows, 19 % of live rows"; there must be a worst bin. */
extern void AppendWorstBin(StringInfo out, const FeatureDrift *drift);

/* A measure of drift: its name in a table, and a value of it. */
extern void AppendMeasured(StringInfo out, int measure, double value);

/* Shares of all rows; NaN without rows. */
extern double MissingRate(const Moments *m);
extern double InfiniteRate(const Moments *m);

/* ---- report_figure.c: what is drawn of a feature ---- */

extern bool FeatureHasChart(const ReportFeature *feature);

/* Its bars are the caller's to free. */
extern Chart ChartOfFeature(const ReportFeature *feature);

/* Of one of the two samples, where it has a distribution; else NaN. */
extern double PercentileOfFeature(const Report *report, const ReportFeature *feature, bool live, double percent);
extern void AppendFigure(StringInfo out, const Report *report, const ReportFeature *feature);

/* ---- report_overview.c: all features in one table ---- */

/* Sorts them, and counts their verdicts. */
extern void OrderFeatures(Report *report);
extern void AppendLegend(StringInfo out, const Report *report);
extern void AppendOverview(StringInfo out, const Report *report);

/* ---- report_details.c: each feature by itself ---- */

extern void AppendDetails(StringInfo out, const Report *report);

/* ---- report_history.c: the registry, as far as the current user may read it ---- */

extern char *NameOfScaler(int64 id);
extern void AppendIdentity(StringInfo out, const Report *report);
extern void AppendHistory(StringInfo out, const Report *report);
extern void AppendVerification(StringInfo out, const Report *report);
extern void AppendTableCell(StringInfo out, const char *text);
extern void AppendBy(StringInfo out, const char *user, const char *session_user);

/* ---- report_watch.c: what drifted since ---- */

extern void AppendWatch(StringInfo out, const Report *report);

#endif							/* NORMFREEZE_REPORT_H */
