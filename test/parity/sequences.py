"""Sequences of steps that exports can express, as options of fit(), and what is refused of others."""

CLIPPED = {"method": "minmax", "clip": True}

# in all formats
EVERYWHERE = (
    {"steps": ["standard", "minmax"]},
    {"steps": [CLIPPED, "standard"]},
    {"steps": ["robust", "maxabs", {"method": "minmax", "feature_range": [-1, 1], "clip": True}], "missing": "mean"},
    {"steps": [{"method": "sqrt", "domain": "null"}, "standard"]},
    {"steps": ["maxabs", {"method": "sqrt", "domain": "null"}, "square", "robust"], "missing": "median"},
    {"steps": ["standard", "minmax"] * 8})

# where values are clipped and reciprocals are taken, so not in scikit-learn
ARITHMETIC = EVERYWHERE + (
    {"steps": [CLIPPED, "square", "robust"], "outside": "clip", "missing": "nan"},
    {"steps": ["maxabs", {"method": "sqrt", "domain": "clip"}, {"method": "standard", "with_mean": False}]},
    {"steps": [{"method": "reciprocal", "domain": "null"}, "minmax"]},
    {"steps": [{"method": "reciprocal", "domain": "clip"}, "identity", CLIPPED], "outside": "null", "missing": 2})

DEEP = {"steps": ["standard", "square", CLIPPED] * 5 + ["robust"]}

# an interpolation, which ONNX and PMML do not have
INTERPOLATED = (
    {"steps": ["robust", {"method": "quantile", "n_quantiles": 9}, {"method": "minmax", "feature_range": [-1, 1]}]},
    {"steps": [CLIPPED, {"method": "quantile", "n_quantiles": 5}]})

# what no format has
FUNCTIONS = ({"steps": ["log1p", "standard"], "domain": "null"}, {"steps": ["power", "minmax"]})


def mixed(names):
    """Features of one to four steps, and policies, side by side."""
    kinds = ({"steps": ["standard", CLIPPED]}, {"method": "robust"}, {"steps": [{"method": "sqrt", "domain": "null"}, "standard", "minmax", "maxabs"]},
             {"method": "minmax", "clip": True, "missing": "mean"}, {"steps": ["standard", CLIPPED]}, {"steps": ["square", "standard"]})
    return {"features": {name: kinds[i % len(kinds)] for i, name in enumerate(names)}}
