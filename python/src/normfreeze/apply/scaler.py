"""Scalers: what they are, from JSON and to it, and transform() with its errors."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast, overload

import numpy as np

from .columns import _column_of
from .output import _as_output, _check_output, _configured_output
from .rows import _Rows, _check_environment, _list_of, _read_rows
from .transform import _Refused, _Slots
from ..base.arrays import _Array, _Pandas, _Polars
from ..base.strict_json import (
    _DAMAGED, _INVALID, _boolean, _invalid, _parse, _rare_flag, _reject_unknown, _required, _required_digest,
    _required_number)
from ..base.text import Error, _float_text
from ..scaler.methods import _HISTOGRAM_SIZES, _MOST_FEATURES
from ..scaler.recipe import (
    _check_identity, _check_names, _feature_json, _feature_problem, _fingerprint, _id_of, _probe_json, _read_feature,
    _read_probe, _recipe_bytes)
from ..scaler.steps import _NoInverse


_Kind = TypeVar("_Kind", bound="_Common")


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
        """As above, but raise _Refused for a value that is refused."""
        if inverse:
            for slot in range(self._width):
                self._check_inverse(slot)
        return self._slots.run_rows(rows, inverse, nulls)

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
        if inverse:
            self._check_inverse(slot)
        elif self._slots.features[slot].formula.norm:
            raise Error("0A000", f"{self._label(slot)} of scaler {self.scaler_id} needs the other features of its "
                        "row", hint=f"Method {self._slots.features[slot].method.name} divides by a norm of the "
                        "row: pass the frame or an array.")
        return self._slots.run_column(x, slot, inverse).reshape(x.shape)[()]

    def _refusal(self, refused):
        f, value, row = self._slots.features[refused.slot], refused.value, refused.row
        label = self._label(refused.slot)
        if isinstance(refused.undefined, _NoInverse):
            name = refused.undefined.formula.name
            return Error("22003", f"{label} cannot be denormalized from {_float_text(value)}, for which {name} of scaler {self.scaler_id} has no inverse",
                         f"{name} has no value whose result is {_float_text(refused.undefined.value)}, which it would be given; it is in row {row}, "
                         "counted from 0.",
                         f"No normalized value is {_float_text(value)}. Clip what a model predicts to results that there can be.")
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
