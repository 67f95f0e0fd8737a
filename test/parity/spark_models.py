"""Writes test/data/spark_models.json: models as Apache Spark saves them, and what they give.

    python3 -m venv VENV && VENV/bin/pip install pyspark==4.3.0 numpy && VENV/bin/python test/parity/spark_models.py

It needs Java 17, and is not run by the tests: imports.py holds from_spark() against the file.
"""

import glob
import json
import pathlib
import random
import tempfile

from pyspark.ml import Pipeline
from pyspark.ml.feature import (Imputer, MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler,
                                VectorAssembler)
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "data" / "spark_models.json"
NAN, INFINITY = float("nan"), float("inf")
EXTREMES = [[NAN, 281.0, 4.0, 4.25, 1e100], [1e200] * 5, [1e308] * 5, [1e-200] * 5, [5e-324, 0.0, 0.0, 0.0, 0.0], [0.0] * 5,
            [-0.0, -1e-300, 3.0, -4.0, 0.0], [INFINITY, 280.0, -INFINITY, INFINITY, 1.0], [NAN] * 5, [NAN, NAN, 1e200, 1.0, 1.0]]


def estimators():
    return ([StandardScaler(withMean=mean, withStd=std) for mean in (True, False) for std in (True, False)] +
            [MinMaxScaler(), MinMaxScaler(min=-0.3, max=7.1), MaxAbsScaler(), RobustScaler(), RobustScaler(withCentering=True),
             RobustScaler(withCentering=True, withScaling=False), RobustScaler(withCentering=True, lower=0.1, upper=0.9)] +
            [Normalizer(p=p) for p in (1.0, 2.0, INFINITY)])


def training(generator):
    return [[generator.gauss(0, 1) * 10.0 ** generator.randint(-5, 5), 280 + generator.uniform(-3, 3),
             float(generator.randint(-49, 49)), 4.25, generator.choice([0.0, 1e-100, 1e100, -1e99])] for _ in range(40)]


def saved(spark, model):
    """The members of a saved model's two files, as one object, and of a pipeline those of its stages."""
    with tempfile.TemporaryDirectory() as folder:
        model.write().overwrite().save(folder + "/model")
        return read(spark, folder + "/model")


def read(spark, folder):
    members = json.loads(pathlib.Path(glob.glob(folder + "/metadata/part*")[0]).read_text())
    if glob.glob(folder + "/data"):
        data = json.loads(spark.read.parquet(folder + "/data").toJSON().collect()[0])
        members |= {"surrogateDF": data} if members["class"].endswith("ImputerModel") else data
    stages = sorted(glob.glob(folder + "/stages/*"), key=lambda stage: int(pathlib.Path(stage).name.split("_")[0]))
    if stages:
        members["stages"] = [read(spark, stage) for stage in stages]
    return members


def chained(*scalers, first):
    """Scalers of a vector, each of which takes what the one before it gives."""
    columns = [first] + [f"scaled_{i}" for i in range(1, len(scalers))] + ["scaled"]
    return [scaler.setInputCol(take).setOutputCol(give) for scaler, take, give in zip(scalers, columns, columns[1:])]


def pipelines():
    """(stages, do they take columns of numbers?)"""
    names, filled = list("abcde"), ["a filled", "b", "c filled"]
    yield chained(StandardScaler(withMean=True), MinMaxScaler(min=-0.3, max=7.1), MaxAbsScaler(), first="v"), False
    yield chained(MaxAbsScaler(), MinMaxScaler(), StandardScaler(withMean=True, withStd=False), first="v"), False
    yield chained(MinMaxScaler(), RobustScaler(withCentering=True), first="v"), False
    yield [VectorAssembler(inputCols=names, outputCol="v", handleInvalid="keep"),
           *chained(RobustScaler(withCentering=True), MinMaxScaler(), first="v")], True
    yield [Imputer(inputCols=["a", "c"], outputCols=["a filled", "c filled"], strategy="median"),
           VectorAssembler(inputCols=filled, outputCol="v"), Pipeline(stages=chained(StandardScaler(withMean=True), MinMaxScaler(), first="v"))], True


def numbers(row):
    return [None if value is None else float(value) for value in row]


def main():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    rows = training(random.Random(5))
    fitted_to = spark.createDataFrame([(Vectors.dense(row),) for row in rows], ["v"])
    applied_to = spark.createDataFrame([(Vectors.dense(row),) for row in rows + EXTREMES], ["v"])
    models = []
    for estimator in estimators():
        estimator.setInputCol("v").setOutputCol("scaled")
        model = estimator.fit(fitted_to) if hasattr(estimator, "fit") else estimator
        models.append({"model": saved(spark, model), "output": [numbers(row["scaled"].toArray()) for row in model.transform(applied_to).collect()]})
    columns = spark.createDataFrame([(1.0, 2.0), (2.0, NAN), (3.0, None), (4.0, 7.0), (None, 7.0)], "a double, b double")
    imputers = []
    for strategy in ("mean", "median", "mode"):
        model = Imputer(strategy=strategy, inputCols=["b", "a"], outputCols=["y", "x"]).fit(columns)
        members = saved(spark, model)
        imputers.append({"model": members, "output": [numbers((row["y"], row["x"])) for row in model.transform(columns).collect()]})
    several = []
    names = ", ".join(f"{name} double" for name in "abcde")
    flat, flat_applied = spark.createDataFrame(rows, names), spark.createDataFrame([[value for value in row] for row in rows + EXTREMES], names)
    for stages, takes_columns in pipelines():
        model = Pipeline(stages=stages).fit(flat if takes_columns else fitted_to)
        given = flat_applied if takes_columns else applied_to
        if any(isinstance(stage, Imputer) for stage in stages):
            given = given.where("not isnan(b)")     # which this assembler refuses
        several.append({"model": saved(spark, model), "input": [numbers(row if takes_columns else row["v"].toArray()) for row in given.collect()],
                        "output": [numbers(row["scaled"].toArray()) for row in model.transform(given).collect()]})
    OUTPUT.write_text(json.dumps({"version": spark.version, "input": rows + EXTREMES, "models": models,
                                  "columns": [numbers(row) for row in columns.collect()], "imputers": imputers,
                                  "pipelines": several}) + "\n")


if __name__ == "__main__":
    main()
