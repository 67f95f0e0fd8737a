/*
 * known_path.c
 *		The part of a path that is known before any value is.
 */
#include "core/scaler/known_path.h"

#include <math.h>

#include "core/base/memory.h"

void
KnownPathResults(const KnownPath *known, double x, double *results)
{
	bool		there = IsFiniteBits(DoubleBits(x));

	for (int k = 0; k < known->count; k++)
	{
		there = there && PathElementValue(&known->elements[k], &x);
		results[k] = there ? x : NAN;
	}
}

/* Return whether two elements are the same.  A known one has no table, and does not clip. */
static bool
SameElement(const PathElement *known, const PathElement *other)
{
	return known->kind == other->kind && known->formula == other->formula &&
		known->low == other->low && known->high == other->high &&
		memcmp(known->param, other->param, sizeof(double) * known->formula->nparams) == 0;
}

/* Return how many known elements the first ones of a path stand for, and set *matched to the number of these. */
static int
MatchKnownPath(const KnownPath *known, const ValuePath *path, int *matched)
{
	int			found = 0;

	for (*matched = 0; *matched < path->count; (*matched)++)
	{
		const PathElement *element = &path->elements[*matched];
		int			next = found;

		while (next < known->count && known->elements[next].kind == PATH_DROP_UNDEFINED &&
			   !SameElement(&known->elements[next], element))
			next++;
		if (next == known->count || !SameElement(&known->elements[next], element))
			break;
		found = next + 1;
	}
	return found;
}

Moments *
RangeBehind(const Moments *moments, const PathElement *elements, int count)
{
	Moments    *there = CoreAlloc(sizeof(Moments));
	double		a = moments->min;
	double		b = moments->max;

	MomentsInit(there);
	if (moments->count == 0)
		return there;
	for (int i = 0; i < count; i++)
	{
		PathElementValue(&elements[i], &a);
		PathElementValue(&elements[i], &b);
	}
	if (isfinite(a) && isfinite(b))
	{
		there->count = moments->count;
		/* moments have no -0 */
		there->min = (a < b ? a : b) + 0.0;
		there->max = (a < b ? b : a) + 0.0;
	}
	else
		there->positive_infinities = moments->count;
	return there;
}

const Moments *
KnownResultsAtEnd(const KnownResults *results, const Moments *moments, const ValuePath *path,
				  const WeightedSums **weighted, bool *range_alone)
{
	int			matched;
	int			known = MatchKnownPath(results->path, path, &matched);
	Moments    *there;

	if (known > 0)
		moments = &results->moments[known - 1];
	*range_alone = matched < path->count;
	if (*range_alone)
		return RangeBehind(moments, path->elements + matched, path->count - matched);
	if (results->weighted)
		*weighted = &results->weighted[known - 1];
	/* a value that is dropped is not missing */
	there = CoreAlloc(sizeof(Moments));
	*there = *moments;
	there->nans = 0;
	return there;
}
