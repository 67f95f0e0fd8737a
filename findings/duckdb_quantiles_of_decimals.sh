#!/bin/sh
# DuckDB 2.0.1: median, quantile_cont and mad of a column of type DECIMAL, as numeric columns and literals such as 0.1 are there.
#
# Expected: "the interpolated quantile", and of an even number of values their average (duckdb.org/docs/current/sql/functions/aggregates),
# which is a DOUBLE of integers, and of decimals for avg and stddev; PostgreSQL's percentile_cont gives double precision.
# Seen: the quantile has the column's type, and what does not fit is cut off, toward zero: the median of 1 and 2 is 1, that of 0.1 and 0.2
# is 0.1, their mad 0.  A robust scaler made by SQL is centred elsewhere and has another scale, or one of zero.  x::DOUBLE mends it.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb

print("DuckDB", duckdb.__version__)
query = """SELECT median(x)::TEXT, quantile_cont(x, 0.25)::TEXT, (percentile_cont(0.75) WITHIN GROUP (ORDER BY x))::TEXT, mad(x)::TEXT,
    round(avg(x), 3)::TEXT FROM (SELECT unnest([{values}])::{type} AS x)"""
seen = {}
for values in ("1, 2", "-1, -2", "1, 2, 4, 8", "0.1, 0.2"):
    for type in ("DECIMAL(9,1)" if "." in values else "DECIMAL(10,0)", "DOUBLE") + (() if "." in values else ("BIGINT",)):
        row = seen[values, type] = duckdb.execute(query.format(values=values, type=type)).fetchone()
        print(f"{values} as {type}: median %s, quarters %s and %s, mad %s, avg %s" % row)
assert seen["1, 2", "DECIMAL(10,0)"] == ("1", "1", "1", "0", "1.5") and seen["-1, -2", "DECIMAL(10,0)"][0] == "-1"
assert seen["1, 2, 4, 8", "DECIMAL(10,0)"] == ("3", "1", "5", "1", "3.75")
assert seen["0.1, 0.2", "DECIMAL(9,1)"] == ("0.1", "0.1", "0.1", "0.0", "0.15")
assert seen["1, 2", "BIGINT"] == seen["1, 2", "DOUBLE"] == ("1.5", "1.25", "1.75", "0.5", "1.5")
print("the type of 0.1 is", *duckdb.execute("SELECT typeof(0.1)").fetchone())
PYTHON
