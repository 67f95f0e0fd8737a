#!/usr/bin/env python3
"""build_python.py: python/normfreeze.py, the one file that can be copied, made of the package python/src/normfreeze.

    tools/build_python.py               write it
    tools/build_python.py --check       fail, and say so, if it is not what would be written

Types are stated of all that is public, and in TYPED of everything; a module that is not in TYPED gets a header that says so
to mypy, if it does not have it.

Modules follow each other in the order of MODULES, without what they import of each other; what they import of
others stands at the top.
"""

import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "python/src/normfreeze"
FILE = ROOT / "python/normfreeze.py"

# a module uses only what is before it
MODULES = ["base/arrays", "base/text", "base/decimals", "base/pairs", "base/tables", "base/elementary", "base/functions", "base/normal", "base/strict_json",
           "scaler/arithmetic", "scaler/quantile_map", "scaler/row_norm", "scaler/formulas", "scaler/methods", "scaler/range_rule", "scaler/recipe",
           "scaler/steps",
           "apply/bits", "apply/columns", "apply/rows", "apply/output", "apply/transform", "apply/scaler", "apply/scaler_set",
           "exact/rational", "exact/pieces", "exact/moments", "exact/weighted",
           "values/cells", "values/histogram", "values/ranks", "values/profile_format", "values/profile",
           "scaler/power_likelihood", "scaler/power_fit", "scaler/evidence", "scaler/derive", "scaler/derive_range", "scaler/function_moments", "scaler/derive_steps",
           "fit/spec", "fit/options", "fit/read_options", "fit/refusals", "fit/subjects", "fit/recipes", "fit/scalers", "fit/read", "fit/state", "fit/by_key",
           "fit/entry", "exchange/estimators", "exchange/dbt_seed", "exchange/parameter_blocks",
           "exchange/parameter_options", "exchange/parameters", "exchange/parameter_files", "exchange/keras_layers", "command"]

TYPED = ["base/arrays", "base/text", "apply/bits", "apply/columns", "apply/rows", "apply/output", "command"]

# names that are not defined are found everywhere
UNTYPED = """# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"
"""

DOCSTRING = re.compile(r'\A"""(.*?)"""\n', re.DOTALL)
RELATIVE = re.compile(r"^from \.+\S* import (?:\([^)]*\)|.*)\n", re.MULTILINE)
TYPING = re.compile(r"^# mypy: .*\n", re.MULTILINE)
IMPORT = re.compile(r"^(?:import|from [^.\s]\S* import) .*\n", re.MULTILINE)


def merged_imports(texts):
    """Of the standard library, then of others; names that are imported from one module on one line."""
    plain, names = set(), {}
    for line in {line.strip() for text in texts for line in IMPORT.findall(text)}:
        source = re.match(r"from (\S+) import (.*)", line)
        if source:
            names.setdefault(source[1], set()).update(name.strip() for name in source[2].split(","))
        else:
            plain.add(line)
    names.pop("__future__", None)
    lines = sorted(plain) + [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items())]
    return [line for line in lines if "numpy" not in line], [line for line in lines if "numpy" in line]


def check_order(name, text, before):
    """It must not use what comes later."""
    for dots, module in re.findall(r"^from (\.+)(\S*) import", text, re.MULTILINE):
        folder = name.split("/")[:-1]
        path = "/".join(folder[:len(folder) - len(dots) + 1] + module.split("."))
        if path != "version" and path not in before:
            sys.exit(f"{name}.py imports {path}.py, which comes later in MODULES of tools/build_python.py")


def check_names(texts):
    """In one file no name can stand for two things."""
    found = {}
    for module, text in texts.items():
        for node in ast.parse(text).body:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            names = {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names = {node.name}
            for name in names:
                if found.setdefault(name, module) != module:
                    sys.exit(f"{module}.py and {found[name]}.py both define {name}")


def with_header(name):
    """The text of a module, with the header for mypy that it must have."""
    text = (PACKAGE / f"{name}.py").read_text()
    if name in TYPED or UNTYPED in text:
        return text
    end = DOCSTRING.match(text).end()
    return text[:end] + UNTYPED + TYPING.sub("", text[end:])


def built():
    texts = {name: with_header(name) for name in MODULES}
    check_names(texts)
    init = (PACKAGE / "__init__.py").read_text()
    standard, others = merged_imports(texts.values())
    version = re.search(r"^__version__ = .*$", (PACKAGE / "version.py").read_text(), re.MULTILINE)[0]
    typing = sorted({line for text in texts.values() for line in TYPING.findall(text)})
    exported = re.search(r"^__all__ = .*$", init, re.MULTILINE)[0]
    parts = [DOCSTRING.match(init)[0] + "".join(typing) + "\nfrom __future__ import annotations\n\n" + "\n".join(standard) + "\n\n" +
             "\n".join(others) + f"\n\n{version}\n{exported}"]
    for i, name in enumerate(MODULES):
        check_order(name, texts[name], MODULES[:i])
        title = DOCSTRING.match(texts[name])[1].split("\n")[0].rstrip(".")
        body = IMPORT.sub("", RELATIVE.sub("", TYPING.sub("", DOCSTRING.sub("", texts[name], count=1)))).strip("\n")
        parts.append(f"# ---- {title[0].lower() + title[1:]} ----\n\n{body}")
    parts.append('if __name__ == "__main__":\n    sys.exit(_main())')
    return "# Made by tools/build_python.py of python/src: change it there.\n" + "\n\n\n".join(parts) + "\n"


def main():
    text = built()
    if sys.argv[1:] == ["--check"]:
        lacking = [name for name in MODULES if with_header(name) != (PACKAGE / f"{name}.py").read_text()]
        if lacking:
            sys.exit(f"{', '.join(lacking)}: run tools/build_python.py, which adds the header for mypy")
        if FILE.read_text() != text:
            sys.exit("python/normfreeze.py is not what python/src makes: run tools/build_python.py, and change python/src only")
    else:
        for name in MODULES:
            (PACKAGE / f"{name}.py").write_text(with_header(name))
        FILE.write_text(text)


if __name__ == "__main__":
    main()
