"""Scores rows over HTTP by a frozen scaler: SCALER=churn.json uvicorn app:app

A row is an object of numbers by feature, null where one is missing; a body is one row or a list of rows.  The answer says by
which scaler: its id and fingerprint are those of the database.  Needs normfreeze.py beside it, numpy, fastapi and uvicorn.
"""

import math
import os
import pathlib

import fastapi
import fastapi.responses
import normfreeze

# Starting is proving: from_json() recomputes the fingerprint and runs the probes, and raises an error if anything differs.
scaler = normfreeze.Scaler.from_json(pathlib.Path(os.environ["SCALER"]).read_text())
if isinstance(scaler, normfreeze.ScalerSet) or not scaler.feature_names:
    raise SystemExit(f"scaler {scaler.scaler_id} is a set by key, or has no names of features: this service scores by one scaler, by name")
IDENTITY = {"scaler_id": str(scaler.scaler_id), "fingerprint": scaler.fingerprint}       # more digits than JavaScript's numbers have

app = fastapi.FastAPI(title="normfreeze")


def as_json(value):
    """JSON has no NaN, which is a missing value here, and no infinities."""
    return None if math.isnan(value) else value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def as_number(row, name):
    """A number or null, as JSON has them: what it has no numbers for, Python's json reads as NaN and infinities."""
    value = row[name]
    if not isinstance(value, (int, float, type(None))) or isinstance(value, float) and not math.isfinite(value):
        raise normfreeze.Error("22023", f'"{name}" is {str(value)[:40]!r}, and must be a number of double precision or null')
    return value


@app.exception_handler(normfreeze.Error)
def refused(request, error):
    """A row without a feature, text for a number, a value that a policy refuses: the caller's fault, by name."""
    return fastapi.responses.JSONResponse({"error": str(error), "sqlstate": error.sqlstate, **IDENTITY}, 422)


@app.get("/health")
def health():
    return {**IDENTITY, "features": scaler.feature_names}


@app.post("/normalize")
def normalize(body: dict | list[dict]):
    rows = body if isinstance(body, list) else [body]
    # a feature that a row lacks is an error, rather than a missing value: it is the error for a frame without that column
    names = [name for name in scaler.feature_names if all(name in row for row in rows)]
    columns = scaler.transform({name: [as_number(row, name) for row in rows] for name in names})
    values = [dict(zip(scaler.feature_names, map(as_json, row))) for row in columns.tolist()]
    return {**IDENTITY, "values": values if isinstance(body, list) else values[0]}
