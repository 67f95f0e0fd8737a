"""What is done to each feature, by the options of a fit (src/pg/fit/fit_spec.h)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import collections.abc
import copy
import decimal
import math
import numbers
from typing import Any, NoReturn

import numpy as np

from ..apply.rows import _name_alike
from ..base.strict_json import _jsonb_number
from ..base.text import Error, _float_text
from ..scaler.derive import _DERIVATIONS, _default_options, _formula_of, _method_named, _option_place, _usual_domain
from ..scaler.derive_range import _range_follows_from_moments, _range_needs_values
from ..scaler.derive_steps import _StepSpec, _follows_from_moments, _follows_from_range
from ..scaler.function_moments import _is_function
from ..scaler.methods import _METHOD_CODES, _MISSING, _Method
from ..scaler.range_rule import _RangeRule

_BAD_PARAMETER = "22023"
_DEFAULT_BINS = 512


def _find_method(name) -> _Method:
    method = _method_named(name) if isinstance(name, str) else None
    if method is None:
        raise Error("0A000", f'this version of normfreeze does not fit method "{name}"',
                    hint=f"The methods are: {', '.join(known for known in _METHOD_CODES if known in _DERIVATIONS)}.")
    return method


class _FeatureSpec:
    """What is done to one feature."""

    def __init__(self, method: _Method) -> None:
        self.method, self.options = method, _default_options(method)
        self.missing, self.outside, self.constant = "keep", "keep", "unit"
        self.range_rule: _RangeRule | None = None   # for the range of policy "outside"; None: that of training
        self.of_all = False         # with a rule, statistics are those of all values, not of what is inside
        self.imputed = 0.0
        self.unfit = "error"        # what a feature gives for which no parameters can be derived
        self.empty = None           # the same without values; None: as `unfit` says
        self.skip_infinite = False
        self.quantiles = "exact"
        self.bounded = False        # for method power: another lambda is used rather than failing
        self.is_global = False
        self.intercept, self.intercept_number, self.multiplier = "number", 0.0, 1.0
        self.center, self.scale = 0.0, 1.0
        self.clip = None            # the range of results, whatever the options of the method are
        self.domain = None          # a policy of all steps that say none
        self.steps: tuple[Any, ...] = ()        # _StepSpecs, if they were given; method and options are those of the last one

    def copy(self) -> _FeatureSpec:
        made = copy.copy(self)
        made.options = list(self.options)
        return made

    def option(self, name: str, default=0.0):
        place, width = _option_place(self.method, name)
        return self.options[place] if width else default

    def set_method(self, name: str):
        """Option "method" is also one of method power, so the two values of that name method power here."""
        power = _find_method("power")
        choices = next(option.choices for option in power.options if option.name == "method")
        method = power if name in choices else _find_method(name)
        if method is not self.method:
            self.options = _default_options(method)
        self.method, self.steps = method, ()
        if name in choices:
            self.options[_option_place(method, "method")[0]] = float(choices.index(name))

    def rule(self) -> _RangeRule | None:
        """The rule of the range, and what statistics are of."""
        return self.range_rule and self.range_rule._replace(of_all=self.of_all)

    def last_domain(self) -> str:
        """The domain policy of the last step."""
        return (self.steps[-1].domain if self.steps else self.domain) or _usual_domain(self.method, self.options)

    def derives_from_values(self) -> bool:
        """Return whether the steps need more of the values than their moments."""
        domain = _formula_of(self.method, self.options).domain
        return (_DERIVATIONS[self.method.name].needs_values or len(self.steps) > 1 or _range_needs_values(self.rule()) or
                (domain is not None and self.last_domain() in ("null", "clip")))

    def follows_from_range(self) -> bool:
        """
        Return whether the steps need no more than their moments and what becomes of their range, because no step behind a range
        that clips, or behind another step, needs sums.
        """
        rule, steps = self.rule(), self._all_steps()
        inside = rule is not None and not rule.of_all
        return (_range_follows_from_moments(rule, self.outside == "clip") and not self.is_shifted() and
                all(_follows_from_range(step, at == 0 and not inside, at == len(steps) - 1) for at, step in enumerate(steps)))

    def _all_steps(self) -> tuple[_StepSpec, ...]:
        return self.steps or (_StepSpec(self.method, tuple(self.options), self.last_domain()),)

    def first_functions(self) -> tuple[_StepSpec, ...]:
        """
        The functions without parameters that come first, and the step after them, if the steps need no more than what
        _FunctionMoments knows of these; () otherwise, or if they need less.
        """
        steps = self._all_steps()
        end = next((at for at, step in enumerate(steps[:-1]) if not _is_function(step)), len(steps) - 1)
        serves = (self.derives_from_values() and self.quantiles == "exact" and not self.follows_from_range() and
                  not _range_needs_values(self.rule()) and not self.is_shifted() and
                  _follows_from_moments(steps[end], end == len(steps) - 1) and
                  all(_follows_from_range(step, False, step is steps[-1]) for step in steps[end + 1:]))
        return steps[:end + 1] if serves else ()

    def needs_quantiles(self) -> bool:
        """Return whether the steps or a policy need quantiles, from where option "quantiles" says."""
        return self.derives_from_values() or self.missing == "median"

    def needs_own_values(self) -> bool:
        """Return whether a policy is derived from the feature's own values, even if the method needs none."""
        # a range by a rule is that of the values from which the parameters come
        return self.outside != "keep" and self.range_rule is None or self.intercept != "number" or self.missing in _MISSING[5:]

    def is_shifted(self) -> bool:
        return self.intercept != "number" or self.intercept_number != 0 or self.multiplier != 1

    def needs_every_value(self) -> bool:
        """Return whether the feature needs all of its values, rather than a distribution: nothing stands for the most frequent one."""
        needs_values = self.derives_from_values() and not self.follows_from_range() and not self.first_functions()
        return self.missing == "most_frequent" or (self.quantiles == "exact" and (needs_values or self.missing == "median"))


class _FitSpec:
    """What is done to all features."""

    def __init__(self, method: _Method):
        self.method = method        # that of the fit, which features have that say nothing else
        self.common = _FeatureSpec(method)
        self.distribution = _DEFAULT_BINS
        self.columns: Any = None    # names, or "numeric"
        self.names: list[str] | None = None
        self.exclude: list[str] = []
        self.target: list[str] = []
        self.range_statistics = False   # option "statistics" was given, for any feature
        self.overrides: dict[str, _FeatureSpec] = {}

    def of(self, name: str | None) -> _FeatureSpec:
        return self.common if name is None else self.overrides.get(name, self.common)


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


def _bad_option(key: str, value, expected: str) -> NoReturn:
    kind = _json_kind(value)
    shown = f'"{value}"' if kind == "string" else f'"{_jsonb_number(value)}"' if kind == "number" else kind if kind.startswith("a Python") else f"JSON {kind}"
    raise Error(_BAD_PARAMETER, f'invalid value for option "{key}": {shown}', hint=f"It must be {expected}.")



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


# ---- names ----

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
