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

static Evidence
FindEvidenceOf(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered, bool of_cells)
{
	Evidence	evidence = {.moments = &subject->moments, .weighted = subject->weights ? &subject->weighted : NULL};

	if (!of_cells && stores)
	{
		evidence.store = StoreOfSubject(subject, stores);
		Assert(evidence.store->count == (uint64) subject->moments.count);
	}
	else if (settled->histograms && !settled->weighted && (of_cells || HistogramIsExact(&subject->histogram)))
		evidence.histogram = &subject->histogram;
	else if (gathered)
		evidence.inquiry = &subject->inquiry;
	return evidence;
}

static bool
IsFound(const Evidence *evidence)
{
	return evidence->store || evidence->histogram || evidence->inquiry;
}

Evidence
FindEvidence(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered)
{
	Evidence	evidence = FindEvidenceOf(subject, settled, stores, gathered,
										  subject->spec->quantiles == QUANTILES_HISTOGRAM);
	char	   *label = LabelOf(settled, subject->members[0]);

	if (IsFound(&evidence))
		return evidence;
	if (settled->weighted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the profile does not hold the weights of the values of %s", label),
				 errdetail("It has sums of weighted values, and its distribution counts values without their weights."),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, method, options, weight).")));
	if (settled->histograms == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a profile without distribution has no quantiles for %s", label),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the exact quantiles of %s", label),
			 errdetail("Its distribution counts values in cells, not one by one."),
			 errhint("Fit the rows themselves, or accept quantiles interpolated within the cells: {\"quantiles\": \"histogram\"}.")));
}

Evidence
FindEvidenceForSteps(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered)
{
	bool		of_cells = subject->spec->quantiles == QUANTILES_HISTOGRAM && settled->histograms;
	Evidence	evidence = {.moments = &subject->moments, .weighted = subject->weights ? &subject->weighted : NULL};

	if (of_cells || !SpecFollowsFromRange(subject->spec))
		return FindEvidence(subject, settled, stores, gathered);
	evidence.range_alone = true;
	return evidence;
}

Evidence
FindExactEvidence(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered)
{
	Evidence	evidence = FindEvidenceOf(subject, settled, stores, gathered, false);

	if (IsFound(&evidence))
		return evidence;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the most frequent value of %s", LabelOf(settled, subject->members[0])),
			 errdetail(settled->histograms ? "Its distribution counts values in cells, not one by one." :
					   "It has no distribution."),
			 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
}
