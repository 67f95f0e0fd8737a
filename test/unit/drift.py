#!/usr/bin/env python3
"""Drift against oracles that share no code with it.

Every p-value against exact counting: all orders of two small samples, lattice
paths and binomials in integers, series with digits to spare.  Common cells,
bins and measures against their definitions on the whole sorted data, in
rational arithmetic.  The core is compiled with ASan and UBSan.
"""

import decimal
import fractions
import functools
import itertools
import math
import os
import random
import sys
import tempfile

import run as core
from run import bits, unbits, word
from report import check, check_equal, exit_with_summary

Decimal = decimal.Decimal
Fraction = fractions.Fraction
LARGEST = sys.float_info.max
KINDS = BELOW, WITHIN, ABOVE, MISSING = range(4)
UNDECIDED, NONE, MODERATE, MAJOR = range(4)
MEASURES = ("missing", "outside", "mean_shift", "variance_ratio", "psi")
THRESHOLDS = ((0.05, 0.2), (0.01, 0.05), (0.2, 0.5), (2.0, 4.0), (0.1, 0.25))
ALL_MEASURES = (1 << len(THRESHOLDS)) - 1
ALPHA, EPSILON = 0.01, 0.0001

decimal.getcontext().prec = 60


def as_decimal(q):
    q = Fraction(q)
    return Decimal(q.numerator) / Decimal(q.denominator)


def close(got, expected, relative, absolute=1e-300):
    """Is a float near a float, Fraction or Decimal?  Not defined is NaN, or None in the oracle."""
    if expected is None or isinstance(expected, float) and math.isnan(expected):
        return math.isnan(got)
    if not math.isfinite(got) or isinstance(expected, float) and math.isinf(expected):
        return not math.isnan(got) and got == (expected if abs(expected) <= LARGEST else math.inf if expected > 0 else -math.inf)
    expected = expected if isinstance(expected, Decimal) else as_decimal(expected)
    return abs(Decimal(got) - expected) <= Decimal(relative) * abs(expected) + Decimal(absolute)


class Wrong:
    """Counts cases; keeps the first few wrong ones."""

    def __init__(self, what):
        self.what, self.cases, self.found = what, 0, []

    def note(self, right, *evidence):
        self.cases += 1
        if not right:
            self.found.append(evidence)

    def report(self):
        check(self.cases and not self.found, f"{self.what} ({self.cases} cases)", f"{len(self.found)} wrong, as {self.found[:3]}")


def ask(shell, command, *arguments):
    return unbits(int(shell.ask(" ".join(map(str, (command, *arguments))))[0], 16))


# ---- Kolmogorov-Smirnov ----

def ask_ks(shell, distance, n, m):
    return ask(shell, "ks", n, m, distance >> 64, distance & (1 << 64) - 1)


def walk_distances(n, m):
    """The largest distance, in units of 1 / (n m), of every order of n + m values."""
    for places in itertools.combinations(range(n + m), n):
        chosen = set(places)
        i = j = farthest = 0
        for k in range(n + m):
            i, j = (i + 1, j) if k in chosen else (i, j + 1)
            farthest = max(farthest, abs(i * m - j * n))
        yield farthest


def exact_ks(distance, n, m):
    """By counting the lattice paths that stay nearer than distance."""
    paths = [1] + [0] * m
    for i in range(n + 1):
        for j in range(m + 1):
            if abs(i * m - j * n) >= distance:
                paths[j] = 0
            elif i + j:
                paths[j] = (paths[j] if i else 0) + (paths[j - 1] if j else 0)
    return 1 - Fraction(paths[m], math.comb(n + m, n))


def kolmogorov_limit(x):
    """The other form of the limit, by Jacobi's identity, which converges fast for small x; else the usual one."""
    x = Decimal(x)
    if x < Decimal("0.9"):
        pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
        total = sum((-(2 * k - 1) ** 2 * pi * pi / (8 * x * x)).exp() for k in range(1, 30))
        return 1 - (2 * pi).sqrt() / x * total
    return 2 * sum((-1) ** (k - 1) * (-2 * k * k * x * x).exp() for k in range(1, 60))


def test_ks(shell, rng):
    orders = Wrong("KS: all orders of small samples, counted")
    for n, m in ((1, 1), (1, 4), (2, 3), (3, 3), (5, 2), (4, 6), (6, 6), (7, 5)):
        found = list(walk_distances(n, m))
        for distance in sorted(set(found)) + [0, n * m]:
            expected = Fraction(sum(d >= distance for d in found), len(found))
            orders.note(close(ask_ks(shell, distance, n, m), expected, 1e-14), n, m, distance)
    orders.report()

    exact = Wrong("KS: exact for moderate samples")
    for n, m in ((20, 20), (50, 31), (100, 7), (3, 200), (64, 48), (90, 100), (1, 1000)):
        for distance in {rng.randrange(1, n * m + 1) for _ in range(6)} | {n * m // 4, n * m // 3, n * m}:
            expected = exact_ks(distance, n, m)
            exact.note(close(ask_ks(shell, distance, n, m), expected, 1e-13), n, m, distance, float(expected))
    exact.report()

    limit = Wrong("KS: the limit for large samples")
    for n, m in ((1001, 1000), (10 ** 5, 10 ** 3), (10 ** 9, 10 ** 9), (3 * 10 ** 18, 5), (7 * 10 ** 18, 7 * 10 ** 18)):
        for x in (0.05, 0.19, 0.2, 0.4, 0.7, 0.9, 1.0, 1.6, 2.5, 5.0, 12.0, 40.0):
            scale = Decimal((n + m) * n * m).sqrt()
            distance = min(n * m, int(Decimal(x) * scale))
            expected = kolmogorov_limit(distance / scale)
            got = ask_ks(shell, distance, n, m)
            # the exponent's own rounding: 2 x^2 units of it
            limit.note(close(got, expected, 1e-15 * (10 + 4 * x * x), 1e-12 if x <= 0.2 else 1e-300), n, m, x, got, float(expected))
    limit.report()

    safe = Wrong("KS: the limit is not below the exact chance")
    for n, m in ((1001, 1000), (1010, 1010), (5000, 201), (40000, 26)):
        for x in (0.9, 1.6, 2.4):
            distance = int(x * math.sqrt((n + m) * n * m))
            if n == m:
                distance -= distance % n
            got, expected = ask_ks(shell, distance, n, m), lattice_ks(distance, n, m)
            # n = m at far from significant distances: below by the part 0.4 / n, no more
            safe.note(got >= expected * (1 - 0.5 / min(n, m)), n, m, x, got, expected)
            if expected < 0.04:
                safe.note(got >= expected * (1 - 1e-9), n, m, x, got, expected)
    safe.report()


def lattice_ks(distance, n, m):
    """exact_ks() in floats scaled row by row: sums of positive terms, so good to some 1e-12 of the chance inside."""
    inside = [0.0] * (m + 1)
    inside[0] = 1.0
    for i in range(n + 1):
        low = max(0, -(-(i * m - distance + 1) // n))
        high = min(m, (i * m + distance - 1) // n)
        row = [0.0] * (m + 1)
        for j in range(low, high + 1):
            if i + j == 0:
                row[0] = 1.0
            else:
                row[j] = (inside[j] * i + (row[j - 1] * j if j else 0.0)) / (i + j)
        inside = row
    return 1.0 - inside[m]


# ---- chi-squared ----

@functools.lru_cache(None)
def chi_squared_tail(x, degrees):
    """1 less the series of the lower incomplete gamma function, with digits for what cancels."""
    with decimal.localcontext() as context:
        context.prec = 60 + int(x / 4)
        half, a = Decimal(x) / 2, Decimal(degrees) / 2
        if half == 0:
            return Decimal(1)
        gamma, at = (Decimal(1), Decimal(1)) if degrees % 2 == 0 else (pi_digits(context.prec + 10).sqrt(), Decimal("0.5"))
        while at < a:
            gamma, at = gamma * at, at + 1
        term = total = 1 / a
        k = 1
        while term > Decimal(10) ** -context.prec * total:
            term *= half / (a + k)
            total += term
            k += 1
        return 1 - half ** a * (-half).exp() / gamma * total


def pi_digits(digits):
    """Machin's formula."""
    with decimal.localcontext() as context:
        context.prec = digits + 10

        def arctangent_of_inverse(n):
            term = total = Decimal(1) / n
            k = 1
            while abs(term) > Decimal(10) ** -(digits + 5):
                term = -term / (n * n)
                total += term / (2 * k + 1)
                k += 1
            return total
        return 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))


def test_chi_squared(shell, rng):
    wrong = Wrong("chi-squared: the tail")
    for degrees in (1, 2, 3, 4, 5, 8, 9, 10, 12, 51, 102):
        for x in (5e-324, 1e-9, 0.1, 0.5, 1.0, degrees - 0.5, degrees + 1.0, 3.0 * degrees, 60.0, 200.0, 700.0, 899.0, 901.0, 1200.0):
            expected = chi_squared_tail(x, degrees)
            got = ask(shell, "chisquared", degrees, word(x))
            # Abramowitz and Stegun 26.2.12 beyond 30 deviations, where p < 1e-195
            tolerance = 3e-8 if x > 900 and degrees % 2 else 1e-14 * (10 + x)
            if expected > Decimal("1e-270"):
                wrong.note(close(got, expected, tolerance), degrees, x, got, float(expected))
            else:
                wrong.note(got < 1e-200, degrees, x, got)
    wrong.report()
    check_equal([ask(shell, "chisquared", d, word(x)) for d in (1, 2) for x in (0.0, -1.0)], [1.0] * 4, "chi-squared: of nothing")


def pearson(groups):
    """The p-value of groups of (count, count): Pearson's statistic in rationals."""
    n, m = (sum(g[side] for g in groups) for side in (0, 1))
    statistic = Fraction(0)
    for group in groups:
        for count, size in zip(group, (n, m)):
            expected = Fraction(sum(group) * size, n + m)
            if expected:
                statistic += (count - expected) ** 2 / expected
    if statistic > 1500:
        return Decimal(0)
    return chi_squared_tail(float(statistic), len(groups) - 1) if len(groups) > 1 else Decimal(1)


def joinings(pairs):
    """Every way to join neighbouring bins."""
    for cuts in itertools.product((False, True), repeat=len(pairs) - 1):
        groups = [list(pairs[0])]
        for cut, (a, b) in zip(cuts, pairs[1:]):
            if cut:
                groups.append([a, b])
            else:
                groups[-1][0] += a
                groups[-1][1] += b
        yield groups


def is_full(groups):
    """Ten values are expected of either sample in each."""
    n, m = (sum(g[side] for g in groups) for side in (0, 1))
    return all(sum(g) * min(n, m) >= 10 * (n + m) for g in groups)


def ask_homogeneity(shell, pairs):
    return ask(shell, "homogeneity", len(pairs), *(a for a, _ in pairs), *(b for _, b in pairs))


def test_homogeneity(shell, rng):
    full = Wrong("homogeneity: Pearson's test where all bins are full")
    for _ in range(150):
        top = rng.choice((60, 500, 10 ** 6, 10 ** 9))
        pairs = [(rng.randrange(top // 2, top), rng.randrange(top // 2, top)) for _ in range(rng.randrange(2, 13))]
        if rng.random() < 0.7:      # nearly the same shares, else the tail is nothing
            pairs = [(a, max(1, int(a * rng.choice((0.3, 1, 4)) + rng.gauss(0, 1) * math.sqrt(a)))) for a, _ in pairs]
        if is_full(pairs):
            got, expected = ask_homogeneity(shell, pairs), pearson(pairs)
            full.note(close(got, expected, 1e-10) if expected > Decimal("1e-250") else got < 1e-190, pairs, got, float(expected))
    full.report()

    joined = Wrong("homogeneity: thin bins are joined to full ones")
    more = 0
    for _ in range(300):
        scale = rng.choice((5, 15, 40))
        pairs = [(rng.randrange(scale), rng.randrange(scale)) for _ in range(rng.randrange(2, 9))]
        if any(sum(p[side] for p in pairs) == 0 for side in (0, 1)):
            check_equal(ask_homogeneity(shell, pairs), 1.0, "homogeneity of an empty sample")
            continue
        allowed = [groups for groups in joinings(pairs) if is_full(groups)]
        got = ask_homogeneity(shell, pairs)
        matching = [len(groups) for groups in allowed if close(got, pearson(groups), 1e-10)]
        joined.note(matching if max(map(len, allowed), default=1) > 1 else got == 1.0, pairs, got)
        more += max(matching, default=0) > 1
    joined.report()
    check(more > 50, "homogeneity: joined bins are still compared", more)


# ---- counts ----

def test_outside(shell, rng):
    orders = Wrong("outside: all orders of small samples, counted")
    for n, m in ((2, 1), (2, 2), (3, 4), (5, 3), (2, 7), (6, 5)):
        found = []
        for places in itertools.combinations(range(n + m), n):
            found.append(places[0] + n + m - 1 - places[-1])
        for k in range(m + 1):
            expected = Fraction(sum(f >= k for f in found), len(found))
            orders.note(close(ask(shell, "outside", k, m, n), expected, 1e-14), k, m, n)
    orders.report()

    exact = Wrong("outside: exact for larger ones")
    for _ in range(150):
        n, m = rng.choice((2, 3, 30, 1000)), rng.choice((1, 5, 40, 2500))
        k = rng.choice((1, 2, 3, m, rng.randrange(1, m + 1)))
        if k > m:
            continue


        expected = Fraction(ways_outside(k, m, n), math.comb(n + m, n))
        got = ask(shell, "outside", k, m, n)
        exact.note(close(got, expected, 1e-12, 1e-290), k, m, n, got, float(expected))
    exact.report()
    check_equal([ask(shell, "outside", *a) for a in ((0, 9, 9), (3, 9, 1), (0, 0, 5), (9, 9, 0))], [1.0] * 4, "outside: no evidence")
    check(ask(shell, "outside", 10 ** 9, 10 ** 9, 10 ** 6) < 1e-300, "outside: all of very many")


def ways_outside(k, m, n):
    """Orders with at least k live values at both ends together: s of them leave m - s among the n - 1 inner gaps."""
    return sum((s + 1) * math.comb(m - s + n - 2, n - 2) for s in range(k, m + 1))


def exact_fisher(a, n, b, m):
    ways = [math.comb(n, a + b - x) * math.comb(m, x) for x in range(0, min(m, a + b) + 1)]
    return min(Fraction(1), 2 * min(Fraction(sum(ways[:b + 1]), sum(ways)), Fraction(sum(ways[b:]), sum(ways))))


def test_fisher(shell, rng):
    wrong = Wrong("Fisher: twice the smaller tail, in integers")
    small = [(a, n, b, m) for n in range(1, 6) for m in range(1, 6) for a in range(n + 1) for b in range(m + 1)]
    larger = []
    for _ in range(100):
        n, m = rng.choice((10, 133, 1000, 4000)), rng.choice((10, 133, 1000))
        p = rng.choice((0.01, 0.1, 0.5, 0.99))
        larger.append((sum(rng.random() < p for _ in range(n)), n,
                       rng.choice((0, m, rng.randrange(m + 1), sum(rng.random() < p for _ in range(m)))), m))
    for case in small + larger:
        got, expected = ask(shell, "fisher", *case), exact_fisher(*case)
        wrong.note(close(got, expected, 1e-10, 1e-290), case, got, float(expected))
    wrong.report()
    for n in (10 ** 6, 10 ** 9, 10 ** 12, 10 ** 18):
        got = ask(shell, "fisher", 0, n, 20, n)
        expected = 2 * Fraction(math.prod(range(n - 19, n + 1)), math.prod(range(2 * n - 19, 2 * n + 1)))
        check(close(got, expected, 1e-12), f"Fisher: 20 of {n} against none", f"{got!r}, not {float(expected)!r}")
    check_equal([ask(shell, "fisher", *c) for c in ((0, 5, 0, 9), (5, 5, 9, 9), (0, 0, 3, 9), (3, 9, 0, 0))], [1.0] * 4,
                "Fisher: no evidence")


def holm(p):
    """By definition: the i-th smallest times the number of those not smaller, and never below a smaller one's."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [None] * len(p)
    for rank, i in enumerate(order):
        adjusted[i] = min(1.0, max(p[j] * (len(p) - r) for r, j in enumerate(order[:rank + 1])))
    return adjusted


def test_holm(shell, rng):
    wrong = Wrong("Holm's correction")
    for _ in range(200):
        p = [rng.choice((0.0, 1.0, rng.random(), rng.random() ** 8, 0.01)) for _ in range(rng.choice((1, 2, 3, 10, 60)))]
        got = [unbits(int(w, 16)) for w in shell.ask(f"holm {len(p)} {' '.join(map(word, p))}")[0].split()]
        wrong.note(got == holm(p), p[:5], got[:5])
    wrong.report()


# ---- cells ----

def cell_of(x, e, a):
    """The sign and the edge nearest to zero of a value's cell: the finer of two grids."""
    if x == 0:
        return 0, 0
    magnitude = bits(abs(x))
    return (-1 if x < 0 else 1), max(core.relative_floor(magnitude, e), core.linear_floor(magnitude, a))


@functools.lru_cache(100000)
def cell_bounds(sign, edge, e, a):
    """The least and the greatest float in a cell, found by bisection."""
    if sign == 0:
        return 0.0, 0.0
    low, high = max(edge, 1), bits(LARGEST)
    while low < high:
        middle = (low + high + 1) // 2
        if cell_of(unbits(middle), e, a)[1] == edge:
            low = middle
        else:
            high = middle - 1
    near, far = unbits(max(edge, 1)), unbits(low)
    return (near, far) if sign > 0 else (-far, -near)


def finite(values):
    return [v + 0.0 for v in values if v is not None and math.isfinite(v)]


def levels(values, size):
    e, a, _ = core.histogram(values, size)
    return e, a


def common_cells(reference, live, size, live_size):
    """[(lower, upper, count, count)] at the coarser levels of both, from the values themselves."""
    e, a = map(max, levels(reference, size), levels(live, live_size))
    counts = {}
    for side, values in enumerate((reference, live)):
        for v in values:
            counts.setdefault(cell_of(v, e, a), [0, 0])[side] += 1
    return sorted((*cell_bounds(*cell, e, a), *pair) for cell, pair in counts.items())


# ---- bins ----

def bin_starts(cells, wanted):
    """Cells where bins start: for every quantile, the edge of cells nearest to it in rank, the lower one if equal."""
    total = sum(c[2] for c in cells)
    filled = [c for c in cells if c[2]]
    edges = [0]
    for cell in filled:
        edges.append(edges[-1] + cell[2])
    ranks = {0}
    for part in range(1, wanted):
        target = Fraction(part * total, wanted)
        ranks.add(min(edges, key=lambda rank: (abs(rank - target), rank)))
    return [filled[edges.index(rank)] for rank in sorted(ranks) if rank < total]


def count_sides(reference, live, inside):
    return [sum(map(inside, values)) for values in (reference, live)]


def expected_bins(reference, live, cells, wanted):
    """(kind, lower, upper, reference, live) from the raw values, None for what is missing."""
    a, b = finite(reference), finite(live)
    least, most = min(a or b, default=math.inf), max(a or b, default=-math.inf)
    found = []
    if a:
        starts = bin_starts(cells, wanted)
        occupied = [c for c in cells if c[2]]
        # an extreme cell is within, whole
        edges = [occupied[0][0], *(start[0] for start in starts[1:]), math.nextafter(occupied[-1][1], math.inf)]
        shown = [least, *(start[0] for start in starts[1:]), most]
        for i in range(len(starts)):
            found.append([WITHIN, shown[i], shown[i + 1],
                          *count_sides(a, b, lambda v: edges[i] <= v < edges[i + 1])])
        below = sum(v < edges[0] for v in b)
        above = sum(v >= edges[-1] for v in b)
        if b and min(b) < least and below == 0:
            below, found[0][4] = 1, found[0][4] - 1
        if b and max(b) > most and above == 0:
            above, found[-1][4] = 1, found[-1][4] - 1
    else:
        below = above = 0
        if b:
            found.append([WITHIN, least, most, 0, len(b)])
    low = count_sides(reference, live, lambda v: v == -math.inf)
    high = count_sides(reference, live, lambda v: v == math.inf)
    missing = count_sides(reference, live, lambda v: v is None or math.isnan(v))
    return ([[BELOW, -math.inf, least, low[0], low[1] + below]] + found +
            [[ABOVE, most, math.inf, high[0], high[1] + above], [MISSING, math.nan, math.nan, *missing]])


# ---- measures ----

def mean_and_variance(values):
    exact = [Fraction(v) for v in values]
    mean = sum(exact) / len(exact)
    return mean, sum((v - mean) ** 2 for v in exact) / len(exact)


def ratio(numerator, denominator):
    """Of rationals: 0 / 0 is 0; of nothing but 0 to 0, infinite."""
    if denominator:
        return as_decimal(numerator) / denominator if isinstance(denominator, Decimal) else Fraction(numerator) / denominator
    return 0 if numerator == 0 else math.inf if numerator > 0 else -math.inf


def area_between(cells, n, m):
    """Of the distribution functions, as if values lay evenly in cells."""
    area = below = live_below = Fraction(0)
    before = None
    for lower, upper, a, b in cells:
        gap = below / n - live_below / m
        if before is not None:
            area += abs(gap) * (Fraction(lower) - Fraction(before))
        below, live_below = below + a, live_below + b
        after = below / n - live_below / m
        width = Fraction(upper) - Fraction(lower)
        if (gap < 0) != (after < 0) and gap and after:
            zero = abs(gap) / (abs(gap) + abs(after))
            area += width * (abs(gap) * zero + abs(after) * (1 - zero)) / 2
        else:
            area += width * (abs(gap) + abs(after)) / 2
        before = upper
    return area


def bin_measures(bins, n, m):
    psi = entropy = squares = Decimal(0)
    parts = []
    for *_, a, b in bins:
        p, q = Fraction(a, n), Fraction(b, m)
        low, high = (as_decimal(max(share, Fraction(EPSILON))) for share in (p, q))
        parts.append((high - low) * (high / low).ln())
        psi += parts[-1]
        for share in (p, q):
            if share:
                entropy += as_decimal(share) * as_decimal(2 * share / (p + q)).ln() / Decimal(2).ln() / 2
        squares += (as_decimal(p).sqrt() - as_decimal(q).sqrt()) ** 2
    worst = max(parts)
    return {"psi": psi, "jensen_shannon": abs(entropy).sqrt(), "hellinger": (squares / 2).sqrt()}, \
        parts.index(worst) if worst > 0 else -1


def expected_measures(names, reference, live, cells, bins):
    """By definition, all that the core has: None where a measure is not defined, as one is that nothing here defines."""
    a, b = finite(reference), finite(live)
    n, m = len(reference), len(live)
    expected = dict.fromkeys(names)
    for name, rows, values in (("reference_missing", n, reference), ("live_missing", m, live)):
        expected[name] = Fraction(sum(v is None or math.isnan(v) for v in values), rows) if rows else None
    if n and m:
        expected["missing"] = abs(expected["live_missing"] - expected["reference_missing"])
    outside = bins[0][4] + bins[-2][4]
    infinite = sum(v is not None and math.isinf(v) for v in live)
    if a and b:
        (mean, variance), (live_mean, live_variance) = mean_and_variance(a), mean_and_variance(b)
        with decimal.localcontext() as context:
            context.prec = 800
            deviation = as_decimal(variance).sqrt()
        expected["mean_shift"] = ratio(live_mean - mean, deviation)
        expected["variance_ratio"] = 1 if variance == live_variance else ratio(live_variance, variance)
        expected["wasserstein"] = ratio(area_between(cells, len(a), len(b)), deviation)
        gaps = [abs(sum(c[2] for c in cells[:i + 1]) * len(b) - sum(c[3] for c in cells[:i + 1]) * len(a)) for i in range(len(cells))]
        expected["ks"] = Fraction(max(gaps), len(a) * len(b))
        expected["ks_p_value"] = exact_ks(max(gaps), len(a), len(b)) if max(gaps) else 1
        expected["cell_mass"] = max([Fraction(0)] + [max(Fraction(c[2], len(a)), Fraction(c[3], len(b))) for c in cells if c[0] < c[1]])
    if a:
        expected["outside"] = Fraction(outside, len(b) + infinite) if len(b) + infinite else None
    worst = None
    if n and m:
        shares, worst = bin_measures(bins, n, m)
        expected.update(shares)
    return expected, worst


class Feature:
    """What the core says of one feature."""

    def __init__(self, lines):
        words = lines[0].split()
        self.cells = [(*map(hex_float, words[i:i + 2]), *map(int, words[i + 2:i + 4])) for i in range(1, len(words), 4)]
        words = lines[1].split()
        self.bins = [[int(words[i]), *map(hex_float, words[i + 1:i + 3]), *map(int, words[i + 3:i + 5])]
                     for i in range(1, len(words), 5)]
        words = lines[2].split()
        self.worst, self.verdict, self.decided_by, self.rows_needed = map(int, words[:4])
        # p_value is the column's, which is corrected: the core's own comes before the named ones
        self.numbers = {name: hex_float(number) for name, number in zip(words[6::2], words[7::2])}
        self.numbers |= {"adjusted_p_value": self.numbers["p_value"], "p_value": hex_float(words[5])}


def hex_float(text):
    return unbits(int(text, 16))


def ask_drift(shell, columns, live_columns, size=512, live_size=512, wanted=10, measures=ALL_MEASURES):
    rows, live_rows = list(zip(*columns)), list(zip(*live_columns))
    command = f"drift {size} {live_size} {wanted} {measures} {len(columns)} {len(rows)} "
    command += " ".join(word(v) for row in rows for v in row) + f" {len(live_rows)} "
    lines = shell.ask(command + " ".join(word(v) for row in live_rows for v in row), 3 * len(columns) + 1)
    return [Feature(lines[i:i + 3]) for i in range(0, len(lines) - 1, 3)], int(lines[-1])


def exactly(value):
    """For comparing lists with NaN and zeros of both signs in them."""
    return [[v if isinstance(v, int) else bits(v) if not math.isnan(v) else "NaN" for v in row] for row in value]


SPECIAL = {
    "spike": ([0.0] * 60 + [float(i) for i in range(40)], [0.0] * 30 + [float(i) for i in range(30)]),
    "two spikes": ([-1.0] * 50 + [1.0] * 50, [-1.0] * 5 + [0.0, 1.0] * 20),
    "largest": ([LARGEST, -LARGEST] * 20, [LARGEST, -LARGEST, LARGEST] * 10),
    "same largest": ([LARGEST, -LARGEST] * 20, [LARGEST, -LARGEST] * 10),
    "largest and small": ([LARGEST, -LARGEST, 1.0, 2.0] * 10, [1.0, 2.0, 5e-324, -LARGEST] * 9),
    "far up": ([1e300 + i * 1e290 for i in range(50)], [1.0000000001e300 + i * 1e290 for i in range(50)]),
    "huge": ([1e200 * i for i in range(50)], [2e200 * i for i in range(50)]),
    "tiny": ([1e-200 * i for i in range(50)], [3e-200 * i for i in range(50)]),
    "least": ([5e-324, -5e-324, 0.0] * 9, [5e-324, 1e-323] * 9),
    "constant": ([7.0] * 20, [7.0] * 9),
    "other constant": ([7.0] * 20, [8.0] * 9),
    "constant before": ([7.0] * 20, [float(i) for i in range(20)]),
    "infinities": ([math.inf, -math.inf, 1.0, 2.0, 3.0] * 5, [math.inf, 1.0, 9.0] * 5),
    "all infinite": ([math.inf] * 5, [-math.inf] * 5),
    "live infinite": ([1.0, 2.0, 3.0] * 5, [-math.inf, math.inf] * 5),
    "all missing": ([None, math.nan] * 5, [None] * 4),
    "reference missing": ([None, math.nan] * 5, [1.0, 2.0, None, math.inf]),
    "live missing": ([1.0, 2.0, None, 5.0], [None, math.nan] * 5),
    "apart": ([float(i) for i in range(30)], [100.0 + i for i in range(30)]),
    "just outside": ([float(i) for i in range(30)], [math.nextafter(29.0, 30.0), math.nextafter(0.0, -1.0), 5.0]),
    "one each": ([1.0], [2.0]),
    "same one": ([1.0], [1.0]),
    "no reference": ([], [1.0, None]),
    "no live": ([1.0, 2.0], []),
    "nothing": ([], []),
}


def samples(rng):
    """(name, reference, live): the second drawn as the first, shifted, or from another source altogether."""
    for name, (reference, live) in SPECIAL.items():
        yield name, reference, live
    draws = core.generators(rng)
    for name, draw in draws.items():
        for other in (draw, lambda: draw() * 1.5, rng.choice(list(draws.values()))):
            missing = rng.choice((0.0, 0.0, 0.1))
            reference = [core.spoil(rng, draw(), missing) for _ in range(rng.choice((1, 2, 30, 150)))]
            live = [core.spoil(rng, limited(other()), rng.choice((missing, 0.3))) for _ in range(rng.choice((1, 3, 50, 150)))]
            yield name, reference, live


def limited(x):
    return x if math.isfinite(x) else math.copysign(LARGEST, x)


def test_comparison(shell, rng):
    """Cells, bins and every measure, in histograms of any size."""
    cells_wrong, bins_wrong = Wrong("common cells"), Wrong("bins")
    measures_wrong, p_wrong = Wrong("measures"), Wrong("p-values of a feature")
    for name, reference, live in samples(rng):
        for size, live_size in ((512, 512), (16, 16), (16, 64), (64, 16)):
            if not reference and not live:
                continue
            wanted = rng.choice((2, 3, 5, 10, 10, 10, 20, 100))
            (got,), _ = ask_drift(shell, [reference], [live], size, live_size, wanted) if reference and live \
                else ask_one_sided(shell, reference, live, size, live_size, wanted)
            cells = common_cells(finite(reference), finite(live), size, live_size)
            bins = expected_bins(reference, live, cells, wanted)
            case = name, size, live_size, wanted
            cells_wrong.note(exactly(got.cells) == exactly(cells), case, got.cells[:3], cells[:3])
            bins_wrong.note(exactly(got.bins) == exactly(bins), case, got.bins, bins)
            check_measures(measures_wrong, case, got, reference, live, cells, bins)
            expected = combined_probability(shell, got, reference, live)
            p_wrong.note(close(got.numbers["p_value"], expected, 1e-14) and got.numbers["adjusted_p_value"] == got.numbers["p_value"],
                         case, got.numbers["p_value"], expected)
    for wrong in (cells_wrong, bins_wrong, measures_wrong, p_wrong):
        wrong.report()


def ask_one_sided(shell, reference, live, size, live_size, wanted):
    """zip() of no rows would lose the feature."""
    lines = shell.ask(f"drift {size} {live_size} {wanted} {ALL_MEASURES} 1 {len(reference)} {' '.join(map(word, reference))} "
                      f"{len(live)} {' '.join(map(word, live))}", 4)
    return [Feature(lines[:3])], int(lines[3])


def check_measures(wrong, case, got, reference, live, cells, bins):
    expected, worst = expected_measures(got.numbers, reference, live, cells, bins)
    lost = coarseness(reference, live)
    for name, value in expected.items():
        if name in ("p_value", "adjusted_p_value") or lost is None and name in ("mean_shift", "variance_ratio", "wasserstein"):
            continue
        number = got.numbers[name]
        # differences of means, distribution functions and shares: relative to what they are differences of
        absolute = {"mean_shift": 1e-15 * scale_of(reference, live), "jensen_shannon": 1e-15}.get(name, 1e-300)
        wrong.note(close(number, value, 1e-12 + (lost or 0.0), absolute), case, name, number, value)
    if worst is not None and worst != got.worst:        # a tie, or one in rounding
        parts = [as_decimal(Fraction(b[3], len(reference))) - as_decimal(Fraction(b[4], len(live))) for b in bins]
        wrong.note(abs(abs(parts[worst]) - abs(parts[got.worst])) < Decimal("1e-12") if got.worst >= 0 else False, case, "worst bin", got.worst, worst)


def coarseness(reference, live):
    """How much deviations lose, as floats, where they are subnormal; None if that is everything."""
    deviations = [as_decimal(mean_and_variance(v)[1]).sqrt() for v in map(finite, (reference, live)) if v]
    least = min((d for d in deviations if d), default=Decimal(1))
    if least < Decimal("1e-322"):
        return None
    return 3 * float(Decimal(5e-324) / least) if least < Decimal("1e-307") else 0.0


def scale_of(reference, live):
    """Means in deviations of the reference, which may be far less."""
    a, b = finite(reference), finite(live)
    if not a or not b:
        return 1.0
    variance = mean_and_variance(a)[1]
    if variance == 0:
        return 1.0
    largest = max(map(abs, a + b))
    root = as_decimal(variance).sqrt()
    return float(as_decimal(largest) / root)


def combined_probability(shell, got, reference, live):
    """The least p-value of the tests that there are, times their number; the tests themselves are tested above."""
    a, b = finite(reference), finite(live)
    missing = [sum(v is None or math.isnan(v) for v in values) for values in (reference, live)]
    tests = [ask(shell, "homogeneity", len(got.bins), *(x[3] for x in got.bins), *(x[4] for x in got.bins)),
             ask(shell, "fisher", missing[0], len(reference), missing[1], len(live))]
    if a and b:
        tests.append(got.numbers["ks_p_value"])
    if len(a) > 1 and not any(v is not None and math.isinf(v) for v in reference):
        tests.append(ask(shell, "outside", got.bins[0][4] + got.bins[-2][4], len(live) - missing[1], len(a)))
    return min(1.0, len(tests) * min(tests))


# ---- verdicts ----

def judge(got, measures, adjusted, n, m, a, b):
    """(verdict, measure at its threshold) by definition, a, b being values that are there."""
    needed = math.log(2 / ALPHA) / 2 / 0.2 ** 2
    size = n * m / (n + m)
    ratio_of = got.numbers["variance_ratio"]
    values = (abs(got.numbers["live_missing"] - got.numbers["reference_missing"]), got.numbers["outside"],
              abs(got.numbers["mean_shift"]), max(ratio_of, 1 / ratio_of if ratio_of else math.inf), got.numbers["psi"])
    if size < needed:
        return UNDECIDED, -1
    for level in (1, 0):
        for i, value in enumerate(values):
            if measures >> i & 1 and value >= THRESHOLDS[i][level]:
                proved = adjusted < ALPHA
                verdict = (MODERATE, MAJOR)[level] if proved else NONE
                return (UNDECIDED if not proved and a and a * b / (a + b or 1) < needed else verdict), i
    return (UNDECIDED if a and a * b / (a + b or 1) < needed else NONE), -1


def test_verdicts(shell, rng):
    verdicts, correction, overall_wrong = Wrong("verdicts"), Wrong("p-values corrected for features"), Wrong("overall verdict")
    seen = set()
    for _ in range(60):
        n, m = rng.choice(((140, 140), (100, 100), (300, 150), (1000, 90), (1000, 60)))
        columns, live = [], []
        for _ in range(rng.choice((1, 3, 6))):
            shift, spread, missing = rng.choice(((0, 1, 0), (0, 1, 0), (0.3, 1, 0), (0.8, 1, 0), (0, 2.2, 0), (0, 1, 0.1), (0, 1, 0.5)))
            columns.append([rng.gauss(0, 1) for _ in range(n)])
            live.append([None if rng.random() < missing else rng.gauss(shift, spread) for _ in range(m)])
        measures = rng.choice((ALL_MEASURES, ALL_MEASURES - 1, rng.randrange(ALL_MEASURES)))
        got, overall = ask_drift(shell, columns, live, measures=measures)
        adjusted = holm([g.numbers["p_value"] for g in got])
        for i, feature in enumerate(got):
            correction.note(feature.numbers["adjusted_p_value"] == adjusted[i], i)
            expected = judge(feature, measures, adjusted[i], n, m, n, len(finite(live[i])))
            seen.add(expected)
            verdicts.note((feature.verdict, feature.decided_by) == expected, n, m, (feature.verdict, feature.decided_by), expected)
        overall_wrong.note(overall == max(g.verdict for g in got), overall)
    for wrong in (verdicts, correction, overall_wrong):
        wrong.report()
    check({(MAJOR, i) for i in range(len(MEASURES))} | {(NONE, -1), (UNDECIDED, -1)} <= seen and len(seen) >= 10, "verdicts of many kinds were there", seen)


def test_rows_needed(shell, rng):
    """So many rows are enough, and one fewer is not."""
    wrong = Wrong("how many rows are needed")
    for n, m in ((10, 10), (1, 500), (5000, 20), (100, 133), (60, 1000), (132, 132)):
        (got,), _ = ask_drift(shell, [[rng.random() for _ in range(n)]], [[rng.random() for _ in range(m)]])
        wrong.note(got.verdict == UNDECIDED and got.rows_needed > 0, n, m, "undecided")
        larger = max(n, m, got.rows_needed)
        for rows, enough in ((got.rows_needed, True), (got.rows_needed - 1, False)):
            (again,), _ = ask_drift(shell, [[rng.random() for _ in range(rows)]], [[rng.random() for _ in range(larger if enough or larger > got.rows_needed else rows)]])
            wrong.note((again.verdict != UNDECIDED) == enough, n, m, rows, larger)
    wrong.report()


def main():
    seed = int(os.environ.get("NORMFREEZE_SEED", "20261121"))
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        shell = core.Shell(core.build(folder))
        print(f"  seed {seed}")
        for test in (test_ks, test_chi_squared, test_homogeneity, test_outside, test_fisher, test_holm, test_comparison, test_verdicts,
                     test_rows_needed):
            test(shell, rng)
        check_equal(shell.close(), 0, "the sanitizers found nothing")
    exit_with_summary()


if __name__ == "__main__":
    main()
