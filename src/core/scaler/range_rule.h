/*
 * range_rule.h
 *		The rules by which policy "outside" finds its range: percentiles, tails, and distances from a center.
 *
 * Without a rule the range is that of all training values.
 */
#ifndef NORMFREEZE_CORE_RANGE_RULE_H
#define NORMFREEZE_CORE_RANGE_RULE_H

#include "core/exact/weighted.h"
#include "core/scaler/evidence.h"
#include "core/scaler/method_options.h"

/* What a rule is.  Codes are in recipes, and never change. */
typedef enum RangeKind
{
	RANGE_OF_TRAINING = 0,		/* no rule */
	RANGE_PERCENTILES = 1,
	RANGE_FRACTION = 2,			/* values of ranks: this part of the values lies beyond */
	RANGE_DEVIATIONS = 3,		/* from the mean */
	RANGE_MAD = 4,				/* median absolute deviations from the median */
	RANGE_IQR = 5				/* interquartile ranges from the quartiles */
} RangeKind;

/*
 * A rule with its numbers.
 *
 * A pair has a number for each end.  Other rules have how many units lie between the center and either end, and
 * the value of the option that stands beside it.  What is not used is 0.
 */
typedef struct RangeRule
{
	uint8_t		kind;			/* RangeKind */
	bool		open_low;		/* nothing is too low, or too high */
	bool		open_high;
	bool		of_all;			/* statistics are those of all values, and not of what the range leaves */
	double		number[2];
} RangeRule;

/* A row of the table of rules. */
typedef struct RangeRuleKind
{
	RangeKind	kind;
	const char *name;			/* its key in options and in JSON */
	bool		is_pair;
	double		least;			/* of its numbers, included in a pair and excluded otherwise */
	double		greatest;
	bool		needs_values;	/* it needs more of the values than their moments */
	const MethodOption *beside; /* option with the second number of a rule that is no pair, or NULL */
} RangeRuleKind;

extern const RangeRuleKind range_rule_kinds[];	/* ends with a NULL name */

/* Return the row of a rule; NULL for the range of training, and for a code that is unknown. */
extern const RangeRuleKind *RangeKindOf(const RangeRule *rule);

/* Return what is wrong with a rule that is not that of training, as a clause about its numbers; NULL if nothing is. */
extern const char *RangeRuleProblem(const RangeRule *rule);

extern bool SameRangeRule(const RangeRule *a, const RangeRule *b);

/* Return whether a fit with a rule needs more of the values than their moments. */
extern bool RangeNeedsValues(const RangeRule *rule);

/*
 * Return whether moments alone give the range, and it leaves values of which the range is known; "clips" if it clips
 * what is outside, rather than leaving it out.
 */
extern bool RangeFollowsFromMoments(const RangeRule *rule, bool clips);

/* The result of a rule. */
typedef enum RangeResult
{
	RANGE_FOUND,
	RANGE_PENDING,				/* questions are pending */
	RANGE_NOT_FINITE,			/* an end is no number, because a difference of values overflows */
	RANGE_ONE_VALUE				/* both ends are equal, and the values are not */
} RangeResult;

/*
 * Set the ends of the range, from at least one value.
 *
 * An open end, and one that lies beyond float8, is the limit of float8.  Unless the rule needs values, the evidence
 * may be NULL.  "weighted" is NULL without weights.
 */
extern RangeResult DeriveRange(const RangeRule *rule, const Moments *moments, const WeightedSums *weighted,
							   Evidence *evidence, double *low, double *high);

#endif							/* NORMFREEZE_CORE_RANGE_RULE_H */
