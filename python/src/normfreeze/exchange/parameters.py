"""Parameters as they lie in files (src/pg/exchange/from_parameters.c): the scaler that from_parameters() makes of them."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from .parameter_blocks import (
    _KEYS_OF, _NEEDS, _SHAPES, _UPPER_QUARTILE, _Words, _cannot, _find_blocks, _is_interval, _is_number,
    _is_points, _leaf, _text)
from .parameter_options import _Arithmetic, _check_parameter_options
from ..apply.scaler import Scaler
from ..base.strict_json import _boolean, _in_jsonb_order, _jsonb_number, _number
from ..base.text import Error, _number_of, _float_text
from ..fit.scalers import _make_probes
from ..scaler.formulas import _FORMULA_NAMED
from ..scaler.methods import _METHODS, _METHOD_CODES, _MOST_FEATURES, _RANGE_UNKNOWN
from ..scaler.recipe import _Feature, _check_names, _feature_json, _feature_problem, _fingerprint, _id_of, _recipe_bytes

# ---- features ----

class _Reader:
    """One feature, by its shape."""

    def __init__(self, how, block, i, label):
        self.how, self.block, self.i, self.label = how, block, i, label
        self.lower, self.upper, self.constant, self.clip = -_RANGE_UNKNOWN, _RANGE_UNKNOWN, False, None

    def invalid(self, key, value, must_be):
        _cannot(f'"{key}" of {self.label} is {value}, and must be {must_be}')

    def has(self, role):
        return role in self.block.values

    def number(self, role, least=None, value=None, zero=True):
        must_be = "a finite number" + ("" if least is None else " not below zero") + ("" if zero else " other than zero")
        value = self.block.value(role, self.i) if value is None else value
        key = self.block.keys.get(role, role)
        number = {"NaN": math.nan, "nan": math.nan, "inf": math.inf, "Infinity": math.inf, "-inf": -math.inf,
                  "-Infinity": -math.inf}.get(value) if isinstance(value, str) else _number(value)
        if number is None:
            self.invalid(key, "missing" if value is None and role not in self.block.values else _text(value), "a finite number")
        if not math.isfinite(number) or least is not None and number < least or number == 0 and not zero:
            self.invalid(key, _float_text(number + 0.0), must_be)
        single = self.how.parameter(number)
        if math.isinf(single):
            self.invalid(key, _text(value), "within float4")
        return single + 0.0

    def width(self, low, high):
        b, a = self.number(high), self.number(low)
        if b < a:
            self.invalid(self.block.keys[high], _float_text(b), f'at least "{self.block.keys[low]}", {_float_text(a)}')
        return a, self.how.operation(b - a)

    def divide(self, spread, role):
        divisor = self.how.divisor(spread)
        self.constant = spread == 0
        if divisor == 0:
            _cannot(f'{self.label} would be divided by 0, its "{self.block.keys[role]}"', hint='Say what the code beside the file '
                    'does: {"zero": "one"} divides by 1, {"zero": "result_zero"} gives 0, {"eps": 1e-8} is added to what divides.')
        if spread == 0 and self.how.zero == "result_zero":
            self.clip = (0.0, 0.0)
        return divisor

    def set_range(self, low, high):
        if self.has(low) and self.has(high):
            self.lower, self.upper = self.number(low), self.number(high)
            if self.upper < self.lower:
                self.invalid(self.block.keys[high], _float_text(self.upper),
                             f'at least "{self.block.keys[low]}", {_float_text(self.lower)}')

    def target(self, center, divisor, low, high):
        low = self.how.parameter(low)
        return "scale_shift", (center, divisor, self.how.operation(self.how.parameter(high) - low), low)

    def standard(self, first, second, is_end):
        center, key = self.number(first), "var" if self.how.place == "variance" else second
        if not self.has(key):
            said = self.block.keys[second]
            _cannot('"eps_in" is "variance", but there is no variance', hint=f'If the epsilon is added to "{said}", say {{"eps_in": '
                    f'"scale"}}; if "{said}" is a variance, say {{"keys": {{"var": "{said}"}}}}.')
        spread = self.number(key, 0)
        if key == "var" and self.how.place != "variance":
            spread = self.how.operation(math.sqrt(spread))
        if self.how.rescales:
            made = self.rescaled(center, spread, key)
        else:
            made = "subtract_divide", (center, self.divide(spread, key))
        self.set_range("data_min", "data_max")
        self.set_range("min", "max")
        return made

    def rescaled(self, center, spread, key):
        after = "_single" if self.how.after_rescale else ""
        if not self.how.normalizes:
            return "multiply" + after, (self.number("rescale_factor"),)
        if after:
            center, spread = float(np.float32(center)), float(np.float32(spread))
        return "rescale_subtract_divide" + after, (center, self.divide(spread, key), self.number("rescale_factor"))

    def robust(self, first, second, is_end):
        center = self.number(first)
        spread = self.width(second, _UPPER_QUARTILE[second])[1] if is_end else self.number(second, 0)
        made = "subtract_divide", (center, self.divide(spread, second))
        self.set_range("min", "max")
        return made

    def ends(self, first, second, is_end):
        low, spread = self.width(first, second) if is_end else (self.number(first), self.number(second, 0))
        divisor = self.divide(spread, second)
        made = ("subtract_divide", (low, divisor))
        if self.how.to and self.how.to != (0, 1) and not self.clip:
            made = self.target(low, divisor, *self.how.to)
        if self.how.shape == "quantiles" and not self.how.clips_input:
            self.set_range("min", "max")
        elif is_end:
            self.set_range(first, second)
        return made

    def sklearn_range(self, first, second, is_end):
        scale = self.number(second, zero=False)
        offset = self.number(first)
        self.set_range("data_min", "data_max")
        self.constant = self.lower == self.upper
        return "multiply_add", (scale, offset)

    def points(self, first, second, is_end):
        if self.has("points"):
            value = self.block.value("points", self.i)
            if not _is_points(value):
                self.invalid(self.block.keys["points"], _text(value), "two points, as in [[x0, y0], [x1, y1]]")
            (x0, y0), (x1, y1) = [[self.number("points", value=number) for number in point] for point in value]
        else:
            x0, x1, y0, y1 = map(self.number, ("x0", "x1", "y0", "y1"))
        if x0 == x1:
            _cannot(f"both points of {self.label} are at {_float_text(x0)}")
        self.lower, self.upper = min(x0, x1), max(x0, x1)
        return self.target(x0, self.how.operation(x1 - x0), y0, y1)

    def is_scaled(self, place):
        value = self.how.mask[place] if self.how.mask is not None else self.block.value("mask", self.i)
        if value not in (None, True, False, 0, 1) or value is None and self.how.mask is not None:
            self.invalid("mask", _text(value), "true or false")
        return value is None or bool(value)

    def feature(self, name, roles, place):
        formula, parameters, outside, before = "identity", (), "keep", ()
        if self.is_scaled(place):
            read = self.ends if self.how.shape in ("range", "quantiles") else getattr(self, self.how.shape)
            formula, parameters = read(*roles)
            before = self.how.before
            if before:      # the range that a file says is of what they have made of values
                self.lower, self.upper = -_RANGE_UNKNOWN, _RANGE_UNKNOWN
            if self.how.clip and not self.clip:
                self.clip = tuple(self.how.parameter(bound) + 0.0 for bound in self.how.clip)
            if self.how.clips_input:
                outside = "clip"
                if self.how.input_range:
                    self.lower, self.upper = map(self.how.parameter, self.how.input_range)
                if (self.lower, self.upper) == (-_RANGE_UNKNOWN, _RANGE_UNKNOWN):
                    _cannot(f'"clip_input" needs a range, and {self.label} has none',
                            'What the parameters say is the range after the steps of option "before".' if before else
                            "The parameters say none.", 'Give the bounds, as in {"clip_input": [0, 255]}.')
        return _Feature(name, _METHODS[_METHOD_CODES["affine"] - 1], (), _FORMULA_NAMED[formula],
                        tuple(value + 0.0 for value in parameters), None, self.lower + 0.0, self.upper + 0.0, self.constant, False,
                        "keep", None, outside, "unit", "none", None, False, True, False, before=before, clips=self.clip, dtype=self.how.dtype)


# ---- shapes ----

def _roles_of(shape, there, said):
    """How a shape is made of the statistics that there are, or None."""
    for row, first, second, is_end, only_said in _SHAPES:
        if row != shape or only_said and not said or first not in there or second not in {None, *there}:
            continue
        if shape == "robust" and is_end and _UPPER_QUARTILE[second] not in there or first == "x0" and not {"y0", "y1"} <= set(there):
            continue
        if shape == "sklearn_range" and not said and {"mean", "center", "median"} & set(there):
            continue
        return first, second, is_end
    return None


def _found(there):
    return "There are: " + (", ".join(f'"{role}"' for role in _KEYS_OF if role in there) or "none") + "."


def _shape_of(words, there):
    if words.shape:
        if _roles_of(words.shape, there, True) is None:
            _cannot(f'shape "{words.shape}" needs other statistics', _found(there),
                    f'Each shape has its own: {_NEEDS}. Say with option "keys" what they are called.')
        return words.shape
    fitting = [shape for shape in (*_PAIRS, "points") if _roles_of(shape, there, False)]
    if not fitting:
        _cannot("its keys make no shape", _found(there), f'Each shape has its own: {_NEEDS}. Say with option "keys" what they are '
                'called, or with "path" where they are.')
    if len(fitting) > 1:
        _cannot(f'its keys make shape "{fitting[0]}" and shape "{fitting[1]}"', _found(there),
                f'Say which with option "shape", as in {{"shape": "{fitting[0]}"}}.')
    return fitting[0]


def _refuse_unused(words, shape, roles, block):
    if words.shape or words.ignores_rest:
        return
    used = {roles[0], roles[1], *list(_KEYS_OF)[list(_KEYS_OF).index("do_rescale"):]}
    used |= {"standard": {"var", "rescale_factor"}, "robust": {_UPPER_QUARTILE.get(roles[1])} if roles[2] else set(),
             "range": {"range"}, "sklearn_range": {"data_min", "data_max", "range"}, "points": {"x0", "y0", "x1", "y1"}}.get(shape, set())
    for low, high in (("min", "max"), ("data_min", "data_max")):
        if shape in ("standard", "robust", "quantiles") and low in block.values and high in block.values:
            used |= {low, high}
    for role in _KEYS_OF:
        if role in block.values and role not in used:
            _cannot(f'"{block.keys[role]}" is used for nothing by shape "{shape}"', hint=f'Say that this is the shape with {{"shape": '
                    f'"{shape}"}}, or name the key in option "ignore".')


_NOWHERE = object()


def _next(node, step):
    """What a step of a path leads to."""
    if isinstance(node, dict):
        return node.get(str(step), _NOWHERE)
    return node[step] if isinstance(node, list) and not isinstance(step, str) and step < len(node) else _NOWHERE


def _names_on_path(words, root, path):
    """The list of names beside the parameters, or on the way to them."""
    found, node = None, root
    for step in [*path, None]:
        if isinstance(node, dict) and words.names_key in node:
            found = node[words.names_key]
        node = None if step is None else _next(node, step)
    if not isinstance(found, list):
        _cannot(f'"{words.names_key}" is {"missing" if found is None else _text(found)}, and must be an array of names, as option "names" says')
    return found


def _follow(root, options, words):
    """What option "path" leads to, and the names on the way."""
    path = options.get("path", [])
    path = [path] if isinstance(path, str) else [step if isinstance(step, str) else int(step) for step in path]
    names, node = None if words.names_key is None else _names_on_path(words, root, path), root
    for i, step in enumerate(path, 1):
        before, node = node, _next(node, step)
        if node is _NOWHERE:
            _cannot(f'option "path" leads nowhere: there is no "{step}"', f"Step {i} of it meets {_text(before)}.")
    return node, names


def _check_is_name(name, i):
    if not isinstance(name, str):
        _cannot(f'"names" of feature {i} is {_text(name)}, and must be a string')


def _ordered(words, blocks, names):
    by_name = {block.name: block for block in blocks}
    ordered, taken = [], set()
    for i, name in enumerate(names, 1):
        _check_is_name(name, i)
        if name not in by_name:
            _cannot(f'there is no feature "{name}", which is among the names', sqlstate="42703")
        if name in taken:
            raise Error("42701", f'feature "{name}" is named twice')
        taken.add(name)
        ordered.append(by_name[name])
    for block in blocks:
        if block.name not in taken and not words.ignores_rest:
            _cannot(f'"{block.name}" is used for nothing: it is not among the names',
                    hint='Add it to the names, or name it in option "ignore".')
    return ordered


def _named(words, blocks, names):
    """The blocks in order, and the names of all features."""
    lists = any(block.length_key for block in blocks)
    named = blocks[0].name is not None
    if names is not None and not names:
        _cannot('"names" is empty, and must be of at least one feature')
    if names is not None and named and not lists:
        blocks, names = _ordered(words, blocks, names), None
    if names is not None and len(blocks) == 1 and not lists:
        blocks[0].length = len(names)
    total = sum(block.length for block in blocks)
    if total > _MOST_FEATURES:
        raise Error("54000", f"{total} features are more than a scaler may have", f"The limit is {_MOST_FEATURES}.")
    if names is not None:
        if len(names) != total:
            counted = blocks[0].length_key if len(blocks) == 1 and blocks[0].length_key else "its keys"
            _cannot(f'the number of features is {len(names)} by "names", but {total} by "{counted}"')
        for i, name in enumerate(names, 1):
            _check_is_name(name, i)
        return blocks, list(names)
    if not named or lists and len(blocks) == 1:
        return blocks, None
    return blocks, [f"{block.name}[{i}]" if block.length_key else block.name for block in blocks for i in range(block.length)]


def _check_counts(blocks):
    for block in blocks:
        said = block.values.get("n_features")
        if said is not None and said != block.length:
            _cannot(f'"{block.keys["n_features"]}" is {_text(said)}, and must be {block.length}, as many as there are')
        count = _leaf(block.values.get("count"))
        if count is not None and not isinstance(count, list) and not (_is_number(count) and count >= 1):
            _cannot(f'"{block.keys["count"]}" is {_text(count)}, and must be a number of values, at least 1')


def _prepare_shape(how, blocks, nfeatures):
    """What the file says beside its parameters, and options that the shape does not take."""
    first = blocks[0]
    switches = {}
    for role in ("do_rescale", "do_normalize"):
        switches[role] = first.values.get(role, True)
        if not isinstance(switches[role], bool):
            _cannot(f'"{first.keys[role]}" is {_text(switches[role])}, and must be true or false')
    how.rescales = "rescale_factor" in first.values and switches["do_rescale"]
    how.normalizes = switches["do_normalize"]
    ends, divides = how.shape in ("range", "quantiles"), how.shape not in ("sklearn_range", "points")
    wrong = ("eps" if how.eps is not None and not divides else "eps_in" if how.place == "variance" and how.shape != "standard" else
             "zero" if how.zero and not divides else "to" if how.to and not ends else None)
    if wrong:
        raise Error("22023", f'option "{wrong}" does not apply to shape "{how.shape}"')
    if how.after_rescale and not how.rescales:
        raise Error("22023", 'option "dtype" is "transformers", but nothing is rescaled', hint='It is for image processors with a '
                    '"rescale_factor"; without one they compute in "float32".')
    if how.clips_to and not ends:
        raise Error("22023", f'option "clip" is true, but shape "{how.shape}" has no range to clip to',
                    hint='Give the range, as in {"clip": [-5, 5]}.')
    if how.mask is not None and len(how.mask) != nfeatures:
        raise Error("22023", f'option "mask" has {_number_of(len(how.mask), "element")}, and must have {nfeatures}')
    said = first.values.get("feature_range")
    if said is not None and how.shape == "range" and not how.to:
        if not (_is_interval(said) and said[0] < said[1]):
            _cannot(f'"{first.keys["feature_range"]}" is {_text(said)}, and must be an array of two numbers in ascending order')
        how.to = (float(said[0]), float(said[1]))
    if how.clips_to:
        how.clip = how.to or (0.0, 1.0)


def _bare_scaler(features, named) -> Scaler:
    recipe = _recipe_bytes(features, named, False, 0)
    fingerprint = _fingerprint(1, recipe, None)
    scaler = Scaler(json.loads(f'{{"format": 1, "scaler_id": "{_id_of(fingerprint)}", "fingerprint": "{fingerprint.hex()}", "named": '
                               f'{_boolean(named)}, "distribution": 0, "features": [{", ".join(map(_feature_json, features))}]}}'))
    scaler._probes = _make_probes(scaler)
    return scaler


def from_parameters(parameters: Any, options: dict | None = None) -> Scaler:
    """
    Return the scaler of parameters as they lie in files: dictionaries and lists as JSON has them, or read_parameters()
    returned.  Shapes, arrangements and options are those of the database's from_parameters(), and so are the ids.
    """
    options = _in_jsonb_order({} if options is None else options)
    if not isinstance(options, dict):
        raise Error("22023", f"options must be a JSON object, not {_text(options).split()[-1]}")
    _check_parameter_options(options)
    how, words = _Arithmetic(options), _Words(options)
    root, on_path = _follow(_in_jsonb_order(parameters), options, words)
    blocks, beside = _find_blocks(words, root)
    given = options["names"] if isinstance(options.get("names"), list) else on_path if on_path is not None else beside
    blocks, names = _named(words, blocks, given)
    _check_counts(blocks)
    how.shape = _shape_of(words, {role for block in blocks for role in block.values})
    nfeatures = sum(block.length for block in blocks)
    _prepare_shape(how, blocks, nfeatures)
    features = []
    for block in blocks:
        roles = _roles_of(how.shape, block.values, bool(words.shape))
        if roles is None:
            _cannot(f'"{block.name}" lacks a statistic that others have', _found(block.values).replace("There are", "It has"),
                    f"Each shape has its own: {_NEEDS}.")
        _refuse_unused(words, how.shape, roles, block)
        for i in range(block.length):
            place = len(features)
            name = names[place] if names else None
            label = f"feature {place + 1}" if name is None else f'"{name}"'
            features.append(_Reader(how, block, i, label).feature(name, roles, place))
    if names:
        _check_names(names)
    for place, feature in enumerate(features, 1):
        for name, value in zip(feature.formula.parameters, feature.parameters):
            if not math.isfinite(value) or value == 0 and name == "scale":
                label = f"feature {place}" if feature.name is None else f'"{feature.name}"'
                _cannot(f"the {name} of {label} would be {_float_text(value)}", hint="Leave the feature out of the scaler before exporting it.", sqlstate="22003")
        problem = _feature_problem(feature)
        if problem:
            _cannot(problem)
    return _bare_scaler(features, names is not None)
