"""Norms of rows (core/scaler/row_norm.c): exact, rounded once."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..base.decimals import _nearest
from ..base.pairs import _fast_two_sum, _rounds_safely, _two_product, _two_sum


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
