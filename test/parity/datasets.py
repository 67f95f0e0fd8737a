"""Generated and real data, in float64 or float32; and rows to apply scalers to besides."""

import numpy as np
from sklearn import datasets as real

GENERATED = {}


def generated(function):
    GENERATED[function.__name__] = function
    return function


def tiny(dtype):
    return np.finfo(dtype).smallest_subnormal


@generated
def gauss(rng, dtype):
    return rng.normal(size=(257, 17))


@generated
def offset(rng, dtype):
    return 1e8 + rng.normal(size=(200, 5)) * (1e-3 if dtype is np.float64 else 100)


@generated
def lognormal(rng, dtype):
    return rng.lognormal(0, 3, size=(200, 6))


@generated
def money(rng, dtype):
    return np.round(rng.lognormal(5, 1, size=(300, 4)), 2)


@generated
def integers(rng, dtype):
    return rng.integers(-32768, 32768, size=(200, 9)).astype(float)


@generated
def mixed(rng, dtype):
    return rng.normal(size=(200, 8)) * 10.0 ** rng.uniform(-20, 20, size=(200, 8))


@generated
def subnormals(rng, dtype):
    return rng.integers(-2**20, 2**20, size=(100, 3)).astype(float) * float(tiny(dtype))


@generated
def near_subnormals(rng, dtype):
    """Subnormal values among normal ones: every method has finite parameters."""
    values = rng.normal(size=(120, 4))
    values[::3] = rng.integers(-2**20, 2**20, size=(40, 4)) * float(tiny(dtype))
    return values


@generated
def huge(rng, dtype):
    return rng.uniform(-1, 1, size=(150, 3)) * (1e300 if dtype is np.float64 else 1e37)


@generated
def largest(rng, dtype):
    """Sums and differences overflow."""
    values = rng.choice([-1, -0.75, 0.5, 1], size=(40, 3)) * float(np.finfo(dtype).max) * 0.99
    values[:, 2] = np.abs(values[:, 2])
    return values


@generated
def constants(rng, dtype):
    return np.tile([0.0, 1.0, -3.5, 14.62, 1e30, 1e-40, 0.1], (50, 1))


@generated
def nans(rng, dtype):
    values = rng.normal(3, 2, size=(200, 7))
    values[rng.random(values.shape) < 0.2] = np.nan
    values[:, 6] = np.nan
    values[7, 6] = 1.25
    return values


@generated
def positive_nans(rng, dtype):
    values = rng.lognormal(0, 1, size=(90, 4))
    values[rng.random(values.shape) < 0.3] = np.nan
    return values


@generated
def zeros(rng, dtype):
    values = rng.choice([0.0, -0.0, 1.0, -1.0, 0.25], size=(151, 5))
    values[:, 1] = -0.0
    values[:, 2] = rng.choice([0.0, -0.0], size=151)
    values[:, 3] = np.abs(values[:, 3])
    return values


@generated
def one_row(rng, dtype):
    return np.array([[0.0, -2.5, 1e20, 3.3, -0.0]])


@generated
def two_rows(rng, dtype):
    return rng.normal(size=(2, 33))


def real_sets():
    return {name: getattr(real, f"load_{name}")().data
            for name in ("iris", "wine", "breast_cancer", "diabetes")}


def all_sets(dtype):
    """name -> training data of a dtype"""
    sets = {name: function(np.random.default_rng(list(name.encode())), dtype)
            for name, function in GENERATED.items()}
    sets.update(real_sets())
    return {name: np.ascontiguousarray(values, dtype) for name, values in sets.items()}


def probes(width, dtype):
    """Rows to apply to besides: special values in every feature, and a shuffle of them."""
    info = np.finfo(dtype)
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 0.9, 2.0, 1e-30, -1e30,
                        info.smallest_subnormal, -info.smallest_subnormal, info.tiny, -info.tiny,
                        info.max, info.min, info.eps, 1 - info.epsneg, 1 + info.eps], dtype)
    rows = np.repeat(special[:, None], width, axis=1)
    shuffled = np.random.default_rng(width).permuted(rows, axis=0)
    return np.concatenate([rows, shuffled])
