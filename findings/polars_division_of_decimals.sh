#!/bin/sh
# Polars 2.1.0 (PyArrow 26.0.1, DuckDB 2.0.1): (x - min) / (max - min) of a Decimal column, which is what a numeric column of a database becomes.
#
# Expected: digits enough for a quotient, as PyArrow gives it, or a float, as DuckDB does, and as Polars itself does of integers
# and for (x - mean) / std of the same column.
# Seen: the quotient has the places of the column, and no more.  Of amounts with one place the normalized feature has eleven different values, 0.0
# to 1.0; of whole numbers, as numeric(10, 0) has them, 0 and 1.  A cast to pl.Float64 before the division mends it.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow
import pyarrow.compute as pc

x = pl.col("x")
print("Polars", pl.__version__, "DuckDB", duckdb.__version__, "PyArrow", pyarrow.__version__)
for places, distinct in ((1, 11), (0, 2)):
    frame = pl.DataFrame({"x": [Decimal(i).scaleb(-places) for i in range(10, 111)]})
    normalized = {"Polars, minmax": frame.select((x - x.min()) / (x.max() - x.min())).to_series(),
                  "Polars, minmax of its cast to Float64": frame.cast(pl.Float64).select((x - x.min()) / (x.max() - x.min())).to_series(),
                  "Polars, standard": frame.select((x - x.mean()) / x.std()).to_series()}
    arrow = frame["x"].to_arrow().cast(pyarrow.decimal128(10, places))
    normalized["PyArrow, minmax"] = pl.Series(pc.divide(pc.subtract(arrow, pc.min(arrow)), pc.subtract(pc.max(arrow), pc.min(arrow))))
    normalized["DuckDB, minmax"] = duckdb.sql("SELECT (x - min(x) OVER ()) / (max(x) OVER () - min(x) OVER ()) AS x FROM frame").pl()["x"]
    if not places:
        normalized["Polars, minmax of the same as Int64"] = frame.cast(pl.Int64).select((x - x.min()) / (x.max() - x.min())).to_series()
    print(f"101 different values, {frame.schema['x']}:")
    for name, values in normalized.items():
        print(f"  {name}: {values.dtype}, {values.n_unique()} different")
    print("  Polars, minmax:", ", ".join(map(str, normalized["Polars, minmax"].head(8))), "…")
    assert normalized["Polars, minmax"].dtype == pl.Decimal(38, places) and normalized["Polars, minmax"].n_unique() == distinct
    assert all(normalized[name].n_unique() == 101 for name in normalized if name != "Polars, minmax"), "changed"
PYTHON
