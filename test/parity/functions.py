"""The methods of one function and their inverses: correctly rounded by mpmath's arithmetic of 200 bits, in both types.

Arguments are random and at the edges: subnormal and huge ones, neighbours of the ends of domains, zeros, infinities and NaN, and Python is
held against the database.
"""

import numpy as np

import database
import python_package
import report
import rounded
import table

PEER = "mpmath, correctly rounded"
D = rounded.DIGITS
LARGE = {np.float64: 1100.0, np.float32: 160.0}         # exp, exp2, exp10 and sinh of it overflow, of its negative underflow

# ---- exact functions of finite numbers; what floats have besides is below ----


def root(x):
    return D.cbrt(x) if x >= 0 else -D.cbrt(-x)


def logistic(y):
    return 1 / (1 + D.exp(-y))


def logit(x):
    return D.log(x) - D.log1p(-x)


FORWARD = {"log": D.log, "log2": lambda x: D.log(x, 2), "log10": D.log10, "sqrt": D.sqrt, "cbrt": root, "square": lambda x: x * x, "asinh": D.asinh,
           "logit": logit, "reciprocal": lambda x: 1 / x, "expm1": D.expm1}
INVERSE = {"log": D.exp, "log2": lambda y: D.power(2, y), "log10": lambda y: D.power(10, y), "sqrt": lambda y: y * y, "cbrt": lambda y: y * y * y,
           "square": D.sqrt, "asinh": D.sinh, "logit": logistic, "reciprocal": lambda y: 1 / y, "expm1": D.log1p}
DEFINED = {"log": lambda x: x > 0, "log2": lambda x: x > 0, "log10": lambda x: x > 0, "sqrt": lambda x: x >= 0,
           "logit": lambda x: (x > 0) & (x < 1), "reciprocal": lambda x: x != 0}

# function -> argument -> result, where the exact functions do not say it
inf, nan = np.inf, np.nan
AT = {
    "forward": {"log": {inf: inf}, "log2": {inf: inf}, "log10": {inf: inf}, "sqrt": {inf: inf, 0.0: 0.0}, "cbrt": {inf: inf, -inf: -inf}, "square": {inf: inf, -inf: inf},
                "asinh": {inf: inf, -inf: -inf}, "logit": {}, "reciprocal": {inf: 0.0, -inf: -0.0}, "expm1": {inf: inf, -inf: -1.0}},
    "inverse": {"log": {inf: inf, -inf: 0.0}, "log2": {inf: inf, -inf: 0.0}, "log10": {inf: inf, -inf: 0.0}, "sqrt": {inf: inf, -inf: inf}, "cbrt": {inf: inf, -inf: -inf},
                "square": {inf: inf, -inf: nan}, "asinh": {inf: inf, -inf: -inf}, "logit": {inf: 1.0, -inf: 0.0}, "reciprocal": {inf: 0.0, -inf: -0.0},
                "expm1": {inf: inf, -inf: nan, -1.0: -inf}}}
ODD = {"cbrt", "asinh", "expm1", "reciprocal"}          # a zero keeps its sign, forward and back
EXPONENTIAL = {"log", "log2", "log10", "asinh"}         # whose inverse grows exponentially


def expected(name, direction, x):
    """One argument; NULL is NaN."""
    dtype = type(x)
    value = float(x)
    if np.isnan(x) or direction == "forward" and name in DEFINED and not DEFINED[name](x):
        return dtype(nan)
    if value in AT[direction][name] and value != 0:
        return dtype(AT[direction][name][value])
    if value == 0 and name == "reciprocal":
        return dtype(np.copysign(inf, value))
    if value == 0 and (name in ODD or name == "sqrt" and direction == "forward" or name == "square" and direction == "inverse"):
        return x
    if direction == "inverse" and (name == "square" and value < 0 or name == "expm1" and value < -1):
        return dtype(nan)
    exponential = direction == "inverse" and name in EXPONENTIAL or direction == "forward" and name == "expm1" or direction == "inverse" and name == "logit"
    if exponential and abs(value) > LARGE[dtype]:
        lowest = {"log": 0.0, "log2": 0.0, "log10": 0.0, "asinh": -inf, "expm1": -1.0, "logit": 0.0}[name]
        return dtype((1.0 if name == "logit" else inf) if value > 0 else lowest)
    return rounded.nearest(D.mpf((FORWARD if direction == "forward" else INVERSE)[name](D.mpf(value))), dtype)


# ---- arguments ----

def arguments(dtype, seed):
    rng = np.random.default_rng(seed)
    info = np.finfo(dtype)
    edges = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 8.0, 10.0, 27.0, 1000.0, 1e22 if dtype is np.float64 else 1e10, info.max, info.tiny, info.smallest_subnormal,
                      np.log(info.max), np.log(info.smallest_subnormal), np.log2(info.max), np.log10(info.max), np.sqrt(info.max), np.sqrt(info.tiny), np.cbrt(info.max),
                      36.0, 37.0, 745.2, 709.8, 88.75, 103.9, 16.7], dtype)
    near = np.concatenate([edges, *(np.nextafter(edges, dtype(way)) for way in (-inf, inf))])
    spread = np.ldexp(rng.uniform(1, 2, 60), rng.integers(info.minexp - info.nmant, info.maxexp, 60)).astype(dtype)
    positive = np.concatenate([near, spread, rng.lognormal(0, 2, 60).astype(dtype), (1 + rng.normal(0, 1, 30) * 10.0 ** -rng.uniform(0, 16, 30)).astype(dtype),
                               rng.uniform(0, 1, 40).astype(dtype), rng.uniform(0, 750 if dtype is np.float64 else 105, 30).astype(dtype)])
    return np.concatenate([positive, -positive, [inf, -inf, nan]]).astype(dtype)


# ---- the test ----

def fitted(connection, dtype, x):
    """Table functions_scalers of every function, fitted to (0, 1) so that each is defined; what is not is NULL when it is applied."""
    connection.execute("DROP TABLE IF EXISTS functions_data, functions_scalers; CREATE TABLE functions_scalers (id int, scaler normfreeze.scaler)")
    database.load(connection, "functions_data", {"x": x[:, None]}, {"x": database.SQL_TYPE[dtype]})
    for number, name in enumerate(FORWARD):
        domain = ', \'{"domain": "null"}\'' if name in DEFINED else ""
        connection.execute(f"INSERT INTO functions_scalers SELECT {number}, normfreeze.fit(ARRAY[v], '{name}'{domain}) FROM (VALUES (0.25), (0.75)) AS v (v)")
    return database.apply(connection, "functions_scalers", "functions_data", "x", database.SQL_TYPE[dtype], 1, len(x))


def test_functions(server, connection):
    """Forward and inverse of every function in both types: mpmath's bits, and Python's are the database's."""
    for dtype in (np.float64, np.float32):
        x = arguments(dtype, 60)
        results = fitted(connection, dtype, x)
        texts = dict(connection.execute("SELECT id, normfreeze.bare(scaler)::text FROM functions_scalers").fetchall())
        for number, name in enumerate(FORWARD):
            forward, inverse, _ = results[number]
            scaler = python_package.normfreeze.Scaler.from_json(texts[number])
            for direction, got, ours in (("forward", forward, scaler.transform(x[:, None])), ("inverse", inverse, python_package.undone(scaler, x[:, None]))):
                right = np.array([expected(name, direction, value) for value in x], dtype)[:, None]
                table.THE_TABLE.add(name, PEER, name, dtype.__name__, "forward, inverse", got, right, x[:, None], direction)
                table.THE_TABLE.add(name, python_package.PEER, name, dtype.__name__, "forward, inverse", ours, got, x[:, None], direction)
    table.THE_TABLE.check(report)
