/*
 * method_options.h
 *		The options of methods: one number each, or two.
 *
 * The values of all options of a method stand in one array, in the order in which its row names
 * them (which is that of recipes, and never changes). Other code need not know that order:
 * MethodOptionPlace() says where the values of an option are.
 */
#ifndef NORMFREEZE_CORE_METHOD_OPTIONS_H
#define NORMFREEZE_CORE_METHOD_OPTIONS_H

#include "core/base/float_bits.h"

typedef struct Method Method;

#define METHOD_MAX_OPTIONS		4
#define METHOD_MAX_VALUES		(2 * METHOD_MAX_OPTIONS)

typedef enum OptionKind
{
	OPTION_BOOLEAN,
	OPTION_INTEGER,
	OPTION_NUMBER,
	OPTION_INTERVAL,			/* [low, high] */
	OPTION_CHOICE				/* one of some names; its value is their index */
} OptionKind;

/* An option of methods, with scikit-learn's name and default. */
typedef struct MethodOption
{
	const char *name;
	OptionKind	kind;
	double		defaults[2];
	double		least;			/* of a number, or of an interval's ends */
	double		greatest;
	bool		strict;			/* low < high, rather than low <= high */
	const char *const *choices; /* ends with NULL */
} MethodOption;

extern const MethodOption option_with_mean;
extern const MethodOption option_with_std;
extern const MethodOption option_ddof;
extern const MethodOption option_feature_range;
extern const MethodOption option_clip;
extern const MethodOption option_with_centering;
extern const MethodOption option_with_scaling;
extern const MethodOption option_quantile_range;
extern const MethodOption option_unit_variance;
extern const MethodOption option_factor;
extern const MethodOption option_power;
extern const MethodOption option_standardize;
extern const MethodOption option_n_quantiles;
extern const MethodOption option_output;

/* One or two values. */
extern int	MethodOptionWidth(const MethodOption *option);

/* All values of a method. */
extern int	MethodValueCount(const Method *method);
extern void MethodDefaults(const Method *method, double *values);

/*
 * The options of a method in order: number i from 0, NULL past the last one.
 * *place is set to where its values begin, and is to be 0 before the first call.
 */
extern const MethodOption *MethodOptionAt(const Method *method, int i, int *place);

/* Where the values of an option begin, -1 in a method without it. */
extern int	MethodOptionPlace(const Method *method, const MethodOption *option);
extern const MethodOption *MethodOptionByName(const Method *method, const char *name, int *place);

/* The value of an option, the lower one of two; its default in a method without it. */
extern double MethodOptionValue(const Method *method, const double *values, const MethodOption *option);

/* Give an option of the method another value, or two. */
extern void MethodSetOption(const Method *method, double *values, const MethodOption *option, const double *to);

/*
 * Method quantile before it is settled: as many quantiles as there are values,
 * and at most so many (1 to 100000).
 */
extern void MethodMostQuantiles(const Method *method, double *values, double most);

/* The index of a text in a list that ends with NULL, or -1. */
extern int	ChoiceIndex(const char *const *choices, const char *text);

/* NULL, or what is wrong with an option's value(s) */
extern const char *MethodOptionProblem(const MethodOption *option, const double *values);

#endif							/* NORMFREEZE_CORE_METHOD_OPTIONS_H */
