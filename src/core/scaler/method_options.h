/*
 * method_options.h
 *		The options of methods: one number each, or two.
 *
 * The values of all options of a method are in one array, in the order in which its row names
 * them, which is that of recipes and never changes.  Other code need not know that order:
 * MethodOptionPlace() returns where the values of an option are.
 */
#ifndef NORMFREEZE_CORE_METHOD_OPTIONS_H
#define NORMFREEZE_CORE_METHOD_OPTIONS_H

#include "core/base/float_bits.h"

typedef struct Method Method;

#define METHOD_MAX_OPTIONS		4
#define METHOD_MAX_VALUES		(2 * METHOD_MAX_OPTIONS)

/* What the values of an option mean. */
typedef enum OptionKind
{
	OPTION_BOOLEAN,
	OPTION_INTEGER,
	OPTION_NUMBER,
	OPTION_INTERVAL,			/* [low, high] */
	OPTION_CHOICE				/* a name; its value is the place of the name in "choices" */
} OptionKind;

/* An option of methods, with scikit-learn's name and default. */
typedef struct MethodOption
{
	const char *name;
	OptionKind	kind;
	double		defaults[2];
	double		least;			/* bounds of a number, or of an interval's ends */
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

/* Return how many values an option has: one or two. */
extern int	MethodOptionWidth(const MethodOption *option);

/* Return how many values all options of a method have. */
extern int	MethodValueCount(const Method *method);

/* Set all values of a method to their defaults. */
extern void MethodDefaults(const Method *method, double *values);

/*
 * Return the i-th option of a method (from 0), or NULL past the last one.
 *
 * *place is set to where its values begin; it must be 0 before the first call.
 */
extern const MethodOption *MethodOptionAt(const Method *method, int i, int *place);

/* Return where the values of an option begin, or -1 in a method without it. */
extern int	MethodOptionPlace(const Method *method, const MethodOption *option);

/* Return an option of a method by its name, and set *place likewise; NULL if there is none. */
extern const MethodOption *MethodOptionByName(const Method *method, const char *name, int *place);

/* Return the value of an option, the lower one if there are two; its default in a method without it. */
extern double MethodOptionValue(const Method *method, const double *values, const MethodOption *option);

/* Set the value of an option, or both values.  The method must have the option. */
extern void MethodSetOption(const Method *method, double *values, const MethodOption *option, const double *to);

/* Have method quantile take as many quantiles as there are values, but at most so many (1 to 100000). */
extern void MethodMostQuantiles(const Method *method, double *values, double most);

/* Return the place of a text in a list that ends with NULL, or -1. */
extern int	ChoiceIndex(const char *const *choices, const char *text);

/* Return what is wrong with the value or values of an option, as a clause; NULL if nothing is. */
extern const char *MethodOptionProblem(const MethodOption *option, const double *values);

#endif							/* NORMFREEZE_CORE_METHOD_OPTIONS_H */
