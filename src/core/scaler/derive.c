/*
 * derive.c
 *		Deriving the parameters of each method from values: from exact moments and order statistics.
 *
 * The arithmetic on these is scikit-learn's (sklearn/preprocessing/_data.py), operation by
 * operation; only the moments themselves are more exact.  To add a method, begin with method.c and
 * the checklist in CONTRIBUTING.md.
 */
#include "core/scaler/derive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/elementary.h"
#include "core/base/memory.h"
#include "core/scaler/power_fit.h"
#include "core/scaler/quantile_map.h"

#define INTERRUPT_EVERY		256 /* number of quantiles */
#define DECIMAL_MOST	308		/* 10^308 is the largest power of ten that is a float8 */

#define DEFAULT_QUANTILES	1000

/* Return the values of an option of the method. */
static double *
OptionValues(const DeriveInput *input, const MethodOption *option)
{
	return input->option + MethodOptionPlace(input->method, option);
}

static double
GivenOption(const DeriveInput *input, const MethodOption *option)
{
	return *OptionValues(input, option);
}

/* Return the scale.  A scale of exactly zero marks a constant feature, and becomes 1. */
static double
NonzeroScale(double scale, Derived *derived)
{
	derived->constant = scale == 0;
	return derived->constant ? 1.0 : scale;
}

static bool
HasOneValue(const DeriveInput *input)
{
	return input->moments->min == input->moments->max;
}

static double
Mean(const DeriveInput *input)
{
	return input->weighted ? WeightedMean(input->weighted) : MomentsMean(input->moments);
}

/* Return whether there are no values although the options need something that is derived from them. */
static bool
LacksValues(const DeriveInput *input, bool needed)
{
	return needed && input->moments->count == 0;
}

DeriveResult
DeriveStandard(const DeriveInput *input, Derived *derived)
{
	bool		with_mean = GivenOption(input, &option_with_mean) != 0;
	bool		with_std = GivenOption(input, &option_with_std) != 0;
	int			ddof = (int) GivenOption(input, &option_ddof);
	double	   *param = derived->param;

	if (LacksValues(input, with_mean || with_std))
		return DERIVE_NO_VALUES;
	derived->constant = HasOneValue(input);
	if (with_mean)
		*param++ = Mean(input);
	*param = 1.0;
	if (with_std && !derived->constant)
		*param = input->weighted ? WeightedDeviation(input->weighted) : MomentsDeviation(input->moments, ddof);
	return DERIVE_OK;
}

/* MinMaxScaler: scale_ = (high - low) / (data_max_ - data_min_), min_ = low - data_min_ * scale_ */
DeriveResult
DeriveMinMax(const DeriveInput *input, Derived *derived)
{
	const double *to = OptionValues(input, &option_feature_range);
	double		range = NonzeroScale(input->moments->max - input->moments->min, derived);
	double		scale = (to[1] - to[0]) / range;

	derived->param[0] = scale;
	derived->param[1] = to[0] - input->moments->min * scale;
	return DERIVE_OK;
}

/* Return the scale of MaxAbsScaler, max |x|. */
static double
LargestMagnitude(const Moments *moments)
{
	return fmax(fabs(moments->min), fabs(moments->max));
}

DeriveResult
DeriveMaxAbs(const DeriveInput *input, Derived *derived)
{
	derived->param[0] = NonzeroScale(LargestMagnitude(input->moments), derived);
	return DERIVE_OK;
}

/* RobustScaler: center_ = median, scale_ = difference of two percentiles */
DeriveResult
DeriveRobust(const DeriveInput *input, Derived *derived)
{
	bool		with_centering = GivenOption(input, &option_with_centering) != 0;
	bool		with_scaling = GivenOption(input, &option_with_scaling) != 0;
	const double *range = OptionValues(input, &option_quantile_range);
	bool		unit_variance = GivenOption(input, &option_unit_variance) != 0;
	double	   *param = derived->param;

	if (LacksValues(input, with_centering || with_scaling))
		return DERIVE_NO_VALUES;
	if (with_centering)
		*param++ = EvidenceMedian(input->evidence);
	*param = 1.0;
	derived->constant = HasOneValue(input);
	if (with_scaling)
	{
		double		upper = EvidencePercentile(input->evidence, range[1]);
		double		lower = EvidencePercentile(input->evidence, range[0]);

		*param = NonzeroScale(upper - lower, derived);
		if (unit_variance)
			*param /= NormalQuantile(range[1] / 100.0) - NormalQuantile(range[0] / 100.0);
	}
	return DERIVE_OK;
}

/*
 * The median, and the median distance from it times option "factor".
 *
 * The default factor makes it the deviation of normally distributed values (1.4826, as in R's mad() and
 * Vertica); 1 gives SAP HANA's median absolute deviation.
 */
DeriveResult
DeriveMad(const DeriveInput *input, Derived *derived)
{
	bool		with_centering = GivenOption(input, &option_with_centering) != 0;
	bool		with_scaling = GivenOption(input, &option_with_scaling) != 0;
	double		factor = GivenOption(input, &option_factor);
	double		median = 0.0;
	double	   *param = derived->param;

	if (LacksValues(input, with_centering || with_scaling))
		return DERIVE_NO_VALUES;
	if (with_centering || with_scaling)
		median = EvidenceMedian(input->evidence);
	if (with_centering)
		*param++ = median;
	*param = 1.0;
	derived->constant = HasOneValue(input);
	if (with_scaling)
	{
		double		distance = EvidenceMedianDistance(input->evidence, median);

		derived->constant = distance == 0;
		*param = derived->constant ? 1.0 : factor * distance;
	}
	return DERIVE_OK;
}

/* The mean and the mean distance from it, each rounded once (SAP HANA). */
DeriveResult
DeriveMeanAbs(const DeriveInput *input, Derived *derived)
{
	double		mean = MomentsMean(input->moments);
	bool		in_cells = EvidenceIsOfCells(input->evidence);
	Question	question = {.kind = ASK_FROM, .argument = MomentsMeanCeiling(input->moments)};
	Answer		answer;

	/* a cell that contains the mean does not tell how many of its values are on which side */
	if (in_cells)
		question = (Question) {.kind = ASK_DISTANCES, .argument = mean};
	if (!Ask(input->evidence, &question, &answer))
		return DERIVE_PENDING;
	derived->constant = HasOneValue(input);
	derived->param[0] = mean;
	derived->param[1] = 1.0;
	if (!derived->constant)
		derived->param[1] =
			in_cells ? MomentsMean(answer.moments) : MomentsMeanDistance(input->moments, answer.moments);
	return DERIVE_OK;
}

/* Return (a + b) / 2, rounded once.  Halving first would round subnormals; halving last might overflow. */
static double
HalfSum(double a, double b)
{
	double		sum = a + b;

	return isfinite(sum) ? sum * 0.5 : a * 0.5 + b * 0.5;
}

/* Teradata: ((max + min) / 2, (max - min) / 2) */
DeriveResult
DeriveMidrange(const DeriveInput *input, Derived *derived)
{
	derived->param[0] = HalfSum(input->moments->max, input->moments->min);
	derived->constant = HasOneValue(input);
	derived->param[1] = derived->constant ? 1.0 : HalfSum(input->moments->max, -input->moments->min);
	return DERIVE_OK;
}

/* Teradata: (mean, 1) */
DeriveResult
DeriveMean(const DeriveInput *input, Derived *derived)
{
	derived->constant = HasOneValue(input);
	derived->param[0] = Mean(input);
	derived->param[1] = 1.0;
	return DERIVE_OK;
}

/* Teradata: (0, sum) */
DeriveResult
DeriveSum(const DeriveInput *input, Derived *derived)
{
	double		sum = input->weighted ? WeightedSum(input->weighted) : MomentsSum(input->moments);

	derived->param[0] = NonzeroScale(sum, derived);
	return DERIVE_OK;
}

/* Decimal scaling: the least power of ten, from 1 on, by which every |x| is divided below 1. */
DeriveResult
DeriveDecimal(const DeriveInput *input, Derived *derived)
{
	double		largest = LargestMagnitude(input->moments);
	double		scale = 1.0;
	char		digits[32];

	/* literals, because a product of tens is not exact above 1e22 */
	for (int exponent = 1; largest >= scale && exponent <= DECIMAL_MOST; exponent++)
	{
		snprintf(digits, sizeof(digits), "1e%d", exponent);
		scale = strtod(digits, NULL);
	}
	derived->constant = largest == 0;
	derived->param[0] = largest >= scale ? INFINITY : scale;
	return DERIVE_OK;
}

DeriveResult
DeriveQuantile(const DeriveInput *input, Derived *derived)
{
	int64_t		count = input->moments->count;
	bool		finite = true;
	double	   *quantiles = OptionValues(input, &option_n_quantiles);
	int			n;

	if (*quantiles <= 0)
	{
		double		most = *quantiles == 0 ? DEFAULT_QUANTILES : -*quantiles;

		*quantiles = count == 0 ? 1 : fmin((double) count, most);
	}
	if (LacksValues(input, true))
		return DERIVE_NO_VALUES;
	if ((double) count < *quantiles)
		return DERIVE_FEWER_THAN_QUANTILES;
	n = (int) *quantiles;
	derived->constant = HasOneValue(input);
	derived->table.length = (uint32_t) n;
	derived->table.values = CoreAlloc(sizeof(double) * n);
	PrepareForRanks(input->evidence);
	for (int k = 0; k < n; k++)
	{
		double		quantile;

		if (k % INTERRUPT_EVERY == 0)
			CoreCheckInterrupts();
		quantile = EvidencePercentile(input->evidence, ReferenceProbability(k, n) * 100.0);

		/* numpy's interpolation may step back by a unit in the last place */
		if (k > 0 && quantile < derived->table.values[k - 1])
			quantile = derived->table.values[k - 1];
		finite = finite && isfinite(quantile);
		derived->table.values[k] = CanonicalZero(quantile);
	}
	/* differences of values may overflow in the interpolation */
	if (!finite && !EvidenceIsPending(input->evidence))
		return DERIVE_NOT_FINITE;
	return DERIVE_OK;
}

static DeriveResult
DeriveLambda(const DeriveInput *input, Derived *derived)
{
	LambdaFit	fit;

	if (input->lambda)
	{
		derived->param[0] = *input->lambda;
		return DERIVE_OK;
	}
	fit = FitLambda(input->evidence, GivenOption(input, &option_power) != 0 ? POWER_BOX_COX : POWER_YEO_JOHNSON,
					input->bounded);
	derived->param[0] = fit.lambda;
	derived->step = fit.step;
	switch (fit.outcome)
	{
		case LAMBDA_PENDING:
			return DERIVE_PENDING;
		case LAMBDA_OVERFLOWS:
			return DERIVE_OVERFLOWS;
		case LAMBDA_COLLAPSES:
			return DERIVE_COLLAPSES;
		case LAMBDA_FOUND:
			break;
	}
	return DERIVE_OK;
}

DeriveResult
DerivePower(const DeriveInput *input, Derived *derived)
{
	bool		box_cox = GivenOption(input, &option_power) != 0;
	bool		standardize = GivenOption(input, &option_standardize) != 0;
	Question	question = {.kind = box_cox ? ASK_BOX_COX : ASK_YEO_JOHNSON};
	Answer		answer;

	derived->constant = HasOneValue(input);
	if (box_cox && input->moments->min <= 0)
		return DERIVE_NOT_POSITIVE;
	if (box_cox && derived->constant)
		return DERIVE_SINGULAR;
	derived->param[0] = 1.0;	/* subtracting 0 leaves the values of a constant feature as they are */
	derived->param[1] = 0.0;
	derived->param[2] = 1.0;
	if (!derived->constant)
	{
		DeriveResult result = DeriveLambda(input, derived);

		if (result != DERIVE_OK)
			return result;
	}
	if (!standardize)
		return DERIVE_OK;
	/* from the values that the scaler computes when it is applied, with their rounding */
	question.argument = CanonicalZero(derived->param[0]);
	if (!Ask(input->evidence, &question, &answer))
		return DERIVE_PENDING;
	derived->param[1] = MomentsMean(answer.moments);
	if (answer.moments->min != answer.moments->max)
		derived->param[2] = MomentsDeviation(answer.moments, 0);
	return DERIVE_OK;
}

DeriveResult
DeriveLog1p(const DeriveInput *input, Derived *derived)
{
	derived->constant = HasOneValue(input);
	derived->least = -1.0;
	return input->moments->min > derived->least ? DERIVE_OK : DERIVE_NOT_POSITIVE;
}

/* ---- methods without parameters to derive ---- */

/* The parameters are options.  With the defaults, values stay as they are. */
DeriveResult
DeriveAffine(const DeriveInput *input, Derived *derived)
{
	derived->constant = HasOneValue(input);
	derived->param[0] = 0.0;
	derived->param[1] = 1.0;
	return DERIVE_OK;
}

DeriveResult
DeriveNothing(const DeriveInput *input, Derived *derived)
{
	derived->constant = HasOneValue(input);
	return DERIVE_OK;
}

/* ---- location and scale ---- */

void
LocationAndScale(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	*location = derived->param[0];
	*scale = derived->param[1];
}

void
ScaleAlone(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	*location = 0.0;
	*scale = derived->param[0];
}

void
LocationIfCentered(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	/* the option that chooses the formula tells whether there is a center */
	if (GivenOption(input, input->method->chooser) != 0)
		LocationAndScale(input, derived, location, scale);
	else
		ScaleAlone(input, derived, location, scale);
}

/* Teradata's RANGE: (min, max - min) */
void
LocationOfMinMax(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	*location = input->moments->min;
	*scale = derived->constant ? 1.0 : input->moments->max - input->moments->min;
}

void
NoLocationNorScale(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	(void) derived;
	*location = 0.0;
	*scale = 1.0;
}
