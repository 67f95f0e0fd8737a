#!/usr/bin/env python3
"""Sets of scalers by key: what applying one costs, with the number of keys.

    bench/keys.py [dbt]      dbt: the program, with dbt-postgres, for mode='inline' as well

A table of 100,000 rows and 4 features, and sets of 100, 1,000 and 10,000 keys.  Seconds of the processor, of the server and of
whoever else computes: freezing the set; normalize_by_key of the table, by row and by value, in a session that has not seen the set;
writing to_sql() for PostgreSQL and DuckDB; running that, without and with EXPLAIN alone; and compiling and running the model of dbt.
"""

import os
import pathlib
import resource
import subprocess
import sys

import duckdb

from pairs import bench_folder, bench_server
from scoring import cpu_seconds

ROOT = pathlib.Path(__file__).resolve().parents[1]
ROWS = 100000
KEYS = (100, 1000, 10000)
SETUP = f"""CREATE EXTENSION normfreeze; SELECT setseed(0.5); CREATE SCHEMA dev;
    CREATE TABLE t AS SELECT i AS id, i % 100 AS k100, i % 1000 AS k1000, i % 10000 AS k10000, random() AS a, random() AS b, random() AS d, random() AS e
      FROM generate_series(1, {ROWS}) AS i;
    VACUUM ANALYZE t;"""
OPTIONS = """'{"columns": ["a", "b", "d", "e"], "distribution": false}'"""


def own_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def seconds(server, what):
    """Processor time of the server and of this process and its children."""
    before = cpu_seconds(server) + own_seconds()
    what()
    return cpu_seconds(server) + own_seconds() - before


def columns_of(sql):
    """The columns of a result, summed up: nothing is sent."""
    return f"SELECT count(a), sum(b), sum(d), sum(e) FROM ({sql}) AS s"


def in_duckdb(server, folder):
    """A connection of DuckDB with the same table."""
    server.psql(f"COPY t TO STDOUT (FORMAT csv, HEADER) \\g '{folder}/t.csv'")
    connection = duckdb.connect()
    connection.execute("SET threads TO 1")
    connection.execute(f"CREATE TABLE t AS FROM read_csv('{folder}/t.csv')")
    return connection


def dbt_project(folder, server, keys):
    """A project with a model for each number of keys."""
    (folder / "models").mkdir()
    (folder / "dbt_project.yml").write_text("name: bench\nversion: '1.0'\nprofile: bench\nflags: {send_anonymous_usage_stats: false}\n")
    (folder / "packages.yml").write_text(f"packages:\n  - local: {ROOT / 'dbt'}\n")
    (folder / "profiles.yml").write_text(f"bench:\n  target: dev\n  outputs:\n    dev: {{type: postgres, host: {server.folder}, port: {server.port}, user: postgres, "
                                         "password: '', dbname: postgres, schema: dev, threads: 1}\n")
    for count in keys:
        (folder / f"models/of_{count}.sql").write_text(
            "{{ config(materialized='table') }} {{ normfreeze.normalize(api.Relation.create(database=target.database, schema='public', identifier='t'), "
            f"'set{count}@v1', mode='inline', by_key='k{count}') }}}}")


def main():
    dbt = pathlib.Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else None
    with bench_folder() as own, bench_server(own, shared_buffers="256MB", work_mem="64MB") as server, bench_folder() as made:
        folder = pathlib.Path(made)
        os.chmod(folder, 0o755)
        server.query(SETUP)
        engine = in_duckdb(server, folder)
        steps = {}

        def measure(name, count, what):
            steps.setdefault(name, {})[count] = seconds(server, what)

        def run_dbt(*arguments):
            subprocess.run([dbt, "--quiet", *arguments], cwd=folder, check=True, env={**os.environ, "HOME": made, "DBT_PROFILES_DIR": made})

        if dbt:
            dbt_project(folder, server, KEYS)
            run_dbt("deps")
            run_dbt("parse")
        for count in KEYS:
            key = f"k{count}"
            measure("freeze, with the fits", count, lambda: server.query(
                f"SELECT normfreeze.freeze('set{count}', normfreeze.by_key(k::text, s)) FROM (SELECT {key} AS k, normfreeze.fit(t, 'standard', {OPTIONS}) AS s FROM t GROUP BY 1) AS g"))
            measure("normalize_by_key, by row", count, lambda: server.query(
                f"SELECT count(v[1]), sum(v[2]) FROM (SELECT normfreeze.normalize_by_key(t, 'set{count}@v1', {key}::text) AS v FROM t OFFSET 0) AS s"))
            measure("normalize_by_key, 4 columns", count, lambda: server.query(
                "SELECT " + ", ".join(f"sum(normfreeze.normalize_by_key({c}, 'set{count}@v1', '{c}', {key}::text))" for c in "abde") + " FROM t"))
            texts = {}
            for dialect in ("postgres", "duckdb"):
                measure(f"to_sql, {dialect}", count, lambda: texts.update({dialect: server.query(
                    f"SELECT normfreeze.to_sql(normfreeze.scaler_id('set{count}@v1'), 't', '{dialect}', '{key}')")}))
            sql = "SELECT " + texts["postgres"]
            measure("in PostgreSQL, planned", count, lambda: server.query("EXPLAIN (SUMMARY OFF) " + columns_of(sql)))
            measure("in PostgreSQL", count, lambda: server.query(columns_of(sql)))
            measure("in DuckDB", count, lambda: engine.execute(columns_of("SELECT " + texts["duckdb"])).fetchall())
            steps.setdefault("to_sql, MB", {})[count] = len(sql) / 1e6
            if dbt:
                measure("dbt inline, compiled and run", count, lambda: run_dbt("run", "--select", f"of_{count}"))
                compiled = next((folder / "target/compiled").rglob(f"of_{count}.sql")).read_text()
                measure("dbt inline, run again", count, lambda: server.query(columns_of(compiled)))
                steps.setdefault("dbt inline, MB", {})[count] = len(compiled) / 1e6
            print(f"{count} keys: " + ", ".join(f"{name} {found[count]:.2f}" for name, found in steps.items()), file=sys.stderr)
        print(f"{'keys':32}" + "".join(f"{count:>9}" for count in KEYS))
        for name, found in steps.items():
            print(f"{name:32}" + "".join(f"{found[count]:9.2f}" for count in KEYS))


if __name__ == "__main__":
    main()
