"""Scalers."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import collections.abc
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast, overload

import numpy as np

from .columns import _column_of
from .output import _as_output, _check_output, _configured_output
from .rows import _Rows, _check_environment, _list_of, _read_rows
from ..base.arrays import _Array, _Pandas, _Polars
from ..base.strict_json import (
    _DAMAGED, _INVALID, _boolean, _invalid, _parse, _rare_flag, _reject_unknown, _required, _required_digest,
    _required_number)
from ..base.text import Error, _float_text
from ..scaler.arithmetic import _COLUMN_BLOCK, _ROWS_BLOCK
from ..scaler.formulas import _run_formula
from ..scaler.methods import _HISTOGRAM_SIZES, _MOST_FEATURES
from ..scaler.recipe import (
    _check_identity, _check_names, _feature_json, _feature_problem, _fingerprint, _id_of, _probe_json, _read_feature,
    _read_probe, _recipe_bytes)
from ..scaler.steps import _Undefined, _apply_steps, _undo_steps


_Kind = TypeVar("_Kind", bound="_Common")


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
        self.has_steps = np.array([bool(x.before) or x.domain is not None for x in f])
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


def _has_inverse(f):
    return f.formula.norm is None and not any(
        value == 0 and name in ("factor", "weight", "multiplier")
        for step in (*f.before, f) for name, value in zip(step.formula.parameters, step.parameters))


class _Common:
    """What scalers and sets of scalers have in common: an identity, and the features that transform() takes."""

    _formats: dict[int, type] = {}      # the class of each format

    def __init_subclass__(cls, format: int):
        cls._formats[format] = cls

    scaler_id: int
    fingerprint: str
    feature_names: list[str] | None
    _width: int
    _output: str | None = None

    def _set_identity(self, fingerprint: bytes):
        self.scaler_id, self.fingerprint = _id_of(fingerprint), fingerprint.hex()

    def set_output(self: _Kind, *, transform: str | None = None) -> _Kind:
        """
        Set the kind of transform()'s results, and return the scaler itself: "numpy", "pandas", "polars", "pyarrow", or
        "default", which returns a frame of pandas or polars for such a frame, and an array for everything else.
        """
        if transform is not None:
            self._output = _check_output(transform)
        return self

    def _as_output(self, x: Any, y: _Array, inverse: bool, output: str | None) -> Any:
        """Return a result in the kind of output that is asked for, or set."""
        if output is None and not inverse:
            output = self._output or _configured_output()
        names = self.feature_names or [f"x{i}" for i in range(self._width)]
        return _as_output(x, names, y, _check_output(output))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return self.scaler_id

    def to_json(self) -> str:
        raise NotImplementedError

    def __reduce__(self) -> Any:
        """Pickle as JSON, which any version can read, and which is verified then."""
        return Scaler.from_json, (self.to_json(),), {"_output": self._output}


class Scaler(_Common, format=1):
    """
    A scaler.  `scaler_id` and `fingerprint` are those of the database.  `feature_names` are the
    features that transform() takes, in the order of its results; None if they have no names.
    """

    def __init__(self, said: dict[str, Any]) -> None:
        """Use from_json()."""
        _reject_unknown(said, ("format", "scaler_id", "fingerprint", "named", "distribution", "weighted", "features",
                               "profile_digest", "profile", "probes"))
        self._named = _required(said, "named", "boolean")
        self._distribution = _required_number(said, "distribution")
        if not 0 <= self._distribution <= _HISTOGRAM_SIZES[-1] or self._distribution != math.floor(self._distribution):
            _invalid("a number is out of range for key", "distribution")
        features = _required(said, "features", "array")
        if len(features) > _MOST_FEATURES:
            _invalid("too many values for key", "features")
        self._weighted = _rare_flag(said, "weighted")
        self._features = [_read_feature(feature, self._named) for feature in features]
        self._check_recipe()
        profile = self._read_profile(said)
        self._set_identity(self._compute_fingerprint())
        _check_identity(said, bytes.fromhex(self.fingerprint))
        self._check_content(profile)
        self._slots = _Slots(self._features)
        self._width = self._slots.width
        self.feature_names = [f.name for f in self._slots.features[:self._width]] if self._named else None
        self._probes = None
        if "probes" in said:
            self._read_probes(_required(said, "probes", "object"))

    @staticmethod
    def from_json(source: str | bytes | Mapping[str, Any]) -> Scaler:
        """
        Return the scaler in a text, in bytes, or in a dictionary that a driver made of jsonb.  Of a set of scalers by key
        it is a ScalerSet, as of ScalerSet.from_json().

        Everything is checked: keys, formulas, the fingerprint, and the probes, which are run.  Raises Error if anything
        is wrong.
        """
        said = _parse(source)
        number = _required(said, "format", "number")
        if isinstance(number, int) and number in _Common._formats:
            return cast(Scaler, _Common._formats[number](said).verify())
        raise Error(_INVALID, f"invalid scaler: unknown format {number}",
                    hint="This version of normfreeze reads formats 1 and 2.")

    # -- reading --

    def _check_recipe(self):
        if not self._features:
            raise Error(_INVALID, "invalid scaler: impossible number of features")
        if self._distribution != 0 and self._distribution not in _HISTOGRAM_SIZES:
            raise Error(_INVALID, "invalid scaler: impossible distribution size")
        for problem in map(_feature_problem, self._features):
            if problem:
                raise Error(_INVALID, f"invalid scaler: {problem}")

    def _read_profile(self, said):
        self._digest = _required_digest(said, "profile_digest") if "profile_digest" in said else None
        self._profile = None
        if "profile" not in said:
            return None
        self._profile = _required(said, "profile", "string")
        try:
            profile = base64.b64decode(self._profile, validate=True)
        except ValueError:
            profile = None
        if profile is None or self._digest is None:
            _invalid("malformed base64, or no digest, for key", "profile")
        return profile

    def _check_content(self, profile):
        if self._named:
            _check_names([f.name for f in self._features])
        targets = sum(f.target for f in self._features)
        if targets and (targets == len(self._features) or not self._named):
            raise Error(_DAMAGED, "invalid scaler: impossible targets")
        if profile is not None and hashlib.sha256(b"normfreeze-profile" + profile).digest() != self._digest:
            raise Error(_DAMAGED, "invalid scaler: its profile is not the one it was fitted with")

    def _read_probes(self, said):
        _reject_unknown(said, ("inputs", "outputs"))
        self._probes = _read_probe(said, "inputs", self._width) + _read_probe(said, "outputs", self._width)
        if len(self._probes[0]) == 0:
            _invalid("at least one row is expected in", "inputs")       # without any probe, all of them would agree
        if len(self._probes[0]) != len(self._probes[2]):
            _invalid("another number of rows than of inputs in", "outputs")

    def _compute_fingerprint(self):
        recipe = _recipe_bytes(self._features, self._named, self._weighted, int(self._distribution))
        return _fingerprint(1, recipe, self._digest)

    # -- what it is --

    def __repr__(self) -> str:
        return f"<normfreeze.Scaler {self.scaler_id} of {self._width} features>"

    def to_json(self) -> str:
        """The canonical text, as the database writes it."""
        head = (f'{{"format": 1, "scaler_id": "{self.scaler_id}", "fingerprint": "{self.fingerprint}", '
                f'"named": {_boolean(self._named)}, "distribution": {_float_text(self._distribution)}, ')
        head += '"weighted": true, ' if self._weighted else ""
        parts = [f'"features": [{", ".join(map(_feature_json, self._features))}]']
        if self._digest is not None:
            parts.append(f'"profile_digest": "{self._digest.hex()}"')
        if self._profile is not None:
            parts.append(f'"profile": "{self._profile}"')
        if self._probes is not None:
            parts.append(f'"probes": {{"inputs": {_probe_json(*self._probes[:2])}, '
                         f'"outputs": {_probe_json(*self._probes[2:])}}}')
        return head + ", ".join(parts) + "}"

    def verify(self) -> Scaler:
        """
        Recompute the fingerprint from the recipe's bytes, and run the probes that came with the scaler.  Return the
        scaler itself, or raise Error, which says what differs.
        """
        computed = self._compute_fingerprint()
        if computed.hex() != self.fingerprint:
            raise Error(_DAMAGED, "damaged scaler: its fingerprint does not match its content",
                        f"It was {self.fingerprint}, its content has {computed.hex()}.")
        _check_environment()
        if self._probes is not None:
            self._run_probes(*self._probes)
        return self

    def _run_probes(self, inputs, input_nulls, outputs, output_nulls):
        for row in range(len(inputs)):
            nulls = input_nulls[row:row + 1].copy()
            try:
                got = self._transform_rows(_Rows.of_array(inputs[row:row + 1]), False, nulls)
            except Error:
                got = np.full((1, self._width), np.nan)     # refused by a policy
            # equal for whoever reads JSON: jsonb has no negative zero
            differ = (nulls[0] != output_nulls[row]) | ~nulls[0] & ~(
                (got[0] == outputs[row]) | np.isnan(got[0]) & np.isnan(outputs[row]))
            if differ.any():
                at = int(np.argmax(differ))
                said, gives = ("null" if null else _float_text(value) for value, null in (
                    (outputs[row, at], output_nulls[row, at]), (got[0, at], nulls[0, at])))
                raise Error(_DAMAGED, "damaged scaler: its probes are not what it computes",
                            f"Row {row + 1}, {self._label(at)}: it says {said}, its content gives {gives}.",
                            "The text was edited or cut after it was written; fetch it again.")

    # -- applying --

    # -- as a step of scikit-learn: fitted for good, as its FrozenEstimator --

    def fit(self, x: Any = None, y: Any = None, **params: Any) -> Scaler:
        """Do nothing, and return the scaler: what is frozen stays as it is."""
        return self

    def fit_transform(self, x: Any, y: Any = None, **params: Any) -> Any:
        """Call transform(): what is frozen is not fitted."""
        return self.transform(x)

    def __sklearn_clone__(self):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=False), input_tags=InputTags(allow_nan=True),
                    transformer_tags=TransformerTags(preserves_dtype=["float64", "float32"]), requires_fit=False)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return no parameters: there is nothing to set, and nothing for a search to vary."""
        return {}

    def set_params(self, **params: Any) -> Scaler:
        if params:
            raise Error("22023", f"scaler {self.scaler_id} is frozen, and has no parameters to be set",
                        f"It was given: {', '.join(params)}.")
        return self

    @property
    def n_features_in_(self) -> int:
        return self._width

    @property
    def feature_names_in_(self) -> _Array:
        if self.feature_names is None:
            raise AttributeError("feature_names_in_")       # as scikit-learn's, which have it only if there are names
        return np.array(self.feature_names, object)

    def get_feature_names_out(self, input_features: Any = None) -> _Array:
        """Return the features in the order of transform()'s results; without names, the given names or x0, x1, ..."""
        given = None if input_features is None else list(input_features)
        if self.feature_names is None:
            if given is not None and len(given) != self._width:
                raise Error("2202E", f"scaler {self.scaler_id} expects {self._width} features, {len(given)} names are given")
            return np.array([f"x{i}" for i in range(self._width)] if given is None else given, object)
        for name in self.feature_names:
            if given is not None and name not in given:
                raise Error("42703", f'the input has no column "{name}", which is a feature')
        return self.feature_names_in_

    @overload
    def transform(self, x: _Pandas, feature: None = None, output: None = None) -> _Pandas: ...
    @overload
    def transform(self, x: _Polars, feature: None = None, output: None = None) -> _Polars: ...
    @overload
    def transform(self, x: _Array | Sequence[Any] | Mapping[str, Any], feature: None = None, output: None = None) -> _Array: ...
    @overload
    def transform(self, x: object, feature: str | None = None, output: str | None = None) -> Any: ...

    def transform(self, x: Any, feature: str | None = None, output: str | None = None) -> Any:
        """
        Return what normalize() returns.

        A frame (pandas, polars, pyarrow, a dictionary of arrays, a structured array) is matched by name, and further
        columns are ignored.  An array of one row, or of rows by features, is matched by position.  NULL and NaN are both
        NaN here.  A float32 array gives float32, in the database's float4 arithmetic; everything else is computed in
        float64.  For a frame of pandas or polars, the result is such a frame; `output` says otherwise: "numpy", "pandas",
        "polars" or "pyarrow".

        With `feature`, x is values of that one feature, which may be a target.
        """
        _check_environment()
        if feature is not None:
            return self._one_feature(x, feature, False)
        return self._apply(x, False, output)

    @overload
    def inverse_transform(self, x: _Pandas, feature: None = None, output: None = None) -> _Pandas: ...
    @overload
    def inverse_transform(self, x: _Polars, feature: None = None, output: None = None) -> _Polars: ...
    @overload
    def inverse_transform(self, x: _Array | Sequence[Any] | Mapping[str, Any], feature: None = None, output: None = None) -> _Array: ...
    @overload
    def inverse_transform(self, x: object, feature: str | None = None, output: str | None = None) -> Any: ...

    def inverse_transform(self, x: Any, feature: str | None = None, output: str | None = None) -> Any:
        """
        Return what denormalize() returns, the inverse, for the same forms of input, which are matched as strictly.  Raises
        Error if a feature has no inverse.
        """
        _check_environment()
        if feature is not None:
            return self._one_feature(x, feature, True)
        return self._apply(x, True, output)

    def _apply(self, x, inverse, output):
        rows = _read_rows(self, x)
        return self._as_output(x, rows.finish(self._transform_rows(rows, inverse)), inverse, output)

    def _label(self, slot):
        f = self._slots.features[slot]
        return f'"{f.name}"' if f.name is not None else f"feature {slot + 1}"

    def _transform_rows(self, rows, inverse, nulls=None):
        """
        Return rows by features, transformed or back.  `nulls` says which values are NULL, and is changed to which results
        are.
        """
        try:
            return self._run_rows(rows, inverse, nulls)
        except _Refused as refused:
            raise self._refusal(refused) from None

    def _run_rows(self, rows, inverse, nulls=None):
        """
        As above, but raise _Refused: of several values that are refused, for the one that the database names, the first of
        its row in the first of such rows.
        """
        if inverse:
            for slot in range(self._width):
                self._check_inverse(slot)
        y = rows.empty()
        with np.errstate(all="ignore"):
            if rows.by_columns and not self._slots.has_norm:
                self._transform_columns(rows, inverse, y)
            else:
                self._transform_blocks(rows, inverse, y, nulls)
        return y

    def _transform_blocks(self, rows, inverse, y, nulls=None):
        """Transform some rows at a time, so that their data fits into a cache."""
        every, step = slice(0, self._width), max(1, _ROWS_BLOCK // self._width)
        for start in range(0, len(y), step):
            block = slice(start, start + step)
            try:
                self._transform_block(rows.read(block, every), every, self._slots.groups, inverse, y[block],
                                      None if nulls is None else nulls[block])
            except _Refused as refused:
                raise refused.behind(start) from None

    def _transform_columns(self, rows, inverse, y):
        """Transform the columns one after the other, some of their rows at a time."""
        end, first = len(y), None
        for slot in range(self._width):
            groups = self._slots.single(slot)
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
            self._slots.run(groups, x, True, out)
            for slot in self._slots_with_steps(slots):
                out[:, slot - slots.start] = _undo_steps(self._slots.features[slot], out[:, slot - slots.start])
            out[:, self._slots.inverse_is_null[slots]] = np.nan     # nothing can be inverted there
        else:
            prepared = self._prepare(x, slots, nulls)
            self._slots.run(groups, prepared, False, out)
            self._run_in_float64(x, prepared, slots, out)
            self._finish(out, slots, nulls)

    def _run_in_float64(self, x, prepared, slots, out):
        """Steps of a feature that is computed in float64 are not rounded to float32 before the last one."""
        for slot in self._slots_with_steps(slots) if x.dtype == np.float32 else ():
            feature, at = self._slots.features[slot], slot - slots.start
            if feature.dtype == "single":
                wide = self._prepare(x[:, at:at + 1].astype(np.float64), slice(slot, slot + 1))
                y = np.empty_like(wide)
                self._slots.run(self._slots.single(slot), wide, False, y)
                out[:, at] = np.where(np.isnan(prepared[:, at]), out[:, at], y[:, 0])

    def _check_inverse(self, slot):
        f = self._slots.features[slot]
        if not _has_inverse(f):
            raise Error("0A000", f"{self._label(slot)} of scaler {self.scaler_id} cannot be denormalized",
                        f"Method {f.method.name} divides by a norm of each row, which the result does not hold."
                        if f.formula.norm else "It was multiplied by zero.")

    def _one_feature(self, values, feature, inverse):
        try:
            return self._run_feature(values, feature, inverse)
        except _Refused as refused:
            raise self._refusal(refused) from None

    def _run_feature(self, values, feature, inverse):
        if not self._named:
            raise Error("42804", f"scaler {self.scaler_id} was fitted on arrays, and its features have no names to match "
                        "a single value by", hint='Pass an array, or fit with option "names".')
        found = [slot for slot, f in enumerate(self._slots.features) if f.name == feature]
        if not found:
            raise Error("42703", f'scaler {self.scaler_id} has no feature "{feature}"',
                        hint=f"Its features are: {_list_of([f.name for f in self._slots.features])}.")
        slot = found[0]
        x = _column_of(values, f'column "{feature}"').floats()
        only, groups = slice(slot, slot + 1), self._slots.single(slot)
        y = np.empty(x.size)
        if inverse:
            self._check_inverse(slot)
        elif groups[0][0].norm:
            raise Error("0A000", f"{self._label(slot)} of scaler {self.scaler_id} needs the other features of its "
                        "row", hint=f"Method {self._slots.features[slot].method.name} divides by a norm of the "
                        "row: pass the frame or an array.")
        with np.errstate(all="ignore"):
            for start in range(0, len(y), _ROWS_BLOCK):
                block = slice(start, start + _ROWS_BLOCK)
                try:
                    self._transform_block(x.reshape(-1, 1)[block], only, groups, inverse, y[block, None])
                except _Refused as refused:
                    raise refused.behind(start) from None
        return y.reshape(x.shape)[()]

    # -- policies (src/core/scaler/transform.c): missing, outside the training range, formula, clipping, constant --

    def _slots_with_steps(self, slots):
        return slots.start + np.flatnonzero(self._slots.has_steps[slots])

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
        with_steps = self._slots_with_steps(slots)
        if len(with_steps) == 0:
            return policed
        y = policed.copy()
        end, first = len(y), None
        for slot in with_steps:
            at = slot - slots.start
            undefined = np.zeros(end, bool)
            try:
                y[:end, at] = _apply_steps(self._slots.features[slot], policed[:end, at], undefined)
            except _Undefined as refused:
                end, first = refused.row, _Refused(refused.row, int(slot), policed[refused.row, at], refused)
                continue
            if nulls is not None:
                nulls[:end, at] |= undefined
        if first:
            raise first
        return y

    def _apply_policies(self, x, slots, nulls=None):
        """Return x after the policies for missing values and for those outside, which may be x itself."""
        policies = self._slots
        if not policies.prepares[slots].any():
            return x
        missing = np.isnan(x)
        below, above = x < policies.lower[slots], x > policies.upper[slots]
        outside = below | above
        some_missing, some_outside = missing.any(), outside.any()
        if not (some_missing or some_outside):
            return x
        refused = missing & policies.missing_is_error[slots] | outside & policies.outside_is_error[slots]
        if refused.any():
            row = int(np.argmax(refused.any(axis=1)))
            at = int(np.argmax(refused[row]))
            raise _Refused(row, slots.start + at, x[row, at])
        y = x.copy()
        if some_outside:
            clipped = policies.outside_is_clipped[slots]
            np.copyto(y, policies.lower[slots], where=below & clipped, casting="same_kind")
            np.copyto(y, policies.upper[slots], where=above & clipped, casting="same_kind")
            # like any missing value, it does not count in a norm
            outside &= policies.outside_is_null[slots]
            y[outside] = np.nan
        # imputed values are not compared with the range
        imputed = missing & policies.missing_changes[slots]
        np.copyto(y, policies.imputed[slots], where=imputed, casting="same_kind")
        if nulls is not None:
            nulls[...] = nulls & ~imputed | outside
        return y

    def _refusal(self, refused):
        f, value, row = self._slots.features[refused.slot], refused.value, refused.row
        label = self._label(refused.slot)
        if refused.undefined:
            formula = refused.undefined.formula
            return Error("22003", f"{label} is {_float_text(value)}, for which {formula.name} of scaler {self.scaler_id} is "
                        "not defined", f"It is defined for values {formula.domain.text()}, and would be given "
                        f"{_float_text(refused.undefined.value)} in row {row}, counted from 0.",
                        'Fit with {"domain": "null"} or {"domain": "clip"} to have a result for such values.')
        if np.isnan(value):
            return Error("22004", f"{label} is missing, which scaler {self.scaler_id} refuses",
                        f"It is so in row {row}, counted from 0.", 'It was fitted with {"missing": "error"}.')
        return Error("22003", f"{label} is {_float_text(value)}, outside the "
                     f"{'range' if f.range_rule else 'training range'} of scaler {self.scaler_id}",
                     f"The range is {_float_text(f.lower)} to {_float_text(f.upper)}; the value is in "
                    f"row {row}, counted from 0.", 'It was fitted with {"outside": "error"}.')

    def _finish(self, y, slots, nulls=None):
        """Clip results, and set those of constant features to NaN, in y itself."""
        policies = self._slots
        if policies.clips[slots].any():
            # numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0
            for bound, beyond in ((policies.clip_low[slots], np.less), (policies.clip_high[slots], np.greater)):
                where = beyond(y, bound)
                if where.any():
                    np.copyto(y, bound, where=where, casting="same_kind")
        constant = policies.becomes_null[slots]
        if constant.any():
            y[:, constant] = np.nan
            if nulls is not None:
                nulls[:, constant] = True
