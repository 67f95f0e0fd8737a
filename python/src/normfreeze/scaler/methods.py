"""Methods (src/core/scaler/method.c): what a recipe of one may say."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import sys
from typing import Any, NamedTuple


class _Option(NamedTuple):
    name: str
    kind: str                   # boolean, integer, number, choice, interval
    least: float = 0
    greatest: float = 1
    strict: bool = False        # an interval must not be empty
    choices: tuple = ()


class _Method(NamedTuple):
    name: str
    options: tuple
    formulas: tuple             # the one, or the two between which an option decides
    decides: int = 0            # which value that is
    shifts: bool = True         # takes an intercept and a multiplier
    clip: Any = None            # values of options -> (low, high), or None


def _clip_minmax(values):
    return (values[0], values[1]) if values[2] else None


def _clip_maxabs(values):
    return (-1.0, 1.0) if values[0] else None


def _flags(*names):
    return tuple(_Option(name, "boolean") for name in names)


_CENTERED = ("divide", "subtract_divide")

# in the order of their codes, from 1 on
_METHODS = (
    _Method("standard", _flags("with_mean", "with_std") + (_Option("ddof", "integer"),),
            ("divide_cast", "subtract_divide_cast")),
    _Method("minmax", (_Option("feature_range", "interval", -1e300, 1e300, True),) + _flags("clip"), ("multiply_add",),
            clip=_clip_minmax),
    _Method("maxabs", _flags("clip"), ("divide",), clip=_clip_maxabs),
    _Method("robust", _flags("with_centering", "with_scaling") + (_Option("quantile_range", "interval", 0, 100),) +
            _flags("unit_variance"), _CENTERED),
    _Method("identity", (), ("identity",)),
    _Method("mad", _flags("with_centering", "with_scaling") + (_Option("factor", "number", 1e-300, 1e300),), _CENTERED),
    _Method("meanabs", (), ("subtract_divide",)),
    _Method("midrange", (), ("subtract_divide",)),
    _Method("mean", (), ("subtract_divide",)),
    _Method("sum", (), ("divide",)),
    _Method("decimal", (), ("divide",)),
    _Method("quantile", (_Option("n_quantiles", "integer", 1, 100000),
                         _Option("output_distribution", "choice", choices=("uniform", "normal"))),
            ("quantile_uniform", "quantile_normal"), decides=1, shifts=False),
    _Method("power", (_Option("method", "choice", choices=("yeo-johnson", "box-cox")),) + _flags("standardize"),
            ("yeo_johnson", "box_cox"), shifts=False),
    _Method("log1p", (), ("log1p",), shifts=False),
    _Method("l1", (), ("norm_l1",), shifts=False),
    _Method("l2", (), ("norm_l2",), shifts=False),
    _Method("max", (), ("norm_max",), shifts=False),
    _Method("affine", (), ("subtract_divide",)),
    *(_Method(name, (), (name,), shifts=False)
      for name in ("log", "log2", "log10", "sqrt", "cbrt", "square", "asinh", "logit", "reciprocal", "expm1")),
)
_METHOD_CODES = {method.name: code for code, method in enumerate(_METHODS, 1)}

# policies and their codes (src/core/scaler/recipe.c)
_MISSING = ("keep", "nan", "error", "constant", "zero", "mean", "median", "min", "max", "most_frequent")
_IMPUTING = _MISSING[3:]
_OUTSIDE = ("keep", "clip", "null", "error")
_CONSTANT = ("unit", "null", "error")
_DOMAIN = ("keep", "error", "null", "clip")
_MOST_STEPS = 16
_QUANTILES = ("none", "exact", "histogram")
_INTERCEPTS = {"number": 0, "min": 1, "mean": 2, "max": 3, "-min": 9, "-mean": 10, "-max": 11}
_UNSEEN = ("error", "null", "fallback")
_RANGE_UNKNOWN = sys.float_info.max
_MOST_FEATURES, _LONGEST_NAME, _LONGEST_KEY = 16384, 1024, 1024
_HISTOGRAM_SIZES = range(16, 4097)
