#!/bin/sh
# DuckDB 2.0.1: a column of a CSV file whose first lines are whole numbers.
#
# Expected: an error, as from Polars and ClickHouse, or double precision.
# Seen: the type is guessed by 20,480 lines; behind them every value is rounded to BIGINT, without a word: 0.25 is 0, 1.75 is 2.  A sorted
# export begins with such lines: zeros, and clipped values.  sample_size = -1, or types, mend it.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb

print("DuckDB", duckdb.__version__)
for whole, expected in ((20000, [("DOUBLE", 0.25), ("DOUBLE", 1.75)]), (20480, [("BIGINT", 0), ("BIGINT", 2)])):
    with open("values.csv", "w") as file:
        file.write("id,x\n" + "".join(f"{i},0\n" for i in range(whole)) + f"{whole},0.25\n{whole + 1},1.75\n")
    for options in ("", ", sample_size = -1", ", types = {'x': 'DOUBLE'}"):
        rows = duckdb.sql(f"SELECT typeof(x), x FROM read_csv('values.csv'{options}) WHERE id >= {whole} ORDER BY id").fetchall()
        print(f"{whole} zeros, then 0.25 and 1.75, read_csv{options}: {rows}")
        assert rows == (expected if not options else [("DOUBLE", 0.25), ("DOUBLE", 1.75)]), "changed"
PYTHON
