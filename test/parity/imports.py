"""Imported scalers against the systems they come from, bit for bit.

scikit-learn itself, fitted here; onnxruntime itself; the operations of Spark's and PyTorch's sources with numpy.
"""

import collections
import ctypes
import json
import pathlib
import pickle
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (FunctionTransformer, MaxAbsScaler, MinMaxScaler, Normalizer, PowerTransformer,
                                   QuantileTransformer, RobustScaler, StandardScaler)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
import cases
import database
import datasets
import elsewhere
import normfreeze
import report
import rounded
import wire
from table import THE_TABLE, Tally

DTYPES = (np.float64, np.float32)
SETS = ("gauss", "offset", "money", "mixed", "nans", "constants", "zeros", "wine", "breast_cancer")

# arithmetic alone, which has one result everywhere
EXACT = [
    StandardScaler(), StandardScaler(with_mean=False), StandardScaler(with_std=False),
    StandardScaler(with_mean=False, with_std=False),
    MinMaxScaler(), MinMaxScaler(feature_range=(-1, 1), clip=True), MinMaxScaler(feature_range=(0.1, 0.9), clip=True),
    MaxAbsScaler(), MaxAbsScaler(clip=True),
    RobustScaler(), RobustScaler(with_centering=False), RobustScaler(with_scaling=False),
    RobustScaler(quantile_range=(10, 90), unit_variance=True),
    QuantileTransformer(n_quantiles=40), QuantileTransformer(),
]

# functions of the libm or of the CPU: (estimator, are its data to be positive?)
ELEMENTARY = [
    (PowerTransformer(), False), (PowerTransformer(standardize=False), False),
    (PowerTransformer("box-cox"), True), (PowerTransformer("box-cox", standardize=False), True),
    (FunctionTransformer(np.log1p, np.expm1, check_inverse=False), True),
    (QuantileTransformer(n_quantiles=50, output_distribution="normal"), False),
]
EMULATED_ROWS = 60
SPARK_MODELS = pathlib.Path(__file__).resolve().parents[1] / "data" / "spark_models.json"

# fitted here they have scikit-learn's bits: order statistics, no sums
SAME_FIT = {"MinMaxScaler()": "minmax", "MaxAbsScaler()": "maxabs", "RobustScaler()": "robust"}


def dumped(fitted, **more):
    """As docs/reference/importing.md says."""
    return json.dumps(json.loads(json.dumps(
        {"class": type(fitted).__name__, **fitted.__getstate__(), **more},
        default=lambda v: v.tolist() if hasattr(v, "tolist") else getattr(v, "__dict__", str(v))), parse_constant=str))


class Counts:
    """Values and unequal bits, by line: lines of the one table that the command prints, too."""

    def __init__(self, *columns):
        self.columns = columns
        self.lines = collections.defaultdict(Tally)

    def add(self, line, got, expected, inputs):
        self.lines[line].add(got, expected, inputs, " ".join(map(str, line)))

    def check(self, title, peer):
        for line, tally in self.lines.items():
            report.check(tally.unequal == 0 and tally.values > 0, f"{title}: {' '.join(map(str, line))}",
                         f"{tally.unequal} of {tally.values} values differ; first: {tally.first}")
            THE_TABLE.merge("import", f"{peer} {line[0]}", "-", " ".join(map(str, line[1:])), tally)


def load(connection, name, x):
    """A table (id, x) of float8[] or float4[] as the array is; returns its name."""
    kind = database.SQL_TYPE[x.dtype.type]
    table = f"import_{name}_{kind}"
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"CREATE TABLE {table} (id int, x {kind}[])")
    wire.copy_in(connection, table, [("int4", None), (kind, x.shape[1])], [np.arange(len(x)), x])
    return table


def import_scaler(connection, call, *arguments):
    """The scaler that a function of ours makes, in table import_scaler."""
    connection.execute("DROP TABLE IF EXISTS import_scaler")
    connection.execute("CREATE TABLE import_scaler (s normfreeze.scaler)")
    connection.execute(f"INSERT INTO import_scaler SELECT normfreeze.{call}", arguments)


def applied(connection, table, x, call="normalize"):
    """The imported scaler, applied to all rows of a table; NaN for NULL, which a step gives outside of its domain, and for what has no inverse."""
    kind = database.SQL_TYPE[x.dtype.type]
    function = f"normfreeze.{call}"
    if call == "denormalize" and connection.execute(f"SELECT {database.GAPS.format(scaler='s')} FROM import_scaler").fetchone()[0]:
        database.create_back(connection, kind)
        function = "pg_temp.back"
    result, = wire.copy_out(connection, f"SELECT array_replace({function}(x, s), NULL, 'NaN') FROM {table}, import_scaler ORDER BY id",
                            [(kind, x.shape[1])])
    return result


def ulps(got, expected):
    """Distances in units in the last place of the larger, of finite values."""
    finite = np.isfinite(got) & np.isfinite(expected)
    larger = np.maximum(np.abs(got[finite]), np.abs(expected[finite]))
    return np.abs(np.float64(got[finite]) - np.float64(expected[finite])) / np.float64(np.spacing(larger))


# ---- scikit-learn: arithmetic ----

def old_standard(fitted, x, inverse):
    """StandardScaler before scikit-learn 1.8, whose parameters stayed float64 for float32 input."""
    y = x.copy()
    if inverse:
        y *= fitted.scale_
        y += fitted.mean_
    else:
        y -= fitted.mean_
        y /= fitted.scale_
    return y


def test_sklearn(server, connection):
    """Estimators fitted by scikit-learn: transform and inverse_transform, whatever the types of fit and input."""
    warnings.filterwarnings("ignore", "n_quantiles", UserWarning)
    counts = Counts("class", "fitted to", "input", "direction")
    for fit_dtype in DTYPES:
        sets = datasets.all_sets(fit_dtype)
        for turn, name in enumerate(SETS):
            inputs = {}
            for dtype in DTYPES:
                x = np.concatenate([sets[name].astype(dtype), datasets.probes(sets[name].shape[1], dtype)])
                inputs[load(connection, "data", x)] = x
            for estimator in cases.some(EXACT, 2, turn):
                fitted = estimator.fit(sets[name])
                import_scaler(connection, "from_sklearn(%s::jsonb)", dumped(fitted))
                for table, x in inputs.items():
                    line = type(fitted).__name__, fit_dtype.__name__, x.dtype.name
                    for direction, call in (("forward", "normalize"), ("inverse", "denormalize")):
                        transform = fitted.transform if direction == "forward" else fitted.inverse_transform
                        counts.add((*line, direction), applied(connection, table, x, call), transform(x), x)
            fitted = StandardScaler().fit(sets[name])
            import_scaler(connection, "from_sklearn(%s::jsonb)", dumped(fitted, _sklearn_version="1.7.2"))
            for table, x in inputs.items():
                for direction, call in (("forward", "normalize"), ("inverse", "denormalize")):
                    counts.add(("StandardScaler 1.7", fit_dtype.__name__, x.dtype.name, direction),
                               applied(connection, table, x, call), old_standard(fitted, x, direction == "inverse"), x)
    for dtype in DTYPES:
        x = datasets.all_sets(dtype)["wine"]
        table = load(connection, "data", x)
        for norm in ("l1", "l2", "max"):
            fitted = Normalizer(norm=norm).fit(x)
            import_scaler(connection, "from_sklearn(%s::jsonb)", dumped(fitted))
            got = applied(connection, table, x)
            if norm == "max":
                counts.add(("Normalizer max", "", x.dtype.name, "forward"), got, fitted.transform(x), x)
            else:               # numpy sums in an order that depends on the layout in memory
                report.check(ulps(got, fitted.transform(x)).max() <= 4, f"Normalizer {norm} {x.dtype.name}: close",
                             ulps(got, fitted.transform(x)).max())
    counts.check("from_sklearn", "scikit-learn:")
    x = datasets.all_sets(np.float32)["wine"]
    fitted = StandardScaler().fit(x)
    report.check(wire.unequal(old_standard(fitted, x, False), fitted.transform(x)).any(),
                 "the two formulas of StandardScaler have different bits for float32")


# ---- scikit-learn: columns of NaN ----

def applied_or_nan(connection, table, x, call):
    """What a feature without parameters gives is NULL here, and NaN there."""
    kind = database.SQL_TYPE[x.dtype.type]
    query = (f"SELECT ARRAY(SELECT coalesce(v, 'NaN') FROM unnest(normfreeze.{call}(x, s)) WITH ORDINALITY AS u (v, n) ORDER BY n) "
             f"FROM {table}, import_scaler ORDER BY id")
    result, = wire.copy_out(connection, query, [(kind, x.shape[1])])
    return result


def test_without_values(server, connection):
    """Columns of NaN: imported with what scikit-learn fitted to them, and fitted here to give NULL."""
    warnings.filterwarnings("ignore", category=RuntimeWarning)      # of slices that are all NaN
    warnings.filterwarnings("ignore", "Skipping features", UserWarning)
    empty = [1, 4]
    counts = Counts("class", "parameters", "input", "direction")
    for dtype in DTYPES:
        training = datasets.all_sets(dtype)["wine"].copy()
        training[:, empty] = np.nan
        x = np.concatenate([datasets.all_sets(dtype)["wine"], datasets.probes(training.shape[1], dtype)])
        table, learnt = load(connection, "data", x), load(connection, "training", training)
        for estimator in EXACT:
            fitted = estimator.fit(training)
            name = type(fitted).__name__
            directions = (("forward", "normalize", fitted.transform(x)), ("inverse", "denormalize", fitted.inverse_transform(x)))
            sources = [("its own", "INSERT INTO import_scaler SELECT normfreeze.from_sklearn(%s::jsonb)", [dumped(fitted)])]
            if str(fitted) in SAME_FIT and dtype is np.float64:
                sources.append(("ours", f"INSERT INTO import_scaler SELECT normfreeze.fit(x, '{SAME_FIT[str(fitted)]}', "
                                f"""'{{"empty": "null"}}') FROM {learnt}""", None))
            for source, insert, arguments in sources:
                connection.execute("DROP TABLE IF EXISTS import_scaler; CREATE TABLE import_scaler (s normfreeze.scaler)")
                connection.execute(insert, arguments)
                for direction, call, expected in directions:
                    counts.add((name, source, x.dtype.name, direction), applied_or_nan(connection, table, x, call), expected, x)
                made = normfreeze.load(connection.execute("SELECT normfreeze.to_sklearn(s)::text FROM import_scaler").fetchone()[0])
                counts.add((name, f"{source}, and out again", x.dtype.name, "forward"), made.transform(x), directions[0][2], x)
        # an imputer leaves such a column out, and what comes after it never sees it
        names = [f"c{i}" for i in range(training.shape[1])]
        kept = [i for i in range(training.shape[1]) if i not in empty]
        pipeline = make_pipeline(SimpleImputer(), StandardScaler()).fit(training)
        import_scaler(connection, "from_sklearn(%s::jsonb)", dumped_pipeline(pipeline, names))
        report.check_equal(connection.execute("SELECT normfreeze.feature_names(s) FROM import_scaler").fetchone()[0],
                           [names[i] for i in kept], "an imputer leaves a column of NaN out")
        narrow = np.ascontiguousarray(x[:, kept])
        counts.add(("SimpleImputer", "its own", x.dtype.name, "forward"),
                   applied(connection, load(connection, "narrow", narrow), narrow), pipeline.transform(x), narrow)
    counts.check("columns of NaN", "scikit-learn, columns of NaN:")


def dumped_pipeline(pipeline, names):
    return json.dumps({"class": "Pipeline", "feature_names_in_": names,
                       "steps": [[label, json.loads(dumped(step))] for label, step in pipeline.steps]})


# ---- scikit-learn: elementary functions ----

def elementary_sets(dtype, positive):
    sets = datasets.all_sets(dtype)
    rng = np.random.default_rng(5)
    chosen = {"lognormal": sets["lognormal"], "wine": sets["wine"]}
    if not positive:
        chosen = {"wine": sets["wine"], "skewed": (rng.gamma(2, size=(300, 4)) - 1).astype(dtype)}
    return chosen


def emulated(fitted, x, inverse):
    """The same with correctly rounded functions; None where we have no such emulation."""
    if isinstance(fitted, FunctionTransformer):
        return (rounded.expm1 if inverse else rounded.log1p)(x)
    if isinstance(fitted, QuantileTransformer):
        return None
    with rounded.within():
        return fitted.inverse_transform(x.copy()) if inverse else fitted.transform(x.copy())


def unit(fitted, got):
    """The unit in the last place of a column's values, or of the mean that was subtracted from them."""
    largest = np.nanmax(np.abs(got), axis=0)
    if hasattr(fitted, "_scaler"):
        largest = np.maximum(largest, np.abs(fitted._scaler.mean_ / fitted._scaler.scale_))
    return np.spacing(largest.astype(got.dtype))


def test_elementary(server, connection):
    """log1p, powers and the normal distribution: bits of correctly rounded functions, ulps from numpy and scipy."""
    counts = Counts("formula", "fitted to", "input", "direction")
    jobs, lines, results = [], [], []
    for fit_dtype in DTYPES:
        for estimator, positive in ELEMENTARY:
            for training in elementary_sets(fit_dtype, positive).values():
                fitted = pickle.loads(pickle.dumps(estimator)).fit(training)
                name = type(fitted).__name__ + f" {getattr(fitted, 'method', '')}"
                more = {"dtype": str(fitted.lambdas_.dtype)} if hasattr(fitted, "lambdas_") else {}
                import_scaler(connection, "from_sklearn(%s::jsonb)", dumped(fitted, **more))
                for dtype in DTYPES:
                    x = training.astype(dtype)
                    y = fitted.transform(x)
                    for direction, call, values in (("forward", "normalize", x), ("inverse", "denormalize", y)):
                        values = np.ascontiguousarray(values, dtype)
                        table = load(connection, "data", values)
                        got = applied(connection, table, values, call)
                        line = (name.strip(), fit_dtype.__name__, np.dtype(dtype).name, direction)
                        lines.append(line)
                        results.append(got)
                        jobs.append((fitted, "transform" if direction == "forward" else "inverse_transform", values))
                        expected = emulated(fitted, values[:EMULATED_ROWS], direction == "inverse")
                        if expected is not None:
                            counts.add(line, got[:EMULATED_ROWS], expected.astype(dtype), values)
    counts.check("from_sklearn, correctly rounded functions", "scikit-learn, rounded:")

    here = [getattr(fitted, method)(x) for fitted, method, x in jobs]
    there = elsewhere.transform(jobs)
    table = collections.defaultdict(list)
    for line, job, got, *others in zip(lines, jobs, results, here, there):
        table[line].append([ulps(got, other) for other in others])
        for other in others:
            finite = np.isfinite(got) & np.isfinite(other)
            difference = np.abs(got - other, where=finite, out=np.zeros_like(got))
            report.check((difference <= 64 * unit(job[0], got)).all() and (np.isfinite(got) == np.isfinite(other)).all(),
                         f"{' '.join(line)}: within 64 units of the largest value", difference.max())
    print("distance from numpy and scipy as they are here, and without AVX-512: share of equal values, largest ulps")
    for line, found in table.items():
        distances = [np.concatenate(column) for column in zip(*found)]
        print(f"{line[0]:34} {line[1]:8} {line[2]:8} {line[3]:8}" +
              "".join(f"  {np.mean(d == 0):8.4%} {d.max():10.0f}" for d in distances))


# ---- scikit-learn: functions of numpy ----

FUNCTIONS = (np.log, np.log1p, np.log2, np.log10, np.sqrt, np.cbrt, np.square, np.arcsinh, np.reciprocal, np.expm1)
OF_IEEE_754 = (np.sqrt, np.square, np.reciprocal)       # one rounding everywhere
FUNCTION_ULPS = 4                                       # what numpy promises of its functions


def with_function(function):
    """(where, estimator) that applies a function to columns of positive numbers, some of which are missing."""
    one = FunctionTransformer(function)
    return (("alone", one), ("after an imputer", make_pipeline(SimpleImputer(strategy="median"), one)),
            ("before a scaler", make_pipeline(one, MaxAbsScaler())),
            ("in a ColumnTransformer", ColumnTransformer([("f", make_pipeline(SimpleImputer(), one), [0, 1]), ("s", StandardScaler(), [2])],
                                                         remainder="passthrough")))


def test_numpy_functions(server, connection):
    """FunctionTransformers: the bits where functions are arithmetic, otherwise numpy's distance from correct rounding."""
    rng = np.random.default_rng(26)
    training = rng.lognormal(0, 1.5, size=(400, 4))
    training[::9, :2] = np.nan
    table, counts = load(connection, "data", training), Counts("function", "where")
    print("FunctionTransformer, distance from scikit-learn: share of equal values, largest ulps")
    for function in FUNCTIONS:
        for where, estimator in with_function(function):
            fitted = clone(estimator).fit(training)
            import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(fitted))
            got, expected = applied(connection, table, training), fitted.transform(training)
            if function in OF_IEEE_754:
                counts.add((function.__name__, where), got, expected, training)
            report.check((np.isnan(got) == np.isnan(expected)).all(), f"{function.__name__} {where}: NaN where numpy has it")
            distance = np.nanmax(ulps(got, expected))
            report.check(distance <= (64 if where == "before a scaler" else FUNCTION_ULPS), f"{function.__name__} {where}: about numpy's", distance)
            print(f"{function.__name__:12} {where:24}  {np.mean((got == expected) | np.isnan(got)):8.4%} {distance:6.0f}")
    counts.check("from_sklearn, FunctionTransformer", "scikit-learn:")


# ---- scikit-learn: several scalers in a row ----

# arithmetic alone
SEQUENCES = [
    (StandardScaler(), MinMaxScaler(clip=True)), (RobustScaler(), MaxAbsScaler()),
    (MinMaxScaler(feature_range=(0.1, 0.9), clip=True), StandardScaler()),
    (StandardScaler(with_mean=False), RobustScaler(quantile_range=(10, 90)), MinMaxScaler(feature_range=(-1, 1))),
    (SimpleImputer(strategy="median"), MaxAbsScaler(), StandardScaler()),
    (RobustScaler(), QuantileTransformer(n_quantiles=40), MinMaxScaler(feature_range=(2, 5))),
]
# with functions of the libm: (estimators, are their data to be positive?)
ELEMENTARY_SEQUENCES = [
    ((PowerTransformer(), MinMaxScaler()), False),
    ((FunctionTransformer(np.log1p, np.expm1, check_inverse=False), StandardScaler()), True),
    ((SimpleImputer(), FunctionTransformer(np.log1p, np.expm1, check_inverse=False), RobustScaler(), MaxAbsScaler(clip=True)), True),
]


def test_sequences(server, connection):
    """Pipelines of several scalers: their transform and inverse_transform, with the types of fit and input."""
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    counts = Counts("steps", "fitted to", "input", "direction")
    for fit_dtype in DTYPES:
        for name in ("gauss", "mixed", "nans", "constants", "wine"):
            training = datasets.all_sets(fit_dtype)[name]
            for estimators in SEQUENCES:
                pipeline = make_pipeline(*map(clone, estimators)).fit(training)
                imputes = isinstance(estimators[0], SimpleImputer)
                import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(pipeline))
                for dtype in DTYPES:
                    x = np.concatenate([training.astype(dtype), datasets.probes(training.shape[1], dtype)])
                    table = load(connection, "data", x)
                    line = ", ".join(type(step).__name__ for step in estimators), fit_dtype.__name__, x.dtype.name
                    counts.add((*line, "forward"), applied(connection, table, x), pipeline.transform(x), x)
                    if not imputes:
                        counts.add((*line, "inverse"), applied(connection, table, x, "denormalize"), pipeline.inverse_transform(x), x)
    counts.check("from_sklearn, several scalers", "scikit-learn:")
    print("several scalers in a row, distance from scikit-learn: share of equal values, largest ulps of the largest value")
    for estimators, positive in ELEMENTARY_SEQUENCES:
        for training in elementary_sets(np.float64, positive).values():
            pipeline = make_pipeline(*map(clone, estimators)).fit(training)
            import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(pipeline))
            got = applied(connection, load(connection, "data", training), training)
            expected = pipeline.transform(training)
            distance = (np.abs(got - expected) / np.spacing(np.abs(expected).max(axis=0))).max()
            label = ", ".join(type(step).__name__ for step in estimators)
            report.check(distance <= 64, f"{label}: within 64 units of the largest value", distance)
            print(f"{label:80}  {np.mean(got == expected):8.4%} {distance:8.1f}")
            # the steps by themselves, one after the other, are the same bits
            x = training
            for _, step in pipeline.steps:
                import_scaler(connection, "from_sklearn(%s::jsonb)", normfreeze.dump(step))
                x = applied(connection, load(connection, "data", x), x)
            report.check(not wire.unequal(got, x).any(), f"{label}: its steps one after the other", training.shape)


# ---- Spark ----

def spark_standard(x, mean, std, with_mean, with_std):
    scale = np.where(std == 0, 0.0, 1.0 / std) if with_std else np.ones_like(std)
    return (x - mean) * scale if with_mean else x * scale


def spark_minmax(x, low, high, out_min, out_max, spark2):
    scale, span = out_max - out_min, high - low
    if spark2:
        raw = np.where(span != 0, (x - low) / span, 0.5)
        return raw * scale + out_min
    factor = np.where(span != 0, scale / span, 0.0)
    return np.where(factor != 0, (x - low) * factor + out_min, (out_min + out_max) / 2)


def test_spark(server, connection):
    """Operations of Spark's sources, on finite values and NaN."""
    counts = Counts("model")
    for name in SETS:
        x = datasets.all_sets(np.float64)[name]
        probes = datasets.probes(x.shape[1], np.float64)
        # a constant feature gives NaN for an infinity here, in MinMaxScaler alone
        x = np.concatenate([x, probes[np.abs(np.nan_to_num(probes)).max(axis=1) < 1e300]])
        table = load(connection, "data", x)
        low, high, mean, std = (f(x, axis=0) for f in (np.nanmin, np.nanmax, np.nanmean, np.nanstd))
        std[low == high] = 0
        missing = np.isnan(x)

        def check(line, model, expected):
            model = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in model.items()}
            import_scaler(connection, "from_spark(%s::jsonb)", json.dumps(model))
            counts.add((line,), applied(connection, table, x), np.where(missing, np.nan, expected), x)

        for with_mean in (True, False):
            for with_std in (True, False):
                check("StandardScalerModel", {"class": "org.apache.spark.ml.feature.StandardScalerModel", "mean": mean,
                                              "std": std, "paramMap": {"withMean": with_mean, "withStd": with_std}},
                      spark_standard(x, mean, std, with_mean, with_std))
                check("RobustScalerModel", {"class": "RobustScalerModel", "median": mean, "range": std,
                                            "withCentering": with_mean, "withScaling": with_std},
                      spark_standard(x, mean, std, with_mean, with_std))
        for version, spark2 in (("3.5.1", False), ("2.4.8", True)):
            for out_min, out_max in ((0.0, 1.0), (-0.3, 7.1)):
                check(f"MinMaxScalerModel {version}",
                      {"class": "MinMaxScalerModel", "originalMin": low, "originalMax": high, "version": version,
                       "min": out_min, "max": out_max}, spark_minmax(x, low, high, out_min, out_max, spark2))
        largest = np.maximum(np.abs(low), np.abs(high))
        check("MaxAbsScalerModel", {"class": "MaxAbsScalerModel", "maxAbs": largest},
              x * np.where(largest == 0, 1.0, 1.0 / largest))
    counts.check("from_spark", "Spark's operations:")


def test_spark_models(server, connection):
    """Models that Spark saved (spark_models.py), and what they gave: finite values, NaN, infinities, overflow."""
    found = json.loads(SPARK_MODELS.read_text())
    counts = Counts("model", "params")
    x = np.array(found["input"], np.float64)
    table = load(connection, "data", x)
    for case in found["models"]:
        model, expected = case["model"], np.array(case["output"], np.float64)
        name = model["class"].rsplit(".", 1)[1]
        params = " ".join(f"{key}={value}" for key, value in sorted(model["paramMap"].items()) if not key.endswith("Col"))
        text = json.dumps(json.loads(json.dumps(model), parse_constant=str) |
                          ({"n_features": x.shape[1]} if name == "Normalizer" else {}))
        import_scaler(connection, "from_spark(%s::jsonb)", text)
        counts.add((name, params), applied(connection, table, x), expected, x)
        scaler = normfreeze.Scaler.from_json(connection.execute("SELECT s::text FROM import_scaler").fetchone()[0])
        counts.add((name, params + " (Python)"), scaler.transform(x), expected, x)
    for case in found["pipelines"]:
        stages = " ".join(stage["class"].rsplit(".", 1)[1] for stage in case["model"]["stages"])
        x, expected = np.array(case["input"], np.float64), np.array(case["output"], np.float64)
        import_scaler(connection, "from_spark(%s::jsonb)", json.dumps(json.loads(json.dumps(case["model"]), parse_constant=str)))
        names, = connection.execute("SELECT normfreeze.feature_names(s) FROM import_scaler").fetchone()
        x = x[:, ["abcde".index(name) for name in names]] if names else x
        counts.add((stages, ""), applied(connection, load(connection, "data", np.ascontiguousarray(x)), x), expected, x)
        scaler = normfreeze.Scaler.from_json(connection.execute("SELECT s::text FROM import_scaler").fetchone()[0])
        counts.add((stages, "(Python)"), scaler.transform(x), expected, x)
    counts.check("from_spark", f"Spark {found['version']}:")
    values = [[repr(value) if isinstance(value, float) and not np.isfinite(value) else value for value in row] for row in found["columns"]]
    for case in found["imputers"]:
        import_scaler(connection, "from_spark(%s::jsonb)", json.dumps(case["model"]))
        got = connection.execute("SELECT (SELECT normfreeze.normalize(q, s) FROM (SELECT a.a, a.b) AS q) FROM import_scaler, "
                                 "jsonb_array_elements(%s) WITH ORDINALITY AS e (v, i), LATERAL (SELECT (v->>0)::float8 AS a, "
                                 "(v->>1)::float8 AS b) AS a ORDER BY i", (json.dumps(values),)).fetchall()
        report.check_equal([row for row, in got], case["output"], f"ImputerModel {case['model']['paramMap']['strategy']}")


# ---- ONNX ----

def run_node(node, dtype, width, x, initializers=()):
    """The output of a model of one node."""
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    output = onnx.TensorProto.FLOAT if node.op_type == "Scaler" else kind
    graph = onnx.helper.make_graph([node], "one", [onnx.helper.make_tensor_value_info("x", kind, [None, width])],
                                   [onnx.helper.make_tensor_value_info("y", output, [None, width])],
                                   initializer=list(initializers))
    opsets = [onnx.helper.make_opsetid("", 15), onnx.helper.make_opsetid("ai.onnx.ml", 1)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def test_onnx(server, connection):
    """onnxruntime's Scaler for float and double, and its BatchNormalization."""
    counts = Counts("operator", "input")
    for dtype in DTYPES:
        for name in SETS:
            training = datasets.all_sets(dtype)[name]
            width = training.shape[1]
            x = np.concatenate([training, datasets.probes(width, dtype)])
            table = load(connection, "data", x)
            scaler = StandardScaler().fit(training)
            offset, scale = np.float32(scaler.mean_), np.float32(1 / scaler.scale_)
            if not (np.isfinite(offset).all() and np.isfinite(scale).all()):
                continue
            for node in (onnx.helper.make_node("Scaler", ["x"], ["y"], domain="ai.onnx.ml", offset=offset, scale=scale),
                         onnx.helper.make_node("Scaler", ["x"], ["y"], domain="ai.onnx.ml", offset=[0.1], scale=[0.7])):
                text = json.dumps({"n_features": width, **{a.name: list(a.floats) for a in node.attribute}})
                import_scaler(connection, "from_onnx_scaler(%s::jsonb)", text)
                counts.add(("Scaler", x.dtype.name), applied(connection, table, x), run_node(node, dtype, width, x).astype(dtype), x)
            rng = np.random.default_rng(1)
            mean, var, weight, bias = (np.asarray(values, dtype) for values in
                                       (scaler.mean_, scaler.scale_ ** 2, rng.normal(size=width), rng.normal(size=width)))
            node = onnx.helper.make_node("BatchNormalization", ["x", "weight", "bias", "mean", "var"], ["y"], epsilon=1e-5)
            tensors = [onnx.numpy_helper.from_array(array, key)
                       for key, array in (("weight", weight), ("bias", bias), ("mean", mean), ("var", var))]
            expected = run_node(node, dtype, width, x, tensors)
            # epsilon is a float attribute, also for double
            import_batchnorm(connection, mean, var, weight, bias, float(np.float32(1e-5)), "contiguous")
            counts.add(("BatchNormalization", x.dtype.name), applied(connection, table, x), expected, x)
    counts.check("ONNX", "onnxruntime:")


# ---- batch normalization ----

def import_batchnorm(connection, mean, var, weight, bias, eps, formula):
    kind = database.SQL_TYPE[mean.dtype.type]
    arrays = [None if array is None else np.float64(array).tolist() for array in (mean, var, weight, bias)]
    import_scaler(connection, "from_batchnorm({0}, {0}, {0}, {0}, %s, NULL, %s)".format(f"%s::float8[]::{kind}[]"),
                  *arrays, eps, formula)


def fused(x, factor, offset):
    """Fused multiply-add of the C library, in the type of x."""
    libm = ctypes.CDLL("libm.so.6")
    function, kind = (libm.fma, ctypes.c_double) if x.dtype == np.float64 else (libm.fmaf, ctypes.c_float)
    function.restype, function.argtypes = kind, [kind] * 3
    return np.vectorize(function, otypes=[x.dtype])(x, factor, offset)


def torch_batchnorm(x, mean, var, weight, bias, eps, formula):
    """ATen's native/cpu/batch_norm_kernel.cpp (contiguous) and native/Normalization.cpp (stable)."""
    one, real = x.dtype.type(1), x.dtype.type
    weight = np.ones_like(mean) if weight is None else weight
    bias = np.zeros_like(mean) if bias is None else bias
    invstd = one / np.sqrt(var + real(eps))
    if formula == "stable":
        return ((x - mean) * invstd) * weight + bias
    alpha = invstd * weight
    if formula == "contiguous":
        return x * alpha + (bias - mean * alpha)
    return fused(x, alpha, fused(-mean, alpha, bias))


def test_batchnorm(server, connection):
    """Operations of PyTorch's sources."""
    counts = Counts("formula", "module and input")
    for dtype in DTYPES:
        for name in SETS:
            training = datasets.all_sets(dtype)[name]
            width = training.shape[1]
            x = np.concatenate([training, datasets.probes(width, dtype)])
            table = load(connection, "data", x)
            rng = np.random.default_rng(2)
            mean, var = np.nanmean(training, axis=0, dtype=dtype), np.nanvar(training, axis=0, ddof=0, dtype=dtype)
            if not np.isfinite(var).all():
                continue
            for weight, bias in ((None, None), (rng.normal(size=width).astype(dtype), rng.normal(size=width).astype(dtype))):
                results = []
                for formula in ("stable", "contiguous", "contiguous_fma"):
                    import_batchnorm(connection, mean, var, weight, bias, 1e-5, formula)
                    results.append(applied(connection, table, x))
                    counts.add((formula, x.dtype.name), results[-1],
                               torch_batchnorm(x, mean, var, weight, bias, 1e-5, formula), x)
                if name == "wine":
                    report.check(all(wire.unequal(results[i], results[i - 1]).any() for i in range(3)),
                                 f"the three formulas have different bits: {x.dtype.name}")
    counts.check("from_batchnorm", "PyTorch's operations:")
