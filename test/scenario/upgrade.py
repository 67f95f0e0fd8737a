#!/usr/bin/env python3
"""From one release to the next: an updated installation is what a new one is."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "scenario"), str(ROOT / "tools")]

from common import Server, Session, check, check_equal, check_error, check_in, failed_checks, run, run_scenario, run_tests  # noqa: E402
from extension_catalog import differences, read_catalog                        # noqa: E402
from release import present_version                                 # noqa: E402
from sql_statements import statements                               # noqa: E402
import update_script                                                # noqa: E402

# one of each kind that the catalogs tell apart, and what the comparison must say of it
CHANGES = [
    ("CREATE FUNCTION normfreeze.more() RETURNS int LANGUAGE sql RETURN 1; ALTER EXTENSION normfreeze ADD FUNCTION normfreeze.more()",
     "function normfreeze.more(): should not be there"),
    ("ALTER EXTENSION normfreeze DROP VIEW normfreeze.stages", "view normfreeze.stages: missing"),
    ("ALTER FUNCTION normfreeze.verify() COST 5", "function normfreeze.verify(): procost"),
    ("ALTER FUNCTION normfreeze.verify() PARALLEL SAFE", "function normfreeze.verify(): proparallel"),
    ("REVOKE EXECUTE ON FUNCTION normfreeze.verify() FROM PUBLIC", "function normfreeze.verify(): acl"),
    ("COMMENT ON TABLE normfreeze.scalers IS 'other'", "table normfreeze.scalers: comment"),
    ("COMMENT ON COLUMN normfreeze.scalers.fingerprint IS NULL", "column normfreeze.scalers.fingerprint: comment"),
    ("ALTER TABLE normfreeze.scalers ADD COLUMN more int", "column normfreeze.scalers.more: should not be there"),
    ("ALTER TABLE normfreeze.profiles ALTER COLUMN profile SET STATISTICS 10", "column normfreeze.profiles.profile: statistics"),
    ("ALTER TABLE normfreeze.versions DROP CONSTRAINT versions_name", "table constraint versions_name on normfreeze.versions: missing"),
    ("DROP INDEX normfreeze.versions_scaler_id_idx", "index normfreeze.versions_scaler_id_idx: missing"),
    ("ALTER TABLE normfreeze.scalers ENABLE TRIGGER refuse_change", "trigger refuse_change on normfreeze.scalers: enabled"),
    ("CREATE POLICY p ON normfreeze.scalers USING (true)", "policy p on normfreeze.scalers: should not be there"),
    ("GRANT SELECT ON normfreeze.scalers TO PUBLIC", "table normfreeze.scalers: acl"),
    ("CREATE OR REPLACE VIEW normfreeze.guards AS SELECT NULL::text COLLATE \"C\" AS guard, true AS in_force, NULL::text COLLATE \"C\" AS repair", "view normfreeze.guards: view"),
    ("ALTER VIEW normfreeze.stage_access SET (security_barrier)", "view normfreeze.stage_access: reloptions"),
    ("ALTER TYPE normfreeze.method ADD VALUE 'other' AFTER 'mad'", "type normfreeze.method: labels"),
    ("ALTER EXTENSION normfreeze DROP CAST (jsonb AS normfreeze.scaler)", "cast (pg_catalog.jsonb AS normfreeze.scaler): missing"),
    ("UPDATE pg_extension SET extcondition[1] = 'WHERE true' WHERE extname = 'normfreeze'", "extension normfreeze: dumped"),
    ("ALTER DEFAULT PRIVILEGES IN SCHEMA normfreeze GRANT SELECT ON TABLES TO PUBLIC", "default privileges"),
    ("ALTER FUNCTION normfreeze.verify() OWNER TO somebody", "function normfreeze.verify(): owner"),
]


def scenario(installation):
    before, version = update_script.released_versions()[-1], present_version()
    with Server(installation, "upgrade") as server:
        def updated_is_what_new_is():
            updated, fresh = update_script.catalogs(server, before, ("updated", "fresh"))
            check(len(fresh) > 800, "there are objects to compare", len(fresh))
            check_equal(differences(fresh, updated), [], "what the update script lacks: see src/upgrade/README.md")
            changed_is_seen(fresh)

        def changed_is_seen(fresh):
            """All changes in one transaction, which is taken back."""
            server.query("CREATE ROLE somebody")
            sql = ";\n".join(sql for sql, _ in CHANGES)
            found = differences(fresh, read_catalog(lambda query: server.query(f"BEGIN; {sql}; {query}; ROLLBACK", "fresh")))
            for sql, expected in CHANGES:
                check(any(line.startswith(expected) for line in found), f"the comparison sees {sql[:60]}", found[:5])

        def what_is_drafted_makes_them_equal():
            """An object of each kind more than was released: the draft names it."""
            fresh = {("column", "normfreeze.scalers.more"): {"type": "integer", "collation": "-", "default": None, "not null": "false"},
                     ("type", "normfreeze.method"): {"labels": "a, b, c"}}
            check_equal(update_script.draft_of_table("normfreeze.scalers", {}, fresh), ["ALTER TABLE normfreeze.scalers ADD COLUMN more integer;"], "a column")
            check_equal(update_script.draft_of_enum("normfreeze.method", {("type", "normfreeze.method"): {"labels": "a, c"}}, fresh),
                        ["ALTER TYPE normfreeze.method ADD VALUE 'b' AFTER 'a';"], "a label")
            check_equal([s.key for s in statements("-- a; b\nSELECT ';', \"x;\" /* ; */ ; CREATE FUNCTION f() RETURNS int AS $$ ; $$; "
                                                   "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;")],
                        ["SELECT ';', \"x;\" ;", "CREATE FUNCTION f() RETURNS int AS $$ ; $$;",
                         "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;"], "statements")

        def no_c_function_changes_its_arguments():
            """The SQL of each release calls the library of today: until the update, and where nobody updates."""
            exported = {line.split()[-1] for line in run(["nm", "-D", "--defined-only", installation.pkglibdir / "normfreeze.so"],
                                                         capture_output=True).stdout.splitlines()}
            for release in update_script.released_versions():
                server.new_database("of_release")
                server.query(f"CREATE EXTENSION normfreeze VERSION '{release}'", "of_release")
                old, new = signatures(server, "of_release"), signatures(server, "fresh")
                check(len(old) > 200, f"{release} has functions", len(old))
                for symbol, calls in old.items():
                    if symbol not in new:
                        check(symbol in exported, f"{release}: {symbol} is still there")
                        continue
                    check_equal(sorted(calls - new[symbol]), [], f"{release}: {symbol} is still called so")

        def another_version_is_said_once():
            server.new_database("old")
            server.query(f"CREATE EXTENSION normfreeze VERSION '{before}'", "old")
            scaler = server.query("SELECT normfreeze.fit(ARRAY[i], 'standard') FROM generate_series(1, 9) AS i", "old")
            named = server.query("""SELECT normfreeze.fit(ARRAY[i], 'standard', '{"names": ["x"]}') FROM generate_series(1, 9) AS i""", "old")
            calls = {"an id": "SELECT normfreeze.normalize(ARRAY[3], 17)", "verify": "SELECT normfreeze.verify()",
                     "a value": f"SELECT normfreeze.normalize(ARRAY[3], '{scaler}'::normfreeze.scaler)",
                     "one value": f"SELECT normfreeze.normalize(i, '{named}'::normfreeze.scaler, 'x') FROM generate_series(1, 2) AS i",
                     "a fit": "SELECT normfreeze.fit(ARRAY[i], 'standard') FROM generate_series(1, 9) AS i",
                     "a plan": "SELECT normfreeze.normalize(3, 17, 'x')"}
            for name, call in calls.items():
                with Session(server, "old") as session:
                    first, second = session.do(call), session.do(call)
                    check_in(f"of version {version}, the extension in this database of version {before}", first, f"{name}: the first call warns")
                    check_in("ALTER EXTENSION normfreeze UPDATE", first, f"{name}: and says what to do")
                    check("WARNING" not in second, f"{name}: the second does not", second)
            quiet = server.psql("SELECT normfreeze.verify()", "fresh").stderr
            check_equal(quiet, "", "where the versions are the same, there is no warning")

        def another_version_is_a_line_of_verify():
            line = "SELECT ok, detail FROM normfreeze.verify() WHERE \"check\" = 'library'"
            with Session(server, "old") as session:
                check_in(f"f|the library is of version {version}, the extension in this database of version {before}", session.do(line), "verify says so")
                session.query("ALTER EXTENSION normfreeze UPDATE")
                check_equal(session.do(line), "t|of the version of the extension in this database", "and, after the update, that it is right")
                # as by another session, once something of the registry has been invalidated here
                server.query("UPDATE pg_extension SET extversion = '99.0.0' WHERE extname = 'normfreeze'; GRANT SELECT ON normfreeze.scalers TO PUBLIC", "old")
                output = session.do("SELECT normfreeze.scaler_id('none')")
                check_in("of version 99.0.0", output, "an update by another session is noticed")
                check_in("Connect again", output, "with the other remedy")
                check_in("f|the library is of version", session.do(line), "and by verify")
            check_error(server.error("SELECT normfreeze.require_library('99.0.0')", "old"), "55000", "a script of a later version refuses this library")
            for script in ("0.0.1", version):
                server.query(f"SELECT normfreeze.require_library('{script}')", "old")

        def what_is_missing_is_explained():
            server.new_database("lacking")
            server.query(f"CREATE EXTENSION normfreeze VERSION '{before}'; ALTER TABLE normfreeze.versions RENAME COLUMN note TO notice", "lacking")
            output = server.error("SELECT normfreeze.freeze('x', normfreeze.fit(ARRAY[i], 'standard')) FROM generate_series(1, 9) AS i", "lacking")
            check_error(output, "42703", "a column that is not there")
            for part in ("HINT:  ALTER EXTENSION normfreeze UPDATE.", f"library \"normfreeze\" of version {version} with the extension of version {before}"):
                check_in(part, output, "says why, and what to do")

        def whoever_updates_the_owner_has_everything():
            """The same as what who installed it would install anew."""
            server.query("CREATE ROLE alice LOGIN; CREATE ROLE \"other dba\" SUPERUSER LOGIN")
            for installer, updater in (("alice", "alice"), ("alice", "other dba"), ("other dba", "postgres")):
                for name in ("theirs_new", "theirs"):
                    server.new_database(name)
                    server.query(f"GRANT CREATE ON DATABASE {name} TO alice")
                server.query("CREATE EXTENSION normfreeze", "theirs_new", installer)
                server.query(f"CREATE EXTENSION normfreeze VERSION '{before}'", "theirs", installer)
                check_equal(server.query("BEGIN; ALTER EXTENSION normfreeze UPDATE; SELECT current_user; COMMIT", "theirs", updater), updater,
                            f"{updater} is who it was, after the update")
                check_equal(differences(*(read_catalog(lambda query, name=name: server.query(query, name)) for name in ("theirs_new", "theirs"))), [],
                            f"installed by {installer}, updated by {updater}")
            check_error(server.error("SELECT normfreeze.grant_to_owner('SELECT ON normfreeze.scalers')", "theirs_new"), "55000", "who is no script uses GRANT")

        def whoever_inherited_the_owner_has_everything():
            """Objects of a superuser that were given to a role that is none, who may not make functions in C."""
            server.query("CREATE ROLE \"an heir\" LOGIN")

            def inherited(name, version=""):
                server.new_database(name)
                server.query(f"""GRANT CREATE ON DATABASE {name} TO "an heir", alice; CREATE EXTENSION normfreeze {version}; REASSIGN OWNED BY "other dba" TO "an heir" """, name, "other dba")

            # what was granted first stays that of the former owner, and PostgreSQL 17 and later record whom it names ('i')
            def but_initial_privileges(lines):
                roles = [re.fullmatch(r".*: roles is '(.*)' instead of '(.*)'", line) for line in lines]
                same = [found and len({re.sub(r"i \"[^\"]*\",? ?", "", part).strip(", ") for part in found.groups()}) == 1 for found in roles]
                return [line for line, equal in zip(lines, same) if not equal and ": initial privileges is " not in line]

            inherited("heirs_new")
            for updater in ("an heir", "other dba", "postgres"):
                inherited("heirs", f"VERSION '{before}'")
                server.query("ALTER EXTENSION normfreeze UPDATE", "heirs", updater)
                check_equal(but_initial_privileges(differences(*(read_catalog(lambda query, name=name: server.query(query, name)) for name in ("heirs_new", "heirs")))), [],
                            f"inherited, and updated by {updater}")
                check_equal(failed_checks(server, "heirs", "an heir"), "", f"verify() finds nothing, updated by {updater}")
            server.query("""SELECT normfreeze.freeze('theirs', normfreeze.fit(ARRAY[i * k], 'standard')) FROM generate_series(1, 9) AS i, generate_series(1, 2) AS k GROUP BY k;
                SELECT normfreeze.register_use(ref, consumer, 'k') FROM (VALUES ('theirs@v1', 'a'), ('theirs@v1', 'b'), ('theirs@v2', 'a')) AS u (ref, consumer)""", "heirs", "an heir")
            check_equal(server.query("SELECT seq FROM normfreeze.archive_use_log('infinity')", "heirs", "an heir"), "1", "the heir archives")
            check_error(server.error("SELECT normfreeze.give_to_owner()", "heirs"), "55000", "who is no script uses ALTER")

            # of a trusted extension the new owner has had no rights, which the update does not change, and repair() does
            server.new_database("heirs")
            server.query("GRANT CREATE ON DATABASE heirs TO alice, \"an heir\"", "heirs")
            server.query(f"CREATE EXTENSION normfreeze VERSION '{before}'", "heirs", "alice")
            server.query("REASSIGN OWNED BY alice TO \"an heir\"", "heirs")
            server.query("ALTER EXTENSION normfreeze UPDATE", "heirs", "an heir")
            check_in("privileges: an heir lacks EXECUTE on normfreeze.\"freeze\"", failed_checks(server, "heirs"), "verify() says what the new owner lacks")
            check_equal(server.query("SELECT bool_and(repaired) FROM normfreeze.repair()", "heirs", "an heir"), "t", "repair() grants it")
            check_equal(failed_checks(server, "heirs", "an heir"), "", "and verify() finds nothing any more")

        def scripts_leave_no_setting_behind():
            changed = {"transform_null_equals": "on", "quote_all_identifiers": "on", "default_tablespace": "pg_default"}
            server.query("CREATE ROLE acting SUPERUSER")
            for name, script in (("new", "CREATE EXTENSION normfreeze"), ("old", "ALTER EXTENSION normfreeze UPDATE")):
                server.new_database("settings")
                if name == "old":
                    server.query(f"CREATE EXTENSION normfreeze VERSION '{before}'", "settings")
                shown = server.query("SET ROLE acting; BEGIN;" + "".join(f"SET {key} = {value};" for key, value in changed.items()) + script + ";"
                                     + "".join(f"SHOW {key};" for key in changed) + "SELECT current_user", "settings")
                got = shown.splitlines()[-4:]
                check_equal(got, [*changed.values(), "acting"], f"settings and role after the script: {name}")

        def what_was_granted_stays():
            server.new_database("granted")
            server.query(f"""CREATE EXTENSION normfreeze VERSION '{before}'; CREATE ROLE reader;
                GRANT SELECT ON normfreeze.scalers, normfreeze.guards TO reader; GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) TO PUBLIC;
                REVOKE EXECUTE ON FUNCTION normfreeze.methods() FROM PUBLIC; CREATE VIEW mine AS SELECT * FROM normfreeze.guards;
                ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON normfreeze.scalers TO reader USING (scaler_id > 0);
                CREATE INDEX mine_idx ON normfreeze.versions (frozen_by)""", "granted")
            acls = """SELECT string_agg(c.oid::regclass || ' ' || coalesce(c.relacl::text, '') || c.relrowsecurity, chr(10) ORDER BY c.oid) FROM pg_class AS c
                      WHERE c.oid IN ('normfreeze.scalers'::regclass, 'normfreeze.guards'::regclass, 'mine'::regclass, 'normfreeze.mine_idx'::regclass)
                      UNION ALL SELECT string_agg(p.oid::regprocedure || ' ' || coalesce(p.proacl::text, ''), chr(10) ORDER BY p.oid) FROM pg_proc AS p
                      WHERE pronamespace = 'normfreeze'::regnamespace AND proname IN ('freeze', 'methods')
                      UNION ALL SELECT count(*)::text FROM pg_policies WHERE policyname = 'mine'"""
            was = server.query(acls, "granted")
            server.query("ALTER EXTENSION normfreeze UPDATE", "granted")
            check_equal(server.query(acls, "granted"), was, "an update leaves GRANTs, policies, indexes and views of others alone")

        run_tests([updated_is_what_new_is, what_is_drafted_makes_them_equal, no_c_function_changes_its_arguments, another_version_is_said_once,
                   another_version_is_a_line_of_verify, what_is_missing_is_explained, whoever_updates_the_owner_has_everything,
                   whoever_inherited_the_owner_has_everything, what_was_granted_stays,
                   scripts_leave_no_setting_behind])


def signatures(server, database):
    """The C symbols of the extension, each with the (number of arguments, types and result) that SQL calls it with."""
    found = {}
    for line in server.query("""SELECT prosrc, pronargs, format('(%s) %s%s', proargtypes::regtype[], CASE WHEN proretset THEN 'set of ' END, prorettype::regtype)
                                FROM pg_proc WHERE pronamespace = 'normfreeze'::regnamespace AND probin LIKE '%normfreeze'""", database).splitlines():
        symbol, arity, types = line.split("|")
        found.setdefault(symbol, set()).add((arity, types))
    return found


if __name__ == "__main__":
    run_scenario(scenario)
