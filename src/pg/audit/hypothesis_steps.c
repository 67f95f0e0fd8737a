/*
 * hypothesis_steps.c
 *		Hypotheses by which a sequence of steps was not followed: a step was left out, or two steps
 *		came in the other order.
 */
#include "pg/base/compat.h"

#include "core/scaler/recipe_steps.h"
#include "pg/audit/audit_search.h"

/* Set "steps" to all steps of a feature, the last one included.  Return their number.  */
static int
StepsOf(const FeatureRecipe *feature, StepRecipe *steps)
{
	for (int k = 0; k < feature->nbefore; k++)
		steps[k] = feature->before[k];
	steps[feature->nbefore] = LastStep(feature);
	return feature->nbefore + 1;
}

/*
 * Return a feature of these steps, with the range and the policies of "like".
 *
 * Where a step of the scaler refuses a value, others give NaN, so the value counts as missing from there on.
 */
static FeatureRecipe *
FeatureOfSteps(const FeatureRecipe *like, const StepRecipe *steps, int n)
{
	FeatureRecipe *feature = palloc(sizeof(FeatureRecipe));

	*feature = *like;
	feature->nbefore = n - 1;
	feature->before = palloc(sizeof(StepRecipe) * n);
	memcpy(feature->before, steps, sizeof(StepRecipe) * (n - 1));
	for (int k = 0; k < n - 1; k++)
		if (feature->before[k].domain.policy == DOMAIN_ERROR)
			feature->before[k].domain.policy = DOMAIN_NULL;
	SetLastStep(feature, &steps[n - 1]);
	if (feature->domain.policy == DOMAIN_ERROR)
		feature->domain.policy = DOMAIN_NULL;
	return feature;
}

#define MOST_STEPS_OF_VALUES	((uint64) 1 << 24)

/*
 * Return the values that stand for the training set in fits: those that are audited, if they are the training set, and
 * if as many fits as a sequence has neighbours do not take too long.
 */
static ValueStore *
TrainingStore(const HypothesisList *list, uint64 nsteps)
{
	const AuditData *data = list->data;
	uint64		values = data->live.moments[list->feature].count;

	return data->state->stores && data->scaler->stored[list->feature] && IsTrainingData(list) &&
		values * nsteps * nsteps * nsteps <= MOST_STEPS_OF_VALUES ? &data->state->stores[list->feature] : NULL;
}

/*
 * Return the feature with its steps fitted to the training set in their order; NULL if neither its profile nor the
 * audited values tell.
 */
static FeatureRecipe *
FitToTraining(HypothesisList *list, const FeatureRecipe *own)
{
	const AuditData *data = list->data;
	FeatureRecipe asked = *own;
	FeatureRecipe *derived;

	/* global features were fitted together */
	if (!data->background->trained || own->global)
		return NULL;
	if (own->method->given)
		asked.imported = false;
	derived = FitOne(&asked, &data->background->training, data->of_training[list->feature],
					 TrainingStore(list, own->nbefore + 1));
	if (derived && own->method->given)
	{
		memcpy(derived->param, own->param, sizeof(derived->param));
		derived->imported = true;
	}
	return derived && !SameParameters(derived, own) ? derived : NULL;
}

/* Set *without to a feature whose values outside of its range are kept.  Return false if the scaler keeps them, too. */
static bool
KeepOutside(const FeatureRecipe *feature, FeatureRecipe *without)
{
	*without = *feature;
	without->outside = OUTSIDE_KEEP;
	memset(&without->range_rule, 0, sizeof(without->range_rule));
	return feature->outside == OUTSIDE_CLIP || feature->outside == OUTSIDE_NULL;
}

/*
 * Add the hypothesis that these steps were applied in place of the scaler's, with its own parameters or with those of
 * a fit in this order, and policies of "like", perhaps without clipping the results, unless a glance at the first rows
 * rules it out.
 */
static void
AddRearrangedLike(HypothesisList *list, const HypothesisKind *kind, const FeatureRecipe *like,
				  const StepRecipe *steps, int n, bool fitted, bool unclipped, char *detail)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "steps of an audit", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	FeatureRecipe *recipe = FeatureOfSteps(like, steps, n);
	double		low;
	double		high;
	Hypothesis *h;

	if (unclipped)
		recipe = FeatureClips(recipe, &low, &high) ? WithoutClip(recipe) : NULL;
	if (recipe && fitted)
		recipe = FitToTraining(list, recipe);
	MemoryContextSwitchTo(old);
	/* without any effect, the values are the raw ones */
	if (recipe && (n > 1 || !ChangesNothing(recipe)))
	{
		h = AddHypothesis(list, kind, recipe, APPLY_ONCE, NULL);
		if (IsWorthATrial(list, h))
		{
			h->detail = psprintf("%s%s%s", detail, unclipped ? "; results were not clipped" : "",
								 fitted ? "; fitted to the training set that way" : "");
			return;
		}
		list->count--;
	}
	/* a sequence of many steps has hundreds of neighbours */
	MemoryContextDelete(context);
}

/* The same with the policies of the scaler, without its range, without its clip, and without both. */
static void
AddRearranged(HypothesisList *list, const HypothesisKind *kind, const StepRecipe *steps, int n, bool fitted,
			  char *detail)
{
	FeatureRecipe *without = palloc(sizeof(FeatureRecipe));
	char	   *kept = psprintf("%s; values outside of the range were kept", detail);
	bool		has_range = KeepOutside(list->recipe, without);

	for (int unclipped = 0; unclipped <= 1; unclipped++)
	{
		AddRearrangedLike(list, kind, list->recipe, steps, n, fitted, unclipped, detail);
		if (has_range)
			AddRearrangedLike(list, kind, without, steps, n, fitted, unclipped, kept);
	}
}

/* Return whether there are steps of which one may be missing, and values that rounding does not explain.  */
static bool
StepsAreInQuestion(const HypothesisList *list)
{
	return list->recipe->nbefore > 0 && !list->recipe->unfit && !list->nearly_right;
}

/* One of the steps was left out.  */
void
ProposeMissingStep(HypothesisList *list, const HypothesisKind *kind)
{
	StepRecipe *steps;
	int			n;

	if (!StepsAreInQuestion(list))
		return;
	steps = palloc(sizeof(StepRecipe) * (list->recipe->nbefore + 1));
	n = StepsOf(list->recipe, steps);
	for (int k = n - 1; k >= 0; k--)
	{
		StepRecipe *rest = palloc(sizeof(StepRecipe) * (n - 1));
		char	   *detail = psprintf("step %d of %d, %s", k + 1, n, steps[k].method->name);

		CHECK_FOR_INTERRUPTS();
		memcpy(rest, steps, sizeof(StepRecipe) * k);
		memcpy(rest + k, steps + k + 1, sizeof(StepRecipe) * (n - 1 - k));
		AddRearranged(list, kind, rest, n - 1, false, detail);
		if (k < n - 1)
			AddRearranged(list, kind, rest, n - 1, true, detail);
	}
}

/* Two of the steps were applied in the other order.  */
void
ProposeSwappedSteps(HypothesisList *list, const HypothesisKind *kind)
{
	StepRecipe *steps;
	int			n;

	if (!StepsAreInQuestion(list))
		return;
	steps = palloc(sizeof(StepRecipe) * (list->recipe->nbefore + 1));
	n = StepsOf(list->recipe, steps);
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++)
		{
			StepRecipe	first = steps[i];
			char	   *detail = psprintf("step %d, %s, and step %d, %s", i + 1, steps[i].method->name,
										  j + 1, steps[j].method->name);

			CHECK_FOR_INTERRUPTS();
			steps[i] = steps[j];
			steps[j] = first;
			AddRearranged(list, kind, steps, n, false, detail);
			AddRearranged(list, kind, steps, n, true, detail);
			steps[j] = steps[i];
			steps[i] = first;
		}
}
