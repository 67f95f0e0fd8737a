"""Further elementary functions on one-dimensional arrays of float64, correctly rounded."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .decimals import (
    _exact_asinh, _exact_cbrt, _exact_cube, _exact_exp10, _exact_exp2, _exact_expit, _exact_log, _exact_log10, _exact_log2, _exact_logit,
    _exact_sinh)
from .elementary import (
    _EXP_ERROR, _TINY, _exp_pair, _log, _log_near_one, _log_parts, _normalized, _round_scaled, _settle, _single)
from .pairs import (
    _fast_two_sum, _pair_plus_pair, _pair_times_number, _pair_times_pair, _power_of_two, _rounds_safely, _two_product, _two_sum)
from .tables import _tables

#
# The bounds of errors are derived in src/core/base/elementary_bases.c, cube_root.c, hyperbolic.c
# and logistic.c, whose operations these are, up to the order of some.

_LN10 = float.fromhex("0x1.26bb1bbb55516p+1"), float.fromhex("-0x1.f48ad494ea3e9p-53")
_INVERSE_LN2 = float.fromhex("0x1.71547652b82fep+0"), float.fromhex("0x1.777d0ffda0d24p-56")
_INVERSE_LN10 = float.fromhex("0x1.bcb7b1526e50ep-2"), float.fromhex("0x1.95355baaafad3p-57")


def _log_times(x, constant, evaluate):
    usual = (x > 0.0) & (x < np.inf)
    normal, exponent = _normalized(np.where(usual, x, 1.0))
    high, low, error = _log_near_one(*_log_parts(normal, 0.0, exponent))
    high, low = _pair_times_pair(_fast_two_sum(high, low), constant)
    result, safe = _rounds_safely(high, low, 1.5 * error + np.abs(high) * 2.0 ** -100)
    result = np.where(usual, result, np.where(x == 0.0, -np.inf, np.where(x > 0.0, x, np.nan)))
    return _settle(result, usual & ~safe, evaluate, x)


def _log2(x):
    return _log_times(x, _INVERSE_LN2, _exact_log2)


def _log10(x):
    return _log_times(x, _INVERSE_LN10, _exact_log10)


def _power_of(x, usual, pair, exponent, error, evaluate):
    high, low, e = _exp_pair(*pair)
    result, safe = _round_scaled(high, low, e + exponent, _EXP_ERROR + error)
    special = np.where(np.abs(x) < _TINY, 1.0, np.where(x > 0.0, np.inf, np.where(x < 0.0, 0.0, np.nan)))
    return _settle(np.where(usual, result, special), usual & ~safe, evaluate, x)


def _exp2(x):
    usual = (x > -1076.0) & (x < 1024.0) & (np.abs(x) >= _TINY)
    y = np.where(usual, x, 0.0)
    n = np.rint(y)
    return _power_of(x, usual, _pair_times_number(_tables().ln2, y - n), n.astype(np.int64), 2.0 ** -94, _exact_exp2)


def _exp10(x):
    usual = (x > -324.0) & (x < 309.0) & (np.abs(x) >= 2.0 ** -56)
    return _power_of(x, usual, _pair_times_number(_LN10, np.where(usual, x, 0.0)), 0, 2.0 ** -90, _exact_exp10)


def _significand(x):
    """x > 0 as m in [1, 2) times 2^e."""
    normal, exponent = _normalized(x)
    bits = normal.view(np.int64)
    return ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64), (bits >> 52) - 1023 + exponent


def _cbrt(x):
    usual = np.isfinite(x) & (x != 0.0)
    m, e = _significand(np.where(usual, np.abs(x), 1.0))
    third = e // 3
    m = m * _power_of_two(e - 3 * third)
    y = np.cbrt(m)
    for _ in range(2):          # whatever the libm is, this is as near as float64 comes
        c = y * y * y
        y = y * (c + (m + m)) / ((c + c) + m)
    cube = _pair_times_number(_two_product(y, y), y)
    result, safe = _rounds_safely(y, ((m - cube[0]) - cube[1]) / (3.0 * (y * y)), y * 2.0 ** -98)
    result = np.where(usual, np.copysign(result * _power_of_two(third), x), x)
    return _settle(result, usual & ~safe, _exact_cbrt, x)


def _cube(x):
    usual = np.isfinite(x) & (x != 0.0)
    m, e = _significand(np.where(usual, np.abs(x), 1.0))
    over, under = usual & (e >= 342), usual & (e < -359)
    usual = usual & ~over & ~under
    high, low = _pair_times_number(_two_product(m, m), m)
    result, safe = _round_scaled(high, low, 3 * np.where(usual, e, 0), 2.0 ** -98)
    special = np.where(over, np.copysign(np.inf, x), np.where(under, np.copysign(0.0, x), x))
    return _settle(np.where(usual, np.copysign(result, x), special), usual & ~safe, _exact_cube, x)


def _asinh_near_zero(x):
    square = x * x
    cube = square * x
    p = ((1 / 6 - square * 0.075) + square * square * ((15 / 336 - square * (105 / 3456)) + square * square * (945 / 42240)))
    return x, -cube * p, np.abs(cube) * 2.0 ** -52


def _asinh(x):
    magnitude = np.abs(x)
    usual = (magnitude < np.inf) & (magnitude >= 2.0 ** -26)
    y = np.where(usual, magnitude, 1.0)
    near, far = y < 2.0 ** -7, y >= 2.0 ** 40
    middle = np.where(near | far, 1.0, y)
    square = _two_product(middle, middle)
    total, rest = _two_sum(square[0], 1.0)
    root = np.sqrt(total)
    root_square = _two_product(root, root)
    argument = _fast_two_sum(root, middle)
    argument = _fast_two_sum(argument[0], argument[1] + ((total - root_square[0]) + ((rest - root_square[1]) + square[1])) * (0.5 / root))
    high, low, error = _log_near_one(*_log_parts(np.where(far, y, argument[0]), np.where(far, 0.0, argument[1]), np.where(far, 1, 0)))
    high, low, error = (np.where(near, one, other) for one, other in zip(_asinh_near_zero(y), (high, low, error + 2.0 ** -81)))
    result, safe = _rounds_safely(high, low, error)
    return _settle(np.where(usual, np.copysign(result, x), x), usual & ~safe, _exact_asinh, x)


def _sinh_near_zero(x):
    square = x * x
    cube = square * x
    p = ((1 / 6 + square * (1 / 120)) + square * square * ((1 / 5040 + square * (1 / 362880)) + square * square * (1 / 39916800)))
    return x, cube * p, np.abs(cube) * 2.0 ** -52


def _sinh(x):
    magnitude = np.abs(x)
    usual = (magnitude < 712.0) & (magnitude >= 2.0 ** -26)
    y = np.where(usual, magnitude, 1.0)
    near, far = y < 2.0 ** -7, y >= 40.0
    high, low, e = _exp_pair(y)
    other, rest, down = _exp_pair(-y)
    greater, less = _power_of_two(np.where(far, 0, e - 1)), _power_of_two(np.where(far, 0, down - 1))
    s, t = _two_sum(high * greater, -other * less)
    middle = (*_fast_two_sum(s, t + (low * greater - rest * less)), _EXP_ERROR * (greater + less) + greater * 2.0 ** -98)
    parts = [np.where(near, one, np.where(far, three, two)) for one, two, three in zip(
        _sinh_near_zero(y), middle, (high, low, _EXP_ERROR + 2.0 ** -99))]
    result, safe = _round_scaled(parts[0], parts[1], np.where(far, e - 1, 0), parts[2])
    special = np.where(magnitude < 1.0, x, np.copysign(np.inf, x))
    special = np.where(np.isnan(x), np.nan, special)
    return _settle(np.where(usual, np.copysign(result, x), special), usual & ~safe, _exact_sinh, x)


def _pair_over_pair(a, b):
    q = a[0] / b[0]
    p = _two_product(q, b[0])
    return _fast_two_sum(q, ((a[0] - p[0]) - p[1] + (a[1] - q * b[1])) / b[0])


def _logit(p):
    usual = (p > 0.0) & (p < 1.0)
    x = np.where(usual, p, 0.75)
    d = 2.0 * x - 1.0
    near, tiny = np.abs(d) < 2.0 ** -8, x < 2.0 ** -90
    middle = np.where(near | tiny, 0.75, x)
    ratio = _pair_over_pair((middle, 0.0), _two_sum(1.0, -middle))
    normal, exponent = _normalized(np.where(tiny, x, 1.0))
    high, low, error = _log_near_one(*_log_parts(np.where(tiny, normal, ratio[0]), np.where(tiny, 0.0, ratio[1]),
                                                 np.where(tiny, exponent, 0)))
    square = d * d
    cube = square * d
    series = (2 / 3 + square * 0.4) + square * square * (2 / 7 + square * (2 / 9))
    result, safe = _rounds_safely(np.where(near, 2.0 * d, high), np.where(near, cube * series, low),
                                  np.where(near, np.abs(cube) * 2.0 ** -51, error + 2.0 ** -89))
    special = np.where(p == 0.0, -np.inf, np.where(p == 1.0, np.inf, np.nan))
    return _settle(np.where(usual, result, special), usual & ~safe, _exact_logit, p)


def _expit(x):
    magnitude = np.abs(x)
    usual = (magnitude < 746.0) & (magnitude >= _TINY) & (x <= 38.0)
    y = np.where(usual, x, 1.0)
    high, low, e = _exp_pair(-np.abs(y))
    scale = np.where(e < -150, 0.0, _power_of_two(np.maximum(e, -150)))
    total = _pair_plus_pair((np.ones_like(y), 0.0), (high * scale, low * scale))
    above = y > 0.0
    q = _pair_over_pair((np.where(above, 1.0, high), np.where(above, 0.0, low)), total)
    result, safe = _round_scaled(q[0], q[1], np.where(above, 0, e), 2.0 * _EXP_ERROR)
    special = np.where(np.isnan(x), np.nan, np.where(magnitude < 1.0, 0.5, np.where(x > 0.0, 1.0, 0.0)))
    return _settle(np.where(usual, result, special), usual & ~safe, _exact_expit, x)


def _of_either(function, single):
    """The kernel of a function: correctly rounded to the type of the values."""
    def kernel(x):
        return function(x) if x.dtype == np.float64 else single(x)
    return kernel


_log_kernel = _of_either(_log, _single(_log, _exact_log))
_log2_kernel = _of_either(_log2, _single(_log2, _exact_log2))
_log10_kernel = _of_either(_log10, _single(_log10, _exact_log10))
_exp2_kernel = _of_either(_exp2, _single(_exp2, _exact_exp2))
_exp10_kernel = _of_either(_exp10, _single(_exp10, _exact_exp10))
_cbrt_kernel = _of_either(_cbrt, _single(_cbrt, _exact_cbrt))
_cube_kernel = _of_either(_cube, _single(_cube, _exact_cube))
_asinh_kernel = _of_either(_asinh, _single(_asinh, _exact_asinh))
_sinh_kernel = _of_either(_sinh, _single(_sinh, _exact_sinh))
_logit_kernel = _of_either(_logit, _single(_logit, _exact_logit))
_expit_kernel = _of_either(_expit, _single(_expit, _exact_expit))
_square_kernel = np.square
_root_kernel = np.sqrt
_reciprocal_kernel = np.reciprocal
