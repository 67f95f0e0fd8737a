/*
 * svg_chart.h
 *		Charts of two samples, as SVG inside HTML.
 */
#ifndef NORMFREEZE_SVG_CHART_H
#define NORMFREEZE_SVG_CHART_H

#include "pg/base/compat.h"

#include "core/compare/chart_bars.h"
#include "lib/stringinfo.h"

/* What a chart shows besides its bars.  NaN stands for a line, bracket or band that is not there. */
typedef struct ChartNotes
{
	const char *title;			/* for screen readers; both texts are already HTML */
	const char *description;
	double		range[2];		/* the ends of the training range */
	double		bracket[2];		/* the ends of the range by a rule; those beyond the window are not drawn */
	const char *bracket_title[2];	/* what each of them is, as HTML */
	double		band[2];		/* the bin that is pointed out */
} ChartNotes;

/* Append a chart.  "notes" says what it shows besides the bars. */
extern void AppendChart(StringInfo out, const Chart *chart, const ChartNotes *notes);

/* Append a small chart without labels, for a row of a table. */
extern void AppendSparkline(StringInfo out, const Chart *chart);

#endif							/* NORMFREEZE_SVG_CHART_H */
