#!/usr/bin/env python3
"""The lambda of a power transformation against an oracle that shares no code with it.

The log-likelihood is concave, so a lambda is within some distance of the
maximum if the likelihood rises that far below it and falls that far above it:
MPFR says so, for columns of every size, spread and shape.  What is refused is
refused for a reason, and what the error advises works.  The core is compiled
with ASan and UBSan.
"""

import collections
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import run as core
from run import ROOT, unbits
from report import check, check_equal, exit_with_summary

FOUND, PENDING, OVERFLOWS, COLLAPSES = range(4)
RELATIVE = 1e-9                 # of lambda; 1e-6 is what is promised
LARGEST_STEP = 2**-20           # of deviations: POWER_LARGEST_STEP
SEED = int(os.environ.get("NORMFREEZE_SEED", "20261128"))
COLUMNS = 4000 if "--full" in sys.argv or os.environ.get("NORMFREEZE_TEST_ALL") else 400
MOST_EVALUATIONS = 12           # of the likelihood, each a pass over a table

# by 60 digits of Python's decimal arithmetic: family, values, lambda
ANCHORS = (
    ("y", (277, 279, 285, 279, 282, 284, 288, 280, 283, 285), -3.18976620019110),
    ("b", (1, 2, 4, 8), 0.0),
    ("y", (-3, -1, 1, 3), 1.0),
)


def word(x):
    return f"{core.bits(float(x)):x}"


def build(folder):
    program = pathlib.Path(folder) / "power_shell"
    subprocess.run(
        ["cc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-ffp-contract=off",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DNORMFREEZE_TEST_PORTABLE", f"-I{ROOT / 'src'}",
         "-o", str(program), str(ROOT / "test/unit/power_shell.c"), str(ROOT / "test/unit/core_memory.c"),
         *map(str, sorted((ROOT / "src/core").glob("*/*.c"))), "-lmpfr", "-lgmp", "-lm"], check=True)
    return program


Fit = collections.namedtuple("Fit", "verdict value step evaluations cells_agree parts_agree")


class Column:
    def __init__(self, shell, values):
        self.shell, self.values = shell, [float(x) for x in values]
        shell.process.stdin.write(f"values {len(self.values)} {' '.join(map(word, self.values))}\n")

    def fit(self, family, bounded=False):
        verdict, value, step, *rest = self.shell.ask(f"fit {family} {word(bounded)}")[0].split()
        return Fit(int(verdict), unbits(int(value, 16)), unbits(int(step, 16)), *map(int, rest))

    def rises(self, family, value):
        return int(self.shell.ask(f"sign {family} {word(value)}")[0])

    def distinct(self, family, value):
        distinct, least = self.shell.ask(f"step {family} {word(value)}")[0].split()
        return int(distinct), unbits(int(least, 16))

    def is_maximum(self, family, value):
        """Within RELATIVE of lambda, or of what is a last place of it in the units of the logarithms' range."""
        low, high = min(self.values), max(self.values)
        near = 0 if low < 0 < high else min(abs(low), abs(high))
        range_of_logs = math.log1p((max(abs(low), abs(high)) - near) / (near + (family == "y")))
        off = max(RELATIVE * abs(value), 1e-15 / range_of_logs)
        return self.rises(family, value - off) >= 0 >= self.rises(family, value + off)


def random_column(generator):
    size = generator.choice((2, 3, 5, 10, 20))
    center = generator.choice((-1, 1)) * 10 ** generator.uniform(-6, 12) if generator.random() < 0.8 else 0
    spread = (abs(center) or 1) * 10 ** generator.uniform(-9, 1)
    shape = generator.choice((
        lambda: generator.gauss(0, 1),
        lambda: generator.gammavariate(2, 1),
        lambda: generator.lognormvariate(0, 1),
        lambda: -generator.lognormvariate(0, 1.5),
        lambda: generator.gauss(0, 1) / max(1e-3, abs(generator.gauss(0, 1))),
        lambda: generator.randint(0, 20)))
    return [center + spread * shape() for _ in range(size)]


def follow_the_hint(shell, values, value):
    """What the error message says to subtract."""
    end = max(values) if value > 1 else min(values)
    return Column(shell, [x - end for x in values]).fit("y")


def test_columns(shell):
    generator = random.Random(SEED)
    seen = collections.Counter()
    wrong = collections.defaultdict(list)
    while seen["columns"] < COLUMNS:
        values = random_column(generator)
        if min(values) == max(values):
            continue
        for family in "yb" if min(values) > 0 else "y":
            column = Column(shell, values)
            fit = column.fit(family)
            case = (family, fit, values[:5], len(values))
            seen["columns"] += 1
            seen[fit.verdict] += 1
            if not fit.cells_agree or not fit.parts_agree:
                wrong["the same from a store, from cells, and from merged parts in another order"].append(case)
            if fit.verdict == OVERFLOWS:
                if column.rises(family, fit.value) != (1 if fit.value > 1 else -1):
                    wrong["a lambda that overflows is beyond the bound"].append(case)
            elif not column.is_maximum(family, fit.value):
                wrong[f"lambda within {RELATIVE} of the exact likelihood's"].append(case)
            if fit.evaluations > MOST_EVALUATIONS:
                wrong["few evaluations"].append(case)
            if fit.verdict == FOUND:
                distinct, least = column.distinct(family, fit.value)
                apart = min(b - a for a, b in zip(sorted(set(values)), sorted(set(values))[1:]))
                # neighbours may only fall together where they are closer than a few steps, by the deviation of the values
                mean = math.fsum(values) / len(values)
                deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / len(values))
                if distinct < len(set(values)) and apart > 1e-3 * deviation:
                    wrong["a lambda that is taken tells values apart"].append((case, distinct))
                seen["distinct"] += distinct == len(set(values))
                continue
            bounded = column.fit(family, True)
            if bounded.verdict == FOUND:
                seen["bounded"] += 1
                distinct, _ = column.distinct(family, bounded.value)
                if distinct < 2:
                    wrong["a bounded lambda tells values apart"].append((case, bounded, distinct))
            if follow_the_hint(shell, values, fit.value).verdict != FOUND:
                wrong["what the hint says to subtract helps"].append(case)
    for what in ("the same from a store, from cells, and from merged parts in another order",
                 "a lambda that overflows is beyond the bound", f"lambda within {RELATIVE} of the exact likelihood's",
                 "few evaluations", "a lambda that is taken tells values apart", "a bounded lambda tells values apart",
                 "what the hint says to subtract helps"):
        check(not wrong[what], f"{what} ({seen['columns']} columns)", wrong[what][:3])
    check(seen[FOUND] > COLUMNS / 4 and seen[OVERFLOWS] > COLUMNS / 20 and seen[COLLAPSES] > COLUMNS / 20,
          "all verdicts are among them", dict(seen))
    check(seen["bounded"] > 0.8 * (seen[OVERFLOWS] + seen[COLLAPSES]), "most of what is refused has a bounded lambda", dict(seen))


def test_anchors(shell):
    for family, values, expected in ANCHORS:
        fit = Column(shell, values).fit(family)
        check(fit.verdict == FOUND and abs(fit.value - expected) <= 1e-14, f"lambda of {values}", fit)
        check_equal(Column(shell, values).distinct(family, fit.value)[0], len(set(values)), f"distinct results of {values}")


def test_many_values(shell):
    """A column with a mixture of many equal values, which a histogram counts, and its repetition."""
    generator = random.Random(SEED + 1)
    values = [round(200 + 20 * generator.gammavariate(2, 1), 1) for _ in range(4000)]
    for family in "yb":
        fit = Column(shell, values).fit(family)
        twice = Column(shell, values * 2).fit(family)
        check(fit.verdict == FOUND and fit.cells_agree and fit.parts_agree, f"{family}: 4000 values of a few hundred", fit)
        check(abs(fit.value - twice.value) <= 1e-12 * abs(fit.value), f"{family}: every value twice", (fit, twice))


def test_extremes(shell):
    """Nothing breaks at the ends of float8."""
    for values in ((5e-324, 1e-323, 2e-323), (1e-308, 1, 1.7e308), (1, 1.7e308, 1e308), (-1.7e308, 1.7e308), (-1e-300, 1, 2),
                   (1 - 2**-53, 1), (1, 1 + 2**-52, 1 + 2**-51), (1.7976931348623157e308, 1.797693134862315e308),
                   (0, 0, 0, 0, 1), (-1, 0, 0, 0, 0), (-0.0, 5e-324), *((1,) * n + (1e6,) for n in (10, 1000))):
        for family in "yb" if min(values) > 0 else "y":
            for bounded in (False, True):
                fit = Column(shell, values).fit(family, bounded)
                check(fit.verdict != PENDING and math.isfinite(fit.value) and fit.cells_agree and fit.parts_agree,
                      f"{family}, {values[:3]}: an answer", fit)
                check(fit.verdict != FOUND or fit.step <= LARGEST_STEP * 1.001, f"{family}, {values[:3]}: fine", fit)


def main():
    with tempfile.TemporaryDirectory() as folder:
        shell = core.Shell(build(folder))
        for test in (test_anchors, test_many_values, test_extremes, test_columns):
            test(shell)
        check_equal(shell.close(), 0, "the shell ends well")
    exit_with_summary()


if __name__ == "__main__":
    main()
