"""Medians and percentiles against numpy, the divisor of unit_variance against the exact one and scipy's."""

import math

import numpy as np
from scipy import stats

import database
import datasets
import exact
import report
import wire

RANGES_A_SET = 12
DIVISOR_RANGES = ((25, 75), (10, 90), (1, 99), (0.1, 99.9), (2.5, 97.5), (5, 95), (49, 51), (0.001, 99.999),
                  (15.865525393145708, 84.13447460685429), (1e-12, 99.9999999), (33.3, 66.7), (20, 50), (50, 80))
NARROW_RANGES = ((40, 41), (60, 60.5), (90, 99), (1e-300, 1e-290), (1e-100, 50))


def random_ranges(rng):
    """Percentile ranges: whole, fractional, narrow and one-sided ones."""
    ends = [sorted(rng.uniform(0, 100, 2)) for _ in range(RANGES_A_SET - 4)]
    ends += [sorted(rng.integers(0, 101, 2).tolist()) for _ in range(2)]
    return [(float(low), float(high)) for low, high in ends] + [(0.0, float(rng.uniform(0, 100))), (50.0, 100.0)]


def test_percentiles(server, connection):
    """center and scale of robust fits are numpy's, bit for bit."""
    values = 0
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        for data_name, data in datasets.all_sets(dtype).items():
            data = np.float64(data)
            median = np.nanmedian(data, axis=0)
            for low, high in random_ranges(np.random.default_rng(list(data_name.encode()))):
                lower, upper = np.nanpercentile(data, (low, high), axis=0)
                scale = np.where(upper == lower, 1.0, upper - lower)
                if not np.isfinite(median).all() or not np.isfinite(scale).all():
                    continue            # refused, which apply_parity tests
                said = database.described(
                    connection, f"(SELECT normfreeze.fit(x, 'robust', '{{\"quantile_range\": [{low!r}, {high!r}]}}') "
                    f"FROM data_{data_name}_{kind} WHERE train = 1)")
                values += 2 * len(median)
                for parameter, expected in (("center", median), ("scale", scale)):
                    differ = wire.unequal(said[parameter], expected + 0.0)
                    at = int(np.argmax(differ))
                    report.check(not differ.any(), f"percentiles {low!r}, {high!r} of {data_name} {kind}: {parameter}",
                                 f"feature {at + 1}: fitted {said[parameter][at]!r}, numpy {expected[at]!r}")
    print(f"medians and percentile differences: {values} compared with numpy's")


def divisor_candidates(spreads, scales, around):
    """The float64 divisors near a guess that explain every scale: one, if there are enough scales."""
    found = []
    for steps in range(-64, 65):
        candidate = around + steps * math.ulp(around)
        if not wire.unequal(spreads / candidate, scales).any():
            found.append(candidate)
    return found


def test_unit_variance(server, connection):
    """The divisor of unit_variance, found from many scales, is the correctly rounded one; scipy's is near."""
    width = 200
    rng = np.random.default_rng(5)
    data = np.concatenate([np.zeros((1, width)), rng.uniform(1, 2, size=(2, width))])
    database.load(connection, "unit_variance", {"x": data}, {"x": "float8"})
    for low, high in DIVISOR_RANGES + NARROW_RANGES:
        name = f"unit_variance of ({low}, {high})"
        said = database.described(
            connection, f"(SELECT normfreeze.fit(x, 'robust', "
            f"'{{\"quantile_range\": [{low}, {high}], \"unit_variance\": true}}') FROM unit_variance)")
        lower, upper = np.nanpercentile(data, (low, high), axis=0)
        expected = exact.unit_variance_divisor(low, high)
        found = divisor_candidates(upper - lower, said["scale"], expected)
        report.check_equal(found, [expected], f"{name}: divisor")
        if (low, high) in DIVISOR_RANGES:
            peer = float(stats.norm.ppf(high / 100.0) - stats.norm.ppf(low / 100.0))
            report.check(all(abs(d - peer) <= 2 * math.ulp(peer) for d in found) and found,
                         f"{name}: within 2 places of scipy's", f"{found} and {peer!r}")
