/*
 * chart_bars.h
 *		What is drawn of one feature: bars of two samples over the same window.
 */
#ifndef NORMFREEZE_CORE_CHART_BARS_H
#define NORMFREEZE_CORE_CHART_BARS_H

#include "core/compare/drift_bins.h"

typedef enum ChartSample
{
	CHART_REFERENCE,
	CHART_LIVE,
	CHART_SAMPLES				/* their number */
} ChartSample;

/* Shares of all rows of a sample. */
typedef struct ChartBar
{
	double		lower;
	double		upper;
	double		share[CHART_SAMPLES];
} ChartBar;

#define CHART_MAX_BARS		60
#define CHART_MAX_SPIKES	4

/*
 * The window holds the bulk of both samples; what lies beyond it is in
 * `below` and `above`.  In a discrete chart each bar is one value, in the
 * middle of it.  A spike is one value of great mass among others: zero,
 * often; bars do not count it.
 */
typedef struct Chart
{
	bool		drawn[CHART_SAMPLES];	/* has the sample any finite value? */
	bool		discrete;
	double		low;			/* the window */
	double		high;
	double		step;			/* between ticks; 0: under every bar of a discrete chart */
	int			nbars;			/* adjacent, unless discrete */
	ChartBar   *bars;
	int			nspikes;
	ChartBar	spikes[CHART_MAX_SPIKES];	/* lower is the value, by value */
	ChartBar	below;
	ChartBar	above;
	ChartBar	missing;
} Chart;

/* live and live_values may be NULL; histograms must be canonical. */
extern void MakeChart(Chart *chart, const Moments *reference, const Histogram *reference_values,
					  const Moments *live, const Histogram *live_values);

/* Return the share of the sample that has more there. */
extern double ChartGreaterShare(const ChartBar *bar);

/* Return the position of a value in the window: 0 at the low end, 1 at the high end. */
extern double ChartPosition(const Chart *chart, double x);

#endif							/* NORMFREEZE_CORE_CHART_BARS_H */
