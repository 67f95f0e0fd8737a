"""Every other kind of input agrees with float8[]: integer and numeric arrays, rows, jsonb, single values."""

import numpy as np

import database
import report
import wire

CASES = (
    ("standard", {}),
    ("standard", {"with_mean": False, "ddof": 1}),
    ("minmax", {"feature_range": [-1, 1]}),
    ("minmax", {"feature_range": [0.1, 0.9], "clip": True}),
    ("maxabs", {}),
    ("maxabs", {"clip": True}),
    ("robust", {"quantile_range": [10, 90], "unit_variance": True}),
    ("robust", {"with_centering": False}),
    ("identity", {}),
)
CALLS = ("normalize", "denormalize")


def names_of(width):
    return [f"f{i + 1}" for i in range(width)]


def integer_data(bits, width=9):
    """Integers over the whole range of a type, small ones and both ends among them."""
    rng = np.random.default_rng(bits)
    info = np.iinfo(f"int{bits}")
    data = rng.integers(info.min, info.max, size=(120, width), dtype=info.dtype, endpoint=True)
    data[::3] >>= rng.integers(0, bits - 1, size=data[::3].shape, dtype=info.dtype)
    data[0], data[1], data[2] = info.min, info.max, 0
    return data


def decimal_data(width=6):
    """Decimals as text: prices, long fractions, and more digits than float8 holds."""
    rng = np.random.default_rng(10)
    rows = []
    for _ in range(120):
        rows.append([f"{rng.uniform(-1e4, 1e4):.2f}", f"{rng.integers(10**17, 10**18)}.{rng.integers(10**9)}",
                     f"0.{rng.integers(10**18):018}{rng.integers(10**18):018}", f"{rng.integers(-9, 9)}",
                     f"{rng.integers(10**15)}e-30", f"{rng.integers(2**53, 2**60)}.5"][:width])
    return rows


def load_table(connection, name, kind, data, exact_doubles):
    """A table (id, v: an array of the kind, written as text, x: the same values as float8[])."""
    connection.execute(f"CREATE TABLE {name} (id int, v {kind}[], x float8[])")
    wire.copy_in(connection, f"{name} (id, x)", [("int4", None), ("float8", exact_doubles.shape[1])],
                 [np.arange(len(exact_doubles)), exact_doubles])
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {name} SET v = %s::text[]::{kind}[] WHERE id = %s",
                           [([str(value) for value in row], i) for i, row in enumerate(data)])


def load_row_table(connection, name, kinds, source):
    """A table with a column f1, f2, … of each kind, filled from the arrays v of another table."""
    columns = ", ".join(f"f{i + 1} {kind}" for i, kind in enumerate(kinds))
    items = ", ".join(f"v[{i + 1}]::{kind}" for i, kind in enumerate(kinds))
    # in another order of columns than the features, with a further one: matched by name
    connection.execute(f"CREATE TABLE {name} (note text, {columns}, id int)")
    connection.execute(f"INSERT INTO {name} SELECT 'x', {items}, id FROM {source}")


def expressions(call, kind, scaler, width):
    """SQL for one kind of input, over a table alias t, as a float8[]; and what it needs in FROM besides."""
    names = names_of(width)
    # a float4 column (f5) becomes its short text in jsonb, which is another number than the float8 it equals
    whole = f"normfreeze.{call}(to_jsonb(t) || jsonb_build_object('f5', t.f5::float8), {scaler})"
    return {
        "array": f"normfreeze.{call}(t.v, {scaler})",
        "row": f"normfreeze.{call}(t, {scaler})",
        "subquery": f"(SELECT normfreeze.{call}(q, {scaler}) FROM (SELECT t.*) q)",
        "jsonb": "ARRAY[" + ", ".join(f"(j.o->>'{name}')::float8" for name in names) + "]",
        "value": "ARRAY[" + ", ".join(f"normfreeze.{call}(t.{name}::float8, {scaler}, '{name}')"
                                      for name in names) + "]",
    }[kind], (f", LATERAL (SELECT {whole} AS o OFFSET 0) j" if kind == "jsonb" else "")


def compare(connection, title, table, source, kind, method, options, width, counts):
    """A kind of input against float8[], forward and inverse."""
    connection.execute("DROP TABLE IF EXISTS one_scaler")
    connection.execute(f"CREATE TABLE one_scaler AS SELECT normfreeze.bare(normfreeze.fit(x, '{method}', "
                       f"{database.literal(dict(options, names=names_of(width)))})) AS s FROM {source}")
    for call in CALLS:
        expression, lateral = expressions(call, kind, "one_scaler.s", width)
        column = ("float8", width)
        got, = wire.copy_out(connection, f"SELECT {expression} FROM {table} t, one_scaler{lateral} ORDER BY t.id",
                             [column])
        expected, = wire.copy_out(
            connection, f"SELECT normfreeze.{call}(t.x, one_scaler.s) FROM {source} t, one_scaler ORDER BY t.id",
            [column])
        if kind == "jsonb":
            expected = expected + 0.0           # jsonb has no -0
        differ = wire.unequal(got, expected)
        at = tuple(np.argwhere(differ)[0]) if differ.any() else None
        counts[title] = counts.get(title, 0) + got.size
        report.check(at is None, f"{title} as float8[]: {call}, {method} {options}",
                     at and f"{differ.sum()} values, first: {got[at]!r}, float8[] gives {expected[at]!r}")


def compare_fits(connection, title, argument, table, source, method, options, width):
    """A fit of another kind of input is the same scaler, byte for byte, as the fit of float8[]."""
    named = dict(options, names=names_of(width))
    given = dict(options, columns=names_of(width)) if argument == "t" else named
    same = connection.execute(
        f"SELECT (SELECT normfreeze.fit({argument}, '{method}', {database.literal(given)}) FROM {table} t) = "
        f"(SELECT normfreeze.fit(x, '{method}', {database.literal(named)}) FROM {source})").fetchone()[0]
    report.check(same, f"{title}: fit {method} {options} is the scaler that float8[] gives")


def test_kinds(server, connection):
    """All kinds of input of the same values give the same bits, and the same scalers."""
    counts = {}
    for bits in (16, 32, 64):
        data = integer_data(bits)
        load_table(connection, f"kind_int{bits // 8}", f"int{bits // 8}", data, data.astype(np.float64))
    decimals = decimal_data()
    load_table(connection, "kind_numeric", "numeric", decimals,
               np.array([[float(value) for value in row] for row in decimals]))
    floats = np.random.default_rng(3).normal(size=(120, 6)) * 10.0 ** np.arange(-6, 6, 2)
    load_table(connection, "kind_float8", "float8", [[repr(float(x)) for x in row] for row in floats], floats)
    singles = np.float32(floats)
    mixed = np.column_stack([integer_data(16)[:, 0], integer_data(32)[:, 1], integer_data(64)[:, 2],
                             [float(row[1]) for row in decimals], singles[:, 4], floats[:, 5]]).astype(np.float64)
    mixed_text = [[integer_data(16)[i, 0], integer_data(32)[i, 1], integer_data(64)[i, 2], decimals[i][1],
                   str(singles[i, 4]), repr(float(floats[i, 5]))] for i in range(len(decimals))]
    load_table(connection, "kind_mixed_text", "text", mixed_text, mixed)
    load_row_table(connection, "row_float8", ["float8"] * 6, "kind_float8")
    load_row_table(connection, "row_mixed", ["int2", "int4", "int8", "numeric", "float4", "float8"], "kind_mixed_text")

    for method, options in CASES:
        for kind, width in (("int2", 9), ("int4", 9), ("int8", 9), ("numeric", 6)):
            source = f"kind_{kind}"
            compare(connection, f"{kind}[]", source, source, "array", method, options, width, counts)
            compare_fits(connection, f"{kind}[]", "v", source, source, method, options, width)
        for table, source in (("row_float8", "kind_float8"), ("row_mixed", "kind_mixed_text")):
            for kind in ("row", "subquery", "jsonb", "value"):
                compare(connection, f"{kind} of {table}", table, source, kind, method, options, 6, counts)
            compare_fits(connection, table, "t", table, source, method, options, 6)
    for title, count in counts.items():
        print(f"{title:22} {count:7} values compared with float8[]")
