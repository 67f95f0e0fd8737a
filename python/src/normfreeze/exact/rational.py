"""Correct rounding of quotients and square roots of integers (src/core/exact/rational.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

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
