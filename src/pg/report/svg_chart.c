/*
 * svg_chart.c
 *		Drawing charts.
 *
 * The training sample is a filled area and the live sample a line, so that they differ in shape
 * and not only in color.  The picture is stretched to the width of the page.  Its labels are HTML
 * below it, because stretched letters would be distorted.
 */
#include "pg/report/svg_chart.h"

#include <math.h>

#include "pg/report/numerals.h"

#define WIDTH			1000
#define HEIGHT			400
#define EDGE_WIDTH		80		/* of the columns for values beyond the window, and for missing ones */
#define EDGE_GAP		20
#define SPIKE_WIDTH		7		/* of each half */
#define BAR_PART		0.8		/* share of its place that a bar of a discrete chart takes */
#define CHARACTER_SPACE	16		/* width of a character of a label on a narrow page */
#define BREAK_HEIGHT	40
#define BRACKET_TICK	10		/* by how much a bracket points inwards */
#define BRACKET_REACH	8		/* how near a pointer must be to show its title */

static const char *const sample_class[CHART_SAMPLES] = {"t", "l"};

/* The geometry of a chart, in units of the canvas. */
typedef struct Layout
{
	const Chart *chart;
	double		left;			/* of the window */
	double		width;
	double		below;			/* of the columns; negative if there is none */
	double		above;
	double		missing;
	double		tallest;		/* the share that reaches the top */
	int			height;
} Layout;

/*
 * Return the share that reaches the top.  The bars decide; a spike or an edge that is taller is drawn broken.
 * If the bars are negligible, the spikes decide.
 */
static double
TallestShare(const Chart *chart)
{
	double		tallest = 0;

	for (int i = 0; i < chart->nbars; i++)
		tallest = fmax(tallest, ChartGreaterShare(&chart->bars[i]));
	if (tallest > 0)
		return tallest * (chart->nspikes ? 1.35 : 1.05);
	for (int i = 0; i < chart->nspikes; i++)
		tallest = fmax(tallest, ChartGreaterShare(&chart->spikes[i]));
	tallest = fmax(tallest, fmax(ChartGreaterShare(&chart->below),
								 fmax(ChartGreaterShare(&chart->above), ChartGreaterShare(&chart->missing))));
	return tallest > 0 ? tallest * 1.05 : 1;
}

static void
MakeLayout(Layout *layout, const Chart *chart, int height)
{
	double		right = WIDTH;

	layout->chart = chart;
	layout->height = height;
	layout->tallest = TallestShare(chart);
	layout->below = layout->above = layout->missing = -1;
	layout->left = 0;
	if (ChartGreaterShare(&chart->missing) > 0)
	{
		layout->missing = right - EDGE_WIDTH;
		right = layout->missing - 2 * EDGE_GAP;
	}
	if (ChartGreaterShare(&chart->above) > 0)
	{
		layout->above = right - EDGE_WIDTH;
		right = layout->above - EDGE_GAP;
	}
	if (ChartGreaterShare(&chart->below) > 0)
	{
		layout->below = 0;
		layout->left = EDGE_WIDTH + EDGE_GAP;
	}
	layout->width = right - layout->left;
}

static int
X(const Layout *layout, double value)
{
	return (int) lround(layout->left + layout->width * ChartPosition(layout->chart, value));
}

static int
Y(const Layout *layout, double share)
{
	return (int) lround(layout->height * (1 - fmin(share / layout->tallest, 1)));
}

/* Append a bar.  A filled sample stands on the base line; a line omits the base. */
static void
AppendBar(StringInfo path, const Layout *layout, int left, int right, double share)
{
	if (share > 0)
		appendStringInfo(path, "M%d %dV%dH%dV%dz", left, layout->height, Y(layout, share), Max(right, left + 1),
						 layout->height);
}

static void
AppendStairs(StringInfo path, const Layout *layout, int sample)
{
	const Chart *chart = layout->chart;
	bool		down = true;	/* the path is at the base line */
	int			height = layout->height;

	for (int i = 0; i < chart->nbars; i++)
	{
		const ChartBar *bar = &chart->bars[i];
		int			y = Y(layout, bar->share[sample]);

		if (bar->share[sample] == 0)
		{
			if (!down)
				appendStringInfo(path, "V%d", height);
			down = true;
			continue;
		}
		if (down)
			appendStringInfo(path, "M%d %d", X(layout, bar->lower), height);
		appendStringInfo(path, "V%dH%d", y, X(layout, bar->upper));
		down = false;
	}
	if (!down)
		appendStringInfo(path, "V%d", height);
}

static void
AppendDiscrete(StringInfo path, const Layout *layout, int sample)
{
	const Chart *chart = layout->chart;

	for (int i = 0; i < chart->nbars; i++)
	{
		const ChartBar *bar = &chart->bars[i];
		double		margin = (bar->upper - bar->lower) * (1 - BAR_PART) / 2;

		AppendBar(path, layout, X(layout, bar->lower + margin), X(layout, bar->upper - margin), bar->share[sample]);
	}
}

static void
AppendEdge(StringInfo path, const Layout *layout, double left, const ChartBar *bar, int sample)
{
	if (left >= 0)
		AppendBar(path, layout, (int) left, (int) left + EDGE_WIDTH, bar->share[sample]);
}

/* Append spikes side by side, so that none hides another. */
static void
AppendSpikes(StringInfo path, const Layout *layout, int sample)
{
	const Chart *chart = layout->chart;

	for (int i = 0; i < chart->nspikes; i++)
	{
		int			middle = X(layout, chart->spikes[i].lower);
		int			left = sample == CHART_REFERENCE ? middle - SPIKE_WIDTH : middle;

		AppendBar(path, layout, left, left + SPIKE_WIDTH, chart->spikes[i].share[sample]);
	}
}

static void
AppendSample(StringInfo out, const Layout *layout, int sample)
{
	const Chart *chart = layout->chart;
	StringInfoData path;

	initStringInfo(&path);
	if (chart->discrete)
		AppendDiscrete(&path, layout, sample);
	else
		AppendStairs(&path, layout, sample);
	AppendSpikes(&path, layout, sample);
	AppendEdge(&path, layout, layout->below, &chart->below, sample);
	AppendEdge(&path, layout, layout->above, &chart->above, sample);
	AppendEdge(&path, layout, layout->missing, &chart->missing, sample);
	if (path.len > 0)
		appendStringInfo(out, "<path class=\"%s\" d=\"%s\"/>", sample_class[sample], path.data);
	pfree(path.data);
}

/* Append two strokes in the color of the page through a bar that is taller than the picture. */
static void
AppendBreak(StringInfo path, const Layout *layout, double middle, int width, const ChartBar *bar)
{
	if (ChartGreaterShare(bar) > layout->tallest)
		for (int i = 1; i <= 2; i++)
			appendStringInfo(path, "M%d %dl%d %d", (int) middle - width, i * BREAK_HEIGHT, 2 * width,
							 -BREAK_HEIGHT / 2);
}

static void
AppendBreaks(StringInfo out, const Layout *layout)
{
	const Chart *chart = layout->chart;
	StringInfoData path;

	initStringInfo(&path);
	for (int i = 0; i < chart->nspikes; i++)
		AppendBreak(&path, layout, X(layout, chart->spikes[i].lower), 2 * SPIKE_WIDTH, &chart->spikes[i]);
	AppendBreak(&path, layout, layout->below + EDGE_WIDTH / 2, EDGE_WIDTH / 2 + 4, &chart->below);
	AppendBreak(&path, layout, layout->above + EDGE_WIDTH / 2, EDGE_WIDTH / 2 + 4, &chart->above);
	AppendBreak(&path, layout, layout->missing + EDGE_WIDTH / 2, EDGE_WIDTH / 2 + 4, &chart->missing);
	if (path.len > 0)
		appendStringInfo(out, "<path class=\"cut\" d=\"%s\"/>", path.data);
	pfree(path.data);
}

static double
Clamp(const Chart *chart, double x)
{
	return fmin(fmax(x, chart->low), chart->high);
}

static void
AppendNotes(StringInfo out, const Layout *layout, const ChartNotes *notes)
{
	const Chart *chart = layout->chart;

	if (notes->band[1] > chart->low && notes->band[0] < chart->high)
	{
		int			left = X(layout, Clamp(chart, notes->band[0]));

		appendStringInfo(out, "<rect class=\"band\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>", left,
						 Max(X(layout, Clamp(chart, notes->band[1])) - left, 2), layout->height);
	}
	for (int i = 0; i < 2; i++)
		if (notes->range[i] > chart->low && notes->range[i] < chart->high)
			appendStringInfo(out, "<path class=\"rng\" d=\"M%d 0V%d\"/>", X(layout, notes->range[i]), layout->height);
}

/* Append the ends of the range by a rule, as brackets over the bars, with their titles. */
static void
AppendBrackets(StringInfo out, const Layout *layout, const ChartNotes *notes)
{
	for (int i = 0; i < 2; i++)
	{
		int			tick = i == 0 ? BRACKET_TICK : -BRACKET_TICK;
		int			x;

		if (!ChartContains(layout->chart, notes->bracket[i]))
			continue;
		x = X(layout, notes->bracket[i]);
		appendStringInfo(out, "<g><title>%s</title><rect class=\"near\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>"
						 "<path class=\"end\" d=\"M%d 0H%dV%dh%d\"/></g>",
						 notes->bracket_title[i], x - BRACKET_REACH, 2 * BRACKET_REACH, layout->height, x + tick, x,
						 layout->height, tick);
	}
}

/* ---- labels ---- */

static void
OpenLabel(StringInfo out, double x)
{
	double		percent = x / WIDTH * 100;

	/* labels at the ends of the axis are aligned inwards */
	appendStringInfo(out, "<span%s style=\"left:%.1f%%\">",
					 percent < 4 ? " class=\"s\"" : percent > 96 ? " class=\"e\"" : "", percent);
}

static void
AppendEdgeLabel(StringInfo out, double left, const char *text)
{
	if (left < 0)
		return;
	OpenLabel(out, left + EDGE_WIDTH / 2);
	appendStringInfo(out, "%s</span>", text);
}

/* Return the number of visible characters of HTML text, in which a reference counts as one. */
static int
VisibleLength(const char *html)
{
	int			n = 0;

	for (; *html; html++, n++)
		if (*html == '&')
			html = strchr(html, ';');
	return n;
}

/* Append a label, unless it would touch the one before it, which ends at *end. */
static void
AppendTickLabel(StringInfo out, const Layout *layout, double value, double step, double *end)
{
	double		x = layout->left + layout->width * ChartPosition(layout->chart, value);
	double		half;
	StringInfoData text;

	initStringInfo(&text);
	AppendTick(&text, value, step);
	half = VisibleLength(text.data) * CHARACTER_SPACE / 2.0;
	if (x - half > *end)
	{
		OpenLabel(out, x);
		appendStringInfo(out, "%s</span>", text.data);
		*end = x + half + CHARACTER_SPACE;
	}
	pfree(text.data);
}

/* Append labels at round numbers or, in a discrete chart, under each value. */
static void
AppendTicks(StringInfo out, const Layout *layout)
{
	const Chart *chart = layout->chart;
	double		first = ceil(chart->low / chart->step);
	double		end = -WIDTH;

	if (chart->step > 0 && fabs(first) < 1e12)
		for (int i = 0; i < CHART_MAX_BARS && (first + i) * chart->step <= chart->high; i++)
			AppendTickLabel(out, layout, (first + i) * chart->step, chart->step, &end);
	else if (chart->discrete)
		for (int i = 0; i < chart->nbars; i++)
			AppendTickLabel(out, layout, chart->bars[i].lower / 2 + chart->bars[i].upper / 2,
							chart->bars[i].upper - chart->bars[i].lower, &end);
}

void
AppendChart(StringInfo out, const Chart *chart, const ChartNotes *notes)
{
	Layout		layout;

	MakeLayout(&layout, chart, HEIGHT);
	appendStringInfo(out, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\">"
					 "<title>%s</title><desc>%s</desc>", WIDTH, HEIGHT, notes->title, notes->description);
	AppendNotes(out, &layout, notes);
	AppendSample(out, &layout, CHART_REFERENCE);
	AppendSample(out, &layout, CHART_LIVE);
	AppendBreaks(out, &layout);
	AppendBrackets(out, &layout, notes);
	appendStringInfo(out, "<path class=\"base\" d=\"M%d %dh%d\"/></svg>\n<div class=\"axis\" aria-hidden=\"true\">",
					 (int) layout.left, HEIGHT, (int) layout.width);
	AppendEdgeLabel(out, layout.below, "below");
	if (chart->nbars > 0)
		AppendTicks(out, &layout);
	AppendEdgeLabel(out, layout.above, "above");
	AppendEdgeLabel(out, layout.missing, "missing");
	appendStringInfoString(out, "</div>\n");
}

void
AppendSparkline(StringInfo out, const Chart *chart)
{
	Layout		layout;

	MakeLayout(&layout, chart, HEIGHT);
	appendStringInfo(out,
					 "<svg class=\"spark\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
					 WIDTH, HEIGHT);
	AppendSample(out, &layout, CHART_REFERENCE);
	AppendSample(out, &layout, CHART_LIVE);
	appendStringInfoString(out, "</svg>");
}
