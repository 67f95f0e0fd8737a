"""What Evidently and NannyML make of the same bins and values; run by drift.py in a process of its own.

    drift_peers.py FOLDER-OF-THE-PEERS FILE.npz     prints JSON: [{function: result}] for each case
"""

import importlib
import json
import pathlib
import sys
import types
import warnings

import numpy as np
import pandas


def hollow(folder, name):
    """A package without what its __init__ would import: only modules that are asked for are loaded."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder / name.replace(".", "/"))]
    sys.modules[name] = package


def evidently(case):
    column_type = importlib.import_module("evidently.legacy.core").ColumnType
    tests = "evidently.legacy.calculations.stattests."

    def ask(module, function, columns, kind, **options):
        reference, live = (pandas.Series(case[name]) for name in columns)
        value, _ = getattr(importlib.import_module(tests + module), function)(reference, live, kind, 0.1, **options)
        return float(value)

    bins, values = ("reference_bins", "live_bins"), ("reference", "live")
    return {"psi": ask("psi", "_psi", bins, column_type.Categorical),
            "jensen_shannon": ask("jensenshannon", "_jensenshannon", bins, column_type.Categorical, base=2),
            "hellinger": ask("hellinger_distance", "_hellinger_distance", bins, column_type.Categorical),
            "wasserstein": ask("wasserstein_distance_norm", "_wasserstein_distance_norm", values, column_type.Numerical)}


def nannyml(case):
    methods = importlib.import_module("nannyml.drift.univariate.methods")

    def ask(key, columns, kind):
        method = methods.MethodFactory.create(key, kind, chunker=None, threshold=None)
        reference, live = (pandas.Series(case[name]) for name in columns)
        method._fit(reference)
        return float(method._calculate(live))

    kinds = methods.FeatureType
    bins, values = ("reference_bins", "live_bins"), ("reference", "live")
    return {"jensen_shannon": ask("jensen_shannon", bins, kinds.CATEGORICAL), "hellinger": ask("hellinger", bins, kinds.CATEGORICAL),
            "ks": ask("kolmogorov_smirnov", values, kinds.CONTINUOUS), "wasserstein": ask("wasserstein", values, kinds.CONTINUOUS)}


def main():
    folder = pathlib.Path(sys.argv[1])
    sys.path.insert(0, str(folder))
    warnings.simplefilter("ignore")
    for name in ("evidently", "evidently.legacy", "evidently.legacy.calculations", "evidently.legacy.calculations.stattests",
                 "nannyml", "nannyml.drift", "nannyml.drift.univariate"):
        hollow(folder, name)
    file = np.load(sys.argv[2])
    cases = [{name: file[f"{i}_{name}"] for name in ("reference", "live", "reference_bins", "live_bins")}
             for i in range(int(file["cases"]))]
    print(json.dumps([{"evidently": evidently(case), "nannyml": nannyml(case)} for case in cases]))


if __name__ == "__main__":
    main()
