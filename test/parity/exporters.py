"""What exporters of others do to a scaler: the table of docs/exporters.md.

CASES are fitted estimators of scikit-learn and rows that they are applied to.  As a program, in a Python that has the packages of
test/exporters.txt, this prints as JSON what each exporter makes of each case: the results that differ by more than TOLERANCE and the
greatest distance, or the error.  test/scenario/exporters.py holds that against the table; exporters_beside.py tries ours.
"""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import pandas
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, StandardScaler

TOLERANCE = 1e-9        # of results that are about 1: what is larger is no matter of rounding double precision
NAMES = ("a", "b")


def frame(a, b):
    return pandas.DataFrame({"a": a, "b": b})


def cases():
    """Of each: an estimator that is fitted, and rows."""
    i = np.arange(200)
    values = frame(20 + (i * 37 % 101) / 7.0, 1000 + (i * i % 113) / 3.0)
    beyond = values.iloc[:10] * 10
    seconds = frame(1700000000 + i, 1 + i)                          # every second, as integers
    micros = frame(1700000000000000 + i * 160000000000, 1 + i)      # a year, in microseconds
    gaps = values.mask(values.index.to_numpy()[:, None] % 7 == [0, 3])
    zeros = frame([0.0, 3.0, -4.0], [0.0, 4.0, 2.0])
    made = {
        "standard": (StandardScaler(), values, values),
        "minmax, clip": (MinMaxScaler(clip=True), values, beyond),
        "maxabs, clip": (MaxAbsScaler(clip=True), values, beyond),
        "standard, integers": (StandardScaler(), seconds, seconds),
        "minmax, microseconds": (MinMaxScaler(), micros, micros),
        "constant": (MinMaxScaler(), frame(values.a, 5.0), frame(values.a, 5.0 + i % 2)),
        "imputed": (make_pipeline(SimpleImputer(), StandardScaler()), gaps, gaps),
        "l2 of zeros": (Normalizer(), values, zeros.iloc[:1]),
        "max of negatives": (Normalizer("max"), values, zeros.iloc[2:]),
    }
    return {name: (estimator.fit(training), rows) for name, (estimator, training, rows) in made.items()}


def difference(got, expected):
    """How many results differ by more than rounding, and by how much at most; None for NaN."""
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    with np.errstate(invalid="ignore"):
        near = (np.abs(got - expected) <= TOLERANCE) | (np.isnan(got) & np.isnan(expected))
        greatest = np.abs(got - expected).max()
    return [int((~near).sum()), None if np.isnan(greatest) else float(greatest)]


# ---- programs: what they make of (estimator, rows) ----

def skl2onnx_with(kind):
    def run(estimator, rows):
        import onnxruntime
        import skl2onnx
        from skl2onnx.common import data_types
        tensor, dtype = {"float": (data_types.FloatTensorType, np.float32), "double": (data_types.DoubleTensorType, np.float64),
                         "integers": (data_types.Int64TensorType, np.int64)}[kind]
        model = skl2onnx.to_onnx(estimator, initial_types=[("X", tensor([None, 2]))])
        return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": rows.to_numpy().astype(dtype)})[0]
    return run


def run_orbital(estimator, rows):
    import duckdb
    import orbital
    import orbital.types
    types = {name: orbital.types.Int64ColumnType() if rows[name].dtype.kind == "i" else orbital.types.DoubleColumnType() for name in rows}
    parsed = orbital.parse_pipeline(Pipeline([("scaler", estimator)]), features=types)
    with duckdb.connect() as connection:
        connection.register("data", rows)
        return connection.sql(orbital.export_sql("data", parsed, dialect="duckdb")).df().to_numpy(float)


def as_regression(estimator, rows):
    """A model that gives the first feature: these exporters want one."""
    pipeline = Pipeline([("scaler", estimator), ("model", LinearRegression(fit_intercept=False))])
    model = pipeline.named_steps["model"].fit(np.eye(2), [1.0, 0.0])
    model.coef_ = np.array([1.0, 0.0])
    return pipeline


def evaluated(path, rows):
    from jpmml_evaluator import make_backend, make_evaluator
    if not hasattr(evaluated, "java"):
        evaluated.java = make_backend("jpype")
    results = make_evaluator(str(path), backend=evaluated.java).verify().evaluateAll(rows)
    return np.array(results.iloc[:, 0], float)[:, None]


def run_sklearn2pmml(estimator, rows, folder):
    from sklearn2pmml import sklearn2pmml
    from sklearn2pmml.pipeline import PMMLPipeline
    pipeline = PMMLPipeline(as_regression(estimator, rows).steps)
    pipeline.active_fields, pipeline.target_fields = np.array(NAMES), np.array(["y"])
    sklearn2pmml(pipeline, str(folder / "sklearn2pmml.pmml"))
    return evaluated(folder / "sklearn2pmml.pmml", rows)


def run_nyoka(estimator, rows, folder):
    from nyoka import skl_to_pmml
    skl_to_pmml(as_regression(estimator, rows), list(NAMES), "y", str(folder / "nyoka.pmml"))
    return evaluated(folder / "nyoka.pmml", rows)


PROGRAMS = {
    "skl2onnx, double": skl2onnx_with("double"), "skl2onnx, float": skl2onnx_with("float"), "skl2onnx, integers": skl2onnx_with("integers"),
    "orbital": run_orbital, "sklearn2pmml": run_sklearn2pmml, "nyoka": run_nyoka,
}


def tried(program, run, estimator, rows, folder):
    """[how many differ, the greatest distance, what was said] or [the error]"""
    with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("always", UserWarning)
        try:
            got = run(estimator, rows, folder) if program in ("sklearn2pmml", "nyoka") else run(estimator, rows)
        except Exception as error:
            return [f"{type(error).__name__}: {error}"[:300]]
        expected = np.asarray(estimator.transform(rows))[:, :got.shape[1]]
        return [*difference(got, expected), len([w for w in warned if "clip" in str(w.message)])]


def is_tried(program, rows):
    return program != "skl2onnx, integers" or rows.dtypes.iloc[0].kind == "i"


def from_spark():
    """onnxmltools with scalers that Spark has fitted to a constant beside values: the same of each."""
    import onnxruntime
    from onnxmltools.convert import convert_sparkml
    from onnxmltools.convert.common.data_types import DoubleTensorType, FloatTensorType
    from pyspark.ml import feature
    from pyspark.ml.linalg import Vectors
    from pyspark.sql import SparkSession
    x = np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
    rows = session.createDataFrame([(Vectors.dense(row),) for row in x.tolist()], ["x"])
    found = {}
    for name, scaler in {"standard": feature.StandardScaler(inputCol="x", outputCol="y", withMean=True), "minmax": feature.MinMaxScaler(inputCol="x", outputCol="y"),
                         "robust": feature.RobustScaler(inputCol="x", outputCol="y")}.items():
        model = scaler.fit(rows)
        expected = np.array([row.y.toArray() for row in model.transform(rows).collect()])
        for kind, dtype in ((FloatTensorType, np.float32), (DoubleTensorType, np.float64)):
            try:
                made = convert_sparkml(model, "m", [("x", kind([None, 2]))], spark_session=session)
                got = onnxruntime.InferenceSession(made.SerializeToString()).run(None, {"x": x.astype(dtype)})[0]
                found[f"onnxmltools, {dtype.__name__}: {name}"] = [*map(str, got[0].tolist()), *map(str, expected[0].tolist())]
            except Exception as error:
                found[f"onnxmltools, {dtype.__name__}: {name}"] = [f"{type(error).__name__}: {error}"[:300]]
    session.stop()
    return found


def main():
    warnings.simplefilter("ignore")
    spark = sys.argv[1:]        # a folder that has pyspark: its scalers instead
    sys.path.extend(spark)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for program, run in () if spark else PROGRAMS.items():
            for case, (estimator, rows) in [(case, pair) for case, pair in cases().items() if is_tried(program, pair[1])]:
                found[f"{program}: {case}"] = tried(program, run, estimator, rows, pathlib.Path(folder))
    with contextlib.redirect_stdout(io.StringIO()):
        found.update(from_spark() if spark else {})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
