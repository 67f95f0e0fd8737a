"""A table of 100,000 rows by key with a scaler and a set for it, and what pgbench makes of a query of one row."""

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
    script = server.folder / "script.sql"
    script.write_text(f"\\set id random(1, 100000)\n{query};\n")
    output = server.program("pgbench", "-n", "-M", "prepared", "-p", port or server.port, "-c", clients, "-j", 2, "-T", seconds, "-f", script).stdout
    return float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])
