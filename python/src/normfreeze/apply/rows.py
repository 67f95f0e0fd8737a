"""Input."""

from __future__ import annotations

import collections
import collections.abc
import json
import unicodedata
from typing import Any, Callable, NamedTuple

import numpy as np

from .columns import _ArrayColumn, _Column, _column_of, _column_of_array, _columns_of_polars, _refuse_type
from ..base.arrays import _Array
from ..base.text import Error, _number_of

_SMALL_FRAME = 1 << 12            # values of a frame of pandas that are taken all at once: fewer calls
_FEW_ROWS = 1 << 10         # a frame of less is made an array first


class _Frame(NamedTuple):
    """A frame: what it is called where, and a function that returns a column by its place in `names`."""

    names: list[Any]
    get: Callable[[int], Any]


def _read_names(x: Any) -> _Frame | None:
    """Return a frame's columns, or a row's values, in their order; None if x is not a frame."""
    if isinstance(x, collections.abc.Mapping):
        names = list(x)
        return _Frame(names, lambda at: x[names[at]])
    if isinstance(x, (np.ndarray, np.void)) and x.dtype.names is not None:
        names = list(x.dtype.names)
        return _Frame(names, lambda at: x[names[at]])
    if isinstance(x, np.ndarray):
        return None
    if hasattr(x, "collect_schema") and hasattr(x, "collect"):
        raise Error("42804", "a lazy frame has no values", hint="Pass frame.collect().")
    if _is_pandas(x):
        return _Frame(x.columns.tolist(), lambda at: x.iloc[:, at])
    if _is_polars(x):
        return _Frame(list(x.columns), lambda at: x.to_series(at))
    if hasattr(x, "schema") and hasattr(x, "column"):       # pyarrow
        return _Frame(list(x.schema.names), x.column)
    if _is_pandas_row(x):
        return _Frame(x.index.tolist(), lambda at: x.iloc[at])
    return None


def _is_pandas(x: Any) -> bool:
    return hasattr(x, "columns") and hasattr(x, "loc")


def _is_polars(x: Any) -> bool:
    return hasattr(x, "columns") and hasattr(x, "get_column")


def _is_pandas_row(x: Any) -> bool:
    return hasattr(x, "index") and hasattr(x, "iloc")


def _columns_of(x: Any, frame: _Frame, places: list[int]) -> list[_Column]:
    """Return columns of a frame, which errors call by their names."""
    labels = [f'column "{frame.names[at]}"' for at in places]
    if _is_polars(x):
        return _columns_of_polars(x, places, labels)
    if _is_pandas(x):
        together = _small_columns(x, places, labels) if len(x) * len(frame.names) <= _SMALL_FRAME else []
        if together:
            return together
        if len(places) > 1:
            # Series by Series this is faster than to ask for each by its place
            found = dict.fromkeys(places)
            for at, (_, column) in enumerate(x.items()):
                if at in found:
                    found[at] = column
            return [_column_of(found[at], label) for at, label in zip(places, labels)]
    if _is_pandas_row(x):
        return _columns_together(x.to_numpy(object), places, labels)
    return [_column_of(frame.get(at), label) for at, label in zip(places, labels)]


def _small_columns(x: Any, places: list[int], labels: list[str]) -> list[_Column]:
    """Return columns of a DataFrame of pandas of few values, or nothing if they are read faster one by one."""
    types = list(x.dtypes)
    if len(x) > 2 and not all(isinstance(types[at], np.dtype) for at in places):
        return []
    for at, label in zip(places, labels):
        if types[at].kind in "mMc" or not isinstance(types[at], np.dtype) and str(types[at]) == "category":
            _refuse_type(label, types[at])
    alike = isinstance(types[0], np.dtype) and types[0].kind in "fiub" and types.count(types[0]) == len(types)
    return _columns_together(x.to_numpy(None if alike else object), places, labels)


def _columns_together(values: _Array, places: list[int], labels: list[str]) -> list[_Column]:
    """Return columns of an array, of objects mostly, or values of one row of it."""
    try:
        together = _column_of_array(values[..., places], "the frame")
    except Error:           # the column is named below
        return [_column_of_array(values[..., at], label) for at, label in zip(places, labels)]
    return [together.rows((..., i)) for i in range(len(places))]


def _list_of(names: list[Any]) -> str:
    shown = [str(name) for name in names[:20]] + ["..."] * (len(names) > 20)
    return ", ".join(shown)


# ---- rows by features ----

class _Rows:
    """
    The rows to transform, by features: one table of two dimensions, or a column for each feature, each as it lies in memory.
    `finish` gives a result, rows by features, the form that it is to have.
    """

    def __init__(self, table: _ArrayColumn | None, columns: list[_Column], single: bool, finish: Callable[[_Array], Any]):
        """With `single`, float32 stays float32."""
        self._table, self._columns, self.finish = table, columns, finish
        if table is not None:
            self.shape = table.shape
            kind = table.values.dtype
        else:
            self.shape = (*columns[0].shape, len(columns))
            kind = getattr(columns[0], "values", np.zeros(0)).dtype
        self.dtype = np.dtype(np.float32 if single and kind == np.float32 else np.float64)
        # of many rows each column is read by itself, and its results are written to be so
        self.by_columns = table is None and self.shape[0] >= _FEW_ROWS

    @classmethod
    def of_array(cls, values: _Array) -> _Rows:
        """Of floats, rows by features."""
        return cls(_ArrayColumn(values), [], True, lambda y: y)

    def empty(self) -> _Array:
        """Return an array for results."""
        return np.empty(self.shape[::-1], self.dtype).T if self.by_columns else np.empty(self.shape, self.dtype)

    def read(self, rows: slice, slots: slice) -> _Array:
        """Return some rows of some features, with NaN for what is missing: not to be written to."""
        single = self.dtype == np.float32
        if self._table is not None:
            return self._table.rows((rows, slots)).floats(single)
        parts = [column.rows(rows).floats(single) for column in self._columns[slots]]
        return parts[0][:, None] if len(parts) == 1 else np.stack(parts).T

    def all(self) -> _Array:
        return self.read(slice(None), slice(None))


def _name_alike(wanted: str, names: list[Any] | tuple[Any, ...]) -> str:
    """A sentence on the first name that differs from the wanted one only in case or Unicode normal form, or nothing."""
    normal = unicodedata.normalize("NFC", wanted)
    for name in names:
        if not isinstance(name, str):
            continue
        if unicodedata.normalize("NFC", name) == normal:
            return (f"There is {json.dumps(name)}, which is another Unicode normal form of it: "
                    "bring names to one form.  ")
        if unicodedata.normalize("NFC", name.lower()) == normal.lower():
            return f'There is "{name}", which differs in case.  '
    return ""


def _find_places(owner: Any, frame: _Frame) -> list[int]:
    """Return where in a frame the features are."""
    wanted = owner.feature_names
    if wanted is None:
        raise Error("42804", f"scaler {owner.scaler_id} was fitted on arrays, and its features have no names to match a "
                    "frame by", hint='Pass an array, or fit with option "names".')
    names = frame.names
    places = {name: at for at, name in enumerate(names) if isinstance(name, str)}
    for name in wanted:
        if name not in places:
            several = any(isinstance(other, tuple) for other in names)
            raise Error("42703", f'the frame has no column "{name}", which is a feature',
                        f"The frame's columns are: {_list_of(names)}.",
                        "Its columns have names of several levels: join them, as by frame.columns.map('_'.join)." if several else
                        _name_alike(name, names) + "Features are matched by name, whatever their order; rename the column.")
    if len(places) < len(names):
        times = collections.Counter(name for name in names if isinstance(name, str))
        for name in wanted:
            if times[name] > 1:
                raise Error("42701", f'the frame has {times[name]} columns "{name}", which is a feature')
    return [places[name] for name in wanted]


def _read_frame(owner: Any, x: Any, frame: _Frame) -> _Rows:
    wanted = owner.feature_names
    columns = _columns_of(x, frame, _find_places(owner, frame))
    shapes = {column.shape for column in columns}
    if len(shapes) > 1 or len(min(shapes)) > 1:
        raise Error("2202E", "the columns have different lengths, or more than one dimension",
                    "; ".join(f'"{name}" has shape {column.shape}' for name, column in zip(wanted[:20], columns)) + ".")
    if shapes == {()}:
        row = np.array([[column.floats() for column in columns]], np.float64)
        return _Rows(_ArrayColumn(row), [], False, lambda y: y[0])
    return _Rows(None, columns, False, lambda y: y)


def _read_array(owner: Any, x: Any) -> _Rows:
    if hasattr(x, "get_column") or type(x).__name__ in ("Series", "DataFrame"):
        raise Error("42804", f"cannot match features by name in a {type(x).__module__}.{type(x).__name__}",
                    hint="Pass a frame, or an array by position.")
    array = _column_of_array(x if hasattr(x, "dtype") else np.asarray(_plain(x)), "the array")
    shape = array.shape
    if len(shape) not in (1, 2):
        raise Error("2202E", f"features must be an array of one or two dimensions, not of {len(shape)}",
                    hint="Pass one row of features, or rows by features.")
    if shape[-1] != owner._width:
        raise Error("2202E", f"scaler {owner.scaler_id} expects {_number_of(owner._width, 'feature')}, the array has {shape[-1]}",
                    hint=owner.feature_names and f"They are, in this order: {_list_of(owner.feature_names)}.")
    if len(shape) == 1:
        return _Rows(array.rows((None,)), [], True, lambda y: y[0])
    if array.values.flags.fnc:          # its columns lie one after the other
        return _Rows(None, [array.rows((..., i)) for i in range(shape[1])], True, lambda y: y)
    return _Rows(array, [], True, lambda y: y)


def _plain(x: Any) -> Any:
    """Return lists as an array of objects, so that numpy does not turn a number among strings into a string."""
    if not isinstance(x, (list, tuple)):
        return x
    lengths = {len(row) for row in x if isinstance(row, (list, tuple))}
    if len(lengths) > 1:
        raise Error("2202E", "the rows have different lengths", f"They are {min(lengths)} and {max(lengths)} among others.")
    return np.array(x, object)


def _read_rows(owner: Any, x: Any) -> _Rows:
    frame = _read_names(x)
    return _read_array(owner, x) if frame is None else _read_frame(owner, x, frame)


def _check_environment() -> None:
    """
    Fail unless the rounding mode is the default one and subnormal numbers are not flushed to zero: another library may
    have changed that.
    """
    least, one, unit = np.array([5e-324]), np.array([1.0, -1.0]), np.array([2.0 ** -53, -(2.0 ** -53)])
    if not ((least * 1.0 > 0).all() and (one + unit == one).all() and (one + 1.5 * unit != one).all()):
        raise Error("55000", "the floating-point environment of this process is not the default one",
                    hint="Find the library that changes it; results would have other bits.")
