"""Every method with every combination of its options: oracles of its parameters, and scikit-learn's estimators."""

import itertools

import numpy as np
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

import exact

BOTH = (True, False)
OPTIONS = {
    "standard": {"with_mean": BOTH, "with_std": BOTH, "ddof": (0, 1)},
    "minmax": {"feature_range": ((0, 1), (-1, 1), (0.1, 0.9), (-1000, -0.001)), "clip": BOTH},
    "maxabs": {"clip": BOTH},
    "robust": {"with_centering": BOTH, "with_scaling": BOTH,
               "quantile_range": ((25, 75), (10, 90), (0, 100)), "unit_variance": BOTH},
    "identity": {},
}
METHODS = list(OPTIONS)


def combinations(method):
    """All combinations of a method's options, as dictionaries."""
    names = list(OPTIONS[method])
    return [dict(zip(names, values)) for values in itertools.product(*OPTIONS[method].values())]


# ---- parameters: what the database must have fitted, bit for bit ----

def nonzero(scale):
    return 1.0 if scale == 0 else scale


def standard_parameters(values, with_mean, with_std, ddof):
    scale = 1.0
    if with_std and values.min() != values.max():
        scale = exact.rounded_root(exact.variance(values, ddof))
    return ({"center": exact.rounded(exact.mean(values))} if with_mean else {}) | {"scale": scale}


def minmax_parameters(values, feature_range, clip):
    low, high = map(float, feature_range)
    scale = (high - low) / np.float64(nonzero(values.max() - values.min()))
    return {"scale": scale, "offset": low - values.min() * scale}


def maxabs_parameters(values, clip):
    return {"scale": nonzero(np.abs(values).max())}


def robust_parameters(values, with_centering, with_scaling, quantile_range, unit_variance):
    scale = np.float64(1.0)
    if with_scaling:
        low, high = np.nanpercentile(values, quantile_range)
        scale = np.float64(nonzero(high - low))
        if unit_variance:
            scale /= exact.unit_variance_divisor(*quantile_range)
    return ({"center": np.nanmedian(values)} if with_centering else {}) | {"scale": scale}


def identity_parameters(values):
    return {}


def expected_parameters(method, options, data):
    """name -> array over features; None if one is not finite or a scale is zero, which fit() refuses."""
    columns = []
    with np.errstate(all="ignore"):
        for column in np.float64(data).T:
            values = column[~np.isnan(column)]
            columns.append(globals()[f"{method}_parameters"](values, **options))
    # a parameter of -0.0 is stored as 0.0, by contract
    found = {name: np.array([column[name] for column in columns], np.float64) + 0.0 for name in columns[0]}
    usable = all(np.isfinite(value).all() for value in found.values()) and (found.get("scale", np.ones(1)) != 0).all()
    return found if usable else None


# ---- estimators with given parameters ----

def estimator(method, options, parameters, width):
    """The scikit-learn estimator of a method with fitted attributes set by hand."""
    build = {"standard": standard, "minmax": minmax, "maxabs": maxabs, "robust": robust, "identity": identity}
    made = build[method](options, parameters)
    made.n_features_in_ = width
    return made


def standard(options, p):
    made = StandardScaler(with_mean=options["with_mean"], with_std=options["with_std"])
    made.mean_ = p["center"] if options["with_mean"] else None
    made.scale_ = p["scale"] if options["with_std"] else None
    made.var_ = p["scale"] ** 2 if options["with_std"] else None
    made.n_samples_seen_ = 1
    return made


def minmax(options, p):
    low, high = options["feature_range"]
    made = MinMaxScaler(feature_range=(low, high), clip=options["clip"])
    made.scale_, made.min_ = p["scale"], p["offset"]
    made.data_min_ = (low - p["offset"]) / p["scale"]
    made.data_max_ = (high - p["offset"]) / p["scale"]
    made.data_range_ = made.data_max_ - made.data_min_
    made.n_samples_seen_ = 1
    return made


def maxabs(options, p):
    made = MaxAbsScaler(clip=options["clip"])
    made.scale_ = made.max_abs_ = p["scale"]
    made.n_samples_seen_ = 1
    return made


def robust(options, p):
    made = RobustScaler(**options)
    made.center_ = p["center"] if options["with_centering"] else None
    made.scale_ = p["scale"] if options["with_scaling"] else None
    return made


def identity(options, p):
    return FunctionTransformer()
