"""Why a feature cannot be fitted, and what helps (src/pg/fit/fit_refusals.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

from .spec import _FeatureSpec
from ..base.text import Error, _float_text
from ..exact.moments import _Moments
from ..scaler.derive import _NoParameters, _formula_of
from ..scaler.power_fit import _POWER_LARGEST_STEP

# if values are larger than this, the unit of the column leaves no room for powers, whatever its zero is
_LARGEST_FOR_POWERS, _SMALLEST_FOR_POWERS = 1e100, 1e-100


def _remedy_of_column(moments: _Moments, power: float) -> str:
    """
    What makes the lambda of a column usable.  Once the end of the range around which values crowd is moved to 0, that of
    Yeo and Johnson is: what lies there is transformed to about 0, where float64 is finest.
    """
    largest = max(abs(moments.min), abs(moments.max))
    if largest > _LARGEST_FOR_POWERS or largest < _SMALLEST_FOR_POWERS:
        return f"Divide the column by {_float_text(largest)}, here and where it is normalized"
    return (f"Subtract {_float_text(moments.max if power > 1 else moments.min)} from the column, here and where it is normalized, "
            'and use {"method": "yeo-johnson"}')


def _power_refusal(why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str) -> Error:
    power = why.power
    bounded = "" if spec.bounded and not spec.is_global else \
        '; or take the nearest lambda that serves: {"lambda": "bounded"}'
    hint = f'{_remedy_of_column(moments, power)}{bounded}; or have the feature give NULL: {{"unfit": "null"}}.'
    low, high = _float_text(moments.min), _float_text(moments.max)
    if why.reason == "overflows":
        # the lambda that stands for the logarithm lies between the bounds
        above = power > (0 if moments.min >= 0 else 2 if moments.max <= 0 else 1)
        return Error("22003", f"the lambda of {label} transforms values beyond float8",
                     f"The likelihood of values from {low} to {high} asks for a lambda {'above' if above else 'below'} "
                     f"{_float_text(power)}.", hint)
    return Error("22003", f"float8 does not tell the values of {label} apart once they are transformed",
                 f"By lambda {_float_text(power)}, the results of values from {low} to {high} have steps of "
                 f"{_short(why.step)} standard deviations; at most {_POWER_LARGEST_STEP:.2g} is taken.", hint)


def _short(x: float) -> str:
    """Two digits, as C's %.2g of the database writes them."""
    return f"{x:.2g}" if math.isfinite(x) else _float_text(x)


def _name_with_choice(spec: _FeatureSpec, options) -> str:
    """The name of a method and, if an option chooses its formula by name, of that: power (box-cox)."""
    method = spec.method
    chooser = method.options[method.decides] if len(method.formulas) > 1 else None
    if chooser is None or chooser.kind != "choice":
        return method.name
    return f"{method.name} ({chooser.choices[int(options[method.decides])]})"


def _range_refusal(why: _NoParameters, spec: _FeatureSpec, moments: _Moments, label: str, ends) -> Error:
    low, high, rule = _float_text(moments.min), _float_text(moments.max), spec.rule().text()
    if why.reason == "range not finite":
        return Error("22003", f"the range {rule} of {label} lies beyond float8", f"Its values range from {low} to {high}.",
                     'Rescale the column, leave out option "range" for it, or have it give NULL: {"unfit": "null"}.')
    if why.reason == "range one value":
        return Error("22000", f"the range {rule} of {label} is the single value {_float_text(ends[0])}",
                     f"Its values range from {low} to {high}.",
                     'Most of its values are equal. Leave out option "range" for it, choose a wider range, or have it give NULL: '
                     '{"unfit": "null"}.')
    return Error("22000", f"the range {rule} of {label} has no values",
                 f"It goes from {_float_text(ends[0])} to {_float_text(ends[1])}, and of {moments.count} values none lies there.",
                 'Choose a wider range, or {"outside": "clip"}, or have the feature give NULL: {"unfit": "null"}.')


def _nothing_left(moments: _Moments, label: str, place: str) -> Error:
    return Error("22000", f"no value of {label} is left for {place}",
                 f"It has {moments.count} values, from {_float_text(moments.min)} to {_float_text(moments.max)}, and those that ranges "
                 "and domains leave out do not count.",
                 'Shift the column, choose other steps, or say what the feature shall give: {"empty": "null"}, or {"empty": "unit"} for '
                 "values as they are.")


def _refusal(why: _NoParameters, spec: _FeatureSpec, options, moments: _Moments, label: str) -> Error:
    low, high = _float_text(moments.min), _float_text(moments.max)
    if why.reason == "infinite":
        return Error("22003", f"{label} has infinite values, {moments.infinite} of {moments.count + moments.infinite}",
                     hint='Exclude them, make them NULL, or fit without counting them: {"infinite": "skip"}.')
    if why.reason == "no values":
        return Error("22000", f"{label} has no values",
                     f"Of {moments.missing + moments.infinite} rows, {moments.nulls} are NULL, {moments.nans} NaN and "
                     f"{moments.infinite} infinite.",
                     'Leave the feature out with option "columns" or "exclude", or say what it shall give: '
                     '{"empty": "null"}, or {"empty": "unit"} for values as they are.')
    if why.reason == "not positive":
        return Error("22003", f"method {_name_with_choice(spec, options)} needs values above {_float_text(why.least)}, and "
                     f"{label} has {low}",
                     hint='Shift the column, exclude such rows, use {"method": "yeo-johnson"} of method power, which takes all '
                     'values, or have the feature give NULL: {"unfit": "null"}.')
    if why.reason == "undefined":
        return Error("22003", f"{label} has {_float_text(why.undefined)}, for which method {_name_with_choice(spec, options)} is not defined",
                     f"It is defined for values {_formula_of(spec.method, options).domain.text()}.",
                     'Exclude such rows, shift the column, or say what becomes of such values: {"domain": "null"} or {"domain": "clip"}.')
    if why.reason == "singular":
        return Error("22000", f"the values of {label} do not determine a lambda",
                     f"They range from {low} to {high}, {moments.count} of them.",
                     'Leave the feature out, choose another method for it, or have it give NULL: {"unfit": "null"}.')
    if why.reason in ("overflows", "collapses"):
        return _power_refusal(why, spec, moments, label)
    if why.reason == "fewer than quantiles":
        wanted = f"{options[0]:.0f}"
        return Error("22023", f'option "n_quantiles" is {wanted}, but {label} has {moments.count} values',
                     hint=f'Ask for as many quantiles as there are values, and at most so many: {{"max_quantiles": {wanted}}}.')
    return Error("22003", f"method {spec.method.name} gives {label} a parameter beyond float8",
                 f"Its values range from {low} to {high}.",
                 'Rescale the column, choose another method for it, or have it give NULL: {"unfit": "null"}.')
