"""The table of a fit's options that are not of a method (src/pg/fit/fit_options.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .spec import _BAD_PARAMETER, _DEFAULT_BINS, _bad_option, _chosen, _json_kind, _name_list, _option_number
from ..base.text import Error
from ..scaler.derive import _DERIVATIONS, _option_place
from ..scaler.methods import _CONSTANT, _DOMAIN, _HISTOGRAM_SIZES, _INTERCEPTS, _MISSING, _Method, _OUTSIDE
from ..scaler.range_rule import _BadRule, _RANGE_STATISTICS, _parse_range_rule
from ..scaler.recipe import _check_names


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
    if not isinstance(value, str) or value == "constant" or not _chosen(value, _MISSING):
        _bad_option(key, value, '"keep", "nan", "error", a number, "zero", "mean", "median", "min", "max" or "most_frequent"')
    feature.missing = value


def _read_outside(spec, feature, key, value):
    feature.outside = _chosen(value, _OUTSIDE) or _bad_option(key, value, '"keep", "clip", "null" or "error"')


def _plain_json(value):
    """A value as JSON has it, of lists, dictionaries and floats; what is none of these stays."""
    kind = _json_kind(value)
    if kind == "number":
        number = _option_number(value)
        return str(value) if number is None else number
    if kind == "array":
        return [_plain_json(one) for one in value]
    return {key: _plain_json(one) for key, one in value.items()} if kind == "object" else value


def _read_range(spec, feature, key, value):
    if isinstance(value, str) and value == "training":
        feature.range_rule = None
        return
    try:
        feature.range_rule = _parse_range_rule(_plain_json(value), False)
    except _BadRule as problem:
        raise Error(_BAD_PARAMETER, f'invalid value for option "range": {problem}',
                    hint='It must be two percentiles, such as [1, 99], an object such as {"fraction": 0.05}, {"deviations": 3}, '
                    '{"mad": 3} or {"iqr": 1.5}, or "training".') from None


def _read_statistics(spec, feature, key, value):
    if _chosen(value, _RANGE_STATISTICS) is None:
        _bad_option(key, value, '"inside", for what the range leaves of the values, or "all"')
    feature.of_all = value == "all"
    spec.range_statistics = True


def _read_constant(spec, feature, key, value):
    feature.constant = _chosen(value, _CONSTANT) or _bad_option(key, value, '"unit", "null" or "error"')


def _read_unfit(spec, feature, key, value):
    feature.unfit = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_empty(spec, feature, key, value):
    feature.empty = _chosen(value, _CONSTANT) or _bad_option(key, value, '"error", "null" or "unit"')


def _read_domain_policy(spec, feature, key, value):
    feature.domain = _chosen(value, _DOMAIN[1:]) or _bad_option(key, value, '"error", "null" or "clip"')


def _read_infinite(spec, feature, key, value):
    feature.skip_infinite = (_chosen(value, ("error", "skip")) or _bad_option(key, value, '"error" or "skip"')) == "skip"


def _read_clip(spec, feature, key, value):
    """Methods with an option of this name have it for their own range, by true and false."""
    feature.clip = None
    if value is False:
        return
    ends = [_option_number(one) for one in value] if _json_kind(value) == "array" else []
    if len(ends) != 2 or None in ends or ends[0] > ends[1]:
        _bad_option(key, value, "an array of two numbers in ascending order, such as [-5, 5], or false")
    feature.clip = (ends[0] + 0.0, ends[1] + 0.0)
    place, width = _option_place(feature.method, "clip")
    if width:
        feature.options[place] = 0.0


def _read_global(spec, feature, key, value):
    if not isinstance(value, (bool, np.bool_)):
        _bad_option(key, value, "true or false")
    feature.is_global = bool(value)


def _read_intercept(spec, feature, key, value):
    number = _option_number(value)
    feature.intercept, feature.intercept_number = "number", 0.0 if number is None else number
    if number is None:
        if not isinstance(value, str) or value == "number" or not _chosen(value, _INTERCEPTS):
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
    read: Any                   # None for "features", which is read after all others, and "steps", read before
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
    _FitOption("range", _read_range, per_feature=True),
    _FitOption("statistics", _read_statistics, per_feature=True),
    _FitOption("constant", _read_constant, per_feature=True),
    _FitOption("unfit", _read_unfit, per_feature=True),
    _FitOption("empty", _read_empty, per_feature=True),
    _FitOption("domain", _read_domain_policy, per_feature=True),
    _FitOption("steps", None, per_feature=True),
    _FitOption("clip", _read_clip, per_feature=True),
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
