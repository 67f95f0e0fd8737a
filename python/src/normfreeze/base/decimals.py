"""Decimal arithmetic with one rounding: slow, but exact."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import decimal
import functools
import math
import sys
from fractions import Fraction

import numpy as np

from .text import _D

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
