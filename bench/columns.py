#!/usr/bin/env python3
"""Features in columns: fitting them and normalizing them, beside the SQL that one would write by hand.

    bench/columns.py [rows] [repetitions]      default 300000 7

Columns of float8, and of int, numeric, real and boolean in turn; 10, 32, 300 and 1,500 of them (of real, as 1,500
float8 are no row of PostgreSQL's), with fewer rows the more columns there are.  By hand everything is
computed in float8, too.

Two scans stand for what PostgreSQL itself takes.  One reaches every column of a row and evaluates the last
one; the other evaluates each of them, as arguments of num_nonnulls(), which looks whether they are NULL and
computes nothing.  The second is what it costs to read all columns: normalize(c, id) is to take at most 1.5 of it.
"""

import sys

from pairs import Job, bench_folder, bench_server, compare

TYPES = {
    "float8": ["float8"],
    "real": ["real"],
    "int, numeric, real, boolean": ["int", "numeric", "real", "boolean"],
}
SHAPES = [(10, "float8"), (32, "float8"), (32, "int, numeric, real, boolean"), (300, "float8"), (1500, "real")]
# an expression that is evaluated for each row, and sent nowhere
NOWHERE = "OFFSET 1000000000"


def column(i, kind):
    value = f"random() * {i % 5 + 1}"
    return {"int": f"({value} * 1000)::int", "numeric": f"({value})::numeric(12,4)", "real": f"({value})::real",
            "boolean": "random() < 0.5"}.get(kind, value) + f" AS f{i}"


def as_float8(i, kind):
    return {"boolean": f"f{i}::int::float8", "float8": f"f{i}"}.get(kind, f"f{i}::float8")


def make_table(server, features, types, rows):
    server.query(f"""DROP TABLE IF EXISTS c CASCADE; SELECT setseed(0.5);
        CREATE TABLE c AS SELECT {', '.join(column(i, types[i % len(types)]) for i in range(1, features + 1))}
          FROM generate_series(1, {rows});
        VACUUM ANALYZE c""")


# a function has at most 100 arguments
MOST_ARGUMENTS = 100


def scans(features):
    """Two statements over the same columns that compute nothing, by what they do."""
    shares = [range(first, min(first + MOST_ARGUMENTS, features + 1)) for first in range(1, features + 1, MOST_ARGUMENTS)]
    read = " + ".join(f"num_nonnulls({', '.join(f'f{i}' for i in share)})" for share in shares)
    return {"scan to last": f"SELECT count(f{features}) FROM c", "scan of all": f"SELECT sum({read}) FROM c"}


def views(server, name, scaler, indexes, by_hand, named):
    """Named columns of a view, in dbt's words, and in FROM."""
    all_columns = ", ".join(f"f{i}" for i in indexes)
    by_hand_job = f"SELECT {named} FROM c {NOWHERE}"
    found = []
    for how, of, most in (("id", f"{scaler}::bigint", 0.9), ("ref", f"'{name}'", 1.1)):
        server.query(f"SELECT normfreeze.create_view('by_{how}', 'c', {of})")
        # as dbt/macros/normalize/_extension_select.sql writes it
        argument = f"cast('{scaler}' as bigint)" if how == "id" else f"cast('{name}' as text)"
        dbt = ", ".join(f"normfreeze.normalize_value(src.f{i}, {argument}, 'f{i}') as f{i}" for i in indexes)
        found += [Job(f"named columns of the view by {how}", f"SELECT {all_columns} FROM by_{how} {NOWHERE}", by_hand_job, most),
                  Job(f"named columns by {how}, dbt", f"SELECT {dbt} FROM c AS src {NOWHERE}", by_hand_job, most)]
    definitions = ", ".join(f"f{i} float8" for i in indexes)
    in_from = f"SELECT {all_columns} FROM normfreeze.normalize_table('c', '{name}') AS t({definitions}) {NOWHERE}"
    # before 19 the function runs the query, and keeps its rows
    planned = int(server.query("SHOW server_version_num")) >= 190000
    found.append(Job("named columns by normalize_table, ref", in_from, by_hand_job, 1.1 if planned else None))
    last = indexes[-1]
    found.append(Job("one column of the view by id, the others unread", f"SELECT max(f{last}) FROM by_id", f"SELECT max({by_hand[-1]}) FROM c", 1.1))
    return found


def jobs(server, name, features, types):
    """The array, named columns, and the fit."""
    indexes = range(1, features + 1)
    values = [as_float8(i, types[i % len(types)]) for i in indexes]
    scaler = server.query(f"SELECT normfreeze.freeze('{name}', normfreeze.fit_table('c', 'standard'))")
    server.query(f"SELECT normfreeze.promote('{name}', 1)")
    parameters = [line.split("|") for line in server.query(
        f"SELECT center, scale FROM normfreeze.describe({scaler}::bigint) ORDER BY ordinal").splitlines()]
    by_hand = [f"({value} - {center}) / {scale}" for value, (center, scale) in zip(values, parameters)]
    named = ", ".join(f"{expression} AS f{i}" for i, expression in zip(indexes, by_hand))
    found = [
        Job("array by id: normalize(c, id)", f"SELECT sum(cardinality(normfreeze.normalize(c, {scaler}))) FROM c",
            f"SELECT sum(cardinality(ARRAY[{', '.join(by_hand)}])) FROM c", 0.55),
        Job("array by ref: normalize(c, ref)", f"SELECT sum(cardinality(normfreeze.normalize(c, '{name}'))) FROM c",
            f"SELECT sum(cardinality(ARRAY[{', '.join(by_hand)}])) FROM c", 0.55),
        Job("named columns by select_list",
            f"SELECT {server.query(f'''SELECT normfreeze.select_list({scaler}::bigint, 'c')''')} FROM c {NOWHERE}",
            f"SELECT {named} FROM c {NOWHERE}", 0.9),
    ]
    if "boolean" not in types:
        found.append(Job("named columns by ref: normalize(f1, ref, 'f1')",
                         "SELECT " + ", ".join(f"normfreeze.normalize(f{i}, '{name}', 'f{i}') AS f{i}" for i in indexes) + f" FROM c {NOWHERE}",
                         f"SELECT {named} FROM c {NOWHERE}", 1.1))
    found += views(server, name, scaler, indexes, by_hand, named)
    return found


def fits(features, types):
    """The fit, by table and of rows; both sides run in as many processes as the planner chooses."""
    values = [as_float8(i, types[i % len(types)]) for i in range(1, features + 1)]
    # a SELECT list has at most 1,664 expressions
    if 2 * features > 1600:
        return []
    moments = "SELECT " + ", ".join(f"avg({value}), stddev_pop({value})" for value in values) + " FROM c"
    return [
        Job("fit_table, no distribution", "SELECT normfreeze.id_of(normfreeze.fit_table('c', 'standard', '{\"distribution\": false}'))",
            moments, 0.6),
        Job("fit_table", "SELECT normfreeze.id_of(normfreeze.fit_table('c', 'standard'))", moments, 0.9),
        Job("fit(c, ...), no distribution",
            "SELECT normfreeze.id_of(normfreeze.fit(c, 'standard', '{\"distribution\": false}')) FROM c", moments, 1.0),
        Job("fit(c, ...)", "SELECT normfreeze.id_of(normfreeze.fit(c, 'standard')) FROM c", moments, 1.3),
    ]


def groups(server, rows, repetitions):
    """One scaler for each customer."""
    server.query(f"""DROP TABLE IF EXISTS c CASCADE; SELECT setseed(0.5);
        CREATE TABLE c AS SELECT i % {rows // 10} AS k, {', '.join(column(i, 'float8') for i in range(1, 5))} FROM generate_series(1, {rows}) AS i;
        VACUUM ANALYZE c""")
    by_hand = "SELECT k, " + ", ".join(f"avg(f{i}), stddev_pop(f{i})" for i in range(1, 5)) + f" FROM c GROUP BY k {NOWHERE}"
    fit = "SELECT k, normfreeze.fit(c, 'standard', '{{\"exclude\": [\"k\"]{}}}') FROM c GROUP BY k " + NOWHERE
    compare(server, f"{rows // 10} groups of 10 rows x 4 float8", scans(4),
            [Job("fit, no distribution", fit.format(', "distribution": false'), by_hand, 2.0), Job("fit", fit.format(""), by_hand, 2.5)],
            repetitions)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with bench_folder() as folder, bench_server(folder) as server:
        server.query("CREATE EXTENSION normfreeze")
        for number, (features, kind) in enumerate(SHAPES):
            count = max(rows * 32 // max(features, 32), 100)
            make_table(server, features, TYPES[kind], count)
            title = f"{count} rows x {features} columns of {kind}"
            of_fit = fits(features, TYPES[kind])
            compare(server, title, scans(features), jobs(server, f"shape {number}", features, TYPES[kind]) + of_fit, repetitions)
            if of_fit:
                compare(server, f"{title}, in two processes", scans(features), of_fit, repetitions,
                        "SET max_parallel_workers_per_gather = 1")
        groups(server, rows * 10 // 3, repetitions)


if __name__ == "__main__":
    main()
