"""The cells of histograms as bits: which cell a value is in, and its number (src/core/values/histogram_labels.h, cell_numbering.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
import struct
from typing import NamedTuple

import numpy as np

#
# A relative grid of level e cuts the bits of magnitudes, width 2^(e-52) of the value; a linear
# grid of level a cuts |x| into multiples of 2^a.  A cell is where a bin of one meets a bin of the
# other: the finer of the two at that magnitude.  Here cells have signs of their own: the
# magnitude of a cell's edge nearest zero, in bits, and whether it is negative.

_MAGNITUDE, _FRACTION, _HIDDEN = 0x7FFFFFFFFFFFFFFF, 0x000FFFFFFFFFFFFF, 0x0010000000000000
_INFINITY_BITS = 0x7FF0000000000000
_RELATIVE_MOST, _LINEAR_LEAST, _LINEAR_MOST = 63, -1074, 1024


def _magnitudes(values):
    """The bits of |x|, as int64."""
    return values.view(np.int64) & _MAGNITUDE


def _cell_magnitudes(magnitudes, relative_level: int, linear_level: int):
    """The magnitude at the edge nearest zero of the cell that holds each."""
    if relative_level == 0:
        return magnitudes
    drop = linear_level + 1075 - np.maximum(magnitudes >> 52, 1)
    drop = np.where(drop > 52, relative_level, np.clip(drop, 0, relative_level))
    # a shift by 63 leaves nothing
    return magnitudes >> drop << drop


def _bit_lengths(x):
    """Of integers from 0 to 2^63 - 1, whose halves are exact in float64."""
    high = x >> 32
    return np.where(high > 0, np.frexp(high.astype(np.float64))[1] + 32, np.frexp((x & 0xFFFFFFFF).astype(np.float64))[1])


def _relative_joins(a, b):
    """The least levels at which magnitudes share a bin of the relative grid."""
    return _bit_lengths(a ^ b)


def _linear_joins(a, b):
    """
    The same for the linear grid, where a <= b: one above the first bit in which they differ as multiples of 2^-1074,
    the leading bit of b if the exponents differ.
    """
    exponent = np.maximum(b >> 52, 1)
    near = (a >> 52 == exponent) | (exponent == 1)
    bit = np.where(near, _bit_lengths(a ^ b) - 1, 52)
    return np.where(a == b, _LINEAR_LEAST, bit + 1 + exponent - 1075)


def _linear_bin(magnitude: int, linear_level: int) -> int:
    exponent, significand = magnitude >> 52, magnitude & _FRACTION
    if exponent:
        significand |= _HIDDEN
    return significand >> (linear_level + 1075 - max(exponent, 1))


def _bits_of(value: float) -> int:
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def _float_of(bits: int) -> float:
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def _linear_bin_magnitude(number: int, linear_level: int) -> int:
    """The magnitude of number 2^linear_level, which is a float64."""
    try:
        return _bits_of(math.ldexp(number, linear_level))
    except OverflowError:
        return _INFINITY_BITS


class _CellNumbering(NamedTuple):
    """The numbers of cells, as profiles store them: cells of one sign are numbered 0, 1, ... by magnitude."""

    relative_level: int
    linear_level: int
    linear_from: int            # the relative grid cuts magnitudes below this
    exact_from: int             # from this magnitude on, the linear grid is finer than a unit in the last place
    relative_count: int
    linear_count: int
    first_linear_bin: int

    def index(self, magnitude: int) -> int:
        """The number of the cell that holds a magnitude."""
        if magnitude < self.linear_from:
            return magnitude >> self.relative_level
        if magnitude < self.exact_from:
            return self.relative_count + _linear_bin(magnitude, self.linear_level) - self.first_linear_bin
        return self.relative_count + self.linear_count + magnitude - self.exact_from

    def indexes(self, magnitudes):
        """The same of an array of int64."""
        exponent, significand = np.maximum(magnitudes >> 52, 1), magnitudes & _FRACTION
        significand = np.where(magnitudes >= _HIDDEN, significand | _HIDDEN, significand)
        linear = significand >> np.clip(self.linear_level + 1075 - exponent, 0, 63)
        return np.where(magnitudes < self.linear_from, magnitudes >> self.relative_level,
                        np.where(magnitudes < self.exact_from, self.relative_count + linear - self.first_linear_bin,
                                 self.relative_count + self.linear_count + (magnitudes - self.exact_from)))

    def magnitude(self, index: int) -> int:
        """The least magnitude of a cell; _INFINITY_BITS or more past the last one."""
        if index < self.relative_count:
            return index << self.relative_level
        index -= self.relative_count
        if index < self.linear_count:
            return _linear_bin_magnitude(self.first_linear_bin + index, self.linear_level)
        return min(self.exact_from + index - self.linear_count, _INFINITY_BITS)


def _number_cells(relative_level: int, linear_level: int) -> _CellNumbering:
    linear_exponent = linear_level + 1076 - min(relative_level, 53)
    exact_exponent = linear_level + 1076
    # subnormals have the exponent of the least normal numbers
    linear_from = 0 if linear_exponent <= 1 else _INFINITY_BITS if linear_exponent > 2047 else linear_exponent << 52
    exact_from = _INFINITY_BITS if exact_exponent > 2047 else exact_exponent << 52
    relative_count = ((linear_from - 1) >> relative_level) + 1 if linear_from else 0
    first = count = 0
    if linear_from < exact_from:
        first = _linear_bin(linear_from, linear_level)
        count = _linear_bin(exact_from - 1, linear_level) - first + 1
    return _CellNumbering(relative_level, linear_level, linear_from, exact_from, relative_count, count, first)
