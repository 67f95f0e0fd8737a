"""Input."""

from __future__ import annotations

import collections.abc
import decimal
import math
import numbers
from typing import Any, NamedTuple

import numpy as np

from ..base.text import Error


def _refuse_type(label, kind):
    raise Error("42804", f"{label} is of type {kind}, and a feature must be numeric or boolean",
                hint="Convert the column, or leave it out.")


def _object_number(value, label) -> float:
    if value is None or type(value).__name__ == "NAType":
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
        raise Error("22003", f"{label} has a number that is out of range for float64", f"It is {value}.")
    return number


def _as_floats(values, label, single=False):
    """Return numbers, booleans, None and NaN as an array of float64; with `single`, float32 stays float32."""
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    values = np.asarray(values)
    if values.dtype.kind == "O":
        flat = [_object_number(value, label) for value in values.ravel()]
        floats = np.array(flat, np.float64).reshape(values.shape)
    elif values.dtype.kind in "fiub":
        floats = values.astype(np.float32 if single and values.dtype == np.float32 else np.float64)
    else:
        _refuse_type(label, values.dtype)
    if mask is not None:
        floats[mask] = np.nan
    return floats


def _column_floats(column, label):
    """Return a column of any kind of frame as floats."""
    kind = getattr(column, "dtype", None)
    if hasattr(column, "iloc"):                             # of pandas
        if str(kind) == "category":
            _refuse_type(label, kind)
        if getattr(kind, "kind", "O") in "fiub" and hasattr(kind, "na_value") and not isinstance(kind, np.dtype):
            column = column.to_numpy(dtype=object, na_value=None)   # an extension type: exact, and None for what is missing
        else:
            column = column.to_numpy()
    elif isinstance(column, (list, tuple)):
        column = np.array(column, object)
    return _as_floats(column, label)


def _names_of(frame):
    """Return the names of a frame's columns, and a function that returns one; None if it is not a frame."""
    if isinstance(frame, collections.abc.Mapping):
        return list(frame), frame.__getitem__
    if isinstance(frame, (np.ndarray, np.void)) and frame.dtype.names is not None:
        return list(frame.dtype.names), frame.__getitem__
    if isinstance(frame, np.ndarray):
        return None
    if hasattr(frame, "collect_schema") and hasattr(frame, "collect"):
        raise Error("42804", "a lazy frame has no values", hint="Pass frame.collect().")
    if hasattr(frame, "columns") and hasattr(frame, "loc"):         # pandas
        return list(frame.columns), lambda name: frame.iloc[:, list(frame.columns).index(name)]
    if hasattr(frame, "columns") and hasattr(frame, "get_column"):  # polars
        return list(frame.columns), frame.get_column
    if hasattr(frame, "schema") and hasattr(frame, "column"):       # pyarrow
        names = list(frame.schema.names)
        return names, lambda name: frame.column(names.index(name))
    if hasattr(frame, "index") and hasattr(frame, "iloc"):          # a row of pandas
        names = list(frame.index)
        return names, lambda name: frame.iloc[names.index(name)]
    return None


def _rebuild(frame, names, y):
    """Return a result as a frame or row of the same kind, for pandas and polars; otherwise as the array that it is."""
    if hasattr(frame, "columns") and hasattr(frame, "loc"):
        return type(frame)(y, index=frame.index, columns=names)
    if hasattr(frame, "columns") and hasattr(frame, "get_column"):
        return type(frame)({name: np.ascontiguousarray(y[:, i]) for i, name in enumerate(names)})
    if hasattr(frame, "iloc"):
        return type(frame)(y, index=names, name=frame.name)
    return y


def _list_of(names):
    shown = [str(name) for name in names[:20]] + ["..."] * (len(names) > 20)
    return ", ".join(shown)


class _Rows(NamedTuple):
    """The rows to transform, by features, and the form that the result is to have."""

    values: np.ndarray
    finish: Any


def _read_frame(owner, frame, names, get):
    wanted = owner.feature_names
    if wanted is None:
        raise Error("42804", f"scaler {owner.scaler_id} was fitted on arrays, and its features have no names to match a "
                    "frame by", hint='Pass an array, or fit with option "names".')
    times = collections.Counter(name for name in names if isinstance(name, str))
    for name in wanted:
        if times[name] == 0:
            raise Error("42703", f'the frame has no column "{name}", which is a feature',
                        f"The frame's columns are: {_list_of(names)}.",
                        "Features are matched by name, whatever their order; rename the column.")
        if times[name] > 1:
            raise Error("42701", f'the frame has {times[name]} columns "{name}", which is a feature')
    columns = [np.asarray(_column_floats(get(name), f'column "{name}"')) for name in wanted]
    shapes = {column.shape for column in columns}
    if len(shapes) > 1 or len(min(shapes)) > 1:
        raise Error("2202E", "the columns have different lengths, or more than one dimension",
                    "; ".join(f'"{name}" has shape {column.shape}' for name, column in zip(wanted[:20], columns)) + ".")
    y = np.column_stack(columns) if shapes != {()} else np.array([columns], np.float64)
    single_row = shapes == {()}
    return _Rows(y, lambda result: _rebuild(frame, wanted, result[0] if single_row else result))


def _read_array(owner, x):
    if hasattr(x, "get_column") or type(x).__name__ in ("Series", "DataFrame"):
        raise Error("42804", f"cannot match features by name in a {type(x).__module__}.{type(x).__name__}",
                    hint="Pass a frame, or an array by position.")
    array = _as_floats(x if hasattr(x, "dtype") else np.asarray(_plain(x)), "the array", single=True)
    if array.ndim not in (1, 2):
        raise Error("2202E", f"features must be an array of one or two dimensions, not of {array.ndim}",
                    hint="Pass one row of features, or rows by features.")
    if array.shape[-1] != owner._width:
        raise Error("2202E", f"scaler {owner.scaler_id} expects {owner._width} features, the array has {array.shape[-1]}",
                    hint=owner.feature_names and f"They are, in this order: {_list_of(owner.feature_names)}.")
    rows = np.atleast_2d(array)
    return _Rows(rows, lambda result: result if array.ndim == 2 else result[0])


def _plain(x):
    """Return lists as an array of objects, so that numpy does not turn a number among strings into a string."""
    if not isinstance(x, (list, tuple)):
        return x
    lengths = {len(row) for row in x if isinstance(row, (list, tuple))}
    if len(lengths) > 1:
        raise Error("2202E", "the rows have different lengths", f"They are {min(lengths)} and {max(lengths)} among others.")
    return np.array(x, object)


def _read_rows(owner, x) -> _Rows:
    found = _names_of(x)
    return _read_frame(owner, x, *found) if found else _read_array(owner, x)


def _check_environment():
    """
    Fail unless the rounding mode is the default one and subnormal numbers are not flushed to zero: another library may
    have changed that.
    """
    least, one, unit = np.array([5e-324]), np.array([1.0, -1.0]), np.array([2.0 ** -53, -(2.0 ** -53)])
    if not ((least * 1.0 > 0).all() and (one + unit == one).all() and (one + 1.5 * unit != one).all()):
        raise Error("55000", "the floating-point environment of this process is not the default one",
                    hint="Find the library that changes it; results would have other bits.")
