/*
 * svg_chart.h
 *		A chart of two samples as SVG inside HTML.
 */
#ifndef NORMFREEZE_SVG_CHART_H
#define NORMFREEZE_SVG_CHART_H

#include "pg/base/compat.h"

#include "core/compare/chart_bars.h"
#include "lib/stringinfo.h"

/* What a chart says beside its bars; NaN for a line or band that is not there. */
typedef struct ChartNotes
{
	const char *title;			/* for those who do not see it; both are HTML already */
	const char *description;
	double		range[2];		/* the ends of the training range, to be marked */
	double		band[2];		/* what is pointed at */
} ChartNotes;

extern void AppendChart(StringInfo out, const Chart *chart, const ChartNotes *notes);

/* Beside a name in a table, small and without labels. */
extern void AppendSparkline(StringInfo out, const Chart *chart);

#endif							/* NORMFREEZE_SVG_CHART_H */
