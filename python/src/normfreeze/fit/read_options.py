"""Reading the options of a fit, of one feature, and of one step (src/pg/fit/read_options.c, fit_spec.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from .options import _FIT_OPTIONS, _OTHER_INPUT
from .spec import (
    _BAD_PARAMETER, _FeatureSpec, _FitSpec, _bad_option, _chosen, _find_method, _json_kind, _option_number)
from ..base.strict_json import _in_jsonb_order, _read_float
from ..base.text import Error
from ..scaler.derive_steps import _StepSpec
from ..scaler.formulas import _is_affine
from ..scaler.derive import _DERIVATIONS, _OPTION_DEFAULTS, _formula_of, _option_place, _usual_domain
from ..scaler.methods import _MOST_STEPS, _Method


def _read_choice(option, value) -> float:
    if _chosen(value, option.choices) is None:
        _bad_option(option.name, value, " or ".join(f'"{choice}"' for choice in option.choices))
    return float(option.choices.index(value))


def _read_method_option(option, value) -> list:
    """The values of an option of a method."""
    kind = option.kind
    if kind == "boolean":
        if not isinstance(value, (bool, np.bool_)):
            _bad_option(option.name, value, "true or false")
        return [float(value)]
    if kind == "choice":
        return [_read_choice(option, value)]
    given = list(value) if kind == "interval" and _json_kind(value) == "array" else [value]
    values: Any = [_option_number(one) for one in given]
    if None in values or len(values) != (2 if kind == "interval" else 1):
        _bad_option(option.name, value, {"integer": "a whole number", "number": "a number"}.get(kind, "an array of two numbers"))
    values = [one + 0.0 for one in values]
    problem = _option_problem(option, values)
    if problem:
        shown = f"{option.least:g} and {option.greatest:g}"
        raise Error(_BAD_PARAMETER, f'option "{option.name}" {problem}',
                    hint=f"It must be two numbers between {shown}." if kind == "interval" else f"It must be between {shown}.")
    return values


def _option_problem(option, values) -> str | None:
    for value in values:
        if not option.least <= value <= option.greatest:
            return "is out of range"
        if option.kind == "integer" and value != math.floor(value):
            return "must be a whole number"
    if option.kind == "interval" and (values[0] > values[1] or (option.strict and values[0] == values[1])):
        return "must have its lower end below its upper end" if option.strict else "must not have its lower end above its upper end"
    return None


def _unknown_option(key, method: _Method, inputs, per_feature: bool, of_step: bool = False):
    known = [option.name for option in method.options]
    if per_feature and "method" not in known:       # that of method power stands for both
        known.insert(0, "method")
    known += [option.name for option in _FIT_OPTIONS if set(option.inputs) & set(inputs) and (not per_feature or option.per_feature) and
              (not of_step or option.name in _STEP_OPTIONS) and option.is_of(method) and option.name not in known]
    raise Error(_BAD_PARAMETER, f'unknown option "{key}" for method {method.name}', hint=f"The options are: {', '.join(known)}.")


def _method_of_step_option(feature: _FeatureSpec, key) -> _Method | None:
    """The method of the step that an option of a feature is meant for, the last such step."""
    for step in reversed(feature.steps):
        if any(option.name == key for option in step.method.options) or any(
                option.name == key and (option.given or option.beside) and option.is_of(step.method) for option in _FIT_OPTIONS):
            return step.method
    return None


def _read_options_of(spec: _FitSpec, feature: _FeatureSpec, options, inputs, per_feature: bool):
    """Read the options of a fit, or those of one feature only."""
    if "n_quantiles" in options and "max_quantiles" in options:
        raise Error(_BAD_PARAMETER, 'options "n_quantiles" and "max_quantiles" contradict each other',
                    hint="Say either how many quantiles there shall be, or how many at most.")
    for key, value in options.items():
        if key == "steps" or per_feature and key == "method":
            continue
        own = next((option for option in feature.method.options if option.name == key), None)
        if own and key == "clip":       # with a range it is the option that all methods have; without, it replaces that
            own = None if _json_kind(value) == "array" else own
            feature.clip = feature.clip if own is None else None
        of_step = _method_of_step_option(feature, key)
        if of_step and (own or key != "clip"):
            raise Error(_BAD_PARAMETER, f'option "{key}" belongs to a step',
                        hint=f'Give it to the step that it is meant for: {{"steps": [{{"method": "{of_step.name}", "{key}": ...}}]}}.')
        if own:
            place, width = _option_place(feature.method, key)
            feature.options[place:place + width] = _read_method_option(own, value)
            continue
        option: Any = next((option for option in _FIT_OPTIONS if option.name == key and
                       (option.per_feature or not per_feature) and option.is_of(feature.method)), None)
        if option is None:
            _unknown_option(key, feature.method, inputs, per_feature)
        if not set(option.inputs) & set(inputs):
            raise Error(_BAD_PARAMETER, f'option "{key}" does not apply to this kind of input', hint=_OTHER_INPUT[inputs[0]])
        option.read(spec, feature, key, value)


# ---- steps ----

# the options of a step besides those of its method
_STEP_OPTIONS = ("center", "scale", "max_quantiles", "lambda", "domain")


def _read_step_spec(spec: _FitSpec, key: str, value) -> _FeatureSpec:
    """One step of option `key`, a name or an object, as a feature that has only this step."""
    name = value.get("method") if _json_kind(value) == "object" else value
    if not isinstance(name, str):
        _bad_option(key, value, 'an array with a method\'s name, or an object with "method" and its options, for each step')
    step = _FeatureSpec(_find_method("identity"))
    step.set_method(name)
    if _formula_of(step.method, step.options).norm:
        raise Error(_BAD_PARAMETER, f"method {step.method.name} cannot be a step of a sequence", "It divides by a norm of the whole row.",
                    "Normalize the rows of the results by a scaler of their own.")
    if _json_kind(value) == "object":
        for key in value:
            if key != "method" and key not in _STEP_OPTIONS and all(option.name != key for option in step.method.options):
                _unknown_option(key, step.method, ("array", "row", "profile"), True, of_step=True)
        _read_options_of(spec, step, value, ("array", "row", "profile"), True)
    if step.clip:
        _bad_option("clip", value["clip"], "true or false in a step; a range is for the results of the feature")
    return step


def _read_step_specs(spec: _FitSpec, feature: _FeatureSpec, value, key: str = "steps"):
    if value is None:
        if feature.steps:
            feature.set_method(spec.method.name)
        return
    if _json_kind(value) != "array" or not 1 <= len(value) <= _MOST_STEPS:
        _bad_option(key, value, f"an array of 1 to {_MOST_STEPS} steps")
    steps = [_read_step_spec(spec, key, one) for one in value]
    last = steps[-1]
    feature.method, feature.options = last.method, list(last.options)
    feature.center, feature.scale, feature.bounded = last.center, last.scale, last.bounded
    feature.steps = tuple(_StepSpec(step.method, tuple(step.options), step.domain, step.center, step.scale, step.bounded) for step in steps)


def _settle_domains(feature: _FeatureSpec):
    usual = feature.domain or ("error" if len(feature.steps) > 1 else None)
    feature.steps = tuple(step._replace(domain=step.domain or usual or _usual_domain(step.method, step.options)) for step in feature.steps)


# ---- the whole ----

def _read_features_option(spec: _FitSpec, value):
    """Read an object such as {"income": {"method": "robust"}}.  What is not given is as for the other features."""
    if _json_kind(value) != "object":
        _bad_option("features", value, "an object with the name of a feature for each key")
    for name, member in value.items():
        if _json_kind(member) != "object":
            _bad_option(name, member, "an object with the feature's method and options")
        feature = spec.common.copy()
        if "method" in member:
            if not isinstance(member["method"], str):
                _bad_option("method", member["method"], "the name of a method")
            feature.set_method(member["method"])
            if "steps" in member:
                raise Error(_BAD_PARAMETER, f'feature "{name}" has both "method" and "steps"',
                            hint='The method of a single step is enough; a sequence has the methods in "steps".')
        if "steps" in member:
            _read_step_specs(spec, feature, member["steps"])
        _read_options_of(spec, feature, member, ("array", "row", "profile"), True)
        # a feature that keeps what is outside needs no range, though the others have one
        if feature.outside == "keep" and "range" not in member:
            feature.range_rule = None
        spec.overrides[name] = feature


def _check_shift(feature: _FeatureSpec):
    """Fail unless the method can have an intercept and a multiplier, which stand in for the output ranges of minmax and maxabs."""
    if not feature.is_shifted():
        return
    if len(feature.steps) > 1:
        raise Error(_BAD_PARAMETER, "a sequence of steps takes no intercept or multiplier",
                    hint='Add a step of method affine, or one of method minmax with a "feature_range".')
    if _DERIVATIONS[feature.method.name].location_scale is None:
        raise Error(_BAD_PARAMETER, f"method {feature.method.name} takes no intercept or multiplier",
                    hint="They belong to methods with a location and a scale, such as standard or midrange.")
    if feature.multiplier == 0:
        raise Error(_BAD_PARAMETER, 'option "multiplier" must not be zero')
    if feature.option("clip"):
        raise Error(_BAD_PARAMETER, 'option "clip" contradicts an intercept or a multiplier',
                    hint='To clip to the training range, use {"outside": "clip"}.')
    place, width = _option_place(feature.method, "feature_range")
    if width and tuple(feature.options[place:place + width]) != _OPTION_DEFAULTS["feature_range"]:
        raise Error(_BAD_PARAMETER, 'option "feature_range" contradicts an intercept or a multiplier',
                    hint="Give the range by the intercept and the multiplier alone.")


def _check_clip(feature: _FeatureSpec):
    """Fail unless the formula can be clipped."""
    if feature.clip and not _is_affine(_formula_of(feature.method, feature.options)):
        raise Error(_BAD_PARAMETER, f'option "clip" does not apply to method {feature.method.name}',
                    hint='It is for methods that shift and scale, such as standard; {"clip": false} leaves a feature out.')


def _parse_fit_options(method, options, kind: str) -> _FitSpec:
    """Parse and check the options of a fit of an "array", a "row" or a "profile"; they are an object, its JSON, or None."""
    spec = _FitSpec(_find_method(method))
    options = _options_object(options)
    if "steps" in options:
        _read_step_specs(spec, spec.common, options["steps"])
    _read_options_of(spec, spec.common, {key: value for key, value in options.items() if key != "features"}, (kind,), False)
    # features inherit everything else, so they are read last
    if "features" in options:
        _read_features_option(spec, options["features"])
    for feature in (spec.common, *spec.overrides.values()):
        if feature.quantiles == "histogram" and spec.distribution == 0:
            raise Error(_BAD_PARAMETER, 'option "quantiles" cannot be "histogram" without a distribution',
                        hint='Leave out {"distribution": false}.')
        _check_shift(feature)
        _check_clip(feature)
        _settle_domains(feature)
        if feature.range_rule and feature.outside == "keep":
            raise Error(_BAD_PARAMETER, 'option "range" says nothing about values that are kept',
                        hint='Say what becomes of values outside of the range: {"outside": "clip"}, "null" or "error".')
    if spec.range_statistics and not any(feature.range_rule for feature in (spec.common, *spec.overrides.values())):
        raise Error(_BAD_PARAMETER, 'option "statistics" says nothing without option "range"',
                    hint="All training values are inside of the range that they themselves have.")
    if spec.columns is not None and spec.exclude:
        raise Error(_BAD_PARAMETER, 'options "columns" and "exclude" contradict each other',
                    hint="Name either the columns to take or the columns to leave out.")
    return spec


def _plain_option(value):
    """A value of an option with lists in the place of arrays and the like, and Python's own numbers."""
    if isinstance(value, Mapping):
        return {key: _plain_option(one) for key, one in value.items()}
    if isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "tolist"):
        value = value.tolist()
    return [_plain_option(one) for one in value] if isinstance(value, (list, tuple)) else value


def _options_object(options):
    if options is None:
        return {}
    if isinstance(options, str):
        try:
            options = json.loads(options, parse_float=_read_float)
        except ValueError as problem:
            raise Error("22P02", "invalid input syntax for type json", str(problem)) from None
    if _json_kind(options) != "object":
        raise Error(_BAD_PARAMETER, f"options must be a JSON object, not {_json_kind(options)}",
                    hint='For example: {"columns": ["age", "income"]}.')
    return _in_jsonb_order(_plain_option(options))
