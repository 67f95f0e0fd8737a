"""Ranges by a rule, and the statistics of what is inside: against exact rational arithmetic, numpy, SciPy and feature-engine.

NORMFREEZE_TEST_ALL=1 takes every data set with every rule, otherwise some of the rules with each.
"""

import itertools
import json
import math
import os
import pathlib
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import psycopg
from scipy.stats import mstats
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

import database
import datasets
import exact
import python_package
import report
import wire
from report import check, check_equal

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"
FEATURE_ENGINE = "feature_engine==1.9.4"
ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES_A_SET = 4
LARGEST = sys.float_info.max

RULES = ([1, 99], [5, 95], [2.5, 97.5], [0, 100], [33.3, 66.7], [None, 90], [10, None], [1e-9, 99.99999],
         {"fraction": 0.05}, {"fraction": [0.29, 0.01]}, {"fraction": [None, 0.1]}, {"fraction": 0.49999},
         {"deviations": 1}, {"deviations": 1.5, "ddof": 1}, {"deviations": 2.25, "tail": "left"},
         {"mad": 3}, {"mad": 0.7, "factor": 1}, {"mad": 2, "tail": "right"}, {"iqr": 1.5}, {"iqr": 0.3, "tail": "left"})


# ---- what a rule gives ----

def percentile_is_near(got, values, percent):
    """Whether a percentile is the exact one, but for what interpolating by rounded operations may do."""
    place = Fraction(percent) / 100 * (len(values) - 1)
    at = math.floor(place)
    low, high = Fraction(values[at]), Fraction(values[min(at + 1, len(values) - 1)])
    true = low + (place - at) * (high - low)
    # the place is rounded, too, and may be that of the neighbours
    widest = max((Fraction(b) - Fraction(a) for a, b in zip(values[max(at - 1, 0):at + 3], values[max(at, 1):at + 3])), default=0)
    slack = Fraction(2) ** -50 * (abs(low) + abs(high) + len(values) * widest) + Fraction(5e-324)
    return abs(Fraction(got) - true) <= slack


def ends(rule, values):
    """The range of sorted float64 values by the definitions in docs/methods.md: numpy's quantiles, exact moments rounded once."""
    if isinstance(rule, list):
        return [None if percent is None else float(np.percentile(values, percent)) for percent in rule]
    n = len(values)
    if "fraction" in rule:
        said = rule["fraction"] if isinstance(rule["fraction"], list) else [rule["fraction"]] * 2
        return [None if said[0] is None else values[math.floor(n * said[0])],
                None if said[1] is None else values[n - 1 - math.floor(n * said[1])]]
    if "deviations" in rule:
        spread = exact.variance(values, rule.get("ddof", 0))
        center = above = exact.rounded(exact.mean(values))
        distance = rule["deviations"] * (exact.rounded_root(spread) if values[0] != values[-1] else 0.0)
    elif "mad" in rule:
        center = above = float(np.median(values))
        distance = rule["mad"] * (rule.get("factor", 1.4826) * float(np.median(np.abs(values - center))))
    else:
        center, above = (float(np.percentile(values, percent)) for percent in (25.0, 75.0))
        distance = rule["iqr"] * (above - center)
    tail = rule.get("tail", "both")
    return [None if tail == "right" else max(center - distance, -LARGEST), None if tail == "left" else min(above + distance, LARGEST)]


def inside(values, low, high, clips):
    low, high = -LARGEST if low is None else low, LARGEST if high is None else high
    return [min(max(v, low), high) for v in values if clips or low <= v <= high]


def asked(connection, table, method, options):
    """The features of a fit, or the SQLSTATE of its refusal."""
    try:
        text, = connection.execute(f"SELECT normfreeze.bare(normfreeze.fit(x, '{method}', {database.literal(options)}))::text FROM {table} WHERE train = 1").fetchone()
    except psycopg.Error as error:
        return error.sqlstate
    return json.loads(text)["features"]


def same_bits(got, expected):
    return not wire.unequal(np.array([float(got)]), np.array([expected + 0.0])).any()


def check_feature(feature, rule, clips, statistics, values, where):
    """One feature's range, and its mean and deviation."""
    try:
        low, high = ends(rule, values)
    except (TypeError, OverflowError):
        return 0
    got = [None if abs(end) == LARGEST else end for end in feature["range"]]
    expected = [None if end is not None and abs(end) == LARGEST else end for end in (low, high)]
    check(all((a is None) == (b is None) and (a is None or same_bits(a, b)) for a, b in zip(got, expected)), f"range of {where}", (got, expected))
    if isinstance(rule, list):
        check(all(end is None or percentile_is_near(end, values, percent) for end, percent in zip(got, rule)), f"exact percentiles of {where}", got)
    used = values if statistics == "all" else inside(values, low, high, clips)
    center, spread = exact.rounded(exact.mean(used)), exact.rounded_root(exact.variance(used, 0))
    parameters = feature["parameters"]
    check(same_bits(parameters["center"], center), f"mean of {where}", (parameters["center"], center))
    check(feature["constant"] or same_bits(parameters["scale"], spread), f"deviation of {where}", (parameters["scale"], spread))
    return 4


def test_rules(server, connection):
    """Every rule gives the range of its definition, and mean and deviation are the exact ones of what is inside."""
    turn = seen = 0
    for dtype, chosen in ((np.float64, None), (np.float32, ("money", "integers", "zeros", "mixed"))):
        kind = database.SQL_TYPE[dtype]
        for name, data in datasets.all_sets(dtype).items():
            if chosen and name not in chosen and not ALL:
                continue
            data = np.float64(data)[:, :6]
            turn += 1
            for at in range(len(RULES) if ALL else RULES_A_SET):
                rule = RULES[at if ALL else (turn * 3 + at * 7) % len(RULES)]
                outside, statistics = ("clip", "null")[at % 2], ("inside", "inside", "inside", "all")[(turn + at) % 4]
                where = f"{rule}, {outside}, {statistics} of {name} {kind}"
                features = asked(connection, f"data_{name}_{kind}", "standard", {"outside": outside, "range": rule, "statistics": statistics, "unfit": "null"})
                if isinstance(features, str):
                    check_equal(features, "22003", f"{where} is refused")      # sums beyond float8
                    continue
                for column, feature in zip(data.T, features):
                    values = np.sort(column[~np.isnan(column)]).tolist()
                    if not feature.get("unfit"):
                        seen += check_feature(feature, rule, outside == "clip", statistics, values, f"feature {feature['name']} of {where}")
    check(seen > 400, "features whose range was compared", seen)


# ---- other systems ----

def load(connection, data):
    connection.execute("DROP TABLE IF EXISTS ranges")
    database.load(connection, "ranges", {"x": data}, {"x": "float8"})


def normalized(connection, method, options, data):
    return wire.copy_out(connection, f"SELECT normfreeze.normalize(x, s) FROM ranges, (SELECT normfreeze.bare(normfreeze.fit(x, '{method}', "
                         f"{database.literal(options)})) AS s FROM ranges) AS f ORDER BY id", [("float8", data.shape[1])])[0]


def samples():
    rng = np.random.default_rng(23)
    yield "lognormal", rng.lognormal(0, 2, (300, 5))
    yield "few", rng.normal(size=(37, 3)) * 10.0 ** rng.uniform(-9, 9, (37, 3))
    yield "money", np.round(rng.lognormal(4, 1, (211, 4)), 2)


def test_scipy(server, connection):
    """scipy.stats.mstats.winsorize() of one array: the same values."""
    for name, data in samples():
        load(connection, data)
        for limits in ((0.05, 0.05), (0.29, 0.01), (0.1, None), (0, 0.2), (0.333, 0.4)):
            got = normalized(connection, "identity", {"outside": "clip", "range": {"fraction": list(limits)}}, data)
            expected = np.column_stack([np.asarray(mstats.winsorize(column, limits)) for column in data.T])
            check(not wire.unequal(got, expected).any(), f"scipy's winsorize {limits} of {name}")


def feature_engine():
    """Its Winsorizer, which needs nothing that is not here; its statsmodels is for others of its classes."""
    folder = ROOT / "build" / "feature-engine"
    stamp = folder / ".requirement"
    if not stamp.exists() or stamp.read_text() != FEATURE_ENGINE:
        installed = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade",
                                    "--target", str(folder), FEATURE_ENGINE], stderr=subprocess.PIPE, text=True)
        if installed.returncode:
            raise SystemExit(f"pip cannot install {FEATURE_ENGINE}: {installed.stderr}")
        stamp.write_text(FEATURE_ENGINE)
    sys.path.append(str(folder))
    from feature_engine.outliers import Winsorizer
    return Winsorizer


# by its capping method: our rule, given fold and tail, and whether its arithmetic is plain, so that bits are equal
CAPPING = {
    "quantiles": (lambda fold, tail: [None if tail == "right" else 100 * fold, None if tail == "left" else 100 * (1 - fold)], (0.05, 0.1, 0.01), True),
    "iqr": (lambda fold, tail: {"iqr": fold, "tail": tail}, (1.5, 3, 0.2), True),
    # numpy's mean and deviation are not the exact ones
    "gaussian": (lambda fold, tail: {"deviations": fold, "tail": tail}, (3, 1, 0.25), False),
    # it divides by 0.67449, as docs/methods.md says, where a factor multiplies
    "mad": (lambda fold, tail: {"mad": fold, "factor": 1 / 0.67449, "tail": tail}, (3.29, 1, 2), False),
}


def test_feature_engine(server, connection):
    """feature-engine's Winsorizer: its caps are our ranges, and with a StandardScaler behind it, our statistics of what is inside."""
    winsorizer = feature_engine()
    for name, data in samples():
        load(connection, data)
        frame = pd.DataFrame(data, columns=[f"f{i}" for i in range(data.shape[1])])
        for (method, (rule, folds, plain)), tail in itertools.product(CAPPING.items(), ("both", "left", "right")):
            for fold in folds:
                where = f"feature-engine's {method}, fold {fold}, tail {tail} of {name}"
                theirs = winsorizer(method, tail=tail, fold=fold).fit(frame)
                got = normalized(connection, "identity", {"outside": "clip", "range": rule(fold, tail)}, data)
                expected = theirs.transform(frame).to_numpy()
                if plain:
                    check(not wire.unequal(got, expected).any(), where, np.abs(got - expected).max())
                else:
                    near = np.abs(got - expected) <= 8 * np.spacing(np.abs(data).max(axis=0))
                    check(near.all(), where, np.abs(got - expected).max())
                clipped = wire.unequal(got, data).any()
                check_equal(clipped, bool(wire.unequal(expected, data).any()), f"{where}: whether anything is clipped")


def test_winsorizer_import(server, connection):
    """dump() of a Winsorizer, alone and in pipelines with scikit-learn's scalers: its results, bit for bit."""
    normfreeze, winsorizer = python_package.normfreeze, feature_engine()
    data = np.random.default_rng(5).lognormal(0, 2, (200, 3))
    frame = pd.DataFrame(data, columns=["a", "größe", "c"])
    holed = frame.mask(np.random.default_rng(6).random(frame.shape) < 0.1)
    probes = pd.DataFrame(np.concatenate([data * 1.7, -data[:20], np.zeros((1, 3))]), columns=frame.columns)
    w = lambda method, tail, **more: winsorizer(method, tail=tail, **more)           # noqa: E731
    cases = [(w(method, tail), frame) for method in CAPPING for tail in ("both", "left", "right")]
    cases += [(w("iqr", "both", variables=["c"]), frame), (make_pipeline(w("quantiles", "both"), StandardScaler()), frame),
              (make_pipeline(w("mad", "right"), RobustScaler(), MinMaxScaler(clip=True)), frame),
              (make_pipeline(SimpleImputer(strategy="mean"), w("quantiles", "right", fold=0.2), StandardScaler()), holed),
              (make_pipeline(w("iqr", "both", missing_values="ignore"), SimpleImputer(strategy="median"), MaxAbsScaler()), holed),
              (make_pipeline(ColumnTransformer([("w", make_pipeline(w("iqr", "both"), StandardScaler()), ["größe"]), ("s", MinMaxScaler(), ["c"])])), frame)]
    for estimator, training in cases:
        estimator.fit(training)
        rows = probes if training is frame else pd.concat([probes, holed.head(50)])
        text = normfreeze.dump(estimator)
        scaler, = connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb)::text", [text]).fetchone()
        made = normfreeze.Scaler.from_json(scaler)
        expected = np.asarray(estimator.transform(rows.copy()), float)
        got = np.asarray(made.transform(rows[made.feature_names]), float)
        check(not wire.unequal(got, expected + 0.0).any(), f"import of {estimator}", np.abs(got - expected).max())
        again = normfreeze.load(text, frozen=False)
        check(not wire.unequal(np.asarray(again.transform(rows.copy()), float), expected).any(), f"load() of {estimator}")
    for estimator in (make_pipeline(StandardScaler(), w("iqr", "both")), make_pipeline(w("iqr", "both"), w("mad", "both"))):
        try:
            connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb)", [normfreeze.dump(estimator.fit(frame))])
            check(False, f"import of {estimator} is refused")
        except psycopg.Error as error:
            check_equal(error.sqlstate, "0A000", f"import of {estimator} is refused")


TESTS = (test_rules, test_scipy, test_feature_engine, test_winsorizer_import)
