"""python/normfreeze.py beyond arithmetic: frames by name, sets by key, tampered JSON, 1,000 features, the package.

Wherever the database has an answer, an error included, Python must have the same.
"""

import copy
import decimal
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import redirect_stdout

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import database
import python_package
import recipe_bytes
import report
import wire

normfreeze = python_package.normfreeze
ROOT = python_package.PACKAGE.parent

# quotes, comments and line ends among the names of columns
NAMES = ("age", 'in"come', "größe", "it's */ -- \n ]]>", "Flag")


def scaler_of(connection, statement, *arguments):
    return normfreeze.Scaler.from_json(connection.execute(statement, arguments).fetchone()[0])


def check_bits(got, expected, name):
    got, expected = np.asarray(got), np.asarray(expected)
    if report.check_equal((got.dtype, got.shape), (expected.dtype, expected.shape), f"{name}: type and shape"):
        differ = wire.unequal(got, expected)
        report.check(not differ.any(), name, f"{differ.sum()} values differ")


def error_of(call, *arguments, **named):
    """(SQLSTATE, message) of an Error; None without one."""
    try:
        call(*arguments, **named)
    except normfreeze.Error as error:
        return error.sqlstate, error.message
    return None


def check_refused(call, sqlstate, part, name):
    found = error_of(call)
    report.check(found and found[0] == sqlstate and part in found[1], f"{name} is refused", f"{found}")


# ---- frames ----

def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def load_people(connection):
    """A table of every numeric type and NULLs, a scaler of its rows, and what the database makes of them."""
    kinds = dict(zip(NAMES, ("int8", "numeric(30, 7)", "float4", "float8", "bool")))
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in kinds.items())
    connection.execute(f"DROP TABLE IF EXISTS people; CREATE TABLE people (id int, {columns}, comment text)")
    rng = np.random.default_rng(31)
    rows = []
    for i in range(90):
        row = [int(rng.integers(-2**62, 2**62)), decimal.Decimal(int(rng.integers(10**15))) / 10**7,
               float(np.float32(rng.normal())), float(rng.lognormal(0, 4)), bool(rng.random() < 0.4)]
        rows.append((i, *(None if rng.random() < 0.15 else value for value in row), f"row {i}"))
    rows.append((90, None, None, float("nan"), float("-inf"), None, None))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO people VALUES ({', '.join(['%s'] * 7)})", rows)
    return rows


def people_scaler(connection, method, options):
    chosen = json.dumps(options | {"columns": list(NAMES)})
    return scaler_of(connection, f"SELECT normfreeze.fit(p, '{method}', %s::jsonb)::text FROM people p WHERE id < 90", chosen)


def of_the_database(connection, scaler, call):
    rows = connection.execute(f"SELECT normfreeze.{call}(p, %s::normfreeze.scaler) FROM people p ORDER BY id",
                              [scaler.to_json()]).fetchall()
    return np.array([[np.nan if value is None else value for value in row] for row, in rows])


def frames_of(rows):
    """The same table in every kind of frame, columns in another order and one that is no feature."""
    order = [5, 3, 1, 6, 4, 2]
    names = dict(enumerate(("id", *NAMES, "comment")))
    columns = {names[i]: [row[i] for row in rows] for i in order}
    arrow = pa.table({name: pa.array(values, pa.decimal128(30, 7)) if name == NAMES[1] else pa.array(values)
                      for name, values in columns.items()})
    fields = [(name, "O" if name in (NAMES[0], "comment") else "f8") for name in columns]
    structured = np.array([tuple(float("nan") if row[i] is None and names[i] not in (NAMES[0], "comment") else row[i]
                                 for i in order) for row in rows], fields)
    nullable = pd.DataFrame({name: pd.array(values, dtype={NAMES[0]: "Int64", NAMES[2]: "Float32", NAMES[3]: "Float64",
                                                           NAMES[4]: "boolean"}.get(name, object))
                             for name, values in columns.items()})
    return {
        "dict of lists": columns,
        "dict of arrays": {name: np.array(values, object) for name, values in columns.items()},
        "pandas": pd.DataFrame(columns, index=[f"i{row[0]}" for row in rows]).astype({NAMES[0]: object}),
        "pandas, nullable": nullable,
        "pandas on arrow": arrow.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": pl.DataFrame({name: pl.Series(values, dtype=pl.Decimal(30, 7) if name == NAMES[1] else None, strict=False)
                                for name, values in columns.items()}),
        "pyarrow": arrow,
        "pyarrow batch": arrow.combine_chunks().to_batches()[0],
        "structured array": structured,
    }


def test_frames(server, connection):
    """Every kind of frame gives what the database makes of the rows, in the scaler's order, in its own kind."""
    rows = load_people(connection)
    frames = frames_of(rows)
    for method, options in (("standard", {}), ("minmax", {"clip": True, "missing": "mean", "outside": "null"}),
                            ("quantile", {"output_distribution": "normal"}), ("power", {}), ("l2", {"missing": 0.5})):
        scaler = people_scaler(connection, method, options)
        report.check_equal(scaler.feature_names, list(NAMES), "names in order")
        for call, ours in (("normalize", scaler.transform), ("denormalize", scaler.inverse_transform)):
            if method == "l2" and call == "denormalize":
                continue
            expected = of_the_database(connection, scaler, call)
            for kind, frame in frames.items():
                made = ours(frame)
                name = f"{call} of {kind} by {method}"
                if kind.startswith("pandas"):
                    report.check(type(made) is pd.DataFrame and list(made.columns) == list(NAMES) and
                                 list(made.index) == list(frame.index), f"{name}: a DataFrame with the index")
                elif kind == "polars":
                    report.check(type(made) is pl.DataFrame and made.columns == list(NAMES), f"{name}: a polars frame")
                else:
                    report.check(type(made) is np.ndarray, f"{name}: an array")
                check_bits(made, expected, name)
            one = ours({name: rows[3][1 + i] for i, name in enumerate(NAMES)})
            check_bits(one, expected[3], f"{call} of one row as a dict by {method}")
            series = ours(frames["pandas"].iloc[3])
            check_bits(series, expected[3], f"{call} of one row of pandas by {method}")
            report.check_equal(list(series.index), list(NAMES), "a row of pandas keeps its names")
            by_position = np.array([[np.nan if value is None else float(value) for value in row[1:6]] for row in rows])
            check_bits(ours(by_position), expected, f"{call} of an array by {method}")
            check_bits(ours(by_position.tolist()), expected, f"{call} of lists by {method}")
            check_bits(ours(np.asfortranarray(by_position)[::2]), expected[::2], f"{call} of a strided array by {method}")


def test_single_values(server, connection):
    """One value of one feature, targets too."""
    load_people(connection)
    scaler = people_scaler(connection, "standard", {"target": ["größe"], "missing": 0.25})
    report.check_equal(scaler.feature_names, [name for name in NAMES if name != "größe"], "targets are not asked for")
    values = [0.0, -3.5, 1e300, None]
    for call, ours in (("normalize", scaler.transform), ("denormalize", scaler.inverse_transform)):
        for name in NAMES:
            rows = [connection.execute(f"SELECT normfreeze.{call}(%s::float8, %s::normfreeze.scaler, %s)",
                                       [value, scaler.to_json(), name]).fetchone()[0] for value in values]
            expected = np.array([np.nan if row is None else row for row in rows])
            check_bits(ours(values, feature=name), expected, f"{call} of values of {name!r}")
            check_bits(ours(np.float64(-3.5), feature=name), expected[1], f"{call} of one value of {name!r}")
            check_bits(ours(pd.Series(values, dtype="Float64"), feature=name), expected, f"{call} of a Series of {name!r}")
    report.check_equal(error_of(scaler.transform, [1.0], feature="nobody"),
                       ("42703", f'scaler {scaler.scaler_id} has no feature "nobody"'), "an unknown feature")
    norm = people_scaler(connection, "l1", {})
    check_refused(lambda: norm.transform(1.0, feature="age"), "0A000", "needs the other features of its row", "a value of l1")
    check_refused(lambda: norm.inverse_transform(1.0, feature="age"), "0A000", "cannot be denormalized", "the inverse of l1")


def test_bad_input(server, connection):
    """Wrong names, counts, types and shapes."""
    load_people(connection)
    scaler = people_scaler(connection, "standard", {})
    unnamed = scaler_of(connection, "SELECT normfreeze.fit(ARRAY[id, id * id], 'standard')::text FROM people")
    good = {name: [1.0, 2.0] for name in NAMES}
    for wrong, sqlstate, part in (
            ({name: [1.0] for name in NAMES[1:]}, "42703", 'has no column "age"'),
            ({**good, "age": ["one", "two"]}, "42804", 'column "age" is of type str'),
            ({**good, "age": np.array(["1", "2"])}, "42804", 'column "age" is of type <U1'),
            ({**good, "age": np.array([1, 2], "M8[s]")}, "42804", 'column "age" is of type datetime64[s]'),
            ({**good, "age": [1 + 2j, 3]}, "42804", 'column "age" is of type complex'),
            ({**good, "age": [1.0]}, "2202E", "different lengths"),
            ({**good, "age": [[1.0, 2.0], [3.0, 4.0]]}, "2202E", "different lengths, or more than one dimension"),
            ({**good, "age": [10**400, 2]}, "22003", "out of range for float64"),
            ({**good, "age": [decimal.Decimal("1e999"), 2]}, "22003", "out of range for float64"),
            (pd.DataFrame(np.ones((2, 6)), columns=[*NAMES, "age"]), "42701", '2 columns "age"'),
            (pd.DataFrame({**good, "age": pd.Categorical(["a", "b"])}), "42804", 'column "age" is of type category'),
            (pd.DataFrame({**good, "age": ["1", "2"]}), "42804", 'column "age" is of type'),
            (pd.DataFrame(np.ones((2, 5))), "42703", 'has no column "age"'),
            (pl.DataFrame({**good, "age": ["1", "2"]}), "42804", 'column "age" is of type'),
            (pl.DataFrame(good).lazy(), "42804", "a lazy frame"),
            (pl.Series([1.0] * 5), "42804", "by name"),
            ([1.0, 2.0], "2202E", "expects 5 features, the array has 2"),
            (np.ones((3, 4)), "2202E", "expects 5 features, the array has 4"),
            (np.ones((3, 2, 5)), "2202E", "one or two dimensions"), (3.5, "2202E", "one or two dimensions"),
            ([[1.0] * 5, [1.0] * 4], "2202E", "different lengths"), ("12345", "42804", "of type"),
            ([["1"] * 5], "42804", "of type str"), (None, "2202E", "not of 0")):
        for call in (scaler.transform, scaler.inverse_transform):
            check_refused(lambda: call(wrong), sqlstate, part, f"{type(wrong).__name__} {str(wrong)[:60]}")
    for frame in (good, pd.DataFrame(good), pl.DataFrame(good), pa.table(good)):
        check_refused(lambda: unnamed.transform(frame), "42804", "have no names to match", "a frame for arrays")
    check_refused(lambda: unnamed.transform([1.0], feature="age"), "42804", "have no names", "a feature of an array's scaler")
    report.check_equal(unnamed.transform(np.empty((0, 2))).shape, (0, 2), "no rows")
    report.check_equal(scaler.transform(pd.DataFrame(good).iloc[:0]).shape, (0, 5), "a frame without rows")
    masked = np.ma.masked_array(np.ones((1, 5), np.float32), [[0, 1, 0, 0, 0]])
    made = scaler.transform(masked)
    report.check(made.dtype == np.float32 and np.isnan(made[0, 1]) and not np.isnan(made[0, 0]), "masked values are missing")
    before = np.array([[1.0, np.nan, 1.0, 1.0, 1.0]])
    people_scaler(connection, "standard", {"missing": "mean"}).transform(before)
    report.check(np.isnan(before[0, 1]), "the input stays as it is")


def test_many_features(server, connection):
    """1,000 features, by name from a shuffled frame, and as an array."""
    names = [f'f "{i}" \n -- {chr(0x4E00 + i)}' for i in range(1000)]
    rng = np.random.default_rng(33)
    x = rng.lognormal(0, 2, size=(20, 1000))
    connection.execute("DROP TABLE IF EXISTS many")
    database.load(connection, "many", {"x": x}, {"x": "float8"})
    features = {name: {"method": method} for name, method in zip(names, 200 * ("standard", "power", "quantile", "log1p", "l2"))}
    options = json.dumps({"names": names, "features": features})
    text, = connection.execute("SELECT normfreeze.bare(normfreeze.fit(x, 'standard', %s::jsonb))::text FROM many",
                               [options]).fetchone()
    scaler = normfreeze.Scaler.from_json(text)
    report.check(scaler.to_json() == text, "1,000 features: to_json() is the database's text")
    expected, = wire.copy_out(connection, "SELECT normfreeze.normalize(x, s) FROM many, (SELECT normfreeze.bare(normfreeze.fit("
                              f"x, 'standard', '{options.replace(chr(39), chr(39) * 2)}'::jsonb)) AS s FROM many) f ORDER BY id",
                              [("float8", 1000)])
    check_bits(scaler.transform(x), expected, "1,000 features of an array")
    frame = pd.DataFrame(x, columns=names).iloc[:, rng.permutation(1000)]
    check_bits(scaler.transform(frame), expected, "1,000 features of pandas")
    check_bits(scaler.transform(pl.from_pandas(frame)), expected, "1,000 features of polars")


# ---- sets by key ----

KEYS = ("DE", "FR", "größe", "it's", "a" * 1024, "Z", "z")


def make_set(connection, unseen, options):
    """The text of a set over table orders, by SQL."""
    chosen = database.literal(options)
    argument = {"error": "", "null": ", 'null'", "fallback": f", (SELECT normfreeze.fit(o, 'robust', {chosen}) FROM orders o)"}
    return connection.execute(
        f"SELECT normfreeze.by_key(g.key, g.s{argument[unseen]})::text FROM "
        f"(SELECT key, normfreeze.fit(o, 'power', {chosen}) AS s FROM orders o GROUP BY key) g").fetchone()[0]


def load_orders(connection):
    connection.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int, key text, a float8, b float8)")
    rng = np.random.default_rng(35)
    rows = [(i, str(rng.choice(KEYS)), float(rng.lognormal()), float(rng.normal())) for i in range(120)]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO orders VALUES (%s, %s, %s, %s)", rows)
    return rows


def test_sets(server, connection):
    """Members, keys, unseen keys by policy, both types."""
    rows = load_orders(connection)
    for unseen in ("error", "null", "fallback"):
        options = {"columns": ["b", "a"], "missing": "mean"}
        text = make_set(connection, unseen, options)
        found = normfreeze.Scaler.from_json(text)
        name = f"set with {unseen}"
        report.check(isinstance(found, normfreeze.ScalerSet) and found.to_json() == text, f"{name}: to_json()")
        report.check(found.verify() is found and normfreeze.ScalerSet.from_json(text) == found, f"{name}: verify()")
        used = {row[1] for row in rows}
        report.check_equal(found.keys, sorted(used, key=str.encode), f"{name}: keys in order")
        for key in found.keys:
            theirs, = connection.execute("SELECT normfreeze.bare(normfreeze.member(%s::normfreeze.scaler, %s))::text",
                                         [text, key]).fetchone()
            report.check_equal(found.member(key).fingerprint, json.loads(theirs)["fingerprint"], f"{name}: member {key[:20]}")
        keys = [row[1] for row in rows] + ([] if unseen == "error" else ["nobody", None, "", "b" * 2000])
        x = np.array([[row[3], row[2]] for row in rows] + [[0.5, np.nan]] * (len(keys) - len(rows)))
        for dtype, kind in ((np.float64, "float8"), (np.float32, "float4")):
            for call, ours in (("normalize", found.transform), ("denormalize", found.inverse_transform)):
                theirs = [connection.execute(f"SELECT normfreeze.{call}_by_key(%s::{kind}[], %s::normfreeze.scaler, %s)",
                                             [[float(value) for value in row], text, key]).fetchone()[0]
                          for row, key in zip(x.astype(dtype), keys)]
                expected = np.array([[np.nan] * 2 if row is None else [np.nan if v is None else v for v in row]
                                     for row in theirs], dtype)
                check_bits(ours(x.astype(dtype), keys), expected, f"{name}: {call}_by_key of {kind}")
                if dtype is np.float64:
                    columns = {"key": keys, "a": x[:, 1], "b": x[:, 0]}
                    for frame in (pd.DataFrame(columns), pl.DataFrame(columns, strict=False), pa.table(columns)):
                        check_bits(ours(frame, "key"), expected, f"{name}: {call} of {type(frame)} with a column of keys")
                    check_bits(ours(columns, np.array(keys, object)), expected, f"{name}: {call} of a dict")
                    check_bits(ours(x[7], keys[7]), expected[7], f"{name}: {call} of one row")
                    one = ours(x[:, 1], keys, feature="a")
                    check_bits(one, expected[:, 1], f"{name}: {call} of one feature")
        if unseen == "error":
            for key in ("nobody", None, ""):
                theirs = python_package.refusal(
                    connection, "SELECT normfreeze.normalize_by_key(ARRAY[1, 2], %s::normfreeze.scaler, %s::text)", text, key)
                report.check_equal(error_of(found.transform, [1.0, 2.0], key), theirs, f"key {key!r} is refused alike")
                report.check_equal(error_of(found.member, key), theirs, f"member of key {key!r}")
        check_refused(lambda: found.transform(x, keys[:-1]), "2202E", f"{len(x)} rows, but {len(x) - 1} keys", "too few keys")
        check_refused(lambda: found.transform(x, [5] * len(x)), "42804", "a key is text", "a key that is a number")
        check_refused(lambda: found.transform(pd.DataFrame(x, columns=["a", "b"]), "key"), "42703", "of keys",
                      "no column of keys")
    bare, = connection.execute("SELECT normfreeze.bare(%s::normfreeze.scaler)::text", [text]).fetchone()
    check_refused(lambda: normfreeze.Scaler.from_json(bare), "55000", "a bare set, are not in the value", "a bare set")


# ---- tampering ----

def paths(node, path=()):
    """The path of every value in a JSON tree."""
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths(value, path + (key,))
    elif isinstance(node, list):
        for i, value in list(enumerate(node))[:3]:
            yield from paths(value, path + (i,))


def at(tree, path):
    for step in path:
        tree = tree[step]
    return tree


def alterations(value):
    """Other values in a value's place, each a reason for refusal."""
    if isinstance(value, bool):
        return [not value, int(value), str(value)]
    if isinstance(value, (int, float)):
        return [float(np.nextafter(float(value), np.inf)) if value else 1e-300, -value if value else 1, value + 1, str(value),
                None, 10**400, [value]]
    if isinstance(value, str):
        return [value + "x", value[:-1], value[:-2] + value[:-3:-1], "", 5, None, {"a": value}]
    if value is None:
        return [0, "", [], "NaN"]
    if isinstance(value, list):
        return [value[1:], value + value[-1:], value[::-1], {}, "x"]
    return [[], None, "x", {**value, "unknown": 1}]


def tampered(said):
    for path in paths(said):
        for value in alterations(at(said, path)):
            changed = copy.deepcopy(said)
            if path:
                at(changed, path[:-1])[path[-1]] = value
            else:
                changed = value
            if json.dumps(changed) != json.dumps(said):
                yield f"{path} = {str(value)[:40]}", json.dumps(changed)
        if path and isinstance(path[-1], str):
            changed = copy.deepcopy(said)
            del at(changed, path[:-1])[path[-1]]
            yield f"without {path}", json.dumps(changed)
            key = json.dumps(path[-1])
            yield f"twice {path}", json.dumps(said).replace(f"{key}: ", f"{key}: 0, {key}: ", 1)


# A text that both read as the same scaler: what was left out or changed is no part of it.
HARMLESS = re.compile(r"without .*'profile'\)|without \('(probes|profile|members|fallback)',\)|\('probes', 'inputs', |"
                      r"\('members',\) = \[{'key': 'z'")


def test_tampering(server, connection):
    """Every value of several scalers changed, left out, or there twice: both sides refuse, for the same reason."""
    load_people(connection)
    load_orders(connection)
    texts = [connection.execute(f"SELECT normfreeze.fit(p, '{method}', %s::jsonb)::text FROM people p WHERE id < 90",
                                [json.dumps(options | {"columns": list(NAMES[2:4])})]).fetchone()[0]
             for method, options in (
                 ("minmax", {"clip": True, "missing": 0.25, "outside": "null", "distribution": False}),
                 ("standard", {"intercept": "-mean", "multiplier": 2, "global": True, "missing": "error", "distribution": False}),
                 ("quantile", {"n_quantiles": 5, "output_distribution": "normal", "distribution": False}))]
    texts.append(recipe_bytes.by_hand(recipe_bytes.CASES[0][1][:2]))
    texts.append(make_set(connection, "fallback", {"columns": ["a"], "distribution": False}))
    refused, other = 0, {}
    for text in texts:
        said = json.loads(text)
        if "members" in said:
            said["members"] = said["members"][:2]
            report.check(error_of(normfreeze.Scaler.from_json, json.dumps(said)) is not None, "members are missing")
            said = json.loads(text)
        for what, changed in tampered(said):
            theirs = python_package.refusal(connection, "SELECT %s::normfreeze.scaler", changed)
            ours = error_of(normfreeze.Scaler.from_json, changed)
            refused += ours is not None
            if theirs is None and HARMLESS.match(what) and (ours is None or ours[0] == "55000"):
                continue
            if not report.check(ours is not None and theirs is not None, f"tampered: {what}", f"ours {ours}, theirs {theirs}"):
                continue
            if ours != theirs:
                other[what] = ours, theirs
    report.check(refused > 2000, "texts were refused", refused)
    # a profile is not decoded here, its digest suffices; a set in a set is told apart sooner
    for what, (ours, theirs) in other.items():
        report.check(re.search(r"'profile',?\) = |'format'\) = 2", what) and theirs[0] in ("XX001", "22P02"),
                     f"tampered: {what}: the database's reason", f"ours {ours}, theirs {theirs}")


def test_texts(server, connection):
    """What is no JSON of a scaler at all; bytes and dictionaries; what jsonb makes of a scaler."""
    text, = connection.execute("SELECT normfreeze.fit(p, 'standard', '{\"columns\": [\"age\"]}')::text "
                               "FROM people p WHERE id < 90").fetchone()
    scaler = normfreeze.Scaler.from_json(text)
    jsonb, = connection.execute("SELECT %s::normfreeze.scaler::jsonb", [text]).fetchone()
    for source in (text.encode(), bytearray(text.encode()), json.loads(text), jsonb, f" \n{text}\n"):
        report.check(normfreeze.Scaler.from_json(source) == scaler, f"from {type(source).__name__}")
    report.check(scaler.verify() is scaler, "verify() returns the scaler")
    report.check_equal(scaler.scaler_id, int(json.loads(text)["scaler_id"]), "the id is a number")
    for source in ("", "{", "[]", "null", "5", '"x"', text[:-1], text + "x", "NaN", '{"format": NaN}', "[" * 100000, b"\xff\xfe",
                   text.replace('"format": 1', '"format": 3'), text.replace('"format": 1', '"format": 1.0'),
                   text.replace('"format": 1', '"format": true'), "1" * 5000, None, 5, [], '{"format": ' + "9" * 5000 + "}"):
        found = error_of(normfreeze.Scaler.from_json, source)
        report.check(found is not None and found[0] == "22P02", f"{str(source)[:40]!r} is refused", found)
    hint = None
    try:
        normfreeze.Scaler.from_json('{"class": "StandardScaler", "mean_": [1.0], "scale_": [2.0]}')
    except normfreeze.Error as error:
        hint = error.hint
    report.check("from_sklearn" in (hint or ""), "of what dump() wrote, the hint says where it goes", hint)
    for source in ("churn.json", pathlib.Path("churn.json")):
        try:
            normfreeze.Scaler.from_json(source)
            report.check(False, "the name of a file is no scaler")
        except normfreeze.Error as error:
            report.check('open("churn.json").read()' in (error.hint or ""), "the name of a file is no scaler", error)
    for bad in ("\\ud800", "\\u0000"):
        check_refused(lambda: normfreeze.Scaler.from_json(text.replace('"age"', f'"{bad}"')), "22P02", "name", f"a name of {bad}")
    # a scaler that was changed in memory
    scaler._features[0] = scaler._features[0]._replace(parameters=(0.0, 1.0))
    check_refused(scaler.verify, "XX001", "its fingerprint does not match", "a scaler changed in memory")


# ---- the package ----

def program(folder, name):
    return pathlib.Path(folder) / "bin" / name


# what mypy --strict must accept of somebody's own code, with the types that are stated
SNIPPET = """
from __future__ import annotations
from typing import Any, assert_type
import numpy as np
import numpy.typing as npt
import normfreeze

class Frame:        # a frame of pandas, as far as types go
    index: Any
    loc: Any

class Columns:      # one of polars
    def get_column(self, name: str) -> Any: ...

def scored(scaler: normfreeze.Scaler, frame: Frame, columns: Columns, x: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    assert_type(scaler.transform(frame), Frame)
    assert_type(scaler.inverse_transform(columns), Columns)
    assert_type(scaler.transform([[1.0, 2.0]]), npt.NDArray[Any])
    assert_type(scaler.transform({"a": [1.0]}), npt.NDArray[Any])
    assert_type(scaler.set_output(transform="pandas"), normfreeze.Scaler)
    assert_type(scaler.feature_names, list[str] | None)
    table = scaler.transform(frame, output="pyarrow")
    one: float = scaler.transform(1.0, feature="a")
    return scaler.transform(x)

def main() -> int:
    scaler = normfreeze.Scaler.from_json(open("churn.json").read()).verify()
    scalers = normfreeze.ScalerSet.from_json(b"{}")
    member = scalers.member("DE")
    if member is not None:
        assert_type(member.to_json(), str)
    assert_type(scalers.keys, list[str])
    scalers.transform({"key": ["DE"], "a": [1.0]}, keys="key", output="numpy")
    assert_type(normfreeze.fit(np.ones((3, 2)), "minmax", {"clip": True}), normfreeze.Scaler)
    assert_type(normfreeze.fit(np.ones((3, 2)), by=["a", "b", "a"]), normfreeze.ScalerSet)
    assert_type(normfreeze.profile([[1.0]]).digest, str)
    state = normfreeze.FitState("standard").update([[1.0, 2.0]])
    assert_type(state.finish(), normfreeze.Scaler)
    try:
        normfreeze.load(normfreeze.dump(object()), frozen=False)
    except normfreeze.Error as error:
        assert_type(error.sqlstate, str)
        assert_type(error.hint, str | None)
    return scaler.scaler_id
"""
WRONG = "scaler.transform([1.0], columns=3)", "scaler.transform([1.0], output=3)", "scaler.to_json() + 1", "scaler.nothing"


def checked_types(run, folder, python):
    """mypy --strict accepts the installed package and the snippet, finds what is wrong in it, and takes the one file."""
    snippet = pathlib.Path(folder) / "snippet.py"
    mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", f"{folder}/mypy")
    snippet.write_text(SNIPPET)
    made = run(*mypy, "--python-executable", python, "-p", "normfreeze", "-m", "snippet")
    report.check(made.returncode == 0 and "Success" in made.stdout, "mypy --strict of the package and of a snippet",
                 made.stdout[-3000:] + made.stderr[-1000:])
    for line in WRONG:
        snippet.write_text(SNIPPET.replace("    return scaler.scaler_id\n", f"    {line}\n    return scaler.scaler_id\n"))
        made = run(*mypy, "--python-executable", python, "-m", "snippet")
        report.check(made.returncode == 1 and "error: " in made.stdout, f"mypy finds {line}", made.stdout[-1000:])
        if not os.environ.get("NORMFREEZE_TEST_ALL"):
            break           # the others: nightly


def test_package(server, connection):
    """Wheel and sources, installed into an empty environment; their types; the command line; the version is the extension's."""
    control = (ROOT / "normfreeze.control").read_text()
    version = re.search(r"default_version = '(.*)'", control).group(1)
    report.check_equal(normfreeze.__version__, version, "version of the package and of the extension")
    text, = connection.execute("SELECT normfreeze.fit(ARRAY[i, i * i], 'power')::text "
                               "FROM generate_series(1, 50) AS i").fetchone()
    with tempfile.TemporaryDirectory(prefix="normfreeze-python-") as folder:
        source = pathlib.Path(folder) / "source"
        shutil.copytree(python_package.PACKAGE, source, ignore=shutil.ignore_patterns("build", "__pycache__", "*.egg-info", "normfreeze.py"))
        shutil.copy(ROOT / "LICENSE", source)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PG"))}

        def run(*command, **more):
            return subprocess.run([str(word) for word in command], cwd=folder, env=environment, text=True,
                                  capture_output=True, **more)

        run(sys.executable, "-m", "venv", "--without-pip", f"{folder}/venv", check=True)
        # with the setuptools of test/requirements.txt; the wheel is made of the archive of sources
        made = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", f"{folder}/dist", source)
        if not report.check(made.returncode == 0, "python -m build", made.stdout[-2000:] + made.stderr[-1000:]):
            return
        names = sorted(path.name for path in pathlib.Path(folder, "dist").iterdir())
        wheel = f"normfreeze-{version}-py3-none-any.whl"
        report.check_equal(names, [wheel, f"normfreeze-{version}.tar.gz"], "a wheel and an archive of sources")
        with zipfile.ZipFile(f"{folder}/dist/{wheel}") as archive:
            inside = {name for name in archive.namelist() if ".dist-info/" not in name}
            licenses = [name for name in archive.namelist() if name.endswith("LICENSE")]
        package = python_package.PACKAGE / "src"
        report.check_equal(inside, {str(path.relative_to(package)) for path in package.rglob("*") if path.suffix in (".py", ".typed")},
                           "files of the wheel")
        report.check_equal(len(licenses), 1, "the wheel has the license")
        python = program(f"{folder}/venv", "python")
        pip = sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"
        made = run(*pip, "install", "--quiet", "--no-compile", f"{folder}/dist/{wheel}")
        if not report.check(made.returncode == 0, "pip install", made.stderr[-2000:]):
            return
        installed = run(*pip, "list", "--format=json").stdout
        report.check_equal({row["name"] for row in json.loads(installed)}, {"normfreeze", "numpy"}, "it needs numpy and nothing else")
        good, bad = pathlib.Path(folder) / "good.json", pathlib.Path(folder) / "bad.json"
        good.write_text(text)
        bad.write_text(text.replace('"scale": ', '"scale": 1'))
        verified = run(python, "-m", "normfreeze", "verify", good)
        report.check(verified.returncode == 0 and json.loads(text)["fingerprint"] in verified.stdout, "verify of a good file",
                     verified.stdout + verified.stderr)
        verified = run(python, "-m", "normfreeze", "verify", good, bad, "missing.json", "-", input=text)
        report.check(verified.returncode == 1 and verified.stdout.count(json.loads(text)["fingerprint"]) == 2 and
                     "does not match its content" in verified.stderr and "missing.json" in verified.stderr, "verify of bad files",
                     verified.stdout + verified.stderr)
        # the one file that is copied, by another Python
        verified = run(sys.executable, python_package.PACKAGE / "normfreeze.py", "verify", good, bad)
        report.check(verified.returncode == 1 and verified.stdout.count(json.loads(text)["fingerprint"]) == 1 and
                     "does not match its content" in verified.stderr, "the file", verified.stdout + verified.stderr)
        foreign = ("import sys; from normfreeze import Scaler; s = Scaler.from_json(open(sys.argv[1]).read()); "
                   "s.transform([[1.0] * s._width]); "
                   "print([m for m in ('pandas', 'polars', 'pyarrow', 'scipy', 'sklearn') if m in sys.modules])")
        report.check_equal(run(python, "-c", foreign, good).stdout, "[]\n", "nothing else is imported")
        pickled = "import normfreeze, pickle, sys; s = normfreeze.Scaler.from_json(open(sys.argv[1]).read()); "
        write = pickled + "pickle.dump((s, normfreeze.Error('22023', 'no', hint='yes')), open('pickled', 'wb'))"
        read = pickled + "found, error = pickle.load(open('pickled', 'rb')); print(found == s, error.sqlstate, error.hint)"
        for writer, reader in ((folder, python_package.PACKAGE), (python_package.PACKAGE, folder)):
            for path, code in ((writer, write), (reader, read)):
                made = run(python, "-c", f"import sys; sys.path.insert(0, {str(path)!r}); {code}", good)
            report.check_equal(made.stdout, "True 22023 yes\n", f"a pickle of the package and of the file{made.stderr[-1000:]}")
        checked_types(run, folder, python)


def test_environment(server, connection):
    """In a foreign rounding mode, or with subnormals flushed, it refuses to compute."""
    script = ("import ctypes, sys; sys.path.insert(0, sys.argv[1]); import normfreeze\n"
              "s = normfreeze.Scaler.from_json(sys.stdin.read())\n"
              "assert ctypes.CDLL(None).fesetround(int(sys.argv[2])) == 0\n"
              "try: s.transform([[1.0] * s._width]); print('computed')\n"
              "except normfreeze.Error as error: print(error.sqlstate)")
    text = recipe_bytes.by_hand(recipe_bytes.CASES[0][1][:2])
    modes = {"x86_64": {"0": "computed", "1024": "55000", "2048": "55000", "3072": "55000"},
             "aarch64": {"0": "computed", "4194304": "55000", "8388608": "55000", "12582912": "55000"}}
    for mode, expected in modes.get(os.uname().machine, {"0": "computed"}).items():
        made = subprocess.run([sys.executable, "-c", script, str(python_package.PACKAGE), mode], input=text, text=True,
                              capture_output=True)
        report.check_equal(made.stdout.strip(), expected, f"rounding mode {mode}{made.stderr[-500:]}")


# ---- the document ----

def python_blocks(path):
    """(line, code, expected output or None) of each python block; a text block right after it is what it prints."""
    found = []
    for match in re.finditer(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", path.read_text(), re.M | re.S):
        found.append((path.read_text()[:match.start()].count("\n") + 1, match.group(1), match.group(2)))
    return found


def test_document(server, connection):
    """docs/python.md and python/README.md: every block runs, and prints what follows it."""
    environment = {key: value for key, value in server.environment(server.new_database("python_document")).items()
                   if key.startswith("PG")}
    with tempfile.TemporaryDirectory(prefix="normfreeze-document-") as folder:
        saved, here = dict(os.environ), os.getcwd()
        os.environ.update(environment)
        os.chdir(folder)
        try:
            for document in ("docs/python.md", "python/README.md"):
                namespace = {}
                blocks = python_blocks(ROOT / document)
                report.check(blocks, f"{document} has python blocks")
                if document == "python/README.md":
                    namespace["frame"] = pd.DataFrame({"age": [30.0], "income": [40000.0], "tenure": [2.5]})
                for line, code, expected in blocks:
                    printed = io.StringIO()
                    try:
                        with redirect_stdout(printed):
                            exec(compile(code, f"{document}:{line}", "exec"), namespace)
                    except Exception as error:
                        report.check(False, f"{document}:{line} runs", repr(error))
                        break
                    report.check_equal(printed.getvalue().split(), (expected or "").split(), f"{document}:{line} prints")
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(saved)


TESTS = (test_frames, test_single_values, test_bad_input, test_many_features, test_sets, test_tampering, test_texts,
         test_package, test_environment, test_document)
