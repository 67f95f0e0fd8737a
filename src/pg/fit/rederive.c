/*
 * rederive.c
 *		Deriving the parameters of a scaler anew.
 */
#include "pg/fit/rederive.h"

#include <math.h>

#include "core/scaler/derive_steps.h"
#include "core/scaler/power_fit.h"
#include "core/scaler/ranged_derive.h"
#include "pg/fit/fit.h"

/* What was derived for a feature, or for all global features like it. */
struct Rederivation
{
	struct Rederivation *next;
	const FeatureRecipe *first;
	FeatureSpec spec;
	Subject		subject;
	double		option[METHOD_MAX_VALUES];
	bool		possible;
	bool		own_lambda;		/* the feature's own lambda differs from the derived one */
	Derived		derived;
	StepRecipe *before;
	DomainRule	domain;
	DerivedRange range;
	bool		inside;			/* it is derived from what the range leaves of the values */
	Evidence	source;			/* the values as they are */
	const Moments *moments;		/* of what the last step was derived from */
};

/* Return whether two features ask for the same steps before the last one, and the same domains. */
static bool
SameRecipeSteps(const FeatureRecipe *a, const FeatureRecipe *b)
{
	if (a->nbefore != b->nbefore || a->domain.policy != b->domain.policy)
		return false;
	for (int k = 0; k < a->nbefore; k++)
		if (a->before[k].domain.policy != b->before[k].domain.policy ||
			!SameMethod(a->before[k].method, a->before[k].option, 0, b->before[k].method, b->before[k].option, 0))
			return false;
	return true;
}

static bool
AreOfOneSubject(const FeatureRecipe *a, const FeatureRecipe *b)
{
	return a->global && b->global && SameRecipeSteps(a, b) &&
		SameMethod(a->method, a->option, a->quantiles, b->method, b->option, b->quantiles) &&
		SameRange(&a->range_rule, a->outside, &b->range_rule, b->outside);
}

/* Derive by the feature's own lambda, if that is near the derived one.  Otherwise change nothing and return false. */
static bool
DeriveByOwnLambda(Rederivation *again, DeriveInput *input)
{
	const Method *method = again->first->method;
	PowerFamily family =
		MethodOptionValue(method, input->option, &option_power) != 0 ? POWER_BOX_COX : POWER_YEO_JOHNSON;
	const double *lambda = &again->first->param[0];

	if (MethodOptionPlace(method, &option_power) < 0 || again->derived.constant ||
		!LambdasAreAlike(family, input->moments, *lambda, again->derived.param[0]))
		return false;
	input->lambda = lambda;
	again->own_lambda = DoubleBits(*lambda) != DoubleBits(again->derived.param[0]);
	return MethodDerive(again->first->method, input, &again->derived) == DERIVE_OK;
}

static bool
DeriveAgain(Rederivation *again, DeriveInput *input, bool own_lambda)
{
	const Method *method = again->first->method;
	DeriveResult result = MethodDerive(method, input, &again->derived);
	bool		useless = result == DERIVE_COLLAPSES || result == DERIVE_OVERFLOWS;

	if (own_lambda && (result == DERIVE_OK || useless) && DeriveByOwnLambda(again, input))
		return true;
	if (!useless || again->first->unfit)
		return result == DERIVE_OK;
	/* it may have been fitted with {"lambda": "bounded"} */
	input->bounded = true;
	if (MethodDerive(method, input, &again->derived) != DERIVE_OK)
		return false;
	if (own_lambda)
		DeriveByOwnLambda(again, input);
	return true;
}

/*
 * Derive what comes before the last step, and set the input of the last one.
 *
 * A lambda of an earlier step may have been fitted with {"lambda": "bounded"}, which a recipe does not tell: it is
 * tried where the exact one cannot be used.
 */
static bool
DeriveBefore(Rederivation *again, const ValuePath *path, StepsFit *steps, DeriveInput *input)
{
	const FeatureRecipe *feature = again->first;

	if (StepsFitStart(steps, &again->source, path) != DERIVE_OK || (path->count > 0 && steps->here.moments->count == 0))
		return false;
	again->before = palloc0(sizeof(StepRecipe) * Max(feature->nbefore, 1));
	for (int k = 0; k < feature->nbefore; k++)
	{
		const StepRecipe *asked = &feature->before[k];
		StepSpec	spec = {.method = asked->method, .domain = asked->domain.policy};
		Derived		derived;
		DeriveResult result;

		CHECK_FOR_INTERRUPTS();
		memcpy(spec.option, asked->option, sizeof(spec.option));
		if (asked->method->given)
		{
			spec.center = asked->param[0];
			spec.scale = asked->param[1];
		}
		else if (asked->imported)
			return false;
		result = StepsFitStep(steps, &spec, &derived, &again->before[k]);
		if (result == DERIVE_OVERFLOWS || result == DERIVE_COLLAPSES)
		{
			spec.bounded = true;
			result = StepsFitStep(steps, &spec, &derived, &again->before[k]);
		}
		if (result != DERIVE_OK)
			return false;
	}
	if (StepsFitDomain(steps, MethodFormula(feature->method, feature->option), feature->domain.policy,
					   &again->domain) != DERIVE_OK)
		return false;
	input->moments = steps->here.moments;
	input->weighted = steps->here.weighted;
	input->evidence = steps->here.moments->count > 0 ? &steps->here : NULL;
	return true;
}

/* Return whether the steps of a feature follow from the range of the values, as SpecFollowsFromRange() says. */
static bool
FeatureFollowsFromRange(const FeatureRecipe *feature)
{
	const Formula *formula = MethodFormula(feature->method, feature->option);
	bool		inside = FeatureHasRangeRule(feature) && !feature->range_rule.of_all;

	if (!RangeFollowsFromMoments(&feature->range_rule, feature->outside == OUTSIDE_CLIP) || feature->shifted)
		return false;
	for (int k = 0; k < feature->nbefore; k++)
	{
		const StepRecipe *step = &feature->before[k];

		if (!StepFollowsFromRange(step->method, step->formula, step->domain.policy, k == 0 && !inside, false))
			return false;
	}
	return StepFollowsFromRange(feature->method, formula, feature->domain.policy,
								feature->nbefore == 0 && !inside, true);
}

/* Set the source of answers about the values.  Return false if there are no values, or the profile does not tell. */
static bool
FindSource(Rederivation *again, const Profile *settled, ValueStore *stores)
{
	bool		of_cells = again->spec.quantiles == QUANTILES_HISTOGRAM;

	again->source = (Evidence) {
								.moments = &again->subject.moments,
								.weighted = again->subject.weights ? &again->subject.weighted : NULL
		};
	if (again->subject.moments.count == 0)
		return false;
	if (stores && !of_cells)
	{
		again->source.store = StoreOfSubject(&again->subject, stores);
		return true;
	}
	if (settled->histograms)
		HistogramCanonicalize(&again->subject.histogram);
	if (settled->histograms && !settled->weighted && (of_cells || HistogramIsExact(&again->subject.histogram)))
		again->source.histogram = &again->subject.histogram;
	else
		again->source.range_alone = FeatureFollowsFromRange(again->first);
	return again->source.histogram || again->source.range_alone;
}

/*
 * Return the moments of which a feature's intercept is a statistic: of its own values, as the range leaves them if
 * the parameters come from these.
 */
static const Moments *
MomentsOfOwnValues(const Rederivation *again, const Profile *settled, ValueStore *stores, int index)
{
	const FeatureRecipe *feature = again->first;
	Rederivation *own;
	ValuePath	path = {0};
	Evidence	inside;
	int			member;

	if (!again->inside || !feature->shifted)
		return &settled->moments[index];
	own = palloc0(sizeof(Rederivation));
	own->first = feature;
	own->spec = again->spec;
	StartSubject(&own->subject, &own->spec, settled, &member);
	SubjectAddMember(&own->subject, settled, index);
	PathAddRangeOfRule(&path, &feature->range_rule, feature->outside == OUTSIDE_CLIP, &again->range);
	if (!FindSource(own, settled, stores) || !EvidenceAtEnd(&own->source, &path, &inside))
		return &settled->moments[index];
	return inside.moments;
}

static Rederivation *
Rederive(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index, bool own_lambda)
{
	const FeatureRecipe *feature = &recipe->features[index];
	Rederivation *again = palloc0(sizeof(Rederivation));
	const RangeRule *rule = &feature->range_rule;
	bool		from_values = feature->method->needs_values || feature->nbefore > 0 ||
		feature->domain.policy > DOMAIN_ERROR || (FeatureHasRangeRule(feature) && !rule->of_all);
	bool		has_evidence;
	ValuePath	path = {0};
	StepsFit	steps;
	DeriveInput input = {
		.moments = &again->subject.moments,
		.weighted = settled->weighted ? &again->subject.weighted : NULL,
		.option = again->option,
		.shifted = feature->shifted
	};

	again->first = feature;
	again->spec.method = feature->method;
	again->spec.quantiles = feature->quantiles;
	memcpy(again->option, feature->option, sizeof(again->option));
	StartSubject(&again->subject, &again->spec, settled,
				 palloc(sizeof(int) * (feature->global ? recipe->nfeatures : 1)));
	for (int i = 0; i < recipe->nfeatures; i++)
		if (i == index || AreOfOneSubject(feature, &recipe->features[i]))
			SubjectAddMember(&again->subject, settled, i);
	has_evidence = (from_values || RangeNeedsValues(rule)) && FindSource(again, settled, stores);
	if (has_evidence)
		input.evidence = &again->source;
	/* moments alone may tell the range, or the parameters, or both */
	if (has_evidence || (FeatureHasRangeRule(feature) && !RangeKindOf(rule)->needs_values))
	{
		if (DeriveRangePath(rule, feature->outside == OUTSIDE_CLIP, &input, &again->range, &path) != DERIVE_OK)
			return again;
	}
	again->inside = path.count > 0;
	if (from_values && !has_evidence && again->subject.moments.count > 0)
		return again;
	if (from_values && !DeriveBefore(again, &path, &steps, &input))
		return again;
	again->moments = input.moments;
	again->possible = DeriveAgain(again, &input, own_lambda && feature->nbefore == 0);
	return again;
}

bool
RederiveFeature(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index, bool *own_lambda,
				Rederivation **done, FeatureRecipe *derived)
{
	const FeatureRecipe *feature = &recipe->features[index];
	Rederivation *again = *done;
	DeriveInput input = {.option = derived->option};

	*derived = *feature;
	if (feature->imported && !FeatureHasRangeRule(feature))
		return false;
	while (again && !AreOfOneSubject(again->first, feature))
		again = again->next;
	if (again == NULL)
	{
		again = Rederive(recipe, settled, stores, index, own_lambda != NULL);
		if (feature->global)
		{
			again->next = *done;
			*done = again;
		}
	}
	if (FeatureHasRangeRule(feature))
	{
		derived->lower = again->range.known ? again->range.low : NAN;
		derived->upper = again->range.known ? again->range.high : NAN;
	}
	if (feature->imported || !again->possible)
		return false;
	if (own_lambda)
		*own_lambda = again->own_lambda;
	if (derived->unfit)
	{
		/* a feature with parameters is not unfit */
		derived->unfit = false;
		derived->constant_policy = CONSTANT_UNIT;
	}
	if (again->before)
	{
		derived->nbefore = feature->nbefore;
		derived->before = again->before;
		derived->domain = again->domain;
	}
	input.moments = again->moments;
	SetFormula(derived, &input, &again->derived, MomentsOfOwnValues(again, settled, stores, index),
			   settled->weighted ? &settled->weighted[index] : NULL, feature->param[3], feature->param[2]);
	return true;
}
