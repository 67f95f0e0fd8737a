"""Profiles: exact statistics of each feature, which are mergeable and do not depend on the order of rows."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import base64
import binascii
import hashlib

import numpy as np

from .histogram import _Histogram
from .profile_format import _MOST_ROWS, _Malformed, _profile_bytes, _read_profile
from ..base.strict_json import _DAMAGED, _INVALID
from ..base.text import Error
from ..exact.moments import _Moments
from ..exact.pieces import _ColumnSums
from ..exact.weighted import _WeightedSums
from ..scaler.recipe import _check_names

_ARMOR_DIGITS = 16


class Profile:
    """
    What normfreeze.profile() of the database makes of the same rows, with the same bytes: exact sums and a distribution
    of each feature.  `str(profile)` is the text that the database writes and reads.
    """

    def __init__(self, names, width: int, distribution: int, weighted: bool = False):
        """Use profile(), FitState or Profile.from_text()."""
        self._names, self._distribution = names, distribution
        self.rows = 0
        self._moments = [_Moments() for _ in range(width)]
        self._histograms = [_Histogram(distribution) for _ in range(width)] if distribution else None
        self._weighted = [_WeightedSums() for _ in range(width)] if weighted else None
        self._sums = None

    @property
    def feature_names(self) -> list[str] | None:
        return None if self._names is None else list(self._names)

    def __len__(self) -> int:
        return len(self._moments)

    def __repr__(self) -> str:
        return f"<normfreeze.Profile of {self.rows} rows, {len(self)} features>"

    # -- adding rows --

    def _add(self, columns, nulls, weights=None):
        """
        Add rows: an array of float64 with one column in each row, whose NULLs are NaN, and flags of NULLs likewise, or
        None.  Weights are positive and finite.
        """
        n = columns.shape[1]
        if n == 0:
            return
        if self.rows > _MOST_ROWS - n:
            raise _too_many_rows(self.rows, n)
        low, high = columns.min(axis=1), columns.max(axis=1)
        sorted_columns = None if self._histograms is None else np.sort(columns, axis=1)
        self._add_weights(columns, weights)
        columns = self._finite_only(columns, nulls, low, high)
        if self._sums is None:
            self._sums = _ColumnSums(len(self))
        self._sums.add(columns, low, high)
        for i, histogram in enumerate(self._histograms or ()):
            histogram.add_sorted(sorted_columns[i])
        self.rows += n

    def _finite_only(self, columns, nulls, low, high):
        """Count the values; return columns with zeros in the place of what is not finite, and set low and high accordingly."""
        n = columns.shape[1]
        unusual = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high)))
        copied = columns.copy() if len(unusual) else columns
        counts = np.full(len(columns), n)
        for i in unusual:
            finite = np.isfinite(columns[i])
            copied[i, ~finite] = 0.0
            counts[i] = finite.sum()
            self._moments[i].count_missing(columns[i], None if nulls is None else nulls[i])
            low[i] = np.where(finite, columns[i], np.inf).min()
            high[i] = np.where(finite, columns[i], -np.inf).max()
        for moments, count, least, greatest in zip(self._moments, counts.tolist(), low.tolist(), high.tolist()):
            moments.count += count
            moments.extend(least, greatest)
        none = counts == 0
        low[none] = high[none] = 0.0
        return copied

    def _add_weights(self, columns, weights):
        for i, sums in enumerate(self._weighted or ()):
            finite = np.isfinite(columns[i])
            sums.add(columns[i][finite], weights[finite])

    def _settle(self) -> Profile:
        """Bring everything into the form in which it can be read."""
        if self._sums is not None:
            self._sums.settle()
            for moments, total, squares in zip(self._moments, self._sums.sums, self._sums.squares):
                moments.sum += total
                moments.squares += squares
            self._sums = None
        for histogram in self._histograms or ():
            histogram.settle()
        return self

    def _merge(self, other: Profile):
        _check_may_merge(self, other)
        self._settle()
        other._settle()
        for mine, theirs in zip(self._parts(), other._parts()):
            for part, of_other in zip(mine, theirs):
                part.merge(of_other)
        self.rows += other.rows

    def _parts(self):
        return [parts for parts in (self._moments, self._histograms, self._weighted) if parts is not None]

    def _copy(self) -> Profile:
        made = Profile(self._names, len(self), self._distribution, self._weighted is not None)
        made._merge(self)
        return made

    # -- as a value --

    def merge(self, *others: Profile) -> Profile:
        """Return the profile of all rows of several profiles: the same bytes as that of the rows together."""
        made = self._copy()
        for other in others:
            if not isinstance(other, Profile):
                raise Error("42804", f"a profile is expected, not a {type(other).__name__}")
            made._merge(other)
        return made

    def _bytes(self) -> bytes:
        self._settle()
        return _profile_bytes(self._names, self._distribution, self.rows, self._moments, self._histograms, self._weighted)

    @property
    def digest(self) -> str:
        """What profile_digest() of the database returns; it is a part of the identity of a scaler."""
        return hashlib.sha256(b"normfreeze-profile" + self._bytes()).hexdigest()

    def __str__(self) -> str:
        data = self._bytes()
        return f"profile:{hashlib.sha256(data).hexdigest()[:_ARMOR_DIGITS]}:{base64.b64encode(data).decode()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self._bytes() == other._bytes()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self):
        return Profile.from_text, (str(self),)

    @staticmethod
    def from_text(text: str) -> Profile:
        """Return the profile in a text that the database, or str(), wrote.  Raises Error if anything is wrong with it."""
        if not isinstance(text, str):
            raise Error("42804", f"the text of a profile is expected, not a {type(text).__name__}")
        kind, _, rest = text.strip().partition(":")
        digest, colon, encoded = rest.partition(":")
        if kind != "profile" or len(digest) != _ARMOR_DIGITS or not colon:
            raise Error(_INVALID, "invalid input syntax for type normfreeze.profile",
                        "The text does not have the form profile:digest:base64.")
        try:
            data = base64.b64decode("".join(encoded.split()), validate=True)
        except (ValueError, binascii.Error):
            raise Error(_INVALID, "invalid input syntax for type normfreeze.profile",
                        "The base64 part is malformed.") from None
        if hashlib.sha256(data).hexdigest()[:_ARMOR_DIGITS] != digest:
            raise Error(_DAMAGED, "damaged value of type normfreeze.profile", "Its digest does not match its content.")
        return Profile._from_bytes(data)

    @staticmethod
    def _from_bytes(data: bytes) -> Profile:
        try:
            names, distribution, rows, moments, histograms, weighted = _read_profile(data)
        except _Malformed as problem:
            raise Error(_DAMAGED, f"invalid profile: {problem}") from None
        if names is not None:
            _check_names(names)
        made = Profile(names, len(moments), distribution)
        made.rows, made._moments, made._histograms, made._weighted = rows, moments, histograms, weighted
        return made


def _too_many_rows(rows, more):
    return Error("54000", f"a profile cannot count {rows} and {more} rows together", f"The limit is {_MOST_ROWS}.",
                 "Merge every profile once: no table has so many rows.")


def _check_may_merge(a: Profile, b: Profile):
    if len(a) != len(b):
        raise Error("22000", f"cannot merge profiles of {len(a)} and {len(b)} features", hint="Make all of them of the same columns.")
    if a._distribution != b._distribution:
        raise Error("22000", f"cannot merge profiles with distributions of {a._distribution} and {b._distribution} bins",
                    "0 means none.", 'Make all of them with the same option "distribution".')
    if (a._names is None) != (b._names is None):
        raise Error("22000", "cannot merge a profile whose features have names with one whose features have none",
                    hint='Make all of them of rows, or of arrays with option "names".')
    if (a._weighted is None) != (b._weighted is None):
        raise Error("22000", "cannot merge a profile of rows with weights with one of rows without",
                    hint="Make all of them with a weight for each row, or none.")
    for i, (mine, theirs) in enumerate(zip(a._names or (), b._names or ()), 1):
        if mine != theirs:
            raise Error("22000", "cannot merge profiles of different features",
                        f'Feature {i} is "{mine}" in one and "{theirs}" in the other.',
                        'Give both the same columns in the same order with option "columns".')
    if a.rows > _MOST_ROWS - b.rows:
        raise _too_many_rows(a.rows, b.rows)
