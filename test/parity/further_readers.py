"""What readers make of files and queries, beside rounding (csv_readers.py): types that are guessed, NaN, NULL, infinities, ids of 63 bits.

The lines of docs/export.md's table whose programs the tests have; test/scenario/readers.py has the others, at night.
"""

from decimal import Decimal

import duckdb
import numpy as np
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import psycopg
import report

ID = 4711083402123587729        # 63 bits
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1, 1 / 3]


def exported_values():
    """Values, and where they are NULL instead."""
    generator = np.random.default_rng(7)
    values = np.concatenate([SPECIAL, generator.normal(size=2000), generator.normal(size=990) * 10.0 ** generator.integers(-300, 300, 990)])
    return values, np.arange(values.size) % 17 == 16


def same(got, expected, nulls):
    """Bits of values, any NaN being one, and where NULL is."""
    got_nulls = np.array([value is None for value in got])
    got = np.array([np.nan if value is None else value for value in got], float)
    equal = (got.view("u8") == expected.view("u8")) | (np.isnan(got) & np.isnan(expected))
    return bool(equal[~nulls].all() and np.array_equal(got_nulls, nulls))


def make_table(connection):
    values, nulls = exported_values()
    connection.execute("CREATE TABLE exported (i int PRIMARY KEY, x float8, r real, scaler_id bigint)")
    with connection.cursor().copy("COPY exported FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "float8", "float4", "int8"])
        with np.errstate(over="ignore"):
            for i, (value, null) in enumerate(zip(values.tolist(), nulls)):
                copy.write_row([i, None if null else value, float(np.float32(value)), ID])
    return values, nulls


QUERY = "SELECT i::bigint, x::float8, r::float8, scaler_id::bigint FROM exported ORDER BY i"


def arrow_of(connection):
    """The export that docs/export.md recommends: binary COPY, explicit types, an Arrow table."""
    with connection.cursor().copy(f"COPY ({QUERY}) TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["int8", "float8", "float8", "int8"])
        columns = list(zip(*copy.rows()))
    types = [pyarrow.int64(), pyarrow.float64(), pyarrow.float64(), pyarrow.int64()]
    return pyarrow.table([pyarrow.array(column, kind) for column, kind in zip(columns, types)], ["i", "x", "r", "scaler_id"])


def test_parquet(server, connection):
    """The file that every reader reads."""
    values, nulls = make_table(connection)
    path = server.folder / "exported.parquet"
    pyarrow.parquet.write_table(arrow_of(connection), path)
    with np.errstate(over="ignore"):
        single = np.float32(values).astype(float)
    read = {"PyArrow": pyarrow.parquet.read_table(path), "Polars": polars.read_parquet(path).to_arrow(),
            "DuckDB": duckdb.sql(f"FROM '{path}' ORDER BY i").to_arrow_table(),
            "pandas, arrow": pyarrow.Table.from_pandas(pandas.read_parquet(path, dtype_backend="pyarrow"))}
    for name, table in read.items():
        report.check(same(table["x"].to_pylist(), values, nulls), f"{name} reads Parquet, bit for bit, NULL as NULL and NaN as NaN")
        report.check(same(table["r"].to_pylist(), single, np.zeros(values.size, bool)), f"{name} reads a real that was cast")
        report.check_equal(set(table["scaler_id"].to_pylist()), {ID}, f"{name} reads an id of 63 bits")
    frame = pandas.read_parquet(path)
    report.check(np.array_equal(frame.x.isna().to_numpy(), nulls | np.isnan(values)), "pandas, to float64: NULL and NaN are one")
    connection.execute("DROP TABLE exported")


def test_statistics(server, connection):
    """A writer leaves NaN out of the statistics of a file, as the format says, and DuckDB leaves out what these rule out."""
    with duckdb.connect() as engine:
        few = server.folder / "few.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"x": [np.nan, 1.0, 5.0, None]}), few)
        engine.execute(f"CREATE TABLE few AS FROM '{few}'")
        for of, counted in ((f"'{few}'", 0), ("few", 1)):
            for condition in ("x = 'NaN'", "x > 6", "isnan(x)"):
                report.check_equal(engine.execute(f"SELECT count(*) FROM {of} WHERE {condition}").fetchone()[0], counted,
                                   f"DuckDB {duckdb.__version__}, {condition} in {of}")


def outcome(read):
    try:
        return read()
    except Exception as error:
        return type(error).__name__


def test_guessed_types(server, connection):
    """A column whose first values are whole."""
    path = server.folder / "whole.csv"
    for whole, name in ((20480, "whole"), (90, "few")):
        path.write_text("\n".join(["x"] + ["0"] * whole + ["0.25", "1.75"]) + "\n")
        exact = {"PyArrow": pyarrow.csv.read_csv(path)["x"].to_pylist(), "pandas": pandas.read_csv(path).x.tolist(),
                 "DuckDB, types": [row[0] for row in duckdb.sql(f"SELECT x FROM read_csv('{path}', types = {{'x': 'DOUBLE'}})").fetchall()],
                 "DuckDB, sample_size": [row[0] for row in duckdb.sql(f"SELECT x FROM read_csv('{path}', sample_size = -1)").fetchall()],
                 "Polars, schema": polars.read_csv(path, schema_overrides={"x": polars.Float64})["x"].to_list()}
        for reader, got in exact.items():
            report.check_equal(got[-2:], [0.25, 1.75], f"{reader}: {whole} whole values, then others")
        guessed = [row[0] for row in duckdb.sql(f"SELECT x FROM '{path}'").fetchall()][-2:]
        report.check_equal(guessed, [0, 2] if whole == 20480 else [0.25, 1.75], f"DuckDB, {duckdb.__version__}, without a type: {whole} whole values")
        report.check_equal(outcome(lambda: polars.read_csv(path)["x"].to_list()[-2:]), "ComputeError" if whole == 20480 else [0.25, 1.75],
                           f"Polars without a type: {whole} whole values")


def test_special_values(server, connection):
    """NaN, infinities and NULL as COPY writes them."""
    path = server.folder / "special.csv"
    values = ["0.5", "NaN", "Infinity", "-Infinity", "-0", ""]       # as COPY writes them
    path.write_text("i,x\n" + "\n".join(f"{i},{x}" for i, x in enumerate(values)) + "\n")
    kept, merged = "[0.5, nan, inf, -inf, -0.0, None]", "[0.5, None, inf, -inf, -0.0, None]"
    options = pyarrow.csv.ConvertOptions(column_types={"x": pyarrow.float64()}, null_values=[""])
    got = {"PyArrow": (pyarrow.csv.read_csv(path)["x"].to_pylist(), merged),
           "PyArrow, null_values": (pyarrow.csv.read_csv(path, convert_options=options)["x"].to_pylist(), kept),
           "DuckDB": ([row[0] for row in duckdb.sql(f"SELECT x FROM '{path}' ORDER BY i").fetchall()], kept),
           "Polars, schema": (polars.read_csv(path, schema_overrides={"x": polars.Float64})["x"].to_list(), kept),
           "pandas": ([None if np.isnan(x) else x for x in pandas.read_csv(path).x], merged)}
    for reader, (read, expected) in got.items():
        report.check_equal(str(read), expected, f"{reader}: NaN, infinities, NULL")
    report.check_equal(polars.read_csv(path)["x"].dtype, polars.String, "Polars without a schema: Infinity makes text of the column")


def test_drivers(server, connection):
    """A real as text and in binary; arrays with bounds and dimensions."""
    for binary, expected in ((False, 39.02), (True, float(np.float32(39.02)))):
        with connection.cursor(binary=binary) as cursor:
            row = cursor.execute("SELECT 39.02::real, 39.02::real::float8, '{{1,2},{3,4}}'::float8[]").fetchone()
        report.check_equal(row, (expected, float(np.float32(39.02)), [[1.0, 2.0], [3.0, 4.0]]), f"psycopg {psycopg.__version__}, binary {binary}")


def test_decimals(server, connection):
    """Numeric columns of more places than the first rows have, and what is computed of decimals."""
    query = "SELECT {column} AS x FROM (SELECT CASE WHEN i <= 100 THEN 1.5 ELSE 0.04 END::numeric AS x FROM generate_series(1, 101) AS i ORDER BY i) AS v"
    for column, options, expected in (("x", {}, "0.0"), ("x", {"infer_schema_length": None}, "0.04"), ("x::float8", {}, "0.04")):
        got = polars.read_database(query.format(column=column), connection, **options)["x"][-1]
        report.check_equal(str(got), expected, f"Polars {polars.__version__}, read_database, {column} {options}: 0.04 behind 100 rows of 1.5")
    x = polars.col("x")
    frame = polars.DataFrame({"x": [Decimal(1), Decimal(2), Decimal(5)]})
    for of, expected in ((x, "[0, 0, 1]"), (x.cast(polars.Float64), "[0.0, 0.25, 1.0]")):
        got = frame.select((of - of.min()) / (of.max() - of.min()))["x"]
        report.check_equal(str([float(value) for value in got] if got.dtype == polars.Float64 else [int(value) for value in got]), expected, f"Polars, minmax of {of}")
    for of, expected in (("x", ("1", "0")), ("x::DOUBLE", ("1.5", "0.5"))):
        got = duckdb.execute(f"SELECT median({of})::TEXT, mad({of})::TEXT FROM (SELECT unnest([1, 2])::DECIMAL(10,0) AS x)").fetchone()
        report.check_equal(got, expected, f"DuckDB {duckdb.__version__}, median and mad of {of}, a DECIMAL")


TESTS = (test_parquet, test_statistics, test_guessed_types, test_special_values, test_drivers, test_decimals)
