#!/usr/bin/env python3
"""Scoring under load: transactions a second beside those of the same query without normalizing.

    bench/load.py [seconds]      default 5

One row by primary key, as prepared statements: by name, by id, by key, and whole rows; 2, 8 and 32 clients, each with a
connection of its own, and through PgBouncer in transaction mode with 4 connections (where there is one of version 1.21 or
later).  Plain SQL and ours in turn; what is printed is the median of pairwise ratios, of transactions a second and of the processor
time of the server for a transaction.
"""

import statistics
import sys

from pairs import bench_folder, bench_server
from scoring import ran, set_up

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


def measure(server, port, scaler, seconds):
    print(f"{'':14}" + "".join(f"{clients:>8} clients" for clients in (2, 8, 32)))
    for name, (ours, plain) in CALLS.items():
        cells = []
        for clients in (2, 8, 32):
            pairs = [(ran(server, ours.format(id=scaler), clients, seconds, port), ran(server, plain, clients, seconds, port)) for _ in range(ROUNDS)]
            speed, cpu = (statistics.median(our[i] / other[i] for our, other in pairs) for i in (0, 1))
            cells.append(f"{speed:9.2f}, {cpu:.2f}")
        print(f"{name:14}" + " ".join(cells), flush=True)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with bench_folder() as folder, bench_server(folder, max_connections=50, shared_preload_libraries="normfreeze") as server:
        scaler = set_up(server)
        print(f"transactions a second, and processor time of a transaction, ours / plain, {seconds} s a run, {ROUNDS} pairs\n\na connection for each client")
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
