/*
 * fit_spec.h
 *		The options of a fit as the user gave them: what is done to each feature.  The table of
 *		options is in fit_options.c.
 */
#ifndef NORMFREEZE_FIT_SPEC_H
#define NORMFREEZE_FIT_SPEC_H

#include "pg/base/compat.h"

#include "core/scaler/derive_steps.h"
#include "pg/base/json_tree.h"
#include "pg/base/name_index.h"
#include "pg/base/names.h"

#define EMPTY_AS_UNFIT		255
#define DOMAIN_AS_USUAL		255

/* What is done to one feature. */
typedef struct FeatureSpec
{
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	uint8		missing;		/* a MissingPolicy; the next ones likewise */
	uint8		outside;
	uint8		constant;
	uint8		unfit;			/* ConstantPolicy for a feature for which no parameters can be derived */
	uint8		empty;			/* the same for a feature without values, or EMPTY_AS_UNFIT */
	bool		skip_infinite;	/* infinite values are not counted, instead of refused */
	uint8		quantiles;		/* QuantileSource: exact or histogram */
	bool		bounded;		/* for method power: another lambda is used rather than failing */
	RangeRule	range_rule;		/* for the policy on what is outside */
	double		imputed;		/* for MISSING_CONSTANT */
	bool		global;			/* all such features share location and scale */
	uint8		intercept_source;	/* InterceptSource */
	double		intercept;		/* for INTERCEPT_NUMBER */
	double		multiplier;
	double		center;			/* for method affine */
	double		scale;
	bool		clips;			/* results are clipped to "clip", whatever the options of the method are */
	double		clip[2];
	uint8		domain;			/* DomainPolicy of all steps that say none, or DOMAIN_AS_USUAL */
	int			nsteps;			/* 0 if they were not given; method and options are those of the last one */
	StepSpec   *steps;
	KnownPath	known;			/* what is known of them before any value is, if results there are all that it takes */
} FeatureSpec;

/* The options that were given for one feature. */
typedef struct FeatureOverride
{
	char	   *name;
	FeatureSpec spec;
} FeatureOverride;

/* What is done to all features. */
typedef struct FitSpec
{
	const char *method;			/* that of the fit, which features have that say nothing else */
	FeatureSpec common;
	uint32		distribution;
	NameList	columns;		/* a count of -1 means that it was not given */
	bool		all_numeric;	/* columns that cannot be features are left out */
	NameList	exclude;
	NameList	names;
	NameList	target;
	NameIndex	targets;		/* index of target */
	bool		range_statistics;	/* option "statistics" was given, for any feature */
	int			noverrides;
	FeatureOverride *overrides;
	NameIndex	overridden;		/* index of overrides */
} FitSpec;

/* The kind of input of a fit.  Some options apply to one kind only. */
typedef enum FitInput
{
	FIT_ARRAY,
	FIT_ROW,
	FIT_PROFILE
} FitInput;

/* Parse and check the options, in the current context.  "options" may be NULL. */
extern FitSpec *ParseFitOptions(const char *method, const JsonNode *options, FitInput input);

/* The same for a profile, which has options on its features and its distribution. */
extern FitSpec *ParseProfileOptions(const JsonNode *options, FitInput input);

/* Return the method that a label of the enum normfreeze.method names.  Fails if this library does not have it. */
extern const Method *FindMethod(const char *name);

/* Return the spec of one feature.  "name" may be NULL. */
extern const FeatureSpec *SpecOfFeature(const FitSpec *spec, const char *name);

/* Return the DomainPolicy of the last step. */
extern uint8 SpecDomain(const FeatureSpec *spec);

/* Return whether the steps of the feature need more of its values than their moments. */
extern bool SpecDerivesFromValues(const FeatureSpec *spec);

/*
 * Return whether they need no more than their moments and what becomes of their range, because no step behind a range
 * that clips, or behind another step, needs sums.
 */
extern bool SpecFollowsFromRange(const FeatureSpec *spec);

/* Return whether moments of results behind elements known before any value is are what they need. */
static inline bool
SpecFollowsFromResults(const FeatureSpec *spec)
{
	return spec->known.count > 0;
}

/* Return whether the method or a policy of the feature needs quantiles, from where its option "quantiles" says. */
extern bool SpecNeedsQuantiles(const FeatureSpec *spec);

/* Return whether the feature needs all of its values, rather than a distribution. */
extern bool SpecNeedsEveryValue(const FeatureSpec *spec);

/* Return whether a policy of the feature is derived from its own values, even if the method needs none. */
extern bool SpecNeedsOwnValues(const FeatureSpec *spec);

/* Return whether a feature has an intercept or a multiplier. */
extern bool SpecIsShifted(const FeatureSpec *spec);

/*
 * Fail unless all names in options "features" and "target" are those of features, and some feature is not a
 * target.
 */
extern void CheckSpecNames(const FitSpec *spec, char *const *names, int nfeatures);

#endif							/* NORMFREEZE_FIT_SPEC_H */
