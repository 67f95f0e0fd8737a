#!/bin/sh
# DuckDB 2.0.1: NaN in a Parquet file that PyArrow 26.0.1 or Polars 2.1.0 has written.
#
# Expected: a query gives the same of a file as of a table that was made of the file.
# Seen: not with NaN.  A Parquet file keeps the least and the greatest value of a column without NaN, as its format says, and DuckDB, for which
# NaN is the greatest of all, answers from these: x > 6, x = 'NaN' and even isnan(x) find no row of the file, and BETWEEN takes NaN in.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

values = {"id": [1, 2, 3, 4], "x": [float("nan"), 1.0, 5.0, None]}
pq.write_table(pa.table(values), "pyarrow.parquet")
polars.DataFrame(values, strict=False).write_parquet("polars.parquet")
print("DuckDB", duckdb.__version__, "PyArrow", pa.__version__, "Polars", polars.__version__)
for file in ("pyarrow", "polars"):
    duckdb.execute(f"CREATE OR REPLACE TABLE copied AS FROM '{file}.parquet'")
    for condition, of_file, of_table in (("x > 6", [], [1]), ("x = 'NaN'", [], [1]), ("isnan(x)", [], [1]),
                                         ("x BETWEEN 5 AND 'Infinity'::DOUBLE", [1, 3], [3])):
        got = [[row[0] for row in duckdb.execute(f"SELECT id FROM {relation} WHERE {condition} ORDER BY id").fetchall()]
               for relation in (f"'{file}.parquet'", "copied")]
        print(f"{file}: WHERE {condition}: rows {got[0]} of the file, {got[1]} of a table made of it")
        assert got == [of_file, of_table], "changed"
PYTHON
