#!/bin/sh
# sqlglot 30.30.0 (chdb 4.4.0, DuckDB 2.0.1): log(x) of PostgreSQL, which is the logarithm to base 10, for other systems.
#
# Expected: LOG10(x), or a warning: sqlglot aims at SQL that means the same in the other dialect (github.com/tobymao/sqlglot), and knows that LOG
# is the natural logarithm in MySQL, ClickHouse, BigQuery and Spark: read back from there it is LN.
# Seen: LOG(x), as it was, and for Snowflake LN(x).  So a feature is 2.302585 times what it was, and a round trip through MySQL makes ln of log.
# log10(x) keeps its meaning, as LOG(10, x) or the like.  stddev, another name of two meanings, is made STDDEV_SAMP for MySQL, rightly.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check sqlglot==30.30.0 chdb==4.4.0 duckdb==2.0.1
cat >"$folder/log.py" <<'PYTHON'
import chdb
import duckdb
import sqlglot

query = "SELECT log(x) FROM (SELECT 1000 AS x) AS t"
print("sqlglot", sqlglot.__version__)


def transpile(text, read, write):
    return sqlglot.transpile(text, read=read, write=write, unsupported_level=sqlglot.ErrorLevel.RAISE)[0]


for dialect in ("mysql", "clickhouse", "bigquery", "spark", "tsql", "snowflake", "duckdb"):
    there = transpile("SELECT log(x)", "postgres", dialect)
    back = transpile(there, dialect, "postgres")
    print(f"log(x) for {dialect}: {there}, read back: {back}; stddev(x): {transpile('SELECT stddev(x)', 'postgres', dialect)}")
    assert there == ("SELECT LN(x)" if dialect == "snowflake" else "SELECT LOG(x)")
    assert back == ("SELECT LOG(x)" if dialect == "duckdb" else "SELECT LN(x)")
assert transpile("SELECT stddev(x)", "postgres", "mysql") == "SELECT STDDEV_SAMP(x)"
results = [duckdb.execute(transpile(query, "postgres", "duckdb")).fetchone()[0], float(chdb.query(transpile(query, "postgres", "clickhouse"), "CSV").data())]
print("log(1000), run in DuckDB and in ClickHouse:", results)
assert [round(result, 6) for result in results] == [3, 6.907755]
PYTHON
HOME="$folder" "$folder/venv/bin/python" "$folder/log.py"
