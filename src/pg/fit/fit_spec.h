/*
 * fit_spec.h
 *		The options of a fit as they were given: what is to be done to each feature.  Their table is in fit_options.c.
 */
#ifndef NORMFREEZE_FIT_SPEC_H
#define NORMFREEZE_FIT_SPEC_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"
#include "pg/base/name_index.h"
#include "pg/base/names.h"

#define EMPTY_AS_UNFIT		255

/* What is to be done to one feature. */
typedef struct FeatureSpec
{
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	uint8		missing;		/* MissingPolicy, and so on */
	uint8		outside;
	uint8		constant;
	uint8		unfit;			/* ConstantPolicy: of a feature that no parameters can be derived for */
	uint8		empty;			/* the same for one without values, or EMPTY_AS_UNFIT */
	bool		skip_infinite;	/* infinities do not count, instead of being refused */
	uint8		quantiles;		/* QuantileSource: exact or histogram */
	bool		bounded;		/* of method power: another lambda, rather than an error */
	double		imputed;		/* of MISSING_CONSTANT */
	bool		global;			/* one location and scale for all such features */
	uint8		intercept_source;	/* InterceptSource */
	double		intercept;		/* of INTERCEPT_NUMBER */
	double		multiplier;
	double		center;			/* of method affine */
	double		scale;
} FeatureSpec;

typedef struct FeatureOverride
{
	char	   *name;
	FeatureSpec spec;
} FeatureOverride;

typedef struct FitSpec
{
	FeatureSpec common;
	uint32		distribution;
	NameList	columns;		/* count -1: not given */
	bool		all_numeric;	/* columns that cannot be features are left out */
	NameList	exclude;
	NameList	names;
	NameList	target;
	NameIndex	targets;		/* of target */
	int			noverrides;
	FeatureOverride *overrides;
	NameIndex	overridden;		/* of overrides */
} FitSpec;

/* The kind of input of a fit: some options apply to one kind only. */
typedef enum FitInput
{
	FIT_ARRAY,
	FIT_ROW,
	FIT_PROFILE
} FitInput;

/* Parse and check; all memory is in the current context.  options may be NULL. */
extern FitSpec *ParseFitOptions(const char *method, const JsonNode *options, FitInput input);

/* The method that a label of enum normfreeze.method names, or an error. */
extern const Method *FindMethod(const char *name);

/* The spec of one feature, by name; name may be NULL. */
extern const FeatureSpec *SpecOfFeature(const FitSpec *spec, const char *name);

/* Return whether the method or a policy of the feature needs more of its values than their moments. */
extern bool SpecNeedsValues(const FeatureSpec *spec);

/* Return whether a policy of the feature is derived from its own values, even if the method needs none. */
extern bool SpecNeedsOwnValues(const FeatureSpec *spec);

/* Is there an intercept or a multiplier? */
extern bool SpecIsShifted(const FeatureSpec *spec);

/* Names that options mention must be features. */
extern void CheckSpecNames(const FitSpec *spec, char *const *names, int nfeatures);

#endif							/* NORMFREEZE_FIT_SPEC_H */
