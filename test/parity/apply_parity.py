"""normalize() and denormalize() against transform() and inverse_transform() for equal parameters."""

import collections
import re

import numpy as np

import database
import datasets
import estimators
import report
import wire

DIRECTIONS = ("forward", "inverse")
FIT_ERROR = "22003"             # numeric_value_out_of_range: a parameter beyond float8
JIT_SETTINGS = ("jit = on", "jit_above_cost = 0", "jit_inline_above_cost = 0", "jit_optimize_above_cost = 0")
JIT_SETS = ("mixed", "zeros", "nans", "wine")

ALL_CASES = [(method, options) for method in estimators.METHODS for options in estimators.combinations(method)]


def name_of(method, options):
    return f"{method}({', '.join(f'{key}={value}' for key, value in options.items())})"


class Tally:
    """Counts of one line of the table."""

    def __init__(self):
        self.cases = self.values = self.unequal = self.signs = 0
        self.first = None

    def add(self, got, expected, inputs, where):
        differ = wire.unequal(got, expected)
        self.cases += 1
        self.values += got.size
        self.unequal += int(differ.sum())
        self.signs += int((differ & (got == expected)).sum())       # 0.0 and -0.0 are equal numbers
        if differ.any() and self.first is None:
            at = tuple(np.argwhere(differ)[0])
            self.first = (f"{where}, row {at[0]}, feature {at[1] + 1}: {inputs[at]!r} gives {got[at]!r}, "
                          f"scikit-learn has {expected[at]!r}")


class Table:
    """Tallies by line (method, type, direction) and by test (options too)."""

    def __init__(self):
        self.lines = collections.defaultdict(Tally)
        self.tests = collections.defaultdict(Tally)

    def add(self, method, options, dtype, direction, got, expected, inputs, where):
        self.lines[method, dtype, direction].add(got, expected, inputs, where)
        self.tests[method, name_of("", options), dtype, direction].add(got, expected, inputs, where)

    def check(self):
        for (method, options, dtype, direction), tally in self.tests.items():
            report.check(tally.unequal == 0 and tally.values > 0, f"apply {method}{options} {dtype} {direction}",
                         f"{tally.unequal} of {tally.values} values differ, {tally.signs} of them in the sign of "
                         f"zero only; {tally.first}")

    def show(self):
        print(f"{'method':10} {'dtype':8} {'direction':10} {'cases':>6} {'values':>9} {'unequal bits':>13} "
              f"{'only sign of 0':>15}")
        for (method, dtype, direction), t in self.lines.items():
            print(f"{method:10} {dtype:8} {direction:10} {t.cases:6} {t.values:9} {t.unequal:13} {t.signs:15}")


def same_parameters(name, said, expected, as_json):
    """Fitted parameters, as describe() and as the JSON have them, are the expected ones bit for bit."""
    for parameter, values in expected.items():
        differ = wire.unequal(said[parameter], values)
        at = int(np.argmax(differ))
        report.check(not differ.any(), f"{name}: parameter {parameter}",
                     f"feature {at + 1}: fitted {said[parameter][at]!r}, expected {values[at]!r}")
        listed = np.array([feature[parameter] for feature in as_json], np.float64)
        report.check(not wire.unequal(listed, said[parameter]).any(), f"{name}: {parameter} in jsonb")
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
        same_parameters(name, said[case], expected, as_json[case])
        fitted[case] = {parameter: said[case][parameter] for parameter in expected}     # what it does apply
    return scalers, fitted


def compare_case(table, case, fitted, dtype, x, results, where):
    method, options = ALL_CASES[case]
    forward, inverse, back = results
    reference = estimators.estimator(method, options, fitted, x.shape[1])

    def add(direction, got, expected, inputs, note=""):
        table.add(method, options, dtype.__name__, direction, got, expected, inputs, where + note)

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
    """The plan says so, and our bitcode is where PostgreSQL looks for it (it ignores its absence silently)."""
    report.check(any((server.installation.folder / "pg").glob("**/bitcode/normfreeze.index.bc")),
                 "JIT: our bitcode is installed")
    plan = "\n".join(row[0] for row in connection.execute(
        "EXPLAIN ANALYZE SELECT normfreeze.normalize(d.x, normfreeze.bare(s.scaler)) "
        "FROM data_wine_float8 d, scaler_wine_float8 s").fetchall())
    report.check(re.search(r"Inlining true, Optimization true", plan), "JIT compiles and inlines", plan)


def test_apply(server, connection):
    """Every method, option, type, direction and data set; the same with everything inlined by JIT."""
    table = Table()
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
                compare_case(table, case, fitted[case], dtype, x, results[case], f"{data_name} data")
            if jit and data_name in JIT_SETS:
                inlined = database.apply(jit, scalers, data_table, "x", kind, x.shape[1], len(x))
                differ = sum(int(wire.unequal(a, b).sum()) for case in fitted
                             for a, b in zip(inlined[case], results[case]))
                jit_values += sum(a.size for case in fitted for a in inlined[case])
                report.check_equal(differ, 0, f"JIT: unequal bits of {data_table}")
    table.show()
    table.check()
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
        tally = Tally()
        tally.add(estimators.estimator(method, options, moved, 3).transform(data),
                  estimators.estimator(method, options, parameters, 3).transform(data), data, "moved")
        report.check(tally.unequal > 0, f"{name_of(method, options)}: a parameter off by one place shows")
