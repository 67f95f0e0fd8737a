/*
 * method.c
 *		The table of methods.
 *
 * A method is a row of methods[]: its options, its formula, and how its
 * parameters come from exact moments and order statistics.  Arithmetic on
 * them is scikit-learn's (sklearn/preprocessing/_data.py), operation by
 * operation; only the moments themselves are better.
 */
#include "core/scaler/method.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/scaler/power_fit.h"
#include "core/scaler/quantile_map.h"
#include "core/base/elementary.h"

#define INTERRUPT_EVERY		256 /* quantiles */
#define DECIMAL_MOST	308		/* of ten, the largest power that is a float8 */

/* ---- options ---- */

static const char *const distribution_choices[] = {"uniform", "normal", NULL};
static const char *const power_choices[] = {"yeo-johnson", "box-cox", NULL};

static const MethodOption option_with_mean = {"with_mean", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
static const MethodOption option_with_std = {"with_std", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
static const MethodOption option_ddof = {"ddof", OPTION_INTEGER, {0, 0}, 0, 1, false, NULL};
static const MethodOption option_feature_range = {"feature_range", OPTION_INTERVAL, {0, 1}, -1e300, 1e300, true, NULL};
static const MethodOption option_clip = {"clip", OPTION_BOOLEAN, {0, 0}, 0, 1, false, NULL};
static const MethodOption option_with_centering = {"with_centering", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
static const MethodOption option_with_scaling = {"with_scaling", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
static const MethodOption option_quantile_range = {"quantile_range", OPTION_INTERVAL, {25, 75}, 0, 100, false, NULL};
static const MethodOption option_unit_variance = {"unit_variance", OPTION_BOOLEAN, {0, 0}, 0, 1, false, NULL};
static const MethodOption option_factor = {"factor", OPTION_NUMBER, {1.4826, 0}, 1e-300, 1e300, false, NULL};
static const MethodOption option_power = {"method", OPTION_CHOICE, {0, 0}, 0, 1, false, power_choices};
static const MethodOption option_standardize = {"standardize", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
static const MethodOption option_output = {"output_distribution", OPTION_CHOICE, {0, 0}, 0, 1, false, distribution_choices};

/*
 * Not above zero, which only stands for a fit that is still to come, it is as
 * many as there are values: at most DEFAULT_QUANTILES if 0, else at most its
 * magnitude.
 */
static const MethodOption option_n_quantiles = {"n_quantiles", OPTION_INTEGER, {0, 0}, 1, 100000, false, NULL};

#define DEFAULT_QUANTILES	1000

/* ---- parameters ---- */

/* A scale of exactly zero marks a constant feature and becomes 1. */
static double
NonzeroScale(double scale, Derived *derived)
{
	derived->constant = scale == 0;
	return derived->constant ? 1.0 : scale;
}

static bool
IsConstant(const DeriveInput *input)
{
	return input->moments->min == input->moments->max;
}

/* Is there still something to find out? */
static bool
EvidenceIsPending(const Evidence *evidence)
{
	return evidence && evidence->inquiry && evidence->inquiry->npending > 0;
}

static double
Mean(const DeriveInput *input)
{
	return input->weighted ? WeightedMean(input->weighted) : MomentsMean(input->moments);
}

/* Has it no values, and do options ask for what follows from them? */
static bool
LacksValues(const DeriveInput *input, bool needed)
{
	return needed && input->moments->count == 0;
}

/* Formulas that do not depend on options. */

static const Formula *
FormulaSubtractDivide(const double *option)
{
	(void) option;
	return &formula_subtract_divide;
}

static const Formula *
FormulaDivide(const double *option)
{
	(void) option;
	return &formula_divide;
}

/* StandardScaler: mean_, and scale_ = sqrt(var_) */
static const Formula *
FormulaOfStandard(const double *option)
{
	return option[0] != 0 ? &formula_subtract_divide_cast : &formula_divide_cast;
}

static DeriveResult
DeriveStandard(const DeriveInput *input, Derived *derived)
{
	bool		with_mean = input->option[0] != 0;
	bool		with_std = input->option[1] != 0;
	int			ddof = (int) input->option[2];
	double	   *param = derived->param;

	if (LacksValues(input, with_mean || with_std))
		return DERIVE_NO_VALUES;
	derived->constant = IsConstant(input);
	if (with_mean)
		*param++ = Mean(input);
	*param = 1.0;
	if (with_std && !derived->constant)
		*param = input->weighted ? WeightedDeviation(input->weighted) : MomentsDeviation(input->moments, ddof);
	return DERIVE_OK;
}

static const Formula *
FormulaOfMinMax(const double *option)
{
	(void) option;
	return &formula_multiply_add;
}

/* MinMaxScaler: scale_ = (high - low) / (data_max_ - data_min_), min_ = low - data_min_ * scale_ */
static DeriveResult
DeriveMinMax(const DeriveInput *input, Derived *derived)
{
	double		low = input->option[0];
	double		high = input->option[1];
	double		range = NonzeroScale(input->moments->max - input->moments->min, derived);
	double		scale = (high - low) / range;

	derived->param[0] = scale;
	derived->param[1] = low - input->moments->min * scale;
	return DERIVE_OK;
}

/* MaxAbsScaler: scale_ = max |x| */
static double
LargestMagnitude(const Moments *moments)
{
	return fmax(fabs(moments->min), fabs(moments->max));
}

static DeriveResult
DeriveMaxAbs(const DeriveInput *input, Derived *derived)
{
	derived->param[0] = NonzeroScale(LargestMagnitude(input->moments), derived);
	return DERIVE_OK;
}

static const Formula *
FormulaOfRobust(const double *option)
{
	return option[0] != 0 ? &formula_subtract_divide : &formula_divide;
}

/* RobustScaler: center_ = median, scale_ = difference of two percentiles */
static DeriveResult
DeriveRobust(const DeriveInput *input, Derived *derived)
{
	bool		with_centering = input->option[0] != 0;
	bool		with_scaling = input->option[1] != 0;
	double		low = input->option[2];
	double		high = input->option[3];
	bool		unit_variance = input->option[4] != 0;
	double	   *param = derived->param;

	if (LacksValues(input, with_centering || with_scaling))
		return DERIVE_NO_VALUES;
	if (with_centering)
		*param++ = EvidenceMedian(input->evidence);
	*param = 1.0;
	derived->constant = IsConstant(input);
	if (with_scaling)
	{
		double		upper = EvidencePercentile(input->evidence, high);
		double		lower = EvidencePercentile(input->evidence, low);

		*param = NonzeroScale(upper - lower, derived);
		if (unit_variance)
			*param /= NormalQuantile(high / 100.0) - NormalQuantile(low / 100.0);
	}
	return DERIVE_OK;
}

/*
 * The median, and the median distance from it times a factor that makes it
 * the deviation of normally distributed values (1.4826, as in R's mad() and
 * Vertica; 1 gives SAP HANA's median absolute deviation).
 */
static DeriveResult
DeriveMad(const DeriveInput *input, Derived *derived)
{
	bool		with_centering = input->option[0] != 0;
	bool		with_scaling = input->option[1] != 0;
	double		factor = input->option[2];
	double		median = 0.0;
	double	   *param = derived->param;

	if (LacksValues(input, with_centering || with_scaling))
		return DERIVE_NO_VALUES;
	if (with_centering || with_scaling)
		median = EvidenceMedian(input->evidence);
	if (with_centering)
		*param++ = median;
	*param = 1.0;
	derived->constant = IsConstant(input);
	if (with_scaling)
	{
		double		distance = EvidenceMedianDistance(input->evidence, median);

		derived->constant = distance == 0;
		*param = derived->constant ? 1.0 : factor * distance;
	}
	return DERIVE_OK;
}

/* The mean and the mean distance from it, each rounded once (SAP HANA). */
static DeriveResult
DeriveMeanAbs(const DeriveInput *input, Derived *derived)
{
	double		mean = MomentsMean(input->moments);
	bool		in_cells = EvidenceIsOfCells(input->evidence);
	Question	question = {.kind = ASK_FROM, .argument = MomentsMeanCeiling(input->moments)};
	Answer		answer;

	/* cells do not tell what lies on which side of the mean exactly */
	if (in_cells)
		question = (Question) {.kind = ASK_DISTANCES, .argument = mean};
	if (!Ask(input->evidence, &question, &answer))
		return DERIVE_PENDING;
	derived->constant = IsConstant(input);
	derived->param[0] = mean;
	derived->param[1] = 1.0;
	if (!derived->constant)
		derived->param[1] = in_cells ? MomentsMean(answer.moments) : MomentsMeanDistance(input->moments, answer.moments);
	return DERIVE_OK;
}

/* (a + b) / 2, rounded once: halving first would round subnormals, halving last might overflow. */
static double
HalfSum(double a, double b)
{
	double		sum = a + b;

	return isfinite(sum) ? sum * 0.5 : a * 0.5 + b * 0.5;
}

/* Teradata: ((max + min) / 2, (max - min) / 2) */
static DeriveResult
DeriveMidrange(const DeriveInput *input, Derived *derived)
{
	derived->param[0] = HalfSum(input->moments->max, input->moments->min);
	derived->constant = IsConstant(input);
	derived->param[1] = derived->constant ? 1.0 : HalfSum(input->moments->max, -input->moments->min);
	return DERIVE_OK;
}

/* Teradata: (mean, 1) */
static DeriveResult
DeriveMean(const DeriveInput *input, Derived *derived)
{
	derived->constant = IsConstant(input);
	derived->param[0] = Mean(input);
	derived->param[1] = 1.0;
	return DERIVE_OK;
}

/* Teradata: (0, sum) */
static DeriveResult
DeriveSum(const DeriveInput *input, Derived *derived)
{
	double		sum = input->weighted ? WeightedSum(input->weighted) : MomentsSum(input->moments);

	derived->param[0] = NonzeroScale(sum, derived);
	return DERIVE_OK;
}

/* Decimal scaling: the least power of ten, from 1 on, by which every |x| is divided below 1. */
static DeriveResult
DeriveDecimal(const DeriveInput *input, Derived *derived)
{
	double		largest = LargestMagnitude(input->moments);
	double		scale = 1.0;
	char		digits[32];

	/* literals, since the exact product of tens is no float8 above 1e22 */
	for (int exponent = 1; largest >= scale && exponent <= DECIMAL_MOST; exponent++)
	{
		snprintf(digits, sizeof(digits), "1e%d", exponent);
		scale = strtod(digits, NULL);
	}
	derived->constant = largest == 0;
	derived->param[0] = largest >= scale ? INFINITY : scale;
	return DERIVE_OK;
}

/* QuantileTransformer: quantiles_ */
static const Formula *
FormulaOfQuantile(const double *option)
{
	return option[1] != 0 ? &formula_quantile_normal : &formula_quantile_uniform;
}

static DeriveResult
DeriveQuantile(const DeriveInput *input, Derived *derived)
{
	int64_t		count = input->moments->count;
	bool		finite = true;
	int			n;

	if (input->option[0] <= 0)
	{
		double		most = input->option[0] == 0 ? DEFAULT_QUANTILES : -input->option[0];

		input->option[0] = count == 0 ? 1 : fmin((double) count, most);
	}
	if (LacksValues(input, true))
		return DERIVE_NO_VALUES;
	if ((double) count < input->option[0])
		return DERIVE_FEWER_THAN_QUANTILES;
	n = (int) input->option[0];
	derived->constant = IsConstant(input);
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

/* PowerTransformer: lambdas_, and the mean and deviation of what they transform to */
static const Formula *
FormulaOfPower(const double *option)
{
	return option[0] != 0 ? &formula_box_cox : &formula_yeo_johnson;
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
	fit = FitLambda(input->evidence, input->option[0] != 0 ? POWER_BOX_COX : POWER_YEO_JOHNSON, input->bounded);
	derived->param[0] = fit.lambda;
	derived->step = fit.step;
	switch (fit.verdict)
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

static DeriveResult
DerivePower(const DeriveInput *input, Derived *derived)
{
	bool		box_cox = input->option[0] != 0;
	bool		standardize = input->option[1] != 0;
	Question	question = {.kind = box_cox ? ASK_BOX_COX : ASK_YEO_JOHNSON};
	Answer		answer;

	derived->constant = IsConstant(input);
	if (box_cox && input->moments->min <= 0)
		return DERIVE_NOT_POSITIVE;
	if (box_cox && derived->constant)
		return DERIVE_SINGULAR;
	derived->param[0] = 1.0;	/* which leaves a constant feature as it is */
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
	/* of what is computed when the scaler is applied, rounding and all */
	question.argument = CanonicalZero(derived->param[0]);
	if (!Ask(input->evidence, &question, &answer))
		return DERIVE_PENDING;
	derived->param[1] = MomentsMean(answer.moments);
	if (answer.moments->min != answer.moments->max)
		derived->param[2] = MomentsDeviation(answer.moments, 0);
	return DERIVE_OK;
}

/* numpy.log1p */
static const Formula *
FormulaOfLog1p(const double *option)
{
	(void) option;
	return &formula_log1p;
}

static DeriveResult
DeriveLog1p(const DeriveInput *input, Derived *derived)
{
	derived->constant = IsConstant(input);
	derived->least = -1.0;
	return input->moments->min > derived->least ? DERIVE_OK : DERIVE_NOT_POSITIVE;
}

/* Methods without parameters to derive. */

static const Formula *
FormulaOfIdentity(const double *option)
{
	(void) option;
	return &formula_identity;
}

static const Formula *
FormulaOfL1(const double *option)
{
	(void) option;
	return &formula_norm_l1;
}

static const Formula *
FormulaOfL2(const double *option)
{
	(void) option;
	return &formula_norm_l2;
}

static const Formula *
FormulaOfMax(const double *option)
{
	(void) option;
	return &formula_norm_max;
}

/* Given, not derived: without more, nothing changes. */
static DeriveResult
DeriveAffine(const DeriveInput *input, Derived *derived)
{
	derived->constant = IsConstant(input);
	derived->param[0] = 0.0;
	derived->param[1] = 1.0;
	return DERIVE_OK;
}

static DeriveResult
DeriveNothing(const DeriveInput *input, Derived *derived)
{
	derived->constant = IsConstant(input);
	return DERIVE_OK;
}

/* ---- location and scale ---- */

static void
LocationAndScale(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	*location = derived->param[0];
	*scale = derived->param[1];
}

static void
ScaleAlone(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	*location = 0.0;
	*scale = derived->param[0];
}

static void
LocationIfCentered(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	/* the first option of these methods says whether they have a center */
	if (input->option[0] != 0)
		LocationAndScale(input, derived, location, scale);
	else
		ScaleAlone(input, derived, location, scale);
}

/* Teradata's RANGE: (min, max - min) */
static void
LocationOfMinMax(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	*location = input->moments->min;
	*scale = derived->constant ? 1.0 : input->moments->max - input->moments->min;
}

static void
NoLocationNorScale(const DeriveInput *input, const Derived *derived, double *location, double *scale)
{
	(void) input;
	(void) derived;
	*location = 0.0;
	*scale = 1.0;
}

/* ---- output clipping ---- */

static bool
ClipMinMax(const double *option, double *low, double *high)
{
	*low = option[0];
	*high = option[1];
	return option[2] != 0;
}

static bool
ClipMaxAbs(const double *option, double *low, double *high)
{
	*low = -1.0;
	*high = 1.0;
	return option[0] != 0;
}

/* ---- the table ---- */

/* code, name, formula, needs_values, takes_weights, min_values, options, derive, clip_range, location_scale */
static const Method methods[] = {
	{1, "standard", FormulaOfStandard, false, true, 0,
		{&option_with_mean, &option_with_std, &option_ddof},
	DeriveStandard, NULL, LocationIfCentered},
	{2, "minmax", FormulaOfMinMax, false, true, 1,
		{&option_feature_range, &option_clip},
	DeriveMinMax, ClipMinMax, LocationOfMinMax},
	{3, "maxabs", FormulaDivide, false, true, 1,
		{&option_clip},
	DeriveMaxAbs, ClipMaxAbs, ScaleAlone},
	{4, "robust", FormulaOfRobust, true, false, 0,
		{&option_with_centering, &option_with_scaling, &option_quantile_range, &option_unit_variance},
	DeriveRobust, NULL, LocationIfCentered},
	{5, "identity", FormulaOfIdentity, false, true, 0,
		{NULL},
	DeriveNothing, NULL, NoLocationNorScale},
	{6, "mad", FormulaOfRobust, true, false, 0,
		{&option_with_centering, &option_with_scaling, &option_factor},
	DeriveMad, NULL, LocationIfCentered},
	{7, "meanabs", FormulaSubtractDivide, true, false, 1,
		{NULL},
	DeriveMeanAbs, NULL, LocationAndScale},
	{8, "midrange", FormulaSubtractDivide, false, true, 1,
		{NULL},
	DeriveMidrange, NULL, LocationAndScale},
	{9, "mean", FormulaSubtractDivide, false, true, 1,
		{NULL},
	DeriveMean, NULL, LocationAndScale},
	{10, "sum", FormulaDivide, false, true, 1,
		{NULL},
	DeriveSum, NULL, ScaleAlone},
	{11, "decimal", FormulaDivide, false, true, 1,
		{NULL},
	DeriveDecimal, NULL, ScaleAlone},
	{12, "quantile", FormulaOfQuantile, true, false, 0,
		{&option_n_quantiles, &option_output},
	DeriveQuantile, NULL, NULL},
	{13, "power", FormulaOfPower, true, false, 1,
		{&option_power, &option_standardize},
	DerivePower, NULL, NULL},
	{14, "log1p", FormulaOfLog1p, false, true, 0,
		{NULL},
	DeriveLog1p, NULL, NULL},
	{15, "l1", FormulaOfL1, false, true, 0,
		{NULL},
	DeriveNothing, NULL, NULL},
	{16, "l2", FormulaOfL2, false, true, 0,
		{NULL},
	DeriveNothing, NULL, NULL},
	{17, "max", FormulaOfMax, false, true, 0,
		{NULL},
	DeriveNothing, NULL, NULL},
	{18, "affine", FormulaSubtractDivide, false, true, 0,
		{NULL},
	DeriveAffine, NULL, LocationAndScale},
};

#define NMETHODS	((int) (sizeof(methods) / sizeof(methods[0])))

const Method *
MethodByIndex(int index)
{
	return index >= 0 && index < NMETHODS ? &methods[index] : NULL;
}

const Method *
MethodByCode(uint8_t code)
{
	for (int i = 0; i < NMETHODS; i++)
		if (methods[i].code == code)
			return &methods[i];
	return NULL;
}

const Method *
MethodByName(const char *name)
{
	for (int i = 0; i < NMETHODS; i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

int
MethodOptionWidth(const MethodOption *option)
{
	return option->kind == OPTION_INTERVAL ? 2 : 1;
}

int
MethodValueCount(const Method *method)
{
	int			count = 0;

	for (int i = 0; i < METHOD_MAX_OPTIONS && method->options[i]; i++)
		count += MethodOptionWidth(method->options[i]);
	return count;
}

void
MethodDefaults(const Method *method, double *values)
{
	for (int i = 0; i < METHOD_MAX_OPTIONS && method->options[i]; i++)
		for (int k = 0; k < MethodOptionWidth(method->options[i]); k++)
			*values++ = method->options[i]->defaults[k];
}

void
MethodMostQuantiles(double *option, double most)
{
	option[0] = -most;
}

int
ChoiceIndex(const char *const *choices, const char *text)
{
	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], text) == 0)
			return i;
	return -1;
}

const char *
MethodOptionProblem(const MethodOption *option, const double *values)
{
	for (int k = 0; k < MethodOptionWidth(option); k++)
	{
		if (!(values[k] >= option->least && values[k] <= option->greatest))
			return "is out of range";
		if (option->kind != OPTION_INTERVAL && option->kind != OPTION_NUMBER && values[k] != floor(values[k]))
			return "must be a whole number";
	}
	if (option->kind == OPTION_INTERVAL &&
		(values[0] > values[1] || (option->strict && values[0] == values[1])))
		return option->strict ? "must have its lower end below its upper end" :
			"must not have its lower end above its upper end";
	return NULL;
}

bool
ParametersAreUsable(const Formula *formula, const double *param)
{
	for (int k = 0; k < formula->nparams; k++)
		if (!IsFiniteBits(DoubleBits(param[k])) || (param[k] == 0 && FormulaDividesBy(formula, k)))
			return false;
	return true;
}

DeriveResult
MethodDerive(const Method *method, const DeriveInput *input, Derived *derived)
{
	const Formula *formula = method->formula(input->option);
	DeriveResult result;

	memset(derived, 0, sizeof(*derived));
	if (input->moments->count < method->min_values)
		return DERIVE_NO_VALUES;
	result = method->derive(input, derived);
	if (result == DERIVE_OK && EvidenceIsPending(input->evidence))
	{
		if (derived->table.values)
			CoreFree(derived->table.values);
		return DERIVE_PENDING;
	}
	for (int i = 0; i < formula->nparams; i++)
		derived->param[i] = CanonicalZero(derived->param[i]);
	if (result == DERIVE_OK && !input->shifted && !ParametersAreUsable(formula, derived->param))
		result = DERIVE_NOT_FINITE;
	return result;
}
