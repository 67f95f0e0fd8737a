/*
 * report_words.c
 *		Words about a feature that several parts of the page of report() use.
 */
#include "pg/report/report.h"

#include "pg/report/html.h"
#include "pg/report/numerals.h"

/* How a verdict is shown.  Color is never the only difference. */
typedef struct VerdictLook
{
	const char *word;
	const char *class;
	const char *mark;			/* a mark of its own shape: the path in a square of 10, which no font draws otherwise */
} VerdictLook;

static const VerdictLook verdict_looks[] = {
	[DRIFT_UNDECIDED] = {"too few rows", "undecided", "M5 0A5 5 0 1 1 5 10 5 5 0 1 1 5 0zM5 2A3 3 0 1 0 5 8 3 3 0 1 0 5 2z"},
	[DRIFT_NONE] = {"none", "none", "M5 0A5 5 0 1 1 5 10 5 5 0 1 1 5 0z"},
	[DRIFT_MODERATE] = {"moderate", "moderate", "M5 0 10 9.5H0z"},
	[DRIFT_MAJOR] = {"major", "major", "M5 0 10 5 5 10 0 5z"},
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

void
AppendPlainName(StringInfo out, const ReportFeature *feature)
{
	if (feature->recipe->name)
		HtmlAttribute(out, feature->recipe->name);
	else
		appendStringInfo(out, "feature %d", feature->index + 1);
}

/* A name that is longer than a column of about this many characters gets a tooltip. */
#define LONG_NAME	24

void
AppendTooltip(StringInfo out, const ReportFeature *feature)
{
	if (feature->recipe->name == NULL || strlen(feature->recipe->name) <= LONG_NAME)
		return;
	appendStringInfoString(out, " title=\"");
	HtmlAttribute(out, feature->recipe->name);
	appendStringInfoChar(out, '"');
}

void
AppendMarked(StringInfo out, const char *class, const char *mark, const char *word)
{
	appendStringInfo(out, "<span class=\"verdict %s\"><svg class=\"mark\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path d=\"%s\"/></svg> %s</span>",
					 class, mark, word);
}

void
AppendVerdict(StringInfo out, DriftVerdict verdict)
{
	const VerdictLook *look = &verdict_looks[verdict];

	AppendMarked(out, look->class, look->mark, look->word);
}

void
AppendMeasured(StringInfo out, int measure, double value)
{
	static void (*const append[]) (StringInfo out, double value) = {
		[DRIFT_NUMBER] = AppendNumber,
		[DRIFT_SHARE] = AppendShare,
		[DRIFT_PROBABILITY] = AppendPValue,
	};

	append[drift_measures[measure].kind] (out, value);
}

void
AppendDecision(StringInfo out, const FeatureDrift *drift)
{
	const DriftMeasure *measure = &drift_measures[drift->decided_by];

	appendStringInfo(out, "%s ", measure->words);
	AppendMeasured(out, drift->decided_by, DriftSize(drift, drift->decided_by));
	appendStringInfo(out, "%s &#8805; ", measure->unit ? measure->unit : "");
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

double
MissingRate(const Moments *m)
{
	double		rows = (double) m->count + MomentsMissing(m) + MomentsInfinite(m);

	return rows > 0 ? MomentsMissing(m) / rows : NAN;
}

double
InfiniteRate(const Moments *m)
{
	double		rows = (double) m->count + MomentsMissing(m) + MomentsInfinite(m);

	return rows > 0 ? MomentsInfinite(m) / rows : NAN;
}
