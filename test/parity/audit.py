"""audit() names what was done to real data, and finds nothing in data to which nothing was done.

Every fault is made with numpy and scikit-learn, from the parameters that describe() shows: none of
our own functions takes part.
"""

import functools
import itertools
import json

import numpy as np
from report import check, check_equal
from sklearn import datasets as real
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, RobustScaler, StandardScaler

import cases
import wire

DATA = {"iris": real.load_iris, "wine": real.load_wine, "breast_cancer": real.load_breast_cancer,
        "diabetes": lambda: real.load_diabetes(scaled=False)}
METHODS = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}


class Frozen:
    """A frozen scaler as numpy sees it: its arithmetic and nothing else."""

    def __init__(self, method, scaler_id, parameters):
        self.method, self.id = method, scaler_id
        self.center, self.scale, self.offset = parameters["center"], parameters["scale"], parameters["offset"]

    def forward(self, x):
        if self.method == "minmax":
            return x * self.scale + self.offset
        return (x - self.center) / self.scale

    def inverse(self, y):
        if self.method == "minmax":
            return (y - self.offset) / self.scale
        return y * self.scale + self.center


FAULTS = {}


def digits(x, form):
    return np.array([[float(form % v) for v in row] for row in x])


def fault(diagnosis, only=None, verdict="different"):
    """A function (frozen, train, x, rng) -> observed, or (raw, observed); what audit() must say of every feature."""
    def register(function):
        FAULTS[function.__name__] = (function, diagnosis, only, verdict)
        return function
    return register


@fault("not_applied")
def not_applied(frozen, train, x, rng):
    return x


@fault("applied_twice")
def applied_twice(frozen, train, x, rng):
    return frozen.forward(frozen.forward(x))


@fault("inverse_applied")
def inverse_applied(frozen, train, x, rng):
    return frozen.inverse(x)


@fault("refitted")
def refitted(frozen, train, x, rng):
    return METHODS[frozen.method]().fit_transform(x)


@fault("sample_deviation", only="standard")
def sample_deviation(frozen, train, x, rng):
    return (x - train.mean(axis=0)) / train.std(axis=0, ddof=1)


@fault("refitted", only="standard")
def sample_deviation_of_this_data(frozen, train, x, rng):
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)


@fault("float4_rounding")
def float4_rounding(frozen, train, x, rng):
    return frozen.forward(x).astype(np.float32).astype(float)


@fault("reciprocal", only="standard", verdict=None)
def reciprocal(frozen, train, x, rng):
    return (x - frozen.center) * (1 / frozen.scale)


@fault("other_range", only="minmax")
def minmax_to_minus_one(frozen, train, x, rng):
    return MinMaxScaler((-1, 1)).fit(train).transform(x)


@fault("other_method", only="standard")
def minmax_for_standard(frozen, train, x, rng):
    return MinMaxScaler().fit(train).transform(x)


@fault("other_method", only="minmax")
def standard_for_minmax(frozen, train, x, rng):
    return StandardScaler().fit(train).transform(x)


@fault("unit_factor")
def thousandfold(frozen, train, x, rng):
    return frozen.forward(x * 1000)


@fault("unit_factor")
def per_minute(frozen, train, x, rng):
    return frozen.forward(x / 60)


@fault("rounded_parameters", only="standard")
def from_a_configuration_file(frozen, train, x, rng):
    return (x - np.array([float(f"{v:.4f}") for v in frozen.center])) / np.array([float(f"{v:.4f}") for v in frozen.scale])


@fault("rounded_results")
def to_four_decimals(frozen, train, x, rng):
    return np.round(frozen.forward(x), 4)


@fault("rounded_results")
def through_a_text_file(frozen, train, x, rng):
    return digits(frozen.forward(x), "%.6g")


@fault("rounded_input", verdict=None)
def two_digits_of_raw_values(frozen, train, x, rng):
    return frozen.forward(digits(x, "%.2g"))


@fault("other_parameters")
def of_nowhere(frozen, train, x, rng):
    return (x - 3.75) / 8.5


@fault("rows_misaligned")
def misaligned(frozen, train, x, rng):
    return frozen.forward(x)[rng.permutation(len(x))]


@fault("unknown")
def noise(frozen, train, x, rng):
    return rng.normal(size=x.shape)


# ---- running them ----


def freeze(connection, name, method, train, options="{}"):
    connection.execute("DROP TABLE IF EXISTS audit_train")
    connection.execute("CREATE TEMPORARY TABLE audit_train (f float8[])")
    wire.copy_in(connection, "audit_train", [("float8", train.shape[1])], [train])
    scaler_id, = connection.execute(
        "SELECT normfreeze.freeze(%s, normfreeze.fit(f, %s::normfreeze.method, %s::jsonb)) FROM audit_train",
        [name, method, options]).fetchone()
    names = ["center", "scale", "offset"]
    rows = connection.execute('SELECT center, scale, "offset" FROM normfreeze.describe(%s) ORDER BY ordinal', [scaler_id]).fetchall()
    values = np.array([[np.nan if v is None else v for v in row] for row in rows]).T
    return Frozen(method, scaler_id, dict(zip(names, values)))


def load(connection, raw, observed):
    connection.execute("DROP TABLE IF EXISTS audited")
    connection.execute("CREATE TABLE audited (id int, raw float8[], observed float8[])")
    wire.copy_in(connection, "audited", [("int4", None), ("float8", raw.shape[1]), ("float8", observed.shape[1])],
                 [np.arange(len(raw)), raw, observed])


def audit(connection, scaler_id, order="id"):
    found, = connection.execute(
        f"SELECT normfreeze.audit(raw, observed, %s::bigint ORDER BY {order})::text FROM audited", [scaler_id]).fetchone()
    return json.loads(found)


def diagnoses(found):
    return [feature["diagnosis"] for feature in found["features"]]


def splits(rng, data):
    data = data[rng.permutation(len(data))]
    return data[:len(data) * 2 // 3], data[len(data) // 3:]


def each_frozen(connection, rng):
    """(where, frozen, train, live) for every data set and method, each in a transaction that is rolled back."""
    for data_name, source in DATA.items():
        train, live = splits(rng, source().data)
        for method in METHODS:
            with connection.transaction(force_rollback=True):
                yield (f"{data_name}, {method}", freeze(connection, f"audit {data_name} {method}", method, train), train, live)


def expected_diagnosis(diagnosis, observed, right, raw):
    """Of a feature: the fault may leave its values as they are, and two raw values lie on any line."""
    if (observed == right).all():
        return None
    if diagnosis == "other_parameters" and len(np.unique(raw)) < 5:
        return "unknown"
    return diagnosis


def test_faults(server, connection):
    rng = np.random.default_rng(5)
    for turn, (where, frozen, train, live) in enumerate(each_frozen(connection, rng)):
        for rows, name in ((live, "live"), (train, "training")):
            load(connection, rows, frozen.forward(rows))
            found = audit(connection, frozen.id)
            check_equal((found["verdict"], set(diagnoses(found))), ("equal", {None}), f"{where}: clean {name} data")
        for name, (function, diagnosis, only, verdict) in cases.some(FAULTS.items(), 2, turn):
            if only not in (None, frozen.method):
                continue
            observed = function(frozen, train, live, rng)
            load(connection, live, observed)
            found = audit(connection, frozen.id)
            wrong = [(f["ordinal"], f["diagnosis"], f["detail"], f["evidence"]) for f, y, right, x
                     in zip(found["features"], observed.T, frozen.forward(live).T, live.T)
                     if f["diagnosis"] != expected_diagnosis(diagnosis, y, right, x)]
            check(not wrong, f"{where}: {name} is {diagnosis}, but {wrong[:3]}")
            if verdict:
                check_equal(found["verdict"], verdict, f"{where}: {name}")


# ---- faults of part of a table ----


def wrong_features(found, expected):
    """Features whose diagnosis is not the expected one: {ordinal: diagnosis}; all others must be equal."""
    return [(f["ordinal"], f["diagnosis"], f["detail"], f["evidence"]) for f in found["features"]
            if f["diagnosis"] != expected.get(f["ordinal"])]


def test_swaps(server, connection):
    rng = np.random.default_rng(6)
    for where, frozen, _, live in each_frozen(connection, rng):
        a, b = 0, 2
        order = np.arange(live.shape[1])
        order[[a, b]] = order[[b, a]]
        for observed, how in ((frozen.forward(live[:, order]), "the raw values of"),
                              (frozen.forward(live)[:, order], "the scaled values of")):
            load(connection, live, observed)
            found = audit(connection, frozen.id)
            check_equal(wrong_features(found, {a + 1: "columns_swapped", b + 1: "columns_swapped"}), [], f"{where}: {how}")
            check(found["features"][a]["detail"].startswith(f"{how} feature {b + 1}"), f"{where}: which columns, {how}")
            check_equal(found["summary"], f"feature {a + 1} and feature {b + 1} swapped", f"{where}: summary")


def test_versions(server, connection):
    """The version before and the one after it, under one name; and a scaler of another name."""
    rng = np.random.default_rng(7)
    for data_name, source in DATA.items():
        train, live = splits(rng, source().data)
        for method in METHODS:
            where = f"{data_name}, {method}"
            with connection.transaction(force_rollback=True):
                check_versions(connection, where, method, train, live)


def check_versions(connection, where, method, train, live):
    frozen = freeze(connection, "audit right", method, train)
    others = [(freeze(connection, "audit right", method, train[:len(train) // 2]), "audit right@v2"),
              (freeze(connection, "audit other", method, train[len(train) // 2:]), "audit other@v1")]
    for other, label in others:
        observed = other.forward(live)
        load(connection, live, observed)
        found = audit(connection, frozen.id)
        same = (observed == frozen.forward(live)).all(axis=0)
        # what a feature of two values leaves open, the others settle
        check_equal(wrong_features(found, {i + 1: "another_version" for i in np.flatnonzero(~same)}), [], where)
        check({f["detail"] for f in found["features"] if f["detail"]} == {f"{label}, scaler_id {other.id}"},
              f"{where}: which version: {label}")


def test_clipping(server, connection):
    rng = np.random.default_rng(8)
    for where, frozen, _, live in each_frozen(connection, rng):
        right = frozen.forward(live)
        low, high = (0.2, 0.7) if frozen.method == "minmax" else (-0.6, 0.8)
        load(connection, live, np.clip(right, low, high))
        found = audit(connection, frozen.id)
        # a feature of two values cannot tell a bound from any other fault
        expected = {i + 1: "clipped" for i in range(live.shape[1]) if len(np.unique(live[:, i])) > 2
                    and ((right[:, i] < low) | (right[:, i] > high)).any()}
        check_equal([w for w in wrong_features(found, expected) if w[1] in ("clipped", None) or w[0] in expected], [], where)
        check(any(f["detail"] == f"to [{low}, {high}]" for f in found["features"]), f"{where}: to what")


CLIPS = {                       # what was done to results that the scaler clips to [low, high], by steps of d beyond it
    "as frozen": lambda y, low, high, d: np.clip(y, low, high),
    "not clipped": lambda y, low, high, d: y,
    "to a wider range": lambda y, low, high, d: np.clip(y, round(low - d, 2), round(high + d, 2)),
    "to a narrower range": lambda y, low, high, d: np.clip(y, round(low + d, 2), round(high - d, 2)),
    "wider above": lambda y, low, high, d: np.clip(y, low, round(high + d, 2)),
    "below alone": lambda y, low, high, d: np.maximum(y, low),
}


def test_clipped_results(server, connection):
    """Of a scaler that clips its results: that they were not clipped, or to which other range."""
    rng = np.random.default_rng(16)
    for turn, (data_name, method) in enumerate(itertools.product(DATA, METHODS)):
        train, live = splits(rng, DATA[data_name]().data)
        low, high, d = (0.2, 0.7, 0.1) if method == "minmax" else (-0.6, 0.8, 0.3)
        with connection.transaction(force_rollback=True):
            frozen = freeze(connection, f"audit clips {data_name} {method}", method, train, json.dumps({"clip": [low, high]}))
            plain = frozen.forward(live)
            for name, done in [("as frozen", CLIPS["as frozen"]), *cases.some(list(CLIPS.items())[1:], 2, turn)]:
                observed, right = done(plain, low, high, d), np.clip(plain, low, high)
                load(connection, live, observed)
                for f, y, own, raw in zip(audit(connection, frozen.id)["features"], observed.T, right.T, plain.T):
                    # where no value lies beyond the other range, it was not clipped
                    expected = None if (y == own).all() else "policy_ignored" if (y == raw).all() else "clipped"
                    if expected and len(np.unique(raw)) < 5:
                        continue
                    check_equal(f["diagnosis"], expected, f"{data_name}, {method}: feature {f['ordinal']}, {name}: {f['detail']}")
                    if expected == "clipped":
                        bounds = [f"{v:g}" for v in (y.min(), y.max()) if ((raw != y) & (y == v)).any()]
                        check(f["detail"].endswith(f", not to [{low}, {high}]") and all(b in f["detail"] for b in bounds),
                              f"{data_name}, {method}: feature {f['ordinal']}, {name}: to what", (f["detail"], bounds))
            # part of it, and refitted, with the same clipping
            part = np.arange(len(live)) >= len(live) // 2
            again = np.clip(METHODS[method]().fit_transform(live), low, high)
            for diagnosis, observed in (("mixture", np.where(part[:, None], plain, right)), ("refitted", again)):
                load(connection, live, observed)
                for f, y, own, raw in zip(audit(connection, frozen.id)["features"], observed.T, right.T, plain.T):
                    if len(np.unique(raw[y != own])) >= 9:
                        check_equal(f["diagnosis"], diagnosis, f"{data_name}, {method}: feature {f['ordinal']}: {f['detail']}")


FILLS = {                       # diagnosis: value in place of a missing raw value
    "missing_as_zero": lambda train, live: np.zeros(live.shape[1]),
    "missing_as_mean": lambda train, live: np.nanmean(train, axis=0),
    "missing_as_median": lambda train, live: np.nanmedian(train, axis=0),
}


ROUNDINGS = {                   # what the detail says, and how others round a column
    "numeric": ("to {} decimal", None),         # PostgreSQL itself
    "numpy": ("to {} decimal", np.round),
    "Python": ("to {} decimal", lambda x, d: np.array([round(v, d) for v in x.tolist()])),
    "C": ("to {} decimal", lambda x, d: np.copysign(np.floor(np.abs(x) * 10 ** d + 0.5) / 10 ** d, x)),
    "trunc": ("truncated to {} decimal", lambda x, d: np.trunc(x * 10 ** d) / 10 ** d),
    "floor": ("down to {} decimal", lambda x, d: np.floor(x * 10 ** d) / 10 ** d),
    "ceil": ("up to {} decimal", lambda x, d: np.ceil(x * 10 ** d) / 10 ** d),
}


def as_numeric(connection, column, places):
    found, = connection.execute("SELECT array_agg(round(v::numeric, %s)::float8 ORDER BY o) FROM unnest(%s::float8[]) WITH ORDINALITY AS u(v, o)",
                                [places, column.tolist()]).fetchone()
    return np.array(found)


def test_roundings(server, connection):
    """With many values half way between two rounded ones, each way to round is predicted bit for bit."""
    rng = np.random.default_rng(12)
    live = np.stack([rng.integers(-4000, 4000, 500) / 8, rng.normal(size=500) * 1e3, rng.integers(-999, 999, 500) / 200], axis=1)
    with connection.transaction(force_rollback=True):
        frozen = freeze(connection, "audit roundings", "affine", live, '{"center": 1, "scale": 4}')
        for (name, (text, function)), places in itertools.product(ROUNDINGS.items(), range(3)):
            function = function or functools.partial(as_numeric, connection)

            def rounded(x):
                return np.stack([function(column, places) for column in x.T], axis=1)

            for diagnosis, observed in (("rounded_results", rounded(frozen.forward(live))), ("rounded_input", frozen.forward(rounded(live)))):
                load(connection, live, observed)
                for f in audit(connection, frozen.id)["features"]:
                    check(f["diagnosis"] == diagnosis and f["detail"].startswith(text.format(places)) and "bit for bit" in f["evidence"],
                          f"{diagnosis}: to {places} places as {name} does", f)


def rank(column):
    return np.searchsorted(np.unique(column), column).astype(float)


CODES = {                       # what looks round, but was not rounded
    "signs": np.sign,
    "above the median": lambda y: np.where(y > np.median(y), 2.0, 0.0),
    "halves": lambda y: np.round(2 * y) / 2,
    "one of 20 parts": lambda y: np.round(20 * y) / 20,
    "ranks": rank,
    "percentiles": lambda y: np.round(100 * rank(y) / max(rank(y).max(), 1)),
    "float16": lambda y: y.astype(np.float16).astype(float),
    "of others": lambda y: np.round(1.07 * y + 0.11, 2),
}


def rounds(y, observed):
    """Does any number of digits make these of those?"""
    return any((np.abs(np.array([float(f"%.{d}{form}" % v) for v in y.tolist()]) - observed) <= 1e-12 * np.abs(observed)).all()
               for form in "fg" for d in range(16))


def test_codes(server, connection):
    rng = np.random.default_rng(13)
    for turn, (where, frozen, train, live) in enumerate(each_frozen(connection, rng)):
        right = frozen.forward(live)
        for name, code in cases.some(CODES.items(), 2, turn):
            observed = np.stack([code(column) for column in right.T], axis=1)
            load(connection, live, observed)
            wrong = [(f["ordinal"], f["diagnosis"], f["detail"], f["evidence"]) for f, y, o, x, back
                     in zip(audit(connection, frozen.id)["features"], right.T, observed.T, live.T, frozen.inverse(observed).T)
                     if str(f["diagnosis"]).startswith("rounded_") and not rounds(y, o) and not rounds(x, back)]
            check(not wrong, f"{where}: {name} are not rounded values, but {wrong[:3]}")


def test_missing(server, connection):
    rng = np.random.default_rng(9)
    for where, frozen, train, live in each_frozen(connection, rng):
        live = live.copy()
        live[rng.random(live.shape) < 0.1] = np.nan
        holes = np.isnan(live)
        load(connection, live, frozen.forward(live))
        check_equal(wrong_features(audit(connection, frozen.id), {}), [], f"{where}: missing values stay missing")
        for diagnosis, fill in FILLS.items():
            filled = np.where(holes, fill(train, live), live)
            load(connection, live, frozen.forward(filled))
            found = audit(connection, frozen.id)
            # the mean and the median of a feature may be one value
            wrong = [w for w in wrong_features(found, {i + 1: diagnosis for i in np.flatnonzero(holes.any(axis=0))})
                     if f"same as {diagnosis}" not in w[3]]
            check_equal(wrong, [], f"{where}: {diagnosis}")
        load(connection, live, np.nan_to_num(frozen.forward(live)))
        for f in audit(connection, frozen.id)["features"]:
            check(f["diagnosis"] == "zero_for_missing" or "same as zero_for_missing" in f["evidence"],
                  f"{where}: zero after scaling", f)
        load(connection, live, np.where(holes, 0.125, frozen.forward(live)))
        check_equal(wrong_features(audit(connection, frozen.id), {i + 1: "missing_replaced" for i in range(live.shape[1])}), [],
                    f"{where}: some constant")


def test_mixtures(server, connection):
    """The first part right, the later one not: what share, and what happened to it."""
    rng = np.random.default_rng(10)
    for where, frozen, train, live in each_frozen(connection, rng):
        right = frozen.forward(live)
        part = np.arange(len(live)) >= len(live) * 3 // 4
        again = right.copy()
        again[part] = METHODS[frozen.method]().fit_transform(live[part])
        for wrong, diagnosis in ((live, "not_applied"), (frozen.forward(frozen.forward(live)), "applied_twice"),
                                 (frozen.forward(live * 1000), "unit_factor"), (again, "refitted")):
            load(connection, live, np.where(part[:, None], wrong, right))
            for f in audit(connection, frozen.id)["features"]:
                column = f["ordinal"] - 1
                # rows that are right, or nearly so, though something was done to them do not tell
                if len(np.unique(live[:, column])) < 5 or np.isclose(wrong, right, 1e-9, 1e-9)[part, column].any():
                    continue
                parts = {p["diagnosis"]: p["share"] for p in f["parts"]}
                check(f["diagnosis"] == "mixture" and set(parts) == {"as_frozen", diagnosis} and
                      abs(parts[diagnosis] - part.mean()) < 1e-12, f"{where}: part of it {diagnosis}", f)


def test_repeated_rows(server, connection):
    """Shares are of rows, however often each is repeated, also where three things are mixed."""
    rng = np.random.default_rng(14)
    distinct = rng.normal(size=(60, 3)) * [1, 10, 100]
    frozen = freeze(connection, "audit repeated", "standard", distinct)
    done = np.arange(60) % 3            # right, not applied, applied twice
    observed = np.where((done == 1)[:, None], distinct, frozen.forward(distinct))
    observed[done == 2] = frozen.forward(observed[done == 2])
    times = rng.integers(1, 50, size=60)
    load(connection, np.repeat(distinct, times, axis=0), np.repeat(observed, times, axis=0))
    shares = {name: times[done == k].sum() / times.sum() for k, name in enumerate(("as_frozen", "not_applied", "applied_twice"))}
    found = audit(connection, frozen.id)
    check_equal((found["rows"], found["sampled"]), (int(times.sum()), 60), "rows, and distinct rows")
    for f in found["features"]:
        parts = {p["diagnosis"]: p["share"] for p in f["parts"]}
        check(parts.keys() == shares.keys() and all(abs(parts[k] - shares[k]) < 1e-12 for k in shares),
              f"shares of three parts, feature {f['ordinal']}", f)
    check_equal(audit(connection, frozen.id, "md5(id::text)"), found, "repeated rows in another order")


def test_float4(server, connection):
    """float4 on the way in, in the arithmetic, on the way out; and on top of another fault."""
    rng = np.random.default_rng(11)
    for where, frozen, train, live in each_frozen(connection, rng):
        single = live.astype(np.float32)
        cases = [(frozen.forward(single.astype(float)), "float4_input"),
                 (METHODS[frozen.method]().fit(train).transform(live).astype(np.float32).astype(float), "float4"),
                 (frozen.forward(frozen.forward(live)).astype(np.float32).astype(float), "applied_twice"),
                 (METHODS[frozen.method]().fit_transform(live).astype(np.float32).astype(float), "refitted")]
        for observed, diagnosis in cases:
            load(connection, live, observed)
            right = frozen.forward(live)
            for f in audit(connection, frozen.id)["features"]:
                i = f["ordinal"] - 1
                if (observed[:, i] == right[:, i]).all() or len(np.unique(live[:, i])) < 5:
                    continue
                if diagnosis in ("refitted", "applied_twice") and (observed[:, i] == right[:, i].astype(np.float32)).all():
                    continue            # the same parameters again
                check(str(f["diagnosis"]).startswith(diagnosis) or f"same as {diagnosis}" in f["evidence"],
                      f"{where}: {diagnosis} with float4", f)


# ---- sequences of steps ----


def in_order(*makers):
    """A function (train, x): what scikit-learn's transformers give, each fitted to the results of those before it."""
    def made(train, x):
        return make_pipeline(*(maker() for maker in makers)).fit(train).transform(x)
    return made


def logarithm():
    return FunctionTransformer(np.log1p)


def test_steps(server, connection):
    """A step that is missing, or in the wrong place, in a sequence that scikit-learn fits; and faults of other kinds."""
    rng = np.random.default_rng(14)
    options = json.dumps({"steps": ["log1p", "standard", "minmax"]})
    for data_name in ("iris", "wine", "diabetes"):
        train, live = splits(rng, DATA[data_name]().data)
        log, scale = np.log1p(train), StandardScaler().fit(np.log1p(train))
        minmax = MinMaxScaler().fit(scale.transform(log))
        # two values lie on any line, and next to -1 the logarithm magnifies how scikit-learn rounds
        telling = [len(np.unique(x)) >= 5 and (abs(z + 1) > 0.01).all()
                   for x, z in zip(live.T, StandardScaler().fit(train).transform(live).T)]
        cases = {
            "as frozen": (None, in_order(logarithm, StandardScaler, MinMaxScaler)(train, live)),
            "no logarithm": ("missing_step", minmax.transform(scale.transform(live))),
            "no logarithm, fitted so": ("missing_step", in_order(StandardScaler, MinMaxScaler)(train, live)),
            "no deviation": ("missing_step", minmax.transform(np.log1p(live))),
            "no range": ("missing_step", scale.transform(np.log1p(live))),
            "the last two swapped": ("swapped_steps", scale.transform(minmax.transform(np.log1p(live)))),
            "the logarithm in the middle, fitted so": (
                "swapped_steps", in_order(StandardScaler, logarithm, MinMaxScaler)(train, live)),
            "a line": ("other_parameters", (live - 3.75) / 8.5),
            "noise": ("unknown", rng.normal(size=live.shape))}
        with connection.transaction(force_rollback=True):
            frozen = freeze(connection, f"audit steps {data_name}", "standard", train, options)
            for name, (diagnosis, observed) in cases.items():
                load(connection, live, observed)
                found = audit(connection, frozen.id)["features"]
                wrong = [(f["ordinal"], f["diagnosis"], f["detail"], f["evidence"]) for f, told in zip(found, telling)
                         if (told and f["diagnosis"] != diagnosis if diagnosis else f["diagnosis"] in ("missing_step", "swapped_steps"))]
                check(any(telling), f"{data_name}: there are features to tell by")
                check(not wrong, f"{data_name}, {name}: {diagnosis}, but {wrong[:3]}")


def test_steps_behind_a_range(server, connection):
    """A step that is missing, with the range and without it, of values that are winsorized or trimmed first."""
    rng = np.random.default_rng(15)
    train, live = rng.lognormal(0, 1, (300, 1)).round(3), rng.lognormal(0, 1, (400, 1))
    for outside, statistics, rule in (("clip", "inside", [5, 95]), ("null", "all", [5, 95]), ("clip", "all", {"deviations": 1})):
        options = {"steps": ["log1p", "standard"], "outside": outside, "range": rule, "statistics": statistics}
        with connection.transaction(force_rollback=True):
            frozen = freeze(connection, "audit ranges", "standard", train, json.dumps(options))
            said, = connection.execute("SELECT normfreeze.bare(normfreeze.scaler(%s))::jsonb::text", [frozen.id]).fetchone()
            feature, = json.loads(said)["features"]
            (low, high), own = feature["range"], feature["parameters"]
            inside = np.clip(live, low, high) if outside == "clip" else np.where((live < low) | (live > high), np.nan, live)
            for name, diagnosis, observed in (("as frozen", None, (np.log1p(inside) - own["center"]) / own["scale"]),
                                              ("no logarithm", "missing_step", (inside - own["center"]) / own["scale"]),
                                              ("nothing scaled", "missing_step", np.log1p(inside)),
                                              ("no range", "not_winsorized", (np.log1p(live) - own["center"]) / own["scale"]),
                                              ("no range, no logarithm", "missing_step", (live - own["center"]) / own["scale"]),
                                              ("no range, nothing scaled", "missing_step", np.log1p(live)),
                                              ("no range, no logarithm, fitted so", "missing_step", StandardScaler().fit(train).transform(live))):
                load(connection, live, observed)
                found, = audit(connection, frozen.id)["features"]
                # a logarithm alone may be a scaler that another test has frozen here: then it is what was applied
                alone = name == "no range, nothing scaled" and found["diagnosis"] == "another_version"
                check_equal(found["diagnosis"], "another_version" if alone else diagnosis, f"{options}, {name}: {found['detail']}")


# ---- order and plan ----


def test_order_and_plan(server, connection):
    """The same jsonb for any order of rows and any plan, for samples of all rows and of a part of them."""
    rng = np.random.default_rng(12)
    raw = rng.normal(size=(60000, 4)).round(2) * [1, 100, 0.01, 1] + [0, 5, 3, 1]
    raw[40000:, 1] += 37.125
    raw[rng.random(raw.shape) < 0.01] = np.nan
    for method in METHODS:
        frozen = freeze(connection, f"audit plans {method}", method, raw[:40000])
        observed = frozen.forward(raw)
        observed[50000:, 0] = raw[50000:, 0]
        observed[:, 1] = METHODS[method]().fit_transform(raw[:, 1:2])[:, 0]
        observed[::7, 2] = np.clip(observed[::7, 2], -0.1, 0.1)
        load(connection, raw, observed)
        connection.execute("ALTER TABLE audited SET (parallel_workers = 3)")
        expected = audit(connection, frozen.id)
        check(not expected["sample_is_all"] and 1000 <= expected["sampled"] <= 2000, f"{method}: the sample is limited")
        check_equal([f["diagnosis"] for f in expected["features"]][:2], ["mixture", "refitted"], f"{method}: what happened")
        check_equal(expected["features"][3]["diagnosis"], None, f"{method}: nothing happened to the last feature")
        for order in ("id DESC", "id %% 17, id", "md5(id::text)"):
            check_equal(audit(connection, frozen.id, order), expected, f"{method}: rows by {order}")
        for form in ("%s::bigint", "normfreeze.scaler(%s)"):
            query = f"SELECT normfreeze.audit(raw, observed, {form})::text FROM audited"
            connection.execute("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0")
            plan = "\n".join(row[0] for row in connection.execute("EXPLAIN " + query, [frozen.id]))
            check("Partial Aggregate" in plan, f"{method}, {form}: the plan is parallel", plan)
            got = json.loads(connection.execute(query, [frozen.id]).fetchone()[0])
            check_equal(got, expected, f"{method}, {form}: in parallel")
            connection.execute("RESET ALL")
        groups = connection.execute("SELECT id %% 3, normfreeze.audit(raw, observed, %s::bigint)::text FROM audited GROUP BY 1 ORDER BY 1",
                                    [frozen.id]).fetchall()
        apart = [connection.execute("SELECT normfreeze.audit(raw, observed, %s::bigint)::text FROM audited WHERE id %% 3 = %s",
                                    [frozen.id, key]).fetchone()[0] for key, _ in groups]
        check_equal([text for _, text in groups], apart, f"{method}: groups are as tables of their own")


# ---- without raw values ----


def audit_output(connection, scaler):
    found, = connection.execute(f"SELECT normfreeze.audit(observed, {scaler})::text FROM audited").fetchone()
    return json.loads(found)


READINGS = {                    # diagnosis: what was done
    None: lambda frozen, x: frozen.forward(x),
    "not_applied": lambda frozen, x: x,
    "applied_twice": lambda frozen, x: frozen.forward(frozen.forward(x)),
    "inverse_applied": lambda frozen, x: frozen.inverse(x),
}


def test_output_alone(server, connection):
    """Never a wrong diagnosis; the right one wherever the readings differ, which a distance of ours decides."""
    rng = np.random.default_rng(13)
    for where, frozen, train, live in each_frozen(connection, rng):
        for diagnosis, made in READINGS.items():
            for basis, scaler in (("profile", f"{frozen.id}::bigint"),
                                  ("range", f"normfreeze.bare(normfreeze.scaler({frozen.id}))")):
                if basis == "range":
                    connection.execute("SAVEPOINT purged")
                    connection.execute("ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL; DELETE FROM normfreeze.profiles")
                observed = made(frozen, live)
                load(connection, live, observed)
                found = audit_output(connection, scaler)
                got = {f["ordinal"]: f["diagnosis"] for f in found["features"]}
                wrong = [f for f in found["features"] if f["diagnosis"] not in (diagnosis, "unknown")]
                check(not wrong, f"{where}: {diagnosis} by {basis} is not taken for something else", wrong[:2])
                decided = sum(d == diagnosis for d in got.values())
                least = 0.6 if basis == "profile" else 0.25
                check(decided >= least * len(got) or (frozen.method, diagnosis) == ("minmax", "applied_twice"),
                      f"{where}: {diagnosis} by {basis}: {decided} of {len(got)} decided")
                check_equal({f["basis"] for f in found["features"]}, {basis}, f"{where}: compared with the {basis}")
                if basis == "range":
                    connection.execute("ROLLBACK TO purged")


TESTS = (test_faults, test_swaps, test_versions, test_clipping, test_clipped_results, test_roundings, test_codes, test_missing, test_mixtures, test_repeated_rows, test_float4,
         test_steps, test_steps_behind_a_range, test_order_and_plan, test_output_alone)
