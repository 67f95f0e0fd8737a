#!/usr/bin/env python3
"""The checklists of CONTRIBUTING.md: what they name is there, and they name every file that knows such a thing.

A row is "| files | what |", both with names in backquotes.  Each file must exist, and each name of a table, a type, a
function or a constant must occur in one of them.  A file that knows a method (formula, measure, dialect) by name, but
is in no row of the checklist, is a place that whoever adds one would not find.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

import report                                                       # noqa: E402
from report import check, check_equal                               # noqa: E402

# The section, something that it says how to add, and files that name it for another reason.
EXAMPLES = [
    ("Add a method", r"\bmidrange\b", {
        "src/pg/fit/fit_spec.c", "python/src/normfreeze/fit/read_options.py",    # an example in a hint
        "docs/reference/values.md",                 # an example
        "docs/reference/importing.md",              # Teradata's
        "sql/test_method_cast.sql", "sql/test_steps.sql", "test/scenario/concurrency.py", "test/scenario/tamper.py"}),
    ("Add a formula", r"\bbatch_norm\b", set()),
    ("Add a formula", r"\bsubtract_multiply\b", {"docs/reference/internal.md"}),       # the planner's function
    ("Add a formula", r"\bmultiply_offset\b", set()),
    ("Add a drift measure", r"\bhellinger\b", {"docs/architecture.md"}),
    ("Add a drift measure", r"\bvariance_ratio\b", {"docs/tutorial.md", "sql/test_report.sql"}),      # which decides
    ("Add a SQL dialect", r"\bsnowflake\b", {"docs/methods.md", "dbt/README.md", "README.md", "docs/from/snowflake.md", "mkdocs.yml"}),      # Snowflake ML; whose SQL to_sql() writes
]
# where names of all kinds are, and the file that is made of python/src
EVERYWHERE = ("python/normfreeze.py", "expected/", "test/data/", "src/upgrade/", "findings/", "CHANGELOG.md", "CONTRIBUTING.md", "test/project/")


def sections():
    """The text of each section by its heading."""
    parts = re.split(r"^##+ (.*)$", (ROOT / "CONTRIBUTING.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def rows(text):
    """(files, names) of each row of its tables that begins with a file."""
    for first, second in re.findall(r"^\| (`[^|]*) \| (.*) \|$", text, re.MULTILINE):
        files = re.findall(r"`([^`]+)`", first)
        if all("/" in name or name.endswith(".md") for name in files):
            yield files, re.findall(r"`([^`]+)`", second)


def is_symbol(name):
    """Not a file, a command, or a word of SQL."""
    return re.fullmatch(r"_?[A-Za-z]\w*(\[\])?", name) is not None


def check_rows(text, section):
    for files, names in rows(text):
        there = [name for name in files if (ROOT / name).is_file()]
        check_equal(there, files, f"{section}: the files exist")
        contents = "\n".join((ROOT / name).read_text() for name in there)
        for name in filter(is_symbol, names):
            found = re.search(rf"\b{re.escape(name.removesuffix('[]'))}\b" + (r"\[" if name.endswith("[]") else ""), contents)
            check(found, f"{section}: {', '.join(files)} has {name}")


def files_that_name(pattern):
    result = subprocess.run(["git", "-c", "safe.directory=*", "grep", "-l", "-i", "-I", "-P", pattern], cwd=ROOT, text=True, capture_output=True)
    return {name for name in result.stdout.split() if not name.startswith(EVERYWHERE)}


def check_example(section, text, pattern, others):
    listed = {name for files, _ in rows(text) for name in files}
    known = files_that_name(pattern)
    if known:               # empty where this is no git repository
        check_equal(sorted(known - listed - others), [], f"{section}: the files that name {pattern} are in the checklist")


def check_paths(text):
    """Every path in backquotes, wherever it is; .github is not in an archive of a release."""
    for name in set(re.findall(r"`([\w./*-]+)`", text)):
        if "/" in name and not name.startswith(("build/", "results/", ".github/", "/")) and not re.search("NAME|OLD", name):
            check(list(ROOT.glob(name.rstrip("/"))), f"CONTRIBUTING.md: {name} exists")
        elif re.fullmatch(r"\w+\.[ch]", name):
            check(list((ROOT / "src").rglob(name)), f"CONTRIBUTING.md: {name} exists")


def main():
    by_heading = sections()
    check([heading for heading in by_heading if heading.startswith("Add ")], "there are checklists")
    for section, text in by_heading.items():
        check_rows(text, section)
    for section, pattern, others in EXAMPLES:
        check_example(section, by_heading[section], pattern, others)
    check_paths("\n".join(by_heading.values()))
    report.exit_with_summary()


if __name__ == "__main__":
    main()
