/*
 * subject_fit.c
 *		Deriving the parameters of a subject: those of its method, or of each of its steps.
 */
#include "pg/fit/subject_fit.h"

#include "pg/base/text.h"
#include "pg/fit/fit_refusals.h"
#include "pg/fit/range_fit.h"

/* Derive the last step, or the only one, from the values in front of it. */
static DeriveResult
DeriveLast(const Subject *subject, StepsFit *steps, bool has_evidence, SubjectFit *fit)
{
	const FeatureSpec *spec = subject->spec;
	const Formula *formula = MethodFormula(spec->method, spec->option);
	DeriveInput input = {
		.option = fit->option,
		.shifted = SpecIsShifted(spec),
		.bounded = subject->bounded
	};
	DeriveResult result;

	fit->step = fit->nbefore;
	memcpy(fit->option, spec->option, sizeof(fit->option));
	fit->moments = steps->here.moments;
	fit->range_alone = steps->here.range_alone;
	if (StepsFitOverflows(steps))
		return DERIVE_INFINITE;
	if (formula->domain)
	{
		result = StepsFitDomain(steps, formula, SpecDomain(spec), &fit->domain);

		if (result != DERIVE_OK)
			return result;
	}
	input.moments = fit->moments = steps->here.moments;
	input.weighted = steps->here.weighted;
	if (has_evidence && fit->moments->count > 0)
		input.evidence = &steps->here;
	result = MethodDerive(spec->method, &input, &fit->derived);
	fit->reached_last = true;
	memcpy(fit->last_option, fit->option, sizeof(fit->last_option));
	return result;
}

/* Settle defaults that depend on the data as for a feature without values. */
static void
SettleOptions(const Method *method, double *option)
{
	Moments		none;
	DeriveInput input = {.moments = &none, .option = option};
	Derived		derived;

	MomentsInit(&none);
	MethodDerive(method, &input, &derived);
}

void
DeriveSubject(const Subject *subject, Evidence *evidence, SubjectFit *fit)
{
	const FeatureSpec *spec = subject->spec;
	const WeightedSums *weighted = subject->weights ? &subject->weighted : NULL;
	Evidence	moments_alone = {
		.moments = &subject->moments, .weighted = weighted, .has_zero = subject->histogram.zeros > 0
	};
	DeriveInput input = {
		.moments = &subject->moments,
		.weighted = weighted,
		.evidence = evidence
	};
	ValuePath	path = {0};
	StepsFit   *steps = palloc(sizeof(StepsFit));

	memset(fit, 0, sizeof(*fit));
	fit->moments = &subject->moments;
	fit->result = DeriveRangePath(&spec->range_rule, spec->outside == OUTSIDE_CLIP, &input, &fit->range, &path);
	if (fit->result == DERIVE_OK)
		fit->result = StepsFitStart(steps, evidence ? evidence : &moments_alone, &path);
	if (fit->result == DERIVE_OK && path.count > 0 && steps->here.moments->count == 0)
		fit->result = DERIVE_RANGE_EMPTY;
	if (spec->nsteps > 1)
		fit->before = palloc0(sizeof(StepRecipe) * (spec->nsteps - 1));
	while (fit->result == DERIVE_OK && fit->nbefore < spec->nsteps - 1)
	{
		StepRecipe *step = &fit->before[fit->nbefore];

		CHECK_FOR_INTERRUPTS();
		fit->step = fit->nbefore;
		fit->moments = steps->here.moments;
		fit->range_alone = steps->here.range_alone;
		fit->result = StepsFitStep(steps, &spec->steps[fit->step], &fit->derived, step);
		memcpy(fit->option, step->option, sizeof(fit->option));
		fit->nbefore++;
	}
	if (fit->result == DERIVE_OK)
		fit->result = DeriveLast(subject, steps, evidence != NULL, fit);
	if (!fit->reached_last && fit->result != DERIVE_PENDING)
	{
		memcpy(fit->last_option, spec->option, sizeof(fit->last_option));
		SettleOptions(spec->method, fit->last_option);
	}
	fit->undefined = steps->undefined;
}

void
RefuseSubject(const Subject *subject, const SubjectFit *fit, DeriveResult why, const Moments *moments,
			  const char *label)
{
	const FeatureSpec *spec = subject->spec;
	FeatureSpec step = *spec;

	/* without values, or with infinities that count, no step is the reason */
	bool		as_they_are = moments->count == 0 ||
		(why == DERIVE_INFINITE && MomentsInfinite(moments) > 0 && !spec->skip_infinite);

	if (why >= DERIVE_RANGE_NOT_FINITE)
		RefuseRange(why, &spec->range_rule, &fit->range, moments, label);
	if (why == DERIVE_NO_VALUES && moments->count > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("no value of %s is left for %s", label,
						spec->nsteps > 1 ? psprintf("step %d of %d", fit->step + 1, spec->nsteps) :
						psprintf("method %s", spec->method->name)),
				 errdetail("It has " INT64_FORMAT " values, from %s to %s, and those that ranges and domains leave out do not count.",
						   moments->count, FloatText(moments->min), FloatText(moments->max)),
				 errhint("Shift the column, choose other steps, or say what the feature shall give: "
						 "{\"empty\": \"null\"}, or {\"empty\": \"unit\"} for values as they are.")));
	if (spec->nsteps <= 1 || fit->result != why || as_they_are)
		RefuseFeature(why, spec, fit->option, moments, &fit->derived, fit->undefined, label);
	if (why == DERIVE_INFINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 fit->range_alone ?
				 errmsg("%s has results beyond float8 before step %d of %d", label, fit->step + 1, spec->nsteps) :
				 errmsg("%s has results beyond float8 before step %d of %d: " INT64_FORMAT " of " INT64_FORMAT,
						label, fit->step + 1, spec->nsteps, MomentsInfinite(fit->moments),
						fit->moments->count + MomentsInfinite(fit->moments)),
				 errhint("Rescale the column, choose other steps, or have the feature give NULL: {\"unfit\": \"null\"}.")));
	/* the options of a step are those of a feature of its own */
	step.method = spec->steps[fit->step].method;
	step.bounded = spec->steps[fit->step].bounded;
	RefuseFeature(why, &step, fit->option, fit->moments, &fit->derived, fit->undefined,
				  psprintf("%s, as step %d of %d gets it,", label, fit->step + 1, spec->nsteps));
}
