"""Deriving a sequence of steps, each from what the values have become before it (src/core/scaler/derive_steps.c, value_path.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .derive import _DERIVATIONS, _DeriveInput, _NoParameters, _derive, _formula_of
from .evidence import _Evidence, _weighed_moments
from .formulas import _Formula, _is_monotonic
from .function_moments import _FunctionMoments
from .methods import _Method
from .recipe import _Domain, _Step
from .steps import _clip, _run
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums
from ..values.ranks import _CountedValues, _ValueStore

_LEAST = 5e-324


class _StepSpec(NamedTuple):
    """A step as it was asked for."""

    method: _Method
    options: tuple
    domain: Any                 # a policy, or None for the usual one
    center: float = 0.0         # for a method whose parameters are given
    scale: float = 1.0
    bounded: bool = False


def _follows_from_moments(step: _StepSpec, is_last: bool) -> bool:
    """
    Whether it takes no more of the values that a step gets than their moments to derive the step and, unless it is the last
    one, to know the range of its results.
    """
    return not _DERIVATIONS[step.method.name].needs_values and (is_last or _is_monotonic(_formula_of(step.method, step.options)))


def _follows_from_range(step: _StepSpec, has_moments: bool, is_last: bool) -> bool:
    """The same of their number and their range, or their moments if these are known, in front of the step and its domain."""
    domain = _formula_of(step.method, step.options).domain
    return (_follows_from_moments(step, is_last) and (has_moments or _DERIVATIONS[step.method.name].needs_range) and
            (domain is None or step.domain == "error" and not domain.without_zero))


class _StepsFit:
    """The values in front of a step: those of `evidence`, after what has happened to them."""

    def __init__(self, moments: _Moments, evidence: _Evidence | None, weighted: _WeightedSums | None, has_zero: bool = False,
                 range_alone: bool = False, functions: _FunctionMoments | None = None):
        """
        Without evidence moments are known, and that there is a zero if `has_zero`; nothing can happen to the values, except
        that with `range_alone` their range goes through monotonic steps, as it does after `functions`, which know what the
        values become by the first steps.  `weighted` are sums of the values with weights.
        """
        self.weighted = weighted
        self.moments, self.evidence, self.has_zero, self.range_alone = moments, evidence, has_zero, range_alone
        self._walk = functions.walk() if functions else None
        self._raw = moments
        self._values: Any = None
        self._times: Any = None
        self._weights: Any = None
        if evidence:
            self._values, self._times = evidence.weighed()
            self._weights = evidence.weights()

    def _end(self, values, times, weights=None):
        """Moments and evidence of what values have become."""
        finite = np.isfinite(values)
        if times is None:
            return _Moments.of(values), _ValueStore([values[finite]], None if weights is None else [weights[finite]])
        return _weighed_moments(values, times), _CountedValues(values[finite], times[finite], self.evidence.in_cells)

    def _move(self, values, times, weights):
        self._values, self._times, self._weights = values, times, weights
        self.moments, source = self._end(values, times, weights)
        self.evidence = _Evidence(self.moments, source)
        self.weighted = self.evidence.weighted_sums()

    def _move_range(self, step: _Step):
        ends = np.array([self.moments.min, self.moments.max])
        with np.errstate(all="ignore"):
            ends = _run(step, ends, False)
        _clip(ends, step.clip())
        count, self.moments = self.moments.count, _Moments()
        if np.isfinite(ends).all():
            self.moments.count = count
            self.moments.extend(float(ends.min()), float(ends.max()))
        else:
            self.moments.positive_infinities = count

    def _moments_where(self, chosen) -> _Moments:
        return self._end(self._values[chosen], None if self._times is None else self._times[chosen])[0]

    # -- domains --

    def apply_domain(self, formula: _Formula, policy: str) -> _Domain | None:
        """
        Decide what becomes of values for which a formula is not defined, and let it happen.  Raises _NoParameters if there are
        such values and the policy refuses them, or if there is nothing to clip to.
        """
        if formula.domain is None or policy == "keep":
            return None
        moments, domain = self.moments, formula.domain
        ends = moments.count == 0 or domain.includes(np.array([moments.min, moments.max]))
        around_zero = domain.without_zero and moments.min < 0 < moments.max
        if policy == "clip" and moments.count == 0:
            raise _NoParameters("no values")
        if np.all(ends) and not around_zero and not (policy == "clip" and domain.without_zero):
            return _Domain(policy, *((moments.min, moments.max) if policy == "clip" else ()))
        if policy == "error" and not np.all(ends):
            raise _NoParameters("undefined", undefined=moments.max if ends[0] else moments.min)
        if policy == "error" and self._values is None and not self._walk:
            # moments alone do not tell of a zero between values of both signs: then it is refused when it is transformed
            if self.has_zero:
                raise _NoParameters("undefined", undefined=0.0)
            return _Domain(policy)
        if self._walk:
            return self._apply_counted_domain(policy)
        defined = domain.includes(self._values)
        if policy == "error":
            if not defined.all():
                raise _NoParameters("undefined", undefined=0.0)
            return _Domain(policy)
        if policy == "null":
            self._move(self._values[defined], *(of if of is None else of[defined] for of in (self._times, self._weights)))
            return _Domain(policy)
        low, high = self._clip_range(domain, defined)
        values = self._values.copy()
        values[~defined] = np.where(values[~defined] < low, low, np.where(values[~defined] > high, high, values[~defined]))
        self._move(values, self._times, self._weights)
        return _Domain(policy, low, high)

    def _apply_counted_domain(self, policy: str) -> _Domain:
        """The same where only moments of values are known, and of those for which the formula is defined."""
        if policy != "error":
            bounds, self.moments, self.weighted = self._walk.leave_out(policy)
            return _Domain(policy, *bounds)
        if not self._walk.is_defined():
            raise _NoParameters("undefined", undefined=0.0)
        return _Domain(policy)

    def _clip_range(self, domain, defined):
        """The range of a rule that clips; without zero, both ends are the value nearest to it."""
        moments = self._moments_where(defined)
        if moments.count == 0:
            raise _NoParameters("no values")
        if not domain.without_zero:
            return moments.min, moments.max
        below, above = self._moments_where(self._values <= -_LEAST), self._moments_where(self._values >= _LEAST)
        nearest = above.min if above.count and (below.count == 0 or above.min <= -below.max) else below.max
        return nearest, nearest

    # -- steps --

    def check_overflow(self):
        """Raise _NoParameters if steps have given results beyond float64.  Infinities among the values as they are do not count."""
        if self.moments is not self._raw and self.moments.infinite:
            raise _NoParameters("infinite")

    def apply_step(self, spec: _StepSpec, options: list) -> _Step:
        """Derive a step, and let it happen to the values.  Its domain comes first.  `options` are settled."""
        formula = _formula_of(spec.method, options)
        self.check_overflow()
        domain = self.apply_domain(formula, spec.domain)
        derived = _derive(self.input(spec.method, options, bounded=spec.bounded), False)
        given = _DERIVATIONS[spec.method.name].given
        step = _Step(spec.method, tuple(options), formula, (spec.center, spec.scale) if given else derived.parameters,
                     derived.table if formula.table else None, domain, derived.constant, given)
        if self.evidence and self.moments.count:
            with np.errstate(all="ignore"):
                values = _run(step, self._values, False)
            _clip(values, step.clip())
            self._move(values, self._times, self._weights)
        elif self._walk and not self._walk.is_last():
            self.moments, self.weighted = self._walk.go_on(step)
        elif self._walk or self.range_alone:
            self._walk, self.range_alone = None, True
            self._move_range(step)
        return step

    def input(self, method: _Method, options: list, bounded: bool = False) -> _DeriveInput:
        """What a method is derived from here."""
        return _DeriveInput(method, options, self.moments, self.weighted, self.evidence if self.moments.count else None, bounded)


def _settle_options(method: _Method, options: list):
    """Settle defaults that depend on the data as for a feature without values."""
    try:
        _derive(_DeriveInput(method, options, _Moments()), False)
    except _NoParameters:
        pass

