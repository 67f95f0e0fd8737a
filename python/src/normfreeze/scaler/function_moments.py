"""Exact moments of what values become by the functions that come first in a sequence, without keeping the values."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import copy
import math

import numpy as np

from .derive import _DERIVATIONS, _NoParameters, _formula_of
from .formulas import _FormulaDomain
from .recipe import _Step
from .steps import _run
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums

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
