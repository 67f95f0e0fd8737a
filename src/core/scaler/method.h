/*
 * method.h
 *		The methods: how the parameters of a formula come from a profile.
 */
#ifndef NORMFREEZE_CORE_METHOD_H
#define NORMFREEZE_CORE_METHOD_H

#include "core/exact/weighted.h"
#include "core/scaler/evidence.h"
#include "core/scaler/formula.h"
#include "core/scaler/method_options.h"
#include "core/scaler/quantile.h"

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
	const Method *method;		/* set by MethodDerive() */
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

struct FeatureRecipe;
typedef bool (*ParametersFit) (const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);

struct Method
{
	uint8_t		code;			/* in recipes: never changes */
	const char *name;
	const Formula *formula;		/* with the option below, if there is one, at 0 */
	const MethodOption *chooser;	/* NULL: there is one formula alone */
	const Formula *chosen;		/* with that option at 1 */
	bool		needs_values;	/* more of the values than their moments */
	bool		takes_weights;
	bool		needs_one;		/* value at least; else derive says what it needs, by the options */
	bool		given;			/* its parameters are told, not derived */
	const MethodOption *options[METHOD_MAX_OPTIONS];
	DeriveResult (*derive) (const DeriveInput *input, Derived *derived);
	/* location and scale for an intercept and a multiplier; NULL if the method has no such */
	void		(*location_scale) (const DeriveInput *input, const Derived *derived, double *location, double *scale);

	/*
	 * Tells whether given parameters can be those of a distribution of which only cells are known.  NULL if
	 * cells say nothing about them.
	 */
	ParametersFit parameters_fit;
};

extern const Method method_standard;
extern const Method method_minmax;
extern const Method method_maxabs;
extern const Method method_robust;
extern const Method method_identity;
extern const Method method_mad;
extern const Method method_meanabs;
extern const Method method_midrange;
extern const Method method_mean;
extern const Method method_sum;
extern const Method method_decimal;
extern const Method method_quantile;
extern const Method method_power;
extern const Method method_log1p;
extern const Method method_l1;
extern const Method method_l2;
extern const Method method_max;
extern const Method method_affine;

extern const Method *MethodByCode(uint8_t code);
extern const Method *MethodByName(const char *name);
extern const Method *MethodByIndex(int index);	/* NULL past the last */

/* The formula that a method has with these values of its options. */
extern const Formula *MethodFormula(const Method *method, const double *option);

/* Return whether option "clip" is on, and the range to which it clips.  False also for methods without the option. */
extern bool MethodClips(const Method *method, const double *option, double *low, double *high);

/* Location and scale of a method that has such: see Method.location_scale. */
extern void MethodLocationScale(const Method *method, const DeriveInput *input, const Derived *derived,
								double *location, double *scale);

/* The parameters of the method's own formula. */
extern DeriveResult MethodDerive(const Method *method, const DeriveInput *input, Derived *derived);

/* Return whether the formula can be applied with these parameters: all are finite, and no divisor is zero. */
extern bool ParametersAreUsable(const Formula *formula, const double *param);

#endif							/* NORMFREEZE_CORE_METHOD_H */
