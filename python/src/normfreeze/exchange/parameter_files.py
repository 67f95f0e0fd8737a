"""Files of parameters: JSON, CSV, numpy's own, and arrays of C."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import csv
import io
import json
import os
import pathlib
import re
from typing import Any

import numpy as np

from .parameter_blocks import _statistic
from ..base.strict_json import _without_duplicates
from ..base.text import Error


def _unreadable(name, problem):
    raise Error("22P02", f"cannot read parameters from {name}: {problem}")


def _of_numpy(value):
    """An array as lists of numbers; objects would need pickle, which is not read."""
    return value.tolist()


def _read_numpy(path):
    try:
        loaded = np.load(path, allow_pickle=False)
    except ValueError as problem:
        _unreadable(path.name, problem)
    if isinstance(loaded, np.ndarray):
        return _of_numpy(loaded)
    try:
        with loaded:
            return {key: _of_numpy(loaded[key]) for key in loaded.files}
    except ValueError as problem:
        _unreadable(path.name, problem)


def _cell(text):
    try:
        return float(text)
    except ValueError:
        return text


def _read_csv(text):
    """Rows by feature, where the heading has statistics; else rows by statistic."""
    sample = text.split("\n", 1)[0]
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=max(",;\t", key=sample.count)) if any(row)]
    heading, *rows = [[cell.strip() for cell in row] for row in rows] or [[]]
    for row in rows:
        if len(row) != len(heading):
            raise Error("22P02", f"a row of the table has {len(row)} cells, its heading {len(heading)}")
    roles = [_statistic(cell) for cell in heading]
    if sum(role not in (None, "features") for role in roles) >= 2 or not rows:
        # the first column without a heading that means something has the names
        names = [i for i, role in enumerate(roles) if role in (None, "features")]
        key = heading[names[0]] if names else None
        return [{("name" if cell == key else cell): value if cell == key else _cell(value)
                 for cell, value in zip(heading, row) if value != ""} for row in rows]
    return {row[0]: {feature: _cell(value) for feature, value in zip(heading[1:], row[1:]) if value != ""} for row in rows}


_C_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_C_LIST = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?(?:PROGMEM\s*)?=?\s*\{([^{}]*)\}")
_C_DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)[ \t]+\(?([-+]?[\d.][\w.+-]*)\)?[ \t]*$", re.MULTILINE)
_C_NUMBER = re.compile(r"\b(?:float|double)\s+([A-Za-z_]\w*)\s*=\s*([-+]?[\d.][\w.+-]*)\s*;")


def _c_value(text):
    text = text.strip()
    if text.startswith('"') and text.endswith('"'):
        return text[1:-1]
    hexadecimal = re.fullmatch(r"[-+]?0x[0-9a-f.]+p[-+]?\d+([fl]?)|[-+]?0x[0-9a-f]+()", text, re.IGNORECASE)
    try:
        if hexadecimal:
            return float.fromhex(text[:-1] if hexadecimal[1] else text)
        return float(re.sub(r"(?<=[\d.])[fFlL]$", "", text).replace("'", ""))
    except (ValueError, OverflowError):
        return text


def _read_c(text):
    """Arrays and numbers of C and C++ by their names."""
    text = _C_COMMENT.sub(" ", text.replace("\r", ""))
    found = [(name, [_c_value(value) for value in values.split(",") if value.strip()]) for name, values in _C_LIST.findall(text)]
    found += [(name, _c_value(value)) for pattern in (_C_DEFINED, _C_NUMBER) for name, value in pattern.findall(text)]
    # how many there are, the arrays tell
    return _without_duplicates([(name, value) for name, value in found if _statistic(name) not in ("n_features", "count")])


def read_parameters(path: str | os.PathLike[str]) -> Any:
    """
    Return what is in a file, for from_parameters(): JSON, CSV, npy, npz (nothing that needs pickle), or a header of C.
    What a file is, its name says.
    """
    path = pathlib.Path(path)
    kind = path.suffix.lower()
    if kind in (".npy", ".npz"):
        return _read_numpy(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        _unreadable(path.name, problem)
    if kind in (".csv", ".tsv"):
        return _read_csv(text)
    if kind in (".h", ".hpp", ".hh", ".c", ".cc", ".cpp", ".ino"):
        return _read_c(text)
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, Error):
            raise
        _unreadable(path.name, problem)
