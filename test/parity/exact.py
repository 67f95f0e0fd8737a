"""Oracles: exact rational statistics, and the normal quantile to many digits."""

import decimal
import math
from fractions import Fraction

from scipy import stats

UNIT = 1074                     # every float8 is a whole multiple of 2^-1074


def whole(x):
    """A float64 as a whole number of units."""
    numerator, denominator = float(x).as_integer_ratio()
    return numerator << (UNIT + 1 - denominator.bit_length())


def mean(values):
    """The exact mean of float64 values, as a Fraction."""
    return Fraction(sum(whole(x) for x in values), len(values) << UNIT)


def variance(values, ddof):
    """The exact variance, as a Fraction; None if there are too few values."""
    n = len(values)
    if n <= ddof:
        return None
    units = [whole(x) for x in values]
    spread = n * sum(u * u for u in units) - sum(units) ** 2
    return Fraction(spread, (n * (n - ddof)) << (2 * UNIT))


def total(values):
    """The exact sum of float64 values, as a Fraction."""
    return Fraction(sum(whole(x) for x in values), 1 << UNIT)


def mean_distance(values):
    """The exact mean distance from the exact mean, as a Fraction."""
    n = len(values)
    units = [whole(x) for x in values]
    center = sum(units)
    return Fraction(sum(abs(n * u - center) for u in units), (n * n) << UNIT)


def weighted_mean(values, weights):
    """sum(w x) / sum(w), exactly."""
    return (sum(Fraction(float(x)) * Fraction(float(w)) for x, w in zip(values, weights)) /
            sum(Fraction(float(w)) for w in weights))


def weighted_variance(values, weights):
    """sum(w (x - mean)^2) / sum(w), exactly."""
    mean_ = weighted_mean(values, weights)
    return (sum(Fraction(float(w)) * (Fraction(float(x)) - mean_) ** 2 for x, w in zip(values, weights)) /
            sum(Fraction(float(w)) for w in weights))


def rounded(fraction):
    """The nearest float64 (Python divides integers with one correct rounding)."""
    try:
        return fraction.numerator / fraction.denominator
    except OverflowError:
        return math.inf if fraction > 0 else -math.inf


def rounded_root(fraction):
    """The float64 nearest to the square root of an exact rational."""
    if fraction == 0:
        return 0.0
    # scaled so that the integer root has 100 bits at least; then a sticky last bit
    shift = max(0, 100 + (fraction.denominator.bit_length() - fraction.numerator.bit_length()) // 2)
    scaled, rest = divmod(fraction.numerator << (2 * shift), fraction.denominator)
    root = math.isqrt(scaled)
    sticky = int(rest != 0 or root * root != scaled)
    return rounded(Fraction(2 * root + sticky, 1 << (shift + 1)))


def root(fraction):
    """A rational that rounds as the square root of one does: 400 bits of it and a sticky one."""
    if fraction == 0:
        return fraction
    shift = 400 - (fraction.numerator.bit_length() - fraction.denominator.bit_length()) // 2
    scaled = fraction * Fraction(4) ** shift
    found = math.isqrt(scaled.numerator // scaled.denominator)
    return (2 * found + (found * found != scaled)) * Fraction(2) ** (-shift - 1)


def distance(x, exact):
    """How far a float64 is from an exact value."""
    return abs(Fraction(float(x)) - exact) if math.isfinite(x) else math.inf


# ---- the normal distribution, by its series ----

DIGITS = 420
PI = decimal.Decimal(
    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651"
    "32823066470938446095505822317253594081284811174502841027019385211055596446229489549303819644288109756659334461"
    "28475648233786783165271201909145648566923460348610454326648213393607260249141273724587006606315588174881520920"
    "96282925409171536436789259036001133053054882046652138414695194151160943305727036575959195309218611738193261179"
    "31051185480744623799627495673518857527248912279381830119491298336733624406566430860213949463952247371907021798"
    "6094370277053921717629317675238467481846766940513")


def density(z):
    return (-z * z / 2).exp() / (2 * PI).sqrt()


def distribution(z):
    """Phi(z) = 1/2 + density(z) (z + z^3/3 + z^5/(3 5) + ...)"""
    term = total = z
    k = 1
    while abs(term) > abs(total).scaleb(-DIGITS):
        k += 2
        term = term * z * z / k
        total += term
        if term == 0:
            break
    return decimal.Decimal("0.5") + density(z) * total


def normal_quantile(p):
    """The float64 nearest to the normal quantile of the float64 p."""
    if p in (0.0, 0.5, 1.0):
        return {0.0: -math.inf, 0.5: 0.0, 1.0: math.inf}[p]
    with decimal.localcontext() as context:
        context.prec = DIGITS
        target = decimal.Decimal(p)
        z = decimal.Decimal(float(stats.norm.ppf(p)))
        for _ in range(4):
            z -= (distribution(z) - target) / density(z)
        return float(z)


_divisors = {}


def unit_variance_divisor(low, high):
    """What RobustScaler(unit_variance=True) divides by, each quantile rounded once."""
    if (low, high) not in _divisors:
        _divisors[low, high] = normal_quantile(high / 100.0) - normal_quantile(low / 100.0)
    return _divisors[low, high]
