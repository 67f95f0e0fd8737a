/*
 * quantile.c
 *		Percentiles and medians with numpy's arithmetic, and the most frequent value.
 *
 * numpy.nanpercentile(x, q, method='linear') and numpy.nanmedian(x), operation
 * by operation (numpy/lib/_function_base_impl.py: _quantile, _lerp,
 * _get_gamma, _get_indexes; _nanfunctions_impl.py: _nanmedian1d).
 */
#include "core/scaler/quantile.h"

#include <math.h>

static double
AskValue(Evidence *evidence, QuestionKind kind, double center, uint64_t rank)
{
	Question	question = {.kind = kind, .rank = rank, .argument = center};
	Answer		answer;

	return Ask(evidence, &question, &answer) ? answer.value : NAN;
}

static double
AskMedian(Evidence *evidence, QuestionKind kind, double center)
{
	uint64_t	count = (uint64_t) evidence->moments->count;
	double		below;
	double		above;

	if (count == 0)
		return NAN;
	above = AskValue(evidence, kind, center, count / 2);
	if (count & 1)
		return above;
	/* numpy takes the mean of the two: a sum, then a division */
	below = AskValue(evidence, kind, center, count / 2 - 1);
	return (below + above) / 2.0;
}

double
EvidenceMedian(Evidence *evidence)
{
	return AskMedian(evidence, ASK_ORDER, 0);
}

double
EvidenceMedianDistance(Evidence *evidence, double center)
{
	return isnan(center) ? NAN : AskMedian(evidence, ASK_DISTANCE, center);
}

double
EvidenceMostFrequent(Evidence *evidence)
{
	return evidence->moments->count == 0 ? NAN : AskValue(evidence, ASK_MOST_FREQUENT, 0, 0);
}

double
EvidencePercentile(Evidence *evidence, double percent)
{
	uint64_t	count = (uint64_t) evidence->moments->count;
	double		last = (double) (count - 1);
	double		index = last * (percent / 100.0);
	double		previous = floor(index);
	double		gamma = index - previous;
	double		a;
	double		b;
	double		difference;

	if (count == 0)
		return NAN;
	if (index >= last)
	{
		/* numpy's previous = next = -1: gamma is large, the difference zero */
		a = b = AskValue(evidence, ASK_ORDER, 0, count - 1);
		gamma = index + 1.0;
	}
	else
	{
		a = AskValue(evidence, ASK_ORDER, 0, (uint64_t) previous);
		b = AskValue(evidence, ASK_ORDER, 0, (uint64_t) previous + 1);
	}
	difference = b - a;
	if (gamma >= 0.5)
		return b - difference * (1.0 - gamma);
	return a + difference * gamma;
}
