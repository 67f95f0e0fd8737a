/*
 * chart_shell.c
 *		Charts for test/unit/chart.py: reads two samples, prints what is to be drawn.
 *
 *	<size of the histograms> <rows> <values...> <rows> <values...> <marks> <values...>
 *
 * Values are bits in hexadecimal, or null; a sample of -1 rows is not there.
 * The answer is a line: what is drawn, the window, then bars, spikes and edges; then whether the window contains each of
 * the marks, and its position.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/compare/chart_bars.h"
#include "core/base/memory.h"
#include "core/values/profile.h"

static void
PrintDouble(double x)
{
	printf(" %016" PRIx64, DoubleBits(x));
}

static void
PrintBar(const ChartBar *bar)
{
	PrintDouble(bar->lower);
	PrintDouble(bar->upper);
	PrintDouble(bar->share[CHART_REFERENCE]);
	PrintDouble(bar->share[CHART_LIVE]);
}

/* false: there is no such sample */
static bool
ReadSample(Profile *settled, unsigned size)
{
	Profile		profile;
	int			nrows;

	if (scanf("%d", &nrows) != 1)
		exit(2);
	if (nrows < 0)
		return false;
	ProfileInit(&profile, 1, NULL, size);
	for (int i = 0; i < nrows; i++)
	{
		char		word[32];
		bool		null;
		double		x;

		if (scanf("%31s", word) != 1)
			exit(2);
		null = strcmp(word, "null") == 0;
		x = null ? NAN : BitsDouble(strtoull(word, NULL, 16));
		ProfileAddRow(&profile, &x, &null);
	}
	ProfileCopySettled(settled, &profile);
	return true;
}

static void
PrintMarks(const Chart *chart)
{
	int			nmarks;

	if (scanf("%d", &nmarks) != 1)
		exit(2);
	for (int i = 0; i < nmarks; i++)
	{
		char		word[32];
		double		x;

		if (scanf("%31s", word) != 1)
			exit(2);
		x = BitsDouble(strtoull(word, NULL, 16));
		printf(" %d", ChartContains(chart, x));
		PrintDouble(ChartPosition(chart, x));
	}
}

int
main(void)
{
	unsigned	size;

	while (scanf("%u", &size) == 1)
	{
		Profile		sample[CHART_SAMPLES];
		bool		there[CHART_SAMPLES];
		Chart		chart;

		for (int i = 0; i < CHART_SAMPLES; i++)
			there[i] = ReadSample(&sample[i], size);
		MakeChart(&chart, there[0] ? sample[0].moments : NULL, there[0] ? sample[0].histograms : NULL,
				  there[1] ? sample[1].moments : NULL, there[1] ? sample[1].histograms : NULL);
		printf("%d %d %d", chart.drawn[0], chart.drawn[1], chart.discrete);
		PrintDouble(chart.low);
		PrintDouble(chart.high);
		PrintDouble(chart.step);
		printf(" %d", chart.nbars);
		for (int i = 0; i < chart.nbars; i++)
			PrintBar(&chart.bars[i]);
		printf(" %d", chart.nspikes);
		for (int i = 0; i < chart.nspikes; i++)
			PrintBar(&chart.spikes[i]);
		PrintBar(&chart.below);
		PrintBar(&chart.above);
		PrintBar(&chart.missing);
		PrintMarks(&chart);
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
