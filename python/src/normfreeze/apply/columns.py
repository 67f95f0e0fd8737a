"""Columns."""

from __future__ import annotations

import decimal
import importlib.util
import math
import numbers
from typing import Any, Callable, NoReturn

import numpy as np

from ..base.arrays import _Array
from ..base.text import Error

#
# What is NULL, None, NA or masked is missing; NaN is a value.  No library is
# imported here: of what belongs to one, its own methods are called.


class _Column:
    """
    Numbers of any number of dimensions, of a single value none.  They are read as float64, some rows at a time, and not to be
    written to: they may be the user's own memory.
    """

    shape: tuple[int, ...]

    def rows(self, rows: slice) -> _Column:
        """Return some of its rows."""
        raise NotImplementedError

    def floats(self, single: bool = False) -> _Array:
        """Return the values as float64, with NaN for what is missing.  With `single`, float32 stays float32."""
        raise NotImplementedError

    @property
    def missing(self) -> _Array | None:
        """Which values are missing; None if none is."""
        raise NotImplementedError


class _ArrayColumn(_Column):
    """
    An array of any numeric type, as it lies in memory.  What is missing may be a function that finds it.  `filled` says that
    the values are NaN there already.
    """

    def __init__(self, values: _Array, missing: _Array | Callable[[], _Array] | None = None, filled: bool = False):
        self.values, self._missing, self._filled = values, missing, filled
        self.shape = values.shape

    def rows(self, rows: slice | tuple[Any, ...]) -> _ArrayColumn:
        """Also takes other parts of an array."""
        missing = self._missing
        if isinstance(missing, np.ndarray):
            return _ArrayColumn(self.values[rows], missing[rows], self._filled)
        return _ArrayColumn(self.values[rows], missing and (lambda: np.asarray(self.missing)[rows]), self._filled)

    def floats(self, single: bool = False) -> _Array:
        kind = np.float32 if single and self.values.dtype == np.float32 else np.float64
        if self._missing is None or self._filled:
            return self.values.astype(kind, copy=False)
        floats = self.values.astype(kind)
        floats[self.missing] = np.nan
        return floats

    @property
    def missing(self) -> _Array | None:
        if callable(self._missing):
            self._missing = self._missing()
        return self._missing


class _ForeignColumn(_Column):
    """Something else that can be sliced: `convert` makes an array of it, `find_missing` says what is missing in it."""

    def __init__(self, source: Any, convert: Callable[[Any], _Array], find_missing: Callable[[Any], _Array | None]):
        self._source, self._convert, self._find_missing = source, convert, find_missing
        self.shape = (len(source),)

    def rows(self, rows: slice) -> _ForeignColumn:
        return _ForeignColumn(self._source[rows], self._convert, self._find_missing)

    def floats(self, single: bool = False) -> _Array:
        return self._convert(self._source)

    @property
    def missing(self) -> _Array | None:
        missing = self._find_missing(self._source)
        return None if missing is None or not missing.any() else missing


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


def _with_none(values: _Array, missing: _Array) -> _Array:
    """Return objects with None for what is missing."""
    values = values.copy()
    values[missing] = None
    return values


def _column_of_objects(values: _Array, label: str) -> _ArrayColumn:
    flat = values.ravel().tolist()
    types = set(map(type, flat))
    missing = None
    if not types <= _PLAIN_TYPES - {type(None)}:
        missing = np.array([_is_missing(value) for value in flat], bool).reshape(values.shape)
        if not types <= _PLAIN_TYPES:
            values = _with_none(values, missing)
            types = {kind for kind in types if kind.__name__ != "NAType"}
    if types <= _PLAIN_TYPES:
        try:
            return _ArrayColumn(values.astype(np.float64), missing, True)
        except OverflowError:       # the number is named below
            pass
    floats = np.array([_object_number(value, label) for value in flat], np.float64)
    return _ArrayColumn(floats.reshape(values.shape), missing, True)


# ---- numpy ----

def _column_of_array(values: Any, label: str) -> _ArrayColumn:
    missing = None
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        missing = np.ma.getmaskarray(values)
    values = np.asarray(values)
    if values.dtype.kind == "O":
        if missing is not None:
            values = _with_none(values, missing)
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
    return _ArrayColumn(values, missing)


# ---- pyarrow ----

_MANY_ROWS = 2048       # of which it is worth to read some at a time, and to import pyarrow

_ARROW_TYPES = {"halffloat": np.float16, "float": np.float32, "double": np.float64} | {
    kind.__name__: kind for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)}


def _bits(buffer: Any, start: int, count: int) -> _Array:
    skipped = start // 8
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8, offset=skipped)[:(start % 8 + count + 7) // 8], bitorder="little")
    return bits[start % 8:start % 8 + count].view(bool)


def _scaled_integers(words: _Array, scale: int) -> _Array:
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


def _arrow_values(chunk: Any, kind: str) -> _Array:
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


def _is_arrow_number(kind: str) -> bool:
    return kind in _ARROW_TYPES or kind == "bool" or kind.startswith("decimal")


def _column_of_chunk(chunk: Any, label: str) -> _ArrayColumn:
    """Of an Array of pyarrow."""
    while hasattr(chunk, "storage"):
        chunk = chunk.storage
    if hasattr(chunk, "dictionary_decode"):
        chunk = chunk.dictionary_decode()
    kind, count = str(chunk.type), len(chunk)
    if kind.startswith("run_end_encoded"):
        return _column_of_objects(np.array(chunk.to_pylist(), object), label)
    if kind == "null":
        return _ArrayColumn(np.full(count, np.nan), np.ones(count, bool), True)
    if not _is_arrow_number(kind):
        _refuse_type(label, kind)
    if count == 0:
        return _ArrayColumn(np.zeros(0))
    missing = ~_bits(chunk.buffers()[0], chunk.offset, count) if chunk.null_count else None
    return _ArrayColumn(_arrow_values(chunk, kind), missing)


def _column_of_arrow(column: Any, label: str) -> _Column:
    """Of an Array or a ChunkedArray of pyarrow."""
    def parts(source: Any) -> list[_ArrayColumn]:
        return [_column_of_chunk(chunk, label) for chunk in getattr(source, "chunks", [source])]

    def floats(source: Any) -> _Array:
        found = [part.floats() for part in parts(source)]
        return found[0] if len(found) == 1 else np.concatenate([np.zeros(0), *found])

    def missing(source: Any) -> _Array:
        return np.concatenate([np.zeros(0, bool), *(np.zeros(part.shape, bool) if part.missing is None else part.missing
                                                    for part in parts(source))])

    parts(column[:0])       # is it of a type for numbers at all?
    chunks = getattr(column, "chunks", [column])
    if len(chunks) == 1 and str(column.type) in _ARROW_TYPES and (not column.null_count or len(column) < _MANY_ROWS):
        return _column_of_chunk(chunks[0], label)       # nothing is copied
    return _ForeignColumn(column, floats, missing)


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
        values, missing = (getattr(column.array, name, None) for name in ("_data", "_mask"))
        if isinstance(values, np.ndarray) and isinstance(missing, np.ndarray) and values.shape == missing.shape == column.shape:
            return _ArrayColumn(values, missing if missing.any() else None)     # of the nullable types, as pandas keeps them; nothing is copied
        return _ForeignColumn(column.array, lambda array: array.to_numpy(np.float64, na_value=np.nan),
                              lambda array: np.asarray(array.isna()))
    return _column_of_array(column.to_numpy(object, na_value=None), label)


_POLARS_TYPES = {"Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"}    # numpy has them


def _is_polars_number(kind: str) -> bool:
    return kind in _POLARS_TYPES or kind in ("Boolean", "Float16", "Int128", "UInt128")


def _column_of_polars(column: Any, label: str, filled: Any = None) -> _Column:
    """Of a Series.  `filled` is the same as Float64 with NaN instead of nulls, if that is known already."""
    kind = str(column.dtype)
    if kind.startswith("Decimal"):
        # its integers fit into int64 mostly
        whole = column.to_physical().cast(int, strict=False)
        if whole.null_count() == column.null_count():
            values = _scaled_integers(whole.fill_null(0).to_numpy().reshape(-1, 1), column.dtype.scale)
            return _ArrayColumn(values, column.is_null().to_numpy() if column.null_count() else None)
    if kind.startswith("Decimal") or kind in ("Object", "Null"):
        return _column_of_objects(np.array(column.to_list(), object), label)
    if not _is_polars_number(kind):
        _refuse_type(label, kind)
    if kind in _POLARS_TYPES and not column.null_count():
        return _ArrayColumn(column.to_numpy())
    if filled is None:
        filled = column.cast(float).fill_null(np.nan)
    return _ArrayColumn(filled.to_numpy(), (lambda: column.is_null().to_numpy()) if column.null_count() else None, True)


def _columns_of_polars(frame: Any, places: list[int], labels: list[str]) -> list[_Column]:
    """
    Of a DataFrame.  Its nulls are read where they lie if there is pyarrow, which polars gives its memory to; else they are
    replaced, in a copy of those columns.
    """
    columns = [frame.to_series(at) for at in places]
    if len(frame) >= _MANY_ROWS and importlib.util.find_spec("pyarrow"):
        return [_column_of_arrow(column.to_arrow(), label) if str(column.dtype) in _POLARS_TYPES and column.null_count()
                else _column_of_polars(column, label) for column, label in zip(columns, labels)]
    with_nulls = [column.name for column in columns if column.null_count() and _is_polars_number(str(column.dtype))]
    filled = frame.select(with_nulls).cast(float).fill_null(np.nan) if with_nulls else None
    return [_column_of_polars(column, label, filled.get_column(column.name) if filled is not None and column.name in with_nulls else None)
            for column, label in zip(columns, labels)]


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
