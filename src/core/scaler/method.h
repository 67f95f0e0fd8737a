/*
 * method.h
 *		The methods: how the parameters of a formula come from a profile.
 */
#ifndef NORMFREEZE_CORE_METHOD_H
#define NORMFREEZE_CORE_METHOD_H

#include "core/exact/weighted.h"
#include "core/scaler/evidence.h"
#include "core/scaler/formula.h"
#include "core/scaler/quantile.h"

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

#define METHOD_MAX_OPTIONS		4
#define METHOD_MAX_VALUES		(2 * METHOD_MAX_OPTIONS)

typedef enum DeriveResult
{
	DERIVE_OK,
	DERIVE_PENDING,				/* evidence is still to be gathered */
	DERIVE_NO_VALUES,			/* there are none, and the method needs some */
	DERIVE_INFINITE,			/* for callers: there are infinities, which a fit refuses */
	DERIVE_NOT_FINITE,			/* a parameter over- or underflows float8 */
	DERIVE_NOT_POSITIVE,		/* a value is not above what the method needs: Derived.least */
	DERIVE_SINGULAR,			/* the values do not determine the parameters */
	DERIVE_OVERFLOWS,			/* the lambda of the likelihood transforms values beyond float8 */
	DERIVE_COLLAPSES,			/* or to ones that float8 does not tell apart */
	DERIVE_FEWER_THAN_QUANTILES
} DeriveResult;

typedef struct DeriveInput
{
	const Moments *moments;
	const WeightedSums *weighted;	/* NULL without weights */
	Evidence   *evidence;		/* NULL unless the method needs values */
	double	   *option;			/* values in the order of the method's options; what depends on the data gets settled */
	bool		shifted;		/* only location and scale count: the formula will be scale_shift */
	bool		bounded;		/* a lambda that overflows or collapses is replaced by the nearest that does not */
	const double *lambda;		/* if not NULL: not to be searched for */
} DeriveInput;

/*
 * What the formula needs, and whether the feature is constant: whether its
 * spread, by the measure of the method, is exactly zero (the scale is 1 then).
 */
typedef struct Derived
{
	double		param[FORMULA_MAX_PARAMS];
	FormulaTable table;
	bool		constant;
	double		least;			/* what no value may be at or below, if that is the problem */
	double		step;			/* of transformed values, in their deviations, if that is the problem */
} Derived;

typedef struct Method
{
	uint8_t		code;			/* in recipes: never changes */
	const char *name;
	const Formula *(*formula) (const double *option);
	bool		needs_values;	/* more of the values than their moments */
	bool		takes_weights;
	int			min_values;		/* 0: it depends on the options, and derive says so */
	const MethodOption *options[METHOD_MAX_OPTIONS];
	DeriveResult (*derive) (const DeriveInput *input, Derived *derived);
	/* the output range that option "clip" clips to; NULL without such an option */
	bool		(*clip_range) (const double *option, double *low, double *high);
	/* location and scale for an intercept and a multiplier; NULL if the method has no such */
	void		(*location_scale) (const DeriveInput *input, const Derived *derived, double *location, double *scale);
} Method;

extern const Method *MethodByCode(uint8_t code);
extern const Method *MethodByName(const char *name);
extern const Method *MethodByIndex(int index);	/* NULL past the last */
extern int	MethodOptionWidth(const MethodOption *option);
extern int	MethodValueCount(const Method *method);
extern void MethodDefaults(const Method *method, double *values);

/*
 * Method quantile before it is settled: as many quantiles as there are values,
 * and at most so many (1 to 100000).
 */
extern void MethodMostQuantiles(double *option, double most);

/* The index of a text in a list that ends with NULL, or -1. */
extern int	ChoiceIndex(const char *const *choices, const char *text);

/* NULL, or what is wrong with an option's value(s) */
extern const char *MethodOptionProblem(const MethodOption *option, const double *values);

/* The parameters of the method's own formula. */
extern DeriveResult MethodDerive(const Method *method, const DeriveInput *input, Derived *derived);

/* Are these parameters ones that the formula can be applied with? */
extern bool ParametersAreUsable(const Formula *formula, const double *param);

#endif							/* NORMFREEZE_CORE_METHOD_H */
