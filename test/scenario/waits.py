"""A transaction that is left open holds up nobody but those who need to know how it ends: freezes of other names go on in all cases."""

from common import Server, Session, check, check_equal, check_error, check_in, failed_checks, run_scenario, run_tests, sessions, sqlstate

ISOLATIONS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
GOES_ON = "SET lock_timeout = '4s';"        # what must not wait fails if it does
GIVES_UP = "SET lock_timeout = '300ms';"


def fit(k, n=20):
    """Content and evidence of their own for every k."""
    return f"(SELECT normfreeze.fit(ARRAY[i, i * i + {k}], 'standard') FROM generate_series(1, {n}) AS i)"


def freeze(name, k):
    return f"SELECT normfreeze.freeze('{name}', {fit(k)})"


def freeze_set(name, k, members):
    return f"""SELECT normfreeze.freeze('{name}', (SELECT normfreeze.by_key(key::text, s, 'null') FROM
        (SELECT key, normfreeze.fit(ARRAY[i + key * 1000, i * i + {k}], 'standard') AS s
         FROM generate_series(1, {members}) AS key, generate_series(1, 3) AS i GROUP BY key) AS fits))"""


def purge(scaler_id):
    return f"SELECT normfreeze.purge_profile({scaler_id}, 'request 17')"


def tests_of(server):
    numbers = iter(range(1, 10 ** 6))

    def goes_on(what):
        """A freeze of another name and content, and whatever else is done every day with others, end at once."""
        k = next(numbers)
        output = server.psql(f"""{GOES_ON} {freeze(f'other {k}', k)}; SELECT normfreeze.promote('other {k}', 1, 'staging', new_stage => true);
            {freeze_set(f'other set {k}', k, 3)};
            SELECT normfreeze.record_drift('other {k}@v1', normfreeze.profile(ARRAY[i, i])) FROM generate_series(1, 9) AS i;
            SELECT normfreeze.register_use('other {k}@v1', 'model', 'test'); SELECT normfreeze.retire('other {k}', 1)""", check=False)
        check_equal((output.returncode, output.stderr), (0, ""), f"{what}: others go on")

    def waits(statement, what):
        check_error(server.error(f"{GIVES_UP} {statement}"), "55P03", what)

    def a_freeze_left_open():
        for isolation in ISOLATIONS:
            k = next(numbers)
            scaler_id = server.query(freeze(f"first {k}", k))
            with Session(server) as idle, Session(server) as purging:
                pid = idle.backend()
                idle.query(f"BEGIN ISOLATION LEVEL {isolation}; {freeze(f'again {k}', k)}")
                goes_on(f"a freeze left open, {isolation}")
                purging.send(f"SET lock_timeout = '1200ms'; {purge(scaler_id)}")
                goes_on(f"a purge that waits for a freeze left open, {isolation}")
                error = purging.result()
                check_error(error, "55P03", f"a purge gives up on a freeze left open, {isolation}")
                check_in(f"Process {pid}", error, "it says who that is")
                check_in("pg_terminate_backend", error, "and what to do")
                other = server.query(freeze(f"to purge {k}", next(numbers)))
                check_equal(server.query(f"{GOES_ON} {purge(other)}"), "1", f"a purge of another profile, {isolation}")
                idle.query("COMMIT")
            check_equal(server.query(purge(scaler_id)), "1", "when it has ended the purge goes on")

    def a_purge_left_open():
        for isolation in ISOLATIONS:
            k = next(numbers)
            scaler_id = server.query(freeze(f"purged {k}", k))
            with Session(server) as idle:
                pid = idle.backend()
                idle.query(f"BEGIN ISOLATION LEVEL {isolation}; {purge(scaler_id)}")
                goes_on(f"a purge left open, {isolation}")
                waits(freeze(f"same {k}", k), "a freeze of the same evidence waits")
                waits(f"SELECT normfreeze.record_drift({scaler_id}, (SELECT normfreeze.profile(ARRAY[i, i]) FROM generate_series(1, 9) AS i))",
                      "drift of the same evidence waits")
                error = server.error(f"{GIVES_UP} {purge(scaler_id)}")
                check_error(error, "55P03", "a second purge gives up")
                check_in(f"Process {pid}", error, "and says who is first")
                idle.query("ROLLBACK")
            check_equal(server.query(f"{freeze(f'same {k}', k)}; SELECT evidence FROM normfreeze.versions WHERE name = 'same {k}'"),
                        f"{scaler_id}\nt", "a purge rolled back has not happened")

    def what_waits_for_a_purge_learns_how_it_ended():
        for end, evidence in (("COMMIT", "f"), ("ROLLBACK", "t")):
            k = next(numbers)
            # evidence that is not stored, so no row of it is deleted: the entry in the log alone tells
            scaler_id = server.query(f"SELECT normfreeze.freeze('unstored {k}', {fit(k)}, keep_profile => false)")
            with Session(server) as idle, Session(server) as waiting:
                idle.query(f"BEGIN; SAVEPOINT s; {purge(scaler_id)}; RELEASE s")
                waiting.send(freeze(f"stored {k}", k))
                goes_on("a purge left open for which a freeze waits")
                idle.query(end)
                waiting.result()
            check_equal(server.query(f"SELECT evidence FROM normfreeze.versions WHERE name = 'stored {k}'"), evidence, f"after {end}")
        check_equal(failed_checks(server), "", "nothing is stored that was purged")

    def a_savepoint_rolled_back_holds_nothing():
        k = next(numbers)
        scaler_id = server.query(freeze(f"savepoint {k}", k))
        with Session(server) as idle:
            idle.query(f"BEGIN; SAVEPOINT s; {purge(scaler_id)}; ROLLBACK TO s")
            check_equal(server.query(f"{GOES_ON} {freeze(f'savepoint 2 {k}', k)}"), scaler_id, "a freeze after a purge to a savepoint")
            idle.query(f"SAVEPOINT s; {freeze(f'savepoint 3 {k}', k)}; ROLLBACK TO s")
            check(server.query(f"{GOES_ON} {purge(scaler_id)}") == "1", "a purge after a freeze to a savepoint")

    def sets_left_open():
        """More profiles than are locked one by one."""
        set_id = server.query(freeze_set("big", next(numbers), 600))
        other = server.query(freeze("beside a set", next(numbers)))
        with Session(server) as idle:
            pid = idle.backend()
            idle.query(f"BEGIN; {freeze_set('big again', next(numbers), 40)}")
            goes_on("a set left open")
            check_equal(len(server.query(f"{GOES_ON} {freeze_set('big too', next(numbers), 40)}").split()), 1, "another set")
            error = server.error(f"{GIVES_UP} {purge(other)}")
            check_error(error, "55P03", "a purge gives up on a large set left open")
            check_in(f"Process {pid}", error, "and says who it is")
            idle.query("ROLLBACK")
            idle.query(f"BEGIN; {purge(set_id)}")
            goes_on("the purge of a set left open")
            check_equal(len(server.query(f"{GOES_ON} {freeze_set('big three', next(numbers), 40)}").split()), 1,
                        "another set goes on beside the purge of one")
            idle.query("COMMIT")
        check_equal(server.query(f"SELECT count(*), count(DISTINCT at), (SELECT count(*) FROM normfreeze.members WHERE set_id = {set_id}) "
                                 f"FROM normfreeze.purge_log WHERE scaler_id = {set_id}"), "600|1|600", "one purge of all members")

    def many_freezes_in_one_transaction():
        """They take few locks for their evidence."""
        with Session(server) as session:
            session.query("BEGIN; DO $$ BEGIN FOR k IN 1 .. 200 LOOP PERFORM normfreeze.freeze('many ' || k, "
                          "(SELECT normfreeze.fit(ARRAY[i, i * i - k], 'standard') FROM generate_series(1, 5) AS i)); END LOOP; END $$")
            check(int(session.query("SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND "
                                    "classid = 'normfreeze.purge_log'::regclass")) <= 40, "locks of 200 freezes")
            session.query("ROLLBACK")

    def prepared_transactions():
        k = next(numbers)
        scaler_id = server.query(freeze(f"prepared {k}", k))
        server.query(f"BEGIN; {freeze(f'prepared again {k}', k)}; PREPARE TRANSACTION 'a freeze'")
        error = server.error(f"{GIVES_UP} {purge(scaler_id)}")
        check_error(error, "55P03", "a purge gives up on a prepared freeze")
        check_in('Prepared transaction "a freeze"', error, "and names it")
        goes_on("a prepared freeze")
        server.query("COMMIT PREPARED 'a freeze'")
        server.query(f"BEGIN; {purge(scaler_id)}; PREPARE TRANSACTION 'a purge'")
        goes_on("a prepared purge")
        waits(freeze(f"prepared three {k}", k), "a freeze of the same evidence waits for a prepared purge")
        check_in('Prepared transaction "a purge"', server.error(f"{GIVES_UP} {purge(scaler_id)}"), "a second purge names the first")
        server.query("COMMIT PREPARED 'a purge'")
        server.query(freeze(f"prepared three {k}", k))
        check_equal(server.query(f"SELECT evidence FROM normfreeze.versions WHERE name = 'prepared three {k}'"), "f", "it is purged")

    def a_promotion_left_open():
        """disallow_stage() waits for it, and nobody else waits for disallow_stage()."""
        server.query("""CREATE ROLE promoter LOGIN; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA normfreeze TO promoter;
                        GRANT SELECT ON ALL TABLES IN SCHEMA normfreeze TO promoter""")
        server.query(f"""{freeze('one', next(numbers))}; {freeze('two', next(numbers))};
                         SELECT normfreeze.allow_stage('live', 'promoter', new_stage => true)""")
        with Session(server, user="promoter") as idle, Session(server) as withdrawing:
            pid = idle.backend()
            idle.query("BEGIN; SELECT normfreeze.promote('one', 1, 'live', new_stage => true)")
            withdrawing.send("SET lock_timeout = '1s'; SELECT normfreeze.disallow_stage('live', 'promoter')")
            check(sqlstate(server.psql(f"{GOES_ON} SELECT normfreeze.promote('two', 1, 'live', new_stage => true)",
                                       user="promoter", check=False).stderr) == "", "another promotion goes on")
            goes_on("a promotion left open")
            error = withdrawing.result()
            check_error(error, "55P03", "disallow_stage() gives up")
            check_in(f"Process {pid}", error, "and says on whom")
            idle.query("COMMIT")
            check_equal(server.query("SELECT normfreeze.disallow_stage('live', 'promoter')"), "t", "then it withdraws")

    def names_and_uses_left_open():
        server.query(f"{freeze('mine', next(numbers))}; {freeze('yours', next(numbers))}")
        with sessions(server, 3) as (one, two, three):
            one.query(f"BEGIN; SELECT normfreeze.promote('mine', 1, 'staging'); {freeze('mine', next(numbers))}")
            two.query("BEGIN; SELECT normfreeze.register_use('mine@v1', 'idle model', 'test')")
            three.query("""BEGIN; SELECT normfreeze.record_drift('mine@v1', (SELECT normfreeze.profile(ARRAY[i, i])
                           FROM generate_series(1, 9) AS i))""")
            goes_on("a name, a use and a record of drift left open")
            server.query(f"{GOES_ON} {freeze('yours', next(numbers))}; SELECT normfreeze.register_use('yours@v1', 'model', 'test')")
            waits(freeze("mine", next(numbers)), "a freeze of the same name waits for its number")

    def nothing_is_wrong_at_the_end():
        check_equal(failed_checks(server), "", "verify() after all that")
        check_equal(server.query("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"), "0", "no deadlocks")

    yield from (a_freeze_left_open, a_purge_left_open, what_waits_for_a_purge_learns_how_it_ended, a_savepoint_rolled_back_holds_nothing,
                sets_left_open, many_freezes_in_one_transaction, prepared_transactions, a_promotion_left_open, names_and_uses_left_open,
                nothing_is_wrong_at_the_end)


def scenario(installation):
    with Server(installation, "waits") as server:
        server.query("CREATE EXTENSION normfreeze")
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
