#!/usr/bin/env python3
"""Fit a table and write its normalized columns to another one: in the database, and by way of pandas and scikit-learn.

    bench/round_trip.py [rows] [repetitions]      default 300000 3

The round trip is COPY to a CSV file, pandas.read_csv (of 3.1 or later, which does not round), StandardScaler, DataFrame.to_csv, COPY from it.  Run it with
build/venv/bin/python, which has both libraries.
"""

import statistics
import sys
import time

import pandas
from sklearn.preprocessing import StandardScaler

from pairs import bench_folder, bench_server

FEATURES = 32
NAMES = [f"f{i}" for i in range(1, FEATURES + 1)]


def in_the_database(server):
    scaler = server.query("SELECT normfreeze.freeze('trip', normfreeze.fit_table('c', 'standard'))")
    columns = server.query(f"SELECT normfreeze.select_list({scaler}::bigint, 'c')")
    server.query(f"SET jit = off; DROP TABLE IF EXISTS scaled; CREATE TABLE scaled AS SELECT {columns} FROM c")


def by_way_of_python(server):
    file = server.folder / "trip.csv"
    file.unlink(missing_ok=True)
    server.query(f"\\copy c TO '{file}' WITH (FORMAT csv, HEADER)")
    frame = pandas.read_csv(file)
    frame[NAMES] = StandardScaler().fit_transform(frame[NAMES])
    frame.to_csv(file, index=False)
    server.query(f"""DROP TABLE IF EXISTS scaled_outside; CREATE TABLE scaled_outside (LIKE c);
        \\copy scaled_outside FROM '{file}' WITH (FORMAT csv, HEADER)""")


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with bench_folder() as folder, bench_server(folder) as server:
        server.query(f"""CREATE EXTENSION normfreeze; SELECT setseed(0.5);
            CREATE TABLE c AS SELECT {', '.join(f'random() AS {name}' for name in NAMES)} FROM generate_series(1, {rows}); VACUUM ANALYZE c""")
        times = []
        for _ in range(repetitions):
            start = time.monotonic()
            in_the_database(server)
            middle = time.monotonic()
            by_way_of_python(server)
            times.append((middle - start, time.monotonic() - middle))
        ratio = statistics.median(outside / inside for inside, outside in times)
        print(f"{rows} rows x {FEATURES} float8: in the database {statistics.median(t[0] for t in times):.2f} s, "
              f"by way of pandas and scikit-learn {statistics.median(t[1] for t in times):.2f} s: {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
