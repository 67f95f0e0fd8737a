"""The canonical bytes of profiles (src/core/values/profile_format.h has the layout)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
import struct

import numpy as np

from .cells import _INFINITY_BITS, _LINEAR_LEAST, _LINEAR_MOST, _RELATIVE_MOST, _bit_lengths, _number_cells
from .histogram import _Cells, _Histogram
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums
from ..scaler.methods import _HISTOGRAM_SIZES, _LONGEST_NAME, _MOST_FEATURES
from ..scaler.recipe import _counted, _doubles, _varint

_PROFILE_FORMAT, _PROFILE_NAMES, _PROFILE_WEIGHTS = 1, 1, 2
_SUM_MOST, _SQUARES_MOST, _TRIPLES_MOST = 35, 69, 102       # the greatest limb of 2^63 values, squares, triple products
_COUNTS = ("count", "nulls", "nans", "positive_infinities", "negative_infinities")
_MOST_ROWS = 2 ** 63 - 1


# ---- writing ----

def _sum_bytes(value: int) -> bytes:
    """An integer as limbs of 64 bits, in two's complement, without zero limbs below and without redundant ones above."""
    if value == 0:
        return b"\0"
    lowest = ((value & -value).bit_length() - 1) // 64
    value >>= 64 * lowest
    limbs = (value if value >= 0 else ~value).bit_length() // 64 + 1
    return bytes([limbs, lowest]) + value.to_bytes(8 * limbs, "little", signed=True)


def _varints(values):
    """An array of int64 from 0 on as varints: an array of bytes, and where that of each value ends."""
    groups = np.maximum(-(-_bit_lengths(values) // 7), 1)
    ends = np.cumsum(groups)
    starts = ends - groups
    out = np.empty(int(groups.sum()), np.uint8)
    for k in range(int(groups.max(initial=0))):
        some = np.flatnonzero(groups > k)
        more = np.where(groups[some] > k + 1, 0x80, 0)
        out[starts[some] + k] = values[some] >> 7 * k & 0x7F | more
    return out, ends


def _histogram_numbers(histogram: _Histogram):
    """What is written of a histogram after its first byte, as numbers: levels, zeros, cells, negative ones first."""
    positive, negative = histogram.cells
    n = len(negative.edges)
    index = _number_cells(histogram.relative_level, histogram.linear_level).indexes(np.concatenate([negative.edges, positive.edges]))
    numbers = np.empty(4 + 2 * len(index), np.int64)
    numbers[:2] = histogram.linear_level - _LINEAR_LEAST, histogram.zeros
    for start, part, cells in ((2, index[:n], negative), (3 + 2 * n, index[n:], positive)):
        numbers[start] = len(part)
        pairs = numbers[start + 1:start + 1 + 2 * len(part)]
        pairs[:1] = part[:1]
        pairs[2::2] = part[1:] - part[:-1] - 1
        pairs[1::2] = cells.counts - 1
    return numbers


def _histograms_bytes(histograms) -> list:
    """The bytes of each histogram; they are written together, because numpy is slow on little."""
    if not histograms:
        return []
    numbers = [_histogram_numbers(histogram) for histogram in histograms]
    written, ends = _varints(np.concatenate(numbers))
    lasts = ends[np.cumsum([len(part) for part in numbers]) - 1].tolist()
    written = written.tobytes()
    return [bytes([histogram.relative_level]) + written[start:end]
            for histogram, start, end in zip(histograms, [0, *lasts[:-1]], lasts)]


def _profile_bytes(names, distribution, rows, moments, histograms, weighted) -> bytes:
    """Lists by feature; names, histograms and weighted sums may be None."""
    parts = [bytes([_PROFILE_FORMAT, _PROFILE_NAMES * (names is not None) | _PROFILE_WEIGHTS * (weighted is not None)]),
             _varint(len(moments)), _varint(distribution), _varint(rows)]
    for histogram in histograms or ():
        histogram.settle()
    distributions = _histograms_bytes(histograms)
    for i, m in enumerate(moments):
        if names is not None:
            parts.append(_counted(names[i].encode("utf-8")))
        parts += [_varint(getattr(m, name)) for name in _COUNTS]
        if m.count == 0:
            continue
        parts += _doubles((m.min, m.max)), _sum_bytes(m.sum), _sum_bytes(m.squares)
        if weighted is not None:
            parts += [_sum_bytes(value) for value in (weighted[i].weights, weighted[i].values, weighted[i].squares)]
        if histograms is not None:
            parts.append(distributions[i])
    return b"".join(parts)


# ---- reading ----

class _Malformed(Exception):
    """What is wrong with bytes."""


class _ByteReader:
    """Bytes from outside.  Whatever ends too early is malformed."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, n: int) -> bytes:
        if n > self.left():
            raise _Malformed("it ends too early")
        self.at += n
        return self.data[self.at - n:self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 63:
                raise _Malformed("it ends too early")
        if value >= 2 ** 64 or (byte == 0 and shift > 7):
            raise _Malformed("it ends too early")
        return value

    def double(self) -> float:
        return struct.unpack("<d", self.take(8))[0]


def _read_sum(reader: _ByteReader, most: int, problem: str) -> int:
    limbs = reader.byte()
    if limbs == 0:
        return 0
    lowest = reader.byte()
    if lowest + limbs - 1 > most or reader.left() < 8 * limbs:
        raise _Malformed(problem)
    value = int.from_bytes(reader.take(8 * limbs), "little", signed=True) << (64 * lowest)
    if _sum_bytes(value)[:2] != bytes([limbs, lowest]):
        raise _Malformed(problem)
    return value


def _read_cells(reader: _ByteReader, numbering, most: int) -> _Cells:
    number = reader.varint()
    # a cell takes at least two bytes, so that a hostile count cannot make us allocate much
    if number > reader.left() // 2 or number > most:
        raise _Malformed("a distribution is malformed")
    edges, counts, following = [], [], 0
    for _ in range(number):
        distance, count = reader.varint(), reader.varint()
        if distance >= _INFINITY_BITS or count >= _MOST_ROWS:
            raise _Malformed("a distribution is malformed")
        magnitude = numbering.magnitude(following + distance)
        if magnitude >= _INFINITY_BITS:
            raise _Malformed("a distribution is malformed")
        edges.append(magnitude)
        counts.append(count + 1)
        following += distance + 1
    return _Cells(np.array(edges, np.int64), np.array(counts, np.int64))


def _read_histogram(reader: _ByteReader, size: int, count: int) -> _Histogram:
    histogram = _Histogram(size)
    relative_level, linear_level, zeros = reader.byte(), reader.varint(), reader.varint()
    if relative_level > _RELATIVE_MOST or linear_level > _LINEAR_MOST - _LINEAR_LEAST or zeros > count:
        raise _Malformed("a distribution is malformed")
    histogram.relative_level, histogram.linear_level, histogram.zeros = relative_level, linear_level + _LINEAR_LEAST, zeros
    numbering = _number_cells(histogram.relative_level, histogram.linear_level)
    negative = _read_cells(reader, numbering, 2 * size)
    positive = _read_cells(reader, numbering, 2 * size - len(negative.edges))
    histogram.cells = positive, negative
    if zeros + sum(sum(cells.counts.tolist()) for cells in histogram.cells) != count:
        raise _Malformed("a distribution is malformed")
    return histogram


def _read_moments(reader: _ByteReader, rows: int) -> _Moments:
    moments, total = _Moments(), 0
    for name in _COUNTS:
        value = reader.varint()
        if value > rows - total:
            raise _Malformed("a feature's counts exceed the number of rows")
        setattr(moments, name, value)
        total += value
    if total != rows:
        raise _Malformed("a feature's counts do not add up to the number of rows")
    if moments.count == 0:
        return moments
    moments.min, moments.max = reader.double(), reader.double()
    if any(value == 0 and math.copysign(1, value) < 0 for value in (moments.min, moments.max)):
        raise _Malformed("negative zero is not canonical")
    moments.sum = _read_sum(reader, _SUM_MOST, "a sum is malformed")
    moments.squares = _read_sum(reader, _SQUARES_MOST, "a sum is malformed")
    if not moments.consistent():
        raise _Malformed("a feature's sums contradict its count and range")
    return moments


def _read_weighted(reader: _ByteReader, moments: _Moments) -> _WeightedSums:
    sums = _WeightedSums()
    if moments.count == 0:
        return sums
    for name, most in (("weights", _SUM_MOST), ("values", _SQUARES_MOST), ("squares", _TRIPLES_MOST)):
        setattr(sums, name, _read_sum(reader, most, "a weighted sum is malformed"))
    if not sums.consistent(moments.min, moments.max):
        raise _Malformed("a feature's weighted sums contradict its range")
    return sums


def _read_profile(data: bytes):
    """Return the arguments of _profile_bytes(), or raise _Malformed."""
    reader = _ByteReader(data)
    format_, flags, features, distribution, rows = (
        reader.byte(), reader.byte(), reader.varint(), reader.varint(), reader.varint())
    if format_ != _PROFILE_FORMAT:
        raise _Malformed("unknown format")
    if flags & ~(_PROFILE_NAMES | _PROFILE_WEIGHTS):
        raise _Malformed("unknown flags")
    if not 0 < features <= min(_MOST_FEATURES, reader.left()):
        raise _Malformed("impossible number of features")
    if distribution != 0 and distribution not in _HISTOGRAM_SIZES:
        raise _Malformed("impossible distribution size")
    if rows > _MOST_ROWS:
        raise _Malformed("impossible number of rows")
    names = [] if flags & _PROFILE_NAMES else None
    weighted = [] if flags & _PROFILE_WEIGHTS else None
    moments, histograms = [], [] if distribution else None
    for _ in range(features):
        if names is not None:
            length = reader.varint()
            if length > _LONGEST_NAME:
                raise _Malformed("it ends too early")
            try:
                names.append(reader.take(length).decode("utf-8"))
            except UnicodeDecodeError:
                raise _Malformed("a name is not UTF-8") from None
        found = _read_moments(reader, rows)
        moments.append(found)
        if weighted is not None:
            weighted.append(_read_weighted(reader, found))
        if histograms is not None:
            histograms.append(_read_histogram(reader, distribution, found.count) if found.count else _Histogram(distribution))
    if reader.left():
        raise _Malformed("it is followed by extra bytes")
    read = names, distribution, rows, moments, histograms, weighted
    # the levels, too, must be those that writing would choose
    for histogram in histograms or ():
        histogram.recheck_levels()
    if _profile_bytes(*read) != data:
        raise _Malformed("it is not in canonical form")
    return read
