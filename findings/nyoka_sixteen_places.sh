#!/bin/sh
# nyoka 5.5.0: a MinMaxScaler of scikit-learn 1.9.1 as PMML.
#
# Expected: the numbers of the scaler, with the 17 digits of double precision.
# Seen: 16 places after the point.  Of a scale of 3.14e-14, that of a year in microseconds, three digits are left, and 1.2 % of the range is
# wrong; a scale of 1e-17 is 0, and every row the same.  clip=True is not in the document.  Nothing is said.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check nyoka==5.5.0 scikit-learn==1.9.1 pandas==3.1.1
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import re

import numpy as np
import pandas
import sklearn
from nyoka import skl_to_pmml
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler

i = np.arange(200)
print("scikit-learn", sklearn.__version__)
for what, times in (("microseconds", 1700000000000000 + i * 160000000000), ("of 1e17", i * 1e17 / 199)):
    x = pandas.DataFrame({"at": times})
    pipeline = Pipeline([("scaler", MinMaxScaler(clip=True)), ("model", LinearRegression())]).fit(x, i)
    skl_to_pmml(pipeline, ["at"], "y", "model.pmml")
    document = open("model.pmml").read()
    scale, offset = (float(text) for text in re.findall(r"<Constant[^>]*>([^<]*)</Constant>", document))
    scaler = pipeline.named_steps["scaler"]
    distance = np.abs(scaler.transform(x)[:, 0] - (times * scale + offset)).max()
    print(f"{what}: scale {scaler.scale_[0]!r} is written as {re.findall(r'>([^<]*)</Constant>', document)[0]}: {distance:.3f} of the range off; "
          f"{'a' if re.search('min|max|outliers', document.replace('minMaxScaler', '')) else 'no'} word of clipping")
    assert (scale == 3.14e-14 and 0.01 < distance < 0.02) if what == "microseconds" else (scale == 0 and distance > 0.9), "changed"
PYTHON
