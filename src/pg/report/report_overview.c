/*
 * report_overview.c
 *		The table of all features on the page of report(), those that drifted most first.
 */
#include "pg/report/report.h"

#include "miscadmin.h"
#include "pg/inspect/described.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"
#include "pg/report/svg_chart.h"

/* ---- the order ---- */

/* Return how bad a verdict is.  Undecided comes between drifted and not drifted. */
static int
Severity(const ReportFeature *feature)
{
	static const int severity[] = {[DRIFT_NONE] = 0, [DRIFT_UNDECIDED] = 1, [DRIFT_MODERATE] = 2, [DRIFT_MAJOR] = 3};

	return feature->drift ? severity[feature->drift->verdict] : 0;
}

static double
Stability(const ReportFeature *feature)
{
	return feature->drift && !isnan(feature->drift->psi) ? feature->drift->psi : -1;
}

static int
CompareFeatures(const void *a, const void *b)
{
	const ReportFeature *x = a;
	const ReportFeature *y = b;

	if (Severity(x) != Severity(y))
		return Severity(y) - Severity(x);
	if (Stability(x) != Stability(y))
		return Stability(y) > Stability(x) ? 1 : -1;
	return x->index - y->index;
}

void
OrderFeatures(Report *report)
{
	qsort(report->features, report->nfeatures, sizeof(ReportFeature), CompareFeatures);
	report->ndetailed = Min(report->nfeatures, REPORT_MAX_DETAILED);
	for (int i = 0; i < report->nfeatures; i++)
		if (report->features[i].drift)
			report->with_verdict[report->features[i].drift->verdict]++;
}

/* ---- the table ---- */

typedef struct OverviewColumn
{
	const char *heading;
	const char *class;			/* "wide" for columns that only wide pages show */
	bool		compared;		/* shown only if there is a comparison */
	void		(*append) (StringInfo out, const ReportFeature *feature);
} OverviewColumn;

static void
AppendPsi(StringInfo out, const ReportFeature *feature)
{
	AppendAligned(out, feature->drift->psi);
}

static void
AppendMeanShift(StringInfo out, const ReportFeature *feature)
{
	AppendAligned(out, feature->drift->mean_shift);
}

static void
AppendOutside(StringInfo out, const ReportFeature *feature)
{
	AppendShare(out, feature->drift->outside);
}

/* Append the shares of missing values in both samples, such as "0.2 % to 12 %", or the only one. */
static void
AppendMissing(StringInfo out, const ReportFeature *feature)
{
	if (feature->training)
		AppendShare(out, MissingRate(feature->training));
	if (feature->training && feature->live)
		appendStringInfoString(out, " &#8594; ");
	if (feature->live)
		AppendShare(out, MissingRate(feature->live));
}

static void
AppendMethodCell(StringInfo out, const ReportFeature *feature)
{
	HtmlText(out, MethodsText(feature->recipe));
}

/* Return the moments of the only sample there is; without a comparison there is at most one. */
static const Moments *
OnlySample(const ReportFeature *feature)
{
	return feature->training ? feature->training : feature->live;
}

static void
AppendMean(StringInfo out, const ReportFeature *feature)
{
	const Moments *m = OnlySample(feature);

	AppendNumber(out, m ? MomentsMean(m) : NAN);
}

static void
AppendDeviation(StringInfo out, const ReportFeature *feature)
{
	const Moments *m = OnlySample(feature);

	AppendNumber(out, m ? MomentsDeviation(m, 0) : NAN);
}

static const OverviewColumn drift_columns[] = {
	{"PSI", "n", true, AppendPsi},
	{"Mean shift", "n wide", true, AppendMeanShift},
	{"Outside", "n wide", true, AppendOutside},
	{"Missing", "n wide", false, AppendMissing},
	{NULL}
};

static const OverviewColumn training_columns[] = {
	{"Method", "wide", false, AppendMethodCell},
	{"Mean", "n", false, AppendMean},
	{"Deviation", "n wide", false, AppendDeviation},
	{"Missing", "n wide", false, AppendMissing},
	{NULL}
};

static void
AppendOverviewRow(StringInfo out, const Report *report, const OverviewColumn *columns, int i)
{
	const ReportFeature *feature = &report->features[i];
	bool		detailed = i < report->ndetailed;

	appendStringInfoString(out, "<tr><th scope=\"row\" class=\"name\"");
	AppendTooltip(out, feature);
	appendStringInfoChar(out, '>');
	if (detailed)
		appendStringInfo(out, "<a href=\"#f%d\">", feature->index + 1);
	AppendFeatureName(out, feature);
	appendStringInfo(out, "%s</th><td class=\"pic\">", detailed ? "</a>" : "");
	if (detailed && FeatureHasChart(feature))
	{
		Chart		chart = ChartOfFeature(feature);

		AppendSparkline(out, &chart);
		pfree(chart.bars);
	}
	appendStringInfoString(out, "</td>");
	if (report->compared)
	{
		appendStringInfoString(out, "<td>");
		if (feature->drift)
			AppendVerdict(out, feature->drift->verdict);
		else
			appendStringInfoString(out, "not compared");
		appendStringInfoString(out, "</td>");
	}
	for (; columns->heading; columns++)
	{
		appendStringInfo(out, "<td class=\"%s\">", columns->class);
		if (feature->drift || !columns->compared)
			columns->append(out, feature);
		appendStringInfoString(out, "</td>");
	}
	appendStringInfoString(out, "</tr>\n");
}

static bool
AnyBrackets(const Report *report)
{
	for (int i = 0; i < report->ndetailed; i++)
		if (FeatureHasChart(&report->features[i]) && FeatureHasBrackets(&report->features[i]))
			return true;
	return false;
}

void
AppendLegend(StringInfo out, const Report *report, bool brackets)
{
	appendStringInfoString(out, "<p class=\"legend\">");
	if (report->no_training == NULL)
		appendStringInfoString(out, "<span class=\"key kt\" aria-hidden=\"true\"></span> training: filled area ");
	if (report->has_live)
		appendStringInfoString(out, "<span class=\"key kl\" aria-hidden=\"true\"></span> live: line");
	if (brackets && AnyBrackets(report))
		appendStringInfoString(out, " <svg class=\"key kb\" viewBox=\"0 0 22 10\" aria-hidden=\"true\">"
							   "<path class=\"end\" d=\"M4 1H1V9h3M18 1h3V9h-3\"/></svg> range of what is taken as it is: brackets");
	appendStringInfoString(out, "</p>\n");
}

void
AppendOverview(StringInfo out, const Report *report)
{
	const OverviewColumn *columns = report->compared ? drift_columns : training_columns;

	appendStringInfoString(out, "<section aria-labelledby=\"h-features\" id=\"features\">\n<h2 id=\"h-features\">");
	AppendCountOf(out, report->nfeatures, "feature");
	appendStringInfo(out, "</h2>\n<p>%s</p>\n",
					 report->compared ? "Those that drifted most come first." : "In the order of the scaler.");
	if (report->ndetailed < report->nfeatures)
	{
		appendStringInfoString(out, "<p>This page shows pictures and details of the first ");
		AppendCount(out, report->ndetailed);
		appendStringInfoString(out, "; the other ");
		AppendCount(out, report->nfeatures - report->ndetailed);
		appendStringInfoString(out, " are in this table only.</p>\n");
	}
	AppendLegend(out, report, false);
	appendStringInfoString(out, "<table class=\"overview\">\n<thead><tr><th scope=\"col\">Feature</th>"
						   "<th scope=\"col\">Distribution</th>");
	if (report->compared)
		appendStringInfoString(out, "<th scope=\"col\">Drift</th>");
	for (const OverviewColumn *c = columns; c->heading; c++)
		appendStringInfo(out, "<th scope=\"col\" class=\"%s\">%s</th>", c->class, c->heading);
	appendStringInfoString(out, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < report->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendOverviewRow(out, report, columns, i);
	}
	appendStringInfoString(out, "</tbody></table>\n</section>\n");
}
