"""normfreeze outside of the database."""

from __future__ import annotations

import json
import warnings

import numpy as np

# ---- scikit-learn ----

# by class: the parameters and the fitted attributes that transform() depends on, or that say where those came from
_SKLEARN_CLASSES = {
    "StandardScaler": (("with_mean", "with_std"), ("mean_", "var_", "scale_", "n_samples_seen_")),
    "MinMaxScaler": (("feature_range", "clip"),
                     ("min_", "scale_", "data_min_", "data_max_", "data_range_", "n_samples_seen_")),
    "MaxAbsScaler": (("clip",), ("max_abs_", "scale_", "n_samples_seen_")),
    "RobustScaler": (("with_centering", "with_scaling", "quantile_range", "unit_variance"), ("center_", "scale_")),
    "QuantileTransformer": (("n_quantiles", "output_distribution"), ("n_quantiles_", "quantiles_", "references_")),
    "PowerTransformer": (("method", "standardize"), ("lambdas_",)),
    "Normalizer": (("norm",), ()),
    "FunctionTransformer": (("func",), ()),
    "SimpleImputer": (("missing_values", "strategy", "add_indicator"), ("statistics_",)),
    "ColumnTransformer": (("transformer_weights",), ()),
    "Pipeline": ((), ()),
}


def _sklearn_class(name: str) -> type:
    from sklearn import compose, impute, pipeline, preprocessing

    for module in (preprocessing, impute, compose, pipeline):
        if name in _SKLEARN_CLASSES and hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{name!r} is no class that scalers are of; those are {', '.join(_SKLEARN_CLASSES)}")


def dump(estimator) -> str:
    """A fitted scaler, Pipeline or ColumnTransformer of scikit-learn as the JSON that normfreeze.from_sklearn() reads.

    Numbers are exact. What is not fitted is a NotFittedError, a class that is no scaler a TypeError.
    """
    return json.dumps(_sklearn_members(estimator, "the estimator"), allow_nan=False)


def _sklearn_members(estimator, where: str) -> dict:
    import sklearn
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    name = type(estimator).__name__
    # a subclass may transform otherwise
    if name not in _SKLEARN_CLASSES or type(estimator) is not _sklearn_class(name):
        raise TypeError(f"{where} is a {type(estimator).__module__}.{name}, which is no scaler of scikit-learn; "
                        f"those are {', '.join(_SKLEARN_CLASSES)} (of a Pipeline, dump what is before its model: "
                        "pipeline[:-1])")
    if name != "Pipeline":
        check_is_fitted(estimator)
        if not hasattr(estimator, "n_features_in_"):
            raise NotFittedError(f"{where}, a {name}, is not fitted: it does not know how many features it has")
    given, fitted = _SKLEARN_CLASSES[name]
    parameters = estimator.get_params(deep=False)
    members = {"class": name, "_sklearn_version": sklearn.__version__}
    members |= {key: parameters[key] for key in given if key in parameters}
    members |= {key: getattr(estimator, key) for key in fitted if hasattr(estimator, key)}
    members |= {key: getattr(estimator, key) for key in ("n_features_in_", "feature_names_in_")
                if name != "Pipeline" and hasattr(estimator, key)}
    if name == "PowerTransformer":
        members["dtype"] = str(estimator.lambdas_.dtype)    # which decides in what precision powers are taken
        if estimator.standardize:
            members["_scaler"] = _sklearn_members(estimator._scaler, where)
    elif name == "FunctionTransformer":
        members["func"] = _sklearn_function(estimator, where)
    elif name == "SimpleImputer":
        # transform() rounds to the precision of the fit before it fills anything in
        members["statistics_"] = estimator.statistics_.astype(getattr(estimator, "_fill_dtype", np.float64))
    elif name == "Pipeline":
        members["steps"] = [_sklearn_part(label, part, where, "step") for label, part in estimator.steps]
    elif name == "ColumnTransformer":
        indices = estimator._transformer_to_input_indices   # names, slices, masks and selectors, resolved
        members["transformers_"] = [
            # what has no columns was never fitted
            [*_sklearn_part(label, part if len(indices[label]) else "drop", where, "transformer"), list(indices[label])]
            for label, part, _ in estimator.transformers_]
    return {key: _sklearn_value(value, f"{key} of {where}") for key, value in members.items()}


def _sklearn_part(label: str, part, where: str, kind: str) -> list:
    if part is None or isinstance(part, str):
        return [label, part or "passthrough"]
    return [label, _sklearn_members(part, f"{kind} {label!r} of {where}")]


def _sklearn_function(estimator, where: str) -> str | None:
    if estimator.func is None:
        return None
    if estimator.func is not np.log1p or estimator.kw_args:
        raise TypeError(f"{where} is a FunctionTransformer of {estimator.func!r}; only numpy.log1p and None are scalers")
    return "log1p"


def _sklearn_value(value, where: str):
    """Plain JSON, with strings for what JSON has no numbers for."""
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind == "f" and value.dtype.itemsize > 8:
            raise TypeError(f"{where} is of type {value.dtype}, and would be rounded")
        value = value.tolist()
    if isinstance(value, dict):
        return {key: _sklearn_value(item, where) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sklearn_value(item, where) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{where} is a {type(value).__name__}, which has no place in JSON")


def load(text: str | dict):
    """The fitted estimator of scikit-learn that dump() or normfreeze.to_sklearn() has written.

    What to_sklearn() has written carries rows with the results of the database: if the estimator does not give
    the same, that is a ValueError.
    """
    members = json.loads(text) if isinstance(text, (str, bytes)) else text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # of the rows that fit() is given for a start, and of their names
        estimator = _sklearn_estimator(members)
        if "normfreeze" in members:
            _check_sklearn_probes(estimator, members["normfreeze"]["scaler"]["probes"])
    return estimator


def _sklearn_estimator(members: dict):
    """Fitted to any rows, for attributes that only scikit-learn itself knows, then given what it was written with."""
    name = members["class"]
    made_of = _sklearn_class(name)
    given, fitted = _SKLEARN_CLASSES[name]
    if name == "Pipeline":
        return made_of([(label, _sklearn_loaded_part(part)) for label, part in members["steps"]])
    width = members["n_features_in_"]
    rows = np.tile(np.arange(1.0, 4.0)[:, None], width)
    if name == "ColumnTransformer":
        estimator = _sklearn_column_transformer(made_of, members).fit(rows)
        built = {label: part for label, part, _ in estimator.transformers} | {"remainder": estimator.remainder}
        estimator.transformers_ = [(label, fit_part if isinstance(built[label], str) else built[label], columns)
                                   for label, fit_part, columns in estimator.transformers_]
    else:
        # a parameter that an older version does not know yet is off there
        known = made_of().get_params(deep=False)
        parameters = {key: _sklearn_parameter(members[key]) for key in given
                      if key in members and (key in known or members[key])}
        if "func" in parameters:
            parameters["func"] = {"log1p": np.log1p, None: None}[parameters["func"]]
        estimator = made_of(**parameters).fit(rows)
    for key in fitted:
        if key in members:
            setattr(estimator, key, _sklearn_attribute(key, members))
        elif hasattr(estimator, key):
            delattr(estimator, key)             # it is of the rows above
    if "_scaler" in members:
        estimator._scaler = _sklearn_estimator(members["_scaler"])
    if "feature_names_in_" in members:
        estimator.feature_names_in_ = np.array(members["feature_names_in_"], object)
    return estimator


def _sklearn_column_transformer(made_of: type, members: dict):
    parts = [(label, _sklearn_loaded_part(part), columns) for label, part, columns in members["transformers_"]]
    rest = [part for label, part, _ in parts if label == "remainder"]
    return made_of([part for part in parts if part[0] != "remainder"], remainder=rest[0] if rest else "drop",
                   transformer_weights=members.get("transformer_weights"))


def _sklearn_loaded_part(part):
    return part if isinstance(part, str) else _sklearn_estimator(part)


def _sklearn_parameter(value):
    if isinstance(value, list):
        return tuple(value)
    return np.nan if value == "NaN" else value


def _sklearn_attribute(key: str, members: dict):
    value = members[key]
    if not isinstance(value, list):
        return value
    return np.array(_sklearn_floats(value), members.get("dtype", np.float64))


def _sklearn_floats(values: list) -> list:
    """Numbers, where JSON has strings for some, and null for missing ones."""
    return [_sklearn_floats(value) if isinstance(value, list) else np.nan if value is None else float(value) for value in values]


def _check_sklearn_probes(estimator, probes: dict):
    expected = np.array(_sklearn_floats(probes["outputs"]))
    got = estimator.transform(np.array(_sklearn_floats(probes["inputs"])))
    differ = ~((got == expected) | (np.isnan(got) & np.isnan(expected)))
    if differ.any():
        row, feature = np.argwhere(differ)[0]
        raise ValueError(f"the estimator is not what the database has: probe {row + 1}, output {feature + 1} is "
                         f"{float(got[row, feature])!r} here, {float(expected[row, feature])!r} there")
