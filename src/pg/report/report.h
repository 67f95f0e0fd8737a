/*
 * report.h
 *		The page that report() makes: its subject and its parts.
 */
#ifndef NORMFREEZE_REPORT_H
#define NORMFREEZE_REPORT_H

#include "pg/base/compat.h"

#include "core/compare/chart_bars.h"
#include "lib/stringinfo.h"
#include "pg/drift/drift.h"

/* Features beyond this number are in the table only, so that the page stays readable. */
#define REPORT_MAX_DETAILED		200

/* A feature on the page. */
typedef struct ReportFeature
{
	int			index;			/* its place in the recipe */
	const FeatureRecipe *recipe;
	const Moments *training;	/* NULL if it is not known */
	const Histogram *training_values;	/* NULL without a distribution */
	const Moments *live;
	const Histogram *live_values;
	const FeatureDrift *drift;	/* NULL if there is no comparison */
} ReportFeature;

/* What the page is about. */
typedef struct Report
{
	int64		id;
	char	   *fingerprint;
	const char *name;			/* the name it was asked for by, or one that it has; NULL if none is known */
	Recipe		recipe;
	const char *no_training;	/* why the training profile is not shown, as text; NULL if it is */
	Profile		training;
	bool		has_live;
	Profile		live;
	DriftOptions options;
	bool		compared;
	DriftResult drift;
	int			nfeatures;
	ReportFeature *features;	/* those that drifted most first */
	int			ndetailed;		/* how many of them have details, from the first on */
	int			with_verdict[DRIFT_MAJOR + 1];
} Report;

/* ---- report_words.c: what is said of a feature ---- */

/* Append the name of a feature, in an element of its own. */
extern void AppendFeatureName(StringInfo out, const ReportFeature *feature);

/* Append the name without elements, for attributes and titles. */
extern void AppendPlainName(StringInfo out, const ReportFeature *feature);

/* Append an attribute with the whole name, for where a column cuts it off. */
extern void AppendTooltip(StringInfo out, const ReportFeature *feature);

/* Append a word behind a mark, the path of a drawing in a square of 10, in the color of a class. */
extern void AppendMarked(StringInfo out, const char *class, const char *mark, const char *word);

/* Append a verdict as a colored mark with its word. */
extern void AppendVerdict(StringInfo out, DriftVerdict verdict);

/* Append what decided a verdict, such as "PSI 0.41 >= 0.25".  A measure must have decided it. */
extern void AppendDecision(StringInfo out, const FeatureDrift *drift);

/*
 * Append the bin that differs most, such as "80,000 to 120,000: 4.1 % of training rows, 19 % of live rows".
 * There must be one.
 */
extern void AppendWorstBin(StringInfo out, const FeatureDrift *drift);

/* Append the name of a measure of drift as tables show it, and a value of it. */
extern void AppendMeasured(StringInfo out, int measure, double value);

/* Return the share of all rows that are missing, or infinite; NaN without rows. */
extern double MissingRate(const Moments *m);
extern double InfiniteRate(const Moments *m);

/* ---- report_figure.c: what is drawn of a feature ---- */

/* Return whether there is a distribution to draw. */
extern bool FeatureHasChart(const ReportFeature *feature);

/* Return whether the chart shows a range by a rule, outside of which values are clipped, dropped or refused. */
extern bool FeatureHasBrackets(const ReportFeature *feature);

/* Return the chart of a feature.  The caller must free its bars. */
extern Chart ChartOfFeature(const ReportFeature *feature);

/* Return a percentile of the live sample or of the training sample; NaN if it has no distribution. */
extern double PercentileOfFeature(const Report *report, const ReportFeature *feature, bool live, double percent);

/* Append the chart of a feature, with its description in words. */
extern void AppendFigure(StringInfo out, const Report *report, const ReportFeature *feature);

/* ---- report_overview.c: all features in one table ---- */

/* Sort the features, those that drifted most first, and count their verdicts. */
extern void OrderFeatures(Report *report);

/* Append what the marks mean.  Small charts have no brackets. */
extern void AppendLegend(StringInfo out, const Report *report, bool brackets);

/* Append the table of all features. */
extern void AppendOverview(StringInfo out, const Report *report);

/* ---- report_details.c: each feature by itself ---- */

/* Append the details of the first features. */
extern void AppendDetails(StringInfo out, const Report *report);

/* ---- report_history.c and report_verification.c: the registry, as far as the current user may read it ---- */

/* Return a name of a scaler that the current user may see, or NULL. */
extern char *NameOfScaler(int64 id);

/* Append the facts about the scaler: names, versions, id, who froze it. */
extern void AppendIdentity(StringInfo out, const Report *report);

/* Append the history of its names and stages. */
extern void AppendHistory(StringInfo out, const Report *report);

/* Append the result of verify(). */
extern void AppendVerification(StringInfo out, const Report *report);

/* Append a cell of a table, which is empty if the text is NULL. */
extern void AppendTableCell(StringInfo out, const char *text);

/* Append who did something: the current user, and the session user if it was another one. */
extern void AppendBy(StringInfo out, const char *user, const char *session_user);

/* ---- report_watch.c: what drifted since ---- */

/* Append who uses the scaler, and its log of drift. */
extern void AppendWatch(StringInfo out, const Report *report);

#endif							/* NORMFREEZE_REPORT_H */
