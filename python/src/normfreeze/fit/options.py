"""The options of a fit: what is done to each feature (src/pg/fit/fit_spec.c, fit_options.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs, no-warn-return-any
# mypy: disable-error-code="arg-type, assignment, attr-defined, call-arg, index, operator, override, union-attr, var-annotated"

from __future__ import annotations

import collections.abc
import copy
import decimal
import json
import math
import numbers
import unicodedata
from typing import Any, NamedTuple

import numpy as np

from ..base.strict_json import _string
from ..base.text import Error, _float_text
from ..scaler.derive import _DERIVATIONS, _OPTION_DEFAULTS, _default_options, _method_named, _option_place
from ..scaler.methods import _CONSTANT, _HISTOGRAM_SIZES, _INTERCEPTS, _METHOD_CODES, _MISSING, _Method, _OUTSIDE
from ..scaler.recipe import _check_names

_BAD_PARAMETER = "22023"
_DEFAULT_BINS = 512


class _FeatureSpec:
    """What is done to one feature."""

    def __init__(self, method: _Method):
        self.method, self.options = method, _default_options(method)
        self.missing, self.outside, self.constant = "keep", "keep", "unit"
        self.imputed = 0.0
        self.unfit = "error"        # what a feature gives for which no parameters can be derived
        self.empty = None           # the same without values; None: as `unfit` says
        self.skip_infinite = False
        self.quantiles = "exact"
        self.bounded = False        # for method power: another lambda is used rather than failing
        self.is_global = False
        self.intercept, self.intercept_number, self.multiplier = "number", 0.0, 1.0
        self.center, self.scale = 0.0, 1.0

    def copy(self) -> _FeatureSpec:
        made = copy.copy(self)
        made.options = list(self.options)
        return made

    def option(self, name: str, default=0.0):
        place, width = _option_place(self.method, name)
        return self.options[place] if width else default

    def set_method(self, name: str):
        """Option "method" is also one of method power, so the two values of that name method power here."""
        choices = next(option.choices for option in _method_named("power").options if option.name == "method")
        method = _method_named("power") if name in choices else _find_method(name)
        if method is not self.method:
            self.options = _default_options(method)
        self.method = method
        if name in choices:
            self.options[_option_place(method, "method")[0]] = float(choices.index(name))

    def needs_quantiles(self) -> bool:
        """Return whether the method or a policy needs quantiles, from where option "quantiles" says."""
        return _DERIVATIONS[self.method.name].needs_values or self.missing == "median"

    def needs_own_values(self) -> bool:
        """Return whether a policy is derived from the feature's own values, even if the method needs none."""
        return self.outside != "keep" or self.intercept != "number" or self.missing in _MISSING[5:]

    def is_shifted(self) -> bool:
        return self.intercept != "number" or self.intercept_number != 0 or self.multiplier != 1

    def needs_every_value(self) -> bool:
        """Return whether the feature needs all of its values, rather than a distribution: nothing stands for the most frequent one."""
        return self.missing == "most_frequent" or (self.needs_quantiles() and self.quantiles == "exact")


class _FitSpec:
    """What is done to all features."""

    def __init__(self, method: _Method):
        self.common = _FeatureSpec(method)
        self.distribution = _DEFAULT_BINS
        self.columns = None         # names, or "numeric"
        self.exclude, self.names, self.target = [], None, []
        self.overrides = {}

    def of(self, name: str | None) -> _FeatureSpec:
        return self.overrides.get(name, self.common)


# ---- values of options ----

def _json_kind(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, (bool, np.bool_)):
        return "boolean"
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, collections.abc.Mapping):
        return "object"
    if isinstance(value, (list, tuple, np.ndarray)) or hasattr(value, "tolist"):       # also an Index of pandas
        return "array"
    return f"a Python {type(value).__name__}"


def _bad_option(key: str, value, expected: str):
    kind = _json_kind(value)
    shown = f'"{value}"' if kind == "string" else f'"{_number_text(value)}"' if kind == "number" else f"JSON {kind}"
    raise Error(_BAD_PARAMETER, f'invalid value for option "{key}": {shown}', hint=f"It must be {expected}.")


def _number_text(value) -> str:
    return str(value) if isinstance(value, numbers.Integral) else _float_text(float(value))


def _option_number(value) -> float | None:
    """A number as a float64; None if it is none, or beyond float64."""
    if _json_kind(value) != "number":
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _chosen(value, names) -> str | None:
    return value if isinstance(value, str) and value in names else None


def _name_list(key: str, value) -> list:
    if _json_kind(value) != "array":
        _bad_option(key, value, "an array of names")
    for name in value:
        if not isinstance(name, str):
            _bad_option(key, value, "an array of names, each a string")
    return [str(name) for name in value]


def _read_columns(spec, feature, key, value):
    if isinstance(value, str) and value == "numeric":
        spec.columns = value
        return
    if _json_kind(value) != "array" or len(value) == 0:
        _bad_option(key, value, 'an array of at least one name, or "numeric" for all columns that are numeric or boolean')
    spec.columns = _name_list(key, value)


def _read_exclude(spec, feature, key, value):
    spec.exclude = _name_list(key, value)
    _check_names(spec.exclude)


def _read_given_names(spec, feature, key, value):
    spec.names = _name_list(key, value)
    if not spec.names:
        _bad_option(key, value, "an array of one name for each feature")


def _read_target(spec, feature, key, value):
    spec.target = [value] if isinstance(value, str) else _name_list(key, value)
    _check_names(spec.target)


def _read_distribution(spec, feature, key, value):
    number = _option_number(value)
    if isinstance(value, (bool, np.bool_)):
        spec.distribution = _DEFAULT_BINS if value else 0
    elif number is not None and number in _HISTOGRAM_SIZES:
        spec.distribution = int(number)
    else:
        _bad_option(key, value, f"true, false, or a number of bins from {_HISTOGRAM_SIZES[0]} to {_HISTOGRAM_SIZES[-1]}")


def _read_quantiles(spec, feature, key, value):
    feature.quantiles = _chosen(value, ("exact", "histogram")) or _bad_option(key, value, '"exact" or "histogram"')


def _read_missing(spec, feature, key, value):
    number = _option_number(value)
    if number is not None:
        feature.missing, feature.imputed = "constant", number + 0.0
        return
    if value == "constant" or not _chosen(value, _MISSING):
        _bad_option(key, value, '"keep", "nan", "error", a number, "zero", "mean", "median", "min", "max" or "most_frequent"')
    feature.missing = value


def _read_outside(spec, feature, key, value):
    feature.outside = _chosen(value, _OUTSIDE) or _bad_option(key, value, '"keep", "clip", "null" or "error"')


def _read_constant(spec, feature, key, value):
    feature.constant = _chosen(value, _CONSTANT) or _bad_option(key, value, '"unit", "null" or "error"')


def _read_unfit(spec, feature, key, value):
    feature.unfit = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_empty(spec, feature, key, value):
    feature.empty = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_infinite(spec, feature, key, value):
    feature.skip_infinite = (_chosen(value, ("error", "skip")) or _bad_option(key, value, '"error" or "skip"')) == "skip"


def _read_global(spec, feature, key, value):
    if not isinstance(value, (bool, np.bool_)):
        _bad_option(key, value, "true or false")
    feature.is_global = bool(value)


def _read_intercept(spec, feature, key, value):
    number = _option_number(value)
    feature.intercept, feature.intercept_number = "number", 0.0 if number is None else number
    if number is None:
        if value == "number" or not _chosen(value, _INTERCEPTS):
            _bad_option(key, value, 'a number, "min", "mean", "max", "-min", "-mean" or "-max"')
        feature.intercept = value


def _read_multiplier(spec, feature, key, value):
    number = _option_number(value)
    feature.multiplier = _bad_option(key, value, "a number") if number is None else number


def _read_center(spec, feature, key, value):
    number = _option_number(value)
    feature.center = _bad_option(key, value, "a number") if number is None else number


def _read_scale(spec, feature, key, value):
    number = _option_number(value)
    feature.scale = number or _bad_option(key, value, "a number other than zero")


def _read_max_quantiles(spec, feature, key, value):
    number = _option_number(value)
    if number is None or not 1 <= number <= 100000 or number != math.floor(number):
        _bad_option(key, value, "a whole number between 1 and 100000")
    feature.options[_option_place(feature.method, "n_quantiles")[0]] = -number


def _read_lambda(spec, feature, key, value):
    feature.bounded = (_chosen(value, ("exact", "bounded")) or _bad_option(key, value, '"exact" or "bounded"')) == "bounded"


# ---- the table ----

class _FitOption(NamedTuple):
    """An option that is not one of a method."""

    name: str
    read: Any                   # None for "features", which is read after all others
    inputs: tuple = ("array", "row", "profile")
    per_feature: bool = False   # allowed inside "features" as well
    beside: str = ""            # only for methods with this option
    given: bool = False         # only for methods whose parameters are options

    def is_of(self, method: _Method) -> bool:
        return (not self.given or _DERIVATIONS[method.name].given) and (
            not self.beside or _option_place(method, self.beside)[1] > 0)


_FIT_OPTIONS = (
    _FitOption("columns", _read_columns, ("row",)),
    _FitOption("exclude", _read_exclude, ("row",)),
    _FitOption("names", _read_given_names, ("array",)),
    _FitOption("target", _read_target),
    _FitOption("distribution", _read_distribution, ("array", "row")),
    _FitOption("features", None),
    _FitOption("missing", _read_missing, per_feature=True),
    _FitOption("outside", _read_outside, per_feature=True),
    _FitOption("constant", _read_constant, per_feature=True),
    _FitOption("unfit", _read_unfit, per_feature=True),
    _FitOption("empty", _read_empty, per_feature=True),
    _FitOption("infinite", _read_infinite, per_feature=True),
    _FitOption("quantiles", _read_quantiles, per_feature=True),
    _FitOption("global", _read_global, per_feature=True),
    _FitOption("intercept", _read_intercept, per_feature=True),
    _FitOption("multiplier", _read_multiplier, per_feature=True),
    _FitOption("center", _read_center, per_feature=True, given=True),
    _FitOption("scale", _read_scale, per_feature=True, given=True),
    _FitOption("max_quantiles", _read_max_quantiles, per_feature=True, beside="n_quantiles"),
    _FitOption("lambda", _read_lambda, per_feature=True, beside="method"),
)

_OTHER_INPUT = {
    "array": 'An array has no columns; "names" gives its features names.',
    "row": 'The features of a row are named by its columns; choose them with "columns".',
    "profile": "The features and distribution of a profile are fixed when it is made."}


# ---- reading ----

def _find_method(name) -> _Method:
    method = _method_named(name) if isinstance(name, str) else None
    if method is None:
        raise Error("0A000", f'this version of normfreeze does not fit method "{name}"',
                    hint=f"The methods are: {', '.join(known for known in _METHOD_CODES if known in _DERIVATIONS)}.")
    return method


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
    values = [_option_number(one) for one in given]
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


def _unknown_option(key, method: _Method, inputs, per_feature: bool):
    known = ["method"] * per_feature + [option.name for option in method.options]
    known += [option.name for option in _FIT_OPTIONS if set(option.inputs) & set(inputs) and
              (not per_feature or option.per_feature) and option.is_of(method)]
    raise Error(_BAD_PARAMETER, f'unknown option "{key}" for method {method.name}', hint=f"The options are: {', '.join(known)}.")


def _read_options_of(spec: _FitSpec, feature: _FeatureSpec, options, inputs, per_feature: bool):
    """Read the options of a fit, or those of one feature only."""
    if "n_quantiles" in options and "max_quantiles" in options:
        raise Error(_BAD_PARAMETER, 'options "n_quantiles" and "max_quantiles" contradict each other',
                    hint="Say either how many quantiles there shall be, or how many at most.")
    for key, value in options.items():
        if per_feature and key == "method":
            continue
        own = next((option for option in feature.method.options if option.name == key), None)
        if own:
            place, width = _option_place(feature.method, key)
            feature.options[place:place + width] = _read_method_option(own, value)
            continue
        option = next((option for option in _FIT_OPTIONS if option.name == key and
                       (option.per_feature or not per_feature) and option.is_of(feature.method)), None)
        if option is None:
            _unknown_option(key, feature.method, inputs, per_feature)
        if not set(option.inputs) & set(inputs):
            raise Error(_BAD_PARAMETER, f'option "{key}" does not apply to this kind of input', hint=_OTHER_INPUT[inputs[0]])
        option.read(spec, feature, key, value)


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
        _read_options_of(spec, feature, member, ("array", "row", "profile"), True)
        spec.overrides[name] = feature


def _check_shift(feature: _FeatureSpec):
    """Fail unless the method can have an intercept and a multiplier, which stand in for the output ranges of minmax and maxabs."""
    if not feature.is_shifted():
        return
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


def _parse_fit_options(method, options, kind: str) -> _FitSpec:
    """Parse and check the options of a fit of an "array", a "row" or a "profile"; they are an object, its JSON, or None."""
    spec = _FitSpec(_find_method(method))
    options = _options_object(options)
    _read_options_of(spec, spec.common, {key: value for key, value in options.items() if key != "features"}, (kind,), False)
    # features inherit everything else, so they are read last
    if "features" in options:
        _read_features_option(spec, options["features"])
    for feature in (spec.common, *spec.overrides.values()):
        if feature.quantiles == "histogram" and spec.distribution == 0:
            raise Error(_BAD_PARAMETER, 'option "quantiles" cannot be "histogram" without a distribution',
                        hint='Leave out {"distribution": false}.')
        _check_shift(feature)
    if spec.columns is not None and spec.exclude:
        raise Error(_BAD_PARAMETER, 'options "columns" and "exclude" contradict each other',
                    hint="Name either the columns to take or the columns to leave out.")
    return spec


def _options_object(options):
    if options is None:
        return {}
    if isinstance(options, str):
        try:
            options = json.loads(options)
        except ValueError as problem:
            raise Error("22P02", "invalid input syntax for type json", str(problem)) from None
    if _json_kind(options) != "object":
        raise Error(_BAD_PARAMETER, f"options must be a JSON object, not {_json_kind(options)}",
                    hint='For example: {"columns": ["age", "income"]}.')
    return options


# ---- names ----

def _name_alike(wanted: str, names) -> str:
    """A sentence on the first name that differs from the wanted one only in case or Unicode normal form, or nothing."""
    normal = unicodedata.normalize("NFC", wanted)
    for name in names:
        if not isinstance(name, str):
            continue
        if unicodedata.normalize("NFC", name) == normal:
            return (f"There is {_string(name).encode('ascii', 'backslashreplace').decode()}, which is another Unicode normal form of it: "
                    "bring names to one form.  ")
        if unicodedata.normalize("NFC", name.lower()) == normal.lower():
            return f'There is "{name}", which differs in case.  '
    return ""


def _check_spec_names(spec: _FitSpec, names, count: int):
    """Fail unless all names in options "features" and "target" are those of features, and some feature is not a target."""
    known = set(names or ())
    for option, wanted in [("features", name) for name in spec.overrides] + [("target", name) for name in spec.target]:
        if wanted not in known:
            raise Error("42703", f'option "{option}" names "{wanted}", which is not a feature',
                        hint=_name_alike(wanted, names) + 'The features are the columns that options choose, or what "names" calls '
                        "the values of an array." if names else 'The features of arrays get names with option "names".')
    if spec.target and len(spec.target) >= count:
        raise Error(_BAD_PARAMETER, "every feature is a target", hint="Leave at least one feature for rows to be normalized by.")
