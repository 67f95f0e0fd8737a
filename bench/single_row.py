#!/usr/bin/env python3
"""One row by primary key: what normalizing it adds to reading it.

    bench/single_row.py [seconds]      default 5

pgbench with prepared statements, plain SQL and ours in turn, one client and 32; the share of plain SQL's
throughput is the median of the pairs.  And a first call in a new session, beside a first plain query.
"""

import statistics
import subprocess
import sys
import time

from pairs import bench_folder, bench_server
from scoring import set_up, transactions

ROUNDS = 3
PLAIN = "SELECT c.* FROM c WHERE id = :id"
CALLS = [
    ("by id", "SELECT normfreeze.normalize(c, {id}) FROM c WHERE id = :id"),
    ("by name", "SELECT normfreeze.normalize(c, 'bench') FROM c WHERE id = :id"),
    ("by key", "SELECT normfreeze.normalize_by_key(c, 'bench set', k) FROM c WHERE id = :id"),
]


def first_call(server, query):
    """Milliseconds from a connection's start to the end of its first query."""
    start = time.monotonic()
    subprocess.run([server.installation.bindir / "psql", "-XAtqc", query], env=server.environment(), check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic() - start) * 1000


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with bench_folder() as folder, bench_server(folder, max_connections=50) as server:
        scaler = set_up(server)
        for clients in (1, 32):
            print(f"\n{clients} client{'s' * (clients > 1)}, prepared, {seconds} s a run, {ROUNDS} runs")
            shares = {name: [] for name, _ in CALLS}
            for _ in range(ROUNDS):
                plain = transactions(server, PLAIN, clients, seconds)
                for name, query in CALLS:
                    shares[name].append(transactions(server, query.format(id=scaler), clients, seconds) / plain)
            for name, found in shares.items():
                share = statistics.median(found)
                print(f"{name:10} {share:6.2f} of plain SQL's throughput, {1 / share:5.2f} times its time")
        for loaded, settings in (("loaded by the query", {}), ("preloaded by the server", {"shared_preload_libraries": "normfreeze"})):
            if settings:
                server.stop()
                server.configure(**settings)
                server.start()
            print(f"\nthe first query of a session, the library {loaded}, milliseconds more than a plain one (median of 31 pairs)")
            for name, query in CALLS:
                pairs = [first_call(server, query.format(id=scaler).replace(":id", "7")) - first_call(server, PLAIN.replace(":id", "7"))
                         for _ in range(31)]
                print(f"{name:10} {statistics.median(pairs):6.2f}")


if __name__ == "__main__":
    main()
