"""Scikit-learn."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

# the functions of numpy that are methods, by the names that dump() and to_sklearn() write
_NUMPY_FUNCTIONS = {None: None, "log1p": np.log1p, "log": np.log, "log2": np.log2, "log10": np.log10, "sqrt": np.sqrt, "cbrt": np.cbrt,
                    "square": np.square, "arcsinh": np.arcsinh, "reciprocal": np.reciprocal, "expm1": np.expm1}

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
    "Winsorizer": (("capping_method", "tail", "fold", "add_indicators", "missing_values"),
                   ("right_tail_caps_", "left_tail_caps_", "variables_", "fold_")),
    "ColumnTransformer": (("transformer_weights",), ()),
    "Pipeline": ((), ()),
}

# what else dump() and to_sklearn() write, and which attributes transform() cannot do without: if the parameter says so
_SKLEARN_OTHERS = {"FunctionTransformer": {"inverse_func"}, "PowerTransformer": {"dtype", "_scaler"}, "ColumnTransformer": {"transformers_", "remainder"}, "Pipeline": {"steps"}}
_SKLEARN_COMMON = {"class", "_sklearn_version", "n_features_in_", "feature_names_in_", "normfreeze"}
_SKLEARN_NEEDS = {
    "StandardScaler": {"mean_": "with_mean", "scale_": "with_std"}, "MinMaxScaler": {"scale_": None, "min_": None},
    "MaxAbsScaler": {"scale_": None}, "RobustScaler": {"center_": "with_centering", "scale_": "with_scaling"},
    "QuantileTransformer": {"quantiles_": None, "references_": None, "output_distribution": None},
    "PowerTransformer": {"lambdas_": None, "method": None, "_scaler": "standardize"}, "Normalizer": {"norm": None},
    "SimpleImputer": {"statistics_": None},
    "Winsorizer": {"right_tail_caps_": None, "left_tail_caps_": None, "variables_": None, "feature_names_in_": None, "n_features_in_": None, "fold_": None},
}


def _sklearn_class(name: str) -> type:
    from sklearn import compose, impute, pipeline, preprocessing

    if name == "Winsorizer":
        try:
            from feature_engine.outliers import Winsorizer
        except ImportError as error:
            raise ImportError("a Winsorizer is of feature-engine, which cannot be imported") from error
        return Winsorizer
    for module in (preprocessing, impute, compose, pipeline):
        if name in _SKLEARN_CLASSES and hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{name!r} is no class that scalers are of; those are {', '.join(_SKLEARN_CLASSES)}")


def dump(estimator: Any, only: str | Sequence[str] | None = None) -> str:
    """Return a fitted scaler, Pipeline or ColumnTransformer of scikit-learn as JSON that normfreeze.from_sklearn() reads.

    Numbers are exact.  Raises NotFittedError for an estimator that is not fitted, and TypeError for one that is not a
    scaler; the message says what of it could be dumped.  `only` names the transformers of a ColumnTransformer to dump;
    the columns of all others are dropped.
    """
    if type(estimator).__name__ == "FrozenEstimator":
        estimator = estimator.estimator
    if only is not None:
        only = [only] if isinstance(only, str) else list(only)
        if type(estimator).__name__ != "ColumnTransformer":
            raise TypeError(f"only a ColumnTransformer has transformers to choose from, not a {type(estimator).__name__}")
        if hasattr(estimator, "transformers_"):
            known = [label for label, _, _ in estimator.transformers_]
            for label in only:
                if label not in known:
                    raise ValueError(f"the ColumnTransformer has no transformer {label!r}; it has {', '.join(map(repr, known))}")
    try:
        return json.dumps(_sklearn_members(estimator, "the estimator", only), allow_nan=False)
    except _NoScaler as error:
        calls = _sklearn_advice(estimator, "x")
        raise TypeError(f"{error}" + (f". Of the estimator as x, these work: {'; '.join(calls)}" if calls else "")) from None


def _is_dumpable(estimator) -> bool:
    try:
        _sklearn_members(estimator, "the estimator")
    except Exception:
        return False
    return True


def _sklearn_advice(estimator, it: str) -> list:
    """Return calls that dump parts of an estimator which cannot be dumped as a whole; `it` is the reader's name for it."""
    kind = type(estimator).__name__
    if kind == "FrozenEstimator":
        estimator, it, kind = estimator.estimator, it + ".estimator", type(estimator.estimator).__name__
    if _is_dumpable(estimator):
        return [f"dump({it})"]
    if kind == "Pipeline":
        length = 0
        while length < len(estimator.steps) and (
                estimator.steps[length][1] in (None, "passthrough") or _is_dumpable(estimator.steps[length][1])):
            length += 1
        if any(_is_dumpable(part) for _, part in estimator.steps[:length]):
            return [f"dump({it}[:{length - len(estimator.steps)}])"]
        return [call for at, (_, part) in enumerate(estimator.steps) for call in _sklearn_advice(part, f"{it}[{at}]")]
    if kind == "ColumnTransformer":
        fine = [label for label, part, _ in getattr(estimator, "transformers_", ())
                if part is not None and not isinstance(part, str) and _is_dumpable(part)]
        calls = [f"dump({it}, only={fine!r})"] if fine else []
        return calls + [f"dump({it}.named_transformers_[{label!r}])" for label in fine[:1]] + [
            call for label, part, _ in getattr(estimator, "transformers_", ()) if label not in fine and not isinstance(part, str)
            for call in _sklearn_advice(part, f"{it}.named_transformers_[{label!r}]")]
    if kind == "FeatureUnion":
        return [call for at, (_, part) in enumerate(estimator.transformer_list) if not isinstance(part, str)
                for call in _sklearn_advice(part, f"{it}.transformer_list[{at}][1]")]
    # searches, TransformedTargetRegressor, and what has one estimator inside
    return [call for inner in ("best_estimator_", "transformer_", "regressor_", "estimator_", "classifier_")
            if vars(estimator).get(inner) is not None for call in _sklearn_advice(vars(estimator)[inner], f"{it}.{inner}")] \
        if hasattr(estimator, "__dict__") and not isinstance(estimator, type) else []


class _NoScaler(TypeError):
    """Raised for an estimator that a dump cannot contain."""


def _sklearn_members(estimator, where: str, only=None) -> dict:
    import sklearn
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    if type(estimator).__name__ == "FrozenEstimator":
        estimator = estimator.estimator
    name = type(estimator).__name__
    # a subclass may transform otherwise
    elsewhere = name == "Winsorizer" and not type(estimator).__module__.startswith("feature_engine.")
    if name not in _SKLEARN_CLASSES or elsewhere or type(estimator) is not _sklearn_class(name):
        raise _NoScaler(f"{where} is a {type(estimator).__module__}.{name}, which is no scaler of scikit-learn; "
                        f"those are {', '.join(_SKLEARN_CLASSES)}")
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
            [*_sklearn_part(label, part if len(indices[label]) and (only is None or label in only) else "drop", where,
                            "transformer"), list(indices[label])]
            for label, part, _ in estimator.transformers_]
    return {key: _sklearn_value(value, f"{key} of {where}") for key, value in members.items()}


def _sklearn_part(label: str, part, where: str, kind: str) -> list:
    if part is None or isinstance(part, str):
        return [label, part or "passthrough"]
    return [label, _sklearn_members(part, f"{kind} {label!r} of {where}")]


def _sklearn_function(estimator, where: str) -> str | None:
    for name, function in _NUMPY_FUNCTIONS.items():
        if estimator.func is function:
            if estimator.kw_args:
                raise _NoScaler(f"{where} is a FunctionTransformer with kw_args, {', '.join(estimator.kw_args)}, which may change what numpy's {name} gives")
            return name
    raise _NoScaler(f"{where} is a FunctionTransformer of {estimator.func!r}; only None and numpy's "
                    f"{', '.join(name for name in _NUMPY_FUNCTIONS if name)} are scalers")


def _sklearn_value(value, where: str):
    """Return a value as plain JSON, with strings for numbers that JSON does not have."""
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


def load(text: str | bytes | dict[str, Any], frozen: bool = True) -> Any:
    """Return the fitted estimator of scikit-learn that dump() or normfreeze.to_sklearn() has written.

    It is a sklearn.frozen.FrozenEstimator (scikit-learn 1.6), which no fit() of a Pipeline or a search changes.  With
    `frozen=False` it is the bare estimator, which they fit anew.

    What to_sklearn() has written carries rows with the results of the database.  Raises ValueError if the estimator
    does not give the same results, and for JSON that neither function has written.
    """
    members = json.loads(text) if isinstance(text, (str, bytes)) else text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # of the rows that fit() is given for a start, and of their names
            estimator = _sklearn_estimator(members)
            if "normfreeze" in members:
                _check_sklearn_probes(estimator, members["normfreeze"]["scaler"]["probes"])
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"the JSON is not what dump() or to_sklearn() has written: {error!r}") from error
    return _frozen_estimator(estimator) if frozen else estimator


def _frozen_estimator(estimator):
    """The FrozenEstimator of an estimator, whose set_output() and partial_fit() give no way to the estimator inside."""
    try:
        from sklearn.frozen import FrozenEstimator as Frozen
    except ImportError as error:
        raise ImportError("scikit-learn 1.6 or later is needed to keep the estimator frozen; load(text, frozen=False) gives "
                          "it as it is, to be fitted anew by whatever calls fit()") from error

    class FrozenEstimator(Frozen):
        # scikit-learn's own (1.9.1) hands these to the estimator inside: set_output() returns that, to be fitted anew
        def fit(self, X=None, y=None, *args, **kwargs):  # noqa: N803 (scikit-learn's name)
            return super().fit(X, y)

        def partial_fit(self, X=None, y=None, *args, **kwargs):  # noqa: N803
            return self.fit(X, y)

        def set_output(self, *, transform=None):
            self.estimator.set_output(transform=transform)
            return self

        def __deepcopy__(self, memo):
            return type(self)(copy.deepcopy(self.estimator, memo))

        def __reduce__(self):
            # who unpickles it needs scikit-learn alone
            return Frozen, (self.estimator,)

    return FrozenEstimator(estimator)


def _sklearn_estimator(members: dict):
    """Return an estimator that is fitted to any rows, for attributes that only scikit-learn knows, then given its own."""
    name = members["class"]
    made_of = _sklearn_class(name)
    given, fitted = _SKLEARN_CLASSES[name]
    _check_sklearn_members(name, members)
    if name == "Pipeline":
        return made_of([(label, _sklearn_loaded_part(part)) for label, part in members["steps"]])
    if name == "Winsorizer":
        # nothing of it is private
        estimator = made_of(**{key: members[key] for key in given if key in members})
        for key in (*fitted, "n_features_in_", "feature_names_in_"):
            setattr(estimator, key, members[key])
        return estimator
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
            parameters["func"] = _NUMPY_FUNCTIONS[parameters["func"]]
            parameters["inverse_func"] = _NUMPY_FUNCTIONS[members.get("inverse_func")]
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


def _check_sklearn_members(name: str, members: dict):
    """Fail for a member that would be ignored, and for an absent one that is needed: absence is not taken for "off"."""
    given, fitted = _SKLEARN_CLASSES[name]
    known = {*_SKLEARN_COMMON, *given, *fitted, *_SKLEARN_OTHERS.get(name, ())}
    for key in members:
        if key not in known:
            raise ValueError(f"{name} has no {key!r}, which would be ignored; it has {', '.join(sorted(known))}")
    for key, switch in _SKLEARN_NEEDS.get(name, {}).items():
        if (switch is None or members.get(switch, True)) and members.get(key) is None:
            raise ValueError(f"{name} needs {key!r}" + (f", unless {switch} is false" if switch else ""))
    if name == "FunctionTransformer" and "func" not in members:
        raise ValueError("FunctionTransformer needs 'func', which may be null")


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
        if key in ("n_samples_seen_", "n_quantiles_") or value is None:
            return value
        raise TypeError(f"{key} is {value!r}")
    array = np.array(_sklearn_floats(value), members.get("dtype", np.float64))
    # a single number would serve all features, without a word
    if key != "references_" and array.shape[-1] != members["n_features_in_"]:
        raise ValueError(f"{key} has {array.shape[-1]} values for {members['n_features_in_']} features")
    return array


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
