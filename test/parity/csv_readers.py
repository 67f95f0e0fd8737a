"""What CSV readers make of the digits that COPY writes: the table of docs/export.md.

The pandas of before 3.1 is in a folder of its own, which tools/setup.sh fills.
"""

import io
import pathlib
import subprocess
import sys
import warnings

import duckdb
import numpy as np
import pandas
import polars
import pyarrow.csv
from report import check, check_equal

OLD_PANDAS = pathlib.Path(__file__).resolve().parents[2] / "build" / "pandas-2"

# run by another process, with the old pandas: how many values have other bits
OLD_READERS = """
import sys
import numpy, pandas
expected = numpy.fromfile(sys.argv[2])
print(pandas.__version__)
for options in ({}, {"float_precision": "high"}, {"engine": "python"}, {"float_precision": "legacy"},
                {"float_precision": "round_trip"}):
    got = pandas.read_csv(sys.argv[1], **options).x.to_numpy()
    print(int((got.view("u8") != expected.view("u8")).sum()))
"""


def values():
    generator = np.random.default_rng(4)
    wide = generator.normal(size=5000) * 10.0 ** generator.integers(-300, 300, 5000)
    return np.concatenate([generator.normal(size=20000), wide])


def unequal(got, expected):
    return int((np.ascontiguousarray(got, dtype=float).view("u8") != expected.view("u8")).sum())


def test_readers(server, connection):
    expected = values()
    connection.execute("CREATE TEMPORARY TABLE wide (i int, x float8)")
    with connection.cursor().copy("COPY wide FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "float8"])
        for row in enumerate(expected.tolist()):
            copy.write_row(row)
    with connection.cursor().copy("COPY (SELECT x FROM wide ORDER BY i) TO STDOUT (FORMAT csv, HEADER)") as copy:
        written = b"".join(bytes(block) for block in copy)
    connection.execute("DROP TABLE wide")

    lines = written.decode().split()[1:]
    path = server.folder / "wide.csv"
    path.write_bytes(written)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # pandas 3.1 deprecates float_precision
        readers = {
            "Python float()": [float(line) for line in lines],
            "pandas": pandas.read_csv(path).x,
            "pandas, float_precision='round_trip'": pandas.read_csv(path, float_precision="round_trip").x,
            "pandas, engine='pyarrow'": pandas.read_csv(path, engine="pyarrow").x,
            "PyArrow": pyarrow.csv.read_csv(path)["x"],
            "Polars": polars.read_csv(path)["x"],
            "DuckDB": duckdb.sql(f"SELECT x FROM read_csv('{path}')").fetchnumpy()["x"],
            "NumPy loadtxt": np.loadtxt(io.StringIO(written.decode()), skiprows=1),
            "NumPy genfromtxt": np.genfromtxt(io.StringIO(written.decode()), skip_header=1),
        }
    for name, got in readers.items():
        check_equal(unequal(got, expected), 0, f"{name} reads what COPY writes, bit for bit")
    check_old_pandas(path, expected)


def check_old_pandas(path, expected):
    """The reason for the advice: most ways of reading change a third of the values."""
    bits = path.with_suffix(".bits")
    expected.tofile(bits)
    result = subprocess.run([sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {str(OLD_PANDAS)!r})\n" + OLD_READERS,
                             path, bits], capture_output=True, text=True)
    check(result.returncode == 0, "the old pandas runs", result.stderr)
    version, default, high, python, legacy, round_trip = result.stdout.split()
    check(version.startswith("2."), "it is an old pandas", version)
    for name, changed in (("default", default), ("high", high), ("python engine", python), ("legacy", legacy)):
        check(int(changed) > expected.size // 5, f"pandas before 3.1, {name}, changes values", changed)
    check_equal(int(round_trip), 0, "pandas before 3.1 with float_precision='round_trip' reads the same bits")
