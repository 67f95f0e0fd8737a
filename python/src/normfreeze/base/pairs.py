"""Pairs of float64: numbers as an unevaluated sum (Dekker 1971; Muller et al., Handbook of Floating-Point Arithmetic)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np


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
