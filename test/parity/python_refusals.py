"""What Python refuses, and how it says so, against the database: options and parameters at random, many of which are wrong."""

import copy
import json
import random

import cases
import normfreeze
import numpy as np
import psycopg
import report

VALUES = (None, True, False, 0, 1, -1, 2, 0.5, 1e308, -1e308, 1e-300, 5e-324, 10**20, 123456789012345678, 1 / 3, 1.0, "", "x", "NaN", "error", "null", "keep", "one", [], [1], [1, 2],
          [2, 1], [1, 1], [-1e308, 1e308], [1, 2, 3], [None], ["a"], ["a", "b"], ["a", "a"], {}, {"a": 1}, {"mean": 1}, [[1, 2], [3, 4]], "ü", 'a"b', "x" * 60, "log1p", ["log1p", "sqrt"],
          {"method": "minmax"}, {"method": "affine", "scale": 0}, {"method": "affine", "center": 1e308, "scale": 2})
PARAMETERS = ({"mean": [1, 2], "std": [1, 2]}, {"mean": 1, "std": 2}, {"min": [0], "max": [1]}, {"q01": [0], "q99": [1]}, {"a": {"mean": 1, "std": 2}, "b": {"mean": 0, "std": 1}},
              {"features": ["a", "b"], "mean": [1, 2], "var": [1, 2]}, {"min": [0], "scale": [2]}, {"x0": 0, "y0": 0, "x1": 1, "y1": 1}, [{"name": "a", "mean": 1, "std": 2}],
              {"median": [1], "iqr": [2]}, {"a_mean": 1, "a_std": 2}, {"image_mean": [0.5], "image_std": [0.5], "rescale_factor": 0.1})
PARAMETER_OPTIONS = {
    "path": ("a", ["a"], [0], ["a", 0], [None], [1.5], [1e308]), "keys": ({"mean": "std"}, {"mean": None}, {"x": "y"}, {"mean": 1e308}), "names": (["a"], [], "a", ""),
    "ignore": (True, ["*"], ["a*", 1]), "shape": ("standard", "robust", "range", "quantiles", "sklearn_range", "points"), "eps": (1e-8, 1e308, -1),
    "eps_in": ("scale", "variance", "floor", "zero"), "zero": ("error", "one", "result_zero"), "to": ([-1, 1], [1, 1]), "clip": ([-1, 1], True), "clip_input": ([0, 1], True),
    "mask": ([True], [True, False], [None]), "dtype": ("float64", "float32", "single", "transformers"),
    "before": ("log1p", ["sqrt"], {"method": "affine", "scale": 2}, {"method": "standard"}, {"method": "x"}, {"method": "log", "domain": "clip"}, {"method": "log", "bogus": 1}), "bogus": (1,)}
FIT_OPTIONS = {
    "missing": ("mean", "zero", 1e308, "bogus", "most_frequent"), "outside": ("clip", "null", "x"), "range": ([1, 99], [99, 1], [5], "training", {"sd": 3}, {"iqr": 1.5}, 1e308),
    "constant": ("null", "x"), "domain": ("null", "clip", 1), "names": (["a", "b"], ["a", "a"], [1, 2], [""]), "target": (["a"], ["zz"], 1e308), "clip": ([-1, 1], [1, -1], True),
    "features": ({"a": {"method": "robust"}}, {"zz": {}}, {"a": {"bogus": 1}}, [], {"a": {"steps": ["log1p", "standard"]}}), "steps": (["log1p", "standard"], ["l2", "standard"], [], [None], ["x"]),
    "feature_range": ([0, 1], [1, 0]), "ddof": (1, 2, 1e308, 0.5), "quantile_range": ([25, 75], [75, 25]), "n_quantiles": (1, 10, 1.5), "distribution": (0, 64, 100), "quantiles": ("exact", "histogram", "x"),
    "global": (True, 1), "intercept": ("min", 1e308), "multiplier": (-1, 0, 1e308), "with_mean": (False, 0), "infinite": ("skip", "x"), "unfit": ("null", "x"), "statistics": ("inside", "x"),
    "weight": ("a",), "columns": (["a"],), "dtype": ("single",), "bogus": (1,)}
METHODS = ("standard", "minmax", "maxabs", "robust", "identity", "mad", "power", "log1p", "sqrt", "affine", "l2")
DATA = {"plain": [[1.0, 5.0], [2.0, 6.5], [3.0, 9.0], [4.5, 1.0]], "zero": [[0.0, 1.0], [0.0, -1.0]], "big": [[1e308, 1.0], [-1e308, 2.0]], "odd": [[float("inf"), 1.0], [2.0, float("nan")]]}


def some_of(chooser, table):
    return {key: copy.deepcopy(chooser.choice(table[key] if chooser.random() < 0.8 else VALUES))
            for key in chooser.sample(list(table), chooser.choice((0, 1, 1, 2, 3)))}


def changed(chooser, tree):
    """The same with something else, more or less somewhere in it."""
    if chooser.random() < 0.25 or not isinstance(tree, (dict, list)) or not tree:
        return copy.deepcopy(chooser.choice(VALUES))
    made = copy.deepcopy(tree)
    key = chooser.choice(list(made)) if isinstance(made, dict) else chooser.randrange(len(made))
    if chooser.random() < 0.3:
        made[key if isinstance(made, list) else chooser.choice(("mean", "std", "min", "scale", "names", "note", "a"))] = copy.deepcopy(chooser.choice(VALUES))
    elif chooser.random() < 0.2:
        del made[key]
    else:
        made[key] = changed(chooser, made[key])
    return made


def outcome(call):
    """The text of a scaler, or the SQLSTATE, message and detail of an error; hints may speak of rows there and of frames here."""
    try:
        return call()
    except psycopg.Error as error:
        return error.sqlstate, error.diag.message_primary, error.diag.message_detail
    except normfreeze.Error as error:
        return error.sqlstate, error.message, error.detail


def tell(counts, call, given, there, here):
    counts[isinstance(there, tuple)] += 1
    # a scaler with its profile is compared by test/parity/python_fit.py
    if isinstance(there, tuple) or isinstance(here, tuple):
        report.check_equal(here, there, f"{call}: {given}")


def test_parameters(server, connection):
    chooser, counts = random.Random(15), [0, 0]
    for _ in range(5000 if cases.ALL else 400):
        parameters = chooser.choice(PARAMETERS)
        parameters, options = parameters if chooser.random() < 0.5 else changed(chooser, parameters), some_of(chooser, PARAMETER_OPTIONS)
        texts = json.dumps(parameters), json.dumps(options)
        there = outcome(lambda: connection.execute("SELECT normfreeze.from_parameters(%s, %s)::text", texts).fetchone()[0])
        here = outcome(lambda: normfreeze.from_parameters(*map(json.loads, texts)).to_json())
        tell(counts, "from_parameters", texts, there, here)
    report.check(min(counts) > 20, "from_parameters: some are taken, some refused", counts)


def test_fits(server, connection):
    chooser, counts = random.Random(16), [0, 0]
    connection.execute("CREATE TABLE refusals (name text, id int, x float8[])")
    for name, rows in DATA.items():
        for i, row in enumerate(rows):
            connection.execute("INSERT INTO refusals VALUES (%s, %s, %s)", (name, i, row))
    for _ in range(3000 if cases.ALL else 250):
        name, method, options = chooser.choice(list(DATA)), chooser.choice(METHODS), json.dumps(some_of(chooser, FIT_OPTIONS))
        there = outcome(lambda: connection.execute("SELECT normfreeze.fit(x, %s, %s)::text FROM refusals WHERE name = %s", (method, options, name)).fetchone()[0])
        here = outcome(lambda: normfreeze.fit(np.array(DATA[name]), method, json.loads(options)).to_json())
        tell(counts, "fit", (name, method, options), there, here)
    report.check(min(counts) > 20, "fit: some are taken, some refused", counts)


TESTS = (test_parameters, test_fits)
