"""Quantile maps (core/scaler/quantile_map.c: scikit-learn's QuantileTransformer with numpy.interp)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from ..base.normal import _normal_probability, _normal_quantile

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
