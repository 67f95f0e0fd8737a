#!/usr/bin/env python3
"""Python's transform() beside scikit-learn's, and each kind of frame beside the same in the types of numpy, in one run.

    bench/python_frames.py [rows] [repetitions] [cpu]       default 300000 7

32 features, method standard; with gaps five of a hundred values are missing, also in slices and chunks.  One process, calls interleaved; the
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
CHUNKS = (100000, 10000)    # rows of a chunk of arrow: of a file, of Spark

# what frames are made of: a type of numpy, and the same of pandas with a mask, of arrow, of polars
TYPES = {"float64": pd.arrays.FloatingArray, "float32": pd.arrays.FloatingArray, "int64": pd.arrays.IntegerArray, "bool": pd.arrays.BooleanArray}


def of_type(x, kind):
    """Normal numbers as those of a type that has numbers to scale."""
    return x > 3 if kind == "bool" else (x * 1000 if kind == "int64" else x).astype(kind)


def kinds(rows):
    """Makers of what is transformed, by name.  Each is made when it is used, and gone after it."""
    rng = np.random.default_rng(7)
    x = rng.normal(3, 2, (rows, len(NAMES)))
    holes = rng.random(x.shape) < 0.05

    def columns(of):
        return pd.DataFrame({name: of(i) for i, name in enumerate(NAMES)})

    def plain(kind, gaps):
        # in the types of numpy only floats can have gaps
        return lambda: columns(lambda i: np.where(holes[:, i] & (gaps and "float" in kind), np.nan, of_type(x[:, i], kind)).astype(kind))

    def masked(kind, gaps):
        return lambda: columns(lambda i: TYPES[kind](of_type(x[:, i], kind), holes[:, i] & gaps))

    def table(kind="float64", gaps=True):
        return lambda: pa.table({name: pa.array(of_type(x[:, i], kind), mask=holes[:, i] if gaps else None) for i, name in enumerate(NAMES)})

    def chunked(size):
        return lambda: pa.Table.from_batches(table()().to_batches(size))

    def of_pandas(table):
        return lambda: table().to_pandas(types_mapper=pd.ArrowDtype)

    found = {
        "array": lambda: x,
        "array in Fortran order": lambda: np.asfortranarray(x),
        "array of float32": lambda: x.astype(np.float32),
        "array with gaps": lambda: np.where(holes, np.nan, x),
        "pandas, one block": lambda: pd.DataFrame(x, columns=NAMES),
        "pandas, columns": lambda: columns(lambda i: x[:, i].copy()),
        "one row of an array": lambda: x[:1],
        "one row of pandas": lambda: pd.DataFrame(x[:1], columns=NAMES),
        "one row of pandas on arrow": lambda: of_pandas(table())().iloc[:1],
        "one Series of pandas": lambda: pd.Series(x[0], NAMES),
        "pyarrow, a slice": lambda: pa.concat_tables([table()().slice(0, 3), table()()]).combine_chunks().slice(3),
    }
    for size in CHUNKS:
        found |= {f"pyarrow, chunks of {size}": chunked(size), f"on arrow, chunks of {size}": of_pandas(chunked(size)),
                  f"polars, chunks of {size}": lambda of=chunked(size): pl.from_arrow(of(), rechunk=False)}
    for kind in TYPES:
        for gaps in (False, True):
            name = kind + (", gaps" if gaps else "")
            found |= {f"pandas {name}": plain(kind, gaps), f"nullable {name}": masked(kind, gaps), f"on arrow {name}": of_pandas(table(kind, gaps)),
                      f"pyarrow {name}": table(kind, gaps), f"polars {name}": lambda of=table(kind, gaps): pl.from_arrow(of())}
    return found


def cases(of):
    """(what is transformed, the most that ours may take or None, ours, what it is held against, theirs)"""
    x, gaps = of["array"]()[:FITTED], of["array with gaps"]()[:FITTED]
    named = pd.DataFrame(x, columns=NAMES)
    ours = normfreeze.fit(named, "standard")
    imputing = normfreeze.fit(pd.DataFrame(gaps, columns=NAMES), "standard", {"missing": "mean"}).transform
    minmax = normfreeze.fit(named, "minmax", {"clip": True}).transform
    theirs = StandardScaler().fit(x)
    theirs_named = StandardScaler().fit(named).transform
    yield from ((kind, 1.2, ours.transform, kind, theirs.transform) for kind in ("array", "array in Fortran order", "array of float32"))
    yield "array", 1.2, ours.inverse_transform, "array", theirs.inverse_transform
    yield "array with gaps", 1.0, imputing, "array with gaps", make_pipeline(SimpleImputer(), StandardScaler()).fit(gaps).transform
    yield "array", 1.2, minmax, "array", MinMaxScaler(clip=True).fit(x).transform
    yield from ((kind, 2.0, ours.transform, kind, theirs_named) for kind in (
        "pandas, one block", "pandas, columns", "pandas float32", "pandas int64", "pandas bool"))
    for kind in TYPES:
        for name in (kind, f"{kind}, gaps"):
            peer = f"pandas {name if 'float' in kind else kind}"
            yield from ((f"{of} {name}", 2.0, ours.transform, peer, ours.transform) for of in ("nullable", "on arrow", "pyarrow", "polars"))
    for kind in ("pyarrow, a slice", *(f"{of}, chunks of {size}" for size in CHUNKS for of in ("pyarrow", "on arrow", "polars"))):
        yield kind, 2.0, ours.transform, "pandas float64, gaps", ours.transform
    yield "nullable float64, gaps", 2.0, ours.inverse_transform, "pandas float64, gaps", ours.inverse_transform
    yield "one row of an array", None, ours.transform, "one row of an array", theirs.transform
    for kind in ("one row of pandas", "one row of pandas on arrow", "one Series of pandas"):
        yield kind, None, ours.transform, "one row of pandas", theirs_named


def beside_result(call, rows, kind):
    """The most memory in MB that a call takes beside its result, which is of float64 but for an array of float32."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (most - rows * len(NAMES) * (4 if kind == "array of float32" else 8)) / 1e6


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
              f" {beside_result(lambda: ours(given), 1 if one else rows, kind):6.1f}{'  more than that' if over else ''}", flush=True)
    print(f"{missed} ratios above their limits")


if __name__ == "__main__":
    main()
