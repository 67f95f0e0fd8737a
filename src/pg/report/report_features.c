/*
 * report_features.c
 *		The features on the page of report(): a table of all, and each by itself.
 */
#include "pg/report/report.h"

#include "miscadmin.h"
#include "pg/fit/fit.h"
#include "pg/inspect/describe.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"
#include "pg/report/svg_chart.h"
#include "pg/scaler/single_json.h"

/* Of so many features the details are open from the start. */
#define OPEN_DETAILS	12

/* Verdicts as they are shown: never by color alone. */
typedef struct VerdictLook
{
	const char *word;
	const char *class;
	const char *mark;			/* a shape of its own */
} VerdictLook;

static const VerdictLook verdict_looks[] = {
	[DRIFT_UNDECIDED] = {"too few rows", "undecided", "&#9675;"},
	[DRIFT_NONE] = {"none", "none", "&#9679;"},
	[DRIFT_MODERATE] = {"moderate", "moderate", "&#9650;"},
	[DRIFT_MAJOR] = {"major", "major", "&#9670;"},
};

/* What a measure is called, and how its numbers are written. */
typedef struct MeasureLook
{
	const char *words;			/* "PSI 0.41" */
	bool		share;
	const char *unit;
	const char *heading;		/* in the table */
} MeasureLook;

static const MeasureLook measure_looks[DRIFT_MEASURES] = {
	[DRIFT_PSI] = {"PSI", false, "", "Population stability index (PSI)"},
	[DRIFT_MEAN_SHIFT] = {"the mean moved by", false, " deviations", "Shift of the mean, in deviations"},
	[DRIFT_VARIANCE_RATIO] = {"the variance changed by a factor of", false, "", "Factor of the variance"},
	[DRIFT_MISSING] = {"the share of missing values moved by", true, "", "Change of the missing rate"},
	[DRIFT_OUTSIDE] = {"values outside the training range", true, "", "Outside the training range"},
};

/* ---- pieces ---- */

void
AppendFeatureName(StringInfo out, const ReportFeature *feature)
{
	if (feature->recipe->name)
		HtmlName(out, feature->recipe->name);
	else
		appendStringInfo(out, "feature %d", feature->index + 1);
}

/* The same where no element may be. */
static void
AppendPlainName(StringInfo out, const ReportFeature *feature)
{
	if (feature->recipe->name)
		HtmlAttribute(out, feature->recipe->name);
	else
		appendStringInfo(out, "feature %d", feature->index + 1);
}

/* Where there is place for so many characters, about, the whole of it is in a tooltip. */
#define LONG_NAME	24

static void
AppendTooltip(StringInfo out, const ReportFeature *feature)
{
	if (feature->recipe->name == NULL || strlen(feature->recipe->name) <= LONG_NAME)
		return;
	appendStringInfoString(out, " title=\"");
	HtmlAttribute(out, feature->recipe->name);
	appendStringInfoChar(out, '"');
}

void
AppendVerdict(StringInfo out, DriftVerdict verdict)
{
	const VerdictLook *look = &verdict_looks[verdict];

	appendStringInfo(out, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
					 look->class, look->mark, look->word);
}

static void
AppendMeasured(StringInfo out, int measure, double value)
{
	if (measure_looks[measure].share)
		AppendShare(out, value);
	else
		AppendNumber(out, value);
}

/* "PSI 0.41 >= 0.25" */
void
AppendDecision(StringInfo out, const FeatureDrift *drift)
{
	const MeasureLook *look = &measure_looks[drift->decided_by];

	appendStringInfo(out, "%s ", look->words);
	AppendMeasured(out, drift->decided_by, drift->value[drift->decided_by]);
	appendStringInfo(out, "%s &#8805; ", look->unit);
	AppendMeasured(out, drift->decided_by, drift->threshold);
}

static void
AppendBinRange(StringInfo out, const DriftBin *bin)
{
	switch (bin->kind)
	{
		case BIN_BELOW:
			appendStringInfoString(out, "below ");
			AppendNumber(out, bin->upper);
			break;
		case BIN_ABOVE:
			appendStringInfoString(out, "above ");
			AppendNumber(out, bin->lower);
			break;
		case BIN_MISSING:
			appendStringInfoString(out, "missing values");
			break;
		case BIN_WITHIN:
			AppendNumber(out, bin->lower);
			if (bin->lower != bin->upper)
			{
				appendStringInfoString(out, " to ");
				AppendNumber(out, bin->upper);
			}
			break;
	}
}

/* "80,000 to 120,000: 4.1 % of training rows, 19 % of live rows" */
void
AppendWorstBin(StringInfo out, const FeatureDrift *drift)
{
	const DriftBin *bin = &drift->bins.bins[drift->worst_bin];

	AppendBinRange(out, bin);
	appendStringInfoString(out, ": ");
	AppendShare(out, (double) bin->reference / (double) drift->reference_rows);
	appendStringInfoString(out, " of training rows, ");
	AppendShare(out, (double) bin->live / (double) drift->live_rows);
	appendStringInfoString(out, " of live rows");
}

static Chart
ChartOf(const ReportFeature *feature)
{
	Chart		chart;

	MakeChart(&chart, feature->training_values ? feature->training : NULL, feature->training_values,
			  feature->live_values ? feature->live : NULL, feature->live_values);
	return chart;
}

static bool
HasChart(const ReportFeature *feature)
{
	return feature->training_values || feature->live_values;
}

static double
MissingRate(const Moments *m)
{
	double		rows = (double) m->count + MomentsMissing(m) + MomentsInfinite(m);

	return rows > 0 ? MomentsMissing(m) / rows : NAN;
}

static double
InfiniteRate(const Moments *m)
{
	double		rows = (double) m->count + MomentsMissing(m) + MomentsInfinite(m);

	return rows > 0 ? MomentsInfinite(m) / rows : NAN;
}

/* ---- the order ---- */

/* Undecided ones come between those that drifted and those that did not. */
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

/* ---- all of them ---- */

typedef struct Column
{
	const char *heading;
	const char *class;			/* "wide": on wide pages only */
	bool		compared;		/* only where there is a comparison */
	void		(*append) (StringInfo out, const ReportFeature *feature);
} Column;

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

/* "0.2 % to 12 %", or the one that there is */
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
AppendMethod(StringInfo out, const ReportFeature *feature)
{
	HtmlText(out, feature->recipe->method->name);
}

/* Where nothing is compared, there is one sample at most. */
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

static const Column drift_columns[] = {
	{"PSI", "n", true, AppendPsi},
	{"Mean shift", "n wide", true, AppendMeanShift},
	{"Outside", "n wide", true, AppendOutside},
	{"Missing", "n wide", false, AppendMissing},
	{NULL}
};

static const Column training_columns[] = {
	{"Method", "wide", false, AppendMethod},
	{"Mean", "n", false, AppendMean},
	{"Deviation", "n wide", false, AppendDeviation},
	{"Missing", "n wide", false, AppendMissing},
	{NULL}
};

static void
AppendOverviewRow(StringInfo out, const Report *report, const Column *columns, int i)
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
	if (detailed && HasChart(feature))
	{
		Chart		chart = ChartOf(feature);

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

static void
AppendLegend(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<p class=\"legend\">");
	if (report->no_training == NULL)
		appendStringInfoString(out, "<span class=\"key kt\" aria-hidden=\"true\"></span> training: filled area ");
	if (report->has_live)
		appendStringInfoString(out, "<span class=\"key kl\" aria-hidden=\"true\"></span> live: line");
	appendStringInfoString(out, "</p>\n");
}

void
AppendOverview(StringInfo out, const Report *report)
{
	const Column *columns = report->compared ? drift_columns : training_columns;

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
	AppendLegend(out, report);
	appendStringInfoString(out, "<table class=\"overview\">\n<thead><tr><th scope=\"col\">Feature</th>"
						   "<th scope=\"col\">Distribution</th>");
	if (report->compared)
		appendStringInfoString(out, "<th scope=\"col\">Drift</th>");
	for (const Column *c = columns; c->heading; c++)
		appendStringInfo(out, "<th scope=\"col\" class=\"%s\">%s</th>", c->class, c->heading);
	appendStringInfoString(out, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < report->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendOverviewRow(out, report, columns, i);
	}
	appendStringInfoString(out, "</tbody></table>\n</section>\n");
}

/* ---- one of them ---- */

/* Quantiles of both samples, as far as there are any. */
static double
Percentile(const Report *report, const ReportFeature *feature, bool live, double percent)
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
	AppendNumber(out, Percentile(report, feature, live, 25));
	appendStringInfoString(out, " to ");
	AppendNumber(out, Percentile(report, feature, live, 75));
	appendStringInfoString(out, ", around ");
	AppendNumber(out, Percentile(report, feature, live, 50));
	appendStringInfoString(out, ", all from ");
	AppendNumber(out, m->min);
	appendStringInfoString(out, " to ");
	AppendNumber(out, m->max);
	appendStringInfoString(out, "; missing are ");
	AppendShare(out, MissingRate(m));
	appendStringInfoChar(out, '.');
}

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

/* What the bars are, and what stands beside them. */
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
	if (notes->band[1] > chart->low && notes->band[0] < chart->high)
		appendStringInfoString(out, " Shaded: the worst bin.");
	appendStringInfoString(out, "</figcaption>");
}

static void
AppendFigure(StringInfo out, const Report *report, const ReportFeature *feature)
{
	Chart		chart;
	ChartNotes	notes = {.range = {NAN, NAN}, .band = {NAN, NAN}};
	StringInfoData title;
	StringInfoData description;

	if (!HasChart(feature))
	{
		appendStringInfoString(out, "<p class=\"soft\">There is no distribution to draw.</p>\n");
		return;
	}
	chart = ChartOf(feature);
	initStringInfo(&title);
	initStringInfo(&description);
	appendStringInfoString(&title, "Distribution of ");
	AppendPlainName(&title, feature);
	AppendSampleInWords(&description, report, feature, false);
	AppendSampleInWords(&description, report, feature, true);
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
		if (drift->worst_bin >= 0 && drift->verdict > DRIFT_NONE && drift->bins.bins[drift->worst_bin].kind == BIN_WITHIN)
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

/* Why it has its verdict. */
static void
AppendReason(StringInfo out, const Report *report, const ReportFeature *feature)
{
	const FeatureDrift *drift = feature->drift;

	if (drift == NULL)
	{
		if (report->compared)
			appendStringInfo(out, "<p>%s</p>\n", feature->recipe->target && feature->live == NULL
							 ? "The live profile does not have this feature, a target."
							 : "It was left out of the comparison, by option \"exclude\".");
		return;
	}
	appendStringInfoString(out, "<p class=\"reason\">");
	if (drift->verdict == DRIFT_UNDECIDED)
	{
		appendStringInfoString(out, "Too few values for a verdict: ");
		AppendCount(out, drift->reference_values);
		appendStringInfoString(out, " in training, ");
		AppendCount(out, drift->live_values);
		appendStringInfoString(out, " live; the smaller sample needs ");
		AppendCount(out, drift->rows_needed);
		appendStringInfoChar(out, '.');
	}
	else if (drift->decided_by < 0)
		appendStringInfoString(out, "No measure reaches its threshold.");
	else
	{
		appendStringInfoString(out, drift->verdict > DRIFT_NONE ? "Decided by: " : "Large, but it may be chance: ");
		AppendDecision(out, drift);
		appendStringInfoString(out, "; p-value ");
		AppendPValue(out, drift->adjusted_p_value);
		if (drift->verdict == DRIFT_NONE)
			appendStringInfo(out, ", not below %g", report->options.alpha);
		appendStringInfoChar(out, '.');
	}
	if (drift->worst_bin >= 0 && drift->verdict > DRIFT_NONE)
	{
		appendStringInfoString(out, " Worst bin: ");
		AppendWorstBin(out, drift);
		appendStringInfoChar(out, '.');
	}
	appendStringInfoString(out, "</p>\n");
}

static void
AppendThreshold(StringInfo out, int measure, double threshold)
{
	if (isinf(threshold))
		appendStringInfoString(out, "never");
	else
		AppendMeasured(out, measure, threshold);
}

static void
AppendMeasures(StringInfo out, const Report *report, const FeatureDrift *drift)
{
	const struct
	{
		const char *name;
		void		(*append) (StringInfo out, double value);
		double		value;
	}			further[] = {
		{"Jensen&#8211;Shannon distance", AppendNumber, drift->jensen_shannon},
		{"Hellinger distance", AppendNumber, drift->hellinger},
		{"Wasserstein distance, in deviations", AppendNumber, drift->wasserstein},
		{"Kolmogorov&#8211;Smirnov distance", AppendNumber, drift->ks},
		{"Kolmogorov&#8211;Smirnov p-value", AppendPValue, drift->ks_p_value},
		{"p-value of all tests, corrected", AppendPValue, drift->adjusted_p_value},
	};

	appendStringInfoString(out, "<table>\n<caption>Drift</caption><thead><tr><th scope=\"col\">Measure</th><th scope=\"col\" class=\"n\">Value</th>"
						   "<th scope=\"col\" class=\"n\">Moderate</th><th scope=\"col\" class=\"n\">Major</th></tr></thead>\n<tbody>");
	for (int i = 0; i < DRIFT_MEASURES; i++)
	{
		appendStringInfo(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", measure_looks[i].heading);
		AppendMeasured(out, i, drift->value[i]);
		appendStringInfoString(out, "</td><td class=\"n\">");
		AppendThreshold(out, i, report->options.threshold[i][0]);
		appendStringInfoString(out, "</td><td class=\"n\">");
		AppendThreshold(out, i, report->options.threshold[i][1]);
		appendStringInfoString(out, "</td></tr>\n");
	}
	for (int i = 0; i < lengthof(further); i++)
	{
		appendStringInfo(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", further[i].name);
		further[i].append(out, further[i].value);
		appendStringInfoString(out, "</td><td></td><td></td></tr>\n");
	}
	appendStringInfoString(out, "</tbody></table>\n");
}

/* ---- what both samples are ---- */

typedef double (*Statistic) (const Moments *m);

static double
LeastValue(const Moments *m)
{
	return m->count ? m->min : NAN;
}

static double
GreatestValue(const Moments *m)
{
	return m->count ? m->max : NAN;
}

static double
PopulationDeviation(const Moments *m)
{
	return MomentsDeviation(m, 0);
}

static double
CountOfValues(const Moments *m)
{
	return (double) m->count;
}

typedef struct StatisticRow
{
	const char *name;
	Statistic	statistic;		/* NULL: a percentile */
	double		percent;
	bool		share;
	bool		if_any;			/* left out where it is zero */
} StatisticRow;

static const StatisticRow statistic_rows[] = {
	{"Count", CountOfValues},
	{"Missing", MissingRate, .share = true},
	{"Infinite", InfiniteRate, .share = true, .if_any = true},
	{"Mean", MomentsMean},
	{"Deviation", PopulationDeviation},
	{"Least", LeastValue},
	{"Lower quartile", NULL, 25},
	{"Median", NULL, 50},
	{"Upper quartile", NULL, 75},
	{"Greatest", GreatestValue},
};

static double
StatisticOf(const Report *report, const ReportFeature *feature, bool live, const StatisticRow *row)
{
	const Moments *m = live ? feature->live : feature->training;

	if (m == NULL)
		return NAN;
	return row->statistic ? row->statistic(m) : Percentile(report, feature, live, row->percent);
}

static void
AppendStatistics(StringInfo out, const Report *report, const ReportFeature *feature)
{
	const Moments *samples[] = {feature->training, feature->live};

	if (feature->training == NULL && feature->live == NULL)
		return;
	appendStringInfoString(out, "<table>\n<caption>Values</caption><thead><tr><td></td>");
	for (int live = 0; live < 2; live++)
		if (samples[live])
			appendStringInfo(out, "<th scope=\"col\" class=\"n\">%s</th>", live ? "Live" : "Training");
	appendStringInfoString(out, "</tr></thead>\n<tbody>");
	for (int i = 0; i < lengthof(statistic_rows); i++)
	{
		const StatisticRow *row = &statistic_rows[i];

		if (row->if_any && !(feature->training && row->statistic(feature->training) > 0) &&
			!(feature->live && row->statistic(feature->live) > 0))
			continue;
		appendStringInfo(out, "<tr><th scope=\"row\">%s</th>", row->name);
		for (int live = 0; live < 2; live++)
			if (samples[live])
			{
				appendStringInfoString(out, "<td class=\"n\">");
				if (row->statistic == CountOfValues)
					AppendCount(out, samples[live]->count);
				else if (row->share)
					AppendShare(out, StatisticOf(report, feature, live, row));
				else
					AppendNumber(out, StatisticOf(report, feature, live, row));
				appendStringInfoString(out, "</td>");
			}
		appendStringInfoString(out, "</tr>\n");
	}
	appendStringInfoString(out, "</tbody></table>\n");
}

/* ---- the recipe ---- */

static void
AppendFact(StringInfo out, const char *name, const char *value, bool code)
{
	appendStringInfo(out, "<div><dt>%s</dt><dd>%s", name, code ? "<code>" : "");
	HtmlText(out, value);
	appendStringInfo(out, "%s</dd></div>\n", code ? "</code>" : "");
}

/* The formula by its names, and what these are, to the last digit. */
static void
AppendFormula(StringInfo out, const FeatureRecipe *f)
{
	AppendFact(out, "Formula", f->formula->forward_text, true);
	for (int k = 0; k < f->formula->nparams; k++)
		AppendFact(out, psprintf("<code>%s</code>", f->formula->param_names[k]), DoubleText(f->param[k]), true);
	if (f->formula->table_name)
		AppendFact(out, psprintf("<code>%s</code>", f->formula->table_name),
				   psprintf("%u numbers, see normfreeze.describe()", f->table.length), false);
}

static void
AppendRecipe(StringInfo out, const FeatureRecipe *f)
{
	StringInfoData options;

	initStringInfo(&options);
	AppendRecipeOptions(&options, f);
	appendStringInfoString(out, "<dl class=\"recipe\">\n");
	AppendFact(out, "Method", f->method->name, false);
	AppendFormula(out, f);
	if (strcmp(options.data, "{}") != 0)
		AppendFact(out, "Options", options.data, true);
	AppendFact(out, "Missing values", MissingText(f), false);
	AppendFact(out, "Out of range", PolicyCodeToName(outside_policy_names, f->outside), false);
	if (f->unfit)
		AppendFact(out, "Without parameters", PolicyCodeToName(constant_policy_names, f->constant_policy), false);
	else if (f->constant)
		AppendFact(out, "Constant in training", PolicyCodeToName(constant_policy_names, f->constant_policy), false);
	if (f->target)
		AppendFact(out, "Role", "target: denormalize() serves it", false);
	appendStringInfoString(out, "</dl>\n");
}

static void
AppendDetail(StringInfo out, const Report *report, const ReportFeature *feature, bool open)
{
	appendStringInfo(out, "<details%s>\n<summary><h3>", open ? " open" : "");
	AppendFeatureName(out, feature);
	appendStringInfoString(out, "</h3> ");
	if (feature->drift)
		AppendVerdict(out, feature->drift->verdict);
	/* inside, since browsers open the details that they are sent into */
	appendStringInfo(out, "</summary>\n<div class=\"body\" id=\"f%d\">\n", feature->index + 1);
	AppendReason(out, report, feature);
	appendStringInfoString(out, "<div class=\"pair\"><div>\n");
	AppendFigure(out, report, feature);
	if (feature->drift)
		AppendMeasures(out, report, feature->drift);
	else
		AppendRecipe(out, feature->recipe);
	appendStringInfoString(out, "</div><div>\n");
	AppendStatistics(out, report, feature);
	if (feature->drift)
		AppendRecipe(out, feature->recipe);
	appendStringInfoString(out, "</div></div></div></details>\n");
}

/* The drifted ones are open, or, where nothing was compared, the first ones. */
static bool
IsOpen(const Report *report, int i)
{
	const FeatureDrift *drift = report->features[i].drift;

	return i < OPEN_DETAILS && (!report->compared || (drift && drift->verdict > DRIFT_NONE));
}

void
AppendDetails(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<section aria-labelledby=\"h-details\">\n<h2 id=\"h-details\">Feature by feature</h2>\n");
	AppendLegend(out, report);
	for (int i = 0; i < report->ndetailed; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendDetail(out, report, &report->features[i], IsOpen(report, i));
	}
	appendStringInfoString(out, "</section>\n");
}
