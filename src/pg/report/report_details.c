/*
 * report_details.c
 *		The details of each feature on the page of report().
 */
#include "pg/report/report.h"

#include "miscadmin.h"
#include "pg/inspect/described.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"
#include "pg/scaler/method_json.h"

/* If there are at most this many features, their details are open from the start. */
#define OPEN_DETAILS	12

/* ---- drift ---- */

/* Append why the feature has its verdict. */
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
AppendMeasure(StringInfo out, const Report *report, const FeatureDrift *drift, int measure)
{
	appendStringInfo(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", drift_measures[measure].heading);
	AppendMeasured(out, measure, DriftSize(drift, measure));
	if (DriftDecides(measure))
	{
		appendStringInfoString(out, "</td><td class=\"n\">");
		AppendThreshold(out, measure, report->options.threshold[measure][0]);
		appendStringInfoString(out, "</td><td class=\"n\">");
		AppendThreshold(out, measure, report->options.threshold[measure][1]);
		appendStringInfoString(out, "</td></tr>\n");
	}
	else
		appendStringInfoString(out, "</td><td></td><td></td></tr>\n");
}

static void
AppendMeasures(StringInfo out, const Report *report, const FeatureDrift *drift)
{
	appendStringInfoString(out, "<table>\n<caption>Drift</caption><thead><tr><th scope=\"col\">Measure</th><th scope=\"col\" class=\"n\">Value</th>"
						   "<th scope=\"col\" class=\"n\">Moderate</th><th scope=\"col\" class=\"n\">Major</th></tr></thead>\n<tbody>");
	for (int i = 0; i < drift_nmeasures; i++)
		if (drift_measures[i].heading && !(drift_measures[i].of_range && isnan(DriftNumber(drift, i))))
			AppendMeasure(out, report, drift, i);
	appendStringInfoString(out, "</tbody></table>\n");
}

/* ---- both samples ---- */

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
	Statistic	statistic;		/* NULL for a percentile */
	double		percent;
	bool		share;
	bool		if_any;			/* left out if it is zero */
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

/* Return a statistic of the live sample or of the training sample. */
static double
StatisticOf(const Report *report, const ReportFeature *feature, bool live, const StatisticRow *row)
{
	const Moments *m = live ? feature->live : feature->training;

	if (m == NULL)
		return NAN;
	return row->statistic ? row->statistic(m) : PercentileOfFeature(report, feature, live, row->percent);
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

/* Append the formula with the names of its parameters, and their values to the last digit. */
static void
AppendFormulaFacts(StringInfo out, const FeatureRecipe *f)
{
	AppendFact(out, f->nbefore > 0 ? "Last formula" : "Formula", f->formula->forward_text, true);
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
	AppendMethodOptions(&options, f->method, f->option);
	appendStringInfoString(out, "<dl class=\"recipe\">\n");
	AppendFact(out, f->nbefore > 0 ? "Methods" : "Method", MethodsText(f), false);
	if (f->nbefore > 0)
	{
		AppendFact(out, "Formula", FormulaText(f), true);
		AppendFact(out, "Steps before the last", StepsText(f), true);
	}
	AppendFormulaFacts(out, f);
	if (f->clips)
		AppendFact(out, "Results", psprintf("clipped to [%s, %s]", DoubleText(f->clip[0]), DoubleText(f->clip[1])),
				   false);
	if (f->dtype != DTYPE_FLOAT64)
		AppendFact(out, "Type", PolicyCodeToName(dtype_names, f->dtype), true);
	if (f->domain.policy != DOMAIN_KEEP)
		AppendFact(out, "Values without a result", PolicyCodeToName(domain_policy_names, f->domain.policy), false);
	if (strcmp(options.data, "{}") != 0)
		AppendFact(out, "Options", options.data, true);
	AppendFact(out, "Missing values", MissingText(f), false);
	AppendFact(out, "Out of range", OutsideText(f), false);
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
	/* the id is inside, because browsers open the details that contain the target of a link */
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

/* Return whether details are open: those of features that drifted or, without a comparison, the first ones. */
static bool
DetailsAreOpen(const Report *report, int i)
{
	const FeatureDrift *drift = report->features[i].drift;

	return i < OPEN_DETAILS && (!report->compared || (drift && drift->verdict > DRIFT_NONE));
}

void
AppendDetails(StringInfo out, const Report *report)
{
	appendStringInfoString(out,
						   "<section aria-labelledby=\"h-details\">\n<h2 id=\"h-details\">Feature by feature</h2>\n");
	AppendLegend(out, report, true);
	for (int i = 0; i < report->ndetailed; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendDetail(out, report, &report->features[i], DetailsAreOpen(report, i));
	}
	appendStringInfoString(out, "</section>\n");
}
