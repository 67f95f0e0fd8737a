"""Scalers by key: 25,000 of them (at night 100,000) fitted, frozen and applied as one; what is forged or gone is refused."""

import os
import time

from common import (Server, Session, check, check_equal, check_error, check_in, errors_of, failed_checks, run_scenario,
                    run_tests)

KEYS = 100_000 if os.environ.get("NORMFREEZE_TEST_ALL") else 25_000

ROWS = """
CREATE TABLE events AS
    SELECT i AS id, 'key ' || (i::bigint * 7919 % {keys})::text AS key,
           (i % 977) * 1.25 AS a, sqrt(i) AS b, (i * 13::bigint % 1009)::float8 AS c, (i % 7919)::float8 AS d
    FROM generate_series(1, {rows}) AS i;
ANALYZE events;
"""

OPTIONS = '{"columns": ["a", "b", "c", "d"], "distribution": false}'

FITS = f"SELECT key, normfreeze.fit(e, 'standard', '{OPTIONS}') AS scaler FROM events AS e GROUP BY key"


def seconds(session, sql):
    start = time.monotonic()
    output = session.query(sql)
    return time.monotonic() - start, output


def reads_of_members(session, sql):
    """What a query reads of the table of members, as PostgreSQL counts it: whole scans, probes of indexes, rows by them.

    Another transaction before it has the query ask again for what the session keeps.
    """
    session.query("SELECT pg_current_xact_id()")
    counts = "SELECT seq_scan, idx_scan, idx_tup_fetch FROM pg_stat_xact_all_tables WHERE relid = 'normfreeze.members'::regclass"
    before, after = session.query(f"BEGIN; {counts}; DO $query$ BEGIN EXECUTE $sql${sql}$sql$; END $query$; {counts}; COMMIT").split()
    return "|".join(str(int(new) - int(old)) for old, new in zip(before.split("|"), after.split("|")))


def digest_of(call, where="true"):
    """SQL for a digest of every bit that a call gives for the events."""
    return (f"SELECT md5(string_agg(coalesce(encode(array_send({call}), 'hex'), 'NULL'), '' ORDER BY id)) "
            f"FROM events AS e WHERE {where}")


# ---- many keys ----

def many_keys(server):
    server.query("CREATE EXTENSION normfreeze", server.new_database("many"))
    session = Session(server, "many")
    session.query("SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
    session.query(ROWS.format(keys=KEYS, rows=2 * KEYS))
    session.query("CREATE TABLE fits (key text PRIMARY KEY, scaler normfreeze.scaler)")
    state = {}

    def fitted_by_one_query_and_frozen():
        took, _ = seconds(session, f"CREATE TABLE made AS SELECT normfreeze.by_key(key, scaler) AS made FROM ({FITS}) AS fits")
        print(f"    {KEYS} keys fitted and made into one set in {took:.1f} s")
        took, state["id"] = seconds(session, "SELECT normfreeze.freeze('many', made) FROM made")
        print(f"    frozen in {took:.1f} s")
        check(took < 300, "not for ever, on a busy machine", took)
        check_equal(session.query("SELECT count(*) FROM normfreeze.members"), str(KEYS), "a row for each key")
        check_equal(session.query("SELECT normfreeze.freeze('many', made) FROM made"), state["id"], "and nothing new again")
        check_equal(session.query("SELECT count(*), min(row_count) FROM normfreeze.versions"), f"1|{2 * KEYS}", "as one version of all rows")
        check_equal(session.query("""SELECT normfreeze.id_of(normfreeze.by_key(m.key, m.scaler ORDER BY md5(m.key)))
                                     FROM made, normfreeze.members_of(made) AS m"""), state["id"], "the same id in another order")

    def applied_in_random_order():
        """Bits as from each key's scaler by value; the look-up is one probe of an index, and then of a hash table."""
        session.query(f"INSERT INTO fits {FITS}")
        right = session.query("""SELECT md5(string_agg(encode(array_send(normfreeze.normalize(e, f.scaler)), 'hex'), '' ORDER BY id))
                                 FROM events AS e JOIN fits AS f USING (key)""")
        check_equal(session.query(digest_of(f"normfreeze.normalize_by_key(e, {state['id']}, key)")), right, "by id, as by each scaler")
        check_equal(session.query(digest_of("normfreeze.normalize_by_key(e, 'many@v1'::text, key)")), right, "by ref")
        check_equal(session.query(digest_of("normfreeze.normalize_by_key(e, (SELECT made FROM made), key)")), right, "by value")
        session.query("SET normfreeze.member_memory = '1MB'")
        check_equal(session.query(digest_of(f"normfreeze.normalize_by_key(e, {state['id']}, key)")), right, "with little memory")
        session.query("RESET normfreeze.member_memory")
        session.query("SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0")
        check_equal(session.query(digest_of(f"normfreeze.normalize_by_key(e, {state['id']}, key)")), right, "in a parallel plan")
        session.query("SET max_parallel_workers_per_gather = 0")
        back = session.query(f"""SELECT max(abs(x - y)) < 1e-6 FROM (SELECT unnest(normfreeze.denormalize_by_key(
            normfreeze.normalize_by_key(e, {state['id']}, key), {state['id']}, key)) AS x, unnest(ARRAY[a, b, c, d]) AS y FROM events AS e) AS t""")
        check_equal(back, "t", "and back")

    def looking_up_does_not_grow():
        """Counted, not timed: a key is one row by the index when it is first met, and nothing after that."""
        for keys in (KEYS // 100, KEYS):
            events = f"(SELECT * FROM events WHERE substr(key, 5)::int < {keys})"
            normalized = f"normfreeze.normalize_by_key(e, {state['id']}, key)"
            check_equal(reads_of_members(session, f"SELECT count({normalized}) FROM (SELECT DISTINCT ON (key) * FROM {events} AS d ORDER BY key OFFSET 0) AS e"),
                        f"0|{keys}|{keys}", f"{keys} keys: seq_scan, idx_scan, idx_tup_fetch")

        session.query("SET work_mem = '1GB'")
        check_equal(reads_of_members(session, f"SELECT count({normalized}) FROM (SELECT e.* FROM generate_series(1, 6), {events} AS e OFFSET 0) AS e"),
                    f"0|{KEYS}|{KEYS}", f"{12 * KEYS} rows of {KEYS} keys")

    def planned_while_small():
        """A plan kept from when the table was tiny must not read all of it later."""
        server.query("CREATE EXTENSION normfreeze", server.new_database("growing"))
        with Session(server, "growing") as growing:
            growing.query(ROWS.format(keys=5000, rows=5000))
            set_of = "(SELECT normfreeze.by_key(key, scaler, 'null') FROM (" + FITS + ") AS fits WHERE key < '%s')"
            first = growing.query("SELECT normfreeze.freeze('g', " + set_of % "key 10" + ")")
            growing.query("ANALYZE normfreeze.members; ANALYZE normfreeze.scalers")
            for _ in range(8):
                growing.query(f"SELECT count(normfreeze.normalize_by_key(e, {first}, key)) FROM events AS e WHERE id < 50")
            second = growing.query("SELECT normfreeze.freeze('g', " + set_of % "key 9" + ")")
            counted = f"SELECT count(normfreeze.normalize_by_key(e, {second}, key)) FROM events AS e"
            known = int(growing.query(counted))
            check(known > 4000, "most keys are there", known)
            # the keys that are not there are all behind the last: it and the nothing after it prove that
            unknown = 5000 - known
            check_equal(reads_of_members(growing, counted), f"0|{known + 3 * unknown}|{known + unknown}", "looked up by the index")

    def proved():
        check_equal(failed_checks(server, "many", argument=state["id"]), "", "verify(id) of the set")
        check_in(f"{KEYS} keys", session.query(f"SELECT detail FROM normfreeze.verify({state['id']}) WHERE \"check\" = 'members'"), "all keys")
        session.close()

    yield from (fitted_by_one_query_and_frozen, applied_in_random_order, looking_up_does_not_grow, planned_while_small, proved)


# ---- small sets: restored, tampered with, by roles ----

def small_sets(server):
    server.query("CREATE EXTENSION normfreeze;" + ROWS.format(keys=7, rows=200), server.new_database("small"))
    strict, lenient, caught = server.query(f"""
        CREATE TABLE sets AS SELECT normfreeze.by_key(key, scaler) AS strict, normfreeze.by_key(key, scaler, 'null') AS lenient,
            normfreeze.by_key(key, scaler, (SELECT normfreeze.fit(e, 'standard', '{OPTIONS}') FROM events AS e)) AS caught
        FROM ({FITS}) AS fits;
        SELECT normfreeze.freeze('strict', strict), normfreeze.freeze('lenient', lenient), normfreeze.freeze('caught', caught)
        FROM sets""", "small").split("|")
    bits = {scaler: server.query(digest_of(f"normfreeze.normalize_by_key(e, {scaler}, key)"), "small") for scaler in (strict, lenient, caught)}
    fallback = server.query(f"SELECT normfreeze.member({caught}, 'none')", "small")
    unseen = f"SELECT normfreeze.normalize_by_key(e, %s, 'none') IS NULL FROM events AS e LIMIT 1"

    def fresh(name):
        return server.new_database(name, template="small")

    def edited(name, statement):
        """A database whose members were changed by somebody who took the guards away."""
        database = fresh(name)
        server.query("ALTER TABLE normfreeze.members DISABLE TRIGGER ALL; ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;"
                     + statement, database)
        return database

    def refused(database, key, scaler=strict):
        output = errors_of(server, f"SELECT normfreeze.normalize_by_key(e, {scaler}, '{key}') FROM events AS e LIMIT 1", database)
        check_error(output, "XX001", f"{database}: {key} is refused")
        check_in("was changed after it was frozen and is not applied", output, f"{database}: the error says so")

    def dump_and_restore():
        text = server.program("pg_dump", "-d", "small").stdout
        server.query(text, server.new_database("restored"))
        members = "SELECT * FROM normfreeze.members ORDER BY set_id, key"
        check_equal(server.query(members, "restored"), server.query(members, "small"), "the members")
        check_equal(failed_checks(server, "restored"), "", "verify()")
        for scaler, right in bits.items():
            check_equal(server.query(digest_of(f"normfreeze.normalize_by_key(e, {scaler}, key)"), "restored"), right, "the bits of a set")
        check_equal(server.query("SELECT s = s::text::normfreeze.scaler FROM (SELECT caught FROM sets) AS t (s)", "restored"), "t", "a set in a table")
        archive = server.folder / "small.dump"
        server.program("pg_dump", "-Fc", "-f", archive, "-d", "small")
        server.new_database("parallel")
        server.program("pg_restore", "--exit-on-error", "-j", "3", "-d", "parallel", archive)
        check_equal(server.query(members, "parallel"), server.query(members, "small"), "the members, by pg_restore -j 3")

    def another_scaler_for_a_key():
        database = edited("other", f"""UPDATE normfreeze.members SET scaler_id =
            (SELECT scaler_id FROM normfreeze.members WHERE set_id = {strict} AND key = 'key 3') WHERE key = 'key 2'""")
        refused(database, "key 2")
        check_equal(server.query(f"SELECT normfreeze.normalize_by_key(e, {strict}, 'key 3') IS NULL FROM events AS e LIMIT 1", database), "f",
                    "other keys still apply")
        check_in("key 2", failed_checks(server, database, argument=strict), "verify(id) names the key")
        check_in("key 2", failed_checks(server, database), "and verify()")

    def a_proof_changed():
        database = edited("proof", "UPDATE normfreeze.members SET proof = set_byte(proof, 5, 255 - get_byte(proof, 5)) WHERE key = 'key 4'")
        refused(database, "key 4")
        refused(database, "key 35", lenient)
        check_in("key 4", failed_checks(server, database, argument=strict), "verify(id) names the key")
        shorter = edited("shorter", "UPDATE normfreeze.members SET proof = substr(proof, 33) WHERE key = 'key 4'")
        refused(shorter, "key 4")

    def a_row_that_is_gone():
        """Never silently the fallback, nor NULL."""
        database = edited("gone", "DELETE FROM normfreeze.members WHERE key = 'key 5'")
        for scaler in (strict, lenient, caught):
            refused(database, "key 5", scaler)
        check_equal(server.query(unseen % caught, database), "f", "a key that was never there has the fallback")
        check_in("position 7 instead of 6", failed_checks(server, database, argument=strict), "verify(id) finds the gap")
        for which, key in (("first", "key 0"), ("last", "key 6")):
            database = edited(which, f"DELETE FROM normfreeze.members WHERE key = '{key}'")
            refused(database, key, caught)
        check_in("6 of its 7 keys", failed_checks(server, database, argument=strict), "verify(id) misses the last")
        database = edited("emptied", "DELETE FROM normfreeze.members")
        refused(database, "key 5", caught)
        check_error(errors_of(server, "SELECT normfreeze.freeze('more', normfreeze.bare(lenient)) FROM sets", database), "55000",
                    "a bare set without its members is not frozen")
        server.query("SELECT normfreeze.freeze('strict', strict) FROM sets", database)
        check_equal(server.query(digest_of(f"normfreeze.normalize_by_key(e, {strict}, key)"), database), bits[strict],
                    "freezing the whole set again brings them back")

    def rows_made_up():
        row = f"""INSERT INTO normfreeze.members SELECT {caught}, '%s', %s, scaler_id, proof
                  FROM normfreeze.members WHERE set_id = {caught} AND key = 'key 3'"""
        database = edited("added", row % ("none", "8"))
        refused(database, "none", caught)
        check_in("more than its 7 keys", failed_checks(server, database, argument=caught), "verify(id) counts")
        check_error(errors_of(server, "SELECT normfreeze.freeze('caught', caught) FROM sets", database), "XX001", "freeze() counts, too")
        database = edited("moved", "UPDATE normfreeze.members SET position = position + 10 WHERE key = 'key 3'")
        refused(database, "key 3")

    def content_changed():
        scaler = server.query(f"SELECT normfreeze.member({strict}, 'key 1')", "small")
        change = """ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
            UPDATE normfreeze.scalers SET scaler = (SELECT scaler FROM normfreeze.scalers WHERE scaler_id = {})
            WHERE scaler_id = {}"""
        database = edited("content", change.format(fallback, scaler))
        refused(database, "key 1")
        check_in("key 1", failed_checks(server, database, argument=strict), "verify(id) of the set")
        check_equal(server.query(f"SELECT ok FROM normfreeze.verify({scaler}) WHERE \"check\" = 'content'", database), "f", "of the member")
        refused(edited("fell_back", change.format(scaler, fallback)), "none", caught)
        refused(edited("set_content", change.format(lenient, strict)), "key 1", strict)
        refused(edited("nested", change.format(lenient, scaler)), "key 1", strict)
        database = edited("no_fallback", f"""ALTER TABLE normfreeze.versions DISABLE TRIGGER ALL;
            DELETE FROM normfreeze.scalers WHERE scaler_id = {fallback}""")
        check_error(errors_of(server, unseen % caught, database), "42704", "a fallback that is gone")
        check_in(f"its fallback, scaler {fallback}, is not there", failed_checks(server, database, argument=caught), "verify(id)")

    def damaged_bytes():
        """Whatever byte of a set is another, its content is refused."""
        database = fresh("damaged")
        server.query("CREATE CAST (normfreeze.scaler AS bytea) WITHOUT FUNCTION; CREATE CAST (bytea AS normfreeze.scaler) WITHOUT FUNCTION", database)
        passed = server.query("""
            CREATE FUNCTION passes(id bigint, fingerprint text, bytes bytea) RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                RETURN normfreeze.is_content(id, fingerprint, bytes::normfreeze.scaler);
            EXCEPTION WHEN data_corrupted OR invalid_parameter_value OR character_not_in_repertoire OR name_too_long
                OR invalid_name OR duplicate_column THEN RETURN NULL; END $$;
            SELECT string_agg(DISTINCT passes(normfreeze.id_of(s), normfreeze.fingerprint(s),
                                     set_byte(s::bytea, i, (get_byte(s::bytea, i) + j) % 256))::text, ',')
            FROM (SELECT normfreeze.bare(caught) AS s FROM sets) AS t, LATERAL generate_series(0, length(s::bytea) - 1) AS i,
                 unnest(ARRAY[1, 2, 64, 128, 255]) AS j""", database)
        check_equal(passed, "false", "a byte of a bare set (it decodes or it does not, but never passes)")
        passed = server.query("""
            SELECT count(passes(normfreeze.id_of(s), normfreeze.fingerprint(s), set_byte(s::bytea, i, (get_byte(s::bytea, i) + j) % 256)))
            FROM (SELECT normfreeze.by_key(m.key, normfreeze.bare(m.scaler), normfreeze.bare(normfreeze.member(caught, NULL))) AS s
                  FROM sets, normfreeze.members_of(caught) AS m GROUP BY caught) AS t,
                 LATERAL generate_series(6 + 80, length(s::bytea) - 1) AS i, unnest(ARRAY[1, 128]) AS j""", database)
        check_equal(passed, "0", "a byte of the members is always noticed")
        cut = server.query("""
            SELECT count(passes(normfreeze.id_of(s), normfreeze.fingerprint(s), substr(s::bytea, 1, i)))
            FROM (SELECT normfreeze.by_key(m.key, normfreeze.bare(m.scaler)) AS s FROM sets, normfreeze.members_of(caught) AS m) AS t,
                 LATERAL generate_series(0, length(s::bytea) - 1) AS i""", database)
        check_equal(cut, "0", "a set that is cut")
        sent = "SELECT normfreeze.scaler_send(caught) FROM sets"
        check(len(server.query(sent, database)) > 1000, "sent in binary")
        server.query("COPY sets TO '/tmp/normfreeze-sets.bin' WITH (FORMAT binary); CREATE TABLE received (LIKE sets);"
                     "COPY received FROM '/tmp/normfreeze-sets.bin' WITH (FORMAT binary)".replace("/tmp", str(server.folder)), database)
        check_equal(server.query("SELECT r = s FROM received AS r, sets AS s", database), "t", "received as it was")

    def roles():
        database = fresh("roles")
        server.query("CREATE ROLE scoring LOGIN; CREATE ROLE half LOGIN; GRANT SELECT ON events, sets TO scoring, half;"
                     "GRANT SELECT ON normfreeze.scalers TO scoring, half; GRANT SELECT ON normfreeze.members TO scoring", database)
        call = digest_of(f"normfreeze.normalize_by_key(e, {strict}, key)")
        check_equal(server.query(call, database, "scoring"), bits[strict], "SELECT on scalers and members is enough")
        check_error(errors_of(server, call, database, "half"), "42501", "SELECT on scalers alone is not")
        check_equal(server.query(digest_of("normfreeze.normalize_by_key(e, strict, key)").replace("events AS e", "sets, events AS e"), database, "half"),
                    bits[strict], "the value form needs neither")
        check_equal(server.query(f"SELECT count(normfreeze.member({lenient}, k)) FROM (VALUES ('key 1'), ('x'), (NULL)) AS v (k)",
                                 database, "scoring"), "1", "member()")
        with Session(server, database, "scoring") as session:
            session.query(f"PREPARE one AS {call}")
            check_equal(session.query("EXECUTE one"), bits[strict], "prepared")
            server.query("REVOKE SELECT ON normfreeze.members FROM scoring", database)
            check_error(session.do("EXECUTE one"), "42501", "what was granted is asked anew")
        for role in ("origin", "replica", "local"):
            for change in ("UPDATE normfreeze.members SET proof = proof", "DELETE FROM normfreeze.members", "TRUNCATE normfreeze.members"):
                check_error(errors_of(server, f"SET session_replication_role = {role}; {change}", database), "55000", f"{change} as {role}")
        for change in ("INSERT INTO normfreeze.members SELECT * FROM normfreeze.members", "DELETE FROM normfreeze.members",
                       "UPDATE normfreeze.members SET position = 1"):
            check_error(errors_of(server, change, database, "scoring"), "42501", change)

    def row_security():
        """A policy that hides some keys of a set: those cannot be mistaken for keys that were never there."""
        database = fresh("policies")
        server.query("CREATE ROLE tenant LOGIN; GRANT SELECT ON events, normfreeze.scalers, normfreeze.members TO tenant;"
                     "ALTER TABLE normfreeze.members ENABLE ROW LEVEL SECURITY;"
                     "CREATE POLICY own ON normfreeze.members TO tenant USING (key = current_setting('tenant.key', true))", database)
        with Session(server, database, "tenant") as session:
            session.query("SET tenant.key = 'key 1'")
            one = f"SELECT normfreeze.normalize_by_key(e, {lenient}, '%s') IS NULL FROM events AS e WHERE id = 1"
            check_equal(session.query(one % "key 1"), "f", "its own key")
            check_error(session.do(one % "key 2"), "XX001", "another one's")
            session.query("SET tenant.key = 'key 2'")
            check_equal(session.query(one % "key 2"), "f", "its own key, after another setting")
            check_error(session.do(one % "key 1"), "XX001", "the one before")

    def rolled_back():
        database = fresh("undone")
        make = f"SELECT normfreeze.freeze('undone', normfreeze.by_key(key || '!', scaler, 'null')) FROM ({FITS}) AS fits"
        with Session(server, database) as session:
            made = session.query(f"BEGIN; SAVEPOINT a; {make}")
            one = f"SELECT normfreeze.normalize_by_key(e, {made}, key || '!') IS NULL FROM events AS e WHERE id = 1"
            check_equal(session.query(one), "f", "in its own transaction")
            check_error(session.do(f"ROLLBACK TO a; {one}"), "42704", "after it was rolled back")
            session.query("ROLLBACK")
            check_error(session.do(one), "42704", "and after the transaction")
            check_equal(session.query(make), made, "frozen later, with the same id")
            check_equal(session.query(one), "f", "it applies")

    yield from (dump_and_restore, another_scaler_for_a_key, a_proof_changed, a_row_that_is_gone, rows_made_up, content_changed,
                damaged_bytes, roles, row_security, rolled_back)


def scenario(installation):
    with Server(installation, "keyed", {"shared_buffers": "256MB", "max_wal_size": "4GB"}) as server:
        run_tests(small_sets(server))
        run_tests(many_keys(server))


if __name__ == "__main__":
    run_scenario(scenario)
