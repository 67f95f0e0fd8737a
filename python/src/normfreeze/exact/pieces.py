"""Exact sums of float64 and of their products, with numpy.

Values are cut into pieces of about 20 bits: integers times a power of two that all values of a
column share.  Products of two pieces, and sums of a few thousand of them, are integers below
2^53; so float64 adds them exactly, in whatever order numpy takes.  What comes out are Python
integers.  (Compare "extraction" in Rump, Ogita, Oishi, "Accurate floating-point summation", 2008,
and src/core/exact/levels.c.)
"""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

_SUM_UNIT, _SQUARES_UNIT = -1074, -2148     # of sums of values, and of their squares: 2^unit
_BLOCK_ROWS, _BLOCK_VALUES = 8192, 1 << 15  # rows, and values, that are added together: they fit into a cache
_LEAST_TOP, _GREATEST_TOP = -380, 480       # exponents at which neither pieces nor their products leave the normal range
_USUAL_PIECES = 6
_MOST_ADDED = 512            # blocks whose sums, below 2^53, an int64 takes
_WINDOW = 256                               # of exponents, into which unusual values are sorted


def _piece_bits(rows: int) -> int:
    """How many bits the magnitude of a piece may have, if so many products of two are added."""
    return (53 - max(rows - 1, 1).bit_length()) // 2


def _scaled(x, exponents):
    """x 2^exponents, of which numpy takes C's int on every platform."""
    return np.ldexp(x, exponents.astype(np.intc))


def _cut(x, top, rows, most):
    """
    Pieces of x, which has one column in each row, below 2^top in magnitude: a list, and the units as exponents, a list
    too; and what is left, or None.
    """
    bits = _piece_bits(rows)
    unit = top - bits
    pieces, units = [], []
    rest = x
    while len(pieces) < most:
        shift = _scaled(1.5, unit + 52)[:, None]
        piece = rest + shift
        piece -= shift
        rest = rest - piece
        pieces.append(piece)
        units.append(unit)
        if rest.max() == 0.0 == rest.min():
            return pieces, units, None
        # at most half a unit is left
        unit = unit - bits - 1
    return pieces, units, rest


def _whole(sums, unit):
    """Sums of floats as integers, in units of 2^unit by column."""
    return _scaled(sums, -unit).astype(np.int64)


def _exponents(x):
    """e with |x| < 2^e, as near as can be; 0 for 0."""
    return np.frexp(x)[1].astype(np.int64)


def _windows(values):
    """Values other than zero in groups of about one magnitude: (where they are, the exponent that scales them to about 1)."""
    window = np.where(values != 0.0, _exponents(values) // _WINDOW, _WINDOW)
    for number in np.unique(window).tolist():
        if number != _WINDOW:
            yield window == number, number * _WINDOW + _WINDOW // 2


def _blocks(n: int, rows: int):
    return (slice(start, start + rows) for start in range(0, n, rows))


def _pieces_of_all(values, rows):
    """All pieces of values of about one magnitude, and their units as numbers."""
    top = _exponents(np.abs(values).max(keepdims=True))
    pieces, units, _ = _cut(values[None, :], top, rows, most=_WINDOW)
    return [piece[0] for piece in pieces], [int(unit[0]) for unit in units]


def _product_sum(a, b) -> tuple[int, int]:
    """Sum of a * b of two arrays of values of about one magnitude each: an integer, and the exponent of its unit."""
    total, least = 0, 0
    for block in _blocks(len(a), _BLOCK_ROWS):
        of_a, of_b = (_pieces_of_all(x[block], _BLOCK_ROWS) if x[block].any() else ([], []) for x in (a, b))
        for piece, unit in zip(*of_a):
            for other, other_unit in zip(*of_b):
                exponent = unit + other_unit
                if exponent < least:
                    total, least = total << (least - exponent), exponent
                total += int(np.ldexp(np.dot(piece, other), -exponent)) << (exponent - least)
    return total, least


def _exact_sums(values) -> tuple[int, int]:
    """The sum of finite values of any size and that of their squares, in units of 2^-1074 and 2^-2148."""
    total = squares = 0
    for chosen, shift in _windows(values):
        scaled = np.ldexp(values[chosen], -shift)
        summed, unit = _product_sum(scaled, np.ones_like(scaled))
        total += _shifted(summed, unit + shift - _SUM_UNIT)
        summed, unit = _product_sum(scaled, scaled)
        squares += _shifted(summed, unit + 2 * shift - _SQUARES_UNIT)
    return total, squares


def _shifted(value: int, shift: int) -> int:
    """value 2^shift, which is whole."""
    return value << shift if shift >= 0 else value >> -shift


class _ColumnSums:
    """Exact sums and sums of squares of many columns."""

    def __init__(self, width: int):
        self.sums = [0] * width
        self.squares = [0] * width
        self._top = np.full(width, _LEAST_TOP)
        self._start()

    def _start(self):
        """Start integers that are not in the sums yet: {(numbers of pieces): [by column, units by column]}."""
        self._open, self._added = {}, 0

    def add(self, x, low, high):
        """Add finite values: x has one column in each row; low and high are the least and the greatest of each."""
        width, n = x.shape
        largest = np.maximum(np.abs(low), np.abs(high))
        top = np.where(largest == 0.0, _LEAST_TOP, _exponents(largest))
        usual = (top <= _GREATEST_TOP) & (top >= _LEAST_TOP)
        if (top > self._top)[usual].any():
            self.settle()
            self._top = np.where(usual, np.maximum(top, self._top), self._top)
        for column in np.flatnonzero(~usual):
            self._add_slowly(column, x[column])
        if not usual.all():
            x = np.where(usual[:, None], x, 0.0)
        rows = 1 << max(min(_BLOCK_ROWS, _BLOCK_VALUES // width), 256).bit_length() - 1
        for block in _blocks(n, rows):
            self._add_block(x[:, block], rows)

    def _add_block(self, x, rows):
        pieces, units, rest = _cut(x, self._top, rows, _USUAL_PIECES)
        if rest is not None:
            unusual = rest.any(axis=1)
            for column in np.flatnonzero(unusual):
                self._add_slowly(column, x[column])
            for piece in pieces:
                piece[unusual] = 0.0
        for i, piece in enumerate(pieces):
            self._count((i,), piece.sum(axis=1), units[i])
            for j in range(i + 1):
                self._count((i, j), np.einsum("ij,ij->i", piece, pieces[j]), units[i] + units[j])
        self._added += 1
        if self._added == _MOST_ADDED:
            self.settle()

    def _count(self, key, sums, unit):
        added = _whole(sums, unit)
        if key in self._open:
            self._open[key][0] += added
        else:
            self._open[key] = [added, unit]

    def settle(self):
        """Bring everything into the sums."""
        for key, (counts, units) in self._open.items():
            sums, own = (self.sums, _SUM_UNIT) if len(key) == 1 else (self.squares, _SQUARES_UNIT)
            times = 1 if key[0] == key[-1] else 2
            for column, (count, unit) in enumerate(zip(counts.tolist(), units.tolist())):
                if count:
                    sums[column] += _shifted(times * count, unit - own)
        self._start()

    def _add_slowly(self, column, values):
        total, squares = _exact_sums(values)
        self.sums[column] += total
        self.squares[column] += squares
