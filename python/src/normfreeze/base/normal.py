"""The normal distribution (core/base/normal_probability.c, normal_quantile.c), for what quantile maps ask of it."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .decimals import _exact_probability, _exact_tail_quantile
from .elementary import _TAIL_ERROR, _TINY, _exp_pair, _settle
from .pairs import (
    _fast_two_sum, _pair_plus_pair, _pair_times_number, _pair_times_pair, _power_of_two, _rounds_safely,
    _two_product)
from .tables import _MILLS_STEP, _mills_table, _tables


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
