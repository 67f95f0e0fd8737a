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
import zipfile
import zlib
from typing import Any

import numpy as np

from .parameter_blocks import _statistic
from ..base.strict_json import _read_float
from ..base.text import Error


_KINDS = ("JSON, CSV and TSV, npy and npz without pickle, headers and sources of C, and PMML with NormContinuous are read; what a file is, "
          "the ending of its name says.")


def _unreadable(name, problem, hint=None):
    raise Error("22P02", f"cannot read parameters from {name}: {problem}", hint=hint)


def _object(name, pairs):
    """A dictionary of what must not be there twice."""
    made = {}
    for key, value in pairs:
        if key in made:
            _unreadable(name, f'"{key}" is there twice')
        made[key] = value
    return made


# ---- numpy ----

def _of_numpy(name, array):
    """An array as lists, of rows with names as dictionaries; objects would need pickle, which is not read."""
    if array.dtype.names:
        return [{field: _of_numpy(name, row[field]) for field in array.dtype.names} for row in array.reshape(-1)]
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if array.dtype.kind not in "biufU":
        _unreadable(name, f"an array is of type {array.dtype}")
    return (array.astype(np.float64) if array.dtype.kind == "f" else array).tolist()


def _read_numpy(path):
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _of_numpy(path.name, loaded)
        with loaded:
            return {key: _of_numpy(path.name, loaded[key]) for key in loaded.files}
    except Error:
        raise
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as problem:
        _unreadable(path.name, problem)


# ---- tables ----

_DECIMAL = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL = re.compile(rf"{_DECIMAL}|[-+]?(?:inf|infinity|nan)", re.IGNORECASE)


def _cell(text):
    return float(text) if _CELL.fullmatch(text) else text


def _read_csv(name, text):
    """Rows by feature, where the heading has statistics; else rows by statistic."""
    sample = text.split("\n", 1)[0]
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=max(",;\t", key=sample.count)) if any(row)]
    heading, *rows = [[cell.strip() for cell in row] for row in rows] or [[]]
    if not rows:
        _unreadable(name, "the table has no rows below its heading")
    for row in rows:
        if len(row) != len(heading):
            raise Error("22P02", f"a row of the table has {len(row)} cells, its heading {len(heading)}")
    roles = [_statistic(cell) for cell in heading]
    if sum(role not in (None, "features") for role in roles) >= 2:
        # the first column without a heading that means something has the names
        names = [i for i, role in enumerate(roles) if role in (None, "features")]
        keys = ["name" if names and i == names[0] else cell for i, cell in enumerate(heading)]
        _object(name, [(key, None) for key in keys])
        return [{key: value if key == "name" else _cell(value) for key, value in zip(keys, row) if value != ""} for row in rows]
    _object(name, [(feature, None) for feature in heading[1:]])
    return _object(name, [(row[0], {feature: _cell(value) for feature, value in zip(heading[1:], row[1:]) if value != ""}) for row in rows])


# ---- C and C++ ----

# a string, which may hold what looks like a comment or a list; or what stands for nothing
_C_TOKEN = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/|\\\n', re.DOTALL)
_C_LIST = re.compile(r"(?:\b(enum|struct|union|class|namespace)\s+)?\b([A-Za-z_]\w*)\s*"
                     r"(?:\[([^\[\]]*)\]\s*(?:\[[^\[\]]*\]\s*)*[^=;{}()\[\]]*(?:\(\([^;{}=]*\)\)\s*)?)?(=\s*)?\{")
_C_TYPED = re.compile(r"(?:>|\b(?:float|double))\s*$")
_C_DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)[ \t]+\(?([-+]?[\d.][\w.+-]*)\)?[ \t]*$", re.MULTILINE)
_C_NUMBERS = re.compile(r"\b(?:float|double)\s+([^;(){}]*=[^;(){}]*);")
_C_INTEGER = re.compile(r"\b(?:int|long|short|unsigned|size_t|u?int\d+_t)\s+([A-Za-z_]\w*)\s*=\s*(\w+)\s*;")
_C_HEXADECIMAL = re.compile(r"([-+]?0x[0-9a-f.]+p[-+]?\d+)[fl]?|([-+]?0x[0-9a-f]+)", re.IGNORECASE)
_C_OCTAL = re.compile(r"([-+]?0[0-9]+)[ul]*", re.IGNORECASE)
_C_NUMBER = re.compile(rf"({_DECIMAL})[ful]*", re.IGNORECASE)


def _c_value(text):
    """A number, or the text that is none."""
    digits = re.sub(r"(?<=\d)'(?=\d)", "", text)
    hexadecimal, octal, decimal = (kind.fullmatch(digits) for kind in (_C_HEXADECIMAL, _C_OCTAL, _C_NUMBER))
    try:
        return float.fromhex(hexadecimal[1] or hexadecimal[2]) if hexadecimal else float(int(octal[1], 8)) if octal else \
            float(decimal[1]) if decimal else text
    except (ValueError, OverflowError):
        return text


def _c_braces(text, start):
    """The list that begins there, in lists where braces are within braces, and where it ends; None if it is something else."""
    open_lists = []
    for token in re.compile(r"[{},;]|[^{},;]+").finditer(text, start):
        word = token[0].strip()
        if word == "{":
            open_lists.append([])
        elif word == "}":
            done = open_lists.pop()
            if not open_lists:
                return done, token.end()
            open_lists[-1].append(done)
        elif word == ";" or word.endswith("="):         # of a struct, or its members by name
            return None
        elif word not in ("", ","):
            open_lists[-1].append(word)
    return None


def _read_c(name, text):
    """Arrays and numbers of C and C++ by their names."""
    strings = []

    def hide(token):
        if not token[1]:
            return "" if token[0][0] == "\\" else " "
        strings.append(token[1][1:-1])
        return f'"{len(strings) - 1}"'

    text = _C_TOKEN.sub(hide, text.replace("\r", ""))
    defined = {key: _c_value(value) for key, value in _C_DEFINED.findall(text)}
    sizes = {**defined, **{key: _c_value(value) for key, value in _C_INTEGER.findall(text)}}
    used = set()

    def value(element):
        if element in defined:
            used.add(element)
            return defined[element]
        return strings[int(element[1:-1])] if re.fullmatch(r'"\d+"', element) else _c_value(element)

    found, at = [], 0
    while (match := _C_LIST.search(text, at)) is not None:
        at = match.end()
        if match[1] or not (match[4] or match[3] is not None or _C_TYPED.search(text[:match.start(2)])):
            continue
        braces = _c_braces(text, match.end() - 1)
        if braces is None:
            continue
        elements, at = braces
        declared = (match[3] or "").strip()
        used.add(declared)
        size = sizes.get(declared, _c_value(declared))
        if isinstance(size, float) and size != len(elements):
            _unreadable(name, f"{match[2]}[{declared}] has {len(elements)} value{'s' * (len(elements) != 1)}, not {size:.0f}", "C takes 0 for what is not there.")
        while len(elements) == 1 and isinstance(elements[0], list):
            elements = elements[0]
        if not any(isinstance(element, list) for element in elements):      # no matrix, nor an array of structs
            found.append((match[2], [value(element) for element in elements]))
    for numbers in _C_NUMBERS.findall(text):
        for key, sign, number in (part.partition("=") for part in numbers.split(",")):
            number = defined.get(number.strip(), _c_value(number.strip()))
            if isinstance(number, float) and key.strip():
                found.append((key.strip(), number))
    found += [(key, number) for key, number in defined.items() if key not in used and isinstance(number, float)]
    # how many there are, the arrays tell
    found = [(key, said) for key, said in found if _statistic(key) not in ("n_features", "count")]
    if not found:
        _unreadable(name, "there are no arrays and no numbers in it", "Values may be defined in another file than their declarations.")
    return _object(name, found)


# ---- PMML ----

def _read_pmml(name, text):
    """The two points of each NormContinuous, by field."""
    import xml.etree.ElementTree
    try:
        root = xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as problem:
        _unreadable(name, problem)
    found = []
    for element in root.iter():
        if element.tag.rpartition("}")[2] != "NormContinuous":
            continue
        field = element.get("field", "")
        points = [[_cell(point.get("orig", "")), _cell(point.get("norm", ""))] for point in element
                  if point.tag.rpartition("}")[2] == "LinearNorm"]
        if element.get("outliers", "asIs") != "asIs" or element.get("mapMissingTo") is not None:
            _unreadable(name, f'NormContinuous of "{field}" has outliers or mapMissingTo',
                        'Write its two points as JSON, as in {"a": [[0, 0], [10, 1]]}, and say with "clip" what becomes of outliers.')
        if len(points) != 2:
            _unreadable(name, f'NormContinuous of "{field}" has another number of points than 2, {len(points)}')
        found.append((field, points))
    if not found:
        _unreadable(name, "there is no NormContinuous in it", "normfreeze.from_pmml() of the database reads what to_pmml() has written.")
    return _object(name, found)


def read_parameters(path: str | os.PathLike[str]) -> Any:
    """
    Return what is in a file, for from_parameters(): JSON, CSV, npy, npz (nothing that needs pickle), a header of C, or PMML with
    NormContinuous.  What a file is, its name says.
    """
    path = pathlib.Path(path)
    kind = path.suffix.lower()
    if kind in (".npy", ".npz"):
        return _read_numpy(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        _unreadable(path.name, problem, _KINDS)
    readers = {_read_csv: (".csv", ".tsv"), _read_c: (".h", ".hpp", ".hh", ".c", ".cc", ".cpp", ".ino"), _read_pmml: (".pmml", ".xml")}
    for read, kinds in readers.items():
        if kind in kinds:
            return read(path.name, text)
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _object(path.name, pairs), parse_float=_read_float)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, Error):
            raise
        _unreadable(path.name, problem, None if kind == ".json" else _KINDS)
