"""Every method with every combination of its options: oracles of its parameters, and scikit-learn's estimators."""

import itertools
import math
from fractions import Fraction

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
    "mad": {"with_centering": BOTH, "with_scaling": BOTH, "factor": (1.4826, 1)},
    "meanabs": {},
    "midrange": {},
    "mean": {},
    "sum": {},
    "decimal": {},
    "affine": {"center": (0, -2.5), "scale": (1, -0.3)},
    "sqrt": {"domain": ("null",)},
    "square": {},
    "reciprocal": {"domain": ("null",)},
}
METHODS = list(OPTIONS)

# Methods with a location and a scale take an intercept and a multiplier besides, one of these each.
SHIFTS = (
    {"intercept": 0.25, "multiplier": -3},
    {"intercept": "min"},
    {"intercept": "-mean", "multiplier": 0.1},
    {"intercept": "max", "multiplier": 1e-3},
    {"intercept": "mean", "multiplier": 7},
    {"intercept": "-min", "multiplier": 1e10},
    {"intercept": "-max"},
)
SHIFTED = (
    ("standard", {"with_mean": True, "with_std": True, "ddof": 1}),
    ("standard", {"with_mean": False, "with_std": True, "ddof": 0}),
    ("minmax", {"feature_range": (0, 1), "clip": False}),
    ("maxabs", {"clip": False}),
    ("robust", {"with_centering": True, "with_scaling": True, "quantile_range": (10, 90), "unit_variance": True}),
    ("robust", {"with_centering": False, "with_scaling": True, "quantile_range": (25, 75), "unit_variance": False}),
    ("identity", {}),
    ("mad", {"with_centering": True, "with_scaling": True, "factor": 1.4826}),
    ("meanabs", {}),
    ("midrange", {}),
    ("mean", {}),
    ("sum", {}),
    ("decimal", {}),
    ("affine", {"center": 0.1, "scale": 3}),
)


def combinations(method):
    """All combinations of a method's options, as dictionaries."""
    names = list(OPTIONS[method])
    return [dict(zip(names, values)) for values in itertools.product(*OPTIONS[method].values())]


def shifted():
    """(method, options) with an intercept and a multiplier."""
    return [(method, options | SHIFTS[i % len(SHIFTS)]) for i, (method, options) in enumerate(SHIFTED)]


def all_cases():
    return [(method, options) for method in METHODS for options in combinations(method)] + shifted()


def is_shifted(options):
    return "intercept" in options


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


def mad_parameters(values, with_centering, with_scaling, factor):
    median = np.nanmedian(values)
    scale = np.float64(1.0)
    if with_scaling:
        scale = nonzero(np.float64(factor) * np.nanmedian(np.abs(values - median)))
    return ({"center": median} if with_centering else {}) | {"scale": scale}


def meanabs_parameters(values):
    return {"center": exact.rounded(exact.mean(values)), "scale": nonzero(exact.rounded(exact.mean_distance(values)))}


def midrange_parameters(values):
    low, high = Fraction(float(values.min())), Fraction(float(values.max()))
    return {"center": exact.rounded((high + low) / 2), "scale": nonzero(exact.rounded((high - low) / 2))}


def mean_parameters(values):
    return {"center": exact.rounded(exact.mean(values)), "scale": 1.0}


def sum_parameters(values):
    return {"scale": nonzero(exact.rounded(exact.total(values)))}


def decimal_parameters(values):
    """The least power of ten, from 1 on, that no |x| reaches."""
    largest = float(np.abs(values).max())
    powers = (float(f"1e{k}") for k in range(309))
    return {"scale": next((power for power in powers if largest < power), math.inf)}


def affine_parameters(values, center, scale):
    return {"center": float(center), "scale": float(scale)}


def sqrt_parameters(values, domain):
    return {}


def square_parameters(values):
    return {}


def reciprocal_parameters(values, domain):
    return {}


def location_scale(method, own, values):
    """Teradata's location and scale of a method, from its own parameters."""
    if method == "minmax":
        return values.min(), nonzero(values.max() - values.min())
    return own.get("center", 0.0), own.get("scale", 1.0)


def intercept_value(intercept, values):
    if not isinstance(intercept, str):
        return float(intercept)
    statistic = {"min": values.min, "max": values.max, "mean": lambda: exact.rounded(exact.mean(values))}
    return -statistic[intercept[1:]]() if intercept.startswith("-") else statistic[intercept]()


def parameters_of(method, options, values):
    """name -> parameter of one feature with these values, none of them missing"""
    if not is_shifted(options):
        return globals()[f"{method}_parameters"](values, **options)
    own_options = {name: value for name, value in options.items() if name not in ("intercept", "multiplier")}
    own = globals()[f"{method}_parameters"](values, **own_options)
    center, scale = location_scale(method, own, values)
    return {"center": center, "scale": scale, "multiplier": float(options.get("multiplier", 1)),
            "intercept": intercept_value(options["intercept"], values)}


def expected_parameters(method, options, data):
    """name -> array over features; None if one is not finite or a scale is zero, which fit() refuses."""
    columns = []
    with np.errstate(all="ignore"):
        for column in np.float64(data).T:
            columns.append(parameters_of(method, options, column[~np.isnan(column)]))
    # a parameter of -0.0 is stored as 0.0, by contract
    found = {name: np.array([column[name] for column in columns], np.float64) + 0.0 for name in columns[0]}
    usable = all(np.isfinite(value).all() for value in found.values()) and (found.get("scale", np.ones(1)) != 0).all()
    return found if usable else None


# ---- estimators with given parameters ----

def estimator(method, options, parameters, width):
    """The scikit-learn estimator of a method with fitted attributes set by hand, or else numpy's operations."""
    build = {"standard": standard, "minmax": minmax, "maxabs": maxabs, "robust": robust, "identity": identity,
             "sqrt": square_root, "square": square, "reciprocal": reciprocal}
    if is_shifted(options) or method not in build:
        return Operations(parameters)
    made = build[method](options, parameters)
    made.n_features_in_ = width
    return made


class Operations:
    """intercept + multiplier * ((x - center) / scale), as far as there are such parameters, in numpy's place."""

    STEPS = (("center", np.subtract, np.add), ("scale", np.divide, np.multiply),
             ("multiplier", np.multiply, np.divide), ("intercept", np.add, np.subtract))

    def __init__(self, parameters):
        self.parameters = parameters

    def transform(self, x):
        y = x.copy()
        for name, forward, _ in self.STEPS:
            if name in self.parameters:
                forward(y, self.parameters[name], out=y, casting="same_kind")
        return y

    def inverse_transform(self, y):
        x = y.copy()
        for name, _, inverse in reversed(self.STEPS):
            if name in self.parameters:
                inverse(x, self.parameters[name], out=x, casting="same_kind")
        return x


def peer(method, options):
    """Whose arithmetic it is held against."""
    if is_shifted(options):
        return "numpy, intercept + multiplier (Teradata)"
    return {"mad": "numpy (R, Vertica, SAP HANA)", "meanabs": "numpy (SAP HANA)", "decimal": "numpy (SAP HANA)",
            "midrange": "numpy (Teradata)", "mean": "numpy (Teradata)", "sum": "numpy (Teradata)",
            "affine": "numpy"}.get(method, "scikit-learn")


def oracle(method, options):
    """Where the expected parameters come from."""
    if is_shifted(options):
        return "as of the method"
    if method in ("robust", "mad"):
        return "numpy's percentiles and median"
    if method in ("minmax", "maxabs"):
        return "scikit-learn's operations"
    return "exact rational, rounded once"


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


def square_root(options, p):
    return FunctionTransformer(np.sqrt, np.square)


def square(options, p):
    return FunctionTransformer(np.square, np.sqrt)


def reciprocal(options, p):
    return FunctionTransformer(lambda x: np.where(x == 0, np.nan, np.reciprocal(x)), np.reciprocal)
