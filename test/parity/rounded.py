"""Correctly rounded elementary functions in numpy's place, by mpmath's arithmetic of 200 bits.

mpmath computes with Python's integers: neither a libm nor MPFR, which the
core asks in doubt.  within() puts these functions into scikit-learn's and
scipy's own code.
"""

import contextlib
import math
import types
from unittest import mock

import mpmath
import numpy as np
from scipy import special
from scipy.stats import _morestats
from sklearn.preprocessing import _data

DIGITS = mpmath.MPContext()
DIGITS.prec = 200
LARGE = 1000.0                  # exp of it overflows, of its negative underflows, well before

_cache = {}


def nearest(value, dtype):
    """The float nearest to a multiprecision number, ties to even."""
    sign, significand, exponent, size = value._mpf_
    if not significand:
        return dtype(float(value))
    info = np.finfo(dtype)
    drop = max(size - (info.nmant + 1), info.minexp - info.nmant - exponent)
    if drop > 0:
        kept, rest, half = significand >> drop, significand & ((1 << drop) - 1), 1 << (drop - 1)
        significand, exponent = kept + (rest > half or rest == half and kept & 1), exponent + drop
    try:
        magnitude = math.ldexp(significand, exponent)
    except OverflowError:
        magnitude = math.inf
    if magnitude > float(info.max):
        magnitude = math.inf
    return dtype(-magnitude if sign else magnitude)


def elementwise(name, exactly, special_case, plain):
    """A ufunc of correctly rounded values; where special_case(*x) holds, the plain function is exact."""
    def function(*arguments):
        arrays = np.broadcast_arrays(*arguments)
        dtype = np.result_type(*arguments).type
        out = np.empty(arrays[0].shape, dtype)
        for at in np.ndindex(out.shape):
            x = tuple(dtype(array[at]) for array in arrays)
            key = (name, dtype, *(value.tobytes() for value in x))
            if key not in _cache:
                _cache[key] = (plain(*x) if special_case(*x) else
                               nearest(exactly(*(DIGITS.mpf(float(value)) for value in x)), dtype))
            out[at] = _cache[key]
        return out
    function.__name__ = name
    return function


def not_a_number_but(x):
    return not math.isfinite(x) or x == 0


log = elementwise("log", DIGITS.log, lambda x: not_a_number_but(x) or x < 0, np.log)
log1p = elementwise("log1p", DIGITS.log1p, lambda x: not_a_number_but(x) or x <= -1, np.log1p)
exp = elementwise("exp", DIGITS.exp, lambda x: not_a_number_but(x) or abs(x) > LARGE, np.exp)
expm1 = elementwise("expm1", DIGITS.expm1, lambda x: not_a_number_but(x) or abs(x) > LARGE, np.expm1)


def power_is_special(x, y):
    return (not_a_number_but(x) or not_a_number_but(y) or x < 0 and y != math.floor(y) or
            abs(float(y) * math.log(abs(x))) > LARGE)


power = elementwise("power", DIGITS.power, power_is_special, np.power)


def exact_normal_quantile(p):
    """One step of Halley's from the float: cubic, so 2^-50 becomes 2^-150 or better."""
    z = DIGITS.mpf(float(special.ndtri(float(p))))
    error = (DIGITS.ncdf(z) - p) / DIGITS.npdf(z)
    return z - error / (1 + z * error / 2)


normal_quantile = elementwise("normal_quantile", exact_normal_quantile,
                              lambda p: not 0 < p < 1 or p == 0.5, special.ndtri)
normal_probability = elementwise("normal_probability", DIGITS.ncdf,
                                 lambda z: not_a_number_but(z) or abs(z) > 40, special.ndtr)


# ---- scipy's and scikit-learn's compiled functions, from their sources (scipy/special/_boxcox.pxd) ----

def boxcox(x, lmbda):
    x, lmbda = np.float64(x), np.float64(lmbda)
    if abs(lmbda) < 1e-19:
        return log(x)
    exponent = lmbda * log(x)
    return np.where(exponent < 709.78, expm1(exponent) / lmbda,
                    np.copysign(1.0, lmbda) * exp(exponent - log(abs(lmbda))) - 1 / lmbda)


def inv_boxcox(y, lmbda):
    y, lmbda = np.float64(y), np.float64(lmbda)
    if lmbda == 0:
        return exp(y)
    return np.where(lmbda * y < 1.79e308, exp(log1p(lmbda * y) / lmbda),
                    exp((log(np.copysign(1.0, lmbda) * (y + 1 / lmbda)) + log(abs(lmbda))) / lmbda))


def norm_ppf(p):
    return np.float64(normal_quantile(p))


def norm_cdf(z):
    return normal_probability(np.float64(z))


# ---- in the place of theirs ----

class Numpy:
    """numpy, but for these functions."""

    log, log1p, exp, expm1, power = map(staticmethod, (log, log1p, exp, expm1, power))

    def __getattr__(self, name):
        return getattr(np, name)


@contextlib.contextmanager
def within():
    """scikit-learn's and scipy's transformations call the functions above."""
    numpy = Numpy()
    stats = types.SimpleNamespace(norm=types.SimpleNamespace(ppf=norm_ppf, cdf=norm_cdf),
                                  yeojohnson=_morestats.yeojohnson)
    with (mock.patch.object(_data, "np", numpy), mock.patch.object(_data, "stats", stats),
          mock.patch.object(_data, "boxcox", boxcox), mock.patch.object(_data, "inv_boxcox", inv_boxcox),
          mock.patch.object(_morestats, "array_namespace", lambda *arrays: numpy)):
        yield
