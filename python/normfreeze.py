# Made by tools/build_python.py of python/src: change it there.
"""Scalers frozen by normfreeze, the PostgreSQL extension, applied in Python: bit for bit as the database does.

    import normfreeze
    scaler = normfreeze.Scaler.from_json(open("scaler.json").read())     # SELECT scaler::text
    scaler.verify()                                                      # or an error that says why not
    features = scaler.transform(frame)                                   # matched by name
    fitted = normfreeze.fit(frame, "standard", {"missing": "mean"})      # the scaler that the database fits, with its id

The arithmetic is that of the database, operation by operation: numpy rounds each by itself.
What no libm rounds correctly (log, exp, pow, the normal distribution, norms of rows) is
evaluated in pairs of float64 with a bound of the error; where that does not decide the
rounding, decimal arithmetic with as many digits as it takes does (Ziv's strategy).  So the
bits depend neither on numpy's version nor on the CPU.

This file needs numpy and nothing else: it may be copied beside a model as it is.
"""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: disable-error-code="import-not-found, import-untyped"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"

from __future__ import annotations

import argparse
import base64
import binascii
import bisect
import collections
import collections.abc
import copy
import csv
import decimal
import fnmatch
import functools
import hashlib
import importlib.util
import io
import itertools
import json
import math
import numbers
import os
import pathlib
import re
import struct
import sys
import types
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Callable, NamedTuple, NoReturn, Protocol, TypeVar, cast, overload

import numpy as np
import numpy.typing as npt

__version__ = "0.2.0"
__all__ = ["Error", "FitState", "Profile", "Scaler", "ScalerSet", "dbt_seed", "dump", "fit", "from_keras", "from_parameters", "load", "profile", "read_parameters"]


# ---- types of arrays, and of what transform() gives back in kind ----

_Array = npt.NDArray[Any]


class _OfPandas(Protocol):
    """A DataFrame or a Series."""

    @property
    def index(self) -> Any: ...

    @property
    def loc(self) -> Any: ...


class _OfPolars(Protocol):
    """A DataFrame."""

    @property
    def get_column(self) -> Any: ...


_Pandas = TypeVar("_Pandas", bound=_OfPandas)
_Polars = TypeVar("_Polars", bound=_OfPolars)


# ---- texts of numbers, and errors ----

_D = decimal.Decimal


class Error(ValueError):
    """An error that the database would raise as well, with its message, SQLSTATE, detail and hint."""

    def __init__(self, sqlstate: str, message: str, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__("\n".join([message] + [f"{word}: {text}" for word, text in (("detail", detail), ("hint", hint))
                                                if text]))
        self.sqlstate, self.message, self.detail, self.hint = sqlstate, message, detail, hint

    def __reduce__(self) -> tuple[type[Error], tuple[str, str, str | None, str | None]]:
        """Processes send errors to each other."""
        return type(self), (self.sqlstate, self.message, self.detail, self.hint)


def _number_of(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


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
    sign, digits, unit = decimal.Decimal(_shortest(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent = int(unit) + len(digits) - 1      # of the first digit
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


def _exact_log2(x):
    return x.ln() / _D(2).ln()


def _exact_log10(x):
    return x.log10()


def _exact_exp2(x):
    return _D(2) ** x


def _exact_exp10(x):
    return _D(10) ** x


def _exact_cbrt(x):
    return (abs(x).ln() / 3).exp().copy_sign(x)


def _exact_cube(x):
    return x * x * x


def _exact_asinh(x):
    return (abs(x) + (x * x + 1).sqrt()).ln().copy_sign(x)


def _exact_sinh(x):
    return (x.exp() - (-x).exp()) / 2


def _exact_logit(x):
    return _widely(lambda: x / (1 - x)).ln()


def _exact_expit(x):
    return 1 / (1 + (-x).exp())


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


def _far_quantile(q: float) -> float:
    """t > 0 with 1 - Phi(t) = q < 1/4, correctly rounded however small q is: Newton's method on logarithms."""
    digits = 60 + 2 * abs(math.frexp(q)[1])             # more than cancel
    with decimal.localcontext(_context(digits)):
        target, t = _D(q), _D(math.sqrt(-2 * math.log(q)))
        for _ in range(2 + digits.bit_length()):
            tail = _exact_tail(t)
            step = (tail.ln() - target.ln()) * tail * _root_two_pi() * (t * t / 2).exp()
            t += step
            if abs(step) < t * _D(10) ** -30:
                break
    return _nearest(Fraction(t))


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


# ---- further elementary functions on one-dimensional arrays of float64, correctly rounded ----

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
_HOW_TO_READ = 'The text of a scaler is expected, as in Scaler.from_json(open("churn.json").read()).'
_MOST_DIGITS = 4300             # of numbers that Python converts to text


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
        if source.endswith(".json"):
            raise Error(_INVALID, "invalid scaler: not valid JSON, but perhaps the name of a file", hint=_HOW_TO_READ)
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
        raise Error(_INVALID, f"invalid scaler: a JSON object is expected, not {_json_type(source)}",
                    hint=_HOW_TO_READ if hasattr(source, "read") or hasattr(source, "__fspath__") else None)
    return source


def _in_jsonb_order(value):
    """Objects with their keys in the order of jsonb, in which the database reads options; numbers and arrays of numpy as JSON has them."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: _in_jsonb_order(value[key]) for key in sorted(value, key=lambda key: (len(str(key).encode()), str(key).encode()))}
    return [_in_jsonb_order(element) for element in value] if isinstance(value, (list, tuple)) else value


def _read_float(digits: str) -> float | decimal.Decimal:
    """A number of a JSON text; beyond float64 with its digits, as jsonb keeps them."""
    value = float(digits)
    exact = decimal.Decimal(digits) if math.isinf(value) else decimal.Decimal(0)
    return exact if 0 < exact.adjusted() < _MOST_DIGITS else value


def _jsonb_number(value):
    """A number as jsonb shows it: all digits, without an exponent."""
    if isinstance(value, float) and not math.isfinite(value):
        return _float_text(value)
    exact = decimal.Decimal(repr(float(value))) if isinstance(value, (float, np.floating)) else decimal.Decimal(int(value) if isinstance(
        value, (int, np.integer)) else value)
    return format(exact + 0 if exact == 0 and exact.as_tuple().exponent == 0 else abs(exact) if exact == 0 else exact, "f")


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


def _single_of(x):
    """Rounded to float32, and float64 again."""
    return x.astype(np.float32).astype(np.float64)


def _multiply_rounded(x, factor):
    return _single_of(x.astype(np.float64) * factor).astype(x.dtype)


def _rescale_subtract_divide_rounded(x, center, scale, factor):
    """The product in float64, rounded to float32; the rest in float32, of which float64 rounds nothing twice."""
    y = _single_of(x.astype(np.float64) * factor)
    return _single_of(_single_of(y - center) / scale).astype(x.dtype)


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
        return _nearest(sum(map(abs, values), Fraction(0)), single)
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


# ---- the rules by which policy "outside" finds its range (src/core/scaler/range_rule.c, src/pg/scaler/range_json.c) ----

class _RangeKind(NamedTuple):
    code: int
    name: str
    is_pair: bool
    least: float
    greatest: float
    beside: str | None = None
    default: float = 0.0


_RANGE_KINDS = (
    _RangeKind(1, "percentiles", True, 0, 100),
    _RangeKind(2, "fraction", True, 0, math.nextafter(0.5, 0)),
    _RangeKind(3, "deviations", False, 0, 1e300, "ddof", 0.0),
    _RangeKind(4, "mad", False, 0, 1e300, "factor", 1.4826),
    _RangeKind(5, "iqr", False, 0, 1e300))

_TAILS = ("both", "left", "right")
_RANGE_STATISTICS = ("inside", "all")


class _RangeRule(NamedTuple):
    kind: _RangeKind
    open_low: bool
    open_high: bool
    of_all: bool                # statistics are those of all values
    numbers: tuple

    def text(self) -> str:
        if self.kind.is_pair:
            ends = ["null" if is_open else _float_text(number)
                    for is_open, number in zip((self.open_low, self.open_high), self.numbers)]
            return f'{{"{self.kind.name}": [{", ".join(ends)}]}}'
        beside = f', "{self.kind.beside}": {_float_text(self.numbers[1])}' if self.kind.beside else ""
        tail = _TAILS[1 if self.open_high else 2 if self.open_low else 0]
        return f'{{"{self.kind.name}": {_float_text(self.numbers[0])}{beside}, "tail": "{tail}"}}'


class _BadRule(ValueError):
    """Why something is no rule, as a clause."""


def _range_pair(kind, value):
    if kind.name == "fraction" and _number(value) is not None:
        value = [value, value]
    if not isinstance(value, list) or len(value) != 2 or any(end is not None and _number(end) is None for end in value):
        raise _BadRule(f'"{kind.name}" is not an array of two numbers, or null for an end that is open')
    return [end is None for end in value], [0.0 if end is None else _number(end) for end in value]


def _range_units(kind, said):
    opened, numbers = [False, False], [_number(said[kind.name]), kind.default]
    if numbers[0] is None:
        raise _BadRule(f'"{kind.name}" is not a number')
    for key, value in said.items():
        if kind.beside and key == kind.beside:
            numbers[1] = _number(value)
            if numbers[1] is None:
                raise _BadRule(f'"{key}" is not a number')
        elif key == "tail":
            if value not in _TAILS:
                raise _BadRule('"tail" is not "both", "left" or "right"')
            opened = [value == "right", value == "left"]
        elif key != kind.name:
            raise _BadRule(f'"{key}" does not belong to "{kind.name}"')
    return opened, numbers


def _check_range_rule(kind, opened, numbers):
    if all(opened):
        raise _BadRule("both ends are open")
    inside = all(kind.least <= number <= kind.greatest for number in (numbers if kind.is_pair else numbers[:1]))
    beside = kind.beside is None or numbers[1] in (0, 1) if kind.beside != "factor" else 1e-300 <= numbers[1] <= 1e300
    if not inside or not kind.is_pair and (numbers[0] <= kind.least or not beside):
        raise _BadRule("a number is out of range")
    if kind.name == "percentiles" and not any(opened) and not numbers[0] < numbers[1]:
        raise _BadRule("the numbers are not in ascending order")


def _parse_range_rule(said, of_all: bool) -> _RangeRule:
    """The rule in parsed JSON: an object with its name as a key, or an array of two percentiles."""
    said = {"percentiles": said} if isinstance(said, list) else said
    kind = next((kind for kind in _RANGE_KINDS if isinstance(said, dict) and kind.name in said), None)
    if kind is None:
        raise _BadRule("there is no rule in it")
    if kind.is_pair:
        opened, numbers = _range_pair(kind, said[kind.name])
        for key in said:
            if key != kind.name:
                raise _BadRule(f'"{key}" does not belong to "{kind.name}"')
    else:
        opened, numbers = _range_units(kind, said)
    _check_range_rule(kind, opened, numbers)
    return _RangeRule(kind, *opened, of_all, tuple(number + 0.0 for number in numbers))


def _read_range_rule(said) -> _RangeRule | None:
    """Read the keys of a feature that say by which rule its range was found; None without a rule."""
    if "range_rule" not in said:
        if "statistics" in said:
            _invalid("there is no rule for a range, but there is a key", "statistics")
        return None
    try:
        rule = _parse_range_rule(said["range_rule"], False)
    except _BadRule as problem:
        _invalid(str(problem), "range_rule")
    if _required(said, "statistics", "string") not in _RANGE_STATISTICS:
        _invalid("unknown value for key", "statistics")
    return rule._replace(of_all=said["statistics"] == "all")


# ---- recipes ----

class _Domain(NamedTuple):
    """What becomes of values for which a formula is not defined (src/core/scaler/domain.h)."""

    policy: str
    low: float = 0.0            # the range to which it clips
    high: float = 0.0


class _Step(NamedTuple):
    """A step before the last one."""

    method: _Method
    options: tuple
    formula: _Formula
    parameters: tuple
    table: Any
    domain: _Domain | None
    constant: bool
    imported: bool

    def clip(self):
        return self.method.clip(self.options) if self.method.clip else None


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
    before: tuple = ()          # the steps before the last one, whose method, options, formula and parameters are above
    domain: _Domain | None = None       # of the last step
    clips: tuple | None = None  # the range of results, whatever the method's options are
    dtype: str = "float64"
    range_rule: _RangeRule | None = None    # of the range of policy "outside"; None for that of training

    def clip(self):
        if self.clips:
            return self.clips
        return self.method.clip(self.options) if self.method.clip else None

    def extras(self):
        """Return the bits of what a recipe needs format 2 for (src/core/scaler/recipe_extras.h)."""
        return (bool(self.before) + 2 * (self.clips is not None) + 4 * (self.range_rule is not None) +
                8 * (self.dtype != "float64") + 16 * (self.domain is not None))

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
                 "outside", "if_constant", "quantiles", "intercept", "global", "imported", "unfit", "before", "domain",
                 "domain_range", "clip", "dtype", "range_rule", "statistics")
_STEP_KEYS = ("method", "options", "formula", "parameters", "domain", "domain_range", "constant", "imported")


def _read_method(said) -> tuple[_Method, tuple[Any, ...], _Formula, tuple[Any, ...], Any]:
    """Return the method, options, formula, parameters and table of a feature or a step."""
    if _required(said, "method", "string") not in _METHOD_CODES:
        _invalid("unknown method", said["method"])
    method = _METHODS[_METHOD_CODES[said["method"]] - 1]
    options = _read_options(_required(said, "options", "object"), method)
    if _required(said, "formula", "string") not in _FORMULA_CODES:
        _invalid("unknown formula", said["formula"])
    formula = _FORMULA_NAMED[said["formula"]]
    parameters = _required(said, "parameters", "object")
    values = tuple(_required_number(parameters, key) for key in formula.parameters)
    table = _read_table(parameters, formula.table) if formula.table else None
    _reject_unknown(parameters, formula.parameters + (formula.table,))
    return method, options, formula, values, table


def _read_domain(said):
    if "domain" not in said:
        if "domain_range" in said:
            _invalid("nothing is clipped, but there is a key", "domain_range")
        return None
    policy = _required_policy(said, "domain", _DOMAIN)
    if policy == "keep":        # which is not written
        _invalid("unknown value for key", "domain")
    if policy == "clip":
        return _Domain(policy, *_required_interval(said, "domain_range"))
    if "domain_range" in said:
        _invalid("nothing is clipped, but there is a key", "domain_range")
    return _Domain(policy)


def _read_step(said) -> _Step:
    if not isinstance(said, dict):
        _invalid("an object is expected in", "before")
    _reject_unknown(said, _STEP_KEYS)
    return _Step(*_read_method(said), _read_domain(said), _rare_flag(said, "constant"), _rare_flag(said, "imported"))


def _read_before(said):
    if "before" not in said:
        return ()
    steps = _required(said, "before", "array")
    if not 1 <= len(steps) < _MOST_STEPS:
        _invalid("an impossible number of steps for key", "before")
    return tuple(map(_read_step, steps))


def _read_feature(said, named: bool) -> _Feature:
    if not isinstance(said, dict):
        _invalid("an object is expected in", "features")
    _reject_unknown(said, _FEATURE_KEYS)
    name = _required(said, "name", "string" if named else "null")
    of_method = _read_method(said)
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
        name, *of_method, *limits, _required(said, "constant", "boolean"),
        _required(said, "target", "boolean"), missing, imputed, _required_policy(said, "outside", _OUTSIDE),
        _required_policy(said, "if_constant", _CONSTANT), _required_policy(said, "quantiles", _QUANTILES),
        _required_policy(said, "intercept", _INTERCEPTS) if "intercept" in said else None,
        _rare_flag(said, "global"), _rare_flag(said, "imported"), _rare_flag(said, "unfit"), _read_before(said),
        _read_domain(said), _required_interval(said, "clip") if "clip" in said else None,
        _required_policy(said, "dtype", _DTYPES[1:]) if "dtype" in said else "float64", _read_range_rule(said))


def _option_is_sound(option, values):
    if not all(option.least <= value <= option.greatest for value in values):
        return False
    if option.kind == "interval":
        return values[0] < values[1] or (values[0] == values[1] and not option.strict)
    return option.kind == "number" or values[0] == math.floor(values[0])


def _formula_fits(f: _Feature | _Step) -> bool:
    """Return whether a feature or a step of this method may have this formula."""
    usual = f.method.formulas[int(f.options[f.method.decides])] if len(f.method.formulas) > 1 else f.method.formulas[0]
    if getattr(f, "unfit", False):
        return f.formula.name == "identity"
    if getattr(f, "intercept", None) is not None:
        return f.formula.name == "scale_shift" and f.method.shifts
    if f.imported and _is_affine(_FORMULA_NAMED[usual]):
        return _is_affine(f.formula)
    if f.imported and f.formula.name in ("yeo_johnson_cast", "norm_l1_in_order", "norm_l2_in_order"):
        return usual == f.formula.name.removesuffix("_cast").removesuffix("_in_order")
    return f.formula.name == usual


def _method_problem(f: _Feature | _Step) -> str | None:
    """Return what is wrong with the method, options, formula and parameters of a feature or a step."""
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
    return None


def _domain_problem(f: _Feature | _Step) -> str | None:
    if f.domain is None:
        return None
    if f.formula.domain is None:
        return "a formula that is defined for all numbers has a domain"
    bounds = np.array([f.domain.low, f.domain.high])
    if f.domain.policy == "clip" and (bounds[0] > bounds[1] or not f.formula.domain.includes(bounds).all()):
        return "the range of a domain is not one"
    return None


def _steps_problem(f: _Feature) -> str | None:
    if f.formula.norm or any(step.formula.norm for step in f.before):
        return "a norm of rows is a step"
    if f.unfit or f.intercept is not None:
        return "a feature with steps contradicts itself"
    problems = (_method_problem(step) or _domain_problem(step) for step in f.before)
    return next((problem for problem in problems if problem), None)


def _clip_problem(f: _Feature) -> str | None:
    if f.clips and f.clips[0] > f.clips[1]:
        return "results are clipped to no range"
    if f.clips and (not _is_affine(f.formula) or f.method.clip and f.method.clip(f.options)):
        return "results are not to be clipped"
    return None


def _dtype_problem(f: _Feature) -> str | None:
    if f.dtype == "float64":
        return None
    if f.formula.norm:
        return "a norm of rows has a dtype"
    single = list(f.clips or ())
    if f.dtype == "float32":
        single += [value for step in (*f.before, f) for value in step.parameters]
    return "a parameter is not of its dtype" if any(value != float(np.float32(value)) for value in single) else None


def _range_problem(f: _Feature) -> str | None:
    rule = f.range_rule
    if rule is None:
        return None
    if f.outside == "keep":
        return "there is a rule for a range, and values outside are kept"
    if rule.open_low and f.lower != -_RANGE_UNKNOWN or rule.open_high and f.upper != _RANGE_UNKNOWN:
        return "a range that is open at one end ends there"
    return None


def _feature_problem(f: _Feature) -> str | None:
    problem = _method_problem(f)
    if problem:
        return problem
    if f.unfit and (not f.constant or f.if_constant == "error" or f.intercept is not None):
        return "a feature without parameters contradicts itself"
    if f.is_global and f.imported:
        return "what was imported cannot be global"
    if f.lower > f.upper:
        return "a training range is not one"
    return (_clip_problem(f) or _dtype_problem(f) or (_steps_problem(f) if f.before else None) or _range_problem(f) or
            _domain_problem(f))


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


def _parameter_bytes(f: _Feature | _Step) -> bytes:
    """Return the bytes of the options and parameters of a feature or a step."""
    out = _doubles(f.options) + _doubles(f.parameters)
    return out if f.table is None else out + _varint(len(f.table)) + _doubles(f.table)


def _domain_bytes(domain: _Domain | None) -> bytes:
    if domain is None:
        return b"\0"
    return bytes([_DOMAIN.index(domain.policy)]) + (_doubles(domain[1:]) if domain.policy == "clip" else b"")


def _step_bytes(step: _Step) -> bytes:
    head = [_METHOD_CODES[step.method.name], _FORMULA_CODES[step.formula.name], step.constant + 2 * step.imported]
    return bytes(head) + _parameter_bytes(step) + _domain_bytes(step.domain)


def _extra_bytes(f: _Feature) -> bytes:
    out = _varint(f.extras())
    if f.before:
        out += _varint(len(f.before)) + b"".join(map(_step_bytes, f.before))
    if f.clips is not None:
        out += _doubles(f.clips)
    if f.range_rule:
        rule = f.range_rule
        out += bytes([rule.kind.code, rule.open_low + 2 * rule.open_high + 4 * rule.of_all]) + _doubles(rule.numbers)
    if f.dtype != "float64":
        out += bytes([_DTYPES.index(f.dtype)])
    return out + (_domain_bytes(f.domain) if f.domain else b"")


def _recipe_format(features) -> int:
    return 2 if any(f.extras() for f in features) else 1


def _feature_bytes(f: _Feature, recipe_format: int) -> bytes:
    flags = f.constant + 2 * f.target + 4 * f.is_global + 8 * (f.intercept is not None) + 16 * f.imported + 32 * f.unfit
    out = _counted(f.name.encode("utf-8")) if f.name is not None else b""
    out += bytes([_METHOD_CODES[f.method.name], _FORMULA_CODES[f.formula.name], flags, _MISSING.index(f.missing),
                  _OUTSIDE.index(f.outside), _CONSTANT.index(f.if_constant), _QUANTILES.index(f.quantiles)])
    if f.intercept is not None:
        out += bytes([_INTERCEPTS[f.intercept]])
    out += _parameter_bytes(f) + _doubles((f.lower, f.upper) + (() if f.imputed is None else (f.imputed,)))
    return out + (_extra_bytes(f) if recipe_format == 2 else b"")


def _recipe_bytes(features, named: bool, weighted: bool, distribution: int) -> bytes:
    recipe_format = _recipe_format(features)
    return (bytes([recipe_format, named + 2 * weighted]) + _varint(len(features)) + _varint(distribution) +
            b"".join(_feature_bytes(f, recipe_format) for f in features))


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


def _method_json(f: _Feature | _Step) -> list:
    """Return the parts on the method of a feature or a step."""
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
    return [f'"method": "{f.method.name}"', f'"options": {{{", ".join(options)}}}',
            f'"formula": "{f.formula.name}"', f'"parameters": {{{", ".join(parameters)}}}']


def _domain_json(domain: _Domain | None) -> list:
    if domain is None:
        return []
    return [f'"domain": "{domain.policy}"'] + [f'"domain_range": {_numbers(domain[1:])}'] * (domain.policy == "clip")


def _step_json(step: _Step) -> str:
    return "{" + ", ".join(_method_json(step) + _domain_json(step.domain) + ['"constant": true'] * step.constant +
                           ['"imported": true'] * step.imported) + "}"


def _feature_json(f: _Feature) -> str:
    limits = _numbers((f.lower, f.upper)) if f.range_is_known() or f.range_rule else "null"
    parts = [f'"name": {_string(f.name)}', *_method_json(f), f'"range": {limits}',
             f'"constant": {_boolean(f.constant)}', f'"target": {_boolean(f.target)}', f'"missing": "{f.missing}"']
    if f.imputed is not None:
        parts.append(f'"imputed": {_float_text(f.imputed)}')
    parts += [f'"outside": "{f.outside}"', f'"if_constant": "{f.if_constant}"', f'"quantiles": "{f.quantiles}"']
    # what is rare is said only where it is so
    if f.intercept is not None:
        parts.append(f'"intercept": "{f.intercept}"')
    parts += ['"global": true'] * f.is_global + ['"imported": true'] * f.imported + ['"unfit": true'] * f.unfit
    parts += [f'"before": [{", ".join(map(_step_json, f.before))}]'] * bool(f.before) + _domain_json(f.domain)
    parts += [f'"clip": {_numbers(f.clips or ())}'] * (f.clips is not None) + [f'"dtype": "{f.dtype}"'] * (f.dtype != "float64")
    if f.range_rule:
        parts += [f'"range_rule": {f.range_rule.text()}', f'"statistics": "{_RANGE_STATISTICS[f.range_rule.of_all]}"']
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


# ---- the steps of a feature before its last one, applied to an array of one feature's values ----

class _Undefined(Exception):
    """A formula is not defined for a value, and its policy refuses that."""

    def __init__(self, row, formula, value):
        self.row, self.formula, self.value = row, formula, value


class _NoInverse(Exception):
    """A value is the result of no other by a formula."""

    def __init__(self, row, formula, value):
        self.row, self.formula, self.value = row, formula, value


def _clip(y, bounds):
    """As numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0."""
    if bounds is not None:
        np.copyto(y, bounds[0], where=y < bounds[0], casting="same_kind")
        np.copyto(y, bounds[1], where=y > bounds[1], casting="same_kind")


def _bound_in(domain, bound, dtype):
    """A bound of a rule as a number of a type: where it is rounded onto an end that is not of the domain, the nearest that is."""
    nearest = dtype.type(bound)
    if not domain.includes(nearest):
        nearest = np.nextafter(nearest, dtype.type(np.inf if bound > float(nearest) else -np.inf))
    return nearest


def _apply_domain(formula, rule, x, nulls):
    """Return x after a domain rule; nulls are set where it makes a value missing."""
    if rule is None:
        return x
    undefined = ~formula.domain.includes(x)
    if not undefined.any():
        return x
    if rule.policy == "error":
        row = int(np.argmax(undefined))
        raise _Undefined(row, formula, x[row])
    x = x.copy()
    if rule.policy == "clip":
        low, high = (_bound_in(formula.domain, bound, x.dtype) for bound in rule[1:])
        x[undefined] = np.where(np.float64(x[undefined]) < rule.low, low, high)
    else:
        x[undefined] = np.nan
        nulls |= undefined
    return x


def _run(step, x, inverse):
    y = np.empty_like(x)
    parameters = [np.array([value]) for value in step.parameters]
    _run_formula(step.formula, x[:, None], parameters, [step.table], inverse, y[:, None])
    return y


def _apply_steps(feature, x, nulls):
    """Return what the last formula of a feature gets.  Raises _Undefined, for the first value that any step refuses."""
    if feature.dtype == "float32" and x.dtype != np.float32:
        return _apply_steps(feature, x.astype(np.float32), nulls).astype(x.dtype)
    given = x
    try:
        for step in feature.before:
            x = _run(step, _apply_domain(step.formula, step.domain, x, nulls), False)
            _clip(x, step.clip())
        return _apply_domain(feature.formula, feature.domain, x, nulls)
    except _Undefined as refused:
        # a later step may refuse an earlier value
        _apply_steps(feature, given[:refused.row], np.zeros(refused.row, bool))
        raise


def _undo_steps(feature, y):
    """Return the value before the first step, from that before the last one."""
    if feature.before and feature.dtype != "float64" and y.dtype != _COMPUTED_IN[feature.dtype]:
        return _undo_steps(feature, y.astype(_COMPUTED_IN[feature.dtype])).astype(y.dtype)
    for step in reversed(feature.before):
        y = _run(step, y, True)
    return y.astype(np.float32).astype(y.dtype) if feature.dtype == "single" else y


def _inverse_has_gaps(feature) -> bool:
    """Whether some values have no inverse, and must not give NaN (src/core/scaler/inverse_gaps.c)."""
    formula = feature.formula.name
    return (any(step.formula.name in _WITH_GAPS for step in feature.before) or
            formula in _WITH_GAPS and (bool(feature.before) or feature.domain is not None or formula not in _KEEPS_GAPS))


def _undo_with_policies(feature, y):
    """
    The values from which a feature gives y, all steps undone; by the policy of a step NaN, or the nearest training value.
    Raises _NoInverse, for the first value that any step refuses.
    """
    computed = _COMPUTED_IN[feature.dtype] if feature.dtype != "float64" else y.dtype
    given = y
    y = y.astype(computed)
    for step in (feature, *reversed(feature.before)):
        x = _run(step, y, True) if step is not feature else _run_last(feature, y)
        gaps = np.isnan(x) & ~np.isnan(y) if step.formula.name in _WITH_GAPS else np.zeros(len(x), bool)
        if gaps.any():
            policy = step.domain.policy if step.domain else "error"
            if policy == "clip":
                lowest = _run(step, np.array([step.domain.low], y.dtype), False)[0]
                x[gaps] = np.where(y[gaps] < lowest, step.domain.low, step.domain.high)
            elif policy != "null":
                row = int(np.argmax(gaps))
                # a step that is undone later may refuse an earlier value
                _undo_with_policies(feature, given[:row])
                raise _NoInverse(row, step.formula, y[row])
        y = x
    return y.astype(np.float32).astype(given.dtype) if feature.dtype == "single" else y.astype(given.dtype)


def _run_last(feature, y):
    """The inverse of the last formula alone."""
    x = np.empty_like(y)
    _run_formula(feature.formula, y[:, None], [np.array([value]) for value in feature.parameters], [feature.table], True, x[:, None], feature.dtype)
    return x


# ---- bits that say which values are there ----

# for each byte, for its bits, the lowest first: NaN where a bit is not set, and where it is -0, which changes no sum
_NAN_UNLESS = np.where(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little"), -0.0, np.nan)


class _Bits:
    """Some of the bits of a buffer of Arrow, the lowest of each byte first.  They are not copied."""

    def __init__(self, buffer: Any, start: int, count: int):
        self._bytes, self._start, self.count = np.frombuffer(buffer, np.uint8), start, count

    def rows(self, rows: slice) -> _Bits:
        """Return some of them; rows have no step."""
        start, stop, _ = rows.indices(self.count)
        return _Bits(self._bytes, self._start + start, max(stop - start, 0))

    def array(self) -> _Array:
        """Return an array of booleans, to be written to."""
        first = self._start % 8
        used = self._bytes[self._start // 8:(self._start + self.count + 7) // 8]
        return np.unpackbits(used, bitorder="little")[first:first + self.count].view(bool)

    def fill(self, values: _Array, at: int, floats: _Array | None = None) -> _Array:
        """Return values, those from `at` on, as float64, with NaN where a bit is not set: in `floats` if that is given."""
        start = self._start + at
        return _filled(values, self._bytes[start // 8:(start + len(values) + 7) // 8], start % 8, floats)


def _fill_where(values: _Array, missing: _Array) -> _Array:
    """Return values of one dimension as float64, with NaN for what is missing."""
    return _filled(values, ~np.packbits(missing, bitorder="little"), 0)


def _filled(values: _Array, bits: _Array, first: int, floats: _Array | None = None) -> _Array:
    """The bits of the values begin with the first."""
    if floats is None and (bits == 255).all():
        return values.astype(np.float64, copy=False)
    # a whole byte at a time, and a sum: no value is looked at by itself
    nans = _NAN_UNLESS.take(bits, axis=0).ravel()[first:first + len(values)]
    return np.add(values, nans, out=nans if floats is None else floats)


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

    def floats(self, single: bool = False) -> _Array:
        """Return the values as float64, with NaN for what is missing.  With `single`, float32 stays float32."""
        raise NotImplementedError

    @property
    def missing(self) -> _Array | None:
        """Which values are missing; None if none is."""
        raise NotImplementedError


class _ArrayColumn(_Column):
    """
    An array of any numeric type, as it lies in memory.  What is missing is an array of booleans, what bits say, or what a
    function finds.  `filled` says that the values are NaN there already.
    """

    def __init__(self, values: _Array, missing: _Array | _Bits | Callable[[], _Array] | None = None, filled: bool = False):
        """`missing` may be all False.  Bits are set of what is not missing."""
        self.values, self._missing, self._filled = values, missing, filled
        self.shape = values.shape

    def rows(self, rows: slice | tuple[Any, ...]) -> _ArrayColumn:
        """Also takes other parts of an array, but of one with bits."""
        missing = self._missing
        if isinstance(missing, np.ndarray):
            return _ArrayColumn(self.values[rows], missing[rows], self._filled)
        if isinstance(missing, _Bits):
            return _ArrayColumn(self.values[rows], missing.rows(cast(slice, rows)), self._filled)
        return _ArrayColumn(self.values[rows], missing and (lambda: np.asarray(missing())[rows]), self._filled)

    def floats(self, single: bool = False) -> _Array:
        kind = np.float32 if single and self.values.dtype == np.float32 else np.float64
        if self._missing is None or self._filled:
            return self.values.astype(kind, copy=False)
        if isinstance(self._missing, _Bits):
            return self._missing.fill(self.values, 0)
        missing = cast(_Array, self._missing)
        if kind == np.float64 and self.values.ndim == 1:
            return _fill_where(self.values, missing)
        floats = self.values.astype(kind)
        floats[missing] = np.nan
        return floats

    def write(self, rows: slice, floats: _Array) -> None:
        """Write some rows of one dimension, of which bits say what is missing."""
        if isinstance(self._missing, _Bits):
            self._missing.fill(self.values[rows], rows.start, floats)
        else:
            np.copyto(floats, self.values[rows])

    @property
    def missing(self) -> _Array | None:
        if isinstance(self._missing, _Bits):
            self._missing = ~self._missing.array()
        elif callable(self._missing):
            self._missing = self._missing()
        return self._missing if self._missing is not None and self._missing.any() else None


class _ChunkedColumn(_Column):
    """Some rows of arrays of one dimension, one after the other."""

    def __init__(self, chunks: list[_ArrayColumn], ends: list[int], start: int, stop: int):
        """`ends` are those of the chunks, counted in rows."""
        self._chunks, self._ends, self._start, self._stop = chunks, ends, start, stop
        self.shape = (stop - start,)

    @classmethod
    def of(cls, chunks: list[_ArrayColumn]) -> _ChunkedColumn:
        ends = list(itertools.accumulate(chunk.shape[0] for chunk in chunks))
        return cls(chunks, ends, 0, ends[-1])

    def rows(self, rows: slice) -> _Column:
        start, stop, _ = rows.indices(self.shape[0])
        return _ChunkedColumn(self._chunks, self._ends, self._start + start, self._start + stop)

    def floats(self, single: bool = False) -> _Array:
        floats = np.empty(self.shape)
        at, i = self._start, bisect.bisect(self._ends, self._start)
        while at < self._stop:
            chunk, end = self._chunks[i], min(self._ends[i], self._stop)
            before = self._ends[i] - chunk.shape[0]
            chunk.write(slice(at - before, end - before), floats[at - self._start:end - self._start])
            at, i = end, i + 1
        return floats

    @property
    def missing(self) -> _Array | None:
        missing = [np.zeros(chunk.shape, bool) if chunk.missing is None else chunk.missing for chunk in self._chunks]
        return np.concatenate(missing)[self._start:self._stop]


class _ForeignColumn(_Column):
    """Something else that can be sliced: `convert` makes an array of it, `find_missing` says what is missing in it."""

    def __init__(self, source: Any, convert: Callable[[Any], _Array], find_missing: Callable[[Any], _Array | None]):
        self._source, self._convert, self._find_missing = source, convert, find_missing
        self.shape = (len(source),)

    def rows(self, rows: slice) -> _ForeignColumn:
        return _ForeignColumn(self._source[rows], self._convert, self._find_missing)

    def floats(self, single: bool = False) -> _Array:
        return self._convert(self._source)

    @property
    def missing(self) -> _Array | None:
        missing = self._find_missing(self._source)
        return None if missing is None or not missing.any() else missing


def _refuse_type(label: str, kind: object) -> NoReturn:
    raise Error("42804", f"{label} is of type {kind}, and a feature must be numeric or boolean",
                hint="Convert the column, or leave it out.")


def _refuse_number(label: str, value: object) -> NoReturn:
    raise Error("22003", f"{label} has a number that is out of range for float64", f"It is {_shown_number(value)}.")


def _shown_number(value: object) -> str:
    """A number of any type, shortly: Python does not write integers of thousands of digits."""
    try:
        shown = str(value)
    except ValueError:
        return "of thousands of digits"
    return shown if len(shown) <= 40 else shown[:40] + "..."


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


def _with_none(values: _Array, missing: _Array) -> _Array:
    """Return objects with None for what is missing."""
    values = values.copy()
    values[missing] = None
    return values


def _column_of_objects(values: _Array, label: str) -> _ArrayColumn:
    flat = values.ravel().tolist()
    types = set(map(type, flat))
    missing = None
    if not types <= _PLAIN_TYPES - {type(None)}:
        missing = np.array([_is_missing(value) for value in flat], bool).reshape(values.shape)
        if not types <= _PLAIN_TYPES:
            values = _with_none(values, missing)
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
            values = _with_none(values, missing)
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

_LONG_CHUNK = 8192      # rows; of shorter ones some are copied to be one
_MANY_ROWS = 2048       # of which it is worth to read some at a time, and to import pyarrow

_ARROW_TYPES = {"halffloat": np.float16, "float": np.float32, "double": np.float64} | {
    kind.__name__: kind for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)}


def _scaled_integers(words: _Array, scale: int) -> _Array:
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


def _arrow_values(chunk: Any, kind: str, data: Any) -> _Array:
    start, count = chunk.offset, len(chunk)
    if kind == "bool":
        return _Bits(data, start, count).array()
    if kind in _ARROW_TYPES:
        return np.frombuffer(data, _ARROW_TYPES[kind], count, start * (chunk.type.bit_width // 8))
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
    return _column_of_memory(chunk, kind)


def _column_of_memory(chunk: Any, kind: str) -> _ArrayColumn:
    """The same of a type of numbers, whose memory is its values."""
    validity, data = chunk.buffers()
    return _ArrayColumn(_arrow_values(chunk, kind, data), _Bits(validity, chunk.offset, len(chunk)) if chunk.null_count else None)


def _column_of_arrow(column: Any, label: str) -> _Column:
    """Of an Array or a ChunkedArray of pyarrow."""
    def parts(source: Any) -> list[_ArrayColumn]:
        if plain and source.num_chunks > 1:
            source = source.combine_chunks()
        return [_column_of_chunk(chunk, label) for chunk in getattr(source, "chunks", [source])]

    def floats(source: Any) -> _Array:
        found = [part.floats() for part in parts(source)]
        return found[0] if len(found) == 1 else np.concatenate([np.zeros(0), *found])

    def missing(source: Any) -> _Array:
        return np.concatenate([np.zeros(0, bool), *(np.zeros(part.shape, bool) if part.missing is None else part.missing
                                                    for part in parts(source))])

    kind, chunks = str(column.type), getattr(column, "chunks", [column])
    plain = kind in _ARROW_TYPES
    if plain and len(chunks) == 1:
        return _column_of_chunk(chunks[0], label)       # nothing is copied
    if plain and len(column) >= _LONG_CHUNK * len(chunks) > 0:
        return _ChunkedColumn.of([_column_of_memory(chunk, kind) for chunk in chunks if len(chunk)])
    parts(column[:0])       # is it of a type for numbers at all?
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
        values, missing = (getattr(column.array, name, None) for name in ("_data", "_mask"))
        if isinstance(values, np.ndarray) and isinstance(missing, np.ndarray) and values.shape == missing.shape == column.shape:
            return _ArrayColumn(values, missing)        # of the nullable types, as pandas keeps them; nothing is copied
        return _ForeignColumn(column.array, lambda array: array.to_numpy(np.float64, na_value=np.nan),
                              lambda array: np.asarray(array.isna()))
    return _column_of_array(column.to_numpy(object, na_value=None), label)


_POLARS_TYPES = {"Float32", "Float64", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"}    # numpy has them


def _is_polars_number(kind: str) -> bool:
    return kind in _POLARS_TYPES or kind in ("Boolean", "Float16", "Int128", "UInt128")


def _column_of_polars(column: Any, label: str, filled: Any = None) -> _Column:
    """
    Of a Series.  `filled` is the same with numbers instead of nulls, if that is known already: NaN as Float64, of booleans 2
    as UInt8.
    """
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
        filled = _filled_by_polars(column.to_frame(), [column.name])[column.name]
    values = filled.to_numpy()
    if kind == "Boolean":
        return _ArrayColumn(values, values == 2)
    return _ArrayColumn(values, (lambda: column.is_null().to_numpy()) if column.null_count() else None, True)


def _filled_by_polars(frame: Any, names: list[str]) -> dict[str, Any]:
    """Return columns of a DataFrame without nulls, as above: polars is slow to make Float64 of booleans."""
    import polars

    booleans = [name for name in names if str(frame.get_column(name).dtype) == "Boolean"]
    others = [name for name in names if name not in booleans]
    found: dict[str, Any] = {}
    for chosen, kind, number in ((booleans, polars.UInt8, 2), (others, polars.Float64, np.nan)):
        if chosen:
            filled = frame.select(chosen).cast(kind).fill_null(number)
            found |= {name: filled.get_column(name) for name in chosen}
    return found


def _column_by_arrow(column: Any, label: str) -> _Column:
    """Of a Series of polars, which gives its memory to pyarrow.  Of short chunks, some rows are copied at a time."""
    def convert(part: Any) -> _ArrayColumn:
        return _column_of_chunk(part.to_arrow(), label)

    if column.n_chunks() == 1:
        return _column_of_arrow(column.to_arrow(), label)
    if str(column.dtype) in _POLARS_TYPES and len(column) >= _LONG_CHUNK * column.n_chunks():
        return _ChunkedColumn.of([convert(chunk) for chunk in column.get_chunks() if len(chunk)])
    return _ForeignColumn(column, lambda part: convert(part).floats(), lambda part: convert(part).missing)


def _columns_of_polars(frame: Any, places: list[int], labels: list[str]) -> list[_Column]:
    """
    Of a DataFrame.  Its nulls are read where they lie if there is pyarrow, which polars gives its memory to; else they are
    replaced, in a copy of those columns.
    """
    columns = [frame.to_series(at) for at in places]
    if len(frame) >= _MANY_ROWS and importlib.util.find_spec("pyarrow"):
        return [_column_by_arrow(column, label) if str(column.dtype) in _POLARS_TYPES | {"Boolean"} else _column_of_polars(column, label)
                for column, label in zip(columns, labels)]
    filled = _filled_by_polars(frame, [column.name for column in columns if _is_polars_number(str(column.dtype)) and (
        column.null_count() or str(column.dtype) not in _POLARS_TYPES)])
    return [_column_of_polars(column, label, filled.get(column.name)) for column, label in zip(columns, labels)]


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

_SMALL_FRAME = 1 << 12            # values of a frame of pandas that are taken all at once: fewer calls
_FEW_ROWS = 1 << 10         # a frame of less is made an array first


class _Frame(NamedTuple):
    """A frame: what it is called where, and a function that returns a column by its place in `names`."""

    names: list[Any]
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


def _columns_of(x: Any, frame: _Frame, places: list[int]) -> list[_Column]:
    """Return columns of a frame, which errors call by their names."""
    labels = [f'column "{frame.names[at]}"' for at in places]
    if _is_polars(x):
        return _columns_of_polars(x, places, labels)
    if _is_pandas(x):
        together = _small_columns(x, places, labels) if len(x) * len(frame.names) <= _SMALL_FRAME else []
        if together:
            return together
        if len(places) > 1:
            # Series by Series this is faster than to ask for each by its place
            found = dict.fromkeys(places)
            for at, (_, column) in enumerate(x.items()):
                if at in found:
                    found[at] = column
            return [_column_of(found[at], label) for at, label in zip(places, labels)]
    if _is_pandas_row(x):
        return _columns_together(x.to_numpy(object), places, labels)
    return [_column_of(frame.get(at), label) for at, label in zip(places, labels)]


def _small_columns(x: Any, places: list[int], labels: list[str]) -> list[_Column]:
    """Return columns of a DataFrame of pandas of few values, or nothing if they are read faster one by one."""
    types = list(x.dtypes)
    if len(x) > 2 and not all(isinstance(types[at], np.dtype) for at in places):
        return []
    for at, label in zip(places, labels):
        if types[at].kind in "mMc" or not isinstance(types[at], np.dtype) and str(types[at]) == "category":
            _refuse_type(label, types[at])
    alike = isinstance(types[0], np.dtype) and types[0].kind in "fiub" and types.count(types[0]) == len(types)
    return _columns_together(x.to_numpy(None if alike else object), places, labels)


def _columns_together(values: _Array, places: list[int], labels: list[str]) -> list[_Column]:
    """Return columns of an array, of objects mostly, or values of one row of it."""
    try:
        together = _column_of_array(values[..., places], "the frame")
    except Error:           # the column is named below
        return [_column_of_array(values[..., at], label) for at, label in zip(places, labels)]
    return [together.rows((..., i)) for i in range(len(places))]


def _list_of(names: list[Any]) -> str:
    shown = [str(name) for name in names[:20]] + ["..."] * (len(names) > 20)
    return ", ".join(shown)


# ---- rows by features ----

class _Rows:
    """
    The rows to transform, by features: one table of two dimensions, or a column for each feature, each as it lies in memory.
    `finish` gives a result, rows by features, the form that it is to have.
    """

    def __init__(self, table: _ArrayColumn | None, columns: list[_Column], single: bool, finish: Callable[[_Array], Any]):
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
    def of_array(cls, values: _Array) -> _Rows:
        """Of floats, rows by features."""
        return cls(_ArrayColumn(values), [], True, lambda y: y)

    def empty(self) -> _Array:
        """Return an array for results."""
        return np.empty(self.shape[::-1], self.dtype).T if self.by_columns else np.empty(self.shape, self.dtype)

    def read(self, rows: slice, slots: slice) -> _Array:
        """Return some rows of some features, with NaN for what is missing: not to be written to."""
        single = self.dtype == np.float32
        if self._table is not None:
            return self._table.rows((rows, slots)).floats(single)
        parts = [column.rows(rows).floats(single) for column in self._columns[slots]]
        return parts[0][:, None] if len(parts) == 1 else np.stack(parts).T

    def all(self) -> _Array:
        return self.read(slice(None), slice(None))


def _name_alike(wanted: str, names: list[Any] | tuple[Any, ...]) -> str:
    """A sentence on the first name that differs from the wanted one only in case or Unicode normal form, or nothing."""
    normal = unicodedata.normalize("NFC", wanted)
    for name in names:
        if not isinstance(name, str):
            continue
        if unicodedata.normalize("NFC", name) == normal:
            return (f"There is {json.dumps(name)}, which is another Unicode normal form of it: "
                    "bring names to one form.  ")
        if unicodedata.normalize("NFC", name.lower()) == normal.lower():
            return f'There is "{name}", which differs in case.  '
    return ""


def _find_places(owner: Any, frame: _Frame) -> list[int]:
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
                        _name_alike(name, names) + "Features are matched by name, whatever their order; rename the column.")
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
        raise Error("2202E", f"scaler {owner.scaler_id} expects {_number_of(owner._width, 'feature')}, the array has {shape[-1]}",
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
    config: dict[str, str] = sys.modules["sklearn"].get_config()
    return config.get("transform_output")


def _as_output(x: Any, names: list[str], y: _Array, kind: str | None) -> Any:
    """
    Return a result, of rows by features or of one row, in a kind of output.  The default is that of x, for frames of pandas
    and polars; everything else gives arrays.
    """
    of_pandas = _is_pandas(x)
    if y.ndim == 1:
        return _maker_of(x)(y, index=names, name=x.name) if _is_pandas_row(x) and not of_pandas and kind != "numpy" else y
    if kind in (None, "default"):
        if of_pandas:
            return _maker_of(x)(y, index=x.index, columns=names, copy=False)        # y belongs to nobody else
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


def _maker_of(x: Any) -> Any:
    """Return what makes an object like x, of pandas.  A subclass says how it wants to be made."""
    return getattr(x, "_constructor", type(x))


def _arrays_by_name(names: list[str], y: _Array) -> dict[str, _Array]:
    return {name: np.ascontiguousarray(y[:, i]) for i, name in enumerate(names)}


# ---- a recipe applied to arrays: policies, steps and formulas, some rows at a time (src/core/scaler/transform.c) ----

class _Refused(Exception):
    """A policy refuses a value."""

    def __init__(self, row, slot, value, undefined=None):
        self.row, self.slot, self.value, self.undefined = row, slot, value, undefined

    def behind(self, rows):
        """Return the same of a value that has so many rows more before it."""
        return _Refused(self.row + rows, self.slot, self.value, self.undefined)


class _Slots:
    """A recipe prepared for arrays: first the features that rows must have, then the targets."""

    def __init__(self, features):
        self.features = [f for f in features if not f.target] + [f for f in features if f.target]
        self.width = sum(not f.target for f in features)
        by_formula = collections.defaultdict(list)
        for slot in range(self.width):
            by_formula[self.features[slot].formula.name, self.features[slot].dtype].append(slot)
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
        self.with_steps = [slot for slot, x in enumerate(f) if x.before or x.domain is not None]
        self.with_gaps = [slot for slot, x in enumerate(f) if _inverse_has_gaps(x)]
        self.inverse_is_null = self.becomes_null & np.array([x.unfit for x in f])

    def group(self, slots):
        """Return the formula that some slots share, where the slots are, their parameters and tables, and their dtype."""
        features = [self.features[slot] for slot in slots]
        where = slice(slots[0], slots[-1] + 1) if slots == list(range(slots[0], slots[-1] + 1)) else slots
        parameters = [np.array(values) for values in zip(*(f.parameters for f in features))]
        return features[0].formula, where, parameters, [f.table for f in features], features[0].dtype

    def single(self, slot):
        """Return the one group of a slot by itself."""
        return [(*self.group([slot])[:1], slice(0, 1), *self.group([slot])[2:])]

    @staticmethod
    def run(groups, x, inverse, out):
        """Write what the formulas of some groups make of x, of their slots, to out."""
        for formula, where, parameters, tables, dtype in groups:
            if isinstance(where, slice):
                _run_formula(formula, x[:, where], parameters, tables, inverse, out[:, where], dtype)
            else:
                y = np.empty((len(x), len(where)), x.dtype)
                _run_formula(formula, x[:, where], parameters, tables, inverse, y, dtype)
                out[:, where] = y

    def run_rows(self, rows, inverse, nulls=None):
        """
        Return rows by features, transformed or back.  `nulls` says which values are NULL, and is changed to which results
        are.  Of several values that are refused, _Refused is raised for the one that the database names, the first of its
        row in the first of such rows.
        """
        y = rows.empty()
        with np.errstate(all="ignore"):
            if rows.by_columns and not self.has_norm:
                self._transform_columns(rows, inverse, y)
            else:
                self._transform_blocks(rows, inverse, y, nulls)
        return y

    def run_column(self, x, slot, inverse):
        """Return values of one slot, in one dimension, transformed or back; raise _Refused as above."""
        y = np.empty(x.size)
        only, groups = slice(slot, slot + 1), self.single(slot)
        with np.errstate(all="ignore"):
            for start in range(0, len(y), _ROWS_BLOCK):
                block = slice(start, start + _ROWS_BLOCK)
                try:
                    self._transform_block(x.reshape(-1, 1)[block], only, groups, inverse, y[block, None])
                except _Refused as refused:
                    raise refused.behind(start) from None
        return y

    def _transform_blocks(self, rows, inverse, y, nulls=None):
        """Transform some rows at a time, so that their data fits into a cache."""
        every, step = slice(0, self.width), max(1, _ROWS_BLOCK // self.width)
        for start in range(0, len(y), step):
            block = slice(start, start + step)
            try:
                self._transform_block(rows.read(block, every), every, self.groups, inverse, y[block],
                                      None if nulls is None else nulls[block])
            except _Refused as refused:
                raise refused.behind(start) from None

    def _transform_columns(self, rows, inverse, y):
        """Transform the columns one after the other, some of their rows at a time."""
        end, first = len(y), None
        for slot in range(self.width):
            groups = self.single(slot)
            for start in range(0, end, _COLUMN_BLOCK):
                block, only = slice(start, min(start + _COLUMN_BLOCK, end)), slice(slot, slot + 1)
                try:
                    self._transform_block(rows.read(block, only), only, groups, inverse, y[block, only])
                except _Refused as refused:
                    # the error is about the first row that is refused: the other columns are read up to that
                    first = refused.behind(start)
                    end = first.row
                    break
        if first:
            raise first

    def _transform_block(self, x, slots, groups, inverse, out, nulls=None):
        """Write what becomes of x, values of some slots, to out."""
        if inverse:
            self.run(groups, x, True, out)
            for slot in self._among(self.with_steps, slots):
                out[:, slot - slots.start] = _undo_steps(self.features[slot], out[:, slot - slots.start])
            self._settle_gaps(x, slots, out)
            out[:, self.inverse_is_null[slots]] = np.nan     # nothing can be inverted there
        else:
            prepared = self._prepare(x, slots, nulls)
            self.run(groups, prepared, False, out)
            self._run_in_float64(x, prepared, slots, out)
            self._finish(out, slots, nulls)

    def _settle_gaps(self, x, slots, out):
        """Where the inverse has no answer, set what a policy says.  Raises _Refused for the first row without one."""
        refused = None
        for slot in self._among(self.with_gaps, slots):
            at, feature = slot - slots.start, self.features[slot]
            rows = np.flatnonzero(np.isnan(out[:, at]) & ~np.isnan(x[:, at]))
            if len(rows) == 0:
                continue
            try:
                out[rows, at] = _undo_with_policies(feature, x[rows, at])
            except _NoInverse as gap:
                row = int(rows[gap.row])
                if refused is None or row < refused.row:
                    refused = _Refused(row, slot, x[row, at], gap)
        if refused:
            raise refused

    def _run_in_float64(self, x, prepared, slots, out):
        """Steps of a feature that is computed in float64 are not rounded to float32 before the last one."""
        for slot in self._among(self.with_steps, slots) if x.dtype == np.float32 else ():
            feature, at = self.features[slot], slot - slots.start
            if feature.dtype == "single":
                wide = self._prepare(x[:, at:at + 1].astype(np.float64), slice(slot, slot + 1))
                y = np.empty_like(wide)
                self.run(self.single(slot), wide, False, y)
                out[:, at] = np.where(np.isnan(prepared[:, at]), out[:, at], y[:, 0])

    # -- policies (src/core/scaler/transform.c): missing, outside the training range, formula, clipping, constant --

    @staticmethod
    def _among(chosen, slots):
        """Return which of some slots are in a slice."""
        return [slot for slot in chosen if slots.start <= slot < slots.stop]

    def _prepare(self, x, slots, nulls=None):
        """Return what the last formulas get: x after the policies and the steps before them, which may be x itself."""
        try:
            policed = self._apply_policies(x, slots, nulls)
        except _Refused as refused:
            # a step may refuse a value of an earlier row, or of this row and further left
            row, at = refused.row, refused.slot - slots.start
            self._prepare(x[:row], slots)
            try:
                self._prepare(x[row:row + 1, :at], slice(slots.start, refused.slot))
            except _Refused as before:
                raise before.behind(row) from None
            raise
        with_steps = self._among(self.with_steps, slots)
        if not with_steps:
            return policed
        y = policed.copy()
        end, first = len(y), None
        for slot in with_steps:
            at = slot - slots.start
            undefined = np.zeros(end, bool)
            try:
                y[:end, at] = _apply_steps(self.features[slot], policed[:end, at], undefined)
            except _Undefined as refused:
                end, first = refused.row, _Refused(refused.row, slot, policed[refused.row, at], refused)
                continue
            if nulls is not None:
                nulls[:end, at] |= undefined
        if first:
            raise first
        return y

    def _apply_policies(self, x, slots, nulls=None):
        """Return x after the policies for missing values and for those outside, which may be x itself."""
        if not self.prepares[slots].any():
            return x
        missing = np.isnan(x)
        below, above = x < self.lower[slots], x > self.upper[slots]
        outside = below | above
        some_missing, some_outside = missing.any(), outside.any()
        if not (some_missing or some_outside):
            return x
        refused = missing & self.missing_is_error[slots] | outside & self.outside_is_error[slots]
        if refused.any():
            row = int(np.argmax(refused.any(axis=1)))
            at = int(np.argmax(refused[row]))
            raise _Refused(row, slots.start + at, x[row, at])
        y = x.copy()
        if some_outside:
            clipped = self.outside_is_clipped[slots]
            np.copyto(y, self.lower[slots], where=below & clipped, casting="same_kind")
            np.copyto(y, self.upper[slots], where=above & clipped, casting="same_kind")
            # like any missing value, it does not count in a norm
            outside &= self.outside_is_null[slots]
            y[outside] = np.nan
        # imputed values are not compared with the range
        imputed = missing & self.missing_changes[slots]
        np.copyto(y, self.imputed[slots], where=imputed, casting="same_kind")
        if nulls is not None:
            nulls[...] = nulls & ~imputed | outside
        return y

    def _finish(self, y, slots, nulls=None):
        """Clip results, and set those of constant features to NaN, in y itself."""
        if self.clips[slots].any():
            # numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0
            for bound, beyond in ((self.clip_low[slots], np.less), (self.clip_high[slots], np.greater)):
                where = beyond(y, bound)
                if where.any():
                    np.copyto(y, bound, where=where, casting="same_kind")
        constant = self.becomes_null[slots]
        if constant.any():
            y[:, constant] = np.nan
            if nulls is not None:
                nulls[:, constant] = True


# ---- scalers: what they are, from JSON and to it, and transform() with its errors ----

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

    def __init__(self, said: dict[str, Any]) -> None:
        """Use Scaler.from_json()."""
        _reject_unknown(said, ("format", "scaler_id", "fingerprint", "unseen", "fallback_fingerprint", "fallback", "named",
                               "features", "keys", "root", "members"))
        self._unseen = _required_policy(said, "unseen", _UNSEEN)
        self._fallback: Scaler | None = None
        fallback = None
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
            if self._fallback and fallback and self._fallback.fingerprint != fallback.hex():
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

    @staticmethod
    def from_json(source: str | bytes | Mapping[str, Any]) -> ScalerSet:
        """Return the set in a text, in bytes, or in a dictionary, as Scaler.from_json() does; Error if it is one scaler."""
        found = Scaler.from_json(source)
        if not isinstance(found, ScalerSet):
            raise Error(_INVALID, "invalid set of scalers: it is one scaler", hint="Scaler.from_json() reads it.")
        return found

    # -- what it is --

    @property
    def keys(self) -> list[str]:
        return list(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
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

    def transform(self, x: Any, keys: Any, feature: str | None = None, output: str | None = None) -> Any:
        """
        Return what normalize_by_key() returns.  x and `output` are as in Scaler.transform().  `keys` has one key for each
        row, or is the name of a frame's column that has them, or one string for all rows of an array.  A row whose key has
        no scaler, where member() returns None, is NaN.
        """
        return self._apply(x, keys, feature, False, output)

    def inverse_transform(self, x: Any, keys: Any, feature: str | None = None, output: str | None = None) -> Any:
        """Return what denormalize_by_key() returns."""
        return self._apply(x, keys, feature, True, output)

    def _apply(self, x, keys, feature, inverse, output):
        _check_environment()
        if feature is not None:
            floats = _column_of(x, f'column "{feature}"').floats()
            return self._by_key(floats.reshape(-1, 1), keys, feature, inverse).reshape(floats.shape)[()]
        rows = _read_rows(self, x)
        y = rows.finish(self._by_key(rows.all(), self._key_column(x, keys), None, inverse))
        return self._as_output(x, y, inverse, output)

    def _by_key(self, x, keys, feature, inverse):
        y = np.full_like(x, np.nan)
        error, end = None, len(y)
        for key, where in self._rows_of_keys(keys, len(y)).items():
            # once a row is refused, only those before it may give another error
            where = [row for row in where if row < end] if error else where
            if not where:
                continue
            try:
                member = self.member(key)
            except Error as unseen:
                error, end = unseen, where[0]
                continue
            if member is None:
                continue
            try:
                if feature is not None:
                    y[where] = member._run_feature(x[where], feature, inverse)
                else:
                    y[where] = member._run_rows(_Rows.of_array(x[where]), inverse)
            except _Refused as refused:
                end = where[refused.row]
                error = self._of_key(member._refusal(refused.behind(end - refused.row)), key)
            except Error as refused:
                error, end = self._of_key(refused, key), where[0]
        if error:
            raise error
        return y

    def _of_key(self, error, key):
        shown = "NULL" if key is None else f'"{_key_label(key)}"'
        return Error(error.sqlstate, error.message, f"{error.detail or ''} Key {shown} of scaler {self.scaler_id}.".strip(), error.hint)

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


# ---- correct rounding of quotients and square roots of integers (src/core/exact/rational.c) ----

_QUOTIENT_BITS, _ROOT_BITS = 66, 130        # enough that one bit more, "there is a rest", decides every rounding


def _round_scaled_integer(m: int, exponent: int) -> float:
    """m 2^exponent rounded to nearest even; infinity beyond float64."""
    drop = max(m.bit_length() - 53, -1074 - exponent)
    if drop > 0:
        rest, half = m & ((1 << drop) - 1), 1 << (drop - 1)
        m >>= drop
        m += rest > half or (rest == half and m & 1)
        exponent += drop
    try:
        return math.ldexp(m, exponent)
    except OverflowError:
        return math.inf


def _form_quotient(n: int, d: int, bits: int):
    """floor(n / d 2^shift) with at least so many bits, whether there is a rest, and shift; n > 0."""
    shift = max(bits + d.bit_length() - n.bit_length(), 0)
    quotient, rest = divmod(n << shift, d)
    return quotient, rest != 0, shift


def _round_ratio(n: int, d: int, exponent: int) -> float:
    """n / d 2^exponent rounded once, for d > 0."""
    if n == 0:
        return 0.0
    quotient, sticky, shift = _form_quotient(abs(n), d, _QUOTIENT_BITS)
    result = _round_scaled_integer(quotient << 1 | sticky, exponent - shift - 1)
    return -result if n < 0 and result != 0 else result


def _round_root(n: int, d: int, exponent: int) -> float:
    """The square root of n / d 2^exponent rounded once, for n >= 0 and d > 0."""
    if n == 0:
        return 0.0
    quotient, sticky, shift = _form_quotient(n, d, _ROOT_BITS)
    exponent -= shift
    if exponent & 1:
        quotient, exponent = quotient << 1, exponent - 1
    root = math.isqrt(quotient)
    return _round_scaled_integer(root << 1 | (sticky or root * root != quotient), exponent // 2 - 1)


# ---- exact sums of float64 and of their products, with numpy ----

_SUM_UNIT, _SQUARES_UNIT = -1074, -2148     # of sums of values, and of their squares: 2^unit
_BLOCK_ROWS, _BLOCK_VALUES = 8192, 1 << 15  # rows, and values, that are added together: they fit into a cache
_LEAST_TOP, _GREATEST_TOP = -380, 480       # exponents at which neither pieces nor their products leave the normal range
_USUAL_PIECES = 6
_MOST_ADDED = 512            # blocks whose sums, below 2^53, an int64 takes
_WINDOW = 256                               # of exponents, into which unusual values are sorted


def _piece_bits(rows: int) -> int:
    """How many bits the magnitude of a piece may have, if so many products of two are added."""
    return (53 - max(rows - 1, 1).bit_length()) // 2


def _scaled(x, exponents):
    """x 2^exponents, of which numpy takes C's int on every platform."""
    return np.ldexp(x, exponents.astype(np.intc))


def _cut(x, top, rows, most):
    """
    Pieces of x, which has one column in each row, below 2^top in magnitude: a list, and the units as exponents, a list
    too; and what is left, or None.
    """
    bits = _piece_bits(rows)
    unit = top - bits
    pieces, units = [], []
    rest = x
    while len(pieces) < most:
        shift = _scaled(1.5, unit + 52)[:, None]
        piece = rest + shift
        piece -= shift
        rest = rest - piece
        pieces.append(piece)
        units.append(unit)
        if rest.max() == 0.0 == rest.min():
            return pieces, units, None
        # at most half a unit is left
        unit = unit - bits - 1
    return pieces, units, rest


def _whole(sums, unit):
    """Sums of floats as integers, in units of 2^unit by column."""
    return _scaled(sums, -unit).astype(np.int64)


def _exponents(x):
    """e with |x| < 2^e, as near as can be; 0 for 0."""
    return np.frexp(x)[1].astype(np.int64)


def _windows(values):
    """Values other than zero in groups of about one magnitude: (where they are, the exponent that scales them to about 1)."""
    window = np.where(values != 0.0, _exponents(values) // _WINDOW, _WINDOW)
    for number in np.unique(window).tolist():
        if number != _WINDOW:
            yield window == number, number * _WINDOW + _WINDOW // 2


def _blocks(n: int, rows: int):
    return (slice(start, start + rows) for start in range(0, n, rows))


def _pieces_of_all(values, rows):
    """All pieces of values of about one magnitude, and their units as numbers."""
    top = _exponents(np.abs(values).max(keepdims=True))
    pieces, units, _ = _cut(values[None, :], top, rows, most=_WINDOW)
    return [piece[0] for piece in pieces], [int(unit[0]) for unit in units]


def _product_sum(a, b) -> tuple[int, int]:
    """Sum of a * b of two arrays of values of about one magnitude each: an integer, and the exponent of its unit."""
    total, least = 0, 0
    for block in _blocks(len(a), _BLOCK_ROWS):
        of_a, of_b = (_pieces_of_all(x[block], _BLOCK_ROWS) if x[block].any() else ([], []) for x in (a, b))
        for piece, unit in zip(*of_a):
            for other, other_unit in zip(*of_b):
                exponent = unit + other_unit
                if exponent < least:
                    total, least = total << (least - exponent), exponent
                total += int(np.ldexp(np.dot(piece, other), -exponent)) << (exponent - least)
    return total, least


def _exact_sums(values) -> tuple[int, int]:
    """The sum of finite values of any size and that of their squares, in units of 2^-1074 and 2^-2148."""
    total = squares = 0
    for chosen, shift in _windows(values):
        scaled = np.ldexp(values[chosen], -shift)
        summed, unit = _product_sum(scaled, np.ones_like(scaled))
        total += _shifted(summed, unit + shift - _SUM_UNIT)
        summed, unit = _product_sum(scaled, scaled)
        squares += _shifted(summed, unit + 2 * shift - _SQUARES_UNIT)
    return total, squares


def _shifted(value: int, shift: int) -> int:
    """value 2^shift, which is whole."""
    return value << shift if shift >= 0 else value >> -shift


class _ColumnSums:
    """Exact sums and sums of squares of many columns."""

    def __init__(self, width: int):
        self.sums = [0] * width
        self.squares = [0] * width
        self._top = np.full(width, _LEAST_TOP)
        self._start()

    def _start(self):
        """Start integers that are not in the sums yet: {(numbers of pieces): [by column, units by column]}."""
        self._open, self._added = {}, 0

    def add(self, x, low, high):
        """Add finite values: x has one column in each row; low and high are the least and the greatest of each."""
        width, n = x.shape
        largest = np.maximum(np.abs(low), np.abs(high))
        top = np.where(largest == 0.0, _LEAST_TOP, _exponents(largest))
        usual = (top <= _GREATEST_TOP) & (top >= _LEAST_TOP)
        if (top > self._top)[usual].any():
            self.settle()
            self._top = np.where(usual, np.maximum(top, self._top), self._top)
        for column in np.flatnonzero(~usual):
            self._add_slowly(column, x[column])
        if not usual.all():
            x = np.where(usual[:, None], x, 0.0)
        rows = 1 << max(min(_BLOCK_ROWS, _BLOCK_VALUES // width), 256).bit_length() - 1
        for block in _blocks(n, rows):
            self._add_block(x[:, block], rows)

    def _add_block(self, x, rows):
        pieces, units, rest = _cut(x, self._top, rows, _USUAL_PIECES)
        if rest is not None:
            unusual = rest.any(axis=1)
            for column in np.flatnonzero(unusual):
                self._add_slowly(column, x[column])
            for piece in pieces:
                piece[unusual] = 0.0
        for i, piece in enumerate(pieces):
            self._count((i,), piece.sum(axis=1), units[i])
            for j in range(i + 1):
                self._count((i, j), np.einsum("ij,ij->i", piece, pieces[j]), units[i] + units[j])
        self._added += 1
        if self._added == _MOST_ADDED:
            self.settle()

    def _count(self, key, sums, unit):
        added = _whole(sums, unit)
        if key in self._open:
            self._open[key][0] += added
        else:
            self._open[key] = [added, unit]

    def settle(self):
        """Bring everything into the sums."""
        for key, (counts, units) in self._open.items():
            sums, own = (self.sums, _SUM_UNIT) if len(key) == 1 else (self.squares, _SQUARES_UNIT)
            times = 1 if key[0] == key[-1] else 2
            for column, (count, unit) in enumerate(zip(counts.tolist(), units.tolist())):
                if count:
                    sums[column] += _shifted(times * count, unit - own)
        self._start()

    def _add_slowly(self, column, values):
        total, squares = _exact_sums(values)
        self.sums[column] += total
        self.squares[column] += squares


# ---- the exact moments of values, and statistics of them that are rounded once (src/core/exact/moments.c) ----

class _Moments:
    """
    Counts, range, sum and sum of squares.  `sum` is in units of 2^-1074, `squares` of 2^-2148.  Without values the
    range is from infinity to -infinity.
    """

    __slots__ = ("count", "nulls", "nans", "positive_infinities", "negative_infinities", "min", "max", "sum", "squares")

    def __init__(self):
        self.count = self.nulls = self.nans = self.positive_infinities = self.negative_infinities = 0
        self.min, self.max = math.inf, -math.inf
        self.sum = self.squares = 0

    @classmethod
    def of(cls, values) -> _Moments:
        """Of an array of one dimension, without NULL."""
        moments = cls()
        finite = np.isfinite(values)
        if not finite.all():
            moments.count_missing(values, None)
            values = values[finite]
        if len(values):
            low, high, sums = values.min(keepdims=True), values.max(keepdims=True), _ColumnSums(1)
            sums.add(values[None, :], low, high)
            sums.settle()
            moments.count += len(values)
            moments.extend(float(low[0]), float(high[0]))
            (moments.sum,), (moments.squares,) = sums.sums, sums.squares
        return moments

    @property
    def missing(self) -> int:
        return self.nulls + self.nans

    @property
    def infinite(self) -> int:
        return self.positive_infinities + self.negative_infinities

    def extend(self, low: float, high: float):
        """Extend the range.  There is no -0 in it."""
        self.min, self.max = min(self.min, low + 0.0), max(self.max, high + 0.0)

    def count_missing(self, values, nulls):
        """Count what is missing, NULL or NaN, or infinite.  `nulls`, flags or None, are of values that are NaN."""
        nans, n = int(np.isnan(values).sum()), 0 if nulls is None else int(nulls.sum())
        self.nulls += n
        self.nans += nans - n
        self.positive_infinities += int((values == np.inf).sum())
        self.negative_infinities += int((values == -np.inf).sum())

    def add_times(self, x: float, times: int):
        """Add a finite value so many times."""
        n, d = x.as_integer_ratio()
        exponent = 1 - d.bit_length()
        self.extend(x, x)
        self.count += times
        self.sum += _shifted(n * times, exponent - _SUM_UNIT)
        self.squares += _shifted(n * n * times, 2 * exponent - _SQUARES_UNIT)

    def merge(self, other: _Moments):
        self.min, self.max = min(self.min, other.min), max(self.max, other.max)
        for name in ("count", "nulls", "nans", "positive_infinities", "negative_infinities", "sum", "squares"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    # -- statistics, NaN where there are none --

    def total(self) -> float:
        return _round_ratio(self.sum, 1, _SUM_UNIT)

    def mean(self) -> float:
        return _round_ratio(self.sum, self.count, _SUM_UNIT) if self.count else math.nan

    def _spread(self) -> int:
        return self.count * self.squares - self.sum * self.sum

    def variance(self, ddof: int = 0) -> float:
        if self.count <= ddof:
            return math.nan
        return _round_ratio(self._spread(), self.count * (self.count - ddof), _SQUARES_UNIT)

    def deviation(self, ddof: int = 0) -> float:
        if self.count <= ddof:
            return math.nan
        return _round_root(self._spread(), self.count * (self.count - ddof), _SQUARES_UNIT)

    def mean_ceiling(self) -> float:
        """The least float64 that is not below the exact mean."""
        mean = self.mean()
        n, d = mean.as_integer_ratio()
        above = self.sum > self.count * _shifted(n, 1 - d.bit_length() - _SUM_UNIT)
        return math.nextafter(mean, math.inf) if above else mean

    def mean_distance(self, from_mean: _Moments) -> float:
        """The mean absolute deviation from the mean, given the moments of the values that are not below the mean."""
        above = 2 * (self.count * from_mean.sum - from_mean.count * self.sum)
        return _round_ratio(above, self.count * self.count, _SUM_UNIT)

    def consistent(self) -> bool:
        """Return whether these can be the sums of so many values in this range."""
        if self.count == 0:
            return self.sum == 0 == self.squares
        if not (math.isfinite(self.min) and math.isfinite(self.max) and self.min <= self.mean() <= self.max):
            return False
        return self.squares >= 0 and self._spread() >= 0 and (self._spread() == 0) == (self.min == self.max)


# ---- weighted sums, exact, and statistics of them that are rounded once (src/core/exact/weighted.c) ----

_WEIGHTS_UNIT, _VALUES_UNIT, _TRIPLES_UNIT = -1074, -2148, -3222


class _WeightedSums:
    """Sums of weights, weights times values, and weights times squares, in units of 2^-1074, 2^-2148 and 2^-3222."""

    __slots__ = ("weights", "values", "squares")

    def __init__(self):
        self.weights = self.values = self.squares = 0

    def add(self, x, weights):
        """Add finite values with weights that are positive and finite."""
        for chosen, w_shift in _windows(weights):
            w, of_these = np.ldexp(weights[chosen], -w_shift), x[chosen]
            total, unit = _product_sum(w, np.ones_like(w))
            self.weights += _shifted(total, unit + w_shift - _WEIGHTS_UNIT)
            for nearer, x_shift in _windows(of_these):
                v = np.ldexp(of_these[nearer], -x_shift)
                # w v is a pair of float64; times v again, that is two sums of products
                for part in _two_product(w[nearer], v):
                    total, unit = _product_sum(part, np.ones_like(v))
                    self.values += _shifted(total, unit + w_shift + x_shift - _VALUES_UNIT)
                    total, unit = _product_sum(part, v)
                    self.squares += _shifted(total, unit + w_shift + 2 * x_shift - _TRIPLES_UNIT)

    def add_times(self, x: float, weight: int):
        """Add a finite value with a weight in units of 2^-1074."""
        n, d = x.as_integer_ratio()
        whole = _shifted(n, 1 - d.bit_length() - _WEIGHTS_UNIT)
        self.weights += weight
        self.values += weight * whole
        self.squares += weight * whole * whole

    def merge(self, other: _WeightedSums):
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def total(self) -> float:
        return _round_ratio(self.values, 1, _VALUES_UNIT)

    def mean(self) -> float:
        if self.weights <= 0:
            return float("nan")
        return _round_ratio(self.values, self.weights, _VALUES_UNIT - _WEIGHTS_UNIT)

    def _spread(self) -> int:
        return self.weights * self.squares - self.values * self.values

    def deviation(self) -> float:
        if self.weights <= 0:
            return float("nan")
        return _round_root(self._spread(), self.weights * self.weights, _TRIPLES_UNIT - _WEIGHTS_UNIT)

    def consistent(self, low: float, high: float) -> bool:
        if self.weights <= 0 or self.squares < 0:
            return False
        return self._spread() >= 0 and (self._spread() == 0) == (low == high) and low <= self.mean() <= high


# ---- the cells of histograms as bits: which cell a value is in, and its number (src/core/values/histogram_labels.h, cell_numbering.c) ----

#
# A relative grid of level e cuts the bits of magnitudes, width 2^(e-52) of the value; a linear
# grid of level a cuts |x| into multiples of 2^a.  A cell is where a bin of one meets a bin of the
# other: the finer of the two at that magnitude.  Here cells have signs of their own: the
# magnitude of a cell's edge nearest zero, in bits, and whether it is negative.

_MAGNITUDE, _FRACTION, _HIDDEN = 0x7FFFFFFFFFFFFFFF, 0x000FFFFFFFFFFFFF, 0x0010000000000000
_INFINITY_BITS = 0x7FF0000000000000
_RELATIVE_MOST, _LINEAR_LEAST, _LINEAR_MOST = 63, -1074, 1024


def _magnitudes(values):
    """The bits of |x|, as int64."""
    return values.view(np.int64) & _MAGNITUDE


def _cell_magnitudes(magnitudes, relative_level: int, linear_level: int):
    """The magnitude at the edge nearest zero of the cell that holds each."""
    if relative_level == 0:
        return magnitudes
    drop = linear_level + 1075 - np.maximum(magnitudes >> 52, 1)
    drop = np.where(drop > 52, relative_level, np.clip(drop, 0, relative_level))
    # a shift by 63 leaves nothing
    return magnitudes >> drop << drop


def _bit_lengths(x):
    """Of integers from 0 to 2^63 - 1, whose halves are exact in float64."""
    high = x >> 32
    return np.where(high > 0, np.frexp(high.astype(np.float64))[1] + 32, np.frexp((x & 0xFFFFFFFF).astype(np.float64))[1])


def _relative_joins(a, b):
    """The least levels at which magnitudes share a bin of the relative grid."""
    return _bit_lengths(a ^ b)


def _linear_joins(a, b):
    """
    The same for the linear grid, where a <= b: one above the first bit in which they differ as multiples of 2^-1074,
    the leading bit of b if the exponents differ.
    """
    exponent = np.maximum(b >> 52, 1)
    near = (a >> 52 == exponent) | (exponent == 1)
    bit = np.where(near, _bit_lengths(a ^ b) - 1, 52)
    return np.where(a == b, _LINEAR_LEAST, bit + 1 + exponent - 1075)


def _linear_bin(magnitude: int, linear_level: int) -> int:
    exponent, significand = magnitude >> 52, magnitude & _FRACTION
    if exponent:
        significand |= _HIDDEN
    return significand >> (linear_level + 1075 - max(exponent, 1))


def _bits_of(value: float) -> int:
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def _float_of(bits: int) -> float:
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def _linear_bin_magnitude(number: int, linear_level: int) -> int:
    """The magnitude of number 2^linear_level, which is a float64."""
    try:
        return _bits_of(math.ldexp(number, linear_level))
    except OverflowError:
        return _INFINITY_BITS


class _CellNumbering(NamedTuple):
    """The numbers of cells, as profiles store them: cells of one sign are numbered 0, 1, ... by magnitude."""

    relative_level: int
    linear_level: int
    linear_from: int            # the relative grid cuts magnitudes below this
    exact_from: int             # from this magnitude on, the linear grid is finer than a unit in the last place
    relative_count: int
    linear_count: int
    first_linear_bin: int

    def index(self, magnitude: int) -> int:
        """The number of the cell that holds a magnitude."""
        if magnitude < self.linear_from:
            return magnitude >> self.relative_level
        if magnitude < self.exact_from:
            return self.relative_count + _linear_bin(magnitude, self.linear_level) - self.first_linear_bin
        return self.relative_count + self.linear_count + magnitude - self.exact_from

    def indexes(self, magnitudes):
        """The same of an array of int64."""
        exponent, significand = np.maximum(magnitudes >> 52, 1), magnitudes & _FRACTION
        significand = np.where(magnitudes >= _HIDDEN, significand | _HIDDEN, significand)
        linear = significand >> np.clip(self.linear_level + 1075 - exponent, 0, 63)
        return np.where(magnitudes < self.linear_from, magnitudes >> self.relative_level,
                        np.where(magnitudes < self.exact_from, self.relative_count + linear - self.first_linear_bin,
                                 self.relative_count + self.linear_count + (magnitudes - self.exact_from)))

    def magnitude(self, index: int) -> int:
        """The least magnitude of a cell; _INFINITY_BITS or more past the last one."""
        if index < self.relative_count:
            return index << self.relative_level
        index -= self.relative_count
        if index < self.linear_count:
            return _linear_bin_magnitude(self.first_linear_bin + index, self.linear_level)
        return min(self.exact_from + index - self.linear_count, _INFINITY_BITS)


def _number_cells(relative_level: int, linear_level: int) -> _CellNumbering:
    linear_exponent = linear_level + 1076 - min(relative_level, 53)
    exact_exponent = linear_level + 1076
    # subnormals have the exponent of the least normal numbers
    linear_from = 0 if linear_exponent <= 1 else _INFINITY_BITS if linear_exponent > 2047 else linear_exponent << 52
    exact_from = _INFINITY_BITS if exact_exponent > 2047 else exact_exponent << 52
    relative_count = ((linear_from - 1) >> relative_level) + 1 if linear_from else 0
    first = count = 0
    if linear_from < exact_from:
        first = _linear_bin(linear_from, linear_level)
        count = _linear_bin(exact_from - 1, linear_level) - first + 1
    return _CellNumbering(relative_level, linear_level, linear_from, exact_from, relative_count, count, first)


# ---- deterministic, mergeable histograms of bounded size: exact counts on two nested grids (src/core/values/histogram.h) ----

_SETTLES_AT = 1 << 15       # cells that wait
_FIRST = np.zeros(1, np.int64)


class _Cells:
    """The cells of one sign, by magnitude: magnitudes at the edges nearest zero, and counts."""

    __slots__ = ("edges", "counts")

    def __init__(self, edges=None, counts=None):
        self.edges = np.zeros(0, np.int64) if edges is None else edges
        self.counts = np.zeros(0, np.int64) if counts is None else counts


def _count_runs(sorted_edges, counts=None):
    """Cells of edges in ascending order, of which equal ones are one cell."""
    if len(sorted_edges) == 0:
        return _Cells()
    starts = np.concatenate((_FIRST, np.flatnonzero(sorted_edges[1:] != sorted_edges[:-1]) + 1))
    if counts is None:
        counts = np.empty_like(starts)
        np.subtract(starts[1:], starts[:-1], out=counts[:-1])
        counts[-1] = len(sorted_edges) - starts[-1]
    else:
        counts = np.add.reduceat(counts, starts)
    return _Cells(sorted_edges[starts], counts)


def _least_level(joins, lowest: int, bins: int, size: int) -> int:
    """The least level, from `lowest` on, that leaves at most `size` bins: at the highest there are `bins`."""
    levels, times = np.unique(joins[joins > lowest], return_counts=True)
    level = int(levels[-1]) if len(levels) else lowest
    for at in range(len(levels) - 1, -1, -1):
        if bins + int(times[at]) > size:
            return int(levels[at])
        bins += int(times[at])
    return lowest


class _Histogram:
    """
    Each grid takes the finest level at which the values seen fill at most `size` of its bins.  Grids nest, and more
    values never fill fewer bins, so a level once needed stays needed: what settle() leaves is a function of the values
    alone, whatever their order.
    """

    __slots__ = ("size", "relative_level", "linear_level", "zeros", "cells", "_waiting", "_number_waiting")

    def __init__(self, size: int):
        self.size = size
        self.relative_level, self.linear_level = 0, _LINEAR_LEAST
        self.zeros = 0
        self.cells = (_Cells(), _Cells())       # positive ones, negative ones
        self._waiting = ([], [])
        self._number_waiting = 0

    def add_sorted(self, values):
        """Add values in ascending order; infinities and NaN, which come last, do not count."""
        below, last = values.searchsorted((0.0, np.inf), "left").tolist()
        first, above = values.searchsorted((-np.inf, 0.0), "right").tolist()
        self.zeros += above - below
        for sign, part in enumerate((values[above:last], values[first:below][::-1])):
            edges = _cell_magnitudes(_magnitudes(np.ascontiguousarray(part)), self.relative_level, self.linear_level)
            self._wait(sign, _count_runs(edges))

    def _wait(self, sign, cells):
        if len(cells.edges):
            self._waiting[sign].append(cells)
            self._number_waiting += len(cells.edges)
        if self._number_waiting > max(_SETTLES_AT, 4 * self.size):
            self.settle()

    def merge(self, other: _Histogram):
        other.settle()
        self.relative_level = max(self.relative_level, other.relative_level)
        self.linear_level = max(self.linear_level, other.linear_level)
        self.zeros += other.zeros
        for sign in (0, 1):
            self._wait(sign, other.cells[sign])
            self._wait(sign, self.cells[sign])
        self.cells = (_Cells(), _Cells())

    def settle(self):
        """Move everything into cells at the levels that the values need."""
        if self._number_waiting == 0:
            return
        for _ in range(2):
            self._fold()
            if sum(len(cells.edges) for cells in self.cells) <= self.size or not self._raise_levels():
                break

    def _fold(self):
        folded = []
        for cells, waiting in zip(self.cells, self._waiting):
            parts = [part for part in (cells, *waiting) if len(part.edges)]
            if not parts:
                folded.append(cells)
                continue
            edges = _cell_magnitudes(np.concatenate([part.edges for part in parts]), self.relative_level, self.linear_level)
            counts = np.concatenate([part.counts for part in parts])
            if len(parts) > 1:
                order = np.argsort(edges, kind="stable")
                edges, counts = edges[order], counts[order]
            folded.append(_count_runs(edges, counts))
        self.cells = tuple(folded)
        self._waiting, self._number_waiting = ([], []), 0

    def _raise_levels(self) -> bool:
        edges = [cells.edges for cells in self.cells]
        signs = sum(len(e) > 0 for e in edges)
        before = self.relative_level, self.linear_level
        relative = np.concatenate([_relative_joins(e[:-1], e[1:]) for e in edges])
        linear = np.concatenate([_linear_joins(e[:-1], e[1:]) for e in edges])
        self.relative_level = min(_least_level(relative, self.relative_level, signs, self.size), _RELATIVE_MOST)
        self.linear_level = _least_level(linear, self.linear_level, signs, self.size)
        return before != (self.relative_level, self.linear_level)

    def is_exact(self) -> bool:
        """Return whether every cell is one float64, so that nothing was lost."""
        self.settle()
        return self.relative_level == 0

    def recheck_levels(self):
        """Raise the levels of cells that were read, if they need it."""
        if sum(len(cells.edges) for cells in self.cells) > self.size and self._raise_levels():
            self._fold()


# ---- the values of ranks: from all values, or from cells that stand for them (src/core/values/histogram_ranks.c, value_store.c) ----

class _ValueStore:
    """All finite values of one feature, and their weights, if rows have some: then no rank is asked for, and the order stays."""

    in_cells = False

    def __init__(self, parts, weights=None):
        self._parts, self._values, self._sorted, self._weights = parts, None, False, weights

    def add(self, values, weights=None):
        """Keep an array of values, of which those that are not finite do not count."""
        finite = np.isfinite(values)
        self._parts.append(values if finite.all() else values[finite])
        if self._weights is not None:
            self._weights.append(weights if finite.all() else weights[finite])
        self._values, self._sorted = None, False

    def merged(self, others) -> _ValueStore:
        stores = (self, *others)
        weights = None if self._weights is None else [part for store in stores for part in store._weights]
        return _ValueStore([part for store in stores for part in store._parts], weights)

    def weights(self):
        """The weights of the values, in their order; None without."""
        if self._weights is None:
            return None
        self._weights = [np.concatenate(self._weights) if self._weights else np.zeros(0)]
        return self._weights[0]

    def values(self):
        if self._values is None:
            self._values = np.concatenate(self._parts) if self._parts else np.zeros(0)
            self._values += 0.0                                # no -0
            self._parts = [self._values]
        return self._values

    def ranked(self, ranks):
        """The values of ranks, from 0 on."""
        if not self._sorted:
            self.values().sort()
            self._sorted = True
        return self._values[ranks]

    def most_frequent(self) -> float:
        """The least of the values that occur most often (src/core/values/most_frequent.c)."""
        values, times = np.unique(self.values(), return_counts=True)
        return float(values[np.argmax(times)])

    def ranked_distance(self, center: float, rank: int) -> float:
        return float(np.partition(np.abs(self.values() - center), rank)[rank])

    def weighed(self):
        """Values, and how many times each occurs: None for once."""
        return self.values(), None


class _CountedValues:
    """Values, each with the number of times it occurs: what cells have become."""

    def __init__(self, values, times, in_cells: bool):
        order = np.argsort(values, kind="stable")
        self._values, self._times, self.in_cells = values[order], times[order], in_cells

    def ranked(self, ranks):
        return self._values[np.searchsorted(np.cumsum(self._times), ranks, "right")]

    def ranked_distance(self, center: float, rank: int) -> float:
        return _ranked_distance(self, center, rank)

    def weighed(self):
        return self._values, self._times


def _ranked_distance(source, center: float, rank: int) -> float:
    values, times = source.weighed()
    distances = np.abs(values - center)
    order = np.argsort(distances, kind="stable")
    return float(distances[order][np.searchsorted(np.cumsum(times[order]), rank, "right")])


class _CellValues:
    """A settled histogram whose cells stand for its values, which lie between low and high."""

    def __init__(self, histogram: _Histogram, low: float, high: float):
        negative, positive = histogram.cells[1], histogram.cells[0]
        self.in_cells = not histogram.is_exact()
        numbering = _number_cells(histogram.relative_level, histogram.linear_level)
        near, far = [], []
        for magnitude in np.concatenate([negative.edges[::-1], positive.edges]).tolist():
            index = numbering.index(magnitude)
            near.append(_float_of(max(magnitude, 1)))           # zero is in no cell
            far.append(_float_of(numbering.magnitude(index + 1) - 1))
        near, far, n = np.array(near), np.array(far), len(negative.edges)
        least = np.concatenate([-far[:n], [0.0], near[n:]])
        greatest = np.concatenate([-near[:n], [0.0], far[n:]])
        self._counts = np.concatenate([negative.counts[::-1], [histogram.zeros], positive.counts])
        cut = np.arange(len(least)) != n
        self._low = np.where(cut, np.maximum(least, low), least)
        self._high = np.where(cut, np.minimum(greatest, high), greatest)
        self._before = np.cumsum(self._counts) - self._counts

    def cells_of(self, ranks):
        """low, high, number of values before and count of the cell of each rank."""
        at = np.searchsorted(self._before + self._counts, ranks, "right")
        return self._low[at], self._high[at], self._before[at], self._counts[at]

    def ranked(self, ranks):
        """As if the values of a cell were spread evenly across it."""
        low, high, before, count = self.cells_of(np.asarray(ranks))
        return low + (high - low) * (((ranks - before) + 0.5) / count)

    def most_frequent(self) -> float:
        """The same, of cells that are one float64 each."""
        values, times = self.weighed()
        return float(values[np.argmax(times)])

    def ranked_distance(self, center: float, rank: int) -> float:
        return _ranked_distance(self, center, rank)

    def weighed(self):
        some = self._counts > 0
        low, high = self._low[some], self._high[some]
        return low + (high - low) * 0.5, self._counts[some]


# ---- the canonical bytes of profiles (src/core/values/profile_format.h has the layout) ----

_PROFILE_FORMAT, _PROFILE_NAMES, _PROFILE_WEIGHTS = 1, 1, 2
_SUM_MOST, _SQUARES_MOST, _TRIPLES_MOST = 35, 69, 102       # the greatest limb of 2^63 values, squares, triple products
_COUNTS = ("count", "nulls", "nans", "positive_infinities", "negative_infinities")
_MOST_ROWS = 2 ** 63 - 1


# ---- writing ----

def _sum_bytes(value: int) -> bytes:
    """An integer as limbs of 64 bits, in two's complement, without zero limbs below and without redundant ones above."""
    if value == 0:
        return b"\0"
    lowest = ((value & -value).bit_length() - 1) // 64
    value >>= 64 * lowest
    limbs = (value if value >= 0 else ~value).bit_length() // 64 + 1
    return bytes([limbs, lowest]) + value.to_bytes(8 * limbs, "little", signed=True)


def _varints(values):
    """An array of int64 from 0 on as varints: an array of bytes, and where that of each value ends."""
    groups = np.maximum(-(-_bit_lengths(values) // 7), 1)
    ends = np.cumsum(groups)
    starts = ends - groups
    out = np.empty(int(groups.sum()), np.uint8)
    for k in range(int(groups.max(initial=0))):
        some = np.flatnonzero(groups > k)
        more = np.where(groups[some] > k + 1, 0x80, 0)
        out[starts[some] + k] = values[some] >> 7 * k & 0x7F | more
    return out, ends


def _histogram_numbers(histogram: _Histogram):
    """What is written of a histogram after its first byte, as numbers: levels, zeros, cells, negative ones first."""
    positive, negative = histogram.cells
    n = len(negative.edges)
    index = _number_cells(histogram.relative_level, histogram.linear_level).indexes(np.concatenate([negative.edges, positive.edges]))
    numbers = np.empty(4 + 2 * len(index), np.int64)
    numbers[:2] = histogram.linear_level - _LINEAR_LEAST, histogram.zeros
    for start, part, cells in ((2, index[:n], negative), (3 + 2 * n, index[n:], positive)):
        numbers[start] = len(part)
        pairs = numbers[start + 1:start + 1 + 2 * len(part)]
        pairs[:1] = part[:1]
        pairs[2::2] = part[1:] - part[:-1] - 1
        pairs[1::2] = cells.counts - 1
    return numbers


def _histograms_bytes(histograms) -> list:
    """The bytes of each histogram; they are written together, because numpy is slow on little."""
    if not histograms:
        return []
    numbers = [_histogram_numbers(histogram) for histogram in histograms]
    written, ends = _varints(np.concatenate(numbers))
    lasts = ends[np.cumsum([len(part) for part in numbers]) - 1].tolist()
    written = written.tobytes()
    return [bytes([histogram.relative_level]) + written[start:end]
            for histogram, start, end in zip(histograms, [0, *lasts[:-1]], lasts)]


def _profile_bytes(names, distribution, rows, moments, histograms, weighted) -> bytes:
    """Lists by feature; names, histograms and weighted sums may be None."""
    parts = [bytes([_PROFILE_FORMAT, _PROFILE_NAMES * (names is not None) | _PROFILE_WEIGHTS * (weighted is not None)]),
             _varint(len(moments)), _varint(distribution), _varint(rows)]
    for histogram in histograms or ():
        histogram.settle()
    distributions = _histograms_bytes(histograms)
    for i, m in enumerate(moments):
        if names is not None:
            parts.append(_counted(names[i].encode("utf-8")))
        parts += [_varint(getattr(m, name)) for name in _COUNTS]
        if m.count == 0:
            continue
        parts += _doubles((m.min, m.max)), _sum_bytes(m.sum), _sum_bytes(m.squares)
        if weighted is not None:
            parts += [_sum_bytes(value) for value in (weighted[i].weights, weighted[i].values, weighted[i].squares)]
        if histograms is not None:
            parts.append(distributions[i])
    return b"".join(parts)


# ---- reading ----

class _Malformed(Exception):
    """What is wrong with bytes."""


class _ByteReader:
    """Bytes from outside.  Whatever ends too early is malformed."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, n: int) -> bytes:
        if n > self.left():
            raise _Malformed("it ends too early")
        self.at += n
        return self.data[self.at - n:self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 63:
                raise _Malformed("it ends too early")
        if value >= 2 ** 64 or (byte == 0 and shift > 7):
            raise _Malformed("it ends too early")
        return value

    def double(self) -> float:
        return struct.unpack("<d", self.take(8))[0]


def _read_sum(reader: _ByteReader, most: int, problem: str) -> int:
    limbs = reader.byte()
    if limbs == 0:
        return 0
    lowest = reader.byte()
    if lowest + limbs - 1 > most or reader.left() < 8 * limbs:
        raise _Malformed(problem)
    value = int.from_bytes(reader.take(8 * limbs), "little", signed=True) << (64 * lowest)
    if _sum_bytes(value)[:2] != bytes([limbs, lowest]):
        raise _Malformed(problem)
    return value


def _read_cells(reader: _ByteReader, numbering, most: int) -> _Cells:
    number = reader.varint()
    # a cell takes at least two bytes, so that a hostile count cannot make us allocate much
    if number > reader.left() // 2 or number > most:
        raise _Malformed("a distribution is malformed")
    edges, counts, following = [], [], 0
    for _ in range(number):
        distance, count = reader.varint(), reader.varint()
        if distance >= _INFINITY_BITS or count >= _MOST_ROWS:
            raise _Malformed("a distribution is malformed")
        magnitude = numbering.magnitude(following + distance)
        if magnitude >= _INFINITY_BITS:
            raise _Malformed("a distribution is malformed")
        edges.append(magnitude)
        counts.append(count + 1)
        following += distance + 1
    return _Cells(np.array(edges, np.int64), np.array(counts, np.int64))


def _read_histogram(reader: _ByteReader, size: int, count: int) -> _Histogram:
    histogram = _Histogram(size)
    relative_level, linear_level, zeros = reader.byte(), reader.varint(), reader.varint()
    if relative_level > _RELATIVE_MOST or linear_level > _LINEAR_MOST - _LINEAR_LEAST or zeros > count:
        raise _Malformed("a distribution is malformed")
    histogram.relative_level, histogram.linear_level, histogram.zeros = relative_level, linear_level + _LINEAR_LEAST, zeros
    numbering = _number_cells(histogram.relative_level, histogram.linear_level)
    negative = _read_cells(reader, numbering, 2 * size)
    positive = _read_cells(reader, numbering, 2 * size - len(negative.edges))
    histogram.cells = positive, negative
    if zeros + sum(sum(cells.counts.tolist()) for cells in histogram.cells) != count:
        raise _Malformed("a distribution is malformed")
    return histogram


def _read_moments(reader: _ByteReader, rows: int) -> _Moments:
    moments, total = _Moments(), 0
    for name in _COUNTS:
        value = reader.varint()
        if value > rows - total:
            raise _Malformed("a feature's counts exceed the number of rows")
        setattr(moments, name, value)
        total += value
    if total != rows:
        raise _Malformed("a feature's counts do not add up to the number of rows")
    if moments.count == 0:
        return moments
    moments.min, moments.max = reader.double(), reader.double()
    if any(value == 0 and math.copysign(1, value) < 0 for value in (moments.min, moments.max)):
        raise _Malformed("negative zero is not canonical")
    moments.sum = _read_sum(reader, _SUM_MOST, "a sum is malformed")
    moments.squares = _read_sum(reader, _SQUARES_MOST, "a sum is malformed")
    if not moments.consistent():
        raise _Malformed("a feature's sums contradict its count and range")
    return moments


def _read_weighted(reader: _ByteReader, moments: _Moments) -> _WeightedSums:
    sums = _WeightedSums()
    if moments.count == 0:
        return sums
    for name, most in (("weights", _SUM_MOST), ("values", _SQUARES_MOST), ("squares", _TRIPLES_MOST)):
        setattr(sums, name, _read_sum(reader, most, "a weighted sum is malformed"))
    if not sums.consistent(moments.min, moments.max):
        raise _Malformed("a feature's weighted sums contradict its range")
    return sums


def _read_profile(data: bytes):
    """Return the arguments of _profile_bytes(), or raise _Malformed."""
    reader = _ByteReader(data)
    format_, flags, features, distribution, rows = (
        reader.byte(), reader.byte(), reader.varint(), reader.varint(), reader.varint())
    if format_ != _PROFILE_FORMAT:
        raise _Malformed("unknown format")
    if flags & ~(_PROFILE_NAMES | _PROFILE_WEIGHTS):
        raise _Malformed("unknown flags")
    if not 0 < features <= min(_MOST_FEATURES, reader.left()):
        raise _Malformed("impossible number of features")
    if distribution != 0 and distribution not in _HISTOGRAM_SIZES:
        raise _Malformed("impossible distribution size")
    if rows > _MOST_ROWS:
        raise _Malformed("impossible number of rows")
    names = [] if flags & _PROFILE_NAMES else None
    weighted = [] if flags & _PROFILE_WEIGHTS else None
    moments, histograms = [], [] if distribution else None
    for _ in range(features):
        if names is not None:
            length = reader.varint()
            if length > _LONGEST_NAME:
                raise _Malformed("it ends too early")
            try:
                names.append(reader.take(length).decode("utf-8"))
            except UnicodeDecodeError:
                raise _Malformed("a name is not UTF-8") from None
        found = _read_moments(reader, rows)
        moments.append(found)
        if weighted is not None:
            weighted.append(_read_weighted(reader, found))
        if histograms is not None:
            histograms.append(_read_histogram(reader, distribution, found.count) if found.count else _Histogram(distribution))
    if reader.left():
        raise _Malformed("it is followed by extra bytes")
    read = names, distribution, rows, moments, histograms, weighted
    # the levels, too, must be those that writing would choose
    for histogram in histograms or ():
        histogram.recheck_levels()
    if _profile_bytes(*read) != data:
        raise _Malformed("it is not in canonical form")
    return read


# ---- profiles: exact statistics of each feature, which are mergeable and do not depend on the order of rows ----

_ARMOR_DIGITS = 16


class Profile:
    """
    What normfreeze.profile() of the database makes of the same rows, with the same bytes: exact sums and a distribution
    of each feature.  `str(profile)` is the text that the database writes and reads.
    """

    def __init__(self, names, width: int, distribution: int, weighted: bool = False):
        """Use profile(), FitState or Profile.from_text()."""
        self._names, self._distribution = names, distribution
        self.rows = 0
        self._moments = [_Moments() for _ in range(width)]
        self._histograms = [_Histogram(distribution) for _ in range(width)] if distribution else None
        self._weighted = [_WeightedSums() for _ in range(width)] if weighted else None
        self._sums = None

    @property
    def feature_names(self) -> list[str] | None:
        return None if self._names is None else list(self._names)

    def __len__(self) -> int:
        return len(self._moments)

    def __repr__(self) -> str:
        return f"<normfreeze.Profile of {self.rows} rows, {len(self)} features>"

    # -- adding rows --

    def _add(self, columns, nulls, weights=None):
        """
        Add rows: an array of float64 with one column in each row, whose NULLs are NaN, and flags of NULLs likewise, or
        None.  Weights are positive and finite.
        """
        n = columns.shape[1]
        if n == 0:
            return
        if self.rows > _MOST_ROWS - n:
            raise _too_many_rows(self.rows, n)
        low, high = columns.min(axis=1), columns.max(axis=1)
        sorted_columns = None if self._histograms is None else np.sort(columns, axis=1)
        self._add_weights(columns, weights)
        columns = self._finite_only(columns, nulls, low, high)
        if self._sums is None:
            self._sums = _ColumnSums(len(self))
        self._sums.add(columns, low, high)
        for i, histogram in enumerate(self._histograms or ()):
            histogram.add_sorted(sorted_columns[i])
        self.rows += n

    def _finite_only(self, columns, nulls, low, high):
        """Count the values; return columns with zeros in the place of what is not finite, and set low and high accordingly."""
        n = columns.shape[1]
        unusual = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high)))
        copied = columns.copy() if len(unusual) else columns
        counts = np.full(len(columns), n)
        for i in unusual:
            finite = np.isfinite(columns[i])
            copied[i, ~finite] = 0.0
            counts[i] = finite.sum()
            self._moments[i].count_missing(columns[i], None if nulls is None else nulls[i])
            low[i] = np.where(finite, columns[i], np.inf).min()
            high[i] = np.where(finite, columns[i], -np.inf).max()
        for moments, count, least, greatest in zip(self._moments, counts.tolist(), low.tolist(), high.tolist()):
            moments.count += count
            moments.extend(least, greatest)
        none = counts == 0
        low[none] = high[none] = 0.0
        return copied

    def _add_weights(self, columns, weights):
        for i, sums in enumerate(self._weighted or ()):
            finite = np.isfinite(columns[i])
            sums.add(columns[i][finite], weights[finite])

    def _settle(self) -> Profile:
        """Bring everything into the form in which it can be read."""
        if self._sums is not None:
            self._sums.settle()
            for moments, total, squares in zip(self._moments, self._sums.sums, self._sums.squares):
                moments.sum += total
                moments.squares += squares
            self._sums = None
        for histogram in self._histograms or ():
            histogram.settle()
        return self

    def _merge(self, other: Profile):
        _check_may_merge(self, other)
        self._settle()
        other._settle()
        for mine, theirs in zip(self._parts(), other._parts()):
            for part, of_other in zip(mine, theirs):
                part.merge(of_other)
        self.rows += other.rows

    def _parts(self):
        return [parts for parts in (self._moments, self._histograms, self._weighted) if parts is not None]

    def _copy(self) -> Profile:
        made = Profile(self._names, len(self), self._distribution, self._weighted is not None)
        made._merge(self)
        return made

    # -- as a value --

    def merge(self, *others: Profile) -> Profile:
        """Return the profile of all rows of several profiles: the same bytes as that of the rows together."""
        made = self._copy()
        for other in others:
            if not isinstance(other, Profile):
                raise Error("42804", f"a profile is expected, not a {type(other).__name__}")
            made._merge(other)
        return made

    def _bytes(self) -> bytes:
        self._settle()
        return _profile_bytes(self._names, self._distribution, self.rows, self._moments, self._histograms, self._weighted)

    @property
    def digest(self) -> str:
        """What profile_digest() of the database returns; it is a part of the identity of a scaler."""
        return hashlib.sha256(b"normfreeze-profile" + self._bytes()).hexdigest()

    def __str__(self) -> str:
        data = self._bytes()
        return f"profile:{hashlib.sha256(data).hexdigest()[:_ARMOR_DIGITS]}:{base64.b64encode(data).decode()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self._bytes() == other._bytes()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self):
        return Profile.from_text, (str(self),)

    @staticmethod
    def from_text(text: str) -> Profile:
        """Return the profile in a text that the database, or str(), wrote.  Raises Error if anything is wrong with it."""
        if not isinstance(text, str):
            raise Error("42804", f"the text of a profile is expected, not a {type(text).__name__}")
        kind, _, rest = text.strip().partition(":")
        digest, colon, encoded = rest.partition(":")
        if kind != "profile" or len(digest) != _ARMOR_DIGITS or not colon:
            raise Error(_INVALID, "invalid input syntax for type normfreeze.profile",
                        "The text does not have the form profile:digest:base64.")
        try:
            data = base64.b64decode("".join(encoded.split()), validate=True)
        except (ValueError, binascii.Error):
            raise Error(_INVALID, "invalid input syntax for type normfreeze.profile",
                        "The base64 part is malformed.") from None
        if hashlib.sha256(data).hexdigest()[:_ARMOR_DIGITS] != digest:
            raise Error(_DAMAGED, "damaged value of type normfreeze.profile", "Its digest does not match its content.")
        return Profile._from_bytes(data)

    @staticmethod
    def _from_bytes(data: bytes) -> Profile:
        try:
            names, distribution, rows, moments, histograms, weighted = _read_profile(data)
        except _Malformed as problem:
            raise Error(_DAMAGED, f"invalid profile: {problem}") from None
        if names is not None:
            _check_names(names)
        made = Profile(names, len(moments), distribution)
        made.rows, made._moments, made._histograms, made._weighted = rows, moments, histograms, weighted
        return made


def _too_many_rows(rows, more):
    return Error("54000", f"a profile cannot count {rows} and {more} rows together", f"The limit is {_MOST_ROWS}.",
                 "Merge every profile once: no table has so many rows.")


def _check_may_merge(a: Profile, b: Profile):
    if len(a) != len(b):
        raise Error("22000", f"cannot merge profiles of {len(a)} and {len(b)} features", hint="Make all of them of the same columns.")
    if a._distribution != b._distribution:
        raise Error("22000", f"cannot merge profiles with distributions of {a._distribution} and {b._distribution} bins",
                    "0 means none.", 'Make all of them with the same option "distribution".')
    if (a._names is None) != (b._names is None):
        raise Error("22000", "cannot merge a profile whose features have names with one whose features have none",
                    hint='Make all of them of rows, or of arrays with option "names".')
    if (a._weighted is None) != (b._weighted is None):
        raise Error("22000", "cannot merge a profile of rows with weights with one of rows without",
                    hint="Make all of them with a weight for each row, or none.")
    for i, (mine, theirs) in enumerate(zip(a._names or (), b._names or ()), 1):
        if mine != theirs:
            raise Error("22000", "cannot merge profiles of different features",
                        f'Feature {i} is "{mine}" in one and "{theirs}" in the other.',
                        'Give both the same columns in the same order with option "columns".')
    if a.rows > _MOST_ROWS - b.rows:
        raise _too_many_rows(a.rows, b.rows)


# ---- the likelihood of a power transformation, exact up to one rounding of each term (src/core/scaler/power_likelihood.c) ----

_FRACTION_BITS = 61         # of the fixed-point numbers that are summed
_NEAR, _SMALL = 2.0 ** -8, 2.0 ** -6
_LEAST_SCALE = -900         # keeps third powers of places and of exponents in range
_THIRD = (float.fromhex("0x1.5555555555555p-2"), float.fromhex("0x1.5555555555555p-56"))
_LOG_MOST = 336.8695297521334       # (log(DBL_MAX) + log(DBL_EPSILON)) / 2, see scipy/scipy#18852
_HEADROOM, _LOG_DOUBLE_MAX = 20.0, 709.0


def _of_number(function, x: float) -> float:
    """A function of arrays, of one number."""
    return float(function(np.array([x]))[0])


def _greatest(a: float, b: float) -> float:
    """C's fmax: of a number and NaN the number."""
    return a if math.isnan(b) else b if math.isnan(a) else max(a, b)


# ---- functions as pairs, without correct rounding ----

def _log_as_pair(x):
    normal, exponent = _normalized(x)
    high, low, _ = _log_near_one(*_log_parts(normal, 0.0, exponent))
    return _fast_two_sum(high, low)


def _log_of_one_plus(z):
    high, low, _ = _log_near_one(z[0], z[1], 0.0, 0.0)
    return _fast_two_sum(high, low)


def _log1p_as_pair(x):
    near = x < _NEAR
    high, low, _ = _log_near_one(*_log_parts(*_two_sum(1.0, np.where(near, 1.0, x))))
    far = _fast_two_sum(high, low)
    close = _log_of_one_plus((np.where(near, x, 0.0), np.zeros_like(x)))
    return tuple(np.where(near, one, other) for one, other in zip(close, far))


def _expm1_as_pair(p):
    """of p < 709"""
    usual = (p[0] >= -50.0) & (p[0] < 709.0)
    near = np.abs(p[0]) < 2.0 ** -7
    y = np.where(usual & ~near, p[0], 1.0), np.where(usual & ~near, p[1], 0.0)
    high, low, exponent = _exp_pair(*y)
    scale = _power_of_two(exponent)
    s, e = _two_sum(high * scale, -1.0)
    far = _fast_two_sum(s, e + low * scale)
    x = np.where(near, p[0], 0.0)
    high, low, _ = _expm1_near_zero(x)
    close = _fast_two_sum(high, low + (p[1] + p[1] * x))
    result = [np.where(near, one, other) for one, other in zip(close, far)]
    beyond = np.where(p[0] < -50.0, -1.0, np.inf)
    return np.where(usual, result[0], beyond), np.where(usual, result[1], 0.0)


# ---- frames ----

class _PowerFrame(NamedTuple):
    """
    How values are seen while one exponent is tried.

    A value's base u is x by Box and Cox, 1 + |x| by Yeo and Johnson, and its place is log(u / reference) / 2^scale, at
    most 1 in magnitude.  Values of one sign have an end of their range as reference, so that their differences cancel
    nothing; values of both signs have the reference 1, at which a value of 0 is.
    """

    box_cox: bool
    both_signs: bool
    reference: float = 0.0
    base: tuple = (0.0, 0.0)    # u at the reference, times unit
    unit: float = 1.0           # a power of two that keeps quotients within range
    base_log: tuple = (0.0, 0.0)
    scale: int = 0
    exponents: tuple = ()       # for values from 0 on, and for those below, times 2^scale
    places: tuple = ()          # of the least and of the greatest value
    z_scale: int = 0
    w_scale: int = 0
    v_scale: int = 0


def _log_of_base(frame, magnitude):
    return _log_as_pair(magnitude) if frame.box_cox else _log1p_as_pair(magnitude)


def _log_from_reference(frame, magnitude):
    """log(u / reference) for the u of each magnitude."""
    if frame.both_signs:
        return _log_of_base(frame, magnitude)
    d = [part * frame.unit for part in _two_sum(magnitude, -frame.reference)]
    quotient = d[0] / frame.base[0]
    near = np.abs(quotient) < _NEAR
    close = np.where(near, quotient, 0.0)
    p = _two_product(close, np.full_like(close, frame.base[0]))
    rest = ((d[0] - p[0]) - p[1]) + (d[1] - close * frame.base[1])
    by_quotient = _log_of_one_plus((close, np.where(near, rest / frame.base[0], 0.0)))
    log = _log_of_base(frame, magnitude)
    s, e = _two_sum(log[0], -frame.base_log[0])
    by_difference = _fast_two_sum(s, e + (log[1] - frame.base_log[1]))
    return tuple(np.where(near, one, other) for one, other in zip(by_quotient, by_difference))


def _power_unit(exponent: int):
    return math.ldexp(1.0, exponent)


# ---- a transformed value and its derivatives ----

def _pair_over_number(a, b):
    quotient = a[0] / b
    p = _two_product(quotient, b)
    return _fast_two_sum(quotient, (((a[0] - p[0]) - p[1]) + a[1]) / b)


def _terms_near(t, p, square):
    """Series, for small exponents times places."""
    q = p[0]
    z_tail = 1.0 / 720 + q * (1.0 / 5040 + q * (1.0 / 40320 + q * (1.0 / 362880)))
    w_tail = 1.0 / 840 + q * (1.0 / 5760 + q * (1.0 / 45360 + q * (1.0 / 403200)))
    z_rest = q * q * (1.0 / 6 + q * (1.0 / 24 + q * (1.0 / 120 + q * z_tail)))
    w_rest = q * q * (1.0 / 8 + q * (1.0 / 30 + q * (1.0 / 144 + q * w_tail)))
    high, low = _fast_two_sum(1.0, 0.5 * p[0])
    z = _pair_times_pair(t, _fast_two_sum(high, low + (0.5 * p[1] + z_rest)))
    linear = _pair_times_pair(p, tuple(np.full_like(q, part) for part in _THIRD))
    high, low = _fast_two_sum(0.5, linear[0])
    w = _pair_times_pair(square, _fast_two_sum(high, low + (linear[1] + w_rest)))
    v = square[0] * t[0] * (1.0 / 3 + q * (1.0 / 4 + q * (1.0 / 10 + q * (1.0 / 36))))
    return z, w, v


def _terms_far(t, p, square, e):
    power = _expm1_as_pair(p)
    z = _pair_over_number(power, e)
    product = _pair_times_pair(t, power)
    s, rest = _two_sum(t[0], product[0])
    high, low = _fast_two_sum(s, rest + (t[1] + product[1]))
    s, rest = _two_sum(high, -z[0])
    w = _pair_over_number(_fast_two_sum(s, rest + (low - z[1])), e)
    v = (square[0] * (1.0 + power[0]) - 2.0 * w[0]) / e
    return z, w, v


def _terms_of(frame, x):
    """place, z, w, v and whether a value is mirrored: z = expm1(e t) / e, w = dz/de, v = d2z/de2 for the exponent e and the place t."""
    negative = (x < 0) if frame.both_signs else np.zeros(len(x), bool)
    e = np.where(negative, frame.exponents[1], frame.exponents[0])
    unit = _power_unit(-frame.scale)
    t = tuple(part * unit for part in _log_from_reference(frame, np.abs(x)))
    p = _pair_times_number(t, e)
    square = _pair_times_pair(t, t)
    small = np.abs(p[0]) < _SMALL
    if small.all():
        return t, *_terms_near(t, p, square), negative
    far = _terms_far(t, p, square, np.where(small, 1.0, e))
    if not small.any():
        return t, *far, negative
    near = _terms_near(t, tuple(np.where(small, part, 0.0) for part in p), square)
    z, w = (tuple(np.where(small, one, other) for one, other in zip(near[i], far[i])) for i in (0, 1))
    return t, z, w, np.where(small, near[2], far[2]), negative


def _power_exponent_range(box_cox: bool, low: float, high: float):
    """The exponents with which no value in [low, high] is transformed to more than float64 holds."""
    largest = sys.float_info.max
    least, greatest = -largest, largest
    if box_cox:
        if low < 1:
            least = max(least, _LOG_DOUBLE_MAX / _of_number(_log, low))
        if high > 1:
            greatest = min(greatest, _LOG_DOUBLE_MAX / _of_number(_log, high))
    else:
        widest = min(_HEADROOM * max(abs(low), abs(high)), largest)
        logarithm = _of_number(_log1p, widest)
        greatest = min(_LOG_MOST / logarithm if logarithm else math.inf, largest)
        if low < 0 < high:
            least = 2.0 - greatest
    return least, greatest


def _exponent_above(a: float, b: float) -> int:
    """The exponent of a power of two above |a| and |b|, but no less than _LEAST_SCALE."""
    larger = _greatest(abs(a), abs(b))
    return max(math.frexp(larger)[1] if math.isfinite(larger) else 0, _LEAST_SCALE)


def _ldexp(x: float, exponent: int) -> float:
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return math.copysign(math.inf, x)


def _power_frame(box_cox: bool, exponent: float, low: float, high: float) -> _PowerFrame:
    near, far = min(abs(low), abs(high)), max(abs(low), abs(high))
    frame = _PowerFrame(box_cox, low < 0 < high)
    if not frame.both_signs:
        # so that powers do not overflow: the exponent times a place is not positive
        reference = far if exponent > 0 else near
        base = (reference, 0.0) if box_cox else _two_sum(1.0, reference)
        unit = _power_unit(-min(max(math.frexp(base[0])[1], -1000), 1000))
        frame = frame._replace(reference=reference, unit=unit, base=(base[0] * unit, base[1] * unit))
        log = _log_of_base(frame, np.array([reference]))
        frame = frame._replace(base_log=(float(log[0][0]), float(log[1][0])))
    ends = np.array([low, high])
    scale = _exponent_above(*_log_from_reference(frame, np.abs(ends))[0].tolist())
    frame = frame._replace(scale=scale, exponents=(_ldexp(exponent, scale), _ldexp(2.0 - exponent, scale)))
    place, z, w, v, negative = _terms_of(frame, ends)
    places = np.where(negative, -place[0], place[0]).tolist()
    return frame._replace(places=tuple(places), z_scale=_exponent_above(*z[0].tolist()),
                          w_scale=_exponent_above(*w[0].tolist()), v_scale=_exponent_above(*v.tolist()))


# ---- sums ----

def _fixed_point(v, scale: int):
    """v / 2^scale, which is at most 1 in magnitude, as an integer of 61 bits."""
    unit = _power_unit(_FRACTION_BITS - scale)
    high = v[0] * unit
    inside = np.abs(high) <= 2.0 ** 62          # what is not is of no use, but must not overflow
    high = np.where(inside, high, 0.0)
    whole = np.trunc(high)
    rest = np.trunc((high - whole) + np.where(inside, v[1], 0.0) * unit)
    return whole.astype(np.int64) + rest.astype(np.int64)


def _thirds(x):
    """Integers of 62 bits as floats of 21 bits: x = a 2^42 + b 2^21 + c."""
    return [part.astype(np.float64) for part in (x >> 42, x >> 21 & 0x1FFFFF, x & 0x1FFFFF)]


_SUMMED = (("place",), ("z",), ("w",), ("v",), ("z", "z"), ("z", "w"), ("w", "w"), ("z", "v"))


def _sum_integers(x) -> int:
    return (int((x >> 31).sum()) << 31) + int((x & 0x7FFFFFFF).sum())


def _power_sums(frame, values, times) -> tuple:
    """The number of values, and their sums of _SUMMED, exactly.  `times` says how many times each value occurs, or is None."""
    totals, count = [0] * len(_SUMMED), 0
    for block in _blocks(len(values), _BLOCK_ROWS):
        x = values[block]
        place, z, w, v, negative = _terms_of(frame, x)
        found = {"place": _fixed_point(place, 0), "z": _fixed_point(z, frame.z_scale), "w": _fixed_point(w, frame.w_scale),
                 "v": _fixed_point((v, 0.0), frame.v_scale)}
        # y = -z by the exponent 2 - lambda, so dy/dlambda = w
        for name in ("place", "z", "v"):
            found[name] = np.where(negative, -found[name], found[name])
        if times is not None:
            count += _add_times(totals, found, times[block].tolist())
            continue
        count += len(x)
        parts = {name: _thirds(integers) for name, integers in found.items()}
        for k, names in enumerate(_SUMMED):
            if len(names) == 1:
                totals[k] += _sum_integers(found[names[0]])
                continue
            for i, a in enumerate(parts[names[0]]):
                for j, b in enumerate(parts[names[1]]):
                    totals[k] += int(np.dot(a, b)) << 21 * (4 - i - j)
    return count, totals


def _add_times(totals, found, times) -> int:
    lists = {name: integers.tolist() for name, integers in found.items()}
    for k, names in enumerate(_SUMMED):
        totals[k] += sum(math.prod(row) for row in zip(times, *(lists[name] for name in names)))
    return sum(times)


# ---- the score ----

class _PowerScore(NamedTuple):
    """The derivative of the log-likelihood by the exponent for each value, in units of places."""

    score: float
    slope: float                # its own derivative
    mean: float                 # of places
    deviation: float            # of transformed values, divided by the derivative at the reference


def _score_of_power_sums(count: int, totals, frame: _PowerFrame) -> _PowerScore:
    place, sum_z, sum_w, sum_v, zz, zw, ww, zv = totals
    n = float(count)
    w_by_z, v_by_z = frame.w_scale - frame.z_scale, frame.v_scale - frame.z_scale
    variance, covariance = count * zz - sum_z * sum_z, count * zw - sum_z * sum_w
    w_variance, v_covariance = count * ww - sum_w * sum_w, count * zv - sum_z * sum_v

    def number(a, exponent):
        return _round_ratio(a, 1, exponent)

    spread = number(variance, -2 * _FRACTION_BITS)
    ratio = _ldexp(_divide(number(covariance, -2 * _FRACTION_BITS), spread), w_by_z)
    # mean(place) - cov / var over one denominator, n var: they may be almost equal
    shift = w_by_z + _FRACTION_BITS
    left, right = place * variance, covariance * count
    least = min(shift, 0)
    difference = (left << -least) - (right << (shift - least))
    slope = 2.0 * ratio * ratio - _ldexp(_divide(number(w_variance, -2 * _FRACTION_BITS), spread), 2 * w_by_z) - \
        _ldexp(_divide(number(v_covariance, -2 * _FRACTION_BITS), spread), v_by_z)
    return _PowerScore(_divide(number(difference, least - 3 * _FRACTION_BITS), spread) / n, slope,
                       number(place, -_FRACTION_BITS) / n, _ldexp(math.sqrt(spread) / n, frame.z_scale))


def _divide(a: float, b: float) -> float:
    """a / b as the hardware divides."""
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


# ---- the lambda of a power transformation, by maximum likelihood (src/core/scaler/power_fit.c) ----

_MOST_EVALUATIONS = 200
_FAR = 0.02                             # of the range of places; a score above it is transformed by a logit
_SQUARED_TOLERANCE = 2.0 ** -37         # of the last step, by lambda
_LEAST_STEP = 2.0 ** -50                # relative to the exponent
_POWER_LARGEST_STEP = 2.0 ** -20        # between transformed values, in their deviations, that counts as telling them apart
_SLACK = 1.0                            # in the logarithm of a step: by how much a bounded lambda may be finer than needed


class _Trial(NamedTuple):
    """What is known at one exponent."""

    exponent: float
    frame: _PowerFrame
    score: _PowerScore


def _rounded_log(x: float) -> float:
    return _of_number(_log, x)


def _transformed(box_cox: bool, x: float, power: float) -> float:
    """x transformed by lambda = power."""
    value, rate = np.array([x]), np.array([power])
    if not box_cox:
        return float(_yeo_johnson(value, (rate, 2.0 - rate), _log1p, _expm1, _EPSILON)[0])
    log_x = _rounded_log(x)
    if abs(power) < 1e-19:
        return log_x
    if power * log_x < 709.78:
        return _divide(_of_number(_expm1, power * log_x), power)
    return math.copysign(1.0, power) * _of_number(_exp, power * log_x - _rounded_log(abs(power))) - 1.0 / power


def _unit_in_last_place(x: float) -> float:
    x = abs(x)
    return math.nextafter(x, math.inf) - x if math.isfinite(x) else x


class _ExponentSearch:
    """
    The derivative of the log-likelihood falls and has one zero, which Newton's method finds, kept between bounds.  Far
    from the zero it works on a logit: what is subtracted from the mean of the logarithms is a weighted mean of them.
    """

    def __init__(self, evidence, box_cox: bool):
        self.evidence, self.box_cox = evidence, box_cox
        self.low, self.high = evidence.moments.min, evidence.moments.max
        self.mirrored = not box_cox and self.low < 0 and self.high <= 0     # the exponent is 2 - lambda
        self.least, self.greatest = _power_exponent_range(box_cox, self.low, self.high)

    def attempt(self, exponent: float) -> _Trial:
        frame = _power_frame(self.box_cox, exponent + 0.0, self.low, self.high)
        return _Trial(exponent, frame, _score_of_power_sums(*_power_sums(frame, *self.evidence.weighed()), frame))

    def power(self, exponent: float) -> float:
        """The lambda of an exponent."""
        return 2.0 - exponent if self.mirrored else exponent

    @staticmethod
    def newton_step(trial: _Trial) -> float:
        """Estimate the zero of the score from its value and slope here, in the frame's units of exponents."""
        s = trial.score
        low, high = trial.frame.places
        tilted = s.mean - s.score
        least, greatest = min(low, high), max(low, high)
        width = greatest - least
        if not s.slope < 0:
            return math.inf if s.score > 0 else -math.inf
        if abs(s.score) <= _FAR * width or not (least < tilted < greatest and least < s.mean < greatest):
            return _divide(-s.score, s.slope)
        logits = [_rounded_log((place - least) / (greatest - place)) for place in (s.mean, tilted)]
        return _divide((logits[0] - logits[1]) * ((tilted - least) / width * (greatest - tilted)), -s.slope)

    def find_maximum(self):
        """A trial, the exponent at which the score is zero, or the bound beyond which it is, and whether it is beyond."""
        below, above = -math.inf, math.inf
        following = min(max(1.0, self.least), self.greatest)
        for _ in range(_MOST_EVALUATIONS):
            x = following
            trial = self.attempt(x)
            if trial.score.score > 0:
                below = x
            else:
                above = x
            if trial.score.score == 0:
                return trial, x, False
            if x == (self.greatest if trial.score.score > 0 else self.least):
                return trial, x, True
            unit = _ldexp(1.0, trial.frame.scale)
            place = x * unit
            step = self.newton_step(trial)
            most = 8.0 + 4.0 * abs(place)
            if not abs(step) <= most:
                step = math.copysign(most, trial.score.score)
            following = min(max((place + step) / unit, self.least), self.greatest)
            if not below < following < above and math.isfinite(below) and math.isfinite(above):
                following = below + (above - below) / 2
            if following in (x, below, above):
                return trial, x, False
            step = (following - x) * unit
            if step * step <= _SQUARED_TOLERANCE * abs(self.power(following) * unit) or abs(step) <= _LEAST_STEP * abs(place):
                return trial, following, False
        return trial, x, False

    def log_of_step(self, trial: _Trial, exponent: float) -> float:
        """
        The logarithm of the largest step between transformed values in float64, in their deviations: the last place of
        the result, and those of the logarithm and of its product with the exponent, magnified as the exponential does.
        """
        power = self.power(exponent)
        base_log = 0.0 if trial.frame.both_signs else trial.frame.base_log[0]
        own = 2.0 - power if self.mirrored else power
        largest = -math.inf
        for x in (self.low, self.high):
            e = 2.0 - power if trial.frame.both_signs and x < 0 else own
            logarithm = _rounded_log(x) if self.box_cox else _of_number(_log1p, abs(x))
            y = _transformed(self.box_cox, x, power)
            of_log = _unit_in_last_place(logarithm) + (_unit_in_last_place(e * logarithm) / abs(e) if e != 0 else 0.0)
            largest = _greatest(largest, _rounded_log(_unit_in_last_place(y)) - own * base_log)
            largest = _greatest(largest, e * (logarithm - base_log) + _rounded_log(of_log))
        # the deviation is known in units of places
        return largest - _rounded_log(trial.score.deviation) - _rounded_log(2.0) * trial.frame.scale

    def find_bound(self, fine: float, fine_excess: float, coarse: float, coarse_excess: float):
        """
        Replace an exponent at which values are fine enough by one between it and `coarse` at which they just are:
        regula falsi, with halves where it creeps (the Illinois method).
        """
        limit = _rounded_log(_POWER_LARGEST_STEP)
        fine_weight, coarse_weight = fine_excess, coarse_excess
        for _ in range(_MOST_EVALUATIONS):
            if not fine_excess < -_SLACK:
                break
            x = fine - fine_weight * _divide(coarse - fine, coarse_weight - fine_weight)
            # aim at the middle of the allowed range, in logarithms
            x -= (coarse - fine) * _divide(0.5 * _SLACK, coarse_weight - fine_weight)
            if not ((x > fine) == (coarse > fine) and (x < coarse) == (fine < coarse)) or x == fine:
                x = fine + (coarse - fine) / 2
            if x in (fine, coarse):
                break
            excess = self.log_of_step(self.attempt(x), x) - limit
            if excess > 0:
                coarse, coarse_weight = x, excess
                fine_weight /= 2
            else:
                fine, fine_weight, fine_excess = x, excess, excess
                coarse_weight /= 2
        return fine, fine_excess


def _fit_lambda(evidence, box_cox: bool, bounded: bool):
    """
    Return what came out ("found", "overflows" or "collapses"), lambda, and the largest step of values transformed by it.
    The feature must not be constant, and for Box and Cox it must be positive.
    """
    search = _ExponentSearch(evidence, box_cox)
    limit = _rounded_log(_POWER_LARGEST_STEP)
    with np.errstate(all="ignore"):
        trial, exponent, beyond = search.find_maximum()
        power = search.power(exponent)
        if beyond and not bounded:
            return "overflows", power, 0.0
        excess = search.log_of_step(trial, exponent) - limit
        step = _of_number(_exp, excess + limit)
        if excess > 0 and bounded:
            # with exponent 0, or 1 if values have both signs, values are as fine as they get
            fine = 1.0 if trial.frame.both_signs else 0.0
            fine_excess = search.log_of_step(search.attempt(fine), fine) - limit
            if fine_excess <= 0:
                fine, excess = search.find_bound(fine, fine_excess, exponent, excess)
                power, step = search.power(fine), _of_number(_exp, excess + limit)
        return "collapses" if excess > 0 else "found", power, step


# ---- what methods ask about the values of a feature beyond their moments, and the answers (src/core/scaler/evidence.c, quantile.c) ----

#
# Percentiles and medians have numpy's arithmetic, operation by operation
# (numpy/lib/_function_base_impl.py: _quantile, _lerp, _get_gamma, _get_indexes;
# _nanfunctions_impl.py: _nanmedian1d).


class _Evidence:
    """The values of a feature, or the cells of its histogram, which stand for them; and their moments."""

    def __init__(self, moments: _Moments, source):
        self.moments, self._source = moments, source

    @property
    def in_cells(self) -> bool:
        """Return whether answers come from cells, each of which stands for several values."""
        return self._source.in_cells

    def weighed(self):
        """Values, and how many times each occurs: None for once."""
        return self._source.weighed()

    def weights(self):
        """The weights of these values; None if rows have none."""
        return self._source.weights() if isinstance(self._source, _ValueStore) else None

    # -- order statistics --

    def percentiles(self, percents):
        count = self.moments.count
        percents = np.asarray(percents, np.float64)
        last = float(count - 1)
        index = last * (percents / 100.0)
        at_end = index >= last
        previous = np.where(at_end, last, np.floor(index))
        gamma = np.where(at_end, index + 1.0, index - previous)
        below = previous.astype(np.int64)
        a, b = self._source.ranked(below), self._source.ranked(np.where(at_end, below, below + 1))
        difference = b - a
        return np.where(gamma >= 0.5, b - difference * (1.0 - gamma), a + difference * gamma)

    def percentile(self, percent: float) -> float:
        return float(self.percentiles([percent])[0]) if self.moments.count else math.nan

    def _median(self, ranked) -> float:
        count = self.moments.count
        if count == 0:
            return math.nan
        above = ranked(count // 2)
        return above if count & 1 else (ranked(count // 2 - 1) + above) / 2.0

    def ranked(self, rank: int) -> float:
        return float(self._source.ranked(np.array([rank]))[0])

    def median(self) -> float:
        return self._median(self.ranked)

    def most_frequent(self) -> float:
        """The least of the values that occur most often; the evidence must be exact."""
        return self._source.most_frequent() if self.moments.count else math.nan

    def median_distance(self, center: float) -> float:
        if math.isnan(center):
            return math.nan
        return self._median(lambda rank: self._source.ranked_distance(center, rank))

    # -- moments of a function of the values, and weighted sums --

    def weighted_sums(self) -> _WeightedSums | None:
        """Those of these values; None if rows have no weights."""
        weights = self.weights()
        if weights is None:
            return None
        sums = _WeightedSums()
        sums.add(self.weighed()[0], weights)
        return sums

    def moments_of(self, function) -> _Moments:
        """The moments of function(values)."""
        values, times = self.weighed()
        results = function(values)
        if times is None:
            return _Moments.of(results)
        return _weighed_moments(results, times)

    def moments_from(self, least: float) -> _Moments:
        """The moments of the values that are not below `least`."""
        values, times = self.weighed()
        chosen = values >= least
        return _Moments.of(values[chosen]) if times is None else _weighed_moments(values[chosen], times[chosen])


    # -- what a range leaves of the values --

    def inside(self, low: float, high: float, clips: bool) -> _Evidence:
        """Values outside of a range are clipped to its ends, or do not count."""
        values, times = self.weighed()
        weights = self.weights()
        if clips:
            left = np.minimum(np.maximum(values, low), high)
        else:
            inside = (values >= low) & (values <= high)
            left, times = values[inside], times if times is None else times[inside]
            weights = weights if weights is None else weights[inside]
        if times is None:
            return _Evidence(_Moments.of(left), _ValueStore([left], None if weights is None else [weights]))
        return _Evidence(_weighed_moments(left, times), _CountedValues(left, times, self.in_cells))


def _weighed_moments(values, times) -> _Moments:
    moments = _Moments()
    for value, number in zip(values.tolist(), times.tolist()):
        if math.isfinite(value):
            moments.add_times(value, number)
        else:
            name = "nans" if math.isnan(value) else "positive_infinities" if value > 0 else "negative_infinities"
            setattr(moments, name, getattr(moments, name) + number)
    return moments


def _power_function(box_cox: bool, power: float):
    """The transformation by lambda = power, as it is applied, of an array."""
    def function(values):
        of_all = np.full_like(values, power)
        if box_cox:
            return _box_cox_forward(values, of_all, np.zeros_like(values), np.ones_like(values))
        return _yeo_johnson(values, (of_all, 2.0 - of_all), _log1p, _expm1, _EPSILON)
    return function


# ---- deriving the parameters of each method from values (src/core/scaler/derive.c, method.c): from exact moments and order statistics ----

_DEFAULT_QUANTILES = 1000
_DECIMAL_MOST = 308         # 10^308 is the largest power of ten that is a float64


class _NoParameters(Exception):
    """
    Why a feature has no parameters: "no values", "infinite", "not finite", "not positive", "singular", "overflows",
    "collapses", "fewer than quantiles", "undefined"; with what a message about it says.
    """

    def __init__(self, reason: str, least: float = 0.0, power: float = 0.0, step: float = 0.0, undefined: float = 0.0):
        super().__init__(reason)
        self.reason, self.least, self.power, self.step, self.undefined = reason, least, power, step, undefined


class _DeriveInput:
    """What parameters are derived from."""

    def __init__(self, method: _Method, options: list, moments: _Moments, weighted: _WeightedSums | None = None,
                 evidence: _Evidence | None = None, bounded: bool = False):
        self.method, self.options, self.moments, self.weighted = method, options, moments, weighted
        self.evidence, self.bounded = evidence, bounded

    def option(self, name: str):
        """The value of an option; of an interval both."""
        place, width = _option_place(self.method, name)
        return self.options[place] if width == 1 else tuple(self.options[place:place + width])

    def set_option(self, name: str, value: float):
        self.options[_option_place(self.method, name)[0]] = value

    def mean(self) -> float:
        return self.weighted.mean() if self.weighted else self.moments.mean()

    def has_one_value(self) -> bool:
        return self.moments.min == self.moments.max

    def needs_values(self, needed: bool = True):
        if needed and self.moments.count == 0:
            raise _NoParameters("no values")


class _Derived(NamedTuple):
    """What the formula needs, and whether the feature is constant: its spread, by the measure of the method, is exactly zero."""

    parameters: tuple = ()
    constant: bool = False
    table: Any = None


def _option_place(method: _Method, name: str):
    """Where the values of an option begin, and how many there are."""
    place = 0
    for option in method.options:
        width = 2 if option.kind == "interval" else 1
        if option.name == name:
            return place, width
        place += width
    return -1, 0


def _nonzero_scale(scale: float):
    """The scale, and whether it is exactly zero, which marks a constant feature and becomes 1."""
    return (1.0, True) if scale == 0 else (scale, False)


def _float_division(a: float, b: float) -> float:
    """Division as the hardware does it."""
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


# ---- methods that follow from moments ----

def _derive_standard(given: _DeriveInput) -> _Derived:
    with_mean, with_std = given.option("with_mean"), given.option("with_std")
    given.needs_values(with_mean or with_std)
    constant = given.has_one_value()
    scale = 1.0
    if with_std and not constant:
        scale = given.weighted.deviation() if given.weighted else given.moments.deviation(int(given.option("ddof")))
    return _Derived(((given.mean(),) if with_mean else ()) + (scale,), constant)


def _derive_minmax(given: _DeriveInput) -> _Derived:
    """MinMaxScaler: scale_ = (high - low) / (data_max_ - data_min_), min_ = low - data_min_ * scale_"""
    low, high = given.option("feature_range")
    width, constant = _nonzero_scale(given.moments.max - given.moments.min)
    scale = (high - low) / width
    return _Derived((scale, low - given.moments.min * scale), constant)


def _largest_magnitude(moments: _Moments) -> float:
    return max(abs(moments.min), abs(moments.max))


def _derive_maxabs(given: _DeriveInput) -> _Derived:
    scale, constant = _nonzero_scale(_largest_magnitude(given.moments))
    return _Derived((scale,), constant)


def _half_sum(a: float, b: float) -> float:
    """(a + b) / 2, rounded once.  Halving first would round subnormals; halving last might overflow."""
    total = a + b
    return total * 0.5 if math.isfinite(total) else a * 0.5 + b * 0.5


def _derive_midrange(given: _DeriveInput) -> _Derived:
    """Teradata: ((max + min) / 2, (max - min) / 2)"""
    low, high, constant = given.moments.min, given.moments.max, given.has_one_value()
    return _Derived((_half_sum(high, low), 1.0 if constant else _half_sum(high, -low)), constant)


def _derive_mean(given: _DeriveInput) -> _Derived:
    """Teradata: (mean, 1)"""
    return _Derived((given.mean(), 1.0), given.has_one_value())


def _derive_sum(given: _DeriveInput) -> _Derived:
    """Teradata: (0, sum)"""
    scale, constant = _nonzero_scale(given.weighted.total() if given.weighted else given.moments.total())
    return _Derived((scale,), constant)


def _derive_decimal(given: _DeriveInput) -> _Derived:
    """Decimal scaling: the least power of ten, from 1 on, by which every |x| is divided below 1."""
    largest, scale, exponent = _largest_magnitude(given.moments), 1.0, 1
    # literals, because a product of tens is not exact above 1e22
    while largest >= scale and exponent <= _DECIMAL_MOST:
        scale, exponent = float(f"1e{exponent}"), exponent + 1
    return _Derived((math.inf if largest >= scale else scale,), largest == 0)


def _derive_log1p(given: _DeriveInput) -> _Derived:
    if not given.moments.min > -1.0:
        raise _NoParameters("not positive", least=-1.0)
    return _Derived((), given.has_one_value())


def _derive_affine(given: _DeriveInput) -> _Derived:
    """The parameters are options.  With the defaults, values stay as they are."""
    return _Derived((0.0, 1.0), given.has_one_value())


def _derive_nothing(given: _DeriveInput) -> _Derived:
    return _Derived((), given.has_one_value())


# ---- methods that need the values ----

def _derive_robust(given: _DeriveInput) -> _Derived:
    """RobustScaler: center_ = median, scale_ = difference of two percentiles"""
    with_centering, with_scaling = given.option("with_centering"), given.option("with_scaling")
    given.needs_values(with_centering or with_scaling)
    center = (given.evidence.median(),) if with_centering else ()
    scale, constant = 1.0, given.has_one_value()
    if with_scaling:
        low, high = given.option("quantile_range")
        scale, constant = _nonzero_scale(given.evidence.percentile(high) - given.evidence.percentile(low))
        if given.option("unit_variance"):
            scale = _float_division(scale, _quantile_of_normal(high / 100.0) - _quantile_of_normal(low / 100.0))
    return _Derived(center + (scale,), constant)


def _quantile_of_normal(p: float) -> float:
    """The normal quantile of 0 <= p <= 1."""
    if p in (0.0, 1.0):
        return -math.inf if p == 0 else math.inf
    q = min(p, 1.0 - p)         # exact where it is taken (Sterbenz)
    if q >= 1e-8:
        return float(_normal_quantile(np.array([p]))[0])
    return math.copysign(_far_quantile(q), p - 0.5)


def _derive_mad(given: _DeriveInput) -> _Derived:
    """
    The median, and the median distance from it times option "factor".  The default factor makes it the deviation of
    normally distributed values (1.4826, as in R's mad() and Vertica); 1 gives SAP HANA's median absolute deviation.
    """
    with_centering, with_scaling = given.option("with_centering"), given.option("with_scaling")
    given.needs_values(with_centering or with_scaling)
    median = given.evidence.median() if with_centering or with_scaling else 0.0
    scale, constant = 1.0, given.has_one_value()
    if with_scaling:
        distance = given.evidence.median_distance(median)
        constant = distance == 0
        scale = 1.0 if constant else given.option("factor") * distance
    return _Derived(((median,) if with_centering else ()) + (scale,), constant)


def _derive_meanabs(given: _DeriveInput) -> _Derived:
    """The mean and the mean distance from it, each rounded once (SAP HANA)."""
    mean, constant = given.moments.mean(), given.has_one_value()
    if constant:
        return _Derived((mean, 1.0), True)
    if given.evidence.in_cells:
        # a cell that contains the mean does not tell how many of its values are on which side
        distance = given.evidence.moments_of(lambda values: np.abs(values - mean)).mean()
    else:
        distance = given.moments.mean_distance(given.evidence.moments_from(given.moments.mean_ceiling()))
    return _Derived((mean, distance), False)


def _reference_probabilities(n: int):
    if n == 1:
        return np.zeros(1)
    references = np.arange(n) * (1.0 / (n - 1))
    references[-1] = 1.0
    return references


def _derive_quantile(given: _DeriveInput) -> _Derived:
    count, wanted = given.moments.count, given.option("n_quantiles")
    if wanted <= 0:
        most = _DEFAULT_QUANTILES if wanted == 0 else -wanted
        wanted = 1.0 if count == 0 else float(min(count, most))
        given.set_option("n_quantiles", wanted)
    given.needs_values()
    if count < wanted:
        raise _NoParameters("fewer than quantiles")
    quantiles = given.evidence.percentiles(_reference_probabilities(int(wanted)) * 100.0)
    # numpy's interpolation may step back by a unit in the last place
    quantiles = np.maximum.accumulate(quantiles) + 0.0
    # differences of values may overflow in the interpolation
    if not np.isfinite(quantiles).all():
        raise _NoParameters("not finite")
    return _Derived((), given.has_one_value(), quantiles)


def _derive_power(given: _DeriveInput) -> _Derived:
    box_cox, constant = bool(given.option("method")), given.has_one_value()
    if box_cox and given.moments.min <= 0:
        raise _NoParameters("not positive")
    if box_cox and constant:
        raise _NoParameters("singular")
    power, center, scale = 1.0, 0.0, 1.0        # subtracting 0 leaves the values of a constant feature as they are
    if not constant:
        outcome, power, step = _fit_lambda(given.evidence, box_cox, given.bounded)
        if outcome != "found":
            raise _NoParameters(outcome, power=power, step=step)
    if given.option("standardize"):
        # from the values that the scaler computes when it is applied, with their rounding
        with np.errstate(all="ignore"):
            moments = given.evidence.moments_of(_power_function(box_cox, power + 0.0))
        center = moments.mean()
        if moments.min != moments.max:
            scale = moments.deviation()
    return _Derived((power, center, scale), constant)


# ---- location and scale, for an intercept and a multiplier ----

def _location_and_scale(given: _DeriveInput, derived: _Derived):
    return derived.parameters


def _scale_alone(given: _DeriveInput, derived: _Derived):
    return 0.0, derived.parameters[0]


def _location_if_centered(given: _DeriveInput, derived: _Derived):
    return derived.parameters if len(derived.parameters) == 2 else _scale_alone(given, derived)


def _location_of_minmax(given: _DeriveInput, derived: _Derived):
    """Teradata's RANGE: (min, max - min)"""
    return given.moments.min, 1.0 if derived.constant else given.moments.max - given.moments.min


def _no_location_nor_scale(given: _DeriveInput, derived: _Derived):
    return 0.0, 1.0


# ---- the table ----

class _Derivation(NamedTuple):
    """How the parameters of a method are derived."""

    derive: Any
    location_scale: Any = None          # None if the method has neither
    needs_values: bool = False          # more of them than their moments
    takes_weights: bool = False
    needs_one: bool = False             # at least one value; otherwise it depends on the options
    given: bool = False                 # the parameters are options, and not derived
    needs_range: bool = False           # no more of the values than their number and their range


_DERIVATIONS = {
    "standard": _Derivation(_derive_standard, _location_if_centered, takes_weights=True),
    "minmax": _Derivation(_derive_minmax, _location_of_minmax, takes_weights=True, needs_one=True, needs_range=True),
    "maxabs": _Derivation(_derive_maxabs, _scale_alone, takes_weights=True, needs_one=True, needs_range=True),
    "robust": _Derivation(_derive_robust, _location_if_centered, needs_values=True),
    "identity": _Derivation(_derive_nothing, _no_location_nor_scale, takes_weights=True, needs_range=True),
    "mad": _Derivation(_derive_mad, _location_if_centered, needs_values=True),
    "meanabs": _Derivation(_derive_meanabs, _location_and_scale, needs_values=True, needs_one=True),
    "midrange": _Derivation(_derive_midrange, _location_and_scale, takes_weights=True, needs_one=True, needs_range=True),
    "mean": _Derivation(_derive_mean, _location_and_scale, takes_weights=True, needs_one=True),
    "sum": _Derivation(_derive_sum, _scale_alone, takes_weights=True, needs_one=True),
    "decimal": _Derivation(_derive_decimal, _scale_alone, takes_weights=True, needs_one=True, needs_range=True),
    "quantile": _Derivation(_derive_quantile, needs_values=True),
    "power": _Derivation(_derive_power, needs_values=True, needs_one=True),
    "log1p": _Derivation(_derive_log1p, takes_weights=True, needs_range=True),
    "l1": _Derivation(_derive_nothing, takes_weights=True),
    "l2": _Derivation(_derive_nothing, takes_weights=True),
    "max": _Derivation(_derive_nothing, takes_weights=True),
    "affine": _Derivation(_derive_affine, _location_and_scale, takes_weights=True, given=True, needs_range=True),
    **{name: _Derivation(_derive_nothing, takes_weights=True, needs_range=True)
       for name in ("log", "log2", "log10", "sqrt", "cbrt", "square", "asinh", "logit", "reciprocal", "expm1")},
}

# defaults of options of methods, each a tuple of one value or two
_OPTION_DEFAULTS = {
    "with_mean": (1,), "with_std": (1,), "ddof": (0,), "feature_range": (0, 1), "clip": (0,), "with_centering": (1,),
    "with_scaling": (1,), "quantile_range": (25, 75), "unit_variance": (0,), "factor": (1.4826,), "method": (0,),
    "standardize": (1,), "output_distribution": (0,),
    # until a fit settles it, as many as there are values: at most 1,000 for 0, at most its magnitude for a negative value
    "n_quantiles": (0,),
}


def _method_named(name: str) -> _Method | None:
    """The method of a name, if it can be fitted here."""
    return _METHODS[_METHOD_CODES[name] - 1] if name in _METHOD_CODES and name in _DERIVATIONS else None


def _default_options(method: _Method) -> list:
    return [float(value) for option in method.options for value in _OPTION_DEFAULTS[option.name]]


def _usual_domain(method: _Method, options) -> str:
    """The domain policy of a feature of this method alone, where options do not say one."""
    domain = _formula_of(method, options).domain
    return "keep" if domain is None or domain.kept else "error"


def _formula_of(method: _Method, options):
    return _FORMULA_NAMED[method.formulas[int(options[method.decides])] if len(method.formulas) > 1 else method.formulas[0]]


def _are_usable(formula, parameters) -> bool:
    """Return whether the formula can be applied: all parameters are finite, and no divisor is zero."""
    return all(math.isfinite(value) and not (value == 0 and name == "scale")
               for name, value in zip(formula.parameters, parameters))


def _derive(given: _DeriveInput, shifted: bool) -> _Derived:
    """
    The parameters of the method's own formula.  With `shifted` only location and scale are used.  Raises _NoParameters.
    Options that depend on the data are set.
    """
    derivation = _DERIVATIONS[given.method.name]
    if derivation.needs_one:
        given.needs_values()
    derived = derivation.derive(given)
    derived = derived._replace(parameters=tuple(value + 0.0 for value in derived.parameters))
    if not shifted and not _are_usable(_formula_of(given.method, given.options), derived.parameters):
        raise _NoParameters("not finite")
    return derived


# ---- deriving a range by a rule, and what it leaves of the values (src/core/scaler/range_rule.c, ranged_derive.c) ----

def _range_needs_values(rule: _RangeRule | None) -> bool:
    """Return whether a fit with a rule needs more of the values than their moments."""
    return rule is not None and (rule.kind.name != "deviations" or not rule.of_all)


def _range_follows_from_moments(rule: _RangeRule | None, clips: bool) -> bool:
    """Return whether moments alone give the range, and it leaves values of which the range is known, as it does if it clips."""
    return rule is None or (rule.kind.name == "deviations" and (rule.of_all or clips))


def _clipped_range(moments: _Moments, low: float, high: float) -> _Moments:
    """The range of values that are clipped, and their number; not their sums."""
    clipped = _Moments()
    clipped.count = moments.count
    clipped.extend(min(max(moments.min, low), high), min(max(moments.max, low), high))
    return clipped


def _around(below: float, above: float, unit: float, rule: _RangeRule):
    distance = rule.numbers[0] * unit if math.isfinite(unit) else math.nan
    return below - distance, above + distance


def _range_ends(rule: _RangeRule, moments: _Moments, weighted: _WeightedSums | None, evidence: _Evidence | None):
    name, (first, second), count = rule.kind.name, rule.numbers, moments.count
    if name == "percentiles":
        return (0.0 if rule.open_low else evidence.percentile(first), 0.0 if rule.open_high else evidence.percentile(second))
    if name == "fraction":
        return (evidence.ranked(int(count * first)), evidence.ranked(count - 1 - int(count * second)))
    if name == "deviations":
        # one value has no sample deviation
        unit = 0.0 if moments.min == moments.max else weighted.deviation() if weighted else moments.deviation(int(second))
        center = weighted.mean() if weighted else moments.mean()
        return _around(center, center, unit, rule)
    if name == "mad":
        center = evidence.median()
        return _around(center, center, second * evidence.median_distance(center), rule)
    below, above = evidence.percentile(25.0), evidence.percentile(75.0)
    return _around(below, above, above - below, rule)


def _derive_range(rule: _RangeRule, moments: _Moments, weighted: _WeightedSums | None, evidence: _Evidence | None):
    """The ends of a range, which are those of float64 where it is open; and whether there is but one value in it."""
    if moments.count == 0:
        raise _NoParameters("no values")
    low, high = _range_ends(rule, moments, weighted, evidence)
    if math.isnan(low) or math.isnan(high) or rule.kind.is_pair and (math.isinf(low) or math.isinf(high)):
        raise _NoParameters("range not finite")
    low = -_RANGE_UNKNOWN if rule.open_low else max(low, -_RANGE_UNKNOWN) + 0.0
    high = _RANGE_UNKNOWN if rule.open_high else min(high, _RANGE_UNKNOWN) + 0.0
    # interpolation may step back by a unit in the last place
    low = min(low, high)
    return low, high, low == high and moments.min != moments.max


# ---- exact moments of what values become by the functions that come first in a sequence, without keeping the values ----

_AT_ONCE = 4096             # values that wait to be followed together, because numpy is slow on little


def _is_function(step) -> bool:
    """Whether a step has no parameters that are derived from values."""
    formula = _formula_of(step.method, step.options)
    return _DERIVATIONS[step.method.name].given or not (formula.parameters or formula.table or formula.norm)


def _function_step(step) -> _Step:
    given = (step.center, step.scale) if _DERIVATIONS[step.method.name].given else ()
    return _Step(step.method, step.options, _formula_of(step.method, step.options), given, None, None, False, True)


class _LeftOut:
    """Values for which a formula is not defined: how many, and the sum of their weights in units of 2^-1074."""

    def __init__(self):
        self.count = self.weight = 0

    def add(self, chosen, weights):
        self.count += int(chosen.sum())
        if weights is not None:
            sums = _WeightedSums()
            sums.add(np.zeros(int(chosen.sum())), weights[chosen])
            self.weight += sums.weights

    def merge(self, other: _LeftOut):
        self.count += other.count
        self.weight += other.weight


class _Place:
    """
    The values in front of a step: the range and the number of all, and those for which its formula is defined.  Of the
    last place, these have all moments, and weighted sums if rows have weights.
    """

    def __init__(self, is_last: bool, weighted: bool):
        self.is_last = is_last
        self.all, self.defined = _Moments(), _Moments()
        self.weighted = _WeightedSums() if weighted and is_last else None
        self.below, self.above = _LeftOut(), _LeftOut()
        self.near_zero = [-math.inf, math.inf]          # the greatest value below zero, and the least one above

    def add(self, x, weights, domain: _FormulaDomain | None):
        """Count values, and return those that get to the formula, with their weights."""
        x, weights = self._finite(x, weights)
        if domain and len(x):
            defined = domain.includes(x)
            if not defined.all():
                above = ~defined & (x >= domain.high)
                self.above.add(above, weights)
                self.below.add(~defined & ~above, weights)
                x, weights = x[defined], weights if weights is None else weights[defined]
            if domain.without_zero:
                self.near_zero = [float(x[x < 0].max(initial=self.near_zero[0])), float(x[x > 0].min(initial=self.near_zero[1]))]
        if self.is_last:
            self.defined.merge(_Moments.of(x))
        else:
            _count_range(self.defined, x)
        if self.weighted:
            self.weighted.add(x, weights)
        return x, weights

    def _finite(self, x, weights):
        finite = np.isfinite(x)
        if not finite.all():
            self.all.count_missing(x, None)
            x, weights = x[finite], weights if weights is None else weights[finite]
        _count_range(self.all, x)
        return x, weights

    def merge(self, other: _Place):
        self.all.merge(other.all)
        self.defined.merge(other.defined)
        if self.weighted:
            self.weighted.merge(other.weighted)
        self.below.merge(other.below)
        self.above.merge(other.above)
        self.near_zero = [max(self.near_zero[0], other.near_zero[0]), min(self.near_zero[1], other.near_zero[1])]

    def clip_range(self, domain: _FormulaDomain):
        """The defined values to which others are clipped: the ends of their range; without zero, the one nearest to it twice."""
        if self.defined.count == 0:
            raise _NoParameters("no values")
        if not domain.without_zero:
            return self.defined.min, self.defined.max
        below, above = self.near_zero
        nearest = above if above <= -below else below
        return nearest, nearest


def _count_range(moments: _Moments, x):
    moments.count += len(x)
    if len(x):
        moments.extend(float(x.min()), float(x.max()))


class _FunctionMoments:
    """The values in front of each of some steps, of which all but the last are functions without parameters."""

    def __init__(self, steps, weighted: bool):
        self._steps = steps
        self._places = [_Place(step is steps[-1], weighted) for step in steps]
        self._waiting, self._number_waiting = [], 0

    def add(self, x, weights):
        """Add values, of which those that are not finite do not count; the arrays stay as they are for as long as this call."""
        finite = np.isfinite(x)
        if len(x) >= _AT_ONCE:
            self._follow(x[finite], weights if weights is None else weights[finite])
            return
        self._waiting.append((x[finite], weights if weights is None else weights[finite]))
        self._number_waiting += len(x)
        if self._number_waiting >= _AT_ONCE:
            self._settle()

    def _settle(self):
        if self._waiting:
            x, weights = zip(*self._waiting)
            self._waiting, self._number_waiting = [], 0
            self._follow(np.concatenate(x), None if weights[0] is None else np.concatenate(weights))

    def _follow(self, x, weights):
        x = x + 0.0             # no -0
        for spec, place in zip(self._steps, self._places):
            x, weights = place.add(x, weights, _formula_of(spec.method, spec.options).domain)
            if not place.is_last and len(x):
                with np.errstate(all="ignore"):
                    x = _run(_function_step(spec), x, False)

    def merge(self, other: _FunctionMoments):
        other._settle()
        for mine, theirs in zip(self._places, other._places):
            mine.merge(theirs)

    def merged(self, others) -> _FunctionMoments:
        """These and others together, as a new object."""
        self._settle()
        made = copy.deepcopy(self)
        for other in others:
            made.merge(other)
        return made

    def walk(self) -> _Walk:
        self._settle()
        return _Walk(self._places, [_formula_of(step.method, step.options).domain for step in self._steps])


class _Walk:
    """
    From place to place, with the values that rules have clipped so far: a few values, each so many times, whose results
    come to those of the others.
    """

    def __init__(self, places, domains):
        self._places, self._domains, self._at, self._clipped = places, domains, 0, []

    def _with_clipped(self, moments: _Moments) -> _Moments:
        made = copy.copy(moments)
        for value, count, _ in self._clipped:
            if math.isfinite(value):
                made.add_times(value, count)
            else:
                made.positive_infinities += count
        return made

    def _undefined_clipped(self) -> list:
        domain = self._domains[self._at]
        return [domain is not None and not domain.includes(np.float64(value)) for value, _, _ in self._clipped]

    def is_defined(self) -> bool:
        """Whether the formula in front of which this is is defined for all values."""
        place = self._places[self._at]
        return place.below.count == 0 == place.above.count

    def moments(self) -> _Moments:
        """Those of the values in front of the formula; without sums if it is not defined for some."""
        place = self._places[self._at]
        known = copy.copy(place.defined if self.is_defined() else place.all)
        known.positive_infinities, known.negative_infinities = place.all.positive_infinities, place.all.negative_infinities
        return self._with_clipped(known)

    def weighted(self) -> _WeightedSums | None:
        """Those of the finite values for which the formula is defined, at the last place of a fit with weights."""
        place = self._places[self._at]
        if place.weighted is None:
            return None
        made = copy.copy(place.weighted)
        for value, _, weight in self._clipped:
            if math.isfinite(value):
                made.add_times(value, weight)
        return made

    def leave_out(self, policy: str):
        """
        Let the values for which the formula is not defined be missing, or be clipped.  Return the range to which they are,
        or (), and the moments and weighted sums of the values that the formula gets.
        """
        place, undefined, bounds = self._places[self._at], self._undefined_clipped(), ()
        if policy == "null":
            self._clipped = [one for one, out in zip(self._clipped, undefined) if not out]
        else:
            bounds = low, high = place.clip_range(self._domains[self._at])
            self._clipped = [((low if one[0] < low else high) if out else one[0], *one[1:]) for one, out in zip(self._clipped, undefined)]
            self._clipped += [(bound, left.count, left.weight) for bound, left in ((low, place.below), (high, place.above)) if left.count]
        return bounds, self._with_clipped(place.defined), self.weighted()

    def is_last(self) -> bool:
        return self._places[self._at].is_last

    def go_on(self, step: _Step):
        """Go through a formula to the next place.  Return the moments and weighted sums of the values there, as in moments()."""
        if self._clipped:
            with np.errstate(all="ignore"):
                results = _run(step, np.array([value for value, _, _ in self._clipped]), False)
            self._clipped = [(result, *rest) for result, (_, *rest) in zip(results.tolist(), self._clipped)]
        self._at += 1
        return self.moments(), self.weighted()


# ---- deriving a sequence of steps, each from what the values have become before it (src/core/scaler/derive_steps.c, value_path.c) ----

_LEAST = 5e-324


class _StepSpec(NamedTuple):
    """A step as it was asked for."""

    method: _Method
    options: tuple
    domain: Any                 # a policy, or None for the usual one
    center: float = 0.0         # for a method whose parameters are given
    scale: float = 1.0
    bounded: bool = False


def _follows_from_moments(step: _StepSpec, is_last: bool) -> bool:
    """
    Whether it takes no more of the values that a step gets than their moments to derive the step and, unless it is the last
    one, to know the range of its results.
    """
    return not _DERIVATIONS[step.method.name].needs_values and (is_last or _is_monotonic(_formula_of(step.method, step.options)))


def _follows_from_range(step: _StepSpec, has_moments: bool, is_last: bool) -> bool:
    """The same of their number and their range, or their moments if these are known, in front of the step and its domain."""
    domain = _formula_of(step.method, step.options).domain
    return (_follows_from_moments(step, is_last) and (has_moments or _DERIVATIONS[step.method.name].needs_range) and
            (domain is None or step.domain == "error" and not domain.without_zero))


class _StepsFit:
    """The values in front of a step: those of `evidence`, after what has happened to them."""

    def __init__(self, moments: _Moments, evidence: _Evidence | None, weighted: _WeightedSums | None, has_zero: bool = False,
                 range_alone: bool = False, functions: _FunctionMoments | None = None):
        """
        Without evidence moments are known, and that there is a zero if `has_zero`; nothing can happen to the values, except
        that with `range_alone` their range goes through monotonic steps, as it does after `functions`, which know what the
        values become by the first steps.  `weighted` are sums of the values with weights.
        """
        self.weighted = weighted
        self.moments, self.evidence, self.has_zero, self.range_alone = moments, evidence, has_zero, range_alone
        self._walk = functions.walk() if functions else None
        self._raw = moments
        self._values: Any = None
        self._times: Any = None
        self._weights: Any = None
        if evidence:
            self._values, self._times = evidence.weighed()
            self._weights = evidence.weights()

    def _end(self, values, times, weights=None):
        """Moments and evidence of what values have become."""
        finite = np.isfinite(values)
        if times is None:
            return _Moments.of(values), _ValueStore([values[finite]], None if weights is None else [weights[finite]])
        return _weighed_moments(values, times), _CountedValues(values[finite], times[finite], self.evidence.in_cells)

    def _move(self, values, times, weights):
        self._values, self._times, self._weights = values, times, weights
        self.moments, source = self._end(values, times, weights)
        self.evidence = _Evidence(self.moments, source)
        self.weighted = self.evidence.weighted_sums()

    def _move_range(self, step: _Step):
        ends = np.array([self.moments.min, self.moments.max])
        with np.errstate(all="ignore"):
            ends = _run(step, ends, False)
        _clip(ends, step.clip())
        count, self.moments = self.moments.count, _Moments()
        if np.isfinite(ends).all():
            self.moments.count = count
            self.moments.extend(float(ends.min()), float(ends.max()))
        else:
            self.moments.positive_infinities = count

    def _moments_where(self, chosen) -> _Moments:
        return self._end(self._values[chosen], None if self._times is None else self._times[chosen])[0]

    # -- domains --

    def apply_domain(self, formula: _Formula, policy: str) -> _Domain | None:
        """
        Decide what becomes of values for which a formula is not defined, and let it happen.  Raises _NoParameters if there are
        such values and the policy refuses them, or if there is nothing to clip to.
        """
        if formula.domain is None or policy == "keep":
            return None
        moments, domain = self.moments, formula.domain
        ends = moments.count == 0 or domain.includes(np.array([moments.min, moments.max]))
        around_zero = domain.without_zero and moments.min < 0 < moments.max
        if policy == "clip" and moments.count == 0:
            raise _NoParameters("no values")
        if np.all(ends) and not around_zero and not (policy == "clip" and domain.without_zero):
            return _Domain(policy, *((moments.min, moments.max) if policy == "clip" else ()))
        if policy == "error" and not np.all(ends):
            raise _NoParameters("undefined", undefined=moments.max if ends[0] else moments.min)
        if policy == "error" and self._values is None and not self._walk:
            # moments alone do not tell of a zero between values of both signs: then it is refused when it is transformed
            if self.has_zero:
                raise _NoParameters("undefined", undefined=0.0)
            return _Domain(policy)
        if self._walk:
            return self._apply_counted_domain(policy)
        defined = domain.includes(self._values)
        if policy == "error":
            if not defined.all():
                raise _NoParameters("undefined", undefined=0.0)
            return _Domain(policy)
        if policy == "null":
            self._move(self._values[defined], *(of if of is None else of[defined] for of in (self._times, self._weights)))
            return _Domain(policy)
        low, high = self._clip_range(domain, defined)
        values = self._values.copy()
        values[~defined] = np.where(values[~defined] < low, low, np.where(values[~defined] > high, high, values[~defined]))
        self._move(values, self._times, self._weights)
        return _Domain(policy, low, high)

    def _apply_counted_domain(self, policy: str) -> _Domain:
        """The same where only moments of values are known, and of those for which the formula is defined."""
        if policy != "error":
            bounds, self.moments, self.weighted = self._walk.leave_out(policy)
            return _Domain(policy, *bounds)
        if not self._walk.is_defined():
            raise _NoParameters("undefined", undefined=0.0)
        return _Domain(policy)

    def _clip_range(self, domain, defined):
        """The range of a rule that clips; without zero, both ends are the value nearest to it."""
        moments = self._moments_where(defined)
        if moments.count == 0:
            raise _NoParameters("no values")
        if not domain.without_zero:
            return moments.min, moments.max
        below, above = self._moments_where(self._values <= -_LEAST), self._moments_where(self._values >= _LEAST)
        nearest = above.min if above.count and (below.count == 0 or above.min <= -below.max) else below.max
        return nearest, nearest

    # -- steps --

    def check_overflow(self):
        """Raise _NoParameters if steps have given results beyond float64.  Infinities among the values as they are do not count."""
        if self.moments is not self._raw and self.moments.infinite:
            raise _NoParameters("infinite")

    def apply_step(self, spec: _StepSpec, options: list) -> _Step:
        """Derive a step, and let it happen to the values.  Its domain comes first.  `options` are settled."""
        formula = _formula_of(spec.method, options)
        self.check_overflow()
        domain = self.apply_domain(formula, spec.domain)
        derived = _derive(self.input(spec.method, options, bounded=spec.bounded), False)
        given = _DERIVATIONS[spec.method.name].given
        step = _Step(spec.method, tuple(options), formula, (spec.center, spec.scale) if given else derived.parameters,
                     derived.table if formula.table else None, domain, derived.constant, given)
        if self.evidence and self.moments.count:
            with np.errstate(all="ignore"):
                values = _run(step, self._values, False)
            _clip(values, step.clip())
            self._move(values, self._times, self._weights)
        elif self._walk and not self._walk.is_last():
            self.moments, self.weighted = self._walk.go_on(step)
        elif self._walk or self.range_alone:
            self._walk, self.range_alone = None, True
            self._move_range(step)
        return step

    def input(self, method: _Method, options: list, bounded: bool = False) -> _DeriveInput:
        """What a method is derived from here."""
        return _DeriveInput(method, options, self.moments, self.weighted, self.evidence if self.moments.count else None, bounded)


def _settle_options(method: _Method, options: list):
    """Settle defaults that depend on the data as for a feature without values."""
    try:
        _derive(_DeriveInput(method, options, _Moments()), False)
    except _NoParameters:
        pass


# ---- what is done to each feature, by the options of a fit (src/pg/fit/fit_spec.h) ----

_BAD_PARAMETER = "22023"
_DEFAULT_BINS = 512


def _find_method(name) -> _Method:
    method = _method_named(name) if isinstance(name, str) else None
    if method is None:
        raise Error("0A000", f'this version of normfreeze does not fit method "{name}"',
                    hint=f"The methods are: {', '.join(known for known in _METHOD_CODES if known in _DERIVATIONS)}.")
    return method


class _FeatureSpec:
    """What is done to one feature."""

    def __init__(self, method: _Method) -> None:
        self.method, self.options = method, _default_options(method)
        self.missing, self.outside, self.constant = "keep", "keep", "unit"
        self.range_rule: _RangeRule | None = None   # for the range of policy "outside"; None: that of training
        self.of_all = False         # with a rule, statistics are those of all values, not of what is inside
        self.imputed = 0.0
        self.unfit = "error"        # what a feature gives for which no parameters can be derived
        self.empty = None           # the same without values; None: as `unfit` says
        self.skip_infinite = False
        self.quantiles = "exact"
        self.bounded = False        # for method power: another lambda is used rather than failing
        self.is_global = False
        self.intercept, self.intercept_number, self.multiplier = "number", 0.0, 1.0
        self.center, self.scale = 0.0, 1.0
        self.clip = None            # the range of results, whatever the options of the method are
        self.domain = None          # a policy of all steps that say none
        self.steps: tuple[Any, ...] = ()        # _StepSpecs, if they were given; method and options are those of the last one

    def copy(self) -> _FeatureSpec:
        made = copy.copy(self)
        made.options = list(self.options)
        return made

    def option(self, name: str, default=0.0):
        place, width = _option_place(self.method, name)
        return self.options[place] if width else default

    def set_method(self, name: str):
        """Option "method" is also one of method power, so the two values of that name method power here."""
        power = _find_method("power")
        choices = next(option.choices for option in power.options if option.name == "method")
        method = power if name in choices else _find_method(name)
        if method is not self.method:
            self.options = _default_options(method)
        self.method, self.steps = method, ()
        if name in choices:
            self.options[_option_place(method, "method")[0]] = float(choices.index(name))

    def rule(self) -> _RangeRule | None:
        """The rule of the range, and what statistics are of."""
        return self.range_rule and self.range_rule._replace(of_all=self.of_all)

    def last_domain(self) -> str:
        """The domain policy of the last step."""
        return (self.steps[-1].domain if self.steps else self.domain) or _usual_domain(self.method, self.options)

    def derives_from_values(self) -> bool:
        """Return whether the steps need more of the values than their moments."""
        domain = _formula_of(self.method, self.options).domain
        return (_DERIVATIONS[self.method.name].needs_values or len(self.steps) > 1 or _range_needs_values(self.rule()) or
                (domain is not None and self.last_domain() in ("null", "clip")))

    def follows_from_range(self) -> bool:
        """
        Return whether the steps need no more than their moments and what becomes of their range, because no step behind a range
        that clips, or behind another step, needs sums.
        """
        rule, steps = self.rule(), self._all_steps()
        inside = rule is not None and not rule.of_all
        return (_range_follows_from_moments(rule, self.outside == "clip") and not self.is_shifted() and
                all(_follows_from_range(step, at == 0 and not inside, at == len(steps) - 1) for at, step in enumerate(steps)))

    def _all_steps(self) -> tuple[_StepSpec, ...]:
        return self.steps or (_StepSpec(self.method, tuple(self.options), self.last_domain()),)

    def first_functions(self) -> tuple[_StepSpec, ...]:
        """
        The functions without parameters that come first, and the step after them, if the steps need no more than what
        _FunctionMoments knows of these; () otherwise, or if they need less.
        """
        steps = self._all_steps()
        end = next((at for at, step in enumerate(steps[:-1]) if not _is_function(step)), len(steps) - 1)
        serves = (self.derives_from_values() and self.quantiles == "exact" and not self.follows_from_range() and
                  not _range_needs_values(self.rule()) and not self.is_shifted() and
                  _follows_from_moments(steps[end], end == len(steps) - 1) and
                  all(_follows_from_range(step, False, step is steps[-1]) for step in steps[end + 1:]))
        return steps[:end + 1] if serves else ()

    def needs_quantiles(self) -> bool:
        """Return whether the steps or a policy need quantiles, from where option "quantiles" says."""
        return self.derives_from_values() or self.missing == "median"

    def needs_own_values(self) -> bool:
        """Return whether a policy is derived from the feature's own values, even if the method needs none."""
        # a range by a rule is that of the values from which the parameters come
        return self.outside != "keep" and self.range_rule is None or self.intercept != "number" or self.missing in _MISSING[5:]

    def is_shifted(self) -> bool:
        return self.intercept != "number" or self.intercept_number != 0 or self.multiplier != 1

    def needs_every_value(self) -> bool:
        """Return whether the feature needs all of its values, rather than a distribution: nothing stands for the most frequent one."""
        needs_values = self.derives_from_values() and not self.follows_from_range() and not self.first_functions()
        return self.missing == "most_frequent" or (self.quantiles == "exact" and (needs_values or self.missing == "median"))


class _FitSpec:
    """What is done to all features."""

    def __init__(self, method: _Method):
        self.method = method        # that of the fit, which features have that say nothing else
        self.common = _FeatureSpec(method)
        self.distribution = _DEFAULT_BINS
        self.columns: Any = None    # names, or "numeric"
        self.names: list[str] | None = None
        self.exclude: list[str] = []
        self.target: list[str] = []
        self.range_statistics = False   # option "statistics" was given, for any feature
        self.overrides: dict[str, _FeatureSpec] = {}

    def of(self, name: str | None) -> _FeatureSpec:
        return self.common if name is None else self.overrides.get(name, self.common)


# ---- values of options ----

def _json_kind(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, (bool, np.bool_)):
        return "boolean"
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, collections.abc.Mapping):
        return "object"
    if isinstance(value, (list, tuple, np.ndarray)) or hasattr(value, "tolist"):       # also an Index of pandas
        return "array"
    return f"a Python {type(value).__name__}"


def _bad_option(key: str, value, expected: str) -> NoReturn:
    kind = _json_kind(value)
    shown = f'"{value}"' if kind == "string" else f'"{_jsonb_number(value)}"' if kind == "number" else kind if kind.startswith("a Python") else f"JSON {kind}"
    raise Error(_BAD_PARAMETER, f'invalid value for option "{key}": {shown}', hint=f"It must be {expected}.")



def _option_number(value) -> float | None:
    """A number as a float64; None if it is none, or beyond float64."""
    if _json_kind(value) != "number":
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _chosen(value, names) -> str | None:
    return value if isinstance(value, str) and value in names else None


def _name_list(key: str, value) -> list:
    if _json_kind(value) != "array":
        _bad_option(key, value, "an array of names")
    for name in value:
        if not isinstance(name, str):
            _bad_option(key, value, "an array of names, each a string")
    return [str(name) for name in value]


# ---- names ----

def _check_spec_names(spec: _FitSpec, names, count: int):
    """Fail unless all names in options "features" and "target" are those of features, and some feature is not a target."""
    known = set(names or ())
    for option, wanted in [("features", name) for name in spec.overrides] + [("target", name) for name in spec.target]:
        if wanted not in known:
            raise Error("42703", f'option "{option}" names "{wanted}", which is not a feature',
                        hint=_name_alike(wanted, names) + 'The features are the columns that options choose, or what "names" calls '
                        "the values of an array." if names else 'The features of arrays get names with option "names".')
    if spec.target and len(spec.target) >= count:
        raise Error(_BAD_PARAMETER, "every feature is a target", hint="Leave at least one feature for rows to be normalized by.")


# ---- the table of a fit's options that are not of a method (src/pg/fit/fit_options.c) ----

def _read_columns(spec, feature, key, value):
    if isinstance(value, str) and value == "numeric":
        spec.columns = value
        return
    if _json_kind(value) != "array" or len(value) == 0:
        _bad_option(key, value, 'an array of at least one name, or "numeric" for all columns that are numeric or boolean')
    spec.columns = _name_list(key, value)


def _read_exclude(spec, feature, key, value):
    spec.exclude = _name_list(key, value)
    _check_names(spec.exclude)


def _read_given_names(spec, feature, key, value):
    spec.names = _name_list(key, value)
    if not spec.names:
        _bad_option(key, value, "an array of one name for each feature")


def _read_target(spec, feature, key, value):
    spec.target = [value] if isinstance(value, str) else _name_list(key, value)
    _check_names(spec.target)


def _read_distribution(spec, feature, key, value):
    number = _option_number(value)
    if isinstance(value, (bool, np.bool_)):
        spec.distribution = _DEFAULT_BINS if value else 0
    elif number is not None and number in _HISTOGRAM_SIZES:
        spec.distribution = int(number)
    else:
        _bad_option(key, value, f"true, false, or a number of bins from {_HISTOGRAM_SIZES[0]} to {_HISTOGRAM_SIZES[-1]}")


def _read_quantiles(spec, feature, key, value):
    feature.quantiles = _chosen(value, ("exact", "histogram")) or _bad_option(key, value, '"exact" or "histogram"')


def _read_missing(spec, feature, key, value):
    number = _option_number(value)
    if number is not None:
        feature.missing, feature.imputed = "constant", number + 0.0
        return
    if not isinstance(value, str) or value == "constant" or not _chosen(value, _MISSING):
        _bad_option(key, value, '"keep", "nan", "error", a number, "zero", "mean", "median", "min", "max" or "most_frequent"')
    feature.missing = value


def _read_outside(spec, feature, key, value):
    feature.outside = _chosen(value, _OUTSIDE) or _bad_option(key, value, '"keep", "clip", "null" or "error"')


def _plain_json(value):
    """A value as JSON has it, of lists, dictionaries and floats; what is none of these stays."""
    kind = _json_kind(value)
    if kind == "number":
        number = _option_number(value)
        return str(value) if number is None else number
    if kind == "array":
        return [_plain_json(one) for one in value]
    return {key: _plain_json(one) for key, one in value.items()} if kind == "object" else value


def _read_range(spec, feature, key, value):
    if isinstance(value, str) and value == "training":
        feature.range_rule = None
        return
    try:
        feature.range_rule = _parse_range_rule(_plain_json(value), False)
    except _BadRule as problem:
        raise Error(_BAD_PARAMETER, f'invalid value for option "range": {problem}',
                    hint='It must be two percentiles, such as [1, 99], an object such as {"fraction": 0.05}, {"deviations": 3}, '
                    '{"mad": 3} or {"iqr": 1.5}, or "training".') from None


def _read_statistics(spec, feature, key, value):
    if _chosen(value, _RANGE_STATISTICS) is None:
        _bad_option(key, value, '"inside", for what the range leaves of the values, or "all"')
    feature.of_all = value == "all"
    spec.range_statistics = True


def _read_constant(spec, feature, key, value):
    feature.constant = _chosen(value, _CONSTANT) or _bad_option(key, value, '"unit", "null" or "error"')


def _read_unfit(spec, feature, key, value):
    feature.unfit = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_empty(spec, feature, key, value):
    feature.empty = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_domain_policy(spec, feature, key, value):
    feature.domain = _chosen(value, _DOMAIN[1:]) or _bad_option(key, value, '"error", "null" or "clip"')


def _read_infinite(spec, feature, key, value):
    feature.skip_infinite = (_chosen(value, ("error", "skip")) or _bad_option(key, value, '"error" or "skip"')) == "skip"


def _read_clip(spec, feature, key, value):
    """Methods with an option of this name have it for their own range, by true and false."""
    feature.clip = None
    if value is False:
        return
    ends = [_option_number(one) for one in value] if _json_kind(value) == "array" else []
    if len(ends) != 2 or None in ends or ends[0] > ends[1]:
        _bad_option(key, value, "an array of two numbers in ascending order, such as [-5, 5], or false")
    feature.clip = (ends[0] + 0.0, ends[1] + 0.0)
    place, width = _option_place(feature.method, "clip")
    if width:
        feature.options[place] = 0.0


def _read_global(spec, feature, key, value):
    if not isinstance(value, (bool, np.bool_)):
        _bad_option(key, value, "true or false")
    feature.is_global = bool(value)


def _read_intercept(spec, feature, key, value):
    number = _option_number(value)
    feature.intercept, feature.intercept_number = "number", 0.0 if number is None else number
    if number is None:
        if not isinstance(value, str) or value == "number" or not _chosen(value, _INTERCEPTS):
            _bad_option(key, value, 'a number, "min", "mean", "max", "-min", "-mean" or "-max"')
        feature.intercept = value


def _read_multiplier(spec, feature, key, value):
    number = _option_number(value)
    feature.multiplier = _bad_option(key, value, "a number") if number is None else number


def _read_center(spec, feature, key, value):
    number = _option_number(value)
    feature.center = _bad_option(key, value, "a number") if number is None else number


def _read_scale(spec, feature, key, value):
    number = _option_number(value)
    feature.scale = number or _bad_option(key, value, "a number other than zero")


def _read_max_quantiles(spec, feature, key, value):
    number = _option_number(value)
    if number is None or not 1 <= number <= 100000 or number != math.floor(number):
        _bad_option(key, value, "a whole number between 1 and 100000")
    feature.options[_option_place(feature.method, "n_quantiles")[0]] = -number


def _read_lambda(spec, feature, key, value):
    feature.bounded = (_chosen(value, ("exact", "bounded")) or _bad_option(key, value, '"exact" or "bounded"')) == "bounded"


# ---- the table ----

class _FitOption(NamedTuple):
    """An option that is not one of a method."""

    name: str
    read: Any                   # None for "features", which is read after all others, and "steps", read before
    inputs: tuple = ("array", "row", "profile")
    per_feature: bool = False   # allowed inside "features" as well
    beside: str = ""            # only for methods with this option
    given: bool = False         # only for methods whose parameters are options

    def is_of(self, method: _Method) -> bool:
        return (not self.given or _DERIVATIONS[method.name].given) and (
            not self.beside or _option_place(method, self.beside)[1] > 0)


_FIT_OPTIONS = (
    _FitOption("columns", _read_columns, ("row",)),
    _FitOption("exclude", _read_exclude, ("row",)),
    _FitOption("names", _read_given_names, ("array",)),
    _FitOption("target", _read_target),
    _FitOption("distribution", _read_distribution, ("array", "row")),
    _FitOption("features", None),
    _FitOption("missing", _read_missing, per_feature=True),
    _FitOption("outside", _read_outside, per_feature=True),
    _FitOption("range", _read_range, per_feature=True),
    _FitOption("statistics", _read_statistics, per_feature=True),
    _FitOption("constant", _read_constant, per_feature=True),
    _FitOption("unfit", _read_unfit, per_feature=True),
    _FitOption("empty", _read_empty, per_feature=True),
    _FitOption("domain", _read_domain_policy, per_feature=True),
    _FitOption("steps", None, per_feature=True),
    _FitOption("clip", _read_clip, per_feature=True),
    _FitOption("infinite", _read_infinite, per_feature=True),
    _FitOption("quantiles", _read_quantiles, per_feature=True),
    _FitOption("global", _read_global, per_feature=True),
    _FitOption("intercept", _read_intercept, per_feature=True),
    _FitOption("multiplier", _read_multiplier, per_feature=True),
    _FitOption("center", _read_center, per_feature=True, given=True),
    _FitOption("scale", _read_scale, per_feature=True, given=True),
    _FitOption("max_quantiles", _read_max_quantiles, per_feature=True, beside="n_quantiles"),
    _FitOption("lambda", _read_lambda, per_feature=True, beside="method"),
)

_OTHER_INPUT = {
    "array": 'An array has no columns; "names" gives its features names.',
    "row": 'The features of a row are named by its columns; choose them with "columns".',
    "profile": "The features and distribution of a profile are fixed when it is made."}


# ---- reading the options of a fit, of one feature, and of one step (src/pg/fit/read_options.c, fit_spec.c) ----

def _read_choice(option, value) -> float:
    if _chosen(value, option.choices) is None:
        _bad_option(option.name, value, " or ".join(f'"{choice}"' for choice in option.choices))
    return float(option.choices.index(value))


def _read_method_option(option, value) -> list:
    """The values of an option of a method."""
    kind = option.kind
    if kind == "boolean":
        if not isinstance(value, (bool, np.bool_)):
            _bad_option(option.name, value, "true or false")
        return [float(value)]
    if kind == "choice":
        return [_read_choice(option, value)]
    given = list(value) if kind == "interval" and _json_kind(value) == "array" else [value]
    values: Any = [_option_number(one) for one in given]
    if None in values or len(values) != (2 if kind == "interval" else 1):
        _bad_option(option.name, value, {"integer": "a whole number", "number": "a number"}.get(kind, "an array of two numbers"))
    values = [one + 0.0 for one in values]
    problem = _option_problem(option, values)
    if problem:
        shown = f"{option.least:g} and {option.greatest:g}"
        raise Error(_BAD_PARAMETER, f'option "{option.name}" {problem}',
                    hint=f"It must be two numbers between {shown}." if kind == "interval" else f"It must be between {shown}.")
    return values


def _option_problem(option, values) -> str | None:
    for value in values:
        if not option.least <= value <= option.greatest:
            return "is out of range"
        if option.kind == "integer" and value != math.floor(value):
            return "must be a whole number"
    if option.kind == "interval" and (values[0] > values[1] or (option.strict and values[0] == values[1])):
        return "must have its lower end below its upper end" if option.strict else "must not have its lower end above its upper end"
    return None


def _unknown_option(key, method: _Method, inputs, per_feature: bool, of_step: bool = False):
    known = [option.name for option in method.options]
    if per_feature and "method" not in known:       # that of method power stands for both
        known.insert(0, "method")
    known += [option.name for option in _FIT_OPTIONS if set(option.inputs) & set(inputs) and (not per_feature or option.per_feature) and
              (not of_step or option.name in _STEP_OPTIONS) and option.is_of(method) and option.name not in known]
    raise Error(_BAD_PARAMETER, f'unknown option "{key}" for method {method.name}', hint=f"The options are: {', '.join(known)}.")


def _method_of_step_option(feature: _FeatureSpec, key) -> _Method | None:
    """The method of the step that an option of a feature is meant for, the last such step."""
    for step in reversed(feature.steps):
        if any(option.name == key for option in step.method.options) or any(
                option.name == key and (option.given or option.beside) and option.is_of(step.method) for option in _FIT_OPTIONS):
            return step.method
    return None


def _read_options_of(spec: _FitSpec, feature: _FeatureSpec, options, inputs, per_feature: bool):
    """Read the options of a fit, or those of one feature only."""
    if "n_quantiles" in options and "max_quantiles" in options:
        raise Error(_BAD_PARAMETER, 'options "n_quantiles" and "max_quantiles" contradict each other',
                    hint="Say either how many quantiles there shall be, or how many at most.")
    for key, value in options.items():
        if key == "steps" or per_feature and key == "method":
            continue
        own = next((option for option in feature.method.options if option.name == key), None)
        if own and key == "clip":       # with a range it is the option that all methods have; without, it replaces that
            own = None if _json_kind(value) == "array" else own
            feature.clip = feature.clip if own is None else None
        of_step = _method_of_step_option(feature, key)
        if of_step and (own or key != "clip"):
            raise Error(_BAD_PARAMETER, f'option "{key}" belongs to a step',
                        hint=f'Give it to the step that it is meant for: {{"steps": [{{"method": "{of_step.name}", "{key}": ...}}]}}.')
        if own:
            place, width = _option_place(feature.method, key)
            feature.options[place:place + width] = _read_method_option(own, value)
            continue
        option: Any = next((option for option in _FIT_OPTIONS if option.name == key and
                       (option.per_feature or not per_feature) and option.is_of(feature.method)), None)
        if option is None:
            _unknown_option(key, feature.method, inputs, per_feature)
        if not set(option.inputs) & set(inputs):
            raise Error(_BAD_PARAMETER, f'option "{key}" does not apply to this kind of input', hint=_OTHER_INPUT[inputs[0]])
        option.read(spec, feature, key, value)


# ---- steps ----

# the options of a step besides those of its method
_STEP_OPTIONS = ("center", "scale", "max_quantiles", "lambda", "domain")


def _read_step_spec(spec: _FitSpec, key: str, value) -> _FeatureSpec:
    """One step of option `key`, a name or an object, as a feature that has only this step."""
    name = value.get("method") if _json_kind(value) == "object" else value
    if not isinstance(name, str):
        _bad_option(key, value, 'an array with a method\'s name, or an object with "method" and its options, for each step')
    step = _FeatureSpec(_find_method("identity"))
    step.set_method(name)
    if _formula_of(step.method, step.options).norm:
        raise Error(_BAD_PARAMETER, f"method {step.method.name} cannot be a step of a sequence", "It divides by a norm of the whole row.",
                    "Normalize the rows of the results by a scaler of their own.")
    if _json_kind(value) == "object":
        for key in value:
            if key != "method" and key not in _STEP_OPTIONS and all(option.name != key for option in step.method.options):
                _unknown_option(key, step.method, ("array", "row", "profile"), True, of_step=True)
        _read_options_of(spec, step, value, ("array", "row", "profile"), True)
    if step.clip:
        _bad_option("clip", value["clip"], "true or false in a step; a range is for the results of the feature")
    return step


def _read_step_specs(spec: _FitSpec, feature: _FeatureSpec, value, key: str = "steps"):
    if value is None:
        if feature.steps:
            feature.set_method(spec.method.name)
        return
    if _json_kind(value) != "array" or not 1 <= len(value) <= _MOST_STEPS:
        _bad_option(key, value, f"an array of 1 to {_MOST_STEPS} steps")
    steps = [_read_step_spec(spec, key, one) for one in value]
    last = steps[-1]
    feature.method, feature.options = last.method, list(last.options)
    feature.center, feature.scale, feature.bounded = last.center, last.scale, last.bounded
    feature.steps = tuple(_StepSpec(step.method, tuple(step.options), step.domain, step.center, step.scale, step.bounded) for step in steps)


def _settle_domains(feature: _FeatureSpec):
    usual = feature.domain or ("error" if len(feature.steps) > 1 else None)
    feature.steps = tuple(step._replace(domain=step.domain or usual or _usual_domain(step.method, step.options)) for step in feature.steps)


# ---- the whole ----

def _read_features_option(spec: _FitSpec, value):
    """Read an object such as {"income": {"method": "robust"}}.  What is not given is as for the other features."""
    if _json_kind(value) != "object":
        _bad_option("features", value, "an object with the name of a feature for each key")
    for name, member in value.items():
        if _json_kind(member) != "object":
            _bad_option(name, member, "an object with the feature's method and options")
        feature = spec.common.copy()
        if "method" in member:
            if not isinstance(member["method"], str):
                _bad_option("method", member["method"], "the name of a method")
            feature.set_method(member["method"])
            if "steps" in member:
                raise Error(_BAD_PARAMETER, f'feature "{name}" has both "method" and "steps"',
                            hint='The method of a single step is enough; a sequence has the methods in "steps".')
        if "steps" in member:
            _read_step_specs(spec, feature, member["steps"])
        _read_options_of(spec, feature, member, ("array", "row", "profile"), True)
        # a feature that keeps what is outside needs no range, though the others have one
        if feature.outside == "keep" and "range" not in member:
            feature.range_rule = None
        spec.overrides[name] = feature


def _check_shift(feature: _FeatureSpec):
    """Fail unless the method can have an intercept and a multiplier, which stand in for the output ranges of minmax and maxabs."""
    if not feature.is_shifted():
        return
    if len(feature.steps) > 1:
        raise Error(_BAD_PARAMETER, "a sequence of steps takes no intercept or multiplier",
                    hint='Add a step of method affine, or one of method minmax with a "feature_range".')
    if _DERIVATIONS[feature.method.name].location_scale is None:
        raise Error(_BAD_PARAMETER, f"method {feature.method.name} takes no intercept or multiplier",
                    hint="They belong to methods with a location and a scale, such as standard or midrange.")
    if feature.multiplier == 0:
        raise Error(_BAD_PARAMETER, 'option "multiplier" must not be zero')
    if feature.option("clip"):
        raise Error(_BAD_PARAMETER, 'option "clip" contradicts an intercept or a multiplier',
                    hint='To clip to the training range, use {"outside": "clip"}.')
    place, width = _option_place(feature.method, "feature_range")
    if width and tuple(feature.options[place:place + width]) != _OPTION_DEFAULTS["feature_range"]:
        raise Error(_BAD_PARAMETER, 'option "feature_range" contradicts an intercept or a multiplier',
                    hint="Give the range by the intercept and the multiplier alone.")


def _check_clip(feature: _FeatureSpec):
    """Fail unless the formula can be clipped."""
    if feature.clip and not _is_affine(_formula_of(feature.method, feature.options)):
        raise Error(_BAD_PARAMETER, f'option "clip" does not apply to method {feature.method.name}',
                    hint='It is for methods that shift and scale, such as standard; {"clip": false} leaves a feature out.')


def _parse_fit_options(method, options, kind: str) -> _FitSpec:
    """Parse and check the options of a fit of an "array", a "row" or a "profile"; they are an object, its JSON, or None."""
    spec = _FitSpec(_find_method(method))
    options = _options_object(options)
    if "steps" in options:
        _read_step_specs(spec, spec.common, options["steps"])
    _read_options_of(spec, spec.common, {key: value for key, value in options.items() if key != "features"}, (kind,), False)
    # features inherit everything else, so they are read last
    if "features" in options:
        _read_features_option(spec, options["features"])
    for feature in (spec.common, *spec.overrides.values()):
        if feature.quantiles == "histogram" and spec.distribution == 0:
            raise Error(_BAD_PARAMETER, 'option "quantiles" cannot be "histogram" without a distribution',
                        hint='Leave out {"distribution": false}.')
        _check_shift(feature)
        _check_clip(feature)
        _settle_domains(feature)
        if feature.range_rule and feature.outside == "keep":
            raise Error(_BAD_PARAMETER, 'option "range" says nothing about values that are kept',
                        hint='Say what becomes of values outside of the range: {"outside": "clip"}, "null" or "error".')
    if spec.range_statistics and not any(feature.range_rule for feature in (spec.common, *spec.overrides.values())):
        raise Error(_BAD_PARAMETER, 'option "statistics" says nothing without option "range"',
                    hint="All training values are inside of the range that they themselves have.")
    if spec.columns is not None and spec.exclude:
        raise Error(_BAD_PARAMETER, 'options "columns" and "exclude" contradict each other',
                    hint="Name either the columns to take or the columns to leave out.")
    return spec


def _plain_option(value):
    """A value of an option with lists in the place of arrays and the like, and Python's own numbers."""
    if isinstance(value, Mapping):
        return {key: _plain_option(one) for key, one in value.items()}
    if isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "tolist"):
        value = value.tolist()
    return [_plain_option(one) for one in value] if isinstance(value, (list, tuple)) else value


def _options_object(options):
    if options is None:
        return {}
    if isinstance(options, str):
        try:
            options = json.loads(options, parse_float=_read_float)
        except ValueError as problem:
            raise Error("22P02", "invalid input syntax for type json", str(problem)) from None
    if _json_kind(options) != "object":
        raise Error(_BAD_PARAMETER, f"options must be a JSON object, not {_json_kind(options)}",
                    hint='For example: {"columns": ["age", "income"]}.')
    return _in_jsonb_order(_plain_option(options))


# ---- why a feature cannot be fitted, and what helps (src/pg/fit/fit_refusals.c) ----

# if values are larger than this, the unit of the column leaves no room for powers, whatever its zero is
_LARGEST_FOR_POWERS, _SMALLEST_FOR_POWERS = 1e100, 1e-100


def _remedy_of_column(moments: _Moments, power: float) -> str:
    """
    What makes the lambda of a column usable.  Once the end of the range around which values crowd is moved to 0, that of
    Yeo and Johnson is: what lies there is transformed to about 0, where float64 is finest.
    """
    largest = max(abs(moments.min), abs(moments.max))
    if largest > _LARGEST_FOR_POWERS or largest < _SMALLEST_FOR_POWERS:
        return f"Divide the column by {_float_text(largest)}, here and where it is normalized"
    return (f"Subtract {_float_text(moments.max if power > 1 else moments.min)} from the column, here and where it is normalized, "
            'and use {"method": "yeo-johnson"}')


def _power_refusal(why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str) -> Error:
    power = why.power
    bounded = "" if spec.bounded and not spec.is_global else \
        '; or take the nearest lambda that serves: {"lambda": "bounded"}'
    hint = f'{_remedy_of_column(moments, power)}{bounded}; or have the feature give NULL: {{"unfit": "null"}}.'
    low, high = _float_text(moments.min), _float_text(moments.max)
    if why.reason == "overflows":
        # the lambda that stands for the logarithm lies between the bounds
        above = power > (0 if moments.min >= 0 else 2 if moments.max <= 0 else 1)
        return Error("22003", f"the lambda of {label} transforms values beyond float8",
                     f"The likelihood of values from {low} to {high} asks for a lambda {'above' if above else 'below'} "
                     f"{_float_text(power)}.", hint)
    return Error("22003", f"float8 does not tell the values of {label} apart once they are transformed",
                 f"By lambda {_float_text(power)}, the results of values from {low} to {high} have steps of "
                 f"{_short(why.step)} standard deviations; at most {_POWER_LARGEST_STEP:.2g} is taken.", hint)


def _short(x: float) -> str:
    """Two digits, as C's %.2g of the database writes them."""
    return f"{x:.2g}" if math.isfinite(x) else _float_text(x)


def _name_with_choice(spec: _FeatureSpec, options) -> str:
    """The name of a method and, if an option chooses its formula by name, of that: power (box-cox)."""
    method = spec.method
    chooser = method.options[method.decides] if len(method.formulas) > 1 else None
    if chooser is None or chooser.kind != "choice":
        return method.name
    return f"{method.name} ({chooser.choices[int(options[method.decides])]})"


def _range_refusal(why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str, ends) -> Error:
    low, high, rule = _float_text(moments.min), _float_text(moments.max), spec.rule().text()
    if why.reason == "range not finite":
        return Error("22003", f"the range {rule} of {label} lies beyond float8", f"Its values range from {low} to {high}.",
                     'Rescale the column, leave out option "range" for it, or have it give NULL: {"unfit": "null"}.')
    if why.reason == "range one value":
        return Error("22000", f"the range {rule} of {label} is the single value {_float_text(ends[0])}",
                     f"Its values range from {low} to {high}.",
                     'Most of its values are equal. Leave out option "range" for it, choose a wider range, or have it give NULL: '
                     '{"unfit": "null"}.')
    return Error("22000", f"the range {rule} of {label} has no values",
                 f"It goes from {_float_text(ends[0])} to {_float_text(ends[1])}, and of {moments.count} values none lies there.",
                 'Choose a wider range, or {"outside": "clip"}, or have the feature give NULL: {"unfit": "null"}.')


def _nothing_left(moments: _Moments, label: str, place: str) -> Error:
    return Error("22000", f"no value of {label} is left for {place}",
                 f"It has {moments.count} values, from {_float_text(moments.min)} to {_float_text(moments.max)}, and those that ranges "
                 "and domains leave out do not count.",
                 'Shift the column, choose other steps, or say what the feature shall give: {"empty": "null"}, or {"empty": "unit"} for '
                 "values as they are.")


def _refusal(why: _NoParameters, spec: _FeatureSpec, options, moments: _Moments, label: str) -> Error:
    low, high = _float_text(moments.min), _float_text(moments.max)
    if why.reason == "infinite":
        return Error("22003", f"{label} has infinite values, {moments.infinite} of {moments.count + moments.infinite}",
                     hint='Exclude them, make them NULL, or fit without counting them: {"infinite": "skip"}.')
    if why.reason == "no values":
        return Error("22000", f"{label} has no values",
                     f"Of {moments.missing + moments.infinite} rows, {moments.nulls} are NULL, {moments.nans} NaN and "
                     f"{moments.infinite} infinite.",
                     'Leave the feature out with option "columns" or "exclude", or say what it shall give: '
                     '{"empty": "null"}, or {"empty": "unit"} for values as they are.')
    if why.reason == "not positive":
        return Error("22003", f"method {_name_with_choice(spec, options)} needs values above {_float_text(why.least)}, and "
                     f"{label} has {low}",
                     hint='Shift the column, exclude such rows, use {"method": "yeo-johnson"} of method power, which takes all '
                     'values, or have the feature give NULL: {"unfit": "null"}.')
    if why.reason == "undefined":
        return Error("22003", f"{label} has {_float_text(why.undefined)}, for which method {_name_with_choice(spec, options)} is not defined",
                     f"It is defined for values {_formula_of(spec.method, options).domain.text()}.",
                     'Exclude such rows, shift the column, or say what becomes of such values: {"domain": "null"} or {"domain": "clip"}.')
    if why.reason == "singular":
        return Error("22000", f"the values of {label} do not determine a lambda",
                     f"They range from {low} to {high}, {moments.count} of them.",
                     'Leave the feature out, choose another method for it, or have it give NULL: {"unfit": "null"}.')
    if why.reason in ("overflows", "collapses"):
        return _power_refusal(why, spec, moments, label)
    if why.reason == "fewer than quantiles":
        wanted = f"{options[0]:.0f}"
        return Error("22023", f'option "n_quantiles" is {wanted}, but {label} has {moments.count} values',
                     hint=f'Ask for as many quantiles as there are values, and at most so many: {{"max_quantiles": {wanted}}}.')
    return Error("22003", f"method {spec.method.name} gives {label} a parameter beyond float8",
                 f"Its values range from {low} to {high}.",
                 'Rescale the column, choose another method for it, or have it give NULL: {"unfit": "null"}.')


# ---- what parameters are derived for: features, and sets of global features; and where the evidence on them is (src/pg/fit/subjects.c) ----

class _Subject:
    """A feature, or a set of global features that are taken together."""

    def __init__(self, spec: _FeatureSpec, members: list):
        self.spec, self.bounded, self.members = spec, spec.bounded, members
        self.moments, self.weighted, self.histogram, self.functions = _Moments(), _WeightedSums(), None, None

    @classmethod
    def of_feature(cls, spec: _FeatureSpec, profile: Profile, i: int, functions: _FunctionMoments | None) -> _Subject:
        subject = cls(spec, [i])
        subject.functions = functions
        subject.moments = profile._moments[i]
        subject.weighted = profile._weighted and profile._weighted[i]
        subject.histogram = profile._histograms and profile._histograms[i]
        return subject

    def add_member(self, spec: _FeatureSpec, profile: Profile, i: int, functions: _FunctionMoments | None):
        self.members.append(i)
        if functions:
            self.functions = functions.merged([self.functions] if self.functions else [])
        self.bounded = self.bounded and spec.bounded
        self.moments.merge(profile._moments[i])
        if profile._weighted:
            self.weighted.merge(profile._weighted[i])
        if profile._histograms:
            self.histogram = self.histogram or _Histogram(profile._distribution)
            self.histogram.merge(profile._histograms[i])

    def key(self):
        """Global features with the same key share their parameters."""
        earlier = tuple((step.method.name, *step[1:]) for step in self.spec.steps[:-1])
        rule = self.spec.rule()
        # clipped values count in the statistics of what is inside, others do not
        clips = rule is not None and not rule.of_all and self.spec.outside == "clip"
        return (self.spec.method.name, tuple(self.spec.options), self.spec.quantiles, len(self.spec.steps), self.spec.last_domain(), earlier,
                rule, clips)


def _subjects_of(spec: _FitSpec, profile: Profile, functions):
    """The subject of each feature itself, and the subject that its parameters are those of."""
    own = [_Subject.of_feature(spec.of(name), profile, i, functions.get(i))
           for i, name in enumerate(profile._names or [None] * len(profile))]
    found, shared = list(own), {}
    for i, subject in enumerate(own):
        if subject.spec.is_global:
            if subject.key() not in shared:
                shared[subject.key()] = _Subject(subject.spec, [])
            found[i] = shared[subject.key()]
            found[i].add_member(subject.spec, profile, i, subject.functions)
    for subject in shared.values():
        if subject.histogram:
            subject.histogram.settle()
    return own, found


def _label_of(names, i: int) -> str:
    return f'"{names[i]}"' if names else f"feature {i + 1}"


def _evidence_of(subject: _Subject, profile: Profile, stores, of_cells: bool) -> _Evidence | None:
    moments, histogram = subject.moments, subject.histogram
    if not of_cells and stores:
        first, *others = [stores[i] for i in subject.members]
        return _Evidence(moments, first.merged(others) if others else first)
    if histogram and not profile._weighted and (of_cells or histogram.is_exact()):
        histogram.settle()
        return _Evidence(moments, _CellValues(histogram, moments.min, moments.max))
    return None


def _find_evidence(subject: _Subject, profile: Profile, stores) -> _Evidence:
    """The source of answers for a subject's method.  Fails, naming its first feature, if there is none."""
    evidence = _evidence_of(subject, profile, stores, subject.spec.quantiles == "histogram")
    label = _label_of(profile._names, subject.members[0])
    has_steps = len(subject.spec.steps) > 1
    if evidence:
        return evidence
    if profile._weighted:
        raise Error("22023", f"the profile does not hold the weights of the values of {label}",
                    "It has sums of weighted values, and its distribution counts values without their weights.", "Fit the rows themselves.")
    if subject.histogram is None:
        raise Error("22023", f"a profile without distribution has no {'values for the steps of' if has_steps else 'quantiles for'} {label}",
                    hint="Fit the rows themselves.")
    in_cells = "Its distribution counts values in cells, not one by one."
    if has_steps:
        raise Error("22023", f"the profile does not hold each value of {label}, which its steps need", in_cells,
                    'Fit the rows themselves, or let cells stand for values: {"quantiles": "histogram"}.')
    raise Error("22023", f"the profile does not hold the exact quantiles of {label}", in_cells,
                'Fit the rows themselves, or accept quantiles interpolated within the cells: {"quantiles": "histogram"}.')


def _find_exact_evidence(subject: _Subject, profile: Profile, stores) -> _Evidence:
    """The same for what needs exact evidence, whatever option "quantiles" says."""
    evidence = _evidence_of(subject, profile, stores, False)
    if evidence:
        return evidence
    raise Error("22023", f"the profile does not hold the most frequent value of {_label_of(profile._names, subject.members[0])}",
                "Its distribution counts values in cells, not one by one." if subject.histogram else "It has no distribution.",
                "Fit the rows themselves.")


# ---- deriving the recipe of a scaler from a profile (src/pg/fit/fit.c) ----

def _no_rows_to_fit() -> Error:
    return Error("P0002", "there are no rows to fit", hint="There are no rows at all, or all weights are 0.")


class _Outcome:
    """What was derived for a subject: the parameters of its method, or of each of its steps; or why it has none."""

    def __init__(self, subject: _Subject, profile: Profile, stores):
        spec = subject.spec
        evidence = None
        self.range_alone = False
        if spec.derives_from_values() and subject.moments.count > 0:
            self.range_alone = not (spec.quantiles == "histogram" and subject.histogram) and spec.follows_from_range()
            if not self.range_alone and not subject.functions:
                evidence = _find_evidence(subject, profile, stores)
        self.why, self.derived, self.before, self.domain = None, _Derived(), [], None
        self.last_options = list(spec.options)      # of the last step, also if the problem is an earlier one
        reached_last = False
        self.range = None           # by the rule of the spec, if it gives one
        self.step, self.options, self.moments = 0, self.last_options, subject.moments
        try:
            fit = _StepsFit(*self._in_range(subject, evidence, profile), subject.histogram is not None and subject.histogram.zeros > 0,
                            self.range_alone, subject.functions if subject.moments.count else None)
            self.fit = fit
            for self.step, step in enumerate(spec.steps[:-1]):
                self.options, self.moments = list(step.options), fit.moments
                self.before.append(fit.apply_step(step, self.options))
            self.step, self.options, self.moments = len(self.before), self.last_options, fit.moments
            fit.check_overflow()
            self.domain = fit.apply_domain(_formula_of(spec.method, self.options), spec.last_domain())
            self.moments, reached_last = fit.moments, True
            self.given = fit.input(spec.method, self.options, subject.bounded)
            self.derived = _derive(self.given, spec.is_shifted())
        except _NoParameters as why:
            self.why = why
        if not reached_last:
            _settle_options(spec.method, self.last_options)

    def _in_range(self, subject: _Subject, evidence, profile: Profile):
        """
        Moments of, evidence on, and weighted sums of the values from which parameters come: all, or as the range by a rule leaves
        them.
        """
        rule = subject.spec.rule()
        weighted = subject.weighted if profile._weighted else None
        if rule is None:
            return subject.moments, evidence, weighted
        low, high, is_one_value = _derive_range(rule, subject.moments, weighted, evidence)
        self.range = low, high
        if is_one_value:
            raise _NoParameters("range one value")
        if rule.of_all:
            return subject.moments, evidence, weighted
        if self.range_alone:
            return _clipped_range(subject.moments, low, high), None, None
        inside = evidence.inside(low, high, subject.spec.outside == "clip")
        if inside.moments.count == 0:
            raise _NoParameters("range empty")
        return inside.moments, inside, inside.weighted_sums()

    def refusal(self, why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str) -> Error:
        if why.reason.startswith("range "):
            return _range_refusal(why, spec, self.moments, label, self.range)
        if why.reason == "no values" and moments.count:
            place = f"step {self.step + 1} of {len(spec.steps)}" if len(spec.steps) > 1 else f"method {spec.method.name}"
            return _nothing_left(moments, label, place)
        # without values no step is the reason
        if len(spec.steps) <= 1 or self.why is not why or moments.count == 0:
            return _refusal(why, spec, self.options, moments, label)
        place = f"step {self.step + 1} of {len(spec.steps)}"
        if why.reason == "infinite":
            infinite = self.moments.infinite
            how_many = "" if self.fit.range_alone else f": {infinite} of {self.moments.count + infinite}"
            return Error("22003", f"{label} has results beyond float8 before {place}{how_many}",
                         hint='Rescale the column, choose other steps, or have the feature give NULL: {"unfit": "null"}.')
        # the options of a step are those of a feature of its own
        step = spec.copy()
        step.method, step.bounded = spec.steps[self.step].method, spec.steps[self.step].bounded
        return _refusal(why, step, self.options, self.moments, f"{label}, as {place} gets it,")


def _option_of(step, name: str):
    place, width = _option_place(step.method, name)
    return step.options[place] if width else 0.0


def _check_weights(spec: _FeatureSpec, label: str):
    names = [step.method.name for step in spec.steps[:-1]] + [spec.method.name]
    without = next((name for name in names if not _DERIVATIONS[name].takes_weights), None)
    imputes = {"median": "the median to impute", "most_frequent": "the most frequent value to impute"}.get(spec.missing)
    if without or imputes:
        raise Error("0A000", f"{f'method {without}' if without else imputes} of {label} takes no weights",
                    hint="Weights are for methods that follow from sums, such as standard; repeat rows, or fit without weights.")
    if spec.derives_from_values() and spec.quantiles == "histogram":
        raise Error("0A000", f'option "quantiles" of {label} cannot be "histogram" in a fit with weights',
                    "The cells of a distribution count values, without their weights.", "Leave it out.")
    rule = spec.rule()
    if rule and rule.kind.name != "deviations":
        raise Error("0A000", f"the range of {label} takes no weights", f"The range {rule.text()} is one of values by their ranks.",
                    'With weights a range is a number of deviations from the mean: {"range": {"deviations": 3}}.')
    if rule and rule.kind.beside == "ddof" and rule.numbers[1]:
        raise Error("0A000", 'option "ddof" of a range must be 0 in a fit with weights',
                    "What to subtract depends on whether weights are counts or reliabilities.")
    if spec.option("ddof") or any(_option_of(step, "ddof") for step in spec.steps[:-1]):
        raise Error("0A000", 'option "ddof" must be 0 in a fit with weights',
                    "What to subtract depends on whether weights are counts or reliabilities.")


def _own_mean(subject: _Subject, profile: Profile) -> float:
    return subject.weighted.mean() if profile._weighted else subject.moments.mean()


def _imputed_value(own: _Subject, profile: Profile, stores) -> float:
    missing, moments = own.spec.missing, own.moments
    if missing == "constant":
        return own.spec.imputed
    if missing == "mean":
        return _own_mean(own, profile)
    if missing == "median":
        return _find_evidence(own, profile, stores).median() if moments.count else 0.0
    if missing == "most_frequent":
        return _find_exact_evidence(own, profile, stores).most_frequent() if moments.count else 0.0
    return {"min": moments.min, "max": moments.max}.get(missing, 0.0)


def _why_unfit(spec: _FeatureSpec, outcome: _Outcome, moments: _Moments) -> _NoParameters | None:
    if moments.infinite and not spec.skip_infinite:
        return _NoParameters("infinite")
    # a global feature without values takes the parameters of the others, but its options may need values of its own
    if moments.count == 0 and (spec.needs_own_values() or spec.empty == "null"):
        return _NoParameters("no values")
    return outcome.why


def _intercept_value(own: _Subject, outcome: _Outcome, profile: Profile, stores) -> float:
    """An intercept is a number, or a statistic of the values from which the parameters come."""
    spec, source, moments = own.spec, own.spec.intercept, own.moments
    if source == "number":
        return spec.intercept_number
    weighted = own.weighted if profile._weighted else None
    if spec.range_rule and not spec.of_all:
        inside = _find_evidence(own, profile, stores).inside(*outcome.range, spec.outside == "clip")
        moments, weighted = inside.moments, inside.weighted_sums()
    value = {"min": moments.min, "max": moments.max}.get(source.lstrip("-"))
    if value is None:
        value = weighted.mean() if weighted else moments.mean()
    return -value if source.startswith("-") else value


def _formula_and_parameters(own: _Subject, outcome: _Outcome, profile: Profile, stores):
    spec, derivation = own.spec, _DERIVATIONS[own.spec.method.name]
    derived = outcome.derived
    if derivation.given:
        derived = derived._replace(parameters=(spec.center, spec.scale))
    if not spec.is_shifted():
        formula, parameters = _formula_of(spec.method, outcome.last_options), derived.parameters
    else:
        formula = _FORMULA_NAMED["scale_shift"]
        parameters = (*derivation.location_scale(outcome.given, derived), spec.multiplier, _intercept_value(own, outcome, profile, stores))
    return formula, tuple(value + 0.0 for value in parameters), derived


def _without_parameters(feature: _Feature, policy: str) -> _Feature:
    """
    A feature whose values pass as they are or give NULL.  Policies that need training values are dropped if there are
    none; for NULL both policies are dropped in any case.
    """
    made = feature._replace(formula=_FORMULA_NAMED["identity"], parameters=(), table=None, intercept=None,
                            constant=True, unfit=True, if_constant=policy)
    unknown = not feature.range_is_known()
    if policy == "null" or (feature.missing in _IMPUTING[2:] and unknown):
        made = made._replace(missing="keep", imputed=None)
    if policy == "null" or unknown:
        made = made._replace(outside="keep")
    return made


def _with_range(feature: _Feature, spec: _FeatureSpec, outcome: _Outcome) -> _Feature:
    """A feature with the range by its rule, if values outside are not kept and the rule gave one."""
    if outcome.range is None or feature.outside == "keep":
        return feature
    return feature._replace(lower=outcome.range[0], upper=outcome.range[1], range_rule=spec.rule())


def _fit_feature(i: int, name, target: bool, own: _Subject, outcome: _Outcome, profile: Profile, stores) -> _Feature:
    spec, moments, label = own.spec, own.moments, _label_of(profile._names, i)
    imputed = _imputed_value(own, profile, stores)
    known = moments.count > 0
    feature = _Feature(
        name=name, method=spec.method, options=tuple(outcome.last_options), formula=None, parameters=(), table=None,
        lower=moments.min if known else -_RANGE_UNKNOWN, upper=moments.max if known else _RANGE_UNKNOWN, constant=False,
        target=target, missing=spec.missing, imputed=imputed + 0.0 if spec.missing in _IMPUTING else None, outside=spec.outside,
        if_constant=spec.constant, quantiles=spec.quantiles if spec.needs_quantiles() else "none", intercept=None,
        is_global=spec.is_global, imported=False, unfit=False)
    feature = _with_range(feature, spec, outcome)
    why = _why_unfit(spec, outcome, moments)
    if why:
        policy = spec.empty if why.reason == "no values" and spec.empty is not None else spec.unfit
        if policy == "error":
            raise outcome.refusal(why, spec, moments if why.reason in ("infinite", "no values") else outcome.moments, label)
        if spec.range_rule and outcome.range is None:
            feature = feature._replace(outside="keep")
        made = _without_parameters(feature, policy)
        if made.outside == "keep":
            made = made._replace(lower=moments.min if known else -_RANGE_UNKNOWN, upper=moments.max if known else _RANGE_UNKNOWN,
                                 range_rule=None)
        return made._replace(clips=None if policy == "null" else spec.clip)
    if outcome.derived.constant and spec.constant == "error":
        raise Error("22000", f"{label} is constant",
                    f"Its spread by method {spec.method.name} is zero over {outcome.moments.count} values.",
                    'Leave it out, or choose {"constant": "unit"} or {"constant": "null"}.')
    formula, parameters, derived = _formula_and_parameters(own, outcome, profile, stores)
    given = _DERIVATIONS[spec.method.name].given
    feature = feature._replace(formula=formula, parameters=parameters, table=derived.table if formula.table else None,
                               constant=derived.constant, intercept=spec.intercept if spec.is_shifted() else None,
                               imported=given, is_global=spec.is_global and not given, before=tuple(outcome.before),
                               domain=outcome.domain, clips=spec.clip)
    if not _are_usable(formula, parameters):
        raise _refusal(_NoParameters("not finite"), spec, outcome.last_options, moments, label)
    if spec.missing in _IMPUTING and not math.isfinite(imputed):
        raise Error("22003", f"the value to impute for {label} is beyond float8",
                    hint="Impute a constant, or rescale the column.")
    _check_imputed_is_defined(feature, label)
    return feature


def _check_imputed_is_defined(feature: _Feature, label: str):
    """Fail if a formula is not defined for the value that is imputed, and its policy refuses such values."""
    if feature.imputed is None:
        return
    try:
        with np.errstate(all="ignore"):
            _apply_steps(feature, np.array([feature.imputed]), np.zeros(1, bool))
    except _Undefined as refused:
        raise Error("22003", f"the value to impute for {label} is {_float_text(feature.imputed)}, for which "
                    f"{refused.formula.name} is not defined",
                    hint='Impute another value with option "missing", or choose {"domain": "null"} or {"domain": "clip"}.') from None


def _check_groups_differ(subjects, outcomes):
    """
    Fail if two sets of global features have the same options once defaults that depend on the data are settled.  In the
    scaler, they would be one set.
    """
    seen = set()
    for subject in {id(subject): subject for subject in subjects if subject.spec.is_global}.values():
        name, _, *rest = subject.key()
        key = name, tuple(outcomes[id(subject)].options), *rest
        if key in seen:
            raise Error(_BAD_PARAMETER, 'global features with and without option "n_quantiles" have the same number of quantiles',
                        hint='Give "n_quantiles" to all global features, or to none.')
        seen.add(key)


def _fit_features(spec: _FitSpec, profile: Profile, stores, functions) -> list:
    """
    Fit every feature of a settled profile.  `stores` have the values of the features that need them, or are None;
    `functions` the _FunctionMoments of those that need no more.
    """
    _check_environment()
    names = profile._names
    _check_spec_names(spec, names, len(profile))
    own, shared = _subjects_of(spec, profile, functions)
    for i, subject in enumerate(own):
        if profile._weighted:
            _check_weights(subject.spec, _label_of(names, i))
    outcomes = {}
    for subject in shared:
        if id(subject) not in outcomes:
            outcomes[id(subject)] = _Outcome(subject, profile, stores)
    _check_groups_differ(shared, outcomes)
    targets = set(spec.target)
    features = [_fit_feature(i, name, name in targets, own[i], outcomes[id(shared[i])], profile, stores)
                for i, name in enumerate(names or [None] * len(profile))]
    for feature in features:
        problem = _feature_problem(feature)
        if problem:
            raise AssertionError(f"fit made an unsound scaler: {problem}")
    return features


# ---- a scaler of what was fitted, with the probes that the database makes (src/core/scaler/probe_values.c) ----

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


# ---- rows to fit: which columns are features, and their values with what is NULL, some rows at a time (src/pg/fit/choose_columns.c) ----

_CHUNK_ROWS, _CHUNK_VALUES = 1 << 16, 1 << 22       # rows, and values, that are read at a time
_CONVERT = "Convert what is not numeric, or leave it out."
_ADVICE = 'Leave out what is not to be a feature: {"exclude": [...]}, {"columns": [...]}, or {"columns": "numeric"}.'


def _is_iterator(x) -> bool:
    """Return whether x gives chunks one after another, rather than being one."""
    return hasattr(x, "__next__") or hasattr(x, "read_next_batch")


def _chunks_of(x):
    """Frames or arrays of so few rows that they can be read at once."""
    if _is_iterator(x):
        for part in x:
            yield from _chunks_of(part)
        return
    frame = _frame_of(x)
    if frame is None:
        x = _as_array(x)
        if x.ndim != 2:
            raise Error("2202E", f"rows to fit must be an array of two dimensions, not of {x.ndim}",
                        hint="Of rows that are dictionaries make a frame, as in pandas.DataFrame(rows)." if x.ndim == 1 and len(x) and
                        isinstance(x[0], dict) else "Pass rows by features; a single feature as x.reshape(-1, 1).")
        rows, width = x.shape
    else:
        rows, width = _row_count(x, frame), len(frame.names)
    step = max(min(_CHUNK_ROWS, _CHUNK_VALUES // max(width, 1)), 1)
    for start in range(0, rows, step):
        yield x if rows <= step else _row_slice(x, start, min(step, rows - start))


def _as_array(x):
    return x if hasattr(x, "dtype") else np.asarray(_plain(x))


def _frame_of(x) -> _Frame | None:
    """The columns of a frame; None of an array."""
    if hasattr(x, "iloc") and not hasattr(x, "columns") or type(x).__name__ == "Series":
        raise Error("42804", "a Series is one column, and rows to fit are a frame or an array", hint="Pass series.to_frame().")
    frame = _read_names(x)
    if frame is None and (isinstance(x, (str, bytes)) or not hasattr(x, "__len__")):
        raise Error("42804", f"cannot fit a Python {type(x).__name__}",
                    hint="Pass an array of rows by features, a frame, or an iterator of such.")
    return frame


def _row_count(x, frame: _Frame) -> int:
    if hasattr(x, "num_rows"):
        return x.num_rows
    if isinstance(x, collections.abc.Mapping):
        without = next((name for name in frame.names if not hasattr(x[name], "__len__")), None)
        if without is not None:
            raise Error("42804", f'column "{without}" is a Python {type(x[without]).__name__}', hint="Pass a list or an array for each column.")
        lengths = {name: len(x[name]) for name in frame.names}
        if len(set(lengths.values())) > 1:
            raise Error("2202E", "the columns have different lengths",
                        "; ".join(f'"{name}" has {n}' for name, n in list(lengths.items())[:20]) + ".")
        return next(iter(lengths.values()), 0)
    return len(x)


def _row_slice(x, start: int, n: int):
    """Some rows of a frame or an array, or elements of a column or a list."""
    if isinstance(x, collections.abc.Mapping):
        return {name: _row_slice(column, start, n) for name, column in x.items()}
    if hasattr(x, "iloc"):
        return x.iloc[start:start + n]
    if hasattr(x, "slice") and not isinstance(x, np.ndarray):
        return x.slice(start, n)
    return x[start:start + n]


# ---- NULL ----

def _objects_of(column):
    """A column of Python objects as an array of them; None if it is of another kind."""
    kind = getattr(column, "dtype", None)
    if hasattr(column, "iloc"):
        return column.to_numpy() if kind == object else None
    if isinstance(column, np.ndarray):
        return column if kind == object else None
    if isinstance(column, (list, tuple)):
        return np.array(column, object)
    if hasattr(column, "to_physical"):
        return np.array(column.to_list(), object) if str(kind).startswith(("Object", "Null", "Decimal")) else None
    return np.array(column.to_pylist(), object) if str(getattr(column, "type", "")).startswith("run_end_encoded") else None


def _null_flags(source, column: _Column, floats, nan: str | None, stands_for_null: bool = False):
    """
    Which values of a column are NULL; None if none is.  NaN is not, unless `nan` says so, or where it stands for NULL: in the
    numpy types of pandas.
    """
    nans = np.isnan(floats)
    if not nans.any():
        return None
    if nan == "null" or (stands_for_null and nan is None):
        return nans
    if column.missing is not None:
        return column.missing
    objects = _objects_of(source)
    if objects is None:
        return None
    found = np.array([_is_missing(value) for value in objects.ravel()], bool).reshape(objects.shape)
    return found if found.any() else None


def _is_numpy_of_pandas(x, at: int) -> bool:
    """Whether a column is of a numpy type of pandas, or of one of its sparse types, in which NaN stands for NULL, too."""
    return _is_pandas(x) and (isinstance(x.dtypes.iloc[at], np.dtype) or str(x.dtypes.iloc[at]).startswith("Sparse["))


# ---- features ----

def _all_columns(x, frame: _Frame, numeric: bool, exclude) -> list:
    """All columns, or all that can be features, without the excluded ones, in order."""
    for name in exclude:
        if name not in frame.names:
            raise Error("42703", f'the frame has no column "{name}", which option "exclude" names',
                        f"The frame's columns are: {_list_of(frame.names)}.",
                        f"{_name_alike(name, frame.names)}Names are compared exactly, case included.")
        _check_is_single(frame, name)
    left_out = set(exclude)
    return [name for at, name in enumerate(frame.names) if name not in left_out and (not numeric or _can_be_feature(x, frame, at))]


def _can_be_feature(x, frame: _Frame, at: int) -> bool:
    try:
        column, = _columns_of(x, frame, [at])
    except Error as error:
        if error.sqlstate != "42804":
            raise
        return False
    # a column of objects is numeric if it has a number
    return _objects_of(frame.get(at)) is None or not np.isnan(column.floats()).all()


def _check_is_single(frame: _Frame, name):
    times = frame.names.count(name)
    if times > 1:
        raise Error("42702", f'column "{name}" is ambiguous: the frame has {times} columns of this name',
                    hint="Give each column a name of its own.")


def _place_of_column(frame: _Frame | None, name: str, what: str) -> int:
    """Where a column of keys or of weights is."""
    if frame is None:
        raise Error("42703", f'an array has no column "{name}" of {what}', hint="Pass a frame, or one for each row.")
    if name not in frame.names:
        raise Error("42703", f'the frame has no column "{name}" of {what}', f"The frame's columns are: {_list_of(frame.names)}.")
    _check_is_single(frame, name)
    return frame.names.index(name)


def _choose_columns(spec: _FitSpec, x, frame: _Frame, besides) -> list:
    """The names of the features of a frame.  `besides` are columns of keys and weights, which are features only if options say so."""
    if isinstance(spec.columns, list):
        named = set(spec.columns)
        chosen = spec.columns + [name for name in spec.target if name not in named]
    else:
        chosen = _all_columns(x, frame, spec.columns == "numeric", [*spec.exclude, *(b for b in besides if b not in spec.exclude)])
    if not chosen:
        raise Error("22023", "there are no columns to take as features",
                    hint='Name them with option "columns", or leave something over with "exclude".')
    for name in chosen:
        if not isinstance(name, str):
            raise Error("42602", f"the name of a column is {name!r}, and the name of a feature is text",
                        hint="Rename the column, or pass the frame's array.")
    _check_spec_names(spec, chosen, len(chosen))
    return chosen


def _places_of(frame: _Frame, wanted) -> list:
    places = {name: at for at, name in enumerate(frame.names) if isinstance(name, str)}
    for name in wanted:
        if name not in places:
            raise Error("42703", f'the frame has no column "{name}", which is a feature',
                        f"The frame's columns are: {_list_of(frame.names)}.",
                        f"{_name_alike(name, frame.names)}Features are matched by name, whatever their order; rename the column.")
    if len(places) < len(frame.names):
        for name in wanted:
            _check_is_single(frame, name)
    return [places[name] for name in wanted]


def _read_columns_of(x, frame: _Frame, wanted):
    """Columns of a frame by name.  Those that are not numeric are refused together."""
    places = _places_of(frame, wanted)
    try:
        return places, _columns_of(x, frame, places)
    except Error as error:
        if error.sqlstate != "42804":
            raise
    refused = []
    for at in places:
        try:
            _columns_of(x, frame, [at])
        except Error as error:
            refused.append(error)
    raise _not_numeric(refused)


def _not_numeric(refused) -> Error:
    if len(refused) == 1:
        return Error(refused[0].sqlstate, refused[0].message, hint=f"{_CONVERT}  {_ADVICE}")
    kinds = [error.message.replace("column ", "", 1).split(", and a feature")[0] for error in refused]
    return Error("42804", f"{len(refused)} columns cannot be features, which must be numeric or boolean", f"{', '.join(kinds)}.",
                 f"{_CONVERT}  {_ADVICE}")


class _RowReader:
    """Reads chunks whose features are those of the first one."""

    def __init__(self, spec: _FitSpec, nan: str | None, besides=()):
        if nan not in (None, "null", "nan"):
            raise Error("22023", f"unknown meaning of NaN: {nan!r}", hint='It may be "null", "nan", or None, which goes by the kind of input.')
        self.spec, self.nan, self.besides = spec, nan, besides
        self.names, self.width = None, 0

    def read(self, x):
        """float64 with one column in each row, which may be changed, and flags of NULLs likewise, or None."""
        frame = _frame_of(x)
        return self._read_array(x) if frame is None else self._read_frame(x, frame)

    def _bind(self, names, width: int):
        if width > _MOST_FEATURES:
            raise Error("54000", f"{width} features are more than a scaler may have", f"The limit is {_MOST_FEATURES}.")
        for name in names or ():
            if not name.isprintable() and ("\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name)):
                raise Error("22021", f"the name of a feature is no Unicode text: {name!r}", hint="Rename the column.")
        if names is not None:
            _check_names(names)
        self.names, self.width = names, width

    def _read_frame(self, x, frame: _Frame):
        if self.width == 0:
            wanted = _choose_columns(self.spec, x, frame, self.besides)
            _places_of(frame, wanted)
            self._bind(wanted, len(wanted))
        elif self.names is None:
            raise Error("22023", "the features have no names to match frames by", hint='Pass arrays, or fit with option "names".')
        places, columns = _read_columns_of(x, frame, self.names)
        shapes = {column.shape for column in columns}
        if len(shapes) > 1 or len(min(shapes)) != 1:
            raise Error("2202E", "the columns have different lengths, or more than one dimension",
                        "; ".join(f'"{name}" has shape {column.shape}' for name, column in zip(self.names[:20], columns)) + ".")
        values, nulls = np.empty((len(columns), *min(shapes))), None
        for i, (at, column) in enumerate(zip(places, columns)):
            values[i] = column.floats()
            flags = _null_flags(frame.get(at), column, values[i], self.nan, _is_numpy_of_pandas(x, at))
            if flags is not None:
                nulls = np.zeros(values.shape, bool) if nulls is None else nulls
                nulls[i] = flags
        return values, nulls

    def _read_array(self, x):
        array = _as_array(x)
        column = _column_of_array(array, "the array")
        rows = column.floats()
        flags = _null_flags(array, column, rows, self.nan)
        width = rows.shape[1]
        if self.width == 0:
            names = self.spec.names
            if width == 0:
                raise Error("2202E", "features must not be an empty array")
            if names is not None and len(names) != width:
                raise Error("22023", f'option "names" has {_number_of(len(names), "name")}, and must have {width}',
                            hint="Give one name for each column of the array, in its order.")
            _check_spec_names(self.spec, names, width)
            self._bind(names, width)
        if width != self.width:
            raise Error("2202E", f"a row has {_number_of(width, 'feature')}, the rows before it had {self.width}")
        return np.array(rows.T, order="C"), None if flags is None else flags.T


# ---- fitting and profiling, also by chunks and by key ----

class _Gathered:
    """The profile of rows, and the values of features that need more than their moments."""

    def __init__(self, spec: _FitSpec, names, width: int, weighted: bool, keep_values: bool):
        self.profile = Profile(names, width, spec.distribution, weighted)
        specs = [spec.of(name) for name in names or [None] * width if keep_values]
        self.stores = {i: _ValueStore([], [] if weighted else None) for i, one in enumerate(specs) if one.needs_every_value()}
        self.functions = {i: _FunctionMoments(one.first_functions(), weighted) for i, one in enumerate(specs) if one.first_functions()}

    def add(self, columns, nulls, weights):
        self.profile._add(columns, nulls, weights)
        for i, store in self.stores.items():
            store.add(columns[i].copy(), weights)
        for i, functions in self.functions.items():
            functions.add(columns[i], weights)

    def merge(self, other: _Gathered):
        self.profile._merge(other.profile)
        for i, store in self.stores.items():
            self.stores[i] = store.merged([other.stores[i]])
        for i, functions in self.functions.items():
            functions.merge(other.functions[i])

    def fit_features(self, spec: _FitSpec) -> list:
        return _fit_features(spec, self.profile._settle(), self.stores, self.functions)


class FitState:
    """
    A fit by chunks: update() with some rows, merge() with the state of others, and finish().  The scaler does not depend
    on how rows are divided, nor on their order.

    `method`, `options` and `nan` are those of fit().  What fit() keeps of the rows are sums and distributions, so memory is
    bounded; but methods that need the values themselves (robust, mad, meanabs, quantile, power; a median or the most frequent value to impute; steps
    behind one that is derived) keep 8 bytes for each, 16 with weights, unless {"quantiles": "histogram"} lets them do without.
    """

    def __init__(self, method: str = "standard", options: Mapping[str, Any] | str | None = None, *, nan: str | None = None) -> None:
        _find_method(method)
        self._method, self._options, self._nan = method, _options_object(options), nan
        self._kind = self._spec = self._reader = self._gathered = self._weighted = None
        self._failed = False        # when some rows of an update were counted, and others not

    _keeps_values = True

    # -- adding rows --

    def update(self, x: Any, weight: Any = None) -> FitState:
        """
        Add rows: a frame, an array of rows by features, or an iterator of such.  `weight` has one for each row, or is the
        name of a frame's column.  Return the state itself.
        """
        _check_environment()
        if weight is not None and _is_iterator(x) and not isinstance(weight, str):
            raise Error("22023", "rows come in chunks, and weights do not", hint="Name the frames' column of weights, or call update() for each chunk.")
        if isinstance(weight, Mapping) or not (
                weight is None or isinstance(weight, str) or hasattr(weight, "__getitem__") and hasattr(weight, "__len__")):
            raise Error("42804", f"weights are not a Python {type(weight).__name__}", hint="Pass one for each row, or the name of a column.")
        self._check_whole()
        if weight is not None and not isinstance(weight, str):
            _check_number_of_weights(x, weight)
        before, is_first, counted = 0, self._spec is None, False
        try:
            for chunk in _chunks_of(x):
                columns, nulls = self._start(chunk, weight).read(chunk)
                rows = columns.shape[1]
                weights = _weights_of(chunk, weight, before, rows)
                counted = True
                self._add(columns, nulls, weights)
                before += rows
        except BaseException:
            self._failed = counted
            if is_first and not counted:    # the next rows may be of another kind
                self._kind = self._spec = self._reader = self._weighted = None
            raise
        return self

    def _check_whole(self):
        if self._failed:
            raise Error("55000", "an update of this fit failed after some of its rows were counted", hint="Begin anew, with another FitState.")

    def _add(self, columns, nulls, weights):
        if weights is not None and not (weights > 0).all():
            counts = weights > 0            # a row of weight 0 is not there
            columns, weights = columns[:, counts], weights[counts]
            nulls = None if nulls is None else nulls[:, counts]
        if columns.shape[1] == 0:
            return
        if self._gathered is None:
            self._gathered = self._new_gathered()
        self._gathered.add(columns, nulls, weights)

    def _new_gathered(self):
        return _Gathered(self._spec, self._reader.names, self._reader.width, self._weighted, self._keeps_values)

    def _start(self, chunk, weight) -> _RowReader:
        """Settle, by the first rows, what the options may be."""
        frame = _frame_of(chunk)
        kind = "array" if frame is None else "row"
        if isinstance(weight, str):
            _place_of_column(frame, weight, "weights")
        if self._spec is None:
            self._kind, self._spec = kind, _parse_fit_options(self._method, self._options_of(kind), kind)
            self._reader = _RowReader(self._spec, self._nan, self._besides(weight))
            self._weighted = weight is not None
        if self._weighted != (weight is not None):
            raise Error("22023", "some rows of a fit have weights, and others have none")
        if self._kind != kind:
            raise Error("22023", "some rows of a fit are frames, and others are arrays")
        return self._reader

    def _options_of(self, kind: str) -> dict:
        return self._options

    def _besides(self, weight) -> list:
        """Columns that are no features unless options say so."""
        return [weight] if isinstance(weight, str) else []

    def merge(self, other: FitState) -> FitState:
        """Add the rows of another state, which has the same method and options.  Return the state itself."""
        if not isinstance(other, FitState):
            raise Error("42804", f"a FitState is expected, not a {type(other).__name__}")
        self._check_whole()
        other._check_whole()
        if (self._method, self._options, type(self)) != (
                other._method, other._options, type(other)):
            raise Error("22023", "method or options differ between rows of one fit", hint="Pass the same for every state.")
        if other._gathered is None:
            return self
        if self._gathered is None:
            self._kind, self._spec, self._reader, self._weighted = other._kind, other._spec, other._reader, other._weighted
            self._gathered = self._new_gathered()
        self._gathered.merge(other._gathered)
        return self

    # -- the result --

    def profile(self) -> Profile:
        """The profile of the rows so far."""
        self._check_whole()
        if self._gathered is None:
            raise _no_rows_to_fit()
        return self._gathered.profile._copy()

    def finish(self) -> Scaler:
        """The scaler of the rows so far; more may follow."""
        self._check_whole()
        if self._gathered is None:
            raise _no_rows_to_fit()
        return _scaler_of(self._gathered.fit_features(self._spec), self._gathered.profile)


def _check_number_of_weights(x, weight):
    frame = _frame_of(x)
    rows = _row_count(x, frame) if frame is not None else len(x) if getattr(x, "shape", True) else 0
    if len(weight) != rows:
        raise Error("2202E", f"there are {_number_of(rows, 'row')}, but {_number_of(len(weight), 'weight')}")


def _weights_of(chunk, weight, start: int, rows: int):
    if weight is None:
        return None
    if isinstance(weight, str):
        frame = _frame_of(chunk)
        given = frame.get(frame.names.index(weight))
    else:
        given = _row_slice(weight, start, rows)
    column = _column_of(given, "the weight")
    values = column.floats()
    if values.shape != (rows,):
        raise Error("2202E", f"there are {rows} rows, but weights of shape {values.shape}")
    if _null_flags(given, column, values, None, hasattr(given, "iloc") and isinstance(given.dtype, np.dtype)) is not None:
        raise Error("22004", "a weight must not be NULL", hint="Make it 0 for rows that are not to count.")
    wrong = ~((values >= 0) & (values < np.inf))
    if wrong.any():
        raise Error("22003", f"a weight must be a finite number that is not negative, not {_float_text(values[wrong][0])}",
                    hint="Leave such rows out.")
    return values


class _ProfileState(FitState):
    """A profile by chunks: of what options say, or of the features of a scaler, without its targets."""

    _keeps_values = False

    def __init__(self, options, scaler, *, nan):
        super().__init__("identity", options, nan=nan)
        self._scaler = scaler

    def _options_of(self, kind):
        names = self._scaler and self._scaler.feature_names
        if self._scaler and kind == "row" and names is None:
            raise Error("42804", f"scaler {self._scaler.scaler_id} was fitted on arrays, and its features have no names to match a "
                        "frame by", hint='Pass an array, or fit with option "names".')
        return {**self._options, "names" if kind == "array" else "columns": names} if names else self._options

    def _new_gathered(self):
        if self._scaler and self._reader.width != self._scaler._width:
            raise Error("2202E", f"scaler {self._scaler.scaler_id} expects {_number_of(self._scaler._width, 'feature')}, the array has "
                        f"{self._reader.width}")
        return super()._new_gathered()


# ---- fitting sets of scalers by key (src/pg/scaler/by_key.c) ----

class _KeyedFit(FitState):
    """A fit for each key.  `by` is the name of a frame's column of keys, or keys for each row."""

    def __init__(self, method, options, by, *, nan):
        super().__init__(method, options, nan=nan)
        if not (isinstance(by, str) or hasattr(by, "__getitem__") and hasattr(by, "__len__")):
            raise Error("42804", f"keys are not a Python {type(by).__name__}", hint="Pass one for each row, or the name of a column.")
        self._by, self._row = by, 0
        self._groups = {}           # by key; None of keys whose rows have no weight

    def _besides(self, weight):
        return super()._besides(weight) + ([self._by] if isinstance(self._by, str) else [])

    def _start(self, chunk, weight):
        reader = super()._start(chunk, weight)
        self._keys = self._keys_of(chunk)
        return reader

    def _keys_of(self, chunk):
        frame = _frame_of(chunk)
        if isinstance(self._by, str):
            place = _place_of_column(frame, self._by, "keys")
            return _key_texts(frame.get(place))
        rows = len(chunk) if frame is None else _row_count(chunk, frame)
        given = _key_texts(_row_slice(self._by, self._row, rows))
        self._row += len(given)
        return given

    def _add(self, columns, nulls, weights):
        keys = self._keys
        if len(keys) != columns.shape[1]:
            raise Error("2202E", f"there are {columns.shape[1]} rows, but {len(keys)} keys")
        found, codes = np.unique(np.array(keys, object), return_inverse=True)
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(found)))
        for key, start, end in zip(found.tolist(), [0, *ends[:-1].tolist()], ends.tolist()):
            rows = order[start:end]
            self._gathered = self._groups.get(key)
            super()._add(columns[:, rows], None if nulls is None else nulls[:, rows], None if weights is None else weights[rows])
            self._groups[key] = self._gathered
        self._gathered = None

    def finish(self, unseen="error") -> ScalerSet:
        if not self._groups:
            raise _no_rows_to_fit()
        if not isinstance(self._by, str) and len(self._by) != self._row:
            raise Error("2202E", f"there are {self._row} rows, but {len(self._by)} keys")
        members = {}
        for key, gathered in self._groups.items():
            try:
                if gathered is None:
                    raise _no_rows_to_fit()
                members[key] = _fitted(gathered.fit_features(self._spec), gathered.profile)
            except Error as error:
                raise Error(error.sqlstate, error.message, f'{error.detail or ""} The key is "{_key_label(key)}".'.strip(),
                            error.hint) from None
        return _set_of(members, unseen)


def _key_texts(column) -> list:
    """The keys in a column, as text."""
    if isinstance(column, np.ndarray):
        keys = column.astype(object).tolist()
    else:
        keys = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list() if hasattr(column, "to_list") else list(column)
    for i, key in enumerate(keys):
        if isinstance(key, numbers.Integral) and not isinstance(key, bool):
            keys[i] = key = str(key)
        if key is None or type(key).__name__ == "NAType" or isinstance(key, float) and key != key:
            raise Error("22004", "the key of a scaler must not be NULL", hint="Leave the rows without a key out, or give them one.")
        if not isinstance(key, str):
            raise Error("42804", f"a key is text, not of type {type(key).__name__}", hint="Convert it with str().")
    return keys


def _check_key(key: str):
    if "\0" in key or any("\ud800" <= letter <= "\udfff" for letter in key):
        raise Error("22021", f"the key of a scaler is no Unicode text: {key[:100]!r}", hint="Give such rows another key.")
    length = len(key.encode("utf-8"))
    if length == 0:
        raise Error("22023", "the key of a scaler must not be empty")
    if length > _LONGEST_KEY:
        raise Error("22023", f"the key of a scaler has {length} bytes, more than {_LONGEST_KEY}", f'It begins with "{_key_label(key)}".')


def _fallback_of(scaler: Scaler) -> _Fitted:
    """A scaler in a set has no probes."""
    probes, scaler._probes = scaler._probes, None
    text, scaler._probes = scaler.to_json(), probes
    return _Fitted(bytes.fromhex(scaler.fingerprint), text, scaler._named, [(feature.name, feature.target) for feature in scaler._features])


def _check_same_features(first: str, members: dict, fallback: _Fitted | None):
    for what, fitted in [*((f'the scaler of key "{_key_label(key)}"', member) for key, member in members.items()), ("the fallback", fallback)]:
        if fitted and (fitted.named, fitted.features) != (members[first].named, members[first].features):
            raise Error("42804", f'{what} has other features than the scaler of key "{_key_label(first)}"',
                        hint="All scalers of a set are fitted with the same features, in the same order.")


def _set_of(members: dict, unseen) -> ScalerSet:
    """The set of what was fitted by key; `unseen` is "error", "null", or a scaler for all other keys."""
    fallback = _fallback_of(unseen) if isinstance(unseen, Scaler) else None
    policy = "fallback" if fallback else unseen
    if not isinstance(policy, str) or policy not in _UNSEEN or unseen == "fallback":
        raise Error("22023", f"invalid policy for keys that a set does not have: {unseen!r}",
                    hint='It is "error" or "null", or a scaler for all such keys.')
    for key in members:
        _check_key(key)
    members = dict(sorted(members.items(), key=lambda item: item[0].encode("utf-8")))
    first = next(iter(members))
    _check_same_features(first, members, fallback)
    named, features = members[first].named, members[first].features
    root = _merkle_root([hashlib.sha256(b"\0" + _counted(key.encode("utf-8")) + member.fingerprint).digest()
                         for key, member in members.items()])
    recipe = bytes([1, _UNSEEN.index(policy)]) + (fallback.fingerprint if fallback else b"") + bytes([named]) + _varint(len(features))
    for name, target in features:
        recipe += (_counted(name.encode("utf-8")) if named else b"") + bytes([target])
    fingerprint = _fingerprint(2, recipe + _varint(len(members)) + root, None)
    shown = ", ".join(f'{{"name": {_string(name)}, "target": {_boolean(target)}}}' for name, target in features)
    parts = [f'{{"format": 2, "scaler_id": "{_id_of(fingerprint)}", "fingerprint": "{fingerprint.hex()}", "unseen": "{policy}"']
    if fallback:
        parts.append(f'"fallback_fingerprint": "{fallback.fingerprint.hex()}", "fallback": {fallback.text}')
    parts.append(f'"named": {_boolean(named)}, "features": [{shown}], "keys": {len(members)}, "root": "{root.hex()}"')
    written = ", ".join(f'{{"key": {_string(key)}, "scaler": {member.text}}}' for key, member in members.items())
    return ScalerSet(json.loads(", ".join(parts) + f', "members": [{written}]}}'))


# ---- fit() and profile() ----

_PROFILE_OPTIONS = ("columns", "exclude", "names", "distribution")


@overload
def fit(x: Any, method: str = ..., options: Mapping[str, Any] | str | None = ..., *, weight: Any = ..., by: None = ...,
        unseen: str | Scaler = ..., nan: str | None = ...) -> Scaler: ...
@overload
def fit(x: Any, method: str = ..., options: Mapping[str, Any] | str | None = ..., *, weight: Any = ..., by: Any,
        unseen: str | Scaler = ..., nan: str | None = ...) -> ScalerSet: ...


def fit(x: Any, method: str = "standard", options: Mapping[str, Any] | str | None = None, *, weight: Any = None, by: Any = None,
        unseen: str | Scaler = "error", nan: str | None = None) -> Scaler | ScalerSet:
    """
    Return the scaler that normfreeze.fit() of the database makes of the same rows: the same id, the same bytes.

    x is an array of rows by features, a frame (pandas, polars, pyarrow, a dictionary of arrays, a structured array), an
    iterator of such, which is read chunk by chunk, or a Profile.  Method and options are those of the database, options as
    a dictionary or as JSON.  `weight` has a weight for each row, or is the name of a frame's column.

    With `by`, a key for each row or the name of a frame's column, the result is the set of scalers by key that by_key()
    makes; `unseen` is what it does with other keys: "error", "null", or a scaler for all of them.

    None and the like are NULL, and NaN is NaN; but in the numpy types of pandas NaN stands for NULL.  nan="null" and
    nan="nan" say so for all.
    """
    if isinstance(x, Profile):
        for name, value in (("weight", weight), ("by", by)):
            if value is not None:
                raise Error(_BAD_PARAMETER, f"a profile has no rows, and takes no {name}")
        spec = _parse_fit_options(method, options, "profile")
        return _scaler_of(_fit_features(spec, x._settle(), None, {}), x)
    if by is None and unseen != "error":
        raise Error(_BAD_PARAMETER, "unseen says what a set does with other keys, and there are no keys", hint='Keys are given with "by".')
    if by is not None:
        return _KeyedFit(method, options, by, nan=nan).update(x, weight).finish(unseen)
    return FitState(method, options, nan=nan).update(x, weight).finish()


def profile(x: Any, options: Mapping[str, Any] | str | None = None, *, weight: Any = None, scaler: Scaler | None = None,
            nan: str | None = None) -> Profile:
    """
    Return the profile that normfreeze.profile() of the database makes of the same rows.  x, weight and nan are as in fit();
    options may be "columns", "exclude", "names" and "distribution".  With `scaler`, the features are those of a scaler,
    without its targets.
    """
    if scaler is not None and not isinstance(scaler, Scaler):
        raise Error("42804", f"a Scaler is expected, not a {type(scaler).__name__}")
    options = dict(_options_object(options))
    for key in options:
        if key not in _PROFILE_OPTIONS:
            raise Error(_BAD_PARAMETER, f'unknown option "{key}" for a profile', hint=f"The options are: {', '.join(_PROFILE_OPTIONS)}.")
    return _ProfileState(options, scaler, nan=nan).update(x, weight).profile()


# ---- scikit-learn ----

# the functions of numpy that are methods, by the names that dump() and to_sklearn() write
_NUMPY_FUNCTIONS = {None: None, "log1p": np.log1p, "log": np.log, "log2": np.log2, "log10": np.log10, "sqrt": np.sqrt, "cbrt": np.cbrt,
                    "square": np.square, "arcsinh": np.arcsinh, "reciprocal": np.reciprocal, "expm1": np.expm1}

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
    "Winsorizer": (("capping_method", "tail", "fold", "add_indicators", "missing_values"),
                   ("right_tail_caps_", "left_tail_caps_", "variables_", "fold_")),
    "ColumnTransformer": (("transformer_weights",), ()),
    "Pipeline": ((), ()),
}

# what else dump() and to_sklearn() write, and which attributes transform() cannot do without: if the parameter says so
_SKLEARN_OTHERS = {"FunctionTransformer": {"inverse_func"}, "PowerTransformer": {"dtype", "_scaler"}, "ColumnTransformer": {"transformers_", "remainder"}, "Pipeline": {"steps"}}
_SKLEARN_COMMON = {"class", "_sklearn_version", "n_features_in_", "feature_names_in_", "normfreeze"}
_SKLEARN_NEEDS = {
    "StandardScaler": {"mean_": "with_mean", "scale_": "with_std"}, "MinMaxScaler": {"scale_": None, "min_": None},
    "MaxAbsScaler": {"scale_": None}, "RobustScaler": {"center_": "with_centering", "scale_": "with_scaling"},
    "QuantileTransformer": {"quantiles_": None, "references_": None, "output_distribution": None},
    "PowerTransformer": {"lambdas_": None, "method": None, "_scaler": "standardize"}, "Normalizer": {"norm": None},
    "SimpleImputer": {"statistics_": None},
    "Winsorizer": {"right_tail_caps_": None, "left_tail_caps_": None, "variables_": None, "feature_names_in_": None, "n_features_in_": None, "fold_": None},
}


def _sklearn_class(name: str) -> type:
    from sklearn import compose, impute, pipeline, preprocessing

    if name == "Winsorizer":
        try:
            from feature_engine.outliers import Winsorizer
        except ImportError as error:
            raise ImportError("a Winsorizer is of feature-engine, which cannot be imported") from error
        return Winsorizer
    for module in (preprocessing, impute, compose, pipeline):
        if name in _SKLEARN_CLASSES and hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{name!r} is no class that scalers are of; those are {', '.join(_SKLEARN_CLASSES)}")


def dump(estimator: Any, only: str | Sequence[str] | None = None) -> str:
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
    elsewhere = name == "Winsorizer" and not type(estimator).__module__.startswith("feature_engine.")
    if name not in _SKLEARN_CLASSES or elsewhere or type(estimator) is not _sklearn_class(name):
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
    for name, function in _NUMPY_FUNCTIONS.items():
        if estimator.func is function:
            if estimator.kw_args:
                raise _NoScaler(f"{where} is a FunctionTransformer with kw_args, {', '.join(estimator.kw_args)}, which may change what numpy's {name} gives")
            return name
    raise _NoScaler(f"{where} is a FunctionTransformer of {estimator.func!r}; only None and numpy's "
                    f"{', '.join(name for name in _NUMPY_FUNCTIONS if name)} are scalers")


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


def load(text: str | bytes | dict[str, Any], frozen: bool = True) -> Any:
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
    if name == "Winsorizer":
        # nothing of it is private
        estimator = made_of(**{key: members[key] for key in given if key in members})
        for key in (*fitted, "n_features_in_", "feature_names_in_"):
            setattr(estimator, key, members[key])
        return estimator
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
            parameters["func"] = _NUMPY_FUNCTIONS[parameters["func"]]
            parameters["inverse_func"] = _NUMPY_FUNCTIONS[members.get("inverse_func")]
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


# ---- scalers as a seed of dbt: what the dbt package applies, proves and watches without the extension (dbt/macros/operations/export.sql) ----

_DRIFT_BINS = 10
_SEED_HEADING = "name,version,artifact,evidence\n"


def _bin_starts(counts, total: int, wanted: int) -> list[int]:
    """
    The cells where bins of equal frequency start (src/core/compare/drift_bins.c: MarkStarts).  For each quantile, the cell
    that holds it goes to the side where bins come out more equal.
    """
    starts, before, part, next_starts = [], 0, 1, True
    for i, count in enumerate(counts):
        after = before + count
        if after == before:
            continue
        here, next_starts = next_starts, False
        while part < wanted and part * total <= after * wanted:
            if part * total - before * wanted <= after * wanted - part * total:
                here = True
            else:
                next_starts = True
            part += 1
        if here:
            starts.append(i)
        before = after
    return starts


def _evidence_of_feature(name, moments, histogram) -> dict:
    cells = _CellValues(histogram, moments.min, moments.max)
    counts = cells._counts.tolist()
    starts = _bin_starts(counts, moments.count, _DRIFT_BINS)
    within = [sum(counts[start:end]) for start, end in zip(starts, [*starts[1:], len(counts)])]
    lower = [moments.min] + [float(cells._low[start]) for start in starts[1:]]
    return {"name": name, "mean": moments.mean(), "std": moments.deviation(), "lower": lower, "upper": moments.max,
            "counts": [moments.negative_infinities, *within, moments.positive_infinities, moments.missing]}


def _drift_evidence(scaler: Scaler) -> str:
    """What drift in plain SQL compares rows with: of each feature the moments, and bins with the counts of the training set."""
    if scaler._profile is None or scaler.feature_names is None:
        raise Error("22023", f"scaler {scaler.scaler_id} has no training profile, or no names of features, and so no evidence of drift",
                    hint="Take the scaler as fit() made it, or as the database writes it with its profile.")
    profile = Profile._from_bytes(base64.b64decode(scaler._profile))
    if profile._histograms is None:
        raise Error("22023", f"scaler {scaler.scaler_id} was fitted without a distribution, and so has no evidence of drift",
                    hint="Fit it without the option distribution.")
    places = {name: i for i, name in enumerate(profile._names)}
    features = [_evidence_of_feature(name, profile._moments[places[name]], profile._histograms[places[name]])
                for name in scaler.feature_names if profile._moments[places[name]].count > 0]
    return json.dumps({"evidence_format": 1, "scaler_id": str(scaler.scaler_id), "features": features})


def _bare(scaler):
    """A scaler, or all those of a set, without training profiles and with probes, which those of a set come without."""
    bare = copy.copy(scaler)
    if isinstance(bare, ScalerSet):
        bare._members = {key: _bare(member) for key, member in scaler._members.items()}
        bare._fallback = scaler._fallback and _bare(scaler._fallback)
    else:
        bare._profile = None
        bare._probes = scaler._probes or _make_probes(scaler)
    return bare


def _csv_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _seed_row(name: str, version: int, scaler: Scaler | ScalerSet) -> str:
    evidence = "" if isinstance(scaler, ScalerSet) else _csv_field(_drift_evidence(scaler))
    return f"{_csv_field(name)},{version},{_csv_field(_bare(scaler).to_json())},{evidence}\n"


def dbt_seed(scalers: Mapping[str, Scaler | ScalerSet], version: int = 1) -> str:
    """
    The CSV of a dbt seed with scalers by name: name, version, artifact, and evidence, with which the dbt package normalizes
    rows (`mode='inline'`), proves itself (`probes_agree`) and watches drift in a database without the extension.  A set of scalers
    by key has no evidence: drift is that of one scaler, of member(key).
    """
    if isinstance(scalers, (Scaler, ScalerSet)):
        raise Error("42804", "scalers of a seed have names", hint='Give a dictionary, as in dbt_seed({"churn": scaler}).')
    return _SEED_HEADING + "".join(_seed_row(name, version, scaler) for name, scaler in scalers.items())


# ---- parameters as they lie in files, brought into blocks (src/pg/exchange/parameter_blocks.c) ----

# by statistic, in the order of the codes: the keys that files have for it, without signs and capitals; the first is its name
_KEYS_OF = {
    "mean": "mean avg average mu imagemean",
    "center": "center centre loc location",
    "std": "std stddev stdev sd sigma standarddeviation imagestd",
    "scale": "scale",
    "var": "var variance",
    "median": "median med 50% q50 p50",
    "iqr": "iqr interquartilerange",
    "min": "min minimum minval minvalue low lower",
    "max": "max maximum maxval maxvalue high upper",
    "data_min": "data_min datamin",
    "data_max": "data_max datamax",
    "range": "range datarange",
    "q01": "q01 p01 p1 1%",
    "q99": "q99 p99 99%",
    "q02": "q02 p02 p2 2%",
    "q98": "q98 p98 98%",
    "q05": "q05 q5 p05 p5 5%",
    "q95": "q95 p95 95%",
    "q10": "q10 p10 10%",
    "q90": "q90 p90 90%",
    "q25": "q25 p25 25%",
    "q75": "q75 p75 75%",
    "q1": "q1",
    "q3": "q3",
    "points": "points linearnorm",
    "x0": "x0",
    "y0": "y0",
    "x1": "x1",
    "y1": "y1",
    "rescale_factor": "rescale_factor rescalefactor",
    "do_rescale": "do_rescale dorescale",
    "do_normalize": "do_normalize donormalize",
    "feature_range": "feature_range featurerange",
    "mask": "mask",
    "count": "count n nsample nsamplesseen numsample numtransition numtrajectories",
    "n_features": "n_features nfeature nfeaturesin numfeature featurecount",
    "features": "features feature featurename featurenamesin featurecol featurecolumn featureorder name "
                "column columnname col variable inputname inputfeature channel channelname",
}
# shape, what is subtracted, what divides, is that an end, only if the shape is said
_SHAPES = (
    ("standard", "mean", "std", False, False),
    ("standard", "mean", "scale", False, False),
    ("standard", "mean", "var", False, False),
    ("standard", "center", "std", False, False),
    ("standard", "center", "scale", False, False),
    ("robust", "median", "iqr", False, False),
    ("robust", "median", "scale", False, False),
    ("robust", "median", "q25", True, False),
    ("robust", "median", "q1", True, False),
    ("robust", "center", "scale", False, True),
    ("range", "min", "max", True, False),
    ("range", "data_min", "data_max", True, False),
    ("range", "min", "range", False, False),
    ("range", "data_min", "range", False, False),
    ("quantiles", "q01", "q99", True, False),
    ("quantiles", "q1", "q99", True, False),
    ("quantiles", "q02", "q98", True, False),
    ("quantiles", "q05", "q95", True, False),
    ("quantiles", "q10", "q90", True, False),
    ("quantiles", "q25", "q75", True, True),
    ("sklearn_range", "min", "scale", False, False),
    ("points", "points", None, False, False),
    ("points", "x0", "x1", True, False),
)
_STATISTICS = {key: name for name, keys in _KEYS_OF.items() for key in keys.split()}
_OF_ALL = ("features", "feature_range", "do_rescale", "do_normalize", "count", "n_features")
_UPPER_QUARTILE = {"q25": "q75", "q1": "q3"}
_PAIRS = {"standard": ("mean", "std"), "robust": ("median", "iqr"), "range": ("min", "max"), "quantiles": ("q01", "q99"),
          "sklearn_range": ("scale", "min")}
_NEEDS = ("standard has mean and std, scale or variance; robust median and iqr, or 25% and 75%; range min and max; quantiles q01 and "
          "q99 or the like; sklearn_range min and scale; points x0, y0, x1, y1")


def _cannot(problem, detail=None, hint=None, sqlstate="22023"):
    raise Error(sqlstate, f"cannot import parameters: {problem}", detail, hint)


def _statistic(key):
    """The statistic that a key stands for, or None; case, signs between words and a plural do not matter."""
    plain = "".join(c for c in key.lower() if c.isascii() and (c.isalnum() or c == "%"))
    if not key.isascii() or len(plain) > 24:
        return None
    return _STATISTICS.get(plain) or (_STATISTICS.get(plain[:-1]) if plain.endswith("s") and len(plain) > 1 else None)


class _Words:
    """What the caller says of the keys."""

    def __init__(self, options):
        ignore = options.get("ignore", [])
        self.ignores_rest = ignore is True
        self.patterns = [] if isinstance(ignore, bool) else ignore
        self.patterns = [pattern.replace("[", "[[]").replace("?", "[?]") for pattern in self.patterns]
        self.shape = options.get("shape")
        self.names_key = options["names"] if isinstance(options.get("names"), str) else None
        self.keys = {}
        said = options.get("keys", {})
        for statistic, key in said.items():
            self.keys[_statistic(statistic)] = key

    def ignored(self, key, value):
        return value is None or any(fnmatch.fnmatchcase(key, pattern) for pattern in self.patterns)

    def usual(self, key):
        role = _statistic(key)
        return None if role in self.keys else role

    def role(self, key, value):
        for role, said in self.keys.items():
            if said == key:
                return role
        if key == self.names_key:
            return "features"
        role = self.usual(key)
        strings = isinstance(value, str) or isinstance(value, list) and value and all(isinstance(v, str) for v in value)
        return None if role == "features" and (self.names_key is not None or not strings) else role

    def considered(self, value):
        return {key: child for key, child in value.items() if not self.ignored(key, child)}

    def refuse(self, key, value, outer=None):
        if self.ignores_rest:
            return
        shown = key if outer is None else f"{outer}.{key}"
        _cannot(f'"{shown}" is used for nothing', hint='Read what is in it with option "path", or name it in option "ignore".'
                if isinstance(value, dict) else 'Name it in option "ignore", or say what it is in option "keys", as in '
                f'{{"keys": {{"std": "{key}"}}}}.')


class _Block:
    """One feature, or a group of features whose values are arrays."""

    def __init__(self, name=None):
        self.name, self.values, self.keys = name, {}, {}
        self.lists, self.length, self.length_key = {}, 1, None

    def set(self, role, value, key):
        if role in self.values:
            _cannot(f'"{self.keys[role]}" and "{key}" are two words for one thing', hint='Name one of them in option "ignore".')
        self.values[role], self.keys[role] = value, key

    def measure(self):
        for role in _KEYS_OF:
            value = self.values.get(role)
            if not isinstance(value, list) or role in _OF_ALL or role == "points" and _is_points(value):
                continue
            found = value if role == "points" else _as_list(value, self.keys[role])
            if not found:
                _cannot(f'"{self.keys[role]}" is empty, and must be of at least one feature')
            if self.length_key and len(found) != self.length:
                _cannot(f'the number of features is {len(found)} by "{self.keys[role]}", but {self.length} by "{self.length_key}"' +
                        (f', of "{self.name}"' if self.name else ""))
            self.lists[role], self.length, self.length_key = found, len(found), self.keys[role]

    def value(self, role, i):
        return self.lists[role][i] if role in self.lists else self.values.get(role)


def _leaf(value):
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def _as_list(value, key):
    """Dimensions of length one do not count."""
    while len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    leaves = [_leaf(element) for element in value]
    for i, leaf in enumerate(leaves, 1):
        if isinstance(leaf, list):
            _cannot(f'"{key}" has {len(value)} rows, and row {i} has {len(leaf)} columns: it must be of one dimension',
                    hint="Write it as one list, with a number for each feature.")
    return leaves


def _is_number(value):
    return _number(value) is not None


def _is_pair(value):
    """Whether it is a pair of numbers, which may be beyond float64."""
    return isinstance(value, list) and len(value) == 2 and all(_json_type(one) == "number" for one in value)


def _is_interval(value):
    """Whether it is a pair of numbers of float64 in ascending order, which may be equal."""
    return _is_pair(value) and all(map(_is_number, value)) and value[0] <= value[1]


def _is_points(value):
    return isinstance(value, list) and len(value) == 2 and all(map(_is_pair, value))


def _read_block(words, members, name=None, row=False):
    block = _Block(name)
    for key, value in members.items():
        if words.ignored(key, value):
            continue
        role = None if isinstance(value, dict) else words.role(key, value)
        if role is None or role == "features" and not row and isinstance(value, str):
            words.refuse(key, value, name)
        else:
            block.set(role, value, key)
    return block


def _by_statistic(words, statistics):
    """Objects with a value for each feature, one for each statistic."""
    (first_key, _, first), *_ = statistics
    names = list(words.considered(first))
    blocks = [_Block(name) for name in names]
    for key, role, members in statistics:
        members = words.considered(members) if isinstance(members, dict) else {}
        if list(members) != names:
            lacks = [name for name in names if name not in members]
            missing, where = (lacks[0], key) if lacks else (next(name for name in members if name not in names), first_key)
            _cannot(f'"{where}" has no value for feature "{missing}"', f'"{first_key}" has {len(names)} features, "{key}" has {len(members)}.')
        for block, (name, value) in zip(blocks, members.items()):
            if isinstance(value, dict):
                words.refuse(name, value, key)
            block.set(role, value, key)
    return blocks


def _boundary(key, i):
    before = key[i - 1]
    alnum = ord(key[i]) > 127 or key[i].isalnum()
    return not alnum or "A" <= key[i] <= "Z" and before.isascii() and (before.islower() or before.isdigit())


def _take_apart(words, key, prefix):
    for k in range(1, len(key)):
        at = len(key) - k if prefix else k
        after = at if ord(key[at]) > 127 or key[at].isalnum() else at + 1
        if not _boundary(key, at) or after >= len(key):
            continue
        role = words.usual(key[:at] if prefix else key[after:])
        if role not in (None, "features"):
            return (key[after:] if prefix else key[:at]), role
    return None


def _flat_keys(words, members, prefix):
    """By feature: its statistics, where the rest is ignored of those keys that are so; None if keys are not so."""
    found = {}
    for key in members:
        apart = _take_apart(words, key, prefix)
        if apart is None:
            if words.ignores_rest:
                continue
            return None
        found.setdefault(apart[0], []).append((apart[1], key))
    return found


def _unlike_first(found):
    """A feature that has other statistics than the first one of all, in the order of their names, and that one; None if there is none."""
    first, *others = sorted(found, key=str.encode)
    roles = {feature: sorted(role for role, _ in keys) for feature, keys in found.items()}
    return next(((first, other) for other in others if roles[other] != roles[first]), None)


def _flat(words, members, prefix):
    """The same, None also if they are not the same for all features."""
    found = _flat_keys(words, members, prefix)
    return None if not found or _unlike_first(found) else found


def _refuse_members(words, members):
    """Fail for members that make nothing, at the one that most likely is the reason."""
    for key, value in members.items():
        if not words.role(key, value) and not _take_apart(words, key, False) and not _take_apart(words, key, True):
            words.refuse(key, value)
    for prefix in (False, True):
        found = _flat_keys(words, members, prefix)
        unlike = found and _unlike_first(found)
        if unlike:
            ignored = "*" + unlike[1] if prefix else unlike[1] + "*"
            _cannot(f'"{unlike[0]}" and "{unlike[1]}" have different statistics', hint="Import each kind by itself, and leave the others "
                    f'out: {{"ignore": ["{ignored}"]}}.')
    for key, value in members.items():
        words.refuse(key, value)


def _read_flat(words, members):
    suffix, prefix = _flat(words, members, False) or {}, _flat(words, members, True) or {}
    more = sum(map(len, suffix.values())) - sum(map(len, prefix.values()))
    if suffix and more == 0:
        feature = min(suffix)
        role, key = suffix[feature][0]
        other = min(prefix)
        _cannot(f'"{key}" may be a statistic of "{feature}" or of "{other}"', hint="Write the parameters as an object for each "
                f'feature, as in {{"{feature}": {{"{role}": ...}}}}.')
    # where the rest is ignored, the way that takes more keys
    found = suffix if more > 0 else prefix
    if not found:
        return None
    if len(found) == 1 and isinstance(members[next(iter(found.values()))[0][1]], dict):
        return _by_statistic(words, [(key, role, members[key]) for role, key in next(iter(found.values()))])
    blocks = []
    for feature, keys in found.items():
        blocks.append(_Block(feature))
        for role, key in keys:
            if isinstance(members[key], dict):
                words.refuse(key, members[key])
            blocks[-1].set(role, members[key], key)
    return blocks


def _read_pairs(words, pairs):
    """Pairs of a name and two numbers, or two points."""
    points = all(_is_points(value) for _, value in pairs)
    if not points and words.shape in (None, "points"):
        shown = "its first element" if pairs[0][0] is None else pairs[0][0]
        _cannot(f'"{shown}" is a pair of numbers, and nothing says of what', hint='Say it with option "shape": "standard" for a mean '
                'and a deviation, "range" for a minimum and a maximum.')
    blocks = []
    for name, value in pairs:
        blocks.append(_Block(name))
        for role, number in [("points", value)] if points else zip(_PAIRS[words.shape], value):
            blocks[-1].set(role, number, role)
    return blocks


def _parameter_read_rows(words, rows):
    points, pairs = all(map(_is_points, rows)), all(map(_is_pair, rows))
    if points or pairs and len(rows) != 2:
        return _read_pairs(words, [(None, row) for row in rows])
    if pairs:
        _cannot("2 rows of 2 numbers may be of features or of statistics", hint='Write an object, as in {"mean": [...], "std": [...]}.')
    if len(rows) == 2 and all(isinstance(row, list) for row in rows) and words.shape not in (None, "points"):
        block = _Block()
        for role, row in zip(_PAIRS[words.shape], rows):
            block.set(role, row, role)
        return [block]
    for i, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            _cannot(f"element {i} is {_text(row)}, and nothing says of what", hint='Write an object, as in {"mean": [...], "std": '
                    '[...]}; or say with option "shape" what the two numbers of each pair are.')
    blocks = []
    for i, row in enumerate(rows, 1):
        block = _read_block(words, row, row=True)
        block.name = block.values.pop("features", None)
        if block.name is not None and not isinstance(block.name, str):
            _cannot(f'"{block.keys["features"]}" is {_text(block.name)}, and must be a string')
        blocks.append(block)
        if (block.name is None) != (blocks[0].name is None):
            _cannot(f"row {i} has {'no' if block.name is None else 'a'} name, unlike the first one")
    return blocks


def _flat_beside_counts(words, members, plain):
    """Flat keys, beside which there may be a number of values and, if they are of one group, of its features; None if keys are not so."""
    said = {words.role(key, members[key]): key for key in plain}
    if not set(said) <= {"count", "n_features"} or len(said) < len(plain):
        return None
    found = _read_flat(words, {key: value for key, value in members.items() if key not in plain})
    if found is None or plain and len(found) != 1:
        return None
    for role in ("count", "n_features"):
        if role in said:
            found[0].set(role, members[said[role]], said[role])
    return found


def _read_members(words, root, members):
    objects = {key: value for key, value in members.items() if isinstance(value, dict)}
    roles = {key for key, value in members.items() if words.role(key, value)}
    plain = roles - set(objects)
    inner = any(words.role(key, child) not in (None, "features") and not isinstance(child, dict) and not words.ignored(key, child)
                for value in objects.values() for key, child in value.items())
    if members and roles == set(objects) == set(members):
        if inner:
            _cannot(f'"{next(iter(members))}" may be a statistic or a feature',
                    hint='Rename the features, or read one of the objects with option "path".')
        return _by_statistic(words, [(key, words.role(key, value), value) for key, value in members.items()])
    if inner and not plain:
        for key in members:
            if key not in objects:
                words.refuse(key, members[key])
        return [_read_block(words, value, key) for key, value in objects.items()]
    found = _flat_beside_counts(words, members, plain)
    if found is not None:
        return found
    others = set(members) - set(objects) - plain
    if (not plain or words.shape) and others and (all(map(_is_pair, members.values())) or all(map(_is_points, members.values()))):
        return _read_pairs(words, list(members.items()))
    if not plain:
        _refuse_members(words, members)
        return [_Block()]
    return [_read_block(words, root)]


def _text(value):
    if isinstance(value, str):
        return f'the string "{_shortened(value)}"'
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    return json.dumps(value) if value is None or isinstance(value, bool) else _shortened(_jsonb_number(value))


def _shortened(text):
    """The first 40 bytes of a text, without a part of a character."""
    return text if len(text.encode()) <= 40 else text.encode()[:40].decode(errors="ignore") + "..."


def _find_blocks(words, root):
    names = None
    if not isinstance(root, (dict, list)) or not root:
        _cannot(f"the {'array' if isinstance(root, list) else 'object'} is empty" if isinstance(root, (dict, list)) else
                f"an object or an array is expected, not {_text(root)}",
                hint='Option "path" says where in the document they are, as in {"path": ["scaler", "input"]}.')
    if isinstance(root, list):
        blocks = _parameter_read_rows(words, root)
    else:
        members = words.considered(root)
        for key, value in list(members.items()):
            if names is None and isinstance(value, list) and words.role(key, value) == "features":
                names = members.pop(key)
        blocks = _read_members(words, root, members)
    if not blocks:
        _cannot(f"nothing is left of the {'array' if isinstance(root, list) else 'object'}", hint='Option "ignore" leaves out too much.')
    for block in blocks:
        block.measure()
    return blocks, names


# ---- the options of from_parameters(), checked in the order of jsonb, and the arithmetic that they say (src/pg/exchange/parameter_options.c) ----

# ---- what each may be ----

def _check_path(key, value):
    if not isinstance(value, (str, list)):
        _bad_option(key, value, "a key, or an array of keys and positions")
    for step in value if isinstance(value, list) else ():
        number = None if isinstance(step, str) else _number(step)
        if not isinstance(step, str) and not (number is not None and 0 <= number < 2**31 - 1 and number == math.floor(number)):
            _bad_option(key, value, "a key, or an array of keys and positions from 0 on")


def _check_keys(key, value):
    if not isinstance(value, dict):
        _bad_option(key, value, 'an object such as {"mean": "mu", "std": "s"}')
    for statistic, said in value.items():
        if _statistic(statistic) in (None, "features"):
            raise Error("22023", f'option "keys" has "{statistic}", which is no statistic', hint="It says what a statistic "
                        f'is called in the file, as in {{"keys": {{"std": "{statistic}"}}}}.')
        if not isinstance(said, str):
            _bad_option(statistic, said, "the key that the statistic has, a string")


def _are_strings(value):
    return isinstance(value, list) and all(isinstance(element, str) for element in value)


def _check_ignore(key, value):
    if not isinstance(value, bool) and not _are_strings(value):
        _bad_option(key, value, "an array of keys, in which * stands for any text, or true for whatever is used for nothing")


def _check_names_option(key, value):
    if not isinstance(value, str) and not _are_strings(value):
        _bad_option(key, value, "an array of names, or the key of one")


def _one_of(*choices):
    texts = [f'"{choice}"' for choice in choices]
    expected = ", ".join(texts[:-1]) + " or " + texts[-1]

    def check(key, value):
        if not isinstance(value, str) or value not in choices:
            _bad_option(key, value, expected)
    return check


def _check_epsilon(key, value):
    if _number(value) is None or value < 0:
        _bad_option(key, value, "a number not below zero")


def _two_numbers(expected, or_boolean):
    def check(key, value):
        if not (or_boolean and isinstance(value, bool)) and not _is_interval(value):
            _bad_option(key, value, expected)
        if not or_boolean and value[0] == value[1]:
            _bad_option(key, value, "an array of two different numbers in ascending order, such as [-1, 1]")
    return check


def _check_mask(key, value):
    if not isinstance(value, list):
        _bad_option(key, value, "an array with true or false for each feature")


_TWO_NUMBERS = "an array of two numbers in ascending order"
_OPTIONS = {
    "path": _check_path, "keys": _check_keys, "names": _check_names_option, "ignore": _check_ignore, "shape": _one_of(*_PAIRS, "points"),
    "eps": _check_epsilon, "eps_in": _one_of("scale", "variance", "floor", "zero"), "zero": _one_of("error", "one", "result_zero"),
    "to": _two_numbers(_TWO_NUMBERS + ", such as [-1, 1]", False), "clip": _two_numbers(_TWO_NUMBERS + ', such as [-1, 1], or true for the range of "to"', True),
    "clip_input": _two_numbers("true for the range that the parameters say, or " + _TWO_NUMBERS, True), "mask": _check_mask,
    "dtype": _one_of("float64", "float32", "single", "transformers"),
    "before": lambda key, value: None,       # its steps are read last: their parameters have the dtype
}


def _check_parameter_options(options):
    for key, value in options.items():
        if key not in _OPTIONS:
            raise Error("22023", f'unknown option "{key}" for parameters',
                        hint="The options are: " + ", ".join(f'"{name}"' for name in _OPTIONS) + ".")
        _OPTIONS[key](key, value)


# ---- the arithmetic ----

class _Arithmetic:
    """What the options say of the arithmetic."""

    def __init__(self, options):
        dtype = options.get("dtype", "float64")
        self.after_rescale = dtype == "transformers"
        self.dtype = "float64" if self.after_rescale else dtype
        self.single = dtype in ("float32", "transformers")
        self.eps, self.place = options.get("eps"), options.get("eps_in")
        if self.place and self.eps is None:
            raise Error("22023", 'option "eps_in" needs option "eps"')
        self.place = self.place or ("scale" if self.eps is not None else None)
        self.zero = options.get("zero")
        self.to = self._interval(options, "to")
        self.clips_to = options.get("clip") is True
        self.clip = None if isinstance(options.get("clip"), bool) else self._interval(options, "clip")
        self.clips_input = options.get("clip_input", False) is not False
        self.input_range = None if isinstance(options.get("clip_input"), bool) else self._interval(options, "clip_input")
        self.before = _read_first_steps(options["before"], self) if "before" in options else ()
        self.mask = options.get("mask")

    @staticmethod
    def _interval(options, key):
        value = options.get(key)
        return None if value is None else (float(value[0]), float(value[1]))

    def parameter(self, value):
        with np.errstate(over="ignore"):
            return value if self.dtype == "float64" else float(np.float32(value))

    def operation(self, value):
        with np.errstate(over="ignore"):
            return float(np.float32(value)) if self.single else value

    def divisor(self, spread):
        """src/core/scaler/divisor.c"""
        if spread == 0 and self.zero:
            return 0.0 if self.zero == "error" else 1.0
        eps = self.operation(float(self.eps or 0))
        if self.place == "scale":
            return self.operation(spread + eps)
        if self.place == "variance":
            return self.operation(math.sqrt(self.operation(spread + eps)))
        if self.place == "floor":
            return max(spread, eps)
        return eps if self.place == "zero" and spread == 0 else spread


# ---- steps before ----

def _made_step(spec, how):
    """src/pg/exchange/parameter_before.c"""
    formula, given = _formula_of(spec.method, spec.options), _DERIVATIONS[spec.method.name].given
    if not given and (_DERIVATIONS[spec.method.name].needs_values or formula.parameters):
        raise Error("22023", f"method {spec.method.name} cannot be a step before parameters",
                    "It is fitted to values, and there are none.", "Steps without parameters are log1p, sqrt and the like; a shift "
                    'and a scale are those of method affine, {"method": "affine", "center": 0, "scale": 255}.')
    domain = _Domain(spec.domain) if formula.domain is not None and spec.domain != "keep" else None
    if domain and domain.policy == "clip":
        raise Error("22023", 'option "domain" of a step before parameters cannot be "clip"', "There are no training values to clip to.",
                    'Choose "error" or "null", or say the range with option "clip_input".')
    parameters = tuple(how.parameter(value) + 0.0 for value in (spec.center, spec.scale)) if given else ()
    if given and (not all(map(math.isfinite, parameters)) or parameters[1] == 0):
        raise Error("22003", f"a parameter of step {spec.method.name} is beyond float4")
    return _Step(spec.method, tuple(spec.options), formula, parameters, None, domain, False, given)


def _read_first_steps(value, how):
    """The steps that are applied to a value first, as a fit takes them."""
    steps = value if isinstance(value, list) else [value]
    if not 1 <= len(steps) < _MOST_STEPS:
        _bad_option("before", value, f"a step, or an array of 1 to {_MOST_STEPS - 1} steps")
    identity = _find_method("identity")
    feature = _FeatureSpec(identity)
    feature.domain = "error"
    _read_step_specs(_FitSpec(identity), feature, steps, "before")
    _settle_domains(feature)
    return tuple(_made_step(step, how) for step in feature.steps)


# ---- parameters as they lie in files (src/pg/exchange/from_parameters.c): the scaler that from_parameters() makes of them ----

# ---- features ----

class _Reader:
    """One feature, by its shape."""

    def __init__(self, how, block, i, label):
        self.how, self.block, self.i, self.label = how, block, i, label
        self.lower, self.upper, self.constant, self.clip = -_RANGE_UNKNOWN, _RANGE_UNKNOWN, False, None

    def invalid(self, key, value, must_be):
        _cannot(f'"{key}" of {self.label} is {value}, and must be {must_be}')

    def has(self, role):
        return role in self.block.values

    def number(self, role, least=None, value=None, zero=True):
        must_be = "a finite number" + ("" if least is None else " not below zero") + ("" if zero else " other than zero")
        value = self.block.value(role, self.i) if value is None else value
        key = self.block.keys.get(role, role)
        number = {"NaN": math.nan, "nan": math.nan, "inf": math.inf, "Infinity": math.inf, "-inf": -math.inf,
                  "-Infinity": -math.inf}.get(value) if isinstance(value, str) else _number(value)
        if number is None:
            self.invalid(key, "missing" if value is None and role not in self.block.values else _text(value), "a finite number")
        if not math.isfinite(number) or least is not None and number < least or number == 0 and not zero:
            self.invalid(key, _float_text(number + 0.0), must_be)
        single = self.how.parameter(number)
        if math.isinf(single):
            self.invalid(key, _text(value), "within float4")
        return single + 0.0

    def width(self, low, high):
        b, a = self.number(high), self.number(low)
        if b < a:
            self.invalid(self.block.keys[high], _float_text(b), f'at least "{self.block.keys[low]}", {_float_text(a)}')
        return a, self.how.operation(b - a)

    def divide(self, spread, role):
        divisor = self.how.divisor(spread)
        self.constant = spread == 0
        if divisor == 0:
            _cannot(f'{self.label} would be divided by 0, its "{self.block.keys[role]}"', hint='Say what the code beside the file '
                    'does: {"zero": "one"} divides by 1, {"zero": "result_zero"} gives 0, {"eps": 1e-8} is added to what divides.')
        if spread == 0 and self.how.zero == "result_zero":
            self.clip = (0.0, 0.0)
        return divisor

    def set_range(self, low, high):
        if self.has(low) and self.has(high):
            self.lower, self.upper = self.number(low), self.number(high)
            if self.upper < self.lower:
                self.invalid(self.block.keys[high], _float_text(self.upper),
                             f'at least "{self.block.keys[low]}", {_float_text(self.lower)}')

    def target(self, center, divisor, low, high):
        low = self.how.parameter(low)
        return "scale_shift", (center, divisor, self.how.operation(self.how.parameter(high) - low), low)

    def standard(self, first, second, is_end):
        center, key = self.number(first), "var" if self.how.place == "variance" else second
        if not self.has(key):
            said = self.block.keys[second]
            _cannot('"eps_in" is "variance", but there is no variance', hint=f'If the epsilon is added to "{said}", say {{"eps_in": '
                    f'"scale"}}; if "{said}" is a variance, say {{"keys": {{"var": "{said}"}}}}.')
        spread = self.number(key, 0)
        if key == "var" and self.how.place != "variance":
            spread = self.how.operation(math.sqrt(spread))
        if self.how.rescales:
            made = self.rescaled(center, spread, key)
        else:
            made = "subtract_divide", (center, self.divide(spread, key))
        self.set_range("data_min", "data_max")
        self.set_range("min", "max")
        return made

    def rescaled(self, center, spread, key):
        after = "_single" if self.how.after_rescale else ""
        if not self.how.normalizes:
            return "multiply" + after, (self.number("rescale_factor"),)
        if after:
            center, spread = float(np.float32(center)), float(np.float32(spread))
        return "rescale_subtract_divide" + after, (center, self.divide(spread, key), self.number("rescale_factor"))

    def robust(self, first, second, is_end):
        center = self.number(first)
        spread = self.width(second, _UPPER_QUARTILE[second])[1] if is_end else self.number(second, 0)
        made = "subtract_divide", (center, self.divide(spread, second))
        self.set_range("min", "max")
        return made

    def ends(self, first, second, is_end):
        low, spread = self.width(first, second) if is_end else (self.number(first), self.number(second, 0))
        divisor = self.divide(spread, second)
        made = ("subtract_divide", (low, divisor))
        if self.how.to and self.how.to != (0, 1) and not self.clip:
            made = self.target(low, divisor, *self.how.to)
        if self.how.shape == "quantiles" and not self.how.clips_input:
            self.set_range("min", "max")
        elif is_end:
            self.set_range(first, second)
        return made

    def sklearn_range(self, first, second, is_end):
        scale = self.number(second, zero=False)
        offset = self.number(first)
        self.set_range("data_min", "data_max")
        self.constant = self.lower == self.upper
        return "multiply_add", (scale, offset)

    def points(self, first, second, is_end):
        if self.has("points"):
            value = self.block.value("points", self.i)
            if not _is_points(value):
                self.invalid(self.block.keys["points"], _text(value), "two points, as in [[x0, y0], [x1, y1]]")
            (x0, y0), (x1, y1) = [[self.number("points", value=number) for number in point] for point in value]
        else:
            x0, x1, y0, y1 = map(self.number, ("x0", "x1", "y0", "y1"))
        if x0 == x1:
            _cannot(f"both points of {self.label} are at {_float_text(x0)}")
        self.lower, self.upper = min(x0, x1), max(x0, x1)
        return self.target(x0, self.how.operation(x1 - x0), y0, y1)

    def is_scaled(self, place):
        value = self.how.mask[place] if self.how.mask is not None else self.block.value("mask", self.i)
        if value not in (None, True, False, 0, 1) or value is None and self.how.mask is not None:
            self.invalid("mask", _text(value), "true or false")
        return value is None or bool(value)

    def feature(self, name, roles, place):
        formula, parameters, outside, before = "identity", (), "keep", ()
        if self.is_scaled(place):
            read = self.ends if self.how.shape in ("range", "quantiles") else getattr(self, self.how.shape)
            formula, parameters = read(*roles)
            before = self.how.before
            if before:      # the range that a file says is of what they have made of values
                self.lower, self.upper = -_RANGE_UNKNOWN, _RANGE_UNKNOWN
            if self.how.clip and not self.clip:
                self.clip = tuple(self.how.parameter(bound) + 0.0 for bound in self.how.clip)
            if self.how.clips_input:
                outside = "clip"
                if self.how.input_range:
                    self.lower, self.upper = map(self.how.parameter, self.how.input_range)
                if (self.lower, self.upper) == (-_RANGE_UNKNOWN, _RANGE_UNKNOWN):
                    _cannot(f'"clip_input" needs a range, and {self.label} has none',
                            'What the parameters say is the range after the steps of option "before".' if before else
                            "The parameters say none.", 'Give the bounds, as in {"clip_input": [0, 255]}.')
        return _Feature(name, _METHODS[_METHOD_CODES["affine"] - 1], (), _FORMULA_NAMED[formula],
                        tuple(value + 0.0 for value in parameters), None, self.lower + 0.0, self.upper + 0.0, self.constant, False,
                        "keep", None, outside, "unit", "none", None, False, True, False, before=before, clips=self.clip, dtype=self.how.dtype)


# ---- shapes ----

def _roles_of(shape, there, said):
    """How a shape is made of the statistics that there are, or None."""
    for row, first, second, is_end, only_said in _SHAPES:
        if row != shape or only_said and not said or first not in there or second not in {None, *there}:
            continue
        if shape == "robust" and is_end and _UPPER_QUARTILE[second] not in there or first == "x0" and not {"y0", "y1"} <= set(there):
            continue
        if shape == "sklearn_range" and not said and {"mean", "center", "median"} & set(there):
            continue
        return first, second, is_end
    return None


def _found(there):
    return "There are: " + (", ".join(f'"{role}"' for role in _KEYS_OF if role in there) or "none") + "."


def _shape_of(words, there):
    if words.shape:
        if _roles_of(words.shape, there, True) is None:
            _cannot(f'shape "{words.shape}" needs other statistics', _found(there),
                    f'Each shape has its own: {_NEEDS}. Say with option "keys" what they are called.')
        return words.shape
    fitting = [shape for shape in (*_PAIRS, "points") if _roles_of(shape, there, False)]
    if not fitting:
        _cannot("its keys make no shape", _found(there), f'Each shape has its own: {_NEEDS}. Say with option "keys" what they are '
                'called, or with "path" where they are.')
    if len(fitting) > 1:
        _cannot(f'its keys make shape "{fitting[0]}" and shape "{fitting[1]}"', _found(there),
                f'Say which with option "shape", as in {{"shape": "{fitting[0]}"}}.')
    return fitting[0]


def _refuse_unused(words, shape, roles, block):
    if words.shape or words.ignores_rest:
        return
    used = {roles[0], roles[1], *list(_KEYS_OF)[list(_KEYS_OF).index("do_rescale"):]}
    used |= {"standard": {"var", "rescale_factor"}, "robust": {_UPPER_QUARTILE.get(roles[1])} if roles[2] else set(),
             "range": {"range"}, "sklearn_range": {"data_min", "data_max", "range"}, "points": {"x0", "y0", "x1", "y1"}}.get(shape, set())
    for low, high in (("min", "max"), ("data_min", "data_max")):
        if shape in ("standard", "robust", "quantiles") and low in block.values and high in block.values:
            used |= {low, high}
    for role in _KEYS_OF:
        if role in block.values and role not in used:
            _cannot(f'"{block.keys[role]}" is used for nothing by shape "{shape}"', hint=f'Say that this is the shape with {{"shape": '
                    f'"{shape}"}}, or name the key in option "ignore".')


_NOWHERE = object()


def _next(node, step):
    """What a step of a path leads to."""
    if isinstance(node, dict):
        return node.get(str(step), _NOWHERE)
    return node[step] if isinstance(node, list) and not isinstance(step, str) and step < len(node) else _NOWHERE


def _names_on_path(words, root, path):
    """The list of names beside the parameters, or on the way to them."""
    found, node = None, root
    for step in [*path, None]:
        if isinstance(node, dict) and words.names_key in node:
            found = node[words.names_key]
        node = None if step is None else _next(node, step)
    if not isinstance(found, list):
        _cannot(f'"{words.names_key}" is {"missing" if found is None else _text(found)}, and must be an array of names, as option "names" says')
    return found


def _follow(root, options, words):
    """What option "path" leads to, and the names on the way."""
    path = options.get("path", [])
    path = [path] if isinstance(path, str) else [step if isinstance(step, str) else int(step) for step in path]
    names, node = None if words.names_key is None else _names_on_path(words, root, path), root
    for i, step in enumerate(path, 1):
        before, node = node, _next(node, step)
        if node is _NOWHERE:
            _cannot(f'option "path" leads nowhere: there is no "{step}"', f"Step {i} of it meets {_text(before)}.")
    return node, names


def _check_is_name(name, i):
    if not isinstance(name, str):
        _cannot(f'"names" of feature {i} is {_text(name)}, and must be a string')


def _ordered(words, blocks, names):
    by_name = {block.name: block for block in blocks}
    ordered, taken = [], set()
    for i, name in enumerate(names, 1):
        _check_is_name(name, i)
        if name not in by_name:
            _cannot(f'there is no feature "{name}", which is among the names', sqlstate="42703")
        if name in taken:
            raise Error("42701", f'feature "{name}" is named twice')
        taken.add(name)
        ordered.append(by_name[name])
    for block in blocks:
        if block.name not in taken and not words.ignores_rest:
            _cannot(f'"{block.name}" is used for nothing: it is not among the names',
                    hint='Add it to the names, or name it in option "ignore".')
    return ordered


def _named(words, blocks, names):
    """The blocks in order, and the names of all features."""
    lists = any(block.length_key for block in blocks)
    named = blocks[0].name is not None
    if names is not None and not names:
        _cannot('"names" is empty, and must be of at least one feature')
    if names is not None and named and not lists:
        blocks, names = _ordered(words, blocks, names), None
    if names is not None and len(blocks) == 1 and not lists:
        blocks[0].length = len(names)
    total = sum(block.length for block in blocks)
    if total > _MOST_FEATURES:
        raise Error("54000", f"{total} features are more than a scaler may have", f"The limit is {_MOST_FEATURES}.")
    if names is not None:
        if len(names) != total:
            counted = blocks[0].length_key if len(blocks) == 1 and blocks[0].length_key else "its keys"
            _cannot(f'the number of features is {len(names)} by "names", but {total} by "{counted}"')
        for i, name in enumerate(names, 1):
            _check_is_name(name, i)
        return blocks, list(names)
    if not named or lists and len(blocks) == 1:
        return blocks, None
    return blocks, [f"{block.name}[{i}]" if block.length_key else block.name for block in blocks for i in range(block.length)]


def _check_counts(blocks):
    for block in blocks:
        said = block.values.get("n_features")
        if said is not None and said != block.length:
            _cannot(f'"{block.keys["n_features"]}" is {_text(said)}, and must be {block.length}, as many as there are')
        count = _leaf(block.values.get("count"))
        if count is not None and not isinstance(count, list) and not (_is_number(count) and count >= 1):
            _cannot(f'"{block.keys["count"]}" is {_text(count)}, and must be a number of values, at least 1')


def _prepare_shape(how, blocks, nfeatures):
    """What the file says beside its parameters, and options that the shape does not take."""
    first = blocks[0]
    switches = {}
    for role in ("do_rescale", "do_normalize"):
        switches[role] = first.values.get(role, True)
        if not isinstance(switches[role], bool):
            _cannot(f'"{first.keys[role]}" is {_text(switches[role])}, and must be true or false')
    how.rescales = "rescale_factor" in first.values and switches["do_rescale"]
    how.normalizes = switches["do_normalize"]
    ends, divides = how.shape in ("range", "quantiles"), how.shape not in ("sklearn_range", "points")
    wrong = ("eps" if how.eps is not None and not divides else "eps_in" if how.place == "variance" and how.shape != "standard" else
             "zero" if how.zero and not divides else "to" if how.to and not ends else None)
    if wrong:
        raise Error("22023", f'option "{wrong}" does not apply to shape "{how.shape}"')
    if how.after_rescale and not how.rescales:
        raise Error("22023", 'option "dtype" is "transformers", but nothing is rescaled', hint='It is for image processors with a '
                    '"rescale_factor"; without one they compute in "float32".')
    if how.clips_to and not ends:
        raise Error("22023", f'option "clip" is true, but shape "{how.shape}" has no range to clip to',
                    hint='Give the range, as in {"clip": [-5, 5]}.')
    if how.mask is not None and len(how.mask) != nfeatures:
        raise Error("22023", f'option "mask" has {_number_of(len(how.mask), "element")}, and must have {nfeatures}')
    said = first.values.get("feature_range")
    if said is not None and how.shape == "range" and not how.to:
        if not (_is_interval(said) and said[0] < said[1]):
            _cannot(f'"{first.keys["feature_range"]}" is {_text(said)}, and must be an array of two numbers in ascending order')
        how.to = (float(said[0]), float(said[1]))
    if how.clips_to:
        how.clip = how.to or (0.0, 1.0)


def _bare_scaler(features, named) -> Scaler:
    recipe = _recipe_bytes(features, named, False, 0)
    fingerprint = _fingerprint(1, recipe, None)
    scaler = Scaler(json.loads(f'{{"format": 1, "scaler_id": "{_id_of(fingerprint)}", "fingerprint": "{fingerprint.hex()}", "named": '
                               f'{_boolean(named)}, "distribution": 0, "features": [{", ".join(map(_feature_json, features))}]}}'))
    scaler._probes = _make_probes(scaler)
    return scaler


def from_parameters(parameters: Any, options: dict | None = None) -> Scaler:
    """
    Return the scaler of parameters as they lie in files: dictionaries and lists as JSON has them, or read_parameters()
    returned.  Shapes, arrangements and options are those of the database's from_parameters(), and so are the ids.
    """
    options = _in_jsonb_order({} if options is None else options)
    if not isinstance(options, dict):
        raise Error("22023", f"options must be a JSON object, not {_text(options).split()[-1]}")
    _check_parameter_options(options)
    how, words = _Arithmetic(options), _Words(options)
    root, on_path = _follow(_in_jsonb_order(parameters), options, words)
    blocks, beside = _find_blocks(words, root)
    given = options["names"] if isinstance(options.get("names"), list) else on_path if on_path is not None else beside
    blocks, names = _named(words, blocks, given)
    _check_counts(blocks)
    how.shape = _shape_of(words, {role for block in blocks for role in block.values})
    nfeatures = sum(block.length for block in blocks)
    _prepare_shape(how, blocks, nfeatures)
    features = []
    for block in blocks:
        roles = _roles_of(how.shape, block.values, bool(words.shape))
        if roles is None:
            _cannot(f'"{block.name}" lacks a statistic that others have', _found(block.values).replace("There are", "It has"),
                    f"Each shape has its own: {_NEEDS}.")
        _refuse_unused(words, how.shape, roles, block)
        for i in range(block.length):
            place = len(features)
            name = names[place] if names else None
            label = f"feature {place + 1}" if name is None else f'"{name}"'
            features.append(_Reader(how, block, i, label).feature(name, roles, place))
    if names:
        _check_names(names)
    for place, feature in enumerate(features, 1):
        for name, value in zip(feature.formula.parameters, feature.parameters):
            if not math.isfinite(value) or value == 0 and name == "scale":
                label = f"feature {place}" if feature.name is None else f'"{feature.name}"'
                _cannot(f"the {name} of {label} would be {_float_text(value)}", hint="Leave the feature out of the scaler before exporting it.", sqlstate="22003")
        problem = _feature_problem(feature)
        if problem:
            _cannot(problem)
    return _bare_scaler(features, names is not None)


# ---- files of parameters: JSON, CSV, numpy's own, and arrays of C ----

_KINDS = ("JSON, CSV and TSV, npy and npz without pickle, headers and sources of C, and PMML with NormContinuous are read; what a file is, "
          "the ending of its name says.")


def _unreadable(name, problem, hint=None):
    raise Error("22P02", f"cannot read parameters from {name}: {problem}", hint=hint)


def _object(name, pairs):
    """A dictionary of what must not be there twice."""
    made = {}
    for key, value in pairs:
        if key in made:
            _unreadable(name, f'"{key}" is there twice')
        made[key] = value
    return made


# ---- numpy ----

def _of_numpy(name, array):
    """An array as lists, of rows with names as dictionaries; objects would need pickle, which is not read."""
    if array.dtype.names:
        return [{field: _of_numpy(name, row[field]) for field in array.dtype.names} for row in array.reshape(-1)]
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if array.dtype.kind not in "biufU":
        _unreadable(name, f"an array is of type {array.dtype}")
    return (array.astype(np.float64) if array.dtype.kind == "f" else array).tolist()


def _read_numpy(path):
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _of_numpy(path.name, loaded)
        with loaded:
            return {key: _of_numpy(path.name, loaded[key]) for key in loaded.files}
    except Error:
        raise
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as problem:
        _unreadable(path.name, problem)


# ---- tables ----

_DECIMAL = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL = re.compile(rf"{_DECIMAL}|[-+]?(?:inf|infinity|nan)", re.IGNORECASE)


def _cell(text):
    return float(text) if _CELL.fullmatch(text) else text


def _read_csv(name, text):
    """Rows by feature, where the heading has statistics; else rows by statistic."""
    sample = text.split("\n", 1)[0]
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=max(",;\t", key=sample.count)) if any(row)]
    heading, *rows = [[cell.strip() for cell in row] for row in rows] or [[]]
    if not rows:
        _unreadable(name, "the table has no rows below its heading")
    for row in rows:
        if len(row) != len(heading):
            raise Error("22P02", f"a row of the table has {len(row)} cells, its heading {len(heading)}")
    roles = [_statistic(cell) for cell in heading]
    if sum(role not in (None, "features") for role in roles) >= 2:
        # the first column without a heading that means something has the names
        names = [i for i, role in enumerate(roles) if role in (None, "features")]
        keys = ["name" if names and i == names[0] else cell for i, cell in enumerate(heading)]
        _object(name, [(key, None) for key in keys])
        return [{key: value if key == "name" else _cell(value) for key, value in zip(keys, row) if value != ""} for row in rows]
    _object(name, [(feature, None) for feature in heading[1:]])
    return _object(name, [(row[0], {feature: _cell(value) for feature, value in zip(heading[1:], row[1:]) if value != ""}) for row in rows])


# ---- C and C++ ----

# a string, which may hold what looks like a comment or a list; or what stands for nothing
_C_TOKEN = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\\\n', re.DOTALL)
_C_LIST = re.compile(r"(?:\b(enum|struct|union|class|namespace)\s+)?\b([A-Za-z_]\w*)\s*"
                     r"(?:\[([^\[\]]*)\]\s*(?:\[[^\[\]]*\]\s*)*[^=;{}()\[\]]*(?:\(\([^;{}=]*\)\)\s*)?)?(=\s*)?\{")
_C_TYPED = re.compile(r"(?:>|\b(?:float|double))\s*$")
_C_DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)[ \t]+\(?([-+]?[\d.][\w.+-]*)\)?[ \t]*$", re.MULTILINE)
_C_NUMBERS = re.compile(r"\b(?:float|double)\s+([^;(){}]*=[^;(){}]*);")
_C_INTEGER = re.compile(r"\b(?:int|long|short|unsigned|size_t|u?int\d+_t)\s+([A-Za-z_]\w*)\s*=\s*(\w+)\s*;")
_C_HEXADECIMAL = re.compile(r"([-+]?0x[0-9a-f.]+p[-+]?\d+)[fl]?|([-+]?0x[0-9a-f]+)", re.IGNORECASE)
_C_OCTAL = re.compile(r"([-+]?0[0-9]+)[ul]*", re.IGNORECASE)
_C_NUMBER = re.compile(rf"({_DECIMAL})[ful]*", re.IGNORECASE)


def _c_value(text):
    """A number, or the text that is none."""
    digits = re.sub(r"(?<=\d)'(?=\d)", "", text)
    hexadecimal, octal, decimal = (kind.fullmatch(digits) for kind in (_C_HEXADECIMAL, _C_OCTAL, _C_NUMBER))
    try:
        return float.fromhex(hexadecimal[1] or hexadecimal[2]) if hexadecimal else float(int(octal[1], 8)) if octal else \
            float(decimal[1]) if decimal else text
    except (ValueError, OverflowError):
        return text


def _c_braces(text, start):
    """The list that begins there, in lists where braces are within braces, and where it ends; None if it is something else."""
    open_lists = []
    for token in re.compile(r"[{},;]|[^{},;]+").finditer(text, start):
        word = token[0].strip()
        if word == "{":
            open_lists.append([])
        elif word == "}":
            done = open_lists.pop()
            if not open_lists:
                return done, token.end()
            open_lists[-1].append(done)
        elif word == ";" or word.endswith("="):         # of a struct, or its members by name
            return None
        elif word not in ("", ","):
            open_lists[-1].append(word)
    return None


def _read_c(name, text):
    """Arrays and numbers of C and C++ by their names."""
    strings = []

    def hide(token):
        if not token[1]:
            return "" if token[0][0] == "\\" else " "
        strings.append(token[1][1:-1])
        return f'"{len(strings) - 1}"'

    text = _C_TOKEN.sub(hide, text.replace("\r", ""))
    defined = {key: _c_value(value) for key, value in _C_DEFINED.findall(text)}
    sizes = {**defined, **{key: _c_value(value) for key, value in _C_INTEGER.findall(text)}}
    used = set()

    def value(element):
        if element in defined:
            used.add(element)
            return defined[element]
        return strings[int(element[1:-1])] if re.fullmatch(r'"\d+"', element) else _c_value(element)

    found, at = [], 0
    while (match := _C_LIST.search(text, at)) is not None:
        at = match.end()
        if match[1] or not (match[4] or match[3] is not None or _C_TYPED.search(text[:match.start(2)])):
            continue
        braces = _c_braces(text, match.end() - 1)
        if braces is None:
            continue
        elements, at = braces
        declared = (match[3] or "").strip()
        used.add(declared)
        size = sizes.get(declared, _c_value(declared))
        if isinstance(size, float) and size != len(elements):
            _unreadable(name, f"{match[2]}[{declared}] has {len(elements)} value{'s' * (len(elements) != 1)}, not {size:.0f}", "C takes 0 for what is not there.")
        while len(elements) == 1 and isinstance(elements[0], list):
            elements = elements[0]
        if not any(isinstance(element, list) for element in elements):      # no matrix, nor an array of structs
            found.append((match[2], [value(element) for element in elements]))
    for numbers in _C_NUMBERS.findall(text):
        for key, sign, number in (part.partition("=") for part in numbers.split(",")):
            number = defined.get(number.strip(), _c_value(number.strip()))
            if isinstance(number, float) and key.strip():
                found.append((key.strip(), number))
    found += [(key, number) for key, number in defined.items() if key not in used and isinstance(number, float)]
    # how many there are, the arrays tell
    found = [(key, said) for key, said in found if _statistic(key) not in ("n_features", "count")]
    if not found:
        _unreadable(name, "there are no arrays and no numbers in it", "Values may be defined in another file than their declarations.")
    return _object(name, found)


# ---- PMML ----

def _read_pmml(name, text):
    """The two points of each NormContinuous, by field."""
    import xml.etree.ElementTree
    try:
        root = xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as problem:
        _unreadable(name, problem)
    found = []
    for element in root.iter():
        if element.tag.rpartition("}")[2] != "NormContinuous":
            continue
        field = element.get("field", "")
        points = [[_cell(point.get("orig", "")), _cell(point.get("norm", ""))] for point in element
                  if point.tag.rpartition("}")[2] == "LinearNorm"]
        if element.get("outliers", "asIs") != "asIs" or element.get("mapMissingTo") is not None:
            _unreadable(name, f'NormContinuous of "{field}" has outliers or mapMissingTo',
                        'Write its two points as JSON, as in {"a": [[0, 0], [10, 1]]}, and say with "clip" what becomes of outliers.')
        if len(points) != 2:
            _unreadable(name, f'NormContinuous of "{field}" has another number of points than 2, {len(points)}')
        found.append((field, points))
    if not found:
        _unreadable(name, "there is no NormContinuous in it", "normfreeze.from_pmml() of the database reads what to_pmml() has written.")
    return _object(name, found)


def read_parameters(path: str | os.PathLike[str]) -> Any:
    """
    Return what is in a file, for from_parameters(): JSON, CSV, npy, npz (nothing that needs pickle), a header of C, or PMML with
    NormContinuous.  What a file is, its name says.
    """
    path = pathlib.Path(path)
    kind = path.suffix.lower()
    if kind in (".npy", ".npz"):
        return _read_numpy(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        _unreadable(path.name, problem, _KINDS)
    readers = {_read_csv: (".csv", ".tsv"), _read_c: (".h", ".hpp", ".hh", ".c", ".cc", ".cpp", ".ino"), _read_pmml: (".pmml", ".xml")}
    for read, kinds in readers.items():
        if kind in kinds:
            return read(path.name, text)
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _object(path.name, pairs), parse_float=_read_float)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, Error):
            raise
        _unreadable(path.name, problem, None if kind == ".json" else _KINDS)


# ---- the scaler of a fitted layer Normalization of Keras, with the bits of the backend that the layer runs on ----

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


# ---- the command line ----

def _read_scaler(file: str) -> Scaler | ScalerSet:
    if file == "-":
        return Scaler.from_json(sys.stdin.buffer.read())
    with open(file, "rb") as opened:
        return Scaler.from_json(opened.read())


def _verify_file(file: str, parsed: argparse.Namespace) -> str:
    found = _read_scaler(file)
    what = f"set of {len(found)} keys" if isinstance(found, ScalerSet) else \
        f"{len(found._probes[0]) if found._probes else 'no'} probes agree"
    return f"{file}: scaler {found.scaler_id} {found.fingerprint}: {what}\n"


def _name_of_file(file: str) -> str:
    return os.path.basename(file).removesuffix(".json")


def _seed_of_file(file: str, parsed: argparse.Namespace) -> str:
    name = _name_of_file(file)
    if [_name_of_file(other) for other in parsed.file].count(name) > 1:
        raise Error("22023", f'the seed would have two scalers named "{name}"', hint="Give the files other names.")
    return _seed_row(name, parsed.label, _read_scaler(file))


def _scaler_of_parameters(file: str, parsed: argparse.Namespace) -> str:
    said = read_parameters(file)
    return (json.dumps(said, default=int) if parsed.as_read else from_parameters(said, parsed.options).to_json()) + "\n"


def _options(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_float=_read_float)
    except (Error, json.JSONDecodeError) as problem:
        raise argparse.ArgumentTypeError(f"{problem}: it must be JSON, as in '{{\"eps\": 1e-8}}'") from None


def _main(arguments: list[str] | None = None) -> int:
    """python -m normfreeze verify FILE..., seed FILE..., or parameters FILE"""
    parser = argparse.ArgumentParser(prog="python -m normfreeze", description="Frozen scalers of normfreeze.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="is the JSON of a scaler what was frozen, and does it compute the same here?")
    verify.add_argument("file", nargs="+", help="a file, or - for standard input")
    verify.set_defaults(of_file=_verify_file)
    seed = commands.add_parser("seed", help="the CSV of a dbt seed, with the artifact and the evidence of drift of each scaler")
    seed.add_argument("file", nargs="+", help="the JSON of a scaler with its training profile, as fit() makes it; its name is that of the file")
    seed.add_argument("--label", type=int, default=1, metavar="N", help="the version in the seed")
    seed.set_defaults(of_file=_seed_of_file)
    parameters = commands.add_parser("parameters", help="the JSON of the scaler that a file of parameters describes: JSON, CSV, npy, npz, C, PMML")
    parameters.add_argument("file", nargs=1, help="a file, whose name says what it is")
    parameters.add_argument("--options", type=_options, default="{}", metavar="JSON", help="the options of from_parameters(), such as '{\"eps\": 1e-8}'")
    parameters.add_argument("--as-read", action="store_true", help="what was read, for from_parameters() of the database, not the scaler")
    parameters.set_defaults(of_file=_scaler_of_parameters)
    parsed = parser.parse_args(arguments)
    made, failed = [], False
    for file in parsed.file:
        try:
            made.append(parsed.of_file(file, parsed))
        except (Error, OSError) as error:
            print(f"{file}: {error.strerror if isinstance(error, OSError) else error}", file=sys.stderr)
            failed = True
    if parsed.command == "seed":                # a seed has all its rows, or there is none
        made = [] if failed else [_SEED_HEADING, *made]
    sys.stdout.writelines(made)
    return int(failed)


if __name__ == "__main__":
    sys.exit(_main())
