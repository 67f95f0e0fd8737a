/*
 * derive_steps.c
 *		Deriving the parameters of a sequence of steps, each from what the values have become before it.
 *
 * A step is derived from the results of those before it as the scaler computes them, so their moments and order
 * statistics are exact, too.  scikit-learn's Pipeline.fit() does the same, with sums in float64.
 */
#include "core/scaler/derive_steps.h"

#include <math.h>

#include "core/base/memory.h"

/* Return the values at the end of a path, or false if they are pending. */
static bool
MoveTo(StepsFit *fit)
{
	return EvidenceAtEnd(fit->raw, &fit->path, &fit->here);
}

DeriveResult
StepsFitStart(StepsFit *fit, Evidence *raw, const ValuePath *path)
{
	fit->raw = raw;
	fit->path = *path;
	fit->undefined = NAN;
	return MoveTo(fit) ? DERIVE_OK : DERIVE_PENDING;
}

bool
StepFollowsFromRange(const Method *method, const Formula *formula, uint8_t domain, bool has_moments, bool is_last)
{
	return !method->needs_values && (has_moments || method->needs_range) &&
		(is_last || FormulaIsMonotonic(formula)) &&
		(formula->domain == NULL || (domain == DOMAIN_ERROR && !formula->domain->without_zero));
}

/* Return whether the parameters of a step are known before any value is. */
static bool
StepIsKnown(const Method *method, const Formula *formula)
{
	return method->given || (formula->nparams == 0 && formula->table_name == NULL);
}

bool
FindKnownPath(const StepSpec *steps, int nsteps, KnownPath *known)
{
	static const FormulaTable no_table;
	ValuePath	path = {0};
	bool		all_known = true;

	memset(known, 0, sizeof(*known));
	for (int k = 0; k < nsteps; k++)
	{
		const Method *method = steps[k].method;
		const Formula *formula = MethodFormula(method, steps[k].option);
		const FormulaDomain *domain = formula->domain;
		bool		is_last = k == nsteps - 1;
		double		param[FORMULA_MAX_PARAMS] = {steps[k].center, steps[k].scale};

		if (!all_known)
		{
			if (!StepFollowsFromRange(method, formula, steps[k].domain, false, is_last))
				return false;
			continue;
		}
		/* values are clipped to what is known at the end */
		if (method->needs_values || (domain && steps[k].domain == DOMAIN_CLIP))
			return false;
		/* a range does not tell whether there is a zero in it */
		if (domain && (steps[k].domain == DOMAIN_NULL || (steps[k].domain == DOMAIN_ERROR && domain->without_zero)))
			PathAddDropUndefined(&path, formula);
		all_known = StepIsKnown(method, formula);
		if (!is_last && all_known)
			PathAddStep(&path, formula, param, &no_table, -INFINITY, INFINITY);
		else if (!is_last && !FormulaIsMonotonic(formula))
			return false;
	}
	known->count = path.count;
	known->elements = CoreAlloc(sizeof(PathElement) * path.count);
	memcpy(known->elements, path.elements, sizeof(PathElement) * path.count);
	return true;
}

/* ---- domains ---- */

/* Set *there to the evidence on values within [low, high], or on those for which a formula is defined. */
static bool
ValuesWithin(StepsFit *fit, double low, double high, Evidence *there)
{
	ValuePath	path = fit->path;

	PathAddRange(&path, PATH_DROP, low, high);
	return EvidenceAtEnd(fit->raw, &path, there);
}

static bool
ValuesDefined(StepsFit *fit, const Formula *formula, Evidence *there)
{
	ValuePath	path = fit->path;

	PathAddDropUndefined(&path, formula);
	return EvidenceAtEnd(fit->raw, &path, there);
}

/* Set the range of a rule that clips; without zero, both ends are the value nearest to it. */
static DeriveResult
DeriveClip(StepsFit *fit, const Formula *formula, const Moments *defined, DomainRule *rule)
{
	Evidence	below;
	Evidence	above;
	bool		known;

	if (defined->count == 0)
		return DERIVE_NO_VALUES;
	rule->low = defined->min;
	rule->high = defined->max;
	if (!formula->domain->without_zero)
		return DERIVE_OK;
	known = ValuesWithin(fit, -INFINITY, -BitsDouble(1), &below);
	known = ValuesWithin(fit, BitsDouble(1), INFINITY, &above) && known;
	if (!known)
		return DERIVE_PENDING;
	if (above.moments->count > 0 && (below.moments->count == 0 || above.moments->min <= -below.moments->max))
		rule->low = rule->high = above.moments->min;
	else
		rule->low = rule->high = below.moments->max;
	return DERIVE_OK;
}

DeriveResult
StepsFitDomain(StepsFit *fit, const Formula *formula, uint8_t policy, DomainRule *rule)
{
	Evidence	defined;
	const Moments *moments = fit->here.moments;
	DeriveResult result;

	memset(rule, 0, sizeof(*rule));
	if (formula->domain == NULL || policy == DOMAIN_KEEP)
		return DERIVE_OK;
	rule->policy = policy;
	if (moments->count == 0 || RangeInDomain(formula, moments->min, moments->max))
	{
		if (policy == DOMAIN_CLIP && moments->count == 0)
			return DERIVE_NO_VALUES;
		if (policy != DOMAIN_CLIP || !formula->domain->without_zero)
		{
			if (policy == DOMAIN_CLIP)
			{
				rule->low = moments->min;
				rule->high = moments->max;
			}
			return DERIVE_OK;
		}
	}
	if (policy == DOMAIN_ERROR && !(InDomain(formula, moments->min) && InDomain(formula, moments->max)))
	{
		fit->undefined = !InDomain(formula, moments->min) ? moments->min : moments->max;
		return DERIVE_UNDEFINED;
	}
	/* moments alone do not tell of a zero between values of both signs: then it is refused when it is normalized */
	if (policy == DOMAIN_ERROR && !EvidenceHasValues(fit->raw))
	{
		fit->undefined = 0.0;
		return fit->raw->has_zero ? DERIVE_UNDEFINED : DERIVE_OK;
	}
	if (!ValuesDefined(fit, formula, &defined))
		return DERIVE_PENDING;
	if (policy == DOMAIN_ERROR)
	{
		fit->undefined = 0.0;
		return defined.moments->count == moments->count ? DERIVE_OK : DERIVE_UNDEFINED;
	}
	if (policy == DOMAIN_NULL)
		PathAddDropUndefined(&fit->path, formula);
	else
	{
		result = DeriveClip(fit, formula, defined.moments, rule);
		if (result != DERIVE_OK)
			return result;
		PathAddClipUndefined(&fit->path, formula, rule->low, rule->high);
	}
	return MoveTo(fit) ? DERIVE_OK : DERIVE_PENDING;
}

/* ---- steps ---- */

DeriveResult
StepsFitStep(StepsFit *fit, const StepSpec *spec, Derived *derived, StepRecipe *step)
{
	DeriveInput input = {.option = step->option, .bounded = spec->bounded};
	DeriveResult result;
	double		low = -INFINITY;
	double		high = INFINITY;

	memset(step, 0, sizeof(*step));
	step->method = spec->method;
	memcpy(step->option, spec->option, sizeof(step->option));
	step->formula = MethodFormula(spec->method, spec->option);
	memset(derived, 0, sizeof(*derived));
	if (StepsFitOverflows(fit))
		return DERIVE_INFINITE;
	result = StepsFitDomain(fit, step->formula, spec->domain, &step->domain);
	if (result != DERIVE_OK)
		return result;
	input.moments = fit->here.moments;
	input.weighted = fit->here.weighted;
	input.evidence = fit->here.moments->count > 0 ? &fit->here : NULL;
	result = MethodDerive(spec->method, &input, derived);
	if (result != DERIVE_OK)
		return result;
	if (spec->method->given)
	{
		derived->param[0] = spec->center;
		derived->param[1] = spec->scale;
		step->imported = true;
	}
	step->constant = derived->constant;
	memcpy(step->param, derived->param, sizeof(step->param));
	step->table = derived->table;
	MethodClips(step->method, step->option, &low, &high);
	PathAddStep(&fit->path, step->formula, step->param, &step->table, low, high);
	return MoveTo(fit) ? DERIVE_OK : DERIVE_PENDING;
}
