/*
 * explanation.h
 *		The hypotheses of an audit: what was done to raw values instead of applying the scaler, and the values
 *		that this predicts.
 */
#ifndef NORMFREEZE_CORE_EXPLANATION_H
#define NORMFREEZE_CORE_EXPLANATION_H

#include "core/compare/rounding.h"
#include "core/scaler/recipe.h"

typedef enum Application
{
	APPLY_NOT,
	APPLY_ONCE,
	APPLY_TWICE,
	APPLY_INVERSE
} Application;

/*
 * The steps from a raw value to an observed one, in their order.  Whoever
 * makes one chooses the recipe (right, refitted, of another feature or
 * version) and whatever happened before and after.
 */
typedef struct Explanation
{
	bool		fills_input;	/* missing values were replaced first, or treated by the recipe's policy */
	double		input_fill;
	double		factor;			/* another unit: x * factor / divisor + offset */
	double		divisor;
	double		offset;
	const Rounding *input_rounding; /* the raw value was rounded; NULL: it was not */
	int			input_digits;
	bool		single_input;	/* the raw value was rounded to float4 */
	const FeatureRecipe *recipe;	/* not of a formula of whole rows */
	Application application;
	bool		single_arithmetic;	/* every step was rounded to float4 */
	bool		fills_output;	/* missing results were replaced */
	double		output_fill;
	bool		clips_output;
	double		low;			/* of whatever is clipped */
	double		high;
	const Rounding *output_rounding;	/* the result was rounded; NULL: it was not */
	int			output_digits;
	bool		single_output;	/* the result was rounded to float4 */
} Explanation;

/* Nothing but this recipe, applied so. */
extern void ExplanationInit(Explanation *explanation, const FeatureRecipe *recipe, Application application);

/* Return the value that the explanation predicts for a raw value; NaN for a missing one. */
extern double ExplainedValue(const Explanation *explanation, double x);

/* Apply only the steps that follow the recipe to a result of the recipe. */
extern double ExplainedOutput(const Explanation *explanation, double y);

/* Apply one feature to one value, with its policies.  An input that a policy refuses gives NaN. */
extern double ApplyFeature(const FeatureRecipe *feature, double x);

/* Its inverse; NaN if there is none. */
extern double InvertFeature(const FeatureRecipe *feature, double y);

/*
 * How well a value is explained.  MATCH_ROUNDING allows for another order of
 * operations, or parameters that were themselves computed with rounding.
 */
typedef enum Match
{
	MATCH_EQUAL,
	MATCH_ULPS,
	MATCH_ROUNDING,
	MATCH_NONE
} Match;

/* single: as far as float4 can tell */
extern Match MatchValues(double explained, double observed, double slack, bool single);

/*
 * The slack of MATCH_ROUNDING: a part of the largest number that takes part,
 * which for an affine formula is a product or its constant term; and never
 * more than a small part of what lies between the values.
 */
extern double ExplanationSlack(const Explanation *explanation, const double *x, int n, bool single);

/* Factors between units that are mistaken for one another. */
typedef struct UnitFactor
{
	double		factor;			/* x * factor / divisor + offset */
	double		divisor;
	double		offset;
	const char *text;
} UnitFactor;

extern const UnitFactor unit_factors[]; /* ends with a NULL text */

/* The same arithmetic but for its rounding: another formula with parameters from these. */
typedef struct OtherArithmetic
{
	const char *code;			/* "reciprocal" or "other_arithmetic" */
	const char *text;
	const Formula *of;			/* the scaler's formula */
	const Formula *formula;		/* what may have been computed instead */
	void		(*parameters) (const FeatureRecipe *feature, double *param);
} OtherArithmetic;

extern const OtherArithmetic other_arithmetics[];	/* ends with a NULL code */

#endif							/* NORMFREEZE_CORE_EXPLANATION_H */
