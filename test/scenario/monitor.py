"""Recorded drift: who listens hears of every verdict that got worse and of nothing else; sessions record at once."""

import contextlib
import functools
import json

import psycopg

from common import (Server, Session, check, check_equal, check_error, check_in, errors_of, failed_checks, freeze,
                    prepare, run_scenario, run_tests, sessions, sqlstate, wait_until)

# ages of live windows by the verdict that they are to give
AGES = {"none": "age", "moderate": "CASE WHEN id % 5 < 2 THEN 20 + (age - 20) / 2 ELSE age END", "major": "age + 40"}
CHANNEL = "normfreeze_drift"
LONGEST = 8000                  # bytes; a payload of NOTIFY must be shorter


def live_sql(scaler_id, verdict="none", where="true"):
    """A profile of customers for which a scaler's verdict is this one."""
    return (f"(SELECT normfreeze.profile(s, {scaler_id}) FROM "
            f"(SELECT {AGES[verdict]} AS age, income, tenure FROM customers WHERE {where}) AS s)")


def named(test, *arguments):
    """A test of no arguments, for run_tests()."""
    made = functools.partial(test, *arguments)
    made.__name__ = test.__name__
    return made


class Watched:
    """A scaler in production, in a database of its own."""

    def __init__(self, server, database):
        self.server = server
        self.database = server.new_database(database)
        prepare(server, database)
        self.id = freeze(server, "churn", database=database)
        server.query("SELECT normfreeze.promote('churn', 1)", database)

    def record_sql(self, verdict, label="NULL", where="true"):
        return f"SELECT normfreeze.record_drift({self.id}, {live_sql(self.id, verdict, where)}, {label})"

    def query(self, sql):
        return self.server.query(sql, self.database)

    def record(self, verdict, label="NULL", where="true"):
        return self.query(self.record_sql(verdict, label, where))

    def log(self):
        return self.query(f"SELECT string_agg(seq || ' ' || coalesce(verdict, 'NULL'), ', ' ORDER BY seq) FROM normfreeze.drift_log "
                          f"WHERE scaler_id = {self.id}")


@contextlib.contextmanager
def listening(watched):
    """A function that gives the payloads since it was last called."""
    with psycopg.connect(watched.server.conninfo(watched.database), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")

        def heard():
            # notifications come in the order of commits: what is before this one has arrived with it
            watched.query(f"NOTIFY {CHANNEL}, 'end'")
            payloads = []
            for notify in connection.notifies(timeout=20):
                if notify.payload == "end":
                    return payloads
                payloads.append(notify.payload)
            raise AssertionError("the listener heard nothing")

        yield heard


def tests_of_notify(server):
    watched = Watched(server, "notified")

    def the_windows_are_what_they_are_called():
        for verdict in AGES:
            check_equal(watched.query(f"BEGIN; {watched.record_sql(verdict)}; ROLLBACK"), verdict, f"the {verdict} window")

    def what_got_worse_is_heard(heard):
        def after(verdict, label, expected, where="true"):
            watched.record(verdict, f"'{label}'", where)
            got = [(p["previous"], p["verdict"]) for p in map(json.loads, heard())]
            check_equal(got, expected, f"{label}: {verdict}")

        after("none", "mon", [])
        after("moderate", "tue", [("none", "moderate")])
        after("moderate", "wed", [])
        after("major", "thu", [("moderate", "major")])
        after("major", "thu", [])                              # the same again
        after("major", "fri", [])
        after("moderate", "sat", [])
        after("none", "sun", [])
        after("major", "next mon", [("none", "major")])
        after("major", "next tue", [], where="id < 10")        # too few to tell is not better
        check_equal(watched.query("SELECT verdict IS NULL FROM normfreeze.drift_log ORDER BY seq DESC LIMIT 1"), "t", "undecided")
        after("major", "next wed", [])
        check_equal(watched.log(), "1 none, 2 moderate, 3 moderate, 4 major, 5 major, 6 moderate, 7 none, 8 major, 9 NULL, 10 major", "the log")

    def the_payload(heard):
        watched.record("none", "'before'")
        watched.record("major", "'after, \"quoted\"'")
        payload = json.loads(heard()[0])
        state = watched.query("SELECT scaler_id, seq, label, verdict, previous, feature, reason FROM normfreeze.drift_state").split("|")
        check_equal([str(payload[key]) for key in ("scaler_id", "seq", "label", "verdict", "previous", "feature", "reason")], state,
                    "it says what drift_state says")
        check_equal((payload["names"], payload["more_names"], payload["production"]), (["churn@v1"], 0, True), "whose scaler it is")
        check_equal(payload["decided_by"], watched.query("""SELECT h.decided_by FROM normfreeze.drift_history AS h
            JOIN normfreeze.drift_state AS s ON s.scaler_id = h.scaler_id AND s.seq = h.seq AND s.feature = h.feature"""), "what decided")

    def nothing_is_heard_of_what_was_not_committed(heard):
        watched.record("none", "'calm'")
        watched.query(f"BEGIN; {watched.record_sql('major')}; ROLLBACK")
        watched.query(f"BEGIN; SAVEPOINT s; {watched.record_sql('major')}; ROLLBACK TO s; COMMIT")
        check_equal(heard(), [], "rolled back")
        errors_of(server, f"SELECT 1 / (length(({watched.record_sql('major')})) - 5)", watched.database)
        check_equal(heard(), [], "failed")
        with Session(server, watched.database) as session:
            session.query(f"BEGIN; {watched.record_sql('major')}")
            check_equal(heard(), [], "not committed yet")
            session.query("COMMIT")
        check_equal(len(heard()), 1, "committed")

    def a_first_entry_that_is_bad_counts(heard):
        other = freeze(server, "other", "minmax", database=watched.database)
        watched.query(f"SELECT normfreeze.record_drift({other}, {live_sql(other, 'major')})")
        payload = json.loads(heard()[0])
        check_equal((payload["previous"], payload["verdict"], payload["label"], payload["production"]), (None, "major", None, False), "first")

    def any_name_fits(heard):
        """Names of the greatest length, of characters that JSON makes six bytes of, and very many of them."""
        for character in ("\x01", '"', "\\", "ä", "€", "x"):
            def longest(limit):
                return character * (limit // len(character.encode()))

            fit = "SELECT normfreeze.fit(ARRAY[i + %s, -i], 'standard', %s) FROM generate_series(1, 500) AS i"
            options = json.dumps({"names": [longest(1024), "x"]})
            with psycopg.connect(server.conninfo(watched.database), autocommit=True) as session:
                def value(sql, *parameters):
                    return session.execute(sql, parameters).fetchone()[0]

                for k in range(60):
                    scaler = value(f"SELECT normfreeze.freeze(%s, ({fit}))", f"{k}{longest(190)}", 0, options)
                moved = value(f"SELECT normfreeze.freeze('moved', ({fit}))", 1000, options)
                verdict = value("SELECT normfreeze.record_drift(%s::bigint, normfreeze.profile_of(%s), %s)", scaler, moved, longest(200))
            check_equal(verdict, "major", f"names of {character!r}")
            payloads = heard()
            check_equal(len(payloads), 1, f"names of {character!r} are heard of")
            check(len(payloads[0].encode()) < LONGEST, f"names of {character!r} fit", len(payloads[0].encode()))
            payload = json.loads(payloads[0])
            check_equal(len(payload["names"]) + payload["more_names"], 60, f"names of {character!r} are counted")
            check(len(payload["names"]) >= 2, f"names of {character!r} are shown", payload["names"])
            check(payload["feature"] == longest(220) + "...", f"a name of {character!r} is cut between characters", payload["feature"])

    with listening(watched) as heard:
        run_tests([the_windows_are_what_they_are_called]
                  + [named(test, heard) for test in (what_got_worse_is_heard, the_payload, nothing_is_heard_of_what_was_not_committed,
                                                     a_first_entry_that_is_bad_counts, any_name_fits)])


# ---- at once ----

def at_once(server, database, statements, setup="SELECT 1"):
    """Each statement in a session of its own, all waiting for one lock; their outputs."""
    with Session(server, database) as gatekeeper, sessions(server, len(statements), database=database) as workers:
        gatekeeper.query("SELECT pg_advisory_lock(4711)")
        for session, statement in zip(workers, statements):
            session.query(setup)
            session.send(f"SELECT pg_advisory_lock_shared(4711) IS NULL; {statement}")
        wait_until(lambda: gatekeeper.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                                            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                   == str(len(statements)), "all wait")
        gatekeeper.query("SELECT pg_advisory_unlock(4711)")
        return [session.result().strip().split("\n") for session in workers]


def tests_of_concurrency(server):
    def entries(watched):
        return watched.query("SELECT count(*), max(seq), count(DISTINCT label) FROM normfreeze.drift_log")

    def different_windows_at_once():
        watched = Watched(server, "different")
        outputs = at_once(server, watched.database, [watched.record_sql("none", f"'day {k}'", f"id % {k + 3} > 0") for k in range(12)])
        check(all(output[-1] == "none" for output in outputs), "12 windows", outputs)
        check_equal(entries(watched), "12|12|12", "12 entries without gaps")

    def the_same_window_at_once():
        watched = Watched(server, "same")
        outputs = at_once(server, watched.database, [watched.record_sql("major", "'today'")] * 12)
        check(all(output[-1] == "major" for output in outputs), "all are told the verdict", outputs)
        check_equal(entries(watched), "1|1|1", "one entry")

    def two_scalers_do_not_wait_for_each_other():
        watched = Watched(server, "two")
        other = freeze(server, "other", "minmax", database="two")
        with Session(server, "two") as first, Session(server, "two") as second:
            first.query(f"BEGIN; {watched.record_sql('none')}")
            check_equal(second.query(f"SET lock_timeout = '10s'; SELECT normfreeze.record_drift({other}, {live_sql(other)})"),
                        "none", "another scaler")
            output = second.do(f"SET lock_timeout = '300ms'; {watched.record_sql('major')}")
            check_error(output, "55P03", "the same scaler waits")
            first.query("ROLLBACK")
            check_equal(second.query(watched.record_sql("major")), "major", "and goes on")
        check_equal(watched.log(), "1 major", "a rolled back entry leaves no gap")

    def with_a_stale_snapshot():
        watched = Watched(server, "stale")
        for level in ("REPEATABLE READ", "SERIALIZABLE"):
            with Session(server, "stale") as session:
                session.query(f"BEGIN ISOLATION LEVEL {level}; SELECT count(*) FROM customers")
                watched.record("none", f"'before {level}'")
                output = session.do(f"{watched.record_sql('none', chr(39) + level + chr(39))}; COMMIT")
                check(sqlstate(output) in ("", "40001"), f"{level} after another's entry", output)
        check_equal(watched.query("SELECT count(*) = max(seq) AND count(*) >= 3 FROM normfreeze.drift_log"), "t", "no gaps")
        check_equal(failed_checks(server, "stale"), "", "verify() finds nothing")

    run_tests([different_windows_at_once, the_same_window_at_once, two_scalers_do_not_wait_for_each_other, with_a_stale_snapshot])


# ---- what a DBA meets ----

def tests_of_operation(server):
    watched = Watched(server, "operated")

    def days_and_groups_merged_are_the_whole():
        """Profiles by day and region, merged over a week: the profile of the week's rows, to the last bit."""
        watched.query(f"""CREATE TABLE days AS SELECT id % 21 AS day, id % 3 AS region, normfreeze.profile(c, {watched.id}) AS profile
                          FROM customers AS c GROUP BY 1, 2""")
        check_equal(watched.query("SELECT count(*) FROM days"), "21", "a row for each day and region")
        week = "id % 21 BETWEEN 7 AND 13"
        check_equal(watched.query("SELECT normfreeze.profile_digest(normfreeze.merge(profile)) FROM days WHERE day BETWEEN 7 AND 13"),
                    watched.query(f"SELECT normfreeze.profile_digest({live_sql(watched.id, where=week)})"), "a week of days is the week")
        check_equal(watched.query(f"""SELECT string_agg(normfreeze.record_drift({watched.id}, p, 'region ' || region), ' ' ORDER BY region)
                                      FROM (SELECT region, normfreeze.merge(profile) AS p FROM days GROUP BY region) AS r"""),
                    "none none none", "a verdict for each region")

    def a_wide_entry_is_small():
        """32 features: what docs/monitoring.md says of the size of an entry."""
        columns = ", ".join(f"random() + {k} AS f{k}" for k in range(32))
        watched.query(f"SELECT setseed(0.5); CREATE TABLE wide AS SELECT {columns} FROM generate_series(1, 3000)")
        wide = watched.query("SELECT normfreeze.freeze('wide', normfreeze.fit(w, 'standard')) FROM wide AS w")
        watched.query(f"SELECT normfreeze.record_drift({wide}, normfreeze.profile(w, {wide}), 'a day') FROM (SELECT * FROM wide LIMIT 1500) AS w")
        size = int(watched.query(f"SELECT pg_column_size(features) FROM normfreeze.drift_log WHERE scaler_id = {wide}"))
        check(size < 8 * 1024, "an entry of 32 features", size)

    def a_thousand_features():
        names = ", ".join(f"i * {k} + 1 AS \"f'{k}\"" for k in range(1, 1001))
        watched.query(f"CREATE TABLE thousand AS SELECT {names} FROM generate_series(1, 300) AS i")
        thousand = watched.query("SELECT normfreeze.freeze('thousand', normfreeze.fit(t, 'standard')) FROM thousand AS t")
        check_equal(watched.query(f"SELECT normfreeze.record_drift({thousand}, normfreeze.profile_of({thousand}))"), "none", "1,000 features")
        check_equal(watched.query(f"SELECT count(*) FROM normfreeze.drift_history WHERE scaler_id = {thousand}"), "1000", "all of them are there")

    def a_prepared_transaction_cannot_notify():
        output = errors_of(server, f"BEGIN; {watched.record_sql('major')}; PREPARE TRANSACTION 'p'", "operated")
        check_error(output, "0A000", "PREPARE TRANSACTION of a verdict that got worse")
        check_in("NOTIFY", output, "PostgreSQL says why")

    def an_edited_entry_is_found():
        """Guards off, an owner changes the verdict, guards on: the row no longer says what its features say."""
        server.new_database("edited", template="operated")
        edit = "UPDATE normfreeze.drift_log SET verdict = 'moderate' WHERE seq = 1"
        check_error(errors_of(server, f"ALTER TABLE normfreeze.drift_log DISABLE TRIGGER refuse_change; {edit}", "edited"), "23514", "edited")
        server.query(f"""ALTER TABLE normfreeze.drift_log DISABLE TRIGGER refuse_change; ALTER TABLE normfreeze.drift_log
                         DROP CONSTRAINT drift_log_verdict; {edit}; ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_change""", "edited")
        check_in("drift_log.drift_log_verdict", failed_checks(server, "edited"), "verify() misses the constraint")
        check_error(errors_of(server, """ALTER TABLE normfreeze.drift_log ADD CONSTRAINT drift_log_verdict CHECK (verdict IS NOT DISTINCT FROM
                                         (normfreeze.worst_drift(features) ->> 'verdict'))""", "edited"), "23514", "and it cannot be put back")

    def a_deleted_entry_is_found():
        server.new_database("deleted", template="operated")
        server.query("""ALTER TABLE normfreeze.drift_log DISABLE TRIGGER refuse_change; DELETE FROM normfreeze.drift_log WHERE seq = 2;
                        ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_change""", "deleted")
        check_in("drift log: ", failed_checks(server, "deleted"), "a gap")

    run_tests([days_and_groups_merged_are_the_whole, a_wide_entry_is_small, a_thousand_features, a_prepared_transaction_cannot_notify,
               an_edited_entry_is_found, a_deleted_entry_is_found])


def scenario(installation):
    with Server(installation, "monitor") as server:
        tests_of_notify(server)
        tests_of_concurrency(server)
        tests_of_operation(server)


if __name__ == "__main__":
    run_scenario(scenario)
