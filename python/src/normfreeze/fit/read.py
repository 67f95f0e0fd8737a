"""Rows to fit: which columns are features, and their values with what is NULL, some rows at a time (src/pg/fit/choose_columns.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import collections.abc

import numpy as np

from .spec import _FitSpec, _check_spec_names, _name_alike
from ..apply.columns import _Column, _column_of_array, _is_missing
from ..apply.rows import _Frame, _columns_of, _is_pandas, _list_of, _plain, _read_names
from ..base.text import Error, _number_of
from ..scaler.methods import _MOST_FEATURES
from ..scaler.recipe import _check_names

_CHUNK_ROWS, _CHUNK_VALUES = 1 << 16, 1 << 22       # rows, and values, that are read at a time
_CONVERT = "Convert what is not numeric, or leave it out."
_ADVICE = 'Leave out what is not to be a feature: {"exclude": [...]}, {"columns": [...]}, or {"columns": "numeric"}.'


def _is_iterator(x) -> bool:
    """Return whether x gives chunks one after another, rather than being one."""
    return hasattr(x, "__next__") or hasattr(x, "read_next_batch")


def _chunks_of(x):
    """Frames or arrays of so few rows that they can be read at once."""
    if _is_iterator(x):
        for part in x:
            yield from _chunks_of(part)
        return
    frame = _frame_of(x)
    if frame is None:
        x = _as_array(x)
        if x.ndim != 2:
            raise Error("2202E", f"rows to fit must be an array of two dimensions, not of {x.ndim}",
                        hint="Of rows that are dictionaries make a frame, as in pandas.DataFrame(rows)." if x.ndim == 1 and len(x) and
                        isinstance(x[0], dict) else "Pass rows by features; a single feature as x.reshape(-1, 1).")
        rows, width = x.shape
    else:
        rows, width = _row_count(x, frame), len(frame.names)
    step = max(min(_CHUNK_ROWS, _CHUNK_VALUES // max(width, 1)), 1)
    for start in range(0, rows, step):
        yield x if rows <= step else _row_slice(x, start, min(step, rows - start))


def _as_array(x):
    return x if hasattr(x, "dtype") else np.asarray(_plain(x))


def _frame_of(x) -> _Frame | None:
    """The columns of a frame; None of an array."""
    if hasattr(x, "iloc") and not hasattr(x, "columns") or type(x).__name__ == "Series":
        raise Error("42804", "a Series is one column, and rows to fit are a frame or an array", hint="Pass series.to_frame().")
    frame = _read_names(x)
    if frame is None and (isinstance(x, (str, bytes)) or not hasattr(x, "__len__")):
        raise Error("42804", f"cannot fit a Python {type(x).__name__}",
                    hint="Pass an array of rows by features, a frame, or an iterator of such.")
    return frame


def _row_count(x, frame: _Frame) -> int:
    if hasattr(x, "num_rows"):
        return x.num_rows
    if isinstance(x, collections.abc.Mapping):
        without = next((name for name in frame.names if not hasattr(x[name], "__len__")), None)
        if without is not None:
            raise Error("42804", f'column "{without}" is a Python {type(x[without]).__name__}', hint="Pass a list or an array for each column.")
        lengths = {name: len(x[name]) for name in frame.names}
        if len(set(lengths.values())) > 1:
            raise Error("2202E", "the columns have different lengths",
                        "; ".join(f'"{name}" has {n}' for name, n in list(lengths.items())[:20]) + ".")
        return next(iter(lengths.values()), 0)
    return len(x)


def _row_slice(x, start: int, n: int):
    """Some rows of a frame or an array, or elements of a column or a list."""
    if isinstance(x, collections.abc.Mapping):
        return {name: _row_slice(column, start, n) for name, column in x.items()}
    if hasattr(x, "iloc"):
        return x.iloc[start:start + n]
    if hasattr(x, "slice") and not isinstance(x, np.ndarray):
        return x.slice(start, n)
    return x[start:start + n]


# ---- NULL ----

def _objects_of(column):
    """A column of Python objects as an array of them; None if it is of another kind."""
    kind = getattr(column, "dtype", None)
    if hasattr(column, "iloc"):
        return column.to_numpy() if kind == object else None
    if isinstance(column, np.ndarray):
        return column if kind == object else None
    if isinstance(column, (list, tuple)):
        return np.array(column, object)
    if hasattr(column, "to_physical"):
        return np.array(column.to_list(), object) if str(kind).startswith(("Object", "Null", "Decimal")) else None
    return np.array(column.to_pylist(), object) if str(getattr(column, "type", "")).startswith("run_end_encoded") else None


def _null_flags(source, column: _Column, floats, nan: str | None, stands_for_null: bool = False):
    """
    Which values of a column are NULL; None if none is.  NaN is not, unless `nan` says so, or where it stands for NULL: in the
    numpy types of pandas.
    """
    nans = np.isnan(floats)
    if not nans.any():
        return None
    if nan == "null" or (stands_for_null and nan is None):
        return nans
    if column.missing is not None:
        return column.missing
    objects = _objects_of(source)
    if objects is None:
        return None
    found = np.array([_is_missing(value) for value in objects.ravel()], bool).reshape(objects.shape)
    return found if found.any() else None


def _is_numpy_of_pandas(x, at: int) -> bool:
    """Whether a column is of a numpy type of pandas, or of one of its sparse types, in which NaN stands for NULL, too."""
    return _is_pandas(x) and (isinstance(x.dtypes.iloc[at], np.dtype) or str(x.dtypes.iloc[at]).startswith("Sparse["))


# ---- features ----

def _all_columns(x, frame: _Frame, numeric: bool, exclude) -> list:
    """All columns, or all that can be features, without the excluded ones, in order."""
    for name in exclude:
        if name not in frame.names:
            raise Error("42703", f'the frame has no column "{name}", which option "exclude" names',
                        f"The frame's columns are: {_list_of(frame.names)}.",
                        f"{_name_alike(name, frame.names)}Names are compared exactly, case included.")
        _check_is_single(frame, name)
    left_out = set(exclude)
    return [name for at, name in enumerate(frame.names) if name not in left_out and (not numeric or _can_be_feature(x, frame, at))]


def _can_be_feature(x, frame: _Frame, at: int) -> bool:
    try:
        column, = _columns_of(x, frame, [at])
    except Error as error:
        if error.sqlstate != "42804":
            raise
        return False
    # a column of objects is numeric if it has a number
    return _objects_of(frame.get(at)) is None or not np.isnan(column.floats()).all()


def _check_is_single(frame: _Frame, name):
    times = frame.names.count(name)
    if times > 1:
        raise Error("42702", f'column "{name}" is ambiguous: the frame has {times} columns of this name',
                    hint="Give each column a name of its own.")


def _place_of_column(frame: _Frame | None, name: str, what: str) -> int:
    """Where a column of keys or of weights is."""
    if frame is None:
        raise Error("42703", f'an array has no column "{name}" of {what}', hint="Pass a frame, or one for each row.")
    if name not in frame.names:
        raise Error("42703", f'the frame has no column "{name}" of {what}', f"The frame's columns are: {_list_of(frame.names)}.")
    _check_is_single(frame, name)
    return frame.names.index(name)


def _choose_columns(spec: _FitSpec, x, frame: _Frame, besides) -> list:
    """The names of the features of a frame.  `besides` are columns of keys and weights, which are features only if options say so."""
    if isinstance(spec.columns, list):
        named = set(spec.columns)
        chosen = spec.columns + [name for name in spec.target if name not in named]
    else:
        chosen = _all_columns(x, frame, spec.columns == "numeric", [*spec.exclude, *(b for b in besides if b not in spec.exclude)])
    if not chosen:
        raise Error("22023", "there are no columns to take as features",
                    hint='Name them with option "columns", or leave something over with "exclude".')
    for name in chosen:
        if not isinstance(name, str):
            raise Error("42602", f"the name of a column is {name!r}, and the name of a feature is text",
                        hint="Rename the column, or pass the frame's array.")
    _check_spec_names(spec, chosen, len(chosen))
    return chosen


def _places_of(frame: _Frame, wanted) -> list:
    places = {name: at for at, name in enumerate(frame.names) if isinstance(name, str)}
    for name in wanted:
        if name not in places:
            raise Error("42703", f'the frame has no column "{name}", which is a feature',
                        f"The frame's columns are: {_list_of(frame.names)}.",
                        f"{_name_alike(name, frame.names)}Features are matched by name, whatever their order; rename the column.")
    if len(places) < len(frame.names):
        for name in wanted:
            _check_is_single(frame, name)
    return [places[name] for name in wanted]


def _read_columns_of(x, frame: _Frame, wanted):
    """Columns of a frame by name.  Those that are not numeric are refused together."""
    places = _places_of(frame, wanted)
    try:
        return places, _columns_of(x, frame, places)
    except Error as error:
        if error.sqlstate != "42804":
            raise
    refused = []
    for at in places:
        try:
            _columns_of(x, frame, [at])
        except Error as error:
            refused.append(error)
    raise _not_numeric(refused)


def _not_numeric(refused) -> Error:
    if len(refused) == 1:
        return Error(refused[0].sqlstate, refused[0].message, hint=f"{_CONVERT}  {_ADVICE}")
    kinds = [error.message.replace("column ", "", 1).split(", and a feature")[0] for error in refused]
    return Error("42804", f"{len(refused)} columns cannot be features, which must be numeric or boolean", f"{', '.join(kinds)}.",
                 f"{_CONVERT}  {_ADVICE}")


class _RowReader:
    """Reads chunks whose features are those of the first one."""

    def __init__(self, spec: _FitSpec, nan: str | None, besides=()):
        if nan not in (None, "null", "nan"):
            raise Error("22023", f"unknown meaning of NaN: {nan!r}", hint='It may be "null", "nan", or None, which goes by the kind of input.')
        self.spec, self.nan, self.besides = spec, nan, besides
        self.names, self.width = None, 0

    def read(self, x):
        """float64 with one column in each row, which may be changed, and flags of NULLs likewise, or None."""
        frame = _frame_of(x)
        return self._read_array(x) if frame is None else self._read_frame(x, frame)

    def _bind(self, names, width: int):
        if width > _MOST_FEATURES:
            raise Error("54000", f"{width} features are more than a scaler may have", f"The limit is {_MOST_FEATURES}.")
        for name in names or ():
            if not name.isprintable() and ("\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name)):
                raise Error("22021", f"the name of a feature is no Unicode text: {name!r}", hint="Rename the column.")
        if names is not None:
            _check_names(names)
        self.names, self.width = names, width

    def _read_frame(self, x, frame: _Frame):
        if self.width == 0:
            wanted = _choose_columns(self.spec, x, frame, self.besides)
            _places_of(frame, wanted)
            self._bind(wanted, len(wanted))
        elif self.names is None:
            raise Error("22023", "the features have no names to match frames by", hint='Pass arrays, or fit with option "names".')
        places, columns = _read_columns_of(x, frame, self.names)
        shapes = {column.shape for column in columns}
        if len(shapes) > 1 or len(min(shapes)) != 1:
            raise Error("2202E", "the columns have different lengths, or more than one dimension",
                        "; ".join(f'"{name}" has shape {column.shape}' for name, column in zip(self.names[:20], columns)) + ".")
        values, nulls = np.empty((len(columns), *min(shapes))), None
        for i, (at, column) in enumerate(zip(places, columns)):
            values[i] = column.floats()
            flags = _null_flags(frame.get(at), column, values[i], self.nan, _is_numpy_of_pandas(x, at))
            if flags is not None:
                nulls = np.zeros(values.shape, bool) if nulls is None else nulls
                nulls[i] = flags
        return values, nulls

    def _read_array(self, x):
        array = _as_array(x)
        column = _column_of_array(array, "the array")
        rows = column.floats()
        flags = _null_flags(array, column, rows, self.nan)
        width = rows.shape[1]
        if self.width == 0:
            names = self.spec.names
            if width == 0:
                raise Error("2202E", "features must not be an empty array")
            if names is not None and len(names) != width:
                raise Error("22023", f'option "names" has {_number_of(len(names), "name")}, and must have {width}',
                            hint="Give one name for each column of the array, in its order.")
            _check_spec_names(self.spec, names, width)
            self._bind(names, width)
        if width != self.width:
            raise Error("2202E", f"a row has {_number_of(width, 'feature')}, the rows before it had {self.width}")
        return np.array(rows.T, order="C"), None if flags is None else flags.T
