"""Over postgres_fdw, fits and scalers go to the rows, with the same bits; a plan with a scaler in it is as careful as a look-up."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import apply                                                        # noqa: E402
from report import say_skipped                                      # noqa: E402
from common import Server, Session, check, check_equal, check_error, check_in, run_scenario, run_tests  # noqa: E402
from several_servers import check_section                           # noqa: E402

DATA = """
CREATE EXTENSION normfreeze;
CREATE TABLE d (id int PRIMARY KEY, k int, f float8[], a float8, b float8, many float8[]);
INSERT INTO d SELECT i, i % 7, ARRAY[i * 0.1, i * 2.5, 1.0 / i]::float8[], i * 0.3, sqrt(i),
                     CASE WHEN i <= 20 THEN (SELECT array_agg(sin(i * j)) FROM generate_series(1, 1000) AS j) END
              FROM generate_series(1, 3000) AS i;
UPDATE d SET f[2] = NULL WHERE id % 11 = 0;
"""

HOSTILE = ["a'; DROP TABLE d; -- */ \"\\", "]]>\n\t$1 %s {b}"]
OPTIONS = "$json$" + json.dumps({"names": HOSTILE}) + "$json$"

EXPLAIN = "EXPLAIN (VERBOSE, COSTS off) "


def plan_of(session, sql):
    return session.query(EXPLAIN + sql)


def at(sql, schema):
    """SQL about @.d, a foreign table in schema public and a copy of it in schema local."""
    return sql.replace("@.", schema + ".")


# ---- postgres_fdw ----

# sent as a whole: what to select, from table d or a view
SENT = {
    "profile": ("normfreeze.profile(f)::text", "d"),
    "profile of columns": ("normfreeze.profile(ARRAY[a, b])::text", "d"),
    "fit": ("normfreeze.fit(f, 'standard')::text", "d"),
    "fit of values": ("normfreeze.fit(f, 'robust')::text", "d"),
    "power": ("normfreeze.fit(ARRAY[a, b], 'power')::text", "d"),
    "options": ("""normfreeze.fit(f, 'minmax', '{"names": ["x", "y", "z"], "feature_range": [-1, 1]}')::text""", "d"),
    "hostile names": (f"normfreeze.fit(ARRAY[a, b], 'standard', {OPTIONS})::text", "d"),
    "weights": ("normfreeze.fit(f, 'standard', '{}', b)::text", "d"),
    "1000 features": ("normfreeze.fit(many, 'standard')::text", "d"),
    "merge": ("normfreeze.merge(p)::text", "by_k"),
    "fit of a merge": ("normfreeze.fit(normfreeze.merge(p), 'standard')::text", "by_k"),
}

# not sent, and yet the same
FETCHED = {
    "rows": """normfreeze.fit(d, 'standard', '{"columns": ["a", "b"]}')::text""",
    "a profile of rows": "normfreeze.profile(d, ARRAY['a', 'b'])::text",
}


def foreign_tests(installation, app, far):
    view = "CREATE VIEW by_k AS SELECT k, normfreeze.profile(f) AS p FROM {} AS d GROUP BY k"
    far.query(DATA + view.format("d"))
    app.query(f"""
        CREATE EXTENSION normfreeze; CREATE EXTENSION postgres_fdw;
        CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{far.folder}', dbname 'postgres', extensions 'normfreeze');
        CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'postgres', password_required 'false');
        IMPORT FOREIGN SCHEMA public FROM SERVER far INTO public;
        CREATE SCHEMA local; CREATE TABLE local.d AS TABLE d; ALTER TABLE local.d ADD PRIMARY KEY (id); SET search_path = local, public;
        {view.format('local.d').replace('by_k', 'local.by_k')}""")

    def aggregates_are_sent_whole():
        for name, (aggregate, table) in SENT.items():
            sql = f"SELECT {aggregate} FROM @.{table} AS d"
            plan = plan_of(app, at(sql, "public"))
            check_in(f"Relations: Aggregate on (public.{table}", plan, f"{name} is sent")
            check_equal(app.query(at(sql, "public")), app.query(at(sql, "local")), f"{name} is bit-equal")
        for clauses in ("SELECT normfreeze.fit(f, 'standard') FILTER (WHERE k = 3) FROM @.d",
                        "SELECT k, normfreeze.fit(f, 'standard') FROM @.d WHERE id > 7 GROUP BY k ORDER BY k"):
            check_in("Relations: Aggregate on (public.d", plan_of(app, at(clauses, "public")), f"sent: {clauses}")
            check_equal(app.query(at(clauses, "public")), app.query(at(clauses, "local")), clauses)

    def rows_are_fetched():
        for name, aggregate in FETCHED.items():
            sql = f"SELECT {aggregate} FROM @.d AS d"
            check("Remote SQL: SELECT id, k, f, a, b, many FROM public.d" in plan_of(app, at(sql, "public")), f"{name}: rows are fetched")
            check_equal(app.query(at(sql, "public")), app.query(at(sql, "local")), f"{name}: the same")

    def nothing_is_sent_without_the_option():
        app.query("""CREATE SERVER plain FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', dbname 'postgres');
                     CREATE USER MAPPING FOR PUBLIC SERVER plain OPTIONS (user 'postgres', password_required 'false');
                     CREATE FOREIGN TABLE plain (id int, f float8[]) SERVER plain OPTIONS (table_name 'd')""" % far.folder)
        plan = plan_of(app, "SELECT normfreeze.fit(f, 'standard') FROM plain")
        check("Remote SQL: SELECT f FROM public.d" in plan, "only the column is fetched", plan)

    def partitions():
        far.query("CREATE TABLE p1 AS SELECT * FROM d WHERE k < 3; CREATE TABLE p2 AS SELECT * FROM d WHERE k >= 3")
        app.query("""CREATE TABLE parts (f float8[], k int) PARTITION BY RANGE (k);
                     CREATE FOREIGN TABLE parts1 PARTITION OF parts FOR VALUES FROM (0) TO (3) SERVER far OPTIONS (table_name 'p1');
                     CREATE FOREIGN TABLE parts2 PARTITION OF parts FOR VALUES FROM (3) TO (7) SERVER far OPTIONS (table_name 'p2')""")
        sql = "SELECT normfreeze.merge(p)::text FROM (SELECT k, normfreeze.profile(f) AS p FROM parts GROUP BY k) AS g"
        with Session(app) as session:
            session.query("SET enable_partitionwise_aggregate = on")
            check_equal(plan_of(session, sql).count("Relations: Aggregate on"), 2, "both partitions' aggregates are sent")
            check_equal(session.query(sql), app.query("SELECT normfreeze.profile(f)::text FROM local.d"), "a merge of partitions")

    scaler_id = app.query("SELECT normfreeze.freeze('it', normfreeze.fit(f, 'robust')) FROM local.d")
    hostile = app.query(f"SELECT normfreeze.freeze('hostile', normfreeze.fit(ARRAY[a, b], 'minmax', {OPTIONS})) FROM local.d")
    many = app.query("SELECT normfreeze.freeze('many', normfreeze.fit(many, 'standard')) FROM local.d")
    bits = "SELECT md5(string_agg(array_send(f)::text, '' ORDER BY id)) FROM @.d"

    def forms(of):
        """The ways to name a scaler that are sent, with the setting each needs."""
        literal = app.query(f"SELECT quote_literal(normfreeze.scaler({of}))") + "::normfreeze.scaler"
        return [("", literal), ("", f"(SELECT normfreeze.scaler({of}))"),
                ("", "(SELECT normfreeze.scaler(normfreeze.scaler_id(name || '@v1')) FROM normfreeze.versions WHERE scaler_id = %s)" % of),
                ("SET normfreeze.fold_ids = on;", f"{of}::bigint")]

    def scalers_are_sent():
        for of, x in ((scaler_id, "f"), (hostile, "ARRAY[a, b]"), (many, "many")):
            for setting, argument in forms(of):
                where = f" WHERE (normfreeze.normalize({x}, {argument}))[1] > 0.25"
                sent = app.query(setting + EXPLAIN + "SELECT count(*) FROM public.d" + where)
                check('Remote SQL: SELECT count(*) FROM public.d WHERE ((((normfreeze."normalize"(' in sent, f"sent: {argument[:40]}", sent[:500])
                count = app.query(f"{setting} SELECT count(*) FROM public.d{where}")
                check_equal(count, app.query(f"SELECT count(*) FROM local.d WHERE (normfreeze.normalize({x}, {of}))[1] > 0.25"), argument[:40])
                check(0 < int(count) < 3000, "some rows, not all", count)

    def an_update_is_sent():
        for setting, argument in forms(scaler_id):
            if "FROM normfreeze.versions" in argument or argument.startswith("(SELECT"):
                continue        # an UPDATE with a subquery fetches the rows
            update = f"UPDATE @.d SET f = normfreeze.normalize(f, {argument}) WHERE id % 2 = 0"
            check_in("Foreign Update on public.d", app.query(setting + EXPLAIN + at(update, "public")), f"sent: {argument[:20]}")
            app.query(setting + at(update, "public"))
            app.query(at(update, "local"))
            check_equal(app.query(at(bits, "public")), app.query(at(bits, "local")), f"bits after UPDATE by {argument[:20]}")

    def what_is_not_sent_is_the_same():
        for call in ("normfreeze.normalize(d, %s)" % hostile, "ARRAY[normfreeze.normalize(a, %s, $n$%s$n$)]" % (hostile, HOSTILE[0]),
                     f"normfreeze.normalize(f, 'it@v1'::text)"):
            select = "SELECT count(*) FROM %s WHERE (" + call.replace("%", "%%") + ")[1] > 0.5"
            rows = "(SELECT id, f, a, a AS %s, b AS %s FROM @.d) AS d" % tuple('"' + name.replace('"', '""') + '"' for name in HOSTILE)
            far_rows, near_rows = select % at(rows, "public"), select % at(rows, "local")
            plan = app.query("SET normfreeze.fold_ids = on;" + EXPLAIN + far_rows)
            check("normalize" not in plan[plan.index("Remote SQL"):], f"fetched: {call[:30]}", plan[:500])
            check_equal(app.query("SET normfreeze.fold_ids = on;" + far_rows), app.query(near_rows), call[:30])

    run_tests([aggregates_are_sent_whole, rows_are_fetched, nothing_is_sent_without_the_option, partitions, scalers_are_sent,
               an_update_is_sent, what_is_not_sent_is_the_same])


# ---- plans with a scaler in them, while other sessions change the world ----

def plan_tests(installation, server):
    server.query(DATA + """
        CREATE ROLE reader LOGIN; CREATE ROLE team; CREATE ROLE boss SUPERUSER LOGIN; CREATE ROLE nobody LOGIN;
        GRANT SELECT ON d TO reader, nobody, boss; GRANT SELECT ON normfreeze.scalers TO team""")
    scaler_id = server.query("SELECT normfreeze.freeze('it', normfreeze.fit(f, 'robust')) FROM d")
    call = "normfreeze.normalize(f, %s)"
    query = "SELECT md5(string_agg(array_send(" + call + ")::text, '' ORDER BY id)) FROM d"
    expected = server.query(query % scaler_id)

    def folding(of=scaler_id, **options):
        session = Session(server, **options)
        session.query(f"SET normfreeze.fold_ids = on; PREPARE p AS {query % of}")
        return session

    def is_folded(session):
        return '{"format"' in session.query(EXPLAIN + "EXECUTE p")

    def privileges_of(user, grant, revoke):
        """Ten rounds of taking and giving, each seen at once by a session that holds a plan."""
        with folding(user=user) as session:
            for round_number in range(10):
                server.query(grant)
                check_equal(session.query("EXECUTE p"), expected, f"{user} may, after {grant}")
                check(is_folded(session), f"{user}'s plan has the scaler, after {grant}")
                server.query(revoke)
                check_error(session.do("EXECUTE p"), "42501", f"{user} may not, after {revoke}")

    def revoke_by_another_session():
        privileges_of("reader", "GRANT SELECT ON normfreeze.scalers TO reader", "REVOKE SELECT ON normfreeze.scalers FROM reader")
        privileges_of("reader", "GRANT team TO reader", "REVOKE team FROM reader")
        privileges_of("boss", "ALTER ROLE boss SUPERUSER", "ALTER ROLE boss NOSUPERUSER")
        privileges_of("reader", "GRANT SELECT ON normfreeze.scalers TO PUBLIC", "REVOKE SELECT ON normfreeze.scalers FROM PUBLIC")

    def revoke_in_an_open_transaction():
        server.query("GRANT team TO reader")
        with folding(user="reader") as session:
            session.query("BEGIN")
            check_equal(session.query("EXECUTE p"), expected, "before")
            server.query("REVOKE team FROM reader")
            # a statement of the open transaction that looks around takes the news in, as for any table
            check_error(session.do("SELECT count(*) FROM pg_class; LOCK TABLE d IN ACCESS SHARE MODE; "
                                   "SELECT 1 FROM normfreeze.scalers"), "42501", "the privilege is gone")
            session.query("ROLLBACK")
            check_error(session.do("EXECUTE p"), "42501", "for the plan, too")

    def the_first_statement_of_a_session():
        """It loads the library; its plan must not be kept for another role."""
        server.query("GRANT SELECT ON normfreeze.scalers TO reader")
        with folding() as session:
            check_equal(session.query("EXECUTE p"), expected, "the first EXECUTE")
            session.query("SET ROLE nobody")
            check_error(session.do("EXECUTE p"), "42501", "and then as nobody")
            session.query("SET ROLE reader")
            check_equal(session.query("EXECUTE p"), expected, "as reader")
            check(is_folded(session), "reader's plan has the scaler")
        with Session(server) as session:
            session.query("SET normfreeze.fold_ids = on")
            check_in('{"format"', session.query(EXPLAIN + query % scaler_id), "the first EXPLAIN")

    def row_security_switched_on():
        with folding(user="reader") as session:
            check_equal(session.query("EXECUTE p"), expected, "without")
            try:
                server.query("ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY")
                check_error(session.do("EXECUTE p"), "42704", "no policy, no rows")
                server.query("CREATE POLICY all_rows ON normfreeze.scalers USING (current_setting('my.sight', true) = 'good')")
                session.query("SET my.sight = 'good'")
                check_equal(session.query("EXECUTE p"), expected, "a policy that lets it through")
                check(not is_folded(session), "by id")
                session.query("SET my.sight = 'bad'")
                check_error(session.do("EXECUTE p"), "42704", "and then not, in the same plan")
            finally:
                server.query("DROP POLICY IF EXISTS all_rows ON normfreeze.scalers; ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY")
            check_equal(session.query("EXECUTE p"), expected, "without again")
            check(is_folded(session), "in the plan again")

    def scalers_of_the_future():
        """Of another transaction, of a prepared one, after the snapshot of a transaction, and taken back."""
        fit = "SELECT normfreeze.freeze('future', normfreeze.fit(f, 'minmax', '{\"feature_range\": [0, %d]}')) FROM d"
        ids = []
        for number in range(5, 8):
            ids.append(server.query("BEGIN;" + fit % number + "; ROLLBACK"))
        with folding(ids[0]) as session, Session(server) as other:
            other.query("BEGIN;" + fit % 5)
            check_error(session.do("EXECUTE p"), "42704", "not committed")
            other.query("COMMIT")
            check(is_folded(session), "committed")
        with folding(ids[1]) as session:
            server.query("BEGIN;" + fit % 6 + "; PREPARE TRANSACTION 'two phases'")
            check_error(session.do("EXECUTE p"), "42704", "prepared")
            server.query("COMMIT PREPARED 'two phases'")
            check(is_folded(session), "commit prepared")
        with folding(ids[2]) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM d LIMIT 1")
            server.query(fit % 7)
            check_error(session.do("EXECUTE p"), "42704", "committed after the snapshot")
            session.query("ROLLBACK")
            check(is_folded(session), "in the next transaction")

    def the_extension_made_anew():
        database = server.new_database("anew", "postgres")
        with Session(server, database) as session:
            session.query(f"SET normfreeze.fold_ids = on; PREPARE p AS {query % scaler_id}")
            check_equal(session.query("EXECUTE p"), expected, "before")
            session.query("SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze")
            check_error(session.do("EXECUTE p"), "3F000", "no extension")
            session.query("CREATE EXTENSION normfreeze")
            check_error(session.do("EXECUTE p"), "42704", "no scaler")
            session.query("SELECT normfreeze.freeze('it', normfreeze.fit(f, 'robust')) FROM d")
            check_equal(session.query("EXECUTE p"), expected, "the same id")
            check(is_folded(session), "in a plan of the new functions")

    def parallel_workers():
        server.query("CREATE TABLE large AS SELECT i AS id, f FROM d, generate_series(1, 20) AS i; ANALYZE large")
        sql = "SELECT count(*) FROM large WHERE (normfreeze.normalize(f, %s))[1] > 0.1" % scaler_id
        right = server.query(sql)
        with Session(server) as session:
            session.query("SET normfreeze.fold_ids = on; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
                          "SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2")
            plan = session.query(f"EXPLAIN (ANALYZE, VERBOSE, COSTS off, TIMING off) {sql}")
            check("Workers Launched: 2" in plan and '{"format"' in plan, "workers apply the scaler", plan[:800])
            check_equal(session.query(sql), right, "the same rows")

    def a_standby():
        standby = Server(installation, "standby", {"primary_conninfo": server.conninfo(), "hot_standby": "on"})
        standby.program("pg_basebackup", "-h", server.folder, "-U", "postgres", "-D", standby.data, "-R", "-c", "fast", "-X", "stream")
        with standby:
            check_equal(standby.query("SELECT pg_is_in_recovery()"), "t", "it is one")
            with Session(standby, user="reader") as session:
                session.query(f"SET normfreeze.fold_ids = on; PREPARE p AS {query % scaler_id}")
                check_equal(session.query("EXECUTE p"), expected, "on the standby")
                check(is_folded(session), "with the scaler in the plan")
                server.query("REVOKE SELECT ON normfreeze.scalers FROM reader")
                lsn = server.query("SELECT pg_current_wal_lsn()")
                session.query("DO $$ BEGIN WHILE pg_last_wal_replay_lsn() < '%s' LOOP PERFORM pg_sleep(0.05); END LOOP; END $$" % lsn)
                check_error(session.do("EXECUTE p"), "42501", "REVOKE on the primary")
                server.query("GRANT SELECT ON normfreeze.scalers TO reader")

    run_tests([revoke_by_another_session, revoke_in_an_open_transaction, the_first_statement_of_a_session, row_security_switched_on,
               scalers_of_the_future, the_extension_made_anew, parallel_workers, a_standby])


def scenario(installation):
    if (installation.pkglibdir / "postgres_fdw.so").exists():
        with Server(installation, "app") as app, Server(installation, "shard1") as shard1, \
                Server(installation, "shard2") as shard2:
            check_section("docs/distributed.md", "postgres_fdw", {"app": app, "shard1": shard1, "shard2": shard2})
        with Server(installation, "app") as app, Server(installation, "far") as far:
            foreign_tests(installation, app, far)
    else:
        say_skipped("foreign tables: this server has no postgres_fdw")
    # another planner's hook around ours, if there is a library that has one
    other = {"shared_preload_libraries": "pg_stat_statements"} if any(
        (installation.folder / "pg").rglob("pg_stat_statements.so")) else {}
    with Server(installation, "plans", {"wal_level": "logical", **other}) as server:
        plan_tests(installation, server)
    # all that holds for look-ups holds for plans
    with Server(installation, "apply", {"normfreeze.fold_ids": "on"}) as server:
        run_tests(apply.tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
