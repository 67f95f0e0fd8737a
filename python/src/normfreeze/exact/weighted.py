"""Weighted sums, exact, and statistics of them that are rounded once (src/core/exact/weighted.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .pieces import _windows, _product_sum, _shifted
from .rational import _round_ratio, _round_root
from ..base.pairs import _two_product

_WEIGHTS_UNIT, _VALUES_UNIT, _TRIPLES_UNIT = -1074, -2148, -3222


class _WeightedSums:
    """Sums of weights, weights times values, and weights times squares, in units of 2^-1074, 2^-2148 and 2^-3222."""

    __slots__ = ("weights", "values", "squares")

    def __init__(self):
        self.weights = self.values = self.squares = 0

    def add(self, x, weights):
        """Add finite values with weights that are positive and finite."""
        for chosen, w_shift in _windows(weights):
            w, of_these = np.ldexp(weights[chosen], -w_shift), x[chosen]
            total, unit = _product_sum(w, np.ones_like(w))
            self.weights += _shifted(total, unit + w_shift - _WEIGHTS_UNIT)
            for nearer, x_shift in _windows(of_these):
                v = np.ldexp(of_these[nearer], -x_shift)
                # w v is a pair of float64; times v again, that is two sums of products
                for part in _two_product(w[nearer], v):
                    total, unit = _product_sum(part, np.ones_like(v))
                    self.values += _shifted(total, unit + w_shift + x_shift - _VALUES_UNIT)
                    total, unit = _product_sum(part, v)
                    self.squares += _shifted(total, unit + w_shift + 2 * x_shift - _TRIPLES_UNIT)

    def add_times(self, x: float, weight: int):
        """Add a finite value with a weight in units of 2^-1074."""
        n, d = x.as_integer_ratio()
        whole = _shifted(n, 1 - d.bit_length() - _WEIGHTS_UNIT)
        self.weights += weight
        self.values += weight * whole
        self.squares += weight * whole * whole

    def merge(self, other: _WeightedSums):
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def total(self) -> float:
        return _round_ratio(self.values, 1, _VALUES_UNIT)

    def mean(self) -> float:
        if self.weights <= 0:
            return float("nan")
        return _round_ratio(self.values, self.weights, _VALUES_UNIT - _WEIGHTS_UNIT)

    def _spread(self) -> int:
        return self.weights * self.squares - self.values * self.values

    def deviation(self) -> float:
        if self.weights <= 0:
            return float("nan")
        return _round_root(self._spread(), self.weights * self.weights, _TRIPLES_UNIT - _WEIGHTS_UNIT)

    def consistent(self, low: float, high: float) -> bool:
        if self.weights <= 0 or self.squares < 0:
            return False
        return self._spread() >= 0 and (self._spread() == 0) == (low == high) and low <= self.mean() <= high
