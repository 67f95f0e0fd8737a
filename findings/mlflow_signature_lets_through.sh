#!/bin/sh
# MLflow 3.17.2 (mlflow-skinny, pandas 2.3.3): what the signature of a model with columns of doubles lets through.
#
# Expected: whole numbers are fine for a double, text is not, and a column that is not there is an error.
# Seen: the other way round.  An int64 column (50000, as a query returns it when no value has a fraction) is refused, the text "50000" is
# converted.  And a single missing value in the example makes its column optional: a frame without the column reaches the model,
# which gets the other columns alone, without a warning.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check mlflow-skinny==3.17.2 pandas==2.3.3 scipy==1.17.1 numpy==2.4.6
cat >"$folder/signature.py" <<'PYTHON'
import logging
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")
import mlflow
import pandas
from mlflow.models import infer_signature

logging.getLogger("mlflow").setLevel(logging.ERROR)
folder = pathlib.Path(sys.argv[1])


class Columns(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [" ".join(f"{name}={value!r}" for name, value in zip(model_input, row)) for row in model_input.astype(object).values.tolist()]


print("mlflow", mlflow.__version__)
example = pandas.DataFrame({"age": [41.5, None], "income": [52000.5, 61000.25]})
mlflow.pyfunc.save_model(folder / "model", python_model=Columns(), signature=infer_signature(example), pip_requirements=[])
model = mlflow.pyfunc.load_model(str(folder / "model"))
seen = []
for what, frame in {"as the example": {"age": [30.5], "income": [1.5]}, "whole numbers": {"age": [30.5], "income": [50000]},
                    "text": {"age": [30.5], "income": ["50000"]}, "without income": {"age": [30.5]}, "without age": {"income": [1.5]}}.items():
    try:
        seen.append(f"{what}: {model.predict(pandas.DataFrame(frame))[0]}")
    except mlflow.exceptions.MlflowException:
        seen.append(f"{what}: refused")
print("\n".join(seen))
assert seen == ["as the example: age=30.5 income=1.5", "whole numbers: refused", "text: age=30.5 income=50000", "without income: refused",
                "without age: income=1.5"]
PYTHON
cd "$folder"
venv/bin/python -W ignore signature.py "$folder" 2>errors || { cat errors; exit 1; }
