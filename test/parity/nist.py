"""NIST's certified mean and standard deviation, and the exact ones of the float64 values."""

import csv
import math
import pathlib
from fractions import Fraction

import numpy as np

import database
import fit_parity
import report

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data" / "nist_strd"

# Correct digits (LRE = -log10 of the relative error) of mean and deviation that the exact statistics of the
# float64 values reach.  Four sets do not reach all 15, as their decimals are rounded when they are read.
LEAST_DIGITS = {
    "PiDigits": (15.9, 15.1),
    "Lottery": (15.1, 15.4),
    "Lew": (15.9, 15.3),
    "Mavro": (15.9, 13.0),
    "Michelso": (15.9, 13.7),
    "NumAcc1": (math.inf, math.inf),
    "NumAcc2": (15.9, 15.6),
    "NumAcc3": (15.9, 9.4),
    "NumAcc4": (15.9, 8.2),
}


def read(name):
    """The values of a NIST file: what follows the line of dashes below `Data: Y`."""
    lines = (FOLDER / f"{name}.dat").read_text().splitlines()
    start = max(i for i, line in enumerate(lines) if line.startswith("Data:")) + 2
    return np.array([float(line) for line in lines[start:] if line.strip()])


def digits(got, certified):
    """The log relative error; the certified value is a decimal, taken exactly."""
    certified = Fraction(certified)
    error = abs(Fraction(float(got)) - certified) / abs(certified)
    return math.inf if error == 0 else -math.log10(error)


def certified_sets():
    with open(FOLDER / "certified.csv") as file:
        return list(csv.DictReader(file))


def test_nist(server, connection):
    """Certified digits are reached, and the bits are those of the exact statistics."""
    sets = certified_sets()
    report.check_equal({row["dataset"] for row in sets}, set(LEAST_DIGITS), "NIST: data sets")
    for row in sets:
        name = row["dataset"]
        y = read(name).reshape(-1, 1)
        report.check_equal(len(y), int(row["n"]), f"NIST {name}: number of values")
        table = f"nist_{name.lower()}"
        database.load(connection, table, {"x": y}, {"x": "float8"})
        for ddof in (0, 1):
            said = database.described(
                connection, f"(SELECT normfreeze.fit(x, 'standard', '{{\"ddof\": {ddof}}}') FROM {table})")
            fit_parity.check_columns(said, y, ddof, f"NIST {name}")
        reached = digits(said["center"][0], row["mean"]), digits(said["scale"][0], row["sd_sample"])
        for what, got, least in zip(("mean", "deviation"), reached, LEAST_DIGITS[name]):
            report.check(got >= least, f"NIST {name}: digits of the {what}", f"{got:.2f}, not {least}")
        print(f"NIST {name:9} correct digits of mean {reached[0]:5.1f}, of deviation {reached[1]:5.1f}")
