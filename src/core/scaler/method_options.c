/*
 * method_options.c
 *		The options of methods, by scikit-learn's names where it has them.
 */
#include "core/scaler/method_options.h"

#include <math.h>
#include <string.h>

#include "core/scaler/method.h"

static const char *const distribution_choices[] = {"uniform", "normal", NULL};
static const char *const power_choices[] = {"yeo-johnson", "box-cox", NULL};

const MethodOption option_with_mean = {"with_mean", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
const MethodOption option_with_std = {"with_std", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
const MethodOption option_ddof = {"ddof", OPTION_INTEGER, {0, 0}, 0, 1, false, NULL};
const MethodOption option_feature_range = {"feature_range", OPTION_INTERVAL, {0, 1}, -1e300, 1e300, true, NULL};
const MethodOption option_clip = {"clip", OPTION_BOOLEAN, {0, 0}, 0, 1, false, NULL};
const MethodOption option_with_centering = {"with_centering", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
const MethodOption option_with_scaling = {"with_scaling", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
const MethodOption option_quantile_range = {"quantile_range", OPTION_INTERVAL, {25, 75}, 0, 100, false, NULL};
const MethodOption option_unit_variance = {"unit_variance", OPTION_BOOLEAN, {0, 0}, 0, 1, false, NULL};
const MethodOption option_factor = {"factor", OPTION_NUMBER, {1.4826, 0}, 1e-300, 1e300, false, NULL};
const MethodOption option_power = {"method", OPTION_CHOICE, {0, 0}, 0, 1, false, power_choices};
const MethodOption option_standardize = {"standardize", OPTION_BOOLEAN, {1, 0}, 0, 1, false, NULL};
const MethodOption option_output = {"output_distribution", OPTION_CHOICE, {0, 0}, 0, 1, false, distribution_choices};

/*
 * Until a fit settles it, 0 or a negative value stands for as many quantiles as there are values: at most
 * DEFAULT_QUANTILES for 0, at most its magnitude for a negative value.
 */
const MethodOption option_n_quantiles = {"n_quantiles", OPTION_INTEGER, {0, 0}, 1, 100000, false, NULL};

int
MethodOptionWidth(const MethodOption *option)
{
	return option->kind == OPTION_INTERVAL ? 2 : 1;
}

const MethodOption *
MethodOptionAt(const Method *method, int i, int *place)
{
	if (i > 0 && i <= METHOD_MAX_OPTIONS)
		*place += MethodOptionWidth(method->options[i - 1]);
	return i < METHOD_MAX_OPTIONS ? method->options[i] : NULL;
}

int
MethodOptionPlace(const Method *method, const MethodOption *option)
{
	const MethodOption *found;
	int			place = 0;

	for (int i = 0; (found = MethodOptionAt(method, i, &place)) != NULL; i++)
		if (found == option)
			return place;
	return -1;
}

const MethodOption *
MethodOptionByName(const Method *method, const char *name, int *place)
{
	const MethodOption *found;

	*place = 0;
	for (int i = 0; (found = MethodOptionAt(method, i, place)) != NULL; i++)
		if (strcmp(found->name, name) == 0)
			return found;
	return NULL;
}

double
MethodOptionValue(const Method *method, const double *values, const MethodOption *option)
{
	int			place = MethodOptionPlace(method, option);

	return place < 0 ? option->defaults[0] : values[place];
}

void
MethodSetOption(const Method *method, double *values, const MethodOption *option, const double *to)
{
	memcpy(values + MethodOptionPlace(method, option), to, sizeof(double) * MethodOptionWidth(option));
}

int
MethodValueCount(const Method *method)
{
	int			place = 0;

	for (int i = 0; MethodOptionAt(method, i, &place) != NULL; i++)
		;
	return place;
}

void
MethodDefaults(const Method *method, double *values)
{
	const MethodOption *option;
	int			place = 0;

	for (int i = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
		memcpy(values + place, option->defaults, sizeof(double) * MethodOptionWidth(option));
}

void
MethodMostQuantiles(const Method *method, double *values, double most)
{
	values[MethodOptionPlace(method, &option_n_quantiles)] = -most;
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
