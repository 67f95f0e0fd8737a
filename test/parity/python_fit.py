"""normfreeze.fit() and profile() of python/normfreeze.py against the database: the same text, so the same id and the same bytes.

Every method with every option, over the data sets; frames of every kind, chunks, weights, keys; what is refused.
NORMFREEZE_TEST_ALL=1 fits every data set with every option, otherwise some of them with each.
"""

import decimal
import json
import os
import pickle

import numpy as np
import pandas as pd
import polars as pl
import psycopg
import pyarrow as pa

import database
import datasets
import python_package
import recipe_bytes
import report
from python_interface import check_refused, error_of, quoted

normfreeze = python_package.normfreeze
ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"
SETS_EACH = 4           # data sets that each method with each option is fitted to

EVERY_METHOD = ({}, {"distribution": False, "missing": "mean", "outside": "clip", "constant": "null"},
                {"empty": "null", "infinite": "skip", "missing": "max", "outside": "null", "distribution": 16})
SHIFTED = ({"intercept": "-mean", "multiplier": 2.5}, {"intercept": "max", "missing": -3})
CELLS = ({"quantiles": "histogram", "distribution": 16}, {"quantiles": "histogram", "global": True})

OPTIONS = {
    "standard": ({"ddof": 1}, {"clip": [-1, 0.5]}, {"clip": [-2, 2], "outside": "clip", "intercept": 1, "unfit": "unit"}, {"missing": "most_frequent"}, {"missing": "most_frequent", "quantiles": "histogram", "distribution": 16}, {"with_mean": False, "missing": "zero"}, {"with_std": False}, {"global": True}, *SHIFTED),
    "minmax": ({"feature_range": [-1, 0.3], "clip": True}, {"clip": [0.25, 0.75], "unfit": "null"}, {"missing": "median"}, {"global": True}, *SHIFTED),
    "maxabs": ({"clip": True}, {"clip": False}, {"missing": "min", "global": True}),
    "robust": ({"quantile_range": [5, 90.5], "unit_variance": True}, {"quantile_range": [1e-7, 99.9999], "unit_variance": True},
               {"with_centering": False}, {"with_scaling": False}, {"global": True}, *CELLS, *SHIFTED),
    "identity": ({"missing": "median", "quantiles": "histogram"},),
    "mad": ({"factor": 1}, {"with_centering": False}, {"with_scaling": False}, {"global": True}, *CELLS),
    "meanabs": ({"global": True}, *CELLS, *SHIFTED),
    "midrange": SHIFTED,
    "mean": ({"global": True},),
    "sum": ({"global": True},),
    "decimal": ({"global": True, "clip": [0, 0]},),
    "quantile": ({"clip": [0, 1]}, {"max_quantiles": 10, "output_distribution": "normal"}, {"n_quantiles": 7}, {"global": True}, *CELLS),
    "power": ({"standardize": False}, {"method": "box-cox"}, {"lambda": "bounded"}, {"unfit": "null"}, {"lambda": "bounded", "global": True},
              {"quantiles": "histogram", "distribution": 64, "lambda": "bounded"}),
    "log1p": ({"unfit": "unit"}, {"unfit": "null"}, {"domain": "error"}, {"domain": "null"}, {"domain": "clip", "missing": "mean"}),
    **{function: ({"domain": "null"}, {"domain": "clip", "missing": "median"}) for function in ("log", "log2", "log10", "sqrt", "logit", "reciprocal")},
    "cbrt": (), "square": (), "asinh": (), "expm1": (),
    "l1": (), "l2": (), "max": (),
    "affine": ({"center": 3.5, "scale": -2}, {"scale": 1e300, "intercept": 2}),
}


# ranges by a rule, each with some of the methods and of the sequences
RANGES = ({"outside": "clip", "range": [2, 95]}, {"outside": "null", "range": {"percentiles": [None, 80]}, "missing": "median"},
          {"outside": "error", "range": {"fraction": [0.05, None]}, "unfit": "null"}, {"outside": "clip", "range": {"fraction": 0.1}, "global": True},
          {"outside": "clip", "range": {"deviations": 1.5, "ddof": 1}, "statistics": "all"}, {"outside": "null", "range": {"deviations": 2, "tail": "right"}, "unfit": "unit"},
          {"outside": "clip", "range": {"mad": 2}, "constant": "null", "unfit": "null"}, {"outside": "null", "range": {"mad": 3, "factor": 1, "tail": "left"}, "unfit": "null"},
          {"outside": "clip", "range": {"iqr": 0.5}, "quantiles": "histogram", "distribution": 64}, {"outside": "clip", "range": [10, 90], "infinite": "skip", "empty": "unit"})
RANGED = ("standard", "minmax", "robust", "mad", "quantile", "power", "sum", "log1p")

# sequences, each of which is fitted in the place of a method
STEPS = (
    {"steps": ["standard"]}, {"steps": ["log1p", "standard"], "domain": "null"}, {"steps": ["log1p", "minmax"], "domain": "clip", "missing": "median"},
    {"steps": ["power", {"method": "minmax", "feature_range": [-1, 1]}], "unfit": "null"}, {"steps": ["quantile", "robust"]},
    {"steps": [{"method": "minmax", "clip": True}, {"method": "quantile", "output_distribution": "normal", "max_quantiles": 20}]},
    {"steps": ["robust", {"method": "box-cox", "domain": "null"}, "standard"], "unfit": "null"}, {"steps": ["mad", "meanabs"], "global": True},
    {"steps": ["standard", {"method": "log1p", "domain": "clip"}, {"method": "affine", "center": 2, "scale": 4}], "outside": "clip"},
    {"steps": ["maxabs", "decimal", "sum", "mean", "midrange", "identity", "mean"], "quantiles": "histogram", "distribution": 16},
    {"steps": ["log1p", {"method": "minmax", "clip": True}], "clip": [0.1, 0.5], "unfit": "unit"}, {"steps": [{"method": "minmax", "clip": [0, 1]}]},
    {"steps": ["standard", "log1p"], "unfit": "null"}, {"steps": ["standard", "quantile"], "empty": "null", "global": True, "quantiles": "histogram"},
    {"steps": ["log1p", "standard"], "infinite": "skip", "unfit": "unit"}, {"steps": ["standard", "log1p"], "missing": -9, "domain": "error", "unfit": "null"})


def said(call, *arguments, **named):
    """The text of a scaler, or (SQLSTATE, message, detail) of an Error."""
    try:
        return call(*arguments, **named).to_json()
    except normfreeze.Error as error:
        return error.sqlstate, error.message, error.detail


def said_by_database(connection, statement, *arguments):
    try:
        return connection.execute(statement, arguments).fetchone()[0]
    except psycopg.Error as error:
        return error.sqlstate, error.diag.message_primary, error.diag.message_detail


def difference(got, expected):
    """What differs, shortly."""
    if isinstance(got, str) and isinstance(expected, str):
        a, b = json.loads(got), json.loads(expected)
        return {key: (str(a.get(key))[:300], str(b[key])[:300]) for key in b if a.get(key) != b[key]}
    return f"{str(got)[:500]} instead of {str(expected)[:500]}"


def check_same(got, expected, name):
    report.check(got == expected, name, None if got == expected else difference(got, expected))


def test_methods(server, connection):
    """Every method, option and data set gives the database's text, or its error."""
    report.check_equal(set(OPTIONS), {method["name"] for method in connection.execute("SELECT normfreeze.methods()").fetchone()[0]["methods"]},
                       "every method is fitted")
    sets = [(name, kind, data) for kind, dtype in (("float8", np.float64), ("float4", np.float32))
            for name, data in datasets.all_sets(dtype).items()]
    turn = fitted = refused = 0
    ranged = [(RANGED[i % len(RANGED)], ({**option, **({"intercept": "mean"} if i % 8 == 0 else {})},)) for i, option in enumerate(RANGES + RANGES[::-1])]
    ranged += [("standard", ({**STEPS[i], **{key: value for key, value in RANGES[j].items() if key not in STEPS[i]}, "unfit": "null"},))
               for i, j in ((0, 0), (1, 6), (3, 1), (4, 3), (6, 8), (13, 5))]
    for method, options in (*OPTIONS.items(), ("standard", STEPS), *ranged):
        for option in (*EVERY_METHOD * (OPTIONS.get(method) is options), *options):
            turn += 1
            # power is slow, and so is a table of 1,000 quantiles for each feature
            each = len(sets) if ALL else SETS_EACH - 2 * (method in ("power", "quantile"))
            for at in range(each):
                name, kind, data = sets[(turn * SETS_EACH * 3 + at * 11) % len(sets) if not ALL else at]
                got = said(normfreeze.fit, data, method, option)
                expected = said_by_database(connection, f"SELECT normfreeze.fit(x, '{method}', %s::jsonb)::text FROM data_{name}_{kind} "
                                            "WHERE train = 1", json.dumps(option))
                check_same(got, expected, f"fit of {name} {kind} by {method} {option}")
                fitted, refused = fitted + isinstance(got, str), refused + isinstance(got, tuple)
    report.check(fitted > 4 * refused > 0, "most fits succeed, and some are refused", f"{fitted} and {refused}")


# sequences whose first steps are functions without parameters, of which a fit keeps sums instead of values
FUNCTIONS_FIRST = (
    {"steps": ["cbrt", "standard"]}, {"steps": [{"method": "log1p", "domain": "clip"}, "standard", "minmax"], "missing": "mean"},
    {"steps": [{"method": "logit", "domain": "clip"}, {"method": "sqrt", "domain": "clip"}, "square", "sum"], "constant": "null"},
    {"steps": ["square", {"method": "reciprocal", "domain": "clip"}, {"method": "affine", "center": 1, "scale": -3}, "standard"], "global": True},
    {"steps": [{"method": "reciprocal", "domain": "null"}, {"method": "log2", "domain": "null"}, {"method": "standard", "with_mean": False}, "asinh"]},
    {"steps": ["square", "square", "expm1", "standard"]}, {"steps": [{"method": "log", "domain": "clip"}, {"method": "log", "domain": "clip"}], "missing": "most_frequent"},
    {"steps": [{"method": "sqrt", "domain": "null"}]}, {"steps": ["log1p", "standard"], "unfit": "unit"}, {"steps": ["reciprocal", "standard"]},
    {"steps": ["asinh", "standard"], "outside": "clip", "range": {"deviations": 1}, "statistics": "all"})


def test_functions_first(server, connection):
    """Whole, in chunks and merged, with and without weights: the database's scaler or error; the state does not grow with the rows."""
    rng = np.random.default_rng(12)
    data = rng.choice([0.25, 0.5, 2.0, -0.5, 0.0, 1.0], (600, 2)) * rng.choice([1.0, 1.0, 1.0, 17.3, 1e-5], (600, 2))
    data[rng.random((600, 2)) < 0.1] = np.nan
    weights = rng.choice([0.5, 1.0, 3e-7, 1e200], 600)
    for options in FUNCTIONS_FIRST:
        for weight in (None, weights):
            expected = said_by_database(connection, f"SELECT normfreeze.fit(ARRAY[a, b], 'standard', %s::jsonb{', w' if weight is not None else ''})::text "
                                        "FROM unnest(%s::float8[], %s::float8[], %s::float8[]) AS r (a, b, w)",
                                        json.dumps(options), *data.T.tolist(), weights.tolist())
            states = [pickle.loads(pickle.dumps(normfreeze.FitState("standard", options).update(data[start::3], None if weight is None else weight[start::3])))
                      for start in range(3)]
            check_same(said(normfreeze.fit, data, "standard", options, weight=weight), expected, f"fit by {options}")
            check_same(said(states[2].merge(states[0]).merge(states[1]).finish), expected, f"fit by {options}, merged")
    for options in ({"steps": ["log1p", "standard"]}, *FUNCTIONS_FIRST[:2]):
        state, sizes = normfreeze.FitState("standard", options), []
        for _ in range(2):
            for _ in range(10):
                state.update(rng.lognormal(size=(5000, 1)))
            sizes.append(len(pickle.dumps(state)))
        report.check(sizes[1] < sizes[0] + 4000 < 20000, f"a state of {options} holds no values", sizes)


# ---- frames ----

COLUMNS = {"big": "int8", "small": "int2", "exact": "numeric", "single": "real", "double": "float8", "flag": "boolean", "none": "float8",
           "größe": "float8"}


def people(rng, n=500):
    """Columns as lists of Python, with None."""
    def some(values, share=0.1):
        return [None if rng.random() < share else value for value in values]

    return {"big": some(rng.integers(-2**62, 2**62, n).tolist()), "small": some(rng.integers(-300, 300, n).tolist()),
            "exact": some([decimal.Decimal(int(i)) / 10**7 for i in rng.integers(10**15, size=n)]),
            "single": some(rng.normal(size=n).astype(np.float32).tolist()), "double": some(rng.lognormal(0, 40, n).tolist()),
            "flag": some((rng.random(n) < 0.3).tolist()), "none": [None] * n, "größe": some(np.round(rng.normal(170, 10, n), 1).tolist())}


def load_people(connection, columns):
    named = ", ".join(f"{quoted(name)} {kind}" for name, kind in COLUMNS.items())
    connection.execute(f"DROP TABLE IF EXISTS fit_people; CREATE TABLE fit_people ({named}, country text, weight float8)")
    n = len(columns["big"])
    rng = np.random.default_rng(8)
    countries = [("DE", "FR", "größe")[int(i)] for i in rng.integers(3, size=n)]
    weights = np.where(rng.random(n) < 0.1, 0.0, np.round(rng.lognormal(0, 2, n), 2)).tolist()
    with connection.cursor() as cursor, cursor.copy("COPY fit_people FROM STDIN") as copy:
        for row in zip(*columns.values(), countries, weights):
            copy.write_row(row)
    return countries, weights


def frames(columns):
    """The same columns as frames of each kind: name -> frame."""
    arrow = pa.table({"big": pa.array(columns["big"], pa.int64()), "small": pa.array(columns["small"], pa.int16()),
                      "exact": pa.array(columns["exact"], pa.decimal128(20, 7)), "single": pa.array(columns["single"], pa.float32()),
                      "double": columns["double"], "flag": pa.array(columns["flag"], pa.bool_()),
                      "none": pa.array(columns["none"], pa.float64()), "größe": columns["größe"]})
    nullable = pd.DataFrame({name: pd.Series(values, dtype={"big": "Int64", "small": "Int16", "exact": object, "single": "Float32",
                                                            "flag": "boolean"}.get(name, "Float64"))
                             for name, values in columns.items()})
    return {"pyarrow": arrow, "polars": pl.from_arrow(arrow), "pandas of arrow": arrow.to_pandas(types_mapper=pd.ArrowDtype),
            "pandas, nullable": nullable, "dictionary": columns,
            "pandas of objects": pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})}


def test_frames(server, connection):
    """Frames of every kind, whole and in chunks, are the rows of the table."""
    columns = people(np.random.default_rng(7))
    load_people(connection, columns)
    options = {"columns": list(COLUMNS), "empty": "null", "missing": "mean", "features": {
        "double": {"method": "robust", "outside": "clip"}, "größe": {"method": "box-cox"}, "flag": {"method": "mean"}}, "target": "small"}
    expected = said_by_database(connection, "SELECT normfreeze.fit(p, 'standard', %s::jsonb)::text FROM fit_people p", json.dumps(options))
    expected_profile, = connection.execute("SELECT normfreeze.profile(p, %s::text[])::text FROM fit_people p", [list(COLUMNS)]).fetchone()
    for name, frame in frames(columns).items():
        check_same(said(normfreeze.fit, frame, "standard", options), expected, f"fit of {name}")
        report.check_equal(str(normfreeze.profile(frame, {"columns": list(COLUMNS)})), expected_profile, f"profile of {name}")
    frame = frames(columns)["polars"]
    parts = [frame.slice(start, 77) for start in range(0, len(frame), 77)]
    check_same(said(normfreeze.fit, iter(parts), "standard", options), expected, "fit of an iterator")
    check_same(said(normfreeze.fit, frames(columns)["pyarrow"].to_reader(100), "standard", options), expected, "fit of a reader of batches")
    states = [normfreeze.FitState("standard", options).update(part) for part in parts]
    for other in states[1:]:
        states[0].merge(other)
    check_same(states[0].finish().to_json(), expected, "states that are merged")
    profiles = [normfreeze.profile(part, {"columns": list(COLUMNS)}) for part in parts]
    report.check_equal(str(profiles[0].merge(*profiles[1:])), expected_profile, "profiles that are merged")
    report.check_equal(str(normfreeze.Profile.from_text(expected_profile)), expected_profile, "a profile is read back")


def test_layouts(server, connection):
    """Rows are the same however they lie in memory, and states can be sent between processes."""
    data = np.random.default_rng(9).normal(size=(3000, 5)) * 10.0 ** np.random.default_rng(10).uniform(-30, 30, (3000, 5))
    expected = normfreeze.fit(data, "robust")
    for given, name in ((np.asfortranarray(data), "columns"), (data[::-1], "backwards"), (data.astype(">f8"), "big-endian"), (data.tolist(), "lists"),
                        (np.broadcast_to(data, data.shape), "read-only"), (np.ma.array(data), "a masked array without a mask")):
        report.check_equal(normfreeze.fit(given, "robust"), expected, f"fit of {name}")
    states = [pickle.loads(pickle.dumps(normfreeze.FitState("robust", {"clip": np.array([-1, 1])}).update(data[start::3]))) for start in range(3)]
    report.check_equal(states[0].merge(states[1]).merge(states[2]).finish(), normfreeze.fit(data, "robust", {"clip": [-1, 1]}), "fit of states of other processes, with an array among options")
    report.check_equal(pickle.loads(pickle.dumps(normfreeze.profile(data))), normfreeze.profile(data), "a profile is pickled")


def test_null_and_nan(server, connection):
    """None is NULL, NaN is NaN; in pandas' numpy types NaN stands for NULL."""
    values = [1.5, None, float("nan"), -2.0, float("inf")]
    of = {count: connection.execute("SELECT normfreeze.profile(ARRAY[x])::text FROM unnest(%s::float8[]) AS x", [list(made)]).fetchone()[0]
          for count, made in (("as it is", values), ("null", [None if x != x else x for x in values]), ("nan", [x if x else float("nan") for x in values]))}
    array = np.array(values, object).reshape(-1, 1)
    floats = array.astype(float)
    masked = np.ma.masked_array(floats, np.array([[x is None] for x in values]))
    for given, nan, expected, name in (
            (array, None, "as it is", "objects"), (masked, None, "as it is", "a masked array"), (floats, None, "nan", "floats"),
            (floats, "null", "null", "floats whose NaN is NULL"), ([[x] for x in values], None, "as it is", "lists"),
            (array, "null", "null", "objects whose NaN is NULL")):
        report.check_equal(str(normfreeze.profile(given, nan=nan)), of[expected], f"profile of {name}")
    named = {key: connection.execute("SELECT normfreeze.profile(s)::text FROM (SELECT unnest(%s::float8[]) AS x) AS s", [list(made)]).fetchone()[0]
             for key, made in (("null", [None if x != x else x for x in values]), ("nan", [x if x else float("nan") for x in values]))}
    frame = pd.DataFrame({"x": floats[:, 0]})
    report.check_equal(str(normfreeze.profile(frame)), named["null"], "profile of pandas")
    report.check_equal(str(normfreeze.profile(frame, nan="nan")), named["nan"], "profile of pandas whose NaN is one")
    report.check_equal(str(normfreeze.profile(frame.astype(pd.SparseDtype(float)))), named["null"], "profile of sparse columns of pandas")
    report.check_equal(str(normfreeze.profile(pl.DataFrame({"x": floats[:, 0]}))), named["nan"], "profile of polars with NaN")


def test_choice_of_columns(server, connection):
    """columns, exclude, "numeric" and names choose the features that they choose in the database."""
    columns = people(np.random.default_rng(7))
    countries, weights = load_people(connection, columns)
    frame = frames(columns)["polars"].with_columns(pl.Series("country", countries), pl.Series("weight", weights))
    for options in ({"columns": "numeric", "empty": "unit"}, {"exclude": ["country", "none"]}, {"exclude": ["country"], "empty": "null", "target": ["big", "flag"]},
                    {"columns": ["double", "größe"], "target": "flag"}, {}, {"exclude": ["Double"]}, {"columns": ["none"]},
                    {"columns": ["big"], "target": "big"}, {"columns": ["big"], "features": {"small": {}}}):
        expected = said_by_database(connection, "SELECT normfreeze.fit(p, 'minmax', %s::jsonb)::text FROM fit_people p", json.dumps(options))
        got = said(normfreeze.fit, frame, "minmax", options)
        if isinstance(expected, tuple):
            # it speaks of a frame and its types
            got, expected = got[0], expected[0]
        check_same(got, expected, f"fit with {options}")
    data = np.random.default_rng(4).normal(size=(40, 2))
    connection.execute("DROP TABLE IF EXISTS fit_named; CREATE TABLE fit_named (a float8, b float8)")
    with connection.cursor() as cursor, cursor.copy("COPY fit_named FROM STDIN") as copy:
        for row in data.tolist():
            copy.write_row(row)
    expected, = connection.execute("SELECT normfreeze.fit(n, 'standard')::text FROM fit_named n").fetchone()
    check_same(normfreeze.fit(data, "standard", {"names": ["a", "b"]}).to_json(), expected, "an array with names")
    check_same(normfreeze.fit(np.rec.fromarrays(data.T, names="a,b"), "standard").to_json(), expected, "a structured array")
    scaler = normfreeze.fit(data, "standard", {"names": ["a", "b"]})
    expected, = connection.execute("SELECT normfreeze.profile(n)::text FROM fit_named n").fetchone()
    report.check_equal(str(normfreeze.profile(data, scaler=scaler)), expected, "the profile of the features of a scaler")


def test_weights(server, connection):
    """Weighted sums are exact, whatever their sizes."""
    columns = people(np.random.default_rng(7))
    countries, weights = load_people(connection, columns)
    frame = frames(columns)["polars"]
    for method in ("standard", "minmax", "mean", "sum", "identity"):
        for options in ({}, {"missing": "mean", "distribution": False}, {"global": True}, {"intercept": "mean"}):
            chosen = {"columns": ["big", "exact", "double", "größe"], **options}
            expected = said_by_database(connection, f"SELECT normfreeze.fit(p, '{method}', %s::jsonb, weight)::text FROM fit_people p",
                                        json.dumps(chosen))
            check_same(said(normfreeze.fit, frame, method, chosen, weight=weights), expected, f"weighted {method} {options}")
            check_same(said(normfreeze.fit, frame.with_columns(pl.Series("weight", weights)), method, chosen, weight="weight"), expected,
                       f"weighted {method} {options} by a column")
    options = {"columns": ["big", "exact", "double"], "distribution": 64}
    expected, = connection.execute("SELECT normfreeze.profile(p, %s::jsonb, weight)::text FROM fit_people p", [json.dumps(options)]).fetchone()
    weighted = normfreeze.profile(frame, options, weight=weights)
    report.check_equal(str(weighted), expected, "a weighted profile")
    check_same(normfreeze.fit(weighted, "standard").to_json(), normfreeze.fit(frame, "standard", options, weight=weights).to_json(), "a fit of it")
    check_same(normfreeze.fit(normfreeze.Profile.from_text(expected), "mean").to_json(), normfreeze.fit(frame, "mean", options, weight=weights).to_json(),
               "a fit of it, read back")
    data = np.random.default_rng(1).normal(size=(300, 1)) * 10.0 ** np.random.default_rng(2).uniform(-300, 300, (300, 1))
    wide = 10.0 ** np.random.default_rng(3).uniform(-300, 300, 300)
    expected, = connection.execute("SELECT normfreeze.fit(ARRAY[x], 'standard', '{}', w)::text FROM unnest(%s::float8[], %s::float8[]) AS r (x, w)",
                                   [data[:, 0].tolist(), wide.tolist()]).fetchone()
    check_same(normfreeze.fit(data, "standard", weight=wide).to_json(), expected, "weights and values of all sizes")
    for method, options, wrong in (("robust", {}, weights), ("standard", {"ddof": 1}, weights), ("standard", {"missing": "median"}, weights), ("standard", {"missing": "most_frequent"}, weights),
                                   ("standard", {}, [-1.0] * 500), ("standard", {}, [float("inf")] * 500), ("standard", {}, [None] * 500)):
        chosen = {"columns": ["big", "exact"], **options}
        weight = "weight" if wrong is weights else "'-1'::float8" if wrong[0] == -1 else "'inf'::float8" if wrong[0] else "NULL::float8"
        expected = said_by_database(connection, f"SELECT normfreeze.fit(p, '{method}', %s::jsonb, {weight})::text FROM fit_people p", json.dumps(chosen))
        report.check_equal(said(normfreeze.fit, frame, method, chosen, weight=wrong)[:2], expected[:2], f"weighted {method} {options} is refused")


def test_keys(server, connection):
    """A fit by key is the set of by_key()."""
    columns = people(np.random.default_rng(7))
    countries, weights = load_people(connection, columns)
    frame = frames(columns)["polars"].with_columns(pl.Series("country", countries), pl.Series("weight", weights))
    options = {"columns": ["big", "double", "größe"], "features": {"double": {"method": "mad"}}}
    fallback = normfreeze.fit(frame, "standard", options)
    for unseen, third in (("error", ""), ("null", ", 'null'"), (fallback, ", (SELECT normfreeze.fit(p, 'standard', %s::jsonb) FROM fit_people p)")):
        statement = (f"SELECT normfreeze.by_key(country, s{third})::text FROM (SELECT country, normfreeze.fit(p, 'standard', %s::jsonb) AS s "
                     "FROM fit_people p GROUP BY country) AS g")
        expected = said_by_database(connection, statement, *[json.dumps(options)] * statement.count("%s"))
        check_same(said(normfreeze.fit, frame, "standard", options, by="country", unseen=unseen), expected, f"by key, {third or 'error'}")
        check_same(said(normfreeze.fit, iter([frame[:200], frame[200:]]), "standard", options, by="country", unseen=unseen), expected,
                   f"by key in chunks, {third or 'error'}")
    check_same(said(normfreeze.fit, frame.select(list(COLUMNS)), "standard", options, by=countries),
               said(normfreeze.fit, frame, "standard", options, by="country"), "by keys beside the frame")
    expected = said_by_database(connection, "SELECT normfreeze.by_key(country, s)::text FROM (SELECT country, normfreeze.fit(p, 'standard', "
                                "'{\"exclude\": [\"country\", \"none\", \"weight\"]}', weight) AS s FROM fit_people p GROUP BY country) AS g")
    check_same(said(normfreeze.fit, frame, "standard", {"exclude": ["none"]}, by="country", weight="weight"), expected, "by key with weights")
    report.check_equal(normfreeze.fit(frame, options=options, by=pd.array([1, 2] * 250, "Int64")), normfreeze.fit(frame, options=options, by=[1, 2] * 250), "keys that are pandas' integers")
    check_refused(lambda: normfreeze.fit(frame, by=[None] * 500, options=options), "22004", "the key of a scaler must not be NULL", "a key that is NULL")
    check_refused(lambda: normfreeze.fit(frame, by=[""] * 500, options=options), "22023", "the key of a scaler must not be empty", "an empty key")
    check_refused(lambda: normfreeze.fit(frame, by=[1.5] * 500, options=options), "42804", "a key is text", "a key that is a number")
    check_refused(lambda: normfreeze.fit(frame, by=["a"] * 499 + ["b"], weight=[1.0] * 499 + [0.0], options={"columns": ["big"]}), "P0002", "no rows to fit",
                  "a key whose rows have no weight")
    check_refused(lambda: normfreeze.fit(frame, by=["a"] * 501, options=options), "2202E", "there are 500 rows, but 501 keys", "too many keys")
    check_refused(lambda: normfreeze.fit(frame, by="county", options=options), "42703", 'no column "county" of keys', "a column of keys that is not there")
    check_refused(lambda: normfreeze.fit(frame, weight="wait", options=options), "42703", 'no column "wait" of weights', "a column of weights that is not there")
    check_refused(lambda: normfreeze.fit(frame, unseen="null", options=options), "22023", "there are no keys", "unseen without keys")


# ---- profiles ----

def test_fit_of_profile(server, connection):
    """fit(profile) derives what the database derives of the same profile, or refuses it likewise."""
    for name, method, options in (("gauss", "standard", {"ddof": 1}), ("integers", "robust", {}), ("iris", "robust", {}), ("iris", "power", {}), ("iris", "quantile", {}),
                                  ("wine", "mad", {"quantiles": "histogram"}), ("lognormal", "log1p", {}), ("gauss", "minmax", {"distribution": False}),
                                  ("nans", "standard", {"missing": "mean", "outside": "clip"}), ("iris", "standard", {"missing": "most_frequent"}),
                                  ("breast_cancer", "standard", {"missing": "most_frequent"}), ("iris", "standard", {"outside": "clip", "range": [5, 90]}),
                                  ("gauss", "standard", {"outside": "clip", "range": [5, 90]}), ("gauss", "standard", {"outside": "clip", "range": {"deviations": 1}, "statistics": "all"}),
                                  ("wine", "minmax", {"outside": "null", "range": {"iqr": 1}, "quantiles": "histogram"}),
                                  ("lognormal", "standard", {"steps": ["log1p", "minmax"]}),
                                  ("gauss", "standard", {"steps": ["standard", "asinh", {"method": "minmax", "clip": True}, "maxabs"]}), ("gauss", "standard", {"steps": ["standard", "log1p"]}),
                                  ("lognormal", "standard", {"steps": ["log1p", "standard"]}), ("gauss", "standard", {"steps": [{"method": "affine", "scale": -1e-308}, "midrange"]}),
                                  *((name, "standard", {"steps": steps, "outside": outside, "range": {"deviations": 1}, "statistics": statistics})
                                    for name, steps in (("gauss", ["cbrt", "minmax"]), ("gauss", ["minmax"]), ("lognormal", ["standard", "maxabs"]))
                                    for outside in ("clip", "null") for statistics in ("all", "inside"))):
        text, expected = connection.execute(f"SELECT normfreeze.profile(x)::text, NULL FROM data_{name}_float8 WHERE train = 1").fetchone()
        expected = said_by_database(connection, f"SELECT normfreeze.fit(%s::normfreeze.profile, '{method}', %s::jsonb)::text", text, json.dumps(options))
        check_same(said(normfreeze.fit, normfreeze.Profile.from_text(text), method, options), expected, f"fit of the profile of {name} by {method} {options}")


# ---- refusals ----

BAD_OPTIONS = (
    ("standard", {"ddof": 2}), ("standard", {"ddof": 0.5}), ("standard", {"ddof": "1"}), ("standard", {"with_mean": 1}), ("standard", {"wiht_mean": True}),
    ("standard", {"feature_range": [0, 1]}), ("minmax", {"feature_range": [1, 0]}), ("minmax", {"feature_range": [1]}), ("minmax", {"feature_range": [0, 1e308]}),
    ("robust", {"quantile_range": [75, 25]}), ("mad", {"factor": 0}), ("quantile", {"n_quantiles": 3, "max_quantiles": 3}), ("quantile", {"max_quantiles": 0}),
    ("quantile", {"output_distribution": "gauss"}), ("power", {"lambda": "good"}), ("power", {"intercept": 2}), ("standard", {"multiplier": 0}),
    ("minmax", {"clip": True, "intercept": 1}), ("minmax", {"feature_range": [0, 2], "intercept": 1}), ("affine", {"scale": 0}), ("standard", {"scale": 2}),
    ("standard", {"missing": "constant"}), ("standard", {"missing": True}), ("standard", {"outside": "cut"}), ("standard", {"constant": None}),
    ("standard", {"distribution": 15}), ("standard", {"distribution": 4097}), ("standard", {"quantiles": "none"}), ("robust", {"quantiles": "histogram", "distribution": False}),
    ("standard", {"columns": ["a"]}), ("standard", {"exclude": ["a"]}), ("standard", {"names": "a"}), ("standard", {"names": ["a", 2]}), ("standard", {"names": []}),
    ("standard", {"names": ["a", "a"]}), ("standard", {"names": ["a", ""]}), ("standard", {"names": ["a"]}), ("standard", {"target": "a"}),
    ("standard", {"names": ["a", "b"], "target": ["a", "b"]}), ("standard", {"features": {"a": {}}}), ("standard", {"names": ["a", "b"], "features": {"A": {}}}),
    ("standard", {"names": ["a", "b"], "features": {"a": 1}}), ("standard", {"names": ["a", "b"], "features": {"a": {"method": "robots"}}}),
    ("standard", {"names": ["a", "b"], "features": {"a": {"method": 1}}}), ("standard", {"names": ["a", "b"], "features": {"a": {"distribution": 16}}}),
    ("standard", {"features": []}), ("standard", {"infinite": "keep"}), ("standard", {"empty": "zero"}), ("standard", {"intercept": "number"}),
    ("standard", {"range": [1, 99]}), ("standard", {"outside": "clip", "range": [99, 1]}), ("standard", {"outside": "clip", "range": [5, 5]}), ("standard", {"outside": "clip", "range": [1, 101]}),
    ("standard", {"outside": "clip", "range": [None, None]}), ("standard", {"outside": "clip", "range": ["1", 99]}), ("standard", {"outside": "clip", "range": {"mad": 0}}),
    ("standard", {"outside": "clip", "range": {"iqr": 1, "tail": "up"}}), ("standard", {"outside": "clip", "range": {"winsor": 1}}), ("standard", {"outside": "clip", "range": {"fraction": 0.5}}),
    ("standard", {"outside": "clip", "range": {"deviations": 3, "ddof": 2}}), ("standard", {"outside": "clip", "range": {"iqr": 1, "factor": 2}}), ("standard", {"outside": "clip", "statistics": "all"}),
    ("standard", {"outside": "clip", "range": [1, 99], "statistics": "some"}), ("standard", {"outside": "clip", "range": "iqr"}), ("standard", {"outside": "clip", "range": {"mad": 1, "factor": 0}}),
    ("standard", {"global": "yes"}), ("standard", {"domain": "keep"}), ("standard", {"steps": []}), ("standard", {"steps": "log1p"}), ("standard", {"steps": [1]}),
    ("standard", {"steps": ["l2", "standard"]}), ("standard", {"steps": ["standard", "l1"]}), ("standard", {"steps": ["log"] * 17}), ("standard", {"steps": [{"with_mean": True}]}),
    ("standard", {"steps": ["robots"]}), ("standard", {"steps": ["log1p", {"method": "standard", "missing": "mean"}]}), ("standard", {"steps": ["log1p", "standard"], "with_mean": False}),
    ("standard", {"steps": ["log1p", "standard"], "intercept": 2}), ("standard", {"steps": [{"method": "standard", "ddof": 3}]}), ("standard", {"names": ["a", "b"], "features": {"a": {"method": "log1p", "steps": ["log1p"]}}}),
    ("standard", {"steps": [{"method": "standard", "feature_range": [0, 1]}]}), ("standard", {"steps": ["standard", "log1p"], "missing": -9}), ("standard", {"center": 1}), ("standard", []), ("standard", 3), ("standard", {"features": {"a": {"columns": []}}}))


WITH_GAPS = (
    ("square", {}), ("expm1", {}), ("power", {}), ("power", {"method": "box-cox"}), *(("power", {"method": "box-cox", "domain": domain}) for domain in ("error", "null", "clip")),
    ("standard", {"steps": ["square", "standard"]}), ("standard", {"steps": ["log", "yeo-johnson", "standard"]}),
    *(("standard", {"steps": ["cbrt", {"method": "box-cox", "domain": domain}, "standard"]}) for domain in ("null", "clip", "error")))


def computed_in(scaler, dtype):
    """The scaler whose features are computed in this type, as only imports have them."""
    said = json.loads(scaler.to_json())
    for feature in said["features"]:
        feature["dtype"] = dtype
        for step in (feature, *feature.get("before", ())) if dtype == "float32" else ():
            step["parameters"] = {name: float(np.float32(value)) for name, value in step["parameters"].items()}
    said.pop("probes", None)
    said["fingerprint"] = recipe_bytes.fingerprint(said)
    said["scaler_id"] = str(int(said["fingerprint"][:16], 16) >> 1)
    return normfreeze.Scaler.from_json(json.dumps(said))


def back(connection, scaler, row, kind):
    """What denormalize() gives, NaN for NULL; or its error."""
    try:
        found, = connection.execute(f"SELECT normfreeze.denormalize(%s::{kind}[], %s::normfreeze.scaler)", [row, scaler.to_json()]).fetchone()
    except psycopg.Error as error:
        return error.sqlstate, error.diag.message_primary
    return [float("nan") if x is None else x for x in found]


def test_inverses_with_gaps(server, connection):
    """Values that are the result of none, there and here: errors, NULL and the nearest training values, in both precisions."""
    data = np.random.default_rng(5).lognormal(0, 1, (40, 1))
    for method, options in WITH_GAPS:
        fitted = normfreeze.fit(data, method, options)
        for scaler in (fitted, computed_in(fitted, "single"), computed_in(fitted, "float32")):
            for kind, dtype in (("float8", np.float64), ("float4", np.float32)):
                for value in (-500.0, -1.5, -1.0, 0.0, 2.0, 500.0, float("nan"), float("inf"), float("-inf")):
                    expected = back(connection, scaler, [value], kind)
                    if isinstance(expected, list):
                        expected = np.array(expected, dtype).tolist()
                    try:
                        got = scaler.inverse_transform(np.array([[value]], dtype))[0].tolist()
                    except normfreeze.Error as error:
                        got = error.sqlstate, error.message
                    report.check_equal(str(got), str(expected), f"{value} back by {method} {options} {scaler.scaler_id} as {kind}")
    # of many rows, the first that any step refuses
    scaler = normfreeze.fit(data, "standard", {"steps": ["square", {"method": "affine", "center": -5, "scale": 1}, {"method": "box-cox"}]})
    rng, refusing = np.random.default_rng(6), set()
    for _ in range(12):
        x = rng.choice([2.5, 3.0, 0.1, -0.1, -500.0, np.nan], (5, 1))
        refused = [found for found in (back(connection, scaler, row, "float8") for row in x.tolist()) if isinstance(found, tuple)]
        refusing |= {message.split(" for which ")[1].split(" ")[0] for _, message in refused}
        report.check_equal(error_of(scaler.inverse_transform, x), refused[0] if refused else None, f"{x.tolist()} back, of which the first is refused")
    report.check_equal(refusing, {"square", "box_cox"}, "steps that refuse")


def test_bad_options(server, connection):
    """What the database refuses of options is refused with its words."""
    for method, options in BAD_OPTIONS:
        expected = said_by_database(connection, f"SELECT normfreeze.fit(x, '{method}', %s::jsonb)::text FROM (VALUES (ARRAY[1, 2]::float8[]), "
                                    "(ARRAY[3, 5])) AS v (x)", json.dumps(options))
        got = said(normfreeze.fit, np.array([[1.0, 2.0], [3.0, 5.0]]), method, options)
        report.check(isinstance(expected, tuple), f"{options} is refused by the database", expected)
        report.check_equal(got, expected, f"{method} {options}")
    check_refused(lambda: normfreeze.fit([[1.0]], "z-score"), "0A000", 'does not fit method "z-score"', "an unknown method")
    check_refused(lambda: normfreeze.fit([[1.0]], "standard", "{"), "22P02", "invalid input syntax for type json", "options that are no JSON")
    report.check_equal(normfreeze.fit([[1.0], [2.0]], "standard", '{"ddof": 1}'), normfreeze.fit([[1.0], [2.0]], "standard", {"ddof": 1}), "options as JSON")


def test_bad_rows(server, connection):
    """Rows that are none."""
    cases = (([1.0, 2.0], "2202E", "two dimensions"), (np.zeros((3, 0)), "2202E", "empty array"), (np.zeros((0, 3)), "P0002", "no rows to fit"),
             (iter([]), "P0002", "no rows to fit"), ([["a"]], "42804", "must be numeric or boolean"), ([[1.0], [1.0, 2.0]], "2202E", "different lengths"),
             (pd.Series([1.0, 2.0]), "42804", "a Series is one column"), (5, "42804", "cannot fit a Python int"), ("rows", "42804", "cannot fit a Python str"),
             (pl.DataFrame({"a": [1.0]}).lazy(), "42804", "lazy"), (pd.DataFrame({0: [1.0]}), "42602", "the name of a column is 0"),
             (pd.DataFrame([[1.0, 2.0]], columns=["a", "a"]), "42702", "ambiguous"), (pl.DataFrame({"a": [1.0], "b": ["x"], "c": ["y"]}), "42804", "2 columns cannot be features"),
             ({"a": [1.0], "b": [1.0, 2.0]}, "2202E", "different lengths"), (iter([np.zeros((2, 2)), np.zeros((2, 3))]), "2202E", "a row has 3 features, the rows before it had 2"),
             (iter([pl.DataFrame({"a": [1.0]}), pl.DataFrame({"b": [1.0]})]), "42703", 'no column "a"'), (iter([[[1.0]], pl.DataFrame({"a": [1.0]})]), "22023", "others are arrays"),
             (np.array([[np.inf]]), "22003", "infinite values"), (np.full((3, 1), np.nan), "22000", "has no values"), ([[10 ** 400]], "22003", "out of range"),
             ({"a\0b": [1.0]}, "22021", "no Unicode text"), ({"\ud800": [1.0]}, "22021", "no Unicode text"), ({"": [1.0]}, "42602", "is empty"),
             ({"x" * 1025: [1.0]}, "42622", "has 1025 bytes"), (np.zeros((1, 16385)), "54000", "16385 features"),
             ([[10 ** 5000]], "22003", "out of range"), ({"a": 1}, "42804", 'column "a" is a Python int'), ({"a": (i for i in range(3))}, "42804", 'column "a" is a Python generator'),
             (np.array([[1 + 2j]]), "42804", "must be numeric"), (pd.DataFrame({"t": pd.to_datetime(["2020-01-01"])}), "42804", "must be numeric"))
    for given, sqlstate, part in cases:
        check_refused(lambda: normfreeze.fit(given), sqlstate, part, f"a fit of {type(given).__name__}: {part}")
    data = np.ones((4, 1))
    check_refused(lambda: normfreeze.fit(data, weight=[1.0, 2.0]), "2202E", "weights", "too few weights")
    check_refused(lambda: normfreeze.fit(data, weight=3), "42804", "weights are not a Python int", "a number as weights")
    check_refused(lambda: normfreeze.fit(data, by=3), "42804", "keys are not a Python int", "a number as keys")
    for weight, sqlstate, part in (({"a": 1}, "42804", "weights are not a Python dict"), ([1.0, float("nan"), 1.0, 1.0], "22003", "not NaN"), ("w", "42703", 'no column "w" of weights')):
        check_refused(lambda: normfreeze.fit(data, weight=weight), sqlstate, part, f"weights {weight}")
    check_refused(lambda: normfreeze.fit({"a": [1.0]}, weight="w"), "42703", 'no column "w" of weights', "a column of weights that is not there")
    for keys in (["a\0"] * 4, ["\ud800"] * 4):
        check_refused(lambda: normfreeze.fit(data, by=keys), "22021", "no Unicode text", f"keys {keys}")
    check_refused(lambda: normfreeze.fit(data, by="k"), "42703", 'no column "k" of keys', "a column of keys of an array")
    for options in ({"missing": pd.NA}, {"intercept": np.array([1, 2])}, {"names": np.array(1)}, {"clip": np.datetime64("2020")}, {"range": np.array(1)}):
        check_refused(lambda: normfreeze.fit(data, options=options), "22023", "", f"options {options}")
    check_refused(lambda: normfreeze.profile(data, scaler=3), "42804", "a Scaler is expected", "a number as scaler")
    # an update counts all of its rows, or none, or ends the fit
    state = normfreeze.FitState("standard")
    for given, weight in (({"a": ["x"]}, None), (data, [1.0] * 5), (iter([5]), None)):
        error_of(state.update, given, weight)
    report.check_equal(state.update(data, [1.0] * 4).finish(), normfreeze.fit(data, weight=[1.0] * 4), "updates that failed count nothing")
    state = normfreeze.FitState("standard")
    error_of(state.update, iter([data, np.ones((4, 2))]))
    for call in (state.finish, state.profile, lambda: state.update(data), lambda: normfreeze.FitState("standard").merge(state)):
        check_refused(call, "55000", "an update of this fit failed", "after an update that failed halfway")
    check_refused(lambda: normfreeze.fit(data, nan="zero"), "22023", "unknown meaning of NaN", "another meaning of NaN")
    check_refused(lambda: normfreeze.profile(data, {"missing": "mean"}), "22023", 'unknown option "missing" for a profile', "an option of a fit, for a profile")
    check_refused(lambda: normfreeze.FitState("standard").finish(), "P0002", "no rows", "a state of no rows")
    check_refused(lambda: normfreeze.FitState("standard").merge(normfreeze.FitState("robust")), "22023", "method or options differ", "states of other methods")
    check_refused(lambda: normfreeze.fit(normfreeze.profile(data), by="a"), "22023", "takes no by", "a profile by key")
    # what the values as they are refuse, no step does
    for values, steps in (([None], ["quantile", "standard"]), ([float("inf"), 1e300], ["square", "standard"]), ([1e300], ["square", "standard"])):
        expected = said_by_database(connection, "SELECT normfreeze.fit(ARRAY[x], 'standard', %s::jsonb)::text FROM unnest(%s::float8[]) AS x", json.dumps({"steps": steps}), values)
        report.check_equal(said(normfreeze.fit, [[x] for x in values], "standard", {"steps": steps}), expected, f"{steps} of {values}")
        report.check_equal(" step " in expected[1], len(values) == 1 and values != [None], f"{steps} of {values}: whether a step refuses")
    a, b = normfreeze.profile(data), normfreeze.profile(np.ones((4, 2)))
    report.check_equal(error_of(a.merge, b), ("22000", "cannot merge profiles of 1 and 2 features"), "profiles of other widths")
    text = str(a)
    for wrong, sqlstate in ((text[:-3], "22P02"), (text.replace("profile:", "profile:0", 1), "22P02"), ("profile:" + "0" * 16 + text[24:], "XX001"), ("", "22P02")):
        found = error_of(normfreeze.Profile.from_text, wrong)
        report.check(found and found[0] == sqlstate, f"a damaged profile is refused with {sqlstate}", found)


TESTS = (test_methods, test_functions_first, test_frames, test_layouts, test_null_and_nan, test_choice_of_columns, test_weights, test_keys, test_fit_of_profile, test_inverses_with_gaps, test_bad_options, test_bad_rows)
