"""The lambda of method power: scikit-learn's, the likelihood in many digits, and every order of the rows."""

import json
import warnings

import mpmath
import numpy as np
from scipy.special import boxcox
from scipy.stats import yeojohnson
from sklearn import datasets as real
from sklearn.preprocessing import PowerTransformer

import database
import report
import table

RELATIVE = 1e-6                 # of lambda, absolute below 1
NOISE = 1e-9                    # of the log-likelihood
ORDERS = 5
ROWS = 160

# Of values of so little spread for their size, the likelihood may rise until float8 does not tell the transformed
# values from each other: where the search for lambda then ends, in scipy as here, is a matter of rounding.
COLLAPSING = {"shifted more", "shifted far", "huge offset", "about one, skewed", "just below one"}

REASON = ("lambda is within 1e-6 and of no lower likelihood: scipy's own bits depend on numpy's loops and the order of rows; "
          "farther off only where their likelihood's own rounding, or its guard against overflow, leaves lambda less determined")


DIGITS = mpmath.MPContext()
DIGITS.prec = 140


def columns():
    """name -> values, of every shape that a lambda is fitted to"""
    rng = np.random.default_rng(11)
    normal = rng.normal(size=ROWS)
    found = {
        "normal": normal,
        "lognormal": np.exp(normal),
        "lognormal, wide": np.exp(3 * normal),
        "gamma": rng.gamma(2, 3, ROWS),
        "exponential": rng.exponential(1, ROWS),
        "negative skew": 10 - rng.gamma(2, 1, ROWS),
        "negative": -rng.gamma(2, 3, ROWS),
        "negative lognormal": -np.exp(normal),
        "mixed sign": rng.normal(0.5, 2, ROWS) ** 3,
        "shifted": rng.normal(1000, 30, ROWS),
        "shifted more": rng.normal(1e4, 30, ROWS),
        "shifted far": rng.normal(1e5, 30, ROWS),
        "about one": rng.normal(1, 1e-3, ROWS),
        "about one, skewed": 0.99 + rng.gamma(2, 0.003, ROWS),
        "just below one": 1 - rng.gamma(2, 1e-5, ROWS),
        "heavy tails": rng.standard_t(2, ROWS),
        "cauchy": rng.standard_cauchy(ROWS),
        "small integers": rng.poisson(3, ROWS).astype(float),
        "counts": rng.poisson(3, ROWS) + 1.0,
        "uniform": rng.uniform(0, 1, ROWS),
        "beta": rng.beta(5, 1, ROWS),
        "two values": rng.choice([1.0, 2.0], ROWS),
        "two points": np.r_[1.0, 3.5],
        "few": rng.gamma(1, 1, 7),
        "tiny": rng.gamma(2, 1e-6, ROWS),
        "large": rng.gamma(2, 1e9, ROWS),
        "huge offset": 1e8 + rng.gamma(2, 1000, ROWS),
        "money": np.round(np.exp(rng.normal(5, 1, ROWS)), 2),
        "missing": np.where(rng.random(ROWS) < 0.3, np.nan, np.exp(normal)),
    }
    for name, load, chosen in (("wine", real.load_wine, range(13)), ("breast cancer", real.load_breast_cancer, range(0, 30, 3))):
        data = load().data
        found |= {f"{name} {i + 1}": data[:ROWS, i] for i in chosen}
    return found


def log_likelihood(values, power, method):
    """Of lambda, to many digits."""
    mp = DIGITS
    power = mp.mpf(float(power))
    jacobian, transformed = mp.mpf(0), []
    for x in map(mp.mpf, values.tolist()):
        if method == "box-cox":
            logarithm = mp.log(x)
            jacobian += logarithm
            transformed.append(mp.expm1(power * logarithm) / power if power else logarithm)
            continue
        logarithm, own, sign = (mp.log1p(x), power, 1) if x >= 0 else (mp.log1p(-x), 2 - power, -1)
        jacobian += sign * logarithm
        transformed.append(sign * (mp.expm1(own * logarithm) / own if own else logarithm))
    n = len(transformed)
    mean = mp.fsum(transformed) / n
    return (power - 1) * jacobian - mp.log(mp.fsum((y - mean) ** 2 for y in transformed) / n) * n / 2


def resolution(values, power, method):
    """How far lambda may be off while the likelihood differs by its own rounding: a float's, a few times."""
    step = 1e-3 * max(1, abs(power))
    below, at, above = (log_likelihood(values, power + k * step, method) for k in (-1, 0, 1))
    curvature = float((2 * at - below - above) / step**2)
    return np.sqrt(2 * 8 * np.finfo(float).eps * max(1, abs(float(at))) / curvature) if curvature > 0 else np.inf


def fitted(connection, method, order="", given=""):
    """The lambdas of a fit of table powers, and its id."""
    text, = connection.execute(
        f"SELECT (normfreeze.bare(normfreeze.fit(x, 'power', "
        f"{database.literal({'method': method, 'distribution': False})} {order}))::jsonb)::text FROM powers {given}").fetchone()
    said = json.loads(text)
    return np.array([float(f["parameters"]["lambda"]) for f in said["features"]]), said["scaler_id"]


def load(connection, named):
    """The columns side by side, missing values below the shorter ones."""
    x = np.full((max(map(len, named.values())), len(named)), np.nan)
    for i, values in enumerate(named.values()):
        x[:len(values), i] = values
    connection.execute("DROP TABLE IF EXISTS powers")
    database.load(connection, "powers", {"x": x}, {"x": "float8"})
    return x


def collapses(values, power, method):
    """Are the transformed values hardly to be told from each other in float8?"""
    y = boxcox(values, power) if method == "box-cox" else yeojohnson(values, power)
    return not np.ptp(y) > 1e4 * np.spacing(np.abs(y).max())


def compare(connection, method, named):
    x = load(connection, named)
    ours, scaler_id = fitted(connection, method)
    with warnings.catch_warnings(action="ignore"):
        theirs = np.array([PowerTransformer(method=method, standardize=False).fit(x[:, [i]]).lambdas_[0]
                           for i in range(x.shape[1])])
    peer = f"scikit-learn, lambda of {method}"
    table.THE_TABLE.excuse("power", peer, "fit", REASON)
    table.THE_TABLE.add("power", peer, method, "float64", "fit", ours[None], theirs[None], theirs[None], method)
    for i, name in enumerate(named):
        apart = abs(ours[i] - theirs[i]) / max(1, abs(theirs[i]))
        values = x[:, i][~np.isnan(x[:, i])]
        if collapses(values, theirs[i], method):
            print(f"lambda of {method}, {name}: ours {ours[i]:.17g}; scikit-learn's {theirs[i]:.17g} transforms all "
                  "values to about the same float")
            report.check(name in COLLAPSING, f"lambda of {method}, {name}: of use", theirs[i])
            continue
        gain = float(log_likelihood(values, ours[i], method) - log_likelihood(values, theirs[i], method))
        allowed = RELATIVE
        if apart > RELATIVE:
            allowed = max(RELATIVE, resolution(values, theirs[i], method) / max(1, abs(theirs[i])))
            print(f"lambda of {method}, {name}: ours {ours[i]:.17g}, scikit-learn's {theirs[i]:.17g} determined to "
                  f"{allowed:.1g}, our log-likelihood is {gain:+.3g} apart")
        report.check(apart <= allowed or gain > NOISE, f"lambda of {method}, {name}: near scikit-learn's, or better",
                     f"{ours[i]!r} and {theirs[i]!r}, log-likelihood {gain:+.3g} apart")
        report.check(gain >= -NOISE, f"lambda of {method}, {name}: likelihood not below scikit-learn's", gain)
    return scaler_id


def check_orders(connection, method, scaler_id):
    """Any order of the rows and a parallel plan fit the same scaler."""
    for seed in range(ORDERS):
        again = fitted(connection, method, f"ORDER BY md5((id + {seed})::text)")[1]
        report.check_equal(again, scaler_id, f"power ({method}): the same scaler in order {seed + 1}")
    with connection.transaction():
        for setting in ("max_parallel_workers_per_gather = 4", "parallel_setup_cost = 0", "parallel_tuple_cost = 0",
                        "min_parallel_table_scan_size = 0"):
            connection.execute(f"SET LOCAL {setting}")
        connection.execute("ALTER TABLE powers SET (parallel_workers = 4)")
        plan = "\n".join(row[0] for row in connection.execute(
            f"EXPLAIN SELECT normfreeze.fit(x, 'power', {database.literal({'method': method})}) FROM powers"))
        report.check("Partial Aggregate" in plan and "Gather" in plan, "power: a parallel plan", plan)
        report.check_equal(fitted(connection, method)[1], scaler_id, f"power ({method}): the same scaler in parallel")


def test_lambda(server, connection):
    """Lambdas near scikit-learn's, of no lower likelihood, and the same bits for every order of the rows."""
    named = columns()
    positive = {name: values for name, values in named.items() if np.nanmin(values) > 0}
    for method, chosen in (("yeo-johnson", named), ("box-cox", positive)):
        check_orders(connection, method, compare(connection, method, chosen))
    table.THE_TABLE.check(report)
