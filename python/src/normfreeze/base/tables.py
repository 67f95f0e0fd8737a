"""Tables of the elementary functions, made when they are first needed."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import decimal
import functools
import math
import types

import numpy as np

from .decimals import _context, _mills_sum, _root_two_pi
from .text import _D

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
