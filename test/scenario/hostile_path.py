#!/usr/bin/env python3
"""The regression tests as the role that installed the extension, which is no superuser, while a hostile schema comes first
in the path of every function of ours.

That schema shadows every function, aggregate, operator, type and relation of pg_catalog, and the tables of ours.  The path is
a setting of our functions (ALTER FUNCTION ... SET search_path), so the tests' own SQL means what it says, and only what C
sends to the server unqualified, or looks up by name, meets a trap.  One that is met says so in the server's log, which no
exception handler hides, with the user whom it ran as.
"""

import difflib
import os
import pathlib
import re
import subprocess
import tempfile

from common import Server, check, check_equal, run_scenario, run_tests
from server import ROOT

INSTALLER = "regress_installer"

# what these files do that only a superuser may, since a trusted extension's objects are the bootstrap superuser's
SUPERUSER = {
    "test_retention": "takes triggers away from the registry's tables",
    "test_attacks": "takes constraints, triggers and rules away from the registry's tables",
    "test_environments": "sets normfreeze.require_second_person",
    "test_fold": "gives normfreeze.scalers a policy",
    "test_keyed": "makes an aggregate with a state of type internal",
    "test_plan_aggregates": "takes EXECUTE on functions of ours away",
    "test_plan_columns": "gives normfreeze.scalers a policy",
    "test_plan_values": "gives normfreeze.scalers a policy",
    "test_scaler_cache": "looks at the memory of its session",
    "test_normalize_table": "takes EXECUTE on functions of ours away",
    "test_purge": "gives the registry's tables rules and triggers, and sets session_replication_role",
    "test_registry": "writes into the registry's tables, and sets session_replication_role",
    "test_report": "takes a constraint away from normfreeze.scalers",
    "test_row_results": "sets track_functions",
    "test_stages": "sets normfreeze.require_second_person",
    "test_types": "copies to a file of the server, and back",
}

TRAPS = r"""
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE FUNCTION evil.trap(what pg_catalog.text) RETURNS pg_catalog.bool VOLATILE LANGUAGE plpgsql AS $$ BEGIN
	RAISE LOG 'trap: % ran as % for %', what, current_user, session_user;
	RAISE EXCEPTION 'hijacked by %', what USING ERRCODE = 'ZZ999';
END $$;
CREATE FUNCTION evil.try(command text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	EXECUTE command;
EXCEPTION WHEN OTHERS THEN NULL;	-- of types that plpgsql does not have, such as internal
END $$;
-- each with the names of its arguments, or else of their types alone
SELECT evil.try(format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $b$ BEGIN PERFORM evil.trap(%L); END $b$',
		proname, pg_get_function_arguments(oid), coalesce(pg_get_function_result(oid), 'record'), oid::regprocedure)),
	evil.try(format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $b$ BEGIN PERFORM evil.trap(%L); END $b$',
		proname, oidvectortypes(proargtypes), CASE WHEN proretset THEN 'SETOF ' ELSE '' END || prorettype::regtype, oid::regprocedure))
	FROM pg_proc WHERE oid < 16384 AND pronamespace = 'pg_catalog'::regnamespace;
SELECT evil.try(format('CREATE FUNCTION evil.operator_%s(%s) RETURNS %s LANGUAGE plpgsql AS $b$ BEGIN PERFORM evil.trap(%L); END $b$',
		oid, concat_ws(', ', NULLIF(oprleft, 0)::regtype, oprright::regtype), oprresult::regtype, 'operator ' || oid::regoperator)),
	evil.try(format('CREATE OPERATOR evil.%s (FUNCTION = evil.operator_%s, %s RIGHTARG = %s)',
		oprname, oid, 'LEFTARG = ' || NULLIF(oprleft, 0)::regtype || ',', oprright::regtype))
	FROM pg_operator WHERE oid < 16384;
SELECT evil.try(format('CREATE VIEW evil.%I AS SELECT * FROM pg_catalog.%I WHERE evil.trap(%L)', relname, relname, relname))
	FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v');
SELECT evil.try(format('CREATE VIEW evil.%I AS SELECT 1 AS hijacked WHERE evil.trap(%L)', relname, relname))
	FROM pg_class WHERE relnamespace IN ('pg_catalog'::regnamespace, 'normfreeze'::regnamespace) AND relkind IN ('r', 'v');
GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
SELECT evil.try(format('CREATE TYPE evil.%I AS (hijacked int)', typname))
	FROM pg_type WHERE typnamespace IN ('pg_catalog'::regnamespace, 'normfreeze'::regnamespace) AND typtype IN ('b', 'e') AND typname !~ '^_';
"""

# again after each CREATE EXTENSION; a few functions have a path of their own, and create_view() makes its view where the path says first.
HOSTILE_PATH = f"""
DO $$ DECLARE f regprocedure; BEGIN
	FOR f IN SELECT p.oid FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		JOIN pg_extension AS e ON d.refobjid = e.oid WHERE extname = 'normfreeze' AND prokind = 'f' AND proconfig IS NULL LOOP
		EXECUTE format('ALTER FUNCTION %s SET search_path = %s', f,
			CASE WHEN f::text ~ 'create_view' THEN 'public, evil, pg_catalog' ELSE 'evil, pg_catalog, public' END);
	END LOOP;
END $$;
"""

# where an extension comes into being, there or in another database
HOSTILE = rf"""
\o /dev/null
RESET SESSION AUTHORIZATION;
SELECT to_regnamespace('evil') IS NULL AS untrapped \gset
\if :untrapped
{TRAPS}
\endif
{HOSTILE_PATH}
\o
"""
AS_INSTALLER = f"SET SESSION AUTHORIZATION {INSTALLER};"


def unseen(*lines):
    """Lines of a script of which the first alone is seen in its output."""
    return ["\\set ECHO none", *lines, "\\set ECHO all"]


def additions(line, file, folder):
    """What comes after a line of a test's script."""
    as_whom = [] if file in SUPERUSER else [AS_INSTALLER]
    if line.startswith("CREATE EXTENSION normfreeze"):
        return unseen(f"\\i {folder}/hostile.sql", *as_whom)
    if as_whom and re.match(r"\\c |RESET SESSION AUTHORIZATION;$", line):
        return unseen(*as_whom)
    if as_whom and line.startswith("CREATE ROLE"):
        return unseen(*(f"GRANT {role} TO CURRENT_USER;" for role in re.findall(r"CREATE ROLE (\w+)", line)))
    return []


def adapt(text, file, folder, output=False):
    """A test's script, or its output, with what makes it one of the installing role."""
    # a function with a path of its own is called, where a newer planner would put its query in place of the call
    text = text.replace("current_setting('server_version_num')::int >= 190000 AS inlines", "false AS inlines")
    lines = [] if file in SUPERUSER else unseen(AS_INSTALLER)[:1 if output else None]
    for line in text.splitlines():
        if line.startswith("CREATE EXTENSION normfreeze"):
            lines += unseen(AS_INSTALLER)[:1 if output else None]
        lines.append(line)
        lines += additions(line, file, folder)[:1 if output else None]
    return "\n".join(lines) + "\n"


def outputs_of(file):
    return sorted((ROOT / "expected").glob(f"{file}.out")) + sorted((ROOT / "expected").glob(f"{file}_[0-9].out"))


def comparable(path):
    """Lines of output, without the schemas of types, which depend on the path, and without what would be said of a function inlined."""
    text = path.read_text()
    schemas = {"pg_catalog", *re.findall(r"^SET search_path = (\w+)", text, re.M)}
    text = re.sub(rf"\b({'|'.join(sorted(schemas))})\.", "", text)
    return re.sub(r'^(CONTEXT:  )?SQL function "\w+" (statement|during) .*\n', "", text, flags=re.M).splitlines(True)


def scenario(installation):
    files = sorted(path.stem for path in (ROOT / "sql").glob("test_*.sql"))
    database = "contrib_regression"
    settings = {"max_parallel_workers_per_gather": 2, "log_min_messages": "log"}
    with Server(installation, "hostile", settings) as server, tempfile.TemporaryDirectory(prefix="normfreeze-hostile-") as folder:
        server.query(f"CREATE ROLE {INSTALLER} LOGIN CREATEROLE CREATEDB; GRANT pg_monitor, pg_read_all_data, pg_write_all_data TO {INSTALLER}")
        server.new_database(database)
        server.query(f"ALTER DATABASE {database} OWNER TO {INSTALLER}")
        server.query("CREATE EXTENSION normfreeze", database, INSTALLER)
        server.query(TRAPS + HOSTILE_PATH, database)

        def traps_met():
            return re.findall(r"trap: .*", (server.folder / "log").read_text())

        def there_is_a_trap_for_everything():
            untrapped = server.query("""
                SELECT o.oid::regoperator::text FROM pg_operator AS o WHERE o.oid < 16384 AND NOT EXISTS (
                    SELECT FROM pg_operator AS e WHERE e.oprnamespace = 'evil'::regnamespace AND e.oprname = o.oprname AND e.oprleft = o.oprleft AND e.oprright = o.oprright)
                UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE pronamespace = 'pg_catalog'::regnamespace AND NOT EXISTS (
                    SELECT FROM pg_proc AS e WHERE e.pronamespace = 'evil'::regnamespace AND e.proname = p.proname AND e.proargtypes = p.proargtypes)
                  AND p.oid < 16384 AND prokind = 'f' AND NOT proargtypes::oid[] || prorettype && (SELECT array_agg(oid) FROM pg_type WHERE typtype = 'p'
                    AND typname !~ '^any.' AND typname <> ALL ('{record,_record}') OR typname IN ('pg_node_tree', 'unknown'))
                UNION ALL SELECT relname FROM pg_class WHERE relnamespace IN ('pg_catalog'::regnamespace, 'normfreeze'::regnamespace) AND relkind IN ('r', 'v')
                    AND to_regclass('evil.' || quote_ident(relname)) IS NULL""", database)
            check_equal(untrapped, "", "what has no trap")
            check_equal(server.query("""SELECT count(*) FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.deptype = 'e'
                WHERE pronamespace = 'normfreeze'::regnamespace AND prokind = 'f' AND proconfig IS NULL""", database), "0", "functions without the path")
            server.query(f"""CREATE FUNCTION unqualified(int) RETURNS bool LANGUAGE sql SECURITY DEFINER SET search_path = evil, pg_catalog AS 'SELECT $1 = 1';
                             DO $$ BEGIN PERFORM unqualified(1); EXCEPTION WHEN OTHERS THEN NULL; END $$; DROP FUNCTION unqualified""", database)
            check_equal(traps_met(), ["trap: operator =(integer,integer) ran as postgres for postgres"], "one who meets a trap is found, handler or not")

        def the_tests_as_the_installer():
            for name in ("sql", "expected"):
                (pathlib.Path(folder) / name).mkdir()
            (pathlib.Path(folder) / "hostile.sql").write_text(HOSTILE)
            for file in files:
                # as in pg_regress, there may be an output for servers that are built otherwise
                for name in (f"sql/{file}.sql", *(f"expected/{path.name}" for path in outputs_of(file))):
                    (pathlib.Path(folder) / name).write_text(adapt((ROOT / name).read_text(), file, folder, name.endswith(".out")))
            environment = {**os.environ, **{key: value for key, value in server.environment().items() if key in ("PGHOST", "PGPORT", "PGUSER")}}
            before = len(traps_met())
            # its comparison is not the one that counts
            result = subprocess.run(["make", "-s", "-C", str(ROOT), "installcheck", f"EXTRA_REGRESS_OPTS=--use-existing --inputdir={folder} --outputdir={folder}"],
                                    env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for file in files:
                got = pathlib.Path(folder) / f"results/{file}.out"
                if not check(got.exists(), f"{file} ran", result.stdout[-2000:]):
                    continue
                lines = comparable(got)
                expected = [comparable(pathlib.Path(folder) / "expected" / path.name) for path in outputs_of(file)]
                check(lines in expected, f"{file}, {'superuser' if file in SUPERUSER else INSTALLER}",
                      "".join(difflib.unified_diff(expected[0], lines, n=1))[:2000])
            check_equal(traps_met()[before:], [], "traps met")

        def only_what_must_be_is_a_superusers():
            """The installer may read and write all tables, so it meets their guards; it may not truncate, or alter them."""
            check_equal(sorted(set(SUPERUSER) - set(files)), [], "files that are there")
            check(len(SUPERUSER) < 0.4 * len(files), "most files are those of the installing role", len(SUPERUSER))

        run_tests([there_is_a_trap_for_everything, the_tests_as_the_installer, only_what_must_be_is_a_superusers])


if __name__ == "__main__":
    run_scenario(scenario)
