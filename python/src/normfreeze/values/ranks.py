"""The values of ranks: from all values, or from cells that stand for them (src/core/values/histogram_ranks.c, value_store.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .cells import _float_of, _number_cells
from .histogram import _Histogram


class _ValueStore:
    """All finite values of one feature, and their weights, if rows have some: then no rank is asked for, and the order stays."""

    in_cells = False

    def __init__(self, parts, weights=None):
        self._parts, self._values, self._sorted, self._weights = parts, None, False, weights

    def add(self, values, weights=None):
        """Keep an array of values, of which those that are not finite do not count."""
        finite = np.isfinite(values)
        self._parts.append(values if finite.all() else values[finite])
        if self._weights is not None:
            self._weights.append(weights if finite.all() else weights[finite])
        self._values, self._sorted = None, False

    def merged(self, others) -> _ValueStore:
        stores = (self, *others)
        weights = None if self._weights is None else [part for store in stores for part in store._weights]
        return _ValueStore([part for store in stores for part in store._parts], weights)

    def weights(self):
        """The weights of the values, in their order; None without."""
        if self._weights is None:
            return None
        self._weights = [np.concatenate(self._weights) if self._weights else np.zeros(0)]
        return self._weights[0]

    def values(self):
        if self._values is None:
            self._values = np.concatenate(self._parts) if self._parts else np.zeros(0)
            self._values += 0.0                                # no -0
            self._parts = [self._values]
        return self._values

    def ranked(self, ranks):
        """The values of ranks, from 0 on."""
        if not self._sorted:
            self.values().sort()
            self._sorted = True
        return self._values[ranks]

    def most_frequent(self) -> float:
        """The least of the values that occur most often (src/core/values/most_frequent.c)."""
        values, times = np.unique(self.values(), return_counts=True)
        return float(values[np.argmax(times)])

    def ranked_distance(self, center: float, rank: int) -> float:
        return float(np.partition(np.abs(self.values() - center), rank)[rank])

    def weighed(self):
        """Values, and how many times each occurs: None for once."""
        return self.values(), None


class _CountedValues:
    """Values, each with the number of times it occurs: what cells have become."""

    def __init__(self, values, times, in_cells: bool):
        order = np.argsort(values, kind="stable")
        self._values, self._times, self.in_cells = values[order], times[order], in_cells

    def ranked(self, ranks):
        return self._values[np.searchsorted(np.cumsum(self._times), ranks, "right")]

    def ranked_distance(self, center: float, rank: int) -> float:
        return _ranked_distance(self, center, rank)

    def weighed(self):
        return self._values, self._times


def _ranked_distance(source, center: float, rank: int) -> float:
    values, times = source.weighed()
    distances = np.abs(values - center)
    order = np.argsort(distances, kind="stable")
    return float(distances[order][np.searchsorted(np.cumsum(times[order]), rank, "right")])


class _CellValues:
    """A settled histogram whose cells stand for its values, which lie between low and high."""

    def __init__(self, histogram: _Histogram, low: float, high: float):
        negative, positive = histogram.cells[1], histogram.cells[0]
        self.in_cells = not histogram.is_exact()
        numbering = _number_cells(histogram.relative_level, histogram.linear_level)
        near, far = [], []
        for magnitude in np.concatenate([negative.edges[::-1], positive.edges]).tolist():
            index = numbering.index(magnitude)
            near.append(_float_of(max(magnitude, 1)))           # zero is in no cell
            far.append(_float_of(numbering.magnitude(index + 1) - 1))
        near, far, n = np.array(near), np.array(far), len(negative.edges)
        least = np.concatenate([-far[:n], [0.0], near[n:]])
        greatest = np.concatenate([-near[:n], [0.0], far[n:]])
        self._counts = np.concatenate([negative.counts[::-1], [histogram.zeros], positive.counts])
        cut = np.arange(len(least)) != n
        self._low = np.where(cut, np.maximum(least, low), least)
        self._high = np.where(cut, np.minimum(greatest, high), greatest)
        self._before = np.cumsum(self._counts) - self._counts

    def cells_of(self, ranks):
        """low, high, number of values before and count of the cell of each rank."""
        at = np.searchsorted(self._before + self._counts, ranks, "right")
        return self._low[at], self._high[at], self._before[at], self._counts[at]

    def ranked(self, ranks):
        """As if the values of a cell were spread evenly across it."""
        low, high, before, count = self.cells_of(np.asarray(ranks))
        return low + (high - low) * (((ranks - before) + 0.5) / count)

    def most_frequent(self) -> float:
        """The same, of cells that are one float64 each."""
        values, times = self.weighed()
        return float(values[np.argmax(times)])

    def ranked_distance(self, center: float, rank: int) -> float:
        return _ranked_distance(self, center, rank)

    def weighed(self):
        some = self._counts > 0
        low, high = self._low[some], self._high[some]
        return low + (high - low) * 0.5, self._counts[some]
