#!/bin/sh
# scikit-learn 1.9.1, PowerTransformer: of 9,904 distinct latencies about 200 ms, Yeo-Johnson leaves a few dozen distinct
# results, by a lambda that depends on the order of the rows, and Box-Cox one. Neither warns. The lambda of the exact
# likelihood is -13.00243 (Yeo-Johnson, by high-precision arithmetic): float8 has no digits for 200^-13 beside 1.
# Seen on 2026-11-29; the script prints what it sees, and fails if that changes.
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np
import scipy
import sklearn
from sklearn.preprocessing import PowerTransformer

i = np.arange(1, 10001)
ms = np.round(190 + 8 * (-np.log(1 - (i - 0.5) / 10000)) ** 1.7, 4)[:, None]
print(f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}")
print(f"{len(ms)} latencies from {ms.min()} to {ms.max()}, {len(np.unique(ms))} distinct values")
found = {}
for method in ("yeo-johnson", "box-cox"):
    for order, values in (("ascending", ms), ("descending", ms[::-1])):
        scaler = PowerTransformer(method=method).fit(values)
        found[method, order] = scaler.lambdas_[0], len(np.unique(scaler.transform(ms)))
        print(f"{method}, {order}: lambda {scaler.lambdas_[0]:.6f}, {found[method, order][1]} distinct results")
assert len(np.unique(ms)) == 9904
assert all(distinct < 500 for _, distinct in found.values()), "results are told apart"
assert found["box-cox", "ascending"][1] == 1
assert abs(found["yeo-johnson", "ascending"][0] - found["yeo-johnson", "descending"][0]) > 1e-3, "lambda is the same in any order"
PYTHON
