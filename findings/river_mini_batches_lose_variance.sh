#!/bin/sh
# River 0.26.1 (pandas 3.1.1, numpy 2.4.6): StandardScaler fed row by row (learn_one) and in batches (learn_many), times in seconds since 1970.
#
# Expected: the same parameters.  The documentation of learn_many says that its formulas are others and the result exactly the same
# (riverml.xyz/latest/api/preprocessing/StandardScaler).
# Seen: a batch's variance is the mean of the squares less the square of the mean.  Near 1.7e9 squared both are multiples of 512, and so is their
# difference: 1024 for the seconds of a minute, whose variance is 299.9, and -512 for its tenths.  Batches of another size give another
# variance, and so another scale.  What has a large mean and a small spread is the same case; less the mean of a first batch it is right.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check river==0.26.1 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import numpy
import pandas
import river
from river.preprocessing import StandardScaler

print("River", river.__version__)
for what, count, step in (("1,000 seconds", 1000, 1), ("a minute", 60, 1), ("a minute of tenths", 600, 0.1)):
    frame = pandas.DataFrame({"at": 1700000000 + numpy.arange(count) * step})
    rows, whole, halves = StandardScaler(), StandardScaler(), StandardScaler()
    for at in frame["at"].tolist():
        rows.learn_one({"at": at})
    whole.learn_many(frame)
    halves.learn_many(frame[: count // 2])
    halves.learn_many(frame[count // 2:])
    right = float(numpy.var(frame["at"] - 1700000000))
    one, many, two = (scaler.vars["at"] for scaler in (rows, whole, halves))
    print(f"{what}: variance {right:.6g}; learn_one {one:.6g}, learn_many {many:.6g}, in two halves {two:.6g}")
    assert abs(one / right - 1) < 1e-4 and many % 512 == 0 and abs(two / right - 1) > 1e-4, "changed"
    small = pandas.DataFrame({"at": numpy.arange(count) * step})
    shifted = StandardScaler()
    shifted.learn_many(small)
    assert abs(shifted.vars["at"] / right - 1) < 1e-9
print("the same times less 1700000000: learn_many is right")
PYTHON
