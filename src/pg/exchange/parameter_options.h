/*
 * parameter_options.h
 *		The options of from_parameters().
 */
#ifndef NORMFREEZE_PARAMETER_OPTIONS_H
#define NORMFREEZE_PARAMETER_OPTIONS_H

#include "core/scaler/divisor.h"
#include "core/scaler/recipe.h"
#include "pg/exchange/parameter_blocks.h"

typedef struct ParameterOptions
{
	ParameterWords words;
	const JsonNode *path;		/* where the parameters are: a key, or a list of keys and positions; NULL for the
								 * whole */
	const JsonNode *names;		/* a list of names, or NULL */
	const JsonNode *mask;		/* a list of booleans, or NULL */
	DivisorRule rule;
	bool		has_epsilon;
	bool		has_to;
	double		to[2];
	bool		clips;			/* results, to "clip" or, with clips_to, to "to" */
	bool		clips_to;
	double		clip[2];
	bool		clips_input;
	bool		has_input_range;	/* else to the range that the file says */
	double		input_range[2];
	Dtype		dtype;
	const JsonNode *before_value;	/* option "before", or NULL */
	int			nbefore;
	StepRecipe *before;			/* applied to a value first */
	bool		single_after_rescale;	/* as the image processors of transformers: float4 from the first product on */
} ParameterOptions;

/* Read the options.  Fails for one that is not known. */
extern void ReadParameterOptions(const JsonNode *node, ParameterOptions *options);

/* Round a parameter as the options say. */
static inline double
RoundParameter(const ParameterOptions *options, double value)
{
	return options->dtype == DTYPE_FLOAT64 ? value : (double) (float) value;
}

#endif							/* NORMFREEZE_PARAMETER_OPTIONS_H */
