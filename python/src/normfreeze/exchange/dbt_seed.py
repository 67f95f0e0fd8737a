"""Scalers as a seed of dbt: what the dbt package applies, proves and watches without the extension (dbt/macros/operations/export.sql)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Mapping

import numpy as np

from ..apply.scaler import Scaler
from ..apply.scaler_set import ScalerSet
from ..base.text import Error
from ..fit.scalers import _make_probes
from ..values.profile import Profile
from ..values.ranks import _CellValues

_DRIFT_BINS = 10
_SEED_HEADING = "name,version,artifact,evidence\n"


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


def _bare(scaler):
    """A scaler, or all those of a set, without training profiles and with probes, which those of a set come without."""
    bare = copy.copy(scaler)
    if isinstance(bare, ScalerSet):
        bare._members = {key: _bare(member) for key, member in scaler._members.items()}
        bare._fallback = scaler._fallback and _bare(scaler._fallback)
    else:
        bare._profile = None
        bare._probes = scaler._probes or _make_probes(scaler)
    return bare


def _csv_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _seed_row(name: str, version: int, scaler: Scaler | ScalerSet) -> str:
    evidence = "" if isinstance(scaler, ScalerSet) else _csv_field(_drift_evidence(scaler))
    return f"{_csv_field(name)},{version},{_csv_field(_bare(scaler).to_json())},{evidence}\n"


def dbt_seed(scalers: Mapping[str, Scaler | ScalerSet], version: int = 1) -> str:
    """
    The CSV of a dbt seed with scalers by name: name, version, artifact, and evidence, with which the dbt package normalizes
    rows (`mode='inline'`), proves itself (`probes_agree`) and watches drift in a database without the extension.  A set of scalers
    by key has no evidence: drift is that of one scaler, of member(key).
    """
    if isinstance(scalers, (Scaler, ScalerSet)):
        raise Error("42804", "scalers of a seed have names", hint='Give a dictionary, as in dbt_seed({"churn": scaler}).')
    return _SEED_HEADING + "".join(_seed_row(name, version, scaler) for name, scaler in scalers.items())
