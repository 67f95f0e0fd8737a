"""Row norms l1, l2 and max: the exact norm rounded once, and how often scikit-learn's Normalizer has it too.

numpy's sums of a row depend on its memory layout and the CPU, so scikit-learn
has two results for the same row; ours is held against rational arithmetic.
"""

from fractions import Fraction

import numpy as np
from sklearn.preprocessing import Normalizer

import database
import datasets
import exact
import report
import rounded
import table
import wire

NORMS = ("l1", "l2", "max")
PEER_EXACT = "exact norm, rounded once"
PEERS = {"scikit-learn, rows contiguous": "C", "scikit-learn, columns contiguous": "F"}
REASON = ("numpy's sum of a row depends on its layout in memory (and on the CPU), and overflows to infinity or underflows to "
          "zero with extreme values; ours is the exact one, rounded (left out: rows with a norm below 10 eps, which "
          "scikit-learn leaves as they are)")
SETS = ("gauss", "offset", "money", "integers", "mixed", "subnormals", "near_subnormals", "huge", "constants", "nans",
        "zeros", "one_row", "two_rows", "iris", "wine", "diabetes", "breast_cancer")


def rounded_single(fraction):
    """The float32 nearest to a positive rational."""
    # 200 bits and a sticky one, so that nothing is rounded twice
    shift = 200 - (fraction.numerator.bit_length() - fraction.denominator.bit_length())
    scaled = fraction * Fraction(2) ** shift
    whole = scaled.numerator // scaled.denominator
    sticky = int(whole * scaled.denominator != scaled.numerator)
    return rounded.nearest(rounded.DIGITS.make_mpf(rounded.mpmath.libmp.from_man_exp(2 * whole + sticky, -shift - 1)),
                           np.float32)


def norm_of(row, kind):
    """The exact norm of the values that are there, rounded to the row's type; 1 instead of 0."""
    dtype = row.dtype.type
    values = np.abs(np.float64(row[~np.isnan(row)]))
    if not values.size or values.max() == 0:
        return dtype(1)
    if np.isinf(values.max()) or kind == "max":
        return dtype(values.max())
    total = exact.total(values) if kind == "l1" else exact.root(sum(Fraction(value) ** 2 for value in values.tolist()))
    with np.errstate(over="ignore"):
        return dtype(exact.rounded(total)) if dtype is np.float64 else rounded_single(total)


def expected(x, kind):
    norms = np.array([norm_of(row, kind) for row in x], x.dtype)
    return x / norms[:, None]


def extreme_rows(dtype, width=6):
    """Overflowing and underflowing sums, halfway cases of float32 and float64, zeros, NaN and infinities."""
    rng = np.random.default_rng(7)
    info = np.finfo(dtype)
    scales = [1e200, 1e-200, 1e154, 1e-154, 1e160, 1e-160, 1e300, 1e-300] if dtype is np.float64 else \
             [1e30, 1e-30, 1e19, 1e-19, 1e20, 1e-22, 1e37, 1e-37]
    rows = [rng.normal(size=width) * scale for scale in scales for _ in range(6)]
    rows += [rng.integers(-9, 9, width) * float(info.smallest_subnormal) for _ in range(20)]
    rows += [np.full(width, info.max), np.full(width, info.smallest_subnormal), np.full(width, info.tiny)]
    rows += [rng.permutation([1.0, float(info.eps) / 2, *rng.choice([0, 2.0**-90, -(2.0**-100)], width - 2)])
             for _ in range(40)]
    # halfway for float32, and again for float64, were it rounded twice
    rows += [np.array([1.0, 2.0**-24, 2.0**-53, *np.zeros(width - 3)]), np.array([1.0, 2.0**-24, *[2.0**-55] * (width - 2)])]
    rows += [rng.choice([3.0, 4.0, 0.0, 12.0, 5.0], width) * 2.0**int(rng.integers(-40, 40)) for _ in range(40)]
    rows += [rng.choice([0.0, -0.0, 1.0, np.nan, np.inf, -np.inf], width) for _ in range(40)]
    rows += [np.array([1e16, 1.0, -1.0, 1e-16, 1e16, 1.0]), np.full(width, np.nan), np.zeros(width), -np.zeros(width)]
    with np.errstate(over="ignore"):
        return np.array(rows).astype(dtype)


def all_rows(dtype):
    sets = datasets.all_sets(dtype)
    found = {name: np.concatenate([sets[name][:150], datasets.probes(sets[name].shape[1], dtype)]) for name in SETS}
    found["extreme"] = extreme_rows(dtype)
    found["wide"] = np.random.default_rng(8).normal(size=(12, 700)).astype(dtype)
    return found


def normalized(connection, data_table, kind, norm, width):
    got, = wire.copy_out(
        connection, f"WITH s AS MATERIALIZED (SELECT normfreeze.bare(normfreeze.fit(x, '{norm}')) AS s FROM {data_table} "
        f"WHERE train = 1) SELECT normfreeze.normalize(d.x, s.s) FROM {data_table} d, s ORDER BY d.id", [(kind, width)])
    return got


def compare_peers(x, got, norm, where):
    """Finite rows against both layouts of scikit-learn, but for rows that it takes for zero."""
    usable = np.isfinite(x).all(axis=1) & (np.abs(x).max(axis=1) >= 10 * np.finfo(x.dtype).eps)
    if not usable.any():
        return
    for peer, order in PEERS.items():
        theirs = np.ascontiguousarray(Normalizer(norm=norm).transform(np.array(x[usable], order=order)))
        if norm != "max":
            table.THE_TABLE.excuse(norm, peer, "forward", REASON)
        table.THE_TABLE.add(norm, peer, norm, x.dtype.name, "forward", got[usable], theirs, x[usable], where)


def test_row_norms(server, connection):
    """Every row's norm is the exact one, correctly rounded, in both types; missing values are left out."""
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        for data_name, x in all_rows(dtype).items():
            data_table = f"norms_{data_name}_{kind}"
            finite_first = np.argsort(~np.isfinite(x).all(axis=1), kind="stable")
            x = np.ascontiguousarray(x[finite_first])
            database.load(connection, data_table, {"x": x}, {"x": kind},
                          scored=int((~np.isfinite(x).all(axis=1)).sum()))
            for norm in NORMS:
                got = normalized(connection, data_table, kind, norm, x.shape[1])
                table.THE_TABLE.add(norm, PEER_EXACT, norm, dtype.__name__, "forward", got, expected(x, norm), x,
                                    f"{data_name} data")
                compare_peers(x, got, norm, f"{data_name} data")
    table.THE_TABLE.check(report)
