"""The lambda of a power transformation, by maximum likelihood (src/core/scaler/power_fit.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .arithmetic import _EPSILON, _yeo_johnson
from .power_likelihood import (
    _PowerFrame, _PowerScore, _divide, _greatest, _ldexp, _of_number, _power_exponent_range, _power_frame, _power_sums,
    _score_of_power_sums)
from ..base.elementary import _exp, _expm1, _log, _log1p

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
