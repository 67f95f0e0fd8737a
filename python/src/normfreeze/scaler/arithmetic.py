"""Formulas that are not plain arithmetic."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..base.decimals import _nearest
from ..base.elementary import _exp, _exp_single, _expm1, _expm1_single, _log, _log1p, _log1p_single, _pow, _pow_single
from ..base.pairs import _rounds_safely, _two_product, _two_sum

#
# A kernel takes values and parameters as arrays of one dimension and equal
# length, and rounds as the database does: float64 kernels everything to
# float64, float32 kernels what they are given as float32.

_EPSILON = 2.0 ** -52
_BLOCK = 1 << 13            # values at a time: what a kernel needs at once fits into a cache
_ROWS_BLOCK = 1 << 16       # the same for a scaler
_COLUMN_BLOCK = 1 << 15     # the same for one of its features


def _yeo_johnson(x, power, log1p, expm1, epsilon):
    """power is (lambda, 2 - lambda) in the precision they have."""
    positive = x >= 0
    rate = np.where(positive, *power)
    logarithm = log1p(np.where(positive, x, -x))
    simple = np.where(positive, np.abs(power[0]) < epsilon, ~(np.abs(power[1]) > epsilon))
    y = np.where(simple, logarithm, (expm1(rate * logarithm) / rate).astype(x.dtype))
    return np.where(positive, y, -y)


def _yeo_johnson_inverse(y, power, exp, powers, epsilon):
    """powers(base, rate) is base to the 1 / rate."""
    positive = y >= 0
    rate = np.where(positive, *power)
    magnitude = np.where(positive, y, -y)
    simple = np.where(positive, np.abs(power[0]) < epsilon, ~(np.abs(power[1]) > epsilon))
    one = magnitude.dtype.type(1)
    grown = powers(magnitude * rate + one, rate)
    if simple.any():
        grown = np.where(simple, exp(magnitude), grown)
    return np.where(positive, grown - one, one - grown)


def _both_rates(power):
    return power, power.dtype.type(2) - power


def _widened_rates(power):
    """Of a float32 lambda numpy subtracts in float32, even for float64 values."""
    single = power.astype(np.float32)
    return single, np.float32(2) - single


def _as_doubles(pair):
    return pair[0].astype(np.float64), pair[1].astype(np.float64)


def _widened_power(base, rate):
    return _pow(base, (np.float32(1) / rate.astype(np.float32)).astype(np.float64))


def _standardized(y, center, scale):
    if y.dtype == np.float32:
        center, scale = center.astype(np.float32), scale.astype(np.float32)
    return (y - center) / scale


def _unstandardized(x, center, scale):
    if x.dtype == np.float32:
        center, scale = center.astype(np.float32), scale.astype(np.float32)
    return x * scale + center


def _yeo_johnson_forward(x, power, center, scale):
    rates = _both_rates(power)
    if x.dtype == np.float64:
        return _standardized(_yeo_johnson(x, rates, _log1p, _expm1, _EPSILON), center, scale)
    # log1p is rounded to float32, the rest follows lambda, which is float64
    y = _yeo_johnson(x, rates, _log1p_single, _expm1, _EPSILON)
    return _standardized(y, center, scale)


def _yeo_johnson_back(x, power, center, scale):
    rates = _both_rates(power)
    y = _unstandardized(x, center, scale)
    wide = _yeo_johnson_inverse(y.astype(np.float64), rates, _exp, lambda base, rate: _pow(base, 1.0 / rate), _EPSILON)
    if x.dtype == np.float64:
        return wide
    positive = y >= 0
    simple = np.where(positive, np.abs(rates[0]) < _EPSILON, ~(np.abs(rates[1]) > _EPSILON))
    if not simple.any():
        return wide.astype(np.float32)
    # without a lambda in it, the operation is one on float32 alone
    one = np.float32(1)
    grown = _exp_single(np.where(positive, y, -y))
    return np.where(simple, np.where(positive, grown - one, one - grown), wide.astype(np.float32))


def _yeo_johnson_cast_forward(x, power, center, scale):
    rates = _widened_rates(power)
    if x.dtype == np.float64:
        return _standardized(_yeo_johnson(x, _as_doubles(rates), _log1p, _expm1, _EPSILON), center, scale)
    return _standardized(_yeo_johnson(x, rates, _log1p_single, _expm1_single, np.float32(2.0 ** -23)), center, scale)


def _yeo_johnson_cast_back(x, power, center, scale):
    rates = _widened_rates(power)
    y = _unstandardized(x, center, scale)
    if x.dtype == np.float64:
        return _yeo_johnson_inverse(y, _as_doubles(rates), _exp, _widened_power, _EPSILON)
    return _yeo_johnson_inverse(y, rates, _exp_single, lambda base, rate: _pow_single(base, np.float32(1) / rate),
                                np.float32(_EPSILON))


def _box_cox_forward(x, power, center, scale):
    logarithm = _log(x.astype(np.float64))
    rate = np.where(power == 0, 1.0, power)
    exponent = power * logarithm
    y = _expm1(exponent) / rate
    if not (exponent < 709.78).all():
        # x to the lambda overflows, but perhaps not once it is divided
        over = np.copysign(1.0, rate) * _exp(exponent - _log(np.abs(rate))) - 1.0 / rate
        y = np.where(exponent < 709.78, y, over)
    y = np.where(np.abs(power) < 1e-19, logarithm, y)
    return _standardized(y.astype(x.dtype), center, scale)


def _box_cox_back(x, power, center, scale):
    y = _unstandardized(x, center, scale).astype(np.float64)
    rate = np.where(power == 0, 1.0, power)
    result = _exp(_log1p(rate * y) / rate)
    if not (rate * y < 1.79e308).all():
        over = _exp((_log(np.copysign(1.0, rate) * (y + 1.0 / rate)) + _log(np.abs(rate))) / rate)
        result = np.where(rate * y < 1.79e308, result, over)
    if (power == 0).any():
        result = np.where(power == 0, _exp(y), result)
    return result.astype(x.dtype)


def _log1p_forward(x):
    return _log1p(x) if x.dtype == np.float64 else _log1p_single(x)


def _log1p_back(x):
    return _expm1(x) if x.dtype == np.float64 else _expm1_single(x)


def _fma_single(x, factor, offset):
    """In float64 the product is exact; the sum is rounded to odd there, so that rounding again is harmless."""
    s, e = _two_sum(x.astype(np.float64) * factor.astype(np.float32), offset.astype(np.float32).astype(np.float64))
    even = (s.view(np.int64) & 1) == 0
    inexact = np.isfinite(s) & (e != 0) & even
    return np.where(inexact, np.nextafter(s, np.where(e > 0, np.inf, -np.inf)), s).astype(np.float32)


def _fma_exactly(x, factor, offset):
    value = Fraction(x) * Fraction(factor) + Fraction(offset)
    return _nearest(value) if value else 0.0


def _fused_multiply_add(x, factor, offset):
    """x * factor + offset, rounded once."""
    if x.dtype == np.float32:
        return _fma_single(x, factor, offset)
    plain = x * factor + offset         # right for what is not finite, and for zeros
    magnitude = np.abs(x * factor)
    numeric = np.isfinite(x) & (x != 0) & (factor != 0)
    inside = numeric & (np.maximum(np.abs(x), np.abs(factor)) < 2.0 ** 990) & (magnitude > 2.0 ** -900) & \
        (magnitude < 2.0 ** 990)
    p, low = _two_product(np.where(inside, x, 1.0), np.where(inside, factor, 1.0))
    s, e = _two_sum(p, offset)
    v, w = _two_sum(e, low)
    rounded, safe = _rounds_safely(s, v, np.abs(v) * 2.0 ** -52)
    result = np.where(inside, np.where(w == 0, s + v, rounded), plain)
    for at in np.flatnonzero(numeric & ~(inside & (safe | (w == 0)) & np.isfinite(s))):
        result[at] = _fma_exactly(float(x[at]), float(factor[at]), float(offset[at]))
    return result


def _subtract_multiply_rounded(x, center, factor):
    """ONNX: the result is a float32, whatever the input."""
    if x.dtype == np.float32:
        return ((x - center).astype(np.float32) * factor).astype(np.float32)
    return ((x - center) * factor).astype(np.float32).astype(np.float64)


def _single_of(x):
    """Rounded to float32, and float64 again."""
    return x.astype(np.float32).astype(np.float64)


def _multiply_rounded(x, factor):
    return _single_of(x.astype(np.float64) * factor).astype(x.dtype)


def _rescale_subtract_divide_rounded(x, center, scale, factor):
    """The product in float64, rounded to float32; the rest in float32, of which float64 rounds nothing twice."""
    y = _single_of(x.astype(np.float64) * factor)
    return _single_of(_single_of(y - center) / scale).astype(x.dtype)
