"""audit() names what was done to real data, and finds nothing in data to which nothing was done.

Every fault is made with numpy and scikit-learn, from the parameters that describe() shows: none of
our own functions takes part.
"""

import json

import numpy as np
from report import check, check_equal
from sklearn import datasets as real
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

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


def expected_diagnosis(diagnosis, observed, right, raw):
    """Of a feature: the fault may leave its values as they are, and two raw values lie on any line."""
    if (observed == right).all():
        return None
    if diagnosis == "other_parameters" and len(np.unique(raw)) < 5:
        return "unknown"
    return diagnosis


def test_faults(server, connection):
    rng = np.random.default_rng(5)
    for data_name, source in DATA.items():
        data = source().data[rng.permutation(len(source().data))]
        # the data sets' own order is by class
        train, live = data[:len(data) * 2 // 3], data[len(data) // 3:]
        for method in METHODS:
            connection.execute("BEGIN")     # so that no scaler is another version for the next
            frozen = freeze(connection, f"audit {data_name} {method}", method, train)
            where = f"{data_name}, {method}"
            for rows, name in ((live, "live"), (train, "training")):
                load(connection, rows, frozen.forward(rows))
                found = audit(connection, frozen.id)
                check_equal((found["verdict"], set(diagnoses(found))), ("equal", {None}), f"{where}: clean {name} data")
            for name, (function, diagnosis, only, verdict) in FAULTS.items():
                if only not in (None, method):
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
            connection.execute("ROLLBACK")


TESTS = (test_faults,)
