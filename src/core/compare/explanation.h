/*
 * explanation.h
 *		Explanations of the values that an audit observes: what may have been done to raw values
 *		instead of applying the scaler, and the values that this predicts.
 */
#ifndef NORMFREEZE_CORE_EXPLANATION_H
#define NORMFREEZE_CORE_EXPLANATION_H

#include "core/compare/rounding.h"
#include "core/scaler/recipe.h"

/* How often and in which direction a recipe was applied. */
typedef enum Application
{
	APPLY_NOT,
	APPLY_ONCE,
	APPLY_TWICE,
	APPLY_INVERSE
} Application;

/*
 * The steps from a raw value to an observed one, in their order.
 *
 * The caller chooses the recipe (the right one, a refitted one, that of another feature or version) and the
 * steps before and after it.
 */
typedef struct Explanation
{
	bool		fills_input;	/* missing values were replaced first, instead of by the recipe's policy */
	double		input_fill;
	double		factor;			/* the unit was another one: x * factor / divisor + offset */
	double		divisor;
	double		offset;
	const Rounding *input_rounding; /* the raw value was rounded; NULL if not */
	int			input_digits;
	bool		single_input;	/* the raw value was rounded to float4 */
	const FeatureRecipe *recipe;	/* of a formula that is not of whole rows; NULL only with APPLY_NOT */
	Application application;
	bool		single_arithmetic;	/* every step was rounded to float4 */
	bool		fills_output;	/* missing results were replaced */
	double		output_fill;
	bool		clips_output;
	double		low;			/* bounds, if something is clipped */
	double		high;
	const Rounding *output_rounding;	/* the result was rounded; NULL if not */
	int			output_digits;
	bool		single_output;	/* the result was rounded to float4 */
} Explanation;

/* Set an explanation to nothing but this recipe, applied in this way. */
extern void ExplanationInit(Explanation *explanation, const FeatureRecipe *recipe, Application application);

/* Return the value that the explanation predicts for a raw value; NaN for a missing one. */
extern double ExplainedValue(const Explanation *explanation, double x);

/* Return the result of the steps after the recipe, for a result of the recipe. */
extern double ExplainedOutput(const Explanation *explanation, double y);

/* Apply one feature to one value, with its policies.  Return NaN for an input that a policy refuses. */
extern double ApplyFeature(const FeatureRecipe *feature, double x);

/* Apply its inverse.  Return NaN if there is none. */
extern double InvertFeature(const FeatureRecipe *feature, double y);

/*
 * How well a value is explained.  MATCH_ROUNDING allows for another order of operations, or for parameters that
 * were computed with rounding themselves.
 */
typedef enum Match
{
	MATCH_EQUAL,
	MATCH_ULPS,
	MATCH_ROUNDING,
	MATCH_NONE
} Match;

/* Compare two values.  With "single", as far as float4 tells them apart. */
extern Match MatchValues(double explained, double observed, double slack, bool single);

/*
 * Return the slack of MATCH_ROUNDING for the raw values x.
 *
 * It is a part of the largest number that takes part, which for an affine formula is a product or its constant
 * term, and never more than a small part of the spread of the values.
 */
extern double ExplanationSlack(const Explanation *explanation, const double *x, int n, bool single);

/* A conversion between units that are mistaken for one another. */
typedef struct UnitFactor
{
	double		factor;			/* x * factor / divisor + offset */
	double		divisor;
	double		offset;
	const char *text;
} UnitFactor;

extern const UnitFactor unit_factors[]; /* ends with a NULL text */

/* Another way to compute the same: the formula and its parameters, which differ in rounding only. */
typedef struct OtherArithmetic
{
	const char *code;			/* "reciprocal" or "other_arithmetic" */
	const char *text;
	const Formula *of;			/* the formula of the scaler */
	const Formula *formula;		/* the formula that may have been computed instead */
	void		(*parameters) (const FeatureRecipe *feature, double *param);
} OtherArithmetic;

extern const OtherArithmetic other_arithmetics[];	/* ends with a NULL code */

#endif							/* NORMFREEZE_CORE_EXPLANATION_H */
