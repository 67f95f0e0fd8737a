"""What one statement has looked up or decoded serves the next ones, in other transactions too, until anything might have changed."""

from common import Server, Session, check_equal, check_error, freeze, prepare, run_scenario, run_tests

SCANS = """SELECT coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0) FROM pg_stat_xact_all_tables
    WHERE schemaname = 'normfreeze' AND relname IN ('scalers', 'versions', 'stage_log', 'members')"""


def tests_of(server):
    prepare(server)
    ids = [freeze(server, "churn", "standard"), freeze(server, "churn", "minmax"), freeze(server, "churn", "robust")]
    one = "SELECT md5(normfreeze.normalize(t, %s)::text) FROM customers AS t WHERE id = 17"
    bits = [server.query(one % scaler_id) for scaler_id in ids]
    server.query("""CREATE ROLE reader; GRANT SELECT ON customers, normfreeze.scalers TO reader;
                    CREATE ROLE nobody; GRANT SELECT ON customers TO nobody;
                    CREATE TABLE notes (t text)""")
    by_name = one % "'churn'::text"

    def version(session):
        got = session.query(by_name)
        return bits.index(got) + 1 if got in bits else got

    def promote(number):
        return f"SELECT normfreeze.promote('churn', {number})"

    def scans(session, sql):
        """How often a transaction of this statement reads the registry."""
        session.query("BEGIN")
        before = int(session.query(SCANS))
        session.query(sql)
        after = int(session.query(SCANS))
        session.query("COMMIT")
        return after - before

    def a_transaction_looks_nothing_up_again():
        server.query(promote(1))
        with Session(server) as session:
            column = "SELECT normfreeze.normalize(age, 'churn', 'age'), normfreeze.normalize(income, 'churn', 'income') FROM customers"
            session.query(f"PREPARE p AS {by_name}; PREPARE q AS {column}")
            for statement in (by_name, one % ids[1], "EXECUTE p", "EXECUTE q", "SELECT normfreeze.scaler_id('churn@v2')"):
                scans(session, statement)
                check_equal(scans(session, statement), 0, f"look-ups of a second transaction: {statement[:70]}")
            session.query("INSERT INTO notes VALUES ('any transaction that has written')")
            check_equal(scans(session, by_name) > 0, True, "another snapshot is another look-up")
            check_equal(scans(session, by_name), 0, "once")

    def a_transaction_that_was_in_progress():
        """It has a lower number than others that have ended before the look-up: only it is missing from the snapshot."""
        server.query(promote(1))
        with Session(server) as session, Session(server) as writer:
            for number, end, seen in ((2, "COMMIT", 2), (3, "ROLLBACK", 2), (1, "COMMIT", 1)):
                before = version(session)
                writer.query("BEGIN; " + promote(number))
                server.query("INSERT INTO notes VALUES ('later, and ended before')")
                check_equal([version(session), version(session)], [before, before], "while it is in progress")
                writer.query(end)
                check_equal(version(session), seen, f"after {end}")
            writer.query("BEGIN; " + promote(3) + "; PREPARE TRANSACTION 'promotion'")
            server.query("INSERT INTO notes VALUES ('later, and ended before')")
            check_equal([version(session), version(session)], [1, 1], "while it is prepared")
            check_equal([version(writer), version(writer)], [1, 1], "for who has prepared it, too")
            writer.query("COMMIT PREPARED 'promotion'")
            check_equal([version(session), version(writer)], [3, 3], "after COMMIT PREPARED")

    def a_transaction_of_its_own():
        """What a transaction has written is seen by it alone, and by nobody after ROLLBACK."""
        server.query(promote(1))
        with Session(server) as session:
            check_equal(version(session), 1, "before")
            for end in ("ROLLBACK", "PREPARE TRANSACTION 'p'; ROLLBACK PREPARED 'p'"):
                session.query("BEGIN; " + promote(2))
                check_equal(version(session), 2, "within the transaction")
                session.query(end)
                check_equal(version(session), 1, f"after {end}")
                session.query("BEGIN; SAVEPOINT s; " + promote(3))
                check_equal(version(session), 3, "within a savepoint")
                session.query("ROLLBACK TO s")
                check_equal(version(session), 1, "after ROLLBACK TO")
                session.query("COMMIT")
            # a command that writes nothing has a number all the same
            session.query("BEGIN; INSERT INTO notes SELECT 'none' WHERE false")
            check_equal(version(session), 1, "in a transaction that might have written")
            session.query("COMMIT; BEGIN; " + promote(2))
            check_equal(version(session), 2, "in one that has")
            session.query("ROLLBACK; BEGIN")
            new = session.query("SELECT normfreeze.freeze('new', normfreeze.fit(t, 'maxabs', '{\"exclude\": [\"id\"]}')) FROM customers AS t")
            session.query(one % new)
            session.query(one % "'new@v1'::text")
            session.query("ROLLBACK")
            check_error(session.do(one % new), "42704", "a frozen scaler that was rolled back, by id")
            check_error(session.do(one % "'new@v1'::text"), "42704", "by ref")

    def snapshots_of_another_age():
        server.query(promote(1))
        with Session(server) as old, Session(server) as session:
            old.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
            check_equal(version(old), 1, "the old snapshot")
            snapshot = old.query("SELECT pg_export_snapshot()")
            server.query(promote(2))
            check_equal([version(old), version(session)], [1, 2], "each sees its own")
            session.query(f"BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '{snapshot}'")
            check_equal(version(session), 1, "a snapshot of somebody else")
            session.query("COMMIT")
            check_equal(version(session), 2, "and then the own")
            old.query("COMMIT")

    def serializable_transactions_read_for_themselves():
        """A result by a scaler that is being replaced by who cannot see the result: there is no such order."""
        server.query(promote(1))
        with Session(server) as session, Session(server) as other:
            check_equal(version(session), 1, "looked up before")
            for one_of_them in (session, other):
                one_of_them.query("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM customers WHERE id = 1")
            scaled = session.query(by_name)
            session.query(f"INSERT INTO notes VALUES ('{scaled}')")
            other.query("SELECT count(*) FROM notes; " + promote(2))
            ends = [session.do("COMMIT"), other.do("COMMIT")]
            check_equal(sum("40001" in end for end in ends), 1, "one of the two is refused")

    def whoever_asks():
        with Session(server) as session:
            server.query(promote(1))
            for _ in range(2):
                check_equal(version(session), 1, "as superuser")
                session.query("SET ROLE nobody")
                check_error(session.do(by_name), "42501", "as nobody, by ref")
                check_error(session.do(one % ids[0]), "42501", "as nobody, by id")
                session.query("SET ROLE reader")
                check_equal(version(session), 1, "as reader")
                server.query("REVOKE SELECT ON normfreeze.scalers FROM reader")
                check_error(session.do(by_name), "42501", "after REVOKE, by ref")
                check_error(session.do(one % ids[0]), "42501", "after REVOKE, by id")
                server.query("GRANT SELECT ON normfreeze.scalers TO reader")
                check_equal(version(session), 1, "after GRANT")
                session.query("RESET ROLE")

    def row_security_is_asked_for_every_statement():
        server.query("""ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
                        CREATE POLICY by_setting ON normfreeze.scalers FOR SELECT TO reader
                            USING (coalesce(current_setting('app.sees', true), '') = 'all')""")
        with Session(server) as session:
            session.query("SET ROLE reader; SET app.sees = 'all'")
            check_equal([version(session), version(session)], [1, 1], "as the setting says")
            session.query("SET app.sees = 'none'")
            check_error(session.do(by_name), "42704", "and at once as it says now")
        server.query("DROP POLICY by_setting ON normfreeze.scalers; ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY")

    def very_many_refs():
        """More than are kept, and again."""
        with Session(server) as session:
            check_equal(session.query("""SELECT count(DISTINCT normfreeze.scaler_id('churn@v' || repeat('0', i % 150) || (1 + i % 3)))
                FROM generate_series(1, 5000) AS i"""), "3", "450 refs of three versions")

    def values_are_decoded_once():
        """What is kept of them is limited, and none is lost."""
        if server.query("SELECT to_regclass('pg_catalog.pg_backend_memory_contexts')") == "":
            return
        kept = "SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'normfreeze scaler'"
        by_value = "SELECT count(normfreeze.normalize(ARRAY[1.0::float8, 2.0], s)) FROM {} WHERE k <= {}"
        server.query("""CREATE TABLE stored AS SELECT k, normfreeze.fit(ARRAY[age * k, income], 'standard') AS s
                            FROM customers, generate_series(1, 300) AS k GROUP BY k;
                        CREATE TABLE large AS SELECT k, normfreeze.fit(array_fill(age * k, ARRAY[5000]), 'standard', '{"distribution": false}') AS s
                            FROM customers, generate_series(1, 40) AS k WHERE id <= 3 GROUP BY k""")
        with Session(server) as session:
            for number, more in ((3, 3), (3, 3), (5, 5)):
                check_equal(session.query(by_value.format("stored", number)), str(number), "all are applied")
                check_equal(session.query(kept), str(more), f"kept of {number}")
            check_equal(session.query(by_value.format("stored", 300)), "300", "more than are kept")
            check_equal(int(session.query(kept)) <= 256, True, "kept of 300")
            large = "SELECT count(normfreeze.normalize(array_fill(1.0::float8, ARRAY[5000]), s)) FROM large"
            check_equal([session.query(large), session.query(large)], ["40", "40"], "large ones")
            memory = "SELECT sum(total_bytes) < 32 * 1024 * 1024 FROM pg_backend_memory_contexts WHERE name LIKE 'normfreeze%'"
            check_equal(session.query(memory), "t", "and their memory is limited")

    def an_extension_made_anew():
        """With the same names, and other scalers."""
        database = server.new_database("anew")
        with Session(server, database) as session:
            for method in ("standard", "minmax"):
                server.query("""DROP EXTENSION IF EXISTS normfreeze; CREATE EXTENSION normfreeze;
                    DROP TABLE IF EXISTS v; CREATE TABLE v AS SELECT i::float8 AS x FROM generate_series(1, 9) AS i""", database)
                right = server.query(f"SELECT normfreeze.freeze('m', normfreeze.fit(v, '{method}')) FROM v; "
                                     "SELECT normfreeze.promote('m', 1)", database).split("\n")[0]
                for _ in range(2):
                    check_equal(session.query("SELECT normfreeze.scaler_id('m'::text)"), right, method)

    yield from (a_transaction_looks_nothing_up_again, a_transaction_that_was_in_progress, a_transaction_of_its_own,
                snapshots_of_another_age, serializable_transactions_read_for_themselves, whoever_asks,
                row_security_is_asked_for_every_statement, very_many_refs, values_are_decoded_once,
                an_extension_made_anew)


def scenario(installation):
    # preloaded, as docs/reference.md advises for short sessions; apply.py runs without
    with Server(installation, "shared", {"shared_preload_libraries": "normfreeze"}) as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
