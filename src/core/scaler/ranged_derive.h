/*
 * ranged_derive.h
 *		The range of a feature by a rule, and what it lets happen to the values of a fit.
 */
#ifndef NORMFREEZE_CORE_RANGED_DERIVE_H
#define NORMFREEZE_CORE_RANGED_DERIVE_H

#include "core/scaler/method.h"
#include "core/scaler/range_rule.h"
#include "core/scaler/value_path.h"

/* A range that a rule gave. */
typedef struct DerivedRange
{
	bool		known;
	double		low;
	double		high;
} DerivedRange;

/*
 * Derive the range by a rule, and add to the path what it does to values if statistics are those of what is inside.
 *
 * The input has evidence if the rule needs more of the values than their moments, and values count as they are.
 * Without a rule nothing happens, and the range is not known.
 */
extern DeriveResult DeriveRangePath(const RangeRule *rule, bool clips, const DeriveInput *input, DerivedRange *range,
									ValuePath *path);

/* Add to a path what a range by a rule does to values. */
extern void PathAddRangeOfRule(ValuePath *path, const RangeRule *rule, bool clips, const DerivedRange *range);

#endif							/* NORMFREEZE_CORE_RANGED_DERIVE_H */
