"""Columns."""
# mypy: disable-error-code="import-not-found, import-untyped"

from __future__ import annotations

import bisect
import decimal
import importlib.util
import itertools
import math
import numbers
from typing import Any, Callable, NoReturn, cast

import numpy as np

from .bits import _Bits, _fill_where
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
    An array of any numeric type, as it lies in memory.  What is missing is an array of booleans, what bits say, or what a
    function finds.  `filled` says that the values are NaN there already.
    """

    def __init__(self, values: _Array, missing: _Array | _Bits | Callable[[], _Array] | None = None, filled: bool = False):
        """`missing` may be all False.  Bits are set of what is not missing."""
        self.values, self._missing, self._filled = values, missing, filled
        self.shape = values.shape

    def rows(self, rows: slice | tuple[Any, ...]) -> _ArrayColumn:
        """Also takes other parts of an array, but of one with bits."""
        missing = self._missing
        if isinstance(missing, np.ndarray):
            return _ArrayColumn(self.values[rows], missing[rows], self._filled)
        if isinstance(missing, _Bits):
            return _ArrayColumn(self.values[rows], missing.rows(cast(slice, rows)), self._filled)
        return _ArrayColumn(self.values[rows], missing and (lambda: np.asarray(missing())[rows]), self._filled)

    def floats(self, single: bool = False) -> _Array:
        kind = np.float32 if single and self.values.dtype == np.float32 else np.float64
        if self._missing is None or self._filled:
            return self.values.astype(kind, copy=False)
        if isinstance(self._missing, _Bits):
            return self._missing.fill(self.values, 0)
        missing = cast(_Array, self._missing)
        if kind == np.float64 and self.values.ndim == 1:
            return _fill_where(self.values, missing)
        floats = self.values.astype(kind)
        floats[missing] = np.nan
        return floats

    def write(self, rows: slice, floats: _Array) -> None:
        """Write some rows of one dimension, of which bits say what is missing."""
        if isinstance(self._missing, _Bits):
            self._missing.fill(self.values[rows], rows.start, floats)
        else:
            np.copyto(floats, self.values[rows])

    @property
    def missing(self) -> _Array | None:
        if isinstance(self._missing, _Bits):
            self._missing = ~self._missing.array()
        elif callable(self._missing):
            self._missing = self._missing()
        return self._missing if self._missing is not None and self._missing.any() else None


class _ChunkedColumn(_Column):
    """Some rows of arrays of one dimension, one after the other."""

    def __init__(self, chunks: list[_ArrayColumn], ends: list[int], start: int, stop: int):
        """`ends` are those of the chunks, counted in rows."""
        self._chunks, self._ends, self._start, self._stop = chunks, ends, start, stop
        self.shape = (stop - start,)

    @classmethod
    def of(cls, chunks: list[_ArrayColumn]) -> _ChunkedColumn:
        ends = list(itertools.accumulate(chunk.shape[0] for chunk in chunks))
        return cls(chunks, ends, 0, ends[-1])

    def rows(self, rows: slice) -> _Column:
        start, stop, _ = rows.indices(self.shape[0])
        return _ChunkedColumn(self._chunks, self._ends, self._start + start, self._start + stop)

    def floats(self, single: bool = False) -> _Array:
        floats = np.empty(self.shape)
        at, i = self._start, bisect.bisect(self._ends, self._start)
        while at < self._stop:
            chunk, end = self._chunks[i], min(self._ends[i], self._stop)
            before = self._ends[i] - chunk.shape[0]
            chunk.write(slice(at - before, end - before), floats[at - self._start:end - self._start])
            at, i = end, i + 1
        return floats

    @property
    def missing(self) -> _Array | None:
        missing = [np.zeros(chunk.shape, bool) if chunk.missing is None else chunk.missing for chunk in self._chunks]
        return np.concatenate(missing)[self._start:self._stop]


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
    raise Error("22003", f"{label} has a number that is out of range for float64", f"It is {_shown_number(value)}.")


def _shown_number(value: object) -> str:
    """A number of any type, shortly: Python does not write integers of thousands of digits."""
    try:
        shown = str(value)
    except ValueError:
        return "of thousands of digits"
    return shown if len(shown) <= 40 else shown[:40] + "..."


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

_LONG_CHUNK = 8192      # rows; of shorter ones some are copied to be one
_MANY_ROWS = 2048       # of which it is worth to read some at a time, and to import pyarrow

_ARROW_TYPES = {"halffloat": np.float16, "float": np.float32, "double": np.float64} | {
    kind.__name__: kind for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)}


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


def _arrow_values(chunk: Any, kind: str, data: Any) -> _Array:
    start, count = chunk.offset, len(chunk)
    if kind == "bool":
        return _Bits(data, start, count).array()
    if kind in _ARROW_TYPES:
        return np.frombuffer(data, _ARROW_TYPES[kind], count, start * (chunk.type.bit_width // 8))
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
    return _column_of_memory(chunk, kind)


def _column_of_memory(chunk: Any, kind: str) -> _ArrayColumn:
    """The same of a type of numbers, whose memory is its values."""
    validity, data = chunk.buffers()
    return _ArrayColumn(_arrow_values(chunk, kind, data), _Bits(validity, chunk.offset, len(chunk)) if chunk.null_count else None)


def _column_of_arrow(column: Any, label: str) -> _Column:
    """Of an Array or a ChunkedArray of pyarrow."""
    def parts(source: Any) -> list[_ArrayColumn]:
        if plain and source.num_chunks > 1:
            source = source.combine_chunks()
        return [_column_of_chunk(chunk, label) for chunk in getattr(source, "chunks", [source])]

    def floats(source: Any) -> _Array:
        found = [part.floats() for part in parts(source)]
        return found[0] if len(found) == 1 else np.concatenate([np.zeros(0), *found])

    def missing(source: Any) -> _Array:
        return np.concatenate([np.zeros(0, bool), *(np.zeros(part.shape, bool) if part.missing is None else part.missing
                                                    for part in parts(source))])

    kind, chunks = str(column.type), getattr(column, "chunks", [column])
    plain = kind in _ARROW_TYPES
    if plain and len(chunks) == 1:
        return _column_of_chunk(chunks[0], label)       # nothing is copied
    if plain and len(column) >= _LONG_CHUNK * len(chunks) > 0:
        return _ChunkedColumn.of([_column_of_memory(chunk, kind) for chunk in chunks if len(chunk)])
    parts(column[:0])       # is it of a type for numbers at all?
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
            return _ArrayColumn(values, missing)        # of the nullable types, as pandas keeps them; nothing is copied
        return _ForeignColumn(column.array, lambda array: array.to_numpy(np.float64, na_value=np.nan),
                              lambda array: np.asarray(array.isna()))
    return _column_of_array(column.to_numpy(object, na_value=None), label)


_POLARS_TYPES = {"Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"}    # numpy has them


def _is_polars_number(kind: str) -> bool:
    return kind in _POLARS_TYPES or kind in ("Boolean", "Float16", "Int128", "UInt128")


def _column_of_polars(column: Any, label: str, filled: Any = None) -> _Column:
    """
    Of a Series.  `filled` is the same with numbers instead of nulls, if that is known already: NaN as Float64, of booleans 2
    as UInt8.
    """
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
        filled = _filled_by_polars(column.to_frame(), [column.name])[column.name]
    values = filled.to_numpy()
    if kind == "Boolean":
        return _ArrayColumn(values, values == 2)
    return _ArrayColumn(values, (lambda: column.is_null().to_numpy()) if column.null_count() else None, True)


def _filled_by_polars(frame: Any, names: list[str]) -> dict[str, Any]:
    """Return columns of a DataFrame without nulls, as above: polars is slow to make Float64 of booleans."""
    import polars

    booleans = [name for name in names if str(frame.get_column(name).dtype) == "Boolean"]
    others = [name for name in names if name not in booleans]
    found: dict[str, Any] = {}
    for chosen, kind, number in ((booleans, polars.UInt8, 2), (others, polars.Float64, np.nan)):
        if chosen:
            filled = frame.select(chosen).cast(kind).fill_null(number)
            found |= {name: filled.get_column(name) for name in chosen}
    return found


def _column_by_arrow(column: Any, label: str) -> _Column:
    """Of a Series of polars, which gives its memory to pyarrow.  Of short chunks, some rows are copied at a time."""
    def convert(part: Any) -> _ArrayColumn:
        return _column_of_chunk(part.to_arrow(), label)

    if column.n_chunks() == 1:
        return _column_of_arrow(column.to_arrow(), label)
    if str(column.dtype) in _POLARS_TYPES and len(column) >= _LONG_CHUNK * column.n_chunks():
        return _ChunkedColumn.of([convert(chunk) for chunk in column.get_chunks() if len(chunk)])
    return _ForeignColumn(column, lambda part: convert(part).floats(), lambda part: convert(part).missing)


def _columns_of_polars(frame: Any, places: list[int], labels: list[str]) -> list[_Column]:
    """
    Of a DataFrame.  Its nulls are read where they lie if there is pyarrow, which polars gives its memory to; else they are
    replaced, in a copy of those columns.
    """
    columns = [frame.to_series(at) for at in places]
    if len(frame) >= _MANY_ROWS and importlib.util.find_spec("pyarrow"):
        return [_column_by_arrow(column, label) if str(column.dtype) in _POLARS_TYPES | {"Boolean"} else _column_of_polars(column, label)
                for column, label in zip(columns, labels)]
    filled = _filled_by_polars(frame, [column.name for column in columns if _is_polars_number(str(column.dtype)) and (
        column.null_count() or str(column.dtype) not in _POLARS_TYPES)])
    return [_column_of_polars(column, label, filled.get(column.name)) for column, label in zip(columns, labels)]


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
