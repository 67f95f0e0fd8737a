#!/bin/sh
# scikit-learn 1.9.1: FrozenEstimator as the transformer of a TransformedTargetRegressor.
#
# Expected: a target scaled by what a scaler has learned before, as a FrozenEstimator keeps a step of a Pipeline as it is.
# Seen: "TypeError: FrozenEstimator.fit() missing 1 required positional argument: 'y'". Its fit, which does nothing, demands
# a y that fit of a transformer does without, and that TransformedTargetRegressor does not pass; a Pipeline passes y=None.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-learn==1.9.1
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np
import sklearn
from sklearn.compose import TransformedTargetRegressor
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

x = np.arange(20.0)[:, None]
y = 3 * x[:, 0] + 7
print("scikit-learn", sklearn.__version__)
frozen = FrozenEstimator(StandardScaler().fit(x))
print("a step of a Pipeline:", make_pipeline(frozen, LinearRegression()).fit(x, y).predict(x[:2]))
scaler = StandardScaler().fit(y[:, None])
print("a target's scaler:", TransformedTargetRegressor(LinearRegression(), transformer=scaler).fit(x, y).predict(x[:2]))
for what, fit in (("a target's frozen scaler", TransformedTargetRegressor(LinearRegression(), transformer=FrozenEstimator(scaler)).fit),
                  ("a frozen scaler alone", lambda x, y: frozen.fit(x))):
    try:
        fit(x, y)
    except TypeError as error:
        print(f"{what}: TypeError: {error}")
        assert "missing 1 required positional argument: 'y'" in str(error)
    else:
        raise AssertionError(f"{what} is taken now")
PYTHON
