/*
 * method.c
 *		The table of methods.
 *
 * A method is one row: its options, its formula, and how its parameters are
 * derived, which is in derive.c.
 */
#include "core/scaler/method.h"

#include "core/base/memory.h"
#include "core/scaler/domain.h"
#include "core/scaler/derive.h"
#include "core/scaler/parameter_bounds.h"

const Method method_standard = {
	.code = 1, .name = "standard",
	.formula = &formula_divide_cast, .chooser = &option_with_mean, .chosen = &formula_subtract_divide_cast,
	.takes_weights = true,
	.options = {&option_with_mean, &option_with_std, &option_ddof},
	.derive = DeriveStandard, .location_scale = LocationIfCentered,
};

const Method method_minmax = {
	.code = 2, .name = "minmax",
	.formula = &formula_multiply_add,
	.needs_range = true,
	.takes_weights = true, .needs_one = true,
	.options = {&option_feature_range, &option_clip},
	.derive = DeriveMinMax, .location_scale = LocationOfMinMax,
};

const Method method_maxabs = {
	.code = 3, .name = "maxabs",
	.formula = &formula_divide,
	.needs_range = true,
	.takes_weights = true, .needs_one = true,
	.options = {&option_clip},
	.derive = DeriveMaxAbs, .location_scale = ScaleAlone,
};

const Method method_robust = {
	.code = 4, .name = "robust",
	.formula = &formula_divide, .chooser = &option_with_centering, .chosen = &formula_subtract_divide,
	.needs_values = true,
	.options = {&option_with_centering, &option_with_scaling, &option_quantile_range, &option_unit_variance},
	.derive = DeriveRobust, .location_scale = LocationIfCentered, .parameters_fit = RobustParametersFit,
};

const Method method_identity = {
	.code = 5, .name = "identity",
	.formula = &formula_identity,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing, .location_scale = NoLocationNorScale,
};

const Method method_mad = {
	.code = 6, .name = "mad",
	.formula = &formula_divide, .chooser = &option_with_centering, .chosen = &formula_subtract_divide,
	.needs_values = true,
	.options = {&option_with_centering, &option_with_scaling, &option_factor},
	.derive = DeriveMad, .location_scale = LocationIfCentered, .parameters_fit = CenterIsMedian,
};

const Method method_meanabs = {
	.code = 7, .name = "meanabs",
	.formula = &formula_subtract_divide,
	.needs_values = true, .needs_one = true,
	.derive = DeriveMeanAbs, .location_scale = LocationAndScale,
};

const Method method_midrange = {
	.code = 8, .name = "midrange",
	.formula = &formula_subtract_divide,
	.needs_range = true,
	.takes_weights = true, .needs_one = true,
	.derive = DeriveMidrange, .location_scale = LocationAndScale,
};

const Method method_mean = {
	.code = 9, .name = "mean",
	.formula = &formula_subtract_divide,
	.takes_weights = true, .needs_one = true,
	.derive = DeriveMean, .location_scale = LocationAndScale,
};

const Method method_sum = {
	.code = 10, .name = "sum",
	.formula = &formula_divide,
	.takes_weights = true, .needs_one = true,
	.derive = DeriveSum, .location_scale = ScaleAlone,
};

const Method method_decimal = {
	.code = 11, .name = "decimal",
	.formula = &formula_divide,
	.needs_range = true,
	.takes_weights = true, .needs_one = true,
	.derive = DeriveDecimal, .location_scale = ScaleAlone,
};

const Method method_quantile = {
	.code = 12, .name = "quantile",
	.formula = &formula_quantile_uniform, .chooser = &option_output, .chosen = &formula_quantile_normal,
	.needs_values = true,
	.options = {&option_n_quantiles, &option_output},
	.derive = DeriveQuantile, .parameters_fit = QuantilesFit,
};

const Method method_power = {
	.code = 13, .name = "power",
	.formula = &formula_yeo_johnson, .chooser = &option_power, .chosen = &formula_box_cox,
	.needs_values = true, .needs_one = true,
	.options = {&option_power, &option_standardize},
	.derive = DerivePower,
};

const Method method_log1p = {
	.code = 14, .name = "log1p",
	.formula = &formula_log1p,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveLog1p,
};

const Method method_l1 = {
	.code = 15, .name = "l1",
	.formula = &formula_norm_l1,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_l2 = {
	.code = 16, .name = "l2",
	.formula = &formula_norm_l2,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_max = {
	.code = 17, .name = "max",
	.formula = &formula_norm_max,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_affine = {
	.code = 18, .name = "affine",
	.formula = &formula_subtract_divide,
	.needs_range = true,
	.takes_weights = true, .given = true,
	.derive = DeriveAffine, .location_scale = LocationAndScale,
};

const Method method_log = {
	.code = 19, .name = "log",
	.formula = &formula_log,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_log2 = {
	.code = 20, .name = "log2",
	.formula = &formula_log2,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_log10 = {
	.code = 21, .name = "log10",
	.formula = &formula_log10,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_sqrt = {
	.code = 22, .name = "sqrt",
	.formula = &formula_sqrt,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_cbrt = {
	.code = 23, .name = "cbrt",
	.formula = &formula_cbrt,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_square = {
	.code = 24, .name = "square",
	.formula = &formula_square,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_asinh = {
	.code = 25, .name = "asinh",
	.formula = &formula_asinh,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

static const Method method_logit = {
	.code = 26, .name = "logit",
	.formula = &formula_logit,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_reciprocal = {
	.code = 27, .name = "reciprocal",
	.formula = &formula_reciprocal,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

const Method method_expm1 = {
	.code = 28, .name = "expm1",
	.formula = &formula_expm1,
	.needs_range = true,
	.takes_weights = true,
	.derive = DeriveNothing,
};

static const Method *const methods[] = {
	&method_standard,
	&method_minmax,
	&method_maxabs,
	&method_robust,
	&method_identity,
	&method_mad,
	&method_meanabs,
	&method_midrange,
	&method_mean,
	&method_sum,
	&method_decimal,
	&method_quantile,
	&method_power,
	&method_log1p,
	&method_l1,
	&method_l2,
	&method_max,
	&method_affine,
	&method_log,
	&method_log2,
	&method_log10,
	&method_sqrt,
	&method_cbrt,
	&method_square,
	&method_asinh,
	&method_logit,
	&method_reciprocal,
	&method_expm1,
};

#define NMETHODS	((int) (sizeof(methods) / sizeof(methods[0])))

const Method *
MethodByIndex(int index)
{
	return index >= 0 && index < NMETHODS ? methods[index] : NULL;
}

const Method *
MethodByCode(uint8_t code)
{
	for (int i = 0; i < NMETHODS; i++)
		if (methods[i]->code == code)
			return methods[i];
	return NULL;
}

const Method *
MethodByName(const char *name)
{
	for (int i = 0; i < NMETHODS; i++)
		if (strcmp(methods[i]->name, name) == 0)
			return methods[i];
	return NULL;
}

const Formula *
MethodFormula(const Method *method, const double *option)
{
	return method->chooser && MethodOptionValue(method, option, method->chooser) != 0 ? method->chosen :
		method->formula;
}

uint8_t
MethodUsualDomain(const Method *method, const double *option)
{
	const FormulaDomain *domain = MethodFormula(method, option)->domain;

	return domain == NULL || domain->kept ? DOMAIN_KEEP : DOMAIN_ERROR;
}

bool
MethodClips(const Method *method, const double *option, double *low, double *high)
{
	int			range = MethodOptionPlace(method, &option_feature_range);

	if (MethodOptionValue(method, option, &option_clip) == 0)
		return false;
	*low = range < 0 ? -1.0 : option[range];
	*high = range < 0 ? 1.0 : option[range + 1];
	return true;
}

void
MethodLocationScale(const Method *method, const DeriveInput *input, const Derived *derived, double *location,
					double *scale)
{
	DeriveInput own = *input;

	own.method = method;
	method->location_scale(&own, derived, location, scale);
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
	const Formula *formula = MethodFormula(method, input->option);
	DeriveInput own = *input;
	DeriveResult result;

	memset(derived, 0, sizeof(*derived));
	if (method->needs_one && input->moments->count == 0)
		return DERIVE_NO_VALUES;
	own.method = method;
	result = method->derive(&own, derived);
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
