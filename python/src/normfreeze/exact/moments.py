"""The exact moments of values, and statistics of them that are rounded once (src/core/exact/moments.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

import numpy as np

from .pieces import _SQUARES_UNIT, _SUM_UNIT, _ColumnSums, _shifted
from .rational import _round_ratio, _round_root


class _Moments:
    """
    Counts, range, sum and sum of squares.  `sum` is in units of 2^-1074, `squares` of 2^-2148.  Without values the
    range is from infinity to -infinity.
    """

    __slots__ = ("count", "nulls", "nans", "positive_infinities", "negative_infinities", "min", "max", "sum", "squares")

    def __init__(self):
        self.count = self.nulls = self.nans = self.positive_infinities = self.negative_infinities = 0
        self.min, self.max = math.inf, -math.inf
        self.sum = self.squares = 0

    @classmethod
    def of(cls, values) -> _Moments:
        """Of an array of one dimension, without NULL."""
        moments = cls()
        finite = np.isfinite(values)
        if not finite.all():
            moments.count_missing(values, None)
            values = values[finite]
        if len(values):
            low, high, sums = values.min(keepdims=True), values.max(keepdims=True), _ColumnSums(1)
            sums.add(values[None, :], low, high)
            sums.settle()
            moments.count += len(values)
            moments.extend(float(low[0]), float(high[0]))
            (moments.sum,), (moments.squares,) = sums.sums, sums.squares
        return moments

    @property
    def missing(self) -> int:
        return self.nulls + self.nans

    @property
    def infinite(self) -> int:
        return self.positive_infinities + self.negative_infinities

    def extend(self, low: float, high: float):
        """Extend the range.  There is no -0 in it."""
        self.min, self.max = min(self.min, low + 0.0), max(self.max, high + 0.0)

    def count_missing(self, values, nulls):
        """Count what is missing, NULL or NaN, or infinite.  `nulls`, flags or None, are of values that are NaN."""
        nans, n = int(np.isnan(values).sum()), 0 if nulls is None else int(nulls.sum())
        self.nulls += n
        self.nans += nans - n
        self.positive_infinities += int((values == np.inf).sum())
        self.negative_infinities += int((values == -np.inf).sum())

    def add_times(self, x: float, times: int):
        """Add a finite value so many times."""
        n, d = x.as_integer_ratio()
        exponent = 1 - d.bit_length()
        self.extend(x, x)
        self.count += times
        self.sum += _shifted(n * times, exponent - _SUM_UNIT)
        self.squares += _shifted(n * n * times, 2 * exponent - _SQUARES_UNIT)

    def merge(self, other: _Moments):
        self.min, self.max = min(self.min, other.min), max(self.max, other.max)
        for name in ("count", "nulls", "nans", "positive_infinities", "negative_infinities", "sum", "squares"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    # -- statistics, NaN where there are none --

    def total(self) -> float:
        return _round_ratio(self.sum, 1, _SUM_UNIT)

    def mean(self) -> float:
        return _round_ratio(self.sum, self.count, _SUM_UNIT) if self.count else math.nan

    def _spread(self) -> int:
        return self.count * self.squares - self.sum * self.sum

    def variance(self, ddof: int = 0) -> float:
        if self.count <= ddof:
            return math.nan
        return _round_ratio(self._spread(), self.count * (self.count - ddof), _SQUARES_UNIT)

    def deviation(self, ddof: int = 0) -> float:
        if self.count <= ddof:
            return math.nan
        return _round_root(self._spread(), self.count * (self.count - ddof), _SQUARES_UNIT)

    def mean_ceiling(self) -> float:
        """The least float64 that is not below the exact mean."""
        mean = self.mean()
        n, d = mean.as_integer_ratio()
        above = self.sum > self.count * _shifted(n, 1 - d.bit_length() - _SUM_UNIT)
        return math.nextafter(mean, math.inf) if above else mean

    def mean_distance(self, from_mean: _Moments) -> float:
        """The mean absolute deviation from the mean, given the moments of the values that are not below the mean."""
        above = 2 * (self.count * from_mean.sum - from_mean.count * self.sum)
        return _round_ratio(above, self.count * self.count, _SUM_UNIT)

    def consistent(self) -> bool:
        """Return whether these can be the sums of so many values in this range."""
        if self.count == 0:
            return self.sum == 0 == self.squares
        if not (math.isfinite(self.min) and math.isfinite(self.max) and self.min <= self.mean() <= self.max):
            return False
        return self.squares >= 0 and self._spread() >= 0 and (self._spread() == 0) == (self.min == self.max)
