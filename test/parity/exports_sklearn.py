"""Exports to scikit-learn and imports of what it fitted, composed estimators too: bits of scikit-learn itself."""

import copy
import io
import json
import pathlib
import pickle
import sys
import time
import warnings

import joblib
import numpy as np
import pandas
import psycopg
import sklearn
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.exceptions import NotFittedError
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (FunctionTransformer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder,
                                   PowerTransformer, QuantileTransformer, RobustScaler, StandardScaler)
from sklearn.utils.validation import check_is_fitted

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
import cases
import datasets
import estimators
import imports
import normfreeze
import recipe_bytes
import report
import sequences
import wire

CASES = estimators.all_cases() + [("quantile", {"n_quantiles": n}) for n in (1, 10, 40)]
NO_CLASS = "0A000"
DAMAGED = "XX001"
IMPUTING = ("mean", "median", "min", "zero", "most_frequent", -2.5)
HOSTILE = ['quote"and\'', "line\nbreak", "*/ -- ]]>", "back\\slash", "名前", "a__b", "{}", "x" * 300, "$1", "0"]


def quietly():
    """No warnings of arrays without names, or of few rows."""
    caught = warnings.catch_warnings()
    caught.__enter__()
    warnings.simplefilter("ignore")
    return caught


def fit(connection, table, method, options):
    """A fitted scaler in table import_scaler; the SQLSTATE of a refusal."""
    connection.execute("DROP TABLE IF EXISTS import_scaler")
    connection.execute("CREATE TABLE import_scaler (s normfreeze.scaler)")
    try:
        connection.execute(f"INSERT INTO import_scaler SELECT normfreeze.fit(x, '{method}', %s) FROM {table}",
                           (json.dumps(options),))
    except psycopg.Error as error:
        return error.sqlstate
    return None


def exported(connection):
    """to_sklearn() of the scaler in table import_scaler, or the SQLSTATE of a refusal."""
    try:
        return connection.execute("SELECT normfreeze.to_sklearn(s)::text FROM import_scaler").fetchone()[0]
    except psycopg.Error as error:
        return error.sqlstate


def same_scaler(connection, name):
    """from_sklearn(to_sklearn(scaler)) is the scaler, in jsonb as well as through Python."""
    text = exported(connection)
    report.check(connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb) = normfreeze.bare(s) "
                                    "AND normfreeze.from_sklearn(normfreeze.to_sklearn(s)) = normfreeze.bare(s) "
                                    "FROM import_scaler", (json.dumps(json.loads(text)),)).fetchone()[0],
                 f"{name}: the same scaler comes back")


# ---- to_sklearn ----

def goes_out(method, options):
    """What scikit-learn has the arithmetic for."""
    return method != "reciprocal" and not estimators.is_shifted(options)


def test_to_sklearn(server, connection):
    """Estimators made of to_sklearn(): transform and inverse_transform are normalize and denormalize."""
    caught = quietly()
    counts = imports.Counts("class", "of method", "input", "direction")
    for turn, name in enumerate(imports.SETS):
        training = datasets.all_sets(np.float64)[name]
        table = imports.load(connection, "train", training)
        inputs = {}
        for dtype in imports.DTYPES:
            x = np.concatenate([training.astype(dtype), datasets.probes(training.shape[1], dtype)])
            inputs[imports.load(connection, "data", x)] = x
        for method, options in cases.some(CASES, 4, turn):
            if fit(connection, table, method, options) is not None:
                continue                    # refused, as fit_parity checks
            text = exported(connection)
            if not goes_out(method, options):
                report.check_equal(text, NO_CLASS, f"{method} {options} has no class")
                continue
            if not report.check(len(text) > 5, f"to_sklearn of {name} {method} {options}", text):
                continue
            compare(connection, counts, text, inputs, method, inverse=True)
            if name == "nans":
                same_scaler(connection, f"{name} {method} {options}")
        for missing in IMPUTING:
            policy = {"missing": missing, "features": {"f1": {"method": "minmax"}},
                      "names": [f"f{i + 1}" for i in range(training.shape[1])]}
            if fit(connection, table, "standard", policy) is None:
                compare(connection, counts, exported(connection), inputs, "imputed", inverse=False)
                same_scaler(connection, f"{name} {missing}")
    counts.check("to_sklearn", "scikit-learn, made of")
    caught.__exit__(None, None, None)


def test_steps(server, connection):
    """Sequences of steps are Pipelines, and in a ColumnTransformer where features differ; with names and without."""
    caught = quietly()
    counts = imports.Counts("class", "of method", "input", "direction")
    for name in ("mixed", "nans", "constants", "wine"):
        training = datasets.all_sets(np.float64)[name][:, :5]
        table = imports.load(connection, "train", training)
        names = [f"f{i + 1}" for i in range(training.shape[1])]
        inputs = {}
        for dtype in imports.DTYPES:
            x = np.concatenate([training.astype(dtype), datasets.probes(training.shape[1], dtype)])
            # scikit-learn refuses infinities between two steps
            x = x[((np.abs(x) < 1e9) & (np.abs(x) > 1e-9) | (x == 0) | np.isnan(x)).all(axis=1)]
            inputs[imports.load(connection, "data", x)] = x
        for options in (*sequences.EVERYWHERE, *sequences.INTERPOLATED, sequences.mixed(names)):
            if fit(connection, table, "standard", options | {"names": names}) is not None:
                continue
            text = exported(connection)
            imputes = "missing" in json.dumps(options)
            compare(connection, counts, text, inputs, "steps", inverse=not imputes)
            same_scaler(connection, f"{name} {options}")
            # what was loaded is a fitted estimator like any other, which is imported with the same results
            estimator, frame_ = normfreeze.load(text, frozen=False), pandas.DataFrame(training, columns=names)
            expected = imports.applied(connection, table, training)
            report.check(not wire.unequal(np.asarray(estimator.transform(frame_)), expected).any(), f"{name} {options}: a DataFrame")
            if '"sqrt"' in text:        # whose import refuses negative values
                continue
            imports.import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(estimator))
            report.check(not wire.unequal(imports.applied(connection, table, training), expected).any(), f"{name} {options}: without its artifact")
    counts.check("to_sklearn", "scikit-learn, made of")
    caught.__exit__(None, None, None)


def compare(connection, counts, text, inputs, method, inverse):
    estimator = normfreeze.load(text, frozen=False)         # which checks the probes, too
    for table, x in inputs.items():
        line = type(estimator).__name__, method, x.dtype.name
        counts.add((*line, "forward"), imports.applied(connection, table, x), estimator.transform(x), x)
        if inverse:
            counts.add((*line, "inverse"), imports.applied(connection, table, x, "denormalize"),
                       estimator.inverse_transform(x), x)


def test_attributes(server, connection):
    """Every attribute is the one that scikit-learn fits, where its sums are exact; three lines without our module."""
    training = np.array([[1.0, -4, 3], [2, 8, np.nan], [6, 2, 7], [3, 6, 2]])
    table = imports.load(connection, "train", training)
    for method, options, fitted in (("standard", {}, StandardScaler()), ("standard", {"with_mean": False}, StandardScaler(with_mean=False)),
                                    ("standard", {"with_std": False}, StandardScaler(with_std=False)),
                                    ("standard", {"with_mean": False, "with_std": False}, StandardScaler(with_mean=False, with_std=False)),
                                    ("minmax", {"feature_range": [-1, 1]}, MinMaxScaler(feature_range=(-1, 1))),
                                    ("maxabs", {}, MaxAbsScaler()), ("robust", {}, RobustScaler()),
                                    ("robust", {"with_scaling": False}, RobustScaler(with_scaling=False)),
                                    ("quantile", {"n_quantiles": 3}, QuantileTransformer(n_quantiles=3))):
        fit(connection, table, method, options)
        parameters = fitted.get_params()
        loaded, fitted = vars(normfreeze.load(exported(connection), frozen=False)), vars(fitted.fit(training))
        for key in fitted.keys() | loaded.keys():
            same = (loaded[key] is None) == (fitted[key] is None) if key in loaded and key in fitted else False
            report.check(same and (fitted[key] is None or np.array_equal(loaded[key], fitted[key]))
                         and (key in parameters or key == "n_samples_seen_" or np.asarray(loaded[key]).dtype == np.asarray(fitted[key]).dtype),
                         f"attribute {key} of {method} {options}", (loaded.get(key), fitted.get(key)))
    fit(connection, table, "standard", {})
    # as docs/reference/exporting.md says
    members = json.loads(exported(connection))
    scaler = StandardScaler(with_mean=members["with_mean"], with_std=members["with_std"])
    scaler.__dict__.update({key: np.array(members[key]) for key in ("mean_", "scale_", "var_", "n_samples_seen_")})
    scaler.n_features_in_ = members["n_features_in_"]
    report.check(np.array_equal(scaler.transform(training), imports.applied(connection, table, training), equal_nan=True),
                 "three lines of Python")


def test_most_frequent(server, connection):
    """The value that SimpleImputer finds, bit for bit, of ties the least; and verify() says which it can be."""
    caught = quietly()
    rng = np.random.default_rng(15)
    cases = {name: datasets.all_sets(np.float64)[name] for name in imports.SETS}
    cases["ties"] = np.array([[3, 1, 5, 0.5], [3, -1, 5, np.nan], [2, 7, 2, 0.25], [2, np.nan, np.nan, -0.5]])
    cases["many"] = np.round(rng.lognormal(3, 1, size=(3000, 4)), 1) * [1, -1, 1e-9, 1e300]
    for name, x in cases.items():
        table = imports.load(connection, "train", x)
        if fit(connection, table, "identity", {"missing": "most_frequent"}) is not None:
            continue                    # a column without values
        imputed, = connection.execute("SELECT array_agg(f->'imputed' ORDER BY n) FROM import_scaler, "
                                      "jsonb_array_elements(s::jsonb->'features') WITH ORDINALITY AS j (f, n)").fetchone()
        expected = SimpleImputer(strategy="most_frequent").fit(x).statistics_
        report.check(not wire.unequal(np.array(imputed, float), expected + 0.0).any(), f"most frequent values of {name}", (imputed, expected))
    said, = connection.execute("SELECT s::jsonb FROM import_scaler").fetchone()     # of "many", whose cells hold several values
    for value, can_be in ((said["features"][0]["imputed"], True), (1e-9, False), (x[:, 0].max(), False)):
        said["features"][0]["imputed"] = float(value)
        fingerprint = recipe_bytes.fingerprint(said)
        said |= {"fingerprint": fingerprint, "scaler_id": str(int(fingerprint[:16], 16) >> 1)}
        frozen, = connection.execute("SELECT normfreeze.freeze('tampered', %s::jsonb::normfreeze.scaler)",
                                     (json.dumps({key: said[key] for key in said if key != "probes"}),)).fetchone()
        found = connection.execute("SELECT ok, detail FROM normfreeze.verify(%s::bigint) WHERE \"check\" = 'parameters'", (frozen,)).fetchone()
        report.check_equal(found[0], can_be, f"verify() of the most frequent value {value}: {found[1]}")
    caught.__exit__(None, None, None)


# ---- composed estimators ----

def frame(names, rows=60):
    rng = np.random.default_rng(len(names))
    values = rng.normal(size=(rows, len(names))) * 10.0 ** rng.integers(-3, 4, size=len(names))
    values[rng.random(values.shape) < 0.1] = np.nan
    return pandas.DataFrame(values, columns=names)


def compositions(names):
    """(what, estimator) of at least eight columns with these names"""
    n = names
    nested = ColumnTransformer([("low", MinMaxScaler(), [1]), ("rest", StandardScaler(), [2, 0])])
    return [
        ("names", ColumnTransformer([("s", StandardScaler(), [n[3], n[0]]), ("m", MinMaxScaler(), [n[5]])], remainder="passthrough")),
        ("positions", ColumnTransformer([("s", StandardScaler(), [-1, 2]), ("r", RobustScaler(), [4, 0])])),
        ("slices", ColumnTransformer([("s", MaxAbsScaler(), slice(4, None, 2)), ("r", RobustScaler(), slice(n[1], n[3]))])),
        ("masks", ColumnTransformer([("s", StandardScaler(), [i % 3 == 1 for i in range(len(n))])], remainder=MinMaxScaler(clip=True))),
        ("one name", ColumnTransformer([("s", StandardScaler(), [n[7]]), ("none", MaxAbsScaler(), []), ("gone", "drop", [n[0], n[1]])],
                                       remainder="passthrough")),
        ("selector", make_column_transformer((QuantileTransformer(n_quantiles=20), make_column_selector(dtype_include=float)))),
        ("pipelines", ColumnTransformer([("a", make_pipeline(SimpleImputer(), StandardScaler()), [n[6], n[2]]),
                                         ("b", make_pipeline("passthrough", SimpleImputer(strategy="median"), FunctionTransformer(),
                                                             RobustScaler(quantile_range=(10, 90))), [n[1]]),
                                         ("c", SimpleImputer(strategy="constant", fill_value=-7.25), [n[0], n[4]]),
                                         ("d", "passthrough", [n[3]])])),
        ("nested", ColumnTransformer([("inner", make_pipeline(SimpleImputer(strategy="most_frequent"), nested), [n[5], n[1], n[7]]),
                                      ("m", MaxAbsScaler(), [n[0]])])),
        ("pipeline of all", make_pipeline(SimpleImputer(strategy="median"),
                                          ColumnTransformer([("s", StandardScaler(), [3, 1]), ("m", MinMaxScaler(), [0, 2])]))),
        ("pipeline", make_pipeline(SimpleImputer(), MinMaxScaler(clip=True))),
        ("imputer", SimpleImputer(strategy="median")),
        ("several scalers", make_pipeline(
            ColumnTransformer([("a", make_pipeline(SimpleImputer(), StandardScaler(), MinMaxScaler(clip=True)), [n[6], n[2]]),
                               ("b", RobustScaler(), [n[1]])]),
            ColumnTransformer([("c", MaxAbsScaler(), [2, 0])], remainder="passthrough"))),
        ("max norm", make_pipeline(SimpleImputer(strategy="constant", fill_value=1.0),
                                   ColumnTransformer([("n", Normalizer("max"), [4, 3, 0])], remainder="drop"))),
    ]


def load_frame(connection, data):
    """A table of columns with these names, in another order, and one that is no feature."""
    columns = ["nothing", *reversed(data.columns)]
    quoted = [psycopg.sql.Identifier(name) for name in columns]
    connection.execute("DROP TABLE IF EXISTS import_frame")
    connection.execute(psycopg.sql.SQL("CREATE TABLE import_frame (id int, {})").format(
        psycopg.sql.SQL(", ").join(psycopg.sql.SQL("{} float8").format(name) for name in quoted)))
    wire.copy_in(connection, "import_frame", [("int4", None)] + [("float8", None)] * len(columns),
                 [np.arange(len(data))] + [data.get(name, data.iloc[:, 0]).to_numpy() for name in columns])


def refusal(connection, text):
    """SQLSTATE and message that from_sklearn() has for this JSON."""
    try:
        connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb)", (text,))
    except psycopg.Error as error:
        return error.sqlstate, str(error)
    return None, "not refused"


def test_compositions(server, connection):
    """ColumnTransformers and Pipelines that scikit-learn fitted: outputs in its order, bit for bit, by name."""
    caught = quietly()
    counts = imports.Counts("composed of", "columns")
    for kind, names in (("plain", list("abcdefgh")), ("hostile", [name[:63] for name in HOSTILE])):
        data = frame(names)
        load_frame(connection, data)
        for what, estimator in compositions(names):
            fitted = estimator.fit(data)
            expected = fitted.transform(data)
            imports.import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(fitted))
            got, = wire.copy_out(connection, "SELECT normfreeze.normalize(import_frame, s) FROM import_frame, import_scaler ORDER BY id",
                                 [("float8", expected.shape[1])])
            counts.add((what, kind), got, expected, expected)
            loaded = normfreeze.load(normfreeze.dump(fitted))
            report.check(not wire.unequal(loaded.transform(data), expected).any(), f"load() of {what}, {kind}")
            report.check_equal(normfreeze.dump(loaded), normfreeze.dump(fitted), f"dump() of load() of {what}, {kind}")
            if exported(connection) == NO_CLASS:
                report.check(what in ("max norm", "several scalers"), "only norms and several scalers have no class", what)
            else:
                loaded = normfreeze.load(exported(connection))
                # DataFrames by name, in any order
                report.check(not wire.unequal(loaded.transform(data[list(loaded.feature_names_in_)]), expected).any(),
                             f"there, here and back: {what}, {kind}")
                same_scaler(connection, f"{what}, {kind}")
    counts.check("from_sklearn, composed", "scikit-learn, composed:")
    test_unnamed(connection)
    caught.__exit__(None, None, None)


def test_unnamed(connection):
    """By position, only what keeps the order: an array has no names to be matched by."""
    data = frame(list("abcdefgh")).to_numpy()
    for dtype in imports.DTYPES:
        x = np.ascontiguousarray(data, dtype)
        table = imports.load(connection, "data", x)
        for parts in ([("s", StandardScaler(), slice(0, 3)), ("m", MinMaxScaler(), [3, 4]), ("r", "passthrough", slice(5, 8))],
                      [("p", make_pipeline(SimpleImputer(), MaxAbsScaler()), [0]), ("s", RobustScaler(), slice(1, None))]):
            fitted = ColumnTransformer(parts).fit(x)
            imports.import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(fitted))
            report.check(not wire.unequal(imports.applied(connection, table, x), fitted.transform(x)).any(),
                         f"ColumnTransformer of arrays, {x.dtype}")
    for parts in ([("s", StandardScaler(), [1, 0]), ("m", MinMaxScaler(), slice(2, 8))], [("s", StandardScaler(), [0, 1])]):
        fitted = ColumnTransformer(parts).fit(data)
        state, message = refusal(connection, normfreeze.dump(fitted))
        report.check(state == NO_CLASS and "names" in message, "another order without names", message)
        named = json.loads(normfreeze.dump(fitted)) | {"feature_names_in_": list("abcdefgh")}
        report.check_equal(refusal(connection, json.dumps(named))[0], None, "the same with names")


# ---- dump and load ----

def test_dump(server, connection):
    """dump() of whatever is fitted to, and load(); the JSON reads back to the same estimator."""
    caught = quietly()
    counts = imports.Counts("class", "fitted to", "input", "direction")
    imputing = [SimpleImputer(), make_pipeline(SimpleImputer(strategy="median"), StandardScaler())]
    for fit_dtype in imports.DTYPES:
        for turn, name in enumerate(("gauss", "money", "wine", "constants", "nans")):
            training = datasets.all_sets(fit_dtype)[name]
            for estimator in cases.some(imports.EXACT, 2, turn) + (imputing if name == "nans" else [Normalizer("max")]):
                fitted = estimator.fit(training)
                imports.import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(fitted))
                if isinstance(fitted, SimpleImputer):       # the one-line recipe, which other tests use for all others
                    report.check(connection.execute("SELECT s = normfreeze.from_sklearn(%s::jsonb) FROM import_scaler",
                                                    (imports.dumped(fitted),)).fetchone()[0],
                                 f"the recipe without our module: {fitted}, {fit_dtype.__name__}")
                for dtype in imports.DTYPES:
                    x = training.astype(dtype)
                    counts.add((type(fitted).__name__, fit_dtype.__name__, x.dtype.name, "forward"),
                               imports.applied(connection, imports.load(connection, "data", x), x), fitted.transform(x), x)
                    loaded = normfreeze.load(normfreeze.dump(fitted)).transform(x)
                    report.check(not wire.unequal(loaded, fitted.transform(x)).any() and loaded.dtype == fitted.transform(x).dtype,
                                 f"load() of {fitted}, {fit_dtype.__name__} {x.dtype}")
    for fit_dtype in imports.DTYPES:        # whose bits are up to the libm, but the same on both sides of dump()
        training = datasets.all_sets(fit_dtype)["wine"]
        for estimator, positive in imports.ELEMENTARY:
            fitted = estimator.fit(training)
            loaded = normfreeze.load(normfreeze.dump(fitted))
            report.check(not wire.unequal(loaded.transform(training), fitted.transform(training)).any(), f"load() of {fitted}")
            report.check_equal(refusal(connection, normfreeze.dump(fitted))[0], None, f"import of {fitted}")
    counts.check("dump", "scikit-learn, by dump():")
    test_refused(connection)
    test_spellings(connection)
    caught.__exit__(None, None, None)


def test_spellings(connection):
    """Every class by vars() and get_params(), as public files have it: with underscores and without, whole or by parts."""
    x = np.abs(np.random.default_rng(4).normal(size=(40, 2))) + 1
    estimators = imports.EXACT + [Normalizer("l1"), SimpleImputer(), FunctionTransformer(np.log1p), PowerTransformer(),
                                  PowerTransformer(standardize=False)]
    for estimator in estimators:
        fitted = estimator.fit(pandas.DataFrame(x, columns=["a", "b"]))
        whole = json.loads(imports.dumped(fitted))
        parameters = set(fitted.get_params())
        attributes = {key: whole[key] for key in whole if key not in parameters and key != "class"}
        parts = {"class": whole["class"], "params": {key: whole[key] for key in parameters}, "attributes": attributes}
        bare = {key if key in parameters or key == "min_" or key.startswith("_") else key.removesuffix("_"): whole[key] for key in whole}
        if "n_quantiles_" in whole:
            bare["n_quantiles_"] = bare["n_quantiles"]
            bare["n_quantiles"] = whole["n_quantiles"]
        for what, members in (("parts", parts), ("no underscores", bare), ("private", whole | {"_anything": 1})):
            report.check(connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb) = normfreeze.from_sklearn(%s::jsonb)",
                                            (json.dumps(members), json.dumps(whole))).fetchone()[0], f"{what} of {fitted}")
        for key in whole.keys() - parameters - {"class", "_sklearn_version"}:
            if key.endswith("_in_"):
                continue
            without = connection.execute("SELECT normfreeze.from_sklearn(%s::jsonb) = normfreeze.from_sklearn(%s::jsonb)",
                                         (json.dumps({k: whole[k] for k in whole if k != key}), json.dumps(whole))).fetchone()[0] \
                if refusal(connection, json.dumps({k: whole[k] for k in whole if k != key}))[0] is None else True
            # var_, data_min_ and the like tell what is constant, and the range: nothing that changes a value
            report.check(without or key in ("var_", "data_min_", "data_max_", "max_abs_"), f"{fitted} without {key}")
            misspelt = {k + "x" if k == key and not k.startswith("_") else k: whole[k] for k in whole}
            report.check(key.startswith("_") or "no member" in refusal(connection, json.dumps(misspelt))[1], f"{key}x of {fitted}")


def raised(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return type(error), str(error)
    return None, "no error"


def test_advice(data, target):
    """What cannot be dumped says which calls work, and they do."""
    encoded = [("num", make_pipeline(SimpleImputer(), StandardScaler()), ["a", "b"]), ("hot", OneHotEncoder(), ["c"])]
    scaled = make_pipeline(StandardScaler(), LinearRegression())
    for estimator, calls in (
            (ColumnTransformer(encoded), ["dump(x, only=['num'])", "dump(x.named_transformers_['num'])"]),
            (make_pipeline(ColumnTransformer(encoded), LinearRegression()), ["dump(x[0], only=['num'])"]),
            (scaled, ["dump(x[:-1])"]),
            (GridSearchCV(scaled, {"standardscaler__with_mean": [True, False]}, cv=2), ["dump(x.best_estimator_[:-1])"]),
            (TransformedTargetRegressor(scaled, transformer=MinMaxScaler()), ["dump(x.transformer_)", "dump(x.regressor_[:-1])"]),
            (FeatureUnion([("a", StandardScaler()), ("b", "drop")]), ["dump(x.transformer_list[0][1])"]),
            (LinearRegression(), [])):
        fitted = estimator.fit(data, target)
        found, message = raised(normfreeze.dump, fitted)
        works = message.partition("these work: ")[2].split("; ") if "these work" in message else []
        report.check(found is TypeError and set(calls) <= set(works) and bool(calls) == bool(works), f"advice for {estimator}", message)
        for call in works:
            found, message = raised(eval, call, {"dump": normfreeze.dump, "x": fitted})
            report.check(found is None, f"{call} of {estimator}", message)
    fitted = ColumnTransformer(encoded).fit(data)
    chosen = normfreeze.load(normfreeze.dump(fitted, only="num")).transform(data)
    report.check(np.array_equal(chosen, fitted.named_transformers_["num"].transform(data[["a", "b"]])), "dump(ct, only=...)")
    for only, kind, part in ((["nun"], ValueError, "'nun'"), (["hot"], TypeError, "'hot'")):
        found, message = raised(normfreeze.dump, fitted, only)
        report.check(found is kind and part in message, f"dump(ct, only={only})", (found, message))
    report.check_equal(raised(normfreeze.dump, StandardScaler().fit(data), ["x"])[0], TypeError, "only= of a scaler")


def test_frozen(server, connection):
    """Scaler and load() in scikit-learn: nothing fits them anew, and everything else is as of any transformer."""
    caught = quietly()
    data = frame(list("abcdefgh")).fillna(1.0)
    target = (data["a"] > data["b"]).to_numpy()
    elsewhere = data * 3 + 1000
    load_frame(connection, data)
    connection.execute("DROP TABLE IF EXISTS import_scaler; CREATE TABLE import_scaler AS SELECT normfreeze.fit(import_frame, 'standard', "
                       "'{\"columns\": [\"b\", \"a\"]}') AS s FROM import_frame")
    text, export = connection.execute("SELECT s::text, normfreeze.to_sklearn(s)::text FROM import_scaler").fetchone()
    for what, make in (("Scaler", lambda: normfreeze.Scaler.from_json(text)), ("load()", lambda: normfreeze.load(export))):
        frozen, names = make(), ["b", "a"]
        expected = np.asarray(frozen.transform(data[names]))
        same = lambda step: np.array_equal(np.asarray(step.transform(data[names])), expected)   # noqa: E731
        report.check(frozen.fit(elsewhere[names], target) is frozen and same(frozen), f"{what}: fit() changes nothing")
        report.check(clone(frozen) is frozen, f"{what}: clone() keeps it")
        check_is_fitted(frozen)
        model = make_pipeline(frozen, LogisticRegression()).fit(elsewhere[names], target)
        report.check(model[0] is frozen and same(frozen), f"{what}: Pipeline.fit()")
        report.check_equal(model[:-1].get_feature_names_out().tolist(), names, f"{what}: names of a Pipeline")
        report.check_equal((frozen.n_features_in_, list(frozen.feature_names_in_)), (2, names), f"{what}: what went in")
        report.check(len(cross_val_score(model, elsewhere[names], target, cv=3)) == 3 and same(frozen), f"{what}: cross_val_score")
        search = GridSearchCV(model, {"logisticregression__C": [0.1, 1]}, cv=2).fit(elsewhere[names], target)
        report.check(same(search.best_estimator_[0]), f"{what}: GridSearchCV")
        columns = ColumnTransformer([("frozen", frozen, names), ("fitted", StandardScaler(), ["c"])]).fit(elsewhere)
        report.check_equal(columns.get_feature_names_out().tolist(), ["frozen__b", "frozen__a", "fitted__c"], f"{what}: names")
        report.check(np.array_equal(columns.transform(data)[:, :2], expected), f"{what}: in a ColumnTransformer")
        of_target, exported = connection.execute("SELECT s::text, normfreeze.to_sklearn(s)::text FROM (SELECT normfreeze.fit(ARRAY[a], 'minmax') "
                                                 "AS s FROM import_frame) AS f").fetchone()
        transformer = normfreeze.Scaler.from_json(of_target) if what == "Scaler" else normfreeze.load(exported)
        regressor = TransformedTargetRegressor(LinearRegression(), transformer=transformer)
        report.check(np.allclose(regressor.fit(data, data["a"].to_numpy()).predict(data), data["a"]), f"{what}: of a target")
        buffer = io.BytesIO()
        joblib.dump(model, buffer)
        buffer.seek(0)
        report.check(same(joblib.load(buffer)[0]), f"{what}: joblib")
        model.set_output(transform="pandas")
        got = model[:-1].transform(data[names].to_numpy())
        report.check(list(got.columns) == names and np.array_equal(got.to_numpy(), expected), f"{what}: set_output of an array")
        got = model[:-1].transform(data[names][::-1])
        report.check(got.index.equals(data.index[::-1]), f"{what}: set_output keeps the index")
        model.set_output(transform="default")
        one_line = make()
        report.check(one_line.set_output(transform="pandas") is one_line and same(one_line.fit(elsewhere[names])), f"{what}: set_output() of itself")
        report.check(same(copy.deepcopy(one_line).fit(elsewhere[names])), f"{what}: a copy")
        report.check("normfreeze" in repr(model) or "Frozen" in repr(model), f"{what}: repr")
        model._repr_html_()
        report.check(same(frozen), f"{what}: after all of it")
    scaler = normfreeze.Scaler.from_json(text)
    report.check(pickle.loads(pickle.dumps(scaler)) == scaler and copy.deepcopy(scaler).to_json() == scaler.to_json(), "pickle and copy")
    for call, part in ((lambda: scaler.set_params(center=5), "frozen"), (lambda: scaler.set_output(transform="list"), "list"),
                       (lambda: scaler.get_feature_names_out(["a"]), '"b"')):
        found, message = raised(call)
        report.check(found is normfreeze.Error and part in message, f"refused: {part}", (found, message))
    with sklearn.config_context(transform_output="pandas"):
        report.check(hasattr(scaler.transform(data[["b", "a"]].to_numpy()), "iloc"), "scikit-learn's own setting of the output")
    unnamed = normfreeze.Scaler.from_json(connection.execute("SELECT normfreeze.fit(ARRAY[a, b], 'minmax')::text FROM import_frame").fetchone()[0])
    report.check_equal((hasattr(unnamed, "feature_names_in_"), unnamed.get_feature_names_out().tolist(),
                        unnamed.get_feature_names_out(["u", "v"]).tolist()), (False, ["x0", "x1"], ["u", "v"]), "without names")
    fitted, = connection.execute("SELECT normfreeze.to_sklearn(normfreeze.fit(ARRAY[a], 'minmax'))::text FROM import_frame").fetchone()
    loaded = normfreeze.load(fitted)
    expected = loaded.transform([[7.0]])
    loaded.partial_fit([[1e6]]).set_output(transform="default").fit([[-1e6], [5.0]])
    report.check_equal(loaded.transform([[7.0]]).tolist(), expected.tolist(), "partial_fit() of what is frozen")
    loaded = pickle.loads(pickle.dumps(loaded))
    report.check_equal((type(loaded).__module__.partition(".")[0], loaded.transform([[7.0]]).tolist()), ("sklearn", expected.tolist()), "pickled")
    report.check(type(normfreeze.load(export, frozen=False)) is StandardScaler, "load(frozen=False)")
    report.check_equal(normfreeze.dump(normfreeze.load(export)), normfreeze.dump(normfreeze.load(export, frozen=False)), "dump() of what is frozen")
    caught.__exit__(None, None, None)


def test_refused(connection):
    """What dump(), load() and from_sklearn() refuse, by name."""
    class Other(StandardScaler):
        pass

    data = frame(list("abcdefgh")).fillna(1.0)
    target = np.arange(len(data))
    sine = FunctionTransformer(np.sin).fit(data)
    for estimator, kind, part in (
            (StandardScaler(), NotFittedError, "not fitted"), (Normalizer(), NotFittedError, "not fitted"),
            (make_pipeline(StandardScaler()), NotFittedError, "not fitted"), (ColumnTransformer([]), NotFittedError, "not fitted"),
            (Other().fit(data), TypeError, "Other"), (5, TypeError, "int"), (sine, TypeError, "sin"),
            (FunctionTransformer(np.log1p, kw_args={"dtype": np.float32}).fit(data), TypeError, "with kw_args, dtype"),
            (make_pipeline(StandardScaler(), LinearRegression()).fit(data, target), TypeError, "step 'linearregression'"),
            (ColumnTransformer([("hot", OneHotEncoder(), ["a"])]).fit(data), TypeError, "transformer 'hot'")):
        found, message = raised(normfreeze.dump, estimator)
        report.check(found is kind and part in message, f"dump() of {estimator}", (found, message))
    test_advice(data, target)
    for text, part in (
            ('{"class": "Other"}', "Other"), ('{"class": "__name__"}', "__name__"), ("{}", "class"), ("[]", "list"),
            ('{"class": []}', "list"), ('{"class": "MaxAbsScaler"}', "needs 'scale_'"), ('{"class": "MaxAbsScaler", "scale_": [2]}', "n_features_in_"),
            ('{"class": "MaxAbsScaler", "n_features_in_": 2, "scale_": "2"}', "scale_ is '2'"),
            ('{"class": "MaxAbsScaler", "n_features_in_": 2, "scale_": [2]}', "scale_ has 1 values for 2 features"),
            ('{"class": "MaxAbsScaler", "n_features_in_": 1, "scale_": [2], "normfreeze": null}', "NoneType"),
            ('{"class": "StandardScaler", "mean": [48.7], "scale": [11.4], "n_features_in_": 1}', "no 'mean'"),
            ('{"class": "StandardScaler", "mean_": [48.7], "n_features_in_": 1}', "needs 'scale_'"),
            ('{"class": "StandardScaler", "mean_": null, "scale_": [1], "n_features_in_": 1}', "unless with_mean is false"),
            ('{"class": "RobustScaler", "center_": [1], "scale_": [1], "n_features_in_": 1, "clip": true}', "no 'clip'"),
            ('{"class": "PowerTransformer", "method": "yeo-johnson", "lambdas_": [1], "n_features_in_": 1}', "needs '_scaler'"),
            ('{"class": "QuantileTransformer", "quantiles_": [[1]], "references_": [0], "n_features_in_": 1}', "output_distribution"),
            ('{"class": "Normalizer", "n_features_in_": 1}', "needs 'norm'"),
            ('{"class": "FunctionTransformer", "n_features_in_": 1}', "needs 'func'"),
            ('{"class": "SimpleImputer", "n_features_in_": 1}', "needs 'statistics_'"),
            ('{"class": "Pipeline", "steps": [[1]]}', "values to unpack")):
        found, message = raised(normfreeze.load, text)
        report.check(found is ValueError and part in message, f"load() of {text}", (found, message))
    for fitted, state, part in (
            (ColumnTransformer([("x", StandardScaler(), ["a"]), ("y", MinMaxScaler(), ["b", "a"])]), NO_CLASS, 'column "a"'),
            (ColumnTransformer([("x", Normalizer("max"), ["a", "b"]), ("y", Normalizer("max"), ["c", "d"])]), NO_CLASS, 'transformer "y"'),
            (make_pipeline(ColumnTransformer([("x", Normalizer("max"), ["a", "b"])], remainder="passthrough"),
                           ColumnTransformer([("y", Normalizer("max"), [2, 3])], remainder="passthrough")), NO_CLASS, 'step "columntransformer-2"'),
            (ColumnTransformer([("x", StandardScaler(), ["a"])], transformer_weights={"x": 2}), "22023", "transformer_weights"),
            (make_pipeline(StandardScaler(), Normalizer()), NO_CLASS, 'method "l2"'),
            (make_pipeline(StandardScaler(), SimpleImputer()), NO_CLASS, '"simpleimputer"'),
            (make_pipeline(Normalizer(), ColumnTransformer([("x", "passthrough", [0, 1])])), NO_CLASS, "of 8 features"),
            (ColumnTransformer([("x", "drop", ["a"])]), "22023", "outputs"),
            (SimpleImputer(missing_values=1.0), "22023", "missing_values"),
            (SimpleImputer(add_indicator=True), "22023", "add_indicator")):
        found, message = refusal(connection, normfreeze.dump(fitted.fit(data)))
        report.check(found == state and part in message, f"import of {fitted}", (found, message))


# ---- size and tampering ----

def test_many_features(server, connection):
    """A thousand features of two methods in turn: a thousand transformers, and back."""
    width = 1000
    caught = quietly()
    training = np.random.default_rng(3).normal(size=(20, width))
    names = [f"{HOSTILE[i % len(HOSTILE)][:40]} {i}" for i in range(width)]
    table = imports.load(connection, "train", training)
    options = {"names": names, "features": {name: {"method": "minmax"} for name in names[::2]}}
    report.check_equal(fit(connection, table, "standard", options), None, "fit of a thousand features")
    started = time.monotonic()
    text = exported(connection)
    print(f"to_sklearn: {width} transformers in {time.monotonic() - started:.2f} s, {len(text)} bytes")
    loaded = normfreeze.load(text)
    report.check_equal(len(loaded.transformers_), width, "a transformer for each feature")
    report.check(not wire.unequal(loaded.transform(training), imports.applied(connection, table, training)).any(),
                 "a thousand features: bits")
    same_scaler(connection, "a thousand features")
    imports.import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(loaded))
    report.check(not wire.unequal(loaded.transform(training), imports.applied(connection, table, training)).any(),
                 "a thousand features, from scikit-learn")
    caught.__exit__(None, None, None)


def leaves(node, path=()):
    """(path, value) of everything that has no members"""
    members = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    if not members:
        yield path, node
    for key, member in members:
        yield from leaves(member, (*path, key))


def changed(value):
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, str):
        return value + "x"
    return float(np.nextafter(value, np.inf)) if isinstance(value, float) else value + 1


def with_leaf(tree, path, value):
    tree = copy.deepcopy(tree)
    node = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tree


def test_tampering(server, connection):
    """Every single value of an export, statistics too: changed by hand, it is not imported."""
    training = np.array([[1.0, -4, 3, 5], [2, 8, np.nan, 6], [6, 2, 7, 7], [3, 6, 2, 9.5]])
    table = imports.load(connection, "train", training)
    options = {"names": list("abcd"), "features": {"b": {"method": "minmax"}, "c": {"method": "robust", "missing": 4},
                                                   "d": {"method": "quantile", "n_quantiles": 2}}}
    report.check_equal(fit(connection, table, "standard", options), None, "fit")
    tree = json.loads(exported(connection))
    count = 0
    for path, value in leaves(tree):
        if "probes" in path and path[-3] == "inputs":
            continue                # other rows, whose results the scaler itself then has to tell
        found, message = refusal(connection, json.dumps(with_leaf(tree, path, changed(value))))
        report.check(found in (DAMAGED, "22P02"), f"{path}: changed from {value!r}", (found, message))
        count += 1
    for path in (("transformers_", 0, 1, "mean_"), ("normfreeze", "digest"), ("normfreeze", "fingerprint"), ("normfreeze", "scaler")):
        broken = copy.deepcopy(tree)
        node = broken
        for key in path[:-1]:
            node = node[key]
        del node[path[-1]]
        report.check_equal(refusal(connection, json.dumps(broken))[0], DAMAGED, f"{path}: taken away")
    report.check_equal(refusal(connection, json.dumps(tree | {"more": 1}))[0], DAMAGED, "something added")
    # without the artifact it is an estimator like any other, even if it was changed
    report.check_equal(refusal(connection, json.dumps({key: tree[key] for key in tree if key != "normfreeze"}))[0], None,
                       "without the artifact")
    wrong = with_leaf(tree, ("transformers_", 0, 1, "mean_", 0), 3.5)
    found, message = raised(normfreeze.load, json.dumps(wrong))
    report.check(found is ValueError and "probe 1, output 1" in message, "load() runs the probes", (found, message))
    report.check(count > 100, "there is much to tamper with", count)


TESTS = (test_frozen, test_to_sklearn, test_steps, test_most_frequent, test_attributes, test_compositions, test_dump, test_many_features, test_tampering)
