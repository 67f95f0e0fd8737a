"""Types of arrays, and of what transform() gives back in kind."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy.typing as npt

_Array = npt.NDArray[Any]


class _OfPandas(Protocol):
    """A DataFrame or a Series."""

    @property
    def index(self) -> Any: ...

    @property
    def loc(self) -> Any: ...


class _OfPolars(Protocol):
    """A DataFrame."""

    @property
    def get_column(self) -> Any: ...


_Pandas = TypeVar("_Pandas", bound=_OfPandas)
_Polars = TypeVar("_Polars", bound=_OfPolars)
