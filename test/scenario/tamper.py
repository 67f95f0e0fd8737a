"""What a superuser can forge is refused where it is made, or else never applied, and verify() says so."""

import re
import struct

from common import (Server, Session, bits_sql, check, check_equal, check_error, check_in, errors_of, failed_checks,
                    freeze, prepare, run_scenario, run_tests)

COLUMNS = "(scaler_id, fingerprint, scaler, probe_inputs, probe_outputs)"
GUARDED = ("scalers", "profiles", "versions", "stage_log", "stage_access_log", "drift_log", "use_log", "purge_log")


def fresh(server, name):
    """A database of its own with a registry of three scalers."""
    server.new_database(name, template="filled")
    return name


def verdict(server, database, check_name, argument=""):
    """'t', 'f' or both: what verify() says of a check."""
    return server.query(f"""SELECT string_agg(DISTINCT ok::text, ' ') FROM normfreeze.verify({argument})
                            WHERE "check" = '{check_name}'""", database)


def tests_of(server):
    server.new_database("filled")
    prepare(server, "filled")
    first = freeze(server, "churn", "standard", database="filled")
    second = freeze(server, "churn", "minmax", database="filled")
    third = freeze(server, "churn", "robust", database="filled")
    server.query("""SELECT normfreeze.promote('churn', 1); SELECT normfreeze.promote('churn', 2);
                    SELECT normfreeze.allow_stage('review', 'postgres', new_stage => true); SELECT normfreeze.register_use('churn', 'x', 'model');
                    SELECT normfreeze.record_drift('churn@v1', normfreeze.profile(c)) FROM customers AS c""", "filled")
    right_bits = server.query(bits_sql(first), "filled")
    database = fresh(server, "work")
    value = "normfreeze.bare(normfreeze.fit(ARRAY[age], 'standard'))"     # a scaler that is not frozen

    as_bytes = "".join(f"CREATE CAST ({a} AS {b}) WITHOUT FUNCTION;"
                       for kind in ("normfreeze.scaler", "normfreeze.profile") for a, b in ((kind, "bytea"), ("bytea", kind)))

    def forged(row, states, name):
        """An INSERT of what this SELECT list makes of a new scaler is refused."""
        output = errors_of(server, f"""INSERT INTO normfreeze.scalers {COLUMNS}
            SELECT {row}, '{{}}', '{{}}' FROM (SELECT {value} AS s FROM customers) AS made""", database)
        check(any(f" {state}:" in output for state in states), name, output)

    def forged_inserts_are_refused():
        forged("normfreeze.id_of(s) + 1, normfreeze.fingerprint(s), s", ["23514"], "a wrong id")
        forged("normfreeze.id_of(s), repeat('0', 64), s", ["23514"], "a wrong fingerprint")
        forged("normfreeze.id_of(s), upper(normfreeze.fingerprint(s)), s", ["23514"], "a fingerprint written otherwise")
        forged(f"{first}, (SELECT fingerprint FROM normfreeze.scalers WHERE scaler_id = {first}), s", ["23514", "23505"],
               "other content under an id that is there")
        forged("normfreeze.id_of(s), normfreeze.fingerprint(s), "
               "replace(s::text, '\"center\": 44.5', '\"center\": 44.75')::normfreeze.scaler", ["22023", "22P02", "XX001"],
               "a parameter changed in the text")
        forged("-1, normfreeze.fingerprint(s), s", ["23514"], "a negative id")
        forged("normfreeze.id_of(s), normfreeze.fingerprint(s), NULL", ["23502"], "no scaler")
        check_equal(server.query("SELECT count(*) FROM normfreeze.scalers", database), "3", "none of them is there")

    def a_whole_scaler_is_not_stored_as_bare():
        output = errors_of(server, f"""INSERT INTO normfreeze.scalers {COLUMNS}
            SELECT normfreeze.id_of(s), normfreeze.fingerprint(s), s, '{{}}', '{{}}'
            FROM (SELECT normfreeze.fit(ARRAY[age], 'standard') AS s FROM customers) AS made""", database)
        check_error(output, "23514", "a scaler with its profile in the table of bare ones")

    def forged_profiles_versions_and_stages_are_refused():
        check_error(errors_of(server, """INSERT INTO normfreeze.profiles SELECT repeat('0', 64), normfreeze.profile(ARRAY[age])
                                         FROM customers""", database), "23514", "a profile under a wrong digest")
        insert = ("INSERT INTO normfreeze.versions (name, version, scaler_id, frozen_at, frozen_by, frozen_session_user, metadata, server_version, "
                  "extension_version) VALUES (%s, now(), 'me', 'me', '{}', '', '')")
        for row, state in ((f"'churn', 1, {second}", "23505"), (f"'churn', 9, {second}", "23505"),
                           (f"'new', 0, {first}", "23514"),
                           (f"'a@b', 1, {first}", "23514"), (f"'sha256:x', 1, {first}", "23514"), (f"'', 1, {first}", "23514")):
            check_error(errors_of(server, insert % row, database), state, f"a version {row}")
        insert = "INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user) VALUES (%s, now(), 'me', 'me')"
        check_error(errors_of(server, "INSERT INTO normfreeze.stage_access_log VALUES ('review', 2, 'me', 'admit', now(), 'me', 'me')",
                              database), "23514", "an entry of a stage's list")
        for row, state in (("'churn', 1, 'x', 1, 'promote'", "23505"), ("'churn', 3, 'x', 1, 'undo'", "23514"), ("'churn', 3, NULL, 1, 'promote'", "23514"),
                           ("'churn', 3, 'x', 1, 'retire'", "23514"), ("'churn', 0, 'x', 1, 'promote'", "23514")):
            check_error(errors_of(server, insert % row, database), state, f"a stage {row}")

    def what_refers_to_nothing_is_reported():
        """A parallel restore loads tables in any order, so such rows go in; they apply nothing."""
        versions = ("INSERT INTO normfreeze.versions (name, version, scaler_id, frozen_at, frozen_by, frozen_session_user, metadata, server_version, "
                    f"extension_version) VALUES ('new', 1, {int(first) + 1}, now(), 'me', 'me', '{{}}', '', '')")
        log = ("INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, changed_session_user) "
               "VALUES ('churn', 3, 'x', 17, 'promote', now(), 'me', 'me')")
        for insert, expected, call in ((versions, "has no scaler", "'new@v1'"), (log, "names version 17, which is not there", "'churn@x'")):
            output = server.query(f"BEGIN; {insert}; SELECT detail FROM normfreeze.verify() WHERE NOT ok; ROLLBACK", database)
            check_in(expected, output, f"verify() says: {expected}")
            check_error(errors_of(server, f"BEGIN; {insert}; SELECT normfreeze.normalize(ARRAY[1.0], {call})", database), "42704",
                        f"{call} applies nothing")

    def changes_are_refused_in_either_role():
        an_entry_of_purges(database, "repeat('0', 64)")     # a row to be changed
        for role in ("origin", "replica", "local"):
            for table in GUARDED:
                column = {"scalers": "scaler", "profiles": "profile", "stage_access_log": "role", "drift_log": "label",
                          "use_log": "note",
                          "purge_log": "reason"}.get(table, "version")
                for change in (f"UPDATE normfreeze.{table} SET {column} = {column}", f"DELETE FROM normfreeze.{table}",
                               f"TRUNCATE normfreeze.{table} CASCADE",
                               f"MERGE INTO normfreeze.{table} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
                               f"MERGE INTO normfreeze.{table} AS t USING (SELECT 1) AS s ON true "
                               f"WHEN MATCHED THEN UPDATE SET {column} = t.{column}"):
                    output = errors_of(server, f"SET session_replication_role = {role}; {change}", database)
                    check_error(output, "55000", f"{change} as {role}")
        check_error(errors_of(server, f"""INSERT INTO normfreeze.scalers SELECT * FROM normfreeze.scalers
            ON CONFLICT (scaler_id) DO UPDATE SET fingerprint = excluded.fingerprint""", database), "55000", "INSERT … DO UPDATE")
        check_error(errors_of(server, "UPDATE normfreeze.guards SET in_force = true", database), "55000", "UPDATE of the view")
        check_equal(failed_checks(server, database), "", "verify() finds nothing")

    def pretending_a_guard_is_there():
        """Each guard that is taken away is named by verify()."""
        taken = fresh(server, "taken")
        for statement, guard in (
                ("ALTER TABLE normfreeze.versions DISABLE TRIGGER refuse_change", "versions.refuse_change"),
                ("ALTER TABLE normfreeze.stage_log ENABLE TRIGGER refuse_truncate", "stage_log.refuse_truncate"),
                ("ALTER TABLE normfreeze.profiles ENABLE REPLICA TRIGGER refuse_change", "profiles.refuse_change"),
                ("ALTER TABLE normfreeze.profiles DROP CONSTRAINT profiles_content", "profiles.profiles_content"),
                ("ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_fingerprint_key", "scalers.scalers_fingerprint_key")):
            server.query(statement, taken)
            check_in(guard, failed_checks(server, taken), f"verify() after {statement}")
            check_equal(verdict(server, taken, "guards", first), "false", "and verify(id)")

    def a_guard_replaced_by_an_imitation():
        """A constraint or trigger of the same name that lets everything pass is not in force."""
        imitated = fresh(server, "imitated")
        server.query("""ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
                        ALTER TABLE normfreeze.scalers ADD CONSTRAINT scalers_content CHECK (true)""", imitated)
        check_in("scalers.scalers_content", failed_checks(server, imitated), "CHECK (true) under the name of the guard")
        server.query("""CREATE FUNCTION let_pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                        DROP TRIGGER refuse_change ON normfreeze.versions;
                        CREATE TRIGGER refuse_change BEFORE UPDATE ON normfreeze.versions FOR EACH ROW EXECUTE FUNCTION let_pass();
                        ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change""", imitated)
        check_in("versions.refuse_change", failed_checks(server, imitated), "another function under the trigger's name")
        server.query("""DROP TRIGGER refuse_change ON normfreeze.stage_log;
                        CREATE TRIGGER refuse_change BEFORE DELETE ON normfreeze.stage_log FOR EACH ROW
                            WHEN (OLD.seq < 0) EXECUTE FUNCTION normfreeze.refuse_change();
                        ALTER TABLE normfreeze.stage_log ENABLE ALWAYS TRIGGER refuse_change""", imitated)
        check_in("stage_log.refuse_change", failed_checks(server, imitated), "the right function, but for fewer events")

    def a_scaler_replaced_by_another_valid_one():
        replaced = fresh(server, "replaced")
        with Session(server, replaced) as old:
            old.query(bits_sql(first))
            server.query(f"""
                ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
                ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
                UPDATE normfreeze.scalers SET scaler = (SELECT scaler FROM normfreeze.scalers WHERE scaler_id = {second})
                WHERE scaler_id = {first}""", replaced)
            with Session(server, replaced) as session:
                for argument in (first, "'churn@v1'::text"):
                    check_error(session.do(bits_sql(argument)), "XX001", f"normalize() by {argument}")
                    check_error(session.do(bits_sql(argument)), "XX001", f"normalize() by {argument}, again")
                check_error(session.do(f"SELECT normfreeze.scaler({first})"), "XX001", "scaler(id)")
                check_error(session.do(f"SELECT * FROM normfreeze.describe({first})"), "XX001", "describe(id)")
                check_error(session.do(f"SELECT normfreeze.feature_names({first})"), "XX001", "feature_names(id)")
                check_equal(session.query(bits_sql(second)), server.query(bits_sql(second), "filled"), "another id still applies")
            output = old.do(bits_sql(first))
            check(output == right_bits or "XX001" in output, "a session that has the right one may apply that", output)
        check_equal(verdict(server, replaced, "content", first), "false", "verify(id): content")
        check_equal(verdict(server, replaced, "guards", first), "false", "verify(id): guards")
        check_equal(verdict(server, replaced, "content", second), "true", "verify(another id): content")
        found = failed_checks(server, replaced)
        check_in(f"scaler {first}: it was changed", found, "verify() names the scaler")
        check_in("scalers.refuse_change", found, "verify() names the trigger")
        check_in("scalers.scalers_content", found, "verify() names the constraint")
        check_equal(server.query("SELECT 1", replaced), "1", "the server goes on")

    def a_scaler_replaced_along_with_its_fingerprint():
        replaced = fresh(server, "replaced")
        server.query(f"""
            ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
            ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
            UPDATE normfreeze.scalers SET scaler = s, fingerprint = normfreeze.fingerprint(s)
            FROM (SELECT {value} AS s FROM customers) AS made WHERE scaler_id = {first}""", replaced)
        check_error(errors_of(server, f"SELECT normfreeze.normalize(ARRAY[1], {first})", replaced), "XX001",
                    "another scaler with its own fingerprint under this id")
        check_equal(verdict(server, replaced, "content", first), "false", "verify(id)")

    def sound_content_under_another_id():
        """Sound content under an id that is not its own."""
        moved = fresh(server, "moved")
        server.query(f"""ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
                         ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
                         UPDATE normfreeze.scalers SET scaler_id = 42 WHERE scaler_id = {third}""", moved)
        check_error(errors_of(server, "SELECT normfreeze.normalize(ARRAY[1, 2, 3], 42)", moved), "XX001", "another id for the content")

    def damaged_bytes():
        """Storage damage: bytes of the value itself, as a cast without a function makes them."""
        damaged = fresh(server, "damaged")
        server.query(as_bytes + """
                        ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
                        ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content""", damaged)
        size = int(server.query(f"SELECT length(scaler::bytea) FROM normfreeze.scalers WHERE scaler_id = {first}", damaged))
        server.query(f"CREATE TABLE original AS SELECT scaler::bytea AS bytes FROM normfreeze.scalers WHERE scaler_id = {first}", damaged)
        applied, silent = [], []
        with Session(server, damaged) as session:
            session.query(f"UPDATE normfreeze.scalers SET scaler = bytes::normfreeze.scaler FROM original WHERE scaler_id = {first}")
            check_equal(session.query(bits_sql(first)), right_bits, "the same bytes written back apply")
            for change in ([f"set_byte(bytes, {i}, get_byte(bytes, {i}) # 1)" for i in range(size)]
                           + [f"substr(bytes, 1, {n})" for n in range(0, size, 7)] + ["bytes || '\\x00'"]):
                session.query(f"UPDATE normfreeze.scalers SET scaler = ({change})::normfreeze.scaler FROM original WHERE scaler_id = {first}")
                session.query("\\connect -")      # nothing cached: what is there is loaded
                if "XX001" not in session.do(f"SELECT normfreeze.normalize(ARRAY[1, 2, 3], {first})"):
                    applied.append(change)
                if session.query(f"""SELECT bool_and(ok) FROM normfreeze.verify({first}) WHERE "check" = 'content'""") != "f":
                    silent.append(change)
        check_equal(applied, [], "no damaged value is applied")
        check_equal(silent, [], "verify() sees each damage")

    def lost_storage():
        """Values whose TOAST chunks are gone: a line of the report for each, and nothing else."""
        lost = "lost"
        server.new_database(lost)
        wide = ", ".join(f"(id * {i} % 97)::float8 AS a_feature_with_a_name_that_takes_its_room_{i}" for i in range(60))
        server.query(f"""CREATE EXTENSION normfreeze; CREATE TABLE wide AS SELECT {wide} FROM generate_series(1, 300) AS id;
            ALTER TABLE normfreeze.scalers ALTER scaler SET STORAGE EXTERNAL, ALTER probe_inputs SET STORAGE EXTERNAL,
                ALTER probe_outputs SET STORAGE EXTERNAL;
            ALTER TABLE normfreeze.profiles ALTER profile SET STORAGE EXTERNAL;
            CREATE FUNCTION toasted(t regclass) RETURNS text LANGUAGE sql AS
                $$ SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = t $$""", lost)

        def chunks(table):
            toast = server.query(f"SELECT toasted('normfreeze.{table}')", lost)
            return set(server.query(f"SELECT DISTINCT chunk_id FROM {toast}", lost).split()), toast

        def lose(table, made, most=9):
            """Freeze something, and remove the first values that it has put behind TOAST pointers; its id."""
            before, toast = chunks(table)
            scaler_id = server.query(made, lost)
            gone = sorted(chunks(table)[0] - before, key=int)[:most]
            check(len(gone) > 0, f"normfreeze.{table} has values in TOAST")
            server.query(f"""SET allow_system_table_mods = on;
                UPDATE pg_class SET relkind = 'r' WHERE oid = '{toast}'::regclass""", lost)
            server.query(f"DELETE FROM {toast} WHERE chunk_id IN ({', '.join(gone)})", lost)
            server.query(f"""SET allow_system_table_mods = on;
                UPDATE pg_class SET relkind = 't' WHERE oid = '{toast}'::regclass""", lost)
            server.query(f"VACUUM normfreeze.{table}", lost)    # until then deleted chunks are still read
            return scaler_id

        def said(argument=""):
            """The lines of verify() that are false, without a word on stderr."""
            output = server.psql(f"""SELECT "check", detail FROM normfreeze.verify({argument}) WHERE NOT ok ORDER BY 1, 2""", lost)
            check_equal(output.stderr, "", "no warning of a leak")
            return output.stdout.rstrip("\n")

        fit = "(SELECT normfreeze.fit(w, '%s') FROM wide AS w)"
        sound = server.query(f"SELECT normfreeze.freeze('sound', {fit % 'standard'})", lost)
        check_equal(said(), "", "all is sound")
        content = lose("scalers", f"SELECT normfreeze.freeze('content', {fit % 'minmax'})")
        check_in("content|missing chunk number 0 for toast value", said(content), "a scaler that is gone")
        profile = lose("profiles", f"SELECT normfreeze.freeze('profile', (SELECT normfreeze.fit(w, 'maxabs') FROM (SELECT * FROM wide LIMIT 200) AS w))")
        check_in("profile|missing chunk number 0 for toast value", said(profile), "a profile that is gone")
        server.query("ALTER TABLE normfreeze.scalers ALTER scaler SET STORAGE PLAIN, ALTER fingerprint SET STORAGE PLAIN", lost)
        probes = lose("scalers", f"SELECT normfreeze.freeze('probes', {fit % 'maxabs'})")
        check_in("probes|missing chunk number 0 for toast value", said(probes), "probes that are gone")
        check_equal(server.query(f"SELECT ok FROM normfreeze.verify({probes}) WHERE \"check\" IN ('content', 'profile')", lost), "t\nt",
                    "beside sound content and a sound profile")
        server.query("ALTER TABLE normfreeze.scalers ALTER scaler SET STORAGE EXTERNAL", lost)
        members = lose("scalers", """SELECT normfreeze.freeze('members', (SELECT normfreeze.by_key(k, s) FROM (
            SELECT 'key ' || a_feature_with_a_name_that_takes_its_room_1::int % 3 AS k, normfreeze.fit(w, 'midrange') AS s
            FROM wide AS w GROUP BY 1) AS made))""", 1)
        check(re.fullmatch(r'members\|the scaler of key "key \d" is damaged: missing chunk number 0 for toast value .*', said(members)),
              "the scaler of a key that is gone", said(members))

        whole = said()
        for scaler_id, line in ((content, "content"), (profile, "profile"), (probes, "probes"), (members, "members")):
            check_in(f"{line}|scaler {scaler_id}: ", whole, f"verify() of all says so of the {line}")
        check(f"scaler {sound}: " not in whole, "and not of what is sound", whole)
        check_equal(len(whole.splitlines()), 5, "nothing else: four, and the member by itself")
        check_in("missing chunk number 0 for toast value", server.query(f"SELECT normfreeze.report({probes})", lost), "report() has the line")

        with Session(server, lost) as session:
            session.query("BEGIN; CREATE TEMP TABLE kept (x int)")
            session.query("SELECT count(*) FROM normfreeze.verify()")
            session.query("INSERT INTO kept VALUES (1); COMMIT")
            check_equal(session.query("SELECT x FROM kept"), "1", "the transaction goes on")

    def a_page_that_cannot_be_read():
        """Not even a row: what is known of it is said, and the rest is verified."""
        broken = fresh(server, "broken")
        path = server.query("SELECT pg_relation_filepath('normfreeze.scalers')", broken)
        server.query("CHECKPOINT", broken)
        server.stop()
        with open(server.data / path, "r+b") as file:
            file.seek(12)
            file.write(b"\xff" * 4)     # the header of the first page
        server.start()
        output = server.psql("SELECT \"check\", ok, detail FROM normfreeze.verify()", broken)
        check_equal(output.stderr, "", "no error, no warning")
        check_in("content|f|scalers: invalid page in block 0", output.stdout, "the scalers cannot be read")
        check_in("stage log|t|numbered without gaps", output.stdout, "the log is verified")
        check_in("content|f|invalid page in block 0", server.query(f"SELECT \"check\", ok, detail FROM normfreeze.verify({first})", broken),
                 "verify(id)")

    def damaged_values_in_the_value_form():
        """The same bytes given to the value form: any answer but a crash."""
        damaged = fresh(server, "damaged")
        server.query(as_bytes, damaged)
        with Session(server, damaged) as session:
            for kind, column, table in (("scaler", "scaler", "scalers"), ("profile", "profile", "profiles")):
                session.query(f"""CREATE TABLE {kind}_bytes AS SELECT {column}::bytea AS b
                                  FROM normfreeze.{table} LIMIT 1""")
                session.query(f"""DO $$
                    DECLARE v normfreeze.{kind}; ignored text; original bytea;
                    BEGIN
                        SELECT b INTO original FROM {kind}_bytes;
                        FOR i IN 0 .. least(length(original), 1500) - 1 LOOP
                            FOR bit IN 0 .. 7 LOOP
                                BEGIN
                                    v := set_byte(original, i, get_byte(original, i) # (1 << bit))::normfreeze.{kind};
                                    {"ignored := normfreeze.normalize(ARRAY[1, 2, 3], v)::text;" if kind == "scaler" else
                                     "ignored := normfreeze.fit(v, 'standard')::text;"}
                                    ignored := v::text;
                                EXCEPTION WHEN OTHERS THEN NULL;
                                END;
                            END LOOP;
                        END LOOP;
                    END $$""")
            check_equal(session.query("SELECT 'alive'"), "alive", "the session has survived")

    def probes_altered():
        altered = fresh(server, "altered")
        server.query(f"""ALTER TABLE normfreeze.scalers DISABLE TRIGGER ALL;
            UPDATE normfreeze.scalers SET probe_outputs[3][2] = probe_outputs[3][2] + 1e-9 WHERE scaler_id = {first};
            UPDATE normfreeze.scalers SET probe_outputs[1][1] = NULL WHERE scaler_id = {second};
            UPDATE normfreeze.scalers SET probe_inputs = '{{}}', probe_outputs = '{{}}' WHERE scaler_id = {third}""", altered)
        for scaler_id, name in ((first, "a probe's output"), (second, "a probe's output set to NULL"), (third, "probes removed")):
            check_equal(verdict(server, altered, "probes", scaler_id), "false", f"verify(id): {name}")
            check_equal(verdict(server, altered, "content", scaler_id), "true", "the content is sound")
        check_equal(server.query(bits_sql(first), altered), right_bits, "and applies")

    def parameters_that_the_profile_does_not_give():
        """A scaler made up over a real profile: its id is its own, and verify() tells that it was never fitted."""
        made = fresh(server, "made_up")
        center = struct.pack("<d", 44.5).hex()
        server.query(as_bytes, made)
        forged_id = server.query(f"""
            SELECT normfreeze.freeze('made up', overlay(b PLACING '\\x{struct.pack("<d", 44.75).hex()}'
                                     FROM position('\\x{center}'::bytea IN b))::normfreeze.scaler)
            FROM (SELECT scaler::bytea AS b FROM normfreeze.scalers WHERE scaler_id = {first}) AS bytes""", made)
        check_equal(verdict(server, made, "content", forged_id), "true", "the content is what was frozen")
        check(forged_id != first, "it has another id")
        check_equal(verdict(server, made, "parameters", forged_id), "false", "verify(id): parameters")

    def a_profile_replaced():
        replaced = fresh(server, "replaced_profile")
        server.query("""ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL;
            ALTER TABLE normfreeze.profiles DROP CONSTRAINT profiles_content;
            UPDATE normfreeze.profiles SET profile = (SELECT normfreeze.profile(ARRAY[age, income, age]) FROM customers)""", replaced)
        check_equal(verdict(server, replaced, "profile"), "false", "verify(): profile")
        check_equal(server.query(bits_sql(first), replaced), right_bits, "the scaler applies all the same")

    def an_entry_of_purges(database, digest="(SELECT normfreeze.digest_of(normfreeze.scaler(%s)))" % first):
        server.query(f"INSERT INTO normfreeze.purge_log VALUES ({digest}, 1, {first}, 'forged', now(), 'me', 'me')", database)

    def a_forged_purge():
        """An entry that somebody wrote lets nobody delete, and is seen for what it is."""
        forged = fresh(server, "forged_purge")
        an_entry_of_purges(forged)
        for role in ("origin", "replica", "local"):
            check_error(errors_of(server, f"SET session_replication_role = {role}; DELETE FROM normfreeze.profiles", forged), "55000",
                        f"DELETE behind a forged entry, as {role}")
        check_equal(verdict(server, forged, "profile", first), "false", "verify(id): stored, though a purge is logged")
        check_equal(verdict(server, forged, "profile"), "false", "verify(): likewise")
        check_equal(server.query(bits_sql(first), forged), right_bits, "the scaler applies")

    def a_purge_lends_its_right_to_nobody():
        """A trigger of an owner's runs within the purge: what it deletes beyond is refused, and the purge with it."""
        lent = fresh(server, "lent")
        other = freeze(server, "other", "standard", where="id < 99", database=lent)
        server.query(f"""
            CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                DELETE FROM normfreeze.profiles WHERE digest <> OLD.digest; RETURN OLD; END $$;
            CREATE TRIGGER a_first BEFORE DELETE ON normfreeze.profiles FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION more()""", lent)
        with Session(server, lent) as session:
            check_error(session.do(f"SELECT normfreeze.purge_profile({other}, 'x')"), "55000", "it deletes another profile")
            session.query("DROP TRIGGER a_first ON normfreeze.profiles")
            check_error(session.do(f"""DELETE FROM normfreeze.profiles
                                       WHERE digest = normfreeze.digest_of(normfreeze.scaler({other}))"""), "55000",
                        "nothing of the right is left after the error")
        check_equal(failed_checks(server, lent), "", "nothing has changed")
        # one that keeps the row, as it may
        server.query("""CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER a_first BEFORE DELETE ON normfreeze.profiles FOR EACH ROW EXECUTE FUNCTION keep()""", lent)
        check_error(errors_of(server, f"SELECT normfreeze.purge_profile({other}, 'x')", lent), "55000", "a purge that deletes nothing is none")
        check_equal(server.query("SELECT count(*) FROM normfreeze.purge_log", lent), "0", "and is not logged")

    def a_profile_deleted_without_a_purge():
        deleted = fresh(server, "deleted")
        server.query("""ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL; DELETE FROM normfreeze.profiles;
                        ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
                        ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_truncate""", deleted)
        check_equal(verdict(server, deleted, "profile", first), "false", "verify(id): profile")
        check_in(f"scaler {first}: missing: it was stored when the scaler was frozen, and no purge is logged", failed_checks(server, deleted), "verify() names it")
        check_equal(verdict(server, deleted, "guards"), "true", "the guards are back")

    def gaps():
        gap = fresh(server, "gap")
        server.query(f"""SELECT normfreeze.promote('churn', 1, 'staging');
            ALTER TABLE normfreeze.versions DISABLE TRIGGER ALL; ALTER TABLE normfreeze.stage_log DISABLE TRIGGER ALL;
            DELETE FROM normfreeze.stage_log WHERE seq = 2;
            DELETE FROM normfreeze.versions WHERE version = 2""", gap)
        check_equal(verdict(server, gap, "versions"), "false", "verify(): a version is missing")
        check_equal(verdict(server, gap, "stage log"), "false", "verify(): an entry of the log is missing")
        check_equal(verdict(server, gap, "versions", first), "false", "verify(id): a version of its name is missing")
        check_in('"churn" has 2 numbers up to 3', failed_checks(server, gap), "the name and the numbers")

    yield from (forged_inserts_are_refused, a_whole_scaler_is_not_stored_as_bare,
                forged_profiles_versions_and_stages_are_refused, what_refers_to_nothing_is_reported, changes_are_refused_in_either_role,
                pretending_a_guard_is_there, a_guard_replaced_by_an_imitation, a_scaler_replaced_by_another_valid_one,
                a_scaler_replaced_along_with_its_fingerprint, sound_content_under_another_id, damaged_bytes,
                damaged_values_in_the_value_form, lost_storage,
                a_page_that_cannot_be_read, probes_altered, parameters_that_the_profile_does_not_give,
                a_profile_replaced, a_forged_purge, a_purge_lends_its_right_to_nobody, a_profile_deleted_without_a_purge, gaps)


def scenario(installation):
    with Server(installation, "tamper") as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
