/*
 * method.h
 *		The methods: how the parameters of a formula follow from a profile.
 */
#ifndef NORMFREEZE_CORE_METHOD_H
#define NORMFREEZE_CORE_METHOD_H

#include "core/exact/weighted.h"
#include "core/scaler/evidence.h"
#include "core/scaler/formula.h"
#include "core/scaler/method_options.h"
#include "core/scaler/quantile.h"

/* Whether parameters could be derived and, if not, the reason. */
typedef enum DeriveResult
{
	DERIVE_OK,
	DERIVE_PENDING,				/* questions are pending */
	DERIVE_NO_VALUES,			/* there are no values, and the method needs some */
	DERIVE_INFINITE,			/* used by callers: there are infinite values, which a fit refuses */
	DERIVE_NOT_FINITE,			/* a parameter over- or underflows float8 */
	DERIVE_NOT_POSITIVE,		/* a value is not above what the method needs, which is in Derived.least */
	DERIVE_UNDEFINED,			/* the formula is not defined for a value, which its policy refuses */
	DERIVE_SINGULAR,			/* the values do not determine the parameters */
	DERIVE_OVERFLOWS,			/* the lambda of maximum likelihood transforms values beyond float8 */
	DERIVE_COLLAPSES,			/* or into values that float8 does not tell apart */
	DERIVE_FEWER_THAN_QUANTILES,
	/* used by callers, for the range of policy "outside": */
	DERIVE_RANGE_NOT_FINITE,	/* its ends overflow float8 */
	DERIVE_RANGE_ONE_VALUE,		/* it has one value, and there are others */
	DERIVE_RANGE_EMPTY			/* no value is inside */
} DeriveResult;

/* What parameters are derived from. */
typedef struct DeriveInput
{
	const Method *method;		/* set by MethodDerive() */
	const Moments *moments;
	const WeightedSums *weighted;	/* NULL without weights */
	Evidence   *evidence;		/* NULL unless the method needs values */
	double	   *option;			/* values in the order of the method's options; a default that depends on the data is
								 * replaced */
	bool		shifted;		/* only location and scale are used, by formula scale_shift */
	bool		bounded;		/* a lambda that overflows or collapses is replaced by the nearest that does not */
	const double *lambda;		/* the lambda to use instead of searching for one, or NULL */
} DeriveInput;

/*
 * What the formula needs, and whether the feature is constant.
 *
 * It is if its spread, by the measure of the method, is exactly zero; its scale is then 1.
 */
typedef struct Derived
{
	double		param[FORMULA_MAX_PARAMS];
	FormulaTable table;
	bool		constant;
	double		least;			/* what values must exceed, if that is the problem */
	double		step;			/* largest step between transformed values, in their deviations, if that is the
								 * problem */
} Derived;

struct FeatureRecipe;

/* Return whether a feature's parameters can come from values of which only cells are known. */
typedef bool (*ParametersFit) (const struct FeatureRecipe *feature, const Moments *moments, const Histogram *cells);

/* A method: one row of the table in method.c. */
struct Method
{
	uint8_t		code;			/* its code in recipes, which never changes */
	const char *name;
	const Formula *formula;		/* if the option below, where there is one, is 0 */
	const MethodOption *chooser;	/* the option that chooses the formula; NULL if there is only one */
	const Formula *chosen;		/* the formula if that option is 1 */
	bool		needs_values;	/* it needs more of the values than their moments */
	bool		needs_range;	/* it needs no more of them than their number and their range */
	bool		takes_weights;
	bool		needs_one;		/* it needs at least one value; otherwise "derive" decides by the options */
	bool		given;			/* its parameters are options, and not derived */
	const MethodOption *options[METHOD_MAX_OPTIONS];
	DeriveResult (*derive) (const DeriveInput *input, Derived *derived);
	/* sets location and scale, for an intercept and a multiplier; NULL if the method has none */
	void		(*location_scale) (const DeriveInput *input, const Derived *derived, double *location, double *scale);

	/*
	 * Returns whether given parameters can be those of a distribution of which only cells are known.  NULL if
	 * cells tell nothing about them.
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
extern const Method method_log;
extern const Method method_log2;
extern const Method method_log10;
extern const Method method_sqrt;
extern const Method method_cbrt;
extern const Method method_square;
extern const Method method_asinh;
extern const Method method_reciprocal;
extern const Method method_expm1;

/* Return a method by its code, its name or its place in the table; NULL if there is none. */
extern const Method *MethodByCode(uint8_t code);
extern const Method *MethodByName(const char *name);
extern const Method *MethodByIndex(int index);

/* Return the formula of a method with these values of its options. */
extern const Formula *MethodFormula(const Method *method, const double *option);

/* Return the DomainPolicy of a feature of this method alone, where options do not say one. */
extern uint8_t MethodUsualDomain(const Method *method, const double *option);

/*
 * Return whether option "clip" is on, and set the range to which it clips.  Return false for methods without
 * the option.
 */
extern bool MethodClips(const Method *method, const double *option, double *low, double *high);

/* Set the location and scale of a method that has them; see Method.location_scale. */
extern void MethodLocationScale(const Method *method, const DeriveInput *input, const Derived *derived,
								double *location, double *scale);

/* Derive the parameters of the method's own formula. */
extern DeriveResult MethodDerive(const Method *method, const DeriveInput *input, Derived *derived);

/* Return whether the formula can be applied with these parameters: all are finite, and no divisor is zero. */
extern bool ParametersAreUsable(const Formula *formula, const double *param);

#endif							/* NORMFREEZE_CORE_METHOD_H */
