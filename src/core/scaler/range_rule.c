/*
 * range_rule.c
 *		The rules by which policy "outside" finds its range.
 *
 * Percentiles, medians and quartiles have numpy's arithmetic.
 */
#include "core/scaler/range_rule.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/scaler/quantile.h"

#define MOST_UNITS		1e300

const RangeRuleKind range_rule_kinds[] = {
	{RANGE_PERCENTILES, "percentiles", true, 0, 100, true, NULL},
	{RANGE_FRACTION, "fraction", true, 0, 0.5, true, NULL},
	{RANGE_DEVIATIONS, "deviations", false, 0, MOST_UNITS, false, &option_ddof},
	{RANGE_MAD, "mad", false, 0, MOST_UNITS, true, &option_factor},
	{RANGE_IQR, "iqr", false, 0, MOST_UNITS, true, NULL},
	{RANGE_OF_TRAINING, NULL, false, 0, 0, false, NULL}
};

const RangeRuleKind *
RangeKindOf(const RangeRule *rule)
{
	for (const RangeRuleKind *kind = range_rule_kinds; kind->name; kind++)
		if (kind->kind == rule->kind)
			return kind;
	return NULL;
}

/* ---- what a rule may be ---- */

static const char *
PairProblem(const RangeRuleKind *kind, const RangeRule *rule)
{
	bool		in_order = kind->kind == RANGE_FRACTION || rule->open_low || rule->open_high ||
		rule->number[0] < rule->number[1];

	if ((rule->open_low && rule->number[0] != 0) || (rule->open_high && rule->number[1] != 0))
		return "an end that is open has a number";
	for (int k = 0; k < 2; k++)
		if (!(rule->number[k] >= kind->least && rule->number[k] <= kind->greatest))
			return "a number is out of range";
	/* beyond one half there would be no value between the tails */
	if (kind->kind == RANGE_FRACTION && (rule->number[0] == kind->greatest || rule->number[1] == kind->greatest))
		return "a number is out of range";
	return in_order ? NULL : "the numbers are not in ascending order";
}

const char *
RangeRuleProblem(const RangeRule *rule)
{
	const RangeRuleKind *kind = RangeKindOf(rule);

	if (kind == NULL)
		return "the rule is unknown";
	if (rule->open_low && rule->open_high)
		return "both ends are open";
	if (kind->is_pair)
		return PairProblem(kind, rule);
	if (!(rule->number[0] > kind->least && rule->number[0] <= kind->greatest))
		return "a number is out of range";
	if (kind->beside)
		return MethodOptionProblem(kind->beside, &rule->number[1]) ? "a number is out of range" : NULL;
	return rule->number[1] == 0 ? NULL : "there is one number too many";
}

bool
SameRangeRule(const RangeRule *a, const RangeRule *b)
{
	return a->kind == b->kind && a->open_low == b->open_low && a->open_high == b->open_high &&
		a->of_all == b->of_all && memcmp(a->number, b->number, sizeof(a->number)) == 0;
}

bool
RangeNeedsValues(const RangeRule *rule)
{
	const RangeRuleKind *kind = RangeKindOf(rule);

	return kind && (kind->needs_values || !rule->of_all);
}

bool
RangeFollowsFromMoments(const RangeRule *rule, bool clips)
{
	const RangeRuleKind *kind = RangeKindOf(rule);

	return kind == NULL || (!kind->needs_values && (rule->of_all || clips));
}

/* ---- deriving a range ---- */

/*
 * Return the value below or above which a fraction of the values lies.
 *
 * Of n values in ascending order, counted from 1, these are number 1 + floor(n * q) and number n - floor(n * q): the
 * lcut and rcut of Oracle's DBMS_DATA_MINING_TRANSFORM.INSERT_CLIP_WINSOR_TAIL, and the limits of
 * scipy.stats.mstats.winsorize() where it counts the tails "inclusive".
 */
static double
TailValue(Evidence *evidence, double fraction, bool high)
{
	uint64_t	count = (uint64_t) evidence->moments->count;
	uint64_t	beyond = (uint64_t) ((double) count * fraction);
	Question	question = {.kind = ASK_ORDER, .rank = high ? count - 1 - beyond : beyond};
	Answer		answer;

	return Ask(evidence, &question, &answer) ? answer.value : NAN;
}

/* Set the ends so many units away from two values.  They may lie beyond float8, but the unit may not. */
static void
SetAround(double below, double above, double unit, const RangeRule *rule, double *low, double *high)
{
	double		distance = isfinite(unit) ? rule->number[0] * unit : NAN;

	*low = below - distance;
	*high = above + distance;
}

/* Set the ends as the rule has them; NaN where a question is pending. */
static void
SetEnds(const RangeRule *rule, const Moments *moments, const WeightedSums *weighted, Evidence *evidence,
		double *low, double *high)
{
	double		center;
	double		above;
	double		unit;

	switch ((RangeKind) rule->kind)
	{
		case RANGE_PERCENTILES:
			if (!rule->open_low)
				*low = EvidencePercentile(evidence, rule->number[0]);
			if (!rule->open_high)
				*high = EvidencePercentile(evidence, rule->number[1]);
			break;
		case RANGE_FRACTION:
			if (!rule->open_low)
				*low = TailValue(evidence, rule->number[0], false);
			if (!rule->open_high)
				*high = TailValue(evidence, rule->number[1], true);
			break;
		case RANGE_DEVIATIONS:
			/* one value has no sample deviation, and all its mean is itself */
			unit = moments->min == moments->max ? 0 :
				weighted ? WeightedDeviation(weighted) : MomentsDeviation(moments, (int) rule->number[1]);
			center = weighted ? WeightedMean(weighted) : MomentsMean(moments);
			SetAround(center, center, unit, rule, low, high);
			break;
		case RANGE_MAD:
			center = EvidenceMedian(evidence);
			unit = rule->number[1] * EvidenceMedianDistance(evidence, center);
			SetAround(center, center, unit, rule, low, high);
			break;
		case RANGE_IQR:
			center = EvidencePercentile(evidence, 25.0);
			above = EvidencePercentile(evidence, 75.0);
			SetAround(center, above, above - center, rule, low, high);
			break;
		case RANGE_OF_TRAINING:
			break;
	}
}

RangeResult
DeriveRange(const RangeRule *rule, const Moments *moments, const WeightedSums *weighted, Evidence *evidence,
			double *low, double *high)
{
	*low = *high = 0;
	SetEnds(rule, moments, weighted, evidence, low, high);
	if (EvidenceIsPending(evidence))
		return RANGE_PENDING;
	/* differences of values may overflow in an interpolation */
	if (isnan(*low) || isnan(*high) || (RangeKindOf(rule)->is_pair && (isinf(*low) || isinf(*high))))
		return RANGE_NOT_FINITE;
	*low = rule->open_low ? -DBL_MAX : CanonicalZero(fmax(*low, -DBL_MAX));
	*high = rule->open_high ? DBL_MAX : CanonicalZero(fmin(*high, DBL_MAX));
	/* interpolation may step back by a unit in the last place */
	if (*low > *high)
		*low = *high;
	return *low == *high && moments->min != moments->max ? RANGE_ONE_VALUE : RANGE_FOUND;
}
