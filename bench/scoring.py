"""A table of 100,000 rows by key with a scaler and a set for it, and what pgbench makes of a query of one row."""

import os
import pathlib
import re

SETUP = """CREATE EXTENSION normfreeze; SELECT setseed(0.5);
    CREATE TABLE c AS SELECT i AS id, (i % 100)::text AS k, random() AS a, random() AS b, random() AS d, random() AS e FROM generate_series(1, 100000) AS i;
    ALTER TABLE c ADD PRIMARY KEY (id); VACUUM ANALYZE c;
    SELECT normfreeze.freeze('bench', normfreeze.fit_table('c', 'standard', '{"columns": ["a", "b", "d", "e"]}'));
    SELECT normfreeze.freeze('bench set', normfreeze.by_key(k, s))
      FROM (SELECT k, normfreeze.fit(c, 'standard', '{"columns": ["a", "b", "d", "e"]}') AS s FROM c GROUP BY k) AS g;
    SELECT normfreeze.promote('bench', 1), normfreeze.promote('bench set', 1);"""


def set_up(server):
    """Make table c, scaler "bench" and set "bench set"; returns the scaler's id."""
    server.query(SETUP)
    return server.query("SELECT normfreeze.scaler_id('bench')")


def transactions(server, query, clients, seconds, port=None):
    """Transactions a second of a prepared query with :id, a random key."""
    return ran(server, query, clients, seconds, port)[0]


def ran(server, query, clients, seconds, port=None):
    """The same, and the processor time of the server for a transaction, in seconds: other work on the machine hardly changes it."""
    before = cpu_seconds(server)
    script = server.folder / "script.sql"
    script.write_text(f"\\set id random(1, 100000)\n{query};\n")
    output = server.program("pgbench", "-n", "-M", "prepared", "-p", port or server.port, "-c", clients, "-j", 2, "-T", seconds, "-f", script).stdout
    number = int(re.search(r"number of transactions actually processed: (\d+)", output)[1])
    return float(re.search(r"^tps = ([\d.]+)", output, re.M)[1]), (cpu_seconds(server) - before) / number


def cpu_seconds(server):
    """What all processes of a server have computed so far, those that have ended included."""
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # proc(5): after the name come state, parent, ..., utime, stime, cutime, cstime
        if int(path.parent.name) == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == postmaster:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
