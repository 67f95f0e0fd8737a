"""Parity with scikit-learn, numpy and exact arithmetic, bit for bit.

Run it in a virtual environment with the packages of test/requirements.txt.
NORMFREEZE_INSTALLATION may name a folder that lib/server.py's Installation has
filled; otherwise this builds one of its own.  At the end it prints the table: method,
peer, cases, values, unequal bits, and the reason if there are any.

  apply_parity   normalize and denormalize against scikit-learn's transform and inverse_transform
  transcendental log1p, power and quantile against scikit-learn's code with
                 correctly rounded functions, and with numpy's own
  functions      log to expm1 and their inverses against mpmath, correctly rounded, at random and extreme values
  row_norms      l1, l2 and max against exact norms, and against scikit-learn
  power_fit      the lambda of power: its likelihood, distinct results, there and back, scikit-learn's, any order of rows
  further_fits   weights, tables of quantiles, global scaling
  recipe_bytes   bytes and fingerprints of every method, flag and table by a writer of its own; scalers by hand
  fit_parity     mean, variance, deviation against exact rational arithmetic
  quantiles      medians, percentiles and the divisor of unit_variance
  ranges         ranges by a rule and the statistics of what is inside: exact arithmetic, numpy, SciPy, feature-engine
  kinds          other kinds of input against float8[]
  nist           certified data sets
  csv_readers    what pandas, Polars and others make of the digits that COPY writes
  further_readers  what readers make of NaN, NULL, whole columns, ids and real; the recommended export in Parquet
  imports        imported scalers against scikit-learn, onnxruntime, and the operations of Spark and PyTorch
  onnx_graphs    from_onnx() of what skl2onnx writes of scalers, against onnxruntime, and what is refused
  keras_layers   from_keras() against layers of Keras on JAX, TensorFlow and numpy
  python_package   python/normfreeze.py against the database: every formula, type, direction and policy
  python_interface  its frames, sets by key, checks of tampered JSON, package with its types, and document
  python_fit       its fits and profiles: the text, so the id, that the database makes of the same rows
  python_refusals  what its fits and from_parameters() refuse, in the words of the database
  exports_sklearn  to_sklearn against estimators made of it; ColumnTransformers and Pipelines; Python's dump and load
  exports_sql      to_sql() in PostgreSQL, DuckDB and SQLite (further systems: test/scenario/engines.py); sqlglot reads dialects
  exports_model    to_onnx in onnxruntime and to_pmml in JPMML against normalize, and both imported again
  exporters_beside  what exporters of others change, by ours: scalers of scikit-learn in onnxruntime, JPMML, DuckDB and scikit-learn
  exports_damage   ONNX models and PMML documents that were saved again, changed, cut, or made to harm
  audit            audit() finds nothing in data that is right, and names every fault that was put in
  drift            drift() and drift_bins() against SciPy, Evidently and NannyML, given the same bins and values
  journey          development, JSON, production, ONNX, Python, and back: one fingerprint, the same bits
"""

import pathlib
import sys
import time
import warnings

import numpy as np
import sklearn

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test/lib"), str(ROOT / "python")]
import apply_parity
import audit
import csv_readers
import database
import drift
import drivers
import exporters_beside
import exports_sklearn
import exports_sql
import exports_damage
import exports_model
import fit_parity
import functions
import further_fits
import further_readers
import imports
import journey
import keras_layers
import kinds
import nist
import onnx_graphs
import parameter_files
import power_fit
import python_fit
import python_interface
import python_package
import python_refusals
import quantiles
import ranges
import recipe_bytes
import report
import row_norms
import table
import transcendental

TESTS = (apply_parity.test_apply, transcendental.test_transcendental, functions.test_functions, row_norms.test_row_norms,
         power_fit.test_lambda, further_fits.test_quantiles, further_fits.test_weights, further_fits.test_weighted_steps, further_fits.test_global,
         recipe_bytes.test_fingerprints, recipe_bytes.test_by_hand, fit_parity.test_fit, quantiles.test_percentiles,
         quantiles.test_unit_variance, *ranges.TESTS, kinds.test_kinds, drivers.test_psycopg, csv_readers.test_readers, *further_readers.TESTS, nist.test_nist,
         imports.test_sklearn, imports.test_without_values, imports.test_elementary, imports.test_numpy_functions, imports.test_sequences, imports.test_spark,
         imports.test_spark_models, imports.test_onnx, imports.test_batchnorm, *onnx_graphs.TESTS, *keras_layers.TESTS,
         *exports_sklearn.TESTS, *exports_sql.TESTS, *python_package.TESTS, *python_interface.TESTS, *python_fit.TESTS, *parameter_files.TESTS, *python_refusals.TESTS,
         exports_model.test_onnx, exports_model.test_encodings, exports_model.test_pmml,
         exports_model.test_pmml_verification, exports_model.test_steps_refused, exporters_beside.test_beside,
         exports_damage.test_onnx_damage, exports_damage.test_pmml_damage, *audit.TESTS, *drift.TESTS, journey.test_journey)


def main():
    started = time.monotonic()
    np.seterr(all="ignore")             # overflow and NaN are among the cases
    warnings.simplefilter("ignore", RuntimeWarning)
    sklearn.set_config(assume_finite=True)      # lets infinite values through
    installation, temporary = database.installation()
    with database.servers.Server(installation, "parity", {"max_wal_size": "4GB"}) as server:
        connection = database.connect(server)
        connection.execute("CREATE EXTENSION normfreeze")
        report.run_tests([apply_parity.test_comparison_can_fail])
        report.run_tests([bind(test, server, connection) for test in TESTS])
        connection.close()
    if temporary:
        temporary.cleanup()
    table.THE_TABLE.show()
    print(f"numpy {np.__version__}, scikit-learn {sklearn.__version__}, {time.monotonic() - started:.0f} s")
    report.exit_with_summary()


def bind(test, server, connection):
    def run():
        test(server, connection)
    run.__name__ = test.__name__
    return run


if __name__ == "__main__":
    main()
