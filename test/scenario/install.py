#!/usr/bin/env python3
"""Installing: by a role that is no superuser, under hostile objects, and under any setting, gives the same objects."""

import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from common import Server, check, check_equal, run_scenario, run_tests, sqlstate  # noqa: E402

# settings that change how SQL is read, what is created, or how it is shown
SETTINGS = {
    "standard_conforming_strings": ["off"], "backslash_quote": ["off"], "escape_string_warning": ["off"], "array_nulls": ["off"],
    "transform_null_equals": ["on"], "quote_all_identifiers": ["on"], "check_function_bodies": ["off"], "row_security": ["off"],
    "DateStyle": ["'German, DMY'", "'Postgres, MDY'"], "IntervalStyle": ["iso_8601"], "TimeZone": ["'Pacific/Chatham'"],
    "bytea_output": ["escape"], "xmlbinary": ["hex"], "xmloption": ["document"], "extra_float_digits": ["-15"],
    "default_toast_compression": ["lz4", "pglz"], "default_table_access_method": ["other_heap"], "default_tablespace": ["elsewhere"],
    "search_path": ["''", "evil, pg_catalog", "pg_temp", "evil"], "client_encoding": ["LATIN1"], "lc_numeric": ["'C'"], "lc_monetary": ["'C'"],
    "default_transaction_isolation": ["serializable"], "default_with_oids": [], "constraint_exclusion": ["on"], "jit": ["off"],
    "createrole_self_grant": [], "plpgsql.variable_conflict": ["use_column"], "plpgsql.extra_errors": ["'all'"], "plpgsql.check_asserts": ["off"],
    "session_replication_role": ["replica"], "default_transaction_deferrable": ["on"], "enable_seqscan": ["off"],
}

# every object as the server defines it; nothing of it depends on a setting but the tablespace and access method, which are named
DEFINITIONS = r"""
SET search_path = pg_catalog; SET quote_all_identifiers = off; SET standard_conforming_strings = on; RESET DateStyle; RESET bytea_output;
CREATE TEMP VIEW members AS SELECT classid, objid FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass
    AND d.refobjid = e.oid WHERE e.extname = 'normfreeze' AND d.deptype = 'e';
SELECT 'object', concat_ws(' | ', pg_identify_object(classid, objid, 0), obj_description(objid, classid::regclass::name)) FROM members
UNION ALL SELECT 'function', (to_jsonb(p) - '{oid,proowner,pronamespace,proacl,proargtypes,prorettype,proallargtypes,prolang,provariadic,proargdefaults,prosqlbody}'::text[])::text
    FROM pg_proc AS p JOIN members ON objid = p.oid AND classid = 'pg_proc'::regclass
UNION ALL SELECT 'definition', pg_get_functiondef(p.oid) FROM pg_proc AS p JOIN members ON objid = p.oid AND classid = 'pg_proc'::regclass
    WHERE prokind <> 'a'
UNION ALL SELECT 'constraint', concat_ws(' | ', conrelid::regclass, conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint AS c JOIN members ON objid = conrelid AND classid = 'pg_class'::regclass
UNION ALL SELECT 'column', concat_ws(' | ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attstorage, attcompression,
    attcollation::regcollation, pg_get_expr(adbin, adrelid)) FROM pg_attribute AS a JOIN members ON objid = attrelid AND classid = 'pg_class'::regclass
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0
UNION ALL SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index JOIN members ON objid = indrelid AND classid = 'pg_class'::regclass
UNION ALL SELECT 'view', concat_ws(' | ', c.oid::regclass, pg_get_viewdef(c.oid)) FROM pg_class AS c JOIN members ON objid = c.oid
    AND classid = 'pg_class'::regclass WHERE relkind = 'v'
UNION ALL SELECT 'trigger', concat_ws(' | ', pg_get_triggerdef(t.oid), tgenabled) FROM pg_trigger AS t JOIN members ON objid = tgrelid
    AND classid = 'pg_class'::regclass WHERE NOT tgisinternal
UNION ALL SELECT 'table', concat_ws(' | ', c.oid::regclass, relkind, relpersistence, am.amname, reltablespace, reloptions)
    FROM pg_class AS c JOIN members ON objid = c.oid AND classid = 'pg_class'::regclass LEFT JOIN pg_am AS am ON am.oid = relam
UNION ALL SELECT 'privileges', concat_ws(' | ', p.oid::regprocedure, proacl) FROM pg_proc AS p JOIN members ON objid = p.oid AND classid = 'pg_proc'::regclass
UNION ALL SELECT 'privileges', concat_ws(' | ', c.oid::regclass, relacl) FROM pg_class AS c JOIN members ON objid = c.oid AND classid = 'pg_class'::regclass
UNION ALL SELECT 'enum', concat_ws(' | ', enumtypid::regtype, enumlabel, enumsortorder) FROM pg_enum JOIN members ON objid = enumtypid
UNION ALL SELECT 'dump', concat_ws(' | ', x::regclass, c) FROM pg_extension, unnest(extconfig, extcondition) AS u(x, c) WHERE extname = 'normfreeze'
ORDER BY 1, 2
"""

# operators and functions of everyday names, better matches than the real ones, that do harm as whoever runs them
HOSTILE_TYPES = ("text", "name", "integer", "bigint", "oid", "\"char\"", "boolean", "jsonb", "timestamptz", "bytea", "double precision", "text[]")
HOSTILE_OPERATORS = ("=", "<>", "<", ">", "<=", ">=", "||", "~", "+", "-", "->", "->>", "@>", "?")
HOSTILE_FUNCTIONS = (("max", "integer"), ("count", "text"), ("length", "text"), ("octet_length", "text"), ("jsonb_typeof", "jsonb"), ("jsonb_each", "jsonb"),
                     ("clock_timestamp", ""), ("now", ""), ("coalesce", "text, text"), ("starts_with", "text, text"), ("format", "text, text"),
                     ("sha256", "bytea"), ("encode", "bytea, text"), ("int4", "bigint"), ("current_setting", "text"), ("has_table_privilege", "text, text"),
                     ("pg_get_constraintdef", "oid"), ("pg_extension_config_dump", "regclass, text"), ("aclexplode", "aclitem[]"), ("quote_ident", "text"))


def hostile_objects(schema, role):
    lines = [f"CREATE SCHEMA {schema} AUTHORIZATION {role}; SET ROLE {role}; CREATE TABLE {schema}.caught (who text, what text);"
             f"GRANT INSERT ON {schema}.caught TO PUBLIC; GRANT USAGE ON SCHEMA {schema} TO PUBLIC;"]
    body = (f"LANGUAGE plpgsql AS $$ BEGIN INSERT INTO {schema}.caught VALUES (current_user::pg_catalog.text, '%s'); "
            "RAISE EXCEPTION 'hijacked' USING ERRCODE = 'ZZ999'; END $$;")
    for name, arguments in HOSTILE_FUNCTIONS:
        lines.append(f'CREATE FUNCTION {schema}."{name}"({arguments}) RETURNS boolean ' + body % name)
    for i, kind in enumerate(HOSTILE_TYPES):
        lines.append(f"CREATE FUNCTION {schema}.op{i}({kind}, {kind}) RETURNS boolean " + body % kind.replace("'", ""))
        lines += [f"CREATE OPERATOR {schema}.{operator} (FUNCTION = {schema}.op{i}, LEFTARG = {kind}, RIGHTARG = {kind});" for operator in HOSTILE_OPERATORS]
    for table in ("scalers", "versions", "stage_log", "members", "profiles", "pg_extension", "pg_class"):
        lines.append(f"CREATE TABLE {schema}.{table} (x int);")
    return "\n".join(lines) + "\nRESET ROLE;"


def definitions(server, database):
    return server.query(DEFINITIONS, database)


def scenario(installation):
    with Server(installation, "install", {"max_parallel_workers_per_gather": 0}) as server:
        tablespace = server.folder / "elsewhere"
        os.mkdir(tablespace)
        if server.user:
            os.chown(tablespace, server.user.pw_uid, server.user.pw_gid)
        server.query(f"CREATE TABLESPACE elsewhere LOCATION '{tablespace}'")
        server.query("CREATE ROLE installer LOGIN")
        server.new_database("plain")
        server.query("CREATE EXTENSION normfreeze", "plain")
        expected = definitions(server, "plain")

        def install(name, settings, user="postgres", before=""):
            """Install with these settings, and nothing but them; the objects."""
            server.new_database("under")
            server.query(f"""CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler; CREATE SCHEMA evil; {before}
                GRANT CREATE ON DATABASE under TO installer""", "under")
            server.query("; ".join(f"SET {key} = {value}" for key, value in settings) + "; CREATE EXTENSION normfreeze", "under", user)
            return definitions(server, "under")

        def different(name, got):
            """The first lines that differ."""
            a, b = expected.splitlines(), got.splitlines()
            check(a == b, f"the same objects: {name}", next((f"{x!r} became {y!r}" for x, y in zip(a, b) if x != y), f"{len(a)} and {len(b)} lines"))

        def known(setting, value):
            """Does this server have it, and such a value?  Not every one is built with lz4."""
            return server.query(f"""SELECT count(*) FROM pg_settings WHERE lower(name) = lower('{setting}')
                AND (vartype <> 'enum' OR '{value}' = ANY(enumvals))""") == "1" or "." in setting

        def the_same_objects_under_any_setting():
            check(len(expected.splitlines()) > 1000, "there are objects to compare", len(expected.splitlines()))
            # since 19 standard strings cannot be turned off
            strings = {} if int(server.query("SHOW server_version_num")) >= 190000 else {"standard_conforming_strings": "off"}
            chosen = [(key, value) for key, values in SETTINGS.items() for value in values if known(key, value.strip("'"))
                      and (key != "standard_conforming_strings" or strings)]
            # in few databases, since each takes a second: all at once, and once more with other values of those that have several
            first = {}
            for key, value in chosen:
                first.setdefault(key, value)
            last = {**dict(chosen), **strings}
            for name, settings in (("standard_conforming_strings alone", strings), ("all", first), ("others", last)):
                try:
                    different(name, install(name, settings.items()))
                except AssertionError as error:
                    check(False, f"installs under {name}", str(error)[:600])

        def the_same_objects_by_an_ordinary_role():
            got = install("role", [], "installer")
            # privileges name the installing role; all else is the same
            strip = re.compile(r"^privileges.*\n?", re.M)
            a, b = strip.sub("", expected).splitlines(), strip.sub("", got).splitlines()
            check_equal([line for line in b if line not in set(a)][:3], [], "objects installed by an ordinary role")
            check_equal(len(b), len(a), "number of objects installed by an ordinary role")
            check_equal(server.query("SELECT rolname, rolsuper FROM pg_extension JOIN pg_roles ON pg_roles.oid = extowner WHERE extname = 'normfreeze'", "under"),
                        "installer|f", "the extension's owner")

        def event_triggers_change_nothing():
            before = ("CREATE TABLE seen (tag text); CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
                      "INSERT INTO public.seen VALUES (tg_tag); END $$; CREATE EVENT TRIGGER see ON ddl_command_end EXECUTE FUNCTION see();")
            different("event trigger", install("event trigger", [], before=before))
            check(int(server.query("SELECT count(*) FROM seen", "under")) > 0, "the event trigger has fired")

        def hostile_objects_first_in_the_path_catch_nobody():
            """Installed and used by a role that is no superuser, while every session has the hostile schema before pg_catalog."""
            server.new_database("hostile")
            server.query(hostile_objects("evil", "installer"), "hostile")
            server.query("GRANT CREATE ON DATABASE hostile TO installer; ALTER DATABASE hostile SET search_path = evil, pg_catalog, public", "hostile")
            output = server.psql("SELECT 1 = 1", "hostile", "installer", check=False).stderr
            check_equal(sqlstate(output), "ZZ999", "the trap works")
            server.query("CREATE EXTENSION normfreeze", "hostile", "installer")
            check_equal(server.query("SELECT pg_catalog.count(*) FROM evil.caught", "hostile"), "0", "nothing hostile ran while installing")
            got = definitions(server, "hostile")
            strip = re.compile(r"^privileges.*\n?", re.M)
            check_equal(strip.sub("", got), strip.sub("", expected), "objects installed under a hostile path")

        def use_under_a_hostile_path():
            """What runs as the owner, SECURITY DEFINER or not, finds our objects and the system's."""
            data = "(SELECT sin(i) AS a, cos(i) AS b FROM pg_catalog.generate_series(1, 100) AS i OFFSET 0) AS t"
            fit = f"(SELECT normfreeze.fit(t, 'standard') FROM {data})"
            profile = f"(SELECT normfreeze.profile(t) FROM {data})"
            calls = [
                f"SELECT normfreeze.freeze('x', {fit}, 'note', '{{\"k\": 1}}')", f"SELECT normfreeze.freeze('x', (SELECT normfreeze.fit(t, 'robust') FROM {data}))",
                f"SELECT normfreeze.freeze('set', normfreeze.by_key('k', {fit}))",
                "SELECT normfreeze.promote('x', 1)", "SELECT normfreeze.promote('x', 2, 'staging')", "SELECT normfreeze.promote('x', 2)",
                "SELECT normfreeze.rollback('x')", "SELECT normfreeze.retire('x', 2)", "SELECT normfreeze.scaler_id('x@v1')",
                f"SELECT normfreeze.normalize(t, 'x@v1') FROM {data}", f"SELECT normfreeze.record_drift('x@v1', {profile})",
                f"SELECT normfreeze.drift('x@v1', {profile})", "SELECT normfreeze.register_use('x@v1', 'churn model', 'model')",
                "SELECT normfreeze.allow_stage('production', 'installer')", "SELECT normfreeze.disallow_stage('production', 'installer')",
                "SELECT normfreeze.export_name('x')", "SELECT normfreeze.lineage('x')", "SELECT normfreeze.report('x@v1')",
                "SELECT * FROM normfreeze.verify()", "SELECT * FROM normfreeze.stages", "SELECT * FROM normfreeze.guards", "SELECT * FROM normfreeze.events",
                "SELECT * FROM normfreeze.drift_history", "SELECT * FROM normfreeze.uses", "SELECT * FROM normfreeze.stage_history",
                "SELECT normfreeze.describe(normfreeze.scaler_id('x@v1'))", "SELECT normfreeze.diff(normfreeze.scaler_id('x@v1'), normfreeze.scaler_id('x@v1'))",
                "SELECT normfreeze.to_sql('x@v1', 't')", "SELECT normfreeze.to_onnx('x@v1')", "SELECT normfreeze.to_sklearn('x@v1')",
                "SELECT normfreeze.purge_profile(normfreeze.scaler_id('x@v1'), 'asked')",
            ]
            for call in calls:
                output = server.psql(call, "hostile", "installer", check=False).stderr
                check_equal(sqlstate(output), "", f"{call[:70]}: {output[:300]}")
            check_equal(server.query("SELECT pg_catalog.count(*) FROM evil.caught", "hostile"), "0", "nothing hostile ran")
            check_equal(server.query("SELECT pg_catalog.string_agg(detail, '; ') FROM normfreeze.verify() WHERE ok IS FALSE", "hostile"), "", "what was written is sound")

        run_tests([the_same_objects_under_any_setting, the_same_objects_by_an_ordinary_role, event_triggers_change_nothing,
                   hostile_objects_first_in_the_path_catch_nobody, use_under_a_hostile_path])


if __name__ == "__main__":
    run_scenario(scenario)
