#!/usr/bin/env python3
"""Scoring through PgBouncer: prepared statements of many clients on few connections, and what a backend keeps in the long run.

With NORMFREEZE_TEST_ALL=1: memory after 10,000 scalers and 10^6 calls, instead of 400 and 20,000.
"""

import concurrent.futures
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import psycopg  # noqa: E402

from common import Server, check, check_equal, run_scenario, run_tests  # noqa: E402

import majors  # noqa: E402
import pooler  # noqa: E402
import report  # noqa: E402

SCALERS, CALLS = (10_000, 1_000_000) if os.environ.get("NORMFREEZE_TEST_ALL") else (400, 20_000)

SETUP = """CREATE EXTENSION normfreeze; SELECT setseed(0.5);
    CREATE TABLE c AS SELECT i AS id, (i % 10)::text AS k, random() AS a, 1000 * random() AS b FROM generate_series(1, 1000) AS i;
    ALTER TABLE c ADD PRIMARY KEY (id);
    SELECT normfreeze.freeze('m', normfreeze.fit_table('c', 'standard', '{"columns": ["a", "b"]}'));
    SELECT normfreeze.freeze('m', normfreeze.fit_table('c', 'minmax', '{"columns": ["a", "b"]}'));
    SELECT normfreeze.freeze('set', (SELECT normfreeze.by_key(k, s)
        FROM (SELECT k, normfreeze.fit(c, 'standard', '{"columns": ["a", "b"]}') AS s FROM c GROUP BY k) AS g));
    SELECT normfreeze.promote('m', 1), normfreeze.promote('set', 1)"""

CALLED = {
    "by name": "SELECT normfreeze.normalize(ARRAY[a, b], 'm') FROM c WHERE id = %s",
    "by id": "SELECT normfreeze.normalize(ARRAY[a, b], {id}) FROM c WHERE id = %s",
    "by key": "SELECT normfreeze.normalize_by_key(ARRAY[a, b], 'set', k) FROM c WHERE id = %s",
    "a row": "SELECT normfreeze.normalize(c, 'm')::text FROM c WHERE id = %s",
}


def scenario(installation):
    try:
        path = pooler.program()
    except majors.Unavailable as reason:
        report.skip(str(reason))
    check(pooler.version(path) >= pooler.LEAST, "PgBouncer keeps prepared statements", pooler.version(path))
    with Server(installation, "pgbouncer") as server:
        server.query(SETUP)
        scaler = server.query("SELECT normfreeze.scaler_id('m')")

        def rows_by(connection, query):
            return [connection.execute(query.format(id=scaler), (i,), prepare=True).fetchone()[0] for i in range(1, 101)]

        def the_same_results_as_without():
            with psycopg.connect(server.conninfo(), autocommit=True) as direct:
                expected = {name: rows_by(direct, query) for name, query in CALLED.items()}

            def client(_):
                with psycopg.connect(through.conninfo(), autocommit=True) as connection:
                    return {name: rows_by(connection, query) for name, query in CALLED.items()}, connection.execute("SELECT pg_backend_pid()").fetchone()[0]

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                results = list(pool.map(client, range(8)))
            for name in CALLED:
                check(all(found[name] == expected[name] for found, _ in results), f"the same results through PgBouncer {name}")
            check(len({pid for _, pid in results}) <= 2, "eight clients have used two connections", len({pid for _, pid in results}))

        def a_promotion_reaches_prepared_statements():
            with psycopg.connect(through.conninfo(), autocommit=True) as first, psycopg.connect(through.conninfo(), autocommit=True) as second:
                before = rows_by(first, CALLED["by name"])
                rows_by(second, CALLED["by name"])
                second.execute("SELECT normfreeze.promote('m', 2)")
                after, also = rows_by(first, CALLED["by name"]), rows_by(second, CALLED["by name"])
                wanted = [row[0] for row in first.execute("SELECT normfreeze.normalize(ARRAY[a, b], 'm@v2') FROM c WHERE id <= 100 ORDER BY id").fetchall()]
                check(before != after, "results change with the promotion")
                check_equal((after == wanted, also == wanted), (True, True), "both clients have the promoted version at once")

        def memory_of_a_backend_has_a_bound():
            """What a session keeps of scalers is bounded, however many it has used, and calls leave nothing behind."""
            with psycopg.connect(server.conninfo(), autocommit=True) as connection:
                connection.execute(f"""SELECT normfreeze.freeze('many ' || i, (SELECT normfreeze.fit(ARRAY[x * i, x + i], 'standard') FROM generate_series(1, 3) AS x))
                    FROM generate_series(1, {SCALERS}) AS i""")
            with psycopg.connect(through.conninfo(), autocommit=True) as connection:

                def kept():
                    return connection.execute("SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts").fetchone()[0]

                def use(calls):
                    got = connection.execute(f"""SELECT count(normfreeze.normalize(ARRAY[1.0, i]::float8[], id)) FROM generate_series(1, {calls}) AS i
                        JOIN (SELECT scaler_id AS id, row_number() OVER (ORDER BY name) AS n FROM normfreeze.versions WHERE name LIKE 'many %') AS v
                        ON n = i % {SCALERS} + 1""", prepare=False).fetchone()[0]
                    check_equal(got, calls, "calls")

                start = kept()
                use(SCALERS)
                once = kept()
                use(CALLS)
                often = kept()
                check(once - start < 32 << 20, f"MB kept after {SCALERS} scalers", (once - start) / (1 << 20))
                check(often - once < 1 << 20, f"MB more after {CALLS} further calls", (often - once) / (1 << 20))

        with pooler.Pooler(server, path, 2) as through:
            run_tests([the_same_results_as_without, a_promotion_reaches_prepared_statements, memory_of_a_backend_has_a_bound])


if __name__ == "__main__":
    run_scenario(scenario)
