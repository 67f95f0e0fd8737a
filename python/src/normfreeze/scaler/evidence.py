"""What methods ask about the values of a feature beyond their moments, and the answers (src/core/scaler/evidence.c, quantile.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

import numpy as np

from .arithmetic import _EPSILON, _box_cox_forward, _yeo_johnson
from ..base.elementary import _expm1, _log1p
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums
from ..values.ranks import _CountedValues, _ValueStore

#
# Percentiles and medians have numpy's arithmetic, operation by operation
# (numpy/lib/_function_base_impl.py: _quantile, _lerp, _get_gamma, _get_indexes;
# _nanfunctions_impl.py: _nanmedian1d).


class _Evidence:
    """The values of a feature, or the cells of its histogram, which stand for them; and their moments."""

    def __init__(self, moments: _Moments, source):
        self.moments, self._source = moments, source

    @property
    def in_cells(self) -> bool:
        """Return whether answers come from cells, each of which stands for several values."""
        return self._source.in_cells

    def weighed(self):
        """Values, and how many times each occurs: None for once."""
        return self._source.weighed()

    def weights(self):
        """The weights of these values; None if rows have none."""
        return self._source.weights() if isinstance(self._source, _ValueStore) else None

    # -- order statistics --

    def percentiles(self, percents):
        count = self.moments.count
        percents = np.asarray(percents, np.float64)
        last = float(count - 1)
        index = last * (percents / 100.0)
        at_end = index >= last
        previous = np.where(at_end, last, np.floor(index))
        gamma = np.where(at_end, index + 1.0, index - previous)
        below = previous.astype(np.int64)
        a, b = self._source.ranked(below), self._source.ranked(np.where(at_end, below, below + 1))
        difference = b - a
        return np.where(gamma >= 0.5, b - difference * (1.0 - gamma), a + difference * gamma)

    def percentile(self, percent: float) -> float:
        return float(self.percentiles([percent])[0]) if self.moments.count else math.nan

    def _median(self, ranked) -> float:
        count = self.moments.count
        if count == 0:
            return math.nan
        above = ranked(count // 2)
        return above if count & 1 else (ranked(count // 2 - 1) + above) / 2.0

    def ranked(self, rank: int) -> float:
        return float(self._source.ranked(np.array([rank]))[0])

    def median(self) -> float:
        return self._median(self.ranked)

    def most_frequent(self) -> float:
        """The least of the values that occur most often; the evidence must be exact."""
        return self._source.most_frequent() if self.moments.count else math.nan

    def median_distance(self, center: float) -> float:
        if math.isnan(center):
            return math.nan
        return self._median(lambda rank: self._source.ranked_distance(center, rank))

    # -- moments of a function of the values, and weighted sums --

    def weighted_sums(self) -> _WeightedSums | None:
        """Those of these values; None if rows have no weights."""
        weights = self.weights()
        if weights is None:
            return None
        sums = _WeightedSums()
        sums.add(self.weighed()[0], weights)
        return sums

    def moments_of(self, function) -> _Moments:
        """The moments of function(values)."""
        values, times = self.weighed()
        results = function(values)
        if times is None:
            return _Moments.of(results)
        return _weighed_moments(results, times)

    def moments_from(self, least: float) -> _Moments:
        """The moments of the values that are not below `least`."""
        values, times = self.weighed()
        chosen = values >= least
        return _Moments.of(values[chosen]) if times is None else _weighed_moments(values[chosen], times[chosen])


    # -- what a range leaves of the values --

    def inside(self, low: float, high: float, clips: bool) -> _Evidence:
        """Values outside of a range are clipped to its ends, or do not count."""
        values, times = self.weighed()
        weights = self.weights()
        if clips:
            left = np.minimum(np.maximum(values, low), high)
        else:
            inside = (values >= low) & (values <= high)
            left, times = values[inside], times if times is None else times[inside]
            weights = weights if weights is None else weights[inside]
        if times is None:
            return _Evidence(_Moments.of(left), _ValueStore([left], None if weights is None else [weights]))
        return _Evidence(_weighed_moments(left, times), _CountedValues(left, times, self.in_cells))


def _weighed_moments(values, times) -> _Moments:
    moments = _Moments()
    for value, number in zip(values.tolist(), times.tolist()):
        if math.isfinite(value):
            moments.add_times(value, number)
        else:
            name = "nans" if math.isnan(value) else "positive_infinities" if value > 0 else "negative_infinities"
            setattr(moments, name, getattr(moments, name) + number)
    return moments


def _power_function(box_cox: bool, power: float):
    """The transformation by lambda = power, as it is applied, of an array."""
    def function(values):
        of_all = np.full_like(values, power)
        if box_cox:
            return _box_cox_forward(values, of_all, np.zeros_like(values), np.ones_like(values))
        return _yeo_johnson(values, (of_all, 2.0 - of_all), _log1p, _expm1, _EPSILON)
    return function
