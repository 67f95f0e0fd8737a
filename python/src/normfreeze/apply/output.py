"""Output."""
# mypy: disable-error-code="import-not-found, import-untyped"

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from .rows import _is_pandas, _is_pandas_row, _is_polars
from ..base.arrays import _Array
from ..base.text import Error

_OUTPUTS = ("default", "numpy", "pandas", "polars", "pyarrow")


def _check_output(kind: str | None) -> str | None:
    if kind is not None and kind not in _OUTPUTS:
        raise Error("22023", f"unknown kind of output {kind!r}", hint=f"It may be {', '.join(_OUTPUTS)}.")
    return kind


def _configured_output() -> str | None:
    """Return what sklearn.set_config(transform_output=...) says, where scikit-learn is used at all."""
    if "sklearn" not in sys.modules:
        return None
    config: dict[str, str] = sys.modules["sklearn"].get_config()
    return config.get("transform_output")


def _as_output(x: Any, names: list[str], y: _Array, kind: str | None) -> Any:
    """
    Return a result, of rows by features or of one row, in a kind of output.  The default is that of x, for frames of pandas
    and polars; everything else gives arrays.
    """
    of_pandas = _is_pandas(x)
    if y.ndim == 1:
        return _maker_of(x)(y, index=names, name=x.name) if _is_pandas_row(x) and not of_pandas and kind != "numpy" else y
    if kind in (None, "default"):
        if of_pandas:
            return _maker_of(x)(y, index=x.index, columns=names, copy=False)        # y belongs to nobody else
        if _is_polars(x):
            return type(x)(_arrays_by_name(names, y))
        return y
    if kind == "numpy":
        return y
    if kind == "pandas":
        import pandas

        return pandas.DataFrame(y, columns=names, index=x.index if of_pandas else None, copy=False)
    if kind == "polars":
        import polars

        return polars.DataFrame(_arrays_by_name(names, y))
    import pyarrow

    return pyarrow.table(_arrays_by_name(names, y))


def _maker_of(x: Any) -> Any:
    """Return what makes an object like x, of pandas.  A subclass says how it wants to be made."""
    return getattr(x, "_constructor", type(x))


def _arrays_by_name(names: list[str], y: _Array) -> dict[str, _Array]:
    return {name: np.ascontiguousarray(y[:, i]) for i, name in enumerate(names)}
