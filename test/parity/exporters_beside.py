"""Ours beside the exporters of others (exporters.py): the same scalers of scikit-learn, imported, and written as ONNX, PMML, SQL and scikit-learn."""

import duckdb
import numpy as np
import onnxruntime
import psycopg

import exporters
import jpmml
import python_package
import report

normfreeze = python_package.normfreeze

UNSUPPORTED = "0A000"       # what a format does not express is this error, never other numbers


def one(connection, expression, *parameters):
    return connection.execute(f"SELECT {expression} FROM beside", parameters).fetchone()[0]


def run_onnx(connection, rows, java):
    session = onnxruntime.InferenceSession(one(connection, "normfreeze.to_onnx(s)"))
    return session.run(None, {"features": rows.to_numpy(float)})[0]


def run_pmml(connection, rows, java):
    evaluator = jpmml.evaluator(one(connection, "normfreeze.to_pmml(s, true)::text"), java)
    return jpmml.transform(evaluator, list(rows), rows.to_numpy(float))


def run_sql(connection, rows, java):
    expressions = one(connection, "normfreeze.to_sql(s, 'data', 'duckdb')")
    with duckdb.connect() as engine:
        engine.register("data", rows)
        return engine.execute(f"SELECT {expressions} FROM data").df().to_numpy(float)


def run_sklearn(connection, rows, java):
    return np.asarray(normfreeze.load(one(connection, "normfreeze.to_sklearn(s)")).transform(rows))


FORMATS = {"ONNX": run_onnx, "PMML": run_pmml, "SQL": run_sql, "scikit-learn": run_sklearn}
# norms: docs/reference/exporting.md says which, and why
REFUSED = {*(("l2 of zeros", target) for target in FORMATS), ("max of negatives", "scikit-learn")}


def test_beside(server, connection):
    connection.execute("CREATE TEMPORARY TABLE beside (s normfreeze.scaler)")
    with jpmml.backend() as java:
        for case, (estimator, rows) in exporters.cases().items():
            connection.execute("TRUNCATE beside")
            connection.execute("INSERT INTO beside SELECT normfreeze.from_sklearn(%s::jsonb)", (normfreeze.dump(estimator),))
            expected = np.asarray(estimator.transform(rows))
            for target, run in FORMATS.items():
                try:
                    got = run(connection, rows, java) + 0.0        # JPMML has one zero
                    report.check(np.array_equal(got, expected + 0.0, equal_nan=True), f"ours, {target}: {case}", exporters.difference(got, expected))
                except psycopg.Error as error:
                    report.check(error.sqlstate == UNSUPPORTED and (case, target) in REFUSED, f"ours, {target}: {case}", error)
    connection.execute("DROP TABLE beside")
