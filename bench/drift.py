#!/usr/bin/env python3
"""What drift costs: one scan that makes the live profile, then drift() itself.

    bench/drift.py [rows] [repetitions]      default 1000000 5

One process, no JIT, statements interleaved; ratios are of minima, to the bare
scan of the same table.
"""

import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from server import Installation, Server  # noqa: E402

FEATURES = 32
BARE, PROFILE = "bare scan of the live rows", "profile(row arrays) of the live rows"

# name, the most milliseconds it may take or None, statement
STATEMENTS = [
    (BARE, None, "SELECT sum(cardinality(features)) FROM live"),
    (PROFILE, None, "SELECT normfreeze.profile(features) IS NULL FROM live"),
    ("drift(profile, profile)", 50, "SELECT count(*) FROM profiles, normfreeze.drift(reference, live)"),
    ("drift(scaler_id, profile)", 50, "SELECT count(*) FROM profiles, normfreeze.drift({id}, live)"),
    ("drift_bins(profile, profile)", 50, "SELECT count(*) FROM profiles, normfreeze.drift_bins(reference, live)"),
    ("drift(profile, profile of 1,000 rows)", 50, "SELECT count(*) FROM profiles, normfreeze.drift(reference, few)"),
    ("drift of 1,000 rows from 1,000", 100, "SELECT count(*) FROM profiles, normfreeze.drift(few, others)"),
    ("scan, profile and drift", None, "SELECT count(*) FROM (SELECT normfreeze.profile(features) AS p FROM live) AS q, normfreeze.drift({id}, p)"),
]


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory(prefix="normfreeze-bench-") as folder, \
            Server(Installation(folder), "bench", {"shared_buffers": "1GB", "max_wal_size": "8GB", "autovacuum": "off"}) as server:
        server.query("CREATE EXTENSION normfreeze")
        for table in ("train", "live"):
            server.query(f"""SELECT setseed(0.5); CREATE TABLE {table} AS SELECT ARRAY(SELECT random() + g * 0 + random() * (i % 4)
                             FROM generate_series(1, {FEATURES}) AS i)::float8[] AS features FROM generate_series(1, {rows}) AS g;
                             VACUUM ANALYZE {table};""")
        server.query("""
            CREATE TABLE profiles AS SELECT reference, live, few, others FROM (SELECT normfreeze.profile(features) AS reference FROM train) AS a,
                (SELECT normfreeze.profile(features) AS live FROM live) AS b,
                (SELECT normfreeze.profile(features) AS few FROM (SELECT * FROM live LIMIT 1000) AS l) AS c,
                (SELECT normfreeze.profile(features) AS others FROM (SELECT * FROM live OFFSET 1000 LIMIT 1000) AS l) AS d;
            SELECT normfreeze.freeze('bench', normfreeze.fit(features, 'standard')) FROM train""")
        scaler = server.query("SELECT scaler_id FROM normfreeze.versions")
        todo = [statement.format(id=scaler) + ";\n" for _, _, statement in STATEMENTS]
        script = "SET max_parallel_workers_per_gather = 0; SET jit = off;\n\\o /dev/null\n" + "".join(todo)
        output = server.psql(script + "\\timing on\n" + "".join(todo) * repetitions).stdout
    times = [float(t) for t in re.findall(r"Time: ([\d.]+) ms", output)]
    least = {name: min(times[i::len(STATEMENTS)]) for i, (name, _, _) in enumerate(STATEMENTS)}
    print(f"{rows} rows x {FEATURES} float8, {repetitions} repetitions")
    print(f"{'':42}{'min ms':>9}{'ratio':>8}{'at most':>9}")
    for name, most, _ in STATEMENTS:
        print(f"{name:42}{least[name]:9.1f}{least[name] / least[BARE]:8.2f}{most or '':>9}")


if __name__ == "__main__":
    main()
