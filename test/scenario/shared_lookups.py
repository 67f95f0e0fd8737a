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
            session.query("SET normfreeze.scaler_cache_size = '512kB'")
            for number, more in ((3, 3), (3, 3), (5, 5)):
                check_equal(session.query(by_value.format("stored", number)), str(number), "all are applied")
                check_equal(session.query(kept), str(more), f"kept of {number}")
            check_equal(session.query(by_value.format("stored", 300)), "300", "more than are kept")
            check_equal(5 < int(session.query(kept)) < 256, True, "kept of 300")
            large = "SELECT count(normfreeze.normalize(array_fill(1.0::float8, ARRAY[5000]), s)) FROM large"
            check_equal([session.query(large), session.query(large)], ["40", "40"], "large ones")
            memory = "SELECT sum(total_bytes) < 32 * 1024 * 1024 FROM pg_backend_memory_contexts WHERE name LIKE 'normfreeze%'"
            check_equal(session.query(memory), "t", "and their memory is limited")

    def members_are_kept():
        """What a key has in a set, found and proved by one statement, serves the next, as long as whoever asks may see it."""
        made = server.query("""SELECT normfreeze.freeze('by key', normfreeze.by_key(k, s, 'null')) FROM (
                SELECT (id % 400)::text AS k, normfreeze.fit(c, 'standard', '{"columns": ["age", "income"]}') AS s FROM customers AS c GROUP BY 1) AS g;
            SELECT normfreeze.promote('by key', 1); GRANT SELECT ON normfreeze.members TO reader""").split()[0]
        sees = "SELECT md5(normfreeze.normalize_by_key(t, 'by key', {})::text) FROM customers AS t WHERE id = 17"
        by_id = sees.replace("'by key'", made)
        seven, eight = (server.query(sees.format(f"'{key}'")) for key in (7, 8))
        check_equal(seven != eight and "" not in (seven, eight), True, "two scalers")
        with Session(server) as session:
            session.query(f"PREPARE k(text) AS {sees.format('$1')}")
            for statement, right in ((sees.format("'7'"), seven), ("EXECUTE k('7')", seven), ("EXECUTE k('8')", eight), ("EXECUTE k('none')", "")):
                check_equal(session.query(statement), right, statement)
                check_equal([scans(session, statement), session.query(statement)], [0, right], f"again: {statement[:70]}")
                session.query("INSERT INTO notes VALUES ('any transaction that has written')")
                check_equal([scans(session, statement) > 0, session.query(statement)], [True, right], "another snapshot is another look-up")
                check_equal(scans(session, statement), 0, "once")
            mine, theirs = by_id.format("'7'"), by_id.format("'none'")
            session.query("SET ROLE reader")
            check_equal([session.query(mine), session.query(theirs)], [seven, ""], "as reader")
            session.query("SET ROLE nobody")
            check_error(session.do(mine), "42501", "as nobody")
            session.query("SET ROLE reader")
            server.query("REVOKE SELECT ON normfreeze.members FROM reader")
            check_error(session.do(mine), "42501", "after REVOKE")
            check_error(session.do(theirs), "42501", "after REVOKE, of no member")
            server.query("""GRANT SELECT ON normfreeze.members TO reader; ALTER TABLE normfreeze.members ENABLE ROW LEVEL SECURITY;
                            CREATE POLICY all_of_it ON normfreeze.members TO reader USING (coalesce(current_setting('app.sees', true), '') = 'all')""")
            session.query("SET app.sees = 'all'")
            check_equal([session.query(mine), session.query(mine)], [seven, seven], "with a policy")
            session.query("SET app.sees = 'none'")
            check_error(session.do(mine), "XX001", "by a policy that hides the members of a set which it shows")
            server.query("DROP POLICY all_of_it ON normfreeze.members; ALTER TABLE normfreeze.members DISABLE ROW LEVEL SECURITY")
            session.query("RESET ROLE")
            check_equal(session.query(mine), seven, "without")
            for change in ("DELETE FROM normfreeze.members WHERE key = '7'",
                           "UPDATE normfreeze.members AS m SET scaler_id = o.scaler_id FROM normfreeze.members AS o WHERE m.key = '7' AND o.key = '8'",
                           "INSERT INTO normfreeze.members SELECT set_id, 'none', 999, scaler_id, proof FROM normfreeze.members WHERE key = '7'"):
                session.query("BEGIN; ALTER TABLE normfreeze.members DISABLE TRIGGER ALL")
                session.query(change)
                check_error(session.do(theirs if "none" in change else mine), "XX001", change)
                session.query("ROLLBACK")
                check_equal([session.query(mine), session.query(theirs)], [seven, ""], "as it was")
            session.query("BEGIN")
            other = session.query("""SELECT normfreeze.freeze('rolled back', normfreeze.by_key(k, s)) FROM (
                SELECT (id % 2)::text AS k, normfreeze.fit(c, 'minmax', '{"columns": ["age", "income"]}') AS s FROM customers AS c GROUP BY 1) AS g""")
            rolled_back = f"SELECT normfreeze.normalize_by_key(t, {other}, '1') FROM customers AS t WHERE id = 17"
            session.query(rolled_back)
            session.query("ROLLBACK")
            check_error(session.do(rolled_back), "42704", "of a set that was rolled back")
            everything = "SELECT md5(string_agg(normfreeze.normalize_by_key(t, 'by key', (id % 400)::text)::text, '' ORDER BY id)) FROM customers AS t"
            right = session.query(everything)
            kept = "SELECT coalesce(sum(total_bytes), 0) FROM pg_backend_memory_contexts WHERE name = 'normfreeze members'"
            for memory in ("64kB", "2MB", "256MB"):
                session.query(f"SET normfreeze.member_memory = '{memory}'")
                check_equal([session.query(everything), session.query(everything)], [right, right], f"with {memory}")
                session.query(mine)
                if memory != "256MB":
                    check_equal(int(session.query(kept)) <= 64 * 1024 + 2 * 1024 * 1024 // 16, True, "kept between statements")
            check_equal([scans(session, mine), scans(session, everything)], [0, 0], "all of them are kept")

    def an_extension_made_anew():
        """With the same names, and other scalers."""
        database = server.new_database("anew")
        with Session(server, database) as session:
            for method in ("standard", "minmax"):
                server.query("""SET normfreeze.allow_removal = on; DROP EXTENSION IF EXISTS normfreeze; CREATE EXTENSION normfreeze;
                    DROP TABLE IF EXISTS v; CREATE TABLE v AS SELECT i::float8 AS x FROM generate_series(1, 9) AS i""", database)
                right = server.query(f"SELECT normfreeze.freeze('m', normfreeze.fit(v, '{method}')) FROM v; "
                                     "SELECT normfreeze.promote('m', 1)", database).split("\n")[0]
                for _ in range(2):
                    check_equal(session.query("SELECT normfreeze.scaler_id('m'::text)"), right, method)

    yield from (a_transaction_looks_nothing_up_again, a_transaction_that_was_in_progress, a_transaction_of_its_own,
                snapshots_of_another_age, serializable_transactions_read_for_themselves, whoever_asks,
                row_security_is_asked_for_every_statement, very_many_refs, values_are_decoded_once, members_are_kept,
                an_extension_made_anew)


def scenario(installation):
    # preloaded, as docs/reference/settings.md advises for short sessions; apply.py runs without
    with Server(installation, "shared", {"shared_preload_libraries": "normfreeze"}) as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
