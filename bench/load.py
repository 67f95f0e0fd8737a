#!/usr/bin/env python3
"""Scoring under load: transactions a second beside those of the same query without normalizing.

    bench/load.py [seconds]      default 5

One row by primary key, as prepared statements: by name, by id, by key, and whole rows; 2, 8 and 32 clients, each with a
connection of its own, and through PgBouncer in transaction mode with 4 connections (where there is one of version 1.21 or
later).  Plain SQL and ours in turn; what is printed is the median of pairwise ratios.
"""

import statistics
import sys

from pairs import bench_folder, bench_server

import majors
import pooler

ROUNDS = 3
PLAIN = "SELECT ARRAY[a, b, d, e] FROM c WHERE id = :id"
CALLS = {
    "by name": ("SELECT normfreeze.normalize(ARRAY[a, b, d, e], 'bench') FROM c WHERE id = :id", PLAIN),
    "by id": ("SELECT normfreeze.normalize(ARRAY[a, b, d, e], {id}) FROM c WHERE id = :id", PLAIN),
    "by key": ("SELECT normfreeze.normalize_by_key(ARRAY[a, b, d, e], 'bench set', k) FROM c WHERE id = :id", PLAIN),
    "row by name": ("SELECT normfreeze.normalize(c, 'bench') FROM c WHERE id = :id", "SELECT c FROM c WHERE id = :id"),
}


def transactions(server, port, query, clients, seconds):
    script = server.folder / "script.sql"
    script.write_text(f"\\set id random(1, 100000)\n{query};\n")
    output = server.program("pgbench", "-n", "-M", "prepared", "-h", server.folder, "-p", port, "-c", clients, "-j", 2, "-T", seconds, "-f", script).stdout
    return float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])


def measure(server, port, scaler, seconds):
    print(f"{'':14}" + "".join(f"{clients:>4} clients" for clients in (2, 8, 32)))
    for name, (ours, plain) in CALLS.items():
        shares = []
        for clients in (2, 8, 32):
            pairs = [transactions(server, port, ours.format(id=scaler), clients, seconds) / transactions(server, port, plain, clients, seconds)
                     for _ in range(ROUNDS)]
            shares.append(statistics.median(pairs))
        print(f"{name:14}" + "".join(f"{share:12.2f}" for share in shares), flush=True)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with bench_folder() as folder, bench_server(folder, max_connections=50, shared_preload_libraries="normfreeze") as server:
        server.query("""CREATE EXTENSION normfreeze; SELECT setseed(0.5);
            CREATE TABLE c AS SELECT i AS id, (i % 100)::text AS k, random() AS a, random() AS b, random() AS d, random() AS e FROM generate_series(1, 100000) AS i;
            ALTER TABLE c ADD PRIMARY KEY (id); VACUUM ANALYZE c;
            SELECT normfreeze.freeze('bench', normfreeze.fit_table('c', 'standard', '{"columns": ["a", "b", "d", "e"]}'));
            SELECT normfreeze.freeze('bench set', normfreeze.by_key(k, s))
              FROM (SELECT k, normfreeze.fit(c, 'standard', '{"columns": ["a", "b", "d", "e"]}') AS s FROM c GROUP BY k) AS g;
            SELECT normfreeze.promote('bench', 1), normfreeze.promote('bench set', 1);""")
        scaler = server.query("SELECT normfreeze.scaler_id('bench')")
        print(f"transactions a second, ours / plain, {seconds} s a run, {ROUNDS} pairs\n\na connection for each client")
        measure(server, server.port, scaler, seconds)
        try:
            path = pooler.program()
        except majors.Unavailable as reason:
            sys.exit(f"without PgBouncer: {reason}")
        with pooler.Pooler(server, path, 4) as through:
            print("\nPgBouncer " + ".".join(map(str, pooler.version(path))) + ", 4 connections")
            measure(server, through.port, scaler, seconds)


if __name__ == "__main__":
    main()
