"""python/normfreeze.py against the database, bit for bit: every formula, type, direction and policy, over the data sets.

Scalers go from the database to Python as the text it writes; python_interface.py has what is not arithmetic.
"""

import collections
import contextlib
import decimal
import importlib.util
import pathlib
import sys
from fractions import Fraction
from unittest import mock

import numpy as np
import pandas
import psycopg

import apply_parity
import cases
import database
import datasets
import recipe_bytes
import report
import rounded
import row_norms
import table
import transcendental
import wire

PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "python"
PEER = "normfreeze.py"
ROWS = 60           # of each data set, besides the probes
DTYPES = (np.float64, np.float32)


def package():
    """The module as it is in the working tree, whatever is installed."""
    if "normfreeze" not in sys.modules:
        spec = importlib.util.spec_from_file_location("normfreeze", PACKAGE / "normfreeze.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["normfreeze"] = module
        spec.loader.exec_module(module)
    return sys.modules["normfreeze"]


normfreeze = package()

# ---- cases ----

ARITHMETIC = apply_parity.ALL_CASES + transcendental.CASES
NORMS = [(norm, {}) for norm in row_norms.NORMS]
POLICIES = [(method, {"missing": missing, "outside": outside, "constant": constant}) for method, missing, outside, constant in (
    ("standard", "nan", "clip", "null"), ("minmax", "mean", "null", "unit"), ("robust", "median", "clip", "null"),
    ("maxabs", "zero", "null", "null"), ("l2", "min", "null", "null"), ("l1", -2.5, "clip", "unit"),
    ("power", "max", "clip", "unit"), ("log1p", 0.1, "null", "null"), ("quantile", "mean", "keep", "null"),
    ("max", "keep", "null", "unit"), ("affine", 1e300, "keep", "null"),
    ("meanabs", "most_frequent", "clip", "unit"))]
POLICIES += [("minmax", {"feature_range": [-0.1, 0.7], "clip": True, "missing": "max", "outside": "null"}),
             ("maxabs", {"clip": True, "missing": 0.3, "constant": "null"})]

# more quantiles than there are rows: features without parameters
UNFIT = [("quantile", {"n_quantiles": 100000, "unfit": "null", "missing": 2.5}),
         ("quantile", {"n_quantiles": 100000, "unfit": "unit", "missing": "min", "outside": "null"})]


def by_formula(rng):
    """Scalers by hand for the formulas that only imports have: what is said of their features."""
    def features(formula, names, zeros):
        choices = {"center": (0.0, 0.1, -1e10, 3.0, 1e-310), "offset": (0.0, 0.1, -7.0, 1e16, -1e-300),
                   "factor": (1.0, 0.1, -3.0, 1e200, 5e-324, 1 / 3), "weight": (1.0, 0.7, -1e-5)}
        made = []
        for _ in range(14):
            parameters = {name: float(rng.choice(choices[name])) for name in names}
            if zeros:
                parameters[str(rng.choice([name for name in names if name in ("factor", "weight")]))] = 0.0
            made.append(recipe_bytes.feature_of("standard", {"with_mean": True, "with_std": True, "ddof": 0}, formula,
                                                parameters, "none") | {"imported": True})
        return made

    for formula, names in (("subtract_multiply", ("center", "factor")), ("multiply", ("factor",)),
                           ("subtract_multiply_single", ("center", "factor")),
                           ("subtract_multiply_add", ("center", "factor", "offset")),
                           ("batch_norm", ("center", "factor", "weight", "offset")),
                           ("fused_multiply_add", ("factor", "offset")), ("multiply_offset", ("factor", "offset"))):
        for zeros in (False, True):
            yield formula, not zeros, features(formula, names, zeros)
    for norm in ("l1", "l2"):
        yield f"norm_{norm}_in_order", False, [recipe_bytes.feature_of(norm, {}, f"norm_{norm}_in_order", {}, "none") |
                                               {"imported": True} for _ in range(5)]
    for standardized in (False, True):
        yield "yeo_johnson_cast", True, [
            recipe_bytes.feature_of("power", {"method": "yeo-johnson", "standardize": True}, "yeo_johnson_cast",
                                    {"lambda": power, "center": 0.3 * standardized, "scale": 1 + standardized * 1.7},
                                    "none") | {"imported": True} for power in recipe_bytes.LAMBDAS]
    for (method, _), made in recipe_bytes.CASES:
        yield made[0]["formula"], True, made


# ---- both sides ----

def undone(scaler, x):
    """inverse_transform() with NaN for what has no inverse, as numpy has it, in place of an error."""
    try:
        return scaler.inverse_transform(x)
    except normfreeze.Error as error:
        if error.sqlstate != "22003":
            raise
    if len(x) > 1:
        return np.concatenate([undone(scaler, x[:len(x) // 2]), undone(scaler, x[len(x) // 2:])])
    y = np.full_like(x, np.nan)
    for slot in range(x.shape[1]):
        alone = np.full_like(x, np.nan)
        alone[:, slot] = x[:, slot]
        with contextlib.suppress(normfreeze.Error):
            y[:, slot] = scaler.inverse_transform(alone)[:, slot]
    return y


def computed(connection, direction, kind, width):
    """What the database makes of each row of python_data by each of python_scalers: id -> array; NULL and what has no inverse is NaN."""
    database.create_back(connection, kind)
    call = ("CASE WHEN s.gaps THEN pg_temp.back(d.x, s.bare) ELSE normfreeze.denormalize(d.x, s.bare) END" if direction == "inverse" else
            "normfreeze.normalize(d.x, s.bare)")
    cases, y = wire.copy_out(
        connection,
        f"SELECT s.id, r.y FROM (SELECT id, normfreeze.bare(scaler) AS bare, {database.GAPS.format(scaler='scaler')} AS gaps FROM python_scalers ORDER BY id OFFSET 0) s "
        f"CROSS JOIN LATERAL (SELECT (SELECT array_agg(coalesce(v, 'NaN') ORDER BY i) FROM "
        f"unnest({call}) WITH ORDINALITY AS u (v, i)) AS y "
        "FROM python_data d ORDER BY d.id OFFSET 0) r", [("int4", None), (kind, width)])
    return {int(case): y[cases == case] for case in np.unique(cases)}


def compare(connection, labels, x, directions, where):
    """All of python_scalers; labels: id -> (method of the table's line, name of the case)."""
    kind = database.SQL_TYPE[x.dtype.type]
    texts = dict(connection.execute("SELECT id, normfreeze.bare(scaler)::text FROM python_scalers ORDER BY id").fetchall())
    scalers = {case: normfreeze.Scaler.from_json(text) for case, text in texts.items()}
    for case, text in texts.items():
        report.check(scalers[case].to_json() == text, f"{where}, {labels[case][1]}: to_json() is the database's text")
    for direction in directions:
        theirs = computed(connection, direction, kind, x.shape[1])
        report.check_equal(sorted(theirs), sorted(texts), f"{where}: all scalers apply")
        for case, scaler in scalers.items():
            ours = scaler.transform(x) if direction == "forward" else undone(scaler, x)
            method, name = labels[case]
            table.THE_TABLE.add(method, PEER, name, x.dtype.name, "forward, inverse", theirs[case], ours, x,
                                f"{where}, {direction}")


def load(connection, x, kind):
    connection.execute("DROP TABLE IF EXISTS python_data, python_scalers")
    connection.execute("CREATE TABLE python_scalers (id int, scaler normfreeze.scaler)")
    database.load(connection, "python_data", {"x": x}, {"x": kind})


def fit_and_compare(connection, chosen, training, x, directions, where):
    """Fit every case that can be, by SQL; returns how many could."""
    kind = database.SQL_TYPE[x.dtype.type]
    load(connection, x, kind)
    connection.execute("DROP TABLE IF EXISTS python_training")
    database.load(connection, "python_training", {"x": training}, {"x": kind})
    labels = {}
    for case, (method, options) in enumerate(chosen):
        if database.fit(connection, "python_scalers", case, "python_training", "x", method, options) is None:
            labels[case] = apply_parity.line_of(method, options), apply_parity.name_of(method, options)
    compare(connection, labels, x, directions, where)
    return len(labels)


# ---- the tests ----

def test_bits(server, connection):
    """Every method and option, both types and directions, over all data sets."""
    fitted = tried = 0
    for dtype in DTYPES:
        for turn, (data_name, training) in enumerate(datasets.all_sets(dtype).items()):
            x = np.concatenate([training[:ROWS], datasets.probes(training.shape[1], dtype)])
            for chosen, directions in ((ARITHMETIC, ("forward", "inverse")), (NORMS, ("forward",)), (POLICIES, ("forward",)),
                                       (UNFIT, ("forward", "inverse"))):
                chosen = cases.some(chosen, 3, turn)
                tried += len(chosen)
                fitted += fit_and_compare(connection, chosen, training, x, directions, f"{data_name} data")
    report.check(fitted > 0.7 * tried, "most cases could be fitted", f"{fitted} of {tried}")
    table.THE_TABLE.check(report)


def test_formulas(server, connection):
    """Formulas that only imports have, and lambdas and tables by hand."""
    rng = np.random.default_rng(21)
    for dtype in DTYPES:
        for number, (formula, invertible, features) in enumerate(by_formula(rng)):
            x = recipe_bytes.probes(len(features), dtype)
            if formula == "fused_multiply_add":
                # products that nearly cancel the offset, and halfway cases
                x[:30] = (-7.0 / np.array([f["parameters"]["factor"] or 1 for f in features])).astype(dtype)
                x[:30] *= 1 + rng.integers(-3, 4, size=x[:30].shape).astype(dtype) * np.finfo(dtype).eps
            load(connection, x, database.SQL_TYPE[dtype])
            connection.execute("INSERT INTO python_scalers VALUES (0, %s::normfreeze.scaler)",
                               [recipe_bytes.by_hand(features)])
            compare(connection, {0: (features[0]["method"] if features[0]["method"] != "standard" else "any",
                                     f"{formula} by hand {number}")},
                    x, ("forward", "inverse") if invertible else ("forward",), "by hand")
    table.THE_TABLE.check(report)


def test_norms(server, connection):
    """Rows that overflow, underflow, and lie halfway."""
    for dtype in DTYPES:
        x = row_norms.extreme_rows(dtype)
        unit = float(np.finfo(dtype).eps)
        ties = np.zeros((24, x.shape[1]), dtype)
        ties[:, 0] = 1
        ties[:, 1] = unit / 2
        ties[np.arange(24), 2 + np.arange(24) % 4] = 2.0 ** -np.repeat((23.0, 30.0, 52.0, 53.0, 54.0, 70.0), 4)
        fit_and_compare(connection, NORMS, np.ones((2, x.shape[1]), dtype), np.concatenate([x, ties]), ("forward",), "extremes")
    table.THE_TABLE.check(report)


def test_rounding(server, connection):
    """The slow paths, where data hardly ever leads: rounding twice, ties, and what the fast path does not decide."""
    near = {sign: 1 + Fraction(1, 2**24) + Fraction(sign, 2**60) for sign in (-1, 0, 1)}
    expected = {-1: 1.0, 0: 1.0, 1: 1 + 2.0**-23}
    for sign, value in near.items():
        halfway = normfreeze._single(lambda x: np.full(len(x), 1 + 2.0**-24), lambda x: of_fraction(value))
        report.check_equal(float(halfway(np.ones(2, np.float32))[1]), expected[sign], f"a float32 from halfway and {sign}")
    # exact powers, of which 257^3 has 25 bits: a tie for float32
    for base, power in ((66049.0, 1.5), (4.0, 13.5), (66049.0**2, 0.75), (3.0, 33.0), (5.0, 22.0)):
        for dtype, function in ((np.float64, normfreeze._pow), (np.float32, normfreeze._pow_single)):
            root = Fraction(round(base**0.25) if power % 0.5 else round(base**0.5) if power % 1 else int(base))
            exact = root ** int(power * (4 if power % 0.5 else 2 if power % 1 else 1))
            got = function(np.array([base], dtype), np.array([power], dtype))[0]
            report.check_equal(float(got), normfreeze._nearest(exact, dtype is np.float32),
                               f"{base} to the {power}, {dtype.__name__}")
    x = np.random.default_rng(41).lognormal(0, 2, 30000)
    for function, evaluate in ((normfreeze._log, rounded.log), (normfreeze._log1p, rounded.log1p),
                               (normfreeze._exp, rounded.exp), (normfreeze._expm1, rounded.expm1)):
        values = x[:3000]
        report.check(not wire.unequal(function(values), evaluate(values)).any(), f"{function.__name__} against mpmath")
        with mock.patch.object(normfreeze, "_round_exactly", side_effect=normfreeze._round_exactly) as slow:
            function(x)
        report.check(slow.call_count < 30, f"{function.__name__} is decided by pairs nearly always", slow.call_count)


def of_fraction(value):
    return decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)


def refusal(connection, statement, *arguments):
    """(SQLSTATE, message) of the error of a statement; None without one."""
    try:
        connection.execute(statement, arguments)
    except psycopg.Error as error:
        return error.sqlstate, error.diag.message_primary
    return None


def test_refusals(server, connection):
    """What policies refuse, and what has no inverse: the same SQLSTATE and message on both sides."""
    connection.execute("DROP TABLE IF EXISTS refused; CREATE TABLE refused (a float8, b float8); "
                       "INSERT INTO refused VALUES (1, 2), (3, 7), (0.5, 4)")
    rows = [[1.0, 3.0], [1.0, 7.5], [1.0, None], [-4.25, 3.0], [None, 100.0], [1e15, 1.0], [float("inf"), float("nan")]]
    seen = 0
    for names in ({}, {"names": ["a", "b"]}):
        for method, options in (("standard", {"missing": "error"}), ("minmax", {"outside": "error"}), ("l2", {}),
                                ("robust", {"missing": "error", "outside": "error"})):
            text, = connection.execute(f"SELECT normfreeze.fit(ARRAY[a, b], '{method}', "
                                       f"{database.literal(options | names)})::text FROM refused").fetchone()
            scaler = normfreeze.Scaler.from_json(text)
            for row in rows + [[1.0], [1.0, 2.0, 3.0]]:
                x = np.array([np.nan if value is None else value for value in row])
                for call, ours in (("normalize", scaler.transform), ("denormalize", scaler.inverse_transform)):
                    try:
                        ours(x)
                        found = None
                    except normfreeze.Error as error:
                        found = error.sqlstate, error.message
                    theirs = refusal(connection, f"SELECT normfreeze.{call}(%s::float8[], %s::normfreeze.scaler)", row, text)
                    seen += theirs is not None
                    report.check_equal(found, theirs, f"{call} of {row} by {method} {options}")
    report.check(seen > 40, "there were refusals", seen)


REFUSING = ({"missing": "error"}, {"outside": "error"}, {"steps": ["maxabs", "log1p"]}, {"steps": ["log1p", "minmax", "log1p"], "missing": "error"},
            {"steps": ["log1p", "minmax"], "outside": "error", "missing": 2})


def said_by(function, *arguments):
    """The same of a call of the package."""
    try:
        function(*arguments)
    except normfreeze.Error as error:
        return error.sqlstate, error.message
    return None


def test_first_refusal(server, connection):
    """Of many refused values, the error is about the first of its row in the first of such rows, as in the database: in arrays, frames and by key."""
    rng = np.random.default_rng(15)
    values = np.array([2.0, 2.5, 3, 3, 3, 3, 3, 3, 3, 3, np.nan, -1, -0.999, 99, -99, 1.0])
    keys = np.array(["a", "b", "c"])
    connection.execute("DROP TABLE IF EXISTS refused; CREATE TABLE refused AS SELECT i / 4.0::float8 AS a, i / 3.0::float8 AS b, i / 2.0::float8 AS c "
                       "FROM generate_series(4, 20) AS i")
    seen = collections.Counter()
    for trial in range(60):
        texts = []
        for _ in keys[:2]:
            options = {"features": {name: REFUSING[rng.integers(len(REFUSING))] for name in "abc"}}
            texts += connection.execute(f"SELECT normfreeze.fit(r, 'minmax', {database.literal(options)})::text FROM refused AS r").fetchone()
        by_key, = connection.execute("SELECT normfreeze.by_key(k, s::normfreeze.scaler)::text FROM unnest(%s::text[], %s::text[]) AS u(k, s)",
                                     [["a", "b"], texts]).fetchone()
        x = rng.choice(values, (12, 3))
        of_rows = rng.choice(keys, 12)
        rows = [[None if value != value else value for value in row] for row in x.tolist()]
        theirs = next(filter(None, (refusal(connection, "SELECT normfreeze.normalize(%s::float8[], %s::normfreeze.scaler)", row, texts[0]) for row in rows)), None)
        ours = normfreeze.Scaler.from_json(texts[0])
        report.check_equal(said_by(ours.transform, x), theirs, f"of an array: trial {trial}")
        report.check_equal(said_by(ours.transform, pandas.DataFrame(x, columns=list("abc"))), theirs, f"of a frame: trial {trial}")
        theirs_by_key = next(filter(None, (refusal(connection, "SELECT normfreeze.normalize_by_key(%s::float8[], %s::normfreeze.scaler, %s)", row, by_key, key)
                                           for row, key in zip(rows, of_rows))), None)
        report.check_equal(said_by(normfreeze.Scaler.from_json(by_key).transform, x, of_rows.tolist()), theirs_by_key, f"by key: trial {trial}")
        seen[theirs and theirs[0]] += 1
        seen[theirs_by_key and theirs_by_key[0]] += 1
    report.check(min(seen[state] for state in ("22003", "22004", "42704")) >= 5, "errors of every kind were first", seen)


TESTS = (test_rounding, test_bits, test_formulas, test_norms, test_refusals, test_first_refusal)
