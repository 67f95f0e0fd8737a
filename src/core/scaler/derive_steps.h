/*
 * derive_steps.h
 *		Deriving the parameters of a sequence of steps, each from what the values have become before it.
 */
#ifndef NORMFREEZE_CORE_DERIVE_STEPS_H
#define NORMFREEZE_CORE_DERIVE_STEPS_H

#include "core/scaler/recipe.h"
#include "core/scaler/value_path.h"

/* A step as it was asked for. */
typedef struct StepSpec
{
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	uint8_t		domain;			/* DomainPolicy */
	double		center;			/* for a method whose parameters are given */
	double		scale;
	bool		bounded;		/* for method power, as in DeriveInput */
} StepSpec;

/* What a derivation has come to: the values in front of a step. */
typedef struct StepsFit
{
	Evidence   *raw;			/* evidence on the values as they are */
	ValuePath	path;
	Evidence	here;			/* evidence on the values at the end of the path, with their moments */
	double		undefined;		/* a value for which the formula is not defined, if that is the problem */
} StepsFit;

/*
 * Return whether steps have given results beyond float8.  Infinities among the values as they are do not count: what
 * becomes of them is the caller's to decide.
 */
static inline bool
StepsFitOverflows(const StepsFit *fit)
{
	return fit->here.moments != fit->raw->moments && MomentsInfinite(fit->here.moments) > 0;
}

/*
 * Return whether it takes no more of the values in front of a step than their number and their range, or their moments
 * if these are known, to derive the step and its domain and, unless it is the last one, the range of its results.
 */
extern bool StepFollowsFromRange(const Method *method, const Formula *formula, uint8_t domain, bool has_moments,
								 bool is_last);

/*
 * Set *known to the elements of the steps behind which moments, and ranges that follow from these, are all that it
 * takes of the values to derive the steps.  Return false if it takes more; *known has no elements then.
 */
extern bool FindKnownPath(const StepSpec *steps, int nsteps, KnownPath *known);

/* Start with the values as they are; the path may have ranges already. */
extern DeriveResult StepsFitStart(StepsFit *fit, Evidence *raw, const ValuePath *path);

/*
 * Decide what becomes of values for which a formula is not defined, and let it happen to the values in front of
 * the step.
 *
 * Returns DERIVE_UNDEFINED if there are such values and the policy refuses them, DERIVE_NO_VALUES if there is
 * nothing to clip to.
 */
extern DeriveResult StepsFitDomain(StepsFit *fit, const Formula *formula, uint8_t policy, DomainRule *rule);

/*
 * Derive a step, and let it happen to the values.  Its domain comes first.
 *
 * derived->constant etc. as MethodDerive() sets them; *step is what a recipe has of the step.
 */
extern DeriveResult StepsFitStep(StepsFit *fit, const StepSpec *spec, Derived *derived, StepRecipe *step);

#endif							/* NORMFREEZE_CORE_DERIVE_STEPS_H */
