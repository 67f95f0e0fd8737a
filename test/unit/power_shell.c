/*
 * power_shell.c
 *		A line-oriented shell around the fit of a power transformation, for
 *		test/unit/power.py, with an oracle that shares no code with it: the
 *		derivative of the log-likelihood as it is written in a book, by MPFR
 *		with so many bits that nothing cancels.
 *
 * Numbers are hexadecimal bits; FAMILY is y or b.
 *
 *	values N BITS...					-> the column that the rest is about
 *	fit FAMILY BOUNDED					-> outcome, lambda, step, evaluations, the same from cells, from merged parts
 *	sign FAMILY LAMBDA					-> sign of the derivative of the log-likelihood
 *	step FAMILY LAMBDA					-> distinct results, and their smallest positive distance in deviations
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

#include "core/scaler/evidence.h"
#include "core/base/memory.h"
#include "core/scaler/power_fit.h"
#include "core/scaler/power_transform.h"

#define PRECISION	800

static double *values;
static int	nvalues;

static PowerFamily
ReadFamily(void)
{
	char		family;

	if (scanf(" %c", &family) != 1)
		exit(1);
	return family == 'b' ? POWER_BOX_COX : POWER_YEO_JOHNSON;
}

static double
ReadDouble(void)
{
	uint64_t	bits;

	if (scanf("%" SCNx64, &bits) != 1)
		exit(1);
	return BitsDouble(bits);
}

static void
ReadValues(void)
{
	if (scanf("%d", &nvalues) != 1)
		exit(1);
	free(values);
	values = malloc(sizeof(double) * nvalues);
	for (int i = 0; i < nvalues; i++)
		values[i] = ReadDouble();
}

/* ---- the fit ---- */

static LambdaFit
FitFromStore(const Moments *moments, PowerFamily family, bool bounded)
{
	ValueStore	store = {0};
	Evidence	evidence = {.moments = moments, .store = &store};
	LambdaFit	fit;

	for (int i = 0; i < nvalues; i++)
		ValueStoreAdd(&store, values[i]);
	fit = FitLambda(&evidence, family, bounded);
	free(store.keys);
	return fit;
}

/* Every cell holds one value, some of them many times. */
static LambdaFit
FitFromCells(const Moments *moments, PowerFamily family, bool bounded, bool *exact)
{
	Histogram	histogram;
	Evidence	evidence = {.moments = moments, .histogram = &histogram};
	LambdaFit	fit = {0};

	HistogramInit(&histogram, HISTOGRAM_MAX_SIZE);
	for (int i = 0; i < nvalues; i++)
		HistogramAdd(&histogram, values[i]);
	HistogramCanonicalize(&histogram);
	*exact = HistogramIsExact(&histogram);
	if (*exact)
		fit = FitLambda(&evidence, family, bounded);
	HistogramFree(&histogram);
	return fit;
}

/* As passes answer: in parts, last values first, that are merged. */
static LambdaFit
FitFromParts(const Moments *moments, PowerFamily family, bool bounded, int *evaluations)
{
	Inquiry		inquiry = {0};
	Evidence	evidence = {.moments = moments, .inquiry = &inquiry};
	LambdaFit	fit;

	*evaluations = 0;
	while ((fit = FitLambda(&evidence, family, bounded)).outcome == LAMBDA_PENDING && ++*evaluations < 1000)
	{
		Question	question = inquiry.pending[0];
		Answer		answer = {0};
		PowerFrame	frame;

		PowerFrameInit(&frame, PowerFamilyOf(question.kind), question.argument, question.low, question.high);
		for (int part = 0; part < 3; part++)
		{
			PowerSums	sums = {0};

			for (int i = nvalues - 1; i >= 0; i--)
				if (i % 3 == part)
					PowerSumsAdd(&sums, &frame, values[i], 1);
			PowerSumsMerge(&answer.power, &sums);
		}
		inquiry.npending = 0;
		InquiryLearn(&inquiry, &question, &answer);
	}
	free(inquiry.known);
	free(inquiry.answers);
	free(inquiry.slots);
	free(inquiry.pending);
	return fit;
}

static bool
SameFit(const LambdaFit *a, const LambdaFit *b)
{
	return a->outcome == b->outcome && DoubleBits(a->lambda) == DoubleBits(b->lambda) &&
		DoubleBits(a->step) == DoubleBits(b->step);
}

static void
Fit(void)
{
	PowerFamily family = ReadFamily();
	bool		bounded = ReadDouble() != 0;
	Moments		moments;
	LambdaFit	fit;
	LambdaFit	cells;
	LambdaFit	parts;
	bool		exact;
	int			evaluations;

	MomentsInit(&moments);
	for (int i = 0; i < nvalues; i++)
		MomentsAddFinite(&moments, DoubleBits(values[i]));
	fit = FitFromStore(&moments, family, bounded);
	cells = FitFromCells(&moments, family, bounded, &exact);
	parts = FitFromParts(&moments, family, bounded, &evaluations);
	printf("%d %016" PRIx64 " %016" PRIx64 " %d %d %d\n", fit.outcome, DoubleBits(fit.lambda), DoubleBits(fit.step), evaluations,
		   !exact || SameFit(&fit, &cells), SameFit(&fit, &parts));
	MomentsFree(&moments);
}

/* ---- the oracle ---- */

/* log |dy/dx| / |lambda - 1| */
static void
LogOfJacobian(PowerFamily family, double x, mpfr_t jacobian)
{
	mpfr_set_d(jacobian, fabs(x), MPFR_RNDN);
	if (family == POWER_YEO_JOHNSON)
		mpfr_add_ui(jacobian, jacobian, 1, MPFR_RNDN);
	mpfr_log(jacobian, jacobian, MPFR_RNDN);
}

/* y and dy/dlambda of x, whose Jacobian is divided by `center`: a change of units, if all values have one sign */
static void
Transform(PowerFamily family, double x, mpfr_t center, mpfr_t lambda, mpfr_t jacobian, mpfr_t y, mpfr_t w)
{
	mpfr_t		e;
	mpfr_t		power;
	bool		negative = family == POWER_YEO_JOHNSON && x < 0;

	mpfr_inits2(PRECISION, e, power, (mpfr_ptr) 0);
	LogOfJacobian(family, x, jacobian);
	mpfr_sub(jacobian, jacobian, center, MPFR_RNDN);
	mpfr_set(e, lambda, MPFR_RNDN);
	if (negative)
		mpfr_ui_sub(e, 2, e, MPFR_RNDN);
	mpfr_mul(power, e, jacobian, MPFR_RNDN);
	mpfr_exp(power, power, MPFR_RNDN);
	mpfr_sub_ui(y, power, 1, MPFR_RNDN);
	mpfr_div(y, y, e, MPFR_RNDN);
	mpfr_mul(w, power, jacobian, MPFR_RNDN);
	mpfr_sub(w, w, y, MPFR_RNDN);
	mpfr_div(w, w, e, MPFR_RNDN);
	if (negative)
	{
		mpfr_neg(y, y, MPFR_RNDN);
		mpfr_neg(jacobian, jacobian, MPFR_RNDN);
	}
	mpfr_clears(e, power, (mpfr_ptr) 0);
}

static void
Sign(void)
{
	PowerFamily family = ReadFamily();
	mpfr_t		lambda;
	mpfr_t		center;
	mpfr_t		jacobian;
	mpfr_t		y;
	mpfr_t		w;
	mpfr_t		sums[5];		/* of the Jacobian's logarithms, y, w, y^2, y w */
	bool		both_signs = false;

	mpfr_inits2(PRECISION, lambda, center, jacobian, y, w, (mpfr_ptr) 0);
	for (int i = 1; i < nvalues; i++)
		both_signs |= (values[i] < 0) != (values[0] < 0);
	mpfr_set_zero(center, 1);
	if (!both_signs)
		LogOfJacobian(family, values[0], center);
	mpfr_set_d(lambda, ReadDouble(), MPFR_RNDN);
	/* a hair beside 0 and 2, where the formulas divide by it */
	if (mpfr_zero_p(lambda))
		mpfr_set_ui_2exp(lambda, 1, -1000, MPFR_RNDN);
	if (mpfr_cmp_ui(lambda, 2) == 0)
		mpfr_nextabove(lambda);
	for (int k = 0; k < 5; k++)
	{
		mpfr_init2(sums[k], PRECISION);
		mpfr_set_zero(sums[k], 1);
	}
	for (int i = 0; i < nvalues; i++)
	{
		Transform(family, values[i], center, lambda, jacobian, y, w);
		mpfr_add(sums[0], sums[0], jacobian, MPFR_RNDN);
		mpfr_add(sums[1], sums[1], y, MPFR_RNDN);
		mpfr_add(sums[2], sums[2], w, MPFR_RNDN);
		mpfr_mul(w, w, y, MPFR_RNDN);
		mpfr_add(sums[4], sums[4], w, MPFR_RNDN);
		mpfr_sqr(y, y, MPFR_RNDN);
		mpfr_add(sums[3], sums[3], y, MPFR_RNDN);
	}
	/* sums[0] - n (n [4] - [1][2]) / (n [3] - [1]^2) */
	mpfr_mul(sums[2], sums[2], sums[1], MPFR_RNDN);
	mpfr_sqr(sums[1], sums[1], MPFR_RNDN);
	mpfr_mul_ui(sums[4], sums[4], nvalues, MPFR_RNDN);
	mpfr_mul_ui(sums[3], sums[3], nvalues, MPFR_RNDN);
	mpfr_sub(sums[4], sums[4], sums[2], MPFR_RNDN);
	mpfr_sub(sums[3], sums[3], sums[1], MPFR_RNDN);
	mpfr_div(sums[4], sums[4], sums[3], MPFR_RNDN);
	mpfr_mul_ui(sums[4], sums[4], nvalues, MPFR_RNDN);
	mpfr_sub(sums[0], sums[0], sums[4], MPFR_RNDN);
	printf("%d\n", mpfr_sgn(sums[0]));
	for (int k = 0; k < 5; k++)
		mpfr_clear(sums[k]);
	mpfr_clears(lambda, center, jacobian, y, w, (mpfr_ptr) 0);
}

/* ---- what apply makes of it ---- */

static int
CompareDoubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

static void
Step(void)
{
	PowerFamily family = ReadFamily();
	double		lambda = ReadDouble();
	double	   *y = malloc(sizeof(double) * nvalues);
	Moments		moments;
	int			distinct = nvalues > 0;
	double		least = INFINITY;

	MomentsInit(&moments);
	for (int i = 0; i < nvalues; i++)
	{
		y[i] = family == POWER_BOX_COX ? BoxCox(values[i], lambda) : YeoJohnson(values[i], lambda);
		MomentsAddFinite(&moments, DoubleBits(y[i]));
	}
	qsort(y, nvalues, sizeof(double), CompareDoubles);
	for (int i = 1; i < nvalues; i++)
		if (y[i] != y[i - 1])
		{
			distinct++;
			least = fmin(least, y[i] - y[i - 1]);
		}
	least /= MomentsDeviation(&moments, 0);
	printf("%d %016" PRIx64 "\n", distinct, DoubleBits(least));
	MomentsFree(&moments);
	free(y);
}

int
main(void)
{
	char		command[16];

	while (scanf("%15s", command) == 1)
	{
		if (strcmp(command, "values") == 0)
			ReadValues();
		else if (strcmp(command, "fit") == 0)
			Fit();
		else if (strcmp(command, "sign") == 0)
			Sign();
		else if (strcmp(command, "step") == 0)
			Step();
		else
			return 1;
		fflush(stdout);
	}
	free(values);
	return 0;
}
