#!/usr/bin/env python3
"""The methods of one function beside PostgreSQL's own functions in SQL written by hand.

    bench/functions.py [rows] [repetitions]      default 300000 5

Ours are correctly rounded, those by hand are the C library's.  Rows of 8 columns, and single values.  Where PostgreSQL 15 has no such function, by
hand is what people write: ln(x) / ln(2), ln(x / (1 - x)), exp(x) - 1.
"""

import sys

from pairs import Job, bench_folder, bench_server, compare

FEATURES = 8
BY_HAND = {"log": "ln({x})", "log2": "ln({x}) / 0.6931471805599453", "log10": "log({x})", "sqrt": "sqrt({x})", "cbrt": "cbrt({x})", "square": "{x} * {x}",
           "asinh": "asinh({x})", "logit": "ln({x} / (1 - {x}))", "reciprocal": "1 / {x}", "expm1": "exp({x}) - 1", "log1p": "ln(1 + {x})"}


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    columns = [f"f{i}" for i in range(1, FEATURES + 1)]
    with bench_folder() as folder, bench_server(folder) as server:
        server.query("CREATE EXTENSION normfreeze; SELECT setseed(0.5); CREATE TABLE t AS SELECT " +
                     ", ".join(f"0.001 + 0.998 * random() AS {column}" for column in columns) + f" FROM generate_series(1, {rows}); VACUUM ANALYZE t")
        of_rows, of_values = [], []
        for method, expression in BY_HAND.items():
            scaler = server.query(f"SELECT normfreeze.freeze('{method}', normfreeze.fit_table('t', '{method}'))")
            by_hand = ", ".join(expression.format(x=column) for column in columns)
            of_rows.append(Job(method, f"SELECT sum(cardinality(normfreeze.normalize(t, {scaler}))) FROM t",
                               f"SELECT sum(cardinality(ARRAY[{by_hand}])) FROM t"))
            of_values.append(Job(method, f"SELECT sum(normfreeze.normalize(f1, {scaler}, 'f1')) FROM t", f"SELECT sum({expression.format(x='f1')}) FROM t"))
        compare(server, f"{rows} rows of {FEATURES} columns", {"scan": "SELECT count(f8) FROM t"}, of_rows, repetitions)
        compare(server, f"{rows} single values", {"scan": "SELECT count(f1) FROM t"}, of_values, repetitions)


if __name__ == "__main__":
    main()
