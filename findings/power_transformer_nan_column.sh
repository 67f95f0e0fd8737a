#!/bin/sh
# scikit-learn 1.9.1: a column without a value.
#
# Expected: PowerTransformer "disregards NaNs in fit and maintains them in transform", as the other scalers do, which give NaN.
# Seen: its fit fails on a column that is all NaN, by Yeo-Johnson with a message of Python's own ("not enough values to
# unpack (expected 2, got 0)"), while StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler and QuantileTransformer fit it
# and give NaN for every value of it.  SimpleImputer drops the column, even with strategy="constant" and a fill_value.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-learn==1.9.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (MaxAbsScaler, MinMaxScaler, PowerTransformer, QuantileTransformer, RobustScaler,
                                   StandardScaler)

training = np.array([[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
row = np.array([[1.0, 5.0]])
print("scikit-learn", sklearn.__version__)
for scaler in (StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), QuantileTransformer(n_quantiles=2)):
    given = scaler.fit(training).transform(row)
    print(scaler, given)
    assert np.isnan(given[0, 1]) and not np.isnan(given[0, 0])
for scaler, message in ((PowerTransformer(), "not enough values to unpack (expected 2, got 0)"),
                        (PowerTransformer(method="box-cox"), "Column must not be all nan.")):
    try:
        scaler.fit(training)
    except ValueError as error:
        print(scaler, "ValueError:", error)
        assert str(error) == message
    else:
        raise AssertionError(f"{scaler} fits a column that is all NaN now")
imputer = SimpleImputer(strategy="constant", fill_value=3.0).fit(training)
print(imputer, imputer.transform(row))
assert imputer.transform(row).shape == (1, 1)
PYTHON
