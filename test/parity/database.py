"""The server of the parity tests, its tables of data and its scalers."""

import json
import os
import pathlib
import tempfile

import numpy as np
import psycopg


import server as servers

import wire

SQL_TYPE = {np.float64: "float8", np.float32: "float4"}


def existing_installation(folder):
    """An Installation of a folder that another one has filled, without building anything."""
    made = servers.Installation.__new__(servers.Installation)
    made.folder = pathlib.Path(folder).resolve()
    found = sorted(made.folder.glob("pg/**/postgres"))
    if not found:
        raise SystemExit(f"{folder} holds no installation")
    made.bindir = found[0].parent
    return made


def installation():
    """The one of NORMFREEZE_INSTALLATION, or a new one in a folder for as long as we run."""
    folder = os.environ.get("NORMFREEZE_INSTALLATION")
    if folder:
        return existing_installation(folder), None
    temporary = tempfile.TemporaryDirectory(prefix="normfreeze-parity-")
    return servers.Installation(temporary.name), temporary


def connect(server):
    return psycopg.connect(server.conninfo(), autocommit=True)


def literal(options):
    """Options as a jsonb literal; options hold no quotes."""
    return "'" + json.dumps(options) + "'::jsonb"


def load(connection, table, arrays, kinds, scored=None):
    """A table (id, train, one array column a kind: its name); `scored` rows are not for training."""
    columns = ", ".join(f"{name} {kind}[]" for name, kind in kinds.items())
    connection.execute(f"CREATE TABLE {table} (id int, train int, {columns})")
    rows = len(next(iter(arrays.values())))
    train = np.arange(rows) < rows - (scored or 0)
    wire.copy_in(connection, table,
                 [("int4", None), ("int4", None)] + [(kind, arrays[name].shape[1]) for name, kind in kinds.items()],
                 [np.arange(rows), train] + [arrays[name] for name in kinds])
    connection.execute(f"ANALYZE {table}")


def fit(connection, scaler_table, case, table, column, method, options):
    """Fit to the training rows and keep the scaler; returns the SQLSTATE of a refusal, or None."""
    try:
        connection.execute(
            f"INSERT INTO {scaler_table} SELECT {case}, normfreeze.fit({column}, '{method}', {literal(options)}) "
            f"FROM {table} WHERE train = 1")
    except psycopg.Error as error:
        return error.sqlstate
    return None


def described(connection, scaler):
    """Everything numeric that describe() says, as arrays over features; NULL is NaN."""
    names = ["center", "scale", "offset", "min", "max", "mean", "std", "variance"]
    columns = ", ".join(f"coalesce(\"{name}\", 'NaN')" for name in names)
    values = wire.copy_out(connection, f"SELECT {columns} FROM normfreeze.describe({scaler}) ORDER BY ordinal",
                           [("float8", None)] * len(names))
    return dict(zip(names, values))


def all_described(connection, scaler_table):
    """As above, of all scalers of a table: case -> name -> array."""
    names = ["center", "scale", "offset", "min", "max", "mean", "std", "variance"]
    columns = ", ".join(f"coalesce(d.\"{name}\", 'NaN')" for name in names)
    cases, *values = wire.copy_out(
        connection, f"SELECT s.id, {columns} FROM {scaler_table} s, normfreeze.describe(s.scaler) d "
        "ORDER BY s.id, d.ordinal", [("int4", None)] + [("float8", None)] * len(names))
    return {case: {name: value[cases == case] for name, value in zip(names, values)} for case in np.unique(cases)}


def json_parameters(connection, scaler_table):
    """The parameters that the casts to jsonb say: case -> [{name: value}]"""
    rows = connection.execute(f"SELECT id, (normfreeze.bare(scaler)::jsonb)::text FROM {scaler_table}").fetchall()
    return {case: [{name: float(value) for name, value in feature["parameters"].items()}
                   for feature in json.loads(text)["features"]]
            for case, text in rows}


def json_arrays(connection, scaler_table):
    """The same as lists over features, of arrays where they are tables: case -> {name: list or array}"""
    rows = connection.execute(f"SELECT id, (normfreeze.bare(scaler)::jsonb)::text FROM {scaler_table} ORDER BY id")
    found = {}
    for case, text in rows.fetchall():
        features = [feature["parameters"] for feature in json.loads(text)["features"]]
        found[case] = {name: [feature[name] for feature in features] if name == "quantiles" else
                       np.array([feature[name] for feature in features], np.float64) for name in features[0]}
    return found


BACK = """CREATE OR REPLACE FUNCTION pg_temp.back(x {kind}[], s normfreeze.scaler) RETURNS {kind}[] LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    y {kind}[];
    missing CONSTANT {kind}[] := array_fill(NULL::{kind}, ARRAY[cardinality(x)]);
BEGIN
    RETURN normfreeze.denormalize(x, s);
EXCEPTION WHEN numeric_value_out_of_range THEN
    FOR i IN 1 .. cardinality(x) LOOP
        BEGIN
            y[i] := (normfreeze.denormalize(missing[:i - 1] || x[i] || missing[i + 1:], s))[i];
        EXCEPTION WHEN numeric_value_out_of_range THEN
            y[i] := 'NaN';
        END;
    END LOOP;
    RETURN y;
END $$"""


# whether the scaler s may have no inverse of a value: only then is it worth to try each by itself
GAPS = "normfreeze.bare({scaler})::text ~ '\"(square|expm1)\"|\"before\"'"


def create_back(connection, kind):
    """Make pg_temp.back(x, scaler): denormalize() with NaN for what has no inverse, as numpy has it, in place of an error.

    Without JIT: its expressions would be compiled anew for each value.
    """
    connection.execute(BACK.format(kind=kind))


def apply(connection, scaler_table, table, column, kind, width, rows):
    """Forward, inverse, and inverse of forward of every row by every scaler: case -> three arrays; NULL and what has no inverse is NaN."""
    create_back(connection, kind)

    def results(y):
        return f"array_replace({y}, NULL, 'NaN')"

    normalized = f"normfreeze.normalize(d.{column}, s.bare)"
    undone = f"CASE WHEN s.gaps THEN pg_temp.back(d.{column}, s.bare) ELSE normfreeze.denormalize(d.{column}, s.bare) END"
    cases, forward, inverse, back = wire.copy_out(
        connection,
        f"SELECT s.id, r.forward, r.inverse, r.back FROM (SELECT id, normfreeze.bare(scaler) AS bare, {GAPS.format(scaler='scaler')} AS gaps "
        f"FROM {scaler_table} ORDER BY id OFFSET 0) s CROSS JOIN LATERAL (SELECT "
        f"{results(normalized)} AS forward, {results(undone)} AS inverse, "
        f"{results(f'normfreeze.denormalize({normalized}, s.bare)')} AS back "
        f"FROM {table} d ORDER BY d.id OFFSET 0) r",
        [("int4", None)] + [(kind, width)] * 3)
    found = {}
    for case in np.unique(cases):
        mine = cases == case
        if mine.sum() != rows:
            raise AssertionError(f"{mine.sum()} rows instead of {rows}")
        found[int(case)] = (forward[mine], inverse[mine], back[mine])
    return found
