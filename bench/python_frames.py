#!/usr/bin/env python3
"""Python's transform() beside scikit-learn's, and each kind of frame beside the same in the types of numpy, in one run.

    bench/python_frames.py [rows] [repetitions] [cpu]       default 300000 7

32 features, method standard; five of a hundred values are missing where that can be.  One process, calls interleaved; the
ratio is of the minima, with the median of the pairwise ratios beside it.  "most" is the limit that a ratio is held against.
With cpu it is the time of all processors, for a machine that is busy.
"""

import pathlib
import statistics
import sys
import time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "python"))

import normfreeze  # noqa: E402

NAMES = [f"f{i}" for i in range(32)]
FITTED = 10000              # rows to fit


def cases(rows):
    """(name, the most that ours may take or None, ours, what it is held against); the last two are calls."""
    rng = np.random.default_rng(7)
    x = rng.normal(3, 2, (rows, len(NAMES)))
    holes = rng.random(x.shape) < 0.05
    missing = np.where(holes, np.nan, x)
    single, whole = x.astype(np.float32), (x * 1000).astype(np.int64)
    frame = pd.DataFrame(x, columns=NAMES)
    columns = pd.DataFrame({name: x[:, i].copy() for i, name in enumerate(NAMES)})
    gaps = pd.DataFrame({name: missing[:, i].copy() for i, name in enumerate(NAMES)})
    integers = pd.DataFrame({name: whole[:, i].copy() for i, name in enumerate(NAMES)})
    nullable = pd.DataFrame({name: pd.arrays.FloatingArray(x[:, i].copy(), holes[:, i].copy()) for i, name in enumerate(NAMES)})
    nullable_integers = pd.DataFrame({name: pd.arrays.IntegerArray(whole[:, i].copy(), holes[:, i].copy()) for i, name in enumerate(NAMES)})
    table = pa.table({name: pa.array(x[:, i], mask=holes[:, i]) for i, name in enumerate(NAMES)})
    table_integers = pa.table({name: pa.array(whole[:, i], mask=holes[:, i]) for i, name in enumerate(NAMES)})
    on_arrow, on_arrow_integers = (t.to_pandas(types_mapper=pd.ArrowDtype) for t in (table, table_integers))
    polars, polars_integers = pl.from_arrow(table), pl.from_arrow(table_integers)

    named = columns.iloc[:FITTED]
    ours = normfreeze.fit(named, "standard")
    imputing = normfreeze.fit(gaps.iloc[:FITTED], "standard", {"missing": "mean"})
    minmax = normfreeze.fit(named, "minmax", {"clip": True})
    theirs = StandardScaler().fit(x[:FITTED])
    theirs_named = StandardScaler().fit(named)
    theirs_imputing = make_pipeline(SimpleImputer(), StandardScaler()).fit(missing[:FITTED])
    theirs_minmax = MinMaxScaler(clip=True).fit(x[:FITTED])
    one, row = columns.iloc[:1], columns.iloc[0]

    def numpy_types():
        return ours.transform(gaps)

    def numpy_integers():
        return ours.transform(integers)

    return [
        ("array", 1.2, lambda: ours.transform(x), lambda: theirs.transform(x)),
        ("array, Fortran order", 1.2, (lambda f: lambda: ours.transform(f))(np.asfortranarray(x)),
         (lambda f: lambda: theirs.transform(f))(np.asfortranarray(x))),
        ("array of float32", 1.2, lambda: ours.transform(single), lambda: theirs.transform(single)),
        ("array, the inverse", 1.2, lambda: ours.inverse_transform(x), lambda: theirs.inverse_transform(x)),
        ("array, imputing", 1.0, lambda: imputing.transform(missing), lambda: theirs_imputing.transform(missing)),
        ("array, minmax with clip", 1.2, lambda: minmax.transform(x), lambda: theirs_minmax.transform(x)),
        ("pandas, one block", 2.0, lambda: ours.transform(frame), lambda: theirs_named.transform(frame)),
        ("pandas, columns", 2.0, lambda: ours.transform(columns), lambda: theirs_named.transform(columns)),
        ("pandas, int64", 2.0, lambda: ours.transform(integers), lambda: theirs_named.transform(integers)),
        ("pandas Float64, to float64", 2.0, lambda: ours.transform(nullable), numpy_types),
        ("pandas Int64, to int64", 2.0, lambda: ours.transform(nullable_integers), numpy_integers),
        ("pandas on arrow, to float64", 2.0, lambda: ours.transform(on_arrow), numpy_types),
        ("pandas on arrow, to int64", 2.0, lambda: ours.transform(on_arrow_integers), numpy_integers),
        ("pyarrow double, to float64", 2.0, lambda: ours.transform(table), numpy_types),
        ("pyarrow int64, to int64", 2.0, lambda: ours.transform(table_integers), numpy_integers),
        ("polars Float64, to float64", 2.0, lambda: ours.transform(polars), numpy_types),
        ("polars Int64, to int64", 2.0, lambda: ours.transform(polars_integers), numpy_integers),
        ("one row, pandas", None, lambda: ours.transform(one), lambda: theirs_named.transform(one)),
        ("one row, Series of pandas", None, lambda: ours.transform(row), lambda: theirs_named.transform(one)),
        ("one row, array", None, lambda: ours.transform(x[0]), lambda: theirs.transform(x[:1])),
    ]


def seconds(call, clock):
    start = clock()
    call()
    return clock() - start


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    clock = time.process_time if sys.argv[3:] == ["cpu"] else time.perf_counter
    print(f"{rows} x {len(NAMES)}, numpy {np.__version__}, pandas {pd.__version__}, polars {pl.__version__}, pyarrow {pa.__version__}")
    print(f"{'':30} {'ms':>9} {'beside':>9} {'ratio':>6} {'median':>6} {'most':>5}")
    missed = 0
    for name, most, ours, theirs in cases(rows):
        pairs = [(seconds(ours, clock), seconds(theirs, clock)) for _ in range(repetitions * (10 if name.startswith("one row") else 1))]
        least = [min(times) for times in zip(*pairs)]
        ratio, median = least[0] / least[1], statistics.median(a / b for a, b in pairs)
        over = most is not None and min(ratio, median) > most
        missed += over
        print(f"{name:30} {least[0] * 1000:9.2f} {least[1] * 1000:9.2f} {ratio:6.2f} {median:6.2f} {most or '':>5}"
              f"{'  more than that' if over else ''}", flush=True)
    print(f"{missed} ratios above their limits")


if __name__ == "__main__":
    main()
