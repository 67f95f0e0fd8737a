"""The scaler of a fitted layer Normalization of Keras, with the bits of the backend that the layer runs on."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from .parameters import _bare_scaler
from ..apply.scaler import Scaler
from ..base.text import Error, _float_text
from ..scaler.formulas import _FORMULA_NAMED
from ..scaler.methods import _METHODS, _METHOD_CODES, _RANGE_UNKNOWN
from ..scaler.recipe import _Feature, _check_names

# what compiled code makes of a division by a constant, and of a product and a sum: XLA multiplies by the reciprocal, and rounds once
_COMPILED = {"tensorflow": False, "torch": False, "numpy": False, "jax": True}


def _normalizations(layer: Any) -> list:
    """The layers Normalization of a layer or a model, in order."""
    if type(layer).__name__ == "Normalization":
        return [layer]
    return [found for part in getattr(layer, "layers", ()) for found in _normalizations(part)]


def _one_layer(given: Any) -> Any:
    found = _normalizations(given)
    if not found:
        raise Error("42804", f"a layer Normalization of Keras is expected, or a model that has one, not {type(given).__name__}")
    if len(found) > 1:
        raise Error("22023", f"the model has {len(found)} layers Normalization",
                    "They are: " + ", ".join(f'"{layer.name}"' for layer in found) + ".", "Pass one of them, model.get_layer(name).")
    return found[0]


def _backend_of(layer: Any) -> str:
    """The backend that Keras runs on; tf_keras has none but TensorFlow."""
    keras = sys.modules.get("keras")
    if type(layer).__module__.startswith("tf_keras") or keras is None:
        return "tensorflow"
    return keras.config.backend()


def _statistics(layer: Any) -> tuple:
    """Mean and variance as the layer computes with them: float32, or the layer's type."""
    said = [getattr(layer, key, None) for key in ("mean", "variance")]
    if said[0] is None:
        said = [getattr(layer, key, None) for key in ("input_mean", "input_variance")]
        if said[0] is None:
            raise Error("22023", f'layer "{layer.name}" has no mean and variance yet', hint="Call adapt(), or give both to the constructor.")
    kind = str(getattr(layer, "compute_dtype", "float32"))
    if kind not in ("float32", "float64"):
        raise Error("0A000", f'layer "{layer.name}" computes in {kind}', "A scaler computes in float32 or float64.")
    # of jax without 64 bits, float64 is float32
    kind = "float32" if str(getattr(said[0], "dtype", kind)).endswith("float32") else kind
    return tuple(np.asarray(values).astype(kind).ravel() for values in said)


def _epsilon() -> float:
    keras = sys.modules.get("keras")
    return 1e-7 if keras is None else float(keras.config.epsilon())


def _formula(invert: bool, compiled: bool, mean, scale) -> tuple:
    if invert:
        return "fused_multiply_add" if compiled else "multiply_offset", (scale, mean)
    return ("subtract_multiply", (mean, scale.dtype.type(1) / scale)) if compiled else ("subtract_divide", (mean, scale))


def from_keras(layer: Any, names: Sequence[str] | None = None, backend: str | None = None) -> Scaler:
    """
    Return the scaler of a layer Normalization of Keras that has its mean and variance, or of a model that has one such layer.
    Its transform() computes what the layer's call computes, of a layer with invert=True the inverse.

    `names` are those of the features; of a layer with axis=None, all have its one mean.  `backend` is "tensorflow", "torch",
    "numpy" or "jax", by default the one that Keras runs on: jax multiplies by reciprocals where the others divide.
    """
    layer = _one_layer(layer)
    backend = _backend_of(layer) if backend is None else backend
    if backend not in _COMPILED:
        raise Error("22023", f'unknown backend "{backend}"', hint="The backends are: " + ", ".join(_COMPILED) + ".")
    mean, variance = _statistics(layer)
    named = None if names is None else list(names)
    if named is not None and len(mean) == 1:
        mean, variance = (np.repeat(values, len(named)) for values in (mean, variance))
    if named is not None and len(named) != len(mean):
        raise Error("22023", f'layer "{layer.name}" has {len(mean)} features, {len(named)} names are given')
    for place, values in enumerate(zip(mean, variance)):
        for key, value in zip(("mean", "variance"), values):
            if not np.isfinite(value) or (key == "variance" and value < 0):
                raise Error("22023", f'the {key} of feature {place + 1} of layer "{layer.name}" is {_float_text(float(value))}',
                            "It must be a finite number" + (" not below zero." if key == "variance" else "."))
    if named is not None:
        _check_names(named)
    with np.errstate(all="ignore"):
        name, parameters = _formula(bool(layer.invert), _COMPILED[backend], mean, np.maximum(np.sqrt(variance), mean.dtype.type(_epsilon())))
    features = [_Feature(named[place] if named else None, _METHODS[_METHOD_CODES["affine"] - 1], (), _FORMULA_NAMED[name],
                         tuple(float(value) + 0.0 for value in of_feature), None, -_RANGE_UNKNOWN, _RANGE_UNKNOWN, bool(variance[place] == 0), False,
                         "keep", None, "keep", "unit", "none", None, False, True, False, dtype=str(mean.dtype))
                for place, of_feature in enumerate(zip(*parameters))]
    return _bare_scaler(features, named is not None)
