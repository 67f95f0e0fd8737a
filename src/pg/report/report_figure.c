/*
 * report_figure.c
 *		The chart of a feature's distributions, and its description in words.
 */
#include "pg/report/report.h"

#include "pg/fit/subjects.h"
#include "pg/report/numerals.h"
#include "pg/report/svg_chart.h"

Chart
ChartOfFeature(const ReportFeature *feature)
{
	Chart		chart;

	MakeChart(&chart, feature->training_values ? feature->training : NULL, feature->training_values,
			  feature->live_values ? feature->live : NULL, feature->live_values);
	return chart;
}

bool
FeatureHasChart(const ReportFeature *feature)
{
	return feature->training_values || feature->live_values;
}

double
PercentileOfFeature(const Report *report, const ReportFeature *feature, bool live, double percent)
{
	const Profile *profile = live ? &report->live : &report->training;
	const Moments *m = live ? feature->live : feature->training;
	const Histogram *values = live ? feature->live_values : feature->training_values;
	Evidence	evidence;

	if (m == NULL || values == NULL || m->count == 0)
		return NAN;
	evidence = EvidenceFromHistogram(profile, (int) (m - profile->moments));
	return EvidencePercentile(&evidence, percent);
}

/* ---- the range by a rule ---- */

/* What becomes of values outside of the range, by OutsidePolicy. */
static const char *const fates[] = {
	[OUTSIDE_CLIP] = "are clipped",
	[OUTSIDE_NULL] = "give NULL",
	[OUTSIDE_ERROR] = "are refused",
};

bool
FeatureHasBrackets(const ReportFeature *feature)
{
	return FeatureHasRangeRule(feature->recipe) && feature->recipe->outside != OUTSIDE_KEEP;
}

/* Set the ends of the range, and what they are; an open end stays NaN. */
static void
NoteRange(ChartNotes *notes, const FeatureRecipe *f)
{
	double		ends[2] = {f->lower, f->upper};

	for (int i = 0; i < 2; i++)
	{
		StringInfoData title;

		/* no finite value lies outside of such an end */
		if (fabs(ends[i]) == RANGE_UNKNOWN)
			continue;
		initStringInfo(&title);
		appendStringInfo(&title, "%s end of the range, ", i == 0 ? "Lower" : "Upper");
		AppendNumber(&title, ends[i]);
		appendStringInfo(&title, ": values %s it %s", i == 0 ? "below" : "above", fates[f->outside]);
		notes->bracket[i] = ends[i];
		notes->bracket_title[i] = title.data;
	}
}

/*
 * Append what becomes of values outside of the range, and of how many if samples are compared, such as " Values below
 * 4.6 or above 57.5 are clipped: 2 % of those in training, 9 % of live ones."
 */
static void
AppendFate(StringInfo out, const ReportFeature *feature, const ChartNotes *notes)
{
	const FeatureDrift *drift = feature->drift;
	bool		any = false;

	for (int i = 0; i < 2; i++)
	{
		if (isnan(notes->bracket[i]))
			continue;
		appendStringInfoString(out, any ? " or " : " Values ");
		appendStringInfoString(out, i == 0 ? "below " : "above ");
		AppendNumber(out, notes->bracket[i]);
		any = true;
	}
	if (!any)
		return;
	appendStringInfo(out, " %s", fates[feature->recipe->outside]);
	if (drift && !isnan(drift->reference_outside_range) && !isnan(drift->live_outside_range))
	{
		appendStringInfoString(out, ": ");
		AppendShare(out, drift->reference_outside_range);
		appendStringInfoString(out, " of those in training, ");
		AppendShare(out, drift->live_outside_range);
		appendStringInfoString(out, " of live ones");
	}
	appendStringInfoChar(out, '.');
}

/* Append where the picture shows the ends of the range, and which of them lie beyond it. */
static void
AppendWhereBrackets(StringInfo out, const Chart *chart, const ChartNotes *notes)
{
	bool		low = ChartContains(chart, notes->bracket[0]);
	bool		high = ChartContains(chart, notes->bracket[1]);

	if (low || high)
		appendStringInfo(out, " Bracket%s: where this range %s.", low && high ? "s" : "", high ? "ends" : "begins");
	/* without bars there is no picture to lie beyond */
	for (int i = 0; i < 2 && chart->nbars > 0; i++)
	{
		if (isnan(notes->bracket[i]) || (i == 0 ? low : high))
			continue;
		appendStringInfo(out, " The %s end of this range, ", i == 0 ? "lower" : "upper");
		AppendNumber(out, notes->bracket[i]);
		appendStringInfo(out, ", lies %s of the picture.", notes->bracket[i] < chart->low ? "left" : "right");
	}
}

/* ---- words ---- */

/* Append a sample's distribution in words, for those who do not see the chart. */
static void
AppendSampleInWords(StringInfo out, const Report *report, const ReportFeature *feature, bool live)
{
	const Moments *m = live ? feature->live : feature->training;

	if (m == NULL)
		return;
	appendStringInfo(out, "%s: ", live ? " Live" : "Training");
	if (m->count == 0)
	{
		appendStringInfoString(out, "no values.");
		return;
	}
	appendStringInfoString(out, "half of the values lie from ");
	AppendNumber(out, PercentileOfFeature(report, feature, live, 25));
	appendStringInfoString(out, " to ");
	AppendNumber(out, PercentileOfFeature(report, feature, live, 75));
	appendStringInfoString(out, ", around ");
	AppendNumber(out, PercentileOfFeature(report, feature, live, 50));
	appendStringInfoString(out, ", all from ");
	AppendNumber(out, m->min);
	appendStringInfoString(out, " to ");
	AppendNumber(out, m->max);
	appendStringInfoString(out, "; missing are ");
	AppendShare(out, MissingRate(m));
	appendStringInfoChar(out, '.');
}

/* Append the share of values beyond the chart's window, in words. */
static void
AppendEdgeInWords(StringInfo out, const ReportFeature *feature, const char *what, double than, const ChartBar *edge)
{
	if (edge->share[CHART_REFERENCE] <= 0 && edge->share[CHART_LIVE] <= 0)
		return;
	appendStringInfo(out, " %s ", what);
	if (!isnan(than))
		AppendNumber(out, than);
	appendStringInfoString(out, ": ");
	if (feature->training)
	{
		AppendShare(out, edge->share[CHART_REFERENCE]);
		appendStringInfoString(out, " of training rows");
	}
	if (feature->training && feature->live)
		appendStringInfoString(out, ", ");
	if (feature->live)
	{
		AppendShare(out, edge->share[CHART_LIVE]);
		appendStringInfoString(out, " of live rows");
	}
	appendStringInfoChar(out, '.');
}

/* Append what the bars are, and what is shown beside them. */
static void
AppendCaption(StringInfo out, const ReportFeature *feature, const Chart *chart, const ChartNotes *notes)
{
	bool		range = false;

	appendStringInfoString(out, "<figcaption>Heights are shares of rows.");
	for (int i = 0; i < chart->nspikes; i++)
		AppendEdgeInWords(out, feature, "The value", chart->spikes[i].lower, &chart->spikes[i]);
	if (chart->nbars > 0)
	{
		AppendEdgeInWords(out, feature, "Below", chart->low, &chart->below);
		AppendEdgeInWords(out, feature, "Above", chart->high, &chart->above);
	}
	for (int i = 0; i < 2; i++)
		range |= notes->range[i] > chart->low && notes->range[i] < chart->high;
	if (range)
		appendStringInfoString(out, " Dashed: where the training range ends.");
	AppendFate(out, feature, notes);
	AppendWhereBrackets(out, chart, notes);
	if (notes->band[1] > chart->low && notes->band[0] < chart->high)
		appendStringInfoString(out, " Shaded: the worst bin.");
	appendStringInfoString(out, "</figcaption>");
}

void
AppendFigure(StringInfo out, const Report *report, const ReportFeature *feature)
{
	Chart		chart;
	ChartNotes	notes = {.range = {NAN, NAN}, .bracket = {NAN, NAN}, .band = {NAN, NAN}};
	StringInfoData title;
	StringInfoData description;

	if (!FeatureHasChart(feature))
	{
		appendStringInfoString(out, "<p class=\"soft\">There is no distribution to draw.</p>\n");
		return;
	}
	chart = ChartOfFeature(feature);
	initStringInfo(&title);
	initStringInfo(&description);
	appendStringInfoString(&title, "Distribution of ");
	AppendPlainName(&title, feature);
	AppendSampleInWords(&description, report, feature, false);
	AppendSampleInWords(&description, report, feature, true);
	if (FeatureHasBrackets(feature))
		NoteRange(&notes, feature->recipe);
	AppendFate(&description, feature, &notes);
	notes.title = title.data;
	notes.description = description.data;
	if (feature->drift)
	{
		const FeatureDrift *drift = feature->drift;

		if (feature->training->count > 0 && feature->live->count > 0)
		{
			if (feature->live->min < feature->training->min)
				notes.range[0] = feature->training->min;
			if (feature->live->max > feature->training->max)
				notes.range[1] = feature->training->max;
		}
		if (drift->worst_bin >= 0 && drift->verdict > DRIFT_NONE &&
			drift->bins.bins[drift->worst_bin].kind == BIN_WITHIN)
		{
			notes.band[0] = drift->bins.bins[drift->worst_bin].lower;
			notes.band[1] = drift->bins.bins[drift->worst_bin].upper;
		}
	}
	appendStringInfoString(out, "<figure>\n");
	AppendChart(out, &chart, &notes);
	AppendCaption(out, feature, &chart, &notes);
	appendStringInfoString(out, "</figure>\n");
	pfree(chart.bars);
}
