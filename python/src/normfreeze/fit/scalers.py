"""A scaler of what was fitted, with the probes that the database makes (src/core/scaler/probe_values.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import hashlib
import json
from typing import NamedTuple

import numpy as np

from ..apply.rows import _Rows
from ..apply.scaler import Scaler, _has_inverse
from ..base.strict_json import _boolean
from ..base.text import Error
from ..scaler.recipe import _feature_json, _fingerprint, _id_of, _recipe_bytes
from ..scaler.steps import _undo_steps
from ..values.profile import Profile

# both signs, fractions that round, and the far tails, which are outside of the training range
_PROBE_TARGETS = (0.0, 1.0, -1.0, 1.0 / 3, -2.5, 0.001, 0.1, 7.0)


class _Fitted(NamedTuple):
    """A scaler as text, without probes."""

    fingerprint: bytes
    text: str
    named: bool
    features: list              # name and whether it is a target, of each


def _fitted(features: list, profile: Profile) -> _Fitted:
    data, named, weighted = profile._bytes(), profile._names is not None, profile._weighted is not None
    digest = hashlib.sha256(b"normfreeze-profile" + data).digest()
    recipe = _recipe_bytes(features, named, weighted, profile._distribution)
    fingerprint = _fingerprint(1, recipe, digest)
    weights = '"weighted": true, ' if weighted else ""
    text = (f'{{"format": 1, "scaler_id": "{_id_of(fingerprint)}", "fingerprint": "{fingerprint.hex()}", '
            f'"named": {_boolean(named)}, "distribution": {profile._distribution}, {weights}'
            f'"features": [{", ".join(map(_feature_json, features))}], "profile_digest": "{digest.hex()}", '
            f'"profile": "{base64.b64encode(data).decode()}"}}')
    return _Fitted(fingerprint, text, named, [(feature.name, feature.target) for feature in features])


def _scaler_of(features: list, profile: Profile) -> Scaler:
    scaler = Scaler(json.loads(_fitted(features, profile).text))
    scaler._probes = _make_probes(scaler)
    return scaler


def _probe_inputs(scaler: Scaler, slot: int):
    """The inputs for one feature."""
    feature = scaler._slots.features[slot]
    targets = np.array(_PROBE_TARGETS).reshape(-1, 1)
    x = targets.copy()
    # without an inverse, or outside of its domain, the target output itself is the input
    if _has_inverse(feature):
        with np.errstate(all="ignore"):
            scaler._slots.run(scaler._slots.single(slot), targets, True, x)
            x[:, 0] = _undo_steps(feature, x[:, 0])
    x = np.where(np.isfinite(x), x, feature.lower if feature.range_is_known() else targets)
    if feature.outside == "error":
        x = np.clip(x, feature.lower, feature.upper)
    return x[:, 0] + 0.0


def _make_probes(scaler: Scaler):
    """Inputs that give certain outputs by the inverse, and the outputs of these; then a row without values."""
    inputs = np.column_stack([_probe_inputs(scaler, slot) for slot in range(scaler._width)])
    inputs = np.concatenate([inputs, inputs[:1]])
    nulls = np.zeros(inputs.shape, bool)
    nulls[-1] = [feature.missing != "error" for feature in scaler._slots.features[:scaler._width]]
    inputs[nulls] = np.nan
    output_nulls = nulls.copy()
    try:
        outputs = scaler._transform_rows(_Rows.of_array(inputs), False, output_nulls)
    except Error:               # a policy refuses a row
        outputs, output_nulls = np.empty_like(inputs), nulls.copy()
        for row in range(len(inputs)):
            try:
                outputs[row] = scaler._transform_rows(_Rows.of_array(inputs[row:row + 1]), False, output_nulls[row:row + 1])[0]
            except Error:
                outputs[row] = np.nan
    return inputs, nulls, outputs, output_nulls
