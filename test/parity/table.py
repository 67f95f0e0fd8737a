"""The table of parity: method, peer, type, what was computed, and how many values differ in a bit."""

import collections

import numpy as np

import wire


class Tally:
    """Counts of one line of the table."""

    def __init__(self):
        self.cases = self.values = self.unequal = self.signs = self.most = 0
        self.first = None

    def add(self, got, expected, inputs, where):
        differ = wire.unequal(got, expected)
        self.cases += 1
        self.values += got.size
        self.unequal += int(differ.sum())
        self.signs += int((differ & (got == expected)).sum())       # 0.0 and -0.0 are equal numbers
        if not differ.any():
            return
        self.most = max(self.most, int(distances(got[differ], expected[differ]).max()))
        if self.first is None:
            at = tuple(np.argwhere(differ)[0])
            self.first = f"{where}, {place(at)}: {inputs[at]!r} gives {got[at]!r}, the peer has {expected[at]!r}"


def place(at):
    return ", ".join(f"{name} {index + 1}" for name, index in zip(("row", "feature"), at))


def ordinals(x):
    """Floats as integers in the same order: neighbours differ by one, both zeros are 0."""
    bits = x.view({8: np.int64, 4: np.int32}[x.dtype.itemsize]).astype(object)
    least = -(1 << (8 * x.dtype.itemsize - 1))
    return np.where(bits < 0, least - bits, bits)


def distances(a, b):
    """How many floats lie from one to the other (Python integers); a NaN on one side only is the largest of all."""
    one_nan = np.isnan(a) != np.isnan(b)
    both_nan = np.isnan(a) & np.isnan(b)
    found = np.abs(ordinals(np.ascontiguousarray(a)) - ordinals(np.ascontiguousarray(b)))
    return np.where(both_nan, 0, np.where(one_nan, 1 << 63, found))


class Table:
    """Tallies by line (method, peer, type, what) and by test (the options too)."""

    def __init__(self):
        self.lines = collections.defaultdict(Tally)
        self.tests = collections.defaultdict(Tally)
        self.reasons = {}

    def add(self, method, peer, case, dtype, what, got, expected, inputs, where):
        """Count; bits that differ fail check(), unless the peer has a reason."""
        self.lines[method, peer, dtype, what].add(got, expected, inputs, where)
        self.tests[method, peer, case, dtype, what].add(got, expected, inputs, where)

    def merge(self, method, peer, dtype, what, tally):
        """Add a tally that was checked elsewhere."""
        line = self.lines[method, peer, dtype, what]
        line.cases += tally.cases
        line.values += tally.values
        line.unequal += tally.unequal
        line.most = max(line.most, tally.most)

    def excuse(self, method, peer, what, reason):
        """Why the peer's own result is not one value, so that bits may differ."""
        self.reasons[method, peer, what] = reason

    def check(self, report):
        for (method, peer, case, dtype, what), tally in self.tests.items():
            report.check((tally.unequal == 0 or (method, peer, what) in self.reasons) and tally.values > 0,
                         f"{case} {dtype} {what} against {peer}",
                         f"{tally.unequal} of {tally.values} values differ, {tally.signs} of them in the sign of "
                         f"zero only; {tally.first}")
        self.tests.clear()

    def show(self):
        marks = {reason: f"[{i + 1}]" for i, reason in enumerate(dict.fromkeys(self.reasons.values()))}
        print(f"\n{'method':9} {'peer':52} {'type':8} {'what':24} {'cases':>6} {'values':>9} "
              f"{'unequal bits':>13} {'places':>7}")
        methods = list(dict.fromkeys(line[0] for line in self.lines))
        for (method, peer, dtype, what), t in sorted(self.lines.items(), key=lambda item: methods.index(item[0][0])):
            mark = marks.get(self.reasons.get((method, peer, what)), "") if t.unequal else ""
            places = "-" if not t.unequal else str(t.most) if t.most < 10**6 else ">10^6"
            print(f"{method:9} {peer:52} {dtype:8} {what:24} {t.cases:6} {t.values:9} {t.unequal:13} "
                  f"{places:>7} {mark}".rstrip())
        print("unequal bits: of values that are not the same float (-0 is not 0); places: the most floats from one "
              "to the other")
        for reason, mark in marks.items():
            print(f"{mark} {reason}")


THE_TABLE = Table()
