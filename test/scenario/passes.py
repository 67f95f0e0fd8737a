"""fit_table() in several passes: the aggregate's scaler, little memory, one snapshot, the caller's privileges."""

import re
import time

from common import Server, Session, check, check_equal, check_error, check_in, prepare, run_scenario, run_tests, sqlstate

# ties, wide exponents, both signs, missing values, and a column that only power's search makes work of
ROWS = 60000
TABLE = f"""
CREATE TABLE points AS
    SELECT i AS id,
           mod(i * 2654435761, 1000003) / 997.0::float8 AS a,
           (mod(i * 40503, 65537) - 32768) * 1e-7::float8 AS b,
           mod(i, 10)::float8 AS c,
           CASE WHEN mod(i, 13) = 0 THEN NULL WHEN mod(i, 17) = 0 THEN 'NaN' ELSE (mod(i * 7919, 104729) + 1) * 1e10::float8 END AS d
    FROM generate_series(1, {ROWS}::bigint) AS i;
ANALYZE points;
"""
COLUMNS = '"columns": ["a", "b", "c", "d"]'
FITS = (
    ("robust", ""), ("robust", ', "global": true'), ("robust", ', "distribution": false'),
    ("mad", ""), ("mad", ', "distribution": 16'), ("meanabs", ""),
    ("quantile", ""), ("quantile", ', "distribution": false, "n_quantiles": 333, "output_distribution": "normal"'),
    ("power", ', "features": {"b": {"method": "standard", "missing": "median"}}'), ("mean", ', "missing": "most_frequent"'),
    ("power", ', "features": {"a": {"method": "box-cox"}, "b": {"method": "identity"}, "c": {"method": "mad"}}, "exclude_none": 0'),
)
PARALLEL = ("SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
            "SET max_parallel_workers_per_gather = 2;")
SERIAL = "SET max_parallel_workers_per_gather = 0;"


def options_of(more):
    return "{" + COLUMNS + more.replace(', "exclude_none": 0', "") + "}"


def table_fit(method, more, relation="points", weight=""):
    return f"normfreeze.fit_table('{relation}', '{method}', '{options_of(more)}'{weight})"


def passes_of(notices):
    return len(re.findall(r"NOTICE: +\d+: +pass \d+|NOTICE: +pass \d+", notices))


def equality_tests(server):
    def every_plan_and_memory_gives_the_aggregates_scaler():
        for method, more in FITS:
            where = "WHERE a > 0" if "box-cox" in more else ""
            server.query(f"DROP VIEW IF EXISTS seen; CREATE VIEW seen AS SELECT * FROM points {where}")
            whole = server.query(f"SET normfreeze.fit_memory = '1GB'; SELECT normfreeze.fingerprint(normfreeze.fit(s, '{method}', "
                                 f"'{options_of(more)}')) FROM seen AS s")
            for name, settings in (("serial", SERIAL), ("parallel", PARALLEL), ("in 64 kB", PARALLEL + "SET normfreeze.fit_memory = '64kB';"),
                                   ("in 4 MB", SERIAL + "SET normfreeze.fit_memory = '4MB';")):
                fitted = server.query(f"{settings} SET normfreeze.progress = off; "
                                      f"SELECT normfreeze.fingerprint({table_fit(method, more, 'seen')})")
                check_equal(fitted, whole, f"{method}{more}: fit_table, {name}")

    def rows_in_another_order():
        server.query("CREATE TABLE shuffled AS SELECT * FROM points ORDER BY mod(id * 48271, 2147483647)")
        for method, more in FITS[:-1]:
            one, other = (server.query(f"SET normfreeze.progress = off; SELECT normfreeze.fingerprint({table_fit(method, more, relation)})")
                          for relation in ("points", "shuffled"))
            check_equal(other, one, f"{method}{more}: rows in another order")

    def passes_are_parallel_even_inside_freeze():
        """Workers start for each pass, though freeze() itself may not run beside them."""
        with Session(server) as session:
            session.query(PARALLEL + "SET debug_parallel_query = off" if server_major(server) >= 16 else PARALLEL)
            session.query("SET client_min_messages = debug1; SET log_min_messages = panic")
            output = session.do(f"SELECT normfreeze.freeze('passes', {table_fit('mad', '')})")
            check(sqlstate(output) == "", "freeze(fit_table(...))", output[-500:])
            check_in("pass 2", output, "later passes are reported")
            started = session.query("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker'")
            check_equal(started, "0", "no worker stays")
        plan = server.query(PARALLEL + "EXPLAIN (COSTS OFF) SELECT normfreeze.gather(p, '\\x00') FROM points AS p")
        check_in("Partial Aggregate", plan, "gather() is a parallel aggregate")
        plan = server.query(PARALLEL + "EXPLAIN (COSTS OFF) SELECT normfreeze.scan(p, 'mad') FROM points AS p")
        check_in("Partial Aggregate", plan, "scan() is a parallel aggregate")

    run_tests([every_plan_and_memory_gives_the_aggregates_scaler, rows_in_another_order, passes_are_parallel_even_inside_freeze])


def server_major(server):
    return int(server.query("SHOW server_version_num")) // 10000


def behaviour_tests(server):
    def progress_is_reported_and_can_be_turned_off():
        with Session(server) as session:
            session.query("SET client_min_messages = notice")
            output = session.do(f"SELECT normfreeze.id_of({table_fit('mad', '')})")
            check(passes_of(output) >= 3, "a NOTICE for each pass", output[:500])
            check_in("pass 1 over public.points: moments and distributions", output, "the first pass says what it does")
            session.query("SET normfreeze.progress = off")
            check_equal(passes_of(session.do(f"SELECT normfreeze.id_of({table_fit('mad', '')})")), 0, "no NOTICE")
            session.query("SET normfreeze.progress = on")
            check_equal(passes_of(session.do(f"SELECT normfreeze.id_of({table_fit('standard', '')})")), 0, "one pass says nothing")

    def all_passes_see_one_snapshot():
        """Rows that others commit between passes are not there."""
        with Session(server) as reader, Session(server) as writer:
            server.query("CREATE TABLE growing AS SELECT a, b, c, d FROM points LIMIT 40000")
            reader.query("SET normfreeze.progress = off; SET normfreeze.fit_memory = '64kB'")
            before = reader.query(f"SELECT normfreeze.id_of({table_fit('power', '', 'growing')})")
            reader.send(f"SELECT normfreeze.id_of({table_fit('power', '', 'growing')})")
            time.sleep(0.3)         # its snapshot is taken
            for _ in range(10):
                writer.query("INSERT INTO growing SELECT a + 1, b, c, d FROM points LIMIT 10")
                time.sleep(0.05)
            check_equal(reader.result(), before, "the scaler of the rows as they were")
            check(reader.query(f"SELECT normfreeze.id_of({table_fit('power', '', 'growing')})") != before, "later the new rows count")

    def cancel_and_timeout_stop_a_pass():
        with Session(server) as session:
            pid = session.backend()
            session.query("CREATE VIEW many_points AS SELECT p.* FROM points AS p, generate_series(1, 30)")
            session.send(f"SELECT normfreeze.id_of({table_fit('power', '', 'many_points')})")
            time.sleep(0.5)
            start = time.monotonic()
            server.query(f"SELECT pg_cancel_backend({pid})")
            output = session.result()
            check_error(output, "57014", "pg_cancel_backend stops fit_table")
            check(time.monotonic() - start < 20, "promptly")
            output = session.do(f"SET statement_timeout = '400ms'; SELECT normfreeze.id_of({table_fit('power', '', 'many_points')})")
            check_error(output, "57014", "statement_timeout stops fit_table")
            check_equal(session.query("RESET statement_timeout; SELECT 1"), "1", "the session goes on")

    def other_rows_in_each_pass_are_an_error():
        server.query("CREATE VIEW restless AS SELECT random() AS a, b, c, d FROM points LIMIT 20000")
        check_error(server.error(f"SET normfreeze.fit_memory = '64kB'; SELECT {table_fit('quantile', '', 'restless')} IS NULL"), "55000",
                    "values that change")
        server.query("CREATE VIEW shrinking AS SELECT * FROM points WHERE random() < 0.5")
        check_error(server.error(f"SELECT {table_fit('mad', '', 'shrinking')} IS NULL"), "55000", "rows that come and go")

    run_tests([progress_is_reported_and_can_be_turned_off, all_passes_see_one_snapshot, cancel_and_timeout_stop_a_pass,
               other_rows_in_each_pass_are_an_error])


def privilege_tests(server):
    def the_callers_privileges_hold():
        server.query("CREATE ROLE analyst LOGIN; CREATE TABLE secret AS SELECT a, b, c, d FROM points LIMIT 1000")
        check_error(server.error(f"SELECT {table_fit('robust', '', 'secret')} IS NULL", user="analyst"), "42501", "no SELECT, no fit")
        server.query("GRANT SELECT (a, c) ON secret TO analyst")
        by_weight = "SELECT normfreeze.fit_table('secret', 'standard', '{\"columns\": [\"a\"]}', '%s') IS NULL"
        check_equal(server.query(by_weight % "c", user="analyst"), "f", "with SELECT on the feature and the weight")
        check_error(server.error(by_weight % "b", user="analyst"), "42501", "and not on another column of weights")
        server.query("GRANT SELECT ON secret TO analyst")
        check_equal(server.query(f"SELECT {table_fit('robust', '', 'secret')} IS NULL", user="analyst"), "f", "with SELECT")

    def row_security_holds_in_every_pass():
        server.query("""CREATE TABLE guarded AS SELECT * FROM points LIMIT 10000;
                        ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
                        CREATE POLICY even ON guarded USING (id % 2 = 0);
                        GRANT SELECT ON guarded TO analyst""")
        for method, more in FITS[:8]:
            settings = "SET normfreeze.progress = off; SET normfreeze.fit_memory = '64kB';"
            seen = server.query(f"{settings} SELECT normfreeze.id_of({table_fit(method, more, 'guarded')})", user="analyst")
            expected = server.query(f"SET normfreeze.fit_memory = '1GB'; SELECT normfreeze.id_of(normfreeze.fit(g, '{method}', "
                                    f"'{options_of(more)}')) FROM guarded AS g WHERE id % 2 = 0")
            check_equal(seen, expected, f"{method}{more}: the rows that the caller may see")
        steps = ', "steps": ["standard", "cbrt", "standard"]'
        by_weight = table_fit("standard", steps, "guarded", ", 'c'")
        seen = server.query(f"SET normfreeze.progress = off; SELECT normfreeze.id_of({by_weight})", user="analyst")
        check_equal(seen, server.query(f"SELECT normfreeze.id_of(normfreeze.fit(g, 'standard', '{options_of(steps)}', c)) FROM guarded AS g WHERE id % 2 = 0"),
                    "with weights")

    def a_hostile_search_path_changes_nothing():
        server.query("""CREATE SCHEMA hostile; GRANT ALL ON SCHEMA hostile TO PUBLIC;
                        CREATE FUNCTION hostile.scan(public.points, normfreeze.method) RETURNS int LANGUAGE sql AS 'SELECT 1/0';
                        CREATE FUNCTION hostile.gather(public.points, bytea) RETURNS int LANGUAGE sql AS 'SELECT 1/0'""")
        expected = server.query(f"SET normfreeze.progress = off; SELECT normfreeze.id_of({table_fit('mad', '')})")
        got = server.query("SET normfreeze.progress = off; SET search_path = hostile, pg_catalog, public; "
                           f"SELECT normfreeze.id_of({table_fit('mad', '', 'public.points')})")
        check_equal(got, expected, "the same scaler")

    def a_column_named_as_our_alias():
        server.query('CREATE TABLE "odd ""name" AS SELECT a AS fit_row, b AS fit_row_, c AS "c d" FROM points LIMIT 5000')
        fitted = server.query("""SET normfreeze.progress = off; SELECT normfreeze.feature_names(normfreeze.fit_table('"odd ""name"', 'mad'))""")
        check_equal(fitted, '{fit_row,fit_row_,"c d"}', "its columns")

    run_tests([the_callers_privileges_hold, row_security_holds_in_every_pass, a_hostile_search_path_changes_nothing,
               a_column_named_as_our_alias])


def scenario(installation):
    with Server(installation, "passes") as server:
        prepare(server)
        server.query(TABLE)
        equality_tests(server)
        behaviour_tests(server)
        privilege_tests(server)


if __name__ == "__main__":
    run_scenario(scenario)
