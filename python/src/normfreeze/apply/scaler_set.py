"""Sets of scalers by key (src/pg/scaler/scaler_set.h)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import collections.abc
import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from .columns import _column_of
from .rows import _Rows, _check_environment, _list_of, _read_names, _read_rows
from .scaler import Scaler, _Common
from .transform import _Refused
from ..base.strict_json import (
    _DAMAGED, _INVALID, _boolean, _invalid, _reject_unknown, _required, _required_digest, _required_number,
    _required_policy, _string)
from ..base.text import Error
from ..scaler.methods import _LONGEST_KEY, _MOST_FEATURES, _UNSEEN
from ..scaler.recipe import _check_identity, _check_names, _counted, _fingerprint, _varint


def _merkle_root(leaves):
    """Return the root of a Merkle tree: pairs are hashed together, an odd one moves up as it is (src/pg/scaler/merkle.c)."""
    while len(leaves) > 1:
        pairs = [hashlib.sha256(b"\1" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) // 2 * 2:]
    return leaves[0]


def _key_label(key):
    return key.encode("utf-8")[:100].decode("utf-8", "ignore")


class ScalerSet(_Common, format=2):
    """Scalers by key: one of a customer, a country, ... `keys` are in the order of their bytes."""

    def __init__(self, said: dict[str, Any]) -> None:
        """Use Scaler.from_json()."""
        _reject_unknown(said, ("format", "scaler_id", "fingerprint", "unseen", "fallback_fingerprint", "fallback", "named",
                               "features", "keys", "root", "members"))
        self._unseen = _required_policy(said, "unseen", _UNSEEN)
        self._fallback: Scaler | None = None
        fallback = None
        if self._unseen == "fallback":
            fallback = _required_digest(said, "fallback_fingerprint")
        elif "fallback" in said or "fallback_fingerprint" in said:
            _invalid("there is a fallback, but another policy in key", "unseen")
        self._read_features(said)
        count = _required_number(said, "keys")
        if not (1 <= count < 2 ** 31 and count == math.floor(count)):
            _invalid("a number is out of range for key", "keys")
        root = _required_digest(said, "root")
        if "members" in said:
            self._read_members(said, int(count))
            if self._root() != root:
                _invalid("the members do not have the digest in key", "root")
            if self._fallback and fallback and self._fallback.fingerprint != fallback.hex():
                _invalid("the fallback does not have the digest in key", "fallback_fingerprint")
        elif "fallback" in said:
            _invalid("there is a fallback, but without the key", "members")
        self._set_identity(self._compute_fingerprint(int(count), root, fallback))
        _check_identity(said, bytes.fromhex(self.fingerprint))
        if self._named:
            _check_names([name for name, _ in self._features])
        if "members" not in said:
            raise Error("55000", f"the members of scaler {self.scaler_id}, a bare set, are not in the value",
                        hint="Export the set with its members: the value that by_key() made, as it was frozen; or export "
                        "one of them, normfreeze.scaler(normfreeze.member(id, key)).")
        self._check_members()

    def _read_features(self, said):
        self._named = _required(said, "named", "boolean")
        nodes = _required(said, "features", "array")
        if not 1 <= len(nodes) <= _MOST_FEATURES:
            _invalid("too few or too many values for key", "features")
        self._features = []
        for node in nodes:
            if not isinstance(node, dict):
                _invalid("an object is expected in", "features")
            _reject_unknown(node, ("name", "target"))
            self._features.append((_required(node, "name", "string" if self._named else "null"),
                                   _required(node, "target", "boolean")))
        targets = sum(target for _, target in self._features)
        if targets and (targets == len(self._features) or not self._named):
            raise Error(_DAMAGED, "invalid set of scalers: impossible targets")
        self._width = len(self._features) - targets
        self.feature_names = [name for name, target in self._features if not target] if self._named else None

    def _read_member(self, said):
        if said.get("format") == 2:
            raise Error(_DAMAGED, "invalid set of scalers: one of its members is a set itself")
        if _required(said, "format", "number") != 1:
            raise Error(_INVALID, f"invalid scaler: unknown format {said['format']}",
                        hint="This version of normfreeze reads formats 1 and 2.")
        return Scaler(said)

    def _read_members(self, said, count):
        nodes = _required(said, "members", "array")
        if len(nodes) != count:
            _invalid('another number than "keys" says for key', "members")
        if self._unseen == "fallback":
            self._fallback = self._read_member(_required(said, "fallback", "object"))
        members = {}
        for node in nodes:
            if not isinstance(node, dict):
                _invalid("an object is expected in", "members")
            _reject_unknown(node, ("key", "scaler"))
            key = _required(node, "key", "string")
            if key in members:
                raise Error("21000", f'key "{_key_label(key)}" has several scalers',
                            hint="GROUP BY the key, so that each has one.")
            members[key] = self._read_member(_required(node, "scaler", "object"))
        self._members = dict(sorted(members.items(), key=lambda item: item[0].encode("utf-8")))

    def _check_members(self):
        for member in filter(None, [self._fallback, *self._members.values()]):
            if member._named != self._named or [(f.name, f.target) for f in member._features] != self._features:
                raise Error(_DAMAGED, "invalid set of scalers: one of its members has other features")
        for key in self._members:
            if not 1 <= len(key.encode("utf-8")) <= _LONGEST_KEY:
                raise Error(_DAMAGED, "invalid set of scalers: a key has an impossible length")

    def _root(self):
        return _merkle_root([hashlib.sha256(b"\0" + _counted(key.encode("utf-8")) + member._compute_fingerprint()).digest()
                             for key, member in self._members.items()])

    def _compute_fingerprint(self, count, root, fallback):
        recipe = bytes([1, _UNSEEN.index(self._unseen)]) + (fallback or b"")
        recipe += bytes([self._named]) + _varint(len(self._features))
        for name, target in self._features:
            recipe += (_counted(name.encode("utf-8")) if self._named else b"") + bytes([target])
        return _fingerprint(2, recipe + _varint(count) + root, None)

    @staticmethod
    def from_json(source: str | bytes | Mapping[str, Any]) -> ScalerSet:
        """Return the set in a text, in bytes, or in a dictionary, as Scaler.from_json() does; Error if it is one scaler."""
        found = Scaler.from_json(source)
        if not isinstance(found, ScalerSet):
            raise Error(_INVALID, "invalid set of scalers: it is one scaler", hint="Scaler.from_json() reads it.")
        return found

    # -- what it is --

    @property
    def keys(self) -> list[str]:
        return list(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        return f"<normfreeze.ScalerSet {self.scaler_id} of {len(self)} keys, {self._width} features>"

    def to_json(self) -> str:
        """The canonical text, as the database writes it."""
        features = ", ".join(f'{{"name": {_string(name)}, "target": {_boolean(target)}}}' for name, target in self._features)
        members = ", ".join(f'{{"key": {_string(key)}, "scaler": {member.to_json()}}}'
                            for key, member in self._members.items())
        fallback = self._fallback
        return (f'{{"format": 2, "scaler_id": "{self.scaler_id}", "fingerprint": "{self.fingerprint}", '
                f'"unseen": "{self._unseen}"' +
                (f', "fallback_fingerprint": "{fallback.fingerprint}"' if fallback else "") +
                f', "named": {_boolean(self._named)}, "features": [{features}], "keys": {len(self)}, '
                f'"root": "{self._root().hex()}"' + (f', "fallback": {fallback.to_json()}' if fallback else "") +
                f', "members": [{members}]}}')

    def verify(self) -> ScalerSet:
        """
        Recompute every fingerprint and that of the set, over all keys, and run the probes.  Return the set itself, or raise
        Error, which says what differs.
        """
        for member in [*self._members.values(), *filter(None, [self._fallback])]:
            member.verify()
        fallback = self._fallback and self._fallback._compute_fingerprint()
        computed = self._compute_fingerprint(len(self), self._root(), fallback)
        if computed.hex() != self.fingerprint:
            raise Error(_DAMAGED, "damaged scaler: its fingerprint does not match its content",
                        f"It was {self.fingerprint}, its content has {computed.hex()}.")
        return self

    # -- applying --

    def member(self, key: str | None) -> Scaler | None:
        """
        Return the scaler of a key.  For None, and for a key that the set does not have, its policy decides: Error, None or
        the fallback.
        """
        if key is not None and not isinstance(key, str):
            raise Error("42804", f"a key is text, not of type {type(key).__name__}", hint="Convert it with str().")
        if key in self._members:
            return self._members[key]
        if self._unseen != "error":
            return self._fallback
        raise Error("42704", f"the key for scaler {self.scaler_id} is NULL" if key is None else
                    f'scaler {self.scaler_id} has no key "{_key_label(key)}"',
                    hint="It was made to refuse keys that it does not have; by_key(key, scaler, 'null') and "
                    "by_key(key, scaler, fallback) make other sets.")

    def transform(self, x: Any, keys: Any, feature: str | None = None, output: str | None = None) -> Any:
        """
        Return what normalize_by_key() returns.  x and `output` are as in Scaler.transform().  `keys` has one key for each
        row, or is the name of a frame's column that has them, or one string for all rows of an array.  A row whose key has
        no scaler, where member() returns None, is NaN.
        """
        return self._apply(x, keys, feature, False, output)

    def inverse_transform(self, x: Any, keys: Any, feature: str | None = None, output: str | None = None) -> Any:
        """Return what denormalize_by_key() returns."""
        return self._apply(x, keys, feature, True, output)

    def _apply(self, x, keys, feature, inverse, output):
        _check_environment()
        if feature is not None:
            floats = _column_of(x, f'column "{feature}"').floats()
            return self._by_key(floats.reshape(-1, 1), keys, feature, inverse).reshape(floats.shape)[()]
        rows = _read_rows(self, x)
        y = rows.finish(self._by_key(rows.all(), self._key_column(x, keys), None, inverse))
        return self._as_output(x, y, inverse, output)

    def _by_key(self, x, keys, feature, inverse):
        y = np.full_like(x, np.nan)
        error, end = None, len(y)
        for key, where in self._rows_of_keys(keys, len(y)).items():
            # once a row is refused, only those before it may give another error
            where = [row for row in where if row < end] if error else where
            if not where:
                continue
            try:
                member = self.member(key)
            except Error as unseen:
                error, end = unseen, where[0]
                continue
            if member is None:
                continue
            try:
                if feature is not None:
                    y[where] = member._run_feature(x[where], feature, inverse)
                else:
                    y[where] = member._run_rows(_Rows.of_array(x[where]), inverse)
            except _Refused as refused:
                end = where[refused.row]
                error = self._of_key(member._refusal(refused.behind(end - refused.row)), key)
            except Error as refused:
                error, end = self._of_key(refused, key), where[0]
        if error:
            raise error
        return y

    def _of_key(self, error, key):
        shown = "NULL" if key is None else f'"{_key_label(key)}"'
        return Error(error.sqlstate, error.message, f"{error.detail or ''} Key {shown} of scaler {self.scaler_id}.".strip(), error.hint)

    @staticmethod
    def _key_column(x, keys):
        frame = _read_names(x)
        if not (frame and isinstance(keys, str)):
            return keys
        if frame.names.count(keys) != 1:
            raise Error("42703", f'the frame has no column "{keys}" of keys', f"The frame's columns are: {_list_of(frame.names)}.")
        column = frame.get(frame.names.index(keys))
        return [column] if isinstance(column, str) else column

    @staticmethod
    def _rows_of_keys(keys, count):
        """Return the indices of the rows of each key, in the order of the first row of each.  A missing key is None."""
        if keys is None or isinstance(keys, str):
            keys = [keys] * count
        else:
            keys = keys.to_list() if hasattr(keys, "to_list") else keys.to_pylist() if hasattr(keys, "to_pylist") else \
                np.asarray(keys, object).tolist() if isinstance(keys, np.ndarray) else list(keys)
        if len(keys) != count:
            raise Error("2202E", f"there are {count} rows, but {len(keys)} keys")
        found = collections.defaultdict(list)
        for row, key in enumerate(keys):
            missing = key is None or type(key).__name__ == "NAType" or isinstance(key, float) and key != key
            found[None if missing else key].append(row)
        return found
