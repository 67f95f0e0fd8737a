/*
 * method.h
 *		The methods: how the parameters of a formula come from a profile.
 */
#ifndef NORMFREEZE_CORE_METHOD_H
#define NORMFREEZE_CORE_METHOD_H

#include "core/formula.h"
#include "core/moments.h"
#include "core/quantile.h"

typedef enum OptionKind
{
	OPTION_BOOLEAN,
	OPTION_INTEGER,
	OPTION_INTERVAL				/* [low, high] */
} OptionKind;

/* An option of methods, with scikit-learn's name and default. */
typedef struct MethodOption
{
	const char *name;
	OptionKind	kind;
	double		defaults[2];
	double		least;			/* of an integer, or of an interval's ends */
	double		greatest;
	bool		strict;			/* low < high, rather than low <= high */
} MethodOption;

#define METHOD_MAX_OPTIONS		4
#define METHOD_MAX_VALUES		(2 * METHOD_MAX_OPTIONS)

typedef enum DeriveResult
{
	DERIVE_OK,
	DERIVE_NO_VALUES,			/* fewer values than the method needs */
	DERIVE_NOT_FINITE			/* a parameter over- or underflows float8 */
} DeriveResult;

typedef struct DeriveInput
{
	const Moments *moments;
	const OrderSource *order;	/* NULL unless the method needs quantiles */
	const double *option;		/* values in the order of the method's options */
} DeriveInput;

/*
 * What the formula needs, and whether the feature is constant: whether its
 * spread, by the measure of the method, is exactly zero (the scale is 1 then).
 */
typedef struct Derived
{
	double		param[FORMULA_MAX_PARAMS];
	bool		constant;
} Derived;

typedef struct Method
{
	uint8_t		code;			/* in recipes: never changes */
	const char *name;
	const Formula *(*formula) (const double *option);
	bool		needs_quantiles;
	int			min_values;
	const MethodOption *options[METHOD_MAX_OPTIONS];
	DeriveResult (*derive) (const DeriveInput *input, Derived *derived);
	/* the output range that option "clip" clips to; NULL without such an option */
	bool		(*clip_range) (const double *option, double *low, double *high);
} Method;

extern const Method *MethodByCode(uint8_t code);
extern const Method *MethodByName(const char *name);
extern const Method *MethodByIndex(int index);	/* NULL past the last */
extern int	MethodOptionWidth(const MethodOption *option);
extern int	MethodValueCount(const Method *method);
extern void MethodDefaults(const Method *method, double *values);
/* NULL, or what is wrong with an option's value(s) */
extern const char *MethodOptionProblem(const MethodOption *option, const double *values);
extern DeriveResult MethodDerive(const Method *method, const DeriveInput *input, Derived *derived);

#endif							/* NORMFREEZE_CORE_METHOD_H */
