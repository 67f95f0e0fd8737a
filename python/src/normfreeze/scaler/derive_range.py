"""Deriving a range by a rule, and what it leaves of the values (src/core/scaler/range_rule.c, ranged_derive.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

from .derive import _NoParameters
from .evidence import _Evidence
from .methods import _RANGE_UNKNOWN
from .range_rule import _RangeRule
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums


def _range_needs_values(rule: _RangeRule | None) -> bool:
    """Return whether a fit with a rule needs more of the values than their moments."""
    return rule is not None and (rule.kind.name != "deviations" or not rule.of_all)


def _range_follows_from_moments(rule: _RangeRule | None, clips: bool) -> bool:
    """Return whether moments alone give the range, and it leaves values of which the range is known, as it does if it clips."""
    return rule is None or (rule.kind.name == "deviations" and (rule.of_all or clips))


def _clipped_range(moments: _Moments, low: float, high: float) -> _Moments:
    """The range of values that are clipped, and their number; not their sums."""
    clipped = _Moments()
    clipped.count = moments.count
    clipped.extend(min(max(moments.min, low), high), min(max(moments.max, low), high))
    return clipped


def _around(below: float, above: float, unit: float, rule: _RangeRule):
    distance = rule.numbers[0] * unit if math.isfinite(unit) else math.nan
    return below - distance, above + distance


def _range_ends(rule: _RangeRule, moments: _Moments, weighted: _WeightedSums | None, evidence: _Evidence | None):
    name, (first, second), count = rule.kind.name, rule.numbers, moments.count
    if name == "percentiles":
        return (0.0 if rule.open_low else evidence.percentile(first), 0.0 if rule.open_high else evidence.percentile(second))
    if name == "fraction":
        return (evidence.ranked(int(count * first)), evidence.ranked(count - 1 - int(count * second)))
    if name == "deviations":
        # one value has no sample deviation
        unit = 0.0 if moments.min == moments.max else weighted.deviation() if weighted else moments.deviation(int(second))
        center = weighted.mean() if weighted else moments.mean()
        return _around(center, center, unit, rule)
    if name == "mad":
        center = evidence.median()
        return _around(center, center, second * evidence.median_distance(center), rule)
    below, above = evidence.percentile(25.0), evidence.percentile(75.0)
    return _around(below, above, above - below, rule)


def _derive_range(rule: _RangeRule, moments: _Moments, weighted: _WeightedSums | None, evidence: _Evidence | None):
    """The ends of a range, which are those of float64 where it is open; and whether there is but one value in it."""
    if moments.count == 0:
        raise _NoParameters("no values")
    low, high = _range_ends(rule, moments, weighted, evidence)
    if math.isnan(low) or math.isnan(high) or rule.kind.is_pair and (math.isinf(low) or math.isinf(high)):
        raise _NoParameters("range not finite")
    low = -_RANGE_UNKNOWN if rule.open_low else max(low, -_RANGE_UNKNOWN) + 0.0
    high = _RANGE_UNKNOWN if rule.open_high else min(high, _RANGE_UNKNOWN) + 0.0
    # interpolation may step back by a unit in the last place
    low = min(low, high)
    return low, high, low == high and moments.min != moments.max
