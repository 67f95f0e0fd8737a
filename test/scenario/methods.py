#!/usr/bin/env python3
"""What methods() says, against everything else that knows methods and formulas: types, the Python package, dbt, tests, documents."""

import fnmatch
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("test/scenario", "test/lib", "test/parity", "python/src"):
    sys.path.insert(0, str(ROOT / folder))

import estimators                                                                       # noqa: E402
import recipe_bytes                                                                     # noqa: E402
from common import Server, check, check_equal, run_scenario, run_tests                  # noqa: E402
from normfreeze.scaler import derive as python_derive                                    # noqa: E402
from normfreeze.scaler import formulas as python_formulas                               # noqa: E402
from normfreeze.scaler import methods as python_methods                                 # noqa: E402


# steps without a parameter, as dbt has them
STANDING_ALONE = {"float4": None, "sqrt": "sqrt(t)", "square": "t * t", "reciprocal": "1 / t"}


def text_of(name):
    return (ROOT / name).read_text()


def rows_of(text, *heading):
    """The cells of each row of the tables whose heading begins so."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
        if tuple(rows[0][:len(heading)]) == heading:
            yield from rows[2:]


def whole_number(digits):
    """jsonb writes 1e300 with all digits."""
    return int(digits) if len(digits) < 18 else float(digits)


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


class Tables:
    """What methods() says."""

    def __init__(self, said):
        self.methods = {method["name"]: method for method in said["methods"]}
        self.formulas = {formula["name"]: formula for formula in said["formulas"]}
        self.options = {option["name"]: option for method in said["methods"] for option in method["options"]}

    def having(self, option):
        return [name for name, method in self.methods.items() if option in [o["name"] for o in method["options"]]]

    def is_plain(self, method):
        """Are its formulas steps of plain arithmetic?"""
        return all(self.formulas[name]["steps"] is not None for name in self.methods[method]["formulas"])


# ---- the server ----

def check_itself(tables, server):
    labels = server.query("SELECT unnest(enum_range(NULL::normfreeze.method))").split()
    check_equal(sorted(labels), sorted(tables.methods), "the labels of the enum are the methods")
    check_equal([method["code"] for method in tables.methods.values()], list(range(1, len(tables.methods) + 1)), "codes of methods")
    check_equal([formula["code"] for formula in tables.formulas.values()], list(python_formulas._FORMULA_CODES.values()), "codes of formulas")
    for name, method in tables.methods.items():
        check(set(method["formulas"]) <= set(tables.formulas), f"the formulas of {name} are there")
        check_equal(len(method["formulas"]), 2 if method["chosen_by"] else 1, f"an option chooses between the formulas of {name}")
        if method["given"]:
            continue
        said = json.loads(server.query("SELECT normfreeze.fit(ARRAY[x], "
                                       f"'{name}')::jsonb -> 'features' -> 0 FROM generate_series(0.15, 0.9, 0.1) AS x"))
        check(said["formula"] in method["formulas"], f"{name} has one of its formulas")
        check_equal(sorted(said["parameters"]), sorted(parameters_of(tables.formulas[said["formula"]])), f"{name} has its parameters")
        expected = {option["name"]: option["default"] for option in method["options"] if option["default"] is not None}
        check_equal({key: value for key, value in said["options"].items() if key in expected}, expected, f"{name} has its defaults")


def parameters_of(formula):
    return formula["parameters"] + ([formula["table"]] if formula["table"] else [])


def check_ranges(tables, server):
    """What is just outside of an option's range is refused, and what is at its ends is not."""
    for option in tables.options.values():
        if "least" not in option or option["kind"] == "interval":
            continue
        method = tables.having(option["name"])[0]
        for value, taken in ((option["least"], True), (option["greatest"], True),
                             (option["least"] - 1, False), (option["greatest"] * 1.5 + 1, False)):
            script = f"SELECT normfreeze.fit(ARRAY[x], '{method}', '{{\"{option['name']}\": {value:.17g}}}') FROM generate_series(1, 9) AS x"
            said = server.psql(script, check=False).stderr
            check((f'option "{option["name"]}" is out of range' not in said) == taken, f"{option['name']} {value} is {'taken' if taken else 'refused'}", said)


# ---- the Python package ----

def check_derivations(tables):
    """What Python needs to fit a method."""
    check_equal(list(python_derive._DERIVATIONS), list(tables.methods), "Python fits every method")
    for name, derivation in python_derive._DERIVATIONS.items():
        there = tables.methods[name]
        check_equal((derivation.given, derivation.needs_values, derivation.takes_weights, derivation.location_scale is not None),
                    (there["given"], there["needs_values"], there["takes_weights"], there["takes_intercept"]), f"how Python fits {name}")
        for option in python_methods._METHODS[there["code"] - 1].options:
            default = python_derive._OPTION_DEFAULTS[option.name]
            said = next(given["default"] for given in there["options"] if given["name"] == option.name)
            expected = list(said) if isinstance(said, list) else [option.choices.index(said) if option.choices else said or 0]
            check_equal(list(default), expected, f"Python's default of {option.name} of {name}")


def check_python(tables):
    check_equal([method.name for method in python_methods._METHODS], list(tables.methods), "Python's methods, in the order of codes")
    for method in python_methods._METHODS:
        there = tables.methods[method.name]
        check_equal(list(method.formulas), there["formulas"], f"Python's formulas of {method.name}")
        check_equal(method.shifts, there["takes_intercept"], f"Python's {method.name} takes an intercept")
        check_equal(method.clip is not None, "clip" in [option["name"] for option in there["options"]], f"Python's {method.name} clips")
        if there["chosen_by"]:
            check_equal(method.options[method.decides].name, there["chosen_by"], f"Python's option that chooses the formula of {method.name}")
        check_equal([as_said(option) for option in method.options],
                    [{key: value for key, value in option.items() if key != "default"} for option in there["options"]],
                    f"Python's options of {method.name}")
    check_derivations(tables)
    check_equal([formula.name for formula in python_formulas._FORMULAS], list(tables.formulas), "Python's formulas, in the order of codes")
    for formula in python_formulas._FORMULAS:
        there = tables.formulas[formula.name]
        check_equal(list(formula.parameters), there["parameters"], f"Python's parameters of {formula.name}")
        check_equal(formula.table, there["table"], f"Python's table of {formula.name}")
        check_equal(formula.norm is not None, there["of_rows"], f"Python's {formula.name} is of rows")
        check_equal(python_formulas._is_affine(formula), there["affine"], f"Python's {formula.name} is affine")
        if there["steps"] is None:
            check(formula.forward or formula.norm, f"Python's {formula.name} has a function")
        else:
            plain = [step for step in there["steps"] if step not in STANDING_ALONE]
            check_equal(formula.steps, python_formulas._steps(" ".join(plain)), f"Python's steps of {formula.name}")
            check_equal(formula.forward is not None, plain != there["steps"], f"Python's {formula.name} rounds to float4")
        check_equal(python_formulas._FORMULA_CODES[formula.name], there["code"], f"Python's code of {formula.name}")


def as_said(option):
    said = {"name": option.name, "kind": option.kind}
    if option.kind == "choice":
        said["choices"] = list(option.choices)
    elif option.kind != "boolean":
        said |= {"least": option.least, "greatest": option.greatest}
    return said | ({"may_be_empty": not option.strict} if option.kind == "interval" else {})


# ---- dbt ----

def dbt_steps(steps):
    """Expressions of t, as the macro has them."""
    result = []
    for step in steps:
        if step == "float4":
            result[-1] = f"cast(cast({result[-1]} as real) as double precision)"
        elif step in STANDING_ALONE:
            result.append(STANDING_ALONE[step])
        else:
            result.append(f"t {step[0]} {{{step[1:]}}}")
    return result


def check_dbt(tables):
    text = text_of("dbt/macros/normalize/_inline_formulas.sql")
    there = {name: re.findall(r"'([^']*)'", steps) for name, steps in re.findall(r"^    '(\w+)': \[(.*)\],$", text, re.MULTILINE)}
    plain = {name: dbt_steps(formula["steps"]) for name, formula in tables.formulas.items() if formula["steps"] is not None}
    check_equal(there, plain, "dbt computes all plain arithmetic, step by step")
    excepted = re.split(r",\s*", re.search(r"rounded differently:\s(.*?)\.", text, re.DOTALL)[1])
    for name in set(tables.formulas) - set(plain):
        check(any(fnmatch.fnmatch(name, pattern) for pattern in excepted), f"dbt says that it cannot compute {name}")
    methods = sorted(name for name in tables.methods if tables.is_plain(name))
    said = re.search(r"^Inline: (.*?), with\b", text_of("dbt/README.md"), re.MULTILINE | re.DOTALL)
    check_equal(sorted(quoted(said[1])), methods, "dbt/README.md lists what is computed inline")
    tried = re.search(r"fitted\(method\) for method in \((.*?)\)", text_of("test/scenario/dbt.py"))
    check_equal(sorted(re.findall(r'"(\w+)"', tried[1])), [name for name in methods if not tables.methods[name]["given"]],
                "test/scenario/dbt.py tries what is computed inline")


# ---- tests that know the bytes by themselves ----

def check_bytes(tables):
    check_equal(recipe_bytes.METHODS, {name: method["code"] for name, method in tables.methods.items()}, "the codes in recipe_bytes.py")
    check_equal(recipe_bytes.FORMULAS, {name: formula["code"] for name, formula in tables.formulas.items()}, "the codes in recipe_bytes.py")
    for name, method in tables.methods.items():
        check_equal(recipe_bytes.OPTIONS.get(name, []), [option["name"] for option in method["options"]], f"recipe_bytes.py: options of {name}")
        for option in method["options"]:
            for code, choice in enumerate(option.get("choices", [])):
                check_equal(recipe_bytes.CHOICES[choice], code, f"recipe_bytes.py: {option['name']} {choice}")
    for name, formula in tables.formulas.items():
        check_equal(sorted(formula["parameters"], key=recipe_bytes.PARAMETERS.index), formula["parameters"], f"recipe_bytes.py: parameters of {name}")
    plain = {name for name in tables.methods if tables.is_plain(name)}
    check_equal(set(estimators.METHODS), plain, "estimators.py has the methods of plain arithmetic")


# ---- documents ----

def check_documents(tables):
    page = text_of("docs/methods.md")
    reference = "\n".join(path.read_text() for path in sorted((ROOT / "docs/reference").glob("*.md")))
    rows = {quoted(row[0])[0]: row for row in rows_of(page, "Method", "Result")}
    check_equal(sorted(rows), sorted(tables.methods), "docs/methods.md: the table of methods")
    check_equal(sorted(name for row in rows_of(reference, "Method", "formula") for name in quoted(row[0])), sorted(tables.methods),
                "docs/reference: the table of methods")
    check_equal(sorted(quoted(re.search(r"is an enum of the names of methods: (.*?)\. ", reference, re.DOTALL)[1])), sorted(tables.methods),
                "docs/reference: the labels of the enum")
    for name, method in tables.methods.items():
        backwards = [tables.formulas[formula]["inverse"] for formula in method["formulas"]]
        values, weights, intercept, inverse = rows.get(name, [""] * 6)[2:6]
        check_equal([values == "needed", weights == "yes", intercept == "yes", inverse != "no"],
                    [method["needs_values"], method["takes_weights"], method["takes_intercept"], all(backwards)],
                    f"docs/methods.md: values, weights, intercept and inverse of {name}")
        check(re.search(rf"^##.*\b{name}\b", page, re.MULTILINE), f"docs/methods.md has a section on {name}")
        check(f"`{name}`" in text_of("docs/privacy.md"), f"docs/privacy.md names {name}")
    options = {quoted(row[0])[0]: row for row in rows_of(reference, "Option", "Methods")}
    for name, option in tables.options.items():
        check_option(tables, name, option, options.get(name))
        for row in rows_of(page, "Option", "Default"):
            if quoted(row[0])[0] == name:
                check_default("docs/methods.md", option, row[1])
    check_formulas(tables, reference)
    readme = text_of("README.md")
    check_equal(re.search(r"\((\d+) methods", readme)[1], str(len(tables.methods)), "README.md: how many methods there are")
    more = re.search(r"There are (\d+) more methods: (.*?)\. ", readme, re.DOTALL)
    check_equal(int(more[1]), len(quoted(more[2])), "README.md: how many more methods it lists")
    check(set(quoted(more[2])) <= set(tables.methods) and int(more[1]) + 5 == len(tables.methods), "README.md: five methods and those that it lists", more[0])


def check_option(tables, name, option, row):
    if not check(row, f"docs/reference documents option {name}"):
        return
    check_equal(re.split(r",\s*", row[1]), tables.having(name), f"docs/reference: the methods with option {name}")
    check_default("docs/reference", option, row[3])
    if option["kind"] in ("integer", "number"):
        check_equal([float(number) for number in re.findall(r"[\d.]+(?:e[-+]?\d+)?", row[2])], [option["least"], option["greatest"]],
                    f"docs/reference: the range of {name}")
    elif option["kind"] == "interval":
        check_equal("low < high" in row[2], not option["may_be_empty"], f"docs/reference: may {name} be empty")
    elif option["kind"] == "choice":
        check_equal([text.strip('"') for text in quoted(row[2])], option["choices"], f"docs/reference: the choices of {name}")


def check_default(page, option, cell):
    if option["default"] is not None:
        check_equal(cell.strip("`"), json.dumps(option["default"]), f"{page}: the default of {option['name']}")


def check_formulas(tables, reference):
    rows = list(rows_of(reference, "Formula", "computes"))
    texts = [text for row in list(rows_of(reference, "Method", "formula")) + rows for text in quoted(row[1])]
    for name, formula in tables.formulas.items():
        check(any(name in quoted(row[0]) for row in rows) or f"`{name}`" in reference, f"docs/reference names formula {name}")
        if formula["steps"]:
            check(re.sub(r"float4\((.*)\)", r"\1", formula["text"]) in texts or formula["text"] in texts, f"docs/reference says what {name} computes", formula["text"])


def scenario(installation):
    with Server(installation, "methods") as server:
        server.query("CREATE EXTENSION normfreeze")
        tables = Tables(json.loads(server.query("SELECT normfreeze.methods()"), parse_int=whole_number))
        run_tests([lambda: check_itself(tables, server), lambda: check_ranges(tables, server), lambda: check_python(tables),
                   lambda: check_dbt(tables), lambda: check_bytes(tables), lambda: check_documents(tables)])


if __name__ == "__main__":
    run_scenario(scenario)
