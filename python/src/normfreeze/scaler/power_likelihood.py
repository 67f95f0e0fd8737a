"""The likelihood of a power transformation, exact up to one rounding of each term (src/core/scaler/power_likelihood.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
import sys
from typing import NamedTuple

import numpy as np

from ..base.elementary import _exp_pair, _log, _log1p, _log_near_one, _log_parts, _normalized
from ..base.pairs import _fast_two_sum, _pair_times_number, _pair_times_pair, _power_of_two, _two_product, _two_sum
from ..base.elementary import _expm1_near_zero
from ..exact.pieces import _BLOCK_ROWS, _blocks
from ..exact.rational import _round_ratio

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
