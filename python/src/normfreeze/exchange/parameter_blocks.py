"""Parameters as they lie in files, brought into blocks (src/pg/exchange/parameter_blocks.c)."""
# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-calls, allow-any-generics, no-check-untyped-defs
# mypy: no-warn-return-any, disable-error-code="arg-type, assignment, attr-defined, call-arg, call-overload, dict-item, index"
# mypy: disable-error-code="import-not-found, import-untyped, list-item, misc, operator, override, return-value, union-attr, var-annotated"

from __future__ import annotations

import fnmatch
import json

from ..base.strict_json import _json_type, _jsonb_number, _number
from ..base.text import Error

# by statistic, in the order of the codes: the keys that files have for it, without signs and capitals; the first is its name
_KEYS_OF = {
    "mean": "mean avg average mu imagemean",
    "center": "center centre loc location",
    "std": "std stddev stdev sd sigma standarddeviation imagestd",
    "scale": "scale",
    "var": "var variance",
    "median": "median med 50% q50 p50",
    "iqr": "iqr interquartilerange",
    "min": "min minimum minval minvalue low lower",
    "max": "max maximum maxval maxvalue high upper",
    "data_min": "data_min datamin",
    "data_max": "data_max datamax",
    "range": "range datarange",
    "q01": "q01 p01 p1 1%",
    "q99": "q99 p99 99%",
    "q02": "q02 p02 p2 2%",
    "q98": "q98 p98 98%",
    "q05": "q05 q5 p05 p5 5%",
    "q95": "q95 p95 95%",
    "q10": "q10 p10 10%",
    "q90": "q90 p90 90%",
    "q25": "q25 p25 25%",
    "q75": "q75 p75 75%",
    "q1": "q1",
    "q3": "q3",
    "points": "points linearnorm",
    "x0": "x0",
    "y0": "y0",
    "x1": "x1",
    "y1": "y1",
    "rescale_factor": "rescale_factor rescalefactor",
    "do_rescale": "do_rescale dorescale",
    "do_normalize": "do_normalize donormalize",
    "feature_range": "feature_range featurerange",
    "mask": "mask",
    "count": "count n nsample nsamplesseen numsample numtransition numtrajectories",
    "n_features": "n_features nfeature nfeaturesin numfeature featurecount",
    "features": "features feature featurename featurenamesin featurecol featurecolumn featureorder name "
                "column columnname col variable inputname inputfeature channel channelname",
}
# shape, what is subtracted, what divides, is that an end, only if the shape is said
_SHAPES = (
    ("standard", "mean", "std", False, False),
    ("standard", "mean", "scale", False, False),
    ("standard", "mean", "var", False, False),
    ("standard", "center", "std", False, False),
    ("standard", "center", "scale", False, False),
    ("robust", "median", "iqr", False, False),
    ("robust", "median", "scale", False, False),
    ("robust", "median", "q25", True, False),
    ("robust", "median", "q1", True, False),
    ("robust", "center", "scale", False, True),
    ("range", "min", "max", True, False),
    ("range", "data_min", "data_max", True, False),
    ("range", "min", "range", False, False),
    ("range", "data_min", "range", False, False),
    ("quantiles", "q01", "q99", True, False),
    ("quantiles", "q1", "q99", True, False),
    ("quantiles", "q02", "q98", True, False),
    ("quantiles", "q05", "q95", True, False),
    ("quantiles", "q10", "q90", True, False),
    ("quantiles", "q25", "q75", True, True),
    ("sklearn_range", "min", "scale", False, False),
    ("points", "points", None, False, False),
    ("points", "x0", "x1", True, False),
)
_STATISTICS = {key: name for name, keys in _KEYS_OF.items() for key in keys.split()}
_OF_ALL = ("features", "feature_range", "do_rescale", "do_normalize", "count", "n_features")
_UPPER_QUARTILE = {"q25": "q75", "q1": "q3"}
_PAIRS = {"standard": ("mean", "std"), "robust": ("median", "iqr"), "range": ("min", "max"), "quantiles": ("q01", "q99"),
          "sklearn_range": ("scale", "min")}
_NEEDS = ("standard has mean and std, scale or variance; robust median and iqr, or 25% and 75%; range min and max; quantiles q01 and "
          "q99 or the like; sklearn_range min and scale; points x0, y0, x1, y1")


def _cannot(problem, detail=None, hint=None, sqlstate="22023"):
    raise Error(sqlstate, f"cannot import parameters: {problem}", detail, hint)


def _statistic(key):
    """The statistic that a key stands for, or None; case, signs between words and a plural do not matter."""
    plain = "".join(c for c in key.lower() if c.isascii() and (c.isalnum() or c == "%"))
    if not key.isascii() or len(plain) > 24:
        return None
    return _STATISTICS.get(plain) or (_STATISTICS.get(plain[:-1]) if plain.endswith("s") and len(plain) > 1 else None)


class _Words:
    """What the caller says of the keys."""

    def __init__(self, options):
        ignore = options.get("ignore", [])
        self.ignores_rest = ignore is True
        self.patterns = [] if isinstance(ignore, bool) else ignore
        self.patterns = [pattern.replace("[", "[[]").replace("?", "[?]") for pattern in self.patterns]
        self.shape = options.get("shape")
        self.names_key = options["names"] if isinstance(options.get("names"), str) else None
        self.keys = {}
        said = options.get("keys", {})
        for statistic, key in said.items():
            self.keys[_statistic(statistic)] = key

    def ignored(self, key, value):
        return value is None or any(fnmatch.fnmatchcase(key, pattern) for pattern in self.patterns)

    def usual(self, key):
        role = _statistic(key)
        return None if role in self.keys else role

    def role(self, key, value):
        for role, said in self.keys.items():
            if said == key:
                return role
        if key == self.names_key:
            return "features"
        role = self.usual(key)
        strings = isinstance(value, str) or isinstance(value, list) and value and all(isinstance(v, str) for v in value)
        return None if role == "features" and (self.names_key is not None or not strings) else role

    def considered(self, value):
        return {key: child for key, child in value.items() if not self.ignored(key, child)}

    def refuse(self, key, value, outer=None):
        if self.ignores_rest:
            return
        shown = key if outer is None else f"{outer}.{key}"
        _cannot(f'"{shown}" is used for nothing', hint='Read what is in it with option "path", or name it in option "ignore".'
                if isinstance(value, dict) else 'Name it in option "ignore", or say what it is in option "keys", as in '
                f'{{"keys": {{"std": "{key}"}}}}.')


class _Block:
    """One feature, or a group of features whose values are arrays."""

    def __init__(self, name=None):
        self.name, self.values, self.keys = name, {}, {}
        self.lists, self.length, self.length_key = {}, 1, None

    def set(self, role, value, key):
        if role in self.values:
            _cannot(f'"{self.keys[role]}" and "{key}" are two words for one thing', hint='Name one of them in option "ignore".')
        self.values[role], self.keys[role] = value, key

    def measure(self):
        for role in _KEYS_OF:
            value = self.values.get(role)
            if not isinstance(value, list) or role in _OF_ALL or role == "points" and _is_points(value):
                continue
            found = value if role == "points" else _as_list(value, self.keys[role])
            if not found:
                _cannot(f'"{self.keys[role]}" is empty, and must be of at least one feature')
            if self.length_key and len(found) != self.length:
                _cannot(f'the number of features is {len(found)} by "{self.keys[role]}", but {self.length} by "{self.length_key}"' +
                        (f', of "{self.name}"' if self.name else ""))
            self.lists[role], self.length, self.length_key = found, len(found), self.keys[role]

    def value(self, role, i):
        return self.lists[role][i] if role in self.lists else self.values.get(role)


def _leaf(value):
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def _as_list(value, key):
    """Dimensions of length one do not count."""
    while len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    leaves = [_leaf(element) for element in value]
    for i, leaf in enumerate(leaves, 1):
        if isinstance(leaf, list):
            _cannot(f'"{key}" has {len(value)} rows, and row {i} has {len(leaf)} columns: it must be of one dimension',
                    hint="Write it as one list, with a number for each feature.")
    return leaves


def _is_number(value):
    return _number(value) is not None


def _is_pair(value):
    """Whether it is a pair of numbers, which may be beyond float64."""
    return isinstance(value, list) and len(value) == 2 and all(_json_type(one) == "number" for one in value)


def _is_interval(value):
    """Whether it is a pair of numbers of float64 in ascending order, which may be equal."""
    return _is_pair(value) and all(map(_is_number, value)) and value[0] <= value[1]


def _is_points(value):
    return isinstance(value, list) and len(value) == 2 and all(map(_is_pair, value))


def _read_block(words, members, name=None, row=False):
    block = _Block(name)
    for key, value in members.items():
        if words.ignored(key, value):
            continue
        role = None if isinstance(value, dict) else words.role(key, value)
        if role is None or role == "features" and not row and isinstance(value, str):
            words.refuse(key, value, name)
        else:
            block.set(role, value, key)
    return block


def _by_statistic(words, statistics):
    """Objects with a value for each feature, one for each statistic."""
    (first_key, _, first), *_ = statistics
    names = list(words.considered(first))
    blocks = [_Block(name) for name in names]
    for key, role, members in statistics:
        members = words.considered(members) if isinstance(members, dict) else {}
        if list(members) != names:
            lacks = [name for name in names if name not in members]
            missing, where = (lacks[0], key) if lacks else (next(name for name in members if name not in names), first_key)
            _cannot(f'"{where}" has no value for feature "{missing}"', f'"{first_key}" has {len(names)} features, "{key}" has {len(members)}.')
        for block, (name, value) in zip(blocks, members.items()):
            if isinstance(value, dict):
                words.refuse(name, value, key)
            block.set(role, value, key)
    return blocks


def _boundary(key, i):
    before = key[i - 1]
    alnum = ord(key[i]) > 127 or key[i].isalnum()
    return not alnum or "A" <= key[i] <= "Z" and before.isascii() and (before.islower() or before.isdigit())


def _take_apart(words, key, prefix):
    for k in range(1, len(key)):
        at = len(key) - k if prefix else k
        after = at if ord(key[at]) > 127 or key[at].isalnum() else at + 1
        if not _boundary(key, at) or after >= len(key):
            continue
        role = words.usual(key[:at] if prefix else key[after:])
        if role not in (None, "features"):
            return (key[after:] if prefix else key[:at]), role
    return None


def _flat_keys(words, members, prefix):
    """By feature: its statistics, where the rest is ignored of those keys that are so; None if keys are not so."""
    found = {}
    for key in members:
        apart = _take_apart(words, key, prefix)
        if apart is None:
            if words.ignores_rest:
                continue
            return None
        found.setdefault(apart[0], []).append((apart[1], key))
    return found


def _unlike_first(found):
    """A feature that has other statistics than the first one of all, in the order of their names, and that one; None if there is none."""
    first, *others = sorted(found, key=str.encode)
    roles = {feature: sorted(role for role, _ in keys) for feature, keys in found.items()}
    return next(((first, other) for other in others if roles[other] != roles[first]), None)


def _flat(words, members, prefix):
    """The same, None also if they are not the same for all features."""
    found = _flat_keys(words, members, prefix)
    return None if not found or _unlike_first(found) else found


def _refuse_members(words, members):
    """Fail for members that make nothing, at the one that most likely is the reason."""
    for key, value in members.items():
        if not words.role(key, value) and not _take_apart(words, key, False) and not _take_apart(words, key, True):
            words.refuse(key, value)
    for prefix in (False, True):
        found = _flat_keys(words, members, prefix)
        unlike = found and _unlike_first(found)
        if unlike:
            ignored = "*" + unlike[1] if prefix else unlike[1] + "*"
            _cannot(f'"{unlike[0]}" and "{unlike[1]}" have different statistics', hint="Import each kind by itself, and leave the others "
                    f'out: {{"ignore": ["{ignored}"]}}.')
    for key, value in members.items():
        words.refuse(key, value)


def _read_flat(words, members):
    suffix, prefix = _flat(words, members, False) or {}, _flat(words, members, True) or {}
    more = sum(map(len, suffix.values())) - sum(map(len, prefix.values()))
    if suffix and more == 0:
        feature = min(suffix)
        role, key = suffix[feature][0]
        other = min(prefix)
        _cannot(f'"{key}" may be a statistic of "{feature}" or of "{other}"', hint="Write the parameters as an object for each "
                f'feature, as in {{"{feature}": {{"{role}": ...}}}}.')
    # where the rest is ignored, the way that takes more keys
    found = suffix if more > 0 else prefix
    if not found:
        return None
    if len(found) == 1 and isinstance(members[next(iter(found.values()))[0][1]], dict):
        return _by_statistic(words, [(key, role, members[key]) for role, key in next(iter(found.values()))])
    blocks = []
    for feature, keys in found.items():
        blocks.append(_Block(feature))
        for role, key in keys:
            if isinstance(members[key], dict):
                words.refuse(key, members[key])
            blocks[-1].set(role, members[key], key)
    return blocks


def _read_pairs(words, pairs):
    """Pairs of a name and two numbers, or two points."""
    points = all(_is_points(value) for _, value in pairs)
    if not points and words.shape in (None, "points"):
        shown = "its first element" if pairs[0][0] is None else pairs[0][0]
        _cannot(f'"{shown}" is a pair of numbers, and nothing says of what', hint='Say it with option "shape": "standard" for a mean '
                'and a deviation, "range" for a minimum and a maximum.')
    blocks = []
    for name, value in pairs:
        blocks.append(_Block(name))
        for role, number in [("points", value)] if points else zip(_PAIRS[words.shape], value):
            blocks[-1].set(role, number, role)
    return blocks


def _parameter_read_rows(words, rows):
    points, pairs = all(map(_is_points, rows)), all(map(_is_pair, rows))
    if points or pairs and len(rows) != 2:
        return _read_pairs(words, [(None, row) for row in rows])
    if pairs:
        _cannot("2 rows of 2 numbers may be of features or of statistics", hint='Write an object, as in {"mean": [...], "std": [...]}.')
    if len(rows) == 2 and all(isinstance(row, list) for row in rows) and words.shape not in (None, "points"):
        block = _Block()
        for role, row in zip(_PAIRS[words.shape], rows):
            block.set(role, row, role)
        return [block]
    for i, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            _cannot(f"element {i} is {_text(row)}, and nothing says of what", hint='Write an object, as in {"mean": [...], "std": '
                    '[...]}; or say with option "shape" what the two numbers of each pair are.')
    blocks = []
    for i, row in enumerate(rows, 1):
        block = _read_block(words, row, row=True)
        block.name = block.values.pop("features", None)
        if block.name is not None and not isinstance(block.name, str):
            _cannot(f'"{block.keys["features"]}" is {_text(block.name)}, and must be a string')
        blocks.append(block)
        if (block.name is None) != (blocks[0].name is None):
            _cannot(f"row {i} has {'no' if block.name is None else 'a'} name, unlike the first one")
    return blocks


def _flat_beside_counts(words, members, plain):
    """Flat keys, beside which there may be a number of values and, if they are of one group, of its features; None if keys are not so."""
    said = {words.role(key, members[key]): key for key in plain}
    if not set(said) <= {"count", "n_features"} or len(said) < len(plain):
        return None
    found = _read_flat(words, {key: value for key, value in members.items() if key not in plain})
    if found is None or plain and len(found) != 1:
        return None
    for role in ("count", "n_features"):
        if role in said:
            found[0].set(role, members[said[role]], said[role])
    return found


def _read_members(words, root, members):
    objects = {key: value for key, value in members.items() if isinstance(value, dict)}
    roles = {key for key, value in members.items() if words.role(key, value)}
    plain = roles - set(objects)
    inner = any(words.role(key, child) not in (None, "features") and not isinstance(child, dict) and not words.ignored(key, child)
                for value in objects.values() for key, child in value.items())
    if members and roles == set(objects) == set(members):
        if inner:
            _cannot(f'"{next(iter(members))}" may be a statistic or a feature',
                    hint='Rename the features, or read one of the objects with option "path".')
        return _by_statistic(words, [(key, words.role(key, value), value) for key, value in members.items()])
    if inner and not plain:
        for key in members:
            if key not in objects:
                words.refuse(key, members[key])
        return [_read_block(words, value, key) for key, value in objects.items()]
    found = _flat_beside_counts(words, members, plain)
    if found is not None:
        return found
    others = set(members) - set(objects) - plain
    if (not plain or words.shape) and others and (all(map(_is_pair, members.values())) or all(map(_is_points, members.values()))):
        return _read_pairs(words, list(members.items()))
    if not plain:
        _refuse_members(words, members)
        return [_Block()]
    return [_read_block(words, root)]


def _text(value):
    if isinstance(value, str):
        return f'the string "{_shortened(value)}"'
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    return json.dumps(value) if value is None or isinstance(value, bool) else _shortened(_jsonb_number(value))


def _shortened(text):
    """The first 40 bytes of a text, without a part of a character."""
    return text if len(text.encode()) <= 40 else text.encode()[:40].decode(errors="ignore") + "..."


def _find_blocks(words, root):
    names = None
    if not isinstance(root, (dict, list)) or not root:
        _cannot(f"the {'array' if isinstance(root, list) else 'object'} is empty" if isinstance(root, (dict, list)) else
                f"an object or an array is expected, not {_text(root)}",
                hint='Option "path" says where in the document they are, as in {"path": ["scaler", "input"]}.')
    if isinstance(root, list):
        blocks = _parameter_read_rows(words, root)
    else:
        members = words.considered(root)
        for key, value in list(members.items()):
            if names is None and isinstance(value, list) and words.role(key, value) == "features":
                names = members.pop(key)
        blocks = _read_members(words, root, members)
    if not blocks:
        _cannot(f"nothing is left of the {'array' if isinstance(root, list) else 'object'}", hint='Option "ignore" leaves out too much.')
    for block in blocks:
        block.measure()
    return blocks, names
