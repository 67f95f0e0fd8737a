"""Deterministic, mergeable histograms of bounded size: exact counts on two nested grids (src/core/values/histogram.h)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .cells import _LINEAR_LEAST, _RELATIVE_MOST, _cell_magnitudes, _linear_joins, _magnitudes, _relative_joins

_SETTLES_AT = 1 << 15       # cells that wait
_FIRST = np.zeros(1, np.int64)


class _Cells:
    """The cells of one sign, by magnitude: magnitudes at the edges nearest zero, and counts."""

    __slots__ = ("edges", "counts")

    def __init__(self, edges=None, counts=None):
        self.edges = np.zeros(0, np.int64) if edges is None else edges
        self.counts = np.zeros(0, np.int64) if counts is None else counts


def _count_runs(sorted_edges, counts=None):
    """Cells of edges in ascending order, of which equal ones are one cell."""
    if len(sorted_edges) == 0:
        return _Cells()
    starts = np.concatenate((_FIRST, np.flatnonzero(sorted_edges[1:] != sorted_edges[:-1]) + 1))
    if counts is None:
        counts = np.empty_like(starts)
        np.subtract(starts[1:], starts[:-1], out=counts[:-1])
        counts[-1] = len(sorted_edges) - starts[-1]
    else:
        counts = np.add.reduceat(counts, starts)
    return _Cells(sorted_edges[starts], counts)


def _least_level(joins, lowest: int, bins: int, size: int) -> int:
    """The least level, from `lowest` on, that leaves at most `size` bins: at the highest there are `bins`."""
    levels, times = np.unique(joins[joins > lowest], return_counts=True)
    level = int(levels[-1]) if len(levels) else lowest
    for at in range(len(levels) - 1, -1, -1):
        if bins + int(times[at]) > size:
            return int(levels[at])
        bins += int(times[at])
    return lowest


class _Histogram:
    """
    Each grid takes the finest level at which the values seen fill at most `size` of its bins.  Grids nest, and more
    values never fill fewer bins, so a level once needed stays needed: what settle() leaves is a function of the values
    alone, whatever their order.
    """

    __slots__ = ("size", "relative_level", "linear_level", "zeros", "cells", "_waiting", "_number_waiting")

    def __init__(self, size: int):
        self.size = size
        self.relative_level, self.linear_level = 0, _LINEAR_LEAST
        self.zeros = 0
        self.cells = (_Cells(), _Cells())       # positive ones, negative ones
        self._waiting = ([], [])
        self._number_waiting = 0

    def add_sorted(self, values):
        """Add values in ascending order; infinities and NaN, which come last, do not count."""
        below, last = values.searchsorted((0.0, np.inf), "left").tolist()
        first, above = values.searchsorted((-np.inf, 0.0), "right").tolist()
        self.zeros += above - below
        for sign, part in enumerate((values[above:last], values[first:below][::-1])):
            edges = _cell_magnitudes(_magnitudes(np.ascontiguousarray(part)), self.relative_level, self.linear_level)
            self._wait(sign, _count_runs(edges))

    def _wait(self, sign, cells):
        if len(cells.edges):
            self._waiting[sign].append(cells)
            self._number_waiting += len(cells.edges)
        if self._number_waiting > max(_SETTLES_AT, 4 * self.size):
            self.settle()

    def merge(self, other: _Histogram):
        other.settle()
        self.relative_level = max(self.relative_level, other.relative_level)
        self.linear_level = max(self.linear_level, other.linear_level)
        self.zeros += other.zeros
        for sign in (0, 1):
            self._wait(sign, other.cells[sign])
            self._wait(sign, self.cells[sign])
        self.cells = (_Cells(), _Cells())

    def settle(self):
        """Move everything into cells at the levels that the values need."""
        if self._number_waiting == 0:
            return
        for _ in range(2):
            self._fold()
            if sum(len(cells.edges) for cells in self.cells) <= self.size or not self._raise_levels():
                break

    def _fold(self):
        folded = []
        for cells, waiting in zip(self.cells, self._waiting):
            parts = [part for part in (cells, *waiting) if len(part.edges)]
            if not parts:
                folded.append(cells)
                continue
            edges = _cell_magnitudes(np.concatenate([part.edges for part in parts]), self.relative_level, self.linear_level)
            counts = np.concatenate([part.counts for part in parts])
            if len(parts) > 1:
                order = np.argsort(edges, kind="stable")
                edges, counts = edges[order], counts[order]
            folded.append(_count_runs(edges, counts))
        self.cells = tuple(folded)
        self._waiting, self._number_waiting = ([], []), 0

    def _raise_levels(self) -> bool:
        edges = [cells.edges for cells in self.cells]
        signs = sum(len(e) > 0 for e in edges)
        before = self.relative_level, self.linear_level
        relative = np.concatenate([_relative_joins(e[:-1], e[1:]) for e in edges])
        linear = np.concatenate([_linear_joins(e[:-1], e[1:]) for e in edges])
        self.relative_level = min(_least_level(relative, self.relative_level, signs, self.size), _RELATIVE_MOST)
        self.linear_level = _least_level(linear, self.linear_level, signs, self.size)
        return before != (self.relative_level, self.linear_level)

    def is_exact(self) -> bool:
        """Return whether every cell is one float64, so that nothing was lost."""
        self.settle()
        return self.relative_level == 0

    def recheck_levels(self):
        """Raise the levels of cells that were read, if they need it."""
        if sum(len(cells.edges) for cells in self.cells) > self.size and self._raise_levels():
            self._fold()
