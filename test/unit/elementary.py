#!/usr/bin/env python3
"""The elementary functions against oracles that share no code with them.

Every result must be the float nearest to the true value, ties to even: in
bulk by MPFR with far more bits than the slow path asks for, on fewer
arguments by Python's decimal and fractions.  The error bounds that the fast
paths rely on are measured too.  Built with ASan and UBSan.
"""

import atexit
import concurrent.futures
import decimal
import fractions
import functools
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

from report import check, check_equal, exit_with_summary, run_tests  # noqa: E402

Decimal = decimal.Decimal
Fraction = fractions.Fraction
INF, NAN = math.inf, math.nan
LEAST, LARGEST = 5e-324, sys.float_info.max
SEED = int(os.environ.get("NORMFREEZE_SEED", "20261121"))
FURTHER = ("log2", "log10", "exp2", "exp10", "cbrt", "cube", "asinh", "sinh", "logit", "expit")
DOUBLES = ("log", "log1p", "exp", "expm1", "pow") + FURTHER
SINGLES = ("log1pf", "expm1f", "powf", "logf", "expf", "log2f", "log10f", "exp2f", "exp10f", "cbrtf", "asinhf", "sinhf", "logitf", "expitf")


# ---- the shell ----

@functools.cache
def shell():
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    program = pathlib.Path(folder.name) / "elementary_shell"
    subprocess.run(
        ["cc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{ROOT / 'src'}", "-o", str(program),
         str(ROOT / "test/unit/elementary_shell.c"), "-lmpfr", "-lgmp", "-lm"], check=True)
    return program


def ask(commands):
    """The answers to some commands; the sanitizers' complaints are exceptions."""
    done = subprocess.run([str(shell())], input="\n".join(commands) + "\n", capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the shell died: {done.stderr[:2000]}")
    return done.stdout.splitlines()


def ask_in_parallel(commands):
    shell()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [answer[0] for answer in pool.map(lambda command: ask([command]), commands)]


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def unbits(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def values(name, arguments):
    """The function at some arguments, or tuples of them."""
    rows = [x if isinstance(x, tuple) else (x,) for x in arguments]
    return [unbits(int(answer, 16)) for answer in
            ask([f"value {name} " + " ".join(f"{bits(x):x}" for x in row) for row in rows])]


def same(got, expected):
    return bits(got) == bits(expected) or math.isnan(got) and math.isnan(expected)


def check_values(name, cases, what):
    """cases: (argument or tuple, expected)"""
    got = values(name, [argument for argument, _ in cases])
    wrong = [(argument, g, expected) for (argument, expected), g in zip(cases, got) if not same(g, expected)]
    check_equal(wrong[:3], [], f"{name}: {what} ({len(cases)})")


# ---- oracles ----

def nearest(q):
    """The double nearest to a rational, ties to even."""
    try:
        return q.numerator / q.denominator
    except OverflowError:
        return INF if q > 0 else -INF


def nearest_single(q):
    """The same in binary32, rounded once."""
    if q == 0:
        return 0.0
    exponent = abs(q.numerator).bit_length() - q.denominator.bit_length()
    exponent -= abs(q) < Fraction(2) ** exponent
    unit = Fraction(2) ** (max(exponent, -126) - 23)
    result = round(abs(q) / unit) * unit        # Fraction's round is to even
    return math.copysign(float(result) if result < 2 ** 128 else INF, q)


def true_value(name, x, y=None):
    """The function to some 50 digits, for results that are no rational number."""
    with decimal.localcontext() as context:
        context.prec = 110
        d = Decimal(x)
        small = abs(x) < 1e-20
        if name == "log":
            return d.ln()
        if name == "log1p":
            return d - d * d / 2 + d ** 3 / 3 if small else (1 + d).ln()
        if name == "exp":
            return d.exp()
        if name == "expm1":
            return d + d * d / 2 + d ** 3 / 6 if small else d.exp() - 1
        if name in FURTHER:
            return further_value(name, d, small)
        exponent = Decimal(y) * abs(d).ln()
        if exponent > 800:
            return Decimal(10) ** 320
        return exponent.exp() * (-1 if x < 0 and y % 2 == 1 else 1)


def further_value(name, d, small):
    """With more digits where they cancel."""
    sign = -1 if d < 0 else 1
    if name == "log2":
        return d.ln() / Decimal(2).ln()
    if name == "log10":
        return d.log10()
    if name in ("exp2", "exp10"):
        return Decimal(name[3:]) ** d
    if name == "cbrt":
        return sign * (abs(d).ln() / 3).exp()
    if name == "cube":
        with decimal.localcontext() as context:
            context.prec = 2500
            return d ** 3
    if name == "logit":
        with decimal.localcontext() as context:
            context.prec = 1200
            ratio = d / (1 - d)
        return ratio.ln()
    if name == "expit":
        return 1 / (1 + (-d).exp())
    if name == "asinh":
        return d - d ** 3 / 6 if small else sign * (abs(d) + (d * d + 1).sqrt()).ln()
    return d + d ** 3 / 6 if small else (d.exp() - (-d).exp()) / 2


def expected_value(name, *arguments):
    value = true_value(name.removesuffix("f"), *arguments)
    return nearest_single(Fraction(value)) if name.endswith("f") else float(value)


def normal_probability(z):
    """Abramowitz and Stegun 26.2.11, a series of positive terms, with digits for what cancels."""
    with decimal.localcontext() as context:
        context.prec = 60 + int(z * z / 2)
        z = Decimal(z)
        term = total = abs(z)
        k = 1
        while term > Decimal(10) ** -context.prec:
            term = term * z * z / (2 * k + 1)
            total += term
            k += 1
        part = total * (-z * z / 2).exp() / (2 * pi(context.prec)).sqrt()
        return Decimal("0.5") + (part if z >= 0 else -part)


@functools.cache
def pi(digits):
    """Machin's formula, in integers."""
    one = 10 ** (digits + 10)

    def arctan_inverse(n):
        term = total = one // n
        k = 1
        while term:
            term //= n * n
            k += 2
            total += (term if k % 4 == 1 else -term) // k
        return total

    return Decimal(16 * arctan_inverse(5) - 4 * arctan_inverse(239)).scaleb(-digits - 10)


# ---- tests ----

def test_special_cases():
    """C99 Annex F."""
    check_values("log", [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-LEAST, NAN),
                         (-INF, NAN), (NAN, NAN), (-NAN, NAN)], "special cases")
    check_values("log1p", [(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-INF, NAN), (-1.5, NAN),
                           (NAN, NAN), (LEAST, LEAST), (-LEAST, -LEAST)], "special cases")
    check_values("exp", [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (710.0, INF),
                         (-746.0, 0.0), (1e300, INF), (-1e300, 0.0), (LEAST, 1.0)], "special cases")
    check_values("expm1", [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (NAN, NAN), (710.0, INF),
                           (-50.0, -1.0), (-1e300, -1.0), (LEAST, LEAST), (-LEAST, -LEAST)], "special cases")
    check_values("probability", [(-INF, 0.0), (INF, 1.0), (0.0, 0.5), (-0.0, 0.5), (NAN, NAN), (-39.0, 0.0),
                                 (8.5, 1.0), (LEAST, 0.5), (-LEAST, 0.5), (-1e300, 0.0)], "special cases")
    check_values("quantile", [(0.0, -INF), (1.0, INF), (0.5, 0.0), (-0.0, -INF), (-LEAST, NAN), (1.5, NAN),
                              (NAN, NAN), (INF, NAN)], "special cases")
    for name in ("log2", "log10"):
        check_values(name, [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-LEAST, NAN), (-INF, NAN), (NAN, NAN)], "special cases")
    check_values("log2", [(2.0 ** k, float(k)) for k in range(-1074, 1024)], "powers of 2")
    check_values("log2f", [(2.0 ** k, float(k)) for k in range(-149, 128)], "powers of 2")
    check_values("exp2", [(float(k), math.ldexp(1.0, k)) for k in range(-1074, 1024)], "powers of 2")
    check_values("exp2", [(-1075.0, 0.0), (math.nextafter(-1075, 0), LEAST), (1024.0, INF), (INF, INF), (-INF, 0.0), (NAN, NAN), (-1e300, 0.0),
                          (0.0, 1.0), (-0.0, 1.0), (LEAST, 1.0), (-LEAST, 1.0), (1e300, INF)], "special cases")
    check_values("log10", [(10.0 ** k, float(k)) for k in range(23)], "powers of 10")
    check_values("exp10", [(float(k), float(f"1e{k}")) for k in range(-330, 309)], "powers of 10")
    check_values("exp10", [(309.0, INF), (-324.0, 0.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (0.0, 1.0), (-0.0, 1.0), (LEAST, 1.0), (1e300, INF)],
                 "special cases")
    for name in ("cbrt", "cube", "asinh", "sinh"):
        check_values(name, [(x, x) for x in (0.0, -0.0, INF, -INF, NAN)], "special cases")
    check_values("cbrt", [(float(k ** 3), float(k)) for k in range(-1000, 1000)] + [(-LEAST, -2.0 ** -358)], "exact cubes")
    check_values("cube", [(float(k), float(k ** 3)) for k in range(-1000, 1000)] + [(1e200, INF), (-1e200, -INF), (-1e-200, -0.0), (LEAST, 0.0)],
                 "exact cubes")
    check_values("asinh", [(LEAST, LEAST), (-LEAST, -LEAST), (1e-10, 1e-10), (LARGEST, float(further_value("asinh", Decimal(LARGEST), False)))],
                 "special cases")
    check_values("sinh", [(LEAST, LEAST), (-LEAST, -LEAST), (1e-10, 1e-10), (711.0, INF), (-711.0, -INF), (1e300, INF)], "special cases")
    check_values("logit", [(0.0, -INF), (-0.0, -INF), (1.0, INF), (0.5, 0.0), (-LEAST, NAN), (1.5, NAN), (INF, NAN), (-INF, NAN), (NAN, NAN)],
                 "special cases")
    check_values("expit", [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (LEAST, 0.5), (-LEAST, 0.5), (1e300, 1.0), (-1e300, 0.0),
                           (37.5, 1.0), (-746.0, 0.0), (-745.0, LEAST)], "special cases")
    odd, even = (1.0, 3.0, 2.0 ** 53 - 1), (2.0, 4.0, 2.0 ** 53, 2.0 ** 60, 1e300)
    broken = (0.5, 1.5, 2.0 ** 52 - 0.5, 1e-300)
    cases = [((x, 0.0), 1.0) for x in (0.0, -1.0, INF, NAN)] + [((x, -0.0), 1.0) for x in (0.0, -1.0, INF, NAN)]
    cases += [((1.0, y), 1.0) for y in (INF, -INF, NAN, 1e300, LEAST)]
    cases += [((-1.0, y), 1.0) for y in (INF, -INF, *even)] + [((-1.0, y), -1.0) for y in odd]
    cases += [((x, y), NAN) for x in (NAN, 0.0, INF, 2.0) for y in (NAN,)] + [((NAN, y), NAN) for y in (1.0, INF)]
    cases += [((-2.0, y), NAN) for y in broken] + [((-LEAST, y), NAN) for y in broken]
    cases += [((0.5, INF), 0.0), ((-0.5, INF), 0.0), ((2.0, INF), INF), ((-2.0, INF), INF), ((0.0, INF), 0.0),
              ((0.5, -INF), INF), ((2.0, -INF), 0.0), ((-2.0, -INF), 0.0), ((0.0, -INF), INF),
              ((INF, INF), INF), ((INF, -INF), 0.0), ((-INF, INF), INF), ((-INF, -INF), 0.0)]
    for y in odd:
        cases += [((0.0, y), 0.0), ((-0.0, y), -0.0), ((0.0, -y), INF), ((-0.0, -y), -INF),
                  ((INF, y), INF), ((INF, -y), 0.0), ((-INF, y), -INF), ((-INF, -y), -0.0)]
    for y in even + broken:
        cases += [((0.0, y), 0.0), ((-0.0, y), 0.0), ((0.0, -y), INF), ((-0.0, -y), INF),
                  ((INF, y), INF), ((INF, -y), 0.0), ((-INF, y), INF), ((-INF, -y), 0.0)]
    cases += [((2.0, 1e300), INF), ((2.0, -1e300), 0.0), ((0.5, 1e300), 0.0), ((-2.0, 2.0 ** 53 - 1), -INF),
              ((-2.0, 1 - 2.0 ** 53), -0.0), ((1 + 2.0 ** -52, 1e300), INF), ((2.0, LEAST), 1.0)]
    check_values("pow", cases, "special cases")
    check_values("powf", [(xy, single(r)) for xy, r in cases
                          if all(math.isnan(v) or single_or_nan(v) == v for v in xy)], "special cases")
    check_values("log1pf", [(-2.0, NAN), (NAN, NAN), (INF, INF), (-0.0, -0.0), (-1.0, -INF), (2.0 ** -149, 2.0 ** -149)], "special cases")
    check_values("expm1f", [(-0.0, -0.0), (-INF, -1.0), (INF, INF), (89.0, INF), (1e38, INF)], "special cases")


def single_or_nan(x):
    try:
        return single(x)
    except OverflowError:
        return NAN


# Arguments whose results are nearly halfway between two doubles, or nearly a
# double.  The first of log and those of exp from -745 to 710 are of Lefevre
# and Muller, "Worst cases for correct rounding of the elementary functions in
# double precision", ARITH 2001; the others are known from the tests of
# CORE-MATH (Sibidanov, Zimmermann, Glondu, 2022) and LLVM's libc, unless it says otherwise.
HARD = {
    "log": """0x1.62a88613629b6p+678 0x1.fffffffef06adp-1 0x1.fde0f22c7d0ebp-1 0x1.e7812faadb32fp-474
        0x1.e1076964c2903p-1 0x1.fe93fff7fceb0p-2 0x1.012631ad8df10p+0 0x1.fbfdaa448ed98p-1 10 1e5 1e22
        0x1.fffffffffffffp-1 0x1.0000000000001p+0 0x1p-1074 0x1.fffffffffffffp+1023""",
    "log1p": """0x1.00a8cefe9a5f8p-2 0x1.0b4d870eb22f8p-2 0x1.c40cef04efb5p-54 0x1.d2ccad399848ep+74
        0x1.12ccdffd9d2ecp+163 0x1.6f070b92d36cep+358 0x1.06dcb74f76bccp+732 0x1.954e72ffd4596p+1010
        0x1.1e2f1628093e4p+360 0x1.ac56e2bf1a951p+830 0x1.012631ad8df10p+0 1e15 0x1p-54 -0x1p-54 0x1.8p-53
        -0x1.fffffffffffffp-1 0x1.fffffffffffffp+1023""",
    "exp": """0x1.79289c6e6a5cp-2 0x1.05de80a173eap-2 -0x1.eb7a4cb841fccp-14 -0x1.9a61fb925970dp-14
        0x1.a7b764e2cf47ap-2 -0x1.757852a4b93aap+5 0x1.4c19e5712e377p+5 -0x1.9a74cdab36c28p+4
        -0x1.5b3e4e2e3bba9p+9 -0x1.6960d591aec34p+9 -0x1.6232c09d58d91p+9 -0x1.74910d52d3051p+9
        -0x1.67a172ceb099p+9 0x1p-53 -0x1p-54 0x1.62e42fefa39efp+9 0x1.62e42fefa39fp+9 -0x1.74910d52d3052p+9
        -708.5 -720.25 -744.75""",
    "expm1": """0x1.71547652b82fep-54 0x1.465655f122ff6p-49 0x1.bc8ee6b28659ap-46 0x1.8442b169f672dp-14
        0x1.9a61fb925970dp-14 0x1.eb7a4cb841fccp-14 0x1.05de80a173eap-2 0x1.79289c6e6a5cp-2
        0x1.a7b764e2cf47ap-2 0x1.b4f0cfb15ca0fp+3 0x1.9a74cdab36c28p+4 0x1.2b708872320ddp+5
        0x1.4c19e5712e377p+5 0x1.757852a4b93aap+5 0x1.77f74111e0894p+6 0x1.204684c1167e9p+8
        0x1.62e42fefa39efp+9 -0x1.2b708872320e2p+5 -0x1.9a74cdab36c28p+4 -37.5 -36.7 0x1p-54 -0x1p-53 0x1.8p-53""",
    "pow": """0x1.0853408534085p-2,0x1.0d148e03bcba8p-1 0x1.65fbd65fbd657p-1,0x1.f10d148e03bb6p+1
        0x1.c046a084d2e12p-1,0x1.1f9p+12 0x1.ae37ed1670326p-1,0x1.f967df66a202p-1
        0x1.ffffffffffffcp-1,0x1.fffffffffffffp-2 0x1.f558a88a8aadep-1,0x1.88ap+12
        0x1.e84d32731e593p-1,0x1.2cb8p+13 0x1.fd98b527935a2p-1,0x1.71bp+13
        0x1.01ff9791c39f9p+0,0x1.62cc9e927e14ap+16 0x1.01ff3ca3af38bp+0,-0x1.605d9e6a8dce2p+16
        0x1.01ff42c5cad93p+0,0x1.63b5bb6d49873p+16 0x1.01e6666666669p+0,0x1.fffffffffffffp+15
        0x1p-1074,0.3 0x1.fffffffffffffp+1023,0.9999999 0x1.0000000000001p+0,0x1p+52 0x1.fffffffffffffp-1,0x1.5p+53
        10,-307.9 10,-320.5 10,308.2""",
    # arguments that the fast path does not decide, from a search
    "log2": """0x1.9f30e11b0c896p+0 0x1.f920413365p-1 0x1.fefa744a9da48p-1 0x1.fe8199acp-1 0x1.00ce94p+0 0x1.fec0aad7a8p-1
        0x1.fffffffffffffp-1 0x1.0000000000001p+0 0x1p-1074 0x1.fffffffffffffp+1023 0x1.0000000000001p+1000 10""",
    "log10": """0x1.7f14a65346144p+0 0x1.040982755479cp+0 0x1.02ab18b23d27ap+0 0x1.bc71cff7c01ffp-1 0x1.001cacb4p+0
        0x1.04131fcp+0 0x1.f26adf69fb682p-1 0x1.07dc8c15d4p+0 0x1.fe23p-1 1e5 1e22 1e23 1e-5 1e300
        0x1.fffffffffffffp-1 0x1.0000000000001p+0 0x1p-1074 0x1.fffffffffffffp+1023""",
    "exp2": """-0x1.14c2d471af07fp+0 0x1.072a6ff33803dp+0 0x1.da5ea74eb8dcfp+0 -0x1.1d932311701fep+0 0x1.42aaeea86c4c2p+1
        0x1.8f04ccc031609p-6 -0x1.9565b52d1p-46 -0x1.36b9c838694fp-10 0x1.72380000605e6p+3 0x1.71547652b82fep-54
        -0x1.71547652b82fep-54 1023.99 -1022.5 -1074.5 -1074.99 -1040.25 0.5 -0.5""",
    "exp10": """0x1.353a6a862eebfp-5 0x1.042a401c9937bp-2 0x1.4a5bfab22c254p-3 -0x1.cba183ac8ef12p+0 -0x1.bcb7ad758p-56
        -0x1.bcb7b1526e50ep-56 0x1.d166bda518p-24 22 23 -5 0.5 -307.9 -320.25 -323.3 -323.6 308.2547""",
    "cbrt": """0x1.c49c8d9p-3 2 3 0.1 0x1.fffffffffffffp+1023 0x1p-1074 0x1.8p-1073 0x1.0000000000001p+0 0x1.ffffffffffffep+2
        0x1.fffffffffffffp+2 -7 1e-310""",
    "cube": """0x1.ab3c8p-3 0x1.9ef08p-18 -0x1.ee1d8p-57 0x1.e9888p-59 208065 -262143 0x1.0000000000001p+0 0x1.428a2f98d728bp+341
        0x1.428a2f98d728ap+341 0x1p-358 0x1.4p-358 0x1.2599ed7c6fbd2p-358 0x1.8p-345 1e-105""",
    "asinh": """-0x1.78f1bdp-8 0x1.d4802d45p-8 0x1p-26 0x1.8p-26 0x1p-7 0x1p40 1 1e5 1e22 1e300 0x1.fffffffffffffp+1023""",
    "sinh": """-0x1.6819aa0e33af5p-7 0x1.90acd93d6a8dap-4 0x1.a294ed6b5915ep-7 0x1.1b4d22a66f73dp-6 0x1.7bf66eaa59909p-4
        -0x1.87b49acd5561p+0 0x1.3p-6 -0x1.3p-6 0x1.95f8p-7 0x1.aafa89acbfffep-5 0x1p-26 0x1.8p-26 0x1p-7 40 710.4 -710.4""",
    "logit": """0x1.edcbeb306d87cp-2 0x1.7764ce103d7a4p-2 0x1.f7008cdp-2 0x1.007e52p-1 0x1p-90 0x1p-1074 0x1.fffffffffffffp-1
        0x1.0000000000001p-1 0x1.fffffffffffffp-2 0x1.01p-1 0x1.fep-2 0.25 1e-300 0.1""",
    "expit": """-0x1.0a5755e1cd041p-1 0x1.45ddb493e7d86p+0 -0x1.582d0756e412ap-5 -0x1.2bf2f948463a4p-1 0x1.ccc2c84387292p-5
        -0x1.9b5a6p-34 0x1.4878p-39 -0x1.388p-44 0x1.f8a67a68p-23 -0x1.d11152p-30 0x1.0000000000001p-52 -0x1.0000000000003p-53
        0x1p-53 0x1.8p-53 37.42 36.7 -708.5 -720.25 -744.75 -745.13""",
    # binary32 arguments whose result in binary64 is halfway between two binary32, from a search
    "log1pf": """0x1.800006p-21 0x1.200036p-17 0x1.fb035ap-2 0x1.0f1fd6p+3 0x1.30bf04p+43 0x1.b121a6p+76
        0x1.5190cp+78 0x1.6351d8p+95 -0x1.7ffffap-21 -0x1.1fffcap-17 -0x1.1d9188p-9""",
}


def numbers(text):
    """Decimal or hexadecimal; pairs with a comma."""
    def number(word):
        return float.fromhex(word) if "0x" in word else float(word)

    rows = [tuple(map(number, word.split(","))) for word in text.split()]
    return [row if len(row) > 1 else row[0] for row in rows]


def test_hard_cases():
    """Literature's, both signs where there are, and their neighbours, by decimal."""
    for name in HARD:
        cases = []
        for arguments in numbers(HARD[name]):
            x, *y = arguments if isinstance(arguments, tuple) else (arguments,)
            neighbours = () if name in SINGLES else (math.nextafter(x, 0.0), math.nextafter(x, INF))
            for near in (x, *neighbours):
                if math.isinf(near) or near == 1 or near == 0 and name == "log":
                    continue
                cases.append(((near, *y), expected_value(name, near, *y)))
                if name in ("log1p", "expm1") and near < 1:
                    cases.append(((-near,), expected_value(name, -near)))
        check_values(name, cases, "hard cases")


def test_against_decimal():
    """Random arguments, by an oracle that is not MPFR."""
    rng = random.Random(SEED)
    draws = {
        "log": lambda: (rng.choice((math.exp(rng.gauss(0, 1)), unbits(rng.getrandbits(63) % bits(INF)))),),
        "log1p": lambda: (rng.choice((math.exp(rng.gauss(0, 1)), rng.uniform(-1, 1), rng.gauss(0, 1e-5) ** 2)),),
        "exp": lambda: (rng.choice((rng.gauss(0, 1), rng.uniform(-745, 709))),),
        "expm1": lambda: (rng.choice((rng.gauss(0, 1), rng.gauss(0, 1e-3), rng.uniform(-40, 709))),),
        "pow": lambda: (math.exp(rng.gauss(0, rng.choice((1, 30)))), rng.uniform(-2, 3)),
        "exp2": lambda: (rng.choice((rng.gauss(0, 1), rng.uniform(-1074, 1023))),),
        "exp10": lambda: (rng.choice((rng.gauss(0, 1), rng.uniform(-323, 308))),),
        "cbrt": lambda: (rng.choice((-1, 1)) * unbits(rng.getrandbits(63) % bits(INF)),),
        "cube": lambda: (rng.choice((-1, 1)) * math.exp(rng.uniform(-240, 236)),),
        "asinh": lambda: (rng.choice((rng.gauss(0, 1), rng.gauss(0, 1e-3), rng.gauss(0, 1e12), unbits(rng.getrandbits(63) % bits(INF)))),),
        "sinh": lambda: (rng.choice((rng.gauss(0, 1), rng.gauss(0, 1e-3), rng.uniform(-710, 710))),),
        "logit": lambda: (rng.choice((rng.random(), math.exp(rng.uniform(-745, -1)), 0.5 + rng.gauss(0, 1e-4))),),
        "expit": lambda: (rng.choice((rng.gauss(0, 1), rng.uniform(-745, 38))),),
    }
    draws |= {"log2": draws["log"], "log10": draws["log"]}
    for name in DOUBLES + SINGLES:
        cases = []
        for _ in range(500):
            arguments = draws[name.removesuffix("f")]()
            if name.endswith("f"):
                arguments = tuple(map(single_or_nan, arguments))
                if not all(map(math.isfinite, arguments)) or arguments[0] in (0, 1):
                    continue
            cases.append((arguments, expected_value(name, *arguments)))
        check_values(name, cases, "random arguments, by decimal")
    cases = [rng.gauss(0, 1) for _ in range(200)] + [rng.gauss(0, 1e-6) for _ in range(20)]
    cases += [rng.uniform(-38.5, 8.3) for _ in range(60)]
    cases += [-38.4, -38.48, -38.49, -37.6, 8.2, 8.29, 8.2901, 8.291, 8.2924]
    check_values("probability", [(z, float(normal_probability(z))) for z in cases], "random arguments, by decimal")


def test_quantile_by_decimal():
    """No double is nearer: Phi halfway to the neighbours, on both sides."""
    rng = random.Random(SEED)
    cases = [0.75, 0.25, 0.9, 0.1, 0.99, 0.01, 0.975, 0.5 + 2 ** -53, 0.5 - 2 ** -54, 1 - 2 ** -53, LEAST,
             2 ** -1022, 1e-300, 1e-10, 0.45, 0.55, 0.075, 0.925]
    cases += [rng.random() for _ in range(100)] + [0.5 + rng.gauss(0, 1e-5) for _ in range(20)]
    cases += [math.exp(rng.uniform(-745, -1)) for _ in range(10)]
    wrong = []
    for p, z in zip(cases, values("quantile", cases)):
        with decimal.localcontext() as context:
            context.prec = 100
            below, above = ((Decimal(z) + Decimal(math.nextafter(z, end))) / 2 for end in (-INF, INF))
        if not normal_probability(below) <= Decimal(p) <= normal_probability(above):
            wrong.append((p, z))
    check_equal(wrong[:3], [], f"quantile: nearest, by decimal ({len(cases)})")


def test_exact_powers():
    """Exact results and ties, where no precision decides, against rational arithmetic."""
    rng = random.Random(SEED)
    cases = []
    for _ in range(4000):
        k = rng.choice((2, 3, 4, 5, 7, 10, -1, -2, -3))
        x = Fraction(rng.getrandbits(rng.choice((3, 6, 10, 18, 27))) | 1) * Fraction(2) ** rng.randrange(-60, 60)
        if rng.random() < 0.3:
            x = -x
        cases.append((float(x), float(k), x ** k))
    for _ in range(4000):
        # roots: x = s^n, y = m/n, for n a power of two
        n = rng.choice((2, 4, 8, 16))
        m = rng.choice((1, 3, 5, 7))
        s = Fraction(rng.getrandbits(53 // n) | 1) * Fraction(2) ** rng.randrange(-60, 60)
        cases.append((float(s ** n), m / n, s ** m))
    for _ in range(1000):
        # results of 54 bits: ties
        x = rng.randrange(208064, 262144) | 1
        cases.append((float(x), 3.0, Fraction(x ** 3)))
        s = rng.randrange(208064, 262144) | 1
        cases.append((float(s * s), 1.5, Fraction(s ** 3)))
        s = rng.randrange(1, 1 << 27)
        cases.append((float(s * s), 0.5, Fraction(s)))
    for e in range(-1074, 1024, 7):
        for y in (1.0, 2.0, 0.5, 0.25, -1.0, -0.5, 3.0):
            if e * y == int(e * y):
                cases.append((2.0 ** e, y, Fraction(2) ** int(e * y)))
    for m in range(1, 40):
        # subnormal results, and their ties
        cases.append((float(2 * m + 1), 3.0, Fraction((2 * m + 1) ** 3)))
        cases.append(((2 * m + 1) * 2.0 ** -358, 3.0, Fraction((2 * m + 1) ** 3, 2 ** 1074)))
        cases.append((m * 2.0 ** -359, 3.0, Fraction(m ** 3, 2 ** 1077)))
        cases.append((m * 2.0 ** -269, 4.0, Fraction(m ** 4, 2 ** 1076)))
    check_values("pow", [((x, y), nearest(q)) for x, y, q in cases], "exact cases and ties")
    check_values("powf", [((x, y), nearest_single(q)) for x, y, q in cases if single_or_nan(x) == x],
                 "exact cases and ties")
    check_equal(ask(["powers"]), ["0"], "powf: no third or fourth power is rounded twice to another float")
    cases = [(x * 2.0 ** e, y, (Fraction(x) * Fraction(2) ** e) ** int(y))
             for x in (4097, 5793, 1001, 3, 11585, 8191, 213, 16777215) for y in (2.0, 3.0, 4.0)
             for e in range(-75, 40, 3)]
    check_values("powf", [((x, y), nearest_single(q)) for x, y, q in cases], "small powers")


BULK = {"typical": 40000, "delicate": 20000, "wide": 20000, "edges": 20000, "any": 8000}


def test_in_bulk():
    """Some 30,000 to 100,000 arguments for each function, by MPFR."""
    commands = []
    for name in DOUBLES + SINGLES:
        share = 10 if name in SINGLES else 3 if name in FURTHER else 1
        for family, count in BULK.items():
            commands.append(f"compare {name} {family} {SEED} {count // share}")
    # far out, MPFR's erfc takes milliseconds
    commands += [f"compare {name} integers {SEED} 10000" for name in ("pow", "powf", "cube", "cbrt")]
    commands += [f"compare probability {family} {SEED} {count}" for family, count in
                 (("typical", 40000), ("delicate", 20000), ("wide", 400), ("edges", 2000), ("any", 2000))]
    commands += [f"compare quantile {family} {SEED} {count}" for family, count in
                 (("typical", 20000), ("delicate", 10000), ("wide", 60), ("edges", 100), ("any", 60))]
    total = sum(int(command.split()[-1]) for command in commands)
    print(f"  {total} random arguments; seed {SEED}")
    for command, answer in zip(commands, ask_in_parallel(commands)):
        wrong, x, y = answer.split()
        check(wrong == "0", command, f"{wrong} wrong, first {unbits(int(x, 16)).hex()}, {unbits(int(y, 16)).hex()}")


def test_error_bounds():
    """The fast paths' pairs are within the bounds their rounding tests rely on."""
    counts = {"exp": 8000, "log": 8000, "log1p": 8000, "expm1": 8000, "log2": 4000, "log10": 4000, "asinh": 8000, "sinh": 8000, "logit": 8000,
              "expit": 8000, "cbrt": 4000, "tail": 1000, "step": 300}
    commands = [f"bound {name} {family} {SEED} {count if family != 'wide' or count > 1000 else count // 20}"
                for name, count in counts.items() for family in ("typical", "delicate", "wide", "edges")
                if not (family == "edges" and name == "step")]
    largest = {}
    for command, answer in zip(commands, ask_in_parallel(commands)):
        name = command.split()[1]
        largest[name] = max(largest.get(name, 0), float(answer))
    print("  errors over bounds: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in largest.items()))
    for name, ratio in largest.items():
        check(ratio < 0.75, f"the error bound of {name}", ratio)


def test_slow_path_is_rare():
    """It costs some microseconds: at most once in 2,000 calls, for ordinary arguments."""
    names = (*DOUBLES, *SINGLES, "probability", "quantile")
    answers = ask_in_parallel([f"fallbacks {name} typical {SEED} 100000" for name in names])
    print("  slow path in 100000 calls: " + ", ".join(f"{n} {a}" for n, a in zip(names, answers)))
    for name, answer in zip(names, answers):
        check(int(answer) <= 50, f"{name} rarely takes the slow path", answer)


def test_monotonic():
    """Neighbours keep their order, across the joints of tables and paths."""
    joints = {
        "log": [1.0, 1 + 2 ** -8, 1 - 2 ** -9, 2 ** 0.5, 2.0, 1.5, 1e300, 2 ** -1022],
        "log1p": [2 ** -54, 2 ** -8, -2 ** -8, 1.0, -0.5, 1e-3],
        "exp": [2 ** -54, math.log(2) / 1024, 1.0, -708.4, -1e-3],
        "expm1": [2 ** -54, 2 ** -7, -2 ** -7, 69.3, 1.0, -37.4],
        "log2": [1.0, 1 + 2 ** -8, 2 ** 0.5, 2.0, 2 ** -1022],
        "log10": [1.0, 1 + 2 ** -8, 10.0, 1e22],
        "exp2": [2 ** -54, 0.5, 1.0, -1022.0],
        "exp10": [2 ** -56, 1.0, -307.6],
        "cbrt": [1.0, 2.0, 8.0, 27.0, -1.0, 2 ** -1022],
        "cube": [1.0, 3.0, -2.0, 2 ** -341],
        "asinh": [2 ** -26, 2 ** -7, -2 ** -7, 1.0, 2 ** 40],
        "sinh": [2 ** -26, 2 ** -7, -2 ** -7, 40.0, 1.0],
        "logit": [0.5, 0.5 + 2 ** -9, 0.5 - 2 ** -9, 2 ** -90, 0.25],
        "expit": [2 ** -54, -2 ** -54, 1.0, -1.0, 37.4, -708.4, -103.9],
        "probability": [2 ** -54, 1 / 64, 1.0, 63 / 64, 8.29, -1 / 64, -3.03125, -8.0, -37.0],
        "quantile": [0.45, 0.075, 0.925, 0.55, 0.5, 1e-11],
    }
    for name, centers in joints.items():
        for center in centers:
            first = bits(center) - 400
            got = values(name, [unbits(first + i) for i in range(800)])
            if center < 0:
                got.reverse()
            check(all(a <= b for a, b in zip(got, got[1:])), f"{name} is monotonic around {center}")


TESTS = (test_special_cases, test_hard_cases, test_against_decimal, test_quantile_by_decimal, test_exact_powers,
         test_in_bulk, test_error_bounds, test_slow_path_is_rare, test_monotonic)


def tests():
    return list(TESTS)


if __name__ == "__main__":
    run_tests(TESTS)
    exit_with_summary()
