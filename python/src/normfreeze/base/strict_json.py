"""Strict JSON (src/pg/base/json_tree.c, scaler_json.c): exactly what the database writes, in any order of keys."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import decimal
import json
import math
from collections.abc import Mapping

import numpy as np

from .text import Error, _float_text

_INVALID, _DAMAGED = "22P02", "XX001"
_HOW_TO_READ = 'The text of a scaler is expected, as in Scaler.from_json(open("churn.json").read()).'
_MOST_DIGITS = 4300             # of numbers that Python converts to text


def _invalid(problem: str, key: str):
    raise Error(_INVALID, f'invalid scaler: {problem} "{key}"', hint=None if key != "format" else
                "Pass the text of a scaler; what dump() wrote is for normfreeze.from_sklearn() in the database.")


def _without_duplicates(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise Error("22030", f'invalid scaler: duplicate key "{key}"')
            seen.add(key)
    return found


def _not_json(problem):
    raise Error(_INVALID, "invalid scaler: not valid JSON", str(problem))


def _parse(source):
    """Return the object in a text or in bytes, or the one that json.loads() or a driver returned."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        try:
            source = bytes(source).decode("utf-8")
        except UnicodeDecodeError as problem:
            _not_json(problem)
    if isinstance(source, str):
        if source.endswith(".json"):
            raise Error(_INVALID, "invalid scaler: not valid JSON, but perhaps the name of a file", hint=_HOW_TO_READ)
        try:
            source = json.loads(source, object_pairs_hook=_without_duplicates, parse_constant=_not_json,
                                parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))
        except (json.JSONDecodeError, RecursionError) as problem:
            _not_json(problem)
        except Error:
            raise
        except ValueError as problem:           # a number of thousands of digits
            _not_json(problem)
    if not isinstance(source, dict):
        raise Error(_INVALID, f"invalid scaler: a JSON object is expected, not {_json_type(source)}",
                    hint=_HOW_TO_READ if hasattr(source, "read") or hasattr(source, "__fspath__") else None)
    return source


def _in_jsonb_order(value):
    """Objects with their keys in the order of jsonb, in which the database reads options; numbers and arrays of numpy as JSON has them."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: _in_jsonb_order(value[key]) for key in sorted(value, key=lambda key: (len(str(key).encode()), str(key).encode()))}
    return [_in_jsonb_order(element) for element in value] if isinstance(value, (list, tuple)) else value


def _read_float(digits: str) -> float | decimal.Decimal:
    """A number of a JSON text; beyond float64 with its digits, as jsonb keeps them."""
    value = float(digits)
    exact = decimal.Decimal(digits) if math.isinf(value) else decimal.Decimal(0)
    return exact if 0 < exact.adjusted() < _MOST_DIGITS else value


def _jsonb_number(value):
    """A number as jsonb shows it: all digits, without an exponent."""
    if isinstance(value, float) and not math.isfinite(value):
        return _float_text(value)
    exact = decimal.Decimal(repr(float(value))) if isinstance(value, (float, np.floating)) else decimal.Decimal(int(value) if isinstance(
        value, (int, np.integer)) else value)
    return format(exact + 0 if exact == 0 and exact.as_tuple().exponent == 0 else abs(exact) if exact == 0 else exact, "f")


_JSON_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", decimal.Decimal: "number",
               str: "string", list: "array", dict: "object"}


def _json_type(value):
    return _JSON_TYPES.get(type(value)) or f"a Python {type(value).__name__}"


def _required(said: dict, key: str, kind: str):
    if key not in said:
        _invalid("it lacks the key", key)
    if _json_type(said[key]) != kind:
        _invalid("wrong type of JSON value for key", key)
    if kind == "string":
        try:
            encoded = said[key].encode("utf-8")
        except UnicodeEncodeError:
            _invalid("a string that is no Unicode text for key", key)
        if b"\0" in encoded:
            _invalid("a string that holds a zero byte for key", key)
    return said[key]


def _number(value) -> float | None:
    """A JSON number as a float; None if it is not one, or beyond float64."""
    if _json_type(value) != "number":
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _required_number(said, key):
    _required(said, key, "number")
    value = _number(said[key])
    if value is None:
        _invalid("a number is out of range for key", key)
    return value + 0.0          # not -0


def _required_interval(said, key):
    values = [_number(value) for value in _required(said, key, "array")]
    if len(values) != 2 or None in values:
        _invalid("two numbers are expected for key", key)
    return tuple(value + 0.0 for value in values)


def _required_policy(said, key, names):
    if _required(said, key, "string") not in names:
        _invalid("unknown value for key", key)
    return said[key]


def _required_digest(said, key):
    text = _required(said, key, "string")
    if len(text) != 64 or text.strip("0123456789abcdef"):
        _invalid("64 hexadecimal digits are expected for key", key)
    return bytes.fromhex(text)


def _rare_flag(said, key):
    """Return a flag that is written only if it is true."""
    if key in said and not _required(said, key, "boolean"):
        _invalid("only true is written for key", key)
    return key in said


def _reject_unknown(said, known):
    for key in said:
        if key not in known:
            _invalid("unknown key", key)


def _string(text):
    return json.dumps(text, ensure_ascii=False)


def _numbers(values):
    return "[" + ", ".join(map(_float_text, values)) + "]"


def _boolean(value):
    return "true" if value else "false"
