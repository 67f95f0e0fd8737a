/*
 * known_path.h
 *		The part of a path that is known before any value is: functions without parameters of their own, and domains
 *		outside of which values are dropped.
 *
 * What values become there can be added up as they come, so a fit of log1p and then standard holds none of them.
 */
#ifndef NORMFREEZE_CORE_KNOWN_PATH_H
#define NORMFREEZE_CORE_KNOWN_PATH_H

#include "core/exact/moments.h"
#include "core/exact/weighted.h"
#include "core/scaler/value_path.h"

/* Such elements: PATH_STEP and PATH_DROP_UNDEFINED.  None of them clips. */
typedef struct KnownPath
{
	int			count;
	PathElement *elements;
} KnownPath;

/* What values have become behind each element of a known path. */
typedef struct KnownResults
{
	const KnownPath *path;
	const Moments *moments;		/* by element */
	const WeightedSums *weighted;	/* likewise; NULL without weights */
} KnownResults;

/* Set the results of a value behind each element: NaN from where it is dropped, and for one that is not finite. */
extern void KnownPathResults(const KnownPath *known, double x, double *results);

/*
 * Return the moments of what values have become at the end of a path that begins with known elements, and set *weighted
 * to their weighted sums; "moments" are those of the values as they are.
 *
 * The path has no element for a domain in which all values are.  If further elements follow, which must be as for
 * RangeBehind(), *range_alone is set: the result is that of RangeBehind().
 */
extern const Moments *KnownResultsAtEnd(const KnownResults *results, const Moments *moments, const ValuePath *path,
										const WeightedSums **weighted, bool *range_alone);

/*
 * Return moments of which only the number and the range of values are set: what elements make of those of others.
 * The elements must be steps whose formulas are monotonic.
 */
extern Moments *RangeBehind(const Moments *moments, const PathElement *elements, int count);

#endif							/* NORMFREEZE_CORE_KNOWN_PATH_H */
