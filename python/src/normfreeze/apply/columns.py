"""Columns."""

from __future__ import annotations

import decimal
import math
import numbers
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ..base.text import Error

#
# What is NULL, None, NA or masked is missing; NaN is a value.  No library is
# imported here: of what belongs to one, its own methods are called.


class _Column(NamedTuple):
    """
    Numbers of any numeric type of numpy, as they lie in memory where that can be: not to be written to.  `missing` says
    which are missing; None if none is.  Both have any number of dimensions, a single value none.
    """

    values: np.ndarray
    missing: np.ndarray | None

    def read(self, rows: slice, out: np.ndarray) -> None:
        """Write some values to out, which is float64 or of their own type, with NaN for what is missing."""
        np.copyto(out, self.values[rows], casting="same_kind")
        if self.missing is not None:
            out[self.missing[rows]] = np.nan

    def floats(self, single: bool = False) -> np.ndarray:
        """
        Return the values as float64, with NaN for what is missing: not to be written to.  With `single`, float32 stays
        float32.
        """
        kind = np.float32 if single and self.values.dtype == np.float32 else np.float64
        if self.missing is None:
            return self.values.astype(kind, copy=False)
        floats = self.values.astype(kind)
        floats[self.missing] = np.nan
        return floats


def _refuse_type(label: str, kind: object) -> NoReturn:
    raise Error("42804", f"{label} is of type {kind}, and a feature must be numeric or boolean",
                hint="Convert the column, or leave it out.")


def _refuse_number(label: str, value: object) -> NoReturn:
    raise Error("22003", f"{label} has a number that is out of range for float64", f"It is {value}.")


# ---- objects ----

# what astype() converts as float() does, besides None, which becomes NaN
_PLAIN_TYPES = {float, int, bool, type(None), np.bool_, np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64,
                np.uint8, np.uint16, np.uint32, np.uint64}


def _is_missing(value: object) -> bool:
    return value is None or type(value).__name__ == "NAType"


def _object_number(value: Any, label: str) -> float:
    if _is_missing(value):
        return math.nan
    if not isinstance(value, (numbers.Real, decimal.Decimal, np.bool_)):
        _refuse_type(label, type(value).__name__)
    if isinstance(value, decimal.Decimal) and value.is_nan():
        return math.nan
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number) and value != number:
        _refuse_number(label, value)
    return number


def _column_of_objects(values: np.ndarray, label: str) -> _Column:
    flat = values.ravel().tolist()
    types = set(map(type, flat))
    missing = None
    if not types <= _PLAIN_TYPES - {type(None)} and any(map(_is_missing, flat)):
        missing = np.array([_is_missing(value) for value in flat], bool).reshape(values.shape)
        values = np.where(missing, None, values)
        types = {kind for kind in types if kind.__name__ != "NAType"}
    if types <= _PLAIN_TYPES:
        try:
            return _Column(values.astype(np.float64), missing)
        except OverflowError:       # the number is named below
            pass
    floats = np.array([_object_number(value, label) for value in flat], np.float64)
    return _Column(floats.reshape(values.shape), missing)


# ---- numpy ----

def _column_of_array(values: Any, label: str) -> _Column:
    missing = None
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        missing = np.ma.getmaskarray(values)
    values = np.asarray(values)
    if values.dtype.kind == "O":
        if missing is not None:
            values = np.where(missing, None, values)
        return _column_of_objects(values, label)
    if values.dtype.kind not in "fiub":
        _refuse_type(label, values.dtype)
    if not values.dtype.isnative:
        values = values.astype(values.dtype.newbyteorder("="))
    if values.dtype.kind == "f" and values.dtype.itemsize > 8:
        with np.errstate(over="ignore"):
            floats = values.astype(np.float64)
        beyond = np.isinf(floats) & ~np.isinf(values) & (True if missing is None else ~missing)
        if beyond.any():
            _refuse_number(label, values[beyond][0])
        values = floats
    return _Column(values, missing)


# ---- pyarrow ----

_ARROW_TYPES = {"halffloat": np.float16, "float": np.float32, "double": np.float64} | {
    kind.__name__: kind for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)}


def _bits(buffer: Any, start: int, count: int) -> np.ndarray:
    skipped = start // 8
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8, offset=skipped)[:(start % 8 + count + 7) // 8], bitorder="little")
    return bits[start % 8:start % 8 + count].view(bool)


def _scaled_integers(words: np.ndarray, scale: int) -> np.ndarray:
    """
    Return integers times 10 to the -scale, rounded once.  They are rows of int64, the lowest word first, as decimals of Arrow
    are.
    """
    low = words[:, 0]
    with np.errstate(all="ignore"):
        # a whole number below 2^53 and a power of ten up to 10^22 are float64 themselves: only the division rounds
        floats = low.astype(np.float64) / float(10 ** min(max(scale, 0), 22))
    simple = (low > -2 ** 53) & (low < 2 ** 53) & (words[:, 1:] == (low >> 63)[:, None]).all(axis=1)
    for at in np.flatnonzero(~simple) if 0 <= scale <= 22 else range(len(low)):
        floats[at] = float(f"{int.from_bytes(words[at].tobytes(), 'little', signed=True)}e{-scale}")
    return floats


def _arrow_values(chunk: Any, kind: str, label: str) -> np.ndarray:
    data, start, count = chunk.buffers()[1], chunk.offset, len(chunk)
    if kind == "bool":
        return _bits(data, start, count)
    if kind in _ARROW_TYPES:
        size = np.dtype(_ARROW_TYPES[kind]).itemsize
        return np.frombuffer(data, _ARROW_TYPES[kind], count, start * size)
    bits = int(kind.split("(")[0].removeprefix("decimal"))
    if bits < 64:
        words = np.frombuffer(data, np.int32, count, start * 4).astype(np.int64)
    else:
        words = np.frombuffer(data, np.int64, count * (bits // 64), start * (bits // 8))
    return _scaled_integers(words.reshape(count, -1), chunk.type.scale)


def _column_of_chunk(chunk: Any, label: str) -> _Column:
    while hasattr(chunk, "storage"):
        chunk = chunk.storage
    if hasattr(chunk, "dictionary_decode"):
        chunk = chunk.dictionary_decode()
    kind, count = str(chunk.type), len(chunk)
    if kind == "null" or count == 0 and not kind.startswith("decimal") and kind not in _ARROW_TYPES and kind != "bool":
        return _Column(np.zeros(count), np.ones(count, bool) if count else None)
    if not (kind == "bool" or kind in _ARROW_TYPES or kind.startswith("decimal")):
        if kind.startswith("run_end_encoded"):
            return _column_of_objects(np.array(chunk.to_pylist(), object), label)
        _refuse_type(label, kind)
    missing = None
    if chunk.null_count:
        missing = ~_bits(chunk.buffers()[0], chunk.offset, count)
    if count == 0:
        return _Column(np.zeros(0), None)
    return _Column(_arrow_values(chunk, kind, label), missing)


def _column_of_arrow(column: Any, label: str) -> _Column:
    """Of an Array or a ChunkedArray."""
    chunks = [_column_of_chunk(chunk, label) for chunk in getattr(column, "chunks", [column])]
    if len(chunks) == 1:
        return chunks[0]
    missing = None
    if any(chunk.missing is not None for chunk in chunks):
        missing = np.concatenate([np.zeros(len(chunk.values), bool) if chunk.missing is None else chunk.missing for chunk in chunks])
    return _Column(np.concatenate([np.zeros(0), *(chunk.floats() for chunk in chunks)]), missing)


# ---- pandas and polars ----

def _column_of_pandas(column: Any, label: str) -> _Column:
    """Of a Series."""
    kind = column.dtype
    if isinstance(kind, np.dtype):
        return _column_of_array(column.to_numpy(), label)
    if hasattr(kind, "pyarrow_dtype"):
        return _column_of_arrow(column.array.__arrow_array__(), label)
    if str(kind) == "category" or kind.kind in "mM":
        _refuse_type(label, kind)
    if kind.kind not in "fiub":
        return _column_of_array(column.to_numpy(), label)
    if type(kind).__module__.split(".")[0] == "pandas":
        missing = column.isna().to_numpy()
        return _Column(column.to_numpy(np.float64, na_value=np.nan), missing if missing.any() else None)
    return _column_of_array(column.to_numpy(object, na_value=None), label)


_POLARS_TYPES = {"Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"}    # numpy has them


def _column_of_polars(column: Any, label: str) -> _Column:
    """Of a Series."""
    kind = str(column.dtype)
    missing = column.is_null().to_numpy() if column.null_count() else None
    if kind.startswith("Decimal"):
        # its integers fit into int64 mostly
        whole = column.to_physical().cast(int, strict=False)
        if whole.null_count() == column.null_count():
            return _Column(_scaled_integers(whole.fill_null(0).to_numpy().reshape(-1, 1), column.dtype.scale), missing)
        return _column_of_objects(np.array(column.to_list(), object), label)
    if kind in ("Object", "Null"):
        return _column_of_objects(np.array(column.to_list(), object), label)
    if not (kind == "Boolean" or column.dtype.is_numeric()):
        _refuse_type(label, kind)
    if kind not in _POLARS_TYPES or missing is not None:
        column = column.cast(float)
    return _Column(column.to_numpy(), missing)


def _column_of(column: Any, label: str) -> _Column:
    """Return a column of any kind of frame, a list, or a single value, as numbers.  `label` names it in errors."""
    if hasattr(column, "iloc"):
        return _column_of_pandas(column, label)
    if hasattr(column, "to_physical"):
        return _column_of_polars(column, label)
    if hasattr(column, "null_count") and hasattr(column, "buffers") or hasattr(column, "chunks"):
        return _column_of_arrow(column, label)
    if isinstance(column, (list, tuple)):
        column = np.array(column, object)
    return _column_of_array(column, label)
