#!/usr/bin/env python3
"""Writes src/core/base/elementary_tables.h to standard output; needs nothing but Python.

    python3 tools/elementary_tables.py > src/core/base/elementary_tables.h
"""

import decimal
import math

D = decimal.Decimal
CONTEXT = decimal.getcontext()

LOG_BITS = 8            # the logarithm's table is chosen by so many leading bits
EXP_BITS = 9            # the exponential's has 2^(i / 2^EXP_BITS)
MILLS_BITS = 5          # Mills' ratio: so many leading bits, or multiples of 2^-MILLS_BITS below 1
MILLS_LAST = 40         # up to this argument
MILLS_DEGREE = 12
MILLS_PAIRS = 4         # so many leading coefficients are double-double

CONTEXT.prec = 100
LN2 = D(2).ln()


def arctan_inverse(n):
    """arctan(1/n) by its series."""
    term = total = D(1) / n
    k = 1
    while abs(term) > D(10) ** -(CONTEXT.prec + 5):
        term = -term / (n * n)
        k += 2
        total += term / k
    return total


def pi():
    """Machin's formula."""
    return 16 * arctan_inverse(5) - 4 * arctan_inverse(239)


def rounded(d, unit):
    """The multiple of 2^unit nearest to d, which a float holds."""
    result = float((d * D(2) ** -unit).to_integral_value()) * 2.0 ** unit
    assert abs(D(result) - d) <= D(2) ** (unit - 1)
    return result


def pair(d):
    hi = float(d)
    return hi, float(d - D(hi))


def row(values):
    return "\t{" + ", ".join(v.hex() for v in values) + "},"


def log_table():
    size = 2 ** LOG_BITS
    for i in range(size):
        low, high = 1 + i / size, 1 + (i + 1) / size
        r = 1.0 if i == 0 else round(2 * size * 2 / (low + high)) / (2 * size)
        # then r * m - 1 is a multiple of 2^-61 below 2^-8: a float
        assert abs(r * low - 1) <= 2.0 ** -8 and abs(r * high - 1) <= 2.0 ** -8
        log = -D(r).ln() - (LN2 if low * low > 2 else 0)
        hi = rounded(log, -42)
        yield row((r, hi, float(log - D(hi))))


def exp_table():
    size = 2 ** EXP_BITS
    for i in range(size):
        yield row(pair((LN2 * i / size).exp()))


def mills(t):
    """
    Mills' ratio (1 - Phi(t)) / phi(t), as 1/(2 phi(t)) less the series of
    Abramowitz and Stegun 26.2.11; they cancel, so many digits are needed.
    """
    term = total = t
    k = 1
    while term > total * D(10) ** -CONTEXT.prec:
        term = term * t * t / (2 * k + 1)
        total += term
        k += 1
    return (2 * PI).sqrt() * (t * t / 2).exp() / 2 - total


def mills_table():
    """Taylor coefficients of Mills' ratio over sqrt(2 pi)."""
    size = 2 ** MILLS_BITS
    nodes = [D(i) / size for i in range(size)]
    binade = 1
    while binade < MILLS_LAST:
        nodes += [D(binade) * (size + i) / size for i in range(size)]
        binade *= 2
    for t in [t for t in nodes if t <= MILLS_LAST]:
        # M' = t M - 1, and from there on M(n+1) = t M(n) + n M(n-1)
        c = [mills(t)]
        c.append(t * c[0] - 1)
        for n in range(1, MILLS_DEGREE):
            c.append((t * c[n] + c[n - 1]) / (n + 1))
        c = [x / (2 * PI).sqrt() for x in c]
        heads = [v for x in c[:MILLS_PAIRS] for v in pair(x)]
        yield row(heads + [float(x) for x in c[MILLS_PAIRS:]])


def constant(name, value):
    print(f"#define {name:<24}{value.hex()}")


CONTEXT.prec = 900
PI = pi()
MILLS = list(mills_table())
CONTEXT.prec = 100
PI = +PI

print("""\
/*
 * elementary_tables.h
 *		Tables of the elementary functions.
 *
 * Written by tools/elementary_tables.py: do not edit.
 */
#ifndef NORMFREEZE_CORE_ELEMENTARY_TABLES_H
#define NORMFREEZE_CORE_ELEMENTARY_TABLES_H
""")
print("/* ln 2 = HI + LO; a multiple of 2^-42, so that HI times an exponent is exact */")
hi = rounded(LN2, -42)
constant("LN2_HI", hi)
constant("LN2_LO", float(LN2 - D(hi)))
print(f"\n#define EXP_BITS {EXP_BITS}\n/* the same for ln 2 / 2^EXP_BITS, with a head of 33 bits, and its inverse */")
step = LN2 / 2 ** EXP_BITS
hi = rounded(step, -42)
assert math.frexp(hi)[1] <= -9
constant("EXP_STEP_HI", hi)
constant("EXP_STEP_LO", float(step - D(hi)))
constant("EXP_STEP_INVERSE", float(1 / step))
print("\n/* sqrt(2 pi) and 1/6 */")
constant("SQRT_2PI_HI", pair((2 * PI).sqrt())[0])
constant("SQRT_2PI_LO", pair((2 * PI).sqrt())[1])
constant("SIXTH_HI", pair(D(1) / 6)[0])
constant("SIXTH_LO", pair(D(1) / 6)[1])
print("\n/* ln 10, 1 / ln 2 and 1 / ln 10 */")
for name, value in (("LN10", D(10).ln()), ("INVERSE_LN2", 1 / LN2), ("INVERSE_LN10", 1 / D(10).ln())):
    constant(f"{name}_HI", pair(value)[0])
    constant(f"{name}_LO", pair(value)[1])
print(f"""
/*
 * For the interval of m from 1 + i/{2 ** LOG_BITS} on: r near 1/m with {LOG_BITS + 1} bits, and -log(r), or
 * -log(2 r) where m^2 > 2, as a multiple of 2^-42 and the rest.
 */
#define LOG_BITS {LOG_BITS}
#define LOG_SQRT2_INDEX {next(i for i in range(2 ** LOG_BITS) if (1 + i / 2 ** LOG_BITS) ** 2 > 2)}
static const struct
{{
	double		r;
	double		hi;
	double		lo;
}}			log_table[{2 ** LOG_BITS}] =
{{""")
print("\n".join(log_table()))
print(f"""}};

/* 2^(i/{2 ** EXP_BITS}) */
static const struct
{{
	double		hi;
	double		lo;
}}			exp_table[{2 ** EXP_BITS}] =
{{""")
print("\n".join(exp_table()))
print(f"""}};

/*
 * Taylor coefficients of (1 - Phi(t)) / exp(-t^2 / 2) at i/{2 ** MILLS_BITS} below 1, and then at the
 * floats with {MILLS_BITS + 1} significant bits: {MILLS_PAIRS} as pairs, the others, up to degree {MILLS_DEGREE}, single.
 */
#define MILLS_BITS {MILLS_BITS}
#define MILLS_ROWS {len(MILLS)}
static const double mills_table[MILLS_ROWS][{2 * MILLS_PAIRS + MILLS_DEGREE + 1 - MILLS_PAIRS}] =
{{""")
print("\n".join(MILLS))
print("};\n\n#endif\t\t\t\t\t\t\t/* NORMFREEZE_CORE_ELEMENTARY_TABLES_H */")
