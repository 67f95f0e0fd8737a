"""Fits with weights, tables of quantiles, and global scaling."""

import collections
import itertools
import json
from fractions import Fraction

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, StandardScaler

import cases
import database
import datasets
import estimators
import exact
import python_package
import report
import table
import wire


# ---- weights ----

WEIGHTED_SETS = ("gauss", "offset", "money", "mixed", "huge", "near_subnormals", "constants", "nans", "zeros", "one_row",
                 "two_rows", "wine")


def all_weights(rows):
    rng = np.random.default_rng(rows)
    return {
        "whole": rng.integers(1, 10, rows).astype(float),
        "fractions": rng.uniform(0, 1, rows) + 1e-9,
        "some zero": np.where(np.arange(rows) % 3 == 1, 0.0, rng.lognormal(0, 1, rows)),
        "wide": 10.0 ** rng.uniform(-150, 150, rows),
        "tiny": rng.integers(1, 100, rows) * 5e-324,
    }


def weighted_parameters(method, values, weights):
    """What a fit with weights must give; the sample's range and options as without."""
    if method == "sum":
        total = sum(Fraction(float(x)) * Fraction(float(w)) for x, w in zip(values, weights))
        return {"scale": estimators.nonzero(exact.rounded(total))}
    center = exact.rounded(exact.weighted_mean(values, weights))
    if method == "mean":
        return {"center": center, "scale": 1.0}
    if method == "standard":
        constant = values.min() == values.max()
        return {"center": center,
                "scale": 1.0 if constant else exact.rounded_root(exact.weighted_variance(values, weights))}
    return estimators.parameters_of(method, {name: choices[0] for name, choices in estimators.OPTIONS[method].items()},
                                    values)


def fit_weighted(connection, data_table, method):
    return f"(SELECT normfreeze.fit(x, '{method}', '{{\"distribution\": false}}', w[1]) FROM {data_table})"


def parameters_by_feature(connection, scaler):
    """[{name: value}], or the SQLSTATE of a refusal."""
    connection.execute("DROP TABLE IF EXISTS further")
    try:
        connection.execute(f"CREATE TABLE further AS SELECT 1 AS id, {scaler} AS scaler")
    except database.psycopg.Error as error:
        return error.sqlstate
    return database.json_parameters(connection, "further")[1]


def test_weights(server, connection):
    """With weights: every parameter is the exact one rounded once; scikit-learn's mean and variance are no closer."""
    counts, turns = collections.Counter(), itertools.count()
    for data_name in WEIGHTED_SETS:
        x = datasets.all_sets(np.float64)[data_name][:32]
        for weights_name, weights in all_weights(len(x)).items():
            connection.execute("DROP TABLE IF EXISTS weighted")
            database.load(connection, "weighted", {"x": x, "w": weights[:, None]}, {"x": "float8", "w": "float8"})
            columns = [(column[chosen], weights[chosen]) for column in x.T
                       for chosen in [~np.isnan(column) & (weights > 0)]]
            if not all(values.size for values, _ in columns):
                continue
            for method in ("standard", *cases.some(("mean", "sum", "minmax", "maxabs", "midrange", "decimal"), 3, next(turns))):
                name = f"{method} of {data_name} with {weights_name} weights"
                got = parameters_by_feature(connection, fit_weighted(connection, "weighted", method))
                expected = [weighted_parameters(method, *column) for column in columns]
                if not all(np.isfinite(value) and (value != 0 or name_ != "scale")
                           for feature in expected for name_, value in feature.items()):
                    report.check_equal(got, "22003", f"{name}: SQLSTATE")
                    continue
                same = not isinstance(got, str) and all(
                    wire.bits(np.float64(ours[parameter])) == wire.bits(np.float64(value) + 0.0)
                    for ours, theirs in zip(got, expected) for parameter, value in theirs.items())
                report.check(same, name, f"{got}, expected {expected}")
                counts["fits"] += 1
                if method == "standard" and same:
                    compare_distances(x, weights, columns, got, counts, name)
    print(f"weights: {counts['fits']} fits with the exact parameters, rounded once; distance to the exact values, "
          f"against scikit-learn: {dict(counts)}")


# ---- weights and steps ----

APPLIED = {"standard": lambda x, p: (x - p["center"]) / p["scale"], "minmax": lambda x, p: x * p["scale"] + p["offset"],
           "maxabs": lambda x, p: x / p["scale"], "square": lambda x, p: x * x, "sqrt": lambda x, p: np.sqrt(x), "reciprocal": lambda x, p: 1 / x}


def weighted_step(method, values, weights):
    """What a step must be for the exact values in front of it."""
    if method in ("square", "sqrt", "reciprocal"):
        return {}
    return {name: value + 0.0 for name, value in weighted_parameters(method, values, weights).items()}


def test_weighted_steps(server, connection):
    """Each step is that of the exact weighted sums of the results before it, rounded once; near scikit-learn's Pipeline, which takes sample_weight."""
    sequences = (("standard", "standard"), ("minmax", "standard"), ("maxabs", "square", "standard"), ("square", "sqrt", "mean"), ("standard", "sum"),
                 ("standard", "minmax", "standard"))
    turns = itertools.count()
    for data_name in ("gauss", "offset", "nans", "two_rows"):
        x = datasets.all_sets(np.float64)[data_name][:24, :3]
        for weights_name, weights in all_weights(len(x)).items():
            connection.execute("DROP TABLE IF EXISTS weighted")
            database.load(connection, "weighted", {"x": x, "w": weights[:, None]}, {"x": "float8", "w": "float8"})
            columns = [(column[chosen], weights[chosen]) for column in x.T for chosen in [~np.isnan(column) & (weights > 0)]]
            if not all(values.size for values, _ in columns):
                continue
            for sequence in cases.some(sequences, 4, next(turns)):
                name = f"{sequence} of {data_name} with {weights_name} weights"
                options = json.dumps({"steps": list(sequence), "distribution": False})
                try:
                    text, = connection.execute("SELECT normfreeze.bare(normfreeze.fit(x, 'standard', %s::jsonb, w[1]))::jsonb::text FROM weighted", [options]).fetchone()
                except database.psycopg.Error as error:
                    report.check(error.sqlstate == "22003" and "wide" in weights_name + data_name, f"{name}: {error.sqlstate}", str(error))
                    continue
                said = json.loads(python_package.normfreeze.fit(x, "standard", options, weight=weights).to_json(), parse_int=float)
                report.check_equal(said["features"], json.loads(text, parse_int=float)["features"], f"{name}: Python's")
                for feature, (values, own) in zip(json.loads(text)["features"], columns):
                    steps = [*feature["before"], feature]
                    for method, step in zip(sequence, steps):
                        expected = weighted_step(method, values, own)
                        got = {key: float(value) for key, value in step["parameters"].items()}
                        report.check_equal({key: wire.bits(np.float64(got[key])) for key in expected}, {key: wire.bits(np.float64(value)) for key, value in expected.items()},
                                           f"{name}: {method}")
                        if method in APPLIED:
                            values = APPLIED[method](values, got)
    data = np.random.default_rng(11).normal(5, 2, (200, 3))
    weights = np.random.default_rng(12).uniform(0, 3, 200)
    peer = Pipeline([("first", StandardScaler()), ("then", MinMaxScaler()), ("last", StandardScaler())]).fit(
        data, first__sample_weight=weights, last__sample_weight=weights)
    ours = python_package.normfreeze.fit(data, "standard", {"steps": ["standard", "minmax", "standard"]}, weight=weights)
    report.check(np.allclose(ours.transform(data), peer.transform(data), rtol=1e-12, atol=1e-12), "near scikit-learn's Pipeline with sample_weight")


def compare_distances(x, weights, columns, got, counts, name):
    """Neither mean nor deviation of scikit-learn is closer to the exact one."""
    with np.errstate(all="ignore"):
        peer = StandardScaler().fit(x, sample_weight=weights)
    for i, (values, own_weights) in enumerate(columns):
        deviation = exact.root(exact.weighted_variance(values, own_weights))
        pairs = [("mean", got[i]["center"], peer.mean_[i], exact.weighted_mean(values, own_weights))]
        if deviation:
            pairs.append(("deviation", got[i]["scale"], np.sqrt(peer.var_[i]), deviation))
        for what, ours, theirs, target in pairs:
            near, far = exact.distance(ours, target), exact.distance(theirs, target)
            report.check(near <= far, f"{name}: {what} of feature {i + 1} is closer in scikit-learn",
                         f"{ours!r} and {theirs!r}")
            counts[what, "ours closer" if near < far else "equal"] += 1


# ---- tables of quantiles ----

def quantile_table(values, n):
    """numpy.nanpercentile at scikit-learn's references; where it steps back, the value before; and how often."""
    with np.errstate(all="ignore"):
        found = np.nanpercentile(values, np.linspace(0, 1, n) * 100)
    return np.maximum.accumulate(found) + 0.0, int((np.diff(found) < 0).sum())


def test_quantiles(server, connection):
    """quantiles_ of scikit-learn without subsampling, bit for bit, of all data and several numbers of quantiles."""
    sets = datasets.all_sets(np.float64)
    sets["many"] = np.random.default_rng(12).gamma(2, 3, size=(2500, 3))
    sets["many"][::7, 1] = np.nan
    steps = 0
    for data_name, x in sets.items():
        database.load(connection, f"quantiles_{data_name}", {"x": x}, {"x": "float8"})
        counts = (~np.isnan(x)).sum(axis=0)
        for asked in (None, 1, 2, 9, 100, 1001):
            if asked and asked > counts.min():
                continue
            options = {"distribution": False} | ({"n_quantiles": asked} if asked else {})
            got = parameters_by_feature_tables(connection, f"quantiles_{data_name}", options)
            tables = [quantile_table(column, asked or min(1000, count)) for column, count in zip(x.T, counts)]
            report.check_equal(got is None, not all(np.isfinite(expected).all() for expected, _ in tables),
                               f"quantiles of {data_name}, {asked}: refused")
            for i, (column, (expected, back)) in enumerate(zip(x.T, tables if got else [])):
                n = len(expected)
                steps += back
                name = f"{data_name} data, {n} quantiles, feature {i + 1}"
                table.THE_TABLE.add("quantile", "numpy.nanpercentile", "quantiles", "float64", "fit",
                                    np.array(got[i]), expected, expected, name)
                if not back:
                    peer = QuantileTransformer(n_quantiles=n, subsample=None).fit(column[~np.isnan(column), None])
                    table.THE_TABLE.add("quantile", "scikit-learn", "quantiles", "float64", "fit",
                                        np.array(got[i]), peer.quantiles_[:, 0] + 0.0, expected, name)
    print(f"quantiles: numpy's step back {steps} times, by rounding; ours stay")
    table.THE_TABLE.check(report)


def parameters_by_feature_tables(connection, data_table, options):
    """The tables of a fit of method quantile; None if it is refused."""
    connection.execute("DROP TABLE IF EXISTS further")
    connection.execute("CREATE TABLE further (id int, scaler normfreeze.scaler)")
    try:
        connection.execute(f"INSERT INTO further SELECT 1, normfreeze.fit(x, 'quantile', {database.literal(options)}) "
                           f"FROM {data_table}")
    except database.psycopg.Error:
        return None
    return [np.array(values, np.float64) for values in database.json_arrays(connection, "further")[1]["quantiles"]]


# ---- global scaling ----

def test_global(server, connection):
    """{"global": true} gives every feature what a fit to all values, as one feature, gives."""
    rng = np.random.default_rng(13)
    x = np.exp(rng.normal(size=(80, 5)) * [1, 2, 0.5, 1, 3] + [0, 1, 5, -3, 0])
    x[rng.random(x.shape) < 0.1] = np.nan
    flat = x.reshape(-1, 1)
    database.load(connection, "global_rows", {"x": x}, {"x": "float8"})
    database.load(connection, "global_flat", {"x": flat}, {"x": "float8"})
    cases = [(method, {name: choices[0] for name, choices in estimators.OPTIONS[method].items()})
             for method in estimators.METHODS if method != "affine"]        # whose parameters are given
    cases += [("standard", {"ddof": 1, "intercept": 2, "multiplier": -1}), ("log1p", {}), ("quantile", {"n_quantiles": 20}),
              ("quantile", {}), ("power", {}), ("power", {"method": "box-cox"})]
    for method, options in cases:
        whole = parameters_by_feature_all(connection, "global_flat", method, options)
        ours = parameters_by_feature_all(connection, "global_rows", method, options | {"global": True})
        report.check(ours == whole * 5 and whole, f"global {method} {options}", f"{ours} and {whole}")


def parameters_by_feature_all(connection, data_table, method, options):
    """The parameters of every feature, as JSON has them."""
    said, = connection.execute(
        f"SELECT normfreeze.bare(normfreeze.fit(x, '{method}', {database.literal(options)}))::jsonb FROM {data_table}").fetchone()
    return [feature["parameters"] for feature in said["features"]]
