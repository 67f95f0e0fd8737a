# Made by tools/build_python.py of python/src: change it there.
"""Scalers frozen by normfreeze, the PostgreSQL extension, applied in Python: bit for bit as the database does.

    import normfreeze
    scaler = normfreeze.Scaler.from_json(open("scaler.json").read())     # SELECT scaler::text
    scaler.verify()                                                      # or an error that says why not
    features = scaler.transform(frame)                                   # matched by name

The arithmetic is that of the database, operation by operation: numpy rounds each by itself.
What no libm rounds correctly (log, exp, pow, the normal distribution, norms of rows) is
evaluated in pairs of float64 with a bound of the error; where that does not decide the
rounding, decimal arithmetic with as many digits as it takes does (Ziv's strategy).  So the
bits depend neither on numpy's version nor on the CPU.

This file needs numpy and nothing else: it may be copied beside a model as it is.
"""

from __future__ import annotations

import argparse
import base64
import collections
import collections.abc
import copy
import decimal
import functools
import hashlib
import json
import math
import numbers
import struct
import sys
import types
import warnings
from fractions import Fraction
from typing import Any, Callable, NamedTuple, NoReturn

import numpy as np

__version__ = "0.2.0"
__all__ = ["Error", "Scaler", "ScalerSet", "dump", "load"]


# ---- texts of numbers, and errors ----

_D = decimal.Decimal


class Error(ValueError):
    """An error that the database would raise as well, with its message, SQLSTATE, detail and hint."""

    def __init__(self, sqlstate: str, message: str, detail: str | None = None, hint: str | None = None):
        super().__init__("\n".join([message] + [f"{word}: {text}" for word, text in (("detail", detail), ("hint", hint))
                                                if text]))
        self.sqlstate, self.message, self.detail, self.hint = sqlstate, message, detail, hint


def _shortest(value: float) -> str:
    """
    The fewest digits that read back the same.  Unlike Python the database takes none that lie halfway to the next
    float64 (PostgreSQL's src/common/d2s.c: acceptBounds); only whole numbers can do that with so few digits.
    """
    if abs(value) < 2.0 ** 53:
        return repr(value)
    exact, unit = int(value), int(math.ulp(value))
    below = unit // 2 if abs(math.frexp(value)[0]) == 0.5 else unit
    for digits in range(17):
        text = f"{value:.{digits}e}"
        distance = 2 * (int(_D(text)) - exact) * (1 if value > 0 else -1)
        if -below < distance < unit:
            break
    return text


def _float_text(value: float) -> str:
    """Return a number as the database prints it: 1e+15, 0.5, -0, NaN, Infinity."""
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if 1e-4 <= abs(value) < 1e15:
        text = repr(value)
        return text[:-2] if text.endswith(".0") else text
    sign, digits, exponent = decimal.Decimal(_shortest(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent += len(digits) - 1         # of the first digit
    if value == 0:
        exponent = 0
    if not -4 <= exponent < 15:
        text = text[0] + ("." + text[1:] if len(text) > 1 else "") + f"e{exponent:+03d}"
    elif exponent < 0:
        text = "0." + "0" * (-exponent - 1) + text
    elif len(text) <= exponent + 1:
        text += "0" * (exponent + 1 - len(text))
    else:
        text = text[:exponent + 1] + "." + text[exponent + 1:]
    return "-" + text if sign else text


# ---- decimal arithmetic with one rounding: slow, but exact ----

_DIGITS = (60, 400)         # of a first and a last attempt; lost to cancellation are fewer than _LOST
_LOST = 30


def _context(digits: int) -> decimal.Context:
    return decimal.Context(prec=digits, rounding=decimal.ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[])


def _nearest(value: Fraction, single: bool = False) -> float:
    """The float64 or float32 nearest to a rational, ties to even (IEEE 754)."""
    bits, least, largest = (24, -149, float(np.finfo(np.float32).max)) if single else (53, -1074, sys.float_info.max)
    n, d = abs(value.numerator), value.denominator
    exponent = max(n.bit_length() - d.bit_length() - bits, least)
    while True:
        whole, rest = divmod(n << max(-exponent, 0), d << max(exponent, 0))
        if whole < 1 << bits:
            break
        exponent += 1
    double_rest, unit = 2 * rest, d << max(exponent, 0)
    whole += double_rest > unit or (double_rest == unit and whole & 1)
    try:
        result = math.ldexp(whole, exponent)
    except OverflowError:
        result = math.inf
    if result > largest:
        result = math.inf
    return -result if value < 0 else result


def _round_exactly(evaluate, arguments: tuple, single: bool) -> float:
    """
    evaluate(*arguments), a Decimal in the current context, correctly rounded.

    What is not decided by hundreds of digits is a tie: pow() has such, and an
    exact number of 54 bits; all else here is transcendental.
    """
    for digits in _DIGITS:
        with decimal.localcontext(_context(digits)):
            value = evaluate(*map(_D, arguments))
        value = Fraction(value)
        error = abs(value) / 10 ** (digits - _LOST)
        low, high = _nearest(value - error, single), _nearest(value + error, single)
        if low == high:
            return low
    return _nearest((Fraction(low) + Fraction(high)) / 2, single)


def _widely(operation, *x):
    """An operation on floats that loses nothing: log1p and expm1 cancel."""
    with decimal.localcontext(_context(1200)):
        return operation(*x)


def _exact_log(x):
    return x.ln()


def _exact_log1p(x):
    return _widely(lambda: 1 + x).ln()


def _exact_exp(x):
    return x.exp()


def _exact_expm1(x):
    return x.exp() - 1


def _exact_pow(x, y):
    return (y * x.ln()).exp()


@functools.lru_cache(maxsize=None)
def _pi(digits: int) -> decimal.Decimal:
    """Machin's formula."""
    def arctan_inverse(n):
        term = total = _D(1) / n
        k = 1
        while abs(term) > _D(10) ** -(digits + 5):
            term = -term / (n * n)
            k += 2
            total += term / k
        return total

    with decimal.localcontext(_context(digits + 10)):
        return 16 * arctan_inverse(5) - 4 * arctan_inverse(239)


def _root_two_pi():
    return (2 * _pi(decimal.getcontext().prec)).sqrt()


def _mills_sum(t):
    """t + t^3/3 + t^5/15 + ..., of Abramowitz and Stegun 26.2.11."""
    term = total = t
    square = t * t
    k = 1
    while term > total * _D(10) ** -decimal.getcontext().prec:
        term = term * square / (2 * k + 1)
        total += term
        k += 1
    return total


def _exact_tail(t):
    """1 - Phi(t) for t >= 0."""
    return _D("0.5") - (-t * t / 2).exp() / _root_two_pi() * _mills_sum(t)


def _exact_probability(z):
    return _exact_tail(-z) if z < 0 else 1 - _exact_tail(z)


def _exact_tail_quantile(q, start):
    """t > 0 with 1 - Phi(t) = q, from a float near it, by Newton's method: each step doubles the digits."""
    t = start
    for _ in range(2 + decimal.getcontext().prec.bit_length()):
        step = (_exact_tail(t) - q) * _root_two_pi() * (t * t / 2).exp()
        t += step
        if abs(step) < t * _D(10) ** -(decimal.getcontext().prec // 2):
            break
    return t


# ---- pairs of float64: numbers as an unevaluated sum (Dekker 1971; Muller et al., Handbook of Floating-Point Arithmetic) ----

def _fast_two_sum(a, b):
    """a + b exactly, where |a| >= |b|, or a = 0."""
    s = a + b
    return s, b - (s - a)


def _two_sum(a, b):
    """a + b exactly (Knuth)."""
    s = a + b
    bb = s - a
    return s, (a - (s - bb)) + (b - bb)


def _leading_half(x):
    """The 26 leading bits of x."""
    return (x.view(np.uint64) & np.uint64(0xFFFFFFFFF8000000)).view(np.float64)


def _two_product(a, b):
    """a * b exactly (Dekker, Veltkamp), inside the range of exponents."""
    p = a * b
    ca, cb = 134217729.0 * a, 134217729.0 * b
    ah, bh = ca - (ca - a), cb - (cb - b)
    al, bl = a - ah, b - bh
    return p, ((ah * bh - p) + ah * bl + al * bh) + al * bl


def _pair_times_number(a, b):
    p, e = _two_product(a[0], b)
    return _fast_two_sum(p, e + a[1] * b)


def _pair_times_pair(a, b):
    p, e = _two_product(a[0], b[0])
    return _fast_two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


def _pair_plus_pair(a, b):
    """where |a[0]| >= |b[0]|"""
    s, e = _fast_two_sum(a[0], b[0])
    return _fast_two_sum(s, e + (a[1] + b[1]))


def _power_of_two(e):
    return ((e + 1023) << 52).view(np.float64)


def _rounds_safely(high, low, error):
    """high + low rounded, and whether all of [high + low - error, high + low + error] is rounded to the same."""
    result = high + (low + error)
    return result, result == high + (low - error)


# ---- tables of the elementary functions, made when they are first needed ----

_LOG_BITS, _EXP_BITS = 8, 9
_MILLS_STEP, _MILLS_LAST, _MILLS_DEGREE, _MILLS_PAIRS = 32, 6, 12, 4


def _pair(d):
    high = float(d)
    return high, float(d - _D(high))


def _head_and_rest(d, unit=-42):
    """The multiple of 2^unit nearest to d, and the rest."""
    head = math.ldexp(float((d * _D(2) ** -unit).to_integral_value()), unit)
    return head, float(d - _D(head))


@functools.lru_cache(maxsize=None)
def _tables() -> types.SimpleNamespace:
    """For log and exp; see Tang, "Table-driven implementation of the logarithm function", 1990, and of exp, 1989."""
    made = types.SimpleNamespace()
    with decimal.localcontext(_context(60)):
        ln2 = _D(2).ln()
        made.ln2 = _head_and_rest(ln2)
        made.step = _head_and_rest(ln2 / 2 ** _EXP_BITS)
        made.step_inverse = float(2 ** _EXP_BITS / ln2)
        made.sixth = _pair(_D(1) / 6)
        made.root_two_pi = _pair(_root_two_pi())
        made.exp = np.array([_pair((ln2 * i / 2 ** _EXP_BITS).exp()) for i in range(2 ** _EXP_BITS)]).T.copy()
        size = 2 ** _LOG_BITS
        rows = []
        for i in range(size):
            # 1/m to 9 bits, so that r * m - 1 is exact: a multiple of 2^-61 below 2^-8
            low, high = 1 + i / size, 1 + (i + 1) / size
            r = 1.0 if i == 0 else round(4 * size / (low + high)) / (2 * size)
            rows.append((r, *_head_and_rest(-_D(r).ln() - (ln2 if low * low > 2 else 0)), low * low > 2))
        made.reciprocal, made.log_head, made.log_rest, made.log_doubled = np.array(rows).T.copy()
    return made


@functools.lru_cache(maxsize=None)
def _mills_table():
    """Taylor coefficients of Mills' ratio over sqrt(2 pi), at the multiples of 1/32 up to 6: [coefficient][node]."""
    rows = []
    with decimal.localcontext(_context(100)):
        root = _root_two_pi()
        for i in range(_MILLS_STEP * _MILLS_LAST + 2):
            # M' = t M - 1, and from there on M(n+1) = t M(n) + n M(n-1)
            t = _D(i) / _MILLS_STEP
            c = [root * (t * t / 2).exp() / 2 - _mills_sum(t)]
            c.append(t * c[0] - 1)
            for n in range(1, _MILLS_DEGREE):
                c.append((t * c[n] + c[n - 1]) / (n + 1))
            c = [x / root for x in c]
            rows.append([v for x in c[:_MILLS_PAIRS] for v in _pair(x)] + [float(x) for x in c[_MILLS_PAIRS:]])
    return np.array(rows).T.copy()


# ---- elementary functions on one-dimensional arrays of float64, correctly rounded ----

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


# ---- the normal distribution (core/base/normal_probability.c, normal_quantile.c), for what quantile maps ask of it ----

def _upper_tail(t):
    """1 - Phi(t) for 0 <= t <= 6: a pair, exp(-t^2/2), and the exponent of both."""
    product, low = _two_product(t, t)
    high, low, exponent = _exp_pair(-0.5 * product, -0.5 * low)
    i = np.rint(t * _MILLS_STEP).astype(np.int64)
    d = t - i * (1.0 / _MILLS_STEP)     # exact: within a factor of two, or the node is 0
    square = d * d
    c = _mills_table()[:, i]
    p = ((c[8] + d * c[9]) + square * (c[10] + d * c[11])) + (square * square) * (
        ((c[12] + d * c[13]) + square * (c[14] + d * c[15])) + (square * square) * c[16])
    n = _pair_plus_pair((c[6], c[7]), (d * p, 0.0))
    for k in (4, 2, 0):
        n = _pair_plus_pair((c[k], c[k + 1]), _pair_times_number(n, d))
    bell = _fast_two_sum(high, low)
    return _pair_times_pair(n, bell), bell[0], exponent


def _normal_probability(z):
    """Phi(z) for |z| <= 6."""
    tail, _, exponent = _upper_tail(np.abs(z))
    below, below_safe = _rounds_safely(*tail, tail[0] * _TAIL_ERROR)
    scale = _power_of_two(exponent)
    s, e = _fast_two_sum(1.0, -tail[0] * scale)
    above, above_safe = _rounds_safely(s, e - tail[1] * scale, tail[0] * scale * _TAIL_ERROR + 2.0 ** -104)
    negative, tiny = z < 0.0, np.abs(z) < _TINY
    result = np.where(tiny, 0.5, np.where(negative, below * scale, above))
    return _settle(result, ~tiny & ~np.where(negative, below_safe, above_safe), _exact_probability, z)


# Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37, 1988
_CENTRAL = ((3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
             4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
            (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
             2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3))
_MIDDLE = ((1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
           (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9))


def _horner(coefficients, x):
    y = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        y = y * x + c
    return y


def _approximate_quantile(q):
    """t with 1 - Phi(t) near q, for 1e-9 < q < 1/2; no bound relies on it."""
    x = 0.5 - q
    r = 0.180625 - x * x
    central = x * _horner(_CENTRAL[0], r) / _horner(_CENTRAL[1], r)
    r = np.sqrt(-np.log(q)) - 1.6
    return np.where(x <= 0.425, central, _horner(_MIDDLE[0], r) / _horner(_MIDDLE[1], r))


def _step_near_median(t, x):
    """Newton for t < 1/8 with the integral of exp(-x^2/2) from 0 to t equal to x sqrt(2 pi), and a bound of its error."""
    tables = _tables()
    square = _two_product(t, t)
    s = square[0]
    rest = s * s * ((0.025 - s * (1 / 336)) + s * s * ((1 / 3456 - s * (1 / 42240)) + s * s * (
        (1 / 599040 - s * (1 / 9676800)) + s * s * (1 / 175472640))))
    cubic = _pair_times_pair(square, tables.sixth)
    total = _pair_plus_pair((1.0, 0.0), (-cubic[0], rest - cubic[1]))
    integral = _pair_times_number(total, t)
    target = _pair_times_number(tables.root_two_pi, x)
    residual = (target[0] - integral[0]) + (target[1] - integral[1])
    half = 0.5 * s
    step = residual * (1.0 + half * (1.0 + half * (0.5 + half * (1 / 6))))
    return step, t * (s * s * 2.0 ** -55 + 2.0 ** -96) + np.abs(step) * (2.0 ** -30 + np.abs(step))


def _step_in_tail(t, q):
    """Newton elsewhere: 1 - Phi(t) - q over the density, and a bound of its error."""
    tail, bell, exponent = _upper_tail(t)
    residual = (tail[0] - q * _power_of_two(-exponent)) + tail[1]
    inverse_density = _tables().root_two_pi[0] / bell
    step = residual * inverse_density
    error = tail[0] * inverse_density * (_TAIL_ERROR + 2.0 ** -100) + np.abs(step) * (2.0 ** -48 + np.abs(step) * t)
    return step, error


def _normal_quantile(p):
    """The normal quantile of 1e-8 <= p <= 1 - 1e-8."""
    upper, median = p > 0.5, p == 0.5
    q = np.where(median, 0.25, np.where(upper, 1.0 - p, p))     # exact (Sterbenz)
    t = _approximate_quantile(q)
    near = t < 0.125
    step, error = (np.where(near, one, other) for one, other in zip(
        _step_near_median(np.where(near, t, 0.0), 0.5 - q), _step_in_tail(t, q)))
    result, safe = _rounds_safely(t, step, error)
    _settle(result, ~median & ~safe, _exact_tail_quantile, q, t)
    return np.where(median, 0.0, np.where(upper, result, -result))


# ---- strict JSON (src/pg/base/json_tree.c, scaler_json.c): exactly what the database writes, in any order of keys ----

_INVALID, _DAMAGED = "22P02", "XX001"


def _invalid(problem: str, key: str):
    raise Error(_INVALID, f'invalid scaler: {problem} "{key}"', hint=None if key != "format" else
                "Pass the text of a scaler; what dump() wrote is for normfreeze.from_sklearn() in the database.")


def _without_duplicates(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise Error("22030", f'invalid scaler: duplicate key "{key}"')
            seen.add(key)
    return found


def _not_json(problem):
    raise Error(_INVALID, "invalid scaler: not valid JSON", str(problem))


def _parse(source):
    """Return the object in a text or in bytes, or the one that json.loads() or a driver returned."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        try:
            source = bytes(source).decode("utf-8")
        except UnicodeDecodeError as problem:
            _not_json(problem)
    if isinstance(source, str):
        try:
            source = json.loads(source, object_pairs_hook=_without_duplicates, parse_constant=_not_json,
                                parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))
        except (json.JSONDecodeError, RecursionError) as problem:
            _not_json(problem)
        except Error:
            raise
        except ValueError as problem:           # a number of thousands of digits
            _not_json(problem)
    if not isinstance(source, dict):
        raise Error(_INVALID, f"invalid scaler: a JSON object is expected, not {_json_type(source)}")
    return source


_JSON_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", decimal.Decimal: "number",
               str: "string", list: "array", dict: "object"}


def _json_type(value):
    return _JSON_TYPES.get(type(value)) or f"a Python {type(value).__name__}"


def _required(said: dict, key: str, kind: str):
    if key not in said:
        _invalid("it lacks the key", key)
    if _json_type(said[key]) != kind:
        _invalid("wrong type of JSON value for key", key)
    if kind == "string":
        try:
            encoded = said[key].encode("utf-8")
        except UnicodeEncodeError:
            _invalid("a string that is no Unicode text for key", key)
        if b"\0" in encoded:
            _invalid("a string that holds a zero byte for key", key)
    return said[key]


def _number(value) -> float | None:
    """A JSON number as a float; None if it is not one, or beyond float64."""
    if _json_type(value) != "number":
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _required_number(said, key):
    _required(said, key, "number")
    value = _number(said[key])
    if value is None:
        _invalid("a number is out of range for key", key)
    return value + 0.0          # not -0


def _required_interval(said, key):
    values = [_number(value) for value in _required(said, key, "array")]
    if len(values) != 2 or None in values:
        _invalid("two numbers are expected for key", key)
    return tuple(value + 0.0 for value in values)


def _required_policy(said, key, names):
    if _required(said, key, "string") not in names:
        _invalid("unknown value for key", key)
    return said[key]


def _required_digest(said, key):
    text = _required(said, key, "string")
    if len(text) != 64 or text.strip("0123456789abcdef"):
        _invalid("64 hexadecimal digits are expected for key", key)
    return bytes.fromhex(text)


def _rare_flag(said, key):
    """Return a flag that is written only if it is true."""
    if key in said and not _required(said, key, "boolean"):
        _invalid("only true is written for key", key)
    return key in said


def _reject_unknown(said, known):
    for key in said:
        if key not in known:
            _invalid("unknown key", key)


def _string(text):
    return json.dumps(text, ensure_ascii=False)


def _numbers(values):
    return "[" + ", ".join(map(_float_text, values)) + "]"


def _boolean(value):
    return "true" if value else "false"


# ---- formulas that are not plain arithmetic ----

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


# ---- quantile maps (core/scaler/quantile_map.c: scikit-learn's QuantileTransformer with numpy.interp) ----

_THRESHOLD = 1e-7
_NORMAL_LEAST, _NORMAL_MOST = -5.199337582605575, 5.19933758270342     # quantiles of 1e-7 - 2^-52 and of 1 less that
_NORMAL_FAR = 6.0
_PROBABILITY_FAR = 1e-8     # its quantile is beyond the bounds


def _references(n):
    """np.linspace(0, 1, n)"""
    if n == 1:
        return np.zeros(1)
    made = np.arange(n) * (1.0 / (n - 1))
    made[-1] = 1.0
    return made


def _interpolate(x, xp, fp):
    """numpy.interp(x, xp, fp) for numbers; numpy's own may fuse a multiplication and an addition."""
    last = len(xp) - 1
    low = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, last)
    high = np.minimum(low + 1, last)
    x0, x1, f0, f1 = xp[low], xp[high], fp[low], fp[high]
    slope = (f1 - f0) / (x1 - x0)
    y = slope * (x - x0) + f0
    other = slope * (x - x1) + f1
    y = np.where(np.isnan(y), np.where(np.isnan(other) & (f0 == f1), f0, other), y)
    y = np.where((low == last) | (x0 == x), f0, y)
    return np.where(x < xp[0], fp[0], np.where(x > xp[-1], fp[-1], y))


def _probability(x, quantiles):
    """The mean of both directions, so that repeated quantiles are met in the middle."""
    references = _references(len(quantiles))
    return 0.5 * (_interpolate(x, quantiles, references) - _interpolate(-x, -quantiles[::-1], -references[::-1]))


def _clipped_normal_quantile(p):
    usual = (p >= _PROBABILITY_FAR) & (p <= 1 - _PROBABILITY_FAR)
    z = np.clip(_normal_quantile(np.where(usual, p, 0.5)), _NORMAL_LEAST, _NORMAL_MOST)
    return np.where(usual, z, np.where(p < 0.5, _NORMAL_LEAST, np.where(p > 0.5, _NORMAL_MOST, np.nan)))


def _quantile_uniform_forward(x, quantiles):
    wide = x.astype(np.float64)
    number = np.where(np.isnan(wide), quantiles[0], wide)
    y = np.where(number == quantiles[-1], 1.0, _probability(number, quantiles))
    y = np.where(number == quantiles[0], 0.0, y)        # both for a feature with one value: then the lower one wins
    return np.where(np.isnan(wide), wide, y).astype(x.dtype)


def _quantile_uniform_back(x, quantiles):
    wide = x.astype(np.float64)
    number = np.where(np.isnan(wide), 0.0, wide)
    return np.where(np.isnan(wide), wide, _interpolate(number, _references(len(quantiles)), quantiles)).astype(x.dtype)


def _normal_probability_of(x, quantiles):
    """From values to probabilities; -inf and inf beyond the thresholds."""
    threshold = x.dtype.type(_THRESHOLD)
    wide = x.astype(np.float64)
    below = (x - threshold).astype(np.float64) < quantiles[0]
    above = (x + threshold).astype(np.float64) > quantiles[-1]
    p = _probability(np.where(below | above | np.isnan(wide), quantiles[0], wide), quantiles)
    p = p.astype(x.dtype).astype(np.float64)        # numpy stores it in the column, rounded
    return np.where(np.isnan(wide), wide, np.where(below, -np.inf, np.where(above, np.inf, p)))


def _far_normal_probability(z):
    near = np.abs(z) <= _NORMAL_FAR
    p = _normal_probability(np.where(near, z, 0.0))
    return np.where(near, p, np.where(z < 0, 0.0, np.where(z > 0, 1.0, np.nan)))


def _from_normal_probability(p, quantiles):
    y = _interpolate(np.where(np.isnan(p), 0.0, p), _references(len(quantiles)), quantiles)
    y = np.where(p - _THRESHOLD < 0.0, quantiles[0], np.where(p + _THRESHOLD > 1.0, quantiles[-1], y))
    return np.where(np.isnan(p), p, y)


# ---- norms of rows (core/scaler/row_norm.c): exact, rounded once ----

def _exact_norm(row, squares: bool, single: bool) -> float:
    values = [Fraction(float(value)) for value in row if math.isfinite(value)]
    if not squares:
        return _nearest(sum(map(abs, values)), single)
    total = sum(value * value for value in values)
    # 200 bits of the root and a sticky one, so that nothing is rounded twice
    shift = 2 * (200 - (total.numerator.bit_length() - total.denominator.bit_length()) // 2)
    scaled = total * Fraction(2) ** shift
    root = math.isqrt(scaled.numerator // scaled.denominator)
    sticky = int(Fraction(root) ** 2 != scaled)
    return _nearest(Fraction(2 * root + sticky) / Fraction(2) ** (shift // 2 + 1), single)


def _norms(x, squares: bool):
    """The norm of each row, of its values that are there, in the type of x; 1 instead of 0."""
    single = x.dtype == np.float32
    n = x.shape[1]
    wide = x.astype(np.float64)
    magnitudes = np.where(np.isnan(wide), 0.0, np.abs(wide))
    largest = magnitudes.max(axis=1, initial=0.0)
    simple = (largest == 0) | np.isinf(largest)
    high, low = np.zeros(len(x)), np.zeros(len(x))
    for i in range(n):
        term = np.where(simple, 0.0, magnitudes[:, i])
        term, rest = _two_product(term, term) if squares else (term, 0.0)
        high, e = _two_sum(high, term)
        low = low + (e + rest)
    high, low = _fast_two_sum(high, low)
    relative = n * n * 2.0 ** -102
    if squares:
        usual = (high <= 2.0 ** 1000) & (high >= 2.0 ** -900)
        root = np.sqrt(np.where(usual, high, 1.0))
        square, square_low = _two_product(root, root)
        low = (((high - square) - square_low) + low) / (2.0 * root)
        high, error = root, root * (relative + 2.0 ** -100)
    else:
        usual = np.isfinite(high)
        error = high * relative
    rounded, safe = _rounds_safely(high, low, error)
    undecided = ~simple & ~(usual & safe)
    norm = np.where(simple, largest, rounded)
    if single:
        # halfway between two float32: what was rounded off decides
        undecided |= ~simple & ((norm.view(np.int64) & 0x1FFFFFFF) == 0x10000000)
    norm = norm.astype(x.dtype)
    for at in np.flatnonzero(undecided):
        norm[at] = _exact_norm(x[at], squares, single)
    return np.where(norm == 0, x.dtype.type(1), norm)


def _norm_l1(x):
    return _norms(x, False)


def _norm_l2(x):
    return _norms(x, True)


def _norm_max(x):
    largest = np.where(np.isnan(x), 0, np.abs(x)).max(axis=1, initial=0).astype(x.dtype)
    return np.where(largest == 0, x.dtype.type(1), largest)


def _norms_in_order(x, squares: bool):
    """Return the norms as Spark computes them: each addition is rounded, from left to right."""
    total = np.zeros(len(x))
    for i in range(x.shape[1]):
        value = x[:, i].astype(np.float64)
        total = total + (value * value if squares else np.abs(value))
    norm = np.sqrt(total) if squares else total
    return np.where(norm == 0, 1.0, norm).astype(x.dtype)


def _norm_l1_in_order(x):
    return _norms_in_order(x, False)


def _norm_l2_in_order(x):
    return _norms_in_order(x, True)


# ---- formulas ----

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


_OPPOSITE = {np.add: np.subtract, np.subtract: np.add, np.multiply: np.divide, np.divide: np.multiply}


def _steps(words):
    operations = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
    return tuple((operations[word[0]], word[1:]) for word in words.split())


_POWER = ("lambda", "center", "scale")

# in the order of their codes (src/core/scaler/formula.c)
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
    _Formula("log1p", forward=_log1p_forward, inverse=_log1p_back),
    _Formula("yeo_johnson", _POWER, forward=_yeo_johnson_forward, inverse=_yeo_johnson_back),
    _Formula("box_cox", _POWER, forward=_box_cox_forward, inverse=_box_cox_back),
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
)
_FORMULA_CODES = {formula.name: code for code, formula in enumerate(_FORMULAS)}


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


def _run_formula(formula, x, parameters, tables, inverse, out):
    """Write what a formula, applied to all its features, makes of x to out, of the type of x."""
    kernel = formula.inverse if inverse else formula.forward
    if formula.norm:
        np.divide(x, formula.norm(x)[:, None], out=out)
    elif formula.table:
        _run_tables(formula, x, tables, inverse, out)
    elif kernel:
        out[...] = _run_kernel(kernel, x, parameters)
    else:
        _run_steps(formula, x, parameters, inverse, out)


# ---- methods (src/core/scaler/method.c): what a recipe of one may say ----

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
)
_METHOD_CODES = {method.name: code for code, method in enumerate(_METHODS, 1)}

# policies and their codes (src/core/scaler/recipe.c)
_MISSING = ("keep", "nan", "error", "constant", "zero", "mean", "median", "min", "max", "most_frequent")
_IMPUTING = _MISSING[3:]
_OUTSIDE = ("keep", "clip", "null", "error")
_CONSTANT = ("unit", "null", "error")
_QUANTILES = ("none", "exact", "histogram")
_INTERCEPTS = {"number": 0, "min": 1, "mean": 2, "max": 3, "-min": 9, "-mean": 10, "-max": 11}
_UNSEEN = ("error", "null", "fallback")
_RANGE_UNKNOWN = sys.float_info.max
_MOST_FEATURES, _LONGEST_NAME, _LONGEST_KEY = 16384, 1024, 1024
_HISTOGRAM_SIZES = range(16, 4097)


# ---- recipes ----

class _Feature(NamedTuple):
    name: str | None
    method: _Method
    options: tuple              # values, an interval's are two
    formula: _Formula
    parameters: tuple
    table: Any                  # array of quantiles, or None
    lower: float
    upper: float
    constant: bool
    target: bool
    missing: str
    imputed: float | None
    outside: str
    if_constant: str
    quantiles: str
    intercept: str | None
    is_global: bool
    imported: bool
    unfit: bool

    def clip(self):
        return self.method.clip(self.options) if self.method.clip else None

    def range_is_known(self):
        return self.lower != -_RANGE_UNKNOWN or self.upper != _RANGE_UNKNOWN


def _read_options(said, method):
    values = []
    for option in method.options:
        if option.kind == "boolean":
            values.append(float(_required(said, option.name, "boolean")))
        elif option.kind == "choice":
            values.append(float(option.choices.index(_required_policy(said, option.name, option.choices))))
        elif option.kind == "interval":
            values += _required_interval(said, option.name)
        else:
            values.append(_required_number(said, option.name))
    _reject_unknown(said, [option.name for option in method.options])
    return tuple(values)


def _read_table(said, key):
    values = _required(said, key, "array")
    if not all(type(value) is float and -_RANGE_UNKNOWN <= value <= _RANGE_UNKNOWN for value in values):
        values = [_number(value) for value in values]
        if None in values:
            _invalid("numbers are expected for key", key)
    return np.array(values, np.float64) + 0.0


_FEATURE_KEYS = ("name", "method", "options", "formula", "parameters", "range", "constant", "target", "missing", "imputed",
                 "outside", "if_constant", "quantiles", "intercept", "global", "imported", "unfit")


def _read_feature(said, named: bool) -> _Feature:
    if not isinstance(said, dict):
        _invalid("an object is expected in", "features")
    _reject_unknown(said, _FEATURE_KEYS)
    name = _required(said, "name", "string" if named else "null")
    if _required(said, "method", "string") not in _METHOD_CODES:
        _invalid("unknown method", said["method"])
    method = _METHODS[_METHOD_CODES[said["method"]] - 1]
    options = _read_options(_required(said, "options", "object"), method)
    if _required(said, "formula", "string") not in _FORMULA_CODES:
        _invalid("unknown formula", said["formula"])
    formula = _FORMULAS[_FORMULA_CODES[said["formula"]]]
    parameters = _required(said, "parameters", "object")
    values = tuple(_required_number(parameters, key) for key in formula.parameters)
    table = _read_table(parameters, formula.table) if formula.table else None
    _reject_unknown(parameters, formula.parameters + (formula.table,))
    limits = -_RANGE_UNKNOWN, _RANGE_UNKNOWN
    if "range" not in said or said["range"] is not None:
        limits = _required_interval(said, "range")
    missing = _required_policy(said, "missing", _MISSING)
    imputed = None
    if missing in _IMPUTING:
        imputed = _required_number(said, "imputed")
    elif "imputed" in said:
        _invalid("nothing is imputed, but there is a key", "imputed")
    return _Feature(
        name, method, options, formula, values, table, *limits, _required(said, "constant", "boolean"),
        _required(said, "target", "boolean"), missing, imputed, _required_policy(said, "outside", _OUTSIDE),
        _required_policy(said, "if_constant", _CONSTANT), _required_policy(said, "quantiles", _QUANTILES),
        _required_policy(said, "intercept", _INTERCEPTS) if "intercept" in said else None,
        _rare_flag(said, "global"), _rare_flag(said, "imported"), _rare_flag(said, "unfit"))


def _option_is_sound(option, values):
    if not all(option.least <= value <= option.greatest for value in values):
        return False
    if option.kind == "interval":
        return values[0] < values[1] or (values[0] == values[1] and not option.strict)
    return option.kind == "number" or values[0] == math.floor(values[0])


def _formula_fits(f: _Feature) -> bool:
    """Return whether a feature of this method may have this formula."""
    usual = f.method.formulas[int(f.options[f.method.decides])] if len(f.method.formulas) > 1 else f.method.formulas[0]
    if f.unfit:
        return f.formula.name == "identity"
    if f.intercept is not None:
        return f.formula.name == "scale_shift" and f.method.shifts
    if f.imported and _is_affine(_FORMULAS[_FORMULA_CODES[usual]]):
        return _is_affine(f.formula)
    if f.imported and f.formula.name in ("yeo_johnson_cast", "norm_l1_in_order", "norm_l2_in_order"):
        return usual == f.formula.name.removesuffix("_cast").removesuffix("_in_order")
    return f.formula.name == usual


def _feature_problem(f: _Feature) -> str | None:
    at = 0
    for option in f.method.options:
        width = 2 if option.kind == "interval" else 1
        last = len(option.choices) - 1 if option.kind == "choice" else option.greatest
        if not _option_is_sound(option._replace(greatest=last), f.options[at:at + width]):
            return "an option of a method is out of range"
        at += width
    if not _formula_fits(f):
        return "the formula does not belong to the method"
    if 0 in [value for name, value in zip(f.formula.parameters, f.parameters) if name == "scale"]:
        return "a scale is zero"
    if f.table is not None:
        if len(f.table) == 0:
            return "a table is empty"
        if (np.diff(f.table) < 0).any():
            return "quantiles are not in ascending order"
        if f.options[0] != len(f.table):
            return "the number of quantiles is not the one its options say"
    if f.unfit and (not f.constant or f.if_constant == "error" or f.intercept is not None):
        return "a feature without parameters contradicts itself"
    if f.is_global and f.imported:
        return "what was imported cannot be global"
    return "a training range is not one" if f.lower > f.upper else None


def _check_names(names):
    for i, name in enumerate(names, 1):
        length = len(name.encode("utf-8"))
        if length == 0:
            raise Error("42602", f"the name of feature {i} is empty")
        if length > _LONGEST_NAME:
            raise Error("42622", f"the name of feature {i} has {length} bytes, more than {_LONGEST_NAME}")
    for name, times in collections.Counter(names).items():
        if times > 1:
            raise Error("42701", f'feature "{name}" is named twice')


def _varint(n: int) -> bytes:
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def _counted(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _doubles(values) -> bytes:
    return np.asarray(values, "<f8").tobytes()


def _feature_bytes(f: _Feature) -> bytes:
    flags = f.constant + 2 * f.target + 4 * f.is_global + 8 * (f.intercept is not None) + 16 * f.imported + 32 * f.unfit
    out = _counted(f.name.encode("utf-8")) if f.name is not None else b""
    out += bytes([_METHOD_CODES[f.method.name], _FORMULA_CODES[f.formula.name], flags, _MISSING.index(f.missing),
                  _OUTSIDE.index(f.outside), _CONSTANT.index(f.if_constant), _QUANTILES.index(f.quantiles)])
    if f.intercept is not None:
        out += bytes([_INTERCEPTS[f.intercept]])
    out += _doubles(f.options) + _doubles(f.parameters)
    if f.table is not None:
        out += _varint(len(f.table)) + _doubles(f.table)
    return out + _doubles((f.lower, f.upper) + (() if f.imputed is None else (f.imputed,)))


def _fingerprint(format_: int, recipe: bytes, digest: bytes | None) -> bytes:
    return hashlib.sha256(b"normfreeze-scaler" + bytes([format_]) + struct.pack("<I", len(recipe)) + recipe +
                          (digest or bytes(32))).digest()


def _id_of(fingerprint: bytes) -> int:
    """Return the id: the first 63 bits of the fingerprint."""
    return int.from_bytes(fingerprint[:8], "big") >> 1


def _check_identity(said, fingerprint):
    expected, number = _required(said, "fingerprint", "string"), _required(said, "scaler_id", "string")
    if expected != fingerprint.hex() or number != str(_id_of(fingerprint)):
        raise Error(_DAMAGED, "damaged scaler: its fingerprint does not match its content",
                    f"It says {expected} (id {number}), its content has {fingerprint.hex()} (id {_id_of(fingerprint)}).",
                    "The text was edited or cut after it was written; fetch it again.")


def _feature_json(f: _Feature) -> str:
    options, values = [], list(f.options)
    for option in f.method.options:
        value = values.pop(0)
        options.append(f'"{option.name}": ' + (
            _boolean(value) if option.kind == "boolean" else
            _string(option.choices[int(value)]) if option.kind == "choice" else
            _numbers((value, values.pop(0))) if option.kind == "interval" else _float_text(value)))
    parameters = [f'"{name}": {_float_text(value)}' for name, value in zip(f.formula.parameters, f.parameters)]
    if f.table is not None:
        parameters.append(f'"{f.formula.table}": {_numbers(f.table)}')
    limits = _numbers((f.lower, f.upper)) if f.range_is_known() else "null"
    parts = [f'"name": {_string(f.name)}', f'"method": "{f.method.name}"', f'"options": {{{", ".join(options)}}}',
             f'"formula": "{f.formula.name}"', f'"parameters": {{{", ".join(parameters)}}}', f'"range": {limits}',
             f'"constant": {_boolean(f.constant)}', f'"target": {_boolean(f.target)}', f'"missing": "{f.missing}"']
    if f.imputed is not None:
        parts.append(f'"imputed": {_float_text(f.imputed)}')
    parts += [f'"outside": "{f.outside}"', f'"if_constant": "{f.if_constant}"', f'"quantiles": "{f.quantiles}"']
    # what is rare is said only where it is so
    if f.intercept is not None:
        parts.append(f'"intercept": "{f.intercept}"')
    parts += ['"global": true'] * f.is_global + ['"imported": true'] * f.imported + ['"unfit": true'] * f.unfit
    return "{" + ", ".join(parts) + "}"


def _read_probe(said, key, width):
    """Return rows of probes: their values, and which of them are null."""
    rows = _required(said, key, "array")
    special = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
    values = np.full((len(rows), width), math.nan)
    nulls = np.zeros((len(rows), width), bool)
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            _invalid("an array with a value for each feature is expected in", key)
        for k, value in enumerate(row):
            nulls[i, k] = value is None
            number = math.nan if value is None else special.get(value) if isinstance(value, str) else _number(value)
            if number is None:
                _invalid("a number is expected in", key)
            values[i, k] = number
    return values, nulls


def _probe_json(values, nulls):
    def text(value, null):
        shown = _float_text(value)
        return "null" if null else shown if math.isfinite(value) else f'"{shown}"'

    return "[" + ", ".join("[" + ", ".join(map(text, *row)) + "]" for row in zip(values, nulls)) + "]"


# ---- columns ----

#
# What is NULL, None, NA or masked is missing; NaN is a value.  No library is
# imported here: of what belongs to one, its own methods are called.


class _Column:
    """
    Numbers of any number of dimensions, of a single value none.  They are read as float64, some rows at a time, and not to be
    written to: they may be the user's own memory.
    """

    shape: tuple[int, ...]

    def rows(self, rows: slice) -> _Column:
        """Return some of its rows."""
        raise NotImplementedError

    def floats(self, single: bool = False) -> np.ndarray:
        """Return the values as float64, with NaN for what is missing.  With `single`, float32 stays float32."""
        raise NotImplementedError

    @property
    def missing(self) -> np.ndarray | None:
        """Which values are missing; None if none is."""
        raise NotImplementedError


class _ArrayColumn(_Column):
    """
    An array of any numeric type, as it lies in memory.  What is missing may be a function that finds it.  `filled` says that
    the values are NaN there already.
    """

    def __init__(self, values: np.ndarray, missing: np.ndarray | Callable[[], np.ndarray] | None = None, filled: bool = False):
        self.values, self._missing, self._filled = values, missing, filled
        self.shape = values.shape

    def rows(self, rows: slice | tuple) -> _ArrayColumn:
        """Also takes other parts of an array."""
        missing = self._missing
        part = missing[rows] if isinstance(missing, np.ndarray) else missing and (lambda: missing()[rows])
        return _ArrayColumn(self.values[rows], part, self._filled)

    def floats(self, single: bool = False) -> np.ndarray:
        kind = np.float32 if single and self.values.dtype == np.float32 else np.float64
        if self._missing is None or self._filled:
            return self.values.astype(kind, copy=False)
        floats = self.values.astype(kind)
        floats[self.missing] = np.nan
        return floats

    @property
    def missing(self) -> np.ndarray | None:
        if callable(self._missing):
            self._missing = self._missing()
        return self._missing


class _ForeignColumn(_Column):
    """Something else that can be sliced: `convert` makes an array of it, `find_missing` says what is missing in it."""

    def __init__(self, source: Any, convert: Callable[[Any], np.ndarray], find_missing: Callable[[Any], np.ndarray | None]):
        self._source, self._convert, self._find_missing = source, convert, find_missing
        self.shape = (len(source),)

    def rows(self, rows: slice) -> _ForeignColumn:
        return _ForeignColumn(self._source[rows], self._convert, self._find_missing)

    def floats(self, single: bool = False) -> np.ndarray:
        return self._convert(self._source)

    @property
    def missing(self) -> np.ndarray | None:
        missing = self._find_missing(self._source)
        return None if missing is None or not missing.any() else missing


def _refuse_type(label: str, kind: object) -> NoReturn:
    raise Error("42804", f"{label} is of type {kind}, and a feature must be numeric or boolean",
                hint="Convert the column, or leave it out.")


def _refuse_number(label: str, value: object) -> NoReturn:
    raise Error("22003", f"{label} has a number that is out of range for float64", f"It is {value}.")


# ---- objects ----

# what astype() converts as float() does, besides None, which becomes NaN
_PLAIN_TYPES = {float, int, bool, type(None), np.bool_, np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64,
                np.uint8, np.uint16, np.uint32, np.uint64}


def _is_missing(value: object) -> bool:
    return value is None or type(value).__name__ == "NAType"


def _object_number(value: Any, label: str) -> float:
    if _is_missing(value):
        return math.nan
    if not isinstance(value, (numbers.Real, decimal.Decimal, np.bool_)):
        _refuse_type(label, type(value).__name__)
    if isinstance(value, decimal.Decimal) and value.is_nan():
        return math.nan
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number) and value != number:
        _refuse_number(label, value)
    return number


def _column_of_objects(values: np.ndarray, label: str) -> _ArrayColumn:
    flat = values.ravel().tolist()
    types = set(map(type, flat))
    missing = None
    if not types <= _PLAIN_TYPES - {type(None)}:
        missing = np.array([_is_missing(value) for value in flat], bool).reshape(values.shape)
        if not types <= _PLAIN_TYPES:
            values = np.where(missing, None, values)
            types = {kind for kind in types if kind.__name__ != "NAType"}
    if types <= _PLAIN_TYPES:
        try:
            return _ArrayColumn(values.astype(np.float64), missing, True)
        except OverflowError:       # the number is named below
            pass
    floats = np.array([_object_number(value, label) for value in flat], np.float64)
    return _ArrayColumn(floats.reshape(values.shape), missing, True)


# ---- numpy ----

def _column_of_array(values: Any, label: str) -> _ArrayColumn:
    missing = None
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        missing = np.ma.getmaskarray(values)
    values = np.asarray(values)
    if values.dtype.kind == "O":
        if missing is not None:
            values = np.where(missing, None, values)
        return _column_of_objects(values, label)
    if values.dtype.kind not in "fiub":
        _refuse_type(label, values.dtype)
    if not values.dtype.isnative:
        values = values.astype(values.dtype.newbyteorder("="))
    if values.dtype.kind == "f" and values.dtype.itemsize > 8:
        with np.errstate(over="ignore"):
            floats = values.astype(np.float64)
        beyond = np.isinf(floats) & ~np.isinf(values) & (True if missing is None else ~missing)
        if beyond.any():
            _refuse_number(label, values[beyond][0])
        values = floats
    return _ArrayColumn(values, missing)


# ---- pyarrow ----

_ARROW_TYPES = {"halffloat": np.float16, "float": np.float32, "double": np.float64} | {
    kind.__name__: kind for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)}


def _bits(buffer: Any, start: int, count: int) -> np.ndarray:
    skipped = start // 8
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8, offset=skipped)[:(start % 8 + count + 7) // 8], bitorder="little")
    return bits[start % 8:start % 8 + count].view(bool)


def _scaled_integers(words: np.ndarray, scale: int) -> np.ndarray:
    """
    Return integers times 10 to the -scale, rounded once.  They are rows of int64, the lowest word first, as decimals of Arrow
    are.
    """
    low = words[:, 0]
    with np.errstate(all="ignore"):
        # a whole number below 2^53 and a power of ten up to 10^22 are float64 themselves: only the division rounds
        floats = low.astype(np.float64) / float(10 ** min(max(scale, 0), 22))
    simple = (low > -2 ** 53) & (low < 2 ** 53) & (words[:, 1:] == (low >> 63)[:, None]).all(axis=1)
    for at in np.flatnonzero(~simple) if 0 <= scale <= 22 else range(len(low)):
        floats[at] = float(f"{int.from_bytes(words[at].tobytes(), 'little', signed=True)}e{-scale}")
    return floats


def _arrow_values(chunk: Any, kind: str) -> np.ndarray:
    data, start, count = chunk.buffers()[1], chunk.offset, len(chunk)
    if kind == "bool":
        return _bits(data, start, count)
    if kind in _ARROW_TYPES:
        size = np.dtype(_ARROW_TYPES[kind]).itemsize
        return np.frombuffer(data, _ARROW_TYPES[kind], count, start * size)
    bits = int(kind.split("(")[0].removeprefix("decimal"))
    if bits < 64:
        words = np.frombuffer(data, np.int32, count, start * 4).astype(np.int64)
    else:
        words = np.frombuffer(data, np.int64, count * (bits // 64), start * (bits // 8))
    return _scaled_integers(words.reshape(count, -1), chunk.type.scale)


def _is_arrow_number(kind: str) -> bool:
    return kind in _ARROW_TYPES or kind == "bool" or kind.startswith("decimal")


def _column_of_chunk(chunk: Any, label: str) -> _ArrayColumn:
    """Of an Array of pyarrow."""
    while hasattr(chunk, "storage"):
        chunk = chunk.storage
    if hasattr(chunk, "dictionary_decode"):
        chunk = chunk.dictionary_decode()
    kind, count = str(chunk.type), len(chunk)
    if kind.startswith("run_end_encoded"):
        return _column_of_objects(np.array(chunk.to_pylist(), object), label)
    if kind == "null":
        return _ArrayColumn(np.full(count, np.nan), np.ones(count, bool), True)
    if not _is_arrow_number(kind):
        _refuse_type(label, kind)
    if count == 0:
        return _ArrayColumn(np.zeros(0))
    missing = ~_bits(chunk.buffers()[0], chunk.offset, count) if chunk.null_count else None
    return _ArrayColumn(_arrow_values(chunk, kind), missing)


def _column_of_arrow(column: Any, label: str) -> _Column:
    """Of an Array or a ChunkedArray of pyarrow."""
    def parts(source: Any) -> list[_ArrayColumn]:
        return [_column_of_chunk(chunk, label) for chunk in getattr(source, "chunks", [source])]

    def floats(source: Any) -> np.ndarray:
        found = [part.floats() for part in parts(source)]
        return found[0] if len(found) == 1 else np.concatenate([np.zeros(0), *found])

    def missing(source: Any) -> np.ndarray:
        return np.concatenate([np.zeros(0, bool), *(np.zeros(part.shape, bool) if part.missing is None else part.missing
                                                    for part in parts(source))])

    parts(column[:0])       # is it of a type for numbers at all?
    chunks = getattr(column, "chunks", [column])
    if len(chunks) == 1 and str(column.type) in _ARROW_TYPES:
        return _column_of_chunk(chunks[0], label)       # nothing is copied
    return _ForeignColumn(column, floats, missing)


# ---- pandas and polars ----

def _column_of_pandas(column: Any, label: str) -> _Column:
    """Of a Series."""
    kind = column.dtype
    if isinstance(kind, np.dtype):
        return _column_of_array(column.to_numpy(), label)
    if hasattr(kind, "pyarrow_dtype"):
        return _column_of_arrow(column.array.__arrow_array__(), label)
    if str(kind) == "category" or kind.kind in "mM":
        _refuse_type(label, kind)
    if kind.kind not in "fiub":
        return _column_of_array(column.to_numpy(), label)
    if type(kind).__module__.split(".")[0] == "pandas":
        return _ForeignColumn(column.array, lambda array: array.to_numpy(np.float64, na_value=np.nan),
                              lambda array: np.asarray(array.isna()))
    return _column_of_array(column.to_numpy(object, na_value=None), label)


_POLARS_TYPES = {"Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"}    # numpy has them


def _is_polars_number(kind: str) -> bool:
    return kind in _POLARS_TYPES or kind in ("Boolean", "Float16", "Int128", "UInt128")


def _column_of_polars(column: Any, label: str, filled: Any = None) -> _Column:
    """Of a Series.  `filled` is the same as Float64 with NaN instead of nulls, if that is known already."""
    kind = str(column.dtype)
    if kind.startswith("Decimal"):
        # its integers fit into int64 mostly
        whole = column.to_physical().cast(int, strict=False)
        if whole.null_count() == column.null_count():
            values = _scaled_integers(whole.fill_null(0).to_numpy().reshape(-1, 1), column.dtype.scale)
            return _ArrayColumn(values, column.is_null().to_numpy() if column.null_count() else None)
    if kind.startswith("Decimal") or kind in ("Object", "Null"):
        return _column_of_objects(np.array(column.to_list(), object), label)
    if not _is_polars_number(kind):
        _refuse_type(label, kind)
    if kind in _POLARS_TYPES and not column.null_count():
        return _ArrayColumn(column.to_numpy())
    if filled is None:
        filled = column.cast(float).fill_null(np.nan)
    return _ArrayColumn(filled.to_numpy(), (lambda: column.is_null().to_numpy()) if column.null_count() else None, True)


def _columns_of_polars(frame: Any, places: list, labels: list) -> list[_Column]:
    """Of a DataFrame; its nulls are replaced at once."""
    columns = [frame.to_series(at) for at in places]
    with_nulls = [column.name for column in columns if column.null_count() and _is_polars_number(str(column.dtype))]
    filled = frame.select(with_nulls).cast(float).fill_null(np.nan) if with_nulls else None
    return [_column_of_polars(column, label, filled.get_column(column.name) if filled is not None and column.name in with_nulls else None)
            for column, label in zip(columns, labels)]


def _column_of(column: Any, label: str) -> _Column:
    """Return a column of any kind of frame, a list, or a single value, as numbers.  `label` names it in errors."""
    if hasattr(column, "iloc"):
        return _column_of_pandas(column, label)
    if hasattr(column, "to_physical"):
        return _column_of_polars(column, label)
    if hasattr(column, "null_count") and hasattr(column, "buffers") or hasattr(column, "chunks"):
        return _column_of_arrow(column, label)
    if isinstance(column, (list, tuple)):
        column = np.array(column, object)
    return _column_of_array(column, label)


# ---- input ----

_SMALL = 1 << 12            # values of a frame of pandas that are taken all at once: fewer calls
_FEW_ROWS = 1 << 10         # a frame of less is made an array first


class _Frame(NamedTuple):
    """A frame: what it is called where, and a function that returns a column by its place in `names`."""

    names: list
    get: Callable[[int], Any]


def _read_names(x: Any) -> _Frame | None:
    """Return a frame's columns, or a row's values, in their order; None if x is not a frame."""
    if isinstance(x, collections.abc.Mapping):
        names = list(x)
        return _Frame(names, lambda at: x[names[at]])
    if isinstance(x, (np.ndarray, np.void)) and x.dtype.names is not None:
        names = list(x.dtype.names)
        return _Frame(names, lambda at: x[names[at]])
    if isinstance(x, np.ndarray):
        return None
    if hasattr(x, "collect_schema") and hasattr(x, "collect"):
        raise Error("42804", "a lazy frame has no values", hint="Pass frame.collect().")
    if _is_pandas(x):
        return _Frame(x.columns.tolist(), lambda at: x.iloc[:, at])
    if _is_polars(x):
        return _Frame(list(x.columns), lambda at: x.to_series(at))
    if hasattr(x, "schema") and hasattr(x, "column"):       # pyarrow
        return _Frame(list(x.schema.names), x.column)
    if _is_pandas_row(x):
        return _Frame(x.index.tolist(), lambda at: x.iloc[at])
    return None


def _is_pandas(x: Any) -> bool:
    return hasattr(x, "columns") and hasattr(x, "loc")


def _is_polars(x: Any) -> bool:
    return hasattr(x, "columns") and hasattr(x, "get_column")


def _is_pandas_row(x: Any) -> bool:
    return hasattr(x, "index") and hasattr(x, "iloc")


def _columns_of(x: Any, frame: _Frame, places: list) -> list[_Column]:
    """Return columns of a frame, which errors call by their names."""
    labels = [f'column "{frame.names[at]}"' for at in places]
    if _is_polars(x):
        return _columns_of_polars(x, places, labels)
    if _is_pandas(x):
        if len(x) * len(frame.names) <= _SMALL:
            return _small_columns(x, places, labels)
        if len(places) > 1:
            # Series by Series this is faster than to ask for each by its place
            found = dict.fromkeys(places)
            for at, (_, column) in enumerate(x.items()):
                if at in found:
                    found[at] = column
            return [_column_of(found[at], label) for at, label in zip(places, labels)]
    if _is_pandas_row(x):
        return _columns_of_objects(x.to_numpy(object), places, labels)
    return [_column_of(frame.get(at), label) for at, label in zip(places, labels)]


def _small_columns(x: Any, places: list, labels: list) -> list[_Column]:
    """Return columns of a DataFrame of pandas of few values."""
    types = list(x.dtypes)
    for at, label in zip(places, labels):
        if str(types[at]) == "category" or types[at].kind in "mMc":
            _refuse_type(label, types[at])
    return _columns_of_objects(x.to_numpy(object), places, labels)


def _columns_of_objects(values: np.ndarray, places: list, labels: list) -> list[_Column]:
    """Return columns of an array of objects, or values of one row of it."""
    try:
        together = _column_of_array(values[..., places], "the frame")
    except Error:           # the column is named below
        return [_column_of_array(values[..., at], label) for at, label in zip(places, labels)]
    return [together.rows((..., i)) for i in range(len(places))]


def _list_of(names):
    shown = [str(name) for name in names[:20]] + ["..."] * (len(names) > 20)
    return ", ".join(shown)


# ---- rows by features ----

class _Rows:
    """
    The rows to transform, by features: one table of two dimensions, or a column for each feature, each as it lies in memory.
    `finish` gives a result, rows by features, the form that it is to have.
    """

    def __init__(self, table: _ArrayColumn | None, columns: list[_Column], single: bool, finish: Callable[[np.ndarray], Any]):
        """With `single`, float32 stays float32."""
        self._table, self._columns, self.finish = table, columns, finish
        if table is not None:
            self.shape = table.shape
            kind = table.values.dtype
        else:
            self.shape = (*columns[0].shape, len(columns))
            kind = getattr(columns[0], "values", np.zeros(0)).dtype
        self.dtype = np.dtype(np.float32 if single and kind == np.float32 else np.float64)
        # of many rows each column is read by itself, and its results are written to be so
        self.by_columns = table is None and self.shape[0] >= _FEW_ROWS

    @classmethod
    def of_array(cls, values: np.ndarray) -> _Rows:
        """Of floats, rows by features."""
        return cls(_ArrayColumn(values), [], True, lambda y: y)

    def empty(self) -> np.ndarray:
        """Return an array for results."""
        return np.empty(self.shape[::-1], self.dtype).T if self.by_columns else np.empty(self.shape, self.dtype)

    def read(self, rows: slice, slots: slice) -> np.ndarray:
        """Return some rows of some features, with NaN for what is missing: not to be written to."""
        single = self.dtype == np.float32
        if self._table is not None:
            return self._table.rows((rows, slots)).floats(single)
        parts = [column.rows(rows).floats(single) for column in self._columns[slots]]
        return parts[0][:, None] if len(parts) == 1 else np.stack(parts).T

    def all(self) -> np.ndarray:
        return self.read(slice(None), slice(None))


def _find_places(owner: Any, frame: _Frame) -> list:
    """Return where in a frame the features are."""
    wanted = owner.feature_names
    if wanted is None:
        raise Error("42804", f"scaler {owner.scaler_id} was fitted on arrays, and its features have no names to match a "
                    "frame by", hint='Pass an array, or fit with option "names".')
    names = frame.names
    places = {name: at for at, name in enumerate(names) if isinstance(name, str)}
    for name in wanted:
        if name not in places:
            several = any(isinstance(other, tuple) for other in names)
            raise Error("42703", f'the frame has no column "{name}", which is a feature',
                        f"The frame's columns are: {_list_of(names)}.",
                        "Its columns have names of several levels: join them, as by frame.columns.map('_'.join)." if several else
                        "Features are matched by name, whatever their order; rename the column.")
    if len(places) < len(names):
        times = collections.Counter(name for name in names if isinstance(name, str))
        for name in wanted:
            if times[name] > 1:
                raise Error("42701", f'the frame has {times[name]} columns "{name}", which is a feature')
    return [places[name] for name in wanted]


def _read_frame(owner: Any, x: Any, frame: _Frame) -> _Rows:
    wanted = owner.feature_names
    columns = _columns_of(x, frame, _find_places(owner, frame))
    shapes = {column.shape for column in columns}
    if len(shapes) > 1 or len(min(shapes)) > 1:
        raise Error("2202E", "the columns have different lengths, or more than one dimension",
                    "; ".join(f'"{name}" has shape {column.shape}' for name, column in zip(wanted[:20], columns)) + ".")
    if shapes == {()}:
        row = np.array([[column.floats() for column in columns]], np.float64)
        return _Rows(_ArrayColumn(row), [], False, lambda y: y[0])
    return _Rows(None, columns, False, lambda y: y)


def _read_array(owner: Any, x: Any) -> _Rows:
    if hasattr(x, "get_column") or type(x).__name__ in ("Series", "DataFrame"):
        raise Error("42804", f"cannot match features by name in a {type(x).__module__}.{type(x).__name__}",
                    hint="Pass a frame, or an array by position.")
    array = _column_of_array(x if hasattr(x, "dtype") else np.asarray(_plain(x)), "the array")
    shape = array.shape
    if len(shape) not in (1, 2):
        raise Error("2202E", f"features must be an array of one or two dimensions, not of {len(shape)}",
                    hint="Pass one row of features, or rows by features.")
    if shape[-1] != owner._width:
        raise Error("2202E", f"scaler {owner.scaler_id} expects {owner._width} features, the array has {shape[-1]}",
                    hint=owner.feature_names and f"They are, in this order: {_list_of(owner.feature_names)}.")
    if len(shape) == 1:
        return _Rows(array.rows((None,)), [], True, lambda y: y[0])
    if array.values.flags.fnc:          # its columns lie one after the other
        return _Rows(None, [array.rows((..., i)) for i in range(shape[1])], True, lambda y: y)
    return _Rows(array, [], True, lambda y: y)


def _plain(x: Any) -> Any:
    """Return lists as an array of objects, so that numpy does not turn a number among strings into a string."""
    if not isinstance(x, (list, tuple)):
        return x
    lengths = {len(row) for row in x if isinstance(row, (list, tuple))}
    if len(lengths) > 1:
        raise Error("2202E", "the rows have different lengths", f"They are {min(lengths)} and {max(lengths)} among others.")
    return np.array(x, object)


def _read_rows(owner: Any, x: Any) -> _Rows:
    frame = _read_names(x)
    return _read_array(owner, x) if frame is None else _read_frame(owner, x, frame)


def _check_environment() -> None:
    """
    Fail unless the rounding mode is the default one and subnormal numbers are not flushed to zero: another library may
    have changed that.
    """
    least, one, unit = np.array([5e-324]), np.array([1.0, -1.0]), np.array([2.0 ** -53, -(2.0 ** -53)])
    if not ((least * 1.0 > 0).all() and (one + unit == one).all() and (one + 1.5 * unit != one).all()):
        raise Error("55000", "the floating-point environment of this process is not the default one",
                    hint="Find the library that changes it; results would have other bits.")


# ---- output ----

_OUTPUTS = ("default", "numpy", "pandas", "polars", "pyarrow")


def _check_output(kind: str | None) -> str | None:
    if kind is not None and kind not in _OUTPUTS:
        raise Error("22023", f"unknown kind of output {kind!r}", hint=f"It may be {', '.join(_OUTPUTS)}.")
    return kind


def _configured_output() -> str | None:
    """Return what sklearn.set_config(transform_output=...) says, where scikit-learn is used at all."""
    if "sklearn" not in sys.modules:
        return None
    return sys.modules["sklearn"].get_config().get("transform_output")


def _as_output(x: Any, names: list, y: np.ndarray, kind: str | None) -> Any:
    """
    Return a result, of rows by features or of one row, in a kind of output.  The default is that of x, for frames of pandas
    and polars; everything else gives arrays.
    """
    of_pandas = _is_pandas(x)
    if y.ndim == 1:
        return type(x)(y, index=names, name=x.name) if _is_pandas_row(x) and not of_pandas and kind != "numpy" else y
    if kind in (None, "default"):
        if of_pandas:
            return type(x)(y, index=x.index, columns=names, copy=False)     # y belongs to nobody else
        if _is_polars(x):
            return type(x)(_arrays_by_name(names, y))
        return y
    if kind == "numpy":
        return y
    if kind == "pandas":
        import pandas

        return pandas.DataFrame(y, columns=names, index=x.index if of_pandas else None, copy=False)
    if kind == "polars":
        import polars

        return polars.DataFrame(_arrays_by_name(names, y))
    import pyarrow

    return pyarrow.table(_arrays_by_name(names, y))


def _arrays_by_name(names: list, y: np.ndarray) -> dict:
    return {name: np.ascontiguousarray(y[:, i]) for i, name in enumerate(names)}


# ---- scalers ----

class _Refused(Exception):
    """A policy refuses a value."""

    def __init__(self, row, slot, value):
        self.row, self.slot, self.value = row, slot, value


class _Slots:
    """A recipe prepared for arrays: first the features that rows must have, then the targets."""

    def __init__(self, features):
        self.features = [f for f in features if not f.target] + [f for f in features if f.target]
        self.width = sum(not f.target for f in features)
        by_formula = collections.defaultdict(list)
        for slot in range(self.width):
            by_formula[self.features[slot].formula.name].append(slot)
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
        self.inverse_is_null = self.becomes_null & np.array([x.unfit for x in f])

    def group(self, slots):
        """Return the formula that some slots share, where the slots are, and their parameters and tables."""
        features = [self.features[slot] for slot in slots]
        where = slice(slots[0], slots[-1] + 1) if slots == list(range(slots[0], slots[-1] + 1)) else slots
        parameters = [np.array(values) for values in zip(*(f.parameters for f in features))]
        return features[0].formula, where, parameters, [f.table for f in features]

    def single(self, slot):
        """Return the one group of a slot by itself."""
        return [(*self.group([slot])[:1], slice(0, 1), *self.group([slot])[2:])]

    @staticmethod
    def run(groups, x, inverse, out):
        """Write what the formulas of some groups make of x, of their slots, to out."""
        for formula, where, parameters, tables in groups:
            if isinstance(where, slice):
                _run_formula(formula, x[:, where], parameters, tables, inverse, out[:, where])
            else:
                y = np.empty((len(x), len(where)), x.dtype)
                _run_formula(formula, x[:, where], parameters, tables, inverse, y)
                out[:, where] = y


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
        if transform is not None:
            self._output = _check_output(transform)
        return self

    def transform(self, x, feature: str | None = None, output: str | None = None):
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

    def inverse_transform(self, x, feature: str | None = None, output: str | None = None):
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
        if output is None and not inverse:
            output = self._output or _configured_output()
        y = rows.finish(self._transform_rows(rows, inverse))
        return _as_output(x, list(self.get_feature_names_out()), y, _check_output(output))

    def _label(self, slot):
        f = self._slots.features[slot]
        return f'"{f.name}"' if f.name is not None else f"feature {slot + 1}"

    def _transform_rows(self, rows, inverse, nulls=None):
        """
        Return rows by features, transformed or back.  `nulls` says which values are NULL, and is changed to which results
        are.
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
                self._refuse(refused, start)

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
                    end, first = start + refused.row, refused
                    break
        if first:
            self._refuse(first, end - first.row)

    def _transform_block(self, x, slots, groups, inverse, out, nulls=None):
        """Write what becomes of x, values of some slots, to out."""
        if inverse:
            self._slots.run(groups, x, True, out)
            out[:, self._slots.inverse_is_null[slots]] = np.nan     # nothing can be inverted there
        else:
            self._slots.run(groups, self._prepare(x, slots, nulls), False, out)
            self._finish(out, slots, nulls)

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
                    self._refuse(refused, start)
        return y.reshape(x.shape)[()]

    # -- policies (src/core/scaler/transform.c): missing, outside the training range, formula, clipping, constant --

    def _prepare(self, x, slots, nulls=None):
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

    def _refuse(self, refused, first_row):
        f, value = self._slots.features[refused.slot], refused.value
        row = first_row + refused.row
        label = self._label(refused.slot)
        if np.isnan(value):
            raise Error("22004", f"{label} is missing, which scaler {self.scaler_id} refuses",
                        f"It is so in row {row}, counted from 0.", 'It was fitted with {"missing": "error"}.')
        raise Error("22003", f"{label} is {_float_text(value)}, outside the training range of scaler "
                    f"{self.scaler_id}", f"The range is {_float_text(f.lower)} to {_float_text(f.upper)}; the value is in "
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


# ---- sets of scalers by key (src/pg/scaler/scaler_set.h) ----

def _merkle_root(leaves):
    """Return the root of a Merkle tree: pairs are hashed together, an odd one moves up as it is (src/pg/scaler/merkle.c)."""
    while len(leaves) > 1:
        pairs = [hashlib.sha256(b"\1" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) // 2 * 2:]
    return leaves[0]


def _key_label(key):
    return key.encode("utf-8")[:100].decode("utf-8", "ignore")


class ScalerSet(_Common, format=2):
    """Scalers by key: one of a customer, a country, ... `keys` are in the order of their bytes."""

    def __init__(self, said: dict):
        """Use Scaler.from_json()."""
        _reject_unknown(said, ("format", "scaler_id", "fingerprint", "unseen", "fallback_fingerprint", "fallback", "named",
                               "features", "keys", "root", "members"))
        self._unseen = _required_policy(said, "unseen", _UNSEEN)
        self._fallback = fallback = None
        if self._unseen == "fallback":
            fallback = _required_digest(said, "fallback_fingerprint")
        elif "fallback" in said or "fallback_fingerprint" in said:
            _invalid("there is a fallback, but another policy in key", "unseen")
        self._read_features(said)
        count = _required_number(said, "keys")
        if not (1 <= count < 2 ** 31 and count == math.floor(count)):
            _invalid("a number is out of range for key", "keys")
        root = _required_digest(said, "root")
        if "members" in said:
            self._read_members(said, int(count))
            if self._root() != root:
                _invalid("the members do not have the digest in key", "root")
            if fallback and self._fallback.fingerprint != fallback.hex():
                _invalid("the fallback does not have the digest in key", "fallback_fingerprint")
        elif "fallback" in said:
            _invalid("there is a fallback, but without the key", "members")
        self._set_identity(self._compute_fingerprint(int(count), root, fallback))
        _check_identity(said, bytes.fromhex(self.fingerprint))
        if self._named:
            _check_names([name for name, _ in self._features])
        if "members" not in said:
            raise Error("55000", f"the members of scaler {self.scaler_id}, a bare set, are not in the value",
                        hint="Export the set with its members: the value that by_key() made, as it was frozen; or export "
                        "one of them, normfreeze.scaler(normfreeze.member(id, key)).")
        self._check_members()

    def _read_features(self, said):
        self._named = _required(said, "named", "boolean")
        nodes = _required(said, "features", "array")
        if not 1 <= len(nodes) <= _MOST_FEATURES:
            _invalid("too few or too many values for key", "features")
        self._features = []
        for node in nodes:
            if not isinstance(node, dict):
                _invalid("an object is expected in", "features")
            _reject_unknown(node, ("name", "target"))
            self._features.append((_required(node, "name", "string" if self._named else "null"),
                                   _required(node, "target", "boolean")))
        targets = sum(target for _, target in self._features)
        if targets and (targets == len(self._features) or not self._named):
            raise Error(_DAMAGED, "invalid set of scalers: impossible targets")
        self._width = len(self._features) - targets
        self.feature_names = [name for name, target in self._features if not target] if self._named else None

    def _read_member(self, said):
        if said.get("format") == 2:
            raise Error(_DAMAGED, "invalid set of scalers: one of its members is a set itself")
        if _required(said, "format", "number") != 1:
            raise Error(_INVALID, f"invalid scaler: unknown format {said['format']}",
                        hint="This version of normfreeze reads formats 1 and 2.")
        return Scaler(said)

    def _read_members(self, said, count):
        nodes = _required(said, "members", "array")
        if len(nodes) != count:
            _invalid('another number than "keys" says for key', "members")
        if self._unseen == "fallback":
            self._fallback = self._read_member(_required(said, "fallback", "object"))
        members = {}
        for node in nodes:
            if not isinstance(node, dict):
                _invalid("an object is expected in", "members")
            _reject_unknown(node, ("key", "scaler"))
            key = _required(node, "key", "string")
            if key in members:
                raise Error("21000", f'key "{_key_label(key)}" has several scalers',
                            hint="GROUP BY the key, so that each has one.")
            members[key] = self._read_member(_required(node, "scaler", "object"))
        self._members = dict(sorted(members.items(), key=lambda item: item[0].encode("utf-8")))

    def _check_members(self):
        for member in filter(None, [self._fallback, *self._members.values()]):
            if member._named != self._named or [(f.name, f.target) for f in member._features] != self._features:
                raise Error(_DAMAGED, "invalid set of scalers: one of its members has other features")
        for key in self._members:
            if not 1 <= len(key.encode("utf-8")) <= _LONGEST_KEY:
                raise Error(_DAMAGED, "invalid set of scalers: a key has an impossible length")

    def _root(self):
        return _merkle_root([hashlib.sha256(b"\0" + _counted(key.encode("utf-8")) + member._compute_fingerprint()).digest()
                             for key, member in self._members.items()])

    def _compute_fingerprint(self, count, root, fallback):
        recipe = bytes([1, _UNSEEN.index(self._unseen)]) + (fallback or b"")
        recipe += bytes([self._named]) + _varint(len(self._features))
        for name, target in self._features:
            recipe += (_counted(name.encode("utf-8")) if self._named else b"") + bytes([target])
        return _fingerprint(2, recipe + _varint(count) + root, None)

    from_json = staticmethod(Scaler.from_json)

    # -- what it is --

    @property
    def keys(self) -> list:
        return list(self._members)

    def __len__(self):
        return len(self._members)

    def __repr__(self):
        return f"<normfreeze.ScalerSet {self.scaler_id} of {len(self)} keys, {self._width} features>"

    def to_json(self) -> str:
        """The canonical text, as the database writes it."""
        features = ", ".join(f'{{"name": {_string(name)}, "target": {_boolean(target)}}}' for name, target in self._features)
        members = ", ".join(f'{{"key": {_string(key)}, "scaler": {member.to_json()}}}'
                            for key, member in self._members.items())
        fallback = self._fallback
        return (f'{{"format": 2, "scaler_id": "{self.scaler_id}", "fingerprint": "{self.fingerprint}", '
                f'"unseen": "{self._unseen}"' +
                (f', "fallback_fingerprint": "{fallback.fingerprint}"' if fallback else "") +
                f', "named": {_boolean(self._named)}, "features": [{features}], "keys": {len(self)}, '
                f'"root": "{self._root().hex()}"' + (f', "fallback": {fallback.to_json()}' if fallback else "") +
                f', "members": [{members}]}}')

    def verify(self) -> ScalerSet:
        """
        Recompute every fingerprint and that of the set, over all keys, and run the probes.  Return the set itself, or raise
        Error, which says what differs.
        """
        for member in [*self._members.values(), *filter(None, [self._fallback])]:
            member.verify()
        fallback = self._fallback and self._fallback._compute_fingerprint()
        computed = self._compute_fingerprint(len(self), self._root(), fallback)
        if computed.hex() != self.fingerprint:
            raise Error(_DAMAGED, "damaged scaler: its fingerprint does not match its content",
                        f"It was {self.fingerprint}, its content has {computed.hex()}.")
        return self

    # -- applying --

    def member(self, key: str | None) -> Scaler | None:
        """
        Return the scaler of a key.  For None, and for a key that the set does not have, its policy decides: Error, None or
        the fallback.
        """
        if key is not None and not isinstance(key, str):
            raise Error("42804", f"a key is text, not of type {type(key).__name__}", hint="Convert it with str().")
        if key in self._members:
            return self._members[key]
        if self._unseen != "error":
            return self._fallback
        raise Error("42704", f"the key for scaler {self.scaler_id} is NULL" if key is None else
                    f'scaler {self.scaler_id} has no key "{_key_label(key)}"',
                    hint="It was made to refuse keys that it does not have; by_key(key, scaler, 'null') and "
                    "by_key(key, scaler, fallback) make other sets.")

    def transform(self, x, keys, feature: str | None = None, output: str | None = None):
        """
        Return what normalize_by_key() returns.  x and `output` are as in Scaler.transform().  `keys` has one key for each
        row, or is the name of a frame's column that has them, or one string for all rows of an array.  A row whose key has
        no scaler, where member() returns None, is NaN.
        """
        return self._apply(x, keys, feature, False, output)

    def inverse_transform(self, x, keys, feature: str | None = None, output: str | None = None):
        """Return what denormalize_by_key() returns."""
        return self._apply(x, keys, feature, True, output)

    def _apply(self, x, keys, feature, inverse, output):
        _check_environment()
        if feature is not None:
            floats = _column_of(x, f'column "{feature}"').floats()
            return self._by_key(floats.reshape(-1, 1), keys, feature, inverse).reshape(floats.shape)[()]
        rows = _read_rows(self, x)
        y = rows.finish(self._by_key(rows.all(), self._key_column(x, keys), None, inverse))
        if output is None and not inverse:
            output = _configured_output()
        return _as_output(x, list(self.feature_names or [f"x{i}" for i in range(self._width)]), y, _check_output(output))

    def _by_key(self, x, keys, feature, inverse):
        y = np.full_like(x, np.nan)
        for key, where in self._rows_of_keys(keys, len(y)).items():
            member = self.member(key)
            if member is None:
                continue
            try:
                if feature is not None:
                    y[where] = member._one_feature(x[where], feature, inverse)
                else:
                    y[where] = member._transform_rows(_Rows.of_array(x[where]), inverse)
            except Error as error:
                shown = "NULL" if key is None else f'"{_key_label(key)}"'
                raise Error(error.sqlstate, error.message, f"{error.detail or ''} Key {shown} of scaler {self.scaler_id}, "
                            "whose rows are counted by themselves.".strip(), error.hint) from None
        return y

    @staticmethod
    def _key_column(x, keys):
        frame = _read_names(x)
        if not (frame and isinstance(keys, str)):
            return keys
        if frame.names.count(keys) != 1:
            raise Error("42703", f'the frame has no column "{keys}" of keys', f"The frame's columns are: {_list_of(frame.names)}.")
        column = frame.get(frame.names.index(keys))
        return [column] if isinstance(column, str) else column

    @staticmethod
    def _rows_of_keys(keys, count):
        """Return the indices of the rows of each key, in the order of the first row of each.  A missing key is None."""
        if keys is None or isinstance(keys, str):
            keys = [keys] * count
        else:
            keys = keys.to_list() if hasattr(keys, "to_list") else keys.to_pylist() if hasattr(keys, "to_pylist") else \
                np.asarray(keys, object).tolist() if isinstance(keys, np.ndarray) else list(keys)
        if len(keys) != count:
            raise Error("2202E", f"there are {count} rows, but {len(keys)} keys")
        found = collections.defaultdict(list)
        for row, key in enumerate(keys):
            missing = key is None or type(key).__name__ == "NAType" or isinstance(key, float) and key != key
            found[None if missing else key].append(row)
        return found


# ---- scikit-learn ----

# by class: the parameters and the fitted attributes that transform() depends on, or that say where those came from
_SKLEARN_CLASSES = {
    "StandardScaler": (("with_mean", "with_std"), ("mean_", "var_", "scale_", "n_samples_seen_")),
    "MinMaxScaler": (("feature_range", "clip"),
                     ("min_", "scale_", "data_min_", "data_max_", "data_range_", "n_samples_seen_")),
    "MaxAbsScaler": (("clip",), ("max_abs_", "scale_", "n_samples_seen_")),
    "RobustScaler": (("with_centering", "with_scaling", "quantile_range", "unit_variance"), ("center_", "scale_")),
    "QuantileTransformer": (("n_quantiles", "output_distribution"), ("n_quantiles_", "quantiles_", "references_")),
    "PowerTransformer": (("method", "standardize"), ("lambdas_",)),
    "Normalizer": (("norm",), ()),
    "FunctionTransformer": (("func",), ()),
    "SimpleImputer": (("missing_values", "strategy", "add_indicator"), ("statistics_",)),
    "ColumnTransformer": (("transformer_weights",), ()),
    "Pipeline": ((), ()),
}

# what else dump() and to_sklearn() write, and which attributes transform() cannot do without: if the parameter says so
_SKLEARN_OTHERS = {"PowerTransformer": {"dtype", "_scaler"}, "ColumnTransformer": {"transformers_", "remainder"}, "Pipeline": {"steps"}}
_SKLEARN_COMMON = {"class", "_sklearn_version", "n_features_in_", "feature_names_in_", "normfreeze"}
_SKLEARN_NEEDS = {
    "StandardScaler": {"mean_": "with_mean", "scale_": "with_std"}, "MinMaxScaler": {"scale_": None, "min_": None},
    "MaxAbsScaler": {"scale_": None}, "RobustScaler": {"center_": "with_centering", "scale_": "with_scaling"},
    "QuantileTransformer": {"quantiles_": None, "references_": None, "output_distribution": None},
    "PowerTransformer": {"lambdas_": None, "method": None, "_scaler": "standardize"}, "Normalizer": {"norm": None},
    "SimpleImputer": {"statistics_": None},
}


def _sklearn_class(name: str) -> type:
    from sklearn import compose, impute, pipeline, preprocessing

    for module in (preprocessing, impute, compose, pipeline):
        if name in _SKLEARN_CLASSES and hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{name!r} is no class that scalers are of; those are {', '.join(_SKLEARN_CLASSES)}")


def dump(estimator, only=None) -> str:
    """Return a fitted scaler, Pipeline or ColumnTransformer of scikit-learn as JSON that normfreeze.from_sklearn() reads.

    Numbers are exact.  Raises NotFittedError for an estimator that is not fitted, and TypeError for one that is not a
    scaler; the message says what of it could be dumped.  `only` names the transformers of a ColumnTransformer to dump;
    the columns of all others are dropped.
    """
    if type(estimator).__name__ == "FrozenEstimator":
        estimator = estimator.estimator
    if only is not None:
        only = [only] if isinstance(only, str) else list(only)
        if type(estimator).__name__ != "ColumnTransformer":
            raise TypeError(f"only a ColumnTransformer has transformers to choose from, not a {type(estimator).__name__}")
        if hasattr(estimator, "transformers_"):
            known = [label for label, _, _ in estimator.transformers_]
            for label in only:
                if label not in known:
                    raise ValueError(f"the ColumnTransformer has no transformer {label!r}; it has {', '.join(map(repr, known))}")
    try:
        return json.dumps(_sklearn_members(estimator, "the estimator", only), allow_nan=False)
    except _NoScaler as error:
        calls = _sklearn_advice(estimator, "x")
        raise TypeError(f"{error}" + (f". Of the estimator as x, these work: {'; '.join(calls)}" if calls else "")) from None


def _is_dumpable(estimator) -> bool:
    try:
        _sklearn_members(estimator, "the estimator")
    except Exception:
        return False
    return True


def _sklearn_advice(estimator, it: str) -> list:
    """Return calls that dump parts of an estimator which cannot be dumped as a whole; `it` is the reader's name for it."""
    kind = type(estimator).__name__
    if kind == "FrozenEstimator":
        estimator, it, kind = estimator.estimator, it + ".estimator", type(estimator.estimator).__name__
    if _is_dumpable(estimator):
        return [f"dump({it})"]
    if kind == "Pipeline":
        length = 0
        while length < len(estimator.steps) and (
                estimator.steps[length][1] in (None, "passthrough") or _is_dumpable(estimator.steps[length][1])):
            length += 1
        if any(_is_dumpable(part) for _, part in estimator.steps[:length]):
            return [f"dump({it}[:{length - len(estimator.steps)}])"]
        return [call for at, (_, part) in enumerate(estimator.steps) for call in _sklearn_advice(part, f"{it}[{at}]")]
    if kind == "ColumnTransformer":
        fine = [label for label, part, _ in getattr(estimator, "transformers_", ())
                if part is not None and not isinstance(part, str) and _is_dumpable(part)]
        calls = [f"dump({it}, only={fine!r})"] if fine else []
        return calls + [f"dump({it}.named_transformers_[{label!r}])" for label in fine[:1]] + [
            call for label, part, _ in getattr(estimator, "transformers_", ()) if label not in fine and not isinstance(part, str)
            for call in _sklearn_advice(part, f"{it}.named_transformers_[{label!r}]")]
    if kind == "FeatureUnion":
        return [call for at, (_, part) in enumerate(estimator.transformer_list) if not isinstance(part, str)
                for call in _sklearn_advice(part, f"{it}.transformer_list[{at}][1]")]
    # searches, TransformedTargetRegressor, and what has one estimator inside
    return [call for inner in ("best_estimator_", "transformer_", "regressor_", "estimator_", "classifier_")
            if vars(estimator).get(inner) is not None for call in _sklearn_advice(vars(estimator)[inner], f"{it}.{inner}")] \
        if hasattr(estimator, "__dict__") and not isinstance(estimator, type) else []


class _NoScaler(TypeError):
    """Raised for an estimator that a dump cannot contain."""


def _sklearn_members(estimator, where: str, only=None) -> dict:
    import sklearn
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    if type(estimator).__name__ == "FrozenEstimator":
        estimator = estimator.estimator
    name = type(estimator).__name__
    # a subclass may transform otherwise
    if name not in _SKLEARN_CLASSES or type(estimator) is not _sklearn_class(name):
        raise _NoScaler(f"{where} is a {type(estimator).__module__}.{name}, which is no scaler of scikit-learn; "
                        f"those are {', '.join(_SKLEARN_CLASSES)}")
    if name != "Pipeline":
        check_is_fitted(estimator)
        if not hasattr(estimator, "n_features_in_"):
            raise NotFittedError(f"{where}, a {name}, is not fitted: it does not know how many features it has")
    given, fitted = _SKLEARN_CLASSES[name]
    parameters = estimator.get_params(deep=False)
    members = {"class": name, "_sklearn_version": sklearn.__version__}
    members |= {key: parameters[key] for key in given if key in parameters}
    members |= {key: getattr(estimator, key) for key in fitted if hasattr(estimator, key)}
    members |= {key: getattr(estimator, key) for key in ("n_features_in_", "feature_names_in_")
                if name != "Pipeline" and hasattr(estimator, key)}
    if name == "PowerTransformer":
        members["dtype"] = str(estimator.lambdas_.dtype)    # which decides in what precision powers are taken
        if estimator.standardize:
            members["_scaler"] = _sklearn_members(estimator._scaler, where)
    elif name == "FunctionTransformer":
        members["func"] = _sklearn_function(estimator, where)
    elif name == "SimpleImputer":
        # transform() rounds to the precision of the fit before it fills anything in
        members["statistics_"] = estimator.statistics_.astype(getattr(estimator, "_fill_dtype", np.float64))
    elif name == "Pipeline":
        members["steps"] = [_sklearn_part(label, part, where, "step") for label, part in estimator.steps]
    elif name == "ColumnTransformer":
        indices = estimator._transformer_to_input_indices   # names, slices, masks and selectors, resolved
        members["transformers_"] = [
            # what has no columns was never fitted
            [*_sklearn_part(label, part if len(indices[label]) and (only is None or label in only) else "drop", where,
                            "transformer"), list(indices[label])]
            for label, part, _ in estimator.transformers_]
    return {key: _sklearn_value(value, f"{key} of {where}") for key, value in members.items()}


def _sklearn_part(label: str, part, where: str, kind: str) -> list:
    if part is None or isinstance(part, str):
        return [label, part or "passthrough"]
    return [label, _sklearn_members(part, f"{kind} {label!r} of {where}")]


def _sklearn_function(estimator, where: str) -> str | None:
    if estimator.func is None:
        return None
    if estimator.func is not np.log1p or estimator.kw_args:
        raise _NoScaler(f"{where} is a FunctionTransformer of {estimator.func!r}; only numpy.log1p and None are scalers")
    return "log1p"


def _sklearn_value(value, where: str):
    """Return a value as plain JSON, with strings for numbers that JSON does not have."""
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind == "f" and value.dtype.itemsize > 8:
            raise TypeError(f"{where} is of type {value.dtype}, and would be rounded")
        value = value.tolist()
    if isinstance(value, dict):
        return {key: _sklearn_value(item, where) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sklearn_value(item, where) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{where} is a {type(value).__name__}, which has no place in JSON")


def load(text: str | dict, frozen: bool = True):
    """Return the fitted estimator of scikit-learn that dump() or normfreeze.to_sklearn() has written.

    It is a sklearn.frozen.FrozenEstimator (scikit-learn 1.6), which no fit() of a Pipeline or a search changes.  With
    `frozen=False` it is the bare estimator, which they fit anew.

    What to_sklearn() has written carries rows with the results of the database.  Raises ValueError if the estimator
    does not give the same results, and for JSON that neither function has written.
    """
    members = json.loads(text) if isinstance(text, (str, bytes)) else text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # of the rows that fit() is given for a start, and of their names
            estimator = _sklearn_estimator(members)
            if "normfreeze" in members:
                _check_sklearn_probes(estimator, members["normfreeze"]["scaler"]["probes"])
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"the JSON is not what dump() or to_sklearn() has written: {error!r}") from error
    return _frozen_estimator(estimator) if frozen else estimator


def _frozen_estimator(estimator):
    """The FrozenEstimator of an estimator, whose set_output() and partial_fit() give no way to the estimator inside."""
    try:
        from sklearn.frozen import FrozenEstimator as Frozen
    except ImportError as error:
        raise ImportError("scikit-learn 1.6 or later is needed to keep the estimator frozen; load(text, frozen=False) gives "
                          "it as it is, to be fitted anew by whatever calls fit()") from error

    class FrozenEstimator(Frozen):
        # scikit-learn's own (1.9.1) hands these to the estimator inside: set_output() returns that, to be fitted anew
        def fit(self, X=None, y=None, *args, **kwargs):  # noqa: N803 (scikit-learn's name)
            return super().fit(X, y)

        def partial_fit(self, X=None, y=None, *args, **kwargs):  # noqa: N803
            return self.fit(X, y)

        def set_output(self, *, transform=None):
            self.estimator.set_output(transform=transform)
            return self

        def __deepcopy__(self, memo):
            return type(self)(copy.deepcopy(self.estimator, memo))

        def __reduce__(self):
            # who unpickles it needs scikit-learn alone
            return Frozen, (self.estimator,)

    return FrozenEstimator(estimator)


def _sklearn_estimator(members: dict):
    """Return an estimator that is fitted to any rows, for attributes that only scikit-learn knows, then given its own."""
    name = members["class"]
    made_of = _sklearn_class(name)
    given, fitted = _SKLEARN_CLASSES[name]
    _check_sklearn_members(name, members)
    if name == "Pipeline":
        return made_of([(label, _sklearn_loaded_part(part)) for label, part in members["steps"]])
    width = members["n_features_in_"]
    rows = np.tile(np.arange(1.0, 4.0)[:, None], width)
    if name == "ColumnTransformer":
        estimator = _sklearn_column_transformer(made_of, members).fit(rows)
        built = {label: part for label, part, _ in estimator.transformers} | {"remainder": estimator.remainder}
        estimator.transformers_ = [(label, fit_part if isinstance(built[label], str) else built[label], columns)
                                   for label, fit_part, columns in estimator.transformers_]
    else:
        # a parameter that an older version does not know yet is off there
        known = made_of().get_params(deep=False)
        parameters = {key: _sklearn_parameter(members[key]) for key in given
                      if key in members and (key in known or members[key])}
        if "func" in parameters:
            parameters["func"] = {"log1p": np.log1p, None: None}[parameters["func"]]
        estimator = made_of(**parameters).fit(rows)
    for key in fitted:
        if key in members:
            setattr(estimator, key, _sklearn_attribute(key, members))
        elif hasattr(estimator, key):
            delattr(estimator, key)             # it is of the rows above
    if "_scaler" in members:
        estimator._scaler = _sklearn_estimator(members["_scaler"])
    if "feature_names_in_" in members:
        estimator.feature_names_in_ = np.array(members["feature_names_in_"], object)
    return estimator


def _check_sklearn_members(name: str, members: dict):
    """Fail for a member that would be ignored, and for an absent one that is needed: absence is not taken for "off"."""
    given, fitted = _SKLEARN_CLASSES[name]
    known = {*_SKLEARN_COMMON, *given, *fitted, *_SKLEARN_OTHERS.get(name, ())}
    for key in members:
        if key not in known:
            raise ValueError(f"{name} has no {key!r}, which would be ignored; it has {', '.join(sorted(known))}")
    for key, switch in _SKLEARN_NEEDS.get(name, {}).items():
        if (switch is None or members.get(switch, True)) and members.get(key) is None:
            raise ValueError(f"{name} needs {key!r}" + (f", unless {switch} is false" if switch else ""))
    if name == "FunctionTransformer" and "func" not in members:
        raise ValueError("FunctionTransformer needs 'func', which may be null")


def _sklearn_column_transformer(made_of: type, members: dict):
    parts = [(label, _sklearn_loaded_part(part), columns) for label, part, columns in members["transformers_"]]
    rest = [part for label, part, _ in parts if label == "remainder"]
    return made_of([part for part in parts if part[0] != "remainder"], remainder=rest[0] if rest else "drop",
                   transformer_weights=members.get("transformer_weights"))


def _sklearn_loaded_part(part):
    return part if isinstance(part, str) else _sklearn_estimator(part)


def _sklearn_parameter(value):
    if isinstance(value, list):
        return tuple(value)
    return np.nan if value == "NaN" else value


def _sklearn_attribute(key: str, members: dict):
    value = members[key]
    if not isinstance(value, list):
        if key in ("n_samples_seen_", "n_quantiles_") or value is None:
            return value
        raise TypeError(f"{key} is {value!r}")
    array = np.array(_sklearn_floats(value), members.get("dtype", np.float64))
    # a single number would serve all features, without a word
    if key != "references_" and array.shape[-1] != members["n_features_in_"]:
        raise ValueError(f"{key} has {array.shape[-1]} values for {members['n_features_in_']} features")
    return array


def _sklearn_floats(values: list) -> list:
    """Numbers, where JSON has strings for some, and null for missing ones."""
    return [_sklearn_floats(value) if isinstance(value, list) else np.nan if value is None else float(value) for value in values]


def _check_sklearn_probes(estimator, probes: dict):
    expected = np.array(_sklearn_floats(probes["outputs"]))
    got = estimator.transform(np.array(_sklearn_floats(probes["inputs"])))
    differ = ~((got == expected) | (np.isnan(got) & np.isnan(expected)))
    if differ.any():
        row, feature = np.argwhere(differ)[0]
        raise ValueError(f"the estimator is not what the database has: probe {row + 1}, output {feature + 1} is "
                         f"{float(got[row, feature])!r} here, {float(expected[row, feature])!r} there")


# ---- the command line ----

def _main(arguments=None) -> int:
    """python -m normfreeze verify FILE..."""
    parser = argparse.ArgumentParser(prog="python -m normfreeze", description="Frozen scalers of normfreeze.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="is the JSON of a scaler what was frozen, and does it compute the same here?")
    verify.add_argument("file", nargs="+", help="a file, or - for standard input")
    failed = 0
    for name in parser.parse_args(arguments).file:
        try:
            text = sys.stdin.buffer.read() if name == "-" else open(name, "rb").read()
            found = Scaler.from_json(text)
        except (Error, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = 1
            continue
        what = f"set of {len(found)} keys" if isinstance(found, ScalerSet) else \
            f"{len(found._probes[0]) if found._probes else 'no'} probes agree"
        print(f"{name}: scaler {found.scaler_id} {found.fingerprint}: {what}")
    return failed


if __name__ == "__main__":
    sys.exit(_main())
