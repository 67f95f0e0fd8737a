"""Purges and uses among other sessions: what is gone stays gone, whoever freezes meanwhile; and roles."""

from common import (Server, Session, check, check_equal, check_error, check_in, errors_of, failed_checks, fit_sql, freeze,
                    prepare, run_scenario, run_tests, wait_until)

NOTICES = "-c client_min_messages=notice"


def waits(server, session):
    """Has this session come to wait for a lock?"""
    query = f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = {session}"
    return wait_until(lambda: server.query(query) == "1", "a session waits for another")


def stored(server, scaler_id):
    return server.query(f"SELECT normfreeze.profile_of({scaler_id}) IS NOT NULL") == "t"


def tests_of(server):
    def a_purge_waits_for_a_freeze():
        """The freeze has looked before the purge, and stores its profile after: the purge must see it."""
        with Session(server) as freezer, Session(server) as purger:
            known = freeze(server, "early", "standard", where="id < 40")
            freezer.query("BEGIN")
            other = freezer.query(f"SELECT normfreeze.freeze('early 2', {fit_sql('minmax', 'id < 40')})")
            backend = purger.backend()
            purger.send(f"SELECT normfreeze.purge_profile({known}, 'waits')")
            waits(server, backend)
            freezer.query("COMMIT")
            check_equal(purger.result().splitlines()[-1], "2", "the purge logs the scaler that has just been frozen, too")
        check(not stored(server, known) and not stored(server, other), "the profile is gone for both")
        check_equal(failed_checks(server), "", "verify() finds nothing")

    def a_freeze_waits_for_a_purge():
        for end, there in (("COMMIT", False), ("ROLLBACK", True)):
            where = f"id < {60 + there}"
            known = freeze(server, f"late {end}", "standard", where=where)
            with Session(server) as purger, Session(server, options=NOTICES) as freezer:
                purger.query("BEGIN")
                purger.query(f"SELECT normfreeze.purge_profile({known}, 'first')")
                backend = freezer.backend()
                freezer.send(f"SELECT normfreeze.freeze('late again {end}', {fit_sql('standard', where)})")
                waits(server, backend)
                purger.query(end)
                output = freezer.result()
                check_in(known, output, f"the freeze goes on after {end}")
                check(("is not stored again" in output) != there, f"it {'says nothing' if there else 'says so'}", output)
            check_equal(stored(server, known), there, f"the profile after {end}")
        check_equal(failed_checks(server), "", "verify() finds nothing")

    def in_repeatable_read():
        """What a snapshot does not show is not deleted by it, and then nothing is logged."""
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            later = freeze(server, "later", "standard", where="id < 70")
            check_error(session.do(f"SELECT normfreeze.purge_profile({later}, 'x')"), "40001", "a profile from after the snapshot")
            session.query("ROLLBACK")
        check(stored(server, later), "it is there")
        with Session(server, options=NOTICES) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM customers")
            server.query(f"SELECT normfreeze.purge_profile({later}, 'y')")
            output = session.do(f"SELECT normfreeze.freeze('later again', {fit_sql('standard', 'id < 70')})")
            check_in("is not stored again", output, "a purge from after the snapshot is heeded")
            session.query("COMMIT")
        check(not stored(server, later), "it is gone")
        check_equal(failed_checks(server), "", "verify() finds nothing")

    def purged_twice_at_once():
        known = freeze(server, "twice", "standard", where="id < 80")
        with Session(server) as first, Session(server) as second:
            first.query("BEGIN")
            check_equal(first.query(f"SELECT normfreeze.purge_profile({known}, 'first')"), "1", "the first purges")
            backend = second.backend()
            second.send(f"SELECT normfreeze.purge_profile({known}, 'second')")
            waits(server, backend)
            first.query("COMMIT")
            check_equal(second.result(), "0", "the second finds it done")
        check_equal(server.query(f"SELECT string_agg(reason, ' ') FROM normfreeze.purge_log WHERE scaler_id = {known}"), "first",
                    "one entry")

    def uses_at_once():
        known = freeze(server, "used", "standard", where="id < 90")
        with Session(server) as first, Session(server) as second:
            first.query("BEGIN")
            first.query(f"SELECT normfreeze.register_use({known}, 'one', 'model')")
            backend = second.backend()
            second.send(f"SELECT normfreeze.register_use({known}, 'one', 'model'), normfreeze.register_use({known}, 'two', 'model')")
            waits(server, backend)
            first.query("COMMIT")
            check_equal(second.result(), "1|2", "the same consumer once, another behind it")
        check_equal(failed_checks(server), "", "numbers without gaps")

    def roles():
        """Who may purge needs no more than that, whatever the path; who may not gets nowhere."""
        known = freeze(server, "of roles", "standard", where="id < 95")
        server.query("""CREATE ROLE officer; CREATE ROLE nobody; CREATE SCHEMA evil; GRANT USAGE, CREATE ON SCHEMA evil TO officer;
            GRANT EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text), normfreeze.register_use(bigint, text, text, text) TO officer;
            CREATE TABLE evil.purge_log (digest text); CREATE TABLE evil.profiles (digest text);
            CREATE FUNCTION evil.text_eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
            CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.text_eq);
            CREATE FUNCTION evil.int8_eq(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
            CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.int8_eq);
            CREATE FUNCTION evil.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA evil TO PUBLIC""")
        hostile = "SET search_path = evil, pg_catalog; "
        check_error(errors_of(server, f"SET ROLE nobody; SELECT normfreeze.purge_profile({known}, 'x')"), "42501", "nobody may not purge")
        check_error(errors_of(server, f"SET ROLE officer; DELETE FROM normfreeze.profiles"), "42501", "who may purge may not delete")
        check_error(errors_of(server, f"SET ROLE officer; SELECT normfreeze.lineage('of roles')"), "42501", "nor see the history")
        second = freeze(server, "of roles", "minmax", where="id < 95")
        for scaler_id, entry in ((known, "1"), (second, "1"), (second, "1"), (known, "2")):
            check_equal(server.query(f"SET ROLE officer; {hostile} SELECT normfreeze.register_use({scaler_id}, 'x', 'model')").splitlines()[-1],
                        entry, "register_use() under a hostile search_path")
        check_equal(server.query(f"SET ROLE officer; {hostile} SELECT normfreeze.purge_profile({known}, 'x')").splitlines()[-1], "2",
                    "purge_profile() under a hostile search_path")
        for call in ("normfreeze.verify() WHERE NOT ok", f"normfreeze.verify({known}) WHERE NOT ok"):
            check_equal(server.query(f"{hostile} SELECT count(*) FROM {call}").splitlines()[-1], "0", f"{call} under a hostile search_path")
        for call in ("normfreeze.lineage('of roles')", f"normfreeze.stage_as_of({known}, now())", "normfreeze.uses", "normfreeze.events"):
            check(int(server.query(f"{hostile} SELECT pg_catalog.count(*) FROM {call}").splitlines()[-1]) > 0, f"{call} under a hostile search_path")
        check_equal(server.query(f"SELECT purged_by || ' ' || purged_session_user FROM normfreeze.purge_log WHERE scaler_id = {known}"),
                    "officer postgres", "who it was")

    def the_bytes_are_gone():
        """After VACUUM FULL no file of the table has the profile, as docs/privacy.md says."""
        mark = "a feature of this very name"
        server.query(f"""SELECT normfreeze.freeze('marked', normfreeze.fit(ARRAY[age, income], 'standard', '{{"names": ["{mark}", "b"], "distribution": false}}'))
                         FROM customers""")
        path = lambda: server.data / server.query(
            "SELECT pg_relation_filepath('normfreeze.profiles')")                               # noqa: E731
        server.query("CHECKPOINT")
        check(mark.encode() in path().read_bytes(), "the profile is in the table's file")
        server.query("SELECT normfreeze.purge_profile(normfreeze.scaler_id('marked@v1'), 'x'); ANALYZE normfreeze.profiles; CHECKPOINT")
        check(mark.encode() in path().read_bytes(), "as a dead row it is still there")
        server.query("VACUUM FULL normfreeze.profiles")
        server.query("CHECKPOINT")
        check(mark.encode() not in path().read_bytes(), "VACUUM FULL writes the file anew")
        check_equal(server.query(f"SELECT count(*) FROM pg_statistic AS s WHERE s::text LIKE '%{mark}%'"), "0", "statistics have no copy")

    yield from (a_purge_waits_for_a_freeze, a_freeze_waits_for_a_purge, in_repeatable_read, purged_twice_at_once, uses_at_once,
                roles, the_bytes_are_gone)


def scenario(installation):
    with Server(installation, "privacy") as server:
        prepare(server)
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
