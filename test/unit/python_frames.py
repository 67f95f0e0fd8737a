#!/usr/bin/env python3
"""Every way in and out of python/normfreeze.py: kinds of frames, types of columns, layouts of memory, many rows and few.

What rows give one by one, as lists, is what every other way must give, bit for bit; test/parity holds that against the
database.  It runs with the pandas of test/requirements.txt, and with that of build/pandas-2 in another process.
"""

import datetime
import decimal
import fractions
import json
import os
import pathlib
import subprocess
import sys
import warnings
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("test/lib", "python"):
    sys.path.insert(0, str(ROOT / folder))

import numpy as np                                                          # noqa: E402
import pandas as pd                                                         # noqa: E402
import polars as pl                                                         # noqa: E402
import pyarrow as pa                                                        # noqa: E402

import normfreeze                                                           # noqa: E402
from report import check, check_equal, check_in, exit_with_summary, run_tests  # noqa: E402

OLD_PANDAS = ROOT / "build" / "pandas-2"
OLD = sys.argv[1:] == ["old"]
MANY = 3000         # rows, of which columns are transformed one by one, and some blocks of an array
STANDARD = {"with_mean": True, "with_std": True, "ddof": 0}


# ---- scalers ----

def feature(name, method, options, formula, parameters, **policies):
    return {"name": name, "method": method, "options": options, "formula": formula, "parameters": parameters, "range": None,
            "constant": False, "target": False, "missing": "keep", "outside": "keep", "if_constant": "unit",
            "quantiles": "exact", **policies}


def with_identity(said):
    """What is said of a scaler, read: the fingerprint of it is in the error that a wrong one gives."""
    said |= {"scaler_id": "0", "fingerprint": "0" * 64}
    found = error_of(normfreeze.Scaler.from_json, json.dumps(said)).detail.split("its content has ")[1].split(" ")[0]
    return normfreeze.Scaler.from_json(json.dumps(said | {"scaler_id": str(int(found[:16], 16) >> 1), "fingerprint": found}))


def scaler_of(features):
    return with_identity({"format": 1, "named": features[0]["name"] is not None, "distribution": 0, "features": features})


def error_of(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except normfreeze.Error as error:
        return error
    return None


NAMES = ["i", "u", "b", "s", "h", "d", "f", "n"]
CENTER = {"center": 0.3, "scale": 1.7}
BY_VALUE = [
    feature("i", "standard", STANDARD, "subtract_divide_cast", {"center": 1e17, "scale": 3e17}),
    feature("u", "minmax", {"feature_range": [0, 1], "clip": True}, "multiply_add", {"scale": 1e-19, "offset": -0.5},
            range=[1e18, 1.5e19], missing="mean", imputed=9e18, outside="null"),
    feature("b", "robust", {"with_centering": True, "with_scaling": True, "quantile_range": [25, 75], "unit_variance": False},
            "subtract_divide", CENTER, missing="zero", imputed=0.0),
    feature("s", "power", {"method": "yeo-johnson", "standardize": True}, "yeo_johnson", {"lambda": 0.4, **CENTER},
            range=[-1.0, 1.5], outside="clip", missing="constant", imputed=-0.25),
    feature("h", "log1p", {}, "log1p", {}, missing="nan"),
    feature("d", "standard", STANDARD, "subtract_divide_cast", {"center": 1e7, "scale": 2e7}),
    feature("f", "quantile", {"n_quantiles": 4, "output_distribution": "normal"}, "quantile_normal",
            {"quantiles": [-2.0, -0.5, 0.0, 3.0]}, missing="median", imputed=0.1),
    feature("n", "standard", STANDARD, "subtract_divide_cast", CENTER, constant=True, if_constant="null"),
]
BY_ROW = [feature(name, "l2", {}, "norm_l2", {}) if i % 3 else feature(name, "standard", STANDARD, "subtract_divide_cast", CENTER)
          for i, name in enumerate(NAMES)]
PLAIN = [feature(name, "standard", STANDARD, "subtract_divide_cast", {"center": 0.1 * i, "scale": 1 + 0.3 * i})
         for i, name in enumerate(NAMES)]
SAME = [feature(name, "identity", {}, "identity", {}) for name in NAMES]
SCALERS = {"by value": scaler_of(BY_VALUE), "by row": scaler_of(BY_ROW), "plain": scaler_of(PLAIN), "identity": scaler_of(SAME)}
# sequences of steps, whose values may be undefined in between
STEPS = {name: {"steps": steps} | ({"domain": domain} if domain else {}) for name, steps, domain in (
    ("f", ["log1p", "standard"], "null"), ("s", [{"method": "standard"}, "log1p", "minmax"], "clip"), ("h", ["log1p", "robust"], None))}
_training = np.abs(np.random.default_rng(3).normal(size=(50, len(NAMES))))
SCALERS["steps"] = normfreeze.fit(dict(zip(NAMES, _training.T)), "standard", {"features": STEPS, "missing": "mean"})
UNNAMED = scaler_of([feature | {"name": None} for feature in BY_VALUE])


# ---- data ----

def columns_of(rows, missing):
    """Columns of Python objects: integers beyond 2^53, booleans, float32, float16, decimals, special values; and None."""
    rng = np.random.default_rng(rows)
    special = [-0.0, 0.0, float("inf"), float("-inf"), 5e-324, -1e-310, 1e300, float("nan"), -1.0, 3.0, -2.0]
    floats = np.concatenate([special, rng.normal(size=rows)])[:rows]
    wide = [decimal.Decimal(int(value)) / 10**7 for value in rng.integers(-10**17, 10**17, rows)]
    columns = {
        "i": [int(value) for value in rng.integers(-2**62, 2**62, rows)],
        "u": [int(value) for value in rng.integers(2**60, 2**64, rows, np.uint64)],
        "b": [bool(value) for value in rng.random(rows) < 0.5],
        "s": [float(value) for value in rng.normal(size=rows).astype(np.float32)],
        "h": [float(value) for value in np.abs(rng.normal(size=rows)).astype(np.float16)],
        "d": [value.quantize(decimal.Decimal("1e-7")) if rng.random() < 0.5 else decimal.Decimal("12.5") for value in wide],
        "f": floats.tolist(),
        "n": [int(value) for value in rng.integers(-128, 128, rows)],
    }
    if missing:
        columns = {name: [None if rng.random() < 0.1 else value for value in values] for name, values in columns.items()}
    return columns


def array_of(columns):
    return np.array([[np.nan if value is None else float(value) for value in columns[name]] for name in NAMES]).T.copy()


def one_by_one(scaler, x):
    """The slow way: a list for each row."""
    return np.array([scaler.transform(row) for row in x.tolist()]).reshape(x.shape)


def unequal(got, expected):
    """How many values have other bits; one NaN is as good as another."""
    got, expected = np.ascontiguousarray(got), np.ascontiguousarray(expected)
    unsigned = {4: "u4", 8: "u8"}[expected.dtype.itemsize]
    return int(((got.view(unsigned) != expected.view(unsigned)) & ~(np.isnan(got) & np.isnan(expected))).sum())


def check_bits(got, expected, name):
    got = np.asarray(got)
    if check_equal((got.dtype, got.shape), (expected.dtype, expected.shape), f"{name}: type and shape"):
        check_equal(unequal(got, expected), 0, f"{name}: values with other bits")


ARROW = {"i": pa.int64(), "u": pa.uint64(), "b": pa.bool_(), "s": pa.float32(), "h": pa.float16(), "d": pa.decimal128(30, 7),
         "f": pa.float64(), "n": pa.int8()}
NUMPY = {"i": "i8", "u": "u8", "b": "?", "s": "f4", "h": "f2", "d": "O", "f": "f8", "n": "i1"}
NULLABLE = {"i": "Int64", "u": "UInt64", "b": "boolean", "s": "Float32", "h": "object", "d": "object", "f": "Float64", "n": "Int8"}
POLARS = {"i": pl.Int64, "u": pl.UInt64, "b": pl.Boolean, "s": pl.Float32, "h": pl.Float32, "d": pl.Decimal(30, 7),
          "f": pl.Float64, "n": pl.Int8}


def in_pieces(values, kind):
    """A chunked array whose chunks begin inside of larger arrays."""
    cuts = sorted([0, min(1, len(values)), len(values) // 3, len(values) // 3, len(values)])
    return pa.chunked_array([pa.array([None, *values[a:b], None], kind)[1:-1] for a, b in zip(cuts, cuts[1:])], kind)


def float_array(values):
    """A Float64 array of pandas that may hold NaN beside NA."""
    return pd.arrays.FloatingArray(np.array([0.0 if value is None else value for value in values]),
                                   np.array([value is None for value in values], bool))


def frames_of(columns):
    """The same columns in every kind of frame, in another order and with others that are no features."""
    names = NAMES[::-1]
    text = [f"row {i}" for i in range(len(columns["f"]))]
    whole = not any(None in values for values in columns.values())
    arrow = pa.table({"text": text} | {name: pa.array(columns[name], ARROW[name]) for name in names})
    pieces = pa.table({name: in_pieces(columns[name], ARROW[name]) for name in names} | {"text": text})
    index = [f"i{i}" for i in range(len(text))]
    polars = pl.DataFrame({name: pl.Series(columns[name], dtype=POLARS[name], strict=False) for name in names} | {"text": text})
    half = len(text) // 2
    x = array_of(columns)
    found = {
        "dictionary of lists": columns | {"text": text},
        "dictionary of objects": {name: np.array(columns[name], object) for name in names},
        "pandas, objects": pd.DataFrame(columns | {"text": text}, index=index, dtype=object),
        "pandas, one block": pd.DataFrame(x, columns=NAMES, index=index)[names],
        "pandas, columns": pd.DataFrame({name: x[:, i].copy() for i, name in enumerate(NAMES)} | {"text": text}),
        "pandas, strided": pd.DataFrame(np.repeat(x, 2, axis=0), columns=NAMES).iloc[::2],
        "pandas, nullable": pd.DataFrame({name: float_array(columns[name]) if name == "f" else
                                          pd.array(columns[name], NULLABLE[name]) for name in names}, index=index),
        "pandas on arrow": pd.DataFrame({name: pd.Series(arrow.column(name), dtype=pd.ArrowDtype(ARROW[name])) for name in names}),
        "pandas on pieces": pd.DataFrame({name: pd.Series(pd.arrays.ArrowExtensionArray(pieces.column(name))) for name in names}),
        "pandas, sparse": pd.DataFrame({name: pd.arrays.SparseArray(x[:, i]) for i, name in enumerate(NAMES)}),
        "polars": polars,
        "polars in pieces": pl.concat([polars[:half], polars[half:]], rechunk=False),
        "polars, a part": pl.concat([polars[:1], polars])[min(1, len(text)):],
        "polars, objects": pl.DataFrame([pl.Series(name, columns[name], dtype=pl.Object) for name in names]),
        "pyarrow": arrow,
        "pyarrow in pieces": pieces,
        "pyarrow batch": arrow.combine_chunks().to_batches()[0] if text else pa.record_batch(
            {name: pa.array([], ARROW[name]) for name in names}),
        "pyarrow dictionaries": pa.table({name: arrow.column(name) if name in "bhd" else arrow.column(name).dictionary_encode()
                                          for name in names}),
        "masked arrays": {name: np.ma.masked_array([0 if value is None else value for value in columns[name]],
                                                   [value is None for value in columns[name]], NUMPY[name]) for name in names},
    }
    if whole:
        arrays = {name: np.array(columns[name], NUMPY[name]) for name in names}
        structured = np.array(list(zip(*(columns[name] for name in names))), [(name, NUMPY[name]) for name in names])
        found |= {"dictionary of arrays": arrays, "pandas, types of numpy": pd.DataFrame(arrays, index=index),
                  "other byte order": {name: array if array.dtype == object else array.astype(array.dtype.newbyteorder())
                                       for name, array in arrays.items()},
                  "structured array": structured, "memory that cannot be written": {
                      name: np.frombuffer(array.tobytes(), array.dtype) if array.dtype != object else array
                      for name, array in arrays.items()}}
    return found


# ---- the tests ----

def test_frames():
    """Frames of no, one, few and many rows, with and without missing values."""
    for rows, missing in ((0, False), (1, False), (20, True), (MANY // 2, False), (MANY, True)):
        columns = columns_of(rows, missing)
        x = array_of(columns)
        frames = {kind: frame for kind, frame in frames_of(columns).items() if not OLD or kind.startswith("pandas")}
        for label, scaler in SCALERS.items():
            expected = one_by_one(scaler, x[:100])
            if rows > 100:
                # what is not many rows is held against the database by test/parity
                expected = np.concatenate([expected, *(scaler.transform(x[i:i + 400]) for i in range(100, rows, 400))])
            for kind, frame in frames.items():
                name = f"{kind} of {rows} rows, missing: {missing}, {label}"
                before = np.ascontiguousarray(frame["f"]).tobytes() if kind == "dictionary of arrays" else b""
                made = scaler.transform(frame)
                if kind.startswith("pandas"):
                    check(type(made) is pd.DataFrame and list(made.columns) == NAMES and made.index.equals(frame.index),
                          f"{name}: a DataFrame with the index")
                elif kind.startswith("polars"):
                    check(type(made) is pl.DataFrame and made.columns == NAMES, f"{name}: a polars frame")
                check_bits(made, expected, name)
                check(before == b"" or before == np.ascontiguousarray(frame["f"]).tobytes(), f"{name}: the input stays as it is")
        back = SCALERS["plain"].inverse_transform(x)
        for kind, frame in frames.items():
            check_bits(SCALERS["plain"].inverse_transform(frame), back, f"{kind} of {rows} rows, inverse")


def test_layouts():
    """Arrays of every layout and type of number, of few and of many rows."""
    for rows in (0, 1, 40, MANY):
        x = array_of(columns_of(rows, False))
        wide = np.repeat(np.repeat(x, 2, axis=0), 3, axis=1)
        frozen = x.copy()
        frozen.flags.writeable = False
        for label, scaler in {**SCALERS, "without names": UNNAMED}.items():
            expected = np.concatenate([x[:0], *(scaler.transform(x[i:i + 400]) for i in range(0, rows, 400))])
            for layout, array in {"C": x, "Fortran": np.asfortranarray(x), "strided": wide[::2, ::3], "read-only": frozen,
                                  "backwards": np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1], "transposed": x.T.copy().T,
                                  "big-endian": x.astype(">f8"), "matrix": np.matrix(x) if rows else x,
                                  "longdouble": x.astype(np.longdouble), "objects": x.astype(object), "lists": x.tolist() if rows else x,
                                  "Fortran, masked": np.ma.masked_array(np.asfortranarray(x), np.isnan(x))}.items():
                made = scaler.transform(array)
                check_bits(made, expected, f"{layout} of {rows} rows, {label}")
                check(type(made) is np.ndarray and made.flags.writeable, f"{layout} of {rows} rows, {label}: an array of its own")
                check(not isinstance(array, np.ndarray) or not np.may_share_memory(made, array) or rows == 0,
                      f"{layout} of {rows} rows, {label}: the result is no part of the input")
            single = x.astype(np.float32)
            expected = np.concatenate([single[:0], *(scaler.transform(single[i:i + 400]) for i in range(0, rows, 400))])
            for layout, array in {"C": single, "Fortran": np.asfortranarray(single), "big-endian": single.astype(">f4"),
                                  "masked": np.ma.masked_array(single, np.isnan(single))}.items():
                check_bits(scaler.transform(array), expected, f"float32, {layout} of {rows} rows, {label}")
        if rows == MANY:
            long = np.tile(x, (7, 1))
            for label, scaler in SCALERS.items():
                made = scaler.transform(long)
                check_bits(made, np.tile(made[:MANY], (7, 1)), f"several blocks of rows, {label}")
                check_bits(scaler.transform(np.asfortranarray(long)), made, f"several blocks of rows by columns, {label}")
        small = np.clip(np.nan_to_num(x), -100, 100)
        for kind in ("i1", "i2", ">i4", "i8", "f2", "?"):
            part = small.astype(kind)
            check_bits(SCALERS["plain"].transform(part), SCALERS["plain"].transform(part.astype(float)), f"{kind} of {rows} rows")
            check_bits(SCALERS["plain"].transform(np.asfortranarray(part)), SCALERS["plain"].transform(part.astype(float)),
                       f"{kind} by columns of {rows} rows")


def test_single_values():
    """One row of a frame, and values of one feature."""
    columns = columns_of(40, True)
    x = array_of(columns)
    for label, scaler in SCALERS.items():
        expected = one_by_one(scaler, x)
        frame = pd.DataFrame(columns, dtype=object)
        for row in (0, 7, 39):
            said = {name: columns[name][row] for name in NAMES}
            check_bits(scaler.transform(said), expected[row], f"a dictionary of one row, {label}")
            made = scaler.transform(frame.iloc[row])
            check(type(made) is pd.Series and made.name == row and list(made.index) == NAMES, f"a row of pandas, {label}")
            check_bits(made, expected[row], f"a row of pandas, {label}")
            check_bits(scaler.transform(frame.iloc[row], output="numpy"), expected[row], f"a row of pandas as an array, {label}")
    scaler = SCALERS["by value"]
    many = np.tile(array_of(columns_of(1000, True)), (40, 1))
    for i, name in enumerate(NAMES):
        check_bits(scaler.transform(many[:, i], feature=name), scaler.transform(many)[:, i], f"40,000 values of {name}")
        check_bits(scaler.transform(pd.array(many[:100, i], "Float64"), feature=name), scaler.transform(many)[:100, i],
                   f"an array of pandas of {name}")


def long_frames(values, gaps):
    """Columns in kinds of frames that have masks, chunks and offsets.  What lies under a gap is any number."""
    masks = {"f": pd.arrays.FloatingArray, "i": pd.arrays.IntegerArray, "b": pd.arrays.BooleanArray}
    arrow = pa.table({name: pa.array(column) if column.dtype == bool else pa.Array.from_buffers(pa.from_numpy_dtype(column.dtype), len(column), [
        pa.py_buffer(np.packbits(~gaps[name], bitorder="little").tobytes()), pa.py_buffer(column.tobytes())]) for name, column in values.items()})
    arrow = arrow.set_column(3, "b", pa.array(values["b"], mask=gaps["b"]))
    found = {"whole": arrow, "a slice": pa.concat_tables([arrow[:13], arrow]).combine_chunks().slice(13)}
    for size in (1000, 9973):
        found[f"chunks of {size}"] = pa.Table.from_batches([*arrow[:7].to_batches(), *arrow[:0].to_batches(), *arrow[7:].to_batches(size)])
    frames = {"pandas, masks": pd.DataFrame({name: masks[column.dtype.kind](column, gaps[name]) for name, column in values.items()})}
    for kind, table in found.items():
        frames |= {f"pandas on arrow, {kind}": table.to_pandas(types_mapper=pd.ArrowDtype)}
        if not OLD:
            frames |= {f"pyarrow, {kind}": table, f"polars, {kind}": pl.from_arrow(table, rechunk=False)}
    return frames


def test_long_frames():
    """More rows than are read at once, in chunks of all kinds."""
    rng = np.random.default_rng(39)
    rows = 70001
    x = rng.normal(3, 2, rows)
    x[:6] = -0.0, np.inf, -np.inf, np.nan, 5e-324, -3e38
    values = {"d": x, "f": x[::-1].astype(np.float32), "i": rng.integers(-2**63, 2**63 - 1, rows), "b": rng.random(rows) < 0.3}
    for missing in (0.05, 0):
        gaps = {name: rng.random(rows) < missing for name in values}
        array = np.column_stack([np.where(gaps[name], np.nan, column.astype(np.float64)) for name, column in values.items()])
        frames = long_frames(values, gaps)
        for options in ({}, {"missing": "mean", "outside": "clip"}):
            scaler = normfreeze.fit(pd.DataFrame(array[1000:20000], columns=list(values)), "standard", options)
            for call in (scaler.transform, scaler.inverse_transform):
                expected, name = call(array), f"{call.__name__}, {missing} missing, {options}"
                for kind, frame in frames.items():
                    check_bits(call(frame), expected, f"{name}: {kind}")
                if not OLD:
                    with mock.patch("importlib.util.find_spec", lambda name: None):
                        check_bits(call(frames["polars, whole"]), expected, f"{name}: polars without pyarrow")


def test_refused_types():
    """What is no number is refused by its column, in frames of few rows and of many."""
    scaler = SCALERS["plain"]
    moment = datetime.datetime(2026, 1, 1)
    for rows in (2, 2000):
        good = {name: np.zeros(rows) for name in NAMES}
        for what, values in (("datetime", np.array([moment] * rows, "M8[us]")), ("timedelta", np.zeros(rows, "m8[s]")),
                             ("text", np.array(["1"] * rows)), ("bytes", np.array([b"1"] * rows)), ("complex", np.zeros(rows, complex)),
                             ("objects of text", np.array(["1"] * rows, object)), ("lists", [[1.0]] * rows),
                             ("numbers and text", [1.0] * (rows - 1) + ["1"]), ("moments", [moment] * rows),
                             ("dates", [datetime.date(2026, 1, 1)] * rows)):
            frames = [good | {"f": values}]
            if what not in ("bytes", "lists", "numbers and text"):
                frames.append(pd.DataFrame(good | {"f": values}))
            if what in ("text", "moments", "dates"):
                frames += [pl.DataFrame(good | {"f": list(map(str, values)) if what == "text" else values}),
                           pa.table(good | {"f": pa.array(list(values))})]
            for frame in frames:
                error = error_of(scaler.transform, frame)
                if what == "lists":
                    check(error and error.sqlstate in ("42804", "2202E"), f"lists are refused", repr(error))
                elif check(error, f"{what} in {type(frame).__module__} of {rows} rows is refused"):
                    check_equal(error.sqlstate, "42804", f"{what} in {type(frame).__module__} of {rows} rows: {error.message}")
                    check_in('column "f" is of type', error.message, "the column is named")
        for what, values in (("category", pd.Categorical([1, 2] * (rows // 2))), ("moment", pd.array([moment] * rows)),
                             ("moment of a zone", pd.Series([moment] * rows).dt.tz_localize("UTC")), ("text", pd.array(["1"] * rows, "string")),
                             ("period", pd.period_range("2026", periods=rows, freq="D")),
                             ("interval", pd.interval_range(0, rows)), ("NaT", np.array([pd.NaT] * rows, object)),
                             ("text on arrow", pd.array(["1"] * rows, pd.ArrowDtype(pa.string()))),
                             ("moment on arrow", pd.array([moment] * rows, pd.ArrowDtype(pa.timestamp("us"))))):
            error = error_of(scaler.transform, pd.DataFrame(good | {"f": values}))
            if check(error, f"{what} of pandas, {rows} rows, is refused"):
                check_equal((error.sqlstate, error.message[:21]), ("42804", 'column "f" is of type'), f"{what} of pandas")
        for kind in (pl.Categorical, pl.Date, pl.Time, pl.Binary, pl.List(pl.Float64), pl.Struct({"a": pl.Float64})):
            error = error_of(scaler.transform, pl.DataFrame(good).with_columns(pl.lit(None, kind).alias("f")))
            check(error and error.sqlstate == "42804" and 'column "f" is of type' in error.message, f"{kind} is refused", repr(error))
        for kind in (pa.string(), pa.date32(), pa.duration("s"), pa.list_(pa.float64()), pa.struct([("a", pa.float64())]), pa.binary(3)):
            error = error_of(scaler.transform, pa.table(good | {"f": pa.nulls(rows, kind)}))
            check(error and error.sqlstate == "42804" and 'column "f" is of type' in error.message, f"{kind} is refused", repr(error))
        # without any value there is nothing to refuse
        for empty in (pl.DataFrame(good).with_columns(pl.lit(None).alias("f")), pa.table(good | {"f": pa.nulls(rows)}),
                      pd.DataFrame(good | {"f": [None] * rows}), pd.DataFrame(good | {"f": pd.array([pd.NA] * rows, "Int64")})):
            check(np.isnan(np.asarray(scaler.transform(empty, output="numpy"))[:, 6]).all(), f"{type(empty).__module__}: NULL alone")


def test_numbers():
    """Objects of all kinds of numbers, and numbers that float64 has not."""
    scaler = SCALERS["identity"]
    values = [1, 2**63, -2**70, True, None, 0.1, -0.0, float("nan"), decimal.Decimal("0.1"), decimal.Decimal("NaN"),
              decimal.Decimal("-0"), fractions.Fraction(1, 3), np.float32(0.1), np.float16(0.1), np.longdouble("0.1"), np.int8(-3),
              np.uint64(2**64 - 1), np.bool_(True), pd.NA, float("inf"), decimal.Decimal("Infinity"), 5e-324, 10**308]
    expected = np.array([np.nan if value is None or value is pd.NA else float(value) for value in values])
    for rows in (1, 100):
        check_bits(scaler.transform(values * rows, feature="f"), np.tile(expected, rows), f"objects of {rows} times all kinds")
        for one in values:
            column = np.array([one] * rows, object)
            check_bits(scaler.transform(pd.DataFrame({name: column for name in NAMES}), output="numpy"),
                       np.full((rows, 8), np.nan if one is None or one is pd.NA else float(one)), f"{one!r} in {rows} rows")
    for beyond in (10**400, -10**309, decimal.Decimal("1e999"), np.longdouble("1e4000"), fractions.Fraction(10**400)):
        for rows in (2, 2000):
            column = [1.0] * (rows - 1) + [beyond]
            for frame in ({name: column for name in NAMES}, pd.DataFrame({name: column for name in NAMES}, dtype=object)):
                error = error_of(scaler.transform, frame)
                check(error and error.sqlstate == "22003" and 'column "i" has a number that is out of range' in error.message,
                      f"{str(beyond)[:20]} of {type(beyond)} in {rows} rows is refused", repr(error))
    array = np.array([np.longdouble("1e4000")] * 8)
    check_equal(getattr(error_of(scaler.transform, array), "sqlstate", None), "22003", "a longdouble that float64 has not")
    for digits, scale in ((5, 2), (9, 0), (18, 17), (38, 0), (38, 37), (38, 30), (76, 60), (20, -3)):
        rng = np.random.default_rng(digits)
        whole = [int("".join(map(str, rng.integers(0, 10, int(rng.integers(1, digits + 1)))))) * (-1) ** i for i in range(300)]
        numbers = [decimal.Decimal(value).scaleb(-scale, decimal.Context(prec=100)) for value in whole]
        kinds = [pa.decimal256(digits, scale)]
        kinds += [pa.decimal128(digits, scale)] if digits <= 38 else []
        kinds += [pa.decimal64(digits, scale)] if digits <= 18 else []
        kinds += [pa.decimal32(digits, scale)] if digits <= 9 else []
        for kind in kinds:
            column = pa.array([None, *numbers], kind)[1:]
            check_bits(scaler.transform(column, feature="f"), np.array([float(str(number)) for number in numbers]), str(kind))
        if 0 <= scale and digits <= 38:
            column = pl.Series(numbers, dtype=pl.Decimal(digits, scale))
            check_bits(scaler.transform(column, feature="f"), np.array([float(str(number)) for number in numbers]),
                       f"decimals of polars, {digits}, {scale}")
    wide = pl.Series([2**100, -2**60 - 1, None], dtype=pl.Int128)
    check_bits(scaler.transform(wide, feature="f"), np.array([2.0**100, -2.0**60, np.nan]), "Int128")


def test_names():
    """Columns that are missing or there twice, and names of several levels."""
    scaler = SCALERS["plain"]
    for rows in (2, 2000):
        x = np.ones((rows, 8))
        twice = pd.DataFrame(np.ones((rows, 9)), columns=[*NAMES, "f"])
        error = error_of(scaler.transform, twice)
        check_equal((error.sqlstate, error.message), ("42701", 'the frame has 2 columns "f", which is a feature'), "a column twice")
        other = pd.DataFrame(np.ones((rows, 10)), columns=[*NAMES, "text", "text"])
        check_bits(scaler.transform(other), scaler.transform(x), "another column twice")
        levels = pd.DataFrame(x, columns=pd.MultiIndex.from_product([["a"], NAMES]))
        error = error_of(scaler.transform, levels)
        check(error.sqlstate == "42703" and "several levels" in error.hint, "names of several levels", repr(error))
        error = error_of(scaler.transform, pd.DataFrame(x, columns=[name.upper() for name in NAMES]))
        check(error.sqlstate == "42703" and error.hint.startswith('There is "I", which differs in case.'), "another case", repr(error))
        numbered = pd.DataFrame(np.ones((rows, 9)), columns=[*NAMES, 7])
        check_bits(scaler.transform(numbered), scaler.transform(x), "a name that is a number")
        check_equal(error_of(scaler.transform, pd.DataFrame(x)).sqlstate, "42703", "no names")
        check_equal(error_of(scaler.transform, pl.DataFrame(x[:, :7], schema=NAMES[:7], orient="row")).sqlstate, "42703", "too few")

        class Mine(pd.DataFrame):
            @property
            def _constructor(self):
                return Mine

        check(type(scaler.transform(Mine(x, columns=NAMES))) is Mine, "a DataFrame of one's own stays one")

        class Labeled(pd.DataFrame):
            _metadata = ["label"]

            def __init__(self, label, data, **named):
                super().__init__(data, **named)
                self.label = label

            @property
            def _constructor(self):
                return lambda *given, **named: Labeled("made", *given, **named)

        made = scaler.transform(Labeled("a", x, columns=NAMES))
        check(type(made) is Labeled and made.label == "made", "a DataFrame with arguments of its own")
        check_bits(made, scaler.transform(x), "a DataFrame with arguments of its own")
        others = pd.DataFrame(x, columns=NAMES).assign(
            text=pd.Categorical(["x"] * rows), at=pd.date_range("2020", periods=rows, tz="Europe/Berlin"), every=pd.period_range("2020", periods=rows, freq="D"),
            lists=[[1.0]] * rows, complex=1j, sparse=pd.arrays.SparseArray(np.zeros(rows)), day=pd.array([datetime.date(2020, 1, 1)] * rows, pd.ArrowDtype(pa.date32())))
        check_bits(scaler.transform(others), scaler.transform(x), "columns of other types that are no features")


def test_policies_refuse():
    """The row and the feature of an error are those of the first row, whatever the way in."""
    features = [feature(name, "standard", STANDARD, "subtract_divide_cast", CENTER, missing="error", outside="error", range=[-50.0, 50.0])
                for name in NAMES]
    scaler = scaler_of(features)
    for rows, faults in ((40, [(30, 0), (12, 5), (12, 6)]), (MANY, [(2999, 0), (2000, 3), (2000, 2), (2500, 1)]),
                         (40000, [(39000, 0), (36000, 7), (35999, 4)]), (40000, [(5, 7), (39000, 0)])):
        for value in (np.nan, 51.0, -np.inf):
            x = np.ones((rows, 8))
            for at in faults:
                x[at] = value
            row, at = min(faults)
            seen = set()
            for frame in (x, np.asfortranarray(x), pd.DataFrame(x, columns=NAMES), pl.DataFrame(x, schema=NAMES, orient="row"),
                          pa.table({name: x[:, i] for i, name in enumerate(NAMES)})):
                error = error_of(scaler.transform, frame)
                seen.add(str(error))
                check(error.message.startswith(f'"{NAMES[at]}" is ') and f"row {row}, counted from 0" in error.detail,
                      f"{value} at {faults} in {type(frame)}", repr(error))
            check_equal(len(seen), 1, f"one message, {value} at {faults}")


def test_output():
    """output= and set_output(): the kind of the result, with names and, of pandas, the index."""
    scaler = SCALERS["by value"]
    sets = scaler_set()
    for rows in (0, 3, 1100):
        columns = columns_of(rows, True)
        frames, x = frames_of(columns), array_of(columns)
        expected = scaler.transform(x)
        for kind, frame in [*((kind, frames[kind]) for kind in ("pandas, nullable", "polars", "pyarrow", "dictionary of lists")),
                            ("an array", x), ("lists", x.tolist() if rows else x)]:
            for output, made_of in (("numpy", np.ndarray), ("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("pyarrow", pa.Table)):
                made = scaler.transform(frame, output=output)
                if not check(type(made) is made_of, f"{kind} of {rows} rows as {output}", str(type(made))):
                    continue
                if output != "numpy":
                    check_equal(made.column_names if output == "pyarrow" else list(made.columns), NAMES, f"{kind} as {output}: names")
                if output == "pandas" and kind.startswith("pandas"):
                    check(made.index.equals(frame.index), f"{kind} as pandas: the index")
                values = np.column_stack([made.column(name).to_numpy() for name in NAMES]) if output == "pyarrow" else np.asarray(made)
                check_bits(values, expected, f"{kind} of {rows} rows as {output}")
                check(type(fresh(scaler).set_output(transform=output).transform(frame)) is made_of, f"{kind}, set_output to {output}")
        check(type(fresh(scaler).set_output(transform="pandas").set_output(transform="default").transform(x)) is np.ndarray, "default")
        check(type(fresh(scaler).set_output(transform="pandas").transform(x, output="default")) is np.ndarray, "output= has the last word")
        check(type(scaler.inverse_transform(x, output="polars")) is pl.DataFrame, "the inverse as polars")
        keyed = pd.DataFrame(x, columns=NAMES, index=[f"i{i}" for i in range(rows)]).assign(key="a")
        for output, made_of in (("numpy", np.ndarray), ("polars", pl.DataFrame), ("default", pd.DataFrame), ("pandas", pd.DataFrame)):
            check(type(sets.transform(keyed, "key", output=output)) is made_of, f"a set of scalers as {output}")
            check(type(normfreeze.Scaler.from_json(sets.to_json()).set_output(transform=output).transform(keyed, "key")) is made_of,
                  f"a set of scalers, set_output to {output}")
    error = error_of(scaler.transform, x, output="excel")
    check(error and error.sqlstate == "22023" and "default, numpy, pandas, polars, pyarrow" in error.hint, "another output", repr(error))
    check_equal(error_of(scaler.set_output, transform="excel").sqlstate, "22023", "another set_output")


def fresh(scaler):
    return normfreeze.Scaler.from_json(scaler.to_json())


def scaler_set():
    """A set of one scaler."""
    said = {"format": 2, "unseen": "null", "named": True, "features": [{"name": name, "target": False} for name in NAMES],
            "keys": 1, "root": "0" * 64, "members": [{"key": "a", "scaler": json.loads(SCALERS["plain"].to_json())}]}
    made = object.__new__(normfreeze.ScalerSet)
    made._members = {"a": SCALERS["plain"]}
    return with_identity(said | {"root": made._root().hex()})


def test_pipeline():
    """In scikit-learn: set_output of a Pipeline and set_config() reach the scaler, and nothing fits it."""
    import sklearn
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    columns = columns_of(2000, False)
    x = array_of(columns)
    frame = pd.DataFrame(x, columns=NAMES)
    pipeline = make_pipeline(fresh(SCALERS["plain"]), FunctionTransformer()).set_output(transform="polars")
    check(type(pipeline.fit_transform(frame)) is pl.DataFrame, "a Pipeline's set_output")
    with sklearn.config_context(transform_output="pandas"):
        check(type(SCALERS["plain"].transform(x)) is pd.DataFrame, "set_config(transform_output=...)")
        check(type(SCALERS["plain"].transform(x, output="numpy")) is np.ndarray, "output= has the last word")


def with_old_pandas():
    """What is about pandas, in another process with pandas 2."""
    environment = dict(os.environ, PYTHONPATH=str(OLD_PANDAS), PYTHONDONTWRITEBYTECODE="1")
    made = subprocess.run([sys.executable, __file__, "old"], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    check(made.returncode == 0 and made.stdout.startswith("pandas 2."), "the same with pandas 2", made.stdout[-3000:])


def main():
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    print(f"pandas {pd.__version__}, polars {pl.__version__}, pyarrow {pa.__version__}, numpy {np.__version__}", flush=True)
    run_tests([test_frames, test_long_frames, test_refused_types, test_numbers, test_names])
    if not OLD:
        run_tests([test_layouts, test_single_values, test_policies_refuse, test_output, test_pipeline])
        with_old_pandas()
    exit_with_summary()


if __name__ == "__main__":
    main()
