"""The steps of a feature before its last one, applied to an array of one feature's values."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import numpy as np

from .formulas import _COMPUTED_IN, _KEEPS_GAPS, _WITH_GAPS, _run_formula


class _Undefined(Exception):
    """A formula is not defined for a value, and its policy refuses that."""

    def __init__(self, row, formula, value):
        self.row, self.formula, self.value = row, formula, value


class _NoInverse(Exception):
    """A value is the result of no other by a formula."""

    def __init__(self, row, formula, value):
        self.row, self.formula, self.value = row, formula, value


def _clip(y, bounds):
    """As numpy.clip with bounds that are numbers: NaN stays, and so does -0 at a bound of 0."""
    if bounds is not None:
        np.copyto(y, bounds[0], where=y < bounds[0], casting="same_kind")
        np.copyto(y, bounds[1], where=y > bounds[1], casting="same_kind")


def _bound_in(domain, bound, dtype):
    """A bound of a rule as a number of a type: where it is rounded onto an end that is not of the domain, the nearest that is."""
    nearest = dtype.type(bound)
    if not domain.includes(nearest):
        nearest = np.nextafter(nearest, dtype.type(np.inf if bound > float(nearest) else -np.inf))
    return nearest


def _apply_domain(formula, rule, x, nulls):
    """Return x after a domain rule; nulls are set where it makes a value missing."""
    if rule is None:
        return x
    undefined = ~formula.domain.includes(x)
    if not undefined.any():
        return x
    if rule.policy == "error":
        row = int(np.argmax(undefined))
        raise _Undefined(row, formula, x[row])
    x = x.copy()
    if rule.policy == "clip":
        low, high = (_bound_in(formula.domain, bound, x.dtype) for bound in rule[1:])
        x[undefined] = np.where(np.float64(x[undefined]) < rule.low, low, high)
    else:
        x[undefined] = np.nan
        nulls |= undefined
    return x


def _run(step, x, inverse):
    y = np.empty_like(x)
    parameters = [np.array([value]) for value in step.parameters]
    _run_formula(step.formula, x[:, None], parameters, [step.table], inverse, y[:, None])
    return y


def _apply_steps(feature, x, nulls):
    """Return what the last formula of a feature gets.  Raises _Undefined, for the first value that any step refuses."""
    if feature.dtype == "float32" and x.dtype != np.float32:
        return _apply_steps(feature, x.astype(np.float32), nulls).astype(x.dtype)
    given = x
    try:
        for step in feature.before:
            x = _run(step, _apply_domain(step.formula, step.domain, x, nulls), False)
            _clip(x, step.clip())
        return _apply_domain(feature.formula, feature.domain, x, nulls)
    except _Undefined as refused:
        # a later step may refuse an earlier value
        _apply_steps(feature, given[:refused.row], np.zeros(refused.row, bool))
        raise


def _undo_steps(feature, y):
    """Return the value before the first step, from that before the last one."""
    if feature.before and feature.dtype != "float64" and y.dtype != _COMPUTED_IN[feature.dtype]:
        return _undo_steps(feature, y.astype(_COMPUTED_IN[feature.dtype])).astype(y.dtype)
    for step in reversed(feature.before):
        y = _run(step, y, True)
    return y.astype(np.float32).astype(y.dtype) if feature.dtype == "single" else y


def _inverse_has_gaps(feature) -> bool:
    """Whether some values have no inverse, and must not give NaN (src/core/scaler/inverse_gaps.c)."""
    formula = feature.formula.name
    return (any(step.formula.name in _WITH_GAPS for step in feature.before) or
            formula in _WITH_GAPS and (bool(feature.before) or feature.domain is not None or formula not in _KEEPS_GAPS))


def _undo_with_policies(feature, y):
    """
    The values from which a feature gives y, all steps undone; by the policy of a step NaN, or the nearest training value.
    Raises _NoInverse, for the first value that any step refuses.
    """
    computed = _COMPUTED_IN[feature.dtype] if feature.dtype != "float64" else y.dtype
    given = y
    y = y.astype(computed)
    for step in (feature, *reversed(feature.before)):
        x = _run(step, y, True) if step is not feature else _run_last(feature, y)
        gaps = np.isnan(x) & ~np.isnan(y) if step.formula.name in _WITH_GAPS else np.zeros(len(x), bool)
        if gaps.any():
            policy = step.domain.policy if step.domain else "error"
            if policy == "clip":
                lowest = _run(step, np.array([step.domain.low], y.dtype), False)[0]
                x[gaps] = np.where(y[gaps] < lowest, step.domain.low, step.domain.high)
            elif policy != "null":
                row = int(np.argmax(gaps))
                # a step that is undone later may refuse an earlier value
                _undo_with_policies(feature, given[:row])
                raise _NoInverse(row, step.formula, y[row])
        y = x
    return y.astype(np.float32).astype(given.dtype) if feature.dtype == "single" else y.astype(given.dtype)


def _run_last(feature, y):
    """The inverse of the last formula alone."""
    x = np.empty_like(y)
    _run_formula(feature.formula, y[:, None], [np.array([value]) for value in feature.parameters], [feature.table], True, x[:, None], feature.dtype)
    return x
