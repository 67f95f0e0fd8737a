/*
 * chart_bars.h
 *		The bars that are drawn for one feature: two samples over the same window.
 */
#ifndef NORMFREEZE_CORE_CHART_BARS_H
#define NORMFREEZE_CORE_CHART_BARS_H

#include <math.h>

#include "core/compare/drift_bins.h"

/* The two samples of a chart. */
typedef enum ChartSample
{
	CHART_REFERENCE,
	CHART_LIVE,
	CHART_SAMPLES				/* number of samples */
} ChartSample;

/* The shares of all rows of each sample that a bar stands for. */
typedef struct ChartBar
{
	double		lower;
	double		upper;
	double		share[CHART_SAMPLES];
} ChartBar;

#define CHART_MAX_BARS		60
#define CHART_MAX_SPIKES	4

/*
 * A chart.  The window contains the bulk of both samples; "below" and "above" are what lies beyond it.
 *
 * In a discrete chart, each bar is one value, in its middle.  A spike is a single value of great mass among
 * others, often zero; bars do not count it.
 */
typedef struct Chart
{
	bool		drawn[CHART_SAMPLES];	/* whether the sample has a finite value */
	bool		discrete;
	double		low;			/* the window */
	double		high;
	double		step;			/* distance of ticks; 0 for one under every bar of a discrete chart */
	int			nbars;			/* adjacent unless the chart is discrete */
	ChartBar   *bars;
	int			nspikes;
	ChartBar	spikes[CHART_MAX_SPIKES];	/* by value, which is in "lower" */
	ChartBar	below;
	ChartBar	above;
	ChartBar	missing;
} Chart;

/* Make a chart.  A sample that is NULL has no values.  Histograms must be canonical. */
extern void MakeChart(Chart *chart, const Moments *reference, const Histogram *reference_values,
					  const Moments *live, const Histogram *live_values);

/* Return the share of the sample that has more there. */
static inline double
ChartGreaterShare(const ChartBar *bar)
{
	return fmax(bar->share[CHART_REFERENCE], bar->share[CHART_LIVE]);
}

/* Return the position of a value in the window: 0 at the low end, 1 at the high end. */
extern double ChartPosition(const Chart *chart, double x);

/* Return whether a value lies in the window, so that it has a place in the picture.  Without bars there is none. */
static inline bool
ChartContains(const Chart *chart, double x)
{
	return chart->nbars > 0 && x >= chart->low && x <= chart->high;
}

#endif							/* NORMFREEZE_CORE_CHART_BARS_H */
