#!/usr/bin/env python3
"""From one release to the next: an updated installation is what a new one is."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "scenario"), str(ROOT / "tools")]

from common import Server, check, check_equal, check_in, run_scenario, run_tests  # noqa: E402
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
    ("CREATE OR REPLACE VIEW normfreeze.guards AS SELECT NULL::text COLLATE \"C\" AS guard, true AS in_force", "view normfreeze.guards: view"),
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
            _, updated, fresh = update_script.catalogs(server, before)
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

        run_tests([updated_is_what_new_is, what_is_drafted_makes_them_equal])


if __name__ == "__main__":
    run_scenario(scenario)
