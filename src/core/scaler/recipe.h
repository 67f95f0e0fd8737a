/*
 * recipe.h
 *		The recipe of a scaler: the formula, parameters and policies that are applied to each feature of a row.
 */
#ifndef NORMFREEZE_CORE_RECIPE_H
#define NORMFREEZE_CORE_RECIPE_H

#include "core/base/bytes.h"
#include "core/scaler/domain.h"
#include "core/scaler/method.h"
#include "core/scaler/range_rule.h"

/* What becomes of a NULL or NaN.  Codes are in recipes, and never change. */
typedef enum MissingPolicy
{
	MISSING_KEEP = 0,			/* NULL stays NULL, NaN stays NaN */
	MISSING_NAN = 1,
	MISSING_ERROR = 2,
	MISSING_CONSTANT = 3,		/* from here on: a value is imputed */
	MISSING_ZERO = 4,
	MISSING_MEAN = 5,
	MISSING_MEDIAN = 6,
	MISSING_MIN = 7,
	MISSING_MAX = 8,
	MISSING_MOST_FREQUENT = 9
} MissingPolicy;

/* What becomes of a value outside the range of the training set. */
typedef enum OutsidePolicy
{
	OUTSIDE_KEEP = 0,
	OUTSIDE_CLIP = 1,
	OUTSIDE_NULL = 2,
	OUTSIDE_ERROR = 3
} OutsidePolicy;

/*
 * The policy for a constant feature, whose training values do not vary.
 *
 * A feature for which no parameters could be derived counts as constant.
 */
typedef enum ConstantPolicy
{
	CONSTANT_UNIT = 0,			/* the scale is 1 */
	CONSTANT_NULL = 1,
	CONSTANT_ERROR = 2			/* the fit fails */
} ConstantPolicy;

/* The type in which a feature is computed.  Codes are in recipes, and never change. */
typedef enum Dtype
{
	DTYPE_FLOAT64 = 0,
	DTYPE_FLOAT32 = 1,			/* the value is rounded to float4, and so is every result of an operation */
	DTYPE_SINGLE = 2			/* parameters are float4, operations float8, and the result is rounded to float4 */
} Dtype;

#define NDTYPES		3

/* A policy, by its name in options and its code in recipes. */
typedef struct PolicyName
{
	uint8_t		code;
	const char *name;
} PolicyName;

extern const PolicyName missing_policy_names[]; /* each ends with a NULL name */
extern const PolicyName outside_policy_names[];
extern const PolicyName constant_policy_names[];
extern const PolicyName domain_policy_names[];
extern const PolicyName dtype_names[];

/* Return the name of a policy, or NULL if there is none with this code. */
extern const char *PolicyCodeToName(const PolicyName *names, uint8_t code);

/* Return the code of a name, or -1 if there is none. */
extern int	PolicyNameToCode(const PolicyName *names, const char *name);

/* Return whether a policy imputes a value. */
static inline bool
MissingPolicyImputes(uint8_t policy)
{
	return policy >= MISSING_CONSTANT;
}

/* Return whether the policy imputes a statistic of the training values. */
static inline bool
MissingPolicyDerives(uint8_t policy)
{
	return policy >= MISSING_MEAN;
}

/* Where quantiles come from. */
typedef enum QuantileSource
{
	QUANTILES_NONE = 0,
	QUANTILES_EXACT = 1,
	QUANTILES_HISTOGRAM = 2
} QuantileSource;

extern const PolicyName quantile_source_names[];

/* Where an intercept comes from; INTERCEPT_NEGATED may be added to a statistic. */
typedef enum InterceptSource
{
	INTERCEPT_NUMBER = 0,
	INTERCEPT_MIN = 1,
	INTERCEPT_MEAN = 2,
	INTERCEPT_MAX = 3,
	INTERCEPT_NEGATED = 8
} InterceptSource;

extern const PolicyName intercept_names[];

/* Without a known training range, the range is from minus this to this. */
#define RANGE_UNKNOWN		1.7976931348623157e308

/* Set the training range from a profile.  Without values it is not known. */
static inline void
TrainingRange(const Moments *moments, double *lower, double *upper)
{
	bool		known = moments->count > 0;

	*lower = known ? moments->min : -RANGE_UNKNOWN;
	*upper = known ? moments->max : RANGE_UNKNOWN;
}

/* A step before the last one: what is applied to a value first, and what it was derived by. */
typedef struct StepRecipe
{
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	const Formula *formula;
	double		param[FORMULA_MAX_PARAMS];
	FormulaTable table;			/* of a formula with a table */
	DomainRule	domain;
	bool		constant;		/* the values that it was fitted to do not vary */
	bool		imported;		/* parameters were given, not derived */
} StepRecipe;

#define RECIPE_MOST_STEPS	16

/*
 * What is applied to one feature.
 *
 * Method, options, formula and parameters are those of its last step, or of its only one.  Range, policies and what
 * is imputed are of the values as they come, before the first step.
 */
typedef struct FeatureRecipe
{
	char	   *name;			/* NULL if features have no names */
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	const Formula *formula;
	double		param[FORMULA_MAX_PARAMS];
	FormulaTable table;			/* of a formula with a table */
	double		lower;			/* the training range, or the range by a rule */
	double		upper;
	RangeRule	range_rule;
	uint8_t		missing;		/* MissingPolicy, and so on */
	uint8_t		outside;
	uint8_t		constant_policy;
	uint8_t		quantiles;		/* QuantileSource */
	bool		constant;
	bool		unfit;			/* constant because no parameters could be derived; its formula is identity */
	bool		target;			/* for denormalize(); rows need not have it */
	bool		global;			/* fitted to all global features with its method and options together */
	bool		shifted;		/* with an intercept and a multiplier, by formula scale_shift */
	bool		imported;		/* parameters were given, not derived: it was imported, or its method is affine */
	uint8_t		intercept;		/* InterceptSource, if shifted */
	double		imputed;		/* imputed for missing values, if the policy says so */
	int			nbefore;		/* number of steps before the last one */
	StepRecipe *before;
	DomainRule	domain;			/* of the last step */
	bool		clips;			/* results are clipped to "clip", whatever the method's options are */
	double		clip[2];
	uint8_t		dtype;			/* Dtype */
} FeatureRecipe;

/* What is applied to a row. */
typedef struct Recipe
{
	int			nfeatures;
	bool		named;
	bool		weighted;		/* fitted with weights */
	uint32_t	distribution;	/* histogram size of the profile that it was fitted with */
	FeatureRecipe *features;
} Recipe;

/*
 * The canonical bytes of a recipe; conventions as in profile_format.h.
 *
 *	byte		format: 1, or 2 if a feature has what recipe_extras.h lists
 *	byte		flags: 1 = features have names, 2 = fitted with weights
 *	varint		number of features
 *	varint		histogram size of the profile, 0 without distribution
 *	per feature:
 *		string		name, if features have names
 *		byte		method code
 *		byte		formula code
 *		byte		flags: 1 = constant, 2 = target, 4 = global, 8 = shifted, 16 = imported, 32 = unfit
 *		4 bytes		missing, outside, constant policy; quantile source
 *		byte		source of the intercept, if shifted
 *		float8[]	option values, in the order of the method's options
 *		float8[]	parameters, as many as the formula has
 *		varint, float8[]	length of its table and the table, if the formula has one
 *		2 float8	training range, or the range by a rule
 *		float8		imputed value, if the missing policy imputes
 *		varint		in format 2, a bit for each extra; then the bytes of each (recipe_extras.h)
 */
#define RECIPE_FORMAT			1
#define RECIPE_FORMAT_EXTRAS	2

/* Write a recipe. */
extern void EncodeRecipe(ByteWriter *writer, const Recipe *recipe);

/* Read a recipe.  Return NULL if successful, else what is wrong with the bytes. */
extern const char *DecodeRecipe(Recipe *recipe, ByteReader *reader);

/* Return what is wrong with a recipe that was built from something else, by the same checks; NULL if nothing is. */
extern const char *RecipeProblem(const Recipe *recipe);

/* Set the training range to one that is not known. */
static inline void
SetRangeUnknown(FeatureRecipe *feature)
{
	feature->lower = -RANGE_UNKNOWN;
	feature->upper = RANGE_UNKNOWN;
}

/* Return whether the range of the training values is known. */
static inline bool
RangeIsKnown(const FeatureRecipe *feature)
{
	return feature->lower != -RANGE_UNKNOWN || feature->upper != RANGE_UNKNOWN;
}

/* Return whether all steps of a feature have an inverse. */
extern bool FeatureHasInverse(const FeatureRecipe *feature);

/* Return whether the range of policy "outside" is by a rule, and not that of the training values. */
static inline bool
FeatureHasRangeRule(const FeatureRecipe *feature)
{
	return feature->range_rule.kind != RANGE_OF_TRAINING;
}

/* Clip the results of a feature. */
static inline void
FeatureSetClip(FeatureRecipe *feature, double low, double high)
{
	feature->clips = true;
	feature->clip[0] = CanonicalZero(low);
	feature->clip[1] = CanonicalZero(high);
}

/* Return whether the results are clipped, by the feature or by its method's options, and set the range. */
static inline bool
FeatureClips(const FeatureRecipe *feature, double *low, double *high)
{
	if (feature->clips)
	{
		*low = feature->clip[0];
		*high = feature->clip[1];
		return true;
	}
	return MethodClips(feature->method, feature->option, low, high);
}

/* Return whether the result is NULL for every value, because the feature is constant and its policy says so. */
static inline bool
FeatureIsNull(const FeatureRecipe *feature)
{
	return feature->constant && feature->constant_policy == CONSTANT_NULL;
}

/*
 * Return whether every value gives NULL, in denormalize() as well, because no parameters could be derived for
 * the feature.
 */
static inline bool
FeatureInverseIsNull(const FeatureRecipe *feature)
{
	return feature->unfit && FeatureIsNull(feature);
}

/*
 * Turn a feature into one without parameters, whose values pass as they are or give NULL.
 *
 * Its name, method, options, range and flags stay, except for the flags constant, unfit and shifted.  Policies
 * that need training values are dropped if there are none: then nothing but a constant is imputed, and no value
 * is outside of the range.  With CONSTANT_NULL both policies are dropped in any case.
 */
extern void FeatureSetUnfit(FeatureRecipe *feature, ConstantPolicy policy);

#endif							/* NORMFREEZE_CORE_RECIPE_H */
