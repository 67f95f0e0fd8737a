#!/bin/sh
# scikit-learn 1.9.1 (numpy 2.4.6): MinMaxScaler and MaxAbsScaler of a float32 feature in small units, wavelengths in metres.
#
# Expected: results from 0 to 1, and to 1 in absolute value, as both classes promise for each feature
# (scikit-learn.org/stable/modules/generated/sklearn.preprocessing.MinMaxScaler.html), in float32 as in float64.
# Seen: a range below 1.2e-6 (ten times the epsilon of the column's type, whatever the unit) counts as that of a constant feature, and is left as it
# is: the visible light from 4e-7 to 7e-7 becomes 0 to 3e-7, without a warning.  In float64 the same values are scaled; so a column that is read as
# real, or converted to save memory, loses its feature.  StandardScaler, RobustScaler and QuantileTransformer scale it.  A row's
# Normalizer leaves rows with a norm below it.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np
import sklearn
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, QuantileTransformer, RobustScaler, StandardScaler

metres = np.array([[400e-9], [500e-9], [550e-9], [700e-9]])
print("scikit-learn", sklearn.__version__)
for scaler in (MinMaxScaler(), MaxAbsScaler(), StandardScaler(), RobustScaler(), QuantileTransformer(n_quantiles=4)):
    double, single = (scaler.fit_transform(metres.astype(kind))[:, 0] for kind in ("float64", "float32"))
    print(f"{scaler}: float64 {double}, float32 {single}")
    left = isinstance(scaler, (MinMaxScaler, MaxAbsScaler))
    assert np.allclose(single, double, atol=1e-5) != left, "changed"
    assert not left or np.allclose(single, metres[:, 0] - (metres[0, 0] if isinstance(scaler, MinMaxScaler) else 0), rtol=1e-5)
double, single = (Normalizer().fit_transform(metres.T.astype(kind))[0] for kind in ("float64", "float32"))
print(f"Normalizer, the four as one row: float64 {double}, float32 {single}")
assert np.isclose(np.linalg.norm(double), 1) and np.allclose(single, metres[:, 0])
for reach in (1.1e-6, 1.3e-6):
    largest = MinMaxScaler().fit_transform(np.array([[0], [reach]], dtype="float32")).max()
    print(f"a range of {reach} in float32: MinMaxScaler's largest result is {largest}")
    assert (largest == 1) == (reach > 1.2e-6)
PYTHON
