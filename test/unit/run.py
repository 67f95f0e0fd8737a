#!/usr/bin/env python3
"""The core against oracles that share no code with it.

Sums and deviations against rational arithmetic, histograms against their
definition on the whole sorted data, the byte format against a writer of its
own, for every kernel, in foreign floating-point environments, sharded and
merged in any way.  The core is compiled with ASan and UBSan.
"""

import fractions
import hashlib
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

Fraction = fractions.Fraction
KERNELS = ("avx512", "avx2", "portable")


# ---- the shell ----

def build(folder):
    program = pathlib.Path(folder) / "core_shell"
    subprocess.run(
        ["cc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-ffp-contract=off",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-DNORMFREEZE_TEST_PORTABLE",
         f"-I{ROOT / 'src'}", "-o", str(program), str(ROOT / "test/unit/core_shell.c"), str(ROOT / "test/unit/core_memory.c"),
         *map(str, sorted((ROOT / "src/core").glob("*/*.c"))), "-lmpfr", "-lgmp", "-lm"], check=True)
    return program


class Shell:
    def __init__(self, program):
        # rejected profiles are only partly there, and left to the leak of the process
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
        self.process = subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment)

    def ask(self, command, lines=1):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = [self.process.stdout.readline().rstrip("\n") for _ in range(lines)]
        if answer[-1] == "" and self.process.poll() is not None:
            raise SystemExit(f"the core died: {command[:200]}")
        return answer

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def unbits(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def word(x):
    return "null" if x is None else f"{bits(x):016x}"


# ---- oracles ----

def nearest(q):
    """The float nearest to a rational, ties to even, with overflow to infinity."""
    try:
        return q.numerator / q.denominator + 0.0    # our zeros are positive
    except OverflowError:
        return math.inf if q > 0 else -math.inf


def nearest_sqrt(q):
    """The float nearest to the square root of a rational."""
    if q == 0:
        return 0.0
    shift = max(0, 140 - (q.numerator.bit_length() - q.denominator.bit_length()))
    shift += shift & 1
    scaled = (q.numerator << (shift + 600)) // q.denominator
    root = math.isqrt(scaled)
    # a root that is not exact is marked by a last bit far below any rounding
    exact = root * root == scaled and (q.numerator << (shift + 600)) % q.denominator == 0
    return nearest(Fraction(2 * root + (0 if exact else 1), 2) / (1 << ((shift + 600) // 2)))


def statistics(values):
    """Mean, variances and deviations (ddof 0, 1), each correctly rounded."""
    n = len(values)
    if n == 0:
        return [math.nan] * 5
    exact = [Fraction(v) for v in values]
    mean = sum(exact) / n
    spread = sum(v * v for v in exact) - n * mean * mean
    result = [nearest(mean), nearest(spread / n)]
    result.append(nearest(spread / (n - 1)) if n > 1 else math.nan)
    result.append(nearest_sqrt(spread / n))
    result.append(nearest_sqrt(spread / (n - 1)) if n > 1 else math.nan)
    return result


def linear_bin(magnitude, level):
    x = Fraction(unbits(magnitude))
    return int(x / Fraction(2) ** level)


def relative_floor(magnitude, level):
    return (magnitude >> level) << level


def linear_floor(magnitude, level):
    """The bits of the least float in the same multiple of 2^level."""
    return bits(float(linear_bin(magnitude, level) * Fraction(2) ** level))


def least_level(low, high, magnitudes, size, bin_of):
    while low < high:
        middle = (low + high) // 2
        if len({(sign, bin_of(m, middle)) for sign, m in magnitudes}) <= size:
            high = middle
        else:
            low = middle + 1
    return low


def histogram(values, size):
    """Levels and cells by definition: on all values at once."""
    magnitudes = [(bits(v) >> 63, bits(v) & ~(1 << 63)) for v in values if v != 0]
    e = least_level(0, 63, magnitudes, size, lambda m, level: m >> level)
    a = least_level(-1074, 1024, magnitudes, size, linear_bin)
    cells = ({}, {})
    for sign, m in magnitudes:
        edge = max(relative_floor(m, e), linear_floor(m, a))    # the finer of the two
        cells[sign][edge] = cells[sign].get(edge, 0) + 1
    return e, a, cells


def cell_index(e, a, m):
    """The number of the cell with lower edge m, counting edges of one sign from 0."""
    infinity = 0x7FF << 52
    linear_exponent = a + 1076 - min(e, 53)
    linear_from = 0 if linear_exponent <= 1 else min(linear_exponent, 2047) << 52
    exact_from = min(a + 1076, 2047) << 52
    if m < linear_from:
        return m >> e
    index = ((linear_from - 1) >> e) + 1 if linear_from else 0
    if m < exact_from:
        return index + linear_bin(m, a) - linear_bin(linear_from, a)
    if linear_from < exact_from:
        index += linear_bin(exact_from - 1, a) - linear_bin(linear_from, a) + 1
    return index + m - min(exact_from, infinity)


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def limbs(n):
    """A sum's canonical window: count, lowest, little-endian two's complement words."""
    if n == 0:
        return b"\0"
    lowest = 0
    while n & ((1 << 64) - 1) == 0:
        n >>= 64
        lowest += 1
    count = 1
    while not -(1 << (64 * count - 1)) <= n < 1 << (64 * count - 1):
        count += 1
    return bytes([count, lowest]) + n.to_bytes(8 * count, "little", signed=True)


def encode(columns, size):
    """The canonical bytes of a profile, written from the format's description."""
    out = bytearray([1, 0]) + varint(len(columns)) + varint(size) + varint(len(columns[0]))
    for column in columns:
        finite = [v for v in column if v is not None and math.isfinite(v)]
        nans = sum(v is not None and math.isnan(v) for v in column)
        infinities = [sum(v == sign * math.inf for v in column) for sign in (1, -1)]
        for count in (len(finite), sum(v is None for v in column), nans, *infinities):
            out += varint(count)
        if not finite:
            continue
        out += struct.pack("<dd", min(finite) + 0.0, max(finite) + 0.0)
        out += limbs(int(sum(Fraction(v) for v in finite) * 2 ** 1074))
        out += limbs(int(sum(Fraction(v) ** 2 for v in finite) * 2 ** 2148))
        if size:
            e, a, cells = histogram(finite, size)
            out += bytes([e]) + varint(a + 1074) + varint(sum(v == 0 for v in finite))
            for sign in (1, 0):
                out += varint(len(cells[sign]))
                following = 0
                for edge in sorted(cells[sign]):
                    index = cell_index(e, a, edge)
                    out += varint(index - following) + varint(cells[sign][edge] - 1)
                    following = index + 1
    return bytes(out)


# ---- data ----

def generators(rng):
    def finite_bits():
        while True:
            x = unbits(rng.getrandbits(64))
            if math.isfinite(x):
                return x

    return {
        "gauss": lambda: rng.gauss(0, 1),
        "offset": lambda: 1e8 + rng.random(),
        "large offset": lambda: 1e15 + rng.randrange(1000),
        "any bits": finite_bits,
        "huge": lambda: rng.choice((1e308, -1e308, 1.7976931348623157e308, -1.7976931348623157e308)),
        "subnormal": lambda: rng.choice((1, -1)) * rng.randrange(1 << 52) * 5e-324,
        "least": lambda: rng.choice((5e-324, -5e-324, 0.0)),
        "powers": lambda: rng.choice((1, -1)) * 2.0 ** rng.randrange(-1074, 1024),
        "cancelling": lambda: rng.choice((1e17, -1e17, 1.0, 1e-17)),
        "halfway": lambda: rng.choice((1.0, 1.0 + 2 ** -52, 2 ** -53, 2.0 ** 53, 1.0)),
        "money": lambda: round(math.exp(rng.gauss(4, 1.2)), 2),
        "integers": lambda: float(rng.randrange(100)),
        "zeros": lambda: rng.choice((0.0, -0.0)),
        "mostly zero": lambda: rng.choice((0.0, -0.0, 0.0, rng.gauss(0, 1))),
        "constant": lambda: 14.62,
        "cauchy": lambda: math.tan(math.pi * (rng.random() - 0.5)),
        "outliers": lambda: rng.gauss(0, 1) * (1e200 if rng.random() < 0.02 else 1),
        "two humps": lambda: rng.gauss(rng.choice((0, 1e6)), 1),
    }


def spoil(rng, value, missing):
    """Now and then a missing or infinite value instead."""
    if rng.random() < missing:
        return rng.choice((None, math.nan, math.inf, -math.inf))
    return value


def profile_command(rows, kernel="avx2", environment="default", size=0, shards=1, roundtrip=0):
    words = " ".join(word(v) for row in rows for v in row)
    return f"profile {kernel} {environment} {size} {len(rows[0])} {len(rows)} {shards} {roundtrip} {words}"


def same_float(got, expected):
    return math.isnan(expected) and (got >> 52) & 0x7FF == 0x7FF or got == bits(expected)


# ---- tests ----

def test_statistics(shell, rng, kernels):
    """Thousands of columns: every statistic is the correctly rounded one."""
    wrong = cases = 0
    for round_ in range(60):
        for name, draw in generators(rng).items():
            n = rng.choice((1, 2, 3, 10, 33, 64, 200))
            width = rng.choice((1, 3, 8, 9))
            rows = [[draw() for _ in range(width)] for _ in range(n)]
            answer = shell.ask(profile_command(rows, kernel=kernels[round_ % len(kernels)]), 2 + width)
            for i in range(width):
                expected = statistics([row[i] for row in rows])
                got = [int(w, 16) for w in answer[2 + i].split()]
                cases += 1
                if answer[1] != "ok" or not all(map(same_float, got, expected)):
                    wrong += 1
                    if wrong < 5:
                        print(f"  {name}: {answer[1]} {got} {[bits(e) for e in expected]}")
    check_equal(wrong, 0, f"{cases} columns: mean, variance and deviation correctly rounded")


def test_bytes(shell, rng, kernels):
    """The canonical bytes, by any path, are those of the oracle."""
    wrong = cases = 0
    for name, draw in generators(rng).items():
        for size, n in ((0, 5), (16, 13), (16, 32), (64, 31), (0, 100), (16, 300), (16, 2500), (64, 700), (512, 3000)):
            if size == 512 and name not in ("gauss", "any bits", "outliers", "money"):
                continue
            rows = [[spoil(rng, draw(), 0.03) for _ in range(2)] for _ in range(n)]
            expected = encode([[row[i] for row in rows] for i in range(2)], size).hex()
            for variant in range(4):
                rng.shuffle(rows)
                kernel = rng.choice(kernels)
                environment = ("default", "default", "upward", "flush")[variant]
                shards = (1, rng.randrange(2, 7), rng.randrange(1, 4), rng.randrange(1, 4))[variant]
                answer = shell.ask(profile_command(rows, kernel, environment, size, shards, variant & 1), 4)
                cases += 1
                if answer[0] != expected or answer[1] != "ok":
                    wrong += 1
                    if wrong < 5:
                        print(f"  {name}: size {size}, {n} rows, {kernel}, {environment}, {shards} shards: "
                              f"{answer[1]}\n{answer[0][:200]}\n{expected[:200]}")
    check_equal(wrong, 0, f"{cases} profiles have the oracle's bytes")


def test_kernels_agree(shell, rng, kernels):
    """Many rows, so that windows and levels are flushed and placed again and again."""
    for name in ("gauss", "outliers", "two humps", "any bits"):
        draw = generators(rng)[name]
        rows = [[spoil(rng, draw(), 0.01) for _ in range(9)] for _ in range(20000)]
        answers = {}
        for kernel in kernels:
            for environment in ("default", "upward"):
                answers[kernel, environment] = shell.ask(
                    profile_command(rows, kernel, environment, 64, 3), 11)[0]
        check_equal(len(set(answers.values())), 1, f"all kernels agree on {name}")


def test_full_counters(shell, rng, kernels):
    """More rows than the counters of a window hold, all of the last ones in one bin."""
    rows = [[float(rng.randrange(-60, 60)) if i < 5000 else 7.0] for i in range(132000)]
    expected = shell.ask(profile_command(rows, kernels[0], "default", 16, 4), 3)
    for kernel in kernels:
        check_equal(shell.ask(profile_command(rows, kernel, "default", 16), 3), expected, f"counters filled, {kernel}")


def test_percentiles(shell, rng):
    """numpy's nanmedian and nanpercentile, operation by operation."""
    def percentile(ordered, q):
        last = float(len(ordered) - 1)
        index = last * (q / 100.0)
        if index >= last:
            return ordered[-1]
        below = math.floor(index)
        gamma = index - below
        a, b = ordered[below], ordered[below + 1]
        return b - (b - a) * (1 - gamma) if gamma >= 0.5 else a + (b - a) * gamma

    wrong = 0
    quantiles = [0, 0.1, 1, 5, 10, 25, 33.3, 50, 66.6, 75, 90, 99, 99.9, 100]
    for _ in range(40):
        for draw in generators(rng).values():
            values = [draw() for _ in range(rng.choice((1, 2, 3, 17, 100, 1000)))]
            ordered = sorted(v + 0.0 for v in values)
            n = len(ordered)
            median = ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2
            answer = shell.ask(f"percentile {n} {' '.join(map(word, values))} {len(quantiles)} "
                               f"{' '.join(map(word, map(float, quantiles)))}")[0].split()
            expected = [median] + [percentile(ordered, q) for q in quantiles]
            wrong += not all(same_float(int(g, 16), e) for g, e in zip(answer, expected))
    check_equal(wrong, 0, "medians and percentiles")


def test_sort(shell, rng):
    """Sorting and selecting, also where quicksort degenerates."""
    wrong = 0
    shapes = [lambda n: [rng.getrandbits(64) for _ in range(n)],
              lambda n: list(range(n)), lambda n: list(range(n, 0, -1)), lambda n: [7] * n,
              lambda n: [i % 3 for i in range(n)],
              lambda n: [i if i % 2 else n - i for i in range(n)]]
    for n in (1, 2, 3, 5, 10, 15, 16, 17, 100, 1000, 5000):
        for shape in shapes:
            keys = shape(n)
            answer = [int(w, 16) for w in shell.ask(f"sort {n} " + " ".join(f"{k:x}" for k in keys))[0].split()]
            wrong += answer[1:] != sorted(keys) or answer[0] != sorted(keys)[n // 2]
    check_equal(wrong, 0, "sorted and selected keys")


def normal_quantile_is_nearest(p, z):
    """Is no float nearer to the true quantile?  By Phi at the midpoints, to 60 digits."""
    import decimal
    with decimal.localcontext() as context:
        context.prec = 80

        def phi(x):
            # Abramowitz and Stegun 26.2.11: a series of positive terms
            x = decimal.Decimal(x)
            term = total = abs(x)
            k = 1
            while term > decimal.Decimal(10) ** -75:
                term = term * x * x / (2 * k + 1)
                total += term
                k += 1
            pi = decimal.Decimal("3.14159265358979323846264338327950288419716939937510"
                                 "58209749445923078164062862089986280348253421170679")
            part = total * (-x * x / 2).exp() / (2 * pi).sqrt()
            return decimal.Decimal("0.5") + (part if x >= 0 else -part)

        below = (decimal.Decimal(z) + decimal.Decimal(math.nextafter(z, -math.inf))) / 2
        above = (decimal.Decimal(z) + decimal.Decimal(math.nextafter(z, math.inf))) / 2
        return phi(below) <= decimal.Decimal(p) <= phi(above)


def test_sha256(shell, rng):
    """Digests by the processor's instructions, whatever the pieces, are hashlib's."""
    wrong = 0
    for length in [*range(200), 1000, 4096, 100000]:
        expected = hashlib.sha256((bytes(range(256)) * (length // 256 + 1))[:length]).hexdigest()
        for step in (length or 1, 64, rng.randrange(1, 200)):
            wrong += shell.ask(f"sha256 {length} {step}")[0] not in (expected, "none")
    check_equal(wrong, 0, "digests by the processor's instructions")


def test_normal_quantile(shell, rng):
    """Correctly rounded, and infinite or NaN at the ends."""
    cases = [0.75, 0.25, 0.9, 0.1, 0.99, 0.01, 0.5 + 2 ** -53, 0.5 - 2 ** -54, 0.975, 1e-10, 0.3]
    cases += [rng.random() for _ in range(60)]
    wrong = [p for p in cases
             if not normal_quantile_is_nearest(p, unbits(int(shell.ask(f"normal {word(p)}")[0], 16)))]
    check_equal(wrong, [], "normal quantiles correctly rounded")
    check_equal(shell.ask(f"normal {word(0.75)}")[0], word(0.67448975019608174), "the quartile")
    check_equal(shell.ask(f"normal {word(0.0)}")[0], word(-math.inf), "quantile at 0")
    check_equal(shell.ask(f"normal {word(1.0)}")[0], word(math.inf), "quantile at 1")
    check_equal(shell.ask(f"normal {word(0.5)}")[0], word(0.0), "quantile at 1/2")
    check(math.isnan(unbits(int(shell.ask(f"normal {word(1.5)}")[0], 16))), "quantile beyond 1")


def test_damaged_bytes(shell, rng):
    """No mutation crashes the decoder, and what it accepts it would write itself."""
    accepted = 0
    for name in ("gauss", "integers", "any bits", "mostly zero"):
        draw = generators(rng)[name]
        columns = [[spoil(rng, draw(), 0.05) for _ in range(60)] for _ in range(3)]
        good = encode(columns, 16)
        check_equal(shell.ask("decode " + good.hex())[0], "ok", f"the oracle's bytes of {name} are accepted")
        for cut in range(len(good)):
            if shell.ask("decode " + (good[:cut] or b"\0").hex())[0] == "ok":
                check(False, "cut bytes", cut)
        check(shell.ask("decode " + (good + b"\0").hex())[0] != "ok", "an extra byte is refused")
        for _ in range(1500):
            bad = bytearray(good)
            for _ in range(rng.choice((1, 1, 1, 2, 5))):
                bad[rng.randrange(len(bad))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            if bytes(bad) != good and shell.ask("decode " + bad.hex())[0] == "ok":
                accepted += 1
    print(f"  {accepted} of 6000 mutations are other valid profiles (digests catch those)")
    check(accepted < 3000, "most mutations are refused by structure alone")


# ---- sums ----

def exact_sum(words):
    """An ExactSum that the shell printed, as a whole number of its units; takes its words off the list."""
    count, lowest = int(words.pop(0)), int(words.pop(0))
    limbs_ = [int(words.pop(0), 16) for _ in range(count)]
    value = sum(limb << (64 * i) for i, limb in enumerate(limbs_))
    if limbs_ and limbs_[-1] >> 63:
        value -= 1 << (64 * count)
    return value << (64 * lowest)


def units(q, n):
    """A sum of products of n floats in units of 2^(-1074 n)."""
    return int(q * 2 ** (1074 * n))


def nearest_single(q):
    """The float32 nearest to a rational that is not negative, as a float."""
    if q == 0:
        return 0.0
    exponent = max(q.numerator.bit_length() - q.denominator.bit_length() - 25, -149)
    while q >= Fraction(2) ** (exponent + 24):
        exponent += 1
    whole, rest = divmod(q / Fraction(2) ** exponent, 1)
    whole += rest > Fraction(1, 2) or rest == Fraction(1, 2) and whole % 2
    found = int(whole) * Fraction(2) ** exponent
    return float(found) if found < 2 ** 128 else math.inf


def root_bits(q):
    """A rational that rounds as its square root does."""
    if q == 0:
        return q
    shift = 2500
    scaled = q * 4 ** shift
    root = math.isqrt(scaled.numerator // scaled.denominator)
    return Fraction(2 * root + (root * root != scaled), 2 ** (shift + 1))


def as_single(x):
    """The float32 nearest to a float, as a float."""
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def test_products(shell, rng):
    """Sums of values, products and triple products are exact."""
    wrong = 0
    for _ in range(40):
        for draw in generators(rng).values():
            n, factors = rng.choice((1, 2, 5, 20)), rng.choice((1, 2, 3))
            rows = [[draw() for _ in range(factors)] for _ in range(n)]
            if rng.random() < 0.3:
                rows += [[-row[0], *row[1:]] for row in rows[:n // 2]]      # cancels
            words = " ".join(word(v) for row in rows for v in row)
            got = exact_sum(shell.ask(f"products {len(rows)} {factors} {words}")[0].split())
            wrong += got != units(sum(math.prod(map(Fraction, row)) for row in rows), factors)
    check_equal(wrong, 0, "sums of products")


def test_weighted(shell, rng):
    """Weighted sum, mean, deviation and variance, and the sum of weights, correctly rounded."""
    wrong = 0
    weights = (lambda: 1.0, lambda: rng.random() + 1e-3, lambda: float(rng.randrange(1, 9)),
               lambda: 2.0 ** rng.randrange(-1074, 1023), lambda: rng.choice((1e300, 1e-300)),
               lambda: rng.choice((1.0, 2.0 ** -53, 2.0 ** 53)))
    for _ in range(20):
        for draw in generators(rng).values():
            for weight in weights:
                pairs = [(draw() + 0.0, weight()) for _ in range(rng.choice((1, 2, 3, 9, 40)))]
                words = " ".join(f"{word(x)} {word(w)}" for x, w in pairs)
                consistent, *got = shell.ask(f"weighted {len(pairs)} {words}")[0].split()
                total = sum(Fraction(w) for _, w in pairs)
                mean = sum(Fraction(x) * Fraction(w) for x, w in pairs) / total
                variance = sum(Fraction(w) * (Fraction(x) - mean) ** 2 for x, w in pairs) / total
                expected = nearest(mean * total), nearest(mean), nearest(root_bits(variance)), nearest(variance), nearest(total)
                wrong += consistent != "1" or [int(g, 16) for g in got] != [bits(e) for e in expected]
    check_equal(wrong, 0, "weighted statistics correctly rounded")


def halfway_row(rng, digits):
    """A row whose l2 norm lies halfway between two floats of so many digits, or just beside."""
    k = rng.randrange(2 ** digits // 5 // 2 + 1, 2 ** digits // 8) * 2 + 1      # 5 k has one digit too many
    beside = rng.choice((0.0, 0.0, 2.0 ** -40))
    return [v * 2.0 ** rng.choice((0, 0, -30)) if v == beside else v for v in (3.0 * k, -4.0 * k, beside)]


def norm_rows(rng):
    rows = [[draw() for _ in range(rng.choice((1, 2, 3, 8, 30, 300)))] for _ in range(12)
            for draw in generators(rng).values()]
    rows += [halfway_row(rng, digits) for digits in (24, 53) for _ in range(150)]
    rows += [[1.0, rng.choice((2.0 ** -53, 2.0 ** -24)), rng.choice((0.0, 2.0 ** -120, 5e-324))] for _ in range(60)]
    rows += [[1e200] * 3, [1e-200] * 3, [5e-324], [5e-324] * 7, [1.7976931348623157e308] * 2, [0.0, -0.0],
             [math.nan, 3.0, -4.0], [math.nan], [math.inf, 1.0], [-math.inf, math.nan], [3e38, 3e38], [1e-45] * 3]
    return rows


def norms_of(row, round_):
    """l1, l2 and max by definition; a norm of zero is 1."""
    finite = [abs(v) for v in row if not math.isnan(v)]
    largest = max(finite, default=0.0)
    if math.isinf(largest):
        return [math.inf] * 3
    exact = sum(map(Fraction, finite)), root_bits(sum(Fraction(v) ** 2 for v in finite)), Fraction(largest)
    return [round_(norm) or 1.0 for norm in exact]


def test_norms(shell, rng):
    """Row norms, correctly rounded to float8 and to float4."""
    wrong = []
    for row in norm_rows(rng):
        got = [int(g, 16) for g in shell.ask(f"norms {len(row)} {' '.join(map(word, row))}")[0].split()]
        expected = norms_of(row, nearest) + norms_of([as_single(v) for v in row], nearest_single)
        if got != [bits(e) for e in expected]:
            wrong.append((row[:5], got, expected))
    check_equal(wrong[:3], [], f"row norms, {len(wrong)} wrong")


def moments_of(pairs):
    """What PrintMoments() says of values that occur so many times each."""
    finite = [(v, times) for v, times in pairs if math.isfinite(v)]
    counts = [sum(times for v, times in pairs if test(v))
              for test in (math.isfinite, math.isnan, lambda v: v == math.inf, lambda v: v == -math.inf)]
    least = min((v for v, _ in finite), default=math.inf) + 0.0
    most = max((v for v, _ in finite), default=-math.inf) + 0.0
    return (counts, bits(least), bits(most), units(sum(Fraction(v) * times for v, times in finite), 1),
            units(sum(Fraction(v) ** 2 * times for v, times in finite), 2))


def read_moments(line):
    words = line.split()
    counts = [int(words.pop(0)) for _ in range(4)]
    return counts, int(words.pop(0), 16), int(words.pop(0), 16), exact_sum(words), exact_sum(words)


def test_times(shell, rng):
    """A value many times over is as exact as so many values."""
    wrong = 0
    for _ in range(30):
        for draw in generators(rng).values():
            pairs = [(spoil(rng, draw(), 0.05), rng.choice((1, 2, 3, 1000, rng.getrandbits(40), 2 ** 58 + 1)))
                     for _ in range(rng.choice((1, 2, 5, 12)))]
            pairs = [(math.nan if v is None else v, times) for v, times in pairs]
            words = " ".join(f"{word(v)} {times}" for v, times in pairs)
            wrong += read_moments(shell.ask(f"times {len(pairs)} {words}")[0]) != moments_of(pairs)
    check_equal(wrong, 0, "moments of values that occur many times")


def test_stream(shell, rng, kernels):
    """Streams of any length have the exact moments, by every kernel, in foreign environments."""
    wrong = 0
    for n in (0, 1, 7, 8, 9, 32, 40, 41, 100, 8200, 9000):
        for name, draw in generators(rng).items():
            if n > 1000 and name not in ("gauss", "any bits", "outliers", "cancelling"):
                continue
            values = [spoil(rng, draw(), 0.01) for _ in range(n)]
            values = [math.nan if v is None else v for v in values]
            for environment in ("default", "upward", "flush"):
                words = " ".join(map(word, values))
                answer = shell.ask(f"stream {rng.choice(kernels)} {environment} {n} {words}")[0]
                wrong += read_moments(answer) != moments_of([(v, 1) for v in values])
    check_equal(wrong, 0, "moments of streams")


def near_midpoints(rng):
    """A divisor, and a value whose quotient lies as near to the middle of two floats as any does."""
    while True:
        y = rng.choice((rng.randrange(2 ** 52, 2 ** 53), 2 ** 53 - 1 - rng.randrange(64), 2 ** 52 + rng.randrange(64))) | 1
        bits_ = rng.choice((53, 54))
        r = rng.choice((-3, -2, -1, 1, 2, 3))
        middle = -r * pow(y, -1, 2 ** bits_) % 2 ** bits_
        x = (middle * y + r) >> bits_
        if 2 ** 52 <= x < 2 ** 53:
            return math.ldexp(y, rng.randrange(-300, 300)), math.ldexp(x, rng.randrange(-400, 400)) * rng.choice((1, -1))


def quotient(x, divisor):
    """By rational arithmetic, where there is such."""
    if not math.isfinite(x) or x == 0 or divisor == 0:
        return x / divisor
    try:
        return nearest(Fraction(x) / Fraction(divisor)) or math.copysign(0.0, x) * math.copysign(1.0, divisor)
    except OverflowError:
        return math.copysign(math.inf, x) * math.copysign(1.0, divisor)


def test_divide(shell, rng, kernels):
    """Quotients without dividing are those of rational arithmetic, and everything else is divided."""
    def any_finite():
        return generators(rng)["any bits"]()

    edges = [2.0 ** e * f for e in (-500, 500, -1074, -1022, 1023) for f in (1, 1 - 2 ** -53, 1 + 2 ** -52)]
    specials = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, *edges]
    wrong = known = cases = 0
    for round_ in range(900):
        n = rng.choice((1, 3, 4, 7, 8, 9, 16, 31))
        kind = round_ % 5
        pairs = [near_midpoints(rng) for _ in range(n)]
        if kind == 1:
            pairs = [(rng.gauss(0, 10), rng.gauss(0, 10)) for _ in range(n)]
        elif kind == 2:
            pairs = [(y, rng.choice(specials) if rng.random() < 0.2 else x) for y, x in pairs]
        elif kind == 3:
            pairs = [(rng.choice((2.0 ** 400, -2.0 ** -400, 3.0, -7.0)), rng.choice((any_finite(), *specials))) for _ in range(n)]
        elif kind == 4:
            pairs = [(any_finite() or 1.0, any_finite()) for _ in range(n)]
        centers = [rng.choice((0.0, -0.0, rng.gauss(0, 1), x)) for _, x in pairs] if kind in (1, 2) else None
        kernel = kernels[round_ // 5 % len(kernels)]
        words = " ".join(word(v) for v in [x for _, x in pairs] + [y for y, _ in pairs] + (centers or []))
        answer = shell.ask(f"divide {kernel} {int(centers is not None)} {n} {words}")[0].split()
        known += answer[0] == "known"
        for i, (y, x) in enumerate(pairs):
            expected = quotient(x - centers[i] if centers else x, y)
            cases += 1
            wrong += not same_float(int(answer[1 + i], 16), expected)
    check_equal(wrong, 0, f"{cases} quotients by known divisors")
    check(kernels == ["portable"] or known > 300, "most of them without dividing", known)


def test_mean_distance(shell, rng):
    """The mean distance from the exact mean, and the least float not below it."""
    wrong = 0
    for _ in range(60):
        for draw in generators(rng).values():
            values = [draw() + 0.0 for _ in range(rng.choice((1, 2, 3, 10, 33, 100)))]
            mean = sum(map(Fraction, values)) / len(values)
            ceiling = nearest(mean)
            if Fraction(ceiling) < mean:
                ceiling = math.nextafter(ceiling, math.inf)
            expected = ceiling, nearest(sum(abs(Fraction(v) - mean) for v in values) / len(values))
            got = shell.ask(f"distance {len(values)} {' '.join(map(word, values))}")[0].split()
            wrong += [unbits(int(g, 16)) for g in got] != list(expected)
    check_equal(wrong, 0, "mean distances from the mean")


def main():
    seed = int(os.environ.get("NORMFREEZE_SEED", "20261121"))
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(build(folder))
        kernels = [k for k in KERNELS if shell.ask(f"kernel {k}")[0] == "yes"]
        print(f"  kernels: {', '.join(kernels)}; seed {seed}")
        test_statistics(shell, rng, kernels)
        test_bytes(shell, rng, kernels)
        test_kernels_agree(shell, rng, kernels)
        test_full_counters(shell, rng, kernels)
        test_percentiles(shell, rng)
        test_sort(shell, rng)
        test_sha256(shell, rng)
        test_normal_quantile(shell, rng)
        test_products(shell, rng)
        test_weighted(shell, rng)
        test_norms(shell, rng)
        test_times(shell, rng)
        test_stream(shell, rng, kernels)
        test_divide(shell, rng, kernels)
        test_mean_distance(shell, rng)
        test_damaged_bytes(shell, rng)
        check_equal(shell.close(), 0, "the sanitizers found nothing")
    exit_with_summary()


if __name__ == "__main__":
    main()
