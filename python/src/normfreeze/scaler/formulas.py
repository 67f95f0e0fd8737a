"""Formulas."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..base.text import _float_text
from ..base.elementary import _exp, _exp_single
from ..base.functions import (
    _asinh_kernel, _cbrt_kernel, _cube_kernel, _exp10_kernel, _exp2_kernel, _expit_kernel, _log10_kernel, _log2_kernel, _log_kernel,
    _logit_kernel, _reciprocal_kernel, _root_kernel, _sinh_kernel, _square_kernel)
from .arithmetic import (
    _BLOCK, _box_cox_back, _box_cox_forward, _fused_multiply_add, _log1p_back, _log1p_forward,
    _multiply_rounded, _rescale_subtract_divide_rounded, _subtract_multiply_rounded, _yeo_johnson_back,
    _yeo_johnson_cast_back, _yeo_johnson_cast_forward, _yeo_johnson_forward)
from .quantile_map import (
    _clipped_normal_quantile, _far_normal_probability, _from_normal_probability, _normal_probability_of,
    _quantile_uniform_back, _quantile_uniform_forward)
from .row_norm import _norm_l1, _norm_l1_in_order, _norm_l2, _norm_l2_in_order, _norm_max


class _FormulaDomain(NamedTuple):
    """The values for which a formula is defined (src/core/scaler/formula.h)."""

    low: float = -np.inf
    high: float = np.inf
    low_open: bool = False      # not for the bound itself
    high_open: bool = False
    without_zero: bool = False
    kept: bool = False          # without an option, a feature keeps what the formula gives for others

    def includes(self, x):
        """Return for which values of an array it is defined; it is said to be for NaN."""
        out = ((x <= self.low if self.low_open else x < self.low) | (x >= self.high if self.high_open else x > self.high))
        return ~(out | (x == 0) if self.without_zero else out)

    def text(self):
        """Say for which values, such as "above -1"."""
        low = f'{"above" if self.low_open else "of at least"} {_float_text(self.low)}' if self.low > -np.inf else ""
        high = f'{"below" if self.high_open else "of at most"} {_float_text(self.high)}' if self.high < np.inf else ""
        text = " and ".join(filter(None, (low, high)))
        return text + (" and " if text else "") + "other than 0" if self.without_zero else text


class _Formula(NamedTuple):
    """
    What a formula does to values.  A formula of plain arithmetic consists of steps; its
    inverse is the opposite operations, the last one first.  Other formulas have kernels.
    A formula of whole rows has a norm instead, by which values are divided.
    """

    name: str
    parameters: tuple = ()
    steps: tuple = ()
    cast: bool = False          # in float32 its parameters are rounded to float32 first
    forward: Any = None         # instead of the steps
    inverse: Any = None
    table: str | None = None    # then these kernels take a feature's table, and there is, on the normal side of them, for all
    to_normal: Any = None       # features at once: from probabilities to normal quantiles
    from_normal: Any = None     # and back
    norm: Any = None
    domain: _FormulaDomain | None = None
    code: int | None = None     # its place in the table, if not said


_OPPOSITE = {np.add: np.subtract, np.subtract: np.add, np.multiply: np.divide, np.divide: np.multiply}


def _steps(words):
    operations = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
    return tuple((operations[word[0]], word[1:]) for word in words.split())


def _exp_back(x):
    return _exp(x) if x.dtype == np.float64 else _exp_single(x)


_POWER = ("lambda", "center", "scale")
_ABOVE_ZERO = _FormulaDomain(low=0, low_open=True)

# in the order of their codes, which are their places until they are said (src/core/scaler/formula.c)
_FORMULAS = (
    _Formula("identity"),
    _Formula("subtract_divide", ("center", "scale"), _steps("-center /scale")),
    _Formula("multiply_add", ("scale", "offset"), _steps("*scale +offset")),
    _Formula("divide", ("scale",), _steps("/scale")),
    _Formula("subtract_divide_cast", ("center", "scale"), _steps("-center /scale"), cast=True),
    _Formula("divide_cast", ("scale",), _steps("/scale"), cast=True),
    _Formula("scale_shift", ("center", "scale", "multiplier", "intercept"),
             _steps("-center /scale *multiplier +intercept")),
    _Formula("subtract_multiply", ("center", "factor"), _steps("-center *factor")),
    _Formula("multiply", ("factor",), _steps("*factor")),
    _Formula("subtract_multiply_single", ("center", "factor"), _steps("-center *factor"),
             forward=_subtract_multiply_rounded),
    _Formula("subtract_multiply_add", ("center", "factor", "offset"), _steps("-center *factor +offset")),
    _Formula("batch_norm", ("center", "factor", "weight", "offset"), _steps("-center *factor *weight +offset")),
    _Formula("fused_multiply_add", ("factor", "offset"), _steps("*factor +offset"), forward=_fused_multiply_add),
    _Formula("log1p", forward=_log1p_forward, inverse=_log1p_back, domain=_FormulaDomain(low=-1, low_open=True, kept=True)),
    _Formula("yeo_johnson", _POWER, forward=_yeo_johnson_forward, inverse=_yeo_johnson_back),
    _Formula("box_cox", _POWER, forward=_box_cox_forward, inverse=_box_cox_back,
             domain=_FormulaDomain(low=0, low_open=True, kept=True)),
    _Formula("quantile_uniform", forward=_quantile_uniform_forward, inverse=_quantile_uniform_back, table="quantiles"),
    _Formula("quantile_normal", forward=_normal_probability_of, inverse=_from_normal_probability, table="quantiles",
             to_normal=_clipped_normal_quantile, from_normal=_far_normal_probability),
    _Formula("norm_l1", norm=_norm_l1),
    _Formula("norm_l2", norm=_norm_l2),
    _Formula("norm_max", norm=_norm_max),
    _Formula("multiply_offset", ("factor", "offset"), _steps("*factor +offset")),
    _Formula("yeo_johnson_cast", _POWER, forward=_yeo_johnson_cast_forward, inverse=_yeo_johnson_cast_back),
    _Formula("norm_l1_in_order", norm=_norm_l1_in_order),
    _Formula("norm_l2_in_order", norm=_norm_l2_in_order),
    _Formula("log", forward=_log_kernel, inverse=_exp_back, domain=_ABOVE_ZERO),
    _Formula("log2", forward=_log2_kernel, inverse=_exp2_kernel, domain=_ABOVE_ZERO),
    _Formula("log10", forward=_log10_kernel, inverse=_exp10_kernel, domain=_ABOVE_ZERO),
    _Formula("sqrt", forward=_root_kernel, inverse=_square_kernel, domain=_FormulaDomain(low=0)),
    _Formula("cbrt", forward=_cbrt_kernel, inverse=_cube_kernel),
    _Formula("square", forward=_square_kernel, inverse=_root_kernel),
    _Formula("asinh", forward=_asinh_kernel, inverse=_sinh_kernel),
    _Formula("logit", forward=_logit_kernel, inverse=_expit_kernel,
             domain=_FormulaDomain(low=0, high=1, low_open=True, high_open=True)),
    _Formula("reciprocal", forward=_reciprocal_kernel, inverse=_reciprocal_kernel, domain=_FormulaDomain(without_zero=True)),
    _Formula("expm1", forward=_log1p_back, inverse=_log1p_forward),
    _Formula("rescale_subtract_divide", ("center", "scale", "factor"), _steps("*factor -center /scale"), code=60),
    _Formula("rescale_subtract_divide_single", ("center", "scale", "factor"), _steps("*factor -center /scale"),
             forward=_rescale_subtract_divide_rounded, code=61),
    _Formula("multiply_single", ("factor",), _steps("*factor"), forward=_multiply_rounded, code=62),
)
# codes are those of src/core/scaler/formula.c; those of functions begin at 40, others say theirs
_FORMULA_CODES = {formula.name: formula.code or (code if code < 25 else code + 15) for code, formula in enumerate(_FORMULAS)}
_FORMULA_NAMED = {formula.name: formula for formula in _FORMULAS}


def _is_affine(formula):
    return bool(formula.steps) or formula.name == "identity"


def _run_steps(formula, x, parameters, inverse, out):
    """Each step is rounded to the type of x."""
    steps = [(_OPPOSITE[operation], name) for operation, name in formula.steps[::-1]] if inverse else formula.steps
    y = x
    for operation, name in steps:
        value = parameters[formula.parameters.index(name)]
        if formula.cast and x.dtype == np.float32:
            value = value.astype(np.float32)
        y = operation(y, value, out=out, casting="same_kind")
    if not steps:
        np.copyto(out, x)


def _run_kernel(kernel, x, parameters):
    """Block by block, along all values of some features."""
    if x.flags.fnc:         # the values of a feature are one after the other
        return _run_kernel(kernel, x.T, [parameter[:, None] for parameter in parameters]).T
    values = x.ravel()
    y = np.empty_like(values)
    parameters = [np.broadcast_to(parameter, x.shape).ravel() for parameter in parameters]
    for start in range(0, len(values), _BLOCK):
        block = slice(start, start + _BLOCK)
        y[block] = kernel(values[block], *(parameter[block] for parameter in parameters))
    return y.reshape(x.shape)


def _run_tables(formula, x, tables, inverse, out):
    y = x
    if inverse and formula.from_normal:
        y = _run_kernel(formula.from_normal, x.astype(np.float64), ())
    kernel = formula.inverse if inverse else formula.forward
    y = np.column_stack([kernel(np.ascontiguousarray(y[:, i]), table) for i, table in enumerate(tables)])
    if not inverse and formula.to_normal:
        y = _run_kernel(formula.to_normal, y, ())
    out[...] = y


_DTYPES = ("float64", "float32", "single")     # by their codes (src/core/scaler/dtype.c)
_COMPUTED_IN = {"float32": np.float32, "single": np.float64}


def _run_formula(formula, x, parameters, tables, inverse, out, dtype="float64"):
    """Write what a formula, applied to all its features, makes of x to out, of the type of x."""
    if dtype != "float64":
        y = np.empty(x.shape, _COMPUTED_IN[dtype])
        _run_formula(formula, x.astype(y.dtype), parameters, tables, inverse, y)
        out[...] = y.astype(np.float32)
        return
    kernel = formula.inverse if inverse else formula.forward
    if formula.norm:
        np.divide(x, formula.norm(x)[:, None], out=out)
    elif formula.table:
        _run_tables(formula, x, tables, inverse, out)
    elif kernel:
        out[...] = _run_kernel(kernel, x, parameters)
    else:
        _run_steps(formula, x, parameters, inverse, out)


_MONOTONIC = {"identity", "subtract_divide", "subtract_divide_cast", "multiply_add", "divide", "divide_cast", "scale_shift",
              "log1p", "log", "log2", "log10", "sqrt", "cbrt", "asinh", "logit", "expm1"}


# the inverse of some numbers is NaN, because they are the result of none; a feature of a power transformation alone keeps that
_WITH_GAPS = {"square", "expm1", "yeo_johnson", "yeo_johnson_cast", "box_cox"}
_KEEPS_GAPS = _WITH_GAPS - {"square", "expm1"}


def _is_monotonic(formula: _Formula) -> bool:
    """Whether the least and the greatest result are those of the ends of a range: each rounding keeps the order."""
    return formula.name in _MONOTONIC
