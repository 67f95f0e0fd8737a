"""Recipes."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import collections.abc
import hashlib
import math
import struct
from typing import Any, NamedTuple

import numpy as np

from ..base.strict_json import (
    _DAMAGED, _boolean, _invalid, _number, _numbers, _rare_flag, _reject_unknown, _required, _required_interval,
    _required_number, _required_policy, _string)
from ..base.text import Error, _float_text
from .formulas import _DTYPES, _FORMULA_CODES, _FORMULA_NAMED, _Formula, _is_affine
from .methods import (
    _CONSTANT, _DOMAIN, _IMPUTING, _INTERCEPTS, _LONGEST_NAME, _METHODS, _METHOD_CODES, _MISSING, _MOST_STEPS, _Method,
    _OUTSIDE, _QUANTILES, _RANGE_UNKNOWN)
from .range_rule import _RangeRule, _RANGE_STATISTICS, _read_range_rule


class _Domain(NamedTuple):
    """What becomes of values for which a formula is not defined (src/core/scaler/domain.h)."""

    policy: str
    low: float = 0.0            # the range to which it clips
    high: float = 0.0


class _Step(NamedTuple):
    """A step before the last one."""

    method: _Method
    options: tuple
    formula: _Formula
    parameters: tuple
    table: Any
    domain: _Domain | None
    constant: bool
    imported: bool

    def clip(self):
        return self.method.clip(self.options) if self.method.clip else None


class _Feature(NamedTuple):
    name: str | None
    method: _Method
    options: tuple              # values, an interval's are two
    formula: _Formula
    parameters: tuple
    table: Any                  # array of quantiles, or None
    lower: float
    upper: float
    constant: bool
    target: bool
    missing: str
    imputed: float | None
    outside: str
    if_constant: str
    quantiles: str
    intercept: str | None
    is_global: bool
    imported: bool
    unfit: bool
    before: tuple = ()          # the steps before the last one, whose method, options, formula and parameters are above
    domain: _Domain | None = None       # of the last step
    clips: tuple | None = None  # the range of results, whatever the method's options are
    dtype: str = "float64"
    range_rule: _RangeRule | None = None    # of the range of policy "outside"; None for that of training

    def clip(self):
        if self.clips:
            return self.clips
        return self.method.clip(self.options) if self.method.clip else None

    def extras(self):
        """Return the bits of what a recipe needs format 2 for (src/core/scaler/recipe_extras.h)."""
        return (bool(self.before) + 2 * (self.clips is not None) + 4 * (self.range_rule is not None) +
                8 * (self.dtype != "float64") + 16 * (self.domain is not None))

    def range_is_known(self):
        return self.lower != -_RANGE_UNKNOWN or self.upper != _RANGE_UNKNOWN


def _read_options(said, method):
    values = []
    for option in method.options:
        if option.kind == "boolean":
            values.append(float(_required(said, option.name, "boolean")))
        elif option.kind == "choice":
            values.append(float(option.choices.index(_required_policy(said, option.name, option.choices))))
        elif option.kind == "interval":
            values += _required_interval(said, option.name)
        else:
            values.append(_required_number(said, option.name))
    _reject_unknown(said, [option.name for option in method.options])
    return tuple(values)


def _read_table(said, key):
    values = _required(said, key, "array")
    if not all(type(value) is float and -_RANGE_UNKNOWN <= value <= _RANGE_UNKNOWN for value in values):
        values = [_number(value) for value in values]
        if None in values:
            _invalid("numbers are expected for key", key)
    return np.array(values, np.float64) + 0.0


_FEATURE_KEYS = ("name", "method", "options", "formula", "parameters", "range", "constant", "target", "missing", "imputed",
                 "outside", "if_constant", "quantiles", "intercept", "global", "imported", "unfit", "before", "domain",
                 "domain_range", "clip", "dtype", "range_rule", "statistics")
_STEP_KEYS = ("method", "options", "formula", "parameters", "domain", "domain_range", "constant", "imported")


def _read_method(said) -> tuple[_Method, tuple[Any, ...], _Formula, tuple[Any, ...], Any]:
    """Return the method, options, formula, parameters and table of a feature or a step."""
    if _required(said, "method", "string") not in _METHOD_CODES:
        _invalid("unknown method", said["method"])
    method = _METHODS[_METHOD_CODES[said["method"]] - 1]
    options = _read_options(_required(said, "options", "object"), method)
    if _required(said, "formula", "string") not in _FORMULA_CODES:
        _invalid("unknown formula", said["formula"])
    formula = _FORMULA_NAMED[said["formula"]]
    parameters = _required(said, "parameters", "object")
    values = tuple(_required_number(parameters, key) for key in formula.parameters)
    table = _read_table(parameters, formula.table) if formula.table else None
    _reject_unknown(parameters, formula.parameters + (formula.table,))
    return method, options, formula, values, table


def _read_domain(said):
    if "domain" not in said:
        if "domain_range" in said:
            _invalid("nothing is clipped, but there is a key", "domain_range")
        return None
    policy = _required_policy(said, "domain", _DOMAIN)
    if policy == "keep":        # which is not written
        _invalid("unknown value for key", "domain")
    if policy == "clip":
        return _Domain(policy, *_required_interval(said, "domain_range"))
    if "domain_range" in said:
        _invalid("nothing is clipped, but there is a key", "domain_range")
    return _Domain(policy)


def _read_step(said) -> _Step:
    if not isinstance(said, dict):
        _invalid("an object is expected in", "before")
    _reject_unknown(said, _STEP_KEYS)
    return _Step(*_read_method(said), _read_domain(said), _rare_flag(said, "constant"), _rare_flag(said, "imported"))


def _read_before(said):
    if "before" not in said:
        return ()
    steps = _required(said, "before", "array")
    if not 1 <= len(steps) < _MOST_STEPS:
        _invalid("an impossible number of steps for key", "before")
    return tuple(map(_read_step, steps))


def _read_feature(said, named: bool) -> _Feature:
    if not isinstance(said, dict):
        _invalid("an object is expected in", "features")
    _reject_unknown(said, _FEATURE_KEYS)
    name = _required(said, "name", "string" if named else "null")
    of_method = _read_method(said)
    limits = -_RANGE_UNKNOWN, _RANGE_UNKNOWN
    if "range" not in said or said["range"] is not None:
        limits = _required_interval(said, "range")
    missing = _required_policy(said, "missing", _MISSING)
    imputed = None
    if missing in _IMPUTING:
        imputed = _required_number(said, "imputed")
    elif "imputed" in said:
        _invalid("nothing is imputed, but there is a key", "imputed")
    return _Feature(
        name, *of_method, *limits, _required(said, "constant", "boolean"),
        _required(said, "target", "boolean"), missing, imputed, _required_policy(said, "outside", _OUTSIDE),
        _required_policy(said, "if_constant", _CONSTANT), _required_policy(said, "quantiles", _QUANTILES),
        _required_policy(said, "intercept", _INTERCEPTS) if "intercept" in said else None,
        _rare_flag(said, "global"), _rare_flag(said, "imported"), _rare_flag(said, "unfit"), _read_before(said),
        _read_domain(said), _required_interval(said, "clip") if "clip" in said else None,
        _required_policy(said, "dtype", _DTYPES[1:]) if "dtype" in said else "float64", _read_range_rule(said))


def _option_is_sound(option, values):
    if not all(option.least <= value <= option.greatest for value in values):
        return False
    if option.kind == "interval":
        return values[0] < values[1] or (values[0] == values[1] and not option.strict)
    return option.kind == "number" or values[0] == math.floor(values[0])


def _formula_fits(f: _Feature | _Step) -> bool:
    """Return whether a feature or a step of this method may have this formula."""
    usual = f.method.formulas[int(f.options[f.method.decides])] if len(f.method.formulas) > 1 else f.method.formulas[0]
    if getattr(f, "unfit", False):
        return f.formula.name == "identity"
    if getattr(f, "intercept", None) is not None:
        return f.formula.name == "scale_shift" and f.method.shifts
    if f.imported and _is_affine(_FORMULA_NAMED[usual]):
        return _is_affine(f.formula)
    if f.imported and f.formula.name in ("yeo_johnson_cast", "norm_l1_in_order", "norm_l2_in_order"):
        return usual == f.formula.name.removesuffix("_cast").removesuffix("_in_order")
    return f.formula.name == usual


def _method_problem(f: _Feature | _Step) -> str | None:
    """Return what is wrong with the method, options, formula and parameters of a feature or a step."""
    at = 0
    for option in f.method.options:
        width = 2 if option.kind == "interval" else 1
        last = len(option.choices) - 1 if option.kind == "choice" else option.greatest
        if not _option_is_sound(option._replace(greatest=last), f.options[at:at + width]):
            return "an option of a method is out of range"
        at += width
    if not _formula_fits(f):
        return "the formula does not belong to the method"
    if 0 in [value for name, value in zip(f.formula.parameters, f.parameters) if name == "scale"]:
        return "a scale is zero"
    if f.table is not None:
        if len(f.table) == 0:
            return "a table is empty"
        if (np.diff(f.table) < 0).any():
            return "quantiles are not in ascending order"
        if f.options[0] != len(f.table):
            return "the number of quantiles is not the one its options say"
    return None


def _domain_problem(f: _Feature | _Step) -> str | None:
    if f.domain is None:
        return None
    if f.formula.domain is None:
        return "a formula that is defined for all numbers has a domain"
    bounds = np.array([f.domain.low, f.domain.high])
    if f.domain.policy == "clip" and (bounds[0] > bounds[1] or not f.formula.domain.includes(bounds).all()):
        return "the range of a domain is not one"
    return None


def _steps_problem(f: _Feature) -> str | None:
    if f.formula.norm or any(step.formula.norm for step in f.before):
        return "a norm of rows is a step"
    if f.unfit or f.intercept is not None:
        return "a feature with steps contradicts itself"
    problems = (_method_problem(step) or _domain_problem(step) for step in f.before)
    return next((problem for problem in problems if problem), None)


def _clip_problem(f: _Feature) -> str | None:
    if f.clips and f.clips[0] > f.clips[1]:
        return "results are clipped to no range"
    if f.clips and (not _is_affine(f.formula) or f.method.clip and f.method.clip(f.options)):
        return "results are not to be clipped"
    return None


def _dtype_problem(f: _Feature) -> str | None:
    if f.dtype == "float64":
        return None
    if f.formula.norm:
        return "a norm of rows has a dtype"
    single = list(f.clips or ())
    if f.dtype == "float32":
        single += [value for step in (*f.before, f) for value in step.parameters]
    return "a parameter is not of its dtype" if any(value != float(np.float32(value)) for value in single) else None


def _range_problem(f: _Feature) -> str | None:
    rule = f.range_rule
    if rule is None:
        return None
    if f.outside == "keep":
        return "there is a rule for a range, and values outside are kept"
    if rule.open_low and f.lower != -_RANGE_UNKNOWN or rule.open_high and f.upper != _RANGE_UNKNOWN:
        return "a range that is open at one end ends there"
    return None


def _feature_problem(f: _Feature) -> str | None:
    problem = _method_problem(f)
    if problem:
        return problem
    if f.unfit and (not f.constant or f.if_constant == "error" or f.intercept is not None):
        return "a feature without parameters contradicts itself"
    if f.is_global and f.imported:
        return "what was imported cannot be global"
    if f.lower > f.upper:
        return "a training range is not one"
    return (_clip_problem(f) or _dtype_problem(f) or (_steps_problem(f) if f.before else None) or _range_problem(f) or
            _domain_problem(f))


def _check_names(names):
    for i, name in enumerate(names, 1):
        length = len(name.encode("utf-8"))
        if length == 0:
            raise Error("42602", f"the name of feature {i} is empty")
        if length > _LONGEST_NAME:
            raise Error("42622", f"the name of feature {i} has {length} bytes, more than {_LONGEST_NAME}")
    for name, times in collections.Counter(names).items():
        if times > 1:
            raise Error("42701", f'feature "{name}" is named twice')


def _varint(n: int) -> bytes:
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def _counted(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _doubles(values) -> bytes:
    return np.asarray(values, "<f8").tobytes()


def _parameter_bytes(f: _Feature | _Step) -> bytes:
    """Return the bytes of the options and parameters of a feature or a step."""
    out = _doubles(f.options) + _doubles(f.parameters)
    return out if f.table is None else out + _varint(len(f.table)) + _doubles(f.table)


def _domain_bytes(domain: _Domain | None) -> bytes:
    if domain is None:
        return b"\0"
    return bytes([_DOMAIN.index(domain.policy)]) + (_doubles(domain[1:]) if domain.policy == "clip" else b"")


def _step_bytes(step: _Step) -> bytes:
    head = [_METHOD_CODES[step.method.name], _FORMULA_CODES[step.formula.name], step.constant + 2 * step.imported]
    return bytes(head) + _parameter_bytes(step) + _domain_bytes(step.domain)


def _extra_bytes(f: _Feature) -> bytes:
    out = _varint(f.extras())
    if f.before:
        out += _varint(len(f.before)) + b"".join(map(_step_bytes, f.before))
    if f.clips is not None:
        out += _doubles(f.clips)
    if f.range_rule:
        rule = f.range_rule
        out += bytes([rule.kind.code, rule.open_low + 2 * rule.open_high + 4 * rule.of_all]) + _doubles(rule.numbers)
    if f.dtype != "float64":
        out += bytes([_DTYPES.index(f.dtype)])
    return out + (_domain_bytes(f.domain) if f.domain else b"")


def _recipe_format(features) -> int:
    return 2 if any(f.extras() for f in features) else 1


def _feature_bytes(f: _Feature, recipe_format: int) -> bytes:
    flags = f.constant + 2 * f.target + 4 * f.is_global + 8 * (f.intercept is not None) + 16 * f.imported + 32 * f.unfit
    out = _counted(f.name.encode("utf-8")) if f.name is not None else b""
    out += bytes([_METHOD_CODES[f.method.name], _FORMULA_CODES[f.formula.name], flags, _MISSING.index(f.missing),
                  _OUTSIDE.index(f.outside), _CONSTANT.index(f.if_constant), _QUANTILES.index(f.quantiles)])
    if f.intercept is not None:
        out += bytes([_INTERCEPTS[f.intercept]])
    out += _parameter_bytes(f) + _doubles((f.lower, f.upper) + (() if f.imputed is None else (f.imputed,)))
    return out + (_extra_bytes(f) if recipe_format == 2 else b"")


def _recipe_bytes(features, named: bool, weighted: bool, distribution: int) -> bytes:
    recipe_format = _recipe_format(features)
    return (bytes([recipe_format, named + 2 * weighted]) + _varint(len(features)) + _varint(distribution) +
            b"".join(_feature_bytes(f, recipe_format) for f in features))


def _fingerprint(format_: int, recipe: bytes, digest: bytes | None) -> bytes:
    return hashlib.sha256(b"normfreeze-scaler" + bytes([format_]) + struct.pack("<I", len(recipe)) + recipe +
                          (digest or bytes(32))).digest()


def _id_of(fingerprint: bytes) -> int:
    """Return the id: the first 63 bits of the fingerprint."""
    return int.from_bytes(fingerprint[:8], "big") >> 1


def _check_identity(said, fingerprint):
    expected, number = _required(said, "fingerprint", "string"), _required(said, "scaler_id", "string")
    if expected != fingerprint.hex() or number != str(_id_of(fingerprint)):
        raise Error(_DAMAGED, "damaged scaler: its fingerprint does not match its content",
                    f"It says {expected} (id {number}), its content has {fingerprint.hex()} (id {_id_of(fingerprint)}).",
                    "The text was edited or cut after it was written; fetch it again.")


def _method_json(f: _Feature | _Step) -> list:
    """Return the parts on the method of a feature or a step."""
    options, values = [], list(f.options)
    for option in f.method.options:
        value = values.pop(0)
        options.append(f'"{option.name}": ' + (
            _boolean(value) if option.kind == "boolean" else
            _string(option.choices[int(value)]) if option.kind == "choice" else
            _numbers((value, values.pop(0))) if option.kind == "interval" else _float_text(value)))
    parameters = [f'"{name}": {_float_text(value)}' for name, value in zip(f.formula.parameters, f.parameters)]
    if f.table is not None:
        parameters.append(f'"{f.formula.table}": {_numbers(f.table)}')
    return [f'"method": "{f.method.name}"', f'"options": {{{", ".join(options)}}}',
            f'"formula": "{f.formula.name}"', f'"parameters": {{{", ".join(parameters)}}}']


def _domain_json(domain: _Domain | None) -> list:
    if domain is None:
        return []
    return [f'"domain": "{domain.policy}"'] + [f'"domain_range": {_numbers(domain[1:])}'] * (domain.policy == "clip")


def _step_json(step: _Step) -> str:
    return "{" + ", ".join(_method_json(step) + _domain_json(step.domain) + ['"constant": true'] * step.constant +
                           ['"imported": true'] * step.imported) + "}"


def _feature_json(f: _Feature) -> str:
    limits = _numbers((f.lower, f.upper)) if f.range_is_known() or f.range_rule else "null"
    parts = [f'"name": {_string(f.name)}', *_method_json(f), f'"range": {limits}',
             f'"constant": {_boolean(f.constant)}', f'"target": {_boolean(f.target)}', f'"missing": "{f.missing}"']
    if f.imputed is not None:
        parts.append(f'"imputed": {_float_text(f.imputed)}')
    parts += [f'"outside": "{f.outside}"', f'"if_constant": "{f.if_constant}"', f'"quantiles": "{f.quantiles}"']
    # what is rare is said only where it is so
    if f.intercept is not None:
        parts.append(f'"intercept": "{f.intercept}"')
    parts += ['"global": true'] * f.is_global + ['"imported": true'] * f.imported + ['"unfit": true'] * f.unfit
    parts += [f'"before": [{", ".join(map(_step_json, f.before))}]'] * bool(f.before) + _domain_json(f.domain)
    parts += [f'"clip": {_numbers(f.clips or ())}'] * (f.clips is not None) + [f'"dtype": "{f.dtype}"'] * (f.dtype != "float64")
    if f.range_rule:
        parts += [f'"range_rule": {f.range_rule.text()}', f'"statistics": "{_RANGE_STATISTICS[f.range_rule.of_all]}"']
    return "{" + ", ".join(parts) + "}"


def _read_probe(said, key, width):
    """Return rows of probes: their values, and which of them are null."""
    rows = _required(said, key, "array")
    special = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
    values = np.full((len(rows), width), math.nan)
    nulls = np.zeros((len(rows), width), bool)
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            _invalid("an array with a value for each feature is expected in", key)
        for k, value in enumerate(row):
            nulls[i, k] = value is None
            number = math.nan if value is None else special.get(value) if isinstance(value, str) else _number(value)
            if number is None:
                _invalid("a number is expected in", key)
            values[i, k] = number
    return values, nulls


def _probe_json(values, nulls):
    def text(value, null):
        shown = _float_text(value)
        return "null" if null else shown if math.isfinite(value) else f'"{shown}"'

    return "[" + ", ".join("[" + ", ".join(map(text, *row)) + "]" for row in zip(values, nulls)) + "]"
