#!/usr/bin/env python3
"""Charts tell the truth: nothing of a sample is lost or drawn twice, whatever its values are.

The core is compiled with ASan and UBSan.
"""

import collections
import itertools
import math
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from report import check, check_equal, exit_with_summary  # noqa: E402

Bar = collections.namedtuple("Bar", "lower upper reference live")


class Chart:
    def __init__(self, line):
        words = iter(line.split())
        self.drawn = [next(words) == "1", next(words) == "1"]
        self.discrete = next(words) == "1"
        number = lambda: struct.unpack(">d", bytes.fromhex(next(words)))[0]   # noqa: E731
        self.low, self.high, self.step = number(), number(), number()
        self.bars = [Bar(number(), number(), number(), number()) for _ in range(int(next(words)))]
        self.spikes = [Bar(number(), number(), number(), number()) for _ in range(int(next(words)))]
        self.below, self.above, self.missing = [Bar(number(), number(), number(), number()) for _ in range(3)]
        self.marks = [(word == "1", number()) for word in words]

    def shares(self, sample):
        return [bar[2 + sample] for bar in [*self.bars, *self.spikes, self.below, self.above, self.missing]]


class Shell:
    def __init__(self, folder):
        program = pathlib.Path(folder) / "chart_shell"
        subprocess.run(
            ["cc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-ffp-contract=off",
             "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DNORMFREEZE_TEST_PORTABLE", f"-I{ROOT / 'src'}",
             "-o", str(program), str(ROOT / "test/unit/chart_shell.c"), str(ROOT / "test/unit/core_memory.c"),
             *map(str, sorted((ROOT / "src/core").glob("*/*.c"))), "-lmpfr", "-lgmp", "-lm"], check=True)
        self.process = subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))

    def line(self, size, *samples, marks=()):
        words = [str(size)]
        for sample in samples:
            words.append(str(-1 if sample is None else len(sample)))
            words += ["null" if x is None else struct.pack(">d", x).hex() for x in sample or []]
        words += [str(len(marks)), *(struct.pack(">d", x).hex() for x in marks)]
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the core died: {' '.join(words)[:300]}")
        return line

    def chart(self, *arguments, **options):
        return Chart(self.line(*arguments, **options))


def generators(rng):
    largest = sys.float_info.max
    return {
        "normal": lambda: rng.gauss(0, 1),
        "lognormal": lambda: math.exp(rng.gauss(0, 3)),
        "integers": lambda: float(rng.randrange(100)),
        "few integers": lambda: float(rng.randrange(5)),
        "large integers": lambda: 1e15 + rng.randrange(10),
        "far from zero": lambda: 1e9 + rng.gauss(0, 1e-6),
        "constant": lambda: 7.25,
        "zeros": lambda: 0.0 if rng.random() < 0.6 else rng.gauss(50, 20),
        "a spike at the top": lambda: 100.0 if rng.random() < 0.3 else rng.uniform(0, 100),
        "outliers": lambda: rng.choice([rng.gauss(0, 1)] * 99 + [1e12]),
        "huge": lambda: rng.uniform(-1, 1) * largest,
        "tiny": lambda: rng.randrange(40) * 5e-324,
        "both": lambda: rng.choice([-largest, 5e-324, 0.0, largest]),
        "any": lambda: struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64) & ~(1 << 62)))[0],
        "infinite": lambda: rng.choice([math.inf, -math.inf, rng.gauss(0, 1)]),
        "missing": lambda: rng.choice([None, math.nan, rng.gauss(0, 1)]),
        "nothing": lambda: None,
    }


def well_formed(chart, name):
    numbers = [chart.low, chart.high, chart.step, *itertools.chain(*chart.bars, *chart.spikes)]
    check(all(map(math.isfinite, numbers)), f"{name}: all is finite", numbers)
    check(all(share >= 0 for sample in (0, 1) for share in chart.shares(sample)), f"{name}: no negative share")
    check(len(chart.bars) <= 62 and len(chart.spikes) <= 4, f"{name}: no more than fits")
    check(all(bar.lower <= bar.upper for bar in chart.bars), f"{name}: bars have a width")
    for one, next_one in zip(chart.bars, chart.bars[1:]):
        check(one.upper <= next_one.lower or math.isclose(one.upper, next_one.lower, rel_tol=1e-9), f"{name}: bars do not overlap", (one, next_one))
        if not chart.discrete:
            check(one.upper == next_one.lower, f"{name}: bars have no gaps", (one, next_one))
    if chart.bars:
        check(chart.low <= chart.bars[0].lower and chart.bars[-1].upper <= chart.high, f"{name}: the window holds the bars")


def nothing_is_lost(shell, rng):
    samples = generators(rng)
    pairs = [(a, a) for a in samples] + [(a, b) for a in samples for b in rng.sample(sorted(samples), 4)]
    for first, second in pairs:
        for size, rows in ((512, (400, 150)), (16, (60, 1)), (512, (1, 0)), (512, (0, None)), (512, (None, 30))):
            drawn = [None if n is None else [samples[kind]() for _ in range(n)] for kind, n in zip((first, second), rows)]
            name = f"{first} and {second}, {rows} rows, {size} bins"
            chart = shell.chart(size, *drawn)
            well_formed(chart, name)
            for sample, values in enumerate(drawn):
                total = math.fsum(chart.shares(sample))
                check(math.isclose(total, 1 if values else 0, abs_tol=1e-9), f"{name}: shares of sample {sample} are all of it", total)
                missing = sum(x is None or math.isnan(x) for x in values or []) / max(1, len(values or []))
                check(math.isclose(chart.missing[2 + sample], missing, abs_tol=1e-12), f"{name}: missing ones", chart.missing)


def bars_hold_their_values(shell, rng):
    """Where a histogram is exact, so are the bars."""
    for kind in ("integers", "few integers", "constant", "zeros of integers"):
        for n in (50, 1000):
            draw = generators(rng).get(kind, lambda: float(max(0, rng.randrange(-40, 60))))
            values = [draw() for _ in range(n)]
            chart = shell.chart(4096, values, None)
            spikes = {spike.lower for spike in chart.spikes}
            for number, bar in enumerate(chart.bars):
                last = number == len(chart.bars) - 1
                inside = sum(bar.lower <= x and (x < bar.upper or (last and x == bar.upper)) for x in values if x not in spikes)
                check(math.isclose(bar.reference, inside / n, abs_tol=1e-12), f"{kind}, {n}: the bar from {bar.lower}", (bar, inside))
            for spike in chart.spikes:
                check(math.isclose(spike.reference, values.count(spike.lower) / n, abs_tol=1e-12), f"{kind}, {n}: the spike", spike)
    check(shell.chart(4096, [float(max(0, x)) for x in range(-40, 60)], None).spikes, "zeros stand out")
    check_equal([bar.lower + 0.5 for bar in shell.chart(512, [1.0, 2.0, 4.0] * 9, None).bars], [1, 2, 4], "a bar for each value")


def windows_hold_the_bulk(shell, rng):
    for kind, draw in generators(rng).items():
        if kind in ("infinite", "missing", "nothing"):
            continue
        values = [draw() for _ in range(2000)]
        chart = shell.chart(512, values, None)
        check(chart.below.reference <= 0.07 and chart.above.reference <= 0.07, f"{kind}: tails are thin", (chart.below, chart.above))
    # live values that moved far away are in the picture
    chart = shell.chart(512, [rng.gauss(0, 1) for _ in range(500)], [rng.gauss(1000, 1) for _ in range(500)])
    check(chart.low < 0 and chart.high > 1000 and chart.above.live < 0.05, "both samples are in the window", (chart.low, chart.high))


def marks_have_their_place(shell, rng):
    """A value in the window has a place in the picture, in the order of values; one beyond it has none."""
    largest = sys.float_info.max
    for kind, draw in generators(rng).items():
        for n in (1, 300):
            values = [draw() for _ in range(n)]
            chart = shell.chart(512, values, None)
            finite = sorted(x for x in values if x is not None and math.isfinite(x))
            inside = [x for x in finite if chart.low <= x <= chart.high]
            ends = [chart.low, *(bar.lower for bar in chart.bars), chart.high]
            beyond = [x for x in (math.nextafter(chart.low, -math.inf), math.nextafter(chart.high, math.inf), -largest, largest,
                                  -math.inf, math.inf) if not chart.low <= x <= chart.high]
            marks = shell.chart(512, values, None, marks=[*inside, *ends, *beyond, math.nan]).marks
            if not chart.bars:
                check(not any(drawn for drawn, _ in marks), f"{kind}, {n}: nothing to mark")
                continue
            drawn, left = marks[:len(inside) + len(ends)], marks[len(inside) + len(ends):]
            check(all(there and 0 <= place <= 1 for there, place in drawn), f"{kind}, {n}: marks of the window have a place", drawn[:9])
            for some in (drawn[:len(inside)], drawn[len(inside):]):
                places = [place for _, place in some]
                check_equal(places, sorted(places), f"{kind}, {n}: in the order of values")
            check(not any(there for there, _ in left), f"{kind}, {n}: what lies beyond has none", left)
            if chart.high > chart.low:
                check_equal([drawn[len(inside)][1], drawn[-1][1]], [0, 1], f"{kind}, {n}: the window is as wide as the picture")


def order_does_not_matter(shell, rng):
    for kind, draw in generators(rng).items():
        values = [draw() for _ in range(300)]
        shuffled = rng.sample(values, len(values))
        check_equal(shell.line(64, shuffled, values), shell.line(64, values, shuffled), f"{kind}: the same rows are the same chart")


def main():
    rng = random.Random(int(os.environ.get("NORMFREEZE_SEED", "20261122")))
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(folder)
        nothing_is_lost(shell, rng)
        bars_hold_their_values(shell, rng)
        windows_hold_the_bulk(shell, rng)
        marks_have_their_place(shell, rng)
        order_does_not_matter(shell, rng)
        shell.process.stdin.close()
        check_equal(shell.process.wait(), 0, "the sanitizers found nothing")
    exit_with_summary()


if __name__ == "__main__":
    main()
