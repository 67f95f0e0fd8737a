/*
 * power_fit.c
 *		The lambda of a power transformation, by maximum likelihood.
 *
 * The log-likelihood of lambda, up to a constant, is
 *		(lambda - 1) sum(log of the Jacobian) - n log(deviation of the transformed values).
 * Both sums are exact sums of correctly rounded terms, so the likelihood, and
 * with it the lambda, is the same for every order of the rows, plan and CPU.
 *
 * The minimum of its negative is found by Brent's method ("Algorithms for
 * minimization without derivatives", 1973, chapter 5) between bounds, as
 * scipy.stats.yeojohnson_normmax does by scipy.optimize.fminbound, whose
 * tolerances these are.
 */
#include "core/power_fit.h"

#include <float.h>
#include <math.h>

#include "core/elementary.h"

#define TOLERANCE			1.48e-8
#define MOST_EVALUATIONS	500

/* log of the least and the most that may become of a value, with room for the variance */
#define LOG_LEAST	(-336.17638257157347)	/* (log(DBL_MIN) - log(DBL_EPSILON)) / 2 */
#define LOG_MOST	336.8695297521334		/* (log(DBL_MAX) + log(DBL_EPSILON)) / 2 */

#define LOG_DOUBLE_MAX	709.0

#define HEADROOM	20.0		/* times the largest value seen: that far it must not overflow */

typedef struct Likelihood
{
	Evidence   *evidence;
	QuestionKind kind;
	double		logs;			/* sum of the logarithms of the Jacobian */
	bool		pending;
} Likelihood;

/* To be minimized; infinite where the transformed values have no usable deviation. */
static double
NegativeLogLikelihood(Likelihood *likelihood, double lambda)
{
	Question	question = {.kind = likelihood->kind, .argument = lambda};
	double		n = (double) likelihood->evidence->moments->count;
	double		deviation;
	Answer		answer;

	if (!Ask(likelihood->evidence, &question, &answer))
		likelihood->pending = true;
	if (likelihood->pending)
		return 0;
	deviation = MomentsDeviation(answer.moments, 0);
	if (MomentsInfinite(answer.moments) > 0 || answer.moments->nans > 0 ||
		!(deviation * deviation >= DBL_MIN) || isinf(deviation))
		return INFINITY;
	return n * RoundedLog(deviation) - (lambda - 1.0) * likelihood->logs;
}

static double
Sign(double x)
{
	return x < 0 ? -1.0 : 1.0;
}

/* scipy.optimize._optimize._minimize_scalar_bounded, operation by operation */
static double
MinimizeBounded(Likelihood *likelihood, double a, double b)
{
	const double sqrt_eps = sqrt(2.2e-16);
	const double golden_mean = 0.5 * (3.0 - sqrt(5.0));
	double		fulc = a + golden_mean * (b - a);
	double		nfc = fulc;
	double		xf = fulc;
	double		rat = 0;
	double		e = 0;
	double		fx = NegativeLogLikelihood(likelihood, xf);
	double		ffulc = fx;
	double		fnfc = fx;
	double		xm = 0.5 * (a + b);
	double		tol1 = sqrt_eps * fabs(xf) + TOLERANCE / 3.0;
	double		tol2 = 2.0 * tol1;
	int			evaluations = 1;

	while (!likelihood->pending && fabs(xf - xm) > tol2 - 0.5 * (b - a) && evaluations < MOST_EVALUATIONS)
	{
		bool		golden = true;
		double		x;
		double		fu;

		if (fabs(e) > tol1)
		{
			/* a parabola through the three best points */
			double		r = (xf - nfc) * (fx - ffulc);
			double		q = (xf - fulc) * (fx - fnfc);
			double		p = (xf - fulc) * q - (xf - nfc) * r;

			q = 2.0 * (q - r);
			if (q > 0)
				p = -p;
			q = fabs(q);
			r = e;
			e = rat;
			if (fabs(p) < fabs(0.5 * q * r) && p > q * (a - xf) && p < q * (b - xf))
			{
				golden = false;
				rat = p / q;
				x = xf + rat;
				if (x - a < tol2 || b - x < tol2)
					rat = tol1 * Sign(xm - xf);
			}
		}
		if (golden)
		{
			e = xf >= xm ? a - xf : b - xf;
			rat = golden_mean * e;
		}
		x = xf + Sign(rat) * fmax(fabs(rat), tol1);
		fu = NegativeLogLikelihood(likelihood, x);
		evaluations++;

		if (fu <= fx)
		{
			if (x >= xf)
				a = xf;
			else
				b = xf;
			fulc = nfc, ffulc = fnfc;
			nfc = xf, fnfc = fx;
			xf = x, fx = fu;
		}
		else
		{
			if (x < xf)
				a = x;
			else
				b = x;
			if (fu <= fnfc || nfc == xf)
			{
				fulc = nfc, ffulc = fnfc;
				nfc = x, fnfc = fu;
			}
			else if (fu <= ffulc || fulc == xf || fulc == nfc)
				fulc = x, ffulc = fu;
		}
		xm = 0.5 * (a + b);
		tol1 = sqrt_eps * fabs(xf) + TOLERANCE / 3.0;
		tol2 = 2.0 * tol1;
	}
	return isfinite(fx) ? xf : NAN;
}

/*
 * Between which lambda can no value, nor one HEADROOM times as large,
 * transform to more than float8 holds?  See scipy/scipy#18852.
 */
static void
YeoJohnsonBounds(const Moments *moments, double *low, double *high)
{
	double		log1p_most = RoundedLog1p(HEADROOM * fmax(fabs(moments->min), fabs(moments->max)));

	*low = LOG_LEAST / log1p_most;
	*high = LOG_MOST / log1p_most;
	if (moments->max < 0)
	{
		double		mirrored = 2.0 - *high;

		*high = 2.0 - *low;
		*low = mirrored;
	}
	else if (moments->min < 0)
	{
		double		mirrored = 2.0 - *high;

		*high = fmin(2.0 - *low, *high);
		*low = fmax(mirrored, *low);
	}
}

/*
 * scipy.stats.boxcox_normmax has none.  These are where a value itself would
 * transform to more than float8 holds; deviations need no room, being exact.
 * Values about 1, or far from 0 for their spread, may have lambdas that large.
 */
static void
BoxCoxBounds(const Moments *moments, double *low, double *high)
{
	double		log_most = fmax(fabs(RoundedLog(moments->max)), fabs(RoundedLog(moments->min)));

	*low = -LOG_DOUBLE_MAX / log_most;
	*high = LOG_DOUBLE_MAX / log_most;
}

bool
FitLambda(Evidence *evidence, QuestionKind kind, double *lambda)
{
	Question	logs = {.kind = kind == ASK_BOX_COX ? ASK_LOGS : ASK_SIGNED_LOGS};
	Likelihood	likelihood = {evidence, kind, 0, false};
	Answer		answer;
	double		low;
	double		high;

	*lambda = NAN;
	if (!Ask(evidence, &logs, &answer))
		likelihood.pending = true;
	else
		likelihood.logs = MomentsSum(answer.moments);
	if (kind == ASK_BOX_COX)
		BoxCoxBounds(evidence->moments, &low, &high);
	else
		YeoJohnsonBounds(evidence->moments, &low, &high);
	*lambda = MinimizeBounded(&likelihood, low, high);
	return !likelihood.pending;
}
