"""A recipe applied to arrays: policies, steps and formulas, some rows at a time (src/core/scaler/transform.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import collections

import numpy as np

from ..scaler.arithmetic import _COLUMN_BLOCK, _ROWS_BLOCK
from ..scaler.formulas import _run_formula
from ..scaler.steps import _NoInverse, _Undefined, _apply_steps, _inverse_has_gaps, _undo_steps, _undo_with_policies


class _Refused(Exception):
    """A policy refuses a value."""

    def __init__(self, row, slot, value, undefined=None):
        self.row, self.slot, self.value, self.undefined = row, slot, value, undefined

    def behind(self, rows):
        """Return the same of a value that has so many rows more before it."""
        return _Refused(self.row + rows, self.slot, self.value, self.undefined)


class _Slots:
    """A recipe prepared for arrays: first the features that rows must have, then the targets."""

    def __init__(self, features):
        self.features = [f for f in features if not f.target] + [f for f in features if f.target]
        self.width = sum(not f.target for f in features)
        by_formula = collections.defaultdict(list)
        for slot in range(self.width):
            by_formula[self.features[slot].formula.name, self.features[slot].dtype].append(slot)
        self.groups = [self.group(slots) for slots in by_formula.values()]
        self.has_norm = any(formula.norm for formula, *_ in self.groups)
        self._make_policies()

    def _make_policies(self):
        """Set the policies as arrays over features.  A feature without a policy gets values that change nothing."""
        f = self.features
        self.missing_changes = np.array([x.missing not in ("keep", "error") for x in f])
        self.missing_is_error = np.array([x.missing == "error" for x in f])
        self.imputed = np.array([np.nan if x.imputed is None else x.imputed for x in f])
        self.lower = np.array([-np.inf if x.outside == "keep" else x.lower for x in f])
        self.upper = np.array([np.inf if x.outside == "keep" else x.upper for x in f])
        self.outside_is_error, self.outside_is_null, self.outside_is_clipped = (
            np.array([x.outside == policy for x in f]) for policy in ("error", "null", "clip"))
        self.prepares = self.missing_changes | self.missing_is_error | (np.array([x.outside for x in f]) != "keep")
        clips = [x.clip() or (-np.inf, np.inf) for x in f]
        self.clip_low, self.clip_high = np.array(clips).T
        self.clips = np.array([x.clip() is not None for x in f])
        self.becomes_null = np.array([x.constant and x.if_constant == "null" for x in f])
        self.with_steps = [slot for slot, x in enumerate(f) if x.before or x.domain is not None]
        self.with_gaps = [slot for slot, x in enumerate(f) if _inverse_has_gaps(x)]
        self.inverse_is_null = self.becomes_null & np.array([x.unfit for x in f])

    def group(self, slots):
        """Return the formula that some slots share, where the slots are, their parameters and tables, and their dtype."""
        features = [self.features[slot] for slot in slots]
        where = slice(slots[0], slots[-1] + 1) if slots == list(range(slots[0], slots[-1] + 1)) else slots
        parameters = [np.array(values) for values in zip(*(f.parameters for f in features))]
        return features[0].formula, where, parameters, [f.table for f in features], features[0].dtype

    def single(self, slot):
        """Return the one group of a slot by itself."""
        return [(*self.group([slot])[:1], slice(0, 1), *self.group([slot])[2:])]

    @staticmethod
    def run(groups, x, inverse, out):
        """Write what the formulas of some groups make of x, of their slots, to out."""
        for formula, where, parameters, tables, dtype in groups:
            if isinstance(where, slice):
                _run_formula(formula, x[:, where], parameters, tables, inverse, out[:, where], dtype)
            else:
                y = np.empty((len(x), len(where)), x.dtype)
                _run_formula(formula, x[:, where], parameters, tables, inverse, y, dtype)
                out[:, where] = y

    def run_rows(self, rows, inverse, nulls=None):
        """
        Return rows by features, transformed or back.  `nulls` says which values are NULL, and is changed to which results
        are.  Of several values that are refused, _Refused is raised for the one that the database names, the first of its
        row in the first of such rows.
        """
        y = rows.empty()
        with np.errstate(all="ignore"):
            if rows.by_columns and not self.has_norm:
                self._transform_columns(rows, inverse, y)
            else:
                self._transform_blocks(rows, inverse, y, nulls)
        return y

    def run_column(self, x, slot, inverse):
        """Return values of one slot, in one dimension, transformed or back; raise _Refused as above."""
        y = np.empty(x.size)
        only, groups = slice(slot, slot + 1), self.single(slot)
        with np.errstate(all="ignore"):
            for start in range(0, len(y), _ROWS_BLOCK):
                block = slice(start, start + _ROWS_BLOCK)
                try:
                    self._transform_block(x.reshape(-1, 1)[block], only, groups, inverse, y[block, None])
                except _Refused as refused:
                    raise refused.behind(start) from None
        return y

    def _transform_blocks(self, rows, inverse, y, nulls=None):
        """Transform some rows at a time, so that their data fits into a cache."""
        every, step = slice(0, self.width), max(1, _ROWS_BLOCK // self.width)
        for start in range(0, len(y), step):
            block = slice(start, start + step)
            try:
                self._transform_block(rows.read(block, every), every, self.groups, inverse, y[block],
                                      None if nulls is None else nulls[block])
            except _Refused as refused:
                raise refused.behind(start) from None

    def _transform_columns(self, rows, inverse, y):
        """Transform the columns one after the other, some of their rows at a time."""
        end, first = len(y), None
        for slot in range(self.width):
            groups = self.single(slot)
            for start in range(0, end, _COLUMN_BLOCK):
                block, only = slice(start, min(start + _COLUMN_BLOCK, end)), slice(slot, slot + 1)
                try:
                    self._transform_block(rows.read(block, only), only, groups, inverse, y[block, only])
                except _Refused as refused:
                    # the error is about the first row that is refused: the other columns are read up to that
                    first = refused.behind(start)
                    end = first.row
                    break
        if first:
            raise first

    def _transform_block(self, x, slots, groups, inverse, out, nulls=None):
        """Write what becomes of x, values of some slots, to out."""
        if inverse:
            self.run(groups, x, True, out)
            for slot in self._among(self.with_steps, slots):
                out[:, slot - slots.start] = _undo_steps(self.features[slot], out[:, slot - slots.start])
            self._settle_gaps(x, slots, out)
            out[:, self.inverse_is_null[slots]] = np.nan     # nothing can be inverted there
        else:
            prepared = self._prepare(x, slots, nulls)
            self.run(groups, prepared, False, out)
            self._run_in_float64(x, prepared, slots, out)
            self._finish(out, slots, nulls)

    def _settle_gaps(self, x, slots, out):
        """Where the inverse has no answer, set what a policy says.  Raises _Refused for the first row without one."""
        refused = None
        for slot in self._among(self.with_gaps, slots):
            at, feature = slot - slots.start, self.features[slot]
            rows = np.flatnonzero(np.isnan(out[:, at]) & ~np.isnan(x[:, at]))
            if len(rows) == 0:
                continue
            try:
                out[rows, at] = _undo_with_policies(feature, x[rows, at])
            except _NoInverse as gap:
                row = int(rows[gap.row])
                if refused is None or row < refused.row:
                    refused = _Refused(row, slot, x[row, at], gap)
        if refused:
            raise refused

    def _run_in_float64(self, x, prepared, slots, out):
        """Steps of a feature that is computed in float64 are not rounded to float32 before the last one."""
        for slot in self._among(self.with_steps, slots) if x.dtype == np.float32 else ():
            feature, at = self.features[slot], slot - slots.start
            if feature.dtype == "single":
                wide = self._prepare(x[:, at:at + 1].astype(np.float64), slice(slot, slot + 1))
                y = np.empty_like(wide)
                self.run(self.single(slot), wide, False, y)
                out[:, at] = np.where(np.isnan(prepared[:, at]), out[:, at], y[:, 0])

    # -- policies (src/core/scaler/transform.c): missing, outside the training range, formula, clipping, constant --

    @staticmethod
    def _among(chosen, slots):
        """Return which of some slots are in a slice."""
        return [slot for slot in chosen if slots.start <= slot < slots.stop]

    def _prepare(self, x, slots, nulls=None):
        """Return what the last formulas get: x after the policies and the steps before them, which may be x itself."""
        try:
            policed = self._apply_policies(x, slots, nulls)
        except _Refused as refused:
            # a step may refuse a value of an earlier row, or of this row and further left
            row, at = refused.row, refused.slot - slots.start
            self._prepare(x[:row], slots)
            try:
                self._prepare(x[row:row + 1, :at], slice(slots.start, refused.slot))
            except _Refused as before:
                raise before.behind(row) from None
            raise
        with_steps = self._among(self.with_steps, slots)
        if not with_steps:
            return policed
        y = policed.copy()
        end, first = len(y), None
        for slot in with_steps:
            at = slot - slots.start
            undefined = np.zeros(end, bool)
            try:
                y[:end, at] = _apply_steps(self.features[slot], policed[:end, at], undefined)
            except _Undefined as refused:
                end, first = refused.row, _Refused(refused.row, slot, policed[refused.row, at], refused)
                continue
            if nulls is not None:
                nulls[:end, at] |= undefined
        if first:
            raise first
        return y

    def _apply_policies(self, x, slots, nulls=None):
        """Return x after the policies for missing values and for those outside, which may be x itself."""
        if not self.prepares[slots].any():
            return x
        missing = np.isnan(x)
        below, above = x < self.lower[slots], x > self.upper[slots]
        outside = below | above
        some_missing, some_outside = missing.any(), outside.any()
        if not (some_missing or some_outside):
            return x
        refused = missing & self.missing_is_error[slots] | outside & self.outside_is_error[slots]
        if refused.any():
            row = int(np.argmax(refused.any(axis=1)))
            at = int(np.argmax(refused[row]))
            raise _Refused(row, slots.start + at, x[row, at])
        y = x.copy()
        if some_outside:
            clipped = self.outside_is_clipped[slots]
            np.copyto(y, self.lower[slots], where=below & clipped, casting="same_kind")
            np.copyto(y, self.upper[slots], where=above & clipped, casting="same_kind")
            # like any missing value, it does not count in a norm
            outside &= self.outside_is_null[slots]
            y[outside] = np.nan
        # imputed values are not compared with the range
        imputed = missing & self.missing_changes[slots]
        np.copyto(y, self.imputed[slots], where=imputed, casting="same_kind")
        if nulls is not None:
            nulls[...] = nulls & ~imputed | outside
        return y

    def _finish(self, y, slots, nulls=None):
        """Clip results, and set those of constant features to NaN, in y itself."""
        if self.clips[slots].any():
            # numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0
            for bound, beyond in ((self.clip_low[slots], np.less), (self.clip_high[slots], np.greater)):
                where = beyond(y, bound)
                if where.any():
                    np.copyto(y, bound, where=where, casting="same_kind")
        constant = self.becomes_null[slots]
        if constant.any():
            y[:, constant] = np.nan
            if nulls is not None:
                nulls[:, constant] = True
