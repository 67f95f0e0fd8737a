"""The options of from_parameters(), checked in the order of jsonb, and the arithmetic that they say (src/pg/exchange/parameter_options.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math

import numpy as np

from .parameter_blocks import _PAIRS, _is_interval, _statistic
from ..base.strict_json import _number
from ..base.text import Error
from ..fit.read_options import _read_step_specs, _settle_domains
from ..fit.spec import _FeatureSpec, _FitSpec, _bad_option, _find_method
from ..scaler.derive import _DERIVATIONS, _formula_of
from ..scaler.formulas import _DTYPES
from ..scaler.methods import _MOST_STEPS
from ..scaler.recipe import _Domain, _Step


# ---- what each may be ----

def _check_path(key, value):
    if not isinstance(value, (str, list)):
        _bad_option(key, value, "a key, or an array of keys and positions")
    for step in value if isinstance(value, list) else ():
        number = None if isinstance(step, str) else _number(step)
        if not isinstance(step, str) and not (number is not None and 0 <= number < 2**31 - 1 and number == math.floor(number)):
            _bad_option(key, value, "a key, or an array of keys and positions from 0 on")


def _check_keys(key, value):
    if not isinstance(value, dict):
        _bad_option(key, value, 'an object such as {"mean": "mu", "std": "s"}')
    for statistic, said in value.items():
        if _statistic(statistic) in (None, "features"):
            raise Error("22023", f'option "keys" has "{statistic}", which is no statistic', hint="It says what a statistic "
                        f'is called in the file, as in {{"keys": {{"std": "{statistic}"}}}}.')
        if not isinstance(said, str):
            _bad_option(statistic, said, "the key that the statistic has, a string")


def _are_strings(value):
    return isinstance(value, list) and all(isinstance(element, str) for element in value)


def _check_ignore(key, value):
    if not isinstance(value, bool) and not _are_strings(value):
        _bad_option(key, value, "an array of keys, in which * stands for any text, or true for whatever is used for nothing")


def _check_names_option(key, value):
    if not isinstance(value, str) and not _are_strings(value):
        _bad_option(key, value, "an array of names, or the key of one")


def _one_of(*choices):
    texts = [f'"{choice}"' for choice in choices]
    expected = ", ".join(texts[:-1]) + " or " + texts[-1]

    def check(key, value):
        if not isinstance(value, str) or value not in choices:
            _bad_option(key, value, expected)
    return check


def _check_epsilon(key, value):
    if _number(value) is None or value < 0:
        _bad_option(key, value, "a number not below zero")


def _two_numbers(expected, or_boolean):
    def check(key, value):
        if not (or_boolean and isinstance(value, bool)) and not _is_interval(value):
            _bad_option(key, value, expected)
        if not or_boolean and value[0] == value[1]:
            _bad_option(key, value, "an array of two different numbers in ascending order, such as [-1, 1]")
    return check


def _check_mask(key, value):
    if not isinstance(value, list):
        _bad_option(key, value, "an array with true or false for each feature")


_TWO_NUMBERS = "an array of two numbers in ascending order"
_OPTIONS = {
    "path": _check_path, "keys": _check_keys, "names": _check_names_option, "ignore": _check_ignore, "shape": _one_of(*_PAIRS, "points"),
    "eps": _check_epsilon, "eps_in": _one_of("scale", "variance", "floor", "zero"), "zero": _one_of("error", "one", "result_zero"),
    "to": _two_numbers(_TWO_NUMBERS + ", such as [-1, 1]", False), "clip": _two_numbers(_TWO_NUMBERS + ', such as [-1, 1], or true for the range of "to"', True),
    "clip_input": _two_numbers("true for the range that the parameters say, or " + _TWO_NUMBERS, True), "mask": _check_mask,
    "dtype": _one_of("float64", "float32", "single", "transformers"),
    "before": lambda key, value: None,       # its steps are read last: their parameters have the dtype
}


def _check_parameter_options(options):
    for key, value in options.items():
        if key not in _OPTIONS:
            raise Error("22023", f'unknown option "{key}" for parameters',
                        hint="The options are: " + ", ".join(f'"{name}"' for name in _OPTIONS) + ".")
        _OPTIONS[key](key, value)


# ---- the arithmetic ----

class _Arithmetic:
    """What the options say of the arithmetic."""

    def __init__(self, options):
        dtype = options.get("dtype", "float64")
        self.after_rescale = dtype == "transformers"
        self.dtype = "float64" if self.after_rescale else dtype
        self.single = dtype in ("float32", "transformers")
        self.eps, self.place = options.get("eps"), options.get("eps_in")
        if self.place and self.eps is None:
            raise Error("22023", 'option "eps_in" needs option "eps"')
        self.place = self.place or ("scale" if self.eps is not None else None)
        self.zero = options.get("zero")
        self.to = self._interval(options, "to")
        self.clips_to = options.get("clip") is True
        self.clip = None if isinstance(options.get("clip"), bool) else self._interval(options, "clip")
        self.clips_input = options.get("clip_input", False) is not False
        self.input_range = None if isinstance(options.get("clip_input"), bool) else self._interval(options, "clip_input")
        self.before = _read_first_steps(options["before"], self) if "before" in options else ()
        self.mask = options.get("mask")

    @staticmethod
    def _interval(options, key):
        value = options.get(key)
        return None if value is None else (float(value[0]), float(value[1]))

    def parameter(self, value):
        with np.errstate(over="ignore"):
            return value if self.dtype == "float64" else float(np.float32(value))

    def operation(self, value):
        with np.errstate(over="ignore"):
            return float(np.float32(value)) if self.single else value

    def divisor(self, spread):
        """src/core/scaler/divisor.c"""
        if spread == 0 and self.zero:
            return 0.0 if self.zero == "error" else 1.0
        eps = self.operation(float(self.eps or 0))
        if self.place == "scale":
            return self.operation(spread + eps)
        if self.place == "variance":
            return self.operation(math.sqrt(self.operation(spread + eps)))
        if self.place == "floor":
            return max(spread, eps)
        return eps if self.place == "zero" and spread == 0 else spread


# ---- steps before ----

def _made_step(spec, how):
    """src/pg/exchange/parameter_before.c"""
    formula, given = _formula_of(spec.method, spec.options), _DERIVATIONS[spec.method.name].given
    if not given and (_DERIVATIONS[spec.method.name].needs_values or formula.parameters):
        raise Error("22023", f"method {spec.method.name} cannot be a step before parameters",
                    "It is fitted to values, and there are none.", "Steps without parameters are log1p, sqrt and the like; a shift "
                    'and a scale are those of method affine, {"method": "affine", "center": 0, "scale": 255}.')
    domain = _Domain(spec.domain) if formula.domain is not None and spec.domain != "keep" else None
    if domain and domain.policy == "clip":
        raise Error("22023", 'option "domain" of a step before parameters cannot be "clip"', "There are no training values to clip to.",
                    'Choose "error" or "null", or say the range with option "clip_input".')
    parameters = tuple(how.parameter(value) + 0.0 for value in (spec.center, spec.scale)) if given else ()
    if given and (not all(map(math.isfinite, parameters)) or parameters[1] == 0):
        raise Error("22003", f"a parameter of step {spec.method.name} is beyond float4")
    return _Step(spec.method, tuple(spec.options), formula, parameters, None, domain, False, given)


def _read_first_steps(value, how):
    """The steps that are applied to a value first, as a fit takes them."""
    steps = value if isinstance(value, list) else [value]
    if not 1 <= len(steps) < _MOST_STEPS:
        _bad_option("before", value, f"a step, or an array of 1 to {_MOST_STEPS - 1} steps")
    identity = _find_method("identity")
    feature = _FeatureSpec(identity)
    feature.domain = "error"
    _read_step_specs(_FitSpec(identity), feature, steps, "before")
    _settle_domains(feature)
    return tuple(_made_step(step, how) for step in feature.steps)
