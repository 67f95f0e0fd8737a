/*
 * power_fit.c
 *		The lambda of a power transformation, by maximum likelihood.
 *
 * The derivative of the log-likelihood falls and has one zero (see
 * power_likelihood.c), which Newton's method finds, kept between bounds.  Far
 * from the zero it works on a logit: what is subtracted from the mean of the
 * logarithms is a weighted mean of them, by weights that the exponent tilts
 * from the least to the greatest.
 *
 * What comes in are exact sums of terms that are each rounded once, so the
 * lambda is the same for every order of the rows, plan and CPU.
 */
#include "core/scaler/power_fit.h"

#include <math.h>

#include "core/base/elementary.h"
#include "core/scaler/power_transform.h"

#define MOST_EVALUATIONS	200
#define FAR					0.02	/* of the range of places; a score above it is transformed by a logit */
#define SQUARED_TOLERANCE	0x1p-37 /* of the last step, by lambda; the remaining error is about its square */
#define LEAST_STEP			0x1p-50 /* relative to the exponent */

typedef struct ExponentSearch
{
	Evidence   *evidence;
	PowerFamily family;
	double		low;			/* the values */
	double		high;
	bool		mirrored;		/* the exponent is 2 - lambda */
	double		least;			/* exponents */
	double		greatest;
} ExponentSearch;

/* What is known at one exponent. */
typedef struct Trial
{
	double		exponent;
	PowerFrame	frame;
	PowerScore	score;
} Trial;

/* Compute the score at one exponent.  Return false if evidence is pending. */
static bool
Try(const ExponentSearch *search, double exponent, Trial *trial)
{
	Question	question = {
		.kind = search->family == POWER_BOX_COX ? ASK_BOX_COX_SUMS : ASK_YEO_JOHNSON_SUMS,
		.argument = CanonicalZero(exponent),
		.low = search->low,
		.high = search->high
	};
	Answer		answer;

	if (!Ask(search->evidence, &question, &answer))
		return false;
	trial->exponent = exponent;
	PowerFrameInit(&trial->frame, search->family, question.argument, question.low, question.high);
	trial->score = ScoreOfPowerSums(&answer.power, &trial->frame);
	return true;
}

static double
Lambda(const ExponentSearch *search, double exponent)
{
	return search->mirrored ? 2.0 - exponent : exponent;
}

/* ---- the maximum ---- */

/* Estimate the zero of the score from its value and slope at this exponent, in the frame's units of exponents. */
static double
NewtonStep(const Trial *trial)
{
	const PowerScore *s = &trial->score;
	double		low = trial->frame.place[0];
	double		high = trial->frame.place[1];
	double		tilted = s->mean - s->score;
	double		least = fmin(low, high);
	double		greatest = fmax(low, high);
	double		range = greatest - least;

	if (!(s->slope < 0))
		return s->score > 0 ? INFINITY : -INFINITY;
	if (fabs(s->score) <= FAR * range ||
		!(tilted > least && tilted < greatest && s->mean > least && s->mean < greatest))
		return -s->score / s->slope;
	return (RoundedLog((s->mean - least) / (greatest - s->mean)) - RoundedLog((tilted - least) / (greatest - tilted))) *
		((tilted - least) / range * (greatest - tilted)) / -s->slope;
}

/*
 * Find the exponent at which the score is zero, or the bound beyond which it is.  Return false if evidence is
 * pending.
 *
 * "trial" becomes one at that exponent, or within a step of it that changes no decision.
 */
static bool
FindMaximum(const ExponentSearch *search, Trial *trial, double *maximum, bool *beyond)
{
	double		below = -INFINITY;
	double		above = INFINITY;
	double		next = fmin(fmax(1.0, search->least), search->greatest);

	*beyond = false;
	for (int i = 0; i < MOST_EVALUATIONS; i++)
	{
		double		x = next;
		double		unit;
		double		place;
		double		step;
		double		most;

		if (!Try(search, x, trial))
			return false;
		*maximum = x;
		if (trial->score.score > 0)
			below = x;
		else
			above = x;
		if (trial->score.score == 0)
			return true;
		*beyond = x == (trial->score.score > 0 ? search->greatest : search->least);
		if (*beyond)
			return true;

		/* the frame's units: exponents times 2^scale */
		unit = ldexp(1.0, trial->frame.scale);
		place = x * unit;
		step = NewtonStep(trial);
		most = 8.0 + 4.0 * fabs(place);
		if (!(fabs(step) <= most))
			step = copysign(most, trial->score.score);
		next = fmin(fmax((place + step) / unit, search->least), search->greatest);
		if (!(next > below && next < above) && isfinite(below) && isfinite(above))
			next = below + (above - below) / 2;
		if (next == x || next == below || next == above)
			return true;
		step = (next - x) * unit;
		if (step * step <= SQUARED_TOLERANCE * fabs(Lambda(search, next) * unit) ||
			fabs(step) <= LEAST_STEP * fabs(place))
		{
			*maximum = next;
			return true;
		}
	}
	return true;
}

/* ---- how fine transformed values are ---- */

static double
UnitInLastPlace(double x)
{
	x = fabs(x);
	return isfinite(x) ? nextafter(x, INFINITY) - x : x;
}

/*
 * Return the logarithm of the largest step between transformed values in float8, in their deviations.
 *
 * That is the last place of the result, and those of the logarithm and of its product with the exponent,
 * magnified as the exponential does.  All of these are largest at an end of the range.
 */
static double
LogOfStep(const ExponentSearch *search, const Trial *trial, double exponent)
{
	double		lambda = Lambda(search, exponent);
	double		base_log = trial->frame.both_signs ? 0.0 : trial->frame.base_log.hi;
	double		own = search->mirrored ? 2.0 - lambda : lambda;
	double		largest = -INFINITY;

	for (int end = 0; end < 2; end++)
	{
		double		x = end ? search->high : search->low;
		double		e = trial->frame.both_signs && x < 0 ? 2.0 - lambda : own;
		double		log = search->family == POWER_BOX_COX ? RoundedLog(x) : RoundedLog1p(fabs(x));
		double		y = search->family == POWER_BOX_COX ? BoxCox(x, lambda) : YeoJohnson(x, lambda);
		double		of_log = UnitInLastPlace(log) + (e != 0 ? UnitInLastPlace(e * log) / fabs(e) : 0.0);

		largest = fmax(largest, RoundedLog(UnitInLastPlace(y)) - own * base_log);
		largest = fmax(largest, e * (log - base_log) + RoundedLog(of_log));
	}
	/* the deviation is known in units of places */
	return largest - RoundedLog(trial->score.deviation) - RoundedLog(2.0) * trial->frame.scale;
}

#define SLACK	1.0				/* in the logarithm of a step: by how much a bounded lambda may be finer than needed */

/*
 * Replace *fine, an exponent at which values are fine enough, by one between it and "coarse" at which they just
 * are.  Return false if evidence is pending.
 *
 * Regula falsi, with halves where it creeps (the Illinois method).
 */
static bool
FindExponentBound(const ExponentSearch *search, double *fine, double *fine_excess, double coarse, double coarse_excess)
{
	double		limit = RoundedLog(POWER_LARGEST_STEP);
	double		fine_weight = *fine_excess;
	double		coarse_weight = coarse_excess;

	for (int i = 0; i < MOST_EVALUATIONS && *fine_excess < -SLACK; i++)
	{
		double		x = *fine - fine_weight * ((coarse - *fine) / (coarse_weight - fine_weight));
		double		excess;
		Trial		trial;

		/* aim at the middle of the allowed range, in logarithms */
		x -= (coarse - *fine) * (0.5 * SLACK / (coarse_weight - fine_weight));
		if (!((x > *fine) == (coarse > *fine) && (x < coarse) == (*fine < coarse)) || x == *fine)
			x = *fine + (coarse - *fine) / 2;
		if (x == *fine || x == coarse)
			break;
		if (!Try(search, x, &trial))
			return false;
		excess = LogOfStep(search, &trial, x) - limit;
		if (excess > 0)
		{
			coarse = x, coarse_weight = excess;
			fine_weight /= 2;
		}
		else
		{
			*fine = x, fine_weight = *fine_excess = excess;
			coarse_weight /= 2;
		}
	}
	return true;
}

LambdaFit
FitLambda(Evidence *evidence, PowerFamily family, bool bounded)
{
	double		low = evidence->moments->min;
	double		high = evidence->moments->max;
	ExponentSearch search = {evidence, family, low, high, PowerIsMirrored(family, low, high), 0, 0};
	double		limit = RoundedLog(POWER_LARGEST_STEP);
	LambdaFit	fit = {.outcome = LAMBDA_PENDING};
	Trial		trial;
	double		exponent;
	double		excess;
	bool		beyond;

	PowerExponentRange(family, low, high, &search.least, &search.greatest);
	if (!FindMaximum(&search, &trial, &exponent, &beyond))
		return fit;
	fit.lambda = Lambda(&search, exponent);
	if (beyond && !bounded)
	{
		fit.outcome = LAMBDA_OVERFLOWS;
		return fit;
	}
	excess = LogOfStep(&search, &trial, exponent) - limit;
	fit.step = RoundedExp(excess + limit);
	if (excess > 0 && bounded)
	{
		/* with exponent 0, or 1 if values have both signs, values are as fine as they get */
		double		fine = trial.frame.both_signs ? 1.0 : 0.0;
		double		fine_excess;

		if (!Try(&search, fine, &trial))
			return fit;
		fine_excess = LogOfStep(&search, &trial, fine) - limit;
		if (fine_excess <= 0)
		{
			if (!FindExponentBound(&search, &fine, &fine_excess, exponent, excess))
				return fit;
			excess = fine_excess;
			fit.lambda = Lambda(&search, fine);
			fit.step = RoundedExp(excess + limit);
		}
	}
	fit.outcome = excess > 0 ? LAMBDA_COLLAPSES : LAMBDA_FOUND;
	return fit;
}

bool
LambdasAreAlike(PowerFamily family, const Moments *moments, double a, double b)
{
	PowerFrame	frame;
	double		apart = fabs(a - b);

	PowerFrameInit(&frame, family, 0.0, moments->min, moments->max);
	return apart <= 1e-6 * fmax(1.0, fabs(b)) || ldexp(apart, frame.scale) <= 1e-5;
}
