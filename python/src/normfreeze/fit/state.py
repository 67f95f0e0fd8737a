"""Fitting and profiling, also by chunks and by key."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .read_options import _options_object, _parse_fit_options
from .read import _RowReader, _chunks_of, _frame_of, _is_iterator, _null_flags, _place_of_column, _row_count, _row_slice
from .recipes import _fit_features, _no_rows_to_fit
from .scalers import _scaler_of
from .spec import _FitSpec, _find_method
from ..apply.columns import _column_of
from ..apply.rows import _check_environment
from ..apply.scaler import Scaler
from ..base.text import Error, _number_of, _float_text
from ..scaler.function_moments import _FunctionMoments
from ..values.profile import Profile
from ..values.ranks import _ValueStore


class _Gathered:
    """The profile of rows, and the values of features that need more than their moments."""

    def __init__(self, spec: _FitSpec, names, width: int, weighted: bool, keep_values: bool):
        self.profile = Profile(names, width, spec.distribution, weighted)
        specs = [spec.of(name) for name in names or [None] * width if keep_values]
        self.stores = {i: _ValueStore([], [] if weighted else None) for i, one in enumerate(specs) if one.needs_every_value()}
        self.functions = {i: _FunctionMoments(one.first_functions(), weighted) for i, one in enumerate(specs) if one.first_functions()}

    def add(self, columns, nulls, weights):
        self.profile._add(columns, nulls, weights)
        for i, store in self.stores.items():
            store.add(columns[i].copy(), weights)
        for i, functions in self.functions.items():
            functions.add(columns[i], weights)

    def merge(self, other: _Gathered):
        self.profile._merge(other.profile)
        for i, store in self.stores.items():
            self.stores[i] = store.merged([other.stores[i]])
        for i, functions in self.functions.items():
            functions.merge(other.functions[i])

    def fit_features(self, spec: _FitSpec) -> list:
        return _fit_features(spec, self.profile._settle(), self.stores, self.functions)


class FitState:
    """
    A fit by chunks: update() with some rows, merge() with the state of others, and finish().  The scaler does not depend
    on how rows are divided, nor on their order.

    `method`, `options` and `nan` are those of fit().  What fit() keeps of the rows are sums and distributions, so memory is
    bounded; but methods that need the values themselves (robust, mad, meanabs, quantile, power; a median or the most frequent value to impute; steps
    behind one that is derived) keep 8 bytes for each, 16 with weights, unless {"quantiles": "histogram"} lets them do without.
    """

    def __init__(self, method: str = "standard", options: Mapping[str, Any] | str | None = None, *, nan: str | None = None) -> None:
        _find_method(method)
        self._method, self._options, self._nan = method, _options_object(options), nan
        self._kind = self._spec = self._reader = self._gathered = self._weighted = None
        self._failed = False        # when some rows of an update were counted, and others not

    _keeps_values = True

    # -- adding rows --

    def update(self, x: Any, weight: Any = None) -> FitState:
        """
        Add rows: a frame, an array of rows by features, or an iterator of such.  `weight` has one for each row, or is the
        name of a frame's column.  Return the state itself.
        """
        _check_environment()
        if weight is not None and _is_iterator(x) and not isinstance(weight, str):
            raise Error("22023", "rows come in chunks, and weights do not", hint="Name the frames' column of weights, or call update() for each chunk.")
        if isinstance(weight, Mapping) or not (
                weight is None or isinstance(weight, str) or hasattr(weight, "__getitem__") and hasattr(weight, "__len__")):
            raise Error("42804", f"weights are not a Python {type(weight).__name__}", hint="Pass one for each row, or the name of a column.")
        self._check_whole()
        if weight is not None and not isinstance(weight, str):
            _check_number_of_weights(x, weight)
        before, is_first, counted = 0, self._spec is None, False
        try:
            for chunk in _chunks_of(x):
                columns, nulls = self._start(chunk, weight).read(chunk)
                rows = columns.shape[1]
                weights = _weights_of(chunk, weight, before, rows)
                counted = True
                self._add(columns, nulls, weights)
                before += rows
        except BaseException:
            self._failed = counted
            if is_first and not counted:    # the next rows may be of another kind
                self._kind = self._spec = self._reader = self._weighted = None
            raise
        return self

    def _check_whole(self):
        if self._failed:
            raise Error("55000", "an update of this fit failed after some of its rows were counted", hint="Begin anew, with another FitState.")

    def _add(self, columns, nulls, weights):
        if weights is not None and not (weights > 0).all():
            counts = weights > 0            # a row of weight 0 is not there
            columns, weights = columns[:, counts], weights[counts]
            nulls = None if nulls is None else nulls[:, counts]
        if columns.shape[1] == 0:
            return
        if self._gathered is None:
            self._gathered = self._new_gathered()
        self._gathered.add(columns, nulls, weights)

    def _new_gathered(self):
        return _Gathered(self._spec, self._reader.names, self._reader.width, self._weighted, self._keeps_values)

    def _start(self, chunk, weight) -> _RowReader:
        """Settle, by the first rows, what the options may be."""
        frame = _frame_of(chunk)
        kind = "array" if frame is None else "row"
        if isinstance(weight, str):
            _place_of_column(frame, weight, "weights")
        if self._spec is None:
            self._kind, self._spec = kind, _parse_fit_options(self._method, self._options_of(kind), kind)
            self._reader = _RowReader(self._spec, self._nan, self._besides(weight))
            self._weighted = weight is not None
        if self._weighted != (weight is not None):
            raise Error("22023", "some rows of a fit have weights, and others have none")
        if self._kind != kind:
            raise Error("22023", "some rows of a fit are frames, and others are arrays")
        return self._reader

    def _options_of(self, kind: str) -> dict:
        return self._options

    def _besides(self, weight) -> list:
        """Columns that are no features unless options say so."""
        return [weight] if isinstance(weight, str) else []

    def merge(self, other: FitState) -> FitState:
        """Add the rows of another state, which has the same method and options.  Return the state itself."""
        if not isinstance(other, FitState):
            raise Error("42804", f"a FitState is expected, not a {type(other).__name__}")
        self._check_whole()
        other._check_whole()
        if (self._method, self._options, type(self)) != (
                other._method, other._options, type(other)):
            raise Error("22023", "method or options differ between rows of one fit", hint="Pass the same for every state.")
        if other._gathered is None:
            return self
        if self._gathered is None:
            self._kind, self._spec, self._reader, self._weighted = other._kind, other._spec, other._reader, other._weighted
            self._gathered = self._new_gathered()
        self._gathered.merge(other._gathered)
        return self

    # -- the result --

    def profile(self) -> Profile:
        """The profile of the rows so far."""
        self._check_whole()
        if self._gathered is None:
            raise _no_rows_to_fit()
        return self._gathered.profile._copy()

    def finish(self) -> Scaler:
        """The scaler of the rows so far; more may follow."""
        self._check_whole()
        if self._gathered is None:
            raise _no_rows_to_fit()
        return _scaler_of(self._gathered.fit_features(self._spec), self._gathered.profile)


def _check_number_of_weights(x, weight):
    frame = _frame_of(x)
    rows = _row_count(x, frame) if frame is not None else len(x) if getattr(x, "shape", True) else 0
    if len(weight) != rows:
        raise Error("2202E", f"there are {_number_of(rows, 'row')}, but {_number_of(len(weight), 'weight')}")


def _weights_of(chunk, weight, start: int, rows: int):
    if weight is None:
        return None
    if isinstance(weight, str):
        frame = _frame_of(chunk)
        given = frame.get(frame.names.index(weight))
    else:
        given = _row_slice(weight, start, rows)
    column = _column_of(given, "the weight")
    values = column.floats()
    if values.shape != (rows,):
        raise Error("2202E", f"there are {rows} rows, but weights of shape {values.shape}")
    if _null_flags(given, column, values, None, hasattr(given, "iloc") and isinstance(given.dtype, np.dtype)) is not None:
        raise Error("22004", "a weight must not be NULL", hint="Make it 0 for rows that are not to count.")
    wrong = ~((values >= 0) & (values < np.inf))
    if wrong.any():
        raise Error("22003", f"a weight must be a finite number that is not negative, not {_float_text(values[wrong][0])}",
                    hint="Leave such rows out.")
    return values


class _ProfileState(FitState):
    """A profile by chunks: of what options say, or of the features of a scaler, without its targets."""

    _keeps_values = False

    def __init__(self, options, scaler, *, nan):
        super().__init__("identity", options, nan=nan)
        self._scaler = scaler

    def _options_of(self, kind):
        names = self._scaler and self._scaler.feature_names
        if self._scaler and kind == "row" and names is None:
            raise Error("42804", f"scaler {self._scaler.scaler_id} was fitted on arrays, and its features have no names to match a "
                        "frame by", hint='Pass an array, or fit with option "names".')
        return {**self._options, "names" if kind == "array" else "columns": names} if names else self._options

    def _new_gathered(self):
        if self._scaler and self._reader.width != self._scaler._width:
            raise Error("2202E", f"scaler {self._scaler.scaler_id} expects {_number_of(self._scaler._width, 'feature')}, the array has "
                        f"{self._reader.width}")
        return super()._new_gathered()
