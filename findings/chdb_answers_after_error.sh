#!/bin/sh
# chdb 4.4.0 (ClickHouse 26.9 as a library): the query after one that failed, in the same session.
#
# Expected: a query's error ends that query; the next one has its own columns and rows, in every format.
# Seen: if the error came while rows were read (here `throwIf`, as a check of a range is written) and the format writes a head first, the next
# query's answer begins with the bytes of the failed one.  pyarrow reads an ArrowStream of it as the columns of the failed query and no rows,
# without an error; Parquet, JSON and CSV with names are damaged.  chdb raises nothing, and the answer after that is right.  CSV and JSONEachRow,
# which have no head, are right, and so is all if the error was found before any row was read.
# So a service that catches the error of one batch has no rows of the next one.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check chdb==4.4.0 chdb-core==26.9.0 pyarrow==26.0.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pyarrow.ipc
from chdb import session

CHECKED = "SELECT throwIf(number = 2, 'out of range') AS checked FROM numbers(3)"
UNKNOWN = "SELECT no_such_column FROM numbers(3)"
NEXT = "SELECT number + 7 AS value FROM numbers(2)"
opened = session.Session("data")


def answers(failing, form):
    """The first and the second answer to NEXT after a query that fails."""
    try:
        opened.query(failing, form)
    except Exception as error:
        assert ("out of range" if failing is CHECKED else "no_such_column") in str(error), error
    else:
        raise AssertionError("no error")
    return [opened.query(NEXT, form).bytes() for _ in range(2)]


print("chdb", version("chdb"), "of chdb-core", version("chdb-core"))
for answer, expected in zip(answers(CHECKED, "ArrowStream"), ({"checked": []}, {"value": [7, 8]})):
    table = pyarrow.ipc.open_stream(answer).read_all().to_pydict()
    print("ArrowStream after an error in a row:", table)
    assert table == expected
for form, longer in ("Parquet", True), ("JSONCompact", True), ("CSVWithNames", True), ("CSV", False), ("JSONEachRow", False):
    first, second = answers(CHECKED, form)
    print(f"{form:12} after an error in a row: {len(first)} bytes, then {len(second)}")
    assert (len(first) > len(second)) == longer
for form in "ArrowStream", "Parquet", "JSONCompact", "CSVWithNames":
    first, second = answers(UNKNOWN, form)
    print(f"{form:12} after an unknown column: {len(first)} bytes, then {len(second)}")
    assert len(first) == len(second)
PYTHON
