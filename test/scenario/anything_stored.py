"""What the tables' constraints let in, every view and every reading function can show.

Rows of the registry stay for good, and a restore brings back what was there: so one odd value must not make a view fail for
ever.  Every column of every table gets every value of a list that its constraints accept; then all is read.
"""

import json
import re

from common import Server, check, check_equal, freeze, prepare, run_scenario, run_tests

# what may be said of a registry whose names, ids and contents were changed: no such thing, retired, damaged, no set
ANSWERS = ("42704", "55000", "XX001", "42809")

TIMES = ["2026-02-31T00:00:00+00:00", "2026-02-29T01:02:03.5+00:00", "0000-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00",
         "infinity", "-infinity", "now", "", "2026-01-01T00:00:00+00:00x", "99999999999-01-01T00:00:00+00:00", 17, None, [], {}, True]
NUMBERS = ["abc", "", "1", "Infinity", "-Infinity", "NaN", "1e400", -1, 1.5, 2147483648, 99999999999999999999, True, [], {}, None]
FEATURE = {}        # of a recorded comparison, as it was written
ANY_JSON = ["null", "true", "17", "-1e131071", '"text"', "[]", "{}", "[1]", "[null]", "[[]]", "[{}]", '{"a": {"b": [1, null]}}', '{"": ""}']


def json_values(column):
    """jsonb for a column: anything at all, and what it might have inside."""
    values = list(ANY_JSON)
    if column == "origin":
        values += [json.dumps({"mirrored_at": at, "mirrored_by": at, "version": at, "name": at, "database": at, "seq": at, "at": at}) for at in TIMES]
        values += [json.dumps({"mirrored_at": TIMES[1], "origin": {"origin": at}}) for at in TIMES[:3]]
    if column == "features":
        values += [json.dumps([{**FEATURE, key: value} for value in NUMBERS]) for key in FEATURE if key != "verdict"]
        values += [json.dumps([{**FEATURE, "verdict": value}]) for value in NUMBERS[:1] + NUMBERS[-3:]]
        values += [json.dumps([{"ordinal": 1}, FEATURE, 17, None]), json.dumps(FEATURE)]
        values += ["[" + json.dumps({**FEATURE, "psi": 0}).replace('"psi": 0', f'"psi": {number}') + "]"
                   for number in ("1e400", "-1e131071", "1e-400", "4.9e-324")]
    return values


VALUES = {
    "text": ["", "y" * 12000, "\x01<b>&\"'%s%n\\é"],
    "timestamptz": ["infinity", "-infinity", "294276-12-31 23:59:59.999999+00", "4713-01-01 00:00:00+00 BC"],
    "int4": ["-2147483648", "2147483647"],
    "int8": ["-9223372036854775808", "9223372036854775807"],
    "_float8": ["{}", "{NULL}", "{{1,2}}", "{{{1},{2}}}", "{NaN,Infinity}"],
    "bytea": ["", "\\x00", "\\x" + "ff" * 32],
    "bool": ["true", "false"],
    "jsonb": None,
}

SETUP = """
    SELECT normfreeze.promote('n', 1); SELECT normfreeze.promote('n', 2, force => true); SELECT normfreeze.rollback('n');
    SELECT normfreeze.promote('n', 2, 'canary', new_stage => true); SELECT normfreeze.demote('n', 'canary');
    SELECT normfreeze.purge_profile(normfreeze.scaler_id('n@v2'), 'request'); SELECT normfreeze.retire('n', 2);
    SELECT normfreeze.allow_stage('production', 'public'); SELECT normfreeze.register_use('n', 'report', 'model');
    SELECT normfreeze.record_drift('n', (SELECT normfreeze.profile(c) FROM customers c WHERE id < 100));
    SELECT normfreeze.freeze('set', normfreeze.by_key(k, s)) FROM
        (SELECT (id % 2)::text AS k, normfreeze.fit(ARRAY[age], 'standard') AS s FROM customers GROUP BY 1) AS fits;
    SELECT normfreeze.promote('set', 1);
    SELECT normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('n') AS e), 'mirror', mirror => true);
    SELECT normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('n') AS e), 'copy', stages => true);
    CREATE TABLE kept AS SELECT 1::bigint AS scaler_id, 1 AS seq, ''::text AS entry;
    CREATE TABLE failures (what text);
    CREATE TABLE readers (reader text, tables text[]);
"""

# arguments of reading functions, by their names
ARGUMENTS = {
    "name": "'n'", "ref": "'n@v1'", "old_ref": "'n@v1'", "new_ref": "'n@v1'", "stage": "'production'", "as_of": "now()", "at": "now()", "evidence": "true",
    "scaler_id": "normfreeze.scaler_id('n@v1')", "old_id": "normfreeze.scaler_id('n@v1')", "new_id": "normfreeze.scaler_id('n@v1')",
    "old_version": "1", "new_version": "1",
    "alias": "'t'", "prefix": "''", "passthrough": "'{}'", "live": "(SELECT normfreeze.profile(c) FROM customers c WHERE id < 100)",
    "options": "'{}'", "relation": "'customers'", "dialect": "'postgres'", "row": "c", "scaler_id_column": "'scaler_id'", "inputs": "'{{1,2,3}}'", "outputs": "'{{1,2,3}}'",
    "archive": "'kept'", "log": "'drift_log'", "verification": "true",
}
# they take a value alone; what applies a scaler, or computes with numbers, reads scalers and names at most, as explain() does
NOT_READERS = re.compile("(de)?normalize.*|fit_table|constraint_definition|value_of_.*|subtract_.*|multiply.*|divide.*|.*_transition")


def readers(server):
    """Statements: every view, and every function that reads the registry, by whatever it takes."""
    for view in server.query("SELECT viewname FROM pg_views WHERE schemaname = 'normfreeze' ORDER BY 1").splitlines():
        yield f"SELECT count(v::text) FROM normfreeze.{view} AS v"
    functions = server.query("""SELECT p.proname, array_to_json(p.proargnames[1:p.pronargs]), p.proretset FROM pg_proc p
                                WHERE p.pronamespace = 'normfreeze'::regnamespace AND p.prokind = 'f' AND p.provolatile = 's'
                                AND p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype)
                                AND NOT 'internal'::regtype = ANY (p.proargtypes) ORDER BY 1, p.oid""")
    for line in functions.splitlines():
        name, arguments, _ = line.split("|")
        arguments = json.loads(arguments) if arguments else []
        if NOT_READERS.fullmatch(name) or "scaler" in arguments:
            continue
        unknown = [argument for argument in arguments if argument not in ARGUMENTS]
        if name == "member":
            call = "normfreeze.member(normfreeze.scaler_id('set@v1'), '0')"
        elif name == "to_sql" and "key" in arguments:
            what = "'set@v1'::text" if "ref" in arguments else "normfreeze.scaler_id('set@v1')"
            call = f"normfreeze.to_sql({what}, 'customers', 'postgres', 'id')"
        elif name == "to_sql" and "alias" in arguments:
            call = f"normfreeze.to_sql({typed(arguments[0])}, 'customers'::regclass)"
        elif unknown:
            raise AssertionError(f"the arguments {unknown} of {name} have no value here")
        else:
            call = f"normfreeze.{name}({', '.join(typed(argument) for argument in arguments)})"
        yield f"SELECT count(f::text) FROM customers AS c CROSS JOIN LATERAL {call} AS f WHERE c.id = 1"


def typed(argument):
    value = ARGUMENTS[argument]
    kind = {"name": "text", "ref": "text", "old_ref": "text", "new_ref": "text", "stage": "text", "alias": "text", "prefix": "text",
            "passthrough": "text[]", "options": "jsonb", "relation": "text", "dialect": "text",
            "inputs": "float8[]", "outputs": "float8[]", "archive": "regclass", "log": "text"}.get(argument)
    return f"{value}::{kind}" if kind else value


READ_ALL = """
CREATE FUNCTION read_all(what text, relation text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE reader text; rows bigint;
BEGIN
    FOR reader IN SELECT r.reader FROM readers AS r WHERE relation = ANY (r.tables) LOOP
        BEGIN
            EXECUTE reader INTO rows;
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE <> ALL (%(answers)s) THEN
                INSERT INTO failures VALUES (concat_ws(' / ', what, reader, SQLSTATE || ' ' || SQLERRM));
            END IF;
        END;
    END LOOP;
END $$;
-- the value stays for the time of reading; what was seen is kept
CREATE FUNCTION store_and_read(relation text, attribute text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE seen text[]; answer text := 'accepted';
BEGIN
    BEGIN
        BEGIN
            EXECUTE format('UPDATE normfreeze.%%I SET %%I = %%L', relation, attribute, value);
        EXCEPTION WHEN unique_violation THEN
            EXECUTE format('UPDATE normfreeze.%%1$I SET %%2$I = %%3$L WHERE ctid = (SELECT max(ctid) FROM normfreeze.%%1$I)', relation, attribute, value);
        END;
        PERFORM read_all(format('%%s.%%s = %%s', relation, attribute, left(value, 100)), relation);
        SELECT array_agg(what) FROM failures INTO seen;
        RAISE EXCEPTION 'undo' USING ERRCODE = 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
        INSERT INTO failures SELECT unnest(seen);
    WHEN OTHERS THEN
        answer := SQLSTATE;
    END;
    RETURN answer;
END $$;
"""


def tests_of(server):
    def literal(text):
        return "'" + text.replace("'", "''") + "'"

    def failures():
        return server.query("SELECT what FROM failures ORDER BY 1").splitlines()

    def everything_is_read_as_it_is():
        """Every reader answers from a registry that nobody has changed; the tables that it scans in a new session are those it is tried with."""
        for reader in readers(server):
            server.query(f"""BEGIN; {reader};
                INSERT INTO readers SELECT {literal(reader)}, array_agg(relname) FROM pg_stat_xact_user_tables
                WHERE schemaname = 'normfreeze' AND seq_scan + coalesce(idx_scan, 0) > 0; COMMIT""")
        check_equal(server.query("""SELECT c.relname FROM pg_extension e CROSS JOIN LATERAL unnest(e.extconfig) AS x (oid)
                                    JOIN pg_class c ON c.oid = x.oid WHERE e.extname = 'normfreeze' AND NOT EXISTS
                                    (SELECT FROM readers WHERE relname = ANY (tables)) ORDER BY 1"""), "", "every table has a reader")
        for relation in server.query("SELECT DISTINCT unnest(tables) FROM readers").splitlines():
            server.query(f"SELECT read_all('unchanged', '{relation}')")
        check_equal(failures(), [], "nothing fails where nothing was changed")

    def whatever_is_stored_is_shown():
        columns = server.query("""SELECT c.relname, a.attname, t.typname, a.attnotnull FROM pg_extension e
                                  CROSS JOIN LATERAL unnest(e.extconfig) AS x (oid) JOIN pg_class c ON c.oid = x.oid
                                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                  JOIN pg_type t ON t.oid = a.atttypid
                                  WHERE e.extname = 'normfreeze' ORDER BY c.relname, a.attnum""").splitlines()
        check(len({line.split("|")[0] for line in columns}) >= 9, "nine tables")
        calls = []
        for line in columns:
            table, column, kind, not_null = line.split("|")
            if kind in ("scaler", "profile"):       # constraints tie them to their ids
                continue
            values = json_values(column) if kind == "jsonb" else VALUES[kind]
            for value in values + ([] if not_null == "t" else [None]):
                calls.append((f"{table}.{column}", f"store_and_read('{table}', '{column}', {'NULL' if value is None else literal(value)})"))
        for table in sorted({call[0].split(".")[0] for call in calls}):
            server.query(f"ALTER TABLE normfreeze.{table} DISABLE TRIGGER ALL")
        answers = server.query("\n".join(f"SELECT '{column} ' || {call};" for column, call in calls)).splitlines()
        accepted = {answer.split()[0] for answer in answers if answer.endswith(" accepted")}
        for column in ("versions.metadata", "versions.origin", "stage_log.origin", "drift_log.features", "drift_log.options"):
            check(column in accepted, f"{column} takes some of the values")
        refused = {answer.split()[1] for answer in answers} - {"accepted"}
        check(refused <= {"23514", "23502", "23505"}, "and what is refused is refused by a constraint", refused)
        seen = failures()
        check(not seen, "every view and function shows what the tables accept", f"{len(seen)} fail:\n" + "\n".join(seen[:40]))

    yield from (everything_is_read_as_it_is, whatever_is_stored_is_shown)


def scenario(installation):
    with Server(installation, "anything", {"synchronous_commit": "off"}) as server:
        prepare(server)
        freeze(server, "n")
        freeze(server, "n", "robust", more=', "distribution": false')
        server.query(SETUP)
        FEATURE.update(json.loads(server.query("SELECT features -> 0 FROM normfreeze.drift_log LIMIT 1")))
        check("psi" in FEATURE, "a feature of a recorded comparison", FEATURE)
        server.query(READ_ALL % {"answers": "ARRAY[" + ", ".join(f"'{state}'" for state in ANSWERS) + "]"})
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
