/*
 * subjects.c
 *		What parameters are derived for, and where the evidence on that is.
 */
#include "pg/fit/subjects.h"

#include "pg/base/text.h"

void
SubjectAddMember(Subject *subject, const Profile *settled, int i)
{
	subject->members[subject->nmembers++] = i;
	if (settled->moments[i].count > INT64_MAX - subject->moments.count)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the features that option \"global\" takes together have more values than can be counted"),
				 errdetail("There are " INT64_FORMAT " and " INT64_FORMAT ", the limit is " INT64_FORMAT ".",
						   subject->moments.count, settled->moments[i].count, PG_INT64_MAX),
				 errhint("Merge every profile once: no table has so many rows.")));
	MomentsMerge(&subject->moments, &settled->moments[i]);
	if (settled->weighted)
		WeightedSumsMerge(&subject->weighted, &settled->weighted[i]);
	if (settled->histograms)
		HistogramMerge(&subject->histogram, &settled->histograms[i]);
}

void
StartSubject(Subject *subject, const FeatureSpec *spec, const Profile *settled, int *members)
{
	memset(subject, 0, sizeof(*subject));
	subject->spec = spec;
	subject->bounded = spec->bounded;
	subject->weights = settled->weighted != NULL;
	subject->members = members;
	MomentsInit(&subject->moments);
	if (settled->histograms)
		HistogramInit(&subject->histogram, settled->distribution);
}

bool
SameMethod(const Method *method_a, const double *option_a, uint8 quantiles_a,
		   const Method *method_b, const double *option_b, uint8 quantiles_b)
{
	return method_a == method_b && quantiles_a == quantiles_b &&
		memcmp(option_a, option_b, sizeof(double) * MethodValueCount(method_a)) == 0;
}

bool
SameSteps(const FeatureSpec *a, const FeatureSpec *b)
{
	/* a single step is its method */
	if (Max(a->nsteps, 1) != Max(b->nsteps, 1) || SpecDomain(a) != SpecDomain(b))
		return false;
	for (int k = 0; k < a->nsteps - 1; k++)
	{
		const StepSpec *x = &a->steps[k];
		const StepSpec *y = &b->steps[k];

		if (!SameMethod(x->method, x->option, 0, y->method, y->option, 0) || x->domain != y->domain ||
			x->bounded != y->bounded || x->center != y->center || x->scale != y->scale)
			return false;
	}
	return true;
}

bool
SameRange(const RangeRule *rule_a, uint8 outside_a, const RangeRule *rule_b, uint8 outside_b)
{
	if (rule_a->kind == RANGE_OF_TRAINING || rule_b->kind == RANGE_OF_TRAINING)
		return rule_a->kind == rule_b->kind;
	/* clipped values count in the statistics of what is inside, others do not */
	return SameRangeRule(rule_a, rule_b) &&
		(rule_a->of_all || (outside_a == OUTSIDE_CLIP) == (outside_b == OUTSIDE_CLIP));
}

Subjects *
MakeSubjects(const FitSpec *spec, const Profile *settled)
{
	int			n = settled->nfeatures;
	int			nglobal = 0;
	Subjects   *subjects = palloc0(sizeof(Subjects));
	int		   *own_members;

	for (int i = 0; i < n; i++)
		nglobal += SpecOfFeature(spec, settled->names ? settled->names[i] : NULL)->global;
	subjects->subjects = palloc(sizeof(Subject) * (n + nglobal));
	subjects->of_feature = palloc(sizeof(int) * n);
	own_members = palloc(sizeof(int) * n);
	subjects->count = n;
	for (int i = 0; i < n; i++)
	{
		const FeatureSpec *feature = SpecOfFeature(spec, settled->names ? settled->names[i] : NULL);
		Subject    *own = &subjects->subjects[i];
		int			s = i;

		StartSubject(own, feature, settled, &own_members[i]);
		/* the moments of the subject itself; limbs are shared, since nothing is added to them */
		own->members[own->nmembers++] = i;
		own->moments = settled->moments[i];
		if (settled->weighted)
			own->weighted = settled->weighted[i];
		if (settled->histograms)
			own->histogram = settled->histograms[i];

		if (feature->global)
		{
			for (s = n; s < subjects->count; s++)
			{
				const FeatureSpec *other = subjects->subjects[s].spec;

				if (SameSteps(feature, other) &&
					SameMethod(feature->method, feature->option, feature->quantiles,
							   other->method, other->option, other->quantiles) &&
					SameRange(&feature->range_rule, feature->outside, &other->range_rule, other->outside))
					break;
			}
			if (s == subjects->count)
				StartSubject(&subjects->subjects[subjects->count++], feature, settled, palloc(sizeof(int) * n));
			SubjectAddMember(&subjects->subjects[s], settled, i);
			subjects->subjects[s].bounded &= feature->bounded;
		}
		subjects->of_feature[i] = s;
	}
	for (int s = n; s < subjects->count && settled->histograms; s++)
		HistogramCanonicalize(&subjects->subjects[s].histogram);
	return subjects;
}

char *
LabelOf(const Profile *settled, int i)
{
	return FeatureLabel(settled->names ? settled->names[i] : NULL, i);
}

Evidence
EvidenceFromHistogram(const Profile *settled, int i)
{
	return (Evidence) {.moments = &settled->moments[i], .histogram = &settled->histograms[i]};
}

ValueStore *
StoreOfSubject(const Subject *subject, ValueStore *stores)
{
	ValueStore *merged;

	if (subject->nmembers == 1)
		return &stores[subject->members[0]];
	merged = palloc0(sizeof(ValueStore));
	for (int m = 0; m < subject->nmembers; m++)
	{
		const ValueStore *store = &stores[subject->members[m]];

		merged->weighted = store->weighted;
		ValueStoreMerge(merged, store);
	}
	return merged;
}

/* Return what the values of a subject have become, given the results of each feature. */
static const KnownResults *
ResultsOfSubject(const Subject *subject, const HeldValues *held)
{
	const Profile *results = held->results;
	const KnownPath *path = &subject->spec->known;
	KnownResults *found = palloc0(sizeof(KnownResults));
	Moments    *moments;
	WeightedSums *weighted = NULL;

	found->path = path;
	if (subject->nmembers == 1)
	{
		int			first = KnownFeatureOf(held->known, subject->members[0])->first;

		found->moments = results->moments + first;
		if (results->weighted)
			found->weighted = results->weighted + first;
		return found;
	}
	moments = palloc(sizeof(Moments) * path->count);
	if (results->weighted)
		weighted = palloc0(sizeof(WeightedSums) * path->count);
	for (int k = 0; k < path->count; k++)
	{
		MomentsInit(&moments[k]);
		for (int m = 0; m < subject->nmembers; m++)
		{
			int			place = KnownFeatureOf(held->known, subject->members[m])->first + k;

			MomentsMerge(&moments[k], &results->moments[place]);
			if (weighted)
				WeightedSumsMerge(&weighted[k], &results->weighted[place]);
		}
	}
	found->moments = moments;
	found->weighted = weighted;
	return found;
}

static Evidence
FindEvidenceOf(Subject *subject, const FitSource *source, bool of_cells)
{
	Evidence	evidence = {.moments = &subject->moments, .weighted = subject->weights ? &subject->weighted : NULL};

	if (!of_cells && source->held->stores)
	{
		evidence.store = StoreOfSubject(subject, source->held->stores);
		Assert(evidence.store->count == (uint64) subject->moments.count);
	}
	else if (source->settled->histograms && !source->settled->weighted &&
			 (of_cells || HistogramIsExact(&subject->histogram)))
		evidence.histogram = &subject->histogram;
	else if (source->gathered)
		evidence.inquiry = &subject->inquiry;
	return evidence;
}

static bool
IsFound(const Evidence *evidence)
{
	return evidence->store || evidence->histogram || evidence->inquiry;
}

/* Fail, since a profile does not tell what the method or the steps of a feature ask for. */
pg_noreturn static void
RefuseProfile(const Profile *settled, bool has_steps, const char *label)
{
	if (settled->weighted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the profile does not hold the weights of the values of %s", label),
				 errdetail("It has sums of weighted values, and its distribution counts values without their weights."),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, method, options, weight).")));
	if (settled->histograms == NULL && has_steps)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a profile without distribution has no values for the steps of %s", label),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
	if (settled->histograms == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a profile without distribution has no quantiles for %s", label),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
	if (has_steps)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the profile does not hold each value of %s, which its steps need", label),
				 errdetail("Its distribution counts values in cells, not one by one."),
				 errhint("Fit the rows themselves, or let cells stand for values: {\"quantiles\": \"histogram\"}.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the exact quantiles of %s", label),
			 errdetail("Its distribution counts values in cells, not one by one."),
			 errhint("Fit the rows themselves, or accept quantiles interpolated within the cells: {\"quantiles\": \"histogram\"}.")));
}

Evidence
FindEvidence(Subject *subject, const FitSource *source)
{
	Evidence	evidence = FindEvidenceOf(subject, source,
										  subject->spec->quantiles == QUANTILES_HISTOGRAM);

	if (!IsFound(&evidence))
		RefuseProfile(source->settled, subject->spec->nsteps > 1, LabelOf(source->settled, subject->members[0]));
	return evidence;
}

Evidence
FindEvidenceForSteps(Subject *subject, const FitSource *source)
{
	bool		of_cells = subject->spec->quantiles == QUANTILES_HISTOGRAM && source->settled->histograms;
	Evidence	evidence = {.moments = &subject->moments, .weighted = subject->weights ? &subject->weighted : NULL};

	if (!of_cells && SpecFollowsFromRange(subject->spec))
		evidence.range_alone = true;
	else if (!of_cells && source->held->results && SpecFollowsFromResults(subject->spec))
		evidence.results = ResultsOfSubject(subject, source->held);
	else
		return FindEvidence(subject, source);
	return evidence;
}

Evidence
FindExactEvidence(Subject *subject, const FitSource *source)
{
	Evidence	evidence = FindEvidenceOf(subject, source, false);

	if (IsFound(&evidence))
		return evidence;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the most frequent value of %s",
					LabelOf(source->settled, subject->members[0])),
			 errdetail(source->settled->histograms ? "Its distribution counts values in cells, not one by one." :
					   "It has no distribution."),
			 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
}
