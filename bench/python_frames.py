#!/usr/bin/env python3
"""Python's transform() beside scikit-learn's, and each kind of frame beside the same in the types of numpy, in one run.

    bench/python_frames.py [rows] [repetitions] [cpu]       default 300000 7

32 features, method standard; five of a hundred values are missing where that can be.  One process, calls interleaved; the
ratio is of the minima, with the median of the pairwise ratios beside it.  "most" is the limit that a ratio is held against.
With cpu it is the time of all processors, for a machine that is busy.  "MB" is what memory a call takes at most beside its result.
"""

import pathlib
import statistics
import sys
import time
import tracemalloc

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


def kinds(rows):
    """Makers of what is transformed, by name.  Each is made when it is used, and gone after it."""
    rng = np.random.default_rng(7)
    x = rng.normal(3, 2, (rows, len(NAMES)))
    holes = rng.random(x.shape) < 0.05

    def columns(of):
        return pd.DataFrame({name: of(i) for i, name in enumerate(NAMES)})

    def whole(i):
        return (x[:, i] * 1000).astype(np.int64)

    def table():
        return pa.table({name: pa.array(x[:, i], mask=holes[:, i]) for i, name in enumerate(NAMES)})

    def table_of_integers():
        return pa.table({name: pa.array(whole(i), mask=holes[:, i]) for i, name in enumerate(NAMES)})

    return {
        "array": lambda: x,
        "array in Fortran order": lambda: np.asfortranarray(x),
        "array of float32": lambda: x.astype(np.float32),
        "array with gaps": lambda: np.where(holes, np.nan, x),
        "pandas, one block": lambda: pd.DataFrame(x, columns=NAMES),
        "pandas, columns": lambda: columns(lambda i: x[:, i].copy()),
        "pandas with gaps": lambda: columns(lambda i: np.where(holes[:, i], np.nan, x[:, i])),
        "pandas, int64": lambda: columns(whole),
        "pandas Float64": lambda: columns(lambda i: pd.arrays.FloatingArray(x[:, i].copy(), holes[:, i].copy())),
        "pandas Int64": lambda: columns(lambda i: pd.arrays.IntegerArray(whole(i), holes[:, i].copy())),
        "pandas on arrow, double": lambda: table().to_pandas(types_mapper=pd.ArrowDtype),
        "pandas on arrow, int64": lambda: table_of_integers().to_pandas(types_mapper=pd.ArrowDtype),
        "pyarrow double": table,
        "pyarrow int64": table_of_integers,
        "polars Float64": lambda: pl.from_arrow(table()),
        "polars Int64": lambda: pl.from_arrow(table_of_integers()),
        "one row of an array": lambda: x[:1],
        "one row of pandas": lambda: pd.DataFrame(x[:1], columns=NAMES),
        "one Series of pandas": lambda: pd.Series(x[0], NAMES),
    }


def cases(of):
    """(what is transformed, the most that ours may take or None, ours, what it is held against, theirs)"""
    x, gaps = of["array"]()[:FITTED], of["array with gaps"]()[:FITTED]
    named = pd.DataFrame(x, columns=NAMES)
    ours = normfreeze.fit(named, "standard")
    imputing = normfreeze.fit(pd.DataFrame(gaps, columns=NAMES), "standard", {"missing": "mean"}).transform
    minmax = normfreeze.fit(named, "minmax", {"clip": True}).transform
    theirs = StandardScaler().fit(x)
    theirs_named = StandardScaler().fit(named).transform
    one_row = [("one row of an array", None, ours.transform, "one row of an array", theirs.transform),
               ("one row of pandas", None, ours.transform, "one row of pandas", theirs_named),
               ("one Series of pandas", None, ours.transform, "one row of pandas", theirs_named)]
    return [
        *((kind, 1.2, ours.transform, kind, theirs.transform) for kind in ("array", "array in Fortran order", "array of float32")),
        ("array", 1.2, ours.inverse_transform, "array", theirs.inverse_transform),
        ("array with gaps", 1.0, imputing, "array with gaps", make_pipeline(SimpleImputer(), StandardScaler()).fit(gaps).transform),
        ("array", 1.2, minmax, "array", MinMaxScaler(clip=True).fit(x).transform),
        *((kind, 2.0, ours.transform, kind, theirs_named) for kind in ("pandas, one block", "pandas, columns", "pandas, int64")),
        *((kind, 2.0, ours.transform, "pandas, int64" if "nt64" in kind else "pandas with gaps", ours.transform)
          for kind in ("pandas Float64", "pandas Int64", "pandas on arrow, double", "pandas on arrow, int64", "pyarrow double", "pyarrow int64",
                       "polars Float64", "polars Int64")),
        *one_row]


def beside_result(call, rows):
    """The most memory in MB that a call takes beside its result of float64."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (most - rows * len(NAMES) * 8) / 1e6


def seconds(call, given, clock):
    start = clock()
    call(given)
    return clock() - start


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    clock = time.process_time if sys.argv[3:] == ["cpu"] else time.perf_counter
    print(f"{rows} x {len(NAMES)}, numpy {np.__version__}, pandas {pd.__version__}, polars {pl.__version__}, pyarrow {pa.__version__}")
    print(f"{'':30} {'ms':>9} {'beside':>9} {'ratio':>6} {'median':>6} {'most':>5} {'MB':>6}")
    missed, of = 0, kinds(rows)
    for kind, most, ours, peer, theirs in cases(of):
        given = of[kind]()
        beside = given if peer == kind else of[peer]()
        one = kind.startswith("one")
        pairs = [(seconds(ours, given, clock), seconds(theirs, beside, clock)) for _ in range(repetitions * (10 if one else 1))]
        least = [min(times) for times in zip(*pairs)]
        ratio, median = least[0] / least[1], statistics.median(a / b for a, b in pairs)
        over = most is not None and min(ratio, median) > most
        missed += over
        print(f"{kind:30} {least[0] * 1000:9.2f} {least[1] * 1000:9.2f} {ratio:6.2f} {median:6.2f} {most or '':>5}"
              f" {beside_result(lambda: ours(given), 1 if one else rows):6.1f}{'  more than that' if over else ''}", flush=True)
    print(f"{missed} ratios above their limits")


if __name__ == "__main__":
    main()
