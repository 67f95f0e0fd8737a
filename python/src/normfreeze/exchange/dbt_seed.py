"""Scalers as a seed of dbt: what the dbt package applies, proves and watches without the extension (dbt/macros/operations/export.sql)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import copy
import json
import os
from collections.abc import Mapping

import numpy as np

from ..apply.scaler import Scaler
from ..apply.scaler_set import ScalerSet
from ..base.text import Error
from ..values.profile import Profile
from ..values.ranks import _CellValues

_DRIFT_BINS = 10


def _bin_starts(counts, total: int, wanted: int) -> list[int]:
    """
    The cells where bins of equal frequency start (src/core/compare/drift_bins.c: MarkStarts).  For each quantile, the cell
    that holds it goes to the side where bins come out more equal.
    """
    starts, before, part, next_starts = [], 0, 1, True
    for i, count in enumerate(counts):
        after = before + count
        if after == before:
            continue
        here, next_starts = next_starts, False
        while part < wanted and part * total <= after * wanted:
            if part * total - before * wanted <= after * wanted - part * total:
                here = True
            else:
                next_starts = True
            part += 1
        if here:
            starts.append(i)
        before = after
    return starts


def _evidence_of_feature(name, moments, histogram) -> dict:
    cells = _CellValues(histogram, moments.min, moments.max)
    counts = cells._counts.tolist()
    starts = _bin_starts(counts, moments.count, _DRIFT_BINS)
    within = [sum(counts[start:end]) for start, end in zip(starts, [*starts[1:], len(counts)])]
    lower = [moments.min] + [float(cells._low[start]) for start in starts[1:]]
    return {"name": name, "mean": moments.mean(), "std": moments.deviation(), "lower": lower, "upper": moments.max,
            "counts": [moments.negative_infinities, *within, moments.positive_infinities, moments.missing]}


def _drift_evidence(scaler: Scaler) -> str:
    """What drift in plain SQL compares rows with: of each feature the moments, and bins with the counts of the training set."""
    if scaler._profile is None or scaler.feature_names is None:
        raise Error("22023", f"scaler {scaler.scaler_id} has no training profile, or no names of features, and so no evidence of drift",
                    hint="Take the scaler as fit() made it, or as the database writes it with its profile.")
    profile = Profile._from_bytes(base64.b64decode(scaler._profile))
    if profile._histograms is None:
        raise Error("22023", f"scaler {scaler.scaler_id} was fitted without a distribution, and so has no evidence of drift",
                    hint="Fit it without the option distribution.")
    places = {name: i for i, name in enumerate(profile._names)}
    features = [_evidence_of_feature(name, profile._moments[places[name]], profile._histograms[places[name]])
                for name in scaler.feature_names if profile._moments[places[name]].count > 0]
    return json.dumps({"evidence_format": 1, "scaler_id": str(scaler.scaler_id), "features": features})


def dbt_seed(scalers: Mapping[str, Scaler], version: int = 1) -> str:
    """
    The CSV of a dbt seed with scalers by name: name, version, artifact, and evidence, with which the dbt package normalizes
    rows (`mode='inline'`), proves itself (`probes_agree`) and watches drift in a database without the extension.
    """
    lines = ["name,version,artifact,evidence"]
    for name, scaler in scalers.items():
        if isinstance(scaler, ScalerSet):
            raise Error("22023", f"scaler {scaler.scaler_id} is a set of scalers by key, which dbt's inline SQL does not have",
                        hint="member(key) gives one of them.")
        bare = copy.copy(scaler)
        bare._profile = None
        fields = [text.replace('"', '""') for text in (name, bare.to_json(), _drift_evidence(scaler))]
        lines.append(f'"{fields[0]}",{version},"{fields[1]}","{fields[2]}"')
    return "\n".join(lines) + "\n"


def _print_seed(files, version: int):
    """Of scalers in files, each named after its file."""
    scalers = {}
    for file in files:
        with open(file, "rb") as opened:
            scalers[os.path.basename(file).removesuffix(".json")] = Scaler.from_json(opened.read())
    print(dbt_seed(scalers, version), end="")
