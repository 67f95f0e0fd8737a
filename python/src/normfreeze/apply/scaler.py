"""Scalers."""

from __future__ import annotations

import base64
import collections.abc
import hashlib
import math
import sys

import numpy as np

from .rows import _check_environment, _column_floats, _list_of, _read_rows
from ..base.strict_json import (
    _DAMAGED, _INVALID, _boolean, _invalid, _parse, _rare_flag, _reject_unknown, _required, _required_digest,
    _required_number)
from ..base.text import Error, _float_text
from ..scaler.arithmetic import _ROWS_BLOCK
from ..scaler.formulas import _run_formula
from ..scaler.methods import _HISTOGRAM_SIZES, _MOST_FEATURES
from ..scaler.recipe import (
    _check_identity, _check_names, _feature_bytes, _feature_json, _feature_problem, _fingerprint, _id_of,
    _probe_json, _read_feature, _read_probe, _varint)


class _Slots:
    """A recipe prepared for arrays: first the features that rows must have, then the targets."""

    def __init__(self, features):
        self.features = [f for f in features if not f.target] + [f for f in features if f.target]
        self.width = sum(not f.target for f in features)
        by_formula = collections.defaultdict(list)
        for slot in range(self.width):
            by_formula[self.features[slot].formula.name].append(slot)
        self.groups = [self.group(slots) for slots in by_formula.values()]
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
        self.inverse_is_null = self.becomes_null & np.array([x.unfit for x in f])

    def group(self, slots):
        """Return the formula that some slots share, where the slots are, and their parameters and tables."""
        features = [self.features[slot] for slot in slots]
        where = slice(slots[0], slots[-1] + 1) if slots == list(range(slots[0], slots[-1] + 1)) else slots
        parameters = [np.array(values) for values in zip(*(f.parameters for f in features))]
        return features[0].formula, where, parameters, [f.table for f in features]

    def run(self, x, inverse):
        y = np.empty_like(x)
        for formula, where, parameters, tables in self.groups:
            y[:, where] = _run_formula(formula, x[:, where], parameters, tables, inverse)
        return y


def _has_inverse(f):
    return f.formula.norm is None and not any(
        value == 0 and name in ("factor", "weight", "multiplier") for name, value in zip(f.formula.parameters, f.parameters))


class _Common:
    """What scalers and sets of scalers have in common: an identity, and the features that transform() takes."""

    _formats: dict[int, type] = {}      # the class of each format

    def __init_subclass__(cls, format: int):
        cls._formats[format] = cls

    scaler_id: int
    fingerprint: str
    feature_names: list | None
    _width: int

    def _set_identity(self, fingerprint: bytes):
        self.scaler_id, self.fingerprint = _id_of(fingerprint), fingerprint.hex()

    def __eq__(self, other):
        return isinstance(other, type(self)) and self.fingerprint == other.fingerprint

    def __hash__(self):
        return self.scaler_id

    def __reduce__(self):
        """Pickle as JSON, which any version can read, and which is verified then."""
        return Scaler.from_json, (self.to_json(),), {"_output": getattr(self, "_output", None)}


class Scaler(_Common, format=1):
    """
    A scaler.  `scaler_id` and `fingerprint` are those of the database.  `feature_names` are the
    features that transform() takes, in the order of its results; None if they have no names.
    """

    def __init__(self, said: dict):
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
        self._output = None
        self._probes = None
        if "probes" in said:
            self._read_probes(_required(said, "probes", "object"))

    @staticmethod
    def from_json(source) -> _Common:
        """
        Return the scaler in a text, in bytes, or in a dictionary that a driver made of jsonb.  For a set of scalers by
        key, the result is a ScalerSet.

        Everything is checked: keys, formulas, the fingerprint, and the probes, which are run.  Raises Error if anything
        is wrong.
        """
        said = _parse(source)
        number = _required(said, "format", "number")
        if isinstance(number, int) and number in _Common._formats:
            return _Common._formats[number](said).verify()
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

    def _recipe_bytes(self):
        head = bytes([1, self._named + 2 * self._weighted])
        return (head + _varint(len(self._features)) + _varint(int(self._distribution)) +
                b"".join(map(_feature_bytes, self._features)))

    def _compute_fingerprint(self):
        return _fingerprint(1, self._recipe_bytes(), self._digest)

    # -- what it is --

    def __repr__(self):
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
                got = self._forward(inputs[row:row + 1], nulls)
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

    def fit(self, x=None, y=None, **params) -> Scaler:
        """Do nothing, and return the scaler: what is frozen stays as it is."""
        return self

    def fit_transform(self, x, y=None, **params):
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

    def get_params(self, deep: bool = True) -> dict:
        """Return no parameters: there is nothing to set, and nothing for a search to vary."""
        return {}

    def set_params(self, **params) -> Scaler:
        if params:
            raise Error("22023", f"scaler {self.scaler_id} is frozen, and has no parameters to be set",
                        f"It was given: {', '.join(params)}.")
        return self

    @property
    def n_features_in_(self) -> int:
        return self._width

    @property
    def feature_names_in_(self):
        if self.feature_names is None:
            raise AttributeError("feature_names_in_")       # as scikit-learn's, which have it only if there are names
        return np.array(self.feature_names, object)

    def get_feature_names_out(self, input_features=None):
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

    def set_output(self, *, transform: str | None = None) -> Scaler:
        """Set the kind of transform()'s results: "pandas", "polars", or "default", which returns a frame for a frame."""
        if transform not in (None, "default", "pandas", "polars"):
            raise Error("22023", f"unknown kind of output {transform!r}", hint='It may be "default", "pandas" or "polars".')
        if transform is not None:
            self._output = transform
        return self

    def _in_kind(self, x, result):
        kind = self._output
        if kind is None and "sklearn" in sys.modules:
            kind = sys.modules["sklearn"].get_config().get("transform_output")
        if kind in (None, "default") or result.ndim != 2 or type(result).__module__.split(".")[0] == kind:
            return result
        names = list(self.get_feature_names_out())
        if kind == "polars":
            import polars

            return polars.DataFrame(np.asarray(result), schema=names)
        import pandas

        return pandas.DataFrame(np.asarray(result), columns=names, index=getattr(x, "index", None))

    def transform(self, x, feature: str | None = None):
        """
        Return what normalize() returns.

        A frame (pandas, polars, pyarrow, a dictionary of arrays, a structured array) is matched by name, and further
        columns are ignored.  An array of one row, or of rows by features, is matched by position.  NULL and NaN are both
        NaN here.  A float32 array gives float32, in the database's float4 arithmetic; everything else is computed in
        float64.  For a frame of pandas or polars, the result is such a frame.

        With `feature`, x is values of that one feature, which may be a target.
        """
        _check_environment()
        if feature is not None:
            return self._one_feature(x, feature, False)
        rows = _read_rows(self, x)
        return self._in_kind(x, rows.finish(self._forward(rows.values)))

    def inverse_transform(self, x, feature: str | None = None):
        """
        Return what denormalize() returns, the inverse, for the same forms of input, which are matched as strictly.  Raises
        Error if a feature has no inverse.
        """
        _check_environment()
        if feature is not None:
            return self._one_feature(x, feature, True)
        rows = _read_rows(self, x)
        return rows.finish(self._inverse(rows.values))

    def _label(self, slot):
        f = self._slots.features[slot]
        return f'"{f.name}"' if f.name is not None else f"feature {slot + 1}"

    def _forward(self, x, nulls=None):
        """Transform x, rows by features.  `nulls` says which values are NULL, and is changed to which results are."""
        def block(rows):
            mine = None if nulls is None else nulls[rows]
            return self._finish(self._slots.run(self._prepare(x[rows], every, rows.start, mine), False), every, mine)

        every = slice(0, self._width)
        return self._by_blocks(x, block)

    def _inverse(self, x):
        for slot in range(self._width):
            self._check_inverse(slot)
        return self._by_blocks(x, lambda rows: self._null_inverse(self._slots.run(x[rows], True), slice(0, self._width)))

    def _null_inverse(self, y, slots):
        """Set results to NaN for constant features without parameters that transform() makes NULL: nothing can be inverted."""
        y[:, self._slots.inverse_is_null[slots]] = np.nan
        return y

    def _by_blocks(self, x, block):
        """Transform some rows at a time, so that their data fits into a cache."""
        y = np.empty_like(x, order="C")
        step = max(1, _ROWS_BLOCK // self._width)
        with np.errstate(all="ignore"):
            for start in range(0, len(x), step):
                rows = slice(start, start + step)
                y[rows] = block(rows)
        return y

    def _check_inverse(self, slot):
        f = self._slots.features[slot]
        if not _has_inverse(f):
            raise Error("0A000", f"{self._label(slot)} of scaler {self.scaler_id} cannot be denormalized",
                        f"Method {f.method.name} divides by a norm of each row, which the result does not hold."
                        if f.formula.norm else "It was multiplied by zero.")

    def _one_feature(self, values, feature, inverse):
        if not self._named:
            raise Error("42804", f"scaler {self.scaler_id} was fitted on arrays, and its features have no names to match "
                        "a single value by", hint='Pass an array, or fit with option "names".')
        found = [slot for slot, f in enumerate(self._slots.features) if f.name == feature]
        if not found:
            raise Error("42703", f'scaler {self.scaler_id} has no feature "{feature}"',
                        hint=f"Its features are: {_list_of([f.name for f in self._slots.features])}.")
        slot = found[0]
        x = _column_floats(values, f'column "{feature}"')
        column = x.reshape(-1, 1)
        group = self._slots.group([slot])
        with np.errstate(all="ignore"):
            if inverse:
                self._check_inverse(slot)
                y = self._null_inverse(_run_formula(group[0], column, *group[2:], True), slice(slot, slot + 1))
            else:
                if group[0].norm:
                    raise Error("0A000", f"{self._label(slot)} of scaler {self.scaler_id} needs the other features of its "
                                "row", hint=f"Method {self._slots.features[slot].method.name} divides by a norm of the "
                                "row: pass the frame or an array.")
                only = slice(slot, slot + 1)
                y = self._finish(_run_formula(group[0], self._prepare(column, only), *group[2:], False), only)
        return y.reshape(x.shape)[()]

    # -- policies (src/core/scaler/transform.c): missing, outside the training range, formula, clipping, constant --

    def _prepare(self, x, slots, first_row=0, nulls=None):
        policies = self._slots
        if not policies.prepares[slots].any():
            return x
        wide = x.astype(np.float64)
        missing = np.isnan(wide)
        below, above = wide < policies.lower[slots], wide > policies.upper[slots]
        outside = below | above
        refused = missing & policies.missing_is_error[slots] | outside & policies.outside_is_error[slots]
        if refused.any():
            row = int(np.argmax(refused.any(axis=1)))
            at = int(np.argmax(refused[row]))
            self._refuse(slots.start + at, wide[row, at], first_row + row)
        clipped = policies.outside_is_clipped[slots]
        wide = np.where(below & clipped, policies.lower[slots], np.where(above & clipped, policies.upper[slots], wide))
        # like any missing value, it does not count in a norm
        outside &= policies.outside_is_null[slots]
        wide[outside] = np.nan
        # imputed values are not compared with the range
        imputed = missing & policies.missing_changes[slots]
        wide = np.where(imputed, policies.imputed[slots], wide)
        if nulls is not None:
            nulls[...] = nulls & ~imputed | outside
        return wide.astype(x.dtype)

    def _refuse(self, slot, value, row):
        f = self._slots.features[slot]
        if np.isnan(value):
            raise Error("22004", f"{self._label(slot)} is missing, which scaler {self.scaler_id} refuses",
                        f"It is so in row {row}, counted from 0.", 'It was fitted with {"missing": "error"}.')
        raise Error("22003", f"{self._label(slot)} is {_float_text(value)}, outside the training range of scaler "
                    f"{self.scaler_id}", f"The range is {_float_text(f.lower)} to {_float_text(f.upper)}; the value is in "
                    f"row {row}, counted from 0.", 'It was fitted with {"outside": "error"}.')

    def _finish(self, y, slots, nulls=None):
        policies = self._slots
        if policies.clips[slots].any():
            # numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0
            wide = y.astype(np.float64)
            wide = np.where(wide < policies.clip_low[slots], policies.clip_low[slots], wide)
            y = np.where(wide > policies.clip_high[slots], policies.clip_high[slots], wide).astype(y.dtype)
        constant = policies.becomes_null[slots]
        if constant.any():
            y[:, constant] = np.nan
            if nulls is not None:
                nulls[:, constant] = True
        return y
