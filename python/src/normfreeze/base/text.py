"""Texts of numbers, and errors."""

from __future__ import annotations

import decimal
import math

_D = decimal.Decimal


class Error(ValueError):
    """An error that the database would raise as well, with its message, SQLSTATE, detail and hint."""

    def __init__(self, sqlstate: str, message: str, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__("\n".join([message] + [f"{word}: {text}" for word, text in (("detail", detail), ("hint", hint))
                                                if text]))
        self.sqlstate, self.message, self.detail, self.hint = sqlstate, message, detail, hint

    def __reduce__(self) -> tuple[type[Error], tuple[str, str, str | None, str | None]]:
        """Processes send errors to each other."""
        return type(self), (self.sqlstate, self.message, self.detail, self.hint)


def _number_of(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _shortest(value: float) -> str:
    """
    The fewest digits that read back the same.  Unlike Python the database takes none that lie halfway to the next
    float64 (PostgreSQL's src/common/d2s.c: acceptBounds); only whole numbers can do that with so few digits.
    """
    if abs(value) < 2.0 ** 53:
        return repr(value)
    exact, unit = int(value), int(math.ulp(value))
    below = unit // 2 if abs(math.frexp(value)[0]) == 0.5 else unit
    for digits in range(17):
        text = f"{value:.{digits}e}"
        distance = 2 * (int(_D(text)) - exact) * (1 if value > 0 else -1)
        if -below < distance < unit:
            break
    return text


def _float_text(value: float) -> str:
    """Return a number as the database prints it: 1e+15, 0.5, -0, NaN, Infinity."""
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if 1e-4 <= abs(value) < 1e15:
        text = repr(value)
        return text[:-2] if text.endswith(".0") else text
    sign, digits, unit = decimal.Decimal(_shortest(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent = int(unit) + len(digits) - 1      # of the first digit
    if value == 0:
        exponent = 0
    if not -4 <= exponent < 15:
        text = text[0] + ("." + text[1:] if len(text) > 1 else "") + f"e{exponent:+03d}"
    elif exponent < 0:
        text = "0." + "0" * (-exponent - 1) + text
    elif len(text) <= exponent + 1:
        text += "0" * (exponent + 1 - len(text))
    else:
        text = text[:exponent + 1] + "." + text[exponent + 1:]
    return "-" + text if sign else text
