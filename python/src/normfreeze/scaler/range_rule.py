"""The rules by which policy "outside" finds its range (src/core/scaler/range_rule.c, src/pg/scaler/range_json.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
from typing import NamedTuple

from ..base.strict_json import _invalid, _number, _required
from ..base.text import _float_text


class _RangeKind(NamedTuple):
    code: int
    name: str
    is_pair: bool
    least: float
    greatest: float
    beside: str | None = None
    default: float = 0.0


_RANGE_KINDS = (
    _RangeKind(1, "percentiles", True, 0, 100),
    _RangeKind(2, "fraction", True, 0, math.nextafter(0.5, 0)),
    _RangeKind(3, "deviations", False, 0, 1e300, "ddof", 0.0),
    _RangeKind(4, "mad", False, 0, 1e300, "factor", 1.4826),
    _RangeKind(5, "iqr", False, 0, 1e300))

_TAILS = ("both", "left", "right")
_RANGE_STATISTICS = ("inside", "all")


class _RangeRule(NamedTuple):
    kind: _RangeKind
    open_low: bool
    open_high: bool
    of_all: bool                # statistics are those of all values
    numbers: tuple

    def text(self) -> str:
        if self.kind.is_pair:
            ends = ["null" if is_open else _float_text(number)
                    for is_open, number in zip((self.open_low, self.open_high), self.numbers)]
            return f'{{"{self.kind.name}": [{", ".join(ends)}]}}'
        beside = f', "{self.kind.beside}": {_float_text(self.numbers[1])}' if self.kind.beside else ""
        tail = _TAILS[1 if self.open_high else 2 if self.open_low else 0]
        return f'{{"{self.kind.name}": {_float_text(self.numbers[0])}{beside}, "tail": "{tail}"}}'


class _BadRule(ValueError):
    """Why something is no rule, as a clause."""


def _range_pair(kind, value):
    if kind.name == "fraction" and _number(value) is not None:
        value = [value, value]
    if not isinstance(value, list) or len(value) != 2 or any(end is not None and _number(end) is None for end in value):
        raise _BadRule(f'"{kind.name}" is not an array of two numbers, or null for an end that is open')
    return [end is None for end in value], [0.0 if end is None else _number(end) for end in value]


def _range_units(kind, said):
    opened, numbers = [False, False], [_number(said[kind.name]), kind.default]
    if numbers[0] is None:
        raise _BadRule(f'"{kind.name}" is not a number')
    for key, value in said.items():
        if kind.beside and key == kind.beside:
            numbers[1] = _number(value)
            if numbers[1] is None:
                raise _BadRule(f'"{key}" is not a number')
        elif key == "tail":
            if value not in _TAILS:
                raise _BadRule('"tail" is not "both", "left" or "right"')
            opened = [value == "right", value == "left"]
        elif key != kind.name:
            raise _BadRule(f'"{key}" does not belong to "{kind.name}"')
    return opened, numbers


def _check_range_rule(kind, opened, numbers):
    if all(opened):
        raise _BadRule("both ends are open")
    inside = all(kind.least <= number <= kind.greatest for number in (numbers if kind.is_pair else numbers[:1]))
    beside = kind.beside is None or numbers[1] in (0, 1) if kind.beside != "factor" else 1e-300 <= numbers[1] <= 1e300
    if not inside or not kind.is_pair and (numbers[0] <= kind.least or not beside):
        raise _BadRule("a number is out of range")
    if kind.name == "percentiles" and not any(opened) and not numbers[0] < numbers[1]:
        raise _BadRule("the numbers are not in ascending order")


def _parse_range_rule(said, of_all: bool) -> _RangeRule:
    """The rule in parsed JSON: an object with its name as a key, or an array of two percentiles."""
    said = {"percentiles": said} if isinstance(said, list) else said
    kind = next((kind for kind in _RANGE_KINDS if isinstance(said, dict) and kind.name in said), None)
    if kind is None:
        raise _BadRule("there is no rule in it")
    if kind.is_pair:
        opened, numbers = _range_pair(kind, said[kind.name])
        for key in said:
            if key != kind.name:
                raise _BadRule(f'"{key}" does not belong to "{kind.name}"')
    else:
        opened, numbers = _range_units(kind, said)
    _check_range_rule(kind, opened, numbers)
    return _RangeRule(kind, *opened, of_all, tuple(number + 0.0 for number in numbers))


def _read_range_rule(said) -> _RangeRule | None:
    """Read the keys of a feature that say by which rule its range was found; None without a rule."""
    if "range_rule" not in said:
        if "statistics" in said:
            _invalid("there is no rule for a range, but there is a key", "statistics")
        return None
    try:
        rule = _parse_range_rule(said["range_rule"], False)
    except _BadRule as problem:
        _invalid(str(problem), "range_rule")
    if _required(said, "statistics", "string") not in _RANGE_STATISTICS:
        _invalid("unknown value for key", "statistics")
    return rule._replace(of_all=said["statistics"] == "all")
