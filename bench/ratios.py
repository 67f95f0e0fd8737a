#!/usr/bin/env python3
"""Speed as ratios to the bare scan of the same table, in one run.

    bench/ratios.py [rows] [repetitions]      default 500000 7

One process, no JIT, statements interleaved; the ratio is of the minima, with
the median of the pairwise ratios beside it.  Machines are noisy: compare the
two, and run it again.
"""

import pathlib
import re
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from server import Installation, Server  # noqa: E402

FEATURES = 32
INDEXES = range(1, FEATURES + 1)
NO_DISTRIBUTION = """'{"distribution": false}'"""


def statements(scaler_id):
    """(name, the most it may cost or None, statement)"""
    columns = [f"f{i}" for i in INDEXES]
    expression = ", ".join(f"({c} - 0.5) / 0.29" for c in columns)
    moments = ", ".join(f"avg({c}), stddev_pop({c})" for c in columns)
    return [
        ("bare scan", None, "SELECT sum(cardinality(features)) FROM arrays"),
        ("normalize by id", 1.4,
         f"SELECT sum(cardinality(normfreeze.normalize(features, {scaler_id}))) FROM arrays"),
        ("normalize by ref", 1.4,
         "SELECT sum(cardinality(normfreeze.normalize(features, 'bench@production'))) FROM arrays"),
        ("normalize by value", None,
         "SELECT sum(cardinality(normfreeze.normalize(features, (SELECT normfreeze.scaler(%s))))) FROM arrays" % scaler_id),
        ("denormalize by id", None,
         f"SELECT sum(cardinality(normfreeze.denormalize(features, {scaler_id}))) FROM arrays"),
        ("fit standard, no distribution", 1.45,
         f"SELECT normfreeze.id_of(normfreeze.fit(features, 'standard', {NO_DISTRIBUTION})) FROM arrays"),
        ("fit standard", 2.5,
         "SELECT normfreeze.id_of(normfreeze.fit(features, 'standard')) FROM arrays"),
        ("normalize rows by id", None,
         f"SELECT sum(cardinality(normfreeze.normalize(c, {scaler_id}))) FROM columns AS c"),
        ("PostgreSQL: ARRAY[(f1 - m1) / s1, ...]", None, f"SELECT sum(cardinality(ARRAY[{expression}])) FROM columns"),
        ("PostgreSQL: avg, stddev_pop of each", None, f"SELECT {moments} FROM columns"),
    ]


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    columns = ", ".join(f"features[{i}] AS f{i}" for i in INDEXES)
    names = ", ".join(f'"f{i}"' for i in INDEXES)
    with tempfile.TemporaryDirectory(prefix="normfreeze-bench-") as folder, \
            Server(Installation(folder), "bench", {"shared_buffers": "1GB", "max_wal_size": "8GB",
                                                   "autovacuum": "off"}) as server:
        server.query("CREATE EXTENSION normfreeze")
        server.query(f"""
            SELECT setseed(0.5);
            CREATE TABLE arrays AS
              SELECT ARRAY(SELECT random() + g * 0 FROM generate_series(1, {FEATURES}))::float8[] AS features
                FROM generate_series(1, {rows}) AS g;
            CREATE TABLE columns AS SELECT {columns} FROM arrays;
            VACUUM ANALYZE arrays; VACUUM ANALYZE columns;
            SELECT normfreeze.freeze('bench', normfreeze.fit(features, 'standard', '{{"names": [{names}]}}'))
              FROM arrays;
            SELECT normfreeze.promote('bench', 1);""")
        todo = statements(server.query("SELECT normfreeze.scaler_id('bench')"))
        script = "SET max_parallel_workers_per_gather = 0; SET jit = off;\n\\o /dev/null\n"
        script += "".join(f"{sql};\n" for _, _, sql in todo) + "\\timing on\n"
        script += "".join(f"{sql};\n" for _ in range(repetitions) for _, _, sql in todo)
        output = server.psql(script).stdout
    times = [float(t) for t in re.findall(r"Time: ([\d.]+) ms", output)]
    series = [times[i::len(todo)] for i in range(len(todo))]
    print(f"{rows} rows x {FEATURES} float8, {repetitions} repetitions")
    print(f"{'':42}{'min ms':>9}{'ratio':>8}{'median':>8}{'target':>8}")
    for (name, target, _), measured in zip(todo, series):
        pairs = statistics.median(a / b for a, b in zip(measured, series[0]))
        print(f"{name:42}{min(measured):9.0f}{min(measured) / min(series[0]):8.2f}{pairs:8.2f}"
              f"{target if target else '':>8}")


if __name__ == "__main__":
    main()
