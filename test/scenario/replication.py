"""A hot standby applies and verifies; logical replication carries the registry, guards and all."""

import re

from common import (Server, Session, bits_sql, check, check_equal, check_error, check_in, errors_of, failed_checks,
                    freeze, prepare, registry, run_scenario, run_tests, wait_until)

TABLES = ", ".join(f"normfreeze.{table}" for table in
                   ("scalers", "members", "profiles", "versions", "stage_log", "stage_access_log", "drift_log",
                    "use_log", "purge_log", "archive_log"))


def standby_of(primary, installation):
    """A hot standby made by pg_basebackup."""
    standby = Server(installation, "standby", {"primary_conninfo": primary.conninfo(), "hot_standby": "on",
                                               "wal_level": "logical", "max_standby_streaming_delay": "1s"})
    standby.program("pg_basebackup", "-h", primary.folder, "-U", "postgres", "-D", standby.data, "-R",
                    "-c", "fast", "-X", "stream")
    return standby


def caught_up(primary, standby):
    """Wait until the standby has replayed all the primary has written."""
    lsn = primary.query("SELECT pg_current_wal_lsn()")
    wait_until(lambda: standby.query(f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'") == "t", "the standby catches up")


def physical_tests(primary, standby):
    first = primary.query("SELECT normfreeze.scaler_id('churn@v1')")

    def applies_read_only():
        check_equal(standby.query("SELECT pg_is_in_recovery()"), "t", "the standby is one")
        for argument in (first, "'churn'::text", "'churn@v2'::text", "'churn@latest'::text",
                         f"normfreeze.scaler({first})"):
            check_equal(standby.query(bits_sql(argument)), primary.query(bits_sql(argument)),
                        f"normalize() by {argument} on the standby")
        check_equal(standby.query("SELECT normfreeze.scaler_id('churn')"), first, "scaler_id(ref)")
        check_equal(standby.query("SELECT normfreeze.scaler_id('churn', 'production', now())"), first, "scaler_id(…, as_of)")
        check_equal(registry(standby), registry(primary), "the registry is the same")

    def verifies_read_only():
        check_equal(failed_checks(standby), "", "verify() on the standby")
        check(int(standby.query("SELECT count(*) FROM normfreeze.verify() WHERE ok")) > 5, "it has checked something")
        check_equal(standby.query(f"SELECT count(*) FROM normfreeze.verify({first})"), "9", "verify(id) on the standby")
        check_equal(standby.query(f"SELECT count(*) FROM normfreeze.describe({first})"), "3", "describe() on the standby")
        export = "SELECT md5(string_agg((e - 'source')::text, '')) FROM normfreeze.export_name('churn') AS e"
        check_equal(standby.query(export), primary.query(export), "export_name() on the standby")

    def fits_read_only():
        fit = "SELECT normfreeze.fingerprint(normfreeze.fit(c, 'robust')) FROM customers AS c"
        check_equal(standby.query(fit), primary.query(fit), "fit() on the standby")

    def writing_is_refused_clearly():
        for call in (f"freeze('churn', normfreeze.scaler({first}))", "promote('churn', 2)", "rollback('churn')",
                     "retire('churn', 1)", "import_name('[]')", "demote('churn', 'production')", "allow_stage('review', 'postgres')",
                     "disallow_stage('review', 'postgres')", "record_drift('churn', NULL)",
                     "register_use('churn', 'x', 'model')",
                     f"purge_profile({first}, 'x')"):
            output = errors_of(standby, f"SELECT normfreeze.{call}")
            check_error(output, "25006", f"{call} on a standby")
            check_in(f"normfreeze.{call.split('(')[0]}()", output, "the message names the function")

    def read_only_transaction_refuses_too():
        output = errors_of(primary, f"BEGIN READ ONLY; SELECT normfreeze.freeze('x', normfreeze.scaler({first}))")
        check_error(output, "25006", "freeze() in a read-only transaction")

    def a_new_freeze_appears_in_an_open_session():
        with Session(standby) as session:
            check_equal(session.query("SELECT normfreeze.scaler_id('churn')"), first, "before")
            check_error(session.do("SELECT normfreeze.scaler_id('churn@v4')"), "42704", "version 4 is not there yet")
            newest = freeze(primary, "churn", "maxabs", where="id < 77")
            primary.query("SELECT normfreeze.promote('churn', 4)")
            caught_up(primary, standby)
            check_equal(session.query("SELECT normfreeze.scaler_id('churn@v4')"), newest, "version 4 has arrived")
            check_equal(session.query(bits_sql("'churn'::text")), primary.query(bits_sql(newest)), "and is in production")
            check(session.query(bits_sql("'churn'::text")) != session.query(bits_sql(first)), "it is another one")

    def a_purge_arrives():
        purged = freeze(primary, "purged", "standard", where="id < 50")
        primary.query(f"SELECT normfreeze.purge_profile({purged}, 'a request')")
        caught_up(primary, standby)
        check_equal(standby.query(f"SELECT normfreeze.profile_of({purged}) IS NULL"), "t", "the profile is gone on the standby")
        check_in("purged on", standby.query(f"SELECT detail FROM normfreeze.verify({purged})"), "and verify() there says why")
        check_equal(standby.query(f"SELECT state FROM normfreeze.stage_as_of({purged}, now())"), "in no stage",
                    "stage_as_of() on the standby")
        check_equal(standby.query("SELECT string_agg(event, ' ') FROM normfreeze.lineage('purged')"), "frozen purged",
                    "lineage() on the standby")
        check_equal(failed_checks(standby), "", "verify() on the standby")

    def a_snapshot_on_the_standby_is_kept():
        with Session(standby) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
            before = session.query("SELECT normfreeze.scaler_id('churn')")
            primary.query("SELECT normfreeze.promote('churn', 3)")
            caught_up(primary, standby)
            check_equal(session.query("SELECT normfreeze.scaler_id('churn')"), before, "a snapshot keeps its state")
            session.query("COMMIT")
            check_equal(session.query("SELECT normfreeze.scaler_id('churn')"),
                        primary.query("SELECT normfreeze.scaler_id('churn')"), "the next one has the new state")

    def a_promoted_standby_goes_on():
        standby.query("SELECT pg_promote()")
        here = freeze(standby, "churn", "minmax", where="id > 77")
        check_equal(standby.query(f"SELECT version FROM normfreeze.versions WHERE name = 'churn' AND scaler_id = {here}"),
                    "5", "the next version after failover")
        check_equal(failed_checks(standby), "", "verify() after failover")

    yield from (applies_read_only, verifies_read_only, fits_read_only, writing_is_refused_clearly,
                read_only_transaction_refuses_too, a_purge_arrives, a_new_freeze_appears_in_an_open_session,
                a_snapshot_on_the_standby_is_kept, a_promoted_standby_goes_on)


def logical_tests(publisher, subscriber):
    def same_registry():
        return registry(subscriber) == registry(publisher)

    def rows_arrive():
        prepare(subscriber)
        publisher.query(f"CREATE PUBLICATION registry FOR TABLE {TABLES}")
        subscriber.query(f"CREATE SUBSCRIPTION registry CONNECTION '{publisher.conninfo()}' PUBLICATION registry")
        wait_until(same_registry, "the first copy arrives")
        check_equal(registry(subscriber), registry(publisher), "the first copy, and the same bits")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")

    def changes_stream():
        newest = freeze(publisher, "streamed", "robust", where="id % 7 > 2")
        publisher.query("SELECT normfreeze.promote('streamed', 1)")
        wait_until(same_registry, "new rows arrive")
        check_equal(subscriber.query(bits_sql("'streamed'::text")), publisher.query(bits_sql(newest)),
                    "applied by name, the same bits")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")

    def a_subscribers_guards_hold():
        for change in ("UPDATE normfreeze.scalers SET scaler = scaler", "DELETE FROM normfreeze.versions",
                       "UPDATE normfreeze.stage_log SET version = 1", "DELETE FROM normfreeze.profiles",
                       "DELETE FROM normfreeze.stage_access_log", "DELETE FROM normfreeze.purge_log",
                       "DELETE FROM normfreeze.use_log", "TRUNCATE normfreeze.stage_log", "TRUNCATE normfreeze.scalers CASCADE"):
            check_error(errors_of(subscriber, "SET session_replication_role = replica;" + change), "55000",
                        f"{change} as replica")

    def a_purge_streams():
        """The one deletion there is arrives behind its entry in the log, and passes the guard there."""
        purged = freeze(publisher, "purged here", "maxabs", where="id % 5 > 1")
        publisher.query("SELECT normfreeze.register_use('purged here@v1', 'model x', 'model')")
        wait_until(same_registry, "the scaler arrives")
        check_equal(subscriber.query(f"SELECT normfreeze.profile_of({purged}) IS NOT NULL"), "t", "with its profile")
        publisher.query(f"SELECT normfreeze.purge_profile({purged}, 'a request')")
        wait_until(same_registry, "the purge arrives")
        check_equal(subscriber.query(f"SELECT normfreeze.profile_of({purged}) IS NULL"), "t", "the profile is gone there")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")
        check_in("a request", subscriber.query(f"SELECT detail FROM normfreeze.verify({purged})"), "it says why")
        check_error(errors_of(subscriber, "DELETE FROM normfreeze.profiles"), "55000", "nothing else is let pass")

    def states(server):
        return [server.query(f"SELECT {columns} FROM normfreeze.{view} AS v ORDER BY v") for view, columns in
                (("drift_state", "v"), ("uses", "consumer, kind, scaler_id, since, v"))]

    def archived(log, entries):
        """Archive on the publisher, keep what has left in a table, and wait until the subscriber is the same."""
        publisher.query(f"CREATE TABLE IF NOT EXISTS {log}_archive (scaler_id bigint, seq int, entry text)")
        check_equal(publisher.query(f"WITH a AS (INSERT INTO {log}_archive SELECT * FROM normfreeze.archive_{log}('infinity') RETURNING 1) SELECT count(*) FROM a"),
                    str(entries), f"entries of {log} leave the publisher")

    def refused(change, statements):
        """Let the publisher do what the subscriber refuses; what the subscriber's log then tells, with where the transaction ends."""
        log = subscriber.folder / "log"
        before = len(log.read_text())
        statements()
        said = re.compile(rf"{change} is refused\n(?:.*\n)*?.*finished at ([0-9A-F]+/[0-9A-F]+)")
        wait_until(lambda: said.search(log.read_text()[before:]), f"the subscriber's log tells of it: {change}")
        found = said.search(log.read_text()[before:])
        return found[0], found[1]

    def a_publication_without_archive_log_stops():
        """Such as one of before there was that table: the subscriber says what is missing, and goes on with it."""
        freeze(publisher, "watched", "standard", where="id % 11 > 3")
        freeze(publisher, "watched", "standard", where="id % 11 > 4")
        for i in range(5):
            publisher.query(f"SELECT normfreeze.record_drift('watched@v1', normfreeze.profile(c), '{i}') FROM (SELECT age, income, tenure FROM customers WHERE id % 7 <> {i}) AS c")
        publisher.query("""SELECT normfreeze.register_use(ref, consumer, 'model') FROM
            (VALUES ('watched@v1', 'a'), ('watched@v1', 'b'), ('watched@v1', 'c'), ('watched@v2', 'a'), ('watched@v2', 'b')) AS u (ref, consumer)""")
        wait_until(same_registry, "the logs arrive")
        publisher.query("ALTER PUBLICATION registry DROP TABLE normfreeze.archive_log")
        subscriber.query("ALTER SUBSCRIPTION registry REFRESH PUBLICATION")
        before = subscriber.query("SELECT count(*) FROM normfreeze.drift_log")
        said, _ = refused("normfreeze.drift_log is immutable: DELETE", lambda: archived("drift_log", 3))
        check_in("HINT:  The entry of normfreeze.archive_log that allows it has not arrived: see that the publication has that table, and refresh the subscription.",
                 said, "and what to do")
        check_equal(subscriber.query("SELECT count(*) FROM normfreeze.drift_log"), before, "the subscriber keeps the entries")
        publisher.query("ALTER PUBLICATION registry ADD TABLE normfreeze.archive_log")
        subscriber.query("ALTER SUBSCRIPTION registry REFRESH PUBLICATION")
        wait_until(same_registry, "the archive arrives after all")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")

    def archives_stream():
        before = states(subscriber)
        publisher.query("SELECT normfreeze.record_drift('watched@v1', normfreeze.profile(c), 'last') FROM (SELECT age, income, tenure FROM customers WHERE id % 7 > 0) AS c")
        archived("drift_log", 1)
        archived("use_log", 2)
        wait_until(same_registry, "the archives arrive")
        check_equal(registry(subscriber), registry(publisher), "the same entries have left")
        check_equal(states(subscriber), states(publisher), "the state of drift and use is the publisher's")
        check_equal(states(subscriber)[1], before[1], "and of use what it was")
        for server in (publisher, subscriber):
            check_equal(failed_checks(server), "", "verify()")
        for log, entries in (("drift_log", 4), ("use_log", 2)):
            subscriber.query(publisher.program("pg_dump", "-t", f"{log}_archive").stdout)
            for server in (publisher, subscriber):
                check_equal(server.query(f"SELECT bool_and(ok), max(last_seq) FROM normfreeze.verify_archive('{log}_archive', '{log}')"), f"t|{entries}",
                            f"either side proves the archive of {log}")
        # what is archived by the publisher may not be deleted by anybody else, nor may the log be
        for change in ("DELETE FROM normfreeze.drift_log", "DELETE FROM normfreeze.use_log", "DELETE FROM normfreeze.archive_log", "TRUNCATE normfreeze.archive_log"):
            check_error(errors_of(subscriber, "SET session_replication_role = replica;" + change), "55000", f"{change} as replica")

    def a_deletion_without_a_purge_is_not_applied():
        gone = freeze(publisher, "gone", "maxabs", where="id % 5 > 2")
        wait_until(same_registry, "the scaler arrives")
        _, finished = refused("normfreeze.profiles is immutable: DELETE", lambda: publisher.query(f"""
            ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL;
            DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(normfreeze.scaler({gone}));
            ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
            ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_truncate;"""))
        check_equal(subscriber.query(f"SELECT normfreeze.profile_of({gone}) IS NOT NULL"), "t", "the subscriber keeps it")
        check_in("missing: it was stored when the scaler was frozen, and no purge is logged", failed_checks(publisher), "verify() of the publisher says so")
        # replication goes on behind that transaction
        subscriber.query(f"ALTER SUBSCRIPTION registry SKIP (lsn = '{finished}')")
        publisher.query("SELECT normfreeze.promote('gone', 1)")
        wait_until(lambda: subscriber.query("SELECT count(*) FROM normfreeze.stage_log WHERE name = 'gone'") == "1",
                   "later rows arrive")
        # a purge that is logged finds nothing to delete on the one side, and the profile on the other
        publisher.query(f"SELECT normfreeze.purge_profile({gone}, 'for good')")
        wait_until(lambda: subscriber.query("SELECT count(*) FROM normfreeze.purge_log WHERE reason = 'for good'") == "1",
                   "the log of the purge arrives")
        check_in("it is stored, though it was purged", failed_checks(subscriber), "verify() of the subscriber says so")
        subscriber.query(f"SELECT normfreeze.purge_profile({gone}, 'for good')")
        check_equal(failed_checks(subscriber), "", "and purge_profile() there ends it, without an entry of its own")

    def a_deletion_without_an_archive_is_not_applied():
        before = registry(subscriber)["use_log"]
        _, finished = refused("normfreeze.use_log is immutable: DELETE", lambda: publisher.query("""
            ALTER TABLE normfreeze.use_log DISABLE TRIGGER ALL; DELETE FROM normfreeze.use_log WHERE consumer = 'c';
            ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_change; ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_truncate"""))
        check_equal(registry(subscriber)["use_log"], before, "the subscriber keeps the entry")
        subscriber.query(f"ALTER SUBSCRIPTION registry SKIP (lsn = '{finished}')")
        publisher.query("SELECT normfreeze.promote('watched', 1)")
        wait_until(lambda: subscriber.query("SELECT count(*) FROM normfreeze.stage_log WHERE name = 'watched'") == "1", "later rows arrive")

    def a_publishers_change_is_not_applied():
        """Guards are taken down on the publisher only: what it then does to a row stops at the subscriber."""
        before = registry(subscriber)
        refused("normfreeze.versions is immutable: UPDATE", lambda: publisher.query("""
            ALTER TABLE normfreeze.versions DISABLE TRIGGER ALL;
            UPDATE normfreeze.versions SET note = 'rewritten' WHERE name = 'streamed';
            ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change;"""))
        check_equal(registry(subscriber), before, "and nothing has changed there")

    yield from (rows_arrive, changes_stream, a_purge_streams, a_subscribers_guards_hold,
                a_publication_without_archive_log_stops, archives_stream,
                a_deletion_without_a_purge_is_not_applied, a_deletion_without_an_archive_is_not_applied, a_publishers_change_is_not_applied)


def scenario(installation):
    with Server(installation, "primary", {"wal_level": "logical"}) as primary:
        prepare(primary)
        freeze(primary, "churn", "standard")
        freeze(primary, "churn", "minmax", where="id % 3 > 0")
        freeze(primary, "churn", "robust")
        primary.query("""SELECT normfreeze.promote('churn', 2); SELECT normfreeze.promote('churn', 1);
                         SELECT normfreeze.allow_stage('review', 'postgres', new_stage => true)""")
        with standby_of(primary, installation) as standby:
            run_tests(physical_tests(primary, standby))
        with Server(installation, "subscriber", {"wal_retrieve_retry_interval": "200ms"}) as subscriber:
            run_tests(logical_tests(primary, subscriber))


if __name__ == "__main__":
    run_scenario(scenario)
