"""Elementary functions on one-dimensional arrays of float64, correctly rounded."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import sys

import numpy as np

from .decimals import _exact_exp, _exact_expm1, _exact_log, _exact_log1p, _exact_pow, _round_exactly
from .pairs import _fast_two_sum, _leading_half, _pair_times_number, _power_of_two, _rounds_safely, _two_sum
from .tables import _EXP_BITS, _LOG_BITS, _tables

#
# The bounds of errors are derived in src/core/base/elementary.c and double_double.h,
# whose operations these are.  What is special (NaN, infinities, results that are
# subnormal) is kept from the fast path, which may overflow nowhere.

_EXP_ERROR = 2.0 ** -70
_TAIL_ERROR = 2.0 ** -70 * 1.0625
_TINY = 2.0 ** -54


def _settle(result, undecided, evaluate, *arguments, single=False):
    """Put exact values where the fast path did not decide."""
    for at in np.flatnonzero(undecided):
        result[at] = _round_exactly(evaluate, tuple(float(argument[at]) for argument in arguments), single)
    return result


def _log_near_one(z, tail, head, rest):
    """log(1 + z + tail) + head + rest as a pair, and a bound of its error."""
    z_high = _leading_half(z)
    z_low = z - z_high
    square = z * z
    cube = square * z
    p = ((1 / 3 - 0.25 * z) + square * ((0.2 - z * (1 / 6)) + square * ((1 / 7 - 0.125 * z) + square * (1 / 9))))
    s, e = _fast_two_sum(head, z)
    t, f = _fast_two_sum(s, -0.5 * z_high * z_high)
    small = (e + f) + (rest - z_low * (z_high + 0.5 * z_low)) + tail * (1.0 - z + square)
    error = np.abs(cube) * 2.0 ** -51 + np.where(head == 0.0, np.abs(z) * 2.0 ** -80, 2.0 ** -75)
    return t, small + cube * p, error


def _log_parts(x, tail=0.0, exponent=0):
    """z, tail, head and rest of _log_near_one() for log(x 2^exponent + tail), x normal and positive."""
    tables = _tables()
    bits = x.view(np.int64)
    i = (bits >> (52 - _LOG_BITS)) & (2 ** _LOG_BITS - 1)
    m = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    m_high = _leading_half(m)
    r = tables.reciprocal[i]
    z = (r * m_high - 1.0) + r * (m - m_high)
    e = (bits >> 52) - 1023 + exponent
    tail = tail * r * np.where(e > 1000, 0.0, _power_of_two(-np.clip(e, -1000, 1000)))
    e = e + tables.log_doubled[i]
    return z, tail, e * tables.ln2[0] + tables.log_head[i], e * tables.ln2[1] + tables.log_rest[i]


def _normalized(x):
    """x as a normal number times 2^exponent."""
    subnormal = x < sys.float_info.min
    return np.where(subnormal, x * 2.0 ** 54, x), np.where(subnormal, -54, 0)


def _log(x):
    usual = (x > 0.0) & (x < np.inf)
    normal, exponent = _normalized(np.where(usual, x, 1.0))
    result, safe = _rounds_safely(*_log_near_one(*_log_parts(normal, 0.0, exponent)))
    result = np.where(usual, result, np.where(x == 0.0, -np.inf, np.where(x > 0.0, x, np.nan)))
    return _settle(result, usual & ~safe, _exact_log, x)


def _log1p(x):
    usual = (x > -1.0) & (x < np.inf) & (np.abs(x) >= _TINY)
    y = np.where(usual, x, 1.0)
    near = np.abs(y) < 2.0 ** -8
    parts = _log_parts(*_two_sum(1.0, y))
    parts = [np.where(near, one, other) for one, other in zip((y, 0.0, 0.0, 0.0), parts)]
    result, safe = _rounds_safely(*_log_near_one(*parts))
    special = np.where(x == -1.0, -np.inf, np.where(x > -1.0, x, np.nan))      # x itself if it is tiny or infinite
    return _settle(np.where(usual, result, special), usual & ~safe, _exact_log1p, x)


def _exp_pair(y, y_low=0.0):
    """exp(y + y_low) as a pair between 0.999 and 2.001 times 2^exponent, off by less than _EXP_ERROR; |y| < 800."""
    tables = _tables()
    k = np.rint(y * tables.step_inverse)
    n = k.astype(np.int64)
    i = n & (2 ** _EXP_BITS - 1)
    head = tables.exp[0][i]
    rest = tables.exp[1][i]
    head_half = _leading_half(head)
    r, r_low = _two_sum(y - k * tables.step[0], y_low - k * tables.step[1])
    r_half = _leading_half(r)
    square = r * r
    q = square * ((0.5 + r * (1 / 6)) + square * ((1 / 24 + r * (1 / 120)) + square * (1 / 720)))
    s, e = _fast_two_sum(head, head_half * r_half)
    low = rest + head_half * (r - r_half) + (head - head_half) * r
    q = q + (r_low + r_low * r)
    low = low + rest * r
    return s, e + (low + head * q), (n - i) >> _EXP_BITS


def _round_scaled(high, low, exponent, error):
    """(high + low) 2^exponent rounded, in its normal range or overflowing, and whether the error allows that."""
    result, safe = _rounds_safely(high, low, error)
    half = exponent >> 1
    return result * _power_of_two(half) * _power_of_two(exponent - half), safe & (exponent > -1022)


def _exp(x):
    usual = (np.abs(x) < 746.0) & (np.abs(x) >= _TINY)
    high, low, exponent = _exp_pair(np.where(usual, x, 0.0))
    result, safe = _round_scaled(high, low, exponent, _EXP_ERROR)
    special = np.where(np.abs(x) < _TINY, 1.0, np.where(x > 0.0, np.inf, np.where(x < 0.0, 0.0, np.nan)))
    return _settle(np.where(usual, result, special), usual & ~safe, _exact_exp, x)


def _expm1_near_zero(x):
    """x + x^2/2 + x^3 P(x) for |x| < 2^-7, and a bound of its error."""
    x_high = _leading_half(x)
    x_low = x - x_high
    square = x * x
    cube = square * x
    p = ((1 / 6 + x * (1 / 24)) + square * ((1 / 120 + x * (1 / 720)) + square * (
        (1 / 5040 + x * (1 / 40320)) + square * (1 / 362880 + x * (1 / 3628800)))))
    s, e = _fast_two_sum(x, 0.5 * x_high * x_high)
    low = e + x_low * (x_high + 0.5 * x_low) + cube * p
    return s, low, np.abs(cube) * 2.0 ** -51 + np.abs(x) * 2.0 ** -80


def _expm1(x):
    usual = (x > -38.0) & (x < 710.0) & (np.abs(x) >= _TINY)
    y = np.where(usual, x, 1.0)
    near = np.abs(y) < 2.0 ** -7
    high, low, exponent = _exp_pair(y)
    # less 1, as a pair; where that is less than the error, the error grows
    small = exponent < 100
    scale = _power_of_two(np.where(small, exponent, 0))
    s, e = _two_sum(high * scale, -1.0)
    s, e = _fast_two_sum(s, e + low * scale)
    s, e, error = (np.where(near, one, np.where(small, two, three)) for one, two, three in zip(
        _expm1_near_zero(y), (s, e, _EXP_ERROR * scale + 2.0 ** -100), (high, low, _EXP_ERROR + 2.0 ** -99)))
    result, safe = _round_scaled(s, e, np.where(small | near, 0, exponent), error)
    special = np.where(np.abs(x) < _TINY, x, np.where(x > 0.0, np.inf, np.where(x < 0.0, -1.0, np.nan)))
    return _settle(np.where(usual, result, special), usual & ~safe, _exact_expm1, x)


def _pow(x, y):
    """
    IEEE 754 has the special cases, and a few that it rounds correctly: they are exact or ties.  A base below zero
    needs a whole exponent.
    """
    magnitude = np.abs(x)
    whole = (np.floor(y) == y) | (np.abs(y) >= 2.0 ** 53)
    odd = whole & (np.abs(y) < 2.0 ** 53) & (np.fmod(y, 2.0) != 0.0)
    sign = np.where((x < 0.0) & odd, -1.0, 1.0)
    usual = (np.isfinite(x) & np.isfinite(y) & (magnitude > 0.0) & (magnitude != 1.0) & (y != 0.0) &
             ((x > 0.0) | whole))
    special = np.power(np.where(usual, 1.0, x), np.where(usual, 1.0, y))
    for exponent, simple in ((1.0, x), (2.0, x * x), (-1.0, 1.0 / x), (0.5, np.sqrt(magnitude))):
        chosen = usual & (y == exponent)
        special = np.where(chosen, simple, special)
        usual = usual & ~chosen
    # |log x| is between 2^-53.1 and 2^9.6
    tiny, large = usual & (np.abs(y) < 2.0 ** -64), usual & (np.abs(y) > 2.0 ** 64)
    special = np.where(tiny, sign, special)
    special = np.where(large, sign * np.where((magnitude > 1.0) == (y > 0.0), np.inf, 0.0), special)
    usual = usual & ~tiny & ~large
    base, exponent = _normalized(np.where(usual, magnitude, 2.0))
    power = np.where(usual, y, 1.0)
    high, low, error = _log_near_one(*_log_parts(base, 0.0, exponent))
    v, v_low = _pair_times_number(_fast_two_sum(high, low), power)
    over, under = usual & (v > 710.0), usual & (v < -746.0)
    special = np.where(over, sign * np.inf, np.where(under, sign * 0.0, special))
    usual = usual & ~over & ~under
    high, low, exponent = _exp_pair(np.where(usual, v, 0.0), np.where(usual, v_low, 0.0))
    result, safe = _round_scaled(high, low, exponent, 2.0 * np.abs(power) * error + 2.0 ** -92 + _EXP_ERROR)
    undecided = usual & ~safe
    result = _settle(np.where(usual, result, special), undecided, _exact_pow, magnitude, y)
    return np.where(usual, sign * result, special)


def _narrow(result, evaluate, *arguments):
    """
    float64 results as float32.  Rounding twice is rounding once, unless the
    first result is halfway between two float32: there the value is asked again.
    """
    single = result.astype(np.float32)
    wide = single.astype(np.float64)
    other = 2.0 * result - wide         # as far beyond the result
    undecided = np.where(np.isinf(wide), np.isfinite(result) & (np.abs(result) <= 2.0 ** 128 - 2.0 ** 103),
                         (wide != result) & (other.astype(np.float32).astype(np.float64) == other))
    undecided = undecided & ~np.isnan(result)
    for at in np.flatnonzero(undecided):
        single[at] = evaluate(*(float(argument[at]) for argument in arguments))
    return single


def _single(function, evaluate):
    """The float32 function of a float64 one."""
    def exactly(*x):
        return _round_exactly(evaluate, x, True)

    def narrowed(*x):
        wide = [argument.astype(np.float64) for argument in x]
        return _narrow(function(*wide), exactly, *wide)
    return narrowed


def _pow_exactly_single(x, y):
    sign = -1.0 if x < 0 and y % 2 else 1.0
    return sign * _round_exactly(_exact_pow, (abs(x), y), True)


def _pow_single(x, y):
    wide = x.astype(np.float64), y.astype(np.float64)
    # squares are often ties, and the float64 product is exact
    square = y == 2
    return np.where(square, (wide[0] * wide[0]).astype(np.float32),
                    _narrow(np.where(square, 1.0, _pow(*wide)), _pow_exactly_single, *wide))


_log1p_single = _single(_log1p, _exact_log1p)
_exp_single = _single(_exp, _exact_exp)
_expm1_single = _single(_expm1, _exact_expm1)
