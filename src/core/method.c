/*
 * method.c
 *		The table of methods.
 *
 * A method is a row of methods[]: its options, its formula, and how its
 * parameters come from exact moments and order statistics.  Arithmetic on
 * them is scikit-learn's (sklearn/preprocessing/_data.py), operation by
 * operation; only the moments themselves are better.
 */
#include "core/method.h"

#include <math.h>
#include <stddef.h>

/* ---- options ---- */

static const MethodOption option_with_mean = {"with_mean", OPTION_BOOLEAN, {1, 0}, 0, 1, false};
static const MethodOption option_with_std = {"with_std", OPTION_BOOLEAN, {1, 0}, 0, 1, false};
static const MethodOption option_ddof = {"ddof", OPTION_INTEGER, {0, 0}, 0, 1, false};
static const MethodOption option_feature_range = {"feature_range", OPTION_INTERVAL, {0, 1}, -1e300, 1e300, true};
static const MethodOption option_clip = {"clip", OPTION_BOOLEAN, {0, 0}, 0, 1, false};
static const MethodOption option_with_centering = {"with_centering", OPTION_BOOLEAN, {1, 0}, 0, 1, false};
static const MethodOption option_with_scaling = {"with_scaling", OPTION_BOOLEAN, {1, 0}, 0, 1, false};
static const MethodOption option_quantile_range = {"quantile_range", OPTION_INTERVAL, {25, 75}, 0, 100, false};
static const MethodOption option_unit_variance = {"unit_variance", OPTION_BOOLEAN, {0, 0}, 0, 1, false};

/* ---- parameters ---- */

/* A scale of exactly zero marks a constant feature and becomes 1. */
static double
NonzeroScale(double scale, Derived *derived)
{
	derived->constant = scale == 0;
	return derived->constant ? 1.0 : scale;
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
	const Moments *moments = input->moments;

	double	   *param = derived->param;

	derived->constant = moments->min == moments->max;
	if (with_mean)
		*param++ = MomentsMean(moments);
	*param = with_std && !derived->constant ? MomentsDeviation(moments, ddof) : 1.0;
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

static const Formula *
FormulaOfMaxAbs(const double *option)
{
	(void) option;
	return &formula_divide;
}

/* MaxAbsScaler: scale_ = max |x| */
static DeriveResult
DeriveMaxAbs(const DeriveInput *input, Derived *derived)
{
	double		largest = fmax(fabs(input->moments->min), fabs(input->moments->max));

	derived->param[0] = NonzeroScale(largest, derived);
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

	if (with_centering)
		*param++ = SourceMedian(input->order);
	*param = 1.0;
	derived->constant = input->moments->min == input->moments->max;
	if (with_scaling)
	{
		double		upper = SourcePercentile(input->order, high);
		double		lower = SourcePercentile(input->order, low);

		*param = NonzeroScale(upper - lower, derived);
		if (unit_variance)
			*param /= NormalQuantile(high / 100.0) - NormalQuantile(low / 100.0);
	}
	return DERIVE_OK;
}

static const Formula *
FormulaOfIdentity(const double *option)
{
	(void) option;
	return &formula_identity;
}

static DeriveResult
DeriveIdentity(const DeriveInput *input, Derived *derived)
{
	derived->constant = input->moments->min == input->moments->max;
	return DERIVE_OK;
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

static const Method methods[] = {
	{1, "standard", FormulaOfStandard, false, 1,
		{&option_with_mean, &option_with_std, &option_ddof},
	DeriveStandard, NULL},
	{2, "minmax", FormulaOfMinMax, false, 1,
		{&option_feature_range, &option_clip},
	DeriveMinMax, ClipMinMax},
	{3, "maxabs", FormulaOfMaxAbs, false, 1,
		{&option_clip},
	DeriveMaxAbs, ClipMaxAbs},
	{4, "robust", FormulaOfRobust, true, 1,
		{&option_with_centering, &option_with_scaling, &option_quantile_range, &option_unit_variance},
	DeriveRobust, NULL},
	{5, "identity", FormulaOfIdentity, false, 1,
		{NULL},
	DeriveIdentity, NULL},
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

const char *
MethodOptionProblem(const MethodOption *option, const double *values)
{
	for (int k = 0; k < MethodOptionWidth(option); k++)
	{
		if (!(values[k] >= option->least && values[k] <= option->greatest))
			return "is out of range";
		if (option->kind != OPTION_INTERVAL && values[k] != floor(values[k]))
			return "must be a whole number";
	}
	if (option->kind == OPTION_INTERVAL &&
		(values[0] > values[1] || (option->strict && values[0] == values[1])))
		return option->strict ? "must have its lower end below its upper end" :
			"must not have its lower end above its upper end";
	return NULL;
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
	for (int i = 0; result == DERIVE_OK && i < formula->nparams; i++)
	{
		derived->param[i] = CanonicalZero(derived->param[i]);
		if (!IsFiniteBits(DoubleBits(derived->param[i])))
			result = DERIVE_NOT_FINITE;
		if (strcmp(formula->param_names[i], "scale") == 0 && derived->param[i] == 0)
			result = DERIVE_NOT_FINITE;
	}
	return result;
}
