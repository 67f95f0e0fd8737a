/*
 * ranged_derive.c
 *		The range of a feature by a rule, and what it lets happen to the values of a fit.
 *
 * The range is that of the values as they are.  Parameters follow from all values, or from what the range leaves of
 * them: those outside are clipped to its ends, or do not count.
 */
#include "core/scaler/ranged_derive.h"

static DeriveResult
FindRange(const RangeRule *rule, const DeriveInput *input, DerivedRange *range)
{
	if (input->moments->count == 0)
		return DERIVE_NO_VALUES;
	switch (DeriveRange(rule, input->moments, input->weighted, input->evidence, &range->low, &range->high))
	{
		case RANGE_PENDING:
			return DERIVE_PENDING;
		case RANGE_NOT_FINITE:
			return DERIVE_RANGE_NOT_FINITE;
		case RANGE_ONE_VALUE:
			range->known = true;
			return DERIVE_RANGE_ONE_VALUE;
		case RANGE_FOUND:
			break;
	}
	range->known = true;
	return DERIVE_OK;
}

void
PathAddRangeOfRule(ValuePath *path, const RangeRule *rule, bool clips, const DerivedRange *range)
{
	if (range->known && !rule->of_all)
		PathAddRange(path, clips ? PATH_CLIP : PATH_DROP, range->low, range->high);
}

DeriveResult
DeriveRangePath(const RangeRule *rule, bool clips, const DeriveInput *input, DerivedRange *range, ValuePath *path)
{
	DeriveResult result;

	memset(range, 0, sizeof(*range));
	if (rule->kind == RANGE_OF_TRAINING)
		return DERIVE_OK;
	result = FindRange(rule, input, range);
	if (result == DERIVE_OK)
		PathAddRangeOfRule(path, rule, clips, range);
	return result;
}
