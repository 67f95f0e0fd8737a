"""Fitted statistics against exact rational arithmetic, and scikit-learn's against the same."""

import collections

import numpy as np
from sklearn.preprocessing import StandardScaler

import database
import datasets
import exact
import report
import wire

STATISTICS = ("mean", "variance", "std")


def exact_statistics(values, ddof):
    """statistic -> (exact value or None, correctly rounded float64)"""
    mean, variance = exact.mean(values), exact.variance(values, ddof)
    if variance is None:
        return {"mean": (mean, exact.rounded(mean))}
    return {"mean": (mean, exact.rounded(mean)), "variance": (variance, exact.rounded(variance)),
            "std": (None, exact.rounded_root(variance))}


def columns_of(data):
    """The values of each feature that are not missing, in float64."""
    return [column[~np.isnan(column)] for column in np.float64(data).T]


def check_columns(said, data, ddof, name):
    """What describe() says is the correctly rounded exact value of every feature; returns how many are."""
    right = 0
    for i, values in enumerate(columns_of(data)):
        for statistic, (_, expected) in exact_statistics(values, ddof).items():
            got = said[statistic][i]
            right += report.check(not wire.unequal(np.float64(got), np.float64(expected)).any(),
                                  f"{name}: {statistic} of feature {i + 1}, ddof {ddof}",
                                  f"fitted {got!r}, exact {expected!r}")
        for statistic, expected in (("min", values.min()), ("max", values.max())):
            report.check(said[statistic][i] == expected, f"{name}: {statistic} of feature {i + 1}")
    return right


def compare_distances(said, data, counts, name):
    """scikit-learn's fitted mean and variance are never closer to the exact values than ours."""
    peer = StandardScaler().fit(np.float64(data))
    for i, values in enumerate(columns_of(data)):
        for statistic, fitted in (("mean", peer.mean_), ("variance", peer.var_)):
            target = exact_statistics(values, 0)[statistic][0]
            ours = exact.distance(said[statistic][i], target)
            theirs = exact.distance(fitted[i], target)
            report.check(ours <= theirs, f"{name}: {statistic} of feature {i + 1} is closer in scikit-learn",
                         f"{said[statistic][i]!r} and {fitted[i]!r}")
            counts[statistic, "ours closer" if ours < theirs else "equally close" if ours == theirs else "theirs"] += 1


def test_fit(server, connection):
    """Mean, variance and deviation are the correctly rounded exact ones; scikit-learn's are no closer."""
    counts = collections.Counter()
    right = 0
    for dtype in (np.float64, np.float32):
        kind = database.SQL_TYPE[dtype]
        for data_name, data in datasets.all_sets(dtype).items():
            for ddof in (0, 1):
                said = database.described(
                    connection, f"(SELECT normfreeze.fit(x, 'standard', '{{\"ddof\": {ddof}}}') "
                    f"FROM data_{data_name}_{kind} WHERE train = 1)")
                right += check_columns(said, data, ddof, f"fit of {data_name} {kind}")
                if ddof == 0:
                    compare_distances(said, data, counts, f"fit of {data_name} {kind}")
    print(f"correctly rounded statistics: {right}")
    for (statistic, verdict), count in sorted(counts.items()):
        print(f"distance of the fitted {statistic} to the exact value, against scikit-learn: {verdict} {count}")
    report.check(counts["mean", "ours closer"] > 0 and counts["variance", "ours closer"] > 0,
                 "scikit-learn's mean and variance are farther off somewhere")
