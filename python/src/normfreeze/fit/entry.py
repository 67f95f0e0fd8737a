"""fit() and profile()."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from .by_key import _KeyedFit
from .read_options import _options_object, _parse_fit_options
from .recipes import _fit_features
from .scalers import _scaler_of
from .spec import _BAD_PARAMETER
from .state import FitState, _ProfileState
from ..apply.scaler import Scaler
from ..apply.scaler_set import ScalerSet
from ..base.text import Error
from ..values.profile import Profile

_PROFILE_OPTIONS = ("columns", "exclude", "names", "distribution")


@overload
def fit(x: Any, method: str = ..., options: Mapping[str, Any] | str | None = ..., *, weight: Any = ..., by: None = ...,
        unseen: str | Scaler = ..., nan: str | None = ...) -> Scaler: ...
@overload
def fit(x: Any, method: str = ..., options: Mapping[str, Any] | str | None = ..., *, weight: Any = ..., by: Any,
        unseen: str | Scaler = ..., nan: str | None = ...) -> ScalerSet: ...


def fit(x: Any, method: str = "standard", options: Mapping[str, Any] | str | None = None, *, weight: Any = None, by: Any = None,
        unseen: str | Scaler = "error", nan: str | None = None) -> Scaler | ScalerSet:
    """
    Return the scaler that normfreeze.fit() of the database makes of the same rows: the same id, the same bytes.

    x is an array of rows by features, a frame (pandas, polars, pyarrow, a dictionary of arrays, a structured array), an
    iterator of such, which is read chunk by chunk, or a Profile.  Method and options are those of the database, options as
    a dictionary or as JSON.  `weight` has a weight for each row, or is the name of a frame's column.

    With `by`, a key for each row or the name of a frame's column, the result is the set of scalers by key that by_key()
    makes; `unseen` is what it does with other keys: "error", "null", or a scaler for all of them.

    None and the like are NULL, and NaN is NaN; but in the numpy types of pandas NaN stands for NULL.  nan="null" and
    nan="nan" say so for all.
    """
    if isinstance(x, Profile):
        for name, value in (("weight", weight), ("by", by)):
            if value is not None:
                raise Error(_BAD_PARAMETER, f"a profile has no rows, and takes no {name}")
        spec = _parse_fit_options(method, options, "profile")
        return _scaler_of(_fit_features(spec, x._settle(), None, {}), x)
    if by is None and unseen != "error":
        raise Error(_BAD_PARAMETER, "unseen says what a set does with other keys, and there are no keys", hint='Keys are given with "by".')
    if by is not None:
        return _KeyedFit(method, options, by, nan=nan).update(x, weight).finish(unseen)
    return FitState(method, options, nan=nan).update(x, weight).finish()


def profile(x: Any, options: Mapping[str, Any] | str | None = None, *, weight: Any = None, scaler: Scaler | None = None,
            nan: str | None = None) -> Profile:
    """
    Return the profile that normfreeze.profile() of the database makes of the same rows.  x, weight and nan are as in fit();
    options may be "columns", "exclude", "names" and "distribution".  With `scaler`, the features are those of a scaler,
    without its targets.
    """
    if scaler is not None and not isinstance(scaler, Scaler):
        raise Error("42804", f"a Scaler is expected, not a {type(scaler).__name__}")
    options = dict(_options_object(options))
    for key in options:
        if key not in _PROFILE_OPTIONS:
            raise Error(_BAD_PARAMETER, f'unknown option "{key}" for a profile', hint=f"The options are: {', '.join(_PROFILE_OPTIONS)}.")
    return _ProfileState(options, scaler, nan=nan).update(x, weight).profile()
