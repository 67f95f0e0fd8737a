"""Deriving the parameters of each method from values (src/core/scaler/derive.c, method.c): from exact moments and order statistics.

The arithmetic is scikit-learn's (sklearn/preprocessing/_data.py), operation by operation; only the moments
themselves are more exact.
"""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .evidence import _Evidence, _power_function
from .formulas import _FORMULA_NAMED
from .methods import _METHODS, _METHOD_CODES, _Method
from .power_fit import _fit_lambda
from ..base.decimals import _far_quantile
from ..base.normal import _normal_quantile
from ..exact.moments import _Moments
from ..exact.weighted import _WeightedSums

_DEFAULT_QUANTILES = 1000
_DECIMAL_MOST = 308         # 10^308 is the largest power of ten that is a float64


class _NoParameters(Exception):
    """
    Why a feature has no parameters: "no values", "infinite", "not finite", "not positive", "singular", "overflows",
    "collapses", "fewer than quantiles", "undefined"; with what a message about it says.
    """

    def __init__(self, reason: str, least: float = 0.0, power: float = 0.0, step: float = 0.0, undefined: float = 0.0):
        super().__init__(reason)
        self.reason, self.least, self.power, self.step, self.undefined = reason, least, power, step, undefined


class _DeriveInput:
    """What parameters are derived from."""

    def __init__(self, method: _Method, options: list, moments: _Moments, weighted: _WeightedSums | None = None,
                 evidence: _Evidence | None = None, bounded: bool = False):
        self.method, self.options, self.moments, self.weighted = method, options, moments, weighted
        self.evidence, self.bounded = evidence, bounded

    def option(self, name: str):
        """The value of an option; of an interval both."""
        place, width = _option_place(self.method, name)
        return self.options[place] if width == 1 else tuple(self.options[place:place + width])

    def set_option(self, name: str, value: float):
        self.options[_option_place(self.method, name)[0]] = value

    def mean(self) -> float:
        return self.weighted.mean() if self.weighted else self.moments.mean()

    def has_one_value(self) -> bool:
        return self.moments.min == self.moments.max

    def needs_values(self, needed: bool = True):
        if needed and self.moments.count == 0:
            raise _NoParameters("no values")


class _Derived(NamedTuple):
    """What the formula needs, and whether the feature is constant: its spread, by the measure of the method, is exactly zero."""

    parameters: tuple = ()
    constant: bool = False
    table: Any = None


def _option_place(method: _Method, name: str):
    """Where the values of an option begin, and how many there are."""
    place = 0
    for option in method.options:
        width = 2 if option.kind == "interval" else 1
        if option.name == name:
            return place, width
        place += width
    return -1, 0


def _nonzero_scale(scale: float):
    """The scale, and whether it is exactly zero, which marks a constant feature and becomes 1."""
    return (1.0, True) if scale == 0 else (scale, False)


def _float_division(a: float, b: float) -> float:
    """Division as the hardware does it."""
    with np.errstate(all="ignore"):
        return float(np.float64(a) / np.float64(b))


# ---- methods that follow from moments ----

def _derive_standard(given: _DeriveInput) -> _Derived:
    with_mean, with_std = given.option("with_mean"), given.option("with_std")
    given.needs_values(with_mean or with_std)
    constant = given.has_one_value()
    scale = 1.0
    if with_std and not constant:
        scale = given.weighted.deviation() if given.weighted else given.moments.deviation(int(given.option("ddof")))
    return _Derived(((given.mean(),) if with_mean else ()) + (scale,), constant)


def _derive_minmax(given: _DeriveInput) -> _Derived:
    """MinMaxScaler: scale_ = (high - low) / (data_max_ - data_min_), min_ = low - data_min_ * scale_"""
    low, high = given.option("feature_range")
    width, constant = _nonzero_scale(given.moments.max - given.moments.min)
    scale = (high - low) / width
    return _Derived((scale, low - given.moments.min * scale), constant)


def _largest_magnitude(moments: _Moments) -> float:
    return max(abs(moments.min), abs(moments.max))


def _derive_maxabs(given: _DeriveInput) -> _Derived:
    scale, constant = _nonzero_scale(_largest_magnitude(given.moments))
    return _Derived((scale,), constant)


def _half_sum(a: float, b: float) -> float:
    """(a + b) / 2, rounded once.  Halving first would round subnormals; halving last might overflow."""
    total = a + b
    return total * 0.5 if math.isfinite(total) else a * 0.5 + b * 0.5


def _derive_midrange(given: _DeriveInput) -> _Derived:
    """Teradata: ((max + min) / 2, (max - min) / 2)"""
    low, high, constant = given.moments.min, given.moments.max, given.has_one_value()
    return _Derived((_half_sum(high, low), 1.0 if constant else _half_sum(high, -low)), constant)


def _derive_mean(given: _DeriveInput) -> _Derived:
    """Teradata: (mean, 1)"""
    return _Derived((given.mean(), 1.0), given.has_one_value())


def _derive_sum(given: _DeriveInput) -> _Derived:
    """Teradata: (0, sum)"""
    scale, constant = _nonzero_scale(given.weighted.total() if given.weighted else given.moments.total())
    return _Derived((scale,), constant)


def _derive_decimal(given: _DeriveInput) -> _Derived:
    """Decimal scaling: the least power of ten, from 1 on, by which every |x| is divided below 1."""
    largest, scale, exponent = _largest_magnitude(given.moments), 1.0, 1
    # literals, because a product of tens is not exact above 1e22
    while largest >= scale and exponent <= _DECIMAL_MOST:
        scale, exponent = float(f"1e{exponent}"), exponent + 1
    return _Derived((math.inf if largest >= scale else scale,), largest == 0)


def _derive_log1p(given: _DeriveInput) -> _Derived:
    if not given.moments.min > -1.0:
        raise _NoParameters("not positive", least=-1.0)
    return _Derived((), given.has_one_value())


def _derive_affine(given: _DeriveInput) -> _Derived:
    """The parameters are options.  With the defaults, values stay as they are."""
    return _Derived((0.0, 1.0), given.has_one_value())


def _derive_nothing(given: _DeriveInput) -> _Derived:
    return _Derived((), given.has_one_value())


# ---- methods that need the values ----

def _derive_robust(given: _DeriveInput) -> _Derived:
    """RobustScaler: center_ = median, scale_ = difference of two percentiles"""
    with_centering, with_scaling = given.option("with_centering"), given.option("with_scaling")
    given.needs_values(with_centering or with_scaling)
    center = (given.evidence.median(),) if with_centering else ()
    scale, constant = 1.0, given.has_one_value()
    if with_scaling:
        low, high = given.option("quantile_range")
        scale, constant = _nonzero_scale(given.evidence.percentile(high) - given.evidence.percentile(low))
        if given.option("unit_variance"):
            scale = _float_division(scale, _quantile_of_normal(high / 100.0) - _quantile_of_normal(low / 100.0))
    return _Derived(center + (scale,), constant)


def _quantile_of_normal(p: float) -> float:
    """The normal quantile of 0 <= p <= 1."""
    if p in (0.0, 1.0):
        return -math.inf if p == 0 else math.inf
    q = min(p, 1.0 - p)         # exact where it is taken (Sterbenz)
    if q >= 1e-8:
        return float(_normal_quantile(np.array([p]))[0])
    return math.copysign(_far_quantile(q), p - 0.5)


def _derive_mad(given: _DeriveInput) -> _Derived:
    """
    The median, and the median distance from it times option "factor".  The default factor makes it the deviation of
    normally distributed values (1.4826, as in R's mad() and Vertica); 1 gives SAP HANA's median absolute deviation.
    """
    with_centering, with_scaling = given.option("with_centering"), given.option("with_scaling")
    given.needs_values(with_centering or with_scaling)
    median = given.evidence.median() if with_centering or with_scaling else 0.0
    scale, constant = 1.0, given.has_one_value()
    if with_scaling:
        distance = given.evidence.median_distance(median)
        constant = distance == 0
        scale = 1.0 if constant else given.option("factor") * distance
    return _Derived(((median,) if with_centering else ()) + (scale,), constant)


def _derive_meanabs(given: _DeriveInput) -> _Derived:
    """The mean and the mean distance from it, each rounded once (SAP HANA)."""
    mean, constant = given.moments.mean(), given.has_one_value()
    if constant:
        return _Derived((mean, 1.0), True)
    if given.evidence.in_cells:
        # a cell that contains the mean does not tell how many of its values are on which side
        distance = given.evidence.moments_of(lambda values: np.abs(values - mean)).mean()
    else:
        distance = given.moments.mean_distance(given.evidence.moments_from(given.moments.mean_ceiling()))
    return _Derived((mean, distance), False)


def _reference_probabilities(n: int):
    if n == 1:
        return np.zeros(1)
    references = np.arange(n) * (1.0 / (n - 1))
    references[-1] = 1.0
    return references


def _derive_quantile(given: _DeriveInput) -> _Derived:
    count, wanted = given.moments.count, given.option("n_quantiles")
    if wanted <= 0:
        most = _DEFAULT_QUANTILES if wanted == 0 else -wanted
        wanted = 1.0 if count == 0 else float(min(count, most))
        given.set_option("n_quantiles", wanted)
    given.needs_values()
    if count < wanted:
        raise _NoParameters("fewer than quantiles")
    quantiles = given.evidence.percentiles(_reference_probabilities(int(wanted)) * 100.0)
    # numpy's interpolation may step back by a unit in the last place
    quantiles = np.maximum.accumulate(quantiles) + 0.0
    # differences of values may overflow in the interpolation
    if not np.isfinite(quantiles).all():
        raise _NoParameters("not finite")
    return _Derived((), given.has_one_value(), quantiles)


def _derive_power(given: _DeriveInput) -> _Derived:
    box_cox, constant = bool(given.option("method")), given.has_one_value()
    if box_cox and given.moments.min <= 0:
        raise _NoParameters("not positive")
    if box_cox and constant:
        raise _NoParameters("singular")
    power, center, scale = 1.0, 0.0, 1.0        # subtracting 0 leaves the values of a constant feature as they are
    if not constant:
        outcome, power, step = _fit_lambda(given.evidence, box_cox, given.bounded)
        if outcome != "found":
            raise _NoParameters(outcome, power=power, step=step)
    if given.option("standardize"):
        # from the values that the scaler computes when it is applied, with their rounding
        with np.errstate(all="ignore"):
            moments = given.evidence.moments_of(_power_function(box_cox, power + 0.0))
        center = moments.mean()
        if moments.min != moments.max:
            scale = moments.deviation()
    return _Derived((power, center, scale), constant)


# ---- location and scale, for an intercept and a multiplier ----

def _location_and_scale(given: _DeriveInput, derived: _Derived):
    return derived.parameters


def _scale_alone(given: _DeriveInput, derived: _Derived):
    return 0.0, derived.parameters[0]


def _location_if_centered(given: _DeriveInput, derived: _Derived):
    return derived.parameters if len(derived.parameters) == 2 else _scale_alone(given, derived)


def _location_of_minmax(given: _DeriveInput, derived: _Derived):
    """Teradata's RANGE: (min, max - min)"""
    return given.moments.min, 1.0 if derived.constant else given.moments.max - given.moments.min


def _no_location_nor_scale(given: _DeriveInput, derived: _Derived):
    return 0.0, 1.0


# ---- the table ----

class _Derivation(NamedTuple):
    """How the parameters of a method are derived."""

    derive: Any
    location_scale: Any = None          # None if the method has neither
    needs_values: bool = False          # more of them than their moments
    takes_weights: bool = False
    needs_one: bool = False             # at least one value; otherwise it depends on the options
    given: bool = False                 # the parameters are options, and not derived
    needs_range: bool = False           # no more of the values than their number and their range


_DERIVATIONS = {
    "standard": _Derivation(_derive_standard, _location_if_centered, takes_weights=True),
    "minmax": _Derivation(_derive_minmax, _location_of_minmax, takes_weights=True, needs_one=True, needs_range=True),
    "maxabs": _Derivation(_derive_maxabs, _scale_alone, takes_weights=True, needs_one=True, needs_range=True),
    "robust": _Derivation(_derive_robust, _location_if_centered, needs_values=True),
    "identity": _Derivation(_derive_nothing, _no_location_nor_scale, takes_weights=True, needs_range=True),
    "mad": _Derivation(_derive_mad, _location_if_centered, needs_values=True),
    "meanabs": _Derivation(_derive_meanabs, _location_and_scale, needs_values=True, needs_one=True),
    "midrange": _Derivation(_derive_midrange, _location_and_scale, takes_weights=True, needs_one=True, needs_range=True),
    "mean": _Derivation(_derive_mean, _location_and_scale, takes_weights=True, needs_one=True),
    "sum": _Derivation(_derive_sum, _scale_alone, takes_weights=True, needs_one=True),
    "decimal": _Derivation(_derive_decimal, _scale_alone, takes_weights=True, needs_one=True, needs_range=True),
    "quantile": _Derivation(_derive_quantile, needs_values=True),
    "power": _Derivation(_derive_power, needs_values=True, needs_one=True),
    "log1p": _Derivation(_derive_log1p, takes_weights=True, needs_range=True),
    "l1": _Derivation(_derive_nothing, takes_weights=True),
    "l2": _Derivation(_derive_nothing, takes_weights=True),
    "max": _Derivation(_derive_nothing, takes_weights=True),
    "affine": _Derivation(_derive_affine, _location_and_scale, takes_weights=True, given=True, needs_range=True),
    **{name: _Derivation(_derive_nothing, takes_weights=True, needs_range=True)
       for name in ("log", "log2", "log10", "sqrt", "cbrt", "square", "asinh", "logit", "reciprocal", "expm1")},
}

# defaults of options of methods, each a tuple of one value or two
_OPTION_DEFAULTS = {
    "with_mean": (1,), "with_std": (1,), "ddof": (0,), "feature_range": (0, 1), "clip": (0,), "with_centering": (1,),
    "with_scaling": (1,), "quantile_range": (25, 75), "unit_variance": (0,), "factor": (1.4826,), "method": (0,),
    "standardize": (1,), "output_distribution": (0,),
    # until a fit settles it, as many as there are values: at most 1,000 for 0, at most its magnitude for a negative value
    "n_quantiles": (0,),
}


def _method_named(name: str) -> _Method | None:
    """The method of a name, if it can be fitted here."""
    return _METHODS[_METHOD_CODES[name] - 1] if name in _METHOD_CODES and name in _DERIVATIONS else None


def _default_options(method: _Method) -> list:
    return [float(value) for option in method.options for value in _OPTION_DEFAULTS[option.name]]


def _usual_domain(method: _Method, options) -> str:
    """The domain policy of a feature of this method alone, where options do not say one."""
    domain = _formula_of(method, options).domain
    return "keep" if domain is None or domain.kept else "error"


def _formula_of(method: _Method, options):
    return _FORMULA_NAMED[method.formulas[int(options[method.decides])] if len(method.formulas) > 1 else method.formulas[0]]


def _are_usable(formula, parameters) -> bool:
    """Return whether the formula can be applied: all parameters are finite, and no divisor is zero."""
    return all(math.isfinite(value) and not (value == 0 and name == "scale")
               for name, value in zip(formula.parameters, parameters))


def _derive(given: _DeriveInput, shifted: bool) -> _Derived:
    """
    The parameters of the method's own formula.  With `shifted` only location and scale are used.  Raises _NoParameters.
    Options that depend on the data are set.
    """
    derivation = _DERIVATIONS[given.method.name]
    if derivation.needs_one:
        given.needs_values()
    derived = derivation.derive(given)
    derived = derived._replace(parameters=tuple(value + 0.0 for value in derived.parameters))
    if not shifted and not _are_usable(_formula_of(given.method, given.options), derived.parameters):
        raise _NoParameters("not finite")
    return derived
