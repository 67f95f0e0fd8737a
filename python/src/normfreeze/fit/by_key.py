"""Fitting sets of scalers by key (src/pg/scaler/by_key.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import hashlib
import json
import numbers

import numpy as np

from .read import _frame_of, _place_of_column, _row_count, _row_slice
from .recipes import _no_rows_to_fit
from .scalers import _Fitted, _fitted
from .state import FitState
from ..apply.scaler import Scaler
from ..apply.scaler_set import ScalerSet, _key_label, _merkle_root
from ..base.strict_json import _boolean, _string
from ..base.text import Error
from ..scaler.methods import _LONGEST_KEY, _UNSEEN
from ..scaler.recipe import _counted, _fingerprint, _id_of, _varint


class _KeyedFit(FitState):
    """A fit for each key.  `by` is the name of a frame's column of keys, or keys for each row."""

    def __init__(self, method, options, by, *, nan):
        super().__init__(method, options, nan=nan)
        if not (isinstance(by, str) or hasattr(by, "__getitem__") and hasattr(by, "__len__")):
            raise Error("42804", f"keys are not a Python {type(by).__name__}", hint="Pass one for each row, or the name of a column.")
        self._by, self._row = by, 0
        self._groups = {}           # by key; None of keys whose rows have no weight

    def _besides(self, weight):
        return super()._besides(weight) + ([self._by] if isinstance(self._by, str) else [])

    def _start(self, chunk, weight):
        reader = super()._start(chunk, weight)
        self._keys = self._keys_of(chunk)
        return reader

    def _keys_of(self, chunk):
        frame = _frame_of(chunk)
        if isinstance(self._by, str):
            place = _place_of_column(frame, self._by, "keys")
            return _key_texts(frame.get(place))
        rows = len(chunk) if frame is None else _row_count(chunk, frame)
        given = _key_texts(_row_slice(self._by, self._row, rows))
        self._row += len(given)
        return given

    def _add(self, columns, nulls, weights):
        keys = self._keys
        if len(keys) != columns.shape[1]:
            raise Error("2202E", f"there are {columns.shape[1]} rows, but {len(keys)} keys")
        found, codes = np.unique(np.array(keys, object), return_inverse=True)
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(found)))
        for key, start, end in zip(found.tolist(), [0, *ends[:-1].tolist()], ends.tolist()):
            rows = order[start:end]
            self._gathered = self._groups.get(key)
            super()._add(columns[:, rows], None if nulls is None else nulls[:, rows], None if weights is None else weights[rows])
            self._groups[key] = self._gathered
        self._gathered = None

    def finish(self, unseen="error") -> ScalerSet:
        if not self._groups:
            raise _no_rows_to_fit()
        if not isinstance(self._by, str) and len(self._by) != self._row:
            raise Error("2202E", f"there are {self._row} rows, but {len(self._by)} keys")
        members = {}
        for key, gathered in self._groups.items():
            try:
                if gathered is None:
                    raise _no_rows_to_fit()
                members[key] = _fitted(gathered.fit_features(self._spec), gathered.profile)
            except Error as error:
                raise Error(error.sqlstate, error.message, f'{error.detail or ""} The key is "{_key_label(key)}".'.strip(),
                            error.hint) from None
        return _set_of(members, unseen)


def _key_texts(column) -> list:
    """The keys in a column, as text."""
    if isinstance(column, np.ndarray):
        keys = column.astype(object).tolist()
    else:
        keys = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list() if hasattr(column, "to_list") else list(column)
    for i, key in enumerate(keys):
        if isinstance(key, numbers.Integral) and not isinstance(key, bool):
            keys[i] = key = str(key)
        if key is None or type(key).__name__ == "NAType" or isinstance(key, float) and key != key:
            raise Error("22004", "the key of a scaler must not be NULL", hint="Leave the rows without a key out, or give them one.")
        if not isinstance(key, str):
            raise Error("42804", f"a key is text, not of type {type(key).__name__}", hint="Convert it with str().")
    return keys


def _check_key(key: str):
    if "\0" in key or any("\ud800" <= letter <= "\udfff" for letter in key):
        raise Error("22021", f"the key of a scaler is no Unicode text: {key[:100]!r}", hint="Give such rows another key.")
    length = len(key.encode("utf-8"))
    if length == 0:
        raise Error("22023", "the key of a scaler must not be empty")
    if length > _LONGEST_KEY:
        raise Error("22023", f"the key of a scaler has {length} bytes, more than {_LONGEST_KEY}", f'It begins with "{_key_label(key)}".')


def _fallback_of(scaler: Scaler) -> _Fitted:
    """A scaler in a set has no probes."""
    probes, scaler._probes = scaler._probes, None
    text, scaler._probes = scaler.to_json(), probes
    return _Fitted(bytes.fromhex(scaler.fingerprint), text, scaler._named, [(feature.name, feature.target) for feature in scaler._features])


def _check_same_features(first: str, members: dict, fallback: _Fitted | None):
    for what, fitted in [*((f'the scaler of key "{_key_label(key)}"', member) for key, member in members.items()), ("the fallback", fallback)]:
        if fitted and (fitted.named, fitted.features) != (members[first].named, members[first].features):
            raise Error("42804", f'{what} has other features than the scaler of key "{_key_label(first)}"',
                        hint="All scalers of a set are fitted with the same features, in the same order.")


def _set_of(members: dict, unseen) -> ScalerSet:
    """The set of what was fitted by key; `unseen` is "error", "null", or a scaler for all other keys."""
    fallback = _fallback_of(unseen) if isinstance(unseen, Scaler) else None
    policy = "fallback" if fallback else unseen
    if not isinstance(policy, str) or policy not in _UNSEEN or unseen == "fallback":
        raise Error("22023", f"invalid policy for keys that a set does not have: {unseen!r}",
                    hint='It is "error" or "null", or a scaler for all such keys.')
    for key in members:
        _check_key(key)
    members = dict(sorted(members.items(), key=lambda item: item[0].encode("utf-8")))
    first = next(iter(members))
    _check_same_features(first, members, fallback)
    named, features = members[first].named, members[first].features
    root = _merkle_root([hashlib.sha256(b"\0" + _counted(key.encode("utf-8")) + member.fingerprint).digest()
                         for key, member in members.items()])
    recipe = bytes([1, _UNSEEN.index(policy)]) + (fallback.fingerprint if fallback else b"") + bytes([named]) + _varint(len(features))
    for name, target in features:
        recipe += (_counted(name.encode("utf-8")) if named else b"") + bytes([target])
    fingerprint = _fingerprint(2, recipe + _varint(len(members)) + root, None)
    shown = ", ".join(f'{{"name": {_string(name)}, "target": {_boolean(target)}}}' for name, target in features)
    parts = [f'{{"format": 2, "scaler_id": "{_id_of(fingerprint)}", "fingerprint": "{fingerprint.hex()}", "unseen": "{policy}"']
    if fallback:
        parts.append(f'"fallback_fingerprint": "{fallback.fingerprint.hex()}", "fallback": {fallback.text}')
    parts.append(f'"named": {_boolean(named)}, "features": [{shown}], "keys": {len(members)}, "root": "{root.hex()}"')
    written = ", ".join(f'{{"key": {_string(key)}, "scaler": {member.text}}}' for key, member in members.items())
    return ScalerSet(json.loads(", ".join(parts) + f', "members": [{written}]}}'))
