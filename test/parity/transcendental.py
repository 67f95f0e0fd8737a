"""log1p, power and quantile: scikit-learn's own code with correctly rounded functions, and as it is.

Ours rounds every elementary function correctly, so its bits are those of
scikit-learn's operations with such functions (rounded.py): zero may differ.
numpy's own are up to a few units off, which depends on the CPU: there the
distance is bounded instead, before a StandardScaler magnifies it.
"""

import os
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import sklearn
from sklearn.preprocessing import FunctionTransformer, PowerTransformer, QuantileTransformer, StandardScaler

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))     # when run by without_simd()
import apply_parity
import database
import datasets
import report
import rounded
import table
import wire

SETS = ("gauss", "offset", "lognormal", "money", "integers", "nans", "positive_nans", "zeros", "constants", "one_row",
        "huge", "largest", "near_subnormals", "wine")
JIT_SETS = ("nans", "positive_nans", "wine")
TRAINING_ROWS, PROBE_ROWS = 20, 22      # to apply to, of each set
CASES = [("log1p", {})]
CASES += [("power", {"method": method, "standardize": standardize})
          for method in ("yeo-johnson", "box-cox") for standardize in (True, False)]
CASES += [("quantile", {"output_distribution": output} | quantiles)
          for output in ("uniform", "normal") for quantiles in ({}, {"n_quantiles": 7})]

# Errors that fits may end with: too few values, too extreme or not positive ones, constants.
REFUSALS = {"22003", "22000", "22023"}

PEER = "scikit-learn"
PEER_ROUNDED = "scikit-learn, functions correctly rounded"
PEER_LIBM = "scikit-learn, baseline libm"
WITHOUT_SIMD = "X86_V4 AVX512_ICL AVX512_SPR X86_V3"

REASONS = {
    "log1p": "log1p and expm1 have other bits in numpy's AVX-512 loops than in the libm, and are correctly rounded "
             "(as ours) in neither",
    "power": "so have log, log1p, exp, expm1 and pow; powers magnify that, and where a mean or 1 is subtracted from "
             "about the same, the distance in places has no bound",
    "quantile": "the normal quantile and probability are those of Cephes on the libm's log, sqrt and exp, off by up to "
                "7e-16 and more of themselves; ours are correctly rounded",
}

# Units in the last place that a peer's functions may be off: numpy states 4 for SVML, glibc 1 or 2.
FUNCTION_ERROR = 4


# ---- their estimators, with our parameters ----

class Unchecked(PowerTransformer):
    """Applies to what is not positive, too."""

    def _check_input(self, X, **checks):
        return X.copy()


def estimator(method, options, parameters, width):
    if method == "log1p":
        return FunctionTransformer(np.log1p, np.expm1)
    if method == "power":
        made = Unchecked(**options)
        made.lambdas_ = parameters["lambda"]
        made._scaler = StandardScaler()
        made._scaler.mean_, made._scaler.scale_ = parameters["center"], parameters["scale"]
        made._scaler.var_ = parameters["scale"] ** 2
        made._scaler.n_samples_seen_, made._scaler.n_features_in_ = 1, width
    else:
        made = quantile_transformer(options["output_distribution"], parameters["quantiles"])
    made.n_features_in_ = width
    return made


def quantile_transformer(output_distribution, quantiles):
    if len(set(map(len, quantiles))) > 1:
        return ByFeature(output_distribution, quantiles)
    made = QuantileTransformer(output_distribution=output_distribution, subsample=None)
    made.quantiles_ = np.array(quantiles, np.float64).T
    made.n_quantiles_, made.n_features_in_ = made.quantiles_.shape
    made.references_ = np.linspace(0, 1, made.n_quantiles_)
    return made


class ByFeature:
    """A QuantileTransformer for each feature: with missing values, features may have fewer quantiles."""

    def __init__(self, output_distribution, quantiles):
        self.transformers = [quantile_transformer(output_distribution, [values]) for values in quantiles]

    def transform(self, x):
        return np.hstack([made.transform(x[:, [i]]) for i, made in enumerate(self.transformers)])

    def inverse_transform(self, x):
        return np.hstack([made.inverse_transform(x[:, [i]]) for i, made in enumerate(self.transformers)])


def both_ways(case, x, forward):
    """transform of x, inverse_transform of x and of what normalize() gave."""
    method, options, parameters = case
    made = estimator(method, options, parameters, x.shape[1])
    return made.transform(x), made.inverse_transform(x), made.inverse_transform(forward)


def with_rounded_functions(case, x, forward):
    method = case[0]
    with rounded.within():
        if method == "log1p":
            made = FunctionTransformer(rounded.log1p, rounded.expm1)
            return made.transform(x), made.inverse_transform(x), made.inverse_transform(forward)
        return both_ways(case, x, forward)


def without_simd(jobs):
    """both_ways() of each job in a process whose numpy calls the libm; None where that cannot be."""
    environment = dict(os.environ, NPY_DISABLE_CPU_FEATURES=WITHOUT_SIMD)
    result = subprocess.run([sys.executable, "-W", "ignore", __file__], input=pickle.dumps(jobs), env=environment,
                            capture_output=True)
    if result.returncode != 0:
        print(f"without AVX-512: {result.stderr.decode().splitlines()[-1:]}, not tested")
        return None
    return pickle.loads(result.stdout)


# ---- the bounds ----

def relative_bound(case, x, dtype):
    """
    How far, relatively, a forward transformation may be off, by the errors of its functions.

    With u half a unit, a function of theirs is 2 E u off and ours u, so they
    are F = 2 E + 1 of u apart.  y = expm1(z) / lambda with z = lambda log1p(x):
    z is F + 2 apart (a product rounds on both sides), which expm1 magnifies by
    k = z e^z / (e^z - 1) and adds F to; the quotient adds 2 and, for float32,
    its last rounding 2 more.
    """
    method, options, parameters = case
    u = float(np.finfo(dtype).eps) / 2
    function = 2 * FUNCTION_ERROR + 1
    if method == "log1p":
        return np.full(x.shape, function * u)
    if method == "quantile":
        return np.full(x.shape, 2 * 7.2e-16 + 4 * u)        # twice the largest error that Cephes states
    x = np.float64(x)
    power = np.broadcast_to(parameters["lambda"], x.shape)
    if options["method"] == "yeo-johnson":
        z = np.where(x >= 0, power, 2 - power) * np.log1p(np.abs(x))
    else:
        z = power * np.log(x)
    condition = np.where(z > 1e-8, z / -np.expm1(-z), np.where(z < -1e-8, z * np.exp(z) / np.expm1(z), 1.0))
    return u * (1.01 * condition * (function + 2) + function + 4)


def check_bound(case, x, ours, theirs, name):
    """Finite results differ by no more than the bound, subnormal ones by a few units."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(ours) & np.isfinite(theirs)
        apart = np.abs(np.float64(ours) - np.float64(theirs))
        allowed = (relative_bound(case, x, ours.dtype.type) * np.abs(np.float64(theirs)) +
                   (2 * FUNCTION_ERROR + 1) * float(np.finfo(ours.dtype).smallest_subnormal))
        beyond = finite & (apart > allowed)
    at = tuple(np.argwhere(beyond)[0]) if beyond.any() else None
    report.check(at is None, f"{name}: within the bound", at and f"{beyond.sum()} values, first: {x[at]!r} gives "
                 f"{ours[at]!r} and {theirs[at]!r}")
    report.check((np.isnan(ours) == np.isnan(theirs)).all(), f"{name}: NaN where theirs is")


# ---- the test ----

def load(connection, data_name, training, dtype):
    """Data to fit to, and some of it with special values to apply to; returns what to apply to."""
    kind = database.SQL_TYPE[dtype]
    few = np.concatenate([training[:TRAINING_ROWS], datasets.probes(training.shape[1], dtype)[:PROBE_ROWS]])
    database.load(connection, f"fit_{data_name}_{kind}", {"x": training}, {"x": kind})
    database.load(connection, f"few_{data_name}_{kind}", {"x": few}, {"x": kind})
    return few


def fit_all(connection, data_name, dtype):
    """Fit every case that can be; returns the table of scalers and the cases with their parameters."""
    kind = database.SQL_TYPE[dtype]
    scalers = f"transcendental_{data_name}_{kind}"
    connection.execute(f"CREATE TABLE {scalers} (id int, scaler normfreeze.scaler)")
    for case, (method, options) in enumerate(CASES):
        state = database.fit(connection, scalers, case, f"fit_{data_name}_{kind}", "x", method, options)
        report.check(state is None or state in REFUSALS, f"fit {method} {options} of {data_name}: SQLSTATE", state)
    return scalers, {case: (*CASES[case], parameters)
                     for case, parameters in database.json_arrays(connection, scalers).items()}


def name_of(method, options):
    return f"{method}({', '.join(map(str, options.values()))})"


def compare(peer, case, dtype, x, ours, theirs, where):
    method, options, parameters = case
    normalized = options.get("output_distribution", "normal") == "normal"
    shown = {"log1p": ("log1p", "expm1"), "quantile": (f"to {options.get('output_distribution')}", f"from {options.get('output_distribution')}"),
             "power": (options.get("method"), f"inverse {options.get('method')}")}[method]
    if options.get("standardize"):
        shown = tuple(f"{words}, std" for words in shown)
    if peer != PEER_ROUNDED and normalized:
        for what in shown:
            table.THE_TABLE.excuse(method, peer, what, REASONS[method])
    for i, (got, expected) in enumerate(zip(ours, theirs)):
        inputs = ours[0] if i == 2 else x
        table.THE_TABLE.add(method, peer, name_of(method, options), dtype.__name__, shown[i > 0], got, expected,
                            inputs, where)
    if peer != PEER_ROUNDED and normalized and not options.get("standardize"):
        check_bound(case, x, ours[0], theirs[0], f"{name_of(method, options)} of {where}, {dtype.__name__}, {peer}")


def test_transcendental(server, connection):
    """Every method with elementary functions, every option, both types: bits, and distances."""
    jobs, where = [], []
    jit = apply_parity.jit_connection(server)
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        sets = datasets.all_sets(dtype)
        for data_name in SETS:
            x = load(connection, data_name, sets[data_name], dtype)
            scalers, cases = fit_all(connection, data_name, dtype)
            results = database.apply(connection, scalers, f"few_{data_name}_{kind}", "x", kind, x.shape[1], len(x))
            if jit and data_name in JIT_SETS:
                inlined = database.apply(jit, scalers, f"few_{data_name}_{kind}", "x", kind, x.shape[1], len(x))
                differ = sum(int(wire.unequal(a, b).sum()) for case in cases
                             for a, b in zip(inlined[case], results[case]))
                report.check_equal(differ, 0, f"JIT: unequal bits of {data_name}, {dtype.__name__}")
            for number, case in cases.items():
                jobs.append((case, x, results[number]))
                where.append((dtype, f"{data_name} data"))
    baseline = without_simd([(case, x, ours[0]) for case, x, ours in jobs])
    for i, ((case, x, ours), (dtype, place)) in enumerate(zip(jobs, where)):
        compare(PEER_ROUNDED, case, dtype, x, ours, with_rounded_functions(case, x, ours[0]), place)
        compare(PEER, case, dtype, x, ours, both_ways(case, x, ours[0]), place)
        if baseline:
            compare(PEER_LIBM, case, dtype, x, ours, baseline[i], place)
    table.THE_TABLE.check(report)


if __name__ == "__main__":
    np.seterr(all="ignore")
    sklearn.set_config(assume_finite=True)
    sys.stdout.buffer.write(pickle.dumps([both_ways(*job) for job in pickle.load(sys.stdin.buffer)]))
