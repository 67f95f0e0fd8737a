"""Small damage to bytes, to text and to JSON, from a seeded random number generator.

Each function takes a random.Random and something valid, and returns something that is nearly so.
"""

import copy
import json
import struct

ODD_DOUBLES = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
               -1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 9007199254740993.0, 2.0 ** 63, 1e300]
ODD_BYTES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 129, 191, 192, 254, 255]
ODD_VARINTS = [b"\x00", b"\x7f", b"\x80\x01", b"\xff\x7f", b"\x80\x80\x01", b"\xff\xff\xff\xff\x07", b"\xff\xff\xff\xff\x0f",
               b"\x80" * 9 + b"\x01", b"\xff" * 9 + b"\x01", b"\x80\x00", b"\xff" * 10]
# names and words that mean something somewhere, and texts that are odd anywhere
ODD_TEXTS = ["", " ", "a", "A", "b", "x" * 63, "x" * 64, "é" * 40, "\u2028", "\x01", "\\", "'", '"', "NaN", "Infinity", "-Infinity", "nan",
             "inf", "1e400", "-1", "0", "null", "true", "1.5", "0x10", "numeric", "keep", "nan", "error", "zero", "mean", "median", "most_frequent", "min",
             "max", "clip", "unit", "exact", "histogram", "standard", "minmax", "maxabs", "robust", "mad", "meanabs", "quantile",
             "power", "affine", "identity", "log1p", "log", "sqrt", "logit", "reciprocal", "range", "percentiles", "fraction", "deviations", "iqr", "inside", "all", "steps", "domain", "dtype", "single", "uniform", "normal", "l1", "l2", "float32", "float64", "yeo-johnson", "box-cox",
             "production", "latest", "v1", "@", "a@b", "passthrough", "drop", "%s%n", "2026-01-01T00:00:00+00:00", "infinity"]


class Number(str):
    """A number as it is written: JSON has some that no double is."""


ODD_NUMBERS = [Number(n) for n in ("0", "-0", "-0.0", "1", "-1", "2", "3", "16", "17", "1000", "4096", "65536", "100000", "16384", "16385",
                                   "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807",
                                   "9223372036854775808", "18446744073709551616", "0.1", "0.5", "1e-5", "1.7976931348623157e308",
                                   "1e308", "1e309", "-1e309", "5e-324", "1e-400", "1e131071", "1.5", "99999999999999999999.5", "1e16")]


# ---- bytes ----

def mutate_bytes(random, data, others=()):
    """One to four changes; others are further values, of which pieces may come in."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 2, 4))):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(12)
        if not data or kind == 0:
            data[at:at] = random.choice(ODD_VARINTS)
        elif kind in (1, 2):
            at = min(at, len(data) - 1)
            data[at] ^= 1 << random.randrange(8)
        elif kind in (3, 4):
            at = min(at, len(data) - 1)
            data[at] = random.choice(ODD_BYTES)
        elif kind == 5:
            at = min(at, len(data) - 1)
            data[at] = (data[at] + random.choice((-1, 1, 2, -2, 16))) % 256
        elif kind == 6:
            del data[at:at + random.choice((1, 1, 2, 4, 8, 9, 32, 100))]
        elif kind == 7:
            length = random.choice((1, 2, 8, 9, 16, 33))
            data[at:at] = data[at:at + length]
        elif kind == 8:
            data[at:at + 8] = struct.pack("<d", random.choice(ODD_DOUBLES))
        elif kind == 9:
            data[at:at + 1] = random.choice(ODD_VARINTS)
        elif kind == 10 and others:
            other = random.choice(others)
            start = random.randrange(len(other) + 1)
            length = random.choice((1, 4, 8, 16, 64, 1000))
            data[at:at + random.choice((0, length))] = other[start:start + length]
        else:
            del data[at:]
    return bytes(data)


# ---- text ----

def mutate_text(random, text, words=ODD_TEXTS):
    """Characters and words of a text, which stays without a zero byte."""
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(text) + 1)
        kind = random.randrange(7)
        if kind == 0:
            text = text[:at] + random.choice(words) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + random.choice((1, 1, 2, 5, 20)):]
        elif kind == 2:
            text = text[:at] + text[at:at + random.choice((1, 3, 9, 40))] + text[at:]
        elif kind == 3:
            text = text[:at] + chr(random.choice((32, 34, 39, 44, 45, 48, 57, 60, 62, 64, 91, 92, 93, 123, 125, 0xe9, 0x4e00))) + text[at + 1:]
        elif kind == 4:
            text = text[:at]
        elif kind == 5:
            other = random.randrange(len(text) + 1)
            at, other = sorted((at, other))
            text = text[other:] + text[at:other] + text[:at]
        else:
            text = text[:at] + (text[at:at + 1].swapcase()) + text[at + 1:]
    return text.replace("\0", "")


# ---- JSON ----

def parse(text):
    return json.loads(text, parse_float=Number, parse_int=Number)


def dump(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(key) + ": " + dump(item) for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(dump(item) for item in value) + "]"
    return json.dumps(value)


def _places(value, found, path=()):
    found.append(path)
    if isinstance(value, dict):
        for key in value:
            _places(value[key], found, path + (key,))
    elif isinstance(value, list):
        # of long lists the ends and some in between
        for i in list(range(len(value)))[:6] + list(range(6, len(value)))[-2:]:
            _places(value[i], found, path + (i,))
    return found


def _at(value, path):
    for step in path:
        value = value[step]
    return value


def _odd_leaf(random):
    kind = random.randrange(8)
    if kind < 4:
        return random.choice(ODD_NUMBERS)
    if kind < 6:
        return random.choice(ODD_TEXTS)
    return random.choice((None, True, False, [], {}, [None], [[]], {"": None}, [Number("1"), Number("2")], {"a": Number("1")}))


def _nudged(random, value):
    """Something like the value."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Number):
        try:
            number = float(value)
            return Number(repr(random.choice((-number, number + 1, number - 1, number * 2, number / 3, number * 1e300))).replace("inf", "1e309"))
        except (ValueError, OverflowError):
            return random.choice(ODD_NUMBERS)
    if isinstance(value, str):
        return random.choice((value.upper(), value + "_", value[:-1], value[1:], value + " ", random.choice(ODD_TEXTS)))
    return _odd_leaf(random)


def mutate_json(random, value, others=()):
    """One to three changes of the tree; others are further trees, of which parts may come in."""
    value = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = _places(value, [])
        path = random.choice(places)
        if not path:
            if random.randrange(20) == 0:
                value = _odd_leaf(random)
            elif isinstance(value, dict):
                value[random.choice(ODD_TEXTS)] = _odd_leaf(random)
            continue
        holder, step = _at(value, path[:-1]), path[-1]
        kind = random.randrange(10)
        if kind < 2:
            holder[step] = _odd_leaf(random)
        elif kind < 5:
            holder[step] = _nudged(random, holder[step])
        elif kind == 5:
            del holder[step]
        elif kind == 6:
            holder[step] = copy.deepcopy(_at(value, random.choice(places)))
        elif kind == 7 and isinstance(holder, list):
            holder[step:step] = [copy.deepcopy(holder[step])] * random.choice((1, 1, 2, 50))
        elif kind == 7:
            item = holder.pop(step)
            holder[random.choice(ODD_TEXTS)] = item
        elif kind == 8 and others:
            other = random.choice(others)
            holder[step] = copy.deepcopy(_at(other, random.choice(_places(other, []))))
        else:
            holder[step] = random.choice(([holder[step]], {"a": holder[step]}, [holder[step], holder[step]]))
    return value
