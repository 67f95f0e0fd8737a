"""Bits that say which values are there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.arrays import _Array

# for each byte, for its bits, the lowest first: NaN where a bit is not set, and where it is -0, which changes no sum
_NAN_UNLESS = np.where(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little"), -0.0, np.nan)


class _Bits:
    """Some of the bits of a buffer of Arrow, the lowest of each byte first.  They are not copied."""

    def __init__(self, buffer: Any, start: int, count: int):
        self._bytes, self._start, self.count = np.frombuffer(buffer, np.uint8), start, count

    def rows(self, rows: slice) -> _Bits:
        """Return some of them; rows have no step."""
        start, stop, _ = rows.indices(self.count)
        return _Bits(self._bytes, self._start + start, max(stop - start, 0))

    def array(self) -> _Array:
        """Return an array of booleans, to be written to."""
        first = self._start % 8
        used = self._bytes[self._start // 8:(self._start + self.count + 7) // 8]
        return np.unpackbits(used, bitorder="little")[first:first + self.count].view(bool)

    def fill(self, values: _Array, at: int, floats: _Array | None = None) -> _Array:
        """Return values, those from `at` on, as float64, with NaN where a bit is not set: in `floats` if that is given."""
        start = self._start + at
        return _filled(values, self._bytes[start // 8:(start + len(values) + 7) // 8], start % 8, floats)


def _fill_where(values: _Array, missing: _Array) -> _Array:
    """Return values of one dimension as float64, with NaN for what is missing."""
    return _filled(values, ~np.packbits(missing, bitorder="little"), 0)


def _filled(values: _Array, bits: _Array, first: int, floats: _Array | None = None) -> _Array:
    """The bits of the values begin with the first."""
    if floats is None and (bits == 255).all():
        return values.astype(np.float64, copy=False)
    # a whole byte at a time, and a sum: no value is looked at by itself
    nans = _NAN_UNLESS.take(bits, axis=0).ravel()[first:first + len(values)]
    return np.add(values, nans, out=nans if floats is None else floats)
