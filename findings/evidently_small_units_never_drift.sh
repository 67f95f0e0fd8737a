#!/bin/sh
# Evidently 0.7.23 (numpy 2.4.6, pandas 2.3.3): DataDriftPreset of one feature in seconds, milliseconds and microseconds.
#
# Expected: one score for all three.  Above 1,000 rows the default is the Wasserstein distance in standard deviations of the reference, which
# Evidently's makers recommend because it makes features comparable (evidentlyai.com/blog/data-drift-detection-large-datasets), and 0.1 is drift.
# Seen: in seconds 0.05, no drift, although all values have moved by five deviations; in the other units 5.  A deviation below 0.001 is taken
# for 0.001.  So rates, prices per unit, distances in kilometres and whatever else is small by its unit pass as unchanged; scaled by a
# StandardScaler first, the same values score 5.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check evidently==0.7.23 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
cat >"$folder/drift.py" <<'PYTHON'
from statistics import NormalDist

import evidently
import numpy
import pandas
from evidently import Dataset, Report
from evidently.presets import DataDriftPreset
from sklearn.preprocessing import StandardScaler

deviations = numpy.array([NormalDist().inv_cdf((i + 0.5) / 2000) for i in range(2000)])
units = {"seconds": 1, "milliseconds": 1e3, "microseconds": 1e6}
reference, current = (pandas.DataFrame({unit: (0.01 + 0.00001 * (deviations + moved)) * times for unit, times in units.items()}) for moved in (0, 5))
scaler = StandardScaler().fit(reference[["seconds"]])
for frame in (reference, current):
    frame["scaled seconds"] = scaler.transform(frame[["seconds"]])[:, 0]
report = Report([DataDriftPreset()]).run(Dataset.from_pandas(current), Dataset.from_pandas(reference))
print("Evidently", evidently.__version__)
scores = {}
for metric in report.dict()["metrics"]:
    configuration = metric["config"]
    if "column" in configuration:
        score = scores[configuration["column"]] = round(float(metric["value"]), 3)
        print(f"{configuration['column']}, moved by 5 deviations: {configuration['method']} {score}, "
              f"{'drift' if score >= configuration['threshold'] else 'no drift'}")
assert scores == {"seconds": 0.05, "milliseconds": 5.002, "microseconds": 5.002, "scaled seconds": 5.002}
PYTHON
cd "$folder"
HOME="$folder" DO_NOT_TRACK=1 venv/bin/python -W ignore drift.py 2>errors || { cat errors; exit 1; }
