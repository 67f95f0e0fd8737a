"""pg_dump and restore carry the registry, bit for bit, as a superuser and as an ordinary owner."""

import re

from common import (Server, check, check_equal, check_error, check_in, errors_of, failed_checks, freeze,
                    prepare, registry, run_scenario, run_tests)

ALICE = {"database": "alices", "user": "alice"}


def fill_registry(server, **who):
    """Names, versions, stages, profiles kept and not kept, a stored scaler value."""
    prepare(server, **who)
    freeze(server, "churn", "standard", **who)
    freeze(server, "churn", "minmax", where="id % 3 > 0", **who)
    freeze(server, "churn", "robust", **who)
    freeze(server, "Straße \t\\ \"quoted\" ''name''", "maxabs", more=', "missing": "mean"', **who)
    server.query("""
        SELECT normfreeze.freeze('without evidence', normfreeze.fit(ARRAY[age, income], 'standard',
                                 '{"names": ["age", "income"]}'), E'a note\\nof two lines', '{"seed": 7}', keep_profile => false) FROM customers;
        SELECT normfreeze.freeze('names', normfreeze.fit(ARRAY[age, 0.1 * income, tenure], 'standard',
                                 '{"names": ["age", "income", "tenure"]}')) FROM customers WHERE id < 400;
        SELECT normfreeze.promote('churn', 1);
        SELECT normfreeze.promote('churn', 2, 'staging', 'to try it');
        SELECT normfreeze.promote('churn', 2);
        SELECT normfreeze.promote('churn', 3);
        SELECT normfreeze.rollback('churn');
        SELECT normfreeze.retire('churn', 3);
        SELECT normfreeze.allow_stage('production', current_user, 'it''s \\mine');
        SELECT normfreeze.allow_stage('production', 'public');
        SELECT normfreeze.disallow_stage('production', 'public');
        SELECT normfreeze.import_name(jsonb_agg(e), 'imported "name"', stages => true) FROM normfreeze.export_name('churn') AS e;
        SELECT normfreeze.record_drift('churn@v1', normfreeze.profile(c), E'a day\\n''s \\\\ "label"') FROM customers AS c;
        SELECT normfreeze.record_drift('churn@v1', normfreeze.profile(s)) FROM (SELECT age * 3 AS age, 7 AS income, NULL::int AS tenure FROM customers) AS s;
        SELECT normfreeze.register_use('churn', 'public.scored', 'table', E'a \\ note\nof two lines');
        SELECT normfreeze.register_use('churn@v1', 'public.scored', 'table');
        SELECT normfreeze.purge_profile(normfreeze.scaler_id('churn@v2'), E'request "17"\n\\.\nby mail');
        CREATE TABLE scalers_of_mine AS
            SELECT normfreeze.fit(c, 'robust') AS fitted, normfreeze.profile(c) AS seen FROM customers AS c;
        """, **who)


def with_value_forms(server, **who):
    """A generated column and an expression index that hold a scaler as a literal."""
    scaler = server.query(f"""SELECT quote_literal(normfreeze.bare(normfreeze.fit(ARRAY[age, income], 'standard'))::text)
                              FROM customers""", **who)
    server.query(f"""
        CREATE TABLE scored (id int, a float8, b float8,
            z float8[] GENERATED ALWAYS AS (normfreeze.normalize(ARRAY[a, b], {scaler}::normfreeze.scaler)) STORED);
        INSERT INTO scored (id, a, b) SELECT id, age, income FROM customers;
        CREATE INDEX scored_idx ON scored ((normfreeze.normalize(ARRAY[b, a], {scaler}::normfreeze.scaler)));
        """, **who)
    return scaler


def with_views(server, **who):
    """Views with normalized columns, by id and by reference, and what one of them holds."""
    server.query("""
        SELECT normfreeze.create_view('scored_by_id', 'customers', normfreeze.scaler_id('churn@v1'));
        SELECT normfreeze.create_view('scored_by_ref', 'customers', 'churn', prefix => 'z_');
        CREATE MATERIALIZED VIEW scored_and_kept AS SELECT * FROM scored_by_ref;
        """, **who)


def dump_plain(server, database, user="postgres"):
    return server.program("pg_dump", "-U", user, "-d", database).stdout


def check_same(server, before, name, **who):
    """The registry is as it was before, to the last bit, and can prove it."""
    after = registry(server, **who)
    check_equal(sorted(after), sorted(before), f"{name}: the same scalers")
    for part in before:
        check_equal(after.get(part), before[part], f"{name}: {part}")
    check_equal(failed_checks(server, **who), "", f"{name}: verify() finds nothing")
    check(int(server.query("SELECT count(*) FROM normfreeze.verify() WHERE ok", **who)) > 10,
          f"{name}: verify() has checked something")
    check_equal(server.query("SELECT md5(string_agg(fitted::text || seen::text, '')) FROM scalers_of_mine", **who),
                server.stored_values, f"{name}: values of the types in a user's table")
    check_error(errors_of(server, "UPDATE normfreeze.versions SET note = 'x'", **who),
                "42501" if who.get("user") == "alice" else "55000", f"{name}: the guards are there")


def tests_of(server):
    fill_registry(server, database=server.new_database("source"))
    literal = with_value_forms(server, database="source")
    server.stored_values = server.query(
        "SELECT md5(string_agg(fitted::text || seen::text, '')) FROM scalers_of_mine", "source")
    with_views(server, database="source")
    before = registry(server, "source")
    views = " UNION ALL ".join(f"SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM {view} AS v"
                               for view in ("scored_by_id", "scored_by_ref", "scored_and_kept"))
    z = "SELECT md5(string_agg(encode(array_send(z), 'hex'), '' ORDER BY id)) FROM scored"
    archive = server.folder / "source.dump"

    def the_source_is_sound():
        check_equal(failed_checks(server, "source"), "", "verify() before the dump")
        check_equal(server.query("SELECT count(*) FROM normfreeze.scalers", "source"), "6", "six scalers")
        check_equal(server.query("SELECT count(*) FROM normfreeze.stage_log", "source"), "12", "twelve entries of the log")

    def plain_dump():
        restored = server.new_database("plain")
        server.query(dump_plain(server, "source"), restored)
        check_same(server, before, "pg_dump | psql", database=restored)
        check_equal(server.query(z, restored), server.query(z, "source"), "generated column")
        check_equal(server.query(views, restored), server.query(views, "source"), "views with normalized columns")

    def dump_with_inserts():
        restored = server.new_database("inserts")
        server.query(server.program("pg_dump", "--rows-per-insert=3", "-d", "source").stdout, restored)
        check_same(server, before, "pg_dump --rows-per-insert", database=restored)

    def custom_dump():
        server.program("pg_dump", "-Fc", "-f", archive, "-d", "source")
        for jobs in ("1", "3"):
            restored = server.new_database(f"custom{jobs}")
            server.program("pg_restore", "--exit-on-error", "-j", jobs, "-d", restored, archive)
            check_same(server, before, f"pg_restore -j {jobs}", database=restored)
            check_equal(server.query(z, restored), server.query(z, "source"), f"generated column, -j {jobs}")
            check_equal(server.query(views, restored), server.query(views, "source"), f"views, -j {jobs}")

    def what_was_purged_stays_purged():
        text = dump_plain(server, "source")
        digest = server.query("SELECT DISTINCT digest FROM normfreeze.purge_log", "source")
        check_in(f"\n{digest}\t1\t", text, "the dump has the log of purges")
        check(f"{digest}\tprofile:" not in text and "\tprofile:" in text, "and of all profiles not this one")
        check_in("purged on", server.query("SELECT detail FROM normfreeze.verify(normfreeze.scaler_id('churn@v2'))", "plain"),
                 "verify() on the other side says why the profile is not there")
        freeze(server, "churn", "minmax", where="id % 3 > 0", database="plain")
        check_equal(server.query("SELECT normfreeze.profile_of(normfreeze.scaler_id('churn@v2')) IS NULL", "plain"), "t",
                    "freezing the same content there does not bring it back")
        check_equal(server.query("SELECT count(*) FROM normfreeze.lineage('churn') WHERE event IN ('used', 'purged')", "plain"),
                    "3", "lineage() knows uses and the purge")
        check_equal(server.query("SELECT normfreeze.register_use('churn', 'public.scored', 'table')", "plain"), "2",
                    "the log of uses goes on")

    def expression_index_survives_and_serves():
        restored = "custom1"
        key = f"normfreeze.normalize(ARRAY[b, a], {literal}::normfreeze.scaler)"
        wanted = server.query(f"SELECT {key} FROM scored WHERE id = 17", restored)
        query = f"SELECT id FROM scored WHERE {key} = '{wanted}'"
        check_equal(server.query("SET enable_seqscan = off;" + query, restored), "17", "found by the restored index")
        check_in("scored_idx", server.query("SET enable_seqscan = off; EXPLAIN " + query, restored), "the index is used")
        server.query("INSERT INTO scored (id, a, b) VALUES (1000, 33.5, 4444)", restored)
        server.query("INSERT INTO scored (id, a, b) VALUES (1000, 33.5, 4444)", "source")
        check_equal(server.query(z, restored), server.query(z, "source"), "new rows are scored alike")

    def a_restored_name_goes_on_counting():
        check_equal(server.query("SELECT version FROM normfreeze.versions WHERE name = 'churn' AND scaler_id = "
                                 + freeze(server, "churn", "maxabs", database="plain"), "plain"), "4", "version 4 comes next")
        server.query("SELECT normfreeze.promote('churn', 4)", "plain")
        check_equal(server.query("SELECT max(seq), count(*) FROM normfreeze.stage_log WHERE name = 'churn'", "plain"),
                    "7|7", "the log goes on")

    def created_again_gives_the_same_ids():
        database = server.new_database("again", template="plain")
        ids = "SELECT scaler_id FROM normfreeze.scalers ORDER BY 1"
        first = server.query(ids, database)
        server.query("""DROP TABLE scored, scalers_of_mine, customers CASCADE; SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze;""", database)
        check_equal(server.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'normfreeze'", database), "0",
                    "DROP EXTENSION leaves nothing")
        fill_registry(server, database=database)
        freeze(server, "churn", "maxabs", database=database)
        check_equal(server.query(ids, database), first, "the same data frozen anew has the same ids")

    for test in (the_source_is_sound, plain_dump, dump_with_inserts, custom_dump, what_was_purged_stays_purged,
                 expression_index_survives_and_serves,
                 a_restored_name_goes_on_counting, created_again_gives_the_same_ids):
        yield test

    # ---- edited by hand ----

    text = dump_plain(server, "source")

    def refused(edited, states, name):
        check(edited != text, f"{name}: something was edited")
        database = server.new_database("edited")
        output = errors_of(server, edited, database=database)
        check(any(f" {state}:" in output for state in states), f"{name} is refused", output[:2000])
        check_equal(server.query("SELECT count(*) FROM normfreeze.scalers", database), "0", f"{name}: nothing of it is there")

    def one_digit_of_a_scaler():
        refused(text.replace('"center": 44.5', '"center": 44.6', 1), ["22023", "XX001", "22P02", "23514"], "one digit of a scaler")

    def one_digit_of_an_id():
        row = re.search(r"COPY normfreeze\.scalers .*\n(\d+)(\d)\t", text)
        edited = text[:row.start(2)] + str((int(row.group(2)) + 1) % 10) + text[row.end(2):]
        refused(edited, ["23514"], "one digit of an id")

    def one_digit_of_a_fingerprint():
        row = re.search(r"COPY normfreeze\.scalers .*\n\d+\t([0-9a-f])", text)
        other = "0" if row.group(1) != "0" else "1"
        refused(text[:row.start(1)] + other + text[row.end(1):], ["23514"], "one digit of a fingerprint")

    def a_valid_scaler_under_another_id():
        rows = re.search(r"COPY normfreeze\.scalers .*\n(\d+)\t(\w+)\t(\{.*?\})\t.*\n(\d+)\t(\w+)\t(\{.*?\})\t", text)
        edited = text[:rows.start(3)] + rows.group(6) + text[rows.end(3):]
        refused(edited, ["23514"], "another valid scaler")

    def one_digit_of_a_profile():
        row = re.search(r"COPY normfreeze\.profiles .*\n(.*\tprofile:)([0-9a-f])", text)
        other = "0" if row.group(2) != "0" else "1"
        database = server.new_database("edited")
        output = errors_of(server, text[:row.start(2)] + other + text[row.end(2):], database=database)
        check(any(f" {state}:" in output for state in ("22P02", "22023", "XX001", "23514")), "one digit of a profile is refused", output[:2000])
        check_equal(server.query("SELECT count(*) FROM normfreeze.profiles", database), "0", "and no profile is restored")

    def two_profiles_swapped():
        rows = re.search(r"COPY normfreeze\.profiles .*\n\w+\t(profile:\S+)\n\w+\t(profile:\S+)\n", text)
        edited = text[:rows.start(1)] + rows.group(2) + text[rows.end(1):]
        output = errors_of(server, edited, database=server.new_database("edited"))
        check_error(output, "23514", "another profile under a digest is refused")

    for test in (one_digit_of_a_scaler, one_digit_of_an_id, one_digit_of_a_fingerprint, a_valid_scaler_under_another_id,
                 one_digit_of_a_profile, two_profiles_swapped):
        yield test

    # ---- alice, no superuser, owns a database ----

    server.query("CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN")

    def alices_database(name):
        server.query(f"DROP DATABASE IF EXISTS {name}")
        server.query(f"CREATE DATABASE {name} OWNER alice TEMPLATE template0")
        server.query("GRANT ALL ON SCHEMA public TO alice", name)
        return name

    def trusted_install_by_an_owner_of_a_database():
        alices_database("alices")
        fill_registry(server, **ALICE)
        with_value_forms(server, **ALICE)
        mine = registry(server, **ALICE)
        check_equal(mine["scalers"], before["scalers"], "what alice freezes is what the superuser froze")
        check_equal(server.query("SELECT DISTINCT frozen_by FROM normfreeze.versions", **ALICE), "alice", "frozen by alice")
        check_equal(failed_checks(server, **ALICE), "", "alice may verify()")
        check_error(errors_of(server, "SELECT normfreeze.scaler_id('churn'), normfreeze.freeze('x', NULL)", "alices", "bob"),
                    "42501", "bob may not freeze")
        check_error(errors_of(server, "SELECT normfreeze.normalize(c, 'churn') FROM (SELECT 1 age, 2 income, 3 tenure) AS c",
                              "alices", "bob"), "42501", "bob may not apply")
        server.query("GRANT SELECT ON normfreeze.scalers TO bob", **ALICE)
        server.query("SELECT normfreeze.normalize(c, 'churn') FROM (SELECT 1 age, 2 income, 3 tenure) AS c", "alices", "bob")
        # a foreign key to the registry, of alice's own table and of one of bob's
        for user in ("alice", "bob"):
            server.query(f"CREATE SCHEMA of_{user} AUTHORIZATION {user}", "alices")
            if user == "bob":
                check_error(errors_of(server, "CREATE TABLE of_bob.scored (scaler_id bigint REFERENCES normfreeze.scalers)", "alices", "bob"),
                            "42501", "bob may not refer to scalers yet")
                server.query("GRANT REFERENCES ON normfreeze.scalers, normfreeze.versions TO bob", **ALICE)
            server.query(f"""CREATE TABLE of_{user}.scored (scaler_id bigint REFERENCES normfreeze.scalers, name text, version int,
                             FOREIGN KEY (name, version) REFERENCES normfreeze.versions);
                             INSERT INTO of_{user}.scored SELECT normfreeze.scaler_id('churn@v1'), 'churn', 1""", "alices", user)
            check_error(errors_of(server, f"INSERT INTO of_{user}.scored VALUES (42)", "alices", user), "23503", f"{user}: no such scaler")
            check_error(errors_of(server, f"INSERT INTO of_{user}.scored VALUES (NULL, 'churn', 99)", "alices", user), "23503", f"{user}: no such version")
            server.query(f"DROP SCHEMA of_{user} CASCADE", "alices")
        server.query("REVOKE REFERENCES ON normfreeze.scalers, normfreeze.versions FROM bob", **ALICE)
        for change in ("UPDATE normfreeze.scalers SET scaler = scaler", "DELETE FROM normfreeze.stage_log",
                       "TRUNCATE normfreeze.versions CASCADE", "ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL"):
            check_error(errors_of(server, change, **ALICE), "42501", f"alice may not {change}")

    def dump_and_restore_by_alice():
        mine = registry(server, **ALICE)
        text = dump_plain(server, "alices", "alice")
        check_in("GRANT SELECT ON TABLE normfreeze.scalers TO bob", text, "alice's GRANT is in the dump")
        who = {"database": alices_database("alices2"), "user": "alice"}
        server.query(text, **who)
        check_same(server, mine, "alice's dump, restored by alice", **who)
        server.query("SELECT normfreeze.normalize(c, 'churn') FROM (SELECT 1 age, 2 income, 3 tenure) AS c", "alices2", "bob")
        server.program("pg_dump", "-U", "alice", "-Fc", "-f", server.folder / "alices.dump", "-d", "alices")
        who = {"database": alices_database("alices3"), "user": "alice"}
        server.program("pg_restore", "-U", "alice", "--exit-on-error", "-d", "alices3", server.folder / "alices.dump")
        check_same(server, mine, "alice's pg_dump -Fc, restored by alice", **who)

    def superusers_dump_restored_by_alice():
        who = {"database": alices_database("alices4"), "user": "alice"}
        server.program("pg_restore", "-U", "alice", "--no-owner", "--exit-on-error", "-d", "alices4", archive)
        check_same(server, before, "the superuser's dump, restored by alice", **who)
        check_equal(freeze(server, "churn", "standard", **who),
                    server.query("SELECT normfreeze.scaler_id('churn@v1')", **who), "alice goes on freezing there")

    for test in (trusted_install_by_an_owner_of_a_database, dump_and_restore_by_alice, superusers_dump_restored_by_alice):
        yield test


def scenario(installation):
    with Server(installation, "dump") as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
