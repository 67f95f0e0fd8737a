"""normalize() and denormalize() against transform() and inverse_transform() for equal parameters.

Methods that are additions, multiplications and divisions; the others are in
transcendental.py and row_norms.py.
"""

import re

import numpy as np

import database
import datasets
import estimators
import report
import table
import wire

DIRECTIONS = ("forward", "inverse")
FIT_ERROR = "22003"             # numeric_value_out_of_range: a parameter beyond float8
JIT_SETTINGS = ("jit = on", "jit_above_cost = 0", "jit_inline_above_cost = 0", "jit_optimize_above_cost = 0")
JIT_SETS = ("mixed", "zeros", "nans")

ALL_CASES = estimators.all_cases()


def name_of(method, options):
    return f"{method}({', '.join(f'{key}={value}' for key, value in options.items())})"


def line_of(method, options):
    """Methods with an intercept and a multiplier share a line of the table."""
    return "any" if estimators.is_shifted(options) else method


def same_parameters(name, case, dtype, said, expected, as_json):
    """Fitted parameters, as describe() and as the JSON have them, are the expected ones bit for bit."""
    method, options = ALL_CASES[case]
    for parameter, values in expected.items():
        listed = np.array([feature[parameter] for feature in as_json], np.float64)
        table.THE_TABLE.add(line_of(method, options), estimators.oracle(method, options), name_of(method, options),
                            dtype.__name__, "fit", listed[None], values[None], values[None], name)
        differ = wire.unequal(listed, values)
        at = int(np.argmax(differ))
        report.check(not differ.any(), f"{name}: parameter {parameter}",
                     f"feature {at + 1}: fitted {listed[at]!r}, expected {values[at]!r}")
        if parameter in said:
            report.check(not wire.unequal(listed, said[parameter]).any(), f"{name}: {parameter} in describe()")
    report.check_equal([set(feature) for feature in as_json], [set(expected)] * len(as_json),
                       f"{name}: names of parameters")


def fit_all(connection, dtype, data_name, training):
    """Fit every case; returns the table of scalers and the parameters of each case."""
    kind = database.SQL_TYPE[dtype]
    scalers = f"scaler_{data_name}_{kind}"
    connection.execute(f"CREATE TABLE {scalers} (id int, scaler normfreeze.scaler)")
    fitted = {}
    for case, (method, options) in enumerate(ALL_CASES):
        expected = estimators.expected_parameters(method, options, training)
        state = database.fit(connection, scalers, case, f"data_{data_name}_{kind}", "x", method, options)
        report.check_equal(state, FIT_ERROR if expected is None else None,
                           f"fit {name_of(method, options)} of {data_name} {kind}: SQLSTATE")
        if state is None and expected is not None:
            fitted[case] = expected
    connection.execute(f"ANALYZE {scalers}")
    said = database.all_described(connection, scalers)
    as_json = database.json_parameters(connection, scalers)
    for case, expected in fitted.items():
        name = f"fit {name_of(*ALL_CASES[case])} of {data_name} {kind}"
        same_parameters(name, case, dtype, said[case], expected, as_json[case])
        # what it does apply
        fitted[case] = {parameter: np.array([feature[parameter] for feature in as_json[case]], np.float64)
                        for parameter in expected}
    return scalers, fitted


def compare_case(case, fitted, dtype, x, results, where):
    method, options = ALL_CASES[case]
    forward, inverse, back = results
    reference = estimators.estimator(method, options, fitted, x.shape[1])

    def add(direction, got, expected, inputs, note=""):
        table.THE_TABLE.add(line_of(method, options), estimators.peer(method, options), name_of(method, options), dtype.__name__,
                            "forward, inverse", got, expected, inputs, f"{where}, {direction}{note}")

    add("forward", forward, reference.transform(x), x)
    add("inverse", inverse, reference.inverse_transform(x), x)
    add("inverse", back, reference.inverse_transform(forward), forward, " (of normalized)")


def jit_connection(server):
    """A session that compiles and inlines everything; None without a JIT compiler."""
    connection = database.connect(server)
    for setting in JIT_SETTINGS:
        connection.execute(f"SET {setting}")
    if connection.execute("SELECT pg_jit_available()").fetchone()[0]:
        return connection
    print("JIT: not available, not tested")
    connection.close()
    return None


def check_jit_inlines(server, connection):
    """The plan says so; of ours there is nothing to inline, for what it would call is hidden."""
    report.check(not any((server.installation.folder / "pg").glob("**/bitcode/normfreeze*")), "JIT: we install no bitcode")
    plan = "\n".join(row[0] for row in connection.execute(
        "EXPLAIN ANALYZE SELECT normfreeze.normalize(d.x, normfreeze.bare(s.scaler)) "
        "FROM data_nans_float8 d, scaler_nans_float8 s").fetchall())
    report.check(re.search(r"Inlining true, Optimization true", plan), "JIT compiles and inlines", plan)


def test_apply(server, connection):
    """Every method, option, type, direction and data set; the same with everything inlined by JIT."""
    jit = jit_connection(server)
    jit_values = 0
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        for data_name, training in datasets.all_sets(dtype).items():
            probes = datasets.probes(training.shape[1], dtype)
            x = np.concatenate([training, probes])
            data_table = f"data_{data_name}_{kind}"
            database.load(connection, data_table, {"x": x}, {"x": kind}, scored=len(probes))
            scalers, fitted = fit_all(connection, dtype, data_name, training)
            results = database.apply(connection, scalers, data_table, "x", kind, x.shape[1], len(x))
            report.check_equal(sorted(results), sorted(fitted), f"{data_table}: all scalers apply")
            for case in fitted:
                compare_case(case, fitted[case], dtype, x, results[case], f"{data_name} data")
            if jit and data_name in JIT_SETS:
                inlined = database.apply(jit, scalers, data_table, "x", kind, x.shape[1], len(x))
                differ = sum(int(wire.unequal(a, b).sum()) for case in fitted
                             for a, b in zip(inlined[case], results[case]))
                jit_values += sum(a.size for case in fitted for a in inlined[case])
                report.check_equal(differ, 0, f"JIT: unequal bits of {data_table}")
    table.THE_TABLE.check(report)
    if jit:
        check_jit_inlines(server, jit)
        jit.close()
        print(f"JIT with everything inlined: {jit_values} values compared")


def test_comparison_can_fail():
    """The comparison itself: it sees one unit in the last place, a sign of zero, and no NaN."""
    for dtype in (np.float64, np.float32):
        one = np.array([1.0, 0.0, np.nan, -np.nan], dtype)
        other = np.array([np.nextafter(dtype(1), dtype(2)), -0.0, np.nan, np.nan], dtype)
        report.check_equal(wire.unequal(one, other).tolist(), [True, True, False, False], f"unequal {dtype.__name__}")
    data = np.random.default_rng(1).normal(size=(100, 3))
    for method, options in ALL_CASES:
        parameters = estimators.expected_parameters(method, options, data)
        if not parameters or not any(options.get(name) for name in
                                     ("with_mean", "with_centering", "feature_range")):
            continue
        moved = {name: np.nextafter(values, np.inf) for name, values in parameters.items()}
        tally = table.Tally()
        tally.add(estimators.estimator(method, options, moved, 3).transform(data),
                  estimators.estimator(method, options, parameters, 3).transform(data), data, "moved")
        report.check(tally.unequal > 0, f"{name_of(method, options)}: a parameter off by one place shows")
