"""Sessions that freeze and promote at the same time: numbers without gaps, nothing half-done."""

import time
import zlib

from common import (Server, Session, bits_sql, check, check_equal, check_error, failed_checks, prepare,
                    run_scenario, run_tests, sessions, sqlstate)

GATE = 4711                 # an advisory lock that everybody waits for


def at_once(server, statements, setup=""):
    """Each statement in a session of its own, all let go at the same moment; their outputs."""
    with Session(server) as gatekeeper, sessions(server, len(statements)) as workers:
        gatekeeper.query(f"SELECT pg_advisory_lock({GATE})")
        for session, statement in zip(workers, statements):
            if setup:
                session.query(setup)
            session.send(f"SELECT pg_advisory_lock_shared({GATE}); {statement}")
        waiting = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
        for _ in range(200):
            if int(gatekeeper.query(waiting)) == len(statements):
                break
            time.sleep(0.02)
        gatekeeper.query(f"SELECT pg_advisory_unlock({GATE})")
        return [session.result().strip() for session in workers]


def waits_for_a_lock(server, pid, last):
    """Once the session has either ended the last of the statements that it was sent, or waits for another: does it wait?"""
    state = f"SELECT state, coalesce(wait_event_type, ''), query FROM pg_stat_activity WHERE pid = {pid}"
    for _ in range(1500):
        doing, waiting_for, query = server.query(state).split("|", 2)
        if doing == "active" and waiting_for == "Lock":
            return True
        if doing.startswith("idle") and query.startswith(last):
            return False
        time.sleep(0.02)
    raise AssertionError(f"neither waiting nor done: {doing} {waiting_for} {query}")


def freeze_number(name, k, of=None):
    """SQL that freezes content of its own for every k and name (or what another name has)."""
    shift = zlib.crc32((of or name).encode()) % 100000
    return (f"SELECT normfreeze.freeze('{name}', normfreeze.fit(ARRAY[age * {k}, income + {shift}], 'standard')) "
            "FROM customers")


def versions(server, name):
    return server.query(f"SELECT string_agg(version::text, ' ' ORDER BY version) FROM normfreeze.versions WHERE name = '{name}'")


def numbers(n):
    return " ".join(str(i) for i in range(1, n + 1))


def check_no_errors(outputs, name):
    errors = [output for output in outputs if sqlstate(output)]
    check(not errors, name, f"{len(errors)} failed, the first with {errors[:1]}")


def tests_of(server):
    def different_content_at_once():
        outputs = at_once(server, [freeze_number("many", k) for k in range(1, 17)])
        check_no_errors(outputs, "16 freezes of different content")
        check_equal(len(set(outputs)), 16, "16 ids")
        check_equal(versions(server, "many"), numbers(16), "versions 1 to 16")

    def the_same_content_at_once():
        outputs = at_once(server, [freeze_number("one", 99)] * 16)
        check_no_errors(outputs, "16 freezes of the same content")
        check_equal(len(set(outputs)), 1, "one id")
        check_equal(versions(server, "one"), "1", "one version")

    def the_same_content_under_many_names_at_once():
        for round_number in range(12):
            outputs = at_once(server, [freeze_number(f"name {round_number} {i}", 1, of=f"names {round_number}")
                                       for i in range(16)])
            check_no_errors(outputs, "16 names for the same new content")
            check_equal(len({output for output in outputs if not sqlstate(output)}), 1, "one id")
        check_equal(server.query("SELECT count(*) FROM normfreeze.versions WHERE name LIKE 'name %' AND version = 1"),
                    str(12 * 16), "each name has its version 1")

    def in_transactions_with_more_to_do():
        outputs = at_once(server, [f"BEGIN; {freeze_number('slow', k)}; SELECT pg_sleep(0.02); COMMIT" for k in range(1, 17)])
        check_no_errors(outputs, "16 transactions that go on after freeze()")
        check_equal(versions(server, "slow"), numbers(16), "versions 1 to 16")

    def repeatable_read_at_once():
        """Snapshots taken before the others commit: numbering sees what is committed all the same."""
        outputs = at_once(server, [f"{freeze_number('repeatable', k)}; COMMIT" for k in range(1, 17)],
                          setup="BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
        check_no_errors(outputs, "16 freezes in REPEATABLE READ")
        check_equal(versions(server, "repeatable"), numbers(16), "versions 1 to 16")

    def serializable_at_once():
        """A serializable transaction may have to be repeated (40001), but nothing else may happen."""
        outputs = at_once(server, [f"BEGIN ISOLATION LEVEL SERIALIZABLE; {freeze_number('serial', k)}; COMMIT"
                                   for k in range(1, 17)])
        check({sqlstate(output) for output in outputs} <= {"", "40001"}, "16 freezes in SERIALIZABLE", outputs)
        for k in range(1, 17):
            server.query(freeze_number("serial", k))
        check_equal(versions(server, "serial"), numbers(16), "versions 1 to 16 after repeating")

    def repeatable_read_with_a_stale_snapshot():
        """Another session freezes and promotes after our snapshot; our own numbers come after its."""
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            server.query(freeze_number("stale", 1))
            session.query(freeze_number("stale", 2))
            session.query("COMMIT")
        check_equal(versions(server, "stale"), "1 2", "freeze() with a stale snapshot")

    def repeatable_read_freeze_of_what_is_there_by_now():
        """A retry is asked for (40001), or the freeze succeeds: not a unique violation."""
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            server.query(freeze_number("by now", 1))
            state = sqlstate(session.do(freeze_number("by now", 1) + "; COMMIT"))
            check(state in ("", "40001"), "the same content, frozen after our snapshot", state)
        check_equal(versions(server, "by now"), "1", "is there once")

    def repeatable_read_promote_with_a_stale_snapshot():
        """Either it works or the transaction is to be repeated (40001): not a unique or foreign key violation."""
        server.query(freeze_number("stale log", 1) + ";" + freeze_number("stale log", 2) + ";SELECT normfreeze.promote('stale log', 1)")
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            server.query("SELECT normfreeze.promote('stale log', 2)")
            output = session.do("SELECT normfreeze.promote('stale log', 1); COMMIT")
            check(sqlstate(output) in ("", "40001"), "promote() after another's promote()", output)
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            server.query(freeze_number("stale log", 3))
            output = session.do("SELECT normfreeze.promote('stale log', 3); COMMIT")
            check(sqlstate(output) in ("", "40001"), "promote() of a version frozen after our snapshot", output)
        check_equal(failed_checks(server), "", "and no gaps come of it")

    def a_rolled_back_freeze_leaves_no_gap():
        server.query(freeze_number("rolled back", 1))
        lost = server.query("BEGIN;" + freeze_number("rolled back", 2) + "; ROLLBACK")
        check_error(server.error(f"SELECT normfreeze.normalize(ARRAY[1, 2], {lost})"), "42704", "it is gone")
        server.query(freeze_number("rolled back", 3))
        check_equal(versions(server, "rolled back"), "1 2", "no gap")

    def a_waiting_freeze_takes_the_number_of_one_rolled_back():
        with Session(server) as first, Session(server) as second:
            first.query("BEGIN;" + freeze_number("waited", 1))
            second.send(freeze_number("waited", 2))
            time.sleep(0.2)
            check_equal(versions(server, "waited"), "", "the second waits for the first")
            first.query("ROLLBACK")
            second.result()
        check_equal(versions(server, "waited"), "1", "and is version 1")

    def names_do_not_wait_for_each_other():
        with Session(server) as first:
            first.query("BEGIN;" + freeze_number("held", 1))
            server.query("SET lock_timeout = '3s';" + freeze_number("other", 2))
            first.query("COMMIT")
        check_equal(versions(server, "other"), "1", "another name can be frozen meanwhile")

    def a_savepoint_rolled_back():
        """In one session, so that whatever it has cached would show."""
        with Session(server) as session:
            session.query("BEGIN; SAVEPOINT s")
            scaler_id = session.query(freeze_number("savepoint", 1))
            apply = f"SELECT normfreeze.normalize(ARRAY[1.5, 2], {scaler_id})"
            session.query(f"PREPARE p AS {apply}")
            check(session.query(apply) != "", "applied inside the savepoint")
            session.query("EXECUTE p")
            session.query("ROLLBACK TO s; SAVEPOINT t")
            check_error(session.do(apply), "42704", "after ROLLBACK TO, by id")
            session.query("ROLLBACK TO t")
            check_error(session.do("EXECUTE p"), "42704", "after ROLLBACK TO, by id, prepared")
            session.query("ROLLBACK TO t")
            check_error(session.do("SELECT normfreeze.scaler_id('savepoint@v1')"), "42704", "after ROLLBACK TO, by name")
            session.query("ROLLBACK")
            check_error(session.do(apply), "42704", "after ROLLBACK")

    def a_savepoint_rolled_back_within_one_call_site():
        """plpgsql keeps the call site over the subtransaction: it must not keep the look-up."""
        server.query("""
            CREATE FUNCTION freeze_and_fail() RETURNS text LANGUAGE plpgsql AS $$
            DECLARE id bigint; z float8[]; state text := 'applied';
            BEGIN
                FOR i IN 1..2 LOOP
                    BEGIN
                        IF i = 1 THEN
                            id := (SELECT normfreeze.freeze('in a block', normfreeze.fit(ARRAY[age * 77], 'standard')) FROM customers);
                        END IF;
                        z := normfreeze.normalize(ARRAY[1.5], id);
                        IF i = 1 THEN RAISE 'undo it'; END IF;
                    EXCEPTION WHEN raise_exception THEN NULL;
                        WHEN undefined_object THEN state := 'gone';
                    END;
                END LOOP;
                RETURN state;
            END $$""")
        check_equal(server.query("SELECT freeze_and_fail()"), "gone", "a freeze undone by an exception block")

    def visible_to_its_own_transaction():
        with Session(server) as session:
            session.query("BEGIN")
            scaler_id = freeze_in(session, "own")
            session.query("SELECT normfreeze.promote('own', 1)")
            check_equal(session.query(bits_sql(scaler_id)), session.query(bits_sql("'own'::text")), "by id and by name")
            check_error(server.error(f"SELECT normfreeze.normalize(t, {scaler_id}) FROM customers t"), "42704",
                        "nobody else sees it yet")
            session.query("COMMIT")
            check_equal(server.query(bits_sql("'own'::text")), session.query(bits_sql(scaler_id)), "after COMMIT everybody does")

    def freeze_in(session, name):
        return session.query(f"""SELECT normfreeze.freeze('{name}', normfreeze.fit(c, 'standard',
                                 '{{"columns": ["age", "income"]}}')) FROM customers c""")

    def promotes_at_once():
        for k in range(1, 4):
            server.query(freeze_number("staged", k))
        outputs = at_once(server, [f"SELECT normfreeze.promote('staged', {i % 3 + 1}, 'stage {i}', new_stage => true)" for i in range(16)])
        check_no_errors(outputs, "16 promotes at once")
        check_equal(server.query("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM normfreeze.stage_log WHERE name = 'staged'"),
                    numbers(16), "numbered 1 to 16")
        check_equal(server.query("SELECT count(*) FROM normfreeze.stages WHERE name = 'staged'"), "16", "every stage has its version")

    def the_same_promote_at_once_is_one_entry():
        server.query(freeze_number("once", 1))
        check_no_errors(at_once(server, ["SELECT normfreeze.promote('once', 1)"] * 16), "16 equal promotes")
        check_equal(server.query("SELECT count(*) FROM normfreeze.stage_log WHERE name = 'once'"), "1", "one entry")

    def a_long_run():
        """Eight sessions that freeze, promote, apply and roll back, again and again, on three names."""
        loop = []
        for worker in range(8):
            lines = []
            for i in range(12):
                name = f"run {(worker + i) % 3}"
                lines.append("BEGIN;" if i % 4 == 3 else "")
                lines.append(freeze_number(name, 1000 + worker * 100 + i) + ";")
                lines.append(f"SELECT normfreeze.promote('{name}', (SELECT max(version) FROM normfreeze.versions WHERE name = '{name}'));")
                lines.append(f"SELECT normfreeze.normalize(ARRAY[1.0, 2.0], '{name}');")
                lines.append("ROLLBACK;" if i % 4 == 3 else "")
            loop.append("\n".join(lines))
        check_no_errors(at_once(server, loop), "eight sessions for twelve rounds")
        frozen = server.query("SELECT count(*) FROM normfreeze.versions WHERE name LIKE 'run _'")
        check_equal(frozen, str(8 * 9), "what was committed is there")
        check_equal(server.query("""SELECT count(*) FROM (SELECT FROM normfreeze.versions GROUP BY name
                                    HAVING max(version) <> count(*)) AS with_gaps"""), "0", "no gaps in versions")
        check_equal(server.query("""SELECT count(*) FROM (SELECT FROM normfreeze.stage_log GROUP BY name
                                    HAVING max(seq) <> count(*)) AS with_gaps"""), "0", "no gaps in the log")

    def sets_of_the_same_rows_at_once():
        """Other members, which share their evidence: each in its own order of ids."""
        for round_ in range(3):
            sets = [server.query(f"""SELECT normfreeze.by_key(part::text, s) FROM (
                                         SELECT id % 60 AS part, normfreeze.fit(ARRAY[income + {round_}], '{method}') AS s
                                         FROM customers GROUP BY part) AS fits""")
                    for method in ("standard", "minmax", "maxabs", "midrange")]
            outputs = at_once(server, [f"SELECT normfreeze.freeze('sets', $set${text}$set$)" for text in sets],
                              setup="LOAD 'normfreeze'")
            check_no_errors(outputs, "four sets")

    # ---- what is asked before a change holds until the change is there ----

    def one_after_the_other(first, second, user=None, setup="", end="COMMIT", isolation=""):
        """The second statement begins when the first has run and its transaction has not ended; does it wait, and how does it end?"""
        with Session(server) as one, Session(server, user=user or "postgres") as two:
            pid = two.backend()
            one.query(f"BEGIN; {first}")
            two.query(setup) if setup else None
            two.send(f"BEGIN {isolation}; {second}; COMMIT")
            waited = waits_for_a_lock(server, pid, "COMMIT")
            one.query(end)
            return waited, two.result()

    CHANGES = {             # each by a role that stage "guarded" admits; the name is its own
        "promote": "SELECT normfreeze.promote('{name}', 3, 'guarded')",
        "rollback": "SELECT normfreeze.rollback('{name}', 'guarded')",
        "demote": "SELECT normfreeze.demote('{name}', 'guarded')",
        "retire": "SELECT normfreeze.retire('{name}', 2)",
        "import_name": "SELECT normfreeze.import_name(e, '{name}', stages => true) FROM (SELECT jsonb_agg(x) AS e FROM normfreeze.export_name('template') AS x) AS e",
    }
    WITHDRAW = "SELECT normfreeze.disallow_stage('guarded', 'changer')"
    log_of = "SELECT count(*) FROM normfreeze.stage_log WHERE name = '{name}'"

    def guarded(name):
        """A name with three versions, of which the second is in a stage that admits one role."""
        server.query(";".join(freeze_number(name, k) for k in (1, 2, 3)) + f"""
            ;SELECT normfreeze.promote('{name}', 1, 'guarded', new_stage => true); SELECT normfreeze.promote('{name}', 2, 'guarded');
            SELECT normfreeze.allow_stage('guarded', 'changer')""")

    def access_is_withdrawn_before_or_after_a_change():
        server.query("""CREATE ROLE changer LOGIN; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA normfreeze TO changer;
                        GRANT SELECT ON ALL TABLES IN SCHEMA normfreeze TO changer""")
        guarded("template")
        for what, change in CHANGES.items():
            name = f"guarded {what}"
            guarded(name)
            before = server.query(log_of.format(name=name))
            waited, output = one_after_the_other(WITHDRAW, change.format(name=name), "changer")
            check(waited, f"{what} waits for a disallow_stage() that has not ended")
            check_error(output, "42501", f"{what} after disallow_stage()")
            check_equal(server.query(log_of.format(name=name)), before, f"{what} has changed nothing")
            guarded_again = "SELECT normfreeze.allow_stage('guarded', 'changer')"
            server.query(guarded_again)
            waited, output = one_after_the_other(WITHDRAW, change.format(name=name), "changer", end="ROLLBACK")
            check(waited and not sqlstate(output), f"{what} goes on after a disallow_stage() that was rolled back", output)
            check(server.query(log_of.format(name=name)) != before, f"{what} has changed the stage")

    def a_change_under_way_is_waited_for():
        for what, change in CHANGES.items():
            name = f"under way {what}"
            guarded(name)
            with Session(server, user="changer") as one, Session(server) as two:
                pid = two.backend()
                one.query("BEGIN; " + change.format(name=name))
                two.send(WITHDRAW)
                check(waits_for_a_lock(server, pid, WITHDRAW), f"disallow_stage() waits for {what}")
                one.query("COMMIT")
                check_equal(two.result().strip(), "t", f"disallow_stage() after {what}")
            check_equal(server.query(f"""SELECT max(a.at) > max(l.at) FROM normfreeze.stage_access_log a, normfreeze.stage_log l
                                         WHERE a.stage = 'guarded' AND l.name = '{name}'"""), "t", f"{what}: withdrawn after the change")

    def closing_a_stage_is_waited_for():
        guarded("closed")
        waited, output = one_after_the_other("SELECT normfreeze.allow_stage('staging', 'postgres')",
                                             "SELECT normfreeze.promote('closed', 1, 'staging')", "changer")
        check(waited, "promote() waits for the first allow_stage() of a stage")
        check_error(output, "42501", "and is refused")

    def a_stale_snapshot_is_no_permission():
        guarded("stale permission")
        with Session(server, user="changer") as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM normfreeze.versions")
            server.query(WITHDRAW)
            check_error(session.do("SELECT normfreeze.promote('stale permission', 3, 'guarded'); COMMIT"), "42501",
                        "promote() in REPEATABLE READ after disallow_stage()")

    def changes_of_one_stage_do_not_wait_for_each_other():
        guarded("side by side 1")
        guarded("side by side 2")
        with Session(server, user="changer") as one, Session(server, user="changer") as two:
            one.query("BEGIN; SELECT normfreeze.promote('side by side 1', 3, 'guarded')")
            two.query("SET lock_timeout = '5s'; SELECT normfreeze.promote('side by side 2', 3, 'guarded')")
            one.query("COMMIT")

    def purged(name, k):
        """A frozen scaler with a profile of its own, and the statement that purges it."""
        scaler_id = server.query(freeze_number(name, k))
        return scaler_id, f"SELECT normfreeze.purge_profile({scaler_id}, 'request 17')"

    def a_purge_and_what_relies_on_the_profile():
        live = f"(SELECT normfreeze.profile(ARRAY[age, income]) FROM customers)"
        for what in ("record_drift", "freeze"):
            for end in ("COMMIT", "ROLLBACK"):
                name = f"purged {what} {end}"
                scaler_id, purge = purged(name, 7)
                statement = (f"SELECT normfreeze.record_drift({scaler_id}, {live})" if what == "record_drift" else
                             f"SELECT normfreeze.freeze('{name} again', normfreeze.scaler({scaler_id}))")
                waited, output = one_after_the_other(purge, statement, end=end)
                check(waited, f"{what} waits for a purge that has not ended")
                if end == "ROLLBACK":
                    check(not sqlstate(output), f"{what} goes on after a purge that was rolled back", output)
                elif what == "record_drift":
                    check_error(output, "55000", "record_drift() after the purge")
                    check_equal(server.query(f"SELECT count(*) FROM normfreeze.drift_log WHERE scaler_id = {scaler_id}"), "0",
                                "nothing is recorded of a profile that is gone")
                else:
                    check_equal(server.query(f"SELECT evidence FROM normfreeze.versions WHERE name = '{name} again'"), "f",
                                "a version frozen after the purge has no evidence")
        check_equal(failed_checks(server), "", "verify() after purges and what waited for them")

    def a_purge_waits_for_a_freeze_and_names_it():
        """Another scaler of the same rows, frozen without its profile: the purge's log is to name it, in every isolation level."""
        for isolation in ("READ COMMITTED", "REPEATABLE READ"):
            name = f"shared {isolation}"
            scaler_id, purge = purged(name, 11)
            shift = zlib.crc32(name.encode()) % 100000
            other = (f"SELECT normfreeze.freeze('{name} other', normfreeze.bare(normfreeze.fit(ARRAY[age * 11, income + {shift}], 'minmax'))) "
                     "FROM customers")
            waited, output = one_after_the_other(other, "SELECT count(*) FROM normfreeze.versions; " + purge,
                                                 isolation=f"ISOLATION LEVEL {isolation}")
            check(waited, f"purge_profile() waits for a freeze of the same evidence, {isolation}")
            check(sqlstate(output) in ("", "40001"), f"and is done, or to be repeated, {isolation}", output)
            check_equal(server.query(f"""SELECT count(*) FROM normfreeze.purge_log WHERE digest =
                                         (SELECT normfreeze.digest_of(scaler) FROM normfreeze.scalers WHERE scaler_id = {scaler_id})"""),
                        "2", f"the log names both scalers, {isolation}")

    def nothing_is_wrong_at_the_end():
        check_equal(failed_checks(server), "", "verify() after all that")
        check_equal(server.query("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"), "0", "no deadlocks")

    yield from (different_content_at_once, the_same_content_at_once, the_same_content_under_many_names_at_once,
                in_transactions_with_more_to_do, repeatable_read_at_once, serializable_at_once,
                repeatable_read_with_a_stale_snapshot, repeatable_read_freeze_of_what_is_there_by_now,
                repeatable_read_promote_with_a_stale_snapshot, a_rolled_back_freeze_leaves_no_gap,
                a_waiting_freeze_takes_the_number_of_one_rolled_back, names_do_not_wait_for_each_other,
                a_savepoint_rolled_back, a_savepoint_rolled_back_within_one_call_site, visible_to_its_own_transaction,
                promotes_at_once, the_same_promote_at_once_is_one_entry, a_long_run, sets_of_the_same_rows_at_once,
                access_is_withdrawn_before_or_after_a_change, a_change_under_way_is_waited_for, closing_a_stage_is_waited_for,
                a_stale_snapshot_is_no_permission, changes_of_one_stage_do_not_wait_for_each_other,
                a_purge_and_what_relies_on_the_profile, a_purge_waits_for_a_freeze_and_names_it,
                nothing_is_wrong_at_the_end)


def scenario(installation):
    with Server(installation, "concurrency") as server:
        prepare(server)
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
